//! Opening a matter, and entering a state (PROCEDURE 4.1, 4.3, 4.4).

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Open, Tier};
use act::value::{FieldValue, Fields, File, MatterRef, StrandName, Word};
use terms::{Code, Instant, ParticipantId, Seconds};

use super::{Context, Settled, Settlement, StrandKey, VoidReason};
use crate::rules::v1::clock::{Days, Length, Measure};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit;
use crate::rules::v1::few::Few;
use crate::rules::v1::matter::{Armed, Cause, Left, Matter, Strand, participants, product};
use crate::rules::v1::procedure::{Field, Holds, Phrase, Procedure, Silence, StateKind};

impl Settlement {
    pub(super) fn open(
        &mut self,
        settled: &Settled<'_>,
        open: &Open,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        let procedure = self.procedures.get(&open.procedure).cloned();
        if let Some(procedure) = &procedure {
            names_excluded(procedure, &open.fields, context)?;
        }
        exhibit::check_files(ledger, &open.files)?;
        let procedure = procedure.ok_or(VoidReason::Unknown)?;
        let nobody = StrandName::new("all".to_owned()).map_err(|_| VoidReason::Form)?;
        #[expect(clippy::expect_used, reason = "a procedure's reference is 3 to 5 capitals")]
        let no_reference = terms::Reference::new(procedure.reference, 0, 1).expect("a reference");
        let mut matter = Matter {
            id: MatterRef::Opened(settled.id),
            // Void openings take no number: the reference is given when all else holds.
            reference: no_reference,
            kind: open.procedure.clone(),
            opener: settled.by.clone(),
            tier: open.tier.unwrap_or_default(),
            opened: settled.effective,
            fields: open.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            strands: Few::new(),
            disowned: false,
        };
        if !matter.is_one(&settled.by, &procedure.opened_by, &nobody, &procedure, ledger) {
            return Err(VoidReason::NoPower);
        }
        let names_vacant =
            names_vacant(&procedure, &open.fields, context) || grants_vacant(&open.files, context);
        if !procedure.waits_for_vacant && names_vacant {
            return Err(VoidReason::Vacant);
        }
        if matter.tier != Tier::Record {
            return Err(VoidReason::Form);
        }
        check_fields(&procedure, &open.fields, &matter, &nobody, context, &self.by_ref)?;
        if procedure.fields.iter().any(|(name, field)| !field.optional && !open.fields.contains_key(name)) {
            return Err(VoidReason::Form);
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
        let due = procedure
            .open_due
            .as_ref()
            .and_then(|phrase| date_of(phrase, &matter.fields, &self.days(&BTreeSet::new())));
        let here = Some(settled.index);
        self.happened(
            settled.effective,
            here,
            What::Opened(matter.id, matter.kind.clone(), matter.reference.clone(), settled.by.clone()),
        );
        // Backwards: notice is given when it can be read, so the high edge counts (T19).
        if due.is_some_and(|due| settled.counted_backwards() > due) {
            self.happened(settled.effective, here, What::OpenedLate(matter.id));
        }
        self.by_ref.insert(matter.id, settled.index);
        self.matters.insert(settled.index, matter);
        self.open.insert(settled.index);
        for name in chosen {
            let key = (settled.index, name);
            self.enter(&key, &procedure.begins, settled.effective, &settled.cause(), context);
        }
        self.file(settled, &open.files, Some(settled.index));
        Ok(())
    }

    /// A strand enters a state: what ran there before is kept aside while a root may still take back
    /// what moved it on, and the clocks of every step that is possible there are armed, but of one
    /// whose own silence leads there: it is late already (4.3).
    pub(super) fn enter(
        &mut self,
        key: &StrandKey,
        state: &Code,
        at: Instant,
        cause: &Cause,
        context: Context<'_>,
    ) {
        let Some(procedure) = self.procedure_of(key.0) else { return };
        let Some(found) = self.matters.get_mut(&key.0) else { return };
        let id = found.id;
        let mut held = Vec::new();
        match found.strands.get_mut(&key.1) {
            Some(strand) => {
                let clocks = std::mem::take(&mut strand.clocks);
                for clock in clocks.values() {
                    held.extend(clock.held.iter().map(|held| (held.index, held.act)));
                }
                if !strand.been.contains(&strand.state) {
                    strand.been.reserve_exact(1);
                    strand.been.push(strand.state.clone());
                }
                let left = Left {
                    state: std::mem::replace(&mut strand.state, state.clone()),
                    since: std::mem::replace(&mut strand.since, at),
                    cause: std::mem::replace(&mut strand.cause, cause.index()),
                    clocks,
                    at,
                    stayed: false,
                };
                strand.left.push(left);
            }
            None => {
                found.strands.insert(key.1.clone(), Strand::new(state.clone(), at, cause.index()));
            }
        }
        // A held step waited for a stamp on a clock that nobody waits for any more.
        for (index, act) in held {
            self.no_longer_awaited(&act, key);
            self.void(at, index, VoidReason::Late);
        }
        self.happened(at, cause.index(), What::Entered(id, key.1.clone(), state.clone()));
        match cause.index() {
            Some(index) => self.touch(index, key),
            // Where a silence led, nothing can be taken back but what was before.
            None => self.prune(key),
        }
        let possible = procedure.steps.iter().filter(|(step, rule)| {
            rule.clock.is_some()
                && rule.silence != Silence::Moves(state.clone())
                && is_possible(&procedure, step, state)
        });
        for (step, _) in possible {
            self.arm(key, &procedure, step, cause, context);
        }
        self.note_open(key.0, &procedure);
        self.plan(key);
    }

    fn prune(&mut self, key: &StrandKey) {
        let reach = self.reach();
        if let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) {
            strand.forget_before(reach);
        }
    }

