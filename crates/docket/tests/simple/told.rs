//! The stories, read by the model: what their dockets say is what two programs say that share no rule.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use act::{Body, Entry};
use docket::harness::story;

use crate::model::Model;
use crate::{lines, word};

/// Stories that have what the model does not know: that they differ is expected, and nothing else.
const UNKNOWN: &[(&str, &str)] = &[
    ("14-empty-seat", "a seat is taken"),
    ("39-where-keys-lie", "where keys lie"),
    ("41-fields-that-fit", "what no longer fits when another field changes"),
    ("48-nobody-writes-it-down-any-more", "a seat is left"),
    ("58-a-seat-taken-meanwhile", "a seat is taken"),
];

#[test]
fn the_stories_are_as_the_model_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("stories").map(|entry| entry.expect("a story").path()).collect();
    paths.sort();
    let only = std::env::var("STORY").ok();
    let mut wrongs = String::new();
    for path in paths {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let known = UNKNOWN.iter().any(|(story, _)| *story == name);
        let differ = differ(&std::fs::read_to_string(&path).expect("a text"));
        if differ.is_empty() == known {
            wrongs.push_str(&format!("\n{name}\n{}\n", differ.join("\n")));
        }
    }
    assert!(wrongs.is_empty(), "{wrongs}");
}

fn differ(text: &str) -> Vec<String> {
    let (story, _) = story::run(text);
    let world = &story.world;
    let first = Entry::parse(&world.entries[0]).expect("a genesis");
    let Body::Genesis(genesis) = first.act().body() else { return vec!["no genesis".to_owned()] };
    let of = |hash| String::from_utf8(world.annexes[&hash].clone()).expect("a text");
    let library = of(genesis.annexes.library.sha256);
    let law = instrument::sound(&of(genesis.annexes.instrument.sha256), &library).expect("an instrument");
    let founders: BTreeSet<_> = genesis.founders.iter().map(|seat| seat.participant.clone()).collect();
    let vacant: Vec<String> =
        law.participants.keys().filter(|id| !founders.contains(*id)).map(ToString::to_string).collect();
    let mut model = Model::new(law, &vacant);
    model.annexes.clone_from(&world.annexes);
    for bytes in &world.entries {
        model.enter(bytes, &world.roots.0);
    }
    let docket: BTreeSet<String> =
        world.live.state().lines().iter().filter_map(|line| lines::known(line)).collect();
    let said: BTreeSet<String> = model.lines().into_iter().collect();
    let mut out: Vec<String> = docket.difference(&said).map(|line| format!("docket: {line}")).collect();
    out.extend(said.difference(&docket).map(|line| format!("model:  {line}")));
    let mut outcomes: BTreeMap<u64, BTreeSet<&'static str>> = BTreeMap::new();
    for event in &story.events {
        if let (Some(entry), Some(word)) = (event.entry, word(&event.what)) {
            outcomes.entry(entry).or_default().insert(word);
        }
    }
    let entries: BTreeSet<u64> = outcomes.keys().chain(model.outcomes.keys()).copied().collect();
    for entry in entries {
        let of = |all: &BTreeMap<u64, BTreeSet<&'static str>>| all.get(&entry).cloned().unwrap_or_default();
        let is_known = model.acts.iter().any(|act| act.index == entry && Model::knows(&act.body));
        if is_known && of(&outcomes) != of(&model.outcomes) {
            out.push(format!("entry {entry}: docket {:?}, model {:?}", of(&outcomes), of(&model.outcomes)));
        }
    }
    out
}
