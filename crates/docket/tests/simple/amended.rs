//! What can't be undone, when it comes: the agreement ends, or another text takes its place (PROCEDURE 4.8, 4.9).

use std::collections::BTreeSet;

use act::value::FieldValue;
use instrument::procedure::{ClockKind, Effect, Silence, Step};
use instrument::{Instrument, Procedure};
use terms::{Code, Severity};

use crate::judge::Key;
use crate::matter::{Cause, Clock, Done, Matter, Stage, Strand, Time, silence_leads};
use crate::model::Model;
use crate::who::People;

impl Model {
    pub(crate) fn effect(&mut self, key: Key, place: usize, at: Time) {
        let matter = &self.matters[&key];
        let effect = matter.effect(matter.strands[place].state());
        let text = (effect == Some(Effect::Amend)).then(|| self.read(matter));
        let strand = &mut self.matters.get_mut(&key).expect("it").strands[place];
        match text {
            None => {
                strand.came = true;
                self.closed.get_or_insert(at);
            }
            Some(None) => strand.in_vain = true,
            Some(Some(law)) => {
                strand.came = true;
                self.versions.push(law.clone());
                self.law = law;
                let open: Vec<Key> =
                    self.matters.iter().filter(|(_, matter)| matter.is_open()).map(|(key, _)| *key).collect();
                for key in open {
                    self.move_over(key, at);
                }
            }
        }
    }

    /// The text that a matter would put in force, if it can be run. None of these lives brings a policy.
    fn read(&self, matter: &Matter) -> Option<Instrument> {
        let annex = |name: &str| match matter.fields.get(&Code::new(name)?)? {
            FieldValue::Annex(annex) => Some(annex.sha256),
            _ => None,
        };
        let text = std::str::from_utf8(&self.annexes[&annex("text")?]).ok()?;
        let (read, found) = instrument::read_after(text, &instrument::library::shipped(), &self.law);
        let is_sound = !found.iter().any(|one| one.severity == Severity::Error);
        read.filter(|_| is_sound && annex("policy").is_none())
    }

