//! `mithaq register`: a register is founded, joined, shown, and kept going by its registrar.

mod founding;
mod join;
mod shown;

pub(crate) use founding::read_instrument;

use serde_json::json;

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;
use crate::show::text::{count, number};

/// `mithaq register`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Founds a register in one step, when the roots of all founders are at hand.
    New(founding::New),
    /// Drafts a founding, for founders whose roots lie on different machines.
    Draft(founding::Drafting),
    /// Signs a drafted founding with the keys that are here.
    Sign(founding::Signing),
    /// Founds the register, once every founder has signed.
    Found(founding::Found),
    /// Makes a node of a register that others founded, from its first bundle.
    Join(join::Args),
    /// Shows the register: its name, who takes part, their keys.
    Show,
    /// Says which witness and which intake key this node works with.
    Role(join::Role),
    /// Signs the register as it is now, for witnesses to cosign; if this node is one too, it does.
    Beat,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::New(args) => founding::new(args, globals),
        Command::Draft(args) => founding::draft(args, globals),
        Command::Sign(args) => founding::sign(args, globals),
        Command::Found(args) => founding::found(args, globals),
        Command::Join(args) => join::run(args, globals),
        Command::Show => shown::run(globals),
        Command::Role(args) => join::role(args, globals),
        Command::Beat => beat(globals),
    }
}

fn beat(globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let now = session::now(globals)?;
    let (own, mark) = node.cosign_own(now)?;
    let signed = node.sign_checkpoint()?;
    let checkpoint = signed.checkpoint();
    let cosigned = node.checkpoint()?.map_or(0, |cosigned| cosigned.checkpoint().size);
    let policy = node.policy();
    let (quorum, witnesses) = (policy.quorum(), policy.witnesses().len());
    let names: Vec<&str> = policy.witnesses().iter().map(|witness| witness.name.as_str()).collect();
    if globals.json {
        println!(
            "{:#}",
            json!({
                "size": checkpoint.size, "root": checkpoint.root, "cosigned": cosigned,
                "quorum": quorum, "witnesses": names, "own": own, "mark": mark,
            })
        );
        return Ok(Exit::Good);
    }
    println!("signed the register: size {} · root {}", checkpoint.size, checkpoint.root);
    if let Some(size) = own {
        println!("this node's witness cosigned {}", count(size, "entry", "entries"));
    }
    if let Some(index) = mark {
        println!("a quorum has cosigned: the mark is entry {}", number(index));
    }
    let waiting = checkpoint.size.saturating_sub(cosigned);
    if waiting == 0 {
        println!("all of it is cosigned");
    } else {
        println!(
            "{} wait for {quorum} of {witnesses} cosigners: {}",
            count(waiting, "entry", "entries"),
            names.join(", ")
        );
        println!(
            "`mithaq bundle export --to PARTICIPANT` carries it to a witness, and its bundle back makes the mark"
        );
    }
    if cosigned > 0 {
        println!("cosigned so far: {}", number(cosigned));
    }
    Ok(Exit::Good)
}
