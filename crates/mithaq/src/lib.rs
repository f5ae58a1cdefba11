//! What does a person type, and what do they read? The command line of Mithaq.
//!
//! In reading order:
//! - [`cli`]: the commands and what all of them take;
//! - `failure`: why a command ends other than well, and the exit codes;
//! - `show`: tables, times, progress, errors;
//! - one module a command.

pub mod cli;
mod demo;
mod failure;
mod show;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command};
use failure::{Exit, Failure};

/// Runs the command line, and gives how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return show::error::usage(&error),
    };
    if let Command::Demo(args) = &cli.command {
        return demo::run(args);
    }
    // Foreign bytes never panic here; should they ever, the person is told so and not shown a trace.
    std::panic::set_hook(Box::new(|_| ()));
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| command(&cli)));
    match done {
        Ok(Ok(exit)) => exit.code(),
        Ok(Err(failure)) => show::error::failure(&failure),
        Err(panic) => show::error::failure(&Failure::panicked(&panic)),
    }
}

fn command(cli: &Cli) -> Result<Exit, Failure> {
    let globals = &cli.globals;
    match &cli.command {
        Command::Demo(_) => Ok(Exit::Good),
        Command::Verify(args) => verify::run(args, globals),
    }
}
