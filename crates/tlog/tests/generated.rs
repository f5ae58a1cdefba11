//! A checkpoint, cosignatures and a proof that a program of another make (OpenSSL) wrote.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeMap;

use common::{at, hash, vectors};
use note::{KeyName, Note, SigningKey, VerifierKey};
use serde::Deserialize;
use terms::Hash;
use tlog::tree::MemoryTree;
use tlog::{
    Checkpoint, CosignedCheckpoint, LogProof, Policy, cosignature, inclusion_proof, leaf_hash,
    root_of_leaves, verify_inclusion,
};

#[derive(Deserialize)]
struct Vectors {
    origin: String,
    timestamp: u64,
    leaves: Vec<String>,
    leaf_hashes_b64: Vec<String>,
    roots_b64: BTreeMap<usize, String>,
    log_ed25519_seed_hex: String,
    witness_ed25519_seed_hex: String,
    log_vkey: String,
    witness_vkey_04: String,
    witness_vkey_06: String,
    msg_04_b64: String,
    checkpoint_body: String,
    cosigned_checkpoint: String,
    tlog_proof_index7: String,
    inclusion: BTreeMap<u64, Vec<String>>,
}

fn read() -> Option<Vectors> {
    let folder = vectors("generated")?;
    Some(serde_json::from_slice(&std::fs::read(folder.join("vectors.json")).unwrap()).unwrap())
}

fn key(seed: &str) -> SigningKey {
    SigningKey::from_seed(Hash::from_hex(seed).unwrap().as_bytes())
}

#[test]
fn tree() {
    let Some(v) = read() else { return };
    let leaves: Vec<Hash> = v.leaves.iter().map(|leaf| leaf_hash(leaf.as_bytes())).collect();
    let expected: Vec<Hash> = v.leaf_hashes_b64.iter().map(|text| hash(text).unwrap()).collect();
    assert_eq!(leaves, expected);
    for (size, root) in &v.roots_b64 {
        assert_eq!(Some(root_of_leaves(&leaves[..*size])), hash(root));
    }
    let tree = MemoryTree::of(&leaves);
    for (index, path) in &v.inclusion {
        let path: Vec<Hash> = path.iter().map(|text| hash(text).unwrap()).collect();
        assert_eq!(inclusion_proof(&tree, *index, 13), Ok(path.clone()));
        let root = root_of_leaves(&leaves);
        assert_eq!(verify_inclusion(&leaves[*index as usize], *index, 13, &path, &root), Ok(()));
    }
}

#[test]
fn our_signatures_are_theirs() {
    let Some(v) = read() else { return };
    let (log, witness) = (key(&v.log_ed25519_seed_hex), key(&v.witness_ed25519_seed_hex));
    let (log_vkey, witness_vkey): (VerifierKey, VerifierKey) =
        (v.log_vkey.parse().unwrap(), v.witness_vkey_04.parse().unwrap());
    let checkpoint = Checkpoint::parse(&v.checkpoint_body).unwrap();
    assert_eq!(checkpoint.origin.as_str(), v.origin);
    let message = cosignature::message(&checkpoint, at(v.timestamp));
    assert_eq!(terms::base64::encode(message.as_bytes()), v.msg_04_b64);

    // Ed25519 is deterministic: the lines are the same bytes.
    let note = Note::parse(v.cosigned_checkpoint.as_bytes(), 16).unwrap();
    assert_eq!(note.to_bytes(), v.cosigned_checkpoint.as_bytes());
    assert_eq!(note.signatures()[0], checkpoint.sign(&log));
    assert_eq!(log_vkey, VerifierKey::plain(KeyName::checkpoint(&checkpoint.origin), log.public()));
    let line = cosignature::sign(&checkpoint, at(v.timestamp), &witness, witness_vkey.name());
    assert_eq!(note.signatures()[1], line);
    assert_eq!(cosignature::verify(&checkpoint, &witness_vkey, &line), Ok(at(v.timestamp)));

    let ml_dsa: VerifierKey = v.witness_vkey_06.parse().unwrap();
    assert!(ml_dsa.made(&note.signatures()[2]));
    assert_eq!(ml_dsa.to_string(), v.witness_vkey_06);
}

#[test]
fn a_policy_over_them() {
    let Some(v) = read() else { return };
    let policy = format!("log {}\nwitness w {}\ngroup g all w\nquorum g\n", v.log_vkey, v.witness_vkey_04);
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let cosigned = CosignedCheckpoint::parse(v.cosigned_checkpoint.as_bytes()).unwrap();
    let cosigners = cosigned.verify_quorum(&policy).unwrap();
    assert_eq!(cosigners.times, [(0, at(v.timestamp))]);
    assert_eq!(cosigners.unknown, [2], "the ML-DSA line is by a key that the policy has not");

    let folder = vectors("generated").unwrap();
    for bytes in
        [v.tlog_proof_index7.clone().into_bytes(), std::fs::read(folder.join("entry7.tlog-proof")).unwrap()]
    {
        let proof = LogProof::parse(&bytes).unwrap();
        assert_eq!(proof.to_bytes(), bytes);
        assert_eq!(proof.index, 7);
        assert_eq!(proof.verify(&leaf_hash(b"entry-7"), &policy), Ok(cosigners.clone()));
        assert!(proof.verify(&leaf_hash(b"entry-8"), &policy).is_err());
    }
    let file = std::fs::read(folder.join("checkpoint")).unwrap();
    assert_eq!(CosignedCheckpoint::parse(&file), Ok(cosigned));

    let refused = format!("log {}\nwitness w {}\ngroup g all w\nquorum g\n", v.log_vkey, v.witness_vkey_06);
    let errors = Policy::parse(refused.as_bytes()).unwrap_err();
    assert_eq!(errors[0].to_string(), "line 2: this version can't check ML-DSA witnesses (kind 0x06)");
}