    /// Arms the clock of a step, from what brought the strand into its state.
    pub(super) fn arm(
        &mut self,
        key: &StrandKey,
        procedure: &Procedure,
        step: &Code,
        cause: &Cause,
        context: Context<'_>,
    ) {
        let Some(rule) = procedure.steps.get(step) else { return };
        let (Some(clock), Some(found)) = (&rule.clock, self.matters.get(&key.0)) else { return };
        let asked = found.asked(&rule.by, &key.1, procedure, context.ledger, &|who| context.is_vacant(who));
        // Who is named and whose seat is empty: the clock has no base till it is taken.
        let vacant = asked.iter().any(|who| context.is_vacant(who));
        let date = date_of(&clock.phrase, &found.fields, &self.days(&asked));
        let length = match (&clock.phrase, date) {
            (Phrase::AfterService(span) | Phrase::AfterFinality(span), _) => Length::of(*span),
            (Phrase::Before(..) | Phrase::At(_), Some(date)) => Length::Fixed(date),
            (Phrase::Before(..) | Phrase::At(_), None) => return,
        };
        let waits = match &clock.phrase {
            Phrase::AfterService(_) => Some(self.wait_for_service(&asked, cause, context)),
            Phrase::AfterFinality(_) | Phrase::Before(..) | Phrase::At(_) if vacant => {
                Some(Self::wait_for_seats(&asked, cause, context))
            }
            Phrase::AfterFinality(_) | Phrase::Before(..) | Phrase::At(_) => None,
        };
        let carriage = clock.carriage.unwrap_or(self.calendar.carriage);
        let measure = Measure { base: cause.base(), length, carriage, extended: Seconds(0) };
        let armed = Armed {
            cause: cause.clone(),
            kind: clock.kind,
            asked,
            measure: waits.is_none().then_some(measure),
            waits,
            times: None,
            served_by: Vec::new(),
            deemed: Few::new(),
            after_seating: BTreeSet::new(),
            extensions: 0,
            noted: false,
            held: Vec::new(),
        };
        let waits = armed.waits.is_some();
        if let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) {
            strand.clocks.insert(step.clone(), armed);
        }
        let at = self.here();
        if waits {
            self.start_if_served(key, step, at, context);
        } else {
            self.announce_clock(key, step, at, context);
        }
    }

    /// The length of a step's clock, as the matter's fields stand.
    pub(super) fn length_of(
        &self,
        matter: u64,
        step: &Code,
        asked: &BTreeSet<ParticipantId>,
    ) -> Option<Length> {
        let rule = self.rule(matter, step)?;
        match &rule.clock.as_ref()?.phrase {
            Phrase::AfterService(span) | Phrase::AfterFinality(span) => Some(Length::of(*span)),
            phrase @ (Phrase::Before(..) | Phrase::At(_)) => {
                date_of(phrase, &self.matters.get(&matter)?.fields, &self.days(asked)).map(Length::Fixed)
            }
        }
    }

    pub(super) fn carriage(&self, matter: u64, step: &Code) -> Seconds {
        let own =
            self.rule(matter, step).and_then(|rule| rule.clock.as_ref()).and_then(|clock| clock.carriage);
        own.unwrap_or(self.calendar.carriage)
    }

    pub(super) fn rule(&self, matter: u64, step: &Code) -> Option<&crate::rules::v1::procedure::Step> {
        self.procedures.get(&self.matters.get(&matter)?.kind)?.steps.get(step)
    }
}

