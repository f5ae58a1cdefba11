//! What waits to be carried to the registrar, and what its refusals say of that.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;

use act::refusal::RefusalBody;
use act::{Act, Submission};
use terms::{ActId, Hash, Kind, RefusalGround, SignerName};

use crate::{Fault, Node};

impl Node {
    /// Submissions that wait to be carried to the registrar, in the order in which they were signed: those of
    /// one key by their numbers.
    ///
    /// # Errors
    ///
    /// The queue can't be read.
    pub fn queued(&self) -> Result<Vec<Submission>, Fault> {
        let folder = self.queue_folder();
        let mut queued: BTreeMap<Option<SignerName>, VecDeque<Submission>> = BTreeMap::new();
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::Io { path: folder, error }),
        };
        for entry in entries {
            let path = entry.map_err(Fault::io(&folder))?.path();
            if path.file_name().and_then(|n| n.to_str()).and_then(Hash::from_hex).is_none() {
                continue;
            }
            let bytes = std::fs::read(&path).map_err(Fault::io(&path))?;
            let submission = Submission::parse(&bytes)
                .map_err(|fault| Fault::Garbled { path: path.clone(), what: fault.to_string() })?;
            queued.entry(submission.act().head().signers.first().cloned()).or_default().push_back(submission);
        }
        for of_key in queued.values_mut() {
            of_key.make_contiguous().sort_by_key(|submission| (submission.act().head().n, submission.hash()));
        }
        Ok(merged(queued.into_values().collect()))
    }

    pub(crate) fn queue_folder(&self) -> PathBuf {
        self.home.data.join("queue")
    }

    pub(crate) fn enqueue(&self, submission: &Submission) -> Result<(), Fault> {
        let path = self.queue_folder().join(submission.hash().to_hex());
        crate::home::write_whole(&path, &submission.to_bytes())
    }

    /// Takes out of the queue what needs not wait there any more: what is in the register, with this node's
    /// stamp if it has one; and what was refused, with what its author chained to it. Gives the grounds. What was
    /// refused as a duplicate is registered: it waits until its entry comes. What was faster than the act that it follows
    /// on waits for that, as long as its key has not gone on without it.
    pub(crate) fn sweep_queue(&self) -> Result<Vec<String>, Fault> {
        let refusals = self.refusals()?;
        let mut gone: BTreeMap<SignerName, u64> = BTreeMap::new();
        let mut said = Vec::new();
        let mut swept = Vec::new();
        for submission in self.queued()? {
            let act = submission.act();
            let first = act.head().signers.first();
            let waits = if self.index_of(&act.id()).is_some() {
                // A stamp that was left behind is entered as an act of its own.
                self.own_line(&submission).is_some() && !self.known.is_stamped(&act.id())
            } else if let Some(RefusalBody { ground, .. }) =
                refusals.get(&submission.hash()).filter(|refusal| match refusal.ground {
                    RefusalGround::Duplicate => false,
                    RefusalGround::Previous => !self.may_follow(act),
                    _ => true,
                })
            {
                said.push(format!("{ground}: the act {} is to be signed anew", act.id()));
                gone.extend(first.map(|first| (first.clone(), act.head().n)));
                false
            } else if let Some(n) = first.and_then(|first| gone.get(first)).filter(|n| **n < act.head().n) {
                said.push(format!("previous: the act {} follows on number {n}, which was refused", act.id()));
                false
            } else {
                true
            };
            if !waits {
                let path = self.queue_folder().join(submission.hash().to_hex());
                std::fs::remove_file(&path).map_err(Fault::io(&path))?;
                swept.push(submission);
            }
        }
        for submission in swept.iter().filter(|s| self.index_of(&s.act().id()).is_none()) {
            self.take_back(submission.act().body())?;
        }
        Ok(said)
    }

    /// Whether an act's key has not gone on beyond it.
    fn may_follow(&self, act: &Act) -> bool {
        let key = act.head().signers.first().and_then(|first| self.replay.ledger().keys().get(first));
        key.is_some_and(|key| key.ended.is_none() && key.chain.n < act.head().n)
    }

    /// Whether an act is its key's next.
    fn is_next(&self, act: &Act) -> bool {
        let key = act.head().signers.first().and_then(|first| self.replay.ledger().keys().get(first));
        key.is_some_and(|key| key.chain.n + 1 == act.head().n && key.chain.last == act.head().prev)
    }

    /// Whether a submission is to be carried to the registrar. It is not once its act is registered: an entry shows
    /// it, or the registrar's refusal of a duplicate does, whose entry stands below the refusal's size. If that
    /// is here and the act is not in it, the refusal was false, or a successor began before it: then it goes again. Nor
    /// is what was faster than the act that it follows on, before that is here or `carried` with it.
    pub(crate) fn is_to_carry(
        &self,
        submission: &Submission,
        refusals: &BTreeMap<Hash, RefusalBody>,
        carried: &BTreeSet<ActId>,
    ) -> bool {
        let act = submission.act();
        let waits = |refusal: &RefusalBody| match refusal.ground {
            RefusalGround::Duplicate => refusal.size > self.store.size(),
            RefusalGround::Previous => {
                !self.is_next(act) && !act.head().prev.is_some_and(|prev| carried.contains(&prev))
            }
            _ => false,
        };
        self.index_of(&act.id()).is_none() && !refusals.get(&submission.hash()).is_some_and(waits)
    }

    /// The registrar's refusals that lie here, by submission; of several of one, the last.
    pub(crate) fn refusals(&self) -> Result<BTreeMap<Hash, RefusalBody>, Fault> {
        let notes = self.notes();
        let mut refusals: BTreeMap<Hash, RefusalBody> = BTreeMap::new();
        for hash in notes.list()? {
            if let Some(bytes) = notes.get(&hash)?
                && let Ok(note) = note::Note::parse(&bytes, 1)
                && let Ok(act::Refusal { body, .. }) = act::Refusal::parse(note.text())
                && refusals.get(&body.submission).is_none_or(|other| other.size < body.size)
                && audit::folder::check_note(&bytes, &self.replay).is_ok()
            {
                refusals.insert(body.submission, body);
            }
        }
        Ok(refusals)
    }
}

/// Makes one queue of those of several keys. Each stays in its order, since its acts are chained; of two keys
/// the earlier act comes first. So what enrols a key precedes what that key signs, and what ends it follows.
fn merged(mut queues: Vec<VecDeque<Submission>>) -> Vec<Submission> {
    let key = |submission: &Submission| {
        let act = submission.act();
        // Of one second, as in a script.
        let place = match act.kind() {
            Kind::Enrol => 0,
            Kind::Revoke | Kind::Disown => 2,
            _ => 1,
        };
        (act.head().at.0, place, submission.hash())
    };
    let mut all = Vec::new();
    while let Some(next) = queues
        .iter_mut()
        .filter(|queue| !queue.is_empty())
        .min_by_key(|queue| queue.front().map(key))
        .and_then(VecDeque::pop_front)
    {
        all.push(next);
    }
    all
}
