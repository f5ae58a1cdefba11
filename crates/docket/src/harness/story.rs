//! A story, played in a register in memory.
//!
//! A block `setup` says what is not as in [`Setup::default`]: `instrument exercise` (one of the house's; then each
//! act is marked at once unless a heartbeat is given, and nothing is signed), `law exercise`, `vacant west party`,
//! `witnesses 2 of 2`, `zone +05:00`, `carriage 24h`, `deemed 3d`, `heartbeat 1d`, `holiday north 2025-11-05`,
//! `start 2025-11-01 00:00`. `procedure visit measure` says which procedures of the library it is the story of. In a long
//! one `heartbeat 1d` spares marks; those of the acts stay. With
//! `desks` it is played as over desks that meet once a heartbeat. A block `fields case-1` says what stands in the fields of
//! a matter, a line a strand, but for fields that name its strands.

#![expect(clippy::panic, reason = "a story that can't be read stops its test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use act::Body;
use act::body::Enrol;
use act::value::{AnnexRef, File, GrantRef, MatterRef};
use terms::{Capacity, Custody, Hash, Instant, Item, ParticipantId, RefusalGround, Role};

use super::setup::Setup;
use super::world::{Hand, World, enrolment_with, recovery, seat};
use super::{at, bodies, laws, participant};
use crate::story::docket::{came_of, fields_of, lines};
use crate::story::line::moment;
use crate::story::{self, Block, Host, Line, Names, Part, amended};
use crate::v1::replay::{Judged, Replay};

/// A story that is being played.
pub struct Story {
    /// The register.
    pub world: World,
    /// What it has named.
    pub names: Names,
    /// Annexes by their names.
    texts: BTreeMap<String, Hash>,
    /// Whether each act is marked at once.
    at_once: bool,
    /// What desks that meet once a heartbeat have of the register, and since when: up to the mark before the last. None,
    /// if everybody has every mark at once.
    known: Option<Vec<(Instant, u64)>>,
    silent: bool,
    expected: Vec<Expected>,
    /// All that happened.
    pub events: Vec<crate::v1::Event>,
    /// The procedures that it is the story of.
    pub procedures: Vec<String>,
    wrongs: String,
}

struct Expected {
    line: usize,
    entry: u64,
    what: String,
}

/// Plays a story. Gives what is not as it says, in words; nothing, if all is.
///
/// # Panics
///
/// If a line can't be read.
#[must_use]
pub fn run(text: &str) -> (Story, String) {
    let told = story::Story::read(text);
    let mut setup = Setup::default();
    let (mut at_once, mut by_desks, mut procedures) = (false, false, Vec::new());
    for (_, line) in told.blocks("setup").flat_map(|block| &block.lines) {
        match line.strip_prefix("procedure ") {
            Some(names) => procedures.extend(names.split_whitespace().map(str::to_owned)),
            None if line == "desks" => by_desks = true,
            None => set_up(&mut setup, line, &mut at_once),
        }
    }
    let changes: String = told.blocks("exercise").map(Block::text).collect();
    if let Some(whole) = setup.whole.as_mut().filter(|_| !changes.is_empty()) {
        *whole = amended(whole, &changes);
        at_once &= !changes.contains("heartbeat =");
    }
    let mut story = Story {
        world: World::found(&setup),
        names: Names::default(),
        texts: BTreeMap::new(),
        at_once,
        known: by_desks.then(Vec::new),
        silent: false,
        expected: Vec::new(),
        events: Vec::new(),
        procedures,
        wrongs: String::new(),
    };
    let whole = setup.instrument();
    for block in told.blocks("text") {
        let text = amended(&whole, &block.text());
        let hash = Hash::of(text.as_bytes());
        story.world.annexes.insert(hash, text.into_bytes());
        story.texts.insert(block.name.clone(), hash);
    }
    story.world.know_annexes();
    for part in &told.parts {
        match part {
            Part::Block(block) if block.kind == "docket" => story.compare(block),
            Part::Block(block) if block.kind == "fields" => story.compare_fields(block),
            Part::Block(block) if block.kind == "acts" => {
                for (number, line) in block.lines.iter().filter(|(_, line)| !line.trim().is_empty()) {
                    story.act(*number, line);
                }
            }
            Part::Block(_) | Part::Heading(_) | Part::Prose(_) => {}
        }
    }
    story.world.settle();
    story.judge();
    let wrongs = story.wrongs.clone();
    (story, wrongs)
}

