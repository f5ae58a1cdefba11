//! A register's files, read. No lock is needed: what is in place never changes.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::{Path, PathBuf};

use terms::Hash;
use tlog::bundle::{self, ENTRY_BYTES_MAX};
use tlog::cosigned::CosignedCheckpoint;
use tlog::tile::TILE_WIDTH;
use tlog::tile_reader::TileReadError;
use tlog::{ProveError, TileKind, TilePath, TileReader};

use crate::disk::{At, Disk, DiskFault, Operation};
use crate::fault::Fault;
use crate::folder::if_there;

/// The longest bundle of entries, in bytes.
pub(crate) const BUNDLE_BYTES_MAX: u64 = TILE_WIDTH as u64 * (ENTRY_BYTES_MAX as u64 + 2);
/// The longest tile of hashes, in bytes.
pub(crate) const TILE_BYTES_MAX: u64 = TILE_WIDTH as u64 * 32;
/// The longest checkpoint, in bytes.
pub(crate) const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;

/// A folder with a register's files, such as a registrar or a mirror keeps, or a web server serves.
///
/// What is read is not verified against any signature. Files are bounded, and each has the length that
/// its name says, or there is a fault that names it.
#[derive(Clone, Debug)]
pub struct Reader<D> {
    disk: D,
    path: PathBuf,
}

impl<D: Disk> Reader<D> {
    /// The files in this folder: `checkpoint`, `tile/…`, `annex/…`.
    pub fn new(disk: D, path: &Path) -> Reader<D> {
        Reader { disk, path: path.to_owned() }
    }

    /// Where a file is.
    pub fn path(&self, tile: &TilePath) -> PathBuf {
        self.path.join(tile.to_string())
    }

    /// Where the checkpoint is.
    pub fn checkpoint_path(&self) -> PathBuf {
        self.path.join("checkpoint")
    }

    /// The checkpoint, if there is one yet.
    ///
    /// # Errors
    /// If it can't be read, or is none.
    pub fn checkpoint(&self) -> Result<Option<CosignedCheckpoint>, Fault> {
        let path = self.checkpoint_path();
        let read = self.disk.read(&path, CHECKPOINT_BYTES_MAX).at(&path, Operation::Read);
        let Some(bytes) = if_there(read)? else { return Ok(None) };
        CosignedCheckpoint::parse(&bytes).map(Some).map_err(|fault| Fault::garbled(&path, fault.to_string()))
    }

    /// The bytes of a tile; of a partial one that is gone, those of the full one as far as it went.
    ///
    /// # Errors
    /// If neither can be read, or has the length that its name says.
    pub fn tile(&self, tile: &TilePath) -> Result<Vec<u8>, Fault> {
        let (found, bytes) = self.fetch(tile, TILE_BYTES_MAX)?;
        if bytes.len() != usize::from(found.width()) * 32 {
            let what = format!("it has {} bytes, not {} hashes", bytes.len(), found.width());
            return Err(Fault::garbled(&self.path(&found), what));
        }
        Ok(bytes[..usize::from(tile.width()) * 32].to_vec())
    }

    /// The entries of a bundle, likewise.
    ///
    /// # Errors
    /// If it can't be read, or is no bundle of as many entries.
    pub fn bundle(&self, tile: &TilePath) -> Result<Vec<Vec<u8>>, Fault> {
        let (found, bytes) = self.fetch(tile, BUNDLE_BYTES_MAX)?;
        let garbled = |fault: bundle::BundleFault| Fault::garbled(&self.path(&found), fault.to_string());
        let entries = bundle::from_bytes(&bytes, found.width()).map_err(garbled)?;
        Ok(entries.into_iter().take(usize::from(tile.width())).map(<[u8]>::to_vec).collect())
    }

    fn fetch(&self, tile: &TilePath, bytes_max: u64) -> Result<(TilePath, Vec<u8>), DiskFault> {
        let read = |tile: &TilePath| {
            let path = self.path(tile);
            self.disk.read(&path, bytes_max).at(&path, Operation::Read)
        };
        if !tile.is_full()
            && let Some(bytes) = if_there(read(&tile.full()))?
        {
            return Ok((tile.full(), bytes));
        }
        Ok((*tile, read(tile)?))
    }

