//! A base map in one file: PMTiles version 3 with vector tiles. It comes from elsewhere, so nothing of it is believed: every
//! length has a bound, every offset lies in the file, and what was compressed grows no further than its bound.
//!
//! The reader of `pmtiles` waits in its own way for whoever reads for it, and sets no bound to what it unpacks; so this one is
//! our own, and tests read with it what that library writes.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::mercator::TileAt;

/// The base map that is in the program.
static SHIPPED: &[u8] = include_bytes!("../../assets/map/base.pmtiles");

const HEADER_BYTES: usize = 127;
/// Of a directory as it stands in the file, and unpacked.
const DIRECTORY_MOST: u64 = 1 << 20;
const DIRECTORY_PLAIN_MOST: u64 = 8 << 20;
const METADATA_MOST: u64 = 1 << 20;
/// Of a tile as it stands in the file, and unpacked.
const TILE_MOST: u64 = 2 << 20;
const TILE_PLAIN_MOST: u64 = 8 << 20;
/// How many directories lie one in another.
const DEPTH_MOST: usize = 4;
const ZOOM_MOST: u8 = 22;

/// A base map.
#[derive(Debug)]
pub struct Pack {
    bytes: Bytes,
    head: Head,
    root: Vec<Entry>,
    /// What it says of itself.
    says: Says,
}

/// Where a pack comes from, for whoever looks at a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Says {
    /// What it is called.
    pub name: String,
    /// Who made what is in it.
    pub source: String,
    /// Which edition, if that is said.
    pub edition: String,
    /// Under which licence, if that is said.
    pub licence: String,
}

#[derive(Debug)]
enum Bytes {
    Here(Cow<'static, [u8]>),
    File(File, u64),
}

/// A part of the file: where it begins, and its length.
#[derive(Clone, Copy, Debug)]
struct Part(u64, u64);

#[derive(Clone, Copy, Debug)]
struct Head {
    leaves: Part,
    tiles: Part,
    are_directories_pressed: bool,
    are_tiles_pressed: bool,
    zooms: (u8, u8),
}

/// A line of a directory: tiles from `id` on, `run` of them with the same bytes; or, if `run` is 0, another directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    id: u64,
    run: u64,
    offset: u64,
    length: u64,
}

/// A tile as it stands in the pack.
pub(crate) struct BaseTile {
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_pressed: bool,
}

impl Pack {
    /// The one that is in the program: coasts, and nothing else.
    ///
    /// # Panics
    ///
    /// Never: a test reads it.
    #[must_use]
    pub fn shipped() -> Pack {
        Pack::read(Bytes::Here(Cow::Borrowed(SHIPPED))).expect("a test reads it")
    }

    /// One in a file.
    ///
    /// # Errors
    ///
    /// Why it can't be used, in a sentence.
    pub fn open(path: &Path) -> Result<Pack, String> {
        let file = File::open(path).map_err(|error| format!("it can't be opened: {error}"))?;
        let of = file.metadata().map_err(|error| format!("it can't be read: {error}"))?;
        if !of.is_file() {
            return Err("it is no file".to_owned());
        }
        Pack::read(Bytes::File(file, of.len()))
    }

    /// One in memory.
    ///
    /// # Errors
    ///
    /// As [`Pack::open`].
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Pack, String> {
        Pack::read(Bytes::Here(Cow::Owned(bytes)))
    }

