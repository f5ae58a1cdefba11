//! Disowning: a root takes back what a key signed lately (TIME T17).

use std::collections::BTreeSet;

use act::body::Disown;
use act::{Act, Body};
use instrument::tally::Outcome;
use terms::{ActId, Code, Instant, Item, ItemPart, Kind, Seconds, SignerName};

use super::recovery::own_signers;
use super::step::tally;
use super::{Context, Settled, Settlement, StrandKey, VoidReason};
use crate::rules::v1::clock::{Length, counted};
use crate::rules::v1::event::What;
use crate::rules::v1::few::Few;
use crate::rules::v1::matter::{Armed, Decision, Matter, MatterKey};

/// How far back a root may reach: 72 hours of counted time.
pub(super) const DISOWN_WINDOW: Seconds = Seconds::hours(72);

/// A matter that re-opens has at least this much time left.
const AT_LEAST: Seconds = Seconds::hours(24);

/// An act that a root may still take back.
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Recent {
    index: u64,
    pub(super) id: ActId,
    kind: Kind,
    n: u64,
    high: Instant,
    /// Who signed for its author; the first has the `n`.
    signers: Box<[SignerName]>,
    /// How many of them it needs: for a recovery, as many as its set asks.
    needs: usize,
    /// The exhibits that it says something of.
    items: Box<[Item]>,
    /// The strands that it moved, or served.
    pub(super) touched: Vec<StrandKey>,
}

impl Recent {
    pub(super) fn of(settled: &Settled, act: &Act, needs: usize) -> Recent {
        Recent {
            index: settled.index,
            id: settled.id,
            kind: act.kind(),
            n: act.head().n,
            high: settled.high,
            signers: own_signers(settled, act),
            needs,
            items: items_of(act.body()),
            touched: Vec::new(),
        }
    }
}

impl Settlement {
    /// Notes that an entry moved a strand, or served it, so that taking it back finds the strand.
    pub(super) fn touch(&mut self, index: u64, key: &StrandKey) {
        // Mostly it is the entry that settles now.
        let last = self.recent.len().checked_sub(1).filter(|at| self.recent[*at].index == index);
        let at = last.or_else(|| self.recent.binary_search_by_key(&index, |act| act.index).ok());
        if let Some(at) = at {
            self.recent[at].touched.push(key.clone());
        }
    }

