//! Every route of the table, asked by everybody in ways that nobody would: no fault of the program, and no word that is
//! not for who asks. `MITHAQ_ODD` says how many requests each route gets from each who asks, `MITHAQ_SEED` from which seed on.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod heard;
mod odd;
mod sent;
mod served;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use desk::Desk;
use desk::web::routes::{ROUTES, Verb, Who};
use desk::web::serve::{operators, router};
use four::{Four, INCIDENT, four, newest};
use http_body_util::BodyExt as _;
use odd::{Dice, MARK, Route, Seen};
use sent::{Sender, contains, homes};
use served::{Browser, between};
use tower_service::Service as _;
use vault::Secret;

const HOST: &str = "north.localhost";

/// What stands in a file that is sealed, often.
const SEALED: &str = "plain-xyzzy";

/// What is written on the private side, and nowhere else.
const WRITTEN: &str = "qwxz-";

/// How many threads have fallen over.
static FELL: AtomicUsize = AtomicUsize::new(0);

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    /// Nobody that is known.
    Stranger,
    /// Somebody of another participant, with the cookie of their own desk.
    Other,
    /// Somebody of this one, who may nothing of the private side.
    Clerk,
    /// Somebody who may everything.
    Officer,
}

/// A desk with something of every kind, and a server of its routes.
struct Place {
    four: Four,
    router: Router,
    operators: Router,
    seen: Seen,
    /// Somebody at south's desk.
    other: Browser,
    /// Of keys and sessions: for nobody's eyes.
    secret: BTreeSet<String>,
}

/// North's desk: a file on record, words on the private side, and who may what.
fn place() -> Place {
    let four = four();
    let north = four.browser("north");
    assert_eq!(north.post("settings", &[("go", "who"), ("new", "ops-1")]).status, 303);
    let kept = |path: &str, form: &[(&str, &str)]| {
        let got = north.post(path, form);
        assert_eq!(got.status, 303, "{path}: {}", got.body);
        got.head["location"].clone()
    };
    let draft = "AAAAAAAAAAAAAAAAAAAAAA";
    let sender = Sender::of(&north);
    let plain = format!("{SEALED}-content ").repeat(400).into_bytes();
    let path = sender.begin("photo-xyzzy.jpg", "image/jpeg", draft, plain.len() as u64);
    assert_eq!(sender.patch(&path, 0, &plain).status, 204);
    let id = path.rsplit('/').next().expect("a name").to_owned();
    let form = [&INCIDENT[..], &[("kind", "incident"), ("go", "sign"), ("files", id.as_str())]].concat();
    let sign = kept(&format!("unsigned/{draft}"), &form);
    north.sign(&sign, "liaison-1");
    four.meet();
    let incident = newest(&north, "incidents");
    kept("watch/begin", &[]);
    kept("watch", &[("says", "qwxz-line"), ("kind", "note")]);
    kept("worklist", &[("says", "qwxz-task"), ("reference", &incident)]);
    for (circle, says) in [("internal", "qwxz-note"), ("good-offices", "qwxz-offices")] {
        kept("memo", &[("circle", circle), ("says", says), ("reference", &incident)]);
    }
    kept(
        "directory",
        &[("office", "qwxz-post"), ("person", "qwxz-person"), ("number-is", "radio"), ("number", "1")],
    );
    kept(&format!("unsigned/{draft}"), &[("kind", "incident"), ("text", "qwxz-draft")]);
    let half = sender.begin("half-xyzzy.txt", "text/plain", draft, 1_000);
    assert_eq!(sender.patch(&half, 0, b"half").status, 204);

    let mut secret = BTreeSet::new();
    for (_, key) in four.world.rings["north"].iter() {
        match key.secret() {
            Secret::Ed25519(seed) => {
                secret.insert(seed.iter().map(|byte| format!("{byte:02x}")).collect());
                secret.extend([STANDARD.encode(&seed[..]), URL_SAFE_NO_PAD.encode(&seed[..])]);
            }
            Secret::Age(identity) => secret.extend([identity.to_text().to_string()]),
        }
    }
    let mut seen = Seen::but([WRITTEN, SEALED]);
    seen.take_path(&format!("/{}/incidents/{incident}", north.agreement));
    seen.take_path(&half);
    let pages =
        ["", "watch?view=all", "worklist", "directory", "unsigned", "settings", "access", "people", "alerts"];
    let record =
        ["record", "record/1", "evidence", "agreement", "new", "incidents?view=all", "incidents/map"];
    for page in
        pages.iter().chain(&record).map(|page| (*page).to_owned()).chain([format!("incidents/{incident}")])
    {
        let got = north.get(&page);
        assert_eq!(got.status, 200, "{page}: {}", got.body);
        seen.take(&got.body);
    }
    let desk = four.desk("north");
    let (router, operators) = (router(Arc::clone(desk)), operators(Arc::clone(desk)));
    let other = four.browser("south");
    Place { four, router, operators, seen, other, secret }
}

