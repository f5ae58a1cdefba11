//! What the roots sign of who may act for the participant: that a passkey is enrolled, that a key ends; where they lie here at
//! once, else by a file that comes back signed.

use act::Body;
use act::body::{self, Enrol, KeyEnrolment};
use act::value::{Office, Vkey};
use node::drafted::Drafted;
use node::evidence::Evidence;
use node::{Fault, Node};
use note::VerifierKey;
use store::Passkey;
use terms::{Capacity, Code, Custody, SignerName};

use super::{back, named};
use crate::desk::{Desk, Held};
use crate::signing::must_have_room;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;

/// The enrolment of a passkey that waits.
fn enrolment(made: &Passkey) -> Result<Body, Sorry> {
    let garbled = || Sorry::Broken("what is kept of a passkey is garbled".to_owned());
    let passkey = body::Passkey {
        vkey: Vkey(VerifierKey::parse(&made.vkey).map_err(|_| garbled())?),
        rp: made.rp.clone().try_into().map_err(|_| garbled())?,
        origins: vec![made.origin.clone().try_into().map_err(|_| garbled())?],
    };
    Ok(Body::Enrol(Enrol::Key(KeyEnrolment {
        label: made.label.clone(),
        capacity: Capacity::Officer,
        vkey: None,
        passkey: Some(passkey),
        recipient: None,
        custody: Custody::Device,
        office: Office::new(made.office.clone()).map_err(|_| garbled())?,
        note: None,
    })))
}

/// As many roots as it takes: those that lie here first.
fn roots(node: &Node) -> Vec<SignerName> {
    let Some(seat) = node.ledger().seats().get(node.me()) else { return Vec::new() };
    let is_here = |signer: &SignerName| node.keyring().get(&node.origin().key_name(signer)).is_some();
    let mut all: Vec<SignerName> = seat.roots.keys.iter().cloned().collect();
    all.sort_by_key(|signer| !is_here(signer));
    all.truncate(seat.roots.k as usize);
    all
}

/// Enrols it at once, by the roots that lie here.
pub(crate) fn enrol(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let mut body = enrolment(&named(desk, asked)?)?;
    let note = asked.sent("note").map(str::trim).unwrap_or_default();
    must_have_room(desk)?;
    let _turn = desk.signing();
    let done = desk.work(|node, now| {
        let done = nominate(node, &mut body, note).and_then(|()| {
            let act = node.write(roots(node), body.clone(), now)?;
            node.submit(&node.sign(act, None)?, now)
        });
        if done.is_err() {
            node.take_back(&body)?;
        }
        done
    });
    Ok(back(desk, said(done.map(|_| ()), "enrolled")?))
}

/// Seals a nominating note, for the participant itself.
fn nominate(node: &Node, body: &mut Body, note: &str) -> Result<(), Fault> {
    let Body::Enrol(Enrol::Key(key)) = body else { return Ok(()) };
    if note.is_empty() {
        return Ok(());
    }
    let evidence = Evidence {
        plain: &mut note.as_bytes(),
        bytes: note.len() as u64,
        media_type: "text/plain",
        name: Some("note.txt"),
    };
    key.note = Some(node.seal(evidence, &[], &mut |_, _| {})?.0);
    Ok(())
}

/// What the page says of it then.
fn said(done: Result<(), Fault>, good: &'static str) -> Result<&'static str, Sorry> {
    match done {
        Ok(()) => Ok(good),
        Err(Fault::Refused { ground, .. }) => Ok(ground.as_str()),
        Err(Fault::NoKey(_)) => Ok("unsigned"),
        Err(other) => Err(other.into()),
    }
}

/// What the roots can say now of the key that a path names: its end, if it is on record, and its enrolment else.
fn wanted(desk: &Desk, asked: &Asked) -> Result<Body, Sorry> {
    let label = Code::new(asked.part("officer")).ok_or(Sorry::NotFound)?;
    let held = desk.held();
    let is_on_record = held.replay().ledger().keys().contains_key(&SignerName::key(held.me(), &label));
    if is_on_record { end(desk, asked) } else { enrolment(&named(desk, asked)?) }
}

/// The end of an officer's key that is in force.
fn end(desk: &Desk, asked: &Asked) -> Result<Body, Sorry> {
    let label = Code::new(asked.part("officer")).ok_or(Sorry::NotFound)?;
    let held = desk.held();
    let key =
        held.replay().ledger().keys().get(&SignerName::key(held.me(), &label)).ok_or(Sorry::NotFound)?;
    if key.capacity != Capacity::Officer {
        return Err(Sorry::NotFound);
    }
    if key.ended.is_some() {
        return Err(Sorry::Done);
    }
    Ok(Body::Revoke(body::Revoke { label }))
}

/// Whether the end of a key of ours is signed, and on its way.
pub(super) fn is_ending(held: &Held, label: &str) -> bool {
    held.on_their_way().iter().any(|submission| match submission.act().body() {
        Body::Revoke(revoke) => {
            revoke.label.as_str() == label && submission.act().head().by.participant() == Some(held.me())
        }
        _ => false,
    })
}

/// Ends a key at once, by the roots that lie here, if it is meant.
pub(crate) fn revoke(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let body = end(desk, asked)?;
    if asked.sent("meant").is_none() {
        return Ok(back(desk, "not-meant"));
    }
    must_have_room(desk)?;
    let _turn = desk.signing();
    // Pressed twice it is said once.
    if is_ending(&desk.held(), asked.part("officer")) {
        return Ok(back(desk, "revoked"));
    }
    let done = desk.work(|node, now| {
        let act = node.write(roots(node), body, now)?;
        node.submit(&node.sign(act, None)?, now)
    });
    Ok(back(desk, said(done.map(|_| ()), "revoked")?))
}

/// The act as a file, for roots that lie elsewhere.
pub(crate) fn draft(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let body = wanted(desk, asked)?;
    let name = format!("{}-{}.json", body.kind().as_str(), asked.part("officer"));
    let act = desk.work(|node, now| node.write(roots(node), body, now))?;
    Ok(Answer::TakeAway(name, "application/json", Drafted::new(&act).bytes()))
}

/// Takes the file back, signed, and hands it in.
pub(crate) fn signed(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let body = wanted(desk, asked)?;
    let read = asked.sent("draft").and_then(|text| Drafted::read(text.as_bytes()).ok().flatten());
    let Some((act, draft)) = read.and_then(|draft| Some((draft.act().ok()?, draft))) else {
        return Ok(back(desk, "garbled"));
    };
    if *act.body() != body {
        return Ok(back(desk, "other"));
    }
    if draft.missing().is_ok_and(|missing| !missing.is_empty()) {
        return Ok(back(desk, "unsigned"));
    }
    let Ok(submission) = draft.submission() else { return Ok(back(desk, "garbled")) };
    must_have_room(desk)?;
    let _turn = desk.signing();
    let done = desk.work(|node, now| {
        // Another node's word is judged before it is carried anywhere.
        if let Err(ground) = node.judge(&submission, now)? {
            return Err(Fault::Refused { ground, why: String::new() });
        }
        node.submit(&submission, now)
    });
    let note = if matches!(body, Body::Revoke(_)) { "revoked" } else { "enrolled" };
    Ok(back(desk, said(done.map(|_| ()), note)?))
}
