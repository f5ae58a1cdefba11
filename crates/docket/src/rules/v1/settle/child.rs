//! Matters that a step opens (PROCEDURE 4.7).

use std::sync::Arc;

use act::body::Step as StepBody;
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use instrument::Procedure;
use instrument::procedure::{Field, Holds};
use terms::{Code, Item, ItemPart};

use super::opening::{Opening, first_tier};
use super::{Context, Settled, Settlement, StrandKey};
use crate::rules::v1::matter::{Matter, MatterKey};

impl Settlement {
    /// Opens the matter that a completed step opens (4.7).
    pub(super) fn open_child(
        &mut self,
        key: &StrandKey,
        settled: &Settled,
        body: &StepBody,
        kind: Option<&Code>,
        children: &mut u32,
        context: Context<'_>,
    ) {
        let (Some(kind), None) = (kind, self.closed) else { return };
        let Some(parent) = self.matters.get(&key.0) else { return };
        let law = parent.law.clone();
        let Some(procedure) = law.procedure(kind) else { return };
        *children += 1;
        let number = self.next_child(settled.index, *children);
        let id = MatterRef::ByStep(Item { act: settled.id, part: ItemPart::Matter(number) });
        let fields = child_fields(procedure, (parent, &key.1), &Fields::new(), &body.fields);
        let opening = opening_of(id, kind, parent, procedure, fields);
        let mut matter = self.new_matter(&opening, settled);
        let Ok(strands) = self.check_opening(&opening, &matter) else { return };
        matter.parent = Some(Box::new(key.clone()));
        matter.reference = self.next_reference(&procedure.reference, settled.effective);
        let child = MatterKey { index: settled.index, number };
        self.begin_matter(child, matter, settled);
        self.begin_strands(child, strands, settled.effective, &settled.cause(), context);
    }

    /// The number of the next matter that an entry's step opens: a held step may have opened some before.
    fn next_child(&self, index: u64, at_least: u32) -> u32 {
        let is_free = |number: &u32| !self.matters.contains_key(&MatterKey { index, number: *number });
        (at_least..).find(is_free).unwrap_or(u32::MAX)
    }
}

/// A matter as the value of a field.
pub(super) fn matter_value(id: &MatterRef) -> FieldValue {
    FieldValue::One(match id {
        MatterRef::Opened(act) => Word::Hash(act.0),
        MatterRef::ByStep(item) => Word::Item(*item),
    })
}

/// The fields of a matter that a step opens: those of the same name are copied, a strand's own value where they name
/// strands; a field for a matter of the parent's kind is the parent; all others come from the act.
pub(super) fn child_fields(
    child: &Procedure,
    (parent, strand): (&Matter, &StrandName),
    filled: &Fields,
    given: &Fields,
) -> Fields {
    let own = |name: &Code| {
        let place = parent.procedure.strands.iter().position(|field| field == name)?;
        strand.as_str().split(':').nth(place).and_then(Code::new).map(Word::Code)
    };
    let copied = |name: &Code, field: &Field| match own(name) {
        Some(word) if field.several => Some(FieldValue::Several(vec![word])),
        Some(word) => Some(FieldValue::One(word)),
        None => filled.get(name).or_else(|| parent.value(name, strand)).cloned(),
    };
    let mut fields = Fields::new();
    for (name, field) in &child.fields {
        let of_parent =
            matches!(&field.holds, Holds::Matter { kind: Some(kind), .. } if *kind == parent.kind);
        let value = if of_parent {
            Some(matter_value(&parent.id))
        } else {
            copied(name, field).or_else(|| given.get(name).filter(|_| !child.comes_later(name)).cloned())
        };
        fields.extend(value.map(|value| (name.clone(), value)));
    }
    fields
}

pub(super) fn opening_of<'a>(
    id: MatterRef,
    kind: &'a Code,
    parent: &'a Matter,
    procedure: &'a Arc<Procedure>,
    fields: Fields,
) -> Opening<'a> {
    let tier = first_tier(procedure);
    Opening { id, kind, law: &parent.law, procedure, tier, fields, strands: &[], parent: Some(parent) }
}
