//! A step: void, for the first reason that there is, held, or what it does.

use act::Body;
use act::body::{Step, Tier};
use act::value::{FieldValue, Fields, File, MatterRef, StrandName, Word};
use instrument::Procedure;
use instrument::procedure::{ClockKind, Holds, Phrase, Step as Rule};
use terms::Code;

use crate::fields::{Beside, Given, void_if};
use crate::judge::{Child, Key, is_of_steps, must, opened_kind, strands_of, target};
use crate::matter::{Acted, Matter, Reason, Strand, Time, Voice, silence_leads};
use crate::model::Model;
use crate::who::{People, Place};

impl Model {
    pub(crate) fn step(&mut self, act: &Acted, step: &Step) -> Result<(), Reason> {
        let Some(matter) = self.matter(&step.matter) else { return Err("void unknown") };
        let key = matter.key;
        let names: Vec<StrandName> = matter.strands.iter().map(|strand| strand.name.clone()).collect();
        if step.strands.is_empty() && names.len() > 1 {
            return Err("void unknown");
        }
        let named = strands_of(&Body::Step(step.clone()), &names);
        let mut places = Vec::new();
        let mut held = Vec::new();
        for name in &named {
            let place = names.iter().position(|known| known == name);
            self.judge_step(act, step, key, place, &named)?;
            let place = place.expect("a strand");
            if self.is_held(act, step, key, place) { &mut held } else { &mut places }.push(place);
        }
        for place in held {
            let matter = self.matters.get_mut(&key).expect("it");
            matter.strands[place].clocks.get_mut(&step.step).expect("a clock").held.push(act.index);
            matter.touched.insert(act.index);
            self.say(act.index, "held");
        }
        let mut opened = 0;
        let counts = !places.is_empty();
        // In time or late is each by what stands before the act.
        let places: Vec<_> =
            places.into_iter().map(|place| (place, self.before(act, step, key, place))).collect();
        for (place, before) in places {
            let when = (act.at, act.high.expect("settled"));
            self.take(act, step, (key, place), before, when, &mut opened);
        }
        if counts {
            self.remember(key, act);
        }
        self.look_at_held_again(act.at, act.high.expect("settled"));
        Ok(())
    }

    /// What was said in a matter is known while it is open, and files for ever.
    pub(crate) fn remember(&mut self, key: Key, act: &Acted) {
        let files = match Self::plain_body(act) {
            Body::Open(open) => !open.files.is_empty(),
            Body::Step(step) => !step.files.is_empty(),
            _ => false,
        };
        if files {
            self.filed.insert(act.index);
        }
        let matter = self.matters.get_mut(&key).expect("it");
        matter.touched.insert(act.index);
        if matter.is_open() {
            matter.entries.insert(act.index);
        }
    }

    pub(crate) fn judge_step(
        &self,
        act: &Acted,
        step: &Step,
        key: Key,
        place: Option<usize>,
        named: &[StrandName],
    ) -> Result<(), Reason> {
        let matter = &self.matters[&key];
        let rule = matter.procedure.step(&step.step);
        let child = rule
            .and_then(|rule| opened_kind(rule, step.choice.as_ref()))
            .and_then(|kind| self.law_of(matter).procedures.get(kind));
        let given = Given::new(&step.fields, |name| {
            matter.procedure.fields.get(name).or_else(|| child?.fields.get(name))
        });
        void_if(given.excluded(self), "void excluded")?;
        void_if(given.unknown(self), "void unknown")?;
        let rule = rule.ok_or("void unknown")?;
        let strand = &matter.strands[place.ok_or("void unknown")?];
        let may = self.in_strand(matter, strand, |at| self.speakers(&rule.by, at)).contains(&act.of);
        void_if(!may || !self.may_transcribe(act), "void no-power")?;
        void_if(act.transcribed && rule.own_hand, "void own-hand")?;
        void_if(act.signers.len() < rule.eyes as usize, "void two-officers")?;
        void_if(given.vacant(self) || self.grants_to_vacant(&step.files), "void vacant")?;
        if !matter.is_possible(rule, strand.state()) {
            return Err(if strand.silences.contains(&step.step) { "void late" } else { "void wrong-state" });
        }
        self.form(act, step, matter, strand, rule, named)?;
        let prejudiced = matter.tier == Tier::WithoutPrejudice;
        void_if(prejudiced && !self.goes_to_them(matter, &step.files), "void form")?;
        let child = child.filter(|_| self.reaches(act, step, matter, strand, rule));
        void_if(
            prejudiced && child.is_some_and(|child| names_its_parent(child, matter)),
            "void not-citable",
        )?;
        void_if(given.cites_without_prejudice(self), "void not-citable")
    }

