//! `mithaq figures`: what was opened, what became of it and who answered in time, over a week or another stretch of time.

use std::collections::{BTreeMap, BTreeSet};

use act::value::{MatterRef, StrandName};
use docket::v1::{Event, Matter, Replay, What};
use docket::view::is_vacant_before;
use instrument::procedure::{ClockKind, StateKind};
use serde_json::{Value, json};
use terms::{Code, Instant, ParticipantId, Seconds};

use crate::cli::{Globals, time};
use crate::failure::{Exit, Failure};
use crate::reading::{AsOf, Reading, answer};
use crate::say;
use crate::show::table::{self, right, table};
use crate::show::text::{number, safe};
use crate::show::time::utc;

/// `mithaq figures`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq figures
  mithaq figures --from 2026-01-12
  mithaq figures --from 2026-01-12 --as-of 2026-02-12

Each life of a matter counts for itself: a case has one for each bearer and provision. Silence is no
admission, and the figures rank nobody.")]
pub struct Args {
    /// Counts from this time on; without it, the last seven days.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Instant>,
    #[command(flatten)]
    as_of: AsOf,
}

const WEEK: Seconds = Seconds::days(7);

/// What one was asked for, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    /// Steps that were asked of it, taken in time.
    in_time: u64,
    /// Taken, and late.
    late: u64,
    /// Not taken by the close.
    silent: u64,
}

/// The figures of a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// By kind of matter: how many were opened, and how many came to each state at which nothing is asked any more.
    kinds: BTreeMap<Code, (u64, BTreeMap<Code, u64>)>,
    /// By participant.
    answers: BTreeMap<ParticipantId, Answers>,
}

/// A clock: of which matter, strand and step.
type Asked<'e> = (&'e MatterRef, &'e StrandName, &'e Code);

/// Whether a step is asked for by a time: a right that ends is nobody's duty.
fn is_asked(matter: &Matter, step: &Code) -> bool {
    let clock = matter.procedure.step(step).and_then(|rule| rule.clock.as_ref());
    clock.is_some_and(|clock| clock.kind == ClockKind::Due)
}

impl Figures {
    /// Those of what happened after `from`, and until `to` at the latest.
    pub(crate) fn of(replay: &Replay, events: &[Event], from: Instant, to: Instant) -> Figures {
        let mut figures = Figures::default();
        for id in replay.instrument().participants.keys() {
            figures.answers.insert(id.clone(), Answers::default());
        }
        let mut spoken: BTreeMap<Asked<'_>, BTreeSet<&ParticipantId>> = BTreeMap::new();
        let mut last = 0;
        for event in events.iter().take_while(|event| event.at <= to) {
            last = last.max(event.entry.unwrap_or(0));
            let counts = event.at > from;
            let Some((_, matter)) =
                docket::view::matter_of(&event.what).and_then(|id| replay.settlement().matter(id))
            else {
                continue;
            };
            match &event.what {
                What::Opened(_, kind, ..) if counts => figures.kinds.entry(kind.clone()).or_default().0 += 1,
                What::Entered(_, _, state) if counts => figures.came_to(matter, state),
                What::Clock(id, strand, step, _) => drop(spoken.remove(&(id, strand, step))),
                What::Stepped(id, strand, step, by, _) | What::Spoke(id, strand, step, by, _) => {
                    spoken.entry((id, strand, step)).or_default().insert(by);
                    if counts && is_asked(matter, step) {
                        figures.answers.entry(by.clone()).or_default().in_time += 1;
                    }
                }
                // The step itself was counted as in time; a stamp may show later that it was.
                What::LateSoFar(_, _, step, by) if counts && is_asked(matter, step) => {
                    let answers = figures.answers.entry(by.clone()).or_default();
                    answers.in_time = answers.in_time.saturating_sub(1);
                    answers.late += 1;
                }
                What::InTime(_, _, step, by) if counts && is_asked(matter, step) => {
                    let answers = figures.answers.entry(by.clone()).or_default();
                    answers.late = answers.late.saturating_sub(1);
                    answers.in_time += 1;
                }
                What::RanOut(id, strand, step, _) if counts && is_asked(matter, step) => {
                    let Some(rule) = matter.procedure.step(step) else { continue };
                    let heard = spoken.get(&(id, strand, step));
                    let asked = matter.asked(&rule.by, strand, &|who| is_vacant_before(replay, who, last));
                    for who in asked.into_iter().filter(|who| heard.is_none_or(|heard| !heard.contains(who)))
                    {
                        figures.answers.entry(who).or_default().silent += 1;
                    }
                }
                _ => {}
            }
        }
        figures
    }

    fn came_to(&mut self, matter: &Matter, state: &Code) {
        if matter.procedure.state(state).is_some_and(|state| state.kind != StateKind::Waiting) {
            *self.kinds.entry(matter.kind.clone()).or_default().1.entry(state.clone()).or_default() += 1;
        }
    }

    /// The same as two tables, within a width.
    pub(crate) fn lines(&self, replay: &Replay, width: Option<u16>) -> Vec<String> {
        let instrument = replay.instrument();
        let mut kinds = table(["KIND", "OPENED", "CAME TO"]);
        for (kind, (opened, came)) in &self.kinds {
            let title = instrument.procedures.get(kind).map_or(kind.as_str(), |known| known.title.as_str());
            let came: Vec<String> = came
                .iter()
                .map(|(state, times)| format!("{} {times}", state.as_str().replace('-', " ")))
                .collect();
            kinds.add_row([safe(title), number(*opened), came.join(", ")]);
        }
        right(&mut kinds, &[1]);
        if let Some(width) = width {
            kinds.set_width(width);
        }
        let mut answers = table(["ASKED OF", "IN TIME", "LATE", "SILENT"]);
        for (who, Answers { in_time, late, silent }) in &self.answers {
            let label = say::label(instrument, who);
            answers.add_row([label, number(*in_time), number(*late), number(*silent)]);
        }
        right(&mut answers, &[1, 2, 3]);
        let mut lines = table::lines(&mut kinds);
        lines.push(String::new());
        lines.extend(table::lines(&mut answers));
        lines
    }

    fn value(&self, from: Instant, to: Instant) -> Value {
        let kinds: Vec<Value> = self
            .kinds
            .iter()
            .map(|(kind, (opened, came))| json!({"kind": kind, "opened": opened, "came-to": came}))
            .collect();
        let answers: Vec<Value> = self
            .answers
            .iter()
            .map(|(who, Answers { in_time, late, silent })| {
                json!({"participant": who, "in-time": in_time, "late": late, "silent": silent})
            })
            .collect();
        json!({"from": from, "to": to, "kinds": kinds, "answers": answers})
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let reading = Reading::open(&args.as_of, globals)?;
    let to = reading.now;
    let from = args.from.unwrap_or_else(|| to.minus(WEEK));
    if from >= to {
        return Err(Failure::usage("mithaq::to_come", format!("{} is still to come", utc(from)))
            .help("`--from` is a time before the one that is read at"));
    }
    let figures = Figures::of(reading.replay(), &reading.events, from, to);
    if globals.json {
        println!("{:#}", answer(&reading, figures.value(from, to)));
        return Ok(Exit::Good);
    }
    println!("From {} to {}.\n", utc(from), utc(to));
    for line in figures.lines(reading.replay(), table::width()) {
        println!("{line}");
    }
    println!("\nSilence is no admission: what silence did stands with each matter.");
    Ok(Exit::Good)
}
