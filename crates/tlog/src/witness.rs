//! What a witness is asked, and when it refuses.
//!
//! The pure half of C2SP tlog-witness: whoever runs it writes the new state to disk before it lets
//! the cosignature out, and asks and writes in one step that nothing can come between.

use std::fmt;

use note::VerifierKey;
use terms::Hash;

use crate::checkpoint::Checkpoint;
use crate::cosigned::{CosignedCheckpoint, CosignedFault};
use crate::log_proof::{HashesFault, Head, number};
use crate::verify::{ProofFault, verify_consistency};

/// The body of `add-checkpoint`: please cosign this.
///
/// ```text
/// old ⟨size that you cosigned last, 0 if none⟩
/// ⟨base64 hash⟩                    consistency proof from there, up to 63
///
/// ⟨the checkpoint, a note⟩
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness is said to have cosigned last.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// What is to be cosigned.
    pub checkpoint: CosignedCheckpoint,
}

/// What a witness remembers of a log: the largest tree it cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// What is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// The first line is not `old` with a number.
    Old,
    /// A line of the proof is no hash.
    Proof {
        /// Line of the body, counted from 1.
        line: usize,
    },
    /// More than 63 hashes.
    TooLong,
    /// No empty line before the checkpoint.
    NoBlankLine,
    /// The checkpoint.
    Checkpoint(CosignedFault),
}

/// Why a witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The body can't be read.
    Body(BodyFault),
    /// The log is not one that this witness looks after.
    UnknownOrigin,
    /// The log's key has not signed it, or a line of it is wrong.
    BadSignature,
    /// The old size is above the checkpoint's.
    OldAboveNew,
    /// The old size is not the one that was cosigned last.
    OtherOld {
        /// The one that was.
        size: u64,
    },
    /// A second root for the size that was cosigned last: with both checkpoints, a proven fork.
    OtherRoot,
    /// The proof does not hold. With a signed checkpoint that is no proof of a fork, but worth keeping.
    BadProof(ProofFault),
}

const PROOF_MAX: usize = 63;

impl AddCheckpoint {
    /// Reads a body. Nothing is verified.
    ///
    /// # Errors
    /// The first fault from the top.
    pub fn parse(bytes: &[u8]) -> Result<AddCheckpoint, BodyFault> {
        let mut head = Head::new(bytes);
        let old = head.line().and_then(|line| number(line, b"old ")).ok_or(BodyFault::Old)?;
        let proof = head.hashes(PROOF_MAX).map_err(|fault| match fault {
            HashesFault::NotAHash { line } => BodyFault::Proof { line },
            HashesFault::TooMany => BodyFault::TooLong,
            HashesFault::NoBlankLine => BodyFault::NoBlankLine,
        })?;
        let checkpoint = CosignedCheckpoint::parse(head.rest).map_err(BodyFault::Checkpoint)?;
        Ok(AddCheckpoint { old, proof, checkpoint })
    }

    /// The body.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            text.push_str(&format!("{hash}\n"));
        }
        text.push_str(&format!("\n{}", self.checkpoint.note()));
        text.into_bytes()
    }
}

/// Whether a witness that has seen `seen` of `log` may cosign what the body asks for; the state to
/// write down before it does.
///
/// Every line by the log's key must be good, and there must be one. Lines by other keys are not
/// looked at.
///
/// # Errors
/// Why it may not. The order of the checks is the specification's.
pub fn admit(seen: Option<&Seen>, body: &AddCheckpoint, log: &VerifierKey) -> Result<Seen, Refusal> {
    let Checkpoint { origin, size, root } = body.checkpoint.checkpoint();
    if origin.as_str() != log.name().as_str() {
        return Err(Refusal::UnknownOrigin);
    }
    let note = body.checkpoint.note();
    let mut by_log = note.signatures().iter().filter(|line| log.made(line)).peekable();
    if by_log.peek().is_none() || by_log.any(|line| log.verify(note.text(), line).is_err()) {
        return Err(Refusal::BadSignature);
    }
    if body.old > *size {
        return Err(Refusal::OldAboveNew);
    }
    let new = Seen { size: *size, root: *root };
    let last = seen.copied().unwrap_or(Seen { size: 0, root: crate::EMPTY_ROOT });
    if body.old != last.size {
        return Err(Refusal::OtherOld { size: last.size });
    }
    if body.old == 0 && *size > 0 {
        // Nothing was seen, so anything fits: then there is no proof.
        return if body.proof.is_empty() { Ok(new) } else { Err(Refusal::BadProof(ProofFault::FromEmpty)) };
    }
    if body.old == *size && body.proof.is_empty() && last.root != *root {
        return Err(Refusal::OtherRoot);
    }
    verify_consistency(last.size, &last.root, *size, root, &body.proof).map_err(Refusal::BadProof)?;
    Ok(new)
}

/// The answer to a body in one call: read, then [`admit`].
///
/// # Errors
/// Why the witness may not cosign.
pub fn answer(
    seen: Option<&Seen>,
    body: &[u8],
    log: &VerifierKey,
) -> Result<(Seen, CosignedCheckpoint), Refusal> {
    let body = AddCheckpoint::parse(body).map_err(Refusal::Body)?;
    let seen = admit(seen, &body, log)?;
    Ok((seen, body.checkpoint))
}

impl Refusal {
    /// The HTTP status that the specification gives it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Refusal::Body(_) | Refusal::OldAboveNew => 400,
            Refusal::BadSignature => 403,
            Refusal::UnknownOrigin => 404,
            Refusal::OtherOld { .. } | Refusal::OtherRoot => 409,
            Refusal::BadProof(_) => 422,
        }
    }

    /// The body of the answer, of type `text/x.tlog.size`, where the specification has one.
    #[must_use]
    pub fn size_body(&self) -> Option<String> {
        match self {
            Refusal::OtherOld { size } => Some(format!("{size}\n")),
            Refusal::Body(_)
            | Refusal::UnknownOrigin
            | Refusal::BadSignature
            | Refusal::OldAboveNew
            | Refusal::OtherRoot
            | Refusal::BadProof(_) => None,
        }
    }
}

impl fmt::Display for BodyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BodyFault::Old => f.write_str("line 1: expected `old NUMBER`"),
            BodyFault::Proof { line } => write!(f, "line {line}: not a SHA-256 in base64"),
            BodyFault::TooLong => write!(f, "more than {PROOF_MAX} hashes"),
            BodyFault::NoBlankLine => f.write_str("no empty line before the checkpoint"),
            BodyFault::Checkpoint(fault) => write!(f, "the checkpoint: {fault}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Body(fault) => fault.fmt(f),
            Refusal::UnknownOrigin => f.write_str("this witness does not look after that log"),
            Refusal::BadSignature => f.write_str("the log has not signed the checkpoint"),
            Refusal::OldAboveNew => f.write_str("the old size is above the checkpoint's"),
            Refusal::OtherOld { size } => write!(f, "this witness cosigned size {size} last"),
            Refusal::OtherRoot => f.write_str("this witness cosigned another root of that size"),
            Refusal::BadProof(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for BodyFault {}
impl std::error::Error for Refusal {}
