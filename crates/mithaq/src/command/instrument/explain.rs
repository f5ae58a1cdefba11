//! `mithaq instrument explain`: what an instrument says, in plain sentences.

mod agreement;
mod matter;
mod step;

use std::path::PathBuf;

use instrument::{Instrument, Procedure};
use serde_json::json;
use terms::Code;

use super::duties::Told;
use super::{Read, heading, places, procedure, rules};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
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
        chosen.into_iter().map(|(name, it)| (name, matter::lines(&instrument, name, it))).collect();
    // Asked for one kind, nothing else is told.
    let of_all = |lines: fn(&Instrument) -> Vec<String>| match args.kind {
        None => lines(&instrument),
        Some(_) => Vec::new(),
    };
    let (agreement, places, rules) = (of_all(agreement::lines), of_all(places::lines), of_all(rules::lines));
    if globals.json {
        let told: serde_json::Map<String, serde_json::Value> =
            told.into_iter().map(|(name, lines)| (name.to_string(), json!(lines))).collect();
        println!(
            "{:#}",
            json!({
                "instrument": instrument.name,
                "exercise": instrument.exercise,
                "basis": instrument.basis.as_str(),
                "agreement": agreement,
                "places": places,
                "rules": rules,
                "says": told
            })
        );
        return Ok(Exit::Good);
    }
    heading(&instrument);
    for line in agreement {
        println!("{}", safe(&line));
    }
    if !places.is_empty() {
        println!("\nPlaces, keys and exhibits");
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
