//! Where things are: the drawing, the tiles and the table of one list say the same, and nobody else is told.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod four;
mod served;

use desk::web::routes::Verb;
use four::{Four, INCIDENT, four};
use served::{Browser, ask, main_of};

const RIDGE: &str = include_str!("../../../instruments/exercise-ridge.geojson");
const PLACES: &str = include_str!("../../../instruments/exercise-places.csv");
const SURVEY: &str = include_str!("../../../instruments/exercise-survey.geojson");

/// Reports an incident at a place.
fn report(four: &Four, browser: &Browser, place: &str) -> String {
    let form: Vec<(&str, &str)> = INCIDENT
        .iter()
        .map(|(name, value)| (*name, if *name == "f-place" { place } else { *value }))
        .collect();
    let sign = browser.fill("incidents/new", &form, "sign");
    browser.sign(&sign, "liaison-1");
    four.meet();
    // References count up.
    let list = browser.get("incidents?view=all&as=csv").body;
    let all = list.lines().skip(1).filter_map(|line| line.split(',').next());
    all.max().expect("it is there").to_owned()
}

/// North's desk, with the exercise's lines where it looks for them.
fn with_lines() -> Four {
    let four = four();
    let folder = four.world.home("north").lines();
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a"), RIDGE).expect("written");
    std::fs::write(folder.join("b"), SURVEY).expect("written");
    four
}

#[test]
fn a_list_its_drawing_and_its_tiles_say_the_same() {
    let four = with_lines();
    let north = four.browser("north");
    let sure = report(&four, &north, "9.70, -40.30 ± 100 m");
    let near = report(&four, &north, "9.75, -40.01 ± 100 m");
    let page = north.get("incidents");
    let main = main_of(&page.body);
    // Without a script: a drawing and a table.
    for part in ["<svg class=\"map\"", "class=\"band\"", "class=\"refline\"", "class=\"unsure\"", ">Area A<"]
    {
        assert!(main.contains(part), "{part}: {main}");
    }
    assert!(
        main.contains("Not determined") && main.contains("<span class=\"grid\">24P UR 57 72</span>"),
        "{main}"
    );
    let disclaimer =
        "Lines are used for calculation only, without prejudice to the position of any participant";
    assert_eq!(main.matches(disclaimer).count(), 1, "it is part of the figure");
    for path in ["", "incidents", "worklist", "watch", "notices", "new", "evidence"] {
        assert!(north.get(path).body.contains(&format!(">{disclaimer}")), "{path}: titles have places");
    }
    for word in ["border", "boundary", "frontier"] {
        assert!(!main.to_lowercase().contains(word), "{word}");
    }
    let json: serde_json::Value = serde_json::from_str(&north.get("incidents?as=json").body).expect("JSON");
    let area = |reference: &str| {
        let rows = json["rows"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["matter"]["reference"] == reference).expect("a row");
        (row["place"]["area"].clone(), row["place"]["not-determined"].clone())
    };
    assert_eq!(area(&sure), ("a".into(), serde_json::json!([])));
    assert_eq!(area(&near), (serde_json::Value::Null, serde_json::json!(["near", "near"])));
    // By area: the page, the answer for programs, the spreadsheet and the tiles say the same.
    for (side, there, not) in
        [("a", Some(&sure), &near), ("not-determined", Some(&near), &sure), ("b", None, &sure)]
    {
        let query = format!("view=all&area={side}");
        let page = north.get(&format!("incidents?{query}")).body;
        let main = main_of(&page);
        assert_eq!(main.matches("<th scope=\"row\"").count(), usize::from(there.is_some()), "{side}: {main}");
        assert!(
            !main.contains(not.as_str()) && main.contains(&format!("value=\"{side}\" selected")),
            "{side}: {main}"
        );
        let sheet = north.get(&format!("incidents.csv?{query}")).body;
        assert_eq!(sheet.lines().count(), 1 + usize::from(there.is_some()), "{side}: {sheet}");
        assert!(there.is_none_or(|there| sheet.contains(there.as_str())), "{side}: {sheet}");
        let tile = north.get(&format!("incidents/map/0/0/0?{query}"));
        assert_eq!(tile.status, 200);
        assert_eq!(
            (tile.body.contains(sure.as_str()), tile.body.contains(near.as_str())),
            (side == "a", side == "not-determined")
        );
    }
    assert_eq!(north.get("incidents?area=A_B").status, 400);
    // The matter's own page draws it too, and says why.
    let own = north.get(&format!("incidents/{near}"));
    let own = main_of(&own.body);
    assert!(own.contains("<svg class=\"map\"") && own.contains("from the reference line ridge"), "{own}");
    // A tile of the world has both; the filter of the list is that of the tile.
    let tile = |query: &str| north.get(&format!("incidents/map/8/99/121{query}")).body;
    let world = north.get("incidents/map/0/0/0");
    assert_eq!(world.head["content-type"], "application/vnd.mapbox-vector-tile");
    assert!(world.body.contains("count"), "one cluster: {:?}", world.body);
    assert!(tile("").contains(&sure) && tile("").contains(&near), "{:?}", tile(""));
    assert!(tile(&format!("?reference={near}")).contains(&near));
    assert!(!tile(&format!("?reference={near}")).contains(&sure));
    assert_eq!(tile("?state=dismissed"), "", "none is");
    assert_eq!(north.get("incidents/map/8/0/0").body, "");
    let listed = |query: &str| {
        let got = north.get(&format!("incidents?as=json&{query}"));
        serde_json::from_str::<serde_json::Value>(&got.body).expect("JSON")["of"].as_u64()
    };
    assert_eq!((listed("box=-40.4,9.6,-40.2,9.8"), listed("box=-41,9,-39,10")), (Some(1), Some(2)));
    assert_eq!(north.get("incidents?box=1,2,3").status, 400);
    // The spreadsheet has where.
    let csv = north.get("incidents?as=csv").body;
    assert!(
        csv.contains("[area]") && csv.contains("24P UR 57 72") && csv.contains("not determined: near; near"),
        "{csv}"
    );
}

