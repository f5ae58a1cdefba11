//! A table of reports: what it holds, whose it is, where its text lies.

use act::Body;
use docket::v1::Table;
use serde_json::json;
use terms::ActId;

use crate::cli::Globals;
use crate::command::act::table_batch::above;
use crate::failure::{Exit, Failure};
use crate::reading::{Reading, answer};
use crate::say::label;
use crate::show::table::print_text;
use crate::show::text::{bytes, count, safe};
use crate::show::time::utc;

pub(super) fn show(reading: &Reading, act: ActId, table: &Table, globals: &Globals) -> Result<Exit, Failure> {
    let (entry, found) = reading.node.find(&act)?;
    let annex = match found.body() {
        Body::Batch(batch) => batch.annex.as_ref(),
        _ => None,
    };
    let bytes_here = match annex {
        Some(annex) => reading.node.annexes().get(&annex.sha256).map_err(node::Fault::from)?,
        None => None,
    };
    let is_here = bytes_here.is_some();
    let text = bytes_here.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let (says, _) = above(&text);
    if globals.json {
        let table = json!({
            "reference": table.reference.to_string(), "act": act, "entry": entry, "by": table.by, "at": table.at,
            "holds": table.holds, "rows": table.rows, "withdrawn": table.withdrawn,
            "sha256": annex.map(|annex| annex.sha256), "at-hand": is_here, "above": says,
        });
        println!("{:#}", answer(reading, json!({"table": table})));
        return Ok(Exit::Good);
    }
    println!("{}  Table of reports", table.reference);
    let by = label(reading.replay().instrument(), &table.by);
    println!("entered by {by} on {}, entry {entry}", utc(table.at));
    println!("`{}`, {}", table.holds, count(table.rows, "row", "rows"));
    if table.withdrawn {
        println!("withdrawn by its author");
    }
    if !says.is_empty() {
        println!("\nIt says of itself:");
        says.iter().for_each(|line| print_text(&safe(line), 2));
    }
    println!();
    let lies = match annex {
        None => "It is sealed: `mithaq evidence list` says who can open it.".to_owned(),
        Some(annex) => {
            let hash = annex.sha256.to_hex();
            let here = if is_here { "at hand" } else { "not at hand: a bundle brings it" };
            format!(
                "Its text, {}, is in the clear in every copy, SHA-256 {hash}, and is {here}.",
                bytes(annex.size)
            )
        }
    };
    print_text(&safe(&lies), 0);
    if is_here {
        print_text(&format!("`mithaq cite {}/1` quotes its first row.", table.reference), 0);
    }
    Ok(Exit::Good)
}
