//! The matters of a kind: where each stands, who holds it.

mod choices;
mod columns;
mod empty;
pub(crate) mod filter;
mod found;
pub(crate) mod map;
mod question;
mod sheet;

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use docket::v1::MatterKey;
use instrument::procedure::Holds;
use node::form::may_open;
use serde::Serialize;
use terms::Place;

use self::choices::Choices;
pub(crate) use self::columns::shown_fields;
use self::columns::{Cell, Column, Columns, Shows, columns};
use self::empty::{Empty, empty};
use self::filter::Filter;
use self::found::{Counted, Found, Judges, WORDS_MAX, found};
use self::map::sketch;
use self::question::question;
use self::sheet::sheet;
use super::map::Sketch;
use super::saved::Saved;
use super::search::Wanted as Words;
use super::shell::{Shell, reader};
use super::{look, path};
use crate::desk::{Desk, Held};
use crate::index::{Life, OfKind};
use crate::map::drawings::Drawings;
use crate::map::place_of;
use crate::web;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::web::flow::Flow;
use crate::words::clock::Asking;
use crate::words::matter::{Named, strand, title, title_in_kind};
use crate::words::place::{At, Disclaimer, disclaimers};
use crate::words::when::When;
use crate::words::{Reader, Who};

/// How many rows a page has.
const ROWS: usize = 200;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct List {
    kind: String,
    title: String,
    /// What the list answers.
    question: String,
    view: View,
    filter: Filter,
    /// How many lives there are in each view, of those that the filter lets through.
    open: u64,
    ours: u64,
    /// In how many something is new to whoever asks; nothing, if nobody here ever looked before.
    new: Option<u64>,
    all: u64,
    /// The place of the first row that is shown, from 1; 0 if there is none.
    from: u64,
    to: u64,
    of: u64,
    /// Whether there are matters whose titles were not read for the words that are looked for: none of those is here.
    is_cut: bool,
    /// What its kind has beside what each has, and whose cells stand in each row in this order.
    columns: Vec<Column>,
    /// Whether a column of the page says what each is called.
    #[serde(skip)]
    is_titled: bool,
    rows: Vec<Row>,
    /// Whether its matters can have a place.
    has_places: bool,
    /// What stands under each table of places.
    disclaimer: Vec<Disclaimer>,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum View {
    Open,
    Ours,
    /// In which something happened since whoever asks looked last.
    New,
    All,
}

impl View {
    const fn word(self) -> &'static str {
        match self {
            View::Open => "open",
            View::Ours => "ours",
            View::New => "new",
            View::All => "all",
        }
    }

    /// The one that an address names.
    fn read(asked: &Asked) -> View {
        match asked.query("view") {
            Some("ours") => View::Ours,
            Some("new") => View::New,
            Some("all") => View::All,
            _ => View::Open,
        }
    }
}

/// Of which list: what is one query for its table, its map and its spreadsheet.
pub(crate) struct Wanted<'k> {
    kind: &'k terms::Code,
    view: View,
    filter: Filter,
    /// The matters in which something is new to whoever asks; nothing, if nobody here ever looked before.
    new: Option<BTreeSet<MatterKey>>,
}

impl<'k> Wanted<'k> {
    /// Reads it. What is new is looked for where it is counted, and where nothing else is wanted.
    fn read(
        (desk, held): (&Desk, &Held),
        reader: Reader<'_>,
        (asked, is_counted): (&Asked, bool),
        kind: &'k terms::Code,
    ) -> Result<Wanted<'k>, Sorry> {
        let view = View::read(asked);
        let seen = look::before(desk, asked).filter(|_| is_counted || view == View::New);
        let new = seen.map(|seen| look::matters(held, reader, seen));
        Ok(Wanted { kind, view, filter: Filter::read(reader, asked, kind)?, new })
    }
}

