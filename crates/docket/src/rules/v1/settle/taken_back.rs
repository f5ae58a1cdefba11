//! Disowning: a root takes back what a key signed lately (TIME T17).

use std::collections::BTreeSet;

use act::body::Disown;
use act::value::StrandName;
use act::{Act, Body};
use terms::{ActId, Code, Instant, Item, ItemPart, Seconds, SignerName};

use super::agenda::Stands;
use super::fit::Changes;
use super::recovery::own_signers;
use super::{Context, Settled, Settlement, Sought, StrandKey, VoidReason};
use crate::rules::v1::clock::{Length, Measure, counted};
use crate::rules::v1::event::What;
use crate::rules::v1::few::Few;
use crate::rules::v1::law::has_ended;
use crate::rules::v1::matter::{Armed, Done, Filled, Matter, MatterKey, Slot, Strand};
use crate::rules::v1::voices::{Decision, Voices, say, take_back};

/// How far back a root may reach: 72 hours of counted time.
pub const DISOWN_WINDOW: Seconds = Seconds::hours(72);

/// A matter that re-opens has at least this much time left, and so has a clock whose relief falls, if it had that.
pub(super) const AT_LEAST: Seconds = Seconds::hours(24);

/// An act that a root may still take back.
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Recent {
    pub(super) index: u64,
    pub(super) id: ActId,
    n: u64,
    pub(super) high: Instant,
    /// Who signed for its author; the first has the `n`.
    signers: Box<[SignerName]>,
    /// How many of them it needs: for a recovery, as many as its set asks.
    needs: usize,
    /// The exhibits that it says something of.
    items: Box<[Item]>,
    /// What was written down, and it says something of.
    transcript: Option<ActId>,
    /// The matters in which it took that back.
    took_back: Box<[MatterKey]>,
    /// The strands in which it put something in time.
    helped: Box<[StrandKey]>,
    /// The entry that it withdrew.
    withdrew: Option<ActId>,
    /// Whether what it did stays (T17).
    stays: bool,
    /// The strands that it moved, or served.
    pub(super) touched: Vec<StrandKey>,
}

