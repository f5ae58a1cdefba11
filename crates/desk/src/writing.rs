//! From what was typed to what can be signed: a draft, held against the docket as it stands now.

use std::collections::BTreeMap;

use act::Body;
use act::body::{Open, Step as StepBody, Tier, Transcribe, Transcribed};
use act::value::StrandName;
use docket::v1::{Matter, MatterKey, Replay};
use docket::view::steps_for;
use instrument::Procedure;
use instrument::procedure::{Field, Holds, Leads, Opens, Step, Tier as ProcedureTier};
use node::form::{self, Asked, Form, Wrong, fill};
use store::About;
use terms::{Code, Instant, ParticipantId};

use crate::web::asked::Sent;

/// The field of a form that has which of a step's choices is taken.
pub(crate) const CHOICE: &str = "choice";
/// Those that have for which lives it is.
pub(crate) const STRAND: &str = "strand";
/// How freely the matter may be spoken of.
pub(crate) const TIER: &str = "tier";
/// What is said in words, which is sealed.
pub(crate) const TEXT: &str = "text";
/// The files that go with it, which were sent here before: each by its name among the uploads.
pub(crate) const FILES: &str = "files";
/// On whose behalf it is written down, if somebody speaks by voice or on paper.
pub(crate) const BEHALF: &str = "behalf";
/// What stands before the name of a field of the procedure.
pub(crate) const FIELD: &str = "f-";

/// What is being written, and the rules that it is under.
#[derive(Clone)]
pub(crate) struct Writing<'r> {
    pub(crate) replay: &'r Replay,
    pub(crate) about: About,
    pub(crate) procedure: &'r Procedure,
    /// Of a step.
    pub(crate) of: Option<OfStep<'r>>,
}

/// The step, and where it is taken.
#[derive(Clone, Copy)]
pub(crate) struct OfStep<'r> {
    pub(crate) key: MatterKey,
    pub(crate) matter: &'r Matter,
    pub(crate) step: &'r Code,
    pub(crate) rule: &'r Step,
}

/// A field of the form.
pub(crate) struct Input<'r> {
    pub(crate) name: &'r Code,
    pub(crate) field: &'r Field,
    /// Whether it has to be given, whatever is chosen.
    pub(crate) is_needed: bool,
    /// The choices with which it is asked for, if it is not with all; those with which it has to be given.
    pub(crate) with: Vec<Code>,
    pub(crate) needed_with: Vec<Code>,
}

/// What is wrong with a draft, and at which field of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) at: String,
    pub(crate) what: What,
}

/// The kinds of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A value.
    Value(Wrong),
    /// The step has choices, and none is taken.
    NoChoice,
    /// It is for none of the lives.
    NoStrand,
    /// There is no such tier.
    NoTier,
    /// It is given, and belongs to another choice.
    OtherChoice,
    /// This step needs something in words, or a file.
    NoText,
    /// A file that goes with it is not all here, or here no more.
    NoFile,
    /// All is as it stands already.
    Unchanged,
}

/// What would be signed, but for what is sealed when it is.
pub(crate) struct Written {
    /// Without files.
    pub(crate) body: Body,
    /// The texts that it names, which are in every copy.
    pub(crate) annexes: Vec<Vec<u8>>,
    /// What is said in words; may be empty.
    pub(crate) text: String,
    /// The files that go with it.
    pub(crate) files: Vec<String>,
    /// How freely it may be spoken of.
    pub(crate) tier: Tier,
}

impl<'r> Writing<'r> {
    /// What a draft is about; nothing if the docket has no such thing.
    pub(crate) fn of(replay: &'r Replay, about: &About) -> Option<Writing<'r>> {
        match about {
            About::Opening(kind) => {
                let procedure = replay.instrument().procedures.get(kind)?;
                Some(Writing { replay, about: about.clone(), procedure, of: None })
            }
            About::Step { matter, step, kind } => {
                let (key, matter) = replay.settlement().matter(matter).filter(|(_, it)| it.kind == *kind)?;
                let (step, rule) =
                    matter.procedure.steps.iter().find(|(name, _)| name == step).map(|(n, r)| (n, r))?;
                let of = OfStep { key, matter, step, rule };
                Some(Writing { replay, about: about.clone(), procedure: &matter.procedure, of: Some(of) })
            }
            // No procedure has it.
            About::Deed { .. } | About::Relief { .. } => None,
        }
    }

    /// What values are chosen from.
    pub(crate) fn form(&self, me: &ParticipantId, now: Instant, strands: &[StrandName]) -> Form<'r> {
        match &self.of {
            None => Form::of_opening(self.replay, self.procedure, me.clone(), now),
            Some(of) => Form::of_step(self.replay, of.matter, strands, now),
        }
    }

