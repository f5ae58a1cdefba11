//! What can be said against a body from the act alone: it has its shape, and makes no sense.

use note::{Algorithm, VerifierKey};
use terms::{Capacity, Custody, Kind, SignerName};

use super::{Batch, Body, Enrol, Genesis, KeyEnrolment, Passkey, Publish, Seat};
use crate::form::{By, Draft};
use crate::value::{FieldValue, Fields, File, GrantRef, KeySet};

/// Most exhibits that one act may file.
pub(crate) const FILES_MAX: usize = 64;

/// Most keys in a set of roots or recovery keys.
pub(crate) const KEYS_MAX: usize = 15;

type Sense = Result<(), &'static str>;

pub(crate) fn check(draft: &Draft) -> Sense {
    let registrar_kind = matches!(draft.body.kind(), Kind::Genesis | Kind::Mark);
    if registrar_kind != (draft.head.by == By::Registrar) {
        return Err("a genesis and a mark are by `registrar`, and nothing else is");
    }
    match &draft.body {
        Body::Genesis(genesis) => check_genesis(draft, genesis),
        Body::Enrol(Enrol::Key(enrolment)) => check_enrolment(draft, enrolment),
        Body::Enrol(Enrol::Seat(seat)) => {
            if draft.head.by.participant() == Some(&seat.participant) {
                return Err("nobody seats itself: `recover` gives new roots");
            }
            check_seat(draft, seat)
        }
        Body::Recover(recover) => check_seat(
            draft,
            &Seat {
                participant: recover.participant.clone(),
                roots: recover.roots.clone(),
                recovery: recover.recovery.clone(),
            },
        ),
        Body::Intake(intake) => match &intake.key {
            SignerName::Key { participant, .. } if draft.head.by.participant() == Some(participant) => Ok(()),
            _ => Err("an `intake` carries a stamp by the author's own key"),
        },
        Body::Succeed(succeed) => {
            has_algorithm(&succeed.registrar.0, Algorithm::Ed25519)?;
            is_named(&succeed.registrar.0, draft, &SignerName::Registrar)?;
            if succeed.freezes.is_empty() { Err("a succession rests on freezes") } else { Ok(()) }
        }
        Body::Open(open) => check_fields(&open.fields).and_then(|()| check_files(&open.files)),
        Body::Step(step) => check_fields(&step.fields).and_then(|()| check_files(&step.files)),
        Body::Transcribe(transcribe) => match &transcribe.what {
            super::Transcribed::Open(open) => {
                check_fields(&open.fields).and_then(|()| check_files(&open.files))
            }
            super::Transcribed::Step(step) => {
                check_fields(&step.fields).and_then(|()| check_files(&step.files))
            }
        },
        Body::Correct(correct) => {
            if correct.fields.is_empty() {
                return Err("a correction changes at least one field");
            }
            check_fields(&correct.fields)
        }
        Body::Batch(batch) => check_batch(batch),
        Body::Offer(offer) => {
            if offer.files.is_empty() {
                return Err("an offer has at least one exhibit");
            }
            check_files(&offer.files)
        }
        Body::Grant(grant) => {
            is_exhibit(&grant.exhibit)?;
            if grant.grants.is_empty() {
                return Err("a grant goes to at least one participant");
            }
            check_grants(&grant.grants)
        }
        Body::Keep(keep) => {
            if keep.exhibits.is_empty() || keep.exhibits.len() > FILES_MAX {
                return Err("`keep` names 1 to 64 exhibits");
            }
            keep.exhibits.iter().try_for_each(is_exhibit)
        }
        Body::Opened(opened) => is_exhibit(&opened.exhibit),
        Body::Answer(answer) => is_exhibit(&answer.exhibit).and_then(|()| check_files(&answer.files)),
        Body::Challenge(challenge) => is_exhibit(&challenge.exhibit),
        Body::Rule(rule) => {
            is_exhibit(&rule.exhibit)?;
            let danger = rule.outcome == super::RuleOutcome::Danger;
            if danger == rule.challenge.is_some() {
                return Err("`upheld` and `not-upheld` decide a challenge; `danger` decides none");
            }
            Ok(())
        }
        Body::Hold(hold) => is_exhibit(&hold.exhibit),
        Body::Destroy(destroy) => is_exhibit(&destroy.exhibit),
        Body::Cut(cut) => {
            if cut.from >= cut.to {
                Err("a cut ends after it begins")
            } else {
                Ok(())
            }
        }
        Body::Extend(extend) => is_length(extend.seconds),
        Body::Suspend(suspend) => is_length(suspend.seconds),
        Body::Publish(Publish { matter, annex }) => {
            if matter.is_some() == annex.is_some() {
                Err("`publish` names a matter or an annex")
            } else {
                Ok(())
            }
        }
        Body::Revoke(_)
        | Body::Disown(_)
        | Body::Mark(_)
        | Body::Freeze(_)
        | Body::Withdraw(_)
        | Body::Resume(_)
        | Body::SetAside(_)
        | Body::Serve(_)
        | Body::Confirm(_)
        | Body::Screen(_) => Ok(()),
    }
}

