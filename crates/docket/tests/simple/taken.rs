//! What is taken back, by roots or by whom it was written down for (TIME T17): forward, with the time that was left.

use std::collections::BTreeSet;

use act::body::{Body, Disown};
use act::value::{FieldValue, Fields};
use terms::{Code, ParticipantId, SignerName};

use crate::fields::void_if;
use crate::judge::{Key, opened_kind, strand_at};
use crate::matter::{
    Acted, Cause, Clock, Decided, Filled, Left, Matter, Outcome, Reason, Sought, Stage, Stood, Strand, Time,
    Voice, When, heard,
};
use crate::model::Model;
use crate::moves::is_alone;

const WINDOW: u64 = 72 * 3600;

/// A strand that goes back has at least this much on its clocks.
const AT_LEAST: u64 = 24 * 3600;

type Entries = BTreeSet<u64>;

impl Model {
    pub(crate) fn disown(&mut self, act: &Acted, disown: &Disown) -> Result<(), Reason> {
        let gone: Entries = match disown {
            Disown::Key { label, since } => {
                let key = SignerName::key(&act.by, label);
                let before = || self.acts.iter().filter(|other| other.index < act.index);
                let is_own = |other: &&Acted| other.signers[0] == key;
                let last = before().filter(is_own).filter(|own| own.n < *since).map(|own| own.index).max();
                // What it co-signed after its last own act falls where too few are left.
                let needs = |other: &Acted| self.eyes(other) >= other.signers.len();
                let falls = |other: &&Acted| match is_own(other) {
                    true => other.n >= *since,
                    false => {
                        other.signers.contains(&key)
                            && last.is_none_or(|last| other.index > last)
                            && needs(other)
                    }
                };
                let in_reach = before().filter(falls).filter(|other| self.may_take_back(other, act));
                in_reach.map(|other| other.index).collect()
            }
            Disown::Act(id) => {
                let entry = self.acts.iter().find(|other| other.id == *id).ok_or("void unknown")?;
                let said = self.transcripts.get(&entry.index).ok_or("void unknown")?;
                void_if(entry.of != act.by, "void no-power")?;
                void_if(said.last().is_some_and(|(_, disowned)| *disowned), "void wrong-state")?;
                let (index, in_reach) = (entry.index, self.may_take_back(entry, act));
                let took = self.matters.values().filter(|m| in_reach && m.touched.contains(&index));
                self.took_back.insert(act.index, took.map(|matter| matter.key).collect());
                self.transcripts.get_mut(&index).expect("it").push((act.index, true));
                self.say(act.index, "disowned-act");
                in_reach.then_some(index).into_iter().collect()
            }
        };
        if !gone.is_empty() {
            self.take_back(&gone, act.when());
        }
        Ok(())
    }

    /// How many officers it takes to say what an act says.
    fn eyes(&self, act: &Acted) -> usize {
        let step = match Self::plain_body(act) {
            Body::Step(step) => Some((step.matter, step.step)),
            Body::Correct(correct) => {
                let entry = self.acts.iter().find(|other| other.id == correct.entry);
                match entry.map(Self::plain_body) {
                    Some(Body::Step(step)) => Some((step.matter, step.step)),
                    _ => None,
                }
            }
            _ => None,
        };
        let rule = step.and_then(|(matter, step)| Some(self.matter(&matter)?.procedure.step(&step)?.eyes));
        rule.map_or(1, |eyes| eyes as usize)
    }

    fn may_take_back(&self, taken: &Acted, by: &Acted) -> bool {
        let high = taken.high.expect("settled");
        taken.settled
            && self.after(high, WINDOW, None) >= self.counted(by, false)
            && self.is_in_reach(taken, by.high.expect("settled"))
    }

