//! Officers make passkeys at the desk, are enrolled, sign in and sign with them; and nobody does so in their name.

#![expect(clippy::panic, reason = "a test says what it found")]

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use std::sync::Arc;

use act::{Act, Submission};
use audit::contradiction::{Convict, gather};

use audit::{Expected, Inline, Verdict, verify_folder};
use common::{at, code, copy_ring};
use desk::desk::Manner;
use desk::web::routes::Verb;
use four::{Four, INCIDENT, four, newest};
use node::disk::Disk;
use node::drafted::Drafted;
use register::{Folder, Log, RealDisk, Registrar, Start};
use served::authenticator::{Authenticator, text};
use served::{Browser, Got, ask, between, main_of};
use terms::{ActId, Capacity, Custody, Hash, Instant, RefusalGround, Seconds};
use vault::{KeyUse, Secret};

const HOST: &str = "north.localhost";

/// Invites an officer at a desk; gives the link's path.
fn invite(browser: &Browser, label: &str) -> String {
    let page = browser.post("people", &[("label", label), ("office", "Operations")]);
    assert_eq!(page.status, 200, "{}", page.body);
    let link = between(&page.body, "<code>", "</code>").unwrap_or_else(|| panic!("{}", main_of(&page.body)));
    let path = link.strip_prefix(&format!("http://{}", browser.host)).expect("of this desk");
    path.to_owned()
}

/// An officer's passkey, enrolled by the roots that lie at the desk, and final.
fn enrolled(four: &Four, browser: &Browser, label: &str, seed: u8) -> Authenticator {
    let link = invite(browser, label);
    let passkey = Authenticator::new(seed, &browser.host);
    let made = passkey.enrol(browser, &link);
    assert!(made.contains("The passkey is made, and works"), "{}", main_of(&made));
    let done = browser.post(&format!("people/{label}/enrol"), &[]);
    assert!(done.head["location"].ends_with("note=enrolled"), "{:?}", done.head);
    four.meet();
    passkey
}

fn incident(browser: &Browser) -> String {
    let form = [&INCIDENT[..], &[("text", "Seen from the second post.")]].concat();
    browser.fill("incidents/new", &form, "sign")
}

fn verify(four: &Four, name: &str) {
    let folder = four.desk(name).work(|node, _| node.home().data.clone());
    common::verify(&folder);
}

#[test]
fn an_officer_makes_a_passkey_and_signs_with_it() {
    let four = four();
    let north = four.browser("north");
    let link = invite(&north, "ops-1");
    let look = ask(north.at, Verb::Get, &link, &[("host", HOST)], "");
    assert_eq!(look.status, 200, "to look at it does not use it up: {}", look.body);
    let passkey = Authenticator::new(7, HOST);
    // A key that was not tried well is not kept, and the link waits on.
    let own = [("key", passkey.spki()), ("credential", passkey.credential())];
    for asserted in [text(b"x"), passkey.assert(&text(&[0; 32])), String::new()] {
        let form = [own[0].clone(), own[1].clone(), ("assertion", asserted)];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = north.post_as_it_is(&link, &form, &[]);
        assert!(page.body.contains("No passkey that works"), "{}", main_of(&page.body));
    }
    let made = passkey.enrol(&north, &link);
    assert!(made.contains("The passkey is made, and works"), "{}", main_of(&made));
    assert_eq!(north.get(&link).status, 410, "the link is used up");

    // Without the roots it signs nothing: it is not even offered.
    let sign = incident(&north);
    assert!(!north.get(&sign).body.contains("ops-1"));
    let people = north.get("people").body;
    assert!(people.contains("Made, and not yet on record") && people.contains("Enrol now"), "{people}");
    let done = north.post("people/ops-1/enrol", &[("note", "Held by the head of operations: xyzzy")]);
    assert!(done.head["location"].ends_with("note=enrolled"), "{:?}", done.head);
    four.meet();
    // The note is sealed, and for its own side.
    let (is_clear, note) = four.desk("north").work(|node, _| {
        let all = (0..node.size()).map(|index| node.entry(index).expect("an entry"));
        let is_clear = all.clone().any(|bytes| String::from_utf8_lossy(&bytes).contains("xyzzy"));
        let read = all.map(|bytes| act::Entry::parse(&bytes).expect("an entry"));
        let mut notes = read.filter_map(|entry| match entry.act().body() {
            act::Body::Enrol(act::body::Enrol::Key(key)) => Some((entry.act().id(), key.note.clone()?)),
            _ => None,
        });
        let (id, file) = notes.next_back().expect("it is there");
        assert_eq!(file.grants.len(), 1, "{file:?}");
        let opened = tempfile::tempdir().expect("a folder");
        let path = opened.path().join("note.txt");
        let exhibit = terms::Item::exhibit(id, 1);
        node.open_exhibit(&exhibit, Some(&path), &mut |_, _| {}).expect("it opens");
        (is_clear, std::fs::read_to_string(path).expect("read"))
    });
    assert!(!is_clear && note.contains("xyzzy"));
    let json = north.get("people?as=json").body;
    let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let officers = read["officers"].as_array().expect("a list");
    let ours = officers.iter().find(|officer| officer["label"] == "ops-1").expect("it is on record");
    assert_eq!((&ours["custody"], &ours["has-passkey"]), (&"device".into(), &true.into()), "{ours}");
    // The nominating note is found from there, and what it says is opened there.
    let at = ours["note"][1].as_str().expect("a note");
    assert!(north.get(&format!("{at}?open=1")).body.contains("xyzzy"), "{at}");
    assert!(ours["screened"].as_array().is_some_and(Vec::is_empty), "nobody looked into them");
    assert_eq!(read["waiting"].as_array().map(Vec::len), Some(0));

    let page = north.get(&sign);
    for said in ["This node does not have its secret", "A passkey needs JavaScript", "data-passkey-signs"] {
        assert!(page.body.contains(said), "{said}: {}", main_of(&page.body));
    }
    let done = passkey.sign(&north, &sign, "ops-1");
    let page = north.get(&done);
    assert!(page.body.contains("in the register as entry"), "{}", main_of(&page.body));
    four.meet();
    verify(&four, "north");
    verify(&four, "south");
    let south = four.browser("south");
    let told = newest(&south, "incidents");
    assert!(south.get(&format!("incidents/{told}")).body.contains("Seen from the second post."));
    // Its line is the passkey's alone.
    let lines = four.desk("north").work(|node, _| {
        let all = (0..node.size()).map(|index| node.entry(index).expect("an entry"));
        let read = all.map(|bytes| act::Entry::parse(&bytes).expect("an entry"));
        let ours =
            read.filter(|entry| entry.act().head().signers.iter().any(|of| of.to_string() == "north/ops-1"));
        ours.map(|entry| (entry.submission().signatures().len(), entry.submission().assertions().len()))
            .collect::<Vec<_>>()
    });
    assert_eq!(lines, [(1, 0)]);
}