    /// Whether a file is granted to somebody whose seat is empty.
    pub(crate) fn grants_to_vacant(&self, files: &[File]) -> bool {
        files.iter().flat_map(|file| &file.grants).any(|grant| self.vacant.contains(&grant.to))
    }

    /// Whether all to whom files are granted are among those who see what is handed over in a matter.
    fn goes_to_them(&self, matter: &Matter, files: &[File]) -> bool {
        let all = |at: Place<'_>| -> People {
            matter.procedure.seen_by.iter().flat_map(|set| Self::set(set, at)).collect()
        };
        let strands = matter.strands.iter();
        let mut see: People = strands.flat_map(|strand| self.in_strand(matter, strand, all)).collect();
        see.insert(matter.opener.clone());
        files.iter().flat_map(|file| &file.grants).all(|grant| see.contains(&grant.to))
    }

    /// What it says.
    fn form(
        &self,
        act: &Acted,
        step: &Step,
        matter: &Matter,
        strand: &Strand,
        rule: &Rule,
        named: &[StrandName],
    ) -> Result<(), Reason> {
        let form = "void form";
        let to = target(rule, step.choice.as_ref()).ok_or(form)?;
        void_if(rule.needs_file && step.files.is_empty(), form)?;
        let child = opened_kind(rule, step.choice.as_ref());
        let child = child.and_then(|kind| self.law_of(matter).procedures.get(kind));
        let seen = matter.seen(strand);
        let beside: [Beside<'_>; 1] = [(&strand.values, &seen)];
        let place = |at: Place<'_>| {
            for (name, value) in &step.fields {
                let own = rule.fields.contains(name).then(|| &matter.procedure.fields[name]);
                if let Some(field) = own {
                    void_if(!self.fits((value, false), field, (Some(matter.id), &beside), at), form)?;
                } else {
                    void_if(child.is_none_or(|child| !child.fields.contains_key(name)), form)?;
                }
            }
            Ok(())
        };
        self.in_strand(matter, strand, place)?;
        // Whoever has no say any more binds nobody by what it said.
        let speakers = self.in_strand(matter, strand, |at| self.speakers(&rule.by, at));
        let mut earlier = strand.heard(&step.step);
        earlier.retain(|voice| voice.who != act.of && voice.to == to && speakers.contains(&voice.who));
        let must = must(rule, step.choice.as_ref());
        for (name, value) in step.fields.iter().filter(|(name, _)| rule.fields.contains(*name)) {
            let first = earlier.iter().find_map(|voice| voice.fields.get(name));
            void_if(!earlier.is_empty() && first != Some(value), form)?;
        }
        for name in must {
            let given = earlier.iter().any(|voice| voice.fields.contains_key(&name));
            void_if(!given && !step.fields.contains_key(&name), form)?;
        }
        let texts =
            |name: &Code| rule.fields.contains(name) && matter.procedure.fields[name].holds == Holds::Text;
        if matter.procedure.adopts.is_some() && step.fields.keys().any(texts) {
            let open = matter.strands.iter().filter(|strand| !matter.has_ended(strand.state()));
            void_if(!open.map(|strand| &strand.name).all(|name| named.contains(name)), form)?;
        }
        if self.reaches(act, step, matter, strand, rule) && child.is_some() {
            self.child(act, step, matter, strand, rule)?;
        }
        Ok(())
    }

    /// Whether this voice is the last that the decision needs.
    pub(crate) fn reaches(
        &self,
        act: &Acted,
        step: &Step,
        matter: &Matter,
        strand: &Strand,
        rule: &Rule,
    ) -> bool {
        let to = target(rule, step.choice.as_ref());
        let heard = strand.heard(&step.step).into_iter();
        let others = heard.filter(|voice| Some(&voice.to) == to.as_ref()).map(|voice| voice.who.clone());
        let voices: People = others.chain([act.of.clone()]).collect();
        self.in_strand(matter, strand, |at| self.enough(&rule.by, &voices, at))
    }

    /// What fields a decision fills: of each, the first voice's.
    pub(crate) fn filled(
        &self,
        act: &Acted,
        step: &Step,
        (matter, strand): (&Matter, &Strand),
        rule: &Rule,
    ) -> Fields {
        let to = target(rule, step.choice.as_ref()).unwrap_or_default();
        let mut out = Fields::new();
        let heard = strand.heard(&step.step).into_iter();
        let speakers = self.in_strand(matter, strand, |at| self.speakers(&rule.by, at));
        let is_other =
            |voice: &&Voice| voice.to == to && voice.who != act.of && speakers.contains(&voice.who);
        let others = heard.filter(is_other).map(|voice| &voice.fields);
        for fields in others.chain([&step.fields]) {
            for (name, value) in fields.iter().filter(|(name, _)| rule.fields.contains(*name)) {
                out.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        out
    }

    /// The matter that it would open.
    pub(crate) fn child(
        &self,
        act: &Acted,
        step: &Step,
        matter: &Matter,
        strand: &Strand,
        rule: &Rule,
    ) -> Result<Child, Reason> {
        let kind = opened_kind(rule, step.choice.as_ref()).ok_or("void form")?;
        let procedure = &self.law_of(matter).procedures[kind];
        let mut has = matter.seen(strand);
        has.extend(self.filled(act, step, (matter, strand), rule));
        has.extend(
            strand
                .values
                .iter()
                .map(|(name, value)| (name.clone(), FieldValue::One(Word::Code(value.clone())))),
        );
        let parent = match matter.id {
            MatterRef::Opened(id) => Word::Hash(id.0),
            MatterRef::ByStep(item) => Word::Item(item),
        };
        let mut fields = Fields::new();
        for (name, field) in &procedure.fields {
            let is_parent =
                matches!(&field.holds, Holds::Matter { kind: Some(kind), .. } if *kind == matter.kind);
            let copied =
                if is_parent { Some(FieldValue::One(parent.clone())) } else { has.get(name).cloned() };
            // A list of one is what a field of several holds.
            let copied = copied.map(|value| match value {
                FieldValue::One(word) if field.several => FieldValue::Several(vec![word]),
                value => value,
            });
            match (copied, step.fields.get(name)) {
                (Some(copied), Some(given)) if copied != *given => return Err("void form"),
                (None, Some(_)) if is_of_steps(procedure, name) => return Err("void form"),
                (Some(value), _) => fields.insert(name.clone(), value),
                (None, Some(given)) => fields.insert(name.clone(), given.clone()),
                (None, None) => None,
            };
        }
        let of = (self.law_of(matter), &act.of, Some(&matter.id));
        let strands = self.whole(procedure, &fields, &[], of)?;
        Ok(Child { kind: kind.clone(), fields, strands })
    }

    pub(crate) fn is_backwards(&self, matter: &Matter, strand: &Strand, step: &Code) -> bool {
        let timer = matter.procedure.step(step).and_then(|rule| rule.clock.as_ref());
        let phrase = timer.and_then(|timer| Self::phrase(&timer.due, &matter.seen(strand)));
        matches!(phrase, Some(Phrase::Before(..)))
    }

    /// Whether it comes after the due time of its clock, and what time counts.
    pub(crate) fn lateness(&self, act: &Acted, step: &Step, key: Key, place: usize) -> (bool, Time) {
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        let rule = matter.procedure.step(&step.step).expect("a step");
        let counted = self.counted(act, self.is_backwards(matter, strand, &step.step));
        let Some(clock) = strand.clocks.get(&step.step) else { return (false, counted) };
        if clock.noted.is_some() {
            return (true, counted);
        }
        let seen = matter.seen(strand);
        let times = self.times(matter, strand, clock, &seen);
        // An act that changes the date of its own clock is held to the date that it leaves, as written.
        let due = &rule.clock.as_ref().expect("a clock").due;
        let asked = self.clock_asks(matter, strand, clock);
        let leaves = Self::phrase(due, &seen)
            .filter(|_| Self::counts_by(due).iter().any(|field| step.fields.contains_key(*field)))
            .and_then(|phrase| Self::dated(self.law_of(matter), phrase, &seen, &asked));
        (times.is_some_and(|(due, _)| counted > leaves.unwrap_or(due)), counted)
    }

    pub(crate) fn is_held(&self, act: &Acted, step: &Step, key: Key, place: usize) -> bool {
        let matter = &self.matters[&key];
        let rule = matter.procedure.step(&step.step).expect("a step");
        let is_right = rule.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Until);
        is_right && silence_leads(rule).is_some() && self.lateness(act, step, key, place).0
    }
}

/// Whether a matter of this kind, opened by a step, names the one that it comes from.
fn names_its_parent(child: &Procedure, parent: &Matter) -> bool {
    let is_parent =
        |holds: &Holds| matches!(holds, Holds::Matter { kind: Some(kind), .. } if *kind == parent.kind);
    child.fields.values().any(|field| is_parent(&field.holds))
}
