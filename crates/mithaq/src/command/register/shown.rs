//! What a register is: its name, who takes part, their keys.

use docket::v1::ledger::Ended;
use serde_json::{Value, json};
use terms::VoiceName;

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;
use crate::show::table::{self, table};
use crate::show::text::safe;

pub(crate) fn run(globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let (instrument, ledger) = (node.docket().instrument(), node.ledger());
    if globals.json {
        println!("{:#}", value(&node));
        return Ok(Exit::Good);
    }
    println!("{}", safe(&instrument.name));
    println!("  register  {}", node.origin());
    println!("  by voice  {}", VoiceName::of(&node.genesis()));
    println!("  genesis   {}", node.genesis());
    println!("  entries   {}", node.size());
    if let Some(standing) = &instrument.standing {
        println!("  {}", safe(standing));
    }
    println!();
    let mut participants = table(["PARTICIPANT", "CALLED", "ROLE", "SEAT"]);
    for (id, who) in &instrument.participants {
        let seat = if ledger.is_vacant(id) { "vacant" } else { "taken" };
        participants.add_row([id.as_str(), &safe(&who.names.label), &safe(who.title()), seat]);
    }
    table::print(&mut participants);
    println!();
    let mut keys = table(["KEY", "CAPACITY", "CUSTODY", "OFFICE", "SINCE", "STATE"]);
    let cosigned = node.cosigned()?;
    for (signer, key) in ledger.keys() {
        let state = if key.since < cosigned { ended(key.ended) } else { "on its way".to_owned() };
        keys.add_row([
            signer.to_string(),
            key.capacity.to_string(),
            key.custody.to_string(),
            safe(&key.office),
            key.since.to_string(),
            state,
        ]);
    }
    table::print(&mut keys);
    println!();
    let policy = ledger.policy();
    let mut witnesses = table(["WITNESS", "KEY"]);
    for witness in policy.witnesses() {
        witnesses.add_row([safe(&witness.name), witness.key.to_string()]);
    }
    table::print(&mut witnesses);
    println!("quorum {} of {}", policy.quorum(), policy.witnesses().len());
    Ok(Exit::Good)
}

fn ended(ended: Option<(u64, Ended)>) -> String {
    match ended {
        None => "in force".to_owned(),
        Some((entry, why)) => format!("{} at entry {entry}", word(why)),
    }
}

const fn word(why: Ended) -> &'static str {
    match why {
        Ended::Revoked => "revoked",
        Ended::Disowned(_) => "disowned",
        Ended::Replaced => "replaced",
    }
}

fn value(node: &node::Node) -> Value {
    let replay = node.docket();
    let (instrument, ledger) = (replay.instrument(), node.ledger());
    json!({
        "name": instrument.name,
        "exercise": replay.is_exercise(),
        "origin": node.origin(),
        "voice": VoiceName::of(&node.genesis()).to_string(),
        "genesis": node.genesis(),
        "entries": node.size(),
        "participants": instrument.participants.iter().map(|(id, who)| json!({
            "id": id, "label": who.names.label, "role": who.role.as_str(), "title": who.title(),
            "vacant": ledger.is_vacant(id),
        })).collect::<Vec<_>>(),
        "keys": ledger.keys().iter().map(|(signer, key)| json!({
            "key": signer.to_string(), "capacity": key.capacity.as_str(), "custody": key.custody.as_str(),
            "office": key.office, "since": key.since,
            "vkey": key.vkey.as_ref().map(ToString::to_string), "recipient": key.recipient,
            "ended": key.ended.map(|(entry, why)| json!({"entry": entry, "why": word(why)})),
        })).collect::<Vec<_>>(),
        "witnesses": ledger.policy().witnesses().iter()
            .map(|witness| json!({"name": witness.name, "key": witness.key.to_string()})).collect::<Vec<_>>(),
        "quorum": ledger.policy().quorum(),
    })
}
