//! Matters, their strands and the clocks in them.

use std::collections::{BTreeMap, BTreeSet};

use act::body::Tier;
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use terms::{ActId, Code, Instant, ParticipantId, Reference, Role};

use super::clock::{Measure, Out, Times};
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
    pub fields: Fields,
    /// Its parallel lives.
    pub strands: BTreeMap<StrandName, Strand>,
    /// Whether the act that opened it was taken back.
    pub disowned: bool,
}

impl Matter {
    /// Whether any strand has not ended.
    #[must_use]
    pub fn is_open(&self, procedure: &Procedure) -> bool {
        self.strands.values().any(|strand| procedure.states.get(&strand.state) != Some(&StateKind::End))
    }

    /// Who a set of the procedure is, in this matter and strand.
    #[must_use]
    pub fn who(
        &self,
        who: &Who,
        strand: &StrandName,
        procedure: &Procedure,
        ledger: &Ledger,
    ) -> BTreeSet<ParticipantId> {
        let of_role = |role: Role| -> BTreeSet<ParticipantId> {
            ledger.roles.iter().filter(|(_, r)| **r == role).map(|(id, _)| id.clone()).collect()
        };
        match who {
            Who::Everyone => {
                ledger.roles.iter().filter(|(_, r)| **r != Role::Observer).map(|(id, _)| id.clone()).collect()
            }
            Who::Parties => of_role(Role::Party),
            Who::Guarantors => of_role(Role::Guarantor),
            Who::Monitors => of_role(Role::Monitor),
            Who::Opener => BTreeSet::from([self.opener.clone()]),
            Who::Participant(id) => BTreeSet::from([id.clone()]),
            Who::Field(field) => match procedure.strands.iter().position(|name| name == field) {
                // In a strand named after the field it is the strand's own value.
                Some(place) => {
                    strand.as_str().split(':').nth(place).and_then(ParticipantId::new).into_iter().collect()
                }
                None => participants(self.fields.get(field)),
            },
            Who::OtherThan(set, but) => {
                let but = self.who(but, strand, procedure, ledger);
                self.who(set, strand, procedure, ledger).into_iter().filter(|id| !but.contains(id)).collect()
            }
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

/// One of a matter's parallel lives.
#[derive(Clone, Debug)]
pub struct Strand {
    /// Where it is.
    pub state: Code,
    /// Since when.
    pub since: Instant,
    /// What brought it there.
    pub cause: Cause,
    /// The clocks of the steps that are possible there.
    pub clocks: BTreeMap<Code, Armed>,
    /// Labels of steps that came late and whose clock has not closed.
    pub labels: Vec<OpenLabel>,
    /// Steps whose silence has moved it, in its whole life: what `late` is judged by.
    pub silences: BTreeSet<Code>,
    /// States it was in, the last one last, with the clocks that ran there.
    pub left: Vec<Left>,
    /// When its clocks stand, by relief.
    pub suspended: Vec<Out>,
    /// Whether it stands on what was taken back.
    pub flagged: bool,
}

/// What brought a strand into its state.
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
    /// What had brought it there.
    pub cause: Cause,
    /// The clocks that ran there when it left.
    pub clocks: BTreeMap<Code, Armed>,
    /// When it left.
    pub at: Instant,
}

/// A clock of a strand.
#[derive(Clone, Debug)]
pub struct Armed {
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
    pub deemed: BTreeMap<ParticipantId, Instant>,
    /// Who was asked while its seat was empty: a first look (T15 a) does not serve it.
    pub after_seating: BTreeSet<ParticipantId>,
    /// How often it was extended.
    pub extensions: u32,
    /// Whether it has run out, and was only noted.
    pub noted: bool,
    /// A right that was used after its end, and waits for a stamp.
    pub held: Option<HeldStep>,
}

/// What a clock waits for.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// Who has not been served yet, and when service is deemed; none while the seat is empty.
    pub unserved: BTreeMap<ParticipantId, Option<(Measure, Instant)>>,
    /// The latest service so far.
    pub latest: Option<Instant>,
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
    /// The state it leads to; none if it stays.
    pub to: Option<Code>,
    /// Its counted time.
    pub counted: Instant,
    /// Its high edge.
    pub high: Instant,
}

/// A step that came late, and whose label is open until the clock closes.
#[derive(Clone, Debug)]
pub struct OpenLabel {
    /// Which step.
    pub step: Code,
    /// The act.
    pub act: ActId,
    /// Whose.
    pub by: ParticipantId,
    /// Its counted time.
    pub counted: Instant,
    /// The clock it was late on.
    pub clock: Armed,
}

/// The strands of an opening: the product of the values of its strand fields.
#[must_use]
pub fn product(procedure: &Procedure, fields: &Fields) -> Vec<StrandName> {
    if procedure.strands.is_empty() {
        return StrandName::new("all".to_owned()).into_iter().collect();
    }
    let mut names = vec![String::new()];
    for field in &procedure.strands {
        let values: Vec<String> = words(fields.get(field)).map(Word::to_string).collect();
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
