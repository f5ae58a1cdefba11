//! What is played, in words.

use docket::story::Line;
use docket::story::docket::short;
use instrument::Instrument;
use terms::{Code, Instant, ParticipantId};

use super::super::tell::Teller;
use crate::say;

/// Words of a line that are no field of its act.
const NO_FIELDS: [&str; 10] =
    ["as", "seen", "intake", "files", "to", "eyes", "office", "from", "until", "strands"];

fn label(instrument: &Instrument, who: &str) -> String {
    match ParticipantId::new(who).filter(|who| instrument.participants.contains_key(who)) {
        Some(who) => say::label(instrument, &who),
        None => who.replace('_', " "),
    }
}

fn labels(instrument: &Instrument, text: &str) -> String {
    if text.contains('_') {
        return text.replace('_', " ").replace('/', " to ");
    }
    if text.split(',').count() == instrument.participants.len() {
        return "all".to_owned();
    }
    let each = |part: &str| part.split(':').map(|part| label(instrument, part)).collect::<Vec<_>>().join(" ");
    text.split(',').map(each).collect::<Vec<_>>().join(", ")
}

/// An act that is signed, and goes by stick.
pub(super) fn signed(line: &Line<'_>, instrument: &Instrument) -> String {
    format!("{}: signs what follows as {}, on a stick", label(instrument, line.who), does(line, instrument))
}

/// The same, taken in by another.
pub(super) fn taken_in(line: &Line<'_>, by: &str, instrument: &Instrument) -> String {
    format!(
        "{}: takes the stick of {} in, and stamps what is on it",
        label(instrument, by),
        label(instrument, line.who)
    )
}

/// No mark is made for a while.
pub(super) fn silent(line: &Line<'_>, instrument: &Instrument) -> String {
    let away: Vec<String> = line.list("out-of-reach").iter().map(|who| label(instrument, who)).collect();
    format!("Out of reach: {}. The others who cosign are too few for a mark.", say::and(&away))
}

/// An act, as who did what.
pub(super) fn act(line: &Line<'_>, instrument: &Instrument) -> String {
    let time = |key: &str| line.named(key).unwrap_or_default().replace('_', " ");
    let does = does(line, instrument);
    let fields = line.named.iter().filter(|(name, _)| !NO_FIELDS.contains(name));
    let fields: String = fields
        .map(|(name, value)| format!("; {} {}", name.replace('-', " "), labels(instrument, value)))
        .collect();
    let sealed = match (line.list("files"), line.named("to")) {
        (files, Some(to)) if !files.is_empty() => {
            format!("; sealed to {}: {}", labels(instrument, to), files.join(", "))
        }
        _ => String::new(),
    };
    let came = match line.becomes {
        "" => String::new(),
        "counts" => "; others are still to say so".to_owned(),
        void if void.starts_with("void: ") => format!("; it has no effect ({void})"),
        other => format!(" ({other})"),
    };
    let hands = if line.is_by_two() { "; signed by two officers" } else { "" };
    let stamps = line.stamps().unwrap_or_default().into_iter().map(|(by, at)| {
        let signed = line.named("seen").map(|_| time("seen")).unwrap_or_default();
        format!("; signed {signed}, stamped by {} {}", label(instrument, by), short(at))
    });
    let stamps: String = stamps.collect();
    format!("{}: {does}{fields}{sealed}{hands}{stamps}{came}", label(instrument, line.who))
}

/// What is done.
fn does(line: &Line<'_>, instrument: &Instrument) -> String {
    let time = |key: &str| line.named(key).unwrap_or_default().replace('_', " ");
    match line.plain[..] {
        ["open", kind, name] => {
            let procedure = Code::new(kind).and_then(|kind| instrument.procedures.get(&kind));
            let title = procedure.map_or(kind, |procedure| procedure.title.as_str());
            let lives = line.named("strands").map(|lives| format!(": {}", labels(instrument, lives)));
            format!("opens {name} ({title}{})", lives.unwrap_or_default())
        }
        ["serve", act, on] => format!("delivers {act} to {}", label(instrument, on)),
        ["extend", matter, step, by] => {
            format!("gives {by} more for «{step}» in {}", place(matter, instrument))
        }
        ["cut", whom] => format!(
            "says that {} could not be reached from {} to {}",
            label(instrument, whom),
            time("from"),
            time("until")
        ),
        ["batch", table] => format!("enters a table, {}", table.replace('-', " ")),
        ["enrol", label, _] => {
            let excluded =
                instrument.excluded.iter().find(|(id, _)| Some(id.as_str()) == line.named("office"));
            let office = excluded.map_or_else(|| time("office"), |(_, group)| group.names.text.clone());
            format!("enrols a key, {label}, for an office called «{office}»")
        }
        ["offer"] => format!("offers {}", line.list("files").join(", ")),
        ["keep", exhibit] => format!("keeps {exhibit}"),
        ["opened", exhibit] => format!("opens and reads {exhibit}"),
        [step, matter] => format!("«{}» in {}", step.replace('-', " "), place(matter, instrument)),
        [step, matter, choice, ..] => {
            let (step, choice) = (step.replace('-', " "), choice.replace('-', " "));
            format!("«{step}: {choice}» in {}", place(matter, instrument))
        }
        _ => line.plain.join(" "),
    }
}

/// A matter, and which of its lives: `case-1 (Kabul p4)`.
fn place(name: &str, instrument: &Instrument) -> String {
    let Some((matter, lives)) = name.split_once('/') else { return name.to_owned() };
    let life = |life: &str| life.split('/').map(|part| label(instrument, part)).collect::<Vec<_>>().join(" ");
    let lives: Vec<String> = lives.split('+').map(life).collect();
    format!("{matter} ({})", lives.join(", "))
}

/// The docket, a line a matter.
pub(super) fn docket(tell: &Teller, when: Instant, lines: &[String]) {
    tell.line("");
    tell.line(format!("The docket as of {} UTC:", short(when)));
    tell.line("");
    // Exhibits have a table of their own at the end.
    for line in lines.iter().filter(|line| !line.contains("  offered by ")) {
        match line.split_once("  ") {
            Some((name, rest)) => tell.entry(name, rest),
            None => tell.line(line),
        }
    }
    tell.line("");
}
