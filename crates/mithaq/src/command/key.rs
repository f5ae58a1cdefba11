//! `mithaq key`: the secret keys of this machine, under a passphrase. A secret part is never shown.

mod public;
mod seat;

use std::path::PathBuf;

use serde_json::json;
use terms::{Capacity, Origin, ParticipantId};
use vault::{Identity, KeyUse, Keyring, Overwrite, Secret};

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::file;
use crate::mark::Mark;
use crate::passphrase;
use crate::session;
use crate::show::error::aside;
use crate::show::table::{self, table};

pub(crate) use public::{public, vkey};
pub(crate) use seat::{of_ring as seat_of_ring, read as read_seat};

/// `mithaq key`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Makes keys, and the keyring with the first of them.
    New(New),
    /// Says which keys are here: names and public parts.
    List,
    /// Shows the public part of one key.
    Show(Show),
    /// Writes the public roots of a participant into a file, for those who found a register with it.
    Seat(seat::Args),
    /// Writes a copy of all keys, under a passphrase of its own.
    Backup(Backup),
    /// Takes all keys from a backup.
    Restore(Restore),
    /// Changes the keyring's passphrase.
    Passphrase(Change),
}

/// Whose keys.
#[derive(Debug, clap::Args)]
pub(crate) struct Whose {
    /// The register's name in notes; not needed once the keyring or the node says it.
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) origin: Option<Origin>,
    /// The participant; not needed once the keyring or the node says it.
    #[arg(long = "as", value_name = "PARTICIPANT", value_parser = participant)]
    pub(crate) participant: Option<ParticipantId>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq key new root-1 root-2 root-3 --capacity root --origin register.example/accord --as north
  mithaq key new recovery-1 --capacity recovery
  mithaq key new liaison-1 --capacity officer
  mithaq key new desk --capacity seal
  mithaq key new --capacity registrar
  mithaq key new witness.harbour.example --capacity witness

