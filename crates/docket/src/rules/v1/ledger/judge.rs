//! What an act has to be, to be let in: the grounds of T3, in their order.

use std::collections::BTreeSet;

use act::body::{Disown, Enrol, Seat};
use act::form::By;
use act::value::KeySet;
use act::{Act, Body, Submission};
use note::passkey::{Assertion, Expected};
use note::{Algorithm, Check, Intake, KeyName, SignatureLine, VerifierKey};
use terms::{ActId, Capacity, Instant, ParticipantId, RefusalGround, SignerName};

use super::{Counted, Ledger, Obligation, Threshold, annex_bytes};

/// Whether what passkeys assert is there to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asserted {
    Checked,
    Taken,
}

impl Ledger {
    /// Judges a submission that would stand at the next index, registered at `registered`.
    ///
    /// Gives the signatures that have to hold for the judgement to stand.
    ///
    /// # Errors
    ///
    /// The first ground that applies, in the order form, key, duplicate, number, previous, quota;
    /// `signature` for passkeys, and for all else when an obligation fails. A duplicate of an older act
    /// than the key's last is found by its `n`.
    pub fn judge(
        &self,
        submission: &Submission,
        registered: Instant,
    ) -> Result<Vec<Obligation>, RefusalGround> {
        self.judge_lines(submission, registered, Asserted::Checked)
    }

    /// The same of an act that nobody has signed: its lines are by the right keys, and what passkeys have yet to assert is
    /// taken to hold.
    pub(crate) fn judge_unsigned(
        &self,
        submission: &Submission,
        registered: Instant,
    ) -> Result<(), RefusalGround> {
        self.judge_lines(submission, registered, Asserted::Taken).map(|_| ())
    }

    fn judge_lines(
        &self,
        submission: &Submission,
        registered: Instant,
        asserted: Asserted,
    ) -> Result<Vec<Obligation>, RefusalGround> {
        let act = submission.act();
        if *act.origin() != self.origin || act.genesis() != Some(self.genesis) {
            return Err(RefusalGround::Form);
        }
        let mut obligations = Vec::new();
        for (line, (signer, signature)) in act.head().signers.iter().zip(submission.signatures()).enumerate()
        {
            obligations.extend(self.signer_obligation(submission, (signer, line, signature), asserted)?);
        }
        self.check_capacity(act)?;
        self.check_new_keys(act)?;
        self.check_intakes(submission, &mut obligations)?;

        let chain =
            act.head().signers.first().and_then(|first| self.chain(first)).ok_or(RefusalGround::Key)?;
        if chain.last == Some(act.id()) {
            return Err(RefusalGround::Duplicate);
        }
        if act.head().n <= chain.n {
            return Err(RefusalGround::Number);
        }
        if act.head().prev != chain.last {
            return Err(RefusalGround::Previous);
        }
        if let Some(by) = Counted::of(act) {
            let used = self.used_on(&by, registered);
            if used.acts >= u64::from(self.quota.acts)
                || used.annex_bytes.saturating_add(annex_bytes(act)) > u64::from(self.quota.bytes)
            {
                return Err(RefusalGround::Quota);
            }
        }
        Ok(obligations)
    }

