//! A verifier in another language, written from the page alone, beside ours (`tests/stranger`).

use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python to run it: the one that `cargo xtask test` found, else the one on the path.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("MITHAQ_PYTHON3").map(PathBuf::from);
    let python = named.unwrap_or_else(|| PathBuf::from("python3"));
    let answers = Command::new(&python).args(["-c", "import tomllib"]).output();
    answers.is_ok_and(|answer| answer.status.success()).then_some(python)
}

/// Runs one of its programs, and gives the last line of what it says: its counts.
fn run(python: &Path, program: &str, arguments: &[&str]) -> String {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "tests", "stranger"].iter().collect();
    let mut command = Command::new(python);
    command.arg(folder.join(program)).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
    let done = command.output().expect("it starts");
    let (said, talk) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{program}:\n{said}{talk}");
    said.lines().last().unwrap_or_default().to_owned()
}

/// The number before a word.
fn count(said: &str, word: &str) -> u64 {
    let before = said.split(word).next().unwrap_or_default();
    before.split_whitespace().last().and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[test]
fn a_stranger_agrees_with_us() {
    let Some(python) = python() else {
        println!("skipped: there is no python3 of 3.11 or later (MITHAQ_PYTHON3)");
        return;
    };
    let vectors = run(&python, "vectors.py", &[]);
    println!("vectors: {vectors}");
    assert!(count(&vectors, " checks") > 1_500, "{vectors}");
    let verdicts = run(&python, "compare.py", &[env!("CARGO_BIN_EXE_mithaq"), "--all"]);
    println!("verdicts: {verdicts}");
    assert!(count(&verdicts, " agree") > 800, "{verdicts}");
}
