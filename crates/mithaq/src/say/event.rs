//! What happened in a matter, an event a sentence.

use docket::v1::event::screen_word;
use docket::v1::{Event, Matter, Replay, What};
use instrument::Instrument;
use instrument::procedure::{ClockKind, Step};
use terms::{Code, Instant, ParticipantId};

use super::value::{exhibit, matter as reference};
use super::{is_pressed, label, state, strand, strand_first};
use crate::command::why_void;
use crate::show::time::utc;
use act::value::StrandName;

/// What is said of a voice that decides nothing yet, behind it.
pub(crate) const NOT_DECIDED: &str = ". It takes others too, and is not decided.";

/// What an event says beside the others: of a voice with which nothing else can come, that alone is said.
pub(crate) fn told(replay: &Replay, matter: &Matter, event: &Event, all: &[Event]) -> String {
    let said = plain(replay, matter, &event.what);
    match said.strip_suffix(NOT_DECIDED) {
        Some(voice) if leaves_one(event, all) => voice.to_owned(),
        _ => said,
    }
}

/// Whether an event is a voice with which nothing but the split can come.
pub(crate) fn leaves_one(event: &Event, all: &[Event]) -> bool {
    let What::Spoke(matter, strand, step, ..) = &event.what else { return false };
    all.iter().filter(|other| other.entry == event.entry).any(|other| {
        matches!(&other.what, What::Split(of, its, rule) if (of, its, rule) == (matter, strand, step))
    })
}

/// What an event says, in a matter that it is about; what it does to clocks is told with them.
pub(crate) fn plain(replay: &Replay, matter: &Matter, what: &What) -> String {
    let instrument = replay.instrument();
    let name = |who: &ParticipantId| label(instrument, who);
    let first = |strand: &StrandName| strand_first(matter, strand);
    match what {
        What::Opened(id, _, _, by) => format!("{} opened {}", name(by), reference(replay, id)),
        What::OpenedLate(_) => "late: opened after the time that the procedure sets for it".to_owned(),
        What::Entered(_, strand, to) => {
            format!("{}`{to}`. {}", first(strand), state(&matter.procedure, to))
        }
        What::Reopened(_, strand, to) => format!(
            "{}again `{to}`, with the time that was left: what had moved it was taken back by its participant",
            first(strand)
        ),
        What::Stepped(_, strand, step, by, choice) => {
            format!("{}: {}", name(by), step_words(matter, strand, step, choice.as_ref()))
        }
        What::Spoke(_, strand, step, by, choice) => {
            format!("{}: {}{NOT_DECIDED}", name(by), step_words(matter, strand, step, choice.as_ref()))
        }
        What::Split(_, strand, step) => {
            format!("{}with that nothing else can come of `{step}`, whatever the others say", first(strand))
        }
        What::Corrected(..) => "a correction of an earlier entry".to_owned(),
        What::Withdrawn(act) => format!("an earlier entry is withdrawn by its author: act {act}"),
        What::Transcribed(party, by) => format!(
            "written down by {} on behalf of {}; it is not {}'s signature",
            name(by),
            name(party),
            name(party)
        ),
        What::Confirmed(act) => format!("what was written down is confirmed by its participant: act {act}"),
        What::DisownedAct(act) => format!("what was written down is said not to be its act: act {act}"),
        What::Sought(kind, by) => {
            format!("{} is for relief, `{kind}`; it takes others too", name(by))
        }
        What::Amended(_, strand, number, _) => {
            format!("{}the agreement goes on under version {number}", first(strand))
        }
        What::NotAmended(_, strand) => {
            format!("{}the amendment has no effect: what it brings can't be run", first(strand))
        }
        What::Closed(_, strand) => {
            format!("{}no matter can be opened any more; open ones run on", first(strand))
        }
        What::LateSoFar(_, strand, step, by) => {
            format!("{}late as recorded so far: `{step}` by {}", first(strand), name(by))
        }
        What::Late(_, strand, step, by) => format!("{}late: `{step}` by {}", first(strand), name(by)),
        What::InTime(_, strand, step, by) => {
            format!("{}in time after all: `{step}` by {}", first(strand), name(by))
        }
        What::Held(_, strand, step, by) => format!(
            "{}given after its time: `{step}` by {}; it counts only if it is shown that it was handed over before",
            first(strand),
            name(by)
        ),
        What::Served(_, _, _, on) => format!("served on {}", name(on)),
        What::DeemedServed(_, _, _, on) => format!("deemed served on {}", name(on)),
        What::Clock(_, strand, step, times) => {
            format!("{}`{step}` is due by {} (closes {})", first(strand), utc(times.due), utc(times.closes))
        }
        What::RanOut(_, strand, step, _, silent) => {
            let rule = matter.procedure.step(step);
            let pressed = rule.is_none_or(is_pressed);
            let says = match rule.and_then(Step::comes_by_itself) {
                Some(comes) => &format!("{comes}:"),
                None if silent.is_empty() => "the time is over of",
                None if pressed => "no answer was on the record in time:",
                None => "the time came of",
            };
            format!("{}{says} `{step}`", first(strand))
        }
        What::Moved(_, strand, step, times) => {
            let rule = matter.procedure.step(step);
            let (due, closes) = (utc(times.due), utc(times.closes));
            let says = match rule.and_then(|rule| Some((rule, rule.clock.as_ref()?.kind))) {
                _ if times.closes == Instant::LAST => "stands: no time runs".to_owned(),
                Some((rule, _)) if rule.comes_by_itself().is_some() => {
                    format!("comes by itself on {due} now")
                }
                Some((_, ClockKind::Until)) => format!("is open until {due} now (closes {closes})"),
                _ => format!("is due by {due} now (closes {closes})"),
            };
            format!("{}`{step}` {says}", first(strand))
        }
        What::Flagged(_, strand) => format!(
            "{}it stands on what was taken back, and others have moved on: relief may be due",
            first(strand)
        ),
        What::SetAside(_, strand, to) => {
            format!("{}set aside: back to `{to}`, with full time", first(strand))
        }
        What::Suspended(_, strand, until) => {
            format!("{}clocks stand until {}", first(strand), utc(*until))
        }
        What::Resumed(_, strand) => format!("{}clocks run again", first(strand)),
        What::Void(reason) => format!("no effect (void, {reason}): {}", why_void(*reason)),
        What::SeenDiffers(_) => {
            "its author says that it had seen a register which this is not: an alarm, and the act stands"
                .to_owned()
        }
        other => elsewhere(replay, instrument, other),
    }
}

