//! Where matters lie that nobody has touched for a while: outside memory, as bytes.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError, RwLock};

use super::law::Law;
use super::matter::{Matter, bytes};

/// Keeps bytes outside memory, for as long as anything that was replayed on it is there. Never where it counts for anything
/// but memory: what comes out is what went in.
pub trait Attic: Debug + Send + Sync {
    /// Puts bytes away. Gives where they lie.
    fn put(&self, bytes: &[u8]) -> u64;

    /// The bytes that lie there.
    fn get(&self, place: u64) -> Vec<u8>;

    /// What lies there is not what was put there. Nothing can go on.
    fn is_damaged(&self, place: u64) -> !;
}

/// An attic, and what its bytes are read by.
#[derive(Debug)]
pub struct Rooms {
    attic: Arc<dyn Attic>,
    /// The laws of what lies there: it says by a number under which of them it runs.
    laws: RwLock<Vec<Arc<Law>>>,
}

impl Rooms {
    /// An attic that is empty.
    #[must_use]
    pub fn new(attic: Arc<dyn Attic>) -> Rooms {
        Rooms { attic, laws: RwLock::default() }
    }

    #[cfg(test)]
    pub(super) fn attic(&self) -> &dyn Attic {
        self.attic.as_ref()
    }
}

/// What can lie in an attic.
pub trait Rests: Sized {
    /// Puts it away. Gives where it lies.
    fn put(&self, rooms: &Rooms) -> u64;

    /// Brings it back.
    fn bring(rooms: &Rooms, place: u64) -> Self;
}

impl Rests for Matter {
    fn put(&self, rooms: &Rooms) -> u64 {
        let known = |laws: &[Arc<Law>]| laws.iter().position(|law| Arc::ptr_eq(law, &self.law));
        let law = known(&rooms.laws.read().unwrap_or_else(PoisonError::into_inner));
        let law = law.unwrap_or_else(|| {
            let mut laws = rooms.laws.write().unwrap_or_else(PoisonError::into_inner);
            known(&laws).unwrap_or_else(|| {
                laws.push(Arc::clone(&self.law));
                laws.len() - 1
            })
        });
        rooms.attic.put(&bytes::of(self, law))
    }

    fn bring(rooms: &Rooms, place: u64) -> Matter {
        let lies = rooms.attic.get(place);
        let laws = rooms.laws.read().unwrap_or_else(PoisonError::into_inner);
        bytes::read(&lies, &laws).unwrap_or_else(|| rooms.attic.is_damaged(place))
    }
}

/// One in memory after all: for tests.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<Vec<Vec<u8>>>);

impl Attic for InMemory {
    fn put(&self, bytes: &[u8]) -> u64 {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(bytes.to_vec());
        all.len() as u64 - 1
    }

    fn get(&self, place: u64) -> Vec<u8> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        usize::try_from(place).ok().and_then(|place| all.get(place).cloned()).unwrap_or_default()
    }

    fn is_damaged(&self, place: u64) -> ! {
        unreachable!("what lies at {place} was put there by this program")
    }
}
