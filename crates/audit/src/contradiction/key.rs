//! Whose key signed? Keys of the registrar and of founders stand in the genesis; others were enrolled
//! by an entry, which the file quotes.
//!
//! What is shown: that the key was enrolled, by enough roots of its participant. Not shown, since
//! absence can't be small: that it was not over when it signed, and that the roots were not replaced.
//! So what is convicted is the key, as the entry enrols it; what a stolen key's acts are worth, replay
//! says (TIME T17).

use std::collections::BTreeSet;

use act::body::{Enrol, Seat};
use act::value::KeySet;
use act::{Body, Entry};
use note::passkey::{Assertion, Expected};
use note::{Algorithm, KeyName, VerifierKey};
use terms::{ActId, Capacity, ParticipantId, Role, SignerName};
use tlog::CosignedCheckpoint;

use super::anchor::{Anchor, entry};
use super::file::{Enrolled, Included, KeyProof, SignedAct};
use super::unconfirmed::Unconfirmed;

/// A key that is shown to be somebody's.
#[derive(Clone)]
pub(crate) struct ProvenKey {
    pub(crate) signer: SignerName,
    pub(crate) capacity: Option<Capacity>,
    pub(crate) vkey: Option<VerifierKey>,
    pub(crate) passkey: Option<(VerifierKey, String, Vec<String>)>,
}

fn unproven<T>(why: &'static str) -> Result<T, Unconfirmed> {
    Err(Unconfirmed::KeyUnproven(why))
}

impl ProvenKey {
    pub(super) fn new(anchor: &Anchor, proof: &KeyProof) -> Result<ProvenKey, Unconfirmed> {
        let SignerName::Key { participant, label } = &proof.signer else {
            return ProvenKey::registrar(anchor);
        };
        let founder = anchor.body.founders.iter().find(|seat| seat.participant == *participant);
        let Some(enrolled) = &proof.enrolled else {
            let Some(seat) = founder else { return unproven("no entry enrols it") };
            return ProvenKey::of_seat(anchor, seat, &proof.signer)
                .map_or_else(|| unproven("the genesis does not name it, and no entry enrols it"), Ok);
        };
        let (checkpoint, _) = anchor.final_checkpoint(&enrolled.checkpoint)?;
        let seat = match founder {
            Some(seat) => seat.clone(),
            None => seated(anchor, participant, enrolled, &checkpoint)?,
        };
        match &enrolled.entry {
            None => ProvenKey::of_seat(anchor, &seat, &proof.signer)
                .map_or_else(|| unproven("it is no root of the seat"), Ok),
            Some(leaf) => {
                let enrolling = good_entry(anchor, leaf, &checkpoint, "entry")?;
                let key = ProvenKey::enrolled(anchor, &enrolling, &seat)?;
                let Body::Enrol(Enrol::Key(body)) = enrolling.act().body() else { return Ok(key) };
                if body.label != *label || enrolling.act().head().by.participant() != Some(participant) {
                    return unproven("the entry enrols another key");
                }
                if !anchor.has_force(body)? {
                    return unproven(
                        "the entry is not shown to have effect: it names an excluded group, or its note goes to others than founders",
                    );
                }
                Ok(key)
            }
        }
    }

    /// The registrar's, as it signs acts.
    pub(crate) fn registrar(anchor: &Anchor) -> Result<ProvenKey, Unconfirmed> {
        let name = KeyName::signer(&anchor.origin, &SignerName::Registrar);
        let vkey = Some(anchor.registrar_under(name, Algorithm::Ed25519)?);
        Ok(ProvenKey { signer: SignerName::Registrar, capacity: None, vkey, passkey: None })
    }

    /// A root, or a key for recovery, that a seat names.
    pub(crate) fn of_seat(anchor: &Anchor, seat: &Seat, signer: &SignerName) -> Option<ProvenKey> {
        let (capacity, vkey) = key_of_seat(anchor, seat, signer)?;
        let (capacity, vkey) = (Some(capacity), Some(vkey.clone()));
        Some(ProvenKey { signer: signer.clone(), capacity, vkey, passkey: None })
    }