fn set_up(setup: &mut Setup, line: &str, at_once: &mut bool) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        [] => {}
        ["law", "exercise"] => laws::EXERCISE.clone_into(&mut setup.procedures),
        ["instrument", name] => {
            let found = laws::INSTRUMENTS.iter().find(|(known, _)| *known == name);
            *setup = Setup::under(found.expect(line).1);
            *at_once = true;
        }
        ["vacant", who] => setup.vacant.push(who.to_owned()),
        ["vacant", who, role] => {
            let role = if role == "guarantor" { "guarantor" } else { "party" };
            *setup = setup.clone().with_vacant(who, role);
        }
        ["without", who] => setup.roles.retain(|(id, _)| id != who),
        ["witnesses", n, "of", q] => {
            setup.witnesses = n.parse().expect(line);
            setup.quorum = q.parse().expect(line);
        }
        ["roots", k, "of", n] => setup.roots = (k.parse().expect(line), n.parse().expect(line)),
        ["zone", zone] => setup.calendar = setup.calendar.replace("+00:00", zone),
        ["carriage" | "deemed" | "heartbeat", _] => {
            let key = format!("{} = \"{}\"\n", words[0], words[1]);
            match &mut setup.whole {
                Some(whole) => *whole = amended(whole, &format!("[calendar]\n{key}")),
                None => setup.calendar.push_str(&key),
            }
        }
        ["holiday", who, day] => {
            let _ = writeln!(setup.calendar, "holidays = {{ {who} = [\"{day}\"] }}");
        }
        ["start", day, time] => setup.start = at(&format!("{day} {time}")),
        _ => panic!("no such setup: {line}"),
    }
}

impl Host for Story {
    fn replay(&self) -> &Replay {
        &self.world.live
    }

    /// A text that is not there is one that nobody reads.
    fn annex(&self, name: &str) -> AnnexRef {
        let known = self.texts.get(name);
        let size = known.map(|hash| self.world.annexes.get(hash).map_or(0, Vec::len));
        AnnexRef {
            sha256: known.copied().unwrap_or_else(|| Hash::of(name.as_bytes())),
            size: size.unwrap_or(name.len()) as u64,
        }
    }

    fn file(&self, name: &str, to: &[ParticipantId]) -> Result<File, String> {
        let to: Vec<&str> = to.iter().map(ParticipantId::as_str).collect();
        Ok(bodies::file(name, &to))
    }

    fn grant(&self, exhibit: &Item, to: &ParticipantId) -> Result<GrantRef, String> {
        Ok(bodies::grant_ref(&exhibit.to_string(), to.as_str()))
    }
}

