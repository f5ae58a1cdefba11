//! What does it say, who must do what: the agreement by paragraph and language, what each rests on, which procedure it has
//! and what is open under it; who takes part, who decides together, who is talked about; and the texts under negotiation.

mod chart;
mod clauses;
pub(crate) mod drafts;
pub(crate) mod procedure;

use askama::Template;
use instrument::model::{Authentic, Basis};
use instrument::place::LineFile;
use instrument::who::{Count, Rule};
use lang::Arg;
use lang::content::own_name;
use serde::Serialize;
use terms::ParticipantId;

pub(super) use self::clauses::base as language_of;
use self::clauses::{Clause, clauses, names_clauses};
use self::drafts::{Drafted, drafts};
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::index::OfKind;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::decides::deciders;
use crate::words::{Reader, Who};

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Agreement {
    name: String,
    says: Option<String>,
    standing: Option<String>,
    /// Which version runs, and the annex that it was read from.
    version: u32,
    annex: String,
    basis: Rests,
    /// The languages in which it binds; nothing, if that is not known.
    authentic: Option<Vec<String>>,
    /// All in which it is shown.
    languages: Vec<String>,
    clauses: Vec<Clause>,
    participants: Vec<Participant>,
    bodies: Vec<Body>,
    excluded: Vec<Excluded>,
    lines: Vec<Line>,
    areas: Vec<Area>,
    kinds: Vec<Kind>,
    drafts: Vec<Drafted>,
}

/// What a clause rests on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Rests {
    is: &'static str,
    #[serde(skip)]
    words: String,
}

impl Rests {
    pub(crate) fn of(reader: Reader<'_>, basis: Basis) -> Rests {
        let id = match basis {
            Basis::Text => "basis-text",
            Basis::Official => "basis-official",
            Basis::OneParty => "basis-one-party",
            Basis::Press => "basis-press",
            Basis::Reconstruction => "basis-reconstruction",
        };
        Rests { is: basis.as_str(), words: reader.texts.say(id, &[]) }
    }
}

/// Who takes part.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Participant {
    who: Who,
    title: String,
    own: String,
    text: Option<String>,
    rests: Rests,
}

/// Who decides together.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Body {
    id: String,
    #[serde(skip)]
    words: String,
    members: Vec<Who>,
    chair: Option<Who>,
    decides: String,
    quorum: Option<String>,
    #[serde(skip)]
    quorum_words: Option<String>,
    rests: Rests,
}

/// A group that takes no part.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Excluded {
    name: String,
    list: Option<String>,
    rests: Rests,
}

/// A line that places are reckoned from.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Line {
    id: String,
    source: String,
    edition: String,
    precision_m: u64,
    reach_m: u64,
    labels: Vec<(Who, String)>,
    annex: Option<String>,
    rests: Rests,
}

/// Who is responsible on which side.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Area {
    id: String,
    who: Who,
    rests: Rests,
}

/// A kind of matter.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Kind {
    kind: String,
    title: String,
    letters: String,
    open: usize,
    href: String,
    rests: Rests,
}

#[derive(Template)]
#[template(path = "agreement.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Agreement,
    answer: String,
    /// The languages that are shown beside one another, and the views of them.
    shown: Vec<String>,
    views: Vec<(String, String, bool)>,
    disclaimer: Option<String>,
    /// Where a text is put on the table, by the kinds that are about one.
    begin: Vec<(String, String)>,
}

impl Page<'_> {
    fn heading(&self, tag: &str) -> (String, &'static str) {
        (own_name(tag).to_owned(), lang::content::direction(tag).as_str())
    }

    /// How far a language binds.
    fn binds(&self, tag: &str) -> String {
        let id = match &self.data.authentic {
            None => "text-not-known",
            Some(all) if all.iter().any(|known| known == tag) => "text-authentic",
            Some(_) => "text-not-authentic",
        };
        self.shell.t(id)
    }

    fn version(&self) -> u64 {
        u64::from(self.data.version)
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let data = query(reader);
    let shown = shown(asked, &data, reader.texts.language().tag);
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("agreement-title", &[]));
        let root = format!("/{}", reader.agreement);
        let texts = reader.instrument().procedures.iter().filter(|(_, procedure)| drafts::is_text(procedure));
        let begin = texts.map(|(kind, procedure)| {
            (format!("{root}/{}/new", super::path::of_kind(kind)), reader.title(procedure))
        });
        Page {
            begin: begin.collect(),
            answer: answer(reader, &data),
            views: views(reader, &data, &shown),
            disclaimer: disclaimer(reader),
            shown,
            shell,
            data: &data,
        }
        .render()
    })
}

