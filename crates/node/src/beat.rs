//! The registrar's beat: a checkpoint to be cosigned, and once it is, a mark (TIME §6).

use std::collections::BTreeMap;

use act::body::Mark;
use act::value::NoteText;
use act::{Body, Entry};
use docket::v1::Replay;
use note::{Note, Receipt, SignatureLine};
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

    /// A registrar's node that is a witness too cosigns its register as it is now; with a quorum of that the
    /// mark goes in, and is cosigned itself, since nothing that it settles has effect before. Gives the size it
    /// cosigned and the mark's index, each if there is one.
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
        let cosigned = self.cosign_now(now)?;
        self.serve_quorum()?;
        Ok((cosigned, mark))
    }

    /// This node's own witness, if it has one, cosigns the register as it is now. Gives the size.
    fn cosign_now(&mut self, now: Instant) -> Result<Option<u64>, Fault> {
        let Some(witness) = self.witness()? else { return Ok(None) };
        let ask = self.ask_witness(witness.seen().map_or(0, |seen| seen.size))?;
        let mut done = Imported::default();
        self.cosign(&ask, true, now, &mut done)?;
        match done.wrongs.into_iter().chain(done.remarks).next() {
            Some(why) => Err(Fault::Role(why)),
            None => Ok(done.cosigned),
        }
    }

    /// What a witness is asked, that cosigned `old` entries last.
    ///
    /// # Errors
    ///
    /// As [`Node::sign_checkpoint`].
    pub fn ask_witness(&mut self, old: u64) -> Result<AddCheckpoint, Fault> {
        let checkpoint = self.sign_checkpoint()?;
        self.asking(checkpoint, old)
    }

    fn asking(&self, checkpoint: CosignedCheckpoint, old: u64) -> Result<AddCheckpoint, Fault> {
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
    /// cosignature each none would ever be final. A mirror carries the question on.
    ///
    /// With `paced`, a registrar begins none before its beat is due.
    pub(crate) fn ask_for(
        &mut self,
        old: u64,
        paced: Option<Instant>,
    ) -> Result<Option<AddCheckpoint>, Fault> {
        if let Store::Log(log) = &mut self.store {
            log.settle()?;
        }
        let begun = self.collected()?.into_values().find(|cosigned| cosigned.checkpoint().size > old);
        match (begun, &self.store) {
            (Some(begun), _) => self.asking(begun, old).map(Some),
            (None, Store::Log(_)) if paced.is_some_and(|now| !self.is_beat_due(now)) => Ok(None),
            (None, Store::Log(_)) => {
                Ok(Some(self.ask_witness(old)?).filter(|ask| ask.checkpoint.checkpoint().size > old))
            }
            (None, Store::Mirror(_)) => Ok(None),
        }
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