    fn signer_obligation(
        &self,
        submission: &Submission,
        (signer, line, signature): (&SignerName, usize, &SignatureLine),
        asserted: Asserted,
    ) -> Result<Option<Obligation>, RefusalGround> {
        let act = submission.act();
        let new_root;
        let (vkey, passkey) = match signer {
            SignerName::Registrar => {
                let name = KeyName::signer(&self.origin, signer);
                new_root = self.registrar.under(name, Algorithm::Ed25519);
                (new_root.as_ref(), None)
            }
            SignerName::Key { .. } => match (self.keys.get(signer), act.body()) {
                (Some(key), _) if key.ended.is_none() => (key.vkey.as_ref(), key.passkey.as_ref()),
                (None, Body::Enrol(Enrol::Seat(seat))) => {
                    // A new root signs under the key that the act itself names.
                    new_root = seat
                        .roots
                        .keys
                        .iter()
                        .map(|k| &k.0)
                        .find(|k| self.signer_of(k) == Some(signer.clone()))
                        .cloned();
                    (new_root.as_ref(), None)
                }
                _ => return Err(RefusalGround::Key),
            },
        };
        let beside = submission.assertions().iter().find(|l| l.name == signature.name);
        let assertion = match (vkey, passkey) {
            (Some(_), Some(_)) => Some(beside.ok_or(RefusalGround::Key)?),
            (None, Some(_)) if beside.is_none() => Some(signature),
            (Some(_), None) if beside.is_none() => None,
            _ => return Err(RefusalGround::Key),
        };
        if let (Some(assertion), Some((key, rp, origins))) = (assertion, passkey) {
            if !key.made(assertion) {
                return Err(RefusalGround::Key);
            }
            let expected = Expected { act: act.id(), rp, origins };
            let read = || Assertion::parse(&assertion.payload).ok().zip(key.passkey_key());
            let good = match asserted {
                Asserted::Checked => {
                    read().is_some_and(|(assertion, key)| assertion.verify(&key, &expected).is_ok())
                }
                Asserted::Taken => true,
            };
            if !good {
                return Err(RefusalGround::Signature);
            }
        }
        let Some(vkey) = vkey else { return Ok(None) };
        if !vkey.made(signature) {
            return Err(RefusalGround::Key);
        }
        let check = vkey.check(act.text(), signature).map_err(|_| RefusalGround::Signature)?;
        Ok(Some(Obligation { line, check }))
    }

    /// Whether the signers' keys may sign an act of this kind, and are enough.
    fn check_capacity(&self, act: &Act) -> Result<(), RefusalGround> {
        let good = match (&act.head().by, act.body()) {
            (By::Registrar, Body::Mark(_)) => act.head().signers.len() == 1,
            (By::Registrar, _) => false,
            (By::Participant(by), Body::Enrol(Enrol::Seat(seat))) => {
                let (own, new): (Vec<_>, Vec<_>) =
                    act.head().signers.iter().cloned().partition(|s| s.participant() == Some(by));
                let named: BTreeSet<_> =
                    seat.roots.keys.iter().filter_map(|k| self.signer_of(&k.0)).collect();
                let new: BTreeSet<_> = new.into_iter().collect();
                self.is_threshold(&self.roots_of(by), &own) && (new.is_empty() || new == named)
            }
            (
                By::Participant(by),
                Body::Enrol(Enrol::Key(_)) | Body::Revoke(_) | Body::Disown(Disown::Key { .. }),
            ) => self.is_threshold(&self.roots_of(by), &act.head().signers),
            (By::Participant(by), Body::Recover(recover)) if recover.participant == *by => {
                let recovery = self.seats.get(by).and_then(|seat| seat.recovery.clone()).unwrap_or_default();
                self.is_threshold(&recovery, &act.head().signers)
            }
            (By::Participant(by), Body::Recover(_)) => {
                self.is_threshold(&self.roots_of(by), &act.head().signers)
            }
            (By::Participant(_), _) => act
                .head()
                .signers
                .iter()
                .all(|s| self.keys.get(s).is_some_and(|k| k.capacity == Capacity::Officer)),
        };
        if good { Ok(()) } else { Err(RefusalGround::Key) }
    }

