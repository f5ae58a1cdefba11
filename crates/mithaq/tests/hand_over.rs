//! Two parties hand evidence and a notice over, by stick, without any server.

#![expect(clippy::unwrap_used, reason = "a test that fails")]

mod support;

use std::fs;

use support::{copy, founded, run, scrubbed};

#[test]
fn by_stick_without_any_server() {
    let two = founded();
    let (north, harbour) = (&two.north, &two.harbour);
    let photo: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(two.folder.path().join("photo.jpg"), &photo).unwrap();
    fs::write(two.folder.path().join("notice.txt"), "We give notice.\n").unwrap();

    // Offered, noticed, carried, cosigned, carried back.
    let offered =
        north.ask("01-13 08:00", &["evidence", "offer", "photo.jpg", "--to", "harbour"], "/exhibits/0");
    north.good("01-13 08:10", &["notice", "give", "--to", "harbour", "--file", "notice.txt"]);
    north.carry(harbour, "01-13 09:00", &[]);
    harbour.carry(north, "01-13 10:00", &[]);
    north.carry(harbour, "01-13 11:00", &[]);

    // Found by reference and as an item; opened once all agrees; signed for, kept, acknowledged.
    let exhibit = harbour.ask("01-13 12:00", &["evidence", "list"], "/exhibits/0/reference");
    assert_eq!(harbour.ask("01-13 12:00", &["evidence", "list"], "/exhibits/0/exhibit"), offered);
    let waits = harbour.good("01-13 12:00", &["status"]);
    assert!(waits.contains(&format!("{exhibit} of north was granted, and is not opened")), "{waits}");
    harbour.good("01-13 12:00", &["evidence", "open", &exhibit, "--out", "opened.jpg"]);
    assert_eq!(fs::read(two.folder.path().join("opened.jpg")).unwrap(), photo);
    harbour.good("01-13 12:10", &["act", "keep", &offered]);
    let notice = harbour.ask("01-13 12:10", &["notice", "list"], "/notices/0/reference");
    harbour.good("01-13 12:20", &["notice", "acknowledge", &notice]);
    harbour.good("01-13 12:30", &["evidence", "answer", &exhibit, "--choice", "no-information-yet"]);
    harbour.carry(north, "01-13 13:00", &[]);
    north.carry(harbour, "01-13 14:00", &[]);
    harbour.carry(north, "01-13 15:00", &[]);
    // The mark stands in the register, and nobody has cosigned that yet (TIME T1).
    assert_eq!(north.ask("01-13 15:00", &["evidence", "tally"], "/tallies/north/filed"), "0");
    assert!(north.good("01-13 15:00", &["act", "list"]).contains("on its way"));
    north.carry(harbour, "01-13 16:00", &[]);
    harbour.carry(north, "01-13 17:00", &[]);

    // Both say the same of it, and so does whoever verifies.
    for counted in ["offered", "filed", "shared", "answered"] {
        let tally = north.ask("01-14 08:00", &["evidence", "tally"], &format!("/tallies/north/{counted}"));
        assert_eq!(tally, if counted == "offered" { "2" } else { "1" }, "{counted}");
    }
    assert_eq!(
        north.ask("01-14 08:00", &["notice", "list"], "/notices/0/told/harbour/state"),
        "acknowledged"
    );
    let path = two.folder.path();
    insta::assert_snapshot!("verify", scrubbed(&run(path, &["verify", "north/data"]).good(), path));
    run(path, &["verify", "north/data", "--register", &two.voice]).ends(0);
    run(path, &["verify", "harbour/data", "--register", &two.voice]).ends(0);
    insta::assert_snapshot!("status", scrubbed(&north.good("01-14 08:00", &["status"]), path));
    insta::assert_snapshot!("act_list", scrubbed(&north.good("01-14 08:00", &["act", "list"]), path));
    insta::assert_snapshot!(
        "evidence_list",
        scrubbed(&north.good("01-14 08:00", &["evidence", "list"]), path)
    );
    insta::assert_snapshot!("notice_list", scrubbed(&north.good("01-14 08:00", &["notice", "list"]), path));

    // A script reads that it is an exercise, as a person does, and ids where a person reads labels.
    for args in
        [["act", "list"], ["act", "show"], ["evidence", "list"], ["evidence", "tally"], ["notice", "list"]]
    {
        let args = [args.as_slice(), if args[1] == "show" { &["9"] } else { &[] }].concat();
        assert_eq!(north.ask("01-14 08:00", &args, "/exercise"), "true", "{args:?}");
    }
    assert_eq!(north.ask("01-14 08:00", &["act", "list"], "/acts/9/by"), "north");
    assert_eq!(north.ask("01-14 08:00", &["act", "list"], "/acts/18/what"), "founded by harbour, north");
    assert_eq!(north.ask("01-14 08:00", &["notice", "list"], "/notices/0/from"), "north");

    // One small file proves it to anybody.
    harbour.good("01-14 08:00", &["proof", "make", &exhibit, "--out", "offer.mithaq-proof"]);
    let proof = run(path, &["verify", "offer.mithaq-proof", "--register", &two.voice]).good();
    insta::assert_snapshot!("verify_standing_proof", scrubbed(&proof, path));
    for (pointer, value) in [
        ("/by", "north"),
        ("/kind", "offer"),
        ("/signers/0", "north/liaison-1"),
        ("/registered", "2026-01-13T08:00:00Z"),
        ("/replayed/by", "harbour/node-1"),
        ("/exhibits/0/reference", &exhibit),
        ("/exhibits/0/exhibit", &offered),
        ("/exhibits/0/filed/harbour", "2026-01-13T13:00:00Z"),
        ("/exhibits/0/shared/harbour", "2026-01-13T13:00:00Z"),
        ("/exhibits/0/answered/harbour", "2026-01-13T13:00:00Z"),
        ("/exercise", "true"),
    ] {
        assert_eq!(harbour.ask("01-14 08:00", &["verify", "offer.mithaq-proof"], pointer), value);
    }
    harbour.good("01-14 08:00", &["proof", "make", &notice, "--out", "notice.mithaq-proof"]);
    let proof = run(path, &["verify", "notice.mithaq-proof"]).good();
    insta::assert_snapshot!("verify_standing_proof_of_a_notice", scrubbed(&proof, path));
    harbour.good("01-14 08:00", &["proof", "make", &exhibit, "--inclusion", "--out", "offer.tlog-proof"]);
    let bare = run(path, &["verify", "offer.tlog-proof"]).ends(3).out;
    insta::assert_snapshot!("verify_bare_proof", scrubbed(&bare, path));
    run(path, &["verify", "offer.tlog-proof", "--with", "north/data"]).ends(0);

    // A collection: both copies, and the proofs.
    let all = path.join("all");
    for (from, to) in [("north/data", "all/north"), ("harbour/data", "all/harbour")] {
        copy(&path.join(from), &path.join(to));
    }
    for file in ["offer.mithaq-proof", "offer.tlog-proof"] {
        fs::copy(path.join(file), all.join(file)).unwrap();
    }
    fs::write(all.join("README.txt"), "What this is.\n").unwrap();
    run(path, &["verify", "all"]).ends(0);
    fs::write(all.join("more.txt"), "junk\n").unwrap();
    let wrong = run(path, &["verify", "all"]).ends(1).out;
    assert!(
        wrong.contains("more.txt: a folder of registers has no such file [audit::unknown_file]"),
        "{wrong}"
    );
    fs::remove_file(all.join("more.txt")).unwrap();

    // A byte flipped in any file is found, and named.
    for file in files(&all.join("north")) {
        let bytes = fs::read(&file).unwrap();
        let Some(at) = bytes.len().checked_sub(1) else { continue };
        let mut flipped = bytes.clone();
        flipped[at / 2] ^= 1;
        fs::write(&file, flipped).unwrap();
        let ran = run(path, &["verify", "all/north"]);
        assert_ne!(ran.code, 0, "{}: {}", file.display(), ran.out);
        assert!(ran.code == 1 || ran.code == 3, "{}: {}{}", file.display(), ran.out, ran.err);
        fs::write(&file, bytes).unwrap();
    }
    run(path, &["verify", "all"]).ends(0);
}

