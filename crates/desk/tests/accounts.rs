//! What each said of the same thing stands side by side, and is never made into one.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use four::{Four, INCIDENT, four, newest};
use serde_json::Value;
use served::{Browser, between, main_of};

const CALL: [(&str, &str); 3] = [("f-channel", "hotline"), ("tier", "record"), ("text", "A herd crossed.")];

fn log(four: &Four, browser: &Browser, other: &str, time: &str, words: &str) -> String {
    let mut form = CALL.to_vec();
    form.extend([("f-other", other), ("f-time", time)]);
    form.retain(|(name, _)| *name != "text");
    form.push(("text", words));
    let sign = browser.fill("contacts/new?tier=record", &form, "sign");
    let signed = browser.sign(&sign, "liaison-1");
    four.meet();
    between(main_of(&browser.get(&signed).body), "/contacts/", "\"").expect("a contact").to_owned()
}

fn json(browser: &Browser, path: &str) -> Value {
    serde_json::from_str(&browser.get(&format!("{path}?as=json")).body).expect("it is JSON")
}

fn row<'v>(told: &'v Value, asks: &str) -> &'v Value {
    let rows = told["accounts"]["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["asks"] == asks).expect(asks)
}

fn who(told: &Value) -> Vec<&str> {
    let by = told["accounts"]["by"].as_array().expect("who told it");
    by.iter().map(|one| one["who"]["id"].as_str().expect("an id")).collect()
}

/// The table, and nothing beside it.
fn table(page: &str) -> &str {
    between(page, "<table class=\"accounts", "</table>").expect("a table of accounts")
}

#[test]
fn a_call_that_both_logged_stands_as_each_told_it() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let first = log(&four, &south, "north", "2026-01-05T07:10", "We called at ten past.");
    // One side alone: the other is there, and has said nothing.
    let told = json(&north, &format!("contacts/{first}"));
    assert_eq!(who(&told), ["north", "south"]);
    assert_eq!(told["accounts"]["by"][0]["said"], Value::Array(Vec::new()));
    let time = row(&told, "time");
    assert_eq!((&time["differs"], &time["cells"][0]), (&false.into(), &Value::Null));
    let page = north.get(&format!("contacts/{first}")).body;
    assert!(table(&page).contains("not said") && !table(&page).contains("differs"), "{}", table(&page));

    // The other logs the same call, at another time, and lets the first log stand for both.
    let second = log(&four, &north, "south", "2026-01-05T07:25", "They called at twenty-five past.");
    let merge = north.fill(&format!("contacts/{second}/merge"), &[("f-same", &first)], "sign");
    north.sign(&merge, "liaison-1");
    four.meet();
    for (browser, path) in [(&south, &first), (&north, &first), (&north, &second)] {
        let told = json(browser, &format!("contacts/{path}"));
        // The order is the instrument's, whoever opened it and whoever reads it.
        assert_eq!(who(&told), ["north", "south"], "{path}");
        let (time, channel) = (row(&told, "time"), row(&told, "channel"));
        assert_eq!((&time["differs"], &channel["differs"]), (&true.into(), &false.into()));
        let cells = time["cells"].as_array().expect("cells");
        assert!(cells[0]["value"].as_str().expect("a time").contains("07:25"), "{time}");
        assert!(cells[1]["value"].as_str().expect("a time").contains("07:10"), "{time}");
        let page = browser.get(&format!("contacts/{path}")).body;
        let table = table(&page);
        for said in
            ["We called at ten past.", "They called at twenty-five past.", ">differs</em>", "07:10", "07:25"]
        {
            assert!(table.contains(said), "{said}: {table}");
        }
        assert_eq!(table.matches(">differs<").count(), 1, "{table}");
        // Each account leads to its entry, and to where it was said.
        for cell in cells {
            assert!(table.contains(&format!("/record/{}\"", cell["entry"])), "{cell}: {table}");
        }
        let other = if path == &first { &second } else { &first };
        assert!(table.contains(&format!("/contacts/{other}\"")), "{table}");
    }
    let page = south.get(&format!("contacts/{first}?lang=ur")).body;
    assert!(table(&page).contains("فرق ہے"), "{}", table(&page));
}

