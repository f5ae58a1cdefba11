//! Whether a proof holds. Both walks are RFC 9162's (§2.1.3.2, §2.1.4.2), which verify the proofs of
//! RFC 6962.

use std::fmt;

use terms::Hash;

use crate::tree::{EMPTY_ROOT, node_hash};

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofFault {
    /// The entry's index is not below the size, or the old size is above the new one.
    OutOfRange,
    /// The old tree is empty: every tree begins with it, so there is nothing to prove.
    FromEmpty,
    /// Not as many hashes as a proof between these has.
    Length,
    /// It leads to another root than the one that was signed.
    Root,
    /// It leads to another old root than the one that was seen before.
    OldRoot,
}

/// A step of an inclusion proof, upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rise {
    /// The hash beside it, as the proof has it.
    pub sibling: Hash,
    /// Whether that stands on the left: earlier entries.
    pub is_left: bool,
    /// What the two come to.
    pub node: Hash,
}

/// Whether `leaf` stands at `index` in the tree of `size` entries with this `root`.
///
/// # Errors
/// Why the proof does not show it.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofFault> {
    let end = rise(leaf, index, size, proof, &mut |_| ())?;
    if end == *root { Ok(()) } else { Err(ProofFault::Root) }
}

/// The steps from `leaf` at `index` up to a root of `size` entries, whichever that is: the last one's node, or the leaf.
///
/// # Errors
/// It is no proof for this place in a tree of this size.
pub fn climb(leaf: &Hash, index: u64, size: u64, proof: &[Hash]) -> Result<Vec<Rise>, ProofFault> {
    let mut steps = Vec::with_capacity(proof.len());
    rise(leaf, index, size, proof, &mut |step| steps.push(step))?;
    Ok(steps)
}

/// Goes up, tells each step, and gives the root that they lead to.
fn rise(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    tell: &mut dyn FnMut(Rise),
) -> Result<Hash, ProofFault> {
    if index >= size {
        return Err(ProofFault::OutOfRange);
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofFault::Length);
        }
        let is_left = place & 1 == 1 || place == last;
        if is_left {
            hash = node_hash(sibling, &hash);
            // A last node without a right sibling rises unchanged to the level where it has a left one.
            let levels = place.trailing_zeros();
            place = place.checked_shr(levels).unwrap_or(0);
            last = last.checked_shr(levels).unwrap_or(0);
        } else {
            hash = node_hash(&hash, sibling);
        }
        tell(Rise { sibling: *sibling, is_left, node: hash });
        place >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok(hash) } else { Err(ProofFault::Length) }
}

/// Whether the tree of `old` entries is the beginning of the tree of `new`.
///
/// Between equal sizes the proof is empty, and the roots must be equal. From an empty tree to a larger
/// one nothing can be shown: whoever has seen nothing so far asks nothing (see [`crate::witness`]).
///
/// # Errors
/// Why the proof does not show it.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofFault> {
    if old > new {
        return Err(ProofFault::OutOfRange);
    }
    if old == new {
        return match proof {
            [] if old == 0 && *old_root != EMPTY_ROOT => Err(ProofFault::OldRoot),
            [] if old_root != new_root => Err(ProofFault::Root),
            [] => Ok(()),
            _ => Err(ProofFault::Length),
        };
    }
    if old == 0 {
        return Err(ProofFault::FromEmpty);
    }

    let rise = (old - 1).trailing_ones();
    let (mut node, mut last) = ((old - 1) >> rise, (new - 1) >> rise);
    // An old tree that is one complete subtree is not in the proof: its root is the one known.
    let (start, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofFault::Length)?
    };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in rest {
        if last == 0 {
            return Err(ProofFault::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            let rise = node.trailing_zeros();
            node = node.checked_shr(rise).unwrap_or(0);
            last = last.checked_shr(rise).unwrap_or(0);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofFault::Length);
    }
    if old_hash != *old_root {
        return Err(ProofFault::OldRoot);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofFault::Root) }
}

impl fmt::Display for ProofFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProofFault::OutOfRange => "the proof is about an entry or a size that the log has not",
            ProofFault::FromEmpty => "a proof from an empty log shows nothing",
            ProofFault::Length => "the proof has too few or too many hashes",
            ProofFault::Root => "the proof leads to another root",
            ProofFault::OldRoot => "the proof leads to another old root",
        })
    }
}

impl std::error::Error for ProofFault {}
