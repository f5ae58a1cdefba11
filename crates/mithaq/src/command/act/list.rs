//! `mithaq act list`

use act::Entry;
use serde_json::json;
use terms::Kind;

use super::described;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session::{self, label};
use crate::show::error::aside;
use crate::show::table::{self, right, table};
use crate::show::text::safe;
use crate::show::time::utc;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act list
  mithaq act list --participant north --kind offer --most 5")]
pub(crate) struct Args {
    /// Only acts of this participant.
    #[arg(long, value_name = "PARTICIPANT")]
    participant: Option<String>,
    /// Only acts of this kind.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// How many at most, the last first; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 50)]
    most: usize,
}

pub(super) fn kind(text: &str) -> Result<Kind, String> {
    Kind::new(text).ok_or_else(|| {
        let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("it is one of {}", words.join(", "))
    })
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let events = session::events(&node);
    let by_entry = described::by_entry(&events);
    let participant = args.participant.as_ref().map(|who| resolve::participant(&node, who)).transpose()?;
    let mut rows = Vec::new();
    let (mut more, mut index) = (0_usize, node.size());
    while index > 0 {
        index -= 1;
        let Ok(entry) = Entry::parse(&node.entry(index)?) else { continue };
        let act = entry.act();
        if participant.as_ref().is_some_and(|who| act.head().by.participant() != Some(who))
            || args.kind.is_some_and(|kind| act.kind() != kind)
        {
            continue;
        }
        if args.most > 0 && rows.len() == args.most {
            more += 1;
            continue;
        }
        let effect = described::effect(node.docket(), &act.id(), index, by_entry.get(&index));
        rows.push((index, entry, effect));
    }
    let queued = node.queued()?;
    if globals.json {
        let acts: Vec<_> = rows
            .iter()
            .map(|(index, entry, effect)| {
                let act = entry.act();
                json!({"entry": index, "act": act.id(), "registered": entry.receipt().time, "by": act.head().by,
                    "kind": act.kind(), "what": described::what(act.body(), node.docket(), ToString::to_string), "effect": effect})
            })
            .collect();
        let queued: Vec<_> =
            queued.iter().map(|s| json!({"act": s.act().id(), "kind": s.act().kind()})).collect();
        println!(
            "{:#}",
            json!({"exercise": node.docket().is_exercise(), "acts": acts, "queued": queued, "more": more})
        );
        return Ok(Exit::Good);
    }
    for submission in &queued {
        println!("waits to be carried: `{}`, act {}", submission.act().kind(), submission.act().id());
    }
    let mut listed = table(["ENTRY", "REGISTERED", "BY", "KIND", "WHAT", "EFFECT"]);
    for (index, entry, effect) in rows {
        let act = entry.act();
        listed.add_row([
            index.to_string(),
            utc(entry.receipt().time),
            label(&node, &act.head().by.to_string()),
            act.kind().to_string(),
            safe(&format!(
                "{}{}",
                described::reference_first(node.docket(), index, &act.id()),
                described::what(act.body(), node.docket(), |who| label(&node, who.as_str()))
            )),
            effect,
        ]);
    }
    right(&mut listed, &[0]);
    table::print(&mut listed);
    if more > 0 {
        aside(format_args!("{more} more: `--most 0` lists all\n"));
    }
    Ok(Exit::Good)
}
