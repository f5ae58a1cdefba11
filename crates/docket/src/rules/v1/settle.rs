//! What entries do when they settle: in index order, each clock that closed before firing first
//! (TIME T6, T10–T17; PROCEDURE §3, §4).

mod agenda;
mod amendment;
pub(super) mod asked;
mod child;
mod filled;
mod fit;
mod kernel;
mod late;
mod mended;
mod opening;
mod recovery;
mod refs;
mod relief;
mod service;
mod sought;
mod step;
pub(super) mod taken_back;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use act::body::{ScreenResult, Transcribe, Transcribed};
use act::value::{MatterRef, StrandName};
use act::{Act, Body, Entry};
use instrument::Procedure;
use instrument::procedure::Phrase;
use note::Intake;
use terms::{ActId, Code, Custody, Instant, Item, Kind, ParticipantId, Reference, Seconds, SignerName};

use super::clock::{Length, Measure, Out, Outs};
use super::event::{Event, Events, What};
use super::exhibit::Exhibits;
use super::law::{Law, phrase_of};
use super::ledger::{Entered, Ledger};
use super::marks::Timeline;
use super::matter::{Hand, HeldStep, Matter, MatterKey};
use super::paged::Paged;
use super::replay::Annexes;
use super::shared::{Lent, Shared};
use super::void::VoidReason;

pub(super) use recovery::PendingRecovery;
use refs::Refs;
pub(super) use sought::{About, Sought};
pub(super) use taken_back::Recent;

/// An entry that waits to settle.
#[derive(Clone, Debug)]
pub(super) struct Queued {
    pub(super) index: u64,
    pub(super) entry: Box<Entry>,
    pub(super) registered: Instant,
    pub(super) low: Option<Instant>,
    /// Whether `seen` fits the entries (T4).
    pub(super) seen_fits: bool,
    /// Stamps on the submission that count (T14).
    pub(super) stamps: Vec<(SignerName, Intake)>,
    /// For an `intake` act: whether its stamp counts.
    pub(super) stamp_counts: bool,
    pub(super) entered: Entered,
}

/// An entry with its times.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) index: u64,
    /// From which entry on it can be known what it does: itself, or what put it in time, if it was held.
    known: u64,
    pub(super) id: ActId,
    /// Whose it is; of what was transcribed, on whose behalf.
    pub(super) by: ParticipantId,
    /// Who signed it, and so has it in hand.
    pub(super) signer: ParticipantId,
    pub(super) hand: Hand,
    pub(super) high: Instant,
    pub(super) effective: Instant,
    /// The earliest stamp on it that counts, raised to `floor`.
    pub(super) stamped: Option<Instant>,
    /// A stamp counts no earlier than this: the act was signed after that mark (T13).
    pub(super) floor: Option<Instant>,
    pub(super) seen_size: Option<u64>,
}

impl Settled {
    /// A held step that is in time after all, at the time of the entry which put it there.
    fn released(held: &HeldStep, at: Instant, high: Instant, known: u64) -> Settled {
        Settled {
            index: held.index,
            known: known.max(held.index),
            id: held.act,
            by: held.by.clone(),
            signer: held.signer.clone(),
            hand: held.hand,
            high,
            effective: at,
            stamped: None,
            floor: held.floor,
            seen_size: None,
        }
    }

    /// T13: the earlier of its effective time and its stamps.
    pub(super) fn counted(&self) -> Instant {
        self.stamped.map_or(self.effective, |stamped| stamped.min(self.effective))
    }

    /// What counts for a clock that runs backwards: the earlier of `high` and its stamps, since notice
    /// is given when it can be read (T19).
    pub(super) fn counted_backwards(&self) -> Instant {
        self.stamped.map_or(self.high, |stamped| stamped.min(self.high))
    }
}

/// What can be looked up while something settles.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) timeline: &'a Timeline,
    /// The plain texts, for what an amendment brings.
    pub(super) annexes: &'a Annexes,
    /// Seats that were taken after this index are still vacant: the ledger is ahead of what settles.
    pub(super) index: u64,
}

