//! Acts of every sort go in by the command line, and come to what they should.

mod support;

use std::fs;

use support::{Desk, ORIGIN, Two, founded};

/// There and back, twice: what was written is in effect on both desks.
fn settle(two: &Two, day: &str) {
    two.harbour.carry(&two.north, &format!("{day} 20:00"), &[]);
    two.north.carry(&two.harbour, &format!("{day} 21:00"), &[]);
    two.harbour.carry(&two.north, &format!("{day} 22:00"), &[]);
    two.north.carry(&two.harbour, &format!("{day} 23:00"), &[]);
    two.harbour.carry(&two.north, &format!("{day} 23:30"), &[]);
}

/// The effect of an act, by the command that wrote it.
#[track_caller]
fn effect(desk: &Desk, act: &str) -> String {
    desk.ask("02-01 08:00", &["act", "show", act], "/effect")
}

#[test]
fn a_third_joins_and_its_new_roots_sign_on_their_own_machine() {
    let two = founded();
    let south = Desk { folder: two.folder.path().to_owned(), name: "south" };
    let at = "01-13 08:00";
    south.good(
        at,
        &["key", "new", "root-1", "root-2", "--capacity", "root", "--origin", ORIGIN, "--as", "south"],
    );
    south.good(at, &["key", "seat", "south.seat"]);
    two.north.good(at, &["act", "seat", "south.seat", "--with-new-roots", "--draft", "seat.json"]);
    two.north.run(at, &["act", "submit", "seat.json"]).ends(5);
    south.good(at, &["act", "sign", "seat.json", "--look"]);
    south.good(at, &["act", "sign", "seat.json"]);
    let vote = two.north.ask(at, &["act", "submit", "seat.json"], "/act");
    two.harbour.good(at, &["act", "seat", "south.seat"]);
    settle(&two, "01-13");
    assert_eq!(effect(&two.harbour, &vote), "in effect");
    for desk in [&two.north, &two.harbour] {
        assert_eq!(desk.ask("01-14 08:00", &["register", "show"], "/participants/2/vacant"), "false");
    }
}

#[test]
fn an_excluded_name_has_no_effect() {
    let two = founded();
    let at = "01-13 08:00";
    two.north.good(at, &["key", "new", "liaison-2", "--capacity", "officer"]);
    let enrol = ["act", "enrol", "liaison-2", "--office", "Hill Wolves"];
    let ran = two.north.run(at, &enrol).ends(5);
    assert!(ran.err.contains("[mithaq::to_no_effect]: this would be void: excluded"), "{}", ran.err);
    let enrol = two.north.ask(at, &[enrol.as_slice(), &["--anyway"]].concat(), "/act");
    settle(&two, "01-13");
    assert_eq!(effect(&two.harbour, &enrol), "void: excluded");
}

#[test]
fn evidence_is_challenged_mended_held_and_destroyed() {
    let two = founded();
    let path = two.folder.path();
    let (north, harbour) = (&two.north, &two.harbour);
    fs::write(path.join("statement.txt"), "What I saw.\n").unwrap();
    let offer = ["evidence", "offer", "statement.txt", "--to", "harbour"];
    let statement = north.ask("01-13 08:00", &offer, "/exhibits/0");
    settle(&two, "01-13");

    let challenge = harbour.ask("01-14 08:00", &["evidence", "challenge", &statement, "grant-wrong"], "/act");
    settle(&two, "01-14");
    let waits = north.good("01-15 08:00", &["status"]);
    assert!(waits.contains("is challenged by harbour"), "{waits}");
    let grant = north.ask("01-15 08:00", &["evidence", "grant", &statement, "--to", "harbour"], "/act");
    settle(&two, "01-15");
    harbour.good("01-16 08:00", &["evidence", "open", &statement, "--out", "opened.txt"]);
    let hold = harbour.ask("01-16 08:00", &["act", "hold", &statement, "--until", "2026-03-01"], "/act");
    settle(&two, "01-16");
    let ruling = harbour.ask("01-17 08:00", &["act", "rule", &statement, "danger"], "/act");
    settle(&two, "01-17");
    let destroy = ["evidence", "destroy", &statement, "danger", "--yes"];
    let destroyed =
        [north.ask("01-18 08:00", &destroy, "/act"), harbour.ask("01-18 08:00", &destroy, "/act")];
    settle(&two, "01-18");
    for act in [&challenge, &grant, &hold, &ruling, &destroyed[0], &destroyed[1]] {
        assert_eq!(effect(north, act), "in effect", "{act}");
    }
    for desk in [north, harbour] {
        assert_eq!(desk.ask("01-19 08:00", &["evidence", "list"], "/exhibits/0/here"), "destroyed");
        desk.good("01-19 08:00", &["status"]);
    }
}

