//! Whether silence and power stay within bounds: nobody is found in breach by silence, nobody judges in its own
//! cause, and whoever acts can see.

use std::collections::BTreeSet;

use terms::{Code, ParticipantId};

use super::Findings;
use super::life::{silent, targets};
use super::sets::Within;
use crate::model::Basis;
use crate::procedure::{Effect, Holds, Promise, Silence, StateKind, Step, Tier};
use crate::who::Set;

pub(super) fn lint(at: &Within<'_>, findings: &mut Findings<'_>) {
    for (name, step) in &at.procedure.steps {
        let path = at.step_path(name);
        silence(at, &path, step, findings);
        if let (Some(_), Some(_), false) = (&step.word, silent(step), step_has_basis(step, at)) {
            let message =
                "the text has a word here, and the number that silence counts by is nobody's".to_owned();
            let help = "say in `basis` where the number comes from";
            findings.warning("instrument::number_not_agreed", &format!("{path}.word"), message, help);
        }
        for field in step.fields.iter().filter(|field| at.procedure.strands.contains(field)) {
            let message = format!("`{field}` names a strand, and a strand keeps its name for life");
            let help = "leave it out of the fields of this step";
            findings.error("instrument::strand_refilled", &format!("{path}.fields"), message, help);
        }
    }
    against(at, findings);
    seen(at, findings);
    fields(at, findings);
    words(at, findings);
}

/// Whether it is said where the step's number comes from: by a basis of its own, or by one that says that it is made up.
fn step_has_basis(step: &Step, at: &Within<'_>) -> bool {
    step.basis == Basis::Reconstruction
        || step.basis != at.procedure.basis
        || step.basis != at.instrument.basis
}

fn silence(at: &Within<'_>, path: &str, step: &Step, findings: &mut Findings<'_>) {
    let Silence::Moves { how, to } = &step.silence else { return };
    let path = format!("{path}.silence");
    let kind = at.procedure.state(to).map(|state| state.kind);
    let from_outside =
        at.reached.iter().any(|from| !at.procedure.against.contains(from) && possible_in(at, step, from));
    if from_outside && at.procedure.against.contains(to) {
        let message = format!("silence would find somebody in breach: `{to}` is a finding");
        let help = "nobody is found in breach by silence: name a state that says what happened";
        findings.error("instrument::silence_finds", &path, message, help);
    }
    match how {
        Promise::Adopt if at.procedure.adopts.is_none() => {
            let message = "silence would adopt what is no text and no plan".to_owned();
            let help = "only where `adopts` says `text` or `plan`; else `proceed` without the silent one";
            findings.error("instrument::silence_adopts_a_fact", &path, message, help);
        }
        Promise::Lapse if kind != Some(StateKind::End) => {
            let message = format!("`lapse` ends a strand, and `{to}` is no end");
            findings.error("instrument::lapse_goes_on", &path, message, "use `proceed`, or lead to an end");
        }
        Promise::Lapse if asks_bearer(at, step) && !targets(step).any(|target| target == to) => {
            let message = "the bearer's silence would end it".to_owned();
            let help = "whoever owes an answer must not gain by silence: go on without it";
            findings.error("instrument::silence_pays", &path, message, help);
        }
        Promise::Escalate => {
            let before = |other: &Step| {
                let states = at.procedure.states.iter().map(|(name, _)| name);
                states
                    .filter(|from| *from != to && possible_in(at, step, from))
                    .any(|from| possible_in(at, other, from))
            };
            let moving =
                at.procedure.steps_in(to).filter(|(_, other)| targets(other).any(|state| state != to));
            if moving.map(|(_, other)| other).all(|other| before(other) || other.by == step.by) {
                let message = format!("in `{to}` nobody acts who could not act before");
                let help = "use `proceed`, or let another act there";
                findings.error("instrument::escalates_to_the_same", &path, message, help);
            }
        }
        Promise::Adopt | Promise::Lapse | Promise::Proceed => {}
    }
}

