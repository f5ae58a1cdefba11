//! The whole story of a matter, each side's words, and what may be done now.

use std::collections::{BTreeMap, BTreeSet};

use act::body::Tier;
use act::{Act, Entry};
use askama::Template;
use docket::v1::{Matter, MatterKey, Stance};
use docket::view::{asks_in, steps_for};
use instrument::procedure::{Leads, StateKind};
use lang::Arg;
use node::evidence::files_of;
use serde::Serialize;
use store::{About, Part};
use terms::{ActId, Code, Instant, Item, ParticipantId, Reference};

use super::accounts::{Accounts, accounts};
use super::begun::about_it;
use super::beside::Beside;
use super::map::Sketch;
use super::shell::{Shell, reader};
use super::sign::RESERVE;
use super::tray::Tray;
use super::{find, path, relief};
use crate::correction::Correction;
use crate::deed::cuttable;
use crate::desk::{Desk, Held};
use crate::map::place_of;
use crate::relief::Relief;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::web::session::fresh_name;
use crate::words::clock::{Asking, asking_of};
use crate::words::event::says;
use crate::words::matter::{Held as Field, Named, held as fields, strand};
use crate::words::place::{At, Disclaimer, disclaimers};
use crate::words::when::When;
use crate::words::{Reader, Speech, Takes, Who, sentence, takes};
use crate::writing::Writing;

/// How many clocks stand on top.
const CLOCKS_MAX: usize = 4;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Story {
    matter: Named,
    /// As acts name it.
    id: String,
    kind: String,
    opener: Who,
    opened: When,
    tier: Tier,
    is_taken_back: bool,
    version: u32,
    fields: Vec<Field>,
    /// Where it is, if it is anywhere.
    place: Option<At>,
    /// What stands under each map and table of places.
    disclaimer: Vec<Disclaimer>,
    lives: Vec<Life>,
    clocks: Vec<Asking>,
    /// What each said of it, side by side, where more than one did, or may.
    accounts: Option<Accounts>,
    /// Newest first.
    timeline: Vec<Line>,
    /// What the one who reads this may do now.
    may: Vec<May>,
    /// Whose the steps are that others may take now: in words, and whose.
    theirs: Vec<(String, Vec<Who>)>,
    /// What may be written down on others' behalf: on whose, and which steps, each with its form.
    behalf: Vec<(Who, Vec<(String, String)>)>,
    /// What may be opened about it: what each is called, and its form, with this filled in.
    about: Vec<(String, String)>,
    /// What may be given beside its procedure, and what of that waits for others.
    relief: Vec<relief::Open>,
    /// Where the one who reads this says that somebody could not be reached, if it may and a clock runs.
    cut: Option<String>,
    relief_waits: Vec<relief::Waiting>,
    /// What those who work here keep beside it.
    beside: Beside,
}

impl Story {
    fn is_without_prejudice(&self) -> bool {
        self.tier == Tier::WithoutPrejudice
    }
}

/// One of its lives.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Life {
    strand: String,
    state: String,
    #[serde(skip)]
    state_words: String,
    says: Speech,
    is: &'static str,
    since: When,
    is_flagged: bool,
}

/// A line of the timeline.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Line {
    time: When,
    entry: Option<u64>,
    /// Who did it; nobody, where time did.
    by: Option<Who>,
    says: String,
    /// What was said with it in words, as far as it was for the one who reads this.
    words: Vec<String>,
    /// What else was sealed with it.
    sealed: Vec<String>,
    /// On whose behalf it was written down, if it was, and what came of that.
    written_for: Option<WrittenFor>,
    /// Where the one who reads this says something of the entry.
    confirm: Option<String>,
    disown: Option<String>,
    correct: Option<String>,
}

impl Line {
    /// Whether it is the line of an entry at which what was said with it stands.
    pub(super) fn is_of(&self, entry: u64) -> bool {
        self.entry == Some(entry) && !(self.words.is_empty() && self.sealed.is_empty())
    }

    /// What was said with it, in words and sealed.
    pub(super) fn said(&self) -> (Vec<String>, Vec<String>) {
        (self.words.clone(), self.sealed.clone())
    }
}

/// On whose behalf something was written down, and what that one says of it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct WrittenFor {
    who: Who,
    is: &'static str,
    #[serde(skip)]
    says: String,
}

