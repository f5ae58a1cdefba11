//! What a step that counts does: where its strand goes, what clocks follow, and what was held and is in time by it.

use std::collections::{BTreeMap, BTreeSet};

use act::Body;
use act::body::{Step, Tier};
use act::value::{FieldValue, Fields, MatterRef};
use instrument::procedure::{ClockKind, Step as Rule};
use instrument::who::{Count, Item as Each};
use terms::{Code, Item, ItemPart, ParticipantId};

use crate::judge::{Key, opened_kind, strand_at, target, targets};
use crate::matter::{
    Acted, Cause, Clock, Decided, Done, Filled, Label, Left, Matter, Outcome, Stage, Stood, Strand, Time,
    Voice, When, heard, silence_leads,
};
use crate::model::Model;
use crate::who::{People, Place};

/// A clock that counts by fields which change, or that of a label.
struct Follows {
    place: usize,
    clock: Clock,
    label: Option<usize>,
    was: Option<(Time, Time)>,
}

/// Whether any one of a group decides.
pub(crate) fn is_alone(rule: &Rule) -> bool {
    matches!(rule.by.0.as_slice(), [Each { count: Count::Any, .. }])
}

/// What a step finds in a strand.
pub(crate) struct Before {
    late: bool,
    counted: Time,
    clock: Option<Clock>,
    fields: Fields,
}

impl Model {
    pub(crate) fn before(&self, act: &Acted, step: &Step, key: Key, place: usize) -> Before {
        let (late, counted) = self.lateness(act, step, key, place);
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        let clock = strand.clocks.get(&step.step).cloned();
        Before { late, counted, clock, fields: matter.seen(strand) }
    }

    /// It counts in a strand.
    pub(crate) fn take(
        &mut self,
        act: &Acted,
        step: &Step,
        (key, place): (Key, usize),
        before: Before,
        (at, high): (Time, Time),
        opened: &mut u32,
    ) {
        let Before { late, counted, clock: own_clock, fields } = before;
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        let rule = matter.procedure.step(&step.step).expect("a step").clone();
        let to = target(&rule, step.choice.as_ref()).expect("judged");
        let reached = self.reaches(act, step, matter, strand, &rule);
        let child = opened_kind(&rule, step.choice.as_ref()).is_some() && reached && self.closed.is_none();
        let child = child.then(|| self.child(act, step, matter, strand, &rule).expect("judged"));
        let filled = if reached { self.filled(act, step, (matter, strand), &rule) } else { Fields::new() };
        let there = self.there(matter, strand);
        let alone = is_alone(&rule);
        let changes = |timer: &instrument::procedure::Clock| {
            Self::counts_by(&timer.due).iter().any(|field| filled.contains_key(*field))
        };
        let left = rule.clock.as_ref().is_some_and(changes).then_some(fields);
        let label = late.then(|| own_clock.expect("it was late by a clock")).filter(|clock| {
            self.say(act.index, "late");
            clock.noted.is_none()
        });
        let label = label.map(|clock| {
            let left = clock.left.clone().or(left);
            Label { clock: Clock { left, ..clock }, who: act.of.clone(), counted, entry: act.index }
        });
        // Who adds its voice says what those before it gave.
        let there_now = &self.matters[&key];
        let said = self.filled(act, step, (there_now, &there_now.strands[place]), &rule);
        let fields = said.into_iter().chain(step.fields.clone()).collect();
        let strand = strand_at(self, key, place);
        strand.voices.push(Voice {
            step: step.step.clone(),
            who: act.of.clone(),
            entry: act.index,
            to: to.clone(),
            choice: step.choice.clone(),
            fields,
            hushed: BTreeSet::new(),
        });
        let here = self.here;
        let stage = |state| Stage {
            state,
            since: at,
            base: high,
            cause: Cause::Entry(act.index),
            entry: here,
            on_nothing: false,
        };
        let (to, came_to) = if reached {
            self.say(act.index, "stepped");
            (to.clone(), Outcome::Reached(to))
        } else {
            self.say(act.index, "spoke");
            let heard = self.matters[&key].strands[place].heard(&step.step);
            let Some(split) = rule
                .split
                .clone()
                .filter(|_| there.read(self, |at| self.comes_to(&heard, &rule, at)) == Outcome::Split)
            else {
                strand_at(self, key, place).labels.extend(label);
                self.matters.get_mut(&key).expect("it").touched.insert(act.index);
                return;
            };
            self.say(act.index, "split");
            (Some(split), Outcome::Split)
        };
        let mut voices = self.no_longer_wait(key, place, &step.step);
        voices.retain(|voice| there.read(self, |at| self.speakers(&rule.by, at)).contains(&voice.who));
        self.give_fields(key, place, &rule, &to, &voices, When { entry: act.index, at, high });
        strand_at(self, key, place).labels.extend(label);
        let decided = Decided { step: step.step.clone(), came_to, voices, there };
        let stage = to.as_ref().map(|to| stage(to.clone()));
        self.lead(key, place, (&step.step, act.index, at), &rule, stage, (!alone).then_some(decided));
        if let Some(child) = child {
            *opened += 1;
            let id = MatterRef::ByStep(Item { act: act.id, part: ItemPart::Matter(*opened) });
            let tier = match self.law_of(&self.matters[&key]).procedures[&child.kind].tiers[0] {
                instrument::procedure::Tier::Record => Tier::Record,
                instrument::procedure::Tier::WithoutPrejudice => Tier::WithoutPrejudice,
            };
            self.begin(act, ((act.index, *opened), id, Some((key, place))), tier, child, at);
        }
    }

