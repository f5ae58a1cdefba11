//! One kind of matter: its states, who may do what in each, by when, and what silence does; drawn, and as a table.

use askama::Template;
use instrument::chart::{Chart, Move, Station};
use instrument::procedure::StateKind;
use serde::Serialize;
use terms::Code;

use super::Rests;
use crate::desk::Desk;
use crate::page::path;
use crate::page::shell::{Shell, reader};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::{Reader, word};

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Procedure {
    kind: String,
    title: String,
    says: Option<String>,
    letters: String,
    /// Where its matters are.
    href: String,
    rests: Rests,
    opened_by: String,
    begins: String,
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
    says: String,
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
    let data = Procedure {
        kind: kind.to_string(),
        title: procedure.title.clone(),
        says: procedure.says.clone(),
        letters: procedure.reference.clone(),
        href: format!("/{}/{}", reader.agreement, path::of_kind(kind)),
        rests: Rests::of(reader, procedure.basis),
        opened_by: chart.opened_by.clone(),
        begins: chart.begins.to_string(),
        states: chart.stations.iter().map(|station| state(reader, station)).collect(),
        anywhere: chart.anywhere.iter().map(step).collect(),
    };
    either(asked, &data, || {
        let title = reader.texts.say("procedure-title", &[("title", (&data.title).into())]);
        let shell = Shell::of(reader, asked, title);
        let root = format!("/{}/agreement", reader.agreement);
        Page { shell, chart: chart.svg_unstyled(), root, data: &data }.render()
    })
}

fn state(reader: Reader<'_>, station: &Station) -> State {
    let (is, id) = match station.kind {
        StateKind::Waiting => ("waits", "state-waits"),
        StateKind::Rest if station.has_clock => ("rests", "state-rests-clock"),
        StateKind::Rest => ("rests", "state-rests"),
        StateKind::End => ("over", "state-over"),
    };
    State {
        name: station.name.to_string(),
        words: word(&station.name),
        is,
        is_words: reader.texts.say(id, &[]),
        says: station.says.clone(),
        steps: station.moves.iter().map(step).collect(),
    }
}

fn step(it: &Move) -> Step {
    let leads = it.exits.iter().map(|exit| Lead {
        by: exit.how.words(),
        is_silence: exit.how.is_silence(),
        to: exit.to.as_ref().map(word),
    });
    Step { step: it.step.to_string(), words: word(&it.step), who: it.who.clone(), leads: leads.collect() }
}
