//! Notes beside a register: receipts, refusals, state notes, freezes, checkpoints on their way to a quorum.

use std::collections::BTreeSet;

use act::Refusal;
use act::freeze::FreezeNote;
use act::state::{StateBody, StateNote};
use docket::v1::replay::Replay;
use note::{KeyName, Note, Receipt};
use terms::{Hash, Instant};
use tlog::witness::AddCheckpoint;
use tlog::{Checkpoint, CosignedCheckpoint, Policy, verify_consistency};

use crate::pass::Passed;
use crate::report::Report;
use crate::source::Source;

/// The largest note beside a register.
pub(crate) const NOTE_BYTES_MAX: u64 = 1 << 20;

pub(crate) fn path(hash: &Hash) -> String {
    format!("note/{}", hash.to_hex())
}

/// What a note says of the register: how large it is, and at that size, where it says so, root and state.
pub(crate) struct Claim {
    pub(crate) size: u64,
    pub(crate) root: Option<Hash>,
    pub(crate) state: Option<StateBody>,
    /// Which submission it refuses.
    pub(crate) refused: Option<Hash>,
    /// Which submission it promises to stand at which index.
    pub(crate) promised: Option<(u64, Hash)>,
    /// Whether it is a checkpoint, and so the registrar's.
    checkpoint: Option<CosignedCheckpoint>,
}

/// Reads what a note says, whoever signed it.
pub(crate) fn claim(bytes: &[u8]) -> Option<Claim> {
    let note = Note::parse(bytes, 16).ok()?;
    let text = note.text();
    let of = |size, root| Claim { size, root, state: None, refused: None, promised: None, checkpoint: None };
    if let Some((_, _, receipt)) = Receipt::read_note(&note) {
        let promised = Some((receipt.index, receipt.submission));
        return Some(Claim { promised, ..of(receipt.index.saturating_add(1), None) });
    }
    if let Ok(refusal) = Refusal::parse(text) {
        return Some(Claim { refused: Some(refusal.body.submission), ..of(refusal.body.size, None) });
    }
    if let Ok(StateNote { body, .. }) = StateNote::parse(text) {
        return Some(Claim { state: Some(body), ..of(body.size, Some(body.root)) });
    }
    if let Ok(freeze) = FreezeNote::parse(text) {
        return Some(of(freeze.body.size, Some(freeze.body.root)));
    }
    let cosigned = CosignedCheckpoint::from_note(note).ok()?;
    let checkpoint = cosigned.checkpoint();
    Some(Claim { checkpoint: Some(cosigned.clone()), ..of(checkpoint.size, Some(checkpoint.root)) })
}

pub(crate) fn check_all(source: &dyn Source, notes: &BTreeSet<Hash>, passed: &Passed, report: &mut Report) {
    for hash in notes {
        let path = path(hash);
        match source.read(&path, NOTE_BYTES_MAX) {
            Ok(Some(bytes)) if Hash::of(&bytes) != *hash => {
                report.wrong("audit::hash", &path, None, "its bytes have not the hash that it is named by");
            }
            Ok(Some(bytes)) => match check_any_note(&bytes, passed) {
                Ok(()) => {
                    report.counts.notes += 1;
                    if let Some(claim) = claim(&bytes) {
                        check_claim(&claim, &path, passed, report);
                    }
                }
                // It may be by a key that is not known.
                Err(_) if passed.is_cut_short() => {}
                Err(what) => report.wrong("audit::note", &path, None, what),
            },
            Ok(None) => {}
            Err(error) => report.unread(source, "audit::unreadable", &path, None, error),
        }
    }
}

/// The file in which a bundle asks a witness.
pub(crate) const ASKED: &str = "witness/add-checkpoint";

/// What a bundle asks a witness to cosign: a note like any other, and the proof that it goes on from what is
/// said to be cosigned.
pub(crate) fn check_asked(asked: &AddCheckpoint, passed: &Passed, report: &mut Report) {
    let bytes = asked.checkpoint.to_bytes();
    if let Err(what) = check_any_note(&bytes, passed) {
        // It may be by a key that is not known.
        if !passed.is_cut_short() {
            report.wrong("audit::note", ASKED, None, what);
        }
        return;
    }
    report.counts.notes += 1;
    let before = report.wrongs.len();
    if let Some(claim) = claim(&bytes) {
        check_claim(&claim, ASKED, passed, report);
    }
    if report.wrongs.len() == before
        && let Some(what) = leads_astray(asked, passed)
    {
        report.wrong("audit::note", ASKED, None, what);
    }
}

/// What is wrong with the proof of what a witness is asked.
fn leads_astray(asked: &AddCheckpoint, passed: &Passed) -> Option<String> {
    let AddCheckpoint { old, proof, checkpoint } = asked;
    let Checkpoint { size, root, .. } = checkpoint.checkpoint();
    if old > size {
        return Some(format!("it says that {old} entries were cosigned, and asks for {size}"));
    }
    let astray = match passed.roots.get(old) {
        // Nothing was cosigned, and anything goes on from there.
        _ if *old == 0 => !proof.is_empty(),
        Some(from) => verify_consistency(*old, from, *size, root, proof).is_err(),
        // Of more than is here, which is remarked; or entries can't be read, which was said.
        None => false,
    };
    astray.then(|| format!("its proof does not lead from the entries' root at size {old} to that at {size}"))
}

