//! The registrar's beat: which checkpoint each witness is asked to cosign, and when one is begun.

mod common;

use std::io::Read as _;

use common::{World, at, carry, copy_ring, keep, three, three_nodes, verify, who};
use node::Node;
use node::home::Settings;
use note::KeyName;
use terms::Kind;
use tlog::CosignedCheckpoint;
use tlog::witness::AddCheckpoint;

/// One of two witnesses that are needed stays away while acts go on, each by a stick or a beat of its own. One
/// checkpoint waits for it, not one for each visit of the other: two of its visits make all of it final.
#[test]
fn after_an_outage_no_checkpoints_wait_in_a_row() {
    let (mut world, mut harbour, mut isle) = three_nodes();
    let stick = world.stick.clone();
    let north = &mut world.north;
    let visit = |node: &mut Node, north: &mut Node, hour: u64| {
        let cosigned = carry(north, node, &stick, hour).cosigned;
        (cosigned, carry(node, north, &stick, hour).mark)
    };
    for hour in [2, 3, 4, 5] {
        visit(&mut harbour, north, hour);
        visit(&mut isle, north, hour);
    }
    let before = north.size();
    let mut asked = Vec::new();
    for hour in 10..14 {
        let body = keep(north);
        north.act("liaison-1", body, at(hour)).expect("registered");
        let (cosigned, mark) = visit(&mut harbour, north, hour);
        assert_eq!(mark, None);
        asked.extend(cosigned);
    }
    assert_eq!(north.size(), before + 4);
    assert_eq!(asked.len(), 1, "{asked:?}");
    // Isle is back: first what waited for it, then all that came since.
    let (cosigned, mark) = visit(&mut isle, north, 20);
    assert_eq!((cosigned, mark), (asked.first().copied(), Some(before + 4)));
    assert_eq!(visit(&mut harbour, north, 21), (Some(before + 5), None));
    assert_eq!(visit(&mut isle, north, 22), (Some(before + 5), Some(before + 5)));
    assert_eq!(north.cosigned().expect("read") + 1, north.size(), "but for the mark itself");
    visit(&mut harbour, north, 23);
    visit(&mut isle, north, 23);
    assert!(north.docket().pending().all(|(_, _, kind)| kind == Kind::Mark), "nothing else waits any more");
    verify(&north.home().data);
}

/// Of two begun checkpoints a witness is asked the one that has its quorum with it, though the other is larger; and
/// the larger, if both have.
#[test]
fn a_witness_is_asked_what_it_completes() {
    let names = ["harbour", "isle", "reef", "sleeper"];
    let mut world = World::found(&three("guarantor"), &["harbour", "isle"], &names, 3);
    let north = &mut world.north;
    let (rings, stick) = (&world.rings, &world.stick);
    let cosign = |north: &mut Node, signed: &CosignedCheckpoint, name: &str| {
        let key = common::signing(&rings[name], &common::witness_name(name));
        let name = KeyName::new(&common::witness_name(name)).expect("a name");
        let line = tlog::cosignature::sign(signed.checkpoint(), at(1), &key, &name);
        assert_eq!(north.take_cosigned(signed, &[line], at(1)).expect("taken"), None);
    };
    let smaller = north.sign_checkpoint().expect("signed");
    let body = keep(north);
    north.act("liaison-1", body, at(1)).expect("registered");
    let larger = north.sign_checkpoint().expect("signed");
    cosign(north, &smaller, "reef");
    cosign(north, &smaller, "harbour");
    cosign(north, &larger, "reef");
    let asked = |north: &mut Node, hour: u64| -> u64 {
        let file = stick.join(format!("{hour}.mithaq"));
        north.export(&who("isle"), &file, true, at(hour), &mut common::quiet).expect("exported");
        let mut bundle = tar::Archive::new(std::fs::File::open(&file).expect("a file"));
        let mut entries = bundle.entries().expect("a tar").map(|entry| entry.expect("an entry"));
        let mut entry = entries
            .find(|entry| entry.path().expect("a path").ends_with("add-checkpoint"))
            .expect("a question");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("read");
        AddCheckpoint::parse(&bytes).expect("a question").checkpoint.checkpoint().size
    };
    assert_eq!(asked(north, 2), smaller.checkpoint().size);
    cosign(north, &larger, "harbour");
    assert_eq!(asked(north, 3), larger.checkpoint().size);
}

