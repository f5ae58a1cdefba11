//! Fields get other values, and clocks follow them (PROCEDURE 4.4).

use std::collections::{BTreeMap, BTreeSet};

use act::value::{FieldValue, Fields, StrandName};
use instrument::procedure::{Holds, Phrase};
use terms::{Code, Seconds};

use super::agenda::Stands;
use super::fit::{Changes, Whose, with};
use super::opening::{asked, length_in};
use super::{Context, Settled, Settlement, StrandKey};
use crate::rules::v1::clock::{Length, Measure, Out};
use crate::rules::v1::few::Few;
use crate::rules::v1::law::{fields_of, phrase_of};
use crate::rules::v1::matter::{Armed, Filled, Matter, MatterKey, Slot, Stood};

/// Why fields get other values.
#[derive(Clone, Copy)]
pub(super) struct Why<'a> {
    /// The entry that is corrected, if one is.
    pub(super) corrects: Option<u64>,
    /// The strand that moves with them, if one does.
    pub(super) moved: Option<&'a StrandName>,
}

impl Settlement {
    /// Fills fields; clocks by them follow (4.4). Gives the steps that were held and are in time by it.
    pub(super) fn fill_fields(
        &mut self,
        (matter, own): (MatterKey, Option<&StrandName>),
        given: BTreeMap<Code, (FieldValue, Vec<u64>)>,
        Why { corrects, moved }: Why<'_>,
        settled: &Settled,
        context: Context<'_>,
    ) -> Vec<(StrandKey, Code)> {
        let Some(found) = self.matters.get_mut(&matter) else { return Vec::new() };
        let mut changes = Changes::new();
        for (field, (after, by)) in given {
            let slot = Slot { own: own.cloned(), field };
            let before = found.kept(&slot).cloned();
            changes.insert(slot.clone(), Some(after.clone()));
            let moved = moved.cloned();
            found.filled.push(Filled { index: settled.index, corrects, slot, moved, by, before, after });
        }
        self.change_fields((matter, false), changes, settled, context)
    }

    /// Gives fields other values, or none. What an act moves is never due before its `high`. Who is asked anew has
    /// its own start; who was asked before what is taken back goes on.
    pub(super) fn change_fields(
        &mut self,
        (matter, taken_back): (MatterKey, bool),
        mut changes: Changes,
        settled: &Settled,
        context: Context<'_>,
    ) -> Vec<(StrandKey, Code)> {
        let mut in_time = Vec::new();
        let Some(found) = self.matters.get_mut(&matter) else { return in_time };
        changes.retain(|slot, value| found.kept(slot) != value.as_ref());
        if changes.is_empty() {
            return in_time;
        }
        let sees =
            |name: &&StrandName| changes.keys().any(|slot| slot.own.as_ref().is_none_or(|own| own == *name));
        let seen: Vec<(StrandName, Few<Code, FieldValue>)> = found
            .strands
            .keys()
            .filter(sees)
            .map(|name| (name.clone(), found.fields_of(name).into_owned()))
            .collect();
        for (slot, value) in &changes {
            found.keep(slot, value.as_ref());
        }
        for (name, before) in seen {
            let key = (matter, name);
            let changed: BTreeSet<Code> = {
                let now = self.matters.get(&matter).map(|found| found.fields_of(&key.1));
                let names = changes.keys().map(|slot| &slot.field);
                names
                    .filter(|name| now.as_ref().is_some_and(|now| now.get(name) != before.get(name)))
                    .cloned()
                    .collect()
            };
            self.ask_anew((&key, taken_back), &changed, settled, context);
            self.move_clocks(&key, (&changed, &before), settled);
            in_time.extend(self.remeasure_strand(&key, settled.effective, context));
        }
        in_time
    }