    /// Entries of a register of `size`, one bundle in memory at a time.
    pub fn entries(
        &self,
        range: Range<u64>,
        size: u64,
    ) -> Entries<impl FnMut(u64) -> Result<Vec<Vec<u8>>, Fault>> {
        Entries::new(range.start..range.end.min(size), move |index| match bundle_path(index, size) {
            Some(tile) => self.bundle(&tile),
            None => Err(Fault::OutOfRange { asked: index, size }),
        })
    }

    /// One entry of a register of `size`.
    ///
    /// # Errors
    /// If there is none, or it can't be read.
    pub fn entry(&self, index: u64, size: u64) -> Result<Vec<u8>, Fault> {
        let end = index.saturating_add(1);
        self.entries(index..end, size).next().unwrap_or(Err(Fault::OutOfRange { asked: index, size }))
    }

    /// The tree of a register of `size`, for proofs.
    pub fn hashes(&self, size: u64) -> TileReader<impl Fn(&TilePath) -> Result<Vec<u8>, Fault>> {
        TileReader::new(size, |tile: &TilePath| self.tile(tile))
    }

    /// What shows that the entry at `index` is in the register of `size`.
    ///
    /// # Errors
    /// If it is not, or a tile can't be read.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, Fault> {
        let proof = tlog::inclusion_proof(&self.hashes(size), index, size);
        proof.map_err(|error| proof_fault(error, index, size))
    }

    /// What shows that the register of `old` entries is the beginning of that of `new`.
    ///
    /// # Errors
    /// If it is longer, or a tile can't be read.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, Fault> {
        let proof = tlog::consistency_proof(&self.hashes(new), old, new);
        proof.map_err(|error| proof_fault(error, old, new))
    }

    /// The root at a size.
    ///
    /// # Errors
    /// If a tile can't be read.
    pub fn root(&self, size: u64) -> Result<Hash, Fault> {
        tlog::root_of(&self.hashes(size), size).map_err(|error| proof_fault(error, size, size))
    }
}

/// The bundle at this index in a register of `size`.
pub(crate) fn bundle_path(index: u64, size: u64) -> Option<TilePath> {
    TilePath::in_log(TileKind::Entries, index, size)
}

/// Why a proof or a root could not be made.
pub(crate) fn proof_fault(error: ProveError<TileReadError<Fault>>, asked: u64, size: u64) -> Fault {
    match error {
        ProveError::Read(TileReadError::Fetch(fault)) => fault,
        ProveError::OutOfRange | ProveError::Read(TileReadError::OutOfRange) => {
            Fault::OutOfRange { asked, size }
        }
        ProveError::Read(TileReadError::Length(tile)) => {
            Fault::garbled(Path::new(&tile.to_string()), "it has not the length that its name says")
        }
    }
}

/// Entries in order, one bundle in memory at a time. Ends after a fault.
pub struct Entries<F> {
    next: u64,
    end: u64,
    bundle: VecDeque<Vec<u8>>,
    fetch: F,
}

impl<F: FnMut(u64) -> Result<Vec<Vec<u8>>, Fault>> Entries<F> {
    pub(crate) fn new(range: Range<u64>, fetch: F) -> Entries<F> {
        Entries { next: range.start, end: range.end, bundle: VecDeque::new(), fetch }
    }
}

impl<F: FnMut(u64) -> Result<Vec<Vec<u8>>, Fault>> Iterator for Entries<F> {
    type Item = Result<Vec<u8>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        if self.bundle.is_empty() {
            let width = u64::from(TILE_WIDTH);
            match (self.fetch)(self.next / width) {
                Ok(entries) => self.bundle.extend(entries.into_iter().skip((self.next % width) as usize)),
                Err(fault) => {
                    self.next = self.end;
                    return Some(Err(fault));
                }
            }
        }
        let entry = self.bundle.pop_front().ok_or(Fault::OutOfRange { asked: self.next, size: self.next });
        self.next = if entry.is_ok() { self.next + 1 } else { self.end };
        Some(entry)
    }
}
