//! Clocks as people say them: `72h after service`, `3d before window.start`, `at by-when`.

use std::collections::BTreeMap;

use terms::Code;

use super::Notes;
use super::fields::Value;
use crate::fault::{did_you_mean, shown};
use crate::keys::LONGEST;
use crate::procedure::{Due, Edge, Field, Holds, Moment, Phrase, Span};

/// The fields that a clock may count from.
pub(super) type Fields = BTreeMap<Code, Field>;

const FORMS: &str =
    "write `3d after service`, `72h after finality`, `3d before window.start` or `at by-when`";

/// A phrase, or one for each code of a field.
pub(super) fn due(value: Value<'_>, fields: &Fields, notes: &mut Notes<'_>) -> Option<Due> {
    if value.as_string().is_some() {
        return phrase(&value, fields, notes).map(Due::Phrase);
    }
    if !value.is_table() {
        let message = "this is no time".to_owned();
        notes.wrong("instrument::unreadable_due", value.span(), message, FORMS.to_owned());
        return None;
    }
    let span = value.span();
    let mut table = value.table(notes)?;
    let of = table.needed("of", "of = \"grade\"", notes)?;
    let name = of.string(notes)?;
    let field = Code::new(name).filter(|code| fields.contains_key(code));
    let Some((field, Holds::Codes(codes))) =
        field.as_ref().and_then(|code| fields.get(code).map(|field| (code, &field.holds)))
    else {
        let known: Vec<String> = fields
            .iter()
            .filter(|(_, field)| matches!(field.holds, Holds::Codes(_)))
            .map(|(name, _)| name.to_string())
            .collect();
        let message = format!("`{}` is no field of codes", shown(name));
        notes.wrong("instrument::unknown_field", of.span(), message, did_you_mean(name, &known));
        return None;
    };
    let other = table.optional("other").and_then(|value| phrase(&value, fields, notes));
    let mut by = BTreeMap::new();
    for (key, value) in table.entries() {
        let phrase = phrase(&value, fields, notes);
        match Code::new(key).filter(|code| codes.contains(code)) {
            Some(code) => drop(phrase.map(|phrase| by.insert(code, phrase))),
            None => {
                let known: Vec<String> = codes.iter().map(ToString::to_string).collect();
                let message = format!("`{}` is no code of `{field}`", shown(key));
                notes.wrong("instrument::unknown_code", value.key_span(), message, did_you_mean(key, &known));
            }
        }
    }
    let missing: Vec<String> =
        codes.iter().filter(|code| !by.contains_key(*code)).map(|code| format!("`{code}`")).collect();
    if other.is_none() && !missing.is_empty() {
        let message = format!("this says nothing for {}", missing.join(", "));
        let help = "cover every code, or say `other = \"…\"`".to_owned();
        notes.wrong("instrument::codes_missing", span, message, help);
        return None;
    }
    Some(Due::By { field: field.clone(), codes: by, other })
}

fn phrase(value: &Value<'_>, fields: &Fields, notes: &mut Notes<'_>) -> Option<Phrase> {
    let text = value.string(notes)?;
    let words: Vec<&str> = text.split(' ').collect();
    let bad = |notes: &mut Notes<'_>| {
        let message = format!("`{}` is no time", shown(text));
        notes.wrong("instrument::unreadable_due", value.span(), message, FORMS.to_owned());
    };
    let phrase = match words.as_slice() {
        ["at", when] => moment(when, value, fields, notes).map(Phrase::At)?,
        [length, relation @ ("after" | "before"), from] => {
            let Some(span) = length_of(length) else {
                bad(notes);
                return None;
            };
            match (*relation, *from) {
                ("after", "service") => Phrase::AfterService(span),
                ("after", "finality") => Phrase::AfterFinality(span),
                ("after", when) => Phrase::After(moment(when, value, fields, notes)?, span),
                (_, when) => Phrase::Before(moment(when, value, fields, notes)?, span),
            }
        }
        _ => {
            bad(notes);
            return None;
        }
    };
    Some(phrase)
}

/// `window.start`, or `by-when`.
fn moment(text: &str, value: &Value<'_>, fields: &Fields, notes: &mut Notes<'_>) -> Option<Moment> {
    let (name, edge) = match text.split_once('.') {
        Some((name, "start")) => (name, Some(Edge::Start)),
        Some((name, "end")) => (name, Some(Edge::End)),
        Some(_) | None => (text, None),
    };
    let field = Code::new(name).and_then(|code| fields.get_key_value(&code));
    let fits = |field: &Field| match field.holds {
        Holds::Instant => edge.is_none() && !field.several,
        Holds::Window => edge.is_some() && !field.several,
        _ => false,
    };
    if let Some((name, _)) = field.filter(|(_, field)| fits(field)) {
        return Some(Moment { field: name.clone(), edge });
    }
    let known: Vec<String> = fields
        .iter()
        .filter(|(_, field)| !field.several)
        .flat_map(|(name, field)| match field.holds {
            Holds::Instant => vec![name.to_string()],
            Holds::Window => vec![format!("{name}.start"), format!("{name}.end")],
            _ => Vec::new(),
        })
        .chain(["service", "finality"].map(str::to_owned))
        .collect();
    let message = format!("`{}` is no time of this procedure", shown(text));
    notes.wrong("instrument::unknown_field", value.span(), message, did_you_mean(text, &known));
    None
}

/// `10min`, `72h`, `7d`; not nothing.
fn length_of(text: &str) -> Option<Span> {
    let seconds = super::calendar::length_read(text)?;
    if seconds.0 == 0 || seconds > LONGEST {
        return None;
    }
    Some(match text.as_bytes().last() {
        Some(b'n') => Span::Minutes(seconds.0 / 60),
        Some(b'h') => Span::Hours(seconds.0 / 3_600),
        _ => Span::Days(seconds.0 / 86_400),
    })
}
