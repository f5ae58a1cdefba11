//! Every route of the table, asked as everybody: a new one can't dodge it.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod served;

use std::net::SocketAddr;
use std::sync::Arc;

use act::Body;
use act::body::Open;
use act::value::{FieldValue, Fields, Word};
use common::{at, carry, code, met};
use desk::Desk;
use desk::web::routes::{ROUTES, Verb, Who};
use served::{ask, between, desk_of, serve};
use tokio::runtime::Runtime;

const HOST: &str = "north.localhost";

struct Served {
    at: SocketAddr,
    way_in: String,
    agreement: String,
    reference: String,
    /// The hash of an annex, and how many entries a quorum has cosigned.
    annex: String,
    cosigned: u64,
    desk: Arc<Desk>,
    // What serves, and the folder it serves from, until the test is over.
    _runtime: Runtime,
    _world: common::World,
}

/// North's desk, with a notice in its register.
fn served() -> Served {
    served_with(1)
}

/// The same, with so many.
fn served_with(notices: usize) -> Served {
    let (mut world, mut harbour) = met();
    let mut fields = Fields::new();
    fields.insert(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]));
    let open = Open { procedure: code("notice"), tier: None, fields, strands: Vec::new(), files: Vec::new() };
    for _ in 0..notices {
        world.north.act("liaison-1", Body::Open(open.clone()), at(5)).expect("opened");
    }
    let stick = world.stick.clone();
    for hour in [6, 8] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour + 1);
    }
    let home = world.home("north");
    let ring = common::copy_ring(&world.rings["north"]);
    let common::World { dir, stick, north, rings } = world;
    drop(north);
    let node = node::Node::open(&home, ring).expect("opened");
    let matter = node.docket().settlement().matters().values().next().expect("a notice");
    let reference = matter.reference.to_string();
    let annex = node.annexes().list().expect("listed")[0].to_hex();
    let cosigned = node.cosigned().expect("read");
    let runtime = Runtime::new().expect("a runtime");
    let desk = Arc::new(desk_of(node, &[HOST], at(10)));
    let address = serve(&runtime, &desk);
    let (way_in, agreement) = (desk.way_in().expect("a link"), desk.agreement().to_owned());
    // The world is kept for its folder.
    let node = node::Node::open(&home, common::copy_ring(&rings["north"]));
    assert!(node.is_err(), "two have the same node open");
    let _world = common::World { dir, stick, north: harbour, rings };
    Served { at: address, way_in, agreement, reference, annex, cosigned, desk, _runtime: runtime, _world }
}

impl Served {
    fn ask(&self, verb: Verb, path: &str, head: &[(&str, &str)]) -> served::Got {
        ask(self.at, verb, path, head, "")
    }

    /// Opens the desk; gives the cookie of the session.
    fn sign_in(&self) -> String {
        let got = self.ask(Verb::Post, &self.way_in, &[("host", HOST), ("origin", "http://north.localhost")]);
        assert_eq!(got.status, 303, "{}", got.body);
        let cookie = got.head["set-cookie"].clone();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        cookie.split(';').next().expect("a pair").to_owned()
    }

    /// What each form of a session sends.
    fn token(&self, cookie: &str) -> String {
        let page =
            self.ask(Verb::Get, &format!("/{}/", self.agreement), &[("host", HOST), ("cookie", cookie)]);
        let token = between(&page.body, "name=\"token\" value=\"", "\"").expect("a form");
        format!("token={token}")
    }

    /// A path of the table, with what is really there in its open parts.
    fn filled(&self, path: &str) -> String {
        path.replace("{agreement}", &self.agreement)
            .replace("{kind}", "notices")
            .replace("{reference}", &self.reference)
            .replace("{step}", "acknowledge")
            .replace("{relief}", "suspend")
            .replace("{z}/{x}/{y}", "0/0/0")
            .replace("{token}", "no-such-link")
            .replace("{level}", "0")
            .replace("{*tile}", &format!("000.p/{}", self.cosigned))
            .replace("{hash}", &self.annex)
            .replace("{entry}", "1")
            .replace("{number}", "1")
    }
}

