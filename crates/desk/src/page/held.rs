//! What was typed while the desk was locked: it waits until somebody sends it again, in their own name, or drops it.

use askama::Template;
use serde::Serialize;
use store::{Held, Name, Part};

use super::access;
use super::new_name;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::people::must;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::when::When;

/// What a form has for itself, and is of no later session.
const PASSING: [&str; 2] = ["token", "held"];

/// The field that says which form is sent again.
const HELD: &str = "held";

/// For whom a form is: of notes, their circle says it.
fn part_of(asked: &Asked, part: Part) -> Part {
    match (part, asked.sent("circle")) {
        (Part::Notes, Some("good-offices")) => Part::GoodOffices,
        _ => part,
    }
}

/// Holds what was sent.
pub(crate) fn hold(desk: &Desk, asked: &Asked, part: Part) -> Result<(), Sorry> {
    let sent = asked.sent.iter().filter(|(name, _)| !PASSING.contains(&name.as_str()));
    let sent = sent.map(|(name, values)| (name.clone(), values.clone())).collect();
    let (id, path) = (new_name()?, asked.path.clone());
    Ok(desk.private.hold(&Held { id, part: part_of(asked, part), path, sent, at: desk.now() })?)
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
    #[serde(skip)]
    words: &'static str,
    at: When,
    /// What was typed into it.
    typed: Vec<String>,
    fields: Vec<(String, String)>,
}

impl Form {
    fn of(held: Held, at: When) -> Form {
        let fields: Vec<(String, String)> = held
            .sent
            .into_iter()
            .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)))
            .collect();
        // The names of what is kept and where a form leads were typed by nobody.
        let by_hand = |name: &str| !["id", "back", "go", "circle"].contains(&name);
        let typed = fields.iter().filter(|(name, value)| by_hand(name) && !value.trim().is_empty());
        Form {
            id: held.id.to_string(),
            path: held.path,
            part: held.part.as_str(),
            words: access::words(held.part),
            at,
            typed: typed.map(|(_, value)| value.clone()).collect(),
            fields,
        }
    }
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
                let at = When::of(reader, held.at);
                Form::of(held, at)
            })
            .collect(),
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
