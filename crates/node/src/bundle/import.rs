//! What a stick brings.

use std::io::Read;
use std::path::{Path, PathBuf};

use act::Submission;
use audit::named::{AtHand, Named};
use register::{Answer, KnownBy};
use terms::{Hash, Instant, ParticipantId};
use tlog::witness::Seen;
use tlog::{CosignedCheckpoint, Policy};
use vault::{KeepError, Keyring, Vault};

use super::Member;
use super::manifest::Peer;
use super::piece::Put;
use super::read::{Brought, read};
use crate::node::Store;
use crate::{Fault, Node};

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
    /// Submissions that it refused, and why; for others, what came back refused.
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
    /// Whether more entries are signed than it brought: the sender has the rest.
    pub in_part: bool,
}

/// What a bundle is read with: its node is needed only for what is judged and taken over.
pub struct Reading {
    pub(crate) ring: Keyring,
    scratch: PathBuf,
    vault: Vault,
}

/// Gives the node to a piece of work, as soon as nobody else has it.
pub type Lend<'a> = &'a mut dyn FnMut(&mut dyn FnMut(&mut Node) -> Result<(), Fault>) -> Result<(), Fault>;

impl Reading {
    /// Takes a bundle in, as [`Node::import`] does. What is opened, unpacked and kept as it is needs no node meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Node::import`].
    pub fn take_in(
        &self,
        file: &Path,
        now: Instant,
        lend: Lend<'_>,
        progress: vault::Progress<'_>,
    ) -> Result<Imported, Fault> {
        let mut imported = Imported::default();
        let both = std::cell::RefCell::new((lend, &mut imported));
        let named = std::cell::OnceCell::new();
        read(
            file,
            &self.ring,
            &self.scratch,
            |brought| {
                let (lend, imported) = &mut *both.borrow_mut();
                lend(&mut |node| {
                    let found = node.absorb(&brought, now, imported)?;
                    named.get_or_init(|| found);
                    Ok(())
                })
            },
            |member, size, reader| {
                let (lend, imported) = &mut *both.borrow_mut();
                let (Member::Sealed(hash) | Member::Piece(hash, _)) = member else { return Ok(()) };
                let sizes =
                    named.get().and_then(|named: &Named| named.sealed.get(hash)).into_iter().flatten();
                match member {
                    Member::Piece(_, offset) => {
                        let end = offset.saturating_add(size);
                        // Of several sizes that acts give, the largest: a shorter file would have come whole.
                        let whole = sizes.copied().max().filter(|whole| end <= *whole);
                        lend(&mut |node| node.take_piece(hash, *offset, whole, reader, imported, progress))
                    }
                    _ => {
                        let is_named = sizes.copied().any(|named| named == size);
                        self.take_sealed(hash, size, is_named, reader, imported, progress)
                    }
                }
            },
        )?;
        let (lend, imported_so_far) = both.into_inner();
        lend(&mut |node| {
            imported_so_far.remarks.extend(node.waiting_pieces()?);
            Ok(())
        })?;
        Ok(imported)
    }

