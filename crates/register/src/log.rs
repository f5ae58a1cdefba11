//! The register of a registrar: submissions go in, receipts come out.
//!
//! The order of writes:
//!
//! 1. *A batch.* Its entries are appended to the journal, and the journal is synced: one sync for all
//!    that came together. Only then are receipts given out. Refusals are on the disk likewise.
//! 2. *A beat.* Tiles and bundles are written, synced, put in their place, and their folders synced.
//!    Then a new, empty journal takes the old one's place. Then the size and root are kept beside the
//!    keys. Only then is a checkpoint signed. It becomes `checkpoint` when it has its quorum.
//! 3. *A start.* All tiles are checked against the entries; the journal's entries follow. The journal is
//!    written anew: what was read may be in memory only. Then size and root are kept beside the keys.
//!
//! A write that fails leaves nothing promised. The log then says [`Fault::Halted`] to everything, and
//! the next start goes by what is on the disk. A *sync* of the journal or of what is kept that fails is
//! worse: what is on the disk is unknown, and so is what this disk will do next. Then the key stops for
//! good (TIME T22).

mod start;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use act::refusal::RefusalBody;
use act::{Entry, Refusal, Submission};
use note::{KeyName, Note, Receipt, SignatureLine, SigningKey, VerifierKey};
use terms::{ActId, Hash, Instant, Origin, RefusalGround};
use tlog::cosigned::CosignedCheckpoint;
use tlog::witness::Seen;
use tlog::{Checkpoint, TilePath, TileReader};

use crate::disk::{Disk, DiskFault};
use crate::fault::Fault;
use crate::folder::Folder;
use crate::journal::{self, Journal};
use crate::judge::Judge;
use crate::kept::{Kept, key_hash};
use crate::reader::{Entries, Reader, proof_fault};
use crate::shelf::Shelf;
use crate::tiles::Tiles;

pub use start::{Recovery, Start};

/// A journal longer than this is emptied into tiles without waiting for a beat, unless another bound was
/// set.
pub const JOURNAL_BYTES_MAX: u64 = 8 << 20;

/// Who signs a register, and which.
#[derive(Clone, Debug)]
pub struct Registrar {
    /// The register's name.
    pub origin: Origin,
    /// One key pair, under three names: checkpoints, receipts, refusals and marks.
    pub key: SigningKey,
}

/// What a submission is answered. It is on the disk before it is given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It stands in the register.
    Registered {
        /// Where.
        index: u64,
        /// The receipt, as the last line of the entry.
        receipt: SignatureLine,
        /// Whether it stood there before: the same bytes get the same receipt.
        before: bool,
    },
    /// It was not let in.
    Refused {
        /// Why, as was signed.
        refusal: Refusal,
        /// The signed note.
        note: Note,
    },
}

/// The register of a registrar.
pub struct Log<D: Disk> {
    folder: Arc<Folder<D>>,
    registrar: Registrar,
    genesis: Hash,
    tiles: Tiles<D>,
    journal: Journal<D::File>,
    kept: Kept,
    kept_at: Option<Seen>,
    ids: BTreeMap<ActId, u64>,
    last_time: Instant,
    checkpoint: Option<Seen>,
    journal_bytes_max: u64,
    keeps_each_batch: bool,
    halted: bool,
}

impl<D: Disk> Log<D> {
    /// How many entries: each is on the disk.
    pub fn size(&self) -> u64 {
        self.tiles.size()
    }

    /// The root over them.
    pub fn root(&self) -> Hash {
        self.tiles.root()
    }

    /// The hash of the genesis act's text.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    /// The register's name.
    pub fn origin(&self) -> &Origin {
        &self.registrar.origin
    }

    /// The registered time of the last entry. None that follows has a lower one.
    pub fn last_time(&self) -> Instant {
        self.last_time
    }

    /// The folder.
    pub fn folder(&self) -> &Arc<Folder<D>> {
        &self.folder
    }

    /// The files that are in place.
    pub fn reader(&self) -> &Reader<D> {
        self.tiles.reader()
    }

    /// Where an act stands, if it is registered.
    pub fn index_of(&self, act: &ActId) -> Option<u64> {
        self.ids.get(act).copied()
    }

