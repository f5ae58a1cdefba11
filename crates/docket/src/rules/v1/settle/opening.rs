//! Opening a matter, and arming clocks (PROCEDURE 4.1, 4.3, 4.4).

use std::collections::BTreeSet;
use std::sync::Arc;

use act::body::{Open, Tier as ActTier};
use act::value::{FieldValue, Fields, MatterRef, StrandName};
use instrument::Procedure;
use instrument::procedure::{Effect, Holds, Phrase, Promise, Silence, Step, Tier};
use terms::{Code, Instant, Kind, ParticipantId, Seconds};

use super::amendment::comes;
use super::fit::{grants_vacant, names_excluded, names_vacant, provisions_bind};
use super::taken_back::DISOWN_WINDOW;
use super::{Context, Settled, Settlement, StrandKey, VoidReason, check_hand};
use crate::rules::v1::clock::{Days, Length, Measure, after, before};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit;
use crate::rules::v1::few::Few;
use crate::rules::v1::law::{Law, is_possible, moment_of, phrase_of, time_in, waits_for_vacant};
use crate::rules::v1::matter::{Armed, Cause, Coming, Left, Matter, MatterKey, Said, Strand, product};
use crate::rules::v1::voices::Decision;

/// A matter that is about to be opened.
pub(super) struct Opening<'a> {
    pub(super) id: MatterRef,
    pub(super) kind: &'a Code,
    pub(super) law: &'a Arc<Law>,
    pub(super) procedure: &'a Arc<Procedure>,
    pub(super) tier: ActTier,
    pub(super) fields: Fields,
    /// Which of the strands; all, if none is named.
    pub(super) strands: &'a [StrandName],
    /// The matter whose step opens it.
    pub(super) parent: Option<&'a Matter>,
}

impl Settlement {
    pub(super) fn open(
        &mut self,
        settled: &Settled,
        open: &Open,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let law = self.law.clone();
        let procedure = law.procedure(&open.procedure);
        if let Some(procedure) = procedure {
            names_excluded(procedure, &open.fields, context)?;
        }
        exhibit::check_files(context.ledger, &open.files)?;
        let procedure = procedure.ok_or(VoidReason::Unknown)?;
        if self.closed.is_some() {
            return Err(VoidReason::Closed);
        }
        let opening = Opening {
            id: MatterRef::Opened(settled.id),
            kind: &open.procedure,
            law: &law,
            procedure,
            tier: open.tier.unwrap_or_else(|| first_tier(procedure)),
            fields: open.fields.clone(),
            strands: &open.strands,
            parent: None,
        };
        let mut matter = self.new_matter(&opening, settled);
        let nobody = nobody();
        let may = |item: &instrument::who::Item| {
            let one = instrument::who::Deciders(vec![item.clone()]);
            matter.may(&settled.by, &one, &nobody, &|who| context.is_vacant(who))
        };
        if settled.hand.transcribed == Some(false) || !procedure.open.by.0.iter().all(may) {
            return Err(VoidReason::NoPower);
        }
        check_hand(&law, (Kind::Open, None), settled)?;
        let names_vacant =
            names_vacant(&law, procedure, &open.fields, context) || grants_vacant(&open.files, context);
        if !waits_for_vacant(&open.procedure, procedure) && names_vacant {
            return Err(VoidReason::Vacant);
        }
        // What a step says, nobody says beforehand.
        if open.fields.keys().any(|field| procedure.comes_later(field)) {
            return Err(VoidReason::Form);
        }
        let strands = self.check_opening(&opening, &matter)?;
        Self::check_seen(&matter, &strands, open.files.iter().flat_map(|file| &file.grants))?;
        self.check_citable(open.fields.values())?;
        matter.reference = self.next_reference(&procedure.reference, settled.effective);
        let phrase = procedure.open.due.as_ref().and_then(|due| phrase_of(due, &matter.fields));
        let due =
            phrase.and_then(|phrase| date_of(phrase, &matter.fields, &Days::of(&law, &BTreeSet::new())));
        // Backwards: notice is given when it can be read, so the high edge counts (T19).
        let counted = if matches!(phrase, Some(Phrase::Before(..))) {
            settled.counted_backwards()
        } else {
            settled.counted()
        };
        let key = MatterKey::opened(settled.index);
        self.begin_matter(key, matter, settled);
        if due.is_some_and(|due| counted > due) {
            let id = MatterRef::Opened(settled.id);
            self.happened(settled.effective, Some(settled.index), What::OpenedLate(id));
        }
        self.begin_strands(key, strands, settled.effective, &settled.cause(), context);
        self.file(settled, &open.files, Some(key));
        Ok(())
    }

