//! `like = "case"`: a procedure of the library, changed key by key (PROCEDURE §5).

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Notes;
use super::fields::{Fields, Value};
use crate::fault::{did_you_mean, shown};
use crate::keys::PROCEDURE;

/// The tables of states, in the order in which they are shown.
pub(super) const STATES: [&str; 3] = ["states", "rests", "ends"];

/// Tables of a procedure whose keys are replaced one by one; all others are replaced whole.
const BY_KEY: [&str; 2] = ["fields", "open"];

/// Keys of a step that take the place of each other.
const RIVALS: [(&str, &str); 4] = [("to", "choice"), ("choice", "to"), ("due", "until"), ("until", "due")];

/// A procedure as it runs: the library's, with what the instrument changes.
pub(super) struct Merged<'d> {
    pub(super) table: DeTable<'d>,
    /// The procedure of the library, if it comes from one.
    pub(super) like: Option<String>,
    /// The names of its states and of its steps, in the order of the files.
    pub(super) states: Vec<String>,
    pub(super) steps: Vec<String>,
}

/// Merges a procedure with the one of the library that it is like. What comes from the library stands where
/// `like` stands, so that what is wrong with it is shown there.
pub(super) fn merged<'d>(
    name: &str,
    own: &DeTable<'d>,
    library: &DeTable<'d>,
    notes: &mut Notes<'_>,
) -> Merged<'d> {
    let alone = || Merged {
        table: own.clone(),
        like: None,
        states: STATES.iter().flat_map(|table| names(own, table)).collect(),
        steps: names(own, "step"),
    };
    let mut keys = Fields::new(format!("procedure.{name}"), 0..0, own, Some(&PROCEDURE));
    let without = keys.optional("without");
    let Some((like, word)) =
        keys.optional("like").and_then(|like| like.string(notes).map(|word| (like, word)))
    else {
        if let Some(without) = without.filter(|_| !own.contains_key("like")) {
            let message = format!("`{name}` is like nothing that something could be left out of");
            let help = "name the library's procedure, as `like = \"case\"`, or drop `without`".to_owned();
            notes.wrong("instrument::unknown_without", without.key_span(), message, help);
        }
        return alone();
    };
    let found = library.get("procedure").and_then(|all| table_of(all)).and_then(|all| all.get(word));
    let Some(base) = found.and_then(table_of) else {
        let known = library.get("procedure").and_then(table_of);
        let known = super::known(known.into_iter().flat_map(|all| all.keys()).map(|key| key.get_ref()));
        let message = format!("the library has no procedure `{}`", shown(word));
        notes.wrong("instrument::unknown_library", like.span(), message, did_you_mean(word, &known));
        let mut left = alone();
        left.table.remove("like");
        left.table.remove("without");
        return left;
    };
    let mut states: Vec<String> = STATES.iter().flat_map(|table| names(base, table)).collect();
    let mut steps = names(base, "step");
    let mut table = moved(base, &like.span());
    if word != name {
        // Its letters are those of the library's own name.
        table.remove("ref");
    }
    if let Some(without) = without {
        leave_out(&mut table, &without, notes);
    }
    lay_over(&mut table, own);
    for (kept, own) in [
        (&mut states, STATES.iter().flat_map(|table| names(own, table)).collect::<Vec<_>>()),
        (&mut steps, names(own, "step")),
    ] {
        for name in own {
            if !kept.contains(&name) {
                kept.push(name);
            }
        }
    }
    let there: BTreeSet<String> = STATES.iter().flat_map(|part| names(&table, part)).collect();
    states.retain(|state| there.contains(state));
    let there: BTreeSet<String> = names(&table, "step").into_iter().collect();
    steps.retain(|step| there.contains(step));
    Merged { table, like: Some(word.to_owned()), states, steps }
}

/// The keys of a table of the procedure, in the order of the file.
fn names(procedure: &DeTable<'_>, table: &str) -> Vec<String> {
    let table = procedure.get(table).and_then(table_of);
    table.into_iter().flat_map(|table| table.keys()).map(|key| key.get_ref().to_string()).collect()
}

fn table_of<'v, 'd>(value: &'v Spanned<DeValue<'d>>) -> Option<&'v DeTable<'d>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// A table of the library, as if all of it stood at one place of the instrument.
fn moved<'d>(table: &DeTable<'d>, to: &Range<usize>) -> DeTable<'d> {
    let value = |value: &Spanned<DeValue<'d>>| moved_value(value, to);
    table.iter().map(|(key, v)| (Spanned::new(to.clone(), key.get_ref().clone()), value(v))).collect()
}

