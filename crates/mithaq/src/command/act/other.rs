//! Short acts: one thing is named, and something said of it.

use std::path::PathBuf;

use act::body::{self, RuleOutcome};
use act::{Body, Submission};
use note::Intake;
use terms::{ActId, Instant, Kind, base64};

use super::enrol::act_id;
use super::list::kind;
use super::write::{Signing, Usual, act, act_once_read, act_with_annexes, read_annex, word};
use crate::cli::{Globals, time};
use crate::failure::{Exit, Failure, plain_json};
use crate::resolve;
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act keep EXH-26-0001-X EXH-26-0002-B

Only what lies here whole is kept: the sealed bytes are read once more before the act is signed.")]
pub(crate) struct Keep {
    /// The exhibits.
    #[arg(value_name = "EXHIBIT", required = true)]
    exhibits: Vec<String>,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act rule EXH-26-0002-B upheld
  mithaq act rule EXH-26-0003-F danger")]
pub(crate) struct Rule {
    /// The exhibit.
    #[arg(value_name = "EXHIBIT")]
    exhibit: String,
    /// `upheld`, `not-upheld`, or `danger` to a person, for which it may be destroyed.
    #[arg(value_name = "OUTCOME", value_parser = word::<RuleOutcome>)]
    outcome: RuleOutcome,
    /// The challenge that is decided, if there are several.
    #[arg(long, value_name = "ACT", value_parser = act_id)]
    challenge: Option<ActId>,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act hold EXH-26-0001-X --until 2026-12-31")]
pub(crate) struct Hold {
    /// The exhibit.
    #[arg(value_name = "EXHIBIT")]
    exhibit: String,
    /// Until when no holder may destroy it, in UTC; a year at most, then it is said anew.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Instant,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act serve NOT-26-0001-K --on kabul")]
pub(crate) struct Serve {
    /// The act that was delivered.
    #[arg(value_name = "ACT")]
    act: String,
    /// To whom.
    #[arg(long, value_name = "PARTICIPANT")]
    on: String,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act cut kabul --from '2026-02-03 06:00' --to '2026-02-05 18:00'")]
pub(crate) struct Cut {
    /// Who could not be reached.
    #[arg(value_name = "PARTICIPANT")]
    participant: String,
    /// Since when, in UTC, as `2026-01-12 08:00`.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Instant,
    /// Until when, in UTC.
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Instant,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act intake harbour/data/queue/1f0c…

For a stamped act that the registrar did not let in with its stamp: the stamp's time counts.")]
pub(crate) struct IntakeStamp {
    /// The stamped submission.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act write confirm confirm.json
  with confirm.json: {\"act\":\"8SbZ…=\"}

The bodies stand in docs/FORMATS.md. What the program has a command for is better said with that.")]
pub(crate) struct Any {
    /// The kind of act.
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: Kind,
    /// The body, as JSON.
    #[arg(value_name = "FILE")]
    body: PathBuf,
    /// Roots sign it, and no officer.
    #[arg(long)]
    roots: bool,
    /// The annex that the act names, if it is not here yet. Of a drafted act it is given to `mithaq act submit`.
    #[arg(long, value_name = "FILE", conflicts_with = "draft")]
    annex: Option<PathBuf>,
    #[command(flatten)]
    signing: Signing,
}

pub(crate) fn keep(args: &Keep, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let mut exhibits = Vec::new();
    for text in &args.exhibits {
        let item = resolve::exhibit(&node, text)?;
        let (file, _) = node.filed(&item)?;
        node.vault().check(&file.sealed, file.size, &mut |_, _| ())?;
        exhibits.push(item);
    }
    exhibits.sort_by_key(ToString::to_string);
    exhibits.dedup();
    act(&mut node, &args.signing, Usual::Officer, Body::Keep(body::Keep { exhibits }), globals)
}

pub(crate) fn rule(args: &Rule, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let exhibit = resolve::exhibit(&node, &args.exhibit)?;
    let challenge = match (args.outcome, args.challenge) {
        (RuleOutcome::Danger, _) => None,
        (RuleOutcome::Upheld | RuleOutcome::NotUpheld, Some(challenge)) => Some(challenge),
        (RuleOutcome::Upheld | RuleOutcome::NotUpheld, None) => {
            Some(only_challenge(&node, &exhibit, &args.exhibit)?)
        }
    };
    let body = Body::Rule(body::Rule { exhibit, outcome: args.outcome, challenge });
    act(&mut node, &args.signing, Usual::Officer, body, globals)
}

/// The one challenge that nobody has decided.
fn only_challenge(node: &node::Node, exhibit: &terms::Item, named: &str) -> Result<ActId, Failure> {
    let found = node.docket().settlement().exhibits().get(exhibit);
    let open: Vec<ActId> = found
        .into_iter()
        .flat_map(|exhibit| exhibit.challenged.values())
        .filter(|challenge| challenge.upheld.is_none())
        .map(|challenge| challenge.act)
        .collect();
    match open.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::usage("mithaq::unknown", format!("no challenge of `{named}` waits for a ruling"))),
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            Err(Failure::usage(
                "mithaq::ambiguous",
                format!("several challenges of `{named}` wait for a ruling"),
            )
            .help(format!("say which: `--challenge {}`", ids.join("` or `--challenge "))))
        }
    }
}

pub(crate) fn hold(args: &Hold, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let exhibit = resolve::exhibit(&node, &args.exhibit)?;
    let body = Body::Hold(body::Hold { exhibit, until: args.until });
    act(&mut node, &args.signing, Usual::Officer, body, globals)
}

pub(crate) fn serve(args: &Serve, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let body =
        body::Serve { act: resolve::act(&node, &args.act)?, on: resolve::participant(&node, &args.on)? };
    act(&mut node, &args.signing, Usual::Officer, Body::Serve(body), globals)
}

pub(crate) fn cut(args: &Cut, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let participant = resolve::participant(&node, &args.participant)?;
    let body = Body::Cut(body::Cut { participant, from: args.from, to: args.to });
    act_once_read(&mut node, &args.signing, body, globals)
}

pub(crate) fn intake(args: &IntakeStamp, globals: &Globals) -> Result<Exit, Failure> {
    let bytes = std::fs::read(&args.file).map_err(|error| Failure::unreadable(&args.file, &error))?;
    let submission = Submission::parse(&bytes).map_err(|fault| {
        Failure::usage("mithaq::garbled", format!("`{}` is no submission: {fault}", args.file.display()))
    })?;
    let mut node = session::node(globals)?;
    let id = submission.act().id();
    let none = || {
        Failure::usage(
            "mithaq::unknown",
            format!("`{}` has no stamp of `{}`", args.file.display(), node.me()),
        )
    };
    let prefix = format!("{}/{}/", node.origin(), node.me());
    let line = submission.intakes().iter().find(|l| l.name.as_str().starts_with(&prefix)).ok_or_else(none)?;
    let (intake, signature) = Intake::parse(id, &line.payload).ok_or_else(none)?;
    let key = terms::SignerName::from_key_name(node.origin(), line.name.as_str()).ok_or_else(none)?;
    let signature = body::SignatureText::try_from(base64::encode(signature.as_bytes()))
        .map_err(|what| Failure::usage("mithaq::garbled", what))?;
    let body = body::IntakeBody { act: id, key, time: intake.time, previous: intake.previous, signature };
    act(&mut node, &args.signing, Usual::Officer, Body::Intake(body), globals)
}

pub(crate) fn any(args: &Any, globals: &Globals) -> Result<Exit, Failure> {
    let text =
        std::fs::read_to_string(&args.body).map_err(|error| Failure::unreadable(&args.body, &error))?;
    let body = read(args.kind, &text).map_err(|error| {
        Failure::usage(
            "act::shape",
            format!("`{}` is no body of `{}`: {}", args.body.display(), args.kind, plain_json(&error)),
        )
        .help("the body of each kind stands in docs/FORMATS.md, chapter 7")
    })?;
    let mut node = session::node(globals)?;
    let usual = if args.roots { Usual::Roots } else { Usual::Officer };
    let annexes = args.annex.as_deref().map(read_annex).transpose()?;
    act_with_annexes(&mut node, &args.signing, usual, body, annexes.as_slice(), globals)
}

fn read(kind: Kind, json: &str) -> Result<Body, serde_json::Error> {
    macro_rules! bodies {
        ($($kind:ident),+ $(,)?) => {
            match kind { $(Kind::$kind => serde_json::from_str(json).map(Body::$kind)),+ }
        };
    }
    bodies!(
        Genesis, Enrol, Revoke, Disown, Recover, Mark, Intake, Freeze, Succeed, Open, Step, Correct,
        Withdraw, Batch, Offer, Grant, Keep, Opened, Answer, Challenge, Rule, Hold, Destroy, Extend, Suspend,
        Resume, Cut, SetAside, Serve, Transcribe, Confirm, Screen, Publish,
    )
}
