//! A witness's promise never to cosign a registrar's key again (TIME T20).

use note::{Algorithm, KeyName, Note, SigningKey, VerifierKey};
use serde::{Deserialize, Serialize};
use terms::{Hash, Origin};

use crate::statement;
use crate::value::Vkey;

/// The first word of a freeze.
pub const DOMAIN: &str = "mithaq.freeze/v1";

/// The largest checkpoint that a witness cosigned for a registrar's key, after which it cosigns none.
///
/// ```text
/// mithaq.freeze/v1 ⟨origin⟩ ⟨genesis⟩
/// {"registrar":"⟨old key⟩","size":812,"root":"…"}
///
/// — ⟨witness's name⟩ …     0xff mithaq/freeze/v1, with the witness's cosigning key
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreezeNote {
    /// The register.
    pub origin: Origin,
    /// Its genesis hash.
    pub genesis: Hash,
    /// What it says.
    pub body: FreezeBody,
}

/// What a freeze says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct FreezeBody {
    /// The key that is frozen: type 0x01, named `ORIGIN/registrar`.
    pub registrar: Vkey,
    /// The largest size cosigned.
    pub size: u64,
    /// The root at that size.
    pub root: Hash,
}

impl FreezeNote {
    /// Reads a freeze's text.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong.
    pub fn parse(text: &str) -> Result<FreezeNote, String> {
        let (origin, genesis, body) = statement::read(text, DOMAIN)?;
        Ok(FreezeNote { origin, genesis, body })
    }

    /// Reads a signed freeze and checks that this witness signed it.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong.
    pub fn verify(bytes: &[u8], witness: &VerifierKey) -> Result<FreezeNote, String> {
        let note = Note::parse(bytes, 1).map_err(|e| e.to_string())?;
        let freeze = FreezeNote::parse(note.text())?;
        let key = witness
            .under(witness.name().clone(), Algorithm::Freeze)
            .ok_or("the witness has no Ed25519 key")?;
        match note.signatures() {
            [line] if key.verify(note.text(), line).is_ok() => Ok(freeze),
            _ => Err("the freeze is not signed by this witness".to_owned()),
        }
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
    pub fn sign(&self, witness: &SigningKey, name: &KeyName) -> Result<Note, note::NoteError> {
        let text = self.text();
        let line = note::freeze::sign(&text, witness, name);
        Note::new(text, vec![line])
    }
}