impl Context<'_> {
    pub(super) fn is_vacant(&self, who: &ParticipantId) -> bool {
        // What an amendment brought has no seat yet in the mark in which it came.
        let seat = self.ledger.seats().get(who);
        seat.and_then(|seat| seat.taken).is_none_or(|taken| taken > self.index)
            && !self.ledger.is_transcribed_for(who)
    }
}

/// A table of reports.
#[derive(Clone, Debug)]
pub struct Table {
    /// How people say it.
    pub reference: Reference,
    /// Whose.
    pub by: ParticipantId,
    /// When it was entered.
    pub at: Instant,
    /// What its rows are.
    pub holds: Code,
    /// How many.
    pub rows: u64,
    /// Whether its author withdrew it.
    pub withdrawn: bool,
    /// The entries by which.
    withdrew: Vec<u64>,
}

/// What looking into the holder of a key came to.
#[derive(Clone, Debug)]
pub struct Screening {
    /// Who looked.
    pub by: ParticipantId,
    /// When.
    pub at: Instant,
    /// What came of it.
    pub result: ScreenResult,
}

/// What was written down on another's behalf.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The entry.
    pub index: u64,
    /// On whose behalf.
    pub on_behalf_of: ParticipantId,
    /// Who wrote it down.
    pub by: ParticipantId,
    /// Its high edge.
    high: Instant,
    /// What came of it.
    pub stance: Stance,
    /// What had come of it before each entry that says something of it.
    was: Vec<(u64, Stance)>,
}

/// What a participant says of what was written down on its behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// Nothing yet.
    Nothing,
    /// It is right.
    Confirmed,
    /// It is not its act.
    Disowned,
}

/// A strand, by its matter and its name.
type StrandKey = (MatterKey, StrandName);

/// All that has settled.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The law that new matters run under.
    pub(super) law: Arc<Law>,
    /// What procedures may be like, for what an amendment brings.
    library: Arc<str>,
    /// Since when no matter can be opened any more.
    pub(super) closed: Option<Instant>,
    /// What an amendment brought, for keys and marks after this one.
    amended: Option<amendment::Brought>,
    /// An annex for want of which nothing more can be said.
    pub(super) missing: Option<terms::Hash>,
    pub(super) events: Events,
    pub(super) matters: Shared<MatterKey, Matter>,
    by_ref: Refs,
    /// Those of each kind.
    of_kind: BTreeMap<Code, Paged<MatterKey, ()>>,
    /// Those with a strand that has not ended.
    open: Paged<MatterKey, ()>,
    pub(super) exhibits: Exhibits,
    pub(super) tables: BTreeMap<ActId, Table>,
    pub(super) screenings: BTreeMap<(SignerName, Code), Screening>,
    /// What was written down on another's behalf, by act.
    pub(super) transcripts: BTreeMap<ActId, Transcript>,
    agenda: BTreeSet<agenda::Appointment>,
    /// What each strand with a clock has on the agenda.
    planned: BTreeMap<StrandKey, agenda::Planned>,
    /// Strands with clocks that wait for service on somebody, so that an act need not look at every
    /// matter.
    unserved: BTreeMap<ParticipantId, BTreeSet<StrandKey>>,
    /// Strands in which a label or a hold of this act is open.
    awaited: BTreeMap<ActId, BTreeSet<StrandKey>>,
    /// With the entry that said each.
    pub(super) cuts: BTreeMap<ParticipantId, Vec<(u64, Out)>>,
    /// When clocks stand in what a participant opened, with the strand that says so.
    pub(super) pauses: BTreeMap<ParticipantId, Vec<(StrandKey, Out)>>,
    /// Voices for relief, and on exhibits, that wait for more.
    pub(super) sought: BTreeMap<sought::About, Vec<sought::Sought>>,
    /// What had its voices, by index, as long as a root may still take one back.
    came: VecDeque<sought::Came>,
    /// Stamps that came as acts, each with its entry, for acts that have not settled.
    stamps: BTreeMap<ActId, Vec<(SignerName, Instant, u64)>>,
    counters: BTreeMap<(String, u8), u32>,
    /// What a root may still take back, by index.
    recent: VecDeque<Recent>,
    pub(super) recoveries: BTreeMap<u64, PendingRecovery>,
    /// Recoveries that have come, and whose keys have force after this mark.
    recovered: Vec<act::body::Seat>,
    pub(super) frozen: BTreeSet<String>,
    last_effective: Instant,
    /// The time of the last event: none is earlier than one before it.
    here: Instant,
    pub(super) voids: u64,
    pub(super) settled_acts: u64,
}

