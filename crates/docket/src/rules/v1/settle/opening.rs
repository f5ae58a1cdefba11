//! Opening a matter, and entering a state (PROCEDURE 4.1, 4.3, 4.4).

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Open, Tier};
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use terms::{Code, Instant, ParticipantId, Seconds};

use super::{Context, Settled, Settlement, VoidReason};
use crate::rules::v1::clock::{Length, Measure};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit;
use crate::rules::v1::matter::{Armed, Cause, Left, Matter, Strand, participants, product, words};
use crate::rules::v1::procedure::{ClockKind, Field, Holds, Phrase, Procedure, Silence, StateKind};

impl Settlement {
    pub(super) fn open(
        &mut self,
        settled: &Settled<'_>,
        open: &Open,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        let named = open
            .fields
            .values()
            .flat_map(|value| words(Some(value)).map(Word::to_string).collect::<Vec<_>>());
        if named.into_iter().any(|word| ledger.excluded.names(&word).is_some()) {
            return Err(VoidReason::Excluded);
        }
        exhibit::check_files(ledger, &open.files)?;
        let procedure = self.law.procedures.get(&open.procedure).ok_or(VoidReason::Unknown)?.clone();
        let reference = self.peek_kind(&procedure);
        let mut matter = Matter {
            id: MatterRef::Opened(settled.id),
            // Void openings take no number: the reference is given when all else holds.
            reference,
            kind: open.procedure.clone(),
            opener: settled.by.clone(),
            tier: open.tier.unwrap_or_default(),
            opened: settled.effective,
            fields: open.fields.clone(),
            strands: BTreeMap::new(),
            disowned: false,
        };
        let nobody = StrandName::new("all".to_owned()).map_err(|_| VoidReason::Form)?;
        if !matter.who(&procedure.opened_by, &nobody, &procedure, ledger).contains(&settled.by) {
            return Err(VoidReason::NoPower);
        }
        if !procedure.waits_for_vacant && names_vacant(&procedure, &open.fields, context) {
            return Err(VoidReason::Vacant);
        }
        if matter.tier != Tier::Record {
            return Err(VoidReason::Form);
        }
        check_fields(&procedure, &open.fields, &matter, &nobody, context, &self.by_ref)?;
        for (name, field) in &procedure.fields {
            if !field.optional && !open.fields.contains_key(name) {
                return Err(VoidReason::Form);
            }
        }
        let all = product(&procedure, &open.fields);
        let chosen = if open.strands.is_empty() { all.clone() } else { open.strands.clone() };
        let distinct: BTreeSet<&StrandName> = chosen.iter().collect();
        if chosen.is_empty()
            || distinct.len() != chosen.len()
            || !chosen.iter().all(|name| all.contains(name))
        {
            return Err(VoidReason::Form);
        }
        matter.reference = self.next_reference(procedure.reference, settled.effective);
        let late = procedure.open_due.as_ref().and_then(|phrase| {
            let length = length_by_field(phrase, &matter.fields, &self.days(&BTreeSet::new()))?;
            let Length::Fixed(due) = length else { return None };
            // Backwards: notice is given when it can be read, so the high edge counts (T19).
            Some(settled.counted_backwards() > due)
        });
        self.happened(
            settled.effective,
            Some(settled.index),
            What::Opened(matter.id, matter.kind.clone(), matter.reference.clone(), settled.by.clone()),
        );
        if late == Some(true) {
            self.happened(settled.effective, Some(settled.index), What::OpenedLate(matter.id));
        }
        self.by_ref.insert(matter.id, settled.index);
        self.matters.insert(settled.index, matter);
        for name in chosen {
            self.enter(
                settled.index,
                &name,
                &procedure.begins,
                settled.effective,
                settled.cause(),
                None,
                context,
            );
        }
        self.file(settled, &open.files, Some(settled.index));
        Ok(())
    }

    fn peek_kind(&self, procedure: &Procedure) -> terms::Reference {
        #[expect(clippy::expect_used, reason = "a procedure's reference is 3 to 5 capitals")]
        terms::Reference::new(procedure.reference, 0, 1).expect("a reference")
    }

