//! `[procedure.X.step.Y]`.

use std::collections::{BTreeMap, BTreeSet};

use terms::Code;

use super::body::one_of;
use super::due;
use super::fields::{Fields, Value};
use super::procedure::{Inside, codes};
use super::who::deciders;
use super::{Notes, basis_of};
use crate::fault::{did_you_mean, shown};
use crate::keys::{FILES, NOTED};
use crate::model::Basis;
use crate::procedure::{Clock, ClockKind, From, Leads, Must, Opens, Promise, Silence, Step};

/// The choice that leads nowhere.
const STAY: &str = "stay";

pub(super) fn read(
    mut table: Fields<'_>,
    above: Basis,
    inside: &Inside<'_>,
    notes: &mut Notes<'_>,
) -> Option<Step> {
    let span = table.span();
    let basis = basis_of(&mut table, above, notes);
    let says = table.optional("says").and_then(|value| value.paragraph(notes));
    let from = table.optional("from").map(|value| from_read(value, inside, notes));
    let by = table.optional("by").map(|value| deciders(&value, inside.words, notes));
    for (there, key) in [(from.is_some(), "from"), (by.is_some(), "by")] {
        if !there {
            let message = format!("this step does not say `{key}`");
            let help = format!("add `{key} = \"…\"`: who acts, and in which states");
            notes.missing_wrong("instrument::no_from_or_by", span.clone(), message, help);
        }
    }
    let leads = leads_read(&mut table, inside, notes);
    let split = table.optional("split").and_then(|value| {
        let word = value.string(notes)?;
        inside.state(word, value.span(), notes)
    });
    let (clock, silence) = clock_read(&mut table, inside, notes);
    let word = table.optional("word").and_then(|value| value.line(notes));
    let fields: BTreeSet<Code> =
        codes(table.optional("fields"), notes, |word, value, notes| inside.field(word, value, notes))
            .into_iter()
            .collect();
    let must = table.optional("must").map(|value| must_read(value, &leads, inside, notes));
    let opens = table.optional("opens").map(|value| opens_read(value, &leads, inside, notes));
    let eyes = table.optional("eyes").and_then(|value| value.count_from_one(notes)).unwrap_or(1);
    let own_hand = table.optional("own_hand").and_then(|value| value.boolean(notes)).unwrap_or(false);
    let needs_file = table
        .optional("files")
        .and_then(|value| one_of("instrument::unknown_word", &value, "word", &FILES, notes))
        .unwrap_or(false);
    table.finish(notes);
    Some(Step {
        says,
        from: from?,
        by: by??,
        leads,
        split,
        clock,
        silence,
        word,
        fields,
        must: must.unwrap_or(Must::Always(BTreeSet::new())),
        opens: opens.unwrap_or(Opens::Nothing),
        eyes,
        own_hand,
        needs_file,
        basis,
    })
}

fn from_read(value: Value<'_>, inside: &Inside<'_>, notes: &mut Notes<'_>) -> From {
    if value.as_string() == Some("any") {
        return From::Any;
    }
    if value.is_empty_list() {
        let help = "name those that it is possible in, as `from = \"put\"`, or write `any`".to_owned();
        notes.wrong("instrument::no_from_or_by", value.span(), "no state is named here".to_owned(), help);
    }
    let states = codes(Some(value), notes, |word, value, notes| inside.state(word, value.span(), notes));
    From::States(states.into_iter().collect())
}

/// A state, or `stay`.
fn target(value: &Value<'_>, inside: &Inside<'_>, notes: &mut Notes<'_>) -> Option<Option<Code>> {
    let word = value.string(notes)?;
    if word == STAY {
        return Some(None);
    }
    inside.state(word, value.span(), notes).map(Some)
}

fn leads_read(table: &mut Fields<'_>, inside: &Inside<'_>, notes: &mut Notes<'_>) -> Leads {
    let (to, choice) = (table.optional("to"), table.optional("choice"));
    match (to, choice) {
        (Some(to), Some(choice)) => {
            let message = "this step has `to` and `choice`".to_owned();
            let help = "keep one of the two".to_owned();
            notes.wrong_twice("instrument::to_and_choice", [choice.key_span(), to.key_span()], message, help);
            Leads::Stays
        }
        (Some(to), None) => match target(&to, inside, notes) {
            Some(Some(state)) => Leads::To(state),
            Some(None) | None => Leads::Stays,
        },
        (None, Some(choice)) => {
            let mut choices = Vec::new();
            for (key, value) in choice.table(notes).into_iter().flat_map(Fields::in_order) {
                let name = super::body::name_read(key, &value, notes);
                if let (Some(name), Some(target)) = (name, target(&value, inside, notes)) {
                    choices.push((name, target));
                }
            }
            Leads::Choice(choices)
        }
        (None, None) => Leads::Stays,
    }
}

