//! A growing log's right edge: entries go in, tiles come out.

use terms::Hash;

use crate::frontier::Frontier;
use crate::tile::{self, TILE_WIDTH, TileKind, TilePath};
use crate::tree::SIZE_MAX;

/// The partial tiles of a log: all that is needed to append to it, at most 255 hashes a level.
///
/// It is a builder for any number of entries at once: push leaf hashes, write the full tiles as they
/// come out, and the partial ones when there is to be a checkpoint. An auditor does the same, and
/// compares instead of writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// By level, from 0; each shorter than a full tile.
    levels: Vec<Vec<Hash>>,
}

/// Why a log's edge can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeError<E> {
    /// No log is as large as that: see [`SIZE_MAX`].
    Size,
    /// A tile can't be read.
    Read(E),
    /// A tile has not the length that its name says.
    Length(TilePath),
}

impl Edge {
    /// The edge of a log without entries.
    #[must_use]
    pub fn new() -> Edge {
        Edge::default()
    }

    /// The edge of a log of `size` entries, of its partial tiles of hashes. Compare [`Edge::root`] with
    /// the checkpoint's before trusting it.
    ///
    /// # Errors
    /// If `read` fails, or gives bytes of another length; or the size is above [`SIZE_MAX`].
    pub fn load<E>(
        size: u64,
        mut read: impl FnMut(&TilePath) -> Result<Vec<u8>, E>,
    ) -> Result<Edge, EdgeError<E>> {
        if size > SIZE_MAX {
            return Err(EdgeError::Size);
        }
        let mut levels = Vec::new();
        for level in (0u8..8).take_while(|level| size >> (8 * u32::from(*level)) > 0) {
            let count = size >> (8 * u32::from(level));
            let mut hashes = Vec::new();
            let path = TilePath::in_log(TileKind::Hashes(level), count / u64::from(TILE_WIDTH), size);
            if let Some(path) = path {
                let bytes = read(&path).map_err(EdgeError::Read)?;
                hashes = tile::from_bytes(&bytes, path.width()).ok_or(EdgeError::Length(path))?;
            }
            levels.push(hashes);
        }
        Ok(Edge { size, levels })
    }

    /// Appends a leaf hash. The tiles that this fills, lowest first, with their bytes; usually none.
    pub fn push(&mut self, leaf: Hash) -> Vec<(TilePath, Vec<u8>)> {
        let mut filled = Vec::new();
        let mut hash = leaf;
        self.size += 1;
        for level in 0.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(hash);
            if hashes.len() < usize::from(TILE_WIDTH) {
                break;
            }
            let full = std::mem::take(hashes);
            hash = tile::root(&full);
            let index = (self.size >> (8 * u32::from(level) + 8)) - 1;
            if let Some(path) = TilePath::new(TileKind::Hashes(level), index, TILE_WIDTH) {
                filled.push((path, tile::to_bytes(&full)));
            }
        }
        filled
    }

    /// The partial tiles of hashes as they are now, lowest first, with their bytes.
    #[must_use]
    pub fn partial(&self) -> Vec<(TilePath, Vec<u8>)> {
        let tiles = (0u8..).zip(&self.levels).filter_map(|(level, hashes)| {
            let index = self.size >> (8 * u32::from(level)) >> 8;
            let path = TilePath::new(TileKind::Hashes(level), index, u16::try_from(hashes.len()).ok()?)?;
            Some((path, tile::to_bytes(hashes)))
        });
        tiles.collect()
    }

    /// How many entries.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.frontier().root()
    }

    /// The same tree as complete subtrees: those of the highest tile are the largest.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        let mut subtrees = Vec::new();
        for hashes in self.levels.iter().rev() {
            let mut tree = Frontier::new();
            tree.extend(hashes.iter().copied());
            subtrees.extend_from_slice(tree.subtrees());
        }
        Frontier::from_parts(self.size, subtrees).expect("a level's width is a digit of the size to base 256")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::tree::leaf_hash;

    #[test]
    fn edge_and_frontier_agree_and_edges_load() {
        let mut edge = Edge::new();
        let mut frontier = Frontier::new();
        let mut files = BTreeMap::new();
        for n in 0u64..66_000 {
            let leaf = leaf_hash(&n.to_be_bytes());
            frontier.push(leaf);
            files.extend(edge.push(leaf));
            if n % 997 == 0 || (n + 1) % 256 == 0 || n > 65_990 {
                assert_eq!(edge.root(), frontier.root(), "{n}");
                let mut all = files.clone();
                all.extend(edge.partial());
                let names: Vec<TilePath> = all.keys().copied().collect();
                let mut expected: Vec<TilePath> =
                    tile::changed(0, n + 1).filter(|tile| tile.kind() != TileKind::Entries).collect();
                expected.sort();
                assert_eq!(names, expected);
                let loaded = Edge::load(n + 1, |path| all.get(path).cloned().ok_or(*path));
                assert_eq!(loaded.as_ref().map(Edge::root), Ok(edge.root()));
            }
        }
    }

    #[test]
    fn an_edge_that_does_not_load() {
        let missing = Edge::load(1, |path| Err::<Vec<u8>, _>(path.to_string()));
        assert_eq!(missing, Err(EdgeError::Read("tile/0/000.p/1".to_owned())));
        let short = Edge::load(2, |_| Ok::<_, ()>(vec![0; 32]));
        assert!(matches!(short, Err(EdgeError::Length(_))));
        assert_eq!(Edge::load(0, |_| Err(())), Ok(Edge::new()));
        assert_eq!(Edge::new().root(), crate::EMPTY_ROOT);
        assert_eq!(Edge::load(SIZE_MAX + 1, |_| Err(())), Err(EdgeError::Size));
        let zeros = Edge::load(SIZE_MAX, |path| Ok::<_, ()>(vec![0; 32 * usize::from(path.width())]));
        assert_eq!(zeros.map(|edge| edge.frontier().subtrees().len()), Ok(63));
    }
}
