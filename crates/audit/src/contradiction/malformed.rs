//! An entry that had to be refused, and what few entries before it show that (C7).
//!
//! The argument is always the same: in the register of an honest registrar every entry is
//! well-formed. So each entry that a file quotes may be taken as well-formed; if this one then can't
//! be, the registrar let in something it had to refuse, this one or another. Only what an entry
//! *did* must be known apart: a well-formed enrolment or revocation may be void.
//!
//! What needs the absence of an entry is no small file and is found by replay alone: a key that was
//! never enrolled, a quota, a threshold of roots that were replaced.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Disown, Enrol};
use act::{Body, Entry};
use note::passkey::{Assertion, Expected};
use note::{Algorithm, Check, Intake, KeyName, Receipt, Signature, SignatureLine, VerifierKey, VerifyFault};
use terms::{ActId, Capacity, RefusalGround, SignerName};
use tlog::CosignedCheckpoint;

use super::Shown;
use super::anchor::{Anchor, entry, stands};
use super::file::MalformedLetIn;
use super::registrar::registrar;
use super::unconfirmed::Unconfirmed;

/// C7.
pub(super) fn let_in(anchor: &Anchor, shows: &MalformedLetIn) -> Shown {
    let (checkpoint, _) = anchor.final_checkpoint(&shows.checkpoint)?;
    stands(&shows.entry, &checkpoint, "entry")?;
    let mut before = Vec::new();
    for leaf in &shows.before {
        let read = entry(leaf, &checkpoint, "before")?;
        if leaf.index >= shows.entry.index {
            return Err(Unconfirmed::NothingShown(
                "an entry does not stand before the one it is held against",
            ));
        }
        before.push((leaf.index, read));
    }
    let index = shows.entry.index;
    let found = grounds(anchor, index, &shows.entry.entry.0, &before)?;
    let why = found.iter().find(|(ground, _)| *ground == shows.ground).map(|(_, why)| *why);
    let Some(why) = why else {
        return Err(Unconfirmed::NothingShown("the entry is not shown to be malformed on this ground"));
    };
    let size = checkpoint.checkpoint().size;
    let deed = format!("a checkpoint of size {size} with an entry at {index} that it had to refuse: {why}");
    let facts = vec![
        ("index", index.to_string()),
        ("ground", shows.ground.to_string()),
        ("why", why.to_owned()),
        ("size", size.to_string()),
    ];
    Ok((registrar(anchor), deed, facts))
}

/// A key, as the genesis or a quoted entry gives it.
pub(super) struct Known {
    pub(super) capacity: Capacity,
    pub(super) vkey: Option<VerifierKey>,
    pub(super) passkey: Option<(VerifierKey, String, Vec<String>)>,
    pub(super) over: bool,
}

/// The keys that are known from the genesis and from these entries, at an index above all of them.
pub(super) fn keys(
    anchor: &Anchor,
    before: &[(u64, Entry)],
) -> Result<BTreeMap<SignerName, Known>, Unconfirmed> {
    let mut keys = BTreeMap::new();
    for seat in &anchor.body.founders {
        let roots = seat.roots.keys.iter().map(|key| (Capacity::Root, key));
        let recovery = seat.recovery.iter().flat_map(|set| &set.keys).map(|key| (Capacity::Recovery, key));
        for (capacity, key) in roots.chain(recovery) {
            let Some(signer) = anchor.signer_of(&key.0) else { continue };
            keys.insert(signer, Known { capacity, vkey: Some(key.0.clone()), passkey: None, over: false });
        }
    }
    let mut in_order: Vec<&(u64, Entry)> = before.iter().collect();
    in_order.sort_by_key(|(index, _)| *index);
    for (_, read) in in_order {
        let Some(by) = read.act().head().by.participant() else { continue };
        match read.act().body() {
            Body::Enrol(Enrol::Key(key)) if anchor.has_force(key)? => {
                let passkey = key.passkey.as_ref().map(|passkey| {
                    let origins = passkey.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
                    (passkey.vkey.0.clone(), passkey.rp.as_str().to_owned(), origins)
                });
                let vkey = key.vkey.as_ref().map(|key| key.0.clone());
                let known = Known { capacity: key.capacity, vkey, passkey, over: false };
                keys.entry(SignerName::key(by, &key.label)).or_insert(known);
            }
            Body::Revoke(revoke) => end(&mut keys, &SignerName::key(by, &revoke.label)),
            Body::Disown(Disown::Key { label, .. }) => end(&mut keys, &SignerName::key(by, label)),
            _ => {}
        }
    }
    Ok(keys)
}

