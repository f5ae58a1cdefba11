//! `mithaq instrument show`: an instrument as it runs, as a file.

use std::path::PathBuf;

use serde_json::json;

use super::{Read, procedure};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument show instruments/exercise.toml
  mithaq instrument show instruments/exercise.toml --procedure case")]
pub(super) struct Args {
    /// The instrument.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only this kind of matter.
    #[arg(long, value_name = "KIND")]
    procedure: Option<String>,
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let (instrument, text) = Read::of(&args.file, None)?.sound_text(&args.file)?;
    let written = match &args.procedure {
        None => instrument::write(&instrument, &text),
        Some(kind) => instrument::write_procedure(&instrument, procedure(&instrument, kind)?.0, &text),
    };
    if globals.json {
        println!("{:#}", json!({"file": args.file, "procedure": args.procedure, "toml": written}));
    } else {
        print!("{written}");
    }
    Ok(Exit::Good)
}
