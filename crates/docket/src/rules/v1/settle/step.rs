//! A step in a matter: PROCEDURE §3, in its order, then what it does (4.2, 4.3).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use act::body::Step as StepBody;
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use instrument::Procedure;
use instrument::procedure::{ClockKind, Field, Holds, Leads, Opens, Phrase, Silence, Step};
use instrument::tally::{Needs, Outcome, Target};
use terms::{ActId, Code, Instant, Item, ItemPart, Kind};

use super::opening::{
    Entering, Opening, asked, date_of, first_tier, grants_vacant, names_excluded, names_vacant,
};
use super::{Context, Settled, Settlement, StrandKey, VoidReason, check_hand};
use crate::rules::v1::clock::{Days, Length};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit;
use crate::rules::v1::law::{fields_of, has_ended, is_possible, phrase_of};
use crate::rules::v1::matter::{
    Armed, Decision, Done, Filled, HeldStep, Left, Matter, MatterKey, OpenLabel, Said, Strand, Voice, Voices,
    Waiting, alone, given_for, must_of,
};

/// What a step comes to in one strand.
enum Lateness {
    /// It counts, in time or with nobody waiting.
    InTime,
    /// It counts, late, with this counted time: with an open label, if its clock has not closed.
    Late(Instant),
    /// It waits for a stamp.
    Held(Instant),
}

/// A step that was judged good in one strand.
struct Judged {
    to: Target,
    /// The kind of matter that it opens, if it completes the decision.
    opens: Option<Code>,
}

/// What a voice comes to among the others of its step.
struct Heard {
    outcome: Outcome,
    /// The voices that stood, and this one.
    voices: Voices,
    /// What it takes; none if this one alone decides.
    needs: Option<Needs>,
}

impl Settlement {
    pub(super) fn step(
        &mut self,
        settled: &Settled,
        body: &StepBody,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let index = self.matter_index(&body.matter);
        let procedure = index.ok().and_then(|index| self.procedure_of(index));
        if let Some(procedure) = &procedure {
            names_excluded(procedure, &body.fields, context)?;
        }
        exhibit::check_files(context.ledger, &body.files)?;
        let index = index?;
        let procedure = procedure.ok_or(VoidReason::Unknown)?;
        let rule = procedure.step(&body.step).ok_or(VoidReason::Unknown)?;
        let strands = self.choose_strands(index, &body.strands)?;
        let mut judged = Vec::with_capacity(strands.len());
        for name in strands {
            let one = self.judge_step(settled, body, (index, &name), (&procedure, rule), context)?;
            judged.push(((index, name), one));
        }
        let lateness: Vec<Lateness> =
            judged.iter().map(|(key, _)| self.lateness(key, &body.step, &body.fields, settled)).collect();
        let counts = lateness.iter().any(|one| !matches!(one, Lateness::Held(_)));
        let mut children = 0;
        for ((key, judged), lateness) in judged.into_iter().zip(lateness) {
            match lateness {
                Lateness::Held(counted) => self.hold_step(&key, body, settled, counted),
                Lateness::InTime => self.speak(&key, settled, body, judged, &mut children, context),
                Lateness::Late(counted) => {
                    self.label_late(&key, &body.step, settled, counted);
                    self.speak(&key, settled, body, judged, &mut children, context);
                }
            }
        }
        if counts {
            self.say(index, settled, &body.step);
            self.file(settled, &body.files, Some(index));
        }
        Ok(())
    }

    /// Keeps in mind who said what while the matter is open.
    fn say(&mut self, matter: MatterKey, settled: &Settled, step: &Code) {
        if let Some(found) = self.matters.get_mut(&matter)
            && found.is_open()
        {
            let said = Said { id: settled.id, by: settled.by.clone(), step: Some(step.clone()) };
            found.said.insert(settled.index, said);
        }
    }

