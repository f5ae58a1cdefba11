//! A registrar that cheats, and is convicted. Its parties are invented, since no real name plays the
//! cheat; the files that convict it are all that is kept of it.

use act::body::Offer;
use act::{Body, Entry};
use audit::Expected;
use audit::contradiction::{Collector, Log, confirm};
use node::evidence::Evidence;
use node::{Fault, Node};
use note::{Receipt, SigningKey};
use terms::{Hash, Instant, VoiceName};
use tlog::{Checkpoint, CosignedCheckpoint, HashReader, MemoryTree, leaf_hash, root_of_leaves};
use vault::Secret;

use super::cast::{Stage, enrol_all, who};
use super::tell::Teller;

const INSTRUMENT: &str = include_str!("../../../../instruments/exercise-two.toml");

/// Whether this scene leaves something of this name.
pub(super) fn leaves(name: &str) -> bool {
    name.starts_with("river-accord-") && name.ends_with(".contradiction.json")
}

/// Plays it, and gives the name of the cheats' register.
pub(super) fn play(story: &Stage, tell: &mut Teller) -> Result<VoiceName, Fault> {
    tell.chapter("A registrar that cheats");
    let begins = Instant::parse("2026-02-02T08:00:00Z").unwrap_or(Instant::EPOCH);
    let back_room = story.keys.join("cheat");
    let mut stage = Stage::new(&back_room, &back_room.join("keys"), "register.example/river-accord", begins)?;
    std::fs::create_dir_all(stage.keys.join("stick"))
        .map_err(|error| Fault::Io { path: stage.keys.clone(), error })?;
    tell.say(
        "Another register, of parties that do not exist: North runs it, Harbour cosigns. Harbour hands an \
         offer in and holds North's receipt for it. Then North leaves it out, puts an act of its own at its \
         place, has that cosigned; and shows somebody else a register in which Harbour's offer stands.",
    );
    let harbour_ring = stage.keyring("harbour", false)?;
    let ring = stage.keyring("north", true)?;
    let mut north = stage.found(INSTRUMENT, ("north", ring), ("harbour", &harbour_ring))?;
    enrol_all(&mut north, "Liaison office", stage.now)?;
    let mut harbour = stage.join("harbour", harbour_ring, &mut north, true)?;
    enrol_all(&mut harbour, "Facilitation desk", stage.now)?;
    stage.carry(&mut harbour, &mut north, None)?;
    stage.settle(&mut north, &mut harbour, None)?;

    // The receipt that is not kept: signed for Harbour's offer, at the index that North's own act gets.
    let offer = offer_of(&harbour, "EXERCISE. An invented exhibit.")?;
    let offer = harbour.write(vec![harbour.signer("liaison-1")?], offer, stage.now)?;
    let offer = harbour.sign(offer, None)?;
    let key = registrar_key(&north)?;
    let index = north.size();
    let receipt = Receipt { index, time: stage.now, submission: offer.hash() };
    let promised = receipt.sign(north.origin(), &north.genesis(), &key);
    let own = offer_of(&north, "EXERCISE. Another invented exhibit.")?;
    north.act("liaison-1", own, stage.now)?;
    stage.settle(&mut north, &mut harbour, None)?;

    // The fork: as large as what Harbour cosigned, with Harbour's offer in its place after all.
    let head = harbour.checkpoint()?.ok_or_else(|| Fault::Unknown("nothing was cosigned".to_owned()))?;
    let size = head.checkpoint().size;
    let mut leaves = leaves_of(&harbour, size)?;
    let promised_entry = Entry::new(offer, promised.clone())?;
    if let Some(leaf) = usize::try_from(index).ok().and_then(|at| leaves.get_mut(at)) {
        *leaf = leaf_hash(&promised_entry.to_bytes());
    }
    let root = root_of_leaves(&leaves);
    let fork = Checkpoint { origin: north.origin().clone(), size, root };
    let fork = CosignedCheckpoint::sign(fork, &key);

    // Harbour looks at what it holds.
    let log = Copy::of(&harbour, size)?;
    let genesis = harbour.entry(0)?;
    let entry = Entry::parse(&genesis)?;
    let Body::Genesis(body) = entry.act().body() else {
        return Err(Fault::Unknown("entry 0 is no genesis".to_owned()));
    };
    let annex = |hash: &Hash| -> Result<Vec<u8>, Fault> {
        harbour.annexes().get(hash)?.ok_or_else(|| Fault::Unknown("an annex is missing".to_owned()))
    };
    let (policy, instrument) = (annex(&body.annexes.policy.sha256)?, annex(&body.annexes.instrument.sha256)?);
    let foreign = |error: audit::contradiction::Unconfirmed| Fault::Foreign(error.to_string());
    let mut collector =
        Collector::new(&genesis, &policy, &instrument, &head.to_bytes(), &log).map_err(foreign)?;
    for (index, bytes) in (0..).zip(&log.entries) {
        collector.entry(index, bytes, true);
    }
    collector.receipt(&promised, "Harbour's own receipt");
    collector.checkpoint(&fork.to_bytes(), "shown to somebody else");
    let found = collector.finish();
    for contradiction in &found {
        let kind = contradiction.kind.as_str();
        let path = story.out.join(format!("river-accord-{kind}.contradiction.json"));
        std::fs::write(&path, &contradiction.file).map_err(|error| Fault::Io { path, error })?;
        let conviction =
            confirm(&contradiction.file, &Expected::Genesis(harbour.genesis())).map_err(foreign)?;
        tell.line(format!("river-accord-{kind}.contradiction.json  ({} bytes)", contradiction.file.len()));
        tell.say(conviction.sentence());
    }
    if found.len() < 2 {
        return Err(Fault::Unknown("the registrar cheated, and was not convicted of all of it".to_owned()));
    }
    let voice = VoiceName::of(&harbour.genesis());
    tell.say(
        "Each file convicts North's key, offline, and nobody else, before anybody who knows that register's \
         name. That somebody was slow or silent convicts nobody. The name is:",
    );
    tell.line(voice);
    drop((north, harbour));
    std::fs::remove_dir_all(&back_room).map_err(|error| Fault::Io { path: back_room, error })?;
    Ok(voice)
}

