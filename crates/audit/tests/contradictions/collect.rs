//! What a verifier comes across, and what the collector makes of it.

use act::freeze::{FreezeBody, FreezeNote};
use act::refusal::RefusalBody;
use act::state::StateBody;
use act::value::Vkey;
use act::{Refusal, StateNote, Submission};
use audit::contradiction::{Collector, Found, Kind, confirm, late};
use note::{Receipt, VerifierKey};
use serde_json::json;
use terms::{Hash, RefusalGround, Seconds};

use crate::cases::verdict;
use crate::register::*;

/// Hands a register over, with what else was come across before it; entries of `malformed` are what
/// replay found so.
fn collect(world: &World, malformed: &[u64], more: impl FnOnce(&mut Collector<World>)) -> Vec<Found> {
    let head = world.head();
    let (policy, instrument) = (policy(), INSTRUMENT);
    let begun = Collector::new(&world.entries[0], policy.as_bytes(), instrument.as_bytes(), &head.0, world);
    let mut collector = begun.expect("a register");
    more(&mut collector);
    for (index, bytes) in (0..).zip(&world.entries) {
        collector.entry(index, bytes, !malformed.contains(&index));
    }
    collector.finish()
}

/// Which kinds were found, and whom they convict.
fn found(world: &World, malformed: &[u64], more: impl FnOnce(&mut Collector<World>)) -> Vec<(Kind, String)> {
    let found = collect(world, malformed, more);
    let verdict = |found: &Found| (found.kind, verdict(&confirm(&found.file, &world.expected())));
    found.iter().map(verdict).collect()
}

fn one(kind: Kind, verdict: &str) -> Vec<(Kind, String)> {
    vec![(kind, verdict.to_owned())]
}

/// The usual register with one more entry, whatever is wrong with it.
fn with_act(signers: &str, but: But) -> World {
    let mut world = World::usual();
    let submission = world.sign(world.act("open", signers, &world.open_body(), &but));
    world.push(&submission);
    world
}

fn other_end() -> World {
    let mut world = World::base();
    world.opens("south/liaison-1");
    world
}

#[test]
fn an_honest_register_convicts_nobody() {
    let world = World::usual();
    let act = world.act("open", "north/liaison-1", &world.open_body(), &But { n: Some(9), ..But::default() });
    let bare = world.sign(act.clone());
    let (first, line) = world.stamp(&act, 150, Hash::ZERO, "harbour/intake");
    let stamped = world.sign_stamped(act, vec![line]);
    let after =
        world.act("open", "south/liaison-1", &world.open_body(), &But { n: Some(4), ..But::default() });
    let (_, line) = world.stamp(&after, 151, first.hash(), "harbour/intake");
    let after = world.sign_stamped(after, vec![line]);
    let honest = found(&world, &[], |collector| {
        for size in 1..=16 {
            collector.checkpoint(&world.cosigned(size, &[10 * size; 4]), "a checkpoint");
        }
        collector.checkpoint(&world.cosigned(16, &[400; 2]), "the same, later");
        for line in &world.receipts {
            collector.receipt(line, "a receipt");
            collector.receipt(line, "the same receipt");
        }
        // A receipt for what is not in our tree yet.
        let beyond = Receipt { index: 16, time: t(160), submission: bare.hash() };
        collector.receipt(&world.receipt(beyond), "a receipt");
        for act in [&bare, &stamped, &after] {
            collector.act(&act.to_bytes(), "on its way");
        }
    });
    assert_eq!(honest, []);
}

#[test]
fn forks_of_the_registrar_and_of_witnesses() {
    let (ours, theirs) = (World::usual(), other_end());
    let by_two = |world: &World, size| cosigned(&world.checkpoint(size), &[(2, t(160)), (3, t(160))]);
    let both = |second: &str| {
        let all = [(Kind::Fork, "registrar"), (Kind::WitnessFork, "witness w2"), (Kind::WitnessFork, second)];
        all.map(|(kind, whom)| (kind, whom.to_owned())).to_vec()
    };
    // Of one size.
    let kinds = found(&ours, &[], |collector| collector.checkpoint(&by_two(&theirs, 16), "theirs"));
    assert_eq!(kinds, both("witness w3"));
    // Smaller than ours: our tiles prove it.
    let mut long = ours.clone();
    long.opens("north/liaison-1");
    long.opens("south/liaison-1");
    let kinds = found(&long, &[], |collector| collector.checkpoint(&by_two(&theirs, 16), "theirs"));
    assert_eq!(kinds, both("witness w3"));
    // Larger than ours: nothing proves it, until there are two of a size.
    let mut longer = theirs.clone();
    longer.opens("north/liaison-1");
    let larger = longer.cosigned(17, &[]);
    assert_eq!(found(&ours, &[], |collector| collector.checkpoint(&larger, "theirs")), []);
    let kinds = found(&ours, &[], |collector| {
        collector.checkpoint(&larger, "theirs");
        collector.checkpoint(&long.cosigned(17, &[]), "ours");
    });
    assert_eq!(kinds, one(Kind::Fork, "registrar"));
}

