//! The promises of DESIGN §3 that the docket keeps, by number. What is not here, others keep: 6 and 7
//! the vault, 10 the files of evidence.

use act::body::{Body, DestroyGround};
use act::value::Fields;
use docket::harness::world::{enrolment, recovery, seat};
use docket::harness::{Hand, Setup, World, at, bodies, code, laws};
use docket::v1::event::What;
use docket::v1::replay::{Judged, Singly};
use docket::v1::{Event, VoidReason};
use terms::{Capacity, Item};

fn world() -> World {
    let mut world = World::found(&Setup::default().with_procedures(laws::EXERCISE));
    world.run_to(at("2025-11-01 08:00"));
    world
}

fn events(world: &World) -> Vec<Event> {
    world.live.clone().take_events()
}

#[track_caller]
fn has_line(world: &World, line: &str) {
    let state = world.live.state();
    assert!(state.lines().iter().any(|known| known == line), "no line `{line}` in {:#?}", state.lines());
}

#[test]
fn promise_01_each_act_is_signed_by_a_key_whose_office_is_on_record() {
    let mut world = world();
    has_line(&world, "key/north/desk/office Liaison office");
    let draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["ford"]));
    let mut submission = world.sign(&draft, &Hand::default());
    // Another's signature under north's name is no act of north's.
    let other = world.draft(&["south"], &Hand::default(), bodies::notice(&["ford"]));
    let other = world.sign(&other, &Hand::default());
    let mut line = submission.signatures()[0].clone();
    line.payload.clone_from(&other.signatures()[0].payload);
    submission = act::Submission::new(submission.act().clone(), vec![line], vec![], vec![]).expect("lines");
    assert!(world.refusal(&submission).is_some());
}

#[test]
fn promise_02_a_final_entry_that_is_altered_dropped_or_moved_is_found_by_the_next_mark() {
    let mut world = world();
    world.act(&["north"], bodies::notice(&["ford"]));
    world.act(&["south"], bodies::notice(&["harbour"]));
    world.settle();
    let at = world.entries.len() - 4;
    type Tamper = fn(&mut Vec<Vec<u8>>, usize);
    let tampered: [Tamper; 3] = [
        |entries, at| entries[at][40] ^= 1,
        |entries, at| {
            entries.remove(at);
        },
        |entries, at| entries.swap(at, at + 1),
    ];
    for tamper in tampered {
        let mut entries = world.entries.clone();
        tamper(&mut entries, at);
        let first = &entries[0];
        let mut replay =
            docket::v1::Replay::begin(first, &world.annexes, None, false, &mut docket::harness::Unchecked)
                .expect("a genesis");
        let judged: Vec<Judged> = entries[1..]
            .iter()
            .map(|entry| replay.enter(entry, &world.roots, &mut docket::harness::Unchecked))
            .collect();
        let last_mark = judged.iter().rev().nth(1).expect("a mark");
        assert!(matches!(last_mark, Judged::Malformed { .. }), "{last_mark:?}");
        assert!(replay.timeline().settled() < world.live.timeline().settled());
    }
}

#[test]
fn promise_03_an_old_past_is_shown_as_silent() {
    let world = world();
    let last = world.live.timeline().last().expect("a mark");
    assert!(!world.live.timeline().is_silent(last.plus(terms::Seconds::hours(3))));
    assert!(world.live.timeline().is_silent(last.plus(terms::Seconds(3 * 3600 + 1))));
}

#[test]
fn promise_04_whoever_strips_a_stamp_gains_nothing_while_a_guarantor_says_it_again() {
    let mut world = world();
    let (_, notice) = world.act(&["north"], bodies::notice(&["ford"]));
    world.run_to(at("2025-11-01 09:00"));
    let hand = world.seeing();
    world.act_with(&["ford"], &hand, bodies::offer(vec![bodies::file("x", &["north"])]));
    world.run_to(at("2025-11-01 12:00"));
    // Ford hands its act to harbour's node in time; the registrar sits on it, and strips the stamp.
    let draft = world.draft(&["ford"], &Hand::default(), bodies::step(notice, &[], "acknowledge", None));
    let submission = world.sign(&draft, &Hand::default());
    let now = world.now;
    let (intake, signer) = world.next_stamp("harbour", submission.act().id(), now);
    world.run_to(at("2025-11-06 12:00"));
    let now = world.now;
    world.register(&submission, now);
    world.settle();
    assert!(events(&world).iter().any(|event| matches!(event.what, What::LateSoFar(..))));
    world.act(&["harbour"], bodies::intake(&intake, &signer));
    world.settle();
    assert!(events(&world).iter().any(|event| matches!(event.what, What::InTime(..))));
}

