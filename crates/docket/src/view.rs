//! What the docket asks of whom, by when, and what silence does: for whoever shows it.

mod coming;
mod relief;

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Step as StepBody, Tier};
use act::value::{FieldValue, Fields, MatterRef, StrandName};
use instrument::Procedure;
use instrument::procedure::{ClockKind, Leads, Phrase, Silence, Step};
use terms::{Code, Instant, ParticipantId, Seconds};

use crate::v1::clock::Times;
use crate::v1::exhibit::Exhibit;
use crate::v1::law::{is_possible, phrase_of, time_in};
use crate::v1::matter::Armed;
use crate::v1::{Matter, MatterKey, Replay, What};
pub use coming::{Comes, coming};
pub use relief::{ReliefSought, relief_sought, relief_sought_in};

/// What a voice says that it leaves out: the values that others gave who say the same, in the strands that a step is for,
/// each with who gave it. Whoever adds its voice says them too (PROCEDURE 4.2).
#[must_use]
pub fn said_before<'m>(
    matter: &'m Matter,
    step: &StepBody,
    by: &ParticipantId,
) -> BTreeMap<&'m Code, (&'m FieldValue, BTreeSet<&'m ParticipantId>)> {
    let mut said: BTreeMap<&Code, (&FieldValue, BTreeSet<&ParticipantId>)> = BTreeMap::new();
    let Some(rule) = matter.procedure.step(&step.step) else { return said };
    let to = match &rule.leads {
        Leads::Stays => None,
        Leads::To(state) => Some(state),
        Leads::Choice(choices) => {
            let chosen = choices.iter().find(|(known, _)| Some(known) == step.choice.as_ref());
            chosen.and_then(|(_, to)| to.as_ref())
        }
    };
    let is_for = |name: &StrandName| step.strands.is_empty() || step.strands.contains(name);
    let lives = matter.strands.iter().filter(|(name, _)| is_for(name));
    let voices = lives.filter_map(|(_, life)| life.voices.get(&step.step)).flat_map(|voices| voices.iter());
    for (who, voice) in voices.filter(|(who, voice)| *who != by && voice.to.as_ref() == to) {
        for (name, value) in voice.fields.iter().filter(|(name, _)| !step.fields.contains_key(*name)) {
            let (_, all) = said.entry(name).or_insert_with(|| (value, BTreeSet::new()));
            all.insert(who);
        }
    }
    said
}

/// A step that somebody is asked to take, or has the right to for a time.
#[derive(Clone, Debug)]
pub struct Ask<'r> {
    /// The matter.
    pub key: MatterKey,
    /// The same.
    pub matter: &'r Matter,
    /// In which of its strands.
    pub strand: &'r StrandName,
    /// Which step.
    pub step: &'r Code,
    /// What the procedure says of it.
    pub rule: &'r Step,
    /// Its clock.
    pub clock: &'r Armed,
    /// Who has not taken it yet.
    pub of: BTreeSet<ParticipantId>,
    /// How its clock stands.
    pub standing: Standing,
}

impl Ask<'_> {
    /// When it is due, if its clock runs; else when it will be, as far as is known, for sorting.
    #[must_use]
    pub fn when(&self, replay: &Replay) -> Instant {
        match &self.standing {
            Standing::StandsStill | Standing::SeatVacant => Instant::LAST,
            Standing::Unserved(_) => {
                let latest = replay.settlement().due_at_latest(self.matter, self.strand, self.step);
                latest.map_or(Instant::LAST, |(_, due)| due)
            }
            Standing::Running(times)
            | Standing::Passed(times)
            | Standing::Overdue(times)
            | Standing::RanOut(times) => times.due,
        }
    }

    /// Whether it is a right that ends, and nobody is pressed.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.clock.kind == ClockKind::Until
    }
}

/// How a clock stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for service on these, each with the time at which service is deemed.
    Unserved(Vec<(ParticipantId, Instant)>),
    /// It waits for a seat that nobody has taken.
    SeatVacant,
    /// It stands still: whoever opened the matter takes no part for a while.
    StandsStill,
    /// It runs.
    Running(Times),
    /// Its due time has passed, and the register has not recorded it yet.
    Passed(Times),
    /// It is overdue: nothing moves before it closes.
    Overdue(Times),
    /// It has run out, and that was only noted.
    RanOut(Times),
}

/// How a clock stands at `now`, in a register that has come as far as `reached`.
#[must_use]
pub fn standing(clock: &Armed, reached: Instant, now: Instant) -> Option<Standing> {
    if let Some(waiting) = &clock.waits {
        let served = waiting.unserved.iter().map(|(who, deemed)| Some((who.clone(), deemed.as_ref()?.1)));
        let served: Option<Vec<_>> = served.collect();
        return Some(served.map_or(Standing::SeatVacant, Standing::Unserved));
    }
    let times = clock.times?;
    Some(if clock.noted {
        Standing::RanOut(times)
    } else if times.closes == Instant::LAST {
        Standing::StandsStill
    } else if reached > times.due {
        Standing::Overdue(times)
    } else if now > times.due {
        Standing::Passed(times)
    } else {
        Standing::Running(times)
    })
}

/// Everything that the open matters ask, the soonest first.
#[must_use]
pub fn asks(replay: &Replay, now: Instant) -> Vec<Ask<'_>> {
    asks_of(replay, now, replay.settlement().open_matters().keys().copied())
}

/// What some matters ask, the soonest first.
#[must_use]
pub fn asks_of(replay: &Replay, now: Instant, matters: impl Iterator<Item = MatterKey>) -> Vec<Ask<'_>> {
    sorted(replay, matters.flat_map(|key| of_matter(replay, now, key)).collect())
}

