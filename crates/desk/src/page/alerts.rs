//! What somebody has to be told of: who was told, and who took it.

use askama::Template;
use lang::Arg;
use serde::Serialize;
use store::alert::{AlertKind, Raised};
use store::{Alert, Fault, Outgoing, Part};
use terms::Code;

use super::feed::address;
use super::saved::Saved;
use super::sheet::table;
use super::shell::{Shell, reader};
use crate::alert::look::ladder;
use crate::alert::says;
use crate::desk::Desk;
use crate::people::May;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::Reader;
use crate::words::when::When;

/// How many stand on a page.
const ROWS: usize = 200;

/// How many of those are shown that the program outside has not taken.
const FAILED: u32 = 20;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Alerts {
    view: &'static str,
    waiting: u64,
    all: u64,
    from: usize,
    to: usize,
    of: usize,
    rows: Vec<Row>,
    /// Who is told, one after the other, and how many minutes each has.
    ladder: Vec<String>,
    minutes: u64,
    /// What the program outside has not taken.
    failed: Vec<Failed>,
    /// Whether whoever asks may have it tried again.
    may_try: bool,
}

/// What was sent to the program outside in vain.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Failed {
    reference: String,
    href: String,
    rung: u32,
    made: When,
    tries: u32,
    /// When it is tried again; never, once it is given up.
    next: Option<When>,
    why: String,
}

impl Failed {
    fn of(reader: Reader<'_>, out: Outgoing) -> Failed {
        Failed {
            href: address(reader.agreement, None, &out.reference),
            reference: out.reference,
            rung: out.rung,
            made: When::of(reader, out.made),
            tries: out.tries,
            next: out.next.map(|at| When::of(reader, at)),
            why: out.why,
        }
    }
}

/// An alert.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    id: String,
    kind: &'static str,
    /// In words, without the reference.
    #[serde(skip)]
    words: String,
    reference: String,
    href: String,
    since: When,
    due: Option<When>,
    whom: Option<String>,
    raised: When,
    told: Vec<Told>,
    taken: Option<Taken>,
    over: Option<When>,
    /// Whether it waits for somebody to take it.
    waits: bool,
}

/// That somebody was told.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Told {
    rung: u32,
    who: String,
    at: When,
}

/// That somebody took it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Taken {
    by: String,
    at: When,
}

impl Row {
    fn of(reader: Reader<'_>, raised: Raised) -> Row {
        let Raised { alert, raised, over, taken, told, .. } = raised;
        let Alert { id, kind, reference, since, due, whom } = alert;
        let waits = taken.is_none() && over.is_none();
        let told = told.into_iter();
        Row {
            words: words(reader, kind),
            kind: kind.as_str(),
            href: address(reader.agreement, Some(kind), &reference),
            since: When::of(reader, since),
            due: due.map(|at| When::of(reader, at)),
            whom: whom.map(|who| who.to_string()),
            raised: When::of(reader, raised),
            told: told.map(|it| Told { rung: it.rung, who: it.who, at: When::of(reader, it.at) }).collect(),
            taken: taken.map(|(at, by)| Taken { by: by.to_string(), at: When::of(reader, at) }),
            over: over.map(|at| When::of(reader, at)),
            waits,
            id,
            reference,
        }
    }
}

/// What it is, as a feed says it, without its reference.
fn words(reader: Reader<'_>, kind: AlertKind) -> String {
    let says = reader.texts.say(says(kind), &[("reference", Arg::Text(""))]);
    says.trim_start_matches(['\u{2068}', '\u{2069}', ':', ' ']).to_owned()
}

#[derive(Template)]
#[template(path = "alerts.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Alerts,
    saved: Saved,
    path: String,
    note: Option<&'static str>,
    pages: String,
    before: usize,
}

