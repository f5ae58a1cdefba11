//! Which number each key has signed last. Two acts of one key with one number convict it (TIME C9), so
//! the number is on the disk, beside the keys, before an act is signed; and what was refused, or lost
//! with a queue, or drafted and never handed in, is not numbered anew.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use act::Act;
use serde::{Deserialize, Serialize};
use terms::{ActId, Instant, SignerName};

use crate::{Fault, Home};

/// A key's last act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    n: u64,
    act: ActId,
}

/// The file: a key's full name has a `/`, so `restored` is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// No key signs this number or a lower one; 0 if the keys were never restored.
    #[serde(default)]
    restored: u64,
    #[serde(flatten)]
    last: BTreeMap<String, Last>,
}

impl Kept {
    fn last(&self, key: &str) -> u64 {
        self.last.get(key).map_or(0, |last| last.n).max(self.restored)
    }
}

/// `KEYS/numbers.json`: by the key's full name. Read anew each time, since drafts are signed beside an
/// open node.
#[derive(Debug)]
pub(crate) struct Numbers {
    path: PathBuf,
}

/// Takes the number of an act for the key that signs it first. After that, and not before, the key may sign it.
///
/// # Errors
///
/// [`Fault::Numbered`] if that key has signed another act with this number or a higher one; or the disk
/// failed.
pub fn take(home: &Home, act: &Act) -> Result<(), Fault> {
    // The registrar's acts are in its log at once, which keeps its own account.
    match act.head().signers.first() {
        Some(first @ SignerName::Key { .. }) => {
            Numbers::read(home)?.take(&act.origin().key_name(first), act.head().n, act.id())
        }
        Some(SignerName::Registrar) | None => Ok(()),
    }
}

/// Keys are about to be restored from a copy, which does not know what they signed since: what they sign
/// from now on has numbers above `now` in seconds. No key signs an act a second for all of its life, so
/// those are new, and later than those of an earlier restoring.
///
/// # Errors
///
/// The disk failed.
pub fn leave_gap(home: &Home, now: Instant) -> Result<(), Fault> {
    let numbers = Numbers::read(home)?;
    let _only_us = numbers.lock()?;
    let mut kept = numbers.kept()?;
    kept.restored = kept.restored.max(now.secs());
    numbers.write(&kept)
}

impl Numbers {
    pub(crate) fn read(home: &Home) -> Result<Numbers, Fault> {
        let numbers = Numbers { path: home.keys.join("numbers.json") };
        numbers.kept()?;
        Ok(numbers)
    }

    fn kept(&self) -> Result<Kept, Fault> {
        match std::fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| Fault::Garbled { path: self.path.clone(), what: error.to_string() }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Kept::default()),
            Err(error) => Err(Fault::Io { path: self.path.clone(), error }),
        }
    }

    fn write(&self, kept: &Kept) -> Result<(), Fault> {
        let bytes = serde_json::to_vec(kept)
            .map_err(|error| Fault::Garbled { path: self.path.clone(), what: error.to_string() })?;
        crate::home::write_whole(&self.path, &bytes)
    }

    /// Held while a number is taken: two that sign at once must not take the same. As for the keyring, the folder
    /// itself is locked, where folders can be opened.
    fn lock(&self) -> Result<Option<File>, Fault> {
        let Some(folder) = self.path.parent().filter(|_| cfg!(unix)) else { return Ok(None) };
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        // For its owner only, as if the keyring had made it.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(Fault::io(folder))?;
        let file = File::open(folder).map_err(Fault::io(folder))?;
        file.lock().map_err(Fault::io(folder))?;
        Ok(Some(file))
    }

    /// The last number that a key has signed here; 0 before the first.
    pub(crate) fn last(&self, key: &str) -> Result<u64, Fault> {
        Ok(self.kept()?.last(key))
    }

    /// Takes a number for an act. After that the key may sign it.
    pub(crate) fn take(&self, key: &str, n: u64, act: ActId) -> Result<(), Fault> {
        let _only_us = self.lock()?;
        let mut kept = self.kept()?;
        if kept.last.get(key) == Some(&Last { n, act }) {
            return Ok(());
        }
        let last = kept.last(key);
        if last >= n {
            return Err(Fault::Numbered { key: key.to_owned(), n, last });
        }
        kept.last.insert(key.to_owned(), Last { n, act });
        self.write(&kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restored_key_leaves_a_gap_and_no_number_is_taken_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::new(&folder.path().join("data"), &folder.path().join("keys"));
        let (one, other) = (ActId(terms::Hash::of(b"one")), ActId(terms::Hash::of(b"other")));
        let numbers = Numbers::read(&home).expect("read");
        numbers.take("o/north/liaison-1", 7, one).expect("taken");
        // Another process takes the next; this one sees it.
        Numbers::read(&home).expect("read").take("o/north/liaison-1", 8, one).expect("taken");
        assert!(matches!(numbers.take("o/north/liaison-1", 8, other), Err(Fault::Numbered { last: 8, .. })));
        let now = Instant::from_secs(1_767_600_000).expect("in range");
        leave_gap(&home, now).expect("written");
        assert_eq!(numbers.last("o/north/liaison-1").expect("read"), 1_767_600_000);
        assert_eq!(numbers.last("o/north/root-1").expect("read"), 1_767_600_000);
        // What was signed before may be signed again, as it was.
        numbers.take("o/north/liaison-1", 8, one).expect("the same act");
        numbers.take("o/north/liaison-1", 1_767_600_001, other).expect("taken");
        leave_gap(&home, Instant::from_secs(5).expect("in range")).expect("written");
        assert_eq!(numbers.last("o/north/liaison-1").expect("read"), 1_767_600_001);
    }
}
