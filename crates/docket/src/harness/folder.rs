//! A register in memory as files, as a node's folder has them: for tests of whoever checks folders.

use std::collections::BTreeMap;

use terms::Hash;
use tlog::{Edge, TileKind, TilePath, leaf_hash};

use super::World;

/// The paths of a node's folder, and what is at each.
pub type Files = BTreeMap<String, Vec<u8>>;

impl World {
    /// The folder of whoever holds all of this register, with a checkpoint of all of it that all witnesses
    /// cosigned now.
    #[must_use]
    pub fn folder(&self) -> Files {
        let mut files = Files::new();
        let mut edge = Edge::new();
        let mut tiles = Vec::new();
        for entry in &self.entries {
            tiles.extend(edge.push(leaf_hash(entry)));
        }
        tiles.extend(edge.partial());
        for (number, entries) in (0..).zip(self.entries.chunks(256)) {
            let width = u16::try_from(entries.len()).unwrap_or(u16::MAX);
            let tile = TilePath::new(TileKind::Entries, number, width);
            tiles.extend(tile.zip(tlog::bundle::to_bytes(entries)));
        }
        for (tile, bytes) in tiles {
            files.insert(format!("register/{tile}"), bytes);
        }
        for (hash, bytes) in &self.annexes {
            files.insert(format!("register/annex/{}", hash.to_hex()), bytes.clone());
        }
        let checkpoint = self.cosigned(self.size(), &self.clocks());
        files.insert("register/checkpoint".to_owned(), checkpoint.to_string().into_bytes());
        files
    }
}

/// Puts a note beside a register.
pub fn add_note(files: &mut Files, note: &[u8]) {
    files.insert(format!("note/{}", Hash::of(note).to_hex()), note.to_vec());
}
