//! `mithaq node rebuild`: the docket made anew from the register, and held against the one before.

use node::rebuilt::{Came, Rebuilt};
use serde_json::json;

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;
use crate::show::progress::{Progress, Unit};
use crate::show::text::number;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq node rebuild
  mithaq node rebuild --json

What the register comes to lies in `docket/docket.sqlite` beside the keys, as far as it is not in memory. Nothing in it is
needed: each start makes it anew beside the one before, and puts it in its place. This does the same and says what came of
it. Replay is the same for ever, so where both have read as much both have come to the same state, by its hash. If not, a disk
or a program is not what it was: then this exits with 1, what the register comes to counts, and the file before stays as
`docket/differs.sqlite`. The node may not be running.")]
pub(super) struct Args {}

pub(super) fn run(Args {}: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let mut progress = Progress::new("replaying the register", Unit::Entries);
    let node = session::node_to_run(globals, &mut |done, of| progress.tell(done, of))?;
    drop(progress);
    node.settle_docket()?;
    let rebuilt = node.rebuilt().cloned().unwrap_or(Rebuilt::First);
    let path = node.home().docket_file();
    if globals.json {
        let came =
            |came: &Came| json!({ "size": came.size, "lines": came.lines, "state": came.state.to_string() });
        let (word, was) = match &rebuilt {
            Rebuilt::First => ("first", None),
            Rebuilt::Agrees(was) => ("agrees", Some(came(was))),
            Rebuilt::Differs { was, .. } => ("differs", Some(came(was))),
            Rebuilt::Ahead(was) => ("ahead", Some(came(was))),
        };
        let is = match &rebuilt {
            Rebuilt::Differs { is, .. } => Some(came(is)),
            _ => None,
        };
        println!("{:#}", json!({ "rebuilt": word, "before": was, "now": is, "file": path }));
    } else {
        println!("{}", says(&rebuilt));
        println!("It lies in {}.", path.display());
    }
    match rebuilt {
        Rebuilt::First | Rebuilt::Agrees(_) => Ok(Exit::Good),
        Rebuilt::Differs { .. } | Rebuilt::Ahead(_) => Ok(Exit::Wrong),
    }
}

fn says(rebuilt: &Rebuilt) -> String {
    match rebuilt {
        Rebuilt::First => {
            "The docket was made from the register. There was none before to hold it against.".to_owned()
        }
        Rebuilt::Agrees(was) => format!(
            "The docket was made anew from the register, and agrees with the one before: of {} entries, state {}.",
            number(was.size),
            was.state
        ),
        Rebuilt::Differs { was, is } => format!(
            "The docket was made anew from the register, and does not agree with the one before. Of {} entries, it had come \
             to state {} in {} lines, and now comes to state {} in {} lines. A disk or a program is not what it was. What the \
             register comes to counts; the file before is kept beside it as differs.sqlite.",
            number(was.size),
            was.state,
            number(was.lines),
            is.state,
            number(is.lines)
        ),
        Rebuilt::Ahead(was) => format!(
            "The docket was made anew from the register. The one before had read {} entries, which is more than is cosigned \
             here: was the data folder put back to an earlier state?",
            number(was.size)
        ),
    }
}
