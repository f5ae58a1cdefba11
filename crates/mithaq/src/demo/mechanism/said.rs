//! What is played, in words.

use docket::story::Line;
use docket::story::docket::short;
use instrument::Instrument;
use terms::{Code, Instant, ParticipantId};

use super::super::tell::Teller;
use crate::say;

/// Words of a line that are no field of its act.
const NO_FIELDS: [&str; 9] = ["as", "seen", "intake", "files", "to", "eyes", "office", "from", "until"];

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

/// An act, as who did what.
pub(super) fn act(line: &Line<'_>, instrument: &Instrument) -> String {
    let time = |key: &str| line.named(key).unwrap_or_default().replace('_', " ");
    let does = match line.plain[..] {
        ["open", kind, name] => {
            let procedure = Code::new(kind).and_then(|kind| instrument.procedures.get(&kind));
            let title = procedure.map_or(kind, |procedure| procedure.title.as_str());
            format!("opens {name} ({title})")
        }
        ["serve", act, on] => format!("delivers {act} to {}", label(instrument, on)),
        ["extend", matter, step, by] => format!("gives {by} more for «{step}» in {matter}"),
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
        [step, matter] => format!("{} in {matter}", step.replace('-', " ")),
        [step, matter, choice, ..] => {
            format!("{} in {matter}: {}", step.replace('-', " "), choice.replace('-', " "))
        }
        _ => line.plain.join(" "),
    };
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
        "counts" => " (others are still to say so)".to_owned(),
        other => format!(" ({other})"),
    };
    format!("{}: {does}{fields}{sealed}{came}", label(instrument, line.who))
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
