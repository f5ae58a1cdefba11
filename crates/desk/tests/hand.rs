//! A person does the day's work in a browser: forms, drafts, signing, between desks that meet.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use std::sync::Arc;

use act::Body;
use act::body::Open;
use act::value::{FieldValue, Word};
use common::{at, carry, code, copy_ring, enrol};
use desk::web::routes::Verb;
use four::{EXERCISE, INCIDENT, four, newest};
use instrument::Instrument;
use instrument::procedure::{Holds, Leads};
use node::Node;
use served::{Browser, ask, between, desk_of, main_of, serve};
use store::{About, DraftId, Private};
use terms::Capacity;
use tokio::runtime::Runtime;
use vault::{KeyUse, Secret};

/// Words that stand nowhere else.
const WORDS: &str = "What was seen from the second post: xyzzy";

fn instrument() -> Instrument {
    let (read, _) = instrument::read(EXERCISE, &instrument::library::shipped());
    read.expect("the exercise")
}

/// Opens an incident and signs it; gives the page that says what became of it.
fn incident(browser: &Browser) -> String {
    let sign = browser.fill("incidents/new", &[&INCIDENT[..], &[("text", WORDS)]].concat(), "sign");
    assert!(sign.contains("/sign/"), "{sign}: {}", main_of(&browser.get(&sign).body));
    browser.sign(&sign, "liaison-1")
}

#[test]
fn an_incident_is_told_alleged_and_answered_in_browsers() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let done = incident(&north);
    let page = north.get(&done);
    assert!(page.body.contains("in the register as entry"), "{}", main_of(&page.body));
    four.meet();
    let told = newest(&south, "incidents");
    let page = south.get(&format!("incidents/{told}"));
    assert!(page.body.contains("North opened it"), "{}", main_of(&page.body));
    // The words are for whom the procedure names, at each desk of theirs; no entry has them.
    assert!(main_of(&page.body).contains(WORDS), "{}", main_of(&page.body));
    let is_anywhere = four.desk("south").work(|node, _| {
        let all = (0..node.size()).map(|index| node.entry(index).expect("an entry"));
        all.into_iter().any(|bytes| String::from_utf8_lossy(&bytes).contains("xyzzy"))
    });
    assert!(!is_anywhere);

    let alleged =
        [("f-bearer", "south"), ("f-provision", "p1"), ("f-incident", told.as_str()), ("f-grade", "serious")];
    let sign = north.fill("cases/new", &alleged, "sign");
    let page = north.get(&sign);
    let told_first = main_of(&page.body);
    for said in ["opens: ", "From then on", "South", "Acknowledge", "beyond its own words"] {
        assert!(told_first.contains(said), "{said}: {told_first}");
    }
    north.sign(&sign, "liaison-1");
    four.meet();
    let case = newest(&south, "cases");

    // What is asked stands on the overview, and leads to its form; to say that it arrived is one press.
    let overview = south.get("");
    let form = format!("/{}/cases/{case}/respond", south.agreement);
    assert!(overview.body.contains(&form), "{}", main_of(&overview.body));
    let page = south.get(&format!("cases/{case}"));
    let press =
        page.body.split("<form ").find(|form| form.contains("value=\"acknowledge\"")).expect("a button");
    let field = |name: &str| between(press, &format!("name=\"{name}\" value=\""), "\"").expect("a field");
    let about =
        [("kind", field("kind")), ("matter", field("matter")), ("step", "acknowledge"), ("go", "sign")];
    let pressed = south.post(between(press, "action=\"", "\"").expect("a path"), &about);
    let sign = pressed.head["location"].clone();
    assert!(sign.contains("/sign/"), "straight to the sign page: {sign}");
    let page = south.get(&south.sign(&sign, "liaison-1"));
    assert!(page.body.contains("on its way"), "{}", main_of(&page.body));

    // Two officers answer. The first agrees, and nothing is sent; the second signs.
    let answer = [("choice", "deny"), ("text", "It was not so.")];
    let sign = south.fill(&format!("cases/{case}/respond"), &answer, "sign");
    let agreed = south.sign(&sign, "legal-1");
    assert!(agreed.ends_with("note=agreed"), "{agreed}");
    let queued = || four.desk("south").work(|node, _| node.queued().expect("read").len());
    assert_eq!(queued(), 1, "the acknowledgement alone");
    let twice = south.get(&sign);
    let read = between(&twice.body, "name=\"read\" value=\"", "\"").expect("to be signed");
    south.post(&sign, &[("read", read), ("by", "legal-1"), ("ticked", "1")]);
    assert_eq!(queued(), 1, "one officer is not two");
    south.sign(&sign, "liaison-1");
    assert_eq!(queued(), 2);
    four.meet();
    for browser in [&north, &south] {
        let page = browser.get(&format!("cases/{case}"));
        for said in ["acknowledge", "Deny", "The bearer has responded"] {
            assert!(
                page.body.to_lowercase().contains(&said.to_lowercase()),
                "{said}: {}",
                main_of(&page.body)
            );
        }
    }
    let page = south.get(&sign);
    assert!(page.body.contains("It is final"), "{}", main_of(&page.body));
    let folder = four.desk("south").work(|node, _| node.home().data.clone());
    common::verify(&folder);
}

