//! What does a participant keep for itself, beside the register?
//!
//! The private side of a node, in a SQLite database beside its keys: never in the register, nor in the data folder, which
//! may be copied and shown. What the desk asks of the docket is still answered from memory; projections come here later.
//!
//! - [`private`]: the database, and who may write to it;
//! - [`draft`]: what was written and is not signed;
//! - [`feed`]: who may follow with a program what concerns it;
//! - [`looked`]: what was on the record when somebody looked last;
//! - [`fault`]: what can go wrong.

pub mod draft;
pub mod fault;
pub mod feed;
pub mod looked;
pub mod private;

pub use draft::{About, Agreed, Draft, DraftId, State};
pub use fault::Fault;
pub use feed::Feed;
pub use looked::Seen;
pub use private::Private;
