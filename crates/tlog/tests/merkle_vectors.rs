//! The vectors of transparency-dev/merkle: every proof that must be refused is.

mod common;

use common::{files, hash, vectors};
use serde::Deserialize;
use terms::Hash;
use tlog::{verify_consistency, verify_inclusion};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Inclusion {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    desc: String,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Consistency {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    desc: String,
    want_err: bool,
}

fn path(lines: Option<Vec<String>>) -> Option<Vec<Hash>> {
    lines.unwrap_or_default().iter().map(|line| hash(line)).collect()
}

#[test]
fn inclusion() {
    let Some(folder) = vectors("merkle-transparency-dev/testdata/inclusion") else { return };
    let mut good = 0;
    for file in files(&folder, ".json") {
        let v: Inclusion = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        // What is no hash never gets as far as a proof: our types refuse it.
        let holds = || {
            let (leaf, root, path) = (hash(&v.leaf_hash)?, hash(&v.root)?, path(v.proof)?);
            verify_inclusion(&leaf, v.leaf_idx, v.tree_size, &path, &root).ok()
        };
        assert_eq!(holds().is_none(), v.want_err, "{}: {}", file.display(), v.desc);
        good += usize::from(!v.want_err);
    }
    assert_eq!(good, 5);
}

#[test]
fn consistency() {
    let Some(folder) = vectors("merkle-transparency-dev/testdata/consistency") else { return };
    let mut good = 0;
    for file in files(&folder, ".json") {
        let v: Consistency = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let holds = || {
            let (old, new, path) = (hash(&v.root1)?, hash(&v.root2)?, path(v.proof)?);
            verify_consistency(v.size1, &old, v.size2, &new, &path).ok()
        };
        // The one good case whose roots are 12 bytes of text: no hashes, so nothing of ours.
        let no_hashes = v.desc == "sizes are equal (one) and proof is empty";
        assert_eq!(holds().is_none(), v.want_err || no_hashes, "{}: {}", file.display(), v.desc);
        good += usize::from(!v.want_err);
    }
    assert_eq!(good, 5);
}
