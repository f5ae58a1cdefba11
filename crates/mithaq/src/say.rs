//! What is on the docket, in words for people (PRACTICE §5, *Wording*; TIME §2).

pub(crate) mod ask;
pub(crate) mod coming;
pub(crate) mod erasure;
pub(crate) mod event;
pub(crate) mod relief;
pub(crate) mod value;

use act::value::StrandName;
use docket::v1::{DISOWN_WINDOW, Matter};
use instrument::procedure::{Effect, Field, Holds, Step};
use instrument::{Basis, Instrument, Procedure};
use terms::{Code, ParticipantId};

use crate::show::text::safe;
use crate::show::time::length;

/// What a participant is called in tables (PRACTICE N2).
pub(crate) fn label(instrument: &Instrument, who: &ParticipantId) -> String {
    safe(instrument.participants.get(who).map_or_else(|| who.as_str(), |known| known.names.label.as_str()))
}

/// Several participants, in the order of the alphabet (PRACTICE N4).
pub(crate) fn labels<'a>(
    instrument: &Instrument,
    who: impl IntoIterator<Item = &'a ParticipantId>,
) -> Vec<String> {
    let mut labels: Vec<String> = who.into_iter().map(|who| label(instrument, who)).collect();
    labels.sort_by_key(|label| label.to_lowercase());
    labels
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and(words: &[String]) -> String {
    joined(words, "and")
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn or(words: &[String]) -> String {
    joined(words, "or")
}

fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., end] => format!("{} {last} {end}", before.join(", ")),
    }
}

/// A strand by what it is of: `South, p1`; nothing where a matter has but one.
pub(crate) fn strand(instrument: &Instrument, procedure: &Procedure, name: &StrandName) -> String {
    if procedure.strands.is_empty() {
        return String::new();
    }
    let parts = name.as_str().split(':').zip(&procedure.strands);
    let each = parts.map(|(text, field)| match procedure.fields.get(field).map(|field| &field.holds) {
        // A number alone says nothing.
        Some(Holds::Count) => format!("{field} {text}"),
        _ => part(instrument, text),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// What a strand is of, for one of the fields that name it.
pub(crate) fn part(instrument: &Instrument, text: &str) -> String {
    match ParticipantId::new(text) {
        Some(who) if instrument.participants.contains_key(&who) => label(instrument, &who),
        _ => text.to_owned(),
    }
}

/// A strand with a colon behind it, to put before what is said of it.
pub(crate) fn strand_first(matter: &Matter, name: &StrandName) -> String {
    match strand(&matter.law.instrument, &matter.procedure, name) {
        strand if strand.is_empty() => strand,
        strand => format!("{strand}: "),
    }
}

/// The sentence that the procedure has for a state.
pub(crate) fn state<'p>(procedure: &'p Procedure, state: &Code) -> &'p str {
    procedure.state(state).map_or("", |state| state.says.as_str())
}

/// What silence on a step does; nothing where nothing comes of it.
pub(crate) fn silence(step: &Step) -> String {
    step.silence_says().unwrap_or_default()
}

/// What happens beside it when a strand enters a state.
pub(crate) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Amend => {
            "its text becomes the agreement; open matters move to it where it says how, others run on as before"
        }
        Effect::Pause => "what its opener asked of others rests; what is asked of its opener runs on",
        Effect::Close => "no matter can be opened any more; open ones run on",
    }
}

/// The same, as the instrument says beforehand when it comes: what nobody can undo waits until no stolen key can have
/// brought it (TIME T18).
pub(crate) fn effect_to_come(instrument: &Instrument, of: Effect) -> String {
    let says = effect(of);
    match of {
        Effect::Pause => says.to_owned(),
        Effect::Amend | Effect::Close => {
            let waits = length(DISOWN_WINDOW.0 + instrument.calendar.carriage.0);
            format!(
                "{says}; not before {waits} have passed since the last act that led there, and not if one is disowned"
            )
        }
    }
}

/// Whether somebody has to answer.
pub(crate) fn is_pressed(step: &Step) -> bool {
    step.is_pressed()
}

/// What a field holds: one of the matter, or one of what a step of it opens.
pub(crate) fn field<'i>(
    instrument: &'i Instrument,
    procedure: &'i Procedure,
    name: &Code,
) -> Option<&'i Field> {
    let opened = || {
        let kinds = procedure.steps.iter().flat_map(|(_, step)| step.opens.kinds());
        kinds.filter_map(|kind| instrument.procedures.get(kind)).find_map(|opened| opened.fields.get(name))
    };
    procedure.fields.get(name).or_else(opened)
}

/// What is said first of an agreement, or of a kind of matter, that nobody outside has seen signed.
pub(crate) fn reconstruction(basis: Basis) -> Option<&'static str> {
    let says = "A reconstruction: what names no other source is supposed by whoever wrote it down.";
    (basis == Basis::Reconstruction).then_some(says)
}

/// What is said above anything that is of an agreement: that it is an exercise (PRACTICE N21), and what
/// [`reconstruction`] says.
pub(crate) fn above(exercise: bool, basis: Basis) -> Vec<&'static str> {
    exercise.then_some("EXERCISE").into_iter().chain(reconstruction(basis)).collect()
}

/// With a capital at the beginning.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
