//! Where each act stands, in little memory: a register holds a million.

use terms::ActId;

/// Acts, each with its place.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// Each in order, and at least twice as long as the next: there are few, and each act is copied few times.
    runs: Vec<Vec<(ActId, u64)>>,
}

impl Ids {
    /// Where an act stands.
    #[must_use]
    pub fn get(&self, act: &ActId) -> Option<u64> {
        self.runs.iter().find_map(|run| {
            let at = run.binary_search_by_key(act, |(known, _)| *known).ok()?;
            run.get(at).map(|(_, index)| *index)
        })
    }

    /// Says where an act stands, unless that is said already: then it gives where.
    pub fn insert(&mut self, act: &ActId, index: u64) -> Option<u64> {
        if let Some(known) = self.get(act) {
            return Some(known);
        }
        let mut run = vec![(*act, index)];
        while let Some(last) = self.runs.pop_if(|last| last.len() < 2 * run.len()) {
            let mut joined = Vec::with_capacity(last.len() + run.len());
            joined.extend(last);
            joined.append(&mut run);
            joined.sort_unstable();
            run = joined;
        }
        self.runs.push(run);
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use terms::Hash;

    use super::*;

    #[test]
    fn each_stands_where_it_was_said_first() {
        let (mut ids, mut plain) = (Ids::default(), BTreeMap::new());
        for index in 0..3_000_u64 {
            let act = ActId(Hash::of(&(index % 2_500).to_le_bytes()));
            let known = plain.get(&act).copied();
            assert_eq!(ids.insert(&act, index), known, "{index}");
            plain.entry(act).or_insert(index);
        }
        assert!(plain.iter().all(|(act, index)| ids.get(act) == Some(*index)));
        assert_eq!(ids.get(&ActId(Hash::of(b"none"))), None);
        assert!(ids.runs.len() < 14, "{}", ids.runs.len());
        assert!(ids.runs.iter().all(|run| run.capacity() <= run.len() + 3), "none holds room for more");
    }
}
