//! What the maps of a desk are drawn with: the instrument's lines, and the base map of this node.

use instrument::Instrument;
use serde_json::{Value, json};
use terms::Place;

use super::shell::reader;
use crate::desk::Desk;
use crate::map::drawings::Lines;
use crate::map::figure::{View, Words, draw};
use crate::map::mercator::{AROUND_M, TileAt, of_e7};
use crate::map::pack::Says;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::words::place::{area_name, area_says};
use crate::words::{Reader, Who};

/// How many places by name are on a drawing, and how many a map that moves is given.
const NAMES_DRAWN: usize = 40;
const NAMES_SENT: usize = 2_000;

/// All of the world: west, south, east, north, in degrees × 10⁷.
const WORLD: [i64; 4] = [-1_800_000_000, -900_000_000, 1_800_000_000, 900_000_000];

/// The drawing of a page's places, and what is to be known of it.
pub(crate) struct Sketch {
    /// Markup.
    pub(crate) inside: String,
    /// The number of each place, in order, and how many numbers there are.
    pub(crate) numbers: Vec<u64>,
    pub(crate) pins: u64,
    pub(crate) bounds: String,
    pub(crate) legend: Vec<LineSaid>,
    /// Each area, and who is responsible in it.
    pub(crate) areas: Vec<(String, String)>,
    /// Where the base map comes from, under the map that moves.
    pub(crate) base: Says,
}

/// What is to be known of a line.
pub(crate) struct LineSaid {
    pub(crate) name: String,
    pub(crate) source: String,
    /// What each participant calls it, as theirs.
    pub(crate) called: Vec<(Who, String)>,
    pub(crate) precision_m: u64,
    pub(crate) is_here: bool,
}

impl Sketch {
    /// Draws places under an instrument; nothing if there is nothing to draw.
    pub(crate) fn of(
        desk: &Desk,
        reader: Reader<'_>,
        instrument: &Instrument,
        places: &[Place],
    ) -> Option<Sketch> {
        let lines = desk.drawings.of(instrument);
        let words = Words {
            line: &|name| reader.texts.say("map-line", &[("name", name.as_str().into())]),
            area: &|area| area_name(reader, area),
            names: &|sides| names(desk, reader, &lines, sides, NAMES_DRAWN),
        };
        let figure = draw(places, instrument, &lines, &words)?;
        let legend = instrument.lines.iter().map(|(name, line)| LineSaid {
            name: reader.texts.say("map-line", &[("name", name.as_str().into())]),
            source: format!("{}, {}", line.source, line.edition),
            called: reader
                .sorted(line.labels.keys())
                .into_iter()
                .filter_map(|who| Some((reader.who(who), line.labels.get(who)?.clone())))
                .collect(),
            precision_m: line.precision_m,
            is_here: lines.drawn.contains_key(name),
        });
        let areas = instrument.areas.keys();
        let areas = areas.map(|area| (area_name(reader, area), area_says(reader, instrument, area)));
        Some(Sketch {
            inside: figure.inside,
            numbers: figure.numbers,
            pins: figure.pins,
            bounds: figure.bounds,
            legend: legend.collect(),
            areas: areas.collect(),
            base: desk.manner().pack.says().clone(),
        })
    }
}

/// The lines and areas in force, as GeoJSON with what each is called, and what the base map has.
pub(crate) fn about(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let pack = &desk.manner().pack;
    let (least, most) = pack.zooms();
    let about = json!({
        "base": {"minzoom": least, "maxzoom": most, "source": pack.says().source},
        "lines": {"type": "FeatureCollection", "features": features(desk, reader)},
    });
    Ok(Answer::Json(about.to_string()))
}

/// A tile of the base map; an empty one where it has none.
pub(crate) fn base(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let at = TileAt::read(asked.part("z"), asked.part("x"), asked.part("y")).ok_or(Sorry::NotFound)?;
    let broken = |why| Sorry::Broken(format!("the base map: {why}"));
    let Some(tile) = desk.manner().pack.tile(at).map_err(broken)? else {
        return Ok(Answer::BaseTile(Vec::new(), false));
    };
    if asked.takes_pressed {
        return Ok(Answer::BaseTile(tile.bytes, tile.is_pressed));
    }
    Ok(Answer::BaseTile(tile.plain().map_err(broken)?, false))
}

/// Places by name in a part of the world, as the reader calls them, as far as the lines are used.
fn names(
    desk: &Desk,
    reader: Reader<'_>,
    lines: &Lines,
    sides: [i64; 4],
    most: usize,
) -> Vec<(String, Place)> {
    let language = reader.texts.language().tag;
    let known = desk.gazetteer.names();
    let mut found = known.within(sides, usize::MAX);
    found.retain(|named| lines.application().is_none_or(|far| far.holds(&named.at)));
    found.into_iter().take(most).map(|named| (named.name_in(language).to_owned(), named.at)).collect()
}

fn features(desk: &Desk, reader: Reader<'_>) -> Vec<Value> {
    let instrument = reader.instrument();
    let lines = desk.drawings.of(instrument);
    let mut all = Vec::new();
    for (name, line) in &lines.drawn {
        let precision = instrument.lines.get(name).map_or(0, |line| line.precision_m);
        let label = reader.texts.say("map-line", &[("name", name.as_str().into())]);
        for piece in line.drawn() {
            let lat = piece.first().map_or(0.0, |(lat, _)| of_e7(*lat));
            let places: Vec<[f64; 2]> = piece.iter().map(|(lat, lon)| [of_e7(*lon), of_e7(*lat)]).collect();
            // Pixels on a map of 512 around the equator.
            let band = f64::from(u32::try_from(2 * precision).unwrap_or(u32::MAX)) * 512.0
                / (AROUND_M * lat.to_radians().cos().max(0.01));
            let properties = json!({"is": "line", "label": bare(&label), "band": band});
            let geometry = json!({"type": "LineString", "coordinates": places});
            all.push(json!({"type": "Feature", "properties": properties, "geometry": geometry}));
        }
    }
    if let Some(far) = lines.application() {
        let geometry = json!({"type": "MultiPolygon", "coordinates": far.beyond()});
        all.push(json!({"type": "Feature", "properties": {"is": "beyond"}, "geometry": geometry}));
    }
    let named = names(desk, reader, &lines, WORLD, NAMES_SENT).into_iter();
    all.extend(named.map(|(name, at)| {
        let geometry = json!({"type": "Point", "coordinates": [of_e7(at.lon_e7), of_e7(at.lat_e7)]});
        json!({"type": "Feature", "properties": {"is": "name", "label": name}, "geometry": geometry})
    }));
    let areas = View::of(&[], &lines).map(|view| view.afar().areas_on_globe(instrument, &lines));
    for (area, (lat, lon)) in areas.unwrap_or_default() {
        let properties = json!({"is": "area", "label": bare(&area_name(reader, &area))});
        let geometry = json!({"type": "Point", "coordinates": [lon, lat]});
        all.push(json!({"type": "Feature", "properties": properties, "geometry": geometry}));
    }
    all
}

/// What a map shows before anything is on it: the lines of an instrument, else the world.
pub(crate) fn bounds(desk: &Desk, instrument: &Instrument) -> String {
    let view = View::of(&[], &desk.drawings.of(instrument));
    view.map_or_else(|| "-170,-60,170,75".to_owned(), View::bounds)
}

/// Without the marks that isolate a word, for which a map has no letters.
pub(crate) fn bare(text: &str) -> String {
    text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "")
}
