//! The columns that a list has by its kind (PRACTICE §5), beside those that each has. What the library has stands in a table
//! here; what an instrument adds has its strands and the first of its own fields that are short. A title is made of place, date
//! and kind: where these are columns of their own, it would say them twice, and has none.

use std::collections::BTreeSet;

use act::body::Tier;
use act::value::{FieldValue, StrandName, Word};
use docket::v1::Matter;
use instrument::Procedure;
use instrument::procedure::Holds;
use lang::time::length;
use serde::Serialize;
use terms::{Code, Instant};

use crate::words::matter::in_words;
use crate::words::when::When;
use crate::words::{Reader, Who};

/// How many of its own fields a list has that no table here names.
const OWN: usize = 3;

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
enum Has {
    /// What the matter is called, before all others.
    Title,
    /// Who opened the matter, under this label.
    Opener(&'static str),
    /// When.
    Opened,
    /// For how long it has been open, or was.
    Age,
    /// How freely it may be spoken of.
    Tier,
    /// A field.
    Field(&'static str),
    /// A field that says more of what stands before it, and stands below that.
    Under(&'static str),
    /// Who has taken a step, under this label. A matter that is over no longer says that.
    Taken(&'static str, &'static str),
}

use Has::{Age, Field, Opened, Opener, Taken, Tier as HasTier, Title, Under};

/// What the kinds of the library have; strands come before these.
const KINDS: [(&str, &[Has]); 20] = [
    ("action", &[Field("owner"), Field("by-when")]),
    ("arrangement", &[Field("kind"), Field("window"), Opener("col-by")]),
    ("case", &[Title, Field("grade"), Under("found-grade"), Opener("col-alleged-by"), Age]),
    ("contact", &[Field("time"), Opener("col-logged-by"), Field("other"), Field("channel"), HasTier]),
    ("crossing", &[Field("reason")]),
    ("draft", &[Opener("col-by"), Age]),
    ("exchange", &[Field("kind"), Field("giver"), Field("carrier"), Field("window")]),
    ("hotline", &[Field("between"), Field("channel")]),
    ("humanitarian", &[Field("kind"), Field("window"), Opener("col-by"), Taken("note", "col-noted-by")]),
    (
        "incident",
        &[
            Field("time"),
            Field("kind"),
            Opener("col-reported-by"),
            Field("reported-grade"),
            Under("assessed-grade"),
            Taken("account", "col-accounts"),
        ],
    ),
    ("information", &[Title, Opener("col-by"), Opened]),
    ("measure", &[Field("rung"), Field("bearer"), Field("review-on")]),
    ("meeting", &[Field("window"), Opener("col-by"), Taken("sign-minutes", "col-signed-by")]),
    ("notice", &[Title, Opener("col-by"), Opened, Taken("acknowledge", "col-acknowledged-by")]),
    ("notification", &[Field("kind"), Field("window"), Opener("col-by"), Taken("note", "col-noted-by")]),
    ("recommendation", &[Title, Opener("col-by"), Field("owner")]),
    ("remedy", &[Field("kind"), Opener("col-by"), Field("by-when"), Age]),
    ("request", &[Title, Opener("col-by"), Opened]),
    ("suspension", &[Title, Opener("col-by"), Opened]),
    ("visit", &[Field("window"), Opener("col-by"), Field("holder"), Field("access")]),
];

/// What a list has of its kind.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Whether it says what each matter is called.
    pub(super) is_titled: bool,
    pub(super) all: Vec<Column>,
}

/// A column of a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Column {
    /// A stable word: of a field or a step, its name.
    pub(crate) column: String,
    pub(crate) label: String,
    /// Whether it stands below the one before it.
    #[serde(skip)]
    pub(crate) is_under: bool,
    #[serde(skip)]
    is: Is,
}

/// The same, as a procedure has it.
#[derive(Clone, Debug)]
enum Is {
    Opener,
    Opened,
    Age,
    Tier,
    Field(Code),
    Taken(Code),
}

/// What stands in a column for one life of a matter.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Cell {
    /// For programs and for spreadsheets: codes and times as the record has them.
    pub(crate) values: Vec<String>,
    #[serde(skip)]
    pub(crate) shows: Shows,
}

/// What people see of it.
#[derive(Debug)]
pub(crate) enum Shows {
    People(Vec<Who>),
    Time(When),
    Words(String),
}

/// The columns of a kind of matter.
pub(super) fn columns(reader: Reader<'_>, procedure: Option<&Procedure>) -> Columns {
    let Some(procedure) = procedure else { return Columns { is_titled: true, all: Vec::new() } };
    let field = |name: &Code| Column {
        column: name.to_string(),
        label: reader.word(procedure, name),
        is_under: false,
        is: Is::Field(name.clone()),
    };
    let known = |name: &str| Code::new(name).filter(|name| procedure.fields.contains_key(name));
    let mut all: Vec<Column> = procedure.strands.iter().map(field).collect();
    let like = procedure.like.as_ref().map(Code::as_str);
    let Some((_, has)) = KINDS.iter().find(|(kind, _)| Some(*kind) == like) else {
        all.push(said(reader, "opener", "col-by", Is::Opener));
        all.extend(own_fields(procedure).map(field));
        return Columns { is_titled: true, all };
    };
    let (mut is_titled, mut is_behind) = (false, false);
    for one in *has {
        // A text may have left a field or a step of the library out: then its title may say what no column does.
        let column = match one {
            Title => {
                is_titled = true;
                None
            }
            Opener(label) => Some(said(reader, "opener", label, Is::Opener)),
            Opened => Some(said(reader, "opened", "col-opened", Is::Opened)),
            Age => Some(said(reader, "age-days", "col-age", Is::Age)),
            HasTier => Some(said(reader, "tier", "col-tier", Is::Tier)),
            Field(name) => {
                let column = known(name).as_ref().map(field);
                is_titled = is_titled || column.is_none();
                column
            }
            Under(name) => known(name).as_ref().map(|name| Column { is_under: is_behind, ..field(name) }),
            Taken(name, label) => {
                let step = Code::new(name).filter(|step| procedure.step(step).is_some());
                step.map(|step| said(reader, name, label, Is::Taken(step)))
            }
        };
        is_behind = column.is_some();
        all.extend(column);
    }
    Columns { is_titled, all }
}

