//! What a witness answers: others' conformance cases, and each refusal.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{checkpoint, files, hash, leaves, log_vkey, registrar, vectors};
use note::{KeyName, SigningKey, VerifierKey};
use serde::Deserialize;
use terms::{Hash, Origin};
use tlog::tree::MemoryTree;
use tlog::verify::ProofFault;
use tlog::witness::{AddCheckpoint, BodyFault, Refusal, Seen, admit, answer};
use tlog::{Checkpoint, CosignedCheckpoint, consistency_proof, root_of_leaves};

/// The conformance cases' tree: the leaf hashes are 2a, index, zeros.
fn their_root(size: u64) -> Hash {
    let leaf = |n: u64| {
        let mut bytes = [0; 32];
        (bytes[0], bytes[1]) = (0x2a, n as u8);
        Hash::from_bytes(bytes)
    };
    root_of_leaves(&(0..size).map(leaf).collect::<Vec<_>>())
}

fn signed(size: u64, root: Hash, origin: &str, key: &SigningKey) -> CosignedCheckpoint {
    let origin = Origin::new(origin).unwrap();
    CosignedCheckpoint::sign(Checkpoint { origin, size, root }, key)
}

#[derive(Deserialize)]
struct Case {
    name: String,
    should_fail: bool,
    old_size: u64,
    new_size: u64,
    proof: Vec<String>,
    root_hash: String,
    expected_status: Option<u16>,
}

#[test]
fn siglog_conformance() {
    let Some(folder) = vectors("siglog-witness-conformance/test/cases") else { return };
    let mut count = 0;
    for file in files(&folder, ".json") {
        let case: Case = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        // The body by hand: some cases hold what our types can't.
        let note = hash(&case.root_hash).map(|root| {
            signed(case.new_size, root, "register.example/river-accord", &registrar()).note().to_string()
        });
        let proof: String = case.proof.iter().map(|line| format!("{line}\n")).collect();
        let body = format!("old {}\n{proof}\n{}", case.old_size, note.unwrap_or_default());
        let seen = Seen { size: case.old_size, root: their_root(case.old_size) };
        let seen = (case.old_size > 0).then_some(&seen);
        let result = answer(seen, body.as_bytes(), &log_vkey());
        assert_eq!(result.is_err(), case.should_fail, "{}: {result:?}", case.name);
        let status = result.map_or_else(|refusal| refusal.status(), |_| 200);
        match case.name.as_str() {
            // C2SP says 409 where that program says 422.
            "same_size_different_root_fail" => assert_eq!(status, 409),
            _ => assert_eq!(status, case.expected_status.unwrap_or(400), "{}", case.name),
        }
        count += 1;
    }
    assert_eq!(count, 10);
}

#[derive(Deserialize)]
struct Story {
    log: StoryLog,
    test_cases: Vec<StoryCase>,
}

#[derive(Deserialize)]
struct StoryLog {
    origin: String,
}

#[derive(Deserialize)]
struct StoryCase {
    name: String,
    old_size: u64,
    checkpoint_size: u64,
    checkpoint_root_base64: String,
    origin: Option<String>,
    proof_hashes_base64: Vec<String>,
    expected_status: u16,
    expected_body: Option<String>,
}

/// One after the other, with one witness. The log's private key is not ours (and the file's vkey is
/// garbled: its id is not that of its key), so another key has its name.
#[test]
fn litewitness_story() {
    let Some(folder) = vectors("siglog-witness-conformance") else { return };
    let file = std::fs::read(folder.join("litewitness_vectors.json")).unwrap();
    let story: Story = serde_json::from_slice(&file).unwrap();
    let name = KeyName::new(&story.log.origin).unwrap();
    let (key, wrong) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    let vkey = VerifierKey::plain(name.clone(), key.public());
    let mut seen = None;
    for case in story.test_cases {
        // One root in the file has a slip of the pen: the tree says which it is.
        let root = if case.name == "consistency_1_to_3_success" {
            their_root(3)
        } else {
            hash(&case.checkpoint_root_base64).unwrap()
        };
        assert_eq!(root, their_root(case.checkpoint_size));
        let key = if case.name.ends_with("invalid_signature") { &wrong } else { &key };
        let origin = case.origin.as_deref().unwrap_or(name.as_str());
        let body = AddCheckpoint {
            old: case.old_size,
            proof: case.proof_hashes_base64.iter().map(|line| hash(line).unwrap()).collect(),
            checkpoint: signed(case.checkpoint_size, root, origin, key),
        };
        let (status, size) = match answer(seen.as_ref(), &body.to_bytes(), &vkey) {
            Ok((new, _)) => {
                seen = Some(new);
                (200, None)
            }
            Err(refusal) => (refusal.status(), refusal.size_body()),
        };
        // C2SP says 404 where that program says 403.
        let expected = if case.name.ends_with("unknown_log") { 404 } else { case.expected_status };
        assert_eq!(status, expected, "{}", case.name);
        assert_eq!(size, case.expected_body, "{}", case.name);
    }
    assert_eq!(seen.map(|seen| seen.size), Some(5));
}

