//! Where others' vectors are, and keys for tests.
#![allow(dead_code, reason = "each test uses some")]
#![expect(clippy::unwrap_used, reason = "a test may")]

use std::path::{Path, PathBuf};

use note::{KeyName, SigningKey, VerifierKey};
use terms::{Hash, Instant, Origin};
use tlog::{Checkpoint, Policy};

/// A folder of others' vectors, where `MITHAQ_VECTORS` says that they lie. Without it nothing: `cargo xtask
/// test` sets it, or says last what it skipped.
pub(crate) fn vectors(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os("MITHAQ_VECTORS")?).join(folder);
    assert!(path.exists(), "{} is absent", path.display());
    Some(path)
}

/// All files under a folder that end in this, sorted.
pub(crate) fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub(crate) fn hash(text: &str) -> Option<Hash> {
    Hash::from_base64(text)
}

pub(crate) fn at(secs: u64) -> Instant {
    Instant::from_secs(secs).unwrap()
}

pub(crate) fn origin() -> Origin {
    Origin::new("register.example/river-accord").unwrap()
}

pub(crate) fn registrar() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

pub(crate) fn log_vkey() -> VerifierKey {
    VerifierKey::plain(KeyName::checkpoint(&origin()), registrar().public())
}

/// The `n`-th witness's key and name.
pub(crate) fn witness(n: u8) -> (SigningKey, KeyName) {
    (SigningKey::from_seed(&[100 + n; 32]), KeyName::new(&format!("w{n}.example/witness")).unwrap())
}

/// `k` of `n` witnesses.
pub(crate) fn policy(k: usize, n: u8) -> Policy {
    let witnesses = (0..n).map(|n| {
        let (key, name) = witness(n);
        (format!("w{n}"), VerifierKey::cosigner(name, key.public()))
    });
    Policy::new(log_vkey(), witnesses.collect(), k).unwrap()
}

pub(crate) fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| tlog::leaf_hash(&n.to_be_bytes())).collect()
}

pub(crate) fn checkpoint(leaves: &[Hash]) -> Checkpoint {
    Checkpoint { origin: origin(), size: leaves.len() as u64, root: tlog::root_of_leaves(leaves) }
}