/// Its roots end an officer's key at the desk: what it signed stands, it signs nothing more, and nobody else's key is ended.
#[test]
fn a_key_is_ended_at_the_desk() {
    let four = four();
    let north = four.browser("north");
    let passkey = enrolled(&four, &north, "ops-1", 7);
    let sign = incident(&north);
    passkey.sign(&north, &sign, "ops-1");
    four.meet();
    // Not meant, not there, another's: nothing is ended.
    let end = "people/ops-1/revoke";
    assert!(north.post(end, &[]).head["location"].ends_with("note=not-meant"));
    for other in ["nobody", "witness", "root-1", "south"] {
        assert_eq!(north.post(&format!("people/{other}/revoke"), &[("meant", "1")]).status, 404, "{other}");
    }
    let page = north.get("people").body;
    assert!(page.contains("End this key") && page.contains("What it signed stands."), "{}", main_of(&page));
    let next = incident(&north);
    let done = north.post(end, &[("meant", "1")]);
    assert!(done.head["location"].ends_with("note=revoked"), "{:?}", done.head);
    assert!(north.get(&done.head["location"]).body.contains("The end of the key is signed and handed in."));
    four.meet();
    let people: serde_json::Value = serde_json::from_str(&north.get("people?as=json").body).expect("JSON");
    let ended = people["officers"].as_array().expect("officers");
    let ended = ended.iter().find(|officer| officer["label"] == "ops-1").expect("it stays on record");
    assert!(ended["ended"].is_u64(), "{ended}");
    assert_eq!(north.post(end, &[("meant", "1")]).status, 409, "once");
    assert!(!north.get(&next).body.contains("ops-1"), "it is not offered any more");
    let south = four.browser("south");
    let told = newest(&south, "incidents");
    assert!(south.get(&format!("incidents/{told}")).body.contains("Seen from the second post."), "it stands");
    verify(&four, "south");
    // Where the roots lie elsewhere it goes as a file, for a passkey too; and that of another act is not taken for it.
    enrolled(&four, &north, "ops-3", 9);
    let file = north.get("people/ops-3/draft");
    assert_eq!(file.status, 200, "{}", file.body);
    assert!(file.body.contains("revoke") && file.body.contains("ops-3"), "{}", file.body);
    Authenticator::new(8, HOST).enrol(&north, &invite(&north, "ops-2"));
    let got = north.post("people/ops-2/signed", &[("draft", &file.body)]);
    assert!(got.head["location"].ends_with("note=other"), "{:?}", got.head);
    let got = north.post("people/ops-3/signed", &[("draft", &file.body)]);
    assert!(got.head["location"].ends_with("note=unsigned"), "{:?}", got.head);
    let signed = signed_by_roots(&four, &file.body);
    let got = north.post("people/ops-3/signed", &[("draft", &signed)]);
    assert!(got.head["location"].ends_with("note=revoked"), "{:?}", got.head);
    // Until it is final it is said to be on its way, and a second press says nothing anew.
    let page = north.get("people").body;
    assert!(main_of(&page).contains("Its end is signed, and on its way."), "{}", main_of(&page));
    let again = north.post("people/ops-3/revoke", &[("meant", "1")]);
    assert!(again.head["location"].ends_with("note=revoked"), "{:?}", again.head);
    four.meet();
    let ends = four.desk("north").work(|node, _| {
        let all = (0..node.size())
            .map(|index| act::Entry::parse(&node.entry(index).expect("read")).expect("an entry"));
        all.filter(|entry| entry.act().body().kind() == terms::Kind::Revoke).count()
    });
    assert_eq!(ends, 2, "ops-1's, and ops-3's once");
    assert_eq!(north.get("people/ops-3/draft").status, 409);
}

