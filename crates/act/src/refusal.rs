//! A registrar's signed *no*. It can be checked by anyone (TIME C8), so that nobody is turned away on
//! a pretext.

use note::{KeyName, Note, SigningKey};
use serde::{Deserialize, Serialize};
use terms::{ActId, Hash, Instant, Origin, RefusalGround, SignerName};

use crate::statement;

/// The first word of a refusal.
pub const DOMAIN: &str = "mithaq.refusal/v1";

/// Why a submission was not let in.
///
/// ```text
/// mithaq.refusal/v1 ⟨origin⟩ ⟨genesis⟩
/// {"act":"…","submission":"…","ground":"number","size":812,"at":"2025-10-27T08:14:02Z"}
///
/// — ⟨origin⟩/registrar …
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The register.
    pub origin: Origin,
    /// Its genesis hash.
    pub genesis: Hash,
    /// What it says.
    pub body: RefusalBody,
}

/// What a refusal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct RefusalBody {
    /// The act's id; absent where the bytes are no note with a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ActId>,
    /// SHA-256 of the submission.
    pub submission: Hash,
    /// Why.
    pub ground: RefusalGround,
    /// How many entries there were when it was judged.
    pub size: u64,
    /// When.
    pub at: Instant,
}

impl Refusal {
    /// Reads a refusal's text.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong.
    pub fn parse(text: &str) -> Result<Refusal, String> {
        let (origin, genesis, body) = statement::read(text, DOMAIN)?;
        Ok(Refusal { origin, genesis, body })
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
    pub fn sign(&self, key: &SigningKey) -> Result<Note, note::NoteError> {
        let text = self.text();
        let line = key.sign_note(&text, &KeyName::signer(&self.origin, &SignerName::Registrar));
        Note::new(text, vec![line])
    }
}
