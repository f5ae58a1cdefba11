//! The nodes of a seated procedure, and what leads from one to another.

use super::plan::{Plan, PlanStep};
use crate::procedure::StateKind;
use crate::tally::{Outcome, outcome};

/// Where a strand can be: its state; for each noted clock, whether it runs, has run out or is done; for each step that
/// waits for several, how many of each class have spoken for each target.
///
/// ```text
/// digits   one number, of mixed base: the digits of the state's plan, the first the most significant
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) state: usize,
    digits: u128,
}

/// A noted clock.
const RUNS: usize = 0;
const HAS_RUN_OUT: usize = 1;
const IS_DONE: usize = 2;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// One of a class takes a step.
    Voice {
        class: usize,
        step: usize,
        /// For which target it has spoken before.
        before: Option<usize>,
        target: usize,
    },
    /// A clock runs out.
    Silence { step: usize },
}

/// What a move comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) what: Move,
    pub(super) to: Node,
    /// Whether it leads to another state, or gives the clock that silence moves by its whole time again. What does
    /// neither gains no time.
    pub(super) leaves: bool,
    /// Whether no other outcome can get the voices that it takes.
    pub(super) split: bool,
}

impl Plan<'_> {
    /// Whether every node has a number.
    pub(super) fn fits(&self) -> bool {
        let numbered = |digits: &[u128]| digits.iter().try_fold(1_u128, |all, radix| all.checked_mul(*radix));
        self.states.iter().all(|state| numbered(&state.digits).is_some())
    }

    /// Where a strand begins.
    pub(super) fn first(&self) -> Node {
        self.encoded(self.start, &self.fresh(self.start))
    }

    pub(super) fn is_over_or_rests(&self, state: usize) -> bool {
        match self.states[state].kind {
            StateKind::Rest | StateKind::End => true,
            StateKind::Waiting => false,
        }
    }

    /// The steps whose silence moves a strand out of a state.
    pub(super) fn movers(&self, state: usize) -> impl Iterator<Item = (usize, usize)> {
        let steps = self.states[state].steps.iter();
        // Where a step's own silence leads, its clock does not run (PROCEDURE 4.3).
        steps.filter_map(move |step| Some((*step, self.steps[*step].silence.filter(|to| *to != state)?)))
    }

    /// All clocks running, no voices.
    fn fresh(&self, state: usize) -> Vec<usize> {
        vec![RUNS; self.states[state].digits.len()]
    }

    fn encoded(&self, state: usize, digits: &[usize]) -> Node {
        let place = |sum: u128, (radix, digit): (&u128, &usize)| sum * radix + *digit as u128;
        Node { state, digits: self.states[state].digits.iter().zip(digits).fold(0, place) }
    }

    fn decoded(&self, node: Node) -> Vec<usize> {
        let radixes = &self.states[node.state].digits;
        let mut digits = vec![0; radixes.len()];
        let mut rest = node.digits;
        for (digit, radix) in digits.iter_mut().zip(radixes).rev() {
            *digit = usize::try_from(rest % radix).unwrap_or_default();
            rest /= radix;
        }
        digits
    }

    /// Whether somebody's voice on a step stands at a node.
    pub(super) fn has_voices(&self, node: Node, step: usize) -> bool {
        let state = &self.states[node.state];
        let place = state.steps.iter().position(|known| *known == step).and_then(|at| state.places[at].1);
        let digits = self.decoded(node);
        place.is_some_and(|first| digits[first..first + self.steps[step].voices()].iter().any(|n| *n > 0))
    }

    /// Everything that can happen at a node. A move that changes nothing is one too.
    pub(super) fn edges(&self, node: Node, mut each: impl FnMut(Edge)) {
        let mut at = At { plan: self, node, digits: self.decoded(node) };
        let state = &self.states[node.state];
        for (step, (clock, voices)) in state.steps.iter().zip(&state.places) {
            at.voices(*step, *clock, *voices, &mut each);
            at.silence(*step, *clock, *voices, &mut each);
        }
    }
}

/// A node, with its digits.
struct At<'p, 'a> {
    plan: &'p Plan<'a>,
    node: Node,
    digits: Vec<usize>,
}

impl At<'_, '_> {
    fn silence(&self, step: usize, clock: Option<usize>, voices: Option<usize>, each: &mut impl FnMut(Edge)) {
        let what = Move::Silence { step };
        if let Some(clock) = clock.filter(|clock| self.digits[*clock] == RUNS) {
            let mut digits = self.digits.clone();
            digits[clock] = HAS_RUN_OUT;
            let to = self.plan.encoded(self.node.state, &digits);
            each(Edge { what, to, leaves: false, split: false });
        }
        let Some(to) = self.plan.steps[step].silence.filter(|to| *to != self.node.state) else { return };
        // Voices stand if the step is possible after its own silence (PROCEDURE 4.2).
        let mut digits = self.plan.fresh(to);
        let state = &self.plan.states[to];
        let there = state.steps.iter().position(|other| *other == step);
        if let (Some(from), Some((_, Some(place)))) = (voices, there.map(|there| state.places[there])) {
            let many = self.plan.steps[step].voices();
            digits[place..place + many].copy_from_slice(&self.digits[from..from + many]);
        }
        each(Edge { what, to: self.plan.encoded(to, &digits), leaves: true, split: false });
    }

