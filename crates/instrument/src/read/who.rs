//! Who, and how many: `all of parties`, `chair of finders`, `everyone other than opener`.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, ParticipantId};

use super::Notes;
use super::fields::Value;
use super::participant::Seat;
use crate::fault::did_you_mean;
use crate::keys::COUNTS;
use crate::who::{Count, Deciders, Group, Item, Set};

/// What a word may name where a set is asked for.
pub(super) struct Known<'k> {
    pub(super) seats: &'k BTreeMap<ParticipantId, Seat>,
    pub(super) bodies: &'k BTreeSet<Code>,
    /// Fields of participants; none outside a procedure.
    pub(super) fields: BTreeSet<Code>,
    /// Whether there is a matter, and so one who opened it.
    pub(super) matter: bool,
}

impl Known<'_> {
    fn set(&self, word: &str) -> Option<Set> {
        if let Some((_, set)) = Set::WORDS.into_iter().find(|(known, _)| *known == word) {
            return Some(set).filter(|set| *set != Set::Opener || self.matter);
        }
        if let Some(id) = ParticipantId::new(word).filter(|id| self.seats.contains_key(id)) {
            return Some(Set::Participant(id));
        }
        let code = Code::new(word)?;
        if self.bodies.contains(&code) {
            Some(Set::Body(code))
        } else if self.fields.contains(&code) {
            Some(Set::Field(code))
        } else {
            None
        }
    }

    fn words(&self) -> Vec<String> {
        let words = Set::WORDS.into_iter().filter(|(_, set)| *set != Set::Opener || self.matter);
        let words = words.map(|(word, _)| word.to_owned());
        let seats = self.seats.keys().map(ToString::to_string);
        let codes = self.bodies.iter().chain(&self.fields).map(ToString::to_string);
        super::known(words.chain(seats).chain(codes))
    }
}

/// An item, or a list of items all of which must be met.
pub(super) fn deciders(value: &Value<'_>, known: &Known<'_>, notes: &mut Notes<'_>) -> Option<Deciders> {
    let items = if value.as_string().is_some() {
        vec![item(value, known, notes)?]
    } else {
        let values = value.list(notes)?;
        let items: Vec<Option<Item>> = values.iter().map(|value| item(value, known, notes)).collect();
        items.into_iter().collect::<Option<Vec<Item>>>()?
    };
    if items.is_empty() {
        let help = "name who acts, as `by = \"parties\"`".to_owned();
        notes.wrong("instrument::no_from_or_by", value.span(), "nobody is named here".to_owned(), help);
        return None;
    }
    Some(Deciders(items))
}

fn item(value: &Value<'_>, known: &Known<'_>, notes: &mut Notes<'_>) -> Option<Item> {
    let text = value.string(notes)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let (count, rest) = match words.as_slice() {
        [count, "of", rest @ ..] => (Some(count_of(count, value, notes)?), rest),
        rest => (None, rest),
    };
    let of = group(rest, value, known, notes)?;
    let is_body = matches!(of.set, Set::Body(_));
    if matches!(count, Some(Count::Quorum | Count::Chair)) && !is_body {
        let help = "only a body has a chair and a quorum: add `[body.NAME]`".to_owned();
        let message = format!("`{}` is no body", of.set);
        notes.wrong("instrument::unknown_who", value.span(), message, help);
        return None;
    }
    // A bare set means any of it; a bare body means by its own rule.
    let count = count.unwrap_or(if is_body { Count::Rule } else { Count::Any });
    Some(Item { count, of })
}

fn count_of(word: &str, value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Count> {
    let count = COUNTS.into_iter().find(|(known, _)| *known == word).map(|(_, count)| count);
    let count = count.or_else(|| number(word).map(Count::Number));
    if count.is_none() {
        let known = COUNTS.map(|(known, _)| known.to_owned());
        let help = format!("{}; or a number from 1", did_you_mean(word, &known));
        let message = format!("unknown word `{}` in `by`", crate::fault::shown(word));
        notes.wrong("instrument::unknown_word", value.span(), message, help);
    }
    count
}

/// A number from 1, written in one way only.
pub(super) fn number(word: &str) -> Option<u32> {
    let plain = word.bytes().all(|b| b.is_ascii_digit()) && !word.starts_with('0');
    word.parse().ok().filter(|_| plain)
}

/// `SET`, or `SET other than SET`.
pub(super) fn group(
    words: &[&str],
    value: &Value<'_>,
    known: &Known<'_>,
    notes: &mut Notes<'_>,
) -> Option<Group> {
    match words {
        [one] => Some(Group { set: set(one, value, known, notes)?, but: None }),
        [one, "other", "than", but] => {
            Some(Group { set: set(one, value, known, notes)?, but: Some(set(but, value, known, notes)?) })
        }
        words => {
            let help = "write a set, as `parties`, or `all of parties`, or `everyone other than opener`";
            let message = format!("`{}` names no set", crate::fault::shown(&words.join(" ")));
            notes.wrong("instrument::unknown_who", value.span(), message, help.to_owned());
            None
        }
    }
}

/// A set by its word.
pub(super) fn set(word: &str, value: &Value<'_>, known: &Known<'_>, notes: &mut Notes<'_>) -> Option<Set> {
    let set = known.set(word);
    if set.is_none() {
        let message = format!("unknown participant or set `{}`", crate::fault::shown(word));
        notes.wrong("instrument::unknown_who", value.span(), message, did_you_mean(word, &known.words()));
    }
    set
}
