//! Each act when it settles: void, for the first reason that there is, or what it does.

use std::collections::{BTreeMap, BTreeSet};

use act::Body;
use act::body::{Open, Tier};
use act::value::{Fields, MatterRef, StrandName};
use instrument::procedure::{Holds, Leads, Must, Opens, Phrase, Step as Rule};
use instrument::{Instrument, Procedure};
use terms::{Code, ParticipantId};

use crate::fields::{Beside, Given, void_if, words};
use crate::matter::{Acted, Cause, Matter, Reason, Stage, Strand, Time};
use crate::model::Model;
use crate::who::{People, Place};

pub(crate) type Key = (u64, u32);

/// Strands that are about to begin, each with the values that name it.
type Strands = Vec<(StrandName, BTreeMap<Code, Code>)>;

/// The strands that an act names, or the only one.
pub(crate) fn strands_of(body: &Body, all: &[StrandName]) -> Vec<StrandName> {
    let named = match body {
        Body::Step(step) => &step.strands,
        Body::Extend(extend) => &extend.strands,
        Body::Suspend(suspend) => &suspend.strands,
        Body::Resume(resume) => &resume.strands,
        Body::SetAside(set_aside) => &set_aside.strands,
        _ => return Vec::new(),
    };
    if named.is_empty() { all.to_vec() } else { named.clone() }
}

/// Where a choice leads. None: it is none of the step's.
pub(crate) fn target(rule: &Rule, choice: Option<&Code>) -> Option<Option<Code>> {
    match (&rule.leads, choice) {
        (Leads::Stays, None) => Some(None),
        (Leads::To(state), None) => Some(Some(state.clone())),
        (Leads::Choice(choices), Some(choice)) => {
            choices.iter().find(|(known, _)| known == choice).map(|(_, to)| to.clone())
        }
        _ => None,
    }
}

pub(crate) fn targets(rule: &Rule) -> BTreeSet<Option<Code>> {
    match &rule.leads {
        Leads::Stays => BTreeSet::from([None]),
        Leads::To(state) => BTreeSet::from([Some(state.clone())]),
        Leads::Choice(choices) => choices.iter().map(|(_, to)| to.clone()).collect(),
    }
}

pub(crate) fn opened_kind<'r>(rule: &'r Rule, choice: Option<&Code>) -> Option<&'r Code> {
    match &rule.opens {
        Opens::Nothing => None,
        Opens::Always(kind) => Some(kind),
        Opens::For(kinds) => kinds.get(choice?),
    }
}

pub(crate) fn must(rule: &Rule, choice: Option<&Code>) -> BTreeSet<Code> {
    match &rule.must {
        Must::Always(fields) => fields.clone(),
        Must::For(by) => choice.and_then(|choice| by.get(choice)).cloned().unwrap_or_default(),
    }
}

/// Whether steps may give a field that an opening may leave out.
pub(crate) fn is_of_steps(procedure: &Procedure, name: &Code) -> bool {
    let optional = procedure.fields.get(name).is_some_and(|field| field.optional);
    let mut steps = procedure.steps.iter();
    optional && steps.any(|(_, step)| step.fields.contains(name))
}

/// A matter that is about to be opened.
pub(crate) struct Child {
    pub(crate) kind: Code,
    pub(crate) fields: Fields,
    pub(crate) strands: Strands,
}

impl Model {
    /// Whether the model knows such acts.
    pub(crate) fn knows(body: &Body) -> bool {
        match body {
            Body::Open(_)
            | Body::Step(_)
            | Body::Correct(_)
            | Body::Serve(_)
            | Body::Confirm(_)
            | Body::Disown(_)
            | Body::Transcribe(_)
            | Body::Cut(_)
            | Body::Extend(_)
            | Body::Suspend(_)
            | Body::Resume(_)
            | Body::SetAside(_) => true,
            Body::Withdraw(withdraw) => withdraw.matter.is_some(),
            _ => false,
        }
    }

    pub(crate) fn settle(&mut self, place: usize) {
        let act = self.acts[place].clone();
        if let Some(stamp) = &act.stamp {
            return self.stamp(&act, stamp);
        }
        let result = match &Self::plain_body(&act) {
            Body::Open(open) => self.open(&act, open),
            Body::Step(step) => self.step(&act, step),
            Body::Correct(correct) => self.correct(&act, correct),
            Body::Withdraw(withdraw) => self.withdraw(&act, withdraw),
            Body::Serve(serve) => self.serve(place, &act, serve),
            Body::Confirm(confirm) => self.confirm(&act, confirm),
            Body::Disown(disown) => self.disown(&act, disown),
            Body::Cut(_) => self.cut(&act),
            Body::Extend(_) | Body::Suspend(_) | Body::Resume(_) | Body::SetAside(_) => self.relief(&act),
            _ => return,
        };
        match result {
            Err(reason) => self.say(act.index, reason),
            Ok(()) if act.transcribed => {
                self.transcripts.insert(act.index, Vec::new());
            }
            Ok(()) => {}
        }
    }

