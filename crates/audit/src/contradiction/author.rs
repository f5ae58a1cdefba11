//! What convicts a participant's key: as author, as intake, as mirror (C9, C13–C15); and what looks
//! like it and convicts nobody (C16).

use act::{Act, StateNote, Submission};
use note::Intake;
use terms::{Capacity, SignerName};

use super::anchor::Anchor;
use super::file::{AuthorFork, ChainReplayed, FalseStateNote, Quoted, SignedAct, Stamped, TwoStamps};
use super::key::ProvenKey;
use super::registrar::registrar;
use super::unconfirmed::Unconfirmed;
use super::{Convict, Shown};

/// C9. The chain of `n` is the first signer's: what a key signs as a second uses up no number of its own
/// (DECISIONS, *head of an act*). Signing uses a number up, whether or not the others signed too.
pub(super) fn fork(anchor: &Anchor, shows: &AuthorFork) -> Shown {
    let key = ProvenKey::new(anchor, &shows.key)?;
    let signs_acts = [None, Some(Capacity::Officer), Some(Capacity::Root), Some(Capacity::Recovery)];
    if !signs_acts.contains(&key.capacity) {
        return Err(Unconfirmed::KeyUnproven("it is no key that signs acts"));
    }
    let a = authored(anchor, &key, &shows.a, "a")?;
    let b = authored(anchor, &key, &shows.b, "b")?;
    if a.head().n != b.head().n {
        return Err(Unconfirmed::NothingShown("the acts have two numbers"));
    }
    if a.id() == b.id() {
        return Err(Unconfirmed::NothingShown("it is one act"));
    }
    let deed = format!("two acts with the number {}", a.head().n);
    let facts =
        vec![("n", a.head().n.to_string()), ("act a", a.id().to_string()), ("act b", b.id().to_string())];
    let convict = named(anchor, &key, |participant, label, key| Convict::Author { participant, label, key })?;
    Ok((convict, deed, facts))
}

fn authored(
    anchor: &Anchor,
    key: &ProvenKey,
    signed: &SignedAct,
    what: &'static str,
) -> Result<Act, Unconfirmed> {
    let act = anchor.act(&signed.act, what)?;
    if act.head().signers.first() != Some(&key.signer) {
        return Err(Unconfirmed::NothingShown("the key is not the act's first signer"));
    }
    key.signed(act.id(), act.text(), signed, what)?;
    Ok(act)
}

/// C13.
pub(super) fn intake_fork(anchor: &Anchor, shows: &TwoStamps) -> Shown {
    let (key, a, b) = two_stamps(anchor, shows)?;
    if a.previous != b.previous {
        return Err(Unconfirmed::NothingShown("the stamps follow on two different ones"));
    }
    if a.hash() == b.hash() {
        return Err(Unconfirmed::NothingShown("it is one stamp"));
    }
    Ok((intake_key(anchor, &key)?, "two stamps that follow on the same one".to_owned(), stamp_facts(&a, &b)))
}

/// C14.
pub(super) fn intake_backwards(anchor: &Anchor, shows: &TwoStamps) -> Shown {
    let (key, a, b) = two_stamps(anchor, shows)?;
    if b.previous != a.hash() {
        return Err(Unconfirmed::NothingShown("the second stamp does not follow on the first"));
    }
    if b.time >= a.time {
        return Err(Unconfirmed::NothingShown("the second stamp is no earlier than the first"));
    }
    let deed = format!("a stamp of {}, which follows on its stamp of {}", b.time, a.time);
    Ok((intake_key(anchor, &key)?, deed, stamp_facts(&a, &b)))
}

/// Two stamps on acts of this register. The stamp itself does not name the register: the act's text
/// does, and the stamp names the act.
fn two_stamps(anchor: &Anchor, shows: &TwoStamps) -> Result<(ProvenKey, Intake, Intake), Unconfirmed> {
    let key = ProvenKey::new(anchor, &shows.key)?;
    let vkey = key.vkey.clone().filter(|_| key.capacity == Some(Capacity::Intake));
    let vkey = vkey.ok_or(Unconfirmed::KeyUnproven("it is no intake key"))?;
    let stamp = |stamped: &Stamped, what| {
        let act = anchor.act(&stamped.act, what)?;
        Intake::verify(&vkey.line(stamped.stamp.0.clone()), &vkey, act.id())
            .map_err(|_| Unconfirmed::Unsigned(what))
    };
    let (a, b) = (stamp(&shows.a, "a")?, stamp(&shows.b, "b")?);
    Ok((key, a, b))
}

