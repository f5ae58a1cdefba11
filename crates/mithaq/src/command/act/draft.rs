//! `mithaq act sign` and `submit`: a drafted act is signed where a key lies, and handed in.

use std::path::{Path, PathBuf};

use audit::named::annexes_of;
use node::Node;
use node::drafted::{Drafted, FORMAT};
use serde_json::json;

use super::write::{read_annex, sealed_beside, tell};
use crate::cli::Globals;
use crate::failure::{Exit, Failure, plain_json};
use crate::file;
use crate::session;
use crate::show::text::safe;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act sign seat-of-kabul.json --look
  mithaq act sign seat-of-kabul.json")]
pub(crate) struct Sign {
    /// The drafted act; signatures are added to it.
    file: PathBuf,
    /// Shows what would be signed, and signs nothing.
    #[arg(long)]
    look: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act submit seat-of-kabul.json
  mithaq act submit batch.json --annex incidents.csv

An annex goes wherever its act goes: with it into the register, or onto the next stick to the registrar.")]
pub(crate) struct Submit {
    /// The drafted act.
    file: PathBuf,
    /// An annex that the act names, if it is not here yet; again for each.
    #[arg(long, value_name = "FILE")]
    annex: Vec<PathBuf>,
}

fn read(path: &Path) -> Result<Drafted, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    let wrong = |what: String| {
        Failure::usage("mithaq::garbled", format!("`{}` is no drafted act: {what}", path.display()))
            .help("an act is drafted with `--draft FILE`")
    };
    let draft = Drafted::read(&bytes).map_err(|error| wrong(plain_json(&error)))?;
    draft.ok_or_else(|| wrong(format!("its format is not `{FORMAT}`")))
}

/// Says what would be signed, and who has still to sign.
pub(super) fn say(draft: &Drafted, path: &Path, globals: &Globals) -> Result<(), Failure> {
    let act = draft.act()?;
    let missing: Vec<String> = draft.missing()?.iter().map(ToString::to_string).collect();
    if globals.json {
        println!(
            "{:#}",
            json!({"file": path.display().to_string(), "act": act.id(), "kind": act.kind(),
                "waits-for": missing})
        );
        return Ok(());
    }
    println!("`{}` by {}, act {}", act.kind(), act.head().by, act.id());
    println!("{}", act.text().lines().map(safe).collect::<Vec<_>>().join("\n"));
    if missing.is_empty() {
        let annex = if annexes_of(act.body()).is_empty() { "" } else { " --annex FILE" };
        println!("all have signed; `mithaq act submit {}{annex}` hands it in", path.display());
    } else {
        println!("waits for the signatures of {}", missing.join(", "));
    }
    Ok(())
}

pub(crate) fn sign(args: &Sign, globals: &Globals) -> Result<Exit, Failure> {
    let mut draft = read(&args.file)?;
    if !args.look {
        if draft.sign(&session::ring(globals)?, &session::home(globals))? == 0 {
            return Err(Failure::usage(
                "mithaq::unsigned",
                "no key in this keyring is still to sign this act",
            ));
        }
        file::replace(&args.file, &draft.bytes())?;
    }
    say(&draft, &args.file, globals)?;
    Ok(Exit::Good)
}

pub(crate) fn submit(args: &Submit, globals: &Globals) -> Result<Exit, Failure> {
    let draft = read(&args.file)?;
    let missing: Vec<String> = draft.missing()?.iter().map(ToString::to_string).collect();
    if !missing.is_empty() {
        return Err(Failure::new(Exit::Refused, "mithaq::unsigned", "not every key has signed")
            .help(format!("it waits for {}", missing.join(", "))));
    }
    let mut node: Node = session::node(globals)?;
    let submission = draft.submission()?;
    let now = session::now(globals)?;
    let (body, aside) = (submission.act().body(), sealed_beside(&args.file));
    node.bring_back(body, &aside)?;
    let annexes = args.annex.iter().map(|path| read_annex(path)).collect::<Result<Vec<_>, _>>()?;
    node.submit_with_annexes(&submission, &annexes, now)?;
    node.drop_aside(body, &aside)?;
    tell(&node, &submission, globals, json!({}))
}
