//! The base map that is shipped: coasts of the world, and nothing that anybody could dispute. Natural Earth at 1 : 10 million
//! (public domain), as `world-atlas` has it in TopoJSON; lakes and rivers are not in that package. Lines only: no country, no
//! name, no land that is filled.

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::io::Cursor;

use mvt::{GeomEncoder, GeomType, Tile};
use pmtiles::{PmTilesWriter, TileCoord, TileType};
use serde_json::{Value, json};

/// The deepest zoom; browsers draw it larger beyond.
const ZOOM_MOST: u8 = 5;

/// The side of a tile in its own steps, and how far a line goes on beyond it.
const SIDE: f64 = 4096.0;
const BUFFER: f64 = 64.0;

/// Vertices nearer than this, in the same steps, are one.
const NEAR: f64 = 12.0;

type Line = Vec<(f64, f64)>;

/// Makes the pack.
pub(super) fn base(land: &[u8]) -> Result<Vec<u8>, String> {
    let coasts = coasts(&serde_json::from_slice(land).map_err(|error| error.to_string())?)
        .ok_or("`world-atlas` is not TopoJSON as it was")?;
    let metadata = json!({
        "name": "Coasts of the world",
        "attribution": "Natural Earth",
        "source": "Natural Earth, 1 : 10 million, land (npm world-atlas)",
        "edition": "world-atlas 2.0.2, Natural Earth 4.1",
        "licence": "public domain",
        "vector_layers": [{"id": "coast", "fields": {}, "minzoom": 0, "maxzoom": ZOOM_MOST}],
    });
    let mut out = Cursor::new(Vec::new());
    let wrong = |error: pmtiles::PmtError| error.to_string();
    let writer = PmTilesWriter::new(TileType::Mvt).max_zoom(ZOOM_MOST).metadata(metadata.to_string());
    let mut writer = writer.bounds(-180.0, -85.0, 180.0, 85.0).create(&mut out).map_err(wrong)?;
    for zoom in 0..=ZOOM_MOST {
        let tiles = cut(&coasts, zoom);
        let mut ordered: Vec<(u64, TileCoord, Vec<Line>)> = Vec::new();
        for ((x, y), lines) in tiles {
            let at = TileCoord::new(zoom, x, y).map_err(wrong)?;
            ordered.push((pmtiles::TileId::from(at).value(), at, lines));
        }
        ordered.sort_by_key(|(id, ..)| *id);
        for (_, at, lines) in ordered {
            writer.add_tile(at, &tile(&lines).map_err(|error| error.to_string())?).map_err(wrong)?;
        }
    }
    writer.finalize().map_err(wrong)?;
    Ok(out.into_inner())
}

fn tile(lines: &[Line]) -> Result<Vec<u8>, mvt::Error> {
    let mut tile = Tile::new(SIDE as u32);
    let mut encoder = GeomEncoder::new(GeomType::Linestring);
    for line in lines {
        for (x, y) in line {
            encoder.add_point(*x, *y)?;
        }
        encoder.complete_geom()?;
    }
    let layer = tile.create_layer("coast");
    let layer = layer.into_feature(encoder.encode()?).into_layer();
    tile.add_layer(layer)?;
    tile.to_bytes()
}

/// The arcs, on the square of the world from 0 to 1.
fn coasts(file: &Value) -> Option<Vec<Line>> {
    let pair = |value: &Value| Some((value.get(0)?.as_f64()?, value.get(1)?.as_f64()?));
    let transform = file.get("transform")?;
    let (scale, translate) = (pair(transform.get("scale")?)?, pair(transform.get("translate")?)?);
    let mut all = Vec::new();
    for arc in file.get("arcs")?.as_array()? {
        let (mut x, mut y) = (0.0, 0.0);
        let mut line = Line::new();
        for step in arc.as_array()? {
            let (dx, dy) = pair(step)?;
            (x, y) = (x + dx, y + dy);
            let (lon, lat) = (x * scale.0 + translate.0, y * scale.1 + translate.1);
            // Where the world is cut no coast is.
            if lat > -84.9 && lon.abs() < 179.99 {
                line.push(unit(lon, lat));
            } else {
                all.push(std::mem::take(&mut line));
            }
        }
        all.push(line);
    }
    all.retain(|line| line.len() > 1);
    Some(all)
}

fn unit(lon: f64, lat: f64) -> (f64, f64) {
    let sin = lat.to_radians().sin();
    ((lon + 180.0) / 360.0, 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * PI))
}

/// The lines of each tile of a zoom, in its own steps.
fn cut(coasts: &[Line], zoom: u8) -> BTreeMap<(u32, u32), Vec<Line>> {
    let count = 1_u32 << zoom;
    let world = f64::from(count) * SIDE;
    let mut tiles: BTreeMap<(u32, u32), Vec<Line>> = BTreeMap::new();
    for coast in coasts {
        let line = thinned(coast.iter().map(|(x, y)| (x * world, y * world)));
        let mut open: BTreeMap<(u32, u32), Line> = BTreeMap::new();
        for pair in line.windows(2) {
            let here = touched(pair, count);
            // A line that leaves a tile ends there.
            let left: Vec<(u32, u32)> = open.keys().filter(|at| !here.contains(at)).copied().collect();
            for at in left {
                tiles.entry(at).or_default().extend(open.remove(&at));
            }
            for at in here {
                let within = |(x, y): (f64, f64)| {
                    ((x - f64::from(at.0) * SIDE).round(), (y - f64::from(at.1) * SIDE).round())
                };
                open.entry(at).or_insert_with(|| vec![within(pair[0])]).push(within(pair[1]));
            }
        }
        for (at, line) in open {
            tiles.entry(at).or_default().push(line);
        }
    }
    tiles
}

/// The tiles that a stretch may touch.
fn touched(pair: &[(f64, f64)], count: u32) -> Vec<(u32, u32)> {
    let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
    let tile = |part: f64| ((part / SIDE).floor().max(0.0) as u32).min(count - 1);
    let columns = tile(ax.min(bx) - BUFFER)..=tile(ax.max(bx) + BUFFER);
    let rows = tile(ay.min(by) - BUFFER)..=tile(ay.max(by) + BUFFER);
    columns.flat_map(|x| rows.clone().map(move |y| (x, y))).collect()
}

/// Without vertices that are too near to the one before; an island that becomes a point goes.
fn thinned(points: impl Iterator<Item = (f64, f64)>) -> Line {
    let mut out = Line::new();
    let mut last = None;
    for (x, y) in points {
        let is_near = out.last().is_some_and(|(px, py): &(f64, f64)| (px - x).hypot(py - y) < NEAR);
        last = is_near.then_some((x, y));
        if !is_near {
            out.push((x, y));
        }
    }
    if out.len() > 1 {
        out.extend(last);
    }
    out
}
