//! The square on which web maps draw the world (EPSG:3857), in 2³² steps each way, and its tiles.

use std::f64::consts::PI;

use terms::Place;

/// The deepest zoom that is served.
pub(crate) const ZOOM_MOST: u32 = 18;

/// Metres around the equator of the sphere that the projection takes the Earth for.
pub(crate) const AROUND_M: f64 = 2.0 * PI * 6_378_137.0;

/// The latitude at which the square ends, in degrees.
const LAT_MOST: f64 = 85.051_128_779_806_59;

/// A point of the square, from its north-west corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) x: u32,
    pub(crate) y: u32,
}

/// `x` and `y` of a place, each from 0 to 1.
pub(crate) fn unit(lat: f64, lon: f64) -> (f64, f64) {
    let sin = lat.clamp(-LAT_MOST, LAT_MOST).to_radians().sin();
    let y = 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * PI);
    ((lon + 180.0) / 360.0, y)
}

/// A place in degrees.
pub(crate) fn degrees(place: &Place) -> (f64, f64) {
    (of_e7(place.lat_e7), of_e7(place.lon_e7))
}

/// Degrees from degrees × 10⁷.
#[expect(clippy::cast_precision_loss, reason = "at most 1.8 × 10⁹")]
pub(crate) fn of_e7(e7: i64) -> f64 {
    e7 as f64 / 1e7
}

impl Spot {
    /// Where a place is. Beyond 85° it stands at the edge.
    pub(crate) fn of(place: &Place) -> Spot {
        let (lat, lon) = degrees(place);
        let (x, y) = unit(lat, lon);
        Spot { x: step(x), y: step(y) }
    }

    /// Its place in the order of tiles: bits of both, those of `y` first, so that all that lie in a tile follow each other.
    pub(crate) fn order(self) -> u64 {
        spread(self.x) | spread(self.y) << 1
    }

    /// The point at a place of that order.
    pub(crate) fn at(order: u64) -> Spot {
        Spot { x: gathered(order), y: gathered(order >> 1) }
    }

    /// Latitude and longitude in degrees.
    #[cfg(test)]
    pub(crate) fn place(self) -> (f64, f64) {
        let side = f64::from(u32::MAX) + 1.0;
        let (x, y) = (f64::from(self.x) / side, f64::from(self.y) / side);
        ((PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees(), x * 360.0 - 180.0)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
fn step(part: f64) -> u32 {
    (part * (f64::from(u32::MAX) + 1.0)).clamp(0.0, f64::from(u32::MAX)) as u32
}

/// The bits of a number, with a gap after each.
fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

#[expect(clippy::cast_possible_truncation, reason = "the upper half is masked away")]
fn gathered(order: u64) -> u32 {
    let mut bits = order & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        bits = (bits | bits >> shift) & mask;
    }
    bits as u32
}

/// A tile: the world is one at zoom 0, four at zoom 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TileAt {
    pub(crate) zoom: u32,
    pub(crate) x: u32,
    pub(crate) y: u32,
}

impl TileAt {
    /// Reads one of an address; nothing if there is no such tile.
    pub(crate) fn read(zoom: &str, x: &str, y: &str) -> Option<TileAt> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|read| read.to_string() == text);
        let tile = TileAt { zoom: number(zoom)?, x: number(x)?, y: number(y)? };
        let is_there = tile.zoom <= ZOOM_MOST && tile.x >> tile.zoom == 0 && tile.y >> tile.zoom == 0;
        is_there.then_some(tile)
    }

    /// The first and last place of the order that are in it.
    pub(crate) fn orders(self) -> (u64, u64) {
        let first = Spot { x: self.x, y: self.y }.order();
        match 64 - 2 * self.zoom {
            64 => (0, u64::MAX),
            shift => (first << shift, ((first + 1) << shift).wrapping_sub(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(lat: f64, lon: f64) -> Spot {
        let (x, y) = unit(lat, lon);
        Spot { x: step(x), y: step(y) }
    }

    #[test]
    fn a_spot_and_its_order_say_the_same() {
        for at in [spot(0.0, 0.0), spot(85.0, -180.0), spot(-90.0, 180.0), spot(9.7, -40.1)] {
            assert_eq!(Spot::at(at.order()), at);
            let (lat, lon) = at.place();
            assert_eq!(spot(lat, lon).x.abs_diff(at.x) / 4, 0, "{lat} {lon}");
            assert_eq!(spot(lat, lon).y.abs_diff(at.y) / 4, 0, "{lat} {lon}");
        }
    }

    #[test]
    fn a_tile_holds_what_lies_in_it_and_nothing_else() {
        let at = spot(9.7, -40.1);
        for zoom in 0..=ZOOM_MOST {
            let shift = 32 - zoom;
            let part = |of: u32| if zoom == 0 { 0 } else { of >> shift };
            let tile = TileAt { zoom, x: part(at.x), y: part(at.y) };
            let (first, last) = tile.orders();
            assert!((first..=last).contains(&at.order()), "{zoom}");
            if zoom > 0 {
                let (first, last) = TileAt { x: tile.x ^ 1, ..tile }.orders();
                assert!(!(first..=last).contains(&at.order()), "{zoom}");
            }
        }
    }

    #[test]
    fn an_address_has_one_spelling() {
        assert!(TileAt::read("0", "0", "0").is_some() && TileAt::read("18", "262143", "262143").is_some());
        for (zoom, x, y) in [
            ("0", "1", "0"),
            ("1", "0", "2"),
            ("19", "0", "0"),
            ("32", "0", "0"),
            ("4294967295", "0", "0"),
            ("-1", "0", "0"),
            ("00", "0", "0"),
            ("1", "+1", "0"),
            ("1", "", "0"),
            ("1", "0.5", "0"),
            ("1", "99999999999999999999", "0"),
        ] {
            assert_eq!(TileAt::read(zoom, x, y), None, "{zoom}/{x}/{y}");
        }
    }
}
