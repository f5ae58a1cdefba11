//! Voices on a step that several decide, and what they come to (PROCEDURE 4.2).

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use act::value::{FieldValue, Fields};
use instrument::procedure::{Must, Step};
use instrument::tally::{Needs, Outcome, Target};
use terms::{Code, ParticipantId};

use super::few::Few;

/// Each participant's last choice of a step.
pub type Voices = Few<ParticipantId, Voice>;

/// What somebody says in a step that several decide.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Voice {
    /// Where it leads.
    pub to: Target,
    /// What was chosen, where there is a choice.
    pub choice: Option<Code>,
    /// The entry.
    pub index: u64,
    /// The fields that it gives.
    pub fields: Fields,
    /// What the same one had said before on this step, in order: as long as a root may take back what it said after.
    pub earlier: Vec<Voice>,
}

impl Voice {
    /// Drops what no disowning can bring back: roots reach no entry before `reach` any more.
    pub fn forget_before(&mut self, reach: u64) {
        if self.index < reach {
            self.earlier = Vec::new();
        } else if let Some(last) = self.earlier.iter().rposition(|voice| voice.index < reach) {
            self.earlier.drain(..last);
        }
    }
}

/// Hears a voice: what the same one said before waits behind it.
pub fn say(voices: &mut Voices, who: ParticipantId, mut voice: Voice) {
    if let Some(mut before) = voices.remove(&who) {
        let mut earlier = std::mem::take(&mut before.earlier);
        earlier.push(before);
        earlier.append(&mut voice.earlier);
        voice.earlier = earlier;
    }
    voices.insert(who, voice);
}

/// Takes voices back: whoever said something before says that. Gives whether any was.
pub fn take_back(voices: &mut Voices, is_taken_back: &dyn Fn(u64) -> bool) -> bool {
    let mut any = false;
    voices.retain(|_, voice| {
        voice.earlier.retain(|voice| !is_taken_back(voice.index));
        if !is_taken_back(voice.index) {
            return true;
        }
        any = true;
        let mut earlier = std::mem::take(&mut voice.earlier);
        let Some(last) = earlier.pop() else { return false };
        *voice = Voice { earlier, ..last };
        true
    });
    any
}

/// A decision of several.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// On which step.
    pub step: Code,
    /// What it took.
    pub needs: Needs,
    /// Where it led; none of the step's targets, if nothing else could come of the voices.
    pub outcome: Outcome,
    /// By whom.
    pub voices: Voices,
}

impl Decision {
    /// Whether it would not have been reached without the voices of these entries.
    #[must_use]
    pub fn falls_without(&self, is_taken_back: &dyn Fn(u64) -> bool, rule: &Step) -> bool {
        let mut voices = self.voices.clone();
        if !take_back(&mut voices, is_taken_back) {
            return false;
        }
        let heard: BTreeMap<ParticipantId, Target> =
            voices.iter().map(|(who, voice)| (who.clone(), voice.to.clone())).collect();
        if voices.is_empty()
            || self.needs.outcome(&heard, &rule.targets(), rule.split.as_ref()) != self.outcome
        {
            return true;
        }
        let Outcome::Reached(to) = &self.outcome else { return false };
        let given = given_for(&voices, to, None);
        let same = voices.values().filter(|voice| voice.to == *to);
        !same.flat_map(|voice| must_of(rule, voice.choice.as_ref())).all(|field| given.contains_key(&field))
    }
}

/// The fields that voices for a target give, but for one entry's: each by the earliest that gives it, with all who do.
#[must_use]
pub fn given_for(voices: &Voices, to: &Target, but: Option<u64>) -> BTreeMap<Code, (FieldValue, Vec<u64>)> {
    let mut same: Vec<&Voice> =
        voices.values().filter(|voice| voice.to == *to && Some(voice.index) != but).collect();
    same.sort_unstable_by_key(|voice| voice.index);
    let mut given: BTreeMap<Code, (FieldValue, Vec<u64>)> = BTreeMap::new();
    for voice in same {
        for (field, value) in &voice.fields {
            let (first, by) = given.entry(field.clone()).or_insert_with(|| (value.clone(), Vec::new()));
            if first == value {
                by.push(voice.index);
            }
        }
    }
    given
}

/// What the first voice of a step has to give, for this choice.
#[must_use]
pub fn must_of(rule: &Step, choice: Option<&Code>) -> BTreeSet<Code> {
    match (&rule.must, choice) {
        (Must::Always(fields), _) => fields.clone(),
        (Must::For(by_choice), Some(choice)) => by_choice.get(choice).cloned().unwrap_or_default(),
        (Must::For(_), None) => BTreeSet::new(),
    }
}