#[test]
fn each_route_is_for_whom_the_table_says() {
    let served = served();
    let cookie = served.sign_in();
    let token = served.token(&cookie);
    let mut walked = 0;
    for route in ROUTES.iter().filter(|route| !route.path.starts_with("/out")) {
        let path = served.filled(route.path);
        let origin = ("origin", "http://north.localhost");
        let stranger = served.ask(route.verb, &path, &[("host", HOST), origin]);
        let with = [("host", HOST), origin, ("cookie", cookie.as_str())];
        // What is larger than a form has the token in a head.
        let own = token.strip_prefix("token=").expect("a token");
        let stream = [("mithaq-token", own), ("tus-resumable", "1.0.0"), ("upload-length", "3")];
        let known = match route.is_stream() {
            true => ask(served.at, route.verb, &path, &[&with[..], &stream].concat(), ""),
            false => ask(served.at, route.verb, &path, &with, &token),
        };
        if route.verb != Verb::Get && matches!(route.who, Who::SignedIn(_)) {
            // A form without the token of its session changes nothing, wherever it comes from.
            for forged in ["", "token=", "token=x", &token.replace("token=", "token=A")] {
                let head = ("mithaq-token", forged.strip_prefix("token=").unwrap_or_default());
                let with = [&with[..], &[head], &stream[1..]].concat();
                assert_eq!(ask(served.at, route.verb, &path, &with, forged).status, 403, "{path}: {forged}");
            }
        }
        match route.who {
            Who::SignedIn(_) => {
                assert_eq!(stranger.status, 401, "{path} to a stranger");
                // The switch between languages has the path that was asked, which the stranger knew.
                let told = stranger.body.replace(&path, "");
                assert!(!told.contains(&served.reference), "{path} tells a stranger of a matter");
                // There is no such draft.
                let is_there = [200, 201, 303].contains(&known.status);
                let nothing = [
                    "{",
                    "/notices/map",
                    "/memo",
                    "/views",
                    "/held/drop",
                    "/contradictions/",
                    "/agreement/",
                    "/upload/form",
                ];
                let is_nothing = nothing.iter().any(|part| path.contains(part));
                assert!(is_there != is_nothing, "{path}: {}", known.status);
            }
            Who::Anybody => assert_eq!(stranger.status, known.status, "{path}"),
            // North's register is nobody else's to read.
            Who::Reads(_) => {
                assert_eq!((stranger.status, known.status), (401, 200), "{path}");
                assert_eq!(stranger.body, "prove-first\n", "{path}");
            }
            // No session opens it, only its key.
            Who::Keyed => {
                assert_eq!((stranger.status, known.status), (401, 401), "{path}");
                assert_eq!(stranger.body, "prove-first\n", "{path}");
            }
            // At another address.
            Who::Operator => assert_eq!((stranger.status, known.status), (404, 404), "{path}"),
            // A session is no token.
            Who::Admitted => assert_eq!((stranger.status, known.status), (401, 401), "{path}"),
            // A person's session proves no node. North has no witness to ask.
            Who::Proved => {
                let refused = if path.starts_with("/witness/") { 404 } else { 401 };
                assert_eq!((stranger.status, known.status), (refused, refused), "{path}");
            }
        }
        if route.is_program() {
            // What proves each request may come under any name, and no cookie counts.
            walked += 1;
            continue;
        }
        // Under another's name, nothing; from another's page, nothing is changed.
        let elsewhere = [("host", "elsewhere.example"), origin, ("cookie", cookie.as_str())];
        let told = served.ask(route.verb, &path, &elsewhere);
        assert_eq!(told.status, 421, "{path}");
        assert!(told.body.len() < 80, "{path}: {}", told.body);
        if route.verb != Verb::Get {
            let head = |name, value| vec![("host", HOST), ("cookie", cookie.as_str()), (name, value)];
            let forged = [
                head("origin", "http://elsewhere.example"),
                head("origin", "null"),
                head("sec-fetch-site", "cross-site"),
                head("accept", "*/*"),
                vec![with[0], with[1], with[2], ("sec-fetch-site", "same-site")],
            ];
            for forged in &forged {
                assert_eq!(
                    ask(served.at, route.verb, &path, forged, &token).status,
                    403,
                    "{path}: {forged:?}"
                );
            }
        }
        for got in [&stranger, &known] {
            let policy = &got.head["content-security-policy"];
            // The page of an entry runs the verifier's module, and no text as a program.
            let is_checked = path.ends_with("/record/1") && got.status == 200;
            assert_eq!(policy.contains(" 'wasm-unsafe-eval'"), is_checked, "{path}: {policy}");
            let policy = policy.replace(" 'wasm-unsafe-eval'", "");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(got.head["x-content-type-options"], "nosniff", "{path}");
            assert!(got.status < 500, "{path}: {}", got.body);
        }
        walked += 1;
    }
    assert_eq!(walked, ROUTES.len() - 2);
    for out in ["/out", "/out/everywhere"] {
        let leave = served.ask(Verb::Post, out, &[("host", HOST), ("origin", "http://north.localhost")]);
        assert_eq!(leave.status, 401, "{out} to a stranger");
    }
}

