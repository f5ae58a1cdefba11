//! What a key must remember, written twice: in DATA, and beside the keys.
//!
//! Each time it changes its count rises by one, first in DATA, then in KEPT, each durable before the
//! next step; only then is anything signed. So DATA is never behind KEPT, nor more than one ahead,
//! unless one of the two was lost or an older copy was put back. Then the key must not sign again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use terms::Hash;

use crate::disk::{Disk, DiskFault};
use crate::fault::Fault;
use crate::folder::Folder;
use crate::record::{self, RECORD_BYTES_MAX};

/// A record in two places.
pub(crate) struct Twin<D: Disk> {
    folder: Arc<Folder<D>>,
    what: &'static str,
    in_data: PathBuf,
    in_kept: PathBuf,
    count: u64,
    value: Option<String>,
    key: Hash,
    halted: bool,
}

impl<D: Disk> Twin<D> {
    /// Reads what the key with this hash remembers under this name; nothing yet, if it is in neither
    /// place.
    ///
    /// # Errors
    /// [`Fault::Stopped`]; [`Fault::Garbled`]; [`Fault::Lost`] if one of the two is gone, or older than it
    /// can be.
    pub(crate) fn open(
        folder: &Arc<Folder<D>>,
        what: &'static str,
        name: &str,
        key: Hash,
    ) -> Result<Twin<D>, Fault> {
        folder.check_stopped(&key)?;
        let file = file(what, name, &key);
        let mut twin = Twin {
            folder: Arc::clone(folder),
            what,
            in_data: folder.witness().join(&file),
            in_kept: folder.kept().join(&file),
            count: 0,
            value: None,
            key,
            halted: false,
        };
        let (data, kept) = (twin.read(&twin.in_data)?, twin.read(&twin.in_kept)?);
        let count = |read: &Option<(u64, String)>| read.as_ref().map_or(0, |(count, _)| *count);
        let (ahead, behind) = (count(&data), count(&kept));
        let same = ahead == behind && data == kept;
        if !same && ahead != behind + 1 {
            let (data, kept) = ((twin.in_data, ahead), (twin.in_kept, behind));
            return Err(Fault::Lost { data, kept });
        }
        if let Some((count, value)) = data {
            // The last may have been read from memory that a crash would take.
            twin.count = count;
            twin.value = Some(value);
            twin.write_both()?;
        }
        Ok(twin)
    }

    /// What is remembered.
    pub(crate) fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Remembers something else. After that, and not before, the key may sign what follows from it.
    ///
    /// # Errors
    /// [`Fault::Disk`]; if a sync failed the key is stopped.
    pub(crate) fn set(&mut self, value: String) -> Result<(), Fault> {
        if self.halted {
            return Err(Fault::Halted);
        }
        self.count += 1;
        self.value = Some(value);
        self.write_both()
    }

    fn write_both(&mut self) -> Result<(), Fault> {
        let fields = [
            ("key", self.key.to_string()),
            ("count", self.count.to_string()),
            ("value", self.value.clone().unwrap_or_default()),
        ];
        let bytes = record::write(self.what, &fields);
        let place = |path: &Path| self.folder.place(path, &bytes);
        let written = place(&self.in_data).and_then(|()| place(&self.in_kept));
        self.halted = written.is_err();
        if let Err(fault) = &written
            && fault.lost_a_write()
        {
            self.folder.stop(&self.key, &fault.to_string());
        }
        written.map_err(|fault: DiskFault| fault.into())
    }

    fn read(&self, path: &Path) -> Result<Option<(u64, String)>, Fault> {
        let Some(bytes) = self.folder.read_if_there(path, RECORD_BYTES_MAX)? else { return Ok(None) };
        let read = read(self.what, &bytes).and_then(|(key, count, value)| {
            if key == self.key {
                Ok((count, value))
            } else {
                Err("it is of another key than its name says".to_owned())
            }
        });
        read.map(Some).map_err(|what| Fault::garbled(path, what))
    }

    /// What is remembered reads as nothing that was ever written.
    pub(crate) fn unreadable(&self) -> Fault {
        Fault::garbled(&self.in_data, "its value is none that this program writes")
    }
}

/// What the file of this key under this name is called.
pub(crate) fn file(what: &str, name: &str, key: &Hash) -> String {
    format!("{what}-{}", Hash::of(format!("{name}\n{key}").as_bytes()).to_hex())
}

/// The key and the value of a record.
pub(crate) fn parse(what: &'static str, bytes: &[u8]) -> Result<(Hash, String), String> {
    read(what, bytes).map(|(key, _, value)| (key, value))
}

fn read(what: &str, bytes: &[u8]) -> Result<(Hash, u64, String), String> {
    let [key, count, value] = record::read(what, ["key", "count", "value"], bytes)?;
    let key = Hash::from_base64(&key).ok_or("it names no key")?;
    let count = count.parse().ok().filter(|count| *count > 0).ok_or("it has no count")?;
    Ok((key, count, value))
}
