//! Where is it: a place by name, grid or coordinates, and in which area that is. A page that needs no script, and what a form
//! asks while somebody types.

use act::Body;
use act::body::Transcribed;
use act::value::FieldValue;
use askama::Template;
use place::{coarsened, notation};
use serde::Serialize;
use terms::Place;

use super::map::Sketch;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::map::names::{Name, Named};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::Reader;
use crate::words::place::{At, Disclaimer, disclaimers};
use crate::writing::placed;

/// How many places are shown at once.
const MOST: usize = 50;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Places {
    /// What was asked for, and how exactly it is known.
    asked: String,
    within: String,
    found: Vec<Found>,
    /// In a sentence: what was found.
    says: String,
    disclaimer: Vec<Disclaimer>,
}

/// A place.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Found {
    /// What it is called, by whom.
    pub(crate) names: Vec<Name>,
    /// As it would be written down: on the agreed grid.
    pub(crate) at: At,
    /// As a form takes it.
    text: String,
    within_m: u64,
    /// In a sentence: where that is, and in which area.
    pub(crate) says: String,
    #[serde(skip)]
    pin: Option<u64>,
    #[serde(skip)]
    place: Place,
}

#[derive(Template)]
#[template(path = "places.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Places,
    sketch: Option<Sketch>,
}

impl Found {
    fn of(desk: &Desk, reader: Reader<'_>, at: &Place, names: Vec<Name>) -> Found {
        let instrument = reader.instrument();
        let place = coarsened(at, instrument.place.coarseness_m);
        let shown = At::of(reader, instrument, &desk.drawings.of(instrument), &place);
        let args = [
            ("grid", shown.grid.as_str().into()),
            ("known", shown.known_to.as_str().into()),
            ("area", shown.area_words.as_str().into()),
        ];
        let says = format!("{} {}", reader.texts.say("place-read-as", &args), shown.area_says);
        Found { names, at: shown, text: notation::decimal(at), within_m: at.radius_m, says, pin: None, place }
    }

    /// What somebody typed into a form, if it is a place that can be read.
    pub(crate) fn typed(desk: &Desk, reader: Reader<'_>, values: &[String]) -> Option<Found> {
        let at = notation::read(&placed(values)).ok()?;
        let known = desk.gazetteer.names();
        Some(Found::of(desk, reader, &at, names_at(known.within(around(&at), MOST), &at)))
    }
}

/// The places that an act would give.
pub(crate) fn places_in(body: &Body) -> Vec<Place> {
    let fields = match body {
        Body::Open(open) => &open.fields,
        Body::Step(step) => &step.fields,
        Body::Transcribe(transcribe) => match &transcribe.what {
            Transcribed::Open(open) => &open.fields,
            Transcribed::Step(step) => &step.fields,
        },
        _ => return Vec::new(),
    };
    let place = |value: &FieldValue| if let FieldValue::Place(at) = value { Some(*at) } else { None };
    fields.values().filter_map(place).collect()
}

/// The names of places that lie exactly there.
fn names_at(near: Vec<&Named>, at: &Place) -> Vec<Name> {
    let there = near.into_iter().filter(|named| (named.at.lat_e7, named.at.lon_e7) == (at.lat_e7, at.lon_e7));
    there.flat_map(|named| named.names.clone()).collect()
}

const fn around(at: &Place) -> [i64; 4] {
    [at.lon_e7, at.lat_e7, at.lon_e7, at.lat_e7]
}

/// What was typed into a form, with a name that one place alone has as that place: a draft keeps where it is.
pub(crate) fn by_name(desk: &Desk, values: &mut Vec<String>) {
    let Some(text) = values.first().filter(|text| !text.trim().is_empty()) else { return };
    if notation::read(&placed(values)).is_ok() {
        return;
    }
    let known = desk.gazetteer.names();
    let Some(named) = known.one(text) else { return };
    let within = values.get(1).filter(|within| !within.trim().is_empty());
    let within = within.cloned().unwrap_or_else(|| named.at.radius_m.to_string());
    *values = vec![notation::decimal(&named.at), within];
}

/// The page.
pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let text = asked.query("q").unwrap_or_default().trim();
    let within = asked.query("within").unwrap_or_default().trim();
    let typed = [text.to_owned(), within.to_owned()];
    let names = desk.gazetteer.names();
    let mut found: Vec<Found> = match Found::typed(desk, reader, &typed) {
        Some(one) => vec![one],
        None => {
            let all =
                if text.is_empty() { names.first(MOST).iter().collect() } else { names.find(text, MOST) };
            all.into_iter().map(|named| Found::of(desk, reader, &named.at, named.names.clone())).collect()
        }
    };
    let says = match (found.as_slice(), text.is_empty()) {
        ([], true) => reader.texts.say("places-none", &[]),
        ([], false) => reader.texts.say("places-not-found", &[("text", text.into())]),
        ([one], false) => one.says.clone(),
        (all, _) => reader.texts.say("places-found", &[("n", (all.len() as u64).into())]),
    };
    let places: Vec<Place> = found.iter().map(|one| one.place).collect();
    let sketch = Sketch::of(desk, reader, reader.instrument(), &places);
    for (place, one) in found.iter_mut().enumerate() {
        one.pin = sketch.as_ref().and_then(|sketch| sketch.numbers.get(place).copied());
    }
    let (asked_for, within) = (text.to_owned(), within.to_owned());
    let data = Places { asked: asked_for, within, found, says, disclaimer: disclaimers(reader) };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("places-title", &[]));
        Page { shell, data: &data, sketch }.render()
    })
}
