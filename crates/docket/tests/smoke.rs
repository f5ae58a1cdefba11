//! The harness itself: a register of it replays, with its signatures.
use docket::harness::world::replay;
use docket::harness::{Setup, World, at, bodies};
use docket::v1::replay::Singly;

#[test]
fn a_register_of_the_harness_replays() {
    let mut world = World::found(&Setup::default());
    world.run_to(at("2025-11-01 08:00"));
    let (_, matter) = world.act(&["north"], bodies::notice(&["harbour", "ford"]));
    world.run_to(at("2025-11-02 08:00"));
    world.act_with(&["ford"], &world.seeing(), bodies::step(matter, &["ford"], "acknowledge", None));
    world.run_to(at("2025-11-20 08:00"));
    let again =
        replay(&world.entries, &world.annexes, &world.law, None, &world.roots, &mut Singly).expect("replays");
    assert_eq!(again.state(), world.live.state());
    assert_eq!(again.malformed(), 0);
    for l in again.state().lines() {
        println!("{l}");
    }
    for e in world.live.clone().take_events() {
        println!("{e}");
    }
}
