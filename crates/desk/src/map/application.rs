//! Where the base map is drawn: as far as the instrument uses its lines. A place beyond the reach of one of them is in no area
//! of it, and what a map shows there would be said of somebody else's ground.

use std::collections::BTreeMap;

use instrument::place::Line as Rule;
use place::Line;
use terms::{Code, Place};

use super::mercator::{AROUND_M, of_e7};

/// Cells each way in which it is looked for where the reach ends.
const CELLS: usize = 64;

/// What lies within the reach of every line.
pub(crate) struct Application {
    /// Around it, longitude and latitude in degrees, with it to the left; around what it encloses and is not in it, with that to
    /// the right.
    rings: Vec<Vec<(f64, f64)>>,
}

/// A side of a cell, by the corner that it begins at, and whether it goes north.
type Side = (bool, usize, usize);

impl Application {
    /// Nothing, where the instrument names no line or a line's file is missing: then no map says how far it applies. Nor where it
    /// reaches around a pole or over the edge of the map.
    pub(crate) fn of(rules: &BTreeMap<Code, Rule>, drawn: &BTreeMap<Code, Line>) -> Option<Application> {
        let all: Vec<(&Rule, &Line)> =
            rules.iter().map(|(name, rule)| Some((rule, drawn.get(name)?))).collect::<Option<_>>()?;
        let [west, south, east, north] = sides(&all)?;
        let at = |column: usize, row: usize| {
            let part = |from: f64, to: f64, step: usize| from + (to - from) * count(step) / count(CELLS);
            (part(west, east, column), part(south, north, row))
        };
        // By how many metres a corner is within the reach of all.
        let depth = |(lon, lat): (f64, f64)| {
            let place = Place { lat_e7: e7(lat), lon_e7: e7(lon), radius_m: 0 };
            let within = |(rule, line): &(&Rule, &Line)| {
                metres(rule.reach_m) - metres(line.nearest(&place).distance_mm) / 1_000.0
            };
            all.iter().map(within).fold(f64::MAX, f64::min)
        };
        let depths: Vec<Vec<f64>> =
            (0..=CELLS).map(|row| (0..=CELLS).map(|column| depth(at(column, row))).collect()).collect();
        Some(Application { rings: rings(&depths, at) })
    }

    /// Whether a place is in it.
    pub(crate) fn holds(&self, place: &Place) -> bool {
        let (lon, lat) = (of_e7(place.lon_e7), of_e7(place.lat_e7));
        let crossed = self.rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
        let crossed = crossed.filter(|((ax, ay), (bx, by))| {
            (*ay > lat) != (*by > lat) && lon < ax + (lat - ay) / (by - ay) * (bx - ax)
        });
        crossed.count() % 2 == 1
    }

    /// All of the world that is not in it, as the coordinates of a GeoJSON `MultiPolygon`.
    pub(crate) fn beyond(&self) -> Vec<Vec<Vec<[f64; 2]>>> {
        let closed = |ring: &[(f64, f64)]| {
            ring.iter().chain(ring.first()).map(|(lon, lat)| [*lon, *lat]).collect::<Vec<_>>()
        };
        let mut world = vec![closed(&[(-180.0, -85.0), (180.0, -85.0), (180.0, 85.0), (-180.0, 85.0)])];
        let mut enclosed = Vec::new();
        for ring in &self.rings {
            match area(ring) > 0.0 {
                true => world.push(closed(ring)),
                false => enclosed.push(vec![closed(ring)]),
            }
        }
        enclosed.insert(0, world);
        enclosed
    }
}

/// West, south, east and north of what is within the reach of one of them, in degrees, and a little more.
fn sides(all: &[(&Rule, &Line)]) -> Option<[f64; 4]> {
    let mut sides = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for (rule, line) in all {
        for (lat, lon) in line.drawn().flatten() {
            let (lat, lon) = (of_e7(lat), of_e7(lon));
            let high = metres(rule.reach_m) * 1.05 / AROUND_M * 360.0;
            let wide = high / (lat.abs() + high).min(89.0).to_radians().cos();
            let [west, south, east, north] = sides;
            sides =
                [west.min(lon - wide), south.min(lat - high), east.max(lon + wide), north.max(lat + high)];
        }
    }
    let [west, south, east, north] = sides;
    let is_on_map = west > -180.0 && east < 180.0 && south > -85.0 && north < 85.0;
    (is_on_map && west < east).then_some(sides)
}

