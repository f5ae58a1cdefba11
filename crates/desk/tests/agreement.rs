//! The agreement by paragraph, its procedures drawn, and a text that is drafted, bracketed, tabled again and reserved on.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use four::{EXERCISE, four, four_under, newest};
use served::{Browser, json, main_of};

const FIRST: &str = "The posts on the ridge report each morning by radio.";
const SECOND: &str = "The posts on the ridge report each evening by radio.";

#[test]
fn each_paragraph_says_what_it_rests_on_and_what_runs_under_it() {
    let four = four();
    let north = four.browser("north");
    let told = json(&north, "agreement");
    let clauses = told["clauses"].as_array().expect("clauses");
    assert!(!clauses.is_empty());
    let page = north.get("agreement").body;
    let main = main_of(&page);
    for clause in clauses {
        let id = clause["id"].as_str().expect("an id");
        let base = clause["base"].as_str().expect("a language");
        let words = clause["texts"][base]["words"].as_str().expect("words");
        assert!(main.contains(&format!("<tr id=\"{id}\">")), "{id}");
        assert!(main.contains(words), "{words}");
        assert!(clause["rests"]["is"].is_string());
    }
    let groups = told["excluded"].as_array().expect("groups");
    assert_eq!(main.contains("Groups that take no part"), !groups.is_empty());
    // An alias is compared, and never shown.
    assert!(groups.iter().all(|group| group.get("aliases").is_none()));
    for kind in told["kinds"].as_array().expect("kinds") {
        let path = format!("agreement/{}", kind["kind"].as_str().expect("a kind"));
        let page = north.get(&path).body;
        let main = main_of(&page);
        assert!(main.contains("<svg ") && !main.contains("<style"), "{path}");
        for state in json(&north, &path)["states"].as_array().expect("states") {
            let says = state["says"].as_str().expect("words").replace('\'', "&#39;");
            assert!(main.contains(&says), "{path}: {says}");
        }
    }
    assert_eq!(north.get("agreement/no-such-kind").status, 404);
}

#[test]
fn a_text_is_drafted_and_each_sees_who_said_what_and_what_changed() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let sign = north.fill(
        "drafts/new?tier=record",
        &[("tier", "record"), ("f-text", FIRST), ("f-part", "1"), ("f-number", "1")],
        "sign",
    );
    north.sign(&sign, "liaison-1");
    four.meet();
    let draft = newest(&south, "drafts");
    let page = south.get(&format!("agreement/text/{draft}"));
    let main = main_of(&page.body);
    assert!(main.contains(FIRST) && main.contains("Nobody has said anything yet"), "{main}");

    let sign = south.fill(&format!("drafts/{draft}/initial"), &[("choice", "bracket")], "sign");
    south.sign(&sign, "liaison-1");
    let sign = south.fill(&format!("drafts/{draft}/reserve"), &[], "sign");
    south.sign(&sign, "liaison-1");
    four.meet();
    let told = json(&north, &format!("agreement/text/{draft}"));
    let said = told["parts"][0]["said"].as_array().expect("what was said").clone();
    let by = |is_reservation: bool| {
        let one = said.iter().find(|one| one["is-reservation"] == is_reservation);
        one.unwrap_or_else(|| panic!("{told}"))["who"]["id"].clone()
    };
    assert_eq!((by(false), by(true)), ("south".into(), "south".into()));

    let sign =
        north.fill(&format!("drafts/{draft}/table-again"), &[("f-text", SECOND), ("f-number", "2")], "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let page = south.get(&format!("agreement/text/{draft}"));
    let main = main_of(&page.body);
    assert!(main.contains("<del>morning</del>") && main.contains("<ins>evening</ins>"), "{main}");
    assert!(main.contains(SECOND) && main.contains("reserves its position"), "{main}");
    let told = json(&south, &format!("agreement/text/{draft}"));
    assert_eq!(told["parts"][0]["versions"].as_array().map(Vec::len), Some(2));
    assert!(json(&south, "agreement")["drafts"].to_string().contains(&draft));
    // A matter that is about no words has no such page.
    assert_eq!(south.get("agreement/text/NOT-26-0001-X").status, 404);
}

#[test]
fn an_amendment_says_in_sentences_what_it_would_change() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let words = EXERCISE.lines().find(|line| line.starts_with("text = ")).expect("a clause");
    let proposed = EXERCISE.replacen(words, "text = \"Each reports each week.\"", 1);
    let sign = north.fill("amendments/new", &[("f-text", &proposed)], "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let amendment = newest(&south, "amendments");
    let page = south.get(&format!("agreement/text/{amendment}"));
    let main = main_of(&page.body);
    assert!(main.contains("What it would change in the agreement"), "{main}");
    let changed = main
        .split("<ul class=\"redline\" lang=\"en\" dir=\"ltr\">")
        .nth(1)
        .and_then(|rest| rest.split("</ul>").next());
    let changed = changed.unwrap_or_else(|| panic!("{main}"));
    assert!(changed.contains("<ins") && changed.contains("Each reports each week."), "{changed}");
    let (gone, new) = (changed.matches("<del").count(), changed.matches("<ins").count());
    assert_eq!((gone, new, changed.matches("<b>").count()), (1, 1, 1), "one sentence for another: {changed}");
    let note = "انگریزی میں بناتا ہے";
    assert!(!main.contains(note));
    let urdu = south.get(&format!("agreement/text/{amendment}?lang=ur")).body;
    assert!(main_of(&urdu).contains(note) && urdu.contains("<ul class=\"redline\" lang=\"en\" dir=\"ltr\">"));
}

#[test]
fn who_takes_part_is_listed_as_the_text_says() {
    let listed = |browser: &Browser| -> Vec<String> {
        let told = json(browser, "agreement");
        let all = told["participants"].as_array().expect("participants").iter();
        all.map(|one| one["who"]["label"].as_str().expect("a label").to_owned()).collect()
    };
    // Their own words for themselves would stand otherwise: north's begins with another letter.
    let named = |text: &str| {
        let label = "label = \"North\"";
        assert!(text.contains(label));
        text.replacen(label, "label = \"ábove\"", 1)
    };
    let four = four_under(&named(EXERCISE));
    let alphabet = ["ábove", "Ford", "Harbour", "Secretariat", "South"];
    assert_eq!(listed(&four.browser("north")), alphabet);
    assert_eq!(listed(&four.browser("south")), alphabet);
    let alternat = EXERCISE.replacen("order = \"alphabetical\"", "order = \"alternat\"", 1);
    let four = four_under(&named(&alternat));
    assert_eq!(listed(&four.browser("south")), ["South", "ábove", "Ford", "Harbour", "Secretariat"]);
    assert_eq!(listed(&four.browser("secretariat")), alphabet, "it is no party");
}