#[test]
fn a_form_that_is_signed_twice_makes_one_act() {
    let four = four();
    let north = four.browser("north");
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    let page = north.get(&sign);
    let read = between(&page.body, "name=\"read\" value=\"", "\"").expect("to be signed").to_owned();
    let form = [("read", read.as_str()), ("by", "liaison-1"), ("ticked", "1")];
    // A double click: both at once.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(north.post(&sign, &form).status, 303));
        }
    });
    assert_eq!(four.acts(terms::Kind::Open), 1);
    // Back, and the form sent once more; the sign page again.
    let id = sign.rsplit('/').next().expect("a draft").to_owned();
    let again: Vec<(&str, &str)> =
        INCIDENT.into_iter().chain([("kind", "incident"), ("go", "sign")]).collect();
    let got = north.post(&format!("unsigned/{id}"), &again);
    assert!(got.head["location"].ends_with(&format!("/sign/{id}")), "{:?}", got.head);
    north.post(&sign, &form);
    assert_eq!(four.acts(terms::Kind::Open), 1);
    // Unread, nothing is signed.
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    let got = north.post(&sign, &[("read", &read), ("by", "liaison-1")]);
    assert!(got.head["location"].ends_with("note=tick"));
    // What was read is not what is there now.
    let id = sign.rsplit('/').next().expect("a draft");
    let mut other: Vec<(&str, &str)> = again.clone();
    other[3] = ("f-reported-grade", "grave");
    north.post(&format!("unsigned/{id}"), &other);
    let got = north.post(&sign, &form);
    assert!(got.head["location"].ends_with("note=changed"), "{:?}", got.head);
    assert_eq!(four.acts(terms::Kind::Open), 1);
}

/// To read takes time, in which neither what is signed nor what comes of it is another.
#[test]
fn who_reads_slowly_signs_what_was_read() {
    let four = four();
    let north = four.browser("north");
    let sign = north.fill("incidents/new", &[&INCIDENT[..], &[("text", WORDS)]].concat(), "sign");
    let page = north.get(&sign);
    let read = between(&page.body, "name=\"read\" value=\"", "\"").expect("to be signed").to_owned();
    std::thread::sleep(std::time::Duration::from_millis(1200));
    four.meet();
    let got = north.post(&sign, &[("read", read.as_str()), ("by", "liaison-1"), ("ticked", "1")]);
    assert!(!got.head["location"].contains("note="), "{:?}", got.head);
    assert_eq!(four.acts(terms::Kind::Open), 1);
}

