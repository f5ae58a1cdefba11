//! A step in a matter: PROCEDURE §3, in its order, then what it does (4.2, 4.3).

use std::collections::BTreeMap;
use std::sync::Arc;

use act::body::Step as StepBody;
use act::value::{Fields, MatterRef, StrandName};
use instrument::Procedure;
use instrument::procedure::{Holds, Leads, Opens, Silence, Step};
use instrument::tally::{Needs, Outcome, Target};
use terms::{ActId, Code, Item, ItemPart, Kind, ParticipantId};

use super::child::{child_fields, matter_value, opening_of};
use super::filled::Why;
use super::fit::{Whose, grants_vacant, names_excluded, names_vacant, only};
use super::late::Lateness;
use super::opening::Entering;
use super::{Context, Settled, Settlement, StrandKey, VoidReason, check_hand};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit;
use crate::rules::v1::law::{has_ended, is_asked_once, is_possible};
use crate::rules::v1::matter::{Done, Left, Matter, MatterKey, Said, Strand, alone};
use crate::rules::v1::voices::{Decision, Voice, Voices, given_for, must_of, say};

/// A step that was judged good in one strand.
pub(super) struct Judged {
    to: Target,
    /// The kind of matter that it opens, if it completes the decision.
    opens: Option<Code>,
}

