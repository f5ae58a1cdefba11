//! What is said anew of what was said: corrections, withdrawals, and what was written down on another's behalf
//! (PROCEDURE 4.10).

use std::collections::BTreeMap;

use act::body::{Correct, Transcribe, Transcribed, Withdraw};
use act::value::{FieldValue, MatterRef, StrandName};
use instrument::procedure::Holds;
use terms::{ActId, Code, Item, ItemPart, Kind, ParticipantId};

use super::filled::Why;
use super::fit::{Whose, names_excluded, names_vacant};
use super::{Context, Settled, Settlement, Stance, StrandKey, Transcript, VoidReason, check_hand};
use crate::rules::v1::event::What;
use crate::rules::v1::matter::{Hand, Matter, MatterKey, Silenced, Strand};
use crate::rules::v1::voices::{Voices, say, take_back};

impl Settlement {
    /// Other values for fields of one's own entry, while every strand stands where that entry led it.
    pub(super) fn correct(
        &mut self,
        settled: &Settled,
        body: &Correct,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let key = self.matter_index(&body.matter);
        let matter = key.ok().and_then(|key| self.matters.get(&key));
        if let Some(matter) = matter {
            names_excluded(&matter.procedure, &body.fields, context)?;
        }
        let (key, matter) = (key?, matter.ok_or(VoidReason::Unknown)?);
        let (index, by, step) = entry_of(matter, key, &body.entry).ok_or(VoidReason::Unknown)?;
        if by != settled.by {
            return Err(VoidReason::NoPower);
        }
        // What it takes to say it, it takes to say it anew.
        let rule = step.as_ref().and_then(|step| matter.procedure.step(step));
        let (kind, step_name) = match &step {
            Some(step) => (Kind::Step, Some(step)),
            None => (Kind::Open, None),
        };
        check_hand(&matter.law, (kind, step_name), settled)?;
        if rule.is_some_and(|rule| settled.hand.officers < rule.eyes) {
            return Err(VoidReason::TwoOfficers);
        }
        if names_vacant(&matter.law, &matter.procedure, &body.fields, context) {
            return Err(VoidReason::Vacant);
        }
        let stands = matter.strands.iter().filter(|(_, strand)| strand.cause == Some(index));
        let strands: Vec<StrandName> = stands.map(|(name, _)| name.clone()).collect();
        // What an opening says is the whole matter's, so none of its strands may have gone on since, or have its own.
        let has_own = |strand: &StrandName| {
            let fields = matter.strands.get(strand).map(Strand::fields);
            fields.is_some_and(|fields| body.fields.keys().any(|field| fields.contains_key(field)))
        };
        let whole = strands.len() == matter.strands.len() && !strands.iter().any(has_own);
        if strands.is_empty() || (step.is_none() && !whole) {
            return Err(VoidReason::WrongState);
        }
        let procedure = &matter.procedure;
        let may = |name: &Code, holds: &Holds| {
            let is_its = match &step {
                Some(step) => procedure.step(step).is_some_and(|rule| rule.fields.contains(name)),
                None => !procedure.comes_later(name),
            };
            is_its && !procedure.strands.contains(name) && !matches!(holds, Holds::Text)
        };
        let good = body
            .fields
            .keys()
            .all(|name| procedure.fields.get(name).is_some_and(|field| may(name, &field.holds)));
        let speaks = strands
            .iter()
            .any(|name| matter.strands.get(name).is_some_and(|strand| !strand.voices.is_empty()));
        // What several agreed on none of them says anew alone.
        let bodies = &matter.law.instrument.bodies;
        let is_own = rule.is_none_or(|rule| rule.by.takes_one(bodies));
        if !good || !is_own || body.fields.is_empty() || (speaks && procedure.adopts.is_some()) {
            return Err(VoidReason::Form);
        }
        let by_strand = rule.is_some_and(|rule| matter.is_by_strand(rule));
        let whose = if by_strand { Whose::Strands(&strands) } else { Whose::Matter };
        self.check_changed(&body.fields, &body.fields, matter, whose)?;
        if self.gives_itself_time((key, whose), &body.fields, settled, context) {
            return Err(VoidReason::Form);
        }
        self.check_citable(body.fields.values())?;
        let id = matter.id;
        self.happened(settled.effective, Some(settled.index), What::Corrected(id, body.entry));
        for name in &strands {
            self.silence(&(key, name.clone()), settled.index, &|_| true);
        }
        let own =
            |(field, value): (&Code, &FieldValue)| (field.clone(), (value.clone(), vec![settled.index]));
        let given: BTreeMap<Code, (FieldValue, Vec<u64>)> = body.fields.iter().map(own).collect();
        let owners: Vec<Option<&StrandName>> =
            if by_strand { strands.iter().map(Some).collect() } else { vec![None] };
        let why = Why { corrects: Some(index), moved: None };
        let mut in_time = Vec::new();
        for own in owners {
            in_time.extend(self.fill_fields((key, own), given.clone(), why, settled, context));
        }
        self.release_all(in_time, settled.effective, settled.high, context);
        Ok(())
    }

