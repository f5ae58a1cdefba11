//! `mithaq brief`: one page to print and to take along.

use docket::v1::{Event, What};
use docket::view::{Ask, asks, coming, matter_of, relief_sought};
use serde_json::{Value, json};
use terms::{Instant, ParticipantId, Seconds};

use super::due::is_pressing;
use crate::cli::{Globals, time};
use crate::failure::{Exit, Failure};
use crate::reading::{AsOf, Reading, answer};
use crate::resolve;
use crate::say::coming as comes;
use crate::say::event::told;
use crate::say::{self, ask, label, relief};
use crate::show::table::wrapped;
use crate::show::text::{count, number, safe};
use crate::show::time::{bare, length, utc};

/// `mithaq brief`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq brief --for south
  mithaq brief --for south --since '2026-01-12 08:00'

At most 60 lines of 80 columns; what did not fit is counted.")]
pub struct Args {
    /// For whom; this node's participant, if nobody is named.
    #[arg(long = "for", value_name = "PARTICIPANT")]
    of: Option<String>,
    /// What changed since then; without it, since the register that this participant's last act had seen.
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Instant>,
    #[command(flatten)]
    as_of: AsOf,
}

/// Lines of a page, the word EXERCISE and what stands above the page among them.
const LINES: usize = 60;
const COLUMNS: u16 = 80;

/// How soon a right ends that is named here.
const RIGHTS_WITHIN: Seconds = Seconds::days(7);

/// A part of the page: its head, what it says where there is nothing, and its items, the most urgent first.
struct Part {
    head: String,
    nothing: String,
    items: Vec<Vec<String>>,
    /// How many lines it has before others get more.
    fair: usize,
    /// Where the rest is found.
    rest: String,
}

