//! What happened in a matter, an event a sentence.

use act::value::StrandName;
use docket::v1::{Matter, What};
use lang::Arg;
use terms::{Code, Instant, ParticipantId};

use super::Reader;
use super::when::When;
use crate::words::matter::strand;

/// Whether what happened is said of its matter at all, without saying it.
pub(crate) const fn tells(what: &What) -> bool {
    matches!(
        what,
        What::Opened(..)
            | What::OpenedLate(..)
            | What::Entered(..)
            | What::Reopened(..)
            | What::Stepped(..)
            | What::Spoke(..)
            | What::Split(..)
            | What::Corrected(..)
            | What::LateSoFar(..)
            | What::Late(..)
            | What::InTime(..)
            | What::Held(..)
            | What::Served(..)
            | What::DeemedServed(..)
            | What::Clock(..)
            | What::Moved(..)
            | What::RanOut(..)
            | What::Flagged(..)
            | What::SetAside(..)
            | What::Suspended(..)
            | What::Resumed(..)
            | What::Amended(..)
            | What::NotAmended(..)
            | What::Closed(..)
    )
}

/// What an event says of the matter that it is about. Nothing of an event that no timeline tells.
pub(crate) fn says(reader: Reader<'_>, matter: &Matter, what: &What) -> Option<String> {
    if !tells(what) {
        return None;
    }
    let who = |id: &ParticipantId| reader.who(id).label;
    let code = |code: &Code| reader.word(&matter.procedure, code);
    // A message that is nothing but this word has no marks of its own around it, and the line may run the other way.
    let state = |to: &Code| {
        let says = match matter.procedure.state(to) {
            Some(_) => reader.state_says(&matter.procedure, to).words,
            None => code(to),
        };
        format!("\u{2068}{says}\u{2069}")
    };
    let time = |at: Instant| When::of(reader, at).words();
    let say = |id: &str, args: &[(&str, &str)]| {
        let args: Vec<(&str, Arg<'_>)> = args.iter().map(|(name, value)| (*name, Arg::Text(value))).collect();
        reader.texts.say(id, &args)
    };
    let (of, said) = match what {
        What::Opened(_, _, _, by) => (None, say("event-opened", &[("who", &who(by))])),
        What::OpenedLate(_) => (None, say("event-opened-late", &[])),
        What::Entered(_, of, to) => (Some(of), say("event-entered", &[("state", &state(to))])),
        What::Reopened(_, of, to) => (Some(of), say("event-reopened", &[("state", &state(to))])),
        What::Stepped(_, of, step, by, None) => {
            (Some(of), say("event-stepped", &[("who", &who(by)), ("step", &code(step))]))
        }
        What::Stepped(_, of, step, by, Some(choice)) => {
            let args = [("who", &*who(by)), ("step", &*code(step)), ("choice", &*code(choice))];
            (Some(of), say("event-stepped-choice", &args))
        }
        What::Spoke(_, of, step, by, None) => {
            (Some(of), say("event-spoke", &[("who", &who(by)), ("step", &code(step))]))
        }
        What::Spoke(_, of, step, by, Some(choice)) => {
            let args = [("who", &*who(by)), ("step", &*code(step)), ("choice", &*code(choice))];
            (Some(of), say("event-spoke-choice", &args))
        }
        What::Split(_, of, step) => (Some(of), say("event-split", &[("step", &code(step))])),
        What::Corrected(..) => (None, say("event-corrected", &[])),
        What::LateSoFar(_, of, step, by) => {
            (Some(of), say("event-late-so-far", &[("who", &who(by)), ("step", &code(step))]))
        }
        What::Late(_, of, step, by) => {
            (Some(of), say("event-late", &[("who", &who(by)), ("step", &code(step))]))
        }
        What::InTime(_, of, step, by) => {
            (Some(of), say("event-in-time", &[("who", &who(by)), ("step", &code(step))]))
        }
        What::Held(_, of, step, by) => {
            (Some(of), say("event-held", &[("who", &who(by)), ("step", &code(step))]))
        }
        What::Served(_, of, _, on) => (Some(of), say("event-served", &[("who", &who(on))])),
        What::DeemedServed(_, of, _, on) => (Some(of), say("event-deemed-served", &[("who", &who(on))])),
        What::Clock(_, of, step, times) if times.closes == Instant::LAST => {
            (Some(of), say("event-clock-stands", &[("step", &code(step))]))
        }
        What::Clock(_, of, step, times) => {
            (Some(of), say("event-clock", &[("step", &code(step)), ("time", &time(times.due))]))
        }
        What::Moved(_, of, step, times) => {
            (Some(of), say("event-moved", &[("step", &code(step)), ("time", &time(times.due))]))
        }
        What::RanOut(_, of, step, ..) => {
            let is_pressed = matter.procedure.step(step).is_none_or(instrument::procedure::Step::is_pressed);
            let id = if is_pressed { "event-ran-out" } else { "event-time-came" };
            (Some(of), say(id, &[("step", &code(step))]))
        }
        What::Flagged(_, of) => (Some(of), say("event-flagged", &[])),
        What::SetAside(_, of, to) => (Some(of), say("event-set-aside", &[("state", &state(to))])),
        What::Suspended(_, of, until) => (Some(of), say("event-suspended", &[("time", &time(*until))])),
        What::Resumed(_, of) => (Some(of), say("event-resumed", &[])),
        What::Amended(_, of, number, _) => {
            (Some(of), reader.texts.say("event-amended", &[("n", u64::from(*number).into())]))
        }
        What::NotAmended(_, of) => (Some(of), say("event-not-amended", &[])),
        What::Closed(_, of) => (Some(of), say("event-closed", &[])),
        _ => return None,
    };
    // Of a single life the page says once which it is.
    let of = of.filter(|_| matter.strands.len() > 1).map(|of| strand(reader, matter, of)).unwrap_or_default();
    // A life that is of whoever acted is not named twice.
    let is_theirs = acted(what).is_some_and(|(of, by)| of.as_str() == by.as_str());
    let bare = |text: &str| text.replace(['\u{200f}', '\u{2068}', '\u{2069}'], "");
    let is_said = is_theirs && bare(&said).starts_with(&bare(&of));
    let is_said = is_said || of.is_empty();
    Some(if is_said { said } else { format!("{of}: {said}") })
}

/// In which life somebody did something, and who.
const fn acted(what: &What) -> Option<(&StrandName, &ParticipantId)> {
    match what {
        What::Stepped(_, of, _, by, _)
        | What::Spoke(_, of, _, by, _)
        | What::LateSoFar(_, of, _, by)
        | What::Late(_, of, _, by)
        | What::InTime(_, of, _, by)
        | What::Held(_, of, _, by) => Some((of, by)),
        _ => None,
    }
}
