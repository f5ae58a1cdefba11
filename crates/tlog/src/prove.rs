//! Inclusion and consistency proofs, made from any store of complete subtrees.

use std::fmt;

use terms::Hash;

use crate::tree::{EMPTY_ROOT, SIZE_MAX, node_hash};

/// Where the hashes of complete subtrees come from: memory, or a log's tiles.
pub trait HashReader {
    /// Why one can't be read.
    type Error;

    /// The root over entries `index · 2^level` to `(index + 1) · 2^level`, that end not included.
    ///
    /// # Errors
    /// If it can't be read. Only subtrees inside the tree that is asked about are asked for.
    fn node(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

impl<R: HashReader + ?Sized> HashReader for &R {
    type Error = R::Error;

    fn node(&self, level: u8, index: u64) -> Result<Hash, R::Error> {
        (**self).node(level, index)
    }
}

/// Why a proof can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProveError<E> {
    /// There is no such entry, or no such smaller tree.
    OutOfRange,
    /// A hash can't be read.
    Read(E),
}

/// The root of the tree of this size.
///
/// # Errors
/// If a hash can't be read, or the size is above [`SIZE_MAX`].
pub fn root_of<R: HashReader>(reader: &R, size: u64) -> Result<Hash, ProveError<R::Error>> {
    if size > SIZE_MAX {
        return Err(ProveError::OutOfRange);
    }
    if size == 0 { Ok(EMPTY_ROOT) } else { range(reader, 0, size) }
}

/// What has to be hashed with the entry at `index` to give the root of the tree of `size`, from the
/// leaf upwards. RFC 6962 §2.1.1.
///
/// # Errors
/// If there is no such entry, or a hash can't be read.
pub fn inclusion_proof<R: HashReader>(
    reader: &R,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProveError<R::Error>> {
    if index >= size || size > SIZE_MAX {
        return Err(ProveError::OutOfRange);
    }
    let mut proof = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            proof.push(range(reader, middle, to)?);
            to = middle;
        } else {
            proof.push(range(reader, from, middle)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// What shows that the tree of `old` entries is the beginning of the tree of `new`. RFC 6962 §2.1.2.
/// Empty if the sizes are equal or the old tree is.
///
/// # Errors
/// If `old` is larger than `new`, or a hash can't be read.
pub fn consistency_proof<R: HashReader>(
    reader: &R,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProveError<R::Error>> {
    if old > new || new > SIZE_MAX {
        return Err(ProveError::OutOfRange);
    }
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(proof);
    }
    let (mut from, mut to) = (0, new);
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(range(reader, middle, to)?);
            to = middle;
        } else {
            proof.push(range(reader, from, middle)?);
            from = middle;
        }
    }
    // The old tree itself, unless it is one complete subtree whose root the verifier knows.
    if from > 0 {
        proof.push(range(reader, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two below `width`, which is at least 2.
fn split(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

/// The root over entries `from` to `to`, as it occurs in a larger tree: `from` is a multiple of the
/// smallest power of two that is at least the width. `to` is above `from`.
fn range<R: HashReader>(reader: &R, from: u64, to: u64) -> Result<Hash, ProveError<R::Error>> {
    let mut subtrees = Vec::new();
    let mut at = from;
    while at < to {
        let level = (to - at).ilog2();
        // A level is at most 63.
        subtrees.push(reader.node(level as u8, at >> level).map_err(ProveError::Read)?);
        at += 1 << level;
    }
    let from_the_right = subtrees.into_iter().rev();
    Ok(from_the_right.reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT))
}

impl<E: fmt::Display> fmt::Display for ProveError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProveError::OutOfRange => f.write_str("the log has no such entry or size"),
            ProveError::Read(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for ProveError<E> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryTree, NoSuchNode, leaf_hash, root_of_leaves};
    use crate::verify::{verify_consistency, verify_inclusion};

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    #[test]
    fn every_proof_of_small_trees_verifies() {
        let all = leaves(40);
        let tree = MemoryTree::of(&all);
        for size in 0..=40 {
            let root = root_of(&tree, size).expect("a root");
            assert_eq!(root, root_of_leaves(&all[..size as usize]));
            for index in 0..size {
                let proof = inclusion_proof(&tree, index, size).expect("a proof");
                assert_eq!(verify_inclusion(&all[index as usize], index, size, &proof, &root), Ok(()));
            }
            for old in 1..=size {
                let proof = consistency_proof(&tree, old, size).expect("a proof");
                let before = root_of_leaves(&all[..old as usize]);
                assert_eq!(verify_consistency(old, &before, size, &root, &proof), Ok(()));
            }
        }
    }

    #[test]
    fn nothing_is_proved_of_what_is_not_there() {
        let tree = MemoryTree::of(&leaves(3));
        assert_eq!(inclusion_proof(&tree, 3, 3), Err(ProveError::OutOfRange));
        assert_eq!(inclusion_proof(&tree, 0, 0), Err(ProveError::OutOfRange));
        assert_eq!(inclusion_proof(&tree, 0, u64::MAX), Err(ProveError::OutOfRange));
        assert_eq!(consistency_proof(&tree, 3, 2), Err(ProveError::OutOfRange));
        assert_eq!(inclusion_proof(&tree, 0, 4), Err(ProveError::Read(NoSuchNode)));
        assert_eq!(root_of(&tree, 4), Err(ProveError::Read(NoSuchNode)));
        assert_eq!(root_of(&tree, u64::MAX), Err(ProveError::OutOfRange));
    }
}