fn moved_value<'d>(value: &Spanned<DeValue<'d>>, to: &Range<usize>) -> Spanned<DeValue<'d>> {
    let inner = match value.get_ref() {
        DeValue::Table(table) => DeValue::Table(moved(table, to)),
        DeValue::Array(items) => DeValue::Array(items.iter().map(|item| moved_value(item, to)).collect()),
        plain => plain.clone(),
    };
    Spanned::new(to.clone(), inner)
}

/// `without = ["state.split", "step.answer.split"]`.
fn leave_out(table: &mut DeTable<'_>, without: &Value<'_>, notes: &mut Notes<'_>) {
    for path in without.list(notes).unwrap_or_default() {
        let Some(text) = path.string(notes) else { continue };
        let words: Vec<&str> = text.split('.').collect();
        let gone = match words.as_slice() {
            ["state", name] => remove(table, "states", name),
            ["rest", name] => remove(table, "rests", name),
            ["end", name] => remove(table, "ends", name),
            ["field", name] => remove(table, "fields", name),
            ["open", key] => remove(table, "open", key),
            ["step", name] => remove(table, "step", name),
            ["step", name, key] => match table.get_mut("step").map(Spanned::get_mut) {
                Some(DeValue::Table(steps)) => remove(steps, name, key),
                _ => false,
            },
            [key] => table.remove(*key).is_some(),
            _ => false,
        };
        if !gone {
            let message = format!("there is nothing to leave out at `{}`", shown(text));
            let help = "name what the library's procedure has, as `state.x`, `rest.x`, `end.x`, `field.x`, \
                        `step.x` or `step.x.split`"
                .to_owned();
            notes.wrong("instrument::unknown_without", path.span(), message, help);
        }
    }
}

fn remove(table: &mut DeTable<'_>, part: &str, key: &str) -> bool {
    match table.get_mut(part).map(Spanned::get_mut) {
        Some(DeValue::Table(part)) => part.remove(key).is_some(),
        _ => false,
    }
}

/// Puts what the instrument says over the library's.
fn lay_over<'d>(table: &mut DeTable<'d>, own: &DeTable<'d>) {
    for (key, value) in own {
        let name: &str = key.get_ref();
        if name == "like" || name == "without" {
            continue;
        }
        let Some(given) = table_of(value) else {
            replace(table, key, value);
            continue;
        };
        if name == "step" {
            for (step, value) in given {
                lay_step_over(table, key, step, value);
            }
        } else if STATES.contains(&name) || BY_KEY.contains(&name) {
            for (inner, value) in given {
                if STATES.contains(&name) {
                    // A state that is named again in another of the three tables moves there.
                    for part in STATES {
                        remove(table, part, inner.get_ref());
                    }
                }
                if let Some(part) = part_of(table, key) {
                    replace(part, inner, value);
                }
            }
        } else {
            replace(table, key, value);
        }
    }
}

fn lay_step_over<'d>(
    table: &mut DeTable<'d>,
    step_key: &Spanned<toml::de::DeString<'d>>,
    step: &Spanned<toml::de::DeString<'d>>,
    value: &Spanned<DeValue<'d>>,
) {
    let Some(steps) = part_of(table, step_key) else { return };
    match (table_of(value), steps.get_mut(step.get_ref().as_ref()).map(Spanned::get_mut)) {
        (Some(given), Some(DeValue::Table(base))) => {
            for (key, value) in given {
                let rival = RIVALS.iter().find(|(one, _)| *one == key.get_ref().as_ref());
                // Where the file has both, it is told so.
                if let Some((_, rival)) = rival.filter(|(_, rival)| !given.contains_key(*rival)) {
                    base.remove(*rival);
                }
                replace(base, key, value);
            }
        }
        _ => replace(steps, step, value),
    }
}

/// A table of the procedure, made if there is none.
fn part_of<'t, 'd>(
    table: &'t mut DeTable<'d>,
    key: &Spanned<toml::de::DeString<'d>>,
) -> Option<&'t mut DeTable<'d>> {
    let name: &str = key.get_ref();
    if table.get(name).is_none() {
        table.insert(key.clone(), Spanned::new(key.span(), DeValue::Table(DeTable::new())));
    }
    match table.get_mut(name).map(Spanned::get_mut) {
        Some(DeValue::Table(part)) => Some(part),
        _ => None,
    }
}

/// Takes the place of the key, too, and not of the value alone.
fn replace<'d>(table: &mut DeTable<'d>, key: &Spanned<toml::de::DeString<'d>>, value: &Spanned<DeValue<'d>>) {
    table.remove(key.get_ref().as_ref());
    table.insert(key.clone(), value.clone());
}