/// What a voice comes to among the others of its step.
struct Heard {
    outcome: Outcome,
    /// The voices that stood, and this one, of those who have a say.
    voices: Voices,
    /// All of them: who has no say now may have one again.
    standing: Voices,
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
            let rule = procedure.step(&body.step);
            let opens = rule.and_then(|rule| opened_kind(rule, body.choice.as_ref()));
            let law = index.ok().and_then(|index| self.matters.get(&index)).map(|matter| &matter.law);
            if let Some(child) = opens.zip(law).and_then(|(kind, law)| law.procedure(kind)) {
                names_excluded(child, &body.fields, context)?;
            }
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
        // By what stands before the act, in each.
        for ((key, _), lateness) in judged.iter().zip(&lateness) {
            if let Lateness::Late(counted) = lateness {
                self.label_late(key, &body.step, settled, *counted);
            }
        }
        let mut children = 0;
        let mut in_time = Vec::new();
        for ((key, judged), lateness) in judged.into_iter().zip(lateness) {
            match lateness {
                Lateness::Held(counted) => self.hold_step(&key, body, settled, counted),
                Lateness::InTime | Lateness::Late(_) => {
                    in_time.extend(self.speak(&key, settled, body, judged, &mut children, context));
                }
            }
        }
        if counts {
            self.say(index, settled, &body.step);
            self.file(settled, &body.files, Some(index));
        }
        // What it put in time comes after all of it.
        self.release_all(in_time, settled.effective, settled.high, context);
        Ok(())
    }

    /// Keeps in mind who said what while the matter is open.
    pub(super) fn say(&mut self, matter: MatterKey, settled: &Settled, step: &Code) {
        if let Some(found) = self.matters.get_mut(&matter)
            && found.is_open()
        {
            let said = Said { id: settled.id, by: settled.by.clone(), step: Some(step.clone()) };
            found.said.insert(settled.index, said);
        }
    }

    /// Lines 5 to 10 of PROCEDURE §3, for one strand.
    pub(super) fn judge_step(
        &self,
        settled: &Settled,
        body: &StepBody,
        (index, name): (MatterKey, &StrandName),
        (procedure, rule): (&Arc<Procedure>, &Step),
        context: Context<'_>,
    ) -> Result<Judged, VoidReason> {
        let matter = self.matters.get(&index).ok_or(VoidReason::Unknown)?;
        let strand = matter.strands.get(name).ok_or(VoidReason::Unknown)?;
        let may = matter.may(&settled.by, &rule.by, name, &|who| context.is_vacant(who));
        if settled.hand.transcribed == Some(false) || !may {
            return Err(VoidReason::NoPower);
        }
        if rule.own_hand && settled.hand.transcribed.is_some() {
            return Err(VoidReason::OwnHand);
        }
        check_hand(&matter.law, (Kind::Step, Some(&body.step)), settled)?;
        if settled.hand.transcribed.is_some() {
            check_hand(&self.law, (Kind::Transcribe, None), settled)?;
        }
        if settled.hand.officers < rule.eyes {
            return Err(VoidReason::TwoOfficers);
        }
        let opens = opened_kind(rule, body.choice.as_ref());
        let child = opens.map(|kind| (kind, matter.law.procedure(kind)));
        let vacant = |procedure: &Procedure| names_vacant(&matter.law, procedure, &body.fields, context);
        let childs = child.and_then(|(_, child)| child);
        if vacant(procedure)
            || childs.is_some_and(|child| vacant(child))
            || grants_vacant(&body.files, context)
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
        let heard = self.heard(matter, settled, body, name, rule, to.clone(), context);
        let own = |field: &Code| rule.fields.contains(field);
        let of_child = |field: &Code| childs.is_some_and(|child| child.fields.contains_key(field));
        if !body.fields.keys().all(|field| own(field) || of_child(field))
            || (rule.needs_file && body.files.is_empty())
        {
            return Err(VoidReason::Form);
        }
        let own_fields: Fields = only(&body.fields, own);
        let filled = won_fields(&heard.voices, &to);
        let this = [name.clone()];
        let whose = if matter.is_by_strand(rule) { Whose::Strands(&this) } else { Whose::Matter };
        self.check_changed(&own_fields, &filled, matter, whose)?;
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
        let mut opened_cites_it = false;
        let completes = matches!(heard.outcome, Outcome::Reached(_));
        if let Some((kind, child)) = child.filter(|_| completes) {
            let child = child.ok_or(VoidReason::Form)?;
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
            opened_cites_it = opening.fields.values().any(|value| *value == matter_value(&matter.id));
        }
        Self::check_seen(matter, matter.strands.keys(), body.files.iter().flat_map(|file| &file.grants))?;
        if opened_cites_it && matter.tier != act::body::Tier::Record {
            return Err(VoidReason::NotCitable);
        }
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
        let mut voice = Voice {
            to: to.clone(),
            choice: body.choice.clone(),
            index: settled.index,
            fields: only(&body.fields, |field| rule.fields.contains(field)),
            earlier: Vec::new(),
        };
        if alone(&rule.by).is_some() {
            let voices: Voices = [(settled.by.clone(), voice)].into_iter().collect();
            return Heard { outcome: Outcome::Reached(to), standing: voices.clone(), voices, needs: None };
        }
        let standing = matter.strands.get(name).and_then(|strand| strand.voices.get(&body.step));
        let mut standing = standing.cloned().unwrap_or_default();
        let needs = matter.needs(&rule.by, name, &|who| context.is_vacant(who));
        // Who adds its voice says what those before it gave, though it leaves it out.
        let mut before = standing.clone();
        before.retain(|who, _| *who != settled.by && needs.speakers.contains(who));
        for (field, value) in won_fields(&before, &to) {
            voice.fields.entry(field).or_insert(value);
        }
        say(&mut standing, settled.by.clone(), voice);
        let mut voices = standing.clone();
        voices.retain(|who, _| needs.speakers.contains(who));
        let heard: BTreeMap<_, Target> =
            voices.iter().map(|(who, voice)| (who.clone(), voice.to.clone())).collect();
        let outcome = needs.outcome(&heard, &rule.targets(), rule.split.as_ref());
        Heard { outcome, voices, standing, needs: Some(needs) }
    }

    /// Takes a voice that counts: the decision is reached with it, can no longer be, or waits. Gives the steps that
    /// were held and are in time by it.
    pub(super) fn speak(
        &mut self,
        key: &StrandKey,
        settled: &Settled,
        body: &StepBody,
        judged: Judged,
        children: &mut u32,
        context: Context<'_>,
    ) -> Vec<(StrandKey, Code)> {
        let mut in_time = Vec::new();
        let Some(procedure) = self.procedure_of(key.0) else { return in_time };
        let (Some(rule), Some(matter)) = (procedure.step(&body.step), self.matters.get(&key.0)) else {
            return in_time;
        };
        let id = matter.id;
        let Heard { outcome, voices, standing, needs } =
            self.heard(matter, settled, body, &key.1, rule, judged.to, context);
        let (at, here) = (settled.effective, Some(settled.index));
        let (strand, step, by) = (key.1.clone(), body.step.clone(), settled.by.clone());
        let choice = body.choice.clone();
        let own = matter.is_by_strand(rule).then_some(&key.1);
        let split = rule.split.clone().filter(|_| outcome == Outcome::Split);
        self.touch(settled.index, key);
        let to = match (&outcome, split) {
            (Outcome::Reached(to), _) => to.clone(),
            (_, Some(split)) => Some(split),
            (_, None) => {
                self.happened(at, here, What::Spoke(id, strand, step, by, choice));
                if let Some(strand) = self.strand_mut(key) {
                    strand.voices.insert(body.step.clone(), standing);
                }
                self.plan(key);
                return in_time;
            }
        };
        if let Some(strand) = self.strand_mut(key) {
            strand.voices.remove(&body.step);
        }
        if let Outcome::Reached(target) = &outcome {
            self.happened(at, here, What::Stepped(id, strand, step, by, choice));
            let given = given_for(&voices, target, None);
            let why = Why { corrects: None, moved: to.as_ref().map(|_| &key.1) };
            in_time = self.fill_fields((key.0, own), given, why, settled, context);
            self.open_child(key, settled, body, judged.opens.as_ref(), children, context);
        } else {
            self.happened(at, here, What::Spoke(id, strand.clone(), step.clone(), by, choice));
            self.happened(at, here, What::Split(id, strand, step));
            // What those say who lead there is kept.
            let given = given_for(&voices, &to, None);
            let why = Why { corrects: None, moved: to.as_ref().map(|_| &key.1) };
            in_time = self.fill_fields((key.0, own), given, why, settled, context);
        }
        let decision = needs.map(|needs| Decision { step: body.step.clone(), needs, outcome, voices });
        self.take(key, settled, &body.step, to.as_ref(), decision, context);
        in_time
    }

    /// Counts voices that wait, where what they wait for changed without one of theirs: what they had reached by then is
    /// reached now. Where it would open a matter nobody gives what that needs, until one of them says it again.
    pub(super) fn count_again(&mut self, key: &StrandKey, settled: &Settled, context: Context<'_>) {
        let strand = self.matters.get(&key.0).and_then(|matter| matter.strands.get(&key.1));
        let steps: Vec<Code> = strand.iter().flat_map(|strand| strand.voices.keys().cloned()).collect();
        for step in steps {
            let Some((id, last, voices, needs, to)) = self.reached(key, &step, context) else { continue };
            if let Some(strand) = self.strand_mut(key) {
                strand.voices.remove(&step);
            }
            let (by, choice) = last;
            let what = What::Stepped(id, key.1.clone(), step.clone(), by, choice);
            self.happened(settled.effective, Some(settled.index), what);
            let given = given_for(&voices, &to, None);
            let why = Why { corrects: None, moved: to.as_ref().map(|_| &key.1) };
            let rule = self.rule(key.0, &step);
            let is_own =
                rule.zip(self.matters.get(&key.0)).is_some_and(|(rule, matter)| matter.is_by_strand(rule));
            let own = is_own.then_some(&key.1);
            let in_time = self.fill_fields((key.0, own), given, why, settled, context);
            let outcome = Outcome::Reached(to.clone());
            let decision = Decision { step: step.clone(), needs, outcome, voices };
            self.touch(settled.index, key);
            self.take(key, settled, &step, to.as_ref(), Some(decision), context);
            self.release_all(in_time, settled.effective, settled.high, context);
        }
    }

    /// What the voices on a step have reached, if they have: who spoke last for it, and its choice; the voices; what it
    /// takes; where it leads.
    #[expect(clippy::type_complexity, reason = "what a decision is made of")]
    fn reached(
        &self,
        key: &StrandKey,
        step: &Code,
        context: Context<'_>,
    ) -> Option<(MatterRef, (ParticipantId, Option<Code>), Voices, Needs, Target)> {
        let matter = self.matters.get(&key.0)?;
        let strand = matter.strands.get(&key.1)?;
        let rule = matter.procedure.step(step)?;
        let mut voices = strand.voices.get(step)?.clone();
        if alone(&rule.by).is_some() || !is_possible(&matter.procedure, rule, &strand.state) {
            return None;
        }
        let needs = matter.needs(&rule.by, &key.1, &|who| context.is_vacant(who));
        voices.retain(|who, _| needs.speakers.contains(who));
        let heard = voices.iter().map(|(who, voice)| (who.clone(), voice.to.clone())).collect();
        let Outcome::Reached(to) = needs.outcome(&heard, &rule.targets(), rule.split.as_ref()) else {
            return None;
        };
        let same = || voices.iter().filter(|(_, voice)| voice.to == to);
        let (who, last) = same().max_by_key(|(_, voice)| voice.index)?;
        let given = given_for(&voices, &to, None);
        let is_whole = same()
            .flat_map(|(_, voice)| must_of(rule, voice.choice.as_ref()))
            .all(|field| given.contains_key(&field));
        if !is_whole || opened_kind(rule, last.choice.as_ref()).is_some() {
            return None;
        }
        let last = (who.clone(), last.choice.clone());
        Some((matter.id, last, voices, needs, to))
    }

    /// The strands that an act names, known or not: the only one, if it names none.
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
        Ok(named.to_vec())
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
        let noted = procedure.step(step).is_some_and(is_asked_once);
        let Some(strand) = self.strand_mut(key) else { return };
        let Some(to) = to else {
            let clock = if noted { strand.clocks.remove(step) } else { None };
            if noted || decision.is_some() {
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
            let entering = Entering { decision, ..Entering::plain(to, at, &cause) };
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
            silenced: Vec::new(),
            sought: Vec::new(),
            at,
            stayed: true,
            first: false,
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

    pub(super) fn strand_mut(&mut self, key: &StrandKey) -> Option<&mut Strand> {
        self.matters.get_mut(&key.0)?.strands.get_mut(&key.1)
    }
}

/// The kind of matter that a step with this choice opens once it is decided.
fn opened_kind<'r>(rule: &'r Step, choice: Option<&Code>) -> Option<&'r Code> {
    match (&rule.opens, choice) {
        (Opens::Nothing, _) | (Opens::For(_), None) => None,
        (Opens::Always(kind), _) => Some(kind),
        (Opens::For(kinds), Some(choice)) => kinds.get(choice),
    }
}

/// The fields that a decision fills: those of the earliest voices that count for it.
fn won_fields(voices: &Voices, to: &Target) -> Fields {
    given_for(voices, to, None).into_iter().map(|(field, (value, _))| (field, value)).collect()
}

/// The first voice for a target gives what has to be given; a later one may leave it out, and says it then; never change
/// it.
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
            None => is_first,
        });
    if good { Ok(()) } else { Err(VoidReason::Form) }
}
