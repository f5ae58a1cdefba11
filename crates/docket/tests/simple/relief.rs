//! More time, pauses, cuts, and what is set aside.

use std::collections::BTreeMap;

use act::Body;
use instrument::procedure::StateKind;
use instrument::who::Deciders;
use terms::Role;

use crate::fields::void_if;
use crate::judge::{NOWHERE, strand_at, strands_of};
use crate::model::{Acted, Cause, CutSaid, Matter, Model, Reason, Sought, Stage, Strand, Time};
use crate::times::without;
use crate::who::People;

impl Model {
    fn may_relieve(&self, body: &Body) -> Option<Deciders> {
        let relief = &self.law.relief;
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
        let by = self.may_relieve(&act.body).expect("judged");
        let sought = &mut self.matters.get_mut(&key).expect("it").sought;
        let Some(()) = heard(sought, act, |voices| enough(&self.law, &self.vacant, &by, voices)) else {
            self.say(act.index, "sought");
            return Ok(());
        };
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
        let by = self.may_relieve(&act.body).ok_or("void no-power")?;
        void_if(!self.speakers(&by, NOWHERE).contains(&act.of), "void no-power")?;
        let (form, high) = ("void form", act.high.expect("settled"));
        match &act.body {
            Body::Extend(extend) => {
                let ran_out = strand.silences.contains(&extend.step);
                let clock = strand.clocks.get(&extend.step);
                let clock = clock.ok_or(if ran_out { "void late" } else { form })?;
                void_if(clock.noted.is_some(), "void late")?;
                void_if(self.times(matter, strand, clock, &matter.seen(strand)).is_none(), form)?;
                let bounds = self.law.relief.extend.as_ref().expect("judged");
                void_if(extend.seconds > bounds.most.0 || clock.extensions >= bounds.times, form)
            }
            Body::Suspend(suspend) => {
                let (_, most) = self.law.relief.suspend.as_ref().expect("judged");
                let runs = strand.clocks.values().any(|clock| clock.noted.is_none());
                let before: u64 = strand
                    .suspended
                    .iter()
                    .zip(&strand.suspended_in)
                    .filter(|(_, stage)| **stage == strand.life.len())
                    .map(|((from, to), _)| to - from)
                    .sum();
                void_if(!(runs || strand.clocks.is_empty() && strand.silences.is_empty()), "void late")?;
                void_if(!runs || is_suspended(strand, high).is_some(), form)?;
                void_if(before + suspend.seconds > most.0, form)
            }
            Body::Resume(_) => void_if(is_suspended(strand, high).is_none(), form),
            Body::SetAside(set_aside) => {
                let been = strand.life.iter().any(|stage| stage.state == set_aside.to);
                let kind = matter.procedure.state(&set_aside.to).map(|state| state.kind);
                let back = matches!(kind, Some(StateKind::Waiting | StateKind::Rest));
                void_if(!been || !back || strand.came, form)
            }
            _ => Ok(()),
        }
    }

    fn give(&mut self, act: &Acted, key: (u64, u32), place: usize) {
        let high = act.high.expect("settled");
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
                strand.suspended_in.push(strand.life.len());
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

    pub(crate) fn cut(&mut self, act: &Acted) -> Result<(), Reason> {
        let Body::Cut(cut) = &act.body else { return Ok(()) };
        void_if(self.law.exclusion_list().names(cut.participant.as_str()).is_some(), "void excluded")?;
        void_if(!self.law.participants.contains_key(&cut.participant), "void unknown")?;
        let by = self.may_relieve(&act.body).ok_or("void no-power")?;
        let role = matches!(self.law.role(&act.by), Some(Role::Guarantor | Role::Monitor));
        let may = role && self.speakers(&by, NOWHERE).contains(&act.by) && act.by != cut.participant;
        void_if(!may, "void no-power")?;
        let high = act.high.expect("settled");
        let earliest = act.at - self.law.calendar.carriage.0;
        let (from, to) = (cut.from.secs().max(earliest), cut.to.secs().min(high));
        let mut known = self.dead.clone();
        known.extend(self.cuts.iter().filter(|c| c.who == cut.participant).map(|c| (c.from, c.to)));
        void_if(from >= to, "void form")?;
        let left: u64 = without((from, to), &known).iter().map(|(from, to)| to - from).sum();
        void_if(left < 3_600, "void form")?;
        let Some(()) =
            heard(&mut self.sought_cuts, act, |voices| enough(&self.law, &self.vacant, &by, voices))
        else {
            self.say(act.index, "sought");
            return Ok(());
        };
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

fn enough(law: &instrument::Instrument, vacant: &People, by: &Deciders, voices: &People) -> bool {
    let mut model = Model::new(law.clone(), &[]);
    model.vacant.clone_from(vacant);
    model.enough(by, voices, NOWHERE)
}

/// Puts down a voice for relief; gives whether it is the last that was needed, and then forgets all of them.
fn heard(all: &mut Vec<Sought>, act: &Acted, enough: impl Fn(&People) -> bool) -> Option<()> {
    let place = all.iter().position(|sought| sought.body == act.body).unwrap_or_else(|| {
        all.push(Sought { body: act.body.clone(), voices: BTreeMap::new() });
        all.len() - 1
    });
    all[place].voices.entry(act.by.clone()).or_default().push(act.index);
    if enough(&all[place].voices.keys().cloned().collect()) {
        all.remove(place);
        return Some(());
    }
    None
}