    /// Marks one's own entry, and takes back a voice that waits for others: nothing more.
    pub(super) fn withdraw(&mut self, settled: &Settled, body: &Withdraw) -> Result<(), VoidReason> {
        let (at, here) = (settled.effective, Some(settled.index));
        if let Some(table) = self.tables.get_mut(&body.entry) {
            if table.by != settled.by {
                return Err(VoidReason::NoPower);
            }
            check_hand(&self.law, (Kind::Withdraw, None), settled)?;
            table.withdrawn = true;
            table.withdrew.push(settled.index);
            self.happened(at, here, What::Withdrawn(body.entry));
            return Ok(());
        }
        let filed = Item { act: body.entry, part: ItemPart::Exhibit(1) };
        let outside = self.exhibits.get(&filed).filter(|exhibit| exhibit.matter.is_none());
        if let Some(exhibit) = outside {
            if exhibit.filer != settled.by {
                return Err(VoidReason::NoPower);
            }
            check_hand(&self.law, (Kind::Withdraw, None), settled)?;
            let last = Item { act: body.entry, part: ItemPart::Exhibit(u32::MAX) };
            for filed in self.exhibits.keys_in(&(filed..=last)) {
                if let Some(exhibit) = self.exhibits.get_mut(&filed) {
                    exhibit.withdraw(settled.index);
                }
            }
            self.happened(at, here, What::Withdrawn(body.entry));
            return Ok(());
        }
        let matter = body.matter.as_ref().ok_or(VoidReason::Unknown)?;
        let key = self.matter_index(matter)?;
        let matter = self.matters.get(&key).ok_or(VoidReason::Unknown)?;
        let relief = self.voice_for_relief(key, &body.entry);
        let said = entry_of(matter, key, &body.entry).map(|(index, by, _)| (index, by));
        let (index, by) = said.or(relief.clone()).ok_or(VoidReason::Unknown)?;
        if by != settled.by {
            return Err(VoidReason::NoPower);
        }
        check_hand(&matter.law, (Kind::Withdraw, None), settled)?;
        if matter.withdrawn.contains(&index) {
            return Err(VoidReason::WrongState);
        }
        let names: Vec<StrandName> = matter.strands.keys().cloned().collect();
        if let Some(matter) = self.matters.get_mut(&key) {
            matter.withdrawn.push(index);
            matter.withdrew.insert(settled.index, index);
        }
        self.happened(at, here, What::Withdrawn(body.entry));
        if relief.is_some() {
            self.withdraw_voice_for_relief(key, index, settled.index);
        }
        for name in names {
            self.silence(&(key, name), settled.index, &|entry| entry == index);
        }
        Ok(())
    }

    /// Voices that wait for others are not heard any more, from this entry on; nor those that would stand again if the
    /// strand went back.
    fn silence(&mut self, key: &StrandKey, by: u64, is_silenced: &dyn Fn(u64) -> bool) {
        self.touch(by, key);
        let Some(strand) = self.strand_mut(key) else { return };
        let now = (&mut strand.voices, &mut strand.silenced);
        let before = strand.left.iter_mut().map(|left| (&mut left.voices, &mut left.silenced));
        for (steps, silenced) in std::iter::once(now).chain(before) {
            let names: Vec<Code> = steps.keys().cloned().collect();
            for (step, voices) in names.into_iter().zip(steps.values_mut()) {
                voices.retain(|who, voice| {
                    if !is_silenced(voice.index) {
                        return true;
                    }
                    let (who, voice) = (who.clone(), voice.clone());
                    silenced.push(Silenced { by, step: step.clone(), who, voice });
                    false
                });
            }
            steps.retain(|_, voices| !voices.is_empty());
        }
    }

    /// Takes back voices that wait for others; what these entries outdid, withdrew or forgot is heard again. A step that
    /// nobody speaks on any more has none.
    pub(super) fn take_back_voices(&mut self, key: &StrandKey, is_taken_back: &dyn Fn(u64) -> bool) {
        let Some(strand) = self.strand_mut(key) else { return };
        let now = (&mut strand.voices, &mut strand.silenced);
        // Those too that would stand again if the strand went back.
        let before = strand.left.iter_mut().map(|left| (&mut left.voices, &mut left.silenced));
        for (steps, silenced) in std::iter::once(now).chain(before) {
            for again in silenced.extract_if(.., |silenced| is_taken_back(silenced.by)) {
                let mut voices: Voices = [(again.who, again.voice)].into_iter().collect();
                if let Some(standing) = steps.remove(&again.step) {
                    standing.iter().for_each(|(who, voice)| say(&mut voices, who.clone(), voice.clone()));
                }
                steps.insert(again.step, voices);
            }
            for voices in steps.values_mut() {
                take_back(voices, is_taken_back);
            }
            steps.retain(|_, voices| !voices.is_empty());
        }
    }

