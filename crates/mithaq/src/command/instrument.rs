//! `mithaq instrument`: what an agreement does, before anybody signs it.

mod lives;
mod places;
mod rules;

use std::path::{Path, PathBuf};

use instrument::procedure::{Clock, ClockKind, Due, From, Leads, Opens, Procedure, Silence, StateKind, Step};
use instrument::{Instrument, library};
use serde_json::json;
use terms::{Code, Diagnostic, Severity};

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::say::{promise, sentence};
use crate::show::diagnostic;
use crate::show::text::{count, safe};

/// `mithaq instrument`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks an instrument: whether it is read, and whether what it says works.
    ///
    /// Looks at every state, step and set: whether somebody is left waiting for ever, whether silence finds
    /// anybody in breach, whether those who decide can decide. Every finding says where, and what to do. Then
    /// walks every life of every kind of matter, and tells the shortest story to each trap, with invented dates.
    Check(Check),
    /// Says in plain sentences what each kind of matter does: who acts, by when, and what silence leads to.
    Explain(Explain),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument check instruments/exercise.toml
  mithaq instrument check amended.toml --after instruments/exercise.toml

Exit code 0: it works, with warnings or without; 2: it has errors or traps.")]
struct Check {
    /// The instrument.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The instrument whose place it is to take: whether open matters would know where they stand then.
    #[arg(long, value_name = "FILE")]
    after: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument explain instruments/exercise.toml
  mithaq instrument explain instruments/exercise.toml case")]
struct Explain {
    /// The instrument.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only this kind of matter.
    #[arg(value_name = "KIND")]
    kind: Option<String>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::Check(args) => check(args, globals),
        Command::Explain(args) => explain(args, globals),
    }
}

struct Read {
    text: String,
    instrument: Option<Instrument>,
    diagnostics: Vec<Diagnostic>,
}

impl Read {
    fn of(path: &Path, before: Option<&Instrument>) -> Result<Read, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
        let library = library::shipped();
        let (instrument, diagnostics) = match before {
            None => instrument::read(&text, &library),
            Some(before) => instrument::read_after(&text, &library, before),
        };
        Ok(Read { text, instrument, diagnostics })
    }

    /// The instrument, if it has no error; else its errors are shown.
    fn sound(self, path: &Path) -> Result<Instrument, Failure> {
        match (self.number(Severity::Error), self.instrument) {
            (0, Some(instrument)) => Ok(instrument),
            _ => {
                diagnostic::print(&path.display().to_string(), &self.text, &self.diagnostics);
                let message = format!("`{}` has errors", path.display());
                Err(Failure::usage("mithaq::instrument", message).help("mend what is shown above"))
            }
        }
    }

    fn number(&self, severity: Severity) -> u64 {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count() as u64
    }
}

fn check(args: &Check, globals: &Globals) -> Result<Exit, Failure> {
    let path = args.file.as_path();
    let before = match &args.after {
        None => None,
        Some(before) => Some(Read::of(before, None)?.sound(before)?),
    };
    let read = Read::of(path, before.as_ref())?;
    let (errors, warnings) = (read.number(Severity::Error), read.number(Severity::Warning));
    let lives = read.instrument.as_ref().and_then(|instrument| lives::walk(instrument, &read.diagnostics));
    let traps = lives.as_ref().map_or(0, lives::traps);
    let exit = if errors + traps > 0 { Exit::Usage } else { Exit::Good };
    if globals.json {
        let found: Vec<_> = read.diagnostics.iter().map(|found| value(found, &read.text)).collect();
        let mut said = json!({"file": path, "errors": errors, "warnings": warnings, "found": found});
        if let Some(lives) = &lives {
            said["traps"] = json!(traps);
            said["lives"] = lives::value(lives);
        }
        println!("{said:#}");
        return Ok(exit);
    }
    diagnostic::print(&path.display().to_string(), &read.text, &read.diagnostics);
    if let Some(instrument) = &read.instrument {
        println!("{}", safe(&instrument.name));
        println!(
            "{}, {}, {}",
            count(instrument.participants.len() as u64, "participant", "participants"),
            count(instrument.provisions.len() as u64, "provision", "provisions"),
            count(instrument.procedures.len() as u64, "procedure", "procedures")
        );
    }
    if let Some(lives) = &lives {
        lives::print(lives);
    }
    let (errors, warnings) = (count(errors, "error", "errors"), count(warnings, "warning", "warnings"));
    match traps {
        0 => println!("{errors}, {warnings}"),
        traps => println!("{errors}, {warnings}, {}", count(traps, "trap", "traps")),
    }
    Ok(exit)
}

fn value(found: &Diagnostic, text: &str) -> serde_json::Value {
    let place = found.labels.first().map(|label| {
        let before = text.get(..label.span.start).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        json!({"line": before.matches('\n').count() + 1, "column": column})
    });
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({"code": found.code, "severity": severity, "message": found.message, "at": place, "help": found.help})
}

