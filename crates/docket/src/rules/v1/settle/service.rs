//! Service: when an entry counts as known to whom it is for (TIME T15).

use std::collections::BTreeSet;

use act::body::Serve;
use act::value::StrandName;
use terms::{ActId, Code, Hash, Instant, ParticipantId, Role, Seconds};

use super::{Context, Settled, Settlement, VoidReason};
use crate::rules::v1::clock::{Length, Measure};
use crate::rules::v1::event::What;
use crate::rules::v1::matter::{Cause, Waiting};

/// How an act shows that somebody has what it is served.
struct Shown {
    /// It quotes the entry's id, or says by another's word that it arrived; else its `seen` covers it.
    by_quote: bool,
    at: Instant,
    entry: u64,
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
        asked: &BTreeSet<ParticipantId>,
        cause: &Cause,
        context: Context<'_>,
    ) -> Waiting {
        let mut waiting = Waiting::default();
        for who in asked {
            let own = matches!(cause, Cause::Act { by, .. } if by == who);
            if own {
                waiting.latest = waiting.latest.max(Some(cause.base()));
            } else if context.ledger.is_vacant(who) {
                waiting.unserved.insert(who.clone(), None);
            } else {
                waiting.unserved.insert(who.clone(), Some(self.deemed_from(cause.base(), who, context)));
            }
        }
        waiting
    }

    /// Deemed service on `who`, counted from `base`.
    pub(super) fn deemed_from(
        &self,
        base: Instant,
        who: &ParticipantId,
        context: Context<'_>,
    ) -> (Measure, Instant) {
        let length = Length::Exact(self.calendar.deemed);
        let measure = Measure { base, length, carriage: Seconds(0), extended: Seconds(0) };
        let at = measure.times(&self.outs([who], &[], context), &self.days(&BTreeSet::new())).closes;
        (measure, at)
    }

    /// T15 (a) and (b): an act by X serves X what it shows that X has.
    pub(super) fn serve_by_act(&mut self, settled: &Settled<'_>, context: Context<'_>) {
        // A new root that signs another's vote to seat it is no act of X: `by` is the voter.
        let Some(candidates) = self.unserved.get(&settled.by).filter(|keys| !keys.is_empty()).cloned() else {
            return;
        };
        let quoted = quoted_ids(settled.act.text());
        for key in candidates {
            let Some(strand) = self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1)) else { continue };
            let (by_seen, by_quote) = match &strand.cause {
                Cause::Act { index, id, .. } if settled.index > *index => {
                    (settled.seen_size.is_some_and(|size| size > *index), quoted.contains(id))
                }
                Cause::Act { .. } => (false, false),
                Cause::Silence { close } => {
                    let mark = context.timeline.first_past(*close);
                    (settled.seen_size.zip(mark).is_some_and(|(size, mark)| size > mark), false)
                }
            };
            if by_seen || by_quote {
                let shown = Shown { by_quote, at: settled.high, entry: settled.index };
                self.serve_strand(&key, &settled.by, &shown, context);
            }
        }
    }

    /// T15 (c): a guarantor or the monitor says that it was delivered.
    pub(super) fn serve_by_other(
        &mut self,
        settled: &Settled<'_>,
        serve: &Serve,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        if ledger.excluded.names(serve.on.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        ledger.role(&serve.on).ok_or(VoidReason::Unknown)?;
        if !matches!(ledger.role(&settled.by), Some(Role::Guarantor | Role::Monitor)) {
            return Err(VoidReason::NoPower);
        }
        if ledger.is_vacant(&serve.on) {
            return Err(VoidReason::Vacant);
        }
        let served: Vec<(u64, StrandName)> = self
            .matters
            .iter()
            .flat_map(|(index, matter)| {
                matter.strands.iter().map(move |(name, strand)| (*index, name, strand))
            })
            .filter(|(_, _, strand)| matches!(&strand.cause, Cause::Act { id, .. } if *id == serve.act))
            .map(|(index, name, _)| (index, name.clone()))
            .collect();
        if served.is_empty() {
            return Err(VoidReason::Unknown);
        }
        // Never by who gains: whose act starts the clock does not say that it arrived.
        let gains = |key: &(u64, StrandName)| {
            let strand = self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1));
            strand.is_some_and(|s| matches!(&s.cause, Cause::Act { by, .. } if *by == settled.by))
        };
        if served.iter().any(gains) || serve.on == settled.by {
            return Err(VoidReason::NoPower);
        }
        for key in served {
            let shown = Shown { by_quote: true, at: settled.high, entry: settled.index };
            self.serve_strand(&key, &serve.on, &shown, context);
        }
        Ok(())
    }

    /// T15 (d).
    pub(super) fn deemed(
        &mut self,
        key: &(u64, StrandName),
        step: &Code,
        on: &ParticipantId,
        at: Instant,
        context: Context<'_>,
    ) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        self.happened(at, None, What::DeemedServed(id, key.1.clone(), step.clone(), on.clone()));
        self.note_service(key, step, on, at, None);
        self.start_if_served(key, step, at, context);
        self.plan(key.0, &key.1);
    }

    fn serve_strand(
        &mut self,
        key: &(u64, StrandName),
        on: &ParticipantId,
        shown: &Shown,
        context: Context<'_>,
    ) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let (id, Some(strand)) = (matter.id, matter.strands.get(&key.1)) else { return };
        let steps: Vec<Code> = strand
            .clocks
            .iter()
            .filter(|(_, clock)| {
                clock.waits.as_ref().is_some_and(|w| matches!(w.unserved.get(on), Some(Some(_))))
            })
            .filter(|(_, clock)| shown.by_quote || !clock.after_seating.contains(on))
            .map(|(step, _)| step.clone())
            .collect();
        for step in steps {
            let entry = Some(shown.entry);
            self.happened(shown.at, entry, What::Served(id, key.1.clone(), step.clone(), on.clone()));
            self.note_service(key, &step, on, shown.at, entry);
            self.start_if_served(key, &step, shown.at, context);
        }
        self.plan(key.0, &key.1);
    }

    fn note_service(
        &mut self,
        key: &(u64, StrandName),
        step: &Code,
        on: &ParticipantId,
        at: Instant,
        entry: Option<u64>,
    ) {
        let Some(clock) = self.clock_mut((key.0, &key.1, step)) else { return };
        let Some(waiting) = &mut clock.waits else { return };
        let Some(deemed) = waiting.unserved.remove(on) else { return };
        waiting.latest = waiting.latest.max(Some(at));
        if let Some((_, deemed_at)) = deemed {
            clock.deemed.insert(on.clone(), deemed_at);
        }
        if let Some(entry) = entry {
            clock.served_by.push((entry, on.clone()));
        }
    }

    /// A clock starts with the latest service of all who are asked.
    pub(super) fn start_if_served(
        &mut self,
        key: &(u64, StrandName),
        step: &Code,
        at: Instant,
        context: Context<'_>,
    ) {
        let Some(length) = self.length_from_base(key.0, step) else { return };
        let carriage = self.carriage(key.0, step);
        let Some(clock) = self.clock_mut((key.0, &key.1, step)) else { return };
        let Some(waiting) = clock.waits.as_ref().filter(|waiting| waiting.unserved.is_empty()) else {
            return;
        };
        let base = waiting.latest.unwrap_or(at);
        clock.waits = None;
        clock.measure = Some(Measure { base, length, carriage, extended: Seconds(0) });
        self.announce_clock(key, step, at, context);
    }

    /// Computes the times of a clock that has just started, and says them.
    pub(super) fn announce_clock(
        &mut self,
        key: &(u64, StrandName),
        step: &Code,
        at: Instant,
        context: Context<'_>,
    ) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let (id, Some(strand)) = (matter.id, matter.strands.get(&key.1)) else { return };
        let suspended = strand.suspended.clone();
        let Some(mut clock) = strand.clocks.get(step).cloned() else { return };
        self.remeasure_clock(&mut clock, &suspended, context);
        let times = clock.times;
        if let Some(place) = self.clock_mut((key.0, &key.1, step)) {
            *place = clock;
        }
        if let Some(times) = times {
            self.happened(at, None, What::Clock(id, key.1.clone(), step.clone(), times));
        }
    }

    /// A seat was taken: what waited for it is served when deemed from now, never by a first look.
    pub(super) fn seat_was_taken(&mut self, who: &ParticipantId, high: Instant, context: Context<'_>) {
        let waiting = self.unserved.get(who).cloned().unwrap_or_default();
        for key in waiting {
            let deemed = self.deemed_from(high, who, context);
            let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) else {
                continue;
            };
            for clock in strand.clocks.values_mut() {
                if let Some(waiting) = &mut clock.waits
                    && let Some(empty @ None) = waiting.unserved.get_mut(who)
                {
                    *empty = Some(deemed.clone());
                    clock.after_seating.insert(who.clone());
                }
            }
            self.plan(key.0, &key.1);
        }
    }
}
