//! `mithaq verify`: is it whole, and what does it come to?

use std::path::PathBuf;

use node::batch::Threads;
use node::disk::Disk;
use terms::Instant;

use crate::cli::{Globals, time};
use crate::failure::{Exit, Failure};
use crate::show::progress::{Progress, Unit};

/// `mithaq verify`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A node's data folder, a folder of such folders, a bundle, a proof, or a contradiction.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The register that it must be: its name by voice, or its genesis hash.
    #[arg(long, value_name = "NAME")]
    pub register: Option<String>,
    /// Reads marks up to this time only.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub as_of: Option<Instant>,
    /// A node's data folder that has the keys for a single proof.
    #[arg(long, value_name = "FOLDER")]
    pub with: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, _: &Globals) -> Result<Exit, Failure> {
    let expected = audit::Expected::Any;
    let mut progress = Progress::new("checking entries", Unit::Entries);
    let checked = audit::verify_folder(
        &Disk::at(&args.path),
        &expected,
        args.as_of,
        &mut Threads::start(),
        &mut |done, of| progress.tell(done, of),
    );
    drop(progress);
    println!("{:?}", checked.report);
    Ok(match checked.report.verdict() {
        audit::Verdict::Good => Exit::Good,
        audit::Verdict::Wrong => Exit::Wrong,
        audit::Verdict::Undecided => Exit::Undecided,
    })
}
