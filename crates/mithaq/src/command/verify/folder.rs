//! A whole register: one node's folder, checked and printed.

use std::path::Path;

use audit::{Checked, Report, Source, Standing, Verdict, Wrong};
use node::batch::Threads;
use node::disk::Disk;
use serde_json::{Value, json};
use terms::Instant;

use super::Args;
use super::contradictions::Contradictions;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::mark::Mark;
use crate::show::progress::{Progress, Unit};
use crate::show::table::{self, right, table};
use crate::show::text::{count, number, safe};
use crate::show::time::utc;

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let source = Disk::at(&args.path);
    let checked = check(&source, &args.expected(), args.as_of);
    tell(args, globals, &source, &checked)
}

/// What the check came to, and what contradicts what.
pub(super) fn tell(
    args: &Args,
    globals: &Globals,
    source: &dyn Source,
    checked: &Checked,
) -> Result<Exit, Failure> {
    let mut contradictions = Contradictions::default();
    contradictions.look(source, checked, &[]);
    let contradictions = contradictions.write(args.evidence.as_deref())?;
    if globals.json {
        let mut value = value(&args.path, checked);
        contradictions.add_to(&mut value);
        println!("{value:#}");
    } else {
        first(checked);
        if checked.report.verdict() != Verdict::Good {
            conclude(&checked.report);
            println!();
        }
        print(checked);
        contradictions.print();
        conclude(&checked.report);
        if checked.report.verdict() == Verdict::Good && !contradictions.is_empty() {
            println!("The register stands; the contradictions above convict whom they name.");
        }
    }
    Ok(exit(checked.report.verdict()))
}

/// Checks, with progress where somebody watches.
pub(crate) fn check(source: &dyn Source, expected: &audit::Expected, as_of: Option<Instant>) -> Checked {
    let mut progress = Progress::new("checking entries", Unit::Entries);
    audit::verify_folder(source, expected, as_of, &mut Threads::start(), &mut |done, of| {
        progress.tell(done, of)
    })
}

pub(crate) const fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Good => Exit::Good,
        Verdict::Wrong => Exit::Wrong,
        Verdict::Undecided => Exit::Undecided,
    }
}

/// What the register says of itself.
pub(super) fn mark(checked: &Checked) -> Mark {
    checked.replay.as_ref().map(|replay| Mark::of(replay.instrument())).unwrap_or_default()
}

/// What is said first.
fn first(checked: &Checked) {
    mark(checked).print();
}

/// Everything but that and the verdict.
pub(super) fn print(checked: &Checked) {
    let report = &checked.report;
    name(report);
    counts(report);
    cosigners(checked);
    tallies(checked);
    for remark in &report.remarks {
        println!("{}", safe(remark));
    }
    if let Some(line) = state_line(report) {
        println!("\n{line}");
    }
    for label in report.standing.into_iter().flat_map(labels) {
        println!("{label}");
    }
}

/// What the state as of a time is (TIME T9).
fn labels(standing: Standing) -> impl Iterator<Item = &'static str> {
    let closed = if standing.closed {
        "closed: a final mark is past that time, and the state as of it never changes"
    } else {
        "so far: no final mark is past that time yet"
    };
    let silent = "silent: the last mark is more than three heartbeats before that time";
    [closed].into_iter().chain(standing.silent.then_some(silent))
}

fn name(report: &Report) {
    let (Some(genesis), Some(voice)) = (report.genesis, report.voice()) else { return };
    println!("{}", safe(&report.name));
    println!("  register  {}", safe(&report.origin));
    println!("  by voice  {voice}");
    println!("  genesis   {genesis}");
}

fn counts(report: &Report) {
    let counts = &report.counts;
    let acts = format!(
        "acts: {} settled, {} void, {} pending; {} malformed",
        number(counts.settled),
        number(counts.void),
        number(counts.pending),
        number(counts.malformed)
    );
    let mut table = table([]);
    for (what, n, more) in [
        ("files", counts.files, ""),
        ("entries", counts.entries, acts.as_str()),
        ("marks", counts.marks, ""),
        ("signatures", counts.signatures, ""),
        ("tiles", counts.tiles, ""),
        ("annexes", counts.annexes, ""),
        ("sealed files", counts.sealed, ""),
        ("grants", counts.grants, ""),
        ("notes", counts.notes, ""),
    ] {
        table.add_row([what, &number(n), more]);
    }
    right(&mut table, &[1]);
    println!("\nChecked");
    table::print(&mut table);
    let held = report.held;
    if held.sealed_of + held.grants_of > 0 {
        println!(
            "held here: {} of {}, {} of {}, of exhibits that nobody has destroyed",
            number(held.sealed),
            count(held.sealed_of, "sealed file", "sealed files"),
            number(held.grants),
            count(held.grants_of, "grant", "grants"),
        );
    }
}

/// `one cosigner: Doha, 2026-01-12 08:00 UTC`.
fn cosigners(checked: &Checked) {
    let report = &checked.report;
    let Some(replay) = &checked.replay else { return };
    let of = replay.ledger().policy().witnesses().len();
    let who: Vec<String> =
        report.cosigners.iter().map(|(name, time)| format!("{}, {}", safe(name), utc(*time))).collect();
    let said = count(who.len() as u64, "cosigner", "cosigners");
    let names = if who.is_empty() { String::new() } else { format!(": {}", who.join("; ")) };
    println!("\n{said}{names} (quorum {} of {of})", report.quorum);
}

