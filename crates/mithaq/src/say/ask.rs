//! What is asked of whom, how its clock stands, and what silence does (TIME §2, *What pages must say*).

use act::Body;
use act::body::Transcribed;
use docket::v1::clock::Length;
use docket::v1::matter::alone;
use docket::view::{Ask, Standing};
use instrument::Basis;
use instrument::procedure::{Silence, Step};
use node::pending::OnItsWay;
use serde_json::{Value, json};
use terms::{Instant, ParticipantId};

use super::{and, label, labels, or, strand};
use crate::reading::Reading;
use crate::show::text::count;
use crate::show::time::{length, relative, utc};

/// Who is asked: who has not spoken yet, and how many of them it takes.
pub(crate) fn who(reading: &Reading, ask: &Ask<'_>) -> String {
    let instrument = reading.replay().instrument();
    let of = if ask.of.is_empty() { &ask.clock.asked } else { &ask.of };
    let names = labels(instrument, of);
    match names.as_slice() {
        [_] => and(&names),
        _ if alone(&ask.rule.by).is_some() => or(&names),
        _ => format!("{} ({})", and(&names), ask.rule.by),
    }
}

/// The step, the matter and the strand: `respond in CASE-26-0001-K, Case (South, p1)`.
pub(crate) fn what(ask: &Ask<'_>) -> String {
    let (matter, of) = (ask.matter, in_brackets(ask));
    format!("{} in {}, {}{of}", ask.step, matter.reference, matter.procedure.title)
}

/// Who is asked for what, or what comes by itself; below it, in which matter.
pub(crate) fn cell(reading: &Reading, ask: &Ask<'_>) -> String {
    let matter = ask.matter;
    format!("{}\n{}, {}", whose(reading, ask), matter.reference, matter.procedure.title)
}

/// `South: respond (South, p1)`; the step alone, where it comes by itself.
pub(crate) fn whose(reading: &Reading, ask: &Ask<'_>) -> String {
    if comes_by_itself(ask) { step(ask) } else { format!("{}: {}", who(reading, ask), step(ask)) }
}

/// Whether nobody would use it: it comes by itself.
pub(crate) fn comes_by_itself(ask: &Ask<'_>) -> bool {
    ask.rule.comes_by_itself().is_some()
}

/// The step and the strand: `respond (South, p1)`.
pub(crate) fn step(ask: &Ask<'_>) -> String {
    format!("{}{}", ask.step, in_brackets(ask))
}

fn in_brackets(ask: &Ask<'_>) -> String {
    match strand(&ask.matter.law.instrument, &ask.matter.procedure, ask.strand) {
        strand if strand.is_empty() => strand,
        strand => format!(" ({strand})"),
    }
}

/// A stable word for how a clock stands.
pub(crate) const fn code(standing: &Standing) -> &'static str {
    match standing {
        Standing::Unserved(_) => "unserved",
        Standing::SeatVacant => "seat-vacant",
        Standing::StandsStill => "stands-still",
        Standing::Running(_) => "running",
        Standing::Passed(_) => "passed",
        Standing::Overdue(_) => "overdue",
        Standing::RanOut(_) => "run-out",
    }
}

/// How its clock stands; nothing of one that simply runs.
pub(crate) fn standing(reading: &Reading, ask: &Ask<'_>) -> String {
    let instrument = reading.replay().instrument();
    let none = if ask.is_right() { "no use" } else { "no answer" };
    match &ask.standing {
        Standing::Unserved(waits) => {
            let each: Vec<String> = waits
                .iter()
                .map(|(who, at)| format!("{} by {} at the latest", label(instrument, who), utc(*at)))
                .collect();
            format!("its time begins with service, on {}", and(&each))
        }
        Standing::SeatVacant => "it waits for a seat that nobody has taken".to_owned(),
        Standing::StandsStill => {
            format!("its clock stands while {} takes no part", label(instrument, &ask.matter.opener))
        }
        Standing::Running(_) => String::new(),
        Standing::Passed(_) => {
            let last = reading.replay().timeline().last();
            let last = last.map(|last| format!(" (last mark {})", utc(last))).unwrap_or_default();
            format!("due time has passed; waiting for the register to record it{last}")
        }
        Standing::Overdue(times) => format!(
            "{none} on the record by {}; one handed over in time may still arrive until {}",
            utc(times.due),
            utc(times.closes)
        ),
        Standing::RanOut(times) => {
            format!("{none} was on the record by {} (closed {})", utc(times.due), utc(times.closes))
        }
    }
}

/// What silence does.
pub(crate) fn silence(ask: &Ask<'_>) -> String {
    let what = super::silence(ask.rule);
    match (&ask.standing, ask.is_right(), super::is_pressed(ask.rule)) {
        // It was only noted, and nothing else comes of it.
        (Standing::RanOut(_), ..) => String::new(),
        _ if what.is_empty() || comes_by_itself(ask) => what,
        (_, true, _) => format!("if nobody uses it: {what}"),
        (_, false, true) => format!("silence: {what}"),
        (_, false, false) => format!("nobody has to answer: at that time {what}"),
    }
}

/// Where the length of its clock comes from, unless the signed text says it.
pub(crate) fn basis(rule: &Step) -> Option<String> {
    match (&rule.word, rule.basis) {
        (Some(word), basis) => {
            Some(format!("the text says: “{word}”; the number is a reminder, {}", of(basis)))
        }
        (None, Basis::Text) => None,
        (None, basis) => Some(format!("its length is {}", of(basis))),
    }
}

/// A basis, as a sentence ends with it.
pub(crate) const fn of(basis: Basis) -> &'static str {
    match basis {
        Basis::Text => "from the text",
        Basis::Official => "from an official statement",
        Basis::OneParty => "as one party says",
        Basis::Press => "as the press reports",
        Basis::Reconstruction => "a reconstruction",
    }
}

