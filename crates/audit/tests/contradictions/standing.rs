//! Standing proofs of acts that an honest registrar had refused: good lines, by keys that may not.

use audit::standing::{FORMAT, StandingProof, verify};
use serde_json::{Value, json};
use terms::base64;
use tlog::{CosignedCheckpoint, LogProof};

use crate::register::{INSTRUMENT, World, policy, vkey};

fn log_proof(world: &World, index: u64) -> String {
    let leaf = world.included(index);
    let checkpoint = CosignedCheckpoint::parse(&world.head().0).expect("a checkpoint");
    let proof = LogProof { extra: Some(leaf.entry.0), index, path: leaf.proof, checkpoint };
    String::from_utf8(proof.to_bytes()).expect("text")
}

/// What the proof of an act by these signers says, with the entries that enrolled their keys.
#[track_caller]
fn check(kind: &str, signers: &str, body: &Value, keys: &[u64], says: Result<(), &str>) {
    let mut world = World::base();
    let index = world.does(kind, signers, body.clone());
    let file = StandingProof {
        format: FORMAT.to_owned(),
        genesis: base64::encode(&world.entries[0]),
        policy: policy(),
        instrument: Some(INSTRUMENT.to_owned()),
        seats: [5, 6, 7].map(|vote| log_proof(&world, vote)).to_vec(),
        keys: keys.iter().map(|key| log_proof(&world, *key)).collect(),
        proof: log_proof(&world, index),
        state: None,
    };
    let mut bytes = serde_json::to_vec(&file).expect("JSON");
    bytes.push(b'\n');
    match (verify(&bytes, &world.expected()), says) {
        (Ok(_), Ok(())) => {}
        (Err(error), Err(says)) => assert!(error.contains(says), "{error}"),
        (found, _) => unreachable!("{signers}: {:?}", found.map(|shown| shown.signers)),
    }
}

#[test]
fn keys_sign_what_they_may() {
    const NOT: Result<(), &str> = Err("may not sign such an act, or are too few");
    let open = json!({ "procedure": "notice", "fields": { "to": "south" } });
    check("open", "harbour/desk-1", &open, &[2], Ok(()));
    check("open", "harbour/node-1", &open, &[4], NOT);
    check("open", "harbour/desk-1 harbour/node-1", &open, &[2, 4], NOT);
    check("open", "harbour/root-1 harbour/root-2", &open, &[], NOT);
    check("open", "south/liaison-1", &open, &[8], Ok(()));

    let revoke = json!({ "label": "desk-1" });
    check("revoke", "harbour/root-1 harbour/root-3", &revoke, &[], Ok(()));
    check("revoke", "harbour/root-1", &revoke, &[], NOT);
    check("revoke", "harbour/desk-1", &revoke, &[2], NOT);
    check("revoke", "south/root-2", &json!({ "label": "liaison-1" }), &[], Ok(()));

    let roots = |who: &str| json!({ "k": 1, "keys": [vkey(&format!("{who}/root-9"))] });
    let recover = |who: &str| json!({ "participant": who, "roots": roots(who) });
    check("recover", "harbour/recovery-1", &recover("harbour"), &[], Ok(()));
    check("recover", "harbour/root-1 harbour/root-2", &recover("harbour"), &[], NOT);
    check("recover", "harbour/root-1 harbour/root-2", &recover("north"), &[], Ok(()));
    check("recover", "harbour/recovery-1", &recover("north"), &[], NOT);
}
