//! Annexes on sticks: kept while an act names them with their size, whatever comes of the act.

mod common;

use std::path::Path;

use act::{Body, Entry};
use audit::Expected;
use common::handmade::{batch, forged, members_of, rebuilt, stick_with, submitted, written};
use common::{World, at, carry, met, quiet, verify, who};
use node::bundle::Joining;
use node::{Fault, Node};
use terms::Hash;

/// An annex whose act was left aside would lie on the shelf with no act that names it, and make an honest
/// folder wrong.
#[test]
fn an_annex_of_what_nobody_signed_is_left_aside() {
    let (mut world, mut harbour) = met();
    let table = b"one,two\n".to_vec();
    let good = written(&world.north, "liaison-1", batch(&table), 5);
    let false_one = forged(&good);
    let annex = (format!("register/annex/{}", Hash::of(&table).to_hex()), table.clone());
    let file = stick_with(&world, "false.mithaq", &[annex.clone(), submitted(&false_one)]);
    let imported = harbour.import(&file, at(6), &mut quiet).expect("imported");
    assert_eq!(imported.stamped, 0, "{imported:?}");
    assert!(!harbour.annexes().has(&Hash::of(&table)).expect("read"));
    verify(&harbour.home().data);
    // The registrar refuses it, and its annex does not stay.
    let imported = world.north.import(&file, at(6), &mut quiet).expect("imported");
    assert_eq!((imported.registered, imported.refused.len()), (0, 1), "{imported:?}");
    verify(&world.north.home().data);
    // What was signed is stamped, and its annex carried.
    let file = stick_with(&world, "good.mithaq", &[annex, submitted(&good)]);
    let imported = harbour.import(&file, at(6), &mut quiet).expect("imported");
    assert_eq!(imported.stamped, 1, "{imported:?}");
    assert!(harbour.annexes().has(&Hash::of(&table)).expect("read"));
    verify(&harbour.home().data);
}

/// The registrar refuses an act that waits here: its annex goes with it.
#[test]
fn an_annex_of_what_was_refused_does_not_stay() {
    let (mut world, mut harbour) = met();
    let stick = world.stick.clone();
    let table = b"one,two\n".to_vec();
    let revoke = Body::Revoke(act::body::Revoke { label: common::code("node-1") });
    harbour.act("liaison-1", revoke, at(5)).expect("queued");
    let signer = harbour.signer("liaison-1").expect("a signer");
    let act = harbour.write(vec![signer], batch(&table), at(5)).expect("written");
    let submission = harbour.sign(act, None).expect("signed");
    harbour.submit_with_annexes(&submission, std::slice::from_ref(&table), at(5)).expect("queued");
    verify(&harbour.home().data);
    let imported = carry(&mut harbour, &mut world.north, &stick, 6);
    assert_eq!(imported.refused.len(), 2, "{imported:?}");
    verify(&world.north.home().data);
    let imported = carry(&mut world.north, &mut harbour, &stick, 7);
    assert_eq!(imported.refused.len(), 2, "{imported:?}");
    assert!(!harbour.annexes().has(&Hash::of(&table)).expect("read"));
    verify(&harbour.home().data);
}

