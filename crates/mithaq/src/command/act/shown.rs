//! `mithaq act show`

use act::Entry;
use note::Intake;
use serde_json::json;
use terms::ActId;

use super::described;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session;
use crate::show::text::safe;
use crate::show::time::utc;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act show EXH-26-0001-X
  mithaq act show 41
  mithaq act show 8SbZ…=")]
pub(crate) struct Args {
    /// The act: a reference, the index of its entry, or its id.
    act: String,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let id = resolve::act(&node, &args.act)?;
    let (index, _) = match node.find(&id) {
        Ok(found) => found,
        Err(fault) => return queued(&node, &id, globals).unwrap_or_else(|| Err(fault.into())),
    };
    let entry = Entry::parse(&node.entry(index)?).map_err(node::Fault::from)?;
    let events = session::events(&node);
    let by_entry = described::by_entry(&events);
    let effect = described::effect(node.docket(), &id, index, by_entry.get(&index));
    let happened: Vec<String> =
        by_entry.get(&index).into_iter().flatten().map(|event| event.what.to_string()).collect();
    let act = entry.act();
    let head = act.head();
    let intakes: Vec<(String, Option<Intake>)> = entry
        .submission()
        .intakes()
        .iter()
        .map(|line| (line.name.to_string(), Intake::parse(act.id(), &line.payload).map(|(intake, _)| intake)))
        .collect();
    if globals.json {
        println!(
            "{:#}",
            json!({
                "exercise": node.docket().is_exercise(), "act": act.id(), "entry": index, "kind": act.kind(), "by": head.by,
                "signers": head.signers.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "n": head.n, "prev": head.prev, "at": head.at, "registered": entry.receipt().time,
                "intakes": intakes.iter().map(|(name, intake)| json!({"key": name, "time": intake.map(|i| i.time)}))
                    .collect::<Vec<_>>(),
                "effect": effect, "happened": happened, "text": act.text(),
            })
        );
        return Ok(Exit::Good);
    }
    let signers: Vec<String> = head.signers.iter().map(ToString::to_string).collect();
    println!("act         {}", act.id());
    println!("entry       {index}");
    println!("kind        {}", act.kind());
    println!("by          {}", head.by);
    println!("signed by   {}, n {}", signers.join(", "), head.n);
    println!("says at     {}, by its author's clock", utc(head.at.0));
    for (name, intake) in &intakes {
        let time = intake.map_or_else(|| "an unreadable time".to_owned(), |intake| utc(intake.time));
        println!("taken in    {time}, by {name}");
    }
    println!("registered  {}, receipt by the registrar", utc(entry.receipt().time));
    println!("effect      {effect}");
    for line in happened {
        println!("            {}", safe(&line));
    }
    println!();
    for line in act.text().lines() {
        println!("{}", safe(line));
    }
    Ok(Exit::Good)
}

/// An act that waits in the queue.
fn queued(node: &node::Node, id: &ActId, globals: &Globals) -> Option<Result<Exit, Failure>> {
    let submission = node.queued().ok()?.into_iter().find(|submission| submission.act().id() == *id)?;
    let act = submission.act();
    if globals.json {
        println!(
            "{:#}",
            json!({"exercise": node.docket().is_exercise(), "act": act.id(), "kind": act.kind(),
                "queued": true, "text": act.text()})
        );
    } else {
        println!("act         {}", act.id());
        println!("kind        {}", act.kind());
        println!("effect      waits to be carried to the registrar");
        println!();
        for line in act.text().lines() {
            println!("{}", safe(line));
        }
    }
    Some(Ok(Exit::Good))
}
