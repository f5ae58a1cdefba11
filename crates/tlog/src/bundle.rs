//! The files that hold entries.

use std::fmt;

/// The longest entry: its length is written in two bytes.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// Why a file is no bundle of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleFault {
    /// It ends inside an entry.
    Cut {
        /// Which, from 0.
        entry: usize,
    },
    /// It has not as many entries as its name says.
    Count {
        /// How many it has.
        found: usize,
    },
}

/// The bytes of a bundle; nothing if an entry is longer than [`ENTRY_BYTES_MAX`].
///
/// ```text
/// u16 length ‖ entry, for each
/// ```
///
/// Follows C2SP tlog-tiles, *Log entries*.
#[must_use]
pub fn to_bytes<E: AsRef<[u8]>>(entries: &[E]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        bytes.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Some(bytes)
}

/// The entries of a bundle that is said to hold `width` of them.
///
/// # Errors
/// If it is cut, or holds more or fewer.
pub fn from_bytes(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleFault> {
    let mut entries = Vec::with_capacity(usize::from(width));
    let mut rest = bytes;
    while !rest.is_empty() {
        let cut = BundleFault::Cut { entry: entries.len() };
        let (length, after) = rest.split_first_chunk::<2>().ok_or(cut)?;
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(cut)?;
        entries.push(entry);
        rest = after;
    }
    if entries.len() == usize::from(width) {
        Ok(entries)
    } else {
        Err(BundleFault::Count { found: entries.len() })
    }
}

impl fmt::Display for BundleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BundleFault::Cut { entry } => write!(f, "the bundle ends inside its entry {entry}"),
            BundleFault::Count { found } => {
                write!(f, "the bundle holds {found} entries, not those of its name")
            }
        }
    }
}

impl std::error::Error for BundleFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles() {
        let bytes = to_bytes(&["ab", "", "c"]).expect("short entries");
        assert_eq!(bytes, b"\0\x02ab\0\0\0\x01c");
        assert_eq!(from_bytes(&bytes, 3), Ok(vec![&b"ab"[..], b"", b"c"]));
        assert_eq!(from_bytes(&bytes, 2), Err(BundleFault::Count { found: 3 }));
        assert_eq!(from_bytes(&bytes[..7], 3), Err(BundleFault::Cut { entry: 2 }));
        assert_eq!(from_bytes(&bytes[..8], 3), Err(BundleFault::Cut { entry: 2 }));
        assert_eq!(from_bytes(b"", 0), Ok(vec![]));
        assert!(to_bytes(&[vec![0; ENTRY_BYTES_MAX]]).is_some());
        assert_eq!(to_bytes(&[vec![0; ENTRY_BYTES_MAX + 1]]), None);
    }

    proptest::proptest! {
        #[test]
        fn bytes_and_back(bytes: Vec<u8>, width in 0u16..8) {
            if let Ok(entries) = from_bytes(&bytes, width) {
                proptest::prop_assert_eq!(to_bytes(&entries), Some(bytes.clone()));
            }
        }
    }
}
