//! Text to instrument, and all that is wrong with it.

mod body;
mod calendar;
mod due;
mod excluded;
mod fields;
mod library;
mod participant;
mod place;
mod procedure;
mod rules;
mod step;
mod who;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use terms::{Code, Diagnostic, Label, Severity};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::Fault;
use crate::keys::{self, LANGUAGE_MOST, NOT_KNOWN, PARTS_MOST, PROCEDURES_MOST};
use crate::lint::{Places, lint};
use crate::model::{Authentic, Basis, Instrument, Order};
use crate::procedure::Procedure;
use fields::{Fields, Once, Value};
use who::Known;

pub(crate) use fields::is_hidden;

/// What an agreement that names no procedure has: a party tells the guarantors, and that is all.
pub(crate) const NOTICE_ALONE: &str =
    "[procedure.notice]\nlike = \"notice\"\nwithout = [\"field.incident\", \"field.provision\"]\n";

/// Nobody reads on after this many, and a hostile file must not make us write for ever.
const FAULTS_MOST: usize = 1_000;
/// The same for the words that are offered for an unknown one.
const KNOWN_MOST: usize = 64;

/// Reads an instrument, with the library that its procedures are like: what was understood, and all that is wrong,
/// in the order of the text. One that names no procedure has the library's `notice`.
///
/// What was understood is there to be shown beside the diagnostics; only an instrument without an
/// error may be run, and [`sound`] gives no other. There is none if the text does not even say what
/// the instrument is called.
#[must_use]
pub fn read(text: &str, library: &str) -> (Option<Instrument>, Vec<Diagnostic>) {
    read_with(text, Some(library), None)
}

/// Reads an instrument that is to take the place of another: whether every open matter of a kind in
/// `[transition.KIND]` knows where it stands then is looked at too.
#[must_use]
pub fn read_after(text: &str, library: &str, before: &Instrument) -> (Option<Instrument>, Vec<Diagnostic>) {
    read_with(text, Some(library), Some(before))
}

fn read_with(
    text: &str,
    library: Option<&str>,
    before: Option<&Instrument>,
) -> (Option<Instrument>, Vec<Diagnostic>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut notes = Notes { text, broken: !errors.is_empty(), found: Vec::new() };
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        notes.add(Fault::NotToml { said: error.message().to_owned() }, &[within(text, span)]);
    }
    fields::hidden_in_source(&mut notes);
    let library = library.map(|library| DeTable::parse_recoverable(library).0);
    let library = library.as_ref().map(Spanned::get_ref);
    let instrument = document_read(document.get_ref(), library, before, &mut notes);
    // Tables come in the order of their names; a reader goes down the page.
    notes.found.sort_by_key(|diagnostic| diagnostic.labels.first().map_or(0, |label| label.span.start));
    (instrument, notes.found)
}

/// Reads an instrument that can be run.
///
/// # Errors
/// All that is wrong, if any of it is an error. Warnings alone are no hindrance.
pub fn sound(text: &str, library: &str) -> Result<Instrument, Vec<Diagnostic>> {
    sound_of(read(text, library))
}

/// Reads what an instrument says beside its procedures: who takes part, who is excluded, how time is counted. That much
/// is known of it without the library that its procedures are like.
///
/// # Errors
/// All that is wrong there, if any of it is an error.
pub fn terms(text: &str) -> Result<Instrument, Vec<Diagnostic>> {
    sound_of(read_with(text, None, None))
}

fn sound_of(
    (instrument, diagnostics): (Option<Instrument>, Vec<Diagnostic>),
) -> Result<Instrument, Vec<Diagnostic>> {
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match instrument {
        Some(instrument) if !failed => Ok(instrument),
        Some(_) | None => Err(diagnostics),
    }
}

/// What has been found wrong so far.
struct Notes<'t> {
    text: &'t str,
    /// Whether the text is no whole TOML. Then what is missing may only not have been read, so
    /// nothing is said of it.
    broken: bool,
    found: Vec<Diagnostic>,
}

