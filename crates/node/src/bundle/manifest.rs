//! What a bundle says of itself; and what a node remembers of another.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use terms::{Hash, Origin, ParticipantId};
use tlog::witness::Seen;

use super::Member;
use crate::{Fault, Home};

/// The first file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "an object")]
pub struct Manifest {
    /// `mithaq.bundle/v1`.
    pub format: String,
    /// The register's name.
    pub origin: Origin,
    /// Its genesis hash.
    pub genesis: Hash,
    /// Whose node made it.
    pub from: ParticipantId,
    /// Whom it is for.
    pub to: ParticipantId,
    /// The receiver is thought to hold the entries below this.
    pub base: u64,
    /// The sender holds the entries below this; those from `base` on are here.
    pub size: u64,
    /// The largest size that the sender's witness has cosigned.
    pub cosigned: u64,
    /// Which part this is, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// Sealed files, grants and notes that the sender holds, in hex: what need not be sent to it.
    pub have: BTreeSet<String>,
    /// What is in it, in order, but for this file.
    pub list: Vec<Listed>,
}

/// A file in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Listed {
    /// Its path.
    pub path: String,
    /// How many bytes.
    pub size: u64,
}

impl Manifest {
    /// The word in `format`.
    pub const FORMAT: &'static str = "mithaq.bundle/v1";

    /// The most bytes of a manifest.
    pub const BYTES_MAX: u64 = 32 << 20;

    /// The most files of a part.
    pub const FILES_MAX: usize = 100_000;

    /// The most parts.
    pub const PARTS_MAX: u32 = 10_000;

    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "the manifest is not UTF-8".to_owned())?;
        let text = text.strip_suffix('\n').ok_or("the manifest does not end in a line feed")?;
        act::json::check(text).map_err(|(at, fault)| format!("the manifest, column {}: {fault}", at + 1))?;
        let said = |error: serde_json::Error| format!("the manifest: {}", act::json::said(&error));
        let manifest: Manifest = serde_json::from_str(text).map_err(said)?;
        let (read, written) = (serde_json::from_str(text), serde_json::to_value(&manifest));
        if let Some(path) = act::json::other_spelling(&read.map_err(said)?, &written.map_err(said)?) {
            return Err(format!("the manifest's `{}` has another spelling", path.escape_debug()));
        }
        if manifest.format != Manifest::FORMAT {
            return Err(format!("the manifest is of another format, `{}`", manifest.format.escape_debug()));
        }
        if manifest.base > manifest.size || manifest.part == 0 || manifest.part > manifest.parts {
            return Err("the manifest contradicts itself".to_owned());
        }
        if manifest.parts > Manifest::PARTS_MAX || manifest.list.len() > Manifest::FILES_MAX {
            return Err("the manifest lists more than a bundle may have".to_owned());
        }
        if manifest.have.iter().any(|hex| Hash::from_hex(hex).is_none()) {
            return Err("the manifest's `have` has a name that is no hash in hex".to_owned());
        }
        manifest.check_list()?;
        Ok(manifest)
    }

    /// Known files, each once, in their order, none larger than it may be.
    fn check_list(&self) -> Result<(), String> {
        let mut paths = BTreeSet::new();
        let mut rank = 1;
        for Listed { path, size } in &self.list {
            let quoted = path.escape_debug();
            let member = Member::parse(path).filter(|member| *member != Member::Manifest);
            let member =
                member.ok_or_else(|| format!("the manifest lists `{quoted}`, which no bundle has"))?;
            if *size > member.bytes_max() {
                return Err(format!("the manifest lists `{quoted}` with {size} bytes: it can't be as large"));
            }
            if member.rank() < rank || !paths.insert(path) {
                return Err(format!("the manifest lists `{quoted}` out of order, or twice"));
            }
            rank = member.rank();
        }
        Ok(())
    }

    /// The bytes: one line of JSON.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Plain strings and numbers: there is no way to fail.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// What another node was seen to hold, from its last bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Peer {
    pub(crate) size: u64,
    pub(crate) cosigned: u64,
    pub(crate) have: BTreeSet<String>,
    /// Size and root of the largest checkpoint of this registrar's that it brought, with a witness's line:
    /// so this registrar's key has signed as much (TIME T22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    witnessed: Option<(u64, Hash)>,
}

impl Peer {
    pub(crate) fn read(home: &Home, who: &ParticipantId) -> Result<Peer, Fault> {
        Peer::read_file(home.peer_path(who))
    }

    fn read_file(path: PathBuf) -> Result<Peer, Fault> {
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| Fault::Garbled { path, what: error.to_string() }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Peer::default()),
            Err(error) => Err(Fault::Io { path, error }),
        }
    }

    /// All that are known.
    pub(crate) fn all(home: &Home) -> Result<Vec<Peer>, Fault> {
        let folder = home.keys.join("peers");
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::Io { path: folder, error }),
        };
        let paths = entries.map(|entry| entry.map(|entry| entry.path()).map_err(Fault::io(&folder)));
        let paths: Vec<PathBuf> = paths.collect::<Result<_, _>>()?;
        paths
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .map(Peer::read_file)
            .collect()
    }

    pub(crate) fn witnessed(&self) -> Option<Seen> {
        self.witnessed.map(|(size, root)| Seen { size, root })
    }

    /// Remembers what a witness has seen of this registrar; nothing smaller takes its place.
    pub(crate) fn witness(&mut self, seen: Seen) {
        if self.witnessed.is_none_or(|(size, _)| size < seen.size) {
            self.witnessed = Some((seen.size, seen.root));
        }
    }

    pub(crate) fn write(&self, home: &Home, who: &ParticipantId) -> Result<(), Fault> {
        let path = home.peer_path(who);
        let bytes = serde_json::to_vec(self)
            .map_err(|error| Fault::Garbled { path: path.clone(), what: error.to_string() })?;
        crate::home::write_whole(&path, &bytes)
    }
}
