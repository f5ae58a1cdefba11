//! Keys, seats and chains: what can be judged at once, in index order, from earlier entries alone
//! (TIME T3). A registrar judges by it before it lets an act in; replay judges by it afterwards. Both
//! come to the same, so whoever let a malformed act in is convicted by it.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Disown, Enrol, KeyEnrolment, Seat};
use act::form::By;
use act::value::KeySet;
use act::{Act, Body, Submission};
use instrument::{ExclusionList, Instrument};
use note::passkey::{Assertion, Expected};
use note::{Algorithm, Check, Intake, KeyName, SignatureLine, VerifierKey};
use terms::{
    ActId, Capacity, Code, Custody, Hash, Instant, Origin, ParticipantId, RefusalGround, Role, SignerName,
};
use tlog::Policy;

use super::succession::Succession;
use super::void::VoidReason;

/// Acts a day that a participant may have registered, by registered time in UTC.
pub const ACTS_A_DAY_MAX: u64 = 1000;

/// Bytes of annex a day.
pub const ANNEX_BYTES_A_DAY_MAX: u64 = 64 * 1024 * 1024;

/// A signature that has to be checked, so that what was judged holds. Which signature line it is
/// stands beside it, so that a wrong one can be named.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// The signature line of the submission, from 0.
    pub line: usize,
    /// What has to hold.
    pub check: Check,
}

/// A key that was enrolled.
#[derive(Clone, Debug)]
pub struct KeyState {
    /// What it may do.
    pub capacity: Capacity,
    /// Where its secret lies.
    pub custody: Custody,
    /// The office that holds it; empty for roots.
    pub office: String,
    /// The signing key; none for a passkey alone, or a `seal` key.
    pub vkey: Option<VerifierKey>,
    /// The passkey, with its relying party and web origins.
    pub passkey: Option<(VerifierKey, String, Vec<String>)>,
    /// The age recipient of a `seal` key.
    pub recipient: Option<String>,
    /// From which index on it has force.
    pub since: u64,
    /// At which index it ended, and how.
    pub ended: Option<(u64, Ended)>,
    /// Where its chain stands.
    pub chain: Chain,
}

/// How a key ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Revoked: what it signed stands.
    Revoked,
    /// Disowned from this `n` on.
    Disowned(u64),
    /// Its participant has new roots.
    Replaced,
}

/// The last act of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Its `n`; 0 before the first.
    pub n: u64,
    /// Its id.
    pub last: Option<ActId>,
}

/// How many of a participant's roots, or recovery keys, must sign.
#[derive(Clone, Debug, Default)]
pub struct Threshold {
    /// That many.
    pub k: u32,
    /// Of these.
    pub keys: BTreeSet<SignerName>,
}

/// A participant's seat.
#[derive(Clone, Debug, Default)]
pub struct SeatState {
    /// The index at which it was taken; none while it is vacant.
    pub taken: Option<u64>,
    /// Who signs for keys.
    pub roots: Threshold,
    /// Who signs for new roots.
    pub recovery: Option<Threshold>,
}

/// One guarantor's, or party's, act for seating somebody.
#[derive(Clone, Debug)]
struct Vote {
    by: ParticipantId,
    /// The voter's own roots that signed; the first has the chain.
    signers: Vec<SignerName>,
    seat: Seat,
    with_new_roots: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Used {
    day: u64,
    acts: u64,
    annex_bytes: u64,
}

/// All that T3 needs to know.
#[derive(Clone, Debug)]
pub struct Ledger {
    origin: Origin,
    genesis: Hash,
    pub(super) registrar: VerifierKey,
    pub(super) policy: Policy,
    pub(super) roles: BTreeMap<ParticipantId, Role>,
    pub(super) excluded: ExclusionList,
    pub(super) seats: BTreeMap<ParticipantId, SeatState>,
    pub(super) keys: BTreeMap<SignerName, KeyState>,
    raw_keys: BTreeSet<Vec<u8>>,
    recipients: BTreeSet<String>,
    /// Keys that an act names for a participant's seat, before it has them: nobody else can take them
    /// meanwhile, and so keep the seat from it.
    named: BTreeMap<Vec<u8>, ParticipantId>,
    votes: BTreeMap<ParticipantId, Vec<Vote>>,
    used: BTreeMap<ParticipantId, Used>,
    registrar_chain: Chain,
    succession: Option<Succession>,
    size: u64,
}

/// What an act did to keys at its own index.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// It has no effect, for a reason that is known at once.
    pub void: Option<VoidReason>,
    /// It is a vote to seat this participant.
    pub voted: Option<ParticipantId>,
    /// It completed the seating of this participant.
    pub seated: Option<ParticipantId>,
    /// Keys that it ended.
    pub ended: Vec<SignerName>,
    /// It completed a succession.
    pub succeeded: bool,
}

