//! A bundle, as `audit` reads a folder. Nothing is unpacked: small files are held, large ones hashed
//! while they pass by.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use audit::{Checked, Source, Wrong};
use node::bundle::Manifest;
use node::disk::Disk;
use terms::{Hash, Instant};
use tlog::witness::AddCheckpoint;

use super::folder;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;
use crate::show::text::safe;

/// The largest file that is held.
const HELD_BYTES_MAX: u64 = audit::folder::ANNEX_BYTES_MAX;

/// The most that is held of one bundle.
const HELD_BYTES_ALL_MAX: u64 = 1024 * 1024 * 1024;

/// What a bundle has.
struct Contents {
    manifest: Manifest,
    files: BTreeMap<String, Held>,
    wrongs: Vec<Wrong>,
}

/// A file of a bundle.
struct Held {
    hash: Hash,
    size: u64,
    bytes: Option<Vec<u8>>,
}

/// Checks a bundle; with a node's folder, as one with what that has already.
pub(super) fn check(
    path: &Path,
    expected: &audit::Expected,
    as_of: Option<Instant>,
    with: Option<&Path>,
    globals: &Globals,
) -> Result<Checked, Failure> {
    let read = open(path, globals)?;
    if read.manifest.base > 0 && with.is_none() {
        let message =
            format!("the bundle begins at entry {}: what came before is not in it", read.manifest.base);
        return Err(Failure::new(Exit::Undecided, "mithaq::incomplete", message)
            .help("`--with FOLDER` names a node's data folder that has the entries before"));
    }
    let Contents { files, wrongs, .. } = read;
    let below = with.map(Disk::at);
    let listed = below
        .as_ref()
        .map_or(Ok(Vec::new()), Source::list)
        .map_err(|what| Failure::usage("mithaq::unreadable", what))?;
    let mut checked = folder::check(&Layered { files, below, listed }, expected, as_of);
    checked.report.wrongs.splice(0..0, wrongs);
    Ok(checked)
}

fn open(path: &Path, globals: &Globals) -> Result<Contents, Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    let mut reader = BufReader::with_capacity(1 << 17, File::open(path).map_err(unreadable)?);
    if !reader.fill_buf().map_err(unreadable)?.starts_with(vault::parcel::MAGIC) {
        return read(path, reader);
    }
    if !session::home(globals).key_store().ring_path().exists() {
        let message = format!("`{}` is sealed to its receiver", path.display());
        return Err(Failure::new(Exit::Undecided, "mithaq::incomplete", message)
            .help("its receiver checks it with its own keys: `--keys DIR`"));
    }
    let ring = session::ring(globals)?;
    let plain = vault::parcel::unwrap(reader, &ring.identities()).map_err(|error| {
        Failure::new(Exit::Undecided, "mithaq::incomplete", format!("`{}`: {error}", path.display()))
            .help("its receiver checks it with its own keys: `--keys DIR`")
    })?;
    read(path, plain)
}

fn read(path: &Path, reader: impl Read) -> Result<Contents, Failure> {
    let garbled = |what: String| {
        Failure::new(Exit::Wrong, "audit::bundle", format!("`{}`: {}", path.display(), safe(&what)))
    };
    let mut archive = tar::Archive::new(reader);
    let (mut manifest, mut files, mut wrongs) = (None, BTreeMap::new(), Vec::new());
    let (mut held_all, mut order) = (0, Vec::new());
    for entry in archive.entries().map_err(|error| garbled(error.to_string()))? {
        let mut entry = entry.map_err(|error| garbled(error.to_string()))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(garbled(format!("`{name}` is no plain file")));
        }
        let size = entry.size();
        let hold =
            !name.starts_with("sealed/") && size <= HELD_BYTES_MAX && held_all + size <= HELD_BYTES_ALL_MAX;
        let held = if hold {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).map_err(|error| garbled(error.to_string()))?;
            held_all += size;
            Held { hash: Hash::of(&bytes), size: bytes.len() as u64, bytes: Some(bytes) }
        } else {
            let (hash, size) = vault::hash_of(&mut entry).map_err(|error| garbled(error.to_string()))?;
            Held { hash, size, bytes: None }
        };
        if name == "manifest.json" && manifest.is_none() && order.is_empty() {
            let bytes = held.bytes.unwrap_or_default();
            manifest = Some(Manifest::parse(&bytes).map_err(garbled)?);
            continue;
        }
        order.push((name.clone(), held.size));
        check_own(&name, &held, &mut wrongs);
        if files.insert(name.clone(), held).is_some() {
            wrongs.push(wrong(&name, "it is in the bundle twice"));
        }
    }
    let manifest = manifest.ok_or_else(|| garbled("it does not begin with a manifest".to_owned()))?;
    let listed: Vec<(String, u64)> = manifest.list.iter().map(|l| (l.path.clone(), l.size)).collect();
    if listed != order {
        wrongs.push(wrong("manifest.json", "its list is not what is in the bundle"));
    }
    files.retain(|name, _| name != ADD_CHECKPOINT && !name.starts_with(SUBMIT));
    Ok(Contents { manifest, files, wrongs })
}

const ADD_CHECKPOINT: &str = "witness/add-checkpoint";
const SUBMIT: &str = "submit/";

/// What a bundle has and a folder has not.
fn check_own(name: &str, held: &Held, wrongs: &mut Vec<Wrong>) {
    let bytes = held.bytes.as_deref().unwrap_or_default();
    if name == ADD_CHECKPOINT {
        if let Err(fault) = AddCheckpoint::parse(bytes) {
            wrongs.push(wrong(name, &fault.to_string()));
        }
    } else if let Some(hex) = name.strip_prefix(SUBMIT) {
        if Hash::from_hex(hex) != Some(held.hash) {
            wrongs.push(wrong(name, "its bytes have not the hash that it is named by"));
        } else if let Err(fault) = act::Submission::parse(bytes) {
            wrongs.push(wrong(name, &fault.to_string()));
        }
    }
}

fn wrong(file: &str, what: &str) -> Wrong {
    Wrong { code: "audit::bundle", file: file.to_owned(), entry: None, what: what.to_owned() }
}

/// A bundle's files, over those of a folder.
struct Layered {
    files: BTreeMap<String, Held>,
    below: Option<Disk>,
    listed: Vec<String>,
}

impl Source for Layered {
    fn list(&self) -> Result<Vec<String>, String> {
        let mut list: Vec<String> = self.files.keys().chain(&self.listed).cloned().collect();
        list.sort_unstable();
        list.dedup();
        Ok(list)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        match (self.files.get(path), &self.below) {
            (Some(held), _) if held.size > limit => Err(format!("it is larger than {limit} bytes")),
            (Some(held), _) => match &held.bytes {
                Some(bytes) => Ok(Some(bytes.clone())),
                None => Err("it is too large to be held".to_owned()),
            },
            (None, Some(below)) => below.read(path, limit),
            (None, None) => Ok(None),
        }
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        match (self.files.get(path), &self.below) {
            (Some(held), _) => Ok((held.hash, held.size)),
            (None, Some(below)) => below.hash(path),
            (None, None) => Err("there is no such file".to_owned()),
        }
    }

    fn check_own(&self, path: &str) -> Result<(), String> {
        match (self.files.get(path), &self.below) {
            (None, Some(below)) => below.check_own(path),
            _ => Err("a bundle has no such file".to_owned()),
        }
    }
}
