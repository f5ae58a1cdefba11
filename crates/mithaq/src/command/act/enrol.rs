//! Keys and seats on record.

use std::path::PathBuf;

use act::Body;
use act::body::{self, KeyEnrolment};
use act::value::{Office, RecipientText, Vkey};
use note::SigningKey;
use serde_json::json;
use terms::{ActId, Capacity, Code, Custody, Hash};
use vault::{KeyUse, Secret};

use super::write::{Signing, Usual, act, act_quietly, tell};
use crate::cli::Globals;
use crate::command::evidence::seal_one;
use crate::command::key;
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act enrol desk --office 'Registry'
  mithaq act enrol liaison-1 --office 'Liaison office, operations' --note nomination.pdf --to doha

The office is on record, the person is not: who holds the key stands in the nominating note, which is
sealed to this participant and to those it is granted to. Enrol the `seal` key first: a note is sealed
to it.")]
pub(crate) struct Enrol {
    /// The key's label in this keyring.
    #[arg(value_name = "LABEL")]
    label: String,
    /// The office that holds it, at most 80 characters.
    #[arg(long, value_name = "TEXT", value_parser = office)]
    office: Office,
    /// Where its secret lies: `device`, with the person; `hosted`, with somebody else.
    #[arg(long, value_name = "CUSTODY", value_parser = custody, default_value = "device")]
    custody: Custody,
    /// The nominating note, which is sealed.
    #[arg(long, value_name = "FILE")]
    note: Option<PathBuf>,
    /// Who else may open the note; again for each.
    #[arg(long, value_name = "PARTICIPANT", requires = "note")]
    to: Vec<String>,
    #[command(flatten)]
    signing: Signing,
}

fn office(text: &str) -> Result<Office, String> {
    Office::new(text.to_owned()).map_err(str::to_owned)
}

