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

mod append;
mod start;

pub use append::Handed;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use act::Refusal;
use note::{KeyName, Note, SignatureLine, SigningKey, VerifierKey};
use terms::{ActId, Hash, Instant, Origin};
use tlog::cosigned::CosignedCheckpoint;
use tlog::witness::Seen;
use tlog::{Checkpoint, TilePath, TileReader};

use crate::disk::{Disk, DiskFault};
use crate::fault::Fault;
use crate::folder::Folder;
use crate::ids::Ids;
use crate::journal::{self, Journal};
use crate::kept::{Kept, key_hash};
use crate::reader::{Entries, Reader, proof_fault};
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
    ids: Ids,
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
        self.ids.get(act)
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
