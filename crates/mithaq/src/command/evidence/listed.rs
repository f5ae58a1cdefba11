//! Exhibits in tables: the four stages, apart.

use act::Body;
use docket::v1::exhibit::{self, Exhibit};
use node::Node;
use node::evidence::files_of;
use serde_json::{Value, json};
use terms::{Instant, Item, ItemPart, ParticipantId};

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session::{self, label};
use crate::show::table::{self, right, table};
use crate::show::text::{number, safe};
use crate::show::time::utc;

/// An exhibit that no mark covers yet.
struct OnItsWay {
    item: Item,
    filer: String,
}

pub(crate) fn list(globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let exhibits = node.docket().settlement().exhibits();
    let waiting = on_their_way(&node)?;
    let mut listed: Vec<(&Item, &Exhibit)> = exhibits.iter().collect();
    listed.sort_by(|(_, a), (_, b)| a.reference.cmp(&b.reference));
    if globals.json {
        let list: Vec<Value> = listed.iter().map(|(item, exhibit)| value(&node, item, exhibit)).collect();
        let waiting: Vec<Value> =
            waiting.iter().map(|w| json!({"exhibit": w.item, "filer": w.filer})).collect();
        let exercise = node.docket().is_exercise();
        println!("{:#}", json!({"exercise": exercise, "exhibits": list, "on-their-way": waiting}));
        return Ok(Exit::Good);
    }
    if exhibits.is_empty() && waiting.is_empty() {
        println!("No exhibit is on record.");
        return Ok(Exit::Good);
    }
    let mut rows =
        table(["EXHIBIT", "WHAT", "OFFERED BY", "OFFERED", "FILED BY", "SHARED WITH", "ANSWERED BY", "HERE"]);
    for (item, exhibit) in listed {
        rows.add_row([
            exhibit.reference.to_string(),
            what(&node, item, exhibit),
            format!(
                "{}{}",
                label(&node, exhibit.filer.as_str()),
                if exhibit.disowned { " (disowned)" } else { "" }
            ),
            utc(exhibit.offered),
            names(&node, exhibit.kept.keys()),
            names(&node, exhibit.opened.keys()),
            names(&node, exhibit.answered.keys()),
            here(&node, item, exhibit).to_owned(),
        ]);
    }
    table::print(&mut rows);
    for OnItsWay { item, filer } in waiting {
        println!("on its way: {item}, offered by {}", label(&node, &filer));
    }
    Ok(Exit::Good)
}

/// What an exhibit is: by the act that filed it, and by its name, where this node can open its grant.
fn what(node: &Node, item: &Item, exhibit: &Exhibit) -> String {
    let Ok((_, act)) = node.find(&item.act) else { return String::new() };
    let place = match item.part {
        ItemPart::Exhibit(number) => usize::try_from(number).ok().and_then(|n| n.checked_sub(1)),
        ItemPart::Matter(_) | ItemPart::Row(_) => None,
    };
    let grant = place.and_then(|at| files_of(act.body()).get(at).and_then(|file| node.said_of(file)));
    let name = grant.and_then(|grant| grant.name).map(|name| safe(name.as_str()));
    let settlement = node.docket().settlement();
    let reference = |item: &Item| {
        settlement.exhibits().get(item).map_or_else(|| item.to_string(), |found| found.reference.to_string())
    };
    let matter = exhibit.matter.and_then(|index| settlement.matters().get(&index));
    let filed = match (act.body(), matter) {
        (Body::Open(open), Some(matter)) if open.procedure.as_str() == "notice" => {
            format!("text of {}", matter.reference)
        }
        (_, Some(matter)) => format!("file in {}", matter.reference),
        (Body::Answer(answer), None) => format!("answer to {}", reference(&answer.exhibit)),
        (Body::Enrol(_), None) => "nominating note".to_owned(),
        (Body::Batch(batch), None) => format!("table of {}", batch.table),
        (_, None) => "offer".to_owned(),
    };
    name.map_or_else(|| filed.clone(), |name| format!("{name}, {filed}"))
}

