//! What exploration finds, told: the stories first, then how much was looked at, and what was not.

use std::collections::BTreeMap;

use instrument::Instrument;
use instrument::explore::{BOUNDS, Lives, Trap, explore};
use serde_json::json;
use terms::{Code, Diagnostic, Severity};

use crate::show::progress::{Progress, Unit};
use crate::show::table;
use crate::show::text::{count, number, safe};

/// The lives of each kind of matter.
pub(super) type All = BTreeMap<Code, Lives>;

/// Walks them all; none if there are no kinds of matter, or errors that have to be mended first.
pub(super) fn walk(instrument: &Instrument, diagnostics: &[Diagnostic]) -> Option<All> {
    let first = |found: &Diagnostic| found.severity == Severity::Error && !Trap::CODES.contains(&found.code);
    if instrument.procedures.is_empty() || diagnostics.iter().any(first) {
        return None;
    }
    let mut progress = Progress::new("walking every life", Unit::Kinds);
    let all = instrument.procedures.len() as u64;
    Some(explore(instrument, |done| progress.tell(done as u64, all)))
}

/// How many traps there are.
pub(super) fn traps(lives: &All) -> u64 {
    lives.values().map(|lives| lives.findings.len() as u64).sum()
}

/// The shortest story to each trap, each behind an empty line.
pub(super) fn stories(lives: &All) -> String {
    let mut told = String::new();
    for (name, finding) in
        lives.iter().flat_map(|(name, lives)| lives.findings.iter().map(move |it| (name, it)))
    {
        told.push_str(&format!("\n{name}: {} ({})\n", safe(&finding.trap.message()), finding.trap.code()));
        for line in &finding.story {
            told.push_str(&format!("  {}  {}\n", line.at, safe(&line.says)));
        }
    }
    told
}

pub(super) fn print(lives: &All) {
    println!("{}", stories(lives));
    let mut table = table::table(["KIND", "SEATINGS", "NODES", "MOVES"]);
    for (name, lives) in lives {
        let numbers = [lives.seatings, lives.nodes, lives.edges].map(|many| number(many as u64));
        table.add_row(std::iter::once(name.to_string()).chain(numbers));
    }
    table::right(&mut table, &[1, 2, 3]);
    table::print(&mut table);
    println!();
    let nodes: usize = lives.values().map(|lives| lives.nodes).sum();
    let partly: Vec<&str> =
        lives.iter().filter(|(_, lives)| !lives.whole).map(|(name, _)| name.as_str()).collect();
    let nodes = count(nodes as u64, "node", "nodes");
    if partly.is_empty() {
        println!("{nodes}: every life of a strand was looked at. The bounds:");
    } else {
        println!("{nodes}, and not every life: {} has too many to look at. The bounds:", partly.join(", "));
    }
    for bound in BOUNDS {
        println!("  {bound}");
    }
    println!();
}

pub(super) fn value(lives: &All) -> serde_json::Value {
    let kinds: serde_json::Map<String, serde_json::Value> = lives
        .iter()
        .map(|(name, lives)| {
            let findings = lives.findings.iter().map(|finding| {
                let story: Vec<_> =
                    finding.story.iter().map(|line| json!({"at": line.at, "says": line.says})).collect();
                json!({"code": finding.trap.code(), "message": finding.trap.message(), "story": story})
            });
            let findings: Vec<_> = findings.collect();
            let Lives { seatings, nodes, edges, whole, .. } = lives;
            let told = json!({
                "seatings": seatings, "nodes": nodes, "moves": edges, "whole": whole, "traps": findings
            });
            (name.to_string(), told)
        })
        .collect();
    json!({"kinds": kinds, "bounds": BOUNDS})
}
