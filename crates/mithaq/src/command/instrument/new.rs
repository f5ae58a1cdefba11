//! `mithaq instrument new`: the first draft of an instrument, from a few answers.

mod draft;
mod question;

use std::path::PathBuf;

use serde_json::json;
use terms::Severity;

use super::{Read, lives};
use crate::ask::Asker;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::file;
use crate::show::diagnostic;
use crate::show::error::aside;
use crate::show::text::count;
use draft::{Draft, Seat};
use question::Questions;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq instrument new understanding.toml
  mithaq instrument new drill.toml --yes --party north=North --party south=South --guarantor harbour=Harbour

What no option answers is asked, a question a line, each with a proposal that an empty line takes. What is written has no error and no trap; whether it says what was agreed, only its parties know. Look at it
with `mithaq instrument check`, `explain` and `draw`, and change it: it is a text.")]
pub(super) struct Args {
    /// The new file; one that is there is never written over.
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// What the agreement is called.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Whether it is an exercise; then every page says so.
    #[arg(long, value_name = "YES|NO")]
    exercise: Option<String>,
    /// Where its clauses come from: text, official, one-party, press or reconstruction.
    #[arg(long, value_name = "BASIS")]
    basis: Option<String>,
    /// A language in which it is shown, as `en` or `prs`; the first is its own. May be repeated.
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// A party, as `north=North`. May be repeated.
    #[arg(long = "party", value_name = "ID=NAME")]
    parties: Vec<String>,
    /// A guarantor, as `harbour=Harbour`; `none`, if there is none. May be repeated.
    #[arg(long = "guarantor", value_name = "ID=NAME")]
    guarantors: Vec<String>,
    /// The title under which guarantors take part, as `facilitating State`; `none`, if the text has none.
    #[arg(long, value_name = "TITLE")]
    titled: Option<String>,
    /// A monitor, as `secretariat=Secretariat`; `none`, if there is none. May be repeated.
    #[arg(long = "monitor", value_name = "ID=NAME")]
    monitors: Vec<String>,
    /// What the parties owe, in the words of the text. May be repeated.
    #[arg(long = "provision", value_name = "TEXT")]
    provisions: Vec<String>,
    /// How far its days are ahead of UTC, as `+04:30`.
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    zone: Option<String>,
    /// Who may give more time, and set aside what silence did, as `all of guarantors`.
    #[arg(long, value_name = "WHO")]
    relief: Option<String>,
    /// A kind of matter of the library; what it needs is added. `fitting` is all that work among these participants.
    /// May be repeated.
    #[arg(long = "procedure", value_name = "KIND")]
    procedures: Vec<String>,
    /// Takes what is proposed for whatever no option answers, without asking.
    #[arg(long)]
    yes: bool,
    /// Asks on the standard input even if it is no terminal, a line each.
    #[arg(long, conflicts_with = "yes")]
    ask: bool,
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    file::absent(&args.out)?;
    let draft = answered(args)?;
    let read = Read::of_text(draft.text(), None);
    let (errors, warnings) = (read.number(Severity::Error), read.number(Severity::Warning));
    let lives = read.lives();
    diagnostic::print("the draft", &read.text, &read.diagnostics);
    aside(lives.as_ref().map(lives::stories).unwrap_or_default());
    let (0, Some(written), 0) = (errors, &read.instrument, lives.as_ref().map_or(0, lives::traps)) else {
        let failure = Failure::usage("mithaq::instrument", "these answers make no instrument that works");
        return Err(failure.help("answer otherwise what is shown above; nothing was written"));
    };
    file::write_new(&args.out, read.text.as_bytes())?;
    if globals.json {
        let kinds: Vec<&str> = written.procedures.keys().map(terms::Code::as_str).collect();
        println!("{:#}", json!({"file": args.out, "procedures": kinds, "warnings": warnings}));
        return Ok(Exit::Good);
    }
    println!(
        "{} has {}: no error, {}, no trap.",
        args.out.display(),
        count(written.procedures.len() as u64, "kind of matter", "kinds of matter"),
        count(warnings, "warning", "warnings")
    );
    println!("Read it through: its numbers are proposals, and nobody has agreed to them.");
    Ok(Exit::Good)
}

fn answered(args: &Args) -> Result<Draft, Failure> {
    let mut ask = Questions::new(Asker::new(args.ask), args.yes);
    let name = ask.line(
        ("`--name`", "What is it called?"),
        args.name.as_ref(),
        "Exercise understanding",
        question::name,
    )?;
    let exercise = ask.line(
        ("`--exercise`", "Is it an exercise? (yes, no)"),
        args.exercise.as_ref(),
        "yes",
        question::yes_or_no,
    )?;
    let basis = if exercise { "text" } else { "reconstruction" };
    let basis = ask.line(
        ("`--basis`", "Where do its clauses come from? (text, official, one-party, press, reconstruction)"),
        args.basis.as_ref(),
        basis,
        question::basis,
    )?;
    let languages =
        ask.list(("`--language`", "In which languages is it shown?"), &args.languages, "en", question::name)?;
    let parties: Vec<Seat> = ask.list(
        ("`--party`", "Who are its parties?"),
        &args.parties,
        "north=North, south=South",
        question::seat,
    )?;
    let guarantors = ask.list(
        ("`--guarantor`", "Who facilitates, or guarantees? (none, if nobody)"),
        &args.guarantors,
        "harbour=Harbour, ford=Ford",
        question::seat,
    )?;
    let titled = if guarantors.is_empty() {
        None
    } else {
        let titled = ask.line(
            (
                "`--titled`",
                "Under what title do these take part, as the text has it? (none, if it says none)",
            ),
            args.titled.as_ref(),
            "none",
            question::name,
        )?;
        Some(titled).filter(|titled| titled != "none")
    };
    let monitors = ask.list(
        ("`--monitor`", "Who watches? (none, if nobody)"),
        &args.monitors,
        "secretariat=Secretariat",
        question::seat,
    )?;
    let provisions = ask.list_of_lines(
        ("`--provision`", "What do the parties owe?"),
        &args.provisions,
        "No armed act against the other.",
    )?;
    let mut draft = Draft {
        name,
        exercise,
        basis,
        languages,
        parties,
        guarantors,
        titled,
        monitors,
        provisions,
        zone: "+00:00".to_owned(),
        relief: String::new(),
        procedures: Vec::new(),
    };
    let relief = if draft.guarantors.is_empty() { "all of parties" } else { "all of guarantors" };
    draft.relief = relief.to_owned();
    draft.zone =
        ask.line(("`--zone`", "How far are its days ahead of UTC?"), args.zone.as_ref(), "+00:00", |zone| {
            draft.reads(Draft { zone: zone.to_owned(), ..draft.clone() }).map(|draft| draft.zone)
        })?;
    draft.relief = ask.line(
        ("`--relief`", "Who may give more time, and set aside what silence did?"),
        args.relief.as_ref(),
        relief,
        |relief| draft.reads(Draft { relief: relief.to_owned(), ..draft.clone() }).map(|draft| draft.relief),
    )?;
    let fitting = draft.fitting();
    ask.say(&format!("Fitting among these: {}.", fitting.join(", ")));
    let kinds =
        ask.list(("`--procedure`", "Which kinds of matter?"), &args.procedures, "fitting", question::kind)?;
    ask.complete()?;
    draft.procedures =
        if kinds.iter().any(|kind| kind == "fitting") { fitting } else { draft::with_needed(kinds) };
    Ok(draft)
}
