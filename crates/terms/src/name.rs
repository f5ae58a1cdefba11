//! Codes, and the names that are made of them.

use std::fmt;
use std::str::FromStr;

/// A code: `[a-z0-9-]{1,32}`, no hyphen at an end. Participants, key labels, states, steps, fields.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// Zero behind the text: so they sort as texts do.
    text: [u8; CODE_BYTES_MAX],
    length: u8,
}

const CODE_BYTES_MAX: usize = 32;

impl Code {
    /// Reads a code.
    #[must_use]
    pub fn new(text: &str) -> Option<Code> {
        let bytes = text.as_bytes();
        let good = (1..=CODE_BYTES_MAX).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
            && bytes.first() != Some(&b'-')
            && bytes.last() != Some(&b'-');
        let length = u8::try_from(bytes.len()).ok().filter(|_| good)?;
        let mut text = [0; CODE_BYTES_MAX];
        text[..bytes.len()].copy_from_slice(bytes);
        Some(Code { text, length })
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // It was made of ASCII.
        std::str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// A participant's id, which is also the prefix of its key names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParticipantId(Code);

/// Words that no participant and no key's label may be, since they mean something else where those
/// stand: in key names, and in a procedure's *who*.
pub const RESERVED: [&str; 15] = [
    "registrar",
    "receipt",
    "genesis",
    "everyone",
    "parties",
    "guarantors",
    "monitors",
    "observers",
    "opener",
    "all",
    "any",
    "most",
    "quorum",
    "chair",
    "other",
];

impl ParticipantId {
    /// Reads a participant's id; none of [`RESERVED`].
    #[must_use]
    pub fn new(text: &str) -> Option<ParticipantId> {
        if RESERVED.contains(&text) {
            return None;
        }
        Code::new(text).map(ParticipantId)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A register's name in notes: the first line of its checkpoints, and the prefix of its key names.
///
/// A schema-less URL such as `register.example/river-accord`: no spaces, no plus sign, and never
/// beginning with `mithaq.`, so that a checkpoint can't be taken for one of our own messages.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin: 1 to 128 visible ASCII characters but `+` and `"` and `\`.
    #[must_use]
    pub fn new(text: &str) -> Option<Origin> {
        let good = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'+' | b'"' | b'\\'))
            && !text.starts_with("mithaq.")
            && !text.starts_with('/')
            && !text.ends_with('/');
        good.then(|| Origin(text.to_owned()))
    }

    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the key that signs receipts.
    #[must_use]
    pub fn receipt_key_name(&self) -> String {
        format!("{self}/receipt")
    }

    /// The name of the key of this signer.
    #[must_use]
    pub fn key_name(&self, signer: &SignerName) -> String {
        format!("{self}/{signer}")
    }
}

/// Whose key signs: `registrar`, or `PARTICIPANT/LABEL`. With the origin before it, it is the key's
/// name in notes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignerName {
    /// Whoever runs the register.
    Registrar,
    /// An enrolled key of a participant.
    Key {
        /// Whose key it is.
        participant: ParticipantId,
        /// Which of its keys.
        label: Code,
    },
}

/// Reads a key's label: a code, and none of [`RESERVED`].
#[must_use]
pub fn key_label(text: &str) -> Option<Code> {
    Code::new(text).filter(|label| !is_reserved(label))
}

/// Whether a code is one of [`RESERVED`].
#[must_use]
pub fn is_reserved(code: &Code) -> bool {
    RESERVED.contains(&code.as_str())
}

impl SignerName {
    /// Reads a signer's name.
    #[must_use]
    pub fn new(text: &str) -> Option<SignerName> {
        if text == "registrar" {
            return Some(SignerName::Registrar);
        }
        let (participant, label) = text.split_once('/')?;
        Some(SignerName::Key { participant: ParticipantId::new(participant)?, label: key_label(label)? })
    }

    /// A participant's key.
    #[must_use]
    pub fn key(participant: &ParticipantId, label: &Code) -> SignerName {
        SignerName::Key { participant: participant.clone(), label: label.clone() }
    }

    /// Reads the name of a key of `origin`'s register.
    #[must_use]
    pub fn from_key_name(origin: &Origin, key_name: &str) -> Option<SignerName> {
        SignerName::new(key_name.strip_prefix(origin.as_str())?.strip_prefix('/')?)
    }

    /// The participant, if this is not the registrar.
    #[must_use]
    pub fn participant(&self) -> Option<&ParticipantId> {
        match self {
            SignerName::Registrar => None,
            SignerName::Key { participant, .. } => Some(participant),
        }
    }
}

impl fmt::Display for SignerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignerName::Registrar => f.write_str("registrar"),
            SignerName::Key { participant, label } => write!(f, "{participant}/{label}"),
        }
    }
}

macro_rules! text_form {
    ($name:ty, $what:literal) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::new(text).ok_or_else(|| format!(concat!("`{}` is not ", $what), text.escape_debug()))
            }
        }
        crate::text_in_json!($name);
    };
}

macro_rules! shown_as_str {
    ($name:ty) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // As wide as a table asks for.
                f.pad(self.as_str())
            }
        }
    };
}

shown_as_str!(Code);
shown_as_str!(ParticipantId);
shown_as_str!(Origin);
text_form!(Code, "a code: 1 to 32 of `a-z`, `0-9` and `-`, no hyphen at an end");
text_form!(ParticipantId, "a participant's id: 1 to 32 of `a-z`, `0-9` and `-`, and no reserved word");
text_form!(Origin, "an origin: visible ASCII without `+`, as `register.example/river-accord`");
text_form!(SignerName, "a signer: `registrar`, or `PARTICIPANT/LABEL`");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for good in ["a", "liaison-1", "0", &"a".repeat(32)] {
            assert!(Code::new(good).is_some(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a_b", "a b", "é", &"a".repeat(33)] {
            assert!(Code::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn names_fill_a_column() {
        let id = ParticipantId::new("north").expect("an id");
        assert_eq!(format!("{id:<8}|{id:>8}|{id}"), "north   |   north|north");
    }

    #[test]
    fn nobody_and_no_key_is_called_by_a_word_that_means_something_else() {
        for word in RESERVED {
            assert!(ParticipantId::new(word).is_none(), "{word}");
            assert!(Code::new(word).is_some());
            assert!(
                key_label(word).is_none() && SignerName::new(&format!("north/{word}")).is_none(),
                "{word}"
            );
        }
    }

    #[test]
    fn origins() {
        assert!(Origin::new("register.example/river-accord").is_some());
        for bad in ["", "mithaq.act/v1", "a b", "a+b", "/a", "a/", "ä"] {
            assert!(Origin::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn key_names_and_back() {
        let origin = Origin::new("register.example/x").expect("an origin");
        for signer in ["registrar", "north/liaison-1"] {
            let signer = SignerName::new(signer).expect("a signer");
            assert_eq!(SignerName::from_key_name(&origin, &origin.key_name(&signer)), Some(signer));
        }
        for bad in [
            "register.example/x",
            "register.example/x/north",
            "other/north/a",
            "register.example/x/receipt/a",
        ] {
            assert_eq!(SignerName::from_key_name(&origin, bad), None, "{bad}");
        }
    }
}
