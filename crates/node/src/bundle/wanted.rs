//! Which files acts name, and who is to have them. Gathered as entries pass by, so that nobody reads all of them for a
//! bundle.

use std::collections::BTreeSet;

use act::value::GrantRef;
use act::{Act, Body};
use terms::{Hash, Item, ParticipantId};

use crate::evidence::files_of;

/// The exhibits that acts file and grant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// Each grant, by its exhibit, and to whom it is.
    grants: Vec<(Item, Hash, ParticipantId)>,
    /// Each sealed file, by its exhibit.
    filed: Vec<(Item, Hash)>,
}

/// What somebody is to have of them.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Its own grants, and those of others of an exhibit that it can open: who has no way to another sends
    /// through it.
    pub(crate) grants: BTreeSet<Hash>,
    pub(crate) sealed: BTreeSet<Hash>,
}

impl Named {
    /// Takes in the next act.
    pub(crate) fn look(&mut self, act: &Act) {
        for (number, file) in (1_u32..).zip(files_of(act.body())) {
            let item = Item::exhibit(act.id(), number);
            self.filed.push((item, file.sealed));
            self.take_grants(item, &file.grants);
        }
        if let Body::Grant(body) = act.body() {
            self.take_grants(body.exhibit, &body.grants);
        }
    }

    fn take_grants(&mut self, exhibit: Item, grants: &[GrantRef]) {
        self.grants.extend(grants.iter().map(|grant| (exhibit, grant.sealed, grant.to.clone())));
    }

    /// What somebody is to have of these, and of `more`: not of what it has erased.
    pub(crate) fn wanted_by(&self, more: &Named, to: &ParticipantId, erased: &BTreeSet<Item>) -> Wanted {
        let grants = || self.grants.iter().chain(&more.grants);
        let filed = self.filed.iter().chain(&more.filed);
        let granted: BTreeSet<&Item> = grants()
            .filter(|(item, _, of)| of == to && !erased.contains(item))
            .map(|(item, ..)| item)
            .collect();
        Wanted {
            grants: grants().filter(|(item, ..)| granted.contains(item)).map(|(_, hash, _)| *hash).collect(),
            sealed: filed.filter(|(item, _)| granted.contains(item)).map(|(_, hash)| *hash).collect(),
        }
    }

    /// The sealed files of some exhibits and the grants of them, which no other exhibit names.
    pub(crate) fn only_of<'n>(&'n self, some: &BTreeSet<Item>) -> Wanted {
        let filed = || self.filed.iter().map(|(item, hash)| (item, hash));
        let granted = || self.grants.iter().map(|(item, hash, _)| (item, hash));
        let only = |all: &mut dyn Iterator<Item = (&'n Item, &'n Hash)>, others: BTreeSet<Hash>| {
            let of = all.filter(|(item, hash)| some.contains(item) && !others.contains(hash));
            of.map(|(_, hash)| *hash).collect()
        };
        let others = |all: &mut dyn Iterator<Item = (&'n Item, &'n Hash)>| {
            all.filter(|(item, _)| !some.contains(item)).map(|(_, hash)| *hash).collect()
        };
        Wanted {
            sealed: only(&mut filed(), others(&mut filed())),
            grants: only(&mut granted(), others(&mut granted())),
        }
    }
}
