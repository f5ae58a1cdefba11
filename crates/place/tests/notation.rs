//! Places as people write them: each way to the same whole numbers, and back.

#![expect(clippy::panic, reason = "a test that fails")]

use place::{coarse, mgrs, notation};
use proptest::prelude::*;
use terms::Place;

fn read(text: &str) -> Place {
    notation::read(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn at(lat_e7: i64, lon_e7: i64, radius_m: u64) -> Place {
    Place { lat_e7, lon_e7, radius_m }
}

#[test]
fn every_way_of_writing_it() {
    // 34°31'31" is 34.525277…, 69°10'42" is 69.178333…; half a second is 15.5 m high and 12.8 m wide there.
    let seconds = at(345_252_778, 691_783_333, 21);
    for text in [
        "34°31'31\"N 69°10'42\"E",
        "34° 31′ 31″ N, 69° 10′ 42″ E",
        "N34°31'31\" E069°10'42\"",
        "34 31 31 N 69 10 42 E",
        "34 31 31, 69 10 42",
        "34 31 31 69 10 42",
        "34-31-31N 069-10-42E",
        "34d31m31sN 69d10m42sE",
        "343131N0691042E",
        "343131N 0691042E",
        "+343131+0691042/",
        "69°10'42\"E 34°31'31\"N",
        "۳۴°۳۱'۳۱\"N ۶۹°۱۰'۴۲\"E",
        "٣٤°٣١'٣١\"N ٦٩°١٠'٤٢\"E",
        "\u{202A}34°31'31\"N\u{202C} 69°10''42\"E".replace("10''", "10'").as_str(),
        "34°31'31''N 69°10'42''E",
    ] {
        assert_eq!(read(text), seconds, "{text}");
    }
    let decimal = at(345_253_000, 691_783_000, 8);
    for text in [
        "34.5253, 69.1783",
        "34.5253 69.1783",
        "34.5253;69.1783",
        "34.5253N 69.1783E",
        "34.5253° N, 69.1783° E",
        "69.1783E, 34.5253N",
        "34,5253 69,1783",
        "34,5253; 69,1783",
        "34,5253N, 69,1783E",
        "٣٤٫٥٢٥٣، ٦٩٫١٧٨٣",
        "+34.5253+069.1783/",
        "geo:34.5253,69.1783",
        "GEO:34.5253,69.1783,1800;crs=wgs84",
    ] {
        assert_eq!(read(text), decimal, "{text}");
    }
    let minutes = at(345_253_333, 691_783_333, 13);
    for text in ["N34 31.52 E069 10.70", "34°31.52'N 69°10.70'E", "3431.52N 06910.70E"] {
        assert_eq!(read(text), minutes, "{text}");
    }
    assert_eq!(read("-34.5253, -69.1783"), at(-345_253_000, -691_783_000, 8));
    assert_eq!(read("34.5253S 69.1783W"), at(-345_253_000, -691_783_000, 8));
    assert_eq!(read("34°31'31\"S 69°10'42\"W").lat_e7, -345_252_778);
    assert_eq!(read("-34 31 31, -69 10 42").lon_e7, -691_783_333);
    assert_eq!(read("−0.5, 0").lat_e7, -5_000_000);
    assert_eq!(read("90 180"), at(900_000_000, 1_800_000_000, 55_848));
}

#[test]
fn how_far_off_it_may_be() {
    for (text, radius_m) in [
        ("34.5253, 69.1783 ± 500 m", 500),
        ("34.5253, 69.1783 ±2.5km", 2_500),
        ("34.5253, 69.1783 +/- 0.2 m", 1),
        ("geo:34.5253,69.1783;u=35", 35),
        ("geo:34.5253,69.1783;u=34.1", 35),
        ("42SWD16362041 ± 1 km", 1_000),
        // Half a unit of the last digit, to the corner.
        ("34.5, 69.2", 7_240),
        ("34, 69", 72_578),
        ("34.5253000, 69.1783000", 1),
    ] {
        assert_eq!(read(text).radius_m, radius_m, "{text}");
    }
}

#[test]
fn what_is_no_place_says_what_to_do() {
    for (text, code) in [
        ("", "place::empty"),
        (" ± 5 m", "place::empty"),
        (&"3".repeat(121), "place::long"),
        ("at the river", "place::unreadable_character"),
        ("34.5", "place::not_two"),
        ("34 31 31 N", "place::not_two"),
        ("1 2 3", "place::not_two"),
        ("1 2 3 4 5 6 7 8", "place::not_two"),
        ("34,31,31N 69,10,42E", "place::comma"),
        ("34.5.1, 69.1", "place::unreadable_number"),
        ("34 60 0 N 69 0 0 E", "place::sixty"),
        ("34.5 30 N 69 0 E", "place::sixty"),
        ("-34.5N 69.1E", "place::marks"),
        ("34'31°N 69°10'E", "place::marks"),
        ("34N 69N", "place::two_of_one"),
        ("134.5, 69.1", "place::wrong_way_round"),
        ("94.5, 169.1", "place::not_on_the_globe"),
        ("34.5, 181", "place::not_on_the_globe"),
        ("34.5, 69.1 ± far", "place::unreadable_uncertainty"),
        ("34.5, 69.1 ± -5 m", "place::unreadable_uncertainty"),
        ("34.5, 69.1 ± 99999 km", "place::not_on_the_globe"),
        ("geo:34.5", "place::unreadable_address"),
        ("geo:34.5,69.1;crs=moon", "place::unreadable_address"),
        ("42SID1636", "place::grid_letter"),
        ("42OWD1636", "place::grid_letter"),
        ("42SWZ1636", "place::grid_letter"),
        ("WDD1636", "place::grid_letter"),
        ("61SWD1636", "place::grid_zone"),
        ("042SWD1636", "place::grid_zone"),
        ("42NWD1636", "place::grid_band"),
        ("42SWD163", "place::grid_digits"),
        ("42SWD163620411234", "place::grid_digits"),
    ] {
        let why = notation::read(text).expect_err(text);
        assert_eq!(why.code(), code, "{text}");
        assert!(!why.help().is_empty() && !why.to_string().is_empty(), "{text}");
    }
}

#[test]
fn it_is_shown_as_exactly_as_it_is_known() {
    let place = read("34.5253, 69.1783 ± 500 m");
    assert_eq!(notation::decimal(&place), "34.5253, 69.1783");
    assert_eq!(notation::dms(&place, notation::dms_decimals(&place)), "34°31'31\"N 69°10'42\"E");
    assert_eq!(notation::dms(&place, 2), "34°31'31.08\"N 69°10'41.88\"E");
    assert_eq!(notation::decimal(&at(-10_000_000, 5, 0)), "-1.0, 0.0000005");
    assert_eq!(notation::dms(&at(-1, 599_999_999, 0), 0), "0°00'00\"S 60°00'00\"E");
    for (radius_m, digits) in
        [(0, 5), (1, 5), (4, 5), (5, 4), (49, 4), (500, 2), (707, 2), (5_000, 1), (50_000, 0)]
    {
        assert_eq!(mgrs::digits(&at(0, 0, radius_m)), digits, "{radius_m} m");
    }
    let text = mgrs::mgrs(&place, mgrs::digits(&place));
    assert_eq!((text.as_str(), mgrs::grouped(&text).as_str()), ("42SWD1620", "42S WD 16 20"));
    assert_eq!(mgrs::grouped("ZAH1234567890"), "ZAH 12345 67890".replacen("ZAH", "Z AH", 1));
}

fn anywhere() -> impl Strategy<Value = Place> {
    let near = |mark: i64| prop_oneof![Just(mark), mark - 20..=mark + 20];
    let lat = prop_oneof![
        -900_000_000_i64..=900_000_000,
        (-10_i64..=10).prop_flat_map(move |band| near(band * 80_000_000)),
        near(840_000_000),
        near(-900_000_000),
        near(900_000_000)
    ];
    let lon = prop_oneof![
        -1_800_000_000_i64..=1_800_000_000,
        (-30_i64..=30).prop_flat_map(move |zone| near(zone * 60_000_000))
    ];
    (lat, lon, prop_oneof![Just(0), 0_u64..100_000]).prop_map(|(lat, lon, radius)| {
        at(lat.clamp(-900_000_000, 900_000_000), lon.clamp(-1_800_000_000, 1_800_000_000), radius)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn degrees_come_back(place in anywhere()) {
        let again = read(&format!("{} ± {} m", notation::decimal(&place), place.radius_m));
        prop_assert_eq!(again, place);
    }

    #[test]
    fn seconds_come_back(place in anywhere()) {
        let again = read(&format!("{} ± {} m", notation::dms(&place, 4), place.radius_m));
        prop_assert_eq!(again, place);
    }

    /// Fewer decimals, and what is read again covers what was written.
    #[test]
    fn fewer_seconds_cover_it(place in anywhere(), decimals in 0_u32..4) {
        let again = read(&notation::dms(&place, decimals));
        let off = place::bearing(&place, &again).distance_mm;
        prop_assert!(off <= again.radius_m * 1_000, "{off} mm of {} m", again.radius_m);
    }

    #[test]
    fn a_grid_reference_covers_it(place in anywhere(), digits in 0_u32..=5) {
        let text = mgrs::mgrs(&place, digits);
        let again = read(&text);
        let off = place::bearing(&place, &again).distance_mm;
        prop_assert!(off <= again.radius_m * 1_000, "{text}: {off} mm of {} m", again.radius_m);
        prop_assert_eq!(read(&mgrs::grouped(&text)), again);
    }

    /// The middle of a square of a metre is in that square, but at an edge of zone or band, where the next one names it.
    #[test]
    fn a_grid_reference_comes_back(place in anywhere()) {
        let text = mgrs::mgrs(&place, 5);
        let again = mgrs::mgrs(&read(&text), 5);
        let off = place::bearing(&place, &read(&again)).distance_mm;
        prop_assert!(again == text || off <= 2_000, "{text} {again}");
    }

    #[test]
    fn the_coarse_place_covers_the_true_one(
        place in anywhere(),
        coarseness in prop_oneof![1_u64..=20, Just(1_000), 1_u64..=100_000],
    ) {
        let coarse = coarse::coarsened(&place, coarseness);
        prop_assert!(coarse.is_on_globe());
        let off = place::bearing(&place, &coarse).distance_mm;
        prop_assert!(off + place.radius_m * 1_000 <= coarse.radius_m * 1_000, "{off} mm: {coarse:?}");
        // No more than a cell's half diagonal is added, but where rows near a pole narrow from one edge to the other.
        if place.lat_e7.abs() < 780_000_000 {
            prop_assert!(coarse.radius_m - place.radius_m <= coarseness * 3 / 4 + 1, "{coarse:?}");
        }
        prop_assert_eq!(coarse::coarsened(&coarse, coarseness), coarse);
    }

    /// The published place is the same for all places of a cell: nothing says where in it the true one was.
    #[test]
    fn a_cell_has_one_place(place in anywhere(), north in -90_i64..90, east in -90_i64..90) {
        let coarse = coarse::coarsened(&at(place.lat_e7, place.lon_e7, 10), 1_000);
        let near = at(
            (coarse.lat_e7 + north * 400).clamp(-900_000_000, 900_000_000),
            (coarse.lon_e7 + east * 400).clamp(-1_800_000_000, 1_800_000_000),
            10,
        );
        if (near.lat_e7, near.lon_e7) != (coarse.lat_e7, coarse.lon_e7) {
            prop_assert_eq!(coarse::coarsened(&near, 1_000), coarse);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), like in "[0-9NSEWnsew°'\"., +\\-;:/±m]{0,40}") {
        for text in [text, like] {
            if let Ok(place) = notation::read(&text) {
                prop_assert!(place.is_on_globe());
            }
        }
    }
}
