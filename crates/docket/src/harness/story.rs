//! A case as a mediator reads it, run: acts a line, and what the docket says then.
//!
//! - A block `setup` says what is not as in [`Setup::default`]: `instrument exercise` (one of the house's; then each
//!   act is marked at once, and nothing is signed), `law exercise`, `vacant west party`,
//!   `witnesses 2 of 2`, `zone +05:00`, `carriage 24h`, `deemed 3d`, `heartbeat 1d`,
//!   `holiday north 2025-11-05`, `start 2025-11-01 00:00`.
//! - A block `acts` has one act a line: when it is registered, who, what. The registrar marks every
//!   heartbeat, unless it is `silent` until its next `mark`. After `#` stands what becomes of the act:
//!   `late`, `held`, `void: REASON`, `refused: GROUND`; nothing, if it has its effect.
//!   Of a step that several decide: `counts`, while it waits for others; `they differ`, when they can no longer agree.
//!   `opens NAME` names the matter that a step opens. What follows a comma is for the reader.
//! - A block `text NAME` is an annex by that name: the instrument with these changes.
//! - A block `docket DATE` is what the docket says as of that time, in full.
//!
//! Words that any act takes: `as=NAME` names it, `for=WHO` writes it down on somebody's behalf, `eyes=2` has two sign, `seen=no` has its author see nothing and
//! `seen=DATE_TIME` what there was then, `intake=WHO@DATE_TIME` is a stamp on it, `registered=DATE_TIME` dates its receipt otherwise.

#![expect(clippy::panic, reason = "a case that can't be read stops its test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use act::Body;
use act::body::{DestroyGround, RuleOutcome};
use act::value::{AnnexRef, FieldValue, Fields, File, MatterRef, Window, Word};
use instrument::procedure::Holds;
use terms::{ActId, Capacity, Hash, Instant, Item, Place, RefusalGround};

use super::setup::Setup;
use super::world::{Hand, World, recovery, seat};
use super::{at, bodies, code, docket, laws};
use crate::v1::event::What;
use crate::v1::replay::Judged;

/// A case that is being run.
pub struct Story {
    /// The register.
    pub world: World,
    /// Acts by the names that the case gives them.
    pub acts: BTreeMap<String, ActId>,
    /// Exhibits by their names.
    pub exhibits: BTreeMap<String, Item>,
    /// Matters by their names.
    pub matters: BTreeMap<String, MatterRef>,
    /// Annexes by their names.
    pub texts: BTreeMap<String, Hash>,
    /// Whether each act is marked at once.
    at_once: bool,
    silent: bool,
    expected: Vec<Expected>,
    events: Vec<crate::v1::Event>,
    wrongs: String,
}

struct Expected {
    line: usize,
    entry: u64,
    what: String,
}

/// Runs a case. Gives what is not as it says, in words; nothing, if all is.
///
/// # Panics
///
/// If a line can't be read.
#[must_use]
pub fn run(text: &str) -> (Story, String) {
    let blocks = blocks(text);
    let mut setup = Setup::default();
    for (_, _, line) in blocks.iter().filter(|(kind, ..)| kind == "setup") {
        set_up(&mut setup, line);
    }
    let texts = texts(&blocks, &setup);
    let mut story = Story {
        world: World::found(&setup),
        acts: BTreeMap::new(),
        exhibits: BTreeMap::new(),
        matters: BTreeMap::new(),
        texts: BTreeMap::new(),
        at_once: setup.whole.is_some(),
        silent: false,
        expected: Vec::new(),
        events: Vec::new(),
        wrongs: String::new(),
    };
    for (name, text) in texts {
        let hash = Hash::of(text.as_bytes());
        story.world.annexes.insert(hash, text.as_bytes().to_vec());
        story.texts.insert(name, hash);
    }
    story.world.know_annexes();
    let mut docket: Option<(String, usize, Vec<String>)> = None;
    for (kind, number, line) in blocks {
        if let Some(date) = kind.strip_prefix("docket ") {
            match &mut docket {
                Some((open, _, lines)) if open == date => lines.push(line),
                _ => {
                    story.compare(docket.take());
                    docket = Some((date.to_owned(), number, vec![line]));
                }
            }
        } else if kind == "acts" {
            story.compare(docket.take());
            story.act(number, &line);
        }
    }
    story.compare(docket.take());
    story.world.settle();
    story.judge();
    let wrongs = story.wrongs.clone();
    (story, wrongs)
}