    /// A strand enters a state: what ran there before is kept aside, and the clocks of every step
    /// that is possible there are armed, but of the one whose own silence led there.
    #[expect(clippy::too_many_arguments, reason = "each says something else about one entering")]
    pub(super) fn enter(
        &mut self,
        matter: u64,
        name: &StrandName,
        state: &Code,
        at: Instant,
        cause: Cause,
        by_silence_of: Option<&Code>,
        context: Context<'_>,
    ) {
        let Some(found) = self.matters.get_mut(&matter) else { return };
        let id = found.id;
        let Some(procedure) = self.law.procedures.get(&found.kind).cloned() else { return };
        match found.strands.get_mut(name) {
            Some(strand) => {
                let left = Left {
                    state: std::mem::replace(&mut strand.state, state.clone()),
                    since: std::mem::replace(&mut strand.since, at),
                    cause: std::mem::replace(&mut strand.cause, cause.clone()),
                    clocks: std::mem::take(&mut strand.clocks),
                    at,
                };
                strand.left.push(left);
            }
            None => {
                let strand = Strand {
                    state: state.clone(),
                    since: at,
                    cause: cause.clone(),
                    clocks: BTreeMap::new(),
                    labels: Vec::new(),
                    silences: BTreeSet::new(),
                    left: Vec::new(),
                    suspended: Vec::new(),
                    flagged: false,
                };
                found.strands.insert(name.clone(), strand);
            }
        }
        self.happened(at, cause.index(), What::Entered(id, name.clone(), state.clone()));
        let possible: Vec<Code> = procedure
            .steps
            .iter()
            .filter(|(step, rule)| {
                rule.clock.is_some() && by_silence_of != Some(step) && is_possible(&procedure, step, state)
            })
            .filter(|(_, rule)| by_silence_of.is_none() || rule.silence != Silence::Moves(state.clone()))
            .map(|(step, _)| step.clone())
            .collect();
        for step in possible {
            self.arm(matter, name, &step, context);
        }
        self.plan(matter, name);
    }

    /// Arms the clock of a step, from what brought the strand into its state.
    pub(super) fn arm(&mut self, matter: u64, name: &StrandName, step: &Code, context: Context<'_>) {
        let Some(found) = self.matters.get(&matter) else { return };
        let Some(procedure) = self.law.procedures.get(&found.kind) else { return };
        let Some(rule) = procedure.steps.get(step) else { return };
        let (Some(clock), Some(strand)) = (&rule.clock, found.strands.get(name)) else { return };
        let asked = found.who(&rule.by, name, procedure, context.ledger);
        let cause = strand.cause.clone();
        let mut armed = Armed {
            kind: clock.kind,
            asked,
            waits: None,
            measure: None,
            times: None,
            served_by: Vec::new(),
            deemed: BTreeMap::new(),
            after_seating: BTreeSet::new(),
            extensions: 0,
            noted: false,
            held: None,
        };
        // A right presses nobody, but its clock may count from service all the same.
        let _: ClockKind = armed.kind;
        let carriage = clock.carriage.unwrap_or(self.calendar.carriage);
        match &clock.phrase {
            Phrase::AfterService(_) => {
                let waiting = self.wait_for_service(&armed.asked, &cause, context);
                armed.waits = Some(waiting);
            }
            Phrase::AfterFinality(span) => {
                let length = Length::of(*span);
                armed.measure = Some(Measure { base: cause.base(), length, carriage, extended: Seconds(0) });
            }
            Phrase::Before(..) | Phrase::At(_) => {
                let Some(length) = length_by_field(&clock.phrase, &found.fields, &self.days(&armed.asked))
                else {
                    return;
                };
                armed.measure = Some(Measure { base: cause.base(), length, carriage, extended: Seconds(0) });
            }
        }
        let waits = armed.waits.is_some();
        let at = cause.base();
        if let Some(strand) = self.matters.get_mut(&matter).and_then(|m| m.strands.get_mut(name)) {
            strand.clocks.insert(step.clone(), armed);
        }
        let key = (matter, name.clone());
        if waits {
            self.start_if_served(&key, step, at, context);
        } else {
            self.announce_clock(&key, step, at, context);
        }
    }

    /// The length of a step's clock that counts from service.
    pub(super) fn length_from_base(&self, matter: u64, step: &Code) -> Option<Length> {
        let rule = self.rule(matter, step)?;
        match &rule.clock.as_ref()?.phrase {
            Phrase::AfterService(span) | Phrase::AfterFinality(span) => Some(Length::of(*span)),
            Phrase::Before(..) | Phrase::At(_) => None,
        }
    }

