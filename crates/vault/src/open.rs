//! Opening: a grant, then its exhibit, and no plain byte before all agrees.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use terms::Hash;
use zeroize::Zeroizing;

use crate::commitment::Committing;
use crate::durable::{self, Part};
use crate::envelope::{self, Fault};
use crate::grant::SEALED_GRANT_BYTES_MAX;
use crate::meter::{CHUNK_BYTES, MeteredReader, read_some};
use crate::{Exhibit, Filing, Grant, GrantFlaw, Identity, Progress};

/// What is wrong with a sealed grant, whose bytes are those that the act names. But for `NotForMe`, which
/// may be our own missing key, each speaks against whoever granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantError {
    /// No age file, or too long for a grant.
    NotAge,
    /// Sealed with a passphrase. No scrypt work was done.
    Passphrase,
    /// None of our identities opens it.
    NotForMe,
    /// It can't be decrypted to its end.
    Corrupt,
    /// It opens, and holds no grant.
    Malformed(GrantFlaw),
}

/// Why an exhibit was not opened.
#[derive(Debug)]
pub enum OpenError {
    /// The grant does not open.
    Grant(GrantError),
    /// The grant is for another exhibit.
    GrantForAnother {
        /// The sealed file it is for.
        named: Hash,
    },
    /// The grant's identity does not belong to the recipient that the act names.
    WrongRecipient,
    /// The sealed bytes are not those that the act names: this copy is bad, which says nothing about the
    /// filer. Judged before anything that would.
    SealedDiffers {
        /// SHA-256 of the bytes that came, of which we read at most one more than we should.
        hash: Hash,
        /// How many those were.
        size: u64,
    },
    /// The sealed file is no age file, though the act names these bytes.
    NotAge,
    /// The sealed file is under a passphrase. No scrypt work was done.
    Passphrase,
    /// The sealed file is not sealed to the recipient that the act names.
    NotForRecipient,
    /// The sealed file can't be decrypted to its end, though the act names these bytes.
    Corrupt,
    /// The content is not what the act commits to; or whoever granted put a wrong salt in, which shows
    /// beside another's grant only.
    CommitmentDiffers,
    /// There is a file already where the content should go.
    TargetExists,
    /// The sealed file can't be read.
    Read(io::Error),
    /// The content can't be written.
    Write(io::Error),
}

/// Opens a sealed grant with whichever of `identities` fits. The bytes are foreign.
///
/// # Errors
/// [`GrantError`].
pub fn open_grant(sealed: &[u8], identities: &[&Identity]) -> Result<Grant, GrantError> {
    if sealed.len() > SEALED_GRANT_BYTES_MAX {
        return Err(GrantError::NotAge);
    }
    let plain = envelope::unseal(sealed, identities)?;
    let text = envelope::read_small(plain, SEALED_GRANT_BYTES_MAX)?;
    Grant::parse(&text).map_err(GrantError::Malformed)
}

/// Opens an exhibit into a new file at `target`.
///
/// `sealed` is read once, in constant memory. The content goes into a hidden file beside `target`, which
/// gets its name only if all agrees, and else is removed. `progress` reaches its total then, not before.
///
/// # Errors
/// [`OpenError`]; nothing is left at `target`.
pub fn open(
    grant: &Grant,
    sealed: &mut dyn Read,
    exhibit: &Exhibit,
    filing: &Filing,
    target: &Path,
    progress: Progress<'_>,
) -> Result<(), OpenError> {
    refuse_existing(target)?;
    let mut part = Part::create(durable::folder_of(target)).map_err(OpenError::Write)?;
    open_into(grant, sealed, exhibit, filing, &mut part, progress)?;
    refuse_existing(target)?;
    part.place(target).map_err(OpenError::Write)
}

/// Opens a small exhibit into memory, which is written over once it is let go: nothing of it reaches a disk. The caller
/// has looked at its size.
///
/// # Errors
/// [`OpenError`].
pub fn open_small(
    grant: &Grant,
    sealed: &mut dyn Read,
    exhibit: &Exhibit,
    filing: &Filing,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    // Its content is shorter than its sealed bytes: nothing is moved, and left behind, while it is read.
    let room = usize::try_from(exhibit.size).unwrap_or(usize::MAX).min(CHUNK_BYTES * 16);
    let mut content = Zeroizing::new(Vec::with_capacity(room));
    open_into(grant, sealed, exhibit, filing, &mut *content, &mut |_, _| {})?;
    Ok(content)
}

