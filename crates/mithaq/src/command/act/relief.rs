//! Relief, and what is said of an entry later: each a verb of its own, on a matter by its reference.

use act::Body;
use act::body;
use act::value::{MatterRef, StrandName};
use docket::v1::{Asked, Matter};
use node::Node;
use terms::{Code, Seconds};

use super::write::{Signing, Usual, act, act_once_read};
use crate::cli::{Globals, length};
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session;
use crate::show::text::count;
use crate::show::time::length as length_of;

/// Which lives of which matter.
#[derive(Clone, Debug, clap::Args)]
struct In {
    /// The matter: its reference, the index of the entry that opened it, or the id of that act.
    #[arg(value_name = "REF")]
    matter: String,
    /// One of its lives, as `south` or `south:p1`, where it has several; again for each.
    #[arg(long, value_name = "STRAND")]
    strand: Vec<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act extend CASE-26-0001-K respond 24h

By whom, how much and how often, the instrument says. What has run out is not extended any more.")]
pub(crate) struct Extend {
    #[command(flatten)]
    of: In,
    /// The step whose clock gets more time.
    #[arg(value_name = "STEP")]
    step: String,
    /// How much, as `24h`.
    #[arg(value_name = "LENGTH", value_parser = length)]
    by_how_much: Seconds,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act suspend CASE-26-0001-K 7d")]
pub(crate) struct Suspend {
    #[command(flatten)]
    of: In,
    /// How long, as `7d`.
    #[arg(value_name = "LENGTH", value_parser = length)]
    how_long: Seconds,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act resume CASE-26-0001-K")]
pub(crate) struct Resume {
    #[command(flatten)]
    of: In,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act set-aside CASE-26-0001-K alleged

The matter goes back to a state that it was in, with full time. Nothing that happened is undone.")]
pub(crate) struct SetAside {
    #[command(flatten)]
    of: In,
    /// The state.
    #[arg(value_name = "STATE")]
    state: String,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act withdraw 41
  mithaq act withdraw 8SbZ…=

It takes back a voice that waits for others, and marks any other entry. A matter is taken back by
a step that its procedure has.")]
pub(crate) struct Withdraw {
    /// The entry: its index, or the id of its act.
    #[arg(value_name = "ENTRY")]
    entry: String,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act confirm 41

`mithaq act disown --act 41` says that it is not this participant's act.")]
pub(crate) struct Confirm {
    /// What was written down on this participant's behalf: the index of its entry, or the id of its act.
    #[arg(value_name = "ENTRY")]
    entry: String,
    #[command(flatten)]
    signing: Signing,
}

impl In {
    fn matter<'n>(&self, node: &'n Node) -> Result<&'n Matter, Failure> {
        let key = resolve::matter(node.docket(), &self.matter)?;
        let found = node.docket().settlement().matters().get(&key);
        found.ok_or_else(|| Failure::usage("mithaq::unknown", format!("`{}` is no matter", self.matter)))
    }

    /// The strands that were named; all is said by none where there is one.
    fn strands(&self, matter: &Matter) -> Result<Vec<StrandName>, Failure> {
        let known = |text: &String| {
            matter.strands.keys().find(|name| name.as_str() == text).cloned().ok_or_else(|| {
                let names: Vec<&str> = matter.strands.keys().map(StrandName::as_str).collect();
                Failure::usage("mithaq::unknown", format!("there is no `{text}` in {}", matter.reference))
                    .help(format!("there is {}", names.join(", ")))
            })
        };
        let named = self.strand.iter().map(known).collect::<Result<Vec<_>, _>>()?;
        if named.is_empty() && matter.strands.len() > 1 {
            let names: Vec<&str> = matter.strands.keys().map(StrandName::as_str).collect();
            return Err(Failure::usage(
                "mithaq::ambiguous",
                format!("{} has several lives", matter.reference),
            )
            .help(format!("say which: `--strand {}`", names.join("` or `--strand "))));
        }
        Ok(named)
    }

