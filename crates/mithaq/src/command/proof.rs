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
    }
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
