//! What a key may be called.

use std::fmt;

use terms::{Origin, SignerName};

/// The name of a key in a signature line: not empty, no Unicode space, no `+`.
///
/// Follows C2SP signed-note, *Format*. Control characters are refused too, since no note may hold one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// Reads a key's name.
    #[must_use]
    pub fn new(text: &str) -> Option<KeyName> {
        let good = !text.is_empty() && !text.chars().any(|c| c == '+' || c < ' ' || is_space(c));
        good.then(|| KeyName(text.to_owned()))
    }

    /// The name under which a registrar signs checkpoints: the origin itself.
    #[must_use]
    pub fn checkpoint(origin: &Origin) -> KeyName {
        KeyName(origin.to_string())
    }

    /// The name under which a registrar signs receipts.
    #[must_use]
    pub fn receipt(origin: &Origin) -> KeyName {
        KeyName(origin.receipt_key_name())
    }

    /// The name under which this signer signs acts.
    #[must_use]
    pub fn signer(origin: &Origin, signer: &SignerName) -> KeyName {
        KeyName(origin.key_name(signer))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Unicode's `White_Space`, written out: a verdict must not depend on a Unicode table's version.
#[must_use]
pub const fn is_space(c: char) -> bool {
    matches!(c, '\u{9}'..='\u{d}' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for KeyName {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["example.com/log", "a", "œuvre.example/ü"] {
            assert!(KeyName::new(good).is_some(), "{good}");
        }
        for bad in ["", "a b", "a+b", "a\u{a0}b", "a\u{3000}", "a\nb", "a\u{1}"] {
            assert!(KeyName::new(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn the_list_of_spaces_is_that_of_the_standard_library() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_space(c), c.is_whitespace(), "{c:?}");
        }
    }

    #[test]
    fn names_made_of_an_origin_are_names() {
        let origin = Origin::new("register.example/x").expect("an origin");
        let signer = SignerName::new("north/liaison-1").expect("a signer");
        for name in
            [KeyName::checkpoint(&origin), KeyName::receipt(&origin), KeyName::signer(&origin, &signer)]
        {
            assert_eq!(KeyName::new(name.as_str()), Some(name));
        }
    }
}
