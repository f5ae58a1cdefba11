//! Places in any notation, and files of lines.

use ::place::{Position, coarsened, line, mgrs, notation};
use terms::Place;

pub(crate) fn place(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let place = match notation::read(text) {
        Ok(place) => place,
        Err(why) => {
            assert!(
                !why.to_string().is_empty() && !why.help().is_empty() && why.code().starts_with("place::")
            );
            return;
        }
    };
    assert!(place.is_on_globe());
    let off = |text: String| notation::read(&format!("{text} ± {} m", place.radius_m));
    assert_eq!(off(notation::decimal(&place)), Ok(place));
    assert_eq!(off(notation::dms(&place, 4)), Ok(place));
    let coarse = coarsened(&place, 1_000);
    assert!(coarse.is_on_globe() && coarsened(&coarse, 1_000) == coarse);
    for digits in 0..=5 {
        let reference = mgrs::mgrs(&place, digits);
        let again = notation::read(&reference).expect("a reference that we wrote");
        let far = ::place::bearing(&place, &again).distance_mm;
        assert!(far <= again.radius_m * 1_000, "{reference} is {far} mm away");
    }
}

/// The last eight bytes are a place to ask the line about.
pub(crate) fn line(bytes: &[u8]) {
    let (text, place) = bytes.split_at(bytes.len().saturating_sub(8));
    let Ok(text) = std::str::from_utf8(text) else { return };
    let line = match line::read::read(text, Some(1_000)) {
        Ok(line) => line,
        Err(found) => {
            assert!(!found.is_empty());
            for found in found {
                assert!(line::read::CODES.contains(&found.code) && found.help.is_some(), "{}", found.code);
                for label in &found.labels {
                    assert!(text.get(label.span.clone()).is_some(), "{:?} of {}", label.span, text.len());
                }
            }
            return;
        }
    };
    assert!(line.edges() >= 1 && line.doubt_m() <= 1_000);
    let number = |at: usize, most: i64| {
        let bytes =
            place.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()).unwrap_or_default();
        i64::from(i32::from_be_bytes(bytes)).clamp(-most, most)
    };
    let place = Place { lat_e7: number(0, 900_000_000), lon_e7: number(4, 1_800_000_000), radius_m: 0 };
    let nearest = line.nearest(&place);
    assert!(nearest.distance_mm <= 20_100_000_000 && nearest.azimuth_mdeg < 360_000);
    assert!(nearest.position != Position::On || nearest.distance_mm <= 1);
}

pub(crate) fn seeds(add: &mut impl FnMut(&'static str, &[u8])) {
    for text in [
        "34°31'31\"N 69°10'42\"E",
        "34.5253, 69.1783 ± 500 m",
        "34,5253; 69,1783",
        "N34 31.52 E069 10.70",
        "343131N0691042E",
        "+34.5253+069.1783/",
        "geo:34.5253,69.1783;u=35",
        "42SWD16362041",
        "ZAH 12345 67890",
        "BAN 00000 00000",
        "۳۴°۳۱'۳۱\"N ۶۹°۱۰'۴۲\"E",
        "90, 180",
    ] {
        add("place", text.as_bytes());
    }
    let shipped = crate::stage::files("instruments", ".geojson");
    for (_, bytes) in shipped.into_iter().chain(crate::stage::files("crates/place/tests/wrong", "")) {
        add("line", &[&bytes[..], &[0; 8]].concat());
    }
    for text in [
        r#"{"type":"LineString","coordinates":[[-40,9.5],[-39.9,9.6],[-39.8,9.5]]}"#,
        r#"{"type":"MultiLineString","coordinates":[[[179.5,60],[180,60.1]],[[-180,60.1],[-179.5,60]]]}"#,
        r#"{"type":"LineString","coordinates":[[0,88],[0,90],[180,88]]}"#,
        r#"{"type":"LineString","coordinates":[[0,0],[1,0],[1,1],[0,1],[0,0]]}"#,
    ] {
        add("line", &[text.as_bytes(), &[5, 0xDB, 0x8D, 0x80, 0xE8, 0x2B, 0x4F, 0]].concat());
    }
}
