//! The server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use flate2::Compression;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use terms::Hash;
use tokio::sync::OwnedSemaphorePermit;

use super::answer::{Answer, Sorry};
use super::asked::{Asked, Form, query, sent};
use super::listen::From;
use super::register::Part;
use super::routes::{Answering, By, Needs, ROUTES, Route, Verb, Who};
use super::session;
use super::{assets, events, health};
use crate::desk::Desk;
use crate::page::{feed, held, sorry};
use crate::people::must;

/// Nothing from elsewhere, nothing inline, in nobody's frame.
const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; \
     script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same, where the page may run the verifier's module: a module of bytes, never a text as a program.
const CHECKING_SECURITY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; \
     script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// The same, where the page shows pictures, films and sounds of this node.
const SHOWING_SECURITY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; \
     media-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// A tile of a map.
const TILE: &str = "application/vnd.mapbox-vector-tile";

/// How a page is made.
type Page = fn(&Desk, &Asked) -> Result<Answer, Sorry>;

/// The longest form, in bytes. What is longer goes as a file.
const FORM_BYTES_MAX: usize = 1 << 20;

/// How long a form may take to come.
const STANDSTILL: Duration = Duration::from_secs(60);

/// The field in which a form has the token of its session.
const TOKEN: &str = "token";

/// What the table has for a request.
#[derive(Clone, Copy)]
enum Found {
    Route(&'static Route, Page),
    /// The path, but not with that verb.
    OtherVerb,
    Nothing,
}

/// The routes of a desk, for whoever reaches it.
pub fn router(desk: Arc<Desk>) -> Router {
    routed(ROUTES.iter().filter(|route| route.who != Who::Operator), desk)
}

/// The routes for whoever runs the node.
pub fn operators(desk: Arc<Desk>) -> Router {
    routed(ROUTES.iter().filter(|route| route.who == Who::Operator || route.path == health::PATH), desk)
}

/// What a route that is none is counted as.
const NOWHERE: &str = "other";

fn routed(routes: impl Iterator<Item = &'static Route>, desk: Arc<Desk>) -> Router {
    let mut paths: BTreeMap<&str, MethodRouter<Arc<Desk>>> = BTreeMap::new();
    for route in routes {
        let filter = match route.verb {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
            Verb::Patch => MethodFilter::PATCH,
        };
        let serves = move |State(desk): State<Arc<Desk>>, parts: Parted, request: Request| {
            let answering = async move |desk: Arc<Desk>| {
                if route.is_door() && !may_ask(&desk, &request) {
                    return too_often(&desk);
                }
                if route.who == Who::Operator && !is_of_machine(&desk, &request) {
                    return not_here();
                }
                let Some(parts) = pairs(parts) else {
                    return answered(desk, Found::Nothing, BTreeMap::new(), request).await;
                };
                match &route.by {
                    By::Page(answer) => answered(desk, Found::Route(route, *answer), parts, request).await,
                    By::Program(answer) => answer(desk, request).await,
                    By::Stream(answer) => streamed(desk, route, *answer, parts, request).await,
                }
            };
            counted(desk, route.path, answering)
        };
        let methods = paths.remove(route.path).unwrap_or_default();
        paths.insert(route.path, methods.merge(on(filter, serves)));
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        let no = move |State(desk): State<Arc<Desk>>, parts: Parted, request: Request| {
            let parts = pairs(parts).unwrap_or_default();
            let answering =
                async move |desk: Arc<Desk>| answered(desk, Found::OtherVerb, parts, request).await;
            counted(desk, path, answering)
        };
        router = router.route(path, methods.fallback(no));
    }
    let nowhere = |State(desk): State<Arc<Desk>>, request: Request| {
        let answering =
            async move |desk: Arc<Desk>| answered(desk, Found::Nothing, BTreeMap::new(), request).await;
        counted(desk, NOWHERE, answering)
    };
    router.fallback(nowhere).with_state(desk)
}

/// Counts an answer, and says it in the log: the route's own path, never the one that was asked, since tokens and
/// references stand in that.
async fn counted<F: Future<Output = Response>>(
    desk: Arc<Desk>,
    route: &'static str,
    answering: impl FnOnce(Arc<Desk>) -> F,
) -> Response {
    let began = std::time::Instant::now();
    let response = answering(Arc::clone(&desk)).await;
    let took = began.elapsed();
    desk.counted.answered(route, response.status(), took);
    let (status, ms) = (response.status().as_u16(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    tracing::info!(route, status, ms, "answered");
    response
}

fn may_ask(desk: &Desk, request: &Request) -> bool {
    let from = request.extensions().get::<From>();
    from.is_none_or(|From(ip)| desk.doors.may(*ip, std::time::Instant::now()))
}

/// Whether a request comes under an address, or a name that is of this machine or this desk: no other site's name that was led
/// here reads what is the operator's.
fn is_of_machine(desk: &Desk, request: &Request) -> bool {
    let named = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let Some(host) = named.and_then(|named| named.parse::<Authority>().ok()) else { return false };
    let host = host.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    host.parse::<std::net::IpAddr>().is_ok() || host == "localhost" || desk.answers_to(&host)
}

pub(crate) fn too_often(desk: &Desk) -> Response {
    desk.counted.turned_away();
    let mut response = plain(StatusCode::TOO_MANY_REQUESTS, "This address asks too often: wait a little.");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// The open parts of a path, if they are text.
type Parted = Result<RawPathParams, RawPathParamsRejection>;

/// The same by their names. What is no text names nothing that is here.
fn pairs(parts: Parted) -> Option<BTreeMap<String, String>> {
    let parts = parts.ok()?;
    Some(parts.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// What is asked like a page, and is read or answered as it comes.
async fn streamed(
    desk: Arc<Desk>,
    route: &'static Route,
    answer: fn(Arc<Desk>, Asked, Request) -> Answering,
    parts: BTreeMap<String, String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let named = head.headers.get(header::HOST).and_then(|value| value.to_str().ok());
    if !named.is_some_and(|host| desk.answers_to(host)) {
        return not_here();
    }
    let door = {
        let desk = Arc::clone(&desk);
        tokio::task::spawn_blocking(move || {
            let query = query(head.uri.query().unwrap_or_default());
            let asked = Asked::read(&desk, route.quiet, head.uri.path(), parts, query, &head.headers);
            match barred(&desk, route, &asked, &head.headers) {
                Ok(()) => Ok((asked, head)),
                Err(sorry) => Err(Box::new(refused(&desk, &asked, &sorry))),
            }
        })
    };
    match door.await {
        Ok(Ok((asked, head))) => answer(desk, asked, Request::from_parts(head, body)).await,
        Ok(Err(response)) => *response,
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, NOT_MADE),
    }
}

/// Nothing, if a token is that of the session that asks.
pub(crate) fn is_of_session(asked: &Asked, token: Option<&str>) -> Result<(), Sorry> {
    let is_of_it = asked.session.as_ref().zip(token).is_some_and(|(open, token)| session::is_of(open, token));
    if is_of_it { Ok(()) } else { Err(Sorry::OldPage) }
}

fn not_here() -> Response {
    plain(StatusCode::MISDIRECTED_REQUEST, "This node does not answer under that name.")
}

async fn answered(
    desk: Arc<Desk>,
    found: Found,
    parts: BTreeMap<String, String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let named = head.headers.get(header::HOST).and_then(|value| value.to_str().ok());
    // Another site's name that leads to this machine is told nothing.
    if !named.is_some_and(|host| desk.answers_to(host)) {
        return not_here();
    }
    // Who asks, and what they may, stands on the disk: never looked for on a thread that others wait for.
    let door = {
        let desk = Arc::clone(&desk);
        tokio::task::spawn_blocking(move || at_the_door(&desk, found, parts, &head))
    };
    let Ok((mut asked, result)) = door.await else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, NOT_MADE);
    };
    let result = match (result, found) {
        (Ok(page), Found::Route(route, _)) if route.verb == Verb::Post => {
            form(route, &mut asked, body).await.map(|()| page)
        }
        (result, _) => result,
    };
    let holds = match found {
        Found::Route(route, _) => route.holds,
        Found::OtherVerb | Found::Nothing => None,
    };
    let place = match found {
        Found::Route(route, _)
            if route.who == Who::Reads(Part::Entries)
                && result.is_ok()
                && may_be_large(&desk, &asked.path).await =>
        {
            let place = Arc::clone(&desk.large).acquire_owned();
            match tokio::time::timeout(PLACE_WITHIN, place).await {
                Ok(Ok(place)) => Some(place),
                Ok(Err(_)) | Err(_) => return busy("Others read large files here: ask again."),
            }
        }
        _ => None,
    };
    // Pages read files and go through the docket: never on a thread that others wait for.
    let answer = move |desk: &Desk, asked: &Asked, page: Page| match holds {
        Some(part) if asked.locked.is_some() => held::hold(desk, asked, part).and(Err(Sorry::Locked)),
        Some(part) => page(desk, asked).and_then(|answer| held::sent_again(desk, asked, part, answer)),
        None => page(desk, asked),
    };
    let done =
        tokio::task::spawn_blocking(move || match result.and_then(|page| answer(&desk, &asked, page)) {
            Ok(answer) => response(&desk, &asked, answer, place),
            Err(fault) => refused(&desk, &asked, &fault),
        });
    // It fell over: the fault is in the log of whoever runs it, and not in the page.
    done.await.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, NOT_MADE))
}

/// Whether a file of the register is large, an annex or a bundle of entries, or it can't be said before it is read.
async fn may_be_large(desk: &Arc<Desk>, path: &str) -> bool {
    let (desk, path) = (Arc::clone(desk), path.trim_start_matches('/').to_owned());
    let small = move || desk.served.bytes(&path).is_some_and(|bytes| bytes <= SMALL_BYTES_MAX as u64);
    !tokio::task::spawn_blocking(small).await.unwrap_or_default()
}

/// Reads who asks for what, and says which page answers it, if they may.
fn at_the_door(
    desk: &Desk,
    found: Found,
    parts: BTreeMap<String, String>,
    head: &Parts,
) -> (Asked, Result<Page, Sorry>) {
    let query = query(head.uri.query().unwrap_or_default());
    let quiet = matches!(found, Found::Route(route, _) if route.quiet);
    let mut asked = Asked::read(desk, quiet, head.uri.path(), parts, query, &head.headers);
    let page = match found {
        Found::Route(route, page) => {
            if matches!(route.who, Who::Reads(_) | Who::Keyed) {
                asked.form = Form::Text;
            }
            barred(desk, route, &asked, &head.headers).map(|()| page)
        }
        Found::OtherVerb => Err(Sorry::Method),
        Found::Nothing => Err(Sorry::NotFound),
    };
    (asked, page)
}

/// A large file, and its place among those that go out: free when all of it has gone, or whoever reads it has.
struct Large(Vec<u8>, #[expect(dead_code, reason = "it is held")] OwnedSemaphorePermit);

impl AsRef<[u8]> for Large {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn body(bytes: Vec<u8>, place: Option<OwnedSemaphorePermit>) -> Body {
    match place {
        Some(place) if bytes.len() > SMALL_BYTES_MAX => Body::from(Bytes::from_owner(Large(bytes, place))),
        _ => Body::from(bytes),
    }
}

/// What is no larger waits for nobody.
const SMALL_BYTES_MAX: usize = 1 << 20;

/// How long somebody waits for a place among those who read what is large.
const PLACE_WITHIN: Duration = Duration::from_secs(5);

fn busy(why: &str) -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, why);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// What no route has to look at for itself.
fn barred(desk: &Desk, route: &Route, asked: &Asked, head: &HeaderMap) -> Result<(), Sorry> {
    let text = |name: HeaderName| head.get(name).and_then(|value| value.to_str().ok());
    if route.verb != Verb::Get {
        // Only a page of this desk may change anything. Browsers say where a request comes from; who says nothing, or that
        // it is nowhere, is not believed.
        let site = text(HeaderName::from_static("sec-fetch-site"));
        let is_ours = match text(header::ORIGIN) {
            Some(origin) => {
                origin.split_once("://").is_some_and(|(_, host)| desk.answers_to(host))
                    && site.is_none_or(|site| site == "same-origin")
            }
            None => site == Some("same-origin"),
        };
        if !is_ours {
            return Err(Sorry::OtherOrigin);
        }
    }
    match route.who {
        Who::Anybody | Who::Proved | Who::Admitted | Who::Operator => {}
        // What was written is held, and anybody may leave, whoever sits there now.
        Who::SignedIn(_) if asked.locked.is_some() && (route.leaves || route.holds.is_some()) => {}
        Who::SignedIn(_) if asked.locked.is_some() => return Err(Sorry::Locked),
        Who::SignedIn(_) if asked.session.is_none() => return Err(Sorry::SignInFirst),
        Who::SignedIn(Needs::Parts(parts)) => parts.iter().try_for_each(|part| must(desk, asked, *part))?,
        Who::SignedIn(Needs::OfPage) => {}
        Who::Keyed if !feed::is_open_to(desk, asked)? => return Err(Sorry::ProveFirst),
        Who::Keyed => {}
        Who::Reads(part) => {
            let is_known = asked.session.is_some() || asked.reader.is_some();
            if !is_known && desk.manner().public < Some(part) {
                return Err(Sorry::ProveFirst);
            }
        }
    }
    if !asked.part("agreement").is_empty() && asked.part("agreement") != desk.agreement() {
        return Err(Sorry::NotFound);
    }
    Ok(())
}

/// Reads what a form sent. Whoever is signed in sends the token of the session with it.
async fn form(route: &Route, asked: &mut Asked, body: Body) -> Result<(), Sorry> {
    let body = Limited::new(body, FORM_BYTES_MAX);
    let whole = tokio::time::timeout(STANDSTILL, body.collect()).await.map_err(|_| Sorry::OldPage)?;
    let whole =
        whole.map_err(|error| if error.is::<LengthLimitError>() { Sorry::Large } else { Sorry::OldPage })?;
    asked.sent = sent(&whole.to_bytes());
    let Some(session) = asked.session.as_ref().or(asked.locked.as_ref()) else { return Ok(()) };
    let is_of_it = asked.sent(TOKEN).is_some_and(|token| session::is_of(session, token));
    if matches!(route.who, Who::SignedIn(_)) && !is_of_it { Err(Sorry::OldPage) } else { Ok(()) }
}

pub(crate) fn refused(desk: &Desk, asked: &Asked, fault: &Sorry) -> Response {
    if let Sorry::Broken(why) = fault {
        tracing::error!(why, "a page could not be made");
    }
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match asked.form {
        Form::Text => {
            let mut response = plain(status, sorry::code(fault));
            if status == StatusCode::UNAUTHORIZED {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            response
        }
        Form::Json => {
            let text = serde_json::json!({"error": sorry::code(fault)}).to_string();
            guarded(status, "application/json", "no-store", Body::from(text))
        }
        Form::Page | Form::Csv => match sorry::page(desk, asked, fault) {
            Ok(text) => page(asked, status, text),
            Err(error) => {
                tracing::error!(%error, "a page could not be made");
                plain(StatusCode::INTERNAL_SERVER_ERROR, NOT_MADE)
            }
        },
    }
}

/// A table with a head, by RFC 4180.
const CSV: &str = "text/csv; charset=utf-8; header=present";

const NOT_MADE: &str = "This page could not be made.";

/// A line of text.
pub(crate) fn plain(status: StatusCode, why: &str) -> Response {
    guarded(status, "text/plain; charset=utf-8", "no-store", Body::from(format!("{why}\n")))
}

fn response(
    desk: &Arc<Desk>,
    asked: &Asked,
    answer: Answer,
    place: Option<OwnedSemaphorePermit>,
) -> Response {
    // By TLS alone, where there is TLS.
    let secure = if desk.manner().tls { "; Secure" } else { "" };
    let mut response = match answer {
        Answer::Page(text) => page(asked, StatusCode::OK, text),
        Answer::Checking(text) => under(page(asked, StatusCode::OK, text), CHECKING_SECURITY),
        Answer::Showing(text) => under(page(asked, StatusCode::OK, text), SHOWING_SECURITY),
        Answer::Json(text) => guarded(StatusCode::OK, "application/json", "no-store", Body::from(text)),
        Answer::Tile(bytes) => guarded(StatusCode::OK, TILE, "no-store", Body::from(bytes)),
        Answer::BaseTile(bytes, is_pressed) => {
            let response = guarded(StatusCode::OK, TILE, "private, max-age=86400", Body::from(bytes));
            if is_pressed { pressed(response) } else { response }
        }
        Answer::Feed(text) => {
            guarded(StatusCode::OK, "application/atom+xml; charset=utf-8", "no-store", Body::from(text))
        }
        Answer::Events(start) => match events::response(desk, start) {
            Some(response) => guard(response, "no-store"),
            None => plain(StatusCode::TOO_MANY_REQUESTS, "Too many pages listen here at once."),
        },
        Answer::Csv(name, text) => attached(CSV, &format!("{name}.csv"), Body::from(text)),
        Answer::LongCsv(name, flow) => match Arc::clone(&desk.flows).try_acquire_owned() {
            Ok(place) => attached(CSV, &format!("{name}.csv"), flow.body(desk, place)),
            Err(_) => return busy("Others take long lists here: ask again."),
        },
        Answer::TakeAway(name, media, bytes) => attached(media, &name, Body::from(bytes)),
        Answer::Asset(asset) => {
            let keep = "public, max-age=31536000, immutable";
            let small = if asked.takes_pressed { assets::pressed(asset) } else { None };
            match small {
                Some(bytes) => pressed(guarded(StatusCode::OK, asset.media, keep, Body::from(bytes))),
                None => {
                    let body =
                        if asset.is_pressed { Body::from(asset.plain()) } else { Body::from(asset.bytes) };
                    varied(guarded(StatusCode::OK, asset.media, keep, body))
                }
            }
        }
        Answer::File(file) => {
            let tag = format!("\"{}\"", &Hash::of(&file.bytes).to_hex()[..32]);
            let is_had = asked.has.split(',').any(|had| {
                let had = had.trim();
                had == "*" || had.strip_prefix("W/").unwrap_or(had) == tag
            });
            let (status, body) = if is_had {
                (StatusCode::NOT_MODIFIED, Body::empty())
            } else {
                (StatusCode::OK, body(file.bytes, place))
            };
            let mut response = guarded(status, file.media, file.cache, body);
            if let Ok(value) = HeaderValue::from_str(&tag) {
                response.headers_mut().insert(header::ETAG, value);
            }
            response
        }
        Answer::See(to) => see(&to),
        Answer::SignIn(to, session) => {
            let name = desk.cookie();
            let cookie = format!("{name}={session}; Path=/; HttpOnly; SameSite=Strict{secure}");
            with_cookie(see(&to), &cookie)
        }
        Answer::SignOut(to) => {
            let name = desk.cookie();
            let cookie = format!("{name}=; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age=0");
            with_cookie(see(&to), &cookie)
        }
    };
    // What may be kept on the way is the same for all, and chooses for nobody.
    let is_kept = response.headers().get(header::CACHE_CONTROL).is_none_or(|kept| kept != "no-store");
    if asked.chose && !is_kept {
        let cookie = format!("lang={}; Path=/; SameSite=Lax{secure}; Max-Age=31536000", asked.language.tag);
        response = with_cookie(response, &cookie);
    }
    response
}

/// A page, compressed for whoever takes that and asks from here.
fn page(asked: &Asked, status: StatusCode, text: String) -> Response {
    const HTML: &str = "text/html; charset=utf-8";
    let mut response = if asked.may_press {
        pressed(guarded(status, HTML, "no-store", Body::from(assets::press(text.as_bytes(), PAGE))))
    } else {
        guarded(status, HTML, "no-store", Body::from(text))
    };
    let vary = HeaderValue::from_static("accept-encoding, sec-fetch-site");
    response.headers_mut().insert(header::VARY, vary);
    response
}

/// How hard a page is compressed: it is made while somebody waits.
const PAGE: Compression = Compression::new(3);

/// The same, under another policy.
fn under(mut response: Response, policy: &'static str) -> Response {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// The same, of bytes that are compressed.
fn pressed(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    varied(response)
}

/// One that is another for whoever takes nothing compressed.
fn varied(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// A file to keep, under a name of letters, digits and hyphens.
fn attached(media: &'static str, name: &str, body: Body) -> Response {
    let mut response = guarded(StatusCode::OK, media, "no-store", body);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

pub(crate) fn see(to: &str) -> Response {
    let mut response = guarded(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "no-store", Body::empty());
    if let Ok(value) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A response with what every one has.
pub(crate) fn guarded(status: StatusCode, media: &'static str, cache: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    guard(response, cache)
}

/// The same, around one that is of its own kind.
fn guard(mut response: Response, cache: &'static str) -> Response {
    let pairs = [
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in pairs {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