/// What whoever is signed in has.
struct Sits {
    cookie: String,
    token: String,
}

/// An answer, with all of its body that has an end.
struct Got {
    status: u16,
    head: BTreeMap<String, Vec<u8>>,
    body: Vec<u8>,
}

impl Got {
    fn head(&self, name: &str) -> &str {
        self.head.get(name).and_then(|value| std::str::from_utf8(value).ok()).unwrap_or_default()
    }
}

impl Place {
    fn desk(&self) -> &Arc<Desk> {
        self.four.desk("north")
    }

    /// Somebody sits down anew: what was done before may have ended their session.
    fn sit(&mut self, asks: Asks) -> Option<Sits> {
        let who = match asks {
            Asks::Stranger => return None,
            Asks::Other => {
                return Some(Sits { cookie: self.other.cookie.clone(), token: self.other.token.clone() });
            }
            Asks::Clerk => "clerk-1",
            Asks::Officer => "ops-1",
        };
        let way_in = self.desk().way_in().expect("a link");
        let root = format!("/{}/", self.desk().agreement());
        let mut sits = Sits { cookie: String::new(), token: String::new() };
        let got = self.send(&sits, &way_in, &[]);
        sits.cookie = got.head("set-cookie").split(';').next().expect("a pair").to_owned();
        let page =
            Request::get(&root).header("host", HOST).header("cookie", &sits.cookie).body(Body::empty());
        let page = self.ask(false, page.expect("a request"));
        let page = String::from_utf8_lossy(&page.body);
        sits.token = between(&page, "name=\"token\" value=\"", "\"").expect("a form").to_owned();
        self.secret.insert(sits.cookie.split_once('=').expect("a pair").1.to_owned());
        self.send(&sits, &format!("{root}settings"), &[("go", "who"), ("new", who)]);
        Some(sits)
    }

    /// Sends a form that does what it should.
    fn send(&self, sits: &Sits, path: &str, form: &[(&str, &str)]) -> Got {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form).append_pair("token", &sits.token);
        let request = Request::post(path).header("host", HOST).header("origin", format!("http://{HOST}"));
        let request = request.header("cookie", &sits.cookie).body(Body::from(body.finish()));
        let got = self.ask(false, request.expect("a request"));
        assert_eq!(got.status, 303, "{path}: {}", String::from_utf8_lossy(&got.body));
        got
    }

    /// Says who may what, as it was.
    fn set_access(&self, sits: &Sits) {
        let parts = store::Part::ALL.map(|part| format!("ops-1 {}", part.as_str()));
        let form: Vec<(&str, &str)> = parts.iter().map(|may| ("may", may.as_str())).collect();
        self.send(sits, &format!("/{}/access", self.desk().agreement()), &form);
    }

    fn ask(&self, is_operators: bool, request: Request<Body>) -> Got {
        let mut router = if is_operators { self.operators.clone() } else { self.router.clone() };
        let is_head = request.method() == Method::HEAD;
        self.four.runtime.block_on(async move {
            let Ok(response) = router.call(request).await;
            let (head, body) = response.into_parts();
            let heads = head.headers.iter();
            let heads = heads.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
            let mut got = Got { status: head.status.as_u16(), head: heads, body: Vec::new() };
            // A stream of events has no end of its own.
            if !got.head("content-type").starts_with("text/event-stream") {
                let body = body.collect().await.expect("it comes whole").to_bytes();
                // Whoever asks for the head alone is told how the body would come.
                got.body = if is_head {
                    body.to_vec()
                } else {
                    served::unpressed(got.head("content-encoding"), &body)
                };
            }
            got
        })
    }

    /// What must hold of every answer.
    fn judge(&self, asks: Asks, route: &desk::web::routes::Route, got: &Got, said: &str) {
        let all: String =
            got.head.values().chain([&got.body]).map(|part| String::from_utf8_lossy(part) + "\n").collect();
        let shown =
            || format!("{asks:?} asked {said}: {} {}", got.status, String::from_utf8_lossy(&got.body));
        // Somebody has kept as many as there may be: that is no fault, and is said.
        let is_full =
            got.status == 507 && (all.contains("There is no room for more") || all.contains("\"full\""));
        assert!(got.status < 500 || is_full, "{}", shown());
        assert_eq!(FELL.load(Ordering::Relaxed), 0, "{}", shown());
        // Who is signed in gets the cookie once.
        let is_own = |word: &str| got.head("set-cookie").contains(word);
        let told = words(&all).find(|word| self.secret.contains(*word) && !is_own(word));
        assert!(told.is_none(), "a secret: {}", shown());
        let may_see = asks == Asks::Officer;
        assert!(may_see || !all.contains(WRITTEN), "the private side: {}", shown());
        let is_content = route.path.ends_with("/content") && matches!(asks, Asks::Officer | Asks::Clerk);
        assert!(is_content || !all.contains(SEALED), "sealed: {}", shown());
        let is_html = got.head("content-type").starts_with("text/html");
        assert!(!is_html || !all.contains(&MARK[..4]), "markup: {}", shown());
        // Nothing leads to another site, and no head was made of what was sent.
        let to = got.head("location");
        assert!(
            to.is_empty() || to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"),
            "{}",
            shown()
        );
        assert!(!got.head.contains_key("x") && !got.head("set-cookie").contains("x=y"), "{}", shown());
        let policy = got.head("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
            "{policy}: {}",
            shown()
        );
        assert_eq!(got.head("x-content-type-options"), "nosniff", "{}", shown());
        // What may be kept on the way is the same for all.
        let cache = got.head("cache-control");
        let is_kept = !cache.contains("no-store");
        let may_be = ["/assets/", "/register/", "/map/base/"].iter().any(|part| route.path.contains(part));
        assert!(!is_kept || (may_be && got.status < 400), "{cache:?}: {}", shown());
        assert!(!is_kept || !got.head.contains_key("set-cookie"), "{}", shown());
    }
}

