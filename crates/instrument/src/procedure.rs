//! What a kind of matter does: its states, steps and clocks (PROCEDURE §1, §2). There are no
//! expressions, no variables, no conditions and no joins: every life of a strand can be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use terms::{Code, Seconds};

use crate::Basis;
use crate::who::{Deciders, Group, Set};

/// The life of a kind of matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// What the program calls it.
    pub title: String,
    /// What else is to be known of it.
    pub says: Option<String>,
    /// The 3 to 5 capitals of its references.
    pub reference: String,
    /// From which procedure of the library it comes.
    pub like: Option<Code>,
    /// Fields whose values name a strand; none = one strand.
    pub strands: Vec<Code>,
    /// Kinds of provision that it can be opened under.
    pub under: BTreeSet<Code>,
    /// What silence may take as agreed.
    pub adopts: Option<Adopts>,
    /// States in which a finding stands against the bearer; never entered by silence.
    pub against: BTreeSet<Code>,
    /// Default recipients of its exhibits.
    pub seen_by: Vec<Set>,
    /// States in which its existence and state may be published.
    pub public: BTreeSet<Code>,
    /// How freely it may be spoken of; the first is the default. At least one.
    pub tiers: Vec<Tier>,
    /// What else happens when a strand enters a state.
    pub effects: BTreeMap<Code, Effect>,
    /// Its fields.
    pub fields: BTreeMap<Code, Field>,
    /// Its states, in the order of the file.
    pub states: Vec<(Code, State)>,
    /// How it is opened.
    pub open: Open,
    /// Its steps, in the order of the file.
    pub steps: Vec<(Code, Step)>,
    /// Where it comes from.
    pub basis: Basis,
}

impl Procedure {
    /// A state by name.
    #[must_use]
    pub fn state(&self, name: &Code) -> Option<&State> {
        self.states.iter().find(|(known, _)| known == name).map(|(_, state)| state)
    }

    /// A step by name.
    #[must_use]
    pub fn step(&self, name: &Code) -> Option<&Step> {
        self.steps.iter().find(|(known, _)| known == name).map(|(_, step)| step)
    }

    /// Whether a field is given by steps alone, and not by who opens a matter: an optional one that a step names.
    #[must_use]
    pub fn comes_later(&self, field: &Code) -> bool {
        self.fields.get(field).is_some_and(|field| field.optional)
            && self.steps.iter().any(|(_, step)| step.fields.contains(field))
    }

    /// Whether a field may be left out of the procedure: an optional one that no step names.
    #[must_use]
    pub fn can_do_without(&self, field: &Code) -> bool {
        self.fields.get(field).is_some_and(|field| field.optional)
            && !self.steps.iter().any(|(_, step)| step.fields.contains(field))
    }

    /// The steps that are possible in a state: in an end none, whatever they say.
    pub fn steps_in<'a>(&'a self, state: &'a Code) -> impl Iterator<Item = (&'a Code, &'a Step)> {
        let ended = self.state(state).is_none_or(|state| state.kind == StateKind::End);
        let possible = move |step: &Step| match &step.from {
            From::Any => !ended,
            From::States(states) => !ended && states.contains(state),
        };
        self.steps.iter().filter(move |(_, step)| possible(step)).map(|(name, step)| (name, step))
    }

    /// Whether a step comes late in the state that its own silence leads to: nothing else leads there.
    #[must_use]
    pub fn is_late_in(&self, step: &Code, state: &Code) -> bool {
        let leads = |name: &Code, other: &Step| {
            let by_silence = matches!(&other.silence, Silence::Moves { to, .. } if to == state);
            other.leads.states().any(|to| to == state)
                || other.split.as_ref() == Some(state)
                || by_silence && name != step
        };
        self.open.to != *state && !self.steps.iter().any(|(name, other)| leads(name, other))
    }

    /// Whether somebody's time runs in a state: it has the clock of a step that may be taken there, but for one whose own
    /// silence leads there (PROCEDURE 4.3).
    #[must_use]
    pub fn has_clock_in(&self, state: &Code) -> bool {
        let leads_here = |step: &Step| matches!(&step.silence, Silence::Moves { to, .. } if to == state);
        self.steps_in(state).any(|(_, step)| step.clock.is_some() && !leads_here(step))
    }
}

