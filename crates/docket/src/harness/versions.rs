//! Texts that may take the place of an instrument: other times, relief, bodies, roles and deciders, and transitions for what
//! is open.

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
    people(before, dice, &mut out);
    if dice.one_in(2) {
        relief(before, dice, &mut out);
    }
    for (kind, procedure) in &before.procedures {
        if procedure.effects.values().any(|effect| *effect != Effect::Pause) || dice.one_in(3) {
            continue;
        }
        times(kind, procedure, dice, &mut out);
        if dice.one_in(4) {
            let (step, _) = dice.one_of(&procedure.steps.iter().collect::<Vec<_>>());
            let by = dice.one_of(&BY);
            let _ = write!(out, "[procedure.{kind}.step.{step}]\nby = {by}\n");
        }
        if !dice.one_in(3) {
            transition(kind, procedure, dice, &mut out);
        }
    }
    out
}

/// Who may decide something.
const BY: [&str; 6] = [
    "\"any of guarantors\"",
    "\"all of guarantors\"",
    "\"all of parties\"",
    "\"most of everyone\"",
    "[\"any of guarantors\", \"any of parties\"]",
    "\"monitors\"",
];

/// How bodies decide, who sits for what, and whom provisions bind.
fn people(before: &Instrument, dice: &mut Dice, out: &mut String) {
    for name in before.bodies.keys() {
        if dice.one_in(3) {
            let decides = dice.one_of(&["all", "most", "1", "2"]);
            let _ = write!(out, "[body.{name}]\ndecides = \"{decides}\"\n");
        }
    }
    for (id, who) in &before.participants {
        if who.role != terms::Role::Party && dice.one_in(6) {
            let role = dice.one_of(&["guarantor", "monitor", "observer"]);
            let _ = write!(out, "[participant.{id}]\nrole = \"{role}\"\n");
        }
    }
    for (name, provision) in &before.provisions {
        if dice.one_in(6) {
            let bearer = dice.one_of(&provision.bearers.iter().collect::<Vec<_>>());
            let _ = write!(out, "[provision.{name}]\nbearers = [\"{bearer}\"]\n");
        }
    }
}

fn relief(before: &Instrument, dice: &mut Dice, out: &mut String) {
    out.push_str("[relief]\n");
    let (most, times) = (1 + dice.below(20), 1 + dice.below(3));
    let by = |dice: &mut Dice| dice.one_of(&BY);
    if before.relief.extend.is_some() && dice.one_in(2) {
        let _ = writeln!(out, "extend = {{ by = {}, most = \"{most}d\", times = {times} }}", by(dice));
    }
    if before.relief.suspend.is_some() && dice.one_in(2) {
        let _ = writeln!(out, "suspend = {{ by = {}, most = \"{most}d\" }}", by(dice));
    }
    if before.relief.cut.is_some() && dice.one_in(2) {
        let by = dice.one_of(&["any of guarantors", "all of guarantors", "monitors"]);
        let _ = writeln!(out, "cut = {{ by = \"{by}\", most = \"{most}d\" }}");
    }
    if before.relief.set_aside.is_some() && dice.one_in(2) {
        let _ = writeln!(out, "set-aside = {{ by = {} }}", by(dice));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_change_each_of_these() {
        for (name, text) in crate::harness::laws::INSTRUMENTS {
            let library = instrument::library::shipped();
            let before = instrument::sound(text, &library).expect(name);
            let (mut relief, mut bodies, mut roles, mut steps, mut provisions) = (0, 0, 0, 0, 0);
            for seed in 0..40 {
                for text in of(text, &mut Dice::new(seed)) {
                    let after = instrument::sound(&text, &library).expect(name);
                    relief += u32::from(after.relief != before.relief);
                    bodies += u32::from(after.bodies != before.bodies);
                    roles += u32::from(after.participants != before.participants);
                    provisions += u32::from(after.provisions != before.provisions);
                    let by = |law: &Instrument| {
                        let all = law.procedures.values().flat_map(|one| one.steps.iter());
                        all.map(|(_, step)| step.by.to_string()).collect::<Vec<_>>()
                    };
                    steps += u32::from(by(&after) != by(&before));
                }
            }
            eprintln!(
                "{name}: relief {relief}, bodies {bodies}, roles {roles}, steps {steps}, provisions {provisions}"
            );
            assert!(relief > 0 && bodies > 0 && steps > 0 && provisions > 0, "{name}");
            // The one of two parties has nobody else.
            assert_eq!(roles > 0, before.participants.len() > 2, "{name}");
        }
    }
}
