//! One kind of matter: its states, who may do what in each, by when, and what silence does; drawn, and as a table.

use askama::Template;
use instrument::chart::{Chart, English, Move, Station, Tongue};
use instrument::procedure::StateKind;
use serde::Serialize;
use terms::Code;

use super::Rests;
use super::chart::Words;
use crate::desk::Desk;
use crate::page::path;
use crate::page::shell::{Shell, reader};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::Speech;
use crate::words::decides::deciders;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Procedure {
    kind: String,
    title: String,
    says: Option<Speech>,
    letters: String,
    /// Where its matters are.
    href: String,
    rests: Rests,
    opened_by: String,
    #[serde(skip)]
    opened_by_words: String,
    begins: String,
    #[serde(skip)]
    begins_words: String,
    states: Vec<State>,
    /// What may be done in every state but ends.
    anywhere: Vec<Step>,
}

/// A state.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct State {
    name: String,
    #[serde(skip)]
    words: String,
    /// `waits`, `rests` or `over`.
    is: &'static str,
    #[serde(skip)]
    is_words: String,
    says: Speech,
    steps: Vec<Step>,
}

/// What may be done in it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Step {
    step: String,
    #[serde(skip)]
    words: String,
    /// By whom, and by when.
    who: String,
    #[serde(skip)]
    who_words: String,
    leads: Vec<Lead>,
}

/// Where it leads.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Lead {
    by: String,
    is_silence: bool,
    /// None: it stays.
    to: Option<String>,
    /// By what it leads where, or that it stays.
    #[serde(skip)]
    words: String,
}

#[derive(Template)]
#[template(path = "procedure.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Procedure,
    /// The picture, whose texts are escaped where it is drawn.
    chart: String,
    root: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let text = asked.part("kind");
    let known = Code::new(text).and_then(|kind| reader.instrument().procedures.get_key_value(&kind));
    let (kind, procedure) = known.ok_or(Sorry::NoKind)?;
    let chart = Chart::of(procedure);
    let words = Words { reader, procedure };
    let data = Procedure {
        kind: kind.to_string(),
        title: reader.title(procedure),
        says: reader.says(procedure),
        letters: procedure.reference.clone(),
        href: format!("/{}/{}", reader.agreement, path::of_kind(kind)),
        rests: Rests::of(reader, procedure.basis),
        opened_by: chart.opened_by.to_string(),
        opened_by_words: deciders(reader, Some(procedure), &chart.opened_by),
        begins: chart.begins.to_string(),
        begins_words: reader.word(procedure, &chart.begins),
        states: chart.stations.iter().map(|station| state(&words, station)).collect(),
        anywhere: chart.anywhere.iter().map(|it| step(&words, it)).collect(),
    };
    either(asked, &data, || {
        let title = reader.texts.say("procedure-title", &[("title", (&data.title).into())]);
        let shell = Shell::of(reader, asked, title);
        let root = format!("/{}/agreement", reader.agreement);
        Page { shell, chart: chart.svg_unstyled(&words), root, data: &data }.render()
    })
}

fn state(words: &Words<'_>, station: &Station) -> State {
    State {
        name: station.name.to_string(),
        words: words.word(&station.name),
        is: match station.kind {
            StateKind::Waiting => "waits",
            StateKind::Rest => "rests",
            StateKind::End => "over",
        },
        is_words: words.stands(station),
        says: words.reader.state_says(words.procedure, &station.name),
        steps: station.moves.iter().map(|it| step(words, it)).collect(),
    }
}

fn step(words: &Words<'_>, it: &Move) -> Step {
    let leads = it.exits.iter().map(|exit| {
        let by = words.how(&exit.how);
        Lead {
            by: English.how(&exit.how),
            is_silence: exit.how.is_silence(),
            to: exit.to.as_ref().map(ToString::to_string),
            words: match &exit.to {
                Some(to) => words.leads(&by, to),
                None => format!("{by}: {}", words.stays()),
            },
        }
    });
    Step {
        step: it.step.to_string(),
        words: words.word(&it.step),
        who: it.who(),
        who_words: words.who(it),
        leads: leads.collect(),
    }
}
