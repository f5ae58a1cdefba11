//! A registrar that cheats: what `verify` says of its folder, the files that it writes, and what those say
//! to somebody who has nothing else.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use docket::harness::folder::{Files, add_note};
use docket::harness::world::receipted;
use docket::harness::{Hand, Setup, World, at, bodies};
use serde_json::Value;
use support::{run, scrubbed};
use terms::VoiceName;

fn write(files: &Files, folder: &Path) {
    for (path, bytes) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("written");
    }
}

fn honest() -> World {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    world.act(&["north"], bodies::notice(&["ford"]));
    world.settle();
    world
}

/// Lets a number in twice, and shows another past to somebody.
fn cheating() -> (World, Files) {
    let mut world = honest();
    let mut other = world.clone();
    let mut draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.n = 1;
    let low = world.sign(&draft, &Hand::default());
    world.enter(receipted(&low, world.size(), world.now, &world.genesis, "registrar", true));
    world.settle();
    other.act(&["south"], bodies::notice(&["ford"]));
    let shown = other.cosigned(other.size(), &[(1, other.now)]);
    let mut files = world.folder();
    add_note(&mut files, shown.to_string().as_bytes());
    (world, files)
}

fn contradictions(text: &str) -> Vec<Value> {
    let value: Value = serde_json::from_str(text).expect("JSON");
    value["contradictions"].as_array().expect("a list").clone()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_registrar_that_cheats_is_convicted_by_small_files() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    let (world, files) = cheating();
    write(&files, &at.join("data"));
    let told = run(at, &["verify", "data"]).ends(1).out;
    insta::assert_snapshot!("verify_cheated", scrubbed(&told, at));
    assert!(!at.join("against").exists());

    let told = run(at, &["verify", "data", "--evidence", "against", "--json"]).ends(1).out;
    let found = contradictions(&told);
    let whom: Vec<&str> = found.iter().map(|one| one["convicts"].as_str().expect("a word")).collect();
    assert_eq!(whom, ["registrar", "registrar", "author north/desk", "witness w2"]);
    let written: Vec<&str> = found.iter().map(|one| one["file"].as_str().expect("a file")).collect();
    assert_eq!(written.len(), names(&at.join("against")).len());

    // By the register's name, and nothing else; in another place.
    let voice = VoiceName::of(&world.genesis).to_string();
    let far = tempfile::tempdir().expect("a folder");
    for (one, file) in found.iter().zip(&written) {
        let name = Path::new(file).file_name().expect("a name");
        std::fs::copy(at.join(file), far.path().join(name)).expect("copied");
        let name = name.to_str().expect("UTF-8");
        let said = run(far.path(), &["verify", name, "--register", &voice, "--json"]).ends(0).out;
        let said: Value = serde_json::from_str(&said).expect("JSON");
        let says = said["says"].as_str().expect("a text");
        assert!(says.contains(one["says"].as_str().expect("a sentence")), "{says}");
    }
    // What it comes to stands last: nobody takes a conviction for a clean bill.
    let said = run(
        far.path(),
        &[
            "verify",
            Path::new(written[0]).file_name().expect("a name").to_str().expect("UTF-8"),
            "--register",
            &voice,
        ],
    )
    .good();
    assert_eq!(said.lines().last(), Some("The contradiction holds: it convicts this key."), "{said}");
    let said = run(far.path(), &["verify", ".", "--register", &voice]).good();
    let all = "All of it: nothing wrong found; 4 contradictions hold.";
    assert_eq!(said.lines().last(), Some(all), "{said}");
    // Beside another register, which was asked for, they are of another.
    let mut other = World::found(&Setup { roots: (1, 2), ..Setup::default() });
    other.settle();
    write(&other.folder(), &far.path().join("other"));
    let asked = VoiceName::of(&other.genesis).to_string();
    let told = run(far.path(), &["verify", ".", "--register", &asked]).ends(3).out;
    assert!(
        told.ends_with("; 4 are of another register, not the one asked for; 4 contradictions hold.\n"),
        "{told}"
    );
    run(far.path(), &["verify", ".", "--register", &asked, "--register", &voice]).ends(0);
    std::fs::remove_dir_all(far.path().join("other")).expect("removed");
    // All of them at once, and again: they have the same names, and nothing is written over.
    run(far.path(), &["verify", "."]).ends(0);
    let before = names(&at.join("against"));
    run(at, &["verify", "data", "--evidence", "against"]).ends(1);
    assert_eq!(names(&at.join("against")), before);
    std::fs::write(at.join(written[0]), "mine").expect("written");
    let refused = run(at, &["verify", "data", "--evidence", "against"]).ends(2);
    assert!(refused.err.contains("[mithaq::exists]"), "{}", refused.err);
    assert_eq!(std::fs::read(at.join(written[0])).expect("a file"), b"mine");
    // Not into the register's own folder, where it would be a file that nobody knows.
    let refused = run(at, &["verify", "data", "--evidence", "data/against"]).ends(2);
    assert!(refused.err.contains("it may have no other file"), "{}", refused.err);
    assert_eq!(names(&at.join("data")), ["note", "register"]);
    let refused = run(at, &["verify", written[1], "--evidence", "other"]).ends(2);
    assert!(refused.err.contains("[mithaq::no_register]"), "{}", refused.err);
}

#[test]
fn an_honest_folder_yields_none() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    let world = honest();
    let mut files = world.folder();
    add_note(&mut files, world.cosigned(7, &world.clocks()).to_string().as_bytes());
    write(&files, &at.join("data"));
    let told = run(at, &["verify", "data", "--evidence", "against", "--json"]).ends(0).out;
    assert_eq!(contradictions(&told), Vec::<Value>::new());
    let told = run(at, &["verify", "data", "--evidence", "against"]).ends(0).out;
    assert!(!told.contains("contradiction"), "{told}");
    assert!(!at.join("against").exists());
}

#[test]
fn copies_of_one_register_that_are_not_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = dir.path();
    let (mut ours, mut theirs) = (honest(), honest());
    ours.act(&["north"], bodies::notice(&["harbour"]));
    theirs.act(&["south"], bodies::notice(&["harbour"]));
    for (name, world) in [("ours", &ours), ("theirs", &theirs)] {
        write(&world.folder(), &at.join("copies").join(name));
    }
    let told = run(at, &["verify", "copies", "--evidence", "against", "--json"]).ends(1).out;
    let value: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(value["wrongs"][0]["code"], "audit::copies_differ", "{told}");
    let found = contradictions(&told);
    let whom: BTreeSet<&str> = found.iter().map(|one| one["convicts"].as_str().expect("a word")).collect();
    let all = ["registrar", "witness w1", "witness w2", "witness w3", "witness w4"];
    assert_eq!(whom.into_iter().collect::<Vec<_>>(), all);
    // Each copy shows what the other's registrar promised, and did not keep.
    for word in ["fork", "double-index", "receipt-not-kept"] {
        assert!(found.iter().any(|one| one["kind"] == word), "no {word}: {told}");
    }
    run(at, &["verify", "against"]).ends(0);
}
