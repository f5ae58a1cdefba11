//! Errors, as STYLE §3 draws them, on the standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write as _};
use std::process::ExitCode;

use serde_json::json;

use crate::failure::{Exit, Failure};

/// Says something on the standard error that the command does not hang on: if nobody reads it, it goes on.
pub(crate) fn aside(text: impl Display) {
    let _ = write!(std::io::stderr().lock(), "{text}");
}

/// Prints why a command failed, for machines too if they asked, and gives its exit code.
pub(crate) fn failure(failure: &Failure, json: bool) -> ExitCode {
    aside(drawn(failure, is_coloured(&std::io::stderr())));
    if json {
        println!("{:#}", value(failure));
    }
    failure.exit.code()
}

fn value(failure: &Failure) -> serde_json::Value {
    let error = json!({"code": failure.code, "message": failure.message, "help": failure.help});
    json!({"error": error, "exit": failure.exit.number()})
}

/// The text of a failure.
pub(crate) fn drawn(failure: &Failure, coloured: bool) -> String {
    let (red, off) = if coloured { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    let mut text = format!("{red}error[{}]{off}: {}\n", failure.code, failure.message);
    for help in &failure.help {
        text.push_str(&format!("  = help: {help}\n"));
    }
    text
}

/// What was typed is no command; or it asked for help, which is none of that.
pub(crate) fn usage(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    let said = text.strip_prefix("error: ");
    match said {
        Some(rest) => aside(format_args!("error[mithaq::usage]: {rest}")),
        None => aside(&text),
    }
    if json {
        let message = said.unwrap_or(&text).lines().next().unwrap_or_default();
        println!("{:#}", value(&Failure::usage("mithaq::usage", message)));
    }
    Exit::Usage.code()
}

/// Whether colour may be used on an output: if it is a terminal, and unless `NO_COLOR` says otherwise.
pub(crate) fn is_coloured(output: &impl IsTerminal) -> bool {
    let asked_not = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    output.is_terminal() && !asked_not
}
