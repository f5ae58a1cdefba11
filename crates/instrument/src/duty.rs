//! What one participant must and may do, in every kind of matter, by when, and what its silence leads to.

use std::collections::BTreeSet;

use terms::{Code, ParticipantId};

use crate::model::Instrument;
use crate::procedure::{Clock, From, Holds, Procedure, Silence};
use crate::who::{Count, Deciders, Group, Item, Set};

/// Something that a participant can do in a kind of matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The kind of matter.
    pub kind: Code,
    /// The step; none for opening.
    pub step: Option<Code>,
    /// What it has to be in the matter: one of these is enough; none, if it can always.
    pub being: BTreeSet<Being>,
    /// Who decides, if it takes more than its own voice.
    pub together: Option<Deciders>,
    /// In which states; empty for an opening, and for a step that is possible anywhere.
    pub states: BTreeSet<Code>,
    /// In which states it comes late, and is taken as what it is.
    pub late: BTreeSet<Code>,
    /// By when, if a clock runs.
    pub clock: Option<Clock>,
    /// Whether it is asked of the participant, and not only open to it.
    pub is_asked: bool,
    /// What silence does, in words, if a clock runs.
    pub silence: Option<String>,
}

/// What somebody is in a matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Being {
    /// The opener, or the one in a field; none: it need be neither.
    pub it: Option<Set>,
    /// What it must not be.
    pub but: Option<Set>,
}

/// All that a participant can do in matters, by kind, opening first, then steps in the order of the file.
#[must_use]
pub fn duties(instrument: &Instrument, who: &ParticipantId) -> Vec<Duty> {
    let mut duties = Vec::new();
    for (kind, procedure) in &instrument.procedures {
        let eye = Eye { instrument, procedure, who };
        let opening = eye.beings(&procedure.open.by);
        if let Some(being) = &opening {
            duties.push(Duty {
                kind: kind.clone(),
                step: None,
                being: being.clone(),
                // Whoever is in one item opens alone.
                together: None,
                states: BTreeSet::new(),
                late: BTreeSet::new(),
                clock: None,
                is_asked: false,
                silence: None,
            });
        }
        for (step, rule) in &procedure.steps {
            let Some(being) = eye.beings(&rule.by) else { continue };
            let states = match &rule.from {
                From::Any => BTreeSet::new(),
                From::States(states) => states.clone(),
            };
            // Where its own silence leads no clock of it runs (PROCEDURE 4.3).
            let (late, states) = match (&rule.silence, &rule.clock) {
                (Silence::Moves { to, .. }, Some(_)) => states.into_iter().partition(|state| state == to),
                _ => (BTreeSet::new(), states),
            };
            duties.push(Duty {
                kind: kind.clone(),
                step: Some(step.clone()),
                being,
                together: (!is_alone(&rule.by)).then(|| rule.by.clone()),
                states,
                late,
                clock: rule.clock.clone(),
                is_asked: rule.is_pressed(),
                silence: rule.clock.as_ref().and_then(|_| rule.silence_says()),
            });
        }
    }
    duties
}

/// Whether a participant is among those who decide, where there is no matter: about relief, about exhibits.
#[must_use]
pub fn is_among(instrument: &Instrument, deciders: &Deciders, who: &ParticipantId) -> bool {
    deciders.0.iter().any(|item| match (item.count, item.of.set.body()) {
        (Count::Chair, Some(body)) => chairs(instrument, body, who),
        _ => in_fixed(instrument, &item.of, who),
    })
}

/// Whether one voice decides.
fn is_alone(deciders: &Deciders) -> bool {
    match deciders.0.as_slice() {
        [item] => match item.count {
            Count::Any | Count::Number(1) | Count::Chair => true,
            // A single participant is all of itself.
            Count::All | Count::Most => matches!(item.of.set, Set::Participant(_) | Set::Opener),
            Count::Number(_) | Count::Rule | Count::Quorum => false,
        },
        _ => false,
    }
}

fn chairs(instrument: &Instrument, body: &Code, who: &ParticipantId) -> bool {
    instrument.bodies.get(body).is_some_and(|body| body.chair.as_ref() == Some(who))
}

/// Whether it is in a set that is the same for every matter, and not among those who are left out for certain.
fn in_fixed(instrument: &Instrument, group: &Group, who: &ParticipantId) -> bool {
    let out = group.but.as_ref().is_some_and(|but| instrument.members(but).contains(who));
    instrument.members(&group.set).contains(who) && !out
}

/// One participant looks at one procedure.
struct Eye<'a> {
    instrument: &'a Instrument,
    procedure: &'a Procedure,
    who: &'a ParticipantId,
}

impl Eye<'_> {
    /// What it has to be to have a voice; nothing, if it never has.
    fn beings(&self, deciders: &Deciders) -> Option<BTreeSet<Being>> {
        let all: BTreeSet<Being> = deciders.0.iter().filter_map(|item| self.being(item)).collect();
        if all.is_empty() {
            return None;
        }
        let always = Being { it: None, but: None };
        Some(if all.contains(&always) { BTreeSet::new() } else { all })
    }

    fn being(&self, item: &Item) -> Option<Being> {
        let but = item.of.but.clone();
        if but.as_ref().is_some_and(|but| self.instrument.members(but).contains(self.who)) {
            return None;
        }
        // A set that differs by matter may leave it out; one that does not has not.
        let but = but.filter(|but| matches!(but, Set::Opener | Set::Field(_)));
        let it = match &item.of.set {
            Set::Opener => self.may_open().then_some(Some(Set::Opener))?,
            Set::Field(name) => self.may_fill(name).then(|| Some(Set::Field(name.clone())))?,
            Set::Body(name) if item.count == Count::Chair => {
                chairs(self.instrument, name, self.who).then_some(None)?
            }
            fixed => self.instrument.members(fixed).contains(self.who).then_some(None)?,
        };
        (it.is_none() || it != but).then_some(Being { it, but })
    }

    fn may_open(&self) -> bool {
        let by = &self.procedure.open.by;
        // Who is named in a field may be anybody.
        let named = by.0.iter().any(|item| item.of.set.field().is_some());
        let everyone = Group { set: Set::Everyone, but: None };
        is_among(self.instrument, by, self.who) || (named && in_fixed(self.instrument, &everyone, self.who))
    }

    fn may_fill(&self, name: &Code) -> bool {
        let Some(Holds::Participant(of)) = self.procedure.fields.get(name).map(|field| &field.holds) else {
            return false;
        };
        let everyone = Group { set: Set::Everyone, but: None };
        let group = of.as_ref().unwrap_or(&everyone);
        match &group.set {
            Set::Opener => self.may_open(),
            // A field that takes from another names nobody by itself: whoever may stand in that one may in this.
            Set::Field(other) => other != name && self.may_fill_once(other),
            _ => in_fixed(self.instrument, group, self.who),
        }
    }

    /// The same without following fields any further, so that it ends.
    fn may_fill_once(&self, name: &Code) -> bool {
        match self.procedure.fields.get(name).map(|field| &field.holds) {
            Some(Holds::Participant(Some(group))) if group.set.field().is_none() => match group.set {
                Set::Opener => self.may_open(),
                _ => in_fixed(self.instrument, group, self.who),
            },
            Some(Holds::Participant(_)) => true,
            _ => false,
        }
    }
}
