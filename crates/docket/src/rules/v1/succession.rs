//! Succession: a register goes on under another registrar's key, from the largest size that its
//! witnesses froze (TIME T20). Rule and format; one act of each who may, in force with the last.

use std::collections::BTreeSet;

use act::body::Succeed;
use act::freeze::FreezeNote;
use note::VerifierKey;
use terms::{Hash, Origin, ParticipantId};
use tlog::Policy;

/// A succession that some have signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// What they signed; all the same.
    pub body: Succeed,
    /// Who has.
    pub signed: BTreeSet<ParticipantId>,
}

/// How many freezes are needed: n − q + f + 1, with f the liars that any two quorums outvote.
#[must_use]
pub fn freezes_needed(policy: &Policy) -> usize {
    let (n, q, f) = (policy.witnesses().len(), policy.quorum(), policy.liars_max());
    n.saturating_sub(q) + f + 1
}

/// Checks the freezes of a succession by the policy: enough witnesses, each once, all of this key,
/// and the base is the largest size frozen.
///
/// # Errors
///
/// A sentence on what is wrong.
pub fn check(
    body: &Succeed,
    origin: &Origin,
    genesis: &Hash,
    old: &VerifierKey,
    policy: &Policy,
) -> Result<(), String> {
    let mut largest: Option<(u64, Hash)> = None;
    let mut frozen = BTreeSet::new();
    for note in &body.freezes {
        let found = policy.witnesses().iter().enumerate().find_map(|(place, witness)| {
            FreezeNote::verify(note.as_str().as_bytes(), &witness.key).ok().map(|freeze| (place, freeze))
        });
        let (place, freeze) = found.ok_or("a freeze is not signed by a witness of the policy")?;
        if freeze.origin != *origin
            || freeze.genesis != *genesis
            || freeze.body.registrar.0.raw() != old.raw()
        {
            return Err("a freeze is of another register, or of another key".to_owned());
        }
        if !frozen.insert(place) {
            return Err("a witness froze twice".to_owned());
        }
        if largest.is_none_or(|(size, _)| freeze.body.size > size) {
            largest = Some((freeze.body.size, freeze.body.root));
        }
    }
    let needed = freezes_needed(policy);
    if frozen.len() < needed {
        return Err(format!("{} witnesses froze, {needed} are needed", frozen.len()));
    }
    if largest != Some((body.size, body.root)) {
        return Err("the base is the largest size that was frozen".to_owned());
    }
    Ok(())
}
