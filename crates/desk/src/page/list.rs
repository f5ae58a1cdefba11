//! The matters of a kind: where each stands, who holds it.

mod filter;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use act::value::StrandName;
use askama::Template;
use docket::v1::{Matter, MatterKey};
use docket::view::asks;
use instrument::procedure::StateKind;
use node::form::may_open;
use serde::Serialize;

use self::filter::Filter;
use self::sheet::sheet;
use super::path;
use super::saved::Saved;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::clock::{Asking, is_pressing};
use crate::words::matter::{Named, strand};
use crate::words::when::When;
use crate::words::{Reader, Who, word};

/// How many rows a page has.
const ROWS: usize = 200;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct List {
    kind: String,
    title: String,
    view: View,
    filter: Filter,
    /// How many lives there are in each view, of those that the filter lets through.
    open: u64,
    ours: u64,
    all: u64,
    /// The place of the first row that is shown, from 1; 0 if there is none.
    from: u64,
    to: u64,
    of: u64,
    rows: Vec<Row>,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum View {
    Open,
    Ours,
    All,
}

impl View {
    const fn word(self) -> &'static str {
        match self {
            View::Open => "open",
            View::Ours => "ours",
            View::All => "all",
        }
    }
}

/// One life of a matter.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    matter: Named,
    strand: String,
    opener: Who,
    state: String,
    #[serde(skip)]
    state_words: String,
    since: When,
    is_over: bool,
    next: Option<Asking>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a List,
    saved: Saved,
    path: String,
    /// What the filter lets through, in words.
    filtered: Vec<(String, String)>,
    /// What may be chosen in it: each with its words, and whether it is.
    states: Vec<Choice>,
    participants: Vec<Choice>,
    /// The form that opens one, if the one who reads this may.
    new: Option<String>,
    answer: String,
    last: String,
    /// Which rows these are, of how many.
    pages: String,
    before: u64,
    behind: u64,
}

/// What may be chosen in a filter.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

impl Page<'_> {
    fn is(&self, view: &str) -> bool {
        self.data.view.word() == view
    }

    /// The address of a view, under the same filter.
    fn view(&self, view: &str) -> String {
        self.address(&self.path, &[("view", view)])
    }

    /// The address of the page before or behind.
    fn from(&self, from: &u64) -> String {
        self.address(&self.path, &[("view", self.data.view.word()), ("from", &from.to_string())])
    }

    /// The address of all rows, for a spreadsheet.
    fn csv(&self) -> String {
        self.address(&format!("{}.csv", self.path), &[("view", self.data.view.word())])
    }

    fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.data.filter.pairs()).extend_pairs(more);
        format!("{path}?{}", query.finish())
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let name = asked.part("kind");
    // The same list under an address that a spreadsheet can be given.
    let plain = name.strip_suffix(".csv");
    let is_sheet = asked.form == Form::Csv || plain.is_some();
    let kind = path::kind_at(reader.replay, plain.unwrap_or(name)).ok_or(Sorry::NoKind)?;
    let filter = Filter::read(reader, asked)?;
    let view = match asked.query("view") {
        Some("ours") => View::Ours,
        Some("all") => View::All,
        _ => View::Open,
    };
    let from = asked.query("from").and_then(|from| from.parse().ok()).unwrap_or(1);
    let (from, room) = if is_sheet { (1, usize::MAX) } else { (from, ROWS) };
    let data = query(reader, kind, view, filter, from, room);
    if is_sheet {
        return Ok(Answer::Csv(path::of_kind(kind), sheet(reader.texts, &data.rows)?));
    }
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, data.title.clone());
        let last =
            shell.is_final_to.as_ref().map(|(_, last)| last.words()).unwrap_or_else(|| shell.t("none"));
        let over = data.all - data.open;
        let id = if data.filter.is_open() { "list-open-of" } else { "list-open-of-filtered" };
        let answer = reader.texts.say(id, &[("open", data.open.into()), ("over", over.into())]);
        let args = [("from", data.from.into()), ("to", data.to.into()), ("all", data.of.into())];
        let pages = reader.texts.say("pages", &args);
        let before = data.from.saturating_sub(ROWS as u64).max(1);
        let behind = data.to + 1;
        let path = asked.path.clone();
        let procedure = reader.instrument().procedures.get(kind);
        let may = procedure.is_some_and(|it| may_open(reader.instrument(), reader.me, &it.open.by));
        let new = may.then(|| format!("{path}/new"));
        let filtered = data.filter.says(reader);
        let states = states(reader, kind, data.filter.typed("state"));
        let participants = participants(reader, data.filter.typed("of"));
        Page {
            path,
            filtered,
            states,
            participants,
            new,
            answer,
            last,
            pages,
            before,
            behind,
            shell,
            data: &data,
            saved: Saved::of(desk, asked),
        }
        .render()
    })
}

