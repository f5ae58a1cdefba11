//! Everything that can be wrong with an instrument, as one closed list: each with its stable code,
//! what is said, and what to do.
//!
//! Codes that PROCEDURE §8 has are its own. Those that concern reading only are added here.

use std::ops::Range;

use terms::{Diagnostic, Label, Severity};

/// Every code: those of reading, in the order of the list below, each with a broken file in `tests/wrong`; then those
/// of procedures, which `tests/faults.rs` earns.
pub const CODES: [&str; 96] = [
    "instrument::acts_unseen",
    "instrument::amends_what",
    "instrument::bearer_has_a_veto",
    "instrument::bodies_in_circles",
    "instrument::cannot_leave",
    "instrument::chair_outside",
    "instrument::clock_without_start",
    "instrument::codes_missing",
    "instrument::cuts_itself",
    "instrument::dead_end",
    "instrument::end_goes_on",
    "instrument::escalates_to_the_same",
    "instrument::excluded_seated",
    "instrument::for_itself",
    "instrument::held_by_one",
    "instrument::hidden_character",
    "instrument::judge_in_own_cause",
    "instrument::lapse_goes_on",
    "instrument::leaves_nothing",
    "instrument::loaded_word",
    "instrument::maps_nowhere",
    "instrument::missing_key",
    "instrument::never_determined",
    "instrument::never_invoked",
    "instrument::never_reached",
    "instrument::no_amendment",
    "instrument::no_basis",
    "instrument::no_bearer",
    "instrument::no_deemed_service",
    "instrument::no_end",
    "instrument::no_from_or_by",
    "instrument::no_guarantor",
    "instrument::no_life",
    "instrument::no_line_file",
    "instrument::no_party",
    "instrument::no_relief",
    "instrument::no_side",
    "instrument::no_split",
    "instrument::no_zone",
    "instrument::nobody",
    "instrument::not_by_stick",
    "instrument::not_mapped",
    "instrument::not_toml",
    "instrument::number_not_agreed",
    "instrument::one_area",
    "instrument::one_can_stop",
    "instrument::out_of_reach",
    "instrument::prejudice_public",
    "instrument::relief_without_bound",
    "instrument::reserved_name",
    "instrument::rest_without_exit",
    "instrument::rival_decisions",
    "instrument::same_side",
    "instrument::seen_by_nobody",
    "instrument::short_alias",
    "instrument::silence_adopts_a_fact",
    "instrument::silence_finds",
    "instrument::silence_in_circles",
    "instrument::silence_pays",
    "instrument::silence_without_clock",
    "instrument::split_alone",
    "instrument::split_finds",
    "instrument::strand_optional",
    "instrument::strand_refilled",
    "instrument::takes_nothing_away",
    "instrument::to_and_choice",
    "instrument::too_many",
    "instrument::twice_a_line",
    "instrument::twice_a_name",
    "instrument::twice_a_ref",
    "instrument::twice_a_state",
    "instrument::two_clocks",
    "instrument::uneven_labels",
    "instrument::unknown_act",
    "instrument::unknown_basis",
    "instrument::unknown_choice",
    "instrument::unknown_code",
    "instrument::unknown_effect",
    "instrument::unknown_field",
    "instrument::unknown_field_type",
    "instrument::unknown_library",
    "instrument::unknown_line",
    "instrument::unknown_procedure",
    "instrument::unknown_silence",
    "instrument::unknown_state",
    "instrument::unknown_who",
    "instrument::unknown_without",
    "instrument::unknown_word",
    "instrument::unreadable_distance",
    "instrument::unreadable_due",
    "instrument::unreadable_hash",
    "instrument::unreadable_name",
    "instrument::unreadable_text",
    "instrument::untranslated",
    "instrument::waits_for_ever",
    "instrument::wrong_type",
];

