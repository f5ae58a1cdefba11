//! Texts that may take the place of an instrument: other times, and transitions for what is open.

use std::fmt::Write as _;

use instrument::procedure::{Due, Effect, Phrase, StateKind};
use instrument::{Instrument, Procedure};
use terms::Code;

use super::history::Dice;

/// How many texts.
const TEXTS: usize = 3;

/// Some that can be run after this one, and after each other.
pub(super) fn of(text: &str, dice: &mut Dice) -> Vec<String> {
    let library = instrument::library::shipped();
    let Ok(before) = instrument::sound(text, &library) else { return Vec::new() };
    let mut all = Vec::new();
    for _ in 0..TEXTS * 4 {
        let amended = crate::story::amended(text, &change(&before, dice));
        let (read, found) = instrument::read_after(&amended, &library, &before);
        if read.is_some() && !found.iter().any(|one| one.severity == terms::Severity::Error) {
            all.push(amended);
        }
        if all.len() == TEXTS {
            break;
        }
    }
    all
}

fn change(before: &Instrument, dice: &mut Dice) -> String {
    let mut out = String::new();
    if dice.one_in(2) {
        let (carriage, deemed) = (dice.below(10), 1 + dice.below(90));
        let _ = write!(out, "[calendar]\ncarriage = \"{carriage}d\"\ndeemed = \"{deemed}h\"\n");
    }
    for (kind, procedure) in &before.procedures {
        if procedure.effects.values().any(|effect| *effect != Effect::Pause) || dice.one_in(3) {
            continue;
        }
        times(kind, procedure, dice, &mut out);
        if !dice.one_in(3) {
            transition(kind, procedure, dice, &mut out);
        }
    }
    out
}

/// One of its clocks gets another length.
fn times(kind: &Code, procedure: &Procedure, dice: &mut Dice, out: &mut String) {
    let spans = procedure.steps.iter().filter_map(|(name, step)| match &step.clock.as_ref()?.due {
        Due::Phrase(Phrase::AfterService(_)) => Some((name, "service")),
        Due::Phrase(Phrase::AfterFinality(_)) => Some((name, "finality")),
        _ => None,
    });
    let spans: Vec<_> = spans.collect();
    if !spans.is_empty() {
        let (name, after) = dice.one_of(&spans);
        let hours = 1 + dice.below(300);
        let word = if procedure.steps.iter().any(|(step, rule)| step == name && is_until(rule)) {
            "until"
        } else {
            "due"
        };
        let _ = write!(out, "[procedure.{kind}.step.{name}]\n{word} = \"{hours}h after {after}\"\n");
    }
}

fn is_until(step: &instrument::procedure::Step) -> bool {
    step.clock.as_ref().is_some_and(|clock| clock.kind == instrument::procedure::ClockKind::Until)
}

/// Each state goes to itself, but one now and then.
fn transition(kind: &Code, procedure: &Procedure, dice: &mut Dice, out: &mut String) {
    let open = procedure.states.iter().filter(|(_, state)| state.kind != StateKind::End);
    let open: Vec<&Code> = open.map(|(name, _)| name).collect();
    let moved = dice.one_in(2).then(|| dice.one_of(&open));
    let _ = writeln!(out, "[transition.{kind}]");
    for state in &open {
        let to = if moved == Some(*state) { dice.one_of(&open) } else { *state };
        let _ = writeln!(out, "{state} = \"{to}\"");
    }
}