    /// Lines 5 to 10 of PROCEDURE §3, for one strand.
    fn judge_step(
        &self,
        settled: &Settled,
        body: &StepBody,
        (index, name): (MatterKey, &StrandName),
        (procedure, rule): (&Arc<Procedure>, &Step),
        context: Context<'_>,
    ) -> Result<Judged, VoidReason> {
        let matter = self.matters.get(&index).ok_or(VoidReason::Unknown)?;
        let strand = matter.strands.get(name).ok_or(VoidReason::Unknown)?;
        if !matter.may(&settled.by, &rule.by, name, &|who| context.is_vacant(who)) {
            return Err(VoidReason::NoPower);
        }
        if rule.own_hand && settled.hand.transcribed {
            return Err(VoidReason::OwnHand);
        }
        check_hand(&matter.law, (Kind::Step, Some(&body.step)), settled)?;
        if settled.hand.officers < rule.eyes {
            return Err(VoidReason::TwoOfficers);
        }
        if names_vacant(&matter.law, procedure, &body.fields, context) || grants_vacant(&body.files, context)
        {
            return Err(VoidReason::Vacant);
        }
        if !is_possible(procedure, rule, &strand.state) {
            let silent = strand.silences.contains(&body.step);
            return Err(if silent { VoidReason::Late } else { VoidReason::WrongState });
        }
        let to = match (&rule.leads, &body.choice) {
            (Leads::Stays, None) => None,
            (Leads::To(state), None) => Some(state.clone()),
            (Leads::Choice(choices), Some(choice)) => {
                let found = choices.iter().find(|(known, _)| known == choice);
                found.map(|(_, to)| to.clone()).ok_or(VoidReason::Form)?
            }
            (Leads::Stays | Leads::To(_), Some(_)) | (Leads::Choice(_), None) => {
                return Err(VoidReason::Form);
            }
        };
        let opens = match (&rule.opens, &body.choice) {
            (Opens::Nothing, _) | (Opens::For(_), None) => None,
            (Opens::Always(kind), _) => Some(kind),
            (Opens::For(kinds), Some(choice)) => kinds.get(choice),
        };
        let heard = self.heard(matter, settled, body, name, rule, to.clone(), context);
        let child = opens.map(|kind| (kind, matter.law.procedure(kind)));
        let own = |field: &Code| rule.fields.contains(field);
        let childs = |field: &Code| {
            child.is_some_and(|(_, child)| child.is_some_and(|child| child.fields.contains_key(field)))
        };
        if !body.fields.keys().all(|field| own(field) || childs(field))
            || (rule.needs_file && body.files.is_empty())
        {
            return Err(VoidReason::Form);
        }
        let own_fields: Fields = only(&body.fields, own);
        self.check_fields(&own_fields, matter, std::slice::from_ref(name))?;
        // A text is the whole matter's: whoever changes it does so for all that stands on it.
        let is_text = |field: &Code| {
            procedure.fields.get(field).is_some_and(|field| matches!(field.holds, Holds::Text))
        };
        let named = |strand: &StrandName| body.strands.contains(strand) || matter.strands.len() == 1;
        let stands_on_it =
            |(strand, life): (&StrandName, &Strand)| !named(strand) && !has_ended(procedure, &life.state);
        if procedure.adopts.is_some()
            && own_fields.keys().any(is_text)
            && matter.strands.iter().any(stands_on_it)
        {
            return Err(VoidReason::Form);
        }
        check_first_voice(&heard, settled, rule, body, &to)?;
        // The completing voice gives what the matter that it opens needs; what others say of it is not read.
        let completes = matches!(heard.outcome, Outcome::Reached(_));
        if let Some((kind, child)) = child.filter(|_| completes) {
            let child = child.ok_or(VoidReason::Form)?;
            let filled = won_fields(&heard.voices, &to);
            let fields = child_fields(child, (matter, name), &filled, &body.fields);
            // What is copied is not given otherwise.
            let given = body.fields.iter().filter(|(field, _)| !own(field));
            if given.into_iter().any(|(field, value)| fields.get(field) != Some(value)) {
                return Err(VoidReason::Form);
            }
            names_excluded(child, &fields, context)?;
            if names_vacant(&matter.law, child, &fields, context) {
                return Err(VoidReason::Vacant);
            }
            let id = MatterRef::ByStep(Item { act: settled.id, part: ItemPart::Matter(u32::MAX) });
            let opening = opening_of(id, kind, matter, child, fields);
            self.check_opening(&opening, &self.new_matter(&opening, settled))?;
            // What it opens would cite the matter that it comes from.
            let cites = opening.fields.values().any(|value| *value == matter_value(&matter.id));
            if cites && matter.tier != act::body::Tier::Record {
                return Err(VoidReason::NotCitable);
            }
        }
        Self::check_seen(matter, matter.strands.keys(), body.files.iter().flat_map(|file| &file.grants))?;
        self.check_citable(body.fields.values())?;
        Ok(Judged { to, opens: opens.cloned() })
    }

