//! A refusal on a ground that does not hold (C8).
//!
//! What is shown, by ground:
//! - `form`: on the submission's bytes: they are an act of this register in the form it must have;
//! - `signature`: each line holds, by keys that the genesis names or entries below that size enrol;
//! - `number`, `previous`, `duplicate`: where the key's chain stood at that size. The last act below
//!   can't be shown to be the last; but the act that came after it says so, by its `prev`;
//! - `key`: entries below that size enrol the keys, and each of them signed an act of this sort later:
//!   a key that is over signs no more, so it was not over;
//! - `quota`: a thousand entries are no small file: by replay.

use act::form::By;
use act::{Body, Entry, Refusal, Submission};
use note::{Algorithm, Check, Intake, KeyName, SignatureLine};
use terms::{Capacity, RefusalGround, SignerName};

use super::Shown;
use super::anchor::{Anchor, entry};
use super::file::FalseRefusal;
use super::malformed::{chain, keys, known_ground};
use super::registrar::registrar;
use super::unconfirmed::Unconfirmed;

/// C8.
pub(super) fn is_false(anchor: &Anchor, shows: &FalseRefusal) -> Shown {
    let key = anchor
        .registrar_under(KeyName::signer(&anchor.origin, &SignerName::Registrar), Algorithm::Ed25519)?;
    let text = anchor.signed_by(&shows.refusal, &key, "refusal")?;
    let refusal = Refusal::parse(&text).map_err(|why| Unconfirmed::Unreadable("refusal", why))?;
    if refusal.origin != anchor.origin || refusal.genesis != anchor.genesis {
        return Err(Unconfirmed::OtherRegisterQuoted("refusal"));
    }
    let refusal = refusal.body;
    if terms::Hash::of(&shows.submission.0) != refusal.submission {
        return Err(Unconfirmed::NothingShown("the refusal is of another submission"));
    }
    // Bytes that are none had to be refused, on the first ground there is.
    let submission = Submission::parse(&shows.submission.0)
        .map_err(|_| Unconfirmed::NothingShown("what was refused is no submission"))?;
    if !anchor.owns(submission.act()) || submission.act().head().by == By::Registrar {
        return Err(Unconfirmed::NothingShown("what was refused is no participant's act of this register"));
    }
    let (below, later) = entries(anchor, shows, refusal.size)?;
    let shown = match refusal.ground {
        RefusalGround::Form => true,
        RefusalGround::Signature => all_lines_hold(anchor, &submission, &below)?,
        RefusalGround::Number | RefusalGround::Previous | RefusalGround::Duplicate => {
            chain_allows(anchor, refusal.ground, &submission, &below, &later)
        }
        RefusalGround::Key => keys_were_live(anchor, &submission, &below, &later)?,
        RefusalGround::Quota => false,
    };
    if !shown {
        return Err(Unconfirmed::NothingShown("the refusal's ground is not shown to be false"));
    }
    let deed =
        format!("a refusal on the ground `{}` at size {}, which does not hold", refusal.ground, refusal.size);
    let facts = vec![
        ("ground", refusal.ground.to_string()),
        ("size", refusal.size.to_string()),
        ("submission", refusal.submission.to_string()),
        ("act", submission.act().id().to_string()),
    ];
    Ok((registrar(anchor), deed, facts))
}

type Placed = Vec<(u64, Entry)>;

/// The quoted entries, below the size that the refusal was judged at, and from there on.
fn entries(anchor: &Anchor, shows: &FalseRefusal, size: u64) -> Result<(Placed, Placed), Unconfirmed> {
    let Some(quoted) = &shows.checkpoint else {
        return if shows.entries.is_empty() {
            Ok(Default::default())
        } else {
            Err(Unconfirmed::NotIncluded("entries"))
        };
    };
    let (checkpoint, _) = anchor.final_checkpoint(quoted)?;
    let mut placed = Vec::new();
    for leaf in &shows.entries {
        placed.push((leaf.index, entry(leaf, &checkpoint, "entries")?));
    }
    placed.sort_by_key(|(index, _)| *index);
    let later = placed.split_off(placed.partition_point(|(index, _)| *index < size));
    Ok((placed, later))
}