/// Checks an exhibit as [`open`] does, and keeps nothing of its content.
///
/// # Errors
/// [`OpenError`].
pub fn check(
    grant: &Grant,
    sealed: &mut dyn Read,
    exhibit: &Exhibit,
    filing: &Filing,
    progress: Progress<'_>,
) -> Result<(), OpenError> {
    open_into(grant, sealed, exhibit, filing, &mut io::sink(), progress)
}

/// The content of an exhibit, to be read from anywhere in it: nothing of it reaches a disk.
pub struct Content {
    plain: envelope::Seekable,
    size: u64,
}

impl Content {
    /// Opens a sealed file for reading from anywhere. Each 64 KiB is authentic as it comes; that the file is the one which
    /// the act names is **not** looked at: [`check`] is called before, and again if the file has changed since.
    ///
    /// # Errors
    /// It does not open with this grant, or can't be read.
    pub fn of(grant: &Grant, sealed: File) -> Result<Content, OpenError> {
        let mut plain = envelope::unseal_seekable(sealed, &grant.identity).map_err(OpenError::of_fault)?;
        let size = plain.seek(SeekFrom::End(0)).map_err(|_| OpenError::Corrupt)?;
        plain.rewind().map_err(|_| OpenError::Corrupt)?;
        Ok(Content { plain, size })
    }

    /// How many plain bytes there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.plain.read(buffer)
    }
}

impl Seek for Content {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.plain.seek(to)
    }
}

/// Writes the content to `output` while checking it: `output` must not be shown before this returns.
fn open_into(
    grant: &Grant,
    sealed: &mut dyn Read,
    exhibit: &Exhibit,
    filing: &Filing,
    output: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<(), OpenError> {
    if grant.exhibit != exhibit.sealed {
        return Err(OpenError::GrantForAnother { named: grant.exhibit });
    }
    if grant.identity.recipient() != exhibit.recipient {
        return Err(OpenError::WrongRecipient);
    }
    // One byte too many is enough to see that there are too many.
    let mut sealed = MeteredReader::new(sealed, exhibit.size.saturating_add(1));
    let commitment =
        match decrypt(grant, &mut sealed, filing, output, &mut |done| progress(done, exhibit.size)) {
            Ok(commitment) => Ok(commitment),
            Err(Stopped::Sealed(fault)) => Err(fault),
            Err(Stopped::Output(error)) => return Err(OpenError::Write(error)),
        };

    // Whatever age says of bytes that are not the filer's is no word about the filer.
    sealed.drain();
    let (hash, size) = sealed.finish().map_err(OpenError::Read)?;
    if (hash, size) != (exhibit.sealed, exhibit.size) {
        return Err(OpenError::SealedDiffers { hash, size });
    }
    match commitment {
        Ok(commitment) if commitment == exhibit.commitment => {
            progress(exhibit.size, exhibit.size);
            Ok(())
        }
        Ok(_) => Err(OpenError::CommitmentDiffers),
        Err(fault) => Err(OpenError::of_fault(fault)),
    }
}

/// Why decrypting stopped.
enum Stopped {
    Sealed(Fault),
    Output(io::Error),
}

/// Decrypts to `output`, and gives the commitment to what came out.
fn decrypt(
    grant: &Grant,
    sealed: &mut MeteredReader<&mut dyn Read>,
    filing: &Filing,
    output: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> Result<Hash, Stopped> {
    let input = BufReader::with_capacity(CHUNK_BYTES, sealed);
    let mut plain = envelope::unseal(input, &[&grant.identity]).map_err(Stopped::Sealed)?;
    let mut committing = Committing::new(filing, &grant.salt);
    let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
    let mut done = 0;
    loop {
        progress(done);
        let read = read_some(&mut plain, &mut chunk).map_err(|_| Stopped::Sealed(Fault::Corrupt))?;
        if read == 0 {
            return Ok(committing.finish());
        }
        committing.update(&chunk[..read]);
        output.write_all(&chunk[..read]).map_err(Stopped::Output)?;
        done += read as u64;
    }
}

fn refuse_existing(target: &Path) -> Result<(), OpenError> {
    match target.symlink_metadata() {
        Ok(_) => Err(OpenError::TargetExists),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(OpenError::Write(error)),
    }
}

impl From<Fault> for GrantError {
    fn from(fault: Fault) -> GrantError {
        match fault {
            Fault::NotAge => GrantError::NotAge,
            Fault::Passphrase => GrantError::Passphrase,
            Fault::NotForUs => GrantError::NotForMe,
            Fault::Corrupt | Fault::NoPassphrase | Fault::WrongPassphrase | Fault::TooMuchWork(_) => {
                GrantError::Corrupt
            }
        }
    }
}

impl OpenError {
    /// What is wrong with a sealed file.
    const fn of_fault(fault: Fault) -> OpenError {
        match fault {
            Fault::NotAge => OpenError::NotAge,
            Fault::Passphrase => OpenError::Passphrase,
            Fault::NotForUs => OpenError::NotForRecipient,
            Fault::Corrupt | Fault::NoPassphrase | Fault::WrongPassphrase | Fault::TooMuchWork(_) => {
                OpenError::Corrupt
            }
        }
    }
}

impl From<GrantError> for OpenError {
    fn from(error: GrantError) -> OpenError {
        OpenError::Grant(error)
    }
}

impl GrantError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            GrantError::NotAge => "vault::grant_not_age",
            GrantError::Passphrase => "vault::grant_passphrase",
            GrantError::NotForMe => "vault::grant_not_for_me",
            GrantError::Corrupt => "vault::grant_corrupt",
            GrantError::Malformed(_) => "vault::grant_malformed",
        }
    }
}

