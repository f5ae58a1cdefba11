//! Whether one participant alone can keep a strand from ever ending or resting, the others doing their best.
//!
//! A node is safe if it rests or is over; or if some move of the others, or of a clock, leads to a safe node, and so
//! do all of that participant's own moves that gain it time: those to another state, and those that give the
//! clock of the state its whole time again. Its other moves, as a voice that it changes ten times, gain it no hour,
//! since the clocks run on meanwhile; they only must not lead to a node that is not safe for these reasons.
//! Where silence alone never comes to rest, that is another trap, and here counts as over.

use std::collections::BTreeSet;

use terms::ParticipantId;

use super::graph::{Edge, Move};
use super::plan::{Plan, Powers, plan};
use super::story::tell;
use super::walk::Walk;
use super::{Finding, Trap};

/// Who can hold it, of those who have the same powers one; and whether that could be looked at to the end, while
/// moves are `left`.
pub(super) fn held<'a>(walk: &Walk<'_, 'a>, powers: &Powers<'a>, left: &mut usize) -> (Vec<Finding>, bool) {
    let plan_of_all = walk.plan;
    let mut found = Vec::new();
    let mut whole = true;
    let classes = plan_of_all.classes.iter().enumerate();
    for (class, alike) in classes.filter(|(class, _)| may_hold(walk, *class)) {
        let Some(one) = alike.first() else { continue };
        if *left < walk.edges {
            return (found, false);
        }
        *left -= walk.edges;
        if alike.len() == 1 {
            found.extend(Game::of(walk, class).finding(one));
            continue;
        }
        // One of several is told apart from the others, whose voices stay numbers.
        let apart = powers.apart(one);
        let (instrument, procedure) = (plan_of_all.instrument, plan_of_all.procedure);
        let Some(plan) = plan(instrument, procedure, &plan_of_all.seating, &apart).filter(Plan::fits) else {
            whole = false;
            continue;
        };
        let walk = Walk::of(&plan, *left);
        *left = left.saturating_sub(walk.edges);
        let class = plan.classes.iter().position(|class| class.contains(one)).filter(|_| walk.whole);
        match class {
            Some(class) => found.extend(Game::of(&walk, class).finding(one)),
            None => whole = false,
        }
    }
    (found, whole)
}

/// Whether one of a class may hold it, for all that can be seen from states alone: every step that it may take
/// counts as if it led wherever it can lead, and the others as if they never acted. Whoever cannot hold it then
/// cannot hold it at all, and most cannot.
fn may_hold(walk: &Walk<'_, '_>, class: usize) -> bool {
    let plan = walk.plan;
    let states: Vec<usize> = walk.states().collect();
    let mut safe: Vec<bool> = (0..plan.states.len()).map(|state| plan.is_over_or_rests(state)).collect();
    for at in (0..walk.nodes()).filter(|at| !walk.settles(*at)) {
        safe[walk.node(at).state] = true;
    }
    loop {
        let mut more = false;
        for state in states.iter().copied().filter(|state| !safe[*state]).collect::<Vec<_>>() {
            let moved = plan.movers(state).any(|(_, to)| safe[to]);
            let own = plan.states[state].steps.iter().map(|step| &plan.steps[*step]);
            let kept = own.filter(|step| step.speakers.contains(&class)).all(|step| {
                let restarts = step.silence.is_some_and(|to| to != state);
                let mut targets = step.targets.iter().flatten().chain(&step.split);
                targets.all(|to| if *to == state { !restarts } else { safe[*to] })
            });
            if moved && kept {
                safe[state] = true;
                more = true;
            }
        }
        if !more {
            return states.iter().any(|state| !safe[*state]);
        }
    }
}

/// Which nodes are safe from one who is the only one of its class.
struct Game<'w, 'p, 'a> {
    walk: &'w Walk<'p, 'a>,
    class: usize,
    safe: Vec<bool>,
}