/// What silence may take as agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adopts {
    /// A text.
    Text,
    /// A plan.
    Plan,
}

/// How freely a matter may be spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// On record.
    Record,
    /// Nobody may cite it.
    WithoutPrejudice,
}

/// What the kernel does when a strand enters a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// The annex in its field `text` becomes the instrument.
    Amend,
    /// Clocks stand in what its opener opened.
    Pause,
    /// No matter can be opened any more.
    Close,
}

impl Effect {
    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Effect::Amend => "amend",
            Effect::Pause => "pause",
            Effect::Close => "close",
        }
    }
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What it is.
    pub kind: StateKind,
    /// What its page says first.
    pub says: String,
}

/// What a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Somebody is asked, and silence leads on.
    Waiting,
    /// Nobody is pressed; it may stay so for years.
    Rest,
    /// Nothing follows.
    End,
}

/// A field of a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it holds.
    pub holds: Holds,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may hold several.
    pub several: bool,
}

impl Field {
    /// Whether what stood in a field of an earlier version may stand in this one.
    #[must_use]
    pub fn keeps_values_of(&self, was: &Field) -> bool {
        std::mem::discriminant(&self.holds) == std::mem::discriminant(&was.holds)
            && self.several == was.several
    }

    /// Its type in the words of the file: `optional matter of case in stands`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = String::new();
        for (said, word) in [(self.optional, "optional "), (self.several, "several ")] {
            if said {
                words.push_str(word);
            }
        }
        let of = |codes: &mut dyn Iterator<Item = &Code>, between: &str| {
            codes.map(Code::as_str).collect::<Vec<_>>().join(between)
        };
        words.push_str(&match &self.holds {
            Holds::Codes(codes) => format!("one of {}", of(&mut codes.iter(), " ")),
            Holds::Count => "count".to_owned(),
            Holds::Instant => "instant".to_owned(),
            Holds::Window => "window".to_owned(),
            Holds::Place => "place".to_owned(),
            Holds::Area => "area".to_owned(),
            Holds::Provision => "provision".to_owned(),
            Holds::Text => "text".to_owned(),
            Holds::Participant(None) => "participant".to_owned(),
            Holds::Participant(Some(group)) => format!("participant of {group}"),
            Holds::Matter { kind: None, .. } => "matter".to_owned(),
            Holds::Matter { kind: Some(kind), states } if states.is_empty() => format!("matter of {kind}"),
            Holds::Matter { kind: Some(kind), states } => {
                format!("matter of {kind} in {}", of(&mut states.iter(), ", "))
            }
        });
        words
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// One of these codes, in this order.
    Codes(Vec<Code>),
    /// A number.
    Count,
    /// A time.
    Instant,
    /// A stretch of time.
    Window,
    /// A place.
    Place,
    /// An area.
    Area,
    /// A provision.
    Provision,
    /// An annex, by hash.
    Text,
    /// A participant; of this set, if one is named.
    Participant(Option<Group>),
    /// Another matter; of this kind, and in these states, if any are named.
    Matter {
        /// Of which kind.
        kind: Option<Code>,
        /// In which states.
        states: BTreeSet<Code>,
    },
}

/// How a matter is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Who.
    pub by: Deciders,
    /// Where each strand begins.
    pub to: Code,
    /// Until when an opening is in time; after it, it is marked late.
    pub due: Option<Due>,
    /// Where it comes from.
    pub basis: Basis,
}

/// What somebody may do in some states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What its page says.
    pub says: Option<String>,
    /// In which states.
    pub from: From,
    /// Who.
    pub by: Deciders,
    /// Where it leads.
    pub leads: Leads,
    /// Where it goes once no other outcome can get the voices that it takes.
    pub split: Option<Code>,
    /// Its clock.
    pub clock: Option<Clock>,
    /// What silence does.
    pub silence: Silence,
    /// The text's own word for the clock's length.
    pub word: Option<String>,
    /// Fields that it may fill or change.
    pub fields: BTreeSet<Code>,
    /// Those of them that the first voice has to give.
    pub must: Must,
    /// A matter that its completion opens.
    pub opens: Opens,
    /// How many officers sign.
    pub eyes: u32,
    /// Whether it can't be transcribed.
    pub own_hand: bool,
    /// Whether it needs an exhibit.
    pub needs_file: bool,
    /// Where it comes from.
    pub basis: Basis,
}

