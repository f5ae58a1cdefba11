//! What an instrument says, as far as this release reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use terms::{Code, ParticipantId, Role, Seconds};

use crate::exclusion::ExclusionList;
use crate::place::{Area, Line, PlaceRules};
use crate::procedure::{Procedure, Relief};
use crate::rules::{Custodies, ExhibitRules, Quota, TierRules, Transitions};
use crate::who::{Body, Set};

/// An agreement, as the program runs it. Follows DESIGN §7.
///
/// ```toml
/// [instrument]
/// name = "Exercise understanding"
/// exercise = true
/// languages = ["en"]
/// authentic = "not known"
/// order = "alphabetical"
/// basis = "reconstruction"
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// What it is called.
    pub name: String,
    /// Whether it is an exercise: then every page, print and message says so.
    pub exercise: bool,
    /// The languages in which it is shown, in its own order, as BCP 47 tags; at least one.
    pub languages: Vec<String>,
    /// In which of them it binds.
    pub authentic: Authentic,
    /// In which order documents list the parties.
    pub order: Order,
    /// The clause that taking part implies no recognition, in its own words.
    pub standing: Option<String>,
    /// What else is to be known by whoever reads it.
    pub says: Option<String>,
    /// Where its clauses come from, unless one says otherwise.
    pub basis: Basis,
    /// Who takes part, by the id that begins its key names.
    pub participants: BTreeMap<ParticipantId, Participant>,
    /// Who is talked about and never talked to.
    pub excluded: BTreeMap<Code, Excluded>,
    /// How time is counted.
    pub calendar: Calendar,
    /// Who decides together.
    pub bodies: BTreeMap<Code, Body>,
    /// What was agreed, clause by clause.
    pub provisions: BTreeMap<Code, Provision>,
    /// Who may give relief, and how much.
    pub relief: Relief,
    /// Who writes down what another says.
    pub transcription: Option<Transcription>,
    /// What each kind of matter does.
    pub procedures: BTreeMap<Code, Procedure>,
    /// How much a participant may hand in on one day.
    pub quota: Quota,
    /// Where keys have to lie.
    pub custody: Custodies,
    /// Who decides about exhibits.
    pub exhibits: ExhibitRules,
    /// How long exhibits without prejudice are kept.
    pub tiers: TierRules,
    /// Where open matters stand when this takes the place of the instrument before.
    pub transitions: Transitions,
    /// Lines that sides are reckoned from; none is possible.
    pub lines: BTreeMap<Code, Line>,
    /// Who is responsible on which side.
    pub areas: BTreeMap<Code, Area>,
    /// How places are written down and shown.
    pub place: PlaceRules,
}

impl Instrument {
    /// The participants of a role, in the order of their ids.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &ParticipantId> {
        self.participants.iter().filter(move |(_, who)| who.role == role).map(|(id, _)| id)
    }

    /// The role of a participant, if it is one.
    #[must_use]
    pub fn role(&self, id: &ParticipantId) -> Option<Role> {
        self.participants.get(id).map(|who| who.role)
    }

    /// Who is in a set that is the same for every matter; for the opener and for fields, which differ, nobody.
    #[must_use]
    pub fn members(&self, set: &Set) -> BTreeSet<&ParticipantId> {
        let of = |fits: &dyn Fn(Role) -> bool| {
            self.participants.iter().filter(|(_, who)| fits(who.role)).map(|(id, _)| id).collect()
        };
        match set {
            Set::Everyone => of(&|role| role != Role::Observer),
            Set::Parties => of(&|role| role == Role::Party),
            Set::Guarantors => of(&|role| role == Role::Guarantor),
            Set::Monitors => of(&|role| role == Role::Monitor),
            Set::Observers => of(&|role| role == Role::Observer),
            Set::Participant(id) => self.participants.keys().filter(|known| *known == id).collect(),
            Set::Body(name) => self.bodies.get(name).into_iter().flat_map(|body| &body.members).collect(),
            Set::Opener | Set::Field(_) => BTreeSet::new(),
        }
    }

    /// The names of its excluded groups, ready to compare with.
    #[must_use]
    pub fn exclusion_list(&self) -> ExclusionList {
        ExclusionList::new(&self.excluded)
    }
}

/// In which languages the text binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentic {
    /// In these, all with equal rank. None is possible: a text may say so.
    Known(Vec<String>),
    /// Nobody outside knows; then no text here claims to bind.
    NotKnown,
}

/// In which order documents list the parties (PRACTICE N4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the alphabet of the document's language.
    Alphabetical,
    /// Each party stands first in its own copy.
    Alternat,
}

impl Order {
    /// Every word of the list.
    pub const ALL: [Order; 2] = [Order::Alphabetical, Order::Alternat];

    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Order::Alphabetical => "alphabetical",
            Order::Alternat => "alternat",
        }
    }
}

