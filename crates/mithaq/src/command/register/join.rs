//! A node of a register that others founded.

use std::path::PathBuf;

use node::bundle::{self, Joining};
use serde_json::json;
use terms::{Code, Origin, ParticipantId, VoiceName};

use crate::cli::Globals;
use crate::command::bundle::tell_imported;
use crate::command::{key, verify};
use crate::failure::{Exit, Failure};
use crate::file;
use crate::mark::Mark;
use crate::session;
use crate::show::progress::{Progress, Unit};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq register join first.mithaq --as harbour --register 7XQ2-M4KD-9TZA-… \\
      --witness witness.harbour.example --intake intake-1

The register's name by voice comes from a founder, over the telephone or on paper, and not from
whoever brought the bundle.")]
pub(crate) struct Args {
    /// A bundle that begins at the register's first entry.
    file: PathBuf,
    /// Whose node this is.
    #[arg(long = "as", value_name = "PARTICIPANT", value_parser = key::participant)]
    participant: ParticipantId,
    /// The register that it must be: its name by voice, or its genesis hash.
    #[arg(long, value_name = "VOICE|HASH", value_parser = verify::expected)]
    register: audit::Expected,
    #[command(flatten)]
    role: Role,
}

/// What else a node does.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq register role --intake intake-1

What is not said stays as it was.")]
pub(crate) struct Role {
    /// The witness's name, if this node cosigns.
    #[arg(long, value_name = "NAME")]
    witness: Option<String>,
    /// The label of its intake key, if this node stamps what it is given for the registrar.
    #[arg(long, value_name = "LABEL")]
    intake: Option<Code>,
}

impl Role {
    fn intake_name(&self, origin: &Origin, participant: &ParticipantId) -> Option<String> {
        self.intake.as_ref().map(|label| format!("{origin}/{participant}/{label}"))
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let home = session::home(globals);
    if home.settings().is_ok() {
        return Err(Failure::usage(
            "mithaq::exists",
            format!("there is a node with its keys in `{}` already", globals.keys.display()),
        )
        .help("`mithaq bundle import FILE` brings it up to date"));
    }
    file::present(&args.file)?;
    let ring = session::ring(globals)?;
    let origin = bundle::read_manifest(&args.file, &ring)?.origin;
    let intake = args.role.intake_name(&origin, &args.participant);
    let joining = Joining {
        participant: args.participant.clone(),
        expected: args.register.clone(),
        witness: args.role.witness.as_deref(),
        intake: intake.as_deref(),
    };
    check_witness(&ring, &args.role)?;
    let mut progress = Progress::new("reading the bundle", Unit::Bytes);
    let now = session::now(globals)?;
    let (node, imported) =
        bundle::join(&home, ring, &joining, &args.file, now, &mut |done, of| progress.tell(done, of))?;
    drop(progress);
    let voice = VoiceName::of(&node.genesis());
    if globals.json {
        println!(
            "{:#}",
            json!({"origin": node.origin(), "voice": voice.to_string(), "genesis": node.genesis(),
            "participant": node.me(), "entries": node.size()})
        );
        return Ok(Exit::Good);
    }
    if node.docket().is_exercise() {
        println!("EXERCISE");
    }
    println!("`{}` takes part in {} ({voice})", node.me(), node.origin());
    Ok(tell_imported(&imported))
}

fn check_witness(ring: &vault::Keyring, role: &Role) -> Result<(), Failure> {
    match &role.witness {
        Some(name) if ring.get(name).is_none() => {
            Err(Failure::usage("mithaq::no_key", format!("there is no key `{name}` in this keyring"))
                .help(format!("`mithaq key new {name} --capacity witness` makes one")))
        }
        _ => Ok(()),
    }
}

pub(crate) fn role(args: &Role, globals: &Globals) -> Result<Exit, Failure> {
    let home = session::home(globals);
    let mut settings = session::settings(globals)?;
    check_witness(&session::ring(globals)?, args)?;
    if let Some(name) = &args.witness {
        settings.witness = Some(name.clone());
    }
    if let Some(name) = args.intake_name(&settings.origin, &settings.participant) {
        settings.intake = Some(name);
    }
    home.write_settings(&settings)?;
    let mark = Mark::here(globals).map(|(_, mark)| mark).unwrap_or_default();
    if globals.json {
        println!(
            "{:#}",
            json!({"exercise": mark.exercise, "registrar": settings.registrar, "witness": settings.witness, "intake": settings.intake})
        );
    } else {
        mark.print();
        let none = || "none".to_owned();
        println!("witness  {}", settings.witness.clone().unwrap_or_else(none));
        println!("intake   {}", settings.intake.clone().unwrap_or_else(none));
    }
    Ok(Exit::Good)
}
