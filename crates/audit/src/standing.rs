//! A standing proof.
