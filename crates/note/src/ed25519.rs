//! The one rule by which an Ed25519 signature is good: ZIP 215.
//!
//! A signature (R, s) of M by A is good if s < ℓ, A and R are points in any encoding, and
//! `8·s·B = 8·R + 8·k·A` with `k = SHA-512(R ‖ A ‖ M)`. The factor 8 makes checking one by one and
//! checking in batch agree on every input, which no rule without it does. It lets through what others
//! refuse, from signers who try: see [`PublicKey::enrollable`] and [`PublicKey::verify_cofactorless`].

use std::fmt;

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use ed25519_zebra::VerificationKey;
use sha2::{Digest as _, Sha512};
use terms::base64;

/// 64 bytes that claim to be an Ed25519 signature: R ‖ s.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature([u8; 64]);

/// 32 bytes that claim to be an Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

/// Why a key must not be enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// The bytes are no point of the curve.
    NotAPoint,
    /// The bytes are a second spelling of a point: two keys would be one.
    NonCanonical,
    /// One of eight points under which anybody can sign.
    SmallOrder,
    /// The point has a part of small order: stock verifiers disagree about its signatures.
    Torsion,
}

impl Signature {
    /// From the bytes R ‖ s.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Signature {
        Signature(bytes)
    }

    /// The bytes R ‖ s.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    pub(crate) fn to_zebra(self) -> ed25519_zebra::Signature {
        ed25519_zebra::Signature::from_bytes(&self.0)
    }
}

impl PublicKey {
    /// From its 32 bytes, whatever they are.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> PublicKey {
        PublicKey(bytes)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether the signature is good by ZIP 215: the rule that decides everything else.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        VerificationKey::try_from(self.0).is_ok_and(|key| key.verify(&signature.to_zebra(), message).is_ok())
    }

    /// Whether a verifier without the factor 8 takes the signature too, as Go's does: `s·B − k·A` is
    /// encoded and must give the very bytes of R.
    ///
    /// What passes here passes [`PublicKey::verify`]. A registrar asks for both before it lets an
    /// entry in, so that what stands in a register also verifies with stock tools.
    #[must_use]
    pub fn verify_cofactorless(&self, message: &[u8], signature: &Signature) -> bool {
        let (r, s) = signature.0.split_at(32);
        let Ok(s) = <[u8; 32]>::try_from(s) else { return false };
        let Some(s) = Option::<Scalar>::from(Scalar::from_canonical_bytes(s)) else { return false };
        let Some(point) = CompressedEdwardsY(self.0).decompress() else { return false };
        let k = challenge(r, &self.0, message);
        let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &-point, &s);
        expected.compress().as_bytes() == r
    }

    /// Whether the key may be enrolled: canonical, and in the group of prime order, without identity.
    ///
    /// # Errors
    /// The first [`KeyFault`] in the order of that enum.
    pub fn enrollable(&self) -> Result<(), KeyFault> {
        let point = CompressedEdwardsY(self.0).decompress().ok_or(KeyFault::NotAPoint)?;
        if point.compress().0 != self.0 {
            return Err(KeyFault::NonCanonical);
        }
        if point.mul_by_cofactor().is_identity() {
            return Err(KeyFault::SmallOrder);
        }
        if !point.is_torsion_free() {
            return Err(KeyFault::Torsion);
        }
        Ok(())
    }
}

fn challenge(r: &[u8], key: &[u8; 32], message: &[u8]) -> Scalar {
    let hash = Sha512::new().chain_update(r).chain_update(key).chain_update(message).finalize();
    Scalar::from_bytes_mod_order_wide(&hash.into())
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64::encode(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64::encode(&self.0))
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyFault::NotAPoint => "not an Ed25519 public key",
            KeyFault::NonCanonical => "an Ed25519 public key in a second spelling",
            KeyFault::SmallOrder => "an Ed25519 public key of small order: anybody can sign for it",
            KeyFault::Torsion => "an Ed25519 public key with a part of small order",
        })
    }
}

impl std::error::Error for KeyFault {}
