//! Linter and exploration are two algorithms for one question: on procedures that are changed at random, they say
//! the same.

mod dice;

use std::collections::{BTreeMap, BTreeSet};

use dice::Dice;
use instrument::explore::{EDGES_MOST, Trap, explore_one};
use instrument::{Instrument, library};
use terms::{Code, Diagnostic};
use toml::{Table, Value};

const INSTRUMENTS: [(&str, &str); 4] = [
    ("exercise", include_str!("../../../instruments/exercise.toml")),
    ("doha-istanbul-2025", include_str!("../../../instruments/doha-istanbul-2025.toml")),
    ("colombia-mvm-2016", include_str!("../../../instruments/colombia-mvm-2016.toml")),
    ("india-pakistan-cbm", include_str!("../../../instruments/india-pakistan-cbm.toml")),
];

/// The states, and in which table each stands.
fn states(procedure: &Table) -> Vec<(&'static str, String)> {
    let names = |table: &'static str| {
        let table_of = procedure.get(table).and_then(Value::as_table);
        table_of.into_iter().flat_map(Table::keys).map(move |name| (table, name.clone()))
    };
    ["states", "rests", "ends"].into_iter().flat_map(names).collect()
}

/// Changes one thing, and says what.
fn change(procedure: &mut Table, dice: &mut Dice) -> Option<String> {
    let states = states(procedure);
    let fields = procedure.get("fields").and_then(Value::as_table);
    let seats = fields
        .into_iter()
        .flatten()
        .filter(|(_, holds)| holds.as_str().is_some_and(|holds| holds.contains("participant")));
    let mut who: Vec<String> = [
        "parties",
        "all of parties",
        "monitors",
        "any of guarantors",
        "opener",
        "finders",
        "everyone",
        "2 of everyone",
        "most of principals",
        "quorum of commission",
        "chair of commission",
        "everyone other than opener",
    ]
    .map(str::to_owned)
    .into();
    for (name, _) in seats {
        who.extend([name.clone(), format!("everyone other than {name}")]);
    }
    let state = dice.one(&states).1.clone();
    match dice.below(12) {
        0 => {
            let (table, name) = dice.one(&states).clone();
            let to = *dice.one(&["states", "rests", "ends"]);
            let says = procedure.get_mut(table)?.as_table_mut()?.remove(&name)?;
            let to_table = procedure.entry(to).or_insert_with(|| Value::Table(Table::new()));
            to_table.as_table_mut()?.insert(name.clone(), says);
            return (to != table).then(|| format!("{name} moves from {table} to {to}"));
        }
        1 => {
            let against = Value::Array(vec![state.clone().into()]);
            procedure.insert("against".to_owned(), against);
            return Some(format!("against {state}"));
        }
        _ => {}
    }
    let steps = procedure.get_mut("step")?.as_table_mut()?;
    let names: Vec<String> = steps.keys().cloned().collect();
    if names.is_empty() {
        return None;
    }
    let name = dice.one(&names).clone();
    let step = steps.get_mut(&name)?.as_table_mut()?;
    match dice.below(9) {
        0 => {
            if let Some(choices) = step.get_mut("choice").and_then(Value::as_table_mut) {
                let choice = dice.one(&choices.keys().cloned().collect::<Vec<_>>()).clone();
                choices.insert(choice.clone(), state.clone().into());
                return Some(format!("{name}: {choice} leads to {state}"));
            }
            step.insert("to".to_owned(), state.clone().into());
            Some(format!("{name} leads to {state}"))
        }
        1 => {
            let how = *dice.one(&["proceed", "escalate", "lapse"]);
            let silence = Table::from_iter([(how.to_owned(), Value::from(state.clone()))]);
            step.insert("silence".to_owned(), silence.into());
            if !step.contains_key("due") && !step.contains_key("until") {
                step.insert("due".to_owned(), "72h after finality".into());
            }
            Some(format!("{name}: silence leads to {state}"))
        }
        2 => {
            step.insert("silence".to_owned(), "noted".into());
            if !step.contains_key("due") && !step.contains_key("until") {
                step.insert("due".to_owned(), "72h after finality".into());
            }
            Some(format!("{name}: silence is noted"))
        }
        3 => {
            step.insert("split".to_owned(), state.clone().into());
            Some(format!("{name}: split leads to {state}"))
        }
        4 | 5 => {
            let by = dice.one(&who).clone();
            step.insert("by".to_owned(), by.clone().into());
            Some(format!("{name} is by {by}"))
        }
        6 => {
            step.insert("from".to_owned(), state.clone().into());
            Some(format!("{name} is from {state}"))
        }
        7 => {
            let mut from: Vec<Value> = match step.get("from")? {
                Value::Array(from) => from.clone(),
                from => vec![from.clone()],
            };
            if !from.contains(&state.clone().into()) {
                from.push(state.clone().into());
            }
            step.insert("from".to_owned(), from.into());
            Some(format!("{name} is from {state} too"))
        }
        _ => {
            steps.remove(&name);
            Some(format!("no {name}"))
        }
    }
}

