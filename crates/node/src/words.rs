//! What was said in words, opened for whoever sits here: in memory alone, and without waiting for the node.

use act::value::File;
use terms::{Hash, ParticipantId};
use vault::{Exhibit, Filing, Identity, Recipient, Secret, Vault};

use crate::Node;

/// The longest words that are opened so, in sealed bytes; what is longer is opened as a file.
const SEALED_BYTES_MAX: u64 = 256 << 10;

/// Opens words that were granted to this participant.
#[derive(Clone)]
pub struct Opener {
    pub(crate) vault: Vault,
    pub(crate) identities: Vec<Identity>,
    pub(crate) genesis: Hash,
    pub(crate) me: ParticipantId,
}

impl Node {
    /// Opens words, with the `seal` keys whose secrets are here.
    #[must_use]
    pub fn opener(&self) -> Opener {
        let identities = self.keyring().iter().filter_map(|(_, key)| match key.secret() {
            Secret::Age(identity) => Some(identity.clone()),
            Secret::Ed25519(_) => None,
        });
        Opener {
            vault: self.vault().clone(),
            identities: identities.collect(),
            genesis: self.genesis(),
            me: self.me().clone(),
        }
    }
}

impl Opener {
    /// The words of a file that was filed by this participant: after recipient, hash and commitment are checked. Nothing, if
    /// it is no text, or too long; if it was not granted with the act that filed it, or lies elsewhere; or if anything does
    /// not agree, which `open_exhibit` says.
    #[must_use]
    pub fn words(&self, filer: &ParticipantId, file: &File) -> Option<String> {
        if file.size > SEALED_BYTES_MAX {
            return None;
        }
        let identities: Vec<&Identity> = self.identities.iter().collect();
        let granted = file.grants.iter().find(|grant| grant.to == self.me)?;
        let grant = vault::open_grant(&self.vault.sealed_grant(&granted.sealed).ok()?, &identities).ok()?;
        if !grant.media_type.as_str().starts_with("text/plain") {
            return None;
        }
        let described = Exhibit {
            sealed: file.sealed,
            size: file.size,
            recipient: Recipient::parse(file.recipient.as_str()).ok()?,
            commitment: file.commitment,
        };
        let filing = Filing { genesis: self.genesis, filer: filer.clone() };
        let mut sealed = self.vault.sealed(&file.sealed).ok()?;
        let content = vault::open::open_small(&grant, &mut sealed, &described, &filing).ok()?;
        std::str::from_utf8(&content).ok().map(str::to_owned)
    }
}
