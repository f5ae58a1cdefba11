//! How fast is replay without signatures? `cargo run --release --example replay_speed --features harness`
use std::time::Instant as Clock;

use docket::harness::{Hand, Setup, Unchecked, World, bodies};
use docket::v1::replay::Replay;
use terms::Seconds;

fn main() {
    let acts: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut setup = Setup { signed: false, ..Setup::default() };
    for n in 0..40 {
        setup.roles.push((format!("party-{n}"), "party"));
    }
    setup.roots = (1, 1);
    let mut world = World::found(&setup);
    let started = Clock::now();
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
                let hand =
                    Hand { seen: world.last_mark.map(|(size, _)| world.seen_at(size)), stamps: Vec::new() };
                world.act_with(&[who.as_str()], &hand, bodies::offer(vec![bodies::file("x", &["ford"])]));
            }
        }
        if n % 300 == 299 {
            world.mark();
        }
    }
    world.settle();
    println!("written in {:?}, {} entries", started.elapsed(), world.size());
    let started = Clock::now();
    let parsed = world.entries.iter().filter(|entry| act::Entry::parse(entry).is_ok()).count();
    println!("parsed {parsed} in {:?}", started.elapsed());
    let bytes: usize = world.entries.iter().map(Vec::len).sum();
    let started = Clock::now();
    let mut replay =
        Replay::begin(&world.entries[0], &world.annexes, world.law.clone(), None, false, &mut Unchecked)
            .expect("it replays");
    for entry in &world.entries[1..] {
        replay.enter(entry, &world.roots, &mut Unchecked);
    }
    let took = started.elapsed();
    let each = took.as_nanos() as u64 / world.size();
    println!(
        "replayed {} entries, {} MB, in {took:?}: {each} ns each; void {} malformed {}",
        world.size(),
        bytes / 1_000_000,
        replay.settlement().voids(),
        replay.malformed()
    );
    let started = Clock::now();
    let state = replay.state();
    println!("{} lines in {:?}; root in {:?}", state.lines().len(), started.elapsed(), {
        let s = Clock::now();
        state.root();
        s.elapsed()
    });
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
}