    /// Whether somebody may write that down.
    pub(crate) fn may_transcribe(&self, act: &Acted) -> bool {
        !act.transcribed
            || self
                .law
                .transcription
                .as_ref()
                .is_some_and(|rule| rule.by == act.by && rule.on_behalf_of.contains(&act.of))
    }

    fn open(&mut self, act: &Acted, open: &Open) -> Result<(), Reason> {
        let procedure = self.law.procedures.get(&open.procedure).cloned();
        let given = Given::new(&open.fields, |name| procedure.as_ref()?.fields.get(name));
        void_if(given.excluded(self), "void excluded")?;
        void_if(given.unknown(self), "void unknown")?;
        let procedure = procedure.as_ref().ok_or("void unknown")?;
        void_if(self.closed.is_some(), "void closed")?;
        // Who opens it may be named by its own fields; no strand is there yet.
        let people = |name: &Code| match open.fields.get(name) {
            Some(value) if !procedure.strands.contains(name) => crate::fields::participants(value),
            _ => People::new(),
        };
        let at = Place { law: &self.law, opener: Some(&act.of), field: &people };
        let by_all = procedure.open.by.0.iter().all(|item| {
            let one = instrument::who::Deciders(vec![item.clone()]);
            self.speakers(&one, at).contains(&act.of)
        });
        void_if(!self.may_transcribe(act) || !by_all, "void no-power")?;
        let waits = open.procedure.as_str() == "notice"
            || procedure.like.as_ref().is_some_and(|like| like.as_str() == "notice");
        void_if(!waits && (given.vacant(self) || self.grants_to_vacant(&open.files)), "void vacant")?;
        let tier = match open.tier {
            None => procedure.tiers[0],
            Some(Tier::Record) => instrument::procedure::Tier::Record,
            Some(Tier::WithoutPrejudice) => instrument::procedure::Tier::WithoutPrejudice,
        };
        void_if(!procedure.tiers.contains(&tier), "void form")?;
        void_if(open.fields.keys().any(|name| is_of_steps(procedure, name)), "void form")?;
        let of = (&self.law, &act.of, None);
        let strands = self.whole(procedure, &open.fields, &open.strands, of)?;
        let tier =
            if tier == instrument::procedure::Tier::Record { Tier::Record } else { Tier::WithoutPrejudice };
        let sees = |who: &ParticipantId| {
            let sets = || procedure.seen_by.iter();
            *who == act.of
                || strands.iter().any(|(_, values)| {
                    let field = |name: &Code| match values.get(name) {
                        Some(own) => crate::who::people([own.as_str()]),
                        None => people(name),
                    };
                    let at = Place { law: &self.law, opener: Some(&act.of), field: &field };
                    sets().any(|set| Self::set(set, at).contains(who))
                })
        };
        let goes = open.files.iter().flat_map(|file| &file.grants).all(|grant| sees(&grant.to));
        void_if(tier == Tier::WithoutPrejudice && !goes, "void form")?;
        void_if(given.cites_without_prejudice(self), "void not-citable")?;
        if let Some(due) = &procedure.open.due
            && let Some(phrase) = Self::phrase(due, &open.fields)
        {
            let due = Self::dated(&self.law, phrase, &open.fields, &People::from([act.of.clone()]));
            let counted = self.counted(act, matches!(phrase, Phrase::Before(..)));
            if due.is_some_and(|due| counted > due) {
                self.say(act.index, "late");
            }
        }
        let child = Child { kind: open.procedure.clone(), fields: open.fields.clone(), strands };
        self.begin(act, ((act.index, 0), MatterRef::Opened(act.id), None), tier, child, act.at);
        self.remember((act.index, 0), act);
        Ok(())
    }

