//! Faults that are put into instruments that are good: each is found, by its own code.

mod broken;

use std::collections::BTreeSet;
use std::path::Path;

use broken::Fault::{Add, Replace};
use broken::{ASK, EXERCISE, OF_ALL, OF_ASK, replaced};
use instrument::library;
use terms::Severity;

/// Transitions from the exercise to itself, and what is wrong with them.
const OF_TWO: &[(Option<&str>, &str)] = &[
    (None, "request]\nput = \"put\"\nanswered = \"put\"\nsilent = \"refused\"\n"),
    (Some("instrument::not_mapped"), "request]\nput = \"put\"\nanswered = \"put\"\n"),
    (
        Some("instrument::unknown_state"),
        "request]\nput = \"put\"\nanswered = \"put\"\nsilent = \"silent\"\nrefused = \"put\"\n",
    ),
    (
        Some("instrument::unknown_state"),
        "request]\nput = \"put\"\nanswered = \"put\"\nsilent = \"silent\"\nasked = \"put\"\n",
    ),
];

/// The codes that are told of a text.
fn codes(text: &str) -> BTreeSet<&'static str> {
    let (_, found) = instrument::read(text, &library::shipped());
    found.iter().map(|found| found.code).collect()
}

#[test]
fn a_procedure_of_ones_own_is_good() {
    assert_eq!(codes(&format!("{EXERCISE}{ASK}")), BTreeSet::new());
}

#[test]
fn each_fault_is_found() {
    let mut missed = Vec::new();
    let mut earned = BTreeSet::new();
    let mut look = |code: &'static str, text: &str, what: &str| {
        let found = codes(text);
        if !found.contains(code) {
            missed.push(format!("{code} by {what:?}: {found:?}"));
        }
        earned.insert(code);
    };
    for (code, old, new) in OF_ASK {
        look(code, &format!("{EXERCISE}{}", replaced(ASK, old, new)), new);
    }
    for fault in OF_ALL {
        match fault {
            Add(code, more) => look(code, &format!("{EXERCISE}{more}"), more),
            Replace(code, old, new) => look(code, &replaced(EXERCISE, old, new), new),
        }
    }
    assert_eq!(missed, Vec::<String>::new());
    // A second line with the file of the first.
    let twice: String = EXERCISE
        .lines()
        .filter(|line| line.starts_with("annex = "))
        .map(|annex| format!("\n[line.copy]\nsource = \"x\"\nedition = \"x\"\n{annex}\nprecision = 1\n"))
        .collect();
    assert!(codes(&format!("{EXERCISE}{twice}")).contains("instrument::twice_a_line"));
    earned.insert("instrument::twice_a_line");
    let many: String = (0..200).map(|n| format!("s{n} = \"A state.\"\n")).collect();
    let many = replaced(ASK, "[procedure.ask.rests]\n", &format!("[procedure.ask.rests]\n{many}"));
    assert_eq!(codes(&format!("{EXERCISE}{many}")), BTreeSet::from(["instrument::too_many"]));
    // Whoever is named in five lists of thirty, any of them, can be named in more ways than anybody can look at.
    let seats: String = (0..30)
        .map(|n| format!("[participant.n{n}]\nrole = \"guarantor\"\nnames = {{ own = \"N{n}\" }}\n"))
        .collect();
    let lists: String = (0..5).map(|n| format!("list{n} = \"several participant of everyone\"\n")).collect();
    let steps: String = (0..5)
        .map(|n| {
            format!("[procedure.ask.step.l{n}]\nfrom = \"put\"\nby = \"all of list{n}\"\nto = \"answered\"\n")
        })
        .collect();
    let many =
        replaced(ASK, "grade = \"one of low high\"\n", &format!("grade = \"one of low high\"\n{lists}"));
    assert_eq!(codes(&format!("{EXERCISE}{seats}{many}{steps}")), BTreeSet::from(["instrument::too_many"]));
    earned.insert("instrument::too_many");
    for (code, transition) in OF_TWO {
        let before = instrument::read(EXERCISE, &library::shipped()).0.expect("the exercise");
        let text = format!("{EXERCISE}[transition.{transition}");
        let (_, found) = instrument::read_after(&text, &library::shipped(), &before);
        let found: Vec<&str> = found.iter().map(|found| found.code).collect();
        assert_eq!(found, code.iter().copied().collect::<Vec<_>>(), "{transition}");
        earned.extend(code.iter().copied());
    }
    // Every code that a broken file of its own does not earn (`wrong.rs`) is earned here.
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong");
    let has_a_file = |code: &str| {
        let name = code.strip_prefix("instrument::").unwrap_or(code);
        broken.join(name).with_extension("toml").exists()
    };
    let unearned: Vec<&str> =
        instrument::CODES.into_iter().filter(|code| !earned.contains(code) && !has_a_file(code)).collect();
    assert_eq!(unearned, Vec::<&str>::new());
    for code in earned {
        assert!(instrument::CODES.contains(&code), "{code} is in the list");
    }
}

/// What is found stands somewhere, and says what to do; and what is told of each fault is what it was when somebody last
/// read it.
#[test]
fn each_finding_has_a_place_and_a_help() {
    let asked = OF_ASK.iter().map(|(_, old, new)| (*new, format!("{EXERCISE}{}", replaced(ASK, old, new))));
    let others = OF_ALL.iter().map(|fault| match fault {
        Add(_, more) => (*more, format!("{EXERCISE}{more}")),
        Replace(_, old, new) => (*new, replaced(EXERCISE, old, new)),
    });
    let mut told = String::new();
    for (fault, text) in asked.chain(others) {
        told.push_str(&format!("{}\n", fault.trim()));
        let (_, found) = instrument::read(&text, &library::shipped());
        for finding in found {
            assert!(!finding.labels.is_empty() && finding.help.is_some(), "{finding:?}");
            assert!(matches!(finding.severity, Severity::Error | Severity::Warning));
            for label in &finding.labels {
                assert!(text.get(label.span.clone()).is_some_and(|at| !at.is_empty()), "{finding:?}");
            }
            let at =
                finding.labels.first().and_then(|label| text.get(label.span.clone())).unwrap_or_default();
            let (code, help) = (finding.code, finding.help.as_deref().unwrap_or_default());
            told.push_str(&format!("    {code} at {at:?}: {}\n        {help}\n", finding.message));
        }
        told.push('\n');
    }
    insta::assert_snapshot!("told", told);
}
