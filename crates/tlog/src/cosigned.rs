//! A checkpoint with its cosignatures, judged by a policy.

use std::fmt;

use note::{Check, Note, NoteError, SignatureLine, SigningKey, VerifyFault};
use terms::Instant;

use crate::checkpoint::{Checkpoint, CheckpointFault};
use crate::cosignature;
use crate::policy::{Policy, Witness};

/// The most signature lines of a checkpoint: what every reader of notes must accept.
pub const SIGNATURES_MAX: usize = 16;

/// A checkpoint as a note: the registrar's line, and cosignatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

/// Who cosigned a checkpoint, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigners {
    /// The witness's place in the policy, and its time; in the policy's order, each once.
    pub times: Vec<(usize, Instant)>,
    /// Places of the lines by keys that the policy has not. They count for nothing; in a stored
    /// checkpoint they are a wrong.
    pub unknown: Vec<usize>,
    /// How many witnesses the policy asks for.
    pub quorum: usize,
}

/// What a checkpoint's lines claim, before any signature is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The registrar's line.
    pub log: Check,
    /// Place in the policy, time, and check of each cosignature; in the policy's order, each once.
    pub witnesses: Vec<(usize, Instant, Check)>,
    unknown: Vec<usize>,
    quorum: usize,
}

/// What is wrong with a cosigned checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CosignedFault {
    /// No note.
    Note(NoteError),
    /// Its text is no checkpoint.
    Checkpoint(CheckpointFault),
    /// It is another log's.
    OtherOrigin,
    /// The log's key has not signed it.
    NoLogLine,
    /// The log's key stands under it twice.
    LogTwice,
    /// The log's line is wrong.
    Log(VerifyFault),
    /// One witness stands under it twice.
    WitnessTwice {
        /// Its name in the policy.
        witness: String,
    },
    /// A witness's line is wrong.
    Witness {
        /// Its name in the policy.
        witness: String,
        /// What is wrong.
        fault: VerifyFault,
    },
    /// All is well, but too few witnesses have cosigned: no wrong, just not final.
    TooFew {
        /// How many have.
        have: usize,
        /// How many the policy asks for.
        need: usize,
    },
}

impl CosignedCheckpoint {
    /// Reads a note. Nothing is verified.
    ///
    /// # Errors
    /// If it is no note, or its text no checkpoint.
    pub fn parse(bytes: &[u8]) -> Result<CosignedCheckpoint, CosignedFault> {
        CosignedCheckpoint::from_note(Note::parse(bytes, SIGNATURES_MAX).map_err(CosignedFault::Note)?)
    }

    /// The same of a note that is read already.
    ///
    /// # Errors
    /// If its text is no checkpoint.
    pub fn from_note(note: Note) -> Result<CosignedCheckpoint, CosignedFault> {
        let checkpoint = Checkpoint::parse(note.text()).map_err(CosignedFault::Checkpoint)?;
        Ok(CosignedCheckpoint { checkpoint, note })
    }

    /// Signs a checkpoint as its registrar; nobody has cosigned it yet.
    #[must_use]
    pub fn sign(checkpoint: Checkpoint, key: &SigningKey) -> CosignedCheckpoint {
        let note = Note::new(checkpoint.text(), vec![checkpoint.sign(key)]).expect(
            "an origin, a number and a hash hold no control character, and the text ends in a newline",
        );
        CosignedCheckpoint { checkpoint, note }
    }

