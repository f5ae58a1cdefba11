//! An instrument as sentences, each with the part that it stands in and the key that it speaks of.

use std::fmt::Display;

use terms::{Code, Seconds};

use crate::model::{Authentic, Basis, Instrument};
use crate::place::LineFile;
use crate::procedure::{Adopts, Effect, From, Leads, Must, Opens, Procedure, StateKind, Step, Tier};
use crate::who::{Count, Deciders, Rule};
use crate::write::{date, length, offset};

/// A table of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) path: String,
    pub(super) title: String,
    /// By key.
    pub(super) says: Vec<(String, String)>,
}

impl Part {
    fn new(path: impl Into<String>, title: impl Into<String>) -> Part {
        Part { path: path.into(), title: title.into(), says: Vec::new() }
    }

    fn say(&mut self, key: impl Display, says: impl Display) {
        self.says.push((key.to_string(), says.to_string()));
    }

    fn say_if(&mut self, said: bool, key: &str, says: impl Display) {
        if said {
            self.say(key, says);
        }
    }

    fn basis(&mut self, basis: Basis) {
        self.say("basis", format_args!("Its basis is: {basis}."));
    }
}

/// Codes, one after the other, each in backticks.
fn codes<'c>(codes: impl IntoIterator<Item = &'c Code>) -> String {
    names(codes.into_iter().map(|code| format!("`{code}`")))
}

fn names(names: impl IntoIterator<Item = impl Display>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}

/// All parts, tables of one kind in the order of their names.
pub(super) fn parts(it: &Instrument) -> Vec<Part> {
    let mut parts = vec![head(it)];
    parts.extend(who(it));
    parts.extend(provisions(it));
    parts.extend(places(it));
    parts.push(calendar(it));
    parts.extend(rules(it));
    for (name, procedure) in &it.procedures {
        parts.extend(procedure_parts(name, procedure));
    }
    parts
}

fn head(it: &Instrument) -> Part {
    let mut part = Part::new("instrument", "The instrument");
    part.say("name", format_args!("It is called “{}”.", it.name));
    part.say("exercise", if it.exercise { "It is an exercise." } else { "It is no exercise." });
    part.say("languages", format_args!("It is shown in {}.", names(&it.languages)));
    part.say(
        "authentic",
        match &it.authentic {
            Authentic::Known(languages) if languages.is_empty() => "No language of it binds.".to_owned(),
            Authentic::Known(languages) => format!("It binds in {}.", names(languages)),
            Authentic::NotKnown => "In which language it binds is not known.".to_owned(),
        },
    );
    part.say("order", format_args!("Parties are listed by this order: {}.", it.order.as_str()));
    if let Some(standing) = &it.standing {
        part.say("standing", format_args!("Of standing it says: “{standing}”"));
    }
    if let Some(says) = &it.says {
        part.say("says", format_args!("It says: “{says}”"));
    }
    part.basis(it.basis);
    part
}

fn who(it: &Instrument) -> Vec<Part> {
    let mut parts = Vec::new();
    for (id, who) in &it.participants {
        let mut part = Part::new(format!("participant.{id}"), format!("{} (`{id}`)", who.names.label));
        part.say("role", format_args!("It takes part as {}.", who.role.as_str()));
        if let Some(titled) = &who.titled {
            part.say("titled", format_args!("Its role is shown as “{titled}”."));
        }
        part.say("own", format_args!("It calls itself “{}”.", who.names.own));
        if let Some(text) = &who.names.text {
            part.say("text", format_args!("The text calls it “{text}”."));
        }
        part.say("label", format_args!("Tables call it “{}”.", who.names.label));
        for (language, label) in &who.labels {
            part.say(format_args!("label {language}"), format_args!("In {language} they call it “{label}”."));
        }
        part.basis(who.basis);
        parts.push(part);
    }
    for (name, body) in &it.bodies {
        let mut part = Part::new(format!("body.{name}"), format!("The body `{name}`"));
        part.say("members", format_args!("Its members are {}.", names(&body.members)));
        if let Some(chair) = &body.chair {
            part.say("chair", format_args!("It is chaired by {chair}."));
        }
        let decides = match &body.decides {
            Rule::Members(Count::Most) => "more than half of its members".to_owned(),
            Rule::Members(Count::Number(number)) => format!("{number} of its members"),
            Rule::Members(_) => "all of its members".to_owned(),
            Rule::Items(items) => items.to_string(),
        };
        part.say("decides", format_args!("It takes {decides} to decide."));
        if let Some(quorum) = &body.quorum {
            part.say("quorum", format_args!("There have to be {quorum}."));
        }
        part.basis(body.basis);
        parts.push(part);
    }
    for (name, group) in &it.excluded {
        let mut part = Part::new(format!("excluded.{name}"), format!("The excluded group `{name}`"));
        part.say("text", format_args!("It is called “{}”.", group.names.text));
        if let Some(list) = &group.names.list {
            part.say("list", format_args!("Its number on a list is {list}."));
        }
        for alias in &group.aliases {
            part.say(format_args!("alias {alias}"), format_args!("It is also called “{alias}”."));
        }
        part.basis(group.basis);
        parts.push(part);
    }
    if let Some(transcription) = &it.transcription {
        let mut part = Part::new("transcription", "Transcription");
        part.say("by", format_args!("What another says is written down by {}.", transcription.by));
        part.say("for", format_args!("It is written down for {}.", names(&transcription.on_behalf_of)));
        parts.push(part);
    }
    parts
}

