//! Standard base64 (RFC 4648 §4) with padding, and canonical: what decodes encodes to the same text.
//!
//! A second spelling of the same bytes would let one note have two hashes, so it is refused.

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

/// Text to exactly `N` bytes.
#[must_use]
pub fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
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
