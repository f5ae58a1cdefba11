//! `mithaq show`: the whole story of a matter, each side's words by reference.

mod exhibits;
mod head;
mod reports;
mod story;

use std::collections::BTreeMap;

use act::body::Transcribed;
use act::{Act, Body};
use docket::v1::{Matter, MatterKey};
use docket::view::{Ask, asks_in};
use node::pending::OnItsWay;
use serde_json::{Value, json};
use terms::{Instant, Kind};

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::reading::{AsOf, Reading, answer};
use crate::resolve;
use crate::say::{ask, label};
use crate::show::table::{self, print_text, table};
use crate::show::text::safe;
pub(crate) use head::is;

/// `mithaq show`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq show CASE-26-0001-K
  mithaq show case-26-0001-k --as-of '2026-01-12 08:00'

What a side wrote is in its exhibits, which are sealed: a text that was granted to this node is
quoted; of others the reference is shown, and how it is read by whom it was granted to. A text that the matter names is in the clear, in the data folder
at `register/annex/`, under its SHA-256.")]
pub struct Args {
    /// The matter: its reference, the index of the entry that opened it, or the id of that act; or a table of reports.
    #[arg(value_name = "REF")]
    matter: String,
    #[command(flatten)]
    as_of: AsOf,
}

/// A matter with all that belongs to it.
struct Shown<'r> {
    reading: &'r Reading,
    key: MatterKey,
    matter: &'r Matter,
    /// Every act that says something in it, or of what was handed over in it.
    acts: BTreeMap<u64, Act>,
    /// From when each of them counts.
    effective: BTreeMap<u64, Instant>,
    asks: Vec<Ask<'r>>,
    pending: Vec<&'r OnItsWay>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let reading = Reading::open(&args.as_of, globals)?;
    if let Some((act, table)) = resolve::table(reading.replay(), &args.matter) {
        return reports::show(&reading, act, table, globals);
    }
    if let Some(one) = coming(&reading, &args.matter) {
        if globals.json {
            println!("{:#}", answer(&reading, json!({"on-its-way": [pending_value(one)]})));
        } else {
            print_text(&safe(&opening_on_its_way(&reading, one)), 0);
        }
        return Ok(Exit::Good);
    }
    let key = resolve::matter(reading.replay(), &args.matter)?;
    let unknown = || Failure::usage("mithaq::unknown", format!("`{}` is no matter", args.matter));
    let matter = reading.matter(key).ok_or_else(unknown)?;
    let (acts, effective) = acts(&reading, key, matter)?;
    let pending =
        reading.pending.iter().filter(|pending| concerns(&reading, key, matter, &acts, &pending.act));
    let shown = Shown {
        key,
        matter,
        asks: asks_in(reading.replay(), reading.now, key),
        pending: pending.collect(),
        acts,
        effective,
        reading: &reading,
    };
    let story = story::of(&shown);
    let exhibits = exhibits::of(&shown);
    if globals.json {
        let more = json!({
            "matter": head::value(&shown),
            "asks": shown.asks.iter().map(|one| ask::value(&reading, one)).collect::<Vec<_>>(),
            "timeline": story.iter().map(story::Line::value).collect::<Vec<_>>(),
            "exhibits": exhibits.iter().map(|one| one.value(&reading)).collect::<Vec<_>>(),
            "on-its-way": shown.pending.iter().map(|one| pending_value(one)).collect::<Vec<_>>(),
        });
        println!("{:#}", answer(&reading, more));
        return Ok(Exit::Good);
    }
    head::print(&shown)?;
    if !shown.asks.is_empty() {
        println!();
        for one in &shown.asks {
            print_ask(&reading, one);
        }
    }
    println!();
    story::print(&story);
    exhibits::print(&reading, &exhibits);
    if !shown.pending.is_empty() {
        println!();
        for one in &shown.pending {
            print_text(&safe(&format!("on its way: {}: {}", pending_words(&reading, one), ask::way(one))), 0);
        }
    }
    Ok(Exit::Good)
}

/// What an act opens, of its own or as it is written down for another.
pub(crate) fn opens(body: &Body) -> Option<&act::body::Open> {
    match body {
        Body::Open(open) => Some(open),
        Body::Transcribe(written) => match &written.what {
            Transcribed::Open(open) => Some(open),
            Transcribed::Step(_) => None,
        },
        _ => None,
    }
}

