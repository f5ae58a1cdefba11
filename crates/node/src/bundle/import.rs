//! What a stick brings.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use act::{Entry, Submission};
use docket::v1::replay::{Judged, Replay, Singly};
use note::Algorithm;
use register::{Answer, Folder, Mirror, RealDisk, Shelf};
use terms::{Hash, Instant, ParticipantId, SignerName};
use tlog::witness::AddCheckpoint;
use tlog::{CosignedCheckpoint, TileKind};
use vault::{Keyring, Vault};

use super::manifest::{Manifest, Peer};
use super::{Member, member_of, open, read_small};
use crate::evidence::files_of;
use crate::node::{Store, StorePast};
use crate::{Fault, Home, Node, Settings};

/// What came of a stick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Whose it was.
    pub from: Option<ParticipantId>,
    /// How many entries are new here.
    pub entries: u64,
    /// The size that this node's witness cosigned.
    pub cosigned: Option<u64>,
    /// The mark that the registrar entered.
    pub mark: Option<u64>,
    /// Submissions that the registrar registered.
    pub registered: u64,
    /// Submissions that it refused, and why.
    pub refused: Vec<String>,
    /// Submissions that were stamped, and wait to be carried on.
    pub stamped: u64,
    /// Sealed files that lie here now.
    pub sealed: u64,
    /// Grants that lie here now.
    pub grants: u64,
    /// What is wrong with what came: it is evidence, keep the stick.
    pub wrongs: Vec<String>,
    /// What was left aside, and why.
    pub remarks: Vec<String>,
}

/// The small files of a bundle.
struct Brought {
    manifest: Manifest,
    annexes: BTreeMap<Hash, Vec<u8>>,
    entries: BTreeMap<u64, Vec<u8>>,
    checkpoint: Option<CosignedCheckpoint>,
    ask: Option<AddCheckpoint>,
    submissions: Vec<Vec<u8>>,
    notes: Vec<Vec<u8>>,
    grants: Vec<(Hash, Vec<u8>)>,
}

impl Brought {
    fn new(manifest: Manifest) -> Brought {
        Brought {
            manifest,
            annexes: BTreeMap::new(),
            entries: BTreeMap::new(),
            checkpoint: None,
            ask: None,
            submissions: Vec::new(),
            notes: Vec::new(),
            grants: Vec::new(),
        }
    }

    /// Takes one small file, if its bytes are what its name says.
    fn take(&mut self, member: Member, bytes: Vec<u8>) -> Result<(), String> {
        let named = |hash: &Hash| {
            if Hash::of(&bytes) == *hash {
                Ok(())
            } else {
                Err(format!("a file has not the hash {} that it is named by", hash.to_hex()))
            }
        };
        match member {
            Member::Annex(hash) => {
                named(&hash)?;
                self.annexes.insert(hash, bytes);
            }
            Member::Tile(tile) if tile.kind() == TileKind::Entries => {
                let entries = tlog::bundle::from_bytes(&bytes, tile.width())
                    .map_err(|fault| format!("{tile}: {fault}"))?;
                let first = tile.index() * u64::from(tlog::tile::TILE_WIDTH);
                self.entries.extend((first..).zip(entries.into_iter().map(<[u8]>::to_vec)));
            }
            // Hashes are made anew from the entries.
            Member::Tile(_) => {}
            Member::Checkpoint => {
                self.checkpoint = Some(CosignedCheckpoint::parse(&bytes).map_err(|fault| fault.to_string())?);
            }
            Member::AddCheckpoint => {
                self.ask = Some(AddCheckpoint::parse(&bytes).map_err(|fault| fault.to_string())?);
            }
            Member::Submit(hash) => {
                named(&hash)?;
                self.submissions.push(bytes);
            }
            Member::Note(hash) => {
                named(&hash)?;
                self.notes.push(bytes);
            }
            Member::Grant(hash) => {
                named(&hash)?;
                self.grants.push((hash, bytes));
            }
            Member::Manifest | Member::Sealed(_) => return Err("the files are not in their order".to_owned()),
        }
        Ok(())
    }
}

