//! `mithaq instrument draw`: the state chart of a kind of matter.

use std::path::PathBuf;

use instrument::chart::Chart;
use serde_json::json;

use super::{Read, procedure};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::file;
use crate::say::above;
use crate::show::text::safe;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument draw instruments/exercise.toml request
  mithaq instrument draw instruments/exercise.toml case --svg case.svg

A state that waits is a square, one that rests is round, and an end has a double edge. A whole line is an act, a dashed
line is silence. The picture needs no font, no script and no network, and prints in black and white.")]
pub(super) struct Args {
    /// The instrument.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The kind of matter.
    #[arg(value_name = "KIND")]
    kind: String,
    /// Writes the chart as an SVG picture into a new file.
    #[arg(long, value_name = "OUT")]
    svg: Option<PathBuf>,
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let instrument = Read::of(&args.file, None)?.sound(&args.file)?;
    let (_, of) = procedure(&instrument, &args.kind)?;
    let chart = Chart::of(of);
    let basis = instrument.basis.max(of.basis);
    let first = above(instrument.exercise, basis);
    if let Some(out) = &args.svg {
        file::write_new(out, chart.svg(&first).as_bytes())?;
    }
    match (&args.svg, globals.json) {
        (svg, true) => println!(
            "{:#}",
            json!({
                "exercise": instrument.exercise, "kind": args.kind, "basis": basis.as_str(), "chart": chart.text(), "svg": svg,
            })
        ),
        (Some(out), false) => println!("The chart of `{}` is in {}.", args.kind, out.display()),
        (None, false) => {
            let between = (!first.is_empty()).then_some("");
            let chart = chart.text();
            first.into_iter().chain(between).chain(chart.lines()).for_each(|line| println!("{}", safe(line)));
        }
    }
    Ok(Exit::Good)
}
