//! The agreement itself: who takes part, who decides together, what was agreed, how time is counted, who may relieve.

use instrument::model::{Authentic, Calendar};
use instrument::procedure::Relief;
use instrument::who::{Body, Rule};
use instrument::{Basis, Instrument, Participant, Provision};
use terms::{Code, Instant, Seconds};

use crate::command::instrument::words::{deciders, long};
use crate::say::ask::of;
use crate::say::{and, label, labels, sentence};
use crate::show::text::count;
use crate::show::time::{bare, offset};

pub(super) fn lines(instrument: &Instrument) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(instrument.says.clone());
    lines.push(match &instrument.authentic {
        Authentic::NotKnown => "Nobody outside knows in which language it binds.".to_owned(),
        Authentic::Known(languages) if languages.is_empty() => "No language of it binds.".to_owned(),
        Authentic::Known(languages) => format!("It binds in {}.", and(languages)),
    });
    lines.extend(instrument.standing.clone());
    let mut part = |head: &str, own: Vec<String>| {
        if !own.is_empty() {
            lines.push(String::new());
            lines.push(head.to_owned());
            lines.extend(own.into_iter().map(|line| format!("  {line}")));
        }
    };
    part(
        "Who takes part",
        instrument.participants.values().map(|who| participant(instrument, who)).collect(),
    );
    part(
        "Who decides together",
        instrument.bodies.iter().map(|(name, body)| decides(instrument, name, body)).collect(),
    );
    part("Who is talked about, and never talked to", excluded(instrument));
    for (kind, provisions) in by_kind(instrument) {
        let each = provisions.into_iter().map(|(name, it)| provision(instrument, name, it)).collect();
        part(&format!("What was agreed, of the kind `{kind}`"), each);
    }
    part("How time is counted", calendar(instrument, &instrument.calendar));
    part("Relief", relief(instrument, &instrument.relief));
    part("What is written down for another", transcription(instrument));
    lines
}

/// Where something comes from, behind it, where that differs from the whole.
fn source(instrument: &Instrument, basis: Basis) -> String {
    if basis == instrument.basis { String::new() } else { format!(" ({})", of(basis)) }
}

fn participant(instrument: &Instrument, who: &Participant) -> String {
    let names = &who.names;
    let own =
        if names.own == names.label { String::new() } else { format!(", “{}” to itself", names.own) };
    let text = names.text.as_ref().filter(|text| **text != names.own && **text != names.label);
    let text = text.map(|text| format!(", “{text}” in the text")).unwrap_or_default();
    format!("{}{own}{text}: {}{}", names.label, who.title(), source(instrument, who.basis))
}

fn decides(instrument: &Instrument, name: &Code, body: &Body) -> String {
    let members = and(&labels(instrument, &body.members));
    let chair = body.chair.as_ref().map(|chair| format!("; {} chairs", label(instrument, chair)));
    let rule = match &body.decides {
        Rule::Members(many) => many_of(*many),
        Rule::Items(items) => format!("it takes {}", deciders(instrument, items).says),
    };
    let quorum =
        body.quorum.as_ref().map(|who| format!("; {} have to be there", deciders(instrument, who).says));
    format!(
        "The {}: {members}{}; {rule}{}{}",
        name.as_str().replace('-', " "),
        chair.unwrap_or_default(),
        quorum.unwrap_or_default(),
        source(instrument, body.basis)
    )
}

fn many_of(many: instrument::who::Count) -> String {
    use instrument::who::Count;
    match many {
        Count::Any => "each of them decides alone".to_owned(),
        Count::All | Count::Rule | Count::Quorum | Count::Chair => "all of them decide".to_owned(),
        Count::Most => "more than half of them decide".to_owned(),
        Count::Number(n) => format!("{n} of them decide"),
    }
}

fn excluded(instrument: &Instrument) -> Vec<String> {
    let one = |group: &instrument::Excluded| {
        let list = group.names.list.as_ref().map(|number| format!(", {number} on a public list"));
        format!("{}{}{}", group.names.text, list.unwrap_or_default(), source(instrument, group.basis))
    };
    instrument.excluded.values().map(one).collect()
}

