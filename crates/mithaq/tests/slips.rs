//! What a person does wrong is said before it is signed, and leaves nothing behind.

mod support;

use std::fs;
use std::path::Path;

use support::{Desk, drafted, founded, run};

/// How many sealed files and grants lie in a desk's folder.
fn lies(desk: &Desk) -> (usize, usize) {
    let count = |folder: &str| fs::read_dir(desk.path(folder)).map_or(0, Iterator::count);
    (count("data/sealed"), count("data/grant"))
}

#[track_caller]
fn is_whole(folder: &Path, desk: &Desk) {
    let ran = run(folder, &["verify", &format!("{}/data", desk.name)]);
    assert!(!ran.out.contains("Wrong"), "{}", ran.out);
}

#[test]
fn an_offer_one_step_early_leaves_nothing_behind() {
    let two = drafted();
    let (north, path) = (&two.north, two.folder.path());
    two.harbour.good("01-12 07:10", &["register", "sign", "founding.json"]);
    north.good("01-12 07:20", &["register", "sign", "founding.json"]);
    north.good("01-12 08:00", &["register", "found", "founding.json"]);
    north.good("01-12 08:10", &["act", "enrol", "registry", "--office", "Registry"]);
    fs::write(path.join("note.txt"), "A note.\n").unwrap();
    fs::write(path.join("table.csv"), "day\n2024-01-01\n").unwrap();
    let at = "01-12 08:20";
    // Its own officer's key is not on record yet.
    let offer = ["evidence", "offer", "note.txt", "--to", "harbour"];
    north.run(at, &offer).ends(2);
    north.run(at, &["notice", "give", "--to", "harbour", "--file", "note.txt"]).ends(2);
    north.run(at, &["act", "batch", "table.csv", "--table", "incidents", "--to", "north"]).ends(2);
    // Harbour has no seal key on record yet.
    north.good(at, &["act", "enrol", "liaison-1", "--office", "Liaison office"]);
    let ran = north.run(at, &offer).ends(2);
    assert!(ran.err.contains("`harbour` has enrolled no key that a grant could be sealed to"), "{}", ran.err);
    north.run(at, &["notice", "give", "--to", "harbour", "--file", "note.txt"]).ends(2);
    // One of two files can't be read; a key that is named is not here.
    north.run(at, &["evidence", "offer", "note.txt", "nowhere.txt", "--to", "north"]).ends(2);
    north.run(at, &["evidence", "offer", "note.txt", "--to", "north", "--by", "nobody"]).ends(2);
    assert_eq!(lies(north), (0, 0));
    is_whole(path, north);
}

#[test]
fn what_was_refused_is_taken_back() {
    let two = founded();
    let (north, harbour, path) = (&two.north, &two.harbour, two.folder.path());
    fs::write(path.join("note.txt"), "A note.\n").unwrap();
    // Harbour's key is over at the registrar, and harbour signs with it all the same.
    harbour.good("01-13 08:00", &["act", "revoke", "desk-1", "--yes"]);
    harbour.carry(north, "01-13 09:00", &[]);
    let offer = ["evidence", "offer", "note.txt", "--to", "north"];
    let ran = harbour.run("01-13 10:00", &offer).ends(5);
    assert!(ran.err.contains("this would be refused: `key`"), "{}", ran.err);
    assert_eq!(lies(harbour), (0, 0));
    harbour.good("01-13 10:00", &[offer.as_slice(), &["--anyway"]].concat());
    assert_eq!(lies(harbour), (1, 2));
    let stick = "offer.mithaq";
    harbour.good("01-13 11:00", &["bundle", "export", "--to", "north", "--out", stick]);
    north.run("01-13 11:00", &["bundle", "import", stick]).ends(5);
    assert_eq!(lies(north), (0, 0));
    north.good("01-13 12:00", &["bundle", "export", "--to", "harbour", "--out", "back.mithaq"]);
    harbour.run("01-13 12:00", &["bundle", "import", "back.mithaq"]).ends(5);
    assert_eq!(lies(harbour), (0, 0));
    for desk in [north, harbour] {
        is_whole(path, desk);
    }

    // The same of the registrar's own.
    north.good("01-14 08:00", &["act", "revoke", "liaison-1", "--yes"]);
    let offer = ["evidence", "offer", "note.txt", "--to", "harbour", "--by", "liaison-1"];
    north.run("01-14 08:10", &offer).ends(5);
    assert_eq!(lies(north), (0, 0));
    north.run("01-14 08:10", &[offer.as_slice(), &["--anyway"]].concat()).ends(5);
    assert_eq!(lies(north), (0, 0));
    is_whole(path, north);
}

#[test]
fn an_act_that_would_come_to_nothing_is_not_signed() {
    let two = founded();
    let (north, harbour, path) = (&two.north, &two.harbour, two.folder.path());
    fs::write(path.join("note.txt"), "A note.\n").unwrap();
    let at = "01-13 08:00";
    let would = |desk: &Desk, args: &[&str], why: &str| {
        let before = desk.good(at, &["act", "list"]);
        let ran = desk.run(at, args).ends(5);
        assert!(ran.err.contains("mithaq::to_no_effect"), "{}", ran.err);
        assert!(ran.err.contains(&format!("[mithaq::to_no_effect]: this would be {why}\n")), "{}", ran.err);
        assert_eq!(desk.good(at, &["act", "list"]), before, "{args:?} was signed");
    };
    // To oneself; for longer than may be; by who may not.
    would(north, &["notice", "give", "--to", "north", "--file", "note.txt"], "void: form");
    let offer = north.ask(at, &["evidence", "offer", "note.txt", "--to", "harbour"], "/exhibits/0");
    let notice = north.ask(at, &["notice", "give", "--to", "harbour", "--file", "note.txt"], "/act");
    would(north, &["act", "hold", &offer, "--until", "2030-01-01"], "void: form");
    would(north, &["act", "rule", &offer, "danger"], "void: no-power");
    north.carry(harbour, "01-13 09:00", &[]);
    harbour.carry(north, "01-13 10:00", &[]);
    north.carry(harbour, "01-13 11:00", &[]);
    would(harbour, &["evidence", "grant", &offer, "--to", "harbour"], "void: no-power");
    // Twice, the first still on its way.
    harbour.good(at, &["notice", "acknowledge", &notice]);
    would(harbour, &["notice", "acknowledge", &notice], "void: wrong-state");
    let ran = harbour.run(at, &["act", "enrol", "desk-1", "--office", "Registry"]).ends(2);
    assert!(ran.err.contains("a label is never used again"), "{}", ran.err);
}
