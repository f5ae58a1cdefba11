//! `mithaq instrument schema`: the form of an instrument, for editors.

use instrument::schema;

use crate::failure::{Exit, Failure};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument schema > instrument.schema.json
  mithaq instrument schema --library > library.schema.json

An editor that knows taplo (VS Code: Even Better TOML) goes by it in every file whose first line is
  #:schema ./instrument.schema.json
`taplo check FILE` does so at a terminal. What a form can't say, `mithaq instrument check` says.")]
pub(super) struct Args {
    /// That of a file of the library: procedures, and nothing else.
    #[arg(long)]
    library: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let schema = if args.library { schema::library() } else { schema::instrument() };
    println!("{schema:#}");
    Ok(Exit::Good)
}
