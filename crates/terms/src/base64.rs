//! Standard base64 (RFC 4648 §4) with padding, and canonical: what decodes encodes to the same text.
//!
//! A second spelling of the same bytes would let one note have two hashes, so it is refused.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes to text.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Text to bytes, if it is the canonical spelling of them.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    // The engine refuses missing padding, and non-zero trailing bits as well.
    STANDARD.decode(text).ok()
}

/// Text to exactly `N` bytes, at most 90.
#[must_use]
pub fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    const { assert!(N <= BRIEF_BYTES) };
    let mut bytes = [0; BRIEF_BYTES + 6];
    if text.len() != N.div_ceil(3) * 4 {
        return None;
    }
    let length = STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes[..length].try_into().ok()
}

/// What is held on the way, without a vector: a hash, a signature, their key ids.
const BRIEF_BYTES: usize = 90;

/// Writes up to 90 bytes at once, and more of them as [`encode`] does.
pub(crate) fn write(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0; BRIEF_BYTES / 3 * 4];
    let written = STANDARD.encode_slice(bytes, &mut text).ok();
    match written.and_then(|length| std::str::from_utf8(&text[..length]).ok()) {
        Some(text) => f.write_str(text),
        None => f.write_str(&encode(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        assert_eq!(decode("AAE="), Some(vec![0, 1]));
        for other in ["AAE", "AAF=", "AAE= ", "AAE=\n", "AA-=", "AAE=="] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_decodes_encodes_to_the_same(text in "[A-Za-z0-9+/=]{0,12}") {
            if let Some(bytes) = decode(&text) {
                proptest::prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