    /// The same, with what was typed so far, as far as it can be read.
    pub(crate) fn filled(&self, me: &ParticipantId, now: Instant, typed: &Sent) -> Form<'r> {
        let strands = self.strands(me, typed);
        let mut form = self.form(&self.actor(me, typed), now, &strands);
        let given = given(&form, &self.inputs(), typed);
        let choice = self.choices().iter().map(|(choice, _)| choice).find(|choice| {
            typed.get(CHOICE).and_then(|all| all.first()).is_some_and(|one| one == choice.as_str())
        });
        fill(&mut form, &self.asked(choice, &strands), &given);
        form
    }

    /// On whose behalf somebody may write it down, as the agreement says.
    pub(crate) fn represented(&self, me: &ParticipantId) -> Vec<&'r ParticipantId> {
        let law = self.of.map_or_else(|| self.replay.instrument(), |of| &of.matter.law.instrument);
        let rule = law.transcription.as_ref().filter(|rule| rule.by == *me);
        let is_own_hand = self.of.is_some_and(|of| of.rule.own_hand);
        rule.filter(|_| !is_own_hand).into_iter().flat_map(|rule| &rule.on_behalf_of).collect()
    }

    /// Whose act it is: of the one who writes, unless it is written down on another's behalf.
    pub(crate) fn actor(&self, me: &ParticipantId, typed: &Sent) -> ParticipantId {
        let named = typed.get(BEHALF).and_then(|all| all.first());
        let found =
            self.represented(me).into_iter().find(|who| named.is_some_and(|named| named == who.as_str()));
        found.unwrap_or(me).clone()
    }

    /// The choices of the step.
    pub(crate) fn choices(&self) -> &'r [(Code, Option<Code>)] {
        match self.of.map(|of| &of.rule.leads) {
            Some(Leads::Choice(all)) => all,
            Some(Leads::To(_) | Leads::Stays) | None => &[],
        }
    }

    /// The lives in which somebody may take the step now, of those that there are.
    pub(crate) fn possible(&self, who: &ParticipantId) -> Vec<&'r StrandName> {
        let Some(of) = self.of else { return Vec::new() };
        let may = steps_for(self.replay, of.key, who).into_iter().filter(|may| may.step == of.step);
        may.map(|may| may.strand).collect()
    }

    /// Whether there is a choice between lives.
    pub(crate) fn has_lives(&self) -> bool {
        self.of.is_some_and(|of| of.matter.strands.len() > 1)
    }

    /// Whether somebody may open it, or take it now.
    pub(crate) fn is_open_to(&self, who: &ParticipantId) -> bool {
        match self.of {
            None => form::may_open(self.replay.instrument(), who, &self.procedure.open.by),
            Some(_) => !self.possible(who).is_empty(),
        }
    }

    /// How many officers sign.
    pub(crate) fn eyes(&self) -> usize {
        self.of.map_or(1, |of| usize::try_from(of.rule.eyes).unwrap_or(usize::MAX).max(1))
    }

    /// Whether words are needed.
    pub(crate) fn needs_text(&self) -> bool {
        self.of.is_some_and(|of| of.rule.needs_file)
    }

    /// Whether there is nothing to choose and nothing to fill in: it can be signed as it stands.
    pub(crate) fn is_bare(&self) -> bool {
        let Some(of) = self.of else { return false };
        self.choices().is_empty()
            && of.rule.fields.is_empty()
            && of.rule.opens == Opens::Nothing
            && !of.rule.needs_file
    }

    fn asked(&self, choice: Option<&Code>, strands: &[StrandName]) -> Vec<Asked<'r>> {
        match self.of {
            None => form::of_opening(self.procedure),
            Some(of) => form::of_step(of.matter, of.step, of.rule, choice, strands),
        }
    }

    /// The fields of the form, those of all choices.
    pub(crate) fn inputs(&self) -> Vec<Input<'r>> {
        let choices = self.choices();
        let always = |asked: &Asked<'r>| Input {
            name: asked.name,
            field: asked.field,
            is_needed: asked.is_needed,
            with: Vec::new(),
            needed_with: Vec::new(),
        };
        if choices.is_empty() {
            return self.asked(None, &[]).iter().map(always).collect();
        }
        let mut inputs: Vec<Input<'r>> = Vec::new();
        for (choice, _) in choices {
            for asked in self.asked(Some(choice), &[]) {
                let place = inputs.iter().position(|input| input.name == asked.name);
                let place = place.unwrap_or_else(|| {
                    inputs.push(Input { is_needed: false, ..always(&asked) });
                    inputs.len() - 1
                });
                inputs[place].with.push(choice.clone());
                if asked.is_needed {
                    inputs[place].needed_with.push(choice.clone());
                }
            }
        }
        for input in &mut inputs {
            input.is_needed = input.needed_with.len() == choices.len();
            if input.with.len() == choices.len() {
                input.with.clear();
            }
        }
        inputs
    }

    /// What would be signed.
    ///
    /// # Errors
    ///
    /// All that is wrong with what was typed.
    pub(crate) fn written(
        &self,
        me: &ParticipantId,
        now: Instant,
        typed: &Sent,
    ) -> Result<Written, Vec<Lack>> {
        let mut lacks = Vec::new();
        let mut lack = |at: &str, what: What| lacks.push(Lack { at: at.to_owned(), what });
        let first = |name: &str| typed.get(name).and_then(|all| all.first()).map_or("", String::as_str);
        let choice = match self.choices() {
            [] => None,
            all => {
                let found = all.iter().find(|(choice, _)| choice.as_str() == first(CHOICE));
                if found.is_none() {
                    lack(CHOICE, What::NoChoice);
                }
                found.map(|(choice, _)| choice)
            }
        };
        let strands = self.strands(me, typed);
        if self.has_lives() && strands.is_empty() {
            lack(STRAND, What::NoStrand);
        }
        let tier = match (self.of, self.procedure.tiers.as_slice()) {
            (None, tiers @ [_, _, ..]) => {
                let found =
                    tiers.iter().map(|tier| tier_of(*tier)).find(|tier| tier_word(*tier) == first(TIER));
                if found.is_none() {
                    lack(TIER, What::NoTier);
                }
                found
            }
            _ => None,
        };
        let text = first(TEXT).trim().to_owned();
        let files: Vec<String> =
            typed.get(FILES).into_iter().flatten().filter(|id| !id.is_empty()).cloned().collect();
        if self.needs_text() && text.is_empty() && files.is_empty() {
            lack(TEXT, What::NoText);
        }
        let actor = self.actor(me, typed);
        let mut form = self.form(&actor, now, &strands);
        let asked = self.asked(choice, &strands);
        let given = given(&form, &self.inputs(), typed);
        let other = given.keys().filter(|name| choice.is_some() && asked.iter().all(|one| one.name != *name));
        for name in other {
            lack(&format!("{FIELD}{name}"), What::OtherChoice);
        }
        let (fields, wrongs) = fill(&mut form, &asked, &given);
        for (name, wrong) in wrongs {
            // Without a choice it is not known whether it is needed.
            if choice.is_some() || self.choices().is_empty() || wrong != Wrong::Needed {
                lack(&format!("{FIELD}{name}"), What::Value(wrong));
            }
        }
        if !lacks.is_empty() {
            return Err(lacks);
        }
        let texts = asked.iter().filter(|one| one.field.holds == Holds::Text);
        let texts = texts.filter_map(|one| given.get(one.name)?.first());
        let annexes = texts.map(|text| text.trim().as_bytes().to_vec()).collect();
        let none = Vec::new();
        let body = match (&self.about, self.of) {
            (About::Step { matter, step, .. }, Some(_)) => Body::Step(StepBody {
                matter: *matter,
                strands,
                step: step.clone(),
                choice: choice.cloned(),
                fields,
                files: none,
            }),
            (about, _) => {
                let procedure = about.kind().clone();
                Body::Open(Open { procedure, tier, fields, strands: Vec::new(), files: none })
            }
        };
        let body = if actor == *me { body } else { transcribed(actor, body) };
        let default = || tier_of(self.procedure.tiers.first().copied().unwrap_or(ProcedureTier::Record));
        let tier = self.of.map(|of| of.matter.tier).or(tier).unwrap_or_else(default);
        Ok(Written { body, annexes, text, files, tier })
    }

    /// For which lives: those that were ticked; before anything was, all that can be.
    pub(crate) fn strands(&self, me: &ParticipantId, typed: &Sent) -> Vec<StrandName> {
        let Some(of) = self.of.filter(|_| self.has_lives()) else { return Vec::new() };
        match typed.get(STRAND) {
            Some(ticked) => {
                let all = of.matter.strands.keys();
                all.filter(|name| ticked.iter().any(|one| one == name.as_str())).cloned().collect()
            }
            None => self.possible(&self.actor(me, typed)).into_iter().cloned().collect(),
        }
    }
}