impl Ledger {
    /// Begins from a genesis act whose form is good, at index 0.
    ///
    /// # Errors
    ///
    /// In a sentence, why this genesis founds nothing.
    pub fn begin(genesis: &Act, instrument: &Instrument, policy: Policy) -> Result<Ledger, String> {
        let Body::Genesis(body) = genesis.body() else {
            return Err("entry 0 is not a genesis".to_owned());
        };
        if body.exercise != instrument.exercise {
            return Err("the genesis and the instrument differ on whether this is an exercise".to_owned());
        }
        body.registrar.0.enrollable().map_err(|fault| format!("the registrar's key: {fault}"))?;
        let mut ledger = Ledger {
            origin: genesis.origin().clone(),
            genesis: genesis.register(),
            registrar: body.registrar.0.clone(),
            policy,
            roles: instrument.participants.iter().map(|(id, who)| (id.clone(), who.role)).collect(),
            excluded: instrument.exclusion_list(),
            seats: instrument.participants.keys().map(|id| (id.clone(), SeatState::default())).collect(),
            keys: BTreeMap::new(),
            raw_keys: BTreeSet::from([body.registrar.0.raw().to_vec()]),
            recipients: BTreeSet::new(),
            named: BTreeMap::new(),
            votes: BTreeMap::new(),
            used: BTreeMap::new(),
            registrar_chain: Chain::default(),
            succession: None,
            size: 0,
        };
        for witness in ledger.policy.witnesses() {
            if !ledger.raw_keys.insert(witness.key.raw().to_vec()) {
                return Err(format!("the witness `{}` has a key that stands elsewhere", witness.name));
            }
        }
        for seat in &body.founders {
            if !ledger.roles.contains_key(&seat.participant) {
                return Err(format!("the instrument knows no `{}`", seat.participant));
            }
            if ledger.names_excluded_in_seat(seat) {
                return Err(format!("`{}` names an excluded group", seat.participant));
            }
            if !ledger.keys_are_new(seat) {
                return Err(format!(
                    "a key of `{}` can't be enrolled, or stands elsewhere",
                    seat.participant
                ));
            }
            ledger.take_seat(seat, 0);
        }
        let signers = &genesis.head().signers;
        for seat in &body.founders {
            let roots = &ledger.seats[&seat.participant].roots;
            let signed = signers.iter().filter(|s| roots.keys.contains(s)).count();
            if signed < roots.k as usize {
                return Err(format!("too few roots of `{}` sign the genesis", seat.participant));
            }
        }
        let known = |s: &SignerName| *s == SignerName::Registrar || ledger.keys.contains_key(s);
        if !signers.iter().all(known) {
            return Err("a key signs the genesis that the genesis does not name".to_owned());
        }
        if genesis.head().n != 1 || genesis.head().prev.is_some() || genesis.head().seen.is_some() {
            return Err("a genesis has `n` 1, no `prev` and no `seen`".to_owned());
        }
        ledger.registrar_chain = Chain { n: 1, last: Some(genesis.id()) };
        ledger.size = 1;
        Ok(ledger)
    }

    /// The register's name in notes.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its genesis hash.
    #[must_use]
    pub const fn genesis(&self) -> &Hash {
        &self.genesis
    }

    /// How many entries were judged.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The registrar's key, type 0x01; by its raw bytes it signs marks, checkpoints and receipts alike.
    #[must_use]
    pub const fn registrar(&self) -> &VerifierKey {
        &self.registrar
    }

    /// The key under which receipts from here on are signed.
    #[must_use]
    pub fn receipt_key(&self) -> Option<VerifierKey> {
        self.registrar.under(KeyName::receipt(&self.origin), Algorithm::Receipt)
    }

    /// The witness policy in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Every key that was ever enrolled.
    #[must_use]
    pub const fn keys(&self) -> &BTreeMap<SignerName, KeyState> {
        &self.keys
    }

    /// Every seat.
    #[must_use]
    pub const fn seats(&self) -> &BTreeMap<ParticipantId, SeatState> {
        &self.seats
    }

