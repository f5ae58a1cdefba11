//! Matters, their strands and the clocks in them.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use act::body::{Step, Tier};
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use instrument::Procedure;
use instrument::procedure::{ClockKind, Effect};
use instrument::tally::{Needs, Seats};
use instrument::who::{Count, Deciders, Group, Item, Set};
use terms::{ActId, Code, Custody, Instant, ParticipantId, Reference, Role, Seconds};

use super::clock::{Length, Measure, Out, Times};
use super::few::Few;
use super::law::{Law, has_ended};
use super::settle::Sought;
use super::voices::{Decision, Voice, Voices};

pub(super) mod bytes;
mod fields;

pub use fields::{Filled, Slot};

/// Which matter: the index of the entry that opened it, and 0 if the entry is its opening, else which of the
/// matters that the entry's step opened, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MatterKey {
    /// The entry.
    pub index: u64,
    /// Which of its matters.
    pub number: u32,
}

impl MatterKey {
    /// The matter that an entry opened.
    #[must_use]
    pub const fn opened(index: u64) -> MatterKey {
        MatterKey { index, number: 0 }
    }
}

/// `41`; `41m1` for the first that a step opened.
impl fmt::Display for MatterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => write!(f, "{}", self.index),
            number => write!(f, "{}m{number}", self.index),
        }
    }
}

/// Something that has a life.
#[derive(Clone, Debug)]
pub struct Matter {
    /// How acts name it.
    pub id: MatterRef,
    /// How people say it.
    pub reference: Reference,
    /// What kind of matter it is.
    pub kind: Code,
    /// The law that it runs under.
    pub law: Arc<Law>,
    /// The procedure of its kind there.
    pub procedure: Arc<Procedure>,
    /// Who opened it.
    pub opener: ParticipantId,
    /// How freely it may be spoken of.
    pub tier: Tier,
    /// When it was opened.
    pub opened: Instant,
    /// Its fields, as they stand; of a strand that has its own value in one, that one goes before.
    pub fields: Few<Code, FieldValue>,
    /// Its parallel lives.
    pub strands: Few<StrandName, Strand>,
    /// What was said in it, by entry; kept while it is open.
    pub said: Few<u64, Said>,
    /// Entries that their authors withdrew.
    pub withdrawn: Vec<u64>,
    /// By which entries, as far back as a root can still take one back.
    pub withdrew: Few<u64, u64>,
    /// The strand whose step opened it, if one did.
    pub parent: Option<Box<(MatterKey, StrandName)>>,
    /// Whether the act that opened it was taken back.
    pub disowned: bool,
    /// Values that steps and corrections gave its fields, in order: as far back as a root can still take one back.
    pub filled: Vec<Filled>,
}

/// An entry in a matter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Said {
    /// Its id.
    pub id: ActId,
    /// Whose it is.
    pub by: ParticipantId,
    /// Its step; none if it opened the matter.
    pub step: Option<Code>,
}