fn names<'a>(node: &Node, who: impl Iterator<Item = &'a ParticipantId>) -> String {
    let names: Vec<String> = who.map(|who| label(node, who.as_str())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// What this node has of an exhibit, and can do with it.
fn here(node: &Node, item: &Item, exhibit: &Exhibit) -> &'static str {
    if exhibit.destroyed.contains_key(node.me()) {
        return "destroyed";
    }
    let held = node.filed(item).is_ok_and(|(file, _)| node.holds(&file));
    let granted = exhibit.granted.contains_key(node.me()) || exhibit.filer == *node.me();
    match (held, granted) {
        (true, true) => "held, granted",
        (true, false) => "held",
        (false, true) => "granted",
        (false, false) => "no",
    }
}

/// Files of acts that no mark covers, and of acts that wait in the queue.
fn on_their_way(node: &Node) -> Result<Vec<OnItsWay>, Failure> {
    let mut waiting = Vec::new();
    for pending in node.on_their_way()? {
        let act = &pending.act;
        for number in (1_u32..).take(files_of(act.body()).len()) {
            let filer = act.head().by.to_string();
            waiting.push(OnItsWay { item: Item::exhibit(act.id(), number), filer });
        }
    }
    Ok(waiting)
}

/// Times by participant.
fn by_name<'a>(times: impl Iterator<Item = (&'a ParticipantId, Instant)>) -> Value {
    times.map(|(who, at)| (who.to_string(), json!(at))).collect::<serde_json::Map<_, _>>().into()
}

fn value(node: &Node, item: &Item, exhibit: &Exhibit) -> Value {
    json!({
        "exhibit": item, "reference": exhibit.reference.to_string(), "what": what(node, item, exhibit), "filer": exhibit.filer,
        "entry": exhibit.entry, "offered": exhibit.offered, "disowned": exhibit.disowned,
        "granted": by_name(exhibit.granted.iter().map(|(who, at)| (who, *at))), "filed": by_name(exhibit.kept.iter().map(|(who, (at, _))| (who, *at))), "shared": by_name(exhibit.opened.iter().map(|(who, (at, _))| (who, *at))),
        "answered": by_name(exhibit.answered.iter().map(|(who, (at, _))| (who, *at))), "destroyed": by_name(exhibit.destroyed.iter().map(|(who, at)| (who, *at))), "danger": exhibit.danger,
        "holds": by_name(exhibit.holds.iter().map(|(who, (until, _))| (who, *until))),
        "challenges": exhibit.challenged.iter().map(|(who, challenge)| json!({
            "by": who, "act": challenge.act, "at": challenge.at, "ground": challenge.ground,
            "upheld": challenge.upheld.map(|(upheld, _)| upheld), "mended": exhibit.is_mended(who),
        })).collect::<Vec<_>>(),
        "here": here(node, item, exhibit),
    })
}

pub(crate) fn tally(globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let tallies = exhibit::tallies(node.docket().settlement().exhibits());
    if globals.json {
        let value: serde_json::Map<String, Value> = tallies
            .iter()
            .map(|(who, tally)| {
                let counts = json!({"offered": tally.offered, "filed": tally.filed, "shared": tally.shared,
                    "answered": tally.answered});
                (who.to_string(), counts)
            })
            .collect();
        let exercise = node.docket().is_exercise();
        println!("{:#}", json!({"exercise": exercise, "tallies": value}));
        return Ok(Exit::Good);
    }
    let mut rows = table(["", "OFFERED", "FILED", "SHARED", "ANSWERED"]);
    for (who, tally) in &tallies {
        let [offered, filed, shared, answered] =
            [tally.offered, tally.filed, tally.shared, tally.answered].map(number);
        rows.add_row([label(&node, who.as_str()), offered, filed, shared, answered]);
    }
    right(&mut rows, &[1, 2, 3, 4]);
    if tallies.is_empty() {
        println!("No exhibit is on record.");
    } else {
        table::print(&mut rows);
    }
    Ok(Exit::Good)
}
