//! Every route, in one table: the server is made from it, and so are the tests that try each as everybody.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use store::Part as Side;

use super::answer::{Answer, Sorry};
use super::asked::Asked;
use super::register::{self, Part};
use super::{counted, health, meet, reader, witness};
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
    /// Who may read this part of the register: a participant, by a session or by its node's token; and anybody, as far as
    /// the node's settings say.
    Reads(Part),
    /// Whoever has a key of the participant's feed in the address: it opens nothing else, and no session opens this.
    Keyed,
    /// A program that proves with each request who it is.
    Proved,
    /// Who runs the node, at an address of its own.
    Operator,
}

/// Who makes the answer.
pub(crate) enum By {
    /// A page, and what is asked like one.
    Page(fn(&Desk, &Asked) -> Result<Answer, Sorry>),
    /// What programs ask of each other: it reads what comes as it comes.
    Program(fn(Arc<Desk>, Request) -> Answering),
}

/// An answer on its way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A route.
pub struct Route {
    /// With which verb.
    pub verb: Verb,
    /// With `{name}` for a part that is open, and `{*name}` for all that follows.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// Whether it leaves the desk: that is done in a session that is locked, too.
    pub(crate) leaves: bool,
    /// Whether a form that writes, sent in a session that is locked, is held until somebody sends it again, and who may.
    pub(crate) holds: Option<Side>,
    pub(crate) by: By,
}

impl Route {
    /// Whether it costs something and is open to those of whom nothing is known: then one address may not ask it too often.
    #[must_use]
    pub(crate) fn is_door(&self) -> bool {
        self.who != Who::SignedIn
            && (self.verb == Verb::Post
                || self.who == Who::Keyed
                || (self.is_program() && self.path != health::PATH))
    }

    /// Whether programs ask it of each other: no browser's session counts there.
    #[must_use]
    pub const fn is_program(&self) -> bool {
        matches!(self.by, By::Program(_))
    }
}

const fn get(path: &'static str, who: Who, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { verb: Verb::Get, path, who, leaves: false, holds: None, by: By::Page(answer) }
}

const fn post(path: &'static str, who: Who, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { verb: Verb::Post, path, who, leaves: false, holds: None, by: By::Page(answer) }
}

/// Takes what is written of a part of the private side.
const fn holds(path: &'static str, part: Side, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { holds: Some(part), ..post(path, Who::SignedIn, answer) }
}

/// Leaves the desk.
const fn leaves(path: &'static str, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { leaves: true, ..post(path, Who::SignedIn, answer) }
}

const fn program(
    verb: Verb,
    path: &'static str,
    who: Who,
    answer: fn(Arc<Desk>, Request) -> Answering,
) -> Route {
    Route { verb, path, who, leaves: false, holds: None, by: By::Program(answer) }
}