fn check_genesis(draft: &Draft, genesis: &Genesis) -> Sense {
    if genesis.origin != draft.origin {
        return Err("`origin` and line 1 name the same register");
    }
    if genesis.rules == 0 {
        return Err("rules versions count from 1");
    }
    has_algorithm(&genesis.registrar.0, Algorithm::Ed25519)?;
    is_named(&genesis.registrar.0, draft, &SignerName::Registrar)?;
    if genesis.founders.is_empty() {
        return Err("a register has at least one founder");
    }
    if !genesis.founders.is_sorted_by(|a, b| a.participant < b.participant) {
        return Err("founders stand in the order of their ids, each once");
    }
    genesis.founders.iter().try_for_each(|seat| check_seat(draft, seat))
}

fn check_seat(draft: &Draft, seat: &Seat) -> Sense {
    check_keys(draft, seat, &seat.roots)?;
    if let Some(recovery) = &seat.recovery {
        check_keys(draft, seat, recovery)?;
        let roots = &seat.roots.keys;
        if recovery.keys.iter().any(|key| roots.iter().any(|root| same_key(&root.0, &key.0))) {
            return Err("one key, one capacity: a root is no recovery key");
        }
    }
    Ok(())
}

fn check_keys(draft: &Draft, seat: &Seat, set: &KeySet) -> Sense {
    if set.keys.is_empty() || set.keys.len() > KEYS_MAX {
        return Err("a set has 1 to 15 keys");
    }
    if set.k == 0 || set.k as usize > set.keys.len() {
        return Err("`k` is 1 to the number of keys");
    }
    for (at, key) in set.keys.iter().enumerate() {
        has_algorithm(&key.0, Algorithm::Ed25519)?;
        let signer = SignerName::from_key_name(&draft.origin, key.0.name().as_str());
        if signer.as_ref().and_then(SignerName::participant) != Some(&seat.participant) {
            return Err("a root's key is named `ORIGIN/PARTICIPANT/LABEL` after its participant");
        }
        if set.keys[..at].iter().any(|other| same_key(&other.0, &key.0)) {
            return Err("each key of a set stands once");
        }
    }
    Ok(())
}

fn same_key(a: &VerifierKey, b: &VerifierKey) -> bool {
    a.name() == b.name() || a.raw() == b.raw()
}

