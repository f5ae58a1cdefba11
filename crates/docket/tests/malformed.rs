//! What a registrar has to refuse: each ground is earned, by an honest registrar's *no* and, let in,
//! as a malformed entry that uses up no `n` and changes nothing (TIME T3, I10).

use act::body::{Body, Disown, Enrol, Passkey};
use act::value::Vkey;
use act::{Entry, Submission};
use docket::harness::world::{enrolment, key, receipted, seat, vkey};
use docket::harness::{Hand, Setup, World, at, bodies, signer};
use docket::v1::replay::{Judged, Singly};
use note::passkey::challenge;
use note::{Assertion, KeyName, PasskeyKey, SignatureLine, SigningKey, VerifierKey};
use terms::{ActId, Capacity, Custody, Hash, RefusalGround, Seconds};

fn world() -> World {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    world.settle();
    world
}

/// The state, but for what counts entries and events.
fn state(world: &World) -> Vec<String> {
    let lines = world.live.state().lines().to_vec();
    lines.into_iter().filter(|line| !line.starts_with("count/") && !line.starts_with("events")).collect()
}

/// Lets the bytes in, whatever they are, and looks at what they changed: nothing.
#[track_caller]
fn let_in(world: &mut World, bytes: Vec<u8>, ground: RefusalGround) {
    let (before, malformed) = (state(world), world.live.malformed());
    let (roots, index) = (world.roots.clone(), world.size());
    let mut signed = world.live.clone();
    let judged = signed.enter(&bytes, &roots, &mut Singly);
    assert!(matches!(&judged, Judged::Malformed { ground: g, .. } if *g == ground), "{judged:?}");
    // The same without looking at signatures, unless that is what is wrong.
    let judged = world.enter(bytes);
    if ground == RefusalGround::Signature {
        world.live = signed;
    } else {
        assert!(matches!(&judged, Judged::Malformed { ground: g, .. } if *g == ground), "{judged:?}");
    }
    assert_eq!(world.live.malformed(), malformed + 1);
    assert_eq!(state(world), before);
    assert_eq!(world.live.size(), index + 1);
    // The next good act goes on from where its author was.
    let act = world.act(&["north"], bodies::notice(&["ford"]));
    assert_eq!(act.0, index + 1);
}

#[track_caller]
fn refused(world: &mut World, submission: &Submission, ground: RefusalGround) {
    assert_eq!(world.refusal(submission), Some(ground), "{}", submission.act().text());
    let bytes =
        receipted(submission, world.size(), world.now, &world.genesis, &world.registrar.clone(), true);
    let_in(world, bytes, ground);
}

fn submission(world: &mut World, signers: &[&str], body: Body) -> Submission {
    let draft = world.draft(signers, &Hand::default(), body);
    world.sign(&draft, &Hand::default())
}

#[test]
fn form() {
    let mut world = world();
    let_in(&mut world, b"no note".to_vec(), RefusalGround::Form);
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    // A receipt for another index, or for another submission.
    let (index, genesis, now) = (world.size(), world.genesis, world.now);
    let elsewhere = receipted(&good, index + 1, now, &genesis, "registrar", true);
    let_in(&mut world, elsewhere, RefusalGround::Form);
    let other = submission(&mut world, &["south"], bodies::notice(&["ford"]));
    let entry = Entry::parse(&receipted(&other, world.size(), world.now, &world.genesis, "registrar", true));
    let line = entry.expect("an entry").receipt_line().clone();
    let swapped = Entry::new(submission(&mut world, &["north"], bodies::notice(&["ford"])), line);
    let bytes = swapped.expect("its form is good").to_bytes();
    let_in(&mut world, bytes, RefusalGround::Form);
    // An act of another register.
    let mut draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["ford"]));
    draft.genesis = Some(Hash::of(b"another"));
    let other = world.sign(&draft, &Hand::default());
    refused(&mut world, &other, RefusalGround::Form);
}

#[test]
fn signature() {
    let mut world = world();
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let mut lines = good.signatures().to_vec();
    lines[0].payload[5] ^= 1;
    let bad = Submission::new(good.act().clone(), lines, Vec::new(), Vec::new()).expect("its form is good");
    refused(&mut world, &bad, RefusalGround::Signature);
    // A stamp that its key did not make.
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let mut stamp = world.stamp("harbour", good.act().id(), world.now);
    stamp.payload[80] ^= 1;
    let bad = good.with_intake(stamp).expect("room");
    refused(&mut world, &bad, RefusalGround::Signature);
    // A receipt that is not the registrar's own.
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let bytes = receipted(&good, world.size(), world.now, &world.genesis, "registrar", true);
    let mut text = String::from_utf8(bytes).expect("text");
    let at = text.len() - 40;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    text.replace_range(at..=at, other);
    let_in(&mut world, text.into_bytes(), RefusalGround::Signature);
}

