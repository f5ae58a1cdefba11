//! A register as of a time (TIME T9): all of it is checked, whatever the time, and the state is what it had
//! come to before the first final mark past it.

use act::body::{Body, Succeed};
use act::state::StateBody;
use act::value::{AnnexRef, NoteText, Vkey};
use audit::contradiction::gather;
use audit::{Checked, Expected, Inline, Own, Source, Standing, Verdict, verify_folder};
use docket::harness::folder::{Files, add_note};
use docket::harness::world::{key, policy, receipted, vkey};
use docket::harness::{Hand, Setup, World, at, bodies};
use docket::v1::replay::Judged;
use note::VerifierKey;
use terms::{Hash, Instant};

struct Held(Files);

impl Source for Held {
    fn list(&self) -> Result<Vec<String>, String> {
        Ok(self.0.keys().cloned().collect())
    }

    fn read(&self, path: &str, _: u64) -> Result<Option<Vec<u8>>, String> {
        Ok(self.0.get(path).cloned())
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        let bytes = self.0.get(path).ok_or("it is not there")?;
        Ok((Hash::of(bytes), bytes.len() as u64))
    }

    fn check_own(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn own(&self, _: &str) -> Result<Own, String> {
        Ok(Own::Checked)
    }
}

fn check(files: Files, as_of: Option<Instant>) -> Checked {
    verify_folder(&Held(files), &Expected::Any, as_of, &mut Inline::default(), &mut |_, _| {})
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.report.wrongs.iter().map(|wrong| wrong.code).collect()
}

/// Each of its acts settles an hour after the one before, the first at nine.
fn world(acts: usize) -> World {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    for _ in 0..acts {
        world.act(&["north"], bodies::notice(&["ford"]));
        world.run_to(world.now.plus(terms::Seconds::HOUR));
    }
    world
}

/// What the first entries come to, as of a time that no mark in them is past.
fn state_of(world: &World, upto: u64, as_of: Instant) -> StateBody {
    let replay = world.replay(upto, None).expect("it replays");
    assert!(replay.timeline().last().is_none_or(|last| last <= as_of));
    replay.state_body(Some(as_of))
}

/// The index of the first mark past a time.
fn closing(world: &World, as_of: Instant) -> u64 {
    world.live.timeline().first_past(as_of).expect("a mark past it")
}

fn cut(world: &World, upto: u64) -> World {
    let mut shorter = world.clone();
    shorter.entries.truncate(usize::try_from(upto).expect("few"));
    shorter
}

#[test]
fn what_is_wrong_is_found_whenever_it_happened() {
    let mut world = world(2);
    let as_of = world.now;
    let honest = check(world.folder(), Some(as_of)).report;
    assert_eq!(honest.verdict(), Verdict::Good);
    world.now = at("2025-11-01 12:00");
    world.settle();
    let draft = world.draft(&["north/nobody"], &Hand::default(), bodies::notice(&["ford"]));
    let bad = world.sign(&draft, &Hand::default());
    let index = world.size();
    world.enter(receipted(&bad, index, world.now, &world.genesis, "registrar", true));
    world.settle();
    // And one whose signature does not hold, which a batch finds.
    let draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["ford"]));
    let good = world.sign(&draft, &Hand::default());
    let mut lines = good.signatures().to_vec();
    lines[0].payload[5] ^= 1;
    let bad = act::Submission::new(good.act().clone(), lines, Vec::new(), Vec::new()).expect("its form");
    world.enter(receipted(&bad, world.size(), world.now, &world.genesis, "registrar", true));
    world.settle();

    let checked = check(world.folder(), Some(as_of));
    assert_eq!(codes(&checked), ["audit::malformed_key", "audit::malformed_signature"]);
    assert_eq!(checked.report.wrongs[0].entry, Some(index));
    assert_eq!(checked.report.counts.malformed, 2);
    assert_eq!(checked.report.counts.entries, world.size());
    assert_eq!(checked.report.state, Some(state_of(&world, closing(&world, as_of), as_of)));
    // Whoever looks for contradictions finds what they find without a time.
    let held = Held(world.folder());
    let found = gather(&held, &checked, &[], &mut Inline::default()).expect("a register");
    let without = gather(&held, &check(world.folder(), None), &[], &mut Inline::default());
    assert_eq!((found.len(), Ok(found)), (1, without));
}

