//! The record's pages: who cosigned, every entry, one entry with its proof, and everything checked when asked.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use std::sync::Arc;

use act::{Entry, Submission};
use audit::Expected;
use common::{World, at, met};
use four::{INCIDENT, four};
use node::Node;
use note::SigningKey;
use register::{Answer, Folder, Log, RealDisk, Registrar, Start};
use served::{Browser, desk_of, json, main_of, serve};
use terms::{Instant, Kind, RefusalGround, SignerName};
use tokio::runtime::Runtime;
use vault::Secret;
use verifier::Verdict;

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
    assert!(!north.get("").body.contains("role=\"alert\""));

    // Whoever works with the node does not wait for it, nor it for them.
    let asked = four.desk("north").work(|_, _| north.post("record/whole", &[]).status);
    assert_eq!(asked, 303);
    let record = json(&north, "record");
    assert_eq!(record["is-checking"], false);
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
    assert!(main.contains("This copy differs: compare it") && main.contains("role=\"status\""), "{main}");
    for denied in ["Proof of misbehaviour", "role=\"alert\"", "nothing malformed"] {
        assert!(!main.contains(denied), "{denied}: {main}");
    }
    assert_eq!(json(&north, "record")["alarm"], "differs");
    let other = north.get("").body;
    assert!(main_of(&other).contains("This copy differs: compare it"), "every page says it");
    assert!(north.get("record?lang=ur").body.contains("یہ نقل مختلف ہے: موازنہ کریں"));
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
    let sheet = north.get("record?to=3&as=csv");
    assert_eq!(sheet.head["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(sheet.body.lines().count(), 5, "{}", sheet.body);
    assert!(sheet.body.lines().nth(4).is_some_and(|line| line.starts_with("0,")), "{}", sheet.body);
    let verifier = north.get("record/verifier");
    assert_eq!(verifier.head["content-type"], "text/html; charset=utf-8");
    assert!(json(&north, "record")["verifier"].as_str().is_some_and(|hash| hash.len() == 64));
}

/// Says good to everything.
struct Blind;

impl register::Judge for Blind {
    fn judge(&mut self, _: u64, _: &Submission, _: Instant) -> Result<(), RefusalGround> {
        Ok(())
    }
}

/// A registrar lets in what it had to refuse: the page says so, shows which entry, and gives out what convicts it.
#[test]
fn what_had_to_be_refused_is_an_alarm_with_its_proof() {
    let (mut world, mut harbour) = met();
    let body = common::keep(&world.north);
    world.north.act("liaison-1", body, at(5)).expect("signed");
    let last = (0..world.north.size()).rev().map(|index| world.north.entry(index).expect("an entry"));
    let entries = last.map(|bytes| Entry::parse(&bytes).expect("an entry"));
    let kept = entries.into_iter().find(|entry| entry.act().kind() == Kind::Keep).expect("what was signed");
    let n = format!("\"n\":{}", kept.act().head().n);
    let text = String::from_utf8(kept.submission().to_bytes()).expect("text").replacen(&n, "\"n\":99", 1);
    let (home, origin) = (world.home("north"), world.north.origin().clone());
    let ring = common::copy_ring(&world.rings["north"]);
    let secret = ring.get(&origin.key_name(&SignerName::Registrar)).expect("a key").secret();
    let Secret::Ed25519(seed) = secret else { unreachable!("a signing key") };
    let key = SigningKey::from_seed(seed);
    let World { dir, stick, north, rings } = world;
    drop(north);
    let folder = Folder::open(RealDisk, &home.data, &home.kept()).expect("opened");
    let registrar = Registrar { origin, key };
    let (mut log, _) = Log::open(&folder, registrar, &[], Start::Usual).expect("opened");
    let answers = log.append(&[text.into_bytes()], at(6), &mut Blind).expect("written");
    let Some(Answer::Registered { index, .. }) = answers.first() else { panic!("{answers:?}") };
    log.close().expect("closed");
    drop(folder);

    let mut north = Node::open(&home, common::copy_ring(&rings["north"])).expect("opened");
    for hour in [7, 9] {
        common::import(&mut north, &mut harbour, &stick, hour).expect("imported");
        common::import(&mut harbour, &mut north, &stick, hour + 1).expect("imported");
    }
    let runtime = Runtime::new().expect("a runtime");
    let desk = Arc::new(desk_of(north, &["north.localhost"], at(12)));
    let browser = Browser::open(serve(&runtime, &desk), "north.localhost", &desk);
    assert_eq!(browser.get("").body.matches("role=\"alert\"").count(), 1, "every page says it");
    assert_eq!(browser.get("record").body.matches("role=\"alert\"").count(), 1);
    let record = json(&browser, "record");
    assert_eq!(
        (&record["alarms"][0]["entry"], &record["alarm"]),
        (&(*index).into(), &"proof".into()),
        "{record}"
    );
    assert!(!browser.get("record").body.contains("nothing malformed"));
    assert_eq!(json(&browser, &format!("record/{index}"))["stands"]["is"], "malformed");
    assert_eq!(browser.post("record/whole", &[]).status, 303);
    let page = browser.get("record").body;
    let main = main_of(&page);
    for said in ["Proof of misbehaviour", "cannot both be true", "What it means, and what it does not"] {
        assert!(main.contains(said), "{said}: {main}");
    }
    let file = browser.get("record/contradictions/1");
    assert_eq!(file.status, 200, "{main}");
    assert!(matches!(verifier::check(file.body.as_bytes(), ""), Verdict::Contradicted(one) if one.convicts));
    drop(dir);
}
