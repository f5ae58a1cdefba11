//! A bundle is read, held to its manifest.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use terms::Hash;
use tlog::witness::AddCheckpoint;
use tlog::{CosignedCheckpoint, TileKind, TilePath};
use vault::Keyring;

use super::Member;
use super::manifest::Manifest;
use super::spool::{Spool, Spot, Torn};
use crate::Fault;

/// Opens a bundle for reading: sealed to one of this keyring's identities, or plain.
fn open<'a>(file: &Path, ring: &Keyring) -> Result<Box<dyn Read + 'a>, Fault> {
    use std::io::BufRead as _;
    let opened = std::fs::File::open(file).map_err(Fault::io(file))?;
    let mut reader = std::io::BufReader::with_capacity(1 << 17, opened);
    let start = reader.fill_buf().map_err(Fault::io(file))?;
    if start.starts_with(vault::parcel::MAGIC) {
        let plain = vault::parcel::unwrap(reader, &ring.identities()).map_err(|error| match error {
            vault::GrantError::NotForMe => Fault::NotForUs { path: file.to_owned() },
            other => Fault::Bundle { path: file.to_owned(), what: format!("it can't be opened: {other}") },
        })?;
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
    let mut entries = archive.entries().map_err(Fault::io(file))?.raw(true);
    let first = entries.next();
    manifest_of(file, first)
}

fn manifest_of<R: Read>(
    file: &Path,
    first: Option<std::io::Result<tar::Entry<'_, R>>>,
) -> Result<Manifest, Fault> {
    let fault = |what: String| Fault::Bundle { path: file.to_owned(), what };
    let not_one = || fault("it is no bundle: it does not begin with a manifest".to_owned());
    let mut first = first.ok_or_else(not_one)?.map_err(|_| not_one())?;
    if plain_path(&first).as_deref() != Some("manifest.json") {
        return Err(not_one());
    }
    if first.size() > Manifest::BYTES_MAX {
        return Err(fault(format!("its manifest is larger than {} bytes", Manifest::BYTES_MAX)));
    }
    let mut bytes = Vec::new();
    first.read_to_end(&mut bytes).map_err(|error| fault(format!("it is cut off: {error}")))?;
    Manifest::parse(&bytes).map_err(fault)
}

/// The path of a tar entry, if it is a plain file under a header of POSIX ustar.
fn plain_path<R: Read>(entry: &tar::Entry<'_, R>) -> Option<String> {
    let header = entry.header();
    if header.as_ustar().is_none() || header.entry_type() != tar::EntryType::Regular {
        return None;
    }
    String::from_utf8(header.path_bytes().into_owned()).ok()
}

/// The small files of a bundle, each with the hash that it is named by.
pub(crate) struct Brought {
    pub(crate) manifest: Manifest,
    pub(crate) spool: Spool,
    pub(crate) annexes: BTreeMap<Hash, Spot>,
    pub(crate) grants: BTreeMap<Hash, Spot>,
    pub(crate) notes: BTreeMap<Hash, Spot>,
    /// In the order of the list, which is that in which they were signed.
    pub(crate) submissions: Vec<Spot>,
    pub(crate) tiles: BTreeMap<TilePath, Spot>,
    pub(crate) checkpoint: Option<CosignedCheckpoint>,
    pub(crate) checkpoint_spot: Option<Spot>,
    pub(crate) ask: Option<AddCheckpoint>,
}

impl Brought {
    fn new(manifest: Manifest, spool: Spool) -> Brought {
        Brought {
            manifest,
            spool,
            annexes: BTreeMap::new(),
            grants: BTreeMap::new(),
            notes: BTreeMap::new(),
            submissions: Vec::new(),
            tiles: BTreeMap::new(),
            checkpoint: None,
            checkpoint_spot: None,
            ask: None,
        }
    }

    fn take(
        &mut self,
        bundle: &Path,
        path: &str,
        member: Member,
        reader: &mut impl Read,
    ) -> Result<(), Fault> {
        let fault = |what: String| Fault::Bundle { path: bundle.to_owned(), what };
        let unread = |error: &dyn std::fmt::Display| fault(format!("`{path}`: {error}"));
        let (spot, found) = self.spool.put(reader).map_err(|torn| match torn {
            Torn::Bundle(error) => unread(&error),
            Torn::Disk(fault) => fault,
        })?;
        if member.hash().is_some_and(|hash| *hash != found) {
            return Err(fault(format!("`{path}` has not the hash that it is named by")));
        }
        match member {
            Member::Annex(hash) => drop(self.annexes.insert(hash, spot)),
            Member::Tile(tile) => drop(self.tiles.insert(tile, spot)),
            Member::Checkpoint => {
                let read = CosignedCheckpoint::parse(&self.spool.get(spot)?);
                self.checkpoint = Some(read.map_err(|error| unread(&error))?);
                self.checkpoint_spot = Some(spot);
            }
            Member::AddCheckpoint => {
                let read = AddCheckpoint::parse(&self.spool.get(spot)?);
                self.ask = Some(read.map_err(|error| unread(&error))?);
            }
            Member::Submit(_) => self.submissions.push(spot),
            Member::Note(hash) => drop(self.notes.insert(hash, spot)),
            Member::Grant(hash) => drop(self.grants.insert(hash, spot)),
            Member::Manifest | Member::Sealed(_) | Member::Piece(..) => {
                return Err(fault(format!("`{path}` stands where it should not")));
            }
        }
        Ok(())
    }

    /// The entries from `start` up to `end` that came, in order, as far as none is missing; a bundle in
    /// memory at a time.
    pub(crate) fn entries(&self, start: u64, end: u64) -> impl Iterator<Item = Result<Vec<u8>, Fault>> + '_ {
        let width = u64::from(tlog::tile::TILE_WIDTH);
        let mut bundle = std::collections::VecDeque::new();
        let mut next = start;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            if next == start || next.is_multiple_of(width) {
                match self.bundle(next / width) {
                    Ok(entries) => {
                        let skip = usize::try_from(next % width).unwrap_or(usize::MAX);
                        bundle = entries.into_iter().skip(skip).collect();
                    }
                    Err(fault) => {
                        next = end;
                        return Some(Err(fault));
                    }
                }
            }
            let entry = bundle.pop_front();
            next = if entry.is_some() { next + 1 } else { end };
            entry.map(Ok)
        })
    }

    /// The entries of one bundle; none if it did not come.
    fn bundle(&self, index: u64) -> Result<Vec<Vec<u8>>, Fault> {
        let of_index = |tile: &&TilePath| tile.kind() == TileKind::Entries && tile.index() == index;
        let widest = self.tiles.keys().filter(of_index).max_by_key(|tile| tile.width());
        let Some(tile) = widest else { return Ok(Vec::new()) };
        let bytes = self.spool.get(self.tiles[tile])?;
        let entries = tlog::bundle::from_bytes(&bytes, tile.width())
            .map_err(|fault| Fault::Foreign(format!("{tile}: {fault}")))?;
        Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// How many entries there are from `start` on without a gap.
    pub(crate) fn reach(&self, start: u64) -> u64 {
        let width = u64::from(tlog::tile::TILE_WIDTH);
        let widths: BTreeMap<u64, u64> = self
            .tiles
            .keys()
            .filter(|tile| tile.kind() == TileKind::Entries)
            .fold(BTreeMap::new(), |mut widths, tile| {
                let widest = widths.entry(tile.index()).or_default();
                *widest = u64::from(tile.width()).max(*widest);
                widths
            });
        let mut index = start / width;
        let mut reach = start;
        while let Some(found) = widths.get(&index) {
            reach = reach.max(index * width + found);
            if *found < width {
                break;
            }
            index += 1;
        }
        reach
    }
}

