//! `cargo xtask arrows`: a crate may use those above it, never below (DESIGN §9); above the line
//! nothing reads a clock, a disk, a network or chance.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::run::say;
use crate::workspace::{BELOW, Member, PURE, list, members, metadata, short};
use crate::{Outcome, purity};

/// Packages of others that bring chance, a clock or a network with them.
const IMPURE: [&str; 14] = [
    "getrandom",
    "rand",
    "time",
    "chrono",
    "jiff",
    "tokio",
    "mio",
    "socket2",
    "reqwest",
    "hyper",
    "ureq",
    "rusqlite",
    "rustix",
    "tempfile",
];

/// Chores, benches, what is fuzzed and what replays golden registers may use anything.
const FREE: [&str; 4] = ["xtask", "bench", "readers", "golden"];

pub(crate) fn arrows() -> Outcome {
    let metadata = metadata()?;
    let members = members(&metadata);
    let mut wrongs = order(&members);
    wrongs.extend(brought(&metadata, &members));
    let mut files = 0;
    for member in members.iter().filter(|member| PURE.contains(&short(&member.name))) {
        let (read, found) = purity::impurities(member);
        files += read;
        wrongs.extend(found);
    }
    if wrongs.is_empty() {
        say(&format!("arrows: {} crates in order, {files} pure files touch nothing", members.len()));
        Ok(())
    } else {
        Err(wrongs)
    }
}

/// Where a crate stands, the first from the top.
fn place(name: &str) -> Option<usize> {
    PURE.iter().chain(&BELOW).position(|other| *other == short(name))
}

fn is_free(name: &str) -> bool {
    FREE.contains(&short(name))
}

fn order(members: &[Member]) -> Vec<String> {
    let ours: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut wrongs = Vec::new();
    for member in members.iter().filter(|member| !is_free(&member.name)) {
        let Some(own) = place(&member.name) else {
            wrongs.push(format!("`{}` has no place in the order of DESIGN §9", member.name));
            continue;
        };
        for used in member.uses.iter().filter(|used| ours.contains(used.as_str())) {
            if place(used).is_none_or(|used| used >= own) {
                wrongs.push(format!("`{}` uses `{used}`, which is not above it", member.name));
            }
        }
    }
    wrongs
}

/// Impure packages that the pure crates bring along, by which way.
fn brought(metadata: &Value, members: &[Member]) -> Vec<String> {
    let names: BTreeMap<&str, &str> = list(&metadata["packages"])
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
        .collect();
    let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let normal = list(&node["deps"]).iter().filter(|dep| {
            // Tests may roll dice, and a build script runs on the builder's machine.
            list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null() && kind["target"].is_null())
        });
        if let Some(id) = node["id"].as_str() {
            uses.insert(id, normal.filter_map(|dep| dep["pkg"].as_str()).collect());
        }
    }
    let mut wrongs = Vec::new();
    for member in members.iter().filter(|member| PURE.contains(&short(&member.name))) {
        let Some((start, _)) = names.iter().find(|(_, name)| **name == member.name) else { continue };
        let mut seen = BTreeSet::from([*start]);
        let mut ways = vec![vec![*start]];
        while let Some(way) = ways.pop() {
            for next in way.last().and_then(|last| uses.get(last)).into_iter().flatten() {
                if !seen.insert(next) {
                    continue;
                }
                let way = [way.as_slice(), &[next]].concat();
                if names.get(next).is_some_and(|name| IMPURE.contains(name)) {
                    let way: Vec<&str> = way.iter().filter_map(|id| names.get(id).copied()).collect();
                    wrongs.push(format!("a pure crate brings what is not: {}", way.join(" → ")));
                } else {
                    ways.push(way);
                }
            }
        }
    }
    wrongs
}
