//! Acts are written, chained and signed.

use act::body::{Enrol, KeyEnrolment};
use act::form::{By, Seen};
use act::value::{Office, RecipientText, Vkey};
use act::{Act, Body, Draft, Head, Submission};
use docket::v1::{Foreseen, Ledger};
use note::{KeyName, SignatureLine, VerifierKey};
use terms::{
    Capacity, Claimed, Code, Custody, Hash, Instant, Origin, ParticipantId, RefusalGround, SignerName,
};
use tlog::CosignedCheckpoint;
use vault::{KeyUse, Secret};

use crate::node::StorePast;
use crate::{Fault, Node};

impl Node {
    /// The signer of this participant with this label.
    ///
    /// # Errors
    ///
    /// It is no label.
    pub fn signer(&self, label: &str) -> Result<SignerName, Fault> {
        let label = Code::new(label).ok_or_else(|| Fault::Unknown(format!("`{label}` is no key's label")))?;
        Ok(SignerName::key(self.me(), &label))
    }

    /// Writes an act of this participant: chained to the signer's last act, here or in the queue, with
    /// the largest checkpoint that this node has checked.
    ///
    /// # Errors
    ///
    /// It is no act that could be registered.
    pub fn write(&self, signers: Vec<SignerName>, body: Body, now: Instant) -> Result<Act, Fault> {
        let first = signers.first().ok_or_else(|| Fault::NoKey("no signer".to_owned()))?;
        // What it signed and is in neither was refused, or never handed in: its number is not used again.
        let used = self.numbers.last(&self.origin().key_name(first))?;
        let checkpoint = self.checkpoint()?;
        let after = After { ledger: self.replay.ledger(), waiting: &self.queued()?, used };
        chained((self.origin(), self.genesis()), after, checkpoint.as_ref(), signers, body, now)
    }

    /// The labels of this participant's keys with a capacity that have force, and whose secrets are here.
    #[must_use]
    pub fn labels_here(&self, capacity: Capacity) -> Vec<String> {
        let has = |name: &str| self.keyring().get(name).is_some();
        labels(self.ledger(), self.me(), capacity, &has)
    }

    /// What would come of an act that is not signed yet, behind what waits here to be carried, as far as this node
    /// can say; nothing, if it can say nothing.
    ///
    /// # Errors
    ///
    /// The queue can't be read.
    pub fn foresee(&self, act: &Act, now: Instant) -> Result<Option<Foreseen>, Fault> {
        Ok(self.replay.foresee(&self.queued()?, act, now, &StorePast(&self.store)))
    }

    /// Signs an act with keys of this node's keyring, and of `others`.
    ///
    /// # Errors
    ///
    /// A signer's key is in neither; [`Fault::Numbered`] if the first has signed another act with this
    /// number.
    pub fn sign(&self, act: Act, others: Option<&vault::Keyring>) -> Result<Submission, Fault> {
        crate::numbers::take(&self.home, &act)?;
        let lines = act.head().signers.iter().map(|signer| self.sign_note(&act, signer, others));
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        Ok(Submission::new(act, lines, Vec::new(), Vec::new())?)
    }

    fn sign_note(
        &self,
        act: &Act,
        signer: &SignerName,
        others: Option<&vault::Keyring>,
    ) -> Result<SignatureLine, Fault> {
        let name = self.origin().key_name(signer);
        let key = match (self.signing_key(&name), others) {
            (Err(_), Some(others)) => crate::node::signing_key(others, &name)?,
            (own, _) => own?,
        };
        Ok(key.sign_note(act.text(), &KeyName::signer(self.origin(), signer)))
    }

    /// Puts an act together with what passkeys asserted over its id, and signs it with the keys of this node's keyring for
    /// those signers that have one. Whether an assertion holds is not looked at here.
    ///
    /// # Errors
    ///
    /// As [`Node::sign`]; [`Fault::NoKey`] too if a passkey's line is not there.
    pub fn sign_beside(&self, act: Act, asserted: &[SignatureLine]) -> Result<Submission, Fault> {
        crate::numbers::take(&self.home, &act)?;
        let (mut lines, mut beside) = (Vec::new(), Vec::new());
        for signer in &act.head().signers {
            let name = self.origin().key_name(signer);
            let key = self.ledger().keys().get(signer).ok_or_else(|| Fault::NoKey(name.clone()))?;
            let assertion = match &key.passkey {
                Some((passkey, ..)) => {
                    let made = asserted.iter().find(|line| passkey.made(line));
                    Some(made.cloned().ok_or(Fault::NoKey(name))?)
                }
                None => None,
            };
            match (&key.vkey, assertion) {
                (None, Some(assertion)) => lines.push(assertion),
                (_, assertion) => {
                    lines.push(self.sign_note(&act, signer, None)?);
                    beside.extend(assertion);
                }
            }
        }
        Ok(Submission::new(act, lines, beside, Vec::new())?)
    }

    /// Whether a registrar would let a submission in, behind what waits here to be carried: as far as this node can say.
    ///
    /// # Errors
    ///
    /// The queue can't be read.
    pub fn judge(&self, submission: &Submission, now: Instant) -> Result<Result<(), RefusalGround>, Fault> {
        let mut ledger = self.ledger().clone();
        for waits in self.queued()? {
            ledger.enter(&waits, now);
        }
        Ok(docket::v1::replay::judge_submission(&ledger, submission, now))
    }

