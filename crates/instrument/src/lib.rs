//! What did the parties agree that the program has to know? An instrument, read from the TOML that
//! people read aloud, with everything that is wrong with it at its place.
//!
//! This release reads the least that a hand-over needs: `[instrument]`, `[participant.X]`,
//! `[excluded.X]` and `[calendar]`. Any other table is refused as *not read yet*, so that nobody
//! signs a clause that the program would pass over.
//!
//! In reading order:
//! - [`model`]: what an instrument says;
//! - [`read()`]: text to model, and what is wrong with it; [`sound`]: only what can be run;
//! - [`CODES`]: each thing that can be wrong;
//! - [`folding`]: the one form in which names are compared;
//! - [`exclusion`]: whether a text names an excluded group.

pub mod exclusion;
mod fault;
pub mod folding;
pub mod model;
mod read;

pub use exclusion::ExclusionList;
pub use fault::CODES;
pub use model::{Authentic, Basis, Calendar, Excluded, ExcludedNames, Instrument, Names, Order, Participant};
pub use read::{read, sound};
