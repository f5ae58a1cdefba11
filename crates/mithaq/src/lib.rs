//! What does a person type, and what do they read? The command line of Mithaq.
//!
//! In reading order:
//! - [`cli`]: the commands, and what all of them take;
//! - `command`: one module a command;
//! - `session`, `passphrase`, `resolve`, `file`: the node that a command works at, and the things and
//!   files that people name;
//! - `failure`: why a command ends other than well, and the exit codes;
//! - `show`: tables, times, progress, errors;
//! - `demo`: the story.

pub mod cli;
mod command;
mod demo;
mod failure;
mod file;
mod passphrase;
mod resolve;
mod session;
mod show;

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
    // Foreign bytes never panic here. Should they ever, a person is told so, and not shown a trace.
    std::panic::set_hook(Box::new(|_| ()));
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| command::run(&cli)));
    match done {
        Ok(Ok(exit)) => exit.code(),
        Ok(Err(failure)) => show::error::failure(&failure),
        // Who reads our answer went away, as `head` does: nothing is wrong.
        Err(panic) if Failure::is_broken_pipe(panic.as_ref()) => ExitCode::from(Exit::Machine.number()),
        Err(panic) => show::error::failure(&Failure::panicked(panic.as_ref())),
    }
}