/// An opening on its way, by its entry or the id of its act.
fn coming<'r>(reading: &'r Reading, named: &str) -> Option<&'r OnItsWay> {
    reading.pending.iter().find(|one| {
        let is_named =
            one.entry.is_some_and(|entry| entry.to_string() == named) || one.act.id().to_string() == named;
        is_named && opens(one.act.body()).is_some()
    })
}

/// An opening on its way, in a sentence: it is a matter once it is final.
pub(crate) fn opening_on_its_way(reading: &Reading, one: &OnItsWay) -> String {
    let at = one.entry.map_or_else(String::new, |entry| format!(", entry {entry}"));
    format!(
        "On its way{at}: {}: {}. It has its reference, and asks something, once witnesses have cosigned it and a mark says so.",
        pending_words(reading, one),
        ask::way(one)
    )
}

fn print_ask(reading: &Reading, one: &Ask<'_>) {
    let (when, left) = ask::when(reading, one);
    let left: String = left.lines().map(|line| format!(", {line}")).collect();
    let verb = match (ask::comes_by_itself(one), one.is_right()) {
        (true, _) => "by itself, on",
        (false, true) => "may, until",
        (false, false) => "asked, by",
    };
    println!("{verb} {when}{left}");
    print_text(&safe(&ask::whose(reading, one)), 2);
    for note in ask::counts_from(one).into_iter().chain(ask::notes(reading, one)) {
        print_text(&safe(&note), 2);
    }
}

type Acts = (BTreeMap<u64, Act>, BTreeMap<u64, Instant>);

/// The acts of a matter, by entry, and from when each counts (TIME T6).
fn acts(reading: &Reading, key: MatterKey, matter: &Matter) -> Result<Acts, Failure> {
    let (mut acts, mut effective) = (BTreeMap::new(), BTreeMap::new());
    let timeline = reading.replay().timeline();
    let mut last = Instant::EPOCH;
    reading.node.for_each_entry(timeline.settled(), |index, entry| {
        if entry.act().kind() == Kind::Mark {
            return;
        }
        let high = timeline.high(index).unwrap_or(Instant::LAST);
        let low = timeline.low(index).unwrap_or(Instant::EPOCH).min(high);
        last = entry.receipt().time.clamp(low, high).max(last);
        if index == key.index || concerns(reading, key, matter, &acts, entry.act()) {
            acts.insert(index, entry.act().clone());
            effective.insert(index, last);
        }
    })?;
    Ok((acts, effective))
}

/// Whether an act says something in a matter, of an exhibit that was handed over in it, or of an act in it.
fn concerns(
    reading: &Reading,
    key: MatterKey,
    matter: &Matter,
    before: &BTreeMap<u64, Act>,
    act: &Act,
) -> bool {
    let body = act.body();
    let filed_here = |item: &terms::Item| {
        let found = reading.replay().settlement().exhibits().get(item);
        found.is_some_and(|exhibit| exhibit.matter == Some(key))
    };
    let named = match body {
        Body::Serve(serve) => Some(serve.act),
        Body::Intake(intake) => Some(intake.act),
        body => node::proof::transcript_of(body),
    };
    body.matter() == Some(matter.id)
        || node::proof::exhibits_of(body).iter().any(filed_here)
        || named.is_some_and(|named| before.values().any(|act| act.id() == named))
}

/// What an act on its way says: `North: respond, deny`.
fn pending_words(reading: &Reading, pending: &OnItsWay) -> String {
    let instrument = reading.replay().instrument();
    let head = pending.act.head();
    let by = head.by.participant().map_or_else(|| head.by.to_string(), |by| label(instrument, by));
    let step = |step: &act::body::Step| match &step.choice {
        Some(choice) => format!("{}, {choice}", step.step),
        None => step.step.to_string(),
    };
    let what = match pending.act.body() {
        Body::Step(body) => step(body),
        Body::Transcribe(body) => match &body.what {
            Transcribed::Step(body) => step(body),
            Transcribed::Open(open) => format!("opens {}", open.procedure),
        },
        body => body.kind().to_string(),
    };
    match pending.act.body() {
        Body::Transcribe(body) => {
            format!("{by} on behalf of {}: {what}", label(instrument, &body.on_behalf_of))
        }
        _ => format!("{by}: {what}"),
    }
}

pub(crate) fn pending_value(pending: &OnItsWay) -> Value {
    json!({
        "act": pending.act.id(), "entry": pending.entry, "by": pending.act.head().by, "kind": pending.act.kind(),
    })
}

/// A table of two or three columns whose first is a time.
fn timed<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    let mut listed = table(head);
    for row in rows {
        listed.add_row(row);
    }
    table::whole(&mut listed, &[0]);
    table::print(&mut listed);
}