fn tallies(checked: &Checked) {
    let (Some(replay), false) = (&checked.replay, checked.report.tallies.is_empty()) else { return };
    println!("\nEvidence, by who filed it");
    let mut table = table(["", "OFFERED", "FILED", "SHARED", "ANSWERED"]);
    for (who, tally) in &checked.report.tallies {
        let label =
            replay.instrument().participants.get(who).map_or(who.as_str(), |p| p.names.label.as_str());
        let numbers = [tally.offered, tally.filed, tally.shared, tally.answered].map(number);
        let [offered, filed, shared, answered] = numbers;
        table.add_row([safe(label), offered, filed, shared, answered]);
    }
    right(&mut table, &[1, 2, 3, 4]);
    table::print(&mut table);
}

/// `rules 1 · size 812 · root … · as of … · state …`; before the first mark it is as of no time.
pub(crate) fn state_line(report: &Report) -> Option<String> {
    let state = report.state?;
    let none = Instant::from_secs(0) == Some(state.as_of);
    let when = if none { "no mark yet".to_owned() } else { format!("as of {}", utc(state.as_of)) };
    Some(format!(
        "rules {} · size {} · root {} · {when} · state {}",
        state.rules, state.size, state.root, state.state
    ))
}

/// The verdict, in words.
pub(crate) fn conclude(report: &Report) {
    match report.verdict() {
        Verdict::Good => println!("Nothing wrong found."),
        Verdict::Wrong => {
            if let Some(first) = report.wrongs.first() {
                println!("Wrong: {}", sentence(first));
            }
            more(report.wrongs.len(), "wrong");
        }
        Verdict::Undecided => {
            if let Some(first) = report.undecided.first() {
                println!("Can't be decided: {}.", safe(first));
            }
            more(report.undecided.len(), "reason");
        }
    }
}

fn more(all: usize, what: &str) {
    match all {
        0 | 1 => {}
        2 => println!("One more {what}: `--json` names it."),
        all => println!("{} more {what}s: `--json` names them.", number(all as u64 - 1)),
    }
}

/// Where, what, and its code.
pub(crate) fn sentence(wrong: &Wrong) -> String {
    format!("{} [{}]", place_and_what(wrong), wrong.code)
}

/// Where, and what.
pub(super) fn place_and_what(wrong: &Wrong) -> String {
    let entry = wrong.entry.map(|entry| format!(", entry {entry}")).unwrap_or_default();
    format!("{}{entry}: {}", safe(&wrong.file), safe(&wrong.what))
}

/// All of it, for machines.
pub(crate) fn value(path: &Path, checked: &Checked) -> Value {
    let report = &checked.report;
    let counts = &report.counts;
    let witnesses = checked.replay.as_ref().map(|replay| replay.ledger().policy().witnesses().len());
    json!({
        "path": path.display().to_string(),
        "verdict": word(report.verdict()),
        "exercise": report.exercise,
        "standing": mark(checked).standing,
        "name": report.name,
        "origin": report.origin,
        "voice": report.voice().map(|voice| voice.to_string()),
        "genesis": report.genesis,
        "counts": {
            "files": counts.files, "entries": counts.entries, "settled": counts.settled, "void": counts.void,
            "pending": counts.pending, "malformed": counts.malformed, "marks": counts.marks,
            "signatures": counts.signatures, "tiles": counts.tiles, "annexes": counts.annexes,
            "sealed": counts.sealed, "grants": counts.grants, "notes": counts.notes,
        },
        "held": {
            "sealed": report.held.sealed, "sealed-of": report.held.sealed_of,
            "grants": report.held.grants, "grants-of": report.held.grants_of,
        },
        "cosigners": report.cosigners.iter().map(|(name, time)| json!({"name": name, "time": time}))
            .collect::<Vec<_>>(),
        "quorum": report.quorum,
        "witnesses": witnesses,
        "tallies": report.tallies.iter().map(|(who, tally)| (who.to_string(), json!({
            "offered": tally.offered, "filed": tally.filed, "shared": tally.shared, "answered": tally.answered,
        }))).collect::<serde_json::Map<_, _>>(),
        "state": report.state,
        "standing": report.standing.map(|standing| json!({
            "closed": standing.closed, "silent": standing.silent,
        })),
        "wrongs": report.wrongs.iter().map(|wrong| json!({
            "code": wrong.code, "file": wrong.file, "entry": wrong.entry, "what": wrong.what,
        })).collect::<Vec<_>>(),
        "undecided": report.undecided,
        "remarks": report.remarks,
    })
}

pub(crate) const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Wrong => "wrong",
        Verdict::Undecided => "undecided",
    }
}

#[cfg(test)]
mod tests {
    use act::state::StateBody;
    use terms::Hash;

    use super::*;

    #[test]
    fn before_the_first_mark_the_state_is_as_of_no_time() {
        let state = |as_of| {
            let (root, state) = (Hash::ZERO, Hash::ZERO);
            StateBody { rules: 1, size: 4, root, as_of: Instant::parse(as_of).unwrap(), lines: 9, state }
        };
        let line = |as_of| {
            state_line(&Report { state: Some(state(as_of)), ..Report::default() }).unwrap_or_default()
        };
        assert!(line("1970-01-01T00:00:00Z").contains(" · no mark yet · "));
        assert!(line("2026-01-12T08:00:00Z").contains(" · as of 2026-01-12 08:00 UTC · "));
    }
}
