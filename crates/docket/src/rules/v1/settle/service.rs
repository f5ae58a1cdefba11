//! Service: when an entry counts as known to whom it is for (TIME T15).

use std::collections::BTreeSet;

use act::Act;
use act::body::Serve;
use act::value::MatterRef;
use instrument::procedure::Phrase;
use terms::{ActId, Code, Hash, Instant, Item, ItemPart, Kind, ParticipantId, Role, Seconds};

use super::agenda::Stands;
use super::opening::asked;
use super::{Context, Settled, Settlement, StrandKey, VoidReason, check_hand};
use crate::rules::v1::clock::{Days, Length, Measure};
use crate::rules::v1::event::What;
use crate::rules::v1::law::{Law, phrase_of};
use crate::rules::v1::matter::{Armed, Cause, Waiting};

/// How an act shows that somebody has what it is served.
struct Shown<'a> {
    /// The act.
    by: &'a Settled,
    /// How many entries its author had seen; none if another says that it arrived.
    seen_size: Option<u64>,
    /// The act ids that it quotes, or that are said to have arrived.
    ids: BTreeSet<ActId>,
}

/// The act ids that stand whole in a text: 43 characters of base64 and `=`.
fn quoted_ids(text: &str) -> BTreeSet<ActId> {
    text.match_indices('=')
        .filter_map(|(at, _)| text.get(at.checked_sub(43)?..=at))
        .filter_map(|token| Hash::from_base64(token).map(ActId))
        .collect()
}

impl Settlement {
    /// What a clock from service waits for, when it is armed by `cause`.
    pub(super) fn wait_for_service(
        &self,
        law: &Law,
        asked: &BTreeSet<ParticipantId>,
        cause: &Cause,
        context: Context<'_>,
    ) -> Waiting {
        let mut waiting = Waiting::default();
        for who in asked {
            let own = matches!(cause, Cause::Act { by, .. } if by == who);
            if own {
                waiting.latest = waiting.latest.max(Some(cause.base()));
            } else if context.is_vacant(who) {
                waiting.unserved.insert(who.clone(), None);
            } else {
                waiting.unserved.insert(who.clone(), Some(self.deemed_from(law, cause.base(), who, context)));
            }
        }
        waiting
    }

    /// Who has what it is asked by because it signed that: served by it, until it is taken back.
    pub(super) fn note_own_act(
        &self,
        clock: &mut Armed,
        (law, asked): (&Law, &BTreeSet<ParticipantId>),
        cause: &Cause,
        context: Context<'_>,
    ) {
        let Cause::Act { index, by, high, .. } = cause else { return };
        if asked.contains(by) {
            clock.deemed.insert(by.clone(), self.deemed_from(law, *high, by, context));
            clock.served_by.push((*index, by.clone()));
        }
    }

    /// What any other clock waits for: that the seats of those it asks are taken.
    pub(super) fn wait_for_seats(
        asked: &BTreeSet<ParticipantId>,
        cause: &Cause,
        context: Context<'_>,
    ) -> Waiting {
        let empty = asked.iter().filter(|who| context.is_vacant(who));
        let unserved = empty.map(|who| (who.clone(), None)).collect();
        Waiting { unserved, latest: Some(cause.base()), seats_only: true, extended: Seconds(0) }
    }

    /// Deemed service on `who`, counted from `base`.
    pub(super) fn deemed_from(
        &self,
        law: &Law,
        base: Instant,
        who: &ParticipantId,
        context: Context<'_>,
    ) -> (Measure, Instant) {
        let length = Length::Exact(law.instrument.calendar.deemed);
        let measure = Measure::new(base, length, Seconds(0));
        let outs = self.outs(law, base, [who], &[], context);
        let at = measure.times(&outs, &Days::of(law, &BTreeSet::new())).closes;
        (measure, at)
    }