/// The provisions of each kind, the kinds in the order of their first.
fn by_kind(instrument: &Instrument) -> Vec<(&Code, Vec<(&Code, &Provision)>)> {
    let mut kinds: Vec<(&Code, Vec<(&Code, &Provision)>)> = Vec::new();
    for (name, provision) in &instrument.provisions {
        match kinds.iter_mut().find(|(kind, _)| *kind == &provision.kind) {
            Some((_, all)) => all.push((name, provision)),
            None => kinds.push((&provision.kind, vec![(name, provision)])),
        }
    }
    kinds
}

fn provision(instrument: &Instrument, name: &Code, provision: &Provision) -> String {
    let who = and(&labels(instrument, &provision.bearers));
    let none = if provision.not_invoked { " No matter is opened under it, on purpose." } else { "" };
    let from = source(instrument, provision.basis);
    format!("{name}, owed by {who}: “{}”{from}{none}", provision.text)
}

fn calendar(instrument: &Instrument, calendar: &Calendar) -> Vec<String> {
    let mut lines = vec![
        format!(
            "Days end at 24:00 UTC{}.",
            match calendar.zone_offset_minutes {
                0 => String::new(),
                minutes => offset(minutes),
            }
        ),
        format!("What nobody says it has counts as served after {}.", long(calendar.deemed)),
        format!(
            "Past its time an answer is late, and silence does nothing for another {}, where a step says no other.",
            long(calendar.carriage)
        ),
        format!(
            "A mark is made every {}; time without marks for three times as long counts for no clock.",
            every(calendar.heartbeat)
        ),
    ];
    lines.push("Silence admits nothing, and nobody is found at fault by it.".to_owned());
    for (who, days) in &calendar.holidays {
        let days: Vec<String> = days.iter().map(|day| date(*day)).collect();
        lines.push(format!(
            "On {} no time in days ends for {}: it ends a day later. Hours run on.",
            and(&days),
            label(instrument, who)
        ));
    }
    if calendar.basis != instrument.basis {
        lines.push(format!("These numbers are {}.", of(calendar.basis)));
    }
    lines
}

fn every(length: Seconds) -> String {
    let long = long(length);
    long.strip_prefix("1 ").map_or_else(|| long.clone(), str::to_owned)
}

/// A day, as days since 1970-01-01.
fn date(day: u64) -> String {
    bare(Instant::EPOCH.plus(Seconds::days(day))).chars().take(10).collect()
}

fn relief(instrument: &Instrument, relief: &Relief) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(extend) = &relief.extend {
        let by = deciders(instrument, &extend.by).says;
        let (most, times) = (long(extend.most), count(u64::from(extend.times), "time", "times"));
        lines.push(format!(
            "{} may give more time on a clock: at most {most}, at most {times}.",
            sentence(&by)
        ));
    }
    for (who, what) in [
        (&relief.suspend, "may let the clocks of a matter stand"),
        (&relief.cut, "may take out time in which somebody could not be reached, and never its own"),
    ] {
        if let Some((by, most)) = who {
            let by = deciders(instrument, by).says;
            lines.push(format!("{} {what}: at most {}.", sentence(&by), long(*most)));
        }
    }
    if let Some(by) = &relief.set_aside {
        let by = deciders(instrument, by).says;
        lines.push(format!(
            "{} may set aside what silence did, back to a state that it was in.",
            sentence(&by)
        ));
    }
    if lines.is_empty() {
        lines.push("Nobody may give any.".to_owned());
    }
    lines
}

fn transcription(instrument: &Instrument) -> Vec<String> {
    let one = |it: &instrument::Transcription| {
        format!(
            "{} writes down what {} says by voice or on paper. It is never its signature; it may confirm or disown it.",
            label(instrument, &it.by),
            crate::say::or(&labels(instrument, &it.on_behalf_of))
        )
    };
    instrument.transcription.iter().map(one).collect()
}