/// What one matter asks, the soonest first.
#[must_use]
pub fn asks_in(replay: &Replay, now: Instant, key: MatterKey) -> Vec<Ask<'_>> {
    sorted(replay, of_matter(replay, now, key))
}

fn sorted<'r>(replay: &'r Replay, mut asks: Vec<Ask<'r>>) -> Vec<Ask<'r>> {
    asks.sort_by_cached_key(|ask| (ask.when(replay), ask.key, ask.strand.clone(), ask.step.clone()));
    asks
}

fn of_matter(replay: &Replay, now: Instant, key: MatterKey) -> Vec<Ask<'_>> {
    let reached = replay.timeline().register_time().unwrap_or(Instant::EPOCH);
    let mut asks = Vec::new();
    let matters = replay.settlement().matters();
    // What asks nothing is not brought back to stay.
    let has_clocks = |matter: &Matter| matter.strands.values().any(|strand| !strand.clocks.is_empty());
    if !matters.lend(&key).is_some_and(|matter| has_clocks(&matter)) {
        return asks;
    }
    let Some(matter) = matters.get(&key) else { return asks };
    for (name, strand) in matter.strands.iter() {
        for (step, clock) in strand.clocks.iter() {
            let (Some(rule), Some(standing)) = (matter.procedure.step(step), standing(clock, reached, now))
            else {
                continue;
            };
            let of = strand.unheard(step, clock);
            asks.push(Ask { key, matter, strand: name, step, rule, clock, of, standing });
        }
    }
    asks
}

/// A step that somebody may take now, with a clock or without.
#[derive(Clone, Debug)]
pub struct May<'r> {
    /// The matter.
    pub key: MatterKey,
    /// The same.
    pub matter: &'r Matter,
    /// In which of its strands.
    pub strand: &'r StrandName,
    /// Which step.
    pub step: &'r Code,
    /// What the procedure says of it.
    pub rule: &'r Step,
}

/// The steps that a participant may take now in a matter.
#[must_use]
pub fn steps_for<'r>(replay: &'r Replay, key: MatterKey, who: &ParticipantId) -> Vec<May<'r>> {
    let Some(matter) = replay.settlement().matters().get(&key) else { return Vec::new() };
    let is_vacant =
        |id: &ParticipantId| replay.ledger().is_vacant(id) && !replay.ledger().is_transcribed_for(id);
    let mut steps = Vec::new();
    for (strand, life) in matter.strands.iter() {
        for (step, rule) in &matter.procedure.steps {
            if is_possible(&matter.procedure, rule, &life.state)
                && matter.may(who, &rule.by, strand, &is_vacant)
            {
                steps.push(May { key, matter, strand, step, rule });
            }
        }
    }
    steps
}

/// The time that an opening of this kind is to follow, by its field, if it is still to come: what is reported has been.
#[must_use]
pub fn still_to_come<'p>(
    procedure: &'p Procedure,
    fields: &Fields,
    now: Instant,
) -> Option<(&'p Code, Instant)> {
    let codes = fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let Phrase::After(moment, _) = phrase_of(procedure.open.due.as_ref()?, &codes)? else { return None };
    let at = time_in(fields.get(&moment.field)?, moment.edge)?;
    (at > now).then_some((&moment.field, at))
}

/// Where silence leads, if it leads anywhere.
#[must_use]
pub const fn leads_to(silence: &Silence) -> Option<&Code> {
    match silence {
        Silence::Noted => None,
        Silence::Moves { to, .. } => Some(to),
    }
}

/// The matter that an event is about, if it is about one.
#[must_use]
pub const fn matter_of(what: &What) -> Option<&MatterRef> {
    match what {
        What::Opened(matter, ..)
        | What::OpenedLate(matter)
        | What::Entered(matter, ..)
        | What::Reopened(matter, ..)
        | What::Stepped(matter, ..)
        | What::Spoke(matter, ..)
        | What::Split(matter, ..)
        | What::Corrected(matter, ..)
        | What::Amended(matter, ..)
        | What::NotAmended(matter, ..)
        | What::Closed(matter, ..)
        | What::LateSoFar(matter, ..)
        | What::Late(matter, ..)
        | What::InTime(matter, ..)
        | What::Held(matter, ..)
        | What::Served(matter, ..)
        | What::DeemedServed(matter, ..)
        | What::Clock(matter, ..)
        | What::RanOut(matter, ..)
        | What::Moved(matter, ..)
        | What::Flagged(matter, ..)
        | What::SetAside(matter, ..)
        | What::Suspended(matter, ..)
        | What::Resumed(matter, ..) => Some(matter),
        _ => None,
    }
}

/// When an exhibit's copies are to be destroyed, since it was handed over without prejudice: so long after its matter has
/// ended, or after it was handed over, if that was later. None while the matter is open, and for what is on record.
#[must_use]
pub fn erase_by(replay: &Replay, exhibit: &Exhibit) -> Option<Instant> {
    let matter = replay.settlement().matters().get(&exhibit.matter?)?;
    if matter.tier == Tier::Record {
        return None;
    }
    Some(
        matter
            .ended()?
            .max(exhibit.offered)
            .plus(Seconds::days(u64::from(matter.law.instrument.tiers.erasure_days))),
    )
}

/// Whether a seat was empty when an entry settled, and nobody wrote down what it says: for who reads history.
#[must_use]
pub fn is_vacant_before(replay: &Replay, who: &ParticipantId, entry: u64) -> bool {
    let ledger = replay.ledger();
    let seat = ledger.seats().get(who);
    seat.is_some_and(|seat| seat.taken.is_none_or(|taken| taken > entry)) && !ledger.is_transcribed_for(who)
}
