//! TIME's rules that no list of acts can show: what a lying registrar, a lying clock or a forked stamp
//! tries. The rest stands in `cases/`.

#![expect(clippy::panic, reason = "a case that can't be read stops its test")]

use act::body::{Body, Succeed};
use act::value::{AnnexRef, Vkey};
use docket::harness::world::{key, policy, vkey};
use docket::harness::{Hand, Setup, World, at, bodies, laws};
use docket::v1::event::What;
use docket::v1::replay::{Broken, Judged};
use docket::v1::succession::freezes_needed;
use note::Intake;
use terms::{ActId, Hash, Instant, RefusalGround, Seconds};

fn world() -> World {
    let mut world = World::found(&Setup::default().with_procedures(laws::EXERCISE));
    world.run_to(at("2025-11-01 08:00"));
    world
}

fn events(world: &World) -> Vec<String> {
    world.live.clone().take_events().iter().map(ToString::to_string).collect()
}

#[track_caller]
fn line(world: &World, path: &str) -> String {
    let state = world.live.state();
    let found = state.lines().iter().find(|line| line.split(' ').next() == Some(path));
    found.unwrap_or_else(|| panic!("no line {path}")).clone()
}

#[track_caller]
fn state_of(world: &World, matter: u64, strand: &str) -> String {
    line(world, &format!("matter/{matter}/strand/{strand}")).split(' ').nth(1).expect("a state").to_owned()
}

#[track_caller]
fn malformed(judged: &Judged, ground: RefusalGround, part: &str) {
    let as_said =
        matches!(judged, Judged::Malformed { ground: g, why } if *g == ground && why.contains(part));
    assert!(as_said, "{judged:?}");
}

#[test]
fn t02_t06_effective_time_lies_in_its_bracket_and_never_falls() {
    let mut world = world();
    for claimed in ["2020-01-01 00:00", "2030-01-01 00:00", "2025-11-01 08:10", "2025-11-01 08:05"] {
        let submission = {
            let draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["ford"]));
            world.sign(&draft, &Hand::default())
        };
        world.now = at("2025-11-01 08:30");
        world.register(&submission, at(claimed));
    }
    world.now = at("2025-11-01 09:00");
    world.mark();
    let opened: Vec<String> = events(&world)
        .into_iter()
        .filter(|event| event.contains(" opened "))
        .map(|event| event.split(' ').next().expect("a time").to_owned())
        .collect();
    assert_eq!(
        opened,
        ["2025-11-01T08:00:00Z", "2025-11-01T09:00:00Z", "2025-11-01T09:00:00Z", "2025-11-01T09:00:00Z"]
    );
}

#[test]
fn t04_a_seen_that_does_not_fit_serves_nobody_and_raises_an_alarm() {
    let mut world = world();
    let (opened, _) = world.act(&["north"], bodies::notice(&["ford"]));
    world.mark();
    let mut hand = world.seeing();
    if let Some(seen) = &mut hand.seen {
        seen.root = Hash::of(b"another register");
    }
    let (entry, act) = world.act_with(&["ford"], &hand, bodies::offer(vec![bodies::file("x", &["north"])]));
    // A size that is not there yet fits nothing either.
    let mut hand = world.seeing();
    if let Some(seen) = &mut hand.seen {
        seen.size += 50;
    }
    world.act_with(&["ford"], &hand, bodies::offer(vec![bodies::file("y", &["north"])]));
    world.settle();
    let said = events(&world);
    assert_eq!(said.iter().filter(|event| event.contains("seen-differs")).count(), 2, "{said:#?}");
    assert!(said.iter().any(|event| event.contains(&format!("{entry} seen-differs {act}"))));
    assert!(said.iter().any(|event| event.contains(&format!("offered {act}#f1"))), "the act stands");
    line(&world, &format!("matter/{opened}/strand/ford/clock/acknowledge/unserved/ford"));
    // One that fits does.
    let hand = world.seeing();
    world.act_with(&["ford"], &hand, bodies::offer(vec![bodies::file("z", &["north"])]));
    world.settle();
    line(&world, &format!("matter/{opened}/strand/ford/clock/acknowledge"));
}