    /// The clocks, and the labels on them, that these fields say the length of.
    fn move_clocks(
        &mut self,
        key: &StrandKey,
        (changed, before): (&BTreeSet<Code>, &Few<Code, FieldValue>),
        settled: &Settled,
    ) {
        let Some(found) = self.matters.get(&key.0) else { return };
        let Some(strand) = found.strands.get(&key.1) else { return };
        let now = found.fields_of(&key.1);
        let length_by_fields = |step: &Code, clock: &Armed| {
            let rule = found.procedure.step(step)?.clock.as_ref()?;
            let by_fields = fields_of(&rule.due).into_iter().any(|field| changed.contains(field));
            let length = length_in(found, &now, step, &clock.asked).filter(|_| by_fields)?;
            // As it is written: one that was re-opened has its own.
            let moves = length_in(found, before, step, &clock.asked) != Some(length);
            (moves && clock.measure.is_some()).then_some(length)
        };
        let running = strand.clocks.iter().filter(|(_, clock)| !clock.noted);
        let clocks: Vec<(Code, Length)> = running
            .filter_map(|(step, clock)| Some((step.clone(), length_by_fields(step, clock)?)))
            .collect();
        // The act that changes a date is held to the one that it leaves.
        let labels: Vec<(usize, Length)> = strand
            .labels
            .iter()
            .enumerate()
            .filter(|(_, label)| label.index != settled.index)
            .filter_map(|(at, label)| Some((at, length_by_fields(&label.step, &label.clock)?)))
            .collect();
        // What another text's clock kept goes by the present one from here on.
        let carriage = |step: &Code| self.carriage(key.0, step);
        let clocks: Vec<(Code, Length, Seconds)> =
            clocks.into_iter().map(|(step, length)| (step.clone(), length, carriage(&step))).collect();
        let labels: Vec<(usize, Length, Seconds)> =
            labels.into_iter().map(|(at, length)| (at, length, carriage(&strand.labels[at].step))).collect();
        let Some(strand) = self.strand_mut(key) else { return };
        let follow = |measure: &mut Measure, length, carriage| {
            (measure.length, measure.carriage) = (length, carriage);
            measure.floor = measure.floor.max(settled.high);
        };
        for (step, length, carriage) in clocks {
            if let Some(measure) = strand.clocks.get_mut(&step).and_then(|clock| clock.measure.as_mut()) {
                follow(measure, length, carriage);
            }
        }
        for (at, length, carriage) in labels {
            if let Some(measure) = &mut strand.labels[at].clock.measure {
                follow(measure, length, carriage);
            }
        }
    }

