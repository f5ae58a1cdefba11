//! A note: a text, and the lines that sign it.

use std::fmt;

use crate::signature::{LineFault, SignatureLine};

/// A text, and at least one line that is said to sign it.
///
/// ```text
/// ⟨text, which ends in a newline and may hold empty lines⟩
///
/// — ⟨name⟩ ⟨base64⟩
/// — ⟨name⟩ ⟨base64⟩
/// ```
///
/// Nothing is verified by parsing. What parses prints as the same bytes.
///
/// Follows C2SP signed-note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

/// What is wrong with a note, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteError {
    /// Line of the file, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: NoteFault,
}

/// What can be wrong with a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteFault {
    /// Not UTF-8.
    Utf8,
    /// A control character other than a newline.
    Control(u8),
    /// The file does not end in a newline.
    Unfinished,
    /// No empty line parts text and signatures.
    NoBlankLine,
    /// Nothing follows the last empty line.
    Unsigned,
    /// More signature lines than the caller allows.
    TooMany {
        /// How many are allowed.
        max: usize,
    },
    /// A line after the last empty line is no signature line.
    Line(LineFault),
}

impl Note {
    /// Reads a note with at most `max_signatures` signature lines.
    ///
    /// # Errors
    /// The first fault, with its line.
    pub fn parse(bytes: &[u8], max_signatures: usize) -> Result<Note, NoteError> {
        let file = std::str::from_utf8(bytes)
            .map_err(|bad| NoteError { line: line_at(bytes, bad.valid_up_to()), fault: NoteFault::Utf8 })?;
        if let Some(at) = control(bytes) {
            return Err(NoteError { line: line_at(bytes, at), fault: NoteFault::Control(bytes[at]) });
        }
        let whole = |fault| NoteError { line: line_at(bytes, bytes.len()), fault };
        let unended = file.strip_suffix('\n').ok_or_else(|| whole(NoteFault::Unfinished))?;
        let split = bytes.windows(2).rposition(|two| two == b"\n\n");
        let split = split.ok_or_else(|| whole(NoteFault::NoBlankLine))?;
        let text = &file[..=split];
        if split + 2 == file.len() {
            return Err(whole(NoteFault::Unsigned));
        }

        let mut signatures = Vec::new();
        for (offset, line) in unended[split + 2..].split('\n').enumerate() {
            let at = |fault| NoteError { line: line_at(bytes, split + 2) + offset, fault };
            if offset >= max_signatures {
                return Err(at(NoteFault::TooMany { max: max_signatures }));
            }
            signatures.push(SignatureLine::parse(line).map_err(|fault| at(NoteFault::Line(fault)))?);
        }
        Ok(Note { text: text.to_owned(), signatures })
    }

    /// A note of these parts.
    ///
    /// # Errors
    /// If the text holds a control character or does not end in a newline, or there are no signatures.
    pub fn new(text: String, signatures: Vec<SignatureLine>) -> Result<Note, NoteError> {
        check_text(&text)?;
        if signatures.is_empty() {
            let line = line_at(text.as_bytes(), text.len());
            return Err(NoteError { line, fault: NoteFault::Unsigned });
        }
        Ok(Note { text, signatures })
    }

    /// What is signed: everything up to the last empty line, with its final newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// The same note with one more line at the end.
    #[must_use]
    pub fn with(mut self, line: SignatureLine) -> Note {
        self.signatures.push(line);
        self
    }

    /// Text and lines apart.
    #[must_use]
    pub fn into_parts(self) -> (String, Vec<SignatureLine>) {
        (self.text, self.signatures)
    }

    /// The note as bytes: for a parsed note, those it was read from.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

/// Whether this can be a note's text.
///
/// # Errors
/// If it holds a control character, or does not end in a newline.
pub fn check_text(text: &str) -> Result<(), NoteError> {
    let bytes = text.as_bytes();
    if let Some(at) = control(bytes) {
        return Err(NoteError { line: line_at(bytes, at), fault: NoteFault::Control(bytes[at]) });
    }
    if !text.ends_with('\n') {
        return Err(NoteError { line: line_at(bytes, bytes.len()), fault: NoteFault::Unfinished });
    }
    Ok(())
}

/// The first control character that is no line feed.
fn control(bytes: &[u8]) -> Option<usize> {
    let is = |b: &u8| *b < b' ' && *b != b'\n';
    // Nearly always there is none: without a way out of the loop, many bytes are looked at at once.
    let any = bytes.iter().fold(false, |any, b| any | is(b));
    if any { bytes.iter().position(is) } else { None }
}

/// The line of a byte, counted from 1.
fn line_at(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|b| **b == b'\n').count()
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.signatures {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.fault)
    }
}

impl fmt::Display for NoteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoteFault::Utf8 => f.write_str("not UTF-8"),
            NoteFault::Control(byte) => {
                write!(f, "control character {byte:#04x}; a note has none but newlines")
            }
            NoteFault::Unfinished => f.write_str("the last line does not end in a newline"),
            NoteFault::NoBlankLine => f.write_str("no empty line between the text and its signatures"),
            NoteFault::Unsigned => f.write_str("no signature follows the last empty line"),
            NoteFault::TooMany { max } => write!(f, "more than {max} signature lines"),
            NoteFault::Line(fault) => fault.fmt(f),
        }
    }
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LineFault::Shape => "not a signature line: expected `— NAME BASE64`",
            LineFault::Name => "the key's name is empty, or has a space or `+` in it",
            LineFault::Base64 => "the signature is not canonical base64",
            LineFault::Short => "the signature is shorter than five bytes",
        })
    }
}

impl std::error::Error for NoteError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: impl AsRef<[u8]>, expected: &str) {
        let bytes = bytes.as_ref();
        match Note::parse(bytes, 2) {
            Ok(note) => {
                assert_eq!(note.text(), expected);
                assert_eq!(note.to_bytes(), bytes);
            }
            Err(error) => assert_eq!(error.to_string(), expected),
        }
    }

    #[test]
    fn good() {
        check("x\n\n— a AAAAAAA=\n", "x\n");
        check("\n\n— a AAAAAAA=\n", "\n");
        check("x\n\n— not a signature\n\n— a AAAAAAA=\n— a AAAAAAA=\n", "x\n\n— not a signature\n");
        check("x\n\n\n— a AAAAAAA=\n", "x\n\n");
    }

    #[test]
    fn bad() {
        check("", "line 1: the last line does not end in a newline");
        check("x\n", "line 2: no empty line between the text and its signatures");
        check("\n— a AAAAAAA=\n", "line 3: no empty line between the text and its signatures");
        check("x\n\n", "line 3: no signature follows the last empty line");
        check("x\n\n— a AAAAAAA=", "line 3: the last line does not end in a newline");
        check("x\n\n— a AAAAAAA=\n\n", "line 5: no signature follows the last empty line");
        check(b"x\n\xff\n\n", "line 2: not UTF-8");
        check("x\n\ty\n\n", "line 2: control character 0x09; a note has none but newlines");
        check("x\r\n\r\n", "line 1: control character 0x0d; a note has none but newlines");
        check("x\n\n— a AAAAAAA=\nhello\n", "line 4: not a signature line: expected `— NAME BASE64`");
        check("x\n\n— a AAAAAAB=\n", "line 3: the signature is not canonical base64");
        check("x\n\n— a AAAA\n", "line 3: the signature is shorter than five bytes");
        check("x\n\n— a AAAAAAA=\n— a AAAAAAA=\n— a AAAAAAA=\n", "line 5: more than 2 signature lines");
    }
}