impl OpenError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            OpenError::Grant(error) => error.code(),
            OpenError::GrantForAnother { .. } => "vault::grant_for_another",
            OpenError::WrongRecipient => "vault::wrong_recipient",
            OpenError::SealedDiffers { .. } => "vault::sealed_differs",
            OpenError::NotAge => "vault::sealed_not_age",
            OpenError::Passphrase => "vault::sealed_passphrase",
            OpenError::NotForRecipient => "vault::sealed_not_for_recipient",
            OpenError::Corrupt => "vault::sealed_corrupt",
            OpenError::CommitmentDiffers => "vault::commitment_differs",
            OpenError::TargetExists => "vault::target_exists",
            OpenError::Read(_) => "vault::sealed_unreadable",
            OpenError::Write(_) => "vault::unwritable",
        }
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            OpenError::Grant(GrantError::NotForMe) => {
                "ask for a grant to a `seal` key that you have, or find the key that it was sealed to"
            }
            OpenError::SealedDiffers { .. } => "fetch the sealed file again, from another keeper if need be",
            OpenError::Read(_) => "fetch the sealed file again, or look to the disk",
            OpenError::TargetExists => "choose another name: nothing is overwritten",
            OpenError::Write(_) => "look to the disk, and open again: nothing was kept",
            OpenError::Grant(
                GrantError::NotAge | GrantError::Passphrase | GrantError::Corrupt | GrantError::Malformed(_),
            )
            | OpenError::GrantForAnother { .. }
            | OpenError::WrongRecipient => "challenge the exhibit: its grant was made wrong",
            OpenError::NotAge | OpenError::Passphrase | OpenError::NotForRecipient | OpenError::Corrupt => {
                "challenge the exhibit: it was filed wrong"
            }
            OpenError::CommitmentDiffers => "challenge the exhibit: it was filed wrong, or granted wrong",
        }
    }
}

impl fmt::Display for GrantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GrantError::NotAge => f.write_str("the grant is no age file of a grant's size"),
            GrantError::Passphrase => f.write_str("the grant is sealed with a passphrase, not to a key"),
            GrantError::NotForMe => f.write_str("the grant is sealed to none of these keys"),
            GrantError::Corrupt => f.write_str("the grant can't be decrypted"),
            GrantError::Malformed(flaw) => write!(f, "the grant opens, but {flaw}"),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Grant(error) => error.fmt(f),
            OpenError::GrantForAnother { named } => {
                write!(f, "the grant is for another exhibit, whose sealed file is {}", named.to_hex())
            }
            OpenError::WrongRecipient => {
                f.write_str("the grant's identity is not that of the recipient which the act names")
            }
            OpenError::SealedDiffers { hash, size } => write!(
                f,
                "the sealed file is not the one that the act names: {size} bytes were read, SHA-256 {}",
                hash.to_hex()
            ),
            OpenError::NotAge => f.write_str("the sealed file is no age file, though the act names it"),
            OpenError::Passphrase => {
                f.write_str("the sealed file is under a passphrase, not sealed to a key")
            }
            OpenError::NotForRecipient => {
                f.write_str("the sealed file is not sealed to the recipient which the act names")
            }
            OpenError::Corrupt => f.write_str("the sealed file can't be decrypted, though the act names it"),
            OpenError::CommitmentDiffers => f.write_str("the content is not what the act commits to"),
            OpenError::TargetExists => f.write_str("there is a file of this name already"),
            OpenError::Read(error) => write!(f, "the sealed file can't be read: {error}"),
            OpenError::Write(error) => write!(f, "the content can't be written: {error}"),
        }
    }
}

impl std::error::Error for GrantError {}
impl std::error::Error for OpenError {}
