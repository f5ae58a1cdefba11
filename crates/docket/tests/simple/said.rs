//! What is said of what was said: corrections, withdrawals, confirmations, and that something arrived.

use std::collections::{BTreeMap, BTreeSet};

use act::Body;
use act::body::{Confirm, Correct, Serve, Withdraw};
use act::value::FieldValue;
use instrument::procedure::Holds;
use terms::{ActId, Code, ParticipantId, Role};

use crate::fields::{Beside, Given, void_if};
use crate::judge::is_of_steps;
use crate::matter::{Acted, Cause, Clock, Filled, Reason, Strand, Time};
use crate::model::{HandedIn, Model};

impl Model {
    pub(crate) fn correct(&mut self, act: &Acted, correct: &Correct) -> Result<(), Reason> {
        let matter = self.matter(&correct.matter).ok_or("void unknown")?;
        let key = matter.key;
        let given = Given::new(&correct.fields, |name| matter.procedure.fields.get(name));
        void_if(given.excluded(self), "void excluded")?;
        void_if(given.unknown(self), "void unknown")?;
        let entry = self.acts.iter().find(|other| other.id == correct.entry).ok_or("void unknown")?;
        void_if(!matter.knows(entry), "void unknown")?;
        let opens = entry.index == key.0;
        let rule = match Self::plain_body(entry) {
            Body::Step(step) if !opens => matter.procedure.step(&step.step).cloned(),
            _ if opens => None,
            _ => return Err("void unknown"),
        };
        void_if(entry.of != act.by, "void no-power")?;
        let eyes = rule.as_ref().map_or(1, |rule| rule.eyes as usize);
        void_if(act.signers.len() < eyes, "void two-officers")?;
        void_if(given.vacant(self), "void vacant")?;
        let stands = |strand: &Strand| strand.led == Cause::Entry(entry.index);
        let standing: Vec<usize> =
            (0..matter.strands.len()).filter(|place| stands(&matter.strands[*place])).collect();
        let has_own = |strand: &Strand| correct.fields.keys().any(|name| strand.fields.contains_key(name));
        let all = standing.len() == matter.strands.len() && !matter.strands.iter().any(has_own);
        let enough = if opens { all } else { !standing.is_empty() };
        void_if(!enough || !matter.is_open(), "void wrong-state")?;
        for (name, value) in &correct.fields {
            let field = matter.procedure.fields.get(name).ok_or("void form")?;
            let allowed = match &rule {
                Some(rule) => rule.fields.contains(name),
                None => !is_of_steps(&matter.procedure, name),
            };
            let barred = matter.procedure.strands.contains(name) || field.holds == Holds::Text;
            let strand = &matter.strands[standing[0]];
            let seen: Vec<_> = standing.iter().map(|place| matter.seen(&matter.strands[*place])).collect();
            let values = standing.iter().map(|place| &matter.strands[*place].values);
            let beside: Vec<Beside<'_>> = values.zip(&seen).collect();
            let own = (Some(matter.id), &beside[..]);
            let fits = self.in_strand(matter, strand, |at| self.fits((value, false), field, own, at));
            // What several agreed on none of them says anew alone.
            let one = |by| self.in_strand(matter, strand, |at| Self::one_decides(by, at));
            let shared = rule.as_ref().is_some_and(|rule| !one(&rule.by));
            void_if(!allowed || barred || !fits || shared, "void form")?;
        }
        let voiced = matter.strands.iter().any(|strand| !strand.waiting().is_empty());
        void_if(matter.procedure.adopts.is_some() && voiced, "void form")?;
        let high = act.high.expect("settled");
        let mut after = matter.with(&correct.fields, rule.as_ref(), &standing);
        let bind = |place: &usize| {
            let strand = &after.strands[*place];
            Self::bind(self.law_of(matter), &matter.procedure, &strand.values, &after.seen(strand))
        };
        // What does not change was judged when it was given.
        let binds = |(name, value): (&Code, &FieldValue)| {
            let is_one = name.as_str() == "bearer" || matter.procedure.fields[name].holds == Holds::Provision;
            is_one
                && standing.iter().any(|place| matter.seen(&matter.strands[*place]).get(name) != Some(value))
        };
        void_if(correct.fields.iter().any(binds) && !standing.iter().all(bind), "void form")?;
        void_if(self.gains(matter, &after, &act.by, high), "void form")?;
        void_if(given.cites_without_prejudice(self), "void not-citable")?;
        for (field, value) in &correct.fields {
            let of_all = matter.is_of_all(rule.as_ref());
            let owners: Vec<Option<usize>> =
                if of_all { vec![None] } else { standing.iter().copied().map(Some).collect() };
            for own in owners {
                after.filled.push(Filled {
                    entry: act.index,
                    corrects: Some(entry.index),
                    own,
                    field: field.clone(),
                    moved: None,
                    by: BTreeSet::from([act.index]),
                    before: matter.kept(own, field).cloned(),
                    after: value.clone(),
                });
            }
        }
        after.touched.insert(act.index);
        for place in standing {
            after.strands[place].hush(act.index, &|_| true);
        }
        self.fill((key, false), after, act.when());
        self.say(act.index, "corrected");
        self.look_at_held_again(act.at, high);
        Ok(())
    }

