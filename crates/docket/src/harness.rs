//! A register in memory: keys by name, authors with their chains, a registrar and witnesses that keep
//! their word or break it, and time that is said. For tests and benches; its keys are everybody's.
//!
//! In reading order:
//! - [`setup`]: who takes part, and under what;
//! - [`world`]: the register, and what can be done to it;
//! - [`folder`]: the same as files, as a node's folder has them;
//! - [`bodies`]: what acts say, in one line each;
//! - [`laws`]: procedures that use all that the kernel can do;
//! - [`history`]: random histories, with liars;
//! - [`lives`]: random acts under any instrument;
//! - [`docket`]: the docket in words;
//! - [`story`]: a case as a mediator reads it, run.

pub mod bodies;
pub mod docket;
pub mod folder;
pub mod history;
pub mod laws;
pub mod lives;
pub mod setup;
pub mod story;
pub mod world;

pub use setup::Setup;
pub use world::{Hand, Unchecked, World};

use terms::{Code, Instant, ParticipantId, SignerName};

/// A moment of a test, `2025-11-01 08:00` or with seconds.
///
/// # Panics
///
/// If it is none.
#[must_use]
pub fn at(text: &str) -> Instant {
    let seconds = if text.len() == 16 { ":00" } else { "" };
    Instant::parse(&format!("{}{seconds}Z", text.replace(' ', "T"))).expect(text)
}

/// A code of a test.
///
/// # Panics
///
/// If it is none.
#[must_use]
pub fn code(text: &str) -> Code {
    Code::new(text).expect(text)
}

/// A participant of a test.
///
/// # Panics
///
/// If it is none.
#[must_use]
pub fn participant(text: &str) -> ParticipantId {
    ParticipantId::new(text).expect(text)
}

/// A signer of a test; without a label it is the participant's desk.
///
/// # Panics
///
/// If it is none.
#[must_use]
pub fn signer(text: &str) -> SignerName {
    let name =
        if text == "registrar" || text.contains('/') { text.to_owned() } else { format!("{text}/desk") };
    SignerName::new(&name).expect(text)
}

/// An instrument with changes: each table of `change` is laid over the one of that name, key by key, or put at the end. Keys
/// stand on lines of their own; a key without a value is taken out.
#[must_use]
pub fn amended(whole: &str, change: &str) -> String {
    let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    let mut at = lines.len();
    for line in change.lines() {
        if line.starts_with('[') {
            at = match lines.iter().position(|known| known == line) {
                Some(header) => header + 1,
                None => {
                    lines.push(line.to_owned());
                    lines.len()
                }
            };
            continue;
        }
        let Some((key, value)) = line.split_once(" =") else { continue };
        let end = lines[at..].iter().position(|line| line.starts_with('[')).map_or(lines.len(), |n| at + n);
        let key = format!("{key} =");
        if let Some(known) = lines[at..end].iter().position(|line| line.starts_with(&key)) {
            lines.remove(at + known);
        }
        if !value.is_empty() {
            lines.insert(at, line.to_owned());
        }
    }
    lines.join("\n")
}
