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

    /// What somebody is to have of these, and of `more`.
    pub(crate) fn wanted_by(&self, more: &Named, to: &ParticipantId) -> Wanted {
        let grants = || self.grants.iter().chain(&more.grants);
        let filed = self.filed.iter().chain(&more.filed);
        let granted: BTreeSet<&Item> =
            grants().filter(|(_, _, of)| of == to).map(|(item, _, _)| item).collect();
        Wanted {
            grants: grants().filter(|(item, ..)| granted.contains(item)).map(|(_, hash, _)| *hash).collect(),
            sealed: filed.filter(|(item, _)| granted.contains(item)).map(|(_, hash)| *hash).collect(),
        }
    }
}
