//! Places by name, each with all its names, in which language and from whom: tables in a folder beside the node's keys.
//! Names are compared as names are everywhere here (`instrument::folding`): Arabic and Persian *yeh*, *kaf* and *heh* alike,
//! without diacritics, whatever the digits.
//!
//! ```text
//! id,latitude,longitude,within_m,name,language,source
//! tor-tangai,9.7000,-40.3000,800,تور تنگی,ur,Exercise gazetteer
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Moment};

use instrument::folding::{fold, key};
use place::notation;
use serde::{Deserialize, Serialize};
use terms::Place;

/// The longest table, in bytes; and the most lines of all.
const BYTES_MOST: u64 = 16 << 20;
const LINES_MOST: usize = 200_000;
/// The longest name, in characters.
const NAME_MOST: usize = 120;
/// How often the folder is looked at.
const AGAIN: Duration = Duration::from_secs(30);

/// A place, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) at: Place,
    pub(crate) names: Vec<Name>,
}

/// What somebody calls a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) source: String,
}

impl Named {
    /// What it is called in a language; else by its first name.
    pub(crate) fn name_in(&self, language: &str) -> &str {
        let of_it = self.names.iter().find(|name| name.language == language);
        of_it.or(self.names.first()).map_or("", |name| &name.name)
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    all: Vec<Named>,
    /// Folded names without spaces, and whose they are.
    keys: Vec<(String, usize)>,
}

/// A line of a table.
#[derive(Deserialize)]
struct Line {
    id: String,
    latitude: String,
    longitude: String,
    within_m: u64,
    name: String,
    language: String,
    source: String,
}

impl Names {
    /// Reads tables; a line that can't be read is left out, and how many there are is said.
    pub(crate) fn read<'t>(tables: impl Iterator<Item = &'t str>) -> (Names, usize) {
        let (mut places, mut wrong) = (BTreeMap::<String, Named>::new(), 0);
        for line in tables.flat_map(lines).take(LINES_MOST) {
            let place = line.as_ref().and_then(place_of);
            let (Some(line), Some(at)) = (line, place) else {
                wrong += 1;
                continue;
            };
            let named = places.entry(line.id).or_insert_with(|| Named { at, names: Vec::new() });
            let name = Name { name: line.name, language: line.language, source: line.source };
            if named.at != at {
                wrong += 1;
            } else if !named.names.contains(&name) {
                named.names.push(name);
            }
        }
        let all: Vec<Named> = places.into_values().collect();
        let of = |(place, named): (usize, &Named)| -> Vec<(String, usize)> {
            named.names.iter().map(|name| (key(&name.name), place)).collect()
        };
        let mut keys: Vec<(String, usize)> = all.iter().enumerate().flat_map(of).collect();
        keys.retain(|(key, _)| !key.is_empty());
        keys.sort();
        keys.dedup();
        (Names { all, keys }, wrong)
    }

    /// Places that are called so; if none is, those whose name begins so, then those that have it in them.
    pub(crate) fn find(&self, text: &str, most: usize) -> Vec<&Named> {
        let wanted = key(text);
        if wanted.is_empty() {
            return Vec::new();
        }
        let those = |is: &dyn Fn(&str) -> bool| {
            let mut found: Vec<usize> =
                self.keys.iter().filter(|(key, _)| is(key)).map(|(_, place)| *place).collect();
            found.sort_unstable();
            found.dedup();
            found.truncate(most);
            found
        };
        let ways: [&dyn Fn(&str) -> bool; 3] =
            [&|key| key == wanted, &|key| key.starts_with(&wanted), &|key| key.contains(&wanted)];
        let found = ways.into_iter().map(those).find(|found| !found.is_empty()).unwrap_or_default();
        found.into_iter().map(|place| &self.all[place]).collect()
    }

    /// The one place that is called so, if it is one.
    pub(crate) fn one(&self, text: &str) -> Option<&Named> {
        let wanted = key(text);
        match self.find(text, 2).as_slice() {
            [one] if one.names.iter().any(|name| key(&name.name) == wanted) => Some(one),
            _ => None,
        }
    }