/// One kind of fault, with what its sentence needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The text is no TOML here.
    NotToml { said: String },
    /// A key, or a word of a closed list, that there is not.
    UnknownWord { word: String, place: String, known: Vec<String> },
    /// A basis that there is not.
    UnknownBasis { word: String, known: Vec<String> },
    /// A participant that there is not.
    UnknownWho { word: String, known: Vec<String> },
    /// A name that is no code.
    UnreadableName { name: String },
    /// A name that means something else where participants are named.
    ReservedName { name: String },
    /// One name for two things, or the same thing twice.
    TwiceAName { name: String },
    /// Another kind of value than is asked for.
    WrongType { found: &'static str, wanted: &'static str },
    /// A key without which the table says too little.
    MissingKey { key: &'static str, table: String, example: &'static str },
    /// A text that is empty, or too long to be shown.
    UnreadableText { why: TextFault },
    /// A character that is not seen and changes what is.
    HiddenCharacter { character: char },
    /// A length of time or a day in another form.
    UnreadableDue { text: String, wanted: DueForm },
    /// No fixed offset from UTC.
    NoZone { found: Option<String> },
    /// Nothing would ever be served on one who stays silent, or everything at once.
    NoDeemedService,
    /// Silence would win at once against whoever answers by stick.
    NotByStick,
    /// Nobody says where the clauses come from.
    NoBasis,
    /// Nobody is bound.
    NoParty,
    /// Nobody stands surety.
    NoGuarantor,
    /// A participant bears the name of an excluded group.
    ExcludedSeated { name: String, participant: String },
    /// A name of an excluded group of which the comparison leaves next to nothing.
    ShortAlias { alias: String },
}

/// What is wrong with a text that is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextFault {
    /// There is nothing to show.
    Empty,
    /// It has more than so many characters.
    Long {
        /// How many there may be.
        most: usize,
    },
}

/// What a time has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DueForm {
    /// `72h`, `7d`, `10min`.
    Length,
    /// The same, and not nothing.
    SomeLength,
    /// `2026-05-01`.
    Day,
}

