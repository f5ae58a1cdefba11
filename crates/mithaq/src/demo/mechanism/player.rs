//! A story is played over the desks, line by line, and what it says is held against what they come to.

use std::collections::BTreeMap;

use act::value::{AnnexRef, File, GrantRef};
use act::{Body, Submission};
use docket::story::docket::{came_of, lines};
use docket::story::line::moment;
use docket::story::{self, Block, Host, Line, Names, Part, Story};
use docket::v1::{Event, Replay};
use instrument::Instrument;
use node::evidence::Evidence;
use node::{Fault, Node};
use terms::{ActId, Hash, Instant, Item, ParticipantId};

use super::super::cast::enrol_office;
use super::super::tell::Teller;
use super::desks::{self, Desks, REGISTRAR};
use super::said;
use crate::command::act::table_batch::count_rows;

/// The texts that a story brings along.
#[derive(Default)]
pub(super) struct Texts<'s> {
    /// What acts name by hash, and everybody has.
    pub(super) annexes: BTreeMap<String, Vec<u8>>,
    /// What exhibits say.
    pub(super) papers: BTreeMap<&'s str, String>,
}

/// A desk as an author uses it.
struct Desk<'d> {
    node: &'d Node,
    texts: &'d Texts<'d>,
}

impl Host for Desk<'_> {
    fn replay(&self) -> &Replay {
        self.node.docket()
    }

    fn annex(&self, name: &str) -> AnnexRef {
        let text = self.texts.annexes.get(name).map_or(name.as_bytes(), Vec::as_slice);
        AnnexRef { sha256: Hash::of(text), size: text.len() as u64 }
    }

    fn file(&self, name: &str, to: &[ParticipantId]) -> Result<File, String> {
        let paper = self.texts.papers.get(name).ok_or_else(|| format!("no paper is called `{name}`"))?;
        let (mut plain, called) = (paper.as_bytes(), format!("{name}.txt"));
        let bytes = plain.len() as u64;
        let evidence = Evidence {
            plain: &mut plain,
            bytes,
            media_type: "text/plain; charset=utf-8",
            name: Some(&called),
        };
        let sealed = self.node.seal(evidence, to, &mut |_, _| {});
        sealed.map(|(file, _)| file).map_err(|fault| fault.to_string())
    }

    fn grant(&self, exhibit: &Item, to: &ParticipantId) -> Result<GrantRef, String> {
        self.node.grant(exhibit, to).map_err(|fault| fault.to_string())
    }
}

/// An answer that goes by stick: signed and stamped before the register has it.
struct Stick {
    /// The number of its line.
    number: usize,
    line: String,
    signed: Instant,
    /// Who takes it in, and when.
    taken_in: Option<(String, Instant)>,
    submission: Option<Submission>,
}

struct Expected {
    number: usize,
    act: ActId,
    what: String,
}

/// What has been played so far.
pub(super) struct Player<'s> {
    pub(super) desks: Desks,
    texts: Texts<'s>,
    names: Names,
    sticks: Vec<Stick>,
    begun: bool,
    expected: Vec<Expected>,
    events: Vec<Event>,
    acts: u64,
}

fn wrong(number: usize, what: impl std::fmt::Display) -> Fault {
    Fault::Unknown(format!("line {number} of the story: {what}"))
}

