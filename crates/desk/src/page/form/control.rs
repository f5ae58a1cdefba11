//! A field of a procedure on a form: how it is asked for, and what was typed into it.

use instrument::Procedure;
use instrument::procedure::Holds;
use lang::Arg;
use node::form::{Form, One};
use serde::Serialize;

use crate::desk::Desk;
use crate::page::choice::Choice;
use crate::page::map::bounds;
use crate::page::places::Found;
use crate::web::asked::Sent;
use crate::words::Reader;
use crate::words::lack::A_PLACE;
use crate::words::matter::Named;
use crate::words::when::zone;
use crate::writing::{FIELD, Input};

/// How many options stand under each other; of more, one is picked from a list.
const TALL_MAX: usize = 8;

/// How many matters are offered to choose from, the last ones; any other is named by its reference.
const MATTERS: usize = 30;

/// How much of a provision is shown to know it by, in characters.
const FIRST_WORDS: usize = 90;

/// How many names of places are offered; by any other name a place is found all the same.
const NAMES: usize = 50;

/// What a form needs beside its fields, if a place is asked for: some names of places, and where a map begins.
pub(in crate::page) struct Places {
    pub(in crate::page) is_asked: bool,
    pub(in crate::page) names: Vec<String>,
    pub(in crate::page) bounds: String,
}

impl Places {
    pub(in crate::page) fn of(desk: &Desk, reader: Reader<'_>, fields: &[Control]) -> Places {
        let is_asked = fields.iter().any(|field| field.is == "place");
        let language = reader.texts.language().tag;
        let known = desk.gazetteer.names();
        let names = known.first(if is_asked { NAMES } else { 0 });
        Places {
            is_asked,
            names: names.iter().map(|named| named.name_in(language).to_owned()).collect(),
            bounds: bounds(desk, reader.instrument()),
        }
    }
}

/// A field.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::page) struct Control {
    pub(in crate::page) id: String,
    #[serde(skip)]
    pub(in crate::page) label: String,
    #[serde(skip)]
    pub(in crate::page) note: String,
    pub(in crate::page) is: &'static str,
    pub(in crate::page) is_needed: bool,
    pub(in crate::page) options: Vec<Choice>,
    pub(in crate::page) values: Vec<String>,
    pub(in crate::page) why: Option<String>,
    /// Where that is, of a place that can be read.
    pub(in crate::page) place: Option<Found>,
}

impl Control {
    pub(in crate::page) fn has_notes(&self) -> bool {
        self.options.iter().any(|option| !option.note.words.is_empty())
    }

    /// What was typed, by place.
    pub(in crate::page) fn value(&self, place: usize) -> &str {
        self.values.get(place).map_or("", String::as_str)
    }

    pub(in crate::page) fn described_by(&self) -> String {
        let mut by = Vec::new();
        if !self.note.is_empty() {
            by.push(format!("{}-note", self.id));
        }
        if self.why.is_some() {
            by.push(format!("{}-why", self.id));
        }
        by.join(" ")
    }
}

/// The fields of a form, with what was typed into them, and what is wrong with that.
pub(in crate::page) fn controls(
    desk: &Desk,
    reader: Reader<'_>,
    (procedure, form, inputs): (&Procedure, &Form<'_>, &[Input<'_>]),
    typed: &Sent,
    why: &dyn Fn(&str) -> Option<String>,
) -> Vec<Control> {
    let one = |input: &Input<'_>| {
        let mut field = control(reader, (procedure, form), input, typed, why);
        if field.is == "place" {
            field.place = Found::typed(desk, reader, &field.values);
        }
        field
    };
    inputs.iter().map(one).collect()
}

fn control(
    reader: Reader<'_>,
    (procedure, form): (&Procedure, &Form<'_>),
    input: &Input<'_>,
    typed: &Sent,
    why: &dyn Fn(&str) -> Option<String>,
) -> Control {
    let id = format!("{FIELD}{}", input.name);
    let values = typed.get(&id).cloned().unwrap_or_default();
    let several = form.may_be_several(input.name, input.field);
    let listed = form.choices(input.field, MATTERS).unwrap_or_default();
    let mut options: Vec<Choice> = listed
        .iter()
        .map(|one| {
            let (label, note) = in_words(reader, procedure, one);
            let value = one.word();
            Choice::of(&value, label, values.contains(&value)).noted(note)
        })
        .collect();
    if let Holds::Participant(_) = input.field.holds {
        let alphabet = reader.texts.alphabet();
        options.sort_by(|a, b| alphabet.compare(&a.label, &b.label));
    }
    let is = match &input.field.holds {
        Holds::Count => "count",
        Holds::Instant if several => "times",
        Holds::Instant => "time",
        Holds::Window => "window",
        Holds::Place => "place",
        Holds::Text => "annex",
        Holds::Matter { .. } => "matter",
        Holds::Codes(_) | Holds::Participant(_) | Holds::Provision | Holds::Area if several => "ticks",
        _ if input.is_needed && options.len() <= TALL_MAX => "radios",
        _ => "select",
    };
    let mut notes = Vec::new();
    if !input.with.is_empty() {
        let with: Vec<String> = input.with.iter().map(|code| reader.word(procedure, code)).collect();
        notes
            .push(reader.texts.say("form-only-with", &[("choices", Arg::Text(&reader.texts.series(&with)))]));
    }
    if !input.needed_with.is_empty() && !input.is_needed && input.needed_with != input.with {
        let with: Vec<String> = input.needed_with.iter().map(|code| reader.word(procedure, code)).collect();
        notes.push(
            reader.texts.say("form-needed-with", &[("choices", Arg::Text(&reader.texts.series(&with)))]),
        );
    }
    let hint = match is {
        "time" | "window" | "times" => Some("form-time-says"),
        "place" => Some("form-place-says"),
        "annex" => Some("form-annex-says"),
        "matter" if several => Some("form-matters-says"),
        "matter" => Some("form-matter-says"),
        "ticks" => Some("form-several-says"),
        _ => None,
    };
    if let Some(hint) = hint {
        let zone = zone(reader.offset());
        let coarse = reader.instrument().place.coarseness_m;
        let args =
            [("zone", Arg::Text(&zone)), ("metres", Arg::Number(coarse)), ("place", Arg::Text(A_PLACE))];
        notes.push(reader.texts.say(hint, &args));
    }
    let note = notes.join(" ");
    let why = why(&id);
    let (label, place) = (reader.word(procedure, input.name), None);
    Control { id, label, note, is, is_needed: input.is_needed, options, values, why, place }
}

/// What an option is called, and what is to be known of it.
fn in_words(reader: Reader<'_>, procedure: &Procedure, one: &One<'_>) -> (String, String) {
    match one {
        One::Code(code) => (reader.word(procedure, code), String::new()),
        One::Participant(who) => {
            let title = reader.instrument().participants.get(who).map(|known| reader.titled(known));
            (reader.who(who).label, title.unwrap_or_default())
        }
        One::Provision(name, provision) => {
            let text = provision.text_in(reader.texts.language().tag);
            let mut words: String = text.chars().take(FIRST_WORDS).collect();
            if words.len() < text.len() {
                words.push('…');
            }
            (name.to_string(), words)
        }
        One::Area(name, who) => {
            let who = reader.who(who).label;
            (name.to_string(), reader.texts.say("area-of", &[("who", Arg::Text(&who))]))
        }
        One::Matter(matter) => (Named::of(reader, matter).title, String::new()),
    }
}
