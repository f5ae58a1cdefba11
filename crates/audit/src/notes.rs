//! Notes beside a register: refusals, state notes, freezes, checkpoints on their way to a quorum.

use std::collections::BTreeSet;

use act::Refusal;
use act::state::StateNote;
use docket::v1::replay::Replay;
use note::{KeyName, Note};
use terms::Hash;
use tlog::{CosignedCheckpoint, Policy};

use crate::pass::Passed;
use crate::report::Report;
use crate::source::Source;

/// The largest note beside a register.
pub(crate) const NOTE_BYTES_MAX: u64 = 1 << 20;

pub(crate) fn path(hash: &Hash) -> String {
    format!("note/{}", hash.to_hex())
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
                    check_fork(&bytes, &path, passed, report);
                }
                Err(what) => report.wrong("audit::note", &path, None, what),
            },
            Ok(None) => {}
            Err(error) => report.wrong("audit::unreadable", &path, None, error),
        }
    }
}

/// A checkpoint of this registrar that these entries are not: one of the two pasts is a lie.
fn check_fork(bytes: &[u8], path: &str, passed: &Passed, report: &mut Report) {
    let Ok(cosigned) = CosignedCheckpoint::parse(bytes) else { return };
    let checkpoint = cosigned.checkpoint();
    if passed.roots.get(&checkpoint.size).is_some_and(|root| *root != checkpoint.root) {
        let what =
            format!("the registrar signed another past at size {} than the entries are", checkpoint.size);
        report.wrong("audit::fork", path, None, what);
    }
}

/// A note beside the register: a refusal by the registrar, a state note by a node, a freeze by a
/// witness, or a checkpoint that witnesses cosigned.
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
    let frozen = policy.witnesses().iter().any(|witness| {
        act::freeze::FreezeNote::verify(bytes, &witness.key).is_ok_and(|f| f.genesis == *ledger.genesis())
    });
    if frozen { Ok(()) } else { Err("it is no refusal, state note or freeze of this register".to_owned()) }
}
