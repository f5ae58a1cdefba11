//! `mithaq notice`: a party tells guarantors, at any time, without allegation or finding.

use std::path::PathBuf;

use act::Body;
use act::body;
use act::value::{FieldValue, Fields, MatterRef, StrandName, Word};
use docket::v1::matter::Matter;
use node::Node;
use serde_json::{Value, json};
use terms::{ActId, Code, Instant};

use super::act::write::{Signing, Usual, act, act_quietly, tell};
use super::evidence::seal_one;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session::{self, label};
use crate::show::table::{self, table};
use crate::show::time::{relative, utc};

/// `mithaq notice`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Gives notice to guarantors. It needs no allegation and no finding.
    Give(Give),
    /// Lists notices, to whom, and by whom they were acknowledged.
    List,
    /// Acknowledges receipt; does not accept content.
    Acknowledge(Acknowledge),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq notice give --to doha --file notice.txt

The text is sealed to those who are told. That notice was given, and when, is on record.")]
struct Give {
    /// Who is told; again for each.
    #[arg(long, value_name = "PARTICIPANT", required = true)]
    to: Vec<String>,
    /// The text of the notice.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq notice acknowledge NOT-26-0001-K

Receipt only; it does not accept content. Its text is an exhibit, which `mithaq notice list` names: open
that first, `mithaq evidence open EXH-26-0002-B --out notice.txt`.")]
struct Acknowledge {
    /// The notice: its reference, the index of its entry, or the id of its act.
    #[arg(value_name = "NOTICE")]
    notice: String,
    #[command(flatten)]
    signing: Signing,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::Give(args) => give(args, globals),
        Command::List => list(globals),
        Command::Acknowledge(args) => acknowledge(args, globals),
    }
}

fn code(text: &str) -> Result<Code, Failure> {
    Code::new(text).ok_or_else(|| Failure::usage("mithaq::usage", format!("`{text}` is no code")))
}

fn give(args: &Give, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let mut to = args.to.iter().map(|who| resolve::participant(&node, who)).collect::<Result<Vec<_>, _>>()?;
    to.sort();
    to.dedup();
    let told = to.iter().map(|who| code(who.as_str()).map(Word::Code)).collect::<Result<Vec<_>, _>>()?;
    let file = seal_one(&node, &args.file, &to, None, (&args.signing, Usual::Officer))?;
    let fields = Fields::from([(code("told")?, FieldValue::Several(told))]);
    let open =
        body::Open { procedure: code("notice")?, tier: None, fields, strands: Vec::new(), files: vec![file] };
    let body = Body::Open(open);
    let Some(submission) = act_quietly(&mut node, &args.signing, Usual::Officer, body, globals)? else {
        return Ok(Exit::Good);
    };
    tell(&node, &submission, globals, json!({ "to": to }))
}

fn acknowledge(args: &Acknowledge, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let notice = resolve::act(&node, &args.notice)?;
    check(&node, &notice, &args.notice)?;
    let disowned = |matter: &Matter| matter.disowned && matter.id == MatterRef::Opened(notice);
    if !args.signing.anyway && notices(&node).any(disowned) {
        let message = format!("`{}` was taken back by its participant", args.notice);
        return Err(Failure::new(Exit::Refused, "mithaq::to_no_effect", message)
            .help("nothing waits for an acknowledgement; `--anyway` signs one all the same"));
    }
    let strand =
        StrandName::new(node.me().to_string()).map_err(|what| Failure::usage("mithaq::usage", what))?;
    let step = body::Step {
        matter: MatterRef::Opened(notice),
        strands: vec![strand],
        step: code("acknowledge")?,
        choice: None,
        fields: Fields::new(),
        files: Vec::new(),
    };
    if !globals.json {
        eprintln!("receipt only; does not accept content");
    }
    act(&mut node, &args.signing, Usual::Officer, Body::Step(step), globals)
}

/// That what was named is a notice, as far as is known here.
fn check(node: &Node, notice: &ActId, named: &str) -> Result<(), Failure> {
    let (_, act) = node.find(notice)?;
    match act.body() {
        Body::Open(open) if open.procedure.as_str() == "notice" => Ok(()),
        _ => Err(Failure::usage("mithaq::unknown", format!("`{named}` is no notice"))
            .help("`mithaq notice list` lists them")),
    }
}

