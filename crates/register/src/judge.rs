//! What decides whether a submission is let in.

use act::Submission;
use terms::{Instant, RefusalGround};

/// Judges what would stand next (TIME T3): *malformed* is known at once, from earlier entries alone.
///
/// The register itself finds out whether bytes are an act of its own (`form`) and whether the act is
/// in it already (`duplicate`); a judge is asked about the rest.
pub trait Judge {
    /// Judges a submission that would stand at `index`, registered at `registered`. If it is good, the
    /// next one asked about follows on it.
    ///
    /// After a [`crate::Fault`] the judge has seen entries that may not be in the register. It is not
    /// asked again: whoever opens the register anew makes a new judge of its entries.
    ///
    /// # Errors
    /// The ground on which the registrar has to refuse it.
    fn judge(
        &mut self,
        index: u64,
        submission: &Submission,
        registered: Instant,
    ) -> Result<(), RefusalGround>;
}