fn query(reader: Reader<'_>) -> Agreement {
    let instrument = reader.instrument();
    let law = reader.replay.settlement().law();
    let rests = |basis| Rests::of(reader, basis);
    let who = |id: &ParticipantId| reader.who(id);
    let all = reader.sorted(instrument.participants.keys()).into_iter();
    let participants =
        all.filter_map(|id| instrument.participants.get_key_value(id)).map(|(id, known)| Participant {
            who: who(id),
            title: reader.titled(known),
            own: known.names.own.clone(),
            text: known.names.text.clone(),
            rests: rests(known.basis),
        });
    let bodies = instrument.bodies.iter().map(|(id, body)| Body {
        id: id.to_string(),
        words: reader.body(id),
        members: reader.in_order(&body.members),
        chair: body.chair.as_ref().map(who),
        decides: decides(reader, &body.decides),
        quorum: body.quorum.as_ref().map(ToString::to_string),
        quorum_words: body.quorum.as_ref().map(|quorum| deciders(reader, None, quorum)),
        rests: rests(body.basis),
    });
    let excluded = instrument.excluded.values().map(|group| Excluded {
        name: group.names.text.clone(),
        list: group.names.list.clone(),
        rests: rests(group.basis),
    });
    let lines = instrument.lines.iter().map(|(id, line)| Line {
        id: id.to_string(),
        source: line.source.clone(),
        edition: line.edition.clone(),
        precision_m: line.precision_m,
        reach_m: line.reach_m,
        labels: line.labels.iter().map(|(id, label)| (who(id), label.clone())).collect(),
        annex: match &line.file {
            LineFile::Annex(hash) => Some(hash.to_hex()),
            _ => None,
        },
        rests: rests(line.basis),
    });
    let areas = instrument.areas.iter().map(|(id, area)| Area {
        id: id.to_string(),
        who: who(&area.participant),
        rests: rests(area.basis),
    });
    let matters = reader.replay.settlement().matters();
    let of_clauses =
        reader.index.kinds().filter(|(_, all)| all.procedures().iter().any(|it| names_clauses(it)));
    let mut keys: Vec<_> = of_clauses.flat_map(|(_, all)| all.open_keys()).collect();
    keys.sort_unstable();
    let open: Vec<_> = keys.into_iter().filter_map(|key| matters.get(key)).collect();
    let kinds = instrument.procedures.iter().map(|(kind, procedure)| Kind {
        kind: kind.to_string(),
        title: reader.title(procedure),
        letters: procedure.reference.clone(),
        open: reader.index.kind(kind).map_or(0, OfKind::open),
        href: format!("/{}/agreement/{kind}", reader.agreement),
        rests: rests(procedure.basis),
    });
    Agreement {
        name: instrument.name.clone(),
        says: instrument.says.clone(),
        standing: instrument.standing.clone(),
        version: law.number,
        annex: law.annex.to_hex(),
        basis: rests(instrument.basis),
        authentic: match &instrument.authentic {
            Authentic::Known(all) => Some(all.clone()),
            Authentic::NotKnown => None,
        },
        languages: instrument.languages.clone(),
        clauses: clauses(reader, &open),
        participants: participants.collect(),
        bodies: bodies.collect(),
        excluded: excluded.collect(),
        lines: lines.collect(),
        areas: areas.collect(),
        kinds: kinds.collect(),
        drafts: drafts(reader),
    }
}

/// What it takes a body to decide.
fn decides(reader: Reader<'_>, rule: &Rule) -> String {
    match rule {
        Rule::Members(Count::All) => reader.texts.say("decides-all", &[]),
        Rule::Members(Count::Most) => reader.texts.say("decides-most", &[]),
        Rule::Members(Count::Number(number)) => {
            reader.texts.say("decides-number", &[("n", u64::from(*number).into())])
        }
        Rule::Members(Count::Chair) => reader.texts.say("col-chair", &[]),
        Rule::Members(Count::Any | Count::Rule | Count::Quorum) => reader.texts.say("decides-any", &[]),
        Rule::Items(items) => deciders(reader, None, items),
    }
}

fn disclaimer(reader: Reader<'_>) -> Option<String> {
    let said = &reader.instrument().place.disclaimer;
    let tag = reader.texts.language().tag;
    said.get(tag).or_else(|| said.values().next()).cloned()
}

fn answer(reader: Reader<'_>, data: &Agreement) -> String {
    let (clauses, version) = (data.clauses.len() as u64, u64::from(data.version));
    let args = [("n", clauses.into()), ("version", version.into()), ("basis", Arg::Text(&data.basis.words))];
    reader.texts.say("agreement-says", &args)
}

/// The languages beside one another: those that are asked for; else what the clauses are written in, and the reader's.
fn shown(asked: &Asked, data: &Agreement, own: &str) -> Vec<String> {
    let all = || data.languages.clone();
    match asked.query("texts") {
        Some("all") => return all(),
        Some(tag) if data.languages.iter().any(|known| known == tag) => {
            let base = data.clauses.first().map_or_else(|| tag.to_owned(), |clause| clause.base.clone());
            return if base == tag { vec![base] } else { vec![base, tag.to_owned()] };
        }
        _ => {}
    }
    let base = data.clauses.first().map(|clause| clause.base.clone());
    let own = data.languages.iter().find(|tag| *tag == own && Some(*tag) != base.as_ref()).cloned();
    // Where the reader's language is that of the clauses, the first other stands beside it.
    let other = data.languages.iter().find(|tag| Some(*tag) != base.as_ref()).cloned();
    let shown: Vec<String> = base.into_iter().chain(own.or(other)).collect();
    if shown.is_empty() { all() } else { shown }
}

/// Which languages can be shown: each beside that of the clauses, and all.
fn views(reader: Reader<'_>, data: &Agreement, shown: &[String]) -> Vec<(String, String, bool)> {
    let base = data.clauses.first().map(|clause| clause.base.as_str()).unwrap_or_default();
    let others = data.languages.iter().filter(|tag| *tag != base);
    let mut views: Vec<(String, String, bool)> = others
        .map(|tag| {
            let is_shown = shown.len() == 2 && shown.contains(tag);
            (format!("?texts={tag}"), own_name(tag).to_owned(), is_shown)
        })
        .collect();
    if views.len() > 1 {
        let is_all = shown.len() == data.languages.len();
        views.push(("?texts=all".to_owned(), reader.texts.say("texts-all", &[]), is_all));
    }
    views
}