    /// The role of a participant.
    #[must_use]
    pub fn role(&self, participant: &ParticipantId) -> Option<Role> {
        self.roles.get(participant).copied()
    }

    /// Where the chain of a key stands: what the next act of it has to build on.
    #[must_use]
    pub fn chain(&self, signer: &SignerName) -> Option<Chain> {
        match signer {
            SignerName::Registrar => Some(self.registrar_chain),
            SignerName::Key { .. } => self.keys.get(signer).map(|key| key.chain),
        }
    }

    /// Whether nobody has taken this seat.
    #[must_use]
    pub fn is_vacant(&self, participant: &ParticipantId) -> bool {
        self.seats.get(participant).is_some_and(|seat| seat.taken.is_none())
    }

    /// The live age recipients of a participant.
    pub fn recipients_of<'a>(&'a self, participant: &'a ParticipantId) -> impl Iterator<Item = &'a str> + 'a {
        self.keys
            .iter()
            .filter(move |(name, key)| name.participant() == Some(participant) && key.ended.is_none())
            .filter_map(|(_, key)| key.recipient.as_deref())
    }

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
        let act = submission.act();
        if *act.origin() != self.origin || act.genesis() != Some(self.genesis) {
            return Err(RefusalGround::Form);
        }
        let mut obligations = Vec::new();
        for (line, (signer, signature)) in act.head().signers.iter().zip(submission.signatures()).enumerate()
        {
            obligations.extend(self.signer_obligation(submission, signer, line, signature)?);
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
        if let By::Participant(by) = &act.head().by {
            let used = self.used_on(by, registered);
            if used.acts >= ACTS_A_DAY_MAX
                || used.annex_bytes.saturating_add(annex_bytes(act)) > ANNEX_BYTES_A_DAY_MAX
            {
                return Err(RefusalGround::Quota);
            }
        }
        Ok(obligations)
    }

    fn signer_obligation(
        &self,
        submission: &Submission,
        signer: &SignerName,
        line: usize,
        signature: &SignatureLine,
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
            let good = Assertion::parse(&assertion.payload)
                .ok()
                .zip(key.passkey_key())
                .is_some_and(|(assertion, key)| assertion.verify(&key, &expected).is_ok());
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
                signer.is_some_and(|name| !self.keys.contains_key(&name))
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

    /// Keeps the keys of a seat for its participant.
    fn name_keys(&mut self, seat: &Seat) {
        for key in seat.roots.keys.iter().chain(seat.recovery.iter().flat_map(|set| &set.keys)) {
            self.named.entry(key.0.raw().to_vec()).or_insert_with(|| seat.participant.clone());
        }
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
            let signature = terms::base64::decode_array::<64>(&String::from(body.signature.clone()));
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

    fn used_on(&self, by: &ParticipantId, registered: Instant) -> Used {
        let day = registered.secs() / 86_400;
        self.used.get(by).copied().filter(|used| used.day == day).unwrap_or(Used { day, ..Used::default() })
    }

    /// Takes in a submission that was judged good, at the next index.
    pub fn enter(&mut self, submission: &Submission, registered: Instant) -> Entered {
        let act = submission.act();
        let index = self.size;
        let mut entered = Entered::default();
        if let Some(first) = act.head().signers.first() {
            let chain = Chain { n: act.head().n, last: Some(act.id()) };
            match first {
                SignerName::Registrar => self.registrar_chain = chain,
                SignerName::Key { .. } => {
                    if let Some(key) = self.keys.get_mut(first) {
                        key.chain = chain;
                    }
                }
            }
        }
        if let By::Participant(by) = &act.head().by {
            let mut used = self.used_on(by, registered);
            used.acts += 1;
            used.annex_bytes = used.annex_bytes.saturating_add(annex_bytes(act));
            self.used.insert(by.clone(), used);
            match act.body() {
                Body::Enrol(Enrol::Key(enrolment)) => entered.void = self.enrol_key(by, enrolment, index),
                Body::Enrol(Enrol::Seat(seat)) => match self.vote_to_seat(by, act, seat, index) {
                    Ok(seated) => {
                        entered.voted = Some(seat.participant.clone());
                        entered.seated = seated;
                    }
                    Err(reason) => entered.void = Some(reason),
                },
                Body::Recover(recover) => self.name_keys(&Seat {
                    participant: recover.participant.clone(),
                    roots: recover.roots.clone(),
                    recovery: recover.recovery.clone(),
                }),
                Body::Revoke(revoke) => match self.end_key(by, &revoke.label, index, Ended::Revoked) {
                    Ok(name) => entered.ended.push(name),
                    Err(reason) => entered.void = Some(reason),
                },
                Body::Disown(Disown::Key { label, since }) => {
                    match self.end_key(by, label, index, Ended::Disowned(*since)) {
                        Ok(name) => {
                            self.drop_votes_signed_by(&name);
                            entered.ended.push(name);
                        }
                        Err(reason) => entered.void = Some(reason),
                    }
                }
                _ => {}
            }
        }
        self.size += 1;
        entered
    }

    /// Counts an entry that is malformed: it takes an index and changes nothing (I10).
    pub fn skip(&mut self) {
        self.size += 1;
    }

    fn enrol_key(&mut self, by: &ParticipantId, enrolment: &KeyEnrolment, index: u64) -> Option<VoidReason> {
        let name = SignerName::key(by, &enrolment.label);
        let names = [enrolment.label.as_str(), enrolment.office.as_str()];
        if names.iter().any(|text| self.excluded.names(text).is_some()) {
            return Some(VoidReason::Excluded);
        }
        let vkeys = enrolment.vkey.iter().chain(enrolment.passkey.iter().map(|p| &p.vkey));
        self.raw_keys.extend(vkeys.map(|key| key.0.raw().to_vec()));
        let recipient = enrolment.recipient.as_ref().map(|r| r.as_str().to_owned());
        self.recipients.extend(recipient.clone());
        let passkey = enrolment.passkey.as_ref().map(|p| {
            let origins = p.origins.iter().map(|o| o.as_str().to_owned()).collect();
            (p.vkey.0.clone(), p.rp.as_str().to_owned(), origins)
        });
        let state = KeyState {
            capacity: enrolment.capacity,
            custody: enrolment.custody,
            office: enrolment.office.as_str().to_owned(),
            vkey: enrolment.vkey.as_ref().map(|k| k.0.clone()),
            passkey,
            recipient,
            since: index,
            ended: None,
            chain: Chain::default(),
        };
        self.keys.insert(name, state);
        None
    }

    fn end_key(
        &mut self,
        by: &ParticipantId,
        label: &Code,
        index: u64,
        how: Ended,
    ) -> Result<SignerName, VoidReason> {
        let name = SignerName::key(by, label);
        // What a revoked key signed lately may still be taken back.
        let may = |ended: Option<(u64, Ended)>| match ended {
            None => true,
            Some((_, Ended::Revoked)) => matches!(how, Ended::Disowned(_)),
            Some((_, Ended::Disowned(_) | Ended::Replaced)) => false,
        };
        let key = self.keys.get(&name).filter(|key| may(key.ended)).ok_or(VoidReason::Unknown)?;
        if key.ended.is_none() && matches!(key.capacity, Capacity::Root | Capacity::Recovery) {
            let seat = self.seats.get(by).ok_or(VoidReason::Unknown)?;
            let live = |set: &Threshold| {
                set.keys
                    .iter()
                    .filter(|n| **n != name && self.keys.get(n).is_some_and(|k| k.ended.is_none()))
                    .count()
            };
            // A participant that ended its last roots could never act on its keys again.
            if seat.roots.keys.contains(&name) && live(&seat.roots) < seat.roots.k as usize {
                return Err(VoidReason::WrongState);
            }
        }
        if let Some(key) = self.keys.get_mut(&name) {
            key.ended = Some((index, how));
        }
        Ok(name)
    }

    /// A vote counts while its voter seats others: guarantors, and parties while those are fewer than
    /// two (DECISIONS, *a third joins*).
    fn vote_to_seat(
        &mut self,
        by: &ParticipantId,
        act: &Act,
        seat: &Seat,
        index: u64,
    ) -> Result<Option<ParticipantId>, VoidReason> {
        if self.names_excluded_in_seat(seat) {
            return Err(VoidReason::Excluded);
        }
        let known = self.seats.get(&seat.participant).ok_or(VoidReason::Unknown)?;
        if known.taken.is_some() {
            return Err(VoidReason::WrongState);
        }
        if !self.seaters().contains(by) {
            return Err(VoidReason::NoPower);
        }
        self.name_keys(seat);
        let signers = act.head().signers.iter();
        let signers = signers.filter(|s| s.participant() == Some(by)).cloned().collect();
        let with_new_roots = act.head().signers.iter().any(|s| s.participant() == Some(&seat.participant));
        let votes = self.votes.entry(seat.participant.clone()).or_default();
        votes.retain(|vote| vote.by != *by);
        votes.push(Vote { by: by.clone(), signers, seat: seat.clone(), with_new_roots });

        let for_this: Vec<&Vote> = votes.iter().filter(|vote| vote.seat == *seat).collect();
        let voters: BTreeSet<ParticipantId> = for_this.iter().map(|vote| vote.by.clone()).collect();
        let signed_by_new = for_this.iter().any(|vote| vote.with_new_roots);
        // Never by one participant alone.
        let complete =
            voters.len() > 1 && signed_by_new && self.seaters().iter().all(|who| voters.contains(who));
        if !complete {
            return Ok(None);
        }
        self.take_seat(seat, index);
        self.votes.remove(&seat.participant);
        Ok(Some(seat.participant.clone()))
    }

    /// All guarantors seated by now; and all seated parties too while those are fewer than two.
    fn seaters(&self) -> BTreeSet<ParticipantId> {
        let seated = |role: Role| {
            self.seats
                .iter()
                .filter(move |(id, seat)| seat.taken.is_some() && self.roles.get(id) == Some(&role))
                .map(|(id, _)| id.clone())
        };
        let guarantors: Vec<_> = seated(Role::Guarantor).collect();
        let parties: Vec<_> = seated(Role::Party).collect();
        let too = if parties.len() < 2 { parties } else { Vec::new() };
        guarantors.into_iter().chain(too).collect()
    }

    /// A vote by a key that is disowned before the last does not count; nor one that too few others
    /// have signed beside it.
    fn drop_votes_signed_by(&mut self, signer: &SignerName) {
        let seats = &self.seats;
        for votes in self.votes.values_mut() {
            votes.retain_mut(|vote| {
                if vote.signers.first() == Some(signer) {
                    return false;
                }
                vote.signers.retain(|other| other != signer);
                let k = seats.get(&vote.by).map_or(1, |seat| seat.roots.k);
                vote.signers.len() >= k as usize
            });
        }
        self.votes.retain(|_, votes| !votes.is_empty());
    }

    /// Who has voted to seat whom, where it is not complete.
    pub(super) fn votes(&self) -> impl Iterator<Item = (&ParticipantId, BTreeSet<&ParticipantId>)> {
        self.votes.iter().map(|(who, votes)| (who, votes.iter().map(|vote| &vote.by).collect()))
    }

    /// A succession that some have signed.
    #[must_use]
    pub const fn succession(&self) -> Option<&Succession> {
        self.succession.as_ref()
    }

    /// The registrar's key, under the name with which it signs acts.
    pub(super) fn registrar_name(&self) -> String {
        let name = KeyName::signer(&self.origin, &SignerName::Registrar);
        self.registrar.under(name, Algorithm::Ed25519).map_or_else(String::new, |key| key.to_string())
    }

    pub(super) fn names_excluded_in_seat(&self, seat: &Seat) -> bool {
        let labels = seat.roots.keys.iter().chain(seat.recovery.iter().flat_map(|set| &set.keys));
        self.excluded.names(seat.participant.as_str()).is_some()
            || labels.filter_map(|key| self.signer_of(&key.0)).any(|signer| match signer {
                SignerName::Key { label, .. } => self.excluded.names(label.as_str()).is_some(),
                SignerName::Registrar => false,
            })
    }

    fn signer_of(&self, key: &VerifierKey) -> Option<SignerName> {
        SignerName::from_key_name(&self.origin, key.name().as_str())
    }

    pub(super) fn keys_are_new(&self, seat: &Seat) -> bool {
        let keys = seat.roots.keys.iter().chain(seat.recovery.iter().flat_map(|set| &set.keys));
        let mut seen = BTreeSet::new();
        keys.map(|key| &key.0).all(|key| {
            key.enrollable().is_ok()
                && !self.raw_keys.contains(key.raw())
                && self.named.get(key.raw()).is_none_or(|who| *who == seat.participant)
                && seen.insert(key.raw().to_vec())
                && self.signer_of(key).is_some_and(|name| !self.keys.contains_key(&name))
        })
    }

    /// Whether a key could be a registrar's: enrollable, and nobody's yet.
    pub(super) fn may_be_registrars(&self, key: &VerifierKey) -> bool {
        key.enrollable().is_ok() && !self.raw_keys.contains(key.raw()) && !self.named.contains_key(key.raw())
    }

    /// Whether no witness of a policy has a key that stands elsewhere.
    pub(super) fn may_be_policy(&self, policy: &Policy) -> bool {
        let known = |raw: &[u8]| self.policy.witnesses().iter().any(|witness| witness.key.raw() == raw);
        let new = |raw: &[u8]| !self.raw_keys.contains(raw) && !self.named.contains_key(raw);
        policy.witnesses().iter().map(|witness| witness.key.raw()).all(|raw| known(raw) || new(raw))
    }

    /// The first has signed a succession.
    pub(super) fn begin_succession(&mut self, body: &act::body::Succeed) {
        self.succession = Some(Succession { body: body.clone(), signed: BTreeSet::new() });
    }

    /// One more has signed the succession. With the last of those who may, the register goes on under
    /// the new key; gives whether this was the last.
    ///
    /// # Errors
    ///
    /// Why this act changes nothing.
    pub(super) fn succeed(
        &mut self,
        policy: Policy,
        body: &act::body::Succeed,
        by: &ParticipantId,
    ) -> Result<bool, VoidReason> {
        let needed = self.successors();
        let succession = self.succession.as_mut().ok_or(VoidReason::WrongState)?;
        if !needed.contains(by) {
            return Err(VoidReason::NoPower);
        }
        succession.signed.insert(by.clone());
        if !needed.is_subset(&succession.signed) {
            return Ok(false);
        }
        let name = KeyName::checkpoint(&self.origin);
        if let Some(key) = body.registrar.0.under(name, Algorithm::Ed25519) {
            self.registrar = key;
        }
        self.registrar_chain = Chain::default();
        self.raw_keys.insert(body.registrar.0.raw().to_vec());
        self.raw_keys.extend(policy.witnesses().iter().map(|witness| witness.key.raw().to_vec()));
        self.policy = policy;
        self.succession = None;
        Ok(true)
    }

    /// Who must sign a succession, unless the instrument says otherwise: every seated guarantor.
    pub(super) fn successors(&self) -> BTreeSet<ParticipantId> {
        let seated = |id: &&ParticipantId| !self.is_vacant(id);
        self.roles
            .iter()
            .filter(|(_, role)| **role == Role::Guarantor)
            .map(|(id, _)| id)
            .filter(seated)
            .cloned()
            .collect()
    }

    /// Gives a seat its roots, from `index` on.
    pub(super) fn take_seat(&mut self, seat: &Seat, index: u64) {
        let roots = self.install(&seat.roots, Capacity::Root, index);
        let recovery = seat.recovery.as_ref().map(|set| self.install(set, Capacity::Recovery, index));
        let state = self.seats.entry(seat.participant.clone()).or_default();
        state.taken.get_or_insert(index);
        state.roots = roots;
        state.recovery = recovery;
    }

    /// Gives a participant new roots and ends the old ones.
    pub(super) fn recover(&mut self, seat: &Seat, index: u64) -> bool {
        if !self.keys_are_new(seat) {
            return false;
        }
        let old = self.seats.get(&seat.participant).cloned().unwrap_or_default();
        for name in old.roots.keys.iter().chain(old.recovery.iter().flat_map(|set| &set.keys)) {
            if let Some(key) = self.keys.get_mut(name).filter(|key| key.ended.is_none()) {
                key.ended = Some((index, Ended::Replaced));
            }
        }
        self.take_seat(seat, index);
        true
    }

    fn install(&mut self, set: &KeySet, capacity: Capacity, index: u64) -> Threshold {
        let mut threshold = Threshold { k: set.k, keys: BTreeSet::new() };
        for key in &set.keys {
            let Some(name) = self.signer_of(&key.0) else { continue };
            self.raw_keys.insert(key.0.raw().to_vec());
            let state = KeyState {
                capacity,
                custody: Custody::Device,
                office: String::new(),
                vkey: Some(key.0.clone()),
                passkey: None,
                recipient: None,
                since: index,
                ended: None,
                chain: Chain::default(),
            };
            self.keys.insert(name.clone(), state);
            threshold.keys.insert(name);
        }
        threshold
    }
}

fn annex_bytes(act: &Act) -> u64 {
    match act.body() {
        Body::Batch(batch) => batch.annex.map_or(0, |annex| annex.size),
        Body::Publish(publish) => publish.annex.map_or(0, |annex| annex.size),
        Body::Succeed(succeed) => succeed.policy.map_or(0, |annex| annex.size),
        _ => 0,
    }
}
