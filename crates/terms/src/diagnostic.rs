//! What is wrong with a person's file: a stable code, a sentence, the place, and what to do.
//!
//! Libraries describe; the binary draws.

use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It can be used, and someone should think about it.
    Warning,
    /// It can't be used.
    Error,
}

/// A place in a file, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Bytes of the source.
    pub span: Range<usize>,
    /// What stands under the caret; may be empty.
    pub text: String,
}

impl Label {
    /// Says `text` at `span`.
    #[must_use]
    pub fn at(span: Range<usize>, text: impl Into<String>) -> Label {
        Label { span, text: text.into() }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, as `instrument::unknown_word`.
    pub code: &'static str,
    /// Whether the file can be used.
    pub severity: Severity,
    /// What is wrong, in one sentence, lower case, input quoted.
    pub message: String,
    /// Where; the first is the main one. Empty if it concerns the whole file.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error with one place.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>, label: Label) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![label],
            help: None,
        }
    }

    /// The same, with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
}
