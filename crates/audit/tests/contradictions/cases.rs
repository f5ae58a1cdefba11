//! Every kind of contradiction, and what comes near to it and is none.

use act::freeze::{FreezeBody, FreezeNote};
use act::refusal::RefusalBody;
use act::state::StateBody;
use act::value::Vkey;
use act::{Act, Refusal, StateNote, Submission};
use audit::contradiction::file::*;
use audit::contradiction::{Contradiction, Convict, Conviction, Expected, Shows, Unconfirmed, confirm};
use note::{KeyName, Receipt, SignatureLine, VerifierKey};
use serde_json::json;
use terms::{Hash, RefusalGround, VoiceName};
use tlog::Checkpoint;

use crate::register::*;

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    pub(crate) expected: Expected,
    /// Who is convicted, or the code of the reason why nobody is.
    pub(crate) verdict: &'static str,
}

/// What came of a file, in words that a table can hold.
pub(crate) fn verdict(found: &Result<Conviction, Unconfirmed>) -> String {
    match found.as_ref().map(|conviction| &conviction.convicts) {
        Ok(Convict::Registrar(_)) => "registrar".to_owned(),
        Ok(Convict::Witness { name, .. }) => format!("witness {name}"),
        Ok(Convict::Author { participant, label, .. }) => format!("author {participant}/{label}"),
        Ok(Convict::Intake { participant, label, .. }) => format!("intake {participant}/{label}"),
        Ok(Convict::Node { participant, label, .. }) => format!("node {participant}/{label}"),
        Ok(Convict::Nobody) => "nobody".to_owned(),
        Err(reason) => reason.code().trim_start_matches("contradiction::").to_owned(),
    }
}

struct Cases {
    list: Vec<Case>,
    world: World,
}

impl Cases {
    /// `annexes` names those that the file quotes.
    fn add(&mut self, name: &str, annexes: &str, shows: Shows, verdict: &'static str) {
        let world = self.world.clone();
        self.add_of(&world, name, annexes, shows, verdict);
    }

    fn add_of(&mut self, world: &World, name: &str, annexes: &str, shows: Shows, verdict: &'static str) {
        let file = Contradiction { register: world.register(annexes), shows };
        let name = if name.is_empty() {
            file.shows.kind().to_string()
        } else {
            format!("{}--{name}", file.shows.kind())
        };
        assert!(self.list.iter().all(|case| case.name != name), "{name} stands twice");
        self.list.push(Case { name, file: file.to_bytes(), expected: world.expected(), verdict });
    }