    fn take_back(&mut self, gone: &Entries, by: When) {
        let high = by.high;
        // What several brought about falls with the act that completed it.
        let mut fallen = gone.clone();
        fallen.extend(self.take_back_relief(gone, by));
        let touched = |(_, matter): &(&Key, &Matter)| !matter.touched.is_disjoint(&fallen);
        let touched: Vec<Key> = self.matters.iter().filter(touched).map(|(key, _)| *key).collect();
        for matter in self.matters.values_mut() {
            matter.withdrawn.retain(|_, by| !gone.contains(by));
            if gone.contains(&matter.key.0) {
                matter.disowned.get_or_insert(high);
            }
        }
        let mut undone: BTreeSet<(Key, usize, u64)> = BTreeSet::new();
        for key in &touched {
            for place in 0..self.matters[key].strands.len() {
                let fell = self.take_back_in(*key, place, (gone, &fallen), by);
                undone.extend(fell.into_iter().map(|entry| (*key, place, entry)));
            }
        }
        // What a decision opened that fell, though the act that completed it stands.
        for matter in self.matters.values_mut() {
            let of = matter.parent.map(|(key, place)| (key, place, matter.key.0));
            if of.is_some_and(|of| undone.contains(&of)) {
                matter.disowned.get_or_insert(high);
            }
        }
        self.unsay(gone, by);
        // What a stamp put in time was moved on by what it put there.
        for (key, place) in
            gone.iter().filter_map(|entry| self.helped.get(entry)).flatten().copied().collect::<Vec<_>>()
        {
            self.flag(key, place, by);
        }
        self.handed_in.retain(|stamp| !gone.contains(&stamp.entry));
        for key in &touched {
            self.take_back_fields(*key, gone, &undone, by);
        }
        for key in &touched {
            for place in 0..self.matters[key].strands.len() {
                self.count_again(*key, place, by);
            }
        }
        self.look_at_held_again(by.at, high);
    }

    /// In one strand. Gives the entries whose doing is undone.
    fn take_back_in(
        &mut self,
        key: Key,
        place: usize,
        (gone, fallen): (&Entries, &Entries),
        by: When,
    ) -> Vec<u64> {
        let (high, mut undone, mut held) = (by.high, Vec::new(), Vec::new());
        let mut sought = Vec::new();
        self.deem_anew(key, place);
        let strand = strand_at(self, key, place);
        take_back_voices(&mut strand.voices, gone);
        strand.labels.retain(|label| !gone.contains(&label.entry));
        for clock in strand.clocks.values_mut() {
            clock.held.retain(|entry| !gone.contains(entry));
        }
        for left in &mut strand.left {
            take_back_voices(&mut left.was.voices, gone);
            for clock in left.was.clocks.values_mut() {
                service_falls(clock, gone, left.at);
            }
        }
        for done in &mut strand.done {
            done.clock.iter_mut().for_each(|clock| service_falls(clock, gone, done.at));
        }
        let (mut back, mut moved) = (false, false);
        while !self.at(key, place).came && self.fell(key, self.at(key, place), fallen) {
            let Some(left) = strand_at(self, key, place).left.pop() else { break };
            (back, moved) = (true, moved || left.stayed.is_none());
            undone.extend(cause_of(self.at(key, place)));
            held.extend(self.go_back(key, place, &left, gone, by));
            sought.extend(left.sought.into_iter().map(|sought| (left.at, sought)));
        }
        let others_moved_on = self.at(key, place).left.iter().any(|left| self.fell(key, &left.was, fallen));
        held.extend(self.undo_done(key, place, fallen, by, &mut undone));
        let strand = strand_at(self, key, place);
        let decided = strand.left.iter_mut().map(|left| &mut left.was.decided).chain([&mut strand.decided]);
        for decided in decided.chain(strand.done.iter_mut().map(|done| &mut done.decided)).flatten() {
            take_back_voices(&mut decided.voices, gone);
        }
        let flagged = others_moved_on && !strand.flagged;
        strand.flagged |= others_moved_on;
        for clock in strand.clocks.values_mut() {
            service_falls(clock, gone, high);
        }
        for label in &mut strand.labels {
            service_falls(&mut label.clock, gone, high);
        }
        for (left, sought) in sought {
            self.seek_where_it_was(key, place, left, sought);
        }
        held.into_iter().for_each(|entry| self.say(entry, "void late"));
        if back {
            self.say(by.entry, "reopened");
        }
        if flagged {
            self.say(by.entry, "flagged");
        }
        undone
    }

    /// What was asked for a strand before it left is asked again, if no other that it is for has entered a state since.
    fn seek_where_it_was(&mut self, key: Key, place: usize, left: Time, sought: Sought) {
        let matter = &self.matters[&key];
        let names: Vec<_> = matter.strands.iter().map(|strand| strand.name.clone()).collect();
        let named = crate::judge::strands_of(&sought.body, &names);
        let mut others = matter
            .strands
            .iter()
            .enumerate()
            .filter(|(at, other)| *at != place && named.contains(&other.name));
        if sought.is_something() && others.all(|(_, other)| other.stage().since <= left) {
            self.seek_again(Some(key), sought);
        }
    }