impl Step {
    /// Whether somebody has to answer: not where a right ends, or a time simply comes (PROCEDURE §2, `carriage`).
    #[must_use]
    pub fn is_pressed(&self) -> bool {
        let presses = |clock: &Clock| clock.kind == ClockKind::Due && clock.carriage != Some(Seconds(0));
        self.clock.as_ref().is_some_and(presses)
    }

    /// What comes by itself at its time, in words, where nobody has to do anything and all that a step could bring is
    /// what its silence brings: a beginning, an end.
    #[must_use]
    pub fn comes_by_itself(&self) -> Option<&'static str> {
        let clock = self.clock.as_ref().filter(|clock| clock.carriage == Some(Seconds(0)))?;
        match (&self.silence, &self.leads) {
            (Silence::Moves { to, .. }, Leads::To(same)) if to == same => {}
            _ => return None,
        }
        Some(match &clock.due {
            Due::Phrase(Phrase::At(Moment { edge: Some(Edge::Start), .. })) => "it begins by itself",
            Due::Phrase(Phrase::At(Moment { edge: Some(Edge::End), .. })) => "it is over by itself",
            Due::Phrase(_) | Due::By { .. } => "it goes on by itself",
        })
    }

    /// What silence on it does, in words: `it goes on without the silent one (`unanswered`)`. Nothing, where nobody is
    /// asked and nothing comes of it.
    #[must_use]
    pub fn silence_says(&self) -> Option<String> {
        Some(match &self.silence {
            Silence::Noted if !self.is_pressed() => return None,
            Silence::Noted => "it is shown who has not".to_owned(),
            Silence::Moves { how, to } => match (self.comes_by_itself(), how) {
                (Some(comes), _) => format!("{comes} (`{to}`)"),
                (None, Promise::Proceed) if !self.is_pressed() => format!("it goes on (`{to}`)"),
                (None, how) => format!("{} (`{to}`)", how.says()),
            },
        })
    }
}

/// The states that a step is possible in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// All but ends.
    Any,
    /// These.
    States(BTreeSet<Code>),
}

/// Where a step leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// Nowhere.
    Stays,
    /// To a state.
    To(Code),
    /// Where the choice says, in the order of the file; none = it stays.
    Choice(Vec<(Code, Option<Code>)>),
}

impl Leads {
    /// The states that it may lead to, in the order of the file.
    pub fn states(&self) -> impl Iterator<Item = &Code> {
        let (one, choices) = match self {
            Leads::Stays => (None, None),
            Leads::To(to) => (Some(to), None),
            Leads::Choice(choices) => (None, Some(choices.iter().filter_map(|(_, to)| to.as_ref()))),
        };
        one.into_iter().chain(choices.into_iter().flatten())
    }
}

/// The fields that a step has to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Must {
    /// These, whatever is chosen.
    Always(BTreeSet<Code>),
    /// These, for these choices.
    For(BTreeMap<Code, BTreeSet<Code>>),
}

/// The matters that a step opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    /// None.
    Nothing,
    /// One of this kind, whatever is chosen.
    Always(Code),
    /// One of these kinds, for these choices.
    For(BTreeMap<Code, Code>),
}

impl Must {
    /// Whether nothing has to be given, whatever is chosen.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        match self {
            Must::Always(fields) => fields.is_empty(),
            Must::For(choices) => choices.values().all(BTreeSet::is_empty),
        }
    }
}

impl Opens {
    /// The kinds of matter that it opens, each once for each choice.
    pub fn kinds(&self) -> impl Iterator<Item = &Code> {
        let (always, by_choice) = match self {
            Opens::Nothing => (None, None),
            Opens::Always(kind) => (Some(kind), None),
            Opens::For(kinds) => (None, Some(kinds.values())),
        };
        always.into_iter().chain(by_choice.into_iter().flatten())
    }
}

/// What silence does. Never an admission, and never a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It is shown who has not.
    Noted,
    /// The strand enters a state.
    Moves {
        /// What that promises.
        how: Promise,
        /// The state.
        to: Code,
    },
}