    /// Voices on a step that are heard, with what the same ones had said before; they wait no longer.
    pub(crate) fn no_longer_wait(&mut self, key: Key, place: usize, step: &Code) -> Vec<Voice> {
        let strand = strand_at(self, key, place);
        let who: People = strand.heard(step).into_iter().map(|voice| voice.who.clone()).collect();
        strand.voices.extract_if(.., |voice| voice.step == *step && who.contains(&voice.who)).collect()
    }

    /// The fields of those who said the same, of each the first voice's.
    pub(crate) fn give_fields(
        &mut self,
        key: Key,
        place: usize,
        rule: &Rule,
        to: &Option<Code>,
        voices: &[Voice],
        when: When,
    ) {
        let mut given: BTreeMap<Code, (FieldValue, BTreeSet<u64>)> = BTreeMap::new();
        let mut same = voices.first().map_or_else(Vec::new, |voice| heard(voices, &voice.step));
        same.retain(|voice| voice.to == *to);
        same.sort_by_key(|voice| voice.entry);
        for voice in same {
            for (name, value) in voice.fields.iter().filter(|(name, _)| rule.fields.contains(*name)) {
                let (first, by) =
                    given.entry(name.clone()).or_insert_with(|| (value.clone(), BTreeSet::new()));
                if first == value {
                    by.insert(voice.entry);
                }
            }
        }
        let fields: Fields = given.iter().map(|(name, (value, _))| (name.clone(), value.clone())).collect();
        let matter = &self.matters[&key];
        let mut after = matter.with(&fields, Some(rule), &[place]);
        let own = (!matter.is_of_all(Some(rule))).then_some(place);
        for (field, (value, by)) in given {
            let before = matter.kept(own, &field).cloned();
            let moved = to.as_ref().map(|_| place);
            let entry = when.entry;
            after.filled.push(Filled { entry, corrects: None, own, field, moved, by, before, after: value });
        }
        self.fill((key, false), after, when);
    }