/// Acts on their way that take this step.
pub(crate) fn on_their_way<'r>(
    reading: &'r Reading,
    ask: &'r Ask<'_>,
) -> impl Iterator<Item = (&'r ParticipantId, &'r OnItsWay)> {
    reading.pending.iter().filter_map(|pending| {
        let (by, step) = match pending.act.body() {
            Body::Step(step) => (pending.act.head().by.participant()?, step),
            Body::Transcribe(transcribe) => match &transcribe.what {
                Transcribed::Step(step) => (&transcribe.on_behalf_of, step),
                Transcribed::Open(_) => return None,
            },
            _ => return None,
        };
        let strands = step.strands.is_empty() || step.strands.contains(ask.strand);
        let takes = step.matter == ask.matter.id && step.step == *ask.step && strands;
        takes.then_some((by, pending))
    })
}

/// What stands beside an ask, a sentence each: how it stands, what is on its way, what is held, what silence does,
/// where the number comes from.
pub(crate) fn notes(reading: &Reading, ask: &Ask<'_>) -> Vec<String> {
    let instrument = reading.replay().instrument();
    let mut notes = vec![standing(reading, ask)];
    for (by, pending) in on_their_way(reading, ask) {
        notes.push(format!("by {} one is on its way: {}", label(instrument, by), way(pending)));
    }
    for held in &ask.clock.held {
        let until = ask.clock.times.map_or(Instant::LAST, |times| times.closes);
        notes.push(format!(
            "given by {} on {}, after its time; counts only if it is shown by {} that it was handed over before",
            label(instrument, &held.by),
            utc(held.counted),
            utc(until)
        ));
    }
    if ask.matter.disowned {
        notes.push("the act that opened this was taken back by its participant".to_owned());
    }
    notes.push(silence(ask));
    notes.extend(basis(ask.rule));
    notes.retain(|note| !note.is_empty());
    notes
}

/// From when its clock counts: the time of the mark that covers what it counts from (TIME T11).
pub(crate) fn counts_from(ask: &Ask<'_>) -> Option<String> {
    let measure = ask.clock.measure.as_ref().filter(|_| ask.clock.times.is_some())?;
    let base = utc(measure.base);
    let long = match measure.length {
        Length::Exact(seconds) => format!("it counts {} from {base}", length(seconds.0)),
        Length::Days(days) => {
            format!("it counts {}, that of {base} not among them", count(days, "day", "days"))
        }
        Length::Fixed(_) => return None,
    };
    let more = if measure.extended.0 == 0 {
        String::new()
    } else {
        format!(", and {} more", length(measure.extended.0))
    };
    Some(format!("{long}{more}; a mark said then that it had come"))
}

/// How far an act on its way has come.
pub(crate) const fn way(pending: &OnItsWay) -> &'static str {
    match pending.entry {
        Some(_) => "registered, not yet cosigned",
        None => "signed here, to be carried to the registrar",
    }
}

/// By when, and how long that is, on a line or two; or why there is no time.
pub(crate) fn when(reading: &Reading, ask: &Ask<'_>) -> (String, String) {
    let at = ask.when(reading.replay());
    let left = relative(at, reading.now);
    match &ask.standing {
        Standing::StandsStill | Standing::SeatVacant => ("no time runs".to_owned(), String::new()),
        Standing::Unserved(_) if at == Instant::LAST => ("not served yet".to_owned(), String::new()),
        Standing::Unserved(_) => (utc(at), format!("at the latest\n{left}")),
        Standing::Running(_) | Standing::Passed(_) | Standing::Overdue(_) | Standing::RanOut(_) => {
            (utc(at), left)
        }
    }
}

/// An ask, for machines.
pub(crate) fn value(reading: &Reading, ask: &Ask<'_>) -> Value {
    let at = ask.when(reading.replay());
    let times = ask.clock.times.filter(|times| times.closes != Instant::LAST);
    let silence = match &ask.rule.silence {
        Silence::Noted => json!({"does": "noted"}),
        Silence::Moves { how, to } => json!({"does": how.as_str(), "to": to}),
    };
    let deemed = match &ask.standing {
        Standing::Unserved(waits) => {
            let each = waits.iter().map(|(who, at)| (who.to_string(), json!(at)));
            Some(Value::Object(each.collect()))
        }
        _ => None,
    };
    json!({
        "matter": ask.matter.reference.to_string(),
        "act": ask.matter.id.to_string(),
        "kind": ask.matter.kind,
        "title": ask.matter.procedure.title,
        "opener": ask.matter.opener,
        "strand": ask.strand,
        "step": ask.step,
        "right": ask.is_right(),
        "pressed": super::is_pressed(ask.rule),
        "by-itself": comes_by_itself(ask),
        "asked": ask.clock.asked,
        "of": ask.of,
        "by": ask.rule.by.to_string(),
        "standing": code(&ask.standing),
        "counts-from": ask.clock.measure.as_ref().map(|measure| measure.base),
        "due": times.map(|times| times.due),
        "closes": times.map(|times| times.closes),
        "due-at-latest": (times.is_none() && at != Instant::LAST).then_some(at),
        "deemed-served": deemed,
        "silence": silence,
        "basis": ask.rule.basis.as_str(),
        "word": ask.rule.word,
        "on-its-way": on_their_way(reading, ask)
            .map(|(by, pending)| json!({"by": by, "act": pending.act.id(), "entry": pending.entry}))
            .collect::<Vec<_>>(),
        "held": ask.clock.held.iter().map(|held| json!({"by": held.by, "act": held.act, "at": held.counted}))
            .collect::<Vec<_>>(),
        "disowned": ask.matter.disowned,
    })
}
