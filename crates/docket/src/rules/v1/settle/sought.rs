//! What several decide without a step: voices that wait for more, what they brought about, and what of that falls when
//! one is taken back (TIME T16, T17).

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use act::Body;
use act::body::Cut;
use act::value::StrandName;
use instrument::tally::{Needs, Outcome, Target};
use terms::{ActId, Code, Instant, Item, ParticipantId, Seconds};

use super::asked::Asked;
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::rules::v1) struct Sought {
    #[serde(with = "act::body::any_as_text")]
    pub(in crate::rules::v1) body: Body,
    /// With the entry of each; and those that said it again, as far as a root may take the first back.
    pub(in crate::rules::v1) voices: BTreeMap<ParticipantId, Vec<u64>>,
    /// The acts of these entries.
    ids: BTreeMap<ActId, u64>,
    /// Voices that their authors withdrew, as long as a root may take that back.
    withdrawn: Vec<Withdrawn>,
}

/// A voice that its author withdrew.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Withdrawn {
    /// The entry that withdrew it.
    by: u64,
    who: ParticipantId,
    entry: u64,
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
    /// Its clocks stand.
    Suspended,
    /// Those that stood by this entry would have stood until then, and go on.
    Resumed(u64, Instant),
}

impl Sought {
    /// Takes back what these entries say. Gives whether a voice is left.
    fn take_back(&mut self, is_taken_back: &dyn Fn(u64) -> bool) -> bool {
        // A voice whose withdrawal is taken back is heard again.
        for again in self.withdrawn.extract_if(.., |one| is_taken_back(one.by)) {
            let entries = self.voices.entry(again.who).or_default();
            entries.push(again.entry);
            entries.sort_unstable();
        }
        self.withdrawn.retain(|one| !is_taken_back(one.entry));
        self.voices.retain(|_, entries| {
            entries.retain(|entry| !is_taken_back(*entry));
            !entries.is_empty()
        });
        self.is_something()
    }

    /// Whether a voice is left, or may be heard again.
    fn is_something(&self) -> bool {
        !self.voices.is_empty() || !self.withdrawn.is_empty()
    }
}

impl Came {
    /// Whether it would not have come without the voices of these entries.
    fn falls_without(&self, is_taken_back: &dyn Fn(u64) -> bool) -> bool {
        let all = &self.sought.voices;
        let heard = all.iter().filter(|(_, entries)| !entries.iter().all(|entry| is_taken_back(*entry)));
        let heard: BTreeMap<ParticipantId, Target> = heard.map(|(who, _)| (who.clone(), None)).collect();
        heard.len() < all.len() && !is_reached(&self.needs, &heard)
    }
}

fn is_reached(needs: &[Needs], heard: &BTreeMap<ParticipantId, Target>) -> bool {
    let targets = [None].into();
    needs.iter().all(|needs| matches!(needs.outcome(heard, &targets, None), Outcome::Reached(None)))
}

impl Settlement {
    /// The relief that is asked for in a matter and waits for more voices, and by whom, with the entries in which each said it.
    pub fn relief_sought(
        &self,
        matter: MatterKey,
    ) -> impl Iterator<Item = (Asked<'_>, &BTreeMap<ParticipantId, Vec<u64>>)> {
        let all = self.sought.get(&About::Matter(matter)).into_iter().flatten();
        let heard = all.filter(|sought| !sought.voices.is_empty());
        heard.filter_map(|sought| Some((Asked::of(&sought.body)?, &sought.voices)))
    }

    /// Who said this of relief in a matter, and by which entry, if it waits for others or was withdrawn.
    pub(super) fn voice_for_relief(&self, matter: MatterKey, act: &ActId) -> Option<(u64, ParticipantId)> {
        let all = self.sought.get(&About::Matter(matter))?;
        all.iter().find_map(|sought| {
            let index = *sought.ids.get(act)?;
            let waits = sought.voices.iter().filter(|(_, entries)| entries.contains(&index));
            let withdrawn = sought.withdrawn.iter().filter(|one| one.entry == index);
            let who = waits.map(|(who, _)| who).chain(withdrawn.map(|one| &one.who)).next()?;
            Some((index, who.clone()))
        })
    }

    /// Takes the voice of an entry back, at its author's wish.
    pub(super) fn withdraw_voice_for_relief(&mut self, matter: MatterKey, entry: u64, by: u64) {
        for sought in self.sought.get_mut(&About::Matter(matter)).into_iter().flatten() {
            for (who, entries) in &mut sought.voices {
                if entries.contains(&entry) {
                    entries.retain(|one| *one != entry);
                    sought.withdrawn.push(Withdrawn { by, who: who.clone(), entry });
                }
            }
            sought.voices.retain(|_, entries| !entries.is_empty());
        }
    }

