//! Procedures for tests, as an instrument has them.

/// `notice` as it is, and beside it `request`, `plan`, `visit`, `watch` and `alarm`; relief by guarantors.
pub const EXERCISE: &str = include_str!("exercise.toml");

/// The instruments of the house whose procedures run, by name.
pub const INSTRUMENTS: [(&str, &str); 4] = [
    ("colombia-mvm-2016", include_str!("../../../../instruments/colombia-mvm-2016.toml")),
    ("doha-istanbul-2025", include_str!("../../../../instruments/doha-istanbul-2025.toml")),
    ("exercise", include_str!("../../../../instruments/exercise.toml")),
    ("india-pakistan-cbm", include_str!("../../../../instruments/india-pakistan-cbm.toml")),
];