/// The states of a kind of matter, and those that its matters stand in under a procedure of before.
fn states(reader: Reader<'_>, kind: &terms::Code, chosen: &str) -> Vec<Choice> {
    let procedure = reader.instrument().procedures.get(kind);
    let mut all: Vec<&terms::Code> =
        procedure.iter().flat_map(|procedure| procedure.states.iter().map(|(state, _)| state)).collect();
    let known: BTreeSet<&terms::Code> = all.iter().copied().collect();
    let matters = reader.replay.settlement().matters().values().filter(|matter| matter.kind == *kind);
    let others: BTreeSet<&terms::Code> = matters
        .flat_map(|matter| matter.strands.iter().map(|(_, life)| &life.state))
        .filter(|state| !known.contains(state))
        .collect();
    all.extend(others);
    let choice = |state: &terms::Code| Choice {
        value: state.to_string(),
        label: word(state),
        is_chosen: state.as_str() == chosen,
    };
    all.into_iter().map(choice).collect()
}

fn participants(reader: Reader<'_>, chosen: &str) -> Vec<Choice> {
    let choice = |id: &terms::ParticipantId| Choice {
        value: id.to_string(),
        label: reader.who(id).label,
        is_chosen: id.as_str() == chosen,
    };
    reader.instrument().participants.keys().map(choice).collect()
}

fn query(reader: Reader<'_>, kind: &terms::Code, view: View, filter: Filter, from: u64, room: usize) -> List {
    let all_asks = asks(reader.replay, reader.now);
    let mut next: BTreeMap<(MatterKey, &StrandName), (usize, &docket::view::Ask<'_>)> = BTreeMap::new();
    for (place, ask) in all_asks.iter().enumerate() {
        if is_pressing(ask) && ask.rule.is_pressed() && filter.counts(ask) {
            next.entry((ask.key, ask.strand)).or_insert((place, ask));
        }
    }
    let (mut open, mut ours, mut all) = (0, 0, 0);
    let mut found = Vec::new();
    let of_kind = |matter: &Matter| matter.kind == *kind && filter.lets_matter(matter);
    for (key, matter) in reader.replay.settlement().matters().iter().filter(|(_, matter)| of_kind(matter)) {
        for (name, life) in matter.strands.iter() {
            let is_over =
                matter.procedure.state(&life.state).is_none_or(|state| state.kind == StateKind::End);
            let next = next.get(&(*key, name)).copied();
            if !filter.lets(life, next.is_some()) {
                continue;
            }
            let is_ours = next.is_some_and(|(_, ask)| ask.of.contains(reader.me));
            all += 1;
            open += u64::from(!is_over);
            ours += u64::from(is_ours);
            if view == View::All || view == View::Open && !is_over || is_ours {
                // Least time left first; then what nobody holds, the newest first.
                let order = next.map_or(usize::MAX, |(place, _)| place);
                found.push((order, std::cmp::Reverse(life.since), *key, matter, name, life, is_over, next));
            }
        }
    }
    found.sort_by(|a, b| (a.0, a.1, a.2, a.4).cmp(&(b.0, b.1, b.2, b.4)));
    let of = found.len() as u64;
    let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
    let rows: Vec<Row> = found
        .into_iter()
        .skip(skip)
        .take(room)
        .map(|(_, _, _, matter, name, life, is_over, next)| Row {
            matter: Named::of(reader, matter),
            strand: strand(reader, matter, name),
            opener: reader.who(&matter.opener),
            state: life.state.to_string(),
            state_words: word(&life.state),
            since: When::of(reader, life.since),
            is_over,
            next: next.map(|(_, ask)| Asking::of(reader, ask)),
        })
        .collect();
    let title = reader.instrument().procedures.get(kind).map_or_else(|| word(kind), |p| p.title.clone());
    let from = if rows.is_empty() { 0 } else { skip as u64 + 1 };
    let to = if rows.is_empty() { 0 } else { skip as u64 + rows.len() as u64 };
    List { kind: kind.to_string(), title, view, filter, open, ours, all, from, to, of, rows }
}
