//! What the address of a list lets through: one query, whatever form it is answered in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use docket::v1::Matter;
use instrument::procedure::Holds;
use instrument::{Instrument, Procedure};
use lang::Arg;
use place::area::Outcome;
use serde::Serialize;
use terms::{Code, Instant, ParticipantId, Seconds};

use crate::index::marks::{marked, when};
use crate::index::{Asks, OfKind};
use crate::map::drawings::Lines;
use crate::map::place_of;
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::words::Reader;
use crate::words::place::area_name;
use crate::words::when::{LAST, time_or_day};
use crate::writing::FIELD;

/// What each part is called in an address; those of fields are called as in forms.
pub(super) const NAMES: [&str; 11] = [
    "state",
    "of",
    "since",
    "until",
    "reference",
    "box",
    "area",
    "opener",
    "happened-since",
    "happened-until",
    "words",
];

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
    /// Those that this participant opened.
    pub(super) opener: Option<ParticipantId>,
    /// Those in whose fields this stands.
    pub(super) fields: BTreeMap<Code, Code>,
    /// Those that happened at this time or a later one.
    pub(super) happened_since: Option<Instant>,
    /// At this time or an earlier one.
    pub(super) happened_until: Option<Instant>,
    /// Those whose title has these words in it.
    pub(super) words: Option<String>,
    /// The parts as they were typed, to be shown and sent again.
    #[serde(skip)]
    typed: Vec<(String, String)>,
}

impl Filter {
    /// Reads it. A date is a day on the instrument's clocks, all of it; a time is exact, in UTC.
    pub(super) fn read(reader: Reader<'_>, asked: &Asked, kind: &Code) -> Result<Filter, Sorry> {
        let mut filter = Filter::default();
        let now = reader.instrument().procedures.get(kind);
        let before =
            reader.index.kind(kind).into_iter().flat_map(|all| all.procedures().iter().map(Arc::as_ref));
        let known: BTreeSet<Code> = now.into_iter().chain(before).flat_map(marked).collect();
        let of_fields = asked.query.keys().filter(|name| name.starts_with(FIELD)).map(String::as_str);
        for name in NAMES.into_iter().chain(of_fields) {
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
                "opener" => set(&mut filter.opener, ParticipantId::new(text)),
                "happened-since" => {
                    set(&mut filter.happened_since, time_or_day(text, reader.offset(), Seconds(0)))
                }
                "happened-until" => set(&mut filter.happened_until, time_or_day(text, reader.offset(), LAST)),
                "words" => set(&mut filter.words, Some(text.to_owned())),
                "reference" => set(&mut filter.reference, Some(text.to_uppercase())),
                field => match (field.strip_prefix(FIELD).and_then(Code::new), Code::new(text)) {
                    (Some(field), Some(value)) if known.contains(&field) => {
                        filter.fields.insert(field, value).is_none()
                    }
                    _ => false,
                },
            };
            if !is_read {
                return Err(Sorry::NoFilter(text.to_owned()));
            }
            filter.typed.push((name.to_owned(), text.to_owned()));
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

    pub(super) fn pairs(&self) -> &[(String, String)] {
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
        let (since, until) = (self.happened_since, self.happened_until);
        let happening = (since.is_some() || until.is_some()).then(|| all.happening(since, until));
        let each = [referring, lying, happening].into_iter().flatten();
        each.reduce(|one, other| one.into_iter().zip(other).map(|(a, b)| a && b).collect())
    }

    /// What is to be known of lives to say whether they are of that opener, and have that in their fields; nothing if each may.
    pub(super) fn said(&self, all: &OfKind) -> Option<Vec<Vec<bool>>> {
        let is_asked = self.opener.is_some() || !self.fields.is_empty();
        is_asked.then(|| all.saying(self.opener.as_ref(), &self.fields))
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
        let word = |field: &Code| reader.word_if(procedure, field);
        let when = || procedure.and_then(when).map(word).unwrap_or_default();
        let label = |name: &str| match name {
            "state" => reader.texts.say("col-state", &[]),
            "of" => reader.texts.say("col-asked-of", &[]),
            "since" => reader.texts.say("filter-since", &[]),
            "until" => reader.texts.say("filter-until", &[]),
            "box" => reader.texts.say("filter-box", &[]),
            "area" => reader.texts.say("col-area", &[]),
            "opener" => reader.texts.say("filter-opener", &[]),
            "happened-since" => reader.texts.say("filter-happened-since", &[("field", Arg::Text(&when()))]),
            "happened-until" => reader.texts.say("filter-happened-until", &[("field", Arg::Text(&when()))]),
            "words" => reader.texts.say("filter-words", &[]),
            "reference" => reader.texts.say("col-reference", &[]),
            field => field.strip_prefix(FIELD).and_then(Code::new).map(|it| word(&it)).unwrap_or_default(),
        };
        let value = |name: &str, text: &str| match (name, &self.state, &self.of, &self.area, &self.opener) {
            ("state", Some(state), ..) => reader.word_if(procedure, state),
            ("of", _, Some(of), ..) => reader.who(of).label,
            ("area", _, _, Some(side), _) => side.words(reader),
            ("opener", .., Some(opener)) => reader.who(opener).label,
            _ => {
                let field = name.strip_prefix(FIELD).and_then(Code::new);
                let said = field
                    .and_then(|field| Some(value_words(reader, procedure, &field, self.fields.get(&field)?)));
                said.unwrap_or_else(|| text.to_owned())
            }
        };
        self.typed.iter().map(|(name, text)| (label(name), value(name, text))).collect()
    }
}

/// What a field's value is called.
pub(super) fn value_words(
    reader: Reader<'_>,
    procedure: Option<&Procedure>,
    field: &Code,
    value: &Code,
) -> String {
    let holds = procedure.and_then(|procedure| procedure.fields.get(field)).map(|field| &field.holds);
    match (holds, ParticipantId::new(value.as_str())) {
        (Some(Holds::Participant(_)), Some(who)) => reader.who(&who).label,
        (Some(Holds::Codes(_)), _) => reader.word_if(procedure, value),
        (Some(Holds::Area), _) => area_name(reader, value),
        _ => value.to_string(),
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
