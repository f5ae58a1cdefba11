//! What several decide without a step: voices that wait for more, what they brought about, and what of that falls when
//! one is taken back (TIME T16, T17).

use std::collections::BTreeMap;

use act::Body;
use act::body::Cut;
use act::value::StrandName;
use instrument::tally::{Needs, Outcome, Target};
use terms::{Code, Instant, Item, ParticipantId, Seconds};

use super::taken_back::AT_LEAST;
use super::{Context, Settled, Settlement, StrandKey};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit::Exhibit;
use crate::rules::v1::matter::{Cause, MatterKey};

/// What several decide without a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules::v1) enum About {
    /// A cut, which is of no matter.
    Cut,
    /// An exhibit.
    Exhibit(Item),
    /// A matter.
    Matter(MatterKey),
}

/// What somebody wants, and takes more voices. They add up only if their bodies are equal.
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Sought {
    pub(in crate::rules::v1) body: Body,
    /// With the entry of each.
    pub(in crate::rules::v1) voices: BTreeMap<ParticipantId, u64>,
}

/// What had its voices, as long as a root can still take one back.
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Came {
    /// The entry that completed it.
    index: u64,
    at: Instant,
    about: About,
    sought: Sought,
    /// What it took, all of it.
    needs: Vec<Needs>,
    /// What it did in each strand.
    done: Vec<(StrandKey, Did)>,
}

/// What relief did in a strand.
#[derive(Clone, Debug)]
pub(super) enum Did {
    /// It gave the clock of this step, that counts from this, so many seconds more.
    Extended(Code, Cause, Seconds),
    /// Its clocks stand from then on.
    Suspended(Instant),
    /// Those that stood from the first would have stood until the second, and go on.
    Resumed(Instant, Instant),
}

impl Came {
    /// Whether it would not have come without the voices of these entries.
    fn falls_without(&self, is_taken_back: &dyn Fn(u64) -> bool) -> bool {
        let all = &self.sought.voices;
        let heard = all.iter().filter(|(_, entry)| !is_taken_back(**entry));
        let heard: BTreeMap<ParticipantId, Target> = heard.map(|(who, _)| (who.clone(), None)).collect();
        heard.len() < all.len() && !is_reached(&self.needs, &heard)
    }
}

fn is_reached(needs: &[Needs], heard: &BTreeMap<ParticipantId, Target>) -> bool {
    let targets = [None].into();
    needs.iter().all(|needs| matches!(needs.outcome(heard, &targets), Outcome::Reached(None)))
}

impl Settlement {
    /// Hears a voice. Gives whether it has them all now.
    pub(super) fn seek(&mut self, settled: &Settled, about: About, body: &Body, needs: Vec<Needs>) -> bool {
        let all = self.sought.entry(about).or_default();
        let at = all.iter().position(|sought| sought.body == *body).unwrap_or_else(|| {
            all.push(Sought { body: body.clone(), voices: BTreeMap::new() });
            all.len() - 1
        });
        all[at].voices.entry(settled.by.clone()).or_insert(settled.index);
        let heard = all[at].voices.keys().map(|who| (who.clone(), None)).collect();
        if !is_reached(&needs, &heard) {
            let what = What::Sought(body.kind(), settled.by.clone());
            self.happened(settled.effective, Some(settled.index), what);
            return false;
        }
        let sought = all.remove(at);
        if all.is_empty() {
            self.sought.remove(&about);
        }
        let (index, at) = (settled.index, settled.effective);
        self.came.push_back(Came { index, at, about, sought, needs, done: Vec::new() });
        true
    }

    /// Notes what the relief that has just come did in a strand.
    pub(super) fn did(&mut self, key: &StrandKey, did: Did) {
        if let Some(came) = self.came.back_mut() {
            came.done.push((key.clone(), did));
        }
    }

