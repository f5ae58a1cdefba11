//! Signed contradictions.
