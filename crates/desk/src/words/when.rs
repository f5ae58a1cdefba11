//! Times.

use lang::time::Local;
use serde::Serialize;
use terms::Instant;

use super::Reader;

/// A time: exact for programs, and on the instrument's clocks for people.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct When {
    pub(crate) at: Instant,
    /// `12 Nov`
    #[serde(skip)]
    pub(crate) date: String,
    /// `08:14`
    #[serde(skip)]
    pub(crate) clock: String,
}

impl When {
    pub(crate) fn of(reader: Reader<'_>, at: Instant) -> When {
        let local = Local::at(at, reader.offset());
        let today = Local::at(reader.now, reader.offset());
        let year = if local.year == today.year { String::new() } else { format!(" {}", local.year) };
        When { at, date: format!("{}{year}", local.short_date(reader.texts)), clock: local.clock.to_string() }
    }

    /// `12 Nov 08:14`, where no markup can be.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.date, self.clock)
    }
}

/// A fixed offset from UTC, as clocks are named that have no place: `UTC+04:30`.
pub(crate) fn zone(minutes: i32) -> String {
    let (sign, size) = (if minutes < 0 { '−' } else { '+' }, minutes.unsigned_abs());
    format!("UTC{sign}{:02}:{:02}", size / 60, size % 60)
}