/// Something that changed.
struct Change {
    at: Instant,
    matter: String,
    says: String,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let reading = Reading::open(&args.as_of, globals)?;
    let who = match &args.of {
        Some(who) => resolve::participant(&reading.node, who)?,
        None => reading.node.me().clone(),
    };
    let since = match args.since {
        Some(since) => Some(since),
        None => last_seen(&reading, &who)?,
    };
    let all = asks(reading.replay(), reading.now);
    let pressing = || all.iter().filter(|ask| is_pressing(ask) && !ask.matter.disowned);
    let asked: Vec<_> = pressing().filter(|ask| say::is_pressed(ask.rule) && ask.of.contains(&who)).collect();
    let waits: Vec<_> = pressing()
        .filter(|ask| say::is_pressed(ask.rule) && ask.matter.opener == who && !ask.of.contains(&who))
        .collect();
    let soon = reading.now.plus(RIGHTS_WITHIN);
    let (by_itself, rights): (Vec<_>, Vec<_>) = pressing()
        .filter(|ask| {
            !say::is_pressed(ask.rule) && ask.of.contains(&who) && ask.when(reading.replay()) <= soon
        })
        .partition(|one| ask::comes_by_itself(one));
    let effects: Vec<_> = coming(reading.replay()).into_iter().filter(|one| one.at <= soon).collect();
    let relief: Vec<_> =
        relief_sought(reading.replay()).into_iter().filter(|one| one.could_join.contains(&who)).collect();
    let changes = changes(&reading, &who, since)?;
    if globals.json {
        let each =
            |asks: &[&Ask<'_>]| -> Vec<Value> { asks.iter().map(|one| ask::value(&reading, one)).collect() };
        let changes: Vec<Value> = changes
            .iter()
            .map(|change| json!({"at": change.at, "matter": change.matter, "says": change.says}))
            .collect();
        let more = json!({
            "for": who, "since": since, "asked": each(&asked), "waits-for": each(&waits), "rights": each(&rights),
            "by-itself": each(&by_itself), "effects": effects.iter().map(comes::value).collect::<Vec<_>>(), "relief": relief.iter().map(relief::value).collect::<Vec<_>>(), "changes": changes, "entries": reading.entries, "settled": reading.replay().timeline().settled(),
            "on-their-way": reading.pending.len(), "malformed": reading.replay().malformed(),
            "silent": reading.replay().timeline().is_silent(reading.now),
        });
        println!("{:#}", answer(&reading, more));
        return Ok(Exit::Good);
    }
    let name = label(reading.replay().instrument(), &who);
    let of = who.as_str();
    let mut parts = vec![
        Part {
            head: format!("Asked of {name}"),
            nothing: format!("Nothing is asked of {name}."),
            items: asked.iter().map(|one| item(&reading, one, false)).collect(),
            fair: 14,
            rest: format!("mithaq due --for {of}"),
        },
        Part {
            head: format!("Asked of others in what {name} opened"),
            nothing: "Nothing.".to_owned(),
            items: waits.iter().map(|one| item(&reading, one, true)).collect(),
            fair: 9,
            rest: "mithaq due".to_owned(),
        },
        Part {
            head: "Rights that end within 7 d; nobody is pressed".to_owned(),
            nothing: "None.".to_owned(),
            items: rights.iter().map(|one| item(&reading, one, false)).collect(),
            fair: 5,
            rest: format!("mithaq due --for {of}"),
        },
        Part {
            head: match since {
                Some(since) => {
                    format!("Changed by others and by silence since {}, the last first", utc(since))
                }
                None => "Changed by others and by silence, the last first".to_owned(),
            },
            nothing: "Nothing.".to_owned(),
            items: changes.iter().map(changed).collect(),
            fair: 10,
            rest: "mithaq list, mithaq show REF".to_owned(),
        },
    ];
    if !by_itself.is_empty() || !effects.is_empty() {
        let of_all = effects.iter().map(|one| wrapped(&safe(&comes::says(&reading, one)), COLUMNS));
        let by_itself = Part {
            head: "What comes by itself within 7 d".to_owned(),
            nothing: "Nothing.".to_owned(),
            items: of_all.chain(by_itself.iter().map(|one| item(&reading, one, false))).collect(),
            fair: 4,
            rest: format!("mithaq due --for {of}"),
        };
        parts.insert(3, by_itself);
    }
    if !relief.is_empty() {
        let waits = Part {
            head: format!("Relief that others asked for; {name} could join, and need not"),
            nothing: "Nothing.".to_owned(),
            items: relief.iter().map(|one| wrapped(&safe(&relief::in_matter(one)), COLUMNS)).collect(),
            fair: 5,
            rest: format!("mithaq due --for {of}"),
        };
        parts.insert(2, waits);
    }
    let mut head = vec![format!("Brief for {name}, {}", utc(reading.now))];
    head.extend(wrapped(&safe(&reading.replay().instrument().name), COLUMNS));
    let basis = say::reconstruction(reading.replay().instrument().basis);
    head.extend(basis.into_iter().flat_map(|says| wrapped(says, COLUMNS)));
    let foot = record(&reading);
    // Above the page stand the word EXERCISE, and from when it is.
    let above = usize::from(reading.replay().is_exercise()) + if reading.is_past() { 2 } else { 0 };
    let room = LINES.saturating_sub(above + head.len() + foot.len());
    for line in head.into_iter().chain(page(&parts, room)).chain(foot) {
        println!("{line}");
    }
    Ok(Exit::Good)
}

/// What participants said last that they had seen of the register: the time of the mark that covers it.
fn last_seen(reading: &Reading, who: &ParticipantId) -> Result<Option<Instant>, Failure> {
    let mut largest = None;
    let timeline = reading.replay().timeline();
    reading.node.for_each_entry(timeline.settled(), |_, entry| {
        let head = entry.act().head();
        if head.by.participant() == Some(who) {
            largest = largest.max(head.seen.map(|seen| seen.size));
        }
    })?;
    Ok(largest.and_then(|size| timeline.high(size.saturating_sub(1))))
}

fn changes(reading: &Reading, who: &ParticipantId, since: Option<Instant>) -> Result<Vec<Change>, Failure> {
    let mut changes: Vec<(Option<u64>, Change)> = Vec::new();
    let fresh = reading.events.iter().filter(|event| since.is_none_or(|since| event.at > since));
    for event in fresh {
        let Some((_, matter)) = matter_of(&event.what).and_then(|named| reading.by_ref(named)) else {
            continue;
        };
        if let (What::Entered(_, _, state), Some((entry, last))) = (&event.what, changes.last_mut())
            && (*entry, last.at) == (event.entry, event.at)
            && last.matter == matter.reference.to_string()
        {
            if !last.says.contains(&format!("`{state}`")) {
                last.says.push_str(&format!("; now `{state}`"));
            }
            continue;
        }
        if !is_news(event) {
            continue;
        }
        let by = reading.author(event)?;
        if by.as_ref() == Some(who) {
            continue;
        }
        let says = match &event.what {
            What::Opened(_, _, _, by) => {
                format!("{} opened it: {}", label(reading.replay().instrument(), by), matter.procedure.title)
            }
            What::Corrected(..) => {
                let by = by.map(|by| label(reading.replay().instrument(), &by)).unwrap_or_default();
                format!("{by} corrected what it had said")
            }
            _ => told(reading.replay(), matter, event, &reading.events),
        };
        changes.push((event.entry, Change { at: event.at, matter: matter.reference.to_string(), says }));
    }
    changes.reverse();
    Ok(changes.into_iter().map(|(_, change)| change).collect())
}

/// What a person would be told; clocks and service follow from it.
const fn is_news(event: &Event) -> bool {
    matches!(
        event.what,
        What::Opened(..)
            | What::Reopened(..)
            | What::Stepped(..)
            | What::Spoke(..)
            | What::Split(..)
            | What::Corrected(..)
            | What::Amended(..)
            | What::NotAmended(..)
            | What::Closed(..)
            | What::Late(..)
            | What::InTime(..)
            | What::Held(..)
            | What::RanOut(..)
            | What::Flagged(..)
            | What::SetAside(..)
            | What::Suspended(..)
            | What::Resumed(..)
    )
}

/// An ask: its time and step on a line, how it stands below.
fn item(reading: &Reading, one: &Ask<'_>, named: bool) -> Vec<String> {
    let (when, left) = ask::when(reading, one);
    let of = if named && !ask::comes_by_itself(one) {
        format!("{}: ", ask::who(reading, one))
    } else {
        String::new()
    };
    let mut lines = beside(when.trim_end_matches(" UTC"), &format!("{of}{}", ask::what(one)));
    let notes: Vec<String> = left.lines().map(str::to_owned).chain(ask::notes(reading, one)).collect();
    lines.extend(beside("", &notes.join("; ")));
    lines
}

fn changed(change: &Change) -> Vec<String> {
    beside(&bare(change.at), &format!("{}  {}", change.matter, change.says))
}

/// A text beside a time.
fn beside(time: &str, text: &str) -> Vec<String> {
    let lines = wrapped(&safe(text), COLUMNS - 18);
    lines
        .iter()
        .enumerate()
        .map(|(place, line)| {
            format!("{:<16}  {line}", if place == 0 { time } else { "" }).trim_end().to_owned()
        })
        .collect()
}

/// The parts in so many lines at most: each has its fair share, and what some leave others take, in order.
fn page(parts: &[Part], room: usize) -> Vec<String> {
    let wanted: Vec<usize> =
        parts.iter().map(|part| part.items.iter().map(Vec::len).sum::<usize>().max(1)).collect();
    // A blank line and a head each.
    let mut left = room.saturating_sub(2 * parts.len());
    let mut given: Vec<usize> =
        parts.iter().zip(&wanted).map(|(part, wanted)| part.fair.min(*wanted)).collect();
    left = left.saturating_sub(given.iter().sum());
    for (given, wanted) in given.iter_mut().zip(&wanted) {
        let more = (wanted - *given).min(left);
        *given += more;
        left -= more;
    }
    let mut page = Vec::new();
    for (part, given) in parts.iter().zip(given) {
        page.extend([String::new(), part.head.clone()]);
        if part.items.is_empty() {
            page.push(part.nothing.clone());
            continue;
        }
        let all: usize = part.items.iter().map(Vec::len).sum();
        // What does not fit is counted on a line of its own.
        let room = if all <= given { given } else { given - 1 };
        let mut used = 0;
        let fitting = part.items.iter().take_while(|item| {
            used += item.len();
            used <= room
        });
        let fitting: Vec<&Vec<String>> = fitting.collect();
        let rest = part.items.len() - fitting.len();
        page.extend(fitting.into_iter().flatten().cloned());
        if rest > 0 {
            page.push(format!("and {} more: {}", number(rest as u64), part.rest));
        }
    }
    page
}

/// Whether the record is whole, as far as it can be said without reading all of it.
fn record(reading: &Reading) -> Vec<String> {
    let (replay, timeline) = (reading.replay(), reading.replay().timeline());
    let mut lines = vec![String::new(), "The record".to_owned()];
    let last = timeline.last().map_or_else(|| "none yet".to_owned(), utc);
    let silent = if timeline.is_silent(reading.now) {
        let heartbeat = replay.instrument().calendar.heartbeat.0;
        format!("; silent: no mark in three heartbeats of {}", length(heartbeat))
    } else {
        String::new()
    };
    lines.push(format!("Last mark {last}{silent}."));
    lines.push(format!(
        "{}, {} under a mark; {} on the way.",
        count(reading.entries, "entry", "entries"),
        number(timeline.settled()),
        count(reading.pending.len() as u64, "act", "acts")
    ));
    if replay.malformed() > 0 {
        lines.push(format!(
            "The registrar let in {} that it had to refuse: `mithaq verify` names them.",
            count(replay.malformed(), "entry", "entries")
        ));
    }
    if let Some(clause) = &replay.instrument().standing {
        lines.extend(wrapped(&safe(clause), COLUMNS));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(items: usize, fair: usize) -> Part {
        let item = |n| vec![format!("item {n}"), "  and how it stands".to_owned()];
        Part {
            head: "Asked".to_owned(),
            nothing: "Nothing.".to_owned(),
            items: (1..=items).map(item).collect(),
            fair,
            rest: "mithaq due".to_owned(),
        }
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        // Two heads with a blank line each, and 10 lines for items: the second needs one, the first has the rest.
        let page = page(&[part(30, 4), part(0, 4)], 14);
        assert_eq!(page.len(), 14, "{page:#?}");
        assert_eq!(page.iter().filter(|line| line.starts_with("item")).count(), 4);
        assert!(page.contains(&"and 26 more: mithaq due".to_owned()), "{page:#?}");
        assert!(page.ends_with(&["Nothing.".to_owned()]));
    }

    #[test]
    fn a_page_is_never_longer_than_there_is_room() {
        for (asked, waits, changed) in [(0, 0, 0), (1, 0, 40), (9, 5, 7), (200, 200, 200), (18, 10, 14)] {
            for room in 46..60 {
                let page = page(&[part(asked, 14), part(waits, 9), part(0, 5), part(changed, 10)], room);
                assert!(page.len() <= room, "{} lines in {room}", page.len());
            }
        }
    }
}
