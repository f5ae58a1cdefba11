//! What did the parties agree that the program has to know? An instrument, read from the TOML that
//! people read aloud, with everything that is wrong with it at its place.
//!
//! A table or key that the program does not know is refused, so that nobody signs a clause that it would pass over.
//!
//! In reading order:
//! - [`model`], [`who`], [`procedure`], [`place`], [`rules`]: what an instrument says;
//! - [`read()`], [`read_after`]: text to model, and what is wrong with it; [`sound`]: only what can be run; [`terms()`]: all
//!   but procedures;
//! - [`library`]: what procedures may be like;
//! - [`write()`]: model to text, with what comes from the library spelled out;
//! - [`chart`]: a procedure as a state chart, as a picture and in lines;
//! - [`duty`]: what one participant must and may do;
//! - [`redline`]: what one instrument says otherwise than another, and what that does to open matters;
//! - [`tally`]: whether those who decide have decided;
//! - [`explore`]: every life of a strand, and the traps in it;
//! - [`schema`]: what may stand in it, for editors;
//! - [`CODES`]: each thing that can be wrong;
//! - [`folding`]: the one form in which names are compared;
//! - [`exclusion`]: whether a text names an excluded group.

pub mod chart;
pub mod duty;
pub mod exclusion;
pub mod explore;
mod fault;
pub mod folding;
mod keys;
pub mod library;
mod lint;
pub mod model;
pub mod place;
pub mod procedure;
mod read;
pub mod redline;
pub mod rules;
pub mod schema;
pub mod tally;
pub mod who;
mod write;

pub use exclusion::ExclusionList;
pub use fault::CODES;
pub use model::{
    Authentic, Basis, Calendar, Excluded, ExcludedNames, Instrument, Names, Order, Participant, Provision,
    Transcription,
};
pub use procedure::Procedure;
pub use read::{read, read_after, sound, terms};
pub use write::{quoted, write, write_procedure};
