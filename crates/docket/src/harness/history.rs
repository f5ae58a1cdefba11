//! Random histories from a seed, with liars: a registrar that keeps marks back or saves them up, dates
//! receipts otherwise, strips stamps, lets in what is malformed; a lying clock among the witnesses;
//! authors that sign two texts. What truly happened, and when, is kept beside.

mod acts;

use std::collections::BTreeMap;

use act::{Body, Submission};
use terms::{ActId, Instant, Item, Seconds};

use super::setup::Setup;
use super::world::{Hand, World, receipted};
use super::{at, bodies, code, laws};
use crate::v1::replay::Judged;

/// xorshift64*: a seed says the whole history.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `n`.
    pub const fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }

    /// Whether it comes up, once in `n`.
    pub const fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }
}

/// By how much honest clocks differ.
pub const SKEW: Seconds = Seconds(60);

/// Who lies, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Liars {
    /// The registrar keeps marks back, saves them up, dates receipts, leaves entries uncovered.
    pub registrar: bool,
    /// The registrar strips stamps.
    pub strips: bool,
    /// The registrar lets in what is malformed.
    pub lets_in: bool,
    /// One witness's clock shows anything.
    pub clock: bool,
}

/// A matter, as its history knows it.
#[derive(Clone, Debug)]
struct Known {
    id: ActId,
    kind: &'static str,
    opener: &'static str,
    strands: Vec<&'static str>,
}

/// A history.
pub struct History {
    /// The register.
    pub world: World,
    /// What there is to decide.
    pub dice: Dice,
    /// Who lies.
    pub liars: Liars,
    /// When each entry was truly sequenced.
    pub true_times: Vec<Instant>,
    /// The stamps of harbour, whose clock is right and whose chain is whole: on the submissions that
    /// carried them into the register.
    pub honest_stamps: BTreeMap<u64, Instant>,
    /// Malformed entries that changed something.
    pub wrongs: Vec<String>,
    matters: Vec<Known>,
    exhibits: Vec<Item>,
    desks: BTreeMap<&'static str, u32>,
    saved: Vec<note::Note>,
    roots: u32,
}

const WHO: [&str; 5] = ["ford", "harbour", "north", "secretariat", "south"];

impl History {
    /// Begins.
    #[must_use]
    pub fn new(seed: u64, liars: Liars, heartbeat: &str) -> History {
        let mut dice = Dice::new(seed);
        let (n, q) = dice.one_of(&[(4, 3), (6, 4), (1, 1), (2, 2)]);
        // A lying clock is one that the quorum outvotes (T5): f ≤ ⌊(q − 1) / 2⌋.
        let lies = |dice: &mut Dice, lies: bool| lies && dice.one_in(2);
        let liars = Liars {
            registrar: lies(&mut dice, liars.registrar),
            strips: lies(&mut dice, liars.strips),
            lets_in: liars.lets_in,
            clock: lies(&mut dice, liars.clock) && (q - 1) / 2 >= 1,
        };
        let calendar = format!(
            "zone = \"+04:30\"\nheartbeat = \"{heartbeat}\"\ncarriage = \"{}\"\ndeemed = \"{}\"\n\
             basis = \"reconstruction\"\n",
            dice.one_of(&["0h", "24h", "7d"]),
            dice.one_of(&["12h", "3d", "7d"])
        );
        let setup = Setup { witnesses: n, quorum: q, calendar, signed: false, ..Setup::default() };
        let setup = setup.with_procedures(laws::EXERCISE).with_vacant("west", "guarantor");
        let mut world = World::found(&setup);
        world.skews = (0..n).map(|_| dice.below(2 * SKEW.0) as i64 - SKEW.0 as i64).collect();
        let true_times = vec![world.now; world.entries.len()];
        History {
            world,
            dice,
            liars,
            true_times,
            honest_stamps: BTreeMap::new(),
            wrongs: Vec::new(),
            matters: Vec::new(),
            exhibits: Vec::new(),
            desks: BTreeMap::new(),
            saved: Vec::new(),
            roots: 10,
        }
    }

    /// Plays so many turns.
    pub fn play(&mut self, turns: u64) {
        for _ in 0..turns {
            self.turn();
        }
        self.world.settle();
        self.note_times();
    }

    /// A year of nothing but marks, a heartbeat apart: whatever waits has its silence.
    pub fn wait(&mut self, days: u64) {
        let until = self.world.now.plus(Seconds::days(days));
        self.world.run_to(until);
        self.note_times();
    }

    fn note_times(&mut self) {
        let now = self.world.now;
        self.true_times.resize(self.world.entries.len(), now);
    }