fn clock_read(
    table: &mut Fields<'_>,
    inside: &Inside<'_>,
    notes: &mut Notes<'_>,
) -> (Option<Clock>, Silence) {
    let (asked, right) = (table.optional("due"), table.optional("until"));
    if let (Some(due), Some(until)) = (&asked, &right) {
        let message = "this step has `due` and `until`".to_owned();
        let help =
            "keep one: `due` asks somebody, `until` ends a right that nobody is pressed to use".to_owned();
        notes.wrong_twice("instrument::two_clocks", [until.key_span(), due.key_span()], message, help);
    }
    let (has_clock, kind) =
        (asked.is_some() || right.is_some(), if asked.is_some() { ClockKind::Due } else { ClockKind::Until });
    let due = asked.or(right).and_then(|value| due::due(value, inside.fields, notes));
    let carriage = super::calendar::length(table, "carriage", notes).map(|(length, _)| length);
    let silence = table.optional("silence");
    if let (false, Some(silence)) = (has_clock, &silence) {
        let message = "silence can't lead on where no clock runs".to_owned();
        let help = "how long is silence? Add `due = \"72h after service\"`".to_owned();
        notes.wrong("instrument::silence_without_clock", silence.key_span(), message, help);
    }
    let silence = silence.and_then(|value| silence_read(value, inside, notes)).unwrap_or(Silence::Noted);
    let clock = due.map(|due| Clock { kind, due, carriage });
    (clock, silence)
}

fn silence_read(value: Value<'_>, inside: &Inside<'_>, notes: &mut Notes<'_>) -> Option<Silence> {
    let words =
        "`noted`, or one of `{ proceed = … }`, `{ escalate = … }`, `{ adopt = … }` and `{ lapse = … }`";
    let unknown = |notes: &mut Notes<'_>, span, what: &str| {
        let message = format!("`{}` is nothing that silence does", shown(what));
        notes.wrong("instrument::unknown_silence", span, message, format!("write {words}"));
    };
    if let Some(word) = value.as_string() {
        if word == NOTED {
            return Some(Silence::Noted);
        }
        unknown(notes, value.span(), word);
        return None;
    }
    let span = value.span();
    let mut entries = value.table(notes)?.in_order();
    let (Some((key, value)), None) = (entries.next(), entries.next()) else {
        unknown(notes, span, "more or less than one word");
        return None;
    };
    let Some(how) = Promise::ALL.into_iter().find(|promise| promise.as_str() == key) else {
        unknown(notes, value.key_span(), key);
        return None;
    };
    let word = value.string(notes)?;
    Some(Silence::Moves { how, to: inside.state(word, value.span(), notes)? })
}

/// A choice of this step.
fn choice(key: &str, value: &Value<'_>, leads: &Leads, notes: &mut Notes<'_>) -> Option<Code> {
    let known: Vec<&Code> = match leads {
        Leads::Choice(choices) => choices.iter().map(|(name, _)| name).collect(),
        Leads::Stays | Leads::To(_) => Vec::new(),
    };
    let found = known.iter().find(|name| name.as_str() == key);
    if found.is_none() {
        let words = super::known(known.iter());
        let message = format!("unknown choice `{}`", shown(key));
        notes.wrong("instrument::unknown_choice", value.key_span(), message, did_you_mean(key, &words));
    }
    found.map(|name| (*name).clone())
}

fn must_read(value: Value<'_>, leads: &Leads, inside: &Inside<'_>, notes: &mut Notes<'_>) -> Must {
    let read = |value: Value<'_>, notes: &mut Notes<'_>| -> BTreeSet<Code> {
        codes(Some(value), notes, |word, value, notes| inside.field(word, value, notes)).into_iter().collect()
    };
    if !value.is_table() {
        return Must::Always(read(value, notes));
    }
    let mut by_choice = BTreeMap::new();
    for (key, value) in value.table(notes).into_iter().flat_map(Fields::entries) {
        let choice = choice(key, &value, leads, notes);
        let fields = read(value, notes);
        if let Some(choice) = choice {
            by_choice.insert(choice, fields);
        }
    }
    Must::For(by_choice)
}

fn opens_read(value: Value<'_>, leads: &Leads, inside: &Inside<'_>, notes: &mut Notes<'_>) -> Opens {
    if let Some(word) = value.as_string() {
        return inside.procedure(word, &value, notes).map_or(Opens::Nothing, Opens::Always);
    }
    let mut by_choice = BTreeMap::new();
    for (key, value) in value.table(notes).into_iter().flat_map(Fields::entries) {
        let choice = choice(key, &value, leads, notes);
        let kind = value.string(notes).and_then(|word| inside.procedure(word, &value, notes));
        if let (Some(choice), Some(kind)) = (choice, kind) {
            by_choice.insert(choice, kind);
        }
    }
    Opens::For(by_choice)
}
