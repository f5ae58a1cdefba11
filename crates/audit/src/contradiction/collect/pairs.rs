//! What can be seen once all is in hand: one thing beside another.

use std::collections::BTreeMap;

use act::{Body, Entry, Refusal, Submission};
use note::{Note, SignatureLine};
use terms::{Hash, SignerName};
use tlog::cosigned::SIGNATURES_MAX;
use tlog::{consistency_proof, root_of};

use super::super::file::{
    AuthorFork, FalseRefusal, FalseStateNote, Fork, FreezeBroken, Included, Prefix, Quoted, ReceiptNotKept,
    Shows, SignedAct, Stamped, TwoReceipts, TwoStamps, WitnessBackwards, WitnessFork,
};
use super::{Collector, Log, SeenCheckpoint, Stamp, note_with};

impl<L: Log> Collector<'_, L> {
    /// Whether a checkpoint is of our tree; nothing if it is larger than that.
    fn fits(&self, seen: &SeenCheckpoint) -> Option<bool> {
        let size = seen.checkpoint.size;
        if seen.ours {
            return Some(true);
        }
        let root = (size <= self.head_checkpoint.size).then(|| root_of(self.log, size).ok()).flatten()?;
        Some(root == seen.checkpoint.root)
    }

    /// Between two checkpoints of which the larger is of our tree.
    fn prefix(&self, smaller: u64, larger: u64) -> Option<Prefix> {
        let root = root_of(self.log, smaller).ok()?;
        Some(Prefix { root, proof: consistency_proof(self.log, smaller, larger).ok()? })
    }

    /// C1, C11.
    pub(super) fn forks(&mut self) {
        let checkpoints = std::mem::take(&mut self.checkpoints);
        let fits: Vec<Option<bool>> = checkpoints.iter().map(|seen| self.fits(seen)).collect();
        // Of one size, without our tree: the first of each root.
        let mut by_size: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (place, seen) in checkpoints.iter().enumerate() {
            by_size.entry(seen.checkpoint.size).or_default().push(place);
        }
        for (place, seen) in checkpoints.iter().enumerate() {
            if fits[place] == Some(true) {
                continue;
            }
            let same_size = by_size.get(&seen.checkpoint.size).into_iter().flatten().copied();
            let partners: Vec<usize> = if fits[place] == Some(false) {
                let ours = (0..checkpoints.len()).filter(|other| fits[*other] == Some(true));
                ours.filter(|other| checkpoints[*other].checkpoint.size >= seen.checkpoint.size).collect()
            } else {
                Vec::new()
            };
            let partners: Vec<usize> = same_size
                .filter(|other| {
                    *other != place && checkpoints[*other].checkpoint.root != seen.checkpoint.root
                })
                .chain(partners)
                .collect();
            self.fork_with(seen, partners.iter().map(|other| &checkpoints[*other]));
        }
        self.checkpoints = checkpoints;
    }

    fn fork_with<'a>(&mut self, seen: &SeenCheckpoint, partners: impl Iterator<Item = &'a SeenCheckpoint>) {
        let mut convicted: Vec<Option<usize>> = Vec::new();
        for other in partners {
            let equal = other.checkpoint.size == seen.checkpoint.size;
            let prefix = if equal { None } else { self.prefix(seen.checkpoint.size, other.checkpoint.size) };
            if !equal && prefix.is_none() {
                continue;
            }
            // Of two of one size the order is that of their roots, so that each pair is one file.
            let (a, b) = if equal && other.checkpoint.root < seen.checkpoint.root {
                (other, seen)
            } else {
                (seen, other)
            };
            let at = format!("{} and {}", a.at, b.at);
            if !convicted.contains(&None)
                && let (Some(a), Some(b)) = (a.signed(), b.signed())
            {
                let shows = Shows::Fork(Fork { a, b, prefix: prefix.clone() });
                if self.keep(&shows, &at) {
                    convicted.push(None);
                }
            }
            for (place, ..) in &seen.witnesses {
                if convicted.contains(&Some(*place)) {
                    continue;
                }
                let (Some((_, a)), Some((_, b))) = (a.cosigned(*place), b.cosigned(*place)) else { continue };
                let Some(witness) = self.witness_vkey(*place) else { continue };
                let shows = Shows::WitnessFork(WitnessFork { witness, a, b, prefix: prefix.clone() });
                if self.keep(&shows, &at) {
                    convicted.push(Some(*place));
                }
            }
        }
    }

    fn witness_vkey(&self, place: usize) -> Option<String> {
        let witness = self.anchor.policy().ok()?.witnesses().get(place)?;
        Some(witness.key.to_string())
    }

    /// C10, C12.
    pub(super) fn witnesses(&mut self) {
        let mut checkpoints = std::mem::take(&mut self.checkpoints);
        checkpoints.sort_by_key(|seen| std::cmp::Reverse(seen.checkpoint.size));
        let count = self.anchor.policy().map_or(0, |policy| policy.witnesses().len());
        let tolerance = self.anchor.instrument().map(|read| read.calendar.tolerance).unwrap_or_default();
        for place in 0..count {
            let Some(witness) = self.witness_vkey(place) else { continue };
            // From the largest down: the earliest time that a larger one was cosigned at.
            let mut earliest: Option<(u64, terms::Instant, Quoted, &str)> = None;
            for seen in &checkpoints {
                for (time, note) in seen.all_cosigned(place) {
                    let size = seen.checkpoint.size;
                    if let Some((larger, before, b, at)) = &earliest
                        && size < *larger
                        && time > before.plus(tolerance)
                    {
                        let shows =
                            WitnessBackwards { witness: witness.clone(), a: note.clone(), b: b.clone() };
                        self.keep(&Shows::WitnessBackwards(shows), format!("{} and {at}", seen.at));
                    }
                    if earliest.as_ref().is_none_or(|(_, before, ..)| time < *before) {
                        earliest = Some((size, time, note, &seen.at));
                    }
                }
            }
        }
        let freezes = std::mem::take(&mut self.freezes);
        for (freeze, note, place, at) in &freezes {
            let Some(witness) = self.witness_vkey(*place) else { continue };
            let broken =
                checkpoints.iter().filter(|seen| seen.checkpoint.size > freeze.body.size).find_map(|seen| {
                    let (_, checkpoint) = seen.cosigned(*place)?;
                    let last = self.included(seen.checkpoint.size.checked_sub(1)?, seen.checkpoint.size)?;
                    let (witness, freeze) = (witness.clone(), Quoted(note.clone()));
                    let shows = Shows::FreezeBroken(FreezeBroken { witness, freeze, checkpoint, last });
                    self.build(&shows).map(|_| (shows, format!("{at} and {}", seen.at)))
                });
            if let Some((shows, at)) = broken {
                self.keep(&shows, at);
            }
        }
        self.checkpoints = checkpoints;
    }

    /// C2, C3, C4 for receipts that stand in no entry.
    pub(super) fn loose_receipts(&mut self) {
        let mut receipts = std::mem::take(&mut self.receipts);
        receipts.sort_by_key(|(receipt, ..)| (receipt.index, receipt.time, receipt.submission));
        let size = self.head_checkpoint.size;
        let standing = |this: &Self, index: u64| {
            let entry = Entry::parse(&this.log.entry(index)?).ok()?;
            let receipt =
                this.anchor.receipt_line(entry.receipt_line()).filter(|receipt| receipt.index == index)?;
            Some((receipt, entry.receipt_line().payload.clone(), format!("entry {index}")))
        };
        let mut before: Option<(note::Receipt, Vec<u8>, String)> = None;
        for loose in receipts {
            let (receipt, payload, at) = &loose;
            if receipt.index < size
                && let Some(leaf) = self.included_below_head(receipt.index)
            {
                let (receipt, checkpoint) = (Quoted(payload.clone()), self.head.clone());
                let shows = Shows::ReceiptNotKept(ReceiptNotKept { receipt, leaf, checkpoint });
                self.keep(&shows, at.as_str());
            }
            // Entries rise in time, or that is found already: so the neighbours are enough.
            let index = receipt.index;
            let near = [
                index.checked_sub(1).map(|at| at.min(size.saturating_sub(1))),
                Some(index),
                index.checked_add(1),
            ];
            let near = near.into_iter().flatten().filter(|at| *at < size).filter_map(|at| standing(self, at));
            let others: Vec<_> = near.chain(before.take()).collect();
            for other in &others {
                self.two_receipts(other, &loose);
            }
            before = Some(loose);
        }
    }

    fn two_receipts(
        &mut self,
        one: &(note::Receipt, Vec<u8>, String),
        other: &(note::Receipt, Vec<u8>, String),
    ) {
        let (a, b) = if one.0.index <= other.0.index { (one, other) } else { (other, one) };
        let at = format!("{} and {}", a.2, b.2);
        let shows = TwoReceipts { a: Quoted(a.1.clone()), b: Quoted(b.1.clone()) };
        if a.0.index == b.0.index && a.0 != b.0 {
            self.keep(&Shows::DoubleIndex(shows), at);
        } else if a.0.index < b.0.index && a.0.time > b.0.time {
            self.keep(&Shows::TimeBackwards(shows), at);
        }
    }

    /// C9 for acts that stand in no entry, or in a malformed one.
    pub(super) fn loose_acts(&mut self) {
        let acts = std::mem::take(&mut self.acts);
        let mut numbers: BTreeMap<(&SignerName, u64), &(Submission, String)> = BTreeMap::new();
        for loose in &acts {
            let (submission, at) = loose;
            self.author_fork(submission, at);
            let act = submission.act();
            let Some(first) = act.head().signers.first() else { continue };
            let (other, other_at) = numbers.entry((first, act.head().n)).or_insert(loose);
            if other.act().id() != act.id() {
                self.two_acts(other, submission, &format!("{other_at} and {at}"));
            }
        }
        self.acts = acts;
    }

    /// C9: beside the well-formed act of the same key and number.
    fn author_fork(&mut self, submission: &Submission, at: &str) {
        let act = submission.act();
        let Some(first) = act.head().signers.first() else { return };
        let Some(chain) = self.chains.get(first) else { return };
        let Ok(place) = chain.binary_search_by_key(&act.head().n, |(n, _)| *n) else { return };
        let index = chain[place].1;
        if self.places.get(&act.id()) == Some(&index) {
            return;
        }
        let Some(other) = self.log.entry(index).and_then(|bytes| Entry::parse(&bytes).ok()) else { return };
        if other.act().id() != act.id() {
            self.two_acts(other.submission(), submission, &format!("entry {index} and {at}"));
        }
    }

    fn two_acts(&mut self, one: &Submission, other: &Submission, at: &str) {
        let Some(first) = one.act().head().signers.first() else { return };
        let key = self.key_proof(first);
        for hand in [Hand::Plain, Hand::Both, Hand::Passkey] {
            let (Some(a), Some(b)) = (hand.of(one), hand.of(other)) else { continue };
            if self.keep(&Shows::AuthorFork(AuthorFork { key: key.clone(), a, b }), at) {
                return;
            }
        }
    }

    /// C13, C14.
    pub(super) fn stamp_chains(&mut self) {
        let stamps = std::mem::take(&mut self.stamps);
        let mut follows: BTreeMap<(&SignerName, Hash), Vec<&Stamp>> = BTreeMap::new();
        let mut known: BTreeMap<(&SignerName, Hash), &Stamp> = BTreeMap::new();
        for stamp in &stamps {
            let on_same = follows.entry((&stamp.signer, stamp.intake.previous)).or_default();
            if on_same.iter().all(|other| other.intake != stamp.intake) {
                on_same.push(stamp);
            }
            known.entry((&stamp.signer, stamp.intake.hash())).or_insert(stamp);
        }
        for on_same in follows.values() {
            // Some may be of keys or signatures that don't hold: then the next pair may.
            let pairs = on_same
                .iter()
                .enumerate()
                .flat_map(|(at, a)| on_same[at + 1..].iter().map(move |b| (*a, *b)));
            for (a, b) in pairs.take(64) {
                if self.two_stamps(a, b, Shows::IntakeFork) {
                    break;
                }
            }
        }
        for stamp in &stamps {
            if let Some(before) = known.get(&(&stamp.signer, stamp.intake.previous))
                && stamp.intake.time < before.intake.time
            {
                self.two_stamps(before, stamp, Shows::IntakeBackwards);
            }
        }
    }

    fn two_stamps(&mut self, a: &Stamp, b: &Stamp, shows: impl Fn(TwoStamps) -> Shows) -> bool {
        let (Some(a_text), Some(b_text)) = (self.text_of(a.intake.act), self.text_of(b.intake.act)) else {
            return false;
        };
        let stamped = |act: Quoted, stamp: &Stamp| Stamped { act, stamp: Quoted(stamp.payload.clone()) };
        let key = self.key_proof(&a.signer);
        let both = TwoStamps { key, a: stamped(a_text, a), b: stamped(b_text, b) };
        self.keep(&shows(both), format!("{} and {}", a.at, b.at))
    }

    /// C8.
    pub(super) fn false_refusals(&mut self) {
        for (note, submission, at) in std::mem::take(&mut self.refusals) {
            let Ok(read) = Note::parse(&note, SIGNATURES_MAX) else { continue };
            let Ok(refusal) = Refusal::parse(read.text()) else { continue };
            let bearing = Submission::parse(&submission)
                .map(|submission| self.bearing_on_refusal(refusal.body.size, &submission))
                .unwrap_or_default();
            self.keep_least(bearing, at, |this, entries| {
                let entries: Vec<Included> =
                    entries.iter().filter_map(|index| this.included_below_head(*index)).collect();
                let checkpoint = (!entries.is_empty()).then(|| this.head.clone());
                let (refusal, submission) = (Quoted(note.clone()), Quoted(submission.clone()));
                Some(Shows::FalseRefusal(FalseRefusal { refusal, submission, entries, checkpoint }))
            });
        }
    }

    /// Entries that may show where keys and chain stood at that size.
    fn bearing_on_refusal(&self, size: u64, submission: &Submission) -> Vec<u64> {
        let act = submission.act();
        let stampers = submission
            .intakes()
            .iter()
            .filter_map(|line| SignerName::from_key_name(&self.anchor.origin, line.name.as_str()));
        let mut places = std::collections::BTreeSet::new();
        for name in act.head().signers.iter().cloned().chain(stampers) {
            places.extend(self.enrolments.get(&name).filter(|index| **index < size));
            let Some(chain) = self.chains.get(&name) else { continue };
            let cut = chain.partition_point(|(_, index)| *index < size);
            places.extend(cut.checked_sub(1).map(|last| chain[last].1));
            places.extend(chain.get(cut).map(|(_, index)| *index));
        }
        if let Body::Intake(body) = act.body() {
            places.extend(self.enrolments.get(&body.key));
        }
        places.into_iter().filter(|index| *index > 0).collect()
    }

    /// C15.
    pub(super) fn state_notes(&mut self) {
        for ((signer, ..), notes) in std::mem::take(&mut self.states) {
            let pairs =
                notes.iter().enumerate().flat_map(|(at, a)| notes[at + 1..].iter().map(move |b| (a, b)));
            for ((_, a_note, a_at), (_, b_note, b_at)) in pairs.filter(|(a, b)| a.0 != b.0).take(64) {
                let key = self.key_proof(&signer);
                let shows = FalseStateNote { key, a: Quoted(a_note.clone()), b: Quoted(b_note.clone()) };
                if self.keep(&Shows::FalseStateNote(shows), format!("{a_at} and {b_at}")) {
                    break;
                }
            }
        }
    }
}