fn provisions(it: &Instrument) -> Vec<Part> {
    let one = |(name, provision): (&Code, &crate::model::Provision)| {
        let mut part = Part::new(format!("provision.{name}"), format!("Provision `{name}`"));
        part.say("kind", format_args!("It is of the kind `{}`.", provision.kind));
        part.say("bearers", format_args!("It is owed by {}.", names(&provision.bearers)));
        part.say("text", format_args!("It says: “{}”", provision.text));
        for (language, text) in &provision.texts {
            part.say(format_args!("text {language}"), format_args!("In {language} it says: “{text}”"));
        }
        part.basis(provision.basis);
        part.say_if(provision.not_invoked, "not_invoked", "No procedure runs under it, on purpose.");
        part
    };
    it.provisions.iter().map(one).collect()
}

fn places(it: &Instrument) -> Vec<Part> {
    let mut parts = Vec::new();
    for (name, line) in &it.lines {
        let mut part = Part::new(format!("line.{name}"), format!("Reference line `{name}`"));
        part.say("source", format_args!("It was drawn by {}.", line.source));
        part.say("edition", format_args!("The drawing is: {}.", line.edition));
        let (where_, hash) = match line.file {
            LineFile::Annex(hash) => ("in every copy", hash),
            LineFile::Elsewhere(hash) => ("kept elsewhere", hash),
        };
        part.say("file", format_args!("Its file is {where_}, SHA-256 {}.", hash.to_hex()));
        part.say("precision", format_args!("It is true to {} m.", line.precision_m));
        part.say("reach", format_args!("It reaches {} m.", line.reach_m));
        for (who, label) in &line.labels {
            part.say(format_args!("label {who}"), format_args!("{who} calls it “{label}”."));
        }
        part.basis(line.basis);
        parts.push(part);
    }
    for (name, area) in &it.areas {
        let mut part = Part::new(format!("area.{name}"), format!("Area `{name}`"));
        part.say(
            "participant",
            format_args!("{} is responsible in it under the instrument.", area.participant),
        );
        for (line, side) in &area.sides {
            part.say(format_args!("side {line}"), format_args!("It lies {side} of `{line}`."));
        }
        part.basis(area.basis);
        parts.push(part);
    }
    let mut part = Part::new("place", "Places");
    part.say("coarseness", format_args!("Places are written down to {} m.", it.place.coarseness_m));
    for (language, text) in &it.place.disclaimer {
        part.say(
            format_args!("disclaimer {language}"),
            format_args!("Under them stands ({language}): “{text}”"),
        );
    }
    parts.push(part);
    parts
}

fn calendar(it: &Instrument) -> Part {
    let calendar = &it.calendar;
    let mut part = Part::new("calendar", "How time is counted");
    part.say("zone", format_args!("Days are those of UTC{}.", offset(calendar.zone_offset_minutes)));
    for (key, says, span) in [
        ("deemed", "An act counts as served after", calendar.deemed),
        ("heartbeat", "Marks are meant to be no further apart than", calendar.heartbeat),
        ("carriage", "From due to close it is", calendar.carriage),
        ("tolerance", "Honest clocks may differ by", calendar.tolerance),
        ("cosign-delay", "A witness is expected to cosign within", calendar.cosign_delay),
    ] {
        part.say(key, format_args!("{says} {}.", length(span)));
    }
    for (who, days) in &calendar.holidays {
        let days = names(days.iter().map(|&day| date(day)));
        part.say(
            format_args!("holidays {who}"),
            format_args!("No time in days ends for {who} on {days}; hours run on."),
        );
    }
    part.basis(calendar.basis);
    part
}

