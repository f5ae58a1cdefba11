//! What can be said against a body from the act alone: it has its shape, and makes no sense.

use std::collections::BTreeSet;

use note::{Algorithm, VerifierKey};
use terms::name::is_reserved;
use terms::{Capacity, Code, Custody, Hash, Kind, SignerName};

use super::{
    Batch, Body, Disown, Enrol, Genesis, KeyEnrolment, Open, Passkey, Publish, Seat, SetAside, Step, Succeed,
};
use super::{Transcribe, Transcribed};
use crate::form::{By, Draft};
use crate::freeze::{FreezeBody, FreezeNote};
use crate::value::{
    ANNEX_BYTES_MAX, AnnexRef, FieldValue, Fields, File, GrantRef, KeySet, NoteText, StrandName,
};

/// Most exhibits that one act may file.
pub(crate) const FILES_MAX: usize = 64;

/// Most keys in a set of roots or recovery keys.
pub(crate) const KEYS_MAX: usize = 15;

/// Most grants of one exhibit, fields, and freezes (a policy has at most 15 witnesses).
pub(crate) const GRANTS_MAX: usize = 64;
pub(crate) const FIELDS_MAX: usize = 64;
pub(crate) const FREEZES_MAX: usize = 15;

/// Most strands that one act may name, words in one field, and entries of a set-aside list.
pub(crate) const STRANDS_MAX: usize = 256;
pub(crate) const WORDS_MAX: usize = 256;
pub(crate) const SET_ASIDE_MAX: usize = 256;

type Sense = Result<(), &'static str>;

const REGISTRARS: &str = "a genesis and a mark are by `registrar`, and nothing else is";