    /// Bounds the journal: as much is read again at a start, and held in memory till it is in tiles.
    pub fn bound_journal(&mut self, bytes_max: u64) {
        self.journal_bytes_max = bytes_max;
    }

    /// From now on, keeps beside the keys how far the register goes before each batch is answered, not
    /// before each checkpoint only: two more syncs, for which a copy of DATA that is put back is seen
    /// whenever it was made.
    pub fn keep_each_batch(&mut self) {
        self.keeps_each_batch = true;
    }

    /// One entry.
    ///
    /// # Errors
    /// If there is none, or it can't be read.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Fault> {
        self.tiles.entry(index)
    }

    /// Entries in order, those of the journal included; one bundle in memory at a time.
    pub fn entries(&self, range: Range<u64>) -> Entries<impl FnMut(u64) -> Result<Vec<Vec<u8>>, Fault>> {
        self.tiles.entries(range)
    }

    /// The tree as it was at any size up to now, for proofs.
    pub fn hashes(&self, size: u64) -> TileReader<impl Fn(&TilePath) -> Result<Vec<u8>, Fault>> {
        TileReader::new(size.min(self.size()), |tile: &TilePath| self.tiles.tile(tile))
    }

    /// What shows that the entry at `index` was in the register at `size`.
    ///
    /// # Errors
    /// If it was not, or a tile can't be read.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, Fault> {
        let proof = tlog::inclusion_proof(&self.hashes(size), index, size);
        proof.map_err(|error| proof_fault(error, index, self.size()))
    }

    /// What shows that the register at size `old` was the beginning of that at `new`.
    ///
    /// # Errors
    /// If there is no such size, or a tile can't be read.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, Fault> {
        let proof = tlog::consistency_proof(&self.hashes(new), old, new);
        proof.map_err(|error| proof_fault(error, new, self.size()))
    }

    /// The root at a size.
    ///
    /// # Errors
    /// If there is no such size, or a tile can't be read.
    pub fn root_at(&self, size: u64) -> Result<Hash, Fault> {
        tlog::root_of(&self.hashes(size), size).map_err(|error| proof_fault(error, size, self.size()))
    }

    /// Registers what is good and refuses the rest, in order; answers in the same order.
    ///
    /// All of it costs one sync of the journal. The registered time is `now`, or that of the last entry
    /// if `now` is earlier.
    ///
    /// # Errors
    /// [`Fault::Disk`]: nothing of this batch was answered. It may be in the register after the next
    /// start, or not; whoever hands it in again gets its one receipt. The log is halted; if a sync
    /// failed, its key is stopped. [`Fault::Halted`] after that.
    pub fn append<S: AsRef<[u8]>>(
        &mut self,
        submissions: &[S],
        now: Instant,
        judge: &mut impl Judge,
    ) -> Result<Vec<Answer>, Fault> {
        self.check_halted()?;
        let registered = now.max(self.last_time);
        let mut batch = Batch::default();
        for bytes in submissions {
            self.sequence(bytes.as_ref(), registered, judge, &mut batch)?;
        }
        if !batch.entries.is_empty() {
            self.write(batch.entries, registered)?;
            self.ids.extend(batch.ids.into_iter().map(|(id, (index, ..))| (id, index)));
            if self.keeps_each_batch {
                self.keep()?;
            }
        }
        if !batch.refusals.is_empty() {
            let stored = Shelf::notes(&self.folder).put_all(&batch.refusals);
            self.or_halt(stored)?;
        }
        if self.journal.bytes() > self.journal_bytes_max {
            // The batch is durable whatever comes of this, so it is answered; a failure halts the log.
            let _ = self.settle();
        }
        Ok(batch.answers)
    }

    /// Judges one submission and signs the answer. Nobody sees it before the batch is on the disk.
    fn sequence(
        &self,
        bytes: &[u8],
        registered: Instant,
        judge: &mut impl Judge,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let index = self.size() + batch.entries.len() as u64;
        let hash = Hash::of(bytes);
        let (id, submission) = match Submission::parse(bytes) {
            Ok(submission) => (Some(submission.act().id()), Ok(submission)),
            Err(fault) => (act_id(bytes), Err(fault)),
        };
        let judged = match submission {
            Err(_) => Err(RefusalGround::Form),
            Ok(submission) if !self.is_ours(&submission, index) => Err(RefusalGround::Form),
            Ok(submission) => match self.known(submission.act().id(), batch)? {
                Some((index, receipt, known)) if known == hash => {
                    batch.answers.push(Answer::Registered { index, receipt, before: true });
                    return Ok(());
                }
                Some(_) => Err(RefusalGround::Duplicate),
                None => judge.judge(index, &submission, registered).map(|()| submission),
            },
        };
        let ground = match judged {
            Ok(submission) => {
                let receipt = Receipt { index, time: registered, submission: hash };
                let line = receipt.sign(&self.registrar.origin, &self.genesis, &self.registrar.key);
                batch.ids.insert(submission.act().id(), (index, line.clone(), hash));
                let mut entry = bytes.to_vec();
                entry.extend_from_slice(format!("{line}\n").as_bytes());
                batch.entries.push(entry);
                batch.answers.push(Answer::Registered { index, receipt: line, before: false });
                return Ok(());
            }
            Err(ground) => ground,
        };
        let body = RefusalBody { act: id, submission: hash, ground, size: index, at: registered };
        let refusal = Refusal { origin: self.registrar.origin.clone(), genesis: self.genesis, body };
        let note = refusal.sign(&self.registrar.key).expect(
            "an origin, hashes, codes and numbers hold no control character, and the text ends its lines",
        );
        batch.refusals.push(note.to_bytes());
        batch.answers.push(Answer::Refused { refusal, note });
        Ok(())
    }

    /// Whether an act is of this register: its genesis first, and no other.
    fn is_ours(&self, submission: &Submission, index: u64) -> bool {
        let act = submission.act();
        let of_register = act.origin() == &self.registrar.origin && act.register() == self.genesis;
        // A genesis that comes again is found by its id.
        of_register && (act.genesis().is_none() == (index == 0) || self.ids.contains_key(&act.id()))
    }

    /// Index, receipt and submission hash of an act that is in the register, or before in the batch.
    fn known(&self, id: ActId, batch: &Batch) -> Result<Option<(u64, SignatureLine, Hash)>, Fault> {
        if let Some(known) = batch.ids.get(&id) {
            return Ok(Some(known.clone()));
        }
        let Some(index) = self.index_of(&id) else { return Ok(None) };
        let entry = self.entry(index)?;
        let entry = Entry::parse(&entry).map_err(|fault| self.tiles.garbled_entry(index, &fault))?;
        Ok(Some((index, entry.receipt_line().clone(), entry.submission_hash())))
    }

    /// Brings entries to the disk, then into memory.
    fn write(&mut self, entries: Vec<Vec<u8>>, registered: Instant) -> Result<(), Fault> {
        let path = journal_path(&self.folder);
        let written = self.journal.append(&path, &entries);
        self.or_stop(written)?;
        for entry in entries {
            self.tiles.push(entry);
        }
        self.last_time = registered;
        // All is durable, and will be answered; without the commit nothing more can be appended.
        self.halted |= self.journal.commit(&path, self.tiles.size()).is_err();
        Ok(())
    }

    /// Brings all entries into tiles, and empties the journal.
    ///
    /// # Errors
    /// [`Fault::Disk`]: every receipt stands, and the entries are in the journal or in tiles. The log is
    /// halted. [`Fault::Halted`] after that.
    pub fn settle(&mut self) -> Result<(), Fault> {
        self.check_halted()?;
        if self.tiles.settled() < self.tiles.size() {
            let settled = self.tiles.settle();
            self.or_halt(settled)?;
            let renewed = renew_journal(&self.folder, &self.registrar.origin, &self.seen(), &[]);
            self.journal = self.or_halt(renewed)?;
        }
        self.keep()
    }

    /// Signs size and root as they are now. All that the checkpoint commits to is in place, for
    /// witnesses to fetch.
    ///
    /// # Errors
    /// As [`Log::settle`]; nothing was signed.
    pub fn checkpoint(&mut self) -> Result<CosignedCheckpoint, Fault> {
        self.settle()?;
        let Seen { size, root } = self.seen();
        let checkpoint = Checkpoint { origin: self.registrar.origin.clone(), size, root };
        Ok(CosignedCheckpoint::sign(checkpoint, &self.registrar.key))
    }

    /// Makes a cosigned checkpoint the one that is served. Whether it has its quorum the caller has
    /// decided, by the policy in force.
    ///
    /// Then partial tiles go whose full ones are in place.
    ///
    /// # Errors
    /// [`Fault::OtherCheckpoint`] if it is of another register, of other entries, larger than what is in
    /// place, or smaller than the one that is served. [`Fault::Disk`]: the one before, or this one, is
    /// served. The log is halted.
    pub fn serve(&mut self, cosigned: &CosignedCheckpoint) -> Result<(), Fault> {
        self.check_halted()?;
        let checkpoint = cosigned.checkpoint();
        let before = self.checkpoint.map_or(0, |seen| seen.size);
        let other = |what: &str| Err(Fault::OtherCheckpoint(what.to_owned()));
        if checkpoint.origin != self.registrar.origin {
            return other("it is of another register");
        }
        if checkpoint.size > self.tiles.settled() {
            return other("it is larger than what is in tiles");
        }
        if checkpoint.size < before {
            return other("a larger one is served already");
        }
        if self.root_at(checkpoint.size)? != checkpoint.root {
            return other("its root is not that of the entries");
        }
        let placed = self.folder.place(&self.reader().checkpoint_path(), &cosigned.to_bytes());
        self.or_halt(placed)?;
        self.checkpoint = Some(Seen { size: checkpoint.size, root: checkpoint.root });
        self.tiles.remove_partial(before, checkpoint.size);
        Ok(())
    }

    /// Brings all into tiles and closes the folder.
    ///
    /// # Errors
    /// As [`Log::settle`].
    pub fn close(mut self) -> Result<(), Fault> {
        self.settle()
    }

    /// The key that verifies this register's receipts.
    pub fn receipt_key(&self) -> VerifierKey {
        VerifierKey::receipt(KeyName::receipt(&self.registrar.origin), self.registrar.key.public())
    }

    fn seen(&self) -> Seen {
        Seen { size: self.size(), root: self.root() }
    }

    /// Keeps beside the keys how far the register goes.
    fn keep(&mut self) -> Result<(), Fault> {
        let seen = self.seen();
        if self.kept_at == Some(seen) {
            return Ok(());
        }
        let kept = self.kept.write(&self.folder, &seen);
        self.or_stop(kept)?;
        self.kept_at = Some(seen);
        Ok(())
    }

    fn check_halted(&self) -> Result<(), Fault> {
        if self.halted { Err(Fault::Halted) } else { Ok(()) }
    }

    fn or_halt<T, E: Into<Fault>>(&mut self, done: Result<T, E>) -> Result<T, Fault> {
        self.halted |= done.is_err();
        done.map_err(Into::into)
    }

    /// Halts, and stops the key if a sync failed.
    fn or_stop(&mut self, done: Result<(), DiskFault>) -> Result<(), Fault> {
        if let Err(fault) = &done
            && fault.lost_a_write()
        {
            self.folder.stop(&key_hash(&self.registrar.key.public()), &fault.to_string());
        }
        self.or_halt(done)
    }
}

