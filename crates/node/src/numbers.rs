//! Which number each key has signed last. Two acts of one key with one number convict it (TIME C9), so
//! the number is on the disk, beside the keys, before an act is signed; and what was refused, or lost
//! with a queue, is not numbered anew.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use terms::ActId;

use crate::{Fault, Home};

/// A key's last act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    n: u64,
    act: ActId,
}

/// `KEYS/numbers.json`: by the key's full name.
#[derive(Debug)]
pub(crate) struct Numbers {
    path: PathBuf,
    last: Mutex<BTreeMap<String, Last>>,
}

impl Numbers {
    pub(crate) fn read(home: &Home) -> Result<Numbers, Fault> {
        let path = home.keys.join("numbers.json");
        let last = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| Fault::Garbled { path: path.clone(), what: error.to_string() })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(Fault::Io { path, error }),
        };
        Ok(Numbers { path, last: Mutex::new(last) })
    }

    /// The last number that a key has signed here; 0 before the first.
    pub(crate) fn last(&self, key: &str) -> u64 {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).get(key).map_or(0, |last| last.n)
    }

    /// Takes a number for an act. After that the key may sign it.
    pub(crate) fn take(&self, key: &str, n: u64, act: ActId) -> Result<(), Fault> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match last.get(key) {
            Some(before) if before.n == n && before.act == act => return Ok(()),
            Some(before) if before.n >= n => {
                return Err(Fault::Numbered { key: key.to_owned(), n, last: before.n });
            }
            _ => {}
        }
        let mut after = last.clone();
        after.insert(key.to_owned(), Last { n, act });
        let bytes = serde_json::to_vec(&after)
            .map_err(|error| Fault::Garbled { path: self.path.clone(), what: error.to_string() })?;
        crate::home::write_whole(&self.path, &bytes)?;
        *last = after;
        Ok(())
    }
}
