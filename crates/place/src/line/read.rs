//! The file of a line: GeoJSON (RFC 7946) with one `LineString` or `MultiLineString`, alone, in a `Feature`, or in a
//! `FeatureCollection` of one.
//!
//! ```json
//! {"type": "LineString", "coordinates": [[-40.0, 9.5], [-39.98, 9.52], [-39.97, 9.55]]}
//! ```
//!
//! Positions are longitude, latitude in degrees on WGS 84; a height is passed over, and so are properties. Each number is
//! read as written and rounded to 10⁻⁷ degrees (a centimetre) without a float. The order of the positions is the
//! direction of the line, which says what is left and what is right.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;
use terms::{Diagnostic, Label};

use super::crossing::first_meeting;
use super::{Line, Vertex};
use crate::geodesic::millimetres;
use crate::number::Decimal;
use crate::side::doubt;

/// The longest file, in bytes.
pub const BYTES_MOST: usize = 4 << 20;
/// The most vertices.
pub const VERTICES_MOST: usize = 50_000;
/// The longest stretch between two vertices, in kilometres.
pub const EDGE_KM_MOST: u64 = 500;

/// Every code.
pub const CODES: [&str; 9] = [
    "place::too_large",
    "place::not_json",
    "place::no_line",
    "place::another_grid",
    "place::unreadable_vertex",
    "place::off_the_globe",
    "place::too_short",
    "place::meets_itself",
    "place::long_stretch",
];

/// Reads the file of a line that is said to be true to `precision_m` metres; without, its precision is not looked at.
///
/// # Errors
///
/// All that is wrong with it, each at its place.
pub fn read(text: &str, precision_m: Option<u64>) -> Result<Line, Vec<Diagnostic>> {
    if text.len() > BYTES_MOST {
        let message = format!("this file has more than {} MiB", BYTES_MOST >> 20);
        let help = "a line with fewer vertices is as good, as long as it is true to its precision";
        return Err(vec![wrong("place::too_large", 0..0, message, "", help)]);
    }
    let mut file = File { text, found: Vec::new(), vertices: 0 };
    let pieces = match file.pieces() {
        Ok(pieces) if file.found.is_empty() => pieces,
        Ok(_) => return Err(file.found),
        Err(one) => {
            file.found.push(*one);
            return Err(file.found);
        }
    };
    let drawn: Vec<Vec<Vertex>> =
        pieces.iter().map(|piece| piece.iter().map(|placed| placed.vertex).collect()).collect();
    let at = |(piece, edge): (usize, usize)| pieces[piece][edge].span.start..pieces[piece][edge + 1].span.end;
    if let Some([first, second]) = first_meeting(&drawn) {
        let message = "this line meets itself".to_owned();
        let help = "a line that crosses or touches itself has no two sides; draw it once, its pieces in order, each \
                    from where the one before ends";
        let mut found = wrong("place::meets_itself", at(second), message, "this stretch", help);
        found.labels.push(Label::at(at(first), "meets this one"));
        return Err(vec![found]);
    }
    let line = Line::new(&drawn);
    stretches(&line, &at, precision_m)?;
    Ok(line)
}

/// That no stretch is so long that two people draw it otherwise.
fn stretches(
    line: &Line,
    at: &impl Fn((usize, usize)) -> Range<usize>,
    precision_m: Option<u64>,
) -> Result<(), Vec<Diagnostic>> {
    let places =
        line.pieces.iter().enumerate().flat_map(|(piece, edges)| {
            edges.edges.iter().enumerate().map(move |(edge, it)| ((piece, edge), it))
        });
    let help = "add vertices between them: a line is drawn as geodesics here, and straight in longitude and latitude \
                by others";
    for (place, edge) in places {
        let km = millimetres(edge.way.metres) / 1_000_000;
        let doubt_m = match precision_m {
            Some(precision) if line.doubt_m > precision => millimetres(doubt(edge)).div_ceil(1_000),
            Some(_) | None => 0,
        };
        let message = if km >= EDGE_KM_MOST {
            format!("there are {km} km between these two vertices")
        } else if let Some(precision) = precision_m.filter(|precision| doubt_m > *precision) {
            format!(
                "this stretch is {doubt_m} m elsewhere in another drawing, and the line is said to be true to {precision} m"
            )
        } else {
            continue;
        };
        return Err(vec![wrong("place::long_stretch", at(place), message, "from here to there", help)]);
    }
    Ok(())
}

fn wrong(
    code: &'static str,
    span: Range<usize>,
    message: String,
    label: &str,
    help: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(code, message, Label::at(span, label)).help(help)
}

