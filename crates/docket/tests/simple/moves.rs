//! What a step that counts does: where its strand goes, what clocks follow, and what was held and is in time by it.

use act::Body;
use act::body::{Step, Tier};
use act::value::{Fields, MatterRef};
use instrument::procedure::{ClockKind, Step as Rule};
use terms::{Code, Item, ItemPart, ParticipantId};

use crate::judge::{Key, opened_kind, strand_at, target, targets};
use crate::model::{Acted, Cause, Clock, Label, Matter, Model, Stage, Strand, Time, Voice, silence_leads};
use crate::who::People;

/// A clock that counts by fields which change, or that of a label.
struct Follows {
    place: usize,
    clock: Clock,
    label: Option<usize>,
    was: Option<(Time, Time)>,
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
        let filled = if reached { self.filled(act, step, strand, &rule) } else { Fields::new() };
        let changes = |timer: &instrument::procedure::Clock| {
            Self::counts_by(&timer.due).iter().any(|field| filled.contains_key(*field))
        };
        let left = rule.clock.as_ref().is_some_and(changes).then_some(fields);
        self.fill(key, self.matters[&key].with(&filled, Some(&rule), &[place]), act.index, high);
        if late {
            self.say(act.index, "late");
        }
        let strand = strand_at(self, key, place);
        if late {
            let mut clock = own_clock.expect("it was late by a clock");
            if clock.noted.is_none() {
                clock.left = clock.left.or(left);
                strand.labels.push(Label { clock, who: act.of.clone(), counted, entry: act.index });
            }
        }
        strand.voices.retain(|voice| voice.step != step.step || voice.who != act.of);
        let stage = |state| Stage { state, since: at, base: high, cause: Cause::Entry(act.index) };
        if !reached {
            strand.voices.push(Voice {
                step: step.step.clone(),
                who: act.of.clone(),
                entry: act.index,
                to,
                fields: step.fields.clone(),
            });
            if self.can_still_be_reached(key, place, &step.step, &rule) {
                self.say(act.index, "spoke");
            } else if let Some(split) = rule.split.clone() {
                self.say(act.index, "spoke");
                self.say(act.index, "split");
                let mut given = Fields::new();
                let all = self.matters[&key].strands[place].voices.iter();
                for voice in all.filter(|v| v.step == step.step && v.to.as_ref() == Some(&split)) {
                    for (name, value) in voice.fields.iter().filter(|(name, _)| rule.fields.contains(*name)) {
                        given.entry(name.clone()).or_insert_with(|| value.clone());
                    }
                }
                let after = self.matters[&key].with(&given, Some(&rule), &[place]);
                self.fill(key, after, act.index, high);
                self.lead(key, place, &step.step, &rule, Some(stage(split)));
            } else {
                self.say(act.index, "spoke");
            }
            return;
        }
        self.say(act.index, "stepped");
        strand_at(self, key, place).voices.retain(|voice| voice.step != step.step);
        self.lead(key, place, &step.step, &rule, to.as_ref().map(|to| stage(to.clone())));
        if let Some(child) = child {
            *opened += 1;
            let id = MatterRef::ByStep(Item { act: act.id, part: ItemPart::Matter(*opened) });
            let tier = match self.law.procedures[&child.kind].tiers[0] {
                instrument::procedure::Tier::Record => Tier::Record,
                instrument::procedure::Tier::WithoutPrejudice => Tier::WithoutPrejudice,
            };
            self.begin(act, (act.index, *opened), id, tier, child, at);
        }
    }

    /// It leads somewhere; or to where the strand is already, or it stays.
    pub(crate) fn lead(&mut self, key: Key, place: usize, name: &Code, rule: &Rule, stage: Option<Stage>) {
        let strand = strand_at(self, key, place);
        match stage {
            Some(stage) if stage.state != *strand.state() => self.enter_state(key, place, stage, None),
            Some(stage) => {
                strand.led = stage.cause;
                strand.voices.retain(|voice| voice.step != *name);
                strand.clocks.remove(name);
                if rule.clock.is_some() && silence_leads(rule) != Some(&stage.state) {
                    strand.clocks.insert(name.clone(), Clock::new(name.clone(), &stage));
                }
            }
            None => {
                let over = rule.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Due);
                if over && silence_leads(rule).is_none() {
                    strand.clocks.remove(name);
                }
            }
        }
    }

    pub(crate) fn can_still_be_reached(&self, key: Key, place: usize, step: &Code, rule: &Rule) -> bool {
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        let voices: Vec<&Voice> = strand.voices.iter().filter(|voice| voice.step == *step).collect();
        self.in_strand(matter, strand, |at| {
            let silent: People = self
                .speakers(&rule.by, at)
                .into_iter()
                .filter(|who| voices.iter().all(|voice| voice.who != *who))
                .collect();
            let elsewhere = |to: &&Option<Code>| to.is_none() || **to != rule.split;
            targets(rule).iter().filter(elsewhere).any(|to| {
                let said = voices.iter().filter(|voice| voice.to == *to).map(|voice| voice.who.clone());
                self.enough(&rule.by, &said.chain(silent.iter().cloned()).collect(), at)
            })
        })
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
    pub(crate) fn fill(&mut self, key: Key, after: Matter, entry: u64, high: Time) {
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
            self.ask_anew(key, (place, &step), (&before, times), (entry, high));
        }
        for Follows { place, clock, label, .. } in all.into_iter().filter(|one| one.was.is_some()) {
            let strand = strand_at(self, key, place);
            let clock = match label {
                None => strand.clocks.get_mut(&clock.step).expect("a clock"),
                Some(n) => &mut strand.labels[n].clock,
            };
            clock.left = None;
            clock.floor = clock.floor.max(high);
        }
    }

    /// Who is new has its own start; whoever else is asked has nothing dated back.
    fn ask_anew(
        &mut self,
        key: Key,
        (place, step): (usize, &Code),
        (before, times): (&People, Option<(Time, Time)>),
        (entry, high): (u64, Time),
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
        let new: Vec<_> = after.difference(before).cloned().collect();
        if new.is_empty() {
            match times {
                Some((due, _)) => clock.floor = clock.floor.max(due.min(high)),
                None if after.iter().all(|who| clock.served.contains_key(who)) => {
                    clock.base = clock.base.max(high);
                }
                None => {}
            }
            return;
        }
        for who in new {
            clock.served.remove(&who);
            clock.anew.insert(who, (entry, high));
        }
        if !by_service {
            clock.base = clock.base.max(high);
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
                    self.take(&act, &step, (key, place), before, (at, high), &mut 0);
                }
            }
        }
    }
}
