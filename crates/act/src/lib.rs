//! What did somebody do, in bytes that can be read in one way only? Acts: their form, their bodies,
//! and the commitments of what they seal.
//!
//! In reading order:
//! - [`form`]: an act's two lines, read and written;
//! - [`body`]: what each kind says;
//! - [`value`]: the values in a body, none of which can hold a sentence;
//! - [`json`]: the strict JSON below them;
//! - [`entry`]: what is handed in, and what stands in the register;
//! - [`exhibit`]: what is signed of a sealed file;
//! - [`refusal`], [`freeze`], [`state`]: notes of their own;
//! - `sample` (feature `samples`): one act of every kind.

pub mod body;
pub mod entry;
pub mod exhibit;
pub mod form;
pub mod freeze;
pub mod json;
pub mod refusal;
#[cfg(feature = "samples")]
pub mod sample;
pub mod state;
mod statement;
pub mod value;

pub use body::Body;
pub use entry::{Entry, EntryFault, Submission};
pub use form::{Act, Draft, FormFault, Head, Seen};
pub use refusal::Refusal;
pub use state::StateNote;