#[test]
fn a_link_opens_once_and_leaving_ends_it() {
    let served = served();
    let look = served.ask(Verb::Get, &served.way_in, &[("host", HOST)]);
    assert_eq!(look.status, 200, "to look at a link does not use it up");
    let cookie = served.sign_in();
    assert_eq!(served.ask(Verb::Get, &served.way_in, &[("host", HOST)]).status, 410);
    let root = format!("/{}/", served.agreement);
    let with = [("host", HOST), ("cookie", cookie.as_str()), ("origin", "http://north.localhost")];
    assert_eq!(served.ask(Verb::Get, &root, &with).status, 200);
    assert_eq!(served.ask(Verb::Post, "/out", &with).status, 403, "without the token of its session");
    assert_eq!(ask(served.at, Verb::Post, "/out", &with, &served.token(&cookie)).status, 303);
    assert_eq!(served.ask(Verb::Get, &root, &with).status, 401);
}

#[test]
fn every_page_answers_programs_and_both_languages() {
    let served = served();
    let cookie = served.sign_in();
    let with = [("host", HOST), ("cookie", cookie.as_str())];
    let matter = format!("notices/{}", served.reference);
    let (form, new) = (format!("{matter}/acknowledge"), "notices/new");
    let desk = [
        "watch",
        "watch?view=all",
        "watch/hand-over",
        "worklist",
        "worklist?view=all",
        "settings",
        "good-offices",
        "notes",
        "cut",
        "directory",
        "directory/new",
        "directory/import",
        "people",
        "access",
        "held",
        "evidence",
        "evidence?view=ours",
    ];
    let record =
        ["agreement", "agreement?texts=all", "agreement/notice", "record?to=3", "record/0", "record/2"];
    let pages = ["", "record", "new", "unsigned", "notices", "notices?view=all", &matter, &form, new];
    for page in pages.into_iter().chain(desk).chain(record) {
        let path = format!("/{}/{page}", served.agreement);
        let and = if path.contains('?') { '&' } else { '?' };
        let english = served.ask(Verb::Get, &path, &with);
        assert_eq!(english.status, 200, "{path}: {}", english.body);
        assert!(
            english.body.contains("lang=\"en\" dir=\"ltr\"") && english.body.contains("EXERCISE"),
            "{path}"
        );
        assert!(!english.body.contains(" style=") && !english.body.contains("<script>"), "{path}");
        let urdu = served.ask(Verb::Get, &format!("{path}{and}lang=ur"), &with);
        assert!(urdu.body.contains("lang=\"ur\" dir=\"rtl\"") && urdu.body.contains("مشق"), "{path}");
        let json = served.ask(Verb::Get, &format!("{path}{and}as=json"), &with);
        assert_eq!(json.head["content-type"], "application/json", "{path}");
        serde_json::from_str::<serde_json::Value>(&json.body).expect("it is JSON");
    }
    let list = served.ask(Verb::Get, &format!("/{}/notices?as=csv", served.agreement), &with);
    assert!(
        list.body.starts_with("Reference [reference],") && list.body.contains(&served.reference),
        "{}",
        list.body
    );
    let found = served.ask(
        Verb::Get,
        &format!("/{}/search?q={}", served.agreement, served.reference.to_lowercase()),
        &with,
    );
    assert!(
        found.head["location"].ends_with(&served.reference),
        "a reference that is pasted opens its matter"
    );
    let unknown = served.ask(Verb::Get, &format!("/{}/search?q=%3Cb%3EX", served.agreement), &with);
    assert_eq!(unknown.status, 200);
    assert!(!unknown.body.contains("<b>X"), "what was typed is shown as text");
}

