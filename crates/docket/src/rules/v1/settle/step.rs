//! A step in a matter: PROCEDURE §3, in its order, then what it does (4.2, 4.3).

use std::collections::BTreeSet;
use std::sync::Arc;

use act::body::Step as StepBody;
use act::value::{Fields, StrandName};
use terms::{ActId, Code, Instant};

use super::opening::{check_fields, date_of, grants_vacant, is_possible, names_excluded, names_vacant};
use super::{Context, Settled, Settlement, StrandKey, VoidReason};
use crate::rules::v1::clock::Length;
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit;
use crate::rules::v1::matter::{Cause, HeldStep, Left, OpenLabel};
use crate::rules::v1::procedure::{ClockKind, Leads, Phrase, Procedure, Silence, Step};

/// What a step comes to in one strand.
enum Outcome {
    /// It counts, in time or with nobody waiting.
    InTime,
    /// It counts, late, with this counted time: with an open label, if its clock has not closed.
    Late(Instant),
    /// It waits for a stamp.
    Held(Instant),
}

/// Whose step it is, and which entry's.
#[derive(Clone)]
struct Taken {
    matter: u64,
    step: Code,
    cause: Cause,
    at: Instant,
}

impl Settlement {
    pub(super) fn step(
        &mut self,
        settled: &Settled<'_>,
        body: &StepBody,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let index = self.matter_index(&body.matter);
        let procedure = index.ok().and_then(|index| self.procedure_of(index));
        if let Some(procedure) = &procedure {
            names_excluded(procedure, &body.fields, context)?;
        }
        exhibit::check_files(context.ledger, &body.files)?;
        let index = index?;
        let procedure = procedure.ok_or(VoidReason::Unknown)?;
        let rule = procedure.steps.get(&body.step).ok_or(VoidReason::Unknown)?;
        let strands = self.choose_strands(index, &body.strands)?;
        let mut to = None;
        for name in &strands {
            to = self.judge_step(settled, body, (index, name), (&procedure, rule), context)?;
        }

        let mut outcomes = Vec::with_capacity(strands.len());
        for name in strands {
            let key = (index, name);
            let outcome = self.lateness(&key, &body.step, &body.fields, settled);
            outcomes.push((key, outcome));
        }
        let counts = outcomes.iter().any(|(_, outcome)| !matches!(outcome, Outcome::Held(_)));
        if counts {
            self.fill_fields(index, &body.fields, settled.effective, settled.high, context);
        }
        let taken =
            Taken { matter: index, step: body.step.clone(), cause: settled.cause(), at: settled.effective };
        for (key, outcome) in outcomes {
            match outcome {
                Outcome::Held(counted) => self.hold_step(&key, body, settled, counted),
                Outcome::InTime => self.take(&key, &taken, to.as_ref(), context),
                Outcome::Late(counted) => {
                    self.label_late(&key, &body.step, settled, counted);
                    self.take(&key, &taken, to.as_ref(), context);
                }
            }
        }
        if counts {
            self.file(settled, &body.files, Some(index));
        }
        Ok(())
    }

    /// Lines 5 to 9 of PROCEDURE §3, for one strand. Gives where the step leads.
    fn judge_step(
        &self,
        settled: &Settled<'_>,
        body: &StepBody,
        (index, name): (u64, &StrandName),
        (procedure, rule): (&Arc<Procedure>, &Step),
        context: Context<'_>,
    ) -> Result<Option<Code>, VoidReason> {
        let matter = self.matters.get(&index).ok_or(VoidReason::Unknown)?;
        let strand = matter.strands.get(name).ok_or(VoidReason::Unknown)?;
        if !matter.is_one(&settled.by, &rule.by, name, procedure, context.ledger) {
            return Err(VoidReason::NoPower);
        }
        if names_vacant(procedure, &body.fields, context) || grants_vacant(&body.files, context) {
            return Err(VoidReason::Vacant);
        }
        if !is_possible(procedure, &body.step, &strand.state) {
            let silent = strand.silences.contains(&body.step);
            return Err(if silent { VoidReason::Late } else { VoidReason::WrongState });
        }
        let to = match (&rule.leads, &body.choice) {
            (Leads::Stays, None) => None,
            (Leads::To(state), None) => Some(state.clone()),
            (Leads::Choice(choices), Some(choice)) => choices.get(choice).ok_or(VoidReason::Form)?.clone(),
            (Leads::Stays | Leads::To(_), Some(_)) | (Leads::Choice(_), None) => {
                return Err(VoidReason::Form);
            }
        };
        if !body.fields.keys().all(|name| rule.fields.contains(name))
            || !rule.must.iter().all(|name| body.fields.contains_key(name))
            || (rule.needs_file && body.files.is_empty())
        {
            return Err(VoidReason::Form);
        }
        check_fields(procedure, &body.fields, matter, name, context, &self.by_ref)?;
        Ok(to)
    }

