//! The registrar's beat: a checkpoint to be cosigned, and once it is, a mark (TIME §6).

use act::Body;
use act::body::Mark;
use act::value::NoteText;
use note::SignatureLine;
use register::Answer;
use terms::{Instant, SignerName};
use tlog::witness::AddCheckpoint;
use tlog::{CosignedCheckpoint, consistency_proof};

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

    /// What a witness is asked, that cosigned `old` entries last.
    ///
    /// # Errors
    ///
    /// As [`Node::sign_checkpoint`].
    pub fn ask_witness(&mut self, old: u64) -> Result<AddCheckpoint, Fault> {
        let checkpoint = self.sign_checkpoint()?;
        let size = checkpoint.checkpoint().size;
        let old = old.min(size);
        let Store::Log(log) = &self.store else {
            return Err(Fault::Role("only the registrar's node asks witnesses".to_owned()));
        };
        let proof = if old == 0 {
            Vec::new()
        } else {
            consistency_proof(&log.hashes(size), old, size)
                .map_err(|_| Fault::Unknown(format!("no proof from {old} to {size} can be made")))?
        };
        Ok(AddCheckpoint { old, proof, checkpoint })
    }

    /// Takes cosignatures of a checkpoint in. With a quorum it is served, and goes into the register as
    /// a mark; gives the mark's index then.
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
        let policy = self.policy().clone();
        let foreign = |fault: tlog::CosignedFault| Fault::Foreign(format!("the checkpoint: {fault}"));
        let merged = cosigned.merge(lines, &policy).map_err(foreign)?;
        if merged.verify_quorum(&policy).is_err() {
            return Ok(None);
        }
        let size = merged.checkpoint().size;
        if size < self.replay.timeline().settled() {
            return Ok(None);
        }
        let Store::Log(log) = &mut self.store else {
            return Err(Fault::Role("only the registrar's node enters marks".to_owned()));
        };
        log.serve(&merged)?;
        let text = NoteText::new(merged.note().to_string()).map_err(|e| Fault::Foreign(e.to_owned()))?;
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