/// One life of a matter.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    matter: Named,
    /// What it is called, beyond its kind.
    #[serde(skip)]
    what: Option<String>,
    strand: String,
    opener: Who,
    state: String,
    #[serde(skip)]
    state_words: String,
    since: When,
    is_over: bool,
    /// Whether something happened in it since whoever asks looked last.
    is_new: bool,
    next: Option<Asking>,
    cells: Vec<Cell>,
    place: Option<At>,
    /// Its number on the map of the page.
    #[serde(skip)]
    pin: Option<u64>,
    #[serde(skip)]
    at: Option<Place>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a List,
    sketch: Option<Sketch>,
    /// Where the map is that moves.
    map: String,
    is_map: bool,
    saved: Saved,
    /// The address of this page, and of the list.
    path: String,
    list: String,
    /// What the filter lets through, in words.
    filtered: Vec<(String, String)>,
    /// What may be chosen in it.
    choices: Choices,
    /// What it says, if there is nothing to show.
    empty: Option<Empty>,
    /// How many titles were read for the words that are looked for, if there were more.
    cut: Option<u64>,
    /// The form that opens one, if the one who reads this may.
    new: Option<String>,
    answer: String,
    last: String,
    /// Which rows these are, of how many.
    pages: String,
    before: u64,
    behind: u64,
}

impl Page<'_> {
    /// Whether nothing else in a row says that it is without prejudice.
    fn has_bands(&self) -> bool {
        !self.data.is_titled && self.data.columns.iter().all(|column| column.column != "tier")
    }

    fn is(&self, view: &str) -> bool {
        self.data.view.word() == view
    }

    /// The address of a view, under the same filter.
    fn view(&self, view: &str) -> String {
        self.address(&self.path, &[("view", view)])
    }

    /// The address of the same as a map, or as a table.
    fn other(&self) -> String {
        let path = if self.is_map { &self.list } else { &self.map };
        self.address(path, &[("view", self.data.view.word())])
    }

    /// What the address of a tile says of the list.
    fn tiles(&self) -> String {
        self.address("", &[("view", self.data.view.word())])
    }

    /// The address of the page before or behind.
    fn from(&self, from: &u64) -> String {
        self.address(&self.path, &[("view", self.data.view.word()), ("from", &from.to_string())])
    }

    /// The address of all rows, for a spreadsheet.
    fn csv(&self) -> String {
        self.address(&format!("{}.csv", self.list), &[("view", self.data.view.word())])
    }

    /// The list that a live link would open: this view, under this filter.
    fn live(&self) -> String {
        let path = self.list.rsplit('/').next().unwrap_or_default();
        self.address(path, &[("view", self.data.view.word())])
    }

    fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.data.filter.pairs()).extend_pairs(more);
        format!("{path}?{}", query.finish())
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, false)
}

/// What is asked for, if an address names a list with its filter: `incidents?view=all&state=alleged`.
fn as_asked(asked: &Asked, shows: &str) -> Asked {
    let (kind, filter) = shows.split_once('?').unwrap_or((shows, ""));
    let mut asked = asked.clone();
    asked.parts.insert("kind".to_owned(), kind.to_owned());
    asked.query = web::asked::query(filter);
    asked.form = Form::Csv;
    asked
}

/// Nothing, if an address names a list that there is, with a filter that can be read.
pub(crate) fn is_list(desk: &Desk, asked: &Asked, shows: &str) -> Result<(), Sorry> {
    let asked = as_asked(asked, shows);
    let held = desk.held();
    let reader = reader(desk, &held, &asked);
    let kind = path::kind_at(reader.replay, reader.index, asked.part("kind")).ok_or(Sorry::NoKind)?;
    // To a spreadsheet that asks without a session nothing is new.
    if View::read(&asked) == View::New {
        return Err(Sorry::NoFilter(View::New.word().to_owned()));
    }
    Filter::read(reader, &asked, kind).map(|_| ())
}

/// What such a list is called, and what its filter lets through.
pub(crate) fn named(reader: Reader<'_>, shows: &str) -> String {
    let (kind, filter) = shows.split_once('?').unwrap_or((shows, ""));
    let procedure = path::kind_at(reader.replay, reader.index, kind)
        .and_then(|kind| reader.instrument().procedures.get(kind));
    let title = procedure.map_or_else(|| kind.to_owned(), |procedure| reader.title(procedure));
    let set = web::asked::query(filter).into_iter().filter(|(_, value)| !value.is_empty());
    set.fold(title, |all, (name, value)| format!("{all} · {name}={value}"))
}

