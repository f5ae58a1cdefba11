//! What bears on what is looked for: of a long register, few entries do.

use std::collections::BTreeSet;

use act::{Body, Entry, Submission};
use note::Intake;
use terms::{ActId, Hash, SignerName};

use super::{Collector, Log};

/// Whose chains are followed, which acts' places are kept, and which stamps.
pub(super) struct Narrow {
    pub(super) keys: BTreeSet<SignerName>,
    pub(super) acts: BTreeSet<ActId>,
    /// Hashes that a stamp follows on, or has; all stamps, if nothing was said.
    stamps: Option<BTreeSet<Hash>>,
    /// Whether checkpoints of marks are kept.
    pub(super) marks: bool,
}

impl<L: Log> Collector<'_, L> {
    /// Says what is looked for, before the first entry: whatever was handed over so far, and these entries,
    /// which replay found malformed. With `astray`, also what entries and their marks say beside each
    /// other of stamps and witness times. From here on nothing is held that bears on none of it.
    pub fn narrow(&mut self, malformed: impl IntoIterator<Item = Vec<u8>>, astray: bool) {
        let loose_checkpoints = self.checkpoints.len() > 1;
        let mut narrow = Narrow {
            keys: BTreeSet::new(),
            acts: BTreeSet::new(),
            stamps: (!astray).then(BTreeSet::new),
            marks: astray || loose_checkpoints || !self.freezes.is_empty(),
        };
        for (submission, _) in &self.acts {
            self.bears_on(&mut narrow, submission);
        }
        for (_, submission, _) in &self.refusals {
            if let Ok(submission) = Submission::parse(submission) {
                self.bears_on(&mut narrow, &submission);
            }
        }
        for bytes in malformed {
            if let Ok(entry) = Entry::parse(&bytes) {
                self.bears_on(&mut narrow, entry.submission());
            }
        }
        self.narrow = Some(narrow);
    }

    fn bears_on(&self, narrow: &mut Narrow, submission: &Submission) {
        let act = submission.act();
        narrow.keys.extend(act.head().signers.iter().cloned());
        narrow.acts.insert(act.id());
        narrow.acts.extend(act.head().prev);
        let mut stamps: Vec<Intake> = Vec::new();
        for line in submission.intakes() {
            narrow.keys.extend(SignerName::from_key_name(&self.anchor.origin, line.name.as_str()));
            stamps.extend(Intake::parse(act.id(), &line.payload).map(|(intake, _)| intake));
        }
        if let Body::Intake(body) = act.body() {
            narrow.keys.insert(body.key.clone());
            narrow.acts.insert(body.act);
            stamps.push(Intake { act: body.act, time: body.time, previous: body.previous });
        }
        if let Some(hashes) = &mut narrow.stamps {
            hashes.extend(stamps.iter().flat_map(|stamp| [stamp.previous, stamp.hash()]));
        }
    }

    /// Whether a stamp is to be kept.
    pub(super) fn bears_stamp(&self, stamp: &Intake) -> bool {
        let Some(hashes) = self.narrow.as_ref().and_then(|narrow| narrow.stamps.as_ref()) else {
            return true;
        };
        hashes.contains(&stamp.previous) || hashes.contains(&stamp.hash())
    }
}