impl Matter {
    /// Whether any strand has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.strands.values().any(|strand| !has_ended(&self.procedure, &strand.state))
    }

    /// When the last of its strands ended; none while one has not.
    #[must_use]
    pub fn ended(&self) -> Option<Instant> {
        if self.is_open() { None } else { self.strands.values().map(|strand| strand.since).max() }
    }

    /// Whether `who` belongs to a set, in this matter and strand.
    #[must_use]
    pub fn is_one(&self, who: &ParticipantId, set: &Set, strand: &StrandName) -> bool {
        let role = || self.law.role(who);
        match set {
            Set::Everyone => role().is_some_and(|role| role != Role::Observer),
            Set::Parties => role() == Some(Role::Party),
            Set::Guarantors => role() == Some(Role::Guarantor),
            Set::Monitors => role() == Some(Role::Monitor),
            Set::Observers => role() == Some(Role::Observer),
            Set::Participant(id) => id == who,
            Set::Body(name) => {
                self.law.instrument.bodies.get(name).is_some_and(|body| body.members.contains(who))
            }
            Set::Opener => self.opener == *who,
            Set::Field(field) => self.named(field, strand).contains(who),
        }
    }

    /// Whether `who` belongs to a group, in this matter and strand.
    #[must_use]
    pub fn is_in(&self, who: &ParticipantId, group: &Group, strand: &StrandName) -> bool {
        self.is_one(who, &group.set, strand)
            && !group.but.as_ref().is_some_and(|but| self.is_one(who, but, strand))
    }

    /// Who belongs to a set.
    fn members(&self, set: &Set, strand: &StrandName) -> BTreeSet<ParticipantId> {
        match set {
            Set::Opener => BTreeSet::from([self.opener.clone()]),
            Set::Field(field) => self.named(field, strand),
            Set::Participant(id) => BTreeSet::from([id.clone()]),
            set => self.law.instrument.members(set).into_iter().cloned().collect(),
        }
    }

    /// What it takes to decide, in a strand, among those whose seats are taken.
    #[must_use]
    pub fn needs(
        &self,
        deciders: &Deciders,
        strand: &StrandName,
        is_vacant: &dyn Fn(&ParticipantId) -> bool,
    ) -> Needs {
        let members = |set: &Set| self.members(set, strand);
        let seats =
            Seats { members: &members, bodies: &self.law.instrument.bodies, vacant: &|who| is_vacant(who) };
        Needs::of(deciders, &seats)
    }

    /// Whether `who` may take a step that these decide.
    #[must_use]
    pub fn may(
        &self,
        who: &ParticipantId,
        deciders: &Deciders,
        strand: &StrandName,
        is_vacant: &dyn Fn(&ParticipantId) -> bool,
    ) -> bool {
        match alone(deciders) {
            Some(group) => self.is_in(who, group, strand),
            None => self.needs(deciders, strand, is_vacant).speakers.contains(who),
        }
    }

    /// Whom a clock asks. Of a set, only those whose seat is taken: who is not there is not waited
    /// for. Who is named by a field or a strand is asked all the same (DECISIONS, *a seat nobody has
    /// taken*).
    #[must_use]
    pub fn asked(
        &self,
        deciders: &Deciders,
        strand: &StrandName,
        is_vacant: &dyn Fn(&ParticipantId) -> bool,
    ) -> BTreeSet<ParticipantId> {
        let mut asked = match alone(deciders) {
            Some(_) => BTreeSet::new(),
            None => self.needs(deciders, strand, is_vacant).speakers,
        };
        for Item { of, .. } in &deciders.0 {
            let named = matches!(of.set, Set::Opener | Set::Field(_) | Set::Participant(_));
            if !named && alone(deciders).is_none() {
                continue;
            }
            let mut members = self.members(&of.set, strand);
            members.retain(|who| {
                (named || !is_vacant(who))
                    && !of.but.as_ref().is_some_and(|but| self.is_one(who, but, strand))
            });
            asked.extend(members);
        }
        asked
    }

    /// The participants that a field names; in a strand named after it, the strand's own.
    fn named(&self, field: &Code, strand: &StrandName) -> BTreeSet<ParticipantId> {
        match self.procedure.strands.iter().position(|name| name == field) {
            Some(place) => {
                strand.as_str().split(':').nth(place).and_then(ParticipantId::new).into_iter().collect()
            }
            None => participants(self.value(field, strand)),
        }
    }
}

