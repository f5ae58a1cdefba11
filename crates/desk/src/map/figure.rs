//! The drawing of a map for a page without a script: lines with how exactly they are known, places with how exactly they are
//! known, both to scale, so that an eye can check in which area a place is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use instrument::Instrument;
use place::area::Outcome;
use terms::{Code, Place};

use super::drawings::Lines;
use super::mercator::{AROUND_M, degrees, of_e7, unit};

/// The drawing, in its own steps.
const WIDE: f64 = 640.0;
const HIGH: f64 = 420.0;

/// Places nearer than this share a number.
const APART: f64 = 20.0;

/// No circle is drawn smaller.
const CIRCLE_LEAST: f64 = 13.0;

/// What is drawn is at least so many metres wide.
const SPAN_LEAST_M: f64 = 8_000.0;

/// A line that is farther from the one place of a drawing is not on it.
const TOWARDS_MOST_M: f64 = 60_000.0;

/// A drawing.
pub(crate) struct Figure {
    /// Markup inside an `svg` element.
    pub(crate) inside: String,
    /// The number of each place, in order.
    pub(crate) numbers: Vec<u64>,
    /// How many numbers there are.
    pub(crate) pins: u64,
    /// Its sides, as an address has them.
    pub(crate) bounds: String,
}

/// What stands on a map in words.
pub(crate) struct Words<'w> {
    /// What a line is called on it.
    pub(crate) line: &'w dyn Fn(&Code) -> String,
    /// What an area is called on it.
    pub(crate) area: &'w dyn Fn(&Code) -> String,
    /// Places by name, in a part of the world: west, south, east, north, in degrees × 10⁷.
    pub(crate) names: &'w dyn Fn([i64; 4]) -> Vec<(String, Place)>,
}

/// Part of the world on paper.
#[derive(Clone, Copy)]
pub(crate) struct View {
    west: f64,
    north: f64,
    /// Steps for the whole world.
    scale: f64,
    /// Metres of a step.
    metres: f64,
}

impl View {
    /// What holds all places, each with all of its circle; if there are none, all lines.
    pub(crate) fn of(places: &[Place], lines: &Lines) -> Option<View> {
        let mut bounds = Bounds::default();
        for place in places {
            let (lat, lon) = degrees(place);
            bounds.hold(lat, lon, metres(place.radius_m));
        }
        // Of one place it is worth seeing how far it is from a line.
        if let [place] = places {
            for line in lines.drawn.values() {
                bounds.hold_towards(place, line.nearest(place));
            }
        }
        if places.is_empty() {
            for (lat, lon) in lines.drawn.values().flat_map(place::Line::drawn).flatten() {
                bounds.hold(of_e7(lat), of_e7(lon), 0.0);
            }
        }
        let [west, north, east, south] = bounds.0?;
        let lat = 0.5 * (bounds.1[0] + bounds.1[1]);
        let around = AROUND_M * lat.to_radians().cos().max(0.01);
        let margin = 1.2;
        let (high, wide) = ((south - north) * margin, (east - west) * margin);
        let least = SPAN_LEAST_M / around;
        let scale = (WIDE / wide.max(least)).min(HIGH / high.max(least * HIGH / WIDE));
        Some(View {
            west: 0.5 * (west + east) - 0.5 * WIDE / scale,
            north: 0.5 * (north + south) - 0.5 * HIGH / scale,
            scale,
            metres: around / scale,
        })
    }

    fn at(self, lat: f64, lon: f64) -> (f64, f64) {
        let (x, y) = unit(lat, lon);
        ((x - self.west) * self.scale, (y - self.north) * self.scale)
    }

