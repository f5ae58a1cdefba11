//! State notes: who replays says, signed, what came out.

use note::{KeyName, Note, SigningKey};
use serde::{Deserialize, Serialize};
use terms::{Hash, Instant, Origin, SignerName};

use crate::statement;

/// The first word of a state note.
pub const DOMAIN: &str = "mithaq.state/v1";

/// What a mirror's replay came to. Two of one signer that agree in all but the state convict it
/// (TIME C15).
///
/// ```text
/// mithaq.state/v1 ⟨origin⟩ ⟨genesis⟩
/// {"rules":1,"size":812,"root":"…","as-of":"2025-10-27T08:00:00Z","lines":93,"state":"…"}
///
/// — ⟨origin⟩/⟨participant⟩/⟨label⟩ …     a key of capacity `node`
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateNote {
    /// The register.
    pub origin: Origin,
    /// Its genesis hash.
    pub genesis: Hash,
    /// What it says.
    pub body: StateBody,
}

/// What a state note says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct StateBody {
    /// The rules version that was in force at the end.
    pub rules: u32,
    /// How many entries were final.
    pub size: u64,
    /// The root at that size.
    pub root: Hash,
    /// The time up to which marks were read.
    #[serde(rename = "as-of")]
    pub as_of: Instant,
    /// How many lines the state has.
    pub lines: u64,
    /// The root of the tree over the sorted lines.
    pub state: Hash,
}

impl StateNote {
    /// Reads a state note's text.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong.
    pub fn parse(text: &str) -> Result<StateNote, String> {
        let (origin, genesis, body) = statement::read(text, DOMAIN)?;
        Ok(StateNote { origin, genesis, body })
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        statement::write(DOMAIN, &self.origin, &self.genesis, &self.body)
    }

    /// The signed note.
    ///
    /// # Errors
    ///
    /// Never for a text of ours; the note's rules are asked all the same.
    pub fn sign(&self, key: &SigningKey, signer: &SignerName) -> Result<Note, note::NoteError> {
        let text = self.text();
        let line = key.sign_note(&text, &KeyName::signer(&self.origin, signer));
        Note::new(text, vec![line])
    }
}
