//! What is known to come: the times that open matters name and that lay ahead when it was said, as a meeting's does, or an
//! arrangement's first and last day.

use std::collections::BTreeMap;

use act::value::{FieldValue, Word};
use docket::v1::{Matter, MatterKey};
use terms::Instant;

/// The times, by matter, in order; of what is over and of what names none, nothing.
#[derive(Clone, Default)]
pub(crate) struct Ahead {
    times: BTreeMap<MatterKey, Vec<Instant>>,
}

impl Ahead {
    /// Whether a matter stands otherwise than is known.
    pub(crate) fn differs(&self, key: MatterKey, matter: &Matter) -> bool {
        self.times.get(&key).map_or(&[][..], Vec::as_slice) != named(matter)
    }

    /// A matter as it stands now.
    pub(crate) fn take(&mut self, key: MatterKey, matter: &Matter) {
        let times = named(matter);
        if times.is_empty() {
            self.times.remove(&key);
        } else {
            self.times.insert(key, times);
        }
    }

    /// The first time behind a time, and the matter that names it.
    pub(crate) fn next(&self, now: Instant) -> Option<(Instant, MatterKey)> {
        let first = |(key, times): (&MatterKey, &Vec<Instant>)| {
            times.iter().find(|at| **at > now).map(|at| (*at, *key))
        };
        self.times.iter().filter_map(first).min()
    }
}

/// The times that an open matter names and that came behind its opening, in order.
fn named(matter: &Matter) -> Vec<Instant> {
    if !matter.is_open() {
        return Vec::new();
    }
    let lives = matter.strands.values().flat_map(|life| life.fields().iter());
    let values = matter.common_fields().chain(lives).map(|(_, value)| value);
    let mut times: Vec<Instant> = values
        .flat_map(|value| match value {
            FieldValue::One(Word::Instant(at)) => vec![*at],
            FieldValue::Window(window) => vec![window.start, window.end],
            _ => Vec::new(),
        })
        .filter(|at| *at > matter.opened)
        .collect();
    times.sort_unstable();
    times.dedup();
    times
}
