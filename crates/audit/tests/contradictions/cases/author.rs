//! What convicts a participant's key, and what convicts nobody (C9, C13–C16).

use super::*;

pub(crate) fn authors(cases: &mut Cases) {
    let world = World::usual();
    let both = "policy instrument";
    let act = |signers: &str, to: &str, but: But| {
        world.act("open", signers, &json!({ "procedure": "notice", "fields": { "to": to } }), &but)
    };
    let n7 = || But { n: Some(7), ..But::default() };
    let fork = |key: KeyProof, a: SignedAct, b: SignedAct| Shows::AuthorFork(AuthorFork { key, a, b });
    let liaison = || world.key("north/liaison-1", 1);
    let by = |act: &Act, who: &str| world.signed(act, who);
    let north = "north/liaison-1";
    let (a, b) = (act(north, "south", n7()), act(north, "lake", n7()));
    cases.add("", both, fork(liaison(), by(&a, north), by(&b, north)), "author north/liaison-1");
    cases.add("same", both, fork(liaison(), by(&a, north), by(&a, north)), NOTHING);
    let mut anew = by(&a, north);
    anew.signature = Some(quoted(signed_anew(north, a.text().as_bytes())));
    cases.add("same-signed-anew", both, fork(liaison(), by(&a, north), anew), NOTHING);
    let n8 = act(north, "lake", But { n: Some(8), ..But::default() });
    cases.add("two-numbers", both, fork(liaison(), by(&a, north), by(&n8, north)), NOTHING);
    cases.add("forged", both, fork(liaison(), by(&a, north), by(&b, "north/spare")), "unsigned");
    let elsewhere =
        act(north, "lake", But { n: Some(7), genesis: Some(Hash::of(b"another")), ..But::default() });
    cases.add(
        "other-register",
        both,
        fork(liaison(), by(&a, north), by(&elsewhere, north)),
        "other_register_quoted",
    );
    let origin = Some("register.example/other".to_owned());
    let elsewhere = act(north, "lake", But { n: Some(7), origin, ..But::default() });
    cases.add(
        "other-origin",
        both,
        fork(liaison(), by(&a, north), by(&elsewhere, north)),
        "other_register_quoted",
    );
    // The chain of `n` is the first signer's.
    let second = act("north/spare north/liaison-1", "lake", n7());
    cases.add("as-co-signer", both, fork(liaison(), by(&a, north), by(&second, north)), NOTHING);
    let spare = act("north/spare", "lake", n7());
    cases.add("two-keys", both, fork(liaison(), by(&a, north), by(&spare, "north/spare")), NOTHING);
    cases.add(
        "key-of-another",
        both,
        fork(world.key(north, 2), by(&a, north), by(&b, north)),
        "key_unproven",
    );
    let unproven = KeyProof { signer: signer(north), enrolled: None };
    cases.add("key-not-shown", both, fork(unproven, by(&a, north), by(&b, north)), "key_unproven");
    let mut bent = liaison();
    if let Some(leaf) = bent.enrolled.as_mut().and_then(|enrolled| enrolled.entry.as_mut()) {
        leaf.proof[0] = Hash::of(b"another");
    }
    cases.add("key-not-included", both, fork(bent, by(&a, north), by(&b, north)), "not_included");

    let node = "harbour/node-1";
    let (x, y) = (act(node, "south", n7()), act(node, "lake", n7()));
    cases.add("node-key", both, fork(world.key(node, 4), by(&x, node), by(&y, node)), "key_unproven");

    let root = "north/root-1";
    let revoke = |label: &str| world.act("revoke", root, &json!({ "label": label }), &n7());
    let proof = || KeyProof { signer: signer(root), enrolled: None };
    let (x, y) = (revoke("spare"), revoke("liaison-1"));
    cases.add("root", "", fork(proof(), by(&x, root), by(&y, root)), "author north/root-1");

    let registrar = |minutes: u64| {
        let note = String::from_utf8(world.cosigned(16, &[minutes; 4])).expect("a note");
        world.act("mark", "registrar", &json!({ "checkpoint": note }), &n7())
    };
    let (x, y) = (registrar(160), registrar(161));
    let proof = KeyProof { signer: signer("registrar"), enrolled: None };
    cases.add("registrar", "", fork(proof, by(&x, "registrar"), by(&y, "registrar")), "registrar");

    // South was seated later, by three votes.
    let south = "south/liaison-1";
    let seated = |votes: &[u64], entry: Option<u64>, name: &str| {
        let seats = votes.iter().map(|at| world.included(*at)).collect();
        let entry = entry.map(|at| world.included(at));
        KeyProof { signer: signer(name), enrolled: Some(Enrolled { entry, seats, checkpoint: world.head() }) }
    };
    let (x, y) = (act(south, "north", n7()), act(south, "lake", n7()));
    let case = |proof| fork(proof, by(&x, south), by(&y, south));
    cases.add("seated-later", both, case(seated(&[5, 6, 7], Some(8), south)), "author south/liaison-1");
    cases.add("seat-without-north", both, case(seated(&[5, 6], Some(8), south)), "key_unproven");
    cases.add("seat-without-harbour", both, case(seated(&[6, 7], Some(8), south)), "key_unproven");
    cases.add("seat-not-shown", both, case(seated(&[], Some(8), south)), "key_unproven");
    let revoke = |label: &str| world.act("revoke", "south/root-1", &json!({ "label": label }), &n7());
    let (x, y) = (revoke("one"), revoke("two"));
    let proof = seated(&[5, 6, 7], None, "south/root-1");
    let shows = fork(proof, by(&x, "south/root-1"), by(&y, "south/root-1"));
    cases.add("root-seated-later", both, shows, "author south/root-1");

    // An enrolment that the roots have not signed, let in by a registrar that frames its author.
    let mut framed = World::usual();
    let act =
        framed.act("enrol", "north/root-1", &enrolment("liaison-9", "officer", "Desk"), &But::default());
    let line = key("thief").sign_note(act.text(), &key_name("north/root-1"));
    let made = VerifierKey::plain(key_name("north/root-1"), key("north/root-1").public()).line(line.payload);
    let index =
        framed.push(&Submission::new(act, vec![made], vec![], vec![]).expect("its lines are in order"));
    let nine = "north/liaison-9";
    let open = |to: &str| {
        framed.act("open", nine, &json!({ "procedure": "notice", "fields": { "to": to } }), &But::default())
    };
    let (x, y) = (open("south"), open("lake"));
    let shows = fork(framed.key(nine, index), framed.signed(&x, nine), framed.signed(&y, nine));
    cases.add("framed", both, shows, "key_unproven");

    // One of two roots that it takes.
    let mut framed = World::usual();
    let index = framed.does(
        "enrol",
        "harbour/root-1",
        json!({ "key": {
            "label": "desk-9", "capacity": "officer", "vkey": vkey("harbour/desk-9"), "custody": "device",
            "office": "Desk",
        } }),
    );
    let nine = "harbour/desk-9";
    let open = |to: &str| {
        framed.act("open", nine, &json!({ "procedure": "notice", "fields": { "to": to } }), &But::default())
    };
    let (x, y) = (open("south"), open("lake"));
    let shows = fork(framed.key(nine, index), framed.signed(&x, nine), framed.signed(&y, nine));
    cases.add("framed-by-one-root", both, shows, "key_unproven");

    passkeys(cases);
}