fn rules(it: &Instrument) -> Vec<Part> {
    let relief = &it.relief;
    let mut given = Part::new("relief", "Relief");
    if let Some(extend) = &relief.extend {
        let most = length(extend.most);
        given.say(
            "extend",
            format_args!(
                "A clock may be extended by {}: {most} at most, {} at most.",
                extend.by,
                times(extend.times)
            ),
        );
    }
    let mut bounded = |key: &str, what: &str, by: &Option<(Deciders, Seconds)>| {
        if let Some((by, most)) = by {
            given.say(key, format_args!("{what} {by}: {} at most.", length(*most)));
        }
    };
    bounded("suspend", "All clocks of a strand may be suspended by", &relief.suspend);
    bounded("cut", "Time in which somebody could not be reached may be taken out by", &relief.cut);
    if let Some(by) = &relief.set_aside {
        given.say("set-aside", format_args!("What silence did may be set aside by {by}."));
    }
    let mut quota = Part::new("quota", "Quota");
    quota.say("acts", format_args!("A participant may hand in {} acts a day.", it.quota.acts));
    quota.say("bytes", format_args!("It may hand in {} bytes of annexes a day.", it.quota.bytes));
    let mut custody = Part::new("custody", "Where keys lie");
    for (what, least) in &it.custody.0 {
        custody.say(what, format_args!("For `{what}` the key lies at the least: {}.", least.as_str()));
    }
    let mut exhibits = Part::new("exhibits", "Exhibits");
    for (key, says, who) in [
        ("arbiter", "A challenge is judged by", &it.exhibits.arbiter),
        ("hold", "That one be held may be asked by", &it.exhibits.hold),
        ("destroy", "That one be destroyed for a person's safety may be said by", &it.exhibits.destroy),
    ] {
        if let Some(who) = who {
            exhibits.say(key, format_args!("{says} {who}."));
        }
    }
    let mut tiers = Part::new("tiers", "Without prejudice");
    tiers.say(
        "erasure",
        format_args!(
            "Exhibits without prejudice are erased {} days after their matter.",
            it.tiers.erasure_days
        ),
    );
    vec![given, quota, custody, exhibits, tiers]
}

fn times(n: u32) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

fn procedure_parts(name: &Code, it: &Procedure) -> Vec<Part> {
    let path = format!("procedure.{name}");
    let mut part = Part::new(path.as_str(), it.title.as_str());
    part.say("title", format_args!("It is called “{}”.", it.title));
    if let Some(says) = &it.says {
        part.say("says", format_args!("It says: “{says}”"));
    }
    part.say("ref", format_args!("Its references begin with {}.", it.reference));
    part.say_if(
        !it.strands.is_empty(),
        "strands",
        format_args!("There is a life of its own for each {}.", codes(&it.strands)),
    );
    part.say_if(!it.under.is_empty(), "under", format_args!("It is opened under {}.", codes(&it.under)));
    match it.adopts {
        Some(Adopts::Text) => part.say("adopts", "Silence may take a text as agreed."),
        Some(Adopts::Plan) => part.say("adopts", "Silence may take a plan as agreed."),
        None => {}
    }
    let against = format!("A finding stands against the bearer in {}.", codes(&it.against));
    part.say_if(!it.against.is_empty(), "against", against);
    part.say_if(!it.seen_by.is_empty(), "seen_by", format_args!("It is seen by {}.", names(&it.seen_by)));
    let public = format!("It may be published in {}.", codes(&it.public));
    part.say_if(!it.public.is_empty(), "public", public);
    let tiers = it.tiers.iter().map(|tier| match tier {
        Tier::Record => "on record",
        Tier::WithoutPrejudice => "without prejudice",
    });
    part.say("tiers", format_args!("It is {}.", tiers.collect::<Vec<_>>().join(" or ")));
    for (state, effect) in &it.effects {
        let what = match effect {
            Effect::Amend => "the annex of the matter becomes the instrument",
            Effect::Pause => "clocks stand in what its opener opened",
            Effect::Close => "no matter can be opened any more",
        };
        part.say(format_args!("effect {state}"), format_args!("In `{state}` {what}."));
    }
    part.basis(it.basis);
    let mut fields = Part::new(format!("{path}.fields"), format!("{}, fields", it.title));
    for (name, field) in &it.fields {
        fields.say(name, format_args!("`{name}` is: {}.", field.words()));
    }
    let mut states = Part::new(format!("{path}.states"), format!("{}, states", it.title));
    for (name, state) in &it.states {
        let kind = match state.kind {
            StateKind::Waiting => "waits",
            StateKind::Rest => "rests",
            StateKind::End => "is over",
        };
        states.say(name, format_args!("`{name}` {kind}. {}", state.says));
    }
    let mut open = Part::new(format!("{path}.open"), format!("{}, opening", it.title));
    open.say("by", format_args!("It is opened by {}.", it.open.by));
    open.say("to", format_args!("It begins in `{}`.", it.open.to));
    if let Some(due) = &it.open.due {
        open.say("due", format_args!("It is late if it is opened after {due}."));
    }
    open.basis(it.open.basis);
    let steps = it.steps.iter().map(|(step, rule)| {
        let mut part = Part::new(format!("{path}.step.{step}"), format!("{}, step {step}", it.title));
        step_says(&mut part, rule);
        part
    });
    [part, fields, states, open].into_iter().chain(steps).collect()
}