/// The group of which any one decides, if that is all it takes.
#[must_use]
pub fn alone(deciders: &Deciders) -> Option<&Group> {
    match deciders.0.as_slice() {
        [Item { count: Count::Any, of }] => Some(of),
        _ => None,
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Strand {
    /// Where it is.
    pub state: Code,
    /// Since when.
    pub since: Instant,
    /// The entry that brought it there; none if a silence did.
    pub cause: Option<u64>,
    /// The voices that brought it there, if it took several.
    pub decision: Option<Box<Decision>>,
    /// What stands in its own fields: what steps in it gave. Most have none.
    fields: Option<Box<Few<Code, FieldValue>>>,
    /// The `high` of the last act that moved it: where what can't be undone counts from.
    pub acted: Instant,
    /// The clocks of the steps that are possible there.
    pub clocks: Few<Code, Armed>,
    /// The voices on steps that wait for more of them.
    pub voices: Few<Code, Voices>,
    /// Voices that an entry which a root may still take back withdrew, or forgot.
    pub silenced: Vec<Silenced>,
    /// Steps that were taken, and nothing moved, but that a clock is over or several decided.
    pub done: Vec<Done>,
    /// Labels of steps that came late and whose clock has not closed.
    pub labels: Vec<OpenLabel>,
    /// Steps whose silence has moved it, in its whole life: what `late` is judged by.
    pub silences: Vec<Code>,
    /// States it was in: what it can be set aside to.
    pub been: Vec<Code>,
    /// States it was in, the last one last, with the clocks that ran there: as far back as a root can
    /// still take back what moved it on.
    pub left: Vec<Left>,
    /// When its clocks stand, by relief, each with the entry that says so.
    pub suspended: Vec<(u64, Out)>,
    /// What the state does to the whole agreement, when it comes.
    pub coming: Option<Box<Coming>>,
    /// Whether that has come: then nothing leads back.
    pub came: bool,
    /// Whether it stands on what was taken back.
    pub flagged: bool,
}

/// A voice that is not heard any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Silenced {
    /// The entry that withdrew or forgot it.
    pub by: u64,
    /// On which step.
    pub step: Code,
    /// Whose.
    pub who: ParticipantId,
    /// What it says.
    pub voice: Voice,
}

/// A step that was taken, and nothing moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// The entry that took it.
    pub index: u64,
    /// Which step.
    pub step: Code,
    /// Its clock, if that is over since.
    pub clock: Option<Armed>,
    /// The voices that took it, if it took several.
    pub decision: Option<Box<Decision>>,
    /// When.
    pub at: Instant,
}

/// What a state does that can't be undone, once the time for disowning is over (TIME T18).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Coming {
    /// What.
    pub effect: Effect,
    /// From when, and how long.
    pub measure: Measure,
    /// When, as it stands; not before the state was entered.
    pub at: Instant,
}

impl Strand {
    /// A strand that is nowhere yet.
    #[must_use]
    pub const fn new(state: Code, since: Instant, cause: Option<u64>, acted: Instant) -> Strand {
        Strand {
            state,
            since,
            cause,
            decision: None,
            fields: None,
            acted,
            clocks: Few::new(),
            voices: Few::new(),
            silenced: Vec::new(),
            done: Vec::new(),
            labels: Vec::new(),
            silences: Vec::new(),
            been: Vec::new(),
            left: Vec::new(),
            suspended: Vec::new(),
            coming: None,
            came: false,
            flagged: false,
        }
    }

    /// What stands in its own fields: what steps in it gave.
    #[must_use]
    pub fn fields(&self) -> &Few<Code, FieldValue> {
        static NONE: Few<Code, FieldValue> = Few::new();
        self.fields.as_deref().unwrap_or(&NONE)
    }

    /// Who has no voice on a step yet, of those whom its clock asks.
    #[must_use]
    pub fn unheard(&self, step: &Code, clock: &Armed) -> BTreeSet<ParticipantId> {
        let voices = self.voices.get(step);
        let is_heard = |who: &ParticipantId| voices.is_some_and(|voices| voices.contains_key(who));
        clock.asked.iter().filter(|who| !is_heard(who)).cloned().collect()
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
        self.done.retain(|done| done.index >= reach);
        self.silenced.retain(|silenced| silenced.by >= reach);
        for voice in self.voices.values_mut().flat_map(Few::values_mut) {
            voice.forget_before(reach);
        }
        for clock in self.clocks.values_mut() {
            clock.stood.retain(|stood| stood.by >= reach);
        }
        // One whose voices no root can take back stands for good.
        if self.decision.as_ref().is_some_and(|decision| decision.voices.values().all(|v| v.index < reach)) {
            self.decision = None;
        }
    }
}

