//! The matters of a kind: where each stands, who holds it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use act::value::StrandName;
use askama::Template;
use docket::v1::MatterKey;
use docket::view::asks;
use instrument::procedure::StateKind;
use node::form::may_open;
use serde::Serialize;

use super::path;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::clock::{Asking, is_pressing};
use crate::words::matter::{Named, strand};
use crate::words::when::When;
use crate::words::{Reader, Who, word};

/// How many rows a page has.
const ROWS: usize = 50;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct List {
    kind: String,
    title: String,
    view: View,
    /// How many lives there are in each view.
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
    path: String,
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
    fn is(&self, view: &str) -> bool {
        self.data.view.word() == view
    }

    /// The address of the page before or behind.
    fn from(&self, from: &u64) -> String {
        format!("{}?view={}&from={from}", self.path, self.data.view.word())
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let kind = path::kind_at(reader.replay, asked.part("kind")).ok_or(Sorry::NoKind)?;
    let view = match asked.query("view") {
        Some("ours") => View::Ours,
        Some("all") => View::All,
        _ => View::Open,
    };
    let from = asked.query("from").and_then(|from| from.parse().ok()).unwrap_or(1);
    let room = if asked.form == Form::Csv { usize::MAX } else { ROWS };
    let data = query(reader, kind, view, from, room);
    if asked.form == Form::Csv {
        return Ok(Answer::Csv(path::of_kind(kind), csv(&data)));
    }
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, data.title.clone());
        let last =
            shell.is_final_to.as_ref().map(|(_, last)| last.words()).unwrap_or_else(|| shell.t("none"));
        let over = data.all - data.open;
        let answer = reader.texts.say("list-open-of", &[("open", data.open.into()), ("over", over.into())]);
        let args = [("from", data.from.into()), ("to", data.to.into()), ("all", data.of.into())];
        let pages = reader.texts.say("pages", &args);
        let before = data.from.saturating_sub(ROWS as u64).max(1);
        let behind = data.to + 1;
        let path = asked.path.clone();
        let procedure = reader.instrument().procedures.get(kind);
        let may = procedure.is_some_and(|it| may_open(reader.instrument(), reader.me, &it.open.by));
        let new = may.then(|| format!("{path}/new"));
        Page { path, new, answer, last, pages, before, behind, shell, data: &data }.render()
    })
}

fn query(reader: Reader<'_>, kind: &terms::Code, view: View, from: u64, room: usize) -> List {
    let all_asks = asks(reader.replay, reader.now);
    let mut next: BTreeMap<(MatterKey, &StrandName), (usize, &docket::view::Ask<'_>)> = BTreeMap::new();
    for (place, ask) in all_asks.iter().enumerate() {
        if is_pressing(ask) && ask.rule.is_pressed() {
            next.entry((ask.key, ask.strand)).or_insert((place, ask));
        }
    }
    let (mut open, mut ours, mut all) = (0, 0, 0);
    let mut found = Vec::new();
    for (key, matter) in
        reader.replay.settlement().matters().iter().filter(|(_, matter)| matter.kind == *kind)
    {
        for (name, life) in matter.strands.iter() {
            let is_over =
                matter.procedure.state(&life.state).is_none_or(|state| state.kind == StateKind::End);
            let next = next.get(&(*key, name)).copied();
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
    List { kind: kind.to_string(), title, view, open, ours, all, from, to, of, rows }
}

/// What the view shows, all of it, for a spreadsheet: RFC 4180, times in UTC.
fn csv(data: &List) -> String {
    let mut text = String::from("reference,title,strand,opener,state,since,next-step,held-by,due\r\n");
    for row in &data.rows {
        let next = row.next.as_ref();
        let held_by: Vec<&str> =
            next.iter().flat_map(|next| &next.of).map(|who| who.label.as_str()).collect();
        let due =
            next.and_then(|next| next.left.due.as_ref()).map(|due| due.at.to_string()).unwrap_or_default();
        let cells = [
            row.matter.reference.as_str(),
            &row.matter.title,
            &row.strand,
            &row.opener.label,
            &row.state,
            &row.since.at.to_string(),
            next.map_or("", |next| next.step.as_str()),
            &held_by.join("; "),
            &due,
        ];
        let cells: Vec<String> = cells.iter().map(|cell| field(cell)).collect();
        // A string has no way to refuse what is written to it.
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

/// A field of CSV. What a spreadsheet would take for a formula gets an apostrophe before it.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("South, p1"), "\"South, p1\"");
        assert_eq!(field("a \"b\""), "\"a \"\"b\"\"\"");
    }
}
