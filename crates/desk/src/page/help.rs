//! How do I: a page for each thing of every day, to read or print.

use askama::Template;
use serde::Serialize;
use store::Part;

use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::Reader;

/// The topics: the last part of the address, what each is called, its steps, and the page that it is about.
const TOPICS: [(&str, &str, &str, &str); 13] = [
    ("first", "help-first", "help-first-steps", ""),
    ("report", "help-report", "help-report-steps", "new"),
    ("call", "help-call", "help-call-steps", ""),
    ("answer", "help-answer", "help-answer-steps", ""),
    ("evidence", "help-evidence", "help-evidence-steps", "evidence"),
    ("sign", "help-sign", "help-sign-steps", "unsigned"),
    ("silence", "help-silence", "help-silence-steps", "agreement"),
    ("watch", "help-watch", "help-watch-steps", "watch"),
    ("place", "help-place", "help-place-steps", "map/places"),
    ("whole", "help-whole", "help-whole-steps", "record"),
    ("lost", "help-lost", "help-lost-steps", "people"),
    ("off", "help-off", "help-off-steps", "settings"),
    ("words", "help-words", "help-words-steps", "agreement"),
];

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Help {
    topics: Vec<Topic>,
    /// What the one that was asked for says, step by step; nothing where all are listed.
    steps: Vec<String>,
    /// The page that it is about.
    there: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Topic {
    topic: &'static str,
    title: String,
    href: String,
    is_shown: bool,
}

#[derive(Template)]
#[template(path = "help.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Help,
}

/// Whether the page that a topic is about is open to whoever reads it.
fn may_go(reader: Reader<'_>, there: &str) -> bool {
    match there {
        "watch" => reader.may.see(Part::Watch),
        "new" | "unsigned" => reader.may.see(Part::Drafts),
        _ => true,
    }
}

/// All topics.
pub(crate) fn all(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, None)
}

/// One of them.
pub(crate) fn one(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, Some(asked.part("topic")))
}

fn page(desk: &Desk, asked: &Asked, topic: Option<&str>) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let shown = match topic {
        Some(topic) => Some(TOPICS.iter().find(|(known, ..)| *known == topic).ok_or(Sorry::NotFound)?),
        None => None,
    };
    let topics = TOPICS.iter().map(|(topic, title, ..)| Topic {
        topic,
        title: reader.texts.say(title, &[]),
        href: format!("/{}/help/{topic}", reader.agreement),
        is_shown: shown.is_some_and(|(known, ..)| known == topic),
    });
    let data = Help {
        topics: topics.collect(),
        steps: shown.map_or_else(Vec::new, |(_, _, steps, _)| {
            reader.texts.say(steps, &[]).lines().map(str::to_owned).collect()
        }),
        // Not where whoever reads this may not go.
        there: shown
            .filter(|(.., there)| may_go(reader, there))
            .map(|(.., there)| format!("/{}/{there}", reader.agreement)),
    };
    either(asked, &data, || {
        let title = reader.texts.say(shown.map_or("help-title", |(_, title, ..)| title), &[]);
        Page { shell: Shell::of(reader, asked, title), data: &data }.render()
    })
}
