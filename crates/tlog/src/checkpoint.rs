//! Size and root, as a registrar signs them.

use std::fmt;

use note::{KeyName, SignatureLine, SigningKey, VerifierKey, VerifyFault};
use terms::{Hash, Origin};

use crate::tree::SIZE_MAX;

/// The size and root of a register at one moment.
///
/// ```text
/// register.example/river-accord
/// 812
/// Mm8RMKSc1S6nK/r2ve6++Zgciiyj6rE/1OjF9aIEE80=
/// ```
///
/// `size` counts entries. Two of one origin with equal `size` and different `root` are a fork.
///
/// Follows C2SP tlog-checkpoint. Its extension lines are refused: no auditor can check what they say,
/// and not every kind of cosignature covers them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checkpoint {
    /// Whose register.
    pub origin: Origin,
    /// How many entries; at most [`SIZE_MAX`].
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// Why a text is no checkpoint of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointFault {
    /// Fewer than three lines, or the last one does not end.
    Lines,
    /// The first line is no origin as we have them.
    Origin,
    /// The second is no decimal number without leading zeros, or above [`SIZE_MAX`].
    Size,
    /// The third is no SHA-256 in base64.
    Root,
    /// Lines follow.
    Extension,
}

impl Checkpoint {
    /// Reads a note's text.
    ///
    /// # Errors
    /// The first fault from the top.
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointFault> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointFault::Lines)?.split('\n');
        let mut next = || lines.next().ok_or(CheckpointFault::Lines);
        let (origin, size, root) = (next()?, next()?, next()?);
        let checkpoint = Checkpoint {
            origin: Origin::new(origin).ok_or(CheckpointFault::Origin)?,
            size: decimal(size).filter(|size| *size <= SIZE_MAX).ok_or(CheckpointFault::Size)?,
            root: Hash::from_base64(root).ok_or(CheckpointFault::Root)?,
        };
        if lines.next().is_some() { Err(CheckpointFault::Extension) } else { Ok(checkpoint) }
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// The registrar's line under it.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> SignatureLine {
        key.sign_note(&self.text(), &KeyName::checkpoint(&self.origin))
    }

    /// Whether this line of this key signs it.
    ///
    /// # Errors
    /// Why it does not.
    pub fn verify(&self, key: &VerifierKey, line: &SignatureLine) -> Result<(), VerifyFault> {
        key.verify(&self.text(), line)
    }
}

/// A decimal number without a sign and without leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = canonical && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

impl fmt::Display for CheckpointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CheckpointFault::Lines => "a checkpoint has three lines: origin, size, root",
            CheckpointFault::Origin => "line 1: the checkpoint's origin is no register's name",
            CheckpointFault::Size => {
                "line 2: the checkpoint's size is no number below 2^63, without zeros before"
            }
            CheckpointFault::Root => "line 3: the checkpoint's root is no SHA-256 in base64",
            CheckpointFault::Extension => "line 4: a checkpoint of ours has no fourth line",
        })
    }
}

impl std::error::Error for CheckpointFault {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<u64, CheckpointFault>) {
        let read = Checkpoint::parse(text);
        assert_eq!(read.as_ref().map(|c| c.size).map_err(|fault| *fault), expected, "{text:?}");
        if let Ok(checkpoint) = read {
            assert_eq!(checkpoint.text(), text);
        }
    }

    #[test]
    fn texts() {
        const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        check(&format!("a/b\n0\n{ROOT}\n"), Ok(0));
        check(&format!("a/b\n9223372036854775807\n{ROOT}\n"), Ok(SIZE_MAX));
        check(&format!("a/b\n9223372036854775808\n{ROOT}\n"), Err(CheckpointFault::Size));
        for size in ["", "00", "01", "+1", "-1", " 1", "1 ", "0x1", "99999999999999999999"] {
            check(&format!("a/b\n{size}\n{ROOT}\n"), Err(CheckpointFault::Size));
        }
        check("", Err(CheckpointFault::Lines));
        check("a/b\n1\n", Err(CheckpointFault::Lines));
        check(&format!("a/b\n1\n{ROOT}"), Err(CheckpointFault::Lines));
        check(&format!("\n1\n{ROOT}\n"), Err(CheckpointFault::Origin));
        check(&format!("a b\n1\n{ROOT}\n"), Err(CheckpointFault::Origin));
        check("a/b\n1\n47DEQpj8\n", Err(CheckpointFault::Root));
        check(&format!("a/b\n1\n{ROOT}\n\n"), Err(CheckpointFault::Extension));
        check(&format!("a/b\n1\n{ROOT}\nmore\n"), Err(CheckpointFault::Extension));
    }
}