impl Fault {
    /// Its stable code.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Fault::NotToml { .. } => "instrument::not_toml",
            Fault::UnknownWord { .. } => "instrument::unknown_word",
            Fault::UnknownBasis { .. } => "instrument::unknown_basis",
            Fault::UnknownWho { .. } => "instrument::unknown_who",
            Fault::UnreadableName { .. } => "instrument::unreadable_name",
            Fault::ReservedName { .. } => "instrument::reserved_name",
            Fault::TwiceAName { .. } => "instrument::twice_a_name",
            Fault::WrongType { .. } => "instrument::wrong_type",
            Fault::MissingKey { .. } => "instrument::missing_key",
            Fault::UnreadableText { .. } => "instrument::unreadable_text",
            Fault::HiddenCharacter { .. } => "instrument::hidden_character",
            Fault::UnreadableDue { .. } => "instrument::unreadable_due",
            Fault::NoZone { .. } => "instrument::no_zone",
            Fault::NoDeemedService => "instrument::no_deemed_service",
            Fault::NotByStick => "instrument::not_by_stick",
            Fault::NoBasis => "instrument::no_basis",
            Fault::NoParty => "instrument::no_party",
            Fault::NoGuarantor => "instrument::no_guarantor",
            Fault::ExcludedSeated { .. } => "instrument::excluded_seated",
            Fault::ShortAlias { .. } => "instrument::short_alias",
        }
    }

    /// What is wrong.
    fn message(&self) -> String {
        match self {
            Fault::NotToml { said } => format!("this is not TOML: {said}"),
            Fault::UnknownWord { word, place, .. } => format!("unknown word `{}` in {place}", shown(word)),
            Fault::UnknownBasis { word, .. } => format!("unknown basis `{}`", shown(word)),
            Fault::UnknownWho { word, .. } => format!("unknown participant `{}`", shown(word)),
            Fault::UnreadableName { name } => format!("`{}` can't be a name", shown(name)),
            Fault::ReservedName { name } => format!("nobody and nothing can be called `{name}`"),
            Fault::TwiceAName { name } => format!("`{}` stands here a second time", shown(name)),
            Fault::WrongType { found, .. } => format!("this is {found}"),
            Fault::MissingKey { key, table, .. } => format!("`{key}` is missing in `[{}]`", shown(table)),
            Fault::UnreadableText { why: TextFault::Empty } => "there is no text here".to_owned(),
            Fault::UnreadableText { why: TextFault::Long { most } } => {
                format!("this text has more than {most} characters")
            }
            Fault::HiddenCharacter { character } => {
                format!("the character U+{:04X} is not seen, and changes what is", u32::from(*character))
            }
            Fault::UnreadableDue { text, wanted: DueForm::Day } => format!("`{}` is no day", shown(text)),
            Fault::UnreadableDue { text, .. } => format!("`{}` is no length of time here", shown(text)),
            Fault::NoZone { found: Some(text) } => format!("`{}` is no fixed offset from UTC", shown(text)),
            Fault::NoZone { found: None } => "no time zone".to_owned(),
            Fault::NoDeemedService => "an act would count as served before anyone could see it".to_owned(),
            Fault::NotByStick => "whoever answers by stick is always too late".to_owned(),
            Fault::NoBasis => "the instrument does not say where its clauses come from".to_owned(),
            Fault::NoParty => "the instrument has no party".to_owned(),
            Fault::NoGuarantor => "the instrument has no guarantor".to_owned(),
            Fault::ExcludedSeated { name, participant } => {
                format!(
                    "`{}` names the participant `{}` and an excluded group",
                    shown(name),
                    shown(participant)
                )
            }
            Fault::ShortAlias { alias } => {
                format!("the comparison leaves too little of `{}`", shown(alias))
            }
        }
    }

    /// What stands under each caret; the first is the main one.
    fn labels(&self) -> [&'static str; 2] {
        match self {
            Fault::NotToml { .. } => ["", ""],
            Fault::UnknownWord { .. } | Fault::UnknownBasis { .. } | Fault::UnknownWho { .. } => {
                ["there is no such word here", ""]
            }
            Fault::UnreadableName { .. } => ["not readable as a name", ""],
            Fault::ReservedName { .. } => ["this word means something else", ""],
            Fault::TwiceAName { .. } => ["again here", "first here"],
            Fault::WrongType { .. } => ["this can't stand here", ""],
            Fault::MissingKey { .. } => ["say it here", ""],
            Fault::UnreadableText { .. } => ["can't be shown", ""],
            Fault::HiddenCharacter { .. } => ["it stands here", ""],
            Fault::UnreadableDue { .. } => ["not readable as a time", ""],
            Fault::NoZone { .. } => ["a fixed offset is needed here", ""],
            Fault::NoDeemedService => ["at once", ""],
            Fault::NotByStick => ["nothing is left for the way", ""],
            Fault::NoBasis => ["say it here", ""],
            Fault::NoParty | Fault::NoGuarantor => ["", ""],
            Fault::ExcludedSeated { .. } => ["the group's name", "the participant's"],
            Fault::ShortAlias { .. } => ["too short to compare", ""],
        }
    }

    /// What to do.
    fn help(&self) -> String {
        match self {
            Fault::NotToml { .. } => "correct this place; the rest was read as far as it goes".to_owned(),
            Fault::UnknownWord { word, known, .. }
            | Fault::UnknownBasis { word, known }
            | Fault::UnknownWho { word, known } => did_you_mean(word, known),
            Fault::UnreadableName { .. } => {
                "write 1 to 32 of `a-z`, `0-9` and `-`, with no hyphen at an end".to_owned()
            }
            Fault::ReservedName { .. } => {
                "it stands in key names, or for a set of participants; choose another".to_owned()
            }
            Fault::TwiceAName { .. } => "one name, one thing: leave one of the two out".to_owned(),
            Fault::WrongType { wanted, .. } => format!("write {wanted}"),
            Fault::MissingKey { example, .. } => format!("add `{example}`"),
            Fault::UnreadableText { why: TextFault::Empty } => "write it, or leave the key out".to_owned(),
            Fault::UnreadableText { why: TextFault::Long { .. } } => "say it in fewer words".to_owned(),
            Fault::HiddenCharacter { .. } => "delete it; write text in the order in which it is read".to_owned(),
            Fault::UnreadableDue { wanted: DueForm::Length, .. } => {
                "write a whole number and its unit: `10min`, `72h` or `7d`, ten years at most".to_owned()
            }
            Fault::UnreadableDue { wanted: DueForm::SomeLength, .. } => {
                "write a whole number and its unit: `10min`, `72h` or `7d`; a minute at least, ten years at most"
                    .to_owned()
            }
            Fault::UnreadableDue { wanted: DueForm::Day, .. } => {
                "write year, month, day: `2026-05-01`".to_owned()
            }
            Fault::NoZone { .. } => "write the hours and minutes ahead of UTC, as `zone = \"+03:00\"`; replay has \
                 no tables of time zones"
                .to_owned(),
            Fault::NoDeemedService => "give it days, as `deemed = \"7d\"`".to_owned(),
            Fault::NotByStick => "give the way some days, as `carriage = \"7d\"`".to_owned(),
            Fault::NoBasis => "say `basis` in `[instrument]`: `text`, `official`, `one-party`, `press` or \
                 `reconstruction`"
                .to_owned(),
            Fault::NoParty => "add a `[participant.NAME]` with `role = \"party\"`".to_owned(),
            Fault::NoGuarantor => "add a `[participant.NAME]` with `role = \"guarantor\"`: the smallest use has \
                 one party and one guarantor"
                .to_owned(),
            Fault::ExcludedSeated { .. } => {
                "the comparison is of whole names; if it is a namesake, leave this name out of the list".to_owned()
            }
            Fault::ShortAlias { .. } => "give at least two letters or digits".to_owned(),
        }
    }

    /// Whether the instrument can be used all the same.
    const fn severity(&self) -> Severity {
        match self {
            Fault::NotByStick => Severity::Warning,
            Fault::NotToml { .. }
            | Fault::UnknownWord { .. }
            | Fault::UnknownBasis { .. }
            | Fault::UnknownWho { .. }
            | Fault::UnreadableName { .. }
            | Fault::ReservedName { .. }
            | Fault::TwiceAName { .. }
            | Fault::WrongType { .. }
            | Fault::MissingKey { .. }
            | Fault::UnreadableText { .. }
            | Fault::HiddenCharacter { .. }
            | Fault::UnreadableDue { .. }
            | Fault::NoZone { .. }
            | Fault::NoDeemedService
            | Fault::NoBasis
            | Fault::NoParty
            | Fault::NoGuarantor
            | Fault::ExcludedSeated { .. }
            | Fault::ShortAlias { .. } => Severity::Error,
        }
    }

    /// The fault at these places, the main one first; none if it concerns the whole file.
    pub(crate) fn at(self, spans: &[Range<usize>]) -> Diagnostic {
        let labels =
            spans.iter().zip(self.labels()).map(|(span, text)| Label::at(span.clone(), text)).collect();
        Diagnostic {
            code: self.code(),
            severity: self.severity(),
            message: self.message(),
            labels,
            help: Some(self.help()),
        }
    }
}