impl Recent {
    pub(super) fn of(settled: &Settled, act: &Act, needs: usize) -> Recent {
        Recent {
            index: settled.index,
            id: settled.id,
            n: act.head().n,
            high: settled.high,
            signers: own_signers(settled, act),
            needs,
            items: items_of(act.body()),
            transcript: match act.body() {
                Body::Confirm(confirm) => Some(confirm.act),
                Body::Disown(Disown::Act(act)) => Some(*act),
                _ => None,
            },
            took_back: [].into(),
            helped: [].into(),
            withdrew: match act.body() {
                Body::Withdraw(withdraw) => Some(withdraw.entry),
                _ => None,
            },
            stays: matches!(act.body(), Body::Enrol(_) | Body::Disown(Disown::Key { .. })),
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

    /// Notes in which matters an entry takes another back.
    pub(super) fn note_taken_back(&mut self, index: u64, taken: u64) {
        let of = |index: u64| self.recent.iter().position(|act| act.index == index);
        let (Some(by), Some(taken)) = (of(index), of(taken)) else { return };
        let matters: BTreeSet<MatterKey> = self.recent[taken].touched.iter().map(|key| key.0).collect();
        self.recent[by].took_back = matters.into_iter().collect();
    }

    /// Notes that a stamp put something in time in a strand.
    pub(super) fn note_helped(&mut self, index: u64, key: &StrandKey) {
        if let Some(act) = self.recent.iter_mut().find(|act| act.index == index) {
            let before = std::mem::take(&mut act.helped).into_iter();
            act.helped = before.chain([key.clone()]).collect();
        }
    }

    /// Lets go of what no root can take back any more, so that memory follows open work: a disowning
    /// reaches 72 hours back from its counted time, and is as long on its way as an answer may be.
    pub(in crate::rules::v1) fn forget_before(&mut self, now: Instant, context: Context<'_>) {
        while self.recent.front().is_some_and(|act| !self.may_be_reached(act.high, now, context)) {
            let Some(gone) = self.recent.pop_front() else { break };
            let reach = self.recent.front().map_or(gone.index + 1, |act| act.index);
            for key in gone.touched {
                let Some(matter) = self.matters.get_mut(&key.0) else { continue };
                matter.filled.retain(|filled| filled.index >= reach);
                if matter.filled.is_empty() {
                    matter.filled.shrink_to_fit();
                }
                matter.withdrew.retain(|by, _| *by >= reach);
                if let Some(strand) = matter.strands.get_mut(&key.1) {
                    strand.forget_before(reach);
                }
            }
            for item in &gone.items {
                if let Some(exhibit) = self.exhibits.get_mut(item) {
                    exhibit.forget_before(reach);
                }
            }
            self.forget_relief_before(reach);
        }
        self.forget_voices_before(self.reach());
    }

    /// The first entry that a root may still take back.
    pub(super) fn reach(&self) -> u64 {
        self.recent.front().map_or(u64::MAX, |act| act.index)
    }

    pub(super) fn may_be_reached(&self, high: Instant, now: Instant, context: Context<'_>) -> bool {
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
        self.disown_votes(disowned, settled.effective, context);
        // What several brought about falls with the act that completed it.
        let mut fallen = disowned.clone();
        fallen.extend(self.take_back_relief(&|index| disowned.contains(&index), settled, context));
        self.forget_exhibits(&fallen);
        let mut touched: BTreeSet<StrandKey> = BTreeSet::new();
        let mut withdrew: Vec<(u64, ActId)> = Vec::new();
        for act in self.recent.iter().filter(|act| fallen.contains(&act.index)) {
            touched.extend(act.touched.iter().cloned());
            withdrew.extend(act.withdrew.map(|entry| (act.index, entry)));
        }
        for (index, entry) in withdrew {
            self.take_back_withdrawal(index, &entry);
        }
        let mut opened: Vec<MatterKey> = Vec::new();
        for index in disowned {
            let last = MatterKey { index: *index, number: u32::MAX };
            for key in self.matters.keys_in(&(MatterKey::opened(*index)..=last)) {
                let Some(found) = self.matters.get_mut(&key) else { continue };
                found.disowned = true;
                opened.push(key);
            }
        }
        let mut undone: BTreeSet<(StrandKey, u64)> = BTreeSet::new();
        for key in &touched {
            self.take_back_voices(key, &|index| disowned.contains(&index));
            self.drop_labels(key, disowned);
            self.service_fell_before(key, disowned);
            let fell = self.reopen(key, &fallen, settled, context);
            undone.extend(fell.into_iter().map(|index| (key.clone(), index)));
            self.service_falls(key, disowned, settled, context);
        }
        // What a fallen decision opened was opened by none; what others of the same act opened stands.
        for (strand, index) in &undone {
            let first = MatterKey { index: *index, number: 1 };
            let last = MatterKey { index: *index, number: u32::MAX };
            for key in self.matters.keys_in(&(first..=last)) {
                let Some(child) = self.matters.get_mut(&key) else { continue };
                if child.parent.as_deref() == Some(strand) {
                    child.disowned = true;
                    opened.push(key);
                }
            }
        }
        for key in opened {
            self.does_nothing(key, settled, context);
        }
        self.unsay(disowned, settled);
        self.unstamp(disowned, settled);
        let matters: BTreeSet<MatterKey> = touched.into_iter().map(|key| key.0).collect();
        for matter in &matters {
            self.take_back_fields(*matter, disowned, &undone, settled, context);
        }
        for matter in matters {
            let strands = self.matters.get(&matter).into_iter().flat_map(|matter| matter.strands.keys());
            for name in strands.cloned().collect::<Vec<_>>() {
                self.count_again(&(matter, name), settled, context);
            }
        }
    }

    /// A matter whose opening was taken back stays where it is, but does nothing to others from there: what its state was
    /// about to do does not come, and clocks that stood by it go on.
    fn does_nothing(&mut self, key: MatterKey, settled: &Settled, context: Context<'_>) {
        let strands = self.matters.get(&key).into_iter().flat_map(|matter| matter.strands.keys());
        for key in strands.map(|name| (key, name.clone())).collect::<Vec<_>>() {
            if !self.stands_on_nothing(&key) {
                continue;
            }
            if let Some(strand) = self.strand_mut(&key) {
                strand.coming = None;
            }
            self.sync_pause(&key, settled.high, context);
            self.plan(&key);
        }
    }

    /// What these entries said of what was written down was not said. What they took back with it is not brought about
    /// again: its matter is flagged for relief.
    fn unsay(&mut self, disowned: &BTreeSet<u64>, settled: &Settled) {
        let acts = self.recent.iter().filter(|act| disowned.contains(&act.index));
        for id in acts.filter_map(|act| act.transcript).collect::<Vec<_>>() {
            if let Some(transcript) = self.transcripts.get_mut(&id) {
                transcript.unsay(disowned);
            }
        }
        let acts = self.recent.iter().filter(|act| disowned.contains(&act.index));
        let matters: BTreeSet<MatterKey> = acts.flat_map(|act| &act.took_back).copied().collect();
        for matter in matters {
            self.flag_open(matter, settled, &|_| true);
        }
    }

    /// These put no stamp on anything. What one put in time has led others on, or stands without its mark: it is flagged.
    fn unstamp(&mut self, disowned: &BTreeSet<u64>, settled: &Settled) {
        for stamps in self.stamps.values_mut() {
            stamps.retain(|(.., by)| !disowned.contains(by));
        }
        self.stamps.retain(|_, stamps| !stamps.is_empty());
        let acts = self.recent.iter().filter(|act| disowned.contains(&act.index));
        let helped: BTreeSet<StrandKey> = acts.flat_map(|act| act.helped.iter().cloned()).collect();
        for (matter, name) in helped {
            self.flag_open(matter, settled, &|strand| *strand == name);
        }
    }

    /// Gives fields back what stood in them before acts that were taken back, and did not lead others on.
    fn take_back_fields(
        &mut self,
        key: MatterKey,
        disowned: &BTreeSet<u64>,
        undone: &BTreeSet<(StrandKey, u64)>,
        settled: &Settled,
        context: Context<'_>,
    ) {
        let Some(matter) = self.matters.get_mut(&key) else { return };
        let strands = &matter.strands;
        // Whether what an entry brought about is gone, there where a value of it stands.
        let fell = |slot: &Slot, index: u64| match &slot.own {
            Some(own) => undone.contains(&((key, own.clone()), index)),
            None => undone.iter().any(|(at, entry)| at.0 == key && *entry == index),
        };
        let is_undone = |filled: &Filled| {
            let nobody_says_it = filled.by.iter().all(|entry| disowned.contains(entry));
            let corrects_nothing =
                filled.corrects.is_some_and(|entry| disowned.contains(&entry) || fell(&filled.slot, entry));
            match &filled.moved {
                Some(name) => {
                    let stands = strands.get(name).is_some_and(|strand| strand.cause == Some(filled.index));
                    undone.contains(&((key, name.clone()), filled.index)) || (nobody_says_it && stands)
                }
                None => {
                    nobody_says_it
                        || corrects_nothing
                        || disowned.contains(&filled.index)
                        || fell(&filled.slot, filled.index)
                }
            }
        };
        let (mut changes, mut before, mut kept) = (Changes::new(), Changes::new(), Vec::new());
        let mut since: BTreeSet<Slot> = BTreeSet::new();
        for mut filled in std::mem::take(&mut matter.filled) {
            if is_undone(&filled) {
                let stood = before.entry(filled.slot.clone()).or_insert(filled.before);
                changes.insert(filled.slot, stood.clone());
                continue;
            }
            if let Some(stood) = before.remove(&filled.slot) {
                filled.before = stood;
            }
            if !changes.is_empty() {
                since.insert(filled.slot.clone());
            }
            changes.remove(&filled.slot);
            if filled.by.iter().any(|entry| !disowned.contains(entry)) {
                filled.by.retain(|entry| !disowned.contains(entry));
            }
            kept.push(filled);
        }
        matter.filled = kept;
        changes.retain(|slot, value| matter.kept(slot) != value.as_ref());
        let Some(matter) = self.matters.get(&key) else { return };
        let stuck = self.retain_fitting(&mut changes, matter, &since);
        self.flag_open(key, settled, &|strand| {
            stuck.iter().any(|slot| slot.own.as_ref().is_none_or(|own| own == strand))
        });
        if changes.is_empty() {
            return;
        }
        let in_time = self.change_fields((key, true), changes, settled, context);
        self.release_all(in_time, settled.effective, settled.high, context);
    }

    /// What was said since stands on what was taken back, in these strands.
    fn flag_open(&mut self, key: MatterKey, settled: &Settled, which: &dyn Fn(&StrandName) -> bool) {
        let Some(matter) = self.matters.get(&key) else { return };
        let id = matter.id;
        let stands = |strand: &Strand| !strand.flagged && !has_ended(&matter.procedure, &strand.state);
        let open = matter.strands.iter().filter(|(name, strand)| which(name) && stands(strand));
        let open = open.map(|(name, _)| name.clone());
        for key in open.map(|name| (key, name)).collect::<Vec<_>>() {
            if let Some(strand) = self.strand_mut(&key) {
                strand.flagged = true;
            }
            self.happened(settled.effective, Some(settled.index), What::Flagged(id, key.1));
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
            if act.stays || !self.is_within_window(act.high, settled, context) {
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
        let mut said_of: Vec<Item> = Vec::new();
        for act in self.recent.iter().filter(|act| disowned.contains(&act.index)) {
            let first = Item::exhibit(act.id, 0);
            let last = Item { act: act.id, part: ItemPart::Exhibit(u32::MAX) };
            for filed in self.exhibits.keys_in(&(first..=last)) {
                if let Some(exhibit) = self.exhibits.get_mut(&filed) {
                    exhibit.forget(disowned);
                }
            }
            for item in &act.items {
                if let Some(exhibit) = self.exhibits.get_mut(item) {
                    exhibit.forget(disowned);
                }
                said_of.push(*item);
            }
        }
        for item in said_of {
            self.forget_exhibit_voices(&item);
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
    ///
    /// Gives the entries that are undone by it.
    fn reopen(
        &mut self,
        key: &StrandKey,
        disowned: &BTreeSet<u64>,
        settled: &Settled,
        context: Context<'_>,
    ) -> Vec<u64> {
        let mut undone = Vec::new();
        let Some(id) = self.matters.get(&key.0).map(|matter| matter.id) else { return undone };
        let (mut back, mut moved) = (false, false);
        let mut steps: BTreeSet<Code> = BTreeSet::new();
        let mut held: Vec<(u64, ActId)> = Vec::new();
        let mut sought: Vec<(Instant, Sought)> = Vec::new();
        let hold = |clock: &Armed| clock.held.iter().map(|held| (held.index, held.act)).collect::<Vec<_>>();
        while self.has_fallen(key, disowned) {
            let Some(strand) = self.strand_mut(key) else { return undone };
            // What can't be undone has come.
            if strand.came {
                break;
            }
            // The opening itself stays, marked; there is no state before it.
            let Some(left) = strand.left.pop() else { break };
            undone.extend(std::mem::replace(&mut strand.cause, left.cause));
            let fallen = std::mem::replace(&mut strand.decision, left.decision);
            if !left.stayed {
                // What only this led to it has never been in.
                if left.first {
                    strand.been.retain(|state| *state != left.state);
                }
                strand.state = left.state;
                strand.since = settled.effective;
                strand.acted = settled.high;
                for clock in std::mem::take(&mut strand.clocks).values() {
                    held.extend(hold(clock));
                }
                strand.voices = left.voices;
                strand.silenced = left.silenced;
                sought.extend(left.sought.into_iter().map(|sought| (left.at, sought)));
                strand.done.clear();
                strand.coming = None;
                moved = true;
                steps.clear();
            }
            // The other voices are kept.
            if let Some(Decision { step, mut voices, .. }) = fallen.map(|fallen| *fallen) {
                take_back(&mut voices, &|index| disowned.contains(&index));
                stand_again(&mut strand.voices, step, voices);
            }
            for (step, clock) in left.clocks.iter() {
                let clock = self.with_time_left((key, step), clock, left.at, settled.high, context);
                let Some(strand) = self.strand_mut(key) else { return undone };
                held.extend(strand.clocks.insert(step.clone(), clock).iter().flat_map(hold));
                steps.insert(step.clone());
            }
            back = true;
        }
        let left_on = self.matters.get(&key.0).is_some_and(|matter| {
            let mut left = matter.strands.get(&key.1).into_iter().flat_map(|strand| &strand.left);
            left.any(|left| fell(matter, left.cause, left.decision.as_deref(), disowned))
        });
        let procedure = self.procedure_of(key.0);
        let Some(strand) = self.strand_mut(key) else { return undone };
        let falls = |done: &mut Done| {
            let rule = procedure.as_ref().and_then(|procedure| procedure.step(&done.step));
            let decision = done.decision.as_ref().zip(rule);
            disowned.contains(&done.index)
                || decision
                    .is_some_and(|(all, rule)| all.falls_without(&|index| disowned.contains(&index), rule))
        };
        let fallen: Vec<Done> = strand.done.extract_if(.., falls).collect();
        for done in fallen {
            undone.push(done.index);
            let Some(strand) = self.strand_mut(key) else { return undone };
            if let Some(mut decision) = done.decision {
                take_back(&mut decision.voices, &|index| disowned.contains(&index));
                stand_again(&mut strand.voices, done.step.clone(), decision.voices);
            }
            let Some(clock) = done.clock else { continue };
            // Who did it twice has done it still.
            if let Some(other) = strand.done.iter_mut().find(|other| other.step == done.step) {
                other.clock = Some(clock);
                other.at = done.at;
                continue;
            }
            let clock = self.with_time_left((key, &done.step), &clock, done.at, settled.high, context);
            let Some(strand) = self.strand_mut(key) else { return undone };
            held.extend(strand.clocks.insert(done.step.clone(), clock).iter().flat_map(hold));
            steps.insert(done.step);
        }
        // What stands, stands by the voices that are left.
        let Some(strand) = self.strand_mut(key) else { return undone };
        let of_left = strand.left.iter_mut().map(|left| &mut left.decision);
        let of_done = strand.done.iter_mut().map(|done| &mut done.decision);
        for decision in std::iter::once(&mut strand.decision).chain(of_left).chain(of_done).flatten() {
            take_back(&mut decision.voices, &|index| disowned.contains(&index));
        }
        let flagged = left_on && !strand.flagged;
        strand.flagged |= flagged;
        let state = strand.state.clone();
        for (index, act) in held {
            self.no_longer_awaited(&act, key);
            self.void(settled.effective, index, VoidReason::Late);
        }
        for (at, sought) in sought {
            self.seek_where_it_was(key, sought, at, &|index| disowned.contains(&index));
        }
        if back {
            let what = What::Reopened(id, key.1.clone(), state);
            self.happened(settled.effective, Some(settled.index), what);
        }
        for step in &steps {
            self.go_on(key, step, settled.effective, context);
        }
        if moved {
            self.begin_effect(key, settled.high, context);
            self.note_open(key.0);
        }
        self.plan(key);
        if flagged {
            self.happened(settled.effective, Some(settled.index), What::Flagged(id, key.1.clone()));
        }
        undone
    }

    /// The clock of a state that a strand goes back to: what was left of it when it was left, at least 24
    /// hours, from `high`. A date is what its field says now, but for the 24 hours. What has not been served has as long till
    /// service is deemed as it had.
    pub(super) fn with_time_left(
        &self,
        (key, step): (&StrandKey, &Code),
        clock: &Armed,
        left_at: Instant,
        high: Instant,
        context: Context<'_>,
    ) -> Armed {
        let mut clock = clock.clone();
        clock.held.clear();
        let Some(matter) = self.matters.get(&key.0) else { return clock };
        let suspended = matter.strands.get(&key.1).map(|strand| &strand.suspended[..]).unwrap_or_default();
        let stands = Stands { law: &matter.law, suspended, opener: &matter.opener, matter: key.0 };
        let left = self.time_left(&clock, left_at, stands, context);
        if let Some(waiting) = &mut clock.waits {
            for (measure, at) in waiting.unserved.values_mut().flatten() {
                *measure = Measure::new(high, Length::Exact(at.since(left_at)), measure.carriage);
                *at = high.plus(at.since(left_at));
            }
        }
        for who in clock.asked.clone() {
            let waits = clock.waits.as_ref().and_then(|waiting| waiting.unserved.get(&who));
            // Seats were taken and left meanwhile.
            match (context.is_vacant(&who), matches!(waits, Some(None))) {
                (false, true) => {
                    let deemed = self.deemed_from(&matter.law, high, &who, context);
                    clock.seat_was_taken(&who, high, deemed);
                }
                (true, false) => self.leave_seat(key, step, &mut clock, &who, context),
                (true, true) | (false, false) => {}
            }
        }
        let length = self.length_of(key, step, &clock.asked);
        if let Some(measure) = &mut clock.measure
            && !clock.noted
        {
            match measure.length {
                // The field may say another date by now.
                Length::Fixed(was) => {
                    let now = length.filter(|length| matches!(length, Length::Fixed(_)));
                    measure.length = now.unwrap_or(Length::Fixed(was));
                    measure.floor = measure.floor.max(high.plus(AT_LEAST));
                }
                Length::Exact(_) | Length::Days(_) => {
                    *measure = Measure::new(high, Length::Exact(left.max(AT_LEAST)), measure.carriage);
                }
            }
        }
        clock
    }

    /// Whether what brought a strand where it is was taken back.
    fn has_fallen(&self, key: &StrandKey, disowned: &BTreeSet<u64>) -> bool {
        self.matters.get(&key.0).is_some_and(|matter| {
            let strand = matter.strands.get(&key.1);
            strand.is_some_and(|strand| fell(matter, strand.cause, strand.decision.as_deref(), disowned))
        })
    }

    /// The same in the states that a strand was in: who was served by nobody had all its time when it was left, or what was
    /// left when service was deemed.
    fn service_fell_before(&mut self, key: &StrandKey, disowned: &BTreeSet<u64>) {
        let Some(strand) = self.strand_mut(key) else { return };
        for left in &mut strand.left {
            for clock in left.clocks.values_mut() {
                fall(clock, disowned, left.at);
            }
        }
        for done in &mut strand.done {
            if let Some(clock) = &mut done.clock {
                fall(clock, disowned, done.at);
            }
        }
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
        self.move_strand(key, settled.effective, settled.high, context);
    }
}

/// Whether what led a strand to a state was taken back: its one act, or so many voices that it would not have been
/// reached without them.
fn fell(matter: &Matter, cause: Option<u64>, decision: Option<&Decision>, disowned: &BTreeSet<u64>) -> bool {
    let Some(decision) = decision else {
        return cause.is_some_and(|index| disowned.contains(&index));
    };
    let rule = matter.procedure.step(&decision.step);
    rule.is_some_and(|rule| decision.falls_without(&|index| disowned.contains(&index), rule))
}

fn items_of(body: &Body) -> Box<[Item]> {
    match body {
        Body::Keep(keep) => keep.exhibits.clone().into(),
        Body::Opened(opened) => [opened.exhibit].into(),
        Body::Answer(answer) => [answer.exhibit].into(),
        Body::Challenge(challenge) => [challenge.exhibit].into(),
        Body::Hold(hold) => [hold.exhibit].into(),
        Body::Rule(rule) => [rule.exhibit].into(),
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
        let base = high.min(clock.deemed.get(on).map_or(high, |(_, at)| *at));
        if let Some(measure) = &mut clock.measure {
            moved |= measure.base < base;
            measure.base = measure.base.max(base);
        } else if let Some(waiting) = &mut clock.waits {
            waiting.latest = waiting.latest.max(Some(base));
        }
    }
    moved
}

/// Voices of a decision that has fallen wait for others again. Who has spoken since says what it said last.
fn stand_again(standing: &mut Few<Code, Voices>, step: Code, mut voices: Voices) {
    for (who, voice) in standing.get(&step).into_iter().flat_map(Few::iter) {
        say(&mut voices, who.clone(), voice.clone());
    }
    if !voices.is_empty() {
        standing.insert(step, voices);
    }
}