    /// The strands of a matter that is whole; else void for its form.
    pub(crate) fn whole(
        &self,
        procedure: &Procedure,
        fields: &Fields,
        named: &[StrandName],
        (law, opener, parent): (&Instrument, &ParticipantId, Option<&MatterRef>),
    ) -> Result<Strands, Reason> {
        let people = |name: &Code| fields.get(name).map_or_else(People::new, crate::fields::participants);
        let at = Place { law, opener: Some(opener), field: &people };
        let lacks =
            procedure.fields.iter().any(|(name, field)| !field.optional && !fields.contains_key(name));
        void_if(lacks, "void form")?;
        let mut strands = vec![BTreeMap::new()];
        for name in &procedure.strands {
            let values = words(&fields[name]);
            let with = |strand: &BTreeMap<Code, Code>| {
                let each = values.iter().map(|value| {
                    let mut strand = strand.clone();
                    strand.insert(name.clone(), Code::new(value).expect("a code"));
                    strand
                });
                each.collect::<Vec<_>>()
            };
            strands = strands.iter().flat_map(with).collect();
        }
        let name_of = |strand: &BTreeMap<Code, Code>| {
            let words: Vec<&str> = procedure.strands.iter().map(|name| strand[name].as_str()).collect();
            let name = if words.is_empty() { "all".to_owned() } else { words.join(":") };
            StrandName::new(name).expect("a strand")
        };
        let mut all: Strands = strands.into_iter().map(|strand| (name_of(&strand), strand)).collect();
        if !named.is_empty() {
            let known = named.iter().all(|name| all.iter().any(|(known, _)| known == name));
            let once = named.iter().collect::<BTreeSet<_>>().len() == named.len();
            void_if(!known || !once, "void form")?;
            all.retain(|(name, _)| named.contains(name));
        }
        void_if(!all.iter().all(|(_, strand)| Self::bind(law, procedure, strand, fields)), "void form")?;
        let beside: Vec<Beside<'_>> = all.iter().map(|(_, values)| (values, fields)).collect();
        for (name, value) in fields {
            let field = procedure.fields.get(name).ok_or("void form")?;
            let is_parent = parent.is_some_and(|parent| words(value) == [parent.to_string()]);
            let fits = is_parent && matches!(field.holds, Holds::Matter { .. })
                || self.fits((value, procedure.strands.contains(name)), field, (None, &beside), at);
            void_if(!fits, "void form")?;
        }
        all.sort();
        Ok(all)
    }

    /// Whether the provisions that are named bind whom a strand is for, and the procedure is one under them.
    pub(crate) fn bind(
        law: &Instrument,
        procedure: &Procedure,
        strand: &BTreeMap<Code, Code>,
        fields: &Fields,
    ) -> bool {
        let value_of = |name: &Code| match strand.get(name) {
            Some(own) => vec![own.to_string()],
            None => fields.get(name).map_or_else(Vec::new, words),
        };
        let bearer = Code::new("bearer").expect("a code");
        let mut provisions = procedure.fields.iter().filter(|(_, field)| field.holds == Holds::Provision);
        provisions.all(|(name, _)| {
            value_of(name).iter().all(|word| {
                let Some(provision) = Code::new(word).and_then(|code| law.provisions.get(&code)) else {
                    return false;
                };
                let binds = |who: &String| provision.bearers.iter().any(|id| id.as_str() == who);
                (procedure.under.is_empty() || procedure.under.contains(&provision.kind))
                    && value_of(&bearer).iter().all(binds)
            })
        })
    }

    pub(crate) fn begin(
        &mut self,
        act: &Acted,
        (key, id, parent): (Key, MatterRef, Option<(Key, usize)>),
        tier: Tier,
        child: Child,
        at: Time,
    ) {
        let law = parent.map_or(self.versions.len(), |(key, _)| self.matters[&key].law);
        let procedure = self.versions[law - 1].procedures[&child.kind].clone();
        let high = act.high.expect("settled");
        let stage = Stage {
            state: procedure.open.to.clone(),
            since: at,
            base: high,
            cause: Cause::Entry(act.index),
            entry: act.index,
            on_nothing: false,
        };
        let strand = |(name, values)| Strand {
            name,
            values,
            life: Vec::new(),
            clocks: BTreeMap::new(),
            voices: Vec::new(),
            labels: Vec::new(),
            suspended: Vec::new(),
            suspended_in: Vec::new(),
            silences: BTreeSet::new(),
            came: false,
            in_vain: false,
            window: 0,
            fields: Fields::new(),
            led: Cause::Entry(act.index),
            decided: None,
            acted: high,
            left: Vec::new(),
            been_before: BTreeSet::new(),
            done: Vec::new(),
            flagged: false,
        };
        let matter = Matter {
            key,
            id,
            kind: child.kind,
            law,
            procedure,
            opener: act.of.clone(),
            opened: at,
            tier,
            fields: child.fields,
            strands: child.strands.into_iter().map(strand).collect(),
            withdrawn: BTreeMap::new(),
            entries: BTreeSet::from([act.index]),
            touched: BTreeSet::from([act.index]),
            sought: Vec::new(),
            parent,
            disowned: None,
            filled: Vec::new(),
        };
        let strands = matter.strands.len();
        self.matters.insert(key, matter);
        for place in 0..strands {
            self.enter_state((key, place), stage.clone(), None, None);
        }
    }
}

pub(crate) fn strand_at(model: &mut Model, key: Key, place: usize) -> &mut Strand {
    &mut model.matters.get_mut(&key).expect("a matter").strands[place]
}
