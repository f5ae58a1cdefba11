//! What convicts the registrar by its own signatures and by clocks (C1–C6).

use super::*;

pub(crate) fn forks(cases: &mut Cases) {
    let (ours, theirs) = (World::usual(), other_end());
    let long = longer(&ours);
    let (a, b) = (quoted(theirs.cosigned(16, &[])), quoted(ours.cosigned(16, &[])));
    let big = quoted(long.cosigned(18, &[]));
    let fork = |a: &Quoted, b: &Quoted, prefix: Option<Prefix>| {
        Shows::Fork(Fork { a: a.clone(), b: b.clone(), prefix })
    };
    let prefix = long.prefix(16, 18);
    cases.add("", "", fork(&a, &b, None), "registrar");
    cases.add("two-sizes", "", fork(&a, &big, Some(prefix.clone())), "registrar");
    let theirs_17 = quoted(longer(&theirs).cosigned(17, &[]));
    let prefix_17 = long.prefix(17, 18);
    cases.add("two-odd-sizes", "", fork(&theirs_17, &big, Some(prefix_17.clone())), "registrar");
    let ours_17 = quoted(long.cosigned(17, &[]));
    cases.add("grown-from-odd-size", "", fork(&ours_17, &big, Some(prefix_17)), NOTHING);
    cases.add("same", "", fork(&b, &b, None), NOTHING);
    let again = quoted(ours.cosigned(16, &[1, 2, 3]));
    cases.add("same-with-other-cosignatures", "", fork(&b, &again, None), NOTHING);
    cases.add("two-sizes-unproven", "", fork(&a, &big, None), NOTHING);
    cases.add("grown", "", fork(&b, &big, Some(prefix.clone())), NOTHING);
    cases.add("larger-first", "", fork(&big, &a, Some(prefix.clone())), NOTHING);
    let bent = |change: &dyn Fn(&mut Prefix)| {
        let mut bent = prefix.clone();
        change(&mut bent);
        fork(&b, &big, Some(bent))
    };
    cases.add("false-root", "", bent(&|p| p.root = Hash::of(b"another")), "not_consistent");
    cases.add("false-proof", "", bent(&|p| p.proof[0] = Hash::of(b"another")), "not_consistent");
    cases.add("short-proof", "", bent(&|p| p.proof.clear()), "not_consistent");
    // A proof that holds, between other sizes than those that were signed.
    cases.add("other-sizes", "", fork(&b, &big, Some(long.prefix(15, 18))), "not_consistent");
    let elsewhere = Checkpoint {
        origin: terms::Origin::new("register.example/other").expect("an origin"),
        ..theirs.checkpoint(16)
    };
    let elsewhere = quoted(cosigned(&elsewhere, &[]));
    cases.add("other-origin", "", fork(&elsewhere, &b, None), "other_register_quoted");
    let line = theirs.checkpoint(16).sign(&key("somebody"));
    let forged = note::Note::new(theirs.checkpoint(16).text(), vec![line]).expect("a note").to_bytes();
    cases.add("forged", "", fork(&quoted(forged), &b, None), "unsigned");
    let mut relabelled = theirs.checkpoint(16).sign(&key("somebody"));
    relabelled.key_id = ours.checkpoint(16).sign(&key("registrar")).key_id;
    let forged = note::Note::new(theirs.checkpoint(16).text(), vec![relabelled]).expect("a note").to_bytes();
    cases.add("forged-key-id", "", fork(&quoted(forged), &b, None), "unsigned");
    let not = quoted(*b"no checkpoint\n");
    cases.add("no-checkpoint", "", fork(&not, &b, None), "unreadable");
}

fn receipt_payload(world: &World, receipt: Receipt) -> Quoted {
    Quoted(world.receipt(receipt).payload)
}

