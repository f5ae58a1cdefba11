//! `mithaq proof`: one act, to take away and show to anybody.

use std::path::PathBuf;

use node::pending::OnItsWay;
use serde_json::json;

use super::verify;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::file;
use crate::resolve;
use crate::session;
use crate::show::text::bytes;

/// `mithaq proof`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Writes a standing proof of an act: who signed it, that it is final, and what came of it.
    Make(Make),
    /// Checks a proof, as `mithaq verify` does.
    Check(verify::Args),
    /// Writes the verifier: one page that checks proofs in any browser, without any network.
    Verifier(Verifier),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq proof verifier --out mithaq-verifier.html

The page has all in it that it needs. Its SHA-256 is said here, in README.md and at every desk; whoever
is handed the page compares it, with `sha256sum`. Without --out the hash alone is said.")]
struct Verifier {
    /// The file that is written.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq proof make EXH-26-0001-X --out offered.mithaq-proof
  mithaq proof make 41 --out entry-41.tlog-proof --inclusion

Whoever has the register's name by voice checks it with `mithaq verify`, without network and without
the register. It shows what is in effect by then: what is on its way is named, and is not in it.")]
struct Make {
    /// The act: a reference, the index of its entry, or its id.
    act: String,
    /// The file that is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// A bare C2SP tlog-proof of inclusion, for other programs. Inclusion is not effect.
    #[arg(long)]
    inclusion: bool,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::Make(args) => make(args, globals),
        Command::Check(args) => verify::run(args, globals),
        Command::Verifier(args) => write_verifier(args, globals),
    }
}

fn write_verifier(args: &Verifier, globals: &Globals) -> Result<Exit, Failure> {
    let (page, hash) = (verifier::page(), verifier::page_hash().to_hex());
    if let Some(out) = &args.out {
        file::write_once(out, page.as_bytes())?;
    }
    if globals.json {
        let out = args.out.as_ref().map(|out| out.display().to_string());
        println!("{:#}", json!({ "sha256": hash, "bytes": page.len(), "out": out }));
        return Ok(Exit::Good);
    }
    match &args.out {
        Some(out) => println!("wrote {} ({})\nsha256 {hash}", out.display(), bytes(page.len() as u64)),
        None => println!("sha256 {hash}"),
    }
    Ok(Exit::Good)
}

fn make(args: &Make, globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let id = resolve::act(&node, &args.act)?;
    file::absent(&args.out)?;
    let (index, act) = node.find(&id)?;
    let size = node.checkpoint()?.map_or(0, |cosigned| cosigned.checkpoint().size);
    if index >= size {
        let message = format!("entry {index} is on its way: no quorum has cosigned it yet");
        return Err(Failure::new(Exit::Undecided, "mithaq::incomplete", message)
            .help("carry a bundle to a witness and back, then make the proof"));
    }
    let proof = if args.inclusion { node.log_proof(index)?.to_bytes() } else { node.standing_proof(&id)? };
    file::write_new(&args.out, &proof)?;
    let missing = if args.inclusion { Vec::new() } else { node.on_their_way_about(&act)? };
    if globals.json {
        let missing: Vec<_> = missing
            .iter()
            .map(
                |m| json!({"entry": m.entry, "act": m.act.id(), "kind": m.act.kind(), "by": m.act.head().by}),
            )
            .collect();
        println!(
            "{:#}",
            json!({"file": args.out.display().to_string(), "entry": index, "act": id, "bytes": proof.len(),
                "on-their-way": missing})
        );
    } else {
        println!("wrote {} ({}): entry {index}, act {id}", args.out.display(), bytes(proof.len() as u64));
        println!("register {}", terms::VoiceName::of(&node.genesis()));
        for OnItsWay { act, .. } in &missing {
            println!(
                "not in it, since it is on its way: `{}` by {}, act {}",
                act.kind(),
                act.head().by,
                act.id()
            );
        }
        if !missing.is_empty() {
            println!("carry on until `mithaq act list` has them in effect, and make the proof anew");
        }
    }
    Ok(Exit::Good)
}