impl Story {
    fn act(&mut self, number: usize, text: &str) {
        let line = Line::read(text).unwrap_or_else(|what| panic!("line {number}: {what}: {text}"));
        self.beat_until(line.when);
        if line.who == "registrar" {
            return self.registrar(&line.plain);
        }
        let mut hand = match line.named("seen") {
            None => self.seeing(line.who, line.when),
            Some("no") => Hand::default(),
            Some(time) => self.seeing(line.who, moment(time).expect(text)),
        };
        hand.stamps = line.stamps().expect(text).iter().map(|(by, time)| ((*by).to_owned(), *time)).collect();
        let (mut signers, body) = match story::body(&line, &self.names, self) {
            Ok(Some(body)) => (vec![line.who.to_owned()], body),
            Ok(None) => self.about_keys(&line),
            Err(what) => panic!("line {number}: {what}: {text}"),
        };
        if line.is_by_two() && signers == [line.who.to_owned()] {
            signers = vec![format!("{}/desk", line.who), format!("{}/second", line.who)];
        }
        let draft = self.world.draft(&signers, &hand, body);
        let submission = self.world.sign(&draft, &hand);
        let refused = self.world.refusal(&submission);
        let expects = line.becomes.strip_prefix("refused: ").and_then(RefusalGround::new);
        if refused != expects {
            let _ = writeln!(self.wrongs, "line {number}: refused {refused:?}: {text}");
        }
        if refused.is_some() {
            return;
        }
        let registered = line.named("registered").map_or(line.when, |time| moment(time).expect(text));
        let (entry, judged) = self.world.register(&submission, registered);
        if !matches!(judged, Judged::Act(_)) {
            let _ = writeln!(self.wrongs, "line {number}: {judged:?}: {text}");
        }
        self.names.take(&line, submission.act().id(), &self.world.live);
        self.expected.push(Expected { line: number, entry, what: line.becomes.to_owned() });
        if self.at_once {
            self.world.mark();
        }
    }

    /// What somebody had to see at a time. The monitor, whose node keeps the register then, has every mark.
    fn seeing(&self, who: &str, when: Instant) -> Hand {
        let last =
            |marks: &[(Instant, u64)]| marks.iter().rev().find(|(at, _)| *at <= when).map(|(_, size)| *size);
        let marks = || self.world.marks.iter().map(|(size, at)| (*at, *size)).collect::<Vec<_>>();
        let role =
            |who: &str| self.world.live.ledger().role(&participant(who.split('/').next().unwrap_or(who)));
        let size = match &self.known {
            Some(known) if role(who) != Some(Role::Monitor) => last(known),
            _ => last(&marks()),
        };
        Hand { seen: size.map(|size| self.world.seen_at(size)), stamps: Vec::new() }
    }

    fn mark(&mut self) {
        let before = self.world.marks.last().map(|(size, _)| *size);
        self.world.mark();
        let last = self.world.marks.last().map(|(size, _)| *size);
        if let (Some(known), Some(size)) = (&mut self.known, before.or(last)) {
            known.push((self.world.now, size));
        }
    }

    /// A mark each heartbeat.
    fn beat_until(&mut self, when: Instant) {
        let heartbeat = self.world.live.instrument().calendar.heartbeat;
        while !self.silent {
            let next = self.world.last_mark.map_or(self.world.now, |(_, at)| at.plus(heartbeat));
            if next > when {
                break;
            }
            self.world.now = next;
            self.mark();
        }
        assert!(self.world.now <= when, "{when}: lines stand in the order of their times");
        self.world.now = when;
    }

    fn registrar(&mut self, words: &[&str]) {
        match words {
            ["silent"] => self.silent = true,
            ["mark"] => {
                self.silent = false;
                self.mark();
            }
            ["mark", short] => {
                // A mark that does not cover the last entries.
                let short: u64 =
                    short.strip_prefix("but-the-last-").and_then(|n| n.parse().ok()).expect("a number");
                self.silent = true;
                let (size, clocks) = (self.world.size() - short, self.world.clocks());
                self.world.mark_of(size, &clocks);
            }
            _ => panic!("no such thing for a registrar: {words:?}"),
        }
    }

