//! What is an alarm, and of which of two levels: the one place that says so, for all pages.

use docket::v1::event::What;
use serde::Serialize;

use super::whole::Found;
use crate::desk::Held;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// A file is not what was signed, or somebody had seen another record: that convicts nobody.
    Differs,
    /// A key is convicted, a stamp is false, or the registrar let in what it had to refuse.
    Proof,
}

impl Level {
    /// The level of what the docket shows, and of what the last check of everything found.
    pub(crate) fn of(held: &Held, whole: Option<&Found>) -> Option<Level> {
        let replay = held.replay();
        let is_proof = replay.malformed() > 0
            || !replay.false_stamps().is_empty()
            || held.happened().alarms().any(|(_, what)| matches!(what, What::Malformed(_)))
            || whole.is_some_and(Found::convicts);
        let differs = || held.happened().alarms().next().is_some() || whole.is_some_and(Found::is_wrong);
        if is_proof { Some(Level::Proof) } else { differs().then_some(Level::Differs) }
    }

    pub(crate) fn is_proof(self) -> bool {
        self == Level::Proof
    }

    /// The message that is its heading.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Level::Differs => "differs-title",
            Level::Proof => "alarm-title",
        }
    }

    /// The message that says what it is, where what is known stands below.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Level::Differs => "differs-says",
            Level::Proof => "alarm-says",
        }
    }
}