/// What a clock counts from: what brought the strand into its state, or started the clock anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// An entry.
    Act {
        /// Its index.
        index: u64,
        /// Its id.
        id: ActId,
        /// Its high edge: where clocks start.
        high: Instant,
        /// Who signed it: it has its own act in hand, and needs no service of it. Whoever it was written down for does.
        by: ParticipantId,
        /// From which entry on it can be known: itself, or what put it in time, if it was held.
        known: u64,
    },
    /// A silence, at its close; or an amendment that moved it, when it came.
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Left {
    /// Which.
    pub state: Code,
    /// Since when it had been in it.
    pub since: Instant,
    /// The entry that had brought it there; none if a silence had.
    pub cause: Option<u64>,
    /// The voices that had, if it took several.
    pub decision: Option<Box<Decision>>,
    /// The clocks that ran there when it left.
    pub clocks: Few<Code, Armed>,
    /// The voices that were standing there.
    pub voices: Few<Code, Voices>,
    /// Those that were not heard any more there.
    pub silenced: Vec<Silenced>,
    /// Relief that waited for more voices when it left.
    pub(super) sought: Vec<Sought>,
    /// When it left.
    pub at: Instant,
    /// Whether the step that followed led to the same state: then these are only its own clock.
    pub stayed: bool,
    /// Whether it had not been in this state before.
    pub first: bool,
}

/// A clock of a strand.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    pub deemed: Few<ParticipantId, (Measure, Instant)>,
    /// Who was asked while its seat was empty: a first look (T15 a) does not serve it.
    pub after_seating: BTreeSet<ParticipantId>,
    /// Who is asked by what came later than its cause, and by what.
    pub anew: Few<ParticipantId, Cause>,
    /// How it stood each time that somebody more was asked: as far back as a root can take that back.
    pub stood: Vec<Stood>,
    /// Who was asked and no longer is, and the times that it had then; none if it waited.
    pub once: Few<ParticipantId, Option<Times>>,
    /// How often it was extended.
    pub extensions: u32,
    /// Whether it has run out, and was only noted.
    pub noted: bool,
    /// Rights that were used after their end, and wait for a stamp; in the order of their entries.
    pub held: Vec<HeldStep>,
}

impl Armed {
    /// What moves it back does not move it before this, nor its close, unless it had less.
    pub fn never_before(&mut self, moment: Instant) {
        if let (Some(measure), Some(times)) = (&mut self.measure, self.times) {
            measure.floor = measure.floor.max(times.due.min(moment));
            measure.open_until = measure.open_until.max(times.closes.min(moment));
        }
    }

    /// Stops it until more have been served, or have taken their seats; then it starts anew, with what extensions gave.
    pub fn wait_for(&mut self, more: Waiting) {
        let before = self.measure.take();
        let waiting = self.waits.get_or_insert_with(Waiting::default);
        if let Some(before) = &before {
            waiting.extended = before.extended;
        }
        waiting.unserved.extend(more.unserved);
        waiting.latest = waiting.latest.max(before.map(|measure| measure.base)).max(more.latest);
        waiting.seats_only = more.seats_only;
        self.times = None;
    }

    /// If it starts now, it does so no earlier than this; what it has is not dated back.
    pub fn never_starts_before(&mut self, moment: Instant) {
        if let Some(waiting) = self.waits.as_mut().filter(|waiting| waiting.unserved.is_empty()) {
            waiting.latest = waiting.latest.max(Some(moment));
        }
        self.never_before(moment);
    }

    /// From now on it asks only these, who were asked before. Who no longer is asked owes nothing, and no silence is dated
    /// back because fewer are asked. Gives whether it asked others too.
    pub fn ask_only(&mut self, these: &BTreeSet<ParticipantId>, now: Instant) -> bool {
        if self.asked == *these {
            return false;
        }
        self.asked.clone_from(these);
        if let Some(waiting) = &mut self.waits {
            waiting.unserved.retain(|who, _| these.contains(who));
        }
        if !self.noted {
            self.never_starts_before(now);
        }
        true
    }

    /// What the clock of the same step before it keeps for this one, that asks others too: whom it was served on, and what
    /// extensions gave.
    pub fn take_over(&mut self, before: &Armed) {
        let was_served = |who: &ParticipantId| {
            let waits = before.waits.as_ref().is_some_and(|waiting| waiting.unserved.contains_key(who));
            before.asked.contains(who) && !waits
        };
        self.extensions = before.extensions;
        let of_wait = before.waits.as_ref().map(|waiting| waiting.extended);
        let extended =
            before.measure.as_ref().map(|measure| measure.extended).or(of_wait).unwrap_or(Seconds(0));
        if let Some(waiting) = &mut self.waits {
            waiting.unserved.retain(|who, _| !was_served(who));
            waiting.extended = extended;
        }
        if let Some(measure) = &mut self.measure {
            measure.extended = extended;
        }
    }

