//! Random acts under any instrument: openings, steps, relief, corrections, disownings, and what makes no sense. Mostly each
//! is marked at once.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Correct, Open, Tier, Withdraw};
use act::value::{AnnexRef, FieldValue, Fields, MatterRef, StrandName, Window, Word};
use act::{Body, Entry};
use instrument::Procedure;
use instrument::procedure::{Effect, Field, Holds, Leads};
use terms::{ActId, Capacity, Code, Hash, Place, Seconds};

use super::history::Dice;
use super::setup::Setup;
use super::world::{Hand, World};
use super::{bodies, participant, versions};
use crate::v1::Matter;
use crate::v1::law::is_possible;
use crate::v1::matter::words;
use crate::v1::shared::Lent;

/// A history of random acts under an instrument.
pub struct Lives {
    /// The register.
    pub world: World,
    dice: Dice,
    said: Vec<(MatterRef, ActId, String)>,
    /// Relief that was asked for.
    asked: Vec<Body>,
    /// How many desks of each were disowned.
    stolen: BTreeMap<String, u32>,
    /// What these lives have, and have not.
    with: With,
    /// Texts that may take the place of the instrument.
    versions: Vec<AnnexRef>,
}

/// What lives have beside openings, steps, corrections and withdrawals.
#[derive(Clone, Copy)]
struct With {
    /// Stamps, what is put on record as delivered, what is written down by who may.
    deliveries: bool,
    /// Disowning, of keys and of what was written down.
    disowning: bool,
    /// Relief.
    relief: bool,
    /// Amendments.
    amendments: bool,
}

impl Lives {
    /// Begins under an instrument, with some seats empty.
    #[must_use]
    pub fn new(instrument: &str, seed: u64) -> Lives {
        let mut dice = Dice::new(seed);
        // Marks a day apart are enough: each act has one of its own.
        let daily = crate::story::amended(instrument, "[calendar]\nheartbeat = \"1d\"\n");
        let mut setup = Setup { signed: false, witnesses: 1, quorum: 1, ..Setup::under(&daily) };
        if dice.one_in(3) {
            let who = dice.one_of(&setup.roles).0;
            setup.vacant.push(who);
        }
        let world = World::found(&setup);
        let with = With { deliveries: false, disowning: true, relief: true, amendments: true };
        Lives {
            world,
            dice,
            said: Vec::new(),
            asked: Vec::new(),
            stolen: BTreeMap::new(),
            with,
            versions: Vec::new(),
        }
    }

    /// The same without disowning and amendments; with stamps and what is put on record as delivered.
    #[must_use]
    pub fn that_stand(instrument: &str, seed: u64) -> Lives {
        let with = With { deliveries: true, disowning: false, relief: true, amendments: false };
        Lives { with, ..Lives::new(instrument, seed) }
    }

    /// Those in which roots take back what a key signed, and participants what was written down for them; without
    /// amendments.
    #[must_use]
    pub fn that_are_taken_back(instrument: &str, seed: u64) -> Lives {
        let with = With { deliveries: true, disowning: true, relief: true, amendments: false };
        Lives { with, ..Lives::new(instrument, seed) }
    }

    /// Those in which the instrument is amended, under open matters, by texts with other times and with transitions; without
    /// disowning.
    #[must_use]
    pub fn that_are_amended(instrument: &str, seed: u64) -> Lives {
        let with = With { deliveries: true, disowning: false, relief: true, amendments: true };
        Lives::amended(instrument, seed, with)
    }

    /// Those that are amended and taken back.
    #[must_use]
    pub fn that_change(instrument: &str, seed: u64) -> Lives {
        let with = With { deliveries: true, disowning: true, relief: true, amendments: true };
        Lives::amended(instrument, seed, with)
    }

