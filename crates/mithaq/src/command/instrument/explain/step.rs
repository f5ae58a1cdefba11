//! A step, a sentence; below it what else is to be known of it.

use instrument::procedure::{Clock, ClockKind, Leads, Must, Opens, Procedure, Promise, Silence, Step};
use instrument::{Basis, Instrument};
use terms::{Code, Seconds};

use crate::command::instrument::words::{Who, at, deciders, due, long};
use crate::say::{self, and, ask, effect_to_come, or, sentence};

/// Where a step is told.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// In a state.
    In(&'p Code),
    /// Anywhere.
    Anywhere,
}

pub(super) fn lines(
    (instrument, procedure): (&Instrument, &Procedure),
    (name, step): (&Code, &Step),
    place: Place<'_>,
) -> Vec<String> {
    let mut lines = vec![format!("    {}", main((instrument, procedure), (name, step), place))];
    let mut more: Vec<String> = Vec::new();
    more.extend(step.says.clone());
    let late = silent_to(step).filter(|_| matches!(place, Place::Anywhere));
    more.extend(late.map(|to| format!("In `{to}` nobody is late any more: there it is simply taken.")));
    more.extend(
        step.split
            .as_ref()
            .map(|split| format!("Once no other outcome can get the voices that it takes, it is `{split}`.")),
    );
    more.extend(given(step));
    more.extend(opened(instrument, step));
    let leads = step.leads.states().chain(silent_to(step));
    let mut told: Vec<&Code> = Vec::new();
    for state in leads {
        if let Some(does) = procedure.effects.get(state).filter(|_| !told.contains(&state)) {
            told.push(state);
            more.push(format!("Once it is `{state}`: {}.", effect_to_come(instrument, *does)));
        }
    }
    if step.own_hand {
        more.push("Nobody else can write it down for them.".to_owned());
    }
    if step.needs_file {
        more.push("It needs an exhibit.".to_owned());
    }
    match (&step.word, step.basis) {
        (None, basis) if basis == procedure.basis => {}
        _ => more.extend(ask::basis(step).map(|says| format!("{}.", sentence(&says)))),
    }
    lines.extend(more.into_iter().map(|line| format!("      {line}")));
    lines
}

/// Where silence leads, if it leads anywhere.
fn silent_to(step: &Step) -> Option<&Code> {
    match (&step.silence, &step.clock) {
        (Silence::Moves { to, .. }, Some(_)) => Some(to),
        _ => None,
    }
}

/// `The bearer is asked to `respond` within 72 hours of service, with two officers: …; after 24 hours more of silence …`
fn main(
    (instrument, procedure): (&Instrument, &Procedure),
    (name, step): (&Code, &Step),
    place: Place<'_>,
) -> String {
    let Who { says, are_several } = deciders(instrument, &step.by);
    // Where its own silence leads no clock of it runs (PROCEDURE 4.3).
    let after = match place {
        Place::In(state) if silent_to(step) == Some(state) => Some(state),
        Place::In(_) | Place::Anywhere => None,
    };
    let is_late = after.is_some_and(|state| procedure.is_late_in(name, state));
    let clock = step.clock.as_ref().filter(|_| after.is_none());
    if let (Some(comes), Some(clock)) = (step.comes_by_itself(), clock) {
        let to = silent_to(step).map(|to| format!(" (`{to}`)")).unwrap_or_default();
        return format!(
            "{} {}{to}; {says} may say so before, with `{name}`.",
            sentence(comes),
            at(&clock.due)
        );
    }
    let (verb, when) = match clock {
        Some(clock) if clock.kind == ClockKind::Due => (
            if are_several { "are asked to" } else { "is asked to" },
            format!(" {}", due(clock.kind, &clock.due)),
        ),
        Some(clock) => ("may", format!(" {}", due(clock.kind, &clock.due))),
        None if is_late => ("may still", ", late".to_owned()),
        None => ("may", String::new()),
    };
    let eyes = if step.eyes > 1 { format!(", with {} officers", officers(step.eyes)) } else { String::new() };
    let silence = clock.map(|clock| silence(instrument, step, clock)).unwrap_or_default();
    format!("{} {verb} `{name}`{when}{eyes}{}{silence}.", sentence(&says), leads(&step.leads))
}

