//! The arithmetic of clocks: integers only (TIME T8, T11, T12, T16, T19; PROCEDURE 4.4).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use instrument::procedure::Span;
use terms::{Instant, Seconds};

/// A stretch of time that a clock does not count, `[from, to)`.
pub type Out = (Instant, Instant);

/// When a clock is due, and when it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Times {
    /// Past it an answer is late.
    pub due: Instant,
    /// Past it, it has run out.
    pub closes: Instant,
}

/// What a clock does not count.
#[derive(Clone, Debug, Default)]
pub struct Outs {
    /// Dead time and suspensions, in any order.
    pub always: Vec<Out>,
    /// Cuts of those who are asked, in the order in which they were said.
    pub cuts: Vec<Out>,
    /// All cuts of one clock count for no more than this; what was said first counts first, so that a
    /// further cut never shortens what another gave (T16).
    pub cuts_most: Seconds,
}

impl Outs {
    /// These, and no cuts.
    #[must_use]
    pub const fn of(always: Vec<Out>) -> Outs {
        Outs { always, cuts: Vec::new(), cuts_most: Seconds(0) }
    }

    /// What is out from `base` on: in order, none touching another, no second twice.
    #[must_use]
    pub fn since(&self, base: Instant) -> Vec<Out> {
        let mut outs = union(&self.always, base);
        let mut left = self.cuts_most;
        for &(from, to) in &self.cuts {
            if left == Seconds(0) {
                break;
            }
            let cut = (from.max(base), to);
            // Those that it touches, and no others: there may be many.
            let first = outs.partition_point(|(_, end)| *end < cut.0);
            let after = outs.partition_point(|(begin, _)| *begin <= cut.1).max(first);
            let mut joined = outs[first..after].to_vec();
            for (from, to) in without(cut, &outs[first..after]) {
                let to = to.min(from.plus(left));
                left = Seconds(left.0 - to.since(from).0);
                joined.push((from, to));
            }
            outs.splice(first..after, union(&joined, base));
        }
        outs
    }
}

/// What of a stretch lies in none of the others, which are in order and don't overlap.
fn without((mut from, to): Out, others: &[Out]) -> Vec<Out> {
    let mut rest = Vec::new();
    for &(a, b) in others {
        if b <= from || a >= to {
            continue;
        }
        if a > from {
            rest.push((from, a));
        }
        from = b;
    }
    if from < to {
        rest.push((from, to));
    }
    rest
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// From when: service, finality, or the close of a silence. Nothing is due before it.
    pub base: Instant,
    /// How long.
    pub length: Length,
    /// From due to close.
    pub carriage: Seconds,
    /// What extensions added.
    pub extended: Seconds,
    /// What an act moved is not due before this, and closes no sooner than the carriage after it.
    pub floor: Instant,
    /// What an act moved closes no sooner than this.
    pub open_until: Instant,
}

/// How long a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Length {
    /// Exact seconds from the base.
    Exact(Seconds),
    /// Until 24:00 of the n-th day after the base's.
    Days(u64),
    /// Until a fixed moment, whatever is taken out.
    Fixed(Instant),
}

impl Length {
    /// Whether it ends later, or may.
    #[must_use]
    pub fn is_later_than(self, other: Length) -> bool {
        match (self, other) {
            (Length::Exact(own), Length::Exact(other)) => own > other,
            (Length::Days(own), Length::Days(other)) => own > other,
            (Length::Fixed(own), Length::Fixed(other)) => own > other,
            _ => true,
        }
    }

    /// The length of a span that is counted from a base.
    #[must_use]
    pub const fn of(span: Span) -> Length {
        match span {
            Span::Minutes(n) => Length::Exact(Seconds(n.saturating_mul(60))),
            Span::Hours(n) => Length::Exact(Seconds(n.saturating_mul(3_600))),
            Span::Days(days) => Length::Days(days),
        }
    }
}

/// The moment a span before another. In days: 24:00 of day −n, where day 0 is the other's.
#[must_use]
pub fn before(moment: Instant, span: Span, days: &Days) -> Instant {
    match Length::of(span) {
        Length::Exact(seconds) => moment.minus(seconds),
        Length::Days(n) => days.day(moment).checked_sub(n).map_or(Instant::EPOCH, |day| days.end_of(day)),
        Length::Fixed(at) => at,
    }
}

