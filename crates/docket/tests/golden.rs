//! A recorded register: its bytes come to the recorded lines and root. `BLESS=1` records it anew,
//! which nobody does once a register lives under these rules.
//!
//! ```text
//! golden/register   each entry: its length, u16 big-endian, and its bytes (C2SP tlog-tiles, Log entries)
//! golden/annex/HEX  the annexes
//! golden/state      the state lines, and a last line `root BASE64`
//! golden/events     what happened
//! ```

use std::path::{Path, PathBuf};

use docket::harness::world::{Roots, replay};
use docket::harness::{Hand, World, bodies, story};
use docket::v1::replay::{Annexes, Judged, Singly};
use terms::Hash;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The register as the story tells it, and a malformed entry before its last marks.
fn told() -> World {
    let text = std::fs::read_to_string(folder().join("story.md")).expect("a story");
    let (story, wrongs) = story::run(&text);
    assert!(wrongs.is_empty(), "{wrongs}");
    let mut world = story.world;
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

fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut entries, mut rest) = (Vec::new(), bytes);
    while let Some((length, more)) = rest.split_first_chunk::<2>() {
        let (entry, after) = more.split_at(usize::from(u16::from_be_bytes(*length)));
        entries.push(entry.to_vec());
        rest = after;
    }
    entries
}

fn record(world: &World) {
    let mut bytes = Vec::new();
    for entry in &world.entries {
        let length = u16::try_from(entry.len()).expect("an entry's length");
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder().join(name), bytes).expect("written");
    write("register", &bytes);
    let _ = std::fs::remove_dir_all(folder().join("annex"));
    std::fs::create_dir_all(folder().join("annex")).expect("a folder");
    for (hash, text) in &world.annexes {
        write(&format!("annex/{}", hash.to_hex()), text);
    }
    let state = world.live.state();
    write("state", format!("{}\nroot {}\n", state.lines().join("\n"), state.root()).as_bytes());
    let events: Vec<String> = world
        .replay(u64::MAX, None)
        .expect("it replays")
        .take_events()
        .iter()
        .map(ToString::to_string)
        .collect();
    write("events", format!("{}\n", events.join("\n")).as_bytes());
}

#[test]
fn the_recorded_register_comes_to_the_recorded_state() {
    if std::env::var("BLESS").is_ok() {
        record(&told());
    }
    let bytes = std::fs::read(folder().join("register")).expect("the register");
    assert!(bytes.len() < 300_000);
    let entries = split(&bytes);
    let mut tree = tlog::Frontier::new();
    let mut roots = Roots(vec![tree.root()]);
    for entry in &entries {
        tree.push(tlog::leaf_hash(entry));
        roots.0.push(tree.root());
    }
    let mut annexes = Annexes::new();
    for file in std::fs::read_dir(folder().join("annex")).expect("annexes") {
        let path = file.expect("a file").path();
        let text = std::fs::read(&path).expect("a text");
        assert_eq!(path.file_name().and_then(|name| name.to_str()), Some(&*Hash::of(&text).to_hex()));
        annexes.insert(Hash::of(&text), text);
    }
    let mut replay = replay(&entries, &annexes, None, &roots, &mut Singly).expect("it replays");
    let state = replay.state();
    let said = format!("{}\nroot {}\n", state.lines().join("\n"), state.root());
    let recorded = std::fs::read_to_string(folder().join("state")).expect("the state");
    assert_eq!(said, recorded);
    let events: Vec<String> = replay.take_events().iter().map(ToString::to_string).collect();
    let recorded = std::fs::read_to_string(folder().join("events")).expect("the events");
    assert_eq!(format!("{}\n", events.join("\n")), recorded);
    assert_eq!(replay.malformed(), 1);
    // The same as a mirror's note says it.
    let body = replay.state_body(None);
    assert_eq!((body.lines, body.state), (state.lines().len() as u64, state.root()));
}

#[test]
fn the_story_still_tells_the_recorded_register() {
    let recorded = std::fs::read(folder().join("register")).expect("the register");
    assert_eq!(
        split(&recorded),
        told().entries,
        "keys, bodies or marks are written otherwise than they were"
    );
}