/// What matters of a move for the game.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Another's, or a clock's.
    Others,
    /// The participant's own, which gains it time.
    Own,
    /// The participant's own, which gains it none.
    Idle,
}

impl<'w, 'p, 'a> Game<'w, 'p, 'a> {
    fn of(walk: &'w Walk<'p, 'a>, class: usize) -> Game<'w, 'p, 'a> {
        let mut edges: Vec<(u32, Whose)> = Vec::with_capacity(walk.edges);
        let mut ends: Vec<usize> = Vec::with_capacity(walk.nodes());
        for at in 0..walk.nodes() {
            walk.edges_of(at, |edge, to| {
                edges.push((u32::try_from(to).unwrap_or(u32::MAX), whose(&edge, class)));
            });
            ends.push(edges.len());
        }
        let from = |at: usize| if at == 0 { 0 } else { ends[at - 1] };
        let of = |at: usize| edges[from(at)..ends[at]].iter().map(|(to, whose)| (*to as usize, *whose));
        let mut safe: Vec<bool> =
            (0..walk.nodes()).map(|at| walk.is_over_or_rests(at) || !walk.settles(at)).collect();
        loop {
            let mut bad: Vec<bool> = (0..walk.nodes())
                .map(|at| {
                    let led = of(at).any(|(to, whose)| whose == Whose::Others && safe[to]);
                    let kept = of(at).all(|(to, whose)| whose != Whose::Own || safe[to]);
                    !(safe[at] || led && kept)
                })
                .collect();
            // What it can idle to is as bad as what it idles from.
            let mut more = true;
            while more {
                more = false;
                for at in 0..walk.nodes() {
                    let idles = !bad[at] && of(at).any(|(to, whose)| whose == Whose::Idle && bad[to]);
                    if idles && !safe[at] {
                        bad[at] = true;
                        more = true;
                    }
                }
            }
            let before = safe.iter().filter(|safe| **safe).count();
            for (safe, bad) in safe.iter_mut().zip(&bad) {
                *safe |= !bad;
            }
            if safe.iter().filter(|safe| **safe).count() == before {
                return Game { walk, class, safe };
            }
        }
    }

    /// That it can be held, from the first node on from which it can.
    fn finding(&self, one: &ParticipantId) -> Option<Finding> {
        let first = self.safe.iter().position(|safe| !safe)?;
        let plan = self.walk.plan;
        let mut moves = self.walk.path(first);
        let mut seen = BTreeSet::new();
        let mut at = first;
        // Once round: its own move wherever it has one, else the time that passes.
        while seen.insert(at) {
            let kept = |edge: &Edge, to: usize| !self.safe[to] && whose(edge, self.class) == Whose::Own;
            let idle = |edge: &Edge, to: usize| !self.safe[to] && whose(edge, self.class) == Whose::Idle;
            let time = |edge: &Edge, _: usize| matches!(edge.what, Move::Silence { .. }) && edge.leaves;
            let next = self.walk.edge(at, kept).or_else(|| self.walk.edge(at, time));
            let Some(edge) = next.or_else(|| self.walk.edge(at, idle)) else { break };
            let mut to = at;
            self.walk.edges_of(at, |other, there| {
                if other == edge {
                    to = there;
                }
            });
            moves.push(edge);
            if self.safe[to] {
                break;
            }
            at = to;
        }
        let state = plan.states[self.walk.node(first).state].name.clone();
        let trap = Trap::HeldByOne { state, who: plan.seating.called(one) };
        Some(Finding { trap, story: tell(plan, &moves) })
    }
}

fn whose(edge: &Edge, class: usize) -> Whose {
    match edge.what {
        Move::Voice { class: by, .. } if by == class && edge.leaves => Whose::Own,
        Move::Voice { class: by, .. } if by == class => Whose::Idle,
        Move::Voice { .. } | Move::Silence { .. } => Whose::Others,
    }
}
