//! What entries do when they settle: in index order, each clock that closed before firing first
//! (TIME T6, T10–T17; PROCEDURE §3, §4).

mod agenda;
mod kernel;
mod opening;
mod relief;
mod service;
mod step;
mod taken_back;

use std::collections::{BTreeMap, BTreeSet};

use act::value::{MatterRef, StrandName};
use act::{Act, Body};
use instrument::Calendar;
use note::Intake;
use terms::{ActId, Code, Instant, Item, ParticipantId, Reference, SignerName};

use super::clock::{Days, Out};
use super::event::{Event, Events, What};
use super::exhibit::Exhibits;
use super::ledger::{Entered, Ledger};
use super::marks::Timeline;
use super::matter::Matter;
use super::procedure::Law;
use super::void::VoidReason;

/// An entry that waits to settle.
#[derive(Clone, Debug)]
pub(super) struct Queued {
    pub(super) index: u64,
    pub(super) act: Act,
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
pub(super) struct Settled<'a> {
    pub(super) index: u64,
    pub(super) act: &'a Act,
    pub(super) id: ActId,
    pub(super) by: ParticipantId,
    pub(super) high: Instant,
    pub(super) effective: Instant,
    pub(super) counted: Instant,
    pub(super) seen_size: Option<u64>,
}

/// What can be looked up while something settles.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) timeline: &'a Timeline,
}

/// A recovery that comes unless it is disowned (T18).
#[derive(Clone, Debug)]
pub(super) struct PendingRecovery {
    pub(super) seat: act::body::Seat,
    pub(super) signed: BTreeMap<ParticipantId, SignerName>,
    pub(super) begun: Option<Instant>,
    pub(super) comes: Option<Instant>,
}

/// A recent act of a key, which a root may still take back.
#[derive(Clone, Debug)]
pub(super) struct Recent {
    pub(super) n: u64,
    pub(super) index: u64,
    pub(super) high: Instant,
}

/// All that has settled.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub(super) law: Law,
    pub(super) calendar: Calendar,
    pub(super) events: Events,
    /// Matters by their opening index.
    pub(super) matters: BTreeMap<u64, Matter>,
    pub(super) by_ref: BTreeMap<MatterRef, u64>,
    pub(super) exhibits: Exhibits,
    agenda: BTreeSet<agenda::Appointment>,
    /// What each strand with a clock has on the agenda.
    planned: BTreeMap<(u64, StrandName), agenda::Planned>,
    /// Strands with clocks that wait for service on somebody, so that an act need not look at every
    /// matter.
    unserved: BTreeMap<ParticipantId, BTreeSet<(u64, StrandName)>>,
    pub(super) cuts: BTreeMap<ParticipantId, Vec<Out>>,
    /// Stamps of acts that have not settled, or whose label or hold is open.
    stamps: BTreeMap<ActId, Vec<(SignerName, Instant)>>,
    counters: BTreeMap<(String, u8), u32>,
    recent: BTreeMap<SignerName, Vec<Recent>>,
    pub(super) recoveries: Vec<PendingRecovery>,
    pub(super) frozen: BTreeSet<String>,
    last_effective: Instant,
    pub(super) voids: u64,
    pub(super) settled_acts: u64,
}

impl Settlement {
    pub(super) fn new(law: Law, calendar: Calendar, keep_events: bool) -> Settlement {
        Settlement {
            law,
            calendar,
            events: Events::new(keep_events),
            matters: BTreeMap::new(),
            by_ref: BTreeMap::new(),
            exhibits: BTreeMap::new(),
            agenda: BTreeSet::new(),
            planned: BTreeMap::new(),
            unserved: BTreeMap::new(),
            cuts: BTreeMap::new(),
            stamps: BTreeMap::new(),
            counters: BTreeMap::new(),
            recent: BTreeMap::new(),
            recoveries: Vec::new(),
            frozen: BTreeSet::new(),
            last_effective: Instant::EPOCH,
            voids: 0,
            settled_acts: 0,
        }
    }

    /// The matters, by the index of the entry that opened them.
    #[must_use]
    pub const fn matters(&self) -> &BTreeMap<u64, Matter> {
        &self.matters
    }

    /// The exhibits.
    #[must_use]
    pub const fn exhibits(&self) -> &Exhibits {
        &self.exhibits
    }

    /// The procedures.
    #[must_use]
    pub const fn law(&self) -> &Law {
        &self.law
    }

    /// How many acts have settled.
    #[must_use]
    pub const fn settled(&self) -> u64 {
        self.settled_acts
    }

    /// How many acts have settled without effect.
    #[must_use]
    pub const fn voids(&self) -> u64 {
        self.voids
    }

