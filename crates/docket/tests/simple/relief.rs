//! More time, pauses, cuts, and what is set aside.

use std::collections::{BTreeMap, BTreeSet};

use act::Body;
use instrument::Instrument;
use instrument::procedure::StateKind;
use instrument::who::Deciders;
use terms::{ParticipantId, Role};

use crate::fields::void_if;
use crate::judge::{strand_at, strands_of};
use crate::matter::{
    Acted, Came, Cause, Clock, CutSaid, Did, Matter, Reason, Sought, Stage, Strand, Time, When,
};
use crate::model::Model;
use crate::times::without;
use crate::who::People;

impl Model {
    fn may_relieve(law: &Instrument, body: &Body) -> Option<Deciders> {
        let relief = &law.relief;
        match body {
            Body::Extend(_) => relief.extend.as_ref().map(|extend| extend.by.clone()),
            Body::Suspend(_) | Body::Resume(_) => relief.suspend.as_ref().map(|(by, _)| by.clone()),
            Body::Cut(_) => relief.cut.as_ref().map(|(by, _)| by.clone()),
            Body::SetAside(_) => relief.set_aside.clone(),
            _ => None,
        }
    }

    pub(crate) fn relief(&mut self, act: &Acted) -> Result<(), Reason> {
        let matter = act.body.matter().and_then(|id| self.matter(&id)).ok_or("void unknown")?;
        let key = matter.key;
        let names: Vec<_> = matter.strands.iter().map(|strand| strand.name.clone()).collect();
        let named = strands_of(&act.body, &names);
        let says_none = match &act.body {
            Body::Extend(b) => b.strands.is_empty(),
            Body::Suspend(b) => b.strands.is_empty(),
            Body::Resume(b) => b.strands.is_empty(),
            Body::SetAside(b) => b.strands.is_empty(),
            _ => false,
        };
        void_if(says_none && names.len() > 1, "void unknown")?;
        let mut places = Vec::new();
        for name in &named {
            let place = names.iter().position(|known| known == name).ok_or("void unknown")?;
            self.judge_relief(act, &self.matters[&key], &self.matters[&key].strands[place])?;
            places.push(place);
        }
        let law = self.law_of(&self.matters[&key]).clone();
        let by = Self::may_relieve(&law, &act.body).expect("judged");
        let sought = &mut self.matters.get_mut(&key).expect("it").sought;
        let Some(sought) = heard(sought, act, |voices| enough(&law, &self.vacant, &by, voices)) else {
            self.say(act.index, "sought");
            return Ok(());
        };
        let (entry, at) = (act.index, act.at);
        self.came.push(Came { entry, at, key: Some(key), sought, by, law, done: Vec::new() });
        for place in places {
            self.give(act, key, place);
        }
        self.look_at_held_again(act.at, act.high.expect("settled"));
        Ok(())
    }

    fn judge_relief(&self, act: &Acted, matter: &Matter, strand: &Strand) -> Result<(), Reason> {
        if let Body::Extend(extend) = &act.body {
            void_if(matter.procedure.step(&extend.step).is_none(), "void unknown")?;
        }
        let law = self.law_of(matter);
        let by = Self::may_relieve(law, &act.body).ok_or("void no-power")?;
        void_if(!self.speakers(&by, Self::nowhere(law)).contains(&act.of), "void no-power")?;
        let (form, high) = ("void form", act.high.expect("settled"));
        match &act.body {
            Body::Extend(extend) => {
                let ran_out = strand.silences.contains(&extend.step);
                let clock = strand.clocks.get(&extend.step);
                let clock = clock.ok_or(if ran_out { "void late" } else { form })?;
                void_if(clock.noted.is_some(), "void late")?;
                void_if(self.times(matter, strand, clock, &matter.seen(strand)).is_none(), form)?;
                let bounds = law.relief.extend.as_ref().expect("judged");
                void_if(extend.seconds > bounds.most.0 || clock.extensions >= bounds.times, form)
            }
            Body::Suspend(suspend) => {
                let (_, most) = law.relief.suspend.as_ref().expect("judged");
                let runs = strand.clocks.values().any(|clock| clock.noted.is_none());
                let before: u64 = strand
                    .suspended
                    .iter()
                    .zip(&strand.suspended_in)
                    .filter(|(_, (stage, _))| *stage == strand.life.len())
                    .map(|((from, to), _)| to - from)
                    .sum();
                void_if(!(runs || strand.clocks.is_empty() && strand.silences.is_empty()), "void late")?;
                void_if(!runs || is_suspended(strand, high).is_some(), form)?;
                void_if(before + suspend.seconds > most.0, form)
            }
            Body::Resume(_) => void_if(is_suspended(strand, high).is_none(), form),
            Body::SetAside(set_aside) => {
                let been = strand.been().any(|state| *state == set_aside.to);
                let kind = matter.procedure.state(&set_aside.to).map(|state| state.kind);
                let back = matches!(kind, Some(StateKind::Waiting | StateKind::Rest));
                void_if(!been || !back || strand.came, form)
            }
            _ => Ok(()),
        }
    }

