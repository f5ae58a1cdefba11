//! Relief: more time, a pause, a cut; and after a clock has run out, setting aside (TIME T16).

use act::Body;
use act::body::{Cut, Extend, IntakeBody, Resume, SetAside, Suspend};
use act::value::StrandName;
use terms::{Instant, ParticipantId, Role, Seconds};

use super::step::choose_strands;
use super::{Context, Settled, Settlement, VoidReason};
use crate::rules::v1::clock::{Out, counted};
use crate::rules::v1::event::What;
use crate::rules::v1::matter::Matter;
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

    fn relieved(&self, matter: &act::value::MatterRef) -> Result<(u64, Matter), VoidReason> {
        let index = self.matter_index(matter)?;
        Ok((index, self.matters.get(&index).ok_or(VoidReason::Unknown)?.clone()))
    }

    /// Whether `by` is one of `who`, in every one of these strands.
    fn has_power(
        &self,
        who: &Who,
        matter: &Matter,
        strands: &[StrandName],
        by: &ParticipantId,
        context: Context<'_>,
    ) -> bool {
        let Some(procedure) = self.law.procedures.get(&matter.kind) else { return false };
        strands.iter().all(|name| matter.who(who, name, procedure, context.ledger).contains(by))
    }

    fn extend(
        &mut self,
        settled: &Settled<'_>,
        body: &Extend,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (index, matter) = self.relieved(&body.matter)?;
        let strands = choose_strands(&matter.strands.keys().cloned().collect::<Vec<_>>(), &body.strands)?;
        let (who, most, often) = self.law.relief.extend.clone().ok_or(VoidReason::NoPower)?;
        if !self.has_power(&who, &matter, &strands, &settled.by, context) {
            return Err(VoidReason::NoPower);
        }
        for name in &strands {
            let strand = matter.strands.get(name).ok_or(VoidReason::Unknown)?;
            let Some(clock) = strand.clocks.get(&body.step) else {
                return Err(if strand.silences.contains(&body.step) {
                    VoidReason::Late
                } else {
                    VoidReason::Form
                });
            };
            if clock.noted {
                return Err(VoidReason::Late);
            }
            if clock.measure.is_none() || Seconds(body.seconds) > most || clock.extensions >= often {
                return Err(VoidReason::Form);
            }
        }
        for name in &strands {
            if let Some(clock) = self.clock_mut((index, name, &body.step)) {
                clock.extensions += 1;
                if let Some(measure) = &mut clock.measure {
                    measure.extended = Seconds(measure.extended.0.saturating_add(body.seconds));
                }
            }
            self.remeasure_strand(index, name, settled.effective, context);
        }
        Ok(())
    }

    fn suspend(
        &mut self,
        settled: &Settled<'_>,
        body: &Suspend,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (index, matter) = self.relieved(&body.matter)?;
        let strands = choose_strands(&matter.strands.keys().cloned().collect::<Vec<_>>(), &body.strands)?;
        let (who, most) = self.law.relief.suspend.clone().ok_or(VoidReason::NoPower)?;
        if !self.has_power(&who, &matter, &strands, &settled.by, context) {
            return Err(VoidReason::NoPower);
        }
        if Seconds(body.seconds) > most {
            return Err(VoidReason::Form);
        }
        for name in &strands {
            let strand = matter.strands.get(name).ok_or(VoidReason::Unknown)?;
            let runs = strand.clocks.values().any(|clock| !clock.noted);
            if !runs || strand.suspended.last().is_some_and(|(_, to)| *to > settled.high) {
                return Err(VoidReason::Form);
            }
        }
        let out: Out = (settled.high, settled.high.plus(Seconds(body.seconds)));
        for name in &strands {
            if let Some(strand) = self.matters.get_mut(&index).and_then(|m| m.strands.get_mut(name)) {
                strand.suspended.push(out);
            }
            let what = What::Suspended(matter.id, name.clone(), out.1);
            self.happened(settled.effective, Some(settled.index), what);
            self.remeasure_strand(index, name, settled.effective, context);
        }
        Ok(())
    }

    fn resume(
        &mut self,
        settled: &Settled<'_>,
        body: &Resume,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (index, matter) = self.relieved(&body.matter)?;
        let strands = choose_strands(&matter.strands.keys().cloned().collect::<Vec<_>>(), &body.strands)?;
        let (who, _) = self.law.relief.suspend.clone().ok_or(VoidReason::NoPower)?;
        if !self.has_power(&who, &matter, &strands, &settled.by, context) {
            return Err(VoidReason::NoPower);
        }
        let stands = |name: &StrandName| {
            let last = matter.strands.get(name).and_then(|strand| strand.suspended.last());
            last.is_some_and(|(from, to)| *from < settled.high && settled.high < *to)
        };
        if !strands.iter().all(stands) {
            return Err(VoidReason::Form);
        }
        for name in &strands {
            if let Some(strand) = self.matters.get_mut(&index).and_then(|m| m.strands.get_mut(name))
                && let Some(last) = strand.suspended.last_mut()
            {
                last.1 = settled.high;
            }
            self.happened(settled.effective, Some(settled.index), What::Resumed(matter.id, name.clone()));
            self.remeasure_strand(index, name, settled.effective, context);
        }
        Ok(())
    }

    fn cut(&mut self, settled: &Settled<'_>, body: &Cut, context: Context<'_>) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        if ledger.excluded.names(body.participant.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        ledger.role(&body.participant).ok_or(VoidReason::Unknown)?;
        let (who, most) = self.law.relief.cut.clone().ok_or(VoidReason::NoPower)?;
        let role = ledger.role(&settled.by);
        let may = match who {
            Who::Guarantors => role == Some(Role::Guarantor),
            Who::Monitors => role == Some(Role::Monitor),
            Who::Participant(id) => id == settled.by,
            _ => matches!(role, Some(Role::Guarantor | Role::Monitor)),
        };
        // By a guarantor or the monitor, never by the participant cut (T16).
        if !may || !matches!(role, Some(Role::Guarantor | Role::Monitor)) || settled.by == body.participant {
            return Err(VoidReason::NoPower);
        }
        let earliest = settled.effective.minus(self.calendar.carriage);
        let (from, to) = (body.from.max(earliest), body.to.min(settled.high));
        if from >= to {
            return Err(VoidReason::Form);
        }
        // No second counts twice, and no clock moves by more than the limit: the whole of a
        // participant's cuts is held to it, within any stretch that one clock could see.
        let before = self.cuts.get(&body.participant).cloned().unwrap_or_default();
        let fresh = counted(from, to, &[before.as_slice(), context.timeline.dead()].concat());
        let recent: u64 = before
            .iter()
            .filter(|(_, end)| end.plus(Seconds(most.0.saturating_mul(4))) > from)
            .map(|(a, b)| b.since(*a).0)
            .sum();
        let room = Seconds(most.0.saturating_sub(recent));
        if fresh.0 == 0 || room.0 == 0 {
            return Err(VoidReason::Form);
        }
        let to = to
            .min(from.plus(Seconds(to.since(from).0.min(room.0.saturating_add(to.since(from).0 - fresh.0)))));
        self.cuts.entry(body.participant.clone()).or_default().push((from, to));
        self.happened(settled.effective, Some(settled.index), What::Cut(body.participant.clone(), from, to));
        self.remeasure(settled.effective, context);
        Ok(())
    }

    fn set_aside(
        &mut self,
        settled: &Settled<'_>,
        body: &SetAside,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (index, matter) = self.relieved(&body.matter)?;
        let strands = choose_strands(&matter.strands.keys().cloned().collect::<Vec<_>>(), &body.strands)?;
        let who = self.law.relief.set_aside.clone().ok_or(VoidReason::NoPower)?;
        if !self.has_power(&who, &matter, &strands, &settled.by, context) {
            return Err(VoidReason::NoPower);
        }
        let procedure = self.law.procedures.get(&matter.kind).ok_or(VoidReason::Unknown)?;
        if !matches!(procedure.states.get(&body.to), Some(StateKind::Waiting | StateKind::Rest)) {
            return Err(VoidReason::Form);
        }
        let was_in = |name: &StrandName| {
            matter.strands.get(name).is_some_and(|s| s.left.iter().any(|left| left.state == body.to))
        };
        if !strands.iter().all(was_in) {
            return Err(VoidReason::Form);
        }
        for name in &strands {
            let what = What::SetAside(matter.id, name.clone(), body.to.clone());
            self.happened(settled.effective, Some(settled.index), what);
            self.enter(index, name, &body.to, settled.effective, settled.cause(), None, context);
        }
        Ok(())
    }

    /// A guarantor's stamp, as an act of its own (T14): for an act to come, or one whose label or hold
    /// is open.
    pub(super) fn stamp(&mut self, settled: &Settled<'_>, intake: &IntakeBody, context: Context<'_>) {
        let what = What::Stamped(intake.act, intake.key.clone(), intake.time);
        self.happened(settled.effective, Some(settled.index), what);
        self.stamps.entry(intake.act).or_default().push((intake.key.clone(), intake.time));
        let open: Vec<(u64, StrandName)> = self.planned.keys().cloned().collect();
        for (matter, name) in open {
            let Some(strand) = self.matters.get_mut(&matter).and_then(|m| m.strands.get_mut(&name)) else {
                continue;
            };
            let mut touched = false;
            let stamper = intake.key.participant();
            for label in strand.labels.iter_mut().filter(|l| l.act == intake.act && stamper != Some(&l.by)) {
                label.counted = label.counted.min(intake.time);
                touched = true;
            }
            for clock in strand.clocks.values_mut() {
                if let Some(held) =
                    clock.held.as_mut().filter(|h| h.act == intake.act && stamper != Some(&h.by))
                {
                    held.counted = held.counted.min(intake.time);
                    touched = true;
                }
            }
            if touched {
                self.remeasure_strand(matter, &name, settled.effective, context);
            }
        }
    }

    /// When something irreversible comes that was begun at `high`: after the disown window and the
    /// carriage, as a clock (T18).
    pub(super) fn irreversible_comes(&self, high: Instant, context: Context<'_>) -> Instant {
        use crate::rules::v1::clock::{Length, Measure};
        let window = Seconds(super::taken_back::DISOWN_WINDOW.0 + self.calendar.carriage.0);
        let measure =
            Measure { base: high, length: Length::Exact(window), carriage: Seconds(0), extended: Seconds(0) };
        measure.times(&self.outs([], &[], context), &self.days(&std::collections::BTreeSet::new())).closes
    }
}
