//! A sorted map in pages: a copy shares each page with the one it was copied from, until one of them changes it. A register
//! holds a million matters, and what is not final yet is replayed on a copy.

use std::collections::BTreeMap;
use std::ops::RangeBounds;
use std::sync::Arc;

use terms::{ActId, Hash, Item};

use super::matter::MatterKey;

/// A key that says on which page it stands. What sorts later stands on no earlier page.
pub trait Leafed: Ord {
    /// The number of its page.
    fn page(&self) -> u32;
}

/// The entries whose matters stand on one page.
const ENTRIES_A_PAGE: u64 = 256;

impl Leafed for MatterKey {
    fn page(&self) -> u32 {
        u32::try_from(self.index / ENTRIES_A_PAGE).unwrap_or(u32::MAX)
    }
}

/// By its first twelve bits.
impl Leafed for Hash {
    fn page(&self) -> u32 {
        let [first, second, ..] = *self.as_bytes();
        u32::from(u16::from_be_bytes([first, second]) >> 4)
    }
}

impl Leafed for ActId {
    fn page(&self) -> u32 {
        self.0.page()
    }
}

impl Leafed for Item {
    fn page(&self) -> u32 {
        self.act.page()
    }
}

/// The map.
#[derive(Clone, Debug)]
pub struct Paged<K, V> {
    pages: BTreeMap<u32, Page<K, V>>,
    len: usize,
}

/// What stands on a page of two maps.
pub(super) type Both<'m, K, V> = (&'m [(K, V)], &'m [(K, V)]);

/// Pairs in the order of their keys.
type Page<K, V> = Arc<Vec<(K, V)>>;

impl<K, V> Default for Paged<K, V> {
    fn default() -> Paged<K, V> {
        Paged::new()
    }
}

impl<K, V> Paged<K, V> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Paged<K, V> {
        Paged { pages: BTreeMap::new(), len: 0 }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of them, in the order of their keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.pages.values().flat_map(|page| page.iter()).map(|(key, value)| (key, value))
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }
}

impl<K: Leafed, V> Paged<K, V> {
    /// What stands under a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        let page = self.pages.get(&key.page())?;
        place(page, key).ok().map(|at| &page[at].1)
    }

    /// Whether anything stands under a key.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// What stands on a page, in both that it is on and not shared.
    pub(super) fn pages_beside<'m>(&'m self, other: &'m Paged<K, V>) -> impl Iterator<Item = Both<'m, K, V>> {
        let numbers =
            self.pages.keys().chain(other.pages.keys().filter(|page| !self.pages.contains_key(page)));
        let of = |map: &'m Paged<K, V>, page| map.pages.get(page).map_or(&[][..], |page| page.as_slice());
        let is_shared = |page| match (self.pages.get(page), other.pages.get(page)) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            _ => false,
        };
        numbers.filter(move |page| !is_shared(page)).map(move |page| (of(self, page), of(other, page)))
    }
}

impl<K: Leafed + Clone, V: Clone> Paged<K, V> {
    /// Puts a value under a key. Gives the one that stood there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let page = Arc::make_mut(self.pages.entry(key.page()).or_default());
        match place(page, &key) {
            Ok(at) => Some(std::mem::replace(&mut page[at].1, value)),
            Err(at) => {
                // Room for few more than there are: most pages fill up and stay.
                if page.len() == page.capacity() {
                    page.reserve_exact(page.len() / 4 + 1);
                }
                page.insert(at, (key, value));
                self.len += 1;
                None
            }
        }
    }

    /// What stands under a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let page = self.pages.get_mut(&key.page())?;
        let at = place(page, key).ok()?;
        Some(&mut Arc::make_mut(page)[at].1)
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let number = key.page();
        let page = self.pages.get_mut(&number)?;
        let at = place(page, key).ok()?;
        let (_, value) = Arc::make_mut(page).remove(at);
        if page.is_empty() {
            self.pages.remove(&number);
        }
        self.len -= 1;
        Some(value)
    }

    /// The keys of a stretch.
    pub fn keys_in(&self, range: &impl RangeBounds<K>) -> Vec<K> {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let from = match range.start_bound() {
            Included(key) | Excluded(key) => Included(key.page()),
            Unbounded => Unbounded,
        };
        let to = match range.end_bound() {
            Included(key) | Excluded(key) => Included(key.page()),
            Unbounded => Unbounded,
        };
        let pages = self.pages.range((from, to)).flat_map(|(_, page)| page.iter());
        pages.map(|(key, _)| key).filter(|key| range.contains(key)).cloned().collect()
    }
}

fn place<K: Ord, V>(page: &[(K, V)], key: &K) -> Result<usize, usize> {
    page.binary_search_by(|(known, _)| known.cmp(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(index: u64, number: u32) -> MatterKey {
        MatterKey { index, number }
    }

    proptest::proptest! {
        #[test]
        fn it_is_a_map(steps in proptest::collection::vec((0_u64..1000, 0_u32..2, 0_u8..4, 0_u8..9), 0..120)) {
            let (mut paged, mut map) = (Paged::new(), BTreeMap::new());
            let mut copies = Vec::new();
            for (index, number, what, value) in steps {
                let key = key(index, number);
                match what {
                    0 => proptest::prop_assert_eq!(paged.remove(&key), map.remove(&key)),
                    1 => proptest::prop_assert_eq!(paged.get_mut(&key), map.get_mut(&key)),
                    2 => copies.push((paged.clone(), map.clone())),
                    _ => proptest::prop_assert_eq!(paged.insert(key, value), map.insert(key, value)),
                }
                proptest::prop_assert!(paged.iter().eq(map.iter()));
                proptest::prop_assert!(paged.iter().rev().eq(map.iter().rev()));
                proptest::prop_assert_eq!(paged.len(), map.len());
                let range = MatterKey::opened(index / 2)..=key;
                proptest::prop_assert!(paged.keys_in(&range).iter().eq(map.range(range).map(|(key, _)| key)));
            }
            for (paged, map) in copies {
                proptest::prop_assert!(paged.iter().eq(map.iter()), "a copy changes alone");
            }
        }
    }
}
