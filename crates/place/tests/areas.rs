//! In an area, or not determined: each reason is earned, and each has a near miss.

#![expect(clippy::panic, reason = "a test that fails")]

use std::collections::BTreeMap;

use instrument::Instrument;
use instrument::place::Side;
use place::line::read::read;
use place::{Determination, Line, Outcome, Position, Reason, determine, notation};
use proptest::prelude::*;
use terms::{Code, Place};

const HEAD: &str = r#"
[instrument]
name = "Exercise"
exercise = true
languages = ["en"]
authentic = ["en"]
order = "alphabetical"
basis = "text"
[participant.north]
role = "party"
[participant.south]
role = "party"
[participant.harbour]
role = "guarantor"
[calendar]
zone = "+00:00"
"#;

/// A line by its precision and reach in metres; its hash is not looked at here.
fn line_table(name: &str, precision: u64, reach: u64) -> String {
    let hash = terms::Hash::of(name.as_bytes()).to_hex();
    format!(
        "[line.{name}]\nsource = \"x\"\nedition = \"x\"\nhash = \"{hash}\"\nprecision = {precision}\nreach = {reach}\n"
    )
}

const AREAS: &str = "[area.a]\nparticipant = \"north\"\nside = { SIDES }\n[area.b]\nparticipant = \"south\"\nside = { OTHERS }\n";

fn areas(lines: &[&str]) -> String {
    let sides =
        |side: &str| lines.iter().map(|line| format!("{line} = \"{side}\"")).collect::<Vec<_>>().join(", ");
    AREAS.replace("SIDES", &sides("left")).replace("OTHERS", &sides("right"))
}

