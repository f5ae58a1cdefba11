//! What is asked of us, by when; what is new.

use askama::Template;
use docket::view::{asks, matter_of};
use lang::Arg;
use serde::Serialize;

use super::shell::{Shell, reader};
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::clock::{Asking, is_pressing};
use crate::words::event::says;
use crate::words::matter::Named;
use crate::words::when::When;
use crate::words::{Reader, Who, sentence};

/// How many events the page shows.
const NEWEST: usize = 8;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Overview {
    me: Who,
    /// Asked of us, least time left first.
    asked: Vec<Asking>,
    /// Rights of ours that end.
    rights: Vec<Asking>,
    /// What waits for others.
    others: Vec<Asking>,
    newest: Vec<Happened>,
}

/// Something that happened, and in which matter.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Happened {
    time: When,
    says: String,
    matter: Named,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Overview,
    answer: String,
    last: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let data = query(reader, &held);
    either(asked, &data, || {
        let title = reader.texts.say("asked-title", &[("who", Arg::Text(&data.me.label))]);
        let shell = Shell::of(reader, asked, title);
        let last =
            shell.is_final_to.as_ref().map(|(_, last)| last.words()).unwrap_or_else(|| shell.t("none"));
        Page { answer: answer(reader, &data), last, shell, data: &data }.render()
    })
}

fn query(reader: Reader<'_>, held: &Held) -> Overview {
    let all = asks(reader.replay, reader.now);
    let (mut asked, mut rights, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for ask in all.iter().filter(|ask| is_pressing(ask)) {
        let is_ours = ask.of.contains(reader.me);
        let list = match (ask.rule.is_pressed(), is_ours) {
            (true, true) => &mut asked,
            (true, false) => &mut others,
            (false, true) => &mut rights,
            (false, false) => continue,
        };
        list.push(Asking::of(reader, ask));
    }
    let newest = held.events().rev().filter_map(|event| {
        let (_, matter) = reader.replay.settlement().matter(matter_of(&event.what)?)?;
        let says = sentence(&says(reader, matter, &event.what)?);
        Some(Happened { time: When::of(reader, event.at), says, matter: Named::of(reader, matter) })
    });
    Overview { me: reader.who(reader.me), asked, rights, others, newest: newest.take(NEWEST).collect() }
}

/// The answer in words: how many steps, how many overdue.
fn answer(reader: Reader<'_>, data: &Overview) -> String {
    let number = data.asked.len() as u64;
    let args = [("n", Arg::Number(number)), ("who", Arg::Text(&data.me.label))];
    let all = reader.texts.say("asked-count", &args);
    let overdue = data.asked.iter().filter(|asking| asking.left.is_ours_and_overdue).count() as u64;
    match overdue {
        0 => all,
        overdue => format!("{all} {}", reader.texts.say("asked-overdue", &[("n", overdue.into())])),
    }
}
