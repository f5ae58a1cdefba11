//! Two officers sign: who reads a draft again sees what has changed since, and whose agreement lapsed by that.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod sent;
mod served;

use four::{EXERCISE, Four, INCIDENT, four, four_with, newest};
use sent::{contains, homes};
use served::{Browser, main_of};
use terms::Custody;

/// A case against south, of an incident.
fn case(four: &Four, north: &Browser, south: &Browser) -> String {
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let told = newest(south, "incidents");
    let alleged =
        [("f-bearer", "south"), ("f-provision", "p1"), ("f-incident", told.as_str()), ("f-grade", "serious")];
    let sign = north.fill("cases/new", &alleged, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    newest(south, "cases")
}

/// Somebody else sits down at south's desk.
fn sit(four: &Four, who: &str) -> Browser {
    let browser = four.browser("south");
    assert_eq!(browser.post("settings", &[("go", "who"), ("new", who)]).status, 303);
    browser
}

fn json(browser: &Browser, page: &str) -> serde_json::Value {
    serde_json::from_str(&browser.get(&format!("{page}?as=json")).body).expect("it is JSON")
}

#[test]
fn the_second_officer_sees_what_changed_since() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let case = case(&four, &north, &south);
    let (legal, liaison) = (sit(&four, "legal-1"), sit(&four, "liaison-1"));
    let form = format!("cases/{case}/respond");
    let sign = legal.fill(&form, &[("choice", "deny"), ("text", "It was not so.")], "sign");
    // Nobody has read it before, and reading it again alters nothing.
    for browser in [&legal, &liaison, &liaison] {
        let page = browser.get(&sign).body;
        assert!(page.contains("It was not so.") && !page.contains("id=\"since\""), "{}", main_of(&page));
    }
    let agreed = legal.sign(&sign, "legal-1");
    assert!(agreed.ends_with("note=agreed"), "{agreed}");
    let page = liaison.get(&sign).body;
    assert!(!page.contains("id=\"since\"") && !page.contains("lapsed"), "{}", main_of(&page));

    // It is written on; both see what it said and says, and that the agreement holds no more.
    let draft = sign.replace("/sign/", "/unsigned/");
    let changed = legal.fill(&draft, &[("choice", "deny"), ("text", "It was not so at all.")], "sign");
    assert_eq!(changed, sign, "the same draft");
    for browser in [&liaison, &legal, &liaison] {
        let page = browser.get(&sign).body;
        let main = main_of(&page);
        let said = main.split_once("Changed since you read it").expect("it is told").1;
        for told in [
            "<del><bdi dir=\"auto\">It was not so.</bdi></del>",
            "<ins><bdi dir=\"auto\">It was not so at all.</bdi></ins>",
        ] {
            assert!(said.contains(told), "{told}: {main}");
        }
        assert!(main.contains("legal-1 agreed to it, ") && main.contains("has lapsed"), "{main}");
    }
    let told = json(&liaison, &sign);
    let fields = told["changed"]["fields"].as_array().expect("fields");
    assert_eq!(
        (fields.len(), &fields[0]["name"]),
        (1, &"In words".into()),
        "what is as it was is not told: {told}"
    );
    // Whoever reads it first has nothing to compare; in Urdu it is told in Urdu.
    assert!(!south.get(&sign).body.contains("id=\"since\""));
    assert_eq!(liaison.post("settings", &[("go", "how"), ("language", "ur")]).status, 303);
    let page = liaison.get(&sign).body;
    assert!(page.contains("آپ کے پڑھنے کے بعد کی تبدیلیاں"), "{}", main_of(&page));

    // Who agrees to it anew has read it; the second signs, and what was kept goes with the draft.
    legal.sign(&sign, "legal-1");
    let page = legal.get(&sign).body;
    assert!(!page.contains("id=\"since\"") && !page.contains("lapsed"), "{}", main_of(&page));
    liaison.sign(&sign, "liaison-1");
    let page = south.get(&sign).body;
    assert!(page.contains("on its way") && !page.contains("id=\"since\""), "{}", main_of(&page));
}

/// Of who has read a draft and has not said who they are the store has a mark of their session: what opens that is on no disk.
#[test]
fn what_opens_a_session_is_kept_nowhere() {
    let four = four();
    let north = four.browser("north");
    let sign = north.fill("incidents/new", &INCIDENT, "sign");
    for _ in 0..2 {
        assert_eq!(north.get(&sign).status, 200);
    }
    let (_, opens) = north.cookie.split_once('=').expect("a pair");
    assert!(opens.len() > 30, "{opens}");
    let all = homes(&four);
    let has = |part: &[u8]| all.iter().any(|(_, bytes)| contains(bytes, part));
    assert!(has(b"session "), "that it was read is kept");
    assert!(!has(opens.as_bytes()), "what opens a session lies on the disk");
    for half in [&opens[..opens.len() / 2], &opens[opens.len() / 2..]] {
        assert!(!has(half.as_bytes()), "a part of it does");
    }
}

/// Before anything is signed: where the key lies, whether it can be taken back, who will see what, what silence will do,
/// what it does not admit, and the bytes.
#[test]
fn before_it_is_signed_all_that_follows_is_said() {
    let four = four_with(&format!("{EXERCISE}\n[custody]\nstep = \"hosted\"\n"), Custody::Hosted);
    let (north, south) = (four.browser("north"), four.browser("south"));
    let case = case(&four, &north, &south);
    let form = format!("cases/{case}/respond");
    let sign = south.fill(&form, &[("choice", "deny"), ("text", "It was not so.")], "sign");
    let hash = json(&south, &sign)["read"].as_str().expect("a hash").to_owned();
    let english = [
        "Custody: hosted. The node’s operator holds the key.",
        "The secret key is kept on this node: whoever runs it could sign with it too.",
        "<dt>Can it be taken back</dt><dd>",
        "stays on record.",
        "<dt>Who will see it</dt><dd>All participants see that it was done, when, and the fields above",
        "The words can be opened by",
        "<dt>If you do nothing</dt><dd>",
        "That is not an admission.",
        "<dt>What it does not admit</dt><dd>Any fact, liability or status beyond its own words",
        "<summary>The exact bytes</summary>",
    ];
    let urdu = [
        "تحویل: میزبان۔ کلید نوڈ چلانے والے کے پاس ہے۔",
        "خفیہ کلید اسی نوڈ پر ہے",
        "<dt>کیا واپس ہو سکتا ہے</dt><dd>",
        "ریکارڈ پر رہتا ہے",
        "<dt>کون دیکھے گا</dt><dd>سب شرکا دیکھتے ہیں",
        "الفاظ کھول سکتے ہیں:",
        "<dt>اگر آپ کچھ نہ کریں</dt><dd>",
        "یہ اعتراف نہیں۔",
        "<dt>اس میں کس بات کا اعتراف نہیں</dt><dd>اپنے الفاظ سے آگے کسی واقعے",
        "<summary>بعینہٖ بائٹس</summary>",
    ];
    for (language, said) in [("en", english), ("ur", urdu)] {
        assert_eq!(south.post("settings", &[("go", "how"), ("language", language)]).status, 303);
        let page = south.get(&sign).body;
        let main = main_of(&page);
        for said in said {
            assert!(main.contains(said), "{said}: {main}");
        }
        // The bytes are folded away, and are those of the act: its hash stands with them.
        let bytes = main.split_once("<p class=\"bytes\" tabindex=\"0\">").expect("bytes").1;
        let bytes = bytes.split_once("</p>").expect("an end").0;
        assert!(bytes.contains("respond") && bytes.contains("deny") && main.contains(&hash), "{bytes}");
    }
}
