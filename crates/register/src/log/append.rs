//! What happens to a batch of submissions.

use std::collections::BTreeMap;

use act::refusal::RefusalBody;
use act::{Entry, Refusal, Submission};
use note::{Note, Receipt, SignatureLine};
use terms::{ActId, Hash, Instant, RefusalGround};

use crate::disk::Disk;
use crate::fault::Fault;
use crate::judge::Judge;
use crate::log::{Answer, Log, journal_path};
use crate::shelf::Shelf;

impl<D: Disk> Log<D> {
    /// Registers what is good and refuses the rest, in order; answers in the same order.
    ///
    /// All of it costs one sync of the journal. The registered time is `now`, or that of the last entry
    /// if `now` is earlier.
    ///
    /// # Errors
    /// [`Fault::Disk`]: nothing of this batch was answered. It may be in the register after the next
    /// start, or not; whoever hands it in again gets its one receipt. The log is halted; if a sync
    /// failed, its key is stopped. [`Fault::Halted`] after that.
    pub fn append<S: AsRef<[u8]>>(
        &mut self,
        submissions: &[S],
        now: Instant,
        judge: &mut impl Judge,
    ) -> Result<Vec<Answer>, Fault> {
        let handed = submissions.iter().map(|bytes| Handed::read(bytes.as_ref().to_vec())).collect();
        self.append_read(handed, now, judge)
    }

    /// The same of submissions that were read before.
    ///
    /// # Errors
    /// As [`Log::append`].
    pub fn append_read(
        &mut self,
        submissions: Vec<Handed>,
        now: Instant,
        judge: &mut impl Judge,
    ) -> Result<Vec<Answer>, Fault> {
        self.check_halted()?;
        let registered = now.max(self.last_time);
        let mut batch = Batch::default();
        for handed in submissions {
            // The judge has moved on, and what it said good to is not written: nobody asks it again.
            let answered = self.sequence(handed, registered, judge, &mut batch);
            self.or_halt(answered)?;
        }
        if !batch.entries.is_empty() {
            self.write(batch.entries, registered)?;
            for (id, (index, ..)) in batch.ids {
                self.ids.insert(&id, index);
            }
            if self.keeps_each_batch {
                self.keep()?;
            }
        }
        if !batch.refusals.is_empty() {
            let stored = Shelf::notes(&self.folder).put_all(&batch.refusals);
            self.or_halt(stored)?;
        }
        if self.journal.bytes() > self.journal_bytes_max {
            // The batch is durable whatever comes of this, so it is answered; a failure halts the log.
            let _ = self.settle();
        }
        Ok(batch.answers)
    }

    /// Judges one submission and signs the answer. Nobody sees it before the batch is on the disk.
    fn sequence(
        &self,
        handed: Handed,
        registered: Instant,
        judge: &mut impl Judge,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let index = self.size() + batch.entries.len() as u64;
        let Handed { mut bytes, hash, id, submission } = handed;
        let judged = match submission {
            None => Err(RefusalGround::Form),
            Some(submission) if !self.is_ours(&submission, index) => Err(RefusalGround::Form),
            Some(submission) => match self.known(submission.act().id(), batch)? {
                Some((index, receipt, known)) if known == hash => {
                    batch.answers.push(Answer::Registered { index, receipt, before: true });
                    return Ok(());
                }
                Some(_) => Err(RefusalGround::Duplicate),
                None => judge.judge(index, &submission, registered).map(|()| submission),
            },
        };
        let ground = match judged {
            Ok(submission) => {
                let receipt = Receipt { index, time: registered, submission: hash };
                let line = receipt.sign(&self.registrar.origin, &self.genesis, &self.registrar.key);
                batch.ids.insert(submission.act().id(), (index, line.clone(), hash));
                bytes.extend_from_slice(format!("{line}\n").as_bytes());
                batch.entries.push(bytes);
                batch.answers.push(Answer::Registered { index, receipt: line, before: false });
                return Ok(());
            }
            Err(ground) => ground,
        };
        let body = RefusalBody { act: id, submission: hash, ground, size: index, at: registered };
        let refusal = Refusal { origin: self.registrar.origin.clone(), genesis: self.genesis, body };
        let note = refusal.sign(&self.registrar.key).expect(
            "an origin, hashes, codes and numbers hold no control character, and the text ends its lines",
        );
        batch.refusals.push(note.to_bytes());
        batch.answers.push(Answer::Refused { refusal, note });
        Ok(())
    }

    /// Whether an act is of this register: its genesis first, and no other.
    fn is_ours(&self, submission: &Submission, index: u64) -> bool {
        let act = submission.act();
        let of_register = act.origin() == &self.registrar.origin && act.register() == self.genesis;
        // A genesis that comes again is found by its id.
        of_register && (act.genesis().is_none() == (index == 0) || self.ids.get(&act.id()).is_some())
    }

    /// Index, receipt and submission hash of an act that is in the register, or before in the batch.
    fn known(&self, id: ActId, batch: &Batch) -> Result<Option<(u64, SignatureLine, Hash)>, Fault> {
        if let Some(known) = batch.ids.get(&id) {
            return Ok(Some(known.clone()));
        }
        let Some(index) = self.index_of(&id) else { return Ok(None) };
        let entry = self.entry(index)?;
        let entry = Entry::parse(&entry).map_err(|fault| self.tiles.garbled_entry(index, &fault))?;
        Ok(Some((index, entry.receipt_line().clone(), entry.submission_hash())))
    }

    /// Brings entries to the disk, then into memory.
    fn write(&mut self, entries: Vec<Vec<u8>>, registered: Instant) -> Result<(), Fault> {
        let path = journal_path(&self.folder);
        let written = self.journal.append(&path, &entries);
        self.or_stop(written)?;
        for entry in entries {
            self.tiles.push(entry);
        }
        self.last_time = registered;
        // All is durable, and will be answered; without the commit nothing more can be appended.
        self.halted |= self.journal.commit(&path, self.tiles.size()).is_err();
        Ok(())
    }
}

/// What was handed in, read: what can be known of it alone, before it is its turn.
#[derive(Debug)]
pub struct Handed {
    bytes: Vec<u8>,
    hash: Hash,
    /// The act's id, if the bytes are a note at all.
    id: Option<ActId>,
    /// None if the bytes are no submission.
    submission: Option<Submission>,
}

impl Handed {
    /// Reads what was handed in.
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Handed {
        let submission = Submission::parse(&bytes).ok();
        let id = submission.as_ref().map(|submission| submission.act().id()).or_else(|| act_id(&bytes));
        Handed { hash: Hash::of(&bytes), id, submission, bytes }
    }
}

/// Answers that wait for the disk.
#[derive(Default)]
struct Batch {
    entries: Vec<Vec<u8>>,
    ids: BTreeMap<ActId, (u64, SignatureLine, Hash)>,
    refusals: Vec<Vec<u8>>,
    answers: Vec<Answer>,
}

/// The id that bytes have which are no act: of their text, if they are a note at all.
fn act_id(bytes: &[u8]) -> Option<ActId> {
    let note = Note::parse(bytes, act::form::GENESIS_SIGNERS_MAX).ok()?;
    Some(ActId::of_text(note.text()))
}