/// Reads a bundle: all small files, then `each` sealed one.
fn read(
    file: &Path,
    ring: &Keyring,
    mut small: impl FnMut(Brought) -> Result<(), Fault>,
    mut each: impl FnMut(Hash, u64, &mut dyn Read) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let garbled = |what: String| Fault::Garbled { path: file.to_owned(), what };
    let mut archive = tar::Archive::new(open(file, ring)?);
    let mut brought: Option<Brought> = None;
    let mut small_done = false;
    for entry in archive.entries().map_err(Fault::io(file))? {
        let mut entry = entry.map_err(|error| garbled(error.to_string()))?;
        let member =
            member_of(&entry).ok_or_else(|| garbled("it has a file that a bundle has not".to_owned()))?;
        let size = entry.size();
        match (member, &mut brought) {
            (Member::Manifest, None) => {
                let bytes = read_small(&mut entry).map_err(|error| garbled(error.to_string()))?;
                brought = Some(Brought::new(Manifest::parse(&bytes).map_err(garbled)?));
            }
            (_, None) if !small_done => return Err(garbled("it does not begin with a manifest".to_owned())),
            (Member::Sealed(hash), _) => {
                if let Some(brought) = brought.take() {
                    small_done = true;
                    small(brought)?;
                }
                each(hash, size, &mut entry)?;
            }
            (_, None) => return Err(garbled("the files are not in their order".to_owned())),
            (member, Some(brought)) => {
                let bytes = read_small(&mut entry).map_err(|error| garbled(error.to_string()))?;
                brought.take(member, bytes).map_err(garbled)?;
            }
        }
    }
    match brought {
        Some(brought) => small(brought),
        None if small_done => Ok(()),
        None => Err(garbled("it is no bundle".to_owned())),
    }
}

impl Node {
    /// Takes a bundle in: checks and replays what is new, cosigns or registers or stamps as this node's
    /// roles are, keeps sealed files that the register names.
    ///
    /// # Errors
    ///
    /// It is no bundle, of another register, sealed to another, or the disk failed. What was taken in
    /// before that stays; the same bundle can be taken in again.
    pub fn import(
        &mut self,
        file: &Path,
        now: Instant,
        progress: vault::Progress<'_>,
    ) -> Result<Imported, Fault> {
        let mut imported = Imported::default();
        let ring = self.ring_for_reading();
        let node = std::cell::RefCell::new((self, &mut imported));
        read(
            file,
            &ring,
            |brought| {
                let (node, imported) = &mut *node.borrow_mut();
                node.absorb(brought, now, imported)
            },
            |hash, size, reader| {
                let (node, imported) = &mut *node.borrow_mut();
                node.take_sealed(&hash, size, reader, imported, progress)
            },
        )?;
        Ok(imported)
    }

    /// A copy of the `seal` identities alone, to open a bundle with while the node works.
    fn ring_for_reading(&self) -> Keyring {
        let mut ring = Keyring::new();
        for (name, key) in self.ring.iter() {
            if let vault::Secret::Age(identity) = key.secret()
                && let Some(identity) = vault::Identity::parse(&identity.to_text())
            {
                let _ = ring.insert(name, key.usage(), vault::Secret::Age(identity));
            }
        }
        ring
    }

    fn absorb(&mut self, brought: Brought, now: Instant, imported: &mut Imported) -> Result<(), Fault> {
        if brought.manifest.genesis != self.genesis() || brought.manifest.origin != *self.origin() {
            return Err(Fault::Foreign("the bundle is of another register".to_owned()));
        }
        if brought.manifest.to != *self.me() {
            imported.remarks.push(format!("it was made for `{}`", brought.manifest.to));
        }
        imported.from = Some(brought.manifest.from.clone());
        let shelf = self.annexes();
        for bytes in brought.annexes.values() {
            shelf.put(bytes)?;
        }
        match self.store {
            Store::Log(_) => self.absorb_as_registrar(&brought, now, imported)?,
            Store::Mirror(_) => self.absorb_as_mirror(&brought, now, imported)?,
        }
        for (hash, bytes) in &brought.grants {
            self.vault.keep_grant(bytes, hash)?;
            imported.grants += 1;
        }
        let manifest = brought.manifest;
        let peer = Peer { size: manifest.size, cosigned: manifest.cosigned, have: manifest.have };
        peer.write(&self.home, &manifest.from)
    }