/// Who has no witness is asked nothing, once all witnesses are known; until then it may be one of them.
#[test]
fn who_is_no_witness_is_not_asked() {
    let mut world = World::found(&three("party"), &["harbour", "isle"], &["harbour"], 1);
    let stick = world.stick.clone();
    let asks = |node: &mut Node, hour: u64| {
        let file = stick.join(format!("asks-{hour}.mithaq"));
        let exported =
            node.export(&who("isle"), &file, true, at(hour), &mut common::quiet).expect("exported");
        exported.manifest.list.iter().any(|listed| listed.path == "witness/add-checkpoint")
    };
    assert!(asks(&mut world.north, 1));
    let (mut harbour, _) = world.join("harbour", true, 1);
    carry(&mut harbour, &mut world.north, &stick, 2);
    assert!(!asks(&mut world.north, 3));
    assert_eq!(carry(&mut world.north, &mut harbour, &stick, 3).cosigned, Some(world.north.size()));
    carry(&mut harbour, &mut world.north, &stick, 4);
    // Isle has a witness of its own, which no policy names: it cosigns nothing.
    let (mut isle, imported) = world.join("isle", false, 5);
    assert_eq!(imported.cosigned, None);
    carry(&mut isle, &mut world.north, &stick, 6);
    assert!(!asks(&mut world.north, 7));
}

/// Who runs the register may be a witness of it too: then no stick is needed for its own cosignature.
#[test]
fn a_registrar_cosigns_with_its_own_witness() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    assert_eq!(world.north.cosign_own(at(1)).expect("it is no witness"), (None, None));
    let mut world = with_own_witness(world);
    let north = &mut world.north;

    let size = north.size();
    // The mark is cosigned with what it settles: all of it has effect, which is said of what is cosigned alone.
    assert_eq!(north.cosign_own(at(2)).expect("cosigned"), (Some(size + 1), Some(size)));
    assert_eq!(north.checkpoint().expect("read").expect("final").checkpoint().size, size + 1);
    assert_eq!((north.docket().size(), north.docket().timeline().settled()), (size + 1, size));
    // Each beat enters one mark, whose own entry the next one covers.
    assert_eq!(north.cosign_own(at(3)).expect("cosigned"), (Some(size + 2), Some(size + 1)));
    verify(&north.home().data);
}

/// Where a second is needed, its own cosignature waits for that, and no beat begins another.
#[test]
fn a_registrar_that_is_a_witness_waits_for_the_second() {
    let world = World::found(&three("guarantor"), &["harbour", "isle"], &["harbour", "isle", "sleeper"], 2);
    let mut world = with_own_witness(world);
    let stick = world.stick.clone();
    let size = world.north.size();
    assert_eq!(world.north.cosign_own(at(1)).expect("cosigned"), (Some(size), None));
    for hour in [2, 3] {
        let body = keep(&world.north);
        world.north.act("liaison-1", body, at(hour)).expect("registered");
        assert_eq!(world.north.cosign_own(at(hour)).expect("nothing to do"), (None, None));
    }
    let (mut isle, imported) = world.join("isle", true, 4);
    assert_eq!(imported.cosigned, Some(size), "what is begun");
    assert!(carry(&mut isle, &mut world.north, &stick, 5).mark.is_some());
    let all = world.north.size();
    assert_eq!(world.north.cosign_own(at(6)).expect("cosigned"), (Some(all), None));
    assert_eq!(carry(&mut world.north, &mut isle, &stick, 7).cosigned, Some(all));
    assert_eq!(carry(&mut isle, &mut world.north, &stick, 8).mark, Some(all));
    assert_eq!(world.north.cosigned().expect("read"), all);
    // The other way round: isle begins, and the registrar's own completes it, with the mark that follows.
    assert_eq!(carry(&mut world.north, &mut isle, &stick, 9).cosigned, Some(all + 1));
    let body = keep(&world.north);
    world.north.act("liaison-1", body, at(9)).expect("registered");
    carry(&mut isle, &mut world.north, &stick, 10);
    assert_eq!(world.north.cosign_own(at(11)).expect("cosigned"), (Some(all + 3), Some(all + 2)));
    assert_eq!(world.north.cosigned().expect("read"), all + 1);
    verify(&world.north.home().data);
}

/// Harbour's witness runs at north.
fn with_own_witness(world: World) -> World {
    let mut both = copy_ring(world.north.keyring());
    let name = common::witness_name("harbour");
    if let vault::Secret::Ed25519(seed) = world.rings["harbour"].get(&name).expect("a key").secret() {
        both.insert(&name, vault::KeyUse::Witness, vault::Secret::Ed25519(seed.clone())).expect("new");
    }
    let home = world.north.home().clone();
    let World { dir, stick, north, rings } = world;
    drop(north);
    let settings = Settings { witness: Some(name), ..home.settings().expect("settings") };
    home.write_settings(&settings).expect("written");
    let north = Node::open(&home, both).expect("opened");
    World { dir, stick, north, rings }
}