/// What is cut is no signature, and no passkey has to do with it.
#[test]
fn a_line_that_is_cut() {
    let mut world = world();
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let mut lines = good.signatures().to_vec();
    lines[0].payload.pop();
    let cut = Submission::new(good.act().clone(), lines, Vec::new(), Vec::new()).expect("its form is good");
    let mut stamp = world.stamp("harbour", good.act().id(), world.now);
    stamp.payload.pop();
    for bad in [cut, good.with_intake(stamp).expect("room")] {
        assert_eq!(world.refusal(&bad), Some(RefusalGround::Signature));
        let bytes = receipted(&bad, world.size(), world.now, &world.genesis, &world.registrar.clone(), true);
        let judged = world.live.clone().enter(&bytes, &world.roots.clone(), &mut Singly);
        let cut = "a signature line, or a stamp, has not the length of its kind";
        let ground = RefusalGround::Signature;
        assert_eq!(judged, Judged::Malformed { ground, why: cut.to_owned() });
    }
}

const RP: &str = "register.example";
const DESK: &str = "https://desk.register.example";

fn passkey_of(world: &World, name: &str) -> VerifierKey {
    let public = PasskeyKey::EdDsa(key(&format!("{name} passkey")).public());
    VerifierKey::passkey(KeyName::signer(&world.origin, &signer(name)), &public)
}

/// Enrols an officer of north's: with a passkey alone, or with one beside the key that its node keeps.
fn enrol_passkey(world: &mut World, label: &str, custody: Custody) {
    let Body::Enrol(Enrol::Key(mut enrolment)) = enrolment("north", label, Capacity::Officer, "Desk") else {
        unreachable!()
    };
    let origins = vec![DESK.to_owned().try_into().expect("an origin")];
    let vkey = Vkey(passkey_of(world, &format!("north/{label}")));
    enrolment.passkey = Some(Passkey { vkey, rp: RP.to_owned().try_into().expect("a host"), origins });
    enrolment.custody = custody;
    if custody == Custody::Device {
        enrolment.vkey = None;
    }
    world.act(&world.roots_of("north"), Body::Enrol(Enrol::Key(enrolment)));
}

