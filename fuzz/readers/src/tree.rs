//! The files of a log, and what is proved of it.

use act::sample;

use terms::{Hash, Instant};
use tlog::witness::{AddCheckpoint, Seen, admit, answer};
use tlog::{
    Checkpoint, CosignedCheckpoint, LogProof, MemoryTree, Policy, TilePath, bundle, consistency_proof,
    inclusion_proof, leaf_hash, tile as tiles, verify_consistency, verify_inclusion,
};

use crate::bytes::Bytes;
use crate::stage;

pub(crate) fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(read) = Checkpoint::parse(text) {
        assert_eq!(read.text(), text);
        assert!(read.size <= tlog::SIZE_MAX);
    }
}

/// One under a fixed policy, and a second that is put together with it.
pub(crate) fn cosigned(bytes: &[u8]) {
    let base = &*stage::SAMPLE;
    let policy = &base.policy;
    let Ok(read) = CosignedCheckpoint::parse(bytes) else { return };
    assert_eq!(read.to_bytes(), bytes);
    let claims = read.claims(policy);
    let examined = read.examine(policy);
    assert!(claims.is_ok() || examined.is_err());
    if let Ok(claims) = claims {
        assert_eq!(claims.checks().all(note::Check::passes), examined.is_ok());
        let unknown = read.note().signatures().len() - claims.checks().count();
        assert_eq!(claims.proven().unknown.len(), unknown);
    }
    if let Ok(cosigners) = &examined {
        let given = base.checkpoints.iter().any(|given| given.checkpoint() == read.checkpoint());
        assert!(given, "the registrar never signed this checkpoint");
        assert!(cosigners.median().is_none_or(|median| median <= Instant::LAST));
        assert_eq!(cosigners.is_quorum(), read.verify_quorum(policy).is_ok());
    }
    for other in &base.checkpoints {
        let Ok(merged) = read.merge(other.note().signatures(), policy) else { continue };
        let merged = merged.examine(policy).expect("what was merged holds");
        assert!(merged.unknown.is_empty());
        assert!(merged.times.len() >= examined.as_ref().map_or(0, |cosigners| cosigners.times.len()));
    }
    let _ = tlog::cosignature::parse(bytes.get(..72).unwrap_or(bytes));
}

pub(crate) fn policy(bytes: &[u8]) {
    match Policy::parse(bytes) {
        Ok(policy) => {
            let again = Policy::parse(policy.to_string().as_bytes()).expect("what we wrote");
            assert_eq!(again, policy);
            assert!((1..=policy.witnesses().len()).contains(&policy.quorum()));
            assert!(policy.liars_max() < policy.quorum());
            assert!(policy.witnesses().iter().all(|witness| witness.key.enrollable().is_ok()));
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            for error in errors {
                assert!(!error.to_string().is_empty());
                for label in error.diagnostic().labels {
                    assert!(label.span.start <= label.span.end && label.span.end <= bytes.len());
                }
            }
        }
    }
}

pub(crate) fn tile_path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(path) = TilePath::parse(text) {
        assert_eq!(path.to_string(), text);
        assert_eq!(TilePath::new(path.kind(), path.index(), path.width()), Some(path));
        assert!(path.full().is_full());
    }
}

pub(crate) fn tile(bytes: &[u8]) {
    let mut rest = Bytes(bytes);
    let width = rest.below(300) as u16;
    if let Some(hashes) = tiles::from_bytes(rest.0, width) {
        assert_eq!(tiles::to_bytes(&hashes), rest.0);
        assert_eq!(tiles::root(&hashes), tlog::root_of_leaves(&hashes));
    }
}

pub(crate) fn entry_bundle(bytes: &[u8]) {
    let mut rest = Bytes(bytes);
    let width = rest.below(257) as u16;
    if let Ok(entries) = bundle::from_bytes(rest.0, width) {
        assert_eq!(bundle::to_bytes(&entries).as_deref(), Some(rest.0));
        assert_eq!(entries.len(), usize::from(width));
    }
}

