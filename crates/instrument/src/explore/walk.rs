//! Every node of a seated procedure, and what silence makes of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use terms::Code;

use super::graph::{Edge, Move, Node};
use super::plan::Plan;
use super::story::tell;
use super::{Finding, Trap};
use crate::procedure::StateKind;

/// All nodes, in the order of how far they are from the opening.
pub(super) struct Walk<'p, 'a> {
    pub(super) plan: &'p Plan<'a>,
    order: Vec<Node>,
    index: BTreeMap<Node, usize>,
    /// From which node each was first come to.
    parents: Vec<Option<(usize, Move)>>,
    /// Where silence moves each.
    silent: Vec<Vec<(usize, usize)>>,
    /// Whether some move leads from a state to another.
    leads_on: Vec<bool>,
    /// Whether silence alone brings a node to a rest or an end.
    settles: Vec<bool>,
    pub(super) edges: usize,
    pub(super) whole: bool,
}

impl<'p, 'a> Walk<'p, 'a> {
    /// Walks on until there have been `most` moves; what lies beyond is taken to be good.
    pub(super) fn of(plan: &'p Plan<'a>, most: usize) -> Walk<'p, 'a> {
        let mut walk = Walk {
            plan,
            order: vec![plan.first()],
            index: BTreeMap::from([(plan.first(), 0)]),
            parents: vec![None],
            silent: Vec::new(),
            leads_on: vec![false; plan.states.len()],
            settles: Vec::new(),
            edges: 0,
            whole: true,
        };
        while let Some(node) = walk.order.get(walk.silent.len()).copied() {
            let here = walk.silent.len();
            if walk.edges >= most {
                walk.whole = false;
                break;
            }
            let mut silent = Vec::new();
            plan.edges(node, |edge| {
                walk.edges += 1;
                walk.leads_on[node.state] |= edge.to.state != node.state;
                let to = *walk.index.entry(edge.to).or_insert_with(|| {
                    walk.order.push(edge.to);
                    walk.parents.push(Some((here, edge.what)));
                    walk.order.len() - 1
                });
                if let Move::Silence { step } = edge.what
                    && edge.leaves
                {
                    silent.push((step, to));
                }
            });
            walk.silent.push(silent);
        }
        walk.settle();
        walk
    }

    pub(super) fn nodes(&self) -> usize {
        self.order.len()
    }

    pub(super) fn node(&self, at: usize) -> Node {
        self.order[at]
    }

    /// The states that some life comes to.
    pub(super) fn states(&self) -> impl Iterator<Item = usize> {
        let states: BTreeSet<usize> = self.order.iter().map(|node| node.state).collect();
        states.into_iter()
    }

    pub(super) fn is_over_or_rests(&self, at: usize) -> bool {
        self.plan.is_over_or_rests(self.order[at].state)
    }

    /// Whether silence alone brings a node to a rest or an end.
    pub(super) fn settles(&self, at: usize) -> bool {
        self.settles[at]
    }

    /// What leads from a node, and to which. What lies beyond the bound is left out.
    pub(super) fn edges_of(&self, at: usize, mut each: impl FnMut(Edge, usize)) {
        self.plan.edges(self.order[at], |edge| {
            if let Some(to) = self.index.get(&edge.to) {
                each(edge, *to);
            }
        });
    }

    /// The moves from the opening to a node.
    pub(super) fn path(&self, to: usize) -> Vec<Edge> {
        let mut path = VecDeque::new();
        let mut at = to;
        while let Some((from, what)) = self.parents[at] {
            if let Some(edge) = self.edge(from, |edge, next| edge.what == what && next == at) {
                path.push_front(edge);
            }
            at = from;
        }
        path.into()
    }

    /// The first move at a node that is such.
    pub(super) fn edge(&self, at: usize, is: impl Fn(&Edge, usize) -> bool) -> Option<Edge> {
        let mut found = None;
        self.edges_of(at, |edge, to| {
            if found.is_none() && is(&edge, to) {
                found = Some(edge);
            }
        });
        found
    }

    fn settle(&mut self) {
        let seen = self.silent.len();
        self.silent.resize(self.order.len(), Vec::new());
        self.settles = (0..self.order.len()).map(|at| at >= seen || self.is_over_or_rests(at)).collect();
        loop {
            let mut more = false;
            for at in 0..self.order.len() {
                let silent = &self.silent[at];
                let settles = !silent.is_empty() && silent.iter().all(|(_, to)| self.settles[*to]);
                if settles && !self.settles[at] {
                    self.settles[at] = true;
                    more = true;
                }
            }
            if !more {
                break;
            }
        }
    }

    fn name(&self, at: usize) -> Code {
        self.plan.states[self.order[at].state].name.clone()
    }

