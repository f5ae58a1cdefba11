//! What is said of an exhibit: a challenge, an answer, that it is destroyed.

use std::path::PathBuf;

use act::Body;
use act::body::{self, ChallengeGround, DestroyGround};
use serde_json::json;
use terms::{Code, Role};

use super::seal_files;
use crate::cli::Globals;
use crate::command::act::word;
use crate::command::act::write::{Signing, Usual, act, act_quietly, tell};
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq evidence challenge EXH-26-0002-B grant-wrong

Grounds: grant-not-for-me, grant-wrong, sealed-missing, does-not-open, commitment-differs. An arbiter
decides; a new grant or new bytes mend it.")]
pub(crate) struct Challenge {
    /// The exhibit.
    #[arg(value_name = "EXHIBIT")]
    exhibit: String,
    /// Why.
    #[arg(value_name = "GROUND", value_parser = word::<ChallengeGround>)]
    ground: ChallengeGround,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq evidence answer EXH-26-0001-X --choice no-information-yet
  mithaq evidence answer EXH-26-0001-X letter.pdf

Files are sealed to the filer, and to the guarantors that have enrolled a seal key; `--to` says otherwise.")]
pub(crate) struct Answer {
    /// The exhibit.
    #[arg(value_name = "EXHIBIT")]
    exhibit: String,
    /// Files with the answer.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The answer in one word, as `no-information-yet`.
    #[arg(long, value_name = "CODE", value_parser = code)]
    choice: Option<Code>,
    /// Who may open the files; again for each.
    #[arg(long, value_name = "PARTICIPANT")]
    to: Vec<String>,
    #[command(flatten)]
    signing: Signing,
}

fn code(text: &str) -> Result<Code, String> {
    Code::new(text).ok_or_else(|| "it has small letters, digits and hyphens, at most 32".to_owned())
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq evidence destroy EXH-26-0003-F danger

The act is signed first, then the bytes and grants here are destroyed. Copies with others are destroyed
by them, each with an act of its own. The record stays whole, and says what was destroyed.")]
pub(crate) struct Destroy {
    /// The exhibit.
    #[arg(value_name = "EXHIBIT")]
    exhibit: String,
    /// `danger`, when it was found to put a person in danger; `ended`, when nothing needs it any more.
    #[arg(value_name = "GROUND", value_parser = word::<DestroyGround>)]
    ground: DestroyGround,
    /// Says that it is meant, where nobody can be asked.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    signing: Signing,
}

pub(crate) fn challenge(args: &Challenge, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let exhibit = resolve::exhibit(&node, &args.exhibit)?;
    let body = Body::Challenge(body::Challenge { exhibit, ground: args.ground });
    act(&mut node, &args.signing, Usual::Officer, body, globals)
}

pub(crate) fn answer(args: &Answer, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let exhibit = resolve::exhibit(&node, &args.exhibit)?;
    if args.files.is_empty() && args.choice.is_none() {
        return Err(Failure::usage("mithaq::usage", "the answer says nothing")
            .help("give `--choice CODE`, or a file with the answer"));
    }
    let (_, filer) = node.filed(&exhibit)?;
    let to = if args.to.is_empty() {
        let guarantors = node.docket().instrument().of_role(Role::Guarantor).cloned();
        let able: Vec<_> = guarantors.filter(|who| node.recipients_of(who).is_ok()).collect();
        [vec![filer], able].concat()
    } else {
        args.to.iter().map(|who| resolve::participant(&node, who)).collect::<Result<Vec<_>, _>>()?
    };
    let files = seal_files(&node, &args.files, &to, None, (&args.signing, Usual::Officer))?;
    let body = Body::Answer(body::Answer { exhibit, choice: args.choice.clone(), files });
    act(&mut node, &args.signing, Usual::Officer, body, globals)
}

pub(crate) fn destroy(args: &Destroy, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let exhibit = resolve::exhibit(&node, &args.exhibit)?;
    if !args.yes {
        return Err(Failure::usage(
            "mithaq::usage",
            "what is destroyed here can't be brought back from here",
        )
        .help("say that it is meant: `--yes`"));
    }
    let known = node.docket().settlement().exhibits().get(&exhibit);
    if args.ground == DestroyGround::Danger && known.is_none_or(|exhibit| exhibit.danger.is_none()) {
        return Err(Failure::new(Exit::Refused, "mithaq::refused", "no danger was found by who may find it")
            .help("a monitor, or else a guarantor, finds it first: `mithaq act rule EXHIBIT danger`"));
    }
    let body = Body::Destroy(body::Destroy { exhibit, ground: args.ground });
    let Some(submission) = act_quietly(&mut node, &args.signing, Usual::Officer, body, globals)? else {
        return Ok(Exit::Good);
    };
    let destroyed = node.destroy_copy(&exhibit)?;
    let more = json!({"exhibit": exhibit, "sealed": destroyed.sealed, "grants": destroyed.grants});
    if !globals.json {
        let sealed = if destroyed.sealed { "the sealed file" } else { "no sealed file was here" };
        println!(
            "destroyed here: {sealed}, {}",
            crate::show::text::count(destroyed.grants, "grant", "grants")
        );
    }
    tell(&node, &submission, globals, more)
}