    fn amended(instrument: &str, seed: u64, with: With) -> Lives {
        let mut lives = Lives { with, ..Lives::new(instrument, seed) };
        let text = lives.world.live.settlement().law().annex;
        let text = String::from_utf8(lives.world.annexes[&text].clone()).unwrap_or_default();
        let sound = versions::of(&text, &mut lives.dice);
        for text in sound {
            let (sha256, size) = (Hash::of(text.as_bytes()), text.len() as u64);
            lives.world.annexes.insert(sha256, text.into_bytes());
            lives.versions.push(AnnexRef { sha256, size });
        }
        lives.world.know_annexes();
        lives
    }

    /// So many acts, minutes or days apart.
    pub fn play(&mut self, acts: u32) {
        for _ in 0..acts {
            self.turn();
        }
        self.world.mark();
    }

    /// One act, after some time; mostly it is marked at once.
    pub fn turn(&mut self) {
        let apart = match self.dice.below(6) {
            0..3 => Seconds(60 * (1 + self.dice.below(300))),
            3..5 => Seconds::hours(1 + self.dice.below(60)),
            _ => Seconds::days(1 + self.dice.below(12)),
        };
        let until = self.world.now.plus(apart);
        // Now and then the register is silent.
        if self.with.deliveries && self.dice.one_in(40) {
            self.world.now = until;
        } else {
            self.wait_until(until);
        }
        self.act();
        if !self.dice.one_in(5) {
            self.world.mark();
        }
    }

    /// So many days in which nobody acts.
    pub fn wait(&mut self, days: u64) {
        self.wait_until(self.world.now.plus(Seconds::days(days)));
    }

    fn wait_until(&mut self, until: terms::Instant) {
        // Three heartbeats apart, so that no time is dead.
        let step = Seconds(self.world.live.instrument().calendar.heartbeat.0 * 3);
        while self.world.now.plus(step) < until {
            self.world.now = self.world.now.plus(step);
            self.world.mark();
        }
        self.world.now = until;
    }

    fn act(&mut self) {
        let seated: Vec<String> = {
            let ledger = self.world.live.ledger();
            let seats = ledger.seats().iter().filter(|(_, seat)| seat.taken.is_some());
            seats.map(|(id, _)| id.to_string()).collect()
        };
        let mut who = self.dice.one_of(&seated);
        if self.with.disowning && self.dice.one_in(if self.with.deliveries { 9 } else { 30 }) {
            return self.theft(&who);
        }
        let body = match self.dice.below(20) {
            0..5 => self.opening(),
            5..16 => self.step(&mut who, &seated),
            16 | 17 if self.with.deliveries => self.relief_again(&mut who, &seated),
            16 | 17 if self.with.relief => self.relief(),
            18 if self.with.deliveries => self.delivery(),
            _ => self.mending(&mut who),
        };
        let Some(mut body) = body else { return };
        if matches!(body, Body::Open(_) | Body::Step(_)) {
            if self.dice.one_in(25) {
                body = bodies::transcribe(&self.dice.one_of(&seated), body);
            } else if self.with.deliveries {
                body = self.written_down(&mut who, body);
            }
        }
        let two = self.has_second(&who) && !self.dice.one_in(if self.with.deliveries { 2 } else { 6 });
        let desk = format!("{who}/{}", self.desk(&who));
        let signers = if two { vec![desk, format!("{who}/second")] } else { vec![desk] };
        let seen = self.world.last_mark.filter(|_| !self.dice.one_in(4));
        let stamps = if self.with.deliveries { self.stamps(&who) } else { Vec::new() };
        let hand = Hand { seen: seen.map(|(size, _)| self.world.seen_at(size)), stamps };
        // What can't be written is no act.
        let draft = self.world.draft(&signers, &hand, body);
        if draft.clone().write().is_err() {
            return;
        }
        let submission = self.world.sign(&draft, &hand);
        let act = submission.act().id();
        let matter = match submission.act().body() {
            Body::Open(_) => Some(MatterRef::Opened(act)),
            Body::Step(step) => Some(step.matter),
            Body::Extend(_) | Body::Suspend(_) | Body::Resume(_) | Body::SetAside(_)
                if self.with.deliveries =>
            {
                submission.act().body().matter()
            }
            Body::Transcribe(written) if self.with.deliveries => {
                who = written.on_behalf_of.to_string();
                Some(submission.act().body().matter().unwrap_or(MatterRef::Opened(act)))
            }
            _ => None,
        };
        self.world.register(&submission, self.world.now);
        self.said.extend(matter.map(|matter| (matter, act, who)));
    }