    /// What this entry withdrew is not withdrawn.
    pub(super) fn take_back_withdrawal(&mut self, index: u64, entry: &ActId) {
        if let Some(table) = self.tables.get_mut(entry) {
            table.withdrew.retain(|by| *by != index);
            table.withdrawn = !table.withdrew.is_empty();
        }
        let first = Item { act: *entry, part: ItemPart::Exhibit(1) };
        let last = Item { act: *entry, part: ItemPart::Exhibit(u32::MAX) };
        for filed in self.exhibits.keys_in(&(first..=last)) {
            if let Some(exhibit) = self.exhibits.get_mut(&filed) {
                exhibit.take_back_withdrawal(index);
            }
        }
        let touched = self.recent.iter().find(|act| act.index == index).map(|act| act.touched.clone());
        for key in touched.unwrap_or_default() {
            let Some(matter) = self.matters.get_mut(&key.0) else { continue };
            if let Some(withdrawn) = matter.withdrew.remove(&index) {
                matter.withdrawn.retain(|entry| *entry != withdrawn);
            }
        }
    }

    /// What another participant did, written down by who the instrument says may.
    pub(super) fn transcribe(
        &mut self,
        settled: &Settled,
        body: &Transcribe,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let party = &body.on_behalf_of;
        if context.ledger.excluded.names(party.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        let law = self.law.clone();
        let may = law.instrument.transcription.as_ref().is_some_and(|transcription| {
            transcription.by == settled.by && transcription.on_behalf_of.contains(party)
        });
        let hand = Hand { transcribed: Some(may), ..settled.hand };
        let does = Settled { by: party.clone(), hand, ..settled.clone() };
        match &body.what {
            Transcribed::Open(open) => self.open(&does, open, context)?,
            Transcribed::Step(step) => self.step(&does, step, context)?,
        }
        let what = What::Transcribed(party.clone(), settled.by.clone());
        self.happened(settled.effective, Some(settled.index), what);
        let transcript = Transcript {
            index: settled.index,
            on_behalf_of: party.clone(),
            by: settled.by.clone(),
            high: settled.high,
            stance: Stance::Nothing,
            was: Vec::new(),
        };
        self.transcripts.insert(settled.id, transcript);
        Ok(())
    }

    /// What was written down is right: it adds nothing, and is on record.
    pub(super) fn confirm(&mut self, settled: &Settled, act: &ActId) -> Result<(), VoidReason> {
        let transcript = self.transcripts.get_mut(act).ok_or(VoidReason::Unknown)?;
        if transcript.on_behalf_of != settled.by {
            return Err(VoidReason::NoPower);
        }
        check_hand(&self.law, (Kind::Confirm, None), settled)?;
        if transcript.stance != Stance::Nothing {
            return Err(VoidReason::WrongState);
        }
        transcript.becomes(Stance::Confirmed, settled.index);
        self.happened(settled.effective, Some(settled.index), What::Confirmed(*act));
        Ok(())
    }

    /// What was written down is not one's act: within the time for disowning it is taken back as a disowned key's acts
    /// are; after it, it is marked.
    pub(super) fn disown_transcript(
        &mut self,
        settled: &Settled,
        act: &ActId,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let transcript = self.transcripts.get_mut(act).ok_or(VoidReason::Unknown)?;
        if transcript.on_behalf_of != settled.by {
            return Err(VoidReason::NoPower);
        }
        check_hand(&self.law, (Kind::Disown, None), settled)?;
        if transcript.stance == Stance::Disowned {
            return Err(VoidReason::WrongState);
        }
        transcript.becomes(Stance::Disowned, settled.index);
        let (index, high) = (transcript.index, transcript.high);
        self.happened(settled.effective, Some(settled.index), What::DisownedAct(*act));
        if self.is_within_window(high, settled, context) {
            self.note_taken_back(settled.index, index);
            self.take_back(&std::collections::BTreeSet::from([index]), settled, context);
        }
        Ok(())
    }
}

impl Transcript {
    fn becomes(&mut self, stance: Stance, by: u64) {
        let was = std::mem::replace(&mut self.stance, stance);
        self.was.push((by, was));
    }

    /// What these entries said of it was not said.
    pub(super) fn unsay(&mut self, disowned: &std::collections::BTreeSet<u64>) {
        while let Some(first) = self.was.iter().position(|(by, _)| disowned.contains(by)) {
            // What was said after it may stand.
            let (_, before) = self.was.remove(first);
            match self.was.get_mut(first) {
                Some((_, was)) => *was = before,
                None => self.stance = before,
            }
        }
    }
}

/// An entry in a matter: its index, whose it is, and which step it took; none if it opened the matter.
pub(super) fn entry_of(
    matter: &Matter,
    key: MatterKey,
    entry: &ActId,
) -> Option<(u64, ParticipantId, Option<Code>)> {
    if matter.id == MatterRef::Opened(*entry) {
        return Some((key.index, matter.opener.clone(), None));
    }
    let (index, said) = matter.said.iter().find(|(_, said)| said.id == *entry)?;
    Some((*index, said.by.clone(), said.step.clone()))
}