#[test]
fn receipts_that_are_not_kept() {
    let world = World::usual();
    let other = Receipt { index: 15, time: t(150), submission: Hash::of(b"another") };
    let kinds = found(&world, &[], |collector| collector.receipt(&world.receipt(other), "a receipt"));
    assert_eq!(
        kinds,
        [(Kind::DoubleIndex, "registrar".to_owned()), (Kind::ReceiptNotKept, "registrar".to_owned())]
    );
    let late = Receipt { index: 40, time: t(10), ..other };
    let kinds = found(&world, &[], |collector| collector.receipt(&world.receipt(late), "a receipt"));
    assert_eq!(kinds, one(Kind::TimeBackwards, "registrar"));
    let two = [Receipt { index: 40, time: t(300), ..other }, Receipt { index: 50, time: t(200), ..other }];
    let kinds = found(&world, &[], |collector| {
        for receipt in two {
            collector.receipt(&world.receipt(receipt), "a receipt");
        }
    });
    assert_eq!(kinds, one(Kind::TimeBackwards, "registrar"));
}

#[test]
fn times_that_cannot_be() {
    let dated = |minutes: u64| {
        let mut world = World::usual();
        let act = world.act("open", "north/liaison-1", &world.open_body(), &But::default());
        let submission = world.sign(act);
        let receipt = Receipt { index: 16, time: t(minutes), submission: submission.hash() };
        world.push_as(&submission, receipt);
        world.mark();
        world
    };
    assert_eq!(found(&dated(160), &[], |_| {}), []);
    assert_eq!(
        found(&dated(129), &[], |_| {}),
        [(Kind::TimeBackwards, "registrar".to_owned()), (Kind::DatedBefore, "registrar".to_owned())]
    );
    // The mark after it is of 170 min, as the next entry is.
    assert_eq!(
        found(&dated(181), &[], |_| {}),
        [(Kind::TimeBackwards, "registrar".to_owned()), (Kind::DatedAfter, "registrar".to_owned())]
    );
}

#[test]
fn entries_that_had_to_be_refused() {
    let prev = |world: &World, at: usize| {
        Some(Some(act::Entry::parse(&world.entries[at]).expect("an entry").act().id()))
    };
    let usual = World::usual();
    for (why, world) in [
        ("over", with_act("north/spare", But::default())),
        ("capacity", with_act("harbour/node-1", But::default())),
        ("root", with_act("north/root-1", But::default())),
        ("previous", with_act("north/liaison-1", But { prev: prev(&usual, 10), ..But::default() })),
        ("gap", with_act("north/liaison-1", But { n: Some(9), prev: prev(&usual, 10), ..But::default() })),
        ("register", with_act("north/liaison-1", But { genesis: Some(Hash::of(b"x")), ..But::default() })),
    ] {
        assert_eq!(found(&world, &[16], |_| {}), one(Kind::MalformedLetIn, "registrar"), "{why}");
    }
    let mut rubble = World::usual();
    rubble.push_raw(b"rubble\n".to_vec());
    assert_eq!(found(&rubble, &[16], |_| {}), one(Kind::MalformedLetIn, "registrar"));
    // A key that was never enrolled: replay says it, and no small file can.
    let unknown = with_act("lake/nobody", But::default());
    assert_eq!(found(&unknown, &[16], |_| {}), []);
    // A number used twice convicts its author too.
    let reused = with_act("north/liaison-1", But { n: Some(2), ..But::default() });
    assert_eq!(
        found(&reused, &[16], |_| {}),
        [
            (Kind::MalformedLetIn, "registrar".to_owned()),
            (Kind::AuthorFork, "author north/liaison-1".to_owned())
        ]
    );
}

#[test]
fn a_file_quotes_no_more_than_it_needs() {
    let world = with_act("north/spare", But::default());
    let found = collect(&world, &[16], |_| {});
    let file = audit::contradiction::Contradiction::read(&found[0].file).expect("a file");
    let audit::contradiction::Shows::MalformedLetIn(shows) = file.shows else { panic!("another kind") };
    assert_eq!(shows.before.iter().map(|leaf| leaf.index).collect::<Vec<_>>(), [11, 12]);
}

#[test]
fn refusals_that_do_not_hold() {
    let world = World::usual();
    let prev = Some(Some(act::Entry::parse(&world.entries[10]).expect("an entry").act().id()));
    let act =
        world.act("open", "north/liaison-1", &world.open_body(), &But { n: Some(5), prev, ..But::default() });
    let good = world.sign(act);
    let refuse = |submission: &Submission, ground| {
        let body = RefusalBody { act: None, submission: submission.hash(), ground, size: 15, at: t(155) };
        let refusal = Refusal { origin: origin(), genesis: world.hash(), body };
        let note = refusal.sign(&key("registrar")).expect("a note").to_bytes();
        found(&world, &[], |collector| collector.refusal(&note, &submission.to_bytes(), "a refusal"))
    };
    for ground in RefusalGround::ALL {
        let expected = match ground {
            RefusalGround::Quota => Vec::new(),
            _ => one(Kind::FalseRefusal, "registrar"),
        };
        assert_eq!(refuse(&good, *ground), expected, "{ground}");
    }
    let stale = world.sign(world.act("open", "north/spare", &world.open_body(), &But::default()));
    assert_eq!(refuse(&stale, RefusalGround::Key), []);
}

