//! What was typed while the desk was locked: it waits until somebody sends it again, in their own name, or drops it.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lang::Arg;
use serde::Serialize;
use store::{DraftId, Held, Name, Part};
use terms::Hash;

use super::form::{about, heading};
use super::new_name;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::people::must;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::Reader;
use crate::words::when::When;
use crate::writing::Writing;

/// What a form has for itself, and is of no later session.
const PASSING: [&str; 2] = ["token", "held"];

/// The field that says which form is sent again.
pub(super) const HELD: &str = "held";

/// What buttons of forms say that add or write something. Any other does something to what is there: that is for who is
/// known to want it, and is not held.
const WRITES: [&str; 2] = ["correct", "keep"];

/// How much of a line is shown to know it by, in characters.
const FIRST_WORDS: usize = 90;

/// For whom a form is: of notes, their circle says it.
fn part_of(asked: &Asked, part: Part) -> Part {
    match (part, asked.sent("circle")) {
        (Part::Notes, Some("good-offices")) => Part::GoodOffices,
        _ => part,
    }
}

/// Holds what was sent, if it adds or writes something. Of a draft that is kept again and again in one session the last.
///
/// # Errors
///
/// [`Sorry::NotHeld`], or the disk failed.
pub(crate) fn hold(desk: &Desk, asked: &Asked, part: Part) -> Result<(), Sorry> {
    if part != Part::Drafts && asked.sent("go").is_some_and(|go| !WRITES.contains(&go)) {
        return Err(Sorry::NotHeld);
    }
    let sent = asked.sent.iter().filter(|(name, _)| !PASSING.contains(&name.as_str()));
    let sent = sent.map(|(name, values)| (name.clone(), values.clone())).collect();
    let (path, session) = (asked.path.clone(), asked.locked.as_deref());
    let id = match (part, session) {
        (Part::Drafts, Some(session)) => of_session(session, &path).map_or_else(new_name, Ok)?,
        _ => new_name()?,
    };
    let is_known = desk.private.held()?.iter().any(|held| held.id == id);
    if !is_known && !session.is_some_and(|session| desk.sessions.holds(session, desk.now())) {
        return Err(Sorry::Full);
    }
    Ok(desk.private.hold(&Held { id, part: part_of(asked, part), path, sent, at: desk.now() })?)
}

/// The one name of what a session keeps of a path.
fn of_session(session: &str, path: &str) -> Option<Name> {
    let hash = Hash::of_parts(&[session.as_bytes(), b"\n", path.as_bytes()]);
    Name::new(&URL_SAFE_NO_PAD.encode(&hash.as_bytes()[..16]))
}

/// What was held and is sent again waits no more, if that brought anything about.
pub(crate) fn sent_again(desk: &Desk, asked: &Asked, part: Part, answer: Answer) -> Result<Answer, Sorry> {
    let is_done = matches!(&answer, Answer::See(to) if !to.contains("note="));
    if let Some(id) = asked.sent(HELD).and_then(Name::new).filter(|_| is_done) {
        desk.private.drop_held(&id, part_of(asked, part))?;
    }
    Ok(answer)
}

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Waiting {
    forms: Vec<Form>,
}

/// A form that waits.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Form {
    id: String,
    path: String,
    part: &'static str,
    /// What it does, and to what.
    does: String,
    at: When,
    /// What was typed into it.
    typed: Vec<String>,
    fields: Vec<(String, String)>,
}

impl Form {
    fn of(held: Held, does: String, at: When) -> Form {
        let fields: Vec<(String, String)> = held
            .sent
            .into_iter()
            .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)))
            .collect();
        // The names of what is kept and where a form leads were typed by nobody.
        let is_draft = held.part == Part::Drafts;
        let by_hand = |name: &str| {
            let is_of_form = ["id", "back", "go", "circle", "matter", "step", "ticks"].contains(&name);
            !(is_of_form || is_draft && name == "kind")
        };
        let typed = fields.iter().filter(|(name, value)| by_hand(name) && !value.trim().is_empty());
        Form {
            id: held.id.to_string(),
            path: held.path,
            part: held.part.as_str(),
            does,
            at,
            typed: typed.map(|(_, value)| value.clone()).collect(),
            fields,
        }
    }
}

/// What a form does if it is sent, by where it goes; and to what, which is for those who see the form.
fn does(desk: &Desk, reader: Reader<'_>, held: &Held) -> Result<String, Sorry> {
    let root = format!("/{}/", reader.agreement);
    let parts: Vec<&str> = held.path.strip_prefix(&root).unwrap_or_default().split('/').collect();
    let target = parts.get(1).and_then(|id| Name::new(id));
    let first = |name: &str| held.sent.get(name).and_then(|all| all.first()).cloned().unwrap_or_default();
    let (id, title) = match (parts.as_slice(), target) {
        (["watch"], _) => ("held-line", String::new()),
        (["watch", "hand-over"], _) => ("handover-title", String::new()),
        (["watch", _], Some(line)) => {
            let says = desk.private.line(&line)?.map(|line| line.says).unwrap_or_default();
            ("held-correct", says.chars().take(FIRST_WORDS).collect())
        }
        (["worklist"], _) => ("held-task", String::new()),
        (["directory"], _) => ("post-new", String::new()),
        (["directory", "import"], _) => ("held-import", String::new()),
        (["directory", _], Some(post)) => {
            ("held-post", desk.private.post(&post)?.map(|post| post.office).unwrap_or_default())
        }
        (["memo"], _) => ("held-note", first("reference")),
        (["unsigned", draft], _) => ("held-draft", draft_title(desk, reader, draft, held)?),
        _ => ("held", String::new()),
    };
    let says = reader.texts.say(id, &[("title", Arg::Text(&title))]);
    Ok(says.trim_end_matches([':', ' ', '\u{2068}', '\u{2069}']).to_owned())
}

/// What a draft is about: as it is kept here, or else as the form says.
fn draft_title(desk: &Desk, reader: Reader<'_>, draft: &str, held: &Held) -> Result<String, Sorry> {
    let kept = DraftId::new(draft).map(|id| desk.private.draft(&id)).transpose()?.flatten();
    let Some(about) = kept.map(|kept| kept.about).or_else(|| about(&held.sent)) else {
        return Ok(String::new());
    };
    let Some(writing) = Writing::of(reader.replay, &about) else { return Ok(about.kind().to_string()) };
    let title = heading(reader, &writing);
    Ok(match &writing.of {
        Some(of) => format!("{title} · {}", of.matter.reference),
        None => title,
    })
}

#[derive(Template)]
#[template(path = "held.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Waiting,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let docket = desk.held();
    let reader = reader(desk, &docket, asked);
    let all = desk.private.held()?.into_iter().filter(|held| reader.may.see(held.part));
    let data = Waiting {
        forms: all
            .map(|held| {
                let (does, at) = (does(desk, reader, &held)?, When::of(reader, held.at));
                Ok(Form::of(held, does, at))
            })
            .collect::<Result<_, Sorry>>()?,
    };
    either(asked, &data, || {
        Page { shell: Shell::of(reader, asked, reader.texts.say("held", &[])), data: &data }.render()
    })
}

/// Drops one.
pub(crate) fn drop_one(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let id = asked.sent("id").and_then(Name::new).ok_or(Sorry::NotFound)?;
    let part = asked.sent("part").and_then(Part::of).ok_or(Sorry::NotFound)?;
    must(desk, asked, part)?;
    desk.private.drop_held(&id, part)?;
    Ok(Answer::See(format!("/{}/held", desk.agreement())))
}
