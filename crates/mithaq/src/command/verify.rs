//! `mithaq verify`: is it whole, and what does it come to?

mod bundle;
mod collection;
mod contradictions;
pub(crate) mod folder;
mod kind;
mod single;
mod standing;

use std::path::PathBuf;

use terms::Instant;

use crate::cli::{Globals, time};
use crate::failure::{Exit, Failure};

use kind::Found;

/// `mithaq verify`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq verify mithaq-demo
  mithaq verify north/data --register 7XQ2-M4KD-9TZA-…
  mithaq verify mithaq-demo --register 7XQ2-M4KD-9TZA-… --register 247D-3EZ9-6VTB-…
  mithaq verify case.tlog-proof --with north/data
  mithaq verify north/data --evidence against

The name by voice comes from somebody who has it from another source than this folder: over the
telephone, or from a page on paper. Without --register the name is only said. With it, all in a
folder must be of a register that was named: what is of another is said to be, with exit code 3.

Whoever signed two things of which one is false is named, and `--evidence` writes what shows it. The
exit code is the register's, which may stand all the same: a guarantor's stamps that contradict each
other change nothing in it. `contradictions` in the answer for machines has them all.")]
pub struct Args {
    /// A node's data folder, a folder of such folders, a bundle, a proof, or a contradiction.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The register that it must be: its name by voice, or its genesis hash. Again for each, where a folder
    /// has several; what is of none of them is named.
    #[arg(long, value_name = "VOICE|HASH", value_parser = expected)]
    pub register: Vec<audit::Expected>,
    /// Says the state as of this time, as `2026-01-12 08:00`; all is checked all the same.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub as_of: Option<Instant>,
    /// A node's data folder with the register that a single proof is of.
    #[arg(long, value_name = "FOLDER")]
    pub with: Option<PathBuf>,
    /// Writes each contradiction that is found as a small file into this folder, for anybody to check.
    #[arg(long, value_name = "DIR")]
    pub evidence: Option<PathBuf>,
}

/// Reads a register's name.
///
/// # Errors
///
/// It is neither a name by voice nor a hash.
pub(crate) fn expected(text: &str) -> Result<audit::Expected, String> {
    audit::Expected::parse(text)
        .ok_or_else(|| "it is neither a name by voice (eight groups of four) nor a genesis hash".to_owned())
}

impl Args {
    fn expected(&self) -> audit::Expected {
        match self.register.as_slice() {
            [] => audit::Expected::Any,
            [one] => one.clone(),
            several => audit::Expected::OneOf(several.to_vec()),
        }
    }
}

/// Checks whatever stands at the path.
pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let found = kind::of(&args.path)?;
    if args.evidence.is_some() && matches!(found, Found::Proof | Found::Standing | Found::Contradiction) {
        let message = format!("there is no register in `{}`, and so no contradiction", args.path.display());
        return Err(Failure::usage("mithaq::no_register", message)
            .help("`--evidence` goes with a node's data folder, a folder of such folders, or a bundle"));
    }
    match found {
        Found::Node => folder::run(args, globals),
        Found::Collection => collection::run(args, globals),
        Found::Bundle => single::bundle(args, globals),
        Found::Proof => single::proof(args, globals),
        Found::Standing => single::standing(args, globals),
        Found::Contradiction => single::contradiction(args, globals),
    }
}
