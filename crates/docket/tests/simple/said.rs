//! What is said of what was said: corrections, withdrawals, confirmations, and that something arrived.

use act::Body;
use act::body::{Confirm, Correct, Serve, Withdraw};
use instrument::procedure::Holds;
use terms::Role;

use crate::fields::{Given, void_if};
use crate::judge::is_of_steps;
use crate::model::{Acted, Cause, Clock, Model, Reason, Strand, Time};

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
            let fits = self.in_strand(matter, strand, |at| self.fits(value, field, false, Some(matter), at));
            void_if(!allowed || barred || !fits, "void form")?;
        }
        let voiced = matter.strands.iter().any(|strand| !strand.voices.is_empty());
        void_if(matter.procedure.adopts.is_some() && voiced, "void form")?;
        let high = act.high.expect("settled");
        let after = matter.with(&correct.fields, rule.as_ref(), &standing);
        void_if(self.gains(matter, &after, &act.by, high), "void form")?;
        void_if(given.cites_without_prejudice(self), "void not-citable")?;
        self.fill(key, after, act.index, high);
        let matter = self.matters.get_mut(&key).expect("it");
        for place in standing {
            matter.strands[place].voices.clear();
        }
        self.say(act.index, "corrected");
        self.look_at_held_again(act.at, high);
        Ok(())
    }

    pub(crate) fn withdraw(&mut self, act: &Acted, withdraw: &Withdraw) -> Result<(), Reason> {
        let matter = withdraw.matter.and_then(|id| self.matter(&id)).ok_or("void unknown")?;
        let key = matter.key;
        let entry = self.acts.iter().find(|other| other.id == withdraw.entry).ok_or("void unknown")?;
        void_if(!matter.knows(entry), "void unknown")?;
        void_if(entry.of != act.by, "void no-power")?;
        void_if(matter.withdrawn.contains(&entry.index), "void wrong-state")?;
        let index = entry.index;
        let matter = self.matters.get_mut(&key).expect("it");
        matter.withdrawn.insert(index);
        for strand in &mut matter.strands {
            strand.voices.retain(|voice| voice.entry != index);
        }
        self.say(act.index, "withdrawn");
        Ok(())
    }

    pub(crate) fn confirm(&mut self, act: &Acted, confirm: &Confirm) -> Result<(), Reason> {
        let entry = self.acts.iter().find(|other| other.id == confirm.act).ok_or("void unknown")?;
        void_if(!self.transcripts.contains(&entry.index), "void unknown")?;
        void_if(entry.of != act.by, "void no-power")?;
        let index = entry.index;
        void_if(!self.confirmed.insert(index), "void wrong-state")?;
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
                && (matter.opener == act.by || entry.of == act.by)
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
            clock.cause == Cause::Entry(entry.index) || clock.anew.values().any(|(by, _)| *by == entry.index)
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
        act.high.is_none_or(|high| self.after(high, reach, None) >= then)
    }
}