impl<'s> Player<'s> {
    pub(super) fn new(desks: Desks, story: &Story, texts: Texts<'s>) -> Result<Player<'s>, Fault> {
        let mut sticks = Vec::new();
        for (number, text) in story.blocks("acts").flat_map(|block| &block.lines) {
            if text.contains(" seen=") {
                let line = Line::read(text).map_err(|what| wrong(*number, what))?;
                let read = |time| moment(time).map_err(|what| wrong(*number, what));
                let signed = line.named("seen").map_or(Ok(line.when), read)?;
                let stamps = line.stamps().map_err(|what| wrong(*number, what))?;
                let taken_in = stamps.first().map(|(by, at)| ((*by).to_owned(), *at));
                sticks.push(Stick {
                    number: *number,
                    line: text.clone(),
                    signed,
                    taken_in,
                    submission: None,
                });
            }
        }
        Ok(Player {
            desks,
            texts,
            names: Names::default(),
            sticks,
            begun: false,
            expected: Vec::new(),
            events: Vec::new(),
            acts: 0,
        })
    }

    /// How many acts were played.
    pub(super) const fn acts(&self) -> u64 {
        self.acts
    }

    /// Plays one part, and tells it.
    pub(super) fn part(&mut self, part: &Part, tell: &mut Teller) -> Result<(), Fault> {
        match part {
            // The first names the story.
            Part::Heading(title) if !self.begun => tell.title(title),
            Part::Heading(title) => tell.chapter(title),
            Part::Prose(text) => {
                tell.say(text);
                tell.line("");
            }
            Part::Block(block) => match block.kind.as_str() {
                "acts" => {
                    let lines = block.lines.iter().filter(|(_, line)| !line.trim().is_empty());
                    for (number, line) in lines {
                        self.act(*number, line, tell)?;
                    }
                    tell.line("");
                }
                "docket" => self.compare(block, tell)?,
                _ => {}
            },
        }
        self.begun = true;
        Ok(())
    }

    /// Time passes: with a mark each heartbeat, and with what goes by stick meanwhile.
    fn advance(&mut self, to: Instant, tell: &Teller) -> Result<(), Fault> {
        loop {
            let sign = |stick: &Stick| stick.submission.is_none().then_some(stick.signed);
            let next = self.sticks.iter().enumerate().filter_map(|(at, stick)| {
                sign(stick).or(stick.taken_in.as_ref().map(|(_, time)| *time)).map(|time| (time, at))
            });
            let Some((time, at)) = next.min().filter(|(time, _)| *time <= to) else { break };
            self.beats(time)?;
            self.stick(at, tell)?;
        }
        self.beats(to)
    }

    fn beats(&mut self, to: Instant) -> Result<(), Fault> {
        while self.desks.next_beat() <= to {
            self.desks.stage.now = self.desks.next_beat();
            self.desks.beat()?;
        }
        self.desks.stage.now = to;
        Ok(())
    }

    /// A stick is signed at its author's desk, or handed to whoever takes it in.
    fn stick(&mut self, at: usize, tell: &Teller) -> Result<(), Fault> {
        let Stick { number, line, .. } = &self.sticks[at];
        let (number, text) = (*number, line.clone());
        let line = Line::read(&text).map_err(|what| wrong(number, what))?;
        match self.sticks[at].submission {
            None => {
                let body = self.body(number, &line)?;
                let submission = self.desks.sign(line.who, line.is_by_two(), body)?;
                self.sticks[at].submission = Some(submission);
                tell.at(self.desks.stage.now, said::signed(&line, self.instrument()?));
            }
            Some(_) => {
                if let Some((by, _)) = self.sticks[at].taken_in.take() {
                    let imported = self.desks.carry(line.who, &by)?;
                    if imported.stamped == 0 {
                        return Err(wrong(number, format!("{by} did not take it in")));
                    }
                    tell.at(self.desks.stage.now, said::taken_in(&line, &by, self.instrument()?));
                }
            }
        }
        Ok(())
    }

    fn act(&mut self, number: usize, text: &str, tell: &mut Teller) -> Result<(), Fault> {
        let line = Line::read(text).map_err(|what| wrong(number, what))?;
        self.advance(line.when, tell)?;
        if line.who == "registrar" {
            return match line.plain[..] {
                ["silent"] => {
                    let away = line.list("out-of-reach").into_iter().map(desks::desk);
                    self.desks.out_of_reach = away.collect::<Result<_, _>>()?;
                    tell.at(line.when, said::silent(&line, self.instrument()?));
                    Ok(())
                }
                ["mark"] => {
                    self.desks.out_of_reach.clear();
                    self.desks.beat()?;
                    tell.at(line.when, "All four who cosign are in reach, and a mark is made.");
                    Ok(())
                }
                _ => Err(wrong(number, "a registrar is silent, or marks")),
            };
        }
        let by_stick = self.sticks.iter_mut().find(|stick| stick.number == number);
        let (submission, from) = match by_stick.and_then(|stick| stick.submission.take()) {
            Some(submission) => {
                let stamps = line.stamps().map_err(|what| wrong(number, what))?;
                (submission, stamps.first().map_or(line.who, |(by, _)| *by))
            }
            None => (self.at_a_desk(number, &line)?, line.who),
        };
        self.sticks.retain(|stick| stick.number != number);
        if from != REGISTRAR {
            self.desks.carry(from, REGISTRAR)?;
        }
        let act = submission.act().id();
        let registrar = self.desks.node(REGISTRAR)?;
        registrar.find(&act).map_err(|_| wrong(number, "it did not get into the register"))?;
        self.names.take(&line, act, registrar.docket());
        self.expected.push(Expected { number, act, what: line.becomes.to_owned() });
        self.acts += 1;
        let instrument = registrar.docket().instrument();
        tell.at(line.when, said::act(&line, instrument));
        Ok(())
    }

    /// An act that is signed now, on what its desk has.
    fn at_a_desk(&mut self, number: usize, line: &Line<'_>) -> Result<Submission, Fault> {
        let exhibit = line.plain.get(1).and_then(|name| self.names.exhibits.get(*name)).copied();
        let now = self.desks.stage.now;
        if let ["enrol", label, "officer"] = line.plain[..] {
            let office = line.named("office").unwrap_or("Liaison-office");
            let excluded = &self.desks.node(REGISTRAR)?.docket().instrument().excluded;
            // A group is named as the instrument names it.
            let listed = excluded.iter().find(|(id, _)| id.as_str() == office);
            let office =
                listed.map_or_else(|| office.replace('-', " "), |(_, group)| group.names.text.clone());
            return enrol_office(self.desks.node_mut(line.who)?, label, &office, now);
        }
        if let (["opened", name], Some(exhibit)) = (&line.plain[..], exhibit) {
            let target = self.desks.stage.keys.join("desk").join(format!("{name}-at-{}.txt", line.who));
            self.desks.node(line.who)?.open_exhibit(&exhibit, Some(&target), &mut |_, _| {})?;
        }
        let body = self.body(number, line)?;
        self.desks.sign(line.who, line.is_by_two(), body)
    }

    fn body(&self, number: usize, line: &Line<'_>) -> Result<Body, Fault> {
        let node = self.desks.node(line.who)?;
        if let Some(bytes) = line.named("text").and_then(|text| self.texts.annexes.get(text)) {
            node.annexes().put(bytes)?;
            let rows = count_rows(bytes.as_slice()).map_err(|error| wrong(number, error.to_string()))?;
            if line.named("rows").is_some_and(|said| said != rows.to_string()) {
                return Err(wrong(number, format!("the table has {rows} rows")));
            }
        }
        let desk = Desk { node, texts: &self.texts };
        let body = story::body(line, &self.names, &desk).map_err(|what| wrong(number, what))?;
        body.ok_or_else(|| wrong(number, "keys are made beforehand here"))
    }

    /// Holds what the story says of the docket, and of the acts before, against what the registrar's copy says. The others'
    /// copies come to the same, which is checked at the end.
    fn compare(&mut self, block: &Block, tell: &Teller) -> Result<(), Fault> {
        let when = moment(&block.name).map_err(|what| wrong(block.number, what))?;
        self.advance(when, tell)?;
        if self.desks.last_mark.is_none_or(|last| last < when) {
            self.desks.beat()?;
        }
        self.desks.settle()?;
        let happened = self.desks.node(REGISTRAR)?.happened();
        self.events.extend(happened.from(self.events.len()));
        self.judge()?;
        let names = self.names.matters.iter().map(|(name, (id, _))| (*id, name.as_str())).collect();
        let items = self.names.exhibits.iter().map(|(name, item)| (*item, name.as_str())).collect();
        let is = lines(self.desks.node(REGISTRAR)?.docket(), when, &names, &items);
        let said: Vec<&str> =
            block.lines.iter().map(|(_, line)| line.trim()).filter(|line| !line.is_empty()).collect();
        if is != said {
            let both = is.iter().map(String::as_str).zip(said.iter().copied()).find(|(is, said)| is != said);
            let what = match both {
                Some((is, said)) => format!("the docket says `{is}`, and the story `{said}`"),
                None => format!("the docket has {} lines, and the story {}", is.len(), said.len()),
            };
            return Err(wrong(block.number, what));
        }
        said::docket(tell, when, &is);
        Ok(())
    }

    fn instrument(&self) -> Result<&Instrument, Fault> {
        Ok(self.desks.node(REGISTRAR)?.docket().instrument())
    }

    /// The story is over. Nothing that it says of an act may be left that was held against nothing.
    pub(super) fn finish(&self) -> Result<(), Fault> {
        match self.expected.first() {
            Some(expected) => Err(wrong(expected.number, "no block `docket` comes after its act")),
            None => Ok(()),
        }
    }

    /// Holds what the story says of each act that has settled against what came of it.
    fn judge(&mut self) -> Result<(), Fault> {
        let node = self.desks.node(REGISTRAR)?;
        let settled = node.docket().timeline().settled();
        let mut later = Vec::new();
        for expected in std::mem::take(&mut self.expected) {
            let (entry, _) = node.find(&expected.act)?;
            if entry >= settled {
                later.push(expected);
                continue;
            }
            let is = came_of(&self.events, entry, &expected.what);
            if is != expected.what {
                let what = format!("`{is}` came of it, and the story says `{}`", expected.what);
                return Err(wrong(expected.number, what));
            }
        }
        self.expected = later;
        Ok(())
    }
}
