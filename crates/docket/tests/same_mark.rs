//! What one mark settles, it settles in order: keys and seats have their force from their own index, and so
//! are ahead of what settles; nothing finds those that came after it.

use act::body::{Body, ChallengeGround, RuleOutcome, Screen, ScreenResult};
use docket::harness::world::seat;
use docket::harness::{Setup, World, at, bodies, code, signer};
use docket::v1::event::What;
use docket::v1::{Replay, VoidReason};
use terms::{Capacity, Item};

fn void(world: &World, entry: u64) -> Option<VoidReason> {
    world.live.clone().take_events().into_iter().find_map(|event| match event.what {
        What::Void(reason) if event.entry == Some(entry) => Some(reason),
        _ => None,
    })
}

/// The same from the bytes, whatever marks stand in them.
fn replayed(world: &World) -> Replay {
    let replay = world.replay(u64::MAX, None).expect("it replays");
    assert_eq!(replay.state(), world.live.state());
    replay
}

#[test]
fn a_guarantor_is_arbiter_until_the_monitor_has_its_seat() {
    let vacant = vec!["secretariat".to_owned()];
    let mut world = World::found(&Setup { vacant, ..Setup::default() });
    world.now = at("2025-11-01 08:00");
    let (_, offered) = world.act(&["north"], bodies::offer(vec![bodies::file("photo", &["south"])]));
    let photo = Item::exhibit(offered, 1);
    let (_, challenge) = world.act(&["south"], bodies::challenge(photo));
    world.settle();

    // All of it settles at one mark: two rulings by a guarantor, and between them the monitor's seat.
    let upheld = bodies::rule(photo, RuleOutcome::Upheld, Some(challenge));
    let (before, _) = world.act(&["harbour"], upheld);
    let new_roots = ["secretariat/root-1", "secretariat/root-2", "secretariat/root-3"];
    let signers: Vec<String> =
        world.roots_of("harbour").into_iter().chain(new_roots.map(str::to_owned)).collect();
    world.act(&signers, bodies::seat_vote(seat("secretariat", 2, 3, 1)));
    let (given, _) = world.act(&world.roots_of("ford"), bodies::seat_vote(seat("secretariat", 2, 3, 1)));
    let (after, _) = world.act(&["harbour"], bodies::rule(photo, RuleOutcome::Danger, None));
    world.settle();

    assert_eq!(void(&world, before), None);
    assert_eq!(void(&world, after), Some(VoidReason::NoPower));
    let seats = world.live.ledger().seats();
    assert_eq!(seats[&docket::harness::participant("secretariat")].taken, Some(given));
    let replay = replayed(&world);
    let exhibit = replay.settlement().exhibits().get(&photo).expect("an exhibit");
    let challenges: Vec<_> = exhibit.challenged.values().collect();
    assert_eq!((challenges[0].ground, challenges[0].upheld), (ChallengeGround::DoesNotOpen, Some(true)));
    assert_eq!(exhibit.danger, None);
}

#[test]
fn a_key_is_screened_once_it_is_enrolled() {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    let screen = |key: &str| {
        Body::Screen(Screen { key: signer(key), list: code("the-band"), result: ScreenResult::NoMatch })
    };
    let (before, _) = world.act(&["harbour"], screen("south/envoy"));
    world.enrol("south", "envoy", Capacity::Officer);
    let (after, _) = world.act(&["harbour"], screen("south/envoy"));
    let (founder, _) = world.act(&["harbour"], screen("south/root-1"));
    let (nobody, _) = world.act(&["harbour"], screen("south/nobody"));
    world.settle();

    assert_eq!(void(&world, before), Some(VoidReason::Unknown));
    assert_eq!(void(&world, after), None);
    assert_eq!(void(&world, founder), None);
    assert_eq!(void(&world, nobody), Some(VoidReason::Unknown));
    let state = replayed(&world).state();
    let screened: Vec<&str> =
        state.lines().iter().filter_map(|line| line.strip_prefix("screened/")?.split(' ').next()).collect();
    assert_eq!(screened, ["south/envoy/the-band", "south/root-1/the-band"]);
}