/// What is found, in words that both have.
type Found = BTreeMap<&'static str, BTreeSet<String>>;

/// The codes that exploration has a word for.
const OF_BOTH: [&str; 6] = [
    "instrument::waits_for_ever",
    "instrument::silence_in_circles",
    "instrument::silence_finds",
    "instrument::held_by_one",
    "instrument::rest_without_exit",
    "instrument::never_reached",
];

/// The first word between backticks.
fn word(text: &str) -> String {
    text.split('`').nth(1).unwrap_or_default().to_owned()
}

fn linted(found: &[Diagnostic]) -> Found {
    let mut all = Found::new();
    for found in found {
        let (code, what) = match found.code {
            // For the one, what nothing leads on from also waits for ever.
            "instrument::dead_end" => ("instrument::waits_for_ever", word(&found.message)),
            "instrument::held_by_one" | "instrument::silence_in_circles" => (found.code, String::new()),
            "instrument::silence_finds" => (found.code, word(&found.message)),
            code => (code, word(&found.message)),
        };
        if let Some(code) = OF_BOTH.into_iter().find(|known| *known == code) {
            all.entry(code).or_default().insert(what);
        }
    }
    all
}

fn explored(found: &[Trap]) -> Found {
    let mut all = Found::new();
    for trap in found {
        let (code, what) = match trap {
            Trap::NoWayOut(state) => ("instrument::waits_for_ever", state.to_string()),
            Trap::WaitsForEver(state) | Trap::RestWithoutExit(state) | Trap::NeverReached(state) => {
                (trap.code(), state.to_string())
            }
            Trap::SilenceFinds { state, .. } => (trap.code(), state.to_string()),
            Trap::HeldByOne { .. } | Trap::SilenceInCircles(_) => (trap.code(), String::new()),
        };
        all.entry(code).or_default().insert(what);
    }
    all
}

/// Faults of their own, after which it is not compared: what can't be read is not linted; a step that nobody can take
/// leads nowhere, which the linter says once; and of two clocks in one state, which moves first hangs on their times.
fn is_another_fault(found: &Diagnostic) -> bool {
    let others = ["no_from_or_by", "nobody", "out_of_reach", "two_clocks", "clock_without_start"];
    found.code.contains("::unknown_") || others.iter().any(|other| found.code.ends_with(other))
}

/// A procedure of one of the four, changed in one to four places.
struct Mutant {
    instrument: Table,
    library: Table,
    name: String,
    what: String,
}

