//! What closes when, and what happens then (T10): deemed services, clocks, labels, recoveries.

use std::collections::BTreeSet;

use act::value::StrandName;
use instrument::procedure::Silence;
use terms::{Code, Instant, ParticipantId, Seconds};

use super::opening::Entering;
use super::{Context, Settlement, StrandKey, VoidReason};
use crate::rules::v1::clock::{Days, Length, Measure, Out, Outs};
use crate::rules::v1::event::What;
use crate::rules::v1::law::Law;
use crate::rules::v1::matter::{Armed, Cause, MatterKey};

/// A moment at which something closes. Ordered by time, opening index, strand, step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Appointment {
    at: Instant,
    /// The matter, or the entry that opened the recovery.
    opened: MatterKey,
    what: Closing,
}

/// What stands on the agenda for one strand.
#[derive(Clone, Debug, Default)]
pub(super) struct Planned {
    appointments: Vec<Appointment>,
    unserved: BTreeSet<ParticipantId>,
}

/// What closes. What has no strand comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Closing {
    /// New roots come.
    Recovery,
    /// What a strand's state does to the whole agreement.
    Effect(StrandName),
    /// Something of a step of a strand.
    OfStep(StrandName, Code, OfStep),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum OfStep {
    /// Service is deemed on this participant.
    Deemed(ParticipantId),
    /// Its clock.
    Clock,
    /// A label of a step that came late.
    Label,
}

/// By what the clocks of a strand stand still.
#[derive(Clone, Copy)]
pub(super) struct Stands<'a> {
    pub(super) law: &'a Law,
    /// Pauses by relief.
    pub(super) suspended: &'a [(u64, Out)],
    /// Who opened the matter, and may have paused.
    pub(super) opener: &'a ParticipantId,
    /// The matter.
    pub(super) matter: MatterKey,
}

impl Settlement {
    /// The matters that have an effect on its way.
    #[must_use]
    pub fn with_coming_effects(&self) -> BTreeSet<MatterKey> {
        let all = self.agenda.iter().filter(|one| matches!(one.what, Closing::Effect(_)));
        all.map(|one| one.opened).collect()
    }

    /// Everything that closes before `moment` happens now, each before the next is looked for.
    pub(in crate::rules::v1) fn run_until(&mut self, moment: Instant, context: Context<'_>) {
        while let Some(next) =
            self.agenda.first().filter(|next| next.at < moment && self.missing.is_none()).cloned()
        {
            self.agenda.remove(&next);
            let matter = next.opened;
            match next.what {
                Closing::Recovery => self.recovery_comes(matter.index, next.at),
                Closing::Effect(strand) => self.effect_comes(&(matter, strand), next.at, context),
                Closing::OfStep(strand, step, OfStep::Deemed(on)) => {
                    self.deemed(&(matter, strand), &step, &on, next.at, context);
                }
                Closing::OfStep(strand, step, OfStep::Clock) => {
                    self.run_out(&(matter, strand), &step, next.at, context);
                }
                Closing::OfStep(strand, _, OfStep::Label) => {
                    self.close_labels(&(matter, strand), next.at);
                }
            }
        }
    }

    /// Puts a recovery on the agenda, or moves it there.
    pub(super) fn plan_recovery(&mut self, opened: u64, before: Option<Instant>, comes: Option<Instant>) {
        let appointment = |at| Appointment { at, opened: MatterKey::opened(opened), what: Closing::Recovery };
        if let Some(before) = before {
            self.agenda.remove(&appointment(before));
        }
        self.agenda.extend(comes.map(appointment));
    }

