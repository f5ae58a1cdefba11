//! Times.

use lang::time::Local;
use serde::Serialize;
use terms::{Instant, Seconds};

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
    /// The same day in the reader's second calendar.
    #[serde(skip)]
    pub(crate) beside: Option<String>,
    /// `2025-11-12 04:14 UTC`, as it stands in the record.
    #[serde(skip)]
    pub(crate) utc: String,
    /// Whether its day is the one on which the page is made.
    #[serde(skip)]
    pub(crate) is_today: bool,
}

impl When {
    pub(crate) fn of(reader: Reader<'_>, at: Instant) -> When {
        let local = Local::at(at, reader.offset());
        let today = Local::at(reader.now, reader.offset());
        let manner = reader.texts.manner();
        let in_calendar = |calendar| {
            let year = local.year_in(calendar);
            let short = local.short_date_in(calendar, reader.texts);
            if year == today.year_in(calendar) {
                short
            } else {
                format!("{short} {}", reader.texts.number(year))
            }
        };
        let day = |local: &Local| (local.year, local.month, local.day);
        let is_today = day(&local) == day(&today);
        When {
            at,
            is_today,
            date: in_calendar(manner.main),
            beside: manner.second().map(in_calendar),
            utc: at.to_string().replace('T', " ").replace('Z', " UTC"),
            clock: local.clock.to_string(),
        }
    }

    /// `12 Nov 08:14`, where no markup can be.
    pub(crate) fn words(&self) -> String {
        match &self.beside {
            Some(beside) => format!("{} ({beside}) {}", self.date, self.clock),
            None => format!("{} {}", self.date, self.clock),
        }
    }
}

/// A fixed offset from UTC, as clocks are named that have no place: `UTC+04:30`.
pub(crate) fn zone(minutes: i32) -> String {
    let (sign, size) = (if minutes < 0 { '−' } else { '+' }, minutes.unsigned_abs());
    format!("UTC{sign}{:02}:{:02}", size / 60, size % 60)
}

/// From the beginning of a day to its last second.
pub(crate) const LAST: Seconds = Seconds(86_399);

/// A time, or so long after the beginning of a day on clocks that are `offset` minutes ahead of UTC.
pub(crate) fn time_or_day(text: &str, offset: i32, after: Seconds) -> Option<Instant> {
    Instant::parse(text).or_else(|| {
        let midnight = Instant::parse(&format!("{text}T00:00:00Z"))?;
        let ahead = Seconds(u64::from(offset.unsigned_abs()) * 60);
        let begins = if offset < 0 { midnight.plus(ahead) } else { midnight.minus(ahead) };
        Some(begins.plus(after))
    })
}

/// A time as a field of a form has it, on clocks that are `offset` minutes ahead of UTC: `2026-01-05T08:14`.
pub(crate) fn in_a_field(at: Instant, offset: i32) -> String {
    let ahead = Seconds(u64::from(offset.unsigned_abs()) * 60);
    let local = if offset < 0 { at.minus(ahead) } else { at.plus(ahead) };
    local.to_string().chars().take("2026-01-05T08:14".len()).collect()
}

/// The same, read.
pub(crate) fn of_a_field(text: &str, offset: i32) -> Option<Instant> {
    let there = Instant::parse(&format!("{text}:00Z"))?;
    let ahead = Seconds(u64::from(offset.unsigned_abs()) * 60);
    Some(if offset < 0 { there.plus(ahead) } else { there.minus(ahead) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_on_the_instruments_clocks() {
        let read = |text, offset, after| time_or_day(text, offset, after).map(|at| at.to_string());
        assert_eq!(read("2026-01-05", 270, Seconds(0)).as_deref(), Some("2026-01-04T19:30:00Z"));
        assert_eq!(read("2026-01-05", 270, LAST).as_deref(), Some("2026-01-05T19:29:59Z"));
        assert_eq!(read("2026-01-05", -300, Seconds(0)).as_deref(), Some("2026-01-05T05:00:00Z"));
        assert_eq!(read("2026-01-05T08:00:00Z", 270, LAST).as_deref(), Some("2026-01-05T08:00:00Z"));
        for bad in ["2026-02-30", "yesterday", "2026-1-5", "05.01.2026"] {
            assert_eq!(read(bad, 0, LAST), None, "{bad}");
        }
    }

    #[test]
    fn a_field_has_the_time_of_those_clocks() {
        let at = Instant::parse("2026-01-05T20:14:30Z").expect("a time");
        assert_eq!(in_a_field(at, 270), "2026-01-06T00:44");
        assert_eq!(of_a_field("2026-01-06T00:44", 270), Instant::parse("2026-01-05T20:14:00Z"));
        assert_eq!(of_a_field("2026-01-06", 270), None);
        assert_eq!(in_a_field(at, -300), "2026-01-05T15:14");
        let read = node::form::instant(&in_a_field(at, 270), 270);
        assert_eq!(
            read,
            Instant::parse("2026-01-05T20:14:00Z"),
            "it is read as it was written, to the minute"
        );
    }
}
