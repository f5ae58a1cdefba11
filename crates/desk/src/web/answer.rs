//! What is answered.

use serde::Serialize;

use super::asked::{Asked, Form};
use super::flow::Flow;
use super::register::File;

/// An answer.
pub(crate) enum Answer {
    /// A page.
    Page(String),
    /// A page that runs the verifier's module in the browser.
    Checking(String),
    /// A page that shows pictures, films and sounds of this node.
    Showing(String),
    /// The same, for a program.
    Json(String),
    /// A list, for a spreadsheet, under this name.
    Csv(String, String),
    /// The same, of a list that may be long.
    LongCsv(String, Flow),
    /// What concerns the participant, for a program that follows it.
    Feed(String),
    /// What comes about from now on.
    Events(super::events::Start),
    /// A file to take away: its name, its media type, its bytes.
    TakeAway(String, &'static str, Vec<u8>),
    /// A file that never changes under its name.
    Asset(&'static super::assets::Asset),
    /// A tile of a map.
    Tile(Vec<u8>),
    /// A tile of the base map, and whether it is compressed.
    BaseTile(Vec<u8>, bool),
    /// A file of the register.
    File(File),
    /// Elsewhere.
    See(String),
    /// Elsewhere, with a session.
    SignIn(String, String),
    /// Elsewhere, without one.
    SignOut(String),
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sorry {
    /// There is no such page.
    NotFound,
    /// The agreement has no such kind of matter.
    NoKind,
    /// No matter has this reference.
    NoReference(String),
    /// A part of a filter can't be read.
    NoFilter(String),
    /// Nobody is signed in.
    SignInFirst,
    /// Nobody has asked anything for too long: whoever has signed in does so again.
    Locked,
    /// The same, and what was sent does something that nobody sends again for another: nothing of it is kept.
    NotHeld,
    /// The passkey's answer does not hold, or no key in force is it.
    NoPasskey,
    /// It is not proved who reads.
    ProveFirst,
    /// The link is used up.
    LinkIsOver,
    /// It would change something, and does not come from a page of this desk.
    OtherOrigin,
    /// It would change something, and lacks what a page of this session has.
    OldPage,
    /// It is larger than any form.
    Large,
    /// There is no such draft, or it is signed.
    NoDraft,
    /// There is no room for more of these.
    Full,
    /// The disk has no room for it.
    NoRoom,
    /// It is for others here to see or do.
    NotYours,
    /// It was done already, or something else was instead.
    Done,
    /// The exhibit can't be opened here: its page says why.
    Closed,
    /// A page can't be asked in this way.
    Method,
    /// A fault of the program, for the log.
    Broken(String),
}

impl Sorry {
    /// The status that HTTP has for it.
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Sorry::NotFound | Sorry::NoKind | Sorry::NoReference(_) | Sorry::NoDraft => 404,
            Sorry::NoFilter(_) => 400,
            Sorry::SignInFirst | Sorry::Locked | Sorry::NotHeld | Sorry::ProveFirst => 401,
            Sorry::LinkIsOver => 410,
            Sorry::OtherOrigin | Sorry::OldPage | Sorry::NoPasskey | Sorry::NotYours => 403,
            Sorry::Done | Sorry::Closed => 409,
            Sorry::Large => 413,
            Sorry::Full | Sorry::NoRoom => 507,
            Sorry::Method => 405,
            Sorry::Broken(_) => 500,
        }
    }
}

impl From<askama::Error> for Sorry {
    fn from(error: askama::Error) -> Sorry {
        Sorry::Broken(error.to_string())
    }
}

impl From<serde_json::Error> for Sorry {
    fn from(error: serde_json::Error) -> Sorry {
        Sorry::Broken(error.to_string())
    }
}

impl From<std::io::Error> for Sorry {
    fn from(error: std::io::Error) -> Sorry {
        Sorry::Broken(error.to_string())
    }
}

impl From<csv::Error> for Sorry {
    fn from(error: csv::Error) -> Sorry {
        Sorry::Broken(error.to_string())
    }
}

impl From<node::Fault> for Sorry {
    fn from(fault: node::Fault) -> Sorry {
        if fault.is_full() { Sorry::NoRoom } else { Sorry::Broken(fault.to_string()) }
    }
}

impl From<store::Fault> for Sorry {
    fn from(fault: store::Fault) -> Sorry {
        match fault {
            store::Fault::NoDraft | store::Fault::Signed => Sorry::NoDraft,
            store::Fault::Full => Sorry::Full,
            store::Fault::NoRoom => Sorry::NoRoom,
            store::Fault::NoLine => Sorry::NotFound,
            store::Fault::OthersToDo => Sorry::NotYours,
            store::Fault::Done | store::Fault::Taken => Sorry::Done,
            other => Sorry::Broken(other.to_string()),
        }
    }
}

/// One query, in the form that is wanted: what a program gets is what the page was made from.
pub(crate) fn either<D: Serialize>(
    asked: &Asked,
    data: &D,
    page: impl FnOnce() -> Result<String, askama::Error>,
) -> Result<Answer, Sorry> {
    match asked.form {
        Form::Page | Form::Csv | Form::Text => Ok(Answer::Page(page()?)),
        Form::Json => Ok(Answer::Json(serde_json::to_string_pretty(data)?)),
    }
}