    /// The registrar: cosigned checkpoints become marks, submissions become entries.
    fn absorb_as_registrar(
        &mut self,
        brought: &Brought,
        now: Instant,
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        if !brought.submissions.is_empty() {
            for answer in self.register(&brought.submissions, now)? {
                match answer {
                    Answer::Registered { before: false, .. } => imported.registered += 1,
                    Answer::Registered { before: true, .. } => {}
                    Answer::Refused { refusal, .. } => imported.refused.push(refusal.body.ground.to_string()),
                }
            }
        }
        let mut largest: Option<CosignedCheckpoint> = None;
        for bytes in &brought.notes {
            let Ok(cosigned) = CosignedCheckpoint::parse(bytes) else {
                self.keep_note(bytes, imported)?;
                continue;
            };
            let larger = |best: &CosignedCheckpoint| best.checkpoint().size < cosigned.checkpoint().size;
            if largest.as_ref().is_none_or(larger) {
                largest = Some(cosigned);
            }
        }
        if let Some(cosigned) = largest {
            let own = self.checkpoint()?.map_or(0, |c| c.checkpoint().size);
            if cosigned.checkpoint().size > own {
                let lines = cosigned.note().signatures().to_vec();
                imported.mark = self.take_cosigned(&cosigned, &lines, now)?;
            }
        }
        Ok(())
    }

    fn keep_note(&self, bytes: &[u8], imported: &mut Imported) -> Result<(), Fault> {
        match audit::folder::check_note(bytes, &self.replay) {
            Ok(()) => drop(self.notes().put(bytes)?),
            Err(what) => imported.remarks.push(format!("a note was left aside: {what}")),
        }
        Ok(())
    }

    /// Everybody else: new entries are checked and replayed; a witness cosigns; a guarantor stamps.
    fn absorb_as_mirror(
        &mut self,
        brought: &Brought,
        now: Instant,
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        for bytes in &brought.notes {
            if CosignedCheckpoint::parse(bytes).is_err() {
                self.keep_note(bytes, imported)?;
            }
        }
        self.extend(brought, now, imported)?;
        let mine = self.me().clone();
        for bytes in &brought.submissions {
            self.stamp(bytes, &mine, now, imported)?;
        }
        self.sweep_queue()
    }