/// A list that is long comes in pages of 200, for people and programs alike; a spreadsheet gets all of it.
#[test]
fn a_long_list_has_pages() {
    let served = served_with(203);
    let cookie = served.sign_in();
    let with = [("host", HOST), ("cookie", cookie.as_str())];
    let mut next = format!("/{}/notices?view=all&reference=-26-", served.agreement);
    let mut seen = std::collections::BTreeSet::new();
    for rows in [200, 3] {
        let json = served.ask(Verb::Get, &format!("{next}&as=json"), &with);
        let json: serde_json::Value = serde_json::from_str(&json.body).expect("it is JSON");
        let page = served.ask(Verb::Get, &next, &with).body;
        let main = served::main_of(&page);
        assert_eq!(json["rows"].as_array().map(Vec::len), Some(rows), "{next}");
        assert_eq!(json["of"], 203);
        for row in json["rows"].as_array().expect("rows") {
            let reference = row["matter"]["reference"].as_str().expect("a reference").to_owned();
            assert!(main.contains(&reference), "{reference}");
            assert!(seen.insert(reference), "it is on two pages");
        }
        assert_eq!(main.matches("<th scope=\"row\"").count(), rows);
        match between(main, "rel=\"next\" href=\"", "\"") {
            Some(link) => next = link.replace("&#38;", "&"),
            None => assert_eq!(rows, 3, "the last page: {main}"),
        }
    }
    assert_eq!(seen.len(), 203);
    let sheet = served.ask(Verb::Get, &format!("/{}/notices.csv?view=all", served.agreement), &with);
    assert_eq!(sheet.body.lines().count(), 204);
}