#[test]
fn t05_what_no_mark_may_be() {
    let mut world = world();
    world.act(&["north"], bodies::notice(&["ford"]));
    world.mark();
    let (size, clocks) = (world.size(), world.clocks());
    malformed(&world.mark_of(size, &clocks[..2]).1, RefusalGround::Form, "too few");
    malformed(&world.mark_of(size - 2, &clocks).1, RefusalGround::Form, "between");
    let mut note = world.cosigned(world.size(), &clocks).to_string();
    note = note.replacen(&world.size().to_string(), &(world.size() + 9).to_string(), 1);
    let note = note::Note::parse(note.as_bytes(), 16).expect("a note");
    malformed(&world.mark_note(&note).1, RefusalGround::Form, "between");
    // Another past, which the registrar and all witnesses would have signed.
    let mut other = world.clone();
    other.roots.0[usize::try_from(size).expect("small")] = Hash::of(b"another past");
    let note = other.cosigned(size, &clocks);
    malformed(&world.mark_note(&note).1, RefusalGround::Form, "root");
    // A witness that the policy has not, or one twice.
    world.witnesses.push("stranger".to_owned());
    let with_stranger: Vec<(usize, Instant)> = world.clocks().into_iter().chain([(4, world.now)]).collect();
    malformed(&world.mark_of(size, &with_stranger).1, RefusalGround::Form, "policy has not");
    let twice: Vec<(usize, Instant)> = clocks.iter().copied().chain([(0, world.now)]).collect();
    malformed(&world.mark_of(size, &twice).1, RefusalGround::Form, "twice");
    // A signature that is not the witness's.
    let mut note = world.cosigned(size, &clocks);
    let mut lines = note.signatures().to_vec();
    lines[2].payload[20] ^= 1;
    note = note::Note::new(note.text().to_owned(), lines).expect("a note");
    let mut signed = world.clone();
    let bytes = {
        let (_, _) = signed.mark_note(&note);
        signed.entries.last().expect("an entry").clone()
    };
    let mut replay = world.live.clone();
    let judged = replay.enter(&bytes, &world.roots, &mut docket::v1::replay::Singly);
    malformed(&judged, RefusalGround::Signature, "does not hold");
    assert!(matches!(world.mark_of(size, &clocks).1, Judged::Mark { .. }));
}

#[test]
fn t05_one_lying_clock_of_three_carries_time_nowhere_and_it_never_falls() {
    let mut world = world();
    let now = at("2025-11-01 10:00");
    world.now = now;
    let far = at("2035-01-01 00:00");
    let size = world.size();
    let judged = world.mark_of(size, &[(0, far), (1, now), (2, now)]).1;
    assert!(matches!(judged, Judged::Mark { witness_time, .. } if witness_time == now), "{judged:?}");
    let size = world.size();
    let judged = world.mark_of(size, &[(0, Instant::EPOCH), (1, now), (2, now.plus(Seconds(5)))]).1;
    assert!(matches!(judged, Judged::Mark { witness_time, .. } if witness_time == now), "{judged:?}");
    // A quorum whose clocks all stand before the last mark: time stays.
    let before = now.minus(Seconds::HOUR);
    let size = world.size();
    let judged = world.mark_of(size, &[(1, before), (2, before), (3, before)]).1;
    assert!(matches!(judged, Judged::Mark { witness_time, .. } if witness_time == now), "{judged:?}");
    // Lower median: of four, the second.
    let size = world.size();
    let judged = world.mark_of(size, &[(0, far), (1, now), (2, now), (3, far)]).1;
    assert!(matches!(judged, Judged::Mark { witness_time, .. } if witness_time == now), "{judged:?}");
}

