//! The places of a list, in the order of tiles: what lies in a tile is a run of them, found without looking at the rest.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use docket::v1::MatterKey;

use super::mercator::Spot;

/// Of how many lists the places are kept.
const KEPT: usize = 4;

/// The places of the matters of one list.
#[derive(Debug, Default)]
pub(crate) struct Points {
    /// In order; each with its matter.
    all: Vec<(u64, MatterKey)>,
}

impl Points {
    pub(crate) fn new(places: impl Iterator<Item = (Spot, MatterKey)>) -> Points {
        let mut all: Vec<(u64, MatterKey)> = places.map(|(spot, key)| (spot.order(), key)).collect();
        all.sort_unstable();
        // A matter of several lives stands once.
        all.dedup();
        Points { all }
    }

    /// The run of those between two places of the order.
    pub(crate) fn between(&self, (first, last): (u64, u64)) -> Range<usize> {
        let from = self.all.partition_point(|(order, _)| *order < first);
        from..from + self.all[from..].partition_point(|(order, _)| *order <= last)
    }

    /// Those of a run.
    pub(crate) fn of(&self, run: Range<usize>) -> &[(u64, MatterKey)] {
        &self.all[run]
    }
}

/// The places of the lists that were asked for last, of one state of the docket.
#[derive(Default)]
pub(crate) struct Kept {
    all: Mutex<Vec<(String, Arc<Points>)>>,
}

impl Kept {
    /// The places of a list, by what it is called; made if they are not here.
    pub(crate) fn of(&self, name: &str, make: impl FnOnce() -> Points) -> Arc<Points> {
        // Whoever comes meanwhile waits: to make them twice would take twice as long.
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = all.iter().position(|(known, _)| known == name) {
            let found = all.remove(place);
            all.push(found);
        } else {
            if all.len() == KEPT {
                all.remove(0);
            }
            all.push((name.to_owned(), Arc::new(make())));
        }
        all.last().map(|(_, points)| Arc::clone(points)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_what_counting_finds() {
        let spots: Vec<Spot> = (0..400u32)
            .map(|n| Spot { x: n.wrapping_mul(77_777_777), y: n.wrapping_mul(33_333_331) })
            .collect();
        let key = |n: usize| MatterKey::opened(n as u64);
        let points = Points::new(spots.iter().enumerate().map(|(n, spot)| (*spot, key(n))));
        for bounds in [(0, u64::MAX), (1 << 62, (1 << 63) - 1), (5, 4), (u64::MAX, u64::MAX)] {
            let counted = spots.iter().filter(|spot| (bounds.0..=bounds.1).contains(&spot.order())).count();
            assert_eq!(points.between(bounds).len(), counted, "{bounds:?}");
        }
    }

    #[test]
    fn the_list_that_was_asked_for_longest_ago_goes() {
        let kept = Kept::default();
        let mut made = 0;
        for name in ["a", "b", "c", "d", "a", "e", "a", "b"] {
            kept.of(name, || {
                made += 1;
                Points::default()
            });
        }
        assert_eq!(made, 6, "`b` is made again, `a` is not");
    }
}