/// Reads a bundle: all small files, then `each` sealed one, or piece of one. What comes is held to the
/// manifest's list; the small files are given on only when all of them came.
pub(crate) fn read(
    file: &Path,
    ring: &Keyring,
    scratch: &Path,
    small: impl FnOnce(Brought) -> Result<(), Fault>,
    mut each: impl FnMut(&Member, u64, &mut dyn Read) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let fault = |what: String| Fault::Bundle { path: file.to_owned(), what };
    let mut archive = tar::Archive::new(open(file, ring)?);
    // No extension of tar is read: what is no plain file is no file of a bundle.
    let mut entries = archive.entries().map_err(Fault::io(file))?.raw(true);
    let manifest = manifest_of(file, entries.next())?;
    let list = manifest.list.clone();
    let mut small = Some((Brought::new(manifest, Spool::new(scratch)?), small));
    for listed in &list {
        let missing = || fault(format!("it is cut off: `{}` is missing", listed.path));
        let mut entry = entries
            .next()
            .ok_or_else(missing)?
            .map_err(|error| fault(format!("before `{}` it can't be read: {error}", listed.path)))?;
        let path = plain_path(&entry);
        if path.as_ref() != Some(&listed.path) || entry.size() != listed.size {
            let found = path.unwrap_or_else(|| "something that is no plain file".to_owned());
            return Err(fault(format!(
                "`{}` with {} bytes comes, where the manifest lists `{}` with {}",
                found.escape_debug(),
                entry.size(),
                listed.path,
                listed.size
            )));
        }
        // The manifest has only such paths.
        let Some(member) = Member::parse(&listed.path) else { continue };
        if member.is_sealed() {
            if let Some((brought, small)) = small.take() {
                small(brought)?;
            }
            let mut exact = Exact { inner: &mut entry, left: listed.size };
            each(&member, listed.size, &mut exact)?;
        } else if let Some((brought, _)) = &mut small {
            let mut exact = Exact { inner: &mut entry, left: listed.size };
            brought.take(file, &listed.path, member, &mut exact)?;
        }
    }
    match entries.next() {
        None => {}
        Some(Ok(_)) => return Err(fault("it has more files than its manifest lists".to_owned())),
        Some(Err(error)) => return Err(fault(format!("its end can't be read: {error}"))),
    }
    ends(&mut archive.into_inner()).map_err(fault)?;
    match small.take() {
        Some((brought, small)) => small(brought),
        None => Ok(()),
    }
}

/// Nothing but zeros stands behind the end of a tar. In a sealed one this reads what shows that nothing was
/// cut off.
fn ends(rest: &mut impl Read) -> Result<(), String> {
    let mut chunk = [0; 4096];
    loop {
        match rest.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(read) if chunk[..read].iter().all(|byte| *byte == 0) => {}
            Ok(_) => return Err("something stands behind its end".to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("its end can't be read: {error}")),
        }
    }
}

/// Reads so many bytes, and takes it for a fault if there are fewer.
struct Exact<'a, R> {
    inner: &'a mut R,
    left: u64,
}

impl<R: Read> Read for Exact<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        if read == 0 && !buffer.is_empty() && self.left > 0 {
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the bundle is cut off"));
        }
        Ok(read)
    }
}
