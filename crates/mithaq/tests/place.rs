//! A place is told in every notation, with how far it is from lines, and why it is not determined.

#![expect(clippy::unwrap_used, reason = "a test that fails")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

fn mithaq(args: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    command.arg("place").args(args).current_dir(folder).env_remove("COLUMNS").output().unwrap()
}

const EXERCISE: [&str; 2] = ["--instrument", "instruments/exercise.toml"];
const LINES: [&str; 4] =
    ["--line", "instruments/exercise-ridge.geojson", "--line", "instruments/exercise-survey.geojson"];

fn with<'a>(place: &'a str, rest: &[&'a [&'a str]]) -> Vec<&'a str> {
    std::iter::once(place).chain(rest.iter().flat_map(|part| part.iter().copied())).collect()
}

#[test]
fn it_is_told() {
    let rows = [
        (with("10.25, -39.9 ± 500 m", &[&EXERCISE, &LINES]), 0),
        (with("10.25, -39.95 ± 1 km", &[&EXERCISE, &LINES]), 0),
        (with("11.5N 39.9W ± 100 m", &[&EXERCISE, &LINES]), 0),
        (with("10.25, -39.9 ± 500 m", &[&EXERCISE, &LINES[..2]]), 3),
        (with("24P VS 01 33", &[&LINES[..2]]), 0),
        (with("-10°15'00\", -39°54'00\"", &[&["--to", "0, 0"]]), 0),
        (with("10.25, 190", &[]), 2),
        (with("10.25, -39.9", &[&EXERCISE, &["--line", "crates/place/tests/wrong/meets_itself.geojson"]]), 2),
        (with("10.25, -39.9", &[&["--line", "crates/place/tests/wrong/meets_itself.geojson"]]), 2),
        (with("10.25, -39.9", &[&["--instrument", "crates/instrument/tests/wrong/no_party.toml"]]), 2),
        (with("10.25, -39.9", &[&["--line", "crates"]]), 2),
    ];
    let mut told = String::new();
    for (args, exit) in rows {
        let ran = mithaq(&args);
        let quoted: Vec<String> = args
            .iter()
            .map(|arg| if arg.contains(' ') { format!("\"{arg}\"") } else { (*arg).to_owned() })
            .collect();
        writeln!(told, "$ mithaq place {}", quoted.join(" ")).unwrap();
        told.push_str(&String::from_utf8_lossy(&ran.stdout));
        told.push_str(&String::from_utf8_lossy(&ran.stderr));
        writeln!(told, "exit {}\n", ran.status.code().unwrap()).unwrap();
        assert_eq!(ran.status.code(), Some(exit), "{told}");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn machines_are_told_too() {
    let ran = mithaq(&with("10.25, -39.9 ± 500 m", &[&EXERCISE, &LINES, &["--json"]]));
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(said["as-given"]["place"]["lat-e7"], 102_500_000);
    assert_eq!((&said["outcome"]["area"], &said["outcome"]["participant"]), (&"b".into(), &"south".into()));
    assert_eq!(
        (said["lines"].as_array().unwrap().len(), &said["lines"][0]["position"]),
        (2, &"right".into())
    );
    let ran = mithaq(&with("10.25, -39.95 ± 5 km", &[&EXERCISE, &LINES, &["--json"]]));
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let reasons = said["outcome"]["not-determined"].as_array().unwrap();
    assert!(reasons.iter().all(|reason| reason["reason"] == "near"), "{said}");
}

/// What the program says by itself is nobody's position (PRACTICE N9).
#[test]
fn no_loaded_word_is_said() {
    let ran = mithaq(&with("10.25, -39.9 ± 5 km", &[&EXERCISE, &LINES]));
    let said = String::from_utf8_lossy(&ran.stdout).to_lowercase();
    for word in ["border", "boundary", "frontier", "soil", "territory"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}