/// The moment a span after another. In days: 24:00 of day n.
#[must_use]
pub fn after(moment: Instant, span: Span, days: &Days) -> Instant {
    match Length::of(span) {
        Length::Exact(seconds) => moment.plus(seconds),
        Length::Days(n) => days.end_of(days.day(moment).saturating_add(n)),
        Length::Fixed(at) => at,
    }
}

impl Measure {
    /// One that nothing has moved.
    #[must_use]
    pub const fn new(base: Instant, length: Length, carriage: Seconds) -> Measure {
        Measure {
            base,
            length,
            carriage,
            extended: Seconds(0),
            floor: Instant::EPOCH,
            open_until: Instant::EPOCH,
        }
    }

    /// When it is due and closes, with these stretches taken out. A clock in days ends at 24:00,
    /// whatever moved it.
    #[must_use]
    pub fn times(&self, outs: &Outs, days: &Days) -> Times {
        let unmoved = match self.length {
            Length::Exact(seconds) => self.base.plus(seconds),
            Length::Days(n) => days.end_of_working(days.day(self.base).saturating_add(n)),
            Length::Fixed(at) => at.max(self.base),
        };
        let fixed = matches!(self.length, Length::Fixed(_));
        let in_days = matches!(self.length, Length::Days(_));
        let shown_of = |due: Instant| if in_days { days.rounded(due) } else { due };
        let (mut due, mut floor) = (unmoved.plus(self.extended), self.floor);
        let mut shown = shown_of(due.max(floor));
        let mut after_due = Seconds(0);
        for (from, to) in outs.since(self.base) {
            if !fixed && from <= shown {
                due = due.plus(to.since(from));
                floor = floor.plus(to.since(from.max(floor)));
                shown = shown_of(due.max(floor));
            }
            // What was out after it was due moves the close: after a date, which stays where it is, and
            // after the 24:00 of a clock in days, which had the room for what moved it.
            if from <= shown.plus(self.carriage).plus(after_due) {
                after_due = Seconds(after_due.0 + to.since(from.max(shown)).0);
            }
        }
        let closes = shown.plus(self.carriage).plus(after_due);
        Times { due: shown, closes: closes.max(self.open_until) }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("a time")
    }

    fn exact(base: &str, hours: u64, carriage_h: u64) -> Measure {
        Measure::new(at(base), Length::Exact(Seconds::hours(hours)), Seconds::hours(carriage_h))
    }

