//! Every route, in one table: the server is made from it, and so are the tests that try each as everybody.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use store::Part as Side;

use super::answer::{Answer, Sorry};
use super::asked::Asked;
use super::register::{self, Part};
use super::{acts, content, counted, events, health, meet, reader, upload, witness};
use crate::desk::Desk;
use crate::page;

/// With which of HTTP's verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It reads.
    Get,
    /// It changes something.
    Post,
    /// It adds to something.
    Patch,
}

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody who reaches the machine.
    Anybody,
    /// Who is signed in, and may see and do what it needs of the private side.
    SignedIn(Needs),
    /// Who may read this part of the register: a participant, by a session or by its node's token; and anybody, as far as
    /// the node's settings say.
    Reads(Part),
    /// Whoever has a key of the participant's feed in the address: it opens nothing else, and no session opens this.
    Keyed,
    /// A program that proves with each request who it is.
    Proved,
    /// A program with a token that its node got by proving itself. The door counts only what it is not let in with.
    Admitted,
    /// Who runs the node, at an address of its own.
    Operator,
}

/// What somebody must be allowed of the private side before the page is asked at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// All of these parts; without any it is for whoever is signed in.
    Parts(&'static [Side]),
    /// What the page itself asks for, as that depends on what is sent.
    OfPage,
}

/// Whoever is signed in.
const EACH: Who = Who::SignedIn(Needs::Parts(&[]));
const WATCH: Who = Who::SignedIn(Needs::Parts(&[Side::Watch]));
const TASKS: Who = Who::SignedIn(Needs::Parts(&[Side::Tasks]));
const DIRECTORY: Who = Who::SignedIn(Needs::Parts(&[Side::Directory]));
const NOTES: Who = Who::SignedIn(Needs::Parts(&[Side::Notes]));
const OFFICES: Who = Who::SignedIn(Needs::Parts(&[Side::GoodOffices]));
const DRAFTS: Who = Who::SignedIn(Needs::Parts(&[Side::Drafts]));
const SIGN: Who = Who::SignedIn(Needs::Parts(&[Side::Drafts, Side::Publish]));
const ACCESS: Who = Who::SignedIn(Needs::Parts(&[Side::Access]));
/// Whoever is signed in, as far as the page says.
const OF_PAGE: Who = Who::SignedIn(Needs::OfPage);

/// Who makes the answer.
pub(crate) enum By {
    /// A page, and what is asked like one.
    Page(fn(&Desk, &Asked) -> Result<Answer, Sorry>),
    /// What programs ask of each other: it reads what comes as it comes.
    Program(fn(Arc<Desk>, Request) -> Answering),
    /// What somebody who is signed in sends or gets that is larger than a page: as it comes, or as it is read. The token of
    /// the session comes in a head, or in the first field of what is sent.
    Stream(fn(Arc<Desk>, Asked, Request) -> Answering),
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
    /// Whether a page asks it by itself: that keeps no session open.
    pub(crate) quiet: bool,
    /// Whether a form that writes, sent in a session that is locked, is held until somebody sends it again, and who may.
    pub(crate) holds: Option<Side>,
    pub(crate) by: By,
}

impl Route {
    /// Whether it costs something and is open to those of whom nothing is known: then one address may not ask it too often.
    #[must_use]
    pub(crate) fn is_door(&self) -> bool {
        !matches!(self.who, Who::SignedIn(_) | Who::Admitted)
            && (self.verb == Verb::Post
                || self.who == Who::Keyed
                || (self.is_program() && self.path != health::PATH))
    }

    /// Whether it is read or answered as it comes: the token of the session is in a head then.
    #[must_use]
    pub const fn is_stream(&self) -> bool {
        matches!(self.by, By::Stream(_))
    }

    /// Whether programs ask it of each other: no browser's session counts there.
    #[must_use]
    pub const fn is_program(&self) -> bool {
        matches!(self.by, By::Program(_))
    }
}

const fn get(path: &'static str, who: Who, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { verb: Verb::Get, path, who, leaves: false, quiet: false, holds: None, by: By::Page(answer) }
}

const fn post(path: &'static str, who: Who, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { verb: Verb::Post, path, who, leaves: false, quiet: false, holds: None, by: By::Page(answer) }
}

/// Takes what is written of a part of the private side.
const fn holds(
    path: &'static str,
    who: Who,
    part: Side,
    answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>,
) -> Route {
    Route { holds: Some(part), ..post(path, who, answer) }
}

/// Leaves the desk.
const fn leaves(path: &'static str, answer: fn(&Desk, &Asked) -> Result<Answer, Sorry>) -> Route {
    Route { leaves: true, ..post(path, EACH, answer) }
}

const fn program(
    verb: Verb,
    path: &'static str,
    who: Who,
    answer: fn(Arc<Desk>, Request) -> Answering,
) -> Route {
    Route { verb, path, who, leaves: false, quiet: false, holds: None, by: By::Program(answer) }
}

const fn stream(
    verb: Verb,
    path: &'static str,
    who: Who,
    answer: fn(Arc<Desk>, Asked, Request) -> Answering,
) -> Route {
    Route { verb, path, who, leaves: false, quiet: false, holds: None, by: By::Stream(answer) }
}