    pub(super) fn carriage(&self, matter: u64, step: &Code) -> Seconds {
        let own =
            self.rule(matter, step).and_then(|rule| rule.clock.as_ref()).and_then(|clock| clock.carriage);
        own.unwrap_or(self.calendar.carriage)
    }

    pub(super) fn rule(&self, matter: u64, step: &Code) -> Option<&crate::rules::v1::procedure::Step> {
        self.law.procedures.get(&self.matters.get(&matter)?.kind)?.steps.get(step)
    }
}

impl Settled<'_> {
    pub(super) fn cause(&self) -> Cause {
        Cause::Act { index: self.index, id: self.id, high: self.high, by: self.by.clone() }
    }

    /// What counts for a clock that runs backwards: the earlier of `high` and the intakes (T19).
    pub(super) fn counted_backwards(&self) -> Instant {
        if self.counted < self.effective { self.counted } else { self.high }
    }
}

/// Whether a step may be taken in a state.
pub(super) fn is_possible(procedure: &Procedure, step: &Code, state: &Code) -> bool {
    let Some(rule) = procedure.steps.get(step) else { return false };
    if rule.from.is_empty() {
        procedure.states.get(state).is_some_and(|kind| *kind != StateKind::End)
    } else {
        rule.from.contains(state)
    }
}

/// The length of a clock that is due at a time in a field, or so long before it.
pub(super) fn length_by_field(
    phrase: &Phrase,
    fields: &Fields,
    days: &crate::rules::v1::clock::Days,
) -> Option<Length> {
    let (field, span) = match phrase {
        Phrase::Before(field, span) => (field, Some(*span)),
        Phrase::At(field) => (field, None),
        Phrase::AfterService(_) | Phrase::AfterFinality(_) => return None,
    };
    let moment = match fields.get(field)? {
        FieldValue::One(Word::Instant(at)) => *at,
        FieldValue::Window(window) => window.start,
        _ => return None,
    };
    Some(Length::before(moment, span, days))
}

/// Whether a field of participants names a seat that nobody has taken.
pub(super) fn names_vacant(procedure: &Procedure, fields: &Fields, context: Context<'_>) -> bool {
    procedure
        .fields
        .iter()
        .filter(|(_, field)| matches!(field.holds, Holds::Participant(_)))
        .flat_map(|(name, _)| participants(fields.get(name)))
        .any(|who: ParticipantId| context.ledger.is_vacant(&who))
}

/// Whether each value is of its field's kind.
pub(super) fn check_fields(
    procedure: &Procedure,
    fields: &Fields,
    matter: &Matter,
    strand: &StrandName,
    context: Context<'_>,
    matters: &BTreeMap<MatterRef, u64>,
) -> Result<(), VoidReason> {
    for (name, value) in fields {
        let field = procedure.fields.get(name).ok_or(VoidReason::Form)?;
        if !fits(field, value, procedure, matter, strand, context, matters) {
            return Err(VoidReason::Form);
        }
    }
    Ok(())
}

fn fits(
    field: &Field,
    value: &FieldValue,
    procedure: &Procedure,
    matter: &Matter,
    strand: &StrandName,
    context: Context<'_>,
    matters: &BTreeMap<MatterRef, u64>,
) -> bool {
    let word = |word: &Word| match (&field.holds, word) {
        (Holds::Codes(codes), Word::Code(code)) => codes.contains(code),
        (Holds::Provision, Word::Code(_)) | (Holds::Instant, Word::Instant(_)) => true,
        (Holds::Participant(set), Word::Code(code)) => ParticipantId::new(code.as_str())
            .is_some_and(|who| matter.who(set, strand, procedure, context.ledger).contains(&who)),
        (Holds::Matter, Word::Hash(hash)) => {
            let named = MatterRef::Opened(terms::ActId(*hash));
            named != matter.id && matters.contains_key(&named)
        }
        (Holds::Matter, Word::Item(item)) => matters.contains_key(&MatterRef::ByStep(*item)),
        _ => false,
    };
    match value {
        FieldValue::One(one) => !field.several && word(one),
        FieldValue::Several(several) => field.several && several.iter().all(word),
        FieldValue::Count(_) => matches!(field.holds, Holds::Count),
        FieldValue::Window(_) => matches!(field.holds, Holds::Window),
        FieldValue::Place(_) => matches!(field.holds, Holds::Place),
    }
}
