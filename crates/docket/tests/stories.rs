//! Every story of `stories/` says what the docket says: documentation, test and demo at once. Each procedure of the
//! library is told by one, and together they reach all of its states, choices and silences, and those that the other
//! instruments say themselves.
//! `STORY=17` runs those with that in their names, and asks for nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use act::value::MatterRef;
use docket::harness::story::{self, Story};
use docket::v1::Matter;
use docket::v1::event::What;
use instrument::procedure::Leads;
use instrument::{Instrument, Procedure, library};
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

/// What the stories reach of procedures.
#[derive(Default)]
struct Reached {
    /// Which stories a procedure is told by.
    told: BTreeMap<String, BTreeSet<String>>,
    /// A procedure of the library, or of an instrument (its name before it), and what was reached of it.
    parts: BTreeSet<(String, String)>,
}

impl Reached {
    fn by(&mut self, name: &str, story: &Story) {
        for procedure in &story.procedures {
            self.told.entry(procedure.clone()).or_default().insert(name.to_owned());
        }
        let settlement = story.world.live.settlement();
        let matters: BTreeMap<MatterRef, &Matter> = settlement
            .matters()
            .keys()
            .map(|key| (settlement.matters()[key].id, &settlement.matters()[key]))
            .collect();
        // A voice decides nothing, unless with it nothing else can come.
        let split = |entry: Option<u64>| {
            let same = story.events.iter().filter(move |event| event.entry == entry);
            same.into_iter().any(|event| matches!(event.what, What::Split(..)))
        };
        for event in &story.events {
            if let Some((id, part)) = part(&event.what, split(event.entry))
                && let Some(matter) = matters.get(&id)
            {
                if let Some(like) = &matter.procedure.like {
                    self.parts.insert((like.to_string(), part.clone()));
                }
                self.parts.insert((of(&matter.law.instrument, &matter.kind), part));
            }
        }
    }

    /// What is not reached, a line each: the procedure, and the part. Of the library all is to be; of what an instrument
    /// says itself, what the library does not say.
    fn lacks(&self) -> Vec<String> {
        let read = |text| instrument::sound(text, &library::shipped()).expect("an instrument");
        let exercise = read(include_str!("../../../instruments/exercise.toml"));
        let mut lacks = Vec::new();
        let mut lack = |name: String, part: String| {
            if !self.parts.contains(&(name.clone(), part.clone())) {
                lacks.push(format!("{name}: {part}"));
            }
        };
        for (name, procedure) in &exercise.procedures {
            parts_of(procedure).into_iter().for_each(|part| lack(name.to_string(), part));
        }
        for text in [
            include_str!("../../../instruments/colombia-mvm-2016.toml"),
            include_str!("../../../instruments/doha-istanbul-2025.toml"),
            include_str!("../../../instruments/india-pakistan-cbm.toml"),
        ] {
            let own = read(text);
            for (kind, procedure) in &own.procedures {
                let like = procedure.like.as_ref().and_then(|like| exercise.procedures.get(like));
                let known = like.map(parts_of).unwrap_or_default();
                let more = parts_of(procedure).into_iter().filter(|part| !known.contains(part));
                more.for_each(|part| lack(of(&own, kind), part));
            }
        }
        let untold = library_files().into_iter().filter(|name| !self.told.contains_key(name));
        lacks.extend(untold.map(|name| format!("{name}: no story has it in its setup")));
        lacks
    }
}

/// A procedure of an instrument.
fn of(instrument: &Instrument, kind: &Code) -> String {
    format!("{}, {kind}", instrument.name)
}

/// The states, choices, differences and silences of a procedure.
fn parts_of(procedure: &Procedure) -> BTreeSet<String> {
    let mut parts: BTreeSet<String> =
        procedure.states.iter().map(|(state, _)| format!("state {state}")).collect();
    if procedure.open.due.is_some() {
        parts.insert("opened late".to_owned());
    }
    for (step, rule) in &procedure.steps {
        match &rule.leads {
            Leads::Choice(choices) => {
                parts.extend(choices.iter().map(|(choice, _)| format!("{step} {choice}")));
            }
            Leads::Stays | Leads::To(_) => _ = parts.insert(step.to_string()),
        }
        if rule.split.is_some() {
            parts.insert(format!("{step}: nothing else can come"));
        }
        if rule.clock.is_some() {
            parts.insert(format!("{step}: silence"));
        }
    }
    parts
}

/// What of a procedure an event reaches.
fn part(what: &What, splits: bool) -> Option<(MatterRef, String)> {
    match what {
        What::Spoke(..) if !splits => None,
        What::Entered(matter, _, state) => Some((*matter, format!("state {state}"))),
        What::OpenedLate(matter) => Some((*matter, "opened late".to_owned())),
        What::Stepped(matter, _, step, _, choice) | What::Spoke(matter, _, step, _, choice) => {
            let choice = choice.iter().map(|choice| format!(" {choice}")).collect::<String>();
            Some((*matter, format!("{step}{choice}")))
        }
        What::Split(matter, _, step) => Some((*matter, format!("{step}: nothing else can come"))),
        What::RanOut(matter, _, step, ..) => Some((*matter, format!("{step}: silence"))),
        _ => None,
    }
}

/// The procedures of the library, by their files; not what they say in other languages, `case.ur.toml`.
fn library_files() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    let files = std::fs::read_dir(folder).expect("the library").map(|entry| entry.expect("a file").path());
    let names = files.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned());
    names.filter(|name| !name.contains('.')).collect()
}
