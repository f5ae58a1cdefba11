//! Opening a desk by its link, and leaving it.

use askama::Template;
use lang::Arg;

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
    if !desk.sessions.waits(asked.part("token"), desk.now()) {
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
    let session = desk.sessions.open(asked.part("token"), desk.now()).map_err(Sorry::Broken)?;
    let session = session.ok_or(Sorry::LinkIsOver)?;
    Ok(Answer::SignIn(format!("/{}/", desk.agreement()), session))
}

/// Leaves it.
pub(crate) fn close(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    if let Some(session) = &asked.session {
        desk.sessions.close(session, desk.now());
        desk.people.forget(session);
    }
    Ok(Answer::SignOut("/".to_owned()))
}
