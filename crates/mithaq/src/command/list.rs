//! `mithaq list`: the matters of a kind, with the columns that its procedure has; without a kind, the kinds.

use std::collections::BTreeMap;

use act::value::StrandName;
use comfy_table::Table;
use docket::v1::matter::Strand;
use docket::v1::{Matter, MatterKey};
use docket::view::{Ask, asks};
use instrument::Procedure;
use instrument::procedure::{Field, Holds, StateKind};
use node::pending::OnItsWay;
use serde_json::{Value, json};
use terms::{Code, Instant};

use super::due::is_pressing;
use super::place::disclaimer;
use super::show::{is, opening_on_its_way, opens, pending_value};
use crate::cli::{Globals, time};
use crate::failure::{Exit, Failure};
use crate::reading::{AsOf, Reading, answer};
use crate::resolve;
use crate::say::{self, ask, value};
use crate::show::table::{self, right, table};
use crate::show::text::{number, safe};
use crate::show::time::bare;

/// `mithaq list`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq list
  mithaq list case --open
  mithaq list incident --state reported --since 2026-01-12

Each life of a matter has a row of its own: a case has one for each bearer and provision.")]
pub struct Args {
    /// The kind of matter, as `case`, or the capitals of its references, as `CASE`; without it the kinds are listed.
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// Only what is in this state; again for each.
    #[arg(long, value_name = "STATE", requires = "kind")]
    state: Vec<String>,
    /// Only what has not ended.
    #[arg(long, requires = "kind")]
    open: bool,
    /// Only what came into its state at this time, in UTC, or later.
    #[arg(long, value_name = "TIME", value_parser = time, requires = "kind")]
    since: Option<Instant>,
    /// Only what this participant opened.
    #[arg(long, value_name = "PARTICIPANT", requires = "kind")]
    opener: Option<String>,
    #[command(flatten)]
    as_of: AsOf,
}

/// One life of a matter.
struct Row<'r> {
    key: MatterKey,
    matter: &'r Matter,
    name: &'r StrandName,
    life: &'r Strand,
    /// What is asked next, the soonest.
    next: Option<&'r Ask<'r>>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let reading = Reading::open(&args.as_of, globals)?;
    if !globals.json {
        reading.print_basis();
    }
    match &args.kind {
        None => kinds(&reading, globals),
        Some(kind) => matters(args, kind, &reading, globals),
    }
    .map(|()| Exit::Good)
}

fn kinds(reading: &Reading, globals: &Globals) -> Result<(), Failure> {
    let settlement = reading.replay().settlement();
    let mut counts: BTreeMap<&Code, [u64; 2]> = BTreeMap::new();
    for kind in settlement.kinds() {
        let is_over = |key: &MatterKey| !settlement.open_matters().contains_key(key);
        let counted = counts.entry(kind).or_default();
        settlement.matters_of(kind).for_each(|key| counted[usize::from(is_over(&key))] += 1);
    }
    let kinds = &reading.replay().instrument().procedures;
    // A kind that an amendment took away has matters that run on.
    let gone = counts.keys().filter(|kind| !kinds.contains_key(**kind));
    let names: Vec<&Code> = kinds.keys().chain(gone.copied()).collect();
    let told = |kind: &Code| {
        let procedure = kinds.get(kind);
        let title = procedure.map_or_else(|| "no longer in the instrument".to_owned(), |p| p.title.clone());
        (title, procedure.map_or("", |procedure| procedure.reference.as_str()))
    };
    if globals.json {
        let all: Vec<Value> = names
            .iter()
            .map(|kind| {
                let ((title, reference), [open, over]) =
                    (told(kind), counts.get(kind).copied().unwrap_or_default());
                json!({"kind": kind, "title": title, "reference": reference, "open": open, "over": over})
            })
            .collect();
        println!("{:#}", answer(reading, json!({ "kinds": all })));
        return Ok(());
    }
    let mut rows = table(["KIND", "REF", "WHAT", "OPEN", "OVER"]);
    for kind in names {
        let ((title, reference), [open, over]) = (told(kind), counts.get(kind).copied().unwrap_or_default());
        rows.add_row([kind.to_string(), reference.to_owned(), safe(&title), number(open), number(over)]);
    }
    right(&mut rows, &[3, 4]);
    table::print(&mut rows);
    Ok(())
}

