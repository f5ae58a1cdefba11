//! Whether a text names an excluded group: the whole of it, and nothing but it.

use std::collections::BTreeMap;

use terms::Code;

use crate::folding;
use crate::model::Excluded;

/// The names of an instrument's excluded groups, folded.
///
/// It says "this names the group" only for a whole listed name, never for a part: a word of a
/// group's name may be the other party's own name. Whether a *person* belongs to a group, people
/// screen, on the record (DESIGN promise 9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExclusionList {
    by_key: BTreeMap<String, Code>,
}

impl ExclusionList {
    /// All names of these groups: the id, the name, the list's number, each alias.
    #[must_use]
    pub fn new(excluded: &BTreeMap<Code, Excluded>) -> ExclusionList {
        let mut by_key = BTreeMap::new();
        for (id, group) in excluded {
            let names = [id.as_str(), &group.names.text]
                .into_iter()
                .chain(group.names.list.as_deref())
                .chain(group.aliases.iter().map(String::as_str));
            for name in names {
                let key = folding::key(name);
                // An empty key would match every empty text. The reader refuses such a name; here
                // it is passed over, so that no list can do that harm.
                if !key.is_empty() {
                    by_key.entry(key).or_insert_with(|| id.clone());
                }
            }
        }
        ExclusionList { by_key }
    }

    /// The group that `text` names, if the whole of it is a listed name after folding.
    #[must_use]
    pub fn names(&self, text: &str) -> Option<&Code> {
        self.by_key.get(&folding::key(text))
    }
}