/// What follows is part of what was read: another act that comes between makes another page of it.
#[test]
fn what_follows_is_read_as_well() {
    let four = four();
    let north = four.browser("north");
    let opening = [("f-crossing", "10.25, -39.9 ± 500 m"), ("f-announcer", "north"), ("f-traffic", "people")];
    let sign = north.fill("crossings/new", &opening, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let crossing = newest(&north, "crossings");
    let announce = format!("crossings/{crossing}/announce");
    let first = north.fill(&announce, &[("choice", "closed"), ("lives", "north:people")], "sign");
    let page = north.get(&first);
    let read = between(&page.body, "name=\"read\" value=\"", "\"").expect("to be signed").to_owned();
    let other = north.fill(&announce, &[("choice", "closed"), ("lives", "north:people")], "sign");
    north.sign(&other, "liaison-1");
    four.meet();
    // The same words would move nothing now.
    let got = north.post(&first, &[("read", read.as_str()), ("by", "liaison-1"), ("ticked", "1")]);
    assert!(got.head["location"].ends_with("note=changed"), "{:?}", got.head);
    assert_eq!(four.acts(terms::Kind::Step), 1);
}

#[test]
fn a_forged_form_changes_nothing() {
    let four = four();
    let north = four.browser("north");
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    let page = north.get(&sign);
    let read = between(&page.body, "name=\"read\" value=\"", "\"").expect("to be signed").to_owned();
    let form = [("read", read.as_str()), ("by", "liaison-1"), ("ticked", "1")];
    let with = |token: &str, more: &[(&str, &str)]| {
        let form: Vec<(&str, &str)> = form.into_iter().chain([("token", token)]).collect();
        north.post_as_it_is(&sign, &form, more).status
    };
    let other = four.browser("north");
    assert_eq!(with("", &[]), 403);
    assert_eq!(with(&other.token, &[]), 403, "of another session");
    assert_eq!(with(&north.token, &[("sec-fetch-site", "same-site")]), 403, "of a desk beside this one");
    let elsewhere =
        [("host", "north.localhost"), ("cookie", &north.cookie), ("origin", "http://south.localhost")];
    let body = format!("read={read}&by=liaison-1&ticked=1&token={}", north.token);
    assert_eq!(ask(north.at, Verb::Post, &sign, &elsewhere, &body).status, 403, "from another origin");
    let long = "x".repeat(2 << 20);
    assert_eq!(north.post("unsigned/AAAAAAAAAAAAAAAAAAAAAA", &[("text", &long)]).status, 413);
    assert_eq!(four.acts(terms::Kind::Open), 0);
    assert_eq!(with(&north.token, &[("sec-fetch-site", "same-origin")]), 303);
    assert_eq!(four.acts(terms::Kind::Open), 1);
}

#[test]
fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
    let four = four();
    let north = four.browser("north");
    let typed = [
        ("f-kind", "fire"),
        ("f-time", "2026-01-05T10:00"),
        ("f-place", "somewhere near the ford"),
        ("f-harm", "civilians"),
        ("text", "a <b>word</b> & ۱۲"),
    ];
    let back = north.fill("incidents/new", &typed, "sign");
    assert!(back.contains("/unsigned/") && back.ends_with("look=1"), "{back}");
    for (language, needed) in [("en", "It is needed."), ("ur", "یہ لازم ہے۔")] {
        let page = north.get(&format!("{back}&lang={language}"));
        let main = main_of(&page.body);
        let place = between(main, "id=\"f-place\"", ">").expect("a field");
        assert!(
            place.contains("value=\"somewhere near the ford\"") && place.contains("aria-invalid"),
            "{place}"
        );
        assert!(place.contains("f-place-why"), "{place}");
        assert!(
            main.contains("<a href=\"#f-place\">") && main.contains("<a href=\"#f-reported-grade\">"),
            "{main}"
        );
        assert!(
            between(main, "id=\"f-reported-grade\"", "</fieldset>").expect("a field").contains(needed),
            "{main}"
        );
        assert!(
            main.contains("value=\"fire\" checked") || main.contains("value=\"fire\" selected"),
            "{main}"
        );
        assert!(main.contains("value=\"civilians\" checked"), "{main}");
        assert!(main.contains("a &#60;b&#62;word&#60;/b&#62; &#38; ۱۲"), "{main}");
        assert!(!main.contains("<a href=\"#f-kind\">"), "what is right is not in the list");
    }
    // Digits of three scripts are read alike.
    let id = between(&back, "/unsigned/", "?").expect("a draft");
    let right = [
        ("kind", "incident"),
        ("f-kind", "fire"),
        ("f-time", "۲۰۲۶-۰۱-۰۵ ۱۰:۰۰"),
        ("f-place", "١٠.٢٥, -۳۹.۹ ± ۵۰۰ m"),
        ("f-reported-grade", "serious"),
        ("go", "sign"),
    ];
    let got = north.post(&format!("unsigned/{id}"), &right);
    assert!(got.head["location"].contains("/sign/"), "{:?}", got.head);
    assert!(north.get(&got.head["location"]).body.contains("5 Jan 10:00"), "it is read as it is signed");
    assert_eq!(four.acts(terms::Kind::Open), 0);
}

