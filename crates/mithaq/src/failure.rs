//! Why a command ends other than well, for a person to read and a script to tell apart.

mod fault;

use std::any::Any;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;

/// How a command ends (DECISIONS, *exit codes*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is good.
    Good,
    /// A wrong was found.
    Wrong,
    /// Usage, or input that can't be read.
    Usage,
    /// It can't be decided.
    Undecided,
    /// This machine failed.
    Machine,
    /// A rule refused it.
    Refused,
    /// Whoever read the answer went away before its end, as `head` does.
    Unread,
}

impl Exit {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Exit::Good => 0,
            Exit::Wrong => 1,
            Exit::Usage => 2,
            Exit::Undecided => 3,
            Exit::Machine => 4,
            Exit::Refused => 5,
            // As a program ends that a closed pipe has stopped.
            Exit::Unread => 141,
        }
    }

    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self.number())
    }
}

/// What went wrong: what, where, what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// Stable, as `vault::wrong_recipient`.
    pub(crate) code: String,
    pub(crate) message: String,
    /// Advice, a line each.
    pub(crate) help: Vec<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, code: &str, message: impl fmt::Display) -> Failure {
        Failure {
            exit,
            code: code.to_owned(),
            message: without_numbers(&message.to_string()),
            help: Vec::new(),
        }
    }

    /// Input that can't be used.
    pub(crate) fn usage(code: &str, message: impl fmt::Display) -> Failure {
        Failure::new(Exit::Usage, code, message)
    }

    /// The same, with advice.
    pub(crate) fn help(mut self, help: impl fmt::Display) -> Failure {
        self.help.push(help.to_string());
        self
    }

    /// A file that a person named, and that can't be read.
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
        let message = format!("`{}` can't be read: {}", path.display(), plain(error));
        let failure = Failure::usage("mithaq::unreadable", message);
        match error.kind() {
            std::io::ErrorKind::NotFound => {
                failure.help("look at the name; a path counts from the folder that the command runs in")
            }
            std::io::ErrorKind::PermissionDenied => failure.help("ask whoever owns it to let you read it"),
            _ => failure,
        }
    }

    /// A path that a person named, and that is something else than a file.
    pub(crate) fn no_file(path: &Path) -> Failure {
        let what = if path.is_dir() { "is a folder" } else { "is no file" };
        Failure::usage("mithaq::unreadable", format!("`{}` {what}", path.display())).help("name a file in it")
    }

    /// A file that could not be written.
    pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
        let message = format!("`{}` can't be written: {}", path.display(), plain(error));
        // A folder that is not there was named by somebody; a full disk was not.
        let exit = if is_no_folder(error) { Exit::Usage } else { Exit::Machine };
        Failure::new(exit, "mithaq::unwritable", message)
    }

    /// The program broke off: its answer could not be printed, or it is at fault.
    pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Failure {
        let what = said(panic).unwrap_or("for a reason that it did not say");
        let unread = ["failed printing to stdout: ", "failed printing to stderr: "];
        if let Some(why) = unread.iter().find_map(|prefix| what.strip_prefix(prefix)) {
            let exit = if why.contains("roken pipe") { Exit::Unread } else { Exit::Machine };
            let message = format!("the answer can't be written: {}", plain_text(why));
            return Failure::new(exit, "mithaq::unwritable", message);
        }
        Failure::new(Exit::Machine, "mithaq::broke_off", format!("the program broke off: {what}")).help(
            "nothing that was on the disk before is lost; this is a fault of the program, worth reporting",
        )
    }
}

fn said(panic: &(dyn Any + Send)) -> Option<&str> {
    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied())
}

/// Whether a folder was named that is not there.
fn is_no_folder(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// A message without the numbers that a machine gives its errors.
fn without_numbers(message: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once(" (os error ") {
        text.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    text + rest
}

/// An error of the machine, without its number.
pub(crate) fn plain(error: &std::io::Error) -> String {
    plain_text(&error.to_string())
}

fn plain_text(text: &str) -> String {
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_lowercase(), letters.as_str()),
        None => text.to_owned(),
    }
}

/// What is wrong with a JSON file that a person named, in words for a person.
pub(crate) fn plain_json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => "it ends too early".to_owned(),
        Category::Syntax => format!("it is no JSON: {place}"),
        Category::Io => "it can't be read".to_owned(),
        Category::Data => {
            let said = act::json::said(error);
            let said = said.split(" at line ").next().unwrap_or_default();
            let said =
                said.replace("unknown variant", "unknown word").replace("missing field", "there is no");
            if error.line() == 0 { said } else { format!("{said}: {place}") }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;
    use crate::show::error::drawn;

    #[test]
    fn what_this_machine_failed_at() {
        let path = Path::new("north/data");
        let full = || Error::from(ErrorKind::StorageFull);
        let broken: Box<dyn Any + Send> = Box::new("index out of bounds");
        let print =
            |why: &str| -> Box<dyn Any + Send> { Box::new(format!("failed printing to stdout: {why}")) };
        let full_disk = print("No space left on device (os error 28)");
        let closed = print("Broken pipe (os error 32)");
        let failures = [
            Failure::unwritable(path, &full()),
            Failure::from(node::Fault::Io { path: path.to_owned(), error: full() }),
            Failure::from(node::Fault::Refused {
                ground: terms::RefusalGround::Number,
                why: "the registrar's signed refusal is in `note/`".to_owned(),
            }),
            Failure::panicked(broken.as_ref()),
            Failure::panicked(full_disk.as_ref()),
            Failure::panicked(closed.as_ref()),
        ];
        let text: String = failures
            .iter()
            .map(|failure| format!("{}exit {}\n", drawn(failure, false), failure.exit.number()))
            .collect();
        insta::assert_snapshot!(text);
    }
}
