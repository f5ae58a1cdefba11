//! Errors, as STYLE §3 draws them, on the standard error.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use crate::failure::{Exit, Failure};

/// Prints why a command failed, and gives its exit code.
pub(crate) fn failure(failure: &Failure) -> ExitCode {
    eprint!("{}", drawn(failure, is_coloured()));
    failure.exit.code()
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
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    match text.strip_prefix("error: ") {
        Some(rest) => eprint!("error[mithaq::usage]: {rest}"),
        None => eprint!("{text}"),
    }
    Exit::Usage.code()
}

/// Whether colour may be used: on a terminal, and unless `NO_COLOR` says otherwise.
pub(crate) fn is_coloured() -> bool {
    let asked_not = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stderr().is_terminal() && !asked_not
}
