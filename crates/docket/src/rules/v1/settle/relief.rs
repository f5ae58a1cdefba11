//! Relief: more time, a pause, a cut; and after a clock has run out, setting aside (TIME T16).

use act::Body;
use act::body::{Cut, Extend, IntakeBody, SetAside, Suspend};
use instrument::procedure::Silence;
use instrument::tally::{Needs, Seats};
use instrument::who::Set;
use terms::{Code, Instant, Kind, ParticipantId, Role, Seconds};

use super::asked::{Asked, may_go_back};
use super::opening::Entering;
use super::sought::{About, Did};
use super::{Context, Settled, Settlement, StrandKey, VoidReason, check_hand};
use crate::rules::v1::clock::{Out, counted};
use crate::rules::v1::event::What;
use crate::rules::v1::law::is_possible;

/// A cut that leaves out less than this is none: many small ones would be work for everybody, and help nobody.
const CUT_LEAST: Seconds = Seconds::hours(1);

impl Settlement {
    pub(super) fn relieve(
        &mut self,
        settled: &Settled,
        body: &Body,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        match body {
            Body::Extend(extend) => self.extend(settled, (extend, body), context),
            Body::Suspend(suspend) => self.suspend(settled, (suspend, body), context),
            Body::Resume(_) => self.resume(settled, body, context),
            Body::Cut(cut) => self.cut(settled, (cut, body), context),
            Body::SetAside(set_aside) => self.set_aside(settled, (set_aside, body), context),
            _ => Err(VoidReason::Unknown),
        }
    }

    /// The strands that relief is for, judged each in the act's order (PROCEDURE §3), and what it takes there. Its own
    /// bounds are the last that is looked at.
    fn relieved(
        &self,
        settled: &Settled,
        body: &Body,
        context: Context<'_>,
    ) -> Result<(Vec<StrandKey>, Vec<Needs>), VoidReason> {
        let asked = Asked::of(body).ok_or(VoidReason::Unknown)?;
        let index = self.matter_index(asked.matter)?;
        let matter = self.matters.get(&index).ok_or(VoidReason::Unknown)?;
        let strands = self.choose_strands(index, asked.strands)?;
        let mut needs = Vec::with_capacity(strands.len());
        for name in &strands {
            let strand = matter.strands.get(name).ok_or(VoidReason::Unknown)?;
            if asked.step().is_some_and(|step| matter.procedure.step(step).is_none()) {
                return Err(VoidReason::Unknown);
            }
            let by = asked.by(&matter.law.instrument.relief).ok_or(VoidReason::NoPower)?;
            let takes = matter.needs(by, name, &|who| context.is_vacant(who));
            if !takes.speakers.contains(&settled.by) {
                return Err(VoidReason::NoPower);
            }
            check_hand(&matter.law, (body.kind(), None), settled)?;
            asked.fits(matter, strand, settled.high)?;
            needs.push(takes);
        }
        Ok((strands.into_iter().map(|name| (index, name)).collect(), needs))
    }