    pub(crate) fn withdraw(&mut self, act: &Acted, withdraw: &Withdraw) -> Result<(), Reason> {
        let matter = withdraw.matter.and_then(|id| self.matter(&id)).ok_or("void unknown")?;
        let key = matter.key;
        let entry = self.acts.iter().find(|other| other.id == withdraw.entry).ok_or("void unknown")?;
        let for_relief = matter.sought.iter().any(|sought| sought.has(entry.index));
        void_if(!matter.knows(entry) && !for_relief, "void unknown")?;
        void_if(entry.of != act.by, "void no-power")?;
        void_if(matter.withdrawn.contains_key(&entry.index), "void wrong-state")?;
        let index = entry.index;
        let matter = self.matters.get_mut(&key).expect("it");
        matter.withdrawn.insert(index, act.index);
        matter.touched.insert(act.index);
        for strand in &mut matter.strands {
            strand.hush(act.index, &|voice| voice == index);
        }
        for sought in &mut matter.sought {
            sought.withdraw(index, act.index);
        }
        self.say(act.index, "withdrawn");
        Ok(())
    }

    /// A stamp on another act, that may have been in time by it.
    pub(crate) fn stamp(&mut self, act: &Acted, (on, who, at): &(ActId, ParticipantId, Time)) {
        let known = self.acts.iter().any(|other| other.id == *on && other.settled);
        if !known {
            self.handed_in.push(HandedIn { entry: act.index, on: *on, by: who.clone(), at: *at });
        }
        if let Some(stamped) = self.acts.iter_mut().find(|other| other.id == *on) {
            stamped.stamps.push((who.clone(), *at));
            let (entry, stamped) = (stamped.index, stamped.clone());
            for key in self.matters.keys().copied().collect::<Vec<_>>() {
                for place in 0..self.matters[&key].strands.len() {
                    let matter = &self.matters[&key];
                    let strand = &matter.strands[place];
                    let labels = strand.labels.iter().map(|label| {
                        self.counted(&stamped, self.is_backwards(matter, strand, &label.clock.step))
                    });
                    let counted: Vec<Time> = labels.collect();
                    let strand = crate::judge::strand_at(self, key, place);
                    for (label, counted) in strand.labels.iter_mut().zip(counted) {
                        if label.entry == entry {
                            label.counted = label.counted.min(counted);
                        }
                    }
                }
            }
        }
        let open = |model: &Model| {
            let strands = model.matters.iter().flat_map(|(key, matter)| {
                matter.strands.iter().enumerate().map(move |(place, strand)| ((*key, place), strand))
            });
            let waits = strands.map(|(at, strand)| {
                (
                    at,
                    strand.labels.len() + strand.clocks.values().map(|clock| clock.held.len()).sum::<usize>(),
                )
            });
            waits.collect::<BTreeMap<_, _>>()
        };
        let before = open(self);
        self.look_at_held_again(act.at, act.high.expect("settled"));
        let after = open(self);
        let helped = before.iter().filter(|(at, waits)| after.get(at).is_none_or(|now| now < waits));
        self.helped.insert(act.index, helped.map(|(at, _)| *at).collect());
    }

