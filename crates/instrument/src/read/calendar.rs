//! `[calendar]`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use terms::instant::days_from_civil;
use terms::{ParticipantId, Seconds};

use super::fields::{Fields, Value};
use super::participant::Seat;
use super::{Notes, basis_of, known};
use crate::fault::{DueForm, Fault};
use crate::keys::{LONGEST, UNITS};
use crate::model::{Basis, Calendar};

pub(super) fn read(
    table: Option<Fields<'_>>,
    above: Basis,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> Calendar {
    let silent = Calendar { basis: above, ..Calendar::default() };
    let Some(mut fields) = table else {
        notes.missing(Fault::NoZone { found: None }, &[]);
        return silent;
    };
    let zone = match fields.optional("zone") {
        Some(value) => zone_read(&value, notes),
        None => {
            notes.missing(Fault::NoZone { found: None }, &[fields.span()]);
            None
        }
    };
    let deemed = length(&mut fields, "deemed", notes).and_then(|(deemed, span)| {
        let some = (deemed > Seconds(0)).then_some(deemed);
        if some.is_none() {
            notes.add(Fault::NoDeemedService, &[span]);
        }
        some
    });
    let heartbeat = length(&mut fields, "heartbeat", notes).and_then(|(heartbeat, span)| {
        let some = (heartbeat >= Seconds(60)).then_some(heartbeat);
        if some.is_none() {
            let text = notes.text.get(span.clone()).unwrap_or_default().trim_matches('"').to_owned();
            notes.add(Fault::UnreadableDue { text, wanted: DueForm::SomeLength }, &[span]);
        }
        some
    });
    let carriage = length(&mut fields, "carriage", notes).map(|(carriage, span)| {
        if carriage == Seconds(0) {
            notes.add(Fault::NotByStick, &[span]);
        }
        carriage
    });
    let tolerance = length(&mut fields, "tolerance", notes).map(|(tolerance, _)| tolerance);
    let cosign_delay = length(&mut fields, "cosign-delay", notes).map(|(delay, _)| delay);
    let holidays = fields
        .optional("holidays")
        .and_then(|value| value.table(notes))
        .map(|table| holidays_read(table, seats, notes));
    let basis = basis_of(&mut fields, above, notes);
    fields.finish(notes);
    let heartbeat = heartbeat.unwrap_or(silent.heartbeat);
    Calendar {
        zone_offset_minutes: zone.unwrap_or(silent.zone_offset_minutes),
        deemed: deemed.unwrap_or(silent.deemed),
        heartbeat,
        carriage: carriage.unwrap_or(silent.carriage),
        tolerance: tolerance.unwrap_or(silent.tolerance),
        cosign_delay: cosign_delay.unwrap_or(heartbeat),
        holidays: holidays.unwrap_or_default(),
        basis,
    }
}

fn zone_read(value: &Value<'_>, notes: &mut Notes<'_>) -> Option<i32> {
    let text = value.string(notes)?;
    let minutes = offset_minutes(text);
    if minutes.is_none() {
        notes.add(Fault::NoZone { found: Some(text.to_owned()) }, &[value.span()]);
    }
    minutes
}

/// `+05:00` in minutes, from −12:00 to +14:00. `-00:00` means "unknown" in RFC 3339, so it is none.
fn offset_minutes(text: &str) -> Option<i32> {
    let &[sign, h1, h0, b':', m1, m0] = text.as_bytes() else { return None };
    let digit = |b: u8| b.is_ascii_digit().then(|| i32::from(b - b'0'));
    let (hours, minutes) = (digit(h1)? * 10 + digit(h0)?, digit(m1)? * 10 + digit(m0)?);
    let offset = hours * 60 + minutes;
    match sign {
        _ if minutes > 59 => None,
        b'+' if offset <= 14 * 60 => Some(offset),
        b'-' if (1..=12 * 60).contains(&offset) => Some(-offset),
        _ => None,
    }
}

/// Takes a length of time, and where it stands.
pub(super) fn length(
    fields: &mut Fields<'_>,
    key: &'static str,
    notes: &mut Notes<'_>,
) -> Option<(Seconds, Range<usize>)> {
    let value = fields.optional(key)?;
    let text = value.string(notes)?;
    let Some(length) = length_read(text) else {
        let fault = Fault::UnreadableDue { text: text.to_owned(), wanted: DueForm::Length };
        notes.add(fault, &[value.span()]);
        return None;
    };
    Some((length, value.span()))
}

/// `10min`, `72h`, `7d`: a whole number without leading zeros, and its unit.
pub(super) fn length_read(text: &str) -> Option<Seconds> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() || (number.len() > 1 && number.starts_with('0')) {
        return None;
    }
    let (_, seconds) = UNITS.into_iter().find(|(known, _)| *known == unit)?;
    let length = Seconds(number.parse::<u64>().ok()?.checked_mul(seconds)?);
    (length <= LONGEST).then_some(length)
}

