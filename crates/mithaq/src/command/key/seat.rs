//! A seat as a file: the public roots of a participant, and its recovery keys.

use std::path::{Path, PathBuf};

use act::body::Seat;
use act::value::{KeySet, Vkey};
use note::SigningKey;
use serde_json::json;
use terms::{Capacity, Origin, ParticipantId};
use vault::{KeyUse, Keyring, Secret};

use super::public::vkey;
use crate::cli::Globals;
use crate::failure::{Exit, Failure, plain_json};
use crate::file::write_new;
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq key seat north.seat --roots-needed 2

All keys of capacity `root` in this keyring become the roots, all of capacity `recovery` its recovery
keys. The file has public parts only: hand it to whoever drafts the register.")]
pub(crate) struct Args {
    /// The file that is written.
    file: PathBuf,
    /// How many roots sign together; most of them, if nothing is said.
    #[arg(long, value_name = "K")]
    roots_needed: Option<u32>,
    /// How many recovery keys sign together; most of them, if nothing is said.
    #[arg(long, value_name = "K")]
    recovery_needed: Option<u32>,
    #[command(flatten)]
    whose: super::Whose,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let ring = session::ring(globals)?;
    let (origin, participant) = super::whose(&args.whose, globals, &ring)?;
    let seat = of_ring(&ring, &origin, &participant, args.roots_needed, args.recovery_needed)?;
    let mut bytes = serde_json::to_vec(&seat)
        .map_err(|error| Failure::new(Exit::Machine, "mithaq::unwritable", error))?;
    bytes.push(b'\n');
    write_new(&args.file, &bytes)?;
    if globals.json {
        println!("{:#}", json!({"file": args.file.display().to_string(), "seat": seat}));
    } else {
        println!(
            "wrote the seat of {participant}: {} of {} roots sign together",
            seat.roots.k,
            seat.roots.keys.len()
        );
    }
    Ok(Exit::Good)
}

/// The seat that the keys of a keyring make.
pub(crate) fn of_ring(
    ring: &Keyring,
    origin: &Origin,
    participant: &ParticipantId,
    roots_needed: Option<u32>,
    recovery_needed: Option<u32>,
) -> Result<Seat, Failure> {
    let roots = set(ring, origin, participant, Capacity::Root, roots_needed)?.ok_or_else(|| {
        Failure::usage("mithaq::no_key", format!("there is no root of `{participant}` in this keyring"))
            .help("`mithaq key new root-1 root-2 root-3 --capacity root` makes three")
    })?;
    let recovery = set(ring, origin, participant, Capacity::Recovery, recovery_needed)?;
    Ok(Seat { participant: participant.clone(), roots, recovery })
}

fn set(
    ring: &Keyring,
    origin: &Origin,
    participant: &ParticipantId,
    capacity: Capacity,
    needed: Option<u32>,
) -> Result<Option<KeySet>, Failure> {
    let prefix = format!("{origin}/{participant}/");
    let keys: Vec<Vkey> = ring
        .iter()
        .filter(|(name, key)| name.starts_with(&prefix) && key.usage() == KeyUse::Enrolled(capacity))
        .filter_map(|(name, key)| match key.secret() {
            Secret::Ed25519(seed) => vkey(name, key.usage(), SigningKey::from_seed(seed).public()),
            Secret::Age(_) => None,
        })
        .map(Vkey)
        .collect();
    let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
    if count == 0 {
        return Ok(None);
    }
    let k = needed.unwrap_or(count / 2 + 1);
    if k == 0 || k > count {
        let message = format!("{k} of {count} {capacity} keys can't sign together");
        return Err(Failure::usage("mithaq::key", message));
    }
    Ok(Some(KeySet { k, keys }))
}

/// Reads a seat file.
pub(crate) fn read(path: &Path) -> Result<Seat, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Failure::usage("mithaq::garbled", format!("`{}` is no seat: {}", path.display(), plain_json(&error)))
            .help("`mithaq key seat FILE` writes one, on the machine with the roots")
    })
}
