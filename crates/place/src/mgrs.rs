//! The Military Grid Reference System (NGA.STND.0037): UTM between 80° S and 84° N, UPS at the poles.
//!
//! A reference names a square: `42SWD16362041` is one of ten metres. It is read as the middle of it, within half its
//! diagonal, and written by cutting digits off, so that the square holds the place.
//!
//! The projections are floating point on a library of our own choice (`libm`), not on the machine's: the same text comes
//! out everywhere.

mod polar;
mod transverse;

use terms::Place;

use crate::notation::Unreadable;

/// Letters of bands of eight degrees from 80° S on; X is twelve high.
const BANDS: &str = "CDEFGHJKLMNPQRSTUVWX";
/// Letters of columns, by zone: three sets of eight.
const COLUMNS: [&str; 3] = ["STUVWXYZ", "ABCDEFGH", "JKLMNPQR"];
/// Letters of rows: twenty, over and over.
const ROWS: &str = "ABCDEFGHJKLMNPQRSTUV";
/// The parts of the polar grids: letter, columns, the easting of the first in 100 km; rows and their first northing.
const POLAR: [(char, &str, i64, &str, i64); 4] = [
    ('A', "JKLPQRSTUXYZ", 8, "ABCDEFGHJKLMNPQRSTUVWXYZ", 8),
    ('B', "ABCFGHJKLPQR", 20, "ABCDEFGHJKLMNPQRSTUVWXYZ", 8),
    ('Y', "RSTUXYZ", 13, "ABCDEFGHJKLMNP", 13),
    ('Z', "ABCFGHJ", 20, "ABCDEFGHJKLMNP", 13),
];
const SQUARE_M: i64 = 100_000;
/// Rows repeat after so many metres.
const ROUND_M: i64 = 2_000_000;
/// What is added to northings of the southern half.
const SOUTH_M: i64 = 10_000_000;
/// The most digits of an easting: a metre.
pub const DIGITS_MOST: u32 = 5;

/// A grid position: metres, as the projection gives them.
#[derive(Clone, Copy, Debug)]
struct Grid {
    easting: f64,
    northing: f64,
}

/// The reference of the square with so many digits of easting and northing each, at most five, that holds a place.
#[must_use]
pub fn mgrs(place: &Place, digits: u32) -> String {
    let is_north = place.lat_e7 >= 0;
    if (-800_000_000..840_000_000).contains(&place.lat_e7) {
        let (zone, band) = (zone(place), band(place.lat_e7));
        let grid = transverse::forward(place.lat_e7, place.lon_e7 - central_e7(zone));
        let (easting, northing) =
            (metre(grid.easting), metre(grid.northing) + if is_north { 0 } else { SOUTH_M });
        let row = northing.rem_euclid(ROUND_M) / SQUARE_M + if zone % 2 == 0 { 5 } else { 0 };
        let column = letter(COLUMNS[usize::from(zone % 3)], easting / SQUARE_M - 1);
        let square = [letter(BANDS, band), column, letter(ROWS, row % 20)];
        return format!("{zone:02}{}{}", square.iter().collect::<String>(), cut(easting, northing, digits));
    }
    let grid = polar::forward(place.lat_e7, place.lon_e7);
    let (easting, northing) = (metre(grid.easting), metre(grid.northing));
    let part = POLAR[usize::from(is_north) * 2 + usize::from(easting >= 20 * SQUARE_M)];
    let (name, columns, first_column, rows, first_row) = part;
    let square = [
        name,
        letter(columns, easting / SQUARE_M - first_column),
        letter(rows, northing / SQUARE_M - first_row),
    ];
    format!("{}{}", square.iter().collect::<String>(), cut(easting, northing, digits))
}

/// How many digits fit how exact a place is: the largest square that is no wider than the place.
#[must_use]
pub fn digits(place: &Place) -> u32 {
    (0..DIGITS_MOST).find(|digits| 10_u64.pow(5 - digits) <= 2 * place.radius_m).unwrap_or(DIGITS_MOST)
}

/// The text of a grid reference as it is said in groups: `42S WD 1636 2041`.
#[must_use]
pub fn grouped(reference: &str) -> String {
    let square = reference.find(|c: char| c.is_ascii_alphabetic()).map_or(0, |at| at + 3);
    let (square, digits) = reference.split_at_checked(square).unwrap_or((reference, ""));
    let (zone, letters) = square.split_at_checked(square.len().saturating_sub(2)).unwrap_or(("", square));
    let (easting, northing) = digits.split_at_checked(digits.len() / 2).unwrap_or((digits, ""));
    [zone, letters, easting, northing]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Capitals without spaces, if a text has the form of a grid reference: a zone, or none at the poles, three letters, digits.
pub(crate) fn as_written(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| *c != ' ').collect::<String>().to_ascii_uppercase();
    let zone = text.bytes().take_while(u8::is_ascii_digit).count();
    let letters = text.get(zone..zone + 3)?;
    let digits = &text[zone + 3..];
    let is_one =
        letters.bytes().all(|b| b.is_ascii_uppercase()) && digits.bytes().all(|b| b.is_ascii_digit());
    // `N34 31 …` has one letter before its digits, and `34N 69E` one after each.
    is_one.then_some(text)
}

