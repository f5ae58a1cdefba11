//! What was written here and is not signed; what can be begun.

use askama::Template;
use lang::Arg;
use node::form::may_open;
use serde::Serialize;
use store::{About, State};

use super::path;
use super::saved::Saved;
use super::sheet::table;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::signing::settled;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form, Sent};
use crate::web::session::mark;
use crate::words::matter::Named;
use crate::words::when::When;
use crate::words::{Reader, Speech};
use crate::writing::{FILES, TEXT};

/// How much of a draft is shown to know it by, in characters.
const FIRST_WORDS: usize = 80;

/// The page's answer: the drafts, the one touched last first.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Unsigned {
    /// `ours` for those that were touched last in this session, `all`.
    view: &'static str,
    ours: u64,
    all: u64,
    drafts: Vec<Waiting>,
}

/// A draft.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Waiting {
    href: String,
    #[serde(skip)]
    what: String,
    step: Option<String>,
    kind: String,
    matter: Option<Named>,
    /// How it begins, to know it by.
    first: String,
    begun: When,
    touched: When,
    /// Whether it was touched last in this session.
    is_ours: bool,
    agreed: Vec<String>,
}

#[derive(Template)]
#[template(path = "unsigned.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Unsigned,
    saved: Saved,
    path: String,
    answer: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let mut drafts = Vec::new();
    for draft in desk.private.drafts()? {
        drafts.push(settled(desk, draft)?);
    }
    drafts.retain(|draft| draft.state == State::Open);
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let session = asked.session.as_deref().map(mark).unwrap_or_default();
    let is_ours = |draft: &&store::Draft| draft.session == session;
    let view = if asked.query("view") == Some("ours") { "ours" } else { "all" };
    let data = Unsigned {
        view,
        ours: drafts.iter().filter(is_ours).count() as u64,
        all: drafts.len() as u64,
        drafts: drafts
            .iter()
            .filter(|draft| view == "all" || is_ours(draft))
            .map(|draft| Waiting {
                href: format!("/{}/unsigned/{}", reader.agreement, draft.id),
                what: what(reader, &draft.about),
                step: match &draft.about {
                    About::Opening(_) => None,
                    About::Step { step, .. } => Some(step.to_string()),
                    About::Deed { deed: said, .. } | About::Relief { relief: said, .. } => {
                        Some(said.to_string())
                    }
                },
                kind: draft.about.kind().to_string(),
                matter: match &draft.about {
                    About::Opening(_) | About::Deed { .. } => None,
                    About::Step { matter, .. } | About::Relief { matter, .. } => {
                        let found = reader.replay.settlement().matter(matter);
                        found.map(|(_, matter)| Named::of(reader, matter))
                    }
                },
                first: first(&draft.typed),
                begun: When::of(reader, draft.begun),
                touched: When::of(reader, draft.touched),
                is_ours: is_ours(&draft),
                agreed: draft.agreed.iter().map(|agreed| agreed.by.to_string()).collect(),
            })
            .collect(),
    };
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("unsigned".to_owned(), sheet(reader, &data.drafts)?));
    }
    either(asked, &data, || {
        let answer = reader.texts.say("unsigned-count", &[("n", Arg::Number(data.all))]);
        let shell = Shell::of(reader, asked, reader.texts.say("unsigned-title", &[]));
        let (saved, path) = (Saved::of(desk, asked), format!("/{}/unsigned", reader.agreement));
        Page { shell, data: &data, saved, path, answer }.render()
    })
}

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 8] = [
    ("col-what", "what"),
    ("col-kind", "kind"),
    ("col-step", "step"),
    ("col-matter", "matter"),
    ("col-first", "first"),
    ("col-begun", "begun"),
    ("col-touched", "touched"),
    ("unsigned-agreed-by", "agreed"),
];

fn sheet(reader: Reader<'_>, drafts: &[Waiting]) -> Result<String, Sorry> {
    let cells = |draft: &Waiting| {
        [
            draft.what.clone(),
            draft.kind.clone(),
            draft.step.clone().unwrap_or_default(),
            draft.matter.as_ref().map(|matter| matter.reference.clone()).unwrap_or_default(),
            draft.first.clone(),
            draft.begun.at.to_string(),
            draft.touched.at.to_string(),
            draft.agreed.join("; "),
        ]
    };
    table(reader.texts, COLUMNS, drafts.iter().map(cells))
}

/// The first words of a draft; without words, what stands in its fields.
fn first(typed: &Sent) -> String {
    let words =
        typed.get(TEXT).and_then(|all| all.first()).map(|text| text.trim()).filter(|text| !text.is_empty());
    let fields = || {
        let own = typed.iter().filter(|(name, _)| *name != TEXT && *name != FILES);
        own.flat_map(|(_, all)| all).filter(|one| !one.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    };
    let text = words.map_or_else(fields, str::to_owned);
    let mut short: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(FIRST_WORDS).collect();
    if short.len() < text.len() && short.chars().count() == FIRST_WORDS {
        short.push('…');
    }
    short
}

pub(super) fn what(reader: Reader<'_>, about: &About) -> String {
    match about {
        About::Opening(kind) => reader.texts.say("form-new", &[("title", Arg::Text(&reader.kind(kind)))]),
        About::Step { matter, step, .. } => reader.word_in(matter, step),
        About::Deed { deed, .. } => super::sign::deed::title(reader, deed),
        About::Relief { relief, .. } => super::relief::title(reader, relief),
    }
}

/// The page's answer: what can be begun by the one who reads this.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Begin {
    kinds: Vec<Kind>,
}

/// A kind of matter.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Kind {
    kind: String,
    title: String,
    reference: String,
    says: Option<Speech>,
    /// How it begins.
    begins: Speech,
    href: String,
}

#[derive(Template)]
#[template(path = "new.html")]
struct NewPage<'a> {
    shell: Shell,
    data: &'a Begin,
}

pub(crate) fn begin(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let instrument = reader.instrument();
    let all = instrument.procedures.iter();
    let own = all.filter(|(_, procedure)| may_open(instrument, reader.me, &procedure.open.by));
    let kinds = own.map(|(kind, procedure)| Kind {
        kind: kind.to_string(),
        title: reader.title(procedure),
        reference: procedure.reference.clone(),
        says: reader.says(procedure),
        begins: reader.state_says(procedure, &procedure.open.to),
        href: format!("/{}/{}/new", reader.agreement, path::of_kind(kind)),
    });
    let data = Begin { kinds: kinds.collect() };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("new-title", &[]));
        NewPage { shell, data: &data }.render()
    })
}