impl Written {
    /// The opening or the step itself, whoever wrote it down.
    pub(crate) fn said(&self) -> Body {
        match &self.body {
            Body::Transcribe(transcribe) => match &transcribe.what {
                Transcribed::Open(open) => Body::Open(open.clone()),
                Transcribed::Step(step) => Body::Step(step.clone()),
            },
            own => own.clone(),
        }
    }
}

/// An opening or a step, as it is written down on somebody's behalf.
fn transcribed(on_behalf_of: ParticipantId, body: Body) -> Body {
    match body {
        Body::Open(open) => Body::Transcribe(Transcribe { on_behalf_of, what: Transcribed::Open(open) }),
        Body::Step(step) => Body::Transcribe(Transcribe { on_behalf_of, what: Transcribed::Step(step) }),
        other => other,
    }
}

/// What was typed into the fields of a procedure, each part for itself; digits of three scripts are read alike.
pub(crate) fn given(form: &Form<'_>, inputs: &[Input<'_>], typed: &Sent) -> BTreeMap<Code, Vec<String>> {
    let mut given = BTreeMap::new();
    for input in inputs {
        let Some(values) = typed.get(&format!("{FIELD}{}", input.name)) else { continue };
        let is_listed = matches!(input.field.holds, Holds::Matter { .. } | Holds::Instant | Holds::Count);
        let parts: Vec<String> = match &input.field.holds {
            Holds::Text => values.clone(),
            Holds::Place => vec![placed(values)],
            _ if is_listed && form.may_be_several(input.name, input.field) => {
                values.iter().flat_map(|value| value.split([',', '،', '\n'])).map(plain_digits).collect()
            }
            _ => values.iter().map(|value| plain_digits(value)).collect(),
        };
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
        if !parts.is_empty() {
            given.insert(input.name.clone(), parts);
        }
    }
    given
}