/// Where a clause, role, alias or exclusion comes from. Shown wherever it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The signed text says it.
    Text,
    /// A participant says officially that it was agreed, and none denies it.
    Official,
    /// One party says it.
    OneParty,
    /// The press reports it.
    Press,
    /// Whoever wrote the instrument supposes it.
    Reconstruction,
}

impl Basis {
    /// Every word of the list, the surest first.
    pub const ALL: [Basis; 5] =
        [Basis::Text, Basis::Official, Basis::OneParty, Basis::Press, Basis::Reconstruction];

    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Basis::Text => "text",
            Basis::Official => "official",
            Basis::OneParty => "one-party",
            Basis::Press => "press",
            Basis::Reconstruction => "reconstruction",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// What it may do.
    pub role: Role,
    /// By which title its role is shown, if not by the role's own word (PRACTICE N3).
    pub titled: Option<String>,
    /// What it is called, and by whom.
    pub names: Names,
    /// What tables in others of the instrument's languages call it, by language.
    pub labels: BTreeMap<String, String>,
    /// Where its role comes from.
    pub basis: Basis,
}

impl Participant {
    /// What tables in a language call it: that one's label, or the label.
    #[must_use]
    pub fn label_in(&self, language: &str) -> &str {
        self.labels.get(language).unwrap_or(&self.names.label)
    }

    /// The title under which its role is shown: the instrument's, else the role's word.
    #[must_use]
    pub fn title(&self) -> &str {
        self.titled.as_deref().unwrap_or(self.role.as_str())
    }
}

/// What a participant is called (PRACTICE N2). A name that the file leaves out is filled from the
/// others, in the end from the id, so that there is always something to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// As it calls itself; else as `text`.
    pub own: String,
    /// As the text calls it, if the file says so: nobody guesses at a text.
    pub text: Option<String>,
    /// Short, for tables; else as `own`.
    pub label: String,
}

/// A group that can be named as the subject of a report, and can hold nothing (promise 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// What it is called.
    pub names: ExcludedNames,
    /// What else it is called, each spelling that counts. See [`crate::folding`] for what need not
    /// be listed twice.
    pub aliases: Vec<String>,
    /// Where the exclusion comes from.
    pub basis: Basis,
}

/// The names of an excluded group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcludedNames {
    /// As the text, or the list below, calls it.
    pub text: String,
    /// Its number on a public list, as `QDe.132`.
    pub list: Option<String>,
}

/// A clause that somebody owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    /// What kind: a prohibition, an obligation, or any word that procedures run `under`.
    pub kind: Code,
    /// Who owes it; at least one.
    pub bearers: Vec<ParticipantId>,
    /// Its words.
    pub text: String,
    /// Its words in others of the instrument's languages, by language; none of them is authentic by standing here.
    pub texts: BTreeMap<String, String>,
    /// Where it comes from.
    pub basis: Basis,
    /// Whether no procedure runs under it on purpose.
    pub not_invoked: bool,
}

impl Provision {
    /// Its words in a language, if it has them there; else as they stand.
    #[must_use]
    pub fn text_in(&self, language: &str) -> &str {
        self.texts.get(language).unwrap_or(&self.text)
    }
}

/// Who writes down, for the record, what another says and will not sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcription {
    /// Who writes.
    pub by: ParticipantId,
    /// For whom.
    pub on_behalf_of: BTreeSet<ParticipantId>,
}

/// How time is counted (TIME T7, T8, T12, T15; PROCEDURE §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Minutes that the instrument's clocks are ahead of UTC, −720 to 840. Fixed: replay has no zone
    /// tables.
    pub zone_offset_minutes: i32,
    /// After how long an act counts as served on one who does not say it has it; 7 d.
    pub deemed: Seconds,
    /// How far apart marks are meant to be, at least a minute; 1 h. Marks further apart than three of
    /// them leave dead time.
    pub heartbeat: Seconds,
    /// From due to close, unless a step says otherwise: the way of a stick; 7 d.
    pub carriage: Seconds,
    /// By how much honest clocks may differ; 10 min.
    pub tolerance: Seconds,
    /// Within what time a witness is expected to cosign; one heartbeat.
    pub cosign_delay: Seconds,
    /// Days on which nothing asked of this participant is due, as days since 1970-01-01.
    pub holidays: BTreeMap<ParticipantId, BTreeSet<u64>>,
    /// Where these numbers come from.
    pub basis: Basis,
}

impl Default for Calendar {
    /// UTC, and the numbers that TIME gives where an instrument is silent.
    fn default() -> Calendar {
        Calendar {
            zone_offset_minutes: 0,
            deemed: Seconds::days(7),
            heartbeat: Seconds::HOUR,
            carriage: Seconds::days(7),
            tolerance: Seconds(600),
            cosign_delay: Seconds::HOUR,
            holidays: BTreeMap::new(),
            basis: Basis::Reconstruction,
        }
    }
}