fn possible_in(at: &Within<'_>, step: &Step, state: &Code) -> bool {
    at.procedure.steps_in(state).any(|(_, other)| std::ptr::eq(other, step))
}

/// Whether a step asks the one who is said to have kept a provision or not.
fn asks_bearer(at: &Within<'_>, step: &Step) -> bool {
    !at.procedure.against.is_empty()
        && step
            .by
            .0
            .iter()
            .any(|item| matches!(&item.of.set, Set::Field(name) if at.procedure.strands.contains(name)))
}

/// Nobody enters a finding alone against whom it accuses.
fn against(at: &Within<'_>, findings: &mut Findings<'_>) {
    for (name, step) in &at.procedure.steps {
        let enters = targets(step).any(|to| at.procedure.against.contains(to));
        let from_outside = at.procedure.states.iter().map(|(state, _)| state).any(|state| {
            !at.procedure.against.contains(state)
                && at.procedure.steps_in(state).any(|(known, _)| known == name)
        });
        if !enters || !from_outside {
            continue;
        }
        // One who does not agree is enough for it.
        if let Some(split) = step.split.as_ref().filter(|to| at.procedure.against.contains(*to)) {
            let message = format!("that they differ would find somebody in breach: `{split}` is a finding");
            let help = "what nobody has decided is no finding: name a state that says that they differ";
            findings.error(
                "instrument::split_finds",
                &format!("{}.split", at.step_path(name)),
                message,
                help,
            );
        }
        let path = format!("{}.by", at.step_path(name));
        let alone = at.is_alone(&step.by);
        let accuser =
            step.by.0.iter().any(|item| matches!(item.of.set, Set::Opener | Set::Parties | Set::Everyone));
        if alone && accuser {
            let message = "who alleges would alone decide that it is so".to_owned();
            let help = "give the step to a body, or to others than the parties";
            findings.error("instrument::judge_in_own_cause", &path, message, help);
        }
        let bearer = step
            .by
            .0
            .iter()
            .any(|item| matches!(&item.of.set, Set::Field(name) if at.procedure.strands.contains(name)));
        if bearer {
            let message = "nothing is found without the one whom it is found against".to_owned();
            let help = "if that is meant, an own inquiry, leave the state out of `against`";
            findings.warning("instrument::bearer_has_a_veto", &path, message, help);
        }
    }
}

/// Whoever acts sees the matter.
fn seen(at: &Within<'_>, findings: &mut Findings<'_>) {
    let path = format!("{}.seen_by", at.path);
    if at.procedure.seen_by.is_empty() {
        let help = "say who sees its exhibits, as `seen_by = \"everyone\"`";
        findings.error("instrument::seen_by_nobody", &path, "nobody would see it".to_owned(), help);
        return;
    }
    let seeing: BTreeSet<&ParticipantId> =
        at.procedure.seen_by.iter().flat_map(|set| at.of_set(set)).collect();
    for (name, step) in &at.procedure.steps {
        let named = |set: &Set| at.procedure.seen_by.contains(set);
        let unseen = step.by.0.iter().find(|item| {
            let people = at.of_group(&item.of);
            // Who opened or is named is one person: that somebody of that set sees is not enough.
            let is_one = matches!(item.of.set, Set::Opener | Set::Field(_));
            !named(&item.of.set) && (!people.is_subset(&seeing) || (is_one && !covers_all(at)))
        });
        if let Some(item) = unseen {
            let message = format!("`{item}` acts here, and does not see the matter");
            let help = "add it to `seen_by`";
            findings.error("instrument::acts_unseen", &format!("{}.by", at.step_path(name)), message, help);
        }
    }
}

/// Whether everyone who can open it or be named in it sees it by a set that needs no matter.
fn covers_all(at: &Within<'_>) -> bool {
    at.procedure.seen_by.contains(&Set::Everyone)
}

