//! What parses prints as it was; nothing that was changed verifies; no bytes make a parser fall over.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{at, checkpoint, leaves, policy, registrar, witness};
use proptest::prelude::*;
use terms::Hash;
use tlog::tree::MemoryTree;
use tlog::witness::AddCheckpoint;
use tlog::{
    Checkpoint, CosignedCheckpoint, Edge, LogProof, Policy, TilePath, bundle, consistency_proof, cosignature,
    inclusion_proof, leaf_hash, tile, verify_consistency, verify_inclusion,
};

fn proof_of(index: u64, size: u64) -> LogProof {
    let leaves = leaves(size);
    let c = checkpoint(&leaves);
    let (key, name) = witness(0);
    let line = cosignature::sign(&c, at(77), &key, &name);
    let note = CosignedCheckpoint::sign(c, &registrar()).note().clone().with(line);
    LogProof {
        extra: Some(index.to_be_bytes().to_vec()),
        index,
        path: inclusion_proof(&MemoryTree::of(&leaves), index, size).unwrap(),
        checkpoint: CosignedCheckpoint::from_note(note).unwrap(),
    }
}

/// Each bit of a proof file, flipped: it does not parse, or does not verify, or another `extra` came
/// with it, whose leaf hash does not fit.
#[test]
fn no_flipped_bit_of_a_proof_verifies() {
    let policy = policy(1, 1);
    let good = proof_of(5, 11);
    let leaf = |proof: &LogProof| leaf_hash(proof.extra.as_deref().unwrap_or_default());
    assert!(good.verify(&leaf(&good), &policy).is_ok());
    let bytes = good.to_bytes();
    assert_eq!(LogProof::parse(&bytes), Ok(good));
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            if let Ok(proof) = LogProof::parse(&flipped) {
                assert_eq!(proof.to_bytes(), flipped);
                assert!(proof.verify(&leaf(&proof), &policy).is_err(), "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn proof_files_that_are_wrong() {
    let text = String::from_utf8(proof_of(5, 11).to_bytes()).unwrap();
    let check = |text: String, expected: &str| {
        assert_eq!(LogProof::parse(text.as_bytes()).unwrap_err().to_string(), expected, "{text}");
    };
    check(String::new(), "line 1: expected `c2sp.org/tlog-proof@v1`");
    check(text.replacen("@v1", "@v2", 1), "line 1: expected `c2sp.org/tlog-proof@v1`");
    check(text.replacen("extra A", "extra B=", 1), "line 2: `extra` is followed by no canonical base64");
    check(
        "c2sp.org/tlog-proof@v1\nextra \nindex 5\n".to_owned(),
        "line 2: `extra` is followed by no canonical base64",
    );
    for index in ["index 05", "index", "index 5 ", "index -5"] {
        check(text.replacen("index 5", index, 1), "expected `index NUMBER`");
    }
    check(text.replacen("index 5\n", "index 5\nAAAA\n", 1), "line 4: not a SHA-256 in base64");
    let many = format!("index 5\n{}", format!("{}\n", Hash::ZERO).repeat(60));
    check(text.replacen("index 5\n", &many, 1), "more than 63 hashes");
    check("c2sp.org/tlog-proof@v1\nindex 5\n".to_owned(), "no empty line before the checkpoint");
    check(
        "c2sp.org/tlog-proof@v1\nindex 5\n\nx\n\n— a AAAAAAA=\n".to_owned(),
        "the checkpoint: a checkpoint has three lines: origin, size, root",
    );
}

proptest! {
    #[test]
    fn no_bytes_make_a_parser_fall_over(bytes: Vec<u8>, text in "\\PC*", width in 0u16..300) {
        let _ = CosignedCheckpoint::parse(&bytes);
        let _ = LogProof::parse(&bytes);
        let _ = LogProof::parse(&[b"c2sp.org/tlog-proof@v1\nindex 0\n", &bytes[..]].concat());
        let _ = AddCheckpoint::parse(&bytes);
        let _ = AddCheckpoint::parse(&[b"old 0\n", &bytes[..]].concat());
        let _ = Policy::parse(&bytes);
        let _ = Policy::parse(format!("{text}\n").as_bytes());
        let _ = Checkpoint::parse(&text);
        let _ = TilePath::parse(&text);
        let _ = tile::from_bytes(&bytes, width);
        let _ = bundle::from_bytes(&bytes, width);
    }

    #[test]
    fn policies_fall_over_nothing(words in proptest::collection::vec("(log|witness|group|quorum|all|any|none|1|2|a|b|\n|#)", 0..40)) {
        let _ = Policy::parse(format!("{}\n", words.join(" ")).as_bytes());
    }

    /// Any sizes and hashes whatever: no panic, and no chance hit.
    #[test]
    fn proofs_of_nothing(
        index: u64, size: u64, other: u64,
        path in proptest::collection::vec(any::<[u8; 32]>().prop_map(Hash::from_bytes), 0..70),
    ) {
        prop_assert!(verify_inclusion(&Hash::ZERO, index, size, &path, &Hash::of(b"root")).is_err());
        prop_assert!(verify_consistency(index, &Hash::ZERO, other, &Hash::of(b"root"), &path).is_err());
    }

    #[test]
    fn a_changed_inclusion_proof_is_refused(size in 1u64..300, index: prop::sample::Index, at: prop::sample::Index, bit in 0usize..256) {
        let leaves = leaves(size);
        let root = checkpoint(&leaves).root;
        let index = index.index(leaves.len()) as u64;
        let leaf = leaves[index as usize];
        let path = inclusion_proof(&MemoryTree::of(&leaves), index, size).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
        for other in 0..size.min(20) {
            prop_assert_eq!(verify_inclusion(&leaf, other, size, &path, &root).is_ok(), other == index);
        }
        if !path.is_empty() {
            let at = at.index(path.len());
            let mut changed = path.clone();
            let mut bytes = *changed[at].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            changed[at] = Hash::from_bytes(bytes);
            prop_assert!(verify_inclusion(&leaf, index, size, &changed, &root).is_err());
            changed.remove(at);
            prop_assert!(verify_inclusion(&leaf, index, size, &changed, &root).is_err());
        }
        let longer = [&path[..], &[Hash::ZERO]].concat();
        prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());
    }

    #[test]
    fn a_changed_consistency_proof_is_refused(new in 2u64..300, old: prop::sample::Index, at: prop::sample::Index, bit in 0usize..256) {
        let old = 1 + old.index(new as usize - 1) as u64;
        let all = leaves(new);
        let (old_root, new_root) = (checkpoint(&all[..old as usize]).root, checkpoint(&all).root);
        let proof = consistency_proof(&MemoryTree::of(&all), old, new).unwrap();
        prop_assert_eq!(verify_consistency(old, &old_root, new, &new_root, &proof), Ok(()));
        prop_assert!(verify_consistency(old, &new_root, new, &new_root, &proof).is_err());
        prop_assert!(verify_consistency(old, &old_root, new, &old_root, &proof).is_err());
        let at = at.index(proof.len());
        let mut changed = proof.clone();
        let mut bytes = *changed[at].as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        changed[at] = Hash::from_bytes(bytes);
        prop_assert!(verify_consistency(old, &old_root, new, &new_root, &changed).is_err());
        changed.remove(at);
        prop_assert!(verify_consistency(old, &old_root, new, &new_root, &changed).is_err());
    }

    #[test]
    fn growing_writes_what_changed(old in 0u64..1200, more in 0u64..600) {
        let mut edge = Edge::new();
        for leaf in leaves(old) {
            edge.push(leaf);
        }
        let mut written: Vec<TilePath> = Vec::new();
        for leaf in leaves(old + more).split_off(old as usize) {
            written.extend(edge.push(leaf).into_iter().map(|(path, _)| path));
        }
        written.extend(edge.partial().into_iter().map(|(path, _)| path));
        written.sort();
        let changed = tile::changed(old, old + more).filter(|path| path.kind() != tlog::TileKind::Entries);
        let mut changed: Vec<TilePath> = changed.collect();
        changed.sort();
        // What is partial and did not change is written again, and is the same.
        prop_assert!(changed.iter().all(|path| written.contains(path)));
        let same = written.iter().filter(|path| !changed.contains(path));
        prop_assert!(same.into_iter().all(|path| TilePath::in_log(path.kind(), path.index(), old) == Some(*path)));
    }
}
