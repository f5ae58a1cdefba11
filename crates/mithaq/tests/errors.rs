//! What is said when something goes wrong, with its exit code.

#![expect(clippy::unwrap_used, reason = "a test that fails")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use support::{Ran, drafted, founded, mithaq, run, scrubbed};

/// `$ mithaq …`, what stood on the standard error, and the exit code.
fn told(text: &mut String, folder: &Path, said: &str, ran: &Ran) {
    let err = scrubbed(&ran.err, folder);
    let said = scrubbed(said, folder);
    write!(text, "$ mithaq {said}\n{err}exit {}\n\n", ran.code).unwrap();
}

fn table(folder: &Path, rows: &[(&[&str], i32)], run: impl Fn(&[&str]) -> Ran) -> String {
    let mut text = String::new();
    for (args, code) in rows {
        let ran = run(args).ends(*code);
        assert!(ran.err.starts_with("error["), "{args:?}: {}", ran.err);
        told(&mut text, folder, &args.join(" "), &ran);
    }
    text
}

#[test]
fn without_a_node() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("empty")).unwrap();
    fs::write(path.join("words.txt"), "words\n").unwrap();
    fs::write(path.join("words.tlog-proof"), "words\n").unwrap();
    fs::write(path.join("blank"), "\n").unwrap();
    fs::write(path.join("secret"), "swordfish\n").unwrap();
    let rows: &[(&[&str], i32)] = &[
        (&["verfy"], 2),
        (&["verify"], 2),
        (&["verify", "nowhere"], 2),
        (&["verify", "empty"], 2),
        (&["verify", "words.txt"], 2),
        (&["verify", "empty", "--register", "swordfish"], 2),
        (&["status"], 2),
        (&["key", "list"], 2),
        (&["key", "new", "root-1", "--capacity", "root"], 2),
        (&["key", "new", "--capacity", "officer", "--origin", "a.example/b", "--as", "north"], 2),
        (&["key", "new", "Root", "--capacity", "root", "--origin", "a.example/b", "--as", "north"], 2),
        (&["key", "new", "root-1", "--capacity", "king"], 2),
        (&["key", "new", "x", "--capacity", "witness", "--passphrase-file", "blank"], 2),
        (&["key", "restore", "words.txt", "--passphrase-file", "secret"], 2),
        (&["act", "sign", "words.txt"], 2),
        (&["register", "found", "words.txt"], 2),
        (&["act", "rule", "x", "perhaps"], 2),
    ];
    insta::assert_snapshot!(table(path, rows, |args| run(path, args)));

    // A proof that is none is a wrong, said where answers are.
    fs::write(path.join("words.mithaq-proof"), "{\"format\":\"mithaq.proof/v1\"}\n").unwrap();
    for (file, code) in [("words.tlog-proof", "audit::proof"), ("words.mithaq-proof", "audit::standing")] {
        let ran = run(path, &["verify", file]).ends(1);
        assert!(ran.out.contains(&format!("[{code}]")), "{}", ran.out);
    }

    let output = mithaq(path)
        .env_remove("MITHAQ_PASSPHRASE")
        .args(["key", "new", "x", "--capacity", "witness"])
        .output();
    let err = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(err.contains("mithaq::no_passphrase"), "{err}");
}

