//! The library and the four instruments are read without a word, and come out as they should.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use instrument::procedure::{Due, From, Leads, Phrase, Promise, Silence, Span, StateKind};
use instrument::{Instrument, Procedure, library};
use terms::Code;

const INSTRUMENTS: [(&str, &str); 4] = [
    ("exercise", include_str!("../../../instruments/exercise.toml")),
    ("doha-istanbul-2025", include_str!("../../../instruments/doha-istanbul-2025.toml")),
    ("colombia-mvm-2016", include_str!("../../../instruments/colombia-mvm-2016.toml")),
    ("india-pakistan-cbm", include_str!("../../../instruments/india-pakistan-cbm.toml")),
];

fn read(name: &str) -> Instrument {
    let (_, text) = INSTRUMENTS.iter().find(|(known, _)| *known == name).expect("one of the four");
    let (instrument, diagnostics) = instrument::read(text, &library::shipped());
    assert_eq!(diagnostics, [], "{name}");
    instrument.expect("read")
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

fn names<T>(list: &[(Code, T)]) -> Vec<&str> {
    list.iter().map(|(name, _)| name.as_str()).collect()
}

fn procedure<'i>(instrument: &'i Instrument, name: &str) -> &'i Procedure {
    &instrument.procedures[&code(name)]
}

#[test]
fn the_library_is_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        // What it says in other languages, `case.ur.toml`, is of the crate `lang`.
        .filter(|name| name.matches('.').count() == 1)
        .collect();
    let shipped: Vec<String> = library::SHIPPED.iter().map(|(name, _)| format!("{name}.toml")).collect();
    assert!(shipped.is_sorted());
    assert_eq!(shipped.into_iter().collect::<BTreeSet<_>>(), files);
    for (name, text) in library::SHIPPED {
        assert!(text.starts_with("# ") && text.contains(&format!("[procedure.{name}]\n")), "{name}");
    }
}

#[test]
fn the_four_are_read_without_a_word() {
    for (name, procedures) in
        [("exercise", 26), ("doha-istanbul-2025", 23), ("colombia-mvm-2016", 15), ("india-pakistan-cbm", 10)]
    {
        assert_eq!(read(name).procedures.len(), procedures, "{name}");
    }
}

#[test]
fn what_an_instrument_says_takes_the_place_of_the_librarys() {
    let exercise = read("exercise");
    let doha = read("doha-istanbul-2025");
    let (whole, changed) = (procedure(&exercise, "case"), procedure(&doha, "case"));
    // Laid over, and added, in the order of the files.
    assert_ne!(whole.state(&code("split")), changed.state(&code("split")));
    assert_eq!(names(&changed.states).last(), Some(&"inconclusive"));
    assert_eq!(changed.state(&code("inconclusive")).map(|state| state.kind), Some(StateKind::End));
    // That they differ and that one is silent lead to two places.
    let find = changed.step(&code("find")).expect("a step");
    assert_eq!(find.split, Some(code("split")));
    assert_eq!(find.silence, Silence::Moves { how: Promise::Proceed, to: code("undecided") });
    let contest = changed.step(&code("contest-split")).expect("a step");
    assert_eq!(contest.silence, Silence::Moves { how: Promise::Proceed, to: code("inconclusive") });
    let clock = find.clock.as_ref().expect("a clock");
    assert_eq!(clock.due, Due::Phrase(Phrase::AfterFinality(Span::Hours(72))));
    // What is not named again is the library's, choices in its order.
    let Leads::Choice(choices) = &find.leads else { panic!("{:?}", find.leads) };
    assert_eq!(names(choices), ["violation", "partly", "no-violation", "could-not-verify"]);
    assert!(find.own_hand);
    assert_eq!(changed.reference, "CASE");
}

#[test]
fn a_procedure_under_another_name_has_its_own_letters() {
    let colombia = read("colombia-mvm-2016");
    let task = procedure(&colombia, "task");
    assert_eq!((task.reference.as_str(), task.like.as_ref().map(Code::as_str)), ("TASK", Some("action")));
    assert!(task.fields.contains_key(&code("replanned")));
    // Left out.
    let action = procedure(&colombia, "action");
    assert!(action.step(&code("decline")).is_some() && task.step(&code("decline")).is_none());
    assert!(action.state(&code("declined")).is_some() && task.state(&code("declined")).is_none());
    assert_eq!(procedure(&colombia, "case").reference, "CAS");
    let report = procedure(&colombia, "case").step(&code("report")).expect("a step");
    assert_eq!(report.by.to_string(), "all of local");
    assert_eq!(report.from, From::States(BTreeSet::from([code("registered")])));
}
