//! Matters, their strands and the clocks in them.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Step, Tier};
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use terms::{ActId, Code, Instant, ParticipantId, Reference, Role};

use super::clock::{Measure, Out, Times};
use super::few::Few;
use super::ledger::Ledger;
use super::procedure::{ClockKind, Procedure, StateKind, Who};

/// Something that has a life.
#[derive(Clone, Debug)]
pub struct Matter {
    /// How acts name it.
    pub id: MatterRef,
    /// How people say it.
    pub reference: Reference,
    /// Which procedure it follows.
    pub kind: Code,
    /// Who opened it.
    pub opener: ParticipantId,
    /// How freely it may be spoken of.
    pub tier: Tier,
    /// When it was opened.
    pub opened: Instant,
    /// Its fields, as they stand.
    pub fields: Few<Code, FieldValue>,
    /// Its parallel lives.
    pub strands: Few<StrandName, Strand>,
    /// Whether the act that opened it was taken back.
    pub disowned: bool,
}

impl Matter {
    /// Whether any strand has not ended.
    #[must_use]
    pub fn is_open(&self, procedure: &Procedure) -> bool {
        self.strands.values().any(|strand| procedure.states.get(&strand.state) != Some(&StateKind::End))
    }

    /// Whether `who` belongs to a set of the procedure, in this matter and strand.
    #[must_use]
    pub fn is_one(
        &self,
        who: &ParticipantId,
        set: &Who,
        strand: &StrandName,
        procedure: &Procedure,
        ledger: &Ledger,
    ) -> bool {
        match set {
            Who::Everyone => ledger.role(who).is_some_and(|role| role != Role::Observer),
            Who::Parties => ledger.role(who) == Some(Role::Party),
            Who::Guarantors => ledger.role(who) == Some(Role::Guarantor),
            Who::Monitors => ledger.role(who) == Some(Role::Monitor),
            Who::Opener => self.opener == *who,
            Who::Participant(id) => id == who,
            Who::Field(field) => self.named(field, strand, procedure).contains(who),
            Who::OtherThan(set, but) => {
                self.is_one(who, set, strand, procedure, ledger)
                    && !self.is_one(who, but, strand, procedure, ledger)
            }
        }
    }

    /// Whom a clock asks. Of a set, only those whose seat is taken: who is not there is not waited
    /// for. Who is named by a field or a strand is asked all the same (DECISIONS, *a seat nobody has
    /// taken*).
    #[must_use]
    pub fn asked(
        &self,
        set: &Who,
        strand: &StrandName,
        procedure: &Procedure,
        ledger: &Ledger,
        is_vacant: &dyn Fn(&ParticipantId) -> bool,
    ) -> BTreeSet<ParticipantId> {
        match set {
            Who::Everyone | Who::Parties | Who::Guarantors | Who::Monitors => ledger
                .roles
                .keys()
                .filter(|who| !is_vacant(who) && self.is_one(who, set, strand, procedure, ledger))
                .cloned()
                .collect(),
            Who::Opener => BTreeSet::from([self.opener.clone()]),
            Who::Participant(id) => BTreeSet::from([id.clone()]),
            Who::Field(field) => self.named(field, strand, procedure),
            Who::OtherThan(set, but) => {
                let mut asked = self.asked(set, strand, procedure, ledger, is_vacant);
                asked.retain(|who| !self.is_one(who, but, strand, procedure, ledger));
                asked
            }
        }
    }

    /// The participants that a field names; in a strand named after it, the strand's own.
    fn named(&self, field: &Code, strand: &StrandName, procedure: &Procedure) -> BTreeSet<ParticipantId> {
        match procedure.strands.iter().position(|name| name == field) {
            Some(place) => {
                strand.as_str().split(':').nth(place).and_then(ParticipantId::new).into_iter().collect()
            }
            None => participants(self.fields.get(field)),
        }
    }
}

/// The participants that a field names.
#[must_use]
pub fn participants(value: Option<&FieldValue>) -> BTreeSet<ParticipantId> {
    words(value).filter_map(|word| ParticipantId::new(&word.to_string())).collect()
}

/// The words of a field.
pub fn words(value: Option<&FieldValue>) -> impl Iterator<Item = &Word> {
    let words: &[Word] = match value {
        Some(FieldValue::One(word)) => std::slice::from_ref(word),
        Some(FieldValue::Several(words)) => words,
        _ => &[],
    };
    words.iter()
}

/// One of a matter's parallel lives. One that has ended holds little: what its lines say, and what
/// relief has to know.
#[derive(Clone, Debug)]
pub struct Strand {
    /// Where it is.
    pub state: Code,
    /// Since when.
    pub since: Instant,
    /// The entry that brought it there; none if a silence did.
    pub cause: Option<u64>,
    /// The clocks of the steps that are possible there.
    pub clocks: Few<Code, Armed>,
    /// Labels of steps that came late and whose clock has not closed.
    pub labels: Vec<OpenLabel>,
    /// Steps whose silence has moved it, in its whole life: what `late` is judged by.
    pub silences: Vec<Code>,
    /// States it was in: what it can be set aside to.
    pub been: Vec<Code>,
    /// States it was in, the last one last, with the clocks that ran there: as far back as a root can
    /// still take back what moved it on.
    pub left: Vec<Left>,
    /// When its clocks stand, by relief.
    pub suspended: Vec<Out>,
    /// Whether it stands on what was taken back.
    pub flagged: bool,
}

impl Strand {
    /// A strand that is nowhere yet.
    #[must_use]
    pub const fn new(state: Code, since: Instant, cause: Option<u64>) -> Strand {
        Strand {
            state,
            since,
            cause,
            clocks: Few::new(),
            labels: Vec::new(),
            silences: Vec::new(),
            been: Vec::new(),
            left: Vec::new(),
            suspended: Vec::new(),
            flagged: false,
        }
    }