/// Such a list, for a spreadsheet.
pub(crate) fn sheet_of(desk: &Desk, asked: &Asked, shows: &str) -> Result<Answer, Sorry> {
    page(desk, &as_asked(asked, shows), false)
}

/// The list, as a table or with the map that moves.
fn page(desk: &Desk, asked: &Asked, is_map: bool) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let name = asked.part("kind");
    // The same list under an address that a spreadsheet can be given.
    let plain = name.strip_suffix(".csv");
    let is_sheet = asked.form == Form::Csv || plain.is_some();
    let kind = path::kind_at(reader.replay, reader.index, plain.unwrap_or(name)).ok_or(Sorry::NoKind)?;
    let wanted = Wanted::read((desk, &held), reader, (asked, !is_sheet), kind)?;
    if is_sheet {
        let (name, held, asked, kind) = (path::of_kind(kind), Arc::clone(&held), asked.clone(), kind.clone());
        return Ok(Answer::LongCsv(
            name,
            Flow::of(move |desk, out| {
                let reader = self::reader(desk, &held, &asked);
                let wanted = Wanted::read((desk, &held), reader, (&asked, false), &kind)?;
                let looked = Looked::of(reader, &desk.drawings, wanted);
                let head = (&looked.columns.all[..], has_places(reader, &kind), looked.found.is_cut);
                sheet(out, reader.texts, head, looked.rows(0))
            }),
        ));
    }
    let from = asked.query("from").and_then(|from| from.parse().ok()).unwrap_or(1);
    let looked = Looked::of(reader, &desk.drawings, wanted);
    let mut data = looked.list(from);
    if is_map && !data.has_places {
        return Err(Sorry::NotFound);
    }
    let sketch =
        if asked.form == Form::Page && data.has_places { sketch(desk, reader, &mut data.rows) } else { None };
    either(asked, &data, || render(desk, reader, asked, kind, &data, sketch, is_map))
}

fn render(
    desk: &Desk,
    reader: Reader<'_>,
    asked: &Asked,
    kind: &terms::Code,
    data: &List,
    sketch: Option<Sketch>,
    is_map: bool,
) -> Result<String, askama::Error> {
    let shell = Shell::of(reader, asked, data.title.clone());
    let last = shell.is_final_to.as_ref().map(|(_, last)| last.words()).unwrap_or_else(|| shell.t("none"));
    let over = data.all - data.open;
    let id = if data.filter.is_open() { "list-open-of" } else { "list-open-of-filtered" };
    let answer = reader.texts.say(id, &[("open", data.open.into()), ("over", over.into())]);
    let pages = shell.pages(data.from, data.to, data.of);
    let before = data.from.saturating_sub(ROWS as u64).max(1);
    let behind = data.to + 1;
    let list = format!("/{}/{}", reader.agreement, path::of_kind(kind));
    let map = format!("{list}/map");
    let procedure = reader.instrument().procedures.get(kind);
    let may = procedure.is_some_and(|it| may_open(reader.instrument(), reader.me, &it.open.by));
    let new = may.then(|| format!("{list}/new"));
    let filtered = data.filter.says(reader, procedure);
    let empty = data.rows.is_empty().then(|| empty(desk, reader, kind, data, &answer));
    let choices = Choices::of(reader, kind, &data.filter);
    let cut = data.is_cut.then_some(WORDS_MAX as u64);
    let path = if is_map { map.clone() } else { list.clone() };
    Page {
        path,
        list,
        map,
        is_map,
        filtered,
        choices,
        empty,
        cut,
        new,
        answer,
        last,
        pages,
        before,
        behind,
        shell,
        data,
        sketch,
        saved: Saved::of(desk, asked),
    }
    .render()
}

/// Whether matters of a kind can have a place; of one that an amendment took away that is not known.
fn has_places(reader: Reader<'_>, kind: &terms::Code) -> bool {
    let procedure = reader.instrument().procedures.get(kind);
    procedure.is_none_or(|it| it.fields.values().any(|field| field.holds == Holds::Place))
}

