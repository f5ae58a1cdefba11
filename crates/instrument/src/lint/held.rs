//! Whether one participant alone can lead a strand in circles, so that it never ends or rests.
//!
//! From each waiting state, silence or the others lead on. Whoever alone decides a step can keep it from that, if the
//! step leads to a state from which it can do so again, or begins its own clock anew; and so can whoever can bring
//! those who decide apart, if `split` leads there.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, ParticipantId};

use super::Findings;
use super::life::{decided, movers, silent};
use super::sets::Within;
use crate::procedure::{Procedure, StateKind, Step};
use crate::tally::Needs;

pub(super) fn lint(at: &Within<'_>, findings: &mut Findings<'_>) {
    let procedure = at.procedure;
    let mut settled = settled(procedure);
    settled.retain(|state| at.reached.contains(*state));
    let mut found: BTreeMap<&Code, (String, &Code)> = BTreeMap::new();
    for (seating, needs) in &at.seated {
        let mut alike = BTreeSet::new();
        for one in at.instrument.participants.keys() {
            let powers: Vec<bool> = needs
                .values()
                .flat_map(|needs| [&needs.speakers].into_iter().chain(needs.each.iter().map(|need| &need.of)))
                .map(|people| people.contains(one))
                .collect();
            if !alike.insert(powers) {
                continue;
            }
            for (step, state) in held(procedure, &settled, needs, one) {
                // Of those who can, the one who is least in the matter: the opener, before an opener who is asked.
                let who = seating.called(one);
                if found.get(step).is_none_or(|(known, _)| who.len() < known.len()) {
                    found.insert(step, (who, state));
                }
            }
        }
    }
    for (step, (who, state)) in found {
        let message = format!("`{who}` alone can go round for ever: from `{state}` this leads back again");
        let help = "use `stay`, which begins no clock anew; or let somebody else take the step";
        findings.error("instrument::held_by_one", &at.step_path(step), message, help);
    }
}

/// States from which silence alone comes to a rest or an end. Where it does not, something else is wrong.
fn settled(procedure: &Procedure) -> BTreeSet<&Code> {
    let rests = procedure.states.iter().filter(|(_, state)| state.kind != StateKind::Waiting);
    let mut settled: BTreeSet<&Code> = rests.map(|(name, _)| name).collect();
    loop {
        let more = procedure.states.iter().map(|(name, _)| name).find(|name| {
            let movers = movers(procedure, name);
            !settled.contains(name)
                && !movers.is_empty()
                && movers.iter().all(|(_, step)| silent(step).is_some_and(|to| settled.contains(to)))
        });
        match more {
            Some(name) => settled.insert(name),
            None => return settled,
        };
    }
}

/// The steps, each in a state, by which `one` alone can lead round.
fn held<'a>(
    procedure: &'a Procedure,
    settled: &BTreeSet<&Code>,
    needs: &BTreeMap<&Code, Needs>,
    one: &ParticipantId,
) -> Vec<(&'a Code, &'a Code)> {
    let waits = |state: &crate::procedure::State| state.kind == StateKind::Waiting;
    let mut round: BTreeSet<&Code> = procedure
        .states
        .iter()
        .filter(|(name, state)| waits(state) && settled.contains(name))
        .map(|(name, _)| name)
        .collect();
    let leads_on = |state: &Code, round: &BTreeSet<&Code>| {
        let free = |to: &Code| to != state && !round.contains(to);
        let by_others = |(name, step)| without(step, &needs[name], one).into_iter().any(free);
        movers(procedure, state).into_iter().filter_map(|(_, step)| silent(step)).any(free)
            || procedure.steps_in(state).any(by_others)
    };
    let back = |state: &Code, step: (&Code, &Step), round: &BTreeSet<&Code>| {
        let restarts = silent(step.1).is_some_and(|to| to != state);
        alone(step.1, &needs[step.0], one)
            .iter()
            .any(|to| if *to == state { restarts } else { round.contains(to) })
    };
    loop {
        let safe = round.iter().copied().find(|state| {
            leads_on(state, &round) && !procedure.steps_in(state).any(|step| back(state, step, &round))
        });
        match safe {
            Some(state) => round.remove(state),
            None => break,
        };
    }
    let states = round.iter().copied();
    states
        .flat_map(|state| procedure.steps_in(state).map(move |step| (step, state)))
        .filter(|(step, state)| back(state, *step, &round))
        .map(|(step, state)| (step.0, state))
        .collect()
}

/// Where one alone can lead by a step: its targets if its voice decides; else where those who decide go if they
/// can't agree, if it is one of them.
fn alone<'a>(step: &'a Step, needs: &Needs, one: &ParticipantId) -> Vec<&'a Code> {
    if needs.each.iter().all(|need| need.number == 1 && need.of.contains(one)) {
        return decided(step).collect();
    }
    let differs =
        needs.each.iter().any(|need| need.of.contains(one)) && needs.can_split(step.targets().len(), None);
    step.split.iter().filter(|_| differs).collect()
}

/// Where the others can lead by a step, if they agree, or if they differ.
fn without<'a>(step: &'a Step, needs: &Needs, one: &ParticipantId) -> Vec<&'a Code> {
    let enough = needs.each.iter().all(|need| {
        let others = need.of.iter().filter(|who| *who != one).count();
        others >= need.number
    });
    let agreed = decided(step).filter(|_| enough);
    // Where a choice leads where `split` does, one other who makes it is enough, if it takes more than the one.
    let leads_there = decided(step).any(|to| Some(to) == step.split.as_ref());
    let hinders = needs
        .each
        .iter()
        .any(|need| need.of.iter().any(|who| who != one) && need.number > usize::from(need.of.contains(one)));
    let differ = needs.can_split(step.targets().len(), Some(one)) || (leads_there && hinders);
    agreed.chain(step.split.iter().filter(|_| differ)).collect()
}
