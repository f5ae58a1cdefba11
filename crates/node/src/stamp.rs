//! What a guarantor's node takes in for the registrar: stamped, and carried on (TIME T14).

use act::body::{IntakeBody, SignatureText};
use act::{Act, Body, Submission};
use docket::v1::ledger::KeyState;
use note::passkey::{Assertion, Expected};
use note::{Intake, KeyName, SignatureLine, SigningKey};
use register::{IntakeChain, RealDisk};
use terms::{ActId, Hash, Instant, SignerName};

use crate::bundle::Imported;
use crate::{Fault, Node};

/// A stamp that did not get into the register with the act that it is under: the bare act came first, and
/// the stamped copy was refused as its duplicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranded {
    /// The stamp.
    pub stamp: Intake,
    /// Where its act stands.
    pub index: u64,
    line: SignatureLine,
}

/// Whether a key has made its line under an act, and its passkey the one beside it; a passkey alone, its
/// only line.
fn wrote(key: &KeyState, act: &Act, line: &SignatureLine, beside: Option<&SignatureLine>) -> bool {
    let (own, assertion) = match &key.vkey {
        Some(vkey) => (vkey.verify(act.text(), line).is_ok(), beside),
        None => (beside.is_none(), Some(line)),
    };
    own && match (&key.passkey, assertion) {
        (Some((vkey, rp, origins)), Some(assertion)) => {
            let expected = Expected { act: act.id(), rp, origins };
            let read = Assertion::parse(&assertion.payload).ok().zip(vkey.passkey_key());
            vkey.made(assertion) && read.is_some_and(|(read, key)| read.verify(&key, &expected).is_ok())
        }
        (None, None) => key.vkey.is_some(),
        _ => false,
    }
}

/// A line as long as a stamp's, by nobody's key.
fn blank(submission: &Submission, name: &KeyName, now: Instant) -> SignatureLine {
    let stamp = Intake { act: submission.act().id(), time: now, previous: Hash::ZERO };
    stamp.sign(&SigningKey::from_seed(&[0; 32]), name)
}

impl Node {
    /// The intake chain of this node, if it stamps.
    ///
    /// # Errors
    ///
    /// Its key is not here; or the register shows a later stamp than the chain remembers: an older copy was
    /// put back, and the next stamp would be a second one on the same *previous*.
    pub(crate) fn intake(&self) -> Result<Option<IntakeChain<RealDisk>>, Fault> {
        let Some(name) = &self.settings.intake else { return Ok(None) };
        let key = self.signing_key(name)?;
        let name = KeyName::new(name).ok_or_else(|| Fault::NoKey(name.clone()))?;
        let chain = IntakeChain::open(&self.folder, key, name)?;
        match self.known.stamp_after(chain.last()) {
            Some(stamp) => Err(Fault::StampBehind { act: stamp.act }),
            None => Ok(Some(chain)),
        }
    }

    /// Stamps what came into this node's hands, and carries it on.
    pub(crate) fn stamp(&mut self, bytes: &[u8], now: Instant, imported: &mut Imported) -> Result<(), Fault> {
        let submission = match Submission::parse(bytes) {
            Ok(submission) => submission,
            Err(fault) => {
                imported.remarks.push(format!("a submission was left aside: {fault}"));
                return Ok(());
            }
        };
        let ours = submission.act().genesis() == Some(self.genesis());
        if !ours || !self.signed_by_known_keys(&submission) {
            imported.remarks.push(
                "a submission was left aside: its signatures are not those of keys in force".to_owned(),
            );
            return Ok(());
        }
        let id = submission.act().id();
        if submission.act().head().by.participant() == Some(self.me()) || self.index_of(&id).is_some() {
            return Ok(());
        }
        let mut chain = match self.intake() {
            Ok(Some(chain)) => chain,
            Ok(None) => {
                imported.remarks.push("a submission was left aside: this node takes nothing in".to_owned());
                return Ok(());
            }
            Err(fault @ Fault::StampBehind { .. }) => {
                imported.remarks.push(format!("a submission was left aside: {fault}"));
                return Ok(());
            }
            Err(fault) => return Err(fault),
        };
        let stamped = |queued: &Submission| queued.act().id() == id && self.own_line(queued).is_some();
        if self.queued()?.iter().any(stamped) {
            return Ok(());
        }
        // Before the chain goes on by a stamp that nobody would see.
        if let Err(fault) = submission.clone().with_intake(blank(&submission, chain.name(), now)) {
            imported.remarks.push(format!("a submission was left aside: a stamp has no room in it: {fault}"));
            return Ok(());
        }
        let line = chain.stamp(id, now)?;
        self.enqueue(&submission.with_intake(line)?)?;
        imported.stamped += 1;
        Ok(())
    }

    fn signed_by_known_keys(&self, submission: &Submission) -> bool {
        let act = submission.act();
        act.head().signers.iter().zip(submission.signatures()).all(|(signer, line)| {
            let key = match signer {
                SignerName::Registrar => None,
                SignerName::Key { .. } => self.replay.ledger().keys().get(signer),
            };
            let beside = submission.assertions().iter().find(|beside| beside.name == line.name);
            key.is_some_and(|key| key.ended.is_none() && wrote(key, act, line, beside))
        })
    }

    /// The stamp of this node's key under a submission.
    pub(crate) fn own_line<'s>(&self, submission: &'s Submission) -> Option<(Intake, &'s SignatureLine)> {
        let name = self.settings.intake.as_ref()?;
        let mut lines = submission.intakes().iter();
        let line = lines.find(|line| line.name.as_str() == name)?;
        Intake::parse(submission.act().id(), &line.payload).map(|(stamp, _)| (stamp, line))
    }

    /// Stamps whose act is registered without them: an officer enters each as an act of its own, with
    /// [`Node::intake_act_body`], and it counts like the line.
    ///
    /// # Errors
    ///
    /// The queue can't be read.
    pub fn stamps_to_enter(&self) -> Result<Vec<Stranded>, Fault> {
        let queued = self.queued()?;
        let on_its_way = |act: &ActId| {
            queued.iter().any(|other| matches!(other.act().body(), Body::Intake(body) if body.act == *act))
        };
        let mut stranded = Vec::new();
        for submission in &queued {
            let id = submission.act().id();
            if let (Some((stamp, line)), Some(index)) = (self.own_line(submission), self.index_of(&id))
                && !self.known.is_stamped(&id)
                && !on_its_way(&id)
            {
                stranded.push(Stranded { stamp, index, line: line.clone() });
            }
        }
        stranded.sort_by_key(|stranded| stranded.index);
        Ok(stranded)
    }

    /// The body of the act that enters a stamp.
    ///
    /// # Errors
    ///
    /// The stamp is none of this register's keys.
    pub fn intake_act_body(&self, stranded: &Stranded) -> Result<Body, Fault> {
        let none = || Fault::Foreign("it is no stamp of a key of this register".to_owned());
        let key = SignerName::from_key_name(self.origin(), stranded.line.name.as_str()).ok_or_else(none)?;
        let (stamp, signature) =
            Intake::parse(stranded.stamp.act, &stranded.line.payload).ok_or_else(none)?;
        let signature =
            SignatureText::try_from(terms::base64::encode(signature.as_bytes())).map_err(|_| none())?;
        Ok(Body::Intake(IntakeBody {
            act: stamp.act,
            key,
            time: stamp.time,
            previous: stamp.previous,
            signature,
        }))
    }
}
