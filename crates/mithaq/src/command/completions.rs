//! `mithaq completions`: what a shell needs to complete commands.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::{Exit, Failure};

/// `mithaq completions`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq completions bash > ~/.local/share/bash-completion/completions/mithaq")]
pub struct Args {
    /// For which shell.
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mithaq", &mut out);
    print!("{}", String::from_utf8_lossy(&out));
    Ok(Exit::Good)
}