#[test]
fn a_map_is_for_who_is_signed_in_and_odd_addresses_are_no_faults() {
    let four = with_lines();
    let north = four.browser("north");
    report(&four, &north, "9.70, -40.30 ± 100 m");
    let root = format!("/{}", north.agreement);
    for path in ["incidents/map", "incidents/map/0/0/0", "map/about", "map/base/0/0/0"] {
        let got = ask(north.at, Verb::Get, &format!("{root}/{path}"), &[("host", &north.host)], "");
        assert_eq!(got.status, 401, "{path}");
        assert!(!got.body.contains("INC-"), "{path}");
        assert_eq!(north.get(path).status, 200, "{path}");
        assert_eq!(north.get(&format!("/other/{path}")).status, 404, "{path}");
    }
    // A matter without a place has no map.
    assert_eq!(north.get("notices/map").status, 404);
    for kind in ["incidents/map", "map/base", "no-such-kind/map"] {
        for odd in [
            "19/0/0",
            "0/1/0",
            "0/0/1",
            "1/2/0",
            "-1/0/0",
            "a/b/c",
            "4294967296/0/0",
            "00/0/0",
            "1/0/%00",
            "1/0/0.mvt",
            "18/262144/0",
            "1/ /0",
        ] {
            let got = north.get(&format!("{kind}/{}", odd.replace(' ', "%20")));
            assert_eq!(got.status, 404, "{kind}/{odd}");
        }
    }
    for odd in ["a,b,c,d", "NaN,NaN,NaN,NaN", "inf,0,0,0", "1e300,0,0,0", "-200,0,0,0", ",,,", "0,0,0,0,0"] {
        assert_eq!(north.get(&format!("incidents/map/0/0/0?box={odd}")).status, 400, "{odd}");
    }
    // Letters for labels, those that there are and those that there are not.
    let page = north.get("incidents/map").body;
    let assets = served::between(&page, "data-assets=\"", "\"").expect("a folder").to_owned();
    assert!(north.get(&format!("{assets}glyphs/Mithaq/0-255")).body.contains("Mithaq"));
    assert_eq!(north.get(&format!("{assets}glyphs/Mithaq/19968-20223")).status, 200);
    for odd in ["1-256", "0-511", "65536-65791", "x", "-255", "0-255.pbf"] {
        assert_eq!(north.get(&format!("{assets}glyphs/Mithaq/{odd}")).status, 404, "{odd}");
    }
}

