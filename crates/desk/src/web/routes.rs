//! Every route, in one table: the server is made from it, and so are the tests that try each as everybody.

use super::answer::{Answer, Sorry};
use super::asked::Asked;
use crate::desk::Desk;
use crate::page;

/// With which of HTTP's verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It reads.
    Get,
    /// It changes something.
    Post,
}

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody who reaches the machine.
    Anybody,
    /// Who is signed in.
    SignedIn,
}

/// A route.
pub struct Route {
    /// With which verb.
    pub verb: Verb,
    /// With `{name}` for a part that is open.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    pub(crate) answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>,
}

const fn get(path: &'static str, who: Who, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { verb: Verb::Get, path, who, answer }
}

const fn post(path: &'static str, who: Who, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { verb: Verb::Post, path, who, answer }
}

/// All of them.
pub static ROUTES: &[Route] = &[
    get("/", Who::SignedIn, page::to_overview),
    get("/in/{token}", Who::Anybody, page::way_in::show),
    post("/in/{token}", Who::Anybody, page::way_in::open),
    post("/out", Who::SignedIn, page::way_in::close),
    get("/assets/{edition}/{name}", Who::Anybody, page::asset),
    get("/assets/{edition}/fonts/{font}", Who::Anybody, page::asset),
    get("/{agreement}/", Who::SignedIn, page::overview::show),
    get("/{agreement}/record", Who::SignedIn, page::record::show),
    get("/{agreement}/search", Who::SignedIn, page::search),
    get("/{agreement}/{kind}", Who::SignedIn, page::list::show),
    get("/{agreement}/{kind}/{reference}", Who::SignedIn, page::matter::show),
];
