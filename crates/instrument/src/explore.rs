//! What can happen to a strand, all of it? Every life of every procedure is walked, and the shortest story to
//! each trap is told (PROCEDURE §7).
//!
//! The linter looks at one state, step or set at a time; this looks at whole lives. They are two algorithms for
//! one question, and a trap bears the code that the linter has for it.

mod game;
mod graph;
mod plan;
pub(crate) mod seating;
mod story;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use terms::Code;

use crate::Instrument;
use crate::procedure::Procedure;
use plan::{Plan, Powers, plan};
pub use story::Line;
use walk::Walk;

/// Of one instrument, no more moves than about these are looked at: some seconds, and some hundred megabytes.
pub const EDGES_MOST: usize = 20_000_000;

/// Of each procedure so many are looked at, whatever the others took.
const EDGES_EACH: usize = 200_000;

/// What exploration does not look at, in sentences.
pub const BOUNDS: [&str; 7] = [
    "One strand at a time: strands do not wait for each other.",
    "Dates in fields are taken to arrive; who may move a date may move the clock that hangs on it.",
    "Bodies are looked at by how many of their members say what.",
    "No two matters together; a suspension stops no clock by which the one who suspends is asked.",
    "No times: what is overdue, late or held is not seen.",
    "How often something is done again is not counted.",
    "Every seat is taken, and whoever is named in a field stays named.",
];

/// What can be wrong with the lives of a strand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trap {
    /// Nothing that anybody does leads from this state to a rest or an end.
    NoWayOut(Code),
    /// If all are silent it waits in this state for ever.
    WaitsForEver(Code),
    /// Silence leads from one of these states to the next, and from the last to the first.
    SilenceInCircles(Vec<Code>),
    /// Silence of a step enters a state in which a finding stands.
    SilenceFinds {
        /// The step.
        step: Code,
        /// The state.
        state: Code,
    },
    /// One participant alone can keep it from ever ending or resting, whatever the others do.
    HeldByOne {
        /// From which state on.
        state: Code,
        /// Who, by what it is in the matter: `opener`, a field, or its own name.
        who: String,
    },
    /// Nothing leads on from this rest.
    RestWithoutExit(Code),
    /// No life comes to this state.
    NeverReached(Code),
}

impl Trap {
    /// The codes of all traps. An instrument with other errors has to be mended before its lives tell anything.
    pub const CODES: [&'static str; 7] = [
        "instrument::dead_end",
        "instrument::held_by_one",
        "instrument::never_reached",
        "instrument::rest_without_exit",
        "instrument::silence_finds",
        "instrument::silence_in_circles",
        "instrument::waits_for_ever",
    ];

    /// The linter's code for the same.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Trap::NoWayOut(_) => "instrument::dead_end",
            Trap::WaitsForEver(_) => "instrument::waits_for_ever",
            Trap::SilenceInCircles(_) => "instrument::silence_in_circles",
            Trap::SilenceFinds { .. } => "instrument::silence_finds",
            Trap::HeldByOne { .. } => "instrument::held_by_one",
            Trap::RestWithoutExit(_) => "instrument::rest_without_exit",
            Trap::NeverReached(_) => "instrument::never_reached",
        }
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Trap::NoWayOut(state) => {
                format!(
                    "from `{state}` nothing leads to a rest or an end, whoever acts and whoever is silent"
                )
            }
            Trap::WaitsForEver(state) => format!("if all are silent, it waits in `{state}` for ever"),
            Trap::SilenceInCircles(states) => {
                let states: Vec<String> =
                    states.iter().chain(states.first()).map(|state| format!("`{state}`")).collect();
                format!("if all are silent, it goes in a circle: {}", states.join(" → "))
            }
            Trap::SilenceFinds { step, state } => {
                format!("silence about `{step}` leads to `{state}`, where a finding stands")
            }
            Trap::HeldByOne { state, who } => format!(
                "`{who}` alone can keep it from ever ending or resting, from `{state}` on, whatever the others do"
            ),
            Trap::RestWithoutExit(state) => format!("nothing leads on from the rest `{state}`"),
            Trap::NeverReached(state) => format!("no life comes to `{state}`"),
        }
    }
}

/// A trap, and the shortest story that leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The trap.
    pub trap: Trap,
    /// What happens, with invented dates; nothing if no life comes there.
    pub story: Vec<Line>,
}

/// The lives of the strands of one procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lives {
    /// In how many ways opener and participant fields can be seated so that somebody's powers differ.
    pub seatings: usize,
    /// Nodes, over all seatings: where a strand can be.
    pub nodes: usize,
    /// Moves: what can happen at each node, a move that changes nothing among them.
    pub edges: usize,
    /// Whether all of it was looked at. If not, what was found is so, and there may be more.
    pub whole: bool,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Walks every life of every procedure, in the order of their names, with [`EDGES_MOST`]; `done` is told after each
/// how many have been walked.
#[must_use]
pub fn explore(instrument: &Instrument, mut done: impl FnMut(usize)) -> BTreeMap<Code, Lives> {
    let mut left = EDGES_MOST;
    let mut all = BTreeMap::new();
    for (name, procedure) in &instrument.procedures {
        let given = left.max(EDGES_EACH);
        let mut unused = given;
        let lives = walked(instrument, procedure, &mut unused);
        left = left.saturating_sub(given - unused);
        all.insert(name.clone(), lives);
        done(all.len());
    }
    all
}

/// Walks every life of a strand of one procedure, until there have been about `most` moves.
#[must_use]
pub fn explore_one(instrument: &Instrument, procedure: &Procedure, most: usize) -> Lives {
    let mut left = most;
    walked(instrument, procedure, &mut left)
}

/// The same, while moves are `left`.
fn walked(instrument: &Instrument, procedure: &Procedure, left: &mut usize) -> Lives {
    let mut lives = Lives { whole: true, ..Lives::default() };
    let mut first: BTreeMap<Trap, Finding> = BTreeMap::new();
    let mut shapes = BTreeSet::new();
    let mut reached: BTreeSet<Code> = BTreeSet::new();
    let seatings = seating::all(instrument, procedure);
    lives.whole &= seatings.is_some();
    for seating in seatings.unwrap_or_default() {
        let powers = Powers::of(instrument, procedure, &seating);
        if !shapes.insert(powers.shape()) {
            continue;
        }
        let Some(plan) = plan(instrument, procedure, &seating, &powers).filter(Plan::fits) else {
            lives.whole = false;
            continue;
        };
        let walk = Walk::of(&plan, *left);
        *left = left.saturating_sub(walk.edges);
        lives.seatings += 1;
        lives.nodes += walk.nodes();
        lives.edges += walk.edges;
        lives.whole &= walk.whole;
        reached.extend(walk.states().map(|state| plan.states[state].name.clone()));
        let mut found = walk.traps();
        if walk.whole {
            let (held, whole) = game::held(&walk, &powers, left);
            found.extend(held);
            lives.whole &= whole;
        }
        for finding in found {
            let better = first.get(&finding.trap).is_none_or(|known| finding.story.len() < known.story.len());
            if better {
                first.insert(finding.trap.clone(), finding);
            }
        }
    }
    if lives.whole {
        let unseen = procedure.states.iter().map(|(name, _)| name).filter(|name| !reached.contains(*name));
        let finding = |name: &Code| Finding { trap: Trap::NeverReached(name.clone()), story: Vec::new() };
        lives.findings.extend(unseen.map(finding));
    }
    lives.findings.extend(first.into_values());
    lives.findings.sort_by(|a, b| a.trap.cmp(&b.trap));
    lives
}
