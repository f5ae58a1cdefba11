//! Every story of `stories/` says what the docket says: documentation, test and demo at once. Each procedure of the
//! library is told by one, and together they reach all of its states, choices and silences.
//! `STORY=17` runs those with that in their names, and asks for nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use act::value::MatterRef;
use docket::harness::story::{self, Story};
use docket::v1::event::What;
use instrument::library;
use instrument::procedure::Leads;
use terms::Code;

/// What no story reaches, and why none can.
const NOT_REACHED: &[(&str, &str, &str)] = &[];

#[test]
fn stories() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("stories").map(|entry| entry.expect("a story").path()).collect();
    paths.sort();
    let only = std::env::var("STORY").ok();
    let mut wrongs = String::new();
    let mut reached = Reached::default();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        eprintln!("{name}");
        let (story, wrong) = story::run(&text);
        if !wrong.is_empty() {
            wrongs.push_str(&format!("\n{name}\n{wrong}"));
        }
        let again = story.world.replay(u64::MAX, None).expect("it replays");
        assert_eq!(again.state().lines(), story.world.live.state().lines(), "{name}");
        reached.by(&name, &story);
    }
    assert!(wrongs.is_empty(), "{wrongs}");
    if only.is_none() {
        let lacks = reached.lacks();
        let known: Vec<String> =
            NOT_REACHED.iter().map(|(procedure, part, _)| format!("{procedure}: {part}")).collect();
        assert_eq!(lacks, known, "what no story reaches, and what is known not to be reached");
    }
}

/// What the stories reach of the library's procedures.
#[derive(Default)]
struct Reached {
    /// Which stories a procedure is told by.
    told: BTreeMap<String, BTreeSet<String>>,
    /// A procedure, and what was reached of it.
    parts: BTreeSet<(String, String)>,
}

impl Reached {
    fn by(&mut self, name: &str, story: &Story) {
        for procedure in &story.procedures {
            self.told.entry(procedure.clone()).or_default().insert(name.to_owned());
        }
        let matters = story.world.live.settlement().matters().values();
        let kinds: BTreeMap<MatterRef, &Code> =
            matters.filter_map(|matter| Some((matter.id, matter.procedure.like.as_ref()?))).collect();
        for event in &story.events {
            if let Some((matter, part)) = part(&event.what)
                && let Some(kind) = kinds.get(&matter)
            {
                self.parts.insert((kind.to_string(), part));
            }
        }
    }

    /// What is not reached, a line each: the procedure, and the part.
    fn lacks(&self) -> Vec<String> {
        let exercise = include_str!("../../../instruments/exercise.toml");
        let exercise = instrument::sound(exercise, &library::shipped()).expect("an instrument");
        let mut lacks = Vec::new();
        let mut lack = |procedure: &Code, part: String| {
            if !self.parts.contains(&(procedure.to_string(), part.clone())) {
                lacks.push(format!("{procedure}: {part}"));
            }
        };
        for (name, procedure) in &exercise.procedures {
            for (state, _) in &procedure.states {
                lack(name, format!("state {state}"));
            }
            if procedure.open.due.is_some() {
                lack(name, "opened late".to_owned());
            }
            for (step, rule) in &procedure.steps {
                match &rule.leads {
                    Leads::Choice(choices) => {
                        choices.iter().for_each(|(choice, _)| lack(name, format!("{step} {choice}")));
                    }
                    Leads::Stays | Leads::To(_) => lack(name, step.to_string()),
                }
                if rule.split.is_some() {
                    lack(name, format!("{step}: they differ"));
                }
                if rule.clock.is_some() {
                    lack(name, format!("{step}: silence"));
                }
            }
        }
        let untold = library_files().into_iter().filter(|name| !self.told.contains_key(name));
        lacks.extend(untold.map(|name| format!("{name}: no story has it in its setup")));
        lacks
    }
}

/// What of a procedure an event reaches.
fn part(what: &What) -> Option<(MatterRef, String)> {
    match what {
        What::Entered(matter, _, state) => Some((*matter, format!("state {state}"))),
        What::OpenedLate(matter) => Some((*matter, "opened late".to_owned())),
        What::Stepped(matter, _, step, _, choice) | What::Spoke(matter, _, step, _, choice) => {
            let choice = choice.iter().map(|choice| format!(" {choice}")).collect::<String>();
            Some((*matter, format!("{step}{choice}")))
        }
        What::Split(matter, _, step) => Some((*matter, format!("{step}: they differ"))),
        What::RanOut(matter, _, step, ..) => Some((*matter, format!("{step}: silence"))),
        _ => None,
    }
}

/// The procedures of the library, by their files.
fn library_files() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    let files = std::fs::read_dir(folder).expect("the library").map(|entry| entry.expect("a file").path());
    files.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect()
}
