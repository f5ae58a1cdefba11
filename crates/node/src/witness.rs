//! C2SP tlog-witness: this node's witness answers whoever asks it, and the registrar's node asks witnesses that it reaches.

use std::fmt;

use note::SignatureLine;
use terms::Instant;
use tlog::witness::{AddCheckpoint, Refusal, admit};

use crate::bundle::seen;
use crate::{Fault, Node};

/// Why a witness did not cosign what it was asked to.
#[derive(Debug)]
pub enum NoCosignature {
    /// What the specification has a status for.
    Refused(Refusal),
    /// This witness cosigns what it holds, and does not hold all of it yet. It cosigns once the entries have come.
    NotHeld,
    /// An annex that the entries name is not here yet.
    NoAnnex,
    /// The entries that are here come to another root: one of the two pasts is a lie. Both are kept.
    OtherEntries,
    /// The key does not cosign any more, or the disk failed.
    Fault(Fault),
}

impl NoCosignature {
    /// The HTTP status: the specification's, where it has one; 503 while what is asked for may still come.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            NoCosignature::Refused(refusal) => refusal.status(),
            NoCosignature::NotHeld | NoCosignature::NoAnnex => 503,
            NoCosignature::OtherEntries => 422,
            NoCosignature::Fault(_) => 500,
        }
    }

    /// The body that the specification has for it, of type `text/x.tlog.size`.
    #[must_use]
    pub fn size_body(&self) -> Option<String> {
        match self {
            NoCosignature::Refused(refusal) => refusal.size_body(),
            NoCosignature::NotHeld
            | NoCosignature::NoAnnex
            | NoCosignature::OtherEntries
            | NoCosignature::Fault(_) => None,
        }
    }
}

impl fmt::Display for NoCosignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoCosignature::Refused(refusal) => refusal.fmt(f),
            NoCosignature::NotHeld => {
                f.write_str("this witness cosigns what it holds, and these entries have not come yet")
            }
            NoCosignature::NoAnnex => f.write_str("this witness waits for an annex that the entries name"),
            NoCosignature::OtherEntries => {
                f.write_str("the entries that this witness holds come to another root")
            }
            NoCosignature::Fault(fault) => fault.fmt(f),
        }
    }
}

impl<F: Into<Fault>> From<F> for NoCosignature {
    fn from(fault: F) -> NoCosignature {
        NoCosignature::Fault(fault.into())
    }
}

impl Node {
    /// Answers `add-checkpoint`: this node's witness cosigns, and remembers before it answers. What completes a quorum is
    /// served here from then on.
    ///
    /// # Errors
    ///
    /// Why it does not. A node without a witness that the policy in force has looks after no log.
    pub fn add_checkpoint(&mut self, body: &[u8], now: Instant) -> Result<SignatureLine, NoCosignature> {
        let refused = NoCosignature::Refused;
        let Some(mut witness) = self.cosigner()? else { return Err(refused(Refusal::UnknownOrigin)) };
        let ask = AddCheckpoint::parse(body).map_err(|fault| refused(Refusal::Body(fault)))?;
        let admitted = admit(witness.seen().as_ref(), &ask, self.policy().log());
        let asked = seen(&ask.checkpoint);
        let is_held = asked.size <= self.size();
        let other = is_held && self.store.root_at(asked.size) != Some(asked.root);
        // Signed, it is evidence beside what is here, whatever the proof is.
        // Only the lines that are good are kept: what a stranger adds would make as many files of it as he likes.
        if other && let Ok(evidence) = ask.checkpoint.merge(&[], self.policy()) {
            self.notes().put(&evidence.to_bytes())?;
        }
        admitted.map_err(refused)?;
        if !is_held {
            return Err(NoCosignature::NotHeld);
        }
        if other {
            return Err(NoCosignature::OtherEntries);
        }
        let shelf = self.annexes();
        for hash in self.known.annexes.keys() {
            if !shelf.has(hash)? {
                return Err(NoCosignature::NoAnnex);
            }
        }
        let line = self.cosign_held(&mut witness, &ask, now)?;
        self.serve_quorum()?;
        Ok(line)
    }

    /// What the registrar's node asks a witness that cosigned `old` entries last: to complete a checkpoint that others have
    /// begun to cosign, or, when its beat is due, to cosign the register as it is now. Nothing, if there is nothing to
    /// ask. If that last cosignature has not come here (`is_shown` is false), it may be asked for once more.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn ask_witness(
        &mut self,
        old: u64,
        is_shown: bool,
        now: Instant,
    ) -> Result<Option<AddCheckpoint>, Fault> {
        if !self.settings.registrar {
            return Ok(None);
        }
        let above = if is_shown { old } else { old.saturating_sub(1) };
        let ask = self.ask_for(above, true, Some(now))?;
        ask.map(|ask| self.asking(ask.checkpoint, old)).transpose()
    }
}
