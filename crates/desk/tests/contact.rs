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
fn how_freely_it_may_be_spoken_of_is_chosen_before_anything_is_typed() {
    let four = four();
    let north = four.browser("north");
    let page = north.get("contacts/new?with=south").body;
    let shown = main_of(&page);
    assert!(!shown.contains("<form") && !shown.contains("<textarea"), "nothing can be typed yet: {shown}");
    for (leads, says) in [
        ("contacts/new?with=south&#38;tier=record", "part of the record"),
        ("contacts/new?with=south&#38;tier=without-prejudice", "nobody cites it"),
        ("/good-offices", "nothing of it enters the register"),
    ] {
        assert!(shown.contains(leads) && shown.contains(says), "{leads}: {shown}");
    }
    // A word that is none of them is no choice.
    assert!(!main_of(&north.get("contacts/new?tier=x").body).contains("<form"));
    let form = north.get("contacts/new?with=south&tier=without-prejudice").body;
    let form = main_of(&form);
    assert!(
        form.contains("value=\"without-prejudice\" checked") && form.contains("band prejudice"),
        "{form}"
    );
    // Where the agreement leaves no choice there is none to make; texts have no good offices.
    assert!(main_of(&north.get("incidents/new").body).contains("<form"));
    assert!(!main_of(&north.get("drafts/new").body).contains("good-offices"));
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
    let log = entry["log"].as_str().expect("a form").to_owned();
    // One press: whom, by what and when are filled in, from the directory and from the first page alike.
    let overview = north.get("").body;
    let begins = "contacts/new?with=south&#38;tier=record";
    assert!(main_of(&overview).contains(begins), "{}", main_of(&overview));
    let value = |fields: &serde_json::Value, name: &str| {
        let field =
            fields.as_array().expect("fields").iter().find(|field| field["id"] == format!("f-{name}"));
        field.map(|field| field["values"][0].clone()).unwrap_or_default()
    };
    let (mut time, mut draft) = (serde_json::Value::Null, log.clone());
    for form in [&log, "contacts/new?with=south&tier=record"] {
        let begun = json(&north.get(&format!("{form}&as=json")).body);
        let fields = &begun["fields"];
        assert_eq!((value(fields, "other"), value(fields, "channel")), ("south".into(), "hotline".into()));
        time = value(fields, "time");
        assert!(time.as_str().is_some_and(|time| time.len() == "2026-01-05T08:00".len()), "{fields}");
        draft = form.to_owned();
    }
    let begun = json(&north.get(&format!("{draft}&as=json")).body);
    let tiers = begun["groups"][0]["options"].as_array().expect("tiers").clone();
    assert!(tiers.iter().any(|tier| tier["value"] == "record" && tier["is-chosen"] == true), "{tiers:?}");
    // What is known already need not be typed, and where typing begins is where the hand is.
    let page = north.get(&draft).body;
    assert!(between(&page, "<textarea id=\"text\"", ">").expect("a field").contains("autofocus"));
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
    // It is known by who spoke, when and how, not by its day alone.
    assert!(main_of(&told).contains("North · South, 5 January 2026 "), "{}", main_of(&told));
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
