//! The names of a log's files, and the bytes of those that hold hashes.

use std::fmt;

use terms::Hash;

use crate::frontier::Frontier;

/// How many hashes or entries a full tile holds.
pub const TILE_WIDTH: u16 = 256;

/// The highest tile index that a log of [`crate::SIZE_MAX`] entries can have.
const INDEX_MAX: u64 = crate::SIZE_MAX >> 8;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Entries, each after its length.
    Entries,
    /// Hashes at this level, 0 to 63. Level 0: of entries; above: of full tiles of the level below.
    Hashes(u8),
}

/// The name of a tile, relative to the log's folder.
///
/// ```text
/// tile/0/x001/x234/067          level 0, index 1234067, full
/// tile/entries/x001/x234/067.p/8    its entries, while they were eight
/// ```
///
/// Follows C2SP tlog-tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl TilePath {
    /// The tile at `index`, of `width` 1 to 256; nothing if no log can have it.
    #[must_use]
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<TilePath> {
        let level_fits = match kind {
            TileKind::Entries => true,
            TileKind::Hashes(level) => level < 64,
        };
        let good = level_fits && (1..=TILE_WIDTH).contains(&width) && index <= INDEX_MAX;
        good.then_some(TilePath { kind, index, width })
    }

    /// The tile at `index` as it is in a log of `size` entries, if that has one.
    #[must_use]
    pub fn in_log(kind: TileKind, index: u64, size: u64) -> Option<TilePath> {
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = items(kind, size).checked_sub(before)?.min(u64::from(TILE_WIDTH));
        TilePath::new(kind, index, u16::try_from(width).ok()?)
    }

    /// Reads a path; only the one spelling that [`TilePath`] prints.
    #[must_use]
    pub fn parse(path: &str) -> Option<TilePath> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(level.parse().ok()?),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok().filter(|width| *width < TILE_WIDTH)?),
            None => (rest, TILE_WIDTH),
        };
        let index = index.split('/').try_fold(0u64, |sum, group| {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let three = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
            sum.checked_mul(1000)?.checked_add(digits.parse().ok().filter(|_| three)?)
        })?;
        let read = TilePath::new(kind, index, width)?;
        // Where an `x` stands, leading zeros and groups of zeros: printing decides.
        (read.to_string() == path).then_some(read)
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Which of its kind, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries: 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether it is full: such a tile never changes.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The same tile, full.
    #[must_use]
    pub const fn full(&self) -> TilePath {
        TilePath { kind: self.kind, index: self.index, width: TILE_WIDTH }
    }
}

/// How many hashes or entries of a kind a log of `size` entries has.
fn items(kind: TileKind, size: u64) -> u64 {
    match kind {
        TileKind::Entries => size,
        TileKind::Hashes(level) => size.checked_shr(8 * u32::from(level)).unwrap_or(0),
    }
}

/// The tiles that a log has at `new` entries and had not at `old`: full ones, and those that are
/// partial at `new`. Entries first, then level by level. From 0: all tiles of the log.
pub fn changed(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    let levels = (0..8).map(TileKind::Hashes);
    std::iter::once(TileKind::Entries).chain(levels).flat_map(move |kind| {
        let (had, has) = (items(kind, old), items(kind, new));
        let first = had / u64::from(TILE_WIDTH);
        let end = if had < has { has.div_ceil(u64::from(TILE_WIDTH)) } else { first };
        (first..end).filter_map(move |index| TilePath::in_log(kind, index, new))
    })
}

/// The bytes of a tile of hashes: one after the other.
#[must_use]
pub fn to_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// Reads the bytes of a tile of hashes; nothing if they are not `width` hashes.
#[must_use]
pub fn from_bytes(bytes: &[u8], width: u16) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    let good = rest.is_empty() && hashes.len() == usize::from(width);
    good.then(|| hashes.iter().map(|hash| Hash::from_bytes(*hash)).collect())
}

