//! What a registrar and its witnesses can make anew of entries: tiles, receipts, checkpoints.

use act::Entry;
use note::{KeyName, Receipt, SigningKey};
use terms::{Hash, Instant};
use tlog::{Checkpoint, CosignedCheckpoint, Edge, TileKind, TilePath, cosignature, leaf_hash};

use crate::common;
use crate::common::{Files, witness_name};
use crate::spoilt::SPOILT;

/// The entries of a folder's bundles.
pub(crate) fn entries(files: &Files) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    for index in 0.. {
        let widest = (1..=256).rev().filter_map(|width| TilePath::new(TileKind::Entries, index, width));
        let found = widest
            .map(|tile| (tile.width(), format!("register/{tile}")))
            .find(|(_, path)| files.0.contains_key(path));
        let Some((width, path)) = found else { break };
        let bundle = tlog::bundle::from_bytes(&files.0[&path], width).expect("a bundle");
        entries.extend(bundle.into_iter().map(<[u8]>::to_vec));
        if width < 256 {
            break;
        }
    }
    entries
}

/// What a registrar can make of entries: every tile anew, and no journal.
pub(crate) fn rebuilt(files: &Files, entries: &[Vec<u8>]) -> Files {
    let mut files = files.clone();
    files.0.retain(|path, _| !path.starts_with("register/tile/") && path != "queue/journal");
    let mut edge = Edge::new();
    for (index, chunk) in entries.chunks(256).enumerate() {
        let tile = TilePath::in_log(TileKind::Entries, index as u64, entries.len() as u64).expect("a tile");
        files.0.insert(format!("register/{tile}"), tlog::bundle::to_bytes(chunk).expect("short entries"));
        for entry in chunk {
            for (tile, bytes) in edge.push(leaf_hash(entry)) {
                files.0.insert(format!("register/{tile}"), bytes);
            }
        }
    }
    for (tile, bytes) in edge.partial() {
        files.0.insert(format!("register/{tile}"), bytes);
    }
    files
}

pub(crate) fn root(entries: &[Vec<u8>]) -> Hash {
    let mut edge = Edge::new();
    for entry in entries {
        edge.push(leaf_hash(entry));
    }
    edge.root()
}

/// A checkpoint of these entries by the registrar, and the lines that a helper gives it.
pub(crate) fn signed(entries: &[Vec<u8>], witnesses: &[(&str, &SigningKey, Instant)]) -> Vec<u8> {
    let spoilt = &*SPOILT;
    let checkpoint = Checkpoint { origin: common::origin(), size: entries.len() as u64, root: root(entries) };
    let mut note = CosignedCheckpoint::sign(checkpoint.clone(), &spoilt.registrar).note().to_string();
    for (name, key, time) in witnesses {
        let name = KeyName::new(&witness_name(name)).expect("a name");
        note.push_str(&format!("{}\n", cosignature::sign(&checkpoint, *time, key, &name)));
    }
    note.into_bytes()
}

/// The same act with a receipt of the registrar's for another place and time.
pub(crate) fn receipted(entry: &[u8], index: u64, time: Instant) -> Vec<u8> {
    let spoilt = &*SPOILT;
    let entry = Entry::parse(entry).expect("an entry");
    let receipt = Receipt { index, time, submission: entry.submission_hash() };
    let line = receipt.sign(&common::origin(), &spoilt.genesis, &spoilt.registrar);
    Entry::new(entry.submission().clone(), line).expect("an entry").to_bytes()
}

pub(crate) fn renumbered(entries: &[Vec<u8>]) -> Vec<Vec<u8>> {
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            receipted(entry, index as u64, Entry::parse(entry).expect("one").receipt().time)
        })
        .collect()
}

pub(crate) fn with(files: &Files, entries: &[Vec<u8>], checkpoint: Vec<u8>) -> Files {
    rebuilt(files, entries).with("register/checkpoint", checkpoint)
}
