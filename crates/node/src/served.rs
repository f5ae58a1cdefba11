//! The files of the register that may be served, as C2SP tlog-tiles names them: whoever reads them waits for nobody
//! who writes.

use std::ops::Range;
use std::sync::Arc;

use audit::layout::{Known, know};
use register::{Folder, Reader, RealDisk, Shelf};
use terms::Hash;
use tlog::{CosignedCheckpoint, LogProof, TileKind, TilePath};

use crate::{Fault, Node};

/// A register's folder, for reading.
#[derive(Clone)]
pub struct Served {
    folder: Arc<Folder<RealDisk>>,
}

/// A file of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedFile {
    /// What it is.
    pub what: What,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The largest checkpoint with a quorum: the one file that changes.
    Checkpoint,
    /// A tile of hashes.
    Hashes,
    /// A bundle of entries.
    Entries,
    /// An annex.
    Annex,
}

impl Node {
    /// The files of the register that may be served.
    #[must_use]
    pub fn served(&self) -> Served {
        Served { folder: Arc::clone(&self.folder) }
    }
}

impl Served {
    fn reader(&self) -> Reader<RealDisk> {
        Reader::new(RealDisk, &self.folder.register())
    }

    /// The largest checkpoint with a quorum.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub fn checkpoint(&self) -> Result<Option<CosignedCheckpoint>, Fault> {
        Ok(self.reader().checkpoint()?)
    }

    /// The root over the first entries, from the tiles.
    ///
    /// # Errors
    ///
    /// There are not as many, or a tile can't be read.
    pub fn root(&self, size: u64) -> Result<Hash, Fault> {
        Ok(self.reader().root(size)?)
    }

    /// The bytes of an entry of a register of `size`, all of which is in files.
    ///
    /// # Errors
    ///
    /// There is no such entry, or it can't be read.
    pub fn entry(&self, index: u64, size: u64) -> Result<Vec<u8>, Fault> {
        Ok(self.reader().entry(index, size)?)
    }

    /// The bytes of some entries of a register of `size`, all of which is in files: each bundle is read once.
    ///
    /// # Errors
    ///
    /// One can't be read.
    pub fn entries(&self, range: Range<u64>, size: u64) -> Result<Vec<Vec<u8>>, Fault> {
        self.reader().entries(range, size).map(|entry| entry.map_err(Fault::from)).collect()
    }

    /// The C2SP tlog-proof of an entry to the largest checkpoint with a quorum, with the entry as `extra`; nothing if no
    /// quorum has cosigned it yet.
    ///
    /// # Errors
    ///
    /// A file can't be read, or is damaged.
    pub fn log_proof(&self, index: u64) -> Result<Option<LogProof>, Fault> {
        let Some(checkpoint) = self.checkpoint()? else { return Ok(None) };
        let size = checkpoint.checkpoint().size;
        if index >= size {
            return Ok(None);
        }
        let reader = self.reader();
        let (path, entry) = (reader.inclusion_proof(index, size)?, reader.entry(index, size)?);
        Ok(Some(LogProof { extra: Some(entry), index, path, checkpoint }))
    }

    /// A file by its path in the node's folder, `register/…`, in the one spelling that it has; nothing if it is none,
    /// is not here, or is of entries that no quorum has cosigned yet: nothing that could still be another's past goes
    /// out as if it were final.
    ///
    /// # Errors
    ///
    /// It can't be read, or is damaged.
    pub fn file(&self, path: &str) -> Result<Option<ServedFile>, Fault> {
        let found = |what: What, bytes: Vec<u8>| Ok(Some(ServedFile { what, bytes }));
        match know(path) {
            Some(Known::Checkpoint) => match self.checkpoint()? {
                Some(cosigned) => found(What::Checkpoint, cosigned.to_bytes()),
                None => Ok(None),
            },
            Some(Known::Tile(tile)) => match (self.tile(&tile)?, tile.kind()) {
                (Some(bytes), TileKind::Hashes(_)) => found(What::Hashes, bytes),
                (Some(bytes), TileKind::Entries) => found(What::Entries, bytes),
                (None, _) => Ok(None),
            },
            Some(Known::Annex(hash)) => match Shelf::annexes(&self.folder).get(&hash)? {
                Some(bytes) => found(What::Annex, bytes),
                None => Ok(None),
            },
            Some(Known::Sealed(_) | Known::Grant(_) | Known::Note(_) | Known::Own) | None => Ok(None),
        }
    }

    /// How many bytes the file has that lies under a path of the register, if one does: before any of it is read.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<u64> {
        know(path)?;
        let path = self.folder.register().join(path.strip_prefix("register/")?);
        std::fs::metadata(path).ok().map(|about| about.len())
    }

    /// An annex, if it is here, of at most so many bytes: of a longer one no more is read.
    ///
    /// # Errors
    ///
    /// It is longer, its bytes are not those of its name, or it can't be read.
    pub fn annex_up_to(&self, hash: &Hash, bytes_max: u64) -> Result<Option<Vec<u8>>, Fault> {
        Ok(Shelf::annexes(&self.folder).up_to(bytes_max).get(hash)?)
    }

    fn tile(&self, tile: &TilePath) -> Result<Option<Vec<u8>>, Fault> {
        let size = self.checkpoint()?.map_or(0, |cosigned| cosigned.checkpoint().size);
        let Some(whole) = TilePath::in_log(tile.kind(), tile.index(), size) else { return Ok(None) };
        if tile.width() > whole.width() {
            return Ok(None);
        }
        let reader = self.reader();
        let read = |tile: &TilePath| match tile.kind() {
            TileKind::Hashes(_) => reader.tile(tile),
            TileKind::Entries => reader
                .bundle(tile)
                .map(|entries| tlog::bundle::to_bytes(&entries).expect("each was read from a bundle")),
        };
        // A partial tile that is gone is answered by the full one; one that has only become wider stays there.
        match read(tile) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(register::Fault::Disk(fault)) if fault.is_missing() => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }
}