#[test]
fn keys_that_contradict_themselves() {
    let world = World::usual();
    let act = |signer: &str, to: &str, n: u64| {
        let body = json!({ "procedure": "notice", "fields": { "to": to } });
        world.act("open", signer, &body, &But { n: Some(n), ..But::default() })
    };
    let sent = |signer: &str, to: &str, n: u64| world.sign(act(signer, to, n)).to_bytes();
    // Beside an entry, and beside each other.
    let kinds = found(&world, &[], |c| c.act(&sent("north/liaison-1", "lake", 2), "mail"));
    assert_eq!(kinds, one(Kind::AuthorFork, "author north/liaison-1"));
    let kinds = found(&world, &[], |c| {
        c.act(&sent("south/liaison-1", "lake", 9), "mail");
        c.act(&sent("south/liaison-1", "north", 9), "mail");
    });
    assert_eq!(kinds, one(Kind::AuthorFork, "author south/liaison-1"));

    let stamped = |to: &str, minutes: u64, previous: Hash| {
        let act = act("north/liaison-1", to, 9);
        let (intake, line) = world.stamp(&act, minutes, previous, "harbour/intake");
        (intake, world.sign_stamped(act, vec![line]).to_bytes())
    };
    let (first, a) = stamped("south", 100, Hash::ZERO);
    let (_, fork) = stamped("south", 101, Hash::ZERO);
    let (_, back) = stamped("south", 99, first.hash());
    for (b, kind) in [(fork, Kind::IntakeFork), (back, Kind::IntakeBackwards)] {
        let kinds = found(&world, &[], |c| {
            c.act(&a, "mail");
            c.act(&b, "mail");
        });
        assert_eq!(kinds, one(kind, "intake harbour/intake"));
    }

    let state = |text: &str| {
        let root = world.checkpoint(16).root;
        let state = Hash::of(text.as_bytes());
        let body = StateBody { rules: 1, size: 16, root, as_of: t(160), lines: 9, state };
        let note = StateNote { origin: origin(), genesis: world.hash(), body };
        note.sign(&key("harbour/node-1"), &signer("harbour/node-1")).expect("a note").to_bytes()
    };
    let kinds = found(&world, &[], |c| {
        for text in ["one", "one", "another"] {
            c.state_note(&state(text), "a note");
        }
    });
    assert_eq!(kinds, one(Kind::FalseStateNote, "node harbour/node-1"));
}

#[test]
fn witnesses_that_contradict_themselves() {
    let world = World::usual();
    let registrar = VerifierKey::plain(key_name("registrar"), key("registrar").public());
    let body = FreezeBody { registrar: Vkey(registrar), size: 14, root: world.checkpoint(14).root };
    let freeze = FreezeNote { origin: origin(), genesis: world.hash(), body };
    let freeze = freeze.sign(&key("witness 1"), &witness_name(1)).expect("a note").to_bytes();
    let kinds = found(&world, &[], |collector| collector.freeze(&freeze, "a freeze"));
    assert_eq!(kinds, one(Kind::FreezeBroken, "witness w1"));
    // The mark over 14 entries is cosigned at 140 min.
    let backwards = cosigned(&world.checkpoint(12), &[(3, t(151)), (4, t(150))]);
    let kinds = found(&world, &[], |collector| collector.checkpoint(&backwards, "another"));
    assert_eq!(kinds, one(Kind::WitnessBackwards, "witness w3"));
}

#[test]
fn lateness_convicts_nobody() {
    let world = World::usual();
    let register = world.register("policy instrument");
    let is_late = |minutes: u64, size: u64| {
        let receipt = world.receipt(Receipt { index: 15, time: t(150), submission: Hash::of(b"x") });
        let checkpoint = world.cosigned(size, &[minutes; 4]);
        late(&register, &world.expected(), &receipt, &checkpoint).expect("all is signed")
    };
    // One heartbeat.
    let found = is_late(211, 15).expect("it is late");
    assert_eq!((found.index, found.size, found.cosign_delay), (15, 15, Seconds::HOUR));
    assert_eq!(
        found.to_string(),
        "the entry 15 was registered at 2026-01-05T10:30:00Z; at 2026-01-05T11:31:00Z, 3660 s later, the \
         register was cosigned up to 15 entries and without it. That is a delay, and no contradiction: nobody \
         is convicted"
    );
    assert_eq!(is_late(210, 15), None);
    assert_eq!(is_late(500, 16), None);
}