    /// Origin, size and root.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The note as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_bytes()
    }

    /// The same with those of these cosignatures that are good and by witnesses of the policy, such as
    /// a witness answers with. Of two by one witness the later stays. Other lines are left out, those
    /// that stood before included; the log's stays first, witnesses follow in the policy's order.
    ///
    /// # Errors
    /// If what stands already is wrong, or by another log.
    pub fn merge(
        &self,
        lines: &[SignatureLine],
        policy: &Policy,
    ) -> Result<CosignedCheckpoint, CosignedFault> {
        self.examine(policy)?;
        let own = self.note.signatures();
        let mut signatures: Vec<SignatureLine> =
            own.iter().filter(|line| policy.log().made(line)).cloned().collect();
        for witness in policy.witnesses() {
            let good = own.iter().chain(lines).filter_map(|line| {
                let time = cosignature::verify(&self.checkpoint, &witness.key, line).ok()?;
                Some((time, line))
            });
            let latest = good.max_by_key(|(time, _)| *time);
            signatures.extend(latest.map(|(_, line)| line.clone()));
        }
        let note = Note::new(self.note.text().to_owned(), signatures).map_err(CosignedFault::Note)?;
        Ok(CosignedCheckpoint { checkpoint: self.checkpoint.clone(), note })
    }

    /// What the lines claim by this policy. No signature is checked: for those who check in batch.
    ///
    /// # Errors
    /// All but wrong signatures and [`CosignedFault::TooFew`].
    pub fn claims(&self, policy: &Policy) -> Result<Claims, CosignedFault> {
        if self.checkpoint.origin != *policy.origin() {
            return Err(CosignedFault::OtherOrigin);
        }
        let mut log = None;
        let mut witnesses: Vec<(usize, Instant, Check)> = Vec::new();
        let mut unknown = Vec::new();
        for (at, line) in self.note.signatures().iter().enumerate() {
            if policy.log().made(line) {
                if log.is_some() {
                    return Err(CosignedFault::LogTwice);
                }
                log = Some(policy.log().check(self.note.text(), line).map_err(CosignedFault::Log)?);
                continue;
            }
            let Some(place) = policy.witnesses().iter().position(|witness| witness.key.made(line)) else {
                unknown.push(at);
                continue;
            };
            let witness = &policy.witnesses()[place];
            if witnesses.iter().any(|(other, ..)| *other == place) {
                return Err(CosignedFault::WitnessTwice { witness: witness.name.clone() });
            }
            let (time, check) = cosignature::check(&self.checkpoint, &witness.key, line)
                .map_err(|fault| CosignedFault::Witness { witness: witness.name.clone(), fault })?;
            witnesses.push((place, time, check));
        }
        witnesses.sort_by_key(|(place, ..)| *place);
        let log = log.ok_or(CosignedFault::NoLogLine)?;
        Ok(Claims { log, witnesses, unknown, quorum: policy.quorum() })
    }

    /// Who has cosigned, be it a quorum or not.
    ///
    /// # Errors
    /// If any line by a key of the policy is wrong or stands twice, or the log's is missing.
    pub fn examine(&self, policy: &Policy) -> Result<Cosigners, CosignedFault> {
        let claims = self.claims(policy)?;
        let fault = VerifyFault::Signature;
        if !claims.log.passes() {
            return Err(CosignedFault::Log(fault));
        }
        if let Some((place, ..)) = claims.witnesses.iter().find(|(_, _, check)| !check.passes()) {
            let witness = policy.witnesses()[*place].name.clone();
            return Err(CosignedFault::Witness { witness, fault });
        }
        Ok(claims.proven())
    }

    /// Who has cosigned by good lines, if it is a quorum. All other lines are passed over, as whoever carries
    /// the note could leave them out: for those who are shown a checkpoint, and to whom a wrong line under
    /// it must not undo what the good ones say. Of two good ones of one witness the later counts.
    ///
    /// # Errors
    /// If it is another log's, no line of the log's key holds, or too few witnesses' do.
    pub fn find_quorum(&self, policy: &Policy) -> Result<Cosigners, CosignedFault> {
        if self.checkpoint.origin != *policy.origin() {
            return Err(CosignedFault::OtherOrigin);
        }
        let lines = self.note.signatures();
        if !lines.iter().any(|line| self.checkpoint.verify(policy.log(), line).is_ok()) {
            return Err(CosignedFault::NoLogLine);
        }
        let cosigned = |(place, witness): (usize, &Witness)| {
            let good = lines.iter().filter_map(|line| {
                cosignature::verify(&self.checkpoint, &witness.key, line).ok().map(|time| (place, time))
            });
            good.max_by_key(|(_, time)| *time)
        };
        let times: Vec<_> = policy.witnesses().iter().enumerate().filter_map(cosigned).collect();
        let (have, need) = (times.len(), policy.quorum());
        if have < need {
            return Err(CosignedFault::TooFew { have, need });
        }
        Ok(Cosigners { times, unknown: Vec::new(), quorum: need })
    }

    /// Who has cosigned, if it is a quorum and each line by a key of the policy holds.
    ///
    /// # Errors
    /// As [`CosignedCheckpoint::examine`], and [`CosignedFault::TooFew`].
    pub fn verify_quorum(&self, policy: &Policy) -> Result<Cosigners, CosignedFault> {
        let cosigners = self.examine(policy)?;
        if cosigners.is_quorum() {
            Ok(cosigners)
        } else {
            Err(CosignedFault::TooFew { have: cosigners.times.len(), need: cosigners.quorum })
        }
    }
}

impl Claims {
    /// All checks, the log's first.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        std::iter::once(&self.log).chain(self.witnesses.iter().map(|(_, _, check)| check))
    }

    /// The cosigners, once every check has passed, by whatever way: the caller answers for that.
    #[must_use]
    pub fn proven(self) -> Cosigners {
        let times = self.witnesses.into_iter().map(|(place, time, _)| (place, time)).collect();
        Cosigners { times, unknown: self.unknown, quorum: self.quorum }
    }
}

impl Cosigners {
    /// Whether they are enough.
    #[must_use]
    pub fn is_quorum(&self) -> bool {
        self.times.len() >= self.quorum
    }

    /// The lower median of their times; nothing if there are none.
    #[must_use]
    pub fn median(&self) -> Option<Instant> {
        lower_median(self.times.iter().map(|(_, time)| *time))
    }
}

/// The lower median: position ⌊(k−1)/2⌋ of the sorted times, from 0. *Lower*, so that of two clocks
/// one can't run ahead (TIME T5).
#[must_use]
pub fn lower_median(times: impl IntoIterator<Item = Instant>) -> Option<Instant> {
    let mut times: Vec<Instant> = times.into_iter().collect();
    times.sort_unstable();
    times.get(times.len().checked_sub(1)? / 2).copied()
}

impl fmt::Display for CosignedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CosignedFault::Note(error) => error.fmt(f),
            CosignedFault::Checkpoint(fault) => fault.fmt(f),
            CosignedFault::OtherOrigin => f.write_str("the checkpoint is another log's"),
            CosignedFault::NoLogLine => f.write_str("the log has not signed the checkpoint"),
            CosignedFault::LogTwice => f.write_str("the log's signature stands under the checkpoint twice"),
            CosignedFault::Log(fault) => write!(f, "the log's line: {fault}"),
            CosignedFault::WitnessTwice { witness } => {
                write!(f, "the witness `{witness}` stands under the checkpoint twice")
            }
            CosignedFault::Witness { witness, fault } => {
                write!(f, "the line of the witness `{witness}`: {fault}")
            }
            CosignedFault::TooFew { have, need } => {
                write!(f, "{have} of the {need} witnesses that the policy asks for have cosigned")
            }
        }
    }
}

impl std::error::Error for CosignedFault {}
