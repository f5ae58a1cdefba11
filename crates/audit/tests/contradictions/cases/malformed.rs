//! Entries that had to be refused (C7).

use super::*;

/// The usual register with one more entry, quoted with these before it.
fn let_in(world: &World, ground: RefusalGround, index: u64, before: &[u64]) -> Shows {
    let before = before.iter().map(|at| world.included(*at)).collect();
    Shows::MalformedLetIn(MalformedLetIn {
        ground,
        entry: world.included(index),
        before,
        checkpoint: world.head(),
    })
}

fn with(submission: impl FnOnce(&World) -> Submission) -> World {
    let mut world = World::usual();
    let submission = submission(&world);
    world.push(&submission);
    world
}

fn with_act(kind: &str, signers: &str, body: serde_json::Value, but: But) -> World {
    with(|world| world.sign(world.act(kind, signers, &body, &but)))
}

pub(crate) fn malformed(cases: &mut Cases) {
    use RefusalGround::{Duplicate, Form, Key, Number, Previous, Signature};
    let usual = World::usual();
    let body = usual.open_body();
    let open = |signers: &str, but: But| with_act("open", signers, usual.open_body(), but);
    let both = "policy instrument";

    let mut world = World::usual();
    world.push_raw(b"rubble\n".to_vec());
    cases.add("", "policy", let_in(&world, Form, 16, &[]), "registrar");
    cases.add("other-ground", "policy", let_in(&world, Key, 16, &[]), NOTHING);

    let forged = with(|world| {
        let act = world.act("open", "north/liaison-1", &body, &But::default());
        let mut line = key("north/liaison-1").sign_note(act.text(), &key_name("north/liaison-1"));
        line.payload[1] ^= 1;
        Submission::new(act, vec![line], vec![], vec![]).expect("its lines are in order")
    });
    cases.add("signature", both, let_in(&forged, Signature, 16, &[1]), "registrar");
    cases.add("signature-key-not-shown", "policy", let_in(&forged, Signature, 16, &[]), NOTHING);

    let over = open("north/spare", But::default());
    cases.add("key-over", both, let_in(&over, Key, 16, &[11, 12]), "registrar");
    cases.add("key-over-not-enrolled", "policy", let_in(&over, Key, 16, &[12]), NOTHING);
    cases.add("key-over-not-revoked", both, let_in(&over, Key, 16, &[11]), NOTHING);

    let node = open("harbour/node-1", But::default());
    cases.add("capacity", both, let_in(&node, Key, 16, &[4]), "registrar");
    let root = open("north/root-1", But::default());
    cases.add("root-acts", "policy", let_in(&root, Key, 16, &[]), "registrar");
    let few = with_act(
        "enrol",
        "harbour/root-1",
        json!({ "key": {
        "label": "desk-2", "capacity": "officer", "vkey": vkey("harbour/desk-2"), "custody": "device", "office": "Desk",
    } }),
        But::default(),
    );
    cases.add("too-few-roots", "policy", let_in(&few, Key, 16, &[]), "registrar");
    let twice = with_act("enrol", "north/root-1", enrolment("liaison-1", "officer", "Desk"), But::default());
    cases.add("label-twice", both, let_in(&twice, Key, 16, &[1]), "registrar");

    let reused = open("north/liaison-1", But { n: Some(1), ..But::default() });
    cases.add("number", "policy", let_in(&reused, Number, 16, &[10]), "registrar");
    let unchained = open("north/liaison-1", But { prev: Some(Some(id_at(&usual, 10))), ..But::default() });
    cases.add("previous", "policy", let_in(&unchained, Previous, 16, &[15]), "registrar");
    let gap = But { n: Some(9), prev: Some(Some(id_at(&usual, 10))), ..But::default() };
    let passed_over = open("north/liaison-1", gap);
    cases.add("previous-passed-over", "policy", let_in(&passed_over, Previous, 16, &[10, 15]), "registrar");
    // With a gap in `n`, another act may stand between: nothing shows that none does.
    cases.add("previous-gap", "policy", let_in(&passed_over, Previous, 16, &[15]), NOTHING);
    let absent = open("north/liaison-1", But { prev: Some(None), ..But::default() });
    cases.add("previous-absent", "policy", let_in(&absent, Previous, 16, &[10]), "registrar");
    let skipped = open("north/liaison-1", But { n: Some(9), ..But::default() });
    for (ground, name) in [(Number, "gap-is-good"), (Previous, "gap-is-good-previous")] {
        cases.add(name, both, let_in(&skipped, ground, 16, &[1, 10, 15]), NOTHING);
    }
    let again = with(|world| {
        let entry = act::Entry::parse(&world.entries[15]).expect("an entry");
        entry.submission().clone()
    });
    cases.add("duplicate", "policy", let_in(&again, Duplicate, 16, &[15]), "registrar");
    cases.add("duplicate-number", "policy", let_in(&again, Number, 16, &[15]), "registrar");

    let elsewhere = open("north/liaison-1", But { genesis: Some(Hash::of(b"another")), ..But::default() });
    cases.add("other-register", "policy", let_in(&elsewhere, Form, 16, &[]), "registrar");
    let mut misplaced = World::usual();
    let submission = misplaced.sign(misplaced.act("open", "north/liaison-1", &body, &But::default()));
    misplaced.push_as(&submission, Receipt { index: 15, time: t(160), submission: submission.hash() });
    cases.add("receipt-of-other-index", "policy", let_in(&misplaced, Form, 16, &[]), "registrar");

    let mark = |minutes: &[u64], size: u64| {
        let mut world = World::usual();
        let checkpoint = world.cosigned(size, minutes);
        world.marks(&checkpoint);
        world
    };
    let good = mark(&[160; 4], 16);
    for (ground, name) in
        [(Form, "good-mark-form"), (Signature, "good-mark-signature"), (Previous, "good-mark-previous")]
    {
        cases.add(name, "policy", let_in(&good, ground, 16, &[9, 14]), NOTHING);
    }
    cases.add("mark-too-few", "policy", let_in(&mark(&[160; 2], 16), Form, 16, &[]), "registrar");
    cases.add("mark-shrinks", "policy", let_in(&mark(&[160; 4], 10), Form, 16, &[14]), "registrar");
    cases.add("mark-shrinks-not-shown", "policy", let_in(&mark(&[160; 4], 10), Form, 16, &[9]), NOTHING);
    let mut ahead = World::usual();
    let checkpoint = longer(&ahead).cosigned(18, &[160; 4]);
    ahead.marks(&checkpoint);
    cases.add("mark-ahead", "policy", let_in(&ahead, Form, 16, &[]), "registrar");

    // An enrolment that names an excluded group is void, so the label is free: it is enrolled again, and
    // nothing that was said of the first holds of the second.
    let mut void = World::usual();
    void.does("enrol", "north/root-1", enrolment("deputy", "node", "Reedmen"));
    void.does("revoke", "north/root-1", json!({ "label": "deputy" }));
    void.does("enrol", "north/root-1", enrolment("deputy", "officer", "Desk"));
    void.opens("north/deputy");
    cases.add("void-enrolment", both, let_in(&void, Key, 19, &[16, 17]), NOTHING);
    cases.add("void-enrolment-twice", both, let_in(&void, Key, 18, &[16]), NOTHING);

    // So is one whose note goes to such a group, to nobody here, or to a seat that is vacant, which few
    // entries don't show: only founders' seats never were.
    let noted = |to: &str| {
        let mut world = World::usual();
        let mut first = enrolment("deputy", "officer", "Desk");
        first["key"]["note"] = json!({
            "sealed": Hash::ZERO, "size": 10, "recipient": format!("age1{}", "q".repeat(58)),
            "commitment": Hash::ZERO, "grants": [{ "to": to, "sealed": Hash::ZERO, "size": 9 }],
        });
        world.does("enrol", "north/root-1", first);
        world.does("enrol", "north/root-1", enrolment("deputy", "officer", "Desk"));
        let_in(&world, Key, 17, &[16])
    };
    cases.add("note-to-excluded", both, noted("reedmen"), NOTHING);
    cases.add("note-to-nobody", both, noted("nobody"), NOTHING);
    cases.add("note-to-late-comer", both, noted("south"), NOTHING);
    cases.add("note-to-founder", both, noted("harbour"), "registrar");

    for ground in [Form, Signature, Key, Number, Previous, Duplicate] {
        cases.add(&format!("good-{ground}"), both, let_in(&usual, ground, 15, &[1, 10]), NOTHING);
    }
    let with_stamp = |previous_bit: u8| {
        with(|world| {
            let act = world.act("open", "north/liaison-1", &body, &But::default());
            let (_, mut line) = world.stamp(&act, 150, Hash::ZERO, "harbour/intake");
            line.payload[45] ^= previous_bit;
            world.sign_stamped(act, vec![line])
        })
    };
    cases.add("stamp", both, let_in(&with_stamp(1), Signature, 16, &[3]), "registrar");
    cases.add("good-stamp", both, let_in(&with_stamp(0), Signature, 16, &[1, 3]), NOTHING);
    cases.add("founding", "policy", let_in(&usual, Form, 0, &[]), NOTHING);
    cases.add("after-it", "policy", let_in(&usual, Number, 10, &[15]), NOTHING);
    let mut foreign = let_in(&forged, Signature, 16, &[1]);
    if let Shows::MalformedLetIn(shows) = &mut foreign {
        shows.before[0].proof[0] = Hash::of(b"another");
    }
    cases.add("enrolment-not-included", both, foreign, "not_included");
}
