//! What one participant must and may do, told.

use instrument::Instrument;
use instrument::duty::{Being, Duty, duties, is_among};
use instrument::who::{Deciders, Set};
use serde_json::{Value, json};
use terms::{Code, ParticipantId};

use super::words::{deciders, due};
use crate::failure::Failure;
use crate::show::text::safe;

/// What is asked of it, and what is open to it.
pub(super) struct Told {
    label: String,
    must: Vec<(Duty, String)>,
    may: Vec<(Duty, String)>,
    /// What it may do beside steps: relief, exhibits, transcription.
    beside: Vec<String>,
}

impl Told {
    /// Of a participant of the instrument, in all kinds of matter or in one.
    pub(super) fn of(instrument: &Instrument, word: &str, kind: Option<&Code>) -> Result<Told, Failure> {
        let found = ParticipantId::new(word).filter(|id| instrument.participants.contains_key(id));
        let Some(who) = found else {
            let known: Vec<&str> = instrument.participants.keys().map(ParticipantId::as_str).collect();
            return Err(Failure::usage("mithaq::unknown", format!("there is no participant `{word}` here"))
                .help(format!("there is {}", known.join(", "))));
        };
        let told =
            duties(instrument, &who).into_iter().filter(|duty| kind.is_none_or(|kind| duty.kind == *kind));
        let told = told.map(|duty| {
            let says = sentence(instrument, &duty);
            (duty, says)
        });
        let (must, may) = told.partition(|(duty, _)| duty.is_asked);
        let label = instrument.participants.get(&who).map_or(word, |who| &who.names.label).to_owned();
        let beside = if kind.is_some() { Vec::new() } else { beside(instrument, &who) };
        Ok(Told { label, must, may, beside })
    }

    pub(super) fn value(&self) -> Value {
        let list = |all: &[(Duty, String)]| -> Vec<Value> {
            let one = |(duty, says): &(Duty, String)| {
                json!({
                    "kind": duty.kind.as_str(),
                    "step": duty.step.as_ref().map(Code::as_str),
                    "when": duty.clock.as_ref().map(ToString::to_string),
                    "silence": duty.silence,
                    "says": says,
                })
            };
            all.iter().map(one).collect()
        };
        json!({"for": self.label, "must": list(&self.must), "may": list(&self.may), "beside": self.beside})
    }

    pub(super) fn print(&self) {
        println!();
        println!("What is asked of {}, and what its silence leads to", safe(&self.label));
        if self.must.is_empty() {
            println!("  Nothing is asked of it.");
        }
        for (duty, says) in &self.must {
            println!("  {}", safe(says));
            if let Some(silence) = &duty.silence {
                println!("    Silence: {silence}. Silence admits nothing.");
            }
        }
        println!();
        println!("What {} may do", safe(&self.label));
        for (duty, says) in &self.may {
            println!("  {}", safe(says));
            if let Some(silence) = &duty.silence {
                println!("    If it does not: {silence}.");
            }
        }
        for line in &self.beside {
            println!("  {}", safe(line));
        }
        if self.may.is_empty() && self.beside.is_empty() {
            println!("  Nothing is open to it.");
        }
    }
}

/// `Case: respond, if it is the bearer; in alleged; within 72 hours of service.`
fn sentence(instrument: &Instrument, duty: &Duty) -> String {
    let title =
        instrument.procedures.iter().find(|(kind, _)| **kind == duty.kind).map(|(_, it)| it.title.as_str());
    let title = title.unwrap_or(duty.kind.as_str());
    let mut words = vec![match &duty.step {
        None => format!("{title}: open one"),
        Some(step) => format!("{title}: {step}"),
    }];
    let beings: Vec<String> = duty.being.iter().map(being).collect();
    if !beings.is_empty() {
        words.push(beings.join(", or "));
    }
    if let Some(together) = &duty.together {
        words.push(format!("it takes {}", deciders(instrument, together).says));
    }
    let codes = |states: &std::collections::BTreeSet<Code>| {
        states.iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(", ")
    };
    if !duty.states.is_empty() {
        words.push(format!("in {}", codes(&duty.states)));
    } else if duty.step.is_some() && duty.late.is_empty() {
        words.push("until it is over".to_owned());
    }
    if let Some(clock) = &duty.clock {
        words.push(due(clock.kind, &clock.due));
    }
    if !duty.late.is_empty() {
        words.push(format!("later it is taken in {}", codes(&duty.late)));
    }
    words.join("; ") + "."
}

fn being(being: &Being) -> String {
    let called = |set: &Set| match set {
        Set::Opener => "the one who opened it".to_owned(),
        other => format!("the `{other}`"),
    };
    match (&being.it, &being.but) {
        (Some(it), Some(but)) => format!("if it is {} and not {}", called(it), called(but)),
        (Some(it), None) => format!("if it is {}", called(it)),
        (None, Some(but)) => format!("if it is not {}", called(but)),
        (None, None) => "always".to_owned(),
    }
}

fn beside(instrument: &Instrument, who: &ParticipantId) -> Vec<String> {
    let relief = &instrument.relief;
    let exhibits = &instrument.exhibits;
    let powers: [(Option<&Deciders>, &str); 7] = [
        (relief.extend.as_ref().map(|it| &it.by), "Relief: give more time on a clock"),
        (relief.suspend.as_ref().map(|(by, _)| by), "Relief: suspend the clocks of a strand"),
        (
            relief.cut.as_ref().map(|(by, _)| by),
            "Relief: take out time in which somebody could not be reached",
        ),
        (relief.set_aside.as_ref(), "Relief: set aside what silence did"),
        (exhibits.arbiter.as_ref(), "Exhibits: judge a challenge"),
        (exhibits.hold.as_ref(), "Exhibits: ask that one be held"),
        (exhibits.destroy.as_ref(), "Exhibits: say that one puts a person in danger"),
    ];
    let mut lines: Vec<String> = powers
        .into_iter()
        .filter_map(|(by, what)| Some((by.filter(|by| is_among(instrument, by, who))?, what)))
        .map(|(by, what)| format!("{what}; it takes {}.", deciders(instrument, by).says))
        .collect();
    if let Some(transcription) = instrument.transcription.as_ref() {
        let for_whom: Vec<String> = transcription.on_behalf_of.iter().map(ToString::to_string).collect();
        if transcription.by == *who {
            lines.push(format!("Transcription: write down what is said by {}.", for_whom.join(", ")));
        } else if transcription.on_behalf_of.contains(who) {
            lines.push(format!("Transcription: what it says is written down by {}.", transcription.by));
        }
    }
    lines
}