#[test]
fn a_registrar_that_was_succeeded_since() {
    let mut world = world(1);
    let as_of = world.now;
    world.now = at("2025-11-03 08:00");
    succeed(&mut world, None);
    world.act(&["south"], bodies::notice(&["ford"]));
    world.settle();
    let good = check(world.folder(), None);
    assert_eq!((codes(&good), good.report.verdict()), (vec![], Verdict::Good));
    assert!(world.live.ledger().registrar().raw() != vkey("registrar", "").raw());
    // The checkpoint is the successor's, whom the register did not know at that time.
    let checked = check(world.folder(), Some(as_of));
    assert_eq!((codes(&checked), checked.report.verdict()), (vec![], Verdict::Good));
    assert_eq!(checked.report.cosigners.len(), 4);
    assert_eq!(checked.checkpoint.map(|cosigned| cosigned.checkpoint().size), Some(world.size()));
    let state = checked.report.state.expect("a state");
    assert_eq!(state, state_of(&world, closing(&world, as_of), as_of));
    assert_ne!(Some(state.state), good.report.state.map(|state| state.state));
    // A checkpoint by the one that was succeeded is wrong at any time.
    let mut old = world.clone();
    old.registrar = "registrar".to_owned();
    assert_eq!(codes(&check(old.folder(), Some(as_of))), ["audit::checkpoint"]);
}

/// Whose keys have force a missing annex says: nobody is to blame, and nothing by the successor is a wrong.
#[test]
fn a_succession_whose_policy_is_not_at_hand_is_undecided() {
    let mut world = world(1);
    let as_of = world.now;
    world.now = at("2025-11-03 08:00");
    let witnesses: Vec<String> = ["w1", "w2", "w5", "w6"].map(str::to_owned).to_vec();
    let text = policy("successor", &witnesses, 3).to_string();
    let annex = AnnexRef { sha256: Hash::of(text.as_bytes()), size: text.len() as u64 };
    world.annexes.insert(annex.sha256, text.into_bytes());
    world.live = world.replay(u64::MAX, None).expect("it replays");
    succeed(&mut world, Some(annex));
    world.witnesses = witnesses;
    world.settle();
    let with_note = |world: &World| {
        let mut files = world.folder();
        add_note(&mut files, world.cosigned(world.size() - 1, &world.clocks()).to_string().as_bytes());
        files
    };
    for as_of in [None, Some(as_of)] {
        let checked = check(with_note(&world), as_of);
        assert_eq!((codes(&checked), checked.report.verdict()), (vec![], Verdict::Good));
        let mut without = world.clone();
        without.annexes.remove(&annex.sha256);
        let checked = check(with_note(&without), as_of);
        assert_eq!((codes(&checked), checked.report.verdict()), (vec![], Verdict::Undecided));
        assert!(
            checked.report.undecided[0].contains(&annex.sha256.to_hex()),
            "{:?}",
            checked.report.undecided
        );
    }
}

/// Both guarantors and the witnesses put another registrar in place.
fn succeed(world: &mut World, policy: Option<AnnexRef>) {
    let seen = world.seen_at(world.size());
    let old = vkey("registrar", "");
    let freeze = |place: usize| {
        let name = &world.witnesses[place];
        bodies::freeze_note(&world.origin, world.genesis, &old, seen.size, seen.root, name)
    };
    let mut freezes: Vec<NoteText> = [0, 1, 3].map(freeze).to_vec();
    freezes.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    let registrar = Vkey(VerifierKey::plain(old.name().clone(), key("successor").public()));
    let body =
        Succeed { freezes, size: seen.size, root: seen.root, registrar, policy, set_aside: Vec::new() };
    world.registrar = "successor".to_owned();
    for who in ["harbour", "ford"] {
        let draft = world.draft(&[who], &Hand::default(), Body::Succeed(body.clone()));
        let submission = world.sign(&draft, &Hand::default());
        let now = world.now;
        let judged = world.register(&submission, now).1;
        assert!(matches!(judged, Judged::Act(_)), "{judged:?}");
    }
    world.new_registrar("successor");
}