    /// A seat that it waits for was taken: it is due from then, or waits for service. Gives whether it waits no more.
    pub fn seat_was_taken(&mut self, who: &ParticipantId, high: Instant, deemed: (Measure, Instant)) -> bool {
        let Some(waiting) = &mut self.waits else { return false };
        let Some(empty @ None) = waiting.unserved.get_mut(who) else { return false };
        if waiting.seats_only {
            waiting.unserved.remove(who);
            waiting.latest = waiting.latest.max(Some(high));
            return true;
        }
        *empty = Some(deemed);
        self.after_seating.insert(who.clone());
        false
    }

    /// Takes an extension off.
    pub fn take_off(&mut self, seconds: Seconds) {
        if let Some(waiting) = &mut self.waits {
            waiting.extended = Seconds(waiting.extended.0.saturating_sub(seconds.0));
        }
        let Some(measure) = &mut self.measure else { return };
        let (extended, rest) = (measure.extended.0.checked_sub(seconds.0), seconds.0);
        match (extended, &mut measure.length) {
            (Some(extended), _) => measure.extended = Seconds(extended),
            // One that was re-opened has it in the time that was left.
            (None, Length::Exact(length)) => *length = Seconds(length.0.saturating_sub(rest)),
            (None, Length::Days(_) | Length::Fixed(_)) => {}
        }
    }

    /// What this participant has to be served.
    #[must_use]
    pub fn asks(&self, who: &ParticipantId) -> &Cause {
        self.anew.get(who).unwrap_or(&self.cause)
    }

    /// Whether this participant is asked by this act.
    #[must_use]
    pub fn asks_by(&self, who: &ParticipantId, act: &ActId) -> bool {
        matches!(self.asks(who), Cause::Act { id, .. } if id == act)
    }
}

/// How a clock stood before somebody more was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stood {
    /// The entry that asked more.
    pub by: u64,
    /// When it did.
    pub at: Instant,
    /// Who was asked.
    pub asked: BTreeSet<ParticipantId>,
    /// How it was measured.
    pub measure: Measure,
    /// Its times.
    pub times: Times,
}

/// What a clock waits for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Waiting {
    /// Who has not been served yet, and when service is deemed; none while the seat is empty.
    pub unserved: BTreeMap<ParticipantId, Option<(Measure, Instant)>>,
    /// The latest service so far.
    pub latest: Option<Instant>,
    /// What extensions had added before somebody was asked anew.
    pub extended: Seconds,
    /// Whether it waits for empty seats alone, and counts from finality or to a date.
    pub seats_only: bool,
}

/// By whose hand an act was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// How many officers signed.
    pub officers: u32,
    /// Where the least of their keys lies.
    pub custody: Custody,
    /// Whether another wrote it down, and if so, whether it may.
    pub transcribed: Option<bool>,
}

/// A step that is held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeldStep {
    /// The entry.
    pub index: u64,
    /// Its id.
    pub act: ActId,
    /// Whose.
    pub by: ParticipantId,
    /// Who signed it.
    pub signer: ParticipantId,
    /// How many signed, and whether by another's hand.
    pub hand: Hand,
    /// What it does, if it comes to be in time.
    #[serde(with = "act::body::as_text")]
    pub step: Box<Step>,
    /// Its counted time.
    pub counted: Instant,
    /// A stamp counts no earlier than this: the act was signed after that mark (T13).
    pub floor: Option<Instant>,
}

/// A step that came late, and whose label is open until the clock closes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenLabel {
    /// Which step.
    pub step: Code,
    /// The entry.
    pub index: u64,
    /// Its id.
    pub act: ActId,
    /// Whose.
    pub by: ParticipantId,
    /// Who signed it.
    pub signer: ParticipantId,
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