    /// The strands that an act names: all, if it names none and there is one.
    pub(super) fn choose_strands(
        &self,
        matter: u64,
        named: &[StrandName],
    ) -> Result<Vec<StrandName>, VoidReason> {
        let all = &self.matters.get(&matter).ok_or(VoidReason::Unknown)?.strands;
        if named.is_empty() {
            let only = all.keys().next().filter(|_| all.len() == 1);
            return only.map(|name| vec![name.clone()]).ok_or(VoidReason::Unknown);
        }
        if !named.iter().all(|name| all.contains_key(name)) {
            return Err(VoidReason::Unknown);
        }
        let distinct: BTreeSet<&StrandName> = named.iter().collect();
        if distinct.len() != named.len() {
            return Err(VoidReason::Form);
        }
        Ok(named.to_vec())
    }

    /// T12, T13: in time, late, or held.
    fn lateness(&self, key: &StrandKey, step: &Code, fields: &Fields, settled: &Settled<'_>) -> Outcome {
        let Some(rule) = self.rule(key.0, step) else { return Outcome::InTime };
        let Some(matter) = self.matters.get(&key.0) else { return Outcome::InTime };
        let clock = matter.strands.get(&key.1).and_then(|strand| strand.clocks.get(step));
        let (Some(clock), Some(clock_rule)) = (clock, &rule.clock) else { return Outcome::InTime };
        let Some(times) = clock.times else { return Outcome::InTime };
        let (due, backwards) = match &clock_rule.phrase {
            phrase @ (Phrase::Before(field, _) | Phrase::At(field)) => {
                // The act that changes the date is held to the one that it leaves, as it is written.
                let written = if fields.contains_key(field) {
                    date_of(phrase, &matter.fields, &self.days(&clock.asked))
                } else {
                    None
                };
                (written.unwrap_or(times.due), matches!(phrase, Phrase::Before(..)))
            }
            Phrase::AfterService(_) | Phrase::AfterFinality(_) => (times.due, false),
        };
        let counted = if backwards { settled.counted_backwards() } else { settled.counted() };
        if counted <= due && !clock.noted {
            return Outcome::InTime;
        }
        let moves = matches!(rule.silence, Silence::Moves(_));
        if clock_rule.kind == ClockKind::Until && moves && !clock.noted {
            return Outcome::Held(counted);
        }
        Outcome::Late(counted)
    }

    fn label_late(&mut self, key: &StrandKey, step: &Code, settled: &Settled<'_>, counted: Instant) {
        let Some(found) = self.matters.get_mut(&key.0) else { return };
        let id = found.id;
        let Some(strand) = found.strands.get_mut(&key.1) else { return };
        let Some(clock) = strand.clocks.get(step) else { return };
        let (by, at) = (settled.by.clone(), settled.effective);
        if clock.noted {
            // Its clock has closed, so nothing can bring it into time any more.
            self.happened(at, Some(settled.index), What::Late(id, key.1.clone(), step.clone(), by));
            return;
        }
        let mut clock = clock.clone();
        clock.held.clear();
        strand.labels.push(OpenLabel {
            step: step.clone(),
            index: settled.index,
            act: settled.id,
            by: by.clone(),
            counted,
            floor: settled.floor,
            clock,
        });
        self.awaited.entry(settled.id).or_default().insert(key.clone());
        self.touch(settled.index, key);
        self.happened(at, Some(settled.index), What::LateSoFar(id, key.1.clone(), step.clone(), by));
    }

