//! `mithaq node init`: how this node runs is written down; or a desk is made from nothing.

use std::path::PathBuf;

use serde_json::json;
use terms::{Origin, ParticipantId};

use super::{config, solo};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::file::write_new;
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq node init --listen 127.0.0.1:9000
  mithaq node init --solo
  mithaq node init --solo --instrument accord.toml --as north

It writes `node.toml` beside the keys, with every key explained; `mithaq node run` reads it.

With --solo there need be nothing before: it makes keys, founds a register under the instrument with this participant
alone, cosigned by its own witness, and puts the keys of its desk on record. The other seats stay vacant, for whoever
steps in later. Nobody else watches such a register: it shows what was said and when by one side's word.")]
pub(super) struct Args {
    /// Makes a whole desk for one participant.
    #[arg(long)]
    solo: bool,
    /// The instrument that the register is founded under; without it, the exercise that comes with the program.
    #[arg(long, value_name = "FILE", requires = "solo")]
    instrument: Option<PathBuf>,
    /// Whose desk it is; without it, the instrument's first party.
    #[arg(long = "as", value_name = "PARTICIPANT", requires = "solo", value_parser = participant)]
    participant: Option<ParticipantId>,
    /// The register's name; without it, PARTICIPANT.localhost/desk.
    #[arg(long, value_name = "ORIGIN", requires = "solo", value_parser = origin)]
    origin: Option<Origin>,
    /// Where it listens.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
    /// Prints every key of `node.toml` with its meaning, default and unit, and writes nothing.
    #[arg(long)]
    explain: bool,
}

fn participant(text: &str) -> Result<ParticipantId, String> {
    ParticipantId::new(text).ok_or_else(|| "it has small letters, digits and hyphens, at most 32".to_owned())
}

fn origin(text: &str) -> Result<Origin, String> {
    Origin::new(text).ok_or_else(|| "it is as `register.example/river-accord`".to_owned())
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    if args.explain {
        print!("{}", config::explained());
        return Ok(Exit::Good);
    }
    let path = config::path(globals);
    if path.exists() {
        let message = format!("there is a file `{}` already", path.display());
        return Err(Failure::usage("mithaq::exists", message).help("change it by hand: it says how"));
    }
    let said = if args.solo {
        let wanted = solo::Wanted {
            instrument: args.instrument.as_deref(),
            participant: args.participant.as_ref(),
            origin: args.origin.as_ref(),
        };
        Some(solo::make(&wanted, globals)?)
    } else {
        session::settings(globals)?;
        None
    };
    let listen = args.listen.map(|listen| ("listen", format!("\"{listen}\"")));
    write_new(&path, config::written(&listen.into_iter().collect::<Vec<_>>()).as_bytes())?;
    if globals.json {
        let desk = said.as_ref().map(solo::Made::value);
        println!("{:#}", json!({"config": path, "desk": desk}));
        return Ok(Exit::Good);
    }
    if let Some(made) = &said {
        made.print();
    }
    println!("how it runs stands in {}", path.display());
    println!("next: `mithaq node run`, which prints a link that opens the desk");
    Ok(Exit::Good)
}