    fn take_sealed(
        &self,
        hash: &Hash,
        size: u64,
        is_named: bool,
        reader: &mut dyn Read,
        imported: &mut Imported,
        progress: vault::Progress<'_>,
    ) -> Result<(), Fault> {
        if std::fs::metadata(self.vault.sealed_path(hash)).is_ok_and(|about| about.len() == size) {
            return Ok(());
        }
        if !is_named {
            let what = format!(
                "the sealed file {} was left aside: no act names it, or it was erased here",
                hash.to_hex()
            );
            imported.remarks.push(what);
            return Ok(());
        }
        match self.vault.keep(reader, hash, size, progress) {
            Ok(()) => imported.sealed += 1,
            Err(error @ KeepError::Differs { .. }) => {
                imported.wrongs.push(format!("the sealed file {} was left aside: {error}", hash.to_hex()));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

impl Node {
    /// Takes a bundle in, or one part of it: checks and replays what is new, cosigns or registers or stamps
    /// as this node's roles are, keeps sealed files that the register names.
    ///
    /// # Errors
    ///
    /// [`Fault::Bundle`]: it is no bundle, or not whole. It is of another register, or sealed to another; or
    /// the disk failed. What was taken in before that stays; the same bundle can be taken in again. A
    /// registrar that finds its own signature over more than it has says [`register::Fault::Behind`], and
    /// signs nothing more.
    pub fn import(
        &mut self,
        file: &Path,
        now: Instant,
        progress: vault::Progress<'_>,
    ) -> Result<Imported, Fault> {
        self.reading().take_in(file, now, &mut |work| work(self), progress)
    }

    /// What a bundle is read with while the node works.
    #[must_use]
    pub fn reading(&self) -> Reading {
        // The `seal` identities alone.
        let mut ring = Keyring::new();
        for (name, key) in self.ring.iter() {
            if let vault::Secret::Age(identity) = key.secret()
                && let Some(identity) = vault::Identity::parse(&identity.to_text())
            {
                let _ = ring.insert(name, key.usage(), vault::Secret::Age(identity));
            }
        }
        Reading { ring, scratch: self.queue_folder(), vault: self.vault.clone() }
    }

    /// Which of a bundle's grants and sealed files acts name, registered or on their way.
    fn named(&self, brought: &Brought) -> Result<Named, Fault> {
        // What this participant has erased does not come back.
        let erased = self.known.files.only_of(&self.erased_by(self.me())?);
        let mut at_hand = AtHand::default();
        for listed in &brought.manifest.list {
            match Member::parse(&listed.path) {
                Some(Member::Grant(hash)) if !erased.grants.contains(&hash) => {
                    at_hand.grants.insert(hash);
                }
                Some(Member::Sealed(hash) | Member::Piece(hash, _)) if !erased.sealed.contains(&hash) => {
                    at_hand.sealed.insert(hash);
                }
                _ => {}
            }
        }
        self.named_of(&at_hand)
    }

    pub(crate) fn absorb(
        &mut self,
        brought: &Brought,
        now: Instant,
        imported: &mut Imported,
    ) -> Result<Named, Fault> {
        let manifest = &brought.manifest;
        if manifest.genesis != self.genesis() || manifest.origin != *self.origin() {
            return Err(Fault::Foreign("the bundle is of another register".to_owned()));
        }
        if manifest.to != *self.me() {
            imported.remarks.push(format!("it was made for `{}`", manifest.to));
        }
        imported.from = Some(manifest.from.clone());
        match self.store {
            Store::Log(_) => self.absorb_as_registrar(brought, now, imported)?,
            Store::Mirror(_) => self.absorb_as_mirror(brought, now, imported)?,
        }
        let named = self.named(brought)?;
        for (hash, spot) in &brought.grants {
            if !named.grants.get(hash).is_some_and(|sizes| sizes.contains(&spot.size)) {
                let what = format!("the grant {} was left aside: no act names it", hash.to_hex());
                imported.remarks.push(what);
            } else if self.vault.sealed_grant(hash).is_err() {
                self.vault.keep_grant(&brought.spool.get(*spot)?, hash)?;
                imported.grants += 1;
            }
        }
        // Where the small files are in the first part only, that says what the sender has.
        if manifest.part == 1 || !manifest.have.is_empty() {
            let mut peer = Peer::read(&self.home, &manifest.from)?;
            peer.size = manifest.size;
            peer.cosigned = manifest.cosigned;
            peer.have.clone_from(&manifest.have);
            peer.write(&self.home, &manifest.from)?;
        }
        Ok(named)
    }

    /// The registrar: cosigned checkpoints become marks, submissions become entries.
    fn absorb_as_registrar(
        &mut self,
        brought: &Brought,
        now: Instant,
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        // First what could show that this key must not sign any more.
        for cosigned in self.checkpoints(brought, imported)? {
            self.take_own(&cosigned, &brought.manifest.from)?;
        }
        let submissions = self.with_annexes(brought, imported)?;
        if !submissions.is_empty() {
            let answers = self.register(&submissions, now);
            // Whatever became of them.
            self.drop_unnamed(brought.annexes.keys())?;
            for answer in answers? {
                match answer {
                    Answer::Registered { before: false, .. } => imported.registered += 1,
                    Answer::Registered { before: true, .. } => {}
                    Answer::Refused { refusal, .. } => imported.refused.push(refusal.body.ground.to_string()),
                }
            }
        }
        imported.mark = self.enter_mark(now)?;
        self.keep_notes(brought, imported)
    }

    /// A checkpoint that this registrar signed and witnesses cosigned.
    fn take_own(&mut self, cosigned: &CosignedCheckpoint, from: &ParticipantId) -> Result<(), Fault> {
        let checkpoint = cosigned.checkpoint();
        let known = Seen { size: checkpoint.size, root: checkpoint.root };
        let fault = match self.store.root_at(known.size) {
            Some(root) if root == known.root => None,
            Some(root) => Some(register::Fault::OtherPast { known_by: KnownBy::Witness, known, root }),
            None => Some(register::Fault::Behind { known_by: KnownBy::Witness, known, size: self.size() }),
        };
        let mut peer = Peer::read(&self.home, from)?;
        if peer.witnessed().is_none_or(|before| before.size < known.size) {
            peer.witness(known);
            peer.write(&self.home, from)?;
        }
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        if known.size > self.cosigned()? {
            self.notes().put(&cosigned.to_bytes())?;
        }
        Ok(())
    }

    /// The checkpoints of a bundle that this register's registrar signed, with good lines of witnesses, by
    /// size.
    pub(super) fn checkpoints(
        &self,
        brought: &Brought,
        imported: &mut Imported,
    ) -> Result<Vec<CosignedCheckpoint>, Fault> {
        checkpoints_of(brought, self.policy(), &mut imported.remarks)
    }

    /// The submissions whose annexes are here, or came along; and those annexes on the shelf.
    fn with_annexes(&self, brought: &Brought, imported: &mut Imported) -> Result<Vec<Vec<u8>>, Fault> {
        let shelf = self.annexes();
        let mut whole = Vec::new();
        for spot in &brought.submissions {
            let bytes = brought.spool.get(*spot)?;
            // What is no submission is refused.
            let named = Submission::parse(&bytes).map(|submission| submission.act().body().annexes());
            let named = named.unwrap_or_default();
            match self.check_annexes(&named, |hash| brought.annexes.get(hash).map(|spot| spot.size)) {
                Ok(()) => {
                    for spot in named.iter().filter_map(|annex| brought.annexes.get(&annex.sha256)) {
                        shelf.put(&brought.spool.get(*spot)?)?;
                    }
                    whole.push(bytes);
                }
                // Let in, it would stop replay for everybody.
                Err(fault @ Fault::Annex { found: None, .. }) => {
                    imported.remarks.push(format!("a submission waits: {fault}; ask for it"));
                }
                // Let in, it would make every copy wrong.
                Err(fault @ Fault::Annex { .. }) => {
                    imported.remarks.push(format!("a submission was left aside: {fault}"));
                }
                Err(other) => return Err(other),
            }
        }
        Ok(whole)
    }

    /// Refusals, state notes and freezes. Cosigned checkpoints go another way.
    pub(super) fn keep_notes(&self, brought: &Brought, imported: &mut Imported) -> Result<(), Fault> {
        for spot in brought.notes.values() {
            let bytes = brought.spool.get(*spot)?;
            if CosignedCheckpoint::parse(&bytes).is_ok() {
                continue;
            }
            // A receipt whose entry is final has done its work; a registrar needs none of its own.
            if let Some(receipt) = crate::beat::receipt_of(&bytes)
                && (matches!(self.store, Store::Log(_)) || self.is_kept(&receipt)?)
            {
                continue;
            }
            match audit::folder::check_note(&bytes, &self.replay) {
                Ok(()) => drop(self.notes().put(&bytes)?),
                Err(what) => imported.remarks.push(format!("a note was left aside: {what}")),
            }
        }
        Ok(())
    }

    fn take_piece(
        &self,
        hash: &Hash,
        offset: u64,
        whole: Option<u64>,
        reader: &mut dyn Read,
        imported: &mut Imported,
        progress: vault::Progress<'_>,
    ) -> Result<(), Fault> {
        if self.vault.sealed_path(hash).exists() {
            return Ok(());
        }
        let Some(whole) = whole else {
            imported.remarks.push(format!(
                "a part of the sealed file {} was left aside: no act names it; take part 1 in first",
                hash.to_hex()
            ));
            return Ok(());
        };
        match self.put_piece(hash, whole, offset, reader, progress)? {
            Put::Whole => imported.sealed += 1,
            Put::Waits => {}
            Put::Differs => imported.wrongs.push(format!(
                "the parts of the sealed file {} do not come to it: they were thrown away, ask for them again",
                hash.to_hex()
            )),
        }
        Ok(())
    }
}

/// The same by a policy, before there is a node.
pub(super) fn checkpoints_of(
    brought: &Brought,
    policy: &Policy,
    remarks: &mut Vec<String>,
) -> Result<Vec<CosignedCheckpoint>, Fault> {
    let mut found: Vec<CosignedCheckpoint> = brought.checkpoint.iter().cloned().collect();
    for spot in brought.notes.values() {
        found.extend(CosignedCheckpoint::parse(&brought.spool.get(*spot)?));
    }
    let mut good = Vec::new();
    for cosigned in found {
        match cosigned.examine(policy) {
            Ok(cosigners) if cosigners.unknown.is_empty() => good.push(cosigned),
            Ok(_) => {
                remarks.push("a checkpoint was left aside: a line of it is by an unknown key".to_owned());
            }
            Err(fault) => remarks.push(format!("a checkpoint was left aside: {fault}")),
        }
    }
    good.sort_by_key(|cosigned| cosigned.checkpoint().size);
    Ok(good)
}
