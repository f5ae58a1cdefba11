//! What exploration finds, and how much it looks at.

use std::fmt::Write;

use instrument::explore::{BOUNDS, EDGES_MOST, Lives, Trap, explore, explore_one};
use instrument::{Instrument, library};
use terms::Code;

const INSTRUMENTS: [(&str, &str); 4] = [
    ("exercise", include_str!("../../../instruments/exercise.toml")),
    ("doha-istanbul-2025", include_str!("../../../instruments/doha-istanbul-2025.toml")),
    ("colombia-mvm-2016", include_str!("../../../instruments/colombia-mvm-2016.toml")),
    ("india-pakistan-cbm", include_str!("../../../instruments/india-pakistan-cbm.toml")),
];

fn read(text: &str) -> Instrument {
    instrument::read(text, &library::shipped()).0.expect("an instrument")
}

fn lives(instrument: &Instrument, name: &str, most: usize) -> Lives {
    explore_one(instrument, &instrument.procedures[&Code::new(name).expect("a code")], most)
}

#[test]
fn the_four_have_no_trap() {
    let mut table = String::new();
    for (name, text) in INSTRUMENTS {
        let mut done = 0;
        let lives = explore(&read(text), |walked| done = walked);
        assert_eq!(done, lives.len());
        let sum = |of: fn(&Lives) -> usize| lives.values().map(of).sum::<usize>();
        let (nodes, edges) = (sum(|lives| lives.nodes), sum(|lives| lives.edges));
        writeln!(table, "{name}: {} procedures, {nodes} nodes, {edges} edges", lives.len()).expect("written");
        for (procedure, lives) in lives {
            assert!(lives.whole && lives.findings.is_empty(), "{name} {procedure}: {:?}", lives.findings);
            let Lives { seatings, nodes, edges, .. } = lives;
            writeln!(table, "  {procedure:<16}{seatings:>3}{nodes:>6}{edges:>7}").expect("written");
        }
    }
    insta::assert_snapshot!("explored", table);
    assert!(BOUNDS.iter().all(|bound| bound.ends_with('.')));
}

/// The exercise with so many finders, most of whom decide.
fn with_finders(many: usize) -> Instrument {
    let (_, text) = INSTRUMENTS[0];
    let names: Vec<String> = (0..many).map(|n| format!("finder-{n}")).collect();
    let mut more = String::new();
    for name in &names {
        writeln!(more, "[participant.{name}]\nrole = \"guarantor\"\nnames = {{ own = \"{name}\" }}")
            .expect("written");
    }
    let members: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let body = format!(
        "{more}[body.finders]\nmembers = [{}]\nchair = \"finder-0\"\ndecides = \"most\"",
        members.join(", ")
    );
    let old = "[body.finders]\nmembers = [\"ford\", \"harbour\", \"secretariat\"]\nchair = \"secretariat\"\ndecides = \"2\"";
    assert_eq!(text.matches(old).count(), 1);
    read(&text.replace(old, &body))
}

#[test]
fn large_bodies_are_looked_at_whole() {
    for (many, nodes) in [(7, 1190), (14, 3020), (30, 18704)] {
        let lives = lives(&with_finders(many), "case", EDGES_MOST);
        assert!(lives.whole && lives.findings.is_empty());
        assert_eq!(lives.nodes, nodes, "{many} finders");
    }
}

/// A procedure with one fault of each kind, in turn.
const ASK: &str = r#"
[procedure.ask]
title = "Question"
ref = "ASK"
strands = ["asked"]
seen_by = "everyone"
[procedure.ask.fields]
asked = "several participant of parties"
[procedure.ask.states]
put = "Asked."
answered = "Answered; the one who asked says whether that answers."
[procedure.ask.rests]
silent = "No answer on record."
[procedure.ask.ends]
done = "Answered."
open = "Not answered."
[procedure.ask.open]
by = "everyone"
to = "put"
[procedure.ask.step.answer]
from = ["put", "silent"]
by = "asked"
due = "72h after service"
to = "answered"
silence = { proceed = "silent" }
[procedure.ask.step.assess]
from = "answered"
by = "opener"
due = "2d after service"
choice = { answers = "done", does-not = "open" }
silence = { lapse = "open" }
[procedure.ask.step.note]
from = "answered"
by = "monitors"
due = "1d after finality"
"#;

