//! Whether every life of a strand ends or rests.

use std::collections::{BTreeMap, BTreeSet};

use terms::Code;

use super::Findings;
use super::sets::Within;
use crate::procedure::{ClockKind, From, Leads, Procedure, Silence, StateKind, Step};

/// Where a step leads once it is decided; nowhere if it stays.
pub(super) fn decided(step: &Step) -> impl Iterator<Item = &Code> {
    let to = match &step.leads {
        Leads::Stays => Vec::new(),
        Leads::To(state) => vec![state],
        Leads::Choice(choices) => choices.iter().filter_map(|(_, to)| to.as_ref()).collect(),
    };
    to.into_iter()
}

/// Where a step can lead; nowhere if it stays.
pub(super) fn targets(step: &Step) -> impl Iterator<Item = &Code> {
    decided(step).chain(&step.split)
}

/// Where a step's silence leads.
pub(super) fn silent(step: &Step) -> Option<&Code> {
    match &step.silence {
        Silence::Moves { to, .. } => step.clock.as_ref().map(|_| to),
        Silence::Noted => None,
    }
}

/// The steps whose silence moves a strand out of a state. Where a step's own silence leads there, its clock does
/// not run (PROCEDURE 4.3).
pub(super) fn movers<'a>(procedure: &'a Procedure, state: &'a Code) -> Vec<(&'a Code, &'a Step)> {
    procedure.steps_in(state).filter(|(_, step)| silent(step).is_some_and(|to| to != state)).collect()
}

pub(super) fn lint(at: &Within<'_>, findings: &mut Findings<'_>) {
    let procedure = at.procedure;
    if !procedure.states.iter().any(|(_, state)| state.kind == StateKind::End) {
        let help = "say how it ends, in `[ends]`";
        findings.error("instrument::no_end", &at.path, "this never ends".to_owned(), help);
    }
    for (name, state) in &procedure.states {
        let path = format!("{}.{}.{name}", at.path, table_of(state.kind));
        if !at.reached.contains(name) {
            let help = "remove it, or lead a step there";
            findings.error("instrument::never_reached", &path, format!("no life comes to `{name}`"), help);
            continue;
        }
        let leads_on = procedure.steps_in(name).any(|(step, rule)| at.leads(step, rule).any(|to| to != name));
        let movers = movers(procedure, name);
        match state.kind {
            StateKind::End => {}
            StateKind::Waiting | StateKind::Rest if !leads_on => {
                let code = match state.kind {
                    StateKind::Rest => "instrument::rest_without_exit",
                    StateKind::Waiting | StateKind::End => "instrument::dead_end",
                };
                let help = "add a step that leads on, or make it an end";
                findings.error(code, &path, format!("nothing leads on from `{name}`"), help);
            }
            StateKind::Waiting if movers.is_empty() => {
                let message = format!("`{name}` may wait for ever: no silence leads on from it");
                let help = "give a step there a clock and a silence that moves, or move the state to `rests`";
                findings.error("instrument::waits_for_ever", &path, message, help);
            }
            StateKind::Waiting | StateKind::Rest => {}
        }
        if let [first, second, ..] = movers.as_slice() {
            let message =
                format!("in `{name}` the silence of `{}` leads on, and that of `{}` too", first.0, second.0);
            let help = "keep one; make the other `noted`, or let it begin in a later state";
            findings.error("instrument::two_clocks", &path, message, help);
        }
    }
    ends(at, findings);
    circles(at, findings);
    clocks(at, findings);
}

const fn table_of(kind: StateKind) -> &'static str {
    match kind {
        StateKind::Waiting => "states",
        StateKind::Rest => "rests",
        StateKind::End => "ends",
    }
}

/// No step is possible in an end.
fn ends(at: &Within<'_>, findings: &mut Findings<'_>) {
    for (name, step) in &at.procedure.steps {
        let From::States(from) = &step.from else { continue };
        for state in from {
            if at.procedure.state(state).is_some_and(|state| state.kind == StateKind::End) {
                let message = format!("`{state}` is an end, and this step goes on from it");
                let path = format!("{}.from", at.step_path(name));
                findings.error(
                    "instrument::end_goes_on",
                    &path,
                    message,
                    "reopen with a new matter, or make it a rest",
                );
            }
        }
    }
}

/// Silence after silence comes to a rest or an end.
fn circles(at: &Within<'_>, findings: &mut Findings<'_>) {
    let next: BTreeMap<&Code, (&Code, &Code)> = at
        .procedure
        .states
        .iter()
        .filter(|(name, state)| state.kind != StateKind::End && at.reached.contains(name))
        .filter_map(|(name, _)| {
            let (step, silence) =
                movers(at.procedure, name).into_iter().find_map(|(step, it)| Some((step, silent(it)?)))?;
            Some((name, (step, silence)))
        })
        .collect();
    let mut told: BTreeSet<&Code> = BTreeSet::new();
    for start in next.keys() {
        let mut path = vec![*start];
        while let Some((step, to)) = path.last().and_then(|state| next.get(state)) {
            if let Some(at_state) = path.iter().position(|state| state == to) {
                let circle = &path[at_state..];
                if !circle.iter().any(|state| told.contains(state)) {
                    let words: Vec<String> = circle.iter().map(|state| format!("`{state}`")).collect();
                    let message = format!("silence goes in a circle: {}", words.join(" → "));
                    let help = "let one of them lead to a rest or an end";
                    findings.error(
                        "instrument::silence_in_circles",
                        &format!("{}.silence", at.step_path(step)),
                        message,
                        help,
                    );
                }
                told.extend(circle);
                break;
            }
            path.push(to);
        }
    }
}

/// A clock has something to count from, and leaves those a way who answer by stick.
fn clocks(at: &Within<'_>, findings: &mut Findings<'_>) {
    use crate::procedure::{Due, Phrase};
    for (name, step) in &at.procedure.steps {
        let Some(clock) = &step.clock else { continue };
        let path = at.step_path(name);
        let key = match clock.kind {
            ClockKind::Due => "due",
            ClockKind::Until => "until",
        };
        let phrases: Vec<&Phrase> = match &clock.due {
            Due::Phrase(phrase) => vec![phrase],
            Due::By { codes, other, .. } => codes.values().chain(other).collect(),
        };
        let by_field = match &clock.due {
            Due::By { field, .. } => Some(field),
            Due::Phrase(_) => None,
        };
        let moments = phrases.iter().filter_map(|phrase| match phrase {
            Phrase::After(moment, _) | Phrase::Before(moment, _) | Phrase::At(moment) => Some(&moment.field),
            Phrase::AfterService(_) | Phrase::AfterFinality(_) => None,
        });
        for field in moments.chain(by_field) {
            if at.procedure.fields.get(field).is_some_and(|field| field.optional) {
                let message = format!("this clock counts from `{field}`, which may be left out");
                let help = "make the field required, or count from service or finality";
                findings.error("instrument::clock_without_start", &format!("{path}.{key}"), message, help);
            }
        }
        let elsewhere = silent(step).is_some_and(|to| !targets(step).any(|target| target == to));
        if clock.carriage.is_some_and(|carriage| carriage.0 == 0) && elsewhere {
            let message = "whoever answers by stick is always too late here".to_owned();
            let help = "give it hours, or let nobody need to answer";
            findings.warning("instrument::not_by_stick", &format!("{path}.carriage"), message, help);
        }
    }
}