/// The genesis names the annexes without which nothing can be replayed. Whatever comes with them on a stick,
/// they stay.
#[test]
fn the_annexes_that_the_genesis_names_stay() {
    let (mut world, mut harbour) = met();
    let genesis = Entry::parse(&world.north.entry(0).expect("an entry")).expect("an entry");
    let Body::Genesis(body) = genesis.act().body() else { unreachable!() };
    let named = [body.annexes.instrument, body.annexes.library, body.annexes.policy];
    let mut members: Vec<(String, Vec<u8>)> = named
        .iter()
        .map(|annex| {
            let path = format!("register/annex/{}", annex.sha256.to_hex());
            let bytes = std::fs::read(world.north.home().data.join(&path)).expect("an annex");
            assert_eq!(bytes.len() as u64, annex.size);
            (path, bytes)
        })
        .collect();
    members.sort();
    members.dedup();
    // With an act that is refused, and with the genesis itself, as somebody hands it in again.
    let false_one = forged(&written(&world.north, "liaison-1", batch(b"one,two\n"), 5));
    let table = (format!("register/annex/{}", Hash::of(b"one,two\n").to_hex()), b"one,two\n".to_vec());
    let again = genesis.submission();
    for (what, more) in [
        ("alone", vec![]),
        ("an act that is refused", vec![table, submitted(&false_one)]),
        ("the genesis", vec![submitted(again)]),
    ] {
        let mut all: Vec<_> = members.iter().cloned().chain(more).collect();
        all.sort();
        let file = stick_with(&world, "again.mithaq", &all);
        for node in [&mut world.north, &mut harbour] {
            let imported = node.import(&file, at(6), &mut quiet).expect("imported");
            assert_eq!((imported.registered, imported.stamped), (0, 0), "{what}: {imported:?}");
            assert_eq!(imported.wrongs, Vec::<String>::new(), "{what}");
            for annex in &named {
                assert!(node.annexes().has(&annex.sha256).expect("read"), "{what}");
            }
            verify(&node.home().data);
        }
    }
    // Both open again from what is there.
    let World { dir, north, rings, .. } = world;
    for (node, name) in [(north, "north"), (harbour, "harbour")] {
        let (home, size) = (node.home().clone(), node.size());
        drop(node);
        let again = Node::open(&home, common::copy_ring(&rings[name])).expect("opened");
        assert_eq!(again.size(), size);
    }
    drop(dir);
}

/// Without an annex that the genesis names nothing can be replayed: nobody joins, and nothing is made.
#[test]
fn nobody_joins_without_the_annexes_that_the_genesis_names() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let whole = world.stick.join("whole.mithaq");
    world.north.export(&who("harbour"), &whole, true, at(1), &mut quiet).expect("exported");
    let genesis = Entry::parse(&world.north.entry(0).expect("an entry")).expect("an entry");
    let Body::Genesis(body) = genesis.act().body() else { unreachable!() };
    let witness = common::witness_name("harbour");
    let join = |file: &Path| {
        let joining = Joining {
            participant: who("harbour"),
            expected: Expected::Genesis(world.north.genesis()),
            witness: Some(&witness),
            intake: None,
        };
        let ring = common::copy_ring(&world.rings["harbour"]);
        node::bundle::join(&world.home("harbour"), ring, &joining, file, at(2), &mut quiet)
            .map(|(node, _)| node)
    };
    for annex in [body.annexes.instrument, body.annexes.library, body.annexes.policy] {
        let path = format!("register/annex/{}", annex.sha256.to_hex());
        let mut members = members_of(&whole);
        members.retain(|(name, _)| *name != path);
        let file = world.stick.join("less.mithaq");
        std::fs::write(&file, rebuilt(members)).expect("written");
        match join(&file).map(|_| ()) {
            Err(fault) => assert!(fault.to_string().contains(&annex.sha256.to_hex()), "{fault}"),
            Ok(()) => panic!("joined without {path}"),
        }
        assert!(!world.home("harbour").data.exists());
    }
    // As it came, it is enough.
    let file = world.stick.join("again.mithaq");
    std::fs::write(&file, rebuilt(members_of(&whole))).expect("written");
    let harbour = join(&file).expect("joined");
    assert_eq!(harbour.size(), world.north.size());
    verify(&harbour.home().data);
}

/// An act of the registrar's own that says another size of its annex.
fn saying(annex: &[u8], bytes: usize) -> Body {
    let annex = serde_json::json!({"sha256": Hash::of(annex), "size": bytes});
    let batch = serde_json::json!({"table": "incidents", "rows": 1, "annex": annex});
    serde_json::from_value(batch).map(Body::Batch).expect("a batch")
}

fn annex_of(bytes: &[u8]) -> (String, Vec<u8>) {
    (format!("register/annex/{}", Hash::of(bytes).to_hex()), bytes.to_vec())
}