pub(crate) fn receipts(cases: &mut Cases) {
    let world = World::usual();
    let real = act::Entry::parse(&world.entries[15]).expect("an entry");
    let real = *real.receipt();
    let pay = |receipt| receipt_payload(&world, receipt);
    let other = Receipt { submission: Hash::of(b"another"), ..real };
    let later = Receipt { time: t(151), ..real };
    let two = |a: Quoted, b: Quoted| TwoReceipts { a, b };
    cases.add("", "", Shows::DoubleIndex(two(pay(real), pay(other))), "registrar");
    cases.add("other-time", "", Shows::DoubleIndex(two(pay(real), pay(later))), "registrar");
    cases.add("same", "", Shows::DoubleIndex(two(pay(real), pay(real))), NOTHING);
    let mut anew = pay(real);
    let signature = signed_anew("registrar", real.message(&world.origin, &world.hash()).as_bytes());
    anew.0[48..].copy_from_slice(&signature);
    assert_ne!(anew, pay(real));
    cases.add("same-signed-anew", "", Shows::DoubleIndex(two(pay(real), anew.clone())), NOTHING);
    let next = Receipt { index: 16, ..other };
    cases.add("two-indexes", "", Shows::DoubleIndex(two(pay(real), pay(next))), NOTHING);
    // The registrar keeps two registers with one key.
    let elsewhere = World::founded("# another library\n");
    assert_ne!(elsewhere.hash(), world.hash());
    cases.add(
        "other-register",
        "",
        Shows::DoubleIndex(two(pay(real), receipt_payload(&elsewhere, other))),
        "unsigned",
    );
    let mut bent = pay(other);
    bent.0[7] ^= 1;
    cases.add("bent", "", Shows::DoubleIndex(two(pay(real), bent)), "unsigned");
    cases.add("short", "", Shows::DoubleIndex(two(pay(real), quoted([0; 9]))), "unreadable");

    let earlier = Receipt { index: 16, time: t(149), ..other };
    cases.add("", "", Shows::TimeBackwards(two(pay(real), pay(earlier))), "registrar");
    let level = Receipt { index: 16, time: t(150), ..other };
    cases.add("same-time", "", Shows::TimeBackwards(two(pay(real), pay(level))), NOTHING);
    cases.add(
        "rising",
        "",
        Shows::TimeBackwards(two(pay(real), pay(Receipt { index: 16, ..later }))),
        NOTHING,
    );
    cases.add("one-index", "", Shows::TimeBackwards(two(pay(later), pay(real))), NOTHING);
    cases.add("higher-first", "", Shows::TimeBackwards(two(pay(earlier), pay(real))), NOTHING);

    let not_kept = |receipt: Quoted, leaf: Included, checkpoint: Quoted| {
        Shows::ReceiptNotKept(ReceiptNotKept { receipt, leaf, checkpoint })
    };
    let leaf = || world.included(15);
    cases.add("", "policy", not_kept(pay(other), leaf(), world.head()), "registrar");
    cases.add("other-time", "policy", not_kept(pay(later), leaf(), world.head()), "registrar");
    cases.add("kept", "policy", not_kept(pay(real), leaf(), world.head()), NOTHING);
    cases.add("kept-signed-anew", "policy", not_kept(anew, leaf(), world.head()), NOTHING);
    cases.add("other-index", "policy", not_kept(pay(other), world.included(14), world.head()), NOTHING);
    let few = quoted(world.cosigned(16, &[160, 160]));
    cases.add("too-few-witnesses", "policy", not_kept(pay(other), leaf(), few), "not_final");
    // A line that is not needed can't acquit; one that is can.
    let bent = |place: usize, minutes: &[u64]| {
        let note = note::Note::parse(&world.cosigned(16, minutes), 16).expect("a note");
        let mut lines = note.signatures().to_vec();
        lines[place].payload[40] ^= 1;
        quoted(note::Note::new(note.text().to_owned(), lines).expect("a note").to_bytes())
    };
    let surplus = bent(4, &[160; 4]);
    cases.add("surplus-line-wrong", "policy", not_kept(pay(other), leaf(), surplus), "registrar");
    let needed = bent(3, &[160; 3]);
    cases.add("needed-line-wrong", "policy", not_kept(pay(other), leaf(), needed), "not_final");
    let mut bent = leaf();
    bent.proof[0] = Hash::of(b"another");
    cases.add("false-proof", "policy", not_kept(pay(other), bent, world.head()), "not_included");
    let mut moved = world.included(14);
    moved.index = 15;
    cases.add("moved-leaf", "policy", not_kept(pay(other), moved, world.head()), "not_included");
    cases.add("no-policy", "", not_kept(pay(other), leaf(), world.head()), "annex_missing");
    let mut rubble = World::base();
    rubble.push_raw(b"rubble".to_vec());
    cases.add("rubble", "policy", not_kept(pay(real), rubble.included(15), rubble.head()), "registrar");
}

pub(crate) fn dates(cases: &mut Cases) {
    let world = World::usual();
    let after = |minutes: &[u64]| {
        let checkpoint = quoted(world.cosigned(16, minutes));
        Shows::DatedAfter(DatedAfter { entry: world.included(15), checkpoint })
    };
    let both = "policy instrument";
    cases.add("", both, after(&[139, 139, 139, 139]), "registrar");
    cases.add("one-clock-ahead", both, after(&[139, 139, 139, 500]), "registrar");
    cases.add("within-tolerance", both, after(&[140, 140, 140, 140]), NOTHING);
    // The lower median of four is the second.
    cases.add("one-clock-behind", both, after(&[1, 150, 150, 150]), NOTHING);
    cases.add("too-few-witnesses", both, after(&[139, 139]), "not_final");
    cases.add("no-instrument", "policy", after(&[139; 4]), "annex_missing");
    let twice = {
        let note = note::Note::parse(&world.cosigned(16, &[139, 139, 139]), 16).expect("a note");
        let line = note.signatures()[1].clone();
        quoted(note.with(line).to_bytes())
    };
    let shows = Shows::DatedAfter(DatedAfter { entry: world.included(15), checkpoint: twice });
    cases.add("one-witness-twice", both, shows, "registrar");
    let later = {
        let note = note::Note::parse(&world.cosigned(16, &[139, 139, 139]), 16).expect("a note");
        let anew = note::Note::parse(&world.cosigned(16, &[150, 150, 150]), 16).expect("a note");
        quoted(anew.signatures()[1..].iter().cloned().fold(note, |note, line| note.with(line)).to_bytes())
    };
    let shows = Shows::DatedAfter(DatedAfter { entry: world.included(15), checkpoint: later });
    cases.add("cosigned-anew-later", both, shows, NOTHING);

    // The mark at 9 has the time 90 min.
    let dated = |minutes: u64, mark: u64| {
        let mut world = World::usual();
        let submission =
            world.sign(world.act("open", "north/liaison-1", &world.open_body(), &But::default()));
        let receipt = Receipt { index: 16, time: t(minutes), submission: submission.hash() };
        world.push_as(&submission, receipt);
        let (entry, mark, checkpoint) = (world.included(16), world.included(mark), world.head());
        Shows::DatedBefore(DatedBefore { entry, mark, checkpoint })
    };
    cases.add("", both, dated(79, 9), "registrar");
    cases.add("within-tolerance", both, dated(80, 9), NOTHING);
    cases.add("no-mark", both, dated(79, 10), NOTHING);
    let mut world = World::usual();
    world.mark();
    let (entry, mark) = (world.included(10), world.included(16));
    let shows = Shows::DatedBefore(DatedBefore { entry, mark, checkpoint: world.head() });
    cases.add("mark-after-it", both, shows, NOTHING);
}
