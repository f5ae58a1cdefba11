//! Where something is, in words: its grid reference, how exactly that is known, and in which area it is, if that is
//! determined (PRACTICE N9 to N11, N14).

use instrument::Instrument;
use instrument::procedure::Holds;
use lang::Arg;
use place::area::{Outcome, Reason};
use place::{mgrs, notation};
use serde::Serialize;
use terms::{Code, Place};

use super::Reader;
use crate::map::drawings::Lines;

/// A place on a page.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct At {
    pub(crate) grid: String,
    /// Latitude and longitude, in degrees.
    pub(crate) degrees: String,
    /// The same, no finer than the place is known.
    #[serde(skip)]
    pub(crate) about: String,
    /// Metres.
    pub(crate) within_m: u64,
    #[serde(skip)]
    pub(crate) known_to: String,
    /// The area as the instrument calls it, if it is determined.
    pub(crate) area: Option<String>,
    /// Why it is not, as stable words.
    pub(crate) not_determined: Vec<&'static str>,
    #[serde(skip)]
    pub(crate) area_words: String,
    /// Whose area that is, or why it is not determined.
    #[serde(skip)]
    pub(crate) area_says: String,
}

impl At {
    pub(crate) fn of(reader: Reader<'_>, instrument: &Instrument, lines: &Lines, place: &Place) -> At {
        let outcome = lines.outcome(instrument, place);
        let (area, not_determined) = match &outcome {
            Outcome::Area(area) => (Some(area.to_string()), Vec::new()),
            Outcome::NotDetermined(reasons) => (None, reasons.iter().map(Reason::code).collect()),
        };
        At {
            grid: mgrs::grouped(&mgrs::mgrs(place, mgrs::digits(place))),
            degrees: notation::decimal(place),
            about: about(place),
            within_m: place.radius_m,
            known_to: known_to(place.radius_m),
            area,
            not_determined,
            area_words: match &outcome {
                Outcome::Area(area) => area_name(reader, area),
                Outcome::NotDetermined(_) => reader.texts.say("area-not-determined", &[]),
            },
            area_says: match &outcome {
                Outcome::Area(area) => {
                    let who = responsible(reader, instrument, area);
                    reader.texts.say("area-it-is", &[("who", Arg::Text(&who))])
                }
                Outcome::NotDetermined(reasons) => {
                    let all: Vec<String> = reasons.iter().map(|reason| why(reader, reason)).collect();
                    all.join(" ")
                }
            },
        }
    }
}

/// Degrees with as many decimals as tell anything of a place that is known so well: three of them are 110 metres.
fn about(place: &Place) -> String {
    let step = match place.radius_m {
        ..10 => return notation::decimal(place),
        10..100 => 100,
        100..1_000 => 1_000,
        _ => 10_000,
    };
    let round = |e7: i64| (e7 + step / 2).div_euclid(step) * step;
    notation::decimal(&Place { lat_e7: round(place.lat_e7), lon_e7: round(place.lon_e7), ..*place })
}

/// `± 500 m`, `± 2.5 km`.
pub(crate) fn known_to(metres: u64) -> String {
    match metres {
        ..1_000 => format!("± {metres} m"),
        1_000..10_000 => format!("± {}.{} km", metres / 1_000, metres % 1_000 / 100),
        _ => format!("± {} km", metres.div_ceil(1_000)),
    }
}

/// `Area A`.
pub(crate) fn area_name(reader: Reader<'_>, area: &Code) -> String {
    reader.texts.say("area-name", &[("name", Arg::Text(&area.as_str().to_uppercase()))])
}

/// Who is responsible there, as the instrument has it.
pub(crate) fn area_says(reader: Reader<'_>, instrument: &Instrument, area: &Code) -> String {
    reader.texts.say("area-says", &[("who", Arg::Text(&responsible(reader, instrument, area)))])
}

fn responsible(reader: Reader<'_>, instrument: &Instrument, area: &Code) -> String {
    instrument.areas.get(area).map(|area| reader.who(&area.participant).label).unwrap_or_default()
}

/// Why a place is not determined.
fn why(reader: Reader<'_>, reason: &Reason) -> String {
    let line = reason.line().map(ToString::to_string).unwrap_or_default();
    let line = ("line", Arg::Text(line.as_str()));
    let say = |id: &str| reader.texts.say(id, &[line]);
    match reason {
        Reason::NoLine => say("not-determined-no-line"),
        Reason::NoArea => say("not-determined-no-area"),
        Reason::NotAtHand { .. } => say("not-determined-not-at-hand"),
        Reason::Near { distance_m, within_m, .. } => {
            let (distance, within) = (length(*distance_m), length(*within_m));
            let args = [line, ("distance", Arg::Text(&distance)), ("within", Arg::Text(&within))];
            reader.texts.say("not-determined-near", &args)
        }
        Reason::PastEnd { .. } => say("not-determined-past-end"),
        Reason::Winds { .. } => say("not-determined-winds"),
        Reason::Far { distance_m, reach_m, .. } => {
            let (distance, reach) = (length(*distance_m), length(*reach_m));
            let args = [line, ("distance", Arg::Text(&distance)), ("reach", Arg::Text(&reach))];
            reader.texts.say("not-determined-far", &args)
        }
        Reason::Differ => say("not-determined-differ"),
        Reason::NoAreaThere => say("not-determined-no-area-there"),
    }
}

fn length(metres: u64) -> String {
    known_to(metres).trim_start_matches(['±', ' ']).to_owned()
}

/// Whether any matter of an instrument can have a place.
pub(crate) fn may_have_places(instrument: &Instrument) -> bool {
    let mut fields = instrument.procedures.values().flat_map(|procedure| procedure.fields.values());
    fields.any(|field| field.holds == Holds::Place)
}

/// A text that stands under each map and table of places, with its language.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Disclaimer {
    pub(crate) lang: String,
    pub(crate) text: String,
}

/// What stands under each map and table of places: the instrument's words in each of its languages; where it is silent, the
/// program's own.
pub(crate) fn disclaimers(reader: Reader<'_>) -> Vec<Disclaimer> {
    let instrument = reader.instrument();
    let given = instrument.place.disclaimer.iter();
    let all: Vec<Disclaimer> =
        given.map(|(lang, text)| Disclaimer { lang: lang.clone(), text: text.clone() }).collect();
    if !all.is_empty() {
        return all;
    }
    let text = reader.texts.say("places-disclaimer", &[]);
    vec![Disclaimer { lang: reader.texts.language().tag.to_owned(), text }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_no_finer_than_it_is_known() {
        let told = |radius_m| about(&Place { lat_e7: 99_225_000, lon_e7: -399_649_391, radius_m });
        assert_eq!(told(1_212), "9.923, -39.965");
        assert_eq!(told(500), "9.9225, -39.9649");
        assert_eq!(told(5), "9.9225, -39.9649391");
    }
}
