//! The docket beside a model too simple to err: a notice to one guarantor, honest marks each full hour,
//! no silence of the register, no relief. What the model knows is minutes.

use docket::harness::history::Dice;
use docket::harness::{Hand, Setup, World, at, bodies};
use docket::v1::event::What;
use terms::{ActId, Seconds};

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

/// A notice, in minutes since the beginning.
#[derive(Clone, Debug, Default)]
struct Notice {
    opened: u64,
    served: Option<u64>,
    acknowledged: Option<u64>,
    withdrawn: bool,
    late: bool,
}

impl Notice {
    /// When its clock starts: at the mark after what served it, or seven days after that after its
    /// opening.
    fn base(&self) -> u64 {
        let deemed = mark_after(self.opened) + 7 * DAY;
        self.served.map_or(deemed, |served| mark_after(served).min(deemed))
    }

    fn due(&self) -> u64 {
        self.base() + DAY
    }

    fn closes(&self) -> u64 {
        self.due() + 7 * DAY
    }

    fn serve(&mut self, minute: u64) {
        // What is deemed served by then is not served again.
        if self.served.is_none() && minute <= mark_after(self.opened) + 7 * DAY {
            self.served = Some(minute);
        }
    }

    fn state(&self, now: u64) -> &'static str {
        if self.withdrawn {
            "withdrawn"
        } else if self.acknowledged.is_some() {
            "acknowledged"
        } else if now > self.closes() {
            "not-acknowledged"
        } else {
            "sent"
        }
    }
}

/// Acts are never on the full hour.
fn mark_after(minute: u64) -> u64 {
    minute.div_ceil(HOUR) * HOUR
}

#[test]
fn a_notice_runs_as_in_the_model() {
    let seeds = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    for seed in 1..=seeds {
        let mut dice = Dice::new(seed);
        let mut world = World::found(&Setup { signed: false, ..Setup::default() });
        let start = at("2025-11-01 00:00");
        let mut notices: Vec<(u64, ActId, Notice)> = Vec::new();
        let mut minute = 0;
        for _ in 0..40 {
            let pass = dice.below(dice.clone().below(3 * DAY) + 1) + 1;
            let next = (minute + pass) / HOUR * HOUR + 1 + dice.below(HOUR - 1);
            minute = next.max(minute + 1);
            if minute % HOUR == 0 {
                minute += 1;
            }
            // Every full hour has its mark.
            let upto = start.plus(Seconds(minute / HOUR * HOUR * 60));
            if world.last_mark.is_none_or(|(_, last)| last < upto) {
                world.run_to(upto);
            }
            world.now = start.plus(Seconds(minute * 60));
            let seen_size = world.last_mark.map(|(size, _)| size);
            let seeing = Hand { seen: seen_size.map(|size| world.seen_at(size)), stamps: Vec::new() };
            let which = dice.below(notices.len().max(1) as u64) as usize;
            match dice.below(8) {
                0 | 1 => {
                    let (index, id) = world.act(&["north"], bodies::notice(&["ford"]));
                    notices.push((index, id, Notice { opened: minute, ..Notice::default() }));
                }
                2 => {
                    world.act_with(&["ford"], &seeing, bodies::offer(vec![bodies::file("x", &["north"])]));
                    for (index, _, notice) in &mut notices {
                        if seen_size.is_some_and(|size| size > *index) && notice.acknowledged.is_none() {
                            notice.serve(minute);
                        }
                    }
                }
                3 => {
                    world.act(&["ford"], bodies::offer(vec![bodies::file("y", &["north"])]));
                }
                4 if !notices.is_empty() => {
                    let (_, id, notice) = &mut notices[which];
                    world.act(&["secretariat"], bodies::serve(*id, "ford"));
                    notice.serve(minute);
                }
                5 | 6 if !notices.is_empty() => {
                    let (_, id, notice) = &mut notices[which];
                    // Harbour has it in hand some time before.
                    let stamped = minute.saturating_sub(dice.below(4 * DAY)).max(1);
                    let stamps =
                        dice.one_in(2).then(|| ("harbour".to_owned(), start.plus(Seconds(stamped * 60))));
                    let counted = if stamps.is_some() { stamped } else { minute };
                    let hand = Hand { seen: None, stamps: stamps.into_iter().collect() };
                    world.act_with(&["ford"], &hand, bodies::step(*id, &[], "acknowledge", None));
                    // It names the notice, and so serves it.
                    if notice.acknowledged.is_none() && !notice.withdrawn {
                        notice.serve(minute);
                        notice.late = minute <= notice.closes() && counted > notice.due();
                        notice.acknowledged = Some(minute);
                    }
                }
                7 if !notices.is_empty() => {
                    let (_, id, notice) = &mut notices[which];
                    world.act(&["north"], bodies::step(*id, &[], "withdraw", None));
                    if notice.acknowledged.is_none() {
                        notice.withdrawn = true;
                    }
                }
                _ => {}
            }
        }
        let end = (minute / HOUR + 1) * HOUR;
        world.run_to(start.plus(Seconds(end * 60)));
        let events = world.live.clone().take_events();
        for (index, id, notice) in &notices {
            let matter = &world.live.settlement().matters()[&docket::v1::MatterKey::opened(*index)];
            let state = matter.strands.values().next().expect("a strand").state.as_str();
            assert_eq!(state, notice.state(end), "seed {seed}, entry {index}: {notice:?}");
            let late = events.iter().any(|event| match &event.what {
                What::LateSoFar(matter, ..) => *matter == act::value::MatterRef::Opened(*id),
                _ => false,
            });
            assert_eq!(late, notice.late, "seed {seed}, entry {index}: {notice:?}");
        }
    }
}
