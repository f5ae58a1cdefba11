//! A tree over very many lines, in memory only as far as some of them are to be proved.

use std::collections::BTreeMap;

use terms::Hash;
use tlog::tree::NoSuchNode;
use tlog::{HashReader, MemoryTree};

/// So many levels lie in a block.
const LEVELS: u8 = 6;

/// So many lines.
const BLOCK: usize = 1 << LEVELS;

/// The leaves that came, of which most are known only by the root over their block.
#[derive(Default)]
pub(super) struct Growing {
    roots: Vec<Hash>,
    blocks: BTreeMap<u64, MemoryTree>,
    block: Vec<Hash>,
    is_wanted: bool,
}

impl Growing {
    /// Takes in the next leaf, which is to be proved or not.
    pub(super) fn push(&mut self, leaf: Hash, is_wanted: bool) {
        self.block.push(leaf);
        self.is_wanted |= is_wanted;
        if self.block.len() == BLOCK {
            if self.is_wanted {
                self.blocks.insert(self.roots.len() as u64, MemoryTree::of(&self.block));
            }
            self.roots.push(tlog::root_of_leaves(&self.block));
            self.block.clear();
            self.is_wanted = false;
        }
    }

    /// The tree over all of them.
    pub(super) fn whole(mut self) -> Sparse {
        self.blocks.insert(self.roots.len() as u64, MemoryTree::of(&self.block));
        Sparse { above: MemoryTree::of(&self.roots), blocks: self.blocks }
    }
}

/// Such a tree: what is needed for proofs of those leaves is there.
pub(super) struct Sparse {
    above: MemoryTree,
    blocks: BTreeMap<u64, MemoryTree>,
}

impl HashReader for Sparse {
    type Error = NoSuchNode;

    fn node(&self, level: u8, index: u64) -> Result<Hash, NoSuchNode> {
        if let Some(level) = level.checked_sub(LEVELS) {
            return self.above.node(level, index);
        }
        let beside = LEVELS - level;
        let block = self.blocks.get(&(index >> beside)).ok_or(NoSuchNode)?;
        block.node(level, index & ((1 << beside) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_proved_as_if_all_were_there() {
        let leaves: Vec<Hash> = (0..700_u32).map(|n| Hash::of(&n.to_le_bytes())).collect();
        for size in [1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 5 * BLOCK + 3, 700] {
            let whole = MemoryTree::of(&leaves[..size]);
            let wanted = |place: usize| place % 89 == 3 || place + 1 == size;
            let mut growing = Growing::default();
            for (place, leaf) in leaves[..size].iter().enumerate() {
                growing.push(*leaf, wanted(place));
            }
            let sparse = growing.whole();
            for place in (0..size).filter(|place| wanted(*place)) {
                let (place, size) = (place as u64, size as u64);
                let proof = tlog::inclusion_proof(&sparse, place, size);
                assert!(
                    proof.is_ok() && proof == tlog::inclusion_proof(&whole, place, size),
                    "{place}/{size}"
                );
            }
            assert!(sparse.blocks.len() < size / BLOCK + 2);
        }
    }
}