    /// Writes a strand's appointments anew, after its clocks have changed.
    pub(super) fn plan(&mut self, key: &StrandKey) {
        let old = self.planned.remove(key).unwrap_or_default();
        for appointment in &old.appointments {
            self.agenda.remove(appointment);
        }
        for who in &old.unserved {
            if let Some(keys) = self.unserved.get_mut(who) {
                keys.remove(key);
            }
        }
        let Some(strand) = self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1)) else { return };
        let appoint = |at, step: &Code, what| Appointment {
            at,
            opened: key.0,
            what: Closing::OfStep(key.1.clone(), step.clone(), what),
        };
        let mut new = Vec::new();
        let mut unserved = BTreeSet::new();
        for (step, clock) in strand.clocks.iter() {
            if let Some(waiting) = &clock.waits {
                for (who, deemed) in &waiting.unserved {
                    unserved.insert(who.clone());
                    if let Some((_, at)) = deemed {
                        new.push(appoint(*at, step, OfStep::Deemed(who.clone())));
                    }
                }
            }
            if let Some(times) = clock.times.filter(|_| !clock.noted) {
                new.push(appoint(times.closes, step, OfStep::Clock));
            }
        }
        if let Some(coming) = &strand.coming {
            let what = Closing::Effect(key.1.clone());
            new.push(Appointment { at: coming.at, opened: key.0, what });
        }
        for label in &strand.labels {
            if let Some(times) = label.clock.times {
                new.push(appoint(times.closes, &label.step, OfStep::Label));
            }
        }
        if new.is_empty() && unserved.is_empty() {
            return;
        }
        self.agenda.extend(new.iter().cloned());
        for who in &unserved {
            self.unserved.entry(who.clone()).or_default().insert(key.clone());
        }
        self.planned.insert(key.clone(), Planned { appointments: new, unserved });
    }

    /// A clock has run out: silence does what the step says.
    fn run_out(&mut self, key: &StrandKey, step: &Code, close: Instant, context: Context<'_>) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let silence = self.rule(key.0, step).map(|rule| rule.silence.clone());
        let Some(clock) = self.clock_mut((key.0, &key.1, step)) else { return };
        clock.noted = true;
        for held in std::mem::take(&mut clock.held) {
            self.no_longer_awaited(&held.act, key);
            self.void(close, held.index, VoidReason::Late);
        }
        let silent = self.unheard(key, step);
        match silence {
            Some(Silence::Moves { to: state, .. }) => {
                let what = What::RanOut(id, key.1.clone(), step.clone(), Some(state.clone()), silent);
                self.happened(close, None, what);
                if let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1))
                    && !strand.silences.contains(step)
                {
                    strand.silences.push(step.clone());
                }
                let cause = Cause::Silence { close };
                let entering = Entering { keeps: Some(step), ..Entering::plain(&state, close, &cause) };
                self.enter(key, entering, context);
            }
            Some(Silence::Noted) | None => {
                self.happened(close, None, What::RanOut(id, key.1.clone(), step.clone(), None, silent));
                self.plan(key);
            }
        }
    }

    /// Whom a step's clock asks, of those who have no voice on it.
    fn unheard(&self, key: &StrandKey, step: &Code) -> BTreeSet<ParticipantId> {
        let strand = self.matters.get(&key.0).and_then(|matter| matter.strands.get(&key.1));
        let clock = strand.and_then(|strand| Some((strand, strand.clocks.get(step)?)));
        clock.map(|(strand, clock)| strand.unheard(step, clock)).unwrap_or_default()
    }

    fn close_labels(&mut self, key: &StrandKey, close: Instant) {
        let Some(found) = self.matters.get_mut(&key.0) else { return };
        let id = found.id;
        let Some(strand) = found.strands.get_mut(&key.1) else { return };
        let (closed, open): (Vec<_>, Vec<_>) = std::mem::take(&mut strand.labels)
            .into_iter()
            .partition(|label| label.clock.times.is_some_and(|times| times.closes <= close));
        strand.labels = open;
        for label in closed {
            self.no_longer_awaited(&label.act, key);
            self.happened(close, Some(label.index), What::Late(id, key.1.clone(), label.step, label.by));
        }
        self.plan(key);
    }

    pub(super) fn no_longer_awaited(&mut self, act: &terms::ActId, key: &StrandKey) {
        if let Some(keys) = self.awaited.get_mut(act) {
            keys.remove(key);
            if keys.is_empty() {
                self.awaited.remove(act);
            }
        }
    }

    /// Computes the times of every open clock anew: dead time or a cut was taken out. `high` is the
    /// edge from which what this puts in time starts clocks of its own.
    pub(in crate::rules::v1) fn remeasure(&mut self, at: Instant, high: Instant, context: Context<'_>) {
        let open: Vec<StrandKey> = self.planned.keys().cloned().collect();
        for key in open {
            self.move_strand(&key, at, high, context);
        }
        self.remeasure_recoveries(context);
    }

    /// The same for one strand: held steps that are in time have their effect.
    pub(super) fn move_strand(&mut self, key: &StrandKey, at: Instant, high: Instant, context: Context<'_>) {
        for (key, step) in self.remeasure_strand(key, at, context) {
            self.release_held(&key, &step, at, high, context);
        }
    }

    /// Computes a strand's times anew. What turns out to be in time is said. Gives the steps that are held and in
    /// time now.
    pub(super) fn remeasure_strand(
        &mut self,
        key: &StrandKey,
        at: Instant,
        context: Context<'_>,
    ) -> Vec<(StrandKey, Code)> {
        let Some(found) = self.matters.get_mut(&key.0) else { return Vec::new() };
        let id = found.id;
        let Some(place) = found.strands.get_mut(&key.1) else { return Vec::new() };
        let mut clocks = std::mem::take(&mut place.clocks);
        let mut labels = std::mem::take(&mut place.labels);
        let suspended = place.suspended.clone();
        let (law, opener) = (found.law.clone(), found.opener.clone());
        let stands = Stands { law: &law, suspended: &suspended, opener: &opener, matter: key.0 };
        let mut moved = Vec::new();
        let mut in_time_after_all = Vec::new();
        let steps: Vec<Code> = clocks.keys().cloned().collect();
        for (step, clock) in steps.iter().zip(clocks.values_mut()) {
            if self.remeasure_clock(clock, stands, context)
                && let Some(times) = clock.times
            {
                moved.push((step.clone(), times));
            }
            let due = clock.times.map(|times| times.due);
            if clock.held.iter().any(|held| due.is_some_and(|due| held.counted <= due)) {
                in_time_after_all.push(step.clone());
            }
        }
        for label in &mut labels {
            self.remeasure_clock(&mut label.clock, stands, context);
        }
        let (in_time, late): (Vec<_>, Vec<_>) = labels
            .into_iter()
            .partition(|label| label.clock.times.is_some_and(|times| label.counted <= times.due));
        if let Some(place) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) {
            place.clocks = clocks;
            place.labels = late;
        }
        for (step, times) in moved {
            self.happened(at, None, What::Moved(id, key.1.clone(), step, times));
        }
        self.remeasure_effect(key, context);
        for label in in_time {
            self.no_longer_awaited(&label.act, key);
            self.happened(at, Some(label.index), What::InTime(id, key.1.clone(), label.step, label.by));
        }
        self.plan(key);
        in_time_after_all.into_iter().map(|step| (key.clone(), step)).collect()
    }

    /// Gives whether the times changed.
    pub(super) fn remeasure_clock(
        &self,
        clock: &mut Armed,
        stands: Stands<'_>,
        context: Context<'_>,
    ) -> bool {
        let at = |who: &ParticipantId, measure: &Measure| {
            let outs = self.outs(stands.law, measure.base, [who], &[], context);
            measure.times(&outs, &Days::of(stands.law, &BTreeSet::new())).closes
        };
        let waiting = clock.waits.iter_mut().flat_map(|waiting| waiting.unserved.iter_mut());
        for (who, deemed) in waiting {
            if let Some((measure, deemed_at)) = deemed {
                *deemed_at = at(who, measure);
            }
        }
        // What was served before counts from here if that falls.
        let served: Vec<ParticipantId> = clock.deemed.keys().cloned().collect();
        for (who, (measure, deemed_at)) in served.iter().zip(clock.deemed.values_mut()) {
            *deemed_at = at(who, measure);
        }
        let Some(measure) = &clock.measure else { return false };
        if clock.noted {
            return false;
        }
        let outs = self.outs_of_clock(clock, measure, stands, context);
        let times = measure.times(&outs, &Days::of(stands.law, &clock.asked));
        let changed = clock.times != Some(times);
        clock.times = Some(times);
        changed
    }

    fn outs_of_clock(
        &self,
        clock: &Armed,
        measure: &Measure,
        stands: Stands<'_>,
        context: Context<'_>,
    ) -> Outs {
        // Who takes no part for a while asks nothing of others; what is asked of it runs on (4.8).
        let to_date = matches!(measure.length, Length::Fixed(_));
        let pauses = if to_date || clock.asked.contains(stands.opener) {
            Vec::new()
        } else {
            self.pauses_of(stands.opener, stands.matter)
        };
        let more: Vec<Out> = stands.suspended.iter().map(|(_, out)| *out).chain(pauses).collect();
        self.outs(stands.law, measure.base, &clock.asked, &more, context)
    }

    /// How much time a clock had left at a moment: what was out by then, and nothing after it.
    pub(super) fn time_left(
        &self,
        clock: &Armed,
        moment: Instant,
        stands: Stands<'_>,
        context: Context<'_>,
    ) -> Seconds {
        let Some(measure) = &clock.measure else { return Seconds(0) };
        let mut outs = self.outs_of_clock(clock, measure, stands, context);
        for all in [&mut outs.always, &mut outs.cuts] {
            all.retain(|(from, _)| *from < moment);
            for (_, to) in all.iter_mut() {
                *to = (*to).min(moment);
            }
        }
        measure.times(&outs, &Days::of(stands.law, &clock.asked)).due.since(moment)
    }

    pub(super) fn clock_mut(&mut self, (matter, strand, step): super::ClockAt<'_>) -> Option<&mut Armed> {
        self.matters.get_mut(&matter)?.strands.get_mut(strand)?.clocks.get_mut(step)
    }
}