impl Settlement {
    pub(super) fn new(law: Arc<Law>, library: Arc<str>, keep_events: bool) -> Settlement {
        Settlement {
            law,
            library,
            closed: None,
            amended: None,
            missing: None,
            events: Events::new(keep_events),
            matters: Shared::new(),
            by_ref: Refs::default(),
            of_kind: BTreeMap::new(),
            open: Paged::new(),
            exhibits: Exhibits::new(),
            tables: BTreeMap::new(),
            screenings: BTreeMap::new(),
            transcripts: BTreeMap::new(),
            agenda: BTreeSet::new(),
            planned: BTreeMap::new(),
            unserved: BTreeMap::new(),
            awaited: BTreeMap::new(),
            cuts: BTreeMap::new(),
            pauses: BTreeMap::new(),
            sought: BTreeMap::new(),
            came: VecDeque::new(),
            stamps: BTreeMap::new(),
            counters: BTreeMap::new(),
            recent: VecDeque::new(),
            recoveries: BTreeMap::new(),
            recovered: Vec::new(),
            frozen: BTreeSet::new(),
            last_effective: Instant::EPOCH,
            here: Instant::EPOCH,
            voids: 0,
            settled_acts: 0,
        }
    }

    /// The matters, by the entry that opened them.
    #[must_use]
    pub const fn matters(&self) -> &Shared<MatterKey, Matter> {
        &self.matters
    }

    /// A matter as acts name it.
    #[must_use]
    pub fn matter(&self, named: &MatterRef) -> Option<(MatterKey, &Matter)> {
        // Whoever asks for it reads it: it is brought back once.
        let has = |key: &MatterKey| self.matters.get(key).is_some_and(|matter| matter.id == *named);
        let key = self.by_ref.get(named, has)?;
        Some((key, self.matters.get(&key)?))
    }