    fn turn(&mut self) {
        let pass = self.dice.one_of(&[60, 600, 3600, 14_400, 43_200, 86_400, 172_800]);
        let until = self.world.now.plus(Seconds(self.dice.below(pass) + 1));
        self.beats_until(until);
        self.act();
        self.note_times();
    }

    /// The marks between now and then, as the registrar likes.
    fn beats_until(&mut self, until: Instant) {
        let heartbeat = self.world.live.instrument().calendar.heartbeat;
        loop {
            let last = self.world.last_mark.map_or(self.world.now, |(_, at)| at);
            let next = last.plus(heartbeat).max(self.world.now);
            if next >= until {
                break;
            }
            self.world.now = next;
            if self.liars.registrar && self.dice.one_in(4) {
                break;
            }
            self.mark();
        }
        self.world.now = until;
    }

    fn mark(&mut self) {
        let mut clocks = self.world.clocks();
        if self.liars.clock {
            let times = ["2025-01-01 00:00", "2025-11-05 00:00", "2026-01-01 00:00", "2040-01-01 00:00"];
            clocks[0].1 = at(self.dice.one_of(&times));
        }
        let quorum = self.world.live.ledger().policy().quorum();
        let mut asleep = clocks.len() - quorum;
        if self.liars.registrar {
            // The registrar picks the quorum that it likes.
            clocks.retain(|_| {
                let drop = asleep > 0 && self.dice.one_in(3);
                asleep -= usize::from(drop);
                !drop
            });
        }
        let mut size = self.world.size();
        if self.liars.registrar && self.dice.one_in(3) {
            let settled = self.world.live.timeline().settled().max(1);
            size -= self.dice.below((size - settled).min(4) + 1);
        }
        let note = self.world.cosigned(size, &clocks);
        if self.liars.registrar && self.dice.one_in(5) {
            return self.saved.push(note);
        }
        let saved = if self.dice.one_in(3) { std::mem::take(&mut self.saved) } else { Vec::new() };
        for note in saved.into_iter().chain([note]) {
            let size = tlog::Checkpoint::parse(note.text()).map_or(0, |checkpoint| checkpoint.size);
            if size >= self.world.live.timeline().settled() {
                let judged = self.world.mark_note(&note).1;
                assert!(matches!(judged, Judged::Mark { .. }), "{judged:?}");
                self.note_times();
            }
        }
    }

    fn registered(&mut self) -> Instant {
        let now = self.world.now;
        if !self.liars.registrar || self.dice.one_in(2) {
            return now;
        }
        let by = Seconds(self.dice.below(40 * 86_400));
        if self.dice.one_in(2) { now.minus(by) } else { now.plus(by) }
    }

    fn desk(&self, who: &'static str) -> String {
        match self.desks.get(who) {
            Some(n) => format!("{who}/desk-{n}"),
            None => format!("{who}/desk"),
        }
    }

    fn hand(&mut self) -> Hand {
        let marks = &self.world.marks;
        if marks.is_empty() || self.dice.one_in(3) {
            return Hand::default();
        }
        let back = self.dice.below(marks.len().min(5) as u64 + 1) as usize;
        let (size, _) = marks[marks.len().saturating_sub(back + 1)];
        let mut seen = self.world.seen_at(size);
        if self.dice.one_in(12) {
            seen.root = terms::Hash::of(b"another register");
        }
        Hand { seen: Some(seen), stamps: Vec::new() }
    }

