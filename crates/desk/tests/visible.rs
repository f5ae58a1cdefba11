//! Every route of the table, asked by each who might ask, of each kind of matter, by whom that may be seen: what it answers,
//! and no word of what is for others. The routes are the server's own table, so a new one can't dodge it.

#![expect(clippy::panic, reason = "a test says what it found")]

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod sent;
mod served;

use std::collections::{BTreeMap, BTreeSet};

use desk::web::routes::{Needs, ROUTES, Route, Verb, Who};
use four::{Four, INCIDENT, four, newest};
use sent::Sender;
use served::{Browser, Got, ask, between, main_of};

/// By whom a thing may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    /// By all who take part.
    ByAll,
    /// By all, but its content by those who took part.
    ByParties,
    /// The same, and without prejudice.
    WithoutPrejudice,
    /// By all, but its content by whom it was offered to.
    Offered,
    /// By all of north, and that it is there by nobody else.
    AtNorth,
    /// By those of north who may see this of the private side, and that it is there by nobody else.
    ByNorth(&'static str),
    /// By nobody until it has come to the register: it is signed, which those of south know who may see drafts.
    OnItsWay,
}

/// Who asks, at whose desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    /// Nobody that is known.
    Stranger,
    /// Somebody with the session of another participant's desk.
    Foreign,
    /// A program with the key of the participant's feed, or of a list of it.
    Keyed,
    /// Somebody who may nothing of the private side.
    Reader,
    /// Somebody who may see this of the private side, and no more.
    Of(&'static str),
    /// Somebody who may everything.
    Officer,
}

const DESKS: [&str; 3] = ["north", "south", "secretariat"];

/// A thing that somebody may not see: how routes name it, and words that stand in it alone.
struct Hidden {
    seen: Seen,
    /// What fills the open parts of a path.
    parts: BTreeMap<&'static str, String>,
    words: &'static str,
}

impl Hidden {
    fn new(seen: Seen, words: &'static str, parts: &[(&'static str, &str)]) -> Hidden {
        let parts = parts.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Hidden { seen, parts, words }
    }

    /// Whether these may read its words.
    fn is_for(&self, desk: &str, asks: Asks) -> bool {
        let is_in = matches!(asks, Asks::Reader | Asks::Of(_) | Asks::Officer);
        match self.seen {
            Seen::ByAll => is_in,
            Seen::ByParties | Seen::WithoutPrejudice | Seen::Offered => is_in && desk != "secretariat",
            Seen::AtNorth => is_in && desk == "north",
            Seen::ByNorth(part) => desk == "north" && (asks == Asks::Officer || asks == Asks::Of(part)),
            Seen::OnItsWay => false,
        }
    }

    /// Whether that it is there may be known.
    fn is_known_to(&self, desk: &str, asks: Asks) -> bool {
        match self.seen {
            Seen::ByAll | Seen::ByParties | Seen::WithoutPrejudice | Seen::Offered => {
                !matches!(asks, Asks::Stranger | Asks::Foreign)
            }
            Seen::AtNorth | Seen::ByNorth(_) => self.is_for(desk, asks),
            Seen::OnItsWay => desk == "south" && (asks == Asks::Officer || asks == Asks::Of("drafts")),
        }
    }
}

/// What the parts of the private side are called, of which somebody may see one alone.
const PARTS: [&str; 7] = ["access", "directory", "drafts", "good-offices", "notes", "tasks", "watch"];

/// A name that nothing has.
const NOTHING: &str = "ZZZZZZZZZZZZZZZZZZZZZZ";

/// The open parts that stand for a thing of its own. What is asked of one is asked of each thing that has it, and of nothing.
const NAMES: [&str; 10] =
    ["reference", "exhibit", "draft", "line", "handover", "task", "post", "upload", "officer", "team"];

struct World {
    // What serves, until the test is over.
    _four: Four,
    hidden: Vec<Hidden>,
    /// Somebody at each desk, under whichever name they last said.
    sits: BTreeMap<&'static str, Browser>,
    /// The addresses that keys open.
    keys: BTreeMap<&'static str, Vec<String>>,
}

