//! Stamps: which of them count (TIME T13, T14).

use std::collections::BTreeMap;

use note::{Intake, SignatureLine};
use terms::{ActId, Hash, Instant, Origin, ParticipantId, Role, SignerName};

use crate::rules::v1::ledger::Ledger;
use crate::rules::v1::paged::Paged;

pub(super) fn read_intake(origin: &Origin, line: &SignatureLine, act: ActId) -> Option<(SignerName, Intake)> {
    let key = SignerName::from_key_name(origin, line.name.as_str())?;
    Intake::parse(act, &line.payload).map(|(intake, _)| (key, intake))
}

/// A stamp counts by a guarantor, not the author (T13).
pub(super) fn counts(
    ledger: &Ledger,
    stamper: Option<&ParticipantId>,
    author: Option<&ParticipantId>,
) -> bool {
    stamper.is_some_and(|who| ledger.role(who) == Some(Role::Guarantor)) && stamper != author
}

/// A stamp that has no effect, since it does not fit what its key stamped before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FalseStamp {
    /// The entry that bears it.
    pub index: u64,
    /// Whose it is.
    pub key: SignerName,
    /// How it does not fit.
    pub broken: Broken,
}

/// How a chain of stamps is broken. Either convicts the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Another stamp follows on the same one (C13).
    Forked,
    /// It is earlier than the one that it follows on (C14).
    Backwards,
}

/// The most false stamps that are remembered.
const FALSE_MAX: usize = 1_000;

/// The chains of intake keys: of two stamps on one *previous* the second has no effect, and one that
/// is earlier than its known previous has none either (T14).
#[derive(Clone, Debug, Default)]
pub(super) struct IntakeChains {
    /// By key and *previous*: the stamp that followed.
    follows: BTreeMap<SignerName, Paged<Hash, Hash>>,
    /// When each was given, by its hash.
    times: Paged<Hash, Instant>,
    /// Those that have no effect.
    pub(super) broken: Vec<FalseStamp>,
}

impl IntakeChains {
    /// Whether a stamp that the entry at `index` bears is intact; then it is the one that follows its
    /// *previous*.
    pub(super) fn take(&mut self, index: u64, key: &SignerName, intake: &Intake) -> bool {
        let hash = intake.hash();
        let backwards = self.times.get(&intake.previous).is_some_and(|before| *before > intake.time);
        // One without effect is followed on all the same: what it says is known.
        self.times.insert(hash, intake.time);
        let follows = self.follows.entry(key.clone()).or_default();
        let followed = *follows.get(&intake.previous).unwrap_or(&hash);
        follows.insert(intake.previous, followed);
        let broken = if followed != hash {
            Broken::Forked
        } else if backwards {
            Broken::Backwards
        } else {
            return true;
        };
        if self.broken.len() < FALSE_MAX {
            self.broken.push(FalseStamp { index, key: key.clone(), broken });
        }
        false
    }
}
