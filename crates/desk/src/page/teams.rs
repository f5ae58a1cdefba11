//! Is everyone safe: teams that are out, when each was heard last and is to be heard again; each word of theirs is a line of
//! the log of the watch.

use askama::Template;
use lang::Arg;
use lang::time::length;
use serde::Serialize;
use store::{Fault, Line, Name, Team};
use terms::{Code, Instant, Seconds};

use super::sheet::table;
use super::shell::{Shell, reader};
use super::{fresh, new_name};
use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::Reader;
use crate::words::when::When;
use crate::writing::plain_digits;

/// In how many minutes a team may be to be heard again, as it is offered.
const MINUTES: [u32; 5] = [30, 60, 120, 240, 480];

/// The longest that it may be out of hearing: a day.
const MINUTES_MOST: u32 = 24 * 60;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Teams {
    out: u64,
    /// How many of those were to be heard and were not.
    late: u64,
    teams: Vec<Row>,
}

/// A team.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    id: String,
    name: String,
    place: String,
    heard: When,
    /// By when it is to be heard again; nothing while it is in.
    next: Option<When>,
    #[serde(skip)]
    left: String,
    is_late: bool,
    /// The line of the log of the watch that says so, and its page.
    said: String,
    log: String,
}

impl Row {
    fn of(reader: Reader<'_>, team: &Team) -> Row {
        let is_late = team.next.is_some_and(|next| next < reader.now);
        let left = team.next.map(|next| match is_late {
            true => {
                let late = length(reader.texts, reader.now.since(next).0);
                reader.texts.say("left-overdue", &[("length", Arg::Text(&late))])
            }
            false => length(reader.texts, next.since(reader.now).0),
        });
        Row {
            id: team.id.to_string(),
            name: team.name.clone(),
            place: team.place.clone(),
            heard: When::of(reader, team.heard),
            next: team.next.map(|next| When::of(reader, next)),
            left: left.unwrap_or_else(|| reader.texts.say("team-in", &[])),
            is_late,
            said: team.log.to_string(),
            log: format!("/{}/watch/{}", reader.agreement, team.log),
        }
    }
}

/// What was typed for a team that could not be kept, and why.
#[derive(Default)]
struct Typed {
    name: String,
    place: String,
    why: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "teams.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Teams,
    path: String,
    answer: String,
    typed: Typed,
    /// The names of what its forms would keep: of the new one, and of a line for each.
    fresh: (String, String),
    lines: Vec<String>,
    /// In how long, in minutes and in words.
    spans: Vec<(u32, String)>,
}

impl Page<'_> {
    /// The name of the line that the form of a row would keep.
    fn line(&self, row: &usize) -> &str {
        self.lines.get(*row).map_or("", String::as_str)
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, Typed::default())
}

fn page(desk: &Desk, asked: &Asked, typed: Typed) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let teams: Vec<Row> = desk.private.teams()?.iter().map(|team| Row::of(reader, team)).collect();
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("teams".to_owned(), sheet(reader, &teams)?));
    }
    let count = |of: &dyn Fn(&&Row) -> bool| teams.iter().filter(of).count() as u64;
    let (out, late) = (count(&|team| team.next.is_some()), count(&|team| team.is_late));
    let lines = teams.iter().map(|_| fresh()).collect::<Result<_, _>>()?;
    let fresh = (fresh()?, fresh()?);
    let data = Teams { out, late, teams };
    either(asked, &data, || {
        let args = [("out", data.out.into()), ("late", data.late.into())];
        let spans = MINUTES.map(|minutes| (minutes, length(reader.texts, u64::from(minutes) * 60)));
        Page {
            answer: reader.texts.say("teams-count", &args),
            shell: Shell::of(reader, asked, reader.texts.say("teams", &[])),
            path: format!("/{}/teams", reader.agreement),
            data: &data,
            typed,
            fresh,
            lines,
            spans: spans.to_vec(),
        }
        .render()
    })
}

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 4] =
    [("col-team", "team"), ("team-heard", "heard"), ("team-next", "next"), ("col-place", "place")];

fn sheet(reader: Reader<'_>, teams: &[Row]) -> Result<String, Sorry> {
    let cells = |team: &Row| {
        let next = team.next.as_ref().map(|next| next.at.to_string()).unwrap_or_default();
        [team.name.clone(), team.heard.at.to_string(), next, team.place.clone()]
    };
    table(reader.texts, COLUMNS, teams.iter().map(cells))
}

