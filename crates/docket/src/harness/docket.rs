//! The docket in words, for cases: a line a strand, an exhibit, a seat, a key that is over.

use std::collections::BTreeMap;

use act::value::MatterRef;
use instrument::Procedure;
use instrument::procedure::{ClockKind, Silence};
use terms::{Instant, Item, ParticipantId};

use crate::v1::ledger::Ended;
use crate::v1::matter::{Armed, Strand, Voices};
use crate::v1::replay::Replay;

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
            let place =
                if strand.as_str() == "all" { String::new() } else { format!("/{strand}").replace(':', "/") };
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

fn short(at: Instant) -> String {
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
        text.push_str(&clock_in_words(step.as_str(), clock, strand.voices.get(step), silence, reached, now));
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
    step: &str,
    clock: &Armed,
    voices: Option<&Voices>,
    silence: Option<&Silence>,
    reached: Instant,
    now: Instant,
) -> String {
    if let Some(waiting) = &clock.waits {
        let on = waiting.unserved.iter().map(|(who, deemed)| match deemed {
            Some((_, at)) => format!("{who}, deemed {}", short(*at)),
            None => format!("{who}, whose seat is vacant"),
        });
        return format!("; {step}: not served on {}", on.collect::<Vec<_>>().join("; "));
    }
    let Some(times) = clock.times else { return String::new() };
    if times.closes == Instant::LAST {
        return format!("; {step} stands still");
    }
    let asked = names(clock.asked.iter().filter(|who| voices.is_none_or(|said| !said.contains_key(who))));
    if clock.noted && clock.kind == ClockKind::Until {
        return String::new();
    }
    if clock.noted {
        return format!("; no {step} by {} from {asked}", short(times.due));
    }
    let otherwise = match silence {
        Some(Silence::Moves { to, .. }) => format!(", else {to}"),
        Some(Silence::Noted) | None => String::new(),
    };
    let held = clock.held.iter().map(|held| format!("; {step} by {}: held", held.by));
    let held = held.collect::<String>();
    // Nobody is pressed to use a right, and nothing follows its end.
    if clock.kind == ClockKind::Until && reached > times.due && otherwise.is_empty() {
        return String::new();
    }
    if reached > times.due {
        let closes = short(times.closes);
        return format!(
            "; {step}: overdue since {} from {asked}, closes {closes}{otherwise}{held}",
            short(times.due)
        );
    }
    let passed = if now > times.due { ", which the register has not recorded yet" } else { "" };
    let verb = match clock.kind {
        ClockKind::Due => "waits for",
        ClockKind::Until => "open to",
    };
    format!("; {step}: {verb} {asked} until {}{passed}{otherwise}{held}", short(times.due))
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
            Some(true) => ", upheld",
            Some(false) => ", not upheld",
        };
        let mended = if challenge.mended { ", mended" } else { "" };
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
