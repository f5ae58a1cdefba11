//! What a line of the private side is called.

use std::fmt;

/// A name: 128 random bits in the base 64 of addresses. A page makes it before anything is kept, so that a form that is
/// sent twice keeps one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Reads a name of 22 characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Name> {
        let good = text.len() == 22
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        good.then(|| Name(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
