//! What somebody might do: most of it theirs to do, some of it not.

use act::Body;
use terms::{ActId, Capacity, Seconds};

use super::{History, Known};
use crate::harness::world::{enrolment, recovery, seat};
use crate::harness::{Hand, bodies, code, signer};

impl History {
    pub(super) fn other_opening(&mut self) -> (&'static str, Body) {
        let party = self.dice.one_of(&["north", "south"]);
        let other = if party == "north" { "south" } else { "north" };
        let field = |name: &str, value: &str| (code(name), bodies::value(value, false));
        match self.dice.below(4) {
            0 => (party, bodies::open("plan", [field("party", other)].into())),
            1 => (party, bodies::open("alarm", [field("party", other), field("watcher", "harbour")].into())),
            2 => ("secretariat", bodies::open("watch", [].into())),
            _ => {
                let window = self.window();
                (party, bodies::open("visit", [field("told", other), window].into()))
            }
        }
    }

    pub(super) fn window(&mut self) -> (terms::Code, act::value::FieldValue) {
        let start = self.world.now.plus(Seconds::hours(self.dice.below(150)));
        let window = act::value::Window { start, end: start.plus(Seconds::DAY) };
        (code("window"), act::value::FieldValue::Window(window))
    }

    pub(super) fn relief(&mut self) -> Option<Body> {
        let now = self.world.now;
        let stands = self.world.live.settlement().matters().values().rev().take(20).find_map(|matter| {
            let mut strands = matter.strands.iter();
            let (name, _) =
                strands.find(|(_, s)| s.suspended.last().is_some_and(|(_, (_, to))| *to > now))?;
            let act::value::MatterRef::Opened(id) = matter.id else { return None };
            Some((id, name.as_str().to_owned()))
        });
        if let Some((matter, strand)) = stands.filter(|_| self.dice.one_in(2)) {
            return Some(bodies::resume(matter, &[strand.as_str()]));
        }
        let matter = self.matter()?;
        let strands = self.strands(&matter);
        let seconds = self.dice.below(2 * 86_400) + 1;
        let (step, back) = match matter.kind {
            "notice" => ("acknowledge", "sent"),
            "request" => ("answer", self.dice.one_of(&["put", "answered"])),
            "plan" => ("object", "proposed"),
            "alarm" => ("reply", "raised"),
            "watch" => ("take", "asked"),
            _ => ("note", "announced"),
        };
        Some(match self.dice.below(6) {
            0 | 1 => bodies::extend(matter.id, &strands, step, seconds),
            2 => bodies::suspend(matter.id, &strands, seconds),
            3 => bodies::resume(matter.id, &strands),
            4 => bodies::set_aside(matter.id, &strands, back),
            _ => {
                let from = self.world.now.minus(Seconds(self.dice.below(9 * 86_400)));
                let who = self.dice.one_of(&["north", "south", "ford"]);
                bodies::cut(who, from, from.plus(Seconds(self.dice.below(4 * 86_400) + 1_800)))
            }
        })
    }

    /// A stamp as an act of its own: for a late or held act, if one waits.
    pub(super) fn stamp(&mut self, by: &'static str) -> Option<Body> {
        let waits = self.waiting();
        let act = waits.or_else(|| self.matter().map(|matter| matter.id))?;
        let time = if by == "harbour" {
            self.world.now
        } else {
            self.world.now.minus(Seconds(self.dice.below(20 * 86_400)))
        };
        let (intake, signer) = self.world.next_stamp(by, act, time);
        Some(bodies::intake(&intake, &signer))
    }

    /// An act whose label or hold is open.
    pub(super) fn waiting(&self) -> Option<ActId> {
        self.world.live.settlement().matters().values().rev().take(20).find_map(|matter| {
            matter.strands.values().find_map(|strand| {
                let held = strand.clocks.values().flat_map(|clock| &clock.held).map(|held| held.act);
                strand.labels.iter().map(|label| label.act).chain(held).next()
            })
        })
    }

    pub(super) fn exhibit(&mut self, _: &'static str) -> Option<Body> {
        if self.exhibits.is_empty() {
            return None;
        }
        let item = self.dice.one_of(&self.exhibits);
        Some(match self.dice.below(6) {
            0 => bodies::keep(item),
            1 | 2 => bodies::opened(item),
            3 => bodies::challenge(item),
            4 => bodies::hold(item, self.world.now.plus(Seconds::DAY)),
            _ => bodies::answer(item),
        })
    }

