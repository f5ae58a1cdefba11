//! `mithaq cite`: how to quote what stands on record, and what proves it.

use act::body::Tier;
use act::state::StateBody;
use act::{Act, Body};
use docket::v1::state::exhibit_path;
use docket::v1::{Matter, Replay};
use node::Node;
use node::proof::exhibits_of;
use serde_json::json;
use terms::{ActId, VoiceName};

use crate::cli::Globals;
use crate::command::act::table_batch::{above, row as table_row};
use crate::failure::{Exit, Failure};
use crate::reading::{AsOf, Reading, answer};
use crate::resolve;
use crate::say::{label, strand};
use crate::show::table::print_text;
use crate::show::text::{count, safe};
use crate::show::time::utc;

/// `mithaq cite`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq cite CASE-26-0001-K

What is without prejudice is cited by nobody: exit code 5. What is not final yet has no citation
yet: exit code 3.")]
pub struct Args {
    /// What is cited: a matter, an exhibit or a table by its reference, a row as `BAT-26-0001-X/17`, an act by the index of
    /// its entry or its id.
    #[arg(value_name = "REF")]
    what: String,
    #[command(flatten)]
    as_of: AsOf,
}

/// What is cited.
struct Cited {
    /// `CASE-26-0001-K, Case`
    name: String,
    act: ActId,
    entry: u64,
    /// Where its lines in the state begin.
    path: Option<String>,
    /// Of a row of a table, the head and the row.
    row: Option<Row>,
    /// Whether its matter may be cited.
    tier: Tier,
}

/// A row of a table.
struct Row {
    head: String,
    text: String,
    /// What the table says of itself above its head: whose work it is.
    above: Vec<String>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let reading = Reading::open(&args.as_of, globals)?;
    let replay = reading.replay();
    let cited = find(&reading, &args.what)?;
    if cited.tier == Tier::WithoutPrejudice {
        let message = format!("{} is without prejudice: nobody cites it", cited.name);
        return Err(Failure::new(Exit::Refused, "mithaq::not_citable", message)
            .help("that it exists, and when it was, stays on record; what was said in it is no evidence"));
    }
    if cited.entry >= reading.entries {
        let message = format!("`{}` was not on record then", args.what);
        return Err(Failure::usage("mithaq::unknown", message));
    }
    if cited.entry >= replay.timeline().settled() {
        let message = format!("entry {} is on its way: registered, not yet cosigned", cited.entry);
        return Err(Failure::new(Exit::Undecided, "mithaq::incomplete", message)
            .help("carry a bundle to a witness and back, then cite it"));
    }
    let state = replay.state_body(replay.as_of());
    let lines = lines(replay, &cited);
    let voice = VoiceName::of(&reading.node.genesis());
    let line = citation(&reading.node, replay, &cited, &state);
    let whole = args.what.split_once('/').map_or(args.what.as_str(), |(named, _)| named);
    // An act's id may have a `/`, and has no row.
    let whole = if cited.row.is_some() { whole } else { &args.what };
    let prove = format!("mithaq proof make {} --out FILE.mithaq-proof", safe(whole));
    if globals.json {
        let more = json!({
            "citation": line, "act": cited.act, "entry": cited.entry, "register": reading.node.origin(),
            "voice": voice.to_string(), "rules": state.rules, "size": state.size, "root": state.root,
            "of": state.as_of, "state": state.state, "lines": lines, "prove": prove,
            "row": cited.row.as_ref().map(|row| json!({"head": row.head, "text": row.text, "above": row.above})),
        });
        println!("{:#}", answer(&reading, more));
        return Ok(Exit::Good);
    }
    print_text(&safe(&line), 0);
    reading.print_basis();
    if let Some(row) = &cited.row {
        println!();
        for line in row.head.lines().chain(row.text.lines()) {
            println!("  {}", safe(line));
        }
        if !row.above.is_empty() {
            println!("\nThe table says of itself:");
            row.above.iter().for_each(|line| print_text(&safe(line), 2));
        }
    }
    println!();
    println!("act         {}", cited.act);
    println!("register    {voice}, by voice");
    println!("rules {} · size {} · root {}", state.rules, state.size, state.root);
    println!("as of {} · state {}", utc(state.as_of), state.state);
    for line in &lines {
        print_text(&safe(line), 2);
    }
    println!();
    if reading.is_past() {
        print_text(&format!("`{prove}` proves what is in effect today."), 0);
    } else {
        print_text(&format!("`{prove}` proves it to anybody."), 0);
    }
    Ok(Exit::Good)
}

