//! `mithaq due`: what is asked of whom, by when, and what silence does.

use docket::view::{Ask, Standing, asks, coming, relief_sought};
use serde_json::json;
use terms::{ParticipantId, Seconds};

use crate::cli::{Globals, length};
use crate::failure::{Exit, Failure};
use crate::reading::{AsOf, Reading, answer};
use crate::resolve;
use crate::say::coming as comes;
use crate::say::{self, ask, erasure, label, relief};
use crate::show::table::{self, print_text, table};
use crate::show::text::{lines_safe, safe};
use crate::show::time::utc;

/// `mithaq due`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq due
  mithaq due --for south --within 7d
  mithaq due --as-of '2026-01-12 08:00'

No answer is no admission. Past its due time a step is overdue, and nothing moves before it
closes: an answer that was handed over in time may still be on its way.")]
pub struct Args {
    /// Only what is asked of this participant.
    #[arg(long = "for", value_name = "PARTICIPANT")]
    of: Option<String>,
    /// Only what is due within so long, as `48h` or `7d`, and what is overdue.
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    within: Option<Seconds>,
    /// Also what has run out and was only noted, and what waits for an empty seat or stands still.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    as_of: AsOf,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let reading = Reading::open(&args.as_of, globals)?;
    let who = args.of.as_ref().map(|who| resolve::participant(&reading.node, who)).transpose()?;
    let shown: Vec<Ask<'_>> = asks(reading.replay(), reading.now)
        .into_iter()
        .filter(|ask| who.as_ref().is_none_or(|who| ask.of.contains(who)))
        .filter(|ask| args.all || is_pressing(ask))
        .filter(|ask| is_within(ask, &reading, args.within))
        .collect();
    let (by_itself, others): (Vec<_>, Vec<_>) = shown.iter().partition(|one| ask::comes_by_itself(one));
    let (duties, rights): (Vec<_>, Vec<_>) = others.into_iter().partition(|ask| say::is_pressed(ask.rule));
    let erasures: Vec<_> = erasure::all(reading.replay())
        .into_iter()
        .filter(|one| who.as_ref().is_none_or(|who| one.holders.contains(who)))
        .filter(|one| args.within.is_none_or(|within| one.by <= reading.now.plus(within)))
        .collect();
    let effects: Vec<_> = coming(reading.replay())
        .into_iter()
        .filter(|one| args.within.is_none_or(|within| one.at <= reading.now.plus(within)))
        .collect();
    // Where nobody can join any more, nothing waits.
    let relief: Vec<_> = relief_sought(reading.replay())
        .into_iter()
        .filter(|one| who.as_ref().map_or(!one.could_join.is_empty(), |who| one.could_join.contains(who)))
        .collect();
    let handed_in: Vec<_> = reading.replay().settlement().handed_in().collect();
    if globals.json {
        let each =
            |asks: &[&Ask<'_>]| -> Vec<_> { asks.iter().map(|one| ask::value(&reading, one)).collect() };
        let handed_in: Vec<_> = handed_in
            .iter()
            .map(|(act, key, at)| json!({"act": act, "by": key.participant(), "at": at}))
            .collect();
        let more = json!({
            "asks": each(&duties), "rights": each(&rights), "by-itself": each(&by_itself),
            "effects": effects.iter().map(comes::value).collect::<Vec<_>>(),
            "relief": relief.iter().map(relief::value).collect::<Vec<_>>(),
            "erase": erasures.iter().map(erasure::Erasure::value).collect::<Vec<_>>(), "handed-in": handed_in,
        });
        println!("{:#}", answer(&reading, more));
        return Ok(Exit::Good);
    }
    reading.print_basis();
    if duties.is_empty() {
        println!("{}", nothing(&reading, who.as_ref(), args.within));
    } else {
        print(&reading, ["DUE (UTC)", "ASKED", "HOW IT STANDS"], &duties);
    }
    if !rights.is_empty() {
        println!("\nRights that end; nobody is pressed:\n");
        print(&reading, ["UNTIL (UTC)", "MAY", "HOW IT STANDS"], &rights);
    }
    if !by_itself.is_empty() {
        println!("\nWhat comes by itself; nobody has to do anything:\n");
        print(&reading, ["ON (UTC)", "WHAT", "HOW IT STANDS"], &by_itself);
    }
    if !effects.is_empty() {
        println!("\nWhat comes to the whole agreement:\n");
        for one in &effects {
            print_text(&safe(&comes::says(&reading, one)), 0);
        }
    }
    if !relief.is_empty() {
        println!("\nRelief that was asked for, and waits for others; nobody is pressed:\n");
        for one in &relief {
            print_text(&safe(&relief::in_matter(one)), 0);
        }
    }
    if !erasures.is_empty() {
        println!("\nWhat was handed over without prejudice, and is to be erased:\n");
        for one in &erasures {
            print_text(&safe(&format!("{}, {}", one.exhibit.reference, one.says(reading.replay()))), 0);
        }
    }
    for (act, key, at) in handed_in {
        let by =
            key.participant().map_or_else(|| key.to_string(), |by| label(reading.replay().instrument(), by));
        println!("\nHanded to {by} on {}, not yet here: act {act}.", utc(at));
    }
    Ok(Exit::Good)
}

/// Whether somebody is to do something yet.
pub(crate) const fn is_pressing(ask: &Ask<'_>) -> bool {
    match ask.standing {
        Standing::Unserved(_) | Standing::Running(_) | Standing::Passed(_) | Standing::Overdue(_) => true,
        Standing::SeatVacant | Standing::StandsStill | Standing::RanOut(_) => false,
    }
}

fn is_within(ask: &Ask<'_>, reading: &Reading, within: Option<Seconds>) -> bool {
    within.is_none_or(|within| ask.when(reading.replay()) <= reading.now.plus(within))
}

/// What is said where nothing is asked.
fn nothing(reading: &Reading, who: Option<&ParticipantId>, within: Option<Seconds>) -> String {
    let whom = who.map_or_else(|| "anybody".to_owned(), |who| label(reading.replay().instrument(), who));
    let time = if within.is_some() { " within that time" } else { "" };
    let last = reading.replay().timeline().last();
    let last = last.map(|last| format!(" Last mark {}.", utc(last))).unwrap_or_default();
    format!("Nothing is asked of {whom}{time}.{last}")
}

fn print(reading: &Reading, head: [&str; 3], asks: &[&Ask<'_>]) {
    let mut rows = table(head);
    for one in asks {
        let (when, left) = ask::when(reading, one);
        let when = when.trim_end_matches(" UTC");
        let notes: Vec<String> = ask::notes(reading, one).iter().map(|note| safe(note)).collect();
        rows.add_row([format!("{when}\n{left}"), lines_safe(&ask::cell(reading, one)), notes.join("\n")]);
    }
    table::whole(&mut rows, &[0]);
    table::print(&mut rows);
}