/// Finds what is wanted.
fn look(reader: Reader<'_>, drawings: &Drawings, matters: &OfKind, wanted: &Wanted<'_>) -> Found {
    let (instrument, lines) = (reader.instrument(), drawings.of(reader.instrument()));
    let words = wanted.filter.words.as_deref().map(Words::of);
    let judges = Judges {
        // The lines say in which area a place lies.
        lies: &|matter| filter::lets_place(wanted.filter.area.as_ref(), instrument, &lines, matter),
        reads: &|matter| words.as_ref().is_none_or(|words| words.is_in(&title(reader, matter))),
    };
    found(reader.replay, (matters, reader.index.asks()), reader.me, (wanted, judges))
}

/// What was found for a list.
struct Looked<'r> {
    reader: Reader<'r>,
    drawings: &'r Drawings,
    matters: Option<&'r OfKind>,
    wanted: Wanted<'r>,
    found: Found,
    columns: Columns,
}

impl<'r> Looked<'r> {
    fn of(reader: Reader<'r>, drawings: &'r Drawings, wanted: Wanted<'r>) -> Looked<'r> {
        let matters = reader.index.kind(wanted.kind);
        let found = matters.map(|matters| look(reader, drawings, matters, &wanted));
        // Of a kind that an amendment took away, as the last of its matters have them.
        let last = matters.and_then(|matters| matters.procedures().last()).map(Arc::as_ref);
        let columns = columns(reader, reader.instrument().procedures.get(wanted.kind).or(last));
        Looked { reader, drawings, matters, found: found.unwrap_or_default(), wanted, columns }
    }

    /// Each row behind the first so many, made as it is asked for.
    fn rows(&self, skip: usize) -> impl Iterator<Item = Row> {
        let Looked { reader, drawings, matters, found, columns, wanted } = self;
        let (reader, all_asks) = (*reader, reader.index.asks());
        let row = move |(matters, (one, next)): (&OfKind, (Life, Option<usize>))| {
            let asking = next.and_then(|place| all_asks[place].at(reader.replay, reader.now));
            matters.life(reader.replay, &one, |matter, name, life| {
                let at = place_of(matter);
                let law = &matter.law.instrument;
                Row {
                    matter: Named::of(reader, matter),
                    what: columns.is_titled.then(|| title_in_kind(reader, matter)).flatten(),
                    strand: strand(reader, matter, name),
                    opener: reader.who(&matter.opener),
                    state: life.state.to_string(),
                    state_words: reader.word(&matter.procedure, &life.state),
                    since: When::of(reader, life.since),
                    is_over: matters.is_over(&one),
                    is_new: wanted.new.as_ref().is_some_and(|new| new.contains(&matters.key(&one))),
                    next: asking.map(|ask| Asking::of(reader, &ask)),
                    cells: columns.all.iter().map(|column| column.cell(reader, matter, name)).collect(),
                    place: at.map(|at| At::of(reader, law, &drawings.of(law), &at)),
                    pin: None,
                    at,
                }
            })
        };
        let rows = matters.iter().flat_map(|matters| found.rows(matters).map(move |one| (*matters, one)));
        rows.skip(skip).filter_map(row)
    }

    /// A page of them, from the row with this number.
    fn list(self, from: u64) -> List {
        let of = self.found.len() as u64;
        let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        let rows: Vec<Row> = self.rows(skip).take(ROWS).collect();
        let Looked { reader, wanted: Wanted { kind, view, filter, new }, found, columns, .. } = self;
        let Counted { open, ours, new: new_lives, all } = found.counted;
        let title = reader.kind(kind);
        let question = question(reader, reader.instrument().procedures.get(kind), &title);
        let from = if rows.is_empty() { 0 } else { skip as u64 + 1 };
        let to = if rows.is_empty() { 0 } else { skip as u64 + rows.len() as u64 };
        let has_places = has_places(reader, kind);
        let disclaimer = if has_places { disclaimers(reader) } else { Vec::new() };
        let kind = kind.to_string();
        List {
            kind,
            title,
            question,
            view,
            filter,
            open,
            ours,
            new: new.map(|_| new_lives),
            all,
            from,
            to,
            of,
            is_cut: found.is_cut,
            columns: columns.all,
            is_titled: columns.is_titled,
            rows,
            has_places,
            disclaimer,
        }
    }
}