    /// Those that lie in a part of the world, at most so many: west, south, east, north.
    pub(crate) fn within(&self, [west, south, east, north]: [i64; 4], most: usize) -> Vec<&Named> {
        let is_inside =
            |at: &Place| (west..=east).contains(&at.lon_e7) && (south..=north).contains(&at.lat_e7);
        self.all.iter().filter(|named| is_inside(&named.at)).take(most).collect()
    }

    /// The first of all.
    pub(crate) fn first(&self, most: usize) -> &[Named] {
        &self.all[..most.min(self.all.len())]
    }
}

fn lines(text: &str) -> Vec<Option<Line>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    reader.deserialize().take(LINES_MOST).map(Result::ok).collect()
}

fn place_of(line: &Line) -> Option<Place> {
    let is_sound = !fold(&line.name).is_empty() && line.name.chars().count() <= NAME_MOST;
    let text = format!("{}, {}", line.latitude, line.longitude);
    let at = notation::read(&text).ok().filter(|_| is_sound)?;
    Some(Place { radius_m: line.within_m, ..at }).filter(Place::is_on_globe)
}

/// The tables of a folder, as they were when somebody asked last.
pub(crate) struct Gazetteer {
    folder: std::path::PathBuf,
    kept: Mutex<Option<(Moment, Arc<Names>)>>,
}

impl Gazetteer {
    pub(crate) fn new(folder: std::path::PathBuf) -> Gazetteer {
        Gazetteer { folder, kept: Mutex::default() }
    }

    pub(crate) fn names(&self) -> Arc<Names> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, names)) = kept.as_ref().filter(|(at, _)| at.elapsed() < AGAIN) {
            return Arc::clone(names);
        }
        let tables = tables(&self.folder);
        let (names, wrong) = Names::read(tables.iter().map(String::as_str));
        if wrong > 0 {
            tracing::warn!(wrong, "lines of the tables of places can't be read");
        }
        let names = Arc::new(names);
        *kept = Some((Moment::now(), Arc::clone(&names)));
        names
    }
}

fn tables(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "csv"));
    paths.sort();
    let fits = |path: &&std::path::PathBuf| {
        std::fs::metadata(path).is_ok_and(|of| of.is_file() && of.len() <= BYTES_MOST)
    };
    paths.iter().filter(fits).filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: &str = include_str!("../../../../instruments/exercise-places.csv");

    fn names() -> Names {
        let (names, wrong) = Names::read([PLACES].into_iter());
        assert_eq!(wrong, 0);
        names
    }

    #[test]
    fn a_place_is_found_in_any_script_and_with_any_keyboard() {
        let names = names();
        // Urdu, Pashto and Arabic letters for the same: yeh, kaf, heh, gaf; with and without a space, in Latin too.
        for text in [
            "Tor Tangai",
            "tor  tangai",
            "TORTANGAI",
            "تور تنگی",
            "تور تنګی",
            "تور تنگي",
            "تورتنگی",
            "تُور تنگی",
        ] {
            let found = names.one(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.name_in("ur"), "تور تنگی", "{text}");
        }
        assert_eq!(names.one("X-03").map(|named| named.at.radius_m), Some(200));
        assert_eq!(names.one("کراسنگ 3").map(|named| named.at.radius_m), Some(200), "any digits");
    }

    #[test]
    fn two_of_one_name_are_two_and_a_part_is_a_hint() {
        let names = names();
        assert_eq!((names.find("Spina Tangai", 9).len(), names.one("Spina Tangai").is_some()), (2, false));
        assert_eq!((names.find("sra", 9).len(), names.one("sra").is_some()), (1, false));
        assert_eq!(names.find("tangai", 9).len(), 3);
        for nothing in ["", " ", "--", "نہیں", "\u{0}"] {
            assert_eq!(names.find(nothing, 9).len(), 0, "{nothing}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_left_out() {
        let table = "id,latitude,longitude,within_m,name,language,source\na,91,0,1,A,en,s\nb,1,2,x,B,en,s\n\
                     c,1,2,3,,en,s\nd,1,2,3,D,en,s\nd,9,9,3,D2,en,s\n\"";
        let (names, wrong) = Names::read([table, "", "no,table", "\u{feff}"].into_iter());
        assert_eq!((names.first(9).len(), wrong >= 4), (1, true), "{wrong}");
    }
}
