//! Recorded registers: their bytes come to the same on every machine, in every zone and language, after every release.
//!
//! ```text
//! register   each entry: its length, u16 big-endian, and its bytes (C2SP tlog-tiles, Log entries)
//! annex/HEX  the annexes
//! marks      after each mark: its index, and the root of the state, `12 BASE64`
//! state      the state lines, and a last line `root BASE64`
//! events     what happened
//! ```

use super::World;
use super::world::Roots;
use crate::v1::Event;
use crate::v1::replay::{Annexes, Judged, Replay, Singly, Unfit};
use terms::Hash;

/// A recorded register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Golden {
    /// Its entries.
    pub entries: Vec<Vec<u8>>,
    /// Its annexes.
    pub annexes: Annexes,
}

/// What a register comes to, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The state after each mark.
    pub marks: String,
    /// The state at the end.
    pub state: String,
    /// What happened.
    pub events: String,
}

impl Golden {
    /// A register as it is.
    #[must_use]
    pub fn of(world: &World) -> Golden {
        Golden { entries: world.entries.clone(), annexes: world.annexes.clone() }
    }

    /// A register as it was recorded.
    #[must_use]
    pub fn read<'b>(register: &[u8], annexes: impl IntoIterator<Item = &'b [u8]>) -> Golden {
        let (mut entries, mut rest) = (Vec::new(), register);
        while let Some((length, more)) = rest.split_first_chunk::<2>() {
            let length = usize::from(u16::from_be_bytes(*length)).min(more.len());
            let (entry, after) = more.split_at(length);
            entries.push(entry.to_vec());
            rest = after;
        }
        let annexes = annexes.into_iter().map(|bytes| (Hash::of(bytes), bytes.to_vec())).collect();
        Golden { entries, annexes }
    }

    /// The file `register`.
    ///
    /// # Panics
    ///
    /// If an entry is longer than any can be.
    #[must_use]
    pub fn register(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in &self.entries {
            let length = u16::try_from(entry.len()).expect("an entry's length");
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(entry);
        }
        bytes
    }

    /// Replays it from the bytes, every signature checked.
    ///
    /// # Errors
    ///
    /// Why it can't be replayed.
    pub fn play(&self) -> Result<(Replay, Told), Unfit> {
        let mut tree = tlog::Frontier::new();
        let mut roots = Roots(vec![tree.root()]);
        for entry in &self.entries {
            tree.push(tlog::leaf_hash(entry));
            roots.0.push(tree.root());
        }
        let (genesis, rest) = self
            .entries
            .split_first()
            .map_or((&[] as &[u8], &[] as &[Vec<u8>]), |(first, rest)| (first, rest));
        let mut replay = Replay::begin(genesis, &self.annexes, None, true, &mut Singly)?;
        let mut marks = String::new();
        for (index, entry) in (1_u64..).zip(rest) {
            if let Judged::Mark { .. } = replay.enter(entry, &roots, &mut Singly) {
                marks.push_str(&format!("{index} {}\n", replay.state().root()));
            }
        }
        let state = replay.state();
        let state = format!("{}\nroot {}\n", state.lines().join("\n"), state.root());
        let events = replay.take_events().iter().map(|event: &Event| format!("{event}\n")).collect();
        Ok((replay, Told { marks, state, events }))
    }
}
