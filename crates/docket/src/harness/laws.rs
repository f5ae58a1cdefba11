//! Procedures for tests, as an instrument has them.

/// `notice` as it is, and beside it `request`, `plan`, `visit`, `watch` and `alarm`; relief by guarantors.
pub const EXERCISE: &str = include_str!("exercise.toml");
