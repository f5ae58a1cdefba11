//! The arithmetic of clocks: integers only (TIME T8, T11, T12, T16, T19; PROCEDURE 4.4).

use std::collections::BTreeSet;

use terms::{Instant, Seconds};

use super::procedure::{Phrase, Span};

/// A stretch of time that a clock does not count, `[from, to)`.
pub type Out = (Instant, Instant);

/// When a clock is due, and when it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Times {
    /// Past it an answer is late.
    pub due: Instant,
    /// Past it, it has run out.
    pub closes: Instant,
}

/// The days of a zone: a fixed offset, and the days that are holidays of anyone asked.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// Seconds ahead of UTC.
    pub offset_s: i64,
    /// Days since 1970-01-01, in the zone.
    pub holidays: BTreeSet<u64>,
}

impl Days {
    /// The day of a moment, in the zone. Before 1970 in the zone counts as its first day.
    fn day(&self, at: Instant) -> u64 {
        let local = i64::try_from(at.secs()).unwrap_or(i64::MAX).saturating_add(self.offset_s);
        u64::try_from(local).unwrap_or(0) / 86_400
    }

    /// 24:00 of a day.
    fn end_of(&self, day: u64) -> Instant {
        let local = i64::try_from(day.saturating_add(1).saturating_mul(86_400)).unwrap_or(i64::MAX);
        let utc = u64::try_from(local.saturating_sub(self.offset_s)).unwrap_or(0);
        Instant::from_secs(utc).unwrap_or(Instant::LAST)
    }

    /// 24:00 of this day or the first after it that is no holiday.
    fn end_of_working(&self, mut day: u64) -> Instant {
        // A year of holidays would be a mistake in the instrument; then the clock ends all the same.
        for _ in 0..366 {
            if !self.holidays.contains(&day) {
                break;
            }
            day += 1;
        }
        self.end_of(day)
    }

    /// A moment inside a day, moved on to its 24:00; 24:00 itself stays.
    fn rounded(&self, at: Instant) -> Instant {
        if at == Instant::EPOCH { at } else { self.end_of_working(self.day(at.minus(Seconds(1)))) }
    }
}

/// What a clock counts from and by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// From when: service, finality, or the close of a silence. Nothing is due before it.
    pub base: Instant,
    /// How long.
    pub length: Length,
    /// From due to close.
    pub carriage: Seconds,
    /// What extensions added.
    pub extended: Seconds,
}

/// How long a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Exact seconds from the base.
    Exact(Seconds),
    /// Until 24:00 of the n-th day after the base's.
    Days(u64),
    /// Until a fixed moment, whatever is taken out.
    Fixed(Instant),
}

impl Length {
    /// The length of a span that is counted from a base.
    #[must_use]
    pub const fn of(span: Span) -> Length {
        match span {
            Span::Exact(seconds) => Length::Exact(seconds),
            Span::Days(days) => Length::Days(days),
        }
    }

    /// The length that ends a span before `moment`, or at it.
    #[must_use]
    pub fn before(moment: Instant, span: Option<Span>, days: &Days) -> Length {
        Length::Fixed(match span {
            None => moment,
            Some(Span::Exact(seconds)) => moment.minus(seconds),
            // 24:00 of day −n, where day 0 is the moment's.
            Some(Span::Days(n)) => match days.day(moment).checked_sub(n) {
                Some(day) => days.end_of(day),
                None => Instant::EPOCH,
            },
        })
    }
}

impl Measure {
    /// When it is due and closes, with these stretches taken out. `outs` may be in any order and
    /// overlap; no second counts twice.
    #[must_use]
    pub fn times(&self, outs: &[Out], days: &Days) -> Times {
        let unmoved = match self.length {
            Length::Exact(seconds) => self.base.plus(seconds),
            Length::Days(n) => days.end_of_working(days.day(self.base).saturating_add(n)),
            Length::Fixed(at) => at.max(self.base),
        };
        let mut due = unmoved.plus(self.extended);
        let mut closes = due.plus(self.carriage);
        let fixed = matches!(self.length, Length::Fixed(_));
        for (from, to) in union(outs, self.base) {
            let length = to.since(from);
            if from <= due && !fixed {
                due = due.plus(length);
                closes = closes.plus(length);
            } else if from <= closes {
                // What was out after a date moves the close; what was out before it, nothing.
                let after = if fixed { to.since(from.max(due)) } else { length };
                closes = closes.plus(after);
            }
        }
        if matches!(self.length, Length::Days(_)) && due != unmoved.plus(self.extended) {
            let rounded = days.rounded(due);
            closes = closes.plus(rounded.since(due));
            due = rounded;
        }
        Times { due, closes }
    }
}

