//! Keeping others' sealed bytes, and destroying them.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use terms::Hash;

use crate::durable::{self, Part};
use crate::grant::SEALED_GRANT_BYTES_MAX;
use crate::meter::{CHUNK_BYTES, MeteredReader};
use crate::{Progress, meter};

/// A folder of sealed files and sealed grants, each named by its SHA-256.
///
/// ```text
/// FOLDER/sealed/HEX
/// FOLDER/grant/HEX
/// ```
///
/// Nothing in it is secret from whoever runs the disk, and nothing in it opens without a key from
/// elsewhere.
#[derive(Clone, Debug)]
pub struct Vault {
    folder: PathBuf,
}

/// Why bytes were not kept.
#[derive(Debug)]
pub enum KeepError {
    /// These are not the bytes that were named.
    Differs {
        /// SHA-256 of what came, of which we read at most one byte more than we should.
        hash: Hash,
        /// How many bytes that was.
        size: u64,
    },
    /// There is no such file here.
    Missing,
    /// The bytes can't be read.
    Read(io::Error),
    /// The vault can't be written.
    Write(io::Error),
}

/// What was there, and is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// Whether the sealed file was here.
    pub sealed: bool,
    /// How many of the grants were here.
    pub grants: u64,
}

impl Vault {
    /// The vault in `folder`; makes `sealed/` and `grant/` if they are missing.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn at(folder: &Path) -> io::Result<Vault> {
        let vault = Vault { folder: folder.to_owned() };
        durable::create_folder(&vault.sealed_folder())?;
        durable::create_folder(&vault.grant_folder())?;
        Ok(vault)
    }

    /// Removes what a crash left half written, and says how many files that were. Only for whoever holds
    /// the node's lock: another's work in progress looks the same.
    ///
    /// # Errors
    /// The folder can't be read or written.
    pub fn sweep(&self) -> io::Result<u64> {
        Ok(durable::sweep(&self.sealed_folder())? + durable::sweep(&self.grant_folder())?)
    }

    /// Takes in a sealed file from elsewhere, if it is `size` bytes with this hash; in constant memory.
    /// Bytes that are here already are taken again: that mends a copy which has rotted.
    ///
    /// # Errors
    /// [`KeepError`]; but for a failure of the very last sync, nothing new is left here.
    pub fn keep(
        &self,
        sealed: &mut dyn Read,
        hash: &Hash,
        size: u64,
        progress: Progress<'_>,
    ) -> Result<(), KeepError> {
        let mut part = Part::create(&self.sealed_folder()).map_err(KeepError::Write)?;
        agrees(sealed, hash, size, progress, |bytes| part.write_all(bytes))?;
        part.place(&self.sealed_path(hash)).map_err(KeepError::Write)
    }

    /// Takes in a sealed grant from elsewhere, if it has this hash and a grant's size.
    ///
    /// # Errors
    /// [`KeepError`].
    pub fn keep_grant(&self, sealed: &[u8], hash: &Hash) -> Result<(), KeepError> {
        let found = Hash::of(sealed);
        if found != *hash || sealed.len() > SEALED_GRANT_BYTES_MAX {
            return Err(KeepError::Differs { hash: found, size: sealed.len() as u64 });
        }
        durable::write(&self.grant_path(hash), sealed).map_err(KeepError::Write)
    }

    /// Reads a sealed file, unchecked: [`crate::open::open`] checks it as it goes.
    ///
    /// # Errors
    /// [`KeepError::Missing`], or the file can't be opened.
    pub fn sealed(&self, hash: &Hash) -> Result<File, KeepError> {
        File::open(self.sealed_path(hash)).map_err(missing_or_unreadable)
    }

    /// Reads a sealed grant, and checks it against its name.
    ///
    /// # Errors
    /// [`KeepError`], but for [`KeepError::Write`].
    pub fn sealed_grant(&self, hash: &Hash) -> Result<Vec<u8>, KeepError> {
        let file = File::open(self.grant_path(hash)).map_err(missing_or_unreadable)?;
        let mut bytes = Vec::new();
        file.take(SEALED_GRANT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(KeepError::Read)?;
        let found = Hash::of(&bytes);
        if found == *hash {
            Ok(bytes)
        } else {
            Err(KeepError::Differs { hash: found, size: bytes.len() as u64 })
        }
    }

    /// Reads a sealed file to its end, and checks that it is still what was kept.
    ///
    /// # Errors
    /// [`KeepError`], but for [`KeepError::Write`].
    pub fn check(&self, hash: &Hash, size: u64, progress: Progress<'_>) -> Result<(), KeepError> {
        agrees(&mut self.sealed(hash)?, hash, size, progress, |_| Ok(()))
    }

    /// Removes a sealed file and these grants; those that are not here are no error.
    ///
    /// This takes away the names, and the disk then uses the space again, some time. **It does not scrub**:
    /// flash keeps old blocks, file systems keep journals and snapshots, and there are backups. What makes
    /// content unreadable is that the grants and the keys they are sealed to are gone; what was copied or
    /// opened elsewhere is under its holder's signed duty, not our control.
    ///
    /// # Errors
    /// A file can't be removed, or the removal can't be brought to the disk: then sign no `destroy`, and do
    /// it again.
    pub fn destroy(&self, sealed: &Hash, grants: &[Hash]) -> io::Result<Destroyed> {
        // Grants first: without them the sealed file is noise, if we get no further.
        let mut destroyed = Destroyed { sealed: false, grants: 0 };
        for grant in grants {
            destroyed.grants += u64::from(durable::remove(&self.grant_path(grant))?);
        }
        durable::sync_folder(&self.grant_folder())?;
        destroyed.sealed = durable::remove(&self.sealed_path(sealed))?;
        durable::sync_folder(&self.sealed_folder())?;
        Ok(destroyed)
    }

    /// Where a sealed file is, or would be.
    #[must_use]
    pub fn sealed_path(&self, hash: &Hash) -> PathBuf {
        self.sealed_folder().join(hash.to_hex())
    }

    /// Where a sealed grant is, or would be.
    #[must_use]
    pub fn grant_path(&self, hash: &Hash) -> PathBuf {
        self.grant_folder().join(hash.to_hex())
    }

    pub(crate) fn sealed_folder(&self) -> PathBuf {
        self.folder.join("sealed")
    }

    fn grant_folder(&self) -> PathBuf {
        self.folder.join("grant")
    }
}

