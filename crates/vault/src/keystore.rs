//! The folder in which secret keys rest, under a passphrase.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use terms::Hash;

use crate::durable;
use crate::envelope::{self, Fault};
use crate::keyring::{Keyring, KeyringFlaw};

/// Longest keyring file in bytes: its text, a header, and what age adds.
const FILE_BYTES_MAX: usize = 64 * 1024;

/// A folder with one `keyring.age`, kept outside any register folder: an age file under a passphrase, so
/// one scrypt run opens all keys, and `age -d keyring.age` shows them. The file is 0600, the folder 0700 if
/// it is made here.
#[derive(Clone, Debug)]
pub struct KeyStore {
    folder: PathBuf,
}

/// What a person types to open a keyring; not empty.
#[derive(Clone)]
pub struct Passphrase(SecretString);

/// How much scrypt work a passphrase costs, to us and to whoever guesses it: 2ⁿ, which also takes 2ⁿ KiB
/// of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkFactor(u8);

/// Whether [`KeyStore::restore`] may replace another ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Refuse; the same keys are no other ring.
    Refuse,
    /// The old ring is lost.
    Replace,
}

/// Why a keyring was not opened, written or moved.
#[derive(Debug)]
pub enum KeyError {
    /// There is no keyring here.
    Missing,
    /// There is one already.
    Exists,
    /// There is a file already where the backup should go.
    TargetExists,
    /// The passphrase does not open it. (A header that was altered in its stanza looks the same.)
    WrongPassphrase,
    /// An age file that was cut short or altered.
    Damaged,
    /// No keyring: no age file, or one without a passphrase, or with something else in it.
    Foreign,
    /// A keyring, but its text is wrong.
    Malformed(KeyringFlaw),
    /// It asks for more work than [`WorkFactor::MAX`].
    TooMuchWork {
        /// As a power of two.
        asked: u8,
    },
    /// Somebody else has written it since we read it.
    Changed,
    /// The file can't be read or written.
    Io(io::Error),
}

impl Passphrase {
    /// Takes what was typed, unless it is empty.
    #[must_use]
    pub fn new(typed: String) -> Option<Passphrase> {
        (!typed.is_empty()).then(|| Passphrase(SecretString::from(typed)))
    }
}

impl WorkFactor {
    /// About a second of work and 256 MiB, as in `age`.
    pub const DEFAULT: WorkFactor = WorkFactor(18);
    /// The most that we do for a file: 1 GiB.
    pub const MAX: WorkFactor = WorkFactor(20);

    /// 2ⁿ, n from 1 to that of [`WorkFactor::MAX`].
    #[must_use]
    pub fn new(log_n: u8) -> Option<WorkFactor> {
        (1..=WorkFactor::MAX.0).contains(&log_n).then_some(WorkFactor(log_n))
    }
}

impl KeyStore {
    /// The store in `folder`; nothing is read or made.
    #[must_use]
    pub fn at(folder: &Path) -> KeyStore {
        KeyStore { folder: folder.to_owned() }
    }

    /// Makes the folder, and in it the first keyring.
    ///
    /// # Errors
    /// [`KeyError::Exists`], or the folder can't be written.
    pub fn create(
        &self,
        ring: &mut Keyring,
        passphrase: &Passphrase,
        work: WorkFactor,
    ) -> Result<(), KeyError> {
        durable::create_folder(&self.folder).map_err(KeyError::Io)?;
        ring.revision = None;
        match self.save(ring, passphrase, work) {
            Err(KeyError::Changed) => Err(KeyError::Exists),
            other => other,
        }
    }

