//! What is asked of us, by when; what is new.

use askama::Template;
use docket::v1::Event;
use docket::view::{asks, matter_of};
use lang::Arg;
use serde::Serialize;
use store::{Part, Seen};

use super::relief;
use super::shell::{Shell, reader};
use super::worklist::Todo;
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::web::session::mark;
use crate::words::clock::{Asking, is_pressing};
use crate::words::event::says;
use crate::words::matter::Named;
use crate::words::when::When;
use crate::words::{Reader, Who, sentence};

/// How many events the page shows.
const NEWEST: usize = 8;

/// How many tasks.
const TASKS: usize = 8;

/// How many, where more are new; and how many of the last are looked through for those.
const SHOWN_MAX: usize = 200;
const NEW_MAX: usize = 10_000;

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
    /// How many things happened that were not there at the last look; nothing if there was none.
    new: Option<u64>,
    /// What is to be done here, the soonest due first.
    tasks: Vec<Todo>,
    /// Relief that waits for others, and that the one who reads this could join.
    relief: Vec<relief::Join>,
}

/// Something that happened, and in which matter.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Happened {
    time: When,
    says: String,
    matter: Named,
    /// Whether it was not there when whoever works here looked last.
    is_new: bool,
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
    let mut data = query(reader, &held, seen_before(desk, reader, asked));
    if reader.may.see(Part::Tasks) {
        data.tasks = Todo::open(desk, reader, asked)?;
        data.tasks.truncate(TASKS);
    }
    either(asked, &data, || {
        let title = reader.texts.say("asked-title", &[("who", Arg::Text(&data.me.label))]);
        let shell = Shell::of(reader, asked, title);
        let last =
            shell.is_final_to.as_ref().map(|(_, last)| last.words()).unwrap_or_else(|| shell.t("none"));
        Page { answer: answer(reader, &data), last, shell, data: &data }.render()
    })
}

/// How far the record was seen before. Only a page is a look: programs ask all the time. A disk that fails takes no page away.
fn seen_before(desk: &Desk, reader: Reader<'_>, asked: &Asked) -> Option<Seen> {
    let session = mark(asked.session.as_deref()?);
    let timeline = reader.replay.timeline();
    let seen = Seen { entries: timeline.settled(), until: timeline.last()? };
    let before = match asked.form {
        Form::Page => desk.private.look(&session, seen, desk.now()),
        Form::Json | Form::Csv | Form::Text => desk.private.looked(&session),
    };
    before.unwrap_or_else(|fault| {
        tracing::error!(%fault, "what was seen before is not known");
        None
    })
}

/// Whether something was not there yet: brought by a later entry, or by silence at a later time.
fn is_new(event: &Event, seen: &Seen) -> bool {
    event.entry.map_or(event.at > seen.until, |entry| entry >= seen.entries)
}

fn query(reader: Reader<'_>, held: &Held, seen: Option<Seen>) -> Overview {
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
    let told = |event: &Event| {
        let (_, matter) = reader.replay.settlement().matter(matter_of(&event.what)?)?;
        says(reader, matter, &event.what).map(|says| (matter, sentence(&says)))
    };
    let new = seen.map(|seen| {
        let since = held.events().rev().take(NEW_MAX).filter(|event| is_new(event, &seen));
        since.filter(|event| told(event).is_some()).count() as u64
    });
    let newest = held.events().rev().filter_map(|event| {
        let (matter, says) = told(event)?;
        let is_new = seen.is_some_and(|seen| is_new(event, &seen));
        Some(Happened { time: When::of(reader, event.at), says, matter: Named::of(reader, matter), is_new })
    });
    // All that is new, as far as a page goes.
    let shown = NEWEST.max(usize::try_from(new.unwrap_or_default()).unwrap_or(NEWEST).min(SHOWN_MAX));
    Overview {
        me: reader.who(reader.me),
        asked,
        rights,
        others,
        newest: newest.take(shown).collect(),
        new,
        tasks: Vec::new(),
        relief: relief::could_join(reader),
    }
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