    /// The matter as it would be opened, in no state yet.
    pub(super) fn new_matter(&self, opening: &Opening<'_>, settled: &Settled) -> Matter {
        #[expect(clippy::expect_used, reason = "a procedure's reference is 3 to 5 capitals")]
        let no_reference = terms::Reference::new(&opening.procedure.reference, 0, 1).expect("a reference");
        Matter {
            id: opening.id,
            // Void openings take no number: the reference is given when all else holds.
            reference: no_reference,
            kind: opening.kind.clone(),
            law: opening.law.clone(),
            procedure: opening.procedure.clone(),
            opener: settled.by.clone(),
            tier: opening.tier,
            opened: settled.effective,
            fields: opening.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            strands: Few::new(),
            said: Few::new(),
            withdrawn: Vec::new(),
            withdrew: Few::new(),
            parent: None,
            disowned: false,
            filled: Vec::new(),
        }
    }

    /// Line 9 of PROCEDURE §3 for an opening. Gives its strands.
    pub(super) fn check_opening(
        &self,
        opening: &Opening<'_>,
        matter: &Matter,
    ) -> Result<Vec<StrandName>, VoidReason> {
        let (procedure, fields) = (opening.procedure, &opening.fields);
        if !procedure.tiers.contains(&tier_of(opening.tier)) {
            return Err(VoidReason::Form);
        }
        // What it comes from stands in a field of its own, which nobody gives, in whatever state that is.
        let is_parent = |name: &Code| {
            let holds = procedure.fields.get(name).map(|field| &field.holds);
            matches!((holds, &opening.parent), (Some(Holds::Matter { kind: Some(kind), .. }), Some(parent)) if *kind == parent.kind)
        };
        if procedure.fields.iter().any(|(name, field)| !field.optional && !fields.contains_key(name)) {
            return Err(VoidReason::Form);
        }
        let all = product(procedure, fields);
        let chosen = if opening.strands.is_empty() { all.clone() } else { opening.strands.to_vec() };
        let distinct: BTreeSet<&StrandName> = chosen.iter().collect();
        if chosen.is_empty()
            || distinct.len() != chosen.len()
            || !chosen.iter().all(|name| all.contains(name))
            || !provisions_bind((procedure, opening.law), &matter.fields, &chosen)
        {
            return Err(VoidReason::Form);
        }
        let given = fields.iter().filter(|(name, _)| !is_parent(name));
        self.check_fields(given, matter, &chosen)?;
        Ok(chosen)
    }

    /// Puts a matter on the docket.
    pub(super) fn begin_matter(&mut self, key: MatterKey, mut matter: Matter, settled: &Settled) {
        let here = Some(settled.index);
        let (id, kind) = (matter.id, matter.kind.clone());
        let what = What::Opened(id, kind, matter.reference.clone(), settled.by.clone());
        self.happened(settled.effective, here, what);
        let said = Said { id: settled.id, by: settled.by.clone(), step: None };
        matter.said.insert(settled.index, said);
        self.by_ref.insert(id, key);
        self.of_kind.entry(matter.kind.clone()).or_default().insert(key, ());
        self.matters.insert(key, matter);
        self.open.insert(key, ());
    }