fn matters(args: &Args, kind: &str, reading: &Reading, globals: &Globals) -> Result<(), Failure> {
    let replay = reading.replay();
    let (kind, procedure) = resolve::kind(replay.instrument(), kind)?;
    let states =
        args.state.iter().map(|state| known_state(procedure, state)).collect::<Result<Vec<_>, _>>()?;
    let opener = args.opener.as_ref().map(|who| resolve::participant(&reading.node, who)).transpose()?;
    let asks = asks(replay, reading.now);
    let mut next: BTreeMap<(MatterKey, &StrandName), &Ask<'_>> = BTreeMap::new();
    for ask in asks.iter().filter(|ask| is_pressing(ask) && say::is_pressed(ask.rule)) {
        next.entry((ask.key, ask.strand)).or_insert(ask);
    }
    let mut rows = Vec::new();
    for key in replay.settlement().matters_of(kind) {
        let Some(matter) = replay.settlement().matters().get(&key) else { continue };
        if opener.as_ref().is_some_and(|opener| matter.opener != *opener) {
            continue;
        }
        for (name, life) in matter.strands.iter() {
            let over = matter.procedure.state(&life.state).is_none_or(|state| state.kind == StateKind::End);
            let fits = (states.is_empty() || states.contains(&life.state))
                && !(args.open && over)
                && args.since.is_none_or(|since| life.since >= since);
            if fits {
                let next = next.get(&(key, name)).copied();
                rows.push(Row { key, matter, name, life, next });
            }
        }
    }
    let coming: Vec<&OnItsWay> = reading
        .pending
        .iter()
        .filter(|one| opens(one.act.body()).is_some_and(|opens| opens.procedure == *kind))
        .collect();
    if globals.json {
        let all: Vec<Value> = rows.iter().map(|row| row_value(reading, row)).collect();
        let coming: Vec<Value> = coming.into_iter().map(pending_value).collect();
        let more = json!({"kind": kind, "title": procedure.title, "matters": all, "on-its-way": coming});
        println!("{:#}", answer(reading, more));
        return Ok(());
    }
    if rows.is_empty() {
        let settlement = replay.settlement();
        let over = settlement.matters_of(kind).filter(|key| !settlement.open_matters().contains_key(key));
        let over = over.count() as u64;
        println!("Nothing in this view of `{kind}`. Over: {}.", number(over));
    } else {
        print(reading, procedure, &rows);
    }
    for one in coming {
        table::print_text(&safe(&opening_on_its_way(reading, one)), 0);
    }
    Ok(())
}

fn known_state(procedure: &Procedure, text: &str) -> Result<Code, Failure> {
    let names = || procedure.states.iter().map(|(name, _)| name.as_str());
    let known = Code::new(text).filter(|code| procedure.state(code).is_some());
    known.ok_or_else(|| {
        let failure = Failure::usage("mithaq::unknown", format!("there is no state `{text}` here"));
        match resolve::nearest(text, names()) {
            Some(guess) => failure.help(format!("did you mean `{guess}`?")),
            None => failure.help(format!("there is {}", names().collect::<Vec<_>>().join(", "))),
        }
    })
}

/// The fields that have a column: those that each matter of the kind has. Those that name its lives stand first.
fn columns(procedure: &Procedure) -> Vec<(&Code, &Field)> {
    let all = node::form::in_order(procedure).into_iter();
    all.filter(|(name, field)| !field.optional || procedure.strands.contains(name)).collect()
}