    fn of(&self, node: &Node) -> Result<(MatterRef, Vec<StrandName>), Failure> {
        let matter = self.matter(node)?;
        Ok((matter.id, self.strands(matter)?))
    }
}

pub(crate) fn extend(args: &Extend, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let (matter, strands) = args.of.of(&node)?;
    let rules = &args.of.matter(&node)?.procedure;
    let step = Code::new(&args.step).filter(|step| rules.step(step).is_some());
    let step = step.ok_or_else(|| {
        let names: Vec<&str> = rules.steps.iter().map(|(name, _)| name.as_str()).collect();
        Failure::usage("mithaq::unknown_step", format!("there is no step `{}` in it", args.step))
            .help(format!("there is {}", names.join(", ")))
    })?;
    let rule = args.of.matter(&node)?.law.instrument.relief.extend.clone();
    if let Some(rule) = rule.filter(|rule| args.by_how_much > rule.most && !args.signing.anyway) {
        let (asked, most) = (length_of(args.by_how_much.0), length_of(rule.most.0));
        let message = format!("{asked} is more than may be given on one clock at a time");
        let often = count(u64::from(rule.times), "time", "times");
        return Err(Failure::new(Exit::Refused, "mithaq::to_no_effect", message)
            .help(format!("at most {most}, {often} on one clock, by {}", rule.by)));
    }
    let body = body::Extend { matter, strands, step, seconds: args.by_how_much.0 };
    act_once_read(&mut node, &args.signing, Body::Extend(body), globals)
}

pub(crate) fn suspend(args: &Suspend, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let (matter, strands) = args.of.of(&node)?;
    let body = body::Suspend { matter, strands, seconds: args.how_long.0 };
    act_once_read(&mut node, &args.signing, Body::Suspend(body), globals)
}

pub(crate) fn resume(args: &Resume, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let (matter, strands) = args.of.of(&node)?;
    act_once_read(&mut node, &args.signing, Body::Resume(body::Resume { matter, strands }), globals)
}

pub(crate) fn set_aside(args: &SetAside, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let (matter, strands) = args.of.of(&node)?;
    let rules = &args.of.matter(&node)?.procedure;
    let to = Code::new(&args.state).filter(|state| rules.state(state).is_some()).ok_or_else(|| {
        let names: Vec<&str> = rules.states.iter().map(|(name, _)| name.as_str()).collect();
        Failure::usage("mithaq::unknown", format!("there is no state `{}` in it", args.state))
            .help(format!("there is {}", names.join(", ")))
    })?;
    let body = body::SetAside { matter, strands, to };
    act_once_read(&mut node, &args.signing, Body::SetAside(body), globals)
}

pub(crate) fn withdraw(args: &Withdraw, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let entry = resolve::act(&node, &args.entry)?;
    let (_, found) = node.find(&entry)?;
    let matter = match found.body() {
        // It speaks in the matter that it opened.
        Body::Open(_) => Some(MatterRef::Opened(entry)),
        body => body.matter(),
    };
    // What opened it may be withdrawn still, and a voice that waits for others.
    let is_said_in_it = !matches!(found.body(), Body::Open(_)) && Asked::of(found.body()).is_none();
    let of = matter.as_ref().filter(|_| is_said_in_it);
    let over = of.and_then(|id| node.docket().settlement().matter(id));
    if let Some((_, over)) = over.filter(|(_, matter)| !matter.is_open() && !args.signing.anyway) {
        let message = format!("{} has ended: what was said in it stands", over.reference);
        return Err(Failure::new(Exit::Refused, "mithaq::to_no_effect", message)
            .help("who wants to say otherwise says so in a matter that is open"));
    }
    act_once_read(&mut node, &args.signing, Body::Withdraw(body::Withdraw { matter, entry }), globals)
}

pub(crate) fn confirm(args: &Confirm, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let confirmed = resolve::act(&node, &args.entry)?;
    act(&mut node, &args.signing, Usual::Officer, Body::Confirm(body::Confirm { act: confirmed }), globals)
}
