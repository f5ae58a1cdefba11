//! Files of lines: what is read, and a broken file for each thing that can be wrong.

#![expect(clippy::panic, reason = "a test that fails")]

use std::fs;
use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use place::line::read::{BYTES_MOST, CODES, VERTICES_MOST, read};
use place::{Line, Position};
use proptest::prelude::*;
use terms::{Diagnostic, Place};

/// The precision that the broken files are read with, in metres.
const PRECISION: Option<u64> = Some(100);

fn drawn(source: &str, path: &str, diagnostic: &Diagnostic) -> String {
    let mut snippet = Snippet::source(source).path(path);
    for (at, label) in diagnostic.labels.iter().enumerate() {
        let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        snippet = snippet.annotation(kind.span(label.span.clone()).label(&label.text));
    }
    let title = Level::ERROR.primary_title(&diagnostic.message).id(diagnostic.code);
    let help = diagnostic.help.as_deref().expect("what to do");
    let group = title.element(snippet).element(Level::HELP.message(help));
    Renderer::plain().decor_style(DecorStyle::Ascii).render(&[group])
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text, PRECISION).err().unwrap_or_default().into_iter().map(|found| found.code).collect()
}

fn line(positions: &str) -> String {
    format!(r#"{{"type": "LineString", "coordinates": [{positions}]}}"#)
}

fn good(text: &str) -> Line {
    read(text, None).unwrap_or_else(|found| panic!("{text}: {found:#?}"))
}

#[test]
fn each_fault_is_earned_and_drawn() {
    for code in CODES.into_iter().filter(|code| *code != "place::too_large") {
        let name = code.strip_prefix("place::").expect("a code of this crate");
        let file = format!("{name}.geojson");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong").join(&file);
        let source = fs::read_to_string(path).expect("a broken file for each code");
        let found = read(&source, PRECISION).expect_err(code);
        assert!(found.iter().all(|found| found.code == code), "{code}: {found:#?}");
        let drawn: Vec<String> = found.iter().map(|found| drawn(&source, &file, found)).collect();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, drawn.join("\n\n"));
        });
    }
}

#[test]
fn a_hostile_file_is_soon_refused() {
    assert_eq!(codes(&" ".repeat(BYTES_MOST + 1)), ["place::too_large"]);
    let many: Vec<String> = (0..=VERTICES_MOST).map(|n| format!("[0,{}e-6]", n % 9)).collect();
    assert_eq!(codes(&line(&many.join(","))), ["place::too_large"]);
    let faults = vec!["[]"; 5_000].join(",");
    assert_eq!(codes(&line(&faults)).len(), 100);
    assert_eq!(codes(&format!("{{\"a\": {}", "[".repeat(100_000))), ["place::not_json"]);
    // As many vertices as there may be, all side by side: the comparison of each with each still ends.
    let comb: Vec<String> =
        (0..4_000).map(|n| format!("[{}e-5,{}]", n, if n % 2 == 0 { 0 } else { 4 })).collect();
    assert_eq!(good(&line(&comb.join(","))).edges(), 3_999);
}

