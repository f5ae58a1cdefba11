//! The record's pages: who cosigned, every entry, one entry with its proof, and everything checked when asked.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use audit::Expected;
use four::{INCIDENT, four};
use served::{Browser, main_of};
use verifier::Verdict;

fn json(browser: &Browser, path: &str) -> serde_json::Value {
    let and = if path.contains('?') { '&' } else { '?' };
    let got = browser.get(&format!("{path}{and}as=json"));
    assert_eq!(got.status, 200, "{path}: {}", got.body);
    serde_json::from_str(&got.body).expect("it is JSON")
}

#[test]
fn an_entry_is_shown_drawn_and_proved() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let sign = north.fill("incidents/new", &[&INCIDENT[..], &[("text", "xyzzy")]].concat(), "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let record = json(&south, "record");
    let entries = record["entries"].as_array().expect("entries");
    let opened = entries.iter().find(|row| row["kind"] == "open").expect("it was opened");
    let index = opened["index"].as_u64().expect("a number");
    assert!(opened["matter"]["reference"].as_str().is_some_and(|reference| reference.starts_with("INC-")));

    let shown = json(&south, &format!("record/{index}"));
    assert_eq!((shown["by"]["id"].as_str(), shown["kind"].as_str()), (Some("north"), Some("open")));
    let steps = shown["proof"]["steps"].as_array().expect("steps");
    assert_eq!(steps.last().map(|step| step["comes-to"].clone()), Some(shown["proof"]["root"].clone()));
    let page = south.get(&format!("record/{index}")).body;
    let main = main_of(&page);
    assert_eq!(main.matches("<circle").count(), 2 * steps.len() + 1);
    for said in ["Signed with", "liaison-1", "data-leaf=", "Check in this browser"] {
        assert!(main.contains(said), "{said}");
    }
    assert!(!page.contains("xyzzy"), "what is sealed is in no entry");

    // The proof holds without the desk, and is of this entry.
    let file = south.get(&format!("record/{index}/proof"));
    assert!(file.head["content-disposition"].ends_with(&format!("-{index}.mithaq-proof\"")));
    let Verdict::Proved(proved) =
        verifier::check(file.body.as_bytes(), record["by-voice"].as_str().expect("a name"))
    else {
        panic!("it holds: {}", file.body)
    };
    assert_eq!((proved.entry, proved.register.is_asked_for), (index, true));
    assert_eq!(serde_json::json!(proved.leaf), shown["proof"]["leaf"]);
    let genesis = Expected::Genesis(four.desk("south").settings().genesis);
    audit::standing::verify(file.body.as_bytes(), &genesis).expect("it holds");

    for nowhere in ["record/x", "record/01", "record/99999", "record/99999/proof", "record/contradictions/1"]
    {
        assert_eq!(south.get(nowhere).status, 404, "{nowhere}");
    }
}

#[test]
fn who_cosigned_is_said_and_everything_is_checked_when_asked() {
    let four = four();
    let north = four.browser("north");
    four.meet();
    let record = json(&north, "record");
    let (witnesses, quorum) = (record["witnesses"].as_array().expect("cosigners"), record["quorum"].as_u64());
    let have = witnesses.iter().filter(|one| one["is-on-newest"] == true).count() as u64;
    assert!(quorum.is_some_and(|quorum| quorum > 0 && have >= quorum), "{record}");
    assert!(record["seen"].as_array().is_some_and(|seen| !seen.is_empty()));
    assert_eq!((record["alarms"].as_array().map(Vec::len), record["whole"].is_null()), (Some(0), true));

    assert_eq!(north.post("record/whole", &[]).status, 303);
    let record = json(&north, "record");
    assert_eq!(record["whole"]["verdict"], "good", "{record}");
    assert_eq!(record["whole"]["entries"], record["held"]);
    let page = north.get("record").body;
    assert!(main_of(&page).contains("nothing wrong found") && !page.contains("Proof of misbehaviour"));

    // A file that is not what was signed is found, and said calmly.
    let data = four.desk("north").work(|node, _| node.home().data.clone());
    let annex = std::fs::read_dir(data.join("register/annex"))
        .expect("annexes")
        .next()
        .expect("one")
        .expect("listed");
    let bytes = std::fs::read(annex.path()).expect("read");
    std::fs::write(annex.path(), [&bytes[..], b"x"].concat()).expect("written");
    assert_eq!(north.post("record/whole", &[]).status, 303);
    let page = north.get("record").body;
    let main = main_of(&page);
    assert!(main.contains("Proof of misbehaviour") && main.contains("role=\"alert\""), "{main}");
    assert!(main.contains("[audit::"), "what is wrong stands there: {main}");
    std::fs::write(annex.path(), bytes).expect("written");
}

#[test]
fn entries_have_pages() {
    let four = four();
    let north = four.browser("north");
    let all = json(&north, "record")["held"].as_u64().expect("a size");
    let mut seen = Vec::new();
    let mut to = all - 1;
    loop {
        let page = json(&north, &format!("record?to={to}"));
        let rows = page["entries"].as_array().expect("entries").clone();
        seen.extend(rows.iter().map(|row| row["index"].as_u64().expect("a number")));
        match seen.last() {
            Some(0) | None => break,
            Some(last) => to = last - 1,
        }
    }
    assert_eq!(seen, (0..all).rev().collect::<Vec<_>>());
    assert_eq!(json(&north, "record?to=18446744073709551615")["entries"][0]["index"], all - 1);
    let verifier = north.get("record/verifier");
    assert_eq!(verifier.head["content-type"], "text/html; charset=utf-8");
    assert!(json(&north, "record")["verifier"].as_str().is_some_and(|hash| hash.len() == 64));
}