/// A vertex, and where it stands.
struct Placed {
    vertex: Vertex,
    span: Range<usize>,
}

/// The members that are read; what else a file says is passed over.
#[derive(Deserialize)]
struct Object<'a> {
    r#type: Option<String>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow)]
    features: Option<&'a RawValue>,
    #[serde(borrow)]
    coordinates: Option<&'a RawValue>,
    #[serde(borrow)]
    crs: Option<&'a RawValue>,
}

/// A fault that ends the reading.
type Ended = Box<Diagnostic>;

struct File<'t> {
    text: &'t str,
    found: Vec<Diagnostic>,
    vertices: usize,
}

/// Nobody reads on after this many.
const FAULTS_MOST: usize = 100;

impl<'t> File<'t> {
    /// Where a part stands: it was cut out of the text.
    fn span(&self, part: &'t str) -> Range<usize> {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        start..(start + part.len()).min(self.text.len())
    }

    /// The place of an error of JSON in a part of the text.
    fn place(&self, part: &'t str, error: &serde_json::Error) -> Range<usize> {
        let lines: usize =
            part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = self.span(part).start + lines + error.column().saturating_sub(1);
        let floor =
            (0..=at.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        floor..self.text[floor..].chars().next().map_or(floor, |c| floor + c.len_utf8())
    }

    fn object(&self, part: &'t str) -> Result<Object<'t>, Ended> {
        // A list of members in their order would be taken for an object.
        let is_list = part.trim_start().starts_with('[');
        let read = if is_list { Err(serde::de::Error::custom("a list")) } else { serde_json::from_str(part) };
        read.map_err(|error: serde_json::Error| {
            let span = self.place(part, &error);
            if error.is_data() {
                let help = "write an object with `type` and `coordinates`, each once";
                let message = "this is no object of GeoJSON".to_owned();
                return Box::new(wrong("place::no_line", span, message, "here", help));
            }
            let message = "this is not JSON".to_owned();
            let help = "correct this place, or save the line anew as GeoJSON";
            Box::new(wrong("place::not_json", span, message, "not readable from here", help))
        })
    }

    fn pieces(&mut self) -> Result<Vec<Vec<Placed>>, Ended> {
        let mut part = self.text;
        // A geometry in a feature in a collection: no deeper.
        for _ in 0..3 {
            let object = self.object(part)?;
            self.grid(&object)?;
            match object.r#type.as_deref() {
                Some("FeatureCollection") => {
                    let features = object.features.map(RawValue::get).unwrap_or_default();
                    let each: Vec<&RawValue> = serde_json::from_str(features).unwrap_or_default();
                    let [one] = each.as_slice() else {
                        let message = format!("there are {} features in this file", each.len());
                        let span = self.span(if features.is_empty() { part } else { features });
                        let help =
                            "keep one line in a file; several that belong together are one `MultiLineString`";
                        return Err(self.no_line(span, message, help));
                    };
                    part = one.get();
                }
                Some("Feature") => match object.geometry {
                    Some(geometry) => part = geometry.get(),
                    None => {
                        let message = "this feature has no geometry".to_owned();
                        return Err(self.no_line(self.span(part), message, "give it a `LineString`"));
                    }
                },
                Some(kind @ ("LineString" | "MultiLineString")) => {
                    let coordinates = object.coordinates.map(RawValue::get).unwrap_or_default();
                    let lists = if kind == "LineString" {
                        vec![coordinates]
                    } else {
                        self.list(part, coordinates)?.into_iter().map(RawValue::get).collect()
                    };
                    return self.joined(part, lists);
                }
                Some(_) | None => {
                    let message = "there is no line in this".to_owned();
                    let help = "write a `LineString` or a `MultiLineString`; the outline of an area is none";
                    return Err(self.no_line(self.span(part), message, help));
                }
            }
        }
        let message = "a feature in a feature is no line".to_owned();
        Err(self.no_line(self.span(part), message, "write a `LineString` or a `MultiLineString`"))
    }

    fn no_line(&self, span: Range<usize>, message: String, help: &str) -> Ended {
        Box::new(wrong("place::no_line", first_line(self.text, span), message, "here", help))
    }

    /// Files of before 2016 may say that their numbers are of another grid.
    fn grid(&self, object: &Object<'t>) -> Result<(), Ended> {
        match object.crs.map(RawValue::get) {
            Some(crs) if !crs.contains("OGC:1.3:CRS84") => {
                let message = "this file says that its numbers are of another grid".to_owned();
                let help = "save it anew as longitude, latitude on WGS 84 (RFC 7946), without `crs`";
                Err(Box::new(wrong("place::another_grid", self.span(crs), message, "this one", help)))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The items of a list.
    fn list(&self, around: &'t str, part: &'t str) -> Result<Vec<&'t RawValue>, Ended> {
        serde_json::from_str(part).map_err(|_| {
            let span = first_line(self.text, self.span(if part.is_empty() { around } else { part }));
            let message = "there is no list of positions here".to_owned();
            let help = "write `\"coordinates\": [[longitude, latitude], …]`";
            Box::new(wrong("place::unreadable_vertex", span, message, "here", help))
        })
    }

    /// The pieces, those joined that begin where the one before ends.
    fn joined(&mut self, around: &'t str, lists: Vec<&'t str>) -> Result<Vec<Vec<Placed>>, Ended> {
        let mut pieces: Vec<Vec<Placed>> = Vec::new();
        for part in lists {
            let piece = self.piece(around, part)?;
            let Some(first) = piece.first() else { continue };
            match pieces.last_mut() {
                Some(before) if before.last().is_some_and(|last| last.vertex.is_same(first.vertex)) => {
                    before.extend(piece.into_iter().skip(1));
                }
                Some(_) | None => pieces.push(piece),
            }
        }
        if pieces.is_empty() && self.found.is_empty() {
            let message = "there is no piece of a line in this".to_owned();
            let span = first_line(self.text, self.span(around));
            self.found.push(wrong(
                "place::too_short",
                span,
                message,
                "here",
                "give it two vertices at least",
            ));
        }
        Ok(pieces)
    }

    fn piece(&mut self, around: &'t str, part: &'t str) -> Result<Vec<Placed>, Ended> {
        let mut piece: Vec<Placed> = Vec::new();
        for position in self.list(around, part)? {
            self.vertices += 1;
            if self.vertices > VERTICES_MOST {
                let message = format!("this line has more than {VERTICES_MOST} vertices");
                let span = self.span(position.get());
                let help =
                    "draw it with fewer: a vertex each hundred metres is finer than most sources are true";
                return Err(Box::new(wrong("place::too_large", span, message, "from here on", help)));
            }
            let Some(placed) = self.position(position.get()) else {
                if self.found.len() >= FAULTS_MOST {
                    return Ok(piece);
                }
                continue;
            };
            // A vertex twice in a row says nothing new.
            if piece.last().is_none_or(|last| !last.vertex.is_same(placed.vertex)) {
                piece.push(placed);
            }
        }
        if piece.len() < 2 && self.found.is_empty() {
            let message = "a line goes from somewhere to somewhere else".to_owned();
            let span = first_line(self.text, self.span(if part.is_empty() { around } else { part }));
            self.found.push(wrong(
                "place::too_short",
                span,
                message,
                "here",
                "give it two vertices at least",
            ));
            return Ok(Vec::new());
        }
        Ok(piece)
    }

    fn position(&mut self, part: &'t str) -> Option<Placed> {
        let span = self.span(part);
        let numbers: Vec<&RawValue> = serde_json::from_str(part).unwrap_or_default();
        let e7 = |number: &RawValue| Decimal::read_json(number.get()).and_then(|it| it.times(10_000_000));
        let read = match numbers.as_slice() {
            [lon, lat] | [lon, lat, _] => e7(lon).zip(e7(lat)),
            _ => None,
        };
        let Some((lon_e7, lat_e7)) = read else {
            let message = "this is no position".to_owned();
            let help = "write longitude, then latitude, in degrees: `[-39.98, 9.52]`";
            self.found.push(wrong("place::unreadable_vertex", span, message, "here", help));
            return None;
        };
        if lat_e7.abs() > 900_000_000 || lon_e7.abs() > 1_800_000_000 {
            let message = "this position is not on the globe".to_owned();
            let help = if lon_e7.abs() <= 900_000_000 && lat_e7.abs() <= 1_800_000_000 {
                "longitude comes first, then latitude: are they the wrong way round?"
            } else {
                "longitude is -180 to 180 and latitude -90 to 90, in degrees on WGS 84"
            };
            self.found.push(wrong("place::off_the_globe", span, message, "here", help));
            return None;
        }
        Some(Placed { vertex: Vertex { lat_e7, lon_e7 }, span })
    }
}

/// What is shown of a long part: its first line, and no more than eighty characters of it.
fn first_line(text: &str, span: Range<usize>) -> Range<usize> {
    let part = text.get(span.clone()).unwrap_or_default();
    let line = part.lines().next().unwrap_or_default();
    let end = line.char_indices().nth(80).map_or(line.len(), |(at, _)| at);
    span.start..span.start + end
}