    pub(super) fn matter(&mut self) -> Option<Known> {
        let recent = self.matters.len().saturating_sub(10);
        if self.matters.is_empty() {
            return None;
        }
        Some(self.dice.one_of(&self.matters[recent..]))
    }

    pub(super) fn strands(&mut self, matter: &Known) -> Vec<&'static str> {
        if matter.strands.is_empty() { Vec::new() } else { vec![self.dice.one_of(&matter.strands)] }
    }

    pub(super) fn step(&mut self) -> Option<(&'static str, Body)> {
        let matter = self.matter()?;
        let strands = self.strands(&matter);
        let asked = strands.first().copied().unwrap_or("south");
        let (opener, other) = (matter.opener, if matter.opener == "north" { "south" } else { "north" });
        let (by, step, choice) = match matter.kind {
            "notice" => self.dice.one_of(&[
                (asked, "acknowledge", None),
                (asked, "acknowledge", None),
                (opener, "withdraw", None),
            ]),
            "request" => self.dice.one_of(&[
                (asked, "answer", Some("answer")),
                (asked, "answer", Some("refuse")),
                (asked, "answer", Some("later")),
                (opener, "assess", Some("answers")),
                (opener, "assess", Some("answers")),
            ]),
            "plan" => self.dice.one_of(&[
                ("harbour", "object", None),
                (other, "object", None),
                (opener, "propose-anew", None),
            ]),
            "visit" => self.dice.one_of(&[
                (other, "note", None),
                (other, "check-in", None),
                (opener, "pass", None),
                (opener, "move-window", None),
            ]),
            "alarm" => self.dice.one_of(&[(other, "reply", None), ("harbour", "look", None)]),
            _ => (self.dice.one_of(&["ford", "harbour"]), "take", None),
        };
        let mut body = bodies::step_body(act::value::MatterRef::Opened(matter.id), &strands, step, choice);
        if step == "move-window" {
            body.fields.extend([self.window()]);
        }
        if step == "take" {
            body.files = vec![bodies::file("taken", &["ford"])];
        }
        Some((by, Body::Step(body)))
    }

    /// Keys are disowned, seats voted for, roots recovered.
    pub(super) fn keys(&mut self, who: &'static str) {
        let roots = self.world.roots_of(who);
        match self.dice.below(4) {
            0 | 1 => {
                let n = self.desks.get(who).copied().unwrap_or(0);
                let desk = self.desk(who);
                let since = self.world.chains.get(&signer(&desk)).map_or(1, |(n, _)| *n);
                let since = since.saturating_sub(self.dice.below(4)).max(1);
                let label = desk.split('/').nth(1).unwrap_or("desk").to_owned();
                self.by_roots(&roots, bodies::disown(&label, since));
                let next = format!("desk-{}", n + 2);
                self.by_roots(&roots, enrolment(who, &next, Capacity::Officer, "Desk"));
                self.desks.insert(who, n + 2);
            }
            2 => {
                let mut signers = self.world.roots_of("harbour");
                signers.extend((1..4).map(|at| format!("west/root-{at}")));
                self.by_roots(&signers, bodies::seat_vote(seat("west", 2, 3, 1)));
                if self.dice.one_in(2) {
                    let ford = self.world.roots_of("ford");
                    self.by_roots(&ford, bodies::seat_vote(seat("west", 2, 3, 1)));
                }
            }
            _ => {
                self.roots += 5;
                let body = recovery(self.dice.one_of(&["north", "south"]), self.roots);
                let by: &[&str] = self.dice.one_of(&[&["harbour"][..], &["ford", "harbour"]]);
                for by in by {
                    let roots = self.world.roots_of(by);
                    self.by_roots(&roots, body.clone());
                }
                if self.dice.one_in(3) {
                    let harbour = self.world.roots_of("harbour");
                    let root = harbour
                        .first()
                        .and_then(|root| root.split('/').nth(1))
                        .unwrap_or("root-1")
                        .to_owned();
                    self.by_roots(&harbour, bodies::disown(&root, 1));
                }
            }
        }
    }

    pub(super) fn by_roots(&mut self, signers: &[String], body: Body) {
        if signers.is_empty() {
            return;
        }
        let draft = self.world.draft(signers, &Hand::default(), body);
        let submission = self.world.sign(&draft, &Hand::default());
        self.register(&submission, None);
        self.note_times();
    }
}
