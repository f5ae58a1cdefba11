//! An exhibit is looked at by whoever sits here: opened piece by piece in memory, without waiting for the node.

use act::value::{File, GrantRef};
use terms::ParticipantId;
use vault::{Content, Exhibit, Filing, Grant, Identity, Recipient};

use crate::Fault;
use crate::words::Opener;

impl Opener {
    /// What a grant to this participant says, the latest of `grants` first that opens.
    ///
    /// # Errors
    ///
    /// None is for this participant; or why the latest does not open.
    pub fn grant(&self, grants: &[GrantRef]) -> Result<Grant, Fault> {
        let identities: Vec<&Identity> = self.identities.iter().collect();
        let mut first = None;
        for granted in grants.iter().rev().filter(|grant| grant.to == self.me) {
            let sealed = self.vault.sealed_grant(&granted.sealed).map_err(Fault::from);
            let opened = sealed.and_then(|sealed| {
                vault::open_grant(&sealed, &identities).map_err(|error| Fault::Open(error.into()))
            });
            match opened {
                Ok(grant) => return Ok(grant),
                Err(fault) => first = first.or(Some(fault)),
            }
        }
        Err(first.unwrap_or_else(|| Fault::Unknown(format!("`{}` was not granted this exhibit", self.me))))
    }

    /// Checks that an exhibit is what its act says: recipient, hash and commitment. It reads all of it, in constant memory.
    ///
    /// # Errors
    ///
    /// [`Fault::Open`] says exactly what does not agree; [`Fault::Keep`] that the sealed file is not here.
    pub fn check(&self, grant: &Grant, filer: &ParticipantId, file: &File) -> Result<(), Fault> {
        let described = Exhibit {
            sealed: file.sealed,
            size: file.size,
            recipient: Recipient::parse(file.recipient.as_str())
                .map_err(|e| Fault::Foreign(e.to_string()))?,
            commitment: file.commitment,
        };
        let filing = Filing { genesis: self.genesis, filer: filer.clone() };
        let mut sealed = self.vault.sealed(&file.sealed)?;
        Ok(vault::open::check(grant, &mut sealed, &described, &filing, &mut |_, _| {})?)
    }

    /// Its content, to be read from anywhere in it. It is not checked by this: see [`Opener::check`].
    ///
    /// # Errors
    ///
    /// It is not here, or does not open.
    pub fn content(&self, grant: &Grant, file: &File) -> Result<Content, Fault> {
        Ok(Content::of(grant, self.vault.sealed(&file.sealed)?)?)
    }

    /// What changes if the sealed file does: its length, and when it was written, of this machine's clock.
    #[must_use]
    pub fn stamp(&self, file: &File) -> Option<(u64, std::time::SystemTime)> {
        let about = std::fs::metadata(self.vault.sealed_path(&file.sealed)).ok()?;
        Some((about.len(), about.modified().ok()?))
    }

    /// Whether the sealed bytes of an exhibit lie here.
    #[must_use]
    pub fn holds(&self, file: &File) -> bool {
        self.stamp(file).is_some_and(|(bytes, _)| bytes == file.size)
    }
}