    /// The key that an entry enrols, if enough roots of the seat signed it. Whether it names an excluded
    /// group is not looked at.
    pub(crate) fn enrolled(
        anchor: &Anchor,
        enrolling: &Entry,
        seat: &Seat,
    ) -> Result<ProvenKey, Unconfirmed> {
        let Body::Enrol(Enrol::Key(key)) = enrolling.act().body() else {
            return unproven("the entry enrols no key");
        };
        if !signed_by_roots(anchor, enrolling, &seat.participant, &seat.roots) {
            return unproven("the entry is not signed by enough roots of its participant");
        }
        let vkey = key.vkey.as_ref().map(|key| key.0.clone());
        let passkey = key.passkey.as_ref().map(|passkey| {
            let origins = passkey.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
            (passkey.vkey.0.clone(), passkey.rp.as_str().to_owned(), origins)
        });
        let mut keys = vkey.iter().chain(passkey.iter().map(|(key, ..)| key));
        if !keys.all(|key| key.enrollable().is_ok()) {
            return unproven("the entry enrols a key that nobody can be held to");
        }
        let signer = SignerName::key(&seat.participant, &key.label);
        Ok(ProvenKey { signer, capacity: Some(key.capacity), vkey, passkey })
    }

    /// Whether this key, as it was enrolled, signed the act.
    pub(super) fn signed(
        &self,
        act: ActId,
        text: &str,
        signed: &SignedAct,
        what: &'static str,
    ) -> Result<(), Unconfirmed> {
        let good = match (&self.vkey, &signed.signature) {
            (Some(vkey), Some(payload)) => vkey.verify(text, &vkey.line(payload.0.clone())).is_ok(),
            (None, None) => self.passkey.is_some(),
            _ => false,
        } && match (&self.passkey, &signed.assertion) {
            (Some((vkey, rp, origins)), Some(payload)) => {
                let expected = Expected { act, rp, origins };
                let read = Assertion::parse(&payload.0).ok().zip(vkey.passkey_key());
                read.is_some_and(|(assertion, key)| assertion.verify(&key, &expected).is_ok())
            }
            (None, None) => true,
            _ => false,
        };
        if good { Ok(()) } else { Err(Unconfirmed::Unsigned(what)) }
    }

    /// The key that a conviction names.
    pub(super) fn named(&self) -> Option<&VerifierKey> {
        self.vkey.as_ref().or(self.passkey.as_ref().map(|(vkey, ..)| vkey))
    }
}

/// A key that a seat gives, with its capacity.
pub(super) fn key_of_seat<'a>(
    anchor: &Anchor,
    seat: &'a Seat,
    signer: &SignerName,
) -> Option<(Capacity, &'a VerifierKey)> {
    let find = |set: &'a KeySet| {
        set.keys.iter().map(|key| &key.0).find(|key| anchor.signer_of(key).as_ref() == Some(signer))
    };
    let root = find(&seat.roots).map(|key| (Capacity::Root, key));
    root.or_else(|| seat.recovery.as_ref().and_then(find).map(|key| (Capacity::Recovery, key)))
}

/// An entry of this register with its own receipt, as it stands in the register.
fn good_entry(
    anchor: &Anchor,
    leaf: &Included,
    checkpoint: &CosignedCheckpoint,
    what: &'static str,
) -> Result<Entry, Unconfirmed> {
    let read = entry(leaf, checkpoint, what)?;
    if !anchor.owns(read.act()) {
        return Err(Unconfirmed::OtherRegisterQuoted(what));
    }
    let receipt = anchor.receipt_line(read.receipt_line()).ok_or(Unconfirmed::Unsigned(what))?;
    if receipt.index != leaf.index || receipt.submission != read.submission_hash() {
        return unproven("an entry's receipt is for something else");
    }
    Ok(read)
}

/// Whether the act is by this participant, and signed by enough of these roots.
fn signed_by_roots(anchor: &Anchor, read: &Entry, by: &ParticipantId, roots: &KeySet) -> bool {
    let act = read.act();
    let mut own = 0;
    for (signer, line) in act.head().signers.iter().zip(read.submission().signatures()) {
        if signer.participant() != Some(by) {
            continue;
        }
        let key =
            roots.keys.iter().map(|key| &key.0).find(|key| anchor.signer_of(key).as_ref() == Some(signer));
        if !key.is_some_and(|key| key.enrollable().is_ok() && key.verify(act.text(), line).is_ok()) {
            return false;
        }
        own += 1;
    }
    act.head().by.participant() == Some(by) && own > 0 && own >= roots.k
}