/// A step that one may take.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct May {
    step: String,
    #[serde(skip)]
    words: String,
    /// In which lives.
    strands: Vec<String>,
    says: Option<Speech>,
    /// What it takes, where one alone does not decide.
    takes: Option<Takes>,
    /// Where it leads: with which of its choices, if it has any.
    leads: Vec<Lead>,
    /// Its clock, if it is asked of the one who reads this.
    asking: Option<Asking>,
    /// The form of it.
    href: String,
    /// Whether there is nothing to fill in; then the name of a draft that is as it stands.
    at_once: Option<String>,
    /// Whether it is said in words or with a file, and moves nothing.
    #[serde(skip)]
    is_said: bool,
}

/// Where a step leads.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Lead {
    choices: Vec<String>,
    says: Speech,
}

#[derive(Template)]
#[template(path = "matter.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Story,
    sketch: Option<Sketch>,
    me: Who,
    opened_by: String,
    version: u64,
    /// Where a file is laid down, and the step that it goes with.
    tray: Option<(String, Tray)>,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let text = asked.part("reference");
    let none = || Sorry::NoReference(text.to_owned());
    let reference = Reference::parse(text).ok_or_else(none)?;
    let (key, matter) = find(reader.replay, reader.index, &reference).ok_or_else(none)?;
    // Under another kind's path it would have two addresses.
    if path::of_kind(&matter.kind) != asked.part("kind") {
        return Err(Sorry::NotFound);
    }
    let data = query(desk, reader, &held, asked, (key, matter))?;
    let tray = tray(reader, &data)?;
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, format!("{} · {}", data.matter.reference, data.matter.title));
        let date = data.opened.words();
        let args = [("who", Arg::Text(&data.opener.label)), ("date", Arg::Text(&date))];
        let opened_by = reader.texts.say("opened-by", &args);
        let law = &matter.law.instrument;
        let sketch = place_of(matter).and_then(|at| Sketch::of(desk, reader, law, &[at]));
        let (me, version) = (reader.who(reader.me), data.version.into());
        Page { shell, me, opened_by, version, tray, sketch, data: &data }.render()
    })
}

fn query(
    desk: &Desk,
    reader: Reader<'_>,
    held: &Held,
    asked: &Asked,
    (key, matter): (MatterKey, &Matter),
) -> Result<Story, Sorry> {
    let lives = matter.strands.iter().map(|(name, life)| {
        let state = matter.procedure.state(&life.state);
        Life {
            strand: strand(reader, matter, name),
            state: life.state.to_string(),
            state_words: reader.word(&matter.procedure, &life.state),
            says: reader.state_says(&matter.procedure, &life.state),
            is: match state.map(|state| state.kind) {
                Some(StateKind::Waiting) => "waits",
                Some(StateKind::Rest) => "rests",
                Some(StateKind::End) | None => "over",
            },
            since: When::of(reader, life.since),
            is_flagged: life.flagged,
        }
    });
    let law = &matter.law.instrument;
    let place = place_of(matter).map(|at| At::of(reader, law, &desk.drawings.of(law), &at));
    let clocks = asks_in(reader.replay, reader.now, key);
    let lines = timeline(desk, reader, held, matter)?;
    let opened = |entry: &Entry| match entry.act().head().by.participant() {
        Some(filer) => said(desk, reader, (entry.act(), filer)),
        None => Default::default(),
    };
    let accounts = accounts((desk, held), reader, (key, matter), (&lines, &opened))?;
    let may_cut = !clocks.is_empty() && reader.may.see(Part::Drafts) && !cuttable(held).is_empty();
    let clocks = clocks.iter().filter(|ask| ask.rule.is_pressed());
    Ok(Story {
        matter: Named::of(reader, matter),
        id: matter.id.to_string(),
        kind: matter.kind.to_string(),
        opener: reader.who(&matter.opener),
        opened: When::of(reader, matter.opened),
        tier: matter.tier,
        is_taken_back: matter.disowned,
        version: matter.law.number,
        fields: fields(reader, matter),
        disclaimer: if place.is_some() { disclaimers(reader) } else { Vec::new() },
        place,
        lives: lives.collect(),
        clocks: clocks.take(CLOCKS_MAX).map(|ask| Asking::of(reader, ask)).collect(),
        accounts,
        timeline: lines,
        may: may(reader, key, matter)?,
        theirs: theirs(reader, key, matter),
        behalf: behalf(reader, key, matter),
        about: about_it(reader, matter),
        relief: relief::open(reader, matter),
        cut: may_cut.then(|| format!("/{}/cut", reader.agreement)),
        relief_waits: relief::waiting(reader, (key, matter), &|entry| {
            let entry = Entry::parse(&desk.entry(held, entry)?).map_err(node::Fault::from)?;
            Ok(entry.act().id())
        })?,
        beside: Beside::of(desk, reader, asked, &matter.id)?,
    })
}

