//! Times, as people read them.

use terms::{Instant, Seconds};

/// `2026-01-12 08:00 UTC`; seconds only where they are not zero.
pub(crate) fn utc(instant: Instant) -> String {
    let text = instant.to_string();
    let (date, clock) = text.split_once('T').unwrap_or((&text, ""));
    let clock = clock.trim_end_matches('Z');
    let clock = clock.strip_suffix(":00").unwrap_or(clock);
    format!("{date} {clock} UTC")
}

/// How long is left, or how long ago: `2 d 18 h`.
pub(crate) fn length(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, m) => format!("{m} min"),
        (0, h, 0) => format!("{h} h"),
        (0, h, m) => format!("{h} h {m} min"),
        (d, 0, _) => format!("{d} d"),
        (d, h, _) => format!("{d} d {h} h"),
    }
}

/// `in 18 h`, or `4 h ago`.
pub(crate) fn relative(to: Instant, now: Instant) -> String {
    if to > now {
        format!("in {}", length(to.since(now).0))
    } else {
        format!("{} ago", length(now.since(to).0))
    }
}

/// The same without its zone, for a column that says so in its head: `2026-01-12 08:00`.
pub(crate) fn bare(instant: Instant) -> String {
    let text = utc(instant);
    text.strip_suffix(" UTC").map_or(text.clone(), str::to_owned)
}

/// A fixed offset from UTC: `+04:30`.
pub(crate) fn offset(minutes: i32) -> String {
    let (sign, size) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    format!("{sign}{:02}:{:02}", size / 60, size % 60)
}

/// A time as the clocks of a zone show it: `2026-01-12 12:30 (+04:30)`.
pub(crate) fn local(instant: Instant, minutes: i32) -> String {
    let shift = Seconds(u64::from(minutes.unsigned_abs()) * 60);
    let shifted = if minutes < 0 { instant.minus(shift) } else { instant.plus(shift) };
    format!("{} ({})", bare(shifted), offset(minutes))
}