/// A body that asks to go from `old` to `new` of our tree.
fn body(old: u64, new: u64) -> AddCheckpoint {
    let leaves = leaves(new);
    let proof = consistency_proof(&MemoryTree::of(&leaves), old, new).unwrap();
    AddCheckpoint { old, proof, checkpoint: CosignedCheckpoint::sign(checkpoint(&leaves), &registrar()) }
}

fn seen(size: u64) -> Seen {
    Seen { size, root: checkpoint(&leaves(size)).root }
}

#[test]
fn it_follows_a_growing_log() {
    assert_eq!(admit(None, &body(0, 0), &log_vkey()), Ok(seen(0)));
    assert_eq!(admit(None, &body(0, 7), &log_vkey()), Ok(seen(7)));
    assert_eq!(admit(Some(&seen(0)), &body(0, 7), &log_vkey()), Ok(seen(7)));
    for old in 1..20 {
        for new in old..20 {
            assert_eq!(admit(Some(&seen(old)), &body(old, new), &log_vkey()), Ok(seen(new)));
        }
    }
}

#[test]
fn each_refusal() {
    let check = |seen: Option<&Seen>, body: &AddCheckpoint, expected: Refusal| {
        assert_eq!(admit(seen, body, &log_vkey()), Err(expected));
    };
    let other = VerifierKey::plain(KeyName::new("other.example").unwrap(), registrar().public());
    assert_eq!(admit(None, &body(0, 3), &other), Err(Refusal::UnknownOrigin));
    let stolen = VerifierKey::plain(log_vkey().name().clone(), SigningKey::from_seed(&[9; 32]).public());
    assert_eq!(admit(None, &body(0, 3), &stolen), Err(Refusal::BadSignature));
    check(Some(&seen(3)), &AddCheckpoint { old: 6, ..body(3, 5) }, Refusal::OldAboveNew);
    check(Some(&seen(3)), &body(4, 5), Refusal::OtherOld { size: 3 });
    check(None, &body(4, 5), Refusal::OtherOld { size: 0 });
    check(Some(&seen(3)), &body(0, 5), Refusal::OtherOld { size: 3 });
    let fork = Seen { size: 5, root: Hash::of(b"fork") };
    check(Some(&fork), &body(5, 5), Refusal::OtherRoot);
    let fork = Seen { size: 3, root: Hash::of(b"fork") };
    check(Some(&fork), &body(3, 5), Refusal::BadProof(ProofFault::OldRoot));
    check(
        Some(&seen(3)),
        &AddCheckpoint { proof: vec![], ..body(3, 5) },
        Refusal::BadProof(ProofFault::Length),
    );
    let zero = vec![Hash::ZERO];
    check(
        None,
        &AddCheckpoint { proof: zero.clone(), ..body(0, 5) },
        Refusal::BadProof(ProofFault::FromEmpty),
    );
    check(
        Some(&seen(5)),
        &AddCheckpoint { proof: zero, ..body(5, 5) },
        Refusal::BadProof(ProofFault::Length),
    );

    let statuses = [
        (Refusal::Body(BodyFault::Old), 400),
        (Refusal::OldAboveNew, 400),
        (Refusal::BadSignature, 403),
        (Refusal::UnknownOrigin, 404),
        (Refusal::OtherOld { size: 3 }, 409),
        (Refusal::OtherRoot, 409),
        (Refusal::BadProof(ProofFault::Root), 422),
    ];
    for (refusal, status) in statuses {
        assert_eq!(refusal.status(), status, "{refusal}");
    }
    assert_eq!(Refusal::OtherOld { size: 3 }.size_body().as_deref(), Some("3\n"));
}

#[test]
fn one_bad_line_by_the_log_spoils_it() {
    let good = body(0, 3);
    let mut line = good.checkpoint.note().signatures()[0].clone();
    line.payload[0] ^= 1;
    let note = good.checkpoint.note().clone().with(line);
    let bad = AddCheckpoint { checkpoint: CosignedCheckpoint::from_note(note).unwrap(), ..good };
    assert_eq!(admit(None, &bad, &log_vkey()), Err(Refusal::BadSignature));
}

#[test]
fn bodies() {
    let good = body(3, 5);
    assert_eq!(AddCheckpoint::parse(&good.to_bytes()), Ok(good.clone()));
    let text = String::from_utf8(good.to_bytes()).unwrap();
    let check = |text: String, expected: &str| {
        assert_eq!(AddCheckpoint::parse(text.as_bytes()).unwrap_err().to_string(), expected, "{text}");
    };
    for old in ["", "old", "old 03", "old -1", "old 3 ", "new 3", "OLD 3"] {
        check(text.replacen("old 3", old, 1), "line 1: expected `old NUMBER`");
    }
    let first = good.proof[0].to_string();
    check(text.replacen(&first, &first[1..], 1), "line 2: not a SHA-256 in base64");
    check(text.replacen("\n\n", "\n", 1), "line 6: not a SHA-256 in base64");
    check("old 3\n".to_owned(), "no empty line before the checkpoint");
    let hashes = format!("{}\n", Hash::ZERO).repeat(64);
    check(format!("old 3\n{hashes}\n"), "more than 63 hashes");
    check("old 3\n\n".to_owned(), "the checkpoint: line 1: the last line does not end in a newline");
}