pub(crate) fn log_proof(bytes: &[u8]) {
    let base = &*stage::SAMPLE;
    let Ok(proof) = LogProof::parse(bytes) else { return };
    assert_eq!(proof.to_bytes(), bytes);
    let leaf = proof.extra.as_deref().map_or(Hash::ZERO, leaf_hash);
    if proof.verify(&leaf, &base.policy).is_ok() {
        let entry = usize::try_from(proof.index).ok().and_then(|index| base.leaves.get(index));
        assert_eq!(entry, Some(&leaf), "no such entry stands there");
    }
}

pub(crate) fn add_checkpoint(bytes: &[u8]) {
    let base = &*stage::SAMPLE;
    let Ok(body) = AddCheckpoint::parse(bytes) else {
        assert!(answer(None, bytes, base.policy.log()).is_err());
        return;
    };
    assert_eq!(body.to_bytes(), bytes);
    for given in &base.checkpoints {
        let seen = Seen { size: given.checkpoint().size, root: given.checkpoint().root };
        for seen in [None, Some(&seen)] {
            match admit(seen, &body, base.policy.log()) {
                Ok(next) => {
                    assert!(seen.is_none_or(|seen| seen.size <= next.size), "a witness never goes back");
                    let root = sample::root_of(&base.leaves[..next.size.max(1) as usize]);
                    assert_eq!(next.root, root, "cosigned a root that the register never had");
                }
                Err(refusal) => {
                    assert!((400..=422).contains(&refusal.status()));
                    drop((refusal.to_string(), refusal.size_body()));
                }
            }
        }
    }
}

/// Proofs beside a tree held whole: what is true is proved, and nothing else is.
pub(crate) fn merkle(bytes: &[u8]) {
    let mut rest = Bytes(bytes);
    let count = rest.below(70) as u64;
    let leaves: Vec<Hash> = (0..count).map(|at| leaf_hash(&at.to_be_bytes())).collect();
    let tree = MemoryTree::of(&leaves);
    let root = tlog::root_of_leaves(&leaves);
    let (index, old) = (rest.below(70) as u64, rest.below(70) as u64);
    let edit = |rest: &mut Bytes<'_>, mut proof: Vec<Hash>| {
        while !rest.is_empty() {
            let at = rest.below(proof.len() + 1);
            match rest.byte() % 4 {
                0 => proof.insert(at, Hash::from_bytes(rest.array())),
                1 if at < proof.len() => drop(proof.remove(at)),
                2 if at < proof.len() => proof[at] = Hash::from_bytes(rest.array()),
                _ => {
                    let at = at.min(proof.len());
                    proof.rotate_left(at);
                }
            }
        }
        proof
    };
    // Sizes and places that are far off any tree, first: there is nothing to overflow.
    let (far, farther) = (rest.number(), rest.number());
    let hashes: Vec<Hash> = rest.0.chunks(32).take(70).map(Hash::of).collect();
    let _ = verify_inclusion(&root, far, farther, &hashes, &root);
    let _ = verify_consistency(far, &root, farther, &root, &hashes);
    if let Ok(proof) = inclusion_proof(&tree, index, count) {
        let edited = edit(&mut Bytes(rest.0), proof.clone());
        assert!(verify_inclusion(&leaves[index as usize], index, count, &proof, &root).is_ok());
        let holds = verify_inclusion(&leaves[index as usize], index, count, &edited, &root).is_ok();
        assert_eq!(holds, edited == proof, "one proof for one entry");
    } else {
        assert!(index >= count);
    }
    if let Ok(proof) = consistency_proof(&tree, old, count) {
        let edited = edit(&mut Bytes(rest.0), proof.clone());
        let old_root = tlog::root_of_leaves(&leaves[..old as usize]);
        let from_empty = old == 0 && count > 0;
        assert_eq!(verify_consistency(old, &old_root, count, &root, &proof).is_ok(), !from_empty);
        let holds = verify_consistency(old, &old_root, count, &root, &edited).is_ok();
        assert_eq!(holds, edited == proof && !from_empty, "one proof for one growth");
    }
}