/// The first mark past the time is left out and all after it, and nothing before it: what stood in the
/// register by then was read, though it had yet to settle.
#[test]
fn the_state_is_what_stood_before_the_first_mark_past_the_time() {
    let world = world(6);
    let between = |text| (at(text), closing(&world, at(text)));
    for (as_of, closing) in [between("2025-11-01 10:30"), between("2025-11-01 11:00")] {
        let report = check(world.folder(), Some(as_of)).report;
        assert_eq!(report.verdict(), Verdict::Good);
        let expected = state_of(&world, closing, as_of);
        assert_eq!(report.state, Some(expected));
        assert_eq!((expected.size, expected.as_of), (closing, as_of));
        assert_eq!(report.standing, Some(Standing { closed: true, silent: false }));
        let replay = world.replay(u64::MAX, Some(as_of)).expect("it replays");
        assert!(replay.is_closed());
        assert_eq!(report.state, Some(replay.state_body(Some(as_of))));
        let settled = replay.settlement().settled();
        assert_eq!((report.counts.settled, report.counts.pending), (settled, 1));
        // All is counted that was checked.
        assert_eq!(report.counts.entries, world.size());
        assert_eq!(report.counts.marks, world.live.timeline().count());
        // Closed, it never changes: however much longer the register is, and even by the entries alone
        // that the closing mark comes after.
        for upto in closing..world.size() {
            let report = check(cut(&world, upto).folder(), Some(as_of)).report;
            assert_eq!((report.verdict(), report.state), (Verdict::Good, Some(expected)), "of {upto}");
        }
        // One that ends before is so far only: its last entries have yet to come.
        let shorter = check(cut(&world, closing - 1).folder(), Some(as_of)).report;
        assert_eq!(shorter.state, Some(state_of(&world, closing - 1, as_of)));
        assert_ne!(shorter.state, Some(expected));
        assert_eq!(shorter.standing.map(|standing| standing.closed), Some(false));
    }
    // Before the first mark, and after the last.
    let early = at("2025-10-01 08:00");
    let report = check(world.folder(), Some(early)).report;
    assert_eq!(report.state, Some(state_of(&world, closing(&world, early), early)));
    let late = at("2026-01-01 08:00");
    let report = check(world.folder(), Some(late)).report;
    assert_eq!(report.state, Some(state_of(&world, world.size(), late)));
    let now = check(world.folder(), None).report;
    assert_eq!(report.state.map(|state| state.state), now.state.map(|state| state.state));
    assert_eq!(report.counts, now.counts);
}

/// A mark that no quorum shows closes nothing: what is not final was not read.
#[test]
fn a_mark_that_is_not_final_closes_nothing() {
    let mut world = world(2);
    let as_of = world.now;
    world.act(&["south"], bodies::notice(&["ford"]));
    world.now = at("2025-11-01 11:00");
    let (covered, clocks) = (world.size() - 1, world.clocks());
    world.mark_of(covered, &clocks);
    let mut files = world.folder();
    let stored = world.cosigned(covered, &clocks).to_string().into_bytes();
    files.insert("register/checkpoint".to_owned(), stored);
    let report = check(files, Some(as_of)).report;
    assert_eq!((report.verdict(), report.wrongs), (Verdict::Good, vec![]));
    assert_eq!(report.state, Some(state_of(&world, covered, as_of)));
    assert_eq!(report.standing.map(|standing| standing.closed), Some(false));
    assert_eq!(report.counts.pending, world.live.pending().count() as u64 + 1);
    // With the checkpoint of all, it does.
    let report = check(world.folder(), Some(as_of)).report;
    assert_eq!(report.state, Some(state_of(&world, covered + 1, as_of)));
    assert_eq!(report.standing.map(|standing| standing.closed), Some(true));
}
