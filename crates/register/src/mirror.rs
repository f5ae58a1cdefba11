//! A register that somebody else sequences, in the same files. No key is needed.

use std::ops::Range;
use std::sync::Arc;

use terms::{Hash, Origin};
use tlog::cosigned::CosignedCheckpoint;
use tlog::witness::Seen;
use tlog::{EMPTY_ROOT, TilePath, TileReader};

use crate::disk::Disk;
use crate::fault::Fault;
use crate::folder::Folder;
use crate::reader::{Entries, Reader, proof_fault};
use crate::tiles::Tiles;

/// How many bytes of full tiles may wait in memory.
const WAITING_BYTES_MAX: usize = 8 << 20;

/// A copy of a register.
///
/// Its `checkpoint` is the last that it was given, and there are entries for all of it: a checkpoint is
/// put in its place after the tiles that it commits to. What is longer than it, after a crash, is not
/// looked at, and is written again.
pub struct Mirror<D: Disk> {
    folder: Arc<Folder<D>>,
    origin: Origin,
    tiles: Tiles<D>,
    checkpoint: Option<Seen>,
    halted: bool,
}

impl<D: Disk> Mirror<D> {
    /// Opens a mirror of this register, or begins one. All files are checked against each other, and
    /// against the checkpoint, whose signatures are not looked at.
    ///
    /// # Errors
    /// [`Fault::Garbled`] names the file; [`Fault::OtherRegister`]; [`Fault::NotEmpty`] if a registrar
    /// writes here; [`Fault::Disk`].
    pub fn open(folder: &Arc<Folder<D>>, origin: &Origin) -> Result<Mirror<D>, Fault> {
        let journal = folder.queue().join("journal");
        if folder.read_if_there(&journal, u64::MAX - 1)?.is_some() {
            return Err(Fault::NotEmpty { path: journal });
        }
        let reader = Reader::new(folder.disk().clone(), &folder.register());
        let checkpoint = match reader.checkpoint()? {
            Some(cosigned) if cosigned.checkpoint().origin != *origin => {
                return Err(Fault::OtherRegister { found: cosigned.checkpoint().origin.to_string() });
            }
            Some(cosigned) => {
                Some(Seen { size: cosigned.checkpoint().size, root: cosigned.checkpoint().root })
            }
            None => None,
        };
        let seen = checkpoint.unwrap_or(Seen { size: 0, root: EMPTY_ROOT });
        let signed_in = reader.checkpoint_path();
        let tiles = Tiles::open(folder, seen.size, &seen.root, &signed_in, |_, _| Ok(()))?;
        tiles.check_partial(seen.size)?;
        Ok(Mirror { folder: Arc::clone(folder), origin: origin.clone(), tiles, checkpoint, halted: false })
    }

    /// How many entries.
    pub fn size(&self) -> u64 {
        self.tiles.size()
    }

    /// The root over them.
    pub fn root(&self) -> Hash {
        self.tiles.root()
    }

    /// The files.
    pub fn reader(&self) -> &Reader<D> {
        self.tiles.reader()
    }

    /// Entries in order, one bundle in memory at a time.
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

    /// Takes the entries that follow, up to a checkpoint; of more, the rest is not asked for. With none,
    /// a checkpoint of the same size, with more cosignatures.
    ///
    /// Whether the checkpoint has its quorum the caller has decided. That the entries are those that it
    /// commits to is checked here, before any of them is put in its place.
    ///
    /// # Errors
    /// [`Fault::OtherEntries`], [`Fault::OtherCheckpoint`] and what `entries` gives: the mirror is as
    /// before. [`Fault::Disk`]: it has the checkpoint before, or this one; it is halted.
    pub fn extend(
        &mut self,
        entries: impl IntoIterator<Item = Result<Vec<u8>, Fault>>,
        cosigned: &CosignedCheckpoint,
    ) -> Result<(), Fault> {
        if self.halted {
            return Err(Fault::Halted);
        }
        let checkpoint = cosigned.checkpoint();
        if checkpoint.origin != self.origin {
            return Err(Fault::OtherCheckpoint("it is of another register".to_owned()));
        }
        if checkpoint.size < self.size() {
            return Err(Fault::OtherCheckpoint("there is a larger one already".to_owned()));
        }
        if let Err(fault) = self.take(entries, checkpoint.size, &checkpoint.root) {
            self.forget()?;
            return Err(fault);
        }
        // Till all is in its place, this is no mirror of either size.
        self.halted = true;
        self.tiles.settle()?;
        self.folder.place(&self.reader().checkpoint_path(), &cosigned.to_bytes())?;
        self.halted = false;
        let before = self.checkpoint.map_or(0, |seen| seen.size);
        self.checkpoint = Some(Seen { size: checkpoint.size, root: checkpoint.root });
        self.tiles.remove_partial(before, checkpoint.size);
        Ok(())
    }

    fn take(
        &mut self,
        entries: impl IntoIterator<Item = Result<Vec<u8>, Fault>>,
        size: u64,
        signed: &Hash,
    ) -> Result<(), Fault> {
        let missing = usize::try_from(size - self.size()).unwrap_or(usize::MAX);
        for entry in entries.into_iter().take(missing) {
            let entry = entry?;
            let (bytes, bytes_max) = (entry.len() as u64, tlog::bundle::ENTRY_BYTES_MAX as u64);
            if bytes > bytes_max {
                return Err(Fault::Length { bytes, bytes_max });
            }
            self.tiles.push(entry);
            if self.tiles.filled_bytes() > WAITING_BYTES_MAX {
                self.tiles.spill()?;
            }
        }
        if self.size() < size {
            return Err(Fault::OutOfRange { asked: size, size: self.size() });
        }
        if self.root() != *signed {
            return Err(Fault::OtherEntries { size, signed: *signed, found: self.root() });
        }
        Ok(())
    }

    /// Goes back to what is on the disk.
    fn forget(&mut self) -> Result<(), Fault> {
        self.tiles.discard();
        let again = Mirror::open(&self.folder, &self.origin);
        self.halted = again.is_err();
        *self = again?;
        Ok(())
    }
}
