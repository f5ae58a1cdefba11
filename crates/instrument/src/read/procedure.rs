//! `[procedure.X]`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use terms::Code;

use super::body::{name_but, name_read, one_of};
use super::fields::{Fields, Once, Value};
use super::library::{Merged, STATES};
use super::who::{Known, deciders, group, set};
use super::{Notes, basis_of, due, step};
use crate::fault::{did_you_mean, shown};
use crate::keys::{ADOPTS, EFFECTS, NO_FIELD, NO_STATE, PLAIN, PROCEDURE, REFERENCE, TIERS};
use crate::model::Basis;
use crate::procedure::{Effect, Field, Holds, Open, Procedure, State, StateKind, Step, Tier};
use crate::who::Set;

/// What a procedure may name that stands outside it.
pub(super) struct Around<'a> {
    pub(super) words: &'a Known<'a>,
    pub(super) basis: Basis,
    pub(super) procedures: &'a BTreeSet<Code>,
}

/// What the steps of a procedure may name.
pub(super) struct Inside<'a> {
    pub(super) fields: &'a BTreeMap<Code, Field>,
    pub(super) states: &'a [(Code, State)],
    pub(super) words: &'a Known<'a>,
    pub(super) procedures: &'a BTreeSet<Code>,
}

impl Inside<'_> {
    /// A state that there is.
    pub(super) fn state(&self, word: &str, span: Range<usize>, notes: &mut Notes<'_>) -> Option<Code> {
        let found = self.states.iter().find(|(name, _)| name.as_str() == word);
        if found.is_none() {
            let known = super::known(self.states.iter().map(|(name, _)| name));
            let message = format!("unknown state `{}`", shown(word));
            notes.wrong("instrument::unknown_state", span, message, did_you_mean(word, &known));
        }
        found.map(|(name, _)| name.clone())
    }

    /// A field that there is.
    pub(super) fn field(&self, word: &str, value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Code> {
        let found = self.fields.keys().find(|name| name.as_str() == word);
        if found.is_none() {
            let known = super::known(self.fields.keys());
            let message = format!("unknown field `{}`", shown(word));
            notes.wrong("instrument::unknown_field", value.span(), message, did_you_mean(word, &known));
        }
        found.cloned()
    }

    /// A procedure that there is.
    pub(super) fn procedure(&self, word: &str, value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Code> {
        let found = self.procedures.iter().find(|name| name.as_str() == word);
        if found.is_none() {
            let known = super::known(self.procedures.iter());
            let message = format!("unknown procedure `{}`", shown(word));
            notes.wrong("instrument::unknown_procedure", value.span(), message, did_you_mean(word, &known));
        }
        found.cloned()
    }
}

/// Reads one procedure, merged with its library's.
pub(super) fn read(
    name: &Code,
    merged: &Merged<'_>,
    span: Range<usize>,
    around: &Around<'_>,
    notes: &mut Notes<'_>,
) -> Option<Procedure> {
    let mut table = Fields::new(format!("procedure.{name}"), span, &merged.table, Some(&PROCEDURE));
    // `library` has read these.
    let _ = (table.optional("like"), table.optional("without"));
    let basis = basis_of(&mut table, around.basis, notes);
    let title = table.needed("title", "title = \"…\"", notes).and_then(|value| value.line(notes));
    let says = table.optional("says").and_then(|value| value.paragraph(notes));
    let reference =
        table.optional("ref").and_then(|value| reference_read(&value, notes)).unwrap_or_else(|| {
            name.as_str().chars().filter(char::is_ascii_alphabetic).take(3).collect::<String>().to_uppercase()
        });

    let fields_table = table.optional("fields").and_then(|value| value.table(notes));
    let (fields, participants) = fields_read(fields_table, around, notes);
    let words = Known { fields: participants, matter: true, ..*around.words };
    let states = states_read(&mut table, merged, notes);
    let inside = Inside { fields: &fields, states: &states, words: &words, procedures: around.procedures };

    let strands =
        codes(table.optional("strands"), notes, |word, value, notes| inside.field(word, value, notes));
    let under = codes(table.optional("under"), notes, name_read).into_iter().collect();
    let adopts = table
        .optional("adopts")
        .and_then(|value| one_of("instrument::unknown_word", &value, "word", &ADOPTS, notes));
    let mut set_of_states = |key| {
        codes(table.optional(key), notes, |word, value, notes| inside.state(word, value.span(), notes))
            .into_iter()
            .collect::<BTreeSet<Code>>()
    };
    let (against, public) = (set_of_states("against"), set_of_states("public"));
    let seen_by =
        table.optional("seen_by").map(|value| seen_by_read(&value, &words, notes)).unwrap_or_default();
    let tiers = match table.optional("tiers") {
        Some(value) => tiers_read(&value, notes),
        None => vec![Tier::Record],
    };
    let effects =
        table.optional("effect").map(|value| effects_read(value, &inside, notes)).unwrap_or_default();
    let open = table
        .needed("open", "[procedure.NAME.open]\nby = \"parties\"\nto = \"…\"", notes)
        .and_then(|value| value.table(notes))
        .and_then(|table| open_read(table, basis, &inside, notes));
    let steps = steps_read(table.optional("step"), merged, basis, &inside, notes);
    table.finish(notes);
    let like = merged.like.as_deref().and_then(Code::new);
    Some(Procedure {
        title: title?,
        says,
        reference,
        like,
        strands,
        under,
        adopts,
        against,
        seen_by,
        public,
        tiers,
        effects,
        fields,
        states,
        open: open?,
        steps,
        basis,
    })
}

fn reference_read(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<String> {
    let text = value.string(notes)?;
    if REFERENCE.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some(text.to_owned());
    }
    let message = format!("`{}` can't begin a reference", shown(text));
    let help = "write 3 to 5 capitals, as `ref = \"CASE\"`".to_owned();
    notes.wrong("instrument::unreadable_name", value.span(), message, help);
    None
}

/// A list of words, each once, or one of them.
pub(super) fn codes(
    value: Option<Value<'_>>,
    notes: &mut Notes<'_>,
    read: impl FnMut(&str, &Value<'_>, &mut Notes<'_>) -> Option<Code>,
) -> Vec<Code> {
    let Some(value) = value else { return Vec::new() };
    let values =
        if value.as_string().is_some() { vec![value] } else { value.list(notes).unwrap_or_default() };
    codes_of(&values, notes, read)
}

/// The words of a list.
fn codes_of(
    values: &[Value<'_>],
    notes: &mut Notes<'_>,
    mut read: impl FnMut(&str, &Value<'_>, &mut Notes<'_>) -> Option<Code>,
) -> Vec<Code> {
    let (mut codes, mut once) = (Vec::new(), Once::default());
    for value in values {
        let Some(word) = value.string(notes) else { continue };
        if once.is_first(word, value.span(), notes) {
            codes.extend(read(word, value, notes));
        }
    }
    codes
}

fn states_read(table: &mut Fields<'_>, merged: &Merged<'_>, notes: &mut Notes<'_>) -> Vec<(Code, State)> {
    let mut read: BTreeMap<Code, (State, Range<usize>)> = BTreeMap::new();
    for (part, kind) in STATES.into_iter().zip([StateKind::Waiting, StateKind::Rest, StateKind::End]) {
        let part = table.optional(part).and_then(|value| value.table(notes));
        for (key, value) in part.into_iter().flat_map(Fields::entries) {
            let Some(name) = name_but(&NO_STATE, key, &value, notes) else { continue };
            let Some(says) = value.paragraph(notes) else { continue };
            if let Some((_, first)) = read.get(&name) {
                let message = format!("the state `{name}` stands in two tables");
                let help = "keep it in one: `states` wait, `rests` may last, `ends` are over".to_owned();
                notes.wrong_twice(
                    "instrument::twice_a_state",
                    [value.key_span(), first.clone()],
                    message,
                    help,
                );
                continue;
            }
            read.insert(name, (State { kind, says }, value.key_span()));
        }
    }
    merged
        .states
        .iter()
        .filter_map(|name| read.remove_entry(&Code::new(name)?))
        .map(|(name, (state, _))| (name, state))
        .collect()
}

fn seen_by_read(value: &Value<'_>, words: &Known<'_>, notes: &mut Notes<'_>) -> Vec<Set> {
    let Some(text) = value.string(notes) else { return Vec::new() };
    text.split(',').filter_map(|word| set(word.trim(), value, words, notes)).collect()
}

fn tiers_read(value: &Value<'_>, notes: &mut Notes<'_>) -> Vec<Tier> {
    if value.is_empty_list() {
        let help = "name one at least, or leave the key out: then it is on record".to_owned();
        notes.wrong("instrument::leaves_nothing", value.span(), "no tier is left".to_owned(), help);
    }
    let values = value.list(notes).unwrap_or_default();
    let (mut tiers, mut once) = (Vec::new(), Once::default());
    for value in &values {
        let tier = one_of("instrument::unknown_word", value, "tier", &TIERS, notes);
        let word = value.as_string().unwrap_or_default();
        tiers.extend(tier.filter(|_| once.is_first(word, value.span(), notes)));
    }
    if tiers.is_empty() { vec![Tier::Record] } else { tiers }
}

fn effects_read(value: Value<'_>, inside: &Inside<'_>, notes: &mut Notes<'_>) -> BTreeMap<Code, Effect> {
    let mut effects = BTreeMap::new();
    for (key, value) in value.table(notes).into_iter().flat_map(Fields::entries) {
        let state = inside.state(key, value.key_span(), notes);
        let effect = one_of("instrument::unknown_effect", &value, "effect", &EFFECTS, notes);
        if let (Some(state), Some(effect)) = (state, effect) {
            effects.insert(state, effect);
        }
    }
    effects
}

fn open_read(
    mut table: Fields<'_>,
    above: Basis,
    inside: &Inside<'_>,
    notes: &mut Notes<'_>,
) -> Option<Open> {
    let basis = basis_of(&mut table, above, notes);
    let by =
        table.needed("by", "by = \"parties\"", notes).and_then(|value| deciders(&value, inside.words, notes));
    let to = table.needed("to", "to = \"…\"", notes).and_then(|value| {
        let word = value.string(notes)?;
        inside.state(word, value.span(), notes)
    });
    let due = table.optional("due").and_then(|value| due::due(value, inside.fields, notes));
    table.finish(notes);
    Some(Open { by: by?, to: to?, due, basis })
}

fn steps_read(
    value: Option<Value<'_>>,
    merged: &Merged<'_>,
    basis: Basis,
    inside: &Inside<'_>,
    notes: &mut Notes<'_>,
) -> Vec<(Code, Step)> {
    let mut steps = BTreeMap::new();
    let table = value.and_then(|value| value.table(notes));
    for (key, value) in table.into_iter().flat_map(Fields::entries) {
        let name = name_read(key, &value, notes);
        let step = value.table(notes).and_then(|table| step::read(table, basis, inside, notes));
        if let (Some(name), Some(step)) = (name, step) {
            steps.insert(name, step);
        }
    }
    merged.steps.iter().filter_map(|name| steps.remove_entry(&Code::new(name)?)).collect()
}

/// The fields, and which of them name participants.
fn fields_read(
    table: Option<Fields<'_>>,
    around: &Around<'_>,
    notes: &mut Notes<'_>,
) -> (BTreeMap<Code, Field>, BTreeSet<Code>) {
    let given: Vec<(Code, Value<'_>)> = table
        .into_iter()
        .flat_map(Fields::entries)
        .filter_map(|(key, value)| Some((name_but(&NO_FIELD, key, &value, notes)?, value)))
        .collect();
    let is_participant = |value: &Value<'_>| {
        let words = value.as_string().unwrap_or_default();
        words.split_whitespace().find(|word| !["optional", "several"].contains(word)) == Some("participant")
    };
    let participants: BTreeSet<Code> =
        given.iter().filter(|(_, value)| is_participant(value)).map(|(name, _)| name.clone()).collect();
    let words = Known { fields: participants.clone(), matter: true, ..*around.words };
    let mut fields = BTreeMap::new();
    for (name, value) in given {
        if let Some(field) = field_read(&value, &words, around, notes) {
            fields.insert(name, field);
        }
    }
    (fields, participants)
}

const TYPES: &str = "a list of codes, `one of a b`, `count`, `instant`, `window`, `place`, `area`, `provision`, `text`, \
                     `participant [of SET]` or `matter [of KIND [in STATE]]`, with `optional` or `several` before it";

fn field_read(
    value: &Value<'_>,
    words: &Known<'_>,
    around: &Around<'_>,
    notes: &mut Notes<'_>,
) -> Option<Field> {
    let unknown = |notes: &mut Notes<'_>, what: &str| {
        let message = format!("`{}` is no type of a field", shown(what));
        notes.wrong("instrument::unknown_field_type", value.span(), message, format!("write {TYPES}"));
    };
    if value.as_string().is_none() {
        if value.is_empty_list() {
            let message = "this field could hold nothing".to_owned();
            let help = "list its codes, as `[\"low\", \"high\"]`".to_owned();
            notes.wrong("instrument::leaves_nothing", value.span(), message, help);
        }
        let values = value.list(notes)?;
        let codes = codes_of(&values, notes, name_read);
        return Some(Field { holds: Holds::Codes(codes), optional: false, several: false });
    }
    let text = value.string(notes)?;
    let all: Vec<&str> = text.split_whitespace().collect();
    let mut rest = all.as_slice();
    let (mut optional, mut several) = (false, false);
    while let [word @ ("optional" | "several"), more @ ..] = rest {
        *(if *word == "optional" { &mut optional } else { &mut several }) = true;
        rest = more;
    }
    let plain = match rest {
        [word] => PLAIN.into_iter().find(|(known, _)| known == word).map(|(_, holds)| holds),
        _ => None,
    };
    if let Some(holds) = plain {
        return Some(Field { holds, optional, several });
    }
    let holds = match rest {
        ["one", "of", codes @ ..] if !codes.is_empty() => {
            let mut once = Once::default();
            let first = codes.iter().filter(|code| once.is_first(code, value.span(), notes));
            let first: Vec<&&str> = first.collect();
            let codes = first.into_iter().map(|code| name_read(code, value, notes));
            Holds::Codes(codes.collect::<Option<Vec<Code>>>()?)
        }
        ["participant"] => Holds::Participant(None),
        ["participant", "of", of @ ..] => Holds::Participant(Some(group(of, value, words, notes)?)),
        ["matter"] => Holds::Matter { kind: None, states: BTreeSet::new() },
        ["matter", "of", kind, of @ ..] => {
            let found = around.procedures.iter().find(|name| name.as_str() == *kind);
            let Some(found) = found else {
                let known = super::known(around.procedures.iter());
                let message = format!("unknown procedure `{}`", shown(kind));
                notes.wrong(
                    "instrument::unknown_procedure",
                    value.span(),
                    message,
                    did_you_mean(kind, &known),
                );
                return None;
            };
            let states = match of {
                [] => BTreeSet::new(),
                ["in", states @ ..] if !states.is_empty() => states
                    .iter()
                    .map(|state| name_read(state.trim_end_matches(','), value, notes))
                    .collect::<Option<BTreeSet<Code>>>()?,
                _ => {
                    unknown(notes, text);
                    return None;
                }
            };
            Holds::Matter { kind: Some(found.clone()), states }
        }
        _ => {
            unknown(notes, text);
            return None;
        }
    };
    Some(Field { holds, optional, several })
}