#[test]
fn t07_marks_saved_up_and_entered_at_once_hide_no_silence() {
    let mut world = World::found(&Setup {
        calendar: "zone = \"+00:00\"\ncarriage = \"0h\"\nbasis = \"reconstruction\"\n".to_owned(),
        ..Setup::default()
    });
    world.run_to(at("2025-11-01 08:00"));
    let (opened, _) = world.act(&["north"], bodies::notice(&["ford"]));
    world.mark();
    let hand = world.seeing();
    world.act_with(&["ford"], &hand, bodies::offer(vec![bodies::file("x", &["north"])]));
    world.settle();
    let due = line(&world, &format!("matter/{opened}/strand/ford/clock/acknowledge"));
    assert!(due.contains("due 2025-11-02T08:00:00Z"), "{due}");
    // The registrar has a checkpoint of this size cosigned each hour, and enters none of them.
    let size = world.size();
    let notes: Vec<_> = (9..=40)
        .map(|hour| {
            world.now = at("2025-11-01 00:00").plus(Seconds::hours(hour));
            world.cosigned(size, &world.clocks())
        })
        .collect();
    for note in &notes {
        assert!(matches!(world.mark_note(note).1, Judged::Mark { .. }));
    }
    // Only the first of them shows that the mark before it stood; no clock has run on the others.
    assert_eq!(line(&world, "time/register"), "time/register 2025-11-01T09:00:00Z");
    assert_eq!(state_of(&world, opened, "ford"), "sent");
    world.mark();
    assert!(line(&world, "time/dead/1").starts_with("time/dead/1 2025-11-01T12:00:00Z 2025-11-02T16:00:00Z"));
    assert_eq!(state_of(&world, opened, "ford"), "sent", "what was silence is dead time");
}