    fn raw(&mut self, name: &str, file: Vec<u8>, expected: Expected, verdict: &'static str) {
        self.list.push(Case { name: name.to_owned(), file, expected, verdict });
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Cases { list: Vec::new(), world: World::usual() };
    forks(&mut cases);
    receipts(&mut cases);
    dates(&mut cases);
    malformed(&mut cases);
    refusals(&mut cases);
    authors(&mut cases);
    witnesses(&mut cases);
    stamps(&mut cases);
    states(&mut cases);
    replays(&mut cases);
    files(&mut cases);
    cases.list
}

const NOTHING: &str = "nothing_shown";

fn quoted(bytes: impl Into<Vec<u8>>) -> Quoted {
    Quoted(bytes.into())
}

/// The same register with another entry at the end.
fn other_end() -> World {
    let mut world = World::base();
    world.opens("south/liaison-1");
    world
}

fn longer(world: &World) -> World {
    let mut world = world.clone();
    world.opens("south/liaison-1");
    world.opens("north/liaison-1");
    world
}

fn forks(cases: &mut Cases) {
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

fn receipts(cases: &mut Cases) {
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

fn dates(cases: &mut Cases) {
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
    cases.add("one-witness-twice", both, shows, "not_final");

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

fn id_at(world: &World, index: usize) -> terms::ActId {
    act::Entry::parse(&world.entries[index]).expect("an entry").act().id()
}

fn enrolment(label: &str, capacity: &str, office: &str) -> serde_json::Value {
    json!({ "key": {
        "label": label, "capacity": capacity, "vkey": vkey(&format!("north/{label}")), "custody": "device",
        "office": office,
    } })
}

fn malformed(cases: &mut Cases) {
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

fn refusals(cases: &mut Cases) {
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

fn authors(cases: &mut Cases) {
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

fn witnesses(cases: &mut Cases) {
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

fn stamps(cases: &mut Cases) {
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

fn states(cases: &mut Cases) {
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

fn replays(cases: &mut Cases) {
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

/// What can be wrong with the file, whatever it shows.
fn files(cases: &mut Cases) {
    let world = World::usual();
    let fork = || {
        let (a, b) = (quoted(other_end().cosigned(16, &[])), quoted(world.cosigned(16, &[])));
        Contradiction { register: world.register(""), shows: Shows::Fork(Fork { a, b, prefix: None }) }
    };
    let good = fork().to_bytes();
    assert_eq!(verdict(&confirm(&good, &world.expected())), "registrar");
    let voice = Expected::Voice(VoiceName::of(&world.hash()));
    cases.raw("file--by-voice", good.clone(), voice, "registrar");
    let wrong_voice = Expected::Voice(VoiceName::of(&Hash::of(b"another")));
    cases.raw("file--another-voice", good.clone(), wrong_voice, "other_register");
    cases.raw(
        "file--another-genesis",
        good.clone(),
        Expected::Genesis(Hash::of(b"another")),
        "other_register",
    );
    let text = String::from_utf8(good.clone()).expect("UTF-8");
    let mut changed = |name: &str, text: String, verdict| {
        cases.raw(&format!("file--{name}"), text.into_bytes(), world.expected(), verdict);
    };
    changed("no-line-feed", text.trim_end().to_owned(), "not_one_line");
    changed("two-lines", format!("{text}\n"), "not_one_line");
    changed("empty", String::new(), "not_one_line");
    changed("name-twice", text.replacen("\"kind\":", "\"kind\":\"fork\",\"kind\":", 1), "not_one_line");
    changed("spaces", text.replacen("\"kind\":", "\"kind\": ", 1), "spelling");
    changed("null", text.replacen("\"shows\":{", "\"shows\":{\"prefix\":null,", 1), "spelling");
    changed("later-format", text.replacen("/v1", "/v2", 1), "shape");
    changed("unknown-kind", text.replacen("\"fork\"", "\"spoon\"", 1), "shape");
    changed("unknown-field", text.replacen("\"shows\":{", "\"shows\":{\"x\":1,", 1), "shape");
    let mut later = fork();
    later.register.registrar = "succession".to_owned();
    cases.raw("file--later-registrar", later.to_bytes(), world.expected(), "later_registrar");
    let mut no_genesis = fork();
    let act = world.act("open", "north/liaison-1", &world.open_body(), &But::default());
    no_genesis.register.genesis = quoted(act.text());
    cases.raw("file--no-genesis", no_genesis.to_bytes(), Expected::Genesis(act.id().0), "genesis");
    let mut newer = fork();
    let genesis = world.genesis.text().replacen("\"rules\":1", "\"rules\":2", 1);
    newer.register.genesis = quoted(genesis.as_str());
    cases.raw(
        "file--newer-rules",
        newer.to_bytes(),
        Expected::Genesis(Hash::of(genesis.as_bytes())),
        "unknown_rules",
    );
    let mut other_policy = fork();
    other_policy.register.policy = Some(quoted(policy().replace("all 3", "all 1")));
    cases.raw("file--another-policy", other_policy.to_bytes(), world.expected(), "annex");
    let mut other_tolerance = fork();
    other_tolerance.register.instrument = Some(quoted(format!("{INSTRUMENT}tolerance = \"1m\"\n")));
    cases.raw("file--another-instrument", other_tolerance.to_bytes(), world.expected(), "annex");
}

/// A file whose own bytes are more than 16 KiB: not among the vectors.
pub(crate) fn too_long() -> Vec<u8> {
    let world = World::usual();
    let (a, b) = (quoted(vec![b'x'; 16 * 1024]), quoted(world.cosigned(16, &[])));
    Contradiction { register: world.register(""), shows: Shows::Fork(Fork { a, b, prefix: None }) }.to_bytes()
}