/// Reads `sealed` to its end, passes it on, and compares.
fn agrees(
    sealed: &mut dyn Read,
    hash: &Hash,
    size: u64,
    progress: Progress<'_>,
    mut pass_on: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), KeepError> {
    let mut sealed = MeteredReader::new(sealed, size.saturating_add(1));
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        progress(sealed.count().min(size), size);
        let read = match meter::read_some(&mut sealed, &mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(read) => read,
        };
        pass_on(&chunk[..read]).map_err(KeepError::Write)?;
    }
    let found = sealed.finish().map_err(KeepError::Read)?;
    if found == (*hash, size) { Ok(()) } else { Err(KeepError::Differs { hash: found.0, size: found.1 }) }
}

fn missing_or_unreadable(error: io::Error) -> KeepError {
    if error.kind() == io::ErrorKind::NotFound { KeepError::Missing } else { KeepError::Read(error) }
}

impl KeepError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            KeepError::Differs { .. } => "vault::kept_differs",
            KeepError::Missing => "vault::kept_missing",
            KeepError::Read(_) => "vault::kept_unreadable",
            KeepError::Write(_) => "vault::unwritable",
        }
    }
}

impl KeepError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            KeepError::Differs { .. } | KeepError::Missing | KeepError::Read(_) => {
                "fetch it again, from another keeper if need be"
            }
            KeepError::Write(_) => "look to the disk; what was kept before is untouched",
        }
    }
}

impl fmt::Display for KeepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeepError::Differs { hash, size } => write!(
                f,
                "these are not the bytes that were named: {size} bytes were read, SHA-256 {}",
                hash.to_hex()
            ),
            KeepError::Missing => f.write_str("there is no such file in this vault"),
            KeepError::Read(error) => write!(f, "the file can't be read: {error}"),
            KeepError::Write(error) => write!(f, "the vault can't be written: {error}"),
        }
    }
}

impl std::error::Error for KeepError {}