/// What an authenticator signs that was asked by these: made by `who`, under the name of `name`.
fn asserted(world: &World, (name, who): (&str, &str), act: ActId, (rp, page, flags): Asked) -> SignatureLine {
    let client = format!(r#"{{"type":"webauthn.get","challenge":"{}","origin":"{page}"}}"#, challenge(&act));
    let authenticator_data = [&Hash::of(rp.as_bytes()).as_bytes()[..], &[flags, 0, 0, 0, 1]].concat();
    let client_data = client.into_bytes();
    let mut assertion = Assertion { authenticator_data, client_data, signature: Vec::new() };
    assertion.signature = key(&format!("{who} passkey")).sign(&assertion.message()).as_bytes().to_vec();
    passkey_of(world, name).line(assertion.payload().expect("short parts"))
}

/// The relying party, the page's origin, and the flags: present, verified.
type Asked = (&'static str, &'static str, u8);

#[test]
fn a_passkey_that_asserts_something_else() {
    const GOOD: Asked = (RP, DESK, 0x05);
    let mut world = world();
    enrol_passkey(&mut world, "device", Custody::Device);
    enrol_passkey(&mut world, "node", Custody::Node);
    let other = ActId::of_text("another act\n");
    for name in ["north/device", "north/node"] {
        let draft = world.draft(&[name], &Hand::default(), bodies::notice(&["ford"]));
        let plain = world.sign(&draft, &Hand::default());
        let (act, id) = (plain.act().clone(), plain.act().id());
        // Alone it is the officer's line, else it stands beside it.
        let with = |line: SignatureLine| {
            let alone = name == "north/device";
            let (lines, beside) =
                if alone { (vec![line], vec![]) } else { (plain.signatures().to_vec(), vec![line]) };
            Submission::new(act.clone(), lines, beside, Vec::new()).expect("its form is good")
        };
        let own = (name, name);
        for (what, line) in [
            ("another challenge", asserted(&world, own, other, GOOD)),
            ("another relying party", asserted(&world, own, id, ("evil.example", DESK, 0x05))),
            ("another page", asserted(&world, own, id, (RP, "https://evil.example", 0x05))),
            ("nobody was there", asserted(&world, own, id, (RP, DESK, 0x04))),
            ("nobody was verified", asserted(&world, own, id, (RP, DESK, 0x01))),
            ("another passkey", asserted(&world, (name, "south/desk"), id, GOOD)),
        ] {
            let bad = with(line);
            assert_eq!(world.refusal(&bad), Some(RefusalGround::Signature), "{name}: {what}");
            let (index, registrar) = (world.size(), world.registrar.clone());
            let bytes = receipted(&bad, index, world.now, &world.genesis, &registrar, true);
            let judged = world.live.clone().enter(&bytes, &world.roots.clone(), &mut Singly);
            let why = "a passkey's assertion does not hold, or a line is cut".to_owned();
            assert_eq!(judged, Judged::Malformed { ground: RefusalGround::Signature, why }, "{name}: {what}");
            // Let in, it uses up no number: the same act is good below.
            refused(&mut world, &bad, RefusalGround::Signature);
        }
        if name == "north/node" {
            // Without the passkey that must be there too.
            let lines = plain.signatures().to_vec();
            let bare = Submission::new(act.clone(), lines, Vec::new(), Vec::new()).expect("its form is good");
            refused(&mut world, &bare, RefusalGround::Key);
        }
        let good = with(asserted(&world, own, id, GOOD));
        assert_eq!(world.refusal(&good), None, "{name}");
        let now = world.now;
        assert!(matches!(world.register(&good, now).1, Judged::Act(_)), "{name}");
    }
}

#[test]
fn key_that_is_not_enrolled_over_or_of_another_capacity() {
    let mut world = world();
    let unknown = submission(&mut world, &["north/nobody"], bodies::notice(&["ford"]));
    refused(&mut world, &unknown, RefusalGround::Key);
    let root = submission(&mut world, &["north/root-1"], bodies::notice(&["ford"]));
    refused(&mut world, &root, RefusalGround::Key);
    let officer = submission(&mut world, &["north"], bodies::revoke("desk"));
    refused(&mut world, &officer, RefusalGround::Key);
    // One root where two must sign.
    let alone = submission(&mut world, &["north/root-1"], enrolment("north", "x", Capacity::Officer, "Desk"));
    refused(&mut world, &alone, RefusalGround::Key);
    world.act(&["south/root-1", "south/root-2"], bodies::revoke("desk"));
    let over = submission(&mut world, &["south"], bodies::notice(&["ford"]));
    refused(&mut world, &over, RefusalGround::Key);
    world.act(&["ford/root-1", "ford/root-3"], bodies::disown("root-2", 1));
    let over = submission(&mut world, &["ford/root-1", "ford/root-2"], bodies::revoke("desk"));
    refused(&mut world, &over, RefusalGround::Key);
    // A stamp by a key that is no intake node's.
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let intake = note::Intake { act: good.act().id(), time: world.now, previous: Hash::ZERO };
    let line = intake.sign(&key("harbour/desk"), &KeyName::signer(&world.origin, &signer("harbour/desk")));
    let stamped = good.with_intake(line).expect("room");
    refused(&mut world, &stamped, RefusalGround::Key);
    // Transcribed disowning is an officer's, and of nothing here: it is void, not malformed.
    let act = world.act(&["north"], bodies::notice(&["ford"])).1;
    world.act(&["north"], Body::Disown(Disown::Act(act)));
}

#[test]
fn key_that_stands_elsewhere() {
    let mut world = world();
    let roots = ["north/root-1", "north/root-2"];
    let again = submission(&mut world, &roots, enrolment("north", "desk", Capacity::Officer, "Desk"));
    refused(&mut world, &again, RefusalGround::Key);
    // Under another name, the bytes of somebody else's key; also of one that is only asked for.
    let name = KeyName::signer(&world.origin, &signer("north/x"));
    let taken = |bytes: &SigningKey| note::VerifierKey::plain(name.clone(), bytes.public());
    let mut body = enrolment("north", "x", Capacity::Officer, "Desk");
    if let Body::Enrol(act::body::Enrol::Key(enrolment)) = &mut body {
        enrolment.vkey = Some(act::value::Vkey(taken(&key("south/desk"))));
    }
    let stolen = submission(&mut world, &roots, body.clone());
    refused(&mut world, &stolen, RefusalGround::Key);
    world.act(&["south/recovery-1"], docket::harness::world::recovery("south", 10));
    if let Body::Enrol(act::body::Enrol::Key(enrolment)) = &mut body {
        enrolment.vkey = Some(act::value::Vkey(taken(&key("south/root-10"))));
    }
    let grabbed = submission(&mut world, &roots, body);
    refused(&mut world, &grabbed, RefusalGround::Key);
    // Nor its own under the label of one that is asked for: else who stole its roots could keep the new
    // ones out.
    let roots_of_south = ["south/root-1", "south/root-2"];
    let mut body = enrolment("south", "root-11", Capacity::Officer, "Desk");
    if let Body::Enrol(act::body::Enrol::Key(enrolment)) = &mut body {
        enrolment.vkey = Some(act::value::Vkey(vkey("south/root-11", "another")));
    }
    let in_the_way = submission(&mut world, &roots_of_south, body);
    refused(&mut world, &in_the_way, RefusalGround::Key);
    // Roots that stand in the register already are no new ones.
    let old = submission(&mut world, &["north/recovery-1"], docket::harness::world::recovery("north", 1));
    assert_eq!(world.refusal(&old), None, "they are its own: void, not malformed");
    let mut foreign = seat("north", 2, 3, 20);
    foreign.roots.keys[0] = act::value::Vkey(note::VerifierKey::plain(
        vkey("north/root-20", "").name().clone(),
        key("south/root-1").public(),
    ));
    let body = Body::Recover(act::body::Recover {
        participant: foreign.participant,
        roots: foreign.roots,
        recovery: foreign.recovery,
    });
    let foreign = submission(&mut world, &["north/recovery-1"], body);
    refused(&mut world, &foreign, RefusalGround::Key);
}

#[test]
fn number_previous_and_duplicate() {
    let mut world = world();
    let (_, first) = world.act(&["north"], bodies::notice(&["ford"]));
    let mut draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.n = 1;
    let low = world.sign(&draft, &Hand::default());
    refused(&mut world, &low, RefusalGround::Number);
    let mut draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.prev = Some(first);
    let skipped = world.sign(&draft, &Hand::default());
    refused(&mut world, &skipped, RefusalGround::Previous);
    let mut draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.prev = None;
    let forgot = world.sign(&draft, &Hand::default());
    refused(&mut world, &forgot, RefusalGround::Previous);
    // The last act again; an older one is found by its number.
    let good = submission(&mut world, &["south"], bodies::notice(&["ford"]));
    let now = world.now;
    world.register(&good, now);
    refused(&mut world, &good, RefusalGround::Duplicate);
    world.act(&["south"], bodies::notice(&["harbour"]));
    refused(&mut world, &good, RefusalGround::Number);
    // A gap in `n` proves nothing.
    let mut draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.n += 7;
    let gap = world.sign(&draft, &Hand::default());
    assert_eq!(world.refusal(&gap), None);
}

#[test]
fn quota_by_registered_day() {
    let mut world = World::found(&Setup { signed: false, ..Setup::default() });
    world.now = at("2025-11-01 12:00");
    // What roots signed on that day does not count with it: south's desk has all of its own.
    for _ in 0..1000 {
        world.act(&["south"], bodies::offer(vec![bodies::file("x", &[])]));
    }
    let over = submission(&mut world, &["south"], bodies::notice(&["ford"]));
    let bytes = receipted(&over, world.size(), world.now, &world.genesis, "registrar", false);
    let judged = world.enter(bytes);
    assert!(matches!(judged, Judged::Malformed { ground: RefusalGround::Quota, .. }), "{judged:?}");
    // The others have theirs, south's roots too, and so has south on the next day.
    world.act(&["north"], bodies::notice(&["ford"]));
    let roots = world.roots_of("south");
    world.act(&roots, bodies::disown("desk", 900));
    world.enrol("south", "second", Capacity::Officer);
    world.now = at("2025-11-02 00:00").plus(Seconds(1));
    world.act(&["south/second"], bodies::notice(&["ford"]));
}

#[test]
fn quota_of_roots_is_their_own() {
    let mut world = World::found(&Setup { signed: false, ..Setup::default() });
    world.now = at("2025-11-02 12:00");
    let roots = world.roots_of("south");
    for _ in 0..1000 {
        world.act(&roots, bodies::revoke("of-nobody"));
    }
    let draft = world.draft(&roots, &Hand::default(), bodies::revoke("desk"));
    let over = world.sign(&draft, &Hand::default());
    assert_eq!(world.refusal(&over), Some(RefusalGround::Quota));
    let bytes = receipted(&over, world.size(), world.now, &world.genesis, "registrar", false);
    let judged = world.enter(bytes);
    assert!(matches!(judged, Judged::Malformed { ground: RefusalGround::Quota, .. }), "{judged:?}");
    // They take nothing from the officers, nor from the next day.
    world.act(&["south"], bodies::notice(&["ford"]));
    world.now = at("2025-11-03 00:00");
    world.act(&roots, bodies::revoke("desk"));
}
