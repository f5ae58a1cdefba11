//! What the address of a list lets through: one query, whatever form it is answered in.

use docket::v1::Matter;
use docket::v1::matter::Strand;
use docket::view::Ask;
use serde::Serialize;
use terms::{Code, Instant, ParticipantId, Seconds};

use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::words::when::{LAST, time_or_day};
use crate::words::{Reader, word};

/// What each part is called in an address.
pub(super) const NAMES: [&str; 5] = ["state", "of", "since", "until", "reference"];

/// Which lives of matters are wanted; what is not said lets everything through.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Filter {
    /// Those that stand in this state.
    state: Option<Code>,
    /// Those that ask something of this participant now.
    of: Option<ParticipantId>,
    /// Those that stand as they do since this time or a later one.
    since: Option<Instant>,
    /// Since this time or an earlier one.
    until: Option<Instant>,
    /// Those whose reference has this in it.
    reference: Option<String>,
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
    pub(super) fn counts(&self, ask: &Ask<'_>) -> bool {
        self.of.as_ref().is_none_or(|of| ask.of.contains(of))
    }

    /// Whether a matter may be one of those.
    pub(super) fn lets_matter(&self, matter: &Matter) -> bool {
        self.reference.as_ref().is_none_or(|part| matter.reference.to_string().contains(part))
    }

    /// Whether a life of it is; `is_asked` says whether a clock that counts runs in it.
    pub(super) fn lets(&self, life: &Strand, is_asked: bool) -> bool {
        self.state.as_ref().is_none_or(|state| life.state == *state)
            && (self.of.is_none() || is_asked)
            && self.since.is_none_or(|since| life.since >= since)
            && self.until.is_none_or(|until| life.since <= until)
    }

    /// What it lets through, in words: it stands on paper too.
    pub(super) fn says(&self, reader: Reader<'_>) -> Vec<(String, String)> {
        let label = |name: &str| {
            let id = match name {
                "state" => "col-state",
                "of" => "col-asked-of",
                "since" => "filter-since",
                "until" => "filter-until",
                _ => "col-reference",
            };
            reader.texts.say(id, &[])
        };
        let value = |name: &str, text: &str| match (name, &self.state, &self.of) {
            ("state", Some(state), _) => word(state),
            ("of", _, Some(of)) => reader.who(of).label,
            _ => text.to_owned(),
        };
        self.typed.iter().map(|(name, text)| (label(name), value(name, text))).collect()
    }
}

fn set<T>(to: &mut Option<T>, value: Option<T>) -> bool {
    *to = value;
    to.is_some()
}