/// What could be a key or the name of a session.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|one: char| !one.is_ascii_alphanumeric() && !"+/=-_".contains(one))
        .filter(|word| word.len() > 30)
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn no_request_makes_a_fault_or_tells_what_is_not_for_who_asks() {
    heard::listen();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        FELL.fetch_add(1, Ordering::Relaxed);
        before(panic);
    }));
    let mut place = place();
    let officer = place.sit(Asks::Officer).expect("somebody");
    place.set_access(&officer);
    let (each, seed) = (number("MITHAQ_ODD", 14), number("MITHAQ_SEED", 7));
    let mut dice = Dice { seed, is_tame: true };
    let mut came: BTreeMap<(&str, Asks), Vec<u16>> = BTreeMap::new();
    for route in ROUTES {
        for asks in [Asks::Stranger, Asks::Other, Asks::Clerk, Asks::Officer] {
            let browser = place.sit(asks);
            let mut heads = vec![("host", HOST.to_owned()), ("origin", format!("http://{HOST}"))];
            if let Some(browser) = &browser {
                heads.push(("cookie", browser.cookie.clone()));
                if route.is_stream() {
                    heads.push(("mithaq-token", browser.token.clone()));
                    heads.push(("tus-resumable", "1.0.0".to_owned()));
                }
            }
            let token = browser.as_ref().map(|browser| browser.token.as_str());
            let about = Route {
                path: route.path,
                verb: route.verb,
                heads: &heads,
                token,
                is_stream: route.is_stream(),
            };
            for one in 0..each {
                dice.is_tame = one == 0;
                let (said, request) = place.seen.request(&about, &mut dice);
                let got = place.ask(route.who == Who::Operator, request);
                let said: String = format!("(seed {seed}) {said}").chars().take(1_500).collect();
                place.judge(asks, route, &got, &said);
                came.entry((route.path, asks)).or_default().push(got.status);
                if asks == Asks::Officer && got.head("content-type").starts_with("text/html") {
                    place.seen.take(&String::from_utf8_lossy(&got.body));
                }
            }
            if route.path == "/{agreement}/access" {
                let officer = place.sit(Asks::Officer).expect("somebody");
                place.set_access(&officer);
            }
        }
    }
    // The dice reach what is behind the doors, and not the doors alone.
    for route in ROUTES.iter().filter(|route| matches!(route.who, Who::SignedIn(_))) {
        let all = &came[&(route.path, Asks::Officer)];
        let is_in = |status: &u16| ![401, 403, 405, 421].contains(status);
        assert!(all.iter().any(is_in), "{}: {all:?}", route.path);
        assert!(came[&(route.path, Asks::Stranger)].iter().all(|status| *status >= 400), "{}", route.path);
    }
    let went = came.values().flatten().filter(|status| **status < 400).count();
    assert!(went > 100, "{went} went well");
    // The log has none of it, and no file has what is sealed in the clear.
    let log = heard::said();
    assert!(log.contains("/{agreement}/watch"), "it was listened to");
    assert!(words(&log).all(|word| !place.secret.contains(word)), "the log has a secret");
    for told in [WRITTEN, SEALED, "photo-xyzzy"] {
        assert!(!log.contains(told), "the log has {told}");
    }
    for (path, bytes) in homes(&place.four) {
        assert!(!contains(&bytes, SEALED.as_bytes()), "{} has it in the clear", path.display());
    }
    // And the desk is still one at which somebody can work.
    let north = place.four.browser("north");
    assert_eq!(north.get("").status, 200);
    assert!(between(&north.get("incidents?view=all").body, "<main", "</main>").is_some());
    place.desk().work(|node, _| assert!(node.size() > 0));
}