/// By when a team is to be heard again, as a form says it: in so many minutes.
fn next(asked: &Asked, now: Instant) -> Result<Instant, &'static str> {
    let minutes = asked.sent("in").map(plain_digits).and_then(|text| text.trim().parse::<u32>().ok());
    let minutes = minutes.filter(|minutes| (1..=MINUTES_MOST).contains(minutes)).ok_or("team-no-time")?;
    Ok(now.plus(Seconds(u64::from(minutes) * 60)))
}

/// A team goes out, and is told of by its name. What can't be kept stays on the page.
pub(crate) fn out(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let text = |name: &str| asked.sent(name).unwrap_or_default().trim().to_owned();
    let (name, place, now) = (text("name"), text("place"), desk.now());
    let kept = match (name.is_empty(), next(asked, now)) {
        (true, _) => Some("team-no-name"),
        (_, Err(why)) => Some(why),
        (false, Ok(next)) => {
            let id = asked.sent("team").and_then(Name::new).map_or_else(new_name, Ok)?;
            heard(
                desk,
                asked,
                Team {
                    id,
                    name: name.clone(),
                    place: place.clone(),
                    heard: now,
                    next: Some(next),
                    log: new_name()?,
                },
            )?
        }
    };
    match kept {
        None => Ok(Answer::See(format!("/{}/teams", desk.agreement()))),
        Some(why) => page(desk, asked, Typed { name, place, why: Some(why) }),
    }
}

/// A team was heard, is in, or is dropped.
pub(crate) fn change(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let id = Name::new(asked.part("team")).ok_or(Sorry::NotFound)?;
    let team = desk.private.team(&id)?.ok_or(Sorry::NotFound)?;
    let now = desk.now();
    let place = asked.sent("place").map(|place| place.trim().to_owned());
    let team = Team { heard: now, place: place.unwrap_or_else(|| team.place.clone()), ..team };
    let done = match asked.sent("go") {
        Some("heard") => match next(asked, now) {
            Ok(next) => heard(desk, asked, Team { next: Some(next), ..team })?,
            Err(why) => Some(why),
        },
        Some("in") => heard(desk, asked, Team { next: None, ..team })?,
        Some("drop") => {
            desk.private.drop_team(&id)?;
            None
        }
        _ => return Err(Sorry::NotFound),
    };
    match done {
        None => Ok(Answer::See(format!("/{}/teams", desk.agreement()))),
        Some(why) => page(desk, asked, Typed { why: Some(why), ..Typed::default() }),
    }
}

/// Keeps what a team said, and writes it in the log; or gives why not.
fn heard(desk: &Desk, asked: &Asked, team: Team) -> Result<Option<&'static str>, Sorry> {
    let seen = asked.sent("seen").and_then(Name::new);
    let says = {
        let held = desk.held();
        let reader = reader(desk, &held, asked);
        let next = team.next.map(|next| When::of(reader, next).words());
        let args = [
            ("team", Arg::Text(&team.name)),
            ("place", Arg::Text(&team.place)),
            ("next", Arg::Text(next.as_deref().unwrap_or_default())),
        ];
        let id = match (&next, team.place.is_empty()) {
            (Some(_), true) => "team-says",
            (Some(_), false) => "team-says-at",
            (None, _) => "team-says-in",
        };
        reader.texts.say(id, &args)
    };
    let id = asked.sent("id").and_then(Name::new).map_or_else(new_name, Ok)?;
    let line = Line {
        id: id.clone(),
        at: team.heard,
        written: team.heard,
        kind: Code::new("team").ok_or(Sorry::NotFound)?,
        says,
        reference: String::new(),
        by: asked.person.clone(),
        corrects: None,
        struck: None,
        drafts: Vec::new(),
    };
    match desk.private.heard(&Team { log: id, ..team }, &line, seen.as_ref()) {
        Err(Fault::Taken) => Ok(Some("sent-before")),
        Err(Fault::Full) => Ok(Some("team-full")),
        Err(Fault::Done) => Ok(Some("team-newer")),
        done => Ok(done.map(|()| None)?),
    }
}