/// A passkey that is an officer's key.
fn passkeys(cases: &mut Cases) {
    use note::{Assertion, PasskeyKey};
    let name = "north/officer-2";
    let passkey = VerifierKey::passkey(key_name(name), &PasskeyKey::EdDsa(key(name).public()));
    let mut world = World::usual();
    let index = world.does(
        "enrol",
        "north/root-1",
        json!({ "key": {
        "label": "officer-2", "capacity": "officer", "custody": "device", "office": "Desk",
        "passkey": { "vkey": passkey.to_string(), "rp": "desk.example", "origins": ["https://desk.example"] },
    } }),
    );
    let signed = |to: &str, n: u64, challenge: Option<&Act>| {
        let body = json!({ "procedure": "notice", "fields": { "to": to } });
        let act = world.act("open", name, &body, &But { n: Some(n), ..But::default() });
        let mut assertion = Assertion {
            authenticator_data: [&Hash::of(b"desk.example").as_bytes()[..], &[0x05, 0, 0, 0, 7]].concat(),
            client_data: format!(
                r#"{{"type":"webauthn.get","challenge":"{}","origin":"https://desk.example"}}"#,
                note::passkey::challenge(&challenge.unwrap_or(&act).id())
            )
            .into_bytes(),
            signature: Vec::new(),
        };
        assertion.signature = key(name).sign(&assertion.message()).as_bytes().to_vec();
        let signed = SignedAct {
            act: quoted(act.text()),
            signature: None,
            assertion: assertion.payload().map(Quoted),
        };
        (act, signed)
    };
    let proof = || world.key(name, index);
    let fork = |a, b| Shows::AuthorFork(AuthorFork { key: proof(), a, b });
    let ((first, a), (_, b)) = (signed("south", 3, None), signed("lake", 3, None));
    cases.add("passkey", "policy instrument", fork(a.clone(), b), "author north/officer-2");
    let (_, stolen) = signed("lake", 3, Some(&first));
    cases.add("passkey-other-challenge", "policy instrument", fork(a, stolen), "unsigned");
}

