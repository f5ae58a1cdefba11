//! An act on its way from machine to machine, until all its keys have signed.

use act::{Act, Submission};
use note::{KeyName, SignatureLine, SigningKey, VerifierKey};
use serde::{Deserialize, Serialize};
use terms::SignerName;
use vault::{Keyring, Secret};

use crate::{Fault, Home};

/// A drafted act, as a file of JSON.
///
/// ```text
/// {"format": "mithaq.draft/v1", "act": ⟨the act's text⟩, "signatures": [⟨line⟩…]}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafted {
    format: String,
    /// The act's text.
    act: String,
    /// The signature lines so far.
    signatures: Vec<String>,
}

/// What the file's `format` says.
pub const FORMAT: &str = "mithaq.draft/v1";

impl Drafted {
    /// A draft that nobody has signed.
    #[must_use]
    pub fn new(act: &Act) -> Drafted {
        Drafted { format: FORMAT.to_owned(), act: act.text().to_owned(), signatures: Vec::new() }
    }

    /// Reads a file; nothing if it is of another format.
    ///
    /// # Errors
    ///
    /// It is no JSON of that shape.
    pub fn read(bytes: &[u8]) -> Result<Option<Drafted>, serde_json::Error> {
        let draft: Drafted = serde_json::from_slice(bytes)?;
        Ok((draft.format == FORMAT).then_some(draft))
    }

    /// The act.
    ///
    /// # Errors
    ///
    /// It is none.
    pub fn act(&self) -> Result<Act, Fault> {
        Ok(Act::parse(&self.act)?)
    }

    /// The file's bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // Texts and lists of texts are always written.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Signs with every key of a keyring that is to sign and has not; gives how many did. Where the first
    /// signer's key is here, the act's number is used up with that, whether or not it is ever handed in.
    ///
    /// # Errors
    ///
    /// It is no act; or as [`crate::numbers::take`].
    pub fn sign(&mut self, ring: &Keyring, home: &Home) -> Result<usize, Fault> {
        let act = self.act()?;
        let mut added = 0;
        for (place, signer) in act.head().signers.iter().enumerate() {
            let name = act.origin().key_name(signer);
            let (Some(Secret::Ed25519(seed)), Some(key_name)) =
                (ring.get(&name).map(vault::Key::secret), KeyName::new(&name))
            else {
                continue;
            };
            let key = SigningKey::from_seed(seed);
            let vkey = VerifierKey::plain(key_name.clone(), key.public());
            let there = self.lines().any(|line| vkey.made(&line));
            if !there {
                if place == 0 {
                    crate::numbers::take(home, &act)?;
                }
                self.signatures.push(key.sign_note(act.text(), &key_name).to_string());
                added += 1;
            }
        }
        Ok(added)
    }

    fn lines(&self) -> impl Iterator<Item = SignatureLine> {
        self.signatures.iter().filter_map(|line| SignatureLine::parse(line).ok())
    }

    /// Who has still to sign.
    ///
    /// # Errors
    ///
    /// It is no act.
    pub fn missing(&self) -> Result<Vec<SignerName>, Fault> {
        let act = self.act()?;
        let signed = |signer: &SignerName| {
            let name = act.origin().key_name(signer);
            self.lines().any(|line| line.name.as_str() == name)
        };
        Ok(act.head().signers.iter().filter(|signer| !signed(signer)).cloned().collect())
    }

    /// What is handed in, once all have signed.
    ///
    /// # Errors
    ///
    /// It is no act, or somebody has not signed.
    pub fn submission(&self) -> Result<Submission, Fault> {
        let act = self.act()?;
        let lines = act
            .head()
            .signers
            .iter()
            .filter_map(|signer| {
                let name = act.origin().key_name(signer);
                self.lines().find(|line| line.name.as_str() == name)
            })
            .collect();
        Ok(Submission::new(act, lines, Vec::new(), Vec::new())?)
    }
}
