//! One way of writing for each thing, whatever keyboard it came from; and what stands around the numbers.

use super::Unreadable;
use crate::number::Decimal;

/// The text with digits, points, signs and marks of one form, and without what is not seen.
pub(super) fn cleaned(text: &str) -> String {
    let mut clean = String::new();
    for c in text.chars() {
        match c {
            // Marks of direction and joiners come along when text is copied.
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => {}
            '\u{0660}'..='\u{0669}' => clean.push(digit(c, 0x0660)),
            '\u{06F0}'..='\u{06F9}' => clean.push(digit(c, 0x06F0)),
            '٫' => clean.push('.'),
            '،' | '٬' => clean.push(','),
            '؛' => clean.push(';'),
            '−' | '‐' | '‑' | '–' | '﹣' | '－' => clean.push('-'),
            '′' | '’' | '‘' | 'ʹ' | '´' | '`' => clean.push('\''),
            '″' | '”' | '“' | 'ʺ' => clean.push('"'),
            'º' | '˚' => clean.push('°'),
            c if c.is_whitespace() => clean.push(' '),
            c => clean.push(c),
        }
    }
    // Two single marks are a double one.
    clean.replace("''", "\"").trim().to_owned()
}

fn digit(c: char, zero: u32) -> char {
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

/// What stands before `±`, and how far off it may be, in metres.
pub(super) fn uncertainty(text: &str) -> Result<(&str, Option<u64>), Unreadable> {
    for mark in ["±", "+/-", "+-"] {
        if let Some((place, off)) = text.split_once(mark) {
            return Ok((place.trim(), Some(metres(off.trim())?)));
        }
    }
    Ok((text, None))
}

/// `500 m`, `2.5km`: whole metres, rounded up.
fn metres(text: &str) -> Result<u64, Unreadable> {
    let unreadable = || Unreadable::Uncertainty(text.to_owned());
    let (number, times) = match text.strip_suffix(['m', 'M']) {
        Some(rest) => match rest.strip_suffix(['k', 'K']) {
            Some(number) => (number, 1_000),
            None => (rest, 1),
        },
        None => return Err(unreadable()),
    };
    rounded_up(number.trim(), times).ok_or_else(unreadable)
}

fn rounded_up(number: &str, times: u64) -> Option<u64> {
    let number = Decimal::read(number).filter(|number| !number.is_negative)?;
    let thousandths = u64::try_from(number.times(times.checked_mul(1_000)?)?).ok()?;
    Some(thousandths.div_ceil(1_000))
}

/// The rest of a `geo:` address (RFC 5870): its two numbers, and `u`.
pub(super) fn geo_uri(rest: &str) -> Result<(String, Option<u64>), Unreadable> {
    let mut parts = rest.split(';');
    let numbers: Vec<&str> = parts.next().unwrap_or_default().split(',').collect();
    let (lat, lon) = match numbers.as_slice() {
        [lat, lon] | [lat, lon, _] => (lat.trim(), lon.trim()),
        _ => return Err(Unreadable::Address),
    };
    if Decimal::read(lat).is_none() || Decimal::read(lon).is_none() {
        return Err(Unreadable::Address);
    }
    let mut uncertainty = None;
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if name.eq_ignore_ascii_case("u") {
            uncertainty = Some(rounded_up(value, 1).ok_or(Unreadable::Address)?);
        } else if name.eq_ignore_ascii_case("crs") && !value.eq_ignore_ascii_case("wgs84") {
            return Err(Unreadable::Address);
        }
    }
    Ok((format!("{lat};{lon}"), uncertainty))
}
