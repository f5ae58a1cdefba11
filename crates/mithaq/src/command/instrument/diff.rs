//! `mithaq instrument diff`: a redline.

use std::path::PathBuf;

use instrument::redline::{Changed, Line, redline};
use serde_json::json;

use super::Read;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::say::above;
use crate::show::error::is_coloured;
use crate::show::text::safe;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument diff instruments/exercise.toml amended.toml

Exit code 0: they do the same, and nothing is said; 1: they differ; 2: one of them has errors. Whether the new one may
take the place of the old is asked with `mithaq instrument check NEW --after OLD`.")]
pub(super) struct Args {
    /// The instrument as it was.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The instrument as it is to be.
    #[arg(value_name = "NEW")]
    new: PathBuf,
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let (old, old_text) = Read::of(&args.old, None)?.sound_text(&args.old)?;
    let (new, new_text) = Read::of(&args.new, None)?.sound_text(&args.new)?;
    let found = redline((&old, &old_text), (&new, &new_text));
    let (exercise, basis) = (old.exercise || new.exercise, old.basis.max(new.basis));
    let exit = if found.parts.is_empty() { Exit::Good } else { Exit::Wrong };
    if globals.json {
        let line = |line: &Line| match line {
            Line::Gone(says) => json!({"gone": says}),
            Line::New(says) => json!({"new": says}),
        };
        let part = |part: &Changed| {
            let lines: Vec<_> = part.lines.iter().map(line).collect();
            json!({"path": part.path, "title": part.title, "lines": lines})
        };
        let parts: Vec<_> = found.parts.iter().map(part).collect();
        println!(
            "{:#}",
            json!({
                "exercise": exercise, "basis": basis.as_str(), "parts": parts, "matters": found.matters,
            })
        );
        return Ok(exit);
    }
    let is_red_and_green = is_coloured(&std::io::stdout());
    let mut above = above(exercise, basis);
    // Where they do the same, nothing is said.
    above.retain(|_| !found.parts.is_empty());
    above.iter().for_each(|line| println!("{line}"));
    for (at, part) in found.parts.iter().enumerate() {
        if at > 0 || !above.is_empty() {
            println!();
        }
        println!("{} [{}]", safe(&part.title), part.path);
        for line in &part.lines {
            let (mark, colour, says) = match line {
                Line::Gone(says) => ('−', 31, says),
                Line::New(says) => ('+', 32, says),
            };
            // A clause may have lines of its own.
            for says in says.lines().map(safe) {
                if is_red_and_green {
                    println!("\u{1b}[{colour}m{mark} {says}\u{1b}[0m");
                } else {
                    println!("{mark} {says}");
                }
            }
        }
    }
    if !found.matters.is_empty() {
        println!("\nOpen matters");
    }
    for line in &found.matters {
        println!("  {}", safe(line));
    }
    Ok(exit)
}
