//! Refusals that do not hold (C8).

use super::*;

fn refusal_of(world: &World, submission: &Submission, ground: RefusalGround, size: u64) -> Quoted {
    let body = RefusalBody {
        act: Some(submission.act().id()),
        submission: submission.hash(),
        ground,
        size,
        at: t(155),
    };
    let refusal = Refusal { origin: world.origin.clone(), genesis: world.hash(), body };
    quoted(refusal.sign(&key("registrar")).expect("a note").to_bytes())
}

fn refused(
    world: &World,
    submission: &Submission,
    ground: RefusalGround,
    size: u64,
    entries: &[u64],
) -> Shows {
    let refusal = refusal_of(world, submission, ground, size);
    let checkpoint = (!entries.is_empty()).then(|| world.head());
    let entries = entries.iter().map(|at| world.included(*at)).collect();
    let submission = quoted(submission.to_bytes());
    Shows::FalseRefusal(FalseRefusal { refusal, submission, entries, checkpoint })
}

pub(crate) fn refusals(cases: &mut Cases) {
    use RefusalGround::{Duplicate, Form, Key, Number, Previous, Quota, Signature};
    let world = World::usual();
    let both = "policy instrument";
    let act = |but: But| world.sign(world.act("open", "north/liaison-1", &world.open_body(), &but));
    // At size 15 the key's chain stood at the act of index 10; the act at 15 says so.
    let after_10 = Some(Some(id_at(&world, 10)));
    let good = act(But { n: Some(5), prev: after_10, ..But::default() });

    cases.add("", "", refused(&world, &good, Form, 15, &[]), "registrar");
    let elsewhere = act(But { genesis: Some(Hash::of(b"another")), ..But::default() });
    cases.add("form-other-register", "", refused(&world, &elsewhere, Form, 15, &[]), NOTHING);
    let mut rubble = refused(&world, &good, Form, 15, &[]);
    if let Shows::FalseRefusal(shows) = &mut rubble {
        let body =
            RefusalBody { act: None, submission: Hash::of(b"rubble"), ground: Form, size: 15, at: t(155) };
        let refusal = Refusal { origin: world.origin.clone(), genesis: world.hash(), body };
        shows.refusal = quoted(refusal.sign(&key("registrar")).expect("a note").to_bytes());
        shows.submission = quoted(*b"rubble");
    }
    cases.add("form-rubble", "", rubble, NOTHING);
    let mut swapped = refused(&world, &good, Form, 15, &[]);
    if let Shows::FalseRefusal(shows) = &mut swapped {
        shows.submission = quoted(act(But::default()).to_bytes());
    }
    cases.add("other-submission", "", swapped, NOTHING);
    let mut unsigned = refused(&world, &good, Form, 15, &[]);
    if let Shows::FalseRefusal(shows) = &mut unsigned {
        let last = shows.refusal.0.len() - 10;
        shows.refusal.0[last] ^= 2;
    }
    cases.add("unsigned", "", unsigned, "unsigned");

    cases.add("signature", both, refused(&world, &good, Signature, 15, &[1]), "registrar");
    cases.add("signature-key-not-shown", "", refused(&world, &good, Signature, 15, &[]), NOTHING);
    // The key was enrolled at 13, after the refusal.
    cases.add("signature-enrolled-later", both, refused(&world, &good, Signature, 1, &[1]), NOTHING);
    let mut line = good.signatures()[0].clone();
    line.payload[3] ^= 1;
    let forged =
        Submission::new(good.act().clone(), vec![line], vec![], vec![]).expect("its lines are in order");
    cases.add("signature-wrong", both, refused(&world, &forged, Signature, 15, &[1]), NOTHING);

    cases.add("number", "policy", refused(&world, &good, Number, 15, &[10, 15]), "registrar");
    cases.add("number-last-not-shown", "policy", refused(&world, &good, Number, 15, &[10]), NOTHING);
    // At size 16 the act at 15 stands below.
    cases.add("number-at-another-size", "policy", refused(&world, &good, Number, 16, &[10, 15]), NOTHING);
    let low = act(But { n: Some(1), prev: after_10, ..But::default() });
    cases.add("number-right", "policy", refused(&world, &low, Number, 15, &[10, 15]), NOTHING);
    cases.add("previous", "policy", refused(&world, &good, Previous, 15, &[10, 15]), "registrar");
    let stray = act(But { n: Some(5), prev: Some(Some(id_at(&world, 13))), ..But::default() });
    cases.add("previous-right", "policy", refused(&world, &stray, Previous, 15, &[10, 15]), NOTHING);
    cases.add("duplicate", "policy", refused(&world, &good, Duplicate, 15, &[10, 15]), "registrar");
    let itself = act::Entry::parse(&world.entries[15]).expect("an entry").submission().clone();
    cases.add("duplicate-on-its-way", "policy", refused(&world, &itself, Duplicate, 15, &[10, 15]), NOTHING);
    cases.add("key", both, refused(&world, &good, Key, 15, &[1, 15]), "registrar");
    cases.add("key-not-seen-after", both, refused(&world, &good, Key, 15, &[1, 10]), NOTHING);
    let spare = world.sign(world.act("open", "north/spare", &world.open_body(), &But::default()));
    cases.add("key-right", both, refused(&world, &spare, Key, 15, &[11, 12]), NOTHING);
    cases.add("quota", both, refused(&world, &good, Quota, 15, &[1, 10, 15]), NOTHING);
}
