//! Which matter an act names, in little memory.

use std::collections::BTreeMap;

use act::value::MatterRef;
use terms::{ActId, ItemPart};

use crate::rules::v1::matter::MatterKey;
use crate::rules::v1::paged::{Leafed, Paged};

/// The keys of matters, by how acts name them: by a number that the name comes to, which few share. Whether a matter has the
/// name, it says itself.
#[derive(Clone, Debug, Default)]
pub(in crate::rules::v1) struct Refs {
    all: Paged<Number, MatterKey>,
    /// Those whose number was taken.
    twins: BTreeMap<MatterRef, MatterKey>,
}

/// What a name comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Number(u64);

impl Leafed for Number {
    /// By its first twelve bits.
    fn page(&self) -> u32 {
        u32::try_from(self.0 >> 52).unwrap_or_default()
    }
}

fn number(named: &MatterRef) -> Number {
    let of = |act: &ActId| {
        let [a, b, c, d, e, f, g, h, ..] = *act.0.as_bytes();
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    };
    match named {
        MatterRef::Opened(act) => Number(of(act)),
        MatterRef::ByStep(item) => {
            let (ItemPart::Matter(part) | ItemPart::Exhibit(part) | ItemPart::Row(part)) = item.part;
            Number(of(&item.act) ^ (1 << 32 | u64::from(part)))
        }
    }
}

impl Refs {
    /// Says which matter has a name that none has yet.
    pub(super) fn insert(&mut self, named: MatterRef, key: MatterKey) {
        let number = number(&named);
        if self.all.contains_key(&number) {
            self.twins.insert(named, key);
        } else {
            self.all.insert(number, key);
        }
    }

    /// The matter with a name, if the one that it may be says that it has it.
    pub(super) fn get(&self, named: &MatterRef, has: impl FnOnce(&MatterKey) -> bool) -> Option<MatterKey> {
        let twin = || self.twins.get(named).copied();
        self.all.get(&number(named)).copied().filter(|key| has(key)).or_else(twin)
    }
}

#[cfg(test)]
mod tests {
    use terms::{Hash, Item};

    use super::*;

    #[test]
    fn names_with_one_number_are_told_apart() {
        let act = |last: u8| {
            let mut bytes = [7; 32];
            bytes[31] = last;
            ActId(Hash::from_bytes(bytes))
        };
        let part = |last, part| MatterRef::ByStep(Item { act: act(last), part: ItemPart::Matter(part) });
        let names = [
            MatterRef::Opened(act(1)),
            MatterRef::Opened(act(2)),
            MatterRef::Opened(act(3)),
            part(1, 1),
            part(1, 2),
            part(2, 1),
        ];
        let key = |at: usize| MatterKey::opened(at as u64);
        let mut refs = Refs::default();
        for (at, named) in names.iter().enumerate() {
            let has = |known: &MatterKey| names[usize::try_from(known.index).expect("few")] == *named;
            assert_eq!(refs.get(named, has), None);
            refs.insert(*named, key(at));
        }
        assert_eq!(refs.twins.len(), 3, "two acts and one part");
        for (at, named) in names.iter().enumerate() {
            let has = |known: &MatterKey| names[usize::try_from(known.index).expect("few")] == *named;
            assert_eq!(refs.get(named, has), Some(key(at)), "{named}");
        }
        assert_eq!(refs.get(&MatterRef::Opened(act(4)), |_| false), None);
    }
}