    /// A strand has moved: what was asked for it was asked of where it was.
    pub(super) fn forget_relief_voices(&mut self, key: &StrandKey) {
        let about = About::Matter(key.0);
        let Some(all) = self.sought.get_mut(&about) else { return };
        all.retain(|sought| {
            let strands = strands_of(&sought.body);
            !strands.is_empty() && !strands.contains(&key.1)
        });
        if all.is_empty() {
            self.sought.remove(&about);
        }
    }

    /// Lets go of relief that no root can take back any more.
    pub(super) fn forget_relief_before(&mut self, reach: u64) {
        while self.came.pop_front_if(|came| came.index < reach).is_some() {}
    }

    /// Lets go of voices that wait on what is over: on a matter that has ended and an exhibit that nobody has any more, as far
    /// as no root can take them back; for a hold or a cut that would come to nothing.
    pub(super) fn forget_voices_before(&mut self, reach: u64) {
        if self.sought.is_empty() {
            return;
        }
        let (open, exhibits, here) = (&self.open, &self.exhibits, self.last_effective);
        let earliest = here.minus(self.law.instrument.calendar.carriage);
        self.sought.retain(|about, all| {
            let is_over = match about {
                About::Cut => false,
                About::Exhibit(item) => exhibits.get(item).is_none_or(Exhibit::is_gone),
                About::Matter(key) => !open.contains(key),
            };
            all.retain_mut(|sought| {
                if is_over {
                    sought.voices.retain(|_, entry| *entry >= reach);
                }
                let may_come = match &sought.body {
                    Body::Hold(hold) => hold.until > here,
                    Body::Cut(cut) => cut.to > earliest,
                    _ => true,
                };
                may_come && !sought.voices.is_empty()
            });
            !all.is_empty()
        });
    }

    /// Takes these voices back: where they waited for more, and what would not have come without them, from here on:
    /// time that has passed has passed. Gives the entries that completed it.
    pub(super) fn take_back_relief(
        &mut self,
        is_taken_back: &dyn Fn(u64) -> bool,
        settled: &Settled,
        context: Context<'_>,
    ) -> Vec<u64> {
        for all in self.sought.values_mut() {
            for sought in all.iter_mut() {
                sought.voices.retain(|_, index| !is_taken_back(*index));
            }
            all.retain(|sought| !sought.voices.is_empty());
        }
        self.sought.retain(|_, all| !all.is_empty());
        let (mut fallen, kept): (Vec<Came>, Vec<Came>) =
            std::mem::take(&mut self.came).into_iter().partition(|came| came.falls_without(is_taken_back));
        self.came = kept.into();
        // A pause that nobody may have asked for is not resumed either.
        let pauses: Vec<(StrandKey, Instant)> = fallen
            .iter()
            .flat_map(|came| &came.done)
            .filter_map(|(key, did)| match did {
                Did::Suspended(from) => Some((key.clone(), *from)),
                Did::Extended(..) | Did::Resumed(..) => None,
            })
            .collect();
        let ends_one = |(key, did): &(StrandKey, Did)| matches!(did, Did::Resumed(from, _) if pauses.contains(&(key.clone(), *from)));
        for came in self.came.iter_mut().chain(&mut fallen) {
            came.done.retain(|done| !ends_one(done));
        }
        for came in &mut self.came {
            came.sought.voices.retain(|_, index| !is_taken_back(*index));
        }
        for came in &fallen {
            // The other voices are kept, where they were heard.
            let mut sought = came.sought.clone();
            sought.voices.retain(|_, index| !is_taken_back(*index));
            if !sought.voices.is_empty() && self.is_still_there(came) {
                let all = self.sought.entry(came.about).or_default();
                match all.iter_mut().find(|other| other.body == sought.body) {
                    Some(other) => other.voices.extend(sought.voices),
                    None => all.push(sought),
                }
            }
            self.undo(came, settled, context);
        }
        fallen.iter().map(|came| came.index).collect()
    }

    /// Whether no strand that it was for has entered a state since.
    fn is_still_there(&self, came: &Came) -> bool {
        let About::Matter(key) = came.about else { return true };
        let named = strands_of(&came.sought.body);
        self.matters.get(&key).is_some_and(|matter| {
            let mut strands = matter.strands.iter();
            strands
                .all(|(name, strand)| strand.since <= came.at || !(named.is_empty() || named.contains(name)))
        })
    }