const CHANGES: &[(&str, &[(&str, &str)])] = &[
    ("waits for ever", &[("silence = { lapse = \"open\" }", "silence = \"noted\"")]),
    (
        "no way out",
        &[
            ("answered = \"Answered; the one", "pit = \"Nobody leaves.\"\nanswered = \"Answered; the one"),
            ("answers = \"done\"", "answers = \"done\", lost = \"pit\""),
        ],
    ),
    (
        "silence in circles",
        &[
            ("silence = { proceed = \"silent\" }", "silence = { proceed = \"answered\" }"),
            ("silence = { lapse = \"open\" }", "silence = { proceed = \"put\" }"),
        ],
    ),
    ("silence finds", &[("seen_by = \"everyone\"", "seen_by = \"everyone\"\nagainst = [\"open\"]")]),
    ("held by the opener", &[("does-not = \"open\"", "does-not = \"open\", again = \"answered\"")]),
    ("held by one who asks itself", &[("does-not = \"open\"", "does-not = \"open\", again = \"put\"")]),
    (
        "held by one of several",
        &[
            ("by = \"asked\"\ndue", "by = \"finders\"\ndue"),
            ("by = \"opener\"", "by = \"any of finders\""),
            ("does-not = \"open\"", "does-not = \"open\", again = \"answered\""),
        ],
    ),
    (
        "others could end it by deciding, and one by not agreeing leads round",
        &[
            ("by = \"opener\"", "by = \"all of parties\"\nsplit = \"put\""),
            ("to = \"answered\"\nsilence", "to = \"answered\"\nsilence"),
        ],
    ),
    ("a rest without exit", &[("from = [\"put\", \"silent\"]", "from = \"put\"")]),
    ("never reached", &[("done = \"Answered.\"", "done = \"Answered.\"\nlost = \"Lost.\"")]),
];

#[test]
fn traps_are_told_as_stories() {
    for (what, changes) in CHANGES {
        let mut text = ASK.to_owned();
        for (old, new) in *changes {
            assert_eq!(text.matches(old).count(), 1, "{old}");
            text = text.replace(old, new);
        }
        let lives = lives(&read(&format!("{}{text}", INSTRUMENTS[0].1)), "ask", EDGES_MOST);
        let mut told = String::new();
        for finding in lives.findings {
            assert!(Trap::CODES.contains(&finding.trap.code()));
            writeln!(told, "{}: {}", finding.trap.code(), finding.trap.message()).expect("written");
            for line in finding.story {
                writeln!(told, "  {}  {}", line.at, line.says).expect("written");
            }
        }
        insta::assert_snapshot!(format!("story_{}", what.replace([' ', ','], "_")), told);
    }
}

#[test]
fn what_is_too_large_is_said() {
    // Thirty who are each named, one by one, and four ways to decide.
    let names: Vec<String> = (0..30).map(|n| format!("n{n}")).collect();
    let mut text = ASK.replace("by = \"opener\"\ndue", "by = \"all of everyone\"\nsplit = \"open\"\ndue");
    let mut more = String::new();
    for name in &names {
        writeln!(more, "[participant.{name}]\nrole = \"guarantor\"\nnames = {{ own = \"{name}\" }}")
            .expect("written");
        writeln!(text, "[procedure.ask.step.note-{name}]\nfrom = \"answered\"\nby = \"{name}\"")
            .expect("written");
    }
    let exercise = INSTRUMENTS[0].1.replace("[body.finders]", &format!("{more}[body.finders]"));
    let lives = lives(&read(&format!("{exercise}{text}")), "ask", 100_000);
    assert!(!lives.whole && lives.edges < 101_000, "{} edges", lives.edges);
    // What was not looked at is not called wrong.
    assert_eq!(lives.findings, []);
}