/// Whether somebody sees it: what concerns one of them first is theirs, and of who sees all tasks; teams are of the watch.
pub(crate) fn is_for(alert: &Alert, person: Option<&Code>, may: May) -> bool {
    let is_theirs = alert.whom.is_none() || alert.whom.as_ref() == person || may.see(Part::Tasks);
    is_theirs && (alert.kind != AlertKind::Team || may.see(Part::Watch))
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let mut all = desk.private.alerts(false)?;
    all.retain(|raised| is_for(&raised.alert, asked.person.as_ref(), reader.may));
    let waits = |raised: &Raised| raised.taken.is_none() && raised.over.is_none();
    let (waiting, count) = (all.iter().filter(|raised| waits(raised)).count(), all.len());
    let view = if asked.query("view") == Some("all") { "all" } else { "waiting" };
    if view == "waiting" {
        all.retain(waits);
    }
    let rows = all.into_iter().map(|raised| Row::of(reader, raised));
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("alerts".to_owned(), sheet(reader, rows)?));
    }
    let of = rows.len();
    let from = asked.query("from").and_then(|from| from.parse::<usize>().ok()).unwrap_or(1).max(1);
    let rows: Vec<Row> = rows.skip(from - 1).take(ROWS).collect();
    let from = if rows.is_empty() { 0 } else { from };
    let failed = desk.private.failed_outgoing(FAILED)?;
    let data = Alerts {
        view,
        waiting: waiting as u64,
        all: count as u64,
        from,
        to: from + rows.len().saturating_sub(1),
        of,
        rows,
        ladder: ladder(desk, &held, reader.now)?,
        minutes: desk.manner().alerts.step.0.div_ceil(60),
        failed: failed.into_iter().map(|out| Failed::of(reader, out)).collect(),
        may_try: reader.may.see(Part::Access),
    };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("alerts", &[]));
        let number = |number: usize| (number as u64).into();
        let args = [("from", number(data.from)), ("to", number(data.to)), ("all", number(data.of))];
        let note = match asked.query("note") {
            Some("taken") => Some("alert-note-taken"),
            Some("again") => Some("alert-note-again"),
            Some("other") => Some("alert-note-other"),
            _ => None,
        };
        let (pages, before) = (reader.texts.say("pages", &args), data.from.saturating_sub(ROWS).max(1));
        let path = format!("/{}/alerts", reader.agreement);
        let saved = Saved::of(desk, asked);
        Page { shell, data: &data, saved, path, note, pages, before }.render()
    })
}

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 9] = [
    ("col-time", "since"),
    ("col-kind", "kind"),
    ("col-reference", "reference"),
    ("col-due", "due"),
    ("alert-raised", "raised"),
    ("alert-told", "told"),
    ("alert-taken", "taken"),
    ("alert-taken-by", "taken-by"),
    ("alert-over", "over"),
];

fn sheet(reader: Reader<'_>, rows: impl Iterator<Item = Row>) -> Result<String, Sorry> {
    let time = |when: Option<&When>| when.map(|when| when.at.to_string()).unwrap_or_default();
    let cells = rows.map(|row| {
        let told: Vec<String> = row.told.iter().map(|told| format!("{} {}", told.at.at, told.who)).collect();
        [
            time(Some(&row.since)),
            row.kind.to_owned(),
            row.reference,
            time(row.due.as_ref()),
            time(Some(&row.raised)),
            told.join("; "),
            time(row.taken.as_ref().map(|taken| &taken.at)),
            row.taken.as_ref().map(|taken| taken.by.clone()).unwrap_or_default(),
            time(row.over.as_ref()),
        ]
    });
    table(reader.texts, COLUMNS, cells)
}

/// Somebody takes one, or those that they chose: then nobody else is told of it.
pub(crate) fn take(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let Some(person) = &asked.person else {
        return Ok(Answer::See(format!("/{}/settings?note=who", desk.agreement())));
    };
    let chosen = asked.sent.get("id").map(Vec::as_slice).unwrap_or_default();
    let may = May::of(desk, asked);
    let mut note = "taken";
    for id in chosen.iter().take(ROWS) {
        let raised = desk.private.alert(id)?.filter(|it| is_for(&it.alert, Some(person), may));
        match raised.map(|_| desk.private.take_alert(id, person, desk.now())) {
            Some(Ok(())) => {}
            Some(Err(Fault::Done)) => note = "other",
            Some(Err(fault)) => return Err(fault.into()),
            None => return Err(Sorry::NotFound),
        }
    }
    Ok(Answer::See(format!("/{}/alerts?note={note}", desk.agreement())))
}

/// What the program outside has not taken is tried again at once.
pub(crate) fn again(desk: &Desk, _: &Asked) -> Result<Answer, Sorry> {
    desk.private.try_again(desk.now())?;
    Ok(Answer::See(format!("/{}/alerts?note=again", desk.agreement())))
}