#[test]
fn a_table_a_revocation_and_an_act_of_any_kind() {
    let two = founded();
    let path = two.folder.path();
    let (north, harbour) = (&two.north, &two.harbour);
    fs::write(path.join("table.csv"), "day,what\n2024-01-01,\"one,\ntwo\"\n2024-01-02,three\n").unwrap();
    let public = ["act", "batch", "table.csv", "--table", "incidents", "--public"];
    let sealed = ["act", "batch", "table.csv", "--table", "incidents", "--to", "north"];
    let batch = harbour.ask("01-13 08:00", &public, "/act");
    let exhibit = harbour.ask("01-13 08:10", &sealed, "/act");
    settle(&two, "01-13");
    for act in [&batch, &exhibit] {
        assert_eq!(effect(north, act), "in effect");
        let text = north.ask("01-14 08:00", &["act", "show", act], "/text");
        assert!(text.contains("\"rows\":2"), "{text}");
    }

    fs::write(path.join("confirm.json"), format!("{{\"act\":\"{batch}\"}}\n")).unwrap();
    let any = ["act", "write", "confirm", "confirm.json", "--anyway"];
    north.run("01-14 08:00", &any[..4]).ends(5);
    let any = north.ask("01-14 08:00", &any, "/act");
    north.run("01-14 08:00", &["act", "write", "revoke", "confirm.json"]).ends(2);
    let revoke = north.ask("01-14 09:00", &["act", "revoke", "liaison-1", "--yes"], "/act");
    settle(&two, "01-14");
    assert!(effect(north, &any).starts_with("void: "), "it was no transcription");
    assert_eq!(effect(north, &revoke), "in effect");
    let ended = north.ask("01-15 08:00", &["register", "show"], "/keys/6/ended/why");
    assert_eq!(ended, "revoked");
    // A revoked key signs nothing more that is registered.
    let cut = ["act", "cut", "south", "--from", "2026-01-01", "--to", "2026-01-02", "--by", "liaison-1"];
    let ran = north.run("01-15 08:00", &cut).ends(5);
    assert!(ran.err.contains("`key`"), "{}", ran.err);
}

/// The number of an act that waits in a desk's queue, or is registered.
#[track_caller]
fn number(desk: &Desk, act: &str) -> u64 {
    let queued = desk.path("data/queue");
    let files = fs::read_dir(queued).expect("a queue");
    let waits = files.map(|file| fs::read(file.expect("a file").path()).expect("readable"));
    let submission = waits
        .filter_map(|bytes| act::Submission::parse(&bytes).ok())
        .find(|submission| submission.act().id().to_string() == act);
    submission.expect("it waits").act().head().n
}

#[test]
fn a_drafted_act_uses_its_number_up() {
    let two = founded();
    let harbour = &two.harbour;
    fs::write(two.folder.path().join("table.csv"), "day\n2024-01-01\n").unwrap();
    let batch = ["act", "batch", "table.csv", "--table", "incidents", "--to", "north"];
    let drafted = harbour.ask("01-13 08:00", &[&batch[..], &["--draft", "batch.json"]].concat(), "/act");
    // What was sealed for it is named by no act that is here: it waits beside the draft, and nothing is wrong.
    let waiting = || fs::read_dir(two.folder.path().join("batch.json.sealed")).map_or(0, Iterator::count);
    assert_eq!(waiting(), 3);
    harbour.good("01-13 08:30", &["status"]);
    // Its key has signed it, and it waits in no queue: the next has another number, or both convict the key.
    let next = harbour.ask("01-13 09:00", &batch, "/act");
    assert_eq!(harbour.ask("01-13 10:00", &["act", "submit", "batch.json"], "/act"), drafted);
    assert_ne!(number(harbour, &drafted), number(harbour, &next));
    assert_eq!(waiting(), 0);
    harbour.good("01-13 10:10", &["status"]);

    // Two drafts of one number, made without the key: it signs one.
    fs::rename(harbour.path("keys/keyring.age"), harbour.path("all.age")).unwrap();
    let root = ["--by", "root-1"];
    let revoke = |label: &'static str, file: &'static str| {
        [&["act", "revoke", label, "--yes", "--anyway", "--draft", file][..], &root[..]].concat()
    };
    // An annex of an act that nobody could sign would lie there unnamed.
    let shelf = || fs::read_dir(harbour.path("data/register/annex")).map_or(0, Iterator::count);
    let before = shelf();
    let public = ["act", "batch", "table.csv", "--table", "incidents", "--public", "--by", "nobody"];
    harbour.run("01-13 10:00", &public).ends(2);
    assert_eq!(shelf(), before);

    harbour.good("01-13 11:00", &["key", "new", "spare", "--capacity", "officer"]);
    harbour.good("01-13 11:00", &revoke("registry", "one.json"));
    harbour.good("01-13 11:10", &revoke("node-1", "other.json"));
    fs::rename(harbour.path("all.age"), harbour.path("keys/keyring.age")).unwrap();
    harbour.good("01-13 12:00", &["act", "sign", "one.json"]);
    let ran = harbour.run("01-13 12:00", &["act", "sign", "other.json"]);
    assert!(ran.err.contains("mithaq::numbered"), "{}{}", ran.out, ran.err);
}