/// Whether each signature line holds, by stock verifiers too: a registrar may refuse what those would.
fn all_lines_hold(anchor: &Anchor, submission: &Submission, below: &Placed) -> Result<bool, Unconfirmed> {
    let keys = keys(anchor, below)?;
    let act = submission.act();
    for (signer, line) in act.head().signers.iter().zip(submission.signatures()) {
        let Some(key) = keys.get(signer) else { return Ok(false) };
        if known_ground(key, act.id(), act.text(), line, assertion_of(submission, line)).is_some() {
            return Ok(false);
        }
        let check = key.vkey.as_ref().map(|vkey| vkey.check(act.text(), line));
        if !check.is_none_or(|check| check.is_ok_and(|check| check.passes_cofactorless())) {
            return Ok(false);
        }
    }
    let holds = |check: Check| check.passes() && check.passes_cofactorless();
    for line in submission.intakes() {
        let signer = SignerName::from_key_name(&anchor.origin, line.name.as_str());
        let key = signer.and_then(|signer| keys.get(&signer)).and_then(|key| key.vkey.as_ref());
        let check = key.and_then(|key| Intake::check(line, key, act.id()).ok());
        if !check.is_some_and(|(_, check)| holds(check)) {
            return Ok(false);
        }
    }
    // The stamp inside an `intake` is a signature too; a refusal of it is left to replay.
    Ok(!matches!(act.body(), Body::Intake(_)))
}

fn assertion_of<'a>(submission: &'a Submission, line: &SignatureLine) -> Option<&'a SignatureLine> {
    submission.assertions().iter().find(|other| other.name == line.name)
}

/// Whether the key's chain, as it stood at that size, allows the act on this ground.
fn chain_allows(
    anchor: &Anchor,
    ground: RefusalGround,
    submission: &Submission,
    below: &Placed,
    later: &Placed,
) -> bool {
    let head = submission.act().head();
    let Some(first) = head.signers.first() else { return false };
    let last = chain(anchor, first, below).last().copied();
    // The next act of the key, from that size on: its `prev` says which was the last one below.
    let mut own =
        later.iter().map(|(_, read)| read.act()).filter(|act| act.head().signers.first() == Some(first));
    let next = own.find(|act| act.head().prev == last.map(|(_, _, id)| id));
    let Some(next) = next else { return false };
    let rises = last.is_none_or(|(_, n, _)| head.n > n);
    match ground {
        RefusalGround::Number => rises,
        RefusalGround::Previous => head.prev == last.map(|(_, _, id)| id),
        // A second copy, handed in while the first is on its way in, may rightly be refused.
        RefusalGround::Duplicate => rises && next.id() != submission.act().id(),
        _ => false,
    }
}

/// Whether an officer's act was by keys that were enrolled by then and signed such acts after.
fn keys_were_live(
    anchor: &Anchor,
    submission: &Submission,
    below: &Placed,
    later: &Placed,
) -> Result<bool, Unconfirmed> {
    let keys = keys(anchor, below)?;
    let act = submission.act();
    // What roots sign depends on thresholds and on keys that stand elsewhere; stamps on more keys.
    let plain = !matches!(
        act.body(),
        Body::Enrol(_) | Body::Revoke(_) | Body::Disown(_) | Body::Recover(_) | Body::Intake(_)
    );
    if !plain || !submission.intakes().is_empty() {
        return Ok(false);
    }
    let signed_later =
        |signer: &SignerName| later.iter().any(|(_, read)| read.act().head().signers.contains(signer));
    Ok(act.head().signers.iter().zip(submission.signatures()).all(|(signer, line)| {
        keys.get(signer).is_some_and(|key| {
            let ground = known_ground(key, act.id(), act.text(), line, assertion_of(submission, line));
            let lines_fit = ground.is_none_or(|(ground, _)| ground != RefusalGround::Key);
            key.capacity == Capacity::Officer && !key.over && lines_fit && signed_later(signer)
        })
    }))
}