    /// It leads somewhere; or to where the strand is already, or it stays.
    pub(crate) fn lead(
        &mut self,
        key: Key,
        place: usize,
        (name, entry, at): (&Code, u64, Time),
        rule: &Rule,
        stage: Option<Stage>,
        decided: Option<Decided>,
    ) {
        self.matters.get_mut(&key).expect("it").touched.insert(entry);
        let strand = strand_at(self, key, place);
        match stage {
            Some(stage) if stage.state != *strand.state() => {
                self.enter_state((key, place), stage, None, decided);
            }
            Some(stage) => {
                let was = strand.as_it_is();
                strand.left.push(Left {
                    was,
                    at: stage.since,
                    stayed: Some(name.clone()),
                    sought: Vec::new(),
                });
                strand.led = stage.cause;
                strand.acted = stage.base;
                strand.decided = decided;
                for held in strand.clocks.remove(name).map(|clock| clock.held).unwrap_or_default() {
                    self.say(held, "void late");
                }
                let strand = strand_at(self, key, place);
                if rule.clock.is_some() && silence_leads(rule) != Some(&stage.state) {
                    strand.clocks.insert(name.clone(), Clock::new(name.clone(), &stage));
                }
            }
            None => {
                let over = rule.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Due);
                let over = over && silence_leads(rule).is_none();
                if over || decided.is_some() {
                    let clock = if over { strand.clocks.remove(name) } else { None };
                    strand.done.push(Done { entry, step: name.clone(), clock, decided, at });
                }
            }
        }
    }

    /// What voices come to.
    pub(crate) fn comes_to(&self, voices: &[&Voice], rule: &Rule, at: Place<'_>) -> Outcome {
        let speakers = self.speakers(&rule.by, at);
        let said = |to: &Option<Code>| {
            let same = voices.iter().filter(|voice| voice.to == *to && speakers.contains(&voice.who));
            same.map(|voice| voice.who.clone()).collect::<People>()
        };
        if let Some(to) = targets(rule).into_iter().find(|to| self.enough(&rule.by, &said(to), at)) {
            return Outcome::Reached(to);
        }
        let is_silent = |who: &&ParticipantId| voices.iter().all(|voice| voice.who != **who);
        let silent: People = speakers.iter().filter(is_silent).cloned().collect();
        let elsewhere = |to: &&Option<Code>| to.is_none() || **to != rule.split;
        let can = |to: &Option<Code>| self.enough(&rule.by, &said(to).union(&silent).cloned().collect(), at);
        if targets(rule).iter().filter(elsewhere).any(can) { Outcome::Waits } else { Outcome::Split }
    }

    /// What would follow the fields that a matter would have.
    fn follow(&self, matter: &Matter, after: &Matter) -> Vec<Follows> {
        let mut all = Vec::new();
        for (place, strand) in matter.strands.iter().enumerate() {
            let (before, after) = (matter.seen(strand), after.seen(&after.strands[place]));
            let follows = |clock: &Clock, label| {
                let written = |fields| self.written(matter, strand, clock, fields);
                let moves = clock.noted.is_none() && written(&before) != written(&after);
                let was = self.times(matter, strand, clock, &before);
                moves.then(|| Follows { place, clock: clock.clone(), label, was })
            };
            all.extend(strand.clocks.values().filter_map(|clock| follows(clock, None)));
            all.extend(strand.labels.iter().enumerate().filter_map(|(n, l)| follows(&l.clock, Some(n))));
        }
        all
    }

    /// Fields change; clocks and open labels follow.
    pub(crate) fn fill(&mut self, (key, taken_back): (Key, bool), after: Matter, when: When) {
        let all = self.follow(&self.matters[&key], &after);
        let mut asked = Vec::new();
        for (place, strand) in self.matters[&key].strands.iter().enumerate() {
            for clock in strand.clocks.values().filter(|clock| clock.noted.is_none()) {
                let matter = &self.matters[&key];
                let times = self.times(matter, strand, clock, &matter.seen(strand));
                asked.push((place, clock.step.clone(), self.clock_asks(matter, strand, clock), times));
            }
        }
        self.matters.insert(key, after);
        for (place, step, before, times) in asked {
            self.ask_anew((key, taken_back), (place, &step), (&before, times), when);
        }
        for Follows { place, clock, label, .. } in all.into_iter().filter(|one| one.was.is_some()) {
            let strand = strand_at(self, key, place);
            let clock = match label {
                None => strand.clocks.get_mut(&clock.step).expect("a clock"),
                Some(n) => &mut strand.labels[n].clock,
            };
            clock.left = None;
            clock.rest = None;
            clock.timer = None;
            clock.floor = clock.floor.max(when.high);
        }
    }

    /// Who is new has its own start; whoever else is asked has nothing dated back.
    fn ask_anew(
        &mut self,
        (key, taken_back): (Key, bool),
        (place, step): (usize, &Code),
        (before, times): (&People, Option<(Time, Time)>),
        when: When,
    ) {
        let matter = &self.matters[&key];
        let (strand, clock) = (&matter.strands[place], &matter.strands[place].clocks[step]);
        let after = self.clock_asks(matter, strand, clock);
        if after == *before {
            return;
        }
        let by_service = Self::waits_for_service(matter, strand, clock);
        let clock = strand_at(self, key, place).clocks.get_mut(step).expect("it");
        for who in before.difference(&after) {
            clock.once.insert(who.clone(), times.map(|(due, _)| due));
        }
        let stood = clock.stood.iter().rposition(|stood| taken_back && after.is_subset(&stood.asked));
        if let Some(stood) = stood {
            let stood = clock.stood.swap_remove(stood);
            return self.stands_again(key, place, step, &stood, when);
        }
        let new: Vec<_> = after.difference(before).cloned().collect();
        if !new.is_empty() && times.is_some() {
            let asked = before.clone();
            let stood = Stood { at: when.at, asked, clock: Box::new(clock.clone()) };
            clock.stood.push(stood);
        }
        if new.is_empty() {
            match times {
                Some((due, _)) => clock.floor = clock.floor.max(due.min(when.high)),
                None if after.iter().all(|who| clock.served.contains_key(who)) => {
                    clock.base = clock.base.max(when.high);
                }
                None => {}
            }
            return;
        }
        for who in new {
            clock.served.remove(&who);
            clock.anew.insert(who, (when.entry, when.high));
        }
        if !by_service {
            clock.base = clock.base.max(when.high);
        }
    }

    /// Whether somebody would have more time on a clock by asking others too, or itself again.
    fn asks_for_time(&self, matter: &Matter, whole: &Matter, who: &ParticipantId, high: Time) -> bool {
        let gains = |strand: &Strand, after: &Strand, clock: &Clock| {
            let asked = self.clock_asks(matter, strand, clock);
            let asks = self.clock_asks(whole, after, clock);
            let seen = whole.seen(after);
            if clock.noted.is_some() || !asks.contains(who) || asks.is_subset(&asked) {
                return false;
            }
            if !asked.contains(who) {
                let dated = self.written(whole, after, clock, &seen).and_then(|(_, date)| date);
                return clock.once.get(who).is_some_and(|was| match (was, dated) {
                    (Some(was), Some(date)) => date.max(high) > *was,
                    _ => true,
                });
            }
            let Some(was) = self.times(matter, strand, clock, &matter.seen(strand)) else {
                return Self::waits_for_service(matter, strand, clock);
            };
            let mut moved = Clock { base: clock.base.max(high), ..clock.clone() };
            moved.served.extend(asks.difference(&asked).map(|new| (new.clone(), high)));
            let is = self.times(whole, after, &moved, &seen);
            is.is_some_and(|is| is.0 > was.0 || is.1 > was.1)
        };
        let mut strands = matter.strands.iter().zip(&whole.strands);
        strands.any(|(strand, after)| strand.clocks.values().any(|clock| gains(strand, after, clock)))
    }

    /// Whether somebody would have more time by other fields: on a clock that asks it, or a label that is open on one.
    pub(crate) fn gains(&self, matter: &Matter, after: &Matter, who: &ParticipantId, high: Time) -> bool {
        if self.asks_for_time(matter, after, who, high) {
            return true;
        }
        self.follow(matter, after).into_iter().any(|Follows { place, clock, was, .. }| {
            let strand = &matter.strands[place];
            let seen = after.seen(&after.strands[place]);
            let follows = Clock { left: None, floor: clock.floor.max(high), ..clock.clone() };
            let ends_later = match was.zip(self.times(matter, strand, &follows, &seen)) {
                Some((was, is)) => is.0 > was.0 || is.1 > was.1,
                None => Self::is_longer(matter, strand, &clock, &seen),
            };
            ends_later && self.clock_asks(matter, strand, &clock).contains(who)
        })
    }

    /// What was held and is in time now counts after all; a label is off what is in time now.
    pub(crate) fn look_at_held_again(&mut self, at: Time, high: Time) {
        let mut in_time = Vec::new();
        for (key, matter) in &self.matters {
            for (place, strand) in matter.strands.iter().enumerate() {
                for label in &strand.labels {
                    let times = self.times(matter, strand, &label.clock, &matter.seen(strand));
                    if times.is_some_and(|(due, _)| label.counted <= due) {
                        in_time.push((*key, place, label.entry, label.clock.step.clone()));
                    }
                }
            }
        }
        for (key, place, entry, step) in in_time {
            let labels = &mut strand_at(self, key, place).labels;
            labels.retain(|label| label.entry != entry || label.clock.step != step);
        }
        let mut again = Vec::new();
        for (key, matter) in &self.matters {
            for (place, strand) in matter.strands.iter().enumerate() {
                for clock in strand.clocks.values() {
                    again.extend(clock.held.iter().map(|entry| (*key, place, clock.step.clone(), *entry)));
                }
            }
        }
        for (key, place, name, entry) in again {
            let act = self.act(entry).clone();
            let Body::Step(step) = Self::plain_body(&act) else { continue };
            let held_still =
                strand_at(self, key, place).clocks.get(&name).is_some_and(|c| c.held.contains(&entry));
            if !held_still || self.is_held(&act, &step, key, place) {
                continue;
            }
            strand_at(self, key, place).clocks.get_mut(&name).expect("it").held.retain(|held| *held != entry);
            let own = vec![strand_at(self, key, place).name.clone()];
            match self.judge_step(&act, &step, key, Some(place), &own) {
                Err(reason) => self.say(entry, reason),
                Ok(()) => {
                    let before = self.before(&act, &step, key, place);
                    let children =
                        self.matters.keys().filter(|(index, number)| *index == entry && *number > 0);
                    let mut opened = u32::try_from(children.count()).expect("few");
                    self.take(&act, &step, (key, place), before, (at, high), &mut opened);
                    self.remember(key, &act);
                }
            }
        }
    }
}