fn kept(browser: &Browser, path: &str, form: &[(&str, &str)]) -> String {
    let got = browser.post(path, form);
    assert_eq!(got.status, 303, "{path}: {}", main_of(&got.body));
    got.head["location"].clone()
}

/// What stands at the end of a path.
fn last(path: &str) -> String {
    path.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).expect("a name").to_owned()
}

/// The name of the first in a list.
fn first(browser: &Browser, page: &str, rows: &str) -> String {
    let got = browser.get(&format!("{page}?as=json"));
    let json: serde_json::Value = serde_json::from_str(&got.body).expect("it is JSON");
    let name = |row: &serde_json::Value| Some(last(row["id"].as_str().or(row["href"].as_str())?));
    json[rows].as_array().expect("rows").iter().find_map(name).expect("one that is written here")
}

fn world() -> World {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let sender = Sender::of(&north);
    let mut hidden = Vec::new();

    let incident = [&INCIDENT[..], &[("text", "qwxz-all")]].concat();
    north.sign(&north.fill("incidents/new", &incident, "sign"), "liaison-1");
    four.meet();
    let open = newest(&north, "incidents");
    let of_all =
        [("kind", "incidents"), ("reference", open.as_str()), ("step", "account"), ("relief", "suspend")];
    hidden.push(Hidden::new(Seen::ByAll, "qwxz-all", &of_all));

    for (seen, tier, time, words) in [
        (Seen::ByParties, "record", "2026-01-05T06:00", "qwxz-parties"),
        (Seen::WithoutPrejudice, "without-prejudice", "2026-01-05T07:00", "qwxz-prejudice"),
    ] {
        let call = [
            ("f-other", "south"),
            ("f-channel", "hotline"),
            ("f-time", time),
            ("tier", tier),
            ("text", words),
        ];
        north.sign(&north.fill("contacts/new?tier=record", &call, "sign"), "liaison-1");
        four.meet();
        let list = north.get("contacts?view=all&as=csv").body;
        let known = |one: &str| hidden.iter().any(|known: &Hidden| known.parts["reference"] == one);
        let mut all = list.lines().skip(1).filter_map(|line| line.split(',').next());
        let reference = all.find(|one| !known(one)).expect("another").to_owned();
        let parts = [
            ("kind", "contacts"),
            ("reference", reference.as_str()),
            ("step", "confirm"),
            ("relief", "suspend"),
        ];
        hidden.push(Hidden::new(seen, words, &parts));
    }

    let text = [("tier", "record"), ("f-text", "qwxz-text"), ("f-part", "1"), ("f-number", "1")];
    north.sign(&north.fill("drafts/new?tier=record", &text, "sign"), "liaison-1");
    four.meet();
    let text = newest(&north, "drafts");
    let of_text =
        [("kind", "drafts"), ("reference", text.as_str()), ("step", "reserve"), ("relief", "suspend")];
    hidden.push(Hidden::new(Seen::ByAll, "qwxz-text", &of_text));

    let plain = b"qwxz-offered and more of it".repeat(40);
    let path = sender.begin("qwxz-offered.txt", "text/plain", "", plain.len() as u64);
    assert_eq!(sender.patch(&path, 0, &plain).status, 204);
    let offer = [("to", "south"), ("files", &last(&path))];
    north.sign(&north.fill("evidence/offer", &offer, "sign"), "liaison-1");
    four.meet();
    let exhibit = newest(&north, "evidence");
    let of_it = [("exhibit", exhibit.as_str()), ("deed", "challenge")];
    hidden.push(Hidden::new(Seen::Offered, "qwxz-offered", &of_it));

    // North's own, beside the matter that all may see.
    assert_eq!(north.post("settings", &[("go", "who"), ("new", "ops-1")]).status, 303);
    let draft = "vis0ble000000draft0qwx";
    kept(&north, &format!("unsigned/{draft}"), &[("kind", "incident"), ("text", "qwxz-draft")]);
    hidden.push(Hidden::new(Seen::ByNorth("drafts"), "qwxz-draft", &[("draft", draft)]));
    let path = sender.begin("qwxz-file.txt", "text/plain", draft, 1_000);
    assert_eq!(sender.patch(&path, 0, b"half").status, 204);
    hidden.push(Hidden::new(Seen::ByNorth("drafts"), "qwxz-file", &[("upload", &last(&path))]));
    kept(&north, "watch/begin", &[]);
    kept(&north, "watch", &[("says", "qwxz-line"), ("kind", "note"), ("reference", &open)]);
    let line = first(&north, "watch", "rows");
    hidden.push(Hidden::new(Seen::ByNorth("watch"), "qwxz-line", &[("line", &line)]));
    kept(&north, "teams", &[("name", "qwxz-team"), ("place", "X-03"), ("in", "30")]);
    let team = first(&north, "teams", "teams");
    hidden.push(Hidden::new(Seen::ByNorth("watch"), "qwxz-team", &[("team", &team)]));
    kept(&north, "worklist", &[("says", "qwxz-task"), ("reference", &open)]);
    let task = first(&north, "worklist", "tasks");
    hidden.push(Hidden::new(Seen::ByNorth("tasks"), "qwxz-task", &[("task", &task)]));
    for (circle, part, words) in
        [("internal", "notes", "qwxz-note"), ("good-offices", "good-offices", "qwxz-offices")]
    {
        kept(&north, "memo", &[("circle", circle), ("says", words), ("reference", &open)]);
        hidden.push(Hidden::new(Seen::ByNorth(part), words, &[]));
    }
    kept(&north, "directory", &[("office", "qwxz-post"), ("number-is", "radio"), ("number", "1")]);
    let post = first(&north, "directory", "posts");
    hidden.push(Hidden::new(Seen::ByNorth("directory"), "qwxz-post", &[("post", &post)]));
    let handed = kept(&north, "watch/hand-over", &[("taker", "ops-2"), ("says", "qwxz-handed")]);
    hidden.push(Hidden::new(Seen::ByNorth("watch"), "qwxz-handed", &[("handover", &last(&handed))]));

    let page = north.post("people", &[("label", "legal-2"), ("office", "qwxz-office")]).body;
    let link = between(&page, "<code>", "</code>").expect("a link").to_owned();
    let link = link.strip_prefix("http://north.localhost").expect("of this desk");
    served::authenticator::Authenticator::new(7, "north.localhost").enrol(&north, link);
    hidden.push(Hidden::new(Seen::AtNorth, "qwxz-office", &[("officer", "legal-2")]));

    let sign = south.fill("incidents/new", &[&INCIDENT[..], &[("text", "qwxz-way")]].concat(), "sign");
    south.sign(&sign, "liaison-1");
    hidden.push(Hidden::new(Seen::OnItsWay, "qwxz-way", &[("draft", &last(&sign))]));

    let (mut sits, mut keys) = (BTreeMap::new(), BTreeMap::new());
    for desk in DESKS {
        let officer = four.browser(desk);
        say_who(&officer, Asks::Officer);
        let key = |shows: &str| {
            let page = officer.post("feed", &[("shows", shows)]);
            between(main_of(&page.body), "<code>", "</code>").expect("an address").to_owned()
        };
        keys.insert(desk, ["", "incidents?view=all", "contacts?view=all"].map(key).to_vec());
        let may = PARTS.into_iter().chain(["publish"]).map(|part| format!("ops-1 {part}"));
        let may: Vec<String> = may.chain(PARTS.map(|part| format!("of-{part} {part}"))).collect();
        let form: Vec<(&str, &str)> = may.iter().map(|may| ("may", may.as_str())).collect();
        assert!(kept(&officer, "access", &form).ends_with("note=saved"));
        sits.insert(desk, officer);
    }
    World { _four: four, hidden, sits, keys }
}

