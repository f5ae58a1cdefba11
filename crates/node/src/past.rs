//! What was known at an earlier time, and the acts that stand in the register.

use docket::v1::replay::{Annexes, Replay, Singly};
use register::Shelf;
use terms::Instant;

use act::Entry;

use crate::node::{StorePast, begin};
use crate::{Fault, Node};

impl Node {
    /// The docket as it was known at a time: marks past it, and what they settled, are left out (TIME T9).
    ///
    /// # Errors
    ///
    /// Entries or annexes can't be read.
    pub fn docket_as_of(&self, at: Instant) -> Result<Replay, Fault> {
        let shelf = Shelf::annexes(&self.folder);
        let mut annexes = Annexes::new();
        loop {
            let mut past: Option<Replay> = None;
            self.store.for_each(0..self.docket.size(), |_, bytes| {
                match &mut past {
                    None => past = Some(begin(bytes, &mut annexes, &shelf, Some(at))?),
                    Some(past) => {
                        past.enter(bytes, &StorePast(&self.store), &mut Singly);
                    }
                }
                Ok(())
            })?;
            let past = past.ok_or_else(|| Fault::Unknown("this node has no entry yet".to_owned()))?;
            // An amendment's texts are read only once replay asks for them.
            match past.missing_annex().copied() {
                Some(hash) if !annexes.contains_key(&hash) => match shelf.get(&hash)? {
                    Some(bytes) => drop(annexes.insert(hash, bytes)),
                    None => return Ok(past),
                },
                _ => return Ok(past),
            }
        }
    }

    /// Shows the acts of the first `size` entries, with their indexes, in order.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn for_each_entry(&self, size: u64, mut each: impl FnMut(u64, &Entry)) -> Result<(), Fault> {
        self.store.for_each(0..size.min(self.size()), |index, bytes| {
            if let Ok(entry) = Entry::parse(bytes) {
                each(index, &entry);
            }
            Ok(())
        })
    }
}