    fn give(&mut self, act: &Acted, key: (u64, u32), place: usize) {
        let high = act.high.expect("settled");
        let did = self.did(act, self.matters[&key].strands.get(place).expect("it"));
        let came = self.came.last_mut().expect("it came");
        came.done.extend(did.map(|did| (place, did)));
        let strand = strand_at(self, key, place);
        match &act.body {
            Body::Extend(extend) => {
                let clock = strand.clocks.get_mut(&extend.step).expect("judged");
                clock.extended += extend.seconds;
                clock.extensions += 1;
                let base = clock.base;
                for label in &mut strand.labels {
                    if label.clock.step == extend.step && label.clock.base == base {
                        label.clock.extended += extend.seconds;
                    }
                }
            }
            Body::Suspend(suspend) => {
                strand.suspended.push((high, high + suspend.seconds));
                strand.suspended_in.push((strand.life.len(), act.index));
            }
            Body::Resume(_) => {
                let place = is_suspended(strand, high).expect("judged");
                strand.suspended[place].1 = high;
            }
            Body::SetAside(set_aside) => {
                let stage = Stage {
                    state: set_aside.to.clone(),
                    since: act.at,
                    base: high,
                    cause: Cause::Entry(act.index),
                    entry: act.index,
                    on_nothing: false,
                };
                self.enter_state((key, place), stage, None, None);
                self.say(act.index, "set-aside");
            }
            _ => {}
        }
    }

    fn did(&self, act: &Acted, strand: &Strand) -> Option<Did> {
        match &act.body {
            Body::Extend(extend) => {
                let cause = strand.clocks[&extend.step].cause;
                Some(Did::Extended(extend.step.clone(), cause, extend.seconds))
            }
            Body::Suspend(_) => Some(Did::Suspended),
            Body::Resume(_) => {
                let place = is_suspended(strand, act.high.expect("settled")).expect("judged");
                Some(Did::Resumed(strand.suspended_in[place].1, strand.suspended[place].1))
            }
            _ => None,
        }
    }

    /// What these asked for is not asked for, and what would not have come without them goes. Gives what completed that.
    pub(crate) fn take_back_relief(&mut self, gone: &BTreeSet<u64>, by: When) -> Vec<u64> {
        for matter in self.matters.values_mut() {
            take_back_from(&mut matter.sought, gone);
            for left in matter.strands.iter_mut().flat_map(|strand| &mut strand.left) {
                take_back_from(&mut left.sought, gone);
            }
        }
        take_back_from(&mut self.sought_cuts, gone);
        let falls = |came: &Came| {
            let all = &came.sought.voices;
            let left = all.iter().filter(|(_, entries)| !entries.iter().all(|entry| gone.contains(entry)));
            let left: People = left.map(|(who, _)| who.clone()).collect();
            left.len() < all.len() && !enough(&came.law, &self.vacant, &came.by, &left)
        };
        let (mut fallen, mut kept): (Vec<Came>, Vec<Came>) =
            std::mem::take(&mut self.came).into_iter().partition(falls);
        let entries: Vec<u64> = fallen.iter().map(|came| came.entry).collect();
        // A pause that nobody asked for was not resumed.
        for came in fallen.iter_mut().chain(&mut kept) {
            came.done.retain(|(_, did)| !matches!(did, Did::Resumed(pause, _) if entries.contains(pause)));
        }
        for came in &mut kept {
            take_back_voices(std::slice::from_mut(&mut came.sought), gone);
        }
        self.came = kept;
        for came in fallen {
            let mut sought = vec![came.sought.clone()];
            take_back_from(&mut sought, gone);
            if self.is_still_there(&came) {
                sought.into_iter().for_each(|sought| self.seek_again(came.key, sought));
            }
            self.undo(&came, by);
            self.look_at_held_again(by.at, by.high);
        }
        entries
    }