/// What a note says against the entries. A checkpoint that is not of them is the registrar's lie, and the
/// register is wrong; what a node or a witness says is its own, and is remarked.
fn check_claim(claim: &Claim, path: &str, passed: &Passed, report: &mut Report) {
    let Claim { size, .. } = *claim;
    let other = claim.root.is_some_and(|root| passed.roots.get(&size).is_some_and(|ours| *ours != root));
    let replayed = claim.state.zip(passed.states.get(&size).copied());
    let broken = claim.promised.filter(|(index, submission)| {
        *index < passed.size && passed.traces.entered.get(submission) != Some(index)
    });
    if let Some((index, _)) = broken {
        let what = "the registrar gave a receipt for another submission at this index";
        report.wrong("audit::receipt_broken", path, Some(index), what);
    } else if other && claim.checkpoint.is_some() {
        let what = format!("the registrar signed another past at size {size} than the entries are");
        report.wrong("audit::fork", path, None, what);
    } else if other {
        report.remarks.push(format!(
            "{path} has another root at size {size} than the entries: whoever signed it saw another register, \
             or lied."
        ));
    } else if let Some((said, ours)) = replayed.filter(|(said, ours)| differ(said, ours)) {
        report.remarks.push(format!(
            "{path} has the state {} at size {size}, and replay comes to {}: two such notes by one key would \
             convict it (C15).",
            said.state, ours.state
        ));
    } else if size > passed.size && passed.whole {
        report.remarks.push(format!("{path} is of {size} entries, and {} are here.", passed.size));
    }
    if let Some(cosigned) = claim.checkpoint.as_ref().filter(|_| !other)
        && let Some(latest) = passed.latest.get(&size)
        && let Some(median) = passed.policies.iter().find_map(|policy| quorum_time(cosigned, policy))
    {
        latest.check_again(median.plus(passed.replay.instrument().calendar.tolerance), report);
    }
}

/// Whether two states of one register, as of one time, are not one.
fn differ(said: &StateBody, ours: &StateBody) -> bool {
    (said.rules, said.as_of) == (ours.rules, ours.as_of)
        && (said.state, said.lines) != (ours.state, ours.lines)
}

fn quorum_time(cosigned: &CosignedCheckpoint, policy: &Policy) -> Option<Instant> {
    cosigned.verify_quorum(policy).ok()?.median()
}

/// A note beside the register: a receipt or a refusal by the registrar, a state note by a node, a freeze by
/// a witness, or a checkpoint that witnesses cosigned.
///
/// # Errors
///
/// What is wrong with it.
pub fn check_note(bytes: &[u8], replay: &Replay) -> Result<(), String> {
    check_note_by(bytes, replay, replay.ledger().policy())
}

/// The same under any policy that was in force: notes outlive a registrar's key.
fn check_any_note(bytes: &[u8], passed: &Passed) -> Result<(), String> {
    let now = check_note(bytes, &passed.replay);
    let before = || passed.policies.iter().any(|policy| check_note_by(bytes, &passed.replay, policy).is_ok());
    if now.is_err() && before() { Ok(()) } else { now }
}

fn check_note_by(bytes: &[u8], replay: &Replay, policy: &Policy) -> Result<(), String> {
    let ledger = replay.ledger();
    let note = Note::parse(bytes, 16).map_err(|error| error.to_string())?;
    if let Ok(cosigned) = CosignedCheckpoint::from_note(note.clone()) {
        let cosigners = cosigned.examine(policy).map_err(|fault| fault.to_string())?;
        return if cosigners.unknown.is_empty() {
            Ok(())
        } else {
            Err("a line of it is by an unknown key".to_owned())
        };
    }
    let [line] = note.signatures() else { return Err("it has more than one signature".to_owned()) };
    if Receipt::read_note(&note).is_some() {
        let key = policy.log().under(KeyName::receipt(ledger.origin()), note::Algorithm::Receipt);
        let key = key.ok_or("no registrar's key")?;
        let signed = Receipt::verify(line, &key, ledger.origin(), ledger.genesis());
        return signed
            .map(drop)
            .map_err(|_| "the receipt is not signed by this register's registrar".to_owned());
    }
    if let Ok(refusal) = Refusal::parse(note.text()) {
        let name = KeyName::signer(ledger.origin(), &terms::SignerName::Registrar);
        let key = policy.log().under(name, note::Algorithm::Ed25519).ok_or("no registrar's key")?;
        return if refusal.genesis == *ledger.genesis() && key.verify(note.text(), line).is_ok() {
            Ok(())
        } else {
            Err("the refusal is not signed by this register's registrar".to_owned())
        };
    }
    if let Ok(state) = StateNote::parse(note.text()) {
        let signer = terms::SignerName::from_key_name(ledger.origin(), line.name.as_str());
        let key = signer.and_then(|signer| ledger.keys().get(&signer));
        let key = key.filter(|key| key.capacity == terms::Capacity::Node).and_then(|key| key.vkey.clone());
        return match key {
            Some(key) if state.genesis == *ledger.genesis() && key.verify(note.text(), line).is_ok() => {
                Ok(())
            }
            _ => Err("the state note is not signed by the key of a node of this register".to_owned()),
        };
    }
    let frozen = policy
        .witnesses()
        .iter()
        .any(|witness| FreezeNote::verify(bytes, &witness.key).is_ok_and(|f| f.genesis == *ledger.genesis()));
    if frozen {
        Ok(())
    } else {
        Err("it is no receipt, refusal, state note or freeze of this register".to_owned())
    }
}
