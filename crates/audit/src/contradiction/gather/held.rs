//! A register's entries and its tree, read from the bundles where they are asked for. Tiles are not trusted:
//! they may be what is wrong.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use terms::Hash;
use tlog::tree::{MemoryTree, NoSuchNode, leaf_hash};
use tlog::{HashReader, root_of_leaves};

use super::super::collect::Log;
use crate::folder::{Leads, journal};
use crate::source::Source;
use crate::tiles::{self, BUNDLE_BYTES_MAX};

/// How many bundles are held in memory.
const BUNDLES_HELD: usize = 8;

/// The entries of one bundle, with their hashes as leaves.
struct Held256 {
    entries: Vec<Vec<u8>>,
    leaves: Vec<Hash>,
}

/// What a source holds of a register.
pub(super) struct Held<'a> {
    source: &'a dyn Source,
    leads: &'a Leads,
    /// The tree above the bundles: the root over each is a leaf of it.
    tops: MemoryTree,
    recent: RefCell<VecDeque<(u64, Rc<Held256>)>>,
}

impl<'a> Held<'a> {
    pub(super) fn new(source: &'a dyn Source, leads: &'a Leads) -> Held<'a> {
        Held { source, leads, tops: MemoryTree::of(&leads.traces.tops), recent: RefCell::default() }
    }

    /// How many entries.
    pub(super) const fn size(&self) -> u64 {
        self.leads.traces.size
    }

    /// The root over each 256 entries.
    pub(super) fn tops(&self) -> &[Hash] {
        &self.leads.traces.tops
    }

    /// The entry at an index.
    pub(super) fn bytes(&self, index: u64) -> Option<Vec<u8>> {
        let at = usize::try_from(index % 256).ok()?;
        self.bundle(index / 256)?.entries.get(at).cloned().filter(|_| index < self.size())
    }

    fn bundle(&self, number: u64) -> Option<Rc<Held256>> {
        let known =
            self.recent.borrow().iter().find(|(other, _)| *other == number).map(|(_, held)| Rc::clone(held));
        if known.is_some() {
            return known;
        }
        let read = Rc::new(self.read(number)?);
        let mut recent = self.recent.borrow_mut();
        if recent.len() >= BUNDLES_HELD {
            recent.pop_front();
        }
        recent.push_back((number, Rc::clone(&read)));
        Some(read)
    }

    fn read(&self, number: u64) -> Option<Held256> {
        let mut entries: Vec<Vec<u8>> = Vec::new();
        if let Some(tile) = self.leads.shelf.bundle(number) {
            let bytes = self.source.read(&tiles::path(&tile), BUNDLE_BYTES_MAX).ok().flatten()?;
            let read = tlog::bundle::from_bytes(&bytes, tile.width()).ok()?;
            entries = read.into_iter().map(<[u8]>::to_vec).collect();
        }
        // What follows is in the journal alone.
        let (start, journal) = journal(&self.leads.owns, &self.leads.shelf);
        let from =
            (number * 256 + entries.len() as u64).checked_sub(start).and_then(|at| usize::try_from(at).ok());
        let rest = from.and_then(|from| journal.get(from..)).unwrap_or_default();
        let room = 256_usize.saturating_sub(entries.len());
        entries.extend(rest.iter().take(room).cloned());
        let leaves = entries.iter().map(|entry| leaf_hash(entry)).collect();
        Some(Held256 { entries, leaves })
    }
}

impl HashReader for Held<'_> {
    type Error = NoSuchNode;

    fn node(&self, level: u8, index: u64) -> Result<Hash, NoSuchNode> {
        if let Some(above) = level.checked_sub(8) {
            return self.tops.node(above, index);
        }
        let bundle = self.bundle(index >> (8 - level)).ok_or(NoSuchNode)?;
        // Both are at most 256.
        let from = ((index << level) % 256) as usize;
        let leaves = bundle.leaves.get(from..from + (1 << level)).ok_or(NoSuchNode)?;
        Ok(root_of_leaves(leaves))
    }
}

impl Log for Held<'_> {
    fn entry(&self, index: u64) -> Option<Vec<u8>> {
        self.bytes(index)
    }
}