pub(crate) fn check(draft: &Draft) -> Sense {
    let registrar_kind = matches!(draft.body.kind(), Kind::Genesis | Kind::Mark);
    if registrar_kind != (draft.head.by == By::Registrar) {
        return Err(REGISTRARS);
    }
    match &draft.body {
        Body::Genesis(genesis) => check_genesis(draft, genesis),
        Body::Enrol(Enrol::Key(enrolment)) => check_enrolment(draft, enrolment),
        Body::Enrol(Enrol::Seat(seat)) => {
            if draft.head.by.participant() == Some(&seat.participant) {
                return Err("nobody seats itself: `recover` gives new roots");
            }
            check_seat(draft, seat)?;
            check_new_roots(draft, seat)
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
        Body::Revoke(revoke) => check_label(&revoke.label),
        Body::Disown(Disown::Key { label, .. }) if is_reserved(label) => check_label(label),
        Body::Disown(Disown::Key { since: 0, .. }) => Err("`since` counts from 1, as `n` does"),
        Body::Mark(mark) => check_checkpoint(draft, &mark.checkpoint),
        Body::Freeze(freeze) => read_freeze(draft, &freeze.note).map(drop),
        Body::Succeed(succeed) => check_succession(draft, succeed),
        Body::Open(open) => check_open(open),
        Body::Step(step) => check_step(step),
        Body::Transcribe(Transcribe { on_behalf_of, what }) => {
            if draft.head.by.participant() == Some(on_behalf_of) {
                return Err("nobody transcribes for itself");
            }
            match what {
                Transcribed::Open(open) => check_open(open),
                Transcribed::Step(step) => check_step(step),
            }
        }
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
            if !keep.exhibits.is_sorted_by(|a, b| a.to_string() < b.to_string()) {
                return Err("exhibits stand in the order of their bytes, each once");
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
        Body::Extend(extend) => check_strands(&extend.strands).and_then(|()| is_length(extend.seconds)),
        Body::Suspend(suspend) => check_strands(&suspend.strands).and_then(|()| is_length(suspend.seconds)),
        Body::Resume(resume) => check_strands(&resume.strands),
        Body::SetAside(set_aside) => check_strands(&set_aside.strands),
        Body::Publish(Publish { matter, annex }) => {
            if matter.is_some() == annex.is_some() {
                return Err("`publish` names a matter or an annex");
            }
            annex.as_ref().map_or(Ok(()), check_annex)
        }
        Body::Disown(_) | Body::Withdraw(_) | Body::Serve(_) | Body::Confirm(_) | Body::Screen(_) => Ok(()),
    }
}

fn check_genesis(draft: &Draft, genesis: &Genesis) -> Sense {
    if genesis.origin != draft.origin {
        return Err("`origin` and line 1 name the same register");
    }
    if genesis.rules == 0 {
        return Err("rules versions count from 1");
    }
    if draft.head.n != 1 || draft.head.prev.is_some() || draft.head.seen.is_some() {
        return Err("a genesis is the first act: its `n` is 1, it has no `prev` and no `seen`");
    }
    let annexes = &genesis.annexes;
    [annexes.instrument, annexes.library, annexes.policy].iter().try_for_each(check_annex)?;
    check_key(&genesis.registrar.0, Algorithm::Ed25519)?;
    is_named(&genesis.registrar.0, draft, &SignerName::Registrar)?;
    if genesis.founders.is_empty() {
        return Err("a register has at least one founder");
    }
    if !genesis.founders.is_sorted_by(|a, b| a.participant < b.participant) {
        return Err("founders stand in the order of their ids, each once");
    }
    genesis.founders.iter().try_for_each(|seat| check_seat(draft, seat))?;
    let recovery = genesis.founders.iter().filter_map(|seat| seat.recovery.as_ref());
    let sets = genesis.founders.iter().map(|seat| &seat.roots).chain(recovery);
    let mut raw = BTreeSet::from([genesis.registrar.0.raw()]);
    if !sets.flat_map(|set| &set.keys).all(|key| raw.insert(key.0.raw())) {
        return Err("one key, one capacity: no key of a genesis stands in it twice");
    }
    check_founding(draft, genesis)
}

/// A founder consents: as many of its roots sign as it asks of itself, and nobody else does.
fn check_founding(draft: &Draft, genesis: &Genesis) -> Sense {
    let signs = |key: &VerifierKey| {
        let name = SignerName::from_key_name(&draft.origin, key.name().as_str());
        name.is_some_and(|name| draft.head.signers.contains(&name))
    };
    let mut roots = 0;
    for seat in &genesis.founders {
        let signing = seat.roots.keys.iter().filter(|key| signs(&key.0)).count();
        if signing < seat.roots.k as usize {
            return Err("each founder signs with at least `k` of its roots");
        }
        roots += signing;
    }
    // The first signer is the registrar.
    if roots + 1 == draft.head.signers.len() {
        Ok(())
    } else {
        Err("a genesis is signed by the registrar and by roots of founders, and by nobody else")
    }
}

/// Who signs a vote for another seat beside its author is a root that the vote gives to that seat.
fn check_new_roots(draft: &Draft, seat: &Seat) -> Sense {
    let mut new = draft.head.signers.iter().filter(|s| s.participant() == Some(&seat.participant));
    let is_root = |signer: &SignerName| {
        let name = draft.origin.key_name(signer);
        seat.roots.keys.iter().any(|key| key.0.name().as_str() == name)
    };
    if new.all(is_root) { Ok(()) } else { Err("who is seated signs with the roots that it is given") }
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
    if !set.keys.is_sorted_by(|a, b| a.0.name() < b.0.name()) {
        return Err("the keys of a set stand in the order of their names, each once");
    }
    for (at, key) in set.keys.iter().enumerate() {
        check_key(&key.0, Algorithm::Ed25519)?;
        let signer = SignerName::from_key_name(&draft.origin, key.0.name().as_str());
        if signer.as_ref().and_then(SignerName::participant) != Some(&seat.participant) {
            return Err("a root's key is named `ORIGIN/PARTICIPANT/LABEL` after its participant");
        }
        if set.keys[..at].iter().any(|other| other.0.raw() == key.0.raw()) {
            return Err("a set has no key under two names");
        }
    }
    Ok(())
}

fn same_key(a: &VerifierKey, b: &VerifierKey) -> bool {
    a.name() == b.name() || a.raw() == b.raw()
}

fn check_enrolment(draft: &Draft, enrolment: &KeyEnrolment) -> Sense {
    let By::Participant(participant) = &draft.head.by else { return Err(REGISTRARS) };
    check_label(&enrolment.label)?;
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
        check_key(&vkey.0, algorithm)?;
        is_named(&vkey.0, draft, &signer)?;
    }
    if let Some(Passkey { vkey, origins, .. }) = passkey {
        check_key(&vkey.0, Algorithm::WebAuthn)?;
        is_named(&vkey.0, draft, &signer)?;
        if origins.is_empty() || origins.len() > 8 {
            return Err("a passkey has 1 to 8 web origins");
        }
        if !origins.is_sorted_by(|a, b| a < b) {
            return Err("web origins stand in the order of their bytes, each once");
        }
    }
    if let Some(note) = &enrolment.note {
        check_files(std::slice::from_ref(note))?;
    }
    Ok(())
}

fn check_label(label: &Code) -> Sense {
    if is_reserved(label) { Err("a key's label is none of the reserved words") } else { Ok(()) }
}

/// A key that may be enrolled: of this type, in its one spelling, and no key under which others sign.
fn check_key(vkey: &VerifierKey, algorithm: Algorithm) -> Sense {
    if vkey.algorithm() != algorithm {
        return Err("the key is of another signature type");
    }
    vkey.enrollable().map_err(|_| "the key is no point of prime order in its one spelling")
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
    if batch.rows == 0 || batch.rows > u64::from(u32::MAX) {
        return Err("a batch has 1 to 4,294,967,295 rows");
    }
    if batch.window.is_some_and(|w| w.start > w.end) {
        return Err("a window ends after it starts");
    }
    batch.annex.iter().try_for_each(check_annex)?;
    batch.file.iter().try_for_each(|file| check_files(std::slice::from_ref(file)))
}

/// Three lines of a checkpoint of this register. Whether they are true, the register knows (TIME T5).
fn check_checkpoint(draft: &Draft, note: &NoteText) -> Sense {
    let good = note.read().is_ok_and(|note| {
        let lines: Vec<&str> = note.text().lines().collect();
        let [origin, size, root] = lines[..] else { return false };
        origin == draft.origin.as_str()
            && size.parse().is_ok_and(|n: u64| n > 0 && n.to_string() == size)
            && Hash::from_base64(root).is_some()
    });
    if good { Ok(()) } else { Err("a mark has a checkpoint of this register: origin, size and root") }
}

fn read_freeze(draft: &Draft, note: &NoteText) -> Result<FreezeNote, &'static str> {
    let read = note.read().ok().filter(|note| note.signatures().len() == 1);
    let freeze = read.and_then(|note| FreezeNote::parse(note.text()).ok());
    let ours = |freeze: &FreezeNote| freeze.origin == draft.origin && Some(freeze.genesis) == draft.genesis;
    let freeze =
        freeze.filter(ours).ok_or("a freeze is a freeze note of this register, with one signature")?;
    check_key(&freeze.body.registrar.0, Algorithm::Ed25519)?;
    is_named(&freeze.body.registrar.0, draft, &SignerName::Registrar)?;
    Ok(freeze)
}

