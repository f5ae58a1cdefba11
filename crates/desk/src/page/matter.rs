//! The whole story of a matter, each side's words, and what may be done now.

use act::Entry;
use act::body::Tier;
use askama::Template;
use docket::v1::{Matter, MatterKey};
use docket::view::{asks_in, matter_of, steps_for};
use instrument::procedure::StateKind;
use lang::Arg;
use serde::Serialize;
use terms::Reference;

use super::shell::{Shell, reader};
use super::{find, path};
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::clock::Asking;
use crate::words::event::says;
use crate::words::matter::{Held as Field, Named, held as fields, strand};
use crate::words::when::When;
use crate::words::{Reader, Who, sentence, word};

/// How many clocks stand on top.
const CLOCKS_MAX: usize = 4;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Story {
    matter: Named,
    kind: String,
    opener: Who,
    opened: When,
    tier: Tier,
    is_taken_back: bool,
    version: u32,
    fields: Vec<Field>,
    lives: Vec<Life>,
    clocks: Vec<Asking>,
    /// Newest first.
    timeline: Vec<Line>,
    /// What the one who reads this may do now.
    may: Vec<May>,
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
    says: String,
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
}

/// A step that one may take.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct May {
    step: String,
    #[serde(skip)]
    words: String,
    strand: String,
    says: Option<String>,
    #[serde(skip)]
    command: String,
}

#[derive(Template)]
#[template(path = "matter.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Story,
    me: Who,
    opened_by: String,
    version: u64,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let text = asked.part("reference");
    let none = || Sorry::NoReference(text.to_owned());
    let reference = Reference::parse(text).ok_or_else(none)?;
    let (key, matter) = find(reader.replay, &reference).ok_or_else(none)?;
    // Under another kind's path it would have two addresses.
    if path::of_kind(&matter.kind) != asked.part("kind") {
        return Err(Sorry::NotFound);
    }
    let data = query(desk, reader, &held, key, matter)?;
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, format!("{} · {}", data.matter.reference, data.matter.title));
        let date = data.opened.words();
        let args = [("who", Arg::Text(&data.opener.label)), ("date", Arg::Text(&date))];
        let opened_by = reader.texts.say("opened-by", &args);
        Page { shell, me: reader.who(reader.me), opened_by, version: data.version.into(), data: &data }
            .render()
    })
}

fn query(
    desk: &Desk,
    reader: Reader<'_>,
    held: &Held,
    key: MatterKey,
    matter: &Matter,
) -> Result<Story, Sorry> {
    let lives = matter.strands.iter().map(|(name, life)| {
        let state = matter.procedure.state(&life.state);
        Life {
            strand: strand(reader, matter, name),
            state: life.state.to_string(),
            state_words: word(&life.state),
            says: state.map(|state| state.says.clone()).unwrap_or_default(),
            is: match state.map(|state| state.kind) {
                Some(StateKind::Waiting) => "waits",
                Some(StateKind::Rest) => "rests",
                Some(StateKind::End) | None => "over",
            },
            since: When::of(reader, life.since),
            is_flagged: life.flagged,
        }
    });
    let clocks = asks_in(reader.replay, reader.now, key);
    let clocks = clocks.iter().filter(|ask| ask.rule.is_pressed());
    let may = steps_for(reader.replay, key, reader.me).into_iter().map(|may| {
        let of = if matter.procedure.strands.is_empty() {
            String::new()
        } else {
            format!(" --strand {}", may.strand)
        };
        May {
            step: may.step.to_string(),
            words: word(may.step),
            strand: strand(reader, matter, may.strand),
            says: may.rule.says.clone(),
            command: format!("mithaq step {} {}{of}", matter.reference, may.step),
        }
    });
    Ok(Story {
        matter: Named::of(reader, matter),
        kind: matter.kind.to_string(),
        opener: reader.who(&matter.opener),
        opened: When::of(reader, matter.opened),
        tier: matter.tier,
        is_taken_back: matter.disowned,
        version: matter.law.number,
        fields: fields(reader, matter),
        lives: lives.collect(),
        clocks: clocks.take(CLOCKS_MAX).map(|ask| Asking::of(reader, ask)).collect(),
        timeline: timeline(desk, reader, held, matter)?,
        may: may.collect(),
    })
}

/// What happened in it, newest first. What one act did to several lives alike is told once.
fn timeline(desk: &Desk, reader: Reader<'_>, held: &Held, matter: &Matter) -> Result<Vec<Line>, Sorry> {
    let mut lines: Vec<Line> = Vec::new();
    for event in held.events().filter(|event| matter_of(&event.what) == Some(&matter.id)) {
        let Some(says) = says(reader, matter, &event.what) else { continue };
        let says = sentence(&says);
        let again = lines.iter().rev().take_while(|line| line.time.at == event.at);
        if again.into_iter().any(|line| line.says == says) {
            continue;
        }
        let by = match event.entry {
            None => None,
            Some(entry) => {
                let entry = Entry::parse(&desk.entry(held, entry)?).map_err(node::Fault::from)?;
                entry.act().head().by.participant().map(|who| reader.who(who))
            }
        };
        lines.push(Line { time: When::of(reader, event.at), entry: event.entry, by, says });
    }
    lines.reverse();
    Ok(lines)
}