fn print(reading: &Reading, procedure: &Procedure, all: &[Row<'_>]) {
    let replay = reading.replay();
    let columns = columns(procedure);
    let has_places = columns.iter().any(|(_, field)| field.holds == Holds::Place);
    let heads: Vec<String> =
        columns.iter().map(|(name, _)| name.as_str().to_uppercase().replace('-', " ")).collect();
    let all: Vec<Told> = all.iter().map(|row| told(reading, &columns, row)).collect();
    let mut rows = wide(&heads, &all);
    // Where that does not fit, the fields share a column.
    let fits = |table: &Table| {
        let longest = table.lines().map(|line| line.trim_end().chars().count()).max().unwrap_or(0);
        table::width().is_none_or(|width| longest <= usize::from(width))
    };
    if !fits(&rows) {
        rows = narrow(&heads, &all);
    }
    table::print(&mut rows);
    if has_places {
        for text in disclaimer(&replay.instrument().place) {
            println!();
            table::print_text(&safe(&text), 0);
        }
    }
}

/// A row in words.
struct Told {
    reference: String,
    fields: Vec<String>,
    state: String,
    since: String,
    next: [String; 2],
}

fn told(reading: &Reading, columns: &[(&Code, &Field)], row: &Row<'_>) -> Told {
    let matter = row.matter;
    let fields = columns.iter().map(|(name, field)| {
        let names_it = matter.procedure.strands.contains(name);
        let held = matter.value(name, row.name).filter(|_| !names_it);
        let cell = held.map(|held| value::short(reading.replay(), Some(field), held).replace(" UTC", ""));
        safe(&cell.unwrap_or_else(|| part(row, name)))
    });
    let next = row.next.map(|next| {
        let (when, left) = ask::when(reading, next);
        let latest = if left.starts_with("at the latest") { " at the latest" } else { "" };
        let when = format!("{}{latest}", when.trim_end_matches(" UTC"));
        [safe(&format!("{}: {}", ask::who(reading, next), next.step)), when]
    });
    let disowned = if matter.disowned { " (disowned)" } else { "" };
    Told {
        reference: matter.reference.to_string(),
        fields: fields.collect(),
        state: format!("{}{disowned}", row.life.state),
        since: bare(row.life.since),
        next: next.unwrap_or_default(),
    }
}

/// A column for each field.
fn wide(heads: &[String], all: &[Told]) -> Table {
    let mut rows = Table::new();
    rows.load_style(comfy_table::presets::NOTHING);
    let head = ["REFERENCE"].into_iter().chain(heads.iter().map(String::as_str));
    rows.set_header(head.chain(["STATE", "SINCE (UTC)", "ASKED NEXT", "BY (UTC)"]));
    for told in all {
        let cells = [&told.reference].into_iter().chain(&told.fields);
        rows.add_row(cells.chain([&told.state, &told.since]).chain(&told.next));
    }
    for column in rows.column_iter_mut() {
        column.set_padding((0, 2));
    }
    rows
}

/// One for all fields; times below what they are of.
fn narrow(heads: &[String], all: &[Told]) -> Table {
    let mut rows =
        table(["REFERENCE", heads.join(", ").as_str(), "STATE, SINCE (UTC)", "ASKED NEXT, BY (UTC)"]);
    for told in all {
        rows.add_row([
            told.reference.clone(),
            told.fields.join(", "),
            format!("{}\n{}", told.state, told.since),
            told.next.join("\n"),
        ]);
    }
    table::whole(&mut rows, &[0, 2]);
    rows
}

/// What a strand says of one of the fields that name it.
fn part(row: &Row<'_>, field: &Code) -> String {
    let place = row.matter.procedure.strands.iter().position(|strand| strand == field);
    let text = place.and_then(|place| row.name.as_str().split(':').nth(place)).unwrap_or_default();
    say::part(&row.matter.law.instrument, text)
}

fn row_value(reading: &Reading, row: &Row<'_>) -> Value {
    let matter = row.matter;
    let kind = matter.procedure.state(&row.life.state).map(|state| state.kind);
    json!({
        "reference": matter.reference.to_string(),
        "act": matter.id.to_string(),
        "entry": row.key.index,
        "opener": matter.opener,
        "opened": matter.opened,
        "tier": matter.tier,
        "disowned": matter.disowned,
        "fields": matter.fields_of(row.name).iter().map(|(name, value)| (name.to_string(), json!(value)))
            .collect::<serde_json::Map<_, _>>(),
        "strand": row.name,
        "state": row.life.state,
        "is": is(kind),
        "says": say::state(&matter.procedure, &row.life.state),
        "since": row.life.since,
        "next": row.next.map(|next| ask::value(reading, next)),
    })
}