    /// Who signs, and what, where it is about keys.
    fn about_keys(&mut self, line: &Line<'_>) -> (Vec<String>, Body) {
        let who = line.who.split('/').next().unwrap_or(line.who);
        let roots = || self.world.roots_of(who);
        let number = |key: &str| line.named(key).map_or(1, |text| text.parse().expect("a number"));
        match line.plain[..] {
            ["intake", act] => {
                let time = moment(line.named("at").expect("at")).expect("a moment");
                let act = self.names.act(act).expect("an act");
                let (intake, signer) = self.world.next_stamp(who, act, time);
                (vec![line.who.to_owned()], bodies::intake(&intake, &signer))
            }
            ["enrol", label, capacity] => {
                let capacity = Capacity::new(capacity).expect("a capacity");
                let office = line.named("office").unwrap_or("Liaison-office").replace('-', " ");
                let to = line.list("to");
                let note = line.list("files").pop().map(|name| bodies::file(name, &to));
                let mut body = enrolment_with(who, label, capacity, &office, note);
                if let (Body::Enrol(Enrol::Key(key)), Some(lies)) = (&mut body, line.named("custody")) {
                    key.custody = Custody::new(lies).expect("a custody");
                }
                (roots(), body)
            }
            ["revoke", label] => (roots(), bodies::revoke(label)),
            ["disown", label] => (roots(), bodies::disown(label, u64::from(number("since")))),
            ["recover", whom] => {
                let body = recovery(whom, number("first"));
                let by_own = vec![format!("{who}/recovery-{}", number("key"))];
                (if whom == who { by_own } else { roots() }, body)
            }
            ["seat", whom] => {
                let first = number("first");
                let seat = seat(whom, 2, 3, first);
                let mut signers = roots();
                if line.named("with") == Some("new-roots") {
                    signers.extend((first..first + 3).map(|at| format!("{whom}/root-{at}")));
                }
                (signers, bodies::seat_vote(seat))
            }
            _ => panic!("no such act: {:?}", line.plain),
        }
    }

    /// Compares a docket block, and what was said of the acts before it.
    fn compare(&mut self, block: &Block) {
        let when = at(&block.name);
        let later = when < self.world.now;
        if !later {
            self.beat_until(when);
            if !self.silent && self.world.last_mark.is_none_or(|(_, last)| last < when) {
                self.mark();
            }
            // They meet once more, so that all have what the docket says.
            if let (Some(known), Some((size, _))) = (&mut self.known, self.world.marks.last()) {
                known.push((self.world.now, *size));
            }
        }
        self.judge();
        let names: BTreeMap<MatterRef, &str> =
            self.names.matters.iter().map(|(name, (id, _))| (*id, name.as_str())).collect();
        let items: BTreeMap<Item, &str> =
            self.names.exhibits.iter().map(|(name, item)| (*item, name.as_str())).collect();
        let past = later.then(|| self.world.replay(u64::MAX, Some(when)).expect("it replays"));
        let is = lines(past.as_ref().unwrap_or(&self.world.live), when, &names, &items);
        let expected: Vec<&str> =
            block.lines.iter().map(|(_, line)| line.trim()).filter(|line| !line.is_empty()).collect();
        if is != expected {
            let _ = writeln!(
                self.wrongs,
                "line {}: the docket of {} says\n{}",
                block.number,
                block.name,
                is.join("\n")
            );
        }
    }

    /// Compares what stands in the fields of a matter, as each of its strands sees them.
    fn compare_fields(&mut self, block: &Block) {
        let (id, _) =
            self.names.matter(&block.name).unwrap_or_else(|what| panic!("line {}: {what}", block.number));
        let is = fields_of(&self.world.live, &block.name, id);
        let expected: Vec<&str> =
            block.lines.iter().map(|(_, line)| line.trim()).filter(|line| !line.is_empty()).collect();
        if is != expected {
            let (number, name) = (block.number, &block.name);
            let _ = writeln!(self.wrongs, "line {number}: the fields of {name} are\n{}", is.join("\n"));
        }
    }

    /// Compares what was said of the acts that have settled.
    fn judge(&mut self) {
        self.events.extend(self.world.live.take_events());
        let settled = self.world.live.timeline().settled();
        let (now, later): (Vec<Expected>, Vec<Expected>) =
            std::mem::take(&mut self.expected).into_iter().partition(|e| e.entry < settled);
        self.expected = later;
        for Expected { line, entry, what } in now {
            let is = came_of(&self.events, entry, &what);
            if is != what {
                let _ = writeln!(self.wrongs, "line {line}: `{is}`, and the story says `{what}`");
            }
        }
    }
}
