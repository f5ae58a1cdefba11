//! `[line.X]`, `[area.X]` and `[place]`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};

use terms::{Code, Hash, ParticipantId};

use super::body::{name_read, participant};
use super::fields::{Fields, Value};
use super::participant::Seat;
use super::{Notes, basis_of, by_language, known};
use crate::fault::{Fault, did_you_mean, shown};
use crate::keys::{LINES_MOST, METRES_MOST, REACH_MOST};
use crate::model::Basis;
use crate::place::{Area, Line, LineFile, PlaceRules, Side};

pub(super) fn lines(
    table: Option<Fields<'_>>,
    above: Basis,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeMap<Code, Line> {
    let mut lines = BTreeMap::new();
    let mut files: BTreeMap<Hash, Range<usize>> = BTreeMap::new();
    for (number, (key, value)) in table.into_iter().flat_map(Fields::in_order).enumerate() {
        if number == LINES_MOST {
            let message = format!("there are more than {LINES_MOST} lines");
            let help = "keep those that the agreement needs".to_owned();
            notes.wrong("instrument::too_many", value.key_span(), message, help);
            break;
        }
        let name = name_read(key, &value, notes);
        let span = value.key_span();
        let Some(line) = value.table(notes).and_then(|fields| line_read(fields, above, seats, notes)) else {
            continue;
        };
        if let Some(first) = files.get(&line.file.hash()) {
            let message = "this line has the file of another".to_owned();
            let help =
                "one drawing, one line: two of the same always agree; leave one of them out".to_owned();
            notes.wrong_twice("instrument::twice_a_line", [span, first.clone()], message, help);
            continue;
        }
        files.insert(line.file.hash(), span);
        if let Some(name) = name {
            lines.insert(name, line);
        }
    }
    lines
}

fn line_read(
    mut fields: Fields<'_>,
    above: Basis,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> Option<Line> {
    let span = fields.span();
    let basis = basis_of(&mut fields, above, notes);
    let source = fields.needed("source", "source = \"…\"", notes).and_then(|value| value.line(notes));
    let edition = fields.needed("edition", "edition = \"…\"", notes).and_then(|value| value.line(notes));
    let annex = fields.optional("annex");
    let hash = fields.optional("hash");
    let file = match (annex, hash) {
        (Some(value), None) => hash_read(&value, notes).map(LineFile::Annex),
        (None, Some(value)) => hash_read(&value, notes).map(LineFile::Elsewhere),
        (both, _) => {
            let (message, help) = if both.is_some() {
                ("this line has two files", "keep `annex` if the file is in every copy, else `hash`")
            } else {
                (
                    "nobody can tell which file this line is",
                    "add its SHA-256: `annex = \"…\"` if it is in every copy, `hash = \"…\"` if it is kept elsewhere",
                )
            };
            notes.missing_wrong("instrument::no_line_file", span, message.to_owned(), help.to_owned());
            None
        }
    };
    let precision = fields
        .needed("precision", "precision = 500", notes)
        .and_then(|value| distance(&value, 1..=METRES_MOST, notes));
    let reach = match fields.optional("reach") {
        Some(value) => distance(&value, 1..=REACH_MOST, notes),
        None => Some(PlaceRules::REACH_M),
    };
    let labels = fields
        .optional("label")
        .and_then(|value| value.table(notes))
        .map(|table| labels_read(table, seats, notes))
        .unwrap_or_default();
    fields.finish(notes);
    Some(Line {
        source: source?,
        edition: edition?,
        file: file?,
        precision_m: precision?,
        reach_m: reach?,
        labels,
        basis,
    })
}

fn labels_read(
    table: Fields<'_>,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeMap<ParticipantId, String> {
    let mut labels = BTreeMap::new();
    for (key, value) in table.entries() {
        let Some(id) = ParticipantId::new(key).filter(|id| seats.contains_key(id)) else {
            let fault = Fault::UnknownWho { word: key.to_owned(), known: known(seats.keys()) };
            notes.add(fault, &[value.key_span()]);
            continue;
        };
        if let Some(label) = value.line(notes) {
            labels.insert(id, label);
        }
    }
    labels
}

/// SHA-256 as `sha256sum` prints it, and as an annex is called.
fn hash_read(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Hash> {
    let text = value.string(notes)?;
    let hash = Hash::from_hex(text);
    if hash.is_none() {
        let message = format!("`{}` is no SHA-256", shown(text));
        let help = "write the 64 digits that `sha256sum FILE` prints: 0 to 9 and small a to f".to_owned();
        notes.wrong("instrument::unreadable_hash", value.span(), message, help);
    }
    hash
}

/// Whole metres between bounds.
fn distance(value: &Value<'_>, bounds: RangeInclusive<u32>, notes: &mut Notes<'_>) -> Option<u64> {
    let metres = value.count(notes)?;
    if bounds.contains(&metres) {
        return Some(u64::from(metres));
    }
    let message = format!("{metres} m can't stand here");
    let help = format!("write whole metres, {} to {}", bounds.start(), bounds.end());
    notes.wrong("instrument::unreadable_distance", value.span(), message, help);
    None
}

/// `[area.X]`.
///
/// `named` are the lines of the file, those too that were not understood: what is said of one is no fault.
pub(super) fn areas(
    table: Option<Fields<'_>>,
    named: &BTreeSet<String>,
    above: Basis,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeMap<Code, Area> {
    let mut areas: BTreeMap<Code, Area> = BTreeMap::new();
    let mut sides_of: BTreeMap<(String, Side), (String, Range<usize>)> = BTreeMap::new();
    for (key, value) in table.into_iter().flat_map(Fields::in_order) {
        let name = name_read(key, &value, notes);
        let span = value.key_span();
        let Some(mut fields) = value.table(notes) else { continue };
        let basis = basis_of(&mut fields, above, notes);
        let who = fields
            .needed("participant", "participant = \"…\"", notes)
            .and_then(|value| participant(&value, seats, notes));
        let sides = match fields.optional("side").map(|value| value.table(notes)) {
            Some(Some(table)) => Some(sides_read(table, named, notes)),
            // Says what it is instead.
            Some(None) => None,
            None => Some(BTreeMap::new()),
        };
        fields.finish(notes);
        let Some(sides) = sides else { continue };
        let missing = named.iter().find(|line| !sides.contains_key(line.as_str()));
        let told = match missing {
            Some(line) => Some((
                format!("`{}` does not say on which side of `{}` it lies", shown(key), shown(line)),
                format!("add it: `side = {{ {} = \"left\" }}`, or `\"right\"`", shown(line)),
            )),
            None if named.is_empty() => Some((
                format!("there is no line that `{}` could lie beside", shown(key)),
                "add a `[line.NAME]`, or leave areas out: every place is then not determined".to_owned(),
            )),
            None => None,
        };
        if let Some((message, help)) = told {
            notes.missing_wrong("instrument::no_side", span, message, help);
            continue;
        }
        for (line, (side, span)) in &sides {
            let Some(side) = side else { continue };
            let first = sides_of.entry((line.clone(), *side)).or_insert((key.to_owned(), span.clone()));
            if first.0 != key {
                let (other, first) = first.clone();
                let message = format!("`{}` and `{}` lie on one side of `{line}`", shown(key), shown(&other));
                let help = "a line has two sides, and each area one of them: put one `left` and one `right`";
                notes.wrong_twice("instrument::same_side", [span.clone(), first], message, help.to_owned());
            }
        }
        let sides =
            sides.into_iter().filter_map(|(line, (side, _))| Some((Code::new(&line)?, side?))).collect();
        if let (Some(name), Some(participant)) = (name, who) {
            areas.insert(name, Area { participant, sides, basis });
        }
    }
    areas
}

/// The side of each line that is named; none where the word for it is unknown.
fn sides_read(
    table: Fields<'_>,
    named: &BTreeSet<String>,
    notes: &mut Notes<'_>,
) -> BTreeMap<String, (Option<Side>, Range<usize>)> {
    let mut sides = BTreeMap::new();
    for (line, value) in table.entries() {
        if !named.contains(line) {
            let message = format!("unknown line `{}`", shown(line));
            let known = known(named.iter());
            let help = did_you_mean(line, &known);
            notes.wrong("instrument::unknown_line", value.key_span(), message, help);
        } else {
            let side = value.word("`side`", &Side::ALL, Side::as_str, notes);
            sides.insert(line.to_owned(), (side, value.span()));
        }
    }
    sides
}

/// `[place]`.
pub(super) fn rules(table: Option<Fields<'_>>, languages: &[String], notes: &mut Notes<'_>) -> PlaceRules {
    let mut rules = PlaceRules::default();
    let Some(mut fields) = table else { return rules };
    if let Some(metres) =
        fields.optional("coarseness").and_then(|value| distance(&value, 1..=METRES_MOST, notes))
    {
        rules.coarseness_m = metres;
    }
    for (tag, value) in by_language(&mut fields, "disclaimer", languages, notes) {
        rules.disclaimer.extend(value.paragraph(notes).map(|text| (tag, text)));
    }
    fields.finish(notes);
    rules
}
