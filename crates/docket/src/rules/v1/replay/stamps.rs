//! Stamps: which of them count (TIME T13, T14).

use std::collections::BTreeMap;

use note::{Intake, SignatureLine};
use terms::{ActId, Hash, Instant, Origin, ParticipantId, Role, SignerName};

use crate::rules::v1::ledger::Ledger;

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

/// The chains of intake keys: of two stamps on one *previous* the second has no effect, and one that
/// is earlier than its known previous has none either (T14).
#[derive(Clone, Debug, Default)]
pub(super) struct IntakeChains {
    /// By key and *previous*: the stamp that followed.
    follows: BTreeMap<SignerName, BTreeMap<Hash, Hash>>,
    /// When each was given, by its hash.
    times: BTreeMap<Hash, Instant>,
}

impl IntakeChains {
    /// Whether a stamp is intact; then it is the one that follows its *previous*.
    pub(super) fn take(&mut self, key: &SignerName, intake: &Intake) -> bool {
        let hash = intake.hash();
        let first = self.follows.get(key).and_then(|follows| follows.get(&intake.previous));
        if let Some(first) = first {
            return *first == hash;
        }
        if self.times.get(&intake.previous).is_some_and(|before| *before > intake.time) {
            return false;
        }
        self.follows.entry(key.clone()).or_default().insert(intake.previous, hash);
        self.times.insert(hash, intake.time);
        true
    }
}
