//! What comes after its clock was due: late, or held till somebody shows that it was in time (TIME T12, T13).

use act::body::Step as StepBody;
use act::value::Fields;
use instrument::procedure::{ClockKind, Phrase, Silence};
use terms::{Code, Instant, Item};

use super::opening::date_of;
use super::{Context, Settled, Settlement, StrandKey, VoidReason};
use crate::rules::v1::clock::Days;
use crate::rules::v1::event::What;
use crate::rules::v1::law::{fields_of, phrase_of};
use crate::rules::v1::matter::{HeldStep, OpenLabel};

/// What a step comes to in one strand.
pub(super) enum Lateness {
    /// It counts, in time or with nobody waiting.
    InTime,
    /// It counts, late, with this counted time: with an open label, if its clock has not closed.
    Late(Instant),
    /// It waits for a stamp.
    Held(Instant),
}

impl Settlement {
    /// T12, T13: in time, late, or held.
    pub(super) fn lateness(
        &self,
        key: &StrandKey,
        step: &Code,
        fields: &Fields,
        settled: &Settled,
    ) -> Lateness {
        let Some(matter) = self.matters.get(&key.0) else { return Lateness::InTime };
        let Some(rule) = matter.procedure.step(step) else { return Lateness::InTime };
        let clock = matter.strands.get(&key.1).and_then(|strand| strand.clocks.get(step));
        let (Some(clock), Some(clock_rule)) = (clock, &rule.clock) else { return Lateness::InTime };
        let Some(times) = clock.times else { return Lateness::InTime };
        let stands = matter.fields_of(&key.1);
        let phrase = phrase_of(&clock_rule.due, &stands);
        // The act that changes the date is held to the one that it leaves, as it is written.
        let changed = fields_of(&clock_rule.due).into_iter().any(|field| fields.contains_key(field));
        let written = phrase
            .filter(|_| changed)
            .and_then(|phrase| date_of(phrase, &stands, &Days::of(&matter.law, &clock.asked)));
        let due = written.unwrap_or(times.due);
        let backwards = matches!(phrase, Some(Phrase::Before(..)));
        let counted = if backwards { settled.counted_backwards() } else { settled.counted() };
        if counted <= due && !clock.noted {
            return Lateness::InTime;
        }
        let moves = matches!(rule.silence, Silence::Moves { .. });
        if clock_rule.kind == ClockKind::Until && moves && !clock.noted {
            return Lateness::Held(counted);
        }
        Lateness::Late(counted)
    }

    pub(super) fn label_late(&mut self, key: &StrandKey, step: &Code, settled: &Settled, counted: Instant) {
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
            signer: settled.signer.clone(),
            counted,
            floor: settled.floor,
            clock,
        });
        self.awaited.entry(settled.id).or_default().insert(key.clone());
        self.touch(settled.index, key);
        self.happened(at, Some(settled.index), What::LateSoFar(id, key.1.clone(), step.clone(), by));
    }

    pub(super) fn hold_step(
        &mut self,
        key: &StrandKey,
        body: &StepBody,
        settled: &Settled,
        counted: Instant,
    ) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let held = HeldStep {
            index: settled.index,
            act: settled.id,
            by: settled.by.clone(),
            signer: settled.signer.clone(),
            hand: settled.hand,
            step: Box::new(body.clone()),
            counted,
            floor: settled.floor,
        };
        // Each of them: one that was handed over in time is not lost by what its author says again.
        if let Some(clock) = self.clock_mut((key.0, &key.1, &body.step)) {
            clock.held.push(held);
        }
        self.awaited.entry(settled.id).or_default().insert(key.clone());
        self.touch(settled.index, key);
        let what = What::Held(id, key.1.clone(), body.step.clone(), settled.by.clone());
        self.happened(settled.effective, Some(settled.index), what);
    }

    /// Held steps that are in time after all are judged again, then and there. `high` is that of the
    /// entry which put them in time: clocks that they start count from there.
    pub(super) fn release_held(
        &mut self,
        key: &StrandKey,
        step: &Code,
        at: Instant,
        high: Instant,
        context: Context<'_>,
    ) {
        // If the strand stays where it is, another's held step may be in time as well.
        while let Some(held) = self.next_held(key, step) {
            self.release(key, step, &held, at, high, context);
        }
    }

    /// The same for several.
    pub(super) fn release_all(
        &mut self,
        in_time: Vec<(StrandKey, Code)>,
        at: Instant,
        high: Instant,
        context: Context<'_>,
    ) {
        for (key, step) in in_time {
            self.release_held(&key, &step, at, high, context);
        }
    }

    /// The first held step that is in time as its clock stands now.
    fn next_held(&mut self, key: &StrandKey, step: &Code) -> Option<HeldStep> {
        let clock = self.clock_mut((key.0, &key.1, step))?;
        let due = clock.times?.due;
        let first = clock.held.iter().position(|held| held.counted <= due)?;
        Some(clock.held.remove(first))
    }

    fn release(
        &mut self,
        key: &StrandKey,
        step: &Code,
        held: &HeldStep,
        at: Instant,
        high: Instant,
        context: Context<'_>,
    ) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let Some(procedure) = self.procedure_of(key.0) else { return };
        self.no_longer_awaited(&held.act, key);
        let what = What::InTime(id, key.1.clone(), step.clone(), held.by.clone());
        self.happened(at, Some(held.index), what);
        let settled = Settled::released(held, at, high, context.index);
        let judged = procedure.step(step).ok_or(VoidReason::Unknown).and_then(|rule| {
            self.judge_step(&settled, &held.step, (key.0, &key.1), (&procedure, rule), context)
        });
        match judged {
            Ok(judged) => {
                let in_time = self.speak(key, &settled, &held.step, judged, &mut 0, context);
                self.say(key.0, &settled, step);
                // Its files were handed over with it, whatever becomes of its other strands.
                let filed = Item::exhibit(held.act, 1);
                if !self.exhibits.contains_key(&filed) {
                    self.file_of((held.act, held.index, &held.by), at, &held.step.files, Some(key.0));
                }
                self.release_all(in_time, at, high, context);
            }
            Err(reason) => self.void(at, held.index, reason),
        }
    }
}
