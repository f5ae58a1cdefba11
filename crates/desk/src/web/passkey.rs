//! What browsers say of passkeys, as forms send it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use note::Assertion;

/// The longest field that is read, in characters.
const FIELD_MAX: usize = 16_384;

/// Bytes in the base 64 of addresses, without padding.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.len() > FIELD_MAX { None } else { URL_SAFE_NO_PAD.decode(text).ok() }
}

/// An assertion in the form in which it stands in a signature line.
pub(crate) fn assertion(text: &str) -> Option<Assertion> {
    Assertion::parse(&bytes(text)?).ok()
}