    /// The key that somebody acts with.
    fn desk(&self, who: &str) -> String {
        self.stolen.get(who).map_or_else(|| "desk".to_owned(), |times| format!("desk-{times}"))
    }

    /// Its roots take back the last acts of somebody's key, and give it another.
    fn theft(&mut self, who: &str) {
        let label = self.desk(who);
        let name = super::signer(&format!("{who}/{label}"));
        let n = self.world.live.ledger().keys().get(&name).map_or(0, |key| key.chain.n);
        let since = n.saturating_sub(self.dice.below(4)).max(1);
        let roots = self.world.roots_of(who);
        self.world.act(&roots, bodies::disown(&label, since));
        *self.stolen.entry(who.to_owned()).or_default() += 1;
        let label = self.desk(who);
        let enrolment = super::world::enrolment_with(who, &label, Capacity::Officer, "Liaison office", None);
        self.world.act(&roots, enrolment);
    }

    /// Now and then whoever writes for others writes it down for one of them; and what is done is done to what is not there.
    fn written_down(&mut self, who: &mut String, mut body: Body) -> Body {
        if let Body::Step(step) = &mut body
            && self.dice.one_in(60)
        {
            let (_, entry, _) = self.dice.one_of(&self.said);
            step.matter = MatterRef::Opened(entry);
        }
        let rule = self.world.live.instrument().transcription.clone();
        let sits = |id: &terms::ParticipantId| !self.world.live.ledger().is_vacant(id);
        let Some(rule) = rule.filter(|rule| sits(&rule.by) && self.dice.one_in(8)) else { return body };
        let all: Vec<String> = rule.on_behalf_of.iter().map(ToString::to_string).collect();
        let party = if all.contains(who) { who.clone() } else { self.dice.one_of(&all) };
        *who = rule.by.to_string();
        bodies::transcribe(&party, body)
    }

    /// Sometimes a guarantor has stamped it, up to some days before.
    fn stamps(&mut self, who: &str) -> Vec<(String, terms::Instant)> {
        let ledger = self.world.live.ledger();
        let named = |id: &&terms::ParticipantId| {
            id.as_str() != who && ledger.keys().contains_key(&super::signer(&format!("{id}/intake")))
        };
        let all: Vec<String> = ledger.seats().keys().filter(named).map(ToString::to_string).collect();
        if all.is_empty() || !self.dice.one_in(5) {
            return Vec::new();
        }
        vec![(self.dice.one_of(&all), self.world.now.minus(Seconds(60 * self.dice.below(6000))))]
    }

    /// Something that was said is put on record as delivered.
    fn delivery(&mut self) -> Option<Body> {
        if self.said.is_empty() {
            return None;
        }
        let lately = self.said.len().saturating_sub(4);
        let (_, entry, _) = self.dice.one_of(&self.said[lately..]);
        let all: Vec<String> = self.world.live.ledger().seats().keys().map(ToString::to_string).collect();
        Some(bodies::serve(entry, &self.dice.one_of(&all)))
    }

    fn has_second(&self, who: &str) -> bool {
        let name = super::signer(&format!("{who}/second"));
        self.world.live.ledger().keys().contains_key(&name)
    }

