//! A call in the night: from the directory or the log it becomes an act, and each side has its own version.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use four::four;
use served::{between, main_of};

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("it is JSON")
}

#[test]
fn a_call_is_logged_from_the_directory_and_agreed_by_the_other_side() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let post = [
        ("office", "Duty officer"),
        ("participant", "south"),
        ("number-is", "hotline"),
        ("number", "+000 555 0100"),
    ];
    assert_eq!(north.post("directory", &post).status, 303);
    let entry = json(&north.get("directory?as=json").body)["posts"][0].clone();
    assert_eq!(entry["may-log"], true, "{entry}");
    // One press: whom, by what and when are filled in.
    let got = north.post(entry["href"].as_str().expect("a page"), &[("go", "contact")]);
    let draft = got.head["location"].clone();
    let fields = json(&north.get(&format!("{draft}?as=json")).body)["fields"].clone();
    let value = |name: &str| {
        let field =
            fields.as_array().expect("fields").iter().find(|field| field["id"] == format!("f-{name}"));
        field.map(|field| field["values"][0].clone()).unwrap_or_default()
    };
    assert_eq!((value("other"), value("channel")), ("south".into(), "hotline".into()), "{fields}");
    assert!(value("time").as_str().is_some_and(|time| time.len() == "2026-01-05T08:00".len()), "{fields}");
    let time = value("time");
    let form = [
        ("f-other", "south"),
        ("f-channel", "hotline"),
        ("f-time", time.as_str().expect("a time")),
        ("tier", "record"),
        ("text", "A herd crossed; it goes back at first light."),
    ];
    let sign = north.fill(&draft, &form, "sign");
    let signed = north.sign(&sign, "liaison-1");
    four.meet();
    let page = north.get(&signed).body;
    let matter = between(main_of(&page), "/contacts/", "\"").expect("a contact").to_owned();
    // The other side has it in its own list, and says whether it agrees.
    let told = south.get(&format!("contacts/{matter}")).body;
    assert!(told.contains("A herd crossed"), "{}", main_of(&told));
    let form = south.fill(&format!("contacts/{matter}/confirm"), &[("choice", "agree")], "sign");
    south.sign(&form, "liaison-1");
    four.meet();
    let story = json(&north.get(&format!("contacts/{matter}?as=json")).body);
    assert_eq!(story["lives"][0]["state"], "agreed", "{story}");
}

#[test]
fn a_line_of_the_log_becomes_a_contact_an_incident_or_a_notice() {
    let four = four();
    let north = four.browser("north");
    let words = "Call from south: shots near the ford. مشق";
    let line = [("kind", "contact"), ("says", words), ("at", "2026-01-05T02:10")];
    assert_eq!(north.post("watch", &line).status, 303);
    let rows = json(&north.get("watch?view=all&as=json").body)["rows"].clone();
    let row = rows.as_array().expect("rows").iter().find(|row| row["says"] == words).expect("it is there");
    let href = row["href"].as_str().expect("a page");
    for kind in ["contact", "incident", "notice"] {
        let got = north.post(href, &[("go", "draft"), ("kind", kind)]);
        let draft = json(&north.get(&format!("{}?as=json", got.head["location"])).body);
        assert_eq!((&draft["kind"], &draft["text"]), (&kind.into(), &words.into()), "{draft}");
        let time = draft["fields"].as_array().expect("fields").iter().find(|field| field["id"] == "f-time");
        if kind == "contact" {
            assert_eq!(time.expect("it has a time")["values"][0], "2026-01-05T02:10");
        }
    }
}