impl Settled<'_> {
    pub(super) fn cause(&self) -> Cause {
        Cause::Act { index: self.index, id: self.id, high: self.high, by: self.by.clone() }
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

/// The date of a clock that is due at a time in a field, or so long before it: as it is written.
pub(super) fn date_of(phrase: &Phrase, fields: &Few<Code, FieldValue>, days: &Days) -> Option<Instant> {
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
    match Length::before(moment, span, days) {
        Length::Fixed(date) => Some(date),
        Length::Exact(_) | Length::Days(_) => None,
    }
}

/// Whether a field of participants names an excluded group. Other fields may: a group can be what a
/// report is about.
pub(super) fn names_excluded(
    procedure: &Procedure,
    fields: &Fields,
    context: Context<'_>,
) -> Result<(), VoidReason> {
    let of_participants = |name: &Code| {
        procedure.fields.get(name).is_some_and(|field| matches!(field.holds, Holds::Participant(_)))
    };
    let named = fields.iter().filter(|(name, _)| of_participants(name));
    let mut words = named.flat_map(|(_, value)| crate::rules::v1::matter::words(Some(value)));
    if words.any(|word| context.ledger.excluded.names(&word.to_string()).is_some()) {
        return Err(VoidReason::Excluded);
    }
    Ok(())
}

/// Whether a field of participants names a seat that nobody has taken.
pub(super) fn names_vacant(procedure: &Procedure, fields: &Fields, context: Context<'_>) -> bool {
    procedure
        .fields
        .iter()
        .filter(|(_, field)| matches!(field.holds, Holds::Participant(_)))
        .flat_map(|(name, _)| participants(fields.get(name)))
        .any(|who: ParticipantId| context.is_vacant(&who))
}

/// Whether a file is granted to a seat that nobody has taken.
pub(super) fn grants_vacant(files: &[File], context: Context<'_>) -> bool {
    files.iter().flat_map(|file| &file.grants).any(|grant| context.is_vacant(&grant.to))
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
            .is_some_and(|who| matter.is_one(&who, set, strand, procedure, context.ledger)),
        (Holds::Matter, Word::Hash(hash)) => {
            let named = MatterRef::Opened(terms::ActId(*hash));
            named != matter.id && matters.contains_key(&named)
        }
        (Holds::Matter, Word::Item(item)) => matters.contains_key(&MatterRef::ByStep(*item)),
        _ => false,
    };
    match value {
        FieldValue::One(one) => !field.several && word(one),
        FieldValue::Several(several) => field.several && !several.is_empty() && several.iter().all(word),
        FieldValue::Count(_) => matches!(field.holds, Holds::Count),
        FieldValue::Window(_) => matches!(field.holds, Holds::Window),
        FieldValue::Place(_) => matches!(field.holds, Holds::Place),
    }
}