    fn extend(&mut self, brought: &Brought, now: Instant, imported: &mut Imported) -> Result<(), Fault> {
        let asked = brought.ask.as_ref().map(|ask| ask.checkpoint.clone());
        let size = self.size();
        let target = asked
            .clone()
            .filter(|c| c.checkpoint().size > size)
            .or_else(|| brought.checkpoint.clone().filter(|c| c.checkpoint().size > size));
        let Some(target) = target else { return Ok(()) };
        let wanted = target.checkpoint().size;
        let new: Vec<Vec<u8>> = brought.entries.range(size..wanted).map(|(_, bytes)| bytes.clone()).collect();
        if new.len() as u64 != wanted - size {
            imported.remarks.push(format!("entries from {size} on are missing: ask for a bundle from there"));
            return Ok(());
        }
        // Judged on a copy, so that nothing is taken over before all of it is known to be right.
        let mut replay = self.replay.clone();
        // A node that has just joined has replayed the genesis, and stored nothing yet.
        for (index, bytes) in (size..).zip(&new).filter(|(index, _)| *index >= self.replay.size()) {
            if let Judged::Malformed { ground, why } =
                replay.enter(bytes, &StorePast(&self.store), &mut Singly)
            {
                imported.wrongs.push(format!("entry {index}: malformed ({ground}): {why}"));
            }
        }
        if replay.root() != target.checkpoint().root {
            imported
                .wrongs
                .push("the checkpoint's root is not that of the entries that came with it".to_owned());
            return Ok(());
        }
        let lines = match (&brought.ask, self.witness()?) {
            (Some(ask), Some(mut witness)) => {
                let seen = witness.seen();
                match tlog::witness::admit(seen.as_ref(), ask, self.policy().log()) {
                    Ok(_) => {
                        imported.cosigned = Some(wanted);
                        vec![witness.cosign(&ask.checkpoint, now)?]
                    }
                    // The registrar did not know yet what this witness cosigned last, as happens by stick.
                    // Whoever holds all entries needs no proof: they lead from there to here.
                    Err(tlog::witness::Refusal::OtherOld { .. })
                        if seen.is_some_and(|seen| self.store.root_at(seen.size) == Some(seen.root)) =>
                    {
                        imported.cosigned = Some(wanted);
                        vec![witness.cosign(&ask.checkpoint, now)?]
                    }
                    Err(refusal) => {
                        imported.wrongs.push(format!("this node's witness does not cosign: {refusal}"));
                        Vec::new()
                    }
                }
            }
            _ => Vec::new(),
        };
        let policy = replay.ledger().policy().clone();
        let merged = target
            .merge(&lines, &policy)
            .map_err(|fault| Fault::Foreign(format!("the checkpoint: {fault}")))?;
        if merged.verify_quorum(&policy).is_err() {
            imported
                .remarks
                .push("the new entries have no quorum yet: they wait for more cosigners".to_owned());
            if imported.cosigned.is_some() {
                self.notes().put(&merged.to_bytes())?;
            }
            return self.extend_to_quorum(brought, imported);
        }
        if let Store::Mirror(mirror) = &mut self.store {
            mirror.extend(new.iter().cloned().map(Ok), &merged)?;
        }
        imported.entries += new.len() as u64;
        self.replay = replay;
        if imported.cosigned.is_some() {
            self.notes().put(&merged.to_bytes())?;
        }
        Ok(())
    }

    /// What a quorum has cosigned already is taken over, while the rest waits.
    fn extend_to_quorum(&mut self, brought: &Brought, imported: &mut Imported) -> Result<(), Fault> {
        let size = self.size();
        let Some(target) = brought.checkpoint.as_ref().filter(|c| c.checkpoint().size > size) else {
            return Ok(());
        };
        let wanted = target.checkpoint().size;
        let new: Vec<Vec<u8>> = brought.entries.range(size..wanted).map(|(_, bytes)| bytes.clone()).collect();
        let mut replay = self.replay.clone();
        for (_, bytes) in (size..).zip(&new).filter(|(index, _)| *index >= self.replay.size()) {
            replay.enter(bytes, &StorePast(&self.store), &mut Singly);
        }
        if target.verify_quorum(replay.ledger().policy()).is_err() {
            return Ok(());
        }
        if let Store::Mirror(mirror) = &mut self.store {
            mirror.extend(new.iter().cloned().map(Ok), target)?;
        }
        imported.entries += new.len() as u64;
        self.replay = replay;
        Ok(())
    }

    /// A guarantor's node stamps what comes into its hands for the registrar, and carries it on (T14).
    fn stamp(
        &mut self,
        bytes: &[u8],
        mine: &ParticipantId,
        now: Instant,
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        let submission = match Submission::parse(bytes) {
            Ok(submission) => submission,
            Err(fault) => {
                imported.remarks.push(format!("a submission was left aside: {fault}"));
                return Ok(());
            }
        };
        let author = submission.act().head().by.participant();
        let ours = submission.act().genesis() == Some(self.genesis());
        if !ours || !self.signed_by_known_keys(&submission) {
            imported.remarks.push(
                "a submission was left aside: its signatures are not those of enrolled keys".to_owned(),
            );
            return Ok(());
        }
        if author == Some(mine) {
            return Ok(());
        }
        let Some(mut chain) = self.intake()? else {
            imported.remarks.push("a submission was left aside: this node takes nothing in".to_owned());
            return Ok(());
        };
        let line = chain.stamp(submission.act().id(), now)?;
        self.enqueue(&submission.with_intake(line)?)?;
        imported.stamped += 1;
        Ok(())
    }

