//! A witness's promise never to cosign a registrar's key again. What is promised stands in the note's
//! text; the line is plain Ed25519 over it.

use terms::ActId;

use crate::name::KeyName;
use crate::signature::SignatureLine;
use crate::signing::SigningKey;
use crate::vkey::VerifierKey;

/// Signs a freeze note's text with a witness's cosigner key, under the freeze kind.
///
/// The key is the same as for cosignatures, and the messages can't be confused: those begin with
/// `cosignature/v1`, a freeze with `mithaq.freeze/v1`.
#[must_use]
pub fn sign(text: &str, key: &SigningKey, name: &KeyName) -> SignatureLine {
    VerifierKey::freeze(name.clone(), key.public()).line(key.sign(text.as_bytes()).as_bytes().to_vec())
}

/// A freeze is a note of its own; its id is the hash of its text, as an act's is.
#[must_use]
pub fn id(text: &str) -> ActId {
    ActId::of_text(text)
}