/// Somebody else sits at a desk from now on.
fn say_who(browser: &Browser, asks: Asks) {
    let who = match asks {
        Asks::Of(part) => format!("of-{part}"),
        Asks::Officer => "ops-1".to_owned(),
        Asks::Reader | Asks::Stranger | Asks::Foreign | Asks::Keyed => "clerk-1".to_owned(),
    };
    assert_eq!(browser.post("settings", &[("go", "who"), ("new", &who)]).status, 303);
}

/// The open parts of a path.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// A path of the table: about a thing, if it names one.
fn filled(route: &Route, agreement: &str, of: Option<&Hidden>) -> String {
    let fill = |part: &str| {
        let of = of.and_then(|of| of.parts.get(part).cloned());
        of.unwrap_or_else(|| match part {
            "agreement" => agreement.to_owned(),
            "kind" if route.path.contains("/agreement/") => "incident".to_owned(),
            "kind" => "incidents".to_owned(),
            "entry" | "number" => "1".to_owned(),
            "step" => "account".to_owned(),
            "relief" => "suspend".to_owned(),
            "deed" => "challenge".to_owned(),
            "reference" => "INC-26-9999-X".to_owned(),
            "exhibit" => "EXH-26-9999-X".to_owned(),
            "topic" => "call".to_owned(),
            "level" | "z" | "x" | "y" => "0".to_owned(),
            "*tile" => "000".to_owned(),
            part if NAMES.contains(&part) || ["token", "hash"].contains(&part) => NOTHING.to_owned(),
            "edition" | "name" | "font" | "stack" | "range" => "none".to_owned(),
            other => {
                panic!("{}: nothing is known of `{other}`: say what fills it, and whose it is", route.path)
            }
        })
    };
    let open: Vec<String> = parts(route.path).map(str::to_owned).collect();
    open.iter().fold(route.path.to_owned(), |path, part| path.replace(&format!("{{{part}}}"), &fill(part)))
}