    /// T15 (a) and (b): an act by X serves X what it shows that X has.
    pub(super) fn serve_by_act(&mut self, settled: &Settled, act: &Act, context: Context<'_>) {
        // A new root that signs another's vote to seat it is no act of X: `by` is the voter.
        let Some(candidates) = self.unserved.get(&settled.by).filter(|keys| !keys.is_empty()).cloned() else {
            return;
        };
        let ids = quoted_ids(act.text());
        let shown = Shown { by: settled, seen_size: settled.seen_size, ids };
        for key in candidates {
            self.serve_strand(&key, &settled.by, &shown, context);
        }
    }

    /// T15 (c): a guarantor or the monitor says that it was delivered.
    pub(super) fn serve_by_other(
        &mut self,
        settled: &Settled,
        serve: &Serve,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        if ledger.excluded.names(serve.on.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        ledger.role(&serve.on).ok_or(VoidReason::Unknown)?;
        if !self.is_known(&serve.act, settled, context) {
            return Err(VoidReason::Unknown);
        }
        let role = ledger.role(&settled.by);
        if !matches!(role, Some(Role::Guarantor | Role::Monitor)) || serve.on == settled.by {
            return Err(VoidReason::NoPower);
        }
        let waiting: Vec<StrandKey> = self
            .unserved
            .get(&serve.on)
            .into_iter()
            .flatten()
            .filter(|key| {
                let strand = self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1));
                strand.is_some_and(|s| s.clocks.values().any(|c| c.asks_by(&serve.on, &serve.act)))
            })
            .cloned()
            .collect();
        // Never by who gains: whose act starts the clock, or who opened the matter, does not say that
        // it arrived.
        let gains = |key: &StrandKey| {
            let Some(matter) = self.matters.get(&key.0) else { return false };
            let strand = matter.strands.get(&key.1);
            matter.opener == settled.by
                || strand.is_some_and(|s| {
                    s.clocks.values().any(|c| {
                        matches!(c.asks(&serve.on), Cause::Act { id, by, .. } if *id == serve.act && *by == settled.by)
                    })
                })
        };
        if waiting.iter().any(gains) {
            return Err(VoidReason::NoPower);
        }
        check_hand(&self.law, (Kind::Serve, None), settled)?;
        if context.is_vacant(&serve.on) {
            return Err(VoidReason::Vacant);
        }
        let shown = Shown { by: settled, seen_size: None, ids: BTreeSet::from([serve.act]) };
        for key in waiting {
            self.serve_strand(&key, &serve.on, &shown, context);
        }
        Ok(())
    }

    /// Whether this act is one that could be delivered: it opened a matter, filed an exhibit, or
    /// settled so lately that a clock may wait for it.
    fn is_known(&self, act: &ActId, settled: &Settled, context: Context<'_>) -> bool {
        let reached = |high| self.may_be_reached(high, settled.high, context);
        self.key_of(&MatterRef::Opened(*act)).is_some()
            || self.exhibits.contains_key(&Item { act: *act, part: ItemPart::Exhibit(1) })
            || self.recent.iter().any(|recent| recent.id == *act && reached(recent.high))
            || self.planned.keys().any(|key| {
                let strand = self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1));
                let by = |cause: &Cause| matches!(cause, Cause::Act { id, .. } if id == act);
                let waits = |c: &Armed| !c.noted && (by(&c.cause) || c.anew.values().any(by));
                strand.is_some_and(|s| s.clocks.values().any(waits))
            })
    }

    /// T15 (d).
    pub(super) fn deemed(
        &mut self,
        key: &StrandKey,
        step: &Code,
        on: &ParticipantId,
        at: Instant,
        context: Context<'_>,
    ) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        self.happened(at, None, What::DeemedServed(id, key.1.clone(), step.clone(), on.clone()));
        self.note_service(key, step, on, at, None);
        self.start_if_served(key, step, at, context);
        self.plan(key);
    }

    /// Starts what an act shows to be served on `on`, in one strand: each clock by what it counts
    /// from, since a step may restart one of several.
    fn serve_strand(&mut self, key: &StrandKey, on: &ParticipantId, shown: &Shown<'_>, context: Context<'_>) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let (id, Some(strand)) = (matter.id, matter.strands.get(&key.1)) else { return };
        let mut served: Vec<Code> = Vec::new();
        for (step, clock) in strand.clocks.iter() {
            // While its seat is empty nothing serves it.
            let waits = clock.waits.as_ref().and_then(|waiting| waiting.unserved.get(on));
            if !matches!(waits, Some(Some(_))) {
                continue;
            }
            let seen = |past: u64| shown.seen_size.is_some_and(|size| size > past);
            let (by_seen, by_quote) = match clock.asks(on) {
                Cause::Act { known, id, .. } if shown.by.index > *known => {
                    (seen(*known), shown.ids.contains(id))
                }
                Cause::Act { .. } => (false, false),
                // Where a silence led, no act can be quoted: it has seen the register past the close.
                Cause::Silence { close } => (context.timeline.first_past(*close).is_some_and(seen), false),
            };
            if by_quote || (by_seen && !clock.after_seating.contains(on)) {
                served.push(step.clone());
            }
        }
        if served.is_empty() {
            return;
        }
        let (at, entry) = (shown.by.effective, Some(shown.by.index));
        for step in served {
            self.happened(at, entry, What::Served(id, key.1.clone(), step.clone(), on.clone()));
            self.note_service(key, &step, on, shown.by.high, entry);
            self.start_if_served(key, &step, at, context);
        }
        self.touch(shown.by.index, key);
        self.plan(key);
    }

    fn note_service(
        &mut self,
        key: &StrandKey,
        step: &Code,
        on: &ParticipantId,
        base: Instant,
        entry: Option<u64>,
    ) {
        let Some(clock) = self.clock_mut((key.0, &key.1, step)) else { return };
        let Some(waiting) = &mut clock.waits else { return };
        let Some(deemed) = waiting.unserved.remove(on) else { return };
        // The first of them: what shows it before service is deemed may be final only after.
        let base = deemed.as_ref().map_or(base, |(_, deemed_at)| base.min(*deemed_at));
        waiting.latest = waiting.latest.max(Some(base));
        if let Some(deemed) = deemed {
            clock.deemed.insert(on.clone(), deemed);
        }
        if let Some(entry) = entry {
            clock.served_by.push((entry, on.clone()));
        }
    }

    /// A clock starts with the latest service of all who are asked.
    pub(super) fn start_if_served(
        &mut self,
        key: &StrandKey,
        step: &Code,
        at: Instant,
        context: Context<'_>,
    ) {
        let asked =
            self.clock_mut((key.0, &key.1, step)).map(|clock| clock.asked.clone()).unwrap_or_default();
        let Some(length) = self.length_of(key, step, &asked) else { return };
        let carriage = self.carriage(key.0, step);
        let Some(clock) = self.clock_mut((key.0, &key.1, step)) else { return };
        let Some(waiting) = clock.waits.as_ref().filter(|waiting| waiting.unserved.is_empty()) else {
            return;
        };
        // Where nobody is asked, there is nobody to be served: it counts from finality.
        let base = waiting.latest.unwrap_or(clock.cause.base());
        let measure = Measure { extended: waiting.extended, ..Measure::new(base, length, carriage) };
        clock.waits = None;
        clock.measure = Some(measure);
        self.announce_clock(key, step, at, context);
    }

    /// A clock goes on: it starts, if it has just ceased to wait.
    pub(super) fn go_on(&mut self, key: &StrandKey, step: &Code, at: Instant, context: Context<'_>) {
        let clock = self.clock_mut((key.0, &key.1, step));
        if clock.is_some_and(|clock| clock.waits.as_ref().is_some_and(|waits| waits.unserved.is_empty())) {
            self.start_if_served(key, step, at, context);
        } else {
            self.announce_clock(key, step, at, context);
        }
    }

    /// Computes the times of a clock that has just started, and says them.
    pub(super) fn announce_clock(&mut self, key: &StrandKey, step: &Code, at: Instant, context: Context<'_>) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let (id, Some(strand)) = (matter.id, matter.strands.get(&key.1)) else { return };
        let suspended = strand.suspended.clone();
        let Some(mut clock) = strand.clocks.get(step).cloned() else { return };
        let stands =
            Stands { law: &matter.law, suspended: &suspended, opener: &matter.opener, matter: key.0 };
        self.remeasure_clock(&mut clock, stands, context);
        let times = clock.times.filter(|_| !clock.noted);
        if let Some(place) = self.clock_mut((key.0, &key.1, step)) {
            *place = clock;
        }
        if let Some(times) = times {
            self.happened(at, None, What::Clock(id, key.1.clone(), step.clone(), times));
        }
    }

    /// Nobody writes down any more what a participant says that has no roots: what asks it by name waits for its seat, and
    /// starts anew then; of a set it is asked no more.
    pub(in crate::rules::v1) fn seat_was_left(
        &mut self,
        who: &ParticipantId,
        high: Instant,
        context: Context<'_>,
    ) {
        let at = self.here();
        for key in self.planned.keys().cloned().collect::<Vec<_>>() {
            let Some(matter) = self.matters.get(&key.0) else { continue };
            let Some(strand) = matter.strands.get(&key.1) else { continue };
            let mut changed = Vec::new();
            let asks = strand.clocks.iter().filter(|(_, clock)| !clock.noted && clock.asked.contains(who));
            for (step, clock) in asks {
                let mut clock = clock.clone();
                self.leave_seat(&key, step, &mut clock, who, context);
                clock.never_starts_before(high);
                changed.push((step.clone(), clock));
            }
            for (step, clock) in changed {
                if let Some(place) = self.clock_mut((key.0, &key.1, &step)) {
                    *place = clock;
                }
                self.start_if_served(&key, &step, at, context);
            }
            for (key, step) in self.remeasure_strand(&key, at, context) {
                self.release_held(&key, &step, at, at, context);
            }
        }
    }

    /// The same for one clock: it waits for the seat, or asks who left it no more.
    pub(super) fn leave_seat(
        &self,
        key: &StrandKey,
        step: &Code,
        clock: &mut Armed,
        who: &ParticipantId,
        context: Context<'_>,
    ) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let Some(rule) = matter.procedure.step(step) else { return };
        if asked(matter, rule, &key.1, context).contains(who) {
            let alone = BTreeSet::from([who.clone()]);
            let due = rule.clock.as_ref().and_then(|rule| phrase_of(&rule.due, &matter.fields_of(&key.1)));
            let more = match due {
                Some(Phrase::AfterService(_)) => {
                    self.wait_for_service(&matter.law, &alone, &clock.cause, context)
                }
                _ => Self::wait_for_seats(&alone, &clock.cause, context),
            };
            clock.wait_for(more);
        } else {
            clock.asked.remove(who);
            if let Some(waiting) = &mut clock.waits {
                waiting.unserved.remove(who);
            }
        }
    }

    /// A seat was taken: what waited for it is served when deemed from now, never by a first look.
    pub(in crate::rules::v1) fn seat_was_taken(
        &mut self,
        who: &ParticipantId,
        high: Instant,
        context: Context<'_>,
    ) {
        let waiting = self.unserved.get(who).cloned().unwrap_or_default();
        for key in waiting {
            let Some(law) = self.matters.get(&key.0).map(|matter| matter.law.clone()) else { continue };
            let deemed = self.deemed_from(&law, high, who, context);
            let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) else {
                continue;
            };
            let mut start = Vec::new();
            let steps: Vec<Code> = strand.clocks.keys().cloned().collect();
            for (step, clock) in steps.into_iter().zip(strand.clocks.values_mut()) {
                if clock.seat_was_taken(who, high, deemed.clone()) {
                    start.push(step);
                }
            }
            let at = self.here();
            for step in start {
                self.start_if_served(&key, &step, at, context);
            }
            self.plan(&key);
        }
    }
}
