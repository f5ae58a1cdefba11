//! A map whose copies share what it holds until one of them changes it. A register holds a million
//! matters, and what is not final yet is replayed on a copy.

use std::collections::{BTreeMap, btree_map};
use std::ops::{Index, RangeBounds};
use std::sync::Arc;

/// A sorted map. A copy costs a pointer for each value.
#[derive(Clone, Debug)]
pub struct Shared<K, V>(BTreeMap<K, Arc<V>>);

impl<K, V> Default for Shared<K, V> {
    fn default() -> Shared<K, V> {
        Shared(BTreeMap::new())
    }
}

impl<K: Ord, V> Shared<K, V> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Shared<K, V> {
        Shared(BTreeMap::new())
    }

    /// What stands under a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key).map(Arc::as_ref)
    }

    /// Whether anything stands under a key.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    /// Puts a value under a key, in place of the one that stood there.
    pub fn insert(&mut self, key: K, value: V) {
        self.0.insert(key, Arc::new(value));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of their keys.
    pub fn iter(&self) -> Iter<'_, K, V> {
        self.into_iter()
    }

    /// The keys under which something else stands than in another map, of which this was a copy or which was a copy of it,
    /// and whether any of that one's are gone. Nothing is compared but where it stands: what was changed to the same counts.
    #[must_use]
    pub fn changed_since(&self, before: &Shared<K, V>) -> (Vec<&K>, bool) {
        let mut old = before.0.iter().peekable();
        let (mut changed, mut lacks) = (Vec::new(), false);
        for (key, value) in &self.0 {
            while old.next_if(|(known, _)| *known < key).is_some() {
                lacks = true;
            }
            let same = old.next_if(|(known, _)| *known == key);
            if !same.is_some_and(|(_, other)| Arc::ptr_eq(value, other)) {
                changed.push(key);
            }
        }
        (changed, lacks || old.next().is_some())
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.values().map(Arc::as_ref)
    }
}

impl<K: Ord, V: Clone> Shared<K, V> {
    /// What stands under a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.0.get_mut(key).map(Arc::make_mut)
    }

    /// A stretch of them, to be changed.
    pub fn range_mut(&mut self, range: impl RangeBounds<K>) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.range_mut(range).map(|(key, value)| (key, Arc::make_mut(value)))
    }
}

impl<K: Ord, V> Index<&K> for Shared<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        &self.0[key]
    }
}

/// Goes through a [`Shared`].
pub type Iter<'a, K, V> =
    std::iter::Map<btree_map::Iter<'a, K, Arc<V>>, fn((&'a K, &'a Arc<V>)) -> (&'a K, &'a V)>;

impl<'a, K: Ord, V> IntoIterator for &'a Shared<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_changes_alone() {
        let mut one: Shared<u8, String> = Shared::new();
        one.insert(1, "a".to_owned());
        one.insert(2, "b".to_owned());
        let mut other = one.clone();
        other.get_mut(&1).expect("it is there").push('!');
        assert_eq!(other.changed_since(&one), (vec![&1], false));
        other.range_mut(2..).for_each(|(_, text)| text.push('?'));
        assert_eq!(one.values().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(other.iter().collect::<Vec<_>>(), [(&1, &"a!".to_owned()), (&2, &"b?".to_owned())]);
        other.insert(3, "c".to_owned());
        assert_eq!(other.changed_since(&one), (vec![&1, &2, &3], false));
        assert_eq!(one.changed_since(&other), (vec![&1, &2], true));
        assert_eq!(one.changed_since(&one.clone()), (vec![], false));
    }
}