#[test]
fn faults_of_other_kinds() {
    for (text, code) in [
        ("", "place::not_json"),
        ("[]", "place::no_line"),
        (r#"["LineString", null, null, [[0,0],[0,1]], null]"#, "place::no_line"),
        ("null", "place::no_line"),
        (r#"{"type": "Polygon", "coordinates": []}"#, "place::no_line"),
        (r#"{"type": "Feature", "geometry": null}"#, "place::no_line"),
        (
            r#"{"type": "Feature", "geometry": {"type": "Feature", "geometry": {"type": "Feature"}}}"#,
            "place::no_line",
        ),
        (r#"{"type": "LineString", "type": "LineString", "coordinates": [[0,0],[0,1]]}"#, "place::no_line"),
        (r#"{"type": "LineString"}"#, "place::unreadable_vertex"),
        (r#"{"type": "LineString", "coordinates": 5}"#, "place::unreadable_vertex"),
        (r#"{"type": "MultiLineString", "coordinates": []}"#, "place::too_short"),
        (r#"{"type": "MultiLineString", "coordinates": [[]]}"#, "place::too_short"),
        (&line("[0,0],[0,1,2,3]"), "place::unreadable_vertex"),
        (&line("[0,0],[0,1e400]"), "place::unreadable_vertex"),
        (&line("[0,0],[0,6]"), "place::long_stretch"),
        // Back on its own way; through its own beginning; upon itself over the antimeridian.
        (&line("[0,0],[0,1],[0,0.5]"), "place::meets_itself"),
        (&line("[0,0],[1,0],[1,1],[0,0.0],[0,1]"), "place::meets_itself"),
        (&line("[179.5,0],[-179.5,0.5],[-179.5,0],[179.5,0.5]"), "place::meets_itself"),
        (
            r#"{"type": "MultiLineString", "coordinates": [[[0,0],[1,0]],[[0.5,-1],[0.5,1]]]}"#,
            "place::meets_itself",
        ),
    ] {
        assert_eq!(read(text, None).expect_err(text)[0].code, code, "{text}");
    }
}

#[test]
fn what_a_file_may_look_like() {
    let plain = line("[-40.0,9.5],[-39.9,9.6]");
    let feature = format!(r#"{{"type": "Feature", "properties": {{"source": "x"}}, "geometry": {plain}}}"#);
    let collection = format!(r#"{{"features": [{feature}], "type": "FeatureCollection", "name": "x"}}"#);
    let several = r#"{"type": "MultiLineString", "coordinates": [[[-40.0,9.5],[-39.95,9.55]],[[-39.95,9.55],[-39.9,9.6]]]}"#;
    for text in [&plain, &feature, &collection] {
        assert_eq!((good(text).edges(), good(text).pieces()), (1, 1), "{text}");
    }
    // Pieces that follow each other are one; a height is passed over; so is a vertex said twice.
    assert_eq!((good(several).edges(), good(several).pieces()), (2, 1));
    assert_eq!(good(&line("[0,0,1800],[0,0],[0.1,0.1]")).edges(), 1);
    // Cut at the antimeridian, as RFC 7946 asks.
    let cut =
        r#"{"type": "MultiLineString", "coordinates": [[[179.5,0],[180,0.1]],[[-180,0.1],[-179.5,0]]]}"#;
    assert_eq!((good(cut).edges(), good(cut).pieces()), (2, 1));
    assert_eq!(good(cut).length_m(), 113_494);
    // A ring around something has no ends, and may close.
    let ring = good(&line("[0,0],[1,0],[1,1],[0,1],[0,0]"));
    let middle = Place { lat_e7: 5_000_000, lon_e7: 5_000_000, radius_m: 0 };
    assert_eq!(ring.nearest(&middle).position, Position::Beside(instrument::place::Side::Left));
}

/// A stretch along a parallel is drawn in two ways; along a meridian or the equator in one.
#[test]
fn how_far_two_drawings_differ() {
    assert_eq!(good(&line("[0,0],[0,4]")).doubt_m(), 0);
    assert_eq!(good(&line("[0,0],[4,0]")).doubt_m(), 0);
    // A degree of longitude at 60°: s² tan φ / 8R with s = 55.8 km.
    assert_eq!(good(&line("[0,60],[1,60]")).doubt_m(), 106);
    assert_eq!(codes(&line("[0,60],[1,60]")), ["place::long_stretch"]);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        for found in read(&text, PRECISION).err().unwrap_or_default() {
            for label in found.labels {
                prop_assert!(text.get(label.span.clone()).is_some(), "{} at {:?}", found.code, label.span);
            }
        }
    }

    #[test]
    fn cut_anywhere_it_is_refused_at_its_place(at in 0_usize..100) {
        let whole = line("[-40.0,9.5],[-39.9,9.6],[\"é\",9.6]");
        let at = (0..=at.min(whole.len() - 1)).rev().find(|&at| whole.is_char_boundary(at)).unwrap_or(0);
        let text = &whole[..at];
        for found in read(text, PRECISION).expect_err("cut") {
            prop_assert!(text.get(found.labels[0].span.clone()).is_some());
        }
    }

    /// A line is the same line drawn from its other end, with the other hand.
    #[test]
    fn the_other_way_round(
        turns in proptest::collection::vec((-60_i64..60, 1_i64..60), 2..12),
        lat in -800_000_i64..800_000,
        lon in -1_800_000_i64..1_800_000,
        off in (-2_000_i64..2_000, -2_000_i64..2_000),
    ) {
        // From south to north, so that it never meets itself: thousandths of a degree.
        let mut at = (lon, lat.clamp(-800_000, 780_000) / 10);
        let mut positions = vec![at];
        for (east, north) in turns {
            at = (at.0 + east, at.1 + north);
            positions.push(at);
        }
        let text = |positions: &[(i64, i64)]| {
            let turned = |lon: i64| (lon / 10 + 180_000).rem_euclid(360_000) - 180_000;
            let each: Vec<String> = positions.iter().map(|(lon, lat)| format!("[{}e-3,{lat}e-3]", turned(lon * 10))).collect();
            line(&each.join(","))
        };
        let there = read(&text(&positions), None);
        positions.reverse();
        let back = read(&text(&positions), None);
        prop_assume!(there.is_ok() && back.is_ok());
        let (Ok(there), Ok(back)) = (there, back) else { return Ok(()) };
        let (lon, lat) = positions[positions.len() / 2];
        let turned = |lon: i64| (lon + 1_800_000_000).rem_euclid(3_600_000_000) - 1_800_000_000;
        let place = Place {
            lat_e7: (lat * 10_000 + off.1 * 500).clamp(-900_000_000, 900_000_000),
            lon_e7: turned(lon * 10_000 + off.0 * 500),
            radius_m: 0,
        };
        let (one, other) = (there.nearest(&place), back.nearest(&place));
        prop_assert!(one.distance_mm.abs_diff(other.distance_mm) <= 1);
        let same = match (one.position, other.position) {
            (Position::Beside(one), Position::Beside(other)) => one != other,
            (one, other) => one == other,
        };
        prop_assert!(same, "{one:?} {other:?}");
    }
}
