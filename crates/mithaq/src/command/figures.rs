//! `mithaq figures`: what was opened, what became of it and who answered in time, over a week or another stretch of time.

mod asked;

use std::collections::BTreeMap;

use docket::v1::{Event, Matter, Replay, What};
use instrument::procedure::StateKind;
use serde_json::{Value, json};
use terms::{Code, Instant, ParticipantId, Seconds};

use self::asked::{Asks, Fate};
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
  mithaq figures --from 2026-01-12 --as-of 2026-01-19

Each life of a matter counts for itself: a case has one for each bearer and provision. What is asked
of somebody counts once: answered in time, late, or not by the close. An answer that is taken after
the close counts for itself, under SINCE ANSWERED. All counts from the mark on with which it was
certain, so that the figures of two weeks add up to those of both. Silence is no admission, and the
figures rank nobody.")]
pub struct Args {
    /// Counts what became known after this time; without it, in the last seven days.
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
    /// Taken after they were due, before the close.
    late: u64,
    /// Not taken by the close.
    silent: u64,
    /// Taken after a close at which it was silent.
    since: u64,
}

/// How many of a kind were opened, and how many came to each state at which nothing is asked any more. Lives, both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lives {
    opened: u64,
    came_to: BTreeMap<Code, u64>,
}

/// The figures of a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// By kind of matter.
    kinds: BTreeMap<Code, Lives>,
    /// By participant.
    answers: BTreeMap<ParticipantId, Answers>,
}

impl Figures {
    /// Those of all events but the first `known`: these were known when the stretch of time began.
    pub(crate) fn of(replay: &Replay, events: &[Event], known: usize) -> Figures {
        let mut figures = Figures::default();
        for id in replay.instrument().participants.keys() {
            figures.answers.insert(id.clone(), Answers::default());
        }
        let mut asks = Asks::default();
        for (place, event) in events.iter().enumerate() {
            let Some((_, matter)) =
                docket::view::matter_of(&event.what).and_then(|id| replay.settlement().matter(id))
            else {
                continue;
            };
            let enters = asks.enters(event);
            let fates = asks.take(matter, event);
            if place < known {
                continue;
            }
            match &event.what {
                What::Opened(_, kind, ..) => {
                    figures.kinds.entry(kind.clone()).or_default().opened += matter.strands.len() as u64;
                }
                What::Entered(_, _, state) if enters => figures.came_to(matter, state),
                _ => {}
            }
            for (who, fate) in fates {
                figures.answers.entry(who).or_default().count(fate);
            }
        }
        figures
    }

    fn came_to(&mut self, matter: &Matter, state: &Code) {
        if matter.procedure.state(state).is_some_and(|state| state.kind != StateKind::Waiting) {
            let lives = self.kinds.entry(matter.kind.clone()).or_default();
            *lives.came_to.entry(state.clone()).or_default() += 1;
        }
    }

    /// The same as two tables, within a width.
    pub(crate) fn lines(&self, replay: &Replay, width: Option<u16>) -> Vec<String> {
        let instrument = replay.instrument();
        let mut kinds = table(["KIND", "OPENED", "CAME TO REST OR END"]);
        for (kind, Lives { opened, came_to }) in &self.kinds {
            let title = instrument.procedures.get(kind).map_or(kind.as_str(), |known| known.title.as_str());
            let came: Vec<String> = came_to
                .iter()
                .map(|(state, times)| format!("{} {times}", state.as_str().replace('-', " ")))
                .collect();
            kinds.add_row([safe(title), number(*opened), came.join(", ")]);
        }
        right(&mut kinds, &[1]);
        if let Some(width) = width {
            kinds.set_width(width);
        }
        let mut answers = table(["ASKED OF", "IN TIME", "LATE", "SILENT", "SINCE ANSWERED"]);
        for (who, Answers { in_time, late, silent, since }) in &self.answers {
            let label = say::label(instrument, who);
            answers.add_row([label, number(*in_time), number(*late), number(*silent), number(*since)]);
        }
        right(&mut answers, &[1, 2, 3, 4]);
        let mut lines = table::lines(&mut kinds);
        lines.push(String::new());
        lines.extend(table::lines(&mut answers));
        lines
    }

    fn value(&self, from: Instant, to: Instant) -> Value {
        let kinds = self.kinds.iter();
        let kinds: Vec<Value> = kinds
            .map(|(kind, lives)| json!({"kind": kind, "opened": lives.opened, "came-to": lives.came_to}))
            .collect();
        let answers: Vec<Value> = self
            .answers
            .iter()
            .map(|(who, Answers { in_time, late, silent, since })| {
                json!({
                    "participant": who, "in-time": in_time, "late": late, "silent": silent,
                    "since-answered": since,
                })
            })
            .collect();
        json!({"from": from, "to": to, "kinds": kinds, "answers": answers})
    }
}

impl Answers {
    const fn count(&mut self, fate: Fate) {
        match fate {
            Fate::InTime => self.in_time += 1,
            Fate::Late => self.late += 1,
            Fate::Silent => self.silent += 1,
            Fate::Since => self.since += 1,
        }
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
    let known = reading.node.docket_as_of(from)?.take_events().len();
    let figures = Figures::of(reading.replay(), &reading.events, known);
    if globals.json {
        println!("{:#}", answer(&reading, figures.value(from, to)));
        return Ok(Exit::Good);
    }
    reading.print_basis();
    println!("What became known from {} to {}.\n", utc(from), utc(to));
    for line in figures.lines(reading.replay(), table::width()) {
        println!("{line}");
    }
    if reading.events.len() <= known {
        match reading.replay().timeline().last() {
            Some(last) => println!("\nNothing did. The last mark by then is of {}.", utc(last)),
            None => println!("\nNothing did: the register has no mark by then."),
        }
    }
    println!("\nSilence is no admission: what silence did stands with each matter.");
    Ok(Exit::Good)
}

#[cfg(test)]
mod tests {
    use docket::harness::lives::Lives as Random;
    use docket::harness::{laws, participant, story};
    use docket::v1::Replay;
    use terms::{Instant, Seconds};