/// An annex has the size that its act says: let in, the act would make every copy wrong.
#[test]
fn an_annex_of_another_size_is_refused() {
    let (mut world, mut harbour) = met();
    let table = b"one,two\n".to_vec();
    let act = written(&world.north, "liaison-1", saying(&table, 9), 5);
    let file = stick_with(&world, "longer.mithaq", &[annex_of(&table), submitted(&act)]);
    for node in [&mut harbour, &mut world.north] {
        let imported = node.import(&file, at(6), &mut quiet).expect("imported");
        assert_eq!((imported.registered, imported.stamped), (0, 0), "{imported:?}");
        let says = format!("the annex {} has 9 bytes, and it has 8", Hash::of(&table).to_hex());
        assert!(imported.remarks.iter().any(|remark| remark.contains(&says)), "{imported:?}");
        assert!(!node.annexes().has(&Hash::of(&table)).expect("read"));
        verify(&node.home().data);
    }
    // Nor is it handed in; and what is here for another act has not two sizes.
    let other = |submission: &act::Submission, node: &mut Node| {
        let fault = node
            .submit_with_annexes(submission, std::slice::from_ref(&table), at(6))
            .expect_err("another size");
        assert!(matches!(fault, Fault::Annex { bytes: 9, found: Some(8), .. }), "{fault}");
    };
    other(&act, &mut world.north);
    let good = written(&world.north, "liaison-1", batch(&table), 6);
    let fault = world.north.submit(&good, at(6)).expect_err("no annex");
    assert!(matches!(fault, Fault::Annex { found: None, .. }), "{fault}");
    let fault =
        world.north.submit_with_annexes(&good, &[b"another\n".to_vec()], at(6)).expect_err("another annex");
    assert!(matches!(fault, Fault::Foreign(_)), "{fault}");
    world.north.submit_with_annexes(&good, std::slice::from_ref(&table), at(6)).expect("registered");
    let act = written(&world.north, "liaison-1", saying(&table, 9), 7);
    other(&act, &mut world.north);
    let file = stick_with(&world, "alone.mithaq", &[submitted(&act)]);
    let imported = world.north.import(&file, at(7), &mut quiet).expect("imported");
    assert_eq!(imported.registered, 0, "{imported:?}");
    verify(&world.north.home().data);
}

/// A registrar that let such an act in all the same: nobody takes the annex, and nobody cosigns.
#[test]
fn an_annex_of_another_size_than_an_entry_says_is_not_taken() {
    let (mut world, mut harbour) = met();
    let table = b"one,two\n".to_vec();
    let act = written(&world.north, "liaison-1", saying(&table, 9), 5);
    // What it has on its shelf says nothing of its size; a careless program looks no further.
    let path = world.north.home().data.join(annex_of(&table).0);
    std::fs::write(&path, [&table[..], b"x"].concat()).expect("written");
    world.north.submit(&act, at(5)).expect("registered");
    std::fs::write(&path, &table).expect("written");
    let bundle = world.stick.join("let-in.mithaq");
    world.north.export(&who("harbour"), &bundle, true, at(6), &mut quiet).expect("exported");
    let imported = harbour.import(&bundle, at(6), &mut quiet).expect("imported");
    assert!(imported.wrongs.iter().any(|wrong| wrong.contains("it has 8 bytes")), "{imported:?}");
    assert_eq!((imported.cosigned, harbour.annexes().has(&Hash::of(&table)).expect("read")), (None, false));
}

/// A crash came between the annex and the act that was to name it: the next start removes the annex, and the
/// same act goes in then. After the act it takes nothing away.
#[test]
fn what_a_crash_left_is_mended_at_the_next_start() {
    let (world, harbour) = met();
    let World { dir, north, rings, .. } = world;
    let table = b"one,two\n".to_vec();
    let hash = Hash::of(&table);
    for (mut node, name) in [(north, "north"), (harbour, "harbour")] {
        let home = node.home().clone();
        let signer = node.signer("liaison-1").expect("a signer");
        let written = node.write(vec![signer], batch(&table), at(5)).expect("written");
        let submission = node.sign(written, None).expect("signed");
        let again = |node: Node| {
            drop(node);
            Node::open(&home, common::copy_ring(&rings[name])).expect("opened")
        };
        node.annexes().put(&table).expect("put");
        assert_eq!(common::report(&home.data).wrongs[0].code, "audit::unnamed_file", "{name}");
        node = again(node);
        assert!(!node.annexes().has(&hash).expect("read"), "{name}");
        verify(&home.data);
        node.submit_with_annexes(&submission, std::slice::from_ref(&table), at(6)).expect("handed in");
        node = again(node);
        assert!(node.annexes().has(&hash).expect("read"), "{name}");
        verify(&home.data);
        drop(node);
    }
    drop(dir);
}