    /// Lets go of what no root can take back any more, so that memory follows open work: a disowning
    /// reaches 72 hours back from its counted time, and is as long on its way as an answer may be.
    pub(in crate::rules::v1) fn forget_before(&mut self, now: Instant, context: Context<'_>) {
        while self.recent.front().is_some_and(|act| !self.may_be_reached(act.high, now, context)) {
            let Some(gone) = self.recent.pop_front() else { break };
            let reach = self.recent.front().map_or(gone.index + 1, |act| act.index);
            for key in gone.touched {
                if let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) {
                    strand.forget_before(reach);
                }
            }
        }
    }

    /// The first entry that a root may still take back.
    pub(super) fn reach(&self) -> u64 {
        self.recent.front().map_or(u64::MAX, |act| act.index)
    }

    fn may_be_reached(&self, high: Instant, now: Instant, context: Context<'_>) -> bool {
        let reach = Seconds(DISOWN_WINDOW.0.saturating_add(self.law.instrument.calendar.carriage.0));
        counted(high, now, context.timeline.dead_since(high)) <= reach
    }

    pub(super) fn disown(
        &mut self,
        settled: &Settled,
        disown: &Disown,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let (label, since) = match disown {
            Disown::Key { label, since } => (label, *since),
            Disown::Act(act) => return self.disown_transcript(settled, act, context),
        };
        let name = SignerName::key(&settled.by, label);
        let disowned = self.taken_back(&name, since, settled, context);
        let count = disowned.len() as u64;
        self.happened(settled.effective, Some(settled.index), What::Disowned(name, count));
        self.take_back(&disowned, settled, context);
        Ok(())
    }

    /// Takes back what these entries did.
    pub(super) fn take_back(&mut self, disowned: &BTreeSet<u64>, settled: &Settled, context: Context<'_>) {
        self.forget_exhibits(disowned);
        self.disown_votes(disowned, settled.effective, context);
        self.take_back_relief(&|index| disowned.contains(&index));
        let mut touched: BTreeSet<StrandKey> = BTreeSet::new();
        for act in &self.recent {
            if disowned.contains(&act.index) {
                touched.extend(act.touched.iter().cloned());
            }
        }
        for index in disowned {
            let last = MatterKey { index: *index, number: u32::MAX };
            for (_, found) in self.matters.range_mut(MatterKey::opened(*index)..=last) {
                found.disowned = true;
            }
        }
        for key in touched {
            self.take_back_voices(&key, &|index| disowned.contains(&index));
            self.drop_labels(&key, disowned);
            self.reopen(&key, disowned, settled, context);
            self.service_falls(&key, disowned, settled, context);
        }
    }

    /// Whether what was final at `high` can still be taken back by this.
    pub(super) fn is_within_window(&self, high: Instant, settled: &Settled, context: Context<'_>) -> bool {
        let dead = context.timeline.dead_since(high);
        counted(high, settled.counted(), dead) <= DISOWN_WINDOW
            && self.may_be_reached(high, settled.high, context)
    }

    /// The acts that are disowned: the key's own from `since` on, and what it co-signed after the last
    /// of its own before that, where too few signers are left.
    fn taken_back(
        &self,
        name: &SignerName,
        since: u64,
        settled: &Settled,
        context: Context<'_>,
    ) -> BTreeSet<u64> {
        let own = |act: &&Recent| act.signers.first() == Some(name);
        let last_before =
            self.recent.iter().filter(own).filter(|act| act.n < since).map(|act| act.index).max();
        let is_taken_back = |act: &&Recent| {
            // What these did to keys and seats stays (T17).
            if matches!(act.kind, Kind::Enrol | Kind::Disown)
                || !self.is_within_window(act.high, settled, context)
            {
                return false;
            }
            if act.signers.first() == Some(name) {
                return act.n >= since;
            }
            act.signers.contains(name)
                && last_before.is_none_or(|last| act.index > last)
                && act.signers.len() <= act.needs
        };
        self.recent.iter().filter(is_taken_back).map(|act| act.index).collect()
    }

    /// What these acts filed, or said of exhibits.
    fn forget_exhibits(&mut self, disowned: &BTreeSet<u64>) {
        for act in self.recent.iter().filter(|act| disowned.contains(&act.index)) {
            let first = Item::exhibit(act.id, 0);
            let last = Item { act: act.id, part: ItemPart::Exhibit(u32::MAX) };
            for (_, filed) in self.exhibits.range_mut(first..=last) {
                filed.forget(disowned);
            }
            for item in &act.items {
                if let Some(exhibit) = self.exhibits.get_mut(item) {
                    exhibit.forget(disowned);
                }
            }
        }
    }

    fn drop_labels(&mut self, key: &StrandKey, disowned: &BTreeSet<u64>) {
        let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) else {
            return;
        };
        let mut gone: Vec<ActId> =
            strand.labels.extract_if(.., |label| disowned.contains(&label.index)).map(|l| l.act).collect();
        for clock in strand.clocks.values_mut() {
            gone.extend(clock.held.extract_if(.., |held| disowned.contains(&held.index)).map(|h| h.act));
        }
        for act in gone {
            self.no_longer_awaited(&act, key);
        }
    }

    /// A strand that still stands on a disowned act goes back, with the time it had left; one that
    /// others have moved on from is flagged.
    fn reopen(&mut self, key: &StrandKey, disowned: &BTreeSet<u64>, settled: &Settled, context: Context<'_>) {
        let Some(id) = self.matters.get(&key.0).map(|matter| matter.id) else { return };
        let (mut back, mut moved) = (false, false);
        let mut steps: BTreeSet<Code> = BTreeSet::new();
        let opener = self.matters.get(&key.0).map(|matter| matter.opener.clone());
        let pauses = opener.map(|opener| self.pauses_of(&opener, key.0)).unwrap_or_default();
        while self.has_fallen(key, disowned, context) {
            let Some(strand) = self.strand_mut(key) else { return };
            // What can't be undone has come.
            if strand.came {
                break;
            }
            // The opening itself stays, marked; there is no state before it.
            let Some(left) = strand.left.pop() else { break };
            let suspended: Vec<_> = strand.suspended.iter().chain(&pauses).copied().collect();
            strand.cause = left.cause;
            let fallen = std::mem::replace(&mut strand.decision, left.decision);
            if !left.stayed {
                if !strand.been.contains(&strand.state) {
                    strand.been.push(strand.state.clone());
                }
                strand.state = left.state;
                strand.since = settled.effective;
                strand.acted = settled.high;
                strand.clocks = Few::new();
                strand.voices = left.voices;
                strand.done.clear();
                strand.coming = None;
                moved = true;
                steps.clear();
            }
            // The other voices are kept.
            if let Some(Decision { step, mut voices, .. }) = fallen.map(|fallen| *fallen) {
                voices.retain(|_, voice| !disowned.contains(&voice.index));
                if !voices.is_empty() {
                    strand.voices.insert(step, voices);
                }
            }
            for (step, clock) in left.clocks.iter() {
                let clock = with_time_left(clock, left.at, settled.high, &suspended);
                strand.clocks.insert(step.clone(), clock);
                steps.insert(step.clone());
            }
            back = true;
        }
        let left_on = self.matters.get(&key.0).is_some_and(|matter| {
            let mut left = matter.strands.get(&key.1).into_iter().flat_map(|strand| &strand.left);
            left.any(|left| fell((matter, key), left.cause, left.decision.as_deref(), disowned, context))
        });
        let Some(strand) = self.strand_mut(key) else { return };
        let suspended: Vec<_> = strand.suspended.iter().chain(&pauses).copied().collect();
        for done in strand.done.extract_if(.., |done| disowned.contains(&done.index)) {
            let clock = with_time_left(&done.clock, done.at, settled.high, &suspended);
            strand.clocks.insert(done.step.clone(), clock);
            steps.insert(done.step);
        }
        let flagged = left_on && !strand.flagged;
        strand.flagged |= flagged;
        if back {
            let what = What::Reopened(id, key.1.clone(), strand.state.clone());
            self.happened(settled.effective, Some(settled.index), what);
        }
        for step in &steps {
            self.announce_clock(key, step, settled.effective, context);
        }
        if moved {
            self.begin_effect(key, settled.high, context);
            self.note_open(key.0);
        }
        self.plan(key);
        if flagged {
            self.happened(settled.effective, Some(settled.index), What::Flagged(id, key.1.clone()));
        }
    }

    /// Whether what brought a strand where it is was taken back.
    fn has_fallen(&self, key: &StrandKey, disowned: &BTreeSet<u64>, context: Context<'_>) -> bool {
        self.matters.get(&key.0).is_some_and(|matter| {
            let strand = matter.strands.get(&key.1);
            strand.is_some_and(|strand| {
                fell((matter, key), strand.cause, strand.decision.as_deref(), disowned, context)
            })
        })
    }

    /// Service by a disowned act falls while the clock that it started has not closed: that starts
    /// anew at the disowning's `high`, or when deemed service would have closed, if earlier.
    fn service_falls(
        &mut self,
        key: &StrandKey,
        disowned: &BTreeSet<u64>,
        settled: &Settled,
        context: Context<'_>,
    ) {
        let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) else {
            return;
        };
        let mut fell = Vec::new();
        let steps: Vec<Code> = strand.clocks.keys().cloned().collect();
        for (step, clock) in steps.iter().zip(strand.clocks.values_mut()) {
            if fall(clock, disowned, settled.high) {
                fell.push(step.clone());
            }
        }
        let mut labels_fell = false;
        for label in &mut strand.labels {
            labels_fell |= fall(&mut label.clock, disowned, settled.high);
        }
        if fell.is_empty() && !labels_fell {
            return;
        }
        for step in fell {
            self.announce_clock(key, &step, settled.effective, context);
        }
        self.remeasure_strand(key, settled.effective, settled.high, context);
    }
}

