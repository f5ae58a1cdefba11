//! Everything on a stick: a tar of plain files in a fixed order, sealed to its receiver (FORMATS.md,
//! *Bundle*).
//!
//! ```text
//! manifest.json                   from whom, to whom, from which size to which, what is in it
//! register/annex/HEX              plain texts that the entries name
//! register/tile/…                 tiles and bundles of entries that the receiver lacks
//! register/checkpoint             the largest with a quorum
//! witness/add-checkpoint          what the registrar asks the receiver's witness to cosign
//! submit/HEX                      submissions on their way to the registrar
//! note/HEX                        refusals, cosigned checkpoints, state notes, freezes
//! grant/HEX   sealed/HEX          for whom they are
//! ```
//!
//! What a stick brings is foreign: every file is taken by its name and its hash, checked against the
//! register, and nothing is unpacked anywhere.

mod export;
mod import;
mod manifest;

pub use export::Exported;
pub use import::{Imported, Joining, join};
pub use manifest::{Listed, Manifest};

use std::path::Path;

use terms::Hash;
use tlog::TilePath;
use vault::Keyring;

use crate::Fault;

/// The largest file but sealed ones: an annex.
pub(crate) const SMALL_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A file in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Manifest,
    Annex(Hash),
    Tile(TilePath),
    Checkpoint,
    AddCheckpoint,
    Submit(Hash),
    Note(Hash),
    Grant(Hash),
    Sealed(Hash),
}

impl Member {
    /// Reads a path of a bundle.
    pub(crate) fn parse(path: &str) -> Option<Member> {
        use audit::layout::Known;
        match path {
            "manifest.json" => return Some(Member::Manifest),
            "witness/add-checkpoint" => return Some(Member::AddCheckpoint),
            _ => {}
        }
        if let Some(hash) = path.strip_prefix("submit/") {
            return Hash::from_hex(hash).map(Member::Submit);
        }
        match audit::layout::know(path)? {
            Known::Checkpoint => Some(Member::Checkpoint),
            Known::Tile(tile) => Some(Member::Tile(tile)),
            Known::Annex(hash) => Some(Member::Annex(hash)),
            Known::Sealed(hash) => Some(Member::Sealed(hash)),
            Known::Grant(hash) => Some(Member::Grant(hash)),
            Known::Note(hash) => Some(Member::Note(hash)),
            Known::Own => None,
        }
    }
}

/// Opens a bundle for reading: sealed to one of this keyring's identities, or plain.
pub(crate) fn open<'a>(file: &Path, ring: &Keyring) -> Result<Box<dyn std::io::Read + 'a>, Fault> {
    use std::io::BufRead as _;
    let opened = std::fs::File::open(file).map_err(Fault::io(file))?;
    let mut reader = std::io::BufReader::with_capacity(1 << 17, opened);
    let start = reader.fill_buf().map_err(Fault::io(file))?;
    if start.starts_with(vault::parcel::MAGIC) {
        let plain = vault::parcel::unwrap(reader, &ring.identities())
            .map_err(|error| Fault::Foreign(format!("{}: {error}", file.display())))?;
        return Ok(Box::new(std::io::BufReader::with_capacity(1 << 17, plain)));
    }
    Ok(Box::new(reader))
}

/// Reads the manifest of a bundle, which stands first.
///
/// # Errors
///
/// It is sealed to somebody else, or is no bundle.
pub fn read_manifest(file: &Path, ring: &Keyring) -> Result<Manifest, Fault> {
    let mut archive = tar::Archive::new(open(file, ring)?);
    let mut entries = archive.entries().map_err(Fault::io(file))?;
    let not_one =
        || Fault::Foreign(format!("{} is no bundle: it does not begin with a manifest", file.display()));
    let mut first = entries.next().ok_or_else(not_one)?.map_err(|_| not_one())?;
    if member_of(&first) != Some(Member::Manifest) {
        return Err(not_one());
    }
    let bytes = read_small(&mut first).map_err(Fault::io(file))?;
    Manifest::parse(&bytes).map_err(|what| Fault::Garbled { path: file.to_owned(), what })
}

/// What a tar entry is, if it is a plain file that a bundle may have.
pub(crate) fn member_of<R: std::io::Read>(entry: &tar::Entry<'_, R>) -> Option<Member> {
    if entry.header().entry_type() != tar::EntryType::Regular {
        return None;
    }
    let path = entry.path_bytes();
    Member::parse(std::str::from_utf8(&path).ok()?)
}

/// The bytes of a small member.
pub(crate) fn read_small(entry: &mut impl std::io::Read) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    entry.take(SMALL_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SMALL_BYTES_MAX {
        return Err(std::io::Error::other("a file in it is larger than 64 MiB"));
    }
    Ok(bytes)
}
