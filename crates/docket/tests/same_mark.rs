//! What one mark settles, it settles in order: keys and seats have their force from their own index, and so
//! are ahead of what settles; nothing finds those that came after it.

use act::body::{Body, ChallengeGround, Recover, RuleOutcome, Screen, ScreenResult, Seat};
use docket::harness::world::{recovery, seat};
use docket::harness::{Setup, World, at, bodies, code, laws, signer};
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
    assert_eq!(
        (challenges[0].ground, challenges[0].upheld),
        (ChallengeGround::DoesNotOpen, Some((true, before)))
    );
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

fn line(world: &World, path: &str) -> Option<String> {
    let state = replayed(world).state();
    state.lines().iter().find_map(|line| line.strip_prefix(path)?.strip_prefix(' ').map(str::to_owned))
}

fn recover(Seat { participant, roots, recovery }: Seat) -> Body {
    Body::Recover(Recover { participant, roots, recovery })
}

#[test]
fn what_was_asked_of_the_old_roots_does_not_come_after_the_new() {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    world.act(&world.roots_of("harbour"), recovery("south", 10));
    world.act(&world.roots_of("ford"), recovery("south", 10));
    world.mark();
    world.run_to(at("2025-11-11 08:00"));
    // A stolen recovery key, after the time at which its seat has new roots, and before a mark says so:
    // nobody could disown it any more.
    world.now = at("2025-11-11 08:10");
    let (same, _) = world.act(&["south/recovery-1"], recovery("south", 20));
    let (next, _) = world.act(&["south/recovery-1"], recovery("south", 30));
    let clocks = world.clocks();
    world.mark_of(next, &clocks);
    world.settle();

    let roots = "2 of south/root-10,south/root-11,south/root-12".to_owned();
    assert_eq!(line(&world, "seat/south/roots"), Some(roots));
    assert_eq!(void(&world, same), Some(VoidReason::WrongState));
    assert_eq!(void(&world, next), Some(VoidReason::WrongState));
    assert_eq!(line(&world, &format!("recovery/south/{next}")), None);
}

#[test]
fn a_vote_needs_as_many_roots_as_it_did() {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    world.act(&["harbour/recovery-1"], recover(seat("harbour", 3, 4, 10)));
    world.mark();
    world.run_to(at("2025-11-11 08:00"));
    // Three of its old roots sign, where two are enough, and one of them is disowned; the new roots, of
    // which three must sign, come by a mark that covers neither.
    world.now = at("2025-11-11 08:10");
    world.act(&["ford"], bodies::notice(&["harbour"]));
    let old = ["harbour/root-1", "harbour/root-2", "harbour/root-3"];
    let (vote, _) = world.act(&old, recovery("south", 10));
    world.act(&["harbour/root-1", "harbour/root-3"], bodies::disown("root-2", 1));
    let clocks = world.clocks();
    world.mark_of(vote, &clocks);
    assert_eq!(line(&world, "key/harbour/root-1").map(|key| key.contains(" replaced ")), Some(true));
    world.settle();

    assert_eq!(line(&world, &format!("recovery/south/{vote}")), Some("asked by harbour".to_owned()));
}

#[test]
fn a_silence_finds_no_seat_that_its_mark_does_not_cover() {
    // An alarm by the name of a notice: it may be given to an empty seat, and waits.
    let procedures = laws::EXERCISE.replace("[procedure.notice]\n", "[procedure.telling]\nref = \"TEL\"\n");
    let procedures = procedures.replace("procedure.alarm", "procedure.notice");
    let setup = Setup::default().with_procedures(&procedures).with_vacant("west", "guarantor");
    let mut world = World::found(&setup);
    world.now = at("2025-11-01 08:00");
    let fields = [("party", "north"), ("watcher", "west")];
    let fields = fields.map(|(name, who)| (code(name), bodies::value(who, false)));
    let (opened, _) = world.act(&["south"], bodies::open("notice", fields.into_iter().collect()));
    world.mark();
    world.run_to(at("2025-11-03 07:00"));
    // An act from before the close holds register time back; the mark that lets it go covers all but
    // the last vote.
    world.act(&["south"], bodies::notice(&["ford"]));
    let new_roots = ["west/root-1", "west/root-2", "west/root-3"];
    let signers: Vec<String> =
        world.roots_of("harbour").into_iter().chain(new_roots.map(str::to_owned)).collect();
    let waits = world.size() - 1;
    world.act(&signers, bodies::seat_vote(seat("west", 2, 3, 1)));
    world.now = at("2025-11-03 09:00");
    let clocks = world.clocks();
    world.mark_of(waits, &clocks);
    let (given, _) = world.act(&world.roots_of("ford"), bodies::seat_vote(seat("west", 2, 3, 1)));
    let clocks = world.clocks();
    world.mark_of(given, &clocks);

    let clock = format!("matter/{opened}/strand/all/clock/look/unserved/west");
    assert_eq!(line(&world, &clock), Some("seat vacant".to_owned()));
    world.settle();
    assert_eq!(line(&world, &clock), Some("deemed 2025-11-10T09:00:00Z".to_owned()));
}