/// The lines on which a depth is nothing, each closed, with what is deeper to the left (marching squares).
fn rings(depths: &[Vec<f64>], at: impl Fn(usize, usize) -> (f64, f64)) -> Vec<Vec<(f64, f64)>> {
    let depth = |(column, row): (usize, usize)| depths[row][column];
    let mut next: BTreeMap<Side, Side> = BTreeMap::new();
    for (column, row) in (0..CELLS).flat_map(|column| (0..CELLS).map(move |row| (column, row))) {
        let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
        let around: [Side; 4] =
            [(false, column, row), (true, column + 1, row), (false, column, row + 1), (true, column, row)];
        let is_in = corners.map(|corner| depth(corner) > 0.0);
        let is_middle_in = corners.map(depth).iter().sum::<f64>() > 0.0;
        for place in 0..4 {
            if !is_in[place] || is_in[(place + 1) % 4] {
                continue;
            }
            // Out here, and in again: at the next side where it goes in, or the one before, if both are across.
            let is_entry = |side: &usize| !is_in[*side] && is_in[(*side + 1) % 4];
            let onwards = (1..4).map(|step| (place + step) % 4).find(is_entry);
            let backwards = (1..4).map(|step| (place + 4 - step) % 4).find(is_entry);
            if let Some(entry) = if is_middle_in { onwards } else { backwards } {
                next.insert(around[place], around[entry]);
            }
        }
    }
    let point = |(goes_north, column, row): Side| {
        let (from, to) = ((column, row), if goes_north { (column, row + 1) } else { (column + 1, row) });
        let part = depth(from) / (depth(from) - depth(to));
        let ((ax, ay), (bx, by)) = (at(from.0, from.1), at(to.0, to.1));
        (ax + (bx - ax) * part, ay + (by - ay) * part)
    };
    let mut all = Vec::new();
    while let Some((first, _)) = next.first_key_value() {
        let (mut side, mut ring) = (*first, Vec::new());
        while let Some(to) = next.remove(&side) {
            ring.push(point(side));
            side = to;
        }
        all.push(ring);
    }
    all
}

/// Twice the area of a ring: more than nothing if what is in it is to the left.
fn area(ring: &[(f64, f64)]) -> f64 {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|((ax, ay), (bx, by))| ax * by - bx * ay).sum()
}

#[expect(clippy::cast_precision_loss, reason = "at most half the way around the globe")]
const fn metres(of: u64) -> f64 {
    of as f64
}

#[expect(clippy::cast_precision_loss, reason = "a few cells")]
const fn count(of: usize) -> f64 {
    of as f64
}

#[expect(clippy::cast_possible_truncation, reason = "at most 1.8 × 10⁹")]
fn e7(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

#[cfg(test)]
mod tests {
    use instrument::library::shipped;
    use instrument::sound;

    use super::*;

    fn exercise() -> (BTreeMap<Code, Rule>, BTreeMap<Code, Line>) {
        let instrument =
            sound(include_str!("../../../../instruments/exercise.toml"), &shipped()).expect("sound");
        let files = [
            ("ridge", include_str!("../../../../instruments/exercise-ridge.geojson")),
            ("survey", include_str!("../../../../instruments/exercise-survey.geojson")),
        ];
        let drawn = files.map(|(name, text)| {
            (Code::new(name).expect("a code"), place::line::read::read(text, None).expect("a line"))
        });
        (instrument.lines, drawn.into())
    }

    fn at(lat: f64, lon: f64) -> Place {
        Place { lat_e7: e7(lat), lon_e7: e7(lon), radius_m: 0 }
    }

    #[test]
    fn it_ends_where_a_line_is_used_no_more() {
        let (rules, drawn) = exercise();
        let known = Application::of(&rules, &drawn).expect("both are at hand");
        let (mut within, mut beyond) = (0, 0);
        for (lat, lon) in
            (0..40).flat_map(|n| (0..40).map(move |m| (8.0 + f64::from(n) * 0.1, -42.0 + f64::from(m) * 0.1)))
        {
            let place = at(lat, lon);
            let spare = rules.iter().map(|(name, rule)| {
                metres(rule.reach_m) - metres(drawn[name].nearest(&place).distance_mm) / 1_000.0
            });
            let spare = spare.fold(f64::MAX, f64::min);
            // A cell is some kilometres wide: what is nearer to the edge is not asked.
            if spare.abs() > 3_000.0 {
                assert_eq!(known.holds(&place), spare > 0.0, "{lat}, {lon}: {spare}");
                *(if spare > 0.0 { &mut within } else { &mut beyond }) += 1;
            }
        }
        assert!(within > 100 && beyond > 100, "{within} {beyond}");
        let beyond = known.beyond();
        assert_eq!((beyond.len(), beyond[0].len()), (1, 2), "the world, with one hole");
        assert!(beyond[0].iter().all(|ring| ring.first() == ring.last()));
    }

    #[test]
    fn without_every_line_nothing_is_said() {
        let (rules, mut drawn) = exercise();
        assert!(Application::of(&BTreeMap::new(), &BTreeMap::new()).is_none());
        drawn.pop_last();
        assert!(Application::of(&rules, &drawn).is_none());
    }

    #[test]
    fn what_it_encloses_and_is_not_in_it_is_beyond_too() {
        // Deep along the side of a square, and not in its middle.
        let side = |of: usize| (count(of) - count(CELLS) / 2.0).abs();
        let depths: Vec<Vec<f64>> = (0..=CELLS)
            .map(|row| (0..=CELLS).map(|column| 4.5 - (side(row).max(side(column)) - 20.0).abs()).collect())
            .collect();
        let known = Application { rings: rings(&depths, |column, row| (count(column), count(row))) };
        assert_eq!(known.rings.len(), 2);
        let beyond = known.beyond();
        assert_eq!(beyond.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert!(known.holds(&at(12.0, 32.0)) && !known.holds(&at(32.0, 32.0)) && !known.holds(&at(2.0, 2.0)));
    }
}
