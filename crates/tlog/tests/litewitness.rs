//! Our checkpoints, put to another's witness over loopback: torchwood's litewitness.
//!
//! Runs where `MITHAQ_LITEWITNESS` names the program, as `cargo xtask test` sees to; skips elsewhere.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use common::{checkpoint, leaves, log_vkey, registrar};
use note::{KeyName, PublicKey, SignatureLine, VerifierKey};
use tlog::tree::MemoryTree;
use tlog::witness::{AddCheckpoint, Refusal, Seen, admit};
use tlog::{CosignedCheckpoint, Policy, consistency_proof};

/// Status and body of the answer.
fn post(address: &str, body: &[u8]) -> (u16, String) {
    // It may be starting still.
    let connect = |_| {
        std::thread::sleep(Duration::from_millis(100));
        TcpStream::connect(address).ok()
    };
    let mut stream = (0..50).find_map(connect).unwrap();
    let head =
        format!("POST /add-checkpoint HTTP/1.0\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// The witness's key, from the file that `ssh-keygen` wrote: the last 32 bytes of its second word.
fn witness_key(file: &str) -> VerifierKey {
    let text = std::fs::read_to_string(file).unwrap();
    let blob = terms::base64::decode(text.split(' ').nth(1).unwrap()).unwrap();
    let key = PublicKey::from_bytes(*blob.last_chunk::<32>().unwrap());
    VerifierKey::cosigner(KeyName::new("witness.example/lite").unwrap(), key)
}

/// Has `tests/go/litewitness.sh` start the witness, and this test run a second time beside it.
#[test]
fn litewitness_agrees() {
    if let (Ok(address), Ok(key)) = (std::env::var("LITEWITNESS_ADDRESS"), std::env::var("LITEWITNESS_KEY")) {
        return story(&address, &key);
    }
    let Ok(program) = std::env::var("MITHAQ_LITEWITNESS") else {
        println!("skipped: no litewitness; see tests/go/README.md");
        return;
    };
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/go/litewitness.sh");
    let mut command = Command::new("sh");
    command.arg(script).args([&program, &address, &log_vkey().to_string()]);
    command.arg(std::env::current_exe().unwrap()).args(["litewitness_agrees", "--exact", "--nocapture"]);
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
}

fn story(address: &str, key: &str) {
    let policy = Policy::new(log_vkey(), vec![("lite".to_owned(), witness_key(key))], 1).unwrap();
    let all = leaves(40);
    let tree = MemoryTree::of(&all);
    let body = |old: u64, new: u64| AddCheckpoint {
        old,
        proof: consistency_proof(&tree, old, new).unwrap(),
        checkpoint: CosignedCheckpoint::sign(checkpoint(&all[..new as usize]), &registrar()),
    };
    let seen = |size: u64| Seen { size, root: checkpoint(&all[..size as usize]).root };

    // Good ones are cosigned, and the cosignatures make a quorum.
    let mut at = 0;
    for size in [1, 2, 3, 7, 8, 8, 31, 40] {
        let body = body(at, size);
        let (status, answer) = post(address, &body.to_bytes());
        assert_eq!(status, 200, "{answer}");
        let lines: Vec<SignatureLine> =
            answer.lines().map(|line| SignatureLine::parse(line).unwrap()).collect();
        let cosigned = body.checkpoint.merge(&lines, &policy).unwrap();
        assert!(cosigned.verify_quorum(&policy).is_ok(), "{answer}");
        at = size;
    }

    // Bad ones are refused, with the status that we would give.
    let mut bad = vec![body(39, 40), AddCheckpoint { old: 41, ..body(40, 40) }, body(0, 40)];
    let another = checkpoint(&leaves(39).into_iter().chain([all[0]]).collect::<Vec<_>>());
    bad.push(AddCheckpoint { checkpoint: CosignedCheckpoint::sign(another, &registrar()), ..body(40, 40) });
    let unsigned = CosignedCheckpoint::sign(checkpoint(&all), &common::witness(9).0);
    bad.push(AddCheckpoint { checkpoint: unsigned, ..body(40, 40) });
    let more = leaves(50);
    let proof = consistency_proof(&MemoryTree::of(&more), 40, 50).unwrap();
    let grown = CosignedCheckpoint::sign(checkpoint(&more), &registrar());
    let wrong = proof[1..].to_vec();
    bad.push(AddCheckpoint { old: 40, proof: wrong, checkpoint: grown });
    for body in bad {
        let (status, answer) = post(address, &body.to_bytes());
        let ours = admit(Some(&seen(40)), &body, &log_vkey()).unwrap_err();
        // For a second root of one size C2SP says 409, and litewitness 0.10 says 422.
        let expected = if ours == Refusal::OtherRoot { 422 } else { ours.status() };
        assert_eq!(status, expected, "we say {ours}, litewitness {answer}");
        if let Some(size) = ours.size_body() {
            assert_eq!(answer, size);
        }
    }
}
