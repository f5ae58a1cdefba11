//! TIME's invariants over random histories with liars. `SEEDS=1000 cargo test …` plays more;
//! `SEED=17` plays one.

use std::collections::BTreeMap;

use act::value::MatterRef;
use docket::harness::history::{History, Liars, SKEW};
use docket::v1::clock::Times;
use docket::v1::event::What;
use docket::v1::{Event, Replay};
use instrument::procedure::StateKind;
use terms::{Code, Instant, Seconds};

const HONEST: Liars = Liars { registrar: false, strips: false, lets_in: false, clock: false };
const ALL: Liars = Liars { registrar: true, strips: true, lets_in: true, clock: true };

fn seeds(default: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    match number("SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("SEEDS").unwrap_or(default)).collect(),
    }
}

fn all_events(history: &History, upto: u64, as_of: Option<Instant>) -> (Replay, Vec<Event>) {
    let mut replay = history.world.replay(upto, as_of).expect("it replays");
    let events = replay.take_events();
    (replay, events)
}

#[test]
fn i01_i03_a_shorter_register_is_the_beginning_of_a_longer_one() {
    for seed in seeds(8) {
        let mut history = History::new(seed, ALL, "6h");
        history.play(60);
        let (full, events) = all_events(&history, u64::MAX, None);
        // Pure: entry by entry, as it grew, or at once.
        assert_eq!(full.state().lines(), history.world.live.state().lines(), "seed {seed}");
        let size = history.world.size();
        for _ in 0..4 {
            let upto = history.dice.below(size) + 1;
            let (short, begun) = all_events(&history, upto, None);
            assert!(events.starts_with(&begun), "seed {seed}: the events of {upto} entries begin all");
            assert!(short.timeline().register_time() <= full.timeline().register_time(), "seed {seed}");
        }
    }
}

#[test]
fn i02_as_of_a_time_is_closed_by_a_mark_past_it() {
    for seed in seeds(8) {
        let mut history = History::new(seed, ALL, "6h");
        history.play(60);
        let (size, end) = (history.world.size(), history.world.now);
        for _ in 0..4 {
            let as_of = end.minus(Seconds(history.dice.below(6 * 86_400)));
            let (mut before, mut closed) = (Vec::new(), None);
            for upto in [size / 3, size / 2, size * 4 / 5, size] {
                let (replay, events) = all_events(&history, upto.max(1), Some(as_of));
                assert!(events.starts_with(&before), "seed {seed}: events only grow");
                if let Some(closed) = &closed {
                    assert_eq!(&replay.state(), closed, "seed {seed}: closed, and changed");
                }
                if replay.is_closed() {
                    closed = Some(replay.state());
                }
                before = events;
            }
        }
    }
}

/// What a history says of each clock, as its events go by.
type Clocks = BTreeMap<(MatterRef, String, Code), Times>;

#[test]
fn i04_to_i07_i11_time_is_right_whoever_lies() {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for seed in seeds(24) {
        let mut history = History::new(seed, ALL, "6h");
        history.play(80);
        let (replay, events) = all_events(&history, u64::MAX, None);
        assert!(history.wrongs.is_empty(), "seed {seed}: {:?}", history.wrongs);
        let marks = replay.timeline();
        let mut clocks = Clocks::new();
        let mut ran_out: BTreeMap<(MatterRef, String, Code), Instant> = BTreeMap::new();
        let mut opened: BTreeMap<MatterRef, Instant> = BTreeMap::new();
        let mut last = Instant::EPOCH;
        for event in &events {
            let context = || format!("seed {seed}: {event}");
            assert!(event.at >= last, "I11: {}, after {last}", context());
            last = event.at;
            *kinds.entry(kind_of(&event.what)).or_default() += 1;
            match &event.what {
                What::Opened(matter, ..) => {
                    let entry = event.entry.expect("an entry");
                    let truth = history.true_times[usize::try_from(entry).expect("small")];
                    // I4: the true moment lies in the bracket, and so does the effective one.
                    let low = marks.low(entry).unwrap_or(Instant::EPOCH);
                    let high = marks.high(entry).expect("it has settled");
                    assert!(low <= truth.plus(SKEW), "I4: {}: low {low}, truly {truth}", context());
                    assert!(truth <= high.plus(SKEW), "I4: {}: high {high}, truly {truth}", context());
                    assert!(low <= event.at && event.at <= high, "I4: {}: {low} {high}", context());
                    opened.insert(*matter, truth);
                }
                What::Clock(matter, strand, step, times) | What::Moved(matter, strand, step, times) => {
                    let key = (*matter, strand.to_string(), step.clone());
                    // A clock may move after it was overdue, never after it has run out.
                    if matches!(event.what, What::Moved(..)) {
                        assert!(!ran_out.contains_key(&key), "I7: {}", context());
                    }
                    ran_out.remove(&key);
                    clocks.insert(key, *times);
                }
                What::RanOut(matter, strand, step, to, _) => {
                    let key = (*matter, strand.to_string(), step.clone());
                    let times = clocks.get(&key).expect("a clock that had started");
                    assert_eq!(times.closes, event.at, "{}", context());
                    // I5: not before its time had truly passed since the opening, and not in the future.
                    if let Some(within) = within(step.as_str()) {
                        let least = opened[matter].plus(within);
                        assert!(event.at.plus(SKEW) >= least, "I5: {}: opened {}", context(), opened[matter]);
                    }
                    assert!(event.at <= history.world.now.plus(SKEW), "I5: {}", context());
                    if to.is_some() {
                        ran_out.insert(key, event.at);
                    }
                }
                What::LateSoFar(matter, strand, step, _) | What::Held(matter, strand, step, _) => {
                    let entry = event.entry.expect("an entry");
                    let key = (*matter, strand.to_string(), step.clone());
                    if let (Some(stamped), Some(times)) =
                        (history.honest_stamps.get(&entry), clocks.get(&key))
                    {
                        // I6: what an honest guarantor stamped by due is in time, whatever else.
                        let by_due = stamped.plus(SKEW) <= times.due;
                        let backwards = step.as_str() == "move-window";
                        assert!(
                            !by_due || backwards,
                            "I6: {}: stamped {stamped}, due {}",
                            context(),
                            times.due
                        );
                    }
                }
                _ => {}
            }
        }
    }
    // It would prove little if little had happened.
    let missing: Vec<&str> = KINDS.into_iter().filter(|kind| !kinds.contains_key(*kind)).collect();
    let played = seeds(24).len();
    assert!(played < 24 || missing.len() < 8, "never: {missing:?}");
    assert!(played < 200 || missing.is_empty(), "never: {missing:?}");
}

