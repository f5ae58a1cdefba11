//! Who joins a register with a first bundle.

use std::path::Path;
use std::sync::Arc;

use docket::v1::replay::{Replay, Singly};
use register::{Folder, Mirror, RealDisk, Shelf};
use store::Attic;
use terms::{Instant, ParticipantId};
use tlog::Frontier;
use tlog::tree::leaf_hash;
use vault::{Keyring, Vault};

use super::follow::reached;
use super::import::{Imported, checkpoints_of};
use super::read::{Brought, read};
use crate::known::Known;
use crate::node::{Replayed, Store};
use crate::numbers::Numbers;
use crate::{Fault, Home, Node, Settings};

/// Who joins a register with a first bundle.
pub struct Joining<'a> {
    /// Whose node it is.
    pub participant: ParticipantId,
    /// Which register it must be: from the other side by voice, or as a hash.
    pub expected: audit::Expected,
    /// The witness's key name, if this node is one.
    pub witness: Option<&'a str>,
    /// The intake key's name, if this node stamps.
    pub intake: Option<&'a str>,
}

/// Makes a node from the first bundle of a register.
///
/// # Errors
///
/// The bundle is of another register, does not begin at entry 0, has no checkpoint for this node to hold its
/// entries by, or the disk failed. Where the bundle is at fault, nothing was made.
pub fn join(
    home: &Home,
    ring: Keyring,
    joining: &Joining<'_>,
    file: &Path,
    now: Instant,
    progress: vault::Progress<'_>,
) -> Result<(Node, Imported), Fault> {
    let scratch = home.data.join("queue");
    let mut first = None;
    let looked = read(
        file,
        &ring,
        &scratch,
        |brought| {
            first = Some(look(&brought, joining)?);
            Ok(())
        },
        |_, _, reader| std::io::copy(reader, &mut std::io::sink()).map(drop).map_err(Fault::io(file)),
    );
    let first = match looked.and_then(|()| first.ok_or_else(|| Fault::Foreign("it is no bundle".to_owned())))
    {
        Ok(first) => first,
        Err(fault) => {
            // Only what is empty goes.
            let _ = std::fs::remove_dir(&scratch).and_then(|()| std::fs::remove_dir(&home.data));
            return Err(fault);
        }
    };
    let (settings, replay, annexes) = first;
    let folder = Folder::open(RealDisk, &home.data, &home.kept())?;
    let shelf = Shelf::annexes(&folder);
    for bytes in annexes {
        shelf.put(&bytes)?;
    }
    let vault = Vault::at(&home.data).map_err(Fault::io(&home.data))?;
    let mirror = Mirror::open(&folder, &settings.origin)?;
    home.write_settings(&settings)?;
    let store = Store::Mirror(Box::new(mirror));
    let known = Known::new(&settings, &ring);
    let numbers = Numbers::read(home)?;
    let home = home.clone();
    let attic =
        Arc::new(Attic::create(&home.docket_file_anew()).map_err(Fault::io(home.docket_file_anew()))?);
    let Replayed { docket, happened, replay } = Replayed::of(replay, &attic);
    let docket = Arc::new(docket);
    let mut node = Node {
        home,
        settings,
        folder,
        store,
        ring,
        vault,
        replay,
        docket,
        happened,
        attic,
        rebuilt: None,
        known,
        numbers,
    };
    let imported = node.import(file, now, progress)?;
    Ok((node, imported))
}

type First = (Settings, Replay, Vec<Vec<u8>>);

/// Looks at the genesis, and how far the entries go, before anything is made.
fn look(brought: &Brought, joining: &Joining<'_>) -> Result<First, Fault> {
    let missing = || {
        Fault::Foreign(
            "the bundle does not begin at entry 0: ask for a whole one, `mithaq bundle export --whole`"
                .to_owned(),
        )
    };
    let genesis = brought.entries(0, 1).next().ok_or_else(missing)??;
    let hash = audit::folder::genesis_of(&genesis)
        .ok_or_else(|| Fault::Foreign("entry 0 is not a genesis".to_owned()))?;
    if !joining.expected.fits(&hash) || hash != brought.manifest.genesis {
        return Err(Fault::Foreign(format!(
            "this is the register {}, not the one that was asked for",
            terms::VoiceName::of(&hash)
        )));
    }
    let settings = Settings {
        participant: joining.participant.clone(),
        origin: brought.manifest.origin.clone(),
        genesis: hash,
        registrar: false,
        witness: joining.witness.map(str::to_owned),
        intake: joining.intake.map(str::to_owned),
    };
    let entry = act::Entry::parse(&genesis)?;
    let mut annexes = docket::v1::replay::Annexes::new();
    for hash in audit::named::annexes_of(entry.act().body()) {
        if let Some(spot) = brought.annexes.get(&hash) {
            annexes.insert(hash, brought.spool.get(*spot)?);
        }
    }
    let replay = Replay::begin(&genesis, &annexes, None, true, &mut Singly)?;
    if *replay.ledger().origin() != settings.origin {
        return Err(Fault::Foreign(
            "the bundle's manifest names another register than its genesis".to_owned(),
        ));
    }
    hold_together(brought, &replay, joining.witness.is_some())?;
    Ok((settings, replay, annexes.into_values().collect()))
}

/// Whether the entries are those of a checkpoint by which this node would hold them: one that a quorum
/// cosigned; for a witness, one that the registrar signed.
fn hold_together(brought: &Brought, replay: &Replay, witness: bool) -> Result<(), Fault> {
    let policy = replay.ledger().policy();
    let checkpoints = checkpoints_of(brought, policy, &mut Vec::new())?;
    let target = reached(brought, &checkpoints, policy, witness, 0)?.target.ok_or_else(|| {
        Fault::Foreign(
            "the bundle has no checkpoint that its entries reach: ask for another, and join again".to_owned(),
        )
    })?;
    let mut tree = Frontier::new();
    for entry in brought.entries(0, target.checkpoint().size) {
        tree.push(leaf_hash(&entry?));
    }
    if (tree.size(), tree.root()) != (target.checkpoint().size, target.checkpoint().root) {
        return Err(Fault::Foreign(
            "the checkpoint's root is not that of the entries that came with it".to_owned(),
        ));
    }
    Ok(())
}
