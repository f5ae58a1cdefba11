//! Values of fields.

use act::value::{FieldValue, MatterRef, Word};
use docket::v1::Replay;
use instrument::procedure::{Field, Holds};
use place::{mgrs, notation};
use terms::{ActId, Item, ItemPart, ParticipantId, Place};

use super::label;
use crate::show::text::{bytes, number};
use crate::show::time::utc;

/// A value, as a person reads it. `field` is what the procedure says of it, where that is known.
pub(crate) fn value(replay: &Replay, field: Option<&Field>, value: &FieldValue) -> String {
    match value {
        FieldValue::One(one) => word(replay, field, one),
        FieldValue::Count(count) => number(*count),
        FieldValue::Several(words) => {
            words.iter().map(|one| word(replay, field, one)).collect::<Vec<_>>().join(", ")
        }
        FieldValue::Window(window) => format!("{} to {}", utc(window.start), utc(window.end)),
        FieldValue::Place(at) => place(at),
        FieldValue::Annex(annex) => {
            format!("a text of {}, SHA-256 {}", bytes(annex.size), annex.sha256.to_hex())
        }
    }
}

/// The same where there is little room: a grid reference stands for a place, its size for a text.
pub(crate) fn short(replay: &Replay, field: Option<&Field>, what: &FieldValue) -> String {
    match what {
        FieldValue::Place(at) => grid(at),
        FieldValue::Annex(annex) => format!("a text of {}", bytes(annex.size)),
        other => value(replay, field, other),
    }
}

fn word(replay: &Replay, field: Option<&Field>, word: &Word) -> String {
    match word {
        Word::Code(code) => match (field.map(|field| &field.holds), ParticipantId::new(code.as_str())) {
            (Some(Holds::Participant(_)), Some(who)) => label(replay.instrument(), &who),
            _ => code.to_string(),
        },
        Word::Instant(at) => utc(*at),
        Word::Hash(hash) => matter(replay, &MatterRef::Opened(ActId(*hash))),
        Word::Item(item) => match item.part {
            ItemPart::Matter(_) => matter(replay, &MatterRef::ByStep(*item)),
            ItemPart::Exhibit(_) | ItemPart::Row(_) => exhibit(replay, item),
        },
    }
}

/// A matter by its reference, once it has one.
pub(crate) fn matter(replay: &Replay, id: &MatterRef) -> String {
    let found = replay.settlement().matter(id);
    found.map_or_else(|| id.to_string(), |(_, matter)| matter.reference.to_string())
}

/// An exhibit by its reference, once it has one.
pub(crate) fn exhibit(replay: &Replay, item: &Item) -> String {
    let found = replay.settlement().exhibits().get(item);
    found.map_or_else(|| item.to_string(), |exhibit| exhibit.reference.to_string())
}

/// `34TDN 12 34`
pub(crate) fn grid(place: &Place) -> String {
    mgrs::grouped(&mgrs::mgrs(place, mgrs::digits(place)))
}

/// A place with its grid reference, its degrees, and how far off it may be.
pub(crate) fn place(place: &Place) -> String {
    format!("{} ({} ± {} m)", grid(place), notation::decimal(place), number(place.radius_m))
}