    fn told(&self, trap: Trap, to: usize, then: impl IntoIterator<Item = Edge>) -> Finding {
        let moves: Vec<Edge> = self.path(to).into_iter().chain(then).collect();
        Finding { trap, story: tell(self.plan, &moves) }
    }

    /// What is wrong with these lives, but for what one participant can do alone.
    pub(super) fn traps(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        self.stuck(&mut found);
        self.circles(&mut found);
        self.finds(&mut found);
        let rests = self.states().filter(|state| self.plan.states[*state].kind == StateKind::Rest);
        for rest in rests.filter(|rest| !self.leads_on[*rest] && self.whole) {
            if let Some(at) = self.order.iter().position(|node| node.state == rest) {
                found.push(self.told(Trap::RestWithoutExit(self.name(at)), at, None));
            }
        }
        found
    }

    /// Waiting where silence moves nothing; and perhaps nothing else leads to a rest or an end either.
    fn stuck(&self, found: &mut Vec<Finding>) {
        let mut told = BTreeSet::new();
        let way = self.ways();
        for (at, node) in self.order.iter().enumerate() {
            let waits = !self.settles[at] && self.silent[at].is_empty();
            if waits && told.insert((node.state, way[at])) {
                let state = self.name(at);
                let trap = if way[at] { Trap::WaitsForEver(state) } else { Trap::NoWayOut(state) };
                found.push(self.told(trap, at, None));
            }
        }
    }

    /// Whether some moves lead from each node to a rest or an end.
    fn ways(&self) -> Vec<bool> {
        let mut way = self.settles.clone();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.order.len()];
        let mut new: Vec<usize> = Vec::new();
        for at in (0..self.order.len()).filter(|at| !self.settles[*at]) {
            self.edges_of(at, |_, to| {
                if way[to] && self.settles[to] {
                    new.push(at);
                } else {
                    before[to].push(at);
                }
            });
        }
        while let Some(at) = new.pop() {
            if !std::mem::replace(&mut way[at], true) {
                new.append(&mut before[at]);
            }
        }
        way
    }

    /// Silence after silence, for ever; through rests too, where it would go on moving what nobody touches.
    fn circles(&self, found: &mut Vec<Finding>) {
        let mut on_circle = vec![true; self.order.len()];
        loop {
            let mut fewer = false;
            for at in 0..self.order.len() {
                if on_circle[at] && !self.silent[at].iter().any(|(_, to)| on_circle[*to]) {
                    on_circle[at] = false;
                    fewer = true;
                }
            }
            if !fewer {
                break;
            }
        }
        let mut told = BTreeSet::new();
        for start in (0..self.order.len()).filter(|at| on_circle[*at]) {
            // Some of these only lead to a circle: it begins where a state comes again.
            let mut trail = vec![start];
            let round = loop {
                let at = trail[trail.len() - 1];
                let Some((_, to)) = self.silent[at].iter().find(|(_, to)| on_circle[*to]) else { break None };
                if let Some(begins) = trail.iter().position(|known| known == to) {
                    break Some(begins);
                }
                trail.push(*to);
            };
            let Some(begins) = round else { continue };
            let mut states: Vec<usize> = trail[begins..].iter().map(|at| self.order[*at].state).collect();
            states.dedup();
            if states.iter().any(|state| told.contains(state)) {
                continue;
            }
            told.extend(states.iter().copied());
            let trap = Trap::SilenceInCircles(self.in_order(states));
            let silent = |edge: &Edge, to: usize| {
                matches!(edge.what, Move::Silence { .. }) && edge.leaves && on_circle[to]
            };
            let then: Vec<Edge> = trail.iter().filter_map(|at| self.edge(*at, silent)).collect();
            found.push(self.told(trap, start, then));
        }
    }

    /// The states of a circle by name, from the one that the file names first: however it was come to, it is one.
    fn in_order(&self, mut states: Vec<usize>) -> Vec<Code> {
        let first = (0..states.len()).min_by_key(|at| states[*at]).unwrap_or(0);
        states.rotate_left(first);
        states.into_iter().map(|state| self.plan.states[state].name.clone()).collect()
    }

    fn finds(&self, found: &mut Vec<Finding>) {
        let mut told = BTreeSet::new();
        for (at, silent) in self.silent.iter().enumerate() {
            let from = self.order[at].state;
            for (step, to) in silent {
                let state = self.order[*to].state;
                let enters = !self.plan.states[from].against && self.plan.states[state].against;
                if enters && told.insert((*step, state)) {
                    let step_name = self.plan.steps[*step].name.clone();
                    let trap = Trap::SilenceFinds { step: step_name, state: self.name(*to) };
                    let what = Move::Silence { step: *step };
                    let then = self.edge(at, |edge, _| edge.what == what && edge.leaves);
                    found.push(self.told(trap, at, then));
                }
            }
        }
    }
}
