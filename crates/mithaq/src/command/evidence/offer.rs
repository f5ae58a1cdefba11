//! Offering, and granting.

use std::path::PathBuf;

use act::Body;
use act::body;
use serde_json::json;
use terms::{Item, ParticipantId};

use super::seal_files;
use crate::cli::Globals;
use crate::command::act::write::{Signing, Usual, act, act_quietly, ready, tell};
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session;
use crate::show::text::bytes;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq evidence offer photo.jpg recording.wav --to doha
  mithaq evidence offer statement.txt --to doha --type 'text/plain; charset=utf-8'

Each file is sealed here, and granted to this participant and to those named; the act has hashes and
sizes only. Names of files stand in the grants, where only who is granted reads them.")]
pub(crate) struct Offer {
    /// The files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Who may open them; again for each.
    #[arg(long, value_name = "PARTICIPANT", required = true)]
    to: Vec<String>,
    /// What they are, as `image/jpeg`; guessed from their names, if it is not said.
    #[arg(long = "type", value_name = "MEDIA TYPE")]
    media_type: Option<String>,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq evidence grant EXH-26-0001-X --to kabul

A grant that was made wrong is made anew by this, too.")]
pub(crate) struct Grant {
    /// The exhibit.
    #[arg(value_name = "EXHIBIT")]
    exhibit: String,
    /// Who may open it; again for each.
    #[arg(long, value_name = "PARTICIPANT", required = true)]
    to: Vec<String>,
    #[command(flatten)]
    signing: Signing,
}

fn participants(node: &node::Node, names: &[String]) -> Result<Vec<ParticipantId>, Failure> {
    let mut to = names.iter().map(|who| resolve::participant(node, who)).collect::<Result<Vec<_>, _>>()?;
    to.sort();
    to.dedup();
    Ok(to)
}

pub(crate) fn offer(args: &Offer, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let to = participants(&node, &args.to)?;
    let by = (&args.signing, Usual::Officer);
    let files = seal_files(&node, &args.files, &to, args.media_type.as_deref(), by)?;
    let sizes: Vec<u64> = files.iter().map(|file| file.size).collect();
    let body = Body::Offer(body::Offer { files });
    let Some(submission) = act_quietly(&mut node, &args.signing, Usual::Officer, body, globals)? else {
        return Ok(Exit::Good);
    };
    let id = submission.act().id();
    let items: Vec<String> = (1_u32..).take(sizes.len()).map(|n| Item::exhibit(id, n).to_string()).collect();
    if !globals.json {
        for ((path, item), size) in args.files.iter().zip(&items).zip(&sizes) {
            println!("{}: {item}, {} sealed", path.display(), bytes(*size));
        }
    }
    tell(&node, &submission, globals, json!({ "exhibits": items, "to": to }))
}

pub(crate) fn grant(args: &Grant, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let exhibit = resolve::exhibit(&node, &args.exhibit)?;
    let to = participants(&node, &args.to)?;
    // Who lacks a key is found before anything is sealed.
    ready(&node, &args.signing, Usual::Officer)?;
    for who in &to {
        node.recipients_of(who)?;
    }
    let grants = to.iter().map(|who| node.grant(&exhibit, who)).collect::<Result<Vec<_>, _>>()?;
    act(&mut node, &args.signing, Usual::Officer, Body::Grant(body::Grant { exhibit, grants }), globals)
}
