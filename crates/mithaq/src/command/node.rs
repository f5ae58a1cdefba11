//! `mithaq node`: this node, running.

mod config;
mod init;
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
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.what {
        What::Init(args) => init::run(args, globals),
        What::Run(args) => run::run(args, globals),
    }
}