/// Where a file is laid down: it goes with what may be said at any time and moves nothing, if there is such a step.
fn tray(reader: Reader<'_>, data: &Story) -> Result<Option<(String, Tray)>, Sorry> {
    let said = data.may.iter().find(|may| may.is_said && reader.may.see(Part::Drafts));
    let about = |step: &str| {
        [("kind", data.kind.as_str()), ("matter", &data.id), ("step", step)]
            .map(|(name, value)| (name, value.to_owned()))
            .to_vec()
    };
    said.map(|may| Ok((may.words.clone(), Tray::of(reader, about(&may.step))?))).transpose()
}

/// What the one who reads this may do now: what is asked, the soonest due first; what else the procedure has, in its
/// order; to reserve one's position, last.
fn may(reader: Reader<'_>, key: MatterKey, matter: &Matter) -> Result<Vec<May>, Sorry> {
    let mut all: Vec<May> = Vec::new();
    for one in steps_for(reader.replay, key, reader.me) {
        let life = strand(reader, matter, one.strand);
        if let Some(known) = all.iter_mut().find(|known| known.step == one.step.as_str()) {
            known.strands.push(life);
            continue;
        }
        let about = About::Step { kind: matter.kind.clone(), matter: matter.id, step: one.step.clone() };
        // What moves nothing and is asked of nobody is said in words, but for a reservation.
        let is_said =
            one.rule.leads == Leads::Stays && one.rule.clock.is_none() && one.step.as_str() != RESERVE;
        let is_bare = !is_said && Writing::of(reader.replay, &about).is_some_and(|writing| writing.is_bare());
        let to = |state: &Option<Code>| match state {
            Some(state) => reader.state_says(&matter.procedure, state),
            None => reader.texts.say("choice-stays", &[]).into(),
        };
        let leads = match &one.rule.leads {
            Leads::Stays => vec![Lead { choices: Vec::new(), says: to(&None) }],
            Leads::To(state) => vec![Lead { choices: Vec::new(), says: to(&Some(state.clone())) }],
            Leads::Choice(choices) => {
                let mut leads: Vec<Lead> = Vec::new();
                for (choice, state) in choices {
                    let (choice, says) = (reader.word(&matter.procedure, choice), to(state));
                    match leads.iter_mut().find(|lead| lead.says == says) {
                        Some(lead) => lead.choices.push(choice),
                        None => leads.push(Lead { choices: vec![choice], says }),
                    }
                }
                leads
            }
        };
        all.push(May {
            step: one.step.to_string(),
            words: reader.word(&matter.procedure, one.step),
            strands: vec![life],
            says: reader.step_says(&matter.procedure, one.step),
            takes: takes(reader, Some(&matter.procedure), &one.rule.by),
            leads,
            asking: asking_of(reader, key, one.step),
            href: format!("{}/{}", Named::of(reader, matter).href, one.step),
            at_once: if is_bare { Some(fresh_name().map_err(Sorry::Broken)?) } else { None },
            is_said: is_said && one.rule.fields.is_empty(),
        });
    }
    let due = |may: &May| may.asking.as_ref().map(|asking| asking.left.due.as_ref().map(|due| due.at));
    all.sort_by_key(|may| match due(may) {
        Some(due) => (0, due.unwrap_or(Instant::LAST)),
        None if may.step == RESERVE => (2, Instant::LAST),
        None => (1, Instant::LAST),
    });
    // Where a matter has one life, it needs no name.
    if matter.strands.len() < 2 {
        all.iter_mut().for_each(|may| may.strands.clear());
    }
    Ok(all)
}

/// Whose the steps are that others may take now and that move something, in the order of the procedure.
fn theirs(reader: Reader<'_>, key: MatterKey, matter: &Matter) -> Vec<(String, Vec<Who>)> {
    let others = reader.instrument().participants.keys().filter(|who| *who != reader.me);
    let mut of: BTreeMap<&Code, BTreeSet<&ParticipantId>> = BTreeMap::new();
    for who in others {
        let steps = steps_for(reader.replay, key, who).into_iter();
        for one in steps.filter(|one| one.rule.leads != Leads::Stays) {
            of.entry(one.step).or_default().insert(who);
        }
    }
    let steps = matter.procedure.steps.iter().filter_map(|(step, _)| of.get_key_value(step));
    let one = |(step, who): (&&Code, &BTreeSet<&ParticipantId>)| {
        (reader.word(&matter.procedure, step), reader.in_order(who.iter().copied()))
    };
    steps.map(one).collect()
}

