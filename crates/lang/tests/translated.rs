//! What the library's procedures say in other languages: whole, with nothing in it that the library lacks, and neutral.

#![expect(clippy::panic, reason = "a test says what it found")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use instrument::library::{SHIPPED, shipped};
use instrument::procedure::{Holds, Leads, StateKind};
use instrument::{Instrument, Procedure};
use lang::{LANGUAGES, Language, Sentence, Texts};
use toml::de::{DeTable, DeValue};

const INSTRUMENTS: [&str; 4] = [
    include_str!("../../../instruments/exercise.toml"),
    include_str!("../../../instruments/doha-istanbul-2025.toml"),
    include_str!("../../../instruments/colombia-mvm-2016.toml"),
    include_str!("../../../instruments/india-pakistan-cbm.toml"),
];

fn read(text: &str) -> Instrument {
    instrument::read(text, &shipped()).0.expect("it is read")
}

/// The library: each procedure by its name, as an instrument has it that changes nothing.
fn library() -> BTreeMap<String, Procedure> {
    let exercise = read(INSTRUMENTS[0]);
    let all: BTreeMap<String, Procedure> =
        exercise.procedures.iter().map(|(kind, procedure)| (kind.to_string(), procedure.clone())).collect();
    assert!(SHIPPED.iter().all(|(name, _)| all.contains_key(*name)), "the exercise has all of the library");
    all
}

/// Languages in which the library says something.
fn translated() -> impl Iterator<Item = &'static Language> {
    let all = LANGUAGES.iter().filter(|language| !language.procedures.is_empty());
    assert!(all.clone().count() > 0);
    all
}

/// Every code that a person reads in a procedure.
fn codes(procedure: &Procedure) -> BTreeSet<&str> {
    let mut all: BTreeSet<&str> = procedure.states.iter().map(|(name, _)| name.as_str()).collect();
    for (name, step) in &procedure.steps {
        all.insert(name.as_str());
        if let Leads::Choice(choices) = &step.leads {
            all.extend(choices.iter().map(|(choice, _)| choice.as_str()));
        }
    }
    for (name, field) in &procedure.fields {
        all.insert(name.as_str());
        if let Holds::Codes(codes) = &field.holds {
            all.extend(codes.iter().map(|code| code.as_str()));
        }
    }
    all
}

/// A file: the texts that stand alone, and those of each table.
fn tables(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let file = DeTable::parse(text).unwrap_or_else(|why| panic!("{why}"));
    let said = |value: &DeValue<'_>| match value {
        DeValue::String(text) => text.to_string(),
        other => panic!("{other:?} is no text"),
    };
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (key, value) in file.get_ref() {
        let key = key.get_ref().to_string();
        match value.get_ref() {
            DeValue::Table(table) => {
                let texts =
                    table.iter().map(|(key, value)| (key.get_ref().to_string(), said(value.get_ref())));
                all.insert(key, texts.collect());
            }
            other => drop(all.entry(String::new()).or_default().insert(key, said(other))),
        }
    }
    all
}

fn keys(table: Option<&BTreeMap<String, String>>) -> BTreeSet<&str> {
    table.into_iter().flat_map(BTreeMap::keys).map(String::as_str).collect()
}

#[test]
fn every_key_of_the_library_is_in_every_language_and_no_other() {
    let library = library();
    for language in translated() {
        let files: BTreeMap<&str, _> =
            language.procedures.iter().map(|(name, text)| (*name, tables(text))).collect();
        let names: BTreeSet<&str> = files.keys().copied().collect();
        let known: BTreeSet<&str> = SHIPPED.iter().map(|(name, _)| *name).chain(["words"]).collect();
        assert_eq!(names, known, "{}", language.tag);
        let shared = &files["words"]["words"];
        let mut relied: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, _) in SHIPPED {
            let (procedure, file) = (&library[name], &files[name]);
            let at = format!("{name}.{}.toml", language.tag);
            let tables = ["", "states", "rests", "ends", "steps", "words"];
            let unknown: Vec<_> = file.keys().filter(|table| !tables.contains(&table.as_str())).collect();
            assert!(unknown.is_empty(), "{at}: {unknown:?}");
            let alone: BTreeSet<&str> =
                ["title"].into_iter().chain(procedure.says.as_ref().map(|_| "says")).collect();
            assert_eq!(keys(file.get("")), alone, "{at}");
            for (table, kind) in
                [("states", StateKind::Waiting), ("rests", StateKind::Rest), ("ends", StateKind::End)]
            {
                let own = procedure.states.iter().filter(|(_, state)| state.kind == kind);
                let own: BTreeSet<&str> = own.map(|(name, _)| name.as_str()).collect();
                assert_eq!(keys(file.get(table)), own, "{at}: {table}");
            }
            let own = procedure.steps.iter().filter(|(_, step)| step.says.is_some());
            let own: BTreeSet<&str> = own.map(|(name, _)| name.as_str()).collect();
            assert_eq!(keys(file.get("steps")), own, "{at}: steps");
            let (codes, own) = (codes(procedure), keys(file.get("words")));
            let unknown: Vec<_> = own.difference(&codes).collect();
            assert!(unknown.is_empty(), "{at}: nothing in the procedure is called {unknown:?}");
            for code in &codes {
                match file.get("words").and_then(|words| words.get(*code)) {
                    Some(own) => {
                        assert_ne!(Some(own), shared.get(*code), "{at}: `{code}` is among the shared words");
                    }
                    None => {
                        let (shared, _) = shared
                            .get_key_value(*code)
                            .unwrap_or_else(|| panic!("{at}: `{code}` has no word"));
                        *relied.entry(shared).or_default() += 1;
                    }
                }
            }
        }
        let few: Vec<_> =
            shared.keys().filter(|code| relied.get(code.as_str()).copied().unwrap_or(0) < 2).collect();
        assert!(few.is_empty(), "{}: fewer than two procedures share {few:?}", language.tag);
        let instruments = INSTRUMENTS.map(read);
        let bodies: BTreeSet<&str> =
            instruments.iter().flat_map(|it| it.bodies.keys()).map(|name| name.as_str()).collect();
        let kinds: BTreeSet<&str> =
            instruments.iter().flat_map(|it| it.provisions.values()).map(|it| it.kind.as_str()).collect();
        assert_eq!(keys(files["words"].get("bodies")), bodies, "{}", language.tag);
        assert_eq!(keys(files["words"].get("provisions")), kinds, "{}", language.tag);
        let tables: BTreeSet<&str> = files["words"].keys().map(String::as_str).collect();
        assert_eq!(tables, ["bodies", "provisions", "words"].into(), "{}", language.tag);
    }
}

