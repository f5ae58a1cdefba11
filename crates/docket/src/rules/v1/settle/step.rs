//! A step in a matter: PROCEDURE §3, in its order, then what it does (4.2, 4.3).

use std::collections::BTreeSet;

use act::body::Step as StepBody;
use act::value::{StrandName, Word};
use terms::{Code, Instant};

use super::opening::{check_fields, is_possible, length_by_field, names_vacant};
use super::{Context, Settled, Settlement, VoidReason};
use crate::rules::v1::clock::Length;
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit;
use crate::rules::v1::matter::{Cause, HeldStep, OpenLabel, words};
use crate::rules::v1::procedure::{ClockKind, Leads, Phrase, Silence};

/// What a step comes to in one strand.
enum Outcome {
    /// It counts, in time or with nobody waiting.
    InTime,
    /// It counts, late: with an open label, if its clock has not closed.
    Late,
    /// It waits for a stamp.
    Held(Instant),
}

impl Settlement {
    pub(super) fn step(
        &mut self,
        settled: &Settled<'_>,
        body: &StepBody,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        let named: Vec<String> = body
            .fields
            .values()
            .flat_map(|value| words(Some(value)).map(Word::to_string).collect::<Vec<_>>())
            .collect();
        if named.iter().any(|word| ledger.excluded.names(word).is_some()) {
            return Err(VoidReason::Excluded);
        }
        exhibit::check_files(ledger, &body.files)?;
        let index = self.matter_index(&body.matter)?;
        let matter = self.matters.get(&index).ok_or(VoidReason::Unknown)?.clone();
        let procedure = self.law.procedures.get(&matter.kind).ok_or(VoidReason::Unknown)?.clone();
        let rule = procedure.steps.get(&body.step).ok_or(VoidReason::Unknown)?;
        let strands = choose_strands(&matter.strands.keys().cloned().collect::<Vec<_>>(), &body.strands)?;

        for name in &strands {
            if !matter.who(&rule.by, name, &procedure, ledger).contains(&settled.by) {
                return Err(VoidReason::NoPower);
            }
        }
        if names_vacant(&procedure, &body.fields, context) {
            return Err(VoidReason::Vacant);
        }
        for name in &strands {
            let strand = matter.strands.get(name).ok_or(VoidReason::Unknown)?;
            if !is_possible(&procedure, &body.step, &strand.state) {
                let silent = strand.silences.contains(&body.step);
                return Err(if silent { VoidReason::Late } else { VoidReason::WrongState });
            }
            if strand.clocks.get(&body.step).is_some_and(|clock| clock.held.is_some()) {
                return Err(VoidReason::WrongState);
            }
        }
        let to = match (&rule.leads, &body.choice) {
            (Leads::Stays, None) => None,
            (Leads::To(state), None) => Some(state.clone()),
            (Leads::Choice(choices), Some(choice)) => choices.get(choice).ok_or(VoidReason::Form)?.clone(),
            _ => return Err(VoidReason::Form),
        };
        if !body.fields.keys().all(|name| rule.fields.contains(name))
            || !rule.must.iter().all(|name| body.fields.contains_key(name))
            || (rule.needs_file && body.files.is_empty())
        {
            return Err(VoidReason::Form);
        }
        check_fields(&procedure, &body.fields, &matter, &strands[0], context, &self.by_ref)?;

        let outcomes: Vec<(StrandName, Outcome)> = strands
            .iter()
            .map(|name| (name.clone(), self.lateness(index, name, &body.step, settled)))
            .collect();
        if !body.fields.is_empty() {
            if let Some(found) = self.matters.get_mut(&index) {
                found.fields.extend(body.fields.clone());
            }
            self.fields_moved(index, settled, context);
        }
        for (name, outcome) in outcomes {
            match outcome {
                Outcome::Held(counted) => self.hold_step(index, &name, body, settled, to.clone(), counted),
                Outcome::InTime => {
                    let what = What::Stepped(matter.id, name.clone(), body.step.clone(), settled.by.clone());
                    self.happened(settled.effective, Some(settled.index), what);
                    self.move_on(
                        index,
                        &name,
                        &body.step,
                        to.as_ref(),
                        settled.effective,
                        settled.cause(),
                        context,
                    );
                }
                Outcome::Late => {
                    let what = What::Stepped(matter.id, name.clone(), body.step.clone(), settled.by.clone());
                    self.happened(settled.effective, Some(settled.index), what);
                    self.label_late(index, &name, &body.step, settled);
                    self.move_on(
                        index,
                        &name,
                        &body.step,
                        to.as_ref(),
                        settled.effective,
                        settled.cause(),
                        context,
                    );
                }
            }
        }
        self.file(settled, &body.files, Some(index));
        Ok(())
    }

    /// T12, T13: in time, late, or held.
    fn lateness(&self, matter: u64, name: &StrandName, step: &Code, settled: &Settled<'_>) -> Outcome {
        let Some(rule) = self.rule(matter, step) else { return Outcome::InTime };
        let clock =
            self.matters.get(&matter).and_then(|m| m.strands.get(name)).and_then(|s| s.clocks.get(step));
        let (Some(clock), Some(clock_rule)) = (clock, &rule.clock) else { return Outcome::InTime };
        let Some(times) = clock.times else { return Outcome::InTime };
        let backwards = matches!(clock_rule.phrase, Phrase::Before(..));
        let counted = if backwards { settled.counted_backwards() } else { settled.counted };
        if counted <= times.due && !clock.noted {
            return Outcome::InTime;
        }
        let moves = matches!(rule.silence, Silence::Moves(_));
        if clock_rule.kind == ClockKind::Until && moves && !clock.noted {
            return Outcome::Held(counted);
        }
        Outcome::Late
    }

