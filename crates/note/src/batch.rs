//! Many signatures at once, by the same rule.

use ed25519_zebra::batch;
use rand_core::CryptoRng;

use crate::ed25519::{PublicKey, Signature};

/// One signature to be checked: by whom, over what.
///
/// Each kind of line can say its check without doing it, so that an auditor checks thousands in batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Who is said to have signed.
    pub key: PublicKey,
    /// What is said to be signed.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Signature,
}

impl Check {
    /// Whether the signature is good.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.key.verify(&self.message, &self.signature)
    }

    /// Whether stock verifiers take it too.
    #[must_use]
    pub fn passes_cofactorless(&self) -> bool {
        self.key.verify_cofactorless(&self.message, &self.signature)
    }
}

/// Signatures collected to be checked together: about twice as fast as one by one.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    items: Vec<batch::Item>,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Batch {
        Batch::default()
    }

    /// Adds a check. Its position, from 0, is what names it if it fails.
    pub fn push(&mut self, check: &Check) -> usize {
        let item = (check.key.as_bytes().to_owned().into(), check.signature.to_zebra(), &check.message[..]);
        self.items.push(item.into());
        self.items.len() - 1
    }

    /// How many were added.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether none was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Checks all. `rng` must be unpredictable to whoever made the signatures: two bad ones could
    /// cancel out otherwise.
    ///
    /// # Errors
    /// The positions of all bad signatures, in order. A failed batch is checked again one by one.
    pub fn verify(self, rng: &mut dyn CryptoRng) -> Result<(), Vec<usize>> {
        let mut verifier = batch::Verifier::new();
        for item in &self.items {
            verifier.queue(item.clone());
        }
        if verifier.verify(rng).is_ok() {
            return Ok(());
        }
        let bad: Vec<usize> = (0..)
            .zip(self.items)
            .filter(|(_, item)| item.clone().verify_single().is_err())
            .map(|(at, _)| at)
            .collect();
        // The rule makes batch and single agree: a batch of good signatures always passes.
        if bad.is_empty() { Ok(()) } else { Err(bad) }
    }
}
