//! Other values for fields of an entry of one's own: what stands, as it would be typed, and from what was typed to what can
//! be signed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use act::Body;
use act::body::Correct;
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use docket::v1::few::Few;
use docket::v1::{Matter, Replay};
use node::form::{Asked, Form, Wrong, fill, of_correction};
use place::notation;
use terms::{ActId, Code, Instant, ItemPart, Kind, ParticipantId};

use crate::web::asked::Sent;
use crate::words::when::in_a_field;
use crate::writing::{FIELD, Input, Lack, What, Written, given};

/// An entry in a matter, and what of it can have other values.
pub(crate) struct Correction<'r> {
    replay: &'r Replay,
    pub(crate) matter: &'r Matter,
    act: ActId,
    /// Whose entry it is.
    by: &'r ParticipantId,
    /// The lives that stand where it led them.
    led: Vec<&'r StrandName>,
    /// The step that it took; none if it opened the matter.
    step: Option<&'r Code>,
    asked: Vec<Asked<'r>>,
}

impl<'r> Correction<'r> {
    /// Nothing, if the matter has no such entry.
    pub(crate) fn of(replay: &'r Replay, matter: &MatterRef, act: &ActId) -> Option<Correction<'r>> {
        let (key, matter) = replay.settlement().matter(matter)?;
        let (index, by, step) = if matter.id == MatterRef::Opened(*act) {
            (key.index, &matter.opener, None)
        } else {
            let (index, said) = matter.said.iter().find(|(_, said)| said.id == *act)?;
            (*index, &said.by, said.step.as_ref())
        };
        let led = matter.strands.iter().filter(|(_, life)| life.cause == Some(index));
        let led = led.map(|(name, _)| name).collect();
        Some(Correction { replay, matter, act: *act, by, led, step, asked: of_correction(matter, step) })
    }

    /// Whether somebody may, as far as the matter tells: nothing has moved it since. What else it takes, the sign page says.
    pub(crate) fn is_open_to(&self, who: &ParticipantId) -> bool {
        let stands = match self.step {
            None => self.led.len() == self.matter.strands.len(),
            Some(_) => !self.led.is_empty(),
        };
        self.by == who && stands && !self.asked.is_empty()
    }

    /// What it took to say it, it takes to say it anew: the kind of act, and the step.
    pub(crate) const fn takes(&self) -> (Kind, Option<&'r Code>) {
        (if self.step.is_some() { Kind::Step } else { Kind::Open }, self.step)
    }

    /// How many officers sign.
    pub(crate) fn eyes(&self) -> usize {
        let rule = self.step.and_then(|step| self.matter.procedure.step(step));
        rule.map_or(1, |rule| usize::try_from(rule.eyes).unwrap_or(usize::MAX).max(1))
    }

    /// The fields of the form.
    pub(crate) fn inputs(&self) -> Vec<Input<'r>> {
        let input = |asked: &Asked<'r>| Input {
            name: asked.name,
            field: asked.field,
            is_needed: self.stands().contains_key(asked.name),
            with: Vec::new(),
            needed_with: Vec::new(),
        };
        self.asked.iter().map(input).collect()
    }

    /// What values are chosen from.
    pub(crate) fn form(&self, now: Instant) -> Form<'r> {
        let mut form = Form::of_step(self.replay, self.matter, &[], now);
        form.fields = self.stands().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        form
    }

    /// The values as the first life has them that stands where the entry led it.
    pub(crate) fn stands(&self) -> Cow<'r, Few<Code, FieldValue>> {
        let first = self.led.first().map(|name| self.matter.fields_of(name));
        first.unwrap_or(Cow::Borrowed(&self.matter.fields))
    }

    /// What stands, as it would be typed.
    pub(crate) fn begins(&self) -> Sent {
        let stands = self.stands();
        let offset = self.matter.law.instrument.calendar.zone_offset_minutes;
        let known = self.asked.iter().filter_map(|asked| Some((asked.name, stands.get(asked.name)?)));
        let typed = |value: &FieldValue| self.typed(value, offset);
        known.map(|(name, value)| (format!("{FIELD}{name}"), typed(value))).collect()
    }

    fn typed(&self, value: &FieldValue, offset: i32) -> Vec<String> {
        match value {
            FieldValue::One(word) => vec![self.word(word, offset)],
            FieldValue::Several(words) => words.iter().map(|word| self.word(word, offset)).collect(),
            FieldValue::Count(count) => vec![count.to_string()],
            FieldValue::Window(window) => {
                [window.start, window.end].map(|at| in_a_field(at, offset)).to_vec()
            }
            FieldValue::Place(at) => vec![notation::decimal(at), at.radius_m.to_string()],
            FieldValue::Annex(_) => Vec::new(),
        }
    }

    fn word(&self, word: &Word, offset: i32) -> String {
        let matter = |id: MatterRef| {
            let found = self.replay.settlement().matter(&id);
            found.map_or_else(|| id.to_string(), |(_, matter)| matter.reference.to_string())
        };
        match word {
            Word::Code(code) => code.to_string(),
            Word::Instant(at) => in_a_field(*at, offset),
            Word::Hash(hash) => matter(MatterRef::Opened(ActId(*hash))),
            Word::Item(item) => match item.part {
                ItemPart::Matter(_) => matter(MatterRef::ByStep(*item)),
                ItemPart::Exhibit(_) | ItemPart::Row(_) => item.to_string(),
            },
        }
    }

    /// What would be signed: the values that are others than those that stand.
    ///
    /// # Errors
    ///
    /// All that is wrong with what was typed.
    pub(crate) fn written(&self, now: Instant, typed: &Sent) -> Result<Written, Vec<Lack>> {
        let mut form = self.form(now);
        let inputs = self.inputs();
        let (before, after) = (given(&form, &inputs, &self.begins()), given(&form, &inputs, typed));
        // What was not typed at all stands: a form that is opened has what stands in it.
        let is_shown = |name: &Code| typed.contains_key(&format!("{FIELD}{name}"));
        let mut changed: BTreeMap<Code, Vec<String>> = BTreeMap::new();
        let mut lacks = Vec::new();
        for name in inputs.iter().map(|input| input.name) {
            match (before.get(name), after.get(name)) {
                (Some(_), None) if is_shown(name) => {
                    lacks.push(Lack { at: format!("{FIELD}{name}"), what: What::Value(Wrong::Needed) });
                }
                (was, Some(is)) if was != Some(is) => {
                    changed.insert(name.clone(), is.clone());
                }
                _ => {}
            }
        }
        let asked: Vec<Asked<'_>> =
            self.asked.iter().copied().filter(|asked| changed.contains_key(asked.name)).collect();
        let (fields, wrongs) = fill(&mut form, &asked, &changed);
        let wrong = |(name, wrong)| Lack { at: format!("{FIELD}{name}"), what: What::Value(wrong) };
        lacks.extend(wrongs.into_iter().map(wrong));
        let stands = self.stands();
        let fields: Fields =
            fields.into_iter().filter(|(name, value)| stands.get(name) != Some(value)).collect();
        if fields.is_empty() && lacks.is_empty() {
            let first = inputs.first().map(|input| format!("{FIELD}{}", input.name));
            lacks.push(Lack { at: first.unwrap_or_default(), what: What::Unchanged });
        }
        if !lacks.is_empty() {
            return Err(lacks);
        }
        let body = Body::Correct(Correct { matter: self.matter.id, entry: self.act, fields });
        let (annexes, text, files) = (Vec::new(), String::new(), Vec::new());
        Ok(Written { body, annexes, text, files, tier: self.matter.tier })
    }
}