    /// Whether a correction would give its author more time: nobody does that by saying that it had said something else.
    /// It would if a clock that asks it, or a label that is open on one, would end later.
    pub(super) fn gives_itself_time(
        &self,
        (matter, whose): (MatterKey, Whose<'_>),
        given: &Fields,
        settled: &Settled,
        context: Context<'_>,
    ) -> bool {
        let Some(found) = self.matters.get(&matter) else { return false };
        let gains =
            |whole: &Matter, name: &StrandName, suspended: &[(u64, Out)], step: &Code, clock: &Armed| {
                let Some(rule) = found.procedure.step(step) else { return false };
                let asks = asked(whole, rule, name, context);
                let author = &settled.by;
                if clock.noted || !asks.contains(author) {
                    return false;
                }
                if !clock.asked.contains(author) {
                    // Who was asked, and said that it was not, does not say so again and have more time.
                    return clock.once.get(author).is_some_and(|was| {
                        match (was, length_in(whole, &whole.fields, step, &asks)) {
                            (Some(was), Some(Length::Fixed(date))) => date.max(settled.high) > was.due,
                            _ => true,
                        }
                    });
                }
                let was = length_in(found, &found.fields_of(name), step, &clock.asked);
                let is = length_in(whole, &whole.fields, step, &clock.asked);
                let (Some(was), Some(is)) = (was, is) else { return false };
                // Who is asked anew has its own start, and the clock is the latest's.
                let anew = !asks.is_subset(&clock.asked);
                let (Some(times), Some(measure)) = (clock.times, &clock.measure) else {
                    let waits = clock.waits.as_ref().is_some_and(|waiting| !waiting.seats_only);
                    return is.is_later_than(was) || (anew && waits);
                };
                let mut measure = measure.clone();
                if is != was {
                    (measure.length, measure.carriage) = (is, self.carriage(matter, step));
                    measure.floor = measure.floor.max(settled.high);
                }
                if anew {
                    measure.base = measure.base.max(settled.high);
                }
                let mut moved = Armed { asked: asks, measure: Some(measure), ..clock.clone() };
                let stands = Stands { law: &found.law, suspended, opener: &found.opener, matter };
                self.remeasure_clock(&mut moved, stands, context);
                moved.times.is_some_and(|moved| moved.due > times.due || moved.closes > times.closes)
            };
        whose.strands(found).iter().any(|name| {
            let Some(strand) = found.strands.get(name) else { return false };
            let whole = with(found, name, given);
            let labels = strand.labels.iter().map(|label| (&label.step, &label.clock));
            strand
                .clocks
                .iter()
                .chain(labels)
                .any(|(step, clock)| gains(&whole, name, &strand.suspended, step, clock))
        })
    }

    /// A change of who is asked starts a clock anew for who is new; who no longer is asked owes nothing.
    fn ask_anew(
        &mut self,
        (key, taken_back): (&StrandKey, bool),
        changed: &BTreeSet<Code>,
        settled: &Settled,
        context: Context<'_>,
    ) {
        let Some(found) = self.matters.get(&key.0) else { return };
        let Some(strand) = found.strands.get(&key.1) else { return };
        let of_participants = |name: &Code| {
            let holds = found.procedure.fields.get(name).map(|field| &field.holds);
            matches!(holds, Some(Holds::Participant(_)))
        };
        if !changed.iter().any(of_participants) {
            return;
        }
        let mut changed = Vec::new();
        for (step, clock) in strand.clocks.iter().filter(|(_, clock)| !clock.noted) {
            let Some(rule) = found.procedure.step(step) else { continue };
            let now = asked(found, rule, &key.1, context);
            if now == clock.asked {
                continue;
            }
            let new: BTreeSet<_> = now.difference(&clock.asked).cloned().collect();
            let mut clock = clock.clone();
            for who in clock.asked.difference(&now) {
                clock.once.insert(who.clone(), clock.times);
            }
            let before = std::mem::replace(&mut clock.asked, now);
            if let Some(waiting) = &mut clock.waits {
                waiting.unserved.retain(|who, _| clock.asked.contains(who));
            }
            // Where nobody is asked who was not asked before, it goes on with the time that was left then, and with what
            // extensions gave since.
            let same = |stood: &Stood| taken_back && clock.asked.is_subset(&stood.asked);
            if let Some(at) = clock.stood.iter().rposition(same) {
                let mut stood = clock.stood.swap_remove(at);
                clock.stood.truncate(at);
                let waited = clock.waits.as_ref().map(|waiting| waiting.extended);
                let extended = clock.measure.as_ref().map(|measure| measure.extended).or(waited);
                stood.measure.extended = stood.measure.extended.max(extended.unwrap_or(Seconds(0)));
                (clock.waits, clock.measure, clock.times) = (None, Some(stood.measure), Some(stood.times));
                let held = clock.held.clone();
                clock = self.with_time_left((key, step), &clock, stood.at, settled.high, context);
                clock.held = held;
                changed.push((step.clone(), clock));
                continue;
            }
            if let (false, Some(measure), Some(times)) = (new.is_empty(), &clock.measure, clock.times) {
                let (by, at, measure) = (settled.index, settled.effective, measure.clone());
                clock.stood.push(Stood { by, at, asked: before, measure, times });
            }
            if !new.is_empty() {
                let cause = settled.cause();
                let by_service = matches!(
                    rule.clock.as_ref().and_then(|rule| phrase_of(&rule.due, &found.fields_of(&key.1))),
                    Some(Phrase::AfterService(_))
                );
                if by_service {
                    self.note_own_act(&mut clock, (&found.law, &new), &cause, context);
                }
                let more = if by_service {
                    self.wait_for_service(&found.law, &new, &cause, context)
                } else {
                    Self::wait_for_seats(&new, &cause, context)
                };
                for who in &new {
                    clock.anew.insert(who.clone(), cause.clone());
                }
                clock.wait_for(more);
            }
            // A silence is not dated back because fewer are asked.
            clock.never_starts_before(settled.high);
            changed.push((step.clone(), clock));
        }
        for (step, clock) in changed {
            if let Some(place) = self.clock_mut((key.0, &key.1, &step)) {
                *place = clock;
            }
            self.start_if_served(key, &step, settled.effective, context);
        }
        self.plan(key);
    }
}
