//! What closes when, and what happens then (T10): deemed services, clocks, labels, recoveries.

use std::collections::BTreeSet;

use act::value::StrandName;
use terms::{Code, Instant, ParticipantId};

use super::{Context, Settlement};
use crate::rules::v1::clock::Out;
use crate::rules::v1::event::What;
use crate::rules::v1::matter::{Armed, Cause};
use crate::rules::v1::procedure::Silence;

/// A moment at which something closes. Ordered by time, opening index, strand, step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Appointment {
    at: Instant,
    matter: u64,
    strand: StrandName,
    step: Code,
    what: Closing,
}

/// What stands on the agenda for one strand.
#[derive(Clone, Debug, Default)]
pub(super) struct Planned {
    appointments: Vec<Appointment>,
    unserved: BTreeSet<ParticipantId>,
}

/// What closes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Closing {
    /// Service is deemed on this participant.
    Deemed(ParticipantId),
    /// The clock of the step.
    Clock,
    /// A label of a step that came late.
    Label,
}

impl Settlement {
    /// Everything that closes before `moment` happens now, each before the next is looked for.
    pub(in crate::rules::v1) fn run_until(&mut self, moment: Instant, context: Context<'_>) {
        while let Some(next) = self.agenda.first().filter(|next| next.at < moment).cloned() {
            self.agenda.remove(&next);
            match next.what {
                Closing::Deemed(on) => {
                    let key = (next.matter, next.strand.clone());
                    self.deemed(&key, &next.step, &on, next.at, context);
                }
                Closing::Clock => self.run_out(next.matter, &next.strand, &next.step, next.at, context),
                Closing::Label => self.close_labels(next.matter, &next.strand, next.at, context),
            }
        }
    }

    /// Writes a strand's appointments anew, after its clocks have changed.
    pub(super) fn plan(&mut self, matter: u64, strand_name: &StrandName) {
        let key = (matter, strand_name.clone());
        let old = self.planned.remove(&key).unwrap_or_default();
        for appointment in old.appointments {
            self.agenda.remove(&appointment);
        }
        for who in old.unserved {
            if let Some(keys) = self.unserved.get_mut(&who) {
                keys.remove(&key);
            }
        }
        let Some(strand) = self.matters.get(&matter).and_then(|m| m.strands.get(strand_name)) else { return };
        let appoint = |at, step: &Code, what| Appointment {
            at,
            matter,
            strand: strand_name.clone(),
            step: step.clone(),
            what,
        };
        let mut new = Vec::new();
        let mut unserved = BTreeSet::new();
        for (step, clock) in &strand.clocks {
            if let Some(waiting) = &clock.waits {
                for (who, deemed) in &waiting.unserved {
                    unserved.insert(who.clone());
                    if let Some((_, at)) = deemed {
                        new.push(appoint(*at, step, Closing::Deemed(who.clone())));
                    }
                }
            }
            if let Some(times) = clock.times.filter(|_| !clock.noted) {
                new.push(appoint(times.closes, step, Closing::Clock));
            }
        }
        for label in &strand.labels {
            if let Some(times) = label.clock.times {
                new.push(appoint(times.closes, &label.step, Closing::Label));
            }
        }
        if new.is_empty() && unserved.is_empty() {
            return;
        }
        self.agenda.extend(new.iter().cloned());
        for who in &unserved {
            self.unserved.entry(who.clone()).or_default().insert(key.clone());
        }
        self.planned.insert(key, Planned { appointments: new, unserved });
    }

    /// A clock has run out: silence does what the step says.
    fn run_out(
        &mut self,
        matter: u64,
        strand: &StrandName,
        step: &Code,
        close: Instant,
        context: Context<'_>,
    ) {
        let Some((id, kind)) = self.matters.get(&matter).map(|m| (m.id, m.kind.clone())) else { return };
        let silence =
            self.law.procedures.get(&kind).and_then(|p| p.steps.get(step)).map(|s| s.silence.clone());
        let held = self.clock_mut((matter, strand, step)).and_then(|clock| {
            clock.noted = true;
            clock.held.take()
        });
        if let Some(held) = held {
            self.voids += 1;
            self.happened(close, Some(held.index), What::Void(super::VoidReason::Late));
        }
        match silence {
            Some(Silence::Moves(state)) => {
                self.happened(
                    close,
                    None,
                    What::RanOut(id, strand.clone(), step.clone(), Some(state.clone())),
                );
                if let Some(strand) = self.matters.get_mut(&matter).and_then(|m| m.strands.get_mut(strand)) {
                    strand.silences.insert(step.clone());
                }
                self.enter(matter, strand, &state, close, Cause::Silence { close }, Some(step), context);
            }
            Some(Silence::Noted) | None => {
                self.happened(close, None, What::RanOut(id, strand.clone(), step.clone(), None));
                self.plan(matter, strand);
            }
        }
    }

