//! What stands in the fields of a matter: its own values, and behind them those that a strand has for itself.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

use act::value::{FieldValue, StrandName};
use instrument::procedure::{Holds, Step};
use terms::Code;

use super::{Matter, Strand};
use crate::rules::v1::few::Few;

/// Where a value is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// The strand whose own it is; none for the whole matter's.
    pub own: Option<StrandName>,
    /// In which field.
    pub field: Code,
}

/// A field that an act gave another value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Filled {
    /// The entry that did.
    pub index: u64,
    /// The entry that it corrects, if it is a correction.
    pub corrects: Option<u64>,
    /// Where.
    pub slot: Slot,
    /// The strand that it moved with it; none if it moved none.
    pub moved: Option<StrandName>,
    /// The entries that say the same: itself, or voices that it counts with.
    pub by: Vec<u64>,
    /// What stood there; none if nothing did.
    pub before: Option<FieldValue>,
    /// What stands there by this.
    pub after: FieldValue,
}

impl Matter {
    /// What stands in a field, for one of its strands.
    #[must_use]
    pub fn value(&self, field: &Code, strand: &StrandName) -> Option<&FieldValue> {
        let own = self.strands.get(strand).and_then(|strand| strand.fields().get(field));
        own.or_else(|| self.fields.get(field))
    }

    /// The fields as they stand for one of its strands.
    #[must_use]
    pub fn fields_of(&self, strand: &StrandName) -> Cow<'_, Few<Code, FieldValue>> {
        let own = self.strands.get(strand).map(Strand::fields).filter(|own| !own.is_empty());
        let Some(own) = own else { return Cow::Borrowed(&self.fields) };
        let mut fields = self.fields.clone();
        for (name, value) in own.iter() {
            fields.insert(name.clone(), value.clone());
        }
        Cow::Owned(fields)
    }

    /// What a slot has.
    #[must_use]
    pub(in crate::rules::v1) fn kept(&self, slot: &Slot) -> Option<&FieldValue> {
        match &slot.own {
            None => self.fields.get(&slot.field),
            Some(strand) => self.strands.get(strand)?.fields().get(&slot.field),
        }
    }

    /// Puts a value into a slot, or takes what it has out.
    pub(in crate::rules::v1) fn keep(&mut self, slot: &Slot, value: Option<&FieldValue>) {
        let put = |fields: &mut Few<Code, FieldValue>| match value {
            Some(value) => _ = fields.insert(slot.field.clone(), value.clone()),
            None => _ = fields.remove(&slot.field),
        };
        match &slot.own {
            None => put(&mut self.fields),
            Some(strand) => {
                let Some(strand) = self.strands.get_mut(strand) else { return };
                put(strand.fields.get_or_insert_default());
                strand.fields.take_if(|fields| fields.is_empty());
            }
        }
    }

    /// The fields that all its strands see alike.
    #[must_use]
    pub fn fields_of_all(&self) -> Cow<'_, Few<Code, FieldValue>> {
        if self.strands.values().all(|strand| strand.fields().is_empty()) {
            return Cow::Borrowed(&self.fields);
        }
        let names: BTreeSet<&Code> = self.values().map(|(name, _)| name).collect();
        let alike = |name: &&Code| {
            let mut seen = self.strands.keys().map(|strand| self.value(name, strand));
            let first = seen.next().flatten()?;
            seen.all(|other| other == Some(first)).then(|| ((*name).clone(), first.clone()))
        };
        Cow::Owned(names.iter().filter_map(alike).collect())
    }

    /// Drops the values of fields for which this does not say that they stay.
    pub(in crate::rules::v1) fn retain_fields(&mut self, stays: impl Fn(&Code) -> bool) {
        self.fields.retain(|name, _| stays(name));
        for strand in self.strands.values_mut() {
            if let Some(fields) = &mut strand.fields {
                fields.retain(|name, _| stays(name));
            }
            strand.fields.take_if(|fields| fields.is_empty());
        }
    }

    /// The matter's own fields, as far as a strand sees them: behind no value of its own.
    pub fn common_fields(&self) -> impl Iterator<Item = (&Code, &FieldValue)> {
        let is_seen = |name: &Code| self.strands.values().any(|strand| !strand.fields().contains_key(name));
        self.fields.iter().filter(move |(name, _)| is_seen(name))
    }

    /// Every value in its fields that a strand sees, each with its field.
    pub fn values(&self) -> impl Iterator<Item = (&Code, &FieldValue)> {
        self.common_fields().chain(self.strands.values().flat_map(|strand| strand.fields().iter()))
    }

    /// Whether what a step gives is its strand's own: where the procedure has strand fields, but for a step that names a
    /// text. A text is one for all strands, and what is said with it is said of it.
    #[must_use]
    pub fn is_by_strand(&self, step: &Step) -> bool {
        let is_text = |field: &Code| {
            self.procedure.fields.get(field).is_some_and(|field| matches!(field.holds, Holds::Text))
        };
        !self.procedure.strands.is_empty() && !step.fields.iter().any(is_text)
    }
}