    /// Whether no strand that it was for has entered a state since.
    fn is_still_there(&self, came: &Came) -> bool {
        let Some(key) = came.key else { return true };
        let matter = &self.matters[&key];
        let names: Vec<_> = matter.strands.iter().map(|strand| strand.name.clone()).collect();
        let named = strands_of(&came.sought.body, &names);
        matter.strands.iter().filter(|strand| named.contains(&strand.name)).all(|strand| {
            let since = strand.stage().since;
            match strand.led {
                Cause::Entry(entry) => since <= came.at && (entry <= came.entry || since < came.at),
                Cause::Silence(_) => since < came.at,
            }
        })
    }

    pub(crate) fn seek_again(&mut self, key: Option<(u64, u32)>, sought: Sought) {
        let all = match key {
            Some(key) => &mut self.matters.get_mut(&key).expect("it").sought,
            None => &mut self.sought_cuts,
        };
        let Some(other) = all.iter_mut().find(|other| other.body == sought.body) else {
            return all.push(sought);
        };
        for (who, entries) in sought.voices {
            let said = other.voices.entry(who).or_default();
            said.extend(entries);
            said.sort_unstable();
        }
        other.withdrawn.extend(sought.withdrawn);
    }

    fn undo(&mut self, came: &Came, by: When) {
        let grace = by.high + 24 * 3600;
        if let Body::Cut(cut) = &came.sought.body {
            self.never_before(grace, &cut.participant, by.high);
            self.cuts.retain(|known| known.entry != came.entry);
        }
        for (place, did) in &came.done {
            let key = came.key.expect("of a matter");
            let times = self.all_times(key, *place);
            let strand = strand_at(self, key, *place);
            let running = strand.clocks.values_mut().chain(strand.labels.iter_mut().map(|l| &mut l.clock));
            match did {
                Did::Extended(step, cause, seconds) => {
                    for (clock, times) in running.zip(times) {
                        if clock.step == *step && clock.cause == *cause {
                            clock.not_before(times, grace);
                            clock.take_off(*seconds);
                        }
                    }
                    let left = strand.left.iter_mut().filter_map(|left| left.was.clocks.get_mut(step));
                    let done = strand.done.iter_mut().filter(|done| done.step == *step);
                    let over = left.chain(done.filter_map(|done| done.clock.as_mut()));
                    over.filter(|clock| clock.cause == *cause).for_each(|clock| clock.take_off(*seconds));
                }
                Did::Suspended => {
                    running.zip(times).for_each(|(clock, times)| clock.not_before(times, grace));
                    for (out, (_, entry)) in strand.suspended.iter_mut().zip(&strand.suspended_in) {
                        if *entry == came.entry {
                            out.1 = out.1.min(by.high.max(out.0));
                        }
                    }
                }
                Did::Resumed(pause, until) => {
                    let stands = strand.suspended.last().is_some_and(|(_, to)| *to > by.high);
                    if *until > by.high && !stands {
                        strand.suspended.push((by.high, *until));
                        strand.suspended_in.push((strand.life.len(), *pause));
                    }
                }
            }
        }
    }

    /// The times of each clock of a strand, and of each label on one.
    fn all_times(&self, key: (u64, u32), place: usize) -> Vec<Option<(Time, Time)>> {
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        let all = strand.clocks.values().chain(strand.labels.iter().map(|label| &label.clock));
        all.map(|clock| self.times(matter, strand, clock, &matter.seen(strand))).collect()
    }

    /// No clock that asks somebody loses what it has by a cut that goes.
    fn never_before(&mut self, grace: Time, who: &ParticipantId, high: Time) {
        let keys: Vec<_> = self.matters.keys().copied().collect();
        for key in keys {
            for place in 0..self.matters[&key].strands.len() {
                let times = self.all_times(key, place);
                let matter = &self.matters[&key];
                let strand = &matter.strands[place];
                let all = strand.clocks.values().chain(strand.labels.iter().map(|label| &label.clock));
                let each: Vec<(bool, Time)> = all
                    .map(|clock| {
                        let asked = self.clock_asks(matter, strand, clock);
                        (asked.contains(who), self.served(matter, clock, who, high).1)
                    })
                    .collect();
                let strand = strand_at(self, key, place);
                let all = strand.clocks.values_mut().chain(strand.labels.iter_mut().map(|l| &mut l.clock));
                for ((clock, times), (asks, deemed)) in all.zip(times).zip(each) {
                    if !asks {
                        continue;
                    }
                    clock.not_before(times, grace);
                    let open = clock.deemed_open.entry(who.clone()).or_default();
                    *open = (*open).max(deemed.min(high));
                }
            }
        }
    }

