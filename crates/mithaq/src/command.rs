//! One module a command: its arguments, and what it does.

pub(crate) mod act;
pub(crate) mod brief;
pub(crate) mod bundle;
pub(crate) mod cite;
pub(crate) mod clock;
pub(crate) mod completions;
pub(crate) mod due;
pub(crate) mod evidence;
pub(crate) mod figures;
pub(crate) mod instrument;
pub(crate) mod key;
pub(crate) mod list;
pub(crate) mod matter;
pub(crate) mod node;
pub(crate) mod notice;
pub(crate) mod open;
pub(crate) mod place;
pub(crate) mod proof;
pub(crate) mod register;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod step;
pub(crate) mod verify;

pub(crate) use self::act::why_void;

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
        Command::Due(args) => due::run(args, globals),
        Command::List(args) => list::run(args, globals),
        Command::Show(args) => show::run(args, globals),
        Command::Brief(args) => brief::run(args, globals),
        Command::Clock(args) => clock::run(args, globals),
        Command::Figures(args) => figures::run(args, globals),
        Command::Cite(args) => cite::run(args, globals),
        Command::Open(args) => open::run(args, globals),
        Command::Step(args) => step::run(args, globals),
        Command::Evidence(args) => evidence::run(args, globals),
        Command::Notice(args) => notice::run(args, globals),
        Command::Act(args) => self::act::run(args, globals),
        Command::Bundle(args) => bundle::run(args, globals),
        Command::Proof(args) => proof::run(args, globals),
        Command::Instrument(args) => self::instrument::run(args, globals),
        Command::Place(args) => self::place::run(args, globals),
        Command::Node(args) => self::node::run(args, globals),
        Command::Register(args) => register::run(args, globals),
        Command::Key(args) => key::run(args, globals),
        Command::Completions(args) => completions::run(args),
    }
}