impl Notes<'_> {
    fn add(&mut self, fault: Fault, spans: &[Range<usize>]) {
        if self.found.len() < FAULTS_MOST {
            self.found.push(fault.at(spans));
        }
    }

    /// An error of a procedure: its code, where it stands, what is wrong and what to do.
    fn wrong(&mut self, code: &'static str, span: Range<usize>, message: String, help: String) {
        self.wrong_at(code, &[(span, "here")], message, help);
    }

    /// The same of two places.
    fn wrong_twice(
        &mut self,
        code: &'static str,
        [here, first]: [Range<usize>; 2],
        message: String,
        help: String,
    ) {
        self.wrong_at(code, &[(here, "here"), (first, "and here")], message, help);
    }

    /// The same of something that is not there.
    fn missing_wrong(&mut self, code: &'static str, span: Range<usize>, message: String, help: String) {
        if !self.broken {
            self.wrong(code, span, message, help);
        }
    }

    fn wrong_at(
        &mut self,
        code: &'static str,
        places: &[(Range<usize>, &str)],
        message: String,
        help: String,
    ) {
        if self.found.len() < FAULTS_MOST {
            let labels = places.iter().map(|(span, text)| Label::at(span.clone(), *text)).collect();
            let help = Some(help);
            self.found.push(Diagnostic { code, severity: Severity::Error, message, labels, help });
        }
    }

    /// Something is not there.
    fn missing(&mut self, fault: Fault, spans: &[Range<usize>]) {
        if !self.broken {
            self.add(fault, spans);
        }
    }
}

/// The words that are offered for an unknown one.
fn known(words: impl Iterator<Item = impl ToString>) -> Vec<String> {
    words.take(KNOWN_MOST).map(|word| word.to_string()).collect()
}

/// A span that can be used to cut the text, whatever the parser said.
fn within(text: &str, span: Range<usize>) -> Range<usize> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = floor(span.start);
    start..floor(span.end).max(start)
}

