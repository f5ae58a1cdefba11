//! One of several that a form offers.

use serde::Serialize;

use crate::words::Speech;

/// One of several.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Choice {
    pub(crate) value: String,
    #[serde(skip)]
    pub(crate) label: String,
    /// What is to be known of it.
    #[serde(skip)]
    pub(crate) note: Speech,
    pub(crate) is_chosen: bool,
    /// Whether it can be chosen at all.
    #[serde(skip_serializing_if = "is_true")]
    pub(crate) is_possible: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about by reference")]
const fn is_true(is: &bool) -> bool {
    *is
}

impl Choice {
    /// One that can be chosen, and needs no word beside it.
    pub(crate) fn of(value: impl ToString, label: String, is_chosen: bool) -> Choice {
        Choice { value: value.to_string(), label, note: Speech::default(), is_chosen, is_possible: true }
    }

    /// The same, with what is to be known of it.
    pub(crate) fn noted(self, note: impl Into<Speech>) -> Choice {
        Choice { note: note.into(), ..self }
    }
}
