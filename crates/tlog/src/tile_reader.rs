//! A tree read from its tiles.

use std::fmt;

use terms::Hash;

use crate::prove::HashReader;
use crate::tile::{self, TILE_WIDTH, TileKind, TilePath};

/// A log of some size, whose tiles come from `fetch`.
///
/// Tiles are taken as they are. A proof made of wrong ones does not verify; to know that they are
/// right, compare [`crate::root_of`] with a checkpoint, or rebuild them (see [`crate::Edge`]).
pub struct TileReader<F> {
    size: u64,
    fetch: F,
}

/// Why a hash can't be read from tiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileReadError<E> {
    /// The log is smaller.
    OutOfRange,
    /// The tile can't be fetched.
    Fetch(E),
    /// The tile has not the length that its name says.
    Length(TilePath),
}

impl<E, F: Fn(&TilePath) -> Result<Vec<u8>, E>> TileReader<F> {
    /// A log of `size` entries. `fetch` may give the full tile where a partial one is asked for.
    pub fn new(size: u64, fetch: F) -> TileReader<F> {
        TileReader { size, fetch }
    }

    /// How many entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of one tile.
    ///
    /// # Errors
    /// If it can't be fetched, or has another length.
    pub fn hashes(&self, path: &TilePath) -> Result<Vec<Hash>, TileReadError<E>> {
        let bytes = (self.fetch)(path).map_err(TileReadError::Fetch)?;
        let exact = tile::from_bytes(&bytes, path.width());
        let cut = || {
            let mut hashes = tile::from_bytes(&bytes, TILE_WIDTH)?;
            hashes.truncate(usize::from(path.width()));
            Some(hashes)
        };
        exact.or_else(cut).ok_or(TileReadError::Length(*path))
    }
}

impl<E, F: Fn(&TilePath) -> Result<Vec<u8>, E>> HashReader for TileReader<F> {
    type Error = TileReadError<E>;

    fn node(&self, level: u8, index: u64) -> Result<Hash, TileReadError<E>> {
        let (tile_level, height) = (level / 8, level % 8);
        // The node is the root over 2^height hashes of one tile.
        let per_tile = u64::from(TILE_WIDTH) >> height;
        let kind = TileKind::Hashes(tile_level);
        let path = TilePath::in_log(kind, index / per_tile, self.size).ok_or(TileReadError::OutOfRange)?;
        let hashes = self.hashes(&path)?;
        // Both are below 256.
        let from = ((index % per_tile) << height) as usize;
        let to = from + (1 << height);
        hashes.get(from..to).map(tile::root).ok_or(TileReadError::OutOfRange)
    }
}

impl<E: fmt::Display> fmt::Display for TileReadError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TileReadError::OutOfRange => f.write_str("the log has no such hash"),
            TileReadError::Fetch(error) => error.fmt(f),
            TileReadError::Length(path) => write!(f, "{path} has not the length that its name says"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for TileReadError<E> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::edge::Edge;
    use crate::prove::{ProveError, consistency_proof, inclusion_proof, root_of};
    use crate::tree::{MemoryTree, leaf_hash};

    #[test]
    fn tiles_and_memory_give_the_same_proofs() {
        for size in [0u64, 1, 2, 255, 256, 257, 1000, 66_000] {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let (mut edge, mut files) = (Edge::new(), BTreeMap::new());
            for leaf in &leaves {
                files.extend(edge.push(*leaf));
            }
            files.extend(edge.partial());
            let tiles = TileReader::new(size, |path| files.get(path).cloned().ok_or(*path));
            let memory = MemoryTree::of(&leaves);
            assert_eq!(root_of(&tiles, size), Ok(edge.root()));
            for index in (0..size).step_by(1 + size as usize / 40) {
                let expected = inclusion_proof(&memory, index, size).expect("a proof");
                assert_eq!(inclusion_proof(&tiles, index, size), Ok(expected));
                let expected = consistency_proof(&memory, index, size).expect("a proof");
                assert_eq!(consistency_proof(&tiles, index, size), Ok(expected));
            }
            let beyond = inclusion_proof(&tiles, size, size + 1);
            assert!(
                size == 0 || beyond.is_ok() || beyond == Err(ProveError::Read(TileReadError::OutOfRange))
            );
        }
    }

    #[test]
    fn wrong_lengths_are_errors() {
        let tiles = TileReader::new(3, |_| Ok::<_, ()>(vec![0; 32]));
        assert!(matches!(tiles.node(0, 0), Err(TileReadError::Length(_))));
        let tiles = TileReader::new(3, |_| Ok::<_, ()>(vec![0; 96]));
        assert_eq!(tiles.node(0, 2), Ok(Hash::ZERO));
        assert_eq!(tiles.node(0, 3), Err(TileReadError::OutOfRange));
        assert_eq!(tiles.node(255, u64::MAX), Err(TileReadError::OutOfRange));
        let none = TileReader::new(0, |_| Ok::<_, ()>(Vec::new()));
        assert_eq!(none.node(0, 0), Err(TileReadError::OutOfRange));
    }
}