    pub(super) fn begin_strands(
        &mut self,
        key: MatterKey,
        strands: Vec<StrandName>,
        at: Instant,
        cause: &Cause,
        context: Context<'_>,
    ) {
        let Some(begins) = self.matters.get(&key).map(|matter| matter.procedure.open.to.clone()) else {
            return;
        };
        for name in strands {
            self.enter(&(key, name), Entering::plain(&begins, at, cause), context);
        }
    }

    /// A strand enters a state: what ran there before is kept aside while a root may still take back
    /// what moved it on, and the clocks of every step that is possible there are armed, but of one
    /// whose own silence leads there: it is late already (4.3).
    pub(super) fn enter(&mut self, key: &StrandKey, entering: Entering<'_>, context: Context<'_>) {
        let Entering { state, at, cause, decision, keeps, done } = entering;
        let Some(found) = self.matters.get_mut(&key.0) else { return };
        let (id, procedure) = (found.id, found.procedure.clone());
        let mut held = Vec::new();
        match found.strands.get_mut(&key.1) {
            Some(strand) => {
                let clocks = std::mem::take(&mut strand.clocks);
                for clock in clocks.values() {
                    held.extend(clock.held.iter().map(|held| (held.index, held.act)));
                }
                let first = !strand.been.contains(&strand.state);
                if first {
                    strand.been.reserve_exact(1);
                    strand.been.push(strand.state.clone());
                }
                let voices = std::mem::take(&mut strand.voices);
                if let Some(step) = keeps.filter(|step| possible_by_name(&procedure, step, state))
                    && let Some(standing) = voices.get(step)
                {
                    strand.voices.insert(step.clone(), standing.clone());
                }
                strand.done.clear();
                strand.coming = None;
                if let Cause::Act { high, .. } = cause {
                    strand.acted = *high;
                }
                let left = Left {
                    state: std::mem::replace(&mut strand.state, state.clone()),
                    since: std::mem::replace(&mut strand.since, at),
                    cause: std::mem::replace(&mut strand.cause, cause.index()),
                    decision: std::mem::replace(&mut strand.decision, decision.map(Box::new)),
                    clocks,
                    voices,
                    silenced: std::mem::take(&mut strand.silenced),
                    sought: Vec::new(),
                    at,
                    stayed: false,
                    first,
                };
                strand.left.push(left);
            }
            None => {
                let strand = Strand::new(state.clone(), at, cause.index(), cause.base());
                found.strands.insert(key.1.clone(), strand);
            }
        }
        // A held step waited for a stamp on a clock that nobody waits for any more.
        for (index, act) in held {
            self.no_longer_awaited(&act, key);
            self.void(at, index, VoidReason::Late);
        }
        self.happened(at, cause.index(), What::Entered(id, key.1.clone(), state.clone()));
        let forgotten = self.forget_relief_voices(key);
        match cause.index() {
            Some(index) => {
                self.touch(index, key);
                let strand = self.strand_mut(key);
                if let Some(left) = strand.and_then(|strand| strand.left.last_mut()) {
                    left.sought = forgotten;
                }
            }
            // Where a silence led, nothing can be taken back but what was before.
            None => self.prune(key),
        }
        let possible = procedure.steps.iter().filter(|(_, rule)| {
            let leads_here = matches!(&rule.silence, Silence::Moves { to, .. } if to == state);
            rule.clock.is_some() && !leads_here && is_possible(&procedure, rule, state)
        });
        for (step, _) in possible.filter(|(step, _)| !done.contains(step)) {
            self.arm(key, &procedure, step, cause, context);
        }
        self.begin_effect(key, cause.base(), context);
        self.note_open(key.0);
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
        let Some(rule) = procedure.step(step) else { return };
        let (Some(clock), Some(found)) = (&rule.clock, self.matters.get(&key.0)) else { return };
        let fields = found.fields_of(&key.1);
        let Some(phrase) = phrase_of(&clock.due, &fields) else { return };
        let asked = asked(found, rule, &key.1, context);
        // Who is named and whose seat is empty: the clock has no base till it is taken.
        let vacant = asked.iter().any(|who| context.is_vacant(who));
        let days = Days::of(&found.law, &asked);
        let length = match (Length::from_base(phrase), date_of(phrase, &fields, &days)) {
            (Some(length), _) => length,
            (None, Some(date)) => Length::Fixed(date),
            (None, None) => return,
        };
        let waits = match phrase {
            Phrase::AfterService(_) => Some(self.wait_for_service(&found.law, &asked, cause, context)),
            _ if vacant => Some(Self::wait_for_seats(&asked, cause, context)),
            _ => None,
        };
        let carriage = clock.carriage.unwrap_or(found.law.instrument.calendar.carriage);
        let measure = Measure::new(cause.base(), length, carriage);
        let by_service = matches!(phrase, Phrase::AfterService(_));
        let mut armed = Armed {
            cause: cause.clone(),
            kind: clock.kind,
            asked,
            measure: waits.is_none().then_some(measure),
            waits,
            times: None,
            served_by: Vec::new(),
            deemed: Few::new(),
            after_seating: BTreeSet::new(),
            anew: Few::new(),
            stood: Vec::new(),
            once: Few::new(),
            extensions: 0,
            noted: false,
            held: Vec::new(),
        };
        if by_service {
            let asked = armed.asked.clone();
            self.note_own_act(&mut armed, (&found.law, &asked), cause, context);
        }
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

    /// The length of a step's clock, as the fields stand for its strand.
    pub(super) fn length_of(
        &self,
        key: &StrandKey,
        step: &Code,
        asked: &BTreeSet<ParticipantId>,
    ) -> Option<Length> {
        let found = self.matters.get(&key.0)?;
        length_in(found, &found.fields_of(&key.1), step, asked)
    }

    pub(super) fn carriage(&self, matter: MatterKey, step: &Code) -> Seconds {
        let Some(found) = self.matters.get(&matter) else { return self.law.instrument.calendar.carriage };
        let clock = found.procedure.step(step).and_then(|rule| rule.clock.as_ref());
        clock.and_then(|clock| clock.carriage).unwrap_or(found.law.instrument.calendar.carriage)
    }

    pub(super) fn rule(&self, matter: MatterKey, step: &Code) -> Option<&Step> {
        self.matters.get(&matter)?.procedure.step(step)
    }

    /// What the state that a strand has entered does to the whole agreement.
    pub(super) fn begin_effect(&mut self, key: &StrandKey, base: Instant, context: Context<'_>) {
        self.sync_pause(key, base, context);
        let Some(procedure) = self.procedure_of(key.0).filter(|procedure| !procedure.effects.is_empty())
        else {
            return;
        };
        // Its own text's, and no less than it takes to disown what led there.
        let own =
            self.matters.get(&key.0).map_or(Seconds(0), |matter| matter.law.instrument.calendar.carriage);
        let carriage = own.max(self.law.instrument.calendar.carriage);
        if self.stands_on_nothing(key) {
            return;
        }
        let Some(strand) = self.strand_mut(key) else { return };
        let Some(effect @ (Effect::Amend | Effect::Close)) = procedure.effects.get(&strand.state) else {
            return;
        };
        let measure = Measure::new(strand.acted, Length::Exact(DISOWN_WINDOW), carriage);
        let at = comes(&measure, strand.since, context);
        strand.coming = Some(Box::new(Coming { effect: *effect, measure, at }));
    }
}

/// A state that a strand is about to enter.
pub(super) struct Entering<'a> {
    pub(super) state: &'a Code,
    pub(super) at: Instant,
    pub(super) cause: &'a Cause,
    /// The voices that lead there, if it took several.
    pub(super) decision: Option<Decision>,
    /// A step whose voices stand there too, since its own silence led there.
    pub(super) keeps: Option<&'a Code>,
    /// Steps that are done, and not asked for again.
    pub(super) done: &'a [Code],
}