    pub(crate) fn cut(&mut self, act: &Acted) -> Result<(), Reason> {
        let Body::Cut(cut) = &act.body else { return Ok(()) };
        void_if(self.law.exclusion_list().names(cut.participant.as_str()).is_some(), "void excluded")?;
        void_if(!self.law.participants.contains_key(&cut.participant), "void unknown")?;
        let by = Self::may_relieve(&self.law, &act.body).ok_or("void no-power")?;
        let role = matches!(self.law.role(&act.by), Some(Role::Guarantor | Role::Monitor));
        let may = role
            && self.speakers(&by, Self::nowhere(&self.law)).contains(&act.by)
            && act.by != cut.participant;
        void_if(!may, "void no-power")?;
        let high = act.high.expect("settled");
        let earliest = act.at - self.law.calendar.carriage.0;
        let (from, to) = (cut.from.secs().max(earliest), cut.to.secs().min(high));
        let mut known = self.dead.clone();
        known.extend(self.cuts.iter().filter(|c| c.who == cut.participant).map(|c| (c.from, c.to)));
        void_if(from >= to, "void form")?;
        let left: u64 = without((from, to), &known).iter().map(|(from, to)| to - from).sum();
        void_if(left < 3_600, "void form")?;
        let Some(sought) =
            heard(&mut self.sought_cuts, act, |voices| enough(&self.law, &self.vacant, &by, voices))
        else {
            self.say(act.index, "sought");
            return Ok(());
        };
        let (entry, at) = (act.index, act.at);
        self.came.push(Came { entry, at, key: None, sought, by, law: self.law.clone(), done: Vec::new() });
        self.cuts.push(CutSaid { entry: act.index, who: cut.participant.clone(), from, to });
        self.say(act.index, "cut");
        self.look_at_held_again(act.at, high);
        Ok(())
    }
}

/// Which of its suspensions a strand is in.
fn is_suspended(strand: &Strand, at: Time) -> Option<usize> {
    strand.suspended.iter().position(|(from, to)| (*from..*to).contains(&at))
}

fn enough(law: &Instrument, vacant: &People, by: &Deciders, voices: &People) -> bool {
    let mut model = Model::new(law.clone(), &[]);
    model.vacant.clone_from(vacant);
    model.enough(by, voices, Model::nowhere(law))
}

/// Puts down a voice for relief; gives whether it is the last that was needed, and then forgets all of them.
fn heard(all: &mut Vec<Sought>, act: &Acted, enough: impl Fn(&People) -> bool) -> Option<Sought> {
    let place = all.iter().position(|sought| sought.body == act.body).unwrap_or_else(|| {
        all.push(Sought { body: act.body.clone(), voices: BTreeMap::new(), withdrawn: Vec::new() });
        all.len() - 1
    });
    all[place].voices.entry(act.by.clone()).or_default().push(act.index);
    if enough(&all[place].voices.keys().cloned().collect()) {
        return Some(all.remove(place));
    }
    None
}

impl Clock {
    /// What moves it back does not move it before this, unless it had less.
    fn not_before(&mut self, times: Option<(Time, Time)>, moment: Time) {
        if let (Some((due, closes)), None) = (times, self.noted) {
            self.floor = self.floor.max(due.min(moment));
            self.open = self.open.max(closes.min(moment));
        }
    }

    /// Takes an extension off, from what was left if it was gone back to.
    fn take_off(&mut self, seconds: u64) {
        self.extensions = self.extensions.saturating_sub(1);
        match (self.extended.checked_sub(seconds), &mut self.rest) {
            (Some(extended), _) => self.extended = extended,
            (None, Some((_, rest))) => *rest = rest.saturating_sub(seconds),
            (None, None) => {}
        }
    }
}

pub(crate) fn take_back_voices(all: &mut [Sought], gone: &BTreeSet<u64>) {
    for sought in all.iter_mut() {
        let again = sought.withdrawn.extract_if(.., |(by, ..)| gone.contains(by)).collect::<Vec<_>>();
        for (_, who, entry) in again {
            let entries = sought.voices.entry(who).or_default();
            entries.push(entry);
            entries.sort_unstable();
        }
        sought.withdrawn.retain(|(_, _, entry)| !gone.contains(entry));
        sought.voices.values_mut().for_each(|entries| entries.retain(|entry| !gone.contains(entry)));
        sought.voices.retain(|_, entries| !entries.is_empty());
    }
}

/// The same; what nobody asks for any more goes.
pub(crate) fn take_back_from(all: &mut Vec<Sought>, gone: &BTreeSet<u64>) {
    take_back_voices(all, gone);
    all.retain(Sought::is_something);
}