/// Whether what led a strand to a state was taken back: its one act, or so many voices that it would not have been
/// reached without them.
fn fell(
    (matter, key): (&Matter, &StrandKey),
    cause: Option<u64>,
    decision: Option<&Decision>,
    disowned: &BTreeSet<u64>,
    context: Context<'_>,
) -> bool {
    let Some(decision) = decision else {
        return cause.is_some_and(|index| disowned.contains(&index));
    };
    let mut voices = decision.voices.clone();
    voices.retain(|_, voice| !disowned.contains(&voice.index));
    if voices.len() == decision.voices.len() {
        return false;
    }
    let outcome = match matter.procedure.step(&decision.step) {
        Some(rule) if !voices.is_empty() => tally(matter, rule, &key.1, &voices, context),
        Some(_) | None => Outcome::Open,
    };
    outcome != decision.outcome
}

fn items_of(body: &Body) -> Box<[Item]> {
    match body {
        Body::Keep(keep) => keep.exhibits.clone().into(),
        Body::Opened(opened) => [opened.exhibit].into(),
        Body::Answer(answer) => [answer.exhibit].into(),
        Body::Challenge(challenge) => [challenge.exhibit].into(),
        Body::Hold(hold) => [hold.exhibit].into(),
        _ => [].into(),
    }
}