    fn undo(&mut self, came: &Came, settled: &Settled, context: Context<'_>) {
        let (at, high) = (settled.effective, settled.high);
        // Who counted on it has a day from here, if it had that.
        let grace = high.plus(AT_LEAST);
        if let Body::Cut(cut) = &came.sought.body {
            self.uncut(cut, came.index, settled, context);
        }
        for (key, did) in &came.done {
            let Some(strand) = self.strand_mut(key) else { continue };
            match did {
                Did::Extended(step, cause, seconds) => {
                    // One that was left has a day at least when the strand goes back to it.
                    let left = strand.left.iter_mut().filter_map(|left| left.clocks.get_mut(step));
                    let done = strand.done.iter_mut().filter(|done| done.step == *step);
                    let over = left.chain(done.filter_map(|done| done.clock.as_mut()));
                    for clock in over.filter(|clock| clock.cause == *cause) {
                        clock.extensions = clock.extensions.saturating_sub(1);
                        clock.take_off(*seconds);
                    }
                    let running = strand.clocks.get_mut(step).into_iter();
                    let labels = strand.labels.iter_mut().filter(|label| label.step == *step);
                    let all = running.chain(labels.map(|label| &mut label.clock));
                    for clock in all.filter(|clock| clock.cause == *cause) {
                        clock.extensions = clock.extensions.saturating_sub(1);
                        clock.never_before(grace);
                        clock.take_off(*seconds);
                    }
                }
                Did::Suspended(from) => {
                    let labels = strand.labels.iter_mut().map(|label| &mut label.clock);
                    for clock in strand.clocks.values_mut().chain(labels) {
                        clock.never_before(grace);
                    }
                    if let Some((_, to)) = strand.suspended.iter_mut().rfind(|(begun, _)| begun == from) {
                        *to = (*to).min(high.max(*from));
                    }
                }
                Did::Resumed(_, until) => {
                    let stands = strand.suspended.last().is_some_and(|(_, to)| *to > high);
                    if *until > high && !stands {
                        strand.suspended.push((high, *until));
                    }
                }
            }
            self.move_strand(key, at, high, context);
        }
    }

    /// A cut is out no more. A clock that it moved is due when it would have been, and not before a day from `high`.
    fn uncut(&mut self, cut: &Cut, index: u64, settled: &Settled, context: Context<'_>) {
        if let Some(cuts) = self.cuts.get_mut(&cut.participant) {
            cuts.retain(|(entry, _)| *entry != index);
            if cuts.is_empty() {
                self.cuts.remove(&cut.participant);
            }
        }
        let high = settled.high;
        for key in self.planned.keys().cloned().collect::<Vec<_>>() {
            let Some(strand) = self.strand_mut(&key) else { continue };
            let labels = strand.labels.iter_mut().map(|label| &mut label.clock);
            for clock in strand.clocks.values_mut().chain(labels) {
                if clock.asked.contains(&cut.participant) {
                    clock.never_before(high.plus(AT_LEAST));
                }
                let waiting = clock.waits.iter_mut().flat_map(|waiting| waiting.unserved.iter_mut());
                for (_, deemed) in waiting.filter(|(who, _)| **who == cut.participant) {
                    if let Some((measure, at)) = deemed {
                        measure.open_until = measure.open_until.max((*at).min(high));
                    }
                }
            }
        }
        self.remeasure(settled.effective, high, context);
    }
}

/// The strands that relief names; none, if its matter has but one.
fn strands_of(body: &Body) -> &[StrandName] {
    match body {
        Body::Extend(extend) => &extend.strands,
        Body::Suspend(suspend) => &suspend.strands,
        Body::Resume(resume) => &resume.strands,
        Body::SetAside(set_aside) => &set_aside.strands,
        _ => &[],
    }
}