/// Whether somebody is let in at a door of the table.
fn is_in(route: &Route, asks: Asks) -> bool {
    let may = |part: &store::Part| match asks {
        Asks::Of(known) => known == part.as_str(),
        Asks::Officer => true,
        Asks::Stranger | Asks::Foreign | Asks::Keyed | Asks::Reader => false,
    };
    match route.who {
        Who::SignedIn(Needs::Parts(parts)) => parts.iter().all(may),
        // Its page asks for itself.
        Who::SignedIn(Needs::OfPage) => asks == Asks::Officer,
        _ => true,
    }
}

/// What is said, but for what was asked.
fn said(got: &Got, asked: &str) -> String {
    got.body.replace(asked, "")
}

impl World {
    /// Asks, in one's session if there is one.
    fn ask(&self, desk: &'static str, asks: Asks, verb: Verb, path: &str) -> Got {
        let any = &self.sits[desk];
        let session = match asks {
            Asks::Stranger | Asks::Keyed => None,
            Asks::Foreign => Some(&self.sits[DESKS[usize::from(desk == DESKS[0])]]),
            Asks::Reader | Asks::Of(_) | Asks::Officer => Some(any),
        };
        let origin = format!("http://{}", any.host);
        let mut head = vec![("host", any.host.as_str()), ("origin", origin.as_str())];
        let mut form = String::new();
        if let Some(session) = session {
            head.extend([("cookie", session.cookie.as_str()), ("mithaq-token", session.token.as_str())]);
            form = format!("token={}", session.token);
        }
        head.extend([("tus-resumable", "1.0.0"), ("content-type", "application/x-www-form-urlencoded")]);
        ask(any.at, verb, path, &head, if verb == Verb::Get { "" } else { &form })
    }

    /// What an answer has of what is hidden from who asked.
    #[track_caller]
    fn judge(&self, desk: &str, asks: Asks, path: &str, got: &Got) {
        let head: String = got.head.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let all = format!("{head}{}", got.body);
        for hidden in &self.hidden {
            // What was asked is known to who asked; what is short may stand anywhere.
            let named = NAMES.iter().filter_map(|name| hidden.parts.get(name));
            let named = named.filter(|name| name.len() > 9 && !path.contains(name.as_str()));
            let told: Vec<&String> = named.filter(|name| all.contains(name.as_str())).collect();
            let shown = || format!("{asks:?} of {desk} at {path}, of {hidden:?}: {}", main_of(&all));
            assert!(
                hidden.is_known_to(desk, asks) || told.is_empty(),
                "it is told that it is there: {}",
                shown()
            );
            assert!(hidden.is_for(desk, asks) || !all.contains(hidden.words), "it is read: {}", shown());
        }
        assert!(got.status < 500, "{asks:?} of {desk} at {path}: {} {all}", got.status);
    }

