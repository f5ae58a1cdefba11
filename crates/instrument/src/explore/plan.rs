//! One procedure, seated one way: its states and steps as numbers, and its participants as classes of those who have
//! the same powers.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, ParticipantId};

use super::seating::Seating;
use crate::Instrument;
use crate::procedure::{Procedure, Silence, StateKind, Step};
use crate::tally::{Needs, Seats};

/// A procedure, seated.
pub(super) struct Plan<'a> {
    pub(super) instrument: &'a Instrument,
    pub(super) procedure: &'a Procedure,
    pub(super) seating: Seating,
    pub(super) start: usize,
    pub(super) states: Vec<PlanState<'a>>,
    pub(super) steps: Vec<PlanStep<'a>>,
    /// Participants, with those together who have the same powers. Who has none is in no class.
    pub(super) classes: Vec<Vec<ParticipantId>>,
}

pub(super) struct PlanState<'a> {
    pub(super) name: &'a Code,
    pub(super) kind: StateKind,
    pub(super) against: bool,
    /// Which steps are possible.
    pub(super) steps: Vec<usize>,
    /// How many values each digit of its nodes has.
    pub(super) digits: Vec<u128>,
    /// At which digit the clock of a possible step stands, if it is noted, and at which its voices begin, if it
    /// keeps any.
    pub(super) places: Vec<(Option<usize>, Option<usize>)>,
}

pub(super) struct PlanStep<'a> {
    pub(super) name: &'a Code,
    pub(super) step: &'a Step,
    /// Where its choices lead; none = it stays.
    pub(super) targets: Vec<Option<usize>>,
    pub(super) split: Option<usize>,
    /// Where its silence leads, if that moves.
    pub(super) silence: Option<usize>,
    /// Whether its silence is only noted.
    pub(super) noted: bool,
    pub(super) needs: Vec<PlanNeed>,
    /// How many voices each of its needs takes.
    pub(super) numbers: Vec<usize>,
    /// The classes that may take it.
    pub(super) speakers: Vec<usize>,
    /// Whether a voice can be one of several that are waited for.
    pub(super) keeps_voices: bool,
}

/// Whose voices count.
pub(super) struct PlanNeed {
    /// For each class, whether it is among them.
    pub(super) of: Vec<bool>,
    /// How many they are.
    pub(super) people: usize,
}

/// What tells two plans of one procedure apart: the powers of each class with its size, and the numbers of voices.
pub(super) type Shape = (Vec<(Vec<bool>, usize)>, Vec<Vec<usize>>);

/// What each step takes, and which participants have the same powers: whose voice counts in the same needs.
#[derive(Clone)]
pub(super) struct Powers<'a> {
    steps: Vec<(&'a Code, &'a Step, Needs)>,
    alike: BTreeMap<Vec<bool>, Vec<ParticipantId>>,
}

impl<'a> Powers<'a> {
    pub(super) fn of(instrument: &Instrument, procedure: &'a Procedure, seating: &Seating) -> Powers<'a> {
        let seats = Seats {
            members: &|set| seating.members(instrument, set),
            bodies: &instrument.bodies,
            vacant: &|_| false,
        };
        let steps: Vec<(&Code, &Step, Needs)> =
            procedure.steps.iter().map(|(name, step)| (name, step, Needs::of(&step.by, &seats))).collect();
        let mut alike: BTreeMap<Vec<bool>, Vec<ParticipantId>> = BTreeMap::new();
        for who in instrument.participants.keys() {
            let powers: Vec<bool> = steps
                .iter()
                .flat_map(|(_, _, needs)| {
                    [&needs.speakers].into_iter().chain(needs.each.iter().map(|n| &n.of))
                })
                .map(|people| people.contains(who))
                .collect();
            if powers.contains(&true) {
                alike.entry(powers).or_default().push(who.clone());
            }
        }
        Powers { steps, alike }
    }

    pub(super) fn shape(&self) -> Shape {
        let classes = self.alike.iter().map(|(powers, who)| (powers.clone(), who.len())).collect();
        let numbers = self.steps.iter().map(|(_, _, needs)| needs.each.iter().map(|n| n.number).collect());
        (classes, numbers.collect())
    }

    /// The same, with one participant in a class of its own.
    pub(super) fn apart(&self, one: &ParticipantId) -> Powers<'a> {
        let mut apart = self.clone();
        let mut own = None;
        for (powers, who) in &mut apart.alike {
            let before = who.len();
            who.retain(|known| known != one);
            if who.len() < before {
                own = Some(powers.clone());
            }
        }
        // One more mark than any other class has.
        if let Some(mut own) = own {
            own.push(true);
            apart.alike.insert(own, vec![one.clone()]);
        }
        apart.alike.retain(|_, who| !who.is_empty());
        apart
    }
}

