//! Relief: it is asked for on a matter's page, waits there for others in words, and is taken back while it waits. What somebody
//! says by voice or on paper is written down on its behalf.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use four::{four, newest};
use served::{Browser, between, main_of};

fn json(browser: &Browser, path: &str) -> serde_json::Value {
    let and = if path.contains('?') { '&' } else { '?' };
    let got = browser.get(&format!("{path}{and}as=json"));
    assert_eq!(got.status, 200, "{path}: {}", got.body);
    serde_json::from_str(&got.body).expect("it is JSON")
}

fn kinds(story: &serde_json::Value) -> Vec<&str> {
    let all = story["relief"].as_array().expect("relief").iter();
    all.filter_map(|one| one["relief"].as_str()).collect()
}

#[test]
fn relief_waits_for_others_in_words_and_is_taken_back() {
    let four = four();
    let (north, secretariat) = (four.browser("north"), four.browser("secretariat"));
    let form = [("tier", "record"), ("f-text", "A line is open."), ("f-part", "1"), ("f-number", "1")];
    let sign = north.fill("drafts/new", &form, "sign");
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

#[test]
fn what_is_no_relief_has_no_form() {
    let four = four();
    let north = four.browser("north");
    let form = [("tier", "record"), ("f-text", "A line is open."), ("f-part", "1"), ("f-number", "1")];
    let sign = north.fill("drafts/new", &form, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let path = format!("drafts/{}", newest(&north, "drafts"));
    for odd in ["no-such", "extend?act=AAAA", "withdraw", "withdraw?act=%00", "confirm?act=AAAA"] {
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