/// All of them.
pub static ROUTES: &[Route] = &[
    get("/", EACH, page::to_overview),
    get("/in/{token}", Who::Anybody, page::way_in::show),
    post("/in/{token}", Who::Anybody, page::way_in::open),
    post("/in", Who::Anybody, page::enter::enter),
    get("/enrol/{token}", Who::Anybody, page::enrol::show),
    post("/enrol/{token}", Who::Anybody, page::enrol::make),
    leaves("/out", page::way_in::close),
    leaves("/out/everywhere", page::way_in::close_all),
    get("/assets/{edition}/{name}", Who::Anybody, page::asset),
    get("/assets/{edition}/fonts/{font}", Who::Anybody, page::asset),
    get("/assets/{edition}/glyphs/{stack}/{range}", Who::Anybody, page::letters),
    get("/register/checkpoint", Who::Reads(Part::Proofs), register::file),
    get("/register/tile/{level}/{*tile}", Who::Reads(Part::Proofs), register::file),
    get("/register/tile/entries/{*tile}", Who::Reads(Part::Entries), register::file),
    get("/register/annex/{hash}", Who::Reads(Part::Entries), register::file),
    program(Verb::Post, acts::PATH, Who::Admitted, |desk, asked| Box::pin(acts::hand_in(desk, asked))),
    program(Verb::Get, health::PATH, Who::Anybody, |desk, asked| Box::pin(health::show(desk, asked))),
    program(Verb::Get, counted::PATH, Who::Operator, |desk, asked| Box::pin(counted::show(desk, asked))),
    program(Verb::Get, reader::PATH, Who::Anybody, |desk, asked| Box::pin(reader::challenge(desk, asked))),
    program(Verb::Post, reader::PATH, Who::Proved, |desk, asked| Box::pin(reader::admit(desk, asked))),
    program(Verb::Post, witness::PATH, Who::Proved, |desk, asked| {
        Box::pin(witness::add_checkpoint(desk, asked))
    }),
    program(Verb::Post, meet::PATH, Who::Proved, |desk, asked| Box::pin(meet::serve(desk, asked))),
    get("/{agreement}/", EACH, page::overview::show),
    get("/{agreement}/agreement", EACH, page::agreement::show),
    get("/{agreement}/agreement/text/{reference}", EACH, page::agreement::drafts::show),
    get("/{agreement}/agreement/{kind}", EACH, page::agreement::procedure::show),
    get("/{agreement}/record", EACH, page::record::show),
    post("/{agreement}/record/whole", EACH, page::record::whole::check),
    get("/{agreement}/record/verifier", EACH, page::record::taken::verifier),
    get("/{agreement}/record/contradictions/{number}", EACH, page::record::whole::contradiction),
    get("/{agreement}/record/{entry}", EACH, page::record::entry::show),
    get("/{agreement}/record/{entry}/proof", EACH, page::record::entry::proof),
    get("/{agreement}/map/about", EACH, page::map::about),
    get("/{agreement}/map/places", EACH, page::places::show),
    get("/{agreement}/map/base/{z}/{x}/{y}", EACH, page::map::base),
    get("/{agreement}/search", EACH, page::search::show),
    get("/{agreement}/alerts", EACH, page::alerts::show),
    post("/{agreement}/alerts", EACH, page::alerts::take),
    post("/{agreement}/alerts/again", ACCESS, page::alerts::again),
    Route { quiet: true, ..get("/{agreement}/events", EACH, events::open) },
    get("/{agreement}/feed", EACH, page::feed::show),
    post("/{agreement}/feed", EACH, page::feed::begin),
    post("/{agreement}/feed/end", OF_PAGE, page::feed::end),
    get("/{agreement}/feed.atom", Who::Keyed, page::feed::atom),
    get("/{agreement}/live.csv", Who::Keyed, page::feed::live),
    get("/{agreement}/people", EACH, page::people::show),
    post("/{agreement}/people", ACCESS, page::people::invite),
    post("/{agreement}/people/take-back", ACCESS, page::people::take_back),
    get("/{agreement}/people/{officer}/draft", ACCESS, page::people::acts::draft),
    post("/{agreement}/people/{officer}/enrol", ACCESS, page::people::acts::enrol),
    post("/{agreement}/people/{officer}/revoke", ACCESS, page::people::acts::revoke),
    post("/{agreement}/people/{officer}/signed", ACCESS, page::people::acts::signed),
    post("/{agreement}/people/{officer}/forget", ACCESS, page::people::forget),
    get("/{agreement}/new", EACH, page::unsigned::begin),
    get("/{agreement}/unsigned", DRAFTS, page::unsigned::show),
    get("/{agreement}/unsigned/{draft}", DRAFTS, page::form::draft),
    holds("/{agreement}/unsigned/{draft}", DRAFTS, Side::Drafts, page::form::keep),
    post("/{agreement}/unsigned/{draft}/discard", DRAFTS, page::form::discard),
    get("/{agreement}/sign/{draft}", DRAFTS, page::sign::show),
    post("/{agreement}/sign/{draft}", SIGN, page::sign::sign),
    get("/{agreement}/watch", WATCH, page::watch::show),
    holds("/{agreement}/watch", WATCH, Side::Watch, page::watch::add),
    post("/{agreement}/watch/begin", WATCH, page::watch::begin),
    get("/{agreement}/watch/hand-over", WATCH, page::watch::handover::to_give),
    holds("/{agreement}/watch/hand-over", WATCH, Side::Watch, page::watch::handover::give),
    get("/{agreement}/watch/hand-over/{handover}", WATCH, page::watch::handover::show),
    post("/{agreement}/watch/hand-over/{handover}", WATCH, page::watch::handover::settle),
    get("/{agreement}/watch/{line}", WATCH, page::watch::line::show),
    holds("/{agreement}/watch/{line}", WATCH, Side::Watch, page::watch::line::change),
    get("/{agreement}/teams", WATCH, page::teams::show),
    post("/{agreement}/teams", WATCH, page::teams::out),
    post("/{agreement}/teams/{team}", WATCH, page::teams::change),
    get("/{agreement}/worklist", TASKS, page::worklist::show),
    holds("/{agreement}/worklist", TASKS, Side::Tasks, page::worklist::set),
    get("/{agreement}/worklist/{task}", TASKS, page::worklist::one),
    post("/{agreement}/worklist/{task}", TASKS, page::worklist::change),
    get("/{agreement}/directory", DIRECTORY, page::directory::show),
    holds("/{agreement}/directory", DIRECTORY, Side::Directory, page::directory::post::add),
    get("/{agreement}/directory/new", DIRECTORY, page::directory::post::new),
    get("/{agreement}/directory/import", DIRECTORY, page::directory::import::show),
    holds("/{agreement}/directory/import", DIRECTORY, Side::Directory, page::directory::import::take),
    get("/{agreement}/directory/{post}", DIRECTORY, page::directory::post::show),
    holds("/{agreement}/directory/{post}", DIRECTORY, Side::Directory, page::directory::post::change),
    get("/{agreement}/evidence", EACH, page::evidence::show),
    stream(Verb::Post, "/{agreement}/evidence/upload", DRAFTS, |desk, asked, request| {
        Box::pin(upload::begin(desk, asked, request))
    }),
    stream(Verb::Post, "/{agreement}/evidence/upload/form", DRAFTS, |desk, asked, request| {
        Box::pin(upload::form(desk, asked, request))
    }),
    stream(Verb::Get, "/{agreement}/evidence/upload/{upload}", DRAFTS, |desk, asked, request| {
        Box::pin(upload::show(desk, asked, request))
    }),
    stream(Verb::Patch, "/{agreement}/evidence/upload/{upload}", DRAFTS, |desk, asked, request| {
        Box::pin(upload::take(desk, asked, request))
    }),
    post("/{agreement}/evidence/upload/{upload}/drop", DRAFTS, page::evidence::drop_upload),
    get("/{agreement}/evidence/offer", DRAFTS, page::evidence::deed::offer),
    get("/{agreement}/cut", DRAFTS, page::evidence::deed::cut),
    get("/{agreement}/evidence/{exhibit}", EACH, page::evidence::one::show),
    stream(Verb::Get, "/{agreement}/evidence/{exhibit}/content", EACH, |desk, asked, request| {
        Box::pin(content::show(desk, asked, request))
    }),
    get("/{agreement}/evidence/{exhibit}/{deed}", DRAFTS, page::evidence::deed::begin),
    get("/{agreement}/good-offices", OFFICES, page::beside::offices),
    get("/{agreement}/notes", NOTES, page::beside::notes),
    holds("/{agreement}/memo", OF_PAGE, Side::Notes, page::beside::note),
    post("/{agreement}/memo/erase", OF_PAGE, page::beside::erase),
    get("/{agreement}/held", OF_PAGE, page::held::show),
    post("/{agreement}/held/drop", OF_PAGE, page::held::drop_one),
    post("/{agreement}/views", EACH, page::saved::change),
    get("/{agreement}/access", ACCESS, page::access::show),
    post("/{agreement}/access", ACCESS, page::access::change),
    get("/{agreement}/help", EACH, page::help::all),
    get("/{agreement}/help/{topic}", EACH, page::help::one),
    get("/{agreement}/settings", EACH, page::settings::show),
    post("/{agreement}/settings", EACH, page::settings::change),
    get("/{agreement}/{kind}", EACH, page::list::show),
    get("/{agreement}/{kind}/map", EACH, page::list::map::show),
    get("/{agreement}/{kind}/map/{z}/{x}/{y}", EACH, page::list::map::one),
    get("/{agreement}/{kind}/new", DRAFTS, page::form::opening),
    get("/{agreement}/{kind}/{reference}", EACH, page::matter::show),
    get("/{agreement}/{kind}/{reference}/{step}", DRAFTS, page::form::step),
    get("/{agreement}/{kind}/{reference}/relief/{relief}", DRAFTS, page::relief::begin),
];