#[test]
fn promise_05_a_receipt_dates_nothing_outside_the_marks_around_it() {
    let mut world = world();
    let draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["ford"]));
    let submission = world.sign(&draft, &Hand::default());
    let (entry, _) = world.register(&submission, at("2024-01-01 00:00"));
    world.run_to(at("2025-11-01 09:00"));
    let opened = events(&world).into_iter().find(|event| matches!(event.what, What::Opened(..)));
    assert_eq!(opened.map(|event| event.at), world.live.timeline().low(entry));
}

#[test]
fn promise_08_what_ran_out_stays_so_and_only_relief_follows() {
    let mut world = world();
    let (_, notice) = world.act(&["north"], bodies::notice(&["ford"]));
    world.run_to(at("2025-11-17 08:00"));
    let before = events(&world);
    assert!(before.iter().any(|event| matches!(event.what, What::RanOut(..))));
    // A stamp, more time, a cut, a pause: each comes too late.
    world.act(&["harbour"], bodies::extend(notice, &[], "acknowledge", 60));
    world.act(&["harbour"], bodies::suspend(notice, &[], 60));
    world.act(&["harbour"], bodies::cut("ford", at("2025-11-15 00:00"), at("2025-11-16 00:00")));
    world.settle();
    let after = events(&world);
    assert!(after.starts_with(&before), "events are appended, never inserted");
    assert!(
        !after[before.len()..].iter().any(|event| matches!(event.what, What::Moved(..) | What::Entered(..)))
    );
    world.act(&["harbour"], bodies::set_aside(notice, &[], "sent"));
    world.settle();
    assert!(events(&world)[after.len()..].iter().any(|event| matches!(event.what, What::Entered(..))));
}

/// Every act in which an excluded group, or an alias of it, would come to hold something.
#[test]
fn promise_09_no_act_makes_an_excluded_group_holder_of_anything() {
    let mut world = world();
    let (_, request) = world.act(&["north"], {
        let asked = bodies::value("south", true);
        bodies::open("request", Fields::from([(code("asked"), asked)]))
    });
    let (_, offered) = world.act(&["north"], bodies::offer(vec![bodies::file("x", &["south"])]));
    let exhibit = Item::exhibit(offered, 1);
    let roots = world.roots_of("north");
    let by_roots = |world: &mut World, body: Body| world.act(&roots, body).0;
    for name in ["the-band", "band-of-the-ford"] {
        let mut entries = Vec::new();
        let acts = [
            bodies::notice(&[name]),
            bodies::notice_with(&["ford"], vec![bodies::file("y", &[name])]),
            bodies::open("request", Fields::from([(code("asked"), bodies::value(name, true))])),
            bodies::open("plan", Fields::from([(code("party"), bodies::value(name, false))])),
            bodies::offer(vec![bodies::file("z", &["south", name])].into_iter().map(sorted).collect()),
            bodies::grant(exhibit, &[name]),
            bodies::serve(request, name),
            bodies::cut(name, at("2025-11-01 00:00"), at("2025-11-01 08:00")),
        ];
        for body in acts {
            entries.push(world.act(&["north"], body).0);
        }
        entries.push(by_roots(&mut world, enrolment("north", name, Capacity::Officer, "Liaison office")));
        let office = name.replace('-', " ").to_uppercase();
        entries.push(by_roots(&mut world, enrolment("north", "desk-9", Capacity::Officer, &office)));
        entries.push(by_roots(&mut world, bodies::seat_vote(seat(name, 2, 3, 1))));
        entries.push(by_roots(&mut world, recovery(name, 1)));
        world.settle();
        let events = events(&world);
        for entry in entries {
            let said = events.iter().filter(|event| event.entry == Some(entry)).map(|event| &event.what);
            let said: Vec<&What> = said.collect();
            assert!(
                matches!(said[..], [What::Void(VoidReason::Excluded)]),
                "{name}, entry {entry}: {said:?}"
            );
        }
    }
    // No line of the state has it as anything but what a report is about.
    let about = Fields::from([
        (code("asked"), bodies::value("south", true)),
        (code("about"), bodies::value("the-band", false)),
    ]);
    world.act(&["north"], bodies::open("request", about));
    world.settle();
    let state = world.live.state();
    let named: Vec<&String> = state.lines().iter().filter(|line| line.contains("the-band")).collect();
    assert_eq!(named.len(), 1);
    assert!(named[0].contains("/field/about the-band"));
}

fn sorted(mut file: act::value::File) -> act::value::File {
    file.grants.sort_by(|a, b| a.to.cmp(&b.to));
    file
}

#[test]
fn promise_07_what_is_destroyed_changes_no_replay() {
    let mut world = world();
    let (_, offered) = world.act(&["north"], bodies::offer(vec![bodies::file("x", &["south"])]));
    world.act(&["north"], bodies::destroy(Item::exhibit(offered, 1), DestroyGround::Ended));
    world.settle();
    // Replay has the entries and the three annexes of the genesis, and no exhibit.
    let replay =
        docket::harness::world::replay(&world.entries, &world.annexes, None, &world.roots, &mut Singly);
    assert_eq!(replay.expect("it replays").state(), world.live.state());
}