/// The lines of the blocks, with the kind of block and the line's number.
fn blocks(text: &str) -> Vec<(String, usize, String)> {
    let (mut kind, mut lines) = (None::<String>, Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        match (&kind, line.strip_prefix("```")) {
            (None, Some(begun)) => {
                kind = Some(begun.trim().to_owned());
                // An empty docket is said by a block without lines.
                if begun.starts_with("docket") {
                    lines.push((begun.trim().to_owned(), number, String::new()));
                }
            }
            (Some(_), Some(_)) => kind = None,
            (Some(kind), None) if !line.trim().is_empty() => {
                lines.push((kind.clone(), number, line.to_owned()));
            }
            _ => {}
        }
    }
    lines
}

/// The instrument with the changes of each block `text`; a text of one line without a table is an annex by itself.
fn texts(blocks: &[(String, usize, String)], setup: &Setup) -> Vec<(String, String)> {
    let mut changes: BTreeMap<String, String> = BTreeMap::new();
    for (kind, _, line) in blocks {
        if let Some(name) = kind.strip_prefix("text ") {
            let text = changes.entry(name.to_owned()).or_default();
            text.push_str(line);
            text.push('\n');
        }
    }
    let whole = setup.instrument();
    changes.into_iter().map(|(name, change)| (name, super::amended(&whole, &change))).collect()
}

fn set_up(setup: &mut Setup, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["law", "exercise"] => laws::EXERCISE.clone_into(&mut setup.procedures),
        ["instrument", name] => {
            let found = laws::INSTRUMENTS.iter().find(|(known, _)| *known == name);
            *setup = Setup::under(found.expect(line).1);
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
            let _ = writeln!(setup.calendar, "{} = \"{}\"", words[0], words[1]);
        }
        ["holiday", who, day] => {
            let _ = writeln!(setup.calendar, "holidays = {{ {who} = [\"{day}\"] }}");
        }
        ["start", day, time] => setup.start = at(&format!("{day} {time}")),
        _ => panic!("no such setup: {line}"),
    }
}

/// The words of a line, and those of the form `key=value` apart.
struct Words<'a> {
    plain: Vec<&'a str>,
    named: BTreeMap<&'a str, &'a str>,
}

fn moment(text: &str) -> Instant {
    let text = text.replace(['_', 'T'], " ");
    at(&if text.contains(' ') { text } else { format!("{text} 00:00") })
}

/// An invented place for a name.
fn place(name: &str) -> Place {
    let hash = Hash::of(name.as_bytes());
    let [a, b, ..] = *hash.as_bytes();
    Place {
        lat_e7: 100_000_000 + i64::from(a) * 10_000,
        lon_e7: 200_000_000 + i64::from(b) * 10_000,
        radius_m: 500,
    }
}

fn seconds(text: &str) -> u64 {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: u64 = number.parse().expect(text);
    number
        * match unit {
            "d" => 86_400,
            "h" => 3600,
            _ => 60,
        }
}

impl Story {
    fn id(&self, name: &str) -> ActId {
        *self.acts.get(name).unwrap_or_else(|| panic!("no act is called `{name}`"))
    }

