//! How fast is replay without signatures, and what does it hold?
//! `cargo run --release -p mithaq-docket --example replay_speed -- 200000`

use std::time::Instant as Clock;

use docket::harness::{Hand, Setup, Unchecked, World, bodies};
use docket::v1::replay::Replay;
use terms::Seconds;

fn main() {
    let acts: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let world = written(acts);
    let bytes: usize = world.entries.iter().map(Vec::len).sum();

    let started = Clock::now();
    let parsed = world.entries.iter().filter(|entry| act::Entry::parse(entry).is_ok()).count();
    println!("parsed {parsed} entries, {} MB, in {:?}", bytes / 1_000_000, started.elapsed());

    let (before, started) = (resident(), Clock::now());
    let genesis = &world.entries[0];
    let replay = Replay::begin(genesis, &world.annexes, None, false, &mut Unchecked);
    let mut replay = replay.expect("it replays");
    for entry in &world.entries[1..] {
        replay.enter(entry, &world.roots, &mut Unchecked);
    }
    println!("replayed in {:?}; {} void", started.elapsed(), replay.settlement().voids());
    let matters = replay.settlement().matters().len();
    println!("it holds about {} MB, for {matters} matters", resident().saturating_sub(before) / 1024);

    let started = Clock::now();
    let state = replay.state();
    println!("{} lines in {:?}", state.lines().len(), started.elapsed());
    let started = Clock::now();
    println!("root {} in {:?}", state.root(), started.elapsed());
}

/// Forty parties tell one guarantor, which acknowledges; half of all is offers.
fn written(acts: u64) -> World {
    let mut setup = Setup { signed: false, roots: (1, 1), ..Setup::default() };
    setup.roles.extend((0..40).map(|n| (format!("party-{n}"), "party")));
    let mut world = World::found(&setup);
    let mut last = None;
    for n in 0..acts {
        world.now = world.now.plus(Seconds(25));
        let who = format!("party-{}", n % 40);
        match n % 4 {
            0 => last = Some(world.act(&[who.as_str()], bodies::notice(&["ford"])).1),
            1 => {
                if let Some(matter) = last {
                    world.act(&["ford"], bodies::step(matter, &[], "acknowledge", None));
                }
            }
            _ => {
                let seen = world.last_mark.map(|(size, _)| world.seen_at(size));
                let hand = Hand { seen, stamps: Vec::new() };
                world.act_with(&[who.as_str()], &hand, bodies::offer(vec![bodies::file("x", &["ford"])]));
            }
        }
        if n % 300 == 299 {
            world.mark();
        }
    }
    world.settle();
    world
}

/// Resident memory in kB, where the system says it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
