//! The state chart of a procedure: from each state its steps, where they lead, and what silence does.
//!
//! States that may follow one another stand in that order, ends last; so most arrows go down. [`Chart::svg`] and
//! [`Chart::text`] draw it, and a [`Tongue`] says in which words.

mod lanes;
mod svg;
mod text;
mod tongue;

use std::collections::{BTreeMap, BTreeSet};

use terms::Code;

pub use tongue::{English, Tongue};

use crate::procedure::{Clock, From, Leads, Procedure, Promise, Silence, StateKind, Step};
use crate::who::Deciders;

/// The chart of one procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What the procedure is called.
    pub title: String,
    /// By whom it is opened.
    pub opened_by: Deciders,
    /// Where it begins.
    pub begins: Code,
    /// Its states, ends last.
    pub stations: Vec<Station>,
    /// The steps that are possible in every state but ends.
    pub anywhere: Vec<Move>,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its name.
    pub name: Code,
    /// What it is.
    pub kind: StateKind,
    /// What its page says first.
    pub says: String,
    /// Whether a finding stands against the bearer here.
    pub against: bool,
    /// Whether somebody's time runs here.
    pub has_clock: bool,
    /// What may be done here and not everywhere.
    pub moves: Vec<Move>,
}

/// A step, in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Its name.
    pub step: Code,
    /// By whom.
    pub by: Deciders,
    /// Until when, where a clock runs.
    pub clock: Option<Clock>,
    /// A state in which that clock runs no more, of a step that may be taken in every state.
    pub stops_in: Option<Code>,
    /// Whether it comes late here: its time ran out before.
    pub is_late: bool,
    /// Where it leads; none, if it changes no state.
    pub exits: Vec<Exit>,
}

/// One of the states that a step leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// By what.
    pub how: How,
    /// To where; none: it stays.
    pub to: Option<Code>,
}

/// By what a state is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// By the act; with these choices, if there are any.
    Act(Vec<Code>),
    /// No other outcome can get the voices that it takes.
    Split,
    /// By silence, and what that promises.
    Silence(Promise),
    /// By silence, which is noted and changes nothing.
    Noted,
}

impl How {
    /// Whether nobody acted.
    #[must_use]
    pub const fn is_silence(&self) -> bool {
        match self {
            How::Silence(_) | How::Noted => true,
            How::Act(_) | How::Split => false,
        }
    }
}

impl Station {
    /// How it stands there, in words: `waits`, `rests, and a clock runs`.
    #[must_use]
    pub const fn stands(&self) -> &'static str {
        stands(self.kind, self.has_clock)
    }
}

/// How a matter stands in a state of this kind, in which somebody's time runs or none does, in words.
#[must_use]
pub const fn stands(kind: StateKind, has_clock: bool) -> &'static str {
    match (kind, has_clock) {
        (StateKind::Waiting, _) => "waits",
        (StateKind::Rest, false) => "rests",
        (StateKind::Rest, true) => "rests, and a clock runs",
        (StateKind::End, _) => "is over",
    }
}

impl Move {
    /// By whom, and until when: `by bearer, due 72h after service`.
    #[must_use]
    pub fn who(&self) -> String {
        English.who(self)
    }

    /// Where it leads, if it leads to one state, by the act alone and without a choice: then one line says all.
    fn only_exit(&self) -> Option<&Code> {
        match self.exits.as_slice() {
            [Exit { how: How::Act(choices), to }] if choices.is_empty() => to.as_ref(),
            _ => None,
        }
    }
}

impl Chart {
    /// The chart of a procedure.
    #[must_use]
    pub fn of(procedure: &Procedure) -> Chart {
        let station = |name: Code| {
            let (kind, says) = procedure
                .state(&name)
                .map_or((StateKind::End, String::new()), |state| (state.kind, state.says.clone()));
            let moves = procedure.steps_in(&name).filter(|(_, step)| step.from != From::Any);
            let moves = moves.map(|(step, rule)| move_of(procedure, (step, rule), Some(&name))).collect();
            let (against, has_clock) = (procedure.against.contains(&name), procedure.has_clock_in(&name));
            Station { name, kind, says, against, has_clock, moves }
        };
        let anywhere = procedure.steps.iter().filter(|(_, step)| step.from == From::Any);
        Chart {
            title: procedure.title.clone(),
            opened_by: procedure.open.by.clone(),
            begins: procedure.open.to.clone(),
            stations: in_order(procedure).into_iter().map(station).collect(),
            anywhere: anywhere.map(|(step, rule)| move_of(procedure, (step, rule), None)).collect(),
        }
    }

    /// How many states are of a kind.
    fn number(&self, kind: StateKind) -> usize {
        self.stations.iter().filter(|station| station.kind == kind).count()
    }
}