#[test]
fn what_a_passkey_did_not_assert_is_not_signed() {
    let four = four();
    let north = four.browser("north");
    let passkey = enrolled(&four, &north, "ops-1", 7);
    let sign = incident(&north);
    let question = passkey.question(&north, &sign, "ops-1");
    assert_eq!(question["credentials"], serde_json::json!([passkey.credential()]));
    let challenge = question["challenge"].as_str().expect("a challenge");
    let other = ActId(Hash::of(b"another act"));
    let elsewhere = Authenticator::new(7, "south.localhost");
    let another = Authenticator::new(8, HOST);
    for (what, assertion) in [
        ("nothing", String::new()),
        ("no assertion", "AAAA".to_owned()),
        ("another act", passkey.assert(&note::passkey::challenge(&other))),
        ("nobody was verified", passkey.assert_with(challenge, 0x01)),
        ("nobody was there", passkey.assert_with(challenge, 0x04)),
        ("at another desk", elsewhere.assert(challenge)),
        ("another passkey", another.assert(challenge)),
    ] {
        let done = passkey.answer(&north, &sign, "ops-1", &assertion);
        assert!(done.ends_with("note=passkey"), "{what}: {done}");
    }
    assert_eq!(four.acts(terms::Kind::Open), 0);
    // It is the node that checks it, not the browser; and what it read is what it signs.
    let good = passkey.assert(challenge);
    let id = sign.rsplit('/').next().expect("a draft").to_owned();
    let mut changed: Vec<(&str, &str)> = INCIDENT.into_iter().chain([("kind", "incident")]).collect();
    changed[3] = ("f-reported-grade", "grave");
    north.post(&format!("unsigned/{id}"), &changed);
    let done = passkey.answer(&north, &sign, "ops-1", &good);
    assert!(done.ends_with("note=passkey"), "another act was asked for by now: {done}");
    assert_eq!(four.acts(terms::Kind::Open), 0);
    // A form without the token of its session asks for nothing.
    let form = [("read", "x"), ("by", "ops-1"), ("ticked", "1"), ("ask", "1")];
    assert_eq!(north.post_as_it_is(&sign, &form, &[]).status, 403);
    let done = passkey.sign(&north, &sign, "ops-1");
    assert!(north.get(&done).body.contains("in the register as entry"));
    assert_eq!(four.acts(terms::Kind::Open), 1);
    // What was dropped is not signed, and what was sealed for it is gone.
    let sign = incident(&north);
    passkey.question(&north, &sign, "ops-1");
    let id = sign.rsplit('/').next().expect("a draft").to_owned();
    let half = four.desk("north").work(|node, _| node.home().private().join("half").join(&id));
    assert!(half.exists(), "it waits, sealed");
    north.post(&format!("unsigned/{id}/discard"), &[]);
    assert!(!half.exists());
    four.meet();
    verify(&four, "north");
}

