//! Whole seconds since 1970, and the arithmetic that clocks need. No zone table, no leap second:
//! replay must give the same on any machine, for ever, so this is integers only.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub u64);

impl Seconds {
    /// One hour.
    pub const HOUR: Seconds = Seconds(3600);
    /// One day of 24 hours.
    pub const DAY: Seconds = Seconds(86_400);

    /// This many hours.
    #[must_use]
    pub const fn hours(n: u64) -> Seconds {
        Seconds(n * 3600)
    }

    /// This many days of 24 hours.
    #[must_use]
    pub const fn days(n: u64) -> Seconds {
        Seconds(n * 86_400)
    }
}

/// A moment: whole seconds since 1970-01-01T00:00:00Z, up to the year 9999.
///
/// In JSON it is RFC 3339 in UTC without a fraction, `2025-10-27T08:14:00Z`; in lines and hashes a
/// decimal or a big-endian u64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

/// The last second of the year 9999, which RFC 3339 can still write.
const LAST: u64 = 253_402_300_799;

impl Instant {
    /// The first moment that can be written.
    pub const EPOCH: Instant = Instant(0);
    /// The last moment that can be written.
    pub const LAST: Instant = Instant(LAST);

    /// From seconds since the epoch, if the year is at most 9999.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Option<Instant> {
        if secs <= LAST { Some(Instant(secs)) } else { None }
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn secs(self) -> u64 {
        self.0
    }

    /// Later by `by`, but never past [`Instant::LAST`].
    #[must_use]
    pub const fn plus(self, by: Seconds) -> Instant {
        let sum = self.0.saturating_add(by.0);
        Instant(if sum > LAST { LAST } else { sum })
    }

    /// Earlier by `by`, but never before the epoch.
    #[must_use]
    pub const fn minus(self, by: Seconds) -> Instant {
        Instant(self.0.saturating_sub(by.0))
    }

    /// How long after `earlier` this is; nothing if it is before it.
    #[must_use]
    pub const fn since(self, earlier: Instant) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0))
    }

    /// Reads `YYYY-MM-DDTHH:MM:SSZ`; no other spelling, no second 60.
    #[must_use]
    pub fn parse(text: &str) -> Option<Instant> {
        let b = text.as_bytes();
        let shape = b.len() == 20
            && [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')]
                .iter()
                .all(|&(at, mark)| b[at] == mark);
        if !shape {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<u64> {
            b[from..to].iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + u64::from(d - b'0')))
        };
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = days_from_civil(year, month, day)?;
        Instant::from_secs(days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    /// Year, month and day in UTC.
    #[must_use]
    pub const fn date(self) -> (u64, u64, u64) {
        civil_from_days(self.0 / 86_400)
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, for years 1970 to 9999.
///
/// Counts from 1 March of year 0, so that the leap day is a year's last: the usual arithmetic of the
/// proleptic calendar, 146,097 days in 400 years.
#[must_use]
pub fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u64::from(leap),
        _ => return None,
    };
    if !(1970..=9999).contains(&year) || day == 0 || day > length {
        return None;
    }
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * m + 2) / 5 + day - 1;
    Some(y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719_468)
}

const fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let era = z / 146_097;
    let of_era = z % 146_097;
    let y = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * y + y / 4 - y / 100);
    let m = (5 * of_year + 2) / 153;
    let day = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    (era * 400 + y + if month <= 2 { 1 } else { 0 }, month, day)
}

const DIGITS: &[u8; 10] = b"0123456789";

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let s = self.0 % 86_400;
        let mut text = *b"yyyy-mm-ddThh:mm:ssZ";
        let (hour, minute, second) = (s / 3600, s / 60 % 60, s % 60);
        let pairs =
            [(0, year / 100), (2, year), (5, month), (8, day), (11, hour), (14, minute), (17, second)];
        for (at, number) in pairs {
            text[at] = DIGITS[usize::try_from(number / 10 % 10).unwrap_or_default()];
            text[at + 1] = DIGITS[usize::try_from(number % 10).unwrap_or_default()];
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Instant {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Instant, Self::Err> {
        Instant::parse(text).ok_or("expected a time in UTC without a fraction, as `2025-10-27T08:14:00Z`")
    }
}

crate::text_in_json!(Instant as u64: |at: &Instant| at.0, Instant::from_secs);

/// What an author says the time was (`at`). It decides nothing, so it does not compare with an
/// [`Instant`]: take it out by hand, to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Claimed(pub Instant);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        for (text, secs) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-01-01T00:00:00Z", 1_767_225_600),
            ("9999-12-31T23:59:59Z", LAST),
        ] {
            assert_eq!(Instant::parse(text).map(Instant::secs), Some(secs), "{text}");
            assert_eq!(Instant(secs).to_string(), text);
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "2025-10-27T08:14:00+00:00",
            "2025-10-27T08:14:00.0Z",
            "2025-10-27t08:14:00Z",
            "2025-10-27T08:14:60Z",
            "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-00-01T00:00:00Z",
            "2025-01-00T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2025-10-27 08:14:00Z",
            "+025-10-27T08:14:00Z",
            "",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn text_and_back(secs in 0..=LAST) {
            proptest::prop_assert_eq!(Instant::parse(&Instant(secs).to_string()), Some(Instant(secs)));
        }
    }
}