    /// What the voices on a step come to with this one (4.2).
    #[expect(clippy::too_many_arguments, reason = "one act, in one strand, by one rule")]
    fn heard(
        &self,
        matter: &Matter,
        settled: &Settled,
        body: &StepBody,
        name: &StrandName,
        rule: &Step,
        to: Target,
        context: Context<'_>,
    ) -> Heard {
        let voice = Voice {
            to: to.clone(),
            choice: body.choice.clone(),
            index: settled.index,
            fields: only(&body.fields, |field| rule.fields.contains(field)),
        };
        if alone(&rule.by).is_some() {
            let voices = [(settled.by.clone(), voice)].into_iter().collect();
            return Heard { outcome: Outcome::Reached(to), voices, needs: None };
        }
        let standing = matter.strands.get(name).and_then(|strand| strand.voices.get(&body.step));
        let mut voices = standing.cloned().unwrap_or_default();
        voices.insert(settled.by.clone(), voice);
        let needs = matter.needs(&rule.by, name, &|who| context.is_vacant(who));
        let heard: BTreeMap<_, Target> =
            voices.iter().map(|(who, voice)| (who.clone(), voice.to.clone())).collect();
        let outcome = needs.outcome(&heard, &rule.targets());
        Heard { outcome, voices, needs: Some(needs) }
    }

    /// Takes a voice that counts: the decision is reached with it, can no longer be, or waits.
    fn speak(
        &mut self,
        key: &StrandKey,
        settled: &Settled,
        body: &StepBody,
        judged: Judged,
        children: &mut u32,
        context: Context<'_>,
    ) {
        let Some(procedure) = self.procedure_of(key.0) else { return };
        let (Some(rule), Some(matter)) = (procedure.step(&body.step), self.matters.get(&key.0)) else {
            return;
        };
        let id = matter.id;
        let Heard { outcome, voices, needs } =
            self.heard(matter, settled, body, &key.1, rule, judged.to, context);
        let (at, here) = (settled.effective, Some(settled.index));
        let (strand, step, by) = (key.1.clone(), body.step.clone(), settled.by.clone());
        let choice = body.choice.clone();
        let split = rule.split.clone().filter(|_| outcome == Outcome::Split);
        self.touch(settled.index, key);
        let to = match (&outcome, split) {
            (Outcome::Reached(to), _) => to.clone(),
            (_, Some(split)) => Some(split),
            (_, None) => {
                self.happened(at, here, What::Spoke(id, strand, step, by, choice));
                if let Some(strand) = self.strand_mut(key) {
                    strand.voices.insert(body.step.clone(), voices);
                }
                return self.plan(key);
            }
        };
        if let Some(strand) = self.strand_mut(key) {
            strand.voices.remove(&body.step);
        }
        let mut in_time = Vec::new();
        if let Outcome::Reached(target) = &outcome {
            self.happened(at, here, What::Stepped(id, strand, step, by, choice));
            let given = given_for(&voices, target, None);
            in_time = self.fill_fields(key.0, given, to.as_ref().map(|_| &key.1), settled, context);
            self.open_child(key, settled, body, judged.opens.as_ref(), children, context);
        } else {
            self.happened(at, here, What::Spoke(id, strand.clone(), step.clone(), by, choice));
            self.happened(at, here, What::Split(id, strand, step));
        }
        let decision = needs.map(|needs| Decision { step: body.step.clone(), needs, outcome, voices });
        self.take(key, settled, &body.step, to.as_ref(), decision, context);
        // What it put in time comes after it.
        for (key, step) in in_time {
            self.release_held(&key, &step, at, settled.high, context);
        }
    }

