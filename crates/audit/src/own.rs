//! A node's own files, held to the register: one that was put back from an older copy, or comes from
//! another node, is whole and wrong all the same.

use note::KeyName;
use terms::{Capacity, Hash};
use tlog::EMPTY_ROOT;
use tlog::witness::Seen;

use crate::layout;
use crate::pass::Passed;
use crate::report::Report;
use crate::source::Own;

/// The size and root that a file gives.
pub(crate) const fn seen(own: &Own) -> Option<&Seen> {
    match own {
        Own::Journal { tiles: seen, .. } | Own::Held { seen, .. } | Own::Witness { seen, .. } => Some(seen),
        Own::Checked | Own::Piece(_) | Own::Submission(_) | Own::Intake { .. } => None,
    }
}

/// Checks each against the entries.
pub(crate) fn check(owns: &[(String, Own)], passed: &Passed, report: &mut Report) {
    for (path, own) in owns {
        let mut wrong = |what: String| report.wrong("audit::own_file", path, None, what);
        if let Some(what) = seen(own).and_then(|seen| past(seen, passed)) {
            wrong(what);
        }
        let ledger = passed.replay.ledger();
        match own {
            Own::Journal { origin, .. } | Own::Held { origin, .. } if origin != ledger.origin() => {
                wrong("it is of another register".to_owned());
            }
            Own::Submission(submission) if submission.act().genesis() != Some(*ledger.genesis()) => {
                wrong("the act is of another register".to_owned());
            }
            Own::Witness { key, .. } => {
                if let Some(what) = other_witness(path, key, passed) {
                    wrong(what.to_owned());
                }
            }
            Own::Intake { key, last } => {
                if let Some(index) = passed.followed.get(&last.hash()) {
                    wrong(format!("entry {index} has a stamp that follows on its last: it is an older copy"));
                } else if other_intake(path, key, passed) {
                    wrong("it is of another key than its name says".to_owned());
                }
            }
            Own::Checked | Own::Piece(_) | Own::Journal { .. } | Own::Held { .. } | Own::Submission(_) => {}
        }
    }
}

/// What is wrong with a size and root that a file remembers.
fn past(seen: &Seen, passed: &Passed) -> Option<String> {
    if seen.size > passed.size {
        // If a bundle can't be read, that was said.
        let what = || {
            format!(
                "it knows of {} entries, and {} are here: an older copy was put back",
                seen.size, passed.size
            )
        };
        return passed.whole.then(what);
    }
    let root = if seen.size == 0 { Some(&EMPTY_ROOT) } else { passed.roots.get(&seen.size) };
    // Where the entries could not all be read, that was said.
    let other = root.is_some_and(|root| *root != seen.root);
    other.then(|| format!("at size {} it knows of another root than the entries have", seen.size))
}

/// A witness's file is named by the registrar's key, its own name and its key.
fn other_witness(path: &str, key: &Hash, passed: &Passed) -> Option<&'static str> {
    let mut known = false;
    for policy in &passed.policies {
        let made = |public: note::PublicKey| Hash::of(public.as_bytes()) == *key;
        let own = policy.witnesses().iter().find(|witness| witness.key.public_key().is_some_and(made));
        known |= own.is_some();
        if own.is_some_and(|own| layout::witness_file(policy.log(), own.key.name(), key) == path) {
            return None;
        }
    }
    let other = "it is of another key than its name says";
    match known {
        true => Some(other),
        false if passed.is_cut_short() => None,
        false => Some("the policy has no witness with this key"),
    }
}

fn other_intake(path: &str, key: &Hash, passed: &Passed) -> bool {
    let ledger = passed.replay.ledger();
    let own = ledger.keys().iter().find(|(_, state)| {
        let public = state.vkey.as_ref().and_then(note::VerifierKey::public_key);
        state.capacity == Capacity::Intake && public.is_some_and(|public| Hash::of(public.as_bytes()) == *key)
    });
    // A key that is not enrolled yet can't be looked up.
    own.is_some_and(|(signer, _)| layout::intake_file(&KeyName::signer(ledger.origin(), signer), key) != path)
}