    /// The same, for as long as it is held: who goes through many lets each go.
    #[must_use]
    pub fn matter_lent(&self, named: &MatterRef) -> Option<Lent<'_, Matter>> {
        self.matters.lend(&self.key_of(named)?)
    }

    /// Which matter acts name so.
    pub(super) fn key_of(&self, named: &MatterRef) -> Option<MatterKey> {
        self.by_ref.get(named, |key| self.matters.lend(key).is_some_and(|matter| matter.id == *named))
    }

    /// The kinds of which there are matters.
    pub fn kinds(&self) -> impl Iterator<Item = &Code> {
        self.of_kind.keys()
    }

    /// The matters of a kind, in the order in which they were opened.
    pub fn matters_of(&self, kind: &Code) -> impl DoubleEndedIterator<Item = MatterKey> {
        self.of_kind.get(kind).into_iter().flat_map(|all| all.keys().copied())
    }

    /// The matters with a strand that has not ended.
    #[must_use]
    pub const fn open_matters(&self) -> &Paged<MatterKey, ()> {
        &self.open
    }

    /// The exhibits.
    #[must_use]
    pub const fn exhibits(&self) -> &Exhibits {
        &self.exhibits
    }

    /// The tables of reports, by the act that entered them.
    #[must_use]
    pub const fn tables(&self) -> &BTreeMap<ActId, Table> {
        &self.tables
    }

    /// The law that new matters run under.
    #[must_use]
    pub const fn law(&self) -> &Arc<Law> {
        &self.law
    }

    /// Since when no matter can be opened any more, if that has come.
    #[must_use]
    pub const fn closed(&self) -> Option<Instant> {
        self.closed
    }

    /// What was written down on another's behalf, by act.
    #[must_use]
    pub const fn transcripts(&self) -> &BTreeMap<ActId, Transcript> {
        &self.transcripts
    }

    /// That people looked into who holds a key: against which excluded group, and what came of it last.
    pub fn screenings_of<'s>(
        &'s self,
        key: &'s SignerName,
    ) -> impl Iterator<Item = (&'s Code, &'s Screening)> {
        let all = self.screenings.iter().filter(move |((of, _), _)| of == key);
        all.map(|((_, list), screening)| (list, screening))
    }

    /// Stamps that were put on record for acts which have not come in.
    pub fn handed_in(&self) -> impl Iterator<Item = (&ActId, &SignerName, Instant)> {
        let all = self.stamps.iter();
        all.flat_map(|(act, stamps)| stamps.iter().map(move |(key, time, _)| (act, key, *time)))
    }

    /// How many acts have settled, with or without effect.
    #[must_use]
    pub const fn settled(&self) -> u64 {
        self.settled_acts
    }

    /// How many acts have settled without effect.
    #[must_use]
    pub const fn voids(&self) -> u64 {
        self.voids
    }

    /// When service of what a clock waits for is deemed, and by when an answer is due then: so no later, if
    /// nothing more is taken out. Nothing if the clock runs, or waits for an empty seat.
    #[must_use]
    pub fn due_at_latest(
        &self,
        matter: &Matter,
        strand: &StrandName,
        step: &Code,
    ) -> Option<(Instant, Instant)> {
        let clock = matter.strands.get(strand)?.clocks.get(step)?;
        let waiting = clock.waits.as_ref().filter(|waiting| !waiting.seats_only)?;
        let mut served = waiting.latest;
        for deemed in waiting.unserved.values() {
            let (_, at) = deemed.as_ref()?;
            served = served.max(Some(*at));
        }
        let base = served?;
        let rule = matter.procedure.step(step)?.clock.as_ref()?;
        let Some(Phrase::AfterService(span)) = phrase_of(&rule.due, &matter.fields_of(strand)) else {
            return None;
        };
        let length = Length::of(*span);
        let measure = Measure::new(base, length, Seconds(0));
        let days = super::clock::Days::of(&matter.law, &clock.asked);
        Some((base, measure.times(&Outs::default(), &days).due))
    }

    /// An entry settles at `high` (T6).
    pub(super) fn settle(&mut self, queued: &Queued, high: Instant, context: Context<'_>) {
        let held = queued.registered.clamp(queued.low.unwrap_or(Instant::EPOCH).min(high), high);
        let effective = held.max(self.last_effective);
        self.last_effective = effective;
        // To what closed before it, a seat that it takes is vacant.
        let before = Context { index: queued.index.saturating_sub(1), ..context };
        self.run_until(effective, before);
        if self.missing.is_some() {
            return;
        }

        let act = queued.entry.act();
        let Some(by) = act.head().by.participant().cloned() else { return };
        let id = act.id();
        let seen_size = act.head().seen.filter(|_| queued.seen_fits).map(|seen| seen.size);
        let floor = seen_size.and_then(|size| context.timeline.low(size));
        for (key, intake) in &queued.stamps {
            self.happened(effective, Some(queued.index), What::Stamped(id, key.clone(), intake.time));
        }
        let alone = self.stamps.remove(&id).unwrap_or_default();
        // Neither its author's nor that of whom it was written down for.
        let behalf = match act.body() {
            Body::Transcribe(transcribe) => Some(&transcribe.on_behalf_of),
            _ => None,
        };
        let is_own =
            |key: &SignerName| key.participant().is_some_and(|who| *who == by || Some(who) == behalf);
        let stamps = queued
            .stamps
            .iter()
            .map(|(key, intake)| (key, intake.time))
            .chain(alone.iter().map(|(key, time, _)| (key, *time)))
            .filter(|(key, _)| !is_own(key))
            .map(|(_, time)| time);
        let stamped = stamps.min().map(|time| floor.map_or(time, |floor| time.max(floor)));
        let officers = u32::try_from(act.head().signers.len()).unwrap_or(u32::MAX);
        let lies = |signer| context.ledger.keys().get(signer).map(|key| key.custody);
        let custody = act.head().signers.iter().filter_map(lies).min().unwrap_or(Custody::Hosted);
        let hand = Hand { officers, custody, transcribed: None };
        let settled = Settled {
            index: queued.index,
            known: queued.index,
            id,
            signer: by.clone(),
            by,
            hand,
            high,
            effective,
            stamped,
            floor,
            seen_size,
        };
        if act.head().seen.is_some() && !queued.seen_fits {
            self.happened(effective, Some(queued.index), What::SeenDiffers(id));
        }
        self.settled_acts += 1;
        let needs = queued.entered.recovery_needs.or_else(|| self.eyes_of(act.body())).unwrap_or(1);
        self.recent.push_back(Recent::of(&settled, act, needs as usize));
        // Serving comes before the act's own effect: whoever acts has what it acts on in hand.
        self.serve_by_act(&settled, act, context);
        if let Err(reason) = self.take_effect(&settled, act, queued, context) {
            self.void(effective, queued.index, reason);
        }
    }

    /// How many officers an act takes: as many as the step asks for that it takes, writes down, or says anew.
    fn eyes_of(&self, body: &Body) -> Option<u32> {
        let (matter, step) = match body {
            Body::Step(step) => (&step.matter, step.step.clone()),
            Body::Transcribe(Transcribe { what: Transcribed::Step(step), .. }) => {
                (&step.matter, step.step.clone())
            }
            Body::Correct(correct) => {
                let (key, matter) = self.matter(&correct.matter)?;
                let (.., step) = mended::entry_of(matter, key, &correct.entry)?;
                (&correct.matter, step?)
            }
            _ => return None,
        };
        let (_, matter) = self.matter(matter)?;
        Some(matter.procedure.step(&step)?.eyes)
    }

    fn take_effect(
        &mut self,
        settled: &Settled,
        act: &Act,
        queued: &Queued,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        if let Some(reason) = queued.entered.void {
            return Err(reason);
        }
        match act.body() {
            Body::Open(open) => self.open(settled, open, context),
            Body::Step(step) => self.step(settled, step, context),
            Body::Correct(correct) => self.correct(settled, correct, context),
            Body::Withdraw(withdraw) => self.withdraw(settled, withdraw),
            Body::Transcribe(transcribe) => self.transcribe(settled, transcribe, context),
            Body::Confirm(confirm) => self.confirm(settled, &confirm.act),
            Body::Extend(_) | Body::Suspend(_) | Body::Resume(_) | Body::Cut(_) | Body::SetAside(_) => {
                self.relieve(settled, act.body(), context)
            }
            Body::Disown(disown) => self.disown(settled, disown, context),
            Body::Intake(intake) => {
                if !queued.stamp_counts {
                    return Err(VoidReason::NoPower);
                }
                check_hand(&self.law, (Kind::Intake, None), settled)?;
                self.stamp(settled, intake, context);
                Ok(())
            }
            _ => self.kernel(settled, act.body(), &queued.entered, context),
        }
    }

    fn void(&mut self, at: Instant, entry: u64, reason: VoidReason) {
        self.voids += 1;
        self.happened(at, Some(entry), What::Void(reason));
    }

    pub(super) fn happened(&mut self, at: Instant, entry: Option<u64>, what: What) {
        self.here = self.here.max(at);
        self.events.push(Event { at: self.here, entry, what });
    }

    /// Says something that no entry's time is known of: a malformed entry, dead time.
    pub(super) fn happened_here(&mut self, entry: Option<u64>, what: What) {
        self.happened(self.here, entry, what);
    }

    pub(super) const fn here(&self) -> Instant {
        self.here
    }

    /// The procedure that a matter follows.
    fn procedure_of(&self, matter: MatterKey) -> Option<Arc<Procedure>> {
        self.matters.get(&matter).map(|matter| matter.procedure.clone())
    }

    /// Notes whether a matter still has a strand that has not ended.
    fn note_open(&mut self, matter: MatterKey) {
        let Some(found) = self.matters.get(&matter) else { return };
        if found.is_open() {
            self.open.insert(matter, ());
            return;
        }
        self.open.remove(&matter);
        if !found.said.is_empty()
            && let Some(found) = self.matters.get_mut(&matter)
        {
            found.said = super::few::Few::new();
        }
    }

    /// The next reference of a kind, in the year of `at` in the instrument's zone.
    fn next_reference(&mut self, kind: &str, at: Instant) -> Reference {
        let local = i64::try_from(at.secs()).unwrap_or(i64::MAX).saturating_add(self.offset_s());
        let local = Instant::from_secs(u64::try_from(local).unwrap_or(0)).unwrap_or(at);
        let year = u8::try_from(local.date().0 % 100).unwrap_or(0);
        let counter = self.counters.entry((kind.to_owned(), year)).or_insert(0);
        *counter += 1;
        let number = *counter;
        #[expect(clippy::expect_used, reason = "kinds are 3 to 5 capitals, years below 100, numbers from 1")]
        Reference::new(kind, year, number).expect("a reference")
    }

    fn offset_s(&self) -> i64 {
        i64::from(self.law.instrument.calendar.zone_offset_minutes) * 60
    }

    /// What a clock from `base` does not count for those who are asked: dead time, cuts, and more.
    fn outs<'a>(
        &self,
        law: &Law,
        base: Instant,
        asked: impl IntoIterator<Item = &'a ParticipantId>,
        more: &[Out],
        context: Context<'_>,
    ) -> Outs {
        let cuts = asked.into_iter().filter_map(|who| self.cuts.get(who)).flatten();
        let mut cuts: Vec<(u64, Out)> = cuts.filter(|(_, (_, to))| *to > base).copied().collect();
        cuts.sort_unstable();
        Outs {
            always: context.timeline.dead_since(base).iter().chain(more).copied().collect(),
            cuts: cuts.into_iter().map(|(_, cut)| cut).collect(),
            cuts_most: law.instrument.relief.cut.as_ref().map_or(Seconds(0), |(_, most)| *most),
        }
    }

    /// The exhibit that an item names.
    fn exhibit(&self, item: &Item) -> Result<&super::exhibit::Exhibit, VoidReason> {
        self.exhibits.get(item).ok_or(VoidReason::Unknown)
    }

    /// The same, to be changed.
    fn exhibit_mut(&mut self, item: &Item) -> Result<&mut super::exhibit::Exhibit, VoidReason> {
        self.exhibits.get_mut(item).ok_or(VoidReason::Unknown)
    }

    fn matter_index(&self, matter: &MatterRef) -> Result<MatterKey, VoidReason> {
        self.key_of(matter).ok_or(VoidReason::Unknown)
    }
}

/// Whether the keys that signed lie where the law asks that those of such an act lie.
fn check_hand(law: &Law, (kind, step): (Kind, Option<&Code>), settled: &Settled) -> Result<(), VoidReason> {
    let kind = if settled.hand.transcribed.is_some() { Kind::Transcribe } else { kind };
    if settled.hand.custody < law.instrument.custody.least(kind, step) {
        return Err(VoidReason::OwnHand);
    }
    Ok(())
}

/// The clocks' keys: a step of a strand of a matter.
type ClockAt<'a> = (MatterKey, &'a StrandName, &'a Code);