fn offer_of(node: &Node, text: &str) -> Result<Body, Fault> {
    let mut plain = text.as_bytes();
    let bytes = plain.len() as u64;
    let evidence = Evidence { plain: &mut plain, bytes, media_type: "text/plain; charset=utf-8", name: None };
    let to = [who("harbour")?, who("north")?];
    let (file, _) = node.seal(evidence, &to, &mut |_, _| {})?;
    Ok(Body::Offer(Offer { files: vec![file] }))
}

fn registrar_key(node: &Node) -> Result<SigningKey, Fault> {
    let name = format!("{}/registrar", node.origin());
    match node.keyring().get(&name).map(vault::Key::secret) {
        Some(Secret::Ed25519(seed)) => Ok(SigningKey::from_seed(seed)),
        Some(Secret::Age(_)) | None => Err(Fault::NoKey(name)),
    }
}

fn leaves_of(node: &Node, size: u64) -> Result<Vec<Hash>, Fault> {
    (0..size).map(|index| Ok(leaf_hash(&node.entry(index)?))).collect()
}

/// What Harbour holds of the register, in memory: it is small.
struct Copy {
    entries: Vec<Vec<u8>>,
    tree: MemoryTree,
}

impl Copy {
    fn of(node: &Node, size: u64) -> Result<Copy, Fault> {
        let entries = (0..size).map(|index| node.entry(index)).collect::<Result<Vec<_>, _>>()?;
        let leaves: Vec<Hash> = entries.iter().map(|bytes| leaf_hash(bytes)).collect();
        Ok(Copy { entries, tree: MemoryTree::of(&leaves) })
    }
}

impl HashReader for Copy {
    type Error = tlog::tree::NoSuchNode;

    fn node(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        self.tree.node(level, index)
    }
}

impl Log for Copy {
    fn entry(&self, index: u64) -> Option<Vec<u8>> {
        self.entries.get(usize::try_from(index).ok()?).cloned()
    }
}
