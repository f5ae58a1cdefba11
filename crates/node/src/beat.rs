//! The registrar's beat: a checkpoint to be cosigned, and once it is, a mark (TIME §6).

use std::collections::BTreeMap;

use act::body::Mark;
use act::value::NoteText;
use act::{Body, Entry};
use docket::v1::Replay;
use note::{Note, Receipt, SignatureLine, VerifierKey};
use register::Answer;
use terms::{Instant, Kind, SignerName};
use tlog::witness::AddCheckpoint;
use tlog::{CosignedCheckpoint, consistency_proof};

use crate::bundle::Imported;
use crate::node::Store;
use crate::{Fault, Node};

impl Node {
    /// Signs the register as it is now, for witnesses to cosign.
    ///
    /// # Errors
    ///
    /// This is not the registrar's node, or the disk failed.
    pub fn sign_checkpoint(&mut self) -> Result<CosignedCheckpoint, Fault> {
        match &mut self.store {
            Store::Log(log) => Ok(log.checkpoint()?),
            Store::Mirror(_) => Err(Fault::Role("only the registrar's node signs checkpoints".to_owned())),
        }
    }

    /// A registrar's node that is a witness too cosigns what it would ask any witness: a checkpoint that others have
    /// begun, or its register as it is now, if none is begun. With a quorum of that the mark goes in, and is cosigned
    /// itself, since nothing that it settles has effect before. Gives the size it cosigned and the mark's index, each
    /// if there is one.
    ///
    /// # Errors
    ///
    /// As [`Node::sign_checkpoint`]; or its witness has cosigned another past, and cosigns no more.
    pub fn cosign_own(&mut self, now: Instant) -> Result<(Option<u64>, Option<u64>), Fault> {
        let cosigned = self.cosign_now(now)?;
        let mark = self.enter_mark(now)?;
        if mark.is_none() {
            return Ok((cosigned, None));
        }
        let cosigned = self.cosign_now(now)?.or(cosigned);
        self.serve_quorum()?;
        Ok((cosigned, mark))
    }

    /// This node's own witness, if it has one, cosigns. Gives the size.
    fn cosign_now(&mut self, now: Instant) -> Result<Option<u64>, Fault> {
        let Some(old) = self.shown_by_own_witness()? else { return Ok(None) };
        let Some(ask) = self.ask_for(old, true, None)? else { return Ok(None) };
        let mut done = Imported::default();
        self.cosign(&ask, true, now, &mut done)?;
        match done.wrongs.into_iter().chain(done.remarks).next() {
            Some(why) => Err(Fault::Role(why)),
            None => Ok(done.cosigned),
        }
    }

    /// How far this node's own witness has cosigned, if it has one that is in the policy. If the last cosignature was
    /// lost before it came into `note/`, one less: it is to be made again.
    pub(crate) fn shown_by_own_witness(&self) -> Result<Option<u64>, Fault> {
        let Some(witness) = self.cosigner()? else { return Ok(None) };
        let Some(seen) = witness.seen() else { return Ok(Some(0)) };
        let collected = self.collected()?;
        let shown = collected.get(&seen.size).and_then(|cosigned| self.known.witnessed(cosigned));
        let is_shown = seen.size <= self.cosigned()? || shown == Some(seen);
        Ok(Some(if is_shown { seen.size } else { seen.size.saturating_sub(1) }))
    }

    pub(crate) fn asking(&self, checkpoint: CosignedCheckpoint, old: u64) -> Result<AddCheckpoint, Fault> {
        let size = checkpoint.checkpoint().size;
        let old = old.min(size);
        let none = |_| Fault::Unknown(format!("no proof from {old} to {size} can be made"));
        let proof = match &self.store {
            _ if old == 0 => Vec::new(),
            Store::Log(log) => consistency_proof(&log.hashes(size), old, size).map_err(none)?,
            Store::Mirror(mirror) => mirror.consistency_proof(old, size)?,
        };
        Ok(AddCheckpoint { old, proof, checkpoint })
    }

