//! `mithaq node`: this node, running.

mod config;
mod init;
mod link;
mod rebuild;
mod run;
mod solo;

use crate::cli::Globals;
use crate::failure::{Exit, Failure};

pub(crate) use run::stopped;

/// `mithaq node`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Writes down how this node runs; or makes a desk for one participant from nothing.
    Init(init::Args),
    /// Runs this node until it is stopped: its desk for a browser, its register's files, its meetings with other nodes.
    Run(run::Args),
    /// Makes the docket anew from the register, and holds it against the one before.
    Rebuild(rebuild::Args),
    /// Makes a link that opens the desk once, or one with which an officer makes a passkey; the node may be running.
    Link(link::Args),
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.what {
        What::Init(args) => init::run(args, globals),
        What::Run(args) => run::run(args, globals),
        What::Rebuild(args) => rebuild::run(args, globals),
        What::Link(args) => link::run(args, globals),
    }
}