pub(crate) fn stamps(cases: &mut Cases) {
    let world = World::usual();
    let both = "policy instrument";
    let name = "harbour/intake";
    let act = |to: &str, but: But| {
        world.act("open", "north/liaison-1", &json!({ "procedure": "notice", "fields": { "to": to } }), &but)
    };
    let stamped = |act: &Act, minutes: u64, previous: Hash, by: &str| {
        let (intake, line): (_, SignatureLine) = world.stamp(act, minutes, previous, by);
        (intake, Stamped { act: quoted(act.text()), stamp: Quoted(line.payload) })
    };
    let two = |a: &Stamped, b: &Stamped| TwoStamps { key: world.key(name, 3), a: a.clone(), b: b.clone() };
    let (x, y) = (act("south", But::default()), act("lake", But::default()));
    let (first, a) = stamped(&x, 100, Hash::ZERO, name);
    let (_, b) = stamped(&y, 105, Hash::ZERO, name);
    cases.add("", both, Shows::IntakeFork(two(&a, &b)), "intake harbour/intake");
    let (_, other_time) = stamped(&x, 101, Hash::ZERO, name);
    cases.add("one-act-two-times", both, Shows::IntakeFork(two(&a, &other_time)), "intake harbour/intake");
    cases.add("same", both, Shows::IntakeFork(two(&a, &a)), NOTHING);
    let mut anew = a.clone();
    anew.stamp.0[40..].copy_from_slice(&signed_anew(name, first.message().as_bytes()));
    assert_ne!(anew, a);
    cases.add("same-signed-anew", both, Shows::IntakeFork(two(&a, &anew)), NOTHING);
    let (_, follows) = stamped(&y, 105, first.hash(), name);
    cases.add("chained", both, Shows::IntakeFork(two(&a, &follows)), NOTHING);
    let (_, by_another) = stamped(&y, 105, Hash::ZERO, "lake/intake");
    cases.add("two-keys", both, Shows::IntakeFork(two(&a, &by_another)), "unsigned");
    // One intake key that serves two registers: its first stamps follow on nothing in both.
    let elsewhere = act("lake", But { genesis: Some(Hash::of(b"another")), ..But::default() });
    let (_, elsewhere) = stamped(&elsewhere, 105, Hash::ZERO, name);
    cases.add("other-register", both, Shows::IntakeFork(two(&a, &elsewhere)), "other_register_quoted");
    let mut swapped = a.clone();
    swapped.act = b.act.clone();
    cases.add("text-of-another", both, Shows::IntakeFork(two(&a, &swapped)), "unsigned");
    let mut node = two(&a, &b);
    node.key = world.key("harbour/node-1", 4);
    cases.add("no-intake-key", both, Shows::IntakeFork(node), "key_unproven");

    let (_, back) = stamped(&y, 99, first.hash(), name);
    cases.add("", both, Shows::IntakeBackwards(two(&a, &back)), "intake harbour/intake");
    let (_, level) = stamped(&y, 100, first.hash(), name);
    cases.add("same-time", both, Shows::IntakeBackwards(two(&a, &level)), NOTHING);
    cases.add("rising", both, Shows::IntakeBackwards(two(&a, &follows)), NOTHING);
    let (_, unchained) = stamped(&y, 99, Hash::ZERO, name);
    cases.add("not-chained", both, Shows::IntakeBackwards(two(&a, &unchained)), NOTHING);
    cases.add("second-first", both, Shows::IntakeBackwards(two(&back, &a)), NOTHING);
}

