//! The transverse Mercator projection of UTM: Krüger's series to the sixth order, as in Karney, *Transverse Mercator with
//! an accuracy of a few nanometers* (J. Geodesy 85, 2011), equations 35 and 36.

use super::{A, F, Grid, conformal, e7, geographic, sine_cosine};

/// The scale on the central meridian, and the easting of it in metres.
const SCALE: f64 = 0.9996;
const EAST_M: f64 = 500_000.0;

/// The third flattening.
const N: f64 = F / (2.0 - F);

/// A polynomial in [`N`], from the constant on.
fn series(terms: &[f64]) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * N + term)
}

/// The radius of the circle that is as long as a meridian, scaled.
fn radius() -> f64 {
    SCALE * A / (1.0 + N) * series(&[1.0, 0.0, 1.0 / 4.0, 0.0, 1.0 / 64.0, 0.0, 1.0 / 256.0])
}

fn alpha() -> [f64; 6] {
    [
        series(&[0.0, 1.0 / 2.0, -2.0 / 3.0, 5.0 / 16.0, 41.0 / 180.0, -127.0 / 288.0, 7891.0 / 37800.0]),
        series(&[
            0.0,
            0.0,
            13.0 / 48.0,
            -3.0 / 5.0,
            557.0 / 1440.0,
            281.0 / 630.0,
            -1_983_433.0 / 1_935_360.0,
        ]),
        series(&[0.0, 0.0, 0.0, 61.0 / 240.0, -103.0 / 140.0, 15061.0 / 26880.0, 167_603.0 / 181_440.0]),
        series(&[0.0, 0.0, 0.0, 0.0, 49561.0 / 161_280.0, -179.0 / 168.0, 6_601_661.0 / 7_257_600.0]),
        series(&[0.0, 0.0, 0.0, 0.0, 0.0, 34729.0 / 80640.0, -3_418_889.0 / 1_995_840.0]),
        series(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 212_378_941.0 / 319_334_400.0]),
    ]
}

fn beta() -> [f64; 6] {
    [
        series(&[0.0, 1.0 / 2.0, -2.0 / 3.0, 37.0 / 96.0, -1.0 / 360.0, -81.0 / 512.0, 96199.0 / 604_800.0]),
        series(&[
            0.0,
            0.0,
            1.0 / 48.0,
            1.0 / 15.0,
            -437.0 / 1440.0,
            46.0 / 105.0,
            -1_118_711.0 / 3_870_720.0,
        ]),
        series(&[0.0, 0.0, 0.0, 17.0 / 480.0, -37.0 / 840.0, -209.0 / 4480.0, 5569.0 / 90720.0]),
        series(&[0.0, 0.0, 0.0, 0.0, 4397.0 / 161_280.0, -11.0 / 504.0, -830_251.0 / 7_257_600.0]),
        series(&[0.0, 0.0, 0.0, 0.0, 0.0, 4583.0 / 161_280.0, -108_847.0 / 3_991_680.0]),
        series(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20_648_693.0 / 638_668_800.0]),
    ]
}

/// Easting and northing, this from the equator on, of a latitude and of how far it is from the central meridian.
pub(super) fn forward(lat_e7: i64, turn_e7: i64) -> Grid {
    let (sine, cosine) = sine_cosine(lat_e7);
    let (turn_sine, turn_cosine) = sine_cosine(turn_e7);
    let tangent = conformal(sine / cosine);
    let xi = libm::atan2(tangent, turn_cosine);
    let eta = libm::asinh(turn_sine / libm::hypot(tangent, turn_cosine));
    let (mut up, mut across) = (xi, eta);
    for (double, alpha) in (1_i32..).map(|j| 2.0 * f64::from(j)).zip(alpha()) {
        up += alpha * libm::sin(double * xi) * libm::cosh(double * eta);
        across += alpha * libm::cos(double * xi) * libm::sinh(double * eta);
    }
    Grid { easting: EAST_M + radius() * across, northing: radius() * up }
}

/// Latitude, and how far from the central meridian, in 10⁻⁷ degrees.
pub(super) fn backward(easting: f64, northing: f64) -> (i64, i64) {
    let (up, across) = (northing / radius(), (easting - EAST_M) / radius());
    let (mut xi, mut eta) = (up, across);
    for (double, beta) in (1_i32..).map(|j| 2.0 * f64::from(j)).zip(beta()) {
        xi -= beta * libm::sin(double * up) * libm::cosh(double * across);
        eta -= beta * libm::cos(double * up) * libm::sinh(double * across);
    }
    let (sine, cosine) = (libm::sin(xi), libm::cos(xi));
    let tangent = sine / libm::hypot(libm::sinh(eta), cosine);
    (e7(libm::atan(geographic(tangent))), e7(libm::atan2(libm::sinh(eta), cosine)))
}
