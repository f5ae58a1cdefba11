//! What a register asks of a disk.
//!
//! All that is written goes through [`Disk`], so that tests can lose it: see [`simulated`].

mod real;
pub mod simulated;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub use real::RealDisk;

/// A disk, asked for no more than every file system gives.
///
/// Bytes are durable once their file is synced; a name, made or moved or removed, once its folder is.
/// What is not synced may be there after a crash, or not, or in part.
pub trait Disk: Clone {
    /// A file that is being written.
    type File: DiskFile;
    /// Holds a lock until it is dropped, or the process ends.
    type Lock;

    /// The whole of a file.
    ///
    /// # Errors
    /// If it can't be read, or is longer than `bytes_max` ([`io::ErrorKind::FileTooLarge`]).
    fn read(&self, path: &Path, bytes_max: u64) -> io::Result<Vec<u8>>;

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// If it can't be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<Name>>;

    /// Makes a new file.
    ///
    /// # Errors
    /// If that fails, or there is one.
    fn create(&self, path: &Path) -> io::Result<Self::File>;

    /// Opens a file, to append to it.
    ///
    /// # Errors
    /// If that fails, or there is none.
    fn open(&self, path: &Path) -> io::Result<Self::File>;

    /// Moves a file; one that stood there is replaced at once.
    ///
    /// # Errors
    /// If that fails.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// If that fails, or there is none.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a folder inside one that is there.
    ///
    /// # Errors
    /// If that fails; [`io::ErrorKind::AlreadyExists`] if there is one.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    /// If that fails, or it is not empty.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// If that fails: then nobody knows which are.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Takes a lock on this file, making it if needed; nothing if somebody else has it.
    ///
    /// # Errors
    /// If locks can't be had here.
    fn lock(&self, path: &Path) -> io::Result<Option<Self::Lock>>;
}

/// A file that is being written, at its end.
pub trait DiskFile {
    /// Appends bytes.
    ///
    /// # Errors
    /// If that fails; some of the bytes may have been appended.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes what was appended durable.
    ///
    /// # Errors
    /// If that fails: then nobody knows what is on the disk, and asking again does not tell.
    fn sync(&mut self) -> io::Result<()>;
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The name. What is no Unicode is replaced: such a name is none of ours.
    pub name: String,
    /// Whether it is a folder's.
    pub is_folder: bool,
}

/// What was asked of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// To read a file.
    Read,
    /// To read a folder.
    List,
    /// To make a file.
    Create,
    /// To write into one.
    Write,
    /// To make what was written durable.
    Sync,
    /// To put a file in its place.
    Rename,
    /// To remove a file.
    Remove,
    /// To make a folder.
    CreateFolder,
    /// To make names durable.
    SyncFolder,
    /// To lock a folder.
    Lock,
}

/// The disk did not do what it was asked.
#[derive(Debug)]
pub struct DiskFault {
    /// Where.
    pub path: PathBuf,
    /// What it was asked.
    pub operation: Operation,
    /// What the system says.
    pub source: io::Error,
}

impl DiskFault {
    /// Whether bytes that were handed to the disk may be lost although nothing crashed: a sync failed.
    #[must_use]
    pub const fn lost_a_write(&self) -> bool {
        matches!(self.operation, Operation::Sync | Operation::SyncFolder)
    }

    /// Whether a file was asked for that is not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operation::Read | Operation::List => "read",
            Operation::Create | Operation::CreateFolder => "make",
            Operation::Write => "write",
            Operation::Sync | Operation::SyncFolder => "bring to the disk",
            Operation::Rename => "put in its place",
            Operation::Remove => "remove",
            Operation::Lock => "lock",
        })
    }
}

impl fmt::Display for DiskFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {} {}: {}", self.operation, self.path.display(), self.source)
    }
}

impl std::error::Error for DiskFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Says where a disk failed, and at what.
pub(crate) trait At<T> {
    /// `self`, with its place.
    fn at(self, path: &Path, operation: Operation) -> Result<T, DiskFault>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path, operation: Operation) -> Result<T, DiskFault> {
        self.map_err(|source| DiskFault { path: path.to_owned(), operation, source })
    }
}
