//! How much time is left, and what silence does.

use docket::v1::MatterKey;
use docket::v1::clock::Times;
use docket::view::{Ask, Standing, asks_in};
use instrument::Procedure;
use instrument::procedure::{Promise, Silence, Step};
use lang::time::length;
use serde::Serialize;
use terms::{Code, Instant, ParticipantId};

use super::when::When;
use super::{Reader, Who};
use crate::words::matter::{Named, strand};

/// How wide a clock's bar is drawn.
const BAR: u64 = 96;

/// How a clock stands, in words, with its bar.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Left {
    /// A stable word.
    pub(crate) stands: &'static str,
    #[serde(skip)]
    pub(crate) words: String,
    /// What else is to be known of it; may be empty.
    #[serde(skip)]
    pub(crate) note: String,
    /// Whether it is overdue for whoever reads this: the one clock that is a danger.
    pub(crate) is_ours_and_overdue: bool,
    /// How much of the bar is left; none for a clock without one.
    #[serde(skip)]
    pub(crate) bar: Option<u64>,
    pub(crate) due: Option<When>,
}

/// A step that is asked of somebody.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Asking {
    pub(crate) left: Left,
    pub(crate) step: String,
    /// The form of it.
    pub(crate) href: String,
    #[serde(skip)]
    pub(crate) step_words: String,
    pub(crate) strand: String,
    pub(crate) matter: Named,
    pub(crate) of: Vec<Who>,
    #[serde(skip)]
    pub(crate) silence: String,
    pub(crate) is_right: bool,
}

impl Asking {
    pub(crate) fn of(reader: Reader<'_>, ask: &Ask<'_>) -> Asking {
        let of = if ask.of.is_empty() { &ask.clock.asked } else { &ask.of };
        let matter = Named::of(reader, ask.matter);
        Asking {
            left: left(reader, ask),
            step: ask.step.to_string(),
            href: format!("{}/{}", matter.href, ask.step),
            step_words: reader.word(&ask.matter.procedure, ask.step),
            strand: strand(reader, ask.matter, ask.strand),
            matter,
            of: reader.in_order(of),
            silence: silence(reader, &ask.matter.procedure, ask.rule),
            is_right: ask.is_right(),
        }
    }
}

/// The clock of a step in a matter that asks the one who reads this, if one does: the soonest.
pub(crate) fn asking_of(reader: Reader<'_>, key: MatterKey, step: &Code) -> Option<Asking> {
    let asks = asks_in(reader.replay, reader.now, key);
    let mut ours =
        asks.iter().filter(|ask| ask.step == step && ask.of.contains(reader.me) && is_pressing(ask));
    ours.next().map(|ask| Asking::of(reader, ask))
}

/// Whether somebody is pressed for it.
pub(crate) fn is_asked(ask: &Ask<'_>, who: &ParticipantId) -> bool {
    is_pressing(ask) && ask.rule.is_pressed() && ask.of.contains(who)
}

/// Whether somebody is to do something yet.
pub(crate) const fn is_pressing(ask: &Ask<'_>) -> bool {
    match ask.standing {
        Standing::Unserved(_) | Standing::Running(_) | Standing::Passed(_) | Standing::Overdue(_) => true,
        Standing::SeatVacant | Standing::StandsStill | Standing::RanOut(_) => false,
    }
}

fn left(reader: Reader<'_>, ask: &Ask<'_>) -> Left {
    let say = |id: &str| reader.texts.say(id, &[]);
    let is_ours = ask.of.contains(reader.me) && !ask.is_right() && ask.rule.is_pressed();
    let when = |at: Instant| When::of(reader, at);
    let closes = |times: &Times| {
        let time = when(times.closes).words();
        reader.texts.say("closes-at", &[("time", (&time).into())])
    };
    let none = |stands, words| Left {
        stands,
        words,
        note: String::new(),
        is_ours_and_overdue: false,
        bar: None,
        due: None,
    };
    match &ask.standing {
        Standing::Unserved(_) => {
            let latest = reader.replay.settlement().due_at_latest(ask.matter, ask.strand, ask.step);
            let due = latest.map(|(_, due)| when(due));
            let note =
                due.as_ref().map(|due| reader.texts.say("at-latest", &[("time", (&due.words()).into())]));
            Left { note: note.unwrap_or_default(), due, ..none("unserved", say("left-unserved")) }
        }
        Standing::SeatVacant => none("seat-vacant", say("left-vacant")),
        Standing::StandsStill => none("stands-still", say("left-still")),
        Standing::Running(times) => {
            let seconds = times.due.since(reader.now).0;
            let bar = ask.clock.measure.as_ref().map(|measure| {
                let whole = times.due.since(measure.base).0.max(1);
                (seconds.min(whole) * BAR / whole).max(1)
            });
            Left { bar, due: Some(when(times.due)), ..none("running", length(reader.texts, seconds)) }
        }
        Standing::Passed(times) => Left {
            is_ours_and_overdue: is_ours,
            bar: Some(0),
            note: closes(times),
            due: Some(when(times.due)),
            ..none("passed", say("left-passed"))
        },
        Standing::Overdue(times) => {
            let over = length(reader.texts, reader.now.since(times.due).0);
            Left {
                is_ours_and_overdue: is_ours,
                bar: Some(0),
                note: closes(times),
                due: Some(when(times.due)),
                // Nobody is pressed to use a right: it is over, and nobody is late.
                ..none(
                    "overdue",
                    reader.texts.say(
                        if ask.is_right() { "left-over" } else { "left-overdue" },
                        &[("length", (&over).into())],
                    ),
                )
            }
        }
        Standing::RanOut(times) => {
            Left { due: Some(when(times.due)), ..none("run-out", say("left-ran-out")) }
        }
    }
}

/// What silence on a step does.
fn silence(reader: Reader<'_>, procedure: &Procedure, step: &Step) -> String {
    match &step.silence {
        Silence::Noted => reader.texts.say("silence-noted", &[]),
        Silence::Moves { how, to } => {
            let state = reader.word(procedure, to);
            let id = match how {
                Promise::Proceed if !step.is_pressed() => "silence-passes",
                Promise::Proceed => "silence-proceed",
                Promise::Escalate => "silence-escalate",
                Promise::Adopt => "silence-adopt",
                Promise::Lapse => "silence-lapse",
            };
            reader.texts.say(id, &[("state", (&state).into())])
        }
    }
}
