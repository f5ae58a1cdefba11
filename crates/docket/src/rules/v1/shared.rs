//! A map whose copies share what it holds until one of them changes it, and whose values lie in an [attic](super::attic),
//! where there is one, once nothing has changed them for a while. A register holds a million matters, and most of them are
//! at rest.

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::ops::{Deref, Index, RangeBounds};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::attic::{Rests, Rooms};
use super::paged::{Leafed, Paged};

/// A sorted map. A copy costs a pointer for each page.
#[derive(Debug)]
pub struct Shared<K, V> {
    all: Paged<K, Slot<V>>,
    /// Those that are in memory, where there is an attic: the first came first.
    here: VecDeque<K>,
    upstairs: Option<Upstairs<K>>,
}

/// Where values rest.
#[derive(Debug)]
struct Upstairs<K> {
    rooms: Arc<Rooms>,
    /// About how many stay in memory.
    keep: usize,
    /// The keys of what was brought back to be read, here or before this was copied: pages are shared, so a copy that lets go
    /// of it does so for itself alone.
    brought: Mutex<Vec<K>>,
}

/// What stands under a key.
enum Slot<V> {
    Here {
        value: Arc<V>,
        /// Whether it was changed since it was last passed over.
        is_used: bool,
    },
    Lies {
        place: u64,
        /// The same, once it was brought back to be read.
        brought: OnceLock<Box<V>>,
    },
}

/// A value, or what was brought back for as long as this is held.
pub enum Lent<'m, V> {
    /// It is in memory.
    Here(&'m V),
    /// It was brought back for this.
    Brought(Box<V>),
}

impl<V> Deref for Lent<'_, V> {
    type Target = V;

    fn deref(&self) -> &V {
        match self {
            Lent::Here(value) => value,
            Lent::Brought(value) => value,
        }
    }
}

/// A copy of what lies in the attic holds nothing in memory.
impl<V> Clone for Slot<V> {
    fn clone(&self) -> Slot<V> {
        match self {
            Slot::Here { value, is_used } => Slot::Here { value: Arc::clone(value), is_used: *is_used },
            Slot::Lies { place, .. } => Slot::Lies { place: *place, brought: OnceLock::new() },
        }
    }
}

impl<V: Debug> Debug for Slot<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Here { value, .. } => value.fmt(f),
            Slot::Lies { place, .. } => write!(f, "lies at {place}"),
        }
    }
}

impl<V> Slot<V> {
    fn is_same(&self, other: &Slot<V>) -> bool {
        match (self, other) {
            (Slot::Here { value, .. }, Slot::Here { value: other, .. }) => Arc::ptr_eq(value, other),
            (Slot::Lies { place, .. }, Slot::Lies { place: other, .. }) => place == other,
            _ => false,
        }
    }
}

impl<K: Clone, V> Clone for Shared<K, V> {
    fn clone(&self) -> Shared<K, V> {
        let Shared { all, here, upstairs } = self;
        Shared { all: all.clone(), here: here.clone(), upstairs: upstairs.clone() }
    }
}

impl<K: Clone> Clone for Upstairs<K> {
    fn clone(&self) -> Upstairs<K> {
        let Upstairs { rooms, keep, brought } = self;
        let brought = Mutex::new(brought.lock().unwrap_or_else(PoisonError::into_inner).clone());
        Upstairs { rooms: Arc::clone(rooms), keep: *keep, brought }
    }
}

impl<K, V> Default for Shared<K, V> {
    fn default() -> Shared<K, V> {
        Shared::new()
    }
}

impl<K, V> Shared<K, V> {
    /// None yet, and all of them to be in memory.
    #[must_use]
    pub const fn new() -> Shared<K, V> {
        Shared { all: Paged::new(), here: VecDeque::new(), upstairs: None }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.all.keys()
    }
}

