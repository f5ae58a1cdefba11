//! Where is it: what is on record is found by its reference, its title, its paragraphs and the words of texts that one can
//! open; and by nobody who can't.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod sent;
mod served;

use four::{INCIDENT, four, newest};
use sent::Sender;
use served::{Browser, main_of};

/// What a search finds on record: what each find is, and where it leads.
fn finds(browser: &Browser, text: &str) -> Vec<(String, String)> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
    let got = browser.get(&format!("search?{query}&as=json"));
    assert_eq!(got.status, 200, "{}", got.body);
    let json: serde_json::Value = serde_json::from_str(&got.body).expect("it is JSON");
    let all = json["record"].as_array().expect("finds");
    let word = |find: &serde_json::Value, name: &str| find[name].as_str().expect("a word").to_owned();
    all.iter().map(|find| (word(find, "is"), word(find, "href"))).collect()
}

#[test]
fn what_is_on_record_is_found_by_whoever_can_read_it() {
    let four = four();
    let north = four.browser("north");
    let mut form = vec![("kind", "incident"), ("go", "sign"), ("text", "Qwxz smoke was seen by the mill")];
    form.extend(INCIDENT);
    let kept = north.post("unsigned/AAAAAAAAAAAAAAAAAAAAAA", &form);
    assert_eq!(kept.status, 303, "{}", kept.body);
    north.sign(&kept.head["location"].clone(), "liaison-1");
    four.meet();
    let south = four.browser("south");
    let incident = newest(&south, "incidents");
    let there = format!("/{}/incidents/{incident}", south.agreement);
    // By a part of its reference, by what it is called, by who opened it; whatever the case.
    let number = incident.split('-').nth(2).expect("a number");
    for text in [&incident[..8], &format!("26-{number}"), "INCIDENT north", "north"] {
        assert!(finds(&south, text).contains(&("matter".to_owned(), there.clone())), "{text}");
    }
    assert!(
        !finds(&south, "north zzzz").iter().any(|(_, href)| *href == there),
        "all words have to be there"
    );
    // By the words that came sealed, for whom they were sealed to and their author, and for nobody else; nothing of them is
    // said where they are not found.
    let secretariat = four.browser("secretariat");
    let words = |text: &str| {
        [&north, &south, &secretariat]
            .map(|browser| finds(browser, text).into_iter().filter(|(is, _)| is == "words").count())
    };
    assert_eq!(words("smoke QWXZ"), [1, 1, 1]);
    let sender = Sender::of(&north);
    let path = sender.begin("note.txt", "text/plain", "", 21);
    assert_eq!(sender.patch(&path, 0, b"qwxw what was told us").status, 204);
    let file = path.rsplit('/').next().expect("a name").to_owned();
    north.sign(&north.fill("evidence/offer", &[("to", "south"), ("files", &file)], "sign"), "liaison-1");
    four.meet();
    assert_eq!(words("what qwxw"), [1, 1, 0]);
    let other = secretariat.get("search?q=what+qwxw").body;
    assert!(main_of(&other).contains("Nothing was found.") && !other.contains("told us"), "{other}");
    // What is given later is found from then on.
    let exhibit = newest(&north, "evidence");
    let grant = north.fill(&format!("evidence/{exhibit}/grant"), &[("to", "secretariat")], "sign");
    north.sign(&grant, "liaison-1");
    four.meet();
    assert_eq!(words("what qwxw"), [1, 1, 1]);
    let page = south.get("search?q=smoke+qwxz").body;
    let shown = main_of(&page);
    assert!(shown.contains("Qwxz smoke was seen by the mill") && shown.contains("/evidence/"), "{shown}");
    // By what a paragraph says, in the language that it says it in.
    let clauses = finds(&south, "cross-border");
    assert!(clauses.iter().all(|(is, _)| is != "clause"), "this agreement says nothing of it: {clauses:?}");
    let instrument = south.get("agreement?as=json").body;
    let instrument: serde_json::Value = serde_json::from_str(&instrument).expect("it is JSON");
    let clause = &instrument["clauses"][0];
    let (id, base) = (clause["id"].as_str().expect("an id"), clause["base"].as_str().expect("a language"));
    let says = clause["texts"][base]["words"].as_str().expect("words");
    let clauses = finds(&south, says);
    assert!(
        clauses.contains(&("clause".to_owned(), format!("/{}/agreement#{id}", south.agreement))),
        "{says}: {clauses:?}"
    );
}

#[test]
fn a_search_for_nothing_says_how_and_what_was_typed_is_text() {
    let four = four();
    let north = four.browser("north");
    for (query, says) in
        [("", "A reference, or a part of one"), ("?q=", "A reference"), ("?q=%20zzqq%20", "Nothing")]
    {
        let got = north.get(&format!("search{query}"));
        assert_eq!(got.status, 200, "{query}");
        assert!(main_of(&got.body).contains(says), "{query}: {}", main_of(&got.body));
        assert!(!main_of(&got.body).contains("<table"), "{query}");
    }
    let got = north.get("search?q=%3Cb%3E%22%00%E2%80%AE&lang=ur");
    assert_eq!(got.status, 200);
    assert!(!got.body.contains("<b>\""), "{}", got.body);
    assert_eq!(north.get(&format!("search?q={}", "x".repeat(7_000))).status, 200);
}