impl SeenCheckpoint {
    /// With the registrar's line alone.
    fn signed(&self) -> Option<Quoted> {
        note_with(&self.checkpoint, vec![self.log_line.clone()])
    }

    /// With the lines of the registrar and of each witness, one each.
    pub(super) fn whole(&self) -> Option<Quoted> {
        let mut lines = vec![self.log_line.clone()];
        let mut places = std::collections::BTreeSet::new();
        lines.extend(
            self.witnesses.iter().filter(|(place, ..)| places.insert(*place)).map(|(.., line)| line.clone()),
        );
        note_with(&self.checkpoint, lines)
    }

    /// With the lines of the registrar and one witness.
    fn cosigned(&self, place: usize) -> Option<(terms::Instant, Quoted)> {
        self.all_cosigned(place).next()
    }

    fn all_cosigned(&self, place: usize) -> impl Iterator<Item = (terms::Instant, Quoted)> + '_ {
        let own = self.witnesses.iter().filter(move |(other, ..)| *other == place);
        own.filter_map(|(_, time, line)| {
            Some((*time, note_with(&self.checkpoint, vec![self.log_line.clone(), line.clone()])?))
        })
    }
}

/// How the first signer signs: few enough to try each.
enum Hand {
    Plain,
    Both,
    Passkey,
}

impl Hand {
    fn of(&self, submission: &Submission) -> Option<SignedAct> {
        let line = submission.signatures().first()?;
        let beside = submission.assertions().iter().find(|other| other.name == line.name);
        let quoted = |line: &SignatureLine| Some(Quoted(line.payload.clone()));
        let (signature, assertion) = match self {
            Hand::Plain => (quoted(line), None),
            Hand::Both => (quoted(line), quoted(beside?)),
            Hand::Passkey => (None, quoted(line)),
        };
        Some(SignedAct { act: Quoted(submission.act().text().as_bytes().to_vec()), signature, assertion })
    }
}
