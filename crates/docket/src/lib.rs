//! What do the entries of a register come to? Replay: the same bytes in, the same state out, on any
//! machine, for ever.
//!
//! [`rules`] has every version of the rules that was ever released; a register's genesis says which
//! it is replayed under; [`view`] says what the docket asks of whom; a [`story`] tells it to people. Nothing here reads a clock, a
//! disk or a network.

#[cfg(feature = "harness")]
pub mod harness;
pub mod rules;
pub mod story;
pub mod view;

pub use rules::v1;
