//! The two hashes of RFC 6962 §2.1, and trees held whole.

use terms::Hash;

use crate::frontier::Frontier;
use crate::prove::HashReader;

/// The largest tree: 2⁶³ − 1 entries. Go counts them in an int64, and no more can be named to it.
pub const SIZE_MAX: u64 = i64::MAX as u64;

/// The root of a tree without entries: the hash of nothing.
pub const EMPTY_ROOT: Hash = Hash::from_bytes([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// The hash of an entry: `SHA-256(0x00 ‖ entry)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash::of_parts(&[&[0], entry])
}

/// The hash of two subtrees: `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of_parts(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// The root over these leaf hashes.
#[must_use]
pub fn root_of_leaves(leaves: &[Hash]) -> Hash {
    let mut tree = Frontier::new();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

/// A tree held whole, level by level: twice as many hashes as entries. For small trees and for tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryTree {
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    /// The tree over these leaf hashes.
    #[must_use]
    pub fn of(leaves: &[Hash]) -> MemoryTree {
        let mut levels = vec![leaves.to_vec()];
        while let Some(below) = levels.last().filter(|below| below.len() > 1) {
            let level = below.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
            levels.push(level);
        }
        MemoryTree { levels }
    }
}

/// The tree has no such complete subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchNode;

impl HashReader for MemoryTree {
    type Error = NoSuchNode;

    fn node(&self, level: u8, index: u64) -> Result<Hash, NoSuchNode> {
        let index = usize::try_from(index).map_err(|_| NoSuchNode)?;
        self.levels.get(usize::from(level)).and_then(|nodes| nodes.get(index)).copied().ok_or(NoSuchNode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_tree() {
        assert_eq!(EMPTY_ROOT, Hash::of(b""));
        assert_eq!(root_of_leaves(&[]), EMPTY_ROOT);
    }

    /// RFC 6962 §2.1 as it is written, to judge all that is faster.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => EMPTY_ROOT,
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    #[test]
    fn roots_are_those_of_the_definition() {
        let leaves: Vec<Hash> = (0u8..70).map(|n| leaf_hash(&[n])).collect();
        for size in 0..=leaves.len() {
            assert_eq!(root_of_leaves(&leaves[..size]), by_definition(&leaves[..size]), "{size}");
        }
    }
}