    fn act(&mut self) {
        let hand = self.hand();
        // A late or held act draws stamps.
        let waits = self.waiting().is_some() && self.dice.one_in(2);
        let what = if waits { 23 } else { self.dice.below(30) };
        let party = self.dice.one_of(&["north", "south"]);
        let mut who = self.dice.one_of(&WHO);
        let body = match what {
            0..=3 => {
                who = party;
                let told: &[&str] =
                    self.dice.one_of(&[&["ford"][..], &["ford", "harbour"], &["harbour", "west"]]);
                Some(bodies::notice(told))
            }
            4..=6 => {
                who = self.dice.one_of(&["north", "secretariat"]);
                let asked: &[&str] =
                    self.dice.one_of(&[&["south"][..], &["ford", "south"], &["south", "west"]]);
                let asked = bodies::value(&asked.join(","), true);
                Some(bodies::open("request", [(code("asked"), asked)].into()))
            }
            7..=9 => {
                let (by, body) = self.other_opening();
                who = by;
                Some(body)
            }
            10..=19 => self.step().map(|(by, body)| {
                who = by;
                body
            }),
            20..=21 => {
                who = self.dice.one_of(&["ford", "harbour"]);
                self.relief()
            }
            22 => {
                who = self.dice.one_of(&["harbour", "secretariat"]);
                let on = self.dice.one_of(&WHO);
                self.matter().map(|matter| bodies::serve(matter.id, on))
            }
            23 => {
                who = self.dice.one_of(&["ford", "harbour"]);
                self.stamp(who)
            }
            24..=25 => return self.keys(who),
            26 => self.exhibit(who),
            _ => {
                let to = self.dice.one_of(&WHO);
                Some(bodies::offer(vec![bodies::file(&format!("x-{}", self.world.size()), &[to])]))
            }
        };
        let Some(body) = body else { return };
        // Now and then somebody does what is another's to do.
        if self.dice.one_in(15) && !matches!(body, Body::Intake(_)) {
            who = self.dice.one_of(&WHO);
        }
        let signers = vec![self.desk(who)];
        let draft = self.world.draft(&signers, &hand, body);
        let mut submission = self.world.sign(&draft, &hand);
        let mut honest = None;
        if who != "harbour" && self.dice.one_in(3) {
            // Harbour's node takes it in, and its clock is right.
            let now = self.world.now;
            let line = self.world.stamp("harbour", submission.act().id(), now);
            if !(self.liars.strips && self.dice.one_in(2)) {
                submission = submission.with_intake(line).expect("room");
                honest = Some(now);
            }
        } else if who != "ford" && self.dice.one_in(5) {
            // Ford stamps whatever its friends ask for.
            let time = self.world.now.minus(Seconds(self.dice.below(20 * 86_400)));
            let line = self.world.stamp("ford", submission.act().id(), time);
            submission = submission.with_intake(line).expect("room");
        }
        // Some acts are long on their way.
        if self.dice.one_in(6) {
            let late = self.world.now.plus(Seconds(self.dice.below(12 * 86_400)));
            self.beats_until(late);
            if self.world.refusal_unsigned(&submission).is_some() {
                return;
            }
        }
        self.register(&submission, honest);
        if self.liars.lets_in && self.dice.one_in(6) {
            self.let_in(&submission);
        }
    }

    fn register(&mut self, submission: &Submission, honest: Option<Instant>) {
        let registered = self.registered();
        if self.world.refusal_unsigned(submission).is_some() {
            return;
        }
        let (index, judged) = self.world.register(submission, registered);
        assert!(matches!(judged, Judged::Act(_) | Judged::Malformed { .. }), "{judged:?}");
        if let Some(stamped) = honest {
            self.honest_stamps.insert(index, stamped);
        }
        let id = submission.act().id();
        match submission.act().body() {
            Body::Open(open) => {
                let kind = ["notice", "request", "plan", "visit", "watch", "alarm"];
                let kind = kind.into_iter().find(|kind| *kind == open.procedure.as_str()).unwrap_or("notice");
                let strands = open.fields.values().filter_map(|value| match value {
                    act::value::FieldValue::Several(words) => Some(words),
                    _ => None,
                });
                let names = strands.flatten().map(ToString::to_string);
                let names = names.filter_map(|name| WHO.into_iter().find(|who| *who == name)).collect();
                let opener = submission.act().head().by.to_string();
                let opener = WHO.into_iter().find(|who| *who == opener).unwrap_or("north");
                self.matters.push(Known { id, kind, opener, strands: names });
            }
            Body::Offer(_) => self.exhibits.push(Item::exhibit(id, 1)),
            _ => {}
        }
    }

    /// A malformed entry: the same again, a second text for one `n`, or no act at all.
    fn let_in(&mut self, submission: &Submission) {
        let before = lines(&self.world);
        let bytes = match self.dice.below(3) {
            0 => b"no note at all".to_vec(),
            1 => receipted(
                submission,
                self.world.size(),
                self.world.now,
                &self.world.genesis,
                "registrar",
                false,
            ),
            _ => {
                let head = submission.act().head();
                let signer = head.signers[0].to_string();
                let mut draft = self.world.draft(
                    &[signer],
                    &Hand::default(),
                    bodies::offer(vec![bodies::file("fork", &[])]),
                );
                draft.head.n = head.n;
                draft.head.prev = head.prev;
                let fork = self.world.sign(&draft, &Hand::default());
                receipted(&fork, self.world.size(), self.world.now, &self.world.genesis, "registrar", false)
            }
        };
        let judged = self.world.enter(bytes);
        if !matches!(judged, Judged::Malformed { .. }) || lines(&self.world) != before {
            self.wrongs.push(format!("I10: {judged:?} changed something"));
        }
    }
}

/// The state, but for counts of entries and events.
fn lines(world: &World) -> Vec<String> {
    let state = world.live.state();
    let other = |line: &&String| !line.starts_with("count/") && !line.starts_with("events ");
    state.lines().iter().filter(other).cloned().collect()
}
