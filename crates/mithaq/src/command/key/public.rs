//! The public part of a key: what others may see.

use note::{KeyName, PublicKey, SigningKey, VerifierKey};
use terms::Capacity;
use vault::{Key, KeyUse, Secret};

/// A vkey under the signature type of its use, or an age recipient.
pub(crate) fn public(name: &str, key: &Key) -> String {
    match key.secret() {
        Secret::Age(identity) => identity.recipient().to_string(),
        Secret::Ed25519(seed) => {
            let public = SigningKey::from_seed(seed).public();
            vkey(name, key.usage(), public).map_or_else(String::new, |vkey| vkey.to_string())
        }
    }
}

/// A key's vkey, as it is enrolled.
pub(crate) fn vkey(name: &str, usage: KeyUse, public: PublicKey) -> Option<VerifierKey> {
    let name = KeyName::new(name)?;
    Some(match usage {
        KeyUse::Witness => VerifierKey::cosigner(name, public),
        KeyUse::Enrolled(Capacity::Intake) => VerifierKey::intake(name, public),
        KeyUse::Enrolled(
            Capacity::Root | Capacity::Recovery | Capacity::Officer | Capacity::Node | Capacity::Seal,
        )
        | KeyUse::Registrar => VerifierKey::plain(name, public),
    })
}