    /// A search for words that are for others finds as much as one for words that nobody wrote.
    fn search(&self, desk: &'static str, asks: Asks) {
        for hidden in self.hidden.iter().filter(|hidden| !hidden.is_for(desk, asks)) {
            let found = |words: &str| {
                let path = format!("/{}/search?as=json&q={words}", self.sits[desk].agreement);
                let got = self.ask(desk, asks, Verb::Get, &path);
                (got.status, said(&got, words))
            };
            assert_eq!(
                found(hidden.words),
                found("qwxz-never"),
                "{asks:?} of {desk} searches {}",
                hidden.words
            );
        }
    }

    /// A key opens its feed or its list, at its own desk, with nobody's words in it.
    fn keys(&self, desk: &'static str) {
        for (of, keys) in &self.keys {
            for key in keys {
                let got = self.ask(desk, Asks::Keyed, Verb::Get, key);
                self.judge(desk, Asks::Keyed, key, &got);
                assert_eq!(got.status, if *of == desk { 200 } else { 401 }, "{key} at {desk}");
            }
        }
    }

    /// Asks a route, about a thing if it names one, in each form that an answer has, and judges what comes.
    fn walk(&self, desk: &'static str, asks: Asks, route: &Route, of: Option<&Hidden>) -> Got {
        let path = filled(route, &self.sits[desk].agreement, of);
        let more: &[&str] = match (route.verb, asks) {
            (Verb::Post | Verb::Patch, _) => &[],
            (Verb::Get, Asks::Stranger | Asks::Foreign | Asks::Of(_)) => &["?view=all&as=json"],
            (Verb::Get, _) => &["?view=all&as=json", "?view=all&as=csv", "?open=1&lang=ur"],
        };
        let got = self.ask(desk, asks, route.verb, &path);
        self.judge(desk, asks, &path, &got);
        for form in more {
            let path = format!("{path}{form}");
            self.judge(desk, asks, &path, &self.ask(desk, asks, route.verb, &path));
        }
        let names = parts(route.path).any(|part| NAMES.contains(&part));
        if let Some(expected) = self.expected(desk, asks, route, names.then_some(of)) {
            assert!(
                expected.contains(&got.status),
                "{asks:?} of {desk} at {path} about {of:?}: {} and not {expected:?}: {}",
                got.status,
                main_of(&got.body).chars().take(800).collect::<String>()
            );
        }
        // What nobody may know of is answered like what never was.
        if let Some(of) = of.filter(|of| !of.is_known_to(desk, asks)) {
            let never = filled(route, &self.sits[desk].agreement, None);
            let told = |path: &str| {
                let got = self.ask(desk, asks, route.verb, &format!("{path}?as=json"));
                (got.status, said(&got, path))
            };
            assert_eq!(told(&path), told(&never), "{asks:?} of {desk} about {of:?}");
        }
        got
    }

    /// What a route answers: of what it names, if it names something.
    fn expected(
        &self,
        desk: &str,
        asks: Asks,
        route: &Route,
        named: Option<Option<&Hidden>>,
    ) -> Option<Vec<u16>> {
        let is_known = !matches!(asks, Asks::Stranger | Asks::Foreign);
        match route.who {
            Who::SignedIn(_) if !is_known => return Some(vec![401]),
            Who::SignedIn(_) if is_in(route, asks) => {}
            Who::SignedIn(Needs::Parts(_)) => return Some(vec![403]),
            // A page that asks for itself, or what anybody gets, or what no session opens: `routes.rs` has that.
            Who::SignedIn(Needs::OfPage) | Who::Anybody | Who::Keyed | Who::Proved | Who::Admitted => {
                return None;
            }
            Who::Reads(_) => return Some(if is_known { vec![200, 404] } else { vec![401] }),
            Who::Operator => return Some(vec![404]),
        }
        let of = match named {
            // What a form brings about has tests of its own.
            _ if route.verb != Verb::Get => return None,
            None => return Some(vec![200, 303, 404]),
            Some(None) => return Some(vec![404]),
            Some(Some(of)) => of,
        };
        let kind = of.parts.get("kind").map_or("", String::as_str);
        Some(match of.seen {
            _ if !of.is_known_to(desk, asks) => vec![404],
            Seen::Offered if route.path.ends_with("/content") && !of.is_for(desk, asks) => vec![409],
            // Of other kinds there is no text.
            _ if route.path.contains("/agreement/text/") && kind != "drafts" => vec![404],
            // What is not whole can't be signed, and what is signed can't be written on: one leads to the other.
            _ if route.path.ends_with("{draft}") => vec![200, 303],
            // What its clocks are: this is of each kind, and the same for each who takes part.
            _ if route.path.ends_with("/relief/{relief}") => vec![200, 404],
            _ => vec![200],
        })
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({:?})", self.words, self.seen)
    }
}