#[test]
fn an_incident_shows_every_account_beside_what_was_reported() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let sign = north.fill("incidents/new", &[&INCIDENT[..], &[("text", "Two rounds.")]].concat(), "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let incident = newest(&south, "incidents");
    // Nobody else is named in it, and nobody else has spoken: there is nothing to set beside it.
    assert_eq!(json(&south, &format!("incidents/{incident}"))["accounts"], Value::Null);
    let form = [("text", "We heard one round.")];
    let sign = south.fill(&format!("incidents/{incident}/account"), &form, "sign");
    south.sign(&sign, "liaison-1");
    four.meet();
    let told = json(&south, &format!("incidents/{incident}"));
    assert_eq!(who(&told), ["north", "south"]);
    let asked: Vec<_> =
        told["accounts"]["rows"].as_array().expect("rows").iter().map(|row| &row["asks"]).collect();
    assert_eq!(asked[..3], ["time", "place", "kind"]);
    assert!(asked.iter().all(|asks| row(&told, asks.as_str().expect("a name"))["cells"][1].is_null()));
    let page = south.get(&format!("incidents/{incident}")).body;
    let table = table(&page);
    for said in ["Two rounds.", "We heard one round.", "not said"] {
        assert!(table.contains(said), "{said}: {table}");
    }
    // What was written in words is not compared.
    assert!(!table.contains("differs"), "{table}");
}

#[test]
fn a_matter_is_opened_about_an_incident_and_under_a_clause_with_that_filled_in() {
    let four = four();
    let (north, south, secretariat) =
        (four.browser("north"), four.browser("south"), four.browser("secretariat"));
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let incident = newest(&south, "incidents");
    let about = |browser: &Browser| {
        let told = json(browser, &format!("incidents/{incident}"));
        let all = told["about"].as_array().expect("a list").clone();
        all.iter().map(|one| one[1].as_str().expect("an address").to_owned()).collect::<Vec<_>>()
    };
    let case = format!("/{}/cases/new?about={incident}", south.agreement);
    assert!(about(&south).contains(&case), "{:?}", about(&south));
    let page = south.get(&format!("incidents/{incident}")).body;
    assert!(main_of(&page).contains(&format!("href=\"{case}\"")), "{}", main_of(&page));
    // Cases are opened by parties alone.
    assert!(about(&secretariat).iter().all(|href| !href.contains("/cases/")), "{:?}", about(&secretariat));
    let values = |browser: &Browser, form: &str, id: &str| {
        let got = browser.get(&format!("{form}&as=json"));
        let told: Value = serde_json::from_str(&got.body).expect("it is JSON");
        let fields = told["fields"].as_array().unwrap_or_else(|| panic!("{told}")).clone();
        let field = fields.iter().find(|field| field["id"] == id).unwrap_or_else(|| panic!("{id}: {told}"));
        field["values"].clone()
    };
    let form = format!("cases/new?about={incident}");
    assert_eq!(values(&south, &form, "f-incident"), serde_json::json!([incident]));
    // What names nothing that is there fills in nothing.
    for none in ["INC-26-0999-A", "x", "%3Cscript%3E"] {
        assert_eq!(values(&south, &format!("cases/new?about={none}"), "f-incident"), serde_json::json!([]));
    }

    let agreement = json(&south, "agreement");
    let clauses = agreement["clauses"].as_array().expect("clauses");
    let page = south.get("agreement").body;
    let mut begun = 0;
    for clause in clauses {
        let (id, base) =
            (clause["id"].as_str().expect("an id"), clause["base"].as_str().expect("a language"));
        assert!(main_of(&page).contains(&format!("href=\"#{id}\"")), "{id}");
        for one in clause["begin"].as_array().expect("a list") {
            let form =
                one[1].as_str().expect("an address").rsplit_once(&*south.agreement).expect("its own").1;
            if form.starts_with("/cases/") {
                assert_eq!(values(&south, &form[1..], "f-provision"), serde_json::json!([id]));
                begun += 1;
            }
        }
        let propose = clause["propose"].as_array().expect("a list");
        assert_eq!(propose.len(), 1, "{clause}");
        let form = format!("drafts/new?clause={id}");
        assert!(propose[0][1].as_str().expect("an address").ends_with(&form), "{clause}");
        assert_eq!(values(&south, &form, "f-text"), serde_json::json!([clause["texts"][base]["words"]]));
    }
    assert!(begun > 0, "{agreement}");
}