    /// What the witness of somebody is asked that cosigned `old` entries last. A checkpoint that others have
    /// begun to cosign comes first: by stick each witness sees another moment, and of many sizes with one
    /// cosignature each none would ever be final. So a registrar begins none while this witness has cosigned the
    /// largest that is begun, and the others can still complete it. A mirror carries the question on.
    ///
    /// A registrar asks nobody who is no `witness`. With `paced`, it begins none before its beat is due.
    pub(crate) fn ask_for(
        &mut self,
        old: u64,
        witness: bool,
        paced: Option<Instant>,
    ) -> Result<Option<AddCheckpoint>, Fault> {
        if let Store::Log(log) = &mut self.store {
            log.settle()?;
        }
        let is_log = matches!(self.store, Store::Log(_));
        if is_log && !witness {
            return Ok(None);
        }
        if let Some(begun) = self.begun_above(old)? {
            return self.asking(begun, old).map(Some);
        }
        // One that cosigned above all that is begun can complete none of it.
        let waits = self.begun()?.last_key_value().is_some_and(|(largest, _)| *largest == old);
        if !is_log || waits || paced.is_some_and(|now| !self.is_beat_due(now)) {
            return Ok(None);
        }
        let checkpoint = self.sign_checkpoint()?;
        if checkpoint.checkpoint().size <= old {
            return Ok(None);
        }
        self.asking(checkpoint, old).map(Some)
    }

    /// The begun checkpoint that a witness is to cosign next which cosigned `old` entries last: the largest that has
    /// its quorum with it, or else the largest.
    pub(crate) fn begun_above(&self, old: u64) -> Result<Option<CosignedCheckpoint>, Fault> {
        let mut begun = self.begun()?;
        let above = begun.split_off(&old.saturating_add(1));
        let largest = above.values().next_back();
        let lacks_one = |cosigned: &&CosignedCheckpoint| {
            cosigned
                .examine(self.policy())
                .is_ok_and(|cosigners| cosigners.times.len() + 1 >= cosigners.quorum)
        };
        Ok(above.values().rev().find(lacks_one).or(largest).cloned())
    }

    /// The collected checkpoints that a witness of the policy has cosigned.
    fn begun(&self) -> Result<BTreeMap<u64, CosignedCheckpoint>, Fault> {
        let mut begun = self.collected()?;
        begun.retain(|_, cosigned| {
            cosigned.examine(self.policy()).is_ok_and(|cosigners| !cosigners.times.is_empty())
        });
        Ok(begun)
    }

    /// Whether somebody may have a witness of the policy, whose witness cosigned `old` entries last: any that has
    /// cosigned; and anybody, while one of them has never been seen to cosign.
    pub(crate) fn may_be_witness(&self, old: u64) -> Result<bool, Fault> {
        if old > 0 {
            return Ok(true);
        }
        let begun = self.collected()?;
        let made = |key: &VerifierKey| {
            let mut lines = begun.values().flat_map(|cosigned| cosigned.note().signatures());
            self.known.has_cosigned(key) || lines.any(|line| key.made(line))
        };
        Ok(!self.policy().witnesses().iter().all(|witness| made(&witness.key)))
    }

    /// Whether the registrar's next checkpoint is due: an act waits to be final, or a mark that settles one to be
    /// cosigned; or the last mark is a heartbeat old.
    #[must_use]
    pub fn is_beat_due(&self, now: Instant) -> bool {
        let waits = |replay: &Replay| replay.pending().any(|(_, _, kind)| kind != Kind::Mark);
        let heartbeat = self.replay.instrument().calendar.heartbeat;
        let last = self.replay.timeline().last();
        waits(&self.replay) || waits(&self.docket) || last.is_none_or(|last| now >= last.plus(heartbeat))
    }

    /// The checkpoints above the served one that witnesses have begun to cosign, by size, each with all
    /// cosignatures that are here. They lie in `note/`.
    pub(crate) fn collected(&self) -> Result<BTreeMap<u64, CosignedCheckpoint>, Fault> {
        let served = self.cosigned()?;
        let policy = self.policy();
        let notes = self.notes();
        let mut collected: BTreeMap<u64, CosignedCheckpoint> = BTreeMap::new();
        for hash in notes.list()? {
            let Some(bytes) = notes.get(&hash)? else { continue };
            let Ok(cosigned) = CosignedCheckpoint::parse(&bytes) else { continue };
            let checkpoint = cosigned.checkpoint();
            let size = checkpoint.size;
            if size <= served || self.store.root_at(size) != Some(checkpoint.root) {
                continue;
            }
            let before = collected.remove(&size).unwrap_or_else(|| cosigned.clone());
            if let Ok(merged) = before.merge(cosigned.note().signatures(), policy) {
                collected.insert(size, merged);
            }
        }
        Ok(collected)
    }

    /// The largest checkpoint above the served one that has its quorum.
    fn with_quorum(&self) -> Result<Option<CosignedCheckpoint>, Fault> {
        let served = self.cosigned()?;
        let policy = self.policy();
        let marked = self.known.mark.clone().filter(|mark| mark.checkpoint().size > served);
        let marked =
            marked.filter(|mark| self.store.root_at(mark.checkpoint().size) == Some(mark.checkpoint().root));
        let all = self.collected()?.into_values().chain(marked);
        let good = all.filter(|cosigned| cosigned.verify_quorum(policy).is_ok());
        Ok(good.max_by_key(|cosigned| cosigned.checkpoint().size))
    }

