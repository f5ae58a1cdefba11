//! A passkey's public key.

use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{DerSignature, Signature as EcdsaSignature, VerifyingKey};

use crate::ed25519::{KeyFault, PublicKey, Signature};

/// What stands before the point in a SubjectPublicKeyInfo of P-256, in DER: `id-ecPublicKey`, `secp256r1`, and a bit string
/// of 65 bytes.
const P256_SPKI: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A point of P-256 that is not compressed (SEC 1), in bytes.
const UNCOMPRESSED_BYTES: usize = 65;

/// A passkey's public key, as it stands in a vkey.
///
/// ```text
/// 0x01 ‖ 32 bytes    EdDSA: Ed25519, by the same rule as everywhere
/// 0x02 ‖ 33 bytes    ES256: a compressed point of P-256 (SEC 1)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyKey {
    /// Ed25519.
    EdDsa(PublicKey),
    /// ECDSA on P-256 with SHA-256.
    Es256([u8; 33]),
}

impl PasskeyKey {
    /// Reads the bytes after the kind. Whether they are a point is seen by [`PasskeyKey::enrollable`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<PasskeyKey> {
        match bytes.split_first()? {
            (1, key) => Some(PasskeyKey::EdDsa(PublicKey::from_bytes(key.try_into().ok()?))),
            (2, key) => Some(PasskeyKey::Es256(key.try_into().ok()?)),
            _ => None,
        }
    }

    /// Reads the key that a browser gives out (W3C Web Authentication, `getPublicKey`): the SubjectPublicKeyInfo of a
    /// point of P-256 that is not compressed (RFC 5480 §2).
    #[must_use]
    pub fn from_spki(der: &[u8]) -> Option<PasskeyKey> {
        let point = der.strip_prefix(P256_SPKI)?;
        if point.len() != UNCOMPRESSED_BYTES {
            return None;
        }
        let key = VerifyingKey::from_sec1_bytes(point).ok()?;
        Some(PasskeyKey::Es256(key.to_sec1_point(true).as_bytes().try_into().ok()?))
    }

    /// The bytes after the kind.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            PasskeyKey::EdDsa(key) => [&[1], &key.as_bytes()[..]].concat(),
            PasskeyKey::Es256(key) => [&[2], &key[..]].concat(),
        }
    }

    /// Whether the key may be enrolled.
    ///
    /// # Errors
    /// As [`PublicKey::enrollable`]; for ES256 [`KeyFault::NotAPoint`], since P-256 has prime order and
    /// a compressed point one spelling.
    pub fn enrollable(&self) -> Result<(), KeyFault> {
        match self {
            PasskeyKey::EdDsa(key) => key.enrollable(),
            PasskeyKey::Es256(key) => es256(key).map(|_| ()).ok_or(KeyFault::NotAPoint),
        }
    }

    /// Whether the key signed the message.
    ///
    /// An ES256 signature is DER in its one canonical form. Both values of s that fit, high and low,
    /// are taken: authenticators make either, and a register hashes the bytes it got, so a second
    /// spelling of a signature is another submission of the same act, and no other act.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PasskeyKey::EdDsa(key) => {
                signature.try_into().is_ok_and(|bytes| key.verify(message, &Signature::from_bytes(bytes)))
            }
            PasskeyKey::Es256(key) => {
                let (Some(key), Some(signature)) = (es256(key), strict_der(signature)) else { return false };
                key.verify(message, &signature).is_ok()
            }
        }
    }

    /// Whether stock verifiers take the signature too: see [`PublicKey::verify_cofactorless`]. For ES256
    /// there is one rule only.
    #[must_use]
    pub fn verify_cofactorless(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PasskeyKey::EdDsa(key) => signature
                .try_into()
                .is_ok_and(|bytes| key.verify_cofactorless(message, &Signature::from_bytes(bytes))),
            PasskeyKey::Es256(_) => self.verify(message, signature),
        }
    }
}

fn es256(key: &[u8; 33]) -> Option<VerifyingKey> {
    // SEC 1 has other forms of other lengths; of 33 bytes it is the compressed one or none.
    VerifyingKey::from_sec1_bytes(key).ok()
}

fn strict_der(bytes: &[u8]) -> Option<EcdsaSignature> {
    let signature = EcdsaSignature::try_from(DerSignature::from_bytes(bytes).ok()?).ok()?;
    (signature.to_der().as_bytes() == bytes).then_some(signature)
}