    /// An entry settles at `high` (T6).
    pub(super) fn settle(&mut self, queued: &Queued, high: Instant, context: Context<'_>) {
        let held = queued.registered.clamp(queued.low.unwrap_or(Instant::EPOCH).min(high), high);
        let effective = held.max(self.last_effective);
        self.last_effective = effective;
        self.run_until(effective, context);

        let Some(by) = queued.act.head().by.participant().cloned() else { return };
        let id = queued.act.id();
        let seen_size = queued.act.head().seen.filter(|_| queued.seen_fits).map(|seen| seen.size);
        let raise = |time: Instant| match seen_size.and_then(|size| context.timeline.low(size)) {
            Some(low) => time.max(low),
            None => time,
        };
        let mut counted = effective;
        for (key, intake) in &queued.stamps {
            counted = counted.min(raise(intake.time));
            self.happened(effective, Some(queued.index), What::Stamped(id, key.clone(), intake.time));
        }
        for (key, time) in self.stamps.remove(&id).into_iter().flatten() {
            if key.participant() != Some(&by) {
                counted = counted.min(raise(time));
            }
        }
        let settled =
            Settled { index: queued.index, act: &queued.act, id, by, high, effective, counted, seen_size };
        self.settled_acts += 1;
        for signer in &queued.act.head().signers {
            self.recent.entry(signer.clone()).or_default().push(Recent {
                n: queued.act.head().n,
                index: queued.index,
                high,
            });
        }
        // Serving comes before the act's own effect: whoever acts has what it acts on in hand.
        self.serve_by_act(&settled, context);
        if let Err(reason) = self.take_effect(&settled, queued, context) {
            self.voids += 1;
            self.happened(effective, Some(queued.index), What::Void(reason));
        }
    }

    fn take_effect(
        &mut self,
        settled: &Settled<'_>,
        queued: &Queued,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        if let Some(reason) = queued.entered.void {
            return Err(reason);
        }
        match settled.act.body() {
            Body::Open(open) => self.open(settled, open, context),
            Body::Step(step) => self.step(settled, step, context),
            Body::Extend(_) | Body::Suspend(_) | Body::Resume(_) | Body::Cut(_) | Body::SetAside(_) => {
                self.relieve(settled, context)
            }
            Body::Disown(disown) => self.disown(settled, disown, context),
            Body::Intake(intake) => {
                if queued.stamp_counts {
                    self.stamp(settled, intake, context);
                    Ok(())
                } else {
                    Err(VoidReason::NoPower)
                }
            }
            _ => self.kernel(settled, &queued.entered, context),
        }
    }

    /// Recoveries whose time has come, register time having reached `reached`.
    pub(super) fn recoveries_due(&mut self, reached: Instant) -> Vec<(act::body::Seat, Instant)> {
        let (due, rest) = std::mem::take(&mut self.recoveries)
            .into_iter()
            .partition(|recovery: &PendingRecovery| recovery.comes.is_some_and(|comes| comes < reached));
        self.recoveries = rest;
        let due: Vec<PendingRecovery> = due;
        due.into_iter().filter_map(|recovery| Some((recovery.seat, recovery.comes?))).collect()
    }

    /// Lets go of what no root can take back any more, so that memory follows open work.
    pub(super) fn forget_before(&mut self, now: Instant, context: Context<'_>) {
        let dead = context.timeline.dead();
        let still = |high: Instant| super::clock::counted(high, now, dead) <= taken_back::DISOWN_WINDOW;
        for recent in self.recent.values_mut() {
            let gone = recent.iter().take_while(|act| !still(act.high)).count();
            recent.drain(..gone);
        }
        self.recent.retain(|_, recent| !recent.is_empty());
    }

    pub(super) fn happened(&mut self, at: Instant, entry: Option<u64>, what: What) {
        self.events.push(Event { at, entry, what });
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
        i64::from(self.calendar.zone_offset_minutes) * 60
    }

    /// The zone's days, and the holidays of everyone asked.
    fn days(&self, asked: &BTreeSet<ParticipantId>) -> Days {
        let holidays =
            asked.iter().filter_map(|who| self.calendar.holidays.get(who)).flatten().copied().collect();
        Days { offset_s: self.offset_s(), holidays }
    }

    /// What a clock does not count for those who are asked: dead time, cuts, and more.
    fn outs<'a>(
        &self,
        asked: impl IntoIterator<Item = &'a ParticipantId>,
        more: &[Out],
        context: Context<'_>,
    ) -> Vec<Out> {
        let cuts = asked.into_iter().filter_map(|who| self.cuts.get(who)).flatten();
        context.timeline.dead().iter().chain(cuts).chain(more).copied().collect()
    }

    /// The exhibit that an item names.
    fn exhibit_mut(&mut self, item: &Item) -> Result<&mut super::exhibit::Exhibit, VoidReason> {
        self.exhibits.get_mut(item).ok_or(VoidReason::Unknown)
    }

    fn matter_index(&self, matter: &MatterRef) -> Result<u64, VoidReason> {
        self.by_ref.get(matter).copied().ok_or(VoidReason::Unknown)
    }
}

/// The clocks' keys: a step of a strand of a matter.
type ClockAt<'a> = (u64, &'a StrandName, &'a Code);