/// A place as one text: what was typed, and behind it, if it does not say so itself, how exactly it is known.
pub(crate) fn placed(values: &[String]) -> String {
    let part = |place: usize| values.get(place).map(|part| plain_digits(part.trim())).unwrap_or_default();
    let (text, within) = (part(0), part(1));
    let is_said = within.is_empty() || text.is_empty() || text.contains('±') || text.contains("+-");
    if is_said { text } else { format!("{text} ± {} m", within.trim_end_matches(['m', 'م', ' '])) }
}

/// Arabic and Persian digits as 0 to 9 (PRACTICE §5).
pub(crate) fn plain_digits(text: &str) -> String {
    let digit = |letter: char| match letter {
        '٠'..='٩' => char::from_digit(letter as u32 - '٠' as u32, 10),
        '۰'..='۹' => char::from_digit(letter as u32 - '۰' as u32, 10),
        '٫' => Some('.'),
        _ => None,
    };
    text.chars().map(|letter| digit(letter).unwrap_or(letter)).collect()
}

const fn tier_of(tier: ProcedureTier) -> Tier {
    match tier {
        ProcedureTier::Record => Tier::Record,
        ProcedureTier::WithoutPrejudice => Tier::WithoutPrejudice,
    }
}

/// The word for a tier in a form.
pub(crate) const fn tier_word(tier: Tier) -> &'static str {
    match tier {
        Tier::Record => "record",
        Tier::WithoutPrejudice => "without-prejudice",
    }
}

/// The tiers that an opening can have.
pub(crate) fn tiers(procedure: &Procedure) -> Vec<Tier> {
    procedure.tiers.iter().map(|tier| tier_of(*tier)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_three_scripts_are_read_alike() {
        assert_eq!(plain_digits("۳۴٫۵۲, ٦٩.17 ± 500"), "34.52, 69.17 ± 500");
        assert_eq!(plain_digits("INC-26-0001-K"), "INC-26-0001-K");
    }
}
