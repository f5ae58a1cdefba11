//! What files show, as it is recorded beside them in `tests/files`: the program says it here, and the module that
//! browsers run is held to the same by `module.mjs`.
//!
//! A `….verdict` has a line with the file and, if it was asked for by name, the register; and the verdict. With
//! `RECORD=1` the verdicts are written anew.

use std::fs;
use std::path::{Path, PathBuf};

use verifier::{Verdict, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

fn read(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).expect("the file is there")
}

#[test]
fn files_show_what_is_recorded() {
    let mut tried = 0;
    for file in fs::read_dir(folder()).expect("a folder") {
        let path = file.expect("it can be listed").path();
        if path.extension().is_none_or(|end| end != "verdict") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("it can be read");
        let (first, recorded) = text.split_once('\n').expect("a line and a verdict");
        let (name, register) = first.split_once(' ').unwrap_or((first, ""));
        let said = check(&read(name), register).to_json();
        if std::env::var_os("RECORD").is_some() {
            fs::write(&path, format!("{first}\n{said}\n")).expect("written");
        } else {
            assert_eq!(said, recorded.trim_end(), "{}", path.display());
        }
        tried += 1;
    }
    assert!(tried > 4, "the files are there");
}

/// One bit of every 61st byte: each byte would take minutes.
#[test]
fn no_changed_bit_holds_of_those_that_are_tried() {
    let bytes = read("offered.mithaq-proof");
    assert!(matches!(check(&bytes, ""), Verdict::Proved(_)));
    for at in (0..bytes.len()).step_by(61) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(!matches!(check(&changed, ""), Verdict::Proved(_)), "byte {at}");
    }
}

#[test]
fn what_is_no_proof_is_said_to_be_none() {
    let bytes = read("offered.mithaq-proof");
    assert_eq!(check(b"", ""), Verdict::Unknown);
    assert_eq!(check(&[0xff; 300], ""), Verdict::Unknown);
    assert_eq!(check(&bytes, "no name"), Verdict::NoName);
    assert!(matches!(check(&bytes[..bytes.len() - 2], ""), Verdict::NotShown { .. }));
}
