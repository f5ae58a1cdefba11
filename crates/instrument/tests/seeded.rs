//! Faults put into the procedures of the four instruments, wherever they fit: each is found by the linter, by its own
//! code, and by exploration too, where a life shows it.

use std::collections::BTreeSet;

use instrument::explore::{EDGES_MOST, explore_one};
use instrument::procedure::{From, Procedure, Silence, StateKind, Step};
use instrument::{Instrument, library};
use terms::Code;
use toml::{Table, Value};

const INSTRUMENTS: [(&str, &str); 4] = [
    ("exercise", include_str!("../../../instruments/exercise.toml")),
    ("doha-istanbul-2025", include_str!("../../../instruments/doha-istanbul-2025.toml")),
    ("colombia-mvm-2016", include_str!("../../../instruments/colombia-mvm-2016.toml")),
    ("india-pakistan-cbm", include_str!("../../../instruments/india-pakistan-cbm.toml")),
];

/// A fault: what is laid over a procedure, as TOML, and by which code it is found.
struct Fault {
    code: &'static str,
    /// Whether a life of a strand shows it.
    shown_by_lives: bool,
    over: String,
}

fn shown(code: &'static str, over: String) -> Fault {
    Fault { code, shown_by_lives: true, over }
}

fn linted(code: &'static str, over: String) -> Fault {
    Fault { code, shown_by_lives: false, over }
}

/// Where silence moves a strand, if it does.
fn silent(step: &Step) -> Option<&Code> {
    match &step.silence {
        Silence::Moves { to, .. } => Some(to),
        Silence::Noted => None,
    }
}

fn waiting(procedure: &Procedure) -> impl Iterator<Item = &Code> {
    procedure.states.iter().filter(|(_, state)| state.kind == StateKind::Waiting).map(|(name, _)| name)
}

/// The step whose silence leads on from a waiting state.
fn mover<'a>(procedure: &'a Procedure, state: &'a Code) -> Option<(&'a Code, &'a Code)> {
    procedure.steps_in(state).find_map(|(name, step)| Some((name, silent(step).filter(|to| *to != state)?)))
}

/// Every fault of these kinds that fits a procedure.
fn faults(procedure: &Procedure) -> Vec<Fault> {
    let mut faults = Vec::new();
    // A step from anywhere leads out of what is added, too.
    let saved = procedure
        .steps
        .iter()
        .any(|(_, step)| step.from == From::Any && step.targets().iter().any(Option::is_some));
    for state in waiting(procedure) {
        let Some((step, to)) = mover(procedure, state) else { continue };
        let leads_on = procedure.steps_in(state).flat_map(|(_, step)| step.targets());
        // Without silence, and without another way, it is a dead end.
        let stays = leads_on.flatten().all(|to| to == *state);
        let code = if stays { "instrument::dead_end" } else { "instrument::waits_for_ever" };
        faults.push(shown(code, format!("step.{step}.silence = 'noted'")));
        faults.push(linted(
            "instrument::two_clocks",
            format!(
                "ends.over = 'Over.'\n[step.second]\nfrom = '{state}'\nby = 'opener'\n\
                 due = '9d after finality'\nto = 'over'\nsilence = {{ lapse = 'over' }}"
            ),
        ));
        // Round by one's own two steps; silence would lead on from both.
        faults.push(shown(
            "instrument::held_by_one",
            format!(
                "states.aside = 'Put aside.'\n[step.put-aside]\nfrom = '{state}'\nby = 'opener'\nto = 'aside'\n\
                 [step.take-up-again]\nfrom = 'aside'\nby = 'opener'\ndue = '9d after finality'\n\
                 to = '{state}'\nsilence = {{ proceed = '{state}' }}"
            ),
        ));
        let pit = if saved { "instrument::waits_for_ever" } else { "instrument::dead_end" };
        faults.push(shown(
            pit,
            format!(
                "states.pit = 'Nobody leaves.'\n[step.fall]\nfrom = '{state}'\nby = 'opener'\nto = 'pit'"
            ),
        ));
        if !saved {
            faults.push(shown(
                "instrument::rest_without_exit",
                format!(
                    "rests.pit = 'Nobody leaves.'\n[step.fall]\nfrom = '{state}'\nby = 'opener'\nto = 'pit'"
                ),
            ));
        }
        faults.push(shown("instrument::silence_finds", format!("against = ['{to}']")));
        if let Some((next, _)) = mover(procedure, to).filter(|_| waiting(procedure).any(|state| state == to))
        {
            let back = format!("step.{next}.silence = {{ proceed = '{state}' }}");
            faults.push(shown("instrument::silence_in_circles", back));
        }
    }
    let end = procedure.states.iter().find(|(_, state)| state.kind == StateKind::End).map(|(name, _)| name);
    for (name, step) in &procedure.steps {
        faults.push(linted("instrument::unknown_who", format!("step.{name}.by = 'nobody-we-know'")));
        faults.push(linted("instrument::unknown_state", format!("step.{name}.split = 'no-such-state'")));
        if let (From::States(from), Some(end)) = (&step.from, end) {
            let from: Vec<String> = from.iter().chain([end]).map(|state| format!("'{state}'")).collect();
            let from = from.join(", ");
            faults.push(linted("instrument::end_goes_on", format!("step.{name}.from = [{from}]")));
        }
    }
    faults.push(shown("instrument::never_reached", "ends.lost = 'Lost.'".to_owned()));
    faults
}