/// The root over a tile's hashes: for a full tile, one hash of the tile at the level above.
#[must_use]
pub fn root(hashes: &[Hash]) -> Hash {
    let mut tree = Frontier::new();
    tree.extend(hashes.iter().copied());
    tree.root()
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries/")?,
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        f.write_str(&groups.join("/"))?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (kind, index, width, path) in [
            (TileKind::Hashes(0), 0, 256, "tile/0/000"),
            (TileKind::Hashes(0), 1_234_067, 256, "tile/0/x001/x234/067"),
            (TileKind::Hashes(63), 999, 1, "tile/63/999.p/1"),
            (TileKind::Entries, 1000, 255, "tile/entries/x001/000.p/255"),
        ] {
            let tile = TilePath::new(kind, index, width);
            assert_eq!(tile.map(|tile| tile.to_string()).as_deref(), Some(path));
            assert_eq!(TilePath::parse(path), tile);
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for path in [
            "",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/00/000",
            "tile/64/000",
            "tile/+1/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001/x000",
            "tile/0/+01",
            "tile/0/000.p/0",
            "tile/0/000.p/00",
            "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/0/000.p/+1",
            "tile/0/000.p/",
            "tile/0/000.p/1/",
            "tile/0/000.p/1.p/1",
            "tile/data/000",
            "tile/entries/../000",
            "tile/0/x018/x446/x744/x073/x709/x551/615",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(TilePath::parse(path), None, "{path}");
        }
    }

    fn all(size: u64) -> Vec<String> {
        changed(0, size).map(|tile| tile.to_string()).collect()
    }

    #[test]
    fn tiles_of_a_log() {
        assert_eq!(all(0), [""; 0]);
        assert_eq!(all(1), ["tile/entries/000.p/1", "tile/0/000.p/1"]);
        assert_eq!(all(256), ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
        // The specification's own example: 273 full level 0 tiles, one partial of 112, one full level 1
        // tile, one partial of 17, one partial level 2 tile of 1; and as many bundles as level 0 tiles.
        let tiles = all(70_000);
        assert_eq!(tiles.len(), 274 + 274 + 2 + 1);
        for path in ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"] {
            assert!(tiles.iter().any(|tile| tile == path), "{path}");
        }
    }

    #[test]
    fn what_changes() {
        let change = |old, new| changed(old, new).map(|tile| tile.to_string()).collect::<Vec<_>>();
        assert_eq!(change(5, 5), [""; 0]);
        assert_eq!(change(6, 5), [""; 0]);
        assert_eq!(change(255, 256), ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(change(256, 257), ["tile/entries/001.p/1", "tile/0/001.p/1"]);
        assert_eq!(
            change(200, 513),
            [
                "tile/entries/000",
                "tile/entries/001",
                "tile/entries/002.p/1",
                "tile/0/000",
                "tile/0/001",
                "tile/0/002.p/1",
                "tile/1/000.p/2",
            ]
        );
        assert_eq!(changed(u64::MAX - 1, u64::MAX).count(), 0);
    }

    #[test]
    fn bytes_of_hashes() {
        let hashes = [Hash::of(b"a"), Hash::of(b"b")];
        let bytes = to_bytes(&hashes);
        assert_eq!(from_bytes(&bytes, 2).as_deref(), Some(&hashes[..]));
        assert_eq!(from_bytes(&bytes, 1), None);
        assert_eq!(from_bytes(&bytes[1..], 2), None);
        assert_eq!(root(&hashes), crate::node_hash(&hashes[0], &hashes[1]));
    }

    proptest::proptest! {
        #[test]
        fn path_and_back(level in 0u8..64, index in 0..=INDEX_MAX, width in 1u16..=256, entries: bool) {
            let kind = if entries { TileKind::Entries } else { TileKind::Hashes(level) };
            let tile = TilePath::new(kind, index, width);
            proptest::prop_assert!(tile.is_some());
            proptest::prop_assert_eq!(TilePath::parse(&tile.expect("some").to_string()), tile);
        }

        #[test]
        fn no_path_makes_it_panic(path in "tile/([0-9]{1,3}|entries)/[x0-9/.p]{0,20}") {
            if let Some(tile) = TilePath::parse(&path) {
                proptest::prop_assert_eq!(tile.to_string(), path);
            }
        }
    }
}