/// Two officers answer, each with a passkey over one act; whoever acts in between makes the first begin anew.
#[test]
fn two_officers_sign_one_act_with_two_passkeys() {
    let four = four();
    let (north, south) = (four.browser("north"), four.browser("south"));
    let (first, second) = (enrolled(&four, &south, "ops-1", 7), enrolled(&four, &south, "ops-2", 9));
    let third = enrolled(&four, &south, "ops-3", 11);
    north.sign(&incident(&north), "liaison-1");
    four.meet();
    let told = newest(&south, "incidents");
    let alleged =
        [("f-bearer", "south"), ("f-provision", "p1"), ("f-incident", told.as_str()), ("f-grade", "serious")];
    let sign = north.fill("cases/new", &alleged, "sign");
    north.sign(&sign, "liaison-1");
    four.meet();
    let case = newest(&south, "cases");
    let answer = [("choice", "deny"), ("text", "It was not so.")];
    let sign = south.fill(&format!("cases/{case}/respond"), &answer, "sign");
    let queued = || four.desk("south").work(|node, _| node.queued().expect("read").len());
    let ask = |passkey: &Authenticator, by: &str, with: &str| {
        let page = south.get(&sign);
        let read = between(&page.body, "name=\"read\" value=\"", "\"").expect("to be signed").to_owned();
        let form = [("read", read.as_str()), ("by", by), ("with", with), ("ticked", "1"), ("ask", "1")];
        let question: serde_json::Value = serde_json::from_str(&south.post(&sign, &form).body).expect("JSON");
        passkey.assert(question["challenge"].as_str().unwrap_or_else(|| panic!("{question}")))
    };
    assert!(south.get(&sign).body.contains("Who signs second"));
    let asserted = ask(&first, "ops-1", "ops-2");
    let agreed = first.answer(&south, &sign, "ops-1", &asserted);
    assert!(agreed.ends_with("note=agreed"), "{agreed}");
    assert_eq!(queued(), 0, "one officer is not two");
    let again = first.answer(&south, &sign, "ops-1", &asserted);
    assert!(again.ends_with("note=agreed") && queued() == 0, "{again}");
    // To ask takes nothing away: its officers are asked for the same act, and nobody begins another instead.
    let asks = |browser: &Browser, passkey: &Authenticator, by: &str| {
        let question = passkey.question(browser, &sign, by);
        let said = |name: &str| question[name].as_str().map(str::to_owned);
        (said("challenge"), said("see").is_some_and(|see| see.ends_with("note=waits")))
    };
    let (same, _) = asks(&south, &second, "ops-2");
    assert!(same.is_some() && asks(&south, &first, "ops-1") == (same.clone(), false));
    assert_eq!(asks(&south, &third, "ops-3"), (None, true));
    assert_eq!(asks(&south, &second, "ops-2"), (same, false));
    // Who has signed in asks for themselves.
    let mut proved = four.browser("south");
    proved.cookie = cookie(&enter(&proved, &third, ""));
    proved.token = between(&proved.get("").body, "name=\"token\" value=\"", "\"").expect("a form").to_owned();
    assert_eq!(asks(&proved, &second, "ops-2"), (None, false));
    assert_eq!(asks(&proved, &third, "ops-3"), (None, true));
    // A key of the node is not the second.
    let other = south.sign(&sign, "liaison-1");
    assert!(other.ends_with("note=waits") && queued() == 0, "{other}");
    let page = south.get(&sign);
    assert!(page.body.contains("ops-1, ops-2"), "{}", main_of(&page.body));
    // The first signs something else meanwhile, which takes the place of this one in its chain.
    let reserve = south.fill(&format!("cases/{case}/acknowledge"), &[], "sign");
    first.sign(&south, &reserve, "ops-1");
    assert_eq!(queued(), 1);
    let asserted = ask(&second, "ops-2", "ops-1");
    let agreed = second.answer(&south, &sign, "ops-2", &asserted);
    assert!(agreed.ends_with("note=agreed"), "it was begun anew, by the second: {agreed}");
    let asserted = ask(&first, "ops-1", "");
    let done = first.answer(&south, &sign, "ops-1", &asserted);
    assert!(!done.contains("note="), "{done}");
    assert_eq!(queued(), 2);
    four.meet();
    assert!(south.get(&done).body.contains("It is final"), "{}", main_of(&south.get(&done).body));
    assert!(north.get(&format!("cases/{case}")).body.contains("The bearer has responded"));
    // We reserve our position: one press, and one passkey.
    let page = south.get(&format!("cases/{case}")).body;
    let press = page.split("<form ").find(|form| form.contains("value=\"reserve\"")).expect("a button");
    let field = |name: &str| between(press, &format!("name=\"{name}\" value=\""), "\"").expect("a field");
    let about = [("kind", field("kind")), ("matter", field("matter")), ("step", "reserve"), ("go", "sign")];
    let pressed = south.post(between(press, "action=\"", "\"").expect("a path"), &about);
    let done = first.sign(&south, &pressed.head["location"], "ops-1");
    assert!(!done.contains("note="), "{done}");
    assert_eq!(queued(), 1);
    four.meet();
    assert!(south.get(&done).body.contains("It is final"), "{}", main_of(&south.get(&done).body));
    verify(&four, "north");
    verify(&four, "south");
}