    fn hold_step(&mut self, key: &StrandKey, body: &StepBody, settled: &Settled<'_>, counted: Instant) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let held = HeldStep {
            index: settled.index,
            act: settled.id,
            by: settled.by.clone(),
            step: Box::new(body.clone()),
            counted,
            floor: settled.floor,
        };
        if let Some(clock) = self.clock_mut((key.0, &key.1, &body.step)) {
            clock.held.push(held);
        }
        self.awaited.entry(settled.id).or_default().insert(key.clone());
        self.touch(settled.index, key);
        let what = What::Held(id, key.1.clone(), body.step.clone(), settled.by.clone());
        self.happened(settled.effective, Some(settled.index), what);
    }

    /// A held step is in time after all: it is judged again, then and there. `high` is that of the
    /// entry which put it in time: clocks that it starts count from there.
    pub(super) fn release_held(
        &mut self,
        key: &StrandKey,
        step: &Code,
        at: Instant,
        high: Instant,
        context: Context<'_>,
    ) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let Some(procedure) = self.procedure_of(key.0) else { return };
        let Some(clock) = self.clock_mut((key.0, &key.1, step)) else { return };
        let Some(due) = clock.times.map(|times| times.due) else { return };
        let Some(first) = clock.held.iter().position(|held| held.counted <= due) else { return };
        let held = clock.held.remove(first);
        self.no_longer_awaited(&held.act, key);
        let what = What::InTime(id, key.1.clone(), step.clone(), held.by.clone());
        self.happened(at, Some(held.index), what);
        let to = match procedure.steps.get(step).map(|rule| (&rule.leads, &held.step.choice)) {
            Some((Leads::To(state), _)) => Some(state.clone()),
            Some((Leads::Choice(choices), Some(choice))) => choices.get(choice).cloned().flatten(),
            Some((Leads::Stays | Leads::Choice(_), _)) | None => None,
        };
        self.fill_fields(key.0, &held.step.fields, at, high, context);
        let cause = Cause::Act { index: held.index, id: held.act, high, by: held.by.clone() };
        let taken = Taken { matter: key.0, step: step.clone(), cause, at };
        self.take(key, &taken, to.as_ref(), context);
        // Its files were handed over with it, whatever becomes of its other strands.
        let filed = terms::Item::exhibit(held.act, 1);
        if !self.exhibits.contains_key(&filed) {
            self.file_of((held.act, held.index, &held.by), at, &held.step.files, Some(key.0));
        }
        // If the strand stays where it is, another's held step may be in time as well.
        self.release_held(key, step, at, high, context);
    }

    /// Takes a step that counts. To another state; to the state it is in, which restarts its own
    /// clock; or nowhere, which restarts nothing.
    fn take(&mut self, key: &StrandKey, taken: &Taken, to: Option<&Code>, context: Context<'_>) {
        let Taken { matter, step, cause, at } = taken;
        let Some(procedure) = self.procedure_of(*matter) else { return };
        let Some(id) = self.matters.get(matter).map(|m| m.id) else { return };
        if let Cause::Act { index, by, .. } = cause {
            let what = What::Stepped(id, key.1.clone(), step.clone(), by.clone());
            self.happened(*at, Some(*index), what);
        }
        let Some(to) = to else { return self.plan(key) };
        let Some(strand) = self.matters.get_mut(matter).and_then(|m| m.strands.get_mut(&key.1)) else {
            return;
        };
        if strand.state != *to {
            return self.enter(key, to, *at, cause, context);
        }
        let own = strand.clocks.remove(step);
        let held: Vec<(u64, ActId)> =
            own.iter().flat_map(|clock| &clock.held).map(|held| (held.index, held.act)).collect();
        strand.left.push(Left {
            state: strand.state.clone(),
            since: strand.since,
            cause: std::mem::replace(&mut strand.cause, cause.index()),
            clocks: own.map(|clock| (step.clone(), clock)).into_iter().collect(),
            at: *at,
            stayed: true,
        });
        for (index, act) in held {
            self.no_longer_awaited(&act, key);
            self.void(*at, index, VoidReason::Late);
        }
        if let Some(index) = cause.index() {
            self.touch(index, key);
        }
        self.arm(key, &procedure, step, cause, context);
        self.plan(key);
    }

    /// Fills fields; clocks on dates follow them (4.4). What an act moves is never due before its
    /// `high`.
    fn fill_fields(
        &mut self,
        matter: u64,
        fields: &Fields,
        at: Instant,
        high: Instant,
        context: Context<'_>,
    ) {
        if fields.is_empty() {
            return;
        }
        let Some(procedure) = self.procedure_of(matter) else { return };
        let Some(found) = self.matters.get_mut(&matter) else { return };
        for (name, value) in fields {
            found.fields.insert(name.clone(), value.clone());
        }
        let names: Vec<StrandName> = found.strands.keys().cloned().collect();
        for name in names {
            let key = (matter, name);
            let Some(strand) = self.matters.get(&matter).and_then(|m| m.strands.get(&key.1)) else {
                continue;
            };
            let mut moved = Vec::new();
            for (step, clock) in strand.clocks.iter().filter(|(_, clock)| !clock.noted) {
                let on_date = procedure
                    .steps
                    .get(step)
                    .and_then(|rule| rule.clock.as_ref())
                    .is_some_and(|c| matches!(c.phrase, Phrase::Before(..) | Phrase::At(_)));
                if on_date
                    && let Some(length @ Length::Fixed(_)) = self.length_of(matter, step, &clock.asked)
                    && clock.measure.as_ref().is_some_and(|measure| measure.length != length)
                {
                    moved.push((step.clone(), length));
                }
            }
            for (step, length) in moved {
                if let Some(measure) =
                    self.clock_mut((matter, &key.1, &step)).and_then(|clock| clock.measure.as_mut())
                {
                    measure.length = length;
                    measure.base = measure.base.max(high);
                }
            }
            self.remeasure_strand(&key, at, high, context);
        }
    }
}