    /// When service would have been deemed, with all that is known by now to have stood still.
    fn deem_anew(&mut self, key: Key, place: usize) {
        let (matter, strand) = (&self.matters[&key], self.at(key, place));
        let clocks = strand.clocks.values().chain(strand.labels.iter().map(|label| &label.clock));
        let deemed = |clock: &Clock| {
            let by = clock.served_by.iter();
            let anew = |(who, (entry, _)): (&ParticipantId, &(u64, Time))| {
                (who.clone(), (*entry, self.served(matter, clock, who, 0).1))
            };
            by.map(anew).collect::<Vec<_>>()
        };
        let all: Vec<_> = clocks.map(deemed).collect();
        let strand = strand_at(self, key, place);
        let clocks = strand.clocks.values_mut().chain(strand.labels.iter_mut().map(|label| &mut label.clock));
        for (clock, deemed) in clocks.zip(all) {
            clock.served_by.extend(deemed);
        }
    }

    fn at(&self, key: Key, place: usize) -> &Strand {
        &self.matters[&key].strands[place]
    }

    /// Whether what led a strand where it is was taken back.
    fn fell(&self, key: Key, strand: &Strand, gone: &Entries) -> bool {
        match &strand.decided {
            Some(decided) => self.falls(key, decided, gone),
            None => cause_of(strand).is_some_and(|entry| gone.contains(&entry)),
        }
    }

    /// Whether a decision would not have been reached without these.
    fn falls(&self, key: Key, decided: &Decided, gone: &Entries) -> bool {
        let rule = self.matters[&key].procedure.step(&decided.step).expect("a step");
        if heard(&decided.voices, &decided.step).iter().all(|voice| !gone.contains(&voice.entry)) {
            return false;
        }
        let mut voices = decided.voices.clone();
        take_back_voices(&mut voices, gone);
        let voices = heard(&voices, &decided.step);
        if voices.is_empty()
            || decided.there.read(self, |at| self.comes_to(&voices, rule, at)) != decided.came_to
        {
            return true;
        }
        let Outcome::Reached(to) = &decided.came_to else { return false };
        !is_whole(rule, to, &voices)
    }

    /// To where a strand was. Gives what was held there and is not any more.
    fn go_back(&mut self, key: Key, place: usize, left: &Left, gone: &Entries, by: When) -> Vec<u64> {
        let high = by.high;
        let mut held = Vec::new();
        let restored: Vec<Clock> = left
            .was
            .clocks
            .values()
            .filter(|clock| left.stayed.as_ref().is_none_or(|step| *step == clock.step))
            .map(|clock| self.with_the_rest(&self.matters[&key], &left.was, clock, left.at, by))
            .collect();
        let window = self.window(key);
        let opening = self.matters[&key].disowned.is_some().then_some(Cause::Entry(key.0));
        let strand = strand_at(self, key, place);
        let fallen = std::mem::replace(&mut strand.decided, left.was.decided.clone());
        strand.led = left.was.led;
        if left.stayed.is_none() {
            held.extend(strand.clocks.values().flat_map(|clock| clock.held.clone()));
            strand.clocks.clear();
            strand.voices.clone_from(&left.was.voices);
            strand.done.clear();
            (strand.acted, strand.in_vain, strand.window) = (high, false, window);
            let on_nothing = opening == Some(strand.led);
            strand.life.push(Stage {
                since: by.at,
                base: high,
                entry: by.entry,
                on_nothing,
                ..left.was.stage().clone()
            });
        }
        stand_again(strand, fallen, gone);
        for clock in restored {
            held.extend(strand.clocks.insert(clock.step.clone(), clock).iter().flat_map(|c| c.held.clone()));
        }
        held
    }

    /// What was done and moved nothing is not done any more.
    fn undo_done(
        &mut self,
        key: Key,
        place: usize,
        gone: &Entries,
        by: When,
        undone: &mut Vec<u64>,
    ) -> Vec<u64> {
        let mut held = Vec::new();
        let all = std::mem::take(&mut strand_at(self, key, place).done);
        let falls = |done: &crate::matter::Done| {
            gone.contains(&done.entry) || done.decided.as_ref().is_some_and(|d| self.falls(key, d, gone))
        };
        let (fallen, stays): (Vec<_>, Vec<_>) = all.into_iter().partition(falls);
        strand_at(self, key, place).done = stays;
        for done in fallen {
            undone.push(done.entry);
            stand_again(strand_at(self, key, place), done.decided, gone);
            let Some(clock) = done.clock else { continue };
            let strand = strand_at(self, key, place);
            // Who did it twice has done it still.
            if let Some(other) = strand.done.iter_mut().find(|other| other.step == done.step) {
                (other.clock, other.at) = (Some(clock), done.at);
                continue;
            }
            let clock = self.with_the_rest(&self.matters[&key], self.at(key, place), &clock, done.at, by);
            let strand = strand_at(self, key, place);
            held.extend(strand.clocks.insert(done.step, clock).iter().flat_map(|c| c.held.clone()));
        }
        held
    }