fn officers(n: u32) -> String {
    match n {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        n => n.to_string(),
    }
}

/// What it leads to.
fn leads(leads: &Leads) -> String {
    match leads {
        Leads::Stays => "; no state changes".to_owned(),
        Leads::To(to) => format!("; it is then `{to}`"),
        Leads::Choice(choices) => {
            let each: Vec<String> = choices
                .iter()
                .map(|(choice, to)| match to {
                    Some(to) => format!("{choice} (`{to}`)"),
                    None => format!("{choice} (no state changes)"),
                })
                .collect();
            format!(", choosing {}", or(&each))
        }
    }
}

/// What comes of silence, and after how long.
fn silence(instrument: &Instrument, step: &Step, clock: &Clock) -> String {
    let carriage = clock.carriage.unwrap_or(instrument.calendar.carriage);
    let Some(to) = silent_to(step) else {
        return match step.silence_says() {
            Some(_) => "; who has not is shown".to_owned(),
            None => String::new(),
        };
    };
    let does = match &step.silence {
        Silence::Moves { how: Promise::Proceed, .. } if step.is_pressed() => {
            "it goes on without an answer".to_owned()
        }
        Silence::Moves { how: Promise::Proceed, .. } => "it goes on".to_owned(),
        Silence::Moves { how, .. } => how.says().to_owned(),
        Silence::Noted => return String::new(),
    };
    // Where it changes no state, its time is over whoever uses it.
    let stays = matches!(step.leads, Leads::Stays);
    let after = match (carriage, step.is_pressed()) {
        (Seconds(0), _) if stays => "then".to_owned(),
        (Seconds(0), _) => "if not".to_owned(),
        (carriage, true) => format!("after {} more of silence", long(carriage)),
        (carriage, false) if stays => format!("{} later", long(carriage)),
        (carriage, false) => format!("if not, {} later", long(carriage)),
    };
    format!("; {after} {does} (`{to}`)")
}

/// The fields that it gives, and has to give.
fn given(step: &Step) -> Vec<String> {
    let names = |fields: &mut dyn Iterator<Item = &Code>| -> Vec<String> {
        fields.map(|field| format!("`{field}`")).collect()
    };
    let mut lines = Vec::new();
    let must: Vec<&Code> = match &step.must {
        Must::Always(fields) => fields.iter().collect(),
        Must::For(_) => Vec::new(),
    };
    if !must.is_empty() {
        lines.push(format!("It has to say {}.", and(&names(&mut must.iter().copied()))));
    }
    if let Must::For(choices) = &step.must {
        for (choice, fields) in choices.iter().filter(|(_, fields)| !fields.is_empty()) {
            lines.push(format!("With {choice} it has to say {}.", and(&names(&mut fields.iter()))));
        }
    }
    let may: Vec<&Code> = step.fields.iter().filter(|field| !must.contains(field)).collect();
    if !may.is_empty() {
        lines.push(format!("It may say {}.", and(&names(&mut may.into_iter()))));
    }
    lines
}

/// The matters that it opens.
fn opened(instrument: &Instrument, step: &Step) -> Vec<String> {
    let title = |kind: &Code| {
        instrument.procedures.get(kind).map_or_else(|| kind.to_string(), |opened| opened.title.clone())
    };
    match &step.opens {
        Opens::Nothing => Vec::new(),
        Opens::Always(kind) => vec![format!("It opens a matter of its own: {} (`{kind}`).", title(kind))],
        Opens::For(kinds) => kinds
            .iter()
            .map(|(choice, kind)| {
                format!("With {choice} it opens a matter of its own: {} (`{kind}`).", title(kind))
            })
            .collect(),
    }
}

/// Where a procedure comes from, unless the signed text says it.
pub(super) fn basis(basis: Basis) -> Option<String> {
    (basis != Basis::Text).then(|| format!("It is {}.", say::ask::of(basis)))
}
