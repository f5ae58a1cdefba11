//! A walk through the nodes, told as it would happen: who does what, and when silence leads on.
//!
//! The dates are invented, the lengths are not: a silence comes when the step's clock, its service and its way by
//! stick are over, in the zone of the instrument. An act comes an hour after what was before it, or sooner where the
//! clock leaves no hour. A time that a matter would have in a field is taken to be three days off.

use std::collections::BTreeMap;

use terms::{Instant, ParticipantId, Seconds};

use super::graph::{Edge, Move};
use super::plan::Plan;
use crate::procedure::{Due, Leads, Phrase, Span, StateKind, Step};

/// What happens at one moment of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, in the zone of the instrument: `2030-03-04 09:00`; the end of a day is its `24:00`.
    pub at: String,
    /// What.
    pub says: String,
}

/// Monday, 4 March 2030, 09:00 on the clocks of the instrument.
const START: u64 = 1_898_845_200;

/// Tells an opening, and these moves.
pub(super) fn tell(plan: &Plan<'_>, moves: &[Edge]) -> Vec<Line> {
    let mut teller = Teller {
        plan,
        now: START,
        state: plan.start,
        since: BTreeMap::new(),
        spoken: BTreeMap::new(),
        lines: Vec::new(),
    };
    teller.opening();
    for edge in moves {
        teller.tells(edge);
    }
    teller.lines
}

struct Teller<'p, 'a> {
    plan: &'p Plan<'a>,
    /// Seconds, as if the zone of the instrument were UTC.
    now: u64,
    state: usize,
    /// From when the clock of each step counts.
    since: BTreeMap<usize, u64>,
    /// Who has spoken on each step, for which target.
    spoken: BTreeMap<usize, BTreeMap<ParticipantId, usize>>,
    lines: Vec<Line>,
}

impl Teller<'_, '_> {
    fn says(&mut self, says: String) {
        self.lines.push(Line { at: written(self.now), says });
    }

    fn opening(&mut self) {
        let seating = &self.plan.seating;
        let named: Vec<String> = seating
            .named
            .iter()
            .filter(|(_, who)| !who.is_empty())
            .map(|(field, who)| {
                let who: Vec<&str> = who.iter().map(ParticipantId::as_str).collect();
                format!("`{field}` is {}", who.join(", "))
            })
            .collect();
        let named = if named.is_empty() { String::new() } else { format!("; {}", named.join("; ")) };
        let says = format!("{} opens it{named}. {}", seating.opener, self.stands(self.state));
        self.enter(self.state);
        self.says(says);
    }

    fn stands(&self, state: usize) -> String {
        let state = &self.plan.states[state];
        match state.kind {
            StateKind::Waiting => format!("It waits in `{}`.", state.name),
            StateKind::Rest => format!("It rests in `{}`.", state.name),
            StateKind::End => format!("It is over: `{}`.", state.name),
        }
    }

    /// All clocks begin.
    fn enter(&mut self, state: usize) {
        self.state = state;
        self.since = self.plan.states[state].steps.iter().map(|step| (*step, self.now)).collect();
    }

    fn tells(&mut self, edge: &Edge) {
        match edge.what {
            Move::Silence { step } => self.silence(step, edge),
            Move::Voice { class, step, before, target } => self.voice(class, step, before, target, edge),
        }
    }

    fn silence(&mut self, index: usize, edge: &Edge) {
        let step = &self.plan.steps[index];
        let Some((due, closes)) = self.clock(index) else { return };
        let (name, phrase) = (step.name, phrase(step.step).map(ToString::to_string).unwrap_or_default());
        if !edge.leaves {
            self.now = self.now.max(due);
            return self.says(format!("Nobody has taken `{name}` in time ({phrase}). That is noted."));
        }
        self.now = self.now.max(closes);
        let to = edge.to.state;
        let way = match closes - due {
            0 => String::new(),
            way => format!(", then {} for what is on its way", length(way)),
        };
        let says = format!("The time for `{name}` is over ({phrase}{way}). {}", self.stands(to));
        let standing = self.spoken.remove(&index).filter(|_| self.plan.states[to].steps.contains(&index));
        self.spoken = standing.map(|voices| (index, voices)).into_iter().collect();
        self.enter(to);
        self.says(says);
    }