#[test]
fn t10_ties_go_by_opening_then_strand() {
    let mut world = world();
    let first = world.act(&["north"], bodies::notice(&["ford", "harbour"])).1;
    let second = world.act(&["south"], bodies::notice(&["ford"])).1;
    world.run_to(at("2025-11-17 12:00"));
    let ran_out: Vec<String> = events(&world)
        .into_iter()
        .filter(|event| event.contains(" ran-out "))
        .map(|event| event.split(' ').skip(3).take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(ran_out, [format!("{first} ford"), format!("{first} harbour"), format!("{second} ford")]);
}

/// A notice that ford was served, past due, and an acknowledgement that waits for a stamp.
fn late_acknowledgement() -> (World, ActId) {
    let mut world = world();
    let (_, notice) = world.act(&["north"], bodies::notice(&["ford"]));
    world.run_to(at("2025-11-01 09:00"));
    let hand = world.seeing();
    world.act_with(&["ford"], &hand, bodies::offer(vec![bodies::file("x", &["north"])]));
    world.run_to(at("2025-11-04 08:00"));
    let (_, late) = world.act(&["ford"], bodies::step(notice, &[], "acknowledge", None));
    world.settle();
    (world, late)
}

fn label_is_open(world: &World) -> bool {
    world.live.state().lines().iter().any(|line| line.contains("/late/"))
}

fn stamp(world: &mut World, who: &str, intake: Intake) {
    let key = docket::harness::signer(&format!("{who}/intake"));
    world.act(&[who], bodies::intake(&intake, &key));
    world.settle();
}

#[test]
fn t14_of_two_stamps_on_one_previous_the_second_has_no_effect() {
    let (mut world, late) = late_acknowledgement();
    let early = at("2025-11-01 12:00");
    let other = Intake { act: ActId(Hash::of(b"other")), time: at("2025-11-03 00:00"), previous: Hash::ZERO };
    stamp(&mut world, "harbour", other);
    assert!(label_is_open(&world));
    // The same key had said on 3 November that this was its first stamp: this one is slipped in.
    let forked = Intake { act: late, time: early, previous: Hash::ZERO };
    stamp(&mut world, "harbour", forked);
    assert!(label_is_open(&world));
    // Nor can it follow that one and be earlier.
    let backwards = Intake { act: late, time: early, previous: other.hash() };
    stamp(&mut world, "harbour", backwards);
    assert!(label_is_open(&world));
    let void = events(&world).iter().filter(|event| event.contains("void no-power")).count();
    assert_eq!(void, 2);
    let broken: Vec<Broken> = world.live.false_stamps().iter().map(|stamp| stamp.broken).collect();
    assert_eq!(broken, [Broken::Forked, Broken::Backwards]);
    // The chain's next, at its own time, is good; and too late to help.
    let good = Intake { act: late, time: at("2025-11-04 00:00"), previous: other.hash() };
    stamp(&mut world, "harbour", good);
    assert!(label_is_open(&world));
}

#[test]
fn t14_a_stamp_counts_before_its_act_and_after_it_but_none_of_ones_own() {
    let (mut world, late) = late_acknowledgement();
    let time = at("2025-11-01 12:00");
    stamp(&mut world, "ford", Intake { act: late, time, previous: Hash::ZERO });
    assert!(label_is_open(&world), "its own");
    stamp(&mut world, "harbour", Intake { act: late, time, previous: Hash::ZERO });
    assert!(!label_is_open(&world));

    // Before: the act is written, stamped, and comes later than its stamp.
    let mut world = self::world();
    let (_, notice) = world.act(&["north"], bodies::notice(&["ford"]));
    world.run_to(at("2025-11-01 09:00"));
    let hand = world.seeing();
    world.act_with(&["ford"], &hand, bodies::offer(vec![bodies::file("x", &["north"])]));
    world.run_to(at("2025-11-01 12:00"));
    let draft = world.draft(&["ford"], &Hand::default(), bodies::step(notice, &[], "acknowledge", None));
    let submission = world.sign(&draft, &Hand::default());
    let (time, act) = (world.now, submission.act().id());
    stamp(&mut world, "harbour", Intake { act, time, previous: Hash::ZERO });
    world.run_to(at("2025-11-06 12:00"));
    let now = world.now;
    world.register(&submission, now);
    world.settle();
    assert!(!events(&world).iter().any(|event| event.contains("late-so-far")));
}

#[test]
fn t17_a_strand_that_stands_on_two_disowned_acts_goes_back_over_both() {
    let mut world = world();
    let (opened, request) = world.act(&["north"], {
        let asked = bodies::value("south", true);
        bodies::open("request", [(docket::harness::code("asked"), asked)].into())
    });
    world.run_to(at("2025-11-01 09:00"));
    world.act(&["south"], bodies::step(request, &[], "answer", Some("answer")));
    world.run_to(at("2025-11-01 10:00"));
    world.act(&["north"], bodies::step(request, &[], "assess", Some("answers")));
    world.run_to(at("2025-11-01 11:00"));
    assert_eq!(state_of(&world, opened, "south"), "satisfied");
    // North takes its assessment back, and with it its question: that stays, marked.
    world.act(&["north/root-1", "north/root-2"], bodies::disown("desk", 1));
    world.run_to(at("2025-11-01 12:00"));
    assert_eq!(state_of(&world, opened, "south"), "answered");
    assert!(line(&world, &format!("matter/{opened}")).ends_with(" disowned"));
    assert!(line(&world, &format!("matter/{opened}/strand/south")).ends_with(" flagged"));
    // South takes its answer back: now the strand is at its beginning.
    world.act(&["south/root-1", "south/root-2"], bodies::disown("desk", 1));
    world.run_to(at("2025-11-01 13:00"));
    assert_eq!(state_of(&world, opened, "south"), "put");
    // And both by one: an answer, its assessment by another of one's own, disowned together.
    let reopened = events(&world).iter().filter(|event| event.contains(" reopened ")).count();
    assert_eq!(reopened, 2);
}

#[test]
fn t17_what_was_revoked_may_still_be_taken_back() {
    let mut world = world();
    let (opened, notice) = world.act(&["north"], bodies::notice(&["ford"]));
    world.act(&["ford"], bodies::step(notice, &[], "acknowledge", None));
    world.settle();
    world.act(&["ford/root-1", "ford/root-2"], bodies::revoke("desk"));
    world.settle();
    assert_eq!(state_of(&world, opened, "ford"), "acknowledged", "revoking is not retroactive");
    world.act(&["ford/root-1", "ford/root-2"], bodies::disown("desk", 1));
    world.settle();
    assert_eq!(state_of(&world, opened, "ford"), "sent");
}

// Succession.

struct Plan {
    freezes: Vec<(usize, u64)>,
    size: u64,
    registrar: &'static str,
    policy: Option<AnnexRef>,
}

impl Plan {
    fn good(world: &World) -> Plan {
        let size = world.size();
        Plan {
            freezes: vec![(0, size - 1), (1, size), (3, size)],
            size,
            registrar: "successor",
            policy: None,
        }
    }

    fn body(&self, world: &World) -> Body {
        let registrar =
            note::VerifierKey::plain(vkey("registrar", "").name().clone(), key(self.registrar).public());
        let mut freezes: Vec<act::value::NoteText> = self
            .freezes
            .iter()
            .map(|(place, size)| {
                let root = world.seen_at(*size).root;
                let old = vkey("registrar", "");
                bodies::freeze_note(&world.origin, world.genesis, &old, *size, root, &world.witnesses[*place])
            })
            .collect();
        // That they stand in order, each once, and the base is the largest, the form of the act says.
        freezes.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        Body::Succeed(Succeed {
            freezes,
            size: self.size,
            root: world.seen_at(self.size).root,
            registrar: Vkey(registrar),
            policy: self.policy,
            set_aside: Vec::new(),
        })
    }
}

fn silent_world() -> World {
    let mut world = world();
    world.act(&["north"], bodies::notice(&["ford"]));
    world.mark();
    world.now = at("2025-11-03 08:00");
    world
}

fn enter(world: &mut World, who: &str, body: Body, registrar: &str) -> Judged {
    world.registrar = registrar.to_owned();
    let draft = world.draft(&[who], &Hand::default(), body);
    let submission = world.sign(&draft, &Hand::default());
    let now = world.now;
    world.register(&submission, now).1
}

#[test]
fn t20_a_succession_begins_where_the_witnesses_froze() {
    let mut world = silent_world();
    assert_eq!(freezes_needed(world.live.ledger().policy()), 3);
    let body = Plan::good(&world).body(&world);
    assert!(matches!(enter(&mut world, "harbour", body.clone(), "successor"), Judged::Act(_)));
    assert!(line(&world, "succession").ends_with(" by harbour"));
    // Between the two, the old registrar can enter nothing, nor the new one anything else.
    let other = bodies::notice(&["ford"]);
    malformed(&enter(&mut world, "north", other.clone(), "registrar"), RefusalGround::Key, "");
    malformed(&enter(&mut world, "north", other.clone(), "successor"), RefusalGround::Key, "");
    assert!(matches!(enter(&mut world, "ford", body, "successor"), Judged::Act(_)));
    world.new_registrar("successor");
    malformed(&enter(&mut world, "north", other.clone(), "registrar"), RefusalGround::Key, "");
    assert!(matches!(enter(&mut world, "north", other, "successor"), Judged::Act(_)));
    world.mark();
    world.mark();
    assert!(events(&world).iter().any(|event| event.ends_with(" succeeded")));
    assert!(line(&world, "registrar").contains("river-accord/registrar+"));
    let again = world.replay(u64::MAX, None).expect("it replays");
    assert_eq!(again.state().lines(), world.live.state().lines());
}

#[test]
fn t20_what_begins_no_succession() {
    let world = silent_world();
    let size = world.size();
    let bad: [(&str, &str, Plan); 5] = [
        ("too few freezes", "harbour", Plan { freezes: vec![(0, size), (1, size)], ..Plan::good(&world) }),
        (
            "not in hand",
            "harbour",
            Plan {
                freezes: vec![(0, size - 1), (1, size - 1), (2, size - 1)],
                size: size - 1,
                ..Plan::good(&world)
            },
        ),
        ("a key of somebody else", "harbour", Plan { registrar: "north/desk", ..Plan::good(&world) }),
        ("a witness's key", "harbour", Plan { registrar: "w1", ..Plan::good(&world) }),
        ("by a party", "north", Plan::good(&world)),
    ];
    for (why, who, plan) in bad {
        let mut world = world.clone();
        let body = plan.body(&world);
        let before = world.live.state().lines().len();
        let judged = enter(&mut world, who, body, plan.registrar);
        let refused = matches!(judged, Judged::Malformed { ground: RefusalGround::Key, .. });
        assert!(refused, "{why}: {judged:?}");
        assert_eq!(world.live.state().lines().len(), before, "{why}");
        assert!(world.live.ledger().succession().is_none(), "{why}");
    }
    // Another past, which the witnesses froze and nobody holds.
    let mut elsewhere = world.clone();
    *elsewhere.roots.0.last_mut().expect("a root") = Hash::of(b"another past");
    let body = Plan::good(&world).body(&elsewhere);
    malformed(&enter(&mut world.clone(), "harbour", body, "successor"), RefusalGround::Key, "");
    // While the register speaks.
    let mut speaking = world.clone();
    speaking.now = at("2025-11-01 10:00");
    let body = Plan::good(&speaking).body(&speaking);
    malformed(&enter(&mut speaking, "harbour", body, "successor"), RefusalGround::Key, "");
    // Two different plans do not mix.
    let mut mixed = world.clone();
    let body = Plan::good(&mixed).body(&mixed);
    assert!(matches!(enter(&mut mixed, "harbour", body, "successor"), Judged::Act(_)));
    let mut other = Plan::good(&world);
    other.registrar = "pretender";
    let body = other.body(&world);
    malformed(&enter(&mut mixed, "ford", body, "pretender"), RefusalGround::Key, "");
}

#[test]
fn t20_t21_the_policy_may_change_in_the_same_act() {
    let mut world = silent_world();
    let witnesses: Vec<String> = ["w1", "w2", "w5", "w6"].map(str::to_owned).to_vec();
    let text = policy("successor", &witnesses, 3).to_string();
    let annex = AnnexRef { sha256: Hash::of(text.as_bytes()), size: text.len() as u64 };
    let plan = Plan { policy: Some(annex), ..Plan::good(&world) };
    let body = plan.body(&world);
    // Without the annex nothing can be said, and nobody is to blame.
    let mut without = world.clone();
    assert_eq!(enter(&mut without, "harbour", body.clone(), "successor"), Judged::Beyond);
    assert_eq!(without.live.missing_annex(), Some(&annex.sha256));
    // With it, the new witnesses count from the index after the last act.
    world.annexes.insert(annex.sha256, text.into_bytes());
    world.live = world.replay(u64::MAX, None).expect("it replays");
    for who in ["harbour", "ford"] {
        assert!(matches!(enter(&mut world, who, body.clone(), "successor"), Judged::Act(_)));
    }
    world.new_registrar("successor");
    let size = world.size();
    let clocks = world.clocks();
    malformed(&world.mark_of(size, &clocks).1, RefusalGround::Form, "");
    world.witnesses = witnesses;
    let size = world.size();
    let clocks = world.clocks();
    assert!(matches!(world.mark_of(size, &clocks).1, Judged::Mark { .. }));
}

#[test]
fn t20_what_ran_out_meanwhile_is_set_aside_by_list() {
    // The notice runs out at 09:00 of the 16th: in the silence, or while the register still spoke.
    for (last_mark, comes_to) in [("2025-11-16 08:30", "sent"), ("2025-11-16 12:30", "not-acknowledged")] {
        let mut world = world();
        let (opened, notice) = world.act(&["north"], bodies::notice(&["ford"]));
        world.run_to(at(last_mark));
        assert_eq!(state_of(&world, opened, "ford"), comes_to);
        world.now = at("2025-11-20 08:00");
        let mut body = Plan::good(&world).body(&world);
        if let Body::Succeed(succeed) = &mut body {
            let Body::SetAside(back) = bodies::set_aside(notice, &[], "sent") else { unreachable!() };
            succeed.set_aside.push(back);
        }
        for who in ["ford", "harbour"] {
            assert!(matches!(enter(&mut world, who, body.clone(), "successor"), Judged::Act(_)));
        }
        world.new_registrar("successor");
        world.mark();
        world.mark();
        assert_eq!(state_of(&world, opened, "ford"), comes_to, "{last_mark}");
        let went_back =
            world.live.clone().take_events().iter().any(|event| matches!(event.what, What::SetAside(..)));
        assert_eq!(went_back, comes_to == "sent", "{last_mark}");
    }
}

#[test]
fn t22_under_a_living_registrar_nothing_succeeds_it() {
    let mut world = silent_world();
    let mut plan = Plan::good(&world);
    plan.registrar = "successor";
    let body = plan.body(&world);
    let registrar = world.registrar.clone();
    assert!(matches!(enter(&mut world, "harbour", body, &registrar), Judged::Act(_)));
    world.settle();
    let last = events(&world);
    assert!(last.iter().any(|event| event.ends_with("void wrong-state")), "{last:#?}");
    let kinds = world.live.clone().take_events();
    assert!(!kinds.iter().any(|event| event.what == What::Succeeded));
}

#[test]
fn freezes_stand_on_the_record() {
    let mut world = world();
    let (size, root) = (world.size(), world.seen_at(world.size()).root);
    let old = vkey("registrar", "");
    let note = bodies::freeze_note(&world.origin, world.genesis, &old, size, root, "w2");
    world.act(&["ford"], bodies::freeze(note));
    let note = bodies::freeze_note(&world.origin, world.genesis, &old, size, root, "stranger");
    world.act(&["ford"], bodies::freeze(note));
    world.settle();
    assert_eq!(line(&world, "frozen/w2"), "frozen/w2 frozen");
    assert!(events(&world).iter().any(|event| event.ends_with("void form")));
}

#[test]
fn t20_a_freeze_stands_when_a_succession_comes_before_it_settles() {
    let mut world = silent_world();
    let old = vkey("registrar", "");
    let (size, root) = (world.size(), world.seen_at(world.size()).root);
    let note = bodies::freeze_note(&world.origin, world.genesis, &old, size, root, "w3");
    let (good, _) = world.act(&["ford"], bodies::freeze(note));
    let body = Plan::good(&world).body(&world);
    for who in ["harbour", "ford"] {
        assert!(matches!(enter(&mut world, who, body.clone(), "successor"), Judged::Act(_)));
    }
    world.new_registrar("successor");
    // Of the key that is over it is none any more.
    let note = bodies::freeze_note(&world.origin, world.genesis, &old, size, root, "w4");
    let (late, _) = world.act(&["ford"], bodies::freeze(note));
    world.settle();
    let said: Vec<(u64, What)> =
        world.live.clone().take_events().into_iter().filter_map(|e| Some((e.entry?, e.what))).collect();
    assert!(said.contains(&(good, What::Frozen("w3".to_owned()))), "{said:?}");
    assert!(said.contains(&(late, What::Void(docket::v1::VoidReason::Form))), "{said:?}");
}
