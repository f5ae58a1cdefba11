//! A tree that only grows, held in 64 hashes at most.

use terms::Hash;

use crate::tree::{EMPTY_ROOT, node_hash};

/// The complete subtrees that a tree of some size is made of, largest first: one for each 1 in the
/// binary form of its size.
///
/// ```text
/// size 6 = 0b110      ┌──4──┐   ┌─2─┐
///                     0 1 2 3   4   5
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// The tree without entries.
    #[must_use]
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// A tree of this size, of these subtrees, largest first; nothing if their number is wrong.
    #[must_use]
    pub fn from_parts(size: u64, subtrees: Vec<Hash>) -> Option<Frontier> {
        (size.count_ones() as usize == subtrees.len()).then_some(Frontier { size, subtrees })
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing 1 of the size is a subtree as large as the node that has just grown.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.subtrees.pop() else { break };
            node = node_hash(&left, &node);
        }
        self.subtrees.push(node);
        self.size += 1;
    }

    /// How many entries.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The subtrees, largest first.
    #[must_use]
    pub fn subtrees(&self) -> &[Hash] {
        &self.subtrees
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        let from_the_right = self.subtrees.iter().rev().copied();
        from_the_right.reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT)
    }
}

impl Extend<Hash> for Frontier {
    fn extend<T: IntoIterator<Item = Hash>>(&mut self, leaves: T) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::leaf_hash;

    #[test]
    fn as_many_subtrees_as_ones() {
        let mut tree = Frontier::new();
        for n in 0u8..200 {
            assert_eq!(tree.subtrees().len(), tree.size().count_ones() as usize);
            assert_eq!(Frontier::from_parts(tree.size(), tree.subtrees().to_vec()), Some(tree.clone()));
            assert_eq!(Frontier::from_parts(tree.size() * 2 + 1, tree.subtrees().to_vec()), None);
            tree.push(leaf_hash(&[n]));
        }
    }
}
