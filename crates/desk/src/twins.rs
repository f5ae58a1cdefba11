//! Which matters are the same as another, which carries on: each with the one that it was merged into, so that what was
//! said in it stands beside what was said in that one.

use std::collections::{BTreeMap, BTreeSet};

use act::value::{FieldValue, MatterRef, Word};
use docket::v1::{Matter, MatterKey};
use instrument::Procedure;
use instrument::procedure::{Holds, Leads, Must, Step};
use terms::{ActId, Code};

/// The matters that were merged, both ways round.
#[derive(Clone, Default)]
pub(crate) struct Twins {
    into: BTreeMap<MatterKey, MatterRef>,
    of: BTreeSet<(MatterRef, MatterKey)>,
}

impl Twins {
    /// Whether a matter stands otherwise than is known.
    pub(crate) fn differs(&self, key: MatterKey, matter: &Matter) -> bool {
        self.into.get(&key) != merged_into(matter).as_ref()
    }

    /// A matter as it stands now.
    pub(crate) fn take(&mut self, key: MatterKey, matter: &Matter) {
        if let Some(before) = self.into.remove(&key) {
            self.of.remove(&(before, key));
        }
        if let Some(into) = merged_into(matter) {
            self.into.insert(key, into);
            self.of.insert((into, key));
        }
    }

    /// What a matter was merged into.
    pub(crate) fn into(&self, key: MatterKey) -> Option<&MatterRef> {
        self.into.get(&key)
    }

    /// What was merged into a matter, the oldest first.
    pub(crate) fn of(&self, matter: MatterRef) -> impl Iterator<Item = MatterKey> {
        let first = MatterKey { index: 0, number: 0 };
        let last = MatterKey { index: u64::MAX, number: u32::MAX };
        self.of.range((matter, first)..=(matter, last)).map(|(_, key)| *key)
    }
}

/// The fields in which a matter of a kind names another of the same kind.
pub(crate) fn own_kind<'p>(procedure: &'p Procedure, kind: &'p Code) -> impl Iterator<Item = &'p Code> {
    let is_own = move |holds: &Holds| matches!(holds, Holds::Matter { kind: Some(of), .. } if of == kind);
    procedure.fields.iter().filter(move |(_, field)| is_own(&field.holds)).map(|(name, _)| name)
}

/// The other of its kind that a matter names, if a step that has to name it led where the matter stands.
fn merged_into(matter: &Matter) -> Option<MatterRef> {
    let name = own_kind(&matter.procedure, &matter.kind).next()?;
    matter.strands.iter().find_map(|(strand, life)| {
        let named = match matter.value(name, strand)? {
            FieldValue::One(Word::Hash(hash)) => MatterRef::Opened(ActId(*hash)),
            FieldValue::One(Word::Item(item)) => MatterRef::ByStep(*item),
            _ => return None,
        };
        let led = matter.procedure.steps.iter().any(|(_, step)| names_and_leads(step, name, &life.state));
        led.then_some(named)
    })
}

fn names_and_leads(step: &Step, name: &Code, state: &Code) -> bool {
    let must = |choice: Option<&Code>| match &step.must {
        Must::Always(all) => all.contains(name),
        Must::For(by_choice) => {
            choice.and_then(|choice| by_choice.get(choice)).is_some_and(|all| all.contains(name))
        }
    };
    match &step.leads {
        Leads::Stays => false,
        Leads::To(to) => to == state && must(None),
        Leads::Choice(choices) => {
            choices.iter().any(|(choice, to)| to.as_ref() == Some(state) && must(Some(choice)))
        }
    }
}