#[test]
fn a_draft_is_private_and_outlives_a_restart() {
    let mut four = four();
    let north = four.browser("north");
    let kept = north.fill("incidents/new", &[("f-kind", "mine"), ("text", WORDS)], "keep");
    assert!(kept.contains("/unsigned/"), "{kept}");
    // As the script does it: an answer in words, and nothing else moves.
    let id = kept.rsplit('/').next().expect("a draft").to_owned();
    let typed = [("kind", "incident"), ("f-kind", "mine"), ("text", WORDS), ("token", &north.token)];
    let got = north.post_as_it_is(&format!("unsigned/{id}"), &typed, &[("accept", "application/json")]);
    assert_eq!(got.status, 200);
    assert!(got.body.contains("\"says\":\"Kept"), "{}", got.body);
    assert!(north.get("unsigned").body.contains(&id));
    // Another participant sees nothing of it, wherever it looks; nor does the register, nor what goes to others.
    four.meet();
    let south = four.browser("south");
    assert_eq!(south.get(&format!("unsigned/{id}")).status, 404);
    assert_eq!(south.get(&format!("sign/{id}")).status, 404);
    for page in ["", "unsigned", "incidents?view=all", "record"] {
        assert!(!south.get(page).body.contains(&id), "{page}");
    }
    let folder = four.desk("north").work(|node, _| node.home().data.clone());
    let mut looked = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).expect("a folder") {
            let path = file.expect("listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("read");
                let has = |what: &str| bytes.windows(what.len()).any(|window| window == what.as_bytes());
                assert!(!has("xyzzy") && !has(&id), "{}", path.display());
                looked += 1;
            }
        }
    }
    assert!(looked > 3, "the folder was read");
    // The machine stops, and starts again.
    let (ring, home) = (copy_ring(&four.world.rings["north"]), four.world.home("north"));
    four.runtime.shutdown_background();
    four.runtime = Runtime::new().expect("a runtime");
    four.desks.clear();
    let node = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        Node::open(&home, copy_ring(&ring)).ok()
    });
    let desk = Arc::new(desk_of(node.expect("opened again"), &["north.localhost"], at(9)));
    let address = serve(&four.runtime, &desk);
    let north = Browser::open(address, "north.localhost", &desk);
    let page = north.get(&format!("unsigned/{id}"));
    assert!(page.body.contains(WORDS) && page.body.contains("value=\"mine\""), "{}", main_of(&page.body));
    assert!(north.get("unsigned").body.contains("in another session"));
    // It goes if it is dropped.
    assert_eq!(north.post(&format!("unsigned/{id}/discard"), &[]).status, 303);
    assert_eq!(north.get(&format!("unsigned/{id}")).status, 404);
}

/// What no page of ours sends is answered too, keeps nothing that is not a draft, and is no fault of the program.
#[test]
fn odd_forms_are_answered() {
    let four = four();
    let north = four.browser("north");
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    let id = sign.rsplit('/').next().expect("a draft").to_owned();
    let zero = terms::Hash::of(b"").to_string();
    let long = "9".repeat(400);
    let odd: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![("kind", "")],
        vec![("kind", "no-such-kind")],
        vec![("kind", "../incident")],
        vec![("kind", "incident"), ("step", "account")],
        vec![("kind", "incident"), ("matter", "x"), ("step", "account")],
        vec![("kind", "incident"), ("matter", &zero), ("step", "account")],
        vec![("kind", "case"), ("f-bearer", "north"), ("f-bearer", "north"), ("go", "sign")],
        vec![
            ("kind", "incident"),
            ("f-time", &long),
            ("f-place", "\u{0}"),
            ("f-kind", "\u{202e}"),
            ("go", "sign"),
        ],
        vec![("kind", "arrangement"), ("f-window", "2026-01-20T10:00"), ("go", "sign")],
        vec![("kind", "incident"), ("f-no-such-field", "x"), ("choice", "x"), ("strand", "x"), ("tier", "x")],
        vec![("read", "x"), ("by", "../../x"), ("ticked", "1")],
        vec![("read", &zero), ("by", "registrar"), ("ticked", "1")],
    ];
    for (place, form) in odd.iter().enumerate() {
        let fresh = format!("unsigned/{place:0>22}");
        for path in [&fresh, &format!("unsigned/{id}"), &sign, "unsigned/x", "sign/x", "unsigned/x/discard"] {
            let got = north.post(path, form);
            assert!(got.status < 500, "{path} {form:?}: {} {}", got.status, got.body);
            if let Some(next) = got.head.get("location") {
                let next = north.get(next);
                assert!(next.status < 500, "{path} {form:?}: {}", next.body);
            }
        }
    }
    let head = [("host", "north.localhost"), ("cookie", &north.cookie), ("origin", "http://north.localhost")];
    let token = &north.token;
    for body in [&format!("token={token}&%ff=%ff&kind=incident%00"), "&&&===", "token", "\r\n\r\n"] {
        assert!(ask(north.at, Verb::Post, &sign, &head, body).status < 500, "{body}");
    }
    assert_eq!(four.acts(terms::Kind::Open), 0, "nothing was signed");
}