/// Notices, by the order in which they were given.
pub(crate) fn notices(node: &Node) -> impl Iterator<Item = &Matter> {
    let settlement = node.docket().settlement();
    let kind = Code::new("notice");
    let keys = kind.map(|kind| settlement.matters_of(&kind).collect::<Vec<_>>()).unwrap_or_default();
    keys.into_iter().filter_map(|key| settlement.matters().get(&key))
}

/// By when an acknowledgement is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// The clock runs.
    At(Instant),
    /// It waits for service, which is deemed then; and it is due no later.
    AtLatest { deemed: Instant, due: Instant },
}

impl Due {
    pub(crate) const fn instant(self) -> Instant {
        match self {
            Due::At(due) | Due::AtLatest { due, .. } => due,
        }
    }

    /// `2026-01-14 08:00 UTC, in 4 h`, or with `at the latest` in it.
    pub(crate) fn said(self, now: Instant) -> String {
        let due = self.instant();
        match self {
            Due::At(_) => format!("{}, {}", utc(due), relative(due, now)),
            Due::AtLatest { deemed, .. } => {
                format!("{} at the latest, {}: served by {}", utc(due), relative(due, now), utc(deemed))
            }
        }
    }
}

/// By when an acknowledgement is due, if one is waited for.
pub(crate) fn due(node: &Node, notice: &Matter, who: &StrandName) -> Option<Due> {
    let (step, clock) =
        notice.strands.get(who)?.clocks.iter().find(|(step, _)| step.as_str() == "acknowledge")?;
    if let Some(times) = &clock.times {
        return Some(Due::At(times.due));
    }
    let latest = node.docket().settlement().due_at_latest(notice, who, step);
    latest.map(|(deemed, due)| Due::AtLatest { deemed, due })
}

/// The exhibits that are a notice's text.
fn texts<'a>(node: &'a Node, notice: &'a Matter) -> impl Iterator<Item = String> + 'a {
    let exhibits = node.docket().settlement().exhibits().iter();
    let own = exhibits.filter(|(item, _)| MatterRef::Opened(item.act) == notice.id);
    own.map(|(_, exhibit)| exhibit.reference.to_string())
}

fn list(globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let now = session::now(globals)?;
    if globals.json {
        let list: Vec<Value> = notices(&node)
            .map(|notice| {
                let told: serde_json::Map<String, Value> = notice
                    .strands
                    .iter()
                    .map(|(who, strand)| {
                        let mut value = json!({"state": strand.state, "since": strand.since, "due": null});
                        match due(&node, notice, who).filter(|_| !notice.disowned) {
                            Some(Due::At(due)) => value["due"] = json!(due),
                            Some(Due::AtLatest { deemed, due }) => {
                                value["due-at-latest"] = json!(due);
                                value["deemed-served"] = json!(deemed);
                            }
                            None => {}
                        }
                        (who.to_string(), value)
                    })
                    .collect();
                json!({"reference": notice.reference.to_string(), "act": notice.id.to_string(), "from": notice.opener,
                    "given": notice.opened, "disowned": notice.disowned,
                    "text": texts(&node, notice).collect::<Vec<_>>(), "told": told})
            })
            .collect();
        println!("{:#}", json!({"exercise": node.docket().is_exercise(), "notices": list}));
        return Ok(Exit::Good);
    }
    let mut rows = table(["NOTICE", "TEXT", "FROM", "TO", "GIVEN", "STATE", "SINCE", "DUE"]);
    let mut any = false;
    for notice in notices(&node) {
        for (who, strand) in notice.strands.iter() {
            any = true;
            let due = due(&node, notice, who).filter(|_| !notice.disowned);
            rows.add_row([
                notice.reference.to_string(),
                texts(&node, notice).collect::<Vec<_>>().join(", "),
                label(&node, notice.opener.as_str()),
                label(&node, who.as_str()),
                utc(notice.opened),
                if notice.disowned { "disowned".to_owned() } else { strand.state.to_string() },
                utc(strand.since),
                due.map(|due| due.said(now)).unwrap_or_default(),
            ]);
        }
    }
    if any {
        table::print(&mut rows);
    } else {
        println!("No notice is on record.");
    }
    Ok(Exit::Good)
}
