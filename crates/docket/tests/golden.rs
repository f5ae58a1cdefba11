//! Recorded registers: the bytes of each come to the recorded lines and roots. `BLESS=1` records them anew, which nobody
//! does once a register lives under these rules. What the files hold is at the top of `harness::golden`.
//!
//! `cargo xtask wasm` replays the same in a browser's machine, and compares.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use docket::harness::golden::{Golden, Told};
use docket::harness::story::{self, Story};
use docket::harness::{Hand, World, bodies};
use docket::v1::replay::Judged;
use terms::Hash;

/// Its name, and what tells it.
type Register = (&'static str, fn() -> World);

/// A register of keys, notices and exhibits, by stick; and one of matters under a whole instrument.
const REGISTERS: [Register; 2] = [("stick", by_stick), ("matters", matters)];

/// What has to happen in the second: words of its events, and kinds of its matters.
const MEETS: [&str; 13] = [
    "amended",
    "corrected",
    "disowned",
    "late",
    "ran-out",
    "set-aside",
    "split",
    "spoke",
    "suspended",
    "withdrawn",
    "case",
    "incident",
    "visit",
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// The register as its story tells it, and a malformed entry before its last marks.
fn by_stick() -> World {
    let mut world = told("stick").world;
    let forked = {
        let mut draft = world.draft(&["south"], &Hand::default(), bodies::notice(&["harbour"]));
        draft.head.n -= 1;
        world.sign(&draft, &Hand::default())
    };
    let now = world.now;
    assert!(matches!(world.register(&forked, now).1, Judged::Malformed { .. }));
    world.settle();
    world
}

/// The same of matters.
fn matters() -> World {
    told("matters").world
}

fn told(name: &str) -> Story {
    let text = std::fs::read_to_string(folder(name).join("story.md")).expect("a story");
    let (story, wrongs) = story::run(&text);
    assert!(wrongs.is_empty(), "{wrongs}");
    story
}

fn record(name: &str, world: &World) {
    let golden = Golden::of(world);
    let (_, told) = golden.play().expect("it replays");
    let write = |file: &str, bytes: &[u8]| std::fs::write(folder(name).join(file), bytes).expect("written");
    let _ = std::fs::remove_dir_all(folder(name).join("annex"));
    std::fs::create_dir_all(folder(name).join("annex")).expect("a folder");
    write("register", &golden.register());
    for (hash, text) in &golden.annexes {
        write(&format!("annex/{}", hash.to_hex()), text);
    }
    write("marks", told.marks.as_bytes());
    write("state", told.state.as_bytes());
    write("events", told.events.as_bytes());
}

/// The register of a name, as it is recorded, and what it came to then.
fn recorded(name: &str) -> (Golden, Told) {
    static BLESSED: LazyLock<()> = LazyLock::new(|| {
        if std::env::var("BLESS").is_ok() {
            for (name, tell) in REGISTERS {
                record(name, &tell());
            }
        }
    });
    LazyLock::force(&BLESSED);
    let read = |file: &str| std::fs::read(folder(name).join(file)).expect("a file");
    let text = |file: &str| String::from_utf8(read(file)).expect("a text");
    let mut annexes = Vec::new();
    for file in std::fs::read_dir(folder(name).join("annex")).expect("annexes") {
        let path = file.expect("a file").path();
        let bytes = std::fs::read(&path).expect("a text");
        assert_eq!(path.file_name().and_then(|name| name.to_str()), Some(&*Hash::of(&bytes).to_hex()));
        annexes.push(bytes);
    }
    let golden = Golden::read(&read("register"), annexes.iter().map(Vec::as_slice));
    assert!(golden.register() == read("register") && golden.register().len() < 500_000);
    (golden, Told { marks: text("marks"), state: text("state"), events: text("events") })
}

#[test]
fn recorded_registers_come_to_the_recorded_state() {
    for (name, malformed) in [("stick", 1), ("matters", 0)] {
        let (golden, recorded) = recorded(name);
        let (replay, told) = golden.play().expect("it replays");
        assert_eq!(told.marks, recorded.marks, "{name}");
        assert_eq!(told.state, recorded.state, "{name}");
        assert_eq!(told.events, recorded.events, "{name}");
        assert_eq!(replay.malformed(), malformed, "{name}");
        let marks: BTreeSet<&str> = told.marks.lines().collect();
        assert!(marks.len() >= 10, "{name}: {} marks", marks.len());
        // The same as a mirror's note says it.
        let (state, body) = (replay.state(), replay.state_body(None));
        let proved = replay.prove_lines(&|path| path.len() % 3 == 0, 40);
        assert_eq!(proved.body, body, "{name}");
        for (line, place, proof) in &proved.lines {
            let path = line.split(' ').next().expect("a path");
            assert_eq!(state.prove(path), Some((*place, proof.clone())), "{name}: {path}");
        }
        assert!(proved.lines.len() > 5 && state.lines().is_sorted(), "{name}");
        assert_eq!((body.lines, body.state), (state.lines().len() as u64, state.root()), "{name}");
    }
}

/// A byte that is changed anywhere changes what is told, or the register can't be replayed.
#[test]
fn another_register_comes_to_another_state() {
    let (golden, recorded) = recorded("matters");
    for at in [0, golden.entries.len() / 2, golden.entries.len() - 1] {
        let mut other = golden.clone();
        let entry = &mut other.entries[at];
        let middle = entry.len() / 2;
        entry[middle] ^= 1;
        assert!(other.play().map_or(true, |(_, told)| told != recorded), "entry {at}");
    }
}

#[test]
fn the_matters_have_what_they_are_to_test() {
    let (golden, told) = recorded("matters");
    let (replay, _) = golden.play().expect("it replays");
    let words = told.events.lines().flat_map(|line| line.split(' '));
    let kinds = replay.settlement().kinds().map(terms::Code::as_str);
    let met: BTreeSet<&str> = words.chain(kinds).collect();
    let missed: Vec<&str> = MEETS.into_iter().filter(|word| !met.contains(word)).collect();
    assert_eq!(missed, [""; 0]);
}

#[test]
fn the_stories_still_tell_the_recorded_registers() {
    for (name, tell) in REGISTERS {
        let same = recorded(name).0.entries == tell().entries;
        assert!(same, "{name}: keys, bodies or marks are written otherwise than they were");
    }
}

/// The pure crates ask no zone and no language of the machine: the same test again, where both are others.
#[test]
fn in_another_zone_and_language_too() {
    // Not while they are recorded.
    let _ = recorded("stick");
    let this = std::env::current_exe().expect("this test");
    for (zone, language) in [
        ("Asia/Kabul", "ur_PK.UTF-8"),
        ("Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("America/Bogota", "ar_QA.UTF-8"),
    ] {
        let mut again = Command::new(&this);
        again.args(["--exact", "recorded_registers_come_to_the_recorded_state"]).env_remove("BLESS");
        again.env("TZ", zone).envs(["LANG", "LC_ALL", "LANGUAGE"].map(|name| (name, language)));
        let output = again.output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{zone} {language}: {said}");
    }
}
