//! `[participant.X]`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use terms::name::RESERVED;
use terms::{Code, ParticipantId, Role};

use super::fields::{Fields, Value};
use super::{Notes, basis_of, by_language};
use crate::fault::Fault;
use crate::model::{Basis, Names, Participant};

/// A participant, and where its names stand.
pub(super) struct Seat {
    pub(super) participant: Participant,
    /// Each name that it bears, its id first.
    pub(super) borne: Vec<(String, Range<usize>)>,
}

pub(super) fn read_all(
    table: Option<Fields<'_>>,
    needs_guarantor: bool,
    above: (Basis, &[String]),
    notes: &mut Notes<'_>,
) -> BTreeMap<ParticipantId, Seat> {
    let mut seats = BTreeMap::new();
    let mut whole = true;
    for (key, value) in table.into_iter().flat_map(Fields::entries) {
        let id = id_read(key, &value, notes);
        if let (Some(id), Some(seat)) = (id, seat_read(key, value, above, notes)) {
            seats.insert(id, seat);
        } else {
            whole = false;
        }
    }
    called_alike(&seats, notes);
    for (role, fault) in [(Role::Party, Fault::NoParty), (Role::Guarantor, Fault::NoGuarantor)] {
        let needed = role == Role::Party || needs_guarantor;
        // A seat that was not understood may be the one.
        if whole && needed && !seats.values().any(|seat| seat.participant.role == role) {
            notes.missing(fault, &[]);
        }
    }
    seats
}

/// On a page each is known by its label alone, in whatever language.
fn called_alike(seats: &BTreeMap<ParticipantId, Seat>, notes: &mut Notes<'_>) {
    let languages: BTreeSet<&String> =
        seats.values().flat_map(|seat| seat.participant.labels.keys()).collect();
    let mut told = BTreeSet::new();
    for language in std::iter::once(None).chain(languages.into_iter().map(Some)) {
        let mut by_label: BTreeMap<String, &ParticipantId> = BTreeMap::new();
        for (id, seat) in seats {
            let label = match language {
                Some(tag) => seat.participant.label_in(tag),
                None => &seat.participant.names.label,
            };
            if let Some(other) = by_label.insert(label.to_lowercase(), id)
                && told.insert((other, id))
            {
                let span = seat.borne.iter().find(|(name, _)| name == label).or(seat.borne.first());
                let span = span.map(|(_, span)| span.clone()).unwrap_or_default();
                let message = format!("`{other}` and `{id}` are both called `{label}`");
                let help = "give each a label of its own, in every language".to_owned();
                notes.wrong("instrument::twice_a_name", span, message, help);
            }
        }
    }
}

fn id_read(key: &str, value: &Value<'_>, notes: &mut Notes<'_>) -> Option<ParticipantId> {
    let id = ParticipantId::new(key);
    if id.is_none() {
        let name = key.to_owned();
        let fault = if RESERVED.contains(&key) && Code::new(key).is_some() {
            Fault::ReservedName { name }
        } else {
            Fault::UnreadableName { name }
        };
        notes.add(fault, &[value.key_span()]);
    }
    id
}

fn seat_read(
    key: &str,
    value: Value<'_>,
    (above, languages): (Basis, &[String]),
    notes: &mut Notes<'_>,
) -> Option<Seat> {
    let id_span = value.key_span();
    let mut fields = value.table(notes)?;
    let role = fields
        .needed("role", "role = \"party\"", notes)
        .and_then(|value| value.word("`role`", Role::ALL, Role::as_str, notes));
    let titled = fields.optional("titled").and_then(|value| value.line(notes));
    let basis = basis_of(&mut fields, above, notes);
    let mut borne = vec![(key.to_owned(), id_span)];
    let names = fields
        .optional("names")
        .and_then(|value| value.table(notes))
        .map(|names| names_read(names, &mut borne, notes))
        .unwrap_or_default();
    let mut labels = BTreeMap::new();
    for (tag, value) in by_language(&mut fields, "labels", languages, notes) {
        if let Some(label) = value.line(notes) {
            borne.push((label.clone(), value.span()));
            labels.insert(tag, label);
        }
    }
    fields.finish(notes);
    let participant = Participant { role: role?, titled, names: names.filled(key), labels, basis };
    Some(Seat { participant, borne })
}

/// The names that the file gives.
#[derive(Default)]
struct Given {
    own: Option<String>,
    text: Option<String>,
    label: Option<String>,
}

impl Given {
    /// The names that are shown, whichever are given.
    fn filled(self, id: &str) -> Names {
        let own = self.own.clone().or_else(|| self.text.clone()).or_else(|| self.label.clone());
        let own = own.unwrap_or_else(|| id.to_owned());
        Names { text: self.text, label: self.label.unwrap_or_else(|| own.clone()), own }
    }
}

fn names_read(
    mut fields: Fields<'_>,
    borne: &mut Vec<(String, Range<usize>)>,
    notes: &mut Notes<'_>,
) -> Given {
    let mut name = |key| {
        let value = fields.optional(key)?;
        let name = value.line(notes)?;
        borne.push((name.clone(), value.span()));
        Some(name)
    };
    let given = Given { own: name("own"), text: name("text"), label: name("label") };
    fields.finish(notes);
    given
}