    /// Opens the keyring.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<Keyring, KeyError> {
        read_ring(&self.ring_path(), passphrase)
    }

    /// Writes the keyring anew, as one file that is whole or absent. A different passphrase than before
    /// changes the passphrase; copies made before still open with the old one.
    ///
    /// # Errors
    /// [`KeyError::Changed`] if the file is not the one this ring was read from: read it again, and apply
    /// the change to that. Or the folder can't be written; then the old file stands.
    pub fn save(
        &self,
        ring: &mut Keyring,
        passphrase: &Passphrase,
        work: WorkFactor,
    ) -> Result<(), KeyError> {
        let locked = lock(ring, passphrase, work)?;
        let _only_us = self.lock_folder()?;
        let there = match fs::read(self.ring_path()) {
            Ok(bytes) => Some(Hash::of(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(KeyError::Io(error)),
        };
        if there != ring.revision {
            return Err(KeyError::Changed);
        }
        durable::write(&self.ring_path(), &locked).map_err(KeyError::Io)?;
        ring.revision = Some(Hash::of(&locked));
        Ok(())
    }

    /// Writes a copy of the keys to `target`, a new file, under a passphrase of its own.
    ///
    /// # Errors
    /// [`KeyError::TargetExists`], or it can't be written.
    pub fn backup(
        ring: &Keyring,
        target: &Path,
        passphrase: &Passphrase,
        work: WorkFactor,
    ) -> Result<(), KeyError> {
        if target.symlink_metadata().is_ok() {
            return Err(KeyError::TargetExists);
        }
        durable::write(target, &lock(ring, passphrase, work)?).map_err(KeyError::Io)
    }

    /// Takes the keys from a backup, and writes them here under `passphrase`. A copy does
    /// not know what its keys have signed since: whoever restores keys that sign acts leaves a gap in their
    /// numbers first.
    ///
    /// # Errors
    /// [`KeyError::Exists`] if there are other keys here, or a ring that `passphrase` does not open, and
    /// `overwrite` does not allow to lose them; else as [`KeyStore::unlock`] and [`KeyStore::save`].
    pub fn restore(
        &self,
        source: &Path,
        source_passphrase: &Passphrase,
        passphrase: &Passphrase,
        work: WorkFactor,
        overwrite: Overwrite,
    ) -> Result<Keyring, KeyError> {
        let mut ring = read_ring(source, source_passphrase)?;
        match (self.unlock(passphrase), overwrite) {
            (Ok(here), _) if here.to_text() == ring.to_text() => return Ok(here),
            (Err(KeyError::Missing), _) => ring.revision = None,
            (Err(KeyError::Io(error)), _) => return Err(KeyError::Io(error)),
            (Ok(_) | Err(_), Overwrite::Refuse) => return Err(KeyError::Exists),
            (Ok(_) | Err(_), Overwrite::Replace) => {
                ring.revision = Some(Hash::of(&fs::read(self.ring_path()).map_err(KeyError::Io)?));
            }
        }
        durable::create_folder(&self.folder).map_err(KeyError::Io)?;
        self.save(&mut ring, passphrase, work)?;
        Ok(ring)
    }

    /// Where the keyring is, or would be.
    #[must_use]
    pub fn ring_path(&self) -> PathBuf {
        self.folder.join("keyring.age")
    }

    /// Held while a file is compared and replaced. The folder itself is locked, so no lock file is left;
    /// where folders can't be opened (Windows) two writers at the same instant are not kept apart.
    fn lock_folder(&self) -> Result<Option<File>, KeyError> {
        if !cfg!(unix) {
            return Ok(None);
        }
        let folder = File::open(&self.folder).map_err(KeyError::Io)?;
        folder.lock().map_err(KeyError::Io)?;
        Ok(Some(folder))
    }
}

fn lock(ring: &Keyring, passphrase: &Passphrase, work: WorkFactor) -> Result<Vec<u8>, KeyError> {
    let mut recipient = age::scrypt::Recipient::new(passphrase.0.clone());
    recipient.set_work_factor(work.0);
    envelope::lock(&recipient, ring.to_text().as_bytes()).map_err(KeyError::Io)
}

fn read_ring(path: &Path, passphrase: &Passphrase) -> Result<Keyring, KeyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(KeyError::Missing),
        Err(error) => return Err(KeyError::Io(error)),
    };
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(KeyError::Io)?;
    let mut ring = unlock_ring(&bytes, passphrase)?;
    ring.revision = Some(Hash::of(&bytes));
    Ok(ring)
}

/// Opens the bytes of a keyring file, which may be anybody's.
///
/// # Errors
/// [`KeyError`], but for those about folders.
pub fn unlock_ring(bytes: &[u8], passphrase: &Passphrase) -> Result<Keyring, KeyError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(KeyError::Foreign);
    }
    let mut identity = age::scrypt::Identity::new(passphrase.0.clone());
    identity.set_max_work_factor(WorkFactor::MAX.0);
    let text = envelope::unlock(bytes, &identity, FILE_BYTES_MAX).map_err(|fault| match fault {
        Fault::NotAge | Fault::NoPassphrase => KeyError::Foreign,
        Fault::WrongPassphrase => KeyError::WrongPassphrase,
        Fault::TooMuchWork(asked) => KeyError::TooMuchWork { asked },
        Fault::Corrupt | Fault::Passphrase | Fault::NotForUs => KeyError::Damaged,
    })?;
    Keyring::parse(&text).map_err(|flaw| match flaw {
        KeyringFlaw::Version => KeyError::Foreign,
        flaw => KeyError::Malformed(flaw),
    })
}

impl KeyError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            KeyError::Missing => "vault::keyring_missing",
            KeyError::Exists => "vault::keyring_exists",
            KeyError::TargetExists => "vault::target_exists",
            KeyError::WrongPassphrase => "vault::wrong_passphrase",
            KeyError::Damaged => "vault::keyring_damaged",
            KeyError::Foreign => "vault::keyring_foreign",
            KeyError::Malformed(_) => "vault::keyring_malformed",
            KeyError::TooMuchWork { .. } => "vault::keyring_too_much_work",
            KeyError::Changed => "vault::keyring_changed",
            KeyError::Io(_) => "vault::keyring_io",
        }
    }
}

impl KeyError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            KeyError::Missing => "make a keyring, or restore one from a backup",
            KeyError::Exists => {
                "choose another place, or say that it may be replaced: what is there is lost then"
            }
            KeyError::TargetExists => "choose another name: nothing is overwritten",
            KeyError::WrongPassphrase => "type it again; mind capitals and the keyboard's language",
            KeyError::Damaged => "restore it from a backup",
            KeyError::Foreign | KeyError::Malformed(_) => "look whether this is the right file",
            KeyError::TooMuchWork { .. } => {
                "look where this file comes from: this program writes no such one"
            }
            KeyError::Changed => "open it again, and make the change anew",
            KeyError::Io(_) => "look to the disk; the old keyring, if there was one, still stands",
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::Missing => f.write_str("there is no keyring here"),
            KeyError::Exists => {
                f.write_str("there is a keyring already, with other keys or another passphrase")
            }
            KeyError::TargetExists => f.write_str("there is a file of this name already"),
            KeyError::WrongPassphrase => f.write_str("the passphrase does not open this keyring"),
            KeyError::Damaged => f.write_str("the keyring was cut short or altered"),
            KeyError::Foreign => f.write_str("this file is no keyring"),
            KeyError::Malformed(flaw) => write!(f, "the keyring opens, but {flaw}"),
            KeyError::TooMuchWork { asked } => write!(
                f,
                "the keyring asks for 2^{asked} of scrypt work; at most 2^{} is done",
                WorkFactor::MAX.0
            ),
            KeyError::Changed => f.write_str("the keyring was changed by somebody else meanwhile"),
            KeyError::Io(error) => write!(f, "the keyring can't be read or written: {error}"),
        }
    }
}

impl std::error::Error for KeyError {}
