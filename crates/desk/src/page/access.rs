//! Who of the participant's people may see and do what of the private side.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde::Serialize;
use store::{Fault, Part};
use terms::Code;

use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::people::known;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Access {
    /// Whether it is said of anybody: else each may all of it.
    is_said: bool,
    people: Vec<One>,
}

/// Somebody, and what they may.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct One {
    who: String,
    may: Vec<Tick>,
}

/// A part of it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Tick {
    part: &'static str,
    #[serde(skip)]
    words: &'static str,
    may: bool,
}

pub(super) const fn words(part: Part) -> &'static str {
    match part {
        Part::Watch => "access-watch",
        Part::Tasks => "access-tasks",
        Part::Notes => "access-notes",
        Part::GoodOffices => "access-good-offices",
        Part::Directory => "access-directory",
        Part::Drafts => "access-drafts",
        Part::Publish => "access-publish",
        Part::Access => "access-access",
    }
}

#[derive(Template)]
#[template(path = "access.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Access,
    heads: Vec<&'static str>,
    note: Option<String>,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let said = desk.private.access()?;
    let everybody: BTreeSet<Code> = known(desk, &held)?.into_iter().chain(said.keys().cloned()).collect();
    let one = |who: &Code| One {
        who: who.to_string(),
        may: Part::ALL
            .map(|part| {
                let may = said.get(who).is_some_and(|parts| parts.contains(&part));
                Tick { part: part.as_str(), words: words(part), may }
            })
            .into(),
    };
    let data = Access { is_said: !said.is_empty(), people: everybody.iter().map(one).collect() };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("access", &[]));
        let id = match asked.query("note") {
            Some("nobody") => Some("access-nobody"),
            Some("label") => Some("settings-no-label"),
            Some("saved") => Some("settings-saved"),
            _ => None,
        };
        let note = id.map(|id| reader.texts.say(id, &[]));
        Page { shell, data: &data, heads: Part::ALL.map(words).into(), note }.render()
    })
}

/// Says who may what: `may` has a person and a part, as often as it is ticked.
pub(crate) fn change(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let here = format!("/{}/access", desk.agreement());
    if let Some(new) = asked.sent("new").map(str::trim).filter(|new| !new.is_empty()) {
        let Some(who) = Code::new(&new.to_lowercase()) else {
            return Ok(Answer::See(format!("{here}?note=label")));
        };
        desk.private.remember(&who, desk.now())?;
    }
    let mut access: BTreeMap<Code, BTreeSet<Part>> = BTreeMap::new();
    for ticked in asked.sent.get("may").into_iter().flatten() {
        let read = ticked.split_once(' ').and_then(|(who, part)| Some((Code::new(who)?, Part::of(part)?)));
        let (who, part) = read.ok_or(Sorry::NotFound)?;
        access.entry(who).or_default().insert(part);
    }
    match desk.private.set_access(&access) {
        Ok(()) => Ok(Answer::See(format!("{here}?note=saved"))),
        Err(Fault::OthersToDo) => Ok(Answer::See(format!("{here}?note=nobody"))),
        Err(fault) => Err(fault.into()),
    }
}