/// Whoever runs the node has its files, its keys and its program; an act in an officer's name it has not.
#[test]
fn an_operator_who_forges_an_officer_is_refused_by_all_and_convicted() {
    let four = four();
    let north = four.browser("north");
    let passkey = enrolled(&four, &north, "ops-1", 7);
    let done = passkey.sign(&north, &incident(&north), "ops-1");
    assert!(north.get(&done).body.contains("in the register as entry"));
    four.meet();
    let (acts, lines, home) = four.desk("north").work(|node, now| {
        let last = (0..node.size()).rev().map(|index| node.entry(index).expect("an entry"));
        let mut read = last.map(|bytes| act::Entry::parse(&bytes).expect("an entry"));
        let ours = read.find(|entry| entry.act().kind() == terms::Kind::Open).expect("the incident");
        let signer = node.signer("ops-1").expect("a signer");
        let acts = [0, 1].map(|later| {
            let now = now.plus(Seconds(later));
            node.write(vec![signer.clone()], common::keep(node), now).expect("written")
        });
        (acts, ours.submission().signatures().to_vec(), node.home().clone())
    });
    let own = common::signing(&four.world.rings["north"], &format!("{}/north/liaison-1", common::origin()));
    let name = note::KeyName::new(&format!("{}/north/ops-1", common::origin())).expect("a name");
    let mut forged: Vec<(&str, RefusalGround, Submission)> = Vec::new();
    let with =
        |act: &Act, line| Submission::new(act.clone(), vec![line], Vec::new(), Vec::new()).expect("its form");
    forged.push((
        "an assertion over another act",
        RefusalGround::Signature,
        with(&acts[0], lines[0].clone()),
    ));
    let line = own.sign_note(acts[1].text(), &name);
    forged.push(("a key of the node", RefusalGround::Key, with(&acts[1], line)));
    for (what, ground, submission) in &forged {
        let judged = four.desk("north").work(|node, now| node.judge(submission, now)).expect("judged");
        assert_eq!(judged, Err(*ground), "{what}");
        let handed = four.desk("north").work(|node, now| node.submit(submission, now));
        assert!(matches!(handed, Err(node::Fault::Refused { ground: by, .. }) if by == *ground), "{what}");
    }
    // The operator is the registrar, too, and its program lets all in: whoever verifies the register says so.
    let (ring, harbour_ring) =
        (copy_ring(&four.world.rings["north"]), copy_ring(&four.world.rings["harbour"]));
    let registrar = format!("{}/registrar", common::origin());
    let Four { desks, runtime, world, harbour } = four;
    runtime.shutdown_background();
    drop((desks, harbour, north));
    let folder = wait(|| Folder::open(RealDisk, &home.data, &home.kept()).ok());
    let registrar = Registrar { origin: common::origin(), key: common::signing(&ring, &registrar) };
    let (mut log, _) = Log::open(&folder, registrar, &[], Start::Usual).expect("opened");
    let first = log.size();
    let both: Vec<Vec<u8>> = forged.iter().map(|(.., submission)| submission.to_bytes()).collect();
    log.append(&both, at(40), &mut LetIn).expect("let in");
    // Its witness cosigns what it is shown: sizes and roots.
    let signed = log.checkpoint().expect("signed");
    let witness = common::witness_name("harbour");
    let (key, name) =
        (common::signing(&harbour_ring, &witness), note::KeyName::new(&witness).expect("a name"));
    let line = tlog::cosignature::sign(signed.checkpoint(), at(40), &key, &name);
    let cosigned = [signed.to_bytes(), format!("{line}\n").into_bytes()].concat();
    log.serve(&tlog::CosignedCheckpoint::parse(&cosigned).expect("a checkpoint")).expect("served");
    drop((log, folder));
    let disk = Disk::at(&home.data);
    let checked = verify_folder(&disk, &Expected::Any, None, &mut Inline::default(), &mut |_, _| {});
    let found = gather(&disk, &checked, &[], &mut Inline::default()).expect("a register with a quorum");
    let convicted: Vec<_> = found
        .iter()
        .map(|found| {
            let fact = |name| {
                let facts = &found.conviction.facts;
                facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
            };
            let is_registrar = matches!(found.conviction.convicts, Convict::Registrar(_));
            (found.kind.to_string(), fact("index"), fact("ground"), is_registrar)
        })
        .collect();
    let let_in = |index: u64, ground: &str| {
        ("malformed-let-in".to_owned(), Some(index.to_string()), Some(ground.to_owned()), true)
    };
    assert_eq!(checked.report.verdict(), Verdict::Wrong, "{:#?}", checked.report);
    assert_eq!(
        convicted,
        [let_in(first, "signature"), let_in(first + 1, "key")],
        "{:#?}",
        checked.report.wrongs
    );
    drop(world);
}

/// A registrar that lets everything in.
struct LetIn;

impl register::Judge for LetIn {
    fn judge(&mut self, _: u64, _: &Submission, _: Instant) -> Result<(), RefusalGround> {
        Ok(())
    }
}

/// A drafted act, signed by north's roots where they lie: a keyring, and which numbers it has signed.
fn signed_by_roots(four: &Four, drafted: &str) -> String {
    let mut draft = Drafted::read(drafted.as_bytes()).expect("JSON").expect("a draft");
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = node::Home::new(folder.path(), folder.path());
    assert_eq!(draft.sign(&four.world.rings["north"], &elsewhere).expect("signed"), 2);
    String::from_utf8(draft.bytes()).expect("JSON")
}