#[test]
fn the_map_says_what_is_missing() {
    let four = four();
    let north = four.browser("north");
    report(&four, &north, "9.70, -40.30 ± 100 m");
    let page = north.get("incidents");
    let main = main_of(&page.body);
    assert!(main.contains("Its file is not on this node"), "{main}");
    assert!(main.contains("Not determined"), "{main}");
    let json = north.get("incidents?as=json").body;
    assert!(json.contains("not-at-hand"), "{json}");
}

#[test]
fn a_place_is_typed_by_name_grid_or_coordinates_and_its_area_is_said() {
    let four = with_lines();
    let folder = four.world.home("north").places();
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a.csv"), PLACES).expect("written");
    let north = four.browser("north");
    let form = |place: &[&str]| {
        let others = INCIDENT.iter().filter(|(name, _)| *name != "f-place").copied();
        others.chain(place.iter().map(|text| ("f-place", *text))).map(own).collect::<Vec<_>>()
    };
    let filled = |place: &[&str], go: &str| {
        let form = form(place);
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        north.fill("incidents/new", &form, go)
    };
    // By a name, whatever the keyboard; what is kept is where that is, and what is signed is on the agreed grid.
    for name in ["Tor Tangai", "تور تنگی", "تور تنگي", "تور تنګی"] {
        let draft = filled(&[name, ""], "keep");
        let json = north.get(&format!("{draft}?as=json")).body;
        assert!(json.contains("\"9.7, -40.3\"") && json.contains("\"800\""), "{name}: {json}");
        let page = north.get(&draft);
        assert!(main_of(&page.body).contains("Area A"), "{name}");
    }
    let sign = north.get(&filled(&["Tor Tangai", "100"], "sign")).body;
    let sign = main_of(&sign);
    assert!(
        sign.contains("24P UR 57 72")
            && sign.contains("<b>Area A</b>")
            && sign.contains("<svg class=\"map\"")
    );
    // How exactly it is known is asked for by itself, in any digits; what the text says goes before it.
    let sign = north.get(&filled(&["9.70, -40.30", "۲۰۰۰ م"], "sign")).body;
    assert!(main_of(&sign).contains("± 2712 m"), "{}", main_of(&sign));
    let sign = north.get(&filled(&["9.70, -40.30 ± 100 m", "2000"], "sign")).body;
    assert!(main_of(&sign).contains("± 812 m"), "{}", main_of(&sign));
    // Two of one name are none; neither is a name that nobody knows, nor a length that is none.
    for odd in [["Spina Tangai", ""], ["no such place", "5"], ["9.7, -40.3", "far"]] {
        let back = north.get(&filled(&odd, "sign"));
        assert!(main_of(&back.body).contains("This is no place that can be read"), "{odd:?}");
    }
    let places = north.get("map/places?q=spina%20tangai");
    assert_eq!(main_of(&places.body).matches(">Spina Tangai</bdi>").count(), 2, "{}", main_of(&places.body));
    assert!(main_of(&places.body).contains("Area B") && main_of(&places.body).contains("Area A"));
    let json: serde_json::Value =
        serde_json::from_str(&north.get("map/places?q=24P%20UR%2088%2078&within=10&as=json").body)
            .expect("JSON");
    assert_eq!(json["found"][0]["at"]["area"], serde_json::Value::Null, "{json}");
    assert!(json["says"].as_str().is_some_and(|says| says.contains("Not determined")), "{json}");
    for odd in ["q=", "q=%00", "q=%E2%80%AE", "within=x", "q=1,2&within=99999999999999999999"] {
        assert_eq!(north.get(&format!("map/places?{odd}")).status, 200, "{odd}");
    }
    assert_eq!(north.get(&format!("map/places?q={}", "x".repeat(5000))).status, 200);
}

fn own((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