    fn label_late(&mut self, matter: u64, name: &StrandName, step: &Code, settled: &Settled<'_>) {
        let Some(found) = self.matters.get_mut(&matter) else { return };
        let id = found.id;
        let Some(strand) = found.strands.get_mut(name) else { return };
        let Some(clock) = strand.clocks.get(step).cloned() else { return };
        let by = settled.by.clone();
        let at = settled.effective;
        if clock.noted {
            // Its clock has closed, so nothing can bring it into time any more.
            self.happened(at, Some(settled.index), What::Late(id, name.clone(), step.clone(), by));
            return;
        }
        strand.labels.push(OpenLabel {
            step: step.clone(),
            act: settled.id,
            by: by.clone(),
            counted: settled.counted,
            clock,
        });
        self.happened(at, Some(settled.index), What::LateSoFar(id, name.clone(), step.clone(), by));
    }

    fn hold_step(
        &mut self,
        matter: u64,
        name: &StrandName,
        body: &StepBody,
        settled: &Settled<'_>,
        to: Option<Code>,
        counted: Instant,
    ) {
        let Some(id) = self.matters.get(&matter).map(|m| m.id) else { return };
        let held = HeldStep {
            index: settled.index,
            act: settled.id,
            by: settled.by.clone(),
            to,
            counted,
            high: settled.high,
        };
        if let Some(clock) = self.clock_mut((matter, name, &body.step)) {
            clock.held = Some(held);
        }
        let what = What::Held(id, name.clone(), body.step.clone(), settled.by.clone());
        self.happened(settled.effective, Some(settled.index), what);
    }

    /// A held step is in time after all: it is judged again, then and there.
    pub(super) fn release_held(
        &mut self,
        matter: u64,
        name: &StrandName,
        step: &Code,
        at: Instant,
        context: Context<'_>,
    ) {
        let Some(id) = self.matters.get(&matter).map(|m| m.id) else { return };
        let Some(held) = self.clock_mut((matter, name, step)).and_then(|clock| clock.held.take()) else {
            return;
        };
        self.stamps.remove(&held.act);
        let by = held.by.clone();
        self.happened(at, Some(held.index), What::InTime(id, name.clone(), step.clone(), by.clone()));
        self.happened(at, Some(held.index), What::Stepped(id, name.clone(), step.clone(), by.clone()));
        let cause = Cause::Act { index: held.index, id: held.act, high: held.high.max(at), by };
        self.move_on(matter, name, step, held.to.as_ref(), at, cause, context);
    }

    /// Where a step leads. To another state; to the state it is in, which restarts its own clock; or
    /// nowhere, which restarts nothing.
    #[expect(clippy::too_many_arguments, reason = "each says something else about one step")]
    fn move_on(
        &mut self,
        matter: u64,
        name: &StrandName,
        step: &Code,
        to: Option<&Code>,
        at: Instant,
        cause: Cause,
        context: Context<'_>,
    ) {
        let Some(to) = to else { return self.plan(matter, name) };
        let Some(strand) = self.matters.get_mut(&matter).and_then(|m| m.strands.get_mut(name)) else {
            return;
        };
        if strand.state != *to {
            return self.enter(matter, name, to, at, cause, None, context);
        }
        strand.cause = cause;
        strand.clocks.remove(step);
        self.arm(matter, name, step, context);
        self.plan(matter, name);
    }

    /// Clocks on dates follow their fields (4.4); what an act moves is never due before its `high`.
    fn fields_moved(&mut self, matter: u64, settled: &Settled<'_>, context: Context<'_>) {
        let Some(found) = self.matters.get(&matter).cloned() else { return };
        let Some(procedure) = self.law.procedures.get(&found.kind).cloned() else { return };
        for (name, strand) in &found.strands {
            for (step, clock) in &strand.clocks {
                let phrase =
                    procedure.steps.get(step).and_then(|rule| rule.clock.as_ref()).map(|c| &c.phrase);
                let Some(phrase @ (Phrase::Before(..) | Phrase::At(_))) = phrase else { continue };
                let Some(Length::Fixed(date)) =
                    length_by_field(phrase, &found.fields, &self.days(&clock.asked))
                else {
                    continue;
                };
                if clock.noted {
                    continue;
                }
                let high = settled.high;
                if let Some(measure) = self.clock_mut((matter, name, step)).and_then(|c| c.measure.as_mut())
                    && measure.length != Length::Fixed(date)
                {
                    measure.length = Length::Fixed(date);
                    measure.base = measure.base.max(high);
                }
            }
            self.remeasure_strand(matter, name, settled.effective, context);
        }
    }
}

/// The strands that an act names: all, if it names none and there is one.
pub(super) fn choose_strands(
    all: &[StrandName],
    named: &[StrandName],
) -> Result<Vec<StrandName>, VoidReason> {
    if named.is_empty() {
        return if all.len() == 1 { Ok(all.to_vec()) } else { Err(VoidReason::Unknown) };
    }
    let distinct: BTreeSet<&StrandName> = named.iter().collect();
    if distinct.len() != named.len() {
        return Err(VoidReason::Form);
    }
    if named.iter().all(|name| all.contains(name)) { Ok(named.to_vec()) } else { Err(VoidReason::Unknown) }
}
