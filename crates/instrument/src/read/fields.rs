//! Walking the spanned tree: a table whose keys are taken one by one, and what is left over is
//! unknown.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Notes, within};
use crate::fault::{Fault, TextFault};
use crate::keys::{Form, HIDDEN, LINE_MOST, PARAGRAPH_MOST, Table};

/// How the table that is the file itself is called.
pub(super) const WHOLE: &str = "the file";

/// A table, of which keys are taken.
pub(super) struct Fields<'d> {
    /// How it is called in messages: `participant.north`.
    name: String,
    /// Where its name stands.
    span: Range<usize>,
    /// By key, with its place in the table.
    left: BTreeMap<&'d str, (usize, Range<usize>, &'d Spanned<DeValue<'d>>)>,
    /// The keys that it may have; none where nothing but a table is known of it.
    table: Option<&'static Table>,
    asked: Vec<&'static str>,
}

impl<'d> Fields<'d> {
    pub(super) fn new(
        name: String,
        span: Range<usize>,
        given: &'d DeTable<'d>,
        table: Option<&'static Table>,
    ) -> Fields<'d> {
        let entries = given.iter().enumerate();
        let left =
            entries.map(|(at, (key, value))| (key.get_ref().as_ref(), (at, key.span(), value))).collect();
        Fields { name, span, left, table, asked: Vec::new() }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Takes a key that may be absent.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<Value<'d>> {
        debug_assert!(
            self.table.is_some_and(|table| table.key(key).is_some()),
            "`{key}` is in no table of keys"
        );
        self.asked.push(key);
        let (_, span, value) = self.left.remove(key)?;
        Some(Value { name: format!("{}.{key}", self.name), key_span: span, value, form: self.form(key) })
    }

    /// What may stand at a key.
    fn form(&self, key: &str) -> Option<&'static Form> {
        self.table.and_then(|table| table.form(key))
    }

    /// Takes a key that has to be there.
    pub(super) fn needed(
        &mut self,
        key: &'static str,
        example: &'static str,
        notes: &mut Notes<'_>,
    ) -> Option<Value<'d>> {
        let value = self.optional(key);
        if value.is_none() {
            notes.missing(Fault::MissingKey { key, table: self.name.clone(), example }, &[self.span()]);
        }
        value
    }

    /// Takes a table of the file.
    pub(super) fn table(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Fields<'d>> {
        let value = self.optional(key)?;
        Value { name: key.to_owned(), ..value }.table(notes)
    }

    /// Takes all that is left, by key, where the keys are names that people choose.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'d str, Value<'d>)> {
        let (name, table) = (self.name, self.table);
        self.left.into_iter().map(move |(key, (_, span, value))| {
            let form = table.and_then(|table| table.form(key));
            (key, Value { name: format!("{name}.{key}"), key_span: span, value, form })
        })
    }

    /// The same in the order of the file.
    pub(super) fn in_order(self) -> impl Iterator<Item = (&'d str, Value<'d>)> {
        let places: BTreeMap<&str, usize> = self.left.iter().map(|(key, (at, ..))| (*key, *at)).collect();
        let mut entries: Vec<_> = self.entries().collect();
        entries.sort_by_key(|(key, _)| places.get(key).copied());
        entries.into_iter()
    }

    /// The keys that are left.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'d str> {
        self.left.keys().copied()
    }

    /// Every key that is left is unknown.
    pub(super) fn finish(self, notes: &mut Notes<'_>) {
        let keys = self.table.map_or(&[] as &[_], |table| table.keys);
        debug_assert!(
            keys.iter().all(|key| self.asked.contains(&key.name)),
            "each key is read: {:?}",
            self.asked
        );
        let known: Vec<String> = keys.iter().map(|key| key.name.to_owned()).collect();
        for (word, (_, span, _)) in &self.left {
            let place = if self.name == WHOLE { WHOLE.to_owned() } else { format!("`[{}]`", self.name) };
            let known = known.clone();
            notes.add(
                Fault::UnknownWord { word: (*word).to_owned(), place, known },
                std::slice::from_ref(span),
            );
        }
    }
}

/// A value, and the key that it stands under.
pub(super) struct Value<'d> {
    name: String,
    key_span: Range<usize>,
    value: &'d Spanned<DeValue<'d>>,
    /// What may stand there, where the keys of the table say so.
    form: Option<&'static Form>,
}

impl<'d> Value<'d> {
    /// Where the value stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// Where its key stands.
    pub(super) fn key_span(&self) -> Range<usize> {
        self.key_span.clone()
    }

