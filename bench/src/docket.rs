//! Replay of what people do under a whole instrument, with a thousand matters open at a time; and what is asked of
//! whom, with ten thousand open. Beside it, the hashing that replay can't do without: each entry as a leaf.

use std::collections::VecDeque;
use std::path::Path;
use std::time::Instant as Clock;

use act::Body;
use act::value::{FieldValue, Fields, Word};
use docket::harness::{Hand, Setup, Unchecked, World, at, bodies, code};
use docket::story::amended;
use docket::v1::Replay;
use docket::view;
use terms::{ActId, Place, Seconds};

use crate::{Outcome, median};

/// Matters that are open at a time.
const OPEN: usize = 1_000;

pub(crate) fn run(acts: u64) -> Outcome {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../instruments/exercise.toml");
    let exercise = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("\ndocket: {acts} acts under the exercise, {OPEN} matters open at a time");
    let world = written(&exercise, acts, OPEN);
    let before = resident_kb();
    let began = Clock::now();
    let replay = replayed(&world)?;
    let took = began.elapsed().as_secs_f64();
    let held = resident_kb().saturating_sub(before) / 1024;
    let began = Clock::now();
    for entry in &world.entries {
        std::hint::black_box(tlog::tree::leaf_hash(entry));
    }
    let hashing = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let entries = world.entries.len() as f64;
    println!(
        "  replay: {:.0} entries a second, {:.1} times the hashing of its entries; it holds {held} MiB for {} matters, \
         {} of them open; {} acts void",
        entries / took,
        took / hashing,
        replay.settlement().matters().len(),
        replay.settlement().open_matters().len(),
        replay.settlement().voids()
    );
    let began = Clock::now();
    let lines = replay.state().lines().len();
    println!("  its state: {lines} lines in {:.2} s", began.elapsed().as_secs_f64());
    let many = written(&exercise, 20_000, 10_000);
    let replay = replayed(&many)?;
    let mut runs = Vec::new();
    let mut asks = 0;
    for _ in 0..9 {
        let began = Clock::now();
        asks = view::asks(&replay, many.now).len();
        runs.push(began.elapsed().as_secs_f64());
    }
    let open = replay.settlement().open_matters().len();
    println!("  due: {asks} asks of {open} open matters in {:.1} ms", median(runs).0 * 1000.0);
    Ok(())
}

fn replayed(world: &World) -> Result<Replay, String> {
    let mut replay = Replay::begin(&world.entries[0], &world.annexes, None, false, &mut Unchecked)
        .map_err(|error| error.to_string())?;
    for entry in &world.entries[1..] {
        replay.enter(entry, &world.roots, &mut Unchecked);
    }
    if replay.malformed() > 0 {
        return Err("the register that was made has malformed entries".to_owned());
    }
    Ok(replay)
}

/// Two parties report incidents in turn, and ask each other; once so many others have come after it, each report is taken back
/// by who made it, and whoever was asked answers: both end what they are of.
fn written(exercise: &str, acts: u64, open: usize) -> World {
    let busy = format!("{exercise}\n[quota]\nacts = 1000000\n");
    let setup = Setup { signed: false, witnesses: 1, quorum: 1, ..Setup::under(&amended(&busy, "")) };
    let mut world = World::found(&setup);
    world.now = at("2025-11-02 00:00");
    let mut waiting: VecDeque<(bool, ActId, &str)> = VecDeque::new();
    for n in 0..acts {
        world.now = world.now.plus(Seconds(3));
        let (who, other) = if n % 4 < 2 { ("north", "south") } else { ("south", "north") };
        let due = waiting.len() > open || (n % 2 == 1 && waiting.len() == open);
        if let Some((report, act, ends)) = waiting.pop_front_if(|_| due) {
            let (step, choice) = if report { ("take-back", None) } else { ("answer", Some("refuse")) };
            world.act(&[ends], bodies::step(act, &[], step, choice));
        } else {
            let report = n % 3 > 0;
            let body = if report { incident(&world) } else { request(other) };
            let (_, act) = world.act_with(&[who], &hand(&world), body);
            waiting.push_back((report, act, if report { who } else { other }));
        }
        if n % 400 == 399 {
            world.mark();
        }
    }
    world.settle();
    world
}

fn hand(world: &World) -> Hand {
    let seen = world.last_mark.map(|(size, _)| world.seen_at(size));
    Hand { seen, stamps: Vec::new() }
}

fn incident(world: &World) -> Body {
    let place = Place { lat_e7: 100_000_000, lon_e7: 200_000_000, radius_m: 1_000 };
    let fields = [
        ("kind", bodies::value("fire", false)),
        ("time", FieldValue::One(Word::Instant(world.now))),
        ("place", FieldValue::Place(place)),
        ("reported-grade", bodies::value("minor", false)),
    ];
    bodies::open("incident", fields.into_iter().map(|(name, value)| (code(name), value)).collect())
}

fn request(asked: &str) -> Body {
    bodies::open("request", Fields::from([(code("asked"), bodies::value(asked, true))]))
}

/// Resident memory, where the system says it.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
