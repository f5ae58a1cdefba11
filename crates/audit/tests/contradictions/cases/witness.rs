//! What convicts a witness (C10–C12).

use super::*;

pub(crate) fn witnesses(cases: &mut Cases) {
    let (ours, theirs) = (World::usual(), other_end());
    let long = longer(&ours);
    let both = "policy instrument";
    let w = |n: usize| witness(n).to_string();
    let one = |world: &World, size: u64, n: usize, minutes: u64| {
        quoted(cosigned(&world.checkpoint(size), &[(n, t(minutes))]))
    };
    let fork = |witness: String, a: Quoted, b: Quoted, prefix: Option<Prefix>| {
        Shows::WitnessFork(WitnessFork { witness, a, b, prefix })
    };
    let (a, b) = (one(&theirs, 16, 2, 160), one(&ours, 16, 2, 160));
    cases.add("", "policy", fork(w(2), a.clone(), b.clone(), None), "witness w2");
    let big = one(&long, 18, 2, 170);
    cases.add(
        "two-sizes",
        "policy",
        fork(w(2), a.clone(), big.clone(), Some(long.prefix(16, 18))),
        "witness w2",
    );
    cases.add("same-later", "policy", fork(w(2), b.clone(), one(&ours, 16, 2, 200), None), NOTHING);
    cases.add("grown", "policy", fork(w(2), b.clone(), big.clone(), Some(long.prefix(16, 18))), NOTHING);
    cases.add("two-witnesses", "policy", fork(w(2), a.clone(), one(&ours, 16, 3, 160), None), "unsigned");
    let stranger = VerifierKey::cosigner(KeyName::new("w9.example").expect("a name"), key("w9").public());
    cases.add(
        "no-witness-of-ours",
        "policy",
        fork(stranger.to_string(), a.clone(), b.clone(), None),
        "unknown_witness",
    );
    // A log of the same origin that another registrar keeps.
    let line = theirs.checkpoint(16).sign(&key("another registrar"));
    let note = note::Note::new(theirs.checkpoint(16).text(), vec![line]).expect("a note");
    let cosignature =
        tlog::cosignature::sign(&theirs.checkpoint(16), t(160), &key("witness 2"), &witness_name(2));
    let elsewhere = quoted(note.with(cosignature).to_bytes());
    cases.add("another-registrar", "policy", fork(w(2), elsewhere, b.clone(), None), "unsigned");

    let backwards =
        |witness: String, a: Quoted, b: Quoted| Shows::WitnessBackwards(WitnessBackwards { witness, a, b });
    let at = |size: u64, minutes: u64| one(&ours, size, 1, minutes);
    cases.add("", both, backwards(w(1), at(14, 171), at(16, 160)), "witness w1");
    cases.add("within-tolerance", both, backwards(w(1), at(14, 170), at(16, 160)), NOTHING);
    cases.add("same-size", both, backwards(w(1), at(16, 200), at(16, 160)), NOTHING);
    cases.add("larger-later", both, backwards(w(1), at(16, 200), at(14, 160)), NOTHING);
    cases.add("two-witnesses", both, backwards(w(1), one(&ours, 14, 2, 171), at(16, 160)), "unsigned");

    let freeze = |registrar: &str, size: u64, n: usize, genesis: Hash| {
        let registrar = VerifierKey::plain(key_name("registrar"), key(registrar).public());
        let root = ours.checkpoint(size).root;
        let body = FreezeBody { registrar: Vkey(registrar), size, root };
        let freeze = FreezeNote { origin: ours.origin.clone(), genesis, body };
        quoted(freeze.sign(&key(&format!("witness {n}")), &witness_name(n)).expect("a note").to_bytes())
    };
    let broken = |freeze: Quoted, checkpoint: Quoted, last: Included| {
        Shows::FreezeBroken(FreezeBroken { witness: w(1), freeze, checkpoint, last })
    };
    let genesis = ours.hash();
    let last = || ours.included(15);
    cases.add("", "policy", broken(freeze("registrar", 14, 1, genesis), at(16, 160), last()), "witness w1");
    cases.add("kept", "policy", broken(freeze("registrar", 16, 1, genesis), at(16, 160), last()), NOTHING);
    let by_another = freeze("registrar", 14, 2, genesis);
    cases.add("by-another", "policy", broken(by_another, at(16, 160), last()), "unsigned");
    let of_another = freeze("another registrar", 14, 1, genesis);
    cases.add("of-another-key", "policy", broken(of_another, at(16, 160), last()), NOTHING);
    let elsewhere = freeze("registrar", 14, 1, Hash::of(b"another"));
    cases.add("other-register", "policy", broken(elsewhere, at(16, 160), last()), "other_register_quoted");
    let frozen = || freeze("registrar", 14, 1, genesis);
    cases.add("not-the-last", "policy", broken(frozen(), at(16, 160), ours.included(13)), NOTHING);
    // The successor's checkpoint, with the old registrar's line put under it afterwards.
    let mut after = World::base();
    let submission = after.sign(after.act("open", "north/liaison-1", &after.open_body(), &But::default()));
    let receipt = Receipt { index: 15, time: t(150), submission: submission.hash() };
    let line = receipt.sign(&after.origin, &after.hash(), &key("successor"));
    let entry = act::Entry::new(submission, line).expect("an entry");
    after.push_raw(entry.to_bytes());
    let checkpoint = quoted(cosigned(&after.checkpoint(16), &[(1, t(160))]));
    cases.add(
        "framed-by-the-frozen-key",
        "policy",
        broken(frozen(), checkpoint, after.included(15)),
        "unsigned",
    );
}
