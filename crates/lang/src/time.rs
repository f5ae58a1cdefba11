//! Dates, times and lengths in words.
//!
//! A time is shown on the clocks of a fixed offset, as the instrument's calendar has one: there is no table of zones.

use terms::{Instant, Seconds};

use crate::manner::Calendar;
use crate::texts::Texts;

/// A time on the clocks of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The year.
    pub year: u64,
    /// 1 to 12.
    pub month: u64,
    /// 1 to 31.
    pub day: u64,
    /// From Monday, 1 to 7.
    pub weekday: u64,
    /// `08:14`.
    pub clock: Clock,
}

/// Hours and minutes of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// Always in these digits, in every language: times are read out by phone (PRACTICE §5).
impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl Local {
    /// A time as clocks show it that are so many minutes ahead of UTC.
    #[must_use]
    pub fn at(instant: Instant, offset_minutes: i32) -> Local {
        let shift = Seconds(u64::from(offset_minutes.unsigned_abs()) * 60);
        let shifted = if offset_minutes < 0 { instant.minus(shift) } else { instant.plus(shift) };
        let seconds = shifted.secs();
        let days = seconds / 86_400;
        // 1970-01-01 was a Thursday.
        let weekday = (days + 3) % 7 + 1;
        let text = shifted.to_string();
        let number =
            |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0);
        let minutes = seconds % 86_400 / 60;
        let small = |value: u64| u8::try_from(value).unwrap_or(0);
        let clock = Clock { hour: small(minutes / 60), minute: small(minutes % 60) };
        Local { year: number(0, 4), month: number(5, 7), day: number(8, 10), weekday, clock }
    }

    /// `12 November 2025`, in the reader's calendar.
    #[must_use]
    pub fn date(&self, texts: &Texts) -> String {
        self.date_in(texts.manner().main, texts)
    }

    /// The same in a calendar; a computed lunar date says that it may be a day off.
    #[must_use]
    pub fn date_in(&self, calendar: Calendar, texts: &Texts) -> String {
        let (year, month, day) = calendar.day((self.year, self.month, self.day));
        let (day, year) = (texts.number(day), texts.number(year));
        let month = month_of(calendar, month, false, texts);
        let args = [("day", (&day).into()), ("month", (&month).into()), ("year", (&year).into())];
        with_doubt(calendar, plain(&texts.say("date", &args)), texts)
    }

    /// `12 Nov`, for columns, in the reader's calendar; the year stands on the page.
    #[must_use]
    pub fn short_date(&self, texts: &Texts) -> String {
        self.short_date_in(texts.manner().main, texts)
    }

    /// The same in a calendar.
    #[must_use]
    pub fn short_date_in(&self, calendar: Calendar, texts: &Texts) -> String {
        let (_, month, day) = calendar.day((self.year, self.month, self.day));
        let day = texts.number(day);
        let month = month_of(calendar, month, true, texts);
        let date = texts.say("date-short", &[("day", (&day).into()), ("month", (&month).into())]);
        with_doubt(calendar, plain(&date), texts)
    }

    /// The year in the reader's calendar.
    #[must_use]
    pub fn year_in(&self, calendar: Calendar) -> u64 {
        calendar.day((self.year, self.month, self.day)).0
    }

    /// `Wed`
    #[must_use]
    pub fn weekday(&self, texts: &Texts) -> String {
        texts.say(&format!("weekday-{}", self.weekday), &[])
    }
}

fn month_of(calendar: Calendar, month: u64, short: bool, texts: &Texts) -> String {
    let id = match (calendar, short) {
        (Calendar::Gregorian, false) => format!("month-{month}"),
        (Calendar::Gregorian, true) => format!("month-short-{month}"),
        (calendar, _) => format!("month-{}-{month}", calendar.as_str()),
    };
    texts.say(&id, &[])
}

/// A lunar month begins when its moon is seen.
fn with_doubt(calendar: Calendar, date: String, texts: &Texts) -> String {
    match calendar {
        Calendar::Lunar => plain(&texts.say("date-lunar", &[("date", (&date).into())])),
        Calendar::Gregorian | Calendar::Solar => date,
    }
}

/// Without marks of isolation: a date is of one language, and runs as that does.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// A length of time: `1 day 4 h`, `3 h 46 min`; at most two units, cut off and not rounded.
#[must_use]
pub fn length(texts: &Texts, seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let unit = |id: &str, number: u64| plain(&texts.say(id, &[("n", number.into())]));
    let parts = match (days, hours, minutes) {
        (0, 0, 0) => return texts.say("under-a-minute", &[]),
        (0, 0, m) => vec![unit("minutes", m)],
        (0, h, 0) => vec![unit("hours", h)],
        (0, h, m) => vec![unit("hours", h), unit("minutes", m)],
        (d, 0, _) => vec![unit("days", d)],
        (d, h, _) => vec![unit("days", d), unit("hours", h)],
    };
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn a_time_is_shown_on_the_clocks_of_its_place() {
        let at = Instant::parse("2025-11-11T22:14:00Z").expect("a time");
        let local = Local::at(at, 300);
        assert_eq!((local.year, local.month, local.day, local.weekday), (2025, 11, 12, 3));
        assert_eq!(local.clock.to_string(), "03:14");
        assert_eq!(Local::at(at, -30).clock.to_string(), "21:44");
    }

    #[test]
    fn a_length_has_two_units_at_most() {
        let texts = Texts::of(Language::of("en").expect("it is there"));
        assert_eq!(length(texts, 30), "under a minute");
        assert_eq!(length(texts, 3 * 3600 + 46 * 60 + 59), "3 h 46 min");
        assert_eq!(length(texts, 86_400 + 8 * 3600 + 60), "1 day 8 h");
        assert_eq!(length(texts, 5 * 86_400), "5 days");
    }
}
