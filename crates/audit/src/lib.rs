//! Is this record whole, true to its rules, and what does it come to? Every check that can be made over
//! bytes alone, offline, without trusting whoever ran the server. It holds no keys and opens no
//! exhibit.
//!
//! In reading order:
//! - [`Expected`]: which register it must be;
//! - [`source`]: where the bytes come from;
//! - [`layout`]: which files a node's folder may have;
//! - [`named`]: which files acts name;
//! - [`report`]: what was found: counts, the first wrong thing, the state;
//! - [`folder`]: a whole register, checked and replayed;
//! - [`standing`]: one entry's proof as a small file, and what it stands for now;
//! - [`contradiction`]: signed contradictions, and whom each convicts.

pub mod contradiction;
mod expected;
pub mod folder;
pub mod layout;
pub mod named;
mod notes;
mod outcome;
mod own;
mod pass;
mod pieces;
pub mod report;
pub mod source;
pub mod standing;
mod tiles;
mod times;

pub use expected::Expected;
pub use folder::{Checked, verify_folder};
pub use report::{Report, Standing, Verdict, Wrong};
pub use source::{Batcher, Bundle, Carried, Inline, Own, Piece, Source};