/// The machine stops between the number that is taken and the act that is handed in, or just behind that.
#[test]
fn what_a_crash_left_half_signed_is_signed_or_open() {
    let (mut world, _harbour) = common::met();
    let fields = [(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]))].into();
    let open = Open { procedure: code("notice"), tier: None, fields, strands: Vec::new(), files: Vec::new() };
    let handed_in = world.north.act("liaison-1", Body::Open(open), at(5)).expect("registered").act().id();
    let never = terms::ActId(terms::Hash::of(b"an act that was never handed in"));
    let name = |letter: &str| DraftId::new(&letter.repeat(22)).expect("a name");
    {
        let private = Private::open(&world.home("north").private()).expect("opened");
        let typed = [("f-told".to_owned(), vec!["harbour".to_owned()])].into();
        for (id, act) in [(name("a"), handed_in), (name("b"), never)] {
            private.keep(&id, &About::Opening(code("notice")), &typed, "s", at(5)).expect("kept");
            private.begin_signing(&id, &act).expect("open");
        }
    }
    let north = Arc::new(desk_of(world.north, &["north.localhost"], at(6)));
    let runtime = Runtime::new().expect("a runtime");
    let browser = Browser::open(serve(&runtime, &north), "north.localhost", &north);
    let done = browser.get(&format!("sign/{}", name("a")));
    assert!(done.body.contains("in the register as entry"), "{}", main_of(&done.body));
    let list = browser.get("unsigned");
    assert!(list.body.contains(name("b").as_str()) && !list.body.contains(name("a").as_str()));
    let again = browser.sign(&format!("sign/{}", name("b")), "liaison-1");
    assert!(browser.get(&again).body.contains("in the register as entry"));
}

/// Some value that a field takes, as a form sends it: nothing where the exercise has nothing yet that could be named.
fn some(holds: &Holds) -> Option<Vec<String>> {
    let one = |text: &str| Some(vec![text.to_owned()]);
    match holds {
        Holds::Codes(codes) => one(codes[0].as_str()),
        Holds::Count => one("3"),
        Holds::Instant => one("2026-01-06T10:00"),
        Holds::Window => Some(vec!["2026-01-20T10:00".to_owned(), "2026-01-21T10:00".to_owned()]),
        Holds::Place => one("10.25, -39.9"),
        Holds::Area => one("a"),
        Holds::Provision => one("p1"),
        Holds::Text => one("A text that is in every copy."),
        Holds::Participant(_) => one("south"),
        Holds::Matter { .. } => None,
    }
}