/// What a silence that moves a strand promises; the linter holds it to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// It goes on without the silent one.
    Proceed,
    /// It reaches somebody who could not act before.
    Escalate,
    /// A text or plan is taken as agreed.
    Adopt,
    /// It ends.
    Lapse,
}

impl Promise {
    /// Every word of the list.
    pub const ALL: [Promise; 4] = [Promise::Proceed, Promise::Escalate, Promise::Adopt, Promise::Lapse];

    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Promise::Proceed => "proceed",
            Promise::Escalate => "escalate",
            Promise::Adopt => "adopt",
            Promise::Lapse => "lapse",
        }
    }

    /// What it promises, in words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Promise::Proceed => "it goes on without the silent one",
            Promise::Escalate => "it goes to others who can act",
            Promise::Adopt => "the text counts as agreed",
            Promise::Lapse => "it ends",
        }
    }
}

/// A step's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Whether somebody is asked, or a right ends.
    pub kind: ClockKind,
    /// Until when.
    pub due: Due,
    /// From due to close; the calendar's, if none.
    pub carriage: Option<Seconds>,
}

/// `due` or `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockKind {
    /// Somebody is asked; a late answer is taken, and marked.
    Due,
    /// A right that has an end; late is void, if silence has moved on.
    Until,
}

/// When a clock is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Always then.
    Phrase(Phrase),
    /// By the code in a field.
    By {
        /// The field.
        field: Code,
        /// For these codes.
        codes: BTreeMap<Code, Phrase>,
        /// For all others.
        other: Option<Phrase>,
    },
}

/// When a clock is due, as people say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// So long after service.
    AfterService(Span),
    /// So long after finality.
    AfterFinality(Span),
    /// So long after a time in a field: for an opening only.
    After(Moment, Span),
    /// So long before a time in a field.
    Before(Moment, Span),
    /// At the time in a field.
    At(Moment),
}

/// A time in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The field.
    pub field: Code,
    /// Of a window, which end.
    pub edge: Option<Edge>,
}

/// An end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its start.
    Start,
    /// Its end.
    End,
}

/// A length as people write it: exact in minutes and hours; in days until 24:00 of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// So many minutes.
    Minutes(u64),
    /// So many hours.
    Hours(u64),
    /// Calendar days in the instrument's zone.
    Days(u64),
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Span::Minutes(n) => write!(f, "{n}min"),
            Span::Hours(n) => write!(f, "{n}h"),
            Span::Days(n) => write!(f, "{n}d"),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field.as_str())?;
        match self.edge {
            None => Ok(()),
            Some(Edge::Start) => f.write_str(".start"),
            Some(Edge::End) => f.write_str(".end"),
        }
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Phrase::AfterService(span) => write!(f, "{span} after service"),
            Phrase::AfterFinality(span) => write!(f, "{span} after finality"),
            Phrase::After(moment, span) => write!(f, "{span} after {moment}"),
            Phrase::Before(moment, span) => write!(f, "{span} before {moment}"),
            Phrase::At(moment) => write!(f, "at {moment}"),
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Due::Phrase(phrase) => write!(f, "{phrase}"),
            Due::By { field, codes, other } => {
                write!(f, "by {field} (")?;
                for (at, (code, phrase)) in codes.iter().enumerate() {
                    write!(f, "{}{code}: {phrase}", if at > 0 { ", " } else { "" })?;
                }
                if let Some(other) = other {
                    write!(f, "{}otherwise {other}", if codes.is_empty() { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

/// `due 72h after service`, `a right until 7d after service`.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ClockKind::Due => write!(f, "due {}", self.due),
            ClockKind::Until => write!(f, "a right until {}", self.due),
        }
    }
}

/// Who may give relief, and how much (TIME T16). Without it nobody may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relief {
    /// More time on a clock.
    pub extend: Option<Extend>,
    /// A pause of all clocks of a strand: by whom, how long at most.
    pub suspend: Option<(Deciders, Seconds)>,
    /// Time in which somebody could not be reached: by whom, how much at most for one clock.
    pub cut: Option<(Deciders, Seconds)>,
    /// Back to a state that a strand was in: by whom.
    pub set_aside: Option<Deciders>,
}

/// More time on a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extend {
    /// By whom.
    pub by: Deciders,
    /// How much at most.
    pub most: Seconds,
    /// How often on one clock.
    pub times: u32,
}