fn move_of(procedure: &Procedure, (name, step): (&Code, &Step), state: Option<&Code>) -> Move {
    let mut exits = Vec::new();
    match &step.leads {
        Leads::Stays => {}
        Leads::To(to) => exits.push(Exit { how: How::Act(Vec::new()), to: Some(to.clone()) }),
        Leads::Choice(choices) => {
            for (choice, to) in choices {
                let same = exits.iter_mut().find(|exit: &&mut Exit| exit.to == *to);
                match same.map(|exit| &mut exit.how) {
                    Some(How::Act(choices)) => choices.push(choice.clone()),
                    _ => exits.push(Exit { how: How::Act(vec![choice.clone()]), to: to.clone() }),
                }
            }
        }
    }
    if let Some(split) = &step.split {
        exits.push(Exit { how: How::Split, to: Some(split.clone()) });
    }
    // Where its own silence leads no clock of it runs (PROCEDURE 4.3).
    let runs =
        step.clock.is_some() && !matches!(&step.silence, Silence::Moves { to, .. } if Some(to) == state);
    let clock = step.clock.as_ref().filter(|_| runs);
    let mut stops_in = None;
    if clock.is_some() {
        if let (None, Silence::Moves { to, .. }) = (state, &step.silence)
            && procedure.steps_in(to).any(|(known, _)| known == name)
        {
            stops_in = Some(to.clone());
        }
        exits.push(match &step.silence {
            Silence::Moves { how, to } => Exit { how: How::Silence(*how), to: Some(to.clone()) },
            Silence::Noted => Exit { how: How::Noted, to: None },
        });
    }
    let is_late =
        step.clock.is_some() && !runs && state.is_some_and(|state| procedure.is_late_in(name, state));
    Move { step: name.clone(), by: step.by.clone(), clock: clock.cloned(), stops_in, is_late, exits }
}

/// The states: those that may last in an order in which what follows comes later, as far as there is one, and ends
/// after them as in the file.
fn in_order(procedure: &Procedure) -> Vec<Code> {
    let goes_on: Vec<&Code> = procedure
        .states
        .iter()
        .filter(|(_, state)| state.kind != StateKind::End)
        .map(|(name, _)| name)
        .collect();
    let mut next: BTreeMap<&Code, Vec<&Code>> = BTreeMap::new();
    for (_, step) in &procedure.steps {
        let From::States(from) = &step.from else { continue };
        let mut targets: Vec<&Code> = match &step.leads {
            Leads::Stays => Vec::new(),
            Leads::To(to) => vec![to],
            Leads::Choice(choices) => choices.iter().filter_map(|(_, to)| to.as_ref()).collect(),
        };
        targets.extend(&step.split);
        if let Silence::Moves { to, .. } = &step.silence {
            targets.push(to);
        }
        for state in from {
            next.entry(state).or_default().extend(targets.iter().filter(|to| goes_on.contains(to)));
        }
    }
    // Reversed finishing order of a walk in depth is an order in which only what goes back goes up. What stands first
    // in the file is to come first, so it is walked last.
    let place = |name: &Code| goes_on.iter().position(|known| *known == name);
    for targets in next.values_mut() {
        targets.sort_by_key(|name| std::cmp::Reverse(place(name)));
        targets.dedup();
    }
    let mut seen = BTreeSet::new();
    let mut finished = Vec::new();
    let starts = goes_on.iter().rev().copied().filter(|name| **name != procedure.open.to);
    for start in std::iter::once(&procedure.open.to).chain(starts) {
        let mut path = vec![(start, 0)];
        if !seen.insert(start) {
            continue;
        }
        while let Some((name, at)) = path.last_mut() {
            let target = next.get(*name).and_then(|targets| targets.get(*at).copied());
            *at += 1;
            match target {
                Some(target) if seen.insert(target) => path.push((target, 0)),
                Some(_) => {}
                None => finished.extend(path.pop().map(|(name, _)| name)),
            }
        }
    }
    // What cannot be reached from the beginning was walked after it, and would stand before it.
    let reached = finished.iter().position(|name| **name == procedure.open.to).map_or(0, |at| at + 1);
    let (reached, others) = finished.split_at(reached.min(finished.len()));
    let ends =
        procedure.states.iter().filter(|(_, state)| state.kind == StateKind::End).map(|(name, _)| name);
    let going = reached.iter().rev().chain(others.iter().rev()).copied();
    let going = going.filter(|name| goes_on.contains(name));
    going.chain(ends).cloned().collect()
}

/// A text in lines of at most `width` characters, broken between words; a longer word stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrapped("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrapped("unbreakable or", 5), ["unbreakable", "or"]);
        assert!(wrapped(" \n", 5).is_empty());
    }
}