fn check_enrolment(draft: &Draft, enrolment: &KeyEnrolment) -> Sense {
    let Some(participant) = draft.head.by.participant() else {
        return Err("a participant enrols its own keys");
    };
    let signer = SignerName::key(participant, &enrolment.label);
    let KeyEnrolment { vkey, passkey, recipient, .. } = enrolment;
    match enrolment.capacity {
        Capacity::Root | Capacity::Recovery => {
            return Err("roots and recovery keys come by `genesis`, `recover`, or a seat");
        }
        Capacity::Seal => {
            if recipient.is_none() || vkey.is_some() || passkey.is_some() {
                return Err("a `seal` key is an age recipient and nothing else");
            }
        }
        Capacity::Officer => match (vkey, passkey, enrolment.custody) {
            (Some(_), Some(_), Custody::Node) | (Some(_), None, Custody::Hosted | Custody::Device) => {}
            (None, Some(_), Custody::Device) => {}
            _ => return Err("custody `node` has a key and a passkey, `device` one of them, `hosted` a key"),
        },
        Capacity::Intake | Capacity::Node => {
            if vkey.is_none() || passkey.is_some() {
                return Err("a node signs with a key of its own, without a passkey");
            }
        }
    }
    if recipient.is_some() && enrolment.capacity != Capacity::Seal {
        return Err("only a `seal` key has a recipient");
    }
    if let Some(vkey) = vkey {
        let algorithm =
            if enrolment.capacity == Capacity::Intake { Algorithm::Intake } else { Algorithm::Ed25519 };
        has_algorithm(&vkey.0, algorithm)?;
        is_named(&vkey.0, draft, &signer)?;
    }
    if let Some(Passkey { vkey, origins, .. }) = passkey {
        has_algorithm(&vkey.0, Algorithm::WebAuthn)?;
        is_named(&vkey.0, draft, &signer)?;
        if origins.is_empty() || origins.len() > 8 {
            return Err("a passkey has 1 to 8 web origins");
        }
    }
    if let Some(note) = &enrolment.note {
        check_files(std::slice::from_ref(note))?;
    }
    Ok(())
}

fn has_algorithm(vkey: &VerifierKey, algorithm: Algorithm) -> Sense {
    if vkey.algorithm() == algorithm { Ok(()) } else { Err("the key is of another signature type") }
}

fn is_named(vkey: &VerifierKey, draft: &Draft, signer: &SignerName) -> Sense {
    if vkey.name().as_str() == draft.origin.key_name(signer) {
        Ok(())
    } else {
        Err("the key's name is the origin, its participant and its label")
    }
}

fn check_batch(batch: &Batch) -> Sense {
    if batch.annex.is_some() == batch.file.is_some() {
        return Err("a batch has an annex or an exhibit");
    }
    if batch.rows == 0 {
        return Err("a batch has at least one row");
    }
    if batch.window.is_some_and(|w| w.start > w.end) {
        return Err("a window ends after it starts");
    }
    batch.file.iter().try_for_each(|file| check_files(std::slice::from_ref(file)))
}

fn check_files(files: &[File]) -> Sense {
    if files.len() > FILES_MAX {
        return Err("an act files at most 64 exhibits");
    }
    for (at, file) in files.iter().enumerate() {
        check_grants(&file.grants)?;
        if files[..at].iter().any(|other| other.sealed == file.sealed || other.recipient == file.recipient) {
            return Err("each exhibit is sealed by itself, to a recipient of its own");
        }
    }
    Ok(())
}

fn check_grants(grants: &[GrantRef]) -> Sense {
    if grants.is_sorted_by(|a, b| a.to < b.to) {
        Ok(())
    } else {
        Err("grants stand in the order of their receivers, each once")
    }
}

fn check_fields(fields: &Fields) -> Sense {
    fields.values().try_for_each(|value| match value {
        FieldValue::Place(place) if !place.is_on_globe() => Err("a place lies on the globe"),
        FieldValue::Window(window) if window.start > window.end => Err("a window ends after it starts"),
        FieldValue::Several(words) if words.is_empty() => Err("`several` is at least one"),
        FieldValue::Several(words) if !words.is_sorted_by(|a, b| a.to_string() < b.to_string()) => {
            Err("several words stand in the order of their bytes, each once")
        }
        _ => Ok(()),
    })
}

fn is_exhibit(item: &terms::Item) -> Sense {
    if matches!(item.part, terms::ItemPart::Exhibit(_)) {
        Ok(())
    } else {
        Err("expected an exhibit, `ID#f1`")
    }
}

fn is_length(seconds: u64) -> Sense {
    // Ten years: longer than any relief, and far from where sums of times could overflow.
    if (1..=10 * 366 * 86_400).contains(&seconds) { Ok(()) } else { Err("a length is 1 second to 10 years") }
}
