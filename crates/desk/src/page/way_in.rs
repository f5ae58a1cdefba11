//! Opening a desk by its link, and leaving it.

use std::time::SystemTime;

use askama::Template;
use lang::Arg;
use terms::Code;

use super::shell::Shell;
use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::words::Who;

#[derive(Template)]
#[template(path = "way-in.html")]
struct Page {
    shell: Shell,
    who: String,
    action: String,
}

/// Asks first: what only looks at a link, as a mail program does, must not use it up.
pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    if !desk.links.opens(asked.part("token"), SystemTime::now()) {
        return Err(Sorry::LinkIsOver);
    }
    let held = desk.held();
    let who = Who::of(held.replay().instrument(), asked.texts(), held.me()).label;
    let title = asked.texts().say("in-title", &[("who", Arg::Text(&who))]);
    let shell = Shell::outside(desk, &held, asked, title);
    Ok(Answer::Page(Page { shell, who, action: asked.path.clone() }.render()?))
}

/// Opens it.
pub(crate) fn open(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let token = asked.part("token");
    if !desk.links.opens(token, SystemTime::now()) || !desk.links.take(token) {
        return Err(Sorry::LinkIsOver);
    }
    sign_in(desk, asked, None)
}

/// Opens a session for a person, or for who had a link. Where a cookie named one, that is over.
pub(crate) fn sign_in(desk: &Desk, asked: &Asked, person: Option<Code>) -> Result<Answer, Sorry> {
    if let Some(before) = asked.session.as_ref().or(asked.locked.as_ref()) {
        desk.sessions.close(before, desk.now());
    }
    let session = desk.sessions.open(person, desk.now()).map_err(Sorry::Broken)?;
    let root = format!("/{}/", desk.agreement());
    // Back to where it was locked: a page of this desk, and nowhere else.
    let to =
        asked.sent("to").filter(|to| to.starts_with(&root) && to.bytes().all(|byte| byte.is_ascii_graphic()));
    Ok(Answer::SignIn(to.map_or(root.clone(), str::to_owned), session))
}

/// Leaves it, also where it is locked.
pub(crate) fn close(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    if let Some(session) = asked.session.as_ref().or(asked.locked.as_ref()) {
        desk.sessions.close(session, desk.now());
        desk.people.forget(session);
    }
    Ok(Answer::SignOut("/".to_owned()))
}

/// Leaves it wherever this person has signed in.
pub(crate) fn close_all(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    if let Some(session) = asked.session.as_ref().or(asked.locked.as_ref()) {
        desk.sessions.close_all(session, desk.now());
    }
    Ok(Answer::SignOut("/".to_owned()))
}