fn step_says(part: &mut Part, step: &Step) {
    if let Some(says) = &step.says {
        part.say("says", format_args!("It says: “{says}”"));
    }
    part.say(
        "from",
        match &step.from {
            From::Any => "It is possible anywhere until the matter is over.".to_owned(),
            From::States(states) => format!("It is possible in {}.", codes(states)),
        },
    );
    part.say("by", format_args!("It is taken by {}.", step.by));
    match &step.leads {
        Leads::Stays => part.say("to", "It changes no state."),
        Leads::To(to) => part.say("to", format_args!("It leads to `{to}`.")),
        Leads::Choice(choices) => {
            for (choice, to) in choices {
                let leads = to.as_ref().map_or_else(|| "stays".to_owned(), |to| format!("leads to `{to}`"));
                part.say(format_args!("choice {choice}"), format_args!("`{choice}` {leads}."));
            }
        }
    }
    if let Some(split) = &step.split {
        part.say("split", format_args!("If they can't agree, it goes to `{split}`."));
    }
    if let Some(clock) = &step.clock {
        part.say("clock", format_args!("It is {clock}."));
        if let Some(carriage) = clock.carriage {
            part.say("carriage", format_args!("From due to close it is {}.", length(carriage)));
        }
        if let Some(silence) = step.silence_says() {
            part.say("silence", format_args!("Silence: {silence}."));
        }
    }
    if let Some(word) = &step.word {
        part.say("word", format_args!("The text's word for that is “{word}”."));
    }
    part.say_if(
        !step.fields.is_empty(),
        "fields",
        format_args!("It may fill or change {}.", codes(&step.fields)),
    );
    match &step.must {
        Must::Always(fields) => {
            part.say_if(!fields.is_empty(), "must", format_args!("It has to give {}.", codes(fields)));
        }
        Must::For(choices) => {
            for (choice, fields) in choices {
                let says = format!("With `{choice}` it has to give {}.", codes(fields));
                part.say(format_args!("must {choice}"), says);
            }
        }
    }
    match &step.opens {
        Opens::Nothing => {}
        Opens::Always(kind) => part.say("opens", format_args!("It opens a matter of its own: `{kind}`.")),
        Opens::For(kinds) => {
            for (choice, kind) in kinds {
                let says = format!("With `{choice}` it opens a matter of its own: `{kind}`.");
                part.say(format_args!("opens {choice}"), says);
            }
        }
    }
    part.say_if(step.eyes != 1, "eyes", format_args!("{} officers sign it.", step.eyes));
    part.say_if(step.own_hand, "own_hand", "Nobody else can write it down for them.");
    part.say_if(step.needs_file, "files", "It needs an exhibit.");
    part.basis(step.basis);
}
