//! `[quota]`, `[exhibits]` and `[tiers]`: what the program's own acts need to know.

use std::ops::RangeInclusive;

use terms::Seconds;

use super::Notes;
use super::calendar::{LONGEST, length};
use super::fields::{Fields, Value};
use super::who::{Known, deciders};
use crate::fault::{DueForm, Fault};
use crate::model::{Exhibits, Quota};

pub(super) fn quota(table: Option<Fields<'_>>, notes: &mut Notes<'_>) -> Quota {
    let mut quota = Quota::default();
    let Some(mut fields) = table else { return quota };
    if let Some(acts) = within(fields.optional("acts"), 1..=100_000, "acts a day", notes) {
        quota.acts_a_day = u64::from(acts);
    }
    if let Some(megabytes) = within(fields.optional("annex"), 1..=4_096, "MiB of annex a day", notes) {
        quota.annex_bytes_a_day = u64::from(megabytes) << 20;
    }
    fields.finish(notes);
    quota
}

fn within(
    value: Option<Value<'_>>,
    range: RangeInclusive<u32>,
    what: &str,
    notes: &mut Notes<'_>,
) -> Option<u32> {
    let value = value?;
    let number = value.count(notes)?;
    if range.contains(&number) {
        return Some(number);
    }
    let message = format!("{number} {what} can't be kept to");
    let help = format!("give {} to {}", range.start(), range.end());
    notes.wrong("instrument::unbounded_quota", value.span(), message, help);
    None
}

pub(super) fn exhibits(table: Option<Fields<'_>>, words: &Known<'_>, notes: &mut Notes<'_>) -> Exhibits {
    let Some(mut fields) = table else { return Exhibits::default() };
    let mut by = |key| fields.optional(key).and_then(|value| deciders(&value, words, notes));
    let exhibits = Exhibits { arbiter: by("arbiter"), hold: by("hold"), destroy: by("destroy") };
    fields.finish(notes);
    exhibits
}

/// How long what was handed over without prejudice is kept once its matter has ended.
pub(super) fn erasure(table: Option<Fields<'_>>, notes: &mut Notes<'_>) -> Seconds {
    const UNLESS_SAID: Seconds = Seconds::days(90);
    let Some(mut fields) = table else { return UNLESS_SAID };
    let given = length(&mut fields, "erasure", notes);
    fields.finish(notes);
    match given {
        Some((erasure, span)) if erasure == Seconds(0) || erasure > LONGEST => {
            let text = notes.text.get(span.clone()).unwrap_or_default().trim_matches('"').to_owned();
            notes.add(Fault::UnreadableDue { text, wanted: DueForm::SomeLength }, &[span]);
            UNLESS_SAID
        }
        Some((erasure, _)) => erasure,
        None => UNLESS_SAID,
    }
}
