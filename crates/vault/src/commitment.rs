//! What binds an act to the plain content, without showing it.

use sha2::{Digest as _, Sha256};
use terms::{Hash, ParticipantId, base64};
use zeroize::Zeroizing;

use crate::Filing;

/// 32 random bytes that keep a commitment from being guessed. Secret: it stands in grants only.
#[derive(Clone)]
pub struct Salt(Zeroizing<[u8; 32]>);

impl Salt {
    /// A salt that was drawn, or read, elsewhere.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Salt {
        Salt(Zeroizing::new(bytes))
    }

    /// Reads the base64 form.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Salt> {
        decode_secret(text).map(Salt)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Draws a salt from the system. Impure: call it at the edge.
///
/// # Errors
/// The system gives no random bytes; then nothing may be sealed.
pub fn fresh_salt() -> std::io::Result<Salt> {
    fresh_secret().map(Salt)
}

/// 32 bytes from the system, wiped when dropped.
pub(crate) fn fresh_secret() -> std::io::Result<Zeroizing<[u8; 32]>> {
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut_slice()).map_err(std::io::Error::other)?;
    Ok(secret)
}

/// 32 bytes from base64, with nothing left of them on the way.
pub(crate) fn decode_secret(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(base64::decode(text)?);
    let mut secret = Zeroizing::new([0; 32]);
    (bytes.len() == secret.len()).then(|| secret.copy_from_slice(&bytes))?;
    Some(secret)
}

/// The commitment to `plain`.
///
/// ```text
/// SHA-256( "mithaq.exhibit/v1\n"
///        ‖ hash of the genesis text, 32 bytes
///        ‖ length of the filer's id, u8 ‖ filer's id
///        ‖ salt, 32 bytes
///        ‖ plain )
/// ```
///
/// Every part before `plain` has a fixed or a stated length, so no two readings give the same bytes. The
/// filer and the register are in it, so that nobody can file another's commitment as its own.
#[must_use]
pub fn commitment(filing: &Filing, salt: &Salt, plain: &[u8]) -> Hash {
    let mut committing = Committing::new(filing, salt);
    committing.update(plain);
    committing.finish()
}

/// A commitment whose plain content comes in pieces.
pub(crate) struct Committing(Sha256);

impl Committing {
    pub(crate) fn new(filing: &Filing, salt: &Salt) -> Committing {
        let mut hasher = Sha256::new();
        hasher.update(b"mithaq.exhibit/v1\n");
        hasher.update(filing.genesis.as_bytes());
        hasher.update([id_bytes(&filing.filer)]);
        hasher.update(filing.filer.as_str().as_bytes());
        hasher.update(salt.as_bytes());
        Committing(hasher)
    }

    pub(crate) fn update(&mut self, plain: &[u8]) {
        self.0.update(plain);
    }

    pub(crate) fn finish(self) -> Hash {
        Hash::from_bytes(self.0.finalize().into())
    }
}

fn id_bytes(filer: &ParticipantId) -> u8 {
    u8::try_from(filer.as_str().len()).expect("a participant's id has at most 32 characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filing(genesis: Hash, filer: &str) -> Filing {
        Filing { genesis, filer: ParticipantId::new(filer).expect("an id") }
    }

    #[test]
    fn spelled_out() {
        let genesis = Hash::of(b"genesis");
        let salt = Salt::from_bytes([7; 32]);
        let expected =
            Hash::of_parts(&[b"mithaq.exhibit/v1\n", genesis.as_bytes(), b"\x05north", &[7; 32], b"plain"]);
        assert_eq!(commitment(&filing(genesis, "north"), &salt, b"plain"), expected);
    }

    #[test]
    fn each_part_counts() {
        let (a, b) = (Hash::of(b"a"), Hash::of(b"b"));
        let of = |genesis, filer, salt, plain: &[u8]| {
            commitment(&filing(genesis, filer), &Salt::from_bytes([salt; 32]), plain)
        };
        let all = [
            of(a, "north", 1, b"x"),
            of(b, "north", 1, b"x"),
            of(a, "south", 1, b"x"),
            of(a, "north", 2, b"x"),
            of(a, "north", 1, b"y"),
            of(a, "north", 1, b""),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other != one));
        }
    }

    #[test]
    fn salts_are_drawn() {
        let (a, b) = (fresh_salt().expect("random bytes"), fresh_salt().expect("random bytes"));
        assert_ne!(a.as_bytes(), b.as_bytes());
        assert_ne!(a.as_bytes(), &[0; 32]);
    }
}