#[test]
fn no_route_tells_anybody_of_what_is_for_others() {
    let world = world();
    let mut shown: BTreeSet<(&str, Asks, &str)> = BTreeSet::new();
    let mut statuses: BTreeMap<(&str, String, &str), BTreeMap<Asks, u16>> = BTreeMap::new();
    for desk in DESKS {
        let others = [Asks::Stranger, Asks::Foreign, Asks::Reader].into_iter();
        // Who may everything comes last: by then all others have tried.
        let all =
            others.chain(PARTS.map(Asks::Of).into_iter().filter(|_| desk == "north")).chain([Asks::Officer]);
        for asks in all {
            say_who(&world.sits[desk], asks);
            for route in ROUTES.iter().filter(|route| !route.path.starts_with("/out")) {
                let names: Vec<&str> = parts(route.path).filter(|part| NAMES.contains(part)).collect();
                let has = |hidden: &&Hidden| names.iter().all(|name| hidden.parts.contains_key(name));
                let mut things: Vec<Option<&Hidden>> = vec![None];
                if !names.is_empty() {
                    things.extend(world.hidden.iter().filter(has).map(Some));
                    assert!(things.len() > 1, "{}: nothing is there that it names", route.path);
                }
                for of in things {
                    // Who may change it would, and who says who may what.
                    let is_theirs = of.is_some_and(|of| of.is_known_to(desk, asks))
                        || route.path.ends_with("/access") && is_in(route, asks);
                    if route.verb != Verb::Get && (is_theirs || asks == Asks::Officer && desk == "north") {
                        continue;
                    }
                    let got = world.walk(desk, asks, route, of);
                    let words = of.map_or("", |of| of.words);
                    statuses
                        .entry((desk, format!("{:?} {}", route.verb, route.path), words))
                        .or_default()
                        .insert(asks, got.status);
                    for hidden in &world.hidden {
                        if got.body.contains(hidden.words) {
                            shown.insert((desk, asks, hidden.words));
                        }
                    }
                }
            }
            if is_known(asks) {
                world.search(desk, asks);
            }
        }
    }
    for desk in DESKS {
        // Each who may read it has read it: nothing was kept from everybody, and nobody changed it who may not.
        for hidden in &world.hidden {
            for asks in [Asks::Reader, Asks::Officer].into_iter().chain(PARTS.map(Asks::Of)) {
                let walked = desk == "north" || !matches!(asks, Asks::Of(_));
                let is_shown = shown.contains(&(desk, asks, hidden.words));
                assert!(
                    !walked || is_shown == hidden.is_for(desk, asks),
                    "{} to {asks:?} of {desk}",
                    hidden.words
                );
            }
        }
        world.keys(desk);
    }
    // A page that is for whoever is signed in answers each in the same way, whatever they may see of the private side.
    for ((desk, route, words), all) in &statuses {
        let table = ROUTES
            .iter()
            .find(|known| format!("{:?} {}", known.verb, known.path) == *route)
            .expect("a route");
        if table.who == Who::SignedIn(Needs::Parts(&[])) {
            let known: BTreeSet<u16> =
                all.iter().filter(|(asks, _)| is_known(**asks)).map(|(_, status)| *status).collect();
            assert_eq!(known.len(), 1, "{route} at {desk} about {words}: {all:?}");
        }
    }
    let walked: usize = statuses.values().map(BTreeMap::len).sum();
    assert!(walked > 2_000, "{walked} answers were judged");
}

fn is_known(asks: Asks) -> bool {
    !matches!(asks, Asks::Stranger | Asks::Foreign | Asks::Keyed)
}