/// The seat of a participant that came later: the same roots, by every founder that seats others, and
/// one of the votes signed by the new roots (DECISIONS, *a third joins*).
///
/// Whoever was seated between must have voted too; that can't be seen from few entries.
fn seated(
    anchor: &Anchor,
    participant: &ParticipantId,
    enrolled: &Enrolled,
    checkpoint: &CosignedCheckpoint,
) -> Result<Seat, Unconfirmed> {
    let mut votes = Vec::new();
    for leaf in &enrolled.seats {
        if enrolled.entry.as_ref().is_some_and(|enrolling| enrolling.index <= leaf.index) {
            return unproven("a vote for the seat stands after the entry that it should bear");
        }
        votes.push(good_entry(anchor, leaf, checkpoint, "seats")?);
    }
    seat_of(anchor, participant, &votes)
}

/// The seat that these votes, which stand in the register, come to.
pub(crate) fn seat_of(
    anchor: &Anchor,
    participant: &ParticipantId,
    votes: &[Entry],
) -> Result<Seat, Unconfirmed> {
    let mut seat: Option<Seat> = None;
    let mut voters = BTreeSet::new();
    let mut consented = false;
    for vote in votes {
        let Body::Enrol(Enrol::Seat(body)) = vote.act().body() else {
            return unproven("what is called a vote is none");
        };
        if body.participant != *participant || *seat.get_or_insert_with(|| body.clone()) != *body {
            return unproven("the votes are for different seats");
        }
        let by = vote.act().head().by.participant();
        let voter = anchor.body.founders.iter().find(|founder| Some(&founder.participant) == by);
        let Some(voter) = voter else { return unproven("a vote is by nobody who founded the register") };
        if !signed_by_roots(anchor, vote, &voter.participant, &voter.roots) {
            return unproven("a vote is not signed by enough roots of its voter");
        }
        voters.insert(voter.participant.clone());
        consented |= by_new_roots(anchor, vote, body);
    }
    let Some(seat) = seat else { return unproven("its participant is no founder, and no votes seat it") };
    let instrument = anchor.instrument()?;
    let founders_of = |role: Role| {
        let founders = anchor.body.founders.iter().map(|founder| &founder.participant);
        founders.filter(move |id| instrument.role(id) == Some(role)).collect::<Vec<_>>()
    };
    let parties = founders_of(Role::Party);
    let needed =
        founders_of(Role::Guarantor).into_iter().chain(parties.iter().copied().filter(|_| parties.len() < 2));
    if !needed.into_iter().all(|who| voters.contains(who)) {
        return unproven("not everybody who seats others voted for the seat");
    }
    if !consented {
        return unproven("the new roots have signed no vote for the seat");
    }
    let sets = seat.roots.keys.iter().chain(seat.recovery.iter().flat_map(|set| &set.keys));
    let labels: Vec<SignerName> = sets.filter_map(|key| anchor.signer_of(&key.0)).collect();
    let names = labels.iter().filter_map(|signer| match signer {
        SignerName::Key { label, .. } => Some(label.as_str()),
        SignerName::Registrar => None,
    });
    if anchor.excludes(names.chain([participant.as_str()]))? || instrument.role(participant).is_none() {
        return unproven("nobody can take this seat");
    }
    Ok(seat)
}

/// Whether all roots of the seat sign the vote.
fn by_new_roots(anchor: &Anchor, vote: &Entry, seat: &Seat) -> bool {
    let act = vote.act();
    let lines = || act.head().signers.iter().zip(vote.submission().signatures());
    seat.roots.keys.iter().map(|key| &key.0).all(|key| {
        let mut own = lines().filter(|(signer, _)| anchor.signer_of(key).as_ref() == Some(*signer));
        key.enrollable().is_ok() && own.any(|(_, line)| key.verify(act.text(), line).is_ok())
    })
}
