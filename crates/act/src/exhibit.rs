//! What an act commits to when it files something sealed.
//!
//! The plain text never comes near replay. What is signed is the sealed file's hash, and a commitment
//! to the plain text that nobody can test guesses against without the salt, which is in the grant.

use sha2::{Digest, Sha256};
use terms::{Hash, ParticipantId};

/// The bytes before the plain text in every commitment.
pub const DOMAIN: &[u8] = b"mithaq.exhibit/v1\n";

/// Computes a commitment in one pass, for files of any size:
/// SHA-256(`mithaq.exhibit/v1\n` ‖ genesis, 32 bytes ‖ length of the filer's id, u8 ‖ filer ‖ salt,
/// 32 bytes ‖ plain).
#[derive(Clone)]
pub struct Commitment(Sha256);

impl Commitment {
    /// Begins a commitment of `filer` in the register with this genesis.
    #[must_use]
    pub fn begin(genesis: &Hash, filer: &ParticipantId, salt: &[u8; 32]) -> Commitment {
        let filer = filer.as_str().as_bytes();
        let mut hasher = Sha256::new();
        hasher.update(DOMAIN);
        hasher.update(genesis.as_bytes());
        // A participant's id has at most 32 bytes.
        hasher.update([u8::try_from(filer.len()).unwrap_or(u8::MAX)]);
        hasher.update(filer);
        hasher.update(salt);
        Commitment(hasher)
    }

    /// More of the plain text.
    pub fn update(&mut self, plain: &[u8]) {
        self.0.update(plain);
    }

    /// The commitment to all that was given.
    #[must_use]
    pub fn finish(self) -> Hash {
        Hash::from_bytes(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_page() {
        let genesis = Hash::of(b"genesis");
        let filer = ParticipantId::new("north").expect("an id");
        let mut commitment = Commitment::begin(&genesis, &filer, &[7; 32]);
        commitment.update(b"pl");
        commitment.update(b"ain");
        let by_hand =
            [b"mithaq.exhibit/v1\n", &genesis.as_bytes()[..], &[5], b"north", &[7; 32], b"plain"].concat();
        assert_eq!(commitment.finish(), Hash::of(&by_hand));
    }
}
