//! The files of a log against what its entries say they must be.

use std::collections::BTreeMap;

use terms::Hash;
use tlog::tile::TILE_WIDTH;
use tlog::{Checkpoint, Edge, TileKind, TilePath};

use crate::report::Report;
use crate::source::Source;

/// The largest tile of hashes: 256 of 32 bytes.
const HASH_TILE_BYTES_MAX: u64 = 256 * 32;

/// The largest bundle: 256 entries with their lengths.
pub(crate) const BUNDLE_BYTES_MAX: u64 = 256 * (65_535 + 2);

/// The tiles that a folder has, by kind and index, with the widths at hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    tiles: BTreeMap<(TileKind, u64), Vec<u16>>,
}

impl Shelf {
    pub(crate) fn add(&mut self, tile: TilePath) {
        self.tiles.entry((tile.kind(), tile.index())).or_default().push(tile.width());
    }

    /// How many entries the bundles hold, as their names say: full ones without a gap, and the widest
    /// partial one after them.
    pub(crate) fn entries(&self) -> u64 {
        let mut index = 0;
        loop {
            let widest = self.tiles.get(&(TileKind::Entries, index)).and_then(|widths| widths.iter().max());
            match widest {
                Some(&TILE_WIDTH) => index += 1,
                Some(&width) => return index * u64::from(TILE_WIDTH) + u64::from(width),
                None => return index * u64::from(TILE_WIDTH),
            }
        }
    }

    /// The widest file of a bundle.
    pub(crate) fn bundle(&self, index: u64) -> Option<TilePath> {
        let width = *self.tiles.get(&(TileKind::Entries, index))?.iter().max()?;
        TilePath::new(TileKind::Entries, index, width)
    }

    /// The bundle that should hold the entry at `size`, in a log of `wanted`: the first that is missing.
    pub(crate) fn first_missing(size: u64, wanted: u64) -> Option<TilePath> {
        TilePath::in_log(TileKind::Entries, size / u64::from(TILE_WIDTH), wanted)
    }

    /// Compares every file of one tile with what it must be, and takes it off the shelf. `bytes` is the
    /// tile as wide as the log makes it; an older, narrower file is a beginning of it. Gives whether the one
    /// of that width is there and the same.
    fn compare(&mut self, tile: TilePath, bytes: &[u8], source: &dyn Source, report: &mut Report) -> bool {
        let mut same = false;
        let widths = self.tiles.remove(&(tile.kind(), tile.index())).unwrap_or_default();
        if !widths.contains(&tile.width()) {
            report.wrong("audit::tile_missing", &path(&tile), None, "this tile of the log is missing");
        }
        for width in widths {
            let Some(found) = TilePath::new(tile.kind(), tile.index(), width) else { continue };
            let Some(expected) = beginning(&tile, bytes, width) else {
                report.wrong(
                    "audit::tile_too_wide",
                    &path(&found),
                    None,
                    "the tile holds more than the log has",
                );
                continue;
            };
            report.counts.tiles += 1;
            if found == tile && tile.kind() == TileKind::Entries {
                // The bytes are those of this very file.
                same = true;
                continue;
            }
            let limit = match tile.kind() {
                TileKind::Entries => BUNDLE_BYTES_MAX,
                TileKind::Hashes(_) => HASH_TILE_BYTES_MAX,
            };
            match source.read(&path(&found), limit) {
                Ok(Some(read)) if read == expected => same |= found == tile,
                Ok(_) => report.wrong(
                    "audit::tile_differs",
                    &path(&found),
                    Some(first_entry(&found)),
                    "the tile is not what the log's entries make it",
                ),
                Err(error) => report.unread(source, "audit::unreadable", &path(&found), None, error),
            }
        }
        same
    }

    /// Files of tiles that the log does not have.
    fn leftovers(&mut self, report: &mut Report) {
        for ((kind, index), widths) in std::mem::take(&mut self.tiles) {
            for tile in widths.into_iter().filter_map(|width| TilePath::new(kind, index, width)) {
                report.wrong("audit::tile_beyond", &path(&tile), None, "the log has no such tile");
            }
        }
    }
}

