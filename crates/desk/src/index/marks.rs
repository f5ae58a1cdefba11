//! What lists of matters are filtered by, beside where each stands: who opened it, what its short fields say, and when it
//! happened. Eight bytes for each matter: however many there are, few say different things.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use act::value::{FieldValue, StrandName, Word};
use docket::v1::Matter;
use docket::v1::matter::words;
use instrument::Procedure;
use instrument::procedure::Holds;
use terms::{Code, Instant, ParticipantId};

use crate::page::list::shown_fields;

/// What matters of a procedure are filtered by.
#[derive(Clone, Debug, Default)]
pub(super) struct Marked {
    /// Fields that hold one of a few words.
    fields: Vec<Code>,
    /// The field that says when it happened.
    when: Option<Code>,
}

impl Marked {
    pub(super) fn of(procedure: &Procedure) -> Marked {
        Marked { fields: marked(procedure), when: when(procedure).cloned() }
    }

    /// When a matter happened, in seconds; 0 if it does not say.
    pub(super) fn happened(&self, matter: &Matter) -> u32 {
        let first = matter.strands.keys().next();
        let value = self.when.as_ref().zip(first).and_then(|(when, strand)| matter.value(when, strand));
        match value {
            Some(FieldValue::One(Word::Instant(at))) => seconds(*at),
            Some(FieldValue::Window(window)) => seconds(window.start),
            _ => 0,
        }
    }

    /// What it says: who opened it, and behind that a line for each of its lives: `;grade=minor;kind=fire;`.
    pub(super) fn says(&self, matter: &Matter) -> String {
        let mut text = matter.opener.to_string();
        for strand in matter.strands.keys() {
            text.push_str("\n;");
            for field in &self.fields {
                for value in values(matter, strand, field) {
                    // A text takes all that is written to it.
                    let _ = write!(text, "{field}={value};");
                }
            }
        }
        text
    }
}

/// The fields by which matters are filtered: those of their list's columns and their provisions, as far as they hold one of a
/// few words; strands before others.
pub(crate) fn marked(procedure: &Procedure) -> Vec<Code> {
    let has_words = |name: &Code| {
        let holds = procedure.fields.get(name).map(|field| &field.holds);
        holds.is_some_and(|holds| match holds {
            Holds::Codes(_) | Holds::Area | Holds::Provision | Holds::Participant(_) => true,
            Holds::Count
            | Holds::Instant
            | Holds::Window
            | Holds::Place
            | Holds::Text
            | Holds::Matter { .. } => false,
        })
    };
    let provisions = procedure.fields.iter().filter(|(_, field)| matches!(field.holds, Holds::Provision));
    let mut all = procedure.strands.clone();
    all.extend(shown_fields(procedure));
    all.extend(provisions.map(|(name, _)| name.clone()));
    let mut seen = BTreeSet::new();
    all.retain(|name| has_words(name) && seen.insert(name.clone()));
    all
}

/// The field that says when a matter of a procedure happened, or is to.
pub(crate) fn when(procedure: &Procedure) -> Option<&Code> {
    let is_time = |holds: &Holds| matches!(holds, Holds::Instant | Holds::Window);
    procedure.fields.iter().find(|(_, field)| is_time(&field.holds)).map(|(name, _)| name)
}

/// What stands in a field of a life; a strand is called by its own.
fn values(matter: &Matter, strand: &StrandName, field: &Code) -> Vec<String> {
    match matter.procedure.strands.iter().position(|of| of == field) {
        Some(place) => strand.as_str().split(':').nth(place).map(str::to_owned).into_iter().collect(),
        None => words(matter.value(field, strand)).map(ToString::to_string).collect(),
    }
}

pub(super) fn seconds(at: Instant) -> u32 {
    u32::try_from(at.secs()).unwrap_or(u32::MAX).max(1)
}

/// What the matters of a kind say, each different text once.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    said: Vec<Arc<str>>,
    places: BTreeMap<Arc<str>, u32>,
}

impl Marks {
    /// The place of a text, if it is known.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.places.get(text).copied()
    }

    pub(super) fn add(&mut self, text: &str) -> u32 {
        let (text, place) = (Arc::<str>::from(text), super::small(self.said.len()));
        self.said.push(Arc::clone(&text));
        self.places.insert(text, place);
        place
    }

    /// For each text, whether it is of this opener, and which of its lives say all of this.
    pub(super) fn which(
        &self,
        opener: Option<&ParticipantId>,
        fields: &BTreeMap<Code, Code>,
    ) -> Vec<Vec<bool>> {
        let wanted: Vec<String> = fields.iter().map(|(field, value)| format!(";{field}={value};")).collect();
        let each = self.said.iter().map(|text| {
            let mut lines = text.split('\n');
            let is_of = opener.is_none_or(|opener| lines.clone().next() == Some(opener.as_str()));
            lines.next();
            lines.map(|life| is_of && wanted.iter().all(|wanted| life.contains(wanted.as_str()))).collect()
        });
        each.collect()
    }

    /// Who opened any of them.
    pub(super) fn openers(&self) -> BTreeSet<&str> {
        self.said.iter().filter_map(|text| text.split('\n').next()).collect()
    }

    /// What stands in a field, of any of them.
    pub(super) fn values(&self, field: &Code) -> BTreeSet<Code> {
        let begins = format!("{field}=");
        let parts = self.said.iter().flat_map(|text| text.split(['\n', ';']));
        parts.filter_map(|part| part.strip_prefix(begins.as_str())).filter_map(Code::new).collect()
    }
}