fn find(reading: &Reading, text: &str) -> Result<Cited, Failure> {
    let replay = reading.replay();
    let settlement = replay.settlement();
    let reference = resolve::read_reference(text).map(|read| read.to_string());
    if let Some(cited) = table(reading, text)? {
        return Ok(cited);
    }
    if reference.is_some_and(|reference| reference.starts_with("EXH-")) || text.contains("#f") {
        let item = resolve::exhibit(&reading.node, text)?;
        let exhibit = settlement.exhibits().get(&item);
        let unknown = || Failure::usage("mithaq::unknown", format!("`{text}` was not on record then"));
        let exhibit = exhibit.ok_or_else(unknown)?;
        let matter = exhibit.matter.and_then(|key| reading.matter(key));
        let filer = label(replay.instrument(), &exhibit.filer);
        return Ok(Cited {
            name: format!("{}, an exhibit of {filer}", exhibit.reference),
            act: item.act,
            entry: exhibit.entry,
            path: Some(exhibit_path(&item)),
            row: None,
            tier: matter.map_or(Tier::Record, |matter| matter.tier),
        });
    }
    match resolve::matter(replay, text) {
        Ok(key) => {
            let matter =
                reading.matter(key).ok_or_else(|| Failure::usage("mithaq::unknown", "no such matter"))?;
            Ok(Cited {
                name: format!("{}, {}{}", matter.reference, matter.procedure.title, states(matter)),
                act: resolve::opened_by(&matter.id),
                entry: key.index,
                path: Some(format!("matter/{key}")),
                row: None,
                tier: matter.tier,
            })
        }
        // An act that opened none, by its index or its id.
        Err(failure) if text.contains('-') || resolve::read_reference(text).is_some() => Err(failure),
        Err(_) => {
            let act = resolve::act(&reading.node, text)?;
            let (entry, found) = reading.node.find(&act)?;
            let filed_in =
                |item: &terms::Item| settlement.exhibits().get(item).and_then(|exhibit| exhibit.matter);
            let matter = found.body().matter().and_then(|named| reading.by_ref(&named)).map(|(key, _)| key);
            let matter = matter.or_else(|| exhibits_of(found.body()).iter().find_map(filed_in));
            Ok(Cited {
                name: format!("`{}` by {}", found.kind(), author(replay, &found)),
                act,
                entry,
                path: None,
                row: None,
                tier: matter.and_then(|key| reading.matter(key)).map_or(Tier::Record, |matter| matter.tier),
            })
        }
    }
}

/// A table of reports by its reference, or as `BAT-26-0001-X/17` a row of it, if its text is at hand.
fn table(reading: &Reading, text: &str) -> Result<Option<Cited>, Failure> {
    let replay = reading.replay();
    let (named, number) = text.split_once('/').map_or((text, None), |(named, row)| (named, Some(row)));
    let Some((act, table)) = resolve::table(replay, named) else { return Ok(None) };
    let (entry, found) = reading.node.find(&act)?;
    let by = label(replay.instrument(), &table.by);
    let withdrawn = if table.withdrawn { ", withdrawn by its author" } else { "" };
    let (name, row) = match number {
        None => {
            let rows = count(table.rows, "row", "rows");
            (format!("{}, a table of {by}, `{}`, {rows}{withdrawn}", table.reference, table.holds), None)
        }
        Some(number) => {
            let row = row(reading, &found, number)?;
            let name = format!(
                "{}/{number}, a row of a table of {by}, `{}`{withdrawn}",
                table.reference, table.holds
            );
            (name, Some(row))
        }
    };
    let path = Some(format!("batch/{}", act.0.to_hex()));
    Ok(Some(Cited { name, act, entry, path, row, tier: Tier::Record }))
}

/// The head and a row of the table that an act entered.
fn row(reading: &Reading, act: &Act, number: &str) -> Result<Row, Failure> {
    let none = |what: &str| Failure::usage("mithaq::unknown", what);
    let Body::Batch(batch) = act.body() else { return Err(none("the act entered no table")) };
    let sealed = || {
        none("the table is sealed")
            .help("a row of it is read where its exhibit is opened: `mithaq evidence open`")
    };
    let annex = batch.annex.as_ref().ok_or_else(sealed)?;
    let bytes = reading.node.annexes().get(&annex.sha256).map_err(node::Fault::from)?;
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let missing = || none("the text of the table is not at hand").help("a bundle brings it");
    let text = text.ok_or_else(missing)?;
    let found = number.parse().ok().and_then(|number| table_row(&text, number));
    let (head, row) = found.ok_or_else(|| {
        none(&format!("there is no row {number}")).help(format!("they are 1 to {}", batch.rows))
    })?;
    let says = above(&text).0.into_iter().map(str::to_owned).collect();
    Ok(Row { head: head.to_owned(), text: row.to_owned(), above: says })
}

/// Whose act it is: a participant by its label, a key by its name.
fn author(replay: &Replay, act: &Act) -> String {
    let by = &act.head().by;
    by.participant().map_or_else(|| by.to_string(), |by| label(replay.instrument(), by))
}

/// `, alleged`, or with the strands that are in each state.
fn states(matter: &Matter) -> String {
    let each = matter.strands.iter().map(|(name, life)| {
        match strand(&matter.law.instrument, &matter.procedure, name) {
            strand if strand.is_empty() => format!(", {}", life.state),
            strand => format!(", {strand}: {}", life.state),
        }
    });
    each.collect()
}

/// The citation in one line.
fn citation(node: &Node, replay: &Replay, cited: &Cited, state: &StateBody) -> String {
    let exercise = if replay.is_exercise() { "EXERCISE. " } else { "" };
    format!(
        "{exercise}{}, entry {} of {}, as of {}",
        cited.name,
        cited.entry,
        node.origin(),
        utc(state.as_of)
    )
}

/// The lines of the state that say what it came to, without clocks and voices.
fn lines(replay: &Replay, cited: &Cited) -> Vec<String> {
    let Some(path) = &cited.path else { return Vec::new() };
    let own = |line: &String| {
        let named = line.split(' ').next().unwrap_or_default();
        let rest = named.strip_prefix(path.as_str());
        rest.is_some_and(|rest| {
            let parts = rest.split('/').skip(1).count();
            rest.is_empty() || rest.starts_with("/strand/") && parts == 2 || rest == "/tier"
        })
    };
    replay.state().lines().iter().filter(|line| own(line)).cloned().collect()
}
