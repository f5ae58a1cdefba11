//! Why a register can't be replayed at all: each reason is earned.

use docket::harness::{Setup, Unchecked, World};
use docket::v1::Replay;
use docket::v1::replay::Annexes;
use terms::Hash;

#[track_caller]
fn check(genesis: &[u8], annexes: &Annexes, code: &str, says: &str) {
    let Err(unfit) = Replay::begin(genesis, annexes, None, false, &mut Unchecked) else {
        unreachable!("it replays")
    };
    assert_eq!(unfit.code(), code);
    assert!(unfit.to_string().contains(says), "{unfit}");
}

/// The genesis with another annex in the place of one: what it says of itself does not change.
fn with(world: &World, annex: &str, content: &str) -> Annexes {
    let mut annexes = world.annexes.clone();
    let at = annexes.iter().find(|(_, text)| String::from_utf8_lossy(text).contains(annex));
    let hash: Hash = at.map(|(hash, _)| *hash).expect("an annex");
    annexes.insert(hash, content.as_bytes().to_vec());
    annexes
}

#[test]
fn each_reason() {
    let world = World::found(&Setup::default());
    let genesis = world.entries[0].clone();
    let annexes = || world.annexes.clone();
    check(b"nothing", &annexes(), "docket::genesis", "entry 0");
    check(&world.entries[1], &annexes(), "docket::genesis", "it is not a genesis");
    let mut without = annexes();
    without.pop_first();
    check(&genesis, &without, "docket::missing_annex", "is missing");
    let broken = with(&world, "[participant", "[instrument]\nname = 7\n");
    check(&genesis, &broken, "docket::instrument", "the instrument");
    check(&genesis, &with(&world, "quorum", "quorum none\n"), "docket::policy", "the witness policy");
    let instrument = world.annexes.values().map(|text| String::from_utf8_lossy(text));
    let instrument =
        instrument.into_iter().find(|text| text.contains("[participant")).expect("an instrument");
    let longer = with(&world, "[participant", &format!("{instrument}\n"));
    check(&genesis, &longer, "docket::genesis", "another size than it says");
    let text = String::from_utf8(genesis).expect("text").replacen("\"rules\":1", "\"rules\":9", 1);
    check(text.as_bytes(), &annexes(), "docket::unknown_rules", "rules version 9");
}
