//! One line of the log: what became of it, and what can be made of it.

use askama::Template;
use lang::Arg;
use serde::Serialize;
use store::watch::Struck;
use store::{Line, Name};
use terms::{Code, Seconds};

use super::rows::{Row, find_matters};
use super::{KINDS, Shown, field_time, given, kinds};
use crate::desk::Desk;
use crate::page::shell::{Shell, reader};
use crate::page::{begun, new_name};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::Reader;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct One {
    row: Row,
    /// The line that it stands for, and the one that stands for it.
    corrects: Option<String>,
    /// What a draft that begins with it can open.
    begins: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "watch-line.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a One,
    path: String,
    heading: String,
    note: Option<String>,
    /// The name of the line that would correct it.
    fresh: String,
    kinds: Vec<(String, String)>,
    /// As it stands in the fields of a correction.
    at: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let line = named(desk, asked)?;
    let held = desk.held();
    page((desk, &held), asked, &line, asked.query("note"))
}

fn named(desk: &Desk, asked: &Asked) -> Result<Line, Sorry> {
    let id = Name::new(asked.part("line")).ok_or(Sorry::NotFound)?;
    desk.private.line(&id)?.ok_or(Sorry::NotFound)
}

fn page((desk, held): Shown<'_>, asked: &Asked, line: &Line, note: Option<&str>) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let begins = begun::kinds(reader).into_iter().map(|(kind, title)| (kind.to_string(), title)).collect();
    let address = |id: &Name| format!("/{}/watch/{id}", reader.agreement);
    let mut row = Row::of(reader, line, (reader.now, None));
    find_matters(reader, std::slice::from_mut(&mut row));
    let data = One { row, corrects: line.corrects.as_ref().map(address), begins };
    either(asked, &data, || {
        let heading = heading(reader, &data.row);
        let fresh = new_name().map(|name| name.to_string()).unwrap_or_default();
        let note = note.and_then(|note| says(reader, note));
        let (shell, path) = (Shell::of(reader, asked, heading.clone()), address(&line.id));
        let (kinds, at) = (kinds(reader), field_time(reader, line.at));
        Page { shell, data: &data, path, heading, note, fresh, kinds, at }.render()
    })
}

fn heading(reader: Reader<'_>, row: &Row) -> String {
    let time = row.at.words();
    reader.texts.say("watch-line", &[("kind", Arg::Text(&row.kind_words)), ("time", Arg::Text(&time))])
}

/// Why nothing was changed.
pub(super) fn says(reader: Reader<'_>, note: &str) -> Option<String> {
    let id = match note {
        "watch-empty" => "watch-empty",
        "watch-no-time" => "watch-no-time",
        "watch-ahead" => "watch-ahead",
        "watch-long" => "watch-long",
        "why" => "watch-why-needed",
        "taker" => "handover-taker-needed",
        _ => return None,
    };
    Some(reader.texts.say(id, &[]))
}

/// Corrects it, strikes it, or begins a draft with its words.
pub(crate) fn change(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let line = named(desk, asked)?;
    let root = format!("/{}", desk.agreement());
    let here = format!("{root}/watch/{}", line.id);
    let held = desk.held();
    match asked.sent("go") {
        Some("strike") => {
            let why = asked.sent("says").unwrap_or_default().trim().to_owned();
            if why.is_empty() {
                return Ok(Answer::See(format!("{here}?note=why")));
            }
            desk.private.strike(&line.id, &Struck { at: desk.now(), by: asked.person.clone(), why })?;
            Ok(Answer::See(here))
        }
        Some("correct") if KINDS.contains(&line.kind.as_str()) => {
            let id = super::named(asked)?;
            match given(reader(desk, &held, asked), asked) {
                Ok(mut given) => {
                    // A time that was left as it stood is what it was, to the second.
                    if given.at == line.at.minus(Seconds(line.at.secs() % 60)) {
                        given.at = line.at;
                    }
                    desk.private.log(&given.line(asked, id, desk.now(), Some(line.id)))?;
                    Ok(Answer::See(format!("{root}/watch")))
                }
                Err(why) => Ok(Answer::See(format!("{here}?note={why}"))),
            }
        }
        Some("draft") => {
            let kind = asked.sent("kind").and_then(Code::new).ok_or(Sorry::NoKind)?;
            let draft = begun::begin((desk, &held), asked, &kind, (&line.says, line.at))?;
            desk.private.begun_from(&line.id, &draft, &kind)?;
            Ok(Answer::See(format!("{root}/unsigned/{draft}")))
        }
        _ => Err(Sorry::NotFound),
    }
}