pub(crate) fn states(cases: &mut Cases) {
    let world = World::usual();
    let both = "policy instrument";
    let body = StateBody {
        rules: 1,
        size: 16,
        root: world.checkpoint(16).root,
        as_of: t(160),
        lines: 9,
        state: Hash::of(b"state"),
    };
    let note = |body: StateBody, genesis: Hash, by: &str| {
        let note = StateNote { origin: world.origin.clone(), genesis, body };
        quoted(note.sign(&key(by), &signer("harbour/node-1")).expect("a note").to_bytes())
    };
    let own = |body| note(body, world.hash(), "harbour/node-1");
    let two = |a: Quoted, b: Quoted| {
        Shows::FalseStateNote(FalseStateNote { key: world.key("harbour/node-1", 4), a, b })
    };
    let other = StateBody { state: Hash::of(b"another"), ..body };
    cases.add("", both, two(own(body), own(other)), "node harbour/node-1");
    cases.add("same", both, two(own(body), own(body)), NOTHING);
    for (name, different) in [
        ("other-time", StateBody { as_of: t(161), ..other }),
        ("other-size", StateBody { size: 15, ..other }),
        ("other-root", StateBody { root: Hash::of(b"root"), ..other }),
        ("other-rules", StateBody { rules: 2, ..other }),
    ] {
        cases.add(name, both, two(own(body), own(different)), NOTHING);
    }
    let elsewhere = note(other, Hash::of(b"another"), "harbour/node-1");
    cases.add("other-register", both, two(own(body), elsewhere), "other_register_quoted");
    cases.add("forged", both, two(own(body), note(other, world.hash(), "thief")), "unsigned");
    let officer = FalseStateNote { key: world.key("harbour/desk-1", 2), a: own(body), b: own(other) };
    cases.add("no-node-key", both, Shows::FalseStateNote(officer), "key_unproven");
}

pub(crate) fn replays(cases: &mut Cases) {
    let world = World::usual();
    let act = world.act("open", "north/liaison-1", &world.open_body(), &But::default());
    let (_, stamp) = world.stamp(&act, 150, Hash::ZERO, "harbour/intake");
    let bare = world.sign(act.clone());
    let stamped = world.sign_stamped(act, vec![stamp]);
    let two = |a: &Submission, b: &Submission| {
        let one = |submission: &Submission| SubmittedAct { submission: quoted(submission.to_bytes()) };
        Shows::ChainReplayed(ChainReplayed { a: one(a), b: one(b) })
    };
    cases.add("", "", two(&bare, &stamped), "nobody");
    cases.add("same", "", two(&bare, &bare), NOTHING);
    let other = world.sign(world.act("open", "south/liaison-1", &world.open_body(), &But::default()));
    cases.add("two-acts", "", two(&bare, &other), NOTHING);
}
