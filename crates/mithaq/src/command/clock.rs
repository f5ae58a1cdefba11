//! `mithaq clock`: what the time is for the register, and what runs out next.

use docket::view::{Ask, Standing, asks, coming};
use serde_json::json;
use terms::Instant;

use super::due::is_pressing;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::reading::{AsOf, Reading, answer};
use crate::say::coming as comes;
use crate::say::{self, ask};
use crate::show::table::{self, print_text, table};
use crate::show::text::{lines_safe, number, safe};
use crate::show::time::{bare, length, local, offset, relative, utc};

/// `mithaq clock`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq clock

No clock runs out before the register has recorded that its time has passed: by a mark that enough
witnesses have cosigned, once all that was registered before it has settled.")]
pub struct Args {
    #[command(flatten)]
    as_of: AsOf,
}

/// How many of those that close next are shown.
const NEXT: usize = 5;

/// How many stretches that count for no clock are shown, the last ones.
const DEAD: usize = 3;

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let reading = Reading::open(&args.as_of, globals)?;
    let replay = reading.replay();
    let (timeline, calendar) = (replay.timeline(), &replay.instrument().calendar);
    let silent = timeline.is_silent(reading.now);
    let all = asks(replay, reading.now);
    // What waits for service closes at the latest when it would if nobody served it.
    let closes = |ask: &Ask<'_>| match &ask.standing {
        Standing::Unserved(_) => {
            let carriage = ask.rule.clock.as_ref().and_then(|clock| clock.carriage);
            let due = Some(ask.when(replay)).filter(|due| *due != Instant::LAST);
            due.map(|due| due.plus(carriage.unwrap_or(calendar.carriage)))
        }
        _ => ask.clock.times.map(|times| times.closes).filter(|at| *at != Instant::LAST),
    };
    let effects = coming(replay);
    let mut next: Vec<(Instant, &Ask<'_>)> =
        all.iter().filter(|ask| is_pressing(ask)).filter_map(|ask| Some((closes(ask)?, ask))).collect();
    next.sort_by_key(|(at, ask)| (*at, ask.key));
    if globals.json {
        let shown: Vec<_> = next.iter().take(NEXT).map(|(_, one)| ask::value(&reading, one)).collect();
        let more = json!({
            "zone": offset(calendar.zone_offset_minutes),
            "marks": timeline.count(),
            "heartbeat-s": calendar.heartbeat.0,
            "silent": silent,
            "carriage-s": calendar.carriage.0,
            "deemed-s": calendar.deemed.0,
            "dead": timeline.dead().iter().map(|(from, to)| json!({"from": from, "to": to})).collect::<Vec<_>>(),
            "holidays": calendar.holidays.keys().collect::<Vec<_>>(),
            "next": shown,
            "effects": effects.iter().map(comes::value).collect::<Vec<_>>(),
        });
        println!("{:#}", answer(&reading, more));
        return Ok(Exit::Good);
    }
    reading.print_basis();
    let zone = calendar.zone_offset_minutes;
    println!("now            {}", utc(reading.now));
    if zone != 0 {
        println!("               {}, the instrument's zone", local(reading.now, zone));
    }
    println!("days end       at 24:00 UTC{}", if zone == 0 { String::new() } else { offset(zone) });
    match timeline.register_time() {
        Some(reached) => {
            println!("register time  {}, {}", utc(reached), relative(reached, reading.now));
            let means = "so far has the register provably come: what is due later has not run out, whatever the time is";
            print_text(means, 15);
        }
        None => println!("register time  none yet: no mark is final"),
    }
    match timeline.last() {
        Some(last) => println!("last mark      {}, of {}", utc(last), number(timeline.count())),
        None => println!("last mark      none yet"),
    }
    println!("heartbeat      a mark every {}", length(calendar.heartbeat.0));
    if silent {
        println!("silent         no mark in three heartbeats: time without marks counts for no clock");
    }
    for (from, to) in timeline.dead().iter().rev().take(DEAD) {
        println!("not counted    {} to {}: no mark in three heartbeats", bare(*from), bare(*to));
    }
    if timeline.dead().len() > DEAD {
        println!("               and {} before", timeline.dead().len() - DEAD);
    }
    println!("service        deemed after {}", length(calendar.deemed.0));
    println!("carriage       {} from due to close, where a step says no other", length(calendar.carriage.0));
    println!();
    for one in &effects {
        print_text(&safe(&comes::says(&reading, one)), 0);
    }
    if !effects.is_empty() {
        println!();
    }
    if next.is_empty() {
        println!("No clock runs.");
        return Ok(Exit::Good);
    }
    let mut rows = table(["CLOSES (UTC)", "WHAT", "THEN"]);
    for (at, one) in next.iter().take(NEXT) {
        let then = say::silence(one.rule);
        rows.add_row([
            match one.standing {
                Standing::Unserved(_) => {
                    format!("{}\nat the latest\n{}", bare(*at), relative(*at, reading.now))
                }
                _ => format!("{}\n{}", bare(*at), relative(*at, reading.now)),
            },
            lines_safe(&ask::cell(&reading, one)),
            safe(&then),
        ]);
    }
    table::whole(&mut rows, &[0]);
    table::print(&mut rows);
    if next.len() > NEXT {
        println!("\n{} more: `mithaq due` lists what is asked", next.len() - NEXT);
    }
    Ok(Exit::Good)
}