    fn opening(&mut self) -> Option<Body> {
        let law = self.world.live.settlement().law().clone();
        let kinds: Vec<Code> = law.instrument.procedures.keys().cloned().collect();
        let mut kind = self.dice.one_of(&kinds);
        if !self.versions.is_empty() && self.dice.one_in(4) {
            let amends = |kind: &&Code| law.procedure(kind).is_some_and(|found| is_amending(found));
            kind = kinds.iter().find(amends).cloned().unwrap_or(kind);
        }
        let procedure = law.procedure(&kind)?;
        // What ends the agreement ends the history.
        let ends = procedure.effects.values().any(|effect| *effect == Effect::Close);
        let amends = is_amending(procedure);
        if ends && !self.dice.one_in(4) || amends && !self.with.amendments {
            return None;
        }
        let mut fields = Fields::new();
        for (name, field) in &procedure.fields {
            let leaves_out = match field.optional {
                true if procedure.comes_later(name) => !self.dice.one_in(30),
                true => self.dice.one_in(2),
                false => self.dice.one_in(30),
            };
            // No life has a policy of its own.
            let leaves_out = leaves_out || !self.versions.is_empty() && name.as_str() == "policy";
            if !leaves_out && let Some(value) = self.value(field, procedure.strands.contains(name)) {
                fields.insert(name.clone(), value);
            }
        }
        let tier = self.dice.one_in(5).then_some(Tier::WithoutPrejudice);
        let lists = self.with.deliveries && !procedure.strands.is_empty() && self.dice.one_in(3);
        let strands = if lists { self.listed(procedure, &fields) } else { Vec::new() };
        Some(Body::Open(Open { procedure: kind, tier, fields, strands, files: Vec::new() }))
    }

    fn matter(&mut self) -> Option<Matter> {
        let settlement = self.world.live.settlement();
        let open: Vec<&Matter> =
            settlement.open_matters().keys().filter_map(|key| settlement.matters().get(key)).collect();
        let any: Vec<&Matter> =
            settlement.matters().keys().filter_map(|key| settlement.matters().get(key)).collect();
        let mut from = if open.is_empty() || self.dice.one_in(15) { any } else { open };
        if !self.versions.is_empty() && self.dice.one_in(3) && from.iter().any(|m| is_amending(&m.procedure))
        {
            from.retain(|matter| is_amending(&matter.procedure));
        }
        (!from.is_empty()).then(|| (*self.dice.one_of(&from)).clone())
    }