One key has one capacity: roots enrol, revoke and recover, and lie apart; officers sign acts; a seal
key opens what is granted; a node key signs states, an intake key stamps what is handed in. A
registrar's key signs the register itself, a witness's key cosigns it under a name of its own.
A key has force once it stands in the register: `mithaq act enrol`.")]
struct New {
    /// A label for each key, as `root-1`; for a witness its name; for a registrar nothing.
    #[arg(value_name = "LABEL")]
    labels: Vec<String>,
    /// What the keys are for.
    #[arg(long, value_name = "CAPACITY", value_parser = capacity)]
    capacity: KeyUse,
    #[command(flatten)]
    whose: Whose,
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The key: its label, or its whole name.
    name: String,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq key backup /media/stick/north-keys.age

The copy is an age file: `age -d` opens it too. Without a terminal its passphrase is
MITHAQ_NEW_PASSPHRASE, or read from `--new-passphrase-file`.")]
struct Backup {
    /// The file that is written; it must not be there yet.
    file: PathBuf,
    /// Reads the copy's passphrase from the first line of this file.
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
    /// Locks the copy with the keyring's own passphrase: whoever learns that opens both.
    #[arg(long, conflicts_with = "new_passphrase_file")]
    same_passphrase: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq key restore /media/stick/north-keys.age

Without a terminal the copy's passphrase is MITHAQ_NEW_PASSPHRASE, or that of the keyring.
What a restored key signs has numbers far above those of before: acts may be on their way that the
backup does not know of. Where the same key lies elsewhere still, it must not sign there any more.
A registrar's, a witness's or an intake's key goes on only with what it remembers beside it (`kept/`),
as it was last: from a copy of the keys alone it never signs again. An intake key is replaced by a new
one; for the other two no command makes another. README.md, *Keys*, says what then.")]
struct Restore {
    /// The backup.
    file: PathBuf,
    /// Replaces the keys that are here: they are lost then.
    #[arg(long)]
    replace: bool,
    /// Reads the copy's passphrase from the first line of this file.
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Change {
    /// Reads the new passphrase from the first line of this file; else MITHAQ_NEW_PASSPHRASE is used, or
    /// the terminal asks.
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

pub(crate) fn origin(text: &str) -> Result<Origin, String> {
    Origin::new(text).ok_or_else(|| "a register is named as `register.example/accord`".to_owned())
}

pub(crate) fn participant(text: &str) -> Result<ParticipantId, String> {
    ParticipantId::new(text)
        .ok_or_else(|| "a participant's id has small letters, digits and hyphens, at most 32".to_owned())
}

fn capacity(text: &str) -> Result<KeyUse, String> {
    KeyUse::new(text).ok_or_else(|| {
        "it is `root`, `recovery`, `officer`, `seal`, `node`, `intake`, `registrar` or `witness`".to_owned()
    })
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::New(args) => new(args, globals),
        Command::List => list(globals),
        Command::Show(args) => show(args, globals),
        Command::Seat(args) => seat::run(args, globals),
        Command::Backup(args) => backup(args, globals),
        Command::Restore(args) => restore(args, globals),
        Command::Passphrase(args) => change(args, globals),
    }
}

fn new(args: &New, globals: &Globals) -> Result<Exit, Failure> {
    let store = session::home(globals).key_store();
    let is_first = !store.ring_path().exists();
    let (passphrase, mut ring) = if is_first {
        (passphrase::first(globals)?, Keyring::new())
    } else {
        let passphrase = passphrase::current(globals)?;
        let ring = store.unlock(&passphrase)?;
        (passphrase, ring)
    };
    let names = names(args, globals, &ring)?;
    for name in &names {
        ring.insert(name, args.capacity, fresh(args.capacity)?)
            .map_err(|flaw| Failure::usage("mithaq::key", flaw))?;
    }
    if is_first {
        store.create(&mut ring, &passphrase, session::work(globals))?;
        aside(format_args!("made the keyring {}\n", store.ring_path().display()));
    } else {
        store.save(&mut ring, &passphrase, session::work(globals))?;
    }
    print(&ring, |name| names.iter().any(|new| new == name), globals);
    Ok(Exit::Good)
}

fn fresh(usage: KeyUse) -> Result<Secret, Failure> {
    if usage == KeyUse::Enrolled(Capacity::Seal) {
        return Ok(Secret::Age(Identity::generate()));
    }
    Secret::fresh_ed25519()
        .map_err(|error| Failure::new(Exit::Machine, "mithaq::machine", format!("no random bytes: {error}")))
}

fn names(args: &New, globals: &Globals, ring: &Keyring) -> Result<Vec<String>, Failure> {
    match args.capacity {
        KeyUse::Registrar => {
            if !args.labels.is_empty() {
                return Err(Failure::usage(
                    "mithaq::key",
                    "a registrar's key has the register's name, and no label",
                ));
            }
            let (origin, _) = whose_origin(&args.whose, globals, ring)?;
            Ok(vec![format!("{origin}/registrar")])
        }
        KeyUse::Witness if args.labels.is_empty() => {
            Err(Failure::usage("mithaq::key", "a witness has a name of its own")
                .help("as `witness.harbour.example`"))
        }
        KeyUse::Witness => Ok(args.labels.clone()),
        KeyUse::Enrolled(_) if args.labels.is_empty() => {
            Err(Failure::usage("mithaq::key", "a key has a label").help("as `root-1`, or `liaison-1`"))
        }
        KeyUse::Enrolled(_) => {
            for label in &args.labels {
                check_label(label)?;
            }
            let (origin, participant) = whose(&args.whose, globals, ring)?;
            Ok(args.labels.iter().map(|label| format!("{origin}/{participant}/{label}")).collect())
        }
    }
}

/// That a key may be called so.
fn check_label(label: &str) -> Result<(), Failure> {
    if terms::name::key_label(label).is_some() {
        return Ok(());
    }
    let failure = Failure::usage("mithaq::key", format!("no key can have the label `{label}`"));
    Err(match terms::name::RESERVED.contains(&label) {
        true => failure.help("this word means something else where keys are named: choose another"),
        false => failure.help("a label has small letters, digits and hyphens, at most 32: as `liaison-1`"),
    })
}

/// The register and the participant that keys are made for: as said, as the node says, or as the keys
/// that are here say.
pub(crate) fn whose(
    whose: &Whose,
    globals: &Globals,
    ring: &Keyring,
) -> Result<(Origin, ParticipantId), Failure> {
    let (origin, found) = whose_origin(whose, globals, ring)?;
    whose.participant.clone().or(found).map(|participant| (origin, participant)).ok_or_else(|| {
        Failure::usage("mithaq::whose", "whose keys these are is not known yet")
            .help("say it: `--as PARTICIPANT`")
    })
}

fn whose_origin(
    whose: &Whose,
    globals: &Globals,
    ring: &Keyring,
) -> Result<(Origin, Option<ParticipantId>), Failure> {
    let node = session::home(globals).settings().ok().map(|node| (node.origin, Some(node.participant)));
    let inferred = node.or_else(|| infer(ring));
    match (&whose.origin, inferred) {
        (Some(origin), inferred) => Ok((origin.clone(), inferred.and_then(|(_, participant)| participant))),
        (None, Some(inferred)) => Ok(inferred),
        (None, None) => {
            Err(Failure::usage("mithaq::whose", "for which register these keys are is not known yet")
                .help("say it: `--origin register.example/accord --as PARTICIPANT`"))
        }
    }
}

/// The one register and participant that all keys here are of.
fn infer(ring: &Keyring) -> Option<(Origin, Option<ParticipantId>)> {
    let mut all: Vec<(Origin, ParticipantId)> = ring
        .iter()
        .filter(|(_, key)| matches!(key.usage(), KeyUse::Enrolled(_)))
        .filter_map(|(name, _)| {
            let (rest, _) = name.rsplit_once('/')?;
            let (origin, participant) = rest.rsplit_once('/')?;
            Some((Origin::new(origin)?, ParticipantId::new(participant)?))
        })
        .collect();
    all.dedup();
    match all.as_slice() {
        [(origin, participant)] => Some((origin.clone(), Some(participant.clone()))),
        [] => {
            let (name, _) = ring.iter().find(|(_, key)| key.usage() == KeyUse::Registrar)?;
            Origin::new(name.strip_suffix("/registrar")?).map(|origin| (origin, None))
        }
        _ => None,
    }
}

fn list(globals: &Globals) -> Result<Exit, Failure> {
    let ring = session::ring(globals)?;
    if !globals.json {
        mark(globals).unwrap_or_default().print();
    }
    print(&ring, |_| true, globals);
    Ok(Exit::Good)
}

/// What the register says that the keys are for, once a node with it is here.
fn mark(globals: &Globals) -> Option<Mark> {
    let settings = session::home(globals).settings().ok()?;
    Mark::here(globals).filter(|(genesis, _)| *genesis == settings.genesis).map(|(_, mark)| mark)
}

fn print(ring: &Keyring, which: impl Fn(&str) -> bool, globals: &Globals) {
    let keys: Vec<(&str, &str, String)> = ring
        .iter()
        .filter(|(name, _)| which(name))
        .map(|(name, key)| (name, key.usage().as_str(), public(name, key)))
        .collect();
    if globals.json {
        let keys: Vec<_> = keys
            .iter()
            .map(|(name, capacity, public)| json!({"name": name, "capacity": capacity, "public": public}))
            .collect();
        println!("{:#}", json!({"exercise": mark(globals).map(|mark| mark.exercise), "keys": keys}));
        return;
    }
    let mut table = table(["CAPACITY", "NAME"]);
    for (name, capacity, _) in keys {
        table.add_row([capacity, name]);
    }
    table::print(&mut table);
}

fn show(args: &Show, globals: &Globals) -> Result<Exit, Failure> {
    let ring = session::ring(globals)?;
    let suffix = format!("/{}", args.name);
    let found: Vec<(&str, &vault::Key)> =
        ring.iter().filter(|(name, _)| *name == args.name || name.ends_with(&suffix)).collect();
    match found.as_slice() {
        [(name, key)] => {
            let public = public(name, key);
            if globals.json {
                println!("{:#}", json!({"name": name, "capacity": key.usage().as_str(), "public": public}));
            } else {
                println!("{public}");
            }
            Ok(Exit::Good)
        }
        [] => Err(unknown_key(&ring, &args.name)),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| *name).collect();
            Err(Failure::usage("mithaq::ambiguous", format!("`{}` is the label of several keys", args.name))
                .help(format!("name it whole: {}", names.join(", "))))
        }
    }
}

fn unknown_key(ring: &Keyring, name: &str) -> Failure {
    let failure = Failure::usage("mithaq::no_key", format!("there is no key `{name}` in this keyring"));
    let labels = ring.iter().map(|(name, _)| name.rsplit('/').next().unwrap_or(name));
    match crate::resolve::nearest(name, labels) {
        Some(guess) => failure.help(format!("did you mean `{guess}`?")),
        None => failure.help("`mithaq key list` says which there are"),
    }
}

fn backup(args: &Backup, globals: &Globals) -> Result<Exit, Failure> {
    let own = passphrase::current(globals)?;
    let ring = session::home(globals).key_store().unlock(&own)?;
    let of_copy = if args.same_passphrase {
        own
    } else {
        let other = passphrase::other(args.new_passphrase_file.as_deref(), "Passphrase of the copy: ")?;
        other.ok_or_else(|| {
            let what = "the copy has a passphrase of its own, and none was given";
            Failure::usage("mithaq::no_passphrase", what)
                .help("give `--new-passphrase-file FILE`, or set MITHAQ_NEW_PASSPHRASE")
                .help("`--same-passphrase` locks it with the keyring's")
        })?
    };
    vault::KeyStore::backup(&ring, &args.file, &of_copy, session::work(globals))?;
    if globals.json {
        println!("{:#}", json!({"file": args.file.display().to_string(), "keys": ring.iter().count()}));
    } else {
        println!("wrote {} keys to {}", ring.iter().count(), args.file.display());
    }
    Ok(Exit::Good)
}

fn restore(args: &Restore, globals: &Globals) -> Result<Exit, Failure> {
    file::present(&args.file)?;
    let of_copy = passphrase::of_source(args.new_passphrase_file.as_deref(), "Passphrase of the copy: ")?;
    let own = passphrase::first(globals)?;
    let overwrite = if args.replace { Overwrite::Replace } else { Overwrite::Refuse };
    let store = session::home(globals).key_store();
    let of_copy = of_copy.unwrap_or_else(|| own.clone());
    // A backup does not know what its keys have signed since; what they sign from now on must be new. Only
    // then are they here: after a crash in between nothing is signed twice.
    let bytes = std::fs::read(&args.file).map_err(|error| Failure::unreadable(&args.file, &error))?;
    vault::keystore::unlock_ring(&bytes, &of_copy)?;
    node::numbers::leave_gap(&session::home(globals), session::now(globals)?)?;
    let ring = store.restore(&args.file, &of_copy, &own, session::work(globals), overwrite)?;
    if globals.json {
        println!("{:#}", json!({"folder": globals.keys.display().to_string(), "keys": ring.iter().count()}));
    } else {
        println!("{} keys are in {}", ring.iter().count(), globals.keys.display());
    }
    Ok(Exit::Good)
}

fn change(args: &Change, globals: &Globals) -> Result<Exit, Failure> {
    let store = session::home(globals).key_store();
    let mut ring = store.unlock(&passphrase::current(globals)?)?;
    let new =
        passphrase::other(args.new_passphrase_file.as_deref(), "New passphrase: ")?.ok_or_else(|| {
            Failure::usage(
                "mithaq::no_passphrase",
                "no new passphrase was given, and there is no terminal to ask at",
            )
            .help("put it into a file and give `--new-passphrase-file FILE`, or set MITHAQ_NEW_PASSPHRASE")
        })?;
    store.save(&mut ring, &new, session::work(globals))?;
    if globals.json {
        println!("{:#}", json!({"changed": true}));
    } else {
        println!("the keyring has a new passphrase; copies made before still open with the old one");
    }
    Ok(Exit::Good)
}
