//! An authenticator that holds a passkey, as a browser would ask it: made from the specification (W3C Web Authentication), and
//! from nothing of the desk's.

#![allow(clippy::allow_attributes, dead_code, reason = "each test file uses a part of it")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest as _, Sha256};

/// The head of a SubjectPublicKeyInfo of P-256 (RFC 5480).
const SPKI: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/// User present, and verified.
pub(crate) const PRESENT_AND_VERIFIED: u8 = 0x05;

pub(crate) struct Authenticator {
    key: SigningKey,
    rp: String,
    origin: String,
}

pub(crate) fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub(crate) fn new(seed: u8, host: &str) -> Authenticator {
        let key = SigningKey::from_slice(&[seed; 32]).expect("a key");
        let rp = host.split(':').next().expect("a host").to_owned();
        Authenticator { key, rp, origin: format!("http://{host}") }
    }

    /// A passkey's name.
    pub(crate) fn credential(&self) -> String {
        text(&self.point()[1..17])
    }

    /// The public key, as 33 bytes.
    pub(crate) fn point(&self) -> Vec<u8> {
        self.key.verifying_key().to_sec1_point(true).as_bytes().to_vec()
    }

    /// What `getPublicKey` gives.
    pub(crate) fn spki(&self) -> String {
        let head = (0..SPKI.len()).step_by(2);
        let head = head.map(|at| u8::from_str_radix(&SPKI[at..at + 2], 16).expect("hex"));
        let mut all: Vec<u8> = head.collect();
        all.extend(self.key.verifying_key().to_sec1_point(false).as_bytes());
        text(&all)
    }

    /// What `get` gives for a challenge, as the desk's script sends it.
    pub(crate) fn assert(&self, challenge: &str) -> String {
        self.assert_with(challenge, PRESENT_AND_VERIFIED)
    }

    pub(crate) fn assert_with(&self, challenge: &str, flags: u8) -> String {
        let client = format!(
            "{{\"type\":\"webauthn.get\",\"challenge\":\"{challenge}\",\"origin\":\"{}\",\"crossOrigin\":false}}",
            self.origin
        );
        let data = [&Sha256::digest(self.rp.as_bytes())[..], &[flags, 0, 0, 0, 1]].concat();
        let message = [&data[..], &Sha256::digest(client.as_bytes())].concat();
        let signature: DerSignature = self.key.sign(&message);
        let part = |bytes: &[u8]| {
            let length = u16::try_from(bytes.len()).expect("short").to_be_bytes();
            [&length[..], bytes].concat()
        };
        text(&[part(&data), part(client.as_bytes()), signature.as_bytes().to_vec()].concat())
    }
}