/// Every tile at hand against the entries, bundle by bundle while they are passed over. If the entries
/// do not give the root that was signed, it is the bundles that are wrong whose hashes say otherwise.
pub(crate) struct Comparison<'a> {
    all: &'a Shelf,
    /// What was not compared yet.
    shelf: Shelf,
    signed: Option<&'a Checkpoint>,
    edge: Edge,
    found: Report,
    /// Bundles whose hashes are not those of their tile, with their first entry.
    suspects: Vec<(TilePath, u64)>,
    last: Option<(TilePath, u64)>,
    /// Whether the entries give the root that was signed.
    right: bool,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(all: &'a Shelf, signed: Option<&'a Checkpoint>) -> Comparison<'a> {
        Comparison {
            all,
            shelf: all.clone(),
            signed,
            edge: Edge::new(),
            found: Report::default(),
            suspects: Vec::new(),
            last: None,
            right: signed.is_none(),
        }
    }

    /// The next entry.
    pub(crate) fn enter(&mut self, leaf: Hash, source: &dyn Source) {
        for (tile, bytes) in self.edge.push(leaf) {
            let same = self.shelf.compare(tile, &bytes, source, &mut self.found);
            if !same && tile.kind() == TileKind::Hashes(0) {
                self.suspects.extend(self.last);
            }
        }
        let at = self.signed.filter(|signed| signed.size == self.edge.size());
        self.right |= at.is_some_and(|signed| signed.root == self.edge.root());
    }

    /// The bundle whose entries come next.
    pub(crate) fn begin(&mut self, path: TilePath, bytes: &[u8], source: &dyn Source) {
        let begun = self.last.is_some_and(|(last, _)| last == path);
        if !begun {
            self.last = Some((path, self.edge.size()));
            self.shelf.compare(path, bytes, source, &mut self.found);
        }
    }

    /// The same of what was not passed over, and what is left then. `whole`: every bundle can be read.
    pub(crate) fn finish(mut self, source: &dyn Source, mut whole: bool, report: &mut Report) {
        // Where nothing can be replayed, nothing was passed over.
        let size = self.all.entries();
        while self.edge.size() < size {
            let index = self.edge.size();
            let Some(path) = self.all.bundle(index / u64::from(TILE_WIDTH)) else { break };
            let file = self::path(&path);
            let Ok(Some(bytes)) = source.read(&file, BUNDLE_BYTES_MAX) else {
                whole &= source.gives_out(&file).is_ok();
                break;
            };
            let Ok(entries) = tlog::bundle::from_bytes(&bytes, path.width()) else { break };
            self.begin(path, &bytes, source);
            let entered = usize::try_from(index % u64::from(TILE_WIDTH)).unwrap_or_default();
            for entry in entries.into_iter().skip(entered) {
                self.enter(tlog::leaf_hash(entry), source);
            }
        }
        // What follows on a bundle that can't be read can't be compared, and the first wrong is named.
        if whole {
            for (tile, bytes) in self.edge.partial() {
                let same = self.shelf.compare(tile, &bytes, source, &mut self.found);
                if !same && tile.kind() == TileKind::Hashes(0) {
                    self.suspects.extend(self.last);
                }
            }
            self.shelf.leftovers(&mut self.found);
        }
        if !self.right {
            for (path, first) in self.suspects {
                let what = "its entries are not those that the log's hashes are of";
                report.wrong("audit::bundle_differs", &self::path(&path), Some(first), what);
            }
        }
        report.counts.tiles += self.found.counts.tiles;
        report.take(self.found);
    }
}

/// A tile's file in a node's folder.
pub(crate) fn path(tile: &TilePath) -> String {
    format!("register/{tile}")
}

fn first_entry(tile: &TilePath) -> u64 {
    let level = match tile.kind() {
        TileKind::Entries | TileKind::Hashes(0) => 0,
        TileKind::Hashes(level) => u32::from(level),
    };
    tile.index().checked_shl(8 * (level + 1)).unwrap_or(u64::MAX)
}

/// The first `width` items of a tile.
fn beginning(tile: &TilePath, bytes: &[u8], width: u16) -> Option<Vec<u8>> {
    if width > tile.width() {
        return None;
    }
    match tile.kind() {
        TileKind::Hashes(_) => bytes.get(..usize::from(width) * 32).map(<[u8]>::to_vec),
        TileKind::Entries => {
            let mut at = 0_usize;
            for _ in 0..width {
                let length = bytes.get(at..at + 2)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
            }
            bytes.get(..at).map(<[u8]>::to_vec)
        }
    }
}
