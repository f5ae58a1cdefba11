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
//! - [`story`]: a story, played in it;
//! - [`golden`]: registers whose bytes are kept.

pub mod bodies;
pub mod folder;
pub mod golden;
pub mod history;
pub mod laws;
pub mod lives;
pub mod setup;
pub mod story;
mod versions;
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