    pub(crate) fn confirm(&mut self, act: &Acted, confirm: &Confirm) -> Result<(), Reason> {
        let entry = self.acts.iter().find(|other| other.id == confirm.act).ok_or("void unknown")?;
        let index = entry.index;
        let said = self.transcripts.get(&index).ok_or("void unknown")?;
        void_if(entry.of != act.by, "void no-power")?;
        void_if(!said.is_empty(), "void wrong-state")?;
        self.transcripts.get_mut(&index).expect("it").push((act.index, false));
        self.say(act.index, "confirmed");
        Ok(())
    }

    pub(crate) fn serve(&mut self, place: usize, act: &Acted, serve: &Serve) -> Result<(), Reason> {
        void_if(self.law.exclusion_list().names(serve.on.as_str()).is_some(), "void excluded")?;
        void_if(!self.law.participants.contains_key(&serve.on), "void unknown")?;
        let entry = self.acts.iter().find(|other| other.id == serve.act && other.index < act.index);
        let entry = entry.filter(|entry| self.is_known(entry, act)).ok_or("void unknown")?;
        let serves = matches!(self.law.role(&act.by), Some(Role::Guarantor | Role::Monitor));
        let gains = self.matters.values().any(|matter| {
            let waits = |strand: &Strand, clock: &Clock| {
                clock.asks(&serve.on).0 == Cause::Entry(entry.index)
                    && clock.noted.is_none()
                    && Self::waits_for_service(matter, strand, clock)
                    && !clock.served.contains_key(&serve.on)
            };
            let asks =
                |strand: &Strand, clock: &Clock| self.clock_asks(matter, strand, clock).contains(&serve.on);
            matter
                .strands
                .iter()
                .any(|strand| strand.clocks.values().any(|c| waits(strand, c) && asks(strand, c)))
                && (matter.opener == act.by || entry.of == act.by || entry.by == act.by)
        });
        void_if(!serves || serve.on == act.by || gains, "void no-power")?;
        void_if(self.vacant.contains(&serve.on), "void vacant")?;
        self.acts[place].serves = Some((entry.index, serve.on.clone()));
        Ok(())
    }

    /// Whether an act is one that may be put on record as delivered: it opened a matter, a clock counts from it, or it is so
    /// recent that a disowning may still reach it.
    pub(crate) fn is_known(&self, entry: &Acted, now: &Acted) -> bool {
        let by_it = |clock: &Clock| {
            let by_it = |(by, _): &(u64, Time)| *by == entry.index;
            clock.noted.is_none()
                && (clock.cause == Cause::Entry(entry.index) || clock.anew.values().any(by_it))
        };
        let strands = || self.matters.values().flat_map(|matter| &matter.strands);
        self.filed.contains(&entry.index)
            || self.matters.contains_key(&(entry.index, 0))
            || strands().any(|strand| strand.clocks.values().any(by_it))
            || self.is_in_reach(entry, now.high.expect("settled"))
    }

    /// Whether a disowning that is final by then could still reach an act.
    pub(crate) fn is_in_reach(&self, act: &Acted, then: Time) -> bool {
        let reach = 72 * 3600 + self.law.calendar.carriage.0;
        !act.beyond && act.high.is_none_or(|high| self.after(high, reach, None) >= then)
    }
}