fn check_succession(draft: &Draft, succeed: &Succeed) -> Sense {
    check_key(&succeed.registrar.0, Algorithm::Ed25519)?;
    is_named(&succeed.registrar.0, draft, &SignerName::Registrar)?;
    if succeed.freezes.is_empty() || succeed.freezes.len() > FREEZES_MAX {
        return Err("a succession rests on 1 to 15 freezes");
    }
    if !succeed.freezes.is_sorted_by(|a, b| a.as_str() < b.as_str()) {
        return Err("freezes stand in the order of their bytes, each once");
    }
    if succeed.size == 0 {
        return Err("a succession keeps at least the genesis");
    }
    let freezes = succeed.freezes.iter().map(|note| read_freeze(draft, note).map(|freeze| freeze.body));
    let freezes = freezes.collect::<Result<Vec<_>, _>>()?;
    let frozen = freezes[0].registrar.0.raw();
    if freezes.iter().any(|freeze| freeze.registrar.0.raw() != frozen) {
        return Err("the freezes of a succession are of one key");
    }
    if frozen == succeed.registrar.0.raw() {
        return Err("a succession goes to another key than the frozen one");
    }
    let mut largest = freezes.iter().filter(|freeze| freeze.size >= succeed.size).peekable();
    let base = |freeze: &FreezeBody| freeze.size == succeed.size && freeze.root == succeed.root;
    if largest.peek().is_none() || !largest.all(base) {
        return Err("a succession goes on from the largest size frozen, and its root");
    }
    succeed.policy.iter().try_for_each(check_annex)?;
    check_set_asides(&succeed.set_aside)
}