fn explain(args: &Explain, globals: &Globals) -> Result<Exit, Failure> {
    let instrument = Read::of(&args.file, None)?.sound(&args.file)?;
    let chosen: Vec<(&Code, &Procedure)> = match &args.kind {
        None => instrument.procedures.iter().collect(),
        Some(kind) => {
            let found = instrument.procedures.iter().find(|(name, _)| name.as_str() == kind);
            let known: Vec<&str> = instrument.procedures.keys().map(Code::as_str).collect();
            vec![found.ok_or_else(|| {
                Failure::usage("mithaq::unknown", format!("there is no kind of matter `{kind}` here"))
                    .help(format!("there is {}", known.join(", ")))
            })?]
        }
    };
    let told: Vec<(&Code, Vec<String>)> =
        chosen.into_iter().map(|(name, procedure)| (name, lines(name, procedure))).collect();
    // Asked for one kind, nothing else is told.
    let of_all = |lines: fn(&Instrument) -> Vec<String>| match args.kind {
        None => lines(&instrument),
        Some(_) => Vec::new(),
    };
    let (places, rules) = (of_all(places::lines), of_all(rules::lines));
    if globals.json {
        let told: serde_json::Map<String, serde_json::Value> =
            told.into_iter().map(|(name, lines)| (name.to_string(), json!(lines))).collect();
        println!(
            "{:#}",
            json!({
                "instrument": instrument.name,
                "exercise": instrument.exercise,
                "places": places,
                "rules": rules,
                "says": told
            })
        );
        return Ok(Exit::Good);
    }
    if instrument.exercise {
        println!("EXERCISE");
    }
    println!("{}", safe(&instrument.name));
    if !places.is_empty() {
        println!();
    }
    for line in places.into_iter().chain(rules) {
        println!("{}", safe(&line));
    }
    for (_, lines) in told {
        println!();
        for line in lines {
            println!("{}", safe(&line));
        }
    }
    Ok(Exit::Good)
}

/// What a procedure does, a sentence a line.
fn lines(name: &Code, procedure: &Procedure) -> Vec<String> {
    let mut lines = vec![format!("{} ({}), `{name}`", procedure.title, procedure.reference)];
    lines.extend(procedure.says.clone());
    let opened = format!("Opened by {}; begins in `{}`.", procedure.open.by, procedure.open.to);
    let strands = match procedure.strands.as_slice() {
        [] => String::new(),
        strands => {
            let names: Vec<&str> = strands.iter().map(Code::as_str).collect();
            format!(" A life of its own for each {}.", names.join(" and "))
        }
    };
    lines.push(opened + &strands);
    for (state, about) in &procedure.states {
        lines.push(String::new());
        let kind = match about.kind {
            StateKind::Waiting => "waits",
            StateKind::Rest => "rests",
            StateKind::End => "is over",
        };
        lines.push(format!("  {state} {kind}. {}", about.says));
        for (step, rule) in procedure.steps_in(state).filter(|(_, rule)| rule.from != From::Any) {
            lines.extend(step_lines(step, rule, state));
        }
    }
    let anywhere: Vec<&(Code, Step)> =
        procedure.steps.iter().filter(|(_, rule)| rule.from == From::Any).collect();
    if let [_, ..] = anywhere.as_slice() {
        lines.push(String::new());
        lines.push("  Until it is over, anywhere:".to_owned());
        for (step, rule) in anywhere {
            lines.extend(step_lines(step, rule, &procedure.open.to));
        }
    }
    lines
}

fn step_lines(name: &Code, step: &Step, state: &Code) -> Vec<String> {
    let mut lines = Vec::new();
    let by_when = step.clock.as_ref().map(by_when).unwrap_or_default();
    let leads = match &step.leads {
        Leads::Stays => "changes no state".to_owned(),
        Leads::To(to) => format!("leads to `{to}`"),
        Leads::Choice(choices) => {
            let each: Vec<String> = choices
                .iter()
                .map(|(choice, to)| match to {
                    Some(to) => format!("{choice} → `{to}`"),
                    None => format!("{choice} → stays"),
                })
                .collect();
            each.join(", ")
        }
    };
    lines.push(format!("    {name}, by {}{by_when}: {leads}.", step.by));
    if let Some(split) = &step.split {
        lines.push(format!("      If they can't agree: `{split}`."));
    }
    match (&step.silence, &step.clock) {
        // Where its own silence leads, it is late already (PROCEDURE 4.3).
        (Silence::Moves { to, .. }, Some(_)) if to == state => {
            lines.push("      It is late here, and taken as what it is.".to_owned());
        }
        (Silence::Moves { how, to }, Some(_)) => {
            lines.push(format!("      Silence: {}: `{to}`. Silence admits nothing.", promise(*how)));
        }
        (Silence::Noted, Some(_)) => lines.push("      Silence: it is shown who has not.".to_owned()),
        (_, None) => {}
    }
    let opens: Vec<&Code> = match &step.opens {
        Opens::Nothing => Vec::new(),
        Opens::Always(kind) => vec![kind],
        Opens::For(kinds) => kinds.values().collect(),
    };
    for kind in opens {
        lines.push(format!("      It opens a matter of its own: `{kind}`."));
    }
    let mut asks = Vec::new();
    if step.eyes > 1 {
        asks.push(format!("{} officers sign", step.eyes));
    }
    if step.own_hand {
        asks.push("nobody else can write it down for them".to_owned());
    }
    if step.needs_file {
        asks.push("it needs an exhibit".to_owned());
    }
    if !asks.is_empty() {
        lines.push(format!("      {}.", sentence(&asks.join("; "))));
    }
    lines
}

fn by_when(clock: &Clock) -> String {
    let word = match clock.kind {
        ClockKind::Due => "due",
        ClockKind::Until => "a right until",
    };
    let when = match &clock.due {
        Due::Phrase(phrase) => phrase.to_string(),
        Due::By { field, codes, other } => {
            let mut each: Vec<String> =
                codes.iter().map(|(code, phrase)| format!("{code}: {phrase}")).collect();
            each.extend(other.iter().map(|phrase| format!("otherwise {phrase}")));
            format!("by {field} ({})", each.join(", "))
        }
    };
    format!(", {word} {when}")
}