/// Ends a key that is known by now. The last roots of a participant can't be ended, and how many are
/// left few entries don't show: roots are passed over.
fn end(keys: &mut BTreeMap<SignerName, Known>, signer: &SignerName) {
    if let Some(key) = keys.get_mut(signer) {
        key.over |= !matches!(key.capacity, Capacity::Root | Capacity::Recovery);
    }
}

type Ground = (RefusalGround, &'static str);

/// All grounds on which these bytes had to be refused at this index, as far as these entries show it.
pub(super) fn grounds(
    anchor: &Anchor,
    index: u64,
    bytes: &[u8],
    before: &[(u64, Entry)],
) -> Result<Vec<Ground>, Unconfirmed> {
    // Entry 0 is never let in: it founds the register, or there is none.
    if index == 0 {
        return Ok(Vec::new());
    }
    let Ok(read) = Entry::parse(bytes) else {
        return Ok(vec![(RefusalGround::Form, "it is no entry")]);
    };
    let mut found = receipt_grounds(anchor, index, &read)?;
    if !anchor.owns(read.act()) || read.act().genesis().is_none() {
        found.push((RefusalGround::Form, "it is an act of another register"));
        return Ok(found);
    }
    let keys = keys(anchor, before)?;
    signature_grounds(anchor, &read, &keys, &mut found)?;
    capacity_grounds(anchor, &read, &keys, &mut found);
    new_key_grounds(anchor, &read, &keys, &mut found);
    intake_grounds(anchor, &read, &keys, &mut found);
    chain_grounds(anchor, &read, before, &mut found);
    if let Body::Mark(mark) = read.act().body() {
        mark_grounds(anchor, index, mark.checkpoint.as_str(), before, &mut found)?;
    }
    Ok(found)
}

fn receipt_grounds(anchor: &Anchor, index: u64, read: &Entry) -> Result<Vec<Ground>, Unconfirmed> {
    let mut found = Vec::new();
    if read.receipt().index != index {
        found.push((RefusalGround::Form, "its receipt is for another index"));
    }
    if read.receipt().submission != read.submission_hash() {
        found.push((RefusalGround::Form, "its receipt is for another submission"));
    }
    // Where a succession begins, the receipt is the successor's: that is judged by replay.
    if !matches!(read.act().body(), Body::Succeed(_)) {
        let key = anchor.registrar_under(KeyName::receipt(&anchor.origin), Algorithm::Receipt)?;
        match Receipt::verify(read.receipt_line(), &key, &anchor.origin, &anchor.genesis) {
            Ok(_) => {}
            Err(VerifyFault::OtherKey | VerifyFault::Unsupported) => {
                found.push((RefusalGround::Key, "its receipt is by another key than the registrar's"));
            }
            Err(VerifyFault::Payload | VerifyFault::Signature) => {
                found.push((RefusalGround::Signature, "its receipt's signature is wrong"));
            }
        }
    }
    Ok(found)
}

/// A passkey's line beside a signer's.
pub(super) fn beside<'a>(read: &'a Entry, line: &SignatureLine) -> Option<&'a SignatureLine> {
    read.submission().assertions().iter().find(|other| other.name == line.name)
}

fn signature_grounds(
    anchor: &Anchor,
    read: &Entry,
    keys: &BTreeMap<SignerName, Known>,
    found: &mut Vec<Ground>,
) -> Result<(), Unconfirmed> {
    let act = read.act();
    for (signer, line) in act.head().signers.iter().zip(read.submission().signatures()) {
        match (signer, keys.get(signer)) {
            (SignerName::Registrar, _) => {
                let key =
                    anchor.registrar_under(KeyName::signer(&anchor.origin, signer), Algorithm::Ed25519)?;
                found.extend(line_ground(&key, act.text(), line));
                if beside(read, line).is_some() {
                    found.push((RefusalGround::Key, "the registrar signs with no passkey"));
                }
            }
            (SignerName::Key { .. }, Some(key)) => {
                if key.over {
                    found.push((RefusalGround::Key, "a key of it was over"));
                }
                found.extend(known_ground(key, act.id(), act.text(), line, beside(read, line)));
            }
            (SignerName::Key { .. }, None) => {}
        }
    }
    Ok(())
}

fn line_ground(key: &VerifierKey, text: &str, line: &SignatureLine) -> Option<Ground> {
    match key.verify(text, line) {
        Ok(()) => None,
        Err(VerifyFault::OtherKey) => {
            Some((RefusalGround::Key, "a signature is by another key than the one enrolled"))
        }
        Err(_) => Some((RefusalGround::Signature, "a signature is wrong")),
    }
}