impl<K: Leafed + Clone, V: Rests> Shared<K, V> {
    /// What stands under a key. What lies in the attic is brought back, and stays in memory until [`Shared::rest`]: who goes
    /// through many takes [`Shared::lend`].
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        match self.all.get(key)? {
            Slot::Here { value, .. } => Some(value),
            Slot::Lies { place, brought } => {
                let Upstairs { rooms, brought: all, .. } = self.upstairs.as_ref()?;
                Some(brought.get_or_init(|| {
                    all.lock().unwrap_or_else(PoisonError::into_inner).push(key.clone());
                    Box::new(V::bring(rooms, *place))
                }))
            }
        }
    }

    /// Whether anything stands under a key.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.all.contains_key(key)
    }

    /// What stands under a key; what lies in the attic stays in memory for as long as it is held.
    #[must_use]
    pub fn lend(&self, key: &K) -> Option<Lent<'_, V>> {
        self.lent(self.all.get(key)?)
    }

    fn lent<'m>(&'m self, slot: &'m Slot<V>) -> Option<Lent<'m, V>> {
        Some(match slot {
            Slot::Here { value, .. } => Lent::Here(value),
            Slot::Lies { place, brought } => match brought.get() {
                Some(value) => Lent::Here(value),
                None => Lent::Brought(Box::new(V::bring(&self.upstairs.as_ref()?.rooms, *place))),
            },
        })
    }

    /// All of them, in the order of their keys, each in memory for as long as it is held.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, Lent<'_, V>)> {
        self.all.iter().filter_map(|(key, slot)| Some((key, self.lent(slot)?)))
    }

    /// The values, in the order of their keys, each in memory for as long as it is held.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = Lent<'_, V>> {
        self.iter().map(|(_, value)| value)
    }

    /// The keys under which something else stands than in another map, of which this was a copy or which was a copy of it,
    /// and whether any of that one's are gone. Nothing is compared but where it stands: what was changed to the same counts,
    /// and so does what was put into the attic meanwhile.
    #[must_use]
    pub fn changed_since<'m>(&'m self, before: &'m Shared<K, V>) -> (Vec<&'m K>, bool) {
        let (mut changed, mut lacks) = (Vec::new(), false);
        for (own, old) in self.all.pages_beside(&before.all) {
            let mut old = old.iter().peekable();
            for (key, slot) in own {
                while old.next_if(|(known, _)| known < key).is_some() {
                    lacks = true;
                }
                let same = old.next_if(|(known, _)| known == key);
                if !same.is_some_and(|(_, other)| slot.is_same(other)) {
                    changed.push(key);
                }
            }
            lacks |= old.next().is_some();
        }
        changed.sort_unstable();
        (changed, lacks)
    }
}

impl<K: Leafed + Clone, V: Rests + Clone> Shared<K, V> {
    /// From now on what nothing has changed for a while lies in these rooms, but for about so many.
    pub fn rest_in(&mut self, rooms: Rooms, keep: usize) {
        self.here = self.all.keys().cloned().collect();
        let brought = Mutex::default();
        self.upstairs = Some(Upstairs { rooms: Arc::new(rooms), keep, brought });
    }

    /// Puts a value under a key, in place of the one that stood there.
    pub fn insert(&mut self, key: K, value: V) {
        if self.upstairs.is_some() {
            self.here.push_back(key.clone());
        }
        self.all.insert(key, Slot::Here { value: Arc::new(value), is_used: true });
    }

    /// What stands under a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let slot = self.all.get_mut(key)?;
        if let Slot::Lies { place, brought } = slot {
            let Upstairs { rooms, .. } = self.upstairs.as_ref()?;
            let value = brought.take().map_or_else(|| V::bring(rooms, *place), |brought| *brought);
            *slot = Slot::Here { value: Arc::new(value), is_used: true };
            self.here.push_back(key.clone());
        }
        let Slot::Here { value, is_used } = slot else { return None };
        *is_used = true;
        Some(Arc::make_mut(value))
    }

    /// The keys of a stretch.
    pub fn keys_in(&self, range: &impl RangeBounds<K>) -> Vec<K> {
        self.all.keys_in(range)
    }

    /// Puts what nothing has changed for a while into the attic, if there is one and enough is in memory that it pays; and
    /// lets go of what was brought back to be read.
    pub fn rest(&mut self) {
        let Some(Upstairs { rooms, keep, brought }) = &self.upstairs else { return };
        let read = std::mem::take(&mut *brought.lock().unwrap_or_else(PoisonError::into_inner));
        for key in read {
            // A copy may have brought it back that is gone.
            if let Some(Slot::Lies { brought, .. }) = self.all.get(&key)
                && brought.get().is_some()
                && let Some(slot) = self.all.get_mut(&key)
            {
                *slot = slot.clone();
            }
        }
        if self.here.len() <= keep.saturating_mul(2) {
            return;
        }
        // Each is passed over once if it was changed since it came, and so no more than twice.
        for _ in 0..self.here.len() * 2 {
            if self.here.len() <= *keep {
                break;
            }
            let Some(key) = self.here.pop_front() else { break };
            let Some(slot) = self.all.get_mut(&key) else { continue };
            let Slot::Here { value, is_used } = slot else { continue };
            if std::mem::take(is_used) {
                self.here.push_back(key);
            } else {
                *slot = Slot::Lies { place: value.put(rooms), brought: OnceLock::new() };
            }
        }
    }
}