    /// Serves the largest checkpoint that has its quorum by now, if that is above the served one. Gives it.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub(crate) fn serve_quorum(&mut self) -> Result<Option<CosignedCheckpoint>, Fault> {
        let Some(cosigned) = self.with_quorum()? else { return Ok(None) };
        match &mut self.store {
            // It was signed, so all of it is in tiles.
            Store::Log(log) => log.serve(&cosigned)?,
            Store::Mirror(mirror) => mirror.serve(&cosigned)?,
        }
        self.ground()?;
        self.tidy_notes()?;
        Ok(Some(cosigned))
    }

    /// Whether what a receipt promises is final here.
    pub(crate) fn is_kept(&self, receipt: &Receipt) -> Result<bool, Fault> {
        Ok(receipt.index < self.cosigned()?
            && Entry::parse(&self.entry(receipt.index)?)
                .is_ok_and(|entry| entry.submission_hash() == receipt.submission))
    }

    /// Removes cosigned checkpoints and receipts that have done their work. What is of another past is
    /// evidence, and stays.
    fn tidy_notes(&self) -> Result<(), Fault> {
        let served = self.cosigned()?;
        let notes = self.notes();
        for hash in notes.list()? {
            let Some(bytes) = notes.get(&hash)? else { continue };
            let done = match (CosignedCheckpoint::parse(&bytes), receipt_of(&bytes)) {
                (Ok(cosigned), _) => {
                    let checkpoint = cosigned.checkpoint();
                    checkpoint.size <= served && self.store.root_at(checkpoint.size) == Some(checkpoint.root)
                }
                (Err(_), Some(receipt)) => self.is_kept(&receipt)?,
                (Err(_), None) => false,
            };
            if done {
                let path = self.home.data.join("note").join(hash.to_hex());
                std::fs::remove_file(&path).map_err(Fault::io(&path))?;
            }
        }
        Ok(())
    }

    /// Takes cosignatures of a checkpoint in, beside those that came before. With a quorum it is served, and
    /// goes into the register as a mark; gives the mark's index then.
    ///
    /// # Errors
    ///
    /// The checkpoint is not of this register, or the disk failed.
    pub fn take_cosigned(
        &mut self,
        cosigned: &CosignedCheckpoint,
        lines: &[SignatureLine],
        now: Instant,
    ) -> Result<Option<u64>, Fault> {
        let foreign = |fault: tlog::CosignedFault| Fault::Foreign(format!("the checkpoint: {fault}"));
        let merged = cosigned.merge(lines, self.policy()).map_err(foreign)?;
        if merged.checkpoint().size > self.cosigned()? && merged.note().signatures().len() > 1 {
            self.notes().put(&merged.to_bytes())?;
        }
        self.enter_mark(now)
    }

    /// The registrar's: serves what has its quorum by now, and enters it as a mark.
    pub(crate) fn enter_mark(&mut self, now: Instant) -> Result<Option<u64>, Fault> {
        if matches!(self.store, Store::Mirror(_)) {
            return Err(Fault::Role("only the registrar's node enters marks".to_owned()));
        }
        self.serve_quorum()?;
        // After a crash between the two, what is served has no mark yet.
        let Some(served) = self.checkpoint()? else { return Ok(None) };
        let size = served.checkpoint().size;
        if self.known.mark.as_ref().is_some_and(|mark| mark.checkpoint().size >= size)
            || size < self.replay.timeline().settled()
        {
            return Ok(None);
        }
        let text = NoteText::new(served.note().to_string()).map_err(|e| Fault::Foreign(e.to_owned()))?;
        let body = Body::Mark(Mark { checkpoint: text });
        let act = self.write(vec![SignerName::Registrar], body, now)?;
        let submission = self.sign(act, None)?;
        let answers = self.register(&[submission.to_bytes()], now)?;
        match answers.into_iter().next() {
            Some(Answer::Registered { index, .. }) => Ok(Some(index)),
            Some(Answer::Refused { refusal, .. }) => {
                Err(Fault::Refused { ground: refusal.body.ground, why: "a mark of one's own".to_owned() })
            }
            None => Ok(None),
        }
    }
}

/// The receipt that a note is, if it is one.
pub(crate) fn receipt_of(note: &[u8]) -> Option<Receipt> {
    let note = Note::parse(note, 1).ok()?;
    Receipt::read_note(&note).map(|(_, _, receipt)| receipt)
}
