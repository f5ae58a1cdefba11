//! `[excluded.X]`.

use std::collections::BTreeMap;
use std::ops::Range;

use terms::{Code, ParticipantId};

use super::fields::{Fields, Value};
use super::participant::Seat;
use super::{Notes, basis_of};
use crate::fault::Fault;
use crate::folding;
use crate::model::{Basis, Excluded, ExcludedNames};

/// What has been named so far, folded.
struct Taken {
    /// Names of participants: who bears each, and where that stands.
    seated: BTreeMap<String, (ParticipantId, Range<usize>)>,
    /// Names of excluded groups: which, and where.
    excluded: BTreeMap<String, (String, Range<usize>)>,
}

pub(super) fn read_all(
    table: Option<Fields<'_>>,
    above: Basis,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeMap<Code, Excluded> {
    let mut taken = Taken { seated: BTreeMap::new(), excluded: BTreeMap::new() };
    for (id, seat) in seats {
        for (name, span) in &seat.borne {
            taken.seated.entry(folding::key(name)).or_insert_with(|| (id.clone(), span.clone()));
        }
    }
    let mut groups = BTreeMap::new();
    for (key, value) in table.into_iter().flat_map(Fields::entries) {
        let id = Code::new(key);
        if id.is_none() {
            notes.add(Fault::UnreadableName { name: key.to_owned() }, &[value.key_span()]);
        }
        taken.name(key, key, value.key_span(), notes);
        if let (Some(id), Some(group)) = (id, group_read(key, value, above, &mut taken, notes)) {
            groups.insert(id, group);
        }
    }
    groups
}

fn group_read(
    id: &str,
    value: Value<'_>,
    above: Basis,
    taken: &mut Taken,
    notes: &mut Notes<'_>,
) -> Option<Excluded> {
    let mut fields = value.table(notes)?;
    let names = fields
        .needed("names", "names = { text = \"…\" }", notes)
        .and_then(|value| value.table(notes))
        .and_then(|mut names| {
            let text = names.needed("text", "text = \"…\"", notes);
            let text = text.and_then(|value| taken.read(id, &value, notes));
            let list = names.optional("list").and_then(|value| taken.read(id, &value, notes));
            names.finish(notes);
            Some(ExcludedNames { text: text?, list })
        });
    let aliases = fields
        .optional("aliases")
        .and_then(|value| value.list(notes))
        .into_iter()
        .flatten()
        .filter_map(|value| taken.read(id, &value, notes))
        .collect();
    let basis = basis_of(&mut fields, above, notes);
    fields.finish(notes);
    Some(Excluded { names: names?, aliases, basis })
}

impl Taken {
    /// Reads a name of the group `id`.
    fn read(&mut self, id: &str, value: &Value<'_>, notes: &mut Notes<'_>) -> Option<String> {
        let name = value.line(notes)?;
        self.name(id, &name, value.span(), notes).then_some(name)
    }

    /// Takes a name for the group `id`, if it can be compared and nobody else bears it.
    fn name(&mut self, id: &str, name: &str, span: Range<usize>, notes: &mut Notes<'_>) -> bool {
        let key = folding::key(name);
        if key.chars().nth(1).is_none() {
            notes.add(Fault::ShortAlias { alias: name.to_owned() }, &[span]);
            return false;
        }
        if let Some((participant, seat)) = self.seated.get(&key) {
            let fault = Fault::ExcludedSeated { name: name.to_owned(), participant: participant.to_string() };
            notes.add(fault, &[span, seat.clone()]);
            return false;
        }
        match self.excluded.get(&key) {
            // The same group may list spellings that fold to one: readers look for theirs.
            Some((other, first)) if other != id => {
                notes.add(Fault::TwiceAName { name: name.to_owned() }, &[span, first.clone()]);
                false
            }
            Some(_) => true,
            None => {
                self.excluded.insert(key, (id.to_owned(), span));
                true
            }
        }
    }
}
