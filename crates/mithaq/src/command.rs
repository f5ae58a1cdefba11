//! One module a command: its arguments, and what it does.

pub(crate) mod act;
pub(crate) mod bundle;
pub(crate) mod completions;
pub(crate) mod evidence;
pub(crate) mod instrument;
pub(crate) mod key;
pub(crate) mod notice;
pub(crate) mod place;
pub(crate) mod proof;
pub(crate) mod register;
pub(crate) mod status;
pub(crate) mod verify;

use crate::cli::{Cli, Command};
use crate::demo;
use crate::failure::{Exit, Failure};

/// Runs a command.
pub(crate) fn run(cli: &Cli) -> Result<Exit, Failure> {
    let globals = &cli.globals;
    match &cli.command {
        Command::Demo(args) => demo::run(args, globals),
        Command::Verify(args) => verify::run(args, globals),
        Command::Status(args) => status::run(args, globals),
        Command::Evidence(args) => evidence::run(args, globals),
        Command::Notice(args) => notice::run(args, globals),
        Command::Act(args) => self::act::run(args, globals),
        Command::Bundle(args) => bundle::run(args, globals),
        Command::Proof(args) => proof::run(args, globals),
        Command::Instrument(args) => self::instrument::run(args, globals),
        Command::Place(args) => self::place::run(args, globals),
        Command::Register(args) => register::run(args, globals),
        Command::Key(args) => key::run(args, globals),
        Command::Completions(args) => completions::run(args),
    }
}
