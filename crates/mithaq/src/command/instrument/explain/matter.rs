//! A kind of matter: who opens it, who sees it, what each state waits for.

use instrument::Instrument;
use instrument::chart::stands;
use instrument::procedure::{ClockKind, From, Procedure, Step, Tier};
use terms::Code;

use super::step::{self, Place};
use crate::command::instrument::words::{deciders, due, set};
use crate::say::{and, effect_to_come, or, sentence};

/// What a procedure does, a sentence a line.
pub(super) fn lines(instrument: &Instrument, name: &Code, procedure: &Procedure) -> Vec<String> {
    let mut lines = vec![format!("{} ({}), `{name}`", procedure.title, procedure.reference)];
    lines.extend(procedure.says.clone());
    lines.extend(step::basis(procedure.basis));
    lines.extend(opening(instrument, procedure));
    lines.extend(seen(instrument, procedure));
    for (state, about) in &procedure.states {
        lines.push(String::new());
        let kind = stands(about.kind, procedure.has_clock_in(state));
        lines.push(format!("  `{state}` {kind}. {}", about.says));
        lines.extend(
            procedure
                .effects
                .get(state)
                .map(|does| format!("    {}.", sentence(&effect_to_come(instrument, *does)))),
        );
        for (name, rule) in procedure.steps_in(state).filter(|(_, rule)| rule.from != From::Any) {
            lines.extend(step::lines((instrument, procedure), (name, rule), Place::In(state)));
        }
    }
    let anywhere: Vec<&(Code, Step)> =
        procedure.steps.iter().filter(|(_, rule)| rule.from == From::Any).collect();
    if !anywhere.is_empty() {
        lines.push(String::new());
        lines.push("  Until it is over, in whatever state:".to_owned());
        for (name, rule) in anywhere {
            lines.extend(step::lines((instrument, procedure), (name, rule), Place::Anywhere));
        }
    }
    lines
}

fn opening(instrument: &Instrument, procedure: &Procedure) -> Vec<String> {
    let by = deciders(instrument, &procedure.open.by).says;
    let under: Vec<String> = procedure.under.iter().map(|kind| format!("`{kind}`")).collect();
    let under = match under.as_slice() {
        [] => String::new(),
        kinds => format!(", under a provision of the kind {}", or(kinds)),
    };
    let mut lines = vec![format!("It is opened by {by}{under}, and begins as `{}`.", procedure.open.to)];
    if let Some(late) = &procedure.open.due {
        lines
            .push(format!("It is opened {}; later it is taken, and marked late.", due(ClockKind::Due, late)));
    }
    if !procedure.strands.is_empty() {
        let names: Vec<String> =
            procedure.strands.iter().map(|name| name.as_str().replace('-', " ")).collect();
        lines.push(format!("There is a life of its own for each {}.", and(&names)));
    }
    let fields = |optional: bool| -> Vec<String> {
        let own = procedure
            .fields
            .iter()
            .filter(|(name, field)| field.optional == optional && !procedure.comes_later(name));
        own.map(|(name, _)| format!("`{name}`")).collect()
    };
    let (must, may) = (fields(false), fields(true));
    match (must.is_empty(), may.is_empty()) {
        (true, true) => {}
        (false, true) => lines.push(format!("Who opens it says {}.", and(&must))),
        (true, false) => lines.push(format!("Who opens it may say {}.", and(&may))),
        (false, false) => lines.push(format!("Who opens it says {}, and may say {}.", and(&must), and(&may))),
    }
    lines
}

/// How freely it may be spoken of, and who gets what is handed over in it.
fn seen(instrument: &Instrument, procedure: &Procedure) -> Vec<String> {
    let mut lines = Vec::new();
    match procedure.tiers.as_slice() {
        [Tier::Record] | [] => {}
        [Tier::WithoutPrejudice] => lines.push("It is without prejudice: nobody may cite it.".to_owned()),
        [first, ..] => lines.push(match first {
            Tier::Record => {
                "It is on record, or without prejudice where whoever opens it says so.".to_owned()
            }
            Tier::WithoutPrejudice => {
                "It is without prejudice, or on record where whoever opens it says so.".to_owned()
            }
        }),
    }
    let who: Vec<String> = procedure.seen_by.iter().map(|who| set(instrument, who)).collect();
    if !who.is_empty() {
        lines.push(format!(
            "All see that it is there and how it stands; what is handed over in it can be opened by {}, unless \
             whoever hands it over says otherwise.",
            and(&who)
        ));
    }
    let public: Vec<String> = procedure.public.iter().map(|state| format!("`{state}`")).collect();
    if !public.is_empty() {
        lines.push(format!("It may be made public that it is {}.", or(&public)));
    }
    let against: Vec<String> = procedure.against.iter().map(|state| format!("`{state}`")).collect();
    if !against.is_empty() {
        lines.push(format!(
            "A finding stands against the bearer in {}; silence never leads there.",
            and(&against)
        ));
    }
    lines
}