fn instrument(tables: &str) -> Instrument {
    let (instrument, found) = instrument::read(&format!("{HEAD}{tables}"), "");
    let errors: Vec<_> = found.iter().filter(|found| found.severity == terms::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    instrument.expect("an instrument")
}

fn drawing(positions: &str) -> Line {
    let text = format!(r#"{{"type": "LineString", "coordinates": [{positions}]}}"#);
    read(&text, None).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn code(name: &str) -> Code {
    Code::new(name).expect("a code")
}

fn at(text: &str) -> Place {
    notation::read(text).expect("a place")
}

/// A meridian from south to north, two degrees long: a degree of longitude is 109.6 km here.
const MERIDIAN: &str = "[-40,9],[-40,9.5],[-40,10],[-40,10.5],[-40,11]";

fn one(place: &Place) -> Determination {
    let instrument = instrument(&format!("{}{}", line_table("l", 500, 100_000), areas(&["l"])));
    determine(place, &instrument, &BTreeMap::from([(code("l"), drawing(MERIDIAN))]))
}

fn reasons(determination: &Determination) -> Vec<&'static str> {
    match &determination.outcome {
        Outcome::Area(_) => Vec::new(),
        Outcome::NotDetermined(reasons) => reasons.iter().map(Reason::code).collect(),
    }
}

#[test]
fn beyond_precision_and_uncertainty_together() {
    // 0.01 degrees are 1,096 m.
    let west = one(&at("10.25, -40.01 ± 500 m"));
    assert_eq!(west.outcome, Outcome::Area(code("a")));
    assert_eq!(west.lines[&code("l")].position, Position::Beside(Side::Left));
    assert_eq!((west.lines[&code("l")].distance_mm + 500) / 1_000, 1_096);
    // East, but for what meridians come together.
    assert!(west.lines[&code("l")].azimuth_mdeg.abs_diff(90_000) <= 2);
    assert_eq!(one(&at("10.25, -39.99 ± 500 m")).outcome, Outcome::Area(code("b")));
    assert_eq!(one(&at("10.25, -39.99 ± 595 m")).outcome, Outcome::Area(code("b")));
    let near = one(&at("10.25, -39.99 ± 596 m"));
    assert_eq!(
        near.outcome,
        Outcome::NotDetermined(vec![Reason::Near { line: code("l"), distance_m: 1_095, within_m: 1_096 }])
    );
    assert_eq!(reasons(&one(&at("10.25, -40 ± 0 m"))), ["near"]);
}

#[test]
fn no_side_beyond_the_ends() {
    assert_eq!(reasons(&one(&at("11.5, -40.01 ± 0 m"))), ["past-end"]);
    assert_eq!(reasons(&one(&at("8.9, -39.9 ± 0 m"))), ["past-end"]);
    // Beside the line, and so near its end that the true place may lie beyond it.
    assert_eq!(reasons(&one(&at("10.99, -40.1 ± 1 km"))), ["past-end"]);
    assert_eq!(one(&at("10.9, -40.1 ± 1 km")).outcome, Outcome::Area(code("a")));
}

#[test]
fn no_farther_than_the_line_is_used() {
    assert_eq!(one(&at("10, -40.9 ± 0.8 km")).outcome, Outcome::Area(code("a")));
    assert_eq!(reasons(&one(&at("10, -40.9 ± 2 km"))), ["far"]);
    assert_eq!(reasons(&one(&at("10, -42 ± 0 m"))), ["far"]);
}

#[test]
fn every_line_has_to_agree() {
    let tables =
        format!("{}{}{}", line_table("l", 500, 100_000), line_table("m", 100, 100_000), areas(&["l", "m"]));
    let instrument = instrument(&tables);
    let other = MERIDIAN.replace("-40", "-40.02");
    let both = BTreeMap::from([(code("l"), drawing(MERIDIAN)), (code("m"), drawing(&other))]);
    let found = |place: &str| determine(&at(place), &instrument, &both);
    assert_eq!(found("10, -40.1 ± 0 m").outcome, Outcome::Area(code("a")));
    assert_eq!(found("10, -39.9 ± 0 m").outcome, Outcome::Area(code("b")));
    assert_eq!(found("10, -40.01 ± 0 m").outcome, Outcome::NotDetermined(vec![Reason::Differ]));
    assert_eq!(found("10, -40.01 ± 0 m").lines.len(), 2);
    assert_eq!(reasons(&found("10, -40.0201 ± 0 m")), ["near"]);
    let one = BTreeMap::from([(code("l"), drawing(MERIDIAN))]);
    let without = determine(&at("10, -40.1 ± 0 m"), &instrument, &one);
    assert_eq!(without.outcome, Outcome::NotDetermined(vec![Reason::NotAtHand { line: code("m") }]));
}

#[test]
fn without_lines_or_areas_nothing_is_determined() {
    let place = at("10, -40.1 ± 0 m");
    let drawings = BTreeMap::from([(code("l"), drawing(MERIDIAN))]);
    assert_eq!(reasons(&determine(&place, &instrument(""), &drawings)), ["no-line"]);
    let line = line_table("l", 500, 100_000);
    assert_eq!(reasons(&determine(&place, &instrument(&line), &drawings)), ["no-area"]);
    let only = format!("{line}[area.b]\nparticipant = \"south\"\nside = {{ l = \"right\" }}\n");
    assert_eq!(reasons(&determine(&place, &instrument(&only), &drawings)), ["no-area-there"]);
    assert_eq!(
        determine(&at("10, -39.9 ± 0 m"), &instrument(&only), &drawings).outcome,
        Outcome::Area(code("b"))
    );
}

/// A line that comes back beside its own beginning: between the two legs there is no one side.
#[test]
fn a_line_that_winds_around_its_own_end() {
    let instrument = instrument(&format!("{}{}", line_table("l", 10, 100_000), areas(&["l"])));
    // North, around the top to the west, down, around its beginning, and north again to the east of it.
    let hook = "[0,0],[0,0.6],[-0.3,0.6],[-0.3,-0.3],[0.1,-0.3],[0.1,0.6]";
    let drawings = BTreeMap::from([(code("l"), drawing(hook))]);
    let found = |place: &str| determine(&at(place), &instrument, &drawings);
    // Nearer to the first leg it is on its right hand, nearer to the last on its left.
    assert_eq!(found("0.4, 0.03 ± 0 m").outcome, Outcome::Area(code("b")));
    assert_eq!(found("0.4, 0.07 ± 0 m").outcome, Outcome::Area(code("a")));
    assert_eq!(reasons(&found("0.4, 0.045 ± 2 km")), ["winds"]);
}

#[test]
fn bends_the_antimeridian_and_the_pole() {
    let side = |positions: &str, place: &str| drawing(positions).nearest(&at(place)).position;
    let (left, right) = (Position::Beside(Side::Left), Position::Beside(Side::Right));
    // Outside and inside of a sharp bend, where the nearest point is the vertex, and where it is not.
    let bend = "[0,0],[1,0],[0,0.2]";
    for (place, expected) in [
        ("0.01, 1.1", right),
        ("-0.01, 1.1", right),
        ("0, 1.0001", right),
        ("0.05, 0.5", left),
        ("0.3, 0.5", right),
    ] {
        assert_eq!(side(bend, place), expected, "{place}");
    }
    let across = "[179.5,-1],[-179.5,1]";
    for (place, expected) in
        [("0.5, 179.9", left), ("-0.5, -179.9", right), ("0.5, 180", left), ("0.5, -180", left)]
    {
        assert_eq!(side(across, place), expected, "{place}");
    }
    // Over the pole: along the meridian of Greenwich and down the antimeridian.
    let pole = "[0,88],[0,90],[180,88]";
    for (place, expected) in
        [("89.5, -90", left), ("89.5, 90", right), ("90, 12", Position::On), ("89, -1", left)]
    {
        assert_eq!(side(pole, place), expected, "{place}");
    }
    assert_eq!(side("[0,0],[0,1]", "0.5, 0"), Position::On);
    assert_eq!(side("[0,0],[0,1]", "1.5, 0"), Position::Beyond);
    // From the other side of the globe.
    assert_eq!(drawing("[0,-1],[0,1]").nearest(&at("0, 180")).distance_mm / 1_000_000, 19_893);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Wherever a place that is determined may be, it is on that side: what is determined does not fall with the true
    /// place, nor with a line that runs elsewhere within its precision.
    #[test]
    fn what_is_determined_holds_all_around(
        north in -900_i64..900, east in -1_200_i64..1_200, radius in 0_u64..3_000, direction in 0_u32..360,
    ) {
        let hook = "[0,0],[0,0.6],[-0.3,0.6],[-0.3,-0.3],[0.1,-0.3],[0.1,0.6]";
        let instrument = instrument(&format!("{}{}", line_table("l", 10, 100_000), areas(&["l"])));
        let drawings = BTreeMap::from([(code("l"), drawing(hook))]);
        let place = Place { lat_e7: north * 10_000, lon_e7: east * 10_000, radius_m: radius };
        if let Outcome::Area(area) = determine(&place, &instrument, &drawings).outcome {
            let angle = f64::from(direction).to_radians();
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a test")]
            let off = |part: f64| (part * radius as f64 * 89.5) as i64;
            let there = Place {
                lat_e7: place.lat_e7 + off(angle.cos()),
                lon_e7: place.lon_e7 + off(angle.sin()),
                radius_m: 0,
            };
            let expected = if area == code("a") { Side::Left } else { Side::Right };
            let seen = drawings[&code("l")].nearest(&there);
            prop_assert_eq!(seen.position, Position::Beside(expected));
            prop_assert!(seen.distance_mm > 10_000);
        }
    }
}