/// A server that is told to stop stops soon.
fn wait<T>(what: impl Fn() -> Option<T>) -> T {
    for _ in 0..100 {
        if let Some(found) = what() {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("it does not let go")
}

/// The roots lie elsewhere: the enrolment goes there as a file, and comes back signed.
#[test]
fn roots_sign_an_enrolment_where_they_lie() {
    let four = four();
    let north = four.browser("north");
    let link = invite(&north, "ops-1");
    Authenticator::new(7, HOST).enrol(&north, &link);
    let file = north.get("people/ops-1/draft");
    assert!(file.head["content-disposition"].contains("enrol-ops-1.json"), "{:?}", file.head);
    let mut draft = Drafted::read(file.body.as_bytes()).expect("JSON").expect("a draft");
    let hand_in = |text: &str| {
        let got = north.post("people/ops-1/signed", &[("draft", text)]);
        got.head["location"].rsplit_once("note=").expect("a note").1.to_owned()
    };
    let text = |draft: &Drafted| String::from_utf8(draft.bytes()).expect("JSON");
    assert_eq!(hand_in(&text(&draft)), "unsigned");
    for odd in ["", "{}", "[]", "\u{0}"] {
        assert_eq!(hand_in(odd), "garbled");
    }
    // Where the roots lie there is no node: a keyring, and which numbers it has signed.
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = node::Home::new(folder.path(), folder.path());
    assert_eq!(draft.sign(&four.world.rings["north"], &elsewhere).expect("signed"), 2);
    let broken = text(&draft);
    let place = broken.rfind("— ").expect("a line") + 60;
    let letter = if broken.as_bytes()[place] == b'A' { "B" } else { "A" };
    let broken = format!("{}{letter}{}", &broken[..place], &broken[place + 1..]);
    assert!(["signature", "key", "unsigned"].contains(&hand_in(&broken).as_str()));
    assert_eq!(hand_in(&text(&draft)), "enrolled");
    four.meet();
    assert!(north.get("people?as=json").body.contains("\"label\": \"ops-1\""));
    // What was enrolled is nobody's to enrol again.
    let page = north.post("people", &[("label", "ops-1"), ("office", "Operations")]);
    assert!(page.head["location"].ends_with("note=taken"), "{:?}", page.head);
    verify(&four, "north");
}

/// Signs in by a passkey; gives what came back.
fn enter(browser: &Browser, passkey: &Authenticator, to: &str) -> Got {
    let question = at_a_door(|| browser.post_as_it_is("/in", &[], &[])).body;
    // Whoever asks is a stranger yet, and learns of no passkey.
    assert!(question.contains("\"credentials\":[]"), "{question}");
    let question: serde_json::Value = serde_json::from_str(&question).expect("JSON");
    let challenge = question["challenge"].as_str().expect("a challenge").to_owned();
    let (credential, assertion) = (passkey.credential(), passkey.assert(&challenge));
    let form = [
        ("challenge", challenge.as_str()),
        ("credential", &credential),
        ("assertion", &assertion),
        ("to", to),
    ];
    at_a_door(|| browser.post_as_it_is("/in", &form, &[]))
}

/// Asks what one address may not ask too often, and waits a little where it has.
fn at_a_door(asks: impl Fn() -> Got) -> Got {
    for _ in 0..5 {
        let got = asks();
        if got.status != 429 {
            return got;
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
    panic!("the door stays shut")
}

fn cookie(got: &Got) -> String {
    got.head["set-cookie"].split(';').next().expect("a pair").to_owned()
}

#[test]
fn who_has_a_passkey_signs_in_and_out_everywhere() {
    let four = four();
    let north = four.browser("north");
    let passkey = enrolled(&four, &north, "ops-1", 7);
    let mut stranger = four.browser("north");
    stranger.cookie = String::new();
    let shut = stranger.get("");
    assert!(shut.status == 401 && shut.body.contains("Sign in with your passkey"), "{}", shut.body);
    let root = format!("/{}/", north.agreement);
    for to in ["//evil.example/", "/in", "https://evil.example", "/other/", ""] {
        let got = enter(&stranger, &passkey, to);
        assert_eq!((got.status, got.head["location"].as_str()), (303, root.as_str()), "{to}");
    }
    let people = format!("{root}people");
    let got = enter(&stranger, &passkey, &people);
    assert_eq!(got.head["location"], people);
    // Another passkey, one that nobody enrolled, one's own over what was not asked, or was answered already: none.
    let other = Authenticator::new(8, HOST);
    assert_eq!(enter(&stranger, &other, "").status, 403);
    let made_up = text(&[3; 32]);
    let (credential, assertion) = (passkey.credential(), passkey.assert(&made_up));
    let form = [("challenge", made_up.as_str()), ("credential", &credential), ("assertion", &assertion)];
    assert_eq!(at_a_door(|| stranger.post_as_it_is("/in", &form, &[])).status, 403);
    let south = Authenticator::new(7, "south.localhost");
    assert_eq!(enter(&stranger, &south, "").status, 403);

    // A name that was there before opens nothing after, and is not taken up.
    let mut first = four.browser("north");
    let name = first.cookie.split_once('=').expect("a name").0.to_owned();
    let own = first.cookie.clone();
    for value in ["planted".to_owned(), text(&[5; 32])] {
        let planted = format!("{name}={value}");
        first.cookie = planted.clone();
        let got = enter(&first, &passkey, "");
        let fresh = cookie(&got);
        assert!(fresh.starts_with(&format!("{name}=")) && fresh != planted, "{fresh}");
        assert_eq!(first.get("").status, 401, "what was planted opens nothing");
    }
    first.cookie = own;
    let before = first.cookie.clone();
    let got = enter(&first, &passkey, "");
    first.cookie = cookie(&got);
    assert_ne!(before, first.cookie, "a new name");
    let mut old = four.browser("north");
    old.cookie = before;
    assert_eq!(old.get("").status, 401, "the session from before is over");
    assert!(first.get("").body.contains("Signed in as ops-1"));
    first.token = between(&first.get("").body, "name=\"token\" value=\"", "\"").expect("a form").to_owned();
    let mut second = four.browser("north");
    second.cookie = cookie(&enter(&stranger, &passkey, ""));
    assert_eq!(second.get("").status, 200);
    assert_eq!(first.post("/out/everywhere", &[]).status, 303);
    assert_eq!((first.get("").status, second.get("").status), (401, 401));
    assert_eq!(north.get("").status, 200, "who came by a link is another");
    // A key that is over opens nothing, and what it had opened is shut.
    let mut open = four.browser("north");
    open.cookie = cookie(&enter(&stranger, &passkey, ""));
    assert_eq!(open.get("").status, 200);
    let revoke = act::Body::Revoke(act::body::Revoke { label: code("ops-1") });
    four.desk("north").work(|node, now| node.act_with(&["root-1", "root-2"], revoke, now)).expect("revoked");
    four.meet();
    assert_eq!(enter(&stranger, &passkey, "").status, 403);
    assert_eq!(open.get("").status, 401);
}

/// Who only says a label is not taken for it once it had a passkey: whether they said it before it was enrolled, or after
/// it was revoked.
#[test]
fn a_label_that_had_a_passkey_is_said_by_nobody() {
    let four = four();
    let says = |who: &str| {
        let browser = four.browser("north");
        let got = browser.post("settings", &[("go", "who"), ("new", who)]);
        (browser, got.head["location"].clone())
    };
    let person = |browser: &Browser| {
        let read: serde_json::Value =
            serde_json::from_str(&browser.get("settings?as=json").body).expect("JSON");
        read["person"].as_str().map(str::to_owned)
    };
    let ((head, _), (early, _)) = (says("head-1"), says("ops-1"));
    let may = [("may", "head-1 access"), ("may", "ops-1 watch")];
    assert_eq!(head.post("access", &may).status, 303);
    assert_eq!((person(&early).as_deref(), early.get("watch").status), (Some("ops-1"), 200));
    let passkey = enrolled(&four, &head, "ops-1", 7);
    let shut = |browser: &Browser| (person(browser), browser.get("watch").status);
    assert_eq!(shut(&early), (None, 403), "it was said before");
    let mut proved = four.browser("north");
    proved.cookie = cookie(&enter(&proved, &passkey, ""));
    assert_eq!((person(&proved).as_deref(), proved.get("watch").status), (Some("ops-1"), 200));
    let revoke = act::Body::Revoke(act::body::Revoke { label: code("ops-1") });
    four.desk("north").work(|node, now| node.act_with(&["root-1", "root-2"], revoke, now)).expect("revoked");
    four.meet();
    assert_eq!(shut(&early), (None, 403), "nor is it theirs again");
    let (late, told) = says("ops-1");
    assert!(told.ends_with("note=passkey"), "{told}");
    assert_eq!(shut(&late), (None, 403));
    assert_eq!(person(&head).as_deref(), Some("head-1"), "others are who they said");
}

#[test]
fn odd_answers_of_browsers_are_answered() {
    let four = four();
    let north = four.browser("north");
    let link = invite(&north, "ops-1");
    let odd = ["", "x", "=", "AAAA", "\u{0}", "é", &"A".repeat(20_000), &"A".repeat(400)];
    for value in odd {
        for name in ["challenge", "credential", "assertion", "key", "to"] {
            let form: Vec<(&str, &str)> = ["challenge", "credential", "assertion", "key", "to"]
                .map(|field| (field, if field == name { value } else { "AAAA" }))
                .to_vec();
            for path in ["/in", link.as_str(), "/enrol/x", "/in/x"] {
                let got = at_a_door(|| north.post_as_it_is(path, &form, &[]));
                assert!(got.status < 500, "{path} {name}={value}: {}", got.body);
            }
        }
        for (path, field) in [("people", "label"), ("people", "office"), ("people/ops-1/signed", "draft")] {
            let form = [("label", "ops-2"), ("office", "Office"), (field, value)];
            let got = north.post(path, &form);
            assert!(got.status < 500, "{path} {field}={value}: {}", got.body);
            if let Some(next) = got.head.get("location") {
                assert!(north.get(next).status < 500, "{next}");
            }
        }
        let path = format!("enrol/{}", value.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
        assert!(north.get(&format!("/{path}")).status < 500, "{path}");
    }
    // The link still waits for somebody with a passkey.
    assert!(Authenticator::new(7, HOST).enrol(&north, &link).contains("The passkey is made, and works"));
}

/// Nobody has worked for a while: the page is locked, and what was written is kept.
#[test]
fn a_desk_that_nobody_works_at_is_locked() {
    let (world, _harbour) = common::met();
    let desk = served::desk_of(world.north, &[HOST], at(6));
    let desk = Arc::new(desk.with(Manner { idle: Seconds(2), ..Manner::default() }));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let browser = Browser::open(served::serve(&runtime, &desk), HOST, &desk);
    assert_eq!(browser.get("").status, 200);
    std::thread::sleep(std::time::Duration::from_millis(3100));
    let page = browser.get("record");
    assert!(page.status == 401 && page.body.contains("This desk is locked"), "{}", page.body);
    let tells = page.body.replace(&format!("/{}/record", browser.agreement), "");
    assert!(!tells.contains("name=\"token\""), "a locked page has no form of the session");
    let form = [("kind", "notice"), ("f-told", "harbour"), ("text", "Half a sentence"), ("go", "sign")];
    let draft = "unsigned/AAAAAAAAAAAAAAAAAAAAAA";
    let kept = browser.post(draft, &form);
    assert!(kept.status == 401 && kept.body.contains("is kept under"), "{}", kept.body);
    let without = browser.post_as_it_is(draft, &form, &[]);
    assert_eq!(without.status, 403, "without the token of the session nothing is kept");
    for path in ["feed", "sign/AAAAAAAAAAAAAAAAAAAAAA", "people", "unsigned/AAAAAAAAAAAAAAAAAAAAAA/discard"] {
        assert_eq!(browser.post(path, &[]).status, 401, "{path}");
    }
    let again = Browser::open(browser.at, HOST, &desk);
    assert_eq!(again.get(draft).status, 404, "whoever sits there now begins no draft");
    let page = again.get("held").body;
    assert!(page.contains("Half a sentence") && page.contains("A draft: New: Notice"), "{}", main_of(&page));
    let id = between(&page, "name=\"held\" value=\"", "\"").expect("a name").to_owned();
    let form = [&form[..], &[("held", id.as_str())]].concat();
    assert_eq!(again.post(draft, &form).status, 303);
    assert!(again.get(draft).body.contains("Half a sentence"));
    assert!(!again.get("held").body.contains("Half a sentence"), "it waits no more");
    // What is there is not written over, and of one page the last is held.
    std::thread::sleep(std::time::Duration::from_millis(3100));
    for text in ["Another's", "Another's words"] {
        let form = [("kind", "notice"), ("f-told", "harbour"), ("text", text)];
        assert_eq!(again.post(draft, &form).status, 401);
    }
    let last = Browser::open(browser.at, HOST, &desk);
    assert!(last.get(draft).body.contains("Half a sentence"));
    let page = last.get("held").body;
    assert_eq!(page.matches("name=\"held\"").count(), 1);
    assert!(page.contains("Another&#39;s words"), "{}", main_of(&page));
}

/// A session that is locked can be left, by whoever comes back to its page.
#[test]
fn a_locked_desk_is_left() {
    let (world, _harbour) = common::met();
    let desk = served::desk_of(world.north, &[HOST], at(6));
    let desk = Arc::new(desk.with(Manner { idle: Seconds(2), ..Manner::default() }));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let at = served::serve(&runtime, &desk);
    let all = [(); 3].map(|()| Browser::open(at, HOST, &desk));
    std::thread::sleep(std::time::Duration::from_millis(3100));
    let title = |browser: &Browser| {
        let page = browser.get("");
        assert_eq!(page.status, 401);
        page.body.contains("This desk is locked")
    };
    assert!(all.iter().all(title));
    assert_eq!(all[0].post_as_it_is("/out", &[], &[]).status, 403, "without the token of the session");
    assert!(title(&all[0]));
    let out = all[0].post("/out", &[]);
    assert!(out.status == 303 && out.head["set-cookie"].contains("Max-Age=0"), "{:?}", out.head);
    assert_eq!(all.each_ref().map(title), [false, true, true], "it is over, and no other");
    assert_eq!(all[1].post("/out/everywhere", &[]).status, 303);
    assert_eq!(all.each_ref().map(title), [false; 3]);
}

/// A key that the node keeps and a passkey opens: both lines stand under the act, and neither alone does.
#[test]
fn a_key_of_the_node_signs_beside_its_passkey() {
    let (mut world, mut harbour) = common::met();
    let passkey = Authenticator::new(7, HOST);
    let mut ring = copy_ring(&world.rings["north"]);
    let full = format!("{}/north/desk-1", common::origin());
    let fresh = Secret::fresh_ed25519().expect("randomness");
    ring.insert(&full, KeyUse::Enrolled(Capacity::Officer), fresh).expect("new");
    let mut body = common::enrol(&ring, "north", "desk-1");
    if let act::Body::Enrol(act::body::Enrol::Key(key)) = &mut body {
        let name = note::KeyName::new(&full).expect("a name");
        key.custody = Custody::Node;
        key.passkey = Some(act::body::Passkey {
            vkey: act::value::Vkey(note::VerifierKey::passkey(name, &passkey.public())),
            rp: HOST.to_owned().try_into().expect("a host"),
            origins: vec![format!("http://{HOST}").try_into().expect("an origin")],
        });
    }
    world.north.act_with(&["root-1", "root-2"], body, at(5)).expect("enrolled");
    let stick = world.stick.clone();
    for hour in [6, 8] {
        common::carry(&mut world.north, &mut harbour, &stick, hour);
        common::carry(&mut harbour, &mut world.north, &stick, hour + 1);
    }
    let home = world.home("north");
    drop(world.north);
    let desk = served::desk_of(node::Node::open(&home, ring).expect("opened"), &[HOST], at(10));
    let desk = Arc::new(desk);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let browser = Browser::open(served::serve(&runtime, &desk), HOST, &desk);
    let sign = browser.fill("notices/new", &[("f-told", "harbour")], "sign");
    let page = browser.get(&sign).body;
    assert!(page.contains("opened by a passkey"), "{}", main_of(&page));
    let alone = passkey.answer(&browser, &sign, "desk-1", "");
    assert!(alone.ends_with("note=passkey"), "{alone}");
    let done = passkey.sign(&browser, &sign, "desk-1");
    assert!(browser.get(&done).body.contains("in the register as entry"));
    let lines = desk.work(|node, _| {
        let last = node.entry(node.size() - 1).expect("an entry");
        let entry = act::Entry::parse(&last).expect("an entry");
        (entry.submission().signatures().len(), entry.submission().assertions().len())
    });
    assert_eq!(lines, (1, 1));
    common::verify(&home.data);
}
