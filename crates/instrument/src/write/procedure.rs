//! `[procedure.X]` as it runs.

use terms::Code;

use super::{Writer, deciders, inline, length, list, quoted};
use crate::model::{Basis, Instrument};
use crate::procedure::{
    Adopts, ClockKind, Due, Field, From, Holds, Leads, Must, Opens, Silence, StateKind, Step, Tier,
};

const STAY: &str = "stay";

impl Writer {
    pub(super) fn procedure(&mut self, name: &Code, instrument: &Instrument) {
        let Some(it) = instrument.procedures.get(name) else { return };
        let table = format!("procedure.{name}");
        self.table(&table);
        self.marks = it.like.is_some();
        if let Some(like) = &it.like {
            self.lines.push_str(&format!("like = {}\n", quoted(like)));
        }
        let gone = self.without.iter().find(|(of, _)| of == name.as_str()).map(|(_, gone)| list(gone));
        if let Some(gone) = gone {
            self.lines.push_str(&format!("without = {gone}\n"));
        }
        self.key("title", quoted(&it.title));
        if let Some(says) = &it.says {
            self.key("says", quoted(says));
        }
        self.key("ref", quoted(&it.reference));
        self.key_if(!it.strands.is_empty(), "strands", list(&it.strands));
        self.key_if(!it.under.is_empty(), "under", list(&it.under));
        match it.adopts {
            Some(Adopts::Text) => self.key("adopts", quoted("text")),
            Some(Adopts::Plan) => self.key("adopts", quoted("plan")),
            None => {}
        }
        if !it.seen_by.is_empty() {
            let sets: Vec<String> = it.seen_by.iter().map(ToString::to_string).collect();
            self.key("seen_by", quoted(sets.join(", ")));
        }
        self.key_if(!it.public.is_empty(), "public", list(&it.public));
        self.key_if(!it.against.is_empty(), "against", list(&it.against));
        let tiers = it.tiers.iter().map(|tier| match tier {
            Tier::Record => "record",
            Tier::WithoutPrejudice => "without-prejudice",
        });
        self.key_if(it.tiers != [Tier::Record], "tiers", list(tiers));
        let effects = it.effects.iter().map(|(state, effect)| (state, quoted(effect.as_str())));
        self.key_if(!it.effects.is_empty(), "effect", inline(effects));
        self.basis(it.basis, instrument.basis);
        if !it.fields.is_empty() {
            self.table(&format!("{table}.fields"));
            for (name, field) in &it.fields {
                self.key(name, field_type(field));
            }
        }
        for (part, kind) in
            [("states", StateKind::Waiting), ("rests", StateKind::Rest), ("ends", StateKind::End)]
        {
            let of_kind: Vec<_> = it.states.iter().filter(|(_, state)| state.kind == kind).collect();
            if !of_kind.is_empty() {
                self.table(&format!("{table}.{part}"));
            }
            for (name, state) in of_kind {
                self.key(name, quoted(&state.says));
            }
        }
        self.table(&format!("{table}.open"));
        self.key("by", deciders(&it.open.by));
        self.key("to", quoted(&it.open.to));
        if let Some(due) = &it.open.due {
            self.key("due", due_phrase(due));
        }
        self.basis(it.open.basis, it.basis);
        for (name, step) in &it.steps {
            self.table(&format!("{table}.step.{name}"));
            self.step(step, it.basis);
        }
        self.marks = false;
    }

    fn step(&mut self, step: &Step, above: Basis) {
        if let Some(says) = &step.says {
            self.key("says", quoted(says));
        }
        self.key(
            "from",
            match &step.from {
                From::Any => quoted("any"),
                From::States(states) => list(states),
            },
        );
        self.key("by", deciders(&step.by));
        match &step.leads {
            // Either may be what the file lays over the library's.
            Leads::Stays if self.is_own("choice") => self.key("choice", "{}".to_owned()),
            Leads::Stays => self.key_if(false, "to", quoted(STAY)),
            Leads::To(state) => self.key("to", quoted(state)),
            Leads::Choice(choices) => {
                let target = |to: &Option<Code>| to.as_ref().map_or_else(|| quoted(STAY), quoted);
                self.key("choice", inline(choices.iter().map(|(choice, to)| (choice, target(to)))));
            }
        }
        if let Some(split) = &step.split {
            self.key("split", quoted(split));
        }
        if let Some(clock) = &step.clock {
            let key = match clock.kind {
                ClockKind::Due => "due",
                ClockKind::Until => "until",
            };
            self.key(key, due_phrase(&clock.due));
            if let Some(carriage) = clock.carriage {
                self.key("carriage", quoted(length(carriage)));
            }
        }
        match &step.silence {
            Silence::Noted => self.key_if(step.clock.is_some(), "silence", quoted("noted")),
            Silence::Moves { how, to } => self.key("silence", inline([(how.as_str(), quoted(to))])),
        }
        if let Some(word) = &step.word {
            self.key("word", quoted(word));
        }
        self.key_if(!step.fields.is_empty(), "fields", list(&step.fields));
        match &step.must {
            Must::Always(fields) => self.key_if(!fields.is_empty(), "must", list(fields)),
            Must::For(choices) => {
                self.key("must", inline(choices.iter().map(|(choice, fields)| (choice, list(fields)))));
            }
        }
        match &step.opens {
            Opens::Nothing => {}
            Opens::Always(kind) => self.key("opens", quoted(kind)),
            Opens::For(kinds) => {
                self.key("opens", inline(kinds.iter().map(|(choice, kind)| (choice, quoted(kind)))));
            }
        }
        self.key_if(step.eyes != 1, "eyes", step.eyes.to_string());
        self.key_if(step.own_hand, "own_hand", step.own_hand.to_string());
        if step.needs_file {
            self.key("files", quoted("needed"));
        }
        self.basis(step.basis, above);
    }
}

/// The type of a field, as the file has it.
fn field_type(field: &Field) -> String {
    let words = field.words();
    match &field.holds {
        Holds::Codes(codes) if codes.is_empty() => "[]".to_owned(),
        _ => quoted(words),
    }
}

fn due_phrase(due: &Due) -> String {
    match due {
        Due::Phrase(phrase) => quoted(phrase),
        Due::By { field, codes, other } => {
            let codes = codes.iter().map(|(code, phrase)| (code.to_string(), quoted(phrase)));
            let other = other.iter().map(|phrase| ("other".to_owned(), quoted(phrase)));
            inline([("of".to_owned(), quoted(field))].into_iter().chain(codes).chain(other))
        }
    }
}