/// A participant without the registrar's key drafts a public table: it goes with its act, by stick.
#[test]
fn a_drafted_act_takes_its_annex_along() {
    let two = founded();
    let (north, harbour) = (&two.north, &two.harbour);
    let path = two.folder.path();
    fs::write(path.join("table.csv"), "day\n2024-01-01\n").unwrap();
    fs::write(path.join("other.csv"), "day\n2024-01-02\n").unwrap();
    let public = ["act", "batch", "table.csv", "--table", "incidents", "--public", "--draft", "batch.json"];
    let talk = harbour.good("01-13 08:00", &public);
    assert!(talk.contains("`mithaq act submit batch.json --annex FILE`"), "{talk}");
    let submit = ["act", "submit", "batch.json"];
    let ran = harbour.run("01-13 08:10", &submit).ends(2);
    assert!(ran.err.contains("mithaq::annex") && ran.err.contains("`--annex FILE`"), "{}", ran.err);
    let ran = harbour.run("01-13 08:10", &[&submit[..], &["--annex", "other.csv"]].concat()).ends(2);
    assert!(ran.err.contains("names no annex with this hash"), "{}", ran.err);
    harbour.good("01-13 08:10", &["verify", "harbour/data"]);
    let batch = harbour.ask("01-13 08:20", &[&submit[..], &["--annex", "table.csv"]].concat(), "/act");
    settle(&two, "01-13");
    assert_eq!(effect(north, &batch), "in effect");
    for desk in [north, harbour] {
        desk.good("01-14 08:00", &["verify", &format!("{}/data", desk.name)]);
    }

    // An act of any kind is written from its body, and its annex handed in with it.
    let annex = act::value::AnnexRef { sha256: terms::Hash::of(b"day\n2024-01-02\n"), size: 15 };
    let body = serde_json::json!({"table": "incidents", "rows": 1, "annex": annex});
    fs::write(path.join("body.json"), body.to_string()).unwrap();
    let write = ["act", "write", "batch", "body.json"];
    harbour.run("01-14 08:10", &write).ends(2);
    harbour.good("01-14 08:20", &[&write[..], &["--annex", "other.csv"]].concat());
    // It lies here now: a second act that names it needs none.
    harbour.good("01-14 08:30", &write);
    harbour.good("01-14 08:40", &["verify", "harbour/data"]);
}

#[test]
fn a_restored_key_signs_no_number_twice() {
    let two = founded();
    let harbour = &two.harbour;
    harbour.good("01-13 08:00", &["key", "backup", "copy.age", "--same-passphrase"]);
    fs::write(two.folder.path().join("table.csv"), "day\n2024-01-01\n").unwrap();
    let batch = ["act", "batch", "table.csv", "--table", "incidents", "--to", "north"];
    let on_a_stick = harbour.ask("01-13 09:00", &batch, "/act");
    let before = number(harbour, &on_a_stick);
    // The laptop is lost, and with it the queue and what lay beside the keys.
    fs::remove_dir_all(harbour.path("data/queue")).unwrap();
    fs::remove_file(harbour.path("keys/keyring.age")).unwrap();
    fs::remove_file(harbour.path("keys/numbers.json")).unwrap();
    harbour.good("01-14 08:00", &["key", "restore", "copy.age"]);
    let after = harbour.ask("01-14 09:00", &batch, "/act");
    assert!(number(harbour, &after) > before + 1000);
    settle(&two, "01-14");
    assert_eq!(effect(&two.north, &after), "in effect");
}