    fn signed_by_known_keys(&self, submission: &Submission) -> bool {
        let act = submission.act();
        act.head().signers.iter().zip(submission.signatures()).all(|(signer, line)| {
            let key = match signer {
                SignerName::Registrar => None,
                SignerName::Key { .. } => self.replay.ledger().keys().get(signer),
            };
            key.is_some_and(|key| match &key.vkey {
                Some(vkey) if vkey.algorithm() == Algorithm::Ed25519 => vkey.verify(act.text(), line).is_ok(),
                _ => key.passkey.is_some(),
            })
        })
    }

    fn take_sealed(
        &self,
        hash: &Hash,
        size: u64,
        reader: &mut dyn Read,
        imported: &mut Imported,
        progress: vault::Progress<'_>,
    ) -> Result<(), Fault> {
        if self.vault.sealed_path(hash).exists() {
            return Ok(());
        }
        if !self.names(hash, size)? {
            imported
                .remarks
                .push(format!("the sealed file {} was left aside: no act names it", hash.to_hex()));
            return Ok(());
        }
        self.vault.keep(reader, hash, size, progress)?;
        imported.sealed += 1;
        Ok(())
    }

    /// Whether an act here, or one that waits in the queue, names a sealed file of this size.
    fn names(&self, hash: &Hash, size: u64) -> Result<bool, Fault> {
        let mut named = false;
        let mut look = |act: &act::Act| {
            named |= files_of(act.body()).iter().any(|file| file.sealed == *hash && file.size == size);
        };
        for submission in self.queued()? {
            look(submission.act());
        }
        self.store.for_each(0..self.size(), |_, bytes| {
            if let Ok(entry) = Entry::parse(bytes) {
                look(entry.act());
            }
            Ok(())
        })?;
        Ok(named)
    }
}

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
/// The bundle is of another register, does not begin at entry 0, or the disk failed.
pub fn join(
    home: &Home,
    ring: Keyring,
    joining: &Joining<'_>,
    file: &Path,
    now: Instant,
    progress: vault::Progress<'_>,
) -> Result<(Node, Imported), Fault> {
    let mut first = None;
    read(
        file,
        &ring,
        |brought| {
            first = Some(brought);
            Ok(())
        },
        |_, _, reader| std::io::copy(reader, &mut std::io::sink()).map(drop).map_err(Fault::io(file)),
    )?;
    let brought = first.ok_or_else(|| Fault::Foreign("it is no bundle".to_owned()))?;
    let genesis = brought.entries.get(&0).ok_or_else(|| {
        Fault::Foreign("the bundle does not begin at entry 0: ask for one that does".to_owned())
    })?;
    let hash = audit::folder::genesis_of(genesis)
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
    let replay = Replay::begin(genesis, &brought.annexes, audit::folder::law(), None, true, &mut Singly)?;
    let folder = Folder::open(RealDisk, &home.data, &home.kept())?;
    let shelf = Shelf::annexes(&folder);
    for bytes in brought.annexes.values() {
        shelf.put(bytes)?;
    }
    let vault = Vault::at(&home.data).map_err(Fault::io(&home.data))?;
    let mirror = Mirror::open(&folder, &settings.origin)?;
    home.write_settings(&settings)?;
    let store = Store::Mirror(Box::new(mirror));
    let mut node = Node { home: home.clone(), settings, folder, store, ring, vault, replay };
    let imported = node.import(file, now, progress)?;
    Ok((node, imported))
}