    /// Keys that an act brings in: canonical, torsion-free, not of small order, and never seen before
    /// in this register, by their name or by their bytes.
    fn check_new_keys(&self, act: &Act) -> Result<(), RefusalGround> {
        let enrollable = |set: &KeySet| set.keys.iter().all(|key| key.0.enrollable().is_ok());
        let both =
            |roots: &KeySet, recovery: &Option<KeySet>| enrollable(roots) && recovery.iter().all(enrollable);
        let good = match act.body() {
            Body::Enrol(Enrol::Key(enrolment)) => {
                let mut vkeys =
                    enrolment.vkey.iter().chain(enrolment.passkey.iter().map(|p| &p.vkey)).map(|k| &k.0);
                let signer = act.head().by.participant().map(|by| SignerName::key(by, &enrolment.label));
                signer
                    .is_some_and(|name| !self.keys.contains_key(&name) && !self.named_labels.contains(&name))
                    && vkeys.all(|key| {
                        key.enrollable().is_ok()
                            && !self.raw_keys.contains(key.raw())
                            && !self.named.contains_key(key.raw())
                    })
                    && enrolment.recipient.iter().all(|r| !self.recipients.contains(r.as_str()))
            }
            // A vote for a seat that is taken by now is void, and nobody's fault.
            Body::Enrol(Enrol::Seat(seat)) if self.is_vacant(&seat.participant) => self.keys_are_new(seat),
            Body::Enrol(Enrol::Seat(seat)) => both(&seat.roots, &seat.recovery),
            Body::Recover(recover) => {
                let seat = Seat {
                    participant: recover.participant.clone(),
                    roots: recover.roots.clone(),
                    recovery: recover.recovery.clone(),
                };
                self.keys_are_new(&seat) || self.has_taken(&seat)
            }
            _ => true,
        };
        if good { Ok(()) } else { Err(RefusalGround::Key) }
    }

    /// Whether these are the keys of the seat already: then the act is void, and nobody's fault.
    fn has_taken(&self, seat: &Seat) -> bool {
        let roots: BTreeSet<_> = seat.roots.keys.iter().filter_map(|key| self.signer_of(&key.0)).collect();
        self.seats.get(&seat.participant).is_some_and(|known| known.roots.keys == roots)
            && seat.roots.keys.iter().all(|key| self.raw_keys.contains(key.0.raw()))
    }

    fn roots_of(&self, participant: &ParticipantId) -> Threshold {
        self.seats.get(participant).map(|seat| seat.roots.clone()).unwrap_or_default()
    }

    fn is_threshold(&self, set: &Threshold, signers: &[SignerName]) -> bool {
        set.k > 0 && signers.len() >= set.k as usize && signers.iter().all(|s| set.keys.contains(s))
    }

    fn check_intakes(
        &self,
        submission: &Submission,
        obligations: &mut Vec<Obligation>,
    ) -> Result<(), RefusalGround> {
        let first = submission.signatures().len() + submission.assertions().len();
        for (at, line) in submission.intakes().iter().enumerate() {
            let (_, check) = self.intake(line, submission.act().id())?;
            obligations.push(Obligation { line: first + at, check });
        }
        if let Body::Intake(body) = submission.act().body() {
            let key = self.intake_key(&body.key)?;
            let intake = Intake { act: body.act, time: body.time, previous: body.previous };
            let signature = terms::base64::decode_array::<64>(body.signature.as_str());
            let (Some(key), Some(signature)) = (key.public_key(), signature) else {
                return Err(RefusalGround::Form);
            };
            let check = Check {
                key,
                message: intake.message().into_bytes(),
                signature: note::Signature::from_bytes(signature),
            };
            obligations.push(Obligation { line: 0, check });
        }
        Ok(())
    }

    /// Reads an intake line over an act, by a live intake key.
    fn intake(&self, line: &SignatureLine, act: ActId) -> Result<(Intake, Check), RefusalGround> {
        let signer = SignerName::from_key_name(&self.origin, line.name.as_str()).ok_or(RefusalGround::Key)?;
        Intake::check(line, self.intake_key(&signer)?, act).map_err(|fault| match fault {
            note::VerifyFault::OtherKey | note::VerifyFault::Unsupported => RefusalGround::Key,
            note::VerifyFault::Payload | note::VerifyFault::Signature => RefusalGround::Signature,
        })
    }

    fn intake_key(&self, signer: &SignerName) -> Result<&VerifierKey, RefusalGround> {
        self.keys
            .get(signer)
            .filter(|key| key.capacity == Capacity::Intake && key.ended.is_none())
            .and_then(|key| key.vkey.as_ref())
            .ok_or(RefusalGround::Key)
    }
}
