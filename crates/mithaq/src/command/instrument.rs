//! `mithaq instrument`: what an agreement does, before anybody signs it.

mod diff;
mod draw;
mod duties;
mod explain;
mod lives;
mod new;
mod places;
mod rules;
mod schema;
mod show;
mod words;

use std::path::{Path, PathBuf};

use instrument::{Basis, Instrument, Procedure, library};
use serde_json::json;
use terms::{Code, Diagnostic, Severity};

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::say::{above, reconstruction};
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
    ///
    /// With `--for` it is one list of what is asked of one participant and what is open to it, in all kinds of matter.
    Explain(explain::Args),
    /// Writes an instrument down as it runs: each procedure with what it has from the library spelled out.
    ///
    /// What is written is read to the same instrument. In a procedure that is like one of the library, `# own` stands
    /// beside each key that the file has itself; all others are the library's. Comments of the file are not kept.
    Show(show::Args),
    /// Says what one instrument says otherwise than another, clause by clause, and what that does to open matters.
    ///
    /// What is gone begins with −, what is new with +. Compared is what the two do, with all that comes from the
    /// library: the order of the files and their comments are no difference.
    Diff(diff::Args),
    /// Writes the first draft of an instrument, from the answers to a few questions.
    ///
    /// It asks who takes part, what they owe, who may give relief, and which kinds of matter there are, and writes a file
    /// with comments that has no error and no trap.
    New(Box<new::Args>),
    /// Draws the state chart of a kind of matter: for a terminal, or as a picture.
    Draw(draw::Args),
    /// Prints the JSON Schema of an instrument's file, so that an editor completes, explains and checks it.
    ///
    /// It has every table and key, what may stand there, and what each is for. It is made of the keys that the reader
    /// takes. A file that it refuses, `check` refuses; `check` alone says whether what stands there works.
    Schema(schema::Args),
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

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::Check(args) => check(args, globals),
        Command::Explain(args) => explain::run(args, globals),
        Command::Show(args) => show::run(args, globals),
        Command::Diff(args) => diff::run(args, globals),
        Command::New(args) => new::run(args, globals),
        Command::Draw(args) => draw::run(args, globals),
        Command::Schema(args) => schema::run(args),
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
        Ok(Read::of_text(text, before))
    }

    fn of_text(text: String, before: Option<&Instrument>) -> Read {
        let library = library::shipped();
        let (instrument, diagnostics) = match before {
            None => instrument::read(&text, &library),
            Some(before) => instrument::read_after(&text, &library, before),
        };
        Read { text, instrument, diagnostics }
    }

    /// All lives of its kinds of matter, unless errors have to be mended first.
    fn lives(&self) -> Option<lives::All> {
        self.instrument.as_ref().and_then(|instrument| lives::walk(instrument, &self.diagnostics))
    }

    /// The instrument, if it has no error; else its errors are shown.
    fn sound(self, path: &Path) -> Result<Instrument, Failure> {
        self.sound_text(path).map(|(instrument, _)| instrument)
    }

    /// The same, and the text that it was read from.
    fn sound_text(self, path: &Path) -> Result<(Instrument, String), Failure> {
        match (self.number(Severity::Error), self.instrument) {
            (0, Some(instrument)) => Ok((instrument, self.text)),
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

/// What an agreement is called; that it is an exercise above, what its clauses rest on below.
fn heading(instrument: &Instrument) {
    let name = safe(&instrument.name);
    let exercise = above(instrument.exercise, Basis::Text);
    let lines = exercise.into_iter().chain([name.as_str()]).chain(reconstruction(instrument.basis));
    lines.for_each(|line| println!("{line}"));
}

/// The kind of matter that a person named.
fn procedure<'i>(instrument: &'i Instrument, kind: &str) -> Result<(&'i Code, &'i Procedure), Failure> {
    let found = instrument.procedures.iter().find(|(name, _)| name.as_str() == kind);
    found.ok_or_else(|| {
        let known: Vec<&str> = instrument.procedures.keys().map(Code::as_str).collect();
        Failure::usage("mithaq::unknown", format!("there is no kind of matter `{kind}` here"))
            .help(format!("there is {}", known.join(", ")))
    })
}

fn check(args: &Check, globals: &Globals) -> Result<Exit, Failure> {
    let path = args.file.as_path();
    let before = match &args.after {
        None => None,
        Some(before) => Some(Read::of(before, None)?.sound(before)?),
    };
    let read = Read::of(path, before.as_ref())?;
    let (errors, warnings) = (read.number(Severity::Error), read.number(Severity::Warning));
    let lives = read.lives();
    let traps = lives.as_ref().map_or(0, lives::traps);
    let exit = if errors + traps > 0 { Exit::Usage } else { Exit::Good };
    if globals.json {
        let found: Vec<_> = read.diagnostics.iter().map(|found| value(found, &read.text)).collect();
        let mut said = json!({"file": path, "errors": errors, "warnings": warnings, "found": found});
        if let Some(instrument) = &read.instrument {
            said["exercise"] = json!(instrument.exercise);
            said["basis"] = json!(instrument.basis.as_str());
        }
        if let Some(lives) = &lives {
            said["traps"] = json!(traps);
            said["lives"] = lives::value(lives);
        }
        println!("{said:#}");
        return Ok(exit);
    }
    diagnostic::print(&path.display().to_string(), &read.text, &read.diagnostics);
    if let Some(instrument) = &read.instrument {
        heading(instrument);
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
