//! Each reason for which an act has no effect is earned, or it is said why nobody can earn it yet.

use std::collections::BTreeMap;
use std::path::Path;

use act::body::{Body, Confirm, Correct, Disown, Publish, Transcribe, Transcribed, Withdraw};
use act::value::{Fields, MatterRef};
use docket::harness::{Setup, World, at, bodies, code, laws, participant};
use docket::v1::VoidReason;
use docket::v1::event::What;

#[test]
fn each_reason_is_earned_by_a_case_or_a_story() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cases = String::new();
    for folder in ["tests/cases", "../../stories"] {
        for entry in std::fs::read_dir(crate_folder.join(folder)).expect("cases") {
            cases += &std::fs::read_to_string(entry.expect("a case").path()).expect("a text");
        }
    }
    // What no rule gives, nobody can earn; once a rule does, a case must.
    let mut source = String::new();
    read_rules(&crate_folder.join("src/rules/v1"), &mut source);
    for reason in VoidReason::ALL {
        let earned = [",", "\n"].iter().any(|after| cases.contains(&format!("# void: {reason}{after}")));
        assert!(source.contains(&format!("VoidReason::{reason:?}")), "{reason} is given");
        assert!(earned, "{reason} is earned");
    }
}

/// The text of the rules, without the list of reasons itself.
fn read_rules(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("rules") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            read_rules(&path, text);
        } else if !path.ends_with("void.rs") {
            text.push_str(&std::fs::read_to_string(path).expect("a text"));
        }
    }
}

/// What settles, entry by entry.
fn voids(world: &World) -> BTreeMap<u64, VoidReason> {
    let events = world.live.clone().take_events();
    let voids = events.into_iter().filter_map(|event| match event.what {
        What::Void(reason) => Some((event.entry?, reason)),
        _ => None,
    });
    voids.collect()
}

#[test]
fn kinds_that_the_instrument_gives_to_nobody_yet() {
    let mut world = World::found(&Setup::default().with_procedures(laws::EXERCISE));
    world.now = at("2025-11-01 08:00");
    let (_, act) = world.act(&["north"], bodies::notice(&["ford"]));
    let matter = MatterRef::Opened(act);
    let Body::Open(opening) = bodies::notice(&["ford"]) else { unreachable!() };
    let acts = [
        (
            Body::Transcribe(Transcribe {
                on_behalf_of: participant("south"),
                what: Transcribed::Open(opening),
            }),
            VoidReason::NoPower,
        ),
        (Body::Publish(Publish { matter: Some(matter), annex: None }), VoidReason::NoPower),
        (
            Body::Correct(Correct {
                matter: MatterRef::Opened(act),
                entry: act,
                fields: Fields::from([(code("told"), bodies::value("harbour", true))]),
            }),
            VoidReason::Form,
        ),
        (Body::Withdraw(Withdraw { matter: None, entry: act }), VoidReason::Unknown),
        (Body::Confirm(Confirm { act }), VoidReason::Unknown),
        (Body::Disown(Disown::Act(act)), VoidReason::Unknown),
    ];
    let mut expected = BTreeMap::new();
    for (body, reason) in acts {
        expected.insert(world.act(&["north"], body).0, reason);
    }
    world.settle();
    assert_eq!(voids(&world), expected);
}

#[test]
fn the_last_roots_cannot_be_ended() {
    let mut world = World::found(&Setup { roots: (1, 1), ..Setup::default() });
    world.now = at("2025-11-01 08:00");
    let (entry, _) = world.act(&["north/root-1"], bodies::revoke("root-1"));
    world.settle();
    assert_eq!(voids(&world), BTreeMap::from([(entry, VoidReason::WrongState)]));
    world.act(&["north/root-1"], bodies::revoke("desk"));
}

#[test]
fn relief_that_the_instrument_gives_to_nobody() {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    let (_, notice) = world.act(&["north"], bodies::notice(&["ford"]));
    let (from, to) = (at("2025-11-01 00:00"), at("2025-11-01 06:00"));
    let relief = [
        bodies::extend(notice, &[], "acknowledge", 60),
        bodies::suspend(notice, &[], 60),
        bodies::resume(notice, &[]),
        bodies::cut("north", from, to),
        bodies::set_aside(notice, &[], "sent"),
    ];
    let entries: Vec<u64> = relief.into_iter().map(|body| world.act(&["harbour"], body).0).collect();
    world.settle();
    let expected = entries.into_iter().map(|entry| (entry, VoidReason::NoPower)).collect();
    assert_eq!(voids(&world), expected);
}
