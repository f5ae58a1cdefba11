//! What an act does, in a sentence; what follows from it, as the docket foresees it; and whether it can be taken back.

use act::value::MatterRef;
use docket::v1::{Matter, What};
use docket::view::{asks_in, steps_for, still_to_come};
use instrument::procedure::{Leads, StateKind};
use instrument::who::{Count, Set};
use lang::Arg;

use crate::signing::Ready;
use crate::words::clock::Asking;
use crate::words::event::says;
use crate::words::matter::{Named, strand};
use crate::words::when::When;
use crate::words::{Reader, sentence};
use crate::writing::Writing;

/// What it does, to whom, in a sentence.
pub(super) fn effect(
    reader: Reader<'_>,
    ready: &Ready<'_>,
    writing: &Writing<'_>,
    actor: &terms::ParticipantId,
) -> String {
    let own = effect_of(reader, ready, writing, actor);
    if actor == reader.me {
        return own;
    }
    let (by, whose) = (reader.who(reader.me).label, reader.who(actor).label);
    let args = [("by", Arg::Text(&by)), ("who", Arg::Text(&whose))];
    format!("{} {own}", reader.texts.say("effect-written-down", &args))
}

fn effect_of(
    reader: Reader<'_>,
    ready: &Ready<'_>,
    writing: &Writing<'_>,
    actor: &terms::ParticipantId,
) -> String {
    let me = reader.who(actor).label;
    let say = |id: &str, args: &[(&str, &str)]| {
        let args: Vec<(&str, Arg<'_>)> = args.iter().map(|(name, value)| (*name, Arg::Text(value))).collect();
        reader.texts.say(id, &args)
    };
    let Some(of) = writing.of else {
        return say("effect-opens", &[("who", &me), ("kind", &reader.title(writing.procedure))]);
    };
    let matter = Named::of(reader, of.matter);
    let about = format!("{}, {}", matter.reference, matter.title);
    let step = reader.word(writing.procedure, of.step);
    let choice = match &ready.written.said() {
        act::Body::Step(step) => step.choice.as_ref().map(|choice| reader.word(writing.procedure, choice)),
        _ => None,
    };
    match &choice {
        Some(choice) => {
            say("effect-chooses", &[("who", &me), ("step", &step), ("choice", choice), ("matter", &about)])
        }
        None => say("effect-steps", &[("who", &me), ("step", &step), ("matter", &about)]),
    }
}

/// The events of the entry that it would be, and the matter that each is about.
pub(super) fn own<'e>(ready: &'e Ready<'_>) -> impl Iterator<Item = (&'e Matter, &'e What)> {
    let foreseen = ready.foreseen.as_ref().filter(|foreseen| foreseen.prospect.is_none());
    foreseen.into_iter().flat_map(|foreseen| {
        let own = foreseen.events.iter().filter(|event| event.entry == Some(foreseen.entry));
        own.filter_map(|event| {
            let id = docket::view::matter_of(&event.what)?;
            Some((foreseen.after.settlement().matter(id)?.1, &event.what))
        })
    })
}

/// What is said of lives, once for those of which the same is said.
struct ByLife(Vec<(Vec<String>, String)>);

impl ByLife {
    fn say(&mut self, life: String, said: String) {
        match self.0.iter_mut().find(|(_, known)| *known == said) {
            Some((lives, _)) if lives.contains(&life) => {}
            Some((lives, _)) => lives.push(life),
            None => self.0.push((vec![life], said)),
        }
    }

    /// Lines with the lives before each; without them, where the same is said of all of `lives`.
    fn lines(self, lives: usize) -> Vec<String> {
        let line = |(of, said): (Vec<String>, String)| {
            let of: Vec<String> = of.into_iter().filter(|life| !life.is_empty()).collect();
            if of.is_empty() || of.len() == lives { said } else { format!("{}: {said}", of.join("; ")) }
        };
        self.0.into_iter().map(line).collect()
    }
}

/// From which state to which it moves.
pub(super) fn moves(reader: Reader<'_>, ready: &Ready<'_>) -> Vec<String> {
    let mut said = ByLife(Vec::new());
    let mut lives = 0;
    for (matter, what) in own(ready) {
        let What::Entered(id, name, to) = what else { continue };
        let says = reader.state_says(&matter.procedure, to).words;
        let before = reader.replay.settlement().matter(id);
        let before = before
            .and_then(|(_, known)| known.strands.get(name))
            .map(|life| reader.word(&matter.procedure, &life.state));
        let (to, says) = (reader.word(&matter.procedure, to), ("says", Arg::Text(&says)));
        let line = match &before {
            Some(from) => {
                reader.texts.say("effect-moves", &[("from", Arg::Text(from)), ("to", Arg::Text(&to)), says])
            }
            None => reader.texts.say("effect-begins", &[says]),
        };
        lives += 1;
        said.say(strand(reader, matter, name), line);
    }
    let mut lines = said.lines(lives);
    if lines.is_empty() && ready.foreseen.as_ref().is_some_and(|foreseen| foreseen.prospect.is_none()) {
        lines.push(reader.texts.say("effect-stays", &[]));
    }
    lines
}

