//! Distances and sides judged by PROJ, grid references by NGA's own program: 100,000 random places each. Skips where
//! `MITHAQ_PYPROJ`, a Python with pyproj, numpy and mgrs, is not set; `cargo xtask test` sets it. See `tests/places`.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use place::line::read::read;
use place::{Line, Position, bearing, mgrs};
use terms::Place;

/// Numbers that are the same each time: xorshift64*.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From `low` up to, and without, `high`.
    fn within(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.next() % high.abs_diff(low)).unwrap()
    }

    fn place(&mut self) -> Place {
        let lat = match self.next() % 8 {
            0 => 900_000_000 - self.within(0, 60_000_000),
            1 => self.within(0, 60_000_000) - 900_000_000,
            2 => self.within(-10, 11) * 80_000_000 + self.within(-3, 4),
            _ => self.within(-900_000_000, 900_000_001),
        };
        let lon = match self.next() % 4 {
            0 => self.within(-30, 31) * 60_000_000 + self.within(-3, 4),
            _ => self.within(-1_800_000_000, 1_800_000_001),
        };
        at(lat, lon)
    }
}

fn at(lat_e7: i64, lon_e7: i64) -> Place {
    let lon_e7 = (lon_e7 + 1_800_000_000).rem_euclid(3_600_000_000) - 1_800_000_000;
    Place { lat_e7: lat_e7.clamp(-900_000_000, 900_000_000), lon_e7, radius_m: 0 }
}

fn python() -> Option<PathBuf> {
    std::env::var_os("MITHAQ_PYPROJ").map(PathBuf::from)
}

fn written(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Runs the check, and is told what it says.
fn agrees(python: &Path, arguments: &[&Path]) -> String {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/places/check.py");
    let output = Command::new(python).arg(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn proj_agrees_on_distances_and_bearings() {
    let Some(python) = python() else { return };
    let mut chance = Chance(1);
    let mut table = String::new();
    for number in 0..100_000 {
        let (from, mut to) = (chance.place(), chance.place());
        if number % 4 == 0 {
            to = at(
                from.lat_e7 + chance.within(-200_000, 200_001),
                from.lon_e7 + chance.within(-200_000, 200_001),
            );
        }
        let Place { lat_e7, lon_e7, .. } = from;
        let found = bearing(&from, &to);
        writeln!(
            table,
            "{lat_e7},{lon_e7},{},{},{},{}",
            to.lat_e7, to.lon_e7, found.distance_mm, found.azimuth_mdeg
        )
        .unwrap();
    }
    let said = agrees(&python, &[Path::new("pairs"), &written("pairs.csv", &table)]);
    println!("{}", said.trim_end());
    assert!(said.starts_with("pairs: 100000 compared, 0 differ"), "{said}");
}

/// A line that is written as it is read: degrees of ten digits.
fn line(vertices: &[Place]) -> (String, Line) {
    let each: Vec<String> = vertices
        .iter()
        .map(|vertex| {
            let decimal = place::notation::decimal(vertex);
            let (lat, lon) = decimal.split_once(", ").unwrap();
            format!("[{lon}, {lat}]")
        })
        .collect();
    let text = format!("{{\"type\": \"LineString\", \"coordinates\": [{}]}}", each.join(", "));
    let line = read(&text, None).unwrap();
    (text, line)
}

/// Where a line begins, what each step is at least and at most in 10⁻⁷ degrees of longitude and latitude, and how many.
struct Course {
    name: &'static str,
    begins: (i64, i64),
    east: (i64, i64),
    north: (i64, i64),
    steps: usize,
    /// How far from a vertex places are, at most.
    off: i64,
    places: usize,
}

const COURSES: [Course; 4] = [
    // Some 2,000 km of short stretches in middle latitudes.
    Course {
        name: "middle",
        begins: (300_000_000, 600_000_000),
        east: (-200_000, 600_000),
        north: (10_000, 350_000),
        steps: 600,
        off: 8_000_000,
        places: 40_000,
    },
    // Over the antimeridian, far north.
    Course {
        name: "antimeridian",
        begins: (620_000_000, 1_720_000_000),
        east: (100_000, 2_500_000),
        north: (-500_000, 600_000),
        steps: 120,
        off: 10_000_000,
        places: 20_000,
    },
    // Long stretches in the south.
    Course {
        name: "south",
        begins: (-450_000_000, -600_000_000),
        east: (-6_000_000, 6_000_000),
        north: (3_000_000, 9_000_000),
        steps: 25,
        off: 15_000_000,
        places: 25_000,
    },
    // Past the pole, a degree from it at the nearest.
    Course {
        name: "polar",
        begins: (880_000_000, -900_000_000),
        east: (30_000_000, 90_000_000),
        north: (-400_000, 1_200_000),
        steps: 20,
        off: 5_000_000,
        places: 15_000,
    },
];

#[test]
fn proj_agrees_on_sides() {
    let Some(python) = python() else { return };
    let mut chance = Chance(2);
    let (mut compared, mut beside) = (0, 0);
    for course in COURSES {
        let (mut lat, mut lon) = course.begins;
        let mut vertices = vec![at(lat, lon)];
        for _ in 0..course.steps {
            lat += chance.within(course.north.0, course.north.1);
            lon += chance.within(course.east.0, course.east.1);
            vertices.push(at(lat.min(890_000_000), lon));
        }
        let (text, line) = line(&vertices);
        let mut table = String::new();
        for number in 0..course.places {
            let vertex =
                vertices[usize::try_from(chance.within(0, i64::try_from(vertices.len()).unwrap())).unwrap()];
            // Some anywhere about, some near, some at arm's length of a vertex.
            let off = [course.off, course.off / 50, 1_000, 3][number % 4];
            let place = at(
                vertex.lat_e7 + chance.within(-off, off + 1),
                vertex.lon_e7 + chance.within(-off, off + 1),
            );
            let nearest = line.nearest(&place);
            let word = match nearest.position {
                Position::Beside(side) => side.as_str(),
                Position::On => "on",
                Position::Beyond => "beyond",
            };
            writeln!(table, "{},{},{},{word}", place.lat_e7, place.lon_e7, nearest.distance_mm).unwrap();
        }
        let name = course.name;
        let line_file = written(&format!("{name}.geojson"), &text);
        let said =
            agrees(&python, &[Path::new("sides"), &line_file, &written(&format!("{name}.csv"), &table)]);
        println!("{name}: {}", said.trim_end());
        assert!(said.starts_with(&format!("sides: {} compared, 0 differ", course.places)), "{name}: {said}");
        let told = said.split("; ").nth(1).unwrap().split(' ').next().unwrap();
        beside += told.parse::<usize>().unwrap();
        compared += course.places;
    }
    // Most have a side, so that something was compared.
    assert!(compared == 100_000 && beside > 90_000, "{beside} of {compared}");
}

#[test]
fn nga_agrees_on_grid_references() {
    let Some(python) = python() else { return };
    let mut chance = Chance(3);
    let mut table = String::new();
    for _ in 0..100_000 {
        let place = chance.place();
        writeln!(table, "{},{},{}", place.lat_e7, place.lon_e7, mgrs::mgrs(&place, 5)).unwrap();
    }
    let said = agrees(&python, &[Path::new("grid"), &written("grid.csv", &table)]);
    println!("{}", said.trim_end());
    assert!(said.starts_with("grid: 100000 compared, 0 differ"), "{said}");
}