    /// Drops what no disowning can bring back: roots reach no entry before `reach` any more.
    pub fn forget_before(&mut self, reach: u64) {
        let reachable = |cause: Option<u64>| cause.is_some_and(|index| index >= reach);
        let after = self.left.iter().map(|left| left.cause).skip(1).chain([self.cause]);
        let gone = self
            .left
            .iter()
            .zip(after)
            .take_while(|(left, next)| !reachable(left.cause) && !reachable(*next))
            .count();
        self.left.drain(..gone);
        if self.left.is_empty() {
            self.left.shrink_to_fit();
        }
    }
}

/// What a clock counts from: what brought the strand into its state, or started the clock anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An entry.
    Act {
        /// Its index.
        index: u64,
        /// Its id.
        id: ActId,
        /// Its high edge: where clocks start.
        high: Instant,
        /// Whose act it is: who acts has its own act in hand, so it needs no service of it.
        by: ParticipantId,
    },
    /// A silence, at its close.
    Silence {
        /// When the clock closed.
        close: Instant,
    },
}

impl Cause {
    /// The moment that clocks from finality start at.
    #[must_use]
    pub const fn base(&self) -> Instant {
        match self {
            Cause::Act { high, .. } => *high,
            Cause::Silence { close } => *close,
        }
    }

    /// The entry, if it was one.
    #[must_use]
    pub const fn index(&self) -> Option<u64> {
        match self {
            Cause::Act { index, .. } => Some(*index),
            Cause::Silence { .. } => None,
        }
    }
}

/// A state that a strand was in.
#[derive(Clone, Debug)]
pub struct Left {
    /// Which.
    pub state: Code,
    /// Since when it had been in it.
    pub since: Instant,
    /// The entry that had brought it there; none if a silence had.
    pub cause: Option<u64>,
    /// The clocks that ran there when it left.
    pub clocks: Few<Code, Armed>,
    /// When it left.
    pub at: Instant,
    /// Whether the step that followed led to the same state: then these are only its own clock.
    pub stayed: bool,
}

/// A clock of a strand.
#[derive(Clone, Debug)]
pub struct Armed {
    /// What it counts from.
    pub cause: Cause,
    /// Whether somebody is asked, or a right ends.
    pub kind: ClockKind,
    /// Who is asked.
    pub asked: BTreeSet<ParticipantId>,
    /// What it waits for before it starts.
    pub waits: Option<Waiting>,
    /// How it is measured, once it has started.
    pub measure: Option<Measure>,
    /// Its times, with all that is taken out by now.
    pub times: Option<Times>,
    /// Entries that served it, so that a disowned service can fall.
    pub served_by: Vec<(u64, ParticipantId)>,
    /// When deemed service would have closed, for each who was asked and had been served.
    pub deemed: Few<ParticipantId, Instant>,
    /// Who was asked while its seat was empty: a first look (T15 a) does not serve it.
    pub after_seating: BTreeSet<ParticipantId>,
    /// How often it was extended.
    pub extensions: u32,
    /// Whether it has run out, and was only noted.
    pub noted: bool,
    /// Rights that were used after their end, and wait for a stamp; in the order of their entries.
    pub held: Vec<HeldStep>,
}

/// What a clock waits for.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// Who has not been served yet, and when service is deemed; none while the seat is empty.
    pub unserved: BTreeMap<ParticipantId, Option<(Measure, Instant)>>,
    /// The latest service so far.
    pub latest: Option<Instant>,
    /// Whether it waits for empty seats alone, and counts from finality or to a date.
    pub seats_only: bool,
}

/// A step that is held.
#[derive(Clone, Debug)]
pub struct HeldStep {
    /// The entry.
    pub index: u64,
    /// Its id.
    pub act: ActId,
    /// Whose.
    pub by: ParticipantId,
    /// What it does, if it comes to be in time.
    pub step: Box<Step>,
    /// Its counted time.
    pub counted: Instant,
    /// A stamp counts no earlier than this: the act was signed after that mark (T13).
    pub floor: Option<Instant>,
}

/// A step that came late, and whose label is open until the clock closes.
#[derive(Clone, Debug)]
pub struct OpenLabel {
    /// Which step.
    pub step: Code,
    /// The entry.
    pub index: u64,
    /// Its id.
    pub act: ActId,
    /// Whose.
    pub by: ParticipantId,
    /// Its counted time.
    pub counted: Instant,
    /// A stamp counts no earlier than this: the act was signed after that mark (T13).
    pub floor: Option<Instant>,
    /// The clock it was late on.
    pub clock: Armed,
}

/// The most strands of one matter.
pub const STRANDS_MAX: usize = 4096;

/// The strands of an opening; none, if they would be more than [`STRANDS_MAX`]: the product of the values of its strand fields.
#[must_use]
pub fn product(procedure: &Procedure, fields: &Fields) -> Vec<StrandName> {
    if procedure.strands.is_empty() {
        return StrandName::new("all".to_owned()).into_iter().collect();
    }
    let mut names = vec![String::new()];
    for field in &procedure.strands {
        let values: Vec<String> = words(fields.get(field)).map(Word::to_string).collect();
        if names.len() * values.len() > STRANDS_MAX {
            return Vec::new();
        }
        names = names
            .iter()
            .flat_map(|name| {
                values
                    .iter()
                    .map(move |value| if name.is_empty() { value.clone() } else { format!("{name}:{value}") })
            })
            .collect();
    }
    names.into_iter().filter_map(|name| StrandName::new(name).ok()).collect()
}
