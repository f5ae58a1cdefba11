//! The grid on which places in the open part of an act lie.
//!
//! Whole numbers throughout, so that every machine has the same cells. A cell is about as wide and as high as the agreed
//! coarseness; a place goes to the middle of its cell, and its radius grows so that it still covers wherever the place
//! may truly be. The radius says nothing of where in the cell that was.

use terms::Place;

/// The longest coarseness, in metres.
pub const COARSENESS_MOST_M: u64 = 100_000;

const HALF_TURN: i64 = 1_800_000_000;
const POLE: i64 = 900_000_000;
/// 10⁻⁷ degrees of latitude in a metre, rounded: a metre is between 89.53 and 90.44 of them.
const E7_A_METRE: i64 = 90;
/// Metres in 10⁻⁷ degrees along a meridian or the equator, at most, × 10⁹: 111,694 m a degree.
const NANOMETRES_AN_E7: u64 = 11_169_400;

/// The middle of the cell in which a place is, with a radius that covers where the place may be.
///
/// A place that lies in the middle of its cell already, with no less a radius than a cell asks for, stays as it is: done
/// twice is as good as done once. Coarseness is taken within 1 m and [`COARSENESS_MOST_M`].
#[must_use]
pub fn coarsened(place: &Place, coarseness_m: u64) -> Place {
    let coarseness = coarseness_m.clamp(1, COARSENESS_MOST_M);
    let step = i64::try_from(coarseness).unwrap_or(1) * E7_A_METRE;
    // Rows from the south pole on; the last may be lower than the others.
    let rows = (2 * POLE + step - 1) / step;
    let row = ((place.lat_e7 + POLE) / step).clamp(0, rows - 1);
    let (south, north) = (row * step - POLE, (row * step + step - POLE).min(POLE));
    let lat_e7 = i64::midpoint(south, north);
    // Cells of a row, from the antimeridian on.
    let around = 2 * HALF_TURN;
    let cells = (around / 1_000 * cosine_e3(lat_e7) / step).max(1);
    let lon = (place.lon_e7 + HALF_TURN).rem_euclid(around);
    let cell = lon * cells / around;
    let lon_e7 = (2 * cell + 1) * around / (2 * cells) - HALF_TURN;
    // From the middle to a corner, over the wider edge of the row.
    let widest = if south.abs() < north.abs() { south } else { north };
    let widest = if south < 0 && north > 0 { 0 } else { widest };
    let half_height = millimetres_up(u64::try_from(north - south).unwrap_or(0) / 2 + 1, 1_000);
    let half_width = millimetres_up(
        u64::try_from(around / (2 * cells)).unwrap_or(0) + 1,
        u64::try_from(cosine_e3(widest)).unwrap_or(1_000) + 3,
    );
    let corner = diagonal_m(half_height, half_width);
    let is_there = place.lat_e7 == lat_e7 && place.lon_e7 == lon_e7 && place.radius_m >= corner;
    let radius_m =
        if is_there { place.radius_m } else { place.radius_m.saturating_add(corner).min(Place::RADIUS_MOST) };
    Place { lat_e7, lon_e7, radius_m }
}

/// How many millimetres some 10⁻⁷ degrees are at most, in a direction where they count `thousandths` of a full one.
pub(crate) fn millimetres_up(e7: u64, thousandths: u64) -> u64 {
    let nanometres = u128::from(e7) * u128::from(NANOMETRES_AN_E7) * u128::from(thousandths) / 1_000;
    u64::try_from(nanometres.div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

/// The diagonal of two lengths in millimetres: whole metres, rounded up.
pub(crate) fn diagonal_m(one_mm: u64, other_mm: u64) -> u64 {
    let square = |length: u64| u128::from(length) * u128::from(length);
    let sum = square(one_mm) + square(other_mm);
    let root = sum.isqrt();
    let root = if root * root == sum { root } else { root + 1 };
    u64::try_from(root.div_ceil(1_000)).unwrap_or(u64::MAX)
}

/// The cosine of a latitude in thousandths, by Bhaskara's fraction: never as much as three thousandths off, 1,000 at the
/// equator and 0 at the poles.
pub(crate) fn cosine_e3(lat_e7: i64) -> i64 {
    let lat = i128::from(lat_e7.abs().min(POLE));
    let square = lat * lat;
    let half_turn_square = i128::from(HALF_TURN) * i128::from(HALF_TURN);
    i64::try_from(1_000 * (half_turn_square - 4 * square) / (half_turn_square + square)).unwrap_or(0)
}