/// What is wrong with a signer's lines, if this is its key.
pub(super) fn known_ground(
    key: &Known,
    id: ActId,
    text: &str,
    line: &SignatureLine,
    beside: Option<&SignatureLine>,
) -> Option<Ground> {
    const LINES: Ground = (RefusalGround::Key, "a key's lines are not those it was enrolled with");
    let assertion = match (&key.vkey, &key.passkey) {
        (Some(_), Some(_)) => match beside {
            Some(line) => Some(line),
            None => return Some(LINES),
        },
        (None, Some(_)) if beside.is_none() => Some(line),
        (Some(_), None) if beside.is_none() => None,
        _ => return Some(LINES),
    };
    if let (Some(assertion), Some((vkey, rp, origins))) = (assertion, &key.passkey) {
        if !vkey.made(assertion) {
            return Some((RefusalGround::Key, "a passkey's line is by another key than the one enrolled"));
        }
        let expected = Expected { act: id, rp, origins };
        let read = Assertion::parse(&assertion.payload).ok().zip(vkey.passkey_key());
        if read.is_none_or(|(assertion, key)| assertion.verify(&key, &expected).is_err()) {
            return Some((RefusalGround::Signature, "a passkey's assertion does not hold"));
        }
    }
    key.vkey.as_ref().and_then(|vkey| line_ground(vkey, text, line))
}

/// Whether the kind is one that roots sign, or recovery keys; else officers do.
pub(crate) fn asks_for(body: &Body, by: &terms::ParticipantId) -> Capacity {
    match body {
        Body::Enrol(_) | Body::Revoke(_) | Body::Disown(Disown::Key { .. }) => Capacity::Root,
        Body::Recover(recover) if recover.participant == *by => Capacity::Recovery,
        Body::Recover(_) => Capacity::Root,
        _ => Capacity::Officer,
    }
}

fn capacity_grounds(
    anchor: &Anchor,
    read: &Entry,
    keys: &BTreeMap<SignerName, Known>,
    found: &mut Vec<Ground>,
) {
    // That nobody but the registrar signs its kinds, and those alone, is a matter of form.
    let Some(by) = read.act().head().by.participant() else { return };
    let needed = asks_for(read.act().body(), by);
    let own: Vec<_> =
        read.act().head().signers.iter().filter(|signer| signer.participant() == Some(by)).collect();
    if own.iter().any(|signer| keys.get(signer).is_some_and(|key| key.capacity != needed)) {
        found.push((RefusalGround::Key, "a key of it may not sign such an act"));
    }
    // Roots that the genesis names are replaced all together: too few of them are never enough.
    let founder = anchor.body.founders.iter().find(|seat| seat.participant == *by);
    let set = founder.and_then(|seat| match needed {
        Capacity::Root => Some(&seat.roots),
        Capacity::Recovery => seat.recovery.as_ref(),
        _ => None,
    });
    if let Some(set) = set {
        let named: BTreeSet<_> = set.keys.iter().filter_map(|key| anchor.signer_of(&key.0)).collect();
        if own.iter().any(|signer| named.contains(signer)) && (own.len() as u64) < u64::from(set.k) {
            found.push((RefusalGround::Key, "too few roots of its participant sign it"));
        }
    }
}

fn new_key_grounds(
    anchor: &Anchor,
    read: &Entry,
    keys: &BTreeMap<SignerName, Known>,
    found: &mut Vec<Ground>,
) {
    let Body::Enrol(Enrol::Key(enrolment)) = read.act().body() else { return };
    let Some(by) = read.act().head().by.participant() else { return };
    if keys.contains_key(&SignerName::key(by, &enrolment.label)) {
        found.push((RefusalGround::Key, "the label that it enrols has a key already"));
    }
    let known =
        keys.values().flat_map(|key| key.vkey.iter().chain(key.passkey.iter().map(|(vkey, ..)| vkey)));
    let raw: BTreeSet<&[u8]> = known.map(VerifierKey::raw).chain([anchor.registrar().raw()]).collect();
    let mut new = enrolment.vkey.iter().chain(enrolment.passkey.iter().map(|passkey| &passkey.vkey));
    if new.any(|key| raw.contains(key.0.raw())) {
        found.push((RefusalGround::Key, "the key that it enrols stands in the register already"));
    }
}

