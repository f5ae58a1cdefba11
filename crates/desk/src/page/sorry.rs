//! What a page says that can't be shown: what, why, what is kept, what to do.

use askama::Template;
use lang::Arg;

use super::directory::{Number, own_duty};
use super::enter::Enter;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::web::answer::Sorry;
use crate::web::asked::Asked;

#[derive(Template)]
#[template(path = "sorry.html")]
struct Page {
    shell: Shell,
    says: String,
    /// How to sign in by a passkey, where that is what lacks and somebody has one.
    enter: Option<Enter>,
    /// Whom to call: the office of this participant that is on duty, and its number.
    duty: Option<(String, Number)>,
}

/// A stable word, for programs.
pub(crate) const fn code(fault: &Sorry) -> &'static str {
    match fault {
        Sorry::NotFound => "not-found",
        Sorry::NoKind => "no-such-kind",
        Sorry::NoReference(_) => "no-such-reference",
        Sorry::NoFilter(_) => "no-such-filter",
        Sorry::SignInFirst => "sign-in-first",
        Sorry::Locked => "locked",
        Sorry::NotHeld => "locked-not-held",
        Sorry::NoPasskey => "no-passkey",
        Sorry::ProveFirst => "prove-first",
        Sorry::LinkIsOver => "link-is-over",
        Sorry::OtherOrigin => "other-origin",
        Sorry::OldPage => "old-page",
        Sorry::Large => "large",
        Sorry::NoDraft => "no-draft",
        Sorry::Full => "full",
        Sorry::NoRoom => "no-room",
        Sorry::NotYours => "not-yours",
        Sorry::Done => "done",
        Sorry::Closed => "closed",
        Sorry::Method => "method",
        Sorry::Broken(_) => "broken",
    }
}

const fn texts(fault: &Sorry) -> (&'static str, &'static str) {
    match fault {
        Sorry::NotFound => ("error-not-found", "error-not-found-says"),
        Sorry::NoKind => ("error-kind", "error-not-found-says"),
        Sorry::NoReference(_) => ("error-reference", "error-reference-says"),
        Sorry::NoFilter(_) => ("error-filter", "error-filter-says"),
        Sorry::SignInFirst | Sorry::ProveFirst => ("in-needed-title", "in-needed-says"),
        Sorry::Locked => ("in-locked-title", "in-locked-says"),
        Sorry::NotHeld => ("in-locked-title", "in-not-held-says"),
        Sorry::NoPasskey => ("in-no-passkey-title", "in-no-passkey-says"),
        Sorry::LinkIsOver => ("in-over-title", "in-over-says"),
        Sorry::OldPage => ("error-old-page", "error-old-page-says"),
        Sorry::Large => ("error-large", "error-large-says"),
        Sorry::NoDraft => ("error-no-draft", "error-no-draft-says"),
        Sorry::Full => ("error-full", "error-full-says"),
        Sorry::NoRoom => ("error-no-room", "error-no-room-says"),
        Sorry::NotYours => ("error-not-yours", "error-not-yours-says"),
        Sorry::Done => ("error-done", "error-done-says"),
        Sorry::Closed => ("error-closed", "error-closed-says"),
        Sorry::Method | Sorry::OtherOrigin => ("error-method", "error-not-found-says"),
        Sorry::Broken(_) => ("error-broken", "error-broken-says"),
    }
}

pub(crate) fn page(desk: &Desk, asked: &Asked, fault: &Sorry) -> Result<String, askama::Error> {
    let held = desk.held();
    let (title, says) = texts(fault);
    let title = asked.texts().say(title, &[]);
    let text = match fault {
        Sorry::NoReference(text) | Sorry::NoFilter(text) => text.chars().take(60).collect(),
        _ => String::new(),
    };
    let says = asked.texts().say(says, &[("text", Arg::Text(&text))]);
    let (shell, duty) = match &asked.session {
        Some(_) => {
            let reader = reader(desk, &held, asked);
            (Shell::of(reader, asked, title), own_duty(desk, reader))
        }
        _ => (Shell::outside(desk, &held, asked, title), None),
    };
    let enter = match fault {
        Sorry::SignInFirst | Sorry::Locked | Sorry::NotHeld | Sorry::NoPasskey => {
            Enter::of(desk, &held, asked)
        }
        _ => None,
    };
    Page { shell, says, enter, duty }.render()
}