impl<'a> Entering<'a> {
    pub(super) const fn plain(state: &'a Code, at: Instant, cause: &'a Cause) -> Entering<'a> {
        Entering { state, at, cause, decision: None, keeps: None, done: &[] }
    }
}

impl Settled {
    pub(super) fn cause(&self) -> Cause {
        Cause::Act {
            index: self.index,
            id: self.id,
            high: self.high,
            by: self.signer.clone(),
            known: self.known,
        }
    }
}

impl Days {
    /// The days of an instrument's zone, and the holidays of everyone asked.
    pub(super) fn of(law: &Law, asked: &BTreeSet<ParticipantId>) -> Days {
        let calendar = &law.instrument.calendar;
        let holidays = asked.iter().filter_map(|who| calendar.holidays.get(who)).flatten().copied().collect();
        Days { offset_s: i64::from(calendar.zone_offset_minutes) * 60, holidays }
    }
}

impl Length {
    /// The length of a clock that runs from a base; none of one that runs to a date.
    fn from_base(phrase: &Phrase) -> Option<Length> {
        match phrase {
            Phrase::AfterService(span) | Phrase::AfterFinality(span) => Some(Length::of(*span)),
            Phrase::After(..) | Phrase::Before(..) | Phrase::At(_) => None,
        }
    }
}