    fn read(bytes: Bytes) -> Result<Pack, String> {
        let head = bytes.part(Part(0, HEADER_BYTES as u64), HEADER_BYTES as u64)?;
        if head.get(..8) != Some(b"PMTiles\x03".as_slice()) {
            return Err("it is no PMTiles file of version 3".to_owned());
        }
        let number = |at: usize| {
            let bytes: [u8; 8] =
                head.get(at..at + 8).and_then(|part| part.try_into().ok()).unwrap_or_default();
            u64::from_le_bytes(bytes)
        };
        let part = |at: usize| Part(number(at), number(at + 8));
        let is_pressed = |at: usize, what: &str| match head.get(at) {
            Some(1) => Ok(false),
            Some(2) => Ok(true),
            _ => Err(format!("its {what} are compressed in another way than gzip")),
        };
        if head.get(99) != Some(&1) {
            return Err("its tiles are no vector tiles".to_owned());
        }
        let zooms = (head[100], head[101]);
        if zooms.0 > zooms.1 || zooms.1 > ZOOM_MOST {
            return Err(format!("its zooms, {} to {}, can't be", zooms.0, zooms.1));
        }
        let pressed = is_pressed(97, "directories")?;
        let head_of = Head {
            leaves: part(40),
            tiles: part(56),
            are_directories_pressed: pressed,
            are_tiles_pressed: is_pressed(98, "tiles")?,
            zooms,
        };
        for Part(offset, length) in [part(8), part(24), head_of.leaves, head_of.tiles] {
            if offset.checked_add(length).is_none_or(|end| end > bytes.size()) {
                return Err("it is cut off: a part that it names lies beyond its end".to_owned());
            }
        }
        let root = entries(&unpacked(bytes.part(part(8), DIRECTORY_MOST)?, pressed, DIRECTORY_PLAIN_MOST)?)?;
        let says = Says::read(&unpacked(bytes.part(part(24), METADATA_MOST)?, pressed, METADATA_MOST)?)?;
        Ok(Pack { bytes, head: head_of, root, says })
    }

    /// What it says of itself.
    #[must_use]
    pub const fn says(&self) -> &Says {
        &self.says
    }

    pub(crate) const fn zooms(&self) -> (u8, u8) {
        self.head.zooms
    }

    /// A tile; nothing where the pack has none.
    ///
    /// # Errors
    ///
    /// The pack can't be read there.
    pub(crate) fn tile(&self, at: TileAt) -> Result<Option<BaseTile>, String> {
        let id = id_of(at);
        let mut entry = in_directory(&self.root, id);
        for _ in 0..DEPTH_MOST {
            let Some(found) = entry else { return Ok(None) };
            if found.run > 0 {
                let bytes = self.bytes.part(within(self.head.tiles, found)?, TILE_MOST)?;
                return Ok(Some(BaseTile { bytes, is_pressed: self.head.are_tiles_pressed }));
            }
            let bytes = self.bytes.part(within(self.head.leaves, found)?, DIRECTORY_MOST)?;
            let leaf = entries(&unpacked(bytes, self.head.are_directories_pressed, DIRECTORY_PLAIN_MOST)?)?;
            entry = in_directory(&leaf, id);
        }
        Err("its directories lie too deep".to_owned())
    }

    /// Looks for a tile by three numbers, and unpacks it: for whoever tries the reader on any bytes.
    ///
    /// # Errors
    ///
    /// As `tile`.
    pub fn plain_tile(&self, zoom: u32, x: u32, y: u32) -> Result<Option<Vec<u8>>, String> {
        let at = TileAt::read(&zoom.to_string(), &x.to_string(), &y.to_string());
        let Some(found) = at.map(|at| self.tile(at)).transpose()?.flatten() else { return Ok(None) };
        found.plain().map(Some)
    }
}

impl BaseTile {
    /// Its bytes, unpacked.
    pub(crate) fn plain(self) -> Result<Vec<u8>, String> {
        unpacked(self.bytes, self.is_pressed, TILE_PLAIN_MOST)
    }
}

impl Bytes {
    fn size(&self) -> u64 {
        match self {
            Bytes::Here(bytes) => bytes.len() as u64,
            Bytes::File(_, size) => *size,
        }
    }

    fn part(&self, Part(offset, length): Part, most: u64) -> Result<Vec<u8>, String> {
        if length > most {
            return Err(format!("a part of it has {length} bytes, and {most} is the most"));
        }
        let cut = || "it is cut off".to_owned();
        let end = offset.checked_add(length).filter(|end| *end <= self.size()).ok_or_else(cut)?;
        match self {
            Bytes::Here(bytes) => {
                let range = usize::try_from(offset).ok().zip(usize::try_from(end).ok());
                let part = range.and_then(|(from, to)| bytes.get(from..to));
                part.map(<[u8]>::to_vec).ok_or_else(cut)
            }
            Bytes::File(file, _) => {
                let mut part = vec![0; usize::try_from(length).map_err(|_| cut())?];
                file.read_exact_at(&mut part, offset)
                    .map_err(|error| format!("it can't be read: {error}"))?;
                Ok(part)
            }
        }
    }
}