#[test]
fn one_machine_with_all_keys() {
    let two = support::drafted();
    let at = "01-12 08:00";
    let witness =
        format!("harbour={}", two.harbour.good(at, &["key", "show", "witness.harbour.example"]).trim());
    let new = ["register", "new", "--instrument", "accord.toml", "--witness", &witness, "--quorum", "1"];
    let founders = ["--founder", "harbour.seat", "--also-keys", "harbour/keys"];
    two.north.good(at, &[new.as_slice(), &founders].concat());
    assert_eq!(two.north.ask(at, &["register", "show"], "/entries"), "1");
    two.north.run(at, &[new.as_slice(), &founders].concat()).ends(2);
}

/// A registrar that keeps two pasts, with a witness that helps: whoever has both copies sees it.
#[test]
fn two_pasts_of_one_register() {
    let two = founded();
    let path = two.folder.path();
    let all = path.join("all");
    fs::create_dir(&all).unwrap();
    for past in ["one", "other"] {
        let world = path.join(past);
        fs::create_dir(&world).unwrap();
        for name in ["north", "harbour"] {
            copy(&path.join(name), &world.join(name));
        }
        fs::write(world.join("text.txt"), past).unwrap();
        let desk = |name| support::Desk { folder: world.clone(), name };
        let (north, harbour) = (desk("north"), desk("harbour"));
        north.good("01-13 08:00", &["evidence", "offer", "text.txt", "--to", "harbour"]);
        north.carry(&harbour, "01-13 09:00", &[]);
        copy(&world.join("harbour/data"), &all.join(past));
    }
    run(path, &["verify", "all/one"]).ends(0);
    run(path, &["verify", "all/other"]).ends(0);
    let ran = run(path, &["verify", "all"]).ends(1);
    assert!(ran.out.contains("is not the register of one/ [audit::copies_differ]"), "{}", ran.out);
}

#[test]
fn keys_are_backed_up_and_restored() {
    let two = support::drafted();
    let at = "01-12 08:00";
    let list = two.north.good(at, &["key", "list"]);
    two.north.good(at, &["key", "backup", "copy.age", "--same-passphrase"]);
    two.north.run(at, &["key", "backup", "copy.age", "--same-passphrase"]).ends(2);
    fs::remove_dir_all(two.north.path("keys")).unwrap();
    two.north.good(at, &["key", "restore", "copy.age"]);
    assert_eq!(two.north.good(at, &["key", "list"]), list);
    fs::write(two.folder.path().join("new"), "another passphrase\n").unwrap();
    two.north.good(at, &["key", "passphrase", "--new-passphrase-file", "new"]);
    two.north.run(at, &["key", "list"]).ends(2);
    assert_eq!(two.north.good(at, &["key", "list", "--passphrase-file", "new"]), list);
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.push(entry.path());
        }
    }
    all.sort();
    all
}