    fn close_labels(&mut self, matter: u64, strand_name: &StrandName, close: Instant, _: Context<'_>) {
        let Some(found) = self.matters.get_mut(&matter) else { return };
        let id = found.id;
        let Some(strand) = found.strands.get_mut(strand_name) else { return };
        let (closed, open) = std::mem::take(&mut strand.labels)
            .into_iter()
            .partition(|label| label.clock.times.is_some_and(|times| times.closes <= close));
        strand.labels = open;
        let closed: Vec<_> = closed;
        for label in closed {
            self.stamps.remove(&label.act);
            self.happened(close, None, What::Late(id, strand_name.clone(), label.step, label.by));
        }
        self.plan(matter, strand_name);
    }

    /// Computes the times of every open clock anew: dead time, a cut or a suspension was taken out.
    pub(in crate::rules::v1) fn remeasure(&mut self, at: Instant, context: Context<'_>) {
        let open: Vec<(u64, StrandName)> = self.planned.keys().cloned().collect();
        for (matter, strand) in open {
            self.remeasure_strand(matter, &strand, at, context);
        }
        for at in 0..self.recoveries.len() {
            if let Some(begun) = self.recoveries[at].begun {
                self.recoveries[at].comes = Some(self.irreversible_comes(begun, context));
            }
        }
    }

    pub(super) fn remeasure_strand(
        &mut self,
        matter: u64,
        name: &StrandName,
        at: Instant,
        context: Context<'_>,
    ) {
        let Some(strand) = self.matters.get(&matter).and_then(|m| m.strands.get(name)).cloned() else {
            return;
        };
        let Some(id) = self.matters.get(&matter).map(|m| m.id) else { return };
        let mut strand = strand;
        let mut moved = Vec::new();
        for (step, clock) in &mut strand.clocks {
            if self.remeasure_clock(clock, &strand.suspended, context)
                && let Some(times) = clock.times
            {
                moved.push((step.clone(), times));
            }
        }
        for label in &mut strand.labels {
            self.remeasure_clock(&mut label.clock, &strand.suspended, context);
        }
        let (in_time, late): (Vec<_>, Vec<_>) = std::mem::take(&mut strand.labels)
            .into_iter()
            .partition(|label| label.clock.times.is_some_and(|times| label.counted <= times.due));
        strand.labels = late;
        let held: Vec<Code> = strand
            .clocks
            .iter()
            .filter(|(_, clock)| {
                clock
                    .times
                    .is_some_and(|times| clock.held.as_ref().is_some_and(|held| held.counted <= times.due))
            })
            .map(|(step, _)| step.clone())
            .collect();
        if let Some(place) = self.matters.get_mut(&matter).and_then(|m| m.strands.get_mut(name)) {
            *place = strand;
        }
        for (step, times) in moved {
            self.happened(at, None, What::Moved(id, name.clone(), step, times));
        }
        for label in in_time {
            self.stamps.remove(&label.act);
            self.happened(at, None, What::InTime(id, name.clone(), label.step, label.by));
        }
        self.plan(matter, name);
        for step in held {
            self.release_held(matter, name, &step, at, context);
        }
    }

    /// Gives whether the times changed.
    pub(super) fn remeasure_clock(&self, clock: &mut Armed, suspended: &[Out], context: Context<'_>) -> bool {
        if let Some(waiting) = &mut clock.waits {
            for (who, deemed) in &mut waiting.unserved {
                if let Some((measure, at)) = deemed {
                    *at =
                        measure.times(&self.outs([&*who], &[], context), &self.days(&BTreeSet::new())).closes;
                }
            }
        }
        let Some(measure) = &clock.measure else { return false };
        if clock.noted {
            return false;
        }
        let outs = self.outs(&clock.asked, suspended, context);
        let times = measure.times(&outs, &self.days(&clock.asked));
        let changed = clock.times != Some(times);
        clock.times = Some(times);
        changed
    }

    pub(super) fn clock_mut(&mut self, (matter, strand, step): super::ClockAt<'_>) -> Option<&mut Armed> {
        self.matters.get_mut(&matter)?.strands.get_mut(strand)?.clocks.get_mut(step)
    }
}
