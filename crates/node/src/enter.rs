//! Entries come onto a docket many at a time: their signatures are checked together, on all cores.

use std::ops::Range;

use docket::v1::Replay;
use docket::v1::replay::{Past, Singly, Verifier};
use note::Check;

use crate::Fault;
use crate::batch::failing;
use crate::node::{Store, StorePast};

/// So many together: the bundles of a register hold 256 each.
pub(crate) const TOGETHER: u64 = 2048;

/// Fewer are checked one by one: a copy of the docket costs more.
const FEW: usize = 32;

impl Store {
    /// Puts the entries of a range on a docket, which has all that come before, and shows each of them first. Events that wait
    /// there to be taken are copied: it should have few.
    ///
    /// # Errors
    ///
    /// One can't be read: those before it are on the docket.
    pub(crate) fn enter(
        &self,
        range: Range<u64>,
        docket: &mut Replay,
        mut each: impl FnMut(u64, &[u8]),
    ) -> Result<(), Fault> {
        let mut together = Vec::new();
        let read = self.for_each(range, |index, entry| {
            each(index, entry);
            together.push(entry.to_vec());
            if together.len() as u64 == TOGETHER {
                enter(docket, &together, &StorePast(self));
                together.clear();
            }
            Ok(())
        });
        enter(docket, &together, &StorePast(self));
        read
    }
}

/// Puts them on the docket as if each were checked where it stands.
fn enter(docket: &mut Replay, entries: &[Vec<u8>], past: &dyn Past) {
    // What waits for an annex goes through in no time.
    if entries.len() >= FEW && docket.missing_annex().is_none() {
        let (mut taken_for_good, mut gathered) = (docket.clone(), Gathered(Vec::new()));
        for entry in entries {
            taken_for_good.enter(entry, past, &mut gathered);
        }
        if all_hold(&gathered.0) {
            *docket = taken_for_good;
            return;
        }
    }
    for entry in entries {
        docket.enter(entry, past, &mut Singly);
    }
}

/// Takes each signature to be good, and keeps what is to be checked.
struct Gathered(Vec<Check>);

impl Verifier for Gathered {
    fn holds(&mut self, _: u64, check: Check) -> bool {
        self.0.push(check);
        true
    }
}

fn all_hold(checks: &[Check]) -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let each = checks.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let start = |part| std::thread::Builder::new().spawn_scoped(scope, move || failing(part).is_empty());
        let parts: Vec<_> = checks.chunks(each).map(start).collect();
        // A thread that fell over, or that there is no room for, has found nothing to be good; each is waited for.
        let hold: Vec<bool> =
            parts.into_iter().map(|part| part.is_ok_and(|part| part.join().unwrap_or(false))).collect();
        hold.into_iter().all(|holds| holds)
    })
}

#[cfg(test)]
mod tests {
    use docket::harness::lives::Lives;

    use super::*;

    const EXERCISE: &str = include_str!("../../../instruments/exercise.toml");

    #[test]
    fn many_come_to_what_each_by_itself_comes_to() {
        let mut lives = Lives::that_change(EXERCISE, 3);
        lives.play(120);
        let world = &lives.world;
        assert!(world.entries.len() > 2 * FEW);
        let good: Vec<Vec<u8>> = world.entries.clone();
        let mut bad = good.clone();
        // The last byte of a signature's line, but for its padding and its end.
        let spoilt = bad.len() / 2;
        let at = bad[spoilt].len() - 5;
        bad[spoilt][at] = if bad[spoilt][at] == b'A' { b'B' } else { b'A' };
        let mut roots = Vec::new();
        for entries in [&good, &bad] {
            let begin =
                || Replay::begin(&entries[0], &world.annexes, None, true, &mut Singly).expect("a genesis");
            let (mut together, mut singly) = (begin(), begin());
            enter(&mut together, &entries[1..], &world.roots);
            for entry in &entries[1..] {
                singly.enter(entry, &world.roots, &mut Singly);
            }
            assert_eq!(together.state_body(None), singly.state_body(None));
            assert_eq!(together.take_events(), singly.take_events());
            roots.push((together.malformed(), together.root()));
        }
        assert!(roots[0].0 < roots[1].0 && roots[0].1 != roots[1].1, "one signature is bad: {roots:?}");
    }
}