    /// The string, if it is one.
    pub(super) fn as_string(&self) -> Option<&'d str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        }
    }

    /// Whether it is a table.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }

    /// Whether it is a list of nothing.
    pub(super) fn is_empty_list(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Array(items) if items.is_empty())
    }

    /// The table that it is, with its places.
    pub(super) fn raw_table(&self) -> Option<&'d DeTable<'d>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => None,
        }
    }

    /// A whole number that it has to be, from 0.
    pub(super) fn count(&self, notes: &mut Notes<'_>) -> Option<u32> {
        if let DeValue::Integer(number) = self.value.get_ref()
            && let Ok(number) = u32::from_str_radix(number.as_str(), number.radix())
        {
            return Some(number);
        }
        self.wrong_type("a whole number, without quotation marks", notes);
        None
    }

    /// The same from 1.
    pub(super) fn count_from_one(&self, notes: &mut Notes<'_>) -> Option<u32> {
        let number = self.count(notes)?;
        if number == 0 {
            let help = "write a number from 1, or leave the key out".to_owned();
            notes.wrong("instrument::leaves_nothing", self.span(), "nothing would be left".to_owned(), help);
            return None;
        }
        Some(number)
    }

    /// The string that it has to be.
    pub(super) fn string(&self, notes: &mut Notes<'_>) -> Option<&'d str> {
        let text = self.as_string();
        if text.is_none() {
            self.wrong_type("a text in quotation marks", notes);
        }
        text
    }

    /// A name to be shown: one line, not empty, nothing hidden in it.
    pub(super) fn line(&self, notes: &mut Notes<'_>) -> Option<String> {
        self.shown(LINE_MOST, false, notes)
    }

    /// A clause to be shown: the same, but it may have lines.
    pub(super) fn paragraph(&self, notes: &mut Notes<'_>) -> Option<String> {
        self.shown(PARAGRAPH_MOST, true, notes)
    }

    fn shown(&self, most: usize, lines: bool, notes: &mut Notes<'_>) -> Option<String> {
        let text = self.string(notes)?;
        let hidden = text.chars().find(|&c| (c.is_control() && !(lines && c == '\n')) || is_hidden(c));
        let why = if text.trim().is_empty() {
            Some(TextFault::Empty)
        } else if text.chars().nth(most).is_some() {
            Some(TextFault::Long { most })
        } else {
            None
        };
        if let Some(why) = why {
            notes.add(Fault::UnreadableText { why }, &[self.span()]);
        } else if let Some(character) = hidden {
            // What stands as itself in the source has been told of already; this was an escape.
            let written = notes.text.get(within(notes.text, self.span())).unwrap_or_default();
            if !(is_hidden(character) && written.contains(character)) {
                notes.add(Fault::HiddenCharacter { character }, &[self.span()]);
            }
        } else {
            return Some(text.to_owned());
        }
        None
    }

    pub(super) fn boolean(&self, notes: &mut Notes<'_>) -> Option<bool> {
        if let DeValue::Boolean(value) = self.value.get_ref() {
            return Some(*value);
        }
        self.wrong_type("`true` or `false`, without quotation marks", notes);
        None
    }

    /// A word of a closed list.
    pub(super) fn word<W: Copy>(
        &self,
        place: &str,
        all: &[W],
        as_str: fn(W) -> &'static str,
        notes: &mut Notes<'_>,
    ) -> Option<W> {
        let text = self.string(notes)?;
        let found = all.iter().copied().find(|word| as_str(*word) == text);
        if found.is_none() {
            let known = all.iter().map(|word| as_str(*word).to_owned()).collect();
            let fault = Fault::UnknownWord { word: text.to_owned(), place: place.to_owned(), known };
            notes.add(fault, &[self.span()]);
        }
        found
    }

    pub(super) fn list(&self, notes: &mut Notes<'_>) -> Option<Vec<Value<'d>>> {
        let DeValue::Array(items) = self.value.get_ref() else {
            self.wrong_type("a list, as `[\"…\", \"…\"]`", notes);
            return None;
        };
        let item = |value: &'d Spanned<DeValue<'d>>| Value {
            name: self.name.clone(),
            key_span: self.key_span.clone(),
            value,
            // No list has tables in it.
            form: None,
        };
        Some(items.iter().map(item).collect())
    }

    pub(super) fn table(self, notes: &mut Notes<'_>) -> Option<Fields<'d>> {
        let DeValue::Table(table) = self.value.get_ref() else {
            self.wrong_type("a table, as `[name]` or `{ key = \"…\" }`", notes);
            return None;
        };
        Some(Fields::new(self.name, self.key_span, table, self.form.and_then(Form::table)))
    }

    pub(super) fn wrong_type(&self, wanted: &'static str, notes: &mut Notes<'_>) {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "a yes or no",
            DeValue::Datetime(_) => "a date without quotation marks",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        // The span of a table may be a page long; its key is where to look.
        let span = match self.value.get_ref() {
            DeValue::Table(_) => self.key_span(),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => self.span(),
        };
        notes.add(Fault::WrongType { found, wanted }, &[span]);
    }
}

/// The items of a list in which each may stand once.
#[derive(Default)]
pub(super) struct Once<'d>(BTreeMap<&'d str, Range<usize>>);

impl<'d> Once<'d> {
    /// Whether it stands here for the first time; if not, it is told.
    pub(super) fn is_first(&mut self, word: &'d str, span: Range<usize>, notes: &mut Notes<'_>) -> bool {
        match self.0.get(word) {
            Some(first) => {
                let twice = [span, first.clone()];
                // Two words of one text, or of the library's procedure, stand at one place.
                let places = if twice[0] == twice[1] { &twice[..1] } else { &twice[..] };
                notes.add(Fault::TwiceAName { name: word.to_owned() }, places);
                false
            }
            None => {
                self.0.insert(word, span);
                true
            }
        }
    }
}

/// Characters that are not seen and let a line read otherwise than it is.
pub(crate) fn is_hidden(c: char) -> bool {
    HIDDEN.iter().any(|hidden| hidden.contains(&c))
}

/// Hidden characters anywhere in the source, comments too: what is read aloud must be what is run.
pub(super) fn hidden_in_source(notes: &mut Notes<'_>) {
    for (at, character) in notes.text.char_indices() {
        // A byte order mark at the start is how some editors save a file.
        if is_hidden(character) && !(at == 0 && character == '\u{FEFF}') {
            let fault = Fault::HiddenCharacter { character };
            let span = at..at + character.len_utf8();
            notes.add(fault, &[span]);
        }
    }
}