/// The first word of an event; of a void, with its reason.
fn kind_of(what: &What) -> String {
    let text = what.to_string();
    if text.starts_with("void ") { text } else { text.split(' ').take(1).collect() }
}

const KINDS: [&str; 42] = [
    "malformed",
    "enrolled",
    "voted",
    "seated",
    "recovered",
    "recovery-begun",
    "disowned",
    "opened",
    "opened-late",
    "answered",
    "entered",
    "reopened",
    "stepped",
    "late-so-far",
    "late",
    "in-time",
    "held",
    "served",
    "deemed-served",
    "clock",
    "ran-out",
    "moved",
    "flagged",
    "set-aside",
    "suspended",
    "resumed",
    "cut",
    "dead",
    "offered",
    "granted",
    "kept",
    "opened-exhibit",
    "challenged",
    "held-until",
    "stamped",
    "seen-differs",
    "void no-power",
    "void late",
    "void wrong-state",
    "void form",
    "void unknown",
    "void vacant",
];

/// The time that a step's clock gives at least, by the law of the exercise.
fn within(step: &str) -> Option<Seconds> {
    match step {
        "acknowledge" | "reply" | "look" => Some(Seconds::hours(24)),
        "answer" => Some(Seconds::hours(72)),
        "object" => Some(Seconds::hours(48)),
        _ => None,
    }
}

#[test]
fn i08_honest_registrar_two_marks_settle_everything() {
    for seed in seeds(8) {
        let mut history = History::new(seed, HONEST, "6h");
        history.play(50);
        let live = &history.world.live;
        assert_eq!(live.pending().count(), 0, "seed {seed}");
        assert_eq!(live.timeline().register_time(), live.timeline().last(), "seed {seed}");
        assert_eq!(live.malformed(), 0, "seed {seed}");
    }
}

#[test]
fn i09_whatever_waits_ends_by_itself() {
    for seed in seeds(8) {
        let mut history = History::new(seed, ALL, "1d");
        history.play(60);
        // Deemed, within, two extensions, carriage, and the limits of cut and suspension; twice, for a
        // silence that leads to another; with what a succession of disownings adds.
        history.wait(160);
        let live = &history.world.live;
        for matter in live.settlement().matters().values() {
            let procedure = &matter.procedure;
            for (name, strand) in matter.strands.iter() {
                let waits =
                    procedure.state(&strand.state).is_some_and(|state| state.kind == StateKind::Waiting);
                let vacant =
                    name.as_str() == "west" && live.ledger().is_vacant(&docket::harness::participant("west"));
                assert!(!waits || vacant, "seed {seed}: {} {name} is in {}", matter.reference, strand.state);
                assert!(
                    strand.labels.is_empty() && strand.clocks.values().all(|c| c.held.is_empty()),
                    "seed {seed}"
                );
                // And memory follows open work: no root reaches this far.
                assert!(vacant || strand.left.is_empty(), "seed {seed}");
            }
        }
    }
}

#[test]
fn i12_any_two_quorums_share_an_honest_witness_and_so_do_freezes() {
    for n in 1..=7_u32 {
        for q in n / 2 + 1..=n {
            let f = 2 * q - n - 1;
            let freezes = n - q + f + 1;
            let of = |k: u32| (0_u32..1 << n).filter(move |set| set.count_ones() == k);
            for quorum in of(q) {
                assert!(of(q).all(|other| (quorum & other).count_ones() > f), "{n}, {q}");
                assert!(of(freezes.min(n)).all(|froze| (quorum & froze).count_ones() > f || freezes > n));
            }
            let names: Vec<String> = (1..=n).map(|at| format!("w{at}")).collect();
            let policy = docket::harness::world::policy("registrar", &names, q as usize);
            assert_eq!(policy.liars_max(), f as usize);
            assert_eq!(docket::v1::succession::freezes_needed(&policy), freezes as usize);
        }
    }
}