fn said(reader: Reader<'_>, column: &str, label: &str, is: Is) -> Column {
    Column { column: column.to_owned(), label: reader.texts.say(label, &[]), is_under: false, is }
}

/// The fields that stand in a column of their own, strands apart.
pub(crate) fn shown_fields(procedure: &Procedure) -> Vec<Code> {
    let like = procedure.like.as_ref().map(Code::as_str);
    match KINDS.iter().find(|(kind, _)| Some(*kind) == like) {
        Some((_, has)) => {
            let named = has.iter().filter_map(|one| match one {
                Field(name) | Under(name) => Code::new(name),
                Title | Opener(_) | Opened | Age | HasTier | Taken(..) => None,
            });
            named.filter(|name| procedure.fields.contains_key(name)).collect()
        }
        None => own_fields(procedure).cloned().collect(),
    }
}

/// The first short fields of a kind that no table here names.
fn own_fields(procedure: &Procedure) -> impl Iterator<Item = &Code> {
    let short = procedure.fields.iter().filter(|(_, field)| is_short(&field.holds));
    short.map(|(name, _)| name).filter(|name| !procedure.strands.contains(name)).take(OWN)
}

/// Whether what a field holds fits in a column. A place has its own columns, and another matter its page.
const fn is_short(holds: &Holds) -> bool {
    match holds {
        Holds::Codes(_)
        | Holds::Count
        | Holds::Instant
        | Holds::Window
        | Holds::Area
        | Holds::Provision
        | Holds::Participant(_) => true,
        Holds::Place | Holds::Text | Holds::Matter { .. } => false,
    }
}

impl Cell {
    /// Whether nothing stands in it.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.shows {
            Shows::People(all) => all.is_empty(),
            Shows::Time(_) => false,
            Shows::Words(words) => words.is_empty(),
        }
    }
}

impl Column {
    /// What stands in it for a life of a matter.
    pub(super) fn cell(&self, reader: Reader<'_>, matter: &Matter, strand: &StrandName) -> Cell {
        match &self.is {
            Is::Opener => people(reader, [&matter.opener]),
            Is::Opened => time(reader, matter.opened),
            Is::Age => {
                let until = matter.ended().unwrap_or(reader.now);
                let seconds = until.since(matter.opened).0;
                let shows = Shows::Words(length(reader.texts, seconds));
                Cell { values: vec![(seconds / 86_400).to_string()], shows }
            }
            Is::Tier => {
                let (value, id) = match matter.tier {
                    Tier::Record => ("record", "tier-record"),
                    Tier::WithoutPrejudice => ("without-prejudice", "tier-prejudice"),
                };
                Cell { values: vec![value.to_owned()], shows: Shows::Words(reader.texts.say(id, &[])) }
            }
            Is::Taken(step) => {
                let said = matter.said.iter();
                let stands = said.filter(|(entry, said)| {
                    said.step.as_ref() == Some(step) && !matter.withdrawn.contains(entry)
                });
                let who: BTreeSet<_> = stands.map(|(_, said)| &said.by).collect();
                people(reader, who)
            }
            Is::Field(name) => match value(matter, strand, name) {
                Some(value) => field(reader, matter, name, &value),
                None => Cell { values: Vec::new(), shows: Shows::Words(String::new()) },
            },
        }
    }
}

/// What stands in a field for a life; a strand is called by its own.
fn value(matter: &Matter, strand: &StrandName, name: &Code) -> Option<FieldValue> {
    match matter.procedure.strands.iter().position(|of| of == name) {
        Some(place) => {
            let part = strand.as_str().split(':').nth(place).and_then(Code::new)?;
            Some(FieldValue::One(Word::Code(part)))
        }
        None => matter.value(name, strand).cloned(),
    }
}

fn field(reader: Reader<'_>, matter: &Matter, name: &Code, value: &FieldValue) -> Cell {
    let words = docket::v1::matter::words(Some(value));
    let values: Vec<String> = match value {
        FieldValue::One(_) | FieldValue::Several(_) => words.map(ToString::to_string).collect(),
        FieldValue::Count(count) => vec![count.to_string()],
        FieldValue::Window(window) => vec![window.start.to_string(), window.end.to_string()],
        FieldValue::Place(_) | FieldValue::Annex(_) => Vec::new(),
    };
    let holds = matter.procedure.fields.get(name).map(|field| &field.holds);
    let shows = match (holds, value) {
        (Some(Holds::Participant(_)), _) => {
            let who = docket::v1::matter::participants(Some(value));
            Shows::People(reader.in_order(&who))
        }
        (_, FieldValue::One(Word::Instant(at))) => Shows::Time(When::of(reader, *at)),
        _ => Shows::Words(in_words(reader, &matter.procedure, name, value)),
    };
    Cell { values, shows }
}

fn people<'p>(reader: Reader<'_>, who: impl IntoIterator<Item = &'p terms::ParticipantId>) -> Cell {
    let who = reader.in_order(who);
    Cell { values: who.iter().map(|who| who.id.clone()).collect(), shows: Shows::People(who) }
}

fn time(reader: Reader<'_>, at: Instant) -> Cell {
    Cell { values: vec![at.to_string()], shows: Shows::Time(When::of(reader, at)) }
}
