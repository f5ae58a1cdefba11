//! How far a registrar's key has signed, kept apart from what it signed.

use std::path::PathBuf;

use note::PublicKey;
use terms::{Hash, Origin};
use tlog::witness::Seen;

use crate::disk::{Disk, DiskFault};
use crate::fault::Fault;
use crate::folder::Folder;
use crate::record::{self, RECORD_BYTES_MAX};

/// The last size and root that is known to be durable in DATA, written at each start, before each
/// checkpoint is signed, and at the end. A DATA folder that has less is an older copy.
///
/// It says nothing of the receipts that were given since: whoever copies DATA after a checkpoint, and
/// puts the copy back before the next, is not seen by it. TIME T22 says what to do then, and that no
/// machine can find out.
pub(crate) struct Kept {
    path: PathBuf,
    origin: Origin,
    key: Hash,
}

const FIELDS: [&str; 4] = ["origin", "key", "size", "root"];

impl Kept {
    pub(crate) fn new<D: Disk>(folder: &Folder<D>, origin: &Origin, key: &PublicKey) -> Kept {
        let key = key_hash(key);
        let name = Hash::of_parts(&[origin.as_str().as_bytes(), b"\n", key.as_bytes()]).to_hex();
        Kept { path: folder.kept().join(format!("signed-{name}")), origin: origin.clone(), key }
    }

    pub(crate) fn path(&self) -> &PathBuf {
        &self.path
    }

    pub(crate) fn read<D: Disk>(&self, folder: &Folder<D>) -> Result<Option<Seen>, Fault> {
        let Some(bytes) = folder.read_if_there(&self.path, RECORD_BYTES_MAX)? else { return Ok(None) };
        let read = record::read("signed", FIELDS, &bytes).and_then(|[origin, key, size, root]| {
            if origin != self.origin.as_str() || key != self.key.to_string() {
                return Err("it is of another register or key than its name says".to_owned());
            }
            let seen = size.parse().ok().zip(Hash::from_base64(&root));
            seen.map(|(size, root)| Seen { size, root }).ok_or("it has no size and root".to_owned())
        });
        read.map(Some).map_err(|what| Fault::garbled(&self.path, what))
    }

    pub(crate) fn write<D: Disk>(&self, folder: &Folder<D>, seen: &Seen) -> Result<(), DiskFault> {
        let values =
            [self.origin.to_string(), self.key.to_string(), seen.size.to_string(), seen.root.to_string()];
        let fields: Vec<(&str, String)> = FIELDS.into_iter().zip(values).collect();
        folder.place(&self.path, &record::write("signed", &fields))
    }
}

/// What a key is called in files of ours: the hash of its public half.
pub(crate) fn key_hash(key: &PublicKey) -> Hash {
    Hash::of(key.as_bytes())
}
