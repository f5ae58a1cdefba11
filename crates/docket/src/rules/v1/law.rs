//! The law that a matter runs under: one version of the instrument. An amendment brings the next; what was
//! opened before goes on under its own, unless the new one says how it moves (PROCEDURE 4.9).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use instrument::procedure::{ClockKind, Due, Edge, Phrase, Silence, StateKind, Step};
use instrument::who::Set;
use instrument::{Instrument, Procedure};
use terms::{Code, Hash, Instant, ParticipantId, Role};

use act::value::{FieldValue, Word};

use super::few::Few;

/// A version of the instrument.
#[derive(Clone, Debug)]
pub struct Law {
    /// 1 for the genesis's, and one more with each amendment.
    pub number: u32,
    /// The annex that it was read from.
    pub annex: Hash,
    /// What it says.
    pub instrument: Instrument,
    procedures: BTreeMap<Code, Arc<Procedure>>,
}

impl Law {
    /// The law that this instrument is.
    #[must_use]
    pub fn new(number: u32, annex: Hash, instrument: Instrument) -> Law {
        let procedures = instrument.procedures.iter();
        let procedures =
            procedures.map(|(name, procedure)| (name.clone(), Arc::new(procedure.clone()))).collect();
        Law { number, annex, instrument, procedures }
    }

    /// The procedure of a kind of matter.
    #[must_use]
    pub fn procedure(&self, kind: &Code) -> Option<&Arc<Procedure>> {
        self.procedures.get(kind)
    }

    /// Where the states of a kind of matter under the version before are now; none, if such matters go on as they were.
    #[must_use]
    pub fn transition(&self, kind: &Code) -> Option<&BTreeMap<Code, Code>> {
        self.instrument.transitions.get(kind)
    }

    /// The role of a participant.
    #[must_use]
    pub fn role(&self, who: &ParticipantId) -> Option<Role> {
        self.instrument.role(who)
    }

    /// Who belongs to a set where there is no matter: nobody opened one, and no field names anybody.
    #[must_use]
    pub fn members_outside(&self, set: &Set) -> BTreeSet<ParticipantId> {
        match set {
            Set::Opener | Set::Field(_) => BTreeSet::new(),
            set => self.instrument.members(set).into_iter().cloned().collect(),
        }
    }
}

/// Whether an opening may name a seat that nobody has taken, and waits for it: a notice may (DECISIONS, *a seat
/// nobody has taken*).
#[must_use]
pub fn waits_for_vacant(kind: &Code, procedure: &Procedure) -> bool {
    procedure.like.as_ref().unwrap_or(kind).as_str() == "notice"
}

/// Whether a step may be taken in a state.
#[must_use]
pub fn is_possible(procedure: &Procedure, step: &Step, state: &Code) -> bool {
    match &step.from {
        instrument::procedure::From::Any => !has_ended(procedure, state),
        instrument::procedure::From::States(states) => states.contains(state),
    }
}

/// Whether a step is asked for, and done when it is taken once: its silence is only noted.
#[must_use]
pub fn is_asked_once(step: &Step) -> bool {
    step.silence == Silence::Noted && step.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Due)
}

/// Whether nothing follows a state.
#[must_use]
pub fn has_ended(procedure: &Procedure, state: &Code) -> bool {
    procedure.state(state).is_none_or(|state| state.kind == StateKind::End)
}

/// How long a clock is, by the codes of a matter's fields; none, if the field that says it is empty.
#[must_use]
pub fn phrase_of<'d>(due: &'d Due, fields: &Few<Code, FieldValue>) -> Option<&'d Phrase> {
    match due {
        Due::Phrase(phrase) => Some(phrase),
        Due::By { field, codes, other } => {
            let FieldValue::One(Word::Code(code)) = fields.get(field)? else { return other.as_ref() };
            codes.get(code).or(other.as_ref())
        }
    }
}

/// The fields that a clock is measured by.
#[must_use]
pub fn fields_of(due: &Due) -> BTreeSet<&Code> {
    let named = |phrase| moment_of(phrase).map(|moment| &moment.field);
    match due {
        Due::Phrase(phrase) => named(phrase).into_iter().collect(),
        Due::By { field, codes, other } => {
            let dates = codes.values().chain(other).filter_map(named);
            dates.chain([field]).collect()
        }
    }
}

/// The time in a field that a phrase names, if it names one.
#[must_use]
pub const fn moment_of(phrase: &Phrase) -> Option<&instrument::procedure::Moment> {
    match phrase {
        Phrase::AfterService(_) | Phrase::AfterFinality(_) => None,
        Phrase::After(moment, _) | Phrase::Before(moment, _) | Phrase::At(moment) => Some(moment),
    }
}

/// The time that a field holds; of a window its start, unless its end is meant.
#[must_use]
pub const fn time_in(value: &FieldValue, edge: Option<Edge>) -> Option<Instant> {
    match (value, edge) {
        (FieldValue::One(Word::Instant(at)), _) => Some(*at),
        (FieldValue::Window(window), Some(Edge::End)) => Some(window.end),
        (FieldValue::Window(window), Some(Edge::Start) | None) => Some(window.start),
        _ => None,
    }
}
