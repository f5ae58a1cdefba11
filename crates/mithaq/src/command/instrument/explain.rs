//! `mithaq instrument explain`: what an instrument says, in plain sentences.

use std::path::PathBuf;

use instrument::Instrument;
use instrument::procedure::{From, Leads, Opens, Procedure, Silence, StateKind, Step};
use serde_json::json;
use terms::Code;

use super::duties::Told;
use super::{Read, places, procedure, rules};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::say::sentence;
use crate::show::text::safe;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument explain instruments/exercise.toml
  mithaq instrument explain instruments/exercise.toml case
  mithaq instrument explain instruments/exercise.toml --for north")]
pub(super) struct Args {
    /// The instrument.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only this kind of matter.
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// Only what this participant must and may do, by when, and what its silence leads to.
    #[arg(long = "for", value_name = "PARTICIPANT")]
    whom: Option<String>,
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let instrument = Read::of(&args.file, None)?.sound(&args.file)?;
    if let Some(whom) = &args.whom {
        let kind = args.kind.as_ref().map(|kind| procedure(&instrument, kind)).transpose()?;
        let told = Told::of(&instrument, whom, kind.map(|(name, _)| name))?;
        if globals.json {
            println!("{:#}", told.value());
        } else {
            heading(&instrument);
            told.print();
        }
        return Ok(Exit::Good);
    }
    let chosen: Vec<(&Code, &Procedure)> = match &args.kind {
        None => instrument.procedures.iter().collect(),
        Some(kind) => vec![procedure(&instrument, kind)?],
    };
    let told: Vec<(&Code, Vec<String>)> =
        chosen.into_iter().map(|(name, procedure)| (name, lines(name, procedure))).collect();
    // Asked for one kind, nothing else is told.
    let of_all = |lines: fn(&Instrument) -> Vec<String>| match args.kind {
        None => lines(&instrument),
        Some(_) => Vec::new(),
    };
    let (places, rules) = (of_all(places::lines), of_all(rules::lines));
    if globals.json {
        let told: serde_json::Map<String, serde_json::Value> =
            told.into_iter().map(|(name, lines)| (name.to_string(), json!(lines))).collect();
        println!(
            "{:#}",
            json!({
                "instrument": instrument.name,
                "exercise": instrument.exercise,
                "places": places,
                "rules": rules,
                "says": told
            })
        );
        return Ok(Exit::Good);
    }
    heading(&instrument);
    if !places.is_empty() {
        println!();
    }
    for line in places.into_iter().chain(rules) {
        println!("{}", safe(&line));
    }
    for (_, lines) in told {
        println!();
        for line in lines {
            println!("{}", safe(&line));
        }
    }
    Ok(Exit::Good)
}

fn heading(instrument: &Instrument) {
    if instrument.exercise {
        println!("EXERCISE");
    }
    println!("{}", safe(&instrument.name));
}

/// What a procedure does, a sentence a line.
fn lines(name: &Code, procedure: &Procedure) -> Vec<String> {
    let mut lines = vec![format!("{} ({}), `{name}`", procedure.title, procedure.reference)];
    lines.extend(procedure.says.clone());
    let opened = format!("Opened by {}; begins in `{}`.", procedure.open.by, procedure.open.to);
    let strands = match procedure.strands.as_slice() {
        [] => String::new(),
        strands => {
            let names: Vec<&str> = strands.iter().map(Code::as_str).collect();
            format!(" A life of its own for each {}.", names.join(" and "))
        }
    };
    lines.push(opened + &strands);
    for (state, about) in &procedure.states {
        lines.push(String::new());
        let kind = match about.kind {
            StateKind::Waiting => "waits",
            StateKind::Rest => "rests",
            StateKind::End => "is over",
        };
        lines.push(format!("  {state} {kind}. {}", about.says));
        for (step, rule) in procedure.steps_in(state).filter(|(_, rule)| rule.from != From::Any) {
            lines.extend(step_lines(step, rule, state));
        }
    }
    let anywhere: Vec<&(Code, Step)> =
        procedure.steps.iter().filter(|(_, rule)| rule.from == From::Any).collect();
    if let [_, ..] = anywhere.as_slice() {
        lines.push(String::new());
        lines.push("  Until it is over, anywhere:".to_owned());
        for (step, rule) in anywhere {
            lines.extend(step_lines(step, rule, &procedure.open.to));
        }
    }
    lines
}

fn step_lines(name: &Code, step: &Step, state: &Code) -> Vec<String> {
    let mut lines = Vec::new();
    let by_when = step.clock.as_ref().map(|clock| format!(", {clock}")).unwrap_or_default();
    let leads = match &step.leads {
        Leads::Stays => "changes no state".to_owned(),
        Leads::To(to) => format!("leads to `{to}`"),
        Leads::Choice(choices) => {
            let each: Vec<String> = choices
                .iter()
                .map(|(choice, to)| match to {
                    Some(to) => format!("{choice} → `{to}`"),
                    None => format!("{choice} → stays"),
                })
                .collect();
            each.join(", ")
        }
    };
    lines.push(format!("    {name}, by {}{by_when}: {leads}.", step.by));
    if let Some(split) = &step.split {
        lines.push(format!("      If they can't agree: `{split}`."));
    }
    match (&step.silence, &step.clock) {
        // Where its own silence leads, it is late already (PROCEDURE 4.3).
        (Silence::Moves { to, .. }, Some(_)) if to == state => {
            lines.push("      It is late here, and taken as what it is.".to_owned());
        }
        (Silence::Moves { .. }, Some(_)) => {
            lines.push(format!("      Silence: {}. Silence admits nothing.", step.silence_says()));
        }
        (Silence::Noted, Some(_)) => lines.push(format!("      Silence: {}.", step.silence_says())),
        (_, None) => {}
    }
    let opens: Vec<&Code> = match &step.opens {
        Opens::Nothing => Vec::new(),
        Opens::Always(kind) => vec![kind],
        Opens::For(kinds) => kinds.values().collect(),
    };
    for kind in opens {
        lines.push(format!("      It opens a matter of its own: `{kind}`."));
    }
    let mut asks = Vec::new();
    if step.eyes > 1 {
        asks.push(format!("{} officers sign", step.eyes));
    }
    if step.own_hand {
        asks.push("nobody else can write it down for them".to_owned());
    }
    if step.needs_file {
        asks.push("it needs an exhibit".to_owned());
    }
    if !asks.is_empty() {
        lines.push(format!("      {}.", sentence(&asks.join("; "))));
    }
    lines
}