/// All of them.
pub static ROUTES: &[Route] = &[
    get("/", Who::SignedIn, page::to_overview),
    get("/in/{token}", Who::Anybody, page::way_in::show),
    post("/in/{token}", Who::Anybody, page::way_in::open),
    post("/in", Who::Anybody, page::enter::enter),
    get("/enrol/{token}", Who::Anybody, page::enrol::show),
    post("/enrol/{token}", Who::Anybody, page::enrol::make),
    leaves("/out", page::way_in::close),
    leaves("/out/everywhere", page::way_in::close_all),
    get("/assets/{edition}/{name}", Who::Anybody, page::asset),
    get("/assets/{edition}/fonts/{font}", Who::Anybody, page::asset),
    get("/register/checkpoint", Who::Reads(Part::Proofs), register::file),
    get("/register/tile/{level}/{*tile}", Who::Reads(Part::Proofs), register::file),
    get("/register/tile/entries/{*tile}", Who::Reads(Part::Entries), register::file),
    get("/register/annex/{hash}", Who::Reads(Part::Entries), register::file),
    program(Verb::Get, health::PATH, Who::Anybody, |desk, asked| Box::pin(health::show(desk, asked))),
    program(Verb::Get, counted::PATH, Who::Operator, |desk, asked| Box::pin(counted::show(desk, asked))),
    program(Verb::Get, reader::PATH, Who::Anybody, |desk, asked| Box::pin(reader::challenge(desk, asked))),
    program(Verb::Post, reader::PATH, Who::Proved, |desk, asked| Box::pin(reader::admit(desk, asked))),
    program(Verb::Post, witness::PATH, Who::Proved, |desk, asked| {
        Box::pin(witness::add_checkpoint(desk, asked))
    }),
    program(Verb::Post, meet::PATH, Who::Proved, |desk, asked| Box::pin(meet::serve(desk, asked))),
    get("/{agreement}/", Who::SignedIn, page::overview::show),
    get("/{agreement}/agreement", Who::SignedIn, page::agreement::show),
    get("/{agreement}/agreement/text/{reference}", Who::SignedIn, page::agreement::drafts::show),
    get("/{agreement}/agreement/{kind}", Who::SignedIn, page::agreement::procedure::show),
    get("/{agreement}/record", Who::SignedIn, page::record::show),
    post("/{agreement}/record/whole", Who::SignedIn, page::record::whole::check),
    get("/{agreement}/record/verifier", Who::SignedIn, page::record::taken::verifier),
    get("/{agreement}/record/contradictions/{number}", Who::SignedIn, page::record::whole::contradiction),
    get("/{agreement}/record/{entry}", Who::SignedIn, page::record::entry::show),
    get("/{agreement}/record/{entry}/proof", Who::SignedIn, page::record::entry::proof),
    get("/{agreement}/search", Who::SignedIn, page::search),
    get("/{agreement}/feed", Who::SignedIn, page::feed::show),
    post("/{agreement}/feed", Who::SignedIn, page::feed::begin),
    post("/{agreement}/feed/end", Who::SignedIn, page::feed::end),
    get("/{agreement}/feed.atom", Who::Keyed, page::feed::atom),
    get("/{agreement}/people", Who::SignedIn, page::people::show),
    post("/{agreement}/people", Who::SignedIn, page::people::invite),
    get("/{agreement}/people/{officer}/draft", Who::SignedIn, page::people::draft),
    post("/{agreement}/people/{officer}/enrol", Who::SignedIn, page::people::enrol),
    post("/{agreement}/people/{officer}/signed", Who::SignedIn, page::people::signed),
    post("/{agreement}/people/{officer}/forget", Who::SignedIn, page::people::forget),
    get("/{agreement}/new", Who::SignedIn, page::unsigned::begin),
    get("/{agreement}/unsigned", Who::SignedIn, page::unsigned::show),
    get("/{agreement}/unsigned/{draft}", Who::SignedIn, page::form::draft),
    holds("/{agreement}/unsigned/{draft}", Side::Drafts, page::form::keep),
    post("/{agreement}/unsigned/{draft}/discard", Who::SignedIn, page::form::discard),
    get("/{agreement}/sign/{draft}", Who::SignedIn, page::sign::show),
    post("/{agreement}/sign/{draft}", Who::SignedIn, page::sign::sign),
    get("/{agreement}/watch", Who::SignedIn, page::watch::show),
    holds("/{agreement}/watch", Side::Watch, page::watch::add),
    post("/{agreement}/watch/begin", Who::SignedIn, page::watch::begin),
    get("/{agreement}/watch/hand-over", Who::SignedIn, page::watch::handover::to_give),
    holds("/{agreement}/watch/hand-over", Side::Watch, page::watch::handover::give),
    get("/{agreement}/watch/hand-over/{handover}", Who::SignedIn, page::watch::handover::show),
    post("/{agreement}/watch/hand-over/{handover}", Who::SignedIn, page::watch::handover::settle),
    get("/{agreement}/watch/{line}", Who::SignedIn, page::watch::line::show),
    holds("/{agreement}/watch/{line}", Side::Watch, page::watch::line::change),
    get("/{agreement}/worklist", Who::SignedIn, page::worklist::show),
    holds("/{agreement}/worklist", Side::Tasks, page::worklist::set),
    get("/{agreement}/worklist/{task}", Who::SignedIn, page::worklist::one),
    post("/{agreement}/worklist/{task}", Who::SignedIn, page::worklist::change),
    get("/{agreement}/directory", Who::SignedIn, page::directory::show),
    holds("/{agreement}/directory", Side::Directory, page::directory::post::add),
    get("/{agreement}/directory/new", Who::SignedIn, page::directory::post::new),
    get("/{agreement}/directory/import", Who::SignedIn, page::directory::import::show),
    holds("/{agreement}/directory/import", Side::Directory, page::directory::import::take),
    get("/{agreement}/directory/{post}", Who::SignedIn, page::directory::post::show),
    holds("/{agreement}/directory/{post}", Side::Directory, page::directory::post::change),
    get("/{agreement}/good-offices", Who::SignedIn, page::beside::offices),
    holds("/{agreement}/memo", Side::Notes, page::beside::note),
    post("/{agreement}/memo/erase", Who::SignedIn, page::beside::erase),
    get("/{agreement}/held", Who::SignedIn, page::held::show),
    post("/{agreement}/held/drop", Who::SignedIn, page::held::drop_one),
    post("/{agreement}/views", Who::SignedIn, page::saved::change),
    get("/{agreement}/access", Who::SignedIn, page::access::show),
    post("/{agreement}/access", Who::SignedIn, page::access::change),
    get("/{agreement}/settings", Who::SignedIn, page::settings::show),
    post("/{agreement}/settings", Who::SignedIn, page::settings::change),
    get("/{agreement}/{kind}", Who::SignedIn, page::list::show),
    get("/{agreement}/{kind}/new", Who::SignedIn, page::form::opening),
    get("/{agreement}/{kind}/{reference}", Who::SignedIn, page::matter::show),
    get("/{agreement}/{kind}/{reference}/{step}", Who::SignedIn, page::form::step),
];
