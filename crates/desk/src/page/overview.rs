//! What is asked of us, by when; what is new.

use act::body::Tier;
use askama::Template;
use docket::v1::Event;
use docket::view::{Standing, matter_of};
use lang::Arg;
use serde::Serialize;
use store::{Part, Seen};

use super::begun::Begin;
use super::shell::{Shell, reader};
use super::worklist::Todo;
use super::{look, relief};
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::clock::Asking;
use crate::words::event::{says, tells};
use crate::words::matter::Named;
use crate::words::when::When;
use crate::words::{Reader, Who, sentence};

/// How many events the page shows.
const NEWEST: usize = 8;

/// How many steps each part shows: the most pressing. The lists have the others.
const ASKED_MAX: usize = 40;

/// How many asks, the soonest first, are looked through for the next that is due.
const ASKS_MAX: usize = 200;

/// How many tasks.
const TASKS: usize = 8;

/// How many, where more are new.
const SHOWN_MAX: usize = 200;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Overview {
    me: Who,
    /// Asked of us, least time left first; how much that is, of which the most pressing is shown, and how much is overdue.
    asked: Vec<Asking>,
    asked_of: u64,
    overdue: u64,
    /// Rights of ours that end.
    rights: Vec<Asking>,
    rights_of: u64,
    /// What waits for others.
    others: Vec<Asking>,
    others_of: u64,
    newest: Vec<Happened>,
    /// How many things happened that were not there at the last look; nothing if there was none.
    new: Option<u64>,
    /// What is to be done here, the soonest due first.
    tasks: Vec<Todo>,
    /// Where nothing is asked: the next date that is known, which a matter names, or when something is due.
    next: Option<Next>,
    /// Whether there is none: of very many steps not all are looked through.
    knows_no_date: bool,
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

/// A date that is known, and of which matter.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Next {
    time: When,
    matter: Named,
    #[serde(skip)]
    kind: String,
}

impl Next {
    /// The first that comes: a time that an open matter names, or the next step that is due, whoever has it.
    fn of(reader: Reader<'_>) -> Option<Next> {
        let named = reader.index.ahead().next(reader.now);
        let asks = reader.index.asks().iter().take(ASKS_MAX);
        let asks = asks.filter_map(|ask| ask.at(reader.replay, reader.now));
        let running = asks.filter(|ask| matches!(ask.standing, Standing::Running(_)));
        let due = running.map(|ask| (ask.when(reader.replay), ask.key)).find(|(at, _)| *at > reader.now);
        let (at, key) = named.into_iter().chain(due).min()?;
        let matter = reader.replay.settlement().matters().lend(&key)?;
        Some(Next {
            time: When::of(reader, at),
            matter: Named::of(reader, &matter),
            kind: reader.title(&matter.procedure),
        })
    }
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Overview,
    answer: String,
    last: String,
    /// What is begun from here; nothing, for whoever may write nothing.
    begin: Option<Begin>,
}

impl Page<'_> {
    /// Which of those that are asked are shown, if not all are.
    fn cut(&self, shown: &[Asking], of: &u64) -> Option<String> {
        let to = shown.len() as u64;
        (to < *of).then(|| self.shell.pages(1, to, *of))
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let mut data = query(reader, &held, look::begin(desk, reader, asked));
    if reader.may.see(Part::Tasks) {
        data.tasks = Todo::open(desk, reader, asked)?;
        data.tasks.truncate(TASKS);
    }
    let begin = Begin::of(reader, &held)?;
    either(asked, &data, || {
        let title = reader.texts.say("asked-title", &[("who", Arg::Text(&data.me.label))]);
        let shell = Shell::of(reader, asked, title);
        let last =
            shell.is_final_to.as_ref().map(|(_, last)| last.words()).unwrap_or_else(|| shell.t("none"));
        Page { answer: answer(reader, &data), last, begin, shell, data: &data }.render()
    })
}

fn query(reader: Reader<'_>, held: &Held, seen: Option<Seen>) -> Overview {
    let of_part = |is_pressed: bool, is_ours: bool| {
        let all =
            reader.index.asks().iter().filter(move |ask| ask.is_pressing && ask.is_pressed == is_pressed);
        all.filter(move |ask| ask.of.contains(reader.me) == is_ours)
    };
    let part = |is_pressed: bool, is_ours: bool| {
        let now = of_part(is_pressed, is_ours).filter_map(|ask| ask.at(reader.replay, reader.now));
        let shown = now.take(ASKED_MAX).map(|ask| Asking::of(reader, &ask)).collect::<Vec<_>>();
        (shown, of_part(is_pressed, is_ours).count() as u64)
    };
    let (asked, asked_of) = part(true, true);
    let (rights, rights_of) = part(false, true);
    let (others, others_of) = part(true, false);
    let ours = of_part(true, true).filter_map(|ask| ask.at(reader.replay, reader.now));
    let overdue = ours.filter(|ask| is_late(&ask.standing) && !ask.is_right()).count() as u64;
    let told = |event: &Event| {
        let (_, matter) = reader.replay.settlement().matter(matter_of(&event.what)?)?;
        says(reader, matter, &event.what).map(|says| (matter, sentence(&says)))
    };
    let new = seen.map(|seen| look::since(held, seen).filter(|event| tells(&event.what)).count() as u64);
    let newest = held.happened().back(None, None).filter_map(|event| {
        let (matter, says) = told(&event)?;
        let is_new = seen.is_some_and(|seen| look::is_new(&event, &seen));
        Some(Happened { time: When::of(reader, event.at), says, matter: Named::of(reader, matter), is_new })
    });
    // All that is new, as far as a page goes.
    let shown = NEWEST.max(usize::try_from(new.unwrap_or_default()).unwrap_or(NEWEST).min(SHOWN_MAX));
    let next = if asked.is_empty() { Next::of(reader) } else { None };
    let knows_no_date = next.is_none() && reader.index.asks().len() <= ASKS_MAX;
    Overview {
        me: reader.who(reader.me),
        asked,
        asked_of,
        overdue,
        rights,
        rights_of,
        others,
        others_of,
        newest: newest.take(shown).collect(),
        new,
        tasks: Vec::new(),
        next,
        knows_no_date,
        relief: relief::could_join(reader),
    }
}

/// The answer in words: how many steps, how many overdue.
fn answer(reader: Reader<'_>, data: &Overview) -> String {
    let number = data.asked_of;
    let args = [("n", Arg::Number(number)), ("who", Arg::Text(&data.me.label))];
    let all = reader.texts.say("asked-count", &args);
    match data.overdue {
        0 => all,
        overdue => format!("{all} {}", reader.texts.say("asked-overdue", &[("n", overdue.into())])),
    }
}

/// Whether its due time is over.
const fn is_late(standing: &Standing) -> bool {
    match standing {
        Standing::Passed(_) | Standing::Overdue(_) => true,
        Standing::Unserved(_)
        | Standing::SeatVacant
        | Standing::StandsStill
        | Standing::Running(_)
        | Standing::RanOut(_) => false,
    }
}
