//! What a procedure says, as far as this release runs it: strands, states, steps by one of a set,
//! clocks both ways, silence. PROCEDURE §2 is the language; several voices come with the reader of
//! whole instruments.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, ParticipantId, Seconds};

/// The procedures of a register, and who may give relief.
#[derive(Clone, Debug, Default)]
pub struct Law {
    /// By name.
    pub procedures: BTreeMap<Code, Procedure>,
    /// Without it nobody may.
    pub relief: Relief,
}

/// The life of a kind of matter.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// The 3 to 5 capitals of its references.
    pub reference: &'static str,
    /// Fields of participants whose values name a strand; none = one strand, called `all`.
    pub strands: Vec<Code>,
    /// Its fields.
    pub fields: BTreeMap<Code, Field>,
    /// Its states.
    pub states: BTreeMap<Code, StateKind>,
    /// Who opens it.
    pub opened_by: Who,
    /// Where it begins.
    pub begins: Code,
    /// Until when an opening is in time; after it, it is marked late.
    pub open_due: Option<Phrase>,
    /// Its steps.
    pub steps: BTreeMap<Code, Step>,
    /// Whether an opening may name an empty seat, and waits for it.
    pub waits_for_vacant: bool,
}

/// What a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Somebody is asked, and silence leads on.
    Waiting,
    /// Nobody is pressed.
    Rest,
    /// Nothing follows.
    End,
}

/// A field of a matter.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it holds.
    pub holds: Holds,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may hold several.
    pub several: bool,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Holds {
    /// One of these codes.
    Codes(BTreeSet<Code>),
    /// A number.
    Count,
    /// A time.
    Instant,
    /// A stretch of time.
    Window,
    /// A place.
    Place,
    /// A participant of this set.
    Participant(Who),
    /// A provision's code.
    Provision,
    /// Another matter.
    Matter,
}

/// One of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every participant but observers.
    Everyone,
    /// Every party.
    Parties,
    /// Every guarantor.
    Guarantors,
    /// Every monitor.
    Monitors,
    /// Who opened the matter.
    Opener,
    /// The value of a field; in a strand named after it, the strand's own.
    Field(Code),
    /// A participant by name.
    Participant(ParticipantId),
    /// The first, but not the second.
    OtherThan(Box<Who>, Box<Who>),
}

/// What somebody may do in some states.
#[derive(Clone, Debug)]
pub struct Step {
    /// In which states; all but ends, if none is named.
    pub from: BTreeSet<Code>,
    /// Who.
    pub by: Who,
    /// Where it leads.
    pub leads: Leads,
    /// Its clock.
    pub clock: Option<ClockRule>,
    /// What silence does.
    pub silence: Silence,
    /// Fields that it may fill or change.
    pub fields: BTreeSet<Code>,
    /// Those that it must.
    pub must: BTreeSet<Code>,
    /// Whether it needs an exhibit.
    pub needs_file: bool,
}

/// Where a step leads.
#[derive(Clone, Debug)]
pub enum Leads {
    /// Nowhere.
    Stays,
    /// To a state.
    To(Code),
    /// Where the choice says; nothing = it stays.
    Choice(BTreeMap<Code, Option<Code>>),
}

/// What silence does. Never an admission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It is shown who has not.
    Noted,
    /// The strand enters this state.
    Moves(Code),
}

/// A step's clock.
#[derive(Clone, Debug)]
pub struct ClockRule {
    /// Whether somebody is asked, or a right ends.
    pub kind: ClockKind,
    /// Until when.
    pub phrase: Phrase,
    /// From due to close; the calendar's, if none.
    pub carriage: Option<Seconds>,
}

/// `due` or `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockKind {
    /// Somebody is asked; a late answer is taken, and marked.
    Due,
    /// A right that has an end; late is void, if silence has moved on.
    Until,
}

/// When a clock is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// So long after service.
    AfterService(Span),
    /// So long after finality.
    AfterFinality(Span),
    /// So long before a time in a field (a window's start).
    Before(Code, Span),
    /// At the time in a field.
    At(Code),
}

/// A length as people write it: exact in minutes and hours; in days until 24:00 of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Exact seconds, written in minutes or hours.
    Exact(Seconds),
    /// Calendar days in the instrument's zone.
    Days(u64),
}

/// Who may give relief, and how much (TIME T16).
#[derive(Clone, Debug, Default)]
pub struct Relief {
    /// More time on a clock: by whom, how much at most, how often.
    pub extend: Option<(Who, Seconds, u32)>,
    /// A pause: by whom, how long at most.
    pub suspend: Option<(Who, Seconds)>,
    /// A cut: by whom, how much at most for one clock.
    pub cut: Option<(Who, Seconds)>,
    /// Back to a state it was in: by whom.
    pub set_aside: Option<Who>,
}
