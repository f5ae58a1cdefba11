//! One signature line of a note.

use std::fmt;

use terms::base64;

use crate::name::KeyName;

/// A signature, and which key is said to have made it.
///
/// ```text
/// — ⟨name⟩ ⟨base64 of key id, 4 bytes ‖ payload, at least 1 byte⟩
/// ```
///
/// Base64 is canonical, so a parsed line prints as exactly the bytes it was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignatureLine {
    /// The key's name.
    pub name: KeyName,
    /// The first four bytes of a hash of name, kind and key. An identifier, no proof of anything.
    pub key_id: [u8; 4],
    /// What follows the key id; what it means depends on the kind of key.
    pub payload: Vec<u8>,
}

/// Why a line is no signature line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// It does not begin with an em dash and a space, or has no second space.
    Shape,
    /// The name is empty, or has a space or a `+` in it.
    Name,
    /// The rest is no base64, or not the one canonical spelling.
    Base64,
    /// Fewer than five bytes: a key id and nothing signed.
    Short,
}

impl SignatureLine {
    /// Reads a line, without its newline.
    ///
    /// # Errors
    /// The first [`LineFault`] from the left.
    pub fn parse(line: &str) -> Result<SignatureLine, LineFault> {
        let rest = line.strip_prefix("— ").ok_or(LineFault::Shape)?;
        let (name, encoded) = rest.split_once(' ').ok_or(LineFault::Shape)?;
        let name = KeyName::new(name).ok_or(LineFault::Name)?;
        let bytes = base64::decode(encoded).ok_or(LineFault::Base64)?;
        match bytes.split_first_chunk::<4>() {
            Some((key_id, payload)) if !payload.is_empty() => {
                Ok(SignatureLine { name, key_id: *key_id, payload: payload.to_vec() })
            }
            _ => Err(LineFault::Short),
        }
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.to_vec();
        bytes.extend_from_slice(&self.payload);
        write!(f, "— {} {}", self.name, base64::encode(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<LineFault>) {
        match SignatureLine::parse(line) {
            Ok(parsed) => {
                assert_eq!(None, expected, "{line:?}");
                assert_eq!(parsed.to_string(), line);
            }
            Err(fault) => assert_eq!(Some(fault), expected, "{line:?}"),
        }
    }

    #[test]
    fn lines() {
        check("— a AAAAAAA=", None);
        check("", Some(LineFault::Shape));
        check("- a AAAAAAA=", Some(LineFault::Shape));
        check("—a AAAAAAA=", Some(LineFault::Shape));
        check("— a", Some(LineFault::Shape));
        check("—  AAAAAAA=", Some(LineFault::Name));
        check("— a+b AAAAAAA=", Some(LineFault::Name));
        check("— a\u{a0}b AAAAAAA=", Some(LineFault::Name));
        check("— a AAAAAAA", Some(LineFault::Base64));
        check("— a AAAAAAB=", Some(LineFault::Base64));
        check("— a  AAAAAAA=", Some(LineFault::Base64));
        check("— a AAAAAAA= ", Some(LineFault::Base64));
        check("— a ", Some(LineFault::Short));
        check("— a AAAAAA==", Some(LineFault::Short));
    }
}