/// Each kind of matter of the exercise has its form, and each of its steps, whatever they are; each form has each field.
#[test]
fn every_form_of_the_exercise_is_there() {
    let four = four();
    let instrument = instrument();
    let kinds: Vec<String> = {
        let north = four.browser("north");
        let page = north.get("new?as=json");
        let read: serde_json::Value = serde_json::from_str(&page.body).expect("JSON");
        let all = read["kinds"].as_array().expect("a list").iter();
        all.map(|kind| kind["href"].as_str().expect("a path").to_owned()).collect()
    };
    assert!(kinds.len() > 15, "{kinds:?}");
    // Who opens what: north what it may; the secretariat the rest.
    let mut opened = 0;
    for name in ["north", "secretariat"] {
        let browser = four.browser(name);
        for (kind, procedure) in &instrument.procedures {
            let tier = if procedure.tiers.len() > 1 { "?tier=record" } else { "" };
            let path = format!("/{}/{}/new{tier}", browser.agreement, plural(kind.as_str()));
            let page = browser.get(&path);
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            let main = main_of(&page.body);
            for field in procedure.fields.keys().filter(|field| !procedure.comes_later(field)) {
                assert!(main.contains(&format!("name=\"f-{field}\"")), "{path} has no {field}: {main}");
            }
            assert!(main.contains("name=\"text\"") && !main.contains(" style="), "{path}");
            let needed = procedure.fields.iter().filter(|(_, field)| !field.optional);
            let values: Vec<(String, Vec<String>)> =
                needed.filter_map(|(field, it)| Some((format!("f-{field}"), some(&it.holds)?))).collect();
            let mut form: Vec<(&str, &str)> = values
                .iter()
                .flat_map(|(name, all)| all.iter().map(|one| (name.as_str(), one.as_str())))
                .collect();
            if procedure.tiers.len() > 1 {
                form.push(("tier", "record"));
            }
            let sign = browser.fill(&path, &form, "sign");
            let page = browser.get(&sign);
            assert_eq!(page.status, 200, "{sign}");
            if sign.contains("/sign/") && page.body.contains("name=\"read\"") {
                browser.sign(&sign, "liaison-1");
                opened += 1;
            }
        }
    }
    assert!(opened > 20, "{opened} were opened");
    four.meet();
    let north = four.browser("north");
    let mut steps = 0;
    for (kind, procedure) in &instrument.procedures {
        let list = north.get(&format!("{}?view=all&as=csv", plural(kind.as_str()))).body;
        let Some(reference) = list.lines().nth(1).and_then(|line| line.split(',').next()) else { continue };
        for (step, rule) in &procedure.steps {
            for language in ["en", "ur"] {
                let path = format!("{}/{reference}/{step}?lang={language}", plural(kind.as_str()));
                let page = north.get(&path);
                assert_eq!(page.status, 200, "{path}: {}", page.body);
                let main = main_of(&page.body);
                let fields = rule.fields.iter();
                for field in fields {
                    assert!(main.contains(&format!("name=\"f-{field}\"")), "{path} has no {field}: {main}");
                }
                if let Leads::Choice(all) = &rule.leads {
                    for (choice, _) in all {
                        let option = format!("name=\"choice\" value=\"{choice}\"");
                        assert!(main.contains(&option), "{path} has no {choice}");
                    }
                }
                // Whatever is sent, it is kept, and what lacks is said.
                let back =
                    north.fill(&path, &[("f-grade", "\u{0}"), ("choice", "none"), ("strand", "x")], "sign");
                assert!(north.get(&back).status == 200, "{path}");
            }
            steps += 1;
        }
    }
    assert!(steps > 80, "{steps} forms of steps");
}

/// As paths have a kind.
fn plural(kind: &str) -> String {
    match kind {
        "life" => "lives".to_owned(),
        "remedy" => "remedies".to_owned(),
        kind => format!("{kind}s"),
    }
}

#[test]
fn a_key_that_lies_too_near_signs_nothing() {
    let (mut world, mut harbour) = common::met();
    let mut ring = copy_ring(&world.rings["north"]);
    let full = format!("{}/north/desk-1", common::origin());
    let fresh = Secret::fresh_ed25519().expect("randomness");
    ring.insert(&full, KeyUse::Enrolled(Capacity::Officer), fresh).expect("new");
    let mut hosted = enrol(&ring, "north", "desk-1");
    if let Body::Enrol(act::body::Enrol::Key(key)) = &mut hosted {
        key.custody = terms::Custody::Hosted;
    }
    let over = Body::Revoke(act::body::Revoke { label: code("liaison-1") });
    for body in [hosted, over] {
        world.north.act_with(&["root-1", "root-2"], body, at(5)).expect("registered");
    }
    let stick = world.stick.clone();
    for hour in [6, 8] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour + 1);
    }
    let home = world.home("north");
    drop(world.north);
    let north = Arc::new(desk_of(Node::open(&home, ring).expect("opened"), &["north.localhost"], at(10)));
    let runtime = Runtime::new().expect("a runtime");
    let browser = Browser::open(serve(&runtime, &north), "north.localhost", &north);
    let sign = browser.fill("notices/new", &[("f-told", "harbour")], "sign");
    let page = browser.get(&sign);
    let main = main_of(&page.body);
    assert!(main.contains("asks more of the key that signs this"), "{main}");
    assert!(!main.contains("name=\"read\""), "there is no button: {main}");
    let size = || north.work(|node, _| node.size());
    let before = size();
    let hash = terms::Hash::of(b"whatever").to_string();
    let got = browser.post(&sign, &[("read", &hash), ("by", "desk-1"), ("ticked", "1")]);
    assert!(got.head["location"].contains("note="), "{:?}", got.head);
    assert_eq!(size(), before);
}
