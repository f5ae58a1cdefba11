//! What may be chosen in a list's filter: what stands in the procedure and in the instrument, and what stands on the docket
//! under those of before.

use std::collections::BTreeSet;

use instrument::Procedure;
use instrument::procedure::Holds;
use lang::Arg;
use terms::Code;

use super::filter::{Filter, Side, value_words};
use crate::index::OfKind;
use crate::index::marks::{marked, when};
use crate::page::choice::Choice;
use crate::words::{Reader, Who};
use crate::writing::FIELD;

/// What may be chosen, each with its words, and whether it is.
pub(super) struct Choices {
    pub(super) states: Vec<Choice>,
    pub(super) participants: Vec<Choice>,
    pub(super) openers: Vec<Choice>,
    pub(super) areas: Vec<Choice>,
    pub(super) fields: Vec<OfField>,
    /// What stands before the times when it happened; nothing, where matters do not say when.
    pub(super) happened: Option<[String; 2]>,
}

/// What may be chosen of a field.
pub(super) struct OfField {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) choices: Vec<Choice>,
}

impl Choices {
    pub(super) fn of(reader: Reader<'_>, kind: &Code, filter: &Filter) -> Choices {
        let procedure = reader.instrument().procedures.get(kind);
        let matters = reader.index.kind(kind);
        let fields = procedure.map(marked).unwrap_or_default();
        let happened = procedure.and_then(|procedure| Some(reader.word(procedure, when(procedure)?)));
        Choices {
            states: states(reader, procedure, matters, filter.typed("state")),
            participants: participants(reader, filter.typed("of")),
            openers: participants(reader, filter.typed("opener")),
            areas: areas(reader, filter.typed("area")),
            fields: fields
                .into_iter()
                .map(|field| of_field(reader, procedure, matters, filter, &field))
                .collect(),
            happened: happened.map(|field| {
                let args = [("field", Arg::Text(&field))];
                ["filter-happened-since", "filter-happened-until"].map(|id| reader.texts.say(id, &args))
            }),
        }
    }
}

/// The states of a kind of matter, and those that its matters stand in under a procedure of before.
fn states(
    reader: Reader<'_>,
    procedure: Option<&Procedure>,
    matters: Option<&OfKind>,
    chosen: &str,
) -> Vec<Choice> {
    let mut all: Vec<&Code> =
        procedure.iter().flat_map(|procedure| procedure.states.iter().map(|(state, _)| state)).collect();
    let known: BTreeSet<&Code> = all.iter().copied().collect();
    let stands = matters.map(OfKind::states_now).unwrap_or_default();
    all.extend(stands.into_iter().filter(|state| !known.contains(state)));
    let choice = |state: &Code| Choice::of(state, reader.word_if(procedure, state), state.as_str() == chosen);
    all.into_iter().map(choice).collect()
}

fn participants(reader: Reader<'_>, chosen: &str) -> Vec<Choice> {
    let choice = |who: Who| Choice::of(&who.id, who.label, who.id == chosen);
    reader.everyone().into_iter().map(choice).collect()
}

/// The areas that the instrument names, and none.
fn areas(reader: Reader<'_>, chosen: &str) -> Vec<Choice> {
    let named = reader.instrument().areas.keys().map(|area| (area.to_string(), Side::Area(area.clone())));
    let all = named.chain([(Side::NOT_DETERMINED.to_owned(), Side::NotDetermined)]);
    all.map(|(value, side)| Choice::of(&value, side.words(reader), value == chosen)).collect()
}

/// What a field may hold by the procedure and the instrument, and then what else it holds.
fn of_field(
    reader: Reader<'_>,
    procedure: Option<&Procedure>,
    matters: Option<&OfKind>,
    filter: &Filter,
    field: &Code,
) -> OfField {
    let instrument = reader.instrument();
    let holds = procedure.and_then(|procedure| procedure.fields.get(field)).map(|field| &field.holds);
    let mut all: Vec<Code> = match holds {
        Some(Holds::Codes(codes)) => codes.clone(),
        Some(Holds::Participant(_)) => {
            reader.everyone().into_iter().filter_map(|who| Code::new(&who.id)).collect()
        }
        Some(Holds::Provision) => instrument.provisions.keys().cloned().collect(),
        Some(Holds::Area) => instrument.areas.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let known: BTreeSet<Code> = all.iter().cloned().collect();
    let stands = matters.map(|matters| matters.values(field)).unwrap_or_default();
    all.extend(stands.into_iter().filter(|value| !known.contains(value)));
    let name = format!("{FIELD}{field}");
    let chosen = filter.typed(&name);
    let choice = |value: &Code| {
        Choice::of(value, value_words(reader, procedure, field, value), value.as_str() == chosen)
    };
    OfField { label: reader.word_if(procedure, field), choices: all.iter().map(choice).collect(), name }
}