/// Each strand goes back to one state only.
fn check_set_asides(list: &[SetAside]) -> Sense {
    if list.len() > SET_ASIDE_MAX {
        return Err("a succession sets aside at most 256 strands or matters");
    }
    let mut whole = BTreeSet::new();
    let mut strands = BTreeSet::new();
    for SetAside { matter, strands: named, .. } in list {
        check_strands(named)?;
        let new = if named.is_empty() {
            whole.insert(matter)
        } else {
            named.iter().all(|strand| strands.insert((matter, strand)))
        };
        if !new {
            return Err("each strand is set aside once");
        }
    }
    if strands.iter().any(|(matter, _)| whole.contains(matter)) {
        return Err("each strand is set aside once");
    }
    Ok(())
}

fn check_open(open: &Open) -> Sense {
    check_fields(&open.fields)?;
    check_strands(&open.strands)?;
    check_files(&open.files)
}

fn check_step(step: &Step) -> Sense {
    check_strands(&step.strands)?;
    check_fields(&step.fields)?;
    check_files(&step.files)
}

/// Their order is the author's: the first that fails gives the reason (PROCEDURE §3).
fn check_strands(strands: &[StrandName]) -> Sense {
    if strands.len() > STRANDS_MAX {
        return Err("an act names at most 256 strands");
    }
    let distinct: BTreeSet<_> = strands.iter().collect();
    if distinct.len() == strands.len() { Ok(()) } else { Err("each strand is named once") }
}

fn check_annex(annex: &AnnexRef) -> Sense {
    if (1..=ANNEX_BYTES_MAX).contains(&annex.size) {
        Ok(())
    } else {
        Err("an annex has 1 to 67,108,864 bytes")
    }
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
    if grants.len() > GRANTS_MAX {
        return Err("an exhibit is granted to at most 64 participants in one act");
    }
    if grants.is_sorted_by(|a, b| a.to < b.to) {
        Ok(())
    } else {
        Err("grants stand in the order of their receivers, each once")
    }
}

fn check_fields(fields: &Fields) -> Sense {
    if fields.len() > FIELDS_MAX {
        return Err("an act has at most 64 fields");
    }
    fields.values().try_for_each(|value| match value {
        FieldValue::Place(place) if !place.is_on_globe() => Err("a place lies on the globe"),
        FieldValue::Window(window) if window.start > window.end => Err("a window ends after it starts"),
        FieldValue::Annex(annex) => check_annex(annex),
        FieldValue::Several(words) if words.is_empty() || words.len() > WORDS_MAX => {
            Err("several words are 1 to 256")
        }
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