#[test]
fn with_a_node() {
    let two = founded();
    let path = two.folder.path();
    let north = &two.north;
    for name in ["a.txt", "b.txt"] {
        fs::write(path.join(name), name).unwrap();
    }
    let offer = north.ask("01-13 08:00", &["evidence", "offer", "a.txt", "b.txt", "--to", "harbour"], "/act");
    fs::write(path.join("there.mithaq"), "words\n").unwrap();
    north.good("01-13 08:00", &["key", "new", "liaison-2", "--capacity", "officer"]);
    north.good("01-13 08:00", &["act", "enrol", "liaison-2", "--office", "Registry"]);
    two.harbour.carry(north, "01-13 08:10", &[]);
    let rows: &[(&[&str], i32)] = &[
        (&["bundle", "export", "--to", "harbor", "--out", "x.mithaq"], 2),
        (&["bundle", "export", "--to", "rivers", "--out", "x.mithaq"], 2),
        (&["bundle", "export", "--to", "north", "--out", "x.mithaq"], 2),
        (&["bundle", "export", "--to", "south", "--out", "x.mithaq"], 2),
        (&["bundle", "export", "--to", "harbour", "--out", "there.mithaq"], 2),
        (&["bundle", "import", "there.mithaq"], 2),
        (&["bundle", "import", "nowhere.mithaq"], 2),
        (&["register", "join", "there.mithaq", "--as", "north", "--register", &two.voice], 2),
        (&["act", "show", "400"], 2),
        (&["act", "show", "EXH-26-0001-A"], 2),
        (&["act", "show", "EXH-26-0001-R"], 2),
        (&["act", "show", "the first"], 2),
        (&["evidence", "open", &offer, "--out", "x"], 2),
        (&["evidence", "open", "0", "--out", "x"], 2),
        (&["evidence", "answer", &offer], 2),
        (&["evidence", "destroy", &format!("{offer}#f1"), "danger"], 2),
        (&["evidence", "destroy", &format!("{offer}#f1"), "danger", "--yes"], 5),
        (&["notice", "acknowledge", "0"], 2),
        (&["act", "cut", "south", "--from", "2026-01-01", "--to", "2026-01-02"], 2),
        (&["act", "cut", "south", "--from", "yesterday", "--to", "2026-01-02"], 2),
        (&["act", "revoke", "liason-1"], 2),
        (&["act", "enrol", "nobody", "--office", "Registry"], 2),
        (&["act", "cut", "south", "--from", "2026-01-02", "--to", "2026-01-01", "--by", "liaison-1"], 5),
        (&["key", "show", "liason-1"], 2),
        (&["proof", "make", &offer, "--out", "x"], 3),
    ];
    insta::assert_snapshot!(table(path, rows, |args| north.run("01-13 09:00", args)));

    // Only the registrar signs the register; a sealed bundle is its receiver's to open.
    let ran = two.harbour.run("01-13 09:00", &["register", "beat"]).ends(5);
    assert!(ran.err.contains("mithaq::role"), "{}", ran.err);
    north.good("01-13 09:00", &["bundle", "export", "--to", "harbour", "--out", "sealed.mithaq"]);
    let ran = north.run("01-13 09:00", &["bundle", "list", "sealed.mithaq"]).ends(3);
    assert!(ran.err.contains("mithaq::not_for_us") && ran.err.contains("= help: "), "{}", ran.err);
    let ran = run(path, &["verify", "sealed.mithaq"]).ends(3);
    assert!(ran.err.starts_with("error[mithaq::incomplete]"), "{}", ran.err);
    two.harbour.run("01-13 09:00", &["verify", "sealed.mithaq", "--with", "harbour/data"]).ends(0);

    // Another register's bundle is foreign.
    let other = founded();
    fs::copy(other.folder.path().join("first.mithaq"), path.join("other.mithaq")).unwrap();
    let ran = two.harbour.run("01-13 09:00", &["bundle", "import", "other.mithaq"]).ends(2);
    assert!(ran.err.contains("mithaq::foreign"), "{}", ran.err);
}

#[test]
fn founding() {
    let two = drafted();
    let path = two.folder.path();
    let (north, at) = (&two.north, "01-12 08:00");
    fs::write(path.join("broken.toml"), support::INSTRUMENT.replace("role = \"party\"", "rle = \"party\""))
        .unwrap();
    let founding = fs::read_to_string(path.join("founding.json")).unwrap();
    fs::write(path.join("altered.json"), founding.replace("two parties", "one party!!")).unwrap();
    let draft = ["register", "draft", "--quorum", "1", "--out", "other.json", "--founder", "harbour.seat"];
    let with = |more: &[&'static str]| [draft.as_slice(), more].concat();
    let witness = "harbour=witness.harbour.example+00000000+AAAA";
    let rows: &[(&[&str], i32)] = &[
        (&["register", "found", "founding.json"], 5),
        (&["register", "sign", "altered.json"], 1),
        (&with(&["--instrument", "broken.toml", "--witness", witness]), 2),
        (&with(&["--instrument", "nowhere.toml", "--witness", witness]), 2),
        (&with(&["--instrument", "accord.toml", "--witness", witness]), 2),
        (&["key", "seat", "harbour.seat"], 2),
    ];
    let told = table_loosely(path, rows, |args| north.run(at, args));
    insta::assert_snapshot!(told);
    north.good(at, &["register", "sign", "founding.json"]);
    north.run(at, &["register", "sign", "founding.json"]).ends(2);
}

/// As [`table`], where something may be drawn before the error.
fn table_loosely(folder: &Path, rows: &[(&[&str], i32)], run: impl Fn(&[&str]) -> Ran) -> String {
    let mut text = String::new();
    for (args, code) in rows {
        told(&mut text, folder, &args.join(" "), &run(args).ends(*code));
    }
    text
}

/// Whatever stands at a path, nothing breaks off.
#[test]
fn garbage_never_panics() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let pieces: [&[u8]; 7] = [
        b"",
        b"\0",
        b"age-encryption.org/v1\n",
        b"c2sp.org/tlog-proof@v1\nextra !\n",
        b"{\"format\":\"mithaq.contradiction/v1\"",
        b"{\"format\":\"mithaq.proof/v1\"}\n",
        &[0xff; 600],
    ];
    for (at, bytes) in pieces.iter().enumerate() {
        for ending in ["", ".tlog-proof", ".mithaq-proof", ".contradiction.json", ".mithaq"] {
            let name = format!("f{at}{ending}");
            fs::write(path.join(&name), bytes).unwrap();
            let ran = run(path, &["verify", &name]);
            assert!((1..=3).contains(&ran.code), "{name}: {} {}{}", ran.code, ran.out, ran.err);
            fs::remove_file(path.join(&name)).unwrap();
        }
        for inside in
            ["register/checkpoint", "register/tile/entries/000.p/1", "register/tile/0/000.p/1", "lock"]
        {
            let file = path.join("node").join(inside);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::create_dir_all(path.join("node/register")).unwrap();
            fs::write(&file, bytes).unwrap();
        }
        let ran = run(path, &["verify", "node"]);
        assert!((1..=3).contains(&ran.code), "node {at}: {} {}{}", ran.code, ran.out, ran.err);
    }
}
