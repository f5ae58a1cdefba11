//! The shortest way between two places on the WGS 84 ellipsoid.
//!
//! Karney's algorithms (*Algorithms for geodesics*, J. Geodesy 87, 2013), as PROJ has them: exact to some fifteen
//! nanometres. They are **floating point**: two machines may differ in the last nanometres. So what leaves this crate is
//! whole millimetres and thousandths of a degree, and replay reads none of it.

use std::sync::LazyLock;

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use terms::Place;

/// The mean radius of the earth in metres, for first guesses.
pub(crate) const MEAN_RADIUS_M: f64 = 6_371_008.8;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// A point in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) lat: f64,
    pub(crate) lon: f64,
}

impl Point {
    #[expect(clippy::cast_precision_loss, reason = "a place on the globe has ten digits, and an f64 fifteen")]
    pub(crate) fn of_e7(lat_e7: i64, lon_e7: i64) -> Point {
        Point { lat: lat_e7 as f64 / 1e7, lon: lon_e7 as f64 / 1e7 }
    }

    pub(crate) fn of(place: &Place) -> Point {
        Point::of_e7(place.lat_e7, place.lon_e7)
    }

    /// Metres from the middle of the earth, along the axes.
    pub(crate) fn in_space(self) -> [f64; 3] {
        const A: f64 = 6_378_137.0;
        const F: f64 = 1.0 / 298.257_223_563;
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        let n = A / (1.0 - F * (2.0 - F) * lat.sin() * lat.sin()).sqrt();
        let flat = (1.0 - F) * (1.0 - F);
        [n * lat.cos() * lon.cos(), n * lat.cos() * lon.sin(), n * flat * lat.sin()]
    }
}

/// A way from one point to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub(crate) metres: f64,
    /// The direction in which it leaves, degrees clockwise from north.
    pub(crate) leaves: f64,
    /// The direction in which it goes on where it arrives.
    pub(crate) arrives: f64,
}

pub(crate) fn way(from: Point, to: Point) -> Way {
    let (metres, leaves, arrives, _) = WGS84.inverse(from.lat, from.lon, to.lat, to.lon);
    Way { metres, leaves, arrives }
}

pub(crate) fn metres(from: Point, to: Point) -> f64 {
    WGS84.inverse(from.lat, from.lon, to.lat, to.lon)
}

/// Where one comes to, and in which direction one goes then.
pub(crate) fn go(from: Point, direction: f64, metres: f64) -> (Point, f64) {
    let (lat, lon, arrives) = WGS84.direct(from.lat, from.lon, direction, metres);
    (Point { lat, lon }, arrives)
}

/// How far it is, and in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearing {
    /// Whole millimetres, rounded to the nearest.
    pub distance_mm: u64,
    /// Thousandths of a degree clockwise from true north, 0 to 359,999; 0 where there is no way to go.
    pub azimuth_mdeg: u32,
}

/// The geodesic from one place to another, between their middles.
#[must_use]
pub fn bearing(from: &Place, to: &Place) -> Bearing {
    let way = way(Point::of(from), Point::of(to));
    Bearing { distance_mm: millimetres(way.metres), azimuth_mdeg: azimuth(way) }
}

/// Whole millimetres, rounded to the nearest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance on the globe, not negative"
)]
pub(crate) fn millimetres(metres: f64) -> u64 {
    (metres * 1e3).round() as u64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 360,000")]
pub(crate) fn azimuth(way: Way) -> u32 {
    if way.metres == 0.0 {
        return 0;
    }
    (way.leaves.rem_euclid(360.0) * 1e3).round() as u32 % 360_000
}