    /// The enrolment of a key of this node's keyring, held by an office and with no nominating note.
    ///
    /// # Errors
    ///
    /// There is no such key, it has no capacity that is enrolled, or the office's name can't stand in an act.
    pub fn enrolment(&self, label: &str, office: &str, custody: Custody) -> Result<Body, Fault> {
        let name = self.origin().key_name(&self.signer(label)?);
        let key = self.keyring().get(&name).ok_or_else(|| Fault::NoKey(name.clone()))?;
        let KeyUse::Enrolled(capacity) = key.usage() else { return Err(Fault::NoKey(name)) };
        let key_name = KeyName::new(&name).ok_or_else(|| Fault::NoKey(name.clone()))?;
        let foreign = |what: &'static str| Fault::Foreign(what.to_owned());
        let (vkey, recipient) = match key.secret() {
            Secret::Age(identity) => {
                (None, Some(RecipientText::new(identity.recipient().to_string()).map_err(foreign)?))
            }
            Secret::Ed25519(_) => {
                let public = self.signing_key(&name)?.public();
                let vkey = if capacity == Capacity::Intake {
                    VerifierKey::intake(key_name, public)
                } else {
                    VerifierKey::plain(key_name, public)
                };
                (Some(Vkey(vkey)), None)
            }
        };
        Ok(Body::Enrol(Enrol::Key(KeyEnrolment {
            label: Code::new(label).ok_or(Fault::NoKey(name))?,
            capacity,
            vkey,
            passkey: None,
            recipient,
            custody,
            office: Office::new(office.to_owned()).map_err(foreign)?,
            note: None,
        })))
    }

    /// Writes, signs and hands in an act of one of this participant's keys.
    ///
    /// # Errors
    ///
    /// As [`Node::write`], [`Node::sign`] and [`Node::submit`].
    pub fn act(&mut self, label: &str, body: Body, now: Instant) -> Result<Submission, Fault> {
        self.act_with(&[label], body, now)
    }

    /// The same with several keys: roots, or four eyes. What was sealed for an act that can't be signed does
    /// not stay.
    ///
    /// # Errors
    ///
    /// As [`Node::act`].
    pub fn act_with(&mut self, labels: &[&str], body: Body, now: Instant) -> Result<Submission, Fault> {
        let signers = labels.iter().map(|label| self.signer(label)).collect::<Result<Vec<_>, _>>()?;
        let written = self.write(signers, body.clone(), now).and_then(|act| self.sign(act, None));
        let submission = match written {
            Ok(submission) => submission,
            Err(fault) => {
                self.take_back(&body)?;
                return Err(fault);
            }
        };
        self.submit(&submission, now)?;
        Ok(submission)
    }
}

/// What an act comes after.
#[derive(Clone, Copy)]
pub struct After<'a> {
    /// Keys and chains.
    pub ledger: &'a Ledger,
    /// What comes before it, and is not in them yet, in order.
    pub waiting: &'a [Submission],
    /// The highest number that the first signer has used otherwise.
    pub used: u64,
}

/// Writes an act: chained to its first signer's last act, with a checkpoint that was seen.
///
/// # Errors
///
/// It is no act that could be registered.
pub fn chained(
    (origin, genesis): (&Origin, Hash),
    after: After<'_>,
    seen: Option<&CosignedCheckpoint>,
    signers: Vec<SignerName>,
    body: Body,
    now: Instant,
) -> Result<Act, Fault> {
    let by = match signers.first() {
        Some(SignerName::Key { participant, .. }) => By::Participant(participant.clone()),
        Some(SignerName::Registrar) | None => By::Registrar,
    };
    let first = signers.first().ok_or_else(|| Fault::NoKey("no signer".to_owned()))?;
    let chain = after.ledger.chain(first).unwrap_or_default();
    let last = after.waiting.iter().rev().find(|s| s.act().head().signers.first() == Some(first));
    let (n, prev) = match last {
        Some(submission) => (submission.act().head().n, Some(submission.act().id())),
        None => (chain.n, chain.last),
    };
    let seen = seen.map(|cosigned| {
        let checkpoint = cosigned.checkpoint();
        Seen { size: checkpoint.size, root: checkpoint.root }
    });
    let n = n.max(after.used) + 1;
    let head = Head { by, signers, n, prev, seen, at: Claimed(now) };
    Ok(Draft { origin: origin.clone(), genesis: Some(genesis), head, body }.write()?)
}

/// The labels of a participant's keys with a capacity that have force, of those that are `here` by their full names.
#[must_use]
pub fn labels(
    ledger: &Ledger,
    who: &ParticipantId,
    capacity: Capacity,
    here: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let own = ledger.keys().iter().filter(|(signer, key)| {
        signer.participant() == Some(who) && key.capacity == capacity && key.ended.is_none()
    });
    own.filter(|(signer, _)| here(&ledger.origin().key_name(signer)))
        .filter_map(|(signer, _)| signer.to_string().split_once('/').map(|(_, label)| label.to_owned()))
        .collect()
}