fn holidays_read(
    table: Fields<'_>,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeMap<ParticipantId, BTreeSet<u64>> {
    let mut holidays = BTreeMap::new();
    for (key, value) in table.entries() {
        let who = ParticipantId::new(key).filter(|id| seats.contains_key(id));
        if who.is_none() {
            let known = known(seats.keys());
            notes.add(Fault::UnknownWho { word: key.to_owned(), known }, &[value.key_span()]);
        }
        let mut first: BTreeMap<u64, Range<usize>> = BTreeMap::new();
        for item in value.list(notes).into_iter().flatten() {
            let Some(text) = item.string(notes) else { continue };
            let Some(day) = day_read(text) else {
                let fault = Fault::UnreadableDue { text: text.to_owned(), wanted: DueForm::Day };
                notes.add(fault, &[item.span()]);
                continue;
            };
            if let Some(first) = first.get(&day) {
                notes.add(Fault::TwiceAName { name: text.to_owned() }, &[item.span(), first.clone()]);
            } else {
                first.insert(day, item.span());
            }
        }
        if let Some(who) = who {
            holidays.insert(who, first.into_keys().collect());
        }
    }
    holidays
}

/// `2026-05-01`, as days since 1970-01-01.
fn day_read(text: &str) -> Option<u64> {
    let &[y3, y2, y1, y0, b'-', m1, m0, b'-', d1, d0] = text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + u64::from(d - b'0')))
    };
    days_from_civil(number(&[y3, y2, y1, y0])?, number(&[m1, m0])?, number(&[d1, d0])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets() {
        for (text, expected) in [
            ("+00:00", Some(0)),
            ("+04:30", Some(270)),
            ("-05:00", Some(-300)),
            ("+14:00", Some(840)),
            ("-12:00", Some(-720)),
            ("+14:01", None),
            ("-12:01", None),
            ("-00:00", None),
            ("+05:60", None),
            ("05:00", None),
            ("+5:00", None),
            ("Z", None),
            ("Asia/Karachi", None),
            ("", None),
        ] {
            assert_eq!(offset_minutes(text), expected, "{text}");
        }
    }

    #[test]
    fn lengths() {
        for (text, expected) in [
            ("10min", Some(600)),
            ("72h", Some(259_200)),
            ("7d", Some(604_800)),
            ("0h", Some(0)),
            ("3653d", Some(LONGEST.0)),
            ("3654d", None),
            ("07d", None),
            ("-1h", None),
            ("1.5h", None),
            ("7 d", None),
            ("7", None),
            ("h", None),
            ("7days", None),
            ("99999999999999999999d", None),
            ("18446744073709551615d", None),
        ] {
            assert_eq!(length_read(text), expected.map(Seconds), "{text}");
        }
    }

    #[test]
    fn days() {
        assert_eq!(day_read("1970-01-02"), Some(1));
        for bad in ["1.5.2026", "2026-5-1", "2026-02-29", "2026-05-01T00:00:00Z", ""] {
            assert_eq!(day_read(bad), None, "{bad}");
        }
    }
}
