//! A promise that was not kept in time. It is a breach of duty and no lie: sleeping witnesses, and
//! witnesses that are reached by stick, look the same, so it convicts nobody (TIME §4).

use std::fmt;

use note::SignatureLine;
use terms::{Instant, Seconds};

use super::anchor::Anchor;
use super::file::{Quoted, Register};
use super::unconfirmed::Unconfirmed;
use crate::Expected;

/// An entry was promised, and a checkpoint that was cosigned later than it should have been in does
/// not reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// The index that was promised.
    pub index: u64,
    /// Registered time.
    pub registered: Instant,
    /// The size of the checkpoint.
    pub size: u64,
    /// The lower median of its cosignatures' times.
    pub witness_time: Instant,
    /// Within what time it was expected to be cosigned, by the instrument.
    pub cosign_delay: Seconds,
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the entry {} was registered at {}; at {}, {} s later, the register was cosigned up to {} entries \
             and without it. That is a delay, and no contradiction: nobody is convicted",
            self.index,
            self.registered,
            self.witness_time,
            self.witness_time.since(self.registered).0,
            self.size
        )
    }
}

/// Whether a receipt and a cosigned checkpoint show a breach of duty: W > registered time + the
/// instrument's cosign delay, and a size that does not reach the index. `register` must quote policy
/// and instrument.
///
/// # Errors
/// If something is not signed as it should be, or of another register. That all is in time is no error.
pub fn late(
    register: &Register,
    expected: &Expected,
    receipt: &SignatureLine,
    checkpoint: &[u8],
) -> Result<Option<Late>, Unconfirmed> {
    let anchor = Anchor::new(register, expected)?;
    let cosign_delay = anchor.instrument()?.calendar.cosign_delay;
    let receipt = anchor.receipt_line(receipt).ok_or(Unconfirmed::Unsigned("receipt"))?;
    let (checkpoint, median) = anchor.final_checkpoint(&Quoted(checkpoint.to_vec()))?;
    let (size, witness_time) = (checkpoint.checkpoint().size, median.time);
    let is_late = witness_time > receipt.time.plus(cosign_delay) && size <= receipt.index;
    let found = Late { index: receipt.index, registered: receipt.time, size, witness_time, cosign_delay };
    Ok(is_late.then_some(found))
}