/// Reads what [`as_written`] gave.
pub(crate) fn read(text: &str) -> Result<Place, Unreadable> {
    let zone = text.bytes().take_while(u8::is_ascii_digit).count();
    let (zone, rest) = text.split_at(zone);
    let (square, digits) = rest.split_at_checked(3).unwrap_or((rest, ""));
    let mut letters = square.chars();
    let mut next = || letters.next().unwrap_or(' ');
    let (first, column, row) = (next(), next(), next());
    let each = digits.len() / 2;
    if !digits.len().is_multiple_of(2) || each > DIGITS_MOST as usize {
        return Err(Unreadable::Digits(digits.len()));
    }
    let side = SQUARE_M / 10_i64.pow(u32::try_from(each).unwrap_or(DIGITS_MOST));
    let number = |text: &str| text.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    let (east, north) = (number(&digits[..each]) * side, number(&digits[each..]) * side);
    let found = if zone.is_empty() {
        in_polar([first, column, row], east, north, side)?
    } else {
        let number = zone.parse::<u8>().ok().filter(|number| zone.len() <= 2 && (1..=60).contains(number));
        in_zone(
            number.ok_or_else(|| Unreadable::Zone(zone.to_owned()))?,
            [first, column, row],
            east,
            north,
            side,
        )?
    };
    // Half a diagonal. A metre of the grid is at most 1.0061 m of ground: that of the poles is drawn to 0.994.
    let radius_m = u64::try_from((side * 7_115).div_euclid(10_000) + 1).unwrap_or(Place::RADIUS_MOST);
    Ok(Place { radius_m, ..found })
}

fn in_zone(zone: u8, letters: [char; 3], east: i64, north: i64, side: i64) -> Result<Place, Unreadable> {
    let [band, column, row] = letters;
    let band_at = index(BANDS, band, "band")?;
    let column = index(COLUMNS[usize::from(zone % 3)], column, "column")?;
    let row = (index(ROWS, row, "row")? + if zone.is_multiple_of(2) { 15 } else { 0 }) % 20;
    let south_e7 = -800_000_000 + band_at * 80_000_000;
    let north_e7 = if band_at == 19 { 840_000_000 } else { south_e7 + 80_000_000 };
    // A degree of latitude is 110.6 to 111.7 km on the ground; the letters say the northing but for whole rounds.
    let about = (south_e7 + north_e7) / 2 / 1_000 * 111_132 / 10_000;
    let above = row * SQUARE_M + north;
    let rounds = (about - above + ROUND_M / 2).div_euclid(ROUND_M);
    let northing = above + rounds * ROUND_M;
    let half = side / 2;
    let easting = (column + 1) * SQUARE_M + east;
    let whole = |metres: i64| whole(metres + half, side);
    let (lat_e7, turn_e7) = transverse::backward(whole(easting), whole(northing));
    // The square has to reach into its band; a program that cuts its metres otherwise is two of them off at most.
    let open_e7 = (side + 2) * 91;
    if lat_e7 < south_e7 - open_e7 || lat_e7 > north_e7 + open_e7 {
        return Err(Unreadable::Band(band));
    }
    Ok(Place { lat_e7, lon_e7: turned(central_e7(zone) + turn_e7), radius_m: 0 })
}

fn in_polar(letters: [char; 3], east: i64, north: i64, side: i64) -> Result<Place, Unreadable> {
    let [name, column, row] = letters;
    let part = POLAR.iter().find(|part| part.0 == name);
    let Some(&(_, columns, first_column, rows, first_row)) = part else {
        return Err(Unreadable::Letter {
            letter: name,
            place: "part",
            known: "A, B, Y or Z, or a zone before it,",
        });
    };
    let easting = (first_column + index(columns, column, "column")?) * SQUARE_M + east;
    let northing = (first_row + index(rows, row, "row")?) * SQUARE_M + north;
    let whole = |metres: i64| whole(metres + side / 2, side);
    let (lat_e7, lon_e7) = polar::backward(whole(easting), whole(northing), matches!(name, 'Y' | 'Z'));
    Ok(Place { lat_e7, lon_e7, radius_m: 0 })
}

