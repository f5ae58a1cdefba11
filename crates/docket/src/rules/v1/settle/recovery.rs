//! New roots: by the participant's own recovery keys, or by every other seated guarantor; with a wait
//! in which they can be disowned (TIME T18).

use std::collections::{BTreeMap, BTreeSet};

use act::Act;
use act::body::{Recover, Seat};
use terms::{Instant, ParticipantId, Role, Seconds, SignerName};

use super::taken_back::DISOWN_WINDOW;
use super::{Context, Settled, Settlement, VoidReason};
use crate::rules::v1::clock::{Days, Length, Measure};
use crate::rules::v1::event::What;

/// A recovery that comes unless it is disowned (T18).
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct PendingRecovery {
    pub(in crate::rules::v1) seat: Seat,
    pub(in crate::rules::v1) votes: BTreeMap<ParticipantId, Vote>,
    begun: Option<Instant>,
    pub(in crate::rules::v1) comes: Option<Instant>,
}

/// One participant's act for it.
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Vote {
    index: u64,
    high: Instant,
}

impl Settlement {
    pub(super) fn begin_recovery(
        &mut self,
        settled: &Settled,
        body: &Recover,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let seat = Seat {
            participant: body.participant.clone(),
            roots: body.roots.clone(),
            recovery: body.recovery.clone(),
        };
        // All else that may be said against it was known at its own index.
        if self.has_recovered_since(&seat.participant, context) {
            return Err(VoidReason::WrongState);
        }
        let same = self.recoveries.iter().find(|(_, pending)| pending.seat == seat).map(|(at, _)| *at);
        let opened = same.unwrap_or(settled.index);
        let pending = self.recoveries.entry(opened).or_insert_with(|| PendingRecovery {
            seat,
            votes: BTreeMap::new(),
            begun: None,
            comes: None,
        });
        let vote = Vote { index: settled.index, high: settled.high };
        pending.votes.entry(settled.by.clone()).or_insert(vote);
        self.reckon_recovery(opened, settled.effective, context);
        Ok(())
    }

    /// Whether new roots have come to a seat that had others at the index of what settles: whatever it
    /// asks was asked of the old ones, and none of theirs that signed it could be disowned any more.
    fn has_recovered_since(&self, who: &ParticipantId, context: Context<'_>) -> bool {
        let roots = context.ledger.seats().get(who).into_iter().flat_map(|seat| &seat.roots.keys);
        let mut since = roots.filter_map(|name| context.ledger.keys().get(name)).map(|key| key.since);
        self.recovered.iter().any(|seat| seat.participant == *who) || since.any(|since| since > context.index)
    }

    /// Whether enough have asked for it, and when it comes then.
    fn reckon_recovery(&mut self, opened: u64, at: Instant, context: Context<'_>) {
        let ledger = context.ledger;
        let Some(pending) = self.recoveries.get(&opened) else { return };
        let who = pending.seat.participant.clone();
        let guarantors: Vec<&ParticipantId> = ledger
            .roles
            .iter()
            .filter(|(id, role)| **role == Role::Guarantor && **id != who && !context.is_vacant(id))
            .map(|(id, _)| id)
            .collect();
        let by_guarantors =
            !guarantors.is_empty() && guarantors.iter().all(|id| pending.votes.contains_key(*id));
        let own = pending.votes.get(&who).map(|vote| vote.high);
        let last = || pending.votes.iter().filter(|(id, _)| **id != who).map(|(_, vote)| vote.high).max();
        let begun = own.into_iter().chain(by_guarantors.then(last).flatten()).min();
        let (was, before) = (pending.begun, pending.comes);
        // Once begun, a further vote does not begin it anew.
        let begun = if own.is_some() || by_guarantors { was.or(begun) } else { None };
        let comes = begun.map(|begun| self.irreversible_comes(begun, context));
        if let Some(pending) = self.recoveries.get_mut(&opened) {
            pending.begun = begun;
            pending.comes = comes;
        }
        self.plan_recovery(opened, before, comes);
        if was.is_none()
            && let Some(comes) = comes
        {
            self.happened(at, Some(opened), What::RecoveryBegun(who, comes));
        }
    }

    /// Dead time was taken out.
    pub(super) fn remeasure_recoveries(&mut self, context: Context<'_>) {
        let begun: Vec<(u64, Instant, Option<Instant>)> = self
            .recoveries
            .iter()
            .filter_map(|(opened, pending)| Some((*opened, pending.begun?, pending.comes)))
            .collect();
        for (opened, begun, before) in begun {
            let comes = Some(self.irreversible_comes(begun, context));
            if let Some(pending) = self.recoveries.get_mut(&opened) {
                pending.comes = comes;
            }
            self.plan_recovery(opened, before, comes);
        }
    }

    /// Votes by acts that were taken back count no more; the others are kept.
    pub(super) fn disown_votes(&mut self, disowned: &BTreeSet<u64>, at: Instant, context: Context<'_>) {
        let touched: Vec<u64> = self
            .recoveries
            .iter()
            .filter(|(_, pending)| pending.votes.values().any(|vote| disowned.contains(&vote.index)))
            .map(|(opened, _)| *opened)
            .collect();
        for opened in touched {
            let Some(pending) = self.recoveries.get_mut(&opened) else { continue };
            pending.votes.retain(|_, vote| !disowned.contains(&vote.index));
            // If it is still asked for by enough, it begins with the votes that are left.
            pending.begun = None;
            self.reckon_recovery(opened, at, context);
            if self.recoveries.get(&opened).is_some_and(|pending| pending.votes.is_empty()) {
                self.recoveries.remove(&opened);
            }
        }
    }

    /// The new roots come. Whatever else was asked for the same seat was asked of the old ones.
    pub(super) fn recovery_comes(&mut self, opened: u64, at: Instant) {
        let Some(pending) = self.recoveries.remove(&opened) else { return };
        let who = pending.seat.participant.clone();
        let others: Vec<(u64, Option<Instant>)> = self
            .recoveries
            .iter()
            .filter(|(_, other)| other.seat.participant == who)
            .map(|(opened, other)| (*opened, other.comes))
            .collect();
        for (opened, comes) in others {
            self.plan_recovery(opened, comes, None);
            self.recoveries.remove(&opened);
        }
        self.happened(at, None, What::Recovered(who));
        self.recovered.push(pending.seat);
    }

    /// Those that have come since the last call.
    pub(in crate::rules::v1) fn recovered(&mut self) -> Vec<Seat> {
        std::mem::take(&mut self.recovered)
    }

    /// When something irreversible comes that was begun at `high`: after the disown window and the
    /// carriage, as a clock (T18).
    fn irreversible_comes(&self, high: Instant, context: Context<'_>) -> Instant {
        let window = Seconds(DISOWN_WINDOW.0 + self.law.instrument.calendar.carriage.0);
        let measure = Measure::new(high, Length::Exact(window), Seconds(0));
        measure.times(&self.outs(&self.law, high, [], &[], context), &Days::default()).closes
    }
}

/// The signers that sign for the author itself: a new root under another's vote is none.
pub(super) fn own_signers(settled: &Settled, act: &Act) -> Box<[SignerName]> {
    let signers = act.head().signers.iter();
    signers.filter(|signer| signer.participant() == Some(&settled.by)).cloned().collect()
}