/// What is not of matters alone: exhibits, keys, seats.
fn elsewhere(replay: &Replay, instrument: &Instrument, what: &What) -> String {
    let name = |who: &ParticipantId| label(instrument, who);
    match what {
        What::Offered(item, _, by) => format!("{} handed over {}", name(by), exhibit(replay, item)),
        What::Granted(item, to) => format!("{} can be opened by {}", exhibit(replay, item), name(to)),
        What::Kept(item, by) => format!("{} keeps {}", name(by), exhibit(replay, item)),
        What::OpenedExhibit(item, by) => {
            format!("{} opened {}; all agrees", name(by), exhibit(replay, item))
        }
        What::Answered(item, by) => format!("{} answered {}", name(by), exhibit(replay, item)),
        What::Challenged(item, by) => format!("{} challenges {}", name(by), exhibit(replay, item)),
        What::Ruled(item, upheld) => {
            let word = if *upheld { "upheld" } else { "not upheld" };
            format!("the challenge of {} is {word}", exhibit(replay, item))
        }
        What::Danger(item) => format!("{} was found to put a person in danger", exhibit(replay, item)),
        What::HeldUntil(item, by, until) => {
            format!("{} wants {} kept until {}", name(by), exhibit(replay, item), utc(*until))
        }
        What::Destroyed(item, by) => format!("{} destroyed its copy of {}", name(by), exhibit(replay, item)),
        What::Batched(_, table, by) => format!("{} entered a table, {table}", name(by)),
        What::Stamped(_, key, at) => {
            let by = key.participant().map_or_else(|| key.to_string(), name);
            format!("taken in by {by} on {}", utc(*at))
        }
        What::Cut(who, from, to) => {
            format!("{} could not be reached from {} to {}", name(who), utc(*from), utc(*to))
        }
        What::Dead(from, to) => {
            format!("the register was silent: {} to {} counts for no clock", utc(*from), utc(*to))
        }
        What::Seated(who) => format!("{} took its seat", name(who)),
        What::Screened(key, list, result) => {
            format!("the holder of {key} was compared with `{list}`: {}", screen_word(*result))
        }
        other => other.to_string(),
    }
}

/// `respond, deny (South, p1)`
fn step_words(matter: &Matter, name: &StrandName, step: &Code, choice: Option<&Code>) -> String {
    let choice = choice.map(|choice| format!(", {choice}")).unwrap_or_default();
    let strand = strand(&matter.law.instrument, &matter.procedure, name);
    let strand = if strand.is_empty() { strand } else { format!(" ({strand})") };
    format!("{step}{choice}{strand}")
}
