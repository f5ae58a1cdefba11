//! The polar stereographic projection of UPS (NGA.SIG.0012).

use super::{A, F, Grid, conformal, e7, eccentricity, geographic, sine_cosine};

/// The scale at the pole, and easting and northing of it in metres.
const SCALE: f64 = 0.994;
const POLE_M: f64 = 2_000_000.0;

/// Metres from the pole, for a conformal colatitude of a right angle.
fn radius() -> f64 {
    let e = eccentricity();
    2.0 * SCALE * A / ((1.0 - F) * libm::exp(e * libm::atanh(e)))
}

pub(super) fn forward(lat_e7: i64, lon_e7: i64) -> Grid {
    let is_north = lat_e7 >= 0;
    let (sine, cosine) = sine_cosine(lat_e7.abs());
    // The pole itself has no tangent, and is the middle.
    let from_pole = if cosine > 0.0 {
        let tangent = conformal(sine / cosine);
        radius() / (libm::hypot(1.0, tangent) + tangent)
    } else {
        0.0
    };
    let (turn_sine, turn_cosine) = sine_cosine(lon_e7);
    let up = if is_north { -turn_cosine } else { turn_cosine };
    Grid { easting: POLE_M + from_pole * turn_sine, northing: POLE_M + from_pole * up }
}

/// Latitude and longitude in 10⁻⁷ degrees.
pub(super) fn backward(easting: f64, northing: f64, is_north: bool) -> (i64, i64) {
    let (x, y) = (easting - POLE_M, northing - POLE_M);
    let from_pole = libm::hypot(x, y) / radius();
    let tangent = (1.0 / from_pole - from_pole) / 2.0;
    let lat = if from_pole > 0.0 { libm::atan(geographic(tangent)) } else { std::f64::consts::FRAC_PI_2 };
    let lon = libm::atan2(x, if is_north { -y } else { y });
    (if is_north { e7(lat) } else { -e7(lat) }, e7(lon))
}
