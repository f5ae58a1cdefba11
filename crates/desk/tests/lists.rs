//! What lists of matters ask and show by their kind: on the page, as JSON and for a spreadsheet alike.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use four::{INCIDENT, four, newest};
use served::{Browser, between, main_of};

fn json(browser: &Browser, path: &str) -> serde_json::Value {
    serde_json::from_str(&browser.get(path).body).expect("it is JSON")
}

/// What stands in a column of the first row, as programs have it.
fn cell(list: &serde_json::Value, column: &str) -> serde_json::Value {
    let columns = list["columns"].as_array().expect("columns");
    let place = columns.iter().position(|it| it["column"] == column);
    list["rows"][0]["cells"][place.unwrap_or_else(|| panic!("{column}: {columns:?}"))].clone()
}

#[test]
fn a_list_of_incidents_says_who_reported_what_and_who_gave_an_account() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let list = json(&north, "incidents?as=json");
    assert_eq!(cell(&list, "account"), serde_json::json!([]), "nobody gave one yet");
    let reference = newest(&south, "incidents");
    let sign = south.fill(&format!("incidents/{reference}/account"), &[("text", "We saw smoke.")], "sign");
    south.sign(&sign, "liaison-1");
    four.meet();

    let list = json(&north, "incidents?as=json");
    assert_eq!(list["question"], "What is reported, where, and how sure?");
    assert_eq!(list["rows"][0]["matter"]["reference"], reference.as_str());
    for (column, values) in
        [("opener", ["north"]), ("kind", ["fire"]), ("reported-grade", ["serious"]), ("account", ["south"])]
    {
        assert_eq!(cell(&list, column), serde_json::json!(values), "{column}");
    }
    // The hour that was typed is one on the instrument's clocks.
    let time = cell(&list, "time")[0].as_str().expect("a time").to_owned();
    assert!(time.starts_with("2026-01-0") && time.ends_with(":00Z"), "{time}");

    let page = north.get("incidents");
    let main = main_of(&page.body);
    assert!(main.contains("<h1><bdi>What is reported, where, and how sure?</bdi></h1>"), "{main}");
    let row = between(main, "<tbody>", "</tr>").expect("a row");
    for (label, shown) in [
        ("Reported by", ">North<"),
        ("Kind", "<bdi>Fire</bdi>"),
        ("Reported grade", "<bdi>Serious</bdi>"),
        ("Time", time.as_str()),
        ("Accounts by", ">South<"),
    ] {
        assert!(main.contains(&format!("<th scope=\"col\">{label}</th>")), "{label}: {main}");
        let cell = between(row, &format!("<td data-l=\"{label}\">"), "</td>");
        assert!(cell.is_some_and(|cell| cell.contains(shown)), "{label}: {row}");
    }

    // Place, date and kind have columns of their own: a title would say them twice.
    assert!(!main.contains("<th scope=\"col\">What</th>"), "{main}");
    let place = between(row, "<td data-l=\"Place\">", "</td>").expect("where it is");
    assert!(place.contains("<span class=\"grid\">") && place.contains("Not determined"), "{place}");

    // A spreadsheet has codes and times, and who reported it but once.
    let sheet = north.get("incidents.csv").body;
    let mut sheet = csv::Reader::from_reader(sheet.as_bytes());
    let head = sheet.headers().expect("a head").clone();
    let line = sheet.records().next().expect("a row").expect("whole");
    let place = |word: &str| {
        let of_it: Vec<usize> =
            (0..head.len()).filter(|at| head[*at].ends_with(&format!("[{word}]"))).collect();
        assert_eq!(of_it.len(), 1, "{word}: {head:?}");
        of_it[0]
    };
    for (word, value) in [
        ("opener", "North"),
        ("kind", "fire"),
        ("reported-grade", "serious"),
        ("time", time.as_str()),
        ("account", "south"),
    ] {
        assert_eq!(&line[place(word)], value, "{word}");
    }

    // The same in another language, by its words.
    let urdu = north.get("incidents?lang=ur");
    assert!(main_of(&urdu.body).contains("کیا اطلاع دی گئی، کہاں، اور کتنی یقینی؟"), "{}", urdu.body);
}

#[test]
fn each_kind_of_matter_that_the_text_has_has_a_list_that_asks_something() {
    let four = four();
    let north = four.browser("north");
    let procedures =
        instrument::read(four::EXERCISE, &instrument::library::shipped()).0.expect("it is read").procedures;
    assert!(procedures.len() > 15, "the exercise has the library");
    for (kind, procedure) in &procedures {
        let stem = kind.as_str().trim_end_matches(['y', 's']);
        let paths = [format!("{kind}s"), format!("{kind}es"), format!("{stem}ies"), "lives".to_owned()];
        let list = paths.iter().find_map(|path| {
            let got = north.get(&format!("{path}?as=json"));
            let list: serde_json::Value = serde_json::from_str(&got.body).ok()?;
            (got.status == 200 && list["kind"] == kind.as_str()).then_some(list)
        });
        let list = list.unwrap_or_else(|| panic!("{kind} has no list"));
        let question = list["question"].as_str().expect("a question");
        assert!(question.ends_with('?'), "{kind}: {question}");
        let columns: Vec<&str> = list["columns"]
            .as_array()
            .expect("columns")
            .iter()
            .map(|it| it["column"].as_str().expect("a word"))
            .collect();
        // Each strand of a matter says of what it is; each column stands once.
        for strand in &procedure.strands {
            assert!(columns.contains(&strand.as_str()), "{kind}: {columns:?}");
        }
        let once: std::collections::BTreeSet<&str> = columns.iter().copied().collect();
        assert_eq!(once.len(), columns.len(), "{kind}: {columns:?}");
        assert!(!columns.is_empty(), "{kind}");
    }
}
