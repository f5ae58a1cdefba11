//! The kinds of signature line, and the bytes that tell them apart.

/// What a key signs, and how: the kind of a signature line.
///
/// In a vkey, and in the hash that gives the key id, the kind is one byte; those that C2SP has not
/// numbered are `0xff` and an identifier, without a length and without a NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `0x01`: Ed25519 over the note's text. C2SP signed-note.
    Ed25519,
    /// `0x04`: a witness's Ed25519 over time and checkpoint. C2SP tlog-cosignature.
    Cosignature,
    /// `0x06`: the same with ML-DSA-44. Such keys are read and held; this version checks none.
    MlDsa44Cosignature,
    /// `0xff mithaq/receipt/v1`: a registrar's promise of an index.
    Receipt,
    /// `0xff mithaq/intake/v1`: a guarantor's stamp of the time at which an act was handed in.
    Intake,
    /// `0xff mithaq/webauthn/v1`: a passkey's assertion over an act's id.
    WebAuthn,
    /// `0xff mithaq/freeze/v1`: a witness's promise never to cosign a registrar's key again.
    Freeze,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 7] = [
        Algorithm::Ed25519,
        Algorithm::Cosignature,
        Algorithm::MlDsa44Cosignature,
        Algorithm::Receipt,
        Algorithm::Intake,
        Algorithm::WebAuthn,
        Algorithm::Freeze,
    ];

    /// The bytes before the key, in a vkey and in the hash that gives the key id.
    #[must_use]
    pub const fn prefix(self) -> &'static [u8] {
        match self {
            Algorithm::Ed25519 => b"\x01",
            Algorithm::Cosignature => b"\x04",
            Algorithm::MlDsa44Cosignature => b"\x06",
            Algorithm::Receipt => b"\xffmithaq/receipt/v1",
            Algorithm::Intake => b"\xffmithaq/intake/v1",
            Algorithm::WebAuthn => b"\xffmithaq/webauthn/v1",
            Algorithm::Freeze => b"\xffmithaq/freeze/v1",
        }
    }

    /// Splits a vkey's bytes into kind and key. No prefix is the beginning of another.
    #[must_use]
    pub fn split(bytes: &[u8]) -> Option<(Algorithm, &[u8])> {
        Algorithm::ALL.into_iter().find_map(|kind| Some((kind, bytes.strip_prefix(kind.prefix())?)))
    }

    /// Whether the key is 32 bytes of Ed25519, so that one key pair may serve under several kinds.
    #[must_use]
    pub const fn is_ed25519(self) -> bool {
        match self {
            Algorithm::Ed25519
            | Algorithm::Cosignature
            | Algorithm::Receipt
            | Algorithm::Intake
            | Algorithm::Freeze => true,
            Algorithm::MlDsa44Cosignature | Algorithm::WebAuthn => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_prefix_begins_another() {
        for a in Algorithm::ALL {
            for b in Algorithm::ALL {
                assert_eq!(a.prefix().starts_with(b.prefix()), a == b);
            }
        }
    }
}