    /// A clock that is gone back to: what was left of it, and a day at least.
    fn with_the_rest(&self, matter: &Matter, was: &Strand, clock: &Clock, left: Time, by: When) -> Clock {
        let high = by.high;
        let mut again = Clock { held: Vec::new(), from: by.entry, ..clock.clone() };
        if clock.noted.is_some() {
            return again;
        }
        let seen = matter.seen(was);
        let Some((due, _)) = self.times_known(matter, was, clock, &seen, left) else {
            for who in self.clock_asks(matter, was, clock) {
                if !clock.served.contains_key(&who) {
                    let (_, deemed) = self.served(matter, clock, &who, left);
                    again.deemed.insert(who, (high, deemed.saturating_sub(left)));
                }
            }
            return again;
        };
        if Self::is_dated(matter, clock, &seen) {
            again.floor = again.floor.max(high + AT_LEAST);
        } else {
            again.rest = Some((high, due.saturating_sub(left).max(AT_LEAST)));
            (again.extended, again.floor) = (0, 0);
        }
        again
    }

    /// Nobody is asked any more who was asked by what is taken back: a clock goes on with what it had then.
    pub(crate) fn stands_again(&mut self, key: Key, place: usize, step: &Code, stood: &Stood, by: When) {
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        let now = &strand.clocks[step];
        let then = &stood.clock;
        let mut clock = Clock { held: now.held.clone(), once: now.once.clone(), ..(**then).clone() };
        clock.extended = clock.extended.max(now.extended);
        clock.served.extend(now.served.clone());
        let mut again = self.with_the_rest(matter, strand, &clock, stood.at, by);
        again.held = clock.held;
        strand_at(self, key, place).clocks.insert(step.clone(), again);
    }

    /// What was said of what was written down was not said.
    fn unsay(&mut self, gone: &Entries, by: When) {
        let mut flagged = Vec::new();
        for said in self.transcripts.values_mut() {
            let took = said.iter().filter(|(act, disowned)| *disowned && gone.contains(act));
            flagged.extend(took.map(|(act, _)| *act));
            said.retain(|(act, _)| !gone.contains(act));
        }
        for entry in flagged {
            for key in self.took_back[&entry].clone() {
                for place in 0..self.matters[&key].strands.len() {
                    self.flag(key, place, by);
                }
            }
        }
    }

    /// What was said since stands on what was taken back.
    fn flag(&mut self, key: Key, place: usize, by: When) {
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        if !strand.flagged && !matter.has_ended(strand.state()) {
            strand_at(self, key, place).flagged = true;
            self.say(by.entry, "flagged");
        }
    }

    /// Each field has what the last act gave it that was not taken back.
    fn take_back_fields(&mut self, key: Key, gone: &Entries, undone: &BTreeSet<(Key, usize, u64)>, by: When) {
        let matter = &self.matters[&key];
        let fell = |own: Option<usize>, entry: u64| {
            let places = own.map_or(0..matter.strands.len(), |place| place..place + 1);
            places.into_iter().any(|place| undone.contains(&(key, place, entry)))
        };
        let is_undone = |filled: &Filled| {
            let nobody_says_it = filled.by.is_subset(gone);
            let of_nothing =
                filled.corrects.is_some_and(|entry| gone.contains(&entry) || fell(filled.own, entry));
            match filled.moved {
                Some(place) => {
                    let stands = cause_of(&matter.strands[place]) == Some(filled.entry);
                    undone.contains(&(key, place, filled.entry)) || nobody_says_it && stands
                }
                None => {
                    nobody_says_it
                        || of_nothing
                        || gone.contains(&filled.entry)
                        || fell(filled.own, filled.entry)
                }
            }
        };
        let (taken, mut stay): (Vec<Filled>, Vec<Filled>) =
            matter.filled.clone().into_iter().partition(is_undone);
        let mut after = matter.clone();
        for one in &taken {
            let of_slot = |filled: &&Filled| filled.own == one.own && filled.field == one.field;
            let first = matter.filled.iter().find(of_slot).expect("it");
            let last = stay.iter().rev().find(|filled| of_slot(filled));
            let value = last.map_or(first.before.clone(), |filled| Some(filled.after.clone()));
            put(&mut after, one.own, &one.field, value);
        }
        for filled in &mut stay {
            if !filled.by.is_subset(gone) {
                filled.by.retain(|entry| !gone.contains(entry));
            }
        }
        // What stood first in a slot stands first in it still.
        for filled in &mut stay {
            let of_slot = |other: &&Filled| other.own == filled.own && other.field == filled.field;
            filled.before = matter.filled.iter().find(of_slot).expect("it").before.clone();
        }
        after.filled = stay;
        self.fill((key, true), after, by);
    }

