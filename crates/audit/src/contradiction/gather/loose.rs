//! What lies beside the entries: notes, acts on their way, receipts.

use std::collections::BTreeMap;

use act::freeze::FreezeNote;
use act::state::StateBody;
use act::{Entry, Refusal, StateNote, Submission};
use note::{Note, Receipt, SignatureLine};
use terms::Hash;
use tlog::cosigned::SIGNATURES_MAX;
use tlog::{CosignedCheckpoint, root_of};

use super::super::collect::Collector;
use super::held::Held;
use super::{CHECKPOINT, Copy, Leads, NOTE_BYTES_MAX, Source};
use crate::notes;
use crate::pass::JOURNAL;
use crate::source::Own;
use crate::tiles;

/// How many entries of another past are looked at: what the first show, more would not show better.
const OTHERS_MAX: u64 = 1024;

/// What was come across, each with the file that it is in.
#[derive(Default)]
pub(super) struct Loose {
    /// With whether it may contradict these entries.
    checkpoints: Vec<(Vec<u8>, String, bool)>,
    /// By the submission that is refused.
    refusals: Vec<(Hash, Vec<u8>, String)>,
    states: Vec<(Vec<u8>, String)>,
    freezes: Vec<(Vec<u8>, String)>,
    acts: BTreeMap<Hash, (Vec<u8>, String)>,
    receipts: Vec<(SignatureLine, String)>,
    /// Submissions that stand as entries, and are refused.
    entered: BTreeMap<Hash, Vec<u8>>,
    /// What each node said of the same: who, and of what.
    said: BTreeMap<(String, u32, u64, Hash, terms::Instant), StateBody>,
    differing_states: bool,
}

impl Loose {
    /// All of the folder itself.
    pub(super) fn take(&mut self, name: &str, source: &dyn Source, leads: &Leads, held: &Held<'_>) {
        self.take_notes(name, source, leads, |_| true);
        if let Ok(Some(stored)) = source.read(CHECKPOINT, NOTE_BYTES_MAX) {
            // Held to the entries already.
            self.checkpoints.push((stored, format!("{name}{CHECKPOINT}"), false));
        }
        if let Some(asked) = &leads.asked {
            let checkpoint = asked.checkpoint();
            let other = !root_of(held, checkpoint.size).is_ok_and(|root| root == checkpoint.root);
            self.checkpoints.push((asked.to_bytes(), format!("{name}{}", notes::ASKED), other));
        }
        for (hash, index) in &leads.traces.entered {
            let entry = held.bytes(*index).and_then(|bytes| Entry::parse(&bytes).ok());
            self.entered.extend(entry.map(|entry| (*hash, entry.submission().to_bytes())));
        }
        // The registrar's own journal may promise another entry than the tiles have.
        let (start, journal) = crate::folder::journal(&leads.owns, &leads.shelf);
        for (index, bytes) in (start..leads.shelf.entries().min(held.size())).zip(journal) {
            if held.bytes(index).is_some_and(|held| held != *bytes)
                && let Ok(entry) = Entry::parse(bytes)
            {
                self.receipts.push((entry.receipt_line().clone(), format!("{name}queue/journal")));
            }
        }
    }

    /// What another copy has beside its entries; and from the first that differs on, what they promise.
    pub(super) fn take_copy(&mut self, copy: &Copy<'_>, held: &Held<'_>) {
        let Some(leads) = &copy.checked.leads else { return };
        let fits = |note: &[u8]| {
            let Ok(cosigned) = CosignedCheckpoint::parse(note) else { return false };
            let checkpoint = cosigned.checkpoint();
            root_of(held, checkpoint.size).is_ok_and(|root| root == checkpoint.root)
        };
        self.take_notes(copy.name, copy.source, leads, |note| !fits(note));
        if let Ok(Some(stored)) = copy.source.read(CHECKPOINT, NOTE_BYTES_MAX) {
            let other = !fits(&stored);
            self.checkpoints.push((stored, format!("{}{CHECKPOINT}", copy.name), other));
        }
        self.take_other_entries(copy.name, &Held::new(copy.source, leads), leads, held);
    }

