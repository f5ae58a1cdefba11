//! What a register came to, as of a time or as far as it is final.

use std::collections::BTreeMap;

use act::state::StateBody;
use docket::v1::exhibit::{self, Tally};
use docket::v1::replay::Replay;
use terms::{Instant, ParticipantId};

/// What replay came to. A few numbers, so that no second docket is kept beside the one that goes on.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) state: StateBody,
    pub(crate) tallies: BTreeMap<ParticipantId, Tally>,
    pub(crate) settled: u64,
    pub(crate) void: u64,
    /// Acts that were read, and waited for a mark.
    pub(crate) pending: u64,
    /// Whether the register was silent at the time that was asked for (TIME T9).
    pub(crate) silent: bool,
}

impl Outcome {
    pub(crate) fn of(replay: &Replay, as_of: Option<Instant>) -> Outcome {
        let settlement = replay.settlement();
        Outcome {
            state: replay.state_body(as_of),
            tallies: exhibit::tallies(settlement.exhibits()),
            settled: settlement.settled(),
            void: settlement.voids(),
            pending: replay.pending().count() as u64,
            silent: as_of.is_some_and(|as_of| replay.timeline().is_silent(as_of)),
        }
    }
}
