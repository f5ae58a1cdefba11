//! The words and bounds of what may stand at a key, and what each word means.

use std::ops::RangeInclusive;

use terms::{Custody, Role, Seconds};

use super::Word;
use crate::model::{Basis, Order};
use crate::place::Side;
use crate::procedure::{Adopts, Effect, Holds, Tier};
use crate::who::Count;

/// What silence may take as agreed.
pub(crate) const ADOPTS: [(&str, Adopts); 2] = [("text", Adopts::Text), ("plan", Adopts::Plan)];
/// How freely a matter may be spoken of.
pub(crate) const TIERS: [(&str, Tier); 2] =
    [("record", Tier::Record), ("without-prejudice", Tier::WithoutPrejudice)];
/// What else happens when a strand enters a state.
pub(crate) const EFFECTS: [(&str, Effect); 3] = [
    (Effect::Amend.as_str(), Effect::Amend),
    (Effect::Pause.as_str(), Effect::Pause),
    (Effect::Close.as_str(), Effect::Close),
];
/// Whether a step needs an exhibit.
pub(crate) const FILES: [(&str, bool); 1] = [("needed", true)];
/// The words of `authentic` and of `silence` that are no table and no list.
pub(crate) const NOT_KNOWN: &str = "not known";
pub(crate) const NOTED: &str = "noted";
/// How many of a set, before `of`; or a number.
pub(crate) const COUNTS: [(&str, Count); 5] = [
    ("any", Count::Any),
    ("all", Count::All),
    ("most", Count::Most),
    ("quorum", Count::Quorum),
    ("chair", Count::Chair),
];
/// The types of fields that are one word alone; `participant` and `matter` may go on.
pub(crate) const PLAIN: [(&str, Holds); 7] = [
    ("count", Holds::Count),
    ("instant", Holds::Instant),
    ("window", Holds::Window),
    ("place", Holds::Place),
    ("area", Holds::Area),
    ("provision", Holds::Provision),
    ("text", Holds::Text),
];
/// Units of time, in seconds.
pub(crate) const UNITS: [(&str, u64); 3] = [("min", 60), ("h", 3_600), ("d", 86_400)];
/// What a field can't be called: it would be taken for something else in a clock or a set.
pub(crate) const NO_FIELD: [&str; 8] =
    ["service", "finality", "everyone", "parties", "guarantors", "monitors", "observers", "opener"];
/// What a state can't be called.
pub(crate) const NO_STATE: [&str; 2] = ["stay", "any"];

/// The longest name, in characters: more fits in no table's column.
pub(crate) const LINE_MOST: usize = 200;
/// The longest clause that is shown as it is.
pub(crate) const PARAGRAPH_MOST: usize = 4_000;
/// Characters that are not seen and let a line read otherwise than it is: changes of direction, zero-width spaces,
/// separators of lines, tags. The joiners (U+200C, U+200D) and the marks of direction (U+200E, U+200F) are part of good
/// Persian, Urdu and Pashto, and stay.
pub(crate) const HIDDEN: [RangeInclusive<char>; 7] = [
    '\u{00AD}'..='\u{00AD}',
    '\u{200B}'..='\u{200B}',
    '\u{2028}'..='\u{202E}',
    '\u{2060}'..='\u{206F}',
    '\u{FEFF}'..='\u{FEFF}',
    '\u{FFF9}'..='\u{FFFB}',
    '\u{E0000}'..='\u{E007F}',
];
/// No clock of an agreement is longer: ten years.
pub(crate) const LONGEST: Seconds = Seconds::days(3_653);
/// How many capitals begin a reference.
pub(crate) const REFERENCE: RangeInclusive<usize> = 3..=5;
/// The longest tag of a language.
pub(crate) const LANGUAGE_MOST: usize = 35;
/// Metres of a line's reach, at the most, and of all other distances.
pub(crate) const REACH_MOST: u32 = 1_000_000;
pub(crate) const METRES_MOST: u32 = 100_000;
/// An agreement of more procedures, or a procedure of more states or steps, is not one that people can follow; and
/// what they do is looked at in pairs.
pub(crate) const PROCEDURES_MOST: usize = 100;
pub(crate) const PARTS_MOST: usize = 150;
/// More lines, or vertices of them, are no agreement that people can follow.
pub(crate) const LINES_MOST: usize = 16;

/// Words of a list of which each means something.
fn words<W: Copy>(all: &[(&'static str, W)], says: fn(W) -> &'static str) -> Vec<Word> {
    all.iter().map(|(word, means)| (*word, says(*means))).collect()
}

pub(super) fn roles() -> Vec<Word> {
    let says = |role| match role {
        Role::Party => "is bound: owes what provisions say, and is asked by steps of parties",
        Role::Guarantor => "stands surety: is given notice, and gives what relief it may give",
        Role::Monitor => "watches and keeps the office: assesses, verifies, transcribes",
        Role::Observer => "may look, and is in no set but `observers`",
    };
    Role::ALL.iter().map(|role| (role.as_str(), says(*role))).collect()
}

pub(super) fn bases() -> Vec<Word> {
    let says = |basis| match basis {
        Basis::Text => "the signed text says it",
        Basis::Official => "a participant says officially that it was agreed, and none denies it",
        Basis::OneParty => "one party says it",
        Basis::Press => "the press reports it",
        Basis::Reconstruction => "whoever wrote the instrument supposes it",
    };
    Basis::ALL.iter().map(|basis| (basis.as_str(), says(*basis))).collect()
}

pub(super) fn orders() -> Vec<Word> {
    let says = |order| match order {
        Order::Alphabetical => "by the alphabet of the document's language",
        Order::Alternat => "each party stands first in its own copy",
    };
    Order::ALL.iter().map(|order| (order.as_str(), says(*order))).collect()
}

pub(super) fn custodies() -> Vec<Word> {
    let says = |custody| match custody {
        Custody::Hosted => "on the operator's machine: the least that can be asked",
        Custody::Node => "on the participant's own node, opened by a passkey",
        Custody::Device => "on a device in the officer's hand: the most",
    };
    Custody::ALL.iter().map(|custody| (custody.as_str(), says(*custody))).collect()
}

pub(super) fn sides() -> Vec<Word> {
    let says = |side| match side {
        Side::Left => "on the left hand of whoever goes along the line",
        Side::Right => "on the right hand of whoever goes along the line",
    };
    Side::ALL.iter().map(|side| (side.as_str(), says(*side))).collect()
}

pub(super) fn adopted() -> Vec<Word> {
    words(&ADOPTS, |adopts| match adopts {
        Adopts::Text => "a text, word for word",
        Adopts::Plan => "a plan of what is to be done",
    })
}

pub(super) fn tiers() -> Vec<Word> {
    words(&TIERS, |tier| match tier {
        Tier::Record => "on record: it may be cited",
        Tier::WithoutPrejudice => "nobody may cite it, and its exhibits are erased some time after its end",
    })
}

pub(super) fn effects() -> Vec<Word> {
    words(&EFFECTS, |effect| match effect {
        Effect::Amend => "the annex in its field `text` becomes the instrument",
        Effect::Pause => "clocks stand in what its opener opened",
        Effect::Close => "no matter can be opened any more",
    })
}

pub(super) fn files() -> Vec<Word> {
    words(&FILES, |needed| if needed { "it has an exhibit, at least one" } else { "it may have exhibits" })
}