    fn act(&mut self, number: usize, line: &str) {
        let (said, comment) = line.split_once('#').map_or((line, ""), |(a, b)| (a, b.trim()));
        let mut words: Vec<&str> = said.split_whitespace().collect();
        let when = at(&format!("{} {}", words[0], words[1]));
        let who = words[2];
        words.drain(..3);
        self.beat_until(when);
        if who == "registrar" {
            return self.registrar(&words);
        }
        let (named, plain): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| word.contains('='));
        let named = named.into_iter().filter_map(|word| word.split_once('=')).collect();
        let words = Words { plain, named };
        let mut hand = match words.named.get("seen").copied() {
            None => self.seeing(when),
            Some("no") => Hand::default(),
            Some(time) => self.seeing(moment(time)),
        };
        for stamp in words.named.get("intake").into_iter().flat_map(|stamps| stamps.split(',')) {
            let (by, time) = stamp.split_once('@').expect(line);
            hand.stamps.push((by.to_owned(), moment(time)));
        }
        let (mut signers, mut body) = self.body(who, &words);
        if words.named.get("eyes").copied() == Some("2") && signers == [who.to_owned()] {
            signers = vec![format!("{who}/desk"), format!("{who}/second")];
        }
        if let Some(party) = words.named.get("for") {
            body = bodies::transcribe(party, body);
        }
        let draft = self.world.draft(&signers, &hand, body);
        let submission = self.world.sign(&draft, &hand);
        let refused = self.world.refusal(&submission);
        let expects = comment.strip_prefix("refused: ").and_then(RefusalGround::new);
        if refused != expects {
            let _ = writeln!(self.wrongs, "line {number}: refused {refused:?}: {line}");
        }
        if refused.is_some() {
            return;
        }
        let registered = words.named.get("registered").map_or(when, |time| moment(time));
        let (entry, judged) = self.world.register(&submission, registered);
        if !matches!(judged, Judged::Act(_)) {
            let _ = writeln!(self.wrongs, "line {number}: {judged:?}: {line}");
        }
        let id = submission.act().id();
        if let Some(name) = words.named.get("as") {
            self.acts.insert((*name).to_owned(), id);
        }
        if matches!(words.plain[..], ["open", ..]) {
            self.acts.insert(words.plain[2].to_owned(), id);
            self.matters.insert(words.plain[2].to_owned(), MatterRef::Opened(id));
        }
        if let Some(name) = comment.strip_prefix("opens ") {
            let child = Item { act: id, part: terms::ItemPart::Matter(1) };
            self.matters.insert(name.to_owned(), MatterRef::ByStep(child));
        }
        for (number, name) in (1..).zip(file_names(&words)) {
            self.exhibits.insert(name.to_owned(), Item::exhibit(id, number));
            self.acts.insert(name.to_owned(), id);
        }
        let what = comment.split(',').next().unwrap_or_default().to_owned();
        self.expected.push(Expected { line: number, entry, what });
        if self.at_once {
            self.world.mark();
        }
    }

    /// What there was to be seen at a time.
    fn seeing(&self, when: Instant) -> Hand {
        let last = self.world.marks.iter().rev().find(|(_, at)| *at <= when);
        let seen = last.map(|(size, _)| self.world.seen_at(*size));
        Hand { seen, stamps: Vec::new() }
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
            self.world.mark();
        }
        assert!(self.world.now <= when, "{when}: lines stand in the order of their times");
        self.world.now = when;
    }

    fn registrar(&mut self, words: &[&str]) {
        match words {
            ["silent"] => self.silent = true,
            ["mark"] => {
                self.silent = false;
                self.world.mark();
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

    /// Who signs, and what.
    fn body(&mut self, who: &str, words: &Words<'_>) -> (Vec<String>, Body) {
        if let ["intake", act] = words.plain[..] {
            let (act, time) = (self.id(act), moment(words.named.get("at").expect("at")));
            let (intake, signer) = self.world.next_stamp(who, act, time);
            return (vec![who.to_owned()], bodies::intake(&intake, &signer));
        }
        let named = |key: &str| words.named.get(key).copied();
        let roots = || self.world.roots_of(who);
        let own = vec![who.to_owned()];
        let number = |text: Option<&str>| text.map_or(1, |text| text.parse().expect("a number"));
        if let [verb, target, rest @ ..] = &words.plain[..]
            && let Some(exhibit) = self.exhibits.get(*target).copied()
            && *verb != "serve"
        {
            let body = match (*verb, rest) {
                ("keep", []) => bodies::keep(exhibit),
                ("opened", []) => bodies::opened(exhibit),
                ("answer", []) => bodies::answer(exhibit),
                ("challenge", []) => bodies::challenge(exhibit),
                ("grant", []) => bodies::grant(exhibit, &list(named("to"))),
                ("rule", ["danger"]) => bodies::rule(exhibit, RuleOutcome::Danger, None),
                ("rule", ["upheld", of]) => bodies::rule(exhibit, RuleOutcome::Upheld, Some(self.id(of))),
                ("rule", ["not-upheld", of]) => {
                    bodies::rule(exhibit, RuleOutcome::NotUpheld, Some(self.id(of)))
                }
                ("hold", []) => bodies::hold(exhibit, moment(named("until").expect("until"))),
                ("destroy", ["danger"]) => bodies::destroy(exhibit, DestroyGround::Danger),
                ("destroy", ["ended"]) => bodies::destroy(exhibit, DestroyGround::Ended),
                _ => panic!("no such thing for an exhibit: {:?}", words.plain),
            };
            return (own, body);
        }
        if let [verb, matter, ..] = words.plain[..]
            && self.has_step(matter, verb)
        {
            return (own, self.step(verb, matter, words));
        }
        let body = match words.plain[..] {
            ["open", kind, _] => return (own, self.opening(kind, words)),
            ["offer"] => bodies::offer(files(words)),
            ["serve", act, on] => bodies::serve(self.id(act.split('/').next().unwrap_or(act)), on),
            ["extend", matter, step, by] => {
                let (matter, strands) = self.strands(matter);
                bodies::extend(opened(matter), &borrowed(&strands), step, seconds(by))
            }
            ["suspend", matter, by] => {
                let (matter, strands) = self.strands(matter);
                bodies::suspend(opened(matter), &borrowed(&strands), seconds(by))
            }
            ["resume", matter] => {
                let (matter, strands) = self.strands(matter);
                bodies::resume(opened(matter), &borrowed(&strands))
            }
            ["set-aside", matter] => {
                let (matter, strands) = self.strands(matter);
                bodies::set_aside(opened(matter), &borrowed(&strands), named("to").expect("to"))
            }
            ["cut", whom] => bodies::cut(
                whom,
                moment(named("from").expect("from")),
                moment(named("until").expect("until")),
            ),
            ["enrol", label, capacity] => {
                let capacity = Capacity::new(capacity).expect("a capacity");
                let office = named("office").unwrap_or("Liaison-office").replace('-', " ");
                let note = files(words).pop();
                return (roots(), super::world::enrolment_with(who, label, capacity, &office, note));
            }
            ["revoke", label] => return (roots(), bodies::revoke(label)),
            ["disown", act] if self.acts.contains_key(act) => {
                Body::Disown(act::body::Disown::Act(self.id(act)))
            }
            ["confirm-act", act] => Body::Confirm(act::body::Confirm { act: self.id(act) }),
            ["withdraw-entry", matter, act] => Body::Withdraw(act::body::Withdraw {
                matter: Some(self.strands(matter).0),
                entry: self.id(act),
            }),
            ["correct", matter, act] => {
                let (matter, _) = self.strands(matter);
                let found = self.world.live.settlement().matters().values().find(|m| m.id == matter);
                let fields = found.map(|m| self.fields(&m.law, &m.kind, words)).unwrap_or_default();
                Body::Correct(act::body::Correct { matter, entry: self.id(act), fields })
            }
            ["disown", label] => return (roots(), bodies::disown(label, u64::from(number(named("since"))))),
            ["recover", whom] => {
                let body = recovery(whom, number(named("first")));
                let by_own = vec![format!("{who}/recovery-{}", number(named("key")))];
                return (if whom == who { by_own } else { roots() }, body);
            }
            ["seat", whom] => {
                let seat = seat(whom, 2, 3, number(named("first")));
                let mut signers = roots();
                if named("with") == Some("new-roots") {
                    let first = number(named("first"));
                    signers.extend((first..first + 3).map(|at| format!("{whom}/root-{at}")));
                }
                return (signers, bodies::seat_vote(seat));
            }
            [step, matter, ..] => return (own, self.step(step, matter, words)),
            _ => panic!("no such act: {:?}", words.plain),
        };
        (own, body)
    }

    /// Whether the matter of this name has a step by this name.
    fn has_step(&self, matter: &str, step: &str) -> bool {
        let name = matter.split('/').next().unwrap_or_default();
        let reference = self.matters.get(name);
        let found = self.world.live.settlement().matters().values().find(|m| Some(&m.id) == reference);
        found.is_some_and(|matter| matter.procedure.step(&code(step)).is_some())
    }

    fn step(&self, step: &str, matter: &str, words: &Words<'_>) -> Body {
        let (matter, strands) = self.strands(matter);
        let strands: Vec<&str> = strands.iter().map(String::as_str).collect();
        let mut body = bodies::step_body(matter, &strands, step, words.plain.get(2).copied());
        let found = self.world.live.settlement().matters().values().find(|m| m.id == matter);
        body.fields = found.map(|matter| self.fields(&matter.law, &matter.kind, words)).unwrap_or_default();
        body.files = files(words);
        Body::Step(body)
    }

    fn opening(&self, kind: &str, words: &Words<'_>) -> Body {
        let law = self.world.live.settlement().law().clone();
        let mut fields = self.fields(&law, &code(kind), words);
        let strands: Vec<String> =
            list(words.named.get("strands").copied()).into_iter().map(str::to_owned).collect();
        let of_strands = law.procedure(&code(kind)).map(|procedure| procedure.strands.clone());
        for (place, name) in of_strands.into_iter().flatten().enumerate().filter(|_| !strands.is_empty()) {
            let mut values: Vec<&str> =
                strands.iter().filter_map(|strand| strand.split(':').nth(place)).collect();
            values.sort_unstable();
            values.dedup();
            fields.insert(name, bodies::value(&values.join(","), true));
        }
        let strands: Vec<&str> = strands.iter().map(String::as_str).collect();
        let tier = words.named.get("tier").map(|_| act::body::Tier::WithoutPrejudice);
        match bodies::open(kind, fields) {
            Body::Open(open) => Body::Open(act::body::Open {
                files: files(words),
                strands: bodies::strand_names(&strands),
                tier,
                ..open
            }),
            other => other,
        }
    }

    /// The fields of a line, each as its procedure holds it.
    fn fields(&self, law: &crate::v1::Law, kind: &terms::Code, words: &Words<'_>) -> Fields {
        const OWN: [&str; 11] =
            ["as", "seen", "intake", "registered", "files", "to", "for", "eyes", "strands", "tier", "quotes"];
        let mut fields = Fields::new();
        for (name, value) in words.named.iter().filter(|(name, _)| !OWN.contains(name)) {
            let own = law.procedure(kind).and_then(|procedure| procedure.fields.get(&code(name)));
            // A step may give a field of the matter that it opens.
            let any = law.instrument.procedures.values().find_map(|p| p.fields.get(&code(name)));
            let field = own.or(any);
            fields.insert(code(name), self.value(field, value));
        }
        fields
    }

    fn value(&self, field: Option<&instrument::procedure::Field>, value: &str) -> FieldValue {
        let several = field.is_some_and(|field| field.several) || value.contains(',');
        match field.map(|field| &field.holds) {
            Some(Holds::Place) => FieldValue::Place(place(value)),
            Some(Holds::Count) if !several => FieldValue::Count(value.parse().expect(value)),
            Some(Holds::Window) => {
                let (start, end) = value.split_once("..").or_else(|| value.split_once('/')).expect(value);
                FieldValue::Window(Window { start: moment(start), end: moment(end) })
            }
            Some(Holds::Instant) => FieldValue::One(Word::Instant(moment(value))),
            Some(Holds::Text) => {
                let size = |hash: &Hash| self.world.annexes.get(hash).map_or(0, Vec::len) as u64;
                let own = AnnexRef { sha256: Hash::of(value.as_bytes()), size: value.len() as u64 };
                let text = self.texts.get(value).map(|hash| AnnexRef { sha256: *hash, size: size(hash) });
                FieldValue::Annex(text.unwrap_or(own))
            }
            Some(Holds::Matter { .. }) => FieldValue::One(match self.matters.get(value) {
                Some(MatterRef::Opened(act)) => Word::Hash(act.0),
                Some(MatterRef::ByStep(item)) => Word::Item(*item),
                None => panic!("no matter is called `{value}`"),
            }),
            _ => bodies::value(value, several),
        }
    }

    /// `NAME/strand+strand`, where a strand is `north` or `north/p1`.
    fn strands(&self, text: &str) -> (MatterRef, Vec<String>) {
        let (name, strands) = text.split_once('/').map_or((text, ""), |(a, b)| (a, b));
        let matter =
            self.matters.get(name).copied().unwrap_or_else(|| panic!("no matter is called `{name}`"));
        let strands = strands.split('+').filter(|strand| !strand.is_empty());
        (matter, strands.map(|strand| strand.replace('/', ":")).collect())
    }

    /// Compares a docket block, and what was said of the acts before it.
    fn compare(&mut self, block: Option<(String, usize, Vec<String>)>) {
        let Some((date, number, lines)) = block else { return };
        let when = at(&date);
        let later = when < self.world.now;
        if !later {
            self.beat_until(when);
            if !self.silent && self.world.last_mark.is_none_or(|(_, last)| last < when) {
                self.world.mark();
            }
        }
        self.judge();
        let names: BTreeMap<MatterRef, &str> =
            self.matters.iter().map(|(name, id)| (*id, name.as_str())).collect();
        let items: BTreeMap<Item, &str> =
            self.exhibits.iter().map(|(name, item)| (*item, name.as_str())).collect();
        let past = later.then(|| self.world.replay(u64::MAX, Some(when)).expect("it replays"));
        let is = docket::lines(past.as_ref().unwrap_or(&self.world.live), when, &names, &items);
        let expected: Vec<String> =
            lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        if is != expected {
            let _ = writeln!(self.wrongs, "line {number}: the docket of {date} says\n{}", is.join("\n"));
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
            let of_entry = self.events.iter().filter(|event| event.entry == Some(entry));
            let is = of_entry.filter_map(|event| match &event.what {
                What::Void(reason) => Some(format!("void: {reason}")),
                What::LateSoFar(..) | What::Late(..) | What::OpenedLate(_) => Some("late".to_owned()),
                What::Held(..) => Some("held".to_owned()),
                What::InTime(..) if what == "in time" => Some("in time".to_owned()),
                What::Split(..) => Some("they differ".to_owned()),
                What::Seated(..) if what == "seated" => Some("seated".to_owned()),
                What::Opened(MatterRef::ByStep(_), ..) => {
                    Some(what.clone()).filter(|w| w.starts_with("opens "))
                }
                _ => None,
            });
            let waits = |what: &What| matches!(what, What::Spoke(..) | What::Sought(..));
            let mut of_it = self.events.iter().filter(|event| event.entry == Some(entry));
            let counts = of_it.any(|event| waits(&event.what)).then(|| "counts".to_owned());
            let is = is.into_iter().next().or(counts).unwrap_or_default();
            if is != what {
                let _ = writeln!(self.wrongs, "line {line}: `{is}`, and the case says `{what}`");
            }
        }
    }
}

/// The act that opened a matter.
fn opened(matter: MatterRef) -> ActId {
    match matter {
        MatterRef::Opened(act) => act,
        MatterRef::ByStep(_) => panic!("a step opened it"),
    }
}

fn borrowed(strands: &[String]) -> Vec<&str> {
    strands.iter().map(String::as_str).collect()
}

fn list(text: Option<&str>) -> Vec<&str> {
    text.into_iter().flat_map(|text| text.split(',')).filter(|word| !word.is_empty()).collect()
}

fn file_names<'a>(words: &Words<'a>) -> Vec<&'a str> {
    list(words.named.get("files").copied())
}

fn files(words: &Words<'_>) -> Vec<File> {
    let to = list(words.named.get("to").copied());
    file_names(words).into_iter().map(|name| bodies::file(name, &to)).collect()
}
