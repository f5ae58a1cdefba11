//! The page before several desks on one machine: whom to be, and what to try. It is no node's, and knows no key: each link
//! is asked of the desk that it opens.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use lang::{Arg, LANGUAGES, Language, Texts};
use tokio::net::TcpListener;

use crate::web::asked::query;
use crate::web::assets;
use crate::web::listen::listen;
use crate::web::serve::{guarded, plain, see};

/// A desk that somebody may sit down at.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its participant.
    pub id: String,
    /// How that is called.
    pub label: String,
    /// How it is called in other languages, by their tags.
    pub labels: BTreeMap<String, String>,
    /// By which title it takes part.
    pub title: String,
}

/// What a desk says of itself.
#[derive(Clone, Debug)]
pub struct Says {
    /// A link that opens it once.
    pub opens: String,
    /// How many steps are asked of it.
    pub asked: u64,
}

/// Asks a desk; a sentence if it does not answer.
pub type Ask = Box<dyn Fn(&str) -> Result<Says, String> + Send + Sync>;

/// The page.
pub struct Start {
    /// What the desks are of.
    pub name: String,
    /// The desks, in the order in which they are shown.
    pub seats: Vec<Seat>,
    /// What anybody may type who reads the record without a desk.
    pub command: String,
    /// The names that it answers under, each with its port.
    pub hosts: Vec<String>,
    /// How a desk is asked.
    pub ask: Ask,
}

/// How many connections may be open at once.
const CONNECTIONS: usize = 64;

/// Serves the page until `stop` comes.
///
/// # Errors
///
/// There is no address to listen on.
pub async fn serve_start(
    start: Arc<Start>,
    socket: TcpListener,
    stop: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    let router = Router::new()
        .route("/", get(page))
        .route("/be/{seat}", get(be))
        .route("/assets/{edition}/{name}", get(asset))
        .route("/assets/{edition}/fonts/{name}", get(font))
        .with_state(start);
    listen(CONNECTIONS, router, socket, stop).await
}

/// A desk on the page.
struct Row {
    seat: Seat,
    pattern: String,
    asked: String,
}

/// Words in a reader's language.
struct Words(&'static Texts);

impl Words {
    fn t(&self, id: &str) -> String {
        self.0.say(id, &[])
    }

    fn with(&self, id: &str, name: &str, text: &str) -> String {
        self.0.say(id, &[(name, Arg::Text(text))])
    }
}

#[derive(Template)]
#[template(path = "start.html")]
struct Page<'a> {
    shell: Words,
    language: &'static Language,
    sheets: Vec<String>,
    icon: String,
    name: &'a str,
    rows: Vec<Row>,
    command: &'a str,
}

fn language(request: &Request) -> &'static Language {
    let asked = query(request.uri().query().unwrap_or_default());
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let chosen = asked.get("lang").and_then(|tag| Language::of(tag));
    chosen.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()))
}

/// Whether it is asked under a name of its own, and by no other site's page.
fn is_ours(start: &Start, request: &Request) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or_default();
    let site = text("sec-fetch-site");
    start.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
        && site.is_none_or(|site| site == "same-origin" || site == "none")
}

async fn page(State(start): State<Arc<Start>>, request: Request) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !start.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
        return plain(StatusCode::MISDIRECTED_REQUEST, "This page does not answer under that name.");
    }
    let language = language(&request);
    let made = tokio::task::spawn_blocking(move || made(&start, language)).await;
    match made {
        Ok(Ok(page)) => guarded(StatusCode::OK, "text/html; charset=utf-8", "no-store", Body::from(page)),
        Ok(Err(_)) | Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made."),
    }
}

fn made(start: &Start, language: &'static Language) -> Result<String, askama::Error> {
    let texts = Texts::of(language);
    let rows = start.seats.iter().zip(1..).map(|(seat, place)| {
        let label = seat.labels.get(language.tag).unwrap_or(&seat.label).clone();
        let seat = Seat { label, ..seat.clone() };
        // Nothing is said of a desk that does not answer.
        let asked = (start.ask)(&seat.id).map(|says| {
            texts.say("asked-count", &[("n", Arg::Number(says.asked)), ("who", Arg::Text(&seat.label))])
        });
        Row { seat, pattern: format!("p{place}"), asked: asked.unwrap_or_default() }
    });
    let page = Page {
        shell: Words(texts),
        language,
        sheets: assets::sheets(true),
        icon: format!("{}/icon.svg", assets::folder()),
        name: &start.name,
        rows: rows.collect(),
        command: &start.command,
    };
    page.render()
}

/// Leads to a desk, by a link that it makes for this.
async fn be(State(start): State<Arc<Start>>, Path(seat): Path<String>, request: Request) -> Response {
    if !is_ours(&start, &request) {
        return plain(StatusCode::FORBIDDEN, "Another site's page leads here: open this one yourself.");
    }
    let language = language(&request);
    if !start.seats.iter().any(|known| known.id == seat) {
        return plain(StatusCode::NOT_FOUND, "There is no such desk.");
    }
    let says = tokio::task::spawn_blocking(move || (start.ask)(&seat)).await;
    match says {
        Ok(Ok(says)) => see(&format!("{}?lang={}", says.opens, language.tag)),
        Ok(Err(why)) => plain(StatusCode::BAD_GATEWAY, &why),
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "a fault of the program"),
    }
}

async fn asset(path: Path<BTreeMap<String, String>>) -> Response {
    file(&path, "")
}

async fn font(path: Path<BTreeMap<String, String>>) -> Response {
    file(&path, "fonts/")
}

fn file(path: &BTreeMap<String, String>, folder: &str) -> Response {
    let part = |name: &str| path.get(name).map_or("", String::as_str);
    match assets::find(part("edition"), &format!("{folder}{}", part("name"))) {
        Some(asset) => {
            let mut response = guarded(StatusCode::OK, asset.media, "no-store", Body::from(asset.bytes));
            let keep = HeaderValue::from_static("public, max-age=31536000, immutable");
            response.headers_mut().insert(header::CACHE_CONTROL, keep);
            response
        }
        None => plain(StatusCode::NOT_FOUND, "There is no such file."),
    }
}

impl Page<'_> {
    fn tongues(&self) -> &'static [Language] {
        &LANGUAGES
    }
}