    fn voice(&mut self, class: usize, index: usize, before: Option<usize>, target: usize, edge: &Edge) {
        let plan = self.plan;
        let step = &plan.steps[index];
        let spoken = self.spoken.entry(index).or_default();
        let who = plan.classes[class].iter().find(|who| spoken.get(who).copied() == before);
        let Some(who) = who.cloned() else { return };
        spoken.insert(who.clone(), target);
        self.now = self.soon();
        let choice = match &step.step.leads {
            Leads::Choice(choices) => {
                let to = step.targets[target].map(|to| plan.states[to].name);
                choices.iter().find(|(_, leads)| leads.as_ref() == to).map(|(choice, _)| choice)
            }
            Leads::Stays | Leads::To(_) => None,
        };
        let choice = choice.map(|choice| format!(": {choice}")).unwrap_or_default();
        let did = format!("{who} takes `{}`{choice}.", step.name);
        let decided = step.targets[target];
        let says = if edge.split {
            format!("{did} No other outcome can get the voices that it takes. {}", self.stands(edge.to.state))
        } else if edge.to.state != self.state {
            format!("{did} {}", self.stands(edge.to.state))
        } else if edge.leaves {
            format!("{did} It is in `{}` as before, and its clock begins anew.", plan.states[self.state].name)
        } else if step.keeps_voices && self.waits(index, edge) {
            format!("{did} Others have yet to say.")
        } else if decided.is_none() {
            format!("{did} That moves nothing, and no clock begins anew.")
        } else {
            format!("{did} {}", self.stands(self.state))
        };
        if edge.to.state != self.state {
            self.spoken.clear();
            self.enter(edge.to.state);
        } else if edge.leaves {
            self.spoken.remove(&index);
            self.since.insert(index, self.now);
        } else if !(step.keeps_voices && self.waits(index, edge)) {
            self.spoken.remove(&index);
        }
        self.says(says);
    }

    /// Whether a voice that leads nowhere still stands.
    fn waits(&self, index: usize, edge: &Edge) -> bool {
        self.plan.has_voices(edge.to, index)
    }

    /// When a step's clock is due, and when it closes.
    fn clock(&self, index: usize) -> Option<(u64, u64)> {
        let step = self.plan.steps[index].step;
        let clock = step.clock.as_ref()?;
        let calendar = &self.plan.instrument.calendar;
        let base = *self.since.get(&index)?;
        let due = match phrase(step)? {
            Phrase::AfterService(span) => after(base + calendar.deemed.0, *span),
            Phrase::AfterFinality(span) => after(base, *span),
            Phrase::After(..) | Phrase::Before(..) | Phrase::At(_) => base + Seconds::days(3).0,
        };
        Some((due, due + clock.carriage.unwrap_or(calendar.carriage).0))
    }

    /// An hour on, or half the time that a clock leaves.
    fn soon(&self) -> u64 {
        let closes = self.plan.movers(self.state).filter_map(|(step, _)| self.clock(step)).map(|(_, at)| at);
        let left = closes.min().map_or(u64::MAX, |at| at.saturating_sub(self.now));
        self.now + Seconds::HOUR.0.min(left / 2)
    }
}

/// When a step is due; if that hangs on a code, the phrase of all other codes, or of the first.
fn phrase(step: &Step) -> Option<&Phrase> {
    match &step.clock.as_ref()?.due {
        Due::Phrase(phrase) => Some(phrase),
        Due::By { codes, other, .. } => other.as_ref().or_else(|| codes.values().next()),
    }
}

/// Days end at 24:00; minutes and hours are exact.
fn after(base: u64, span: Span) -> u64 {
    match span {
        Span::Minutes(n) => base.saturating_add(n.saturating_mul(60)),
        Span::Hours(n) => base.saturating_add(n.saturating_mul(Seconds::HOUR.0)),
        Span::Days(n) => {
            let day = Seconds::DAY.0;
            (base / day).saturating_add(n).saturating_add(1).saturating_mul(day)
        }
    }
}

fn length(secs: u64) -> Span {
    let (day, hour) = (Seconds::DAY.0, Seconds::HOUR.0);
    if secs.is_multiple_of(day) {
        Span::Days(secs / day)
    } else if secs.is_multiple_of(hour) {
        Span::Hours(secs / hour)
    } else {
        Span::Minutes(secs / 60)
    }
}

/// `2030-03-04 09:00`
fn written(secs: u64) -> String {
    let at = Instant::EPOCH.plus(Seconds(secs));
    let (day, hour) = (Seconds::DAY.0, Seconds::HOUR.0);
    let midnight = secs.is_multiple_of(day) && secs > 0;
    let (year, month, date) = if midnight { at.minus(Seconds(1)).date() } else { at.date() };
    let (hours, minutes) = if midnight { (24, 0) } else { (secs % day / hour, secs % hour / 60) };
    format!("{year:04}-{month:02}-{date:02} {hours:02}:{minutes:02}")
}
