//! The docket in words: a line a strand, an exhibit, a seat, a key that is over; and what came of an entry.

use std::collections::BTreeMap;

use act::value::{MatterRef, StrandName};
use instrument::Procedure;
use instrument::procedure::{ClockKind, Silence};
use terms::{Instant, Item, ParticipantId};

use crate::v1::ledger::Ended;
use crate::v1::matter::{Armed, Strand};
use crate::v1::replay::Replay;
use crate::v1::state::field_text;
use crate::v1::{Event, What};
use crate::view::{self, Standing};

/// What the docket says as of `now`: τ decides what is overdue.
#[must_use]
pub fn lines(
    replay: &Replay,
    now: Instant,
    named: &BTreeMap<MatterRef, &str>,
    exhibits: &BTreeMap<Item, &str>,
) -> Vec<String> {
    let mut lines = Vec::new();
    if replay.timeline().is_silent(now) {
        lines.push(format!(
            "the register is silent since {}",
            replay.timeline().last().map_or("ever".to_owned(), short)
        ));
    }
    for (from, to) in replay.timeline().dead() {
        lines.push(format!("dead from {} to {}", short(*from), short(*to)));
    }
    let reached = replay.timeline().register_time().unwrap_or(Instant::EPOCH);
    let settlement = replay.settlement();
    let mut matters: Vec<String> = Vec::new();
    for matter in settlement.matters().values() {
        let name = named.get(&matter.id).copied().unwrap_or("?");
        for (strand, life) in matter.strands.iter() {
            let place = place_of(strand);
            let disowned = if matter.disowned { "; opened by a disowned act" } else { "" };
            matters.push(format!(
                "{name}{place}  {}{disowned}",
                life_in_words(life, &matter.procedure, reached, now)
            ));
        }
    }
    matters.sort();
    lines.extend(matters);
    let exhibits = exhibits.iter().filter_map(|(item, name)| {
        let exhibit = settlement.exhibits().get(item)?;
        Some(format!("{name}  {}", exhibit_in_words(exhibit)))
    });
    let mut exhibits: Vec<String> = exhibits.collect();
    exhibits.sort();
    lines.extend(exhibits);
    for (who, seat) in replay.ledger().seats() {
        if seat.taken.is_none() {
            lines.push(format!("{who}  seat vacant"));
        }
    }
    for line in replay.state().lines() {
        if let Some((path, value)) = line.split_once(' ')
            && let Some(rest) = path.strip_prefix("recovery/")
        {
            let who = rest.split('/').next().unwrap_or_default();
            lines.push(format!(
                "{who}  new roots: {}",
                value.replace(":00Z", "Z").replace(['T', 'Z'], " ").replace("  ", " ")
            ));
        }
    }
    for (name, key) in replay.ledger().keys() {
        match key.ended {
            None => {}
            Some((_, Ended::Revoked)) => lines.push(format!("{name}  revoked")),
            Some((_, Ended::Replaced)) => lines.push(format!("{name}  replaced")),
            Some((_, Ended::Disowned(since))) => {
                lines.push(format!("{name}  disowned since its act {since}"))
            }
        }
    }
    lines
}

/// What stands in the fields of a matter, a line a strand: `case-1/north/p1  grade minor; found-grade serious`. Fields that
/// name its strands are left out: they stand before.
#[must_use]
pub fn fields_of(replay: &Replay, name: &str, id: &MatterRef) -> Vec<String> {
    let Some((_, matter)) = replay.settlement().matter(id) else { return Vec::new() };
    let line = |strand: &StrandName| {
        let fields = matter.fields_of(strand);
        let named = fields.iter().filter(|(field, _)| !matter.procedure.strands.contains(field));
        let each: Vec<String> =
            named.map(|(field, value)| format!("{field} {}", field_text(value))).collect();
        format!("{name}{}  {}", place_of(strand), each.join("; "))
    };
    matter.strands.keys().map(line).collect()
}

/// How a story names a strand, behind its matter.
fn place_of(strand: &StrandName) -> String {
    if strand.as_str() == "all" { String::new() } else { format!("/{strand}").replace(':', "/") }
}

/// What came of an entry, in the word that a story has for it; `said` is what this one says.
#[must_use]
pub fn came_of(events: &[Event], entry: u64, said: &str) -> String {
    let of_entry = || events.iter().filter(|event| event.entry == Some(entry));
    let mut words = of_entry().filter_map(|event| match &event.what {
        What::Void(reason) => Some(format!("void: {reason}")),
        What::LateSoFar(..) | What::Late(..) | What::OpenedLate(_) => Some("late".to_owned()),
        What::Held(..) => Some("held".to_owned()),
        What::InTime(..) if said == "in time" => Some("in time".to_owned()),
        What::Split(..) => Some("nothing else can come".to_owned()),
        What::Seated(..) if said == "seated" => Some("seated".to_owned()),
        What::Opened(MatterRef::ByStep(_), ..) if said.starts_with("opens ") => Some(said.to_owned()),
        _ => None,
    });
    let waits = |what: &What| matches!(what, What::Spoke(..) | What::Sought(..));
    let counts = || of_entry().any(|event| waits(&event.what)).then(|| "counts".to_owned());
    words.next().or_else(counts).unwrap_or_default()
}