fn intake_grounds(
    anchor: &Anchor,
    read: &Entry,
    keys: &BTreeMap<SignerName, Known>,
    found: &mut Vec<Ground>,
) {
    const NOT_ITS_KEY: Ground = (RefusalGround::Key, "a stamp of it is by a key that may not stamp");
    const WRONG: Ground = (RefusalGround::Signature, "a stamp of it is wrong");
    for line in read.submission().intakes() {
        let signer = SignerName::from_key_name(&anchor.origin, line.name.as_str());
        let Some(key) = signer.and_then(|signer| keys.get(&signer)) else { continue };
        let live = key.vkey.as_ref().filter(|_| key.capacity == Capacity::Intake && !key.over);
        found.extend(match live.map(|vkey| Intake::verify(line, vkey, read.act().id())) {
            None | Some(Err(VerifyFault::OtherKey | VerifyFault::Unsupported)) => Some(NOT_ITS_KEY),
            Some(Err(VerifyFault::Payload | VerifyFault::Signature)) => Some(WRONG),
            Some(Ok(_)) => None,
        });
    }
    let Body::Intake(body) = read.act().body() else { return };
    let Some(key) = keys.get(&body.key) else { return };
    let live = key.vkey.as_ref().filter(|_| key.capacity == Capacity::Intake && !key.over);
    let Some(public) = live.and_then(VerifierKey::public_key) else { return found.push(NOT_ITS_KEY) };
    let intake = Intake { act: body.act, time: body.time, previous: body.previous };
    let signature = terms::base64::decode_array::<64>(body.signature.as_str());
    let check = signature.map(|bytes| Check {
        key: public,
        message: intake.message().into_bytes(),
        signature: Signature::from_bytes(bytes),
    });
    if !check.is_some_and(|check| check.passes()) {
        found.push(WRONG);
    }
}

/// Acts of the same key before it: index, `n`, id. The registrar's first is the genesis.
pub(super) fn chain(
    anchor: &Anchor,
    signer: &SignerName,
    entries: &[(u64, Entry)],
) -> Vec<(u64, u64, ActId)> {
    let genesis = (*signer == SignerName::Registrar).then(|| (0, 1, anchor.act.id()));
    let own = entries.iter().filter(|(_, read)| read.act().head().signers.first() == Some(signer));
    let acts = own.map(|(index, read)| (*index, read.act().head().n, read.act().id()));
    let mut chain: Vec<_> = genesis.into_iter().chain(acts).collect();
    chain.sort_unstable();
    chain
}

fn chain_grounds(anchor: &Anchor, read: &Entry, before: &[(u64, Entry)], found: &mut Vec<Ground>) {
    let head = read.act().head();
    let Some(first) = head.signers.first() else { return };
    let earlier = chain(anchor, first, before);
    if earlier.iter().any(|(_, _, id)| *id == read.act().id()) {
        found.push((RefusalGround::Duplicate, "the act stands before it already"));
    }
    if earlier.iter().any(|(_, n, _)| head.n <= *n) {
        found
            .push((RefusalGround::Number, "its `n` does not rise above that of an act of the key before it"));
    }
    // `prev` is the last act before. Few entries show another one to be it, or to lie between.
    let place = |id: ActId| earlier.iter().find(|(_, _, other)| *other == id).map(|(index, ..)| *index);
    let wrong = match head.prev {
        None => !earlier.is_empty(),
        Some(prev) => {
            let next = earlier.iter().any(|(_, n, id)| n.checked_add(1) == Some(head.n) && *id != prev);
            let between = place(prev).is_some_and(|at| earlier.iter().any(|(index, ..)| *index > at));
            next || between
        }
    };
    if wrong {
        found.push((RefusalGround::Previous, "its `prev` is not the key's last act before it"));
    }
}

fn mark_grounds(
    anchor: &Anchor,
    index: u64,
    note: &str,
    before: &[(u64, Entry)],
    found: &mut Vec<Ground>,
) -> Result<(), Unconfirmed> {
    let form = |why| (RefusalGround::Form, why);
    let policy = anchor.policy()?;
    let Ok(cosigned) = CosignedCheckpoint::parse(note.as_bytes()) else {
        found.push(form("what it marks is no checkpoint"));
        return Ok(());
    };
    let size = cosigned.checkpoint().size;
    if size > index {
        found.push(form("the mark covers more than what stands before it"));
    }
    let larger = |earlier: &Entry| match earlier.act().body() {
        Body::Mark(mark) => CosignedCheckpoint::parse(mark.checkpoint.as_str().as_bytes())
            .is_ok_and(|earlier| earlier.checkpoint().size > size),
        _ => false,
    };
    if before.iter().any(|(_, earlier)| larger(earlier)) {
        found.push(form("the mark covers less than a mark before it"));
    }
    match cosigned.claims(policy) {
        Err(_) => found.push(form("the marked checkpoint's lines are not those of the policy")),
        Ok(claims) => {
            if claims.checks().any(|check| !check.passes()) {
                found.push((RefusalGround::Signature, "a line of the marked checkpoint is wrong"));
            }
            let cosigners = claims.proven();
            if !cosigners.unknown.is_empty() {
                found.push(form("a line of the marked checkpoint is by a key that the policy has not"));
            }
            if !cosigners.is_quorum() {
                found.push(form("too few witnesses have cosigned the marked checkpoint"));
            }
        }
    }
    Ok(())
}
