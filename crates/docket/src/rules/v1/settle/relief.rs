//! Relief: more time, a pause, a cut; and after a clock has run out, setting aside (TIME T16).

use act::Body;
use act::body::{Cut, Extend, IntakeBody, Resume, SetAside, Suspend};
use act::value::{MatterRef, StrandName};
use terms::{Instant, Role, Seconds};

use super::{Context, Settled, Settlement, StrandKey, VoidReason};
use crate::rules::v1::clock::{Out, counted};
use crate::rules::v1::event::What;
use crate::rules::v1::procedure::{StateKind, Who};

impl Settlement {
    pub(super) fn relieve(&mut self, settled: &Settled<'_>, context: Context<'_>) -> Result<(), VoidReason> {
        match settled.act.body() {
            Body::Extend(extend) => self.extend(settled, extend, context),
            Body::Suspend(suspend) => self.suspend(settled, suspend, context),
            Body::Resume(resume) => self.resume(settled, resume, context),
            Body::Cut(cut) => self.cut(settled, cut, context),
            Body::SetAside(set_aside) => self.set_aside(settled, set_aside, context),
            _ => Err(VoidReason::Unknown),
        }
    }

    /// The strands that relief is for, if its author is one of `who` in each of them.
    fn relieved(
        &self,
        settled: &Settled<'_>,
        who: Option<&Who>,
        matter: &MatterRef,
        strands: &[StrandName],
        context: Context<'_>,
    ) -> Result<Vec<StrandKey>, VoidReason> {
        let index = self.matter_index(matter)?;
        let matter = self.matters.get(&index).ok_or(VoidReason::Unknown)?;
        let strands = self.choose_strands(index, strands)?;
        let procedure = self.procedure_of(index).ok_or(VoidReason::Unknown)?;
        let who = who.ok_or(VoidReason::NoPower)?;
        let may = |name: &StrandName| matter.is_one(&settled.by, who, name, &procedure, context.ledger);
        if !strands.iter().all(may) {
            return Err(VoidReason::NoPower);
        }
        Ok(strands.into_iter().map(|name| (index, name)).collect())
    }

