//! What a desk says of what waits, what is on its way, and by when; and what it shows before one signs.

mod support;

use std::fs;

use support::{INSTRUMENT, drafted, founded, run};

#[test]
fn what_is_done_is_said_to_be_on_its_way_and_a_proof_says_that_it_lacks_it() {
    let two = founded();
    let (north, harbour, path) = (&two.north, &two.harbour, two.folder.path());
    fs::write(path.join("photo.jpg"), "A photo.\n").unwrap();
    fs::write(path.join("notice.txt"), "We give notice.\n").unwrap();
    let offered =
        north.ask("01-13 08:00", &["evidence", "offer", "photo.jpg", "--to", "harbour"], "/exhibits/0");
    north.good("01-13 08:10", &["notice", "give", "--to", "harbour", "--file", "notice.txt"]);
    north.carry(harbour, "01-13 09:00", &[]);
    harbour.carry(north, "01-13 10:00", &[]);
    north.carry(harbour, "01-13 11:00", &[]);

    // The notice names its text, and the text its notice.
    let at = "01-13 12:00";
    let notice = harbour.ask(at, &["notice", "list"], "/notices/0/reference");
    let text = harbour.ask(at, &["notice", "list"], "/notices/0/text/0");
    assert!(harbour.good(at, &["notice", "list"]).contains(&text));
    let exhibit = harbour.ask(at, &["evidence", "list"], "/exhibits/0/reference");
    assert_eq!(harbour.ask(at, &["evidence", "list"], "/exhibits/0/what"), "photo.jpg, offer");
    let what = format!("notice.txt, text of {notice}");
    assert_eq!(harbour.ask(at, &["evidence", "list"], "/exhibits/1/what"), what);
    assert_eq!(harbour.ask(at, &["evidence", "list"], "/exhibits/1/reference"), text);

    // No clock runs before service: by when at the latest is known all the same.
    let latest = "2026-01-21 09:00 UTC at the latest";
    let listed = harbour.good(at, &["notice", "list"]);
    assert!(listed.contains(latest), "{listed}");
    let status = harbour.good(at, &["status"]);
    assert!(
        status.contains(&format!("waits: {notice} of north to be acknowledged, due {latest}")),
        "{status}"
    );
    assert_eq!(harbour.ask(at, &["notice", "list"], "/notices/0/told/harbour/due"), "null");
    assert_eq!(
        harbour.ask(at, &["notice", "list"], "/notices/0/told/harbour/due-at-latest"),
        "2026-01-21T09:00:00Z"
    );

    // Done, and on its way: nobody is asked to do it again.
    harbour.good(at, &["evidence", "open", &exhibit, "--out", "opened.jpg"]);
    harbour.good(at, &["evidence", "open", &text, "--out", "opened.txt"]);
    harbour.good(at, &["act", "keep", &offered]);
    harbour.good(at, &["notice", "acknowledge", &notice]);
    let status = harbour.good(at, &["status"]);
    for done in [
        format!("on its way: {notice} is acknowledged\n"),
        format!("on its way: {exhibit} is opened\n"),
        format!("on its way: {text} is opened\n"),
    ] {
        assert!(status.contains(&done), "{status}");
    }
    assert!(!status.contains("to be acknowledged") && !status.contains("is not opened"), "{status}");
    assert_eq!(harbour.ask(at, &["status"], "/on-their-way/0"), format!("{notice} is acknowledged"));

    // A proof made now lacks it, and says so; so does one made at the registrar's.
    let lacks = |said: &str, kind: &str| {
        said.contains(&format!("not in it, since it is on its way: `{kind}` by harbour"))
    };
    let said = harbour.good(at, &["proof", "make", &exhibit, "--out", "early.mithaq-proof"]);
    assert!(lacks(&said, "opened") && lacks(&said, "keep"), "{said}");
    harbour.carry(north, "01-13 13:00", &[]);
    let said = north.good("01-13 13:00", &["proof", "make", &exhibit, "--out", "north.mithaq-proof"]);
    assert!(lacks(&said, "opened") && lacks(&said, "keep"), "{said}");
    assert!(north.good("01-13 13:00", &["status"]).contains("is acknowledged by harbour"));
    let said = north.good("01-13 13:00", &["proof", "make", &notice, "--out", "notice.mithaq-proof"]);
    assert!(lacks(&said, "step") && !lacks(&said, "keep"), "{said}");
    north.carry(harbour, "01-13 14:00", &[]);
    harbour.carry(north, "01-13 15:00", &[]);
    north.carry(harbour, "01-13 16:00", &[]);
    harbour.carry(north, "01-13 17:00", &[]);
    for desk in [north, harbour] {
        let out = format!("{}-late.mithaq-proof", desk.name);
        let said = desk.good("01-14 08:00", &["proof", "make", &exhibit, "--out", &out]);
        assert!(!said.contains("not in it"), "{said}");
    }
    let proof = run(path, &["verify", "harbour-late.mithaq-proof", "--register", &two.voice]).good();
    assert!(proof.contains("opened/harbour") || proof.contains("opened by"), "{proof}");
}