/// What is no page: files, tiles, streams, and the way out.
const NO_PAGES: [&str; 1] = ["/{agreement}/record/verifier"];

/// What no link of this desk's pages leads to, and why.
const UNLINKED: [(&str, &str); 14] = [
    ("/", "it leads to the first page"),
    ("/{agreement}/agreement/text/{reference}", "no text is drafted here"),
    ("/{agreement}/record/contradictions/{number}", "nobody contradicts themselves here"),
    ("/{agreement}/map/about", "a script asks for it"),
    ("/{agreement}/map/base/{z}/{x}/{y}", "a script asks for it"),
    ("/{agreement}/events", "a script listens to it"),
    ("/{agreement}/people/{officer}/draft", "nobody waits to be enrolled here"),
    ("/{agreement}/watch/hand-over/{handover}", "no watch is handed over here"),
    ("/{agreement}/evidence/upload/{upload}", "a script asks for it"),
    ("/{agreement}/cut", "north may not say it"),
    ("/{agreement}/evidence/{exhibit}/content", "nothing is opened here"),
    ("/{agreement}/good-offices", "north lends none"),
    ("/{agreement}/held", "nothing is held here"),
    ("/{agreement}/{kind}/map/{z}/{x}/{y}", "a script asks for it"),
];

/// The route that answers a path, of those that are only read.
fn page_at(path: &str) -> Option<&'static str> {
    let is_open = |known: &str| known.starts_with('{');
    let fits = |route: &&str| {
        route.split('/').count() == path.split('/').count()
            && route.split('/').zip(path.split('/')).all(|(known, asked)| is_open(known) || known == asked)
    };
    let pages =
        ROUTES.iter().filter(|route| route.verb == Verb::Get && matches!(route.who, Who::SignedIn(_)));
    pages.map(|route| route.path).filter(fits).min_by_key(|route| route.matches('{').count())
}

/// Whoever begins at the first page finds every other by links, and each says the same to a program.
#[test]
fn every_page_is_found_by_links_and_answers_programs() {
    /// So many pages of one route are looked at.
    const EACH: usize = 4;
    let mut place = place();
    let sits = place.sit(Asks::Officer).expect("somebody");
    let get = |path: &str, media: &str| {
        let request = Request::get(path).header("host", HOST).header("cookie", &sits.cookie);
        place.ask(false, request.header("accept", media).body(Body::empty()).expect("a request"))
    };
    let mut asked: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let root = format!("/{}/", place.desk().agreement());
    let mut links = VecDeque::from([root.clone()]);
    let mut silent = BTreeSet::new();
    while let Some(link) = links.pop_front() {
        let link = link.split('#').next().unwrap_or_default();
        let path = link.split('?').next().unwrap_or_default().to_owned();
        let Some(route) = page_at(&path).filter(|_| path.starts_with(&root)) else { continue };
        let known = asked.entry(route).or_default();
        if known.len() == EACH || !known.insert(path.clone()) {
            continue;
        }
        let page = get(link, "text/html");
        if page.status == 303 {
            links.push_back(page.head("location").to_owned());
            continue;
        }
        assert!(page.status == 200, "{path}: {}", page.status);
        let text = String::from_utf8_lossy(&page.body).replace("&#38;", "&");
        links.extend(
            text.split("href=\"").skip(1).filter_map(|rest| Some(rest.split('"').next()?.to_owned())),
        );
        let json = get(link, "application/json");
        let said: Option<serde_json::Value> = serde_json::from_slice(&json.body).ok();
        let says = said.as_ref().and_then(serde_json::Value::as_object).is_some_and(|said| !said.is_empty());
        if (json.status, json.head("content-type"), says) != (200, "application/json", true) {
            silent.insert(route);
        }
    }
    assert_eq!(silent.into_iter().collect::<Vec<_>>(), NO_PAGES, "they say nothing to a program");
    let all = ROUTES.iter().filter(|route| route.verb == Verb::Get && matches!(route.who, Who::SignedIn(_)));
    let missed: Vec<&str> = all.map(|route| route.path).filter(|route| !asked.contains_key(route)).collect();
    assert_eq!(missed, UNLINKED.map(|(route, _)| route));
}
