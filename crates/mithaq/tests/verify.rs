//! What `verify` says to somebody who was handed a folder, a stick or one small file.

#![expect(clippy::unwrap_used, reason = "a test that fails")]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Two, copy, founded, run};

const ANOTHER: &str = "of another register, not the one asked for";

fn last(out: &str) -> &str {
    out.lines().last().unwrap_or_default()
}

fn json(folder: &Path, args: &[&str], code: i32) -> Value {
    let out = run(folder, &[args, &["--json"]].concat()).ends(code).out;
    serde_json::from_str(&out).unwrap()
}

/// A standing proof of harbour's, who has a node's key.
fn proof(two: &Two, out: &Path) {
    two.harbour.good("01-13 08:00", &["proof", "make", "2", "--out", out.to_str().unwrap()]);
}

/// Who brings a folder can put into it what they like: what counts is what was asked for by name.
#[test]
fn what_is_of_another_register_is_named() {
    let (two, other) = (founded(), founded());
    let path = two.folder.path();
    let all = path.join("all");
    copy(&two.north.path("data"), &all.join("north"));
    copy(&two.harbour.path("data"), &all.join("harbour"));
    proof(&two, &all.join("ours.mithaq-proof"));
    let ours = ["verify", "all", "--register", two.voice.as_str()];
    let both = [ours.as_slice(), &["--register", &other.voice]].concat();
    assert_eq!(last(&run(path, &ours).good()), "All of it: nothing wrong found.");

    // A folder more; a proof more; both in a folder below.
    let names = ["zz", "theirs.mithaq-proof", "theirs/zz", "theirs/x.mithaq-proof"];
    for name in names {
        let put = all.join(name);
        if name.ends_with("zz") {
            copy(&other.harbour.path("data"), &put);
        } else {
            fs::create_dir_all(put.parent().unwrap()).unwrap();
            proof(&other, &put);
        }
        let ran = run(path, &ours).ends(3);
        assert!(ran.out.contains(&format!("{ANOTHER}: {}", other.voice)), "{name}: {}", ran.out);
        assert!(last(&ran.out).ends_with(&format!("one is {ANOTHER}.")), "{name}: {}", ran.out);
        let said = json(path, &ours, 3);
        assert_eq!(said["of-another-register"][0]["voice"], other.voice, "{name}: {said}");
        run(path, &both).ends(0);
        run(path, &["verify", "all"]).ends(0);
        if put.is_dir() {
            fs::remove_dir_all(&put).unwrap()
        } else {
            fs::remove_file(&put).unwrap()
        }
        let _ = fs::remove_dir(all.join("theirs"));
    }

    // In the place of one that is missing; and in the place of all of them.
    fs::remove_dir_all(all.join("harbour")).unwrap();
    copy(&other.harbour.path("data"), &all.join("harbour"));
    run(path, &ours).ends(3);
    let mine = [two.voice.as_str(), &other.voice];
    run(path, &both).ends(0);
    fs::remove_dir_all(all.join("north")).unwrap();
    fs::remove_file(all.join("ours.mithaq-proof")).unwrap();
    for args in [&ours[..], &both] {
        let ran = run(path, args).ends(1);
        assert!(ran.out.contains("audit::other_register") && ran.out.contains(mine[0]), "{}", ran.out);
    }

    // A wrong stays one, and a folder that holds nothing is none.
    copy(&two.north.path("data"), &all.join("north"));
    fs::create_dir(all.join("empty")).unwrap();
    run(path, &ours).ends(1);

    // One thing by itself may be any of those that were asked for.
    run(path, &["verify", "north/data", "--register", &other.voice, "--register", &two.voice]).ends(0);
    run(path, &["verify", "north/data", "--register", &other.voice]).ends(1);
}

/// A stick of last week, beside what is known now.
#[test]
fn an_older_bundle_is_no_wrong() {
    let two = founded();
    let path = two.folder.path();
    two.harbour.carry(&two.north, "01-13 08:00", &["--plain"]);
    two.north.carry(&two.harbour, "01-13 09:00", &["--plain"]);
    let mut sticks = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".mithaq") && name != "harbour-to-north-01-12-11-00.mithaq" {
            sticks.push(name);
        }
    }
    assert_eq!(sticks.len(), 5);
    for stick in sticks {
        for folder in ["north/data", "harbour/data"] {
            run(path, &["verify", &stick, "--with", folder, "--register", &two.voice]).ends(0);
        }
    }
}

/// Beside a folder of folders a bare proof finds its register; what is wrong with that is said of it.
#[test]
fn a_bare_proof_beside_a_folder_of_folders() {
    let (two, other) = (founded(), founded());
    let path = two.folder.path();
    copy(&other.north.path("data"), &path.join("all/a"));
    copy(&two.north.path("data"), &path.join("all/b"));
    fs::write(path.join("all/README.txt"), "What this is.\n").unwrap();
    two.north.good("01-13 08:00", &["proof", "make", "2", "--inclusion", "--out", "x.tlog-proof"]);
    let beside = ["verify", "x.tlog-proof", "--with", "all"];
    let said = run(path, &beside).good();
    assert!(said.starts_with("EXERCISE\nTaking part implies no recognition"), "{said}");
    assert_eq!(json(path, &beside, 0)["entry"], 2);
    fs::write(path.join("all/b/junk"), "junk").unwrap();
    let ran = run(path, &beside).ends(1);
    assert!(ran.out.contains("the register in all/b is: junk: a register has no such file"), "{}", ran.out);
    assert_eq!(ran.out.matches("[audit::").count(), 1, "{}", ran.out);
    fs::remove_dir_all(path.join("all/b")).unwrap();
    run(path, &beside).ends(2);
}

/// Every page says that it is an exercise, and what taking part implies, before anything else (PRACTICE N1, N21).
#[test]
fn exercise_is_said_first() {
    let two = founded();
    let (path, at) = (two.folder.path(), "01-13 08:00");
    proof(&two, &path.join("x.mithaq-proof"));
    let first = "EXERCISE\nTaking part implies no recognition of any State, government or claim.\n";
    let rows: [&[&str]; 7] = [
        &["verify", "x.mithaq-proof"],
        &["proof", "check", "x.mithaq-proof"],
        &["verify", "north/data"],
        &["bundle", "list", "harbour-to-north-01-12-09-00.mithaq"],
        &["bundle", "list", "first.mithaq"],
        &["key", "list"],
        &["register", "role"],
    ];
    for args in rows {
        let said = two.north.good(at, args);
        assert!(said.starts_with(first), "{args:?}: {said}");
        assert_eq!(two.north.ask(at, args, "/exercise"), "true", "{args:?}");
    }
    // A bundle that begins the register says it to somebody who has no node yet.
    assert!(run(path, &["bundle", "list", "first.mithaq"]).good().starts_with(first));
    assert!(run(path, &["verify", "."]).ends(1).out.starts_with(first));
}
