//! A register is founded: drafted by its registrar, signed by every founder, founded by the registrar.

mod file;

use std::path::{Path, PathBuf};

use act::body::{Genesis, GenesisAnnexes, Seat};
use act::form::By;
use act::value::{AnnexRef, Vkey};
use act::{Body, Draft, Head};
use note::{KeyName, SigningKey, VerifierKey};
use serde_json::json;
use terms::{Claimed, Hash, Origin, ParticipantId, Severity, SignerName, VoiceName};
use vault::{Keyring, Secret};

use crate::cli::Globals;
use crate::command::key::{self, Whose};
use crate::failure::{Exit, Failure};
use crate::file::write_new;
use crate::passphrase;
use crate::session;
use crate::show::diagnostic;
use crate::show::table::{self, table};
use crate::show::text::safe;

use file::Founding;

/// What a founding says.
#[derive(Debug, clap::Args)]
struct Terms {
    /// The instrument, as TOML.
    #[arg(long, value_name = "FILE")]
    instrument: PathBuf,
    /// A witness that cosigns, by its public key; again for each.
    #[arg(long = "witness", value_name = "NAME=VKEY", required = true)]
    witnesses: Vec<String>,
    /// How many of them make an entry final.
    #[arg(long, value_name = "K")]
    quorum: usize,
    /// A founder's seat, as `mithaq key seat` wrote it; again for each. The registrar's own is taken from
    /// this keyring, if it is not said.
    #[arg(long = "founder", value_name = "PARTICIPANT=FILE")]
    founders: Vec<String>,
    /// A root that is to sign, if not the first of each founder; again for each.
    #[arg(long = "signer", value_name = "PARTICIPANT/LABEL")]
    signers: Vec<String>,
    #[command(flatten)]
    whose: Whose,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq register new --instrument instruments/exercise-hand-over.toml \\
      --witness doha=witness.doha.example+ba2ff4d9+AX… --quorum 1 --founder doha=doha.seat --also-keys doha/keys

Where founders keep their roots on machines of their own, use `draft`, `sign`, `found` instead.")]
pub(crate) struct New {
    #[command(flatten)]
    terms: Terms,
    /// Another folder of keys that is at hand, with another founder's roots; again for each.
    #[arg(long, value_name = "DIR")]
    also_keys: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq register draft --instrument accord.toml --witness doha=witness.doha.example+ba2ff4d9+AX… \\
      --quorum 1 --founder doha=doha.seat --out founding.json

The file goes from founder to founder; each signs with `mithaq register sign`.")]
pub(crate) struct Drafting {
    #[command(flatten)]
    terms: Terms,
    /// The file that is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq register sign founding.json --look
  mithaq register sign founding.json

Read the instrument, which `--look` prints whole, and the list of witnesses first: a founding is signed
once.")]
pub(crate) struct Signing {
    /// The drafted founding; signatures are added to it.
    file: PathBuf,
    /// Shows what would be signed, and signs nothing.
    #[arg(long)]
    look: bool,
    /// Writes the instrument beside, to be read.
    #[arg(long, value_name = "FILE")]
    instrument_to: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq register found founding.json --as north")]
pub(crate) struct Found {
    /// The founding, signed by every founder.
    file: PathBuf,
    #[command(flatten)]
    whose: Whose,
}

pub(crate) fn new(args: &New, globals: &Globals) -> Result<Exit, Failure> {
    let ring = session::ring(globals)?;
    let (origin, participant) = key::whose(&args.terms.whose, globals, &ring)?;
    let mut founding = drafted(&args.terms, globals, &ring, &origin, &participant)?;
    founding.sign(&ring)?;
    for folder in &args.also_keys {
        founding.sign(&vault::KeyStore::at(folder).unlock(&passphrase::current(globals)?)?)?;
    }
    establish(&founding, &participant, ring, globals)
}

pub(crate) fn draft(args: &Drafting, globals: &Globals) -> Result<Exit, Failure> {
    let ring = session::ring(globals)?;
    let (origin, participant) = key::whose(&args.terms.whose, globals, &ring)?;
    let founding = drafted(&args.terms, globals, &ring, &origin, &participant)?;
    founding.write_new(&args.out)?;
    show(&founding, globals)?;
    Ok(Exit::Good)
}

pub(crate) fn sign(args: &Signing, globals: &Globals) -> Result<Exit, Failure> {
    let mut founding = Founding::read(&args.file)?;
    if let Some(path) = &args.instrument_to {
        write_new(path, founding.instrument.as_bytes())?;
    }
    if !args.look {
        let added = founding.sign(&session::ring(globals)?)?;
        if added == 0 {
            let missing = founding.missing()?;
            let help = if missing.is_empty() {
                "all have signed; the registrar goes on with `mithaq register found`".to_owned()
            } else {
                format!("it waits for {}", list(&missing))
            };
            let message = "no key in this keyring is still to sign this founding";
            return Err(Failure::usage("mithaq::unsigned", message).help(help));
        }
        founding.replace(&args.file)?;
    }
    show(&founding, globals)?;
    if args.look && !globals.json {
        println!();
        println!("The instrument, whole ({} bytes), as it is signed:", founding.instrument.len());
        println!();
        for line in founding.instrument.lines() {
            println!("{}", safe(line));
        }
    }
    Ok(Exit::Good)
}

pub(crate) fn found(args: &Found, globals: &Globals) -> Result<Exit, Failure> {
    let founding = Founding::read(&args.file)?;
    let ring = session::ring(globals)?;
    let (_, participant) = key::whose(&args.whose, globals, &ring)?;
    establish(&founding, &participant, ring, globals)
}

fn list(names: &[SignerName]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What is in a founding, and who has signed.
fn show(founding: &Founding, globals: &Globals) -> Result<(), Failure> {
    let act = founding.act()?;
    let instrument = founding.check()?;
    let missing = founding.missing()?;
    let Body::Genesis(genesis) = act.body() else { return Ok(()) };
    let policy = founding.policy()?;
    let voice = VoiceName::of(&act.id().0);
    if globals.json {
        println!(
            "{:#}",
            json!({
                "name": instrument.name, "exercise": instrument.exercise, "origin": act.origin(),
                "voice": voice.to_string(), "genesis": act.id(),
                "founders": genesis.founders.iter().map(|seat| &seat.participant).collect::<Vec<_>>(),
                "witnesses": policy.witnesses().iter().map(|w| &w.name).collect::<Vec<_>>(), "quorum": policy.quorum(),
                "instrument": founding.instrument,
                "waits-for": missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        );
        return Ok(());
    }
    if instrument.exercise {
        println!("EXERCISE");
    }
    println!("{}", safe(&instrument.name));
    println!("  register  {}", act.origin());
    println!("  by voice  {voice}");
    println!("  genesis   {}", act.id());
    if let Some(standing) = &instrument.standing {
        println!("  {}", safe(standing));
    }
    println!();
    let mut rows = table(["PARTICIPANT", "CALLED", "ROLE", "ROOTS THAT SIGN TOGETHER"]);
    for (id, who) in &instrument.participants {
        let seat = genesis.founders.iter().find(|seat| seat.participant == *id);
        let roots = seat.map_or("vacant".to_owned(), |s| format!("{} of {}", s.roots.k, s.roots.keys.len()));
        rows.add_row([id.as_str(), &safe(&who.names.label), &safe(who.title()), &roots]);
    }
    table::print(&mut rows);
    for witness in policy.witnesses() {
        println!("witness {}: {}", safe(&witness.name), witness.key);
    }
    println!("quorum {} of {}", policy.quorum(), policy.witnesses().len());
    if missing.is_empty() {
        println!("all have signed; the registrar goes on with `mithaq register found`");
    } else {
        println!("waits for the signatures of {}", list(&missing));
    }
    Ok(())
}

/// Writes the founding down, with nothing signed yet.
fn drafted(
    terms: &Terms,
    globals: &Globals,
    ring: &Keyring,
    origin: &Origin,
    participant: &ParticipantId,
) -> Result<Founding, Failure> {
    let instrument = read_instrument(&terms.instrument)?;
    let library = instrument::library::shipped();
    let exercise = instrument::sound(&instrument, &library).is_ok_and(|instrument| instrument.exercise);
    let registrar = public(ring, &origin.key_name(&SignerName::Registrar))?;
    let policy = policy(terms, origin, &registrar)?;
    let founders = founders(terms, ring, origin, participant)?;
    let signers = signers(terms, origin, &founders)?;
    let annex = |text: &str| AnnexRef { sha256: Hash::of(text.as_bytes()), size: text.len() as u64 };
    let body = Genesis {
        origin: origin.clone(),
        rules: 1,
        exercise,
        annexes: GenesisAnnexes {
            instrument: annex(&instrument),
            library: annex(&library),
            policy: annex(&policy),
        },
        registrar: Vkey(registrar),
        founders,
    };
    let now = session::now(globals)?;
    let head = Head { by: By::Registrar, signers, n: 1, prev: None, seen: None, at: Claimed(now) };
    let draft = Draft { origin: origin.clone(), genesis: None, head, body: Body::Genesis(body) };
    let act = draft.write().map_err(node::Fault::from)?;
    let founding = Founding::new(&act, instrument, library, policy);
    founding.check()?;
    Ok(founding)
}

/// Reads an instrument that can be run, and shows what is wrong with it.
pub(crate) fn read_instrument(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
    let (_, diagnostics) = instrument::read(&text, &instrument::library::shipped());
    diagnostic::print(&path.display().to_string(), &text, &diagnostics);
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 0 {
        let said = crate::show::text::count(errors as u64, "error", "errors");
        return Err(Failure::usage("mithaq::instrument", format!("`{}` has {said}", path.display()))
            .help("mend what is shown above; nothing was written"));
    }
    Ok(text)
}

fn public(ring: &Keyring, name: &str) -> Result<VerifierKey, Failure> {
    let seed = ring.get(name).map(vault::Key::secret);
    match (seed, KeyName::new(name)) {
        (Some(Secret::Ed25519(seed)), Some(name)) => {
            Ok(VerifierKey::plain(name, SigningKey::from_seed(seed).public()))
        }
        _ => Err(Failure::usage("mithaq::no_key", format!("there is no key `{name}` in this keyring"))
            .help("`mithaq key new --capacity registrar` makes the registrar's")),
    }
}

fn policy(terms: &Terms, origin: &Origin, registrar: &VerifierKey) -> Result<String, Failure> {
    let most = terms.witnesses.len();
    if terms.quorum == 0 || terms.quorum > most {
        let witnesses = crate::show::text::count(most as u64, "witness", "witnesses");
        let message = format!("`--quorum {}` is none of {witnesses}", terms.quorum);
        return Err(Failure::usage("mithaq::policy", message).help(format!("it is 1 to {most}")));
    }
    let mut witnesses = Vec::new();
    for given in &terms.witnesses {
        // A vkey has `=` at its end only, and `+` before it.
        let (name, vkey) = match given.split_once('=') {
            Some((name, vkey)) if !name.contains('+') => (name, vkey),
            _ => (given.split('+').next().unwrap_or_default(), given.as_str()),
        };
        let key = VerifierKey::parse(vkey).map_err(|error| {
            Failure::usage("mithaq::policy", format!("`{vkey}` is no public key of a witness: {error}"))
                .help("`mithaq key show NAME` prints it, on the witness's machine")
        })?;
        witnesses.push((name.to_owned(), key));
    }
    let log = registrar
        .under(KeyName::checkpoint(origin), note::Algorithm::Ed25519)
        .ok_or_else(|| Failure::usage("mithaq::policy", "the registrar's key signs no checkpoints"))?;
    let policy = tlog::Policy::new(log, witnesses, terms.quorum).map_err(|errors| {
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::usage("mithaq::policy", format!("no witness policy: {}", said.join("; ")))
    })?;
    Ok(policy.to_string())
}

fn founders(
    terms: &Terms,
    ring: &Keyring,
    origin: &Origin,
    participant: &ParticipantId,
) -> Result<Vec<Seat>, Failure> {
    let mut founders = Vec::new();
    for given in &terms.founders {
        let (named, path) = match given.split_once('=') {
            Some((name, path)) => (Some(name), Path::new(path)),
            None => (None, Path::new(given.as_str())),
        };
        let seat = key::read_seat(path)?;
        if let Some(name) = named.filter(|name| *name != seat.participant.as_str()) {
            let message =
                format!("`{}` is the seat of `{}`, not of `{name}`", path.display(), seat.participant);
            return Err(Failure::usage("mithaq::garbled", message));
        }
        founders.push(seat);
    }
    if !founders.iter().any(|seat| seat.participant == *participant) {
        founders.push(key::seat_of_ring(ring, origin, participant, None, None)?);
    }
    founders.sort_by(|a, b| a.participant.cmp(&b.participant));
    Ok(founders)
}

/// The registrar, and of each founder as many roots as it takes.
fn signers(terms: &Terms, origin: &Origin, founders: &[Seat]) -> Result<Vec<SignerName>, Failure> {
    let mut signers = vec![SignerName::Registrar];
    let named = terms
        .signers
        .iter()
        .map(|text| {
            SignerName::new(text).ok_or_else(|| {
                Failure::usage("mithaq::unknown", format!("`{text}` names no root")).help("as `north/root-1`")
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    for seat in founders {
        let of_seat: Vec<SignerName> =
            named.iter().filter(|name| name.participant() == Some(&seat.participant)).cloned().collect();
        if of_seat.is_empty() {
            let roots = seat.roots.keys.iter().take(seat.roots.k as usize);
            signers.extend(roots.filter_map(|key| SignerName::from_key_name(origin, key.0.name().as_str())));
        } else {
            signers.extend(of_seat);
        }
    }
    Ok(signers)
}

/// The registrar's last step: entry 0.
fn establish(
    founding: &Founding,
    participant: &ParticipantId,
    ring: Keyring,
    globals: &Globals,
) -> Result<Exit, Failure> {
    let missing = founding.missing()?;
    if !missing.is_empty() {
        return Err(Failure::new(Exit::Refused, "mithaq::unsigned", "not every founder has signed")
            .help(format!("it waits for {}", list(&missing)))
            .help("`mithaq register sign FILE` signs, on the machine with the roots"));
    }
    let instrument = founding.check()?;
    let node = founding.found(&session::home(globals), participant, ring, session::now(globals)?)?;
    let voice = VoiceName::of(&node.genesis());
    if globals.json {
        println!(
            "{:#}",
            json!({"origin": node.origin(), "voice": voice.to_string(), "genesis": node.genesis(),
            "participant": node.me(), "exercise": instrument.exercise})
        );
        return Ok(Exit::Good);
    }
    if instrument.exercise {
        println!("EXERCISE");
    }
    println!("{}", safe(&instrument.name));
    println!("  register  {}", node.origin());
    println!("  by voice  {voice}");
    println!("  genesis   {}", node.genesis());
    println!("Say the name by voice to the others: by it they know the register they join.");
    Ok(Exit::Good)
}