    /// Voices that wait may be enough by now.
    fn count_again(&mut self, key: Key, place: usize, by: When) {
        let steps: BTreeSet<Code> =
            self.at(key, place).waiting().into_iter().map(|voice| voice.step.clone()).collect();
        for step in steps {
            let matter = &self.matters[&key];
            let strand = &matter.strands[place];
            let rule = matter.procedure.step(&step).expect("a step").clone();
            if is_alone(&rule) || !matter.is_possible(&rule, strand.state()) {
                continue;
            }
            let there = self.there(matter, strand);
            let voices = strand.heard(&step);
            let came_to = there.read(self, |at| self.comes_to(&voices, &rule, at));
            let Outcome::Reached(to) = came_to.clone() else { continue };
            let last = voices.iter().filter(|voice| voice.to == to).max_by_key(|voice| voice.entry);
            let opens = last.is_some_and(|voice| opened_kind(&rule, voice.choice.as_ref()).is_some());
            if opens || !is_whole(&rule, &to, &voices) {
                continue;
            }
            self.say(by.entry, "stepped");
            let mut voices = self.no_longer_wait(key, place, &step);
            voices.retain(|voice| there.read(self, |at| self.speakers(&rule.by, at)).contains(&voice.who));
            self.give_fields(key, place, &rule, &to, &voices, by);
            let decided = Decided { step: step.clone(), came_to, voices, there };
            let (at, high) = (by.at, by.high);
            let cause = Cause::Entry(by.entry);
            let stage = to.map(|state| Stage {
                state,
                since: at,
                base: high,
                cause,
                entry: by.entry,
                on_nothing: false,
            });
            self.lead(key, place, (&step, by.entry, at), &rule, stage, Some(decided));
        }
    }
}

fn cause_of(strand: &Strand) -> Option<u64> {
    match strand.led {
        Cause::Entry(entry) => Some(entry),
        Cause::Silence(_) => None,
    }
}

fn put(matter: &mut Matter, own: Option<usize>, field: &Code, value: Option<FieldValue>) {
    let fields: &mut Fields = match own {
        None => &mut matter.fields,
        Some(place) => &mut matter.strands[place].fields,
    };
    match value {
        Some(value) => _ = fields.insert(field.clone(), value),
        None => _ = fields.remove(field),
    }
}

/// What these said is not heard, and what they withdrew or forgot is.
fn take_back_voices(voices: &mut Vec<Voice>, gone: &Entries) {
    voices.retain(|voice| !gone.contains(&voice.entry));
    for voice in voices {
        voice.hushed.retain(|entry| !gone.contains(entry));
    }
}

/// The other voices of a decision that fell wait again. Who has spoken since says that.
fn stand_again(strand: &mut Strand, fallen: Option<Decided>, gone: &Entries) {
    let Some(mut fallen) = fallen else { return };
    take_back_voices(&mut fallen.voices, gone);
    strand.voices.splice(0..0, fallen.voices);
}

/// Whether those who say the same give together what each has to.
fn is_whole(rule: &instrument::procedure::Step, to: &Option<Code>, voices: &[&Voice]) -> bool {
    let same = || voices.iter().filter(|voice| voice.to == *to);
    let needed = same().flat_map(|voice| crate::judge::must(rule, voice.choice.as_ref()));
    needed.into_iter().all(|field| same().any(|voice| voice.fields.contains_key(&field)))
}

/// Who was served by these was not: its clock starts anew, no later than if service had been deemed.
fn service_falls(clock: &mut Clock, gone: &Entries, high: Time) {
    if clock.noted.is_some() {
        return;
    }
    let fallen: Vec<_> = clock.served_by.extract_if(.., |_, (entry, _)| gone.contains(entry)).collect();
    for (who, (_, deemed)) in fallen {
        let base = high.min(deemed);
        if let Some(at) = clock.served.get_mut(&who) {
            *at = (*at).max(base);
        }
        if let Some(rest) = &mut clock.rest {
            rest.0 = rest.0.max(base);
        }
    }
}