/// README, *The machine is gone*, word for word, in new folders.
#[test]
fn the_machine_is_gone_and_another_takes_its_place() {
    let two = founded();
    let (north, harbour, path) = (&two.north, &two.harbour, two.folder.path());
    // South takes its seat, and joins; then its machine is lost, all but a backup of the first day.
    let south = Desk { folder: path.to_owned(), name: "south" };
    let at = "01-13 08:00";
    let whose = ["--origin", ORIGIN, "--as", "south"];
    let new = |labels: &[&'static str], capacity: &'static str| {
        south.good(at, &[&["key", "new"], labels, &["--capacity", capacity], &whose].concat());
    };
    new(&["root-1", "root-2"], "root");
    new(&["liaison-1"], "officer");
    new(&["registry"], "seal");
    south.good(at, &["key", "seat", "south.seat"]);
    south.good(at, &["key", "backup", "south-keys.age", "--same-passphrase"]);
    north.good(at, &["act", "seat", "south.seat", "--with-new-roots", "--draft", "seat.json"]);
    south.good(at, &["act", "sign", "seat.json"]);
    north.good(at, &["act", "submit", "seat.json"]);
    harbour.good(at, &["act", "seat", "south.seat"]);
    settle(&two, "01-13");
    north.good("01-14 08:00", &["bundle", "export", "--to", "south", "--plain", "--out", "first.south"]);
    let join = |file| ["register", "join", file, "--as", "south", "--register", &two.voice];
    south.good("01-14 08:00", &join("first.south"));
    south.good("01-14 08:10", &["act", "enrol", "registry", "--office", "Registry"]);
    south.good("01-14 08:10", &["act", "enrol", "liaison-1", "--office", "Liaison office"]);
    south.carry(north, "01-14 09:00", &[]);
    settle(&two, "01-14");
    north.carry(&south, "01-15 08:00", &[]);
    fs::write(path.join("note.txt"), "A note.\n").unwrap();
    south.good("01-15 08:10", &["evidence", "offer", "note.txt", "--to", "north"]);
    south.carry(north, "01-15 09:00", &[]);
    settle(&two, "01-15");
    fs::remove_dir_all(south.path("data")).unwrap();
    fs::remove_dir_all(south.path("keys")).unwrap();

    let at = "01-16 08:00";
    south.good(at, &["key", "restore", "south-keys.age"]);
    // What north thinks that south lacks is not enough; all of it is.
    north.good(at, &["bundle", "export", "--to", "south", "--out", "more.south"]);
    let ran = south.run(at, &join("more.south"));
    assert!(ran.code != 0 && ran.err.contains("`mithaq bundle export --whole`"), "{}{}", ran.out, ran.err);
    north.good(at, &["bundle", "export", "--to", "south", "--whole", "--out", "whole.south"]);
    south.good(at, &join("whole.south"));
    let revoke = south.ask(at, &["act", "revoke", "liaison-1", "--yes"], "/act");
    south.good(at, &["key", "new", "liaison-2", "--capacity", "officer"]);
    let enrol = south.ask(at, &["act", "enrol", "liaison-2", "--office", "Liaison office"], "/act");
    south.carry(north, "01-16 09:00", &[]);
    settle(&two, "01-16");
    north.carry(&south, "01-17 08:00", &[]);
    for desk in [north, harbour, &south] {
        assert_eq!(effect(desk, &revoke), "in effect");
        assert_eq!(effect(desk, &enrol), "in effect");
    }
    let offer = ["evidence", "offer", "note.txt", "--to", "harbour"];
    let offer = south.ask("01-17 08:10", &offer, "/act");
    south.carry(north, "01-17 09:00", &[]);
    settle(&two, "01-17");
    assert_eq!(effect(harbour, &offer), "in effect");
    // Its own sealed file came back with the rest.
    assert_eq!(fs::read_dir(south.path("data/sealed")).unwrap().count(), 2);
    assert_eq!(support::run(path, &["verify", "south/data", "--register", &two.voice]).code, 0);
}

/// The same of a witness, whose memory no backup has: what README says of it, and that the help names
/// what there is.
#[test]
fn a_witness_without_its_memory_cosigns_no_more() {
    let two = founded();
    let (north, harbour) = (&two.north, &two.harbour);
    let at = "01-13 08:00";
    harbour.good(at, &["key", "backup", "harbour-keys.age", "--same-passphrase"]);
    fs::remove_dir_all(harbour.path("data")).unwrap();
    fs::remove_dir_all(harbour.path("keys")).unwrap();
    harbour.good(at, &["key", "restore", "harbour-keys.age"]);
    north.good(at, &["bundle", "export", "--to", "harbour", "--whole", "--out", "whole.mithaq"]);
    let join = ["register", "join", "whole.mithaq", "--as", "harbour", "--register", &two.voice];
    let said = harbour.run(at, &[join.as_slice(), &["--witness", "witness.harbour.example"]].concat());
    assert!(format!("{}{}", said.out, said.err).contains("cosigns no more"), "{}{}", said.out, said.err);
    // It takes part all the same: what it signs is registered, and waits for other witnesses.
    let keep = harbour.ask(at, &["act", "revoke", "desk-1", "--yes"], "/act");
    harbour.carry(north, "01-13 09:00", &[]);
    assert_eq!(effect(north, &keep), "on its way");

    // The registrar's.
    north.good(at, &["key", "backup", "north-keys.age", "--same-passphrase"]);
    fs::remove_dir_all(north.path("keys/kept")).unwrap();
    let ran = north.run(at, &["status"]).ends(5);
    assert!(ran.err.contains("README.md, Keys"), "{}", ran.err);
}

#[test]
fn a_stolen_laptop_is_disowned_and_what_it_signed_falls() {
    let two = founded();
    let (north, harbour) = (&two.north, &two.harbour);
    fs::write(two.folder.path().join("call.txt"), "A call.\n").unwrap();
    let offer = north.ask("01-13 08:00", &["evidence", "offer", "call.txt", "--to", "harbour"], "/act");
    // Harbour has not got it yet, so it can't say whether that will come to anything.
    let served = harbour.ask("01-13 08:10", &["act", "serve", &offer, "--on", "north", "--anyway"], "/act");
    settle(&two, "01-13");
    let number = north.ask("01-14 08:00", &["act", "show", &offer], "/n");
    let disown = ["act", "disown", "liaison-1", "--since", &number];
    let unmeant = north.run("01-14 08:00", &disown).ends(2);
    assert!(
        unmeant.err.contains("is taken back\n  = help: say that it is meant: `--yes`"),
        "{}",
        unmeant.err
    );
    let disown = north.ask("01-14 08:00", &[disown.as_slice(), &["--yes"]].concat(), "/act");
    // A key that is over takes nothing more back.
    let again = ["act", "disown", "liaison-1", "--since", "1", "--yes", "--anyway"];
    north.run("01-14 08:10", &again[..6]).ends(5);
    north.good("01-14 08:10", &again);
    settle(&two, "01-14");
    assert_eq!(effect(harbour, &offer), "disowned: its participant took it back");
    assert_eq!(effect(harbour, &disown), "in effect");
    assert!(harbour.good("01-15 08:00", &["evidence", "list"]).contains("(disowned)"));
    assert_eq!(harbour.ask("01-15 08:00", &["evidence", "list"], "/exhibits/0/disowned"), "true");
    assert_eq!(harbour.ask("01-15 08:00", &["register", "show"], "/keys/6/ended/why"), "disowned");
    assert_eq!(effect(north, &served), "in effect");
}

#[test]
fn guarantors_give_new_roots_after_a_wait() {
    let two = founded();
    let (north, harbour) = (&two.north, &two.harbour);
    // North's keys are lost; it makes new ones on another machine.
    let fresh = Desk { folder: two.folder.path().to_owned(), name: "fresh" };
    let at = "01-13 08:00";
    let roots = ["root-4", "root-5"];
    let whose = ["--capacity", "root", "--origin", ORIGIN, "--as", "north"];
    fresh.good(at, &[["key", "new"].as_slice(), &roots, &whose].concat());
    fresh.good(at, &["key", "seat", "north-again.seat"]);
    let asked = harbour.ask(at, &["act", "recover", "north-again.seat"], "/act");
    settle(&two, "01-13");
    assert_eq!(effect(north, &asked), "in effect");
    let roots_of_north = |desk: &Desk, day: &str| {
        desk.good(&format!("{day} 08:00"), &["register", "show", "--json"]).contains("root-4")
    };
    assert!(!roots_of_north(north, "01-14"), "it comes at once");
    // Three days and the carriage, a week here, and a beat on each of them.
    for day in 14..=29 {
        settle(&two, &format!("01-{day}"));
    }
    assert!(roots_of_north(harbour, "01-30"), "it never came");
}

#[test]
fn completions_for_each_shell() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = support::run(folder.path(), &["completions", shell]).good();
        assert!(text.contains("acknowledge"), "{shell}");
    }
}
