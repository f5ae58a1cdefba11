//! Logs that we wrote, judged by others: Go's libraries, and a verifier in Python (`tests/go`). Skips
//! what can't be had: Go and its modules (`MITHAQ_GO`, or on the path), Python (`MITHAQ_PYTHON`).

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{at, log_vkey, origin, registrar, witness};
use note::VerifierKey;
use terms::Hash;
use tlog::{
    Checkpoint, CosignedCheckpoint, Edge, LogProof, TileKind, TilePath, TileReader, bundle, cosignature,
    inclusion_proof, leaf_hash, tile,
};

fn write(log: &Path, path: &TilePath, bytes: &[u8]) {
    let file = log.join(path.to_string());
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

/// Writes a log of `size` entries, cosigned by two; it had checkpoints at sizes 3 and 300 before.
fn write_log(log: &Path, size: u64) -> CosignedCheckpoint {
    let _ = std::fs::remove_dir_all(log);
    std::fs::create_dir_all(log).unwrap();
    let entries: Vec<String> = (0..size).map(|n| format!("entry {n}\n")).collect();
    let mut edge = Edge::new();
    for (entry, count) in entries.iter().zip(1..) {
        for (path, bytes) in edge.push(leaf_hash(entry.as_bytes())) {
            write(log, &path, &bytes);
        }
        if ![3, 300, size].contains(&count) {
            continue;
        }
        for (path, bytes) in edge.partial() {
            write(log, &path, &bytes);
        }
        for path in tile::changed(0, count).filter(|path| path.kind() == TileKind::Entries) {
            let from = path.index() as usize * 256;
            let entries = &entries[from..from + usize::from(path.width())];
            write(log, &path, &bundle::to_bytes(entries).unwrap());
        }
    }
    let checkpoint = Checkpoint { origin: origin(), size, root: edge.root() };
    let mut note = CosignedCheckpoint::sign(checkpoint.clone(), &registrar()).note().clone();
    for n in 0..2 {
        let (key, name) = witness(n);
        note = note.with(cosignature::sign(&checkpoint, at(1_767_225_600 + u64::from(n)), &key, &name));
    }
    let cosigned = CosignedCheckpoint::from_note(note).unwrap();
    std::fs::write(log.join("checkpoint"), cosigned.to_bytes()).unwrap();
    cosigned
}

fn proof(log: &Path, checkpoint: CosignedCheckpoint, index: u64) -> Vec<u8> {
    let size = checkpoint.checkpoint().size;
    let tiles = TileReader::new(size, |path: &TilePath| std::fs::read(log.join(path.to_string())));
    let path: Vec<Hash> = inclusion_proof(&tiles, index, size).unwrap();
    let extra = Some(format!("entry {index}\n").into_bytes());
    LogProof { extra, index, path, checkpoint }.to_bytes()
}

/// Go's program. Where `MITHAQ_GO` is set its modules are at hand, and it builds.
fn program() -> Option<PathBuf> {
    let go = std::env::var_os("MITHAQ_GO")?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/go");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-check");
    let mut build = Command::new(go);
    build.args(["build", "-o"]).arg(&program).arg(".").current_dir(source).env("GOTOOLCHAIN", "local");
    let output = build.output().unwrap();
    assert!(output.status.success(), "go build: {}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}

#[test]
fn go_agrees() {
    let Some(program) = program() else { return };
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-log");
    let proof_file = log.with_extension("tlog-proof");
    let check = |quorum: &str, expected: i32, says: &str| {
        let mut command = Command::new(&program);
        command.args(["-log", &log_vkey().to_string(), "-quorum", quorum]);
        for n in 0..2 {
            let (key, name) = witness(n);
            command.args(["-witness", &VerifierKey::cosigner(name, key.public()).to_string()]);
        }
        let output = command.arg("-proof").arg(&proof_file).arg(&log).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(expected), "{text}{}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains(says), "{text}");
    };

    for size in [1, 3, 300, 70_000] {
        let cosigned = write_log(&log, size);
        for index in [0, size / 2, size - 1] {
            std::fs::write(&proof_file, proof(&log, cosigned.clone(), index)).unwrap();
            check("2", 0, &format!("tiles and entries of size {size}"));
        }
    }
    check("3", 1, "2 of 3 witnesses have cosigned");

    // It would see a wrong: one flipped bit in any of these.
    for name in [
        "checkpoint",
        "tile/0/000",
        "tile/0/000.p/3",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
        "tile/entries/100",
    ] {
        let good = std::fs::read(log.join(name)).unwrap();
        let mut bad = good.clone();
        bad[20] ^= 1;
        std::fs::write(log.join(name), bad).unwrap();
        check("2", 1, "WRONG");
        std::fs::write(log.join(name), good).unwrap();
    }
    check("2", 0, "ok");
}

#[test]
fn python_agrees() {
    let Ok(python) = std::env::var("MITHAQ_PYTHON") else {
        println!("skipped: no Python with aics-tlog; see tests/go/README.md");
        return;
    };
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-log");
    write_log(&log, 70_000);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/go/aics_check.py");
    let check = |expected: bool| {
        let mut command = Command::new(&python);
        command.arg(&script).arg(&log).arg(log_vkey().to_string());
        for n in 0..2 {
            let (key, name) = witness(n);
            command.arg(VerifierKey::cosigner(name, key.public()).to_string());
        }
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        assert_eq!(output.status.success(), expected, "{}", String::from_utf8_lossy(&text));
    };
    check(true);
    let tile = log.join("tile/0/100");
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    check(false);
}
