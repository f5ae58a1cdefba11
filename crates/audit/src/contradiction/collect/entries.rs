//! What the entries show, as they come (C4–C7, C9).

use std::collections::BTreeSet;

use act::body::{Disown, Enrol};
use act::{Body, Entry};
use terms::{Instant, SignerName};
use tlog::CosignedCheckpoint;

use super::super::file::{DatedAfter, DatedBefore, Included, MalformedLetIn, Quoted, Shows, TwoReceipts};
use super::super::malformed;
use super::{Collector, GROUNDS, Kind, Log};

/// The most acts of malformed entries that are held against others: who spoils a whole register fills no
/// memory with it.
const ACTS_MAX: usize = 1024;

impl<L: Log> Collector<'_, L> {
    /// The next entry of the log, and whether replay found it well-formed.
    pub fn entry(&mut self, index: u64, bytes: &[u8], well_formed: bool) {
        self.enter(index, Entry::parse(bytes).ok().as_ref(), well_formed);
    }

    /// The same, of an entry that was read already; nothing if it is none.
    pub(crate) fn enter(&mut self, index: u64, entry: Option<&Entry>, well_formed: bool) {
        self.take_entry(index, entry, well_formed);
        if let Some(below) = self.latest_below.get_mut(&(index + 1)) {
            *below = self.latest;
        }
    }

    fn take_entry(&mut self, index: u64, entry: Option<&Entry>, well_formed: bool) {
        let at = format!("entry {index}");
        let Some(entry) = entry else { return self.malformed(index, None) };
        // Of a well-formed entry replay has checked the receipt.
        let receipt = entry.receipt();
        if receipt.index == index && (well_formed || self.anchor.receipt_line(entry.receipt_line()).is_some())
        {
            self.time_of(index, entry);
        }
        if well_formed {
            self.learn(index, entry);
        } else {
            self.malformed(index, Some(entry));
        }
        self.stamps_of(entry.submission(), &at);
        if let (true, Body::Mark(mark)) = (well_formed, entry.act().body()) {
            self.mark(index, mark.checkpoint.as_str().as_bytes());
        }
    }

    /// What its receipt says beside the one before, and beside the mark before.
    fn time_of(&mut self, index: u64, entry: &Entry) {
        let receipt = *entry.receipt();
        let payload = entry.receipt_line().payload.clone();
        if let Some((before, before_payload)) = self.before.take()
            && before.time > receipt.time
        {
            let shows = TwoReceipts { a: Quoted(before_payload), b: Quoted(payload.clone()) };
            self.keep(&Shows::TimeBackwards(shows), format!("entries {} and {index}", before.index));
        }
        self.before = Some((receipt, payload));

        let tolerance = self.anchor.instrument().map(|read| read.calendar.tolerance).unwrap_or_default();
        if let Some((mark, median)) = self.latest_mark
            && receipt.time.plus(tolerance) < median
            && let (Some(entry), Some(mark_entry)) =
                (self.included_below_head(index), self.included_below_head(mark))
        {
            let shows = DatedBefore { entry, mark: mark_entry, checkpoint: self.head.clone() };
            self.keep(&Shows::DatedBefore(shows), format!("entries {mark} and {index}"));
        }
        self.open.push_back((index, receipt.time));
        self.latest = later(self.latest, (index, receipt.time));
    }

    /// What a mark shows of the entries that it covers first.
    fn mark(&mut self, index: u64, note: &[u8]) {
        let Ok(cosigned) = CosignedCheckpoint::parse(note) else { return };
        if self.narrow.as_ref().is_none_or(|narrow| narrow.marks) {
            self.take_in(&cosigned, true, &format!("entry {index}"));
        }
        let claims = self.anchor.policy().ok().and_then(|policy| cosigned.claims(policy).ok());
        let Some(median) = claims.and_then(|claims| claims.proven().median()) else { return };
        let size = cosigned.checkpoint().size;
        if self.latest_mark.is_none_or(|(_, latest)| latest < median) {
            self.latest_mark = Some((index, median));
        }
        if self.largest_mark.is_none_or(|(_, largest)| largest < size) {
            self.largest_mark = Some((index, size));
        }
        self.cover(&Quoted(note.to_vec()), size, median);
    }

    /// Entries after the last mark are held against the head.
    pub(super) fn uncovered(&mut self) {
        self.cover(&self.head.clone(), self.head_checkpoint.size, self.head_median);
    }

    /// C5, by this checkpoint: each that covers an entry can show it, not the first alone.
    fn cover(&mut self, checkpoint: &Quoted, size: u64, median: Instant) {
        let tolerance = self.anchor.instrument().map(|read| read.calendar.tolerance).unwrap_or_default();
        let latest = median.plus(tolerance);
        let mut dated: Vec<u64> =
            self.covered.take_if(|(_, time)| *time > latest).map(|(at, _)| at).into_iter().collect();
        while let Some(entry) = self.open.front().copied().filter(|(index, _)| *index < size) {
            self.open.pop_front();
            if entry.1 > latest {
                dated.push(entry.0);
            } else {
                self.covered = later(self.covered, entry);
            }
        }
        for index in dated {
            self.dated_after(index, checkpoint, size);
        }
    }

    fn dated_after(&mut self, index: u64, checkpoint: &Quoted, size: u64) {
        if let Some(entry) = self.included(index, size) {
            let shows = DatedAfter { entry, checkpoint: checkpoint.clone() };
            self.keep(&Shows::DatedAfter(shows), format!("entry {index}"));
        }
    }

    /// C5, by checkpoints that were handed over.
    pub(super) fn dated_by_loose(&mut self) {
        let checkpoints = std::mem::take(&mut self.checkpoints);
        let shown = |this: &Self, index: u64| {
            this.found
                .iter()
                .any(|found| found.kind == Kind::DatedAfter && found.at == format!("entry {index}"))
        };
        for seen in checkpoints.iter().filter(|seen| !seen.ours) {
            let size = seen.checkpoint.size;
            if let Some(Some((index, _))) = self.latest_below.get(&size).copied()
                && !shown(self, index)
                && let Some(note) = seen.whole()
            {
                self.dated_after(index, &note, size);
            }
        }
        self.checkpoints = checkpoints;
    }

    /// Remembers what a well-formed entry says of keys and chains.
    fn learn(&mut self, index: u64, entry: &Entry) {
        let act = entry.act();
        if self.narrow.as_ref().is_none_or(|narrow| narrow.acts.contains(&act.id())) {
            self.places.insert(act.id(), index);
        }
        let first = act.head().signers.first();
        if let Some(first) = first.filter(|first| self.narrow.as_ref().is_none_or(|n| n.keys.contains(first)))
        {
            self.chains.entry(first.clone()).or_default().push((act.head().n, index));
        }
        let Some(by) = act.head().by.participant() else { return };
        match act.body() {
            Body::Enrol(Enrol::Key(key)) => {
                self.enrolments.entry(SignerName::key(by, &key.label)).or_insert(index);
            }
            Body::Enrol(Enrol::Seat(seat)) => {
                self.seats.entry(seat.participant.clone()).or_default().push(index);
            }
            Body::Revoke(revoke) => {
                self.ends.entry(SignerName::key(by, &revoke.label)).or_insert(index);
            }
            Body::Disown(Disown::Key { label, .. }) => {
                self.ends.entry(SignerName::key(by, label)).or_insert(index);
            }
            _ => {}
        }
    }

    /// Looks for the few entries that show an entry to be malformed.
    fn malformed(&mut self, index: u64, entry: Option<&Entry>) {
        // What is malformed uses up no number: its author may have used it a second time, before or after.
        if let Some(entry) = entry.filter(|entry| self.anchor.owns(entry.act()))
            && self.acts.len() < ACTS_MAX
        {
            self.acts.push((entry.submission().clone(), format!("entry {index}")));
        }
        if self.is_full(Kind::MalformedLetIn) {
            return;
        }
        let Some(bytes) = self.log.entry(index) else { return };
        let before: Vec<u64> = entry.map(|entry| self.bearing_on(index, entry)).unwrap_or_default();
        let read: Vec<(u64, Entry)> =
            before.iter().filter_map(|at| Some((*at, Entry::parse(&self.log.entry(*at)?).ok()?))).collect();
        let Ok(found) = malformed::grounds(&self.anchor, index, &bytes, &read) else { return };
        let Some(ground) = GROUNDS.into_iter().find(|ground| found.iter().any(|(other, _)| other == ground))
        else {
            return;
        };
        self.keep_least(before, format!("entry {index}"), |this, before| {
            let included = |at: &u64| this.included_below_head(*at);
            let before: Vec<Included> = before.iter().filter_map(included).collect();
            let entry = this.included_below_head(index)?;
            let checkpoint = this.head.clone();
            Some(Shows::MalformedLetIn(MalformedLetIn { ground, entry, before, checkpoint }))
        });
    }

    /// Entries before this one that may show what it had to be: where its keys were enrolled and
    /// ended, what came before in its chain, the largest mark.
    fn bearing_on(&self, index: u64, entry: &Entry) -> Vec<u64> {
        let act = entry.act();
        let mut places = BTreeSet::new();
        let stampers = entry
            .submission()
            .intakes()
            .iter()
            .filter_map(|line| SignerName::from_key_name(&self.anchor.origin, line.name.as_str()));
        let mut names: BTreeSet<SignerName> = act.head().signers.iter().cloned().chain(stampers).collect();
        if let Body::Intake(body) = act.body() {
            names.insert(body.key.clone());
        }
        if let (Body::Enrol(Enrol::Key(key)), Some(by)) = (act.body(), act.head().by.participant()) {
            names.insert(SignerName::key(by, &key.label));
        }
        for name in &names {
            places.extend(self.enrolments.get(name));
            places.extend(self.ends.get(name));
        }
        let chain = act.head().signers.first().and_then(|first| self.chains.get(first));
        places.extend(chain.into_iter().flatten().rev().take(2).map(|(_, at)| at));
        places.extend(act.head().prev.and_then(|prev| self.places.get(&prev)));
        places.extend(self.places.get(&act.id()));
        if matches!(act.body(), Body::Mark(_)) {
            places.extend(self.largest_mark.map(|(at, _)| at));
        }
        // Entry 0 stands in every file.
        places.into_iter().filter(|at| (1..index).contains(at)).collect()
    }
}

/// The later of two; of equals the first.
fn later(one: Option<(u64, Instant)>, other: (u64, Instant)) -> Option<(u64, Instant)> {
    one.filter(|one| one.1 >= other.1).or(Some(other))
}