/// A moment without what it does not need.
#[must_use]
pub fn short(at: Instant) -> String {
    let text = at.to_string().replace('T', " ").replace('Z', "");
    text.strip_suffix(":00").map_or(text.clone(), str::to_owned)
}

fn names<'a>(who: impl IntoIterator<Item = &'a ParticipantId>) -> String {
    who.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn life_in_words(strand: &Strand, procedure: &Procedure, reached: Instant, now: Instant) -> String {
    let mut text = format!("{} since {}", strand.state, short(strand.since));
    for (step, clock) in strand.clocks.iter() {
        let silence = procedure.step(step).map(|rule| &rule.silence);
        text.push_str(&clock_in_words(strand, step, clock, silence, reached, now));
    }
    for label in &strand.labels {
        text.push_str(&format!("; {} by {}: late so far", label.step, label.by));
    }
    if strand.flagged {
        text.push_str("; stands on what was disowned");
    }
    text
}

fn clock_in_words(
    strand: &Strand,
    step: &terms::Code,
    clock: &Armed,
    silence: Option<&Silence>,
    reached: Instant,
    now: Instant,
) -> String {
    let Some(standing) = view::standing(clock, reached, now) else { return String::new() };
    let otherwise = silence.and_then(view::leads_to).map(|to| format!(", else {to}")).unwrap_or_default();
    let held = clock.held.iter().map(|held| format!("; {step} by {}: held", held.by)).collect::<String>();
    let of = names(&strand.unheard(step, clock));
    let is_right = clock.kind == ClockKind::Until;
    let verb = if is_right { "open to" } else { "waits for" };
    match standing {
        Standing::Unserved(on) => {
            let on = on.iter().map(|(who, at)| format!("{who}, deemed {}", short(*at)));
            format!("; {step}: not served on {}", on.collect::<Vec<_>>().join("; "))
        }
        Standing::SeatVacant => {
            let waiting = clock.waits.iter().flat_map(|waiting| &waiting.unserved);
            let on = waiting.map(|(who, deemed)| match deemed {
                Some((_, at)) => format!("{who}, deemed {}", short(*at)),
                None => format!("{who}, whose seat is vacant"),
            });
            format!("; {step}: not served on {}", on.collect::<Vec<_>>().join("; "))
        }
        Standing::StandsStill => format!("; {step} stands still"),
        // Nobody is pressed to use a right, and nothing follows its end.
        Standing::RanOut(_) | Standing::Overdue(_) if is_right && otherwise.is_empty() => String::new(),
        Standing::RanOut(times) => format!("; no {step} by {} from {of}", short(times.due)),
        Standing::Overdue(times) if is_right => {
            let (due, closes) = (short(times.due), short(times.closes));
            format!("; {step}: was open to {of} until {due}, closes {closes}{otherwise}{held}")
        }
        Standing::Overdue(times) => {
            let (due, closes) = (short(times.due), short(times.closes));
            format!("; {step}: overdue since {due} from {of}, closes {closes}{otherwise}{held}")
        }
        Standing::Passed(times) => {
            let due = short(times.due);
            format!(
                "; {step}: {verb} {of} until {due}, which the register has not recorded yet{otherwise}{held}"
            )
        }
        Standing::Running(times) => {
            format!("; {step}: {verb} {of} until {}{otherwise}{held}", short(times.due))
        }
    }
}

fn exhibit_in_words(exhibit: &crate::v1::exhibit::Exhibit) -> String {
    let mut text = format!("offered by {}", exhibit.filer);
    let mut more = |word: &str, who: String| {
        if !who.is_empty() {
            text.push_str(&format!("; {word} {who}"));
        }
    };
    more("granted to", names(exhibit.granted.keys()));
    more("kept by", names(exhibit.kept.keys()));
    more("opened by", names(exhibit.opened.keys()));
    more("answered by", names(exhibit.answered.keys()));
    for (who, challenge) in exhibit.challenged.iter() {
        let decided = match challenge.upheld {
            None => "",
            Some((true, _)) => ", upheld",
            Some((false, _)) => ", not upheld",
        };
        let mended = if exhibit.is_mended(who) { ", mended" } else { "" };
        more("challenged by", format!("{who}{decided}{mended}"));
    }
    for (who, (until, _)) in exhibit.holds.iter() {
        more("held by", format!("{who} until {}", short(*until)));
    }
    if exhibit.danger.is_some() {
        more("found to put", "a person in danger".to_owned());
    }
    more("destroyed by", names(exhibit.destroyed.keys()));
    if exhibit.disowned {
        more("filed by", "a disowned act".to_owned());
    }
    text
}