/// One filter in the address, and the page, the answer for programs and the spreadsheet say the same rows.
#[test]
fn a_filter_is_one_query_in_every_form() {
    let served = served();
    let cookie = served.sign_in();
    let with = [("host", HOST), ("cookie", cookie.as_str())];
    let get = |query: &str, more: &[(&str, &str)]| {
        let path = format!("/{}/notices{query}", served.agreement);
        served.ask(Verb::Get, &path, &[&with, more].concat())
    };
    let all = get("?view=all&as=json", &[]);
    let all: serde_json::Value = serde_json::from_str(&all.body).expect("it is JSON");
    let row = &all["rows"][0];
    let state = row["state"].as_str().expect("a state");
    let since = row["since"]["at"].as_str().expect("a time");
    let day = &since[..10];
    let of = row["next"]["of"][0]["id"].as_str().unwrap_or_else(|| panic!("somebody is asked: {row}"));
    let part = served.reference.to_lowercase();
    let filters = [
        (format!("state={state}"), 1),
        ("state=no-such-state".to_owned(), 0),
        (format!("of={of}"), 1),
        ("of=nobody-here".to_owned(), 0),
        (format!("since={since}&until={since}"), 1),
        (format!("since={day}&until={day}"), 1),
        ("since=2030-01-01".to_owned(), 0),
        ("until=2020-01-01".to_owned(), 0),
        (format!("reference={part}"), 1),
        ("reference=ZZZ".to_owned(), 0),
        (format!("state={state}&of={of}&since={day}&until={day}&reference={part}"), 1),
        (format!("state={state}&reference=zzz"), 0),
    ];
    for (filter, rows) in &filters {
        let json = get(&format!("?view=all&{filter}&as=json"), &[]);
        let json: serde_json::Value = serde_json::from_str(&json.body).expect("it is JSON");
        assert_eq!(json["rows"].as_array().map(Vec::len), Some(*rows), "{filter}");
        assert_eq!((&json["all"], &json["of"]), (&(*rows).into(), &(*rows).into()), "{filter}");
        let page = get(&format!("?view=all&{filter}"), &[]);
        let main = served::main_of(&page.body);
        assert_eq!(main.matches("<th scope=\"row\"").count(), *rows, "{filter}: {main}");
        // Whoever goes to another view, or to the spreadsheet, keeps the filter.
        let kept = filter.replace(':', "%3A").replace('&', "&#38;");
        for link in ["notices?", "notices.csv?"] {
            assert!(main.contains(&format!("{link}{kept}")), "{filter}: {main}");
        }
        let suffix = get(&format!(".csv?view=all&{filter}"), &[]);
        assert_eq!(suffix.head["content-type"], "text/csv; charset=utf-8; header=present");
        assert_eq!(suffix.body.lines().count(), 1 + rows, "{filter}: {}", suffix.body);
        let accept = get(&format!("?view=all&{filter}"), &[("accept", "text/csv")]);
        assert_eq!(accept.body, suffix.body, "{filter}");
    }
    let chosen = get(&format!("?view=all&state={state}"), &[]);
    assert!(chosen.body.contains(&format!("<option value=\"{state}\" selected>")), "{}", chosen.body);
    for bad in ["state=A_B", "of=%3Cb%3E", "since=yesterday", "until=2026-02-30"] {
        let got = get(&format!("?{bad}"), &[]);
        assert_eq!(got.status, 400, "{bad}");
        assert!(!got.body.contains("<b>\""), "{bad}: what was typed is shown as text");
    }
    let got = get(".csv?lang=ur", &[]);
    assert!(got.body.contains(" [reference],") && !got.body.starts_with("Reference"), "{}", got.body);
    assert_eq!(served.ask(Verb::Get, "/x/notices.csv", &[("host", HOST)]).status, 401);
}

/// Whoever works with the node, as a meeting does, is waited for by nobody who reads.
#[test]
fn no_page_waits_for_the_node() {
    let served = served();
    let cookie = served.sign_in();
    let with = [("host", HOST), ("cookie", cookie.as_str())];
    let (say, hear) = std::sync::mpsc::channel::<()>();
    let (begins, begun) = std::sync::mpsc::channel();
    let desk = Arc::clone(&served.desk);
    let works = std::thread::spawn(move || {
        desk.work(|_, _| {
            begins.send(()).expect("heard");
            hear.recv().expect("said");
        });
    });
    begun.recv().expect("it works");
    let matter = format!("notices/{}", served.reference);
    let (form, draft) = (format!("{matter}/reserve"), "unsigned/AAAAAAAAAAAAAAAAAAAAAA");
    for page in ["", "record", "notices", &matter, "new", "notices/new", &form, "unsigned"] {
        assert_eq!(
            served.ask(Verb::Get, &format!("/{}/{page}", served.agreement), &with).status,
            200,
            "{page}"
        );
    }
    // To write, and to read what would be signed, waits for nobody either.
    let sent = format!("{}&kind=notice&f-told=harbour&go=sign", served.token(&cookie));
    let with_origin = [with[0], with[1], ("origin", "http://north.localhost")];
    let path = format!("/{}/{draft}", served.agreement);
    let kept = ask(served.at, Verb::Post, &path, &with_origin, &sent);
    assert_eq!(kept.status, 303, "{}", kept.body);
    let sign = served.ask(Verb::Get, &kept.head["location"], &with);
    assert!(sign.body.contains("name=\"read\""), "{}", sign.body);
    assert_eq!(served.ask(Verb::Get, "/register/checkpoint", &with).status, 200);
    say.send(()).expect("heard");
    works.join().expect("done");
}

