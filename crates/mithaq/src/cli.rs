//! The commands, and what all of them take.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use terms::{Instant, Seconds};

use crate::command::{
    act, brief, bundle, cite, clock, completions, due, evidence, figures, instrument, key, list, node,
    notice, open, place, proof, register, show, status, step, verify,
};
use crate::demo;

/// A register that no side can rewrite: evidence handed over, notice given, and proof of both.
///
/// Every command says what it did on the standard output, and talks on the standard error. With
/// `--json` the answer is for machines.
#[derive(Debug, Parser)]
#[command(
    name = "mithaq",
    version,
    propagate_version = true,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = EXIT_CODES
)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub globals: Globals,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What the exit codes say (DECISIONS).
const EXIT_CODES: &str = "\
Exit codes:
  0  good
  1  a wrong was found
  2  usage, or input that can't be read
  3  it can't be decided: no quorum, an annex missing, unknown rules
  4  this machine failed
  5  refused by a rule
141  whoever read the answer went away before its end

With `--json` an error is `{\"error\": {\"code\", \"message\", \"help\"}, \"exit\"}` on the standard output too.";

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub struct Globals {
    /// The node's data folder; it holds no key.
    #[arg(
        long,
        global = true,
        help_heading = "Everywhere",
        value_name = "DIR",
        env = "MITHAQ_DATA",
        hide_env_values = true,
        default_value = "mithaq-data"
    )]
    pub data: PathBuf,
    /// The folder of keys, to be kept from everybody.
    #[arg(
        long,
        global = true,
        help_heading = "Everywhere",
        value_name = "DIR",
        env = "MITHAQ_KEYS",
        hide_env_values = true,
        default_value = "mithaq-keys"
    )]
    pub keys: PathBuf,
    /// Reads the keyring's passphrase from the first line of this file.
    ///
    /// Without it, MITHAQ_PASSPHRASE is used, or the terminal asks. A passphrase is never an argument:
    /// others on this machine can read those.
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Answers in JSON, for machines.
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// How much work a passphrase costs, as a power of two; for tests.
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "N", hide = true)]
    pub work_factor: Option<u8>,
    /// The time to work at, instead of this machine's clock; for tests.
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "TIME", value_parser = time, hide = true)]
    pub now: Option<Instant>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plays a whole mechanism over real nodes, and leaves a folder that `mithaq verify` confirms.
    Demo(demo::Args),
    /// Checks a register, a bundle, a proof or a contradiction, from the first byte to the state.
    Verify(verify::Args),
    /// Says what this node holds, whether it is whole, and what waits.
    Status(status::Args),
    /// Says what is asked of whom, by when, and what silence does.
    Due(due::Args),
    /// Lists the matters of a kind: how each stands, and what is asked next.
    List(list::Args),
    /// Tells the whole story of a matter.
    Show(show::Args),
    /// Puts on one page what a participant has to know now.
    Brief(brief::Args),
    /// Says what the time is for the register, and what runs out next.
    Clock(clock::Args),
    /// Counts what was opened, what became of it and who answered in time, over a week.
    Figures(figures::Args),
    /// Says how to quote what is on record, and what proves it.
    Cite(cite::Args),
    /// Opens a matter: asks for what its procedure needs, says what follows, and signs.
    Open(open::Args),
    /// Takes a step in a matter: asks for what it needs, says what follows, and signs.
    Step(step::Args),
    /// Hands evidence over, opens it, answers it.
    Evidence(evidence::Args),
    /// Gives notice to guarantors, and acknowledges it.
    Notice(notice::Args),
    /// Lists and shows acts, and writes the others.
    Act(act::Args),
    /// Carries the register on a stick, both ways.
    Bundle(bundle::Args),
    /// Makes one small file that proves an act to anybody.
    Proof(proof::Args),
    /// Checks an agreement and says in plain sentences what it does.
    Instrument(instrument::Args),
    /// Reads a place in any notation, and says how far it is from the agreed lines and in which area.
    Place(place::Args),
    /// Runs this node: its desk, as pages for a browser.
    Node(node::Args),
    /// Founds, joins and shows a register.
    Register(register::Args),
    /// Makes, shows, backs up and restores keys.
    Key(key::Args),
    /// Writes what a shell needs to complete commands.
    Completions(completions::Args),
}

/// Reads a time, as `2026-01-12T08:00:00Z` or `2026-01-12 08:00`.
///
/// # Errors
///
/// It is neither.
pub fn time(text: &str) -> Result<Instant, String> {
    let whole = match text.split_once(' ') {
        Some((date, clock)) => {
            let clock = clock.trim_end_matches("UTC").trim_end_matches('Z').trim();
            let seconds = if clock.len() == 5 { ":00" } else { "" };
            format!("{date}T{clock}{seconds}Z")
        }
        None if text.len() == 10 => format!("{text}T00:00:00Z"),
        None => text.to_owned(),
    };
    Instant::parse(&whole)
        .ok_or_else(|| "write it as `2026-01-12 08:00` or `2026-01-12T08:00:00Z`".to_owned())
}

/// Reads a length, as `30min`, `48h` or `7d`.
///
/// # Errors
///
/// It is none.
pub fn length(text: &str) -> Result<Seconds, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => 0,
    };
    let seconds = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).filter(|s| *s > 0);
    seconds.map(Seconds).ok_or_else(|| "write it as `30min`, `48h` or `7d`".to_owned())
}