fn stamp_facts(a: &Intake, b: &Intake) -> Vec<(&'static str, String)> {
    vec![
        ("act a", a.act.to_string()),
        ("time of a", a.time.to_string()),
        ("previous of a", a.previous.to_string()),
        ("act b", b.act.to_string()),
        ("time of b", b.time.to_string()),
        ("previous of b", b.previous.to_string()),
    ]
}

/// C15.
pub(super) fn false_state_note(anchor: &Anchor, shows: &FalseStateNote) -> Shown {
    let key = ProvenKey::new(anchor, &shows.key)?;
    let vkey = key.vkey.clone().filter(|_| key.capacity == Some(Capacity::Node));
    let vkey = vkey.ok_or(Unconfirmed::KeyUnproven("it is no key that signs state notes"))?;
    let note = |quoted: &Quoted, what: &'static str| {
        let text = anchor.signed_by(quoted, &vkey, what)?;
        let note = StateNote::parse(&text).map_err(|why| Unconfirmed::Unreadable(what, why))?;
        if note.origin == anchor.origin && note.genesis == anchor.genesis {
            Ok(note.body)
        } else {
            Err(Unconfirmed::OtherRegisterQuoted(what))
        }
    };
    let (a, b) = (note(&shows.a, "a")?, note(&shows.b, "b")?);
    if (a.rules, a.size, a.root, a.as_of) != (b.rules, b.size, b.root, b.as_of) {
        return Err(Unconfirmed::NothingShown("the notes are about two different replays"));
    }
    if (a.lines, a.state) == (b.lines, b.state) {
        return Err(Unconfirmed::NothingShown("the notes give one state"));
    }
    let deed = format!("two states for one replay of size {} as of {}", a.size, a.as_of);
    let facts = vec![
        ("size", a.size.to_string()),
        ("as of", a.as_of.to_string()),
        ("state a", a.state.to_string()),
        ("state b", b.state.to_string()),
    ];
    let convict = named(anchor, &key, |participant, label, key| Convict::Node { participant, label, key })?;
    Ok((convict, deed, facts))
}

/// C16: the same act handed in twice, with other signatures' bytes or other stamps. Its id is one, so
/// the second is refused as a duplicate; anybody can do it, and nobody is to blame.
pub(super) fn chain_replayed(anchor: &Anchor, shows: &ChainReplayed) -> Shown {
    let read = |quoted: &Quoted, what: &'static str| {
        let submission =
            Submission::parse(&quoted.0).map_err(|fault| Unconfirmed::Unreadable(what, fault.to_string()))?;
        if anchor.owns(submission.act()) {
            Ok(submission)
        } else {
            Err(Unconfirmed::OtherRegisterQuoted(what))
        }
    };
    let (a, b) = (read(&shows.a.submission, "a")?, read(&shows.b.submission, "b")?);
    if a.act().id() != b.act().id() {
        return Err(Unconfirmed::NothingShown("the submissions are of two acts"));
    }
    if a == b {
        return Err(Unconfirmed::NothingShown("it is one submission"));
    }
    let deed = format!("The act {} was handed in twice; that is nobody's fault.", a.act().id());
    Ok((Convict::Nobody, deed, vec![("act", a.act().id().to_string())]))
}

fn intake_key(anchor: &Anchor, key: &ProvenKey) -> Result<Convict, Unconfirmed> {
    named(anchor, key, |participant, label, key| Convict::Intake { participant, label, key })
}

fn named(
    anchor: &Anchor,
    key: &ProvenKey,
    convict: impl FnOnce(terms::ParticipantId, terms::Code, note::VerifierKey) -> Convict,
) -> Result<Convict, Unconfirmed> {
    let vkey = key.named().cloned().ok_or(Unconfirmed::KeyUnproven("it signs nothing"))?;
    Ok(match &key.signer {
        SignerName::Registrar => registrar(anchor),
        SignerName::Key { participant, label } => convict(participant.clone(), label.clone(), vkey),
    })
}
