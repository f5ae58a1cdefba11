//! Opening: all is checked first, and then signed for.

use std::path::PathBuf;

use act::Body;
use act::body;
use serde_json::json;
use terms::Item;
use vault::OpenError;

use crate::cli::Globals;
use crate::command::act::write::{Signing, Usual, act_quietly, tell};
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session;
use crate::show::progress::{Progress, Unit};
use crate::show::text::safe;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq evidence open EXH-26-0001-X --out photo.jpg

Recipient, hash and commitment are checked before the first byte is shown. If all agrees, `opened` is
signed: receipt, and no word on what it says. If not, nothing is written, and the error names the
ground for a challenge.")]
pub(crate) struct Open {
    /// The exhibit.
    #[arg(value_name = "EXHIBIT")]
    exhibit: String,
    /// The file that is written; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Does not sign that it was opened.
    #[arg(long)]
    no_sign: bool,
    #[command(flatten)]
    signing: Signing,
}

pub(crate) fn run(args: &Open, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let exhibit = resolve::exhibit(&node, &args.exhibit)?;
    let (_, filer) = node.filed(&exhibit)?;
    let signs = !args.no_sign && filer != *node.me() && !has_opened(&node, &exhibit);
    if signs {
        session::signers(&node, &args.signing.by)?;
    }
    let mut progress = Progress::new("opening", Unit::Bytes);
    let opened = node.open_exhibit(&exhibit, Some(&args.out), &mut |done, of| progress.tell(done, of));
    drop(progress);
    let grant = match opened {
        Ok(grant) => grant,
        Err(node::Fault::Open(error)) => {
            let ground = ground(&error);
            let failure = Failure::from(error);
            return Err(match ground {
                Some(ground) => {
                    failure.help(format!("`mithaq evidence challenge {} {ground}`", args.exhibit))
                }
                None => failure,
            });
        }
        Err(fault) => return Err(fault.into()),
    };
    let name = grant.name.as_ref().map(|name| safe(name.as_str()));
    let more = json!({"exhibit": exhibit, "file": args.out.display().to_string(), "type": grant.media_type.as_str(),
        "called": grant.name.as_ref().map(vault::grant::FileName::as_str)});
    if !globals.json {
        println!("opened into {}: recipient, hash and commitment agree", args.out.display());
        let called = name.map(|name| format!(", called `{name}`")).unwrap_or_default();
        println!("its filer says: {}{called}", grant.media_type.as_str());
    }
    if !signs {
        if globals.json {
            println!("{more:#}");
        }
        return Ok(Exit::Good);
    }
    let body = Body::Opened(body::Opened { exhibit });
    match act_quietly(&mut node, &args.signing, Usual::Officer, body, globals)? {
        Some(submission) => tell(&node, &submission, globals, more),
        None => Ok(Exit::Good),
    }
}

/// Whether this participant has signed for it already, here or on its way.
fn has_opened(node: &node::Node, exhibit: &Item) -> bool {
    let settled = node.docket().settlement().exhibits().get(exhibit);
    let queued = node.queued().unwrap_or_default();
    settled.is_some_and(|exhibit| exhibit.opened.contains_key(node.me()))
        || queued.iter().any(|s| matches!(s.act().body(), Body::Opened(opened) if opened.exhibit == *exhibit))
}

/// The word for the ground of a challenge that a failure to open is, if it is one.
pub(super) fn ground(error: &OpenError) -> Option<String> {
    let ground = serde_json::to_value(node::evidence::ground(error)?).ok()?;
    ground.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use act::body::ChallengeGround;
    use vault::GrantError;

    use super::*;

    #[test]
    fn grounds_are_those_of_acts() {
        for error in [
            OpenError::Grant(GrantError::NotForMe),
            OpenError::Grant(GrantError::Corrupt),
            OpenError::WrongRecipient,
            OpenError::NotForRecipient,
            OpenError::CommitmentDiffers,
        ] {
            let word = ground(&error).unwrap();
            assert!(crate::command::act::word::<ChallengeGround>(&word).is_ok(), "{word}");
        }
    }
}
