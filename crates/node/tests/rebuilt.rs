//! The docket's file is made anew at each start, and held against the one before.

mod common;

use common::{World, copy_ring};
use node::rebuilt::{Came, Rebuilt};
use node::{Home, Node};
use store::Attic;
use terms::Hash;

/// As it is when it runs again.
fn run(home: &Home, ring: vault::Keyring) -> (Node, Vec<(u64, u64)>) {
    let mut told = Vec::new();
    let node = Node::open_to_run(home, ring, &mut |done, of| told.push((done, of))).expect("it opens");
    (node, told)
}

fn head(home: &Home) -> Came {
    let head = Attic::head_of(&home.docket_file()).expect("a head");
    serde_json::from_slice(&head).expect("it can be read")
}

#[test]
fn it_agrees_with_the_one_before_or_that_is_said_and_kept() {
    let World { north, dir: _dir, .. } = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let (home, ring) = (north.home().clone(), copy_ring(north.keyring()));
    assert!(!home.docket_file().exists() && north.rebuilt().is_none());
    drop(north);

    let (node, told) = run(&home, copy_ring(&ring));
    assert_eq!(node.rebuilt(), Some(&Rebuilt::First));
    assert_eq!(told.last(), Some(&(node.size(), node.size())));
    node.settle_docket().expect("room");
    drop(node);
    let came = head(&home);

    let (node, _) = run(&home, copy_ring(&ring));
    assert_eq!(node.rebuilt(), Some(&Rebuilt::Agrees(came.clone())));
    assert_eq!((came.size, came.state), (node.docket().size(), node.docket().state().root()));
    node.settle_docket().expect("room");
    drop(node);
    assert!(!home.docket_file_anew().exists() && !home.docket_file_that_differs().exists());

    // One that had come to something else; one of more entries; and one that is none.
    for (changed, differs) in [
        (Came { state: Hash::of(b"another"), ..came.clone() }, true),
        (Came { size: came.size + 1, ..came.clone() }, false),
    ] {
        let other = Attic::create(&home.docket_file_anew()).expect("room");
        other.settle_at(&home.docket_file(), &serde_json::to_vec(&changed).expect("a head")).expect("room");
        drop(other);
        let (node, _) = run(&home, copy_ring(&ring));
        let rebuilt = node.rebuilt().cloned();
        if differs {
            assert_eq!(rebuilt, Some(Rebuilt::Differs { was: changed, is: came.clone() }));
        } else {
            assert_eq!(rebuilt, Some(Rebuilt::Ahead(changed)));
        }
        node.settle_docket().expect("room");
        drop(node);
        assert_eq!(home.docket_file_that_differs().exists(), differs);
        assert_eq!(head(&home), came, "what the register comes to counts");
        let _ = std::fs::remove_file(home.docket_file_that_differs());
    }
    std::fs::write(home.docket_file(), b"no database").expect("room");
    let (node, _) = run(&home, copy_ring(&ring));
    assert_eq!(node.rebuilt(), Some(&Rebuilt::First));
    node.settle_docket().expect("room");
    drop(node);
    assert_eq!(head(&home), came);

    // A command that only reads leaves it as it is.
    drop(Node::open(&home, copy_ring(&ring)).expect("it opens"));
    assert_eq!(head(&home), came);
}