/// A procedure, seated; none if it names a state that it does not have.
pub(super) fn plan<'a>(
    instrument: &'a Instrument,
    procedure: &'a Procedure,
    seating: &Seating,
    powers: &Powers<'a>,
) -> Option<Plan<'a>> {
    let number = |name: &Code| procedure.states.iter().position(|(known, _)| known == name);
    let classes: Vec<Vec<ParticipantId>> = powers.alike.values().cloned().collect();
    let mut steps = Vec::new();
    for (name, step, needs) in &powers.steps {
        let among = |people: &BTreeSet<ParticipantId>| -> Vec<bool> {
            classes.iter().map(|class| class.first().is_some_and(|who| people.contains(who))).collect()
        };
        let plan_needs: Vec<PlanNeed> =
            needs.each.iter().map(|need| PlanNeed { of: among(&need.of), people: need.of.len() }).collect();
        let speakers: Vec<usize> =
            among(&needs.speakers).iter().enumerate().filter(|(_, may)| **may).map(|(at, _)| at).collect();
        let decides = |class: &usize| {
            needs.each.iter().zip(&plan_needs).all(|(need, plan)| need.number == 1 && plan.of[*class])
        };
        let targets = step.targets();
        let targets = targets.iter().map(|to| to.as_ref().map(number)).map(|to| match to {
            None => Some(None),
            Some(found) => found.map(Some),
        });
        let (silence, noted) = match (&step.silence, &step.clock) {
            (_, None) => (None, false),
            (Silence::Noted, Some(_)) => (None, true),
            (Silence::Moves { to, .. }, Some(_)) => (Some(number(to)?), false),
        };
        steps.push(PlanStep {
            name,
            step,
            targets: targets.collect::<Option<Vec<_>>>()?,
            split: match &step.split {
                None => None,
                Some(to) => Some(number(to)?),
            },
            silence,
            noted,
            numbers: needs.each.iter().map(|need| need.number).collect(),
            keeps_voices: !speakers.iter().all(decides),
            needs: plan_needs,
            speakers,
        });
    }
    let states = procedure.states.iter().map(|(name, state)| {
        let possible: Vec<&Code> = procedure.steps_in(name).map(|(step, _)| step).collect();
        let possible: Vec<usize> =
            (0..steps.len()).filter(|at| possible.contains(&steps[*at].name)).collect();
        let mut digits = Vec::new();
        let mut places = Vec::new();
        for step in possible.iter().map(|at| &steps[*at]) {
            let clock = step.noted.then(|| {
                digits.push(3);
                digits.len() - 1
            });
            let voices = step.keeps_voices.then_some(digits.len());
            if step.keeps_voices {
                for class in &step.speakers {
                    let radix = classes[*class].len() as u128 + 1;
                    digits.extend(step.targets.iter().map(|_| radix));
                }
            }
            places.push((clock, voices));
        }
        PlanState {
            name,
            kind: state.kind,
            against: procedure.against.contains(name),
            steps: possible,
            digits,
            places,
        }
    });
    Some(Plan {
        instrument,
        procedure,
        seating: seating.clone(),
        start: number(&procedure.open.to)?,
        states: states.collect(),
        classes,
        steps,
    })
}