/// What nobody would send comes to an answer too, and never to a fault of the program.
#[test]
fn odd_requests_are_answered() {
    let served = served();
    let cookie = served.sign_in();
    let odd = [
        "/%00",
        "/..%2f..%2fetc/passwd",
        "//",
        "/a/b/c/d/e",
        "/?lang=%ff",
        "/assets/x/y",
        "/assets/x/fonts/..%2f",
        "/notices?from=99999999999999999999",
        "/notices.csv?since=%ff",
        "/in/",
        "/in/%F0%9F%98%80",
    ];
    for path in odd {
        let got = served.ask(Verb::Get, path, &[("host", HOST), ("cookie", &cookie)]);
        assert!(got.status < 500, "{path}: {}", got.body);
        let rebound = served.ask(Verb::Get, path, &[("host", "rebind.example"), ("cookie", &cookie)]);
        assert_eq!(
            (rebound.status, rebound.body.contains("river")),
            (421, false),
            "{path}: {}",
            rebound.body
        );
    }
    // And what programs ask of each other.
    let heads: [&[(&str, &str)]; 4] = [
        &[],
        &[("mithaq-sha256", "x"), ("mithaq-signer", "\u{7f}"), ("mithaq-at", "x"), ("mithaq-signature", "x")],
        &[
            ("mithaq-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            ("mithaq-signer", "harbour/node-1"),
            ("mithaq-at", "2026-01-05T18:00:00Z"),
            ("mithaq-signature", &"A".repeat(86)),
            ("mithaq-part", "99999999999999999999"),
        ],
        &[("authorization", "Bearer \u{e9}"), ("if-none-match", "\"\",,,W/"), ("cookie", ";;=;")],
    ];
    for path in [
        "/meet",
        "/reader",
        "/register/acts",
        "/witness/add-checkpoint",
        "/register/checkpoint",
        "/healthz",
        "/metrics",
    ] {
        for head in heads {
            for body in ["", "mithaq.reader/v1\n\n", "old 0\n\n\u{0}", &"x".repeat(70_000)] {
                for verb in [Verb::Get, Verb::Post] {
                    let head = [&[("host", HOST)], head].concat();
                    let got = ask(served.at, verb, path, &head, body);
                    assert!(got.status < 500, "{path}: {}", got.body);
                }
            }
        }
    }
    let led_away = served.ask(Verb::Get, "//evil.example/x/y/z", &[("host", HOST), ("cookie", &cookie)]);
    assert!(!led_away.body.contains("evil.example"), "{}", led_away.body);
    let from = format!("/{}/notices?view=all&from=18446744073709551615", served.agreement);
    let got = served.ask(Verb::Get, &from, &[("host", HOST), ("cookie", &cookie)]);
    assert_eq!(got.status, 200, "{}", got.body);
    let long = format!("desk={}", "x".repeat(4000));
    assert_eq!(served.ask(Verb::Get, "/", &[("host", HOST), ("cookie", &long)]).status, 401);
}

/// All of a first page goes compressed, and is light.
#[test]
fn a_first_page_is_light() {
    let served = served();
    let cookie = served.sign_in();
    let get = |path: &str, encoding: &str| {
        served.ask(Verb::Get, path, &[("host", HOST), ("cookie", &cookie), ("accept-encoding", encoding)])
    };
    let root = format!("/{}/", served.agreement);
    let page = get(&root, "gzip, br");
    let bytes = |got: &served::Got| got.head["content-length"].parse::<usize>().expect("a length");
    let mut all = 0;
    let mut found = std::collections::BTreeSet::from([root.as_str()]);
    found.extend(page.body.split(['"', ' ']).filter(|part| part.starts_with("/assets/")));
    for part in &found {
        let (small, plain) = (get(part, "gzip, br"), get(part, "identity"));
        assert_eq!((small.status, small.head["content-encoding"].as_str()), (200, "gzip"), "{part}");
        assert!(!plain.head.contains_key("content-encoding"), "{part}");
        assert!(bytes(&small) < bytes(&plain), "{part}");
        for got in [&small, &plain] {
            assert!(got.head["vary"].starts_with("accept-encoding"), "{part}");
        }
        all += bytes(&small);
    }
    assert!(found.len() > 9 && all < 60_000, "{all} bytes in {} parts", found.len());
}

/// How long a compressed page is tells who can have it asked for, with words of their own in it, what else stands in it
/// (BREACH). So the token is another on each page, and a page that another site had asked is as long as it is.
#[test]
fn the_length_of_a_page_tells_another_site_nothing() {
    let served = served();
    let cookie = served.sign_in();
    let way_in = served.desk.way_in().expect("a link");
    let other = served.ask(Verb::Post, &way_in, &[("host", HOST), ("origin", "http://north.localhost")]);
    let other = other.head["set-cookie"].split(';').next().expect("a pair").to_owned();
    let root = format!("/{}/", served.agreement);
    let mut seen = std::collections::BTreeSet::new();
    for page in [root.clone(), format!("{root}settings"), format!("{root}notices/new"), root.clone()] {
        let asked = [("host", HOST), ("cookie", cookie.as_str()), ("accept-encoding", "gzip")];
        let got = served.ask(Verb::Get, &page, &asked);
        assert_eq!(got.head["content-encoding"], "gzip", "{page}");
        let tokens: std::collections::BTreeSet<&str> = got
            .body
            .split("name=\"token\" value=\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(token, _)| token))
            .collect();
        let [token] = tokens.into_iter().collect::<Vec<_>>()[..] else { panic!("{page} has one token") };
        // No part of it, as long as chance would not give, stands on another page, at any place of it.
        for part in token.as_bytes().windows(8) {
            assert!(seen.insert(part.to_vec()), "{page}: {token}");
        }
        let with = |cookie| [("host", HOST), ("cookie", cookie), ("origin", "http://north.localhost")];
        let form = format!("density=compact&token={token}");
        let path = format!("{root}settings");
        assert_eq!(ask(served.at, Verb::Post, &path, &with(&other), &form).status, 403, "of another session");
        assert_eq!(ask(served.at, Verb::Post, &path, &with(&cookie), &form).status, 303, "{page}");
        for (site, is_pressed) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
        {
            let got = served.ask(Verb::Get, &page, &[&asked[..], &[("sec-fetch-site", site)]].concat());
            assert_eq!((got.status, got.head.contains_key("content-encoding")), (200, is_pressed), "{site}");
            assert_eq!(got.head["vary"], "accept-encoding, sec-fetch-site", "{site}");
        }
    }
    // What says that something is wrong has words of whoever asks in it, too.
    let lost = format!("{root}notices/NOT-26-9999-X");
    let asked = [("host", HOST), ("cookie", cookie.as_str()), ("accept-encoding", "gzip")];
    assert!(served.ask(Verb::Get, &lost, &asked).head.contains_key("content-encoding"));
    let asked = [&asked[..], &[("sec-fetch-site", "cross-site")]].concat();
    assert!(!served.ask(Verb::Get, &lost, &asked).head.contains_key("content-encoding"));
}
