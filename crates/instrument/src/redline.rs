//! What one instrument says otherwise than another, clause by clause and step by step, in plain sentences; and what
//! that does to open matters.

mod clauses;
mod matters;

use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};

use crate::model::Instrument;
use clauses::{Part, parts};

/// What differs between two instruments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redline {
    /// What differs, by part, in the order of the new file; what is gone stands where it stood.
    pub parts: Vec<Changed>,
    /// What becomes of open matters, a sentence each; none if nothing differs.
    pub matters: Vec<String>,
}

/// A part in which something differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Where it stands: `procedure.case.step.respond`.
    pub path: String,
    /// What it is: `Case, step respond`.
    pub title: String,
    /// The sentences that differ; what one says otherwise is gone and then new.
    pub lines: Vec<Line>,
}

/// A sentence that only one of the two has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The old one has it.
    Gone(String),
    /// The new one has it.
    New(String),
}

/// Compares two instruments, each with the text that it was read from.
///
/// Only what they do is compared: the order of the files, their comments, and whether a clause is the library's or the
/// instrument's own, are no difference.
#[must_use]
pub fn redline((old, old_text): (&Instrument, &str), (new, new_text): (&Instrument, &str)) -> Redline {
    let (old_parts, new_parts) = (ordered(old, old_text), ordered(new, new_text));
    let of_old: BTreeMap<&str, &Part> = old_parts.iter().map(|part| (part.path.as_str(), part)).collect();
    let of_new: BTreeMap<&str, &Part> = new_parts.iter().map(|part| (part.path.as_str(), part)).collect();
    let paths = merged(
        &old_parts.iter().map(|part| part.path.as_str()).collect::<Vec<_>>(),
        &new_parts.iter().map(|part| part.path.as_str()).collect::<Vec<_>>(),
    );
    let nothing: &[(String, String)] = &[];
    let mut parts = Vec::new();
    for path in paths {
        let (before, after) = (of_old.get(path), of_new.get(path));
        let Some(part) = after.or(before) else { continue };
        let says = |part: Option<&&Part>| part.map_or(nothing.to_vec(), |part| part.says.clone());
        let lines = changed(&says(before.copied().as_ref()), &says(after.copied().as_ref()));
        if !lines.is_empty() {
            parts.push(Changed { path: path.to_owned(), title: part.title.clone(), lines });
        }
    }
    let matters = if parts.is_empty() { Vec::new() } else { matters::lines(old, new, &parts) };
    Redline { parts, matters }
}

/// The sentences that differ between two lists, each with the key that it speaks of.
fn changed(old: &[(String, String)], new: &[(String, String)]) -> Vec<Line> {
    let find = |all: &[(String, String)], key: &str| {
        all.iter().find(|(known, _)| known == key).map(|(_, says)| says.clone())
    };
    let keys = merged(
        &old.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
        &new.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
    );
    let mut lines = Vec::new();
    for key in keys {
        let (before, after) = (find(old, key), find(new, key));
        if before != after {
            lines.extend(before.map(Line::Gone));
            lines.extend(after.map(Line::New));
        }
    }
    lines
}

/// All of both: in the order of the new ones, what is only among the old after what it stood after.
fn merged<'k>(old: &[&'k str], new: &[&'k str]) -> Vec<&'k str> {
    let there: BTreeSet<&str> = new.iter().copied().collect();
    let mut all: Vec<&str> = new.to_vec();
    let mut after: Option<&str> = None;
    for key in old {
        if !there.contains(key) {
            let place = after.and_then(|before| all.iter().position(|known| *known == before));
            all.insert(place.map_or(0, |at| at + 1), key);
        }
        after = Some(key);
    }
    all
}

/// The parts of an instrument in the order of its text: those that the text does not have first, as they are.
fn ordered(instrument: &Instrument, text: &str) -> Vec<Part> {
    let (document, _) = DeTable::parse_recoverable(text);
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (name, value) in document.get_ref() {
        places.insert(name.get_ref().to_string(), name.span().start);
        if let DeValue::Table(inner) = value.get_ref() {
            for (key, _) in inner {
                places.insert(format!("{}.{}", name.get_ref(), key.get_ref()), key.span().start);
            }
        }
    }
    let place = |path: &str| {
        let mut words = path.splitn(3, '.');
        let (table, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let whole = places.get(&format!("{table}.{name}"));
        whole.or_else(|| places.get(table)).copied().unwrap_or_default()
    };
    let mut parts = parts(instrument);
    parts.sort_by_key(|part| place(&part.path));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_stands_where_it_stood() {
        assert_eq!(merged(&["a", "b", "c"], &["c", "a"]), ["c", "a", "b"]);
        assert_eq!(merged(&["x", "y", "a"], &["a"]), ["x", "y", "a"]);
        assert_eq!(merged(&[], &["a"]), ["a"]);
    }
}
