//! What a matter is, and how it stands.

use act::body::Tier;
use act::value::{FieldValue, MatterRef, Word};
use docket::view::relief_sought_in;
use instrument::procedure::{Holds, StateKind};
use serde_json::{Value, json};

use super::Shown;
use crate::command::place::{area_at, disclaimer};
use crate::failure::Failure;
use crate::say::{label, reconstruction, relief, state, strand_first, value};
use crate::show::table::print_text;
use crate::show::text::safe;
use crate::show::time::utc;

pub(super) fn print(shown: &Shown<'_>) -> Result<(), Failure> {
    let (reading, matter) = (shown.reading, shown.matter);
    let (replay, instrument) = (reading.replay(), &matter.law.instrument);
    println!("{}  {}", matter.reference, safe(&matter.procedure.title));
    if let Some(says) = reconstruction(instrument.basis.max(matter.procedure.basis)) {
        print_text(says, 0);
    }
    if matter.tier == Tier::WithoutPrejudice {
        print_text("WITHOUT PREJUDICE: nobody cites it; what was handed over goes only to who took part.", 0);
    }
    for (name, life) in matter.strands.iter() {
        let line = format!("{}`{}` since {}", strand_first(matter, name), life.state, utc(life.since));
        print_text(&safe(&line), 0);
        print_text(&safe(state(&matter.procedure, &life.state)), 2);
        for (name, held) in life.fields().iter() {
            let field = matter.procedure.fields.get(name);
            print_text(&safe(&format!("{name}: {}", value::value(replay, field, held))), 2);
            if let FieldValue::Place(at) = held {
                print_text(&safe(&area_at(&reading.node, instrument, at)), 4);
            }
        }
        for (step, voices) in life.voices.iter() {
            let voices = voices.iter().map(|(who, voice)| match &voice.choice {
                Some(choice) => format!("{}: {choice}", label(instrument, who)),
                None => label(instrument, who),
            });
            let voices: Vec<String> = voices.collect();
            print_text(&safe(&format!("said so far on `{step}`: {}", voices.join(", "))), 2);
        }
        if let Some(coming) = &life.coming {
            print_text(&format!("takes effect on {}, unless taken back before", utc(coming.at)), 2);
        }
        if life.flagged {
            print_text("it stands on what was taken back, and others have moved on: relief may be due", 2);
        }
    }
    for one in &relief_sought_in(replay, shown.key) {
        print_text(&safe(&format!("{}; {}", relief::says(one), relief::could_join(one))), 0);
    }
    println!();
    let row = |name: &str, what: &str| {
        let lines = crate::show::table::wrapped(&safe(what), room(16));
        for (place, line) in lines.iter().enumerate() {
            println!("{:<14}  {line}", if place == 0 { name } else { "" });
        }
    };
    let taken_back = if matter.disowned { "; taken back by its participant" } else { "" };
    let opened = format!(
        "by {} on {}, entry {}{taken_back}",
        label(instrument, &matter.opener),
        utc(matter.opened),
        shown.key.index
    );
    row("opened", &opened);
    if let Some(parent) = parent(shown) {
        row("from", &parent);
    }
    if matter.law.number > 1 || replay.settlement().law().number > 1 {
        row("runs under", &format!("version {} of the instrument", matter.law.number));
    }
    if matter.procedure.tiers.len() > 1 {
        row("tier", tier(matter.tier));
    }
    for (name, held) in matter.common_fields() {
        let field = matter.procedure.fields.get(name);
        row(name.as_str(), &value::value(replay, field, held));
        if let (Some(Holds::Place), FieldValue::Place(at)) = (field.map(|field| &field.holds), held) {
            row("", &area_at(&reading.node, instrument, at));
        }
    }
    for other in naming(shown) {
        row("named by", &other);
    }
    if matter.values().any(|(_, held)| matches!(held, FieldValue::Place(_))) {
        for text in disclaimer(&instrument.place) {
            println!();
            print_text(&safe(&text), 0);
        }
    }
    Ok(())
}

/// How much room there is beside a column.
fn room(used: u16) -> u16 {
    crate::show::table::width().map_or(u16::MAX, |width| width.saturating_sub(used).max(20))
}

const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Record => "on record",
        Tier::WithoutPrejudice => "without prejudice",
    }
}

/// The matter whose step opened this one.
fn parent(shown: &Shown<'_>) -> Option<String> {
    let MatterRef::ByStep(_) = shown.matter.id else { return None };
    let opening = shown.acts.get(&shown.key.index)?;
    let (_, parent) = shown.reading.by_ref(&opening.body().matter()?)?;
    Some(format!("a step in {}, {}", parent.reference, parent.procedure.title))
}

/// Other matters that name this one in a field.
fn naming(shown: &Shown<'_>) -> Vec<String> {
    let word = match shown.matter.id {
        MatterRef::Opened(act) => Word::Hash(act.0),
        MatterRef::ByStep(item) => Word::Item(item),
    };
    let names = |value: &FieldValue| match value {
        FieldValue::One(one) => *one == word,
        FieldValue::Several(several) => several.contains(&word),
        _ => false,
    };
    let all = shown.reading.replay().settlement().matters().values();
    all.filter(|other| other.id != shown.matter.id)
        .filter_map(|other| {
            let (field, _) = other.values().find(|(_, value)| names(value))?;
            Some(format!("{}, {}, as `{field}`", other.reference, other.procedure.title))
        })
        .collect()
}

pub(super) fn value(shown: &Shown<'_>) -> Value {
    let matter = shown.matter;
    let relief = relief_sought_in(shown.reading.replay(), shown.key);
    let strands = matter.strands.iter().map(|(name, life)| {
        let kind = matter.procedure.state(&life.state).map(|state| state.kind);
        let voices = life.voices.iter().map(|(step, voices)| {
            let each = voices.iter().map(|(who, voice)| (who.to_string(), json!(voice.choice)));
            (step.to_string(), Value::Object(each.collect()))
        });
        let value = json!({
            "state": life.state,
            "is": is(kind),
            "says": state(&matter.procedure, &life.state),
            "since": life.since,
            "fields": matter.fields_of(name).iter().map(|(name, value)| (name.to_string(), json!(value)))
                .collect::<serde_json::Map<_, _>>(),
            "voices": Value::Object(voices.collect()),
            "comes": life.coming.as_ref().map(|coming| coming.at),
            "flagged": life.flagged,
        });
        (name.to_string(), value)
    });
    json!({
        "reference": matter.reference.to_string(),
        "act": matter.id.to_string(),
        "entry": shown.key.index,
        "kind": matter.kind,
        "title": matter.procedure.title,
        "opener": matter.opener,
        "opened": matter.opened,
        "tier": matter.tier,
        "version": matter.law.number,
        "disowned": matter.disowned,
        "fields": matter.fields_of_all().iter().map(|(name, value)| (name.to_string(), json!(value)))
            .collect::<serde_json::Map<_, _>>(),
        "strands": strands.collect::<serde_json::Map<_, _>>(),
        "relief-asked-for": relief.iter().map(relief::value).collect::<Vec<_>>(),
        "named-by": naming(shown),
    })
}

/// What a state is, for machines.
pub(crate) const fn is(kind: Option<StateKind>) -> &'static str {
    match kind {
        Some(StateKind::Waiting) => "waits",
        Some(StateKind::Rest) => "rests",
        Some(StateKind::End) | None => "over",
    }
}