/// Lays one table over another, key by key.
fn lay(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) if !is_choice(&key) => lay(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// Whether a table is one value, replaced whole.
fn is_choice(key: &str) -> bool {
    ["silence", "choice", "due", "until"].contains(&key)
}

/// The codes that the linter tells of an instrument, and exploration of one of its procedures.
fn codes(text: &str, name: &Code) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let (instrument, found) = instrument::read(text, &library::shipped());
    let explored = instrument.as_ref().and_then(|instrument: &Instrument| {
        let lives = explore_one(instrument, instrument.procedures.get(name)?, EDGES_MOST);
        Some(lives.findings.iter().map(|found| found.trap.code()).collect())
    });
    (found.iter().map(|found| found.code).collect(), explored.unwrap_or_default())
}

/// How many faults fit one of the four, and their codes. All are found.
fn seed(of: &str, text: &str) -> (usize, BTreeSet<&'static str>) {
    let good: Table = toml::from_str(text).expect("an instrument");
    let (instrument, found) = instrument::read(text, &library::shipped());
    assert_eq!(found, [], "{of}");
    let mut seeded = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    let mut missed = Vec::new();
    for (name, procedure) in &instrument.expect("read").procedures {
        for fault in faults(procedure) {
            if !seeded.insert(format!("{name}: {}", fault.over)) {
                continue;
            }
            let mut broken = good.clone();
            let own = broken["procedure"][name.as_str()].as_table_mut().expect("a table");
            lay(own, toml::from_str(&fault.over).expect("a fault"));
            let (linted, explored) = codes(&toml::to_string(&broken).expect("a text"), name);
            if !linted.contains(fault.code) || fault.shown_by_lives && !explored.contains(fault.code) {
                missed.push(format!("{} by {name}: {}: {linted:?}, {explored:?}", fault.code, fault.over));
            }
            kinds.insert(fault.code);
        }
    }
    assert_eq!(missed, Vec::<String>::new(), "{of}");
    (seeded.len(), kinds)
}

#[test]
fn each_seeded_fault_is_found() {
    let four = std::thread::scope(|scope| {
        INSTRUMENTS
            .map(|(of, text)| scope.spawn(move || seed(of, text)))
            .map(|one| one.join().expect("all are found"))
    });
    let many: Vec<usize> = four.iter().map(|(many, _)| *many).collect();
    assert!(many.iter().all(|many| *many >= 100) && many.iter().sum::<usize>() >= 1_000, "{many:?}");
    let kinds: BTreeSet<&str> = four.into_iter().flat_map(|(_, kinds)| kinds).collect();
    assert_eq!(kinds.len(), 11, "{kinds:?}");
}