fn custody(text: &str) -> Result<Custody, String> {
    match Custody::new(text) {
        Some(Custody::Node) => Err("`node` needs a passkey, which the desk enrols".to_owned()),
        Some(custody) => Ok(custody),
        None => Err("it is `device` or `hosted`".to_owned()),
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act revoke liaison-1 --yes

A lost laptop is this, and an enrolment of the key that comes in its place. A label is never used again.")]
pub(crate) struct Revoke {
    /// The key's label.
    #[arg(value_name = "LABEL", value_parser = code)]
    label: Code,
    /// Says that it is meant: a key that was ended is over for good.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    signing: Signing,
}

fn code(text: &str) -> Result<Code, String> {
    Code::new(text).ok_or_else(|| "it has small letters, digits and hyphens, at most 32".to_owned())
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act disown liaison-1 --since 14 --yes
  mithaq act disown --act 8SbZ…= --yes

A key is disowned from the number of one of its acts on (`n` in `mithaq act show`), and is over with it.
A transcribed act is disowned by its id.")]
pub(crate) struct Disown {
    /// The key's label.
    #[arg(value_name = "LABEL", value_parser = code, required_unless_present = "act", requires = "since")]
    label: Option<Code>,
    /// The number of its first act that is taken back.
    #[arg(long, value_name = "N")]
    since: Option<u64>,
    /// A transcribed act, instead of a key.
    #[arg(long, value_name = "ACT", conflicts_with_all = ["label", "since"])]
    act: Option<String>,
    /// Says that it is meant: the key is over for good, and what it signed from there on falls.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act recover new-roots.seat --by recovery-1 --by recovery-2

The new roots are read from a file of `mithaq key seat`. They come once 72 hours
and the carriage have been counted, whoever asked: until then everybody sees what is on its way, and the
keys that asked for it may be disowned.")]
pub(crate) struct Recover {
    /// The seat with the new roots.
    #[arg(value_name = "FILE")]
    seat: PathBuf,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act seat kabul.seat
  mithaq act seat kabul.seat --draft seat-of-kabul.json --with-new-roots

Each guarantor votes, and each party while they are fewer than two; all for the same roots. One of the
votes is signed by the new roots too: draft that one, and let them sign it.")]
pub(crate) struct SeatVote {
    /// The seat, as `mithaq key seat` wrote it on the machine with the new roots.
    #[arg(value_name = "FILE")]
    seat: PathBuf,
    /// Lets each new root sign this vote too.
    #[arg(long, requires = "draft")]
    with_new_roots: bool,
    #[command(flatten)]
    signing: Signing,
}

pub(crate) fn enrol(args: &Enrol, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let name = format!("{}/{}/{}", node.origin(), node.me(), args.label);
    let key = node.keyring().get(&name).ok_or_else(|| {
        Failure::usage("mithaq::no_key", format!("there is no key `{name}` in this keyring"))
            .help(format!("`mithaq key new {} --capacity …` makes one", args.label))
    })?;
    let KeyUse::Enrolled(capacity) = key.usage() else {
        return Err(Failure::usage("mithaq::key", format!("`{name}` is no participant's key")));
    };
    let (vkey, recipient) = match key.secret() {
        Secret::Age(identity) => {
            let text = RecipientText::new(identity.recipient().to_string());
            (None, Some(text.map_err(|what| Failure::usage("mithaq::key", what))?))
        }
        Secret::Ed25519(seed) => {
            (key::vkey(&name, key.usage(), SigningKey::from_seed(seed).public()).map(Vkey), None)
        }
    };
    if matches!(capacity, Capacity::Root | Capacity::Recovery) {
        return Err(Failure::new(
            Exit::Refused,
            "act::body",
            "roots and recovery keys come by a founding, a seat or `recover`",
        ));
    }
    let label = code(&args.label)
        .map_err(|what| Failure::usage("mithaq::key", format!("`{}`: {what}", args.label)))?;
    if node.ledger().keys().contains_key(&terms::SignerName::key(node.me(), &label)) {
        let message = format!("`{}` has a key `{label}` on record, or had one", node.me());
        return Err(Failure::usage("mithaq::key", message)
            .help("a label is never used again: make a key under another, `mithaq key new LABEL`"));
    }
    let note = match &args.note {
        Some(path) => {
            let to =
                args.to.iter().map(|who| resolve::participant(&node, who)).collect::<Result<Vec<_>, _>>()?;
            Some(seal_one(&node, path, &to, None, (&args.signing, Usual::Roots))?)
        }
        None => None,
    };
    let enrolment = KeyEnrolment {
        label,
        capacity,
        vkey,
        passkey: None,
        recipient,
        custody: args.custody,
        office: args.office.clone(),
        note,
    };
    act(&mut node, &args.signing, Usual::Roots, Body::Enrol(body::Enrol::Key(enrolment)), globals)
}

pub(crate) fn revoke(args: &Revoke, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    known(&node, &args.label)?;
    if !args.yes {
        return Err(meant(&format!("`{}` will sign nothing more, for good", args.label)));
    }
    let body = Body::Revoke(body::Revoke { label: args.label.clone() });
    act(&mut node, &args.signing, Usual::Roots, body, globals)
}

/// What can't be undone wants to be meant.
fn meant(what: &str) -> Failure {
    Failure::usage("mithaq::usage", what).help("say that it is meant: `--yes`")
}

/// A key of this participant's that is on record.
fn known(node: &node::Node, label: &Code) -> Result<(), Failure> {
    let keys = node.ledger().keys();
    if keys.contains_key(&terms::SignerName::key(node.me(), label)) {
        return Ok(());
    }
    let failure = Failure::usage("mithaq::no_key", format!("`{}` has no key `{label}` on record", node.me()));
    let names: Vec<String> =
        keys.keys().filter(|k| k.participant() == Some(node.me())).map(ToString::to_string).collect();
    let labels = names.iter().filter_map(|name| name.split_once('/')).map(|(_, label)| label);
    Err(match resolve::nearest(label.as_str(), labels) {
        Some(guess) => failure.help(format!("did you mean `{guess}`?")),
        None => failure.help("`mithaq register show` lists them"),
    })
}

pub(crate) fn disown(args: &Disown, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let body = match (&args.label, args.since, &args.act) {
        (Some(label), Some(since), _) => {
            known(&node, label)?;
            if !args.yes {
                let what = "will be over for good, and what it has signed in the last 72 hours from number";
                return Err(meant(&format!("`{label}` {what} {since} on is taken back")));
            }
            body::Disown::Key { label: label.clone(), since }
        }
        (_, _, Some(_)) if !args.yes => {
            return Err(meant("what is taken back can't be given again"));
        }
        (_, _, Some(act)) => body::Disown::Act(resolve::act(&node, act)?),
        (_, _, None) => {
            return Err(Failure::usage("mithaq::usage", "what is disowned is not said")
                .help("name a key and `--since N`, or `--act ACT`"));
        }
    };
    // Roots end a key; what was written down on a participant's behalf its officers speak of.
    let usual = match &body {
        body::Disown::Key { .. } => Usual::Roots,
        body::Disown::Act(_) => Usual::Officer,
    };
    act(&mut node, &args.signing, usual, Body::Disown(body), globals)
}

pub(crate) fn recover(args: &Recover, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let seat = key::read_seat(&args.seat)?;
    let mut signing = args.signing.clone();
    if signing.by.is_empty() && seat.participant == *node.me() {
        signing.by = node.labels_here(Capacity::Recovery);
    }
    let body = body::Recover { participant: seat.participant, roots: seat.roots, recovery: seat.recovery };
    act(&mut node, &signing, Usual::Roots, Body::Recover(body), globals)
}

pub(crate) fn seat(args: &SeatVote, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let seat = key::read_seat(&args.seat)?;
    let who = seat.participant.to_string();
    resolve::participant(&node, &who)?;
    let mut signing = args.signing.clone();
    if args.with_new_roots {
        if signing.by.is_empty() {
            signing.by = session::needed_roots(&node);
        }
        let new = seat.roots.keys.iter().filter_map(|key| {
            terms::SignerName::from_key_name(node.origin(), key.0.name().as_str())
                .map(|name| name.to_string())
        });
        signing.by.extend(new);
    }
    let body = Body::Enrol(body::Enrol::Seat(seat));
    let Some(submission) = act_quietly(&mut node, &signing, Usual::Roots, body, globals)? else {
        return Ok(Exit::Good);
    };
    tell(&node, &submission, globals, json!({ "seat": who }))
}

/// An act's id, as people paste it.
pub(super) fn act_id(text: &str) -> Result<ActId, String> {
    Hash::from_base64(text).map(ActId).ok_or_else(|| "an act's id is 44 characters of base64".to_owned())
}