    /// Opens the matter that a completed step opens (4.7).
    fn open_child(
        &mut self,
        key: &StrandKey,
        settled: &Settled,
        body: &StepBody,
        kind: Option<&Code>,
        children: &mut u32,
        context: Context<'_>,
    ) {
        let (Some(kind), None) = (kind, self.closed) else { return };
        let Some(parent) = self.matters.get(&key.0) else { return };
        let law = parent.law.clone();
        let Some(procedure) = law.procedure(kind) else { return };
        *children += 1;
        let number = self.next_child(settled.index, *children);
        let id = MatterRef::ByStep(Item { act: settled.id, part: ItemPart::Matter(number) });
        let fields = child_fields(procedure, (parent, &key.1), &Fields::new(), &body.fields);
        let opening = opening_of(id, kind, parent, procedure, fields);
        let mut matter = self.new_matter(&opening, settled);
        let Ok(strands) = self.check_opening(&opening, &matter) else { return };
        matter.reference = self.next_reference(&procedure.reference, settled.effective);
        let child = MatterKey { index: settled.index, number };
        self.begin_matter(child, matter, settled);
        self.begin_strands(child, strands, settled.effective, &settled.cause(), context);
    }

    /// The number of the next matter that an entry's step opens: a held step may have opened some before.
    fn next_child(&self, index: u64, at_least: u32) -> u32 {
        let is_free = |number: &u32| !self.matters.contains_key(&MatterKey { index, number: *number });
        (at_least..).find(is_free).unwrap_or(u32::MAX)
    }

    /// The strands that an act names: all, if it names none and there is one.
    pub(super) fn choose_strands(
        &self,
        matter: MatterKey,
        named: &[StrandName],
    ) -> Result<Vec<StrandName>, VoidReason> {
        let all = &self.matters.get(&matter).ok_or(VoidReason::Unknown)?.strands;
        if named.is_empty() {
            let only = all.keys().next().filter(|_| all.len() == 1);
            return only.map(|name| vec![name.clone()]).ok_or(VoidReason::Unknown);
        }
        if !named.iter().all(|name| all.contains_key(name)) {
            return Err(VoidReason::Unknown);
        }
        let distinct: BTreeSet<&StrandName> = named.iter().collect();
        if distinct.len() != named.len() {
            return Err(VoidReason::Form);
        }
        Ok(named.to_vec())
    }

    /// T12, T13: in time, late, or held.
    fn lateness(&self, key: &StrandKey, step: &Code, fields: &Fields, settled: &Settled) -> Lateness {
        let Some(matter) = self.matters.get(&key.0) else { return Lateness::InTime };
        let Some(rule) = matter.procedure.step(step) else { return Lateness::InTime };
        let clock = matter.strands.get(&key.1).and_then(|strand| strand.clocks.get(step));
        let (Some(clock), Some(clock_rule)) = (clock, &rule.clock) else { return Lateness::InTime };
        let Some(times) = clock.times else { return Lateness::InTime };
        let phrase = phrase_of(&clock_rule.due, &matter.fields);
        // The act that changes the date is held to the one that it leaves, as it is written.
        let changed = fields_of(&clock_rule.due).into_iter().any(|field| fields.contains_key(field));
        let written = phrase
            .filter(|_| changed)
            .and_then(|phrase| date_of(phrase, &matter.fields, &Days::of(&matter.law, &clock.asked)));
        let due = written.unwrap_or(times.due);
        let backwards = matches!(phrase, Some(Phrase::Before(..)));
        let counted = if backwards { settled.counted_backwards() } else { settled.counted() };
        if counted <= due && !clock.noted {
            return Lateness::InTime;
        }
        let moves = matches!(rule.silence, Silence::Moves { .. });
        if clock_rule.kind == ClockKind::Until && moves && !clock.noted {
            return Lateness::Held(counted);
        }
        Lateness::Late(counted)
    }

