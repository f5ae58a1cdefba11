//! Relief: it is asked for on a matter's page, waits there for others in words, and is taken back while it waits. What somebody
//! says by voice or on paper is written down on its behalf.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use four::{EXERCISE, INCIDENT, four, four_under, newest};
use served::{Browser, between, json, main_of};

fn kinds(story: &serde_json::Value) -> Vec<&str> {
    let all = story["relief"].as_array().expect("relief").iter();
    all.filter_map(|one| one["relief"].as_str()).collect()
}

#[test]
fn relief_waits_for_others_in_words_and_is_taken_back() {
    let four = four();
    let (north, secretariat) = (four.browser("north"), four.browser("secretariat"));
    let form = [("tier", "record"), ("f-text", "A line is open."), ("f-part", "1"), ("f-number", "1")];
    let sign = north.fill("drafts/new?tier=record", &form, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let path = format!("drafts/{}", newest(&north, "drafts"));
    assert!(
        kinds(&json(&north, &path)).is_empty(),
        "a party gives no more time, and nothing can be set aside yet"
    );
    let sign = north.fill(&format!("{path}/initial"), &[("choice", "bracket")], "sign");
    north.sign(&sign, "liaison-1");
    four.meet();

    let story = json(&north, &path);
    assert_eq!(kinds(&story), ["set-aside"]);
    assert_eq!(story["relief"][0]["takes"], "all of guarantors and parties");
    assert!(kinds(&json(&secretariat, &path)).is_empty(), "the monitor gives none");
    let form = format!("{path}/relief/set-aside");
    let lacking = north.fill(&form, &[("state", "no-such-state")], "sign");
    assert!(lacking.contains("/unsigned/"), "{lacking}");
    assert!(main_of(&north.get(&lacking).body).contains("Before it can be signed"));
    let sign = north.fill(&form, &[("state", "tabled")], "sign");
    let page = north.get(&sign).body;
    assert!(main_of(&page).contains("It waits for the others"), "{}", main_of(&page));
    north.sign(&sign, "liaison-1");
    four.meet();

    let waits = json(&secretariat, &path)["relief-waits"].clone();
    assert_eq!(waits[0]["says"].as_str().map(|says| says.contains("Tabled")), Some(true), "{waits}");
    assert_eq!(waits[0]["by"][0]["id"], "north");
    assert!(waits[0]["same"].is_null() && waits[0]["withdraw"].is_null(), "{waits}");
    let own = json(&north, &path)["relief-waits"][0]["withdraw"].as_str().expect("a form").to_owned();
    let sign = north.fill(&own, &[], "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    assert_eq!(json(&secretariat, &path)["relief-waits"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_another_says_is_written_down_on_its_behalf_and_confirmed() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let secretariat = four.browser("secretariat");
    let form = [("f-bearer", "south"), ("f-provision", "p1"), ("f-grade", "minor")];
    let sign = north.fill("cases/new", &form, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let path = format!("cases/{}", newest(&south, "cases"));
    let behalf = json(&secretariat, &path)["behalf"].to_string();
    assert!(behalf.contains("acknowledge?for=south"), "{behalf}");
    assert_eq!(json(&north, &path)["behalf"].as_array().map(Vec::len), Some(0), "a party writes for nobody");
    let form = format!("{path}/acknowledge");
    // Somebody for whom nobody writes is not written for, whatever the address says.
    assert!(json(&north, &format!("{form}?for=south"))["behalf"].is_null());
    let sign = secretariat.fill(&format!("{form}?for=south"), &[], "sign");
    let page = secretariat.get(&sign).body;
    assert!(main_of(&page).contains("Secretariat writes down what South says."), "{}", main_of(&page));
    secretariat.sign(&sign, "liaison-1");
    four.meet();

    let confirm = |browser: &Browser| {
        let story = json(browser, &path);
        let lines = story["timeline"].as_array().expect("lines").clone();
        lines.iter().find_map(|line| line["confirm"].as_str().map(str::to_owned))
    };
    assert_eq!(confirm(&north), None);
    let sign = south.fill(&confirm(&south).expect("it is there to confirm"), &[], "sign");
    south.sign(&sign, "liaison-1");
    four.meet();
    assert_eq!(confirm(&south), None, "it is confirmed");
}

/// Where the one who reads a matter's page may say something of an entry in it.
fn line(browser: &Browser, path: &str, what: &str) -> Option<String> {
    let story = json(browser, path);
    let lines = story["timeline"].as_array().expect("lines").clone();
    lines.iter().find_map(|line| line[what].as_str().map(str::to_owned))
}

#[test]
fn what_was_written_down_and_not_said_so_is_disowned() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let secretariat = four.browser("secretariat");
    let form = [("f-bearer", "south"), ("f-provision", "p1"), ("f-grade", "minor")];
    north.sign(&north.fill("cases/new", &form, "sign"), "liaison-1");
    four.meet();
    let path = format!("cases/{}", newest(&south, "cases"));
    let before = json(&south, &path)["lives"].clone();
    let sign = secretariat.fill(&format!("{path}/acknowledge?for=south"), &[], "sign");
    secretariat.sign(&sign, "liaison-1");
    four.meet();
    let said = json(&north, &path)["timeline"].to_string();
    assert!(said.contains("\"is\":\"open\""), "who wrote it down, and for whom, all see: {said}");
    assert_eq!(line(&north, &path, "disown"), None, "it is not theirs to disown");
    let form = line(&south, &path, "disown").expect("it is there to disown");
    let sign = south.fill(&form, &[], "sign");
    let page = south.get(&sign).body;
    assert!(main_of(&page).contains("says that what was written down on its behalf is not its own"));
    south.sign(&sign, "liaison-1");
    four.meet();
    assert_eq!((line(&south, &path, "disown"), line(&south, &path, "confirm")), (None, None));
    let story = json(&north, &path);
    assert!(story["timeline"].to_string().contains("\"is\":\"disowned\""), "{story}");
    assert_eq!(story["lives"][0]["state"], before[0]["state"], "said early enough, it is taken back");
}

#[test]
fn an_entry_of_ones_own_is_corrected_until_something_moves_the_matter() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    north.sign(&north.fill("incidents/new", &INCIDENT, "sign"), "liaison-1");
    four.meet();
    let path = format!("incidents/{}", newest(&south, "incidents"));
    assert_eq!(line(&south, &path, "correct"), None, "it is not theirs");
    let form = line(&north, &path, "correct").expect("it can be corrected");
    // The form has what stands; no text, and nothing that names a life.
    let begun = json(&north, &form);
    let field = |name: &str| {
        let fields = begun["fields"].as_array().expect("fields").clone();
        fields.into_iter().find(|field| field["id"] == format!("f-{name}")).expect("a field")
    };
    assert_eq!(field("kind")["values"][0], "fire");
    assert_eq!(field("time")["values"][0], "2026-01-05T10:00");
    let typed = |name: &str, part: usize| field(name)["values"][part].as_str().expect("a value").to_owned();
    let (time, place, within) = (typed("time", 0), typed("place", 0), typed("place", 1));
    let all = [
        ("f-kind", "fire"),
        ("f-time", time.as_str()),
        ("f-place", &place),
        ("f-place", &within),
        ("f-reported-grade", "serious"),
    ];
    let back = north.fill(&form, &all, "sign");
    assert!(main_of(&north.get(&back).body).contains("Nothing is changed yet."), "{back}");
    let mut emptied = all;
    emptied[1] = ("f-time", "");
    let back = north.fill(&form, &emptied, "sign");
    assert!(main_of(&north.get(&back).body).contains("It is needed."), "{back}");
    let mut changed = all;
    changed[4] = ("f-reported-grade", "grave");
    let sign = north.fill(&form, &changed, "sign");
    let page = north.get(&sign).body;
    assert!(main_of(&page).contains("Grave, instead of Serious"), "{}", main_of(&page));
    assert!(!main_of(&page).contains("instead of Fire"), "what stays is not said anew");
    north.sign(&sign, "liaison-1");
    four.meet();
    let story = json(&south, &path);
    assert!(story["fields"].to_string().contains("\"value\":\"Grave\""), "{story}");
    // Once somebody has looked at it, it stands as it was.
    let secretariat = four.browser("secretariat");
    let form = [("choice", "keep"), ("f-assessed-grade", "serious")];
    secretariat.sign(&secretariat.fill(&format!("{path}/triage"), &form, "sign"), "liaison-1");
    four.meet();
    assert_eq!(line(&north, &path, "correct"), None);
}

#[test]
fn who_could_not_be_reached_is_said_by_those_to_whom_the_agreement_gives_it() {
    let text = EXERCISE.replace("cut = { by = \"any of guarantors\"", "cut = { by = \"any of monitors\"");
    let four = four_under(&text);
    let (north, secretariat) = (four.browser("north"), four.browser("secretariat"));
    let form = [("f-bearer", "south"), ("f-provision", "p1"), ("f-grade", "minor")];
    north.sign(&north.fill("cases/new", &form, "sign"), "liaison-1");
    four.meet();
    let path = format!("cases/{}", newest(&secretariat, "cases"));
    assert!(json(&north, &path)["cut"].is_null(), "a party says it of nobody");
    assert!(main_of(&north.get("cut").body).contains("The agreement gives this to others"));
    let form = json(&secretariat, &path)["cut"].as_str().expect("a form").to_owned();
    assert!(
        !main_of(&secretariat.get(&form).body).contains("value=\"secretariat\""),
        "of itself nobody says it"
    );
    for (whom, since, until, why) in [
        ("", "2026-01-05T02:00", "2026-01-05T04:00", "It is needed."),
        ("south", "", "2026-01-05T04:00", "It is needed."),
        ("south", "2026-01-05T04:00", "2026-01-05T02:00", "It ends before it begins."),
    ] {
        let typed = [("whom", whom), ("since", since), ("until", until)];
        let back = secretariat.fill(&form, &typed, "sign");
        let page = secretariat.get(&back).body;
        assert!(back.contains("/unsigned/") && main_of(&page).contains(why), "{why}: {}", main_of(&page));
    }
    let typed = [("whom", "south"), ("since", "2026-01-05T02:00"), ("until", "2026-01-05T04:00")];
    let sign = secretariat.fill(&form, &typed, "sign");
    let page = secretariat.get(&sign).body;
    assert!(
        main_of(&page).contains("Secretariat says that South could not be reached."),
        "{}",
        main_of(&page)
    );
    secretariat.sign(&sign, "liaison-1");
    four.meet();
    let known = json(&secretariat, "cut")["known"].clone();
    assert_eq!(known[0]["whom"]["id"], "south", "{known}");
}

#[test]
fn what_is_no_relief_has_no_form() {
    let four = four();
    let north = four.browser("north");
    let form = [("tier", "record"), ("f-text", "A line is open."), ("f-part", "1"), ("f-number", "1")];
    let sign = north.fill("drafts/new?tier=record", &form, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let path = format!("drafts/{}", newest(&north, "drafts"));
    for odd in [
        "no-such",
        "extend?act=AAAA",
        "withdraw",
        "withdraw?act=%00",
        "confirm?act=AAAA",
        "correct",
        "disown?act=AAAA",
    ] {
        let got = north.get(&format!("{path}/relief/{odd}"));
        assert_eq!(got.status, 404, "{odd}: {}", got.body);
    }
    assert_eq!(north.get("notices/DRA-26-9999-X/relief/extend").status, 404);
    // What comes with the form is looked at again when it is kept.
    let page = north.get(&format!("{path}/relief/suspend")).body;
    let action =
        between(&page, "<form class=\"kept\" id=\"kept\" method=\"post\" action=\"", "\"").expect("a form");
    for odd in [[("relief", "no-such"), ("matter", "x")], [("relief", "extend"), ("matter", "x")]] {
        assert_eq!(north.post(action, &odd).status, 404);
    }
}
