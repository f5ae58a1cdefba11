//! Keys, seats and chains: what can be judged at once, in index order, from earlier entries alone
//! (TIME T3). A registrar judges by it before it lets an act in; replay judges by it afterwards. Both
//! come to the same, so whoever let a malformed act in is convicted by it.

mod judge;
mod seats;

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Disown, Enrol, Freeze, KeyEnrolment, Seat};
use act::form::By;
use act::freeze::FreezeNote;
use act::{Act, Body, Submission};
use instrument::rules::Quota;
use instrument::{ExclusionList, Instrument};
use note::{Algorithm, Check, KeyName, VerifierKey};
use terms::{ActId, Capacity, Code, Custody, Hash, Instant, Origin, ParticipantId, Role, SignerName};
use tlog::Policy;

use super::exhibit::check_grants;
use super::succession::Succession;
use super::void::VoidReason;

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
    /// The votes that gave it, by index; none if its participant founded the register.
    pub given_by: Vec<u64>,
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
    index: u64,
}

/// Whose acts are counted together against the quota: each participant's officers, and apart from them its roots with its
/// recovery keys. Whoever holds a stolen officer's key must not keep the roots from ending it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    Officers(ParticipantId),
    Roots(ParticipantId),
}

impl Counted {
    fn of(act: &Act) -> Option<Counted> {
        let by = act.head().by.participant()?.clone();
        Some(match act.body() {
            Body::Enrol(_) | Body::Revoke(_) | Body::Disown(Disown::Key { .. }) | Body::Recover(_) => {
                Counted::Roots(by)
            }
            _ => Counted::Officers(by),
        })
    }
}

#[derive(Clone, Debug, Default)]
struct Used {
    day: u64,
    acts: u64,
    annex_bytes: u64,
    /// What of it each key used.
    by_key: BTreeMap<SignerName, (u64, u64)>,
    /// Whether a disowning gave some of it back: once a day.
    given_back: bool,
}

impl Used {
    /// What a key that is disowned used is given back: who stole it must not keep the participant from answering.
    fn give_back(&mut self, key: &SignerName) {
        if self.given_back {
            return;
        }
        if let Some((acts, annex_bytes)) = self.by_key.remove(key) {
            self.acts = self.acts.saturating_sub(acts);
            self.annex_bytes = self.annex_bytes.saturating_sub(annex_bytes);
            self.given_back = true;
        }
    }
}

/// All that T3 needs to know.
#[derive(Clone, Debug)]
pub struct Ledger {
    origin: Origin,
    genesis: Hash,
    pub(super) registrar: VerifierKey,
    /// The same, as it signs receipts.
    receipt_key: Option<VerifierKey>,
    pub(super) policy: Policy,
    pub(super) roles: BTreeMap<ParticipantId, Role>,
    /// For whom another writes down what they do.
    transcribed_for: BTreeSet<ParticipantId>,
    /// By registered time in UTC.
    quota: Quota,
    pub(super) excluded: ExclusionList,
    pub(super) seats: BTreeMap<ParticipantId, SeatState>,
    pub(super) keys: BTreeMap<SignerName, KeyState>,
    raw_keys: BTreeSet<Vec<u8>>,
    recipients: BTreeSet<String>,
    /// Keys that an act names for a participant's seat, before it has them: nobody else can take them
    /// meanwhile, and so keep the seat from it.
    named: BTreeMap<Vec<u8>, ParticipantId>,
    /// The names of these keys: another of its participant's takes none of them either.
    named_labels: BTreeSet<SignerName>,
    votes: BTreeMap<ParticipantId, Vec<Vote>>,
    used: BTreeMap<Counted, Used>,
    registrar_chain: Chain,
    succession: Option<Succession>,
    size: u64,
}