/// The nearest known word if it is near, else all of them.
pub(crate) fn did_you_mean(word: &str, known: &[String]) -> String {
    let nearest = known
        .iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .min_by_key(|(distance, _)| *distance);
    match nearest {
        // A third of the letters wrong is still a slip; more is another word.
        Some((distance, candidate)) if distance <= (candidate.len() / 3).max(1) => {
            format!("did you mean `{candidate}`?")
        }
        Some(_) => format!("there is {}", listed(known)),
        None => "there is none".to_owned(),
    }
}

fn listed(known: &[String]) -> String {
    let quoted: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// How many letters have to be put in, taken out, replaced, or swapped with a neighbour.
fn distance(a: &str, b: &str) -> usize {
    // Words of the language are short. What is longer is no slip, and not worth the time.
    const LONGEST: usize = 40;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

/// Input as it is quoted in a message: short, on one line, nothing hidden.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() || crate::read::is_hidden(c) { '\u{FFFD}' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("party", "party", 0),
            ("partly", "party", 1),
            ("apple", "", 5),
            ("wihtin", "within", 1),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn a_near_word_is_offered_and_a_far_one_gets_the_list() {
        let known = ["party", "guarantor"].map(str::to_owned);
        assert_eq!(did_you_mean("guarantr", &known), "did you mean `guarantor`?");
        assert_eq!(did_you_mean("respondent", &known), "there is `party` and `guarantor`");
        assert_eq!(did_you_mean("x", &[]), "there is none");
    }
}
