//! Places as people write them, and as they are shown.
//!
//! | notation | as |
//! |---|---|
//! | decimal | `34.5253, 69.1783` · `34.5253 N 69.1783 E` · `69.1783E 34.5253N` · `34,5253; 69,1783` |
//! | degrees, minutes, seconds | `34°31'31"N 69°10'42"E` · `34 31 31 N, 69 10 42 E` · `N34 31.52 E069 10.70` · `34-31-31N 069-10-42E` · `343131N 0691042E` |
//! | ISO 6709 | `+34.5253+069.1783/` · `+343131+0691042/` |
//! | RFC 5870 | `geo:34.5253,69.1783;u=35` |
//! | grid | `42S WD 1636 2041` · `42SWD16362041` |
//!
//! Digits may be Arabic or Persian too. Without letters latitude comes first. `± 500 m` or `± 2 km` at the end says how far
//! off it may be; else that is what the last digit leaves open: a place is never taken for more exact than it was written.
//! All of it is in whole numbers, but for grid references.

mod angle;
mod clean;
mod error;

use std::fmt::Write as _;

use terms::Place;

pub use error::Unreadable;

use crate::coarse::{cosine_e3, diagonal_m, millimetres_up};
use crate::mgrs;
use crate::number::divided;
use angle::{Angle, Axis};

/// The longest text that may be a place, in characters.
pub const TEXT_MOST: usize = 120;

/// Reads a place in any notation.
///
/// # Errors
///
/// It is none, with what to do.
pub fn read(text: &str) -> Result<Place, Unreadable> {
    if text.chars().nth(TEXT_MOST).is_some() {
        return Err(Unreadable::Long);
    }
    let clean = clean::cleaned(text);
    let (place, uncertainty) = clean::uncertainty(&clean)?;
    if place.is_empty() {
        return Err(Unreadable::Empty);
    }
    let (place, own) = match place.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("geo:") => clean::geo_uri(&place[4..])?,
        Some(_) | None => (place.to_owned(), None),
    };
    let mut read = if let Some(grid) = mgrs::as_written(&place) {
        mgrs::read(&grid)?
    } else {
        let [first, second] = angle::pair(&place)?;
        let [lat, lon] = ordered(first, second)?;
        of_angles(lat, lon)?
    };
    if let Some(radius_m) = uncertainty.or(own) {
        read.radius_m = radius_m;
    }
    if read.is_on_globe() { Ok(read) } else { Err(Unreadable::OffTheGlobe) }
}

/// Latitude, then longitude.
fn ordered(first: Angle, second: Angle) -> Result<[Angle; 2], Unreadable> {
    match (first.axis, second.axis) {
        (None | Some(Axis::Latitude), None | Some(Axis::Longitude)) => {
            if first.axis.is_none() && first.e7.abs() > 900_000_000 && second.e7.abs() <= 900_000_000 {
                return Err(Unreadable::WrongWayRound);
            }
            Ok([first, second])
        }
        (Some(Axis::Longitude), Some(Axis::Latitude)) => Ok([second, first]),
        _ => Err(Unreadable::TwoOfOne),
    }
}

/// The place, within what the last digits leave open.
fn of_angles(lat: Angle, lon: Angle) -> Result<Place, Unreadable> {
    if lat.e7.abs() > 900_000_000 || lon.e7.abs() > 1_800_000_000 {
        return Err(Unreadable::OffTheGlobe);
    }
    let thousandths = u64::try_from(cosine_e3(lat.e7)).unwrap_or(1_000) + 3;
    let high = millimetres_up(lat.open_e7, 1_000);
    let wide = millimetres_up(lon.open_e7, thousandths.min(1_000));
    let radius_m = diagonal_m(high, wide);
    Ok(Place { lat_e7: lat.e7, lon_e7: lon.e7, radius_m: radius_m.min(Place::RADIUS_MOST) })
}

/// Degrees with all their decimals: `34.5253, 69.1783`. Read again it is the same place, but for the radius.
#[must_use]
pub fn decimal(place: &Place) -> String {
    let degrees = |e7: i64| {
        let (sign, size) = (if e7 < 0 { "-" } else { "" }, e7.unsigned_abs());
        let fraction = format!("{:07}", size % 10_000_000);
        // One decimal at least, that nobody takes it for a whole degree.
        let fraction = fraction.trim_end_matches('0');
        format!("{sign}{}.{:0<1}", size / 10_000_000, fraction)
    };
    format!("{}, {}", degrees(place.lat_e7), degrees(place.lon_e7))
}

/// Degrees, minutes and seconds: `34°31'31.1"N 69°10'41.9"E`, seconds with so many decimals, at most four.
///
/// With four, what is read again is the same place, but for the radius.
#[must_use]
pub fn dms(place: &Place, decimals: u32) -> String {
    let decimals = decimals.min(4);
    let unit = 10_u128.pow(decimals);
    let mut text = String::new();
    for (e7, [plus, minus]) in [(place.lat_e7, ['N', 'S']), (place.lon_e7, ['E', 'W'])] {
        let letter = if e7 < 0 { minus } else { plus };
        let all = divided(u128::from(e7.unsigned_abs()) * 3_600 * unit, 10_000_000);
        let (degrees, minutes) = (all / (3_600 * unit), all / (60 * unit) % 60);
        let (seconds, fraction) = (all / unit % 60, all % unit);
        let gap = if text.is_empty() { "" } else { " " };
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{gap}{degrees}°{minutes:02}'{seconds:02}");
        if decimals > 0 {
            let _ = write!(text, ".{fraction:0width$}", width = decimals as usize);
        }
        let _ = write!(text, "\"{letter}");
    }
    text
}

/// How many decimals of a second fit how exact a place is: a second is 31 metres.
#[must_use]
pub const fn dms_decimals(place: &Place) -> u32 {
    match place.radius_m {
        31.. => 0,
        4..=30 => 1,
        1..=3 => 2,
        0 => 4,
    }
}
