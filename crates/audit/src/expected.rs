//! Which register the reader means.

use terms::{Hash, VoiceName};

/// Which register it must be: what the reader has from a source it trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is: then its name is only said.
    Any,
    /// The one with this name by voice.
    Voice(VoiceName),
    /// The one with this genesis hash.
    Genesis(Hash),
    /// Any of these.
    OneOf(Vec<Expected>),
}

impl Expected {
    /// Reads a name by voice, or a genesis hash in base64 or hex.
    #[must_use]
    pub fn parse(text: &str) -> Option<Expected> {
        Hash::from_base64(text)
            .or_else(|| Hash::from_hex(text))
            .map(Expected::Genesis)
            .or_else(|| VoiceName::parse(text).map(Expected::Voice))
    }

    /// Whether a register with this genesis hash is the one.
    #[must_use]
    pub fn fits(&self, genesis: &Hash) -> bool {
        match self {
            Expected::Any => true,
            Expected::Voice(name) => VoiceName::of(genesis) == *name,
            Expected::Genesis(hash) => hash == genesis,
            Expected::OneOf(all) => all.iter().any(|one| one.fits(genesis)),
        }
    }
}