    fn label_late(&mut self, key: &StrandKey, step: &Code, settled: &Settled, counted: Instant) {
        let Some(found) = self.matters.get_mut(&key.0) else { return };
        let id = found.id;
        let Some(strand) = found.strands.get_mut(&key.1) else { return };
        let Some(clock) = strand.clocks.get(step) else { return };
        let (by, at) = (settled.by.clone(), settled.effective);
        if clock.noted {
            // Its clock has closed, so nothing can bring it into time any more.
            self.happened(at, Some(settled.index), What::Late(id, key.1.clone(), step.clone(), by));
            return;
        }
        let mut clock = clock.clone();
        clock.held.clear();
        strand.labels.push(OpenLabel {
            step: step.clone(),
            index: settled.index,
            act: settled.id,
            by: by.clone(),
            counted,
            floor: settled.floor,
            clock,
        });
        self.awaited.entry(settled.id).or_default().insert(key.clone());
        self.touch(settled.index, key);
        self.happened(at, Some(settled.index), What::LateSoFar(id, key.1.clone(), step.clone(), by));
    }

    fn hold_step(&mut self, key: &StrandKey, body: &StepBody, settled: &Settled, counted: Instant) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let held = HeldStep {
            index: settled.index,
            act: settled.id,
            by: settled.by.clone(),
            hand: settled.hand,
            step: Box::new(body.clone()),
            counted,
            floor: settled.floor,
        };
        // One for each participant, the last one, as with voices.
        let mut before = None;
        if let Some(clock) = self.clock_mut((key.0, &key.1, &body.step)) {
            let place = clock.held.iter().position(|other| other.by == held.by);
            before = place.map(|place| clock.held.remove(place));
            clock.held.push(held);
        }
        if let Some(before) = before {
            self.no_longer_awaited(&before.act, key);
            self.void(settled.effective, before.index, VoidReason::Late);
        }
        self.awaited.entry(settled.id).or_default().insert(key.clone());
        self.touch(settled.index, key);
        let what = What::Held(id, key.1.clone(), body.step.clone(), settled.by.clone());
        self.happened(settled.effective, Some(settled.index), what);
    }

    /// Held steps that are in time after all are judged again, then and there. `high` is that of the
    /// entry which put them in time: clocks that they start count from there.
    pub(super) fn release_held(
        &mut self,
        key: &StrandKey,
        step: &Code,
        at: Instant,
        high: Instant,
        context: Context<'_>,
    ) {
        // If the strand stays where it is, another's held step may be in time as well.
        while let Some(held) = self.next_held(key, step) {
            self.release(key, step, &held, at, high, context);
        }
    }

    /// The first held step that is in time as its clock stands now.
    fn next_held(&mut self, key: &StrandKey, step: &Code) -> Option<HeldStep> {
        let clock = self.clock_mut((key.0, &key.1, step))?;
        let due = clock.times?.due;
        let first = clock.held.iter().position(|held| held.counted <= due)?;
        Some(clock.held.remove(first))
    }

    fn release(
        &mut self,
        key: &StrandKey,
        step: &Code,
        held: &HeldStep,
        at: Instant,
        high: Instant,
        context: Context<'_>,
    ) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let Some(procedure) = self.procedure_of(key.0) else { return };
        self.no_longer_awaited(&held.act, key);
        let what = What::InTime(id, key.1.clone(), step.clone(), held.by.clone());
        self.happened(at, Some(held.index), what);
        let settled = Settled::released(held, at, high);
        let judged = procedure.step(step).ok_or(VoidReason::Unknown).and_then(|rule| {
            self.judge_step(&settled, &held.step, (key.0, &key.1), (&procedure, rule), context)
        });
        match judged {
            Ok(judged) => {
                self.speak(key, &settled, &held.step, judged, &mut 0, context);
                self.say(key.0, &settled, step);
                // Its files were handed over with it, whatever becomes of its other strands.
                let filed = Item::exhibit(held.act, 1);
                if !self.exhibits.contains_key(&filed) {
                    self.file_of((held.act, held.index, &held.by), at, &held.step.files, Some(key.0));
                }
            }
            Err(reason) => self.void(at, held.index, reason),
        }
    }

    /// Takes a step that is decided. To another state; to the state it is in, which restarts its own
    /// clock; or nowhere, which restarts nothing, and ends a clock that is only noted.
    fn take(
        &mut self,
        key: &StrandKey,
        settled: &Settled,
        step: &Code,
        to: Option<&Code>,
        decision: Option<Decision>,
        context: Context<'_>,
    ) {
        let (at, cause) = (settled.effective, settled.cause());
        let Some(procedure) = self.procedure_of(key.0) else { return };
        // A right that is used is not used up; what was asked is done.
        let noted = procedure.step(step).is_some_and(|rule| {
            rule.silence == Silence::Noted
                && rule.clock.as_ref().is_some_and(|clock| clock.kind == ClockKind::Due)
        });
        let Some(strand) = self.strand_mut(key) else { return };
        let Some(to) = to else {
            let clock = if noted { strand.clocks.remove(step) } else { None };
            if clock.is_some() || decision.is_some() {
                let held: Vec<ActId> =
                    clock.iter().flat_map(|clock| &clock.held).map(|held| held.act).collect();
                let (step, decision) = (step.clone(), decision.map(Box::new));
                strand.done.push(Done { index: settled.index, step, clock, decision, at });
                for act in held {
                    self.no_longer_awaited(&act, key);
                }
            }
            return self.plan(key);
        };
        if strand.state != *to {
            let entering = Entering { state: to, at, cause: &cause, decision, keeps: None };
            return self.enter(key, entering, context);
        }
        let own = strand.clocks.remove(step);
        let held: Vec<(u64, ActId)> =
            own.iter().flat_map(|clock| &clock.held).map(|held| (held.index, held.act)).collect();
        strand.acted = settled.high;
        strand.left.push(Left {
            state: strand.state.clone(),
            since: strand.since,
            cause: std::mem::replace(&mut strand.cause, cause.index()),
            decision: std::mem::replace(&mut strand.decision, decision.map(Box::new)),
            clocks: own.map(|clock| (step.clone(), clock)).into_iter().collect(),
            voices: crate::rules::v1::few::Few::new(),
            at,
            stayed: true,
        });
        for (index, act) in held {
            self.no_longer_awaited(&act, key);
            self.void(at, index, VoidReason::Late);
        }
        self.touch(settled.index, key);
        // Where its own silence leads, it is late already (4.3).
        let leads_here =
            |rule: &Step| matches!(&rule.silence, Silence::Moves { to: state, .. } if state == to);
        if !procedure.step(step).is_some_and(leads_here) {
            self.arm(key, &procedure, step, &cause, context);
        }
        self.plan(key);
    }

    /// Fills fields; clocks by them follow (4.4). Gives the steps that were held and are in time by it.
    pub(super) fn fill_fields(
        &mut self,
        matter: MatterKey,
        given: BTreeMap<Code, (FieldValue, Vec<u64>)>,
        moved: Option<&StrandName>,
        settled: &Settled,
        context: Context<'_>,
    ) -> Vec<(StrandKey, Code)> {
        let Some(found) = self.matters.get_mut(&matter) else { return Vec::new() };
        let mut changes = BTreeMap::new();
        for (field, (after, by)) in given {
            let before = found.fields.get(&field).cloned();
            changes.insert(field.clone(), Some(after.clone()));
            let moved = moved.cloned();
            found.filled.push(Filled { index: settled.index, moved, by, field, before, after });
        }
        self.change_fields(matter, &changes, settled, context)
    }

    /// Gives fields other values, or none. What an act moves is never due before its `high`. Who is asked anew has
    /// its own start.
    pub(super) fn change_fields(
        &mut self,
        matter: MatterKey,
        changes: &BTreeMap<Code, Option<FieldValue>>,
        settled: &Settled,
        context: Context<'_>,
    ) -> Vec<(StrandKey, Code)> {
        let mut in_time = Vec::new();
        let Some(found) = self.matters.get_mut(&matter).filter(|_| !changes.is_empty()) else {
            return in_time;
        };
        for (name, value) in changes {
            match value {
                Some(value) => _ = found.fields.insert(name.clone(), value.clone()),
                None => _ = found.fields.remove(name),
            }
        }
        let names: Vec<StrandName> = found.strands.keys().cloned().collect();
        for name in names {
            let key = (matter, name);
            self.ask_anew(&key, changes, settled, context);
            self.move_clocks(&key, changes, settled);
            in_time.extend(self.remeasure_strand(&key, settled.effective, context));
        }
        in_time
    }

    /// The clocks, and the labels on them, that these fields say the length of.
    fn move_clocks(
        &mut self,
        key: &StrandKey,
        changes: &BTreeMap<Code, Option<FieldValue>>,
        settled: &Settled,
    ) {
        let Some(found) = self.matters.get(&key.0) else { return };
        let Some(strand) = found.strands.get(&key.1) else { return };
        let length_by_fields = |step: &Code, clock: &Armed| {
            let rule = found.procedure.step(step)?.clock.as_ref()?;
            let by_fields = fields_of(&rule.due).into_iter().any(|field| changes.contains_key(field));
            let length = self.length_of(key.0, step, &clock.asked).filter(|_| by_fields)?;
            clock.measure.as_ref().is_some_and(|measure| measure.length != length).then_some(length)
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
        let Some(strand) = self.strand_mut(key) else { return };
        for (step, length) in clocks {
            if let Some(measure) = strand.clocks.get_mut(&step).and_then(|clock| clock.measure.as_mut()) {
                measure.length = length;
                measure.floor = measure.floor.max(settled.high);
            }
        }
        for (at, length) in labels {
            if let Some(measure) = &mut strand.labels[at].clock.measure {
                measure.length = length;
            }
        }
    }

    /// A change of who is asked starts a clock anew for who is new; who no longer is asked owes nothing.
    fn ask_anew(
        &mut self,
        key: &StrandKey,
        changes: &BTreeMap<Code, Option<FieldValue>>,
        settled: &Settled,
        context: Context<'_>,
    ) {
        let Some(found) = self.matters.get(&key.0) else { return };
        let Some(strand) = found.strands.get(&key.1) else { return };
        let of_participants = |name: &Code| {
            let holds = found.procedure.fields.get(name).map(|field| &field.holds);
            matches!(holds, Some(Holds::Participant(_)))
        };
        if !changes.keys().any(of_participants) {
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
            clock.asked = now;
            if let Some(waiting) = &mut clock.waits {
                waiting.unserved.retain(|who, _| clock.asked.contains(who));
            }
            if !new.is_empty() {
                let cause = settled.cause();
                let by_service = matches!(
                    rule.clock.as_ref().and_then(|rule| phrase_of(&rule.due, &found.fields)),
                    Some(Phrase::AfterService(_))
                );
                let more = if by_service {
                    self.wait_for_service(&found.law, &new, &cause, context)
                } else {
                    Self::wait_for_seats(&new, &cause, context)
                };
                for who in &new {
                    clock.anew.insert(who.clone(), cause.clone());
                }
                let before = clock.measure.take();
                let waiting = clock.waits.get_or_insert_with(Waiting::default);
                if let Some(before) = &before {
                    waiting.extended = before.extended;
                }
                let before = before.map(|measure| measure.base);
                waiting.unserved.extend(more.unserved);
                waiting.latest = waiting.latest.max(before).max(more.latest);
                waiting.seats_only = !by_service;
                clock.times = None;
            }
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

    pub(super) fn strand_mut(&mut self, key: &StrandKey) -> Option<&mut Strand> {
        self.matters.get_mut(&key.0)?.strands.get_mut(&key.1)
    }
}

/// The fields for which `keep` says so.
fn only(fields: &Fields, keep: impl Fn(&Code) -> bool) -> Fields {
    fields.iter().filter(|(name, _)| keep(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The fields that a decision fills: those of the earliest voices that count for it.
fn won_fields(voices: &Voices, to: &Target) -> Fields {
    given_for(voices, to, None).into_iter().map(|(field, (value, _))| (field, value)).collect()
}

/// The first voice for a target gives what has to be given; a later one may leave it out, never change it. What went
/// with a voice that was taken back, the next one gives.
fn check_first_voice(
    heard: &Heard,
    settled: &Settled,
    rule: &Step,
    body: &StepBody,
    to: &Target,
) -> Result<(), VoidReason> {
    let must = must_of(rule, body.choice.as_ref());
    let is_first = !heard.voices.values().any(|voice| voice.to == *to && voice.index != settled.index);
    let given = given_for(&heard.voices, to, Some(settled.index));
    let has_all = must.iter().all(|field| given.contains_key(field) || body.fields.contains_key(field));
    let mut own = body.fields.iter().filter(|(field, _)| rule.fields.contains(*field));
    let good = has_all
        && own.all(|(field, value)| match given.get(field) {
            Some((before, _)) => before == value,
            None => is_first || must.contains(field),
        });
    if good { Ok(()) } else { Err(VoidReason::Form) }
}

/// A matter as the value of a field.
pub(super) fn matter_value(id: &MatterRef) -> FieldValue {
    FieldValue::One(match id {
        MatterRef::Opened(act) => Word::Hash(act.0),
        MatterRef::ByStep(item) => Word::Item(*item),
    })
}

/// The fields of a matter that a step opens: those of the same name are copied, a strand's own value where they name
/// strands; a field for a matter of the parent's kind is the parent; all others come from the act.
fn child_fields(
    child: &Procedure,
    (parent, strand): (&Matter, &StrandName),
    filled: &Fields,
    given: &Fields,
) -> Fields {
    let own = |name: &Code| {
        let place = parent.procedure.strands.iter().position(|field| field == name)?;
        strand.as_str().split(':').nth(place).and_then(Code::new).map(Word::Code)
    };
    let copied = |name: &Code, field: &Field| match own(name) {
        Some(word) if field.several => Some(FieldValue::Several(vec![word])),
        Some(word) => Some(FieldValue::One(word)),
        None => filled.get(name).or_else(|| parent.fields.get(name)).cloned(),
    };
    let mut fields = Fields::new();
    for (name, field) in &child.fields {
        let of_parent =
            matches!(&field.holds, Holds::Matter { kind: Some(kind), .. } if *kind == parent.kind);
        let value = if of_parent {
            Some(matter_value(&parent.id))
        } else {
            copied(name, field).or_else(|| given.get(name).cloned())
        };
        fields.extend(value.map(|value| (name.clone(), value)));
    }
    fields
}

fn opening_of<'a>(
    id: MatterRef,
    kind: &'a Code,
    parent: &'a Matter,
    procedure: &'a Arc<Procedure>,
    fields: Fields,
) -> Opening<'a> {
    let tier = first_tier(procedure);
    Opening { id, kind, law: &parent.law, procedure, tier, fields, strands: &[], parent: Some(parent) }
}