    fn strand(&self, key: &StrandKey) -> Result<&crate::rules::v1::matter::Strand, VoidReason> {
        self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1)).ok_or(VoidReason::Unknown)
    }

    fn extend(
        &mut self,
        settled: &Settled,
        (body, whole): (&Extend, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (keys, needs) = self.relieved(settled, whole, context)?;
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        for key in &keys {
            let Some(strand) = self.strand_mut(key) else { continue };
            let Some(clock) = strand.clocks.get_mut(&body.step) else { continue };
            clock.extensions += 1;
            let cause = clock.cause.clone();
            // An answer that is late so far is late on the same clock.
            let labels = strand
                .labels
                .iter_mut()
                .filter(|label| label.step == body.step && label.clock.cause == cause);
            let same = std::iter::once(&mut *clock).chain(labels.map(|label| &mut label.clock));
            for measure in same.filter_map(|clock| clock.measure.as_mut()) {
                measure.extended = Seconds(measure.extended.0.saturating_add(body.seconds));
            }
            self.did(key, Did::Extended(body.step.clone(), cause, Seconds(body.seconds)));
            self.move_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn suspend(
        &mut self,
        settled: &Settled,
        (body, whole): (&Suspend, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (keys, needs) = self.relieved(settled, whole, context)?;
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        let out: Out = (settled.high, settled.high.plus(Seconds(body.seconds)));
        for key in &keys {
            let Some(found) = self.matters.get_mut(&key.0) else { continue };
            let id = found.id;
            if let Some(strand) = found.strands.get_mut(&key.1) {
                strand.suspended.push((settled.index, out));
            }
            self.did(key, Did::Suspended);
            let what = What::Suspended(id, key.1.clone(), out.1);
            self.happened(settled.effective, Some(settled.index), what);
            self.move_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn resume(&mut self, settled: &Settled, whole: &Body, context: Context<'_>) -> Result<(), VoidReason> {
        let (keys, needs) = self.relieved(settled, whole, context)?;
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        for key in &keys {
            let Some(found) = self.matters.get_mut(&key.0) else { continue };
            let id = found.id;
            let last = found.strands.get_mut(&key.1).and_then(|strand| strand.suspended.last_mut());
            if let Some((pause, (_, to))) = last {
                let did = Did::Resumed(*pause, std::mem::replace(to, settled.high));
                self.did(key, did);
            }
            self.happened(settled.effective, Some(settled.index), What::Resumed(id, key.1.clone()));
            self.move_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn cut(
        &mut self,
        settled: &Settled,
        (body, whole): (&Cut, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        if ledger.excluded.names(body.participant.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        ledger.role(&body.participant).ok_or(VoidReason::Unknown)?;
        let law = self.law.clone();
        let (by, _) = law.instrument.relief.cut.as_ref().ok_or(VoidReason::NoPower)?;
        let members = |set: &Set| law.members_outside(set);
        let seats = Seats {
            members: &members,
            bodies: &law.instrument.bodies,
            vacant: &|who| context.is_vacant(who),
        };
        let needs = Needs::of(by, &seats);
        let role = ledger.role(&settled.by);
        // By a guarantor or the monitor, never by the participant cut (T16).
        if !needs.speakers.contains(&settled.by)
            || !matches!(role, Some(Role::Guarantor | Role::Monitor))
            || settled.by == body.participant
        {
            return Err(VoidReason::NoPower);
        }
        check_hand(&law, (Kind::Cut, None), settled)?;
        let earliest = settled.effective.minus(law.instrument.calendar.carriage);
        let (from, to) = (body.from.max(earliest), body.to.min(settled.high));
        // What is out already is not cut again; how much of it one clock counts, its limit says.
        let before = self.cuts.get(&body.participant).into_iter().flatten().map(|(_, cut)| *cut);
        let known: Vec<Out> = before.chain(context.timeline.dead_since(from).iter().copied()).collect();
        if from >= to || counted(from, to, &known) < CUT_LEAST {
            return Err(VoidReason::Form);
        }
        if !self.seek(settled, About::Cut, whole, vec![needs]) {
            return Ok(());
        }
        self.cuts.entry(body.participant.clone()).or_default().push((settled.index, (from, to)));
        self.happened(settled.effective, Some(settled.index), What::Cut(body.participant.clone(), from, to));
        self.remeasure(settled.effective, settled.high, context);
        Ok(())
    }

    fn set_aside(
        &mut self,
        settled: &Settled,
        (body, whole): (&SetAside, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (keys, needs) = self.relieved(settled, whole, context)?;
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        for key in &keys {
            self.go_back(key, body, settled, context);
        }
        Ok(())
    }

    /// What ran out while a register was silent, set aside by the act with which it goes on (T20): as
    /// far as it can be.
    pub(super) fn set_aside_by_succession(
        &mut self,
        settled: &Settled,
        list: &[SetAside],
        context: Context<'_>,
    ) {
        // The last mark before: what ran out by then did so on a living register.
        let last = context.timeline.low(settled.index);
        for body in list {
            let Ok(index) = self.matter_index(&body.matter) else { continue };
            for name in self.choose_strands(index, &body.strands).unwrap_or_default() {
                let key = (index, name);
                let meanwhile = self.strand(&key).is_ok_and(|strand| {
                    strand.cause.is_none() && last.is_none_or(|last| strand.since > last)
                }) && self.led_by_silence(&key, &body.to);
                let goes = self.procedure_of(index).zip(self.strand(&key).ok());
                if meanwhile && goes.is_some_and(|(law, strand)| may_go_back(&law, strand, &body.to)) {
                    self.go_back(&key, body, settled, context);
                }
            }
        }
    }

    /// Whether a silence of this strand leads from a state to the one that it is in.
    fn led_by_silence(&self, key: &StrandKey, from: &Code) -> bool {
        let (Some(procedure), Ok(strand)) = (self.procedure_of(key.0), self.strand(key)) else {
            return false;
        };
        strand.silences.iter().any(|step| {
            procedure.step(step).is_some_and(|rule| {
                let leads_here = matches!(&rule.silence, Silence::Moves { to, .. } if *to == strand.state);
                leads_here && is_possible(&procedure, rule, from)
            })
        })
    }

    fn go_back(&mut self, key: &StrandKey, body: &SetAside, settled: &Settled, context: Context<'_>) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let what = What::SetAside(id, key.1.clone(), body.to.clone());
        self.happened(settled.effective, Some(settled.index), what);
        self.enter(key, Entering::plain(&body.to, settled.effective, &settled.cause()), context);
    }

    /// How many labels and holds of a strand a stamp may still put in time.
    fn waiting_for_time(&self, key: &StrandKey) -> usize {
        let strand = self.matters.get(&key.0).and_then(|matter| matter.strands.get(&key.1));
        strand.map_or(0, |strand| {
            strand.labels.len() + strand.clocks.values().map(|clock| clock.held.len()).sum::<usize>()
        })
    }

    /// A guarantor's stamp, as an act of its own (T14): for an act to come, or one whose label or hold
    /// is open.
    pub(super) fn stamp(&mut self, settled: &Settled, intake: &IntakeBody, context: Context<'_>) {
        let what = What::Stamped(intake.act, intake.key.clone(), intake.time);
        self.happened(settled.effective, Some(settled.index), what);
        let Some(keys) = self.awaited.get(&intake.act).cloned() else {
            // For one that has settled in full, no stamp changes anything any more.
            if !self.recent.iter().any(|recent| recent.id == intake.act) {
                self.stamps.entry(intake.act).or_default().push((
                    intake.key.clone(),
                    intake.time,
                    settled.index,
                ));
            }
            return;
        };
        let raised = |floor: Option<Instant>| floor.map_or(intake.time, |floor| intake.time.max(floor));
        // Neither its author's nor that of who wrote it down.
        let stamper = intake.key.participant();
        let is_own =
            |by: &ParticipantId, signer: &ParticipantId| stamper == Some(by) || stamper == Some(signer);
        for key in keys {
            let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) else {
                continue;
            };
            let labels = strand.labels.iter_mut();
            for label in labels.filter(|l| l.act == intake.act && !is_own(&l.by, &l.signer)) {
                label.counted = label.counted.min(raised(label.floor));
            }
            for held in strand.clocks.values_mut().flat_map(|clock| &mut clock.held) {
                if held.act == intake.act && !is_own(&held.by, &held.signer) {
                    held.counted = held.counted.min(raised(held.floor));
                }
            }
            let before = self.waiting_for_time(&key);
            self.move_strand(&key, settled.effective, settled.high, context);
            if self.waiting_for_time(&key) < before {
                self.note_helped(settled.index, &key);
            }
        }
    }
}

/// What relief for these strands is about: they are of one matter.
fn about(keys: &[StrandKey]) -> About {
    keys.first().map_or(About::Cut, |key| About::Matter(key.0))
}
