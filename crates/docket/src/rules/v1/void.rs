//! Why an act that stands in the register has no effect. Nobody's fault, and visible.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The reasons, closed: PROCEDURE §3. The first that applies is the one that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VoidReason {
    /// It names an excluded group as holder of anything.
    Excluded,
    /// It names a procedure, matter, strand, step, act, exhibit or key that there is not.
    Unknown,
    /// No matter can be opened any more.
    Closed,
    /// It is not this participant's to do.
    NoPower,
    /// It must be done with the participant's own hand.
    OwnHand,
    /// It needs two officers.
    TwoOfficers,
    /// It names a seat that nobody has taken.
    Vacant,
    /// It came after the clock had run out.
    Late,
    /// The state does not allow it.
    WrongState,
    /// A choice, field or file is not as the procedure asks.
    Form,
    /// It cites what is without prejudice.
    NotCitable,
}

impl VoidReason {
    /// All of them.
    pub const ALL: [VoidReason; 11] = [
        VoidReason::Excluded,
        VoidReason::Unknown,
        VoidReason::Closed,
        VoidReason::NoPower,
        VoidReason::OwnHand,
        VoidReason::TwoOfficers,
        VoidReason::Vacant,
        VoidReason::Late,
        VoidReason::WrongState,
        VoidReason::Form,
        VoidReason::NotCitable,
    ];

    /// The word, as it stands in events.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            VoidReason::Excluded => "excluded",
            VoidReason::Unknown => "unknown",
            VoidReason::Closed => "closed",
            VoidReason::NoPower => "no-power",
            VoidReason::OwnHand => "own-hand",
            VoidReason::TwoOfficers => "two-officers",
            VoidReason::Vacant => "vacant",
            VoidReason::Late => "late",
            VoidReason::WrongState => "wrong-state",
            VoidReason::Form => "form",
            VoidReason::NotCitable => "not-citable",
        }
    }
}

impl fmt::Display for VoidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
