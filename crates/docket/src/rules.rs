//! The versions of the rules. A version is never edited once a register lives under it; a better rule
//! is a new version, which an amendment may raise a register to.

pub mod v1;

/// The versions that this program can replay.
pub const KNOWN: &[u32] = &[1];