impl Mutant {
    fn new(dice: &mut Dice, library: &Table) -> Mutant {
        let (of, text) = *dice.one(&INSTRUMENTS);
        let instrument: Table = toml::from_str(text).expect("an instrument");
        let procedures = instrument["procedure"].as_table().expect("procedures");
        let like = |procedure: &Value| procedure.get("like").cloned();
        // What two are like would be changed in both, and found twice.
        let alone = |procedure: &Value| {
            like(procedure).is_none()
                || procedures.values().filter(|other| like(other) == like(procedure)).count() == 1
        };
        let names: Vec<String> =
            procedures.iter().filter(|(_, own)| alone(own)).map(|(name, _)| name.clone()).collect();
        let name = dice.one(&names).clone();
        let mut mutant = Mutant { instrument, library: library.clone(), name, what: String::new() };
        let changes: Vec<String> =
            (0..=dice.below(3)).filter_map(|_| change(mutant.procedure(), dice)).collect();
        mutant.what = format!("{of}, {}: {}", mutant.name, changes.join("; "));
        mutant
    }

    /// What is the instrument's own is changed there, what it takes from the library is changed in that.
    fn procedure(&mut self) -> &mut Table {
        let own = self.instrument["procedure"][&self.name].as_table_mut().expect("a table");
        match own.get("like").and_then(Value::as_str).map(str::to_owned) {
            Some(like) => self.library["procedure"][&like].as_table_mut().expect("a table"),
            None => own,
        }
    }

    fn read(&self) -> (Option<Instrument>, Vec<Diagnostic>) {
        let text = |table: &Table| toml::to_string(table).expect("a text");
        instrument::read(&text(&self.instrument), &text(&self.library))
    }

    /// What the linter says without the keys `split`.
    fn without_split(mut self) -> Found {
        let mut steps = self.procedure().get_mut("step").and_then(Value::as_table_mut);
        for (_, step) in steps.iter_mut().flat_map(|steps| steps.iter_mut()) {
            step.as_table_mut().expect("a table").remove("split");
        }
        linted(&self.read().1)
    }
}

/// How many mutants there were to compare, in how many something was found, and in how many the two differ as they
/// may.
fn compared(seed: u64, mutants: usize) -> [usize; 3] {
    let mut dice = Dice(seed);
    let library: Table = toml::from_str(&library::shipped()).expect("a library");
    let mut counts = [0; 3];
    for _ in 0..mutants {
        let mutant = Mutant::new(&mut dice, &library);
        let (Some(instrument), found) = mutant.read() else { continue };
        let name = Code::new(&mutant.name).expect("a code");
        let Some(procedure) = instrument.procedures.get(&name) else { continue };
        if found.iter().any(is_another_fault) {
            continue;
        }
        let lives = explore_one(&instrument, procedure, EDGES_MOST);
        assert!(lives.whole, "{}", mutant.what);
        for finding in &lives.findings {
            let told = matches!(finding.trap, Trap::NeverReached(_)) == finding.story.is_empty();
            assert!(told, "{}: {finding:?}", mutant.what);
        }
        let traps: Vec<Trap> = lives.findings.into_iter().map(|found| found.trap).collect();
        let (mut linted, explored) = (linted(&found), explored(&traps));
        counts[0] += 1;
        counts[1] += usize::from(!linted.is_empty());
        // The one difference: for the linter, a `split` back to an earlier state is held by whoever can bring it
        // about; for exploration, the others could follow instead. The linter's is the rule.
        const HELD: &str = "instrument::held_by_one";
        let what = mutant.what.clone();
        if linted.contains_key(HELD) && !explored.contains_key(HELD) {
            assert!(!mutant.without_split().contains_key(HELD), "{what}: held by a split");
            linted.remove(HELD);
            counts[2] += 1;
        }
        assert_eq!(linted, explored, "{what}");
    }
    counts
}

#[test]
fn linter_and_exploration_agree_on_mutants() {
    let halves = std::thread::scope(|scope| {
        let halves = [7, 8].map(|seed| scope.spawn(move || compared(seed, 960)));
        halves.map(|half| half.join().expect("they agree"))
    });
    let [compared, found, differ] = [0, 1, 2].map(|at| halves.iter().map(|half| half[at]).sum::<usize>());
    assert!(compared > 1500 && found > 700 && (1..=20).contains(&differ), "{compared} {found} {differ}");
}