/// What an act did to keys at its own index, and what of it the ledger says as it stood there: when the
/// act settles, the ledger is ahead of it.
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
    /// For a recovery: how many of its author's signers it needs.
    pub recovery_needs: Option<u32>,
    /// The witness whose freeze of the registrar's key it is.
    pub frozen: Option<String>,
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
            receipt_key: receipt_key(genesis.origin(), &body.registrar.0),
            policy,
            roles: instrument.participants.iter().map(|(id, who)| (id.clone(), who.role)).collect(),
            transcribed_for: transcribed_for(instrument),
            quota: instrument.quota,
            excluded: instrument.exclusion_list(),
            seats: instrument.participants.keys().map(|id| (id.clone(), SeatState::default())).collect(),
            keys: BTreeMap::new(),
            raw_keys: BTreeSet::from([body.registrar.0.raw().to_vec()]),
            recipients: BTreeSet::new(),
            named: BTreeMap::new(),
            named_labels: BTreeSet::new(),
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
        self.receipt_key.clone()
    }

    pub(super) const fn receipt_key_ref(&self) -> Option<&VerifierKey> {
        self.receipt_key.as_ref()
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

    /// Whether another writes down what this participant does: then its seat is not empty, though nobody has taken it.
    #[must_use]
    pub fn is_transcribed_for(&self, participant: &ParticipantId) -> bool {
        self.transcribed_for.contains(participant)
    }

    /// Whether a policy can take the place of the one in force: of this register and its registrar's key, and no witness's
    /// key stands elsewhere.
    pub(super) fn may_follow(&self, policy: &Policy) -> bool {
        policy.origin() == &self.origin
            && policy.log().raw() == self.registrar.raw()
            && self.may_be_policy(policy)
    }

    /// Goes on under an amended instrument: from the index after the mark at which it took effect (TIME T21). Who is
    /// no participant any more keeps its keys and has no power.
    ///
    /// Gives the participants whose seats are empty and for whom another writes from now on, or no longer does.
    pub(super) fn amend(&mut self, instrument: &Instrument, policy: Option<Policy>) -> Vec<ParticipantId> {
        self.roles = instrument.participants.iter().map(|(id, who)| (id.clone(), who.role)).collect();
        self.excluded = instrument.exclusion_list();
        let before = std::mem::replace(&mut self.transcribed_for, transcribed_for(instrument));
        self.quota = instrument.quota;
        for id in instrument.participants.keys() {
            self.seats.entry(id.clone()).or_default();
        }
        if let Some(policy) = policy {
            self.raw_keys.extend(policy.witnesses().iter().map(|witness| witness.key.raw().to_vec()));
            self.policy = policy;
        }
        let changed = self.transcribed_for.symmetric_difference(&before);
        changed.filter(|who| self.is_vacant(who) && self.roles.contains_key(*who)).cloned().collect()
    }

    /// Where the registrar's own chain stands.
    pub(super) const fn registrar_chain(&self) -> Chain {
        self.registrar_chain
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

    fn used_on(&self, by: &Counted, registered: Instant) -> Used {
        let day = registered.secs() / 86_400;
        let today = self.used.get(by).filter(|used| used.day == day);
        today.cloned().unwrap_or_else(|| Used { day, ..Used::default() })
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
        if let Some(by) = Counted::of(act) {
            let mut used = self.used_on(&by, registered);
            used.acts += 1;
            used.annex_bytes = used.annex_bytes.saturating_add(annex_bytes(act));
            if let Some(first) = act.head().signers.first() {
                let (acts, bytes) = used.by_key.entry(first.clone()).or_default();
                *acts += 1;
                *bytes = bytes.saturating_add(annex_bytes(act));
            }
            self.used.insert(by, used);
        }
        if let By::Participant(by) = &act.head().by {
            match act.body() {
                Body::Enrol(Enrol::Key(enrolment)) => entered.void = self.enrol_key(by, enrolment, index),
                Body::Enrol(Enrol::Seat(seat)) => match self.vote_to_seat(by, act, seat, index) {
                    Ok(seated) => {
                        entered.voted = Some(seat.participant.clone());
                        entered.seated = seated;
                    }
                    Err(reason) => entered.void = Some(reason),
                },
                Body::Recover(recover) => {
                    entered.recovery_needs = Some(self.recovery_needs(by, &recover.participant));
                    entered.void = self.ask_for_recovery(by, recover).err();
                }
                Body::Freeze(freeze) => match self.frozen_by(freeze) {
                    Some(witness) => entered.frozen = Some(witness),
                    None => entered.void = Some(VoidReason::Form),
                },
                Body::Revoke(revoke) => match self.end_key(by, &revoke.label, index, Ended::Revoked) {
                    Ok(name) => entered.ended.push(name),
                    Err(reason) => entered.void = Some(reason),
                },
                Body::Disown(Disown::Key { label, since }) => {
                    match self.end_key(by, label, index, Ended::Disowned(*since)) {
                        Ok(name) => {
                            self.drop_votes_signed_by(&name);
                            if let Some(used) = self.used.get_mut(&Counted::Officers(by.clone())) {
                                used.give_back(&name);
                            }
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
        // The file that names the holder goes to somebody too.
        if let Some(note) = &enrolment.note {
            if let Err(reason) = check_grants(self, &note.grants) {
                return Some(reason);
            }
            if note.grants.iter().any(|grant| self.is_vacant(&grant.to)) {
                return Some(VoidReason::Vacant);
            }
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

    /// The witness of the policy that signed this freeze, if it is one of the registrar's key.
    fn frozen_by(&self, freeze: &Freeze) -> Option<String> {
        let note = freeze.note.as_str().as_bytes();
        let of_registrar = |freeze: &FreezeNote| {
            freeze.origin == self.origin
                && freeze.genesis == self.genesis
                && freeze.body.registrar.0.raw() == self.registrar.raw()
        };
        let mut witnesses = self.policy.witnesses().iter();
        let signed = witnesses.find(|w| FreezeNote::verify(note, &w.key).is_ok_and(|f| of_registrar(&f)));
        signed.map(|witness| witness.name.clone())
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
}

fn receipt_key(origin: &Origin, registrar: &VerifierKey) -> Option<VerifierKey> {
    registrar.under(KeyName::receipt(origin), Algorithm::Receipt)
}

fn annex_bytes(act: &Act) -> u64 {
    act.body().annexes().iter().fold(0, |sum, annex| sum.saturating_add(annex.size))
}

fn transcribed_for(instrument: &Instrument) -> BTreeSet<ParticipantId> {
    instrument.transcription.as_ref().map(|rule| rule.on_behalf_of.clone()).unwrap_or_default()
}