/// Takes a fallen service out of a clock. Gives whether that moves it: the same disowning may have set
/// it anew already, by going back to it.
fn fall(clock: &mut Armed, disowned: &BTreeSet<u64>, high: Instant) -> bool {
    if clock.noted {
        return false;
    }
    let mut moved = false;
    let fallen: Vec<_> = clock.served_by.extract_if(.., |(entry, _)| disowned.contains(entry)).collect();
    for (_, on) in &fallen {
        let base = high.min(clock.deemed.get(on).copied().unwrap_or(high));
        if let Some(measure) = &mut clock.measure {
            moved |= measure.base < base;
            measure.base = measure.base.max(base);
        } else if let Some(waiting) = &mut clock.waits {
            waiting.latest = waiting.latest.max(Some(base));
        }
    }
    moved
}

/// The clock of a state that a strand goes back to: what was left of it when it was left, at least 24
/// hours, from `high`. A date stays, but for the 24 hours. What has not been served has as long till
/// service is deemed as it had.
fn with_time_left(clock: &Armed, left_at: Instant, high: Instant, suspended: &[(Instant, Instant)]) -> Armed {
    let mut clock = clock.clone();
    clock.held.clear();
    if let Some(waiting) = &mut clock.waits {
        for (measure, at) in waiting.unserved.values_mut().flatten() {
            measure.length = Length::Exact(at.since(left_at));
            measure.base = high;
            *at = high.plus(at.since(left_at));
        }
    }
    if let (Some(times), Some(measure)) = (clock.times, &mut clock.measure)
        && !clock.noted
    {
        measure.length = match measure.length {
            Length::Fixed(_) => Length::Fixed(times.due.max(high.plus(AT_LEAST))),
            // A suspension that goes on is taken out anew.
            Length::Exact(_) | Length::Days(_) => {
                Length::Exact(counted(left_at, times.due, suspended).max(AT_LEAST))
            }
        };
        measure.base = high;
        measure.extended = Seconds(0);
    }
    clock
}