    /// Some of the strands that an opening may have; now and then one that it has not.
    fn listed(&mut self, procedure: &Procedure, fields: &Fields) -> Vec<StrandName> {
        let mut all: Vec<String> = vec![String::new()];
        for name in &procedure.strands {
            let values: Vec<String> = words(fields.get(name)).map(ToString::to_string).collect();
            let with = |head: &String| {
                let each = values.iter().map(|value| match head.as_str() {
                    "" => value.clone(),
                    head => format!("{head}:{value}"),
                });
                each.collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        all.retain(|_| !self.dice.one_in(3));
        if self.dice.one_in(12) {
            all.push("nobody".to_owned());
        }
        all.into_iter().filter_map(|name| StrandName::new(name).ok()).collect()
    }

    fn strands(&mut self, matter: &Matter) -> Vec<StrandName> {
        let mut names: Vec<StrandName> = matter.strands.keys().cloned().collect();
        if self.with.deliveries && self.dice.one_in(30) {
            let at = usize::try_from(self.dice.below(names.len() as u64 + 1)).unwrap_or(0);
            names.extend(StrandName::new("nobody".to_owned()));
            names[at..].rotate_right(1);
            return names;
        }
        if names.len() > 1 && self.dice.one_in(3) { names } else { vec![self.dice.one_of(&names)] }
    }

    fn step(&mut self, who: &mut String, seated: &[String]) -> Option<Body> {
        let matter = self.matter()?;
        let strands = self.strands(&matter);
        let state = &matter.strands.get(&strands[0])?.state;
        let all: Vec<&(Code, instrument::procedure::Step)> = matter.procedure.steps.iter().collect();
        let possible: Vec<_> =
            all.iter().copied().filter(|(_, rule)| is_possible(&matter.procedure, rule, state)).collect();
        let from = if possible.is_empty() || self.dice.one_in(12) { all } else { possible };
        let pressed: Vec<_> = from.iter().copied().filter(|(_, rule)| rule.clock.is_some()).collect();
        let presses = self.with.deliveries && !pressed.is_empty() && !self.dice.one_in(3);
        let (name, rule) = self.dice.one_of(if presses { &pressed } else { &from });
        if !self.dice.one_in(12) {
            let is_vacant = |_: &terms::ParticipantId| false;
            let may = |id: &&String| matter.may(&participant(id), &rule.by, &strands[0], &is_vacant);
            let speakers: Vec<String> = seated.iter().filter(may).cloned().collect();
            if !speakers.is_empty() {
                *who = self.dice.one_of(&speakers);
            }
        }
        let names: Vec<&str> = strands.iter().map(StrandName::as_str).collect();
        let choice = match &rule.leads {
            Leads::Choice(choices) => {
                let choices: Vec<Code> = choices.iter().map(|(choice, _)| choice.clone()).collect();
                // Mostly the first, so that those who decide together may come to agree.
                Some(if self.dice.one_in(3) { self.dice.one_of(&choices) } else { choices[0].clone() })
            }
            Leads::Stays | Leads::To(_) => None,
        };
        let mut body = bodies::step_body(matter.id, &names, name.as_str(), choice.as_ref().map(Code::as_str));
        let opened: Vec<Code> = match &rule.opens {
            instrument::procedure::Opens::Nothing => Vec::new(),
            instrument::procedure::Opens::Always(kind) => vec![kind.clone()],
            instrument::procedure::Opens::For(kinds) => kinds.values().cloned().collect(),
        };
        let child = opened.first().and_then(|kind| matter.law.procedure(kind));
        let own = matter.procedure.fields.iter().filter(|(name, _)| rule.fields.contains(*name));
        let others = child.into_iter().flat_map(|child| {
            child.fields.iter().filter(|(name, _)| !child.comes_later(name) || rule.fields.contains(*name))
        });
        let wanted: Vec<(Code, Field)> =
            own.chain(others).map(|(name, field)| (name.clone(), field.clone())).collect();
        for (name, field) in wanted {
            if !self.dice.one_in(4)
                && let Some(value) = self.value(&field, false)
            {
                body.fields.insert(name, value);
            }
        }
        if rule.needs_file {
            body.files = vec![bodies::file("report", &[])];
        }
        Some(Body::Step(body))
    }

    /// Relief by whoever may give it; often what another has asked for lately, in the same words.
    fn relief_again(&mut self, who: &mut String, seated: &[String]) -> Option<Body> {
        let again = !self.asked.is_empty() && !self.dice.one_in(3);
        let body = match again {
            true => {
                let lately = self.asked.len().saturating_sub(2);
                self.dice.one_of(&self.asked[lately..])
            }
            false => self.relief()?,
        };
        if !self.dice.one_in(6) {
            let relief = self.world.live.instrument().relief.clone();
            let by = match &body {
                Body::Extend(_) => relief.extend.map(|extend| extend.by),
                Body::Suspend(_) | Body::Resume(_) => relief.suspend.map(|(by, _)| by),
                Body::Cut(_) => relief.cut.map(|(by, _)| by),
                _ => relief.set_aside,
            };
            let law = self.world.live.settlement().law().clone();
            let sets = by.iter().flat_map(|by| &by.0).flat_map(|item| law.instrument.members(&item.of.set));
            let may: BTreeSet<String> = sets.map(|id| id.to_string()).collect();
            let speakers: Vec<String> = seated.iter().filter(|id| may.contains(*id)).cloned().collect();
            if !speakers.is_empty() {
                *who = self.dice.one_of(&speakers);
            }
        }
        self.asked.push(body.clone());
        Some(body)
    }

    fn relief(&mut self) -> Option<Body> {
        let matter = self.matter()?;
        let MatterRef::Opened(act) = matter.id else { return None };
        let strands = self.strands(&matter);
        let names: Vec<&str> = strands.iter().map(StrandName::as_str).collect();
        let strand = matter.strands.get(&strands[0])?;
        let hours = 3600 * (1 + self.dice.below(60));
        Some(match self.dice.below(5) {
            0 => {
                let clocks: Vec<Code> = strand.clocks.keys().cloned().collect();
                let step = if clocks.is_empty() { return None } else { self.dice.one_of(&clocks) };
                bodies::extend(act, &names, step.as_str(), hours)
            }
            1 => bodies::suspend(act, &names, hours),
            2 => bodies::resume(act, &names),
            3 => {
                let who: Vec<String> =
                    self.world.live.ledger().seats().keys().map(ToString::to_string).collect();
                let to = self.world.now;
                bodies::cut(&self.dice.one_of(&who), to.minus(Seconds(hours)), to)
            }
            _ => {
                let back = if strand.been.is_empty() { return None } else { self.dice.one_of(&strand.been) };
                bodies::set_aside(act, &names, back.as_str())
            }
        })
    }

    fn mending(&mut self, who: &mut String) -> Option<Body> {
        if self.said.is_empty() {
            return None;
        }
        let lately = self.said.len().saturating_sub(3);
        let from = if self.dice.one_in(3) { &self.said[..] } else { &self.said[lately..] };
        let (reference, entry, by) = self.dice.one_of(from);
        if !self.dice.one_in(5) && !self.world.live.ledger().is_vacant(&participant(&by)) {
            *who = by;
        }
        let found = self.world.live.settlement().matters().values().find(|matter| matter.id == reference)?;
        let fields: Vec<(Code, Field)> =
            found.procedure.fields.iter().map(|(name, field)| (name.clone(), field.clone())).collect();
        match self.dice.below(4) {
            0 => Some(Body::Withdraw(Withdraw { matter: Some(reference), entry })),
            1 if !fields.is_empty() => {
                let given = self.given(entry);
                let mut own: Vec<_> =
                    fields.iter().filter(|(name, _)| given.contains_key(name)).cloned().collect();
                if own.is_empty() || !self.with.deliveries || self.dice.one_in(4) {
                    own = fields;
                }
                let (name, field) = self.dice.one_of(&own);
                let mut fields = Fields::from([(name, self.value(&field, false)?)]);
                if self.with.deliveries && self.dice.one_in(2) {
                    let (name, field) = self.dice.one_of(&own);
                    fields.extend(self.value(&field, false).map(|value| (name, value)));
                }
                Some(Body::Correct(Correct { matter: reference, entry, fields }))
            }
            2 if self.with.disowning => Some(Body::Disown(act::body::Disown::Act(self.written(entry)))),
            _ => Some(Body::Confirm(act::body::Confirm { act: self.written(entry) })),
        }
    }

    /// The fields that an entry gave.
    fn given(&self, entry: ActId) -> Fields {
        let entries = self.world.entries.iter().rev().filter_map(|bytes| Entry::parse(bytes).ok());
        let found = entries.map(|entry| entry.act().clone()).find(|act| act.id() == entry);
        match found.map(|act| act.body().clone()) {
            Some(Body::Open(open)) => open.fields,
            Some(Body::Step(step)) => step.fields,
            _ => Fields::new(),
        }
    }

    /// One of what was written down, where that is done and there is any; else this.
    fn written(&mut self, entry: ActId) -> ActId {
        let written: Vec<ActId> = self.world.live.settlement().transcripts().keys().copied().collect();
        if self.with.deliveries && !written.is_empty() { self.dice.one_of(&written) } else { entry }
    }

    fn value(&mut self, field: &Field, names_strands: bool) -> Option<FieldValue> {
        let count = if field.several || names_strands { 1 + self.dice.below(3) } else { 1 };
        let law = self.world.live.settlement().law().clone();
        let (now, stands) = (self.world.now, self.with.deliveries);
        let word = |dice: &mut Dice, settlement: &crate::v1::Settlement| -> Option<Word> {
            Some(match &field.holds {
                Holds::Codes(codes) => Word::Code(dice.one_of(codes)),
                Holds::Instant => {
                    Word::Instant(now.plus(Seconds::hours(dice.below(400))).minus(Seconds::days(2)))
                }
                Holds::Area => {
                    let areas: Vec<Code> = law.instrument.areas.keys().cloned().collect();
                    Word::Code(if areas.is_empty() { return None } else { dice.one_of(&areas) })
                }
                Holds::Provision => {
                    let all: Vec<Code> = law.instrument.provisions.keys().cloned().collect();
                    Word::Code(if all.is_empty() { return None } else { dice.one_of(&all) })
                }
                Holds::Participant(_) if stands && dice.one_in(80) => {
                    let all: Vec<Code> = law.instrument.excluded.keys().cloned().collect();
                    Word::Code(if all.is_empty() { return None } else { dice.one_of(&all) })
                }
                Holds::Participant(Some(group)) if stands && !dice.one_in(4) => {
                    let all: Vec<_> = law.instrument.members(&group.set).into_iter().collect();
                    Word::Code(if all.is_empty() {
                        return None;
                    } else {
                        Code::new(dice.one_of(&all).as_str())?
                    })
                }
                Holds::Participant(_) => {
                    let all: Vec<_> = law.instrument.participants.keys().collect();
                    Word::Code(Code::new(dice.one_of(&all).as_str())?)
                }
                Holds::Matter { kind, .. } => {
                    let fits = |matter: &Matter| kind.as_ref().is_none_or(|kind| matter.kind == *kind);
                    let closed_off = |matter: &Matter| matter.tier == Tier::WithoutPrejudice;
                    let seeks =
                        stands && dice.one_in(6) && settlement.matters().values().any(|m| closed_off(&m));
                    let sought = |matter: &Lent<'_, Matter>| fits(matter) && (!seeks || closed_off(matter));
                    let all: Vec<MatterRef> =
                        settlement.matters().values().filter(sought).map(|matter| matter.id).collect();
                    match if all.is_empty() { return None } else { dice.one_of(&all) } {
                        MatterRef::Opened(act) => Word::Hash(act.0),
                        MatterRef::ByStep(item) => Word::Item(item),
                    }
                }
                Holds::Count => Word::Code(Code::new(&dice.below(90).to_string())?),
                Holds::Window | Holds::Place | Holds::Text => return None,
            })
        };
        match field.holds {
            Holds::Count if !field.several => return Some(FieldValue::Count(self.dice.below(90))),
            Holds::Window => {
                let start = now.plus(Seconds::hours(self.dice.below(200)));
                let end = start.plus(Seconds::hours(self.dice.below(100)));
                return Some(FieldValue::Window(Window { start, end }));
            }
            Holds::Place => {
                let (lat_e7, lon_e7) = (self.dice.below(900_000_000), self.dice.below(1_800_000_000));
                let (lat_e7, lon_e7) = (i64::try_from(lat_e7).ok()?, i64::try_from(lon_e7).ok()?);
                return Some(FieldValue::Place(Place { lat_e7, lon_e7, radius_m: 500 }));
            }
            Holds::Text if !self.versions.is_empty() && !self.dice.one_in(3) => {
                return Some(FieldValue::Annex(self.dice.one_of(&self.versions)));
            }
            Holds::Text => {
                // The instrument that is in force, so that an amendment can take effect; sometimes one that can't.
                let text = law.annex;
                let broken = Hash::of(b"[instrument]\n");
                self.world.annexes.insert(broken, b"[instrument]\n".to_vec());
                self.world.know_annexes();
                let sha256 = if self.dice.one_in(3) { broken } else { text };
                let size = self.world.annexes.get(&sha256).map_or(1, Vec::len) as u64;
                return Some(FieldValue::Annex(AnnexRef { sha256, size }));
            }
            _ => {}
        }
        let settlement = self.world.live.settlement();
        let words: BTreeSet<Word> = (0..count).filter_map(|_| word(&mut self.dice, settlement)).collect();
        let mut words: Vec<Word> = words.into_iter().collect();
        words.sort_by_key(Word::to_string);
        if words.is_empty() {
            return None;
        }
        Some(if field.several || (names_strands && words.len() > 1) {
            FieldValue::Several(words)
        } else {
            FieldValue::One(words.swap_remove(0))
        })
    }
}

fn is_amending(procedure: &instrument::Procedure) -> bool {
    procedure.effects.values().any(|effect| *effect == Effect::Amend)
}