#[test]
fn what_was_taken_back_waits_for_nothing() {
    let two = founded();
    let (north, harbour, path) = (&two.north, &two.harbour, two.folder.path());
    fs::write(path.join("notice.txt"), "We give notice.\n").unwrap();
    north.good("01-13 08:10", &["notice", "give", "--to", "harbour", "--file", "notice.txt"]);
    let number = north.ask("01-13 08:20", &["act", "list", "--kind", "open"], "/acts/0/entry");
    let number = north.ask("01-13 08:20", &["act", "show", &number], "/n");
    for (hour, way) in [(9, true), (10, false), (11, true)] {
        let (from, to) = if way { (north, harbour) } else { (harbour, north) };
        from.carry(to, &format!("01-13 {hour:02}:00"), &[]);
    }
    let notice = harbour.ask("01-13 11:10", &["notice", "list"], "/notices/0/reference");
    assert!(harbour.good("01-13 11:10", &["status"]).contains("to be acknowledged"));
    north.good("01-13 12:00", &["act", "disown", "liaison-1", "--since", &number, "--yes"]);
    for (hour, way) in [(13, true), (14, false), (15, true), (16, false)] {
        let (from, to) = if way { (north, harbour) } else { (harbour, north) };
        from.carry(to, &format!("01-13 {hour:02}:00"), &[]);
    }
    let at = "01-13 17:00";
    for desk in [north, harbour] {
        assert!(desk.good(at, &["notice", "list"]).contains("disowned"));
        assert_eq!(desk.ask(at, &["notice", "list"], "/notices/0/disowned"), "true");
    }
    let status = harbour.good(at, &["status"]);
    assert!(status.contains("Nothing is asked of harbour."), "{status}");
    let ran = harbour.run(at, &["notice", "acknowledge", &notice]).ends(5);
    assert!(ran.err.contains("was taken back by its participant"), "{}", ran.err);
}

#[test]
fn all_that_is_signed_can_be_read_before() {
    let two = drafted();
    let said = two.harbour.good("01-12 07:10", &["register", "sign", "founding.json", "--look"]);
    for line in INSTRUMENT.lines() {
        assert!(said.lines().any(|shown| shown == line), "{line}\n{said}");
    }
    let whole =
        two.harbour.ask("01-12 07:10", &["register", "sign", "founding.json", "--look"], "/instrument");
    assert_eq!(whole, INSTRUMENT);
}

#[test]
fn a_backup_has_a_passphrase_of_its_own() {
    let two = drafted();
    let at = "01-12 08:00";
    let ran = two.north.run(at, &["key", "backup", "copy.age"]).ends(2);
    assert!(ran.err.contains("none was given") && ran.err.contains("--same-passphrase"), "{}", ran.err);
    assert!(!two.folder.path().join("copy.age").exists());
    fs::write(two.folder.path().join("new"), "another passphrase\n").unwrap();
    two.north.good(at, &["key", "backup", "copy.age", "--new-passphrase-file", "new"]);
    fs::remove_dir_all(two.north.path("keys")).unwrap();
    two.north.run(at, &["key", "restore", "copy.age"]).ends(2);
    two.north.good(at, &["key", "restore", "copy.age", "--new-passphrase-file", "new"]);
}

#[test]
fn no_key_is_called_by_a_word_that_means_something_else() {
    let two = founded();
    for word in ["receipt", "genesis", "registrar", "everyone"] {
        let ran = two.north.run("01-13 08:00", &["key", "new", word, "--capacity", "officer"]).ends(2);
        assert!(ran.err.contains(&format!("no key can have the label `{word}`")), "{}", ran.err);
    }
}
