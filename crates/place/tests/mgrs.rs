//! Grid references against GeographicLib: `vectors/mgrs.csv` is what `GeoConvert` 2.1.2 made of these places
//! (`GeoConvert -m -p 0`), and of its own references (`-g -p 4`).

#![expect(clippy::unwrap_used, reason = "a test may")]

use place::{bearing, mgrs, notation};
use terms::Place;

fn at(lat: &str, lon: &str) -> Place {
    Place { radius_m: 0, ..notation::read(&format!("{lat}; {lon}")).unwrap() }
}

#[test]
fn geographiclib_agrees() {
    let table = include_str!("vectors/mgrs.csv");
    let mut count = 0;
    for row in table.lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let [lat, lon, reference, middle_lat, middle_lon] = columns.as_slice() else { unreachable!("{row}") };
        assert_eq!(mgrs::mgrs(&at(lat, lon), 5), *reference, "{row}");
        let read = notation::read(reference).unwrap();
        let theirs = at(middle_lat, middle_lon);
        // Theirs is given to a centimetre, ours is to a centimetre.
        assert!(bearing(&read, &theirs).distance_mm <= 20, "{row}: {read:?}");
        count += 1;
    }
    assert_eq!(count, 100);
}

/// Each square holds the finer ones.
#[test]
fn digits_are_cut_off() {
    let place = at("34.5253", "69.1783");
    let each: Vec<String> = (0..=5).map(|digits| mgrs::mgrs(&place, digits)).collect();
    assert_eq!(each, ["42SWD", "42SWD12", "42SWD1620", "42SWD163204", "42SWD16362041", "42SWD1636320417"]);
}