    /// Points in each area, of what is seen of it, those about its middle first.
    pub(crate) fn areas(self, instrument: &Instrument, lines: &Lines) -> BTreeMap<Code, Vec<(f64, f64)>> {
        const COLUMNS: u32 = 12;
        const ROWS: u32 = 8;
        let mut found: BTreeMap<Code, Vec<(f64, f64)>> = BTreeMap::new();
        for (column, row) in (0..COLUMNS).flat_map(|column| (0..ROWS).map(move |row| (column, row))) {
            let x = (f64::from(column) + 0.5) * WIDE / f64::from(COLUMNS);
            let y = (f64::from(row) + 0.5) * HIGH / f64::from(ROWS);
            let (lat, lon) = self.back(x, y);
            let place = Place { lat_e7: e7(lat), lon_e7: e7(lon), radius_m: 0 };
            if let (true, Outcome::Area(area)) = (place.is_on_globe(), lines.outcome(instrument, &place)) {
                found.entry(area).or_default().push((x, y));
            }
        }
        for points in found.values_mut() {
            let count = f64::from(u32::try_from(points.len()).unwrap_or(1));
            let sum = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
            let far = |(x, y): &(f64, f64)| (x - sum.0 / count).hypot(y - sum.1 / count);
            points.sort_by(|a, b| far(a).total_cmp(&far(b)));
        }
        found
    }

    /// The same, as latitude and longitude.
    pub(crate) fn areas_on_globe(self, instrument: &Instrument, lines: &Lines) -> Vec<(Code, (f64, f64))> {
        let all = self.areas(instrument, lines).into_iter();
        all.flat_map(|(area, points)| points.into_iter().map(move |(x, y)| (area.clone(), self.back(x, y))))
            .collect()
    }

    /// The same part of the world from farther away.
    pub(crate) fn afar(self) -> View {
        View {
            west: self.west - WIDE / self.scale / 2.0,
            north: self.north - HIGH / self.scale / 2.0,
            scale: self.scale / 2.0,
            metres: self.metres * 2.0,
        }
    }

    /// West, south, east and north of it, in degrees × 10⁷.
    pub(crate) fn sides(self) -> [i64; 4] {
        let ((north, west), (south, east)) = (self.back(0.0, 0.0), self.back(WIDE, HIGH));
        [e7(west), e7(south), e7(east), e7(north)]
    }

    /// West, south, east and north of it, in degrees: `-40.2,9.4,-39.7,10`.
    pub(crate) fn bounds(self) -> String {
        let ((north, west), (south, east)) = (self.back(0.0, 0.0), self.back(WIDE, HIGH));
        format!("{:.5},{south:.5},{:.5},{north:.5}", west.max(-180.0), east.min(180.0))
    }

    /// Latitude and longitude of a point of the drawing.
    fn back(self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x / self.scale + self.west, y / self.scale + self.north);
        let lat = (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees();
        (lat, x * 360.0 - 180.0)
    }
}

/// West, north, east, south on the square of the world; and the latitudes.
#[derive(Default)]
struct Bounds(Option<[f64; 4]>, [f64; 2]);

impl Bounds {
    fn hold(&mut self, lat: f64, lon: f64, metres: f64) {
        let (x, y) = unit(lat, lon);
        let around = metres / (AROUND_M * lat.to_radians().cos().max(0.01));
        let [west, north, east, south] = self.0.unwrap_or([x, y, x, y]);
        let [least, most] = if self.0.is_some() { self.1 } else { [lat, lat] };
        self.0 =
            Some([west.min(x - around), north.min(y - around), east.max(x + around), south.max(y + around)]);
        self.1 = [least.min(lat), most.max(lat)];
    }
}

