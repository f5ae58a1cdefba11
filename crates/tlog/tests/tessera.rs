//! A log that Tessera wrote, read whole.

mod common;

use common::{files, vectors};
use note::{Note, VerifierKey};
use terms::Hash;
use tlog::{
    Checkpoint, Edge, TileKind, TilePath, TileReader, bundle, consistency_proof, inclusion_proof, leaf_hash,
    root_of, root_of_leaves, tile, verify_consistency, verify_inclusion,
};

/// Tessera's own test key; its id stands under each checkpoint of this log.
const KEY: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

#[test]
fn the_whole_log() {
    let Some(log) = vectors("tessera-testlog/testdata/log") else { return };
    let key = VerifierKey::parse(KEY).unwrap();
    let open = |name: &str| {
        let note = Note::parse(&std::fs::read(log.join(name)).unwrap(), 16).unwrap();
        let checkpoint = Checkpoint::parse(note.text()).unwrap();
        assert_eq!(checkpoint.verify(&key, &note.signatures()[0]), Ok(()));
        checkpoint
    };
    let last = open("checkpoint");
    let path = TilePath::in_log(TileKind::Entries, 0, last.size).unwrap();
    let bytes = std::fs::read(log.join(path.to_string())).unwrap();
    let entries = bundle::from_bytes(&bytes, path.width()).unwrap();
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    assert_eq!(root_of_leaves(&leaves), last.root);

    let tiles = TileReader::new(last.size, |path: &TilePath| std::fs::read(log.join(path.to_string())));
    for size in 0..=last.size {
        if !log.join(format!("checkpoint.{size}")).exists() {
            continue;
        }
        let checkpoint = open(&format!("checkpoint.{size}"));
        assert_eq!(checkpoint.size, size);
        assert_eq!(root_of(&tiles, size).unwrap(), checkpoint.root);
        if size > 0 {
            let proof = consistency_proof(&tiles, size, last.size).unwrap();
            assert_eq!(verify_consistency(size, &checkpoint.root, last.size, &last.root, &proof), Ok(()));
            let edge = Edge::load(size, |path| std::fs::read(log.join(path.to_string()))).unwrap();
            assert_eq!(edge.root(), checkpoint.root);
        }
    }
    for (index, leaf) in (0..).zip(&leaves) {
        let proof = inclusion_proof(&tiles, index, last.size).unwrap();
        assert_eq!(verify_inclusion(leaf, index, last.size, &proof, &last.root), Ok(()));
    }

    // Every file below `tile` has a name that we read and print, and the bytes we would write.
    let mut edge = Edge::new();
    let mut written = Vec::new();
    for (leaf, size) in leaves.iter().zip(1u64..) {
        written.extend(edge.push(*leaf));
        written.extend(edge.partial());
        let width = u16::try_from(size).unwrap();
        let entries = bundle::to_bytes(&entries[..usize::from(width)]).unwrap();
        written.push((TilePath::new(TileKind::Entries, 0, width).unwrap(), entries));
    }
    let found = files(&log.join("tile"), "");
    assert_eq!(found.len(), 2 * 15);
    for file in found {
        let name = file.strip_prefix(&log).unwrap().to_str().unwrap();
        let path = TilePath::parse(name).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        assert!(written.contains(&(path, bytes)), "{name}");
    }
    assert!(tile::changed(0, last.size).count() == 2);
}