fn fields(at: &Within<'_>, findings: &mut Findings<'_>) {
    for strand in &at.procedure.strands {
        if at.procedure.fields.get(strand).is_some_and(|field| field.optional) {
            let message = format!("`{strand}` names a strand, and may be left out");
            let help = "a strand has a name: make the field required";
            findings.error(
                "instrument::strand_optional",
                &format!("{}.fields.{strand}", at.path),
                message,
                help,
            );
        }
    }
    let has_text = at.procedure.fields.iter().any(|(name, field)| {
        name.as_str() == "text" && matches!(field.holds, Holds::Text) && !field.optional && !field.several
    });
    if at.procedure.effects.values().any(|effect| *effect == Effect::Amend) && !has_text {
        let help = "add `text = \"text\"` to its fields: the annex that becomes the instrument";
        let message = "it amends, and has no text that could become the instrument".to_owned();
        findings.error("instrument::amends_what", &format!("{}.effect", at.path), message, help);
    }
    if at.procedure.tiers.contains(&Tier::WithoutPrejudice) && !at.procedure.public.is_empty() {
        let message = "what is without prejudice would be published".to_owned();
        let help = "make two procedures of it, or leave `public` out";
        findings.error("instrument::prejudice_public", &format!("{}.public", at.path), message, help);
    }
}

/// Words that take a side, and what the program says instead (PRACTICE N1–N23).
const LOADED: [(&str, &str); 26] = [
    ("border", "reference line"),
    ("borders", "reference line"),
    ("boundary", "reference line"),
    ("boundaries", "reference line"),
    ("frontier", "reference line"),
    ("frontiers", "reference line"),
    ("durand line", "reference line"),
    ("line of control", "reference line"),
    ("loc", "reference line"),
    ("soil", "area"),
    ("territory", "area"),
    ("territories", "area"),
    ("terrorist", "excluded group"),
    ("terrorists", "excluded group"),
    ("enemy", "the other party"),
    ("enemies", "the other party"),
    ("regime", "the other party"),
    ("aggressor", "bearer"),
    ("aggressors", "bearer"),
    ("invader", "bearer"),
    ("invaders", "bearer"),
    ("violator", "bearer"),
    ("violators", "bearer"),
    ("perpetrator", "bearer"),
    ("guilty", "a finding against the bearer"),
    ("guilt", "a finding against the bearer"),
];

fn words(at: &Within<'_>, findings: &mut Findings<'_>) {
    let own = [
        ("title".to_owned(), Some(at.procedure.title.as_str())),
        ("says".to_owned(), at.procedure.says.as_deref()),
    ];
    let states = at.procedure.states.iter().map(|(name, state)| {
        let table = match state.kind {
            StateKind::Waiting => "states",
            StateKind::Rest => "rests",
            StateKind::End => "ends",
        };
        (format!("{table}.{name}"), Some(state.says.as_str()))
    });
    let steps =
        at.procedure.steps.iter().map(|(name, step)| (format!("step.{name}.says"), step.says.as_deref()));
    // People read the names of states, steps and fields too.
    let named = at.procedure.states.iter().map(|(name, _)| ("states", name));
    let named = named.chain(at.procedure.steps.iter().map(|(name, _)| ("step", name)));
    let named = named.chain(at.procedure.fields.keys().map(|name| ("fields", name)));
    let named = named.map(|(table, name)| (format!("{table}.{name}"), Some(name.as_str())));
    for (key, text) in own.into_iter().chain(states).chain(steps).chain(named) {
        let lower = text.unwrap_or_default().to_lowercase();
        let said: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let said = format!(" {} ", said.join(" "));
        for (loaded, instead) in LOADED.iter().filter(|(loaded, _)| said.contains(&format!(" {loaded} "))) {
            let message = format!("`{loaded}` takes a side");
            let help = format!("say `{instead}`");
            findings.error("instrument::loaded_word", &format!("{}.{key}", at.path), message, &help);
        }
    }
}