/// Answers that wait for the disk.
#[derive(Default)]
struct Batch {
    entries: Vec<Vec<u8>>,
    ids: BTreeMap<ActId, (u64, SignatureLine, Hash)>,
    refusals: Vec<Vec<u8>>,
    answers: Vec<Answer>,
}

/// The id that bytes have which are no act: of their text, if they are a note at all.
fn act_id(bytes: &[u8]) -> Option<ActId> {
    let note = Note::parse(bytes, act::form::GENESIS_SIGNERS_MAX).ok()?;
    Some(ActId::of_text(note.text()))
}

fn journal_path<D: Disk>(folder: &Folder<D>) -> PathBuf {
    folder.queue().join("journal")
}

/// Puts a new journal in the old one's place, and goes on with it.
fn renew_journal<D: Disk>(
    folder: &Folder<D>,
    origin: &Origin,
    tiles: &Seen,
    entries: &[Vec<u8>],
) -> Result<Journal<D::File>, DiskFault> {
    use crate::disk::{At, Operation};
    let path = journal_path(folder);
    let bytes = journal::write(origin, tiles, entries);
    folder.place(&path, &bytes)?;
    let file = folder.disk().open(&path).at(&path, Operation::Read)?;
    Ok(Journal::resume(file, &bytes))
}