/// A file beside the library that the program does not read would say nothing.
#[test]
fn every_file_beside_the_library_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").file_name());
    let files: BTreeSet<String> = files
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.matches('.').count() > 1)
        .collect();
    let read = LANGUAGES.iter().flat_map(|language| {
        language.procedures.iter().map(|(name, _)| format!("{name}.{}.toml", language.tag))
    });
    assert_eq!(read.collect::<BTreeSet<_>>(), files);
}

/// What a page asks for is found, and is not what the library says itself.
#[test]
fn every_sentence_and_every_word_is_found() {
    let library = library();
    for language in translated() {
        let said = Texts::of(language).procedures();
        for (name, procedure) in &library {
            let mut sentences = vec![(Sentence::Title, procedure.title.as_str())];
            sentences.extend(procedure.says.as_deref().map(|says| (Sentence::Says, says)));
            let states = procedure.states.iter();
            sentences.extend(states.map(|(name, state)| (Sentence::State(name.as_str()), &*state.says)));
            let steps = procedure.steps.iter();
            sentences.extend(
                steps.filter_map(|(name, step)| Some((Sentence::Step(name.as_str()), step.says.as_deref()?))),
            );
            for (which, own) in sentences {
                let here = said.sentence(name, which, own).unwrap_or_else(|| panic!("{name}: {which:?}"));
                assert!(!here.is_empty() && here != own, "{name}: {which:?}");
                // What an instrument says otherwise is its own.
                assert_eq!(said.sentence(name, which, &format!("{own} ")), None, "{name}: {which:?}");
                assert_eq!(said.sentence("no-such-procedure", which, own), None);
            }
            for code in codes(procedure) {
                assert!(said.word(Some(name), code).is_some_and(|word| !word.is_empty()), "{name}: {code}");
            }
        }
    }
}

/// The first language is what the instruments are written in: it has no files, and shows their own words.
#[test]
fn a_language_without_files_has_nothing_to_say() {
    let first = Texts::of(&LANGUAGES[0]).procedures();
    assert_eq!(first.word(Some("case"), "alleged"), None);
    assert_eq!(first.sentence("case", Sentence::Title, "Case"), None);
}

/// Words that take a side (PRACTICE N1–N23), as the linter refuses them in English.
const LOADED: [&str; 16] = [
    "سرحد",
    "سرحدی",
    "سرحدوں",
    "ڈیورنڈ",
    "سرزمین",
    "دہشت",
    "دہشتگرد",
    "دشمن",
    "دشمنوں",
    "جارح",
    "جارحیت",
    "مجرم",
    "ملزم",
    "قصوروار",
    "مرتکب",
    "حملہ آور",
];

#[test]
fn no_word_takes_a_side_and_letters_are_those_of_the_language() {
    let ur = LANGUAGES.iter().find(|language| language.tag == "ur").expect("Urdu");
    for (name, text) in ur.procedures {
        for (table, texts) in tables(text) {
            for (key, text) in texts {
                let words: Vec<&str> =
                    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
                let said = format!(" {} ", words.join(" "));
                let loaded = LOADED.iter().find(|loaded| said.contains(&format!(" {loaded} ")));
                assert_eq!(loaded, None, "{name}.{table}.{key}");
                // Arabic's own kaf, yeh and heh look alike and are not found by whoever types Urdu.
                let foreign = text.chars().find(|c| "كيىةه".contains(*c));
                assert_eq!(foreign, None, "{name}.{table}.{key}: {text}");
                let is_sentence = ["states", "rests", "ends", "steps"].contains(&table.as_str());
                assert_eq!(text.ends_with('۔'), is_sentence || key == "says", "{name}.{table}.{key}: {text}");
            }
        }
    }
}