impl Says {
    fn read(json: &[u8]) -> Result<Says, String> {
        let Ok(Value::Object(all)) = serde_json::from_slice::<Value>(json) else {
            return Err("what it says of itself is no JSON object".to_owned());
        };
        let text = |names: &[&str]| {
            let found = names.iter().find_map(|name| all.get(*name)?.as_str());
            found.map(|text| text.chars().take(200).collect::<String>()).unwrap_or_default()
        };
        let source = text(&["source", "attribution"]);
        if source.trim().is_empty() {
            return Err("it does not say where it comes from: its metadata needs `source`".to_owned());
        }
        let (name, edition) = (text(&["name"]), text(&["edition", "version"]));
        Ok(Says { name, source, edition, licence: text(&["licence", "license"]) })
    }
}

fn within(whole: Part, entry: Entry) -> Result<Part, String> {
    let end = entry.offset.checked_add(entry.length).filter(|end| *end <= whole.1);
    let offset = end.and_then(|_| whole.0.checked_add(entry.offset));
    offset.map(|offset| Part(offset, entry.length)).ok_or_else(|| "a tile lies beyond its part".to_owned())
}

fn unpacked(bytes: Vec<u8>, is_pressed: bool, most: u64) -> Result<Vec<u8>, String> {
    if !is_pressed {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    let read = GzDecoder::new(bytes.as_slice()).take(most + 1).read_to_end(&mut out);
    read.map_err(|error| format!("a part of it can't be unpacked: {error}"))?;
    if out.len() as u64 > most { Err(format!("a part of it has more than {most} bytes")) } else { Ok(out) }
}

/// Reads a directory: how many lines, then their ids (each as what it is more than the one before), runs, lengths and offsets.
fn entries(bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let wrong = || "a directory of it is garbled".to_owned();
    let mut rest = bytes;
    let count = varint(&mut rest).ok_or_else(wrong)?;
    // Each line takes four bytes at least.
    let count = usize::try_from(count).ok().filter(|count| *count <= bytes.len() / 4).ok_or_else(wrong)?;
    let mut all = vec![Entry { id: 0, run: 0, offset: 0, length: 0 }; count];
    let mut id = 0_u64;
    for entry in &mut all {
        id = varint(&mut rest).and_then(|more| id.checked_add(more)).ok_or_else(wrong)?;
        entry.id = id;
    }
    for entry in &mut all {
        entry.run = varint(&mut rest).ok_or_else(wrong)?;
    }
    for entry in &mut all {
        entry.length = varint(&mut rest).filter(|length| *length > 0).ok_or_else(wrong)?;
    }
    let mut next = None::<u64>;
    for entry in &mut all {
        entry.offset = match (varint(&mut rest).ok_or_else(wrong)?, next) {
            (0, Some(next)) => next,
            (0, None) => return Err(wrong()),
            (offset, _) => offset - 1,
        };
        next = entry.offset.checked_add(entry.length);
    }
    Ok(all)
}

/// The line of a directory that has a tile, or leads to it.
fn in_directory(all: &[Entry], id: u64) -> Option<Entry> {
    let place = all.partition_point(|entry| entry.id <= id).checked_sub(1)?;
    let entry = all[place];
    (entry.run == 0 || id - entry.id < entry.run).then_some(entry)
}

/// A number of seven bits a byte, the low ones first.
fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return None;
        }
        value |= bits << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// The number of a tile: those of smaller zooms first, then along a Hilbert curve.
fn id_of(at: TileAt) -> u64 {
    let side = 1_u64 << at.zoom;
    let before = (side * side - 1) / 3;
    let (mut x, mut y, mut along) = (u64::from(at.x), u64::from(at.y), 0);
    let mut half = side / 2;
    while half > 0 {
        let (is_right, is_low) = (x & half > 0, y & half > 0);
        along += half * half * ((3 * u64::from(is_right)) ^ u64::from(is_low));
        if !is_low {
            if is_right {
                (x, y) = (side - 1 - x, side - 1 - y);
            }
            (x, y) = (y, x);
        }
        half /= 2;
    }
    before + along
}

#[cfg(test)]
mod tests;
