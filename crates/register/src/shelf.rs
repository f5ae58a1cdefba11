//! Files named by their hash.

use std::path::PathBuf;
use std::sync::Arc;

use terms::Hash;

use crate::disk::{At, Disk, DiskFault, Operation};
use crate::fault::Fault;
use crate::folder::Folder;

/// The longest annex, in bytes.
pub const ANNEX_BYTES_MAX: u64 = 64 << 20;

/// The longest note, in bytes.
pub const NOTE_BYTES_MAX: u64 = 1 << 20;

/// A folder of files that are named by the SHA-256 of their bytes, in lower-case hex.
///
/// A file is there whole or not at all, and is checked against its name whenever it is read.
pub struct Shelf<D: Disk> {
    folder: Arc<Folder<D>>,
    path: PathBuf,
    bytes_max: u64,
}

impl<D: Disk> Shelf<D> {
    /// The annexes, which may be served.
    pub fn annexes(folder: &Arc<Folder<D>>) -> Shelf<D> {
        let path = folder.register().join("annex");
        Shelf { folder: Arc::clone(folder), path, bytes_max: ANNEX_BYTES_MAX }
    }

    /// Refusals and other notes.
    pub fn notes(folder: &Arc<Folder<D>>) -> Shelf<D> {
        Shelf { folder: Arc::clone(folder), path: folder.notes(), bytes_max: NOTE_BYTES_MAX }
    }

    /// Puts a file there; it is durable then. One that is there already, and right, stays.
    ///
    /// # Errors
    /// [`Fault::Length`] if it is empty or too long; [`Fault::Disk`]: it is there whole, or not at all.
    pub fn put(&self, bytes: &[u8]) -> Result<Hash, Fault> {
        self.put_all(&[bytes])?;
        Ok(Hash::of(bytes))
    }

    /// Puts files there, for one sync of the folder.
    pub(crate) fn put_all<B: AsRef<[u8]>>(&self, files: &[B]) -> Result<(), Fault> {
        self.folder.ensure(&self.path)?;
        for bytes in files {
            let (bytes, length) = (bytes.as_ref(), bytes.as_ref().len() as u64);
            if length == 0 || length > self.bytes_max {
                return Err(Fault::Length { bytes: length, bytes_max: self.bytes_max });
            }
            let target = self.path_of(&Hash::of(bytes));
            if self
                .folder
                .read_if_there(&target, self.bytes_max)
                .is_ok_and(|there| there.as_deref() == Some(bytes))
            {
                continue;
            }
            let part = self.folder.part(&target, bytes)?;
            self.folder.sync_part(&part)?;
            self.folder.move_part(&part, &target)?;
        }
        // Also for those that were there: their names may not have been durable yet.
        Ok(self.folder.sync_names(&self.path)?)
    }

    /// The same files, of which none is read that is longer than so many bytes.
    #[must_use]
    pub fn up_to(self, bytes_max: u64) -> Shelf<D> {
        Shelf { bytes_max: bytes_max.min(self.bytes_max), ..self }
    }

    /// A file; nothing if it is not there.
    ///
    /// # Errors
    /// [`Fault::Garbled`] if its bytes are not those of its name; [`Fault::Disk`].
    pub fn get(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Fault> {
        let path = self.path_of(hash);
        match self.folder.read_if_there(&path, self.bytes_max)? {
            Some(bytes) if Hash::of(&bytes) != *hash => {
                Err(Fault::garbled(&path, "its name is not the hash of its bytes"))
            }
            bytes => Ok(bytes),
        }
    }

    /// Whether a file of this name is there. Nothing of it is read.
    ///
    /// # Errors
    /// [`Fault::Disk`].
    pub fn has(&self, hash: &Hash) -> Result<bool, Fault> {
        match self.folder.disk().open(&self.path_of(hash)) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(source) => {
                let fault = DiskFault { path: self.path_of(hash), operation: Operation::Read, source };
                Err(fault.into())
            }
        }
    }

    /// The hashes that are there, sorted. Names that are no hash are left out.
    ///
    /// # Errors
    /// [`Fault::Disk`].
    pub fn list(&self) -> Result<Vec<Hash>, Fault> {
        let names = match self.folder.disk().list(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            names => names.at(&self.path, Operation::List)?,
        };
        Ok(names.iter().filter_map(|name| Hash::from_hex(&name.name)).collect())
    }

    fn path_of(&self, hash: &Hash) -> PathBuf {
        self.path.join(hash.to_hex())
    }
}