    fn voices(
        &mut self,
        index: usize,
        clock: Option<usize>,
        voices: Option<usize>,
        each: &mut impl FnMut(Edge),
    ) {
        let plan = self.plan;
        let step = &plan.steps[index];
        let Some(first) = voices else {
            // Whoever speaks has decided.
            for class in step.speakers.iter().copied() {
                for target in 0..step.targets.len() {
                    let what = Move::Voice { class, step: index, before: None, target };
                    each(self.reached(what, step, clock, None, step.targets[target]));
                }
            }
            return;
        };
        let many = step.targets.len();
        let mut count = Count::of(plan, step, &self.digits[first..first + step.voices()]);
        for (place, class) in step.speakers.iter().copied().enumerate() {
            let mine = first + place * many;
            let spoken: usize = self.digits[mine..mine + many].iter().sum();
            for before in std::iter::once(None).chain((0..many).map(Some)) {
                let any = match before {
                    None => plan.classes[class].len() > spoken,
                    Some(before) => self.digits[mine + before] > 0,
                };
                if !any {
                    continue;
                }
                for target in (0..many).filter(|target| before != Some(*target)) {
                    let what = Move::Voice { class, step: index, before, target };
                    count.moved(step, class, before, Some(target));
                    let edge = match count.outcome(step) {
                        Outcome::Reached(target) => {
                            self.reached(what, step, clock, Some(first), step.targets[target])
                        }
                        Outcome::Split if step.split.is_some() => {
                            let mut edge = self.reached(what, step, clock, Some(first), step.split);
                            edge.split = true;
                            edge
                        }
                        // It waits for the clock.
                        Outcome::Open | Outcome::Split => {
                            if let Some(before) = before {
                                self.digits[mine + before] -= 1;
                            }
                            self.digits[mine + target] += 1;
                            let to = plan.encoded(self.node.state, &self.digits);
                            self.digits[mine + target] -= 1;
                            if let Some(before) = before {
                                self.digits[mine + before] += 1;
                            }
                            Edge { what, to, leaves: false, split: false }
                        }
                    };
                    count.moved(step, class, Some(target), before);
                    each(edge);
                }
            }
        }
    }

    /// A step is decided: where it leads is entered, and its voices are forgotten.
    fn reached(
        &self,
        what: Move,
        step: &PlanStep<'_>,
        clock: Option<usize>,
        voices: Option<usize>,
        target: Option<usize>,
    ) -> Edge {
        let state = self.node.state;
        if let Some(to) = target.filter(|to| *to != state) {
            let to = self.plan.encoded(to, &self.plan.fresh(to));
            return Edge { what, to, leaves: true, split: false };
        }
        let mut digits = self.digits.clone();
        if let Some(first) = voices {
            digits[first..first + step.voices()].fill(0);
        }
        // A step to the state it is in restarts its own clock, and no other; one that stays restarts none.
        if let Some(clock) = clock {
            digits[clock] = if target.is_some() { RUNS } else { IS_DONE };
        }
        let restarts = target.is_some() && step.silence.is_some_and(|to| to != state);
        Edge { what, to: self.plan.encoded(state, &digits), leaves: restarts, split: false }
    }
}

impl PlanStep<'_> {
    /// How many digits its voices take.
    fn voices(&self) -> usize {
        self.speakers.len() * self.targets.len()
    }
}

/// The voices of one step, as the arithmetic of decisions asks for them.
struct Count {
    /// For each target, for each need.
    heard: Vec<Vec<usize>>,
    /// For each need.
    unheard: Vec<usize>,
}

impl Count {
    fn of(plan: &Plan<'_>, step: &PlanStep<'_>, digits: &[usize]) -> Count {
        let mut count = Count {
            heard: vec![vec![0; step.needs.len()]; step.targets.len()],
            unheard: step.needs.iter().map(|need| need.people).collect(),
        };
        debug_assert!(plan.classes.len() >= step.speakers.len());
        for (class, spoken) in step.speakers.iter().zip(digits.chunks(step.targets.len().max(1))) {
            for (need, plan) in step.needs.iter().enumerate().filter(|(_, need)| need.of[*class]) {
                debug_assert!(plan.people >= spoken.iter().sum());
                for (target, number) in spoken.iter().enumerate() {
                    count.heard[target][need] += number;
                    count.unheard[need] -= number;
                }
            }
        }
        count
    }

    /// One of a class speaks for another target than before; none = has not spoken.
    fn moved(&mut self, step: &PlanStep<'_>, class: usize, from: Option<usize>, to: Option<usize>) {
        for (need, _) in step.needs.iter().enumerate().filter(|(_, need)| need.of[class]) {
            match from {
                None => self.unheard[need] -= 1,
                Some(target) => self.heard[target][need] -= 1,
            }
            match to {
                None => self.unheard[need] += 1,
                Some(target) => self.heard[target][need] += 1,
            }
        }
    }

    fn outcome(&self, step: &PlanStep<'_>) -> Outcome<usize> {
        outcome(
            0..step.targets.len(),
            |target| step.targets[target].is_none() || step.targets[target] != step.split,
            &step.numbers,
            |target, need| self.heard[target][need],
            |need| self.unheard[need],
        )
    }
}
