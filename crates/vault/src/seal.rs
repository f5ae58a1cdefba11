//! Sealing: plain content becomes an exhibit, in one pass.

use std::fmt;
use std::io::{self, BufWriter, Read, Write as _};

use zeroize::Zeroizing;

use crate::commitment::Committing;
use crate::durable::{self, Part};
use crate::grant::{FileName, RECIPIENTS_MAX};
use crate::meter::{CHUNK_BYTES, MeteredWriter, read_some};
use crate::{Exhibit, Filing, Grant, Identity, MediaType, Progress, Recipient, Salt, Vault, envelope};
use terms::Hash;

/// What is to be sealed, beside its bytes.
pub struct ToSeal<'a> {
    /// Where it is filed, and by whom.
    pub filing: &'a Filing,
    /// Drawn for this exhibit: see [`crate::fresh_salt`].
    pub salt: Salt,
    /// What the content is.
    pub media_type: MediaType,
    /// What the file is called, if it is to be told.
    pub name: Option<FileName>,
    /// The filer's own `seal` recipients: who files always grants itself.
    pub own: &'a [Recipient],
    /// How long the content is thought to be, for the progress; it decides nothing.
    pub plain_bytes: u64,
}

/// An exhibit that lies sealed in the vault.
pub struct Sealed {
    /// What goes into the act.
    pub exhibit: Exhibit,
    /// The filer's own grant, which lies in the vault too; it goes into the act as well.
    pub own_grant: Hash,
    /// The same, plain: [`Vault::grant`] seals it to the addressees. Secret.
    pub grant: Grant,
}

/// Why nothing was sealed.
#[derive(Debug)]
pub enum SealError {
    /// Nobody to seal to.
    NoRecipient,
    /// More than [`RECIPIENTS_MAX`] to seal to.
    TooManyRecipients {
        /// How many were given.
        given: usize,
    },
    /// The plain content can't be read.
    Read(io::Error),
    /// The vault can't be written.
    Write(io::Error),
}

impl Vault {
    /// Seals `plain` to a key made for it alone, and grants it to its filer.
    ///
    /// One pass, in constant memory: read, committed to, encrypted, hashed, written. The filer's grant
    /// reaches the disk before the sealed file has its name, so no sealed file is ever without it.
    ///
    /// # Errors
    /// [`SealError`]. No sealed file is left behind, but for a failure of the very last sync; at most the
    /// filer's own grant, which opens nothing then.
    pub fn seal(
        &self,
        plain: &mut dyn Read,
        to_seal: ToSeal<'_>,
        progress: Progress<'_>,
    ) -> Result<Sealed, SealError> {
        // Before the long work rather than after it.
        if to_seal.own.is_empty() {
            return Err(SealError::NoRecipient);
        }
        let identity = Identity::generate();
        let recipient = identity.recipient();

        let part = Part::create(&self.sealed_folder()).map_err(SealError::Write)?;
        let buffered = BufWriter::with_capacity(2 * CHUNK_BYTES, part);
        let output = envelope::seal(std::slice::from_ref(&recipient), MeteredWriter::new(buffered));
        let mut output = output.map_err(SealError::Write)?;
        let mut committing = Committing::new(to_seal.filing, &to_seal.salt);
        let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
        let mut done = 0;
        loop {
            progress(done, to_seal.plain_bytes);
            let read = read_some(plain, &mut chunk).map_err(SealError::Read)?;
            if read == 0 {
                break;
            }
            committing.update(&chunk[..read]);
            output.write_all(&chunk[..read]).map_err(SealError::Write)?;
            done += read as u64;
        }
        let (buffered, sealed, size) = output.finish().map_err(SealError::Write)?.finish();
        let part = buffered.into_inner().map_err(|error| SealError::Write(error.into_error()))?;
        part.sync().map_err(SealError::Write)?;

        let ToSeal { salt, media_type, name, own, .. } = to_seal;
        let grant = Grant { exhibit: sealed, salt, media_type, name, identity };
        let own_grant = self.grant(&grant, own)?;
        part.place(&self.sealed_path(&sealed)).map_err(SealError::Write)?;
        let exhibit = Exhibit { sealed, size, recipient, commitment: committing.finish() };
        Ok(Sealed { exhibit, own_grant, grant })
    }

    /// Grants an exhibit to a participant, by sealing the grant to its `seal` recipients, and keeps the
    /// sealed grant as `grant/HEX`. Gives its hash, for the act.
    ///
    /// # Errors
    /// [`SealError`], but for [`SealError::Read`].
    pub fn grant(&self, grant: &Grant, recipients: &[Recipient]) -> Result<Hash, SealError> {
        let sealed = grant.seal_to(recipients)?;
        durable::write(&self.grant_path(&sealed.hash), &sealed.bytes).map_err(SealError::Write)?;
        Ok(sealed.hash)
    }
}

impl SealError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            SealError::NoRecipient => "vault::no_recipient",
            SealError::TooManyRecipients { .. } => "vault::too_many_recipients",
            SealError::Read(_) => "vault::plain_unreadable",
            SealError::Write(_) => "vault::unwritable",
        }
    }
}

impl SealError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            SealError::NoRecipient => "ask the addressee to enrol a `seal` key",
            SealError::TooManyRecipients { .. } => "seal to fewer keys: any one of them opens the grant",
            SealError::Read(_) => "look whether the file is still there, and seal it again",
            SealError::Write(_) => "look to the disk, and seal again: nothing was filed",
        }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SealError::NoRecipient => f.write_str("the addressee has no `seal` recipient enrolled"),
            SealError::TooManyRecipients { given } => {
                write!(f, "{given} recipients for one grant; at most {RECIPIENTS_MAX} fit")
            }
            SealError::Read(error) => write!(f, "the file to be sealed can't be read: {error}"),
            SealError::Write(error) => write!(f, "the vault can't be written: {error}"),
        }
    }
}

impl std::error::Error for SealError {}
