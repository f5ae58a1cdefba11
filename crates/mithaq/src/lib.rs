//! What does a person type, and what do they read? The command line of Mithaq.
//!
//! In reading order:
//! - [`cli`]: the commands, and what all of them take;
//! - `command`: one module a command;
//! - `session`, `passphrase`, `resolve`, `file`: the node that a command works at, and the things and
//!   files that people name;
//! - `reading`: the docket, now or as it was known at a time; `say`: what is on it, in words;
//! - `mark`: what is said of a register before anything else;
//! - `ask`: questions to whoever sits there;
//! - `failure`: why a command ends other than well, and the exit codes;
//! - `show`: tables, times, progress, errors;
//! - `demo`: the story.

mod ask;
pub mod cli;
mod command;
mod demo;
mod failure;
mod file;
mod hosted;
mod mark;
mod passphrase;
mod reading;
mod resolve;
mod say;
mod session;
mod show;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use cli::Cli;
use failure::{Exit, Failure};

/// Runs the command line, and gives how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    // Of arguments that can't be parsed this is all that is looked at.
    let json = args.iter().any(|arg| arg == "--json");
    // Foreign bytes never panic here. Should they ever, a person is told so, and not shown a trace.
    std::panic::set_hook(Box::new(|_| ()));
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match Cli::try_parse_from(args) {
        Ok(cli) => match command::run(&cli) {
            Ok(exit) => exit.code(),
            Err(failure) => show::error::failure(&failure, json),
        },
        Err(error) => show::error::usage(&error, json),
    }));
    done.unwrap_or_else(|panic| {
        let failure = Failure::panicked(panic.as_ref());
        // Who reads our answer went away, as `head` does: nothing is wrong, and nobody is there to be told.
        if failure.exit != Exit::Unread {
            show::error::failure(&failure, false);
        }
        failure.exit.code()
    })
}
