//! What a page says when it has nothing: what was checked and when, what comes next, whose the step is, whom to call.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use four::{INCIDENT, four, newest};
use served::{Browser, json, main_of};
use terms::Kind;

#[test]
fn where_nothing_is_asked_the_next_known_date_stands() {
    let four = four();
    let north = four.browser("north");
    let page = north.get("").body;
    let shown = main_of(&page);
    for says in [
        "Nothing is asked of North.",
        "Last checked: the record is final to",
        "names a date that is still to come",
    ] {
        assert!(shown.contains(says), "{says}: {shown}");
    }
    assert!(json(&north, "")["next"].is_null());
    // A meeting is called: its date is known to all, until it is over or called off.
    let window = [("f-window", "2026-01-20T10:00"), ("f-window", "2026-01-20T12:00")];
    let sign = north.fill("meetings/new", &window, "sign");
    north.sign(&sign, "liaison-1");
    assert_eq!(four.acts(Kind::Open), 1);
    four.meet();
    let secretariat = four.browser("secretariat");
    let meeting = newest(&secretariat, "meetings");
    let next = json(&secretariat, "")["next"].clone();
    assert_eq!(next["matter"]["reference"], meeting.as_str(), "{next}");
    let page = secretariat.get("").body;
    let shown = main_of(&page);
    assert!(shown.contains("Next known date:") && shown.contains(&meeting), "{shown}");
    let page = secretariat.get("?lang=ur").body;
    assert!(main_of(&page).contains("اگلی معلوم تاریخ"), "{}", main_of(&page));
}

#[test]
fn where_no_step_is_ones_own_the_page_says_whose_it_is() {
    let four = four();
    let north = four.browser("north");
    let form = [&INCIDENT[..], &[("text", "Seen from the second post.")]].concat();
    north.sign(&north.fill("incidents/new", &form, "sign"), "liaison-1");
    four.meet();
    let incident = newest(&north, "incidents");
    let path = format!("incidents/{incident}");
    let theirs = json(&north, &path)["theirs"].as_array().expect("steps").clone();
    let of = |who: &str| {
        theirs.iter().any(|step| step[1].as_array().is_some_and(|all| all.iter().any(|one| one["id"] == who)))
    };
    assert!(of("secretariat") && !of("north"), "what others may do, and not what we may: {theirs:?}");
    // Nothing of it moves nothing: what one only says is no step that somebody waits for.
    assert!(theirs.iter().all(|step| step[0] != "Reserve our position"), "{theirs:?}");
}

#[test]
fn what_can_not_be_shown_says_whom_to_call() {
    let four = four();
    let north = four.browser("north");
    let nowhere = |browser: &Browser| {
        let got = browser.get("no-such-kind");
        assert_eq!(got.status, 404);
        main_of(&got.body).to_owned()
    };
    assert!(!nowhere(&north).contains("On duty here"), "nobody is known to be");
    let post = [
        ("office", "Operations room <b>"),
        ("participant", "north"),
        ("number-is", "hotline"),
        ("number", "+000 555 0100"),
    ];
    assert_eq!(north.post("directory", &post).status, 303);
    let post = json(&north, "directory")["posts"][0]["href"].as_str().expect("a page").to_owned();
    assert!(!nowhere(&north).contains("On duty here"), "there is one, and nobody is on duty");
    assert_eq!(north.post(&post, &[("go", "on-duty"), ("until", "2026-01-07T06:00")]).status, 303);
    let shown = nowhere(&north);
    assert!(shown.contains("On duty here: <bdi>Operations room &#60;b&#62;</bdi>"), "{shown}");
    assert!(shown.contains("href=\"tel:+0005550100\""), "{shown}");
    // Not to strangers, and not to another participant.
    assert!(!nowhere(&four.browser("south")).contains("On duty here"));
    let stranger = served::ask(
        north.at,
        desk::web::routes::Verb::Get,
        &format!("/{}/no-such-kind", north.agreement),
        &[("host", "north.localhost")],
        "",
    );
    assert!(!stranger.body.contains("555 0100"), "{}", stranger.body);
}

/// How does one do it: every topic is listed, says it step by step in each language, and names buttons as they are called.
#[test]
fn each_topic_of_the_help_says_how() {
    let four = four();
    let north = four.browser("north");
    let topics = json(&north, "help")["topics"].as_array().expect("topics").clone();
    assert!(topics.len() > 10, "{topics:?}");
    for topic in &topics {
        let href = topic["href"].as_str().expect("a page");
        for lang in ["en", "ur"] {
            let page = north.get(&format!("{href}?lang={lang}")).body;
            let shown = main_of(&page);
            assert!(shown.matches("<li>").count() > 3, "{href} in {lang}: {shown}");
            assert!(!shown.contains("help-") && !shown.contains("{ "), "{href} in {lang}: {shown}");
        }
        let there = json(&north, href)["there"].as_str().expect("where it leads").to_owned();
        assert_eq!(north.get(&there).status, 200, "{there}");
    }
    let page = north.get("help/report").body;
    assert!(main_of(&page).contains("Read what will be signed"), "{}", main_of(&page));
    assert_eq!(north.get("help/no-such-topic").status, 404);
}
