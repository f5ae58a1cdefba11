//! `mithaq status`: what this node holds, whether it is whole, what waits.

use act::Entry;
use docket::v1::Replay;
use docket::v1::exhibit::Exhibit;
use node::Node;
use node::disk::Disk;
use serde_json::{Value, json};
use terms::{Instant, Kind, VoiceName};

use super::notice::{due, notices};
use super::verify::folder;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;
use crate::show::text::{count, number, safe};
use crate::show::time::{length, relative, utc};

/// `mithaq status`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq status

Exit code 0: it is whole; 1: something is wrong; 3: it can't be decided, or nothing is final yet.")]
pub struct Args {
    /// Does not check the whole folder: for large registers, between checks.
    #[arg(long)]
    quick: bool,
}

/// Something that waits, the most urgent first.
struct Waits {
    due: Option<Instant>,
    what: String,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let now = session::now(globals)?;
    let report =
        (!args.quick).then(|| folder::check(&Disk::at(&globals.data), &audit::Expected::Any, None).report);
    let waits = waits(&node, now)?;
    if globals.json {
        println!("{:#}", value(&node, report.as_ref(), &waits)?);
    } else {
        print(&node, report.as_ref(), &waits, now)?;
    }
    Ok(report.map_or(Exit::Good, |report| folder::exit(report.verdict())))
}

fn roles(node: &Node) -> Vec<&'static str> {
    let settings = node.settings();
    let mut roles = vec![if settings.registrar { "registrar" } else { "mirror" }];
    if settings.witness.is_some() {
        roles.push("witness");
    }
    if settings.intake.is_some() {
        roles.push("intake");
    }
    roles
}

fn print(node: &Node, report: Option<&audit::Report>, waits: &[Waits], now: Instant) -> Result<(), Failure> {
    let replay = node.docket();
    for waiting in waits {
        let due =
            waiting.due.map(|due| format!(", due {}, {}", utc(due), relative(due, now))).unwrap_or_default();
        println!("waits: {}{due}", safe(&waiting.what));
    }
    if waits.is_empty() {
        println!("Nothing is asked of {}.", node.me());
    }
    println!();
    println!("{}", safe(&replay.instrument().name));
    println!("  register  {}", node.origin());
    println!("  by voice  {}", VoiceName::of(&node.genesis()));
    println!("  node      {}, {}", node.me(), roles(node).join(", "));
    println!("  entries   {}, {} final", number(node.size()), number(node.cosigned()?));
    println!("  marks     {}", marks(replay, now));
    match report {
        None => println!("Not checked this time."),
        Some(report) => {
            println!(
                "  sealed    {}, {}",
                count(report.counts.sealed, "file", "files"),
                count(report.counts.grants, "grant", "grants")
            );
            if let Some(line) = folder::state_line(report) {
                println!("{line}");
            }
            folder::conclude(report);
        }
    }
    Ok(())
}

/// When the last mark was, and whether the register is silent (DESIGN §3, promise 3).
fn marks(replay: &Replay, now: Instant) -> String {
    let heartbeat = replay.instrument().calendar.heartbeat;
    match replay.timeline().last() {
        None => "none yet".to_owned(),
        Some(last) => {
            let age = now.since(last);
            let silent = if age.0 > 3 * heartbeat.0 {
                format!("; silent: no mark in three heartbeats of {}", length(heartbeat.0))
            } else {
                String::new()
            };
            format!("{}, the last of {}{silent}", number(replay.timeline().count()), utc(last))
        }
    }
}

fn waits(node: &Node, now: Instant) -> Result<Vec<Waits>, Failure> {
    let mut waits = Vec::new();
    let me = node.me();
    for notice in notices(node) {
        for (who, strand) in notice.strands.iter() {
            let open = matches!(strand.state.as_str(), "sent" | "not-acknowledged");
            if who.as_str() == me.as_str() && open {
                let what = format!("{} of {} to be acknowledged", notice.reference, notice.opener);
                waits.push(Waits { due: due(strand), what });
            } else if notice.opener == *me && open {
                let what = format!("{} is not acknowledged by {who}", notice.reference);
                waits.push(Waits { due: due(strand).filter(|due| *due > now), what });
            }
        }
    }
    let mut exhibits: Vec<&Exhibit> = node.docket().settlement().exhibits().values().collect();
    exhibits.sort_by(|a, b| a.reference.cmp(&b.reference));
    for exhibit in exhibits {
        let granted = exhibit.granted.contains_key(me) && exhibit.filer != *me;
        let done = exhibit.opened.contains_key(me)
            || exhibit.challenged.contains_key(me)
            || !exhibit.destroyed.is_empty();
        if granted && !done {
            let what = format!("{} of {} was granted, and is not opened", exhibit.reference, exhibit.filer);
            waits.push(Waits { due: None, what });
        }
        for (who, challenge) in exhibit.challenged.iter() {
            if exhibit.filer == *me && challenge.upheld != Some(false) && !challenge.mended {
                let what =
                    format!("{} is challenged by {who}: mend it, or let the arbiter rule", exhibit.reference);
                waits.push(Waits { due: None, what });
            }
        }
    }
    let queued = node.queued()?.len() as u64;
    if queued > 0 {
        let what = format!("{} to be carried to the registrar", count(queued, "act", "acts"));
        waits.push(Waits { due: None, what });
    }
    let pending = unsettled(node)?;
    if node.settings().registrar && pending > 0 {
        let what = format!("{} to be cosigned", count(pending, "entry", "entries"));
        waits.push(Waits { due: None, what });
    }
    waits.sort_by_key(|waiting| (waiting.due.is_none(), waiting.due));
    Ok(waits)
}

/// How many entries wait for a mark that a quorum has cosigned. Marks alone wait for nothing.
fn unsettled(node: &Node) -> Result<u64, Failure> {
    let mut unsettled = 0;
    for index in node.docket().timeline().settled()..node.size() {
        let is_mark = Entry::parse(&node.entry(index)?).is_ok_and(|entry| entry.act().kind() == Kind::Mark);
        unsettled += u64::from(!is_mark);
    }
    Ok(unsettled)
}

fn value(node: &Node, report: Option<&audit::Report>, waits: &[Waits]) -> Result<Value, Failure> {
    let replay = node.docket();
    Ok(json!({
        "participant": node.me(), "roles": roles(node), "origin": node.origin(),
        "voice": VoiceName::of(&node.genesis()).to_string(), "exercise": replay.is_exercise(),
        "entries": node.size(), "final": node.cosigned()?,
        "marks": replay.timeline().count(), "last-mark": replay.timeline().last(),
        "waits": waits.iter().map(|w| json!({"what": w.what, "due": w.due})).collect::<Vec<_>>(),
        "verdict": report.map(|report| folder::word(report.verdict())),
        "state": report.and_then(|report| report.state),
    }))
}