/// What may be written down on others' behalf, by whom the agreement says (PRACTICE §1).
fn behalf(reader: Reader<'_>, key: MatterKey, matter: &Matter) -> Vec<(Who, Vec<(String, String)>)> {
    let rule = matter.law.instrument.transcription.as_ref().filter(|rule| rule.by == *reader.me);
    let href = Named::of(reader, matter).href;
    let of = |who: &ParticipantId| {
        let mut steps: Vec<(String, String)> = Vec::new();
        for may in steps_for(reader.replay, key, who).into_iter().filter(|may| !may.rule.own_hand) {
            let one = (reader.word(&matter.procedure, may.step), format!("{href}/{}?for={who}", may.step));
            if !steps.contains(&one) {
                steps.push(one);
            }
        }
        (reader.who(who), steps)
    };
    let all = rule.into_iter().flat_map(|rule| &rule.on_behalf_of).map(of);
    all.filter(|(_, steps)| !steps.is_empty()).collect()
}

/// What happened in it, newest first. What one act did to several lives alike is told once.
fn timeline(desk: &Desk, reader: Reader<'_>, held: &Held, matter: &Matter) -> Result<Vec<Line>, Sorry> {
    let mut lines: Vec<Line> = Vec::new();
    for event in held.happened().about(&matter.id) {
        let Some(says) = says(reader, matter, &event.what) else { continue };
        let says = sentence(&says);
        let again = lines.iter().rev().take_while(|line| line.time.at == event.at);
        if again.into_iter().any(|line| line.says == says) {
            continue;
        }
        let mut line = Line {
            time: When::of(reader, event.at),
            entry: event.entry,
            by: None,
            says,
            words: Vec::new(),
            sealed: Vec::new(),
            written_for: None,
            confirm: None,
            disown: None,
            correct: None,
        };
        if let Some(entry) = event.entry {
            let is_first = lines.iter().all(|other| other.entry != Some(entry));
            let entry = Entry::parse(&desk.entry(held, entry)?).map_err(node::Fault::from)?;
            let by = entry.act().head().by.participant();
            line.by = by.map(|who| reader.who(who));
            if is_first {
                later(reader, matter, &entry.act().id(), &mut line);
            }
            if let (Some(filer), true) = (by, is_first) {
                (line.words, line.sealed) = said(desk, reader, (entry.act(), filer));
            }
        }
        lines.push(line);
    }
    lines.reverse();
    Ok(lines)
}

/// What was said later of an entry that was written down on somebody's behalf, and what may be said of an entry now.
fn later(reader: Reader<'_>, matter: &Matter, act: &ActId, line: &mut Line) {
    let href = Named::of(reader, matter).href;
    let form =
        |relief: Relief| Some(format!("{href}/relief/{}?act={}", relief.as_str(), relief::in_address(act)));
    if let Some(transcript) = reader.replay.settlement().transcripts().get(act) {
        let who = reader.who(&transcript.on_behalf_of);
        let (is, says) = match transcript.stance {
            Stance::Nothing => ("open", "written-for"),
            Stance::Confirmed => ("confirmed", "written-for-confirmed"),
            Stance::Disowned => ("disowned", "written-for-disowned"),
        };
        if transcript.on_behalf_of == *reader.me {
            line.confirm = form(Relief::Confirm).filter(|_| transcript.stance == Stance::Nothing);
            line.disown = form(Relief::Disown).filter(|_| transcript.stance != Stance::Disowned);
        }
        let says = reader.texts.say(says, &[("who", Arg::Text(&who.label))]);
        line.written_for = Some(WrittenFor { who, is, says });
    }
    let correction = Correction::of(reader.replay, &matter.id, act);
    line.correct = form(Relief::Correct).filter(|_| correction.is_some_and(|it| it.is_open_to(reader.me)));
}

/// What was said with an act, of what its author has not taken back: in words as far as they are open to the one who reads
/// this, and which exhibits are sealed.
fn said(desk: &Desk, reader: Reader<'_>, (act, filer): (&Act, &ParticipantId)) -> (Vec<String>, Vec<String>) {
    let exhibits = reader.replay.settlement().exhibits();
    let (mut said, mut sealed) = (Vec::new(), Vec::new());
    for (number, file) in (1..).zip(files_of(act.body())) {
        let Some(exhibit) = exhibits.get(&Item::exhibit(act.id(), number)) else { continue };
        if exhibit.withdrawn || exhibit.disowned {
            continue;
        }
        match desk.opener.words(filer, file) {
            Some(words) => said.push(words),
            None => sealed.push(exhibit.reference.to_string()),
        }
    }
    (said, sealed)
}