impl Bounds {
    /// Holds the nearest point of a line, if it is near enough to stand on one drawing with a place.
    fn hold_towards(&mut self, place: &Place, nearest: place::Nearest) {
        let away = metres(nearest.distance_mm / 1_000);
        if away > TOWARDS_MOST_M {
            return;
        }
        let (lat, lon) = degrees(place);
        let azimuth = (f64::from(nearest.azimuth_mdeg) / 1_000.0).to_radians();
        let degrees = away / AROUND_M * 360.0;
        let east = azimuth.sin() * degrees / lat.to_radians().cos().max(0.01);
        self.hold(lat + azimuth.cos() * degrees, lon + east, 0.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most half the way around the globe")]
const fn metres(of: u64) -> f64 {
    of as f64
}

/// Draws places, each of which may stand several times; nothing if there is nothing to draw.
pub(crate) fn draw(
    places: &[Place],
    instrument: &Instrument,
    lines: &Lines,
    words: &Words<'_>,
) -> Option<Figure> {
    let view = View::of(places, lines)?;
    let mut out = String::new();
    grid(&mut out, view);
    for (place, (name, line)) in lines.drawn.iter().enumerate() {
        let precision = instrument.lines.get(name).map_or(0, |line| line.precision_m);
        let band = (2.0 * metres(precision) / view.metres).max(2.0);
        draw_line(&mut out, view, line, band, ((words.line)(name), place));
    }
    areas(&mut out, view, instrument, lines, words, places);
    for (name, at) in (words.names)(view.sides()) {
        named(&mut out, view, &name, &at);
    }
    let numbers = pins(&mut out, view, places);
    scale(&mut out, view);
    let pins = numbers.iter().copied().max().unwrap_or(0);
    Some(Figure { inside: out, numbers, pins, bounds: view.bounds() })
}

fn is_inside(x: f64, y: f64) -> bool {
    (0.0..=WIDE).contains(&x) && (0.0..=HIGH).contains(&y)
}

/// Text as markup has it.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Meridians and parallels, with their degrees.
fn grid(out: &mut String, view: View) {
    const STEPS: [f64; 15] =
        [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0, 90.0];
    let ((north, west), (south, east)) = (view.back(0.0, 0.0), view.back(WIDE, HIGH));
    let step = STEPS.into_iter().find(|step| (east - west) / step <= 6.0).unwrap_or(90.0);
    let decimals = if step < 0.01 {
        3
    } else if step < 0.1 {
        2
    } else {
        usize::from(step < 1.0)
    };
    let mut path = String::new();
    let mut labels = String::new();
    let mut lon = (west / step).ceil() * step;
    while lon <= east {
        let (x, _) = view.at(0.0, lon);
        let side = if lon < 0.0 { 'W' } else { 'E' };
        // Writing to a string does not fail.
        let _ = write!(path, "M{x:.1} 0V{HIGH}");
        let _ = write!(
            labels,
            "<text class=\"gridno\" x=\"{:.1}\" y=\"{:.0}\">{:.decimals$}°{side}</text>",
            x + 3.0,
            HIGH - 4.0,
            lon.abs()
        );
        lon += step;
    }
    let mut lat = (south / step).ceil() * step;
    while lat <= north {
        let (_, y) = view.at(lat, 0.0);
        let side = if lat < 0.0 { 'S' } else { 'N' };
        let _ = write!(path, "M0 {y:.1}H{WIDE}");
        // Where the scale is, its degrees would cover it.
        if y > HIGH - 52.0 {
            lat += step;
            continue;
        }
        let _ = write!(
            labels,
            "<text class=\"gridno\" x=\"4\" y=\"{:.1}\">{:.decimals$}°{side}</text>",
            y - 3.0,
            lat.abs()
        );
        lat += step;
    }
    let _ = write!(out, "<path class=\"grid\" fill=\"none\" d=\"{path}\"/>{labels}");
}

/// Draws a line, with its label at another height for each.
fn draw_line(out: &mut String, view: View, line: &place::Line, band: f64, (label, place): (String, usize)) {
    let height = HIGH * [0.12, 0.82, 0.35, 0.6][place % 4];
    let (mut path, mut labelled) = (String::new(), None::<(f64, f64)>);
    for piece in line.drawn() {
        let points: Vec<(f64, f64)> =
            piece.iter().map(|(lat, lon)| view.at(of_e7(*lat), of_e7(*lon))).collect();
        let mut last = None::<(f64, f64)>;
        for pair in points.windows(2) {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let far = band + 10.0;
            let is_seen =
                ax.max(bx) > -far && ax.min(bx) < WIDE + far && ay.max(by) > -far && ay.min(by) < HIGH + far;
            if !is_seen {
                last = None;
                continue;
            }
            if last.is_none() {
                let _ = write!(path, "M{ax:.1} {ay:.1}");
            }
            // What is nearer than a step is not seen.
            if last.is_some_and(|(x, y)| (x - bx).hypot(y - by) < 1.0) {
                continue;
            }
            let _ = write!(path, "L{bx:.1} {by:.1}");
            last = Some((bx, by));
            if is_inside(bx, by) && labelled.is_none_or(|(_, y)| (by - height).abs() < (y - height).abs()) {
                labelled = Some((bx, by));
            }
        }
    }
    if path.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<path class=\"band\" stroke-width=\"{band:.1}\" d=\"{path}\"/><path class=\"refline\" d=\"{path}\"/>"
    );
    if let Some((x, y)) = labelled {
        let (anchor, x) = if x > 0.6 * WIDE { ("end", x - 8.0) } else { ("start", x + 8.0) };
        // The scale stands in the corner.
        let lowest = HIGH - if x < 0.4 * WIDE { 60.0 } else { 16.0 };
        let _ = write!(
            out,
            "<text class=\"label\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            (y + 14.0).clamp(14.0, lowest),
            plain(&label)
        );
    }
}

/// What each area is called, once, about the middle of where it is seen.
fn areas(
    out: &mut String,
    view: View,
    instrument: &Instrument,
    lines: &Lines,
    words: &Words<'_>,
    places: &[Place],
) {
    let pins: Vec<(f64, f64)> = places.iter().map(degrees).map(|(lat, lon)| view.at(lat, lon)).collect();
    for (area, points) in view.areas(instrument, lines) {
        let free = |(x, y): &&(f64, f64)| {
            pins.iter().all(|pin| (pin.0 - x).abs() > 60.0 || (pin.1 - y).abs() > 24.0)
        };
        let Some((x, y)) = points.iter().find(free).or(points.first()) else { continue };
        let _ = write!(
            out,
            "<text class=\"label area\" x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"middle\">{}</text>",
            plain(&(words.area)(&area))
        );
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 1.8 × 10⁹")]
fn e7(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

fn named(out: &mut String, view: View, name: &str, at: &Place) {
    let (lat, lon) = degrees(at);
    let (x, y) = view.at(lat, lon);
    if is_inside(x, y) {
        let _ = write!(
            out,
            "<circle class=\"place\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/><text class=\"name label\" x=\"{:.1}\" \
             y=\"{:.1}\">{}</text>",
            x + 12.0,
            y - 4.0,
            plain(name)
        );
    }
}

/// Circles and numbers; gives the number of each place.
fn pins(out: &mut String, view: View, places: &[Place]) -> Vec<u64> {
    let mut pins: Vec<(f64, f64, u64)> = Vec::new();
    let mut circles: Vec<Place> = Vec::new();
    let mut numbers = Vec::new();
    for place in places {
        let (lat, lon) = degrees(place);
        let (x, y) = view.at(lat, lon);
        if !circles.contains(place) {
            let radius = (metres(place.radius_m) / view.metres).max(CIRCLE_LEAST);
            let _ = write!(out, "<circle class=\"unsure\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>");
            circles.push(*place);
        }
        let near = pins.iter().position(|pin| (pin.0 - x).hypot(pin.1 - y) < APART);
        let pin = near.unwrap_or_else(|| {
            pins.push((x, y, 0));
            pins.len() - 1
        });
        pins[pin].2 += 1;
        numbers.push(pin as u64 + 1);
    }
    for (number, (x, y, count)) in (1..).zip(&pins) {
        let _ = write!(
            out,
            "<circle class=\"pin\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"9\"/><text class=\"no\" x=\"{x:.1}\" \
             y=\"{:.1}\">{number}</text>",
            y + 4.0
        );
        if *count > 1 {
            let _ = write!(
                out,
                "<text class=\"label\" x=\"{:.1}\" y=\"{:.1}\">×{count}</text>",
                x + 12.0,
                y + 4.0
            );
        }
    }
    numbers
}

/// How long something is.
fn scale(out: &mut String, view: View) {
    let most = 120.0 * view.metres;
    let power = 10_f64.powf(most.log10().floor());
    let length = [5.0, 2.0, 1.0].into_iter().map(|one| one * power).find(|length| *length <= most);
    let length = length.unwrap_or(power);
    let label = if length >= 1_000.0 { format!("{} km", length / 1_000.0) } else { format!("{length} m") };
    let (wide, y) = (length / view.metres, HIGH - 36.0);
    let _ = write!(
        out,
        "<path class=\"scale\" d=\"M20 {y}h{wide:.1}M20 {}v8M{:.1} {}v8\"/><text class=\"name label\" x=\"{:.1}\" \
         y=\"{}\">{label}</text>",
        y - 4.0,
        20.0 + wide,
        y - 4.0,
        28.0 + wide,
        y + 4.0
    );
}
