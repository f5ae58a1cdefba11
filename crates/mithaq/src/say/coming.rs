//! What comes to the whole agreement, and can't be undone (TIME T18).

use docket::view::Comes;
use serde_json::{Value, json};

use super::effect;
use crate::reading::Reading;
use crate::show::time::{relative, utc};

/// `AMD-26-0001-K: its text becomes the agreement …; on …, in 3 d, unless it is taken back before`
pub(crate) fn says(reading: &Reading, comes: &Comes<'_>) -> String {
    let (at, left) = (utc(comes.at), relative(comes.at, reading.now));
    let what = effect(comes.effect);
    format!("{}: {what}; on {at}, {left}, unless it is taken back before", comes.matter.reference)
}

pub(crate) fn value(comes: &Comes<'_>) -> Value {
    json!({"matter": comes.matter.reference.to_string(), "effect": comes.effect.as_str(), "at": comes.at})
}