impl<K: Leafed + Clone + Debug, V: Rests> Index<&K> for Shared<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        #[expect(clippy::expect_used, reason = "as in every map: who is not sure asks")]
        self.get(key).expect("something stands under it")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::attic::InMemory;
    use super::super::matter::MatterKey;
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Text(String);

    impl Rests for Text {
        fn put(&self, rooms: &Rooms) -> u64 {
            rooms.attic().put(self.0.as_bytes())
        }

        fn bring(rooms: &Rooms, place: u64) -> Text {
            Text(String::from_utf8(rooms.attic().get(place)).expect("a text"))
        }
    }

    fn key(index: u64) -> MatterKey {
        MatterKey::opened(index)
    }

    fn plain(map: &Shared<MatterKey, Text>) -> Vec<(MatterKey, String)> {
        map.iter().map(|(key, text)| (*key, text.0.clone())).collect()
    }

    #[test]
    fn a_copy_changes_alone() {
        let mut one: Shared<MatterKey, Text> = Shared::new();
        one.insert(key(1), Text("a".to_owned()));
        one.insert(key(2), Text("b".to_owned()));
        let mut other = one.clone();
        other.get_mut(&key(1)).expect("it is there").0.push('!');
        assert_eq!(other.changed_since(&one), (vec![&key(1)], false));
        assert_eq!(plain(&one), [(key(1), "a".to_owned()), (key(2), "b".to_owned())]);
        other.insert(key(3), Text("c".to_owned()));
        assert_eq!(other.changed_since(&one), (vec![&key(1), &key(3)], false));
        assert_eq!(one.changed_since(&other), (vec![&key(1)], true));
        assert_eq!(one.changed_since(&one.clone()), (vec![], false));
    }

    #[test]
    fn what_was_brought_back_to_be_read_is_let_go_of_by_each_copy() {
        let mut one: Shared<MatterKey, Text> = Shared::new();
        one.rest_in(Rooms::new(Arc::new(InMemory::default())), 0);
        one.insert(key(1), Text("a".to_owned()));
        one.rest();
        let is_read = |map: &Shared<MatterKey, Text>| match map.all.get(&key(1)) {
            Some(Slot::Lies { brought, .. }) => brought.get().is_some(),
            _ => false,
        };
        assert_eq!(one.get(&key(1)), Some(&Text("a".to_owned())));
        let mut other = one.clone();
        assert!(is_read(&one) && is_read(&other));
        other.rest();
        assert!(is_read(&one) && !is_read(&other));
        one.rest();
        assert!(!is_read(&one));
    }

    proptest::proptest! {
        /// Whatever lies in the attic, the map is what it is without one.
        #[test]
        fn it_is_a_map(steps in proptest::collection::vec((0_u64..600, 0_u8..7, 0_u8..9), 0..200), keep in 0_usize..9) {
            let (mut shared, mut map): (Shared<MatterKey, Text>, _) = (Shared::new(), BTreeMap::new());
            shared.rest_in(Rooms::new(Arc::new(InMemory::default())), keep);
            let mut copies = Vec::new();
            for (index, what, value) in steps {
                let key = key(index);
                match what {
                    0 => proptest::prop_assert_eq!(shared.get(&key).map(|text: &Text| &text.0), map.get(&key)),
                    1 => proptest::prop_assert_eq!(shared.lend(&key).map(|text| text.0.clone()), map.get(&key).cloned()),
                    2 => copies.push((shared.clone(), map.clone())),
                    3 => shared.rest(),
                    4 => {
                        let both = (shared.get_mut(&key), map.get_mut(&key));
                        if let (Some(Text(text)), Some(plain)) = both {
                            text.push('+');
                            String::push(plain, '+');
                        }
                    }
                    _ => {
                        shared.insert(key, Text(value.to_string()));
                        map.insert(key, value.to_string());
                    }
                }
            }
            shared.rest();
            let here = shared.all.iter().filter(|(_, slot)| matches!(slot, Slot::Here { .. })).count();
            proptest::prop_assert!(here <= 2 * keep || here <= shared.here.len());
            copies.push((shared, map));
            for (shared, map) in copies {
                proptest::prop_assert!(plain(&shared).iter().map(|(key, text)| (key, text)).eq(map.iter()));
            }
        }
    }
}