    /// The receipts and acts of another past, as far as it is none of ours.
    fn take_other_entries(&mut self, name: &str, theirs: &Held<'_>, leads: &Leads, held: &Held<'_>) {
        let shared = held.size().min(theirs.size());
        let same = held.tops().iter().zip(theirs.tops()).take_while(|(a, b)| a == b).count() as u64;
        let (mut parted, mut taken) = (false, 0);
        for index in same * 256..theirs.size() {
            if (index >= shared && !parted) || taken >= OTHERS_MAX {
                break;
            }
            let Some(bytes) = theirs.bytes(index).filter(|bytes| held.bytes(index).as_ref() != Some(bytes))
            else {
                continue;
            };
            parted = true;
            taken += 1;
            let file =
                leads.shelf.bundle(index / 256).map_or_else(|| JOURNAL.to_owned(), |tile| tiles::path(&tile));
            let at = format!("{name}{file}");
            if let Ok(entry) = Entry::parse(&bytes) {
                self.receipts.push((entry.receipt_line().clone(), at.clone()));
                self.take_act(entry.submission(), at);
            }
        }
    }

    fn take_notes(
        &mut self,
        name: &str,
        source: &dyn Source,
        leads: &Leads,
        checkpoint_matters: impl Fn(&[u8]) -> bool,
    ) {
        for hash in &leads.notes {
            let path = notes::path(hash);
            let Ok(Some(bytes)) = source.read(&path, NOTE_BYTES_MAX) else { continue };
            let at = format!("{name}{path}");
            let Ok(read) = Note::parse(&bytes, SIGNATURES_MAX) else { continue };
            if CosignedCheckpoint::parse(&bytes).is_ok() {
                let matters = checkpoint_matters(&bytes);
                self.checkpoints.push((bytes, at, matters));
            } else if let Some((_, _, receipt)) = Receipt::read_note(&read) {
                let entered = leads.traces.entered.get(&receipt.submission);
                if receipt.index < leads.traces.size && entered != Some(&receipt.index) {
                    self.receipts.extend(read.signatures().first().map(|line| (line.clone(), at)));
                }
            } else if let Ok(refusal) = Refusal::parse(read.text()) {
                self.refusals.push((refusal.body.submission, bytes, at));
            } else if let Ok(state) = StateNote::parse(read.text()) {
                self.take_state(&read, &state.body);
                self.states.push((bytes, at));
            } else if FreezeNote::parse(read.text()).is_ok() {
                self.freezes.push((bytes, at));
            }
        }
        for (path, own) in &leads.owns {
            if let Own::Submission(submission) = own {
                self.take_act(submission, format!("{name}{path}"));
            }
        }
    }

    fn take_act(&mut self, submission: &Submission, at: String) {
        self.acts.entry(submission.hash()).or_insert_with(|| (submission.to_bytes(), at));
    }

    fn take_state(&mut self, note: &Note, body: &StateBody) {
        for line in note.signatures() {
            let of = (line.name.as_str().to_owned(), body.rules, body.size, body.root, body.as_of);
            self.differing_states |= self.said.entry(of).or_insert(*body) != body;
        }
    }

    /// The checkpoints.
    pub(super) fn checkpoints(&self) -> Vec<Vec<u8>> {
        self.checkpoints.iter().map(|(note, ..)| note.clone()).collect()
    }

    /// Whether any of it could contradict the entries, or something else here.
    pub(super) fn may_contradict(&self) -> bool {
        self.checkpoints.iter().any(|(_, _, matters)| *matters)
            || !self.freezes.is_empty()
            || !self.acts.is_empty()
            || !self.receipts.is_empty()
            || self.differing_states
            || self.refusals.iter().any(|(submission, ..)| self.refused(submission).is_some())
    }

    fn refused(&self, submission: &Hash) -> Option<&[u8]> {
        let loose = self.acts.get(submission).map(|(bytes, _)| bytes.as_slice());
        loose.or_else(|| self.entered.get(submission).map(Vec::as_slice))
    }

    /// Hands over what may contradict something.
    pub(super) fn hand_to(&self, collector: &mut Collector<'_, Held<'_>>) {
        for (note, at, _) in &self.checkpoints {
            collector.checkpoint(note, at);
        }
        for (line, at) in &self.receipts {
            collector.receipt(line, at);
        }
        for (submission, note, at) in &self.refusals {
            if let Some(submission) = self.refused(submission) {
                collector.refusal(note, submission, at);
            }
        }
        for (note, at) in &self.states {
            collector.state_note(note, at);
        }
        for (note, at) in &self.freezes {
            collector.freeze(note, at);
        }
        for (submission, at) in self.acts.values() {
            collector.act(submission, at);
        }
    }
}
