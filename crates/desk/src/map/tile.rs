//! A tile of matters, as Mapbox vector tiles have it (version 2.1): each matter by itself where there is room, else a
//! cluster with a number. A cluster says how many, and of nobody.

use docket::v1::{Matter, MatterKey};
use mvt::{Error, GeomEncoder, GeomType, Layer, Tile};
use terms::Place;

use super::mercator::{AROUND_M, Spot, TileAt, degrees};
use super::points::Points;
use crate::web::answer::Sorry;

/// The side of a tile in its own steps.
const SIDE: u32 = 4096;

/// The cells of a tile in each direction; what shares one stands as a cluster.
const CELLS_LOG: u32 = 3;

/// The layer's name.
const LAYER: &str = "matters";

/// What a point says beside where it is.
pub(crate) struct Said {
    pub(crate) reference: String,
    pub(crate) title: String,
    pub(crate) href: String,
}

/// Writes a tile. `find` knows a matter by its key; `say` puts it in words.
pub(crate) fn tile<'m>(
    at: TileAt,
    points: &Points,
    find: impl Fn(&MatterKey) -> Option<(&'m Matter, Place)>,
    say: impl Fn(&'m Matter) -> Said,
) -> Result<Vec<u8>, Sorry> {
    let mut tile = Tile::new(SIDE);
    let mut layer = tile.create_layer(LAYER);
    let (first, last) = at.orders();
    if points.between((first, last)).is_empty() {
        return Ok(Vec::new());
    }
    // At the deepest zooms a cell is a point.
    let deeper = at.zoom + CELLS_LOG;
    let shift = 64 - 2 * deeper;
    for cell in 0..1_u64 << (2 * CELLS_LOG) {
        let from = first + (cell << shift);
        let run = points.between((from, from + ((1_u64 << shift) - 1)));
        let all = points.of(run);
        layer = match all {
            [] => layer,
            [(order, key)] => match find(key) {
                Some((matter, place)) => single(layer, at, *order, key, &place, &say(matter))?,
                None => layer,
            },
            several => cluster(layer, at, several)?,
        };
    }
    tile.add_layer(layer)?;
    Ok(tile.to_bytes()?)
}

fn single(
    layer: Layer,
    at: TileAt,
    order: u64,
    key: &MatterKey,
    place: &Place,
    said: &Said,
) -> Result<Layer, Error> {
    let (x, y) = within(at, Spot::at(order));
    let mut feature = layer.into_feature(GeomEncoder::new(GeomType::Point).point(x, y)?.encode()?);
    feature.set_id(key.index << 8 | u64::from(key.number & 0xff));
    feature.add_tag_string("reference", &said.reference);
    feature.add_tag_string("title", &said.title);
    feature.add_tag_string("href", &said.href);
    feature.add_tag_double("unsure", radius(place));
    Ok(feature.into_layer())
}

fn cluster(layer: Layer, at: TileAt, all: &[(u64, MatterKey)]) -> Result<Layer, Error> {
    let spot = middle(all);
    let (x, y) = within(at, spot);
    let mut feature = layer.into_feature(GeomEncoder::new(GeomType::Point).point(x, y)?.encode()?);
    feature.add_tag_uint("count", all.len() as u64);
    let (first, last) = (all.first().map(|one| one.0), all.last().map(|one| one.0));
    feature.add_tag_bool("same", first == last);
    Ok(feature.into_layer())
}

/// About the middle of a cluster: of some of them, as many however many there are.
fn middle(all: &[(u64, MatterKey)]) -> Spot {
    const LOOKED_AT: usize = 16;
    let (mut x, mut y, mut count) = (0_u64, 0_u64, 0_u64);
    for (order, _) in all.iter().step_by(all.len().div_ceil(LOOKED_AT).max(1)) {
        let spot = Spot::at(*order);
        (x, y, count) = (x + u64::from(spot.x), y + u64::from(spot.y), count + 1);
    }
    let part = |sum: u64| u32::try_from(sum / count.max(1)).unwrap_or(u32::MAX);
    Spot { x: part(x), y: part(y) }
}

/// A spot in the steps of a tile that it lies in.
fn within(at: TileAt, spot: Spot) -> (f64, f64) {
    let step = |part: u32| {
        let rest = if at.zoom == 0 { u64::from(part) } else { u64::from(part) & ((1 << (32 - at.zoom)) - 1) };
        u32::try_from((rest * u64::from(SIDE)) >> (32 - at.zoom)).unwrap_or(SIDE)
    };
    (f64::from(step(spot.x)), f64::from(step(spot.y)))
}

/// How exactly a place is known: the radius on a map of 512 pixels around the equator. It doubles with each zoom.
#[expect(clippy::cast_precision_loss, reason = "at most half the way around the globe")]
fn radius(place: &Place) -> f64 {
    let (lat, _) = degrees(place);
    place.radius_m as f64 * 512.0 / (AROUND_M * lat.to_radians().cos().max(0.01))
}

impl From<Error> for Sorry {
    fn from(error: Error) -> Sorry {
        Sorry::Broken(format!("a tile can't be written: {error}"))
    }
}
