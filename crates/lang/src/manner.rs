//! How a person reads dates and numbers: in which calendar, with which second one beside it, in which digits (PRACTICE §5).

use icu_calendar::cal::{Hijri, Persian};
use icu_calendar::{Date, Iso};

/// A calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Gregorian.
    #[default]
    Gregorian,
    /// Solar Hijri, as computed for Iran and Afghanistan.
    Solar,
    /// Lunar Hijri, by the tables of Umm al-Qura. A month begins when its moon is seen, so that a computed date may be a day
    /// off: each carries ±1.
    Lunar,
}

impl Calendar {
    /// All of them.
    pub const ALL: [Calendar; 3] = [Calendar::Gregorian, Calendar::Solar, Calendar::Lunar];

    /// Its word, in settings and names of messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Calendar::Gregorian => "gregorian",
            Calendar::Solar => "solar",
            Calendar::Lunar => "lunar",
        }
    }

    /// One by its word.
    #[must_use]
    pub fn of(word: &str) -> Option<Calendar> {
        Calendar::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// Year, month and day of a Gregorian day, in this calendar. A day that is none, or lies outside of what is computed,
    /// stays what it was.
    #[must_use]
    pub fn day(self, (year, month, day): (u64, u64, u64)) -> (u64, u64, u64) {
        let iso = || {
            let (year, month) = (i32::try_from(year).ok()?, u8::try_from(month).ok()?);
            Date::try_new_iso(year, month, u8::try_from(day).ok()?).ok()
        };
        let there = |date: Date<Iso>| match self {
            Calendar::Gregorian => None,
            Calendar::Solar => parts(&date.to_calendar(Persian)),
            Calendar::Lunar => parts(&date.to_calendar(Hijri::new_umm_al_qura())),
        };
        iso().and_then(there).unwrap_or((year, month, day))
    }
}

fn parts<C: icu_calendar::Calendar>(date: &Date<C>) -> Option<(u64, u64, u64)> {
    let year = u64::try_from(date.year().extended_year()).ok()?;
    Some((year, u64::from(date.month().ordinal), u64::from(date.day_of_month().0)))
}

/// The digits of numbers. References, grids and times of day are 0–9 in all of them: they are read out by phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Digits {
    /// 0123456789
    #[default]
    Western,
    /// ٠١٢٣٤٥٦٧٨٩
    Arabic,
    /// ۰۱۲۳۴۵۶۷۸۹
    Persian,
}

impl Digits {
    /// All of them.
    pub const ALL: [Digits; 3] = [Digits::Western, Digits::Arabic, Digits::Persian];

    /// Its word, in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Digits::Western => "western",
            Digits::Arabic => "arabic",
            Digits::Persian => "persian",
        }
    }

    /// One by its word.
    #[must_use]
    pub fn of(word: &str) -> Option<Digits> {
        Digits::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// A number in these digits.
    #[must_use]
    pub fn number(self, number: u64) -> String {
        let zero = match self {
            Digits::Western => '0',
            Digits::Arabic => '٠',
            Digits::Persian => '۰',
        };
        let digit = |c: char| {
            let value = c.to_digit(10)?;
            char::from_u32(u32::from(zero) + value)
        };
        number.to_string().chars().map(|c| digit(c).unwrap_or(c)).collect()
    }
}

/// How somebody reads dates and numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Manner {
    /// The calendar in which dates are said.
    pub main: Calendar,
    /// One that stands beside it.
    pub beside: Option<Calendar>,
    /// The digits of numbers.
    pub digits: Digits,
}

impl Manner {
    /// The calendar that stands beside the main one, if it is another.
    #[must_use]
    pub fn second(self) -> Option<Calendar> {
        self.beside.filter(|beside| *beside != self.main)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the published calendars: Nowruz 1404 was 21 March 2025 and Nowruz 1405 is 21 March 2026; 1 Muharram 1447 by Umm
    /// al-Qura was 26 June 2025, and 1 Ramadan 1447 is 18 February 2026.
    #[test]
    fn days_are_those_of_the_published_calendars() {
        for (day, solar) in [
            ((2025, 3, 21), (1404, 1, 1)),
            ((2026, 3, 20), (1404, 12, 29)),
            ((2026, 3, 21), (1405, 1, 1)),
            ((2025, 10, 19), (1404, 7, 27)),
        ] {
            assert_eq!(Calendar::Solar.day(day), solar, "{day:?}");
        }
        for (day, lunar) in [((2025, 6, 26), (1447, 1, 1)), ((2026, 2, 18), (1447, 9, 1))] {
            assert_eq!(Calendar::Lunar.day(day), lunar, "{day:?}");
        }
        assert_eq!(Calendar::Gregorian.day((2026, 2, 18)), (2026, 2, 18));
        assert_eq!(Calendar::Solar.day((2026, 2, 31)), (2026, 2, 31), "no day stays what it was");
    }

    #[test]
    fn numbers_have_their_digits() {
        assert_eq!(Digits::Persian.number(1405), "۱۴۰۵");
        assert_eq!(Digits::Arabic.number(1405), "١٤٠٥");
        assert_eq!(Digits::Western.number(1405), "1405");
    }
}
