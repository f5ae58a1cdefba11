//! What a person sees: tables, times, progress, errors.

pub(crate) mod diagnostic;
pub(crate) mod error;
pub(crate) mod progress;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;