fn document_read<'d>(
    document: &'d DeTable<'d>,
    library: Option<&'d DeTable<'d>>,
    before: Option<&Instrument>,
    notes: &mut Notes<'_>,
) -> Option<Instrument> {
    let mut top = Fields::new(fields::WHOLE.to_owned(), 0..0, document, Some(&keys::FILE));
    let head = top.table("instrument", notes);
    let participants = top.table("participant", notes);
    let excluded = top.table("excluded", notes);
    let calendar = top.table("calendar", notes);
    let bodies = top.table("body", notes);
    let provisions = top.table("provision", notes);
    let relief = top.table("relief", notes);
    let transcription = top.table("transcription", notes);
    let procedures = top.table("procedure", notes);
    let lines = top.table("line", notes);
    let areas = top.table("area", notes);
    let place = top.table("place", notes);
    let quota = top.table("quota", notes);
    let custody = top.table("custody", notes);
    let exhibits = top.table("exhibits", notes);
    let tiers = top.table("tiers", notes);
    let transitions = top.table("transition", notes);
    top.finish(notes);

    let head = match head {
        Some(head) => Some(head_read(head, notes)),
        None => {
            let fault = Fault::MissingKey {
                key: "name",
                table: "instrument".to_owned(),
                example: "[instrument]\nname = \"…\"",
            };
            notes.missing(fault, &[]);
            None
        }
    };
    let basis = head.as_ref().map_or(Basis::Reconstruction, |head| head.basis);
    // Where no procedure is named, only `notice` runs, which is given to guarantors.
    let alone = procedures.is_none();
    let languages = head.as_ref().map_or(&[] as &[String], |head| &head.languages);
    let participants = participant::read_all(participants, alone, (basis, languages), notes);
    let excluded = excluded::read_all(excluded, basis, &participants, notes);
    let calendar = calendar::read(calendar, basis, &participants, notes);
    let bodies: Vec<(&str, Value<'_>)> = bodies.into_iter().flat_map(Fields::entries).collect();
    let body_names = body::names(&bodies, &participants, notes);
    let bodies = body::bodies(bodies, &body_names, basis, &participants, notes);
    let provisions = body::provisions(provisions, (basis, languages), &participants, notes);
    let words = Known { seats: &participants, bodies: &body_names, fields: BTreeSet::new(), matter: true };
    let relief = body::relief(relief, &words, notes);
    let transcription = body::transcription(transcription, &participants, notes);
    let named_lines: BTreeSet<String> = lines.iter().flat_map(Fields::keys).map(str::to_owned).collect();
    let lines = place::lines(lines, basis, &participants, notes);
    let areas = place::areas(areas, &named_lines, basis, &participants, notes);
    let place = place::rules(place, languages, notes);
    let mut places = Places::default();
    places_of("", document, &mut places);
    let procedures =
        if let Some(library) = library.filter(|library| alone && library.contains_key("procedure")) {
            let only = DeTable::parse_recoverable(NOTICE_ALONE).0;
            let mut only = Fields::new(fields::WHOLE.to_owned(), 0..0, only.get_ref(), Some(&keys::FILE));
            procedures_read(only.table("procedure", notes), library, &words, basis, &mut places, notes)
        } else if let Some(library) = library {
            procedures_read(procedures, library, &words, basis, &mut places, notes)
        } else {
            BTreeMap::new()
        };
    let outside = Known { matter: false, fields: BTreeSet::new(), ..words };
    let (quota, tiers) = (rules::quota(quota, notes), rules::tiers(tiers, notes));
    let exhibits = rules::exhibits(exhibits, &outside, notes);
    let custody = rules::custody(custody, &procedures, notes);
    let transitions = rules::transitions(transitions, &procedures, notes);
    let head = head?;
    let instrument = Instrument {
        name: head.name?,
        exercise: head.exercise,
        languages: head.languages,
        authentic: head.authentic,
        order: head.order,
        standing: head.standing,
        says: head.says,
        basis,
        participants: participants.into_iter().map(|(id, seat)| (id, seat.participant)).collect(),
        excluded,
        calendar,
        bodies,
        provisions,
        relief,
        transcription,
        procedures,
        quota,
        custody,
        exhibits,
        tiers,
        transitions,
        lines,
        areas,
        place,
    };
    // What was not read whole would be called broken for what is not there.
    let whole = !notes.found.iter().any(|found| found.severity == Severity::Error);
    if whole {
        notes.found.extend(lint(&instrument, alone || library.is_none(), before, &places));
    }
    Some(instrument)
}

/// Where everything stands: a table at its key, any other value where it is.
fn places_of(path: &str, table: &DeTable<'_>, places: &mut Places) {
    for (key, value) in table {
        let path =
            if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        if let DeValue::Table(inner) = value.get_ref() {
            places_of(&path, inner, places);
            places.0.insert(path, key.span());
        } else {
            places.0.insert(path, value.span());
        }
    }
}

fn procedures_read(
    table: Option<Fields<'_>>,
    library: &DeTable<'_>,
    words: &Known<'_>,
    basis: Basis,
    places: &mut Places,
    notes: &mut Notes<'_>,
) -> BTreeMap<Code, Procedure> {
    let given: Vec<(Code, Value<'_>)> = table
        .into_iter()
        .flat_map(Fields::entries)
        .filter_map(|(key, value)| Some((body::name_read(key, &value, notes)?, value)))
        .collect();
    if let Some((_, value)) = given.get(PROCEDURES_MOST) {
        let message = format!("there are more than {PROCEDURES_MOST} procedures");
        let help = "keep those that the agreement needs".to_owned();
        notes.wrong("instrument::too_many", value.key_span(), message, help);
        return BTreeMap::new();
    }
    let names: BTreeSet<Code> = given.iter().map(|(name, _)| name.clone()).collect();
    let around = procedure::Around { words, basis, procedures: &names };
    let mut procedures = BTreeMap::new();
    for (name, value) in given {
        let Some(own) = value.raw_table() else {
            // Says what it is instead.
            value.table(notes);
            continue;
        };
        let merged = library::merged(name.as_str(), own, library, notes);
        places_of(&format!("procedure.{name}"), &merged.table, places);
        if merged.states.len() > PARTS_MOST || merged.steps.len() > PARTS_MOST {
            let message = format!("`{name}` has more than {PARTS_MOST} states or steps");
            let help = "make several procedures of it: nobody can follow one of that size".to_owned();
            notes.wrong("instrument::too_many", value.key_span(), message, help);
            continue;
        }
        if let Some(procedure) = procedure::read(&name, &merged, value.key_span(), &around, notes) {
            procedures.insert(name, procedure);
        }
    }
    procedures
}

/// There is at least one, or nobody could be shown anything.
const LANGUAGES: &str = "languages = [\"en\"]";

/// `[instrument]`, as far as it was understood.
struct Head {
    name: Option<String>,
    exercise: bool,
    languages: Vec<String>,
    authentic: Authentic,
    order: Order,
    standing: Option<String>,
    says: Option<String>,
    basis: Basis,
}

fn head_read(mut fields: Fields<'_>, notes: &mut Notes<'_>) -> Head {
    let name = fields.needed("name", "name = \"…\"", notes).and_then(|value| value.line(notes));
    let exercise = fields.optional("exercise").and_then(|value| value.boolean(notes)).unwrap_or(false);
    let languages = fields
        .needed("languages", LANGUAGES, notes)
        .and_then(|value| value.list(notes))
        .map(|values| languages_read(values, fields.span(), notes))
        .unwrap_or_default();
    let authentic = fields
        .needed("authentic", "authentic = \"not known\"", notes)
        .and_then(|value| authentic_read(value, &languages, notes))
        .unwrap_or(Authentic::NotKnown);
    let order = fields
        .needed("order", "order = \"alphabetical\"", notes)
        .and_then(|value| value.word("`order`", &Order::ALL, Order::as_str, notes))
        .unwrap_or(Order::Alphabetical);
    let standing = fields.optional("standing").and_then(|value| value.paragraph(notes));
    let says = fields.optional("says").and_then(|value| value.paragraph(notes));
    let basis = match fields.optional("basis") {
        Some(value) => basis_read(&value, notes),
        None => {
            notes.missing(Fault::NoBasis, &[fields.span()]);
            None
        }
    };
    fields.finish(notes);
    Head {
        name,
        exercise,
        languages,
        authentic,
        order,
        standing,
        says,
        // Where nothing is said, nothing is claimed.
        basis: basis.unwrap_or(Basis::Reconstruction),
    }
}

fn basis_read(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Basis> {
    let word = value.string(notes)?;
    let basis = Basis::ALL.into_iter().find(|basis| basis.as_str() == word);
    if basis.is_none() {
        let known = Basis::ALL.map(|basis| basis.as_str().to_owned()).to_vec();
        notes.add(Fault::UnknownBasis { word: word.to_owned(), known }, &[value.span()]);
    }
    basis
}

/// The basis of a table: its own, else that of the table above.
fn basis_of(fields: &mut Fields<'_>, above: Basis, notes: &mut Notes<'_>) -> Basis {
    fields.optional("basis").and_then(|value| basis_read(&value, notes)).unwrap_or(above)
}

/// The values of a key, by language of the instrument.
fn by_language<'a>(
    fields: &mut Fields<'a>,
    key: &'static str,
    languages: &[String],
    notes: &mut Notes<'_>,
) -> Vec<(String, Value<'a>)> {
    let mut all = Vec::new();
    let table = fields.optional(key).and_then(|value| value.table(notes));
    for (tag, value) in table.into_iter().flat_map(Fields::entries) {
        if languages.iter().any(|known| known == tag) {
            all.push((tag.to_owned(), value));
        } else {
            let place = format!("`{key}`");
            let fault = Fault::UnknownWord { word: tag.to_owned(), place, known: known(languages.iter()) };
            notes.add(fault, &[value.key_span()]);
        }
    }
    all
}

fn languages_read(values: Vec<Value<'_>>, table: Range<usize>, notes: &mut Notes<'_>) -> Vec<String> {
    if values.is_empty() {
        let fault =
            Fault::MissingKey { key: "languages", table: "instrument".to_owned(), example: LANGUAGES };
        notes.add(fault, &[table]);
    }
    let (mut languages, mut once) = (Vec::new(), Once::default());
    for value in values {
        let Some(tag) = value.string(notes) else { continue };
        if !is_language(tag) {
            let fault = Fault::UnknownWord {
                word: tag.to_owned(),
                place: "`languages`".to_owned(),
                known: ["ar", "en", "fa", "prs", "ps", "tr", "ur"].map(str::to_owned).to_vec(),
            };
            notes.add(fault, &[value.span()]);
        } else if once.is_first(tag, value.span(), notes) {
            languages.push(tag.to_owned());
        }
    }
    languages
}

/// Whether this has the shape of a BCP 47 tag: `ps`, `prs`, `ur-Arab-PK`.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let main = parts.next().unwrap_or_default();
    (2..=3).contains(&main.len())
        && main.bytes().all(|b| b.is_ascii_lowercase())
        && tag.len() <= LANGUAGE_MOST
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn authentic_read(value: Value<'_>, languages: &[String], notes: &mut Notes<'_>) -> Option<Authentic> {
    if let Some(word) = value.as_string() {
        if word == NOT_KNOWN {
            return Some(Authentic::NotKnown);
        }
        let known = vec![NOT_KNOWN.to_owned()];
        let place = "`authentic`".to_owned();
        notes.add(Fault::UnknownWord { word: word.to_owned(), place, known }, &[value.span()]);
        return None;
    }
    if value.is_empty_list() {
        let message = "it would bind in no language".to_owned();
        let help = format!("name one at least of its `languages`, or write `authentic = \"{NOT_KNOWN}\"`");
        notes.wrong("instrument::leaves_nothing", value.span(), message, help);
    }
    let shown: BTreeSet<&str> = languages.iter().map(String::as_str).collect();
    let (mut authentic, mut once) = (Vec::new(), Once::default());
    for value in value.list(notes)? {
        let Some(tag) = value.string(notes) else { continue };
        if shown.contains(tag) {
            if once.is_first(tag, value.span(), notes) {
                authentic.push(tag.to_owned());
            }
        } else {
            let fault = Fault::UnknownWord {
                word: tag.to_owned(),
                place: "`authentic`".to_owned(),
                known: known(languages.iter()),
            };
            notes.add(fault, &[value.span()]);
        }
    }
    Some(Authentic::Known(authentic))
}