/// The middle: half a metre on where the square is a metre wide, and `side / 2` is nothing.
#[expect(clippy::cast_precision_loss, reason = "metres on the globe")]
fn whole(metres: i64, side: i64) -> f64 {
    metres as f64 + if side == 1 { 0.5 } else { 0.0 }
}

fn index(letters: &'static str, letter: char, place: &'static str) -> Result<i64, Unreadable> {
    let found = letters.chars().position(|known| known == letter).and_then(|at| i64::try_from(at).ok());
    found.ok_or(Unreadable::Letter { letter, place, known: letters })
}

fn letter(letters: &str, at: i64) -> char {
    let last = letters.len().saturating_sub(1);
    let at = usize::try_from(at).unwrap_or(0).min(last);
    char::from(letters.as_bytes()[at])
}

/// The digits of the square, easting then northing.
fn cut(easting: i64, northing: i64, digits: u32) -> String {
    let digits = digits.min(DIGITS_MOST);
    let side = 10_i64.pow(5 - digits);
    if digits == 0 {
        return String::new();
    }
    let width = digits as usize;
    let part = |metres: i64| metres.rem_euclid(SQUARE_M) / side;
    format!("{:0width$}{:0width$}", part(easting), part(northing))
}

#[expect(clippy::cast_possible_truncation, reason = "metres on the globe")]
fn metre(metres: f64) -> i64 {
    libm::floor(metres) as i64
}

fn band(lat_e7: i64) -> i64 {
    ((lat_e7 + 800_000_000) / 80_000_000).min(19)
}

/// The zone of UTM, with the wider ones of Norway and Svalbard.
fn zone(place: &Place) -> u8 {
    let (lat, lon) = (place.lat_e7, turned(place.lon_e7));
    let degrees = |from: i64, to: i64| (from * 10_000_000..to * 10_000_000).contains(&lon);
    if (560_000_000..640_000_000).contains(&lat) && degrees(3, 12) {
        return 32;
    }
    if lat >= 720_000_000 {
        for (from, to, zone) in [(0, 9, 31), (9, 21, 33), (21, 33, 35), (33, 42, 37)] {
            if degrees(from, to) {
                return zone;
            }
        }
    }
    u8::try_from((lon + 1_800_000_000) / 60_000_000 + 1).unwrap_or(60).min(60)
}

/// The meridian in the middle of a zone.
fn central_e7(zone: u8) -> i64 {
    i64::from(zone) * 60_000_000 - 1_830_000_000
}

/// A longitude from −180 up to, and without, 180 degrees.
fn turned(lon_e7: i64) -> i64 {
    (lon_e7 + 1_800_000_000).rem_euclid(3_600_000_000) - 1_800_000_000
}

/// Sine and cosine of an angle in 10⁻⁷ degrees: exact at whole quarters.
#[expect(clippy::cast_precision_loss, reason = "ten digits, and an f64 has fifteen")]
fn sine_cosine(e7: i64) -> (f64, f64) {
    let quarter = (e7 + 450_000_000).div_euclid(900_000_000);
    let rest = (e7 - quarter * 900_000_000) as f64 / 1e7 * (std::f64::consts::PI / 180.0);
    let (sine, cosine) = (libm::sin(rest), libm::cos(rest));
    match quarter.rem_euclid(4) {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

/// 10⁻⁷ degrees of an angle, rounded.
#[expect(clippy::cast_possible_truncation, reason = "at most a turn")]
fn e7(radians: f64) -> i64 {
    libm::round(radians * (180.0 / std::f64::consts::PI) * 1e7) as i64
}

/// The ellipsoid of WGS 84: its half axis in metres, flattening, eccentricity.
const A: f64 = 6_378_137.0;
const F: f64 = 1.0 / 298.257_223_563;

fn eccentricity() -> f64 {
    libm::sqrt(F * (2.0 - F))
}

/// The tangent of the conformal latitude, from that of the geographic one.
fn conformal(tangent: f64) -> f64 {
    let e = eccentricity();
    let secant = libm::hypot(1.0, tangent);
    let sigma = libm::sinh(e * libm::atanh(e * tangent / secant));
    tangent * libm::hypot(1.0, sigma) - sigma * secant
}

/// The other way, by Newton's steps.
fn geographic(conformal_tangent: f64) -> f64 {
    let e2 = F * (2.0 - F);
    let mut tangent = conformal_tangent / (1.0 - e2);
    for _ in 0..8 {
        let own = conformal(tangent);
        let step = (conformal_tangent - own) / libm::hypot(1.0, own) * (1.0 + (1.0 - e2) * tangent * tangent)
            / ((1.0 - e2) * libm::hypot(1.0, tangent));
        tangent += step;
        if libm::fabs(step) <= 1e-15 * libm::fmax(1.0, libm::fabs(tangent)) {
            break;
        }
    }
    tangent
}
