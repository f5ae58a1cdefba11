//! Walking every life of a strand: the instruments of this repository, and a body that decides by more than half of 7,
//! 14 and 30. Beside it, reading and linting the same text.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use instrument::explore::explore;
use instrument::library;

use crate::{Outcome, median};

const RUNS: usize = 9;

pub(crate) fn run() -> Outcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../instruments");
    let read = |name: &str| {
        let path = folder.join(name).with_extension("toml");
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    for name in ["exercise", "doha-istanbul-2025", "colombia-mvm-2016", "india-pakistan-cbm"] {
        measure(name, &read(name)?)?;
    }
    let exercise = read("exercise")?;
    for many in [7, 14, 30] {
        measure(&format!("exercise, {many} finders"), &with_finders(&exercise, many)?)?;
    }
    Ok(())
}

/// The exercise with so many finders, most of whom decide.
fn with_finders(exercise: &str, many: usize) -> Result<String, String> {
    let (before, rest) = exercise.split_once("[body.finders]\n").ok_or("the exercise has no finders")?;
    let (_, after) = rest.split_once("\n[").ok_or("nothing stands after the finders")?;
    let mut text = before.to_owned();
    let names: Vec<String> = (0..many).map(|n| format!("finder-{n}")).collect();
    for name in &names {
        let seat = format!("[participant.{name}]\nrole = \"guarantor\"\nnames = {{ own = \"{name}\" }}\n");
        text.push_str(&seat);
    }
    let members = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    write!(text, "[body.finders]\nmembers = [{members}]\nchair = \"finder-0\"\ndecides = \"most\"\n[{after}")
        .map_err(|error| error.to_string())?;
    Ok(text)
}

fn measure(name: &str, text: &str) -> Outcome {
    let mut reading = Vec::new();
    let mut walking = Vec::new();
    let mut sizes = (0, 0);
    for _ in 0..RUNS {
        let began = Instant::now();
        let (instrument, found) = instrument::read(text, &library::shipped());
        reading.push(began.elapsed().as_secs_f64() * 1e3);
        let instrument = instrument.ok_or("not read")?;
        if let Some(found) = found.first() {
            return Err(format!("{name}: {}", found.message));
        }
        let began = Instant::now();
        let lives = explore(&instrument, |_| ());
        walking.push(began.elapsed().as_secs_f64() * 1e3);
        if let Some((kind, _)) = lives.iter().find(|(_, lives)| !lives.whole || !lives.findings.is_empty()) {
            return Err(format!("{name}: `{kind}` is not whole, or has a trap"));
        }
        sizes = lives.values().fold((0, 0), |sum, lives| (sum.0 + lives.nodes, sum.1 + lives.edges));
    }
    let ((read, _), (walked, spread)) = (median(reading), median(walking));
    let (nodes, edges) = sizes;
    println!(
        "explore, {name}: {nodes} nodes, {edges} moves in {walked:.1} ms, median of {RUNS}, ±{spread:.0} %; \
         read and linted in {read:.1} ms"
    );
    Ok(())
}