/// The length of a step's clock in a matter, if its fields stand so.
pub(super) fn length_in(
    matter: &Matter,
    fields: &Few<Code, FieldValue>,
    step: &Code,
    asked: &BTreeSet<ParticipantId>,
) -> Option<Length> {
    let phrase = phrase_of(&matter.procedure.step(step)?.clock.as_ref()?.due, fields)?;
    Length::from_base(phrase)
        .or_else(|| date_of(phrase, fields, &Days::of(&matter.law, asked)).map(Length::Fixed))
}

/// The strand of a matter that has but one.
pub(super) fn nobody() -> StrandName {
    #[expect(clippy::expect_used, reason = "a code that is written here")]
    StrandName::new("all".to_owned()).expect("a strand")
}

/// The tier of an opening that names none.
pub(super) fn first_tier(procedure: &Procedure) -> ActTier {
    match procedure.tiers.first() {
        Some(Tier::WithoutPrejudice) => ActTier::WithoutPrejudice,
        Some(Tier::Record) | None => ActTier::Record,
    }
}

const fn tier_of(tier: ActTier) -> Tier {
    match tier {
        ActTier::Record => Tier::Record,
        ActTier::WithoutPrejudice => Tier::WithoutPrejudice,
    }
}

/// Whom a step asks. Nothing is adopted by silence while a party's seat is empty: it is waited for.
pub(super) fn asked(
    matter: &Matter,
    rule: &Step,
    strand: &StrandName,
    context: Context<'_>,
) -> BTreeSet<ParticipantId> {
    let adopts = matches!(rule.silence, Silence::Moves { how: Promise::Adopt, .. });
    let is_absent = |who: &ParticipantId| {
        context.is_vacant(who) && !(adopts && matter.law.role(who) == Some(terms::Role::Party))
    };
    matter.asked(&rule.by, strand, &is_absent)
}

fn possible_by_name(procedure: &Procedure, step: &Code, state: &Code) -> bool {
    procedure.step(step).is_some_and(|rule| is_possible(procedure, rule, state))
}

/// The date of a clock that is due at a time in a field, or so long before or after it: as it is written.
pub(super) fn date_of(phrase: &Phrase, fields: &Few<Code, FieldValue>, days: &Days) -> Option<Instant> {
    let named = moment_of(phrase)?;
    let moment = time_in(fields.get(&named.field)?, named.edge)?;
    Some(match phrase {
        Phrase::Before(_, span) => before(moment, *span, days),
        Phrase::After(_, span) => after(moment, *span, days),
        Phrase::AfterService(_) | Phrase::AfterFinality(_) | Phrase::At(_) => moment,
    })
}
