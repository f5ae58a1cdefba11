//! What the address of a list lets through: one query, whatever form it is answered in.

use docket::v1::Matter;
use instrument::{Instrument, Procedure};
use place::area::Outcome;
use serde::Serialize;
use terms::{Code, Instant, ParticipantId, Seconds};

use crate::index::{Asks, OfKind};
use crate::map::drawings::Lines;
use crate::map::place_of;
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::words::Reader;
use crate::words::place::area_name;
use crate::words::when::{LAST, time_or_day};

/// What each part is called in an address.
pub(super) const NAMES: [&str; 7] = ["state", "of", "since", "until", "reference", "box", "area"];

/// Which lives of matters are wanted; what is not said lets everything through.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Filter {
    /// Those that stand in this state.
    pub(super) state: Option<Code>,
    /// Those that ask something of this participant now.
    pub(super) of: Option<ParticipantId>,
    /// Those that stand as they do since this time or a later one.
    pub(super) since: Option<Instant>,
    /// Since this time or an earlier one.
    pub(super) until: Option<Instant>,
    /// Those whose reference has this in it.
    pub(super) reference: Option<String>,
    /// Those whose place lies in this part of a map.
    pub(super) within: Option<MapBox>,
    /// Those whose place lies in this area, or in none that is determined.
    pub(super) area: Option<Side>,
    /// The parts as they were typed, to be shown and sent again.
    #[serde(skip)]
    typed: Vec<(&'static str, String)>,
}

impl Filter {
    /// Reads it. A date is a day on the instrument's clocks, all of it; a time is exact, in UTC.
    pub(super) fn read(reader: Reader<'_>, asked: &Asked) -> Result<Filter, Sorry> {
        let mut filter = Filter::default();
        for name in NAMES {
            let Some(text) = asked.query(name).map(str::trim).filter(|text| !text.is_empty()) else {
                continue;
            };
            let is_read = match name {
                "state" => set(&mut filter.state, Code::new(text)),
                "of" => set(&mut filter.of, ParticipantId::new(text)),
                "since" => set(&mut filter.since, time_or_day(text, reader.offset(), Seconds(0))),
                "until" => set(&mut filter.until, time_or_day(text, reader.offset(), LAST)),
                "box" => set(&mut filter.within, MapBox::read(text)),
                "area" => set(&mut filter.area, Side::read(text)),
                _ => set(&mut filter.reference, Some(text.to_uppercase())),
            };
            if !is_read {
                return Err(Sorry::NoFilter(text.to_owned()));
            }
            filter.typed.push((name, text.to_owned()));
        }
        Ok(filter)
    }

    /// Whether it lets everything through.
    pub(super) fn is_open(&self) -> bool {
        self.typed.is_empty()
    }

    pub(super) fn typed(&self, name: &str) -> &str {
        self.typed.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }

    pub(super) fn pairs(&self) -> &[(&'static str, String)] {
        &self.typed
    }

    /// Whether a clock is one of those that count: any, or those that ask one participant.
    pub(super) fn counts(&self, asks: &Asks) -> bool {
        self.of.as_ref().is_none_or(|of| asks.of.contains(of))
    }

    /// Whether only what a clock asks somebody in is one of those.
    pub(super) const fn wants_clock(&self) -> bool {
        self.of.is_some()
    }

    /// For each of some matters, whether it may be one of those; nothing if each may.
    pub(super) fn matters(&self, all: &OfKind) -> Option<Vec<bool>> {
        let referring = self.reference.as_ref().map(|part| all.referring(part));
        let lying = self.within.map(|within| all.lying(|lat, lon| within.holds(lat, lon)));
        match (referring, lying) {
            (Some(referring), Some(lying)) => {
                Some(referring.into_iter().zip(lying).map(|(a, b)| a && b).collect())
            }
            (one, other) => one.or(other),
        }
    }

    /// For each of the states of some matters, whether it is the one; nothing if each is.
    pub(super) fn states(&self, all: &OfKind) -> Option<Vec<bool>> {
        self.state.as_ref().map(|state| all.are(state))
    }

    /// Whether something may stand as it does since then.
    pub(super) fn lets(&self, since: Instant) -> bool {
        self.since.is_none_or(|from| since >= from) && self.until.is_none_or(|until| since <= until)
    }

    /// What it lets through, in words: it stands on paper too.
    pub(super) fn says(&self, reader: Reader<'_>, procedure: Option<&Procedure>) -> Vec<(String, String)> {
        let label = |name: &str| {
            let id = match name {
                "state" => "col-state",
                "of" => "col-asked-of",
                "since" => "filter-since",
                "until" => "filter-until",
                "box" => "filter-box",
                "area" => "col-area",
                _ => "col-reference",
            };
            reader.texts.say(id, &[])
        };
        let value = |name: &str, text: &str| match (name, &self.state, &self.of, &self.area) {
            ("state", Some(state), _, _) => reader.word_if(procedure, state),
            ("of", _, Some(of), _) => reader.who(of).label,
            ("area", _, _, Some(side)) => side.words(reader),
            _ => text.to_owned(),
        };
        self.typed.iter().map(|(name, text)| (label(name), value(name, text))).collect()
    }
}

/// Whether a matter's place lies in this area, or in none that is determined: the lines say that.
pub(super) fn lets_place(
    wanted: Option<&Side>,
    instrument: &Instrument,
    lines: &Lines,
    matter: &Matter,
) -> bool {
    let lies = |side: &Side| {
        place_of(matter).is_some_and(|place| match (lines.outcome(instrument, &place), side) {
            (Outcome::Area(area), Side::Area(wanted)) => area == *wanted,
            (Outcome::NotDetermined(_), Side::NotDetermined) => true,
            (Outcome::Area(_), Side::NotDetermined) | (Outcome::NotDetermined(_), Side::Area(_)) => false,
        })
    };
    wanted.is_none_or(lies)
}

/// An area of the instrument's, or none that is determined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    Area(Code),
    NotDetermined,
}

impl Side {
    /// What stands in an address where it is not determined: no area is called so.
    pub(super) const NOT_DETERMINED: &str = "not-determined";

    fn read(text: &str) -> Option<Side> {
        if text == Side::NOT_DETERMINED {
            return Some(Side::NotDetermined);
        }
        Code::new(text).map(Side::Area)
    }

    pub(super) fn words(&self, reader: Reader<'_>) -> String {
        match self {
            Side::Area(area) => area_name(reader, area),
            Side::NotDetermined => reader.texts.say("area-not-determined", &[]),
        }
    }
}

/// Part of a map: west, south, east, north, in degrees × 10⁷. Across the antimeridian it has its west in the east.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MapBox(pub(super) [i64; 4]);

impl MapBox {
    /// Reads `-40.2,9.4,-39.7,10`: degrees, of which seven decimals count.
    fn read(text: &str) -> Option<MapBox> {
        let mut sides = [0; 4];
        let mut parts = text.split(',');
        for side in &mut sides {
            let degrees: f64 = parts.next()?.trim().parse().ok()?;
            *side = e7(degrees).filter(|_| degrees.abs() <= 180.0)?;
        }
        parts.next().is_none().then_some(MapBox(sides))
    }

    pub(super) fn holds(self, lat: i64, lon: i64) -> bool {
        let [west, south, east, north] = self.0;
        let is_beside = if west <= east { (west..=east).contains(&lon) } else { lon >= west || lon <= east };
        is_beside && (south..=north).contains(&lat)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "no more than 1.8 × 10⁹")]
fn e7(degrees: f64) -> Option<i64> {
    degrees.is_finite().then(|| (degrees * 1e7).round() as i64)
}

fn set<T>(to: &mut Option<T>, value: Option<T>) -> bool {
    *to = value;
    to.is_some()
}