    /// All that is open of a kind moves, if the text says where to.
    fn move_over(&mut self, key: Key, at: Time) {
        let matter = &self.matters[&key];
        let (Some(map), Some(now)) =
            (self.law.transitions.get(&matter.kind), self.law.procedures.get(&matter.kind))
        else {
            return;
        };
        let was = matter.procedure.clone();
        let is_next = matter.law + 1 == self.versions.len();
        let (now, map) = (now.clone(), map.clone());
        let open: Vec<usize> = (0..matter.strands.len())
            .filter(|place| !matter.has_ended(matter.strands[*place].state()))
            .collect();
        if !is_next || !open.iter().all(|place| map.contains_key(matter.strands[*place].state())) {
            return;
        }
        let given: Vec<BTreeSet<Code>> =
            open.iter().map(|place| done_for_good(matter, &matter.strands[*place], &now)).collect();
        // What runs keeps the times that it has.
        let calendar = &self.law_of(matter).calendar;
        let mut after = matter.clone();
        for (place, strand) in after.strands.iter_mut().enumerate() {
            let before = &matter.strands[place];
            let runs = |clock: &Clock| {
                clock.noted.is_some() || self.times(matter, before, clock, &matter.seen(before)).is_some()
            };
            let labels = strand.labels.iter_mut().map(|label| &mut label.clock);
            for clock in strand.clocks.values_mut().chain(labels) {
                if !runs(clock) {
                    // Service is deemed when it would have been.
                    for who in self.clock_asks(matter, before, clock) {
                        let (_, base) = clock.asks(&who);
                        clock.deemed.entry(who).or_insert((base, calendar.deemed.0));
                    }
                } else if clock.timer.is_none() {
                    let timer = was.step(&clock.step).and_then(|rule| rule.clock.clone());
                    clock.timer = timer.map(|timer| {
                        let carriage = timer.carriage.or(Some(calendar.carriage));
                        instrument::procedure::Clock { carriage, ..timer }
                    });
                }
            }
        }
        let old = matter.clone();
        (after.procedure, after.law) = (now, self.versions.len());
        after.filled.clear();
        self.matters.insert(key, after);
        for (place, given) in open.into_iter().zip(given) {
            // What asks others is asked anew.
            let asks = |matter: &Matter, step: &Code| {
                let strand = &matter.strands[place];
                matter.procedure.step(step).map(|rule| self.step_asks(matter, strand, rule))
            };
            let same = |step: &Code| asks(&old, step) == asks(&self.matters[&key], step);
            let done: BTreeSet<Code> = given.into_iter().filter(same).collect();
            let clocks: Vec<Clock> = self.matters[&key].strands[place].clocks.values().cloned().collect();
            let asked: Vec<(People, People)> = clocks
                .iter()
                .map(|clock| {
                    let of = |matter| asks(matter, &clock.step).unwrap_or_default();
                    (of(&old), of(&self.matters[&key]))
                })
                .collect();
            let times: Vec<Option<(Time, Time)>> = clocks
                .iter()
                .map(|clock| {
                    let before = &old.strands[place];
                    self.times(&old, before, clock, &old.seen(before))
                })
                .collect();
            let strand = &self.matters[&key].strands[place];
            let to = map[strand.state()].clone();
            let given: Vec<Done> =
                strand.done.iter().filter(|one| done.contains(&one.step)).cloned().collect();
            let stage = Stage {
                state: to.clone(),
                since: at,
                base: at,
                cause: Cause::Silence(at),
                entry: 0,
                on_nothing: false,
            };
            self.enter_state((key, place), stage, None, None);
            let matter = self.matters.get_mut(&key).expect("it");
            let possible = |step: &Code| {
                let may = |rule: &Step| matter.is_possible(rule, &to) && silence_leads(rule) != Some(&to);
                matter.procedure.step(step).is_some_and(may)
            };
            let kept: Vec<_> = clocks
                .into_iter()
                .zip(asked)
                .zip(times)
                .filter(|((clock, _), _)| possible(&clock.step))
                .collect();
            let strand = &mut matter.strands[place];
            strand.been_before = strand.been().cloned().collect();
            strand.left.clear();
            strand.done = given;
            strand.clocks.retain(|step, _| !done.contains(step));
            for ((mut clock, (before, now)), times) in kept {
                if now.is_subset(&before) {
                    // No silence is dated back because fewer are asked.
                    if now != before && clock.noted.is_none() {
                        match times {
                            Some((due, _)) => clock.floor = clock.floor.max(due.min(at)),
                            None if now.iter().all(|who| clock.served.contains_key(who)) => {
                                clock.base = clock.base.max(at);
                            }
                            None => {}
                        }
                    }
                    strand.clocks.insert(clock.step.clone(), Clock { held: Vec::new(), ..clock });
                } else if let Some(anew) = strand.clocks.get_mut(&clock.step) {
                    // Who is new has its own start.
                    anew.extended = clock.extended;
                    anew.extensions = clock.extensions;
                    let served = clock.served.keys().filter(|who| before.contains(*who));
                    anew.served.extend(served.map(|who| (who.clone(), at)));
                }
            }
        }
    }
}

/// What somebody was asked for, gave, and would be asked for again in the same words.
fn done_for_good(matter: &Matter, strand: &Strand, now: &Procedure) -> BTreeSet<Code> {
    let seen = matter.seen(strand);
    let is_asked = |rule: &Step| {
        rule.silence == Silence::Noted
            && rule.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Due)
    };
    let given = matter.procedure.steps.iter().filter(|(step, rule)| {
        let due = rule.clock.as_ref().and_then(|clock| Model::phrase(&clock.due, &seen));
        is_asked(rule)
            && due.is_some()
            && matter.is_possible(rule, strand.state())
            && !strand.clocks.contains_key(step)
            && now.step(step).is_some_and(|other| is_asked(other) && other.by == rule.by)
    });
    given.map(|(step, _)| step.clone()).collect()
}