    fn strand(&self, key: &StrandKey) -> Result<&crate::rules::v1::matter::Strand, VoidReason> {
        self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1)).ok_or(VoidReason::Unknown)
    }

    fn extend(
        &mut self,
        settled: &Settled<'_>,
        body: &Extend,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let rule = self.law.relief.extend.clone();
        let who = rule.as_ref().map(|(who, ..)| who);
        let keys = self.relieved(settled, who, &body.matter, &body.strands, context)?;
        let (_, most, often) = rule.ok_or(VoidReason::NoPower)?;
        for key in &keys {
            let strand = self.strand(key)?;
            let ran_out = strand.silences.contains(&body.step);
            let Some(clock) = strand.clocks.get(&body.step) else {
                return Err(if ran_out { VoidReason::Late } else { VoidReason::Form });
            };
            if clock.noted {
                return Err(VoidReason::Late);
            }
            if clock.measure.is_none() || Seconds(body.seconds) > most || clock.extensions >= often {
                return Err(VoidReason::Form);
            }
        }
        for key in &keys {
            if let Some(clock) = self.clock_mut((key.0, &key.1, &body.step)) {
                clock.extensions += 1;
                if let Some(measure) = &mut clock.measure {
                    measure.extended = Seconds(measure.extended.0.saturating_add(body.seconds));
                }
            }
            self.remeasure_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn suspend(
        &mut self,
        settled: &Settled<'_>,
        body: &Suspend,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let rule = self.law.relief.suspend.clone();
        let who = rule.as_ref().map(|(who, _)| who);
        let keys = self.relieved(settled, who, &body.matter, &body.strands, context)?;
        let (_, most) = rule.ok_or(VoidReason::NoPower)?;
        for key in &keys {
            let strand = self.strand(key)?;
            if !strand.clocks.values().any(|clock| !clock.noted) {
                let ran_out = !strand.clocks.is_empty() || !strand.silences.is_empty();
                return Err(if ran_out { VoidReason::Late } else { VoidReason::Form });
            }
            let stands = strand.suspended.last().is_some_and(|(_, to)| *to > settled.high);
            if stands || Seconds(body.seconds) > most {
                return Err(VoidReason::Form);
            }
        }
        let out: Out = (settled.high, settled.high.plus(Seconds(body.seconds)));
        for key in &keys {
            let Some(found) = self.matters.get_mut(&key.0) else { continue };
            let id = found.id;
            if let Some(strand) = found.strands.get_mut(&key.1) {
                strand.suspended.push(out);
            }
            let what = What::Suspended(id, key.1.clone(), out.1);
            self.happened(settled.effective, Some(settled.index), what);
            self.remeasure_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn resume(
        &mut self,
        settled: &Settled<'_>,
        body: &Resume,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let rule = self.law.relief.suspend.clone();
        let who = rule.as_ref().map(|(who, _)| who);
        let keys = self.relieved(settled, who, &body.matter, &body.strands, context)?;
        for key in &keys {
            // One that begins and ends in the same mark has stood for no time.
            let last = self.strand(key)?.suspended.last();
            if !last.is_some_and(|(from, to)| *from <= settled.high && settled.high < *to) {
                return Err(VoidReason::Form);
            }
        }
        for key in &keys {
            let Some(found) = self.matters.get_mut(&key.0) else { continue };
            let id = found.id;
            if let Some(last) = found.strands.get_mut(&key.1).and_then(|strand| strand.suspended.last_mut()) {
                last.1 = settled.high;
            }
            self.happened(settled.effective, Some(settled.index), What::Resumed(id, key.1.clone()));
            self.remeasure_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn cut(&mut self, settled: &Settled<'_>, body: &Cut, context: Context<'_>) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        if ledger.excluded.names(body.participant.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        ledger.role(&body.participant).ok_or(VoidReason::Unknown)?;
        let (who, _) = self.law.relief.cut.clone().ok_or(VoidReason::NoPower)?;
        let role = ledger.role(&settled.by);
        let may = match who {
            Who::Guarantors => role == Some(Role::Guarantor),
            Who::Monitors => role == Some(Role::Monitor),
            Who::Participant(id) => id == settled.by,
            Who::Everyone | Who::Parties | Who::Opener | Who::Field(_) | Who::OtherThan(..) => true,
        };
        // By a guarantor or the monitor, never by the participant cut (T16).
        if !may || !matches!(role, Some(Role::Guarantor | Role::Monitor)) || settled.by == body.participant {
            return Err(VoidReason::NoPower);
        }
        let earliest = settled.effective.minus(self.calendar.carriage);
        let (from, to) = (body.from.max(earliest), body.to.min(settled.high));
        // What is out already is not cut again; how much of it one clock counts, its limit says.
        let before = self.cuts.get(&body.participant).into_iter().flatten().map(|(_, cut)| *cut);
        let known: Vec<Out> = before.chain(context.timeline.dead_since(from).iter().copied()).collect();
        if from >= to || counted(from, to, &known).0 == 0 {
            return Err(VoidReason::Form);
        }
        self.cuts.entry(body.participant.clone()).or_default().push((settled.index, (from, to)));
        self.happened(settled.effective, Some(settled.index), What::Cut(body.participant.clone(), from, to));
        self.remeasure(settled.effective, settled.high, context);
        Ok(())
    }

    fn set_aside(
        &mut self,
        settled: &Settled<'_>,
        body: &SetAside,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let who = self.law.relief.set_aside.clone();
        let keys = self.relieved(settled, who.as_ref(), &body.matter, &body.strands, context)?;
        if !keys.iter().all(|key| self.may_go_back(key, body)) {
            return Err(VoidReason::Form);
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
        settled: &Settled<'_>,
        list: &[SetAside],
        context: Context<'_>,
    ) {
        for body in list {
            let Ok(index) = self.matter_index(&body.matter) else { continue };
            for name in self.choose_strands(index, &body.strands).unwrap_or_default() {
                let key = (index, name);
                let by_silence = self.strand(&key).is_ok_and(|strand| strand.cause.is_none());
                if by_silence && self.may_go_back(&key, body) {
                    self.go_back(&key, body, settled, context);
                }
            }
        }
    }

    /// Whether this is a waiting or resting state that the strand has been in.
    fn may_go_back(&self, key: &StrandKey, body: &SetAside) -> bool {
        let Some(procedure) = self.procedure_of(key.0) else { return false };
        let kind = procedure.states.get(&body.to);
        matches!(kind, Some(StateKind::Waiting | StateKind::Rest))
            && self.strand(key).is_ok_and(|strand| strand.been.contains(&body.to))
    }

    fn go_back(&mut self, key: &StrandKey, body: &SetAside, settled: &Settled<'_>, context: Context<'_>) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let what = What::SetAside(id, key.1.clone(), body.to.clone());
        self.happened(settled.effective, Some(settled.index), what);
        self.enter(key, &body.to, settled.effective, &settled.cause(), context);
    }

    /// A guarantor's stamp, as an act of its own (T14): for an act to come, or one whose label or hold
    /// is open.
    pub(super) fn stamp(&mut self, settled: &Settled<'_>, intake: &IntakeBody, context: Context<'_>) {
        let what = What::Stamped(intake.act, intake.key.clone(), intake.time);
        self.happened(settled.effective, Some(settled.index), what);
        let Some(keys) = self.awaited.get(&intake.act).cloned() else {
            // For one that has settled in full, no stamp changes anything any more.
            if !self.recent.iter().any(|recent| recent.id == intake.act) {
                self.stamps.entry(intake.act).or_default().push((intake.key.clone(), intake.time));
            }
            return;
        };
        let raised = |floor: Option<Instant>| floor.map_or(intake.time, |floor| intake.time.max(floor));
        let stamper = intake.key.participant();
        for key in keys {
            let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) else {
                continue;
            };
            for label in strand.labels.iter_mut().filter(|l| l.act == intake.act && stamper != Some(&l.by)) {
                label.counted = label.counted.min(raised(label.floor));
            }
            for held in strand.clocks.values_mut().flat_map(|clock| &mut clock.held) {
                if held.act == intake.act && stamper != Some(&held.by) {
                    held.counted = held.counted.min(raised(held.floor));
                }
            }
            self.remeasure_strand(&key, settled.effective, settled.high, context);
        }
    }
}