/// What comes after it, if nothing else comes in before: who is asked, by when, and what silence does.
pub(super) fn follows(reader: Reader<'_>, ready: &Ready<'_>, writing: &Writing<'_>) -> Vec<String> {
    let Some(foreseen) = ready.foreseen.as_ref().filter(|foreseen| foreseen.prospect.is_none()) else {
        return Vec::new();
    };
    let then = Reader { replay: &foreseen.after, ..reader };
    let mut lines = Vec::new();
    if let act::Body::Open(open) = &ready.written.said()
        && let Some((name, at)) = still_to_come(writing.procedure, &open.fields, reader.now)
    {
        let (name, at) = (reader.word(writing.procedure, name), When::of(reader, at).words());
        let args = [("field", Arg::Text(&name)), ("time", Arg::Text(&at))];
        lines.push(reader.texts.say("follows-ahead", &args));
    }
    let mut touched: Vec<MatterRef> = Vec::new();
    for (matter, what) in own(ready) {
        if !touched.contains(&matter.id) {
            touched.push(matter.id);
        }
        let told = matches!(
            what,
            What::Spoke(..)
                | What::Split(..)
                | What::OpenedLate(_)
                | What::Late(..)
                | What::LateSoFar(..)
                | What::Held(..)
        );
        if told {
            lines.extend(says(then, matter, what).map(|said| format!("{}.", sentence(&said))));
        }
        if let (What::Opened(id, ..), Some(_)) = (what, writing.of)
            && let Some((_, opened)) = foreseen.after.settlement().matter(id)
        {
            let kind = reader.title(&opened.procedure);
            lines.push(reader.texts.say("follows-opens", &[("kind", Arg::Text(&kind))]));
        }
    }
    for id in touched {
        let Some((key, _)) = foreseen.after.settlement().matter(&id) else { continue };
        let mut said = ByLife(Vec::new());
        for ask in asks_in(&foreseen.after, reader.now, key) {
            let asking = Asking::of(then, &ask);
            said.say(asking.strand.clone(), asked(then, &asking));
        }
        lines.extend(said.lines(usize::MAX));
    }
    lines.dedup();
    lines
}

fn asked(reader: Reader<'_>, asking: &Asking) -> String {
    let who: Vec<&str> = asking.of.iter().map(|who| who.label.as_str()).collect();
    let who = reader.texts.series(&who);
    let due = asking.left.due.as_ref().map(When::words);
    let args = [
        ("who", Arg::Text(&who)),
        ("step", Arg::Text(&asking.step_words)),
        ("time", Arg::Text(due.as_deref().unwrap_or_default())),
        ("silence", Arg::Text(&asking.silence)),
    ];
    let id = match (asking.is_right, due.is_some(), asking.left.stands) {
        (true, true, _) => "follows-may-until",
        (_, false, _) => "follows-asked",
        (false, true, "unserved") => "follows-asked-latest",
        (false, true, _) => "follows-asked-by",
    };
    reader.texts.say(id, &args)
}

/// Whether it can be taken back or corrected.
pub(super) fn back(reader: Reader<'_>, ready: &Ready<'_>, writing: &Writing<'_>) -> String {
    let say = |id: &str| reader.texts.say(id, &[]);
    let stays = say("back-stays");
    let gives_fields = match &ready.written.said() {
        act::Body::Open(open) => !open.fields.is_empty(),
        act::Body::Step(step) => !step.fields.is_empty(),
        _ => false,
    };
    // What several decide none of them says anew alone.
    let is_own = writing.of.is_none_or(|of| {
        let bodies = &of.matter.law.instrument.bodies;
        of.rule.by.takes_one(bodies)
    });
    let waits = own(ready).any(|(_, what)| matches!(what, What::Spoke(..)));
    let opened = own(ready).find_map(|(matter, what)| match what {
        What::Opened(..) if writing.of.is_none() => Some(matter),
        _ => None,
    });
    let own_step = ready.foreseen.as_ref().zip(opened).and_then(|(foreseen, matter)| {
        let (key, _) = foreseen.after.settlement().matter(&matter.id)?;
        let ends = |to| matter.procedure.state(to).is_some_and(|state| state.kind == StateKind::End);
        let all = steps_for(&foreseen.after, key, reader.me);
        let found = all.into_iter().find(|may| {
            matches!(may.rule.by.0.as_slice(), [one] if one.count == Count::Any && one.of.set == Set::Opener)
                // What merges it with another is no way back.
                && may.rule.fields.is_empty()
                && matches!(&may.rule.leads, Leads::To(to) if ends(to))
        });
        found.map(|may| reader.word(&matter.procedure, may.step))
    });
    match own_step {
        Some(step) => format!("{} {stays}", reader.texts.say("back-by-step", &[("step", Arg::Text(&step))])),
        None if waits => format!("{} {stays}", say("back-until-decided")),
        None if gives_fields && is_own => format!("{stays} {}", say("back-correct")),
        None => stays,
    }
}