    #[track_caller]
    fn check(measure: &Measure, outs: &[(&str, &str)], due: &str, closes: &str) {
        let outs: Vec<Out> = outs.iter().map(|(a, b)| (at(a), at(b))).collect();
        assert_eq!(
            measure.times(&Outs::of(outs), &Days::default()),
            Times { due: at(due), closes: at(closes) }
        );
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
            floor: Instant::EPOCH,
            open_until: Instant::EPOCH,
        };
        let due = at("2025-11-05T19:00:00Z"); // 24:00 of 5 November in the zone
        assert_eq!(clock.times(&Outs::default(), &days(&[])).due, due);
        let fifth = at("2025-11-05T00:00:00Z").secs() / 86_400;
        assert_eq!(clock.times(&Outs::default(), &days(&[fifth])).due, due.plus(Seconds::DAY));
        let out = Outs::of(vec![(at("2025-11-03T00:00:00Z"), at("2025-11-03T01:00:00Z"))]);
        assert_eq!(clock.times(&out, &days(&[])).due, due.plus(Seconds::DAY));
        let extended = Measure { extended: Seconds::hours(3), ..clock };
        assert_eq!(extended.times(&Outs::default(), &days(&[])).due, due.plus(Seconds::DAY));
    }

    /// The 24:00 had the room for what was out before it; what goes on past it is taken out of the carriage,
    /// as if it had begun there.
    #[test]
    fn what_goes_on_past_midnight_moves_the_close() {
        let clock = Measure::new(at("2025-11-01T20:00:00Z"), Length::Days(3), Seconds::hours(3));
        let first = ("2025-11-02T00:00:00Z", "2025-11-02T01:00:00Z");
        let (due, closes) = ("2025-11-06T00:00:00Z", "2025-11-06T04:30:00Z");
        let past = ("2025-11-06T00:30:00Z", "2025-11-06T02:00:00Z");
        check(&clock, &[first, past], due, closes);
        let through = ("2025-11-05T20:00:00Z", "2025-11-06T01:30:00Z");
        check(&clock, &[first, through], due, closes);
    }

    #[test]
    fn a_date_does_not_move_and_does_not_stand() {
        let clock = Measure::new(
            at("2025-11-01T00:00:00Z"),
            Length::Fixed(at("2025-11-05T00:00:00Z")),
            Seconds::hours(24),
        );
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
        assert_eq!(before(moment, Span::Hours(48), &days), at("2025-11-08T06:00:00Z"));
        assert_eq!(before(moment, Span::Days(3), &days), at("2025-11-08T00:00:00Z"));
        assert_eq!(after(moment, Span::Days(1), &days), at("2025-11-12T00:00:00Z"));
    }

    #[test]
    fn cuts_of_one_clock_have_a_limit() {
        let clock = exact("2025-11-01T00:00:00Z", 24, 24);
        let cut = |from: &str, to: &str| (at(from), at(to));
        let mut outs = Outs {
            always: vec![cut("2025-11-01T06:00:00Z", "2025-11-01T07:00:00Z")],
            cuts: vec![cut("2025-11-01T05:00:00Z", "2025-11-01T09:00:00Z")],
            cuts_most: Seconds::hours(10),
        };
        // Four hours, of which one was dead: three count, and the dead one.
        let times = clock.times(&outs, &Days::default());
        assert_eq!(times.due, at("2025-11-02T04:00:00Z"));
        // Ten more: seven of them count.
        outs.cuts.push(cut("2025-11-01T10:00:00Z", "2025-11-01T20:00:00Z"));
        let times = clock.times(&outs, &Days::default());
        assert_eq!(times, Times { due: at("2025-11-02T11:00:00Z"), closes: at("2025-11-03T11:00:00Z") });
    }

    proptest::proptest! {
        #[test]
        fn taking_more_out_never_brings_a_clock_forward(
            length in 0_u64..50, carriage in 0_u64..50, most in 0_u64..30,
            outs in proptest::collection::vec((0_u64..200, 0_u64..20), 0..6),
            cuts in proptest::collection::vec((0_u64..200, 0_u64..20), 0..6),
            more in (0_u64..200, 0_u64..20), is_cut in proptest::bool::ANY,
            days in proptest::bool::ANY, holiday in 0_u64..4,
        ) {
            let instant = |hours: u64| Instant::from_secs(1_000_000 + hours * 3600).expect("in range");
            let zone = Days { offset_s: 3600, holidays: BTreeSet::from([12 + holiday]) };
            let out = |(a, l): (u64, u64)| (instant(a), instant(a + l));
            let clock = Measure {
                base: instant(0),
                length: if days { Length::Days(length / 10) } else { Length::Exact(Seconds::hours(length)) },
                carriage: Seconds::hours(carriage),
                extended: Seconds(0),
                floor: Instant::EPOCH,
                open_until: Instant::EPOCH,
            };
            let mut outs = Outs {
                always: outs.into_iter().map(out).collect(),
                cuts: cuts.into_iter().map(out).collect(),
                cuts_most: Seconds::hours(most),
            };
            let before = clock.times(&outs, &zone);
            let cut_before: u64 = counted_out(&outs, clock.base) - counted_out(&Outs::of(outs.always.clone()), clock.base);
            proptest::prop_assert!(cut_before <= most * 3600);
            if is_cut { outs.cuts.push(out(more)) } else { outs.always.push(out(more)) }
            let after = clock.times(&outs, &zone);
            proptest::prop_assert!(after.due >= before.due && after.closes >= before.closes);
            proptest::prop_assert!(after.closes >= after.due);
            // I5: what is counted from the base to due is the length.
            if !days {
                proptest::prop_assert!(counted(clock.base, after.due, &outs.since(clock.base)).0 >= length * 3600);
            }
        }
    }

    fn counted_out(outs: &Outs, base: Instant) -> u64 {
        outs.since(base).into_iter().map(|(a, b)| b.since(a).0).sum()
    }
}
