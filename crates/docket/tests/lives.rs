//! Random lives under the four instruments of the house: whatever people do and leave undone, silence brings every strand
//! to a rest or an end, nothing is ever undone, and the same bytes come to the same.

use std::collections::BTreeMap;

use docket::harness::lives::Lives;
use docket::harness::{Unchecked, laws, world};
use instrument::procedure::StateKind;

/// Words of events that these histories bring about, beside those of every register.
const MEETS: [&str; 13] = [
    "amended",
    "closed",
    "corrected",
    "disowned",
    "late",
    "not-amended",
    "ran-out",
    "reopened",
    "set-aside",
    "sought",
    "split",
    "spoke",
    "withdrawn",
];

/// `SEEDS=1000` for more than the few that always run.
fn seeds(few: u64) -> std::ops::Range<u64> {
    0..std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(few)
}

#[test]
fn after_a_silent_year_nobody_waits() {
    let mut met = BTreeMap::new();
    for (name, instrument) in laws::INSTRUMENTS {
        for seed in seeds(13) {
            // Some are silent now and then, list their strands, are amended and taken back.
            let begin = if seed % 13 > 8 { Lives::that_change } else { Lives::new };
            let mut lives = begin(instrument, seed);
            lives.play(120);
            lives.wait(500);
            let live = &lives.world.live;
            assert_eq!(live.malformed(), 0, "{name} {seed}");
            for matter in live.settlement().matters().values() {
                for (strand, life) in matter.strands.iter() {
                    let waits =
                        matter.procedure.state(&life.state).is_none_or(|s| s.kind == StateKind::Waiting);
                    let asks_a_vacant_seat = life
                        .clocks
                        .values()
                        .any(|clock| clock.asked.iter().any(|who| live.ledger().is_vacant(who)));
                    assert!(
                        !waits || asks_a_vacant_seat,
                        "{name} {seed}: {} {strand} is in {}",
                        matter.reference,
                        life.state
                    );
                }
            }
            // A prefix of the register gives a prefix of the events; the whole, at once, the same.
            let (entries, events) = (lives.world.entries.clone(), lives.world.live.clone().take_events());
            let read = |size: usize| {
                let read = world::replay(
                    &entries[..size],
                    &lives.world.annexes,
                    None,
                    &lives.world.roots,
                    &mut Unchecked,
                );
                read.expect("it replays")
            };
            let whole = read(entries.len());
            assert_eq!(whole.state().lines(), live.state().lines(), "{name} {seed}");
            let half = read(entries.len() / 2).take_events();
            assert_eq!(half[..], events[..half.len()], "{name} {seed}");
            for event in &events {
                let word = event.what.to_string().split(' ').next().unwrap_or_default().to_owned();
                *met.entry(word).or_insert(0_u32) += 1;
            }
        }
    }
    // Such histories meet what they are to test.
    for word in MEETS {
        assert!(met.contains_key(word), "nothing was {word}: {met:?}");
    }
}