    /// Hears a voice. Gives whether it has them all now.
    pub(super) fn seek(&mut self, settled: &Settled, about: About, body: &Body, needs: Vec<Needs>) -> bool {
        let reach = self.reach();
        let all = self.sought.entry(about).or_default();
        let at = all.iter().position(|sought| sought.body == *body).unwrap_or_else(|| {
            all.push(Sought {
                body: body.clone(),
                voices: BTreeMap::new(),
                ids: BTreeMap::new(),
                withdrawn: Vec::new(),
            });
            all.len() - 1
        });
        let entries = all[at].voices.entry(settled.by.clone()).or_default();
        // What is said again stands behind the first, which may be taken back or forgotten.
        let first = entries.first().copied();
        entries.retain(|entry| *entry >= reach || Some(*entry) == first);
        entries.push(settled.index);
        all[at].ids.insert(settled.id, settled.index);
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

    /// A strand has moved: what was asked for it was asked of where it was. Gives that.
    pub(super) fn forget_relief_voices(&mut self, key: &StrandKey) -> Vec<Sought> {
        let about = About::Matter(key.0);
        let Some(all) = self.sought.get_mut(&about) else { return Vec::new() };
        let is_for_it = |sought: &mut Sought| {
            let strands = strands_of(&sought.body);
            strands.is_empty() || strands.contains(&key.1)
        };
        let forgotten = all.extract_if(.., is_for_it).collect();
        if all.is_empty() {
            self.sought.remove(&about);
        }
        forgotten
    }

    /// A strand is where it was: what was asked for it before it left is asked again, if no other that it is for has
    /// entered a state since.
    pub(super) fn seek_where_it_was(
        &mut self,
        key: &StrandKey,
        mut sought: Sought,
        left_at: Instant,
        is_taken_back: &dyn Fn(u64) -> bool,
    ) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let others = strands_of(&sought.body).iter().filter(|name| **name != key.1);
        let mut others = others.filter_map(|name| matter.strands.get(name));
        if others.all(|strand| strand.since <= left_at) && sought.take_back(is_taken_back) {
            self.seek_again(About::Matter(key.0), sought);
        }
    }

    fn seek_again(&mut self, about: About, sought: Sought) {
        let all = self.sought.entry(about).or_default();
        let Some(other) = all.iter_mut().find(|other| other.body == sought.body) else {
            return all.push(sought);
        };
        for (who, mut entries) in sought.voices {
            let said = other.voices.entry(who).or_default();
            said.append(&mut entries);
            said.sort_unstable();
        }
        other.ids.extend(sought.ids);
        other.withdrawn.extend(sought.withdrawn);
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
                About::Matter(key) => !open.contains_key(key),
            };
            all.retain_mut(|sought| {
                if is_over {
                    sought.voices.retain(|_, entries| entries.iter().any(|entry| *entry >= reach));
                }
                let may_come = match &sought.body {
                    Body::Hold(hold) => hold.until > here,
                    Body::Cut(cut) => cut.to > earliest,
                    _ => true,
                };
                // Nobody can take these withdrawals back any more.
                sought.withdrawn.retain(|one| one.by >= reach);
                let (voices, withdrawn) = (&sought.voices, &sought.withdrawn);
                sought.ids.retain(|_, entry| {
                    voices.values().any(|entries| entries.contains(entry))
                        || withdrawn.iter().any(|one| one.entry == *entry)
                });
                may_come && sought.is_something()
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
            all.retain_mut(|sought| sought.take_back(is_taken_back));
        }
        self.sought.retain(|_, all| !all.is_empty());
        // Nor is it asked again where a strand goes back to.
        let moved: BTreeSet<StrandKey> = self.recent.iter().flat_map(|act| &act.touched).cloned().collect();
        for key in &moved {
            for left in self.strand_mut(key).into_iter().flat_map(|strand| &mut strand.left) {
                left.sought.retain_mut(|sought| sought.take_back(is_taken_back));
            }
        }
        let (mut fallen, kept): (Vec<Came>, Vec<Came>) =
            std::mem::take(&mut self.came).into_iter().partition(|came| came.falls_without(is_taken_back));
        self.came = kept.into();
        // A pause that nobody may have asked for is not resumed either.
        let gone: BTreeSet<u64> = fallen.iter().map(|came| came.index).collect();
        let ends_one =
            |(_, did): &(StrandKey, Did)| matches!(did, Did::Resumed(pause, _) if gone.contains(pause));
        for came in self.came.iter_mut().chain(&mut fallen) {
            came.done.retain(|done| !ends_one(done));
        }
        for came in &mut self.came {
            came.sought.take_back(is_taken_back);
        }
        for came in &fallen {
            // The other voices are kept, where they were heard.
            let mut sought = came.sought.clone();
            if sought.take_back(is_taken_back) && self.is_still_there(came) {
                self.seek_again(came.about, sought);
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
            strands.all(|(name, strand)| {
                let is_before = match strand.cause {
                    Some(cause) => strand.since <= came.at && (cause <= came.index || strand.since < came.at),
                    None => strand.since < came.at,
                };
                is_before || !(named.is_empty() || named.contains(name))
            })
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
                Did::Suspended => {
                    let labels = strand.labels.iter_mut().map(|label| &mut label.clock);
                    for clock in strand.clocks.values_mut().chain(labels) {
                        clock.never_before(grace);
                    }
                    // One that was resumed, and then not, is in pieces.
                    for (_, (from, to)) in strand.suspended.iter_mut().filter(|(by, _)| *by == came.index) {
                        *to = (*to).min(high.max(*from));
                    }
                }
                Did::Resumed(pause, until) => {
                    let stands = strand.suspended.last().is_some_and(|(_, (_, to))| *to > high);
                    if *until > high && !stands {
                        strand.suspended.push((*pause, (high, *until)));
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
    Asked::of(body).map_or(&[], |asked| asked.strands)
}