    use super::{Answers, Figures};

    /// The answers of one, in a story.
    fn answers(told: &str, who: &str) -> Answers {
        let (story, wrong) = story::run(told);
        assert_eq!(wrong, "");
        let figures = Figures::of(&story.world.live, &story.events, 0);
        figures.answers[&participant(who)]
    }

    const fn of(in_time: u64, late: u64, silent: u64, since: u64) -> Answers {
        Answers { in_time, late, silent, since }
    }

    #[test]
    fn who_spoke_before_the_clock_began_was_not_silent() {
        let told = "\
```setup
instrument exercise
start 2026-03-01 00:00
```
```acts
2026-03-01 08:00  secretariat  open visit v holder=north window=2026-03-04_06:00/2026-03-04_16:00 place=x03
2026-03-01 09:00  south        assure v   # counts
2026-03-04 12:00  north        assure v
2026-03-04 17:00  secretariat  come-back v made access=full
```
";
        assert_eq!(answers(told, "south"), of(1, 0, 0, 0));
        assert_eq!(answers(told, "north"), of(0, 0, 1, 1));
        assert_eq!(answers(told, "secretariat"), of(1, 0, 0, 0));
    }

    const CASE: &str = "\
```setup
instrument exercise
```
```acts
2025-11-01 08:00  north        open case c strands=south:p1 grade=minor
2025-11-01 09:00  secretariat  serve c south
";

    /// South's answers in a case that north opened, after more acts.
    fn in_case(acts: &str) -> Answers {
        answers(&format!("{CASE}{acts}2025-11-25 09:00  harbour  open life l text=t\n```\n"), "south")
    }

    #[test]
    fn late_counts_when_its_label_closes_and_a_stamp_makes_it_in_time() {
        let late = "2025-11-02 08:00  south  acknowledge c\n2025-11-04 20:00  south  respond c deny eyes=2 seen=2025-11-04_06:00 as=r   # late\n";
        assert_eq!(in_case(late), of(1, 1, 0, 0));
        let stamped = format!("{late}2025-11-05 07:00  harbour  intake r at=2025-11-04_08:00\n");
        assert_eq!(in_case(&stamped), of(2, 0, 0, 0));
    }

    #[test]
    fn what_is_taken_after_the_close_counts_for_itself_and_the_silence_stays() {
        // The receipt is noted, the answer goes on without: both were silent, and the receipt came after.
        assert_eq!(in_case("2025-11-04 08:00  south  acknowledge c   # late\n"), of(0, 0, 2, 1));
        assert_eq!(in_case("2025-11-07 08:00  south  respond c deny eyes=2\n"), of(0, 0, 2, 1));
    }

    #[test]
    fn who_has_no_information_yet_has_answered_once() {
        let twice = "2025-11-02 08:00  south  respond c no-information-yet eyes=2\n2025-11-03 08:00  south  respond c no-information-yet eyes=2\n";
        assert_eq!(in_case(twice), of(1, 0, 1, 0));
    }

    fn plus(into: &mut Figures, more: &Figures) {
        for (kind, lives) in &more.kinds {
            let sum = into.kinds.entry(kind.clone()).or_default();
            sum.opened += lives.opened;
            for (state, times) in &lives.came_to {
                *sum.came_to.entry(state.clone()).or_default() += times;
            }
        }
        for (who, answers) in &more.answers {
            let sum = into.answers.entry(who.clone()).or_default();
            sum.in_time += answers.in_time;
            sum.late += answers.late;
            sum.silent += answers.silent;
            sum.since += answers.since;
        }
    }

    #[test]
    fn adjacent_weeks_add_up_to_the_whole() {
        let mut all = Answers::default();
        for (name, instrument) in laws::INSTRUMENTS {
            for seed in 0..2 {
                let mut lives = Random::that_stand(instrument, seed);
                let begins = lives.world.now;
                lives.play(70);
                lives.wait(60);
                let (world, size) = (&lives.world, lives.world.size());
                let known_by = |at: Instant| -> (Replay, Vec<_>) {
                    let mut replay = world.replay(size, Some(at)).expect("it replays");
                    let events = replay.take_events();
                    (replay, events)
                };
                let mut sum = Figures::default();
                let (mut at, mut before) = (begins, known_by(begins).1.len());
                while at < world.now {
                    at = at.plus(Seconds::days(7));
                    let (replay, events) = known_by(at);
                    plus(&mut sum, &Figures::of(&replay, &events, before));
                    before = events.len();
                }
                let (replay, events) = known_by(at);
                let whole = Figures::of(&replay, &events, 0);
                assert_eq!(sum, whole, "{name} {seed}");
                for answers in whole.answers.values() {
                    all.in_time += answers.in_time;
                    all.late += answers.late;
                    all.silent += answers.silent;
                    all.since += answers.since;
                }
            }
        }
        // Such lives meet all that is counted.
        assert!(all.in_time > 0 && all.late > 0 && all.silent > 0 && all.since > 0, "{all:?}");
    }
}