/// The union of stretches after a base, in order, none touching another.
fn union(outs: &[Out], base: Instant) -> Vec<Out> {
    let mut sorted: Vec<Out> =
        outs.iter().map(|&(from, to)| (from.max(base), to)).filter(|(from, to)| from < to).collect();
    sorted.sort_unstable();
    let mut merged: Vec<Out> = Vec::with_capacity(sorted.len());
    for (from, to) in sorted {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// How much of `[from, to)` counts, these stretches taken out.
#[must_use]
pub fn counted(from: Instant, to: Instant, outs: &[Out]) -> Seconds {
    let out: u64 = union(outs, from).into_iter().map(|(a, b)| b.min(to).since(a).0).sum();
    Seconds(to.since(from).0.saturating_sub(out))
}

/// Whether a phrase counts from service.
#[must_use]
pub const fn is_from_service(phrase: &Phrase) -> bool {
    matches!(phrase, Phrase::AfterService(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("a time")
    }

    fn exact(base: &str, hours: u64, carriage_h: u64) -> Measure {
        Measure {
            base: at(base),
            length: Length::Exact(Seconds::hours(hours)),
            carriage: Seconds::hours(carriage_h),
            extended: Seconds(0),
        }
    }

    #[track_caller]
    fn check(measure: &Measure, outs: &[(&str, &str)], due: &str, closes: &str) {
        let outs: Vec<Out> = outs.iter().map(|(a, b)| (at(a), at(b))).collect();
        assert_eq!(measure.times(&outs, &Days::default()), Times { due: at(due), closes: at(closes) });
    }

    #[test]
    fn hours_run_through() {
        check(&exact("2025-11-01T08:00:00Z", 72, 168), &[], "2025-11-04T08:00:00Z", "2025-11-11T08:00:00Z");
    }

    #[test]
    fn what_began_by_due_moves_both_and_what_began_later_the_close() {
        let clock = exact("2025-11-01T00:00:00Z", 24, 24);
        check(
            &clock,
            &[("2025-11-01T12:00:00Z", "2025-11-01T18:00:00Z")],
            "2025-11-02T06:00:00Z",
            "2025-11-03T06:00:00Z",
        );
        check(
            &clock,
            &[("2025-11-02T00:00:01Z", "2025-11-02T06:00:01Z")],
            "2025-11-02T00:00:00Z",
            "2025-11-03T06:00:00Z",
        );
        check(
            &clock,
            &[("2025-11-03T00:00:01Z", "2025-11-09T00:00:00Z")],
            "2025-11-02T00:00:00Z",
            "2025-11-03T00:00:00Z",
        );
    }

    #[test]
    fn no_second_twice_and_none_before_the_base() {
        check(
            &exact("2025-11-01T00:00:00Z", 24, 0),
            &[
                ("2025-10-31T00:00:00Z", "2025-11-01T02:00:00Z"),
                ("2025-11-01T01:00:00Z", "2025-11-01T03:00:00Z"),
                ("2025-11-01T03:00:00Z", "2025-11-01T04:00:00Z"),
            ],
            "2025-11-02T04:00:00Z",
            "2025-11-02T04:00:00Z",
        );
    }

    #[test]
    fn days_end_at_midnight_of_the_zone_and_not_on_a_holiday() {
        let days =
            |holidays: &[u64]| Days { offset_s: 5 * 3600, holidays: holidays.iter().copied().collect() };
        let clock = Measure {
            base: at("2025-11-01T20:00:00Z"), // 2 November, 01:00 in the zone
            length: Length::Days(3),
            carriage: Seconds(0),
            extended: Seconds(0),
        };
        let due = at("2025-11-05T19:00:00Z"); // 24:00 of 5 November in the zone
        assert_eq!(clock.times(&[], &days(&[])).due, due);
        let fifth = at("2025-11-05T00:00:00Z").secs() / 86_400;
        assert_eq!(clock.times(&[], &days(&[fifth])).due, due.plus(Seconds::DAY));
        let out = [(at("2025-11-03T00:00:00Z"), at("2025-11-03T01:00:00Z"))];
        assert_eq!(clock.times(&out, &days(&[])).due, due.plus(Seconds::DAY));
    }

    #[test]
    fn a_date_does_not_move_and_does_not_stand() {
        let clock = Measure {
            base: at("2025-11-01T00:00:00Z"),
            length: Length::Fixed(at("2025-11-05T00:00:00Z")),
            carriage: Seconds::hours(24),
            extended: Seconds(0),
        };
        check(
            &clock,
            &[
                ("2025-11-02T00:00:00Z", "2025-11-03T00:00:00Z"),
                ("2025-11-05T12:00:00Z", "2025-11-05T18:00:00Z"),
            ],
            "2025-11-05T00:00:00Z",
            "2025-11-06T06:00:00Z",
        );
        let past = Measure { length: Length::Fixed(at("2025-10-01T00:00:00Z")), ..clock };
        check(&past, &[], "2025-11-01T00:00:00Z", "2025-11-02T00:00:00Z");
    }

    #[test]
    fn backwards() {
        let days = Days::default();
        let moment = at("2025-11-10T06:00:00Z");
        let hours = Length::before(moment, Some(Span::Exact(Seconds::hours(48))), &days);
        assert_eq!(hours, Length::Fixed(at("2025-11-08T06:00:00Z")));
        let three_days = Length::before(moment, Some(Span::Days(3)), &days);
        assert_eq!(three_days, Length::Fixed(at("2025-11-08T00:00:00Z")));
    }

    proptest::proptest! {
        #[test]
        fn taking_more_out_never_brings_a_clock_forward(
            length in 0_u64..500, carriage in 0_u64..500,
            outs in proptest::collection::vec((0_u64..2000, 0_u64..200), 0..6),
            more in (0_u64..2000, 0_u64..200),
        ) {
            let instant = |s| Instant::from_secs(1_000_000 + s).expect("in range");
            let clock = Measure {
                base: instant(0),
                length: Length::Exact(Seconds(length)),
                carriage: Seconds(carriage),
                extended: Seconds(0),
            };
            let outs: Vec<Out> = outs.into_iter().map(|(a, l)| (instant(a), instant(a + l))).collect();
            let before = clock.times(&outs, &Days::default());
            let with_more: Vec<Out> =
                outs.iter().copied().chain([(instant(more.0), instant(more.0 + more.1))]).collect();
            let after = clock.times(&with_more, &Days::default());
            proptest::prop_assert!(after.due >= before.due && after.closes >= before.closes);
            proptest::prop_assert!(after.closes >= after.due);
            // I5: what is counted from the base to due is the length.
            proptest::prop_assert_eq!(counted(clock.base, after.due, &with_more).0 >= length, true);
        }
    }
}
