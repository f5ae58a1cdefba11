//! `mithaq act`: what was signed, by whom, and what came of it; and acts of one's own.

mod described;
mod draft;
mod enrol;
mod list;
mod other;
mod prospect;
mod relief;
mod shown;
pub(crate) mod table_batch;
pub(crate) mod write;

use super::matter::correct;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};

pub(crate) use prospect::{of_refusal as why_refused, of_void as why_void};
pub(crate) use write::word;

/// `mithaq act`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
#[command(after_help = "\
An act has its effect once a mark covers it; until then it is on its way.
Things are named by reference (EXH-26-0001-X), by the index of an entry, or by the id of an act.")]
enum Command {
    /// Lists acts, the last first.
    List(list::Args),
    /// Shows an act: its text, who signed, its receipt, its effect.
    Show(shown::Args),
    /// Puts a key of this keyring on record, signed by roots.
    Enrol(enrol::Enrol),
    /// Ends a key from now on, signed by roots. What it signed stands.
    Revoke(enrol::Revoke),
    /// Ends a key and takes back what it signed in the last 72 hours, signed by roots.
    Disown(enrol::Disown),
    /// Gives a participant new roots, signed by its recovery keys, or by guarantors.
    Recover(enrol::Recover),
    /// Votes to give a vacant seat its roots, signed by roots.
    Seat(enrol::SeatVote),
    /// Enters a table: public already as an annex, else sealed as an exhibit.
    Batch(table_batch::Batch),
    /// Says on record that this node keeps the sealed bytes of exhibits.
    Keep(other::Keep),
    /// Decides a challenge, as its arbiter; or finds that an exhibit puts a person in danger.
    Rule(other::Rule),
    /// Wants an exhibit kept until a time.
    Hold(other::Hold),
    /// Says that an act was delivered to a participant.
    Serve(other::Serve),
    /// Says that a participant could not be reached.
    Cut(other::Cut),
    /// Gives more time on a clock.
    Extend(relief::Extend),
    /// Lets the clocks of a matter stand for a while.
    Suspend(relief::Suspend),
    /// Lets them run again.
    Resume(relief::Resume),
    /// Puts a matter back to a state that it was in.
    SetAside(relief::SetAside),
    /// Gives other values to fields of an entry of one's own.
    Correct(correct::Correct),
    /// Marks an entry of one's own as withdrawn; takes back a voice that waits for others.
    Withdraw(relief::Withdraw),
    /// Says that what was written down on this participant's behalf is right.
    Confirm(relief::Confirm),
    /// Puts on record a stamp that this participant's intake key gave.
    Intake(other::IntakeStamp),
    /// Writes an act of any kind, its body read from a JSON file.
    Write(other::Any),
    /// Signs an act that was written with `--draft`, with the keys that are here.
    Sign(draft::Sign),
    /// Hands in an act that was written with `--draft`, once all have signed.
    Submit(draft::Submit),
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::List(args) => list::run(args, globals),
        Command::Show(args) => shown::run(args, globals),
        Command::Enrol(args) => enrol::enrol(args, globals),
        Command::Revoke(args) => enrol::revoke(args, globals),
        Command::Disown(args) => enrol::disown(args, globals),
        Command::Recover(args) => enrol::recover(args, globals),
        Command::Seat(args) => enrol::seat(args, globals),
        Command::Batch(args) => table_batch::run(args, globals),
        Command::Keep(args) => other::keep(args, globals),
        Command::Rule(args) => other::rule(args, globals),
        Command::Hold(args) => other::hold(args, globals),
        Command::Serve(args) => other::serve(args, globals),
        Command::Cut(args) => other::cut(args, globals),
        Command::Extend(args) => relief::extend(args, globals),
        Command::Suspend(args) => relief::suspend(args, globals),
        Command::Resume(args) => relief::resume(args, globals),
        Command::SetAside(args) => relief::set_aside(args, globals),
        Command::Correct(args) => correct::run(args, globals),
        Command::Withdraw(args) => relief::withdraw(args, globals),
        Command::Confirm(args) => relief::confirm(args, globals),
        Command::Intake(args) => other::intake(args, globals),
        Command::Write(args) => other::any(args, globals),
        Command::Sign(args) => draft::sign(args, globals),
        Command::Submit(args) => draft::submit(args, globals),
    }
}
