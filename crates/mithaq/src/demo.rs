//! The story that plays the whole hand-over.

use std::path::PathBuf;
use std::process::ExitCode;

/// `mithaq demo`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that is made, and that `mithaq verify` confirms. The keys lie beside it.
    #[arg(long, value_name = "DIR", default_value = "mithaq-demo")]
    pub out: PathBuf,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    eprintln!("the story for {} is not told yet", args.out.display());
    ExitCode::from(4)
}
