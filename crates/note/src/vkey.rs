//! A public key with its name and kind, in one line of text.

use std::fmt;

use terms::{Hash, base64};

use crate::algorithm::Algorithm;
use crate::batch::Check;
use crate::ed25519::{KeyFault, PublicKey, Signature};
use crate::name::KeyName;
use crate::passkey::PasskeyKey;
use crate::signature::SignatureLine;

/// A public key, what it is called, and what it signs.
///
/// ```text
/// ⟨name⟩+⟨key id, 8 lower-case hex digits⟩+⟨base64 of kind ‖ key⟩
/// ```
///
/// The key id is `SHA-256(name ‖ 0x0A ‖ kind ‖ key)[..4]`.
///
/// Follows C2SP signed-note, *Verifier keys*.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: KeyName,
    algorithm: Algorithm,
    key: Vec<u8>,
    id: [u8; 4],
}

/// Why a text is no vkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VkeyError {
    /// Not three parts with a `+` between them.
    Shape,
    /// The name is empty, or has a space in it.
    Name,
    /// The id is not eight lower-case hex digits.
    Id,
    /// The third part is no canonical base64.
    Base64,
    /// A kind of key that this program does not know.
    Kind,
    /// Not as many bytes as such a key has.
    Length {
        /// The kind of key.
        algorithm: Algorithm,
        /// How many bytes it has here.
        found: usize,
    },
    /// The id does not belong to this name and key.
    WrongId {
        /// The id that would.
        expected: String,
    },
}

/// Why a line does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyFault {
    /// The line is by another name or key id: it says nothing about this key.
    OtherKey,
    /// The payload has not the length or shape of this kind of line.
    Payload,
    /// The signature is wrong.
    Signature,
    /// This version can't check this kind of line; or the line signs something else than a text.
    Unsupported,
}

impl VerifierKey {
    /// A key that signs notes (`0x01`): acts, checkpoints, refusals.
    #[must_use]
    pub fn plain(name: KeyName, key: PublicKey) -> VerifierKey {
        VerifierKey::of(name, Algorithm::Ed25519, key.as_bytes().to_vec())
    }

    /// A witness's key (`0x04`).
    #[must_use]
    pub fn cosigner(name: KeyName, key: PublicKey) -> VerifierKey {
        VerifierKey::of(name, Algorithm::Cosignature, key.as_bytes().to_vec())
    }

    /// A key that signs receipts.
    #[must_use]
    pub fn receipt(name: KeyName, key: PublicKey) -> VerifierKey {
        VerifierKey::of(name, Algorithm::Receipt, key.as_bytes().to_vec())
    }

    /// A key that stamps what is handed in.
    #[must_use]
    pub fn intake(name: KeyName, key: PublicKey) -> VerifierKey {
        VerifierKey::of(name, Algorithm::Intake, key.as_bytes().to_vec())
    }

    /// A witness's key, as it signs freezes.
    #[must_use]
    pub fn freeze(name: KeyName, key: PublicKey) -> VerifierKey {
        VerifierKey::of(name, Algorithm::Freeze, key.as_bytes().to_vec())
    }

    /// A passkey.
    #[must_use]
    pub fn passkey(name: KeyName, key: &PasskeyKey) -> VerifierKey {
        VerifierKey::of(name, Algorithm::WebAuthn, key.to_bytes())
    }

    /// The same Ed25519 key under another name and kind; nothing if either kind is not Ed25519.
    #[must_use]
    pub fn under(&self, name: KeyName, algorithm: Algorithm) -> Option<VerifierKey> {
        let both = self.algorithm.is_ed25519() && algorithm.is_ed25519();
        both.then(|| VerifierKey::of(name, algorithm, self.key.clone()))
    }

    fn of(name: KeyName, algorithm: Algorithm, key: Vec<u8>) -> VerifierKey {
        let hash = Hash::of_parts(&[name.as_str().as_bytes(), b"\n", algorithm.prefix(), &key]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        VerifierKey { name, algorithm, key, id: [a, b, c, d] }
    }

    /// Reads a vkey, and checks that its id is its own.
    ///
    /// # Errors
    /// The first fault from the left; [`VkeyError::WrongId`] last.
    pub fn parse(text: &str) -> Result<VerifierKey, VkeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VkeyError::Shape);
        };
        let name = KeyName::new(name).ok_or(VkeyError::Name)?;
        if id.len() != 8 || !id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(VkeyError::Id);
        }
        let bytes = base64::decode(encoded).ok_or(VkeyError::Base64)?;
        let (algorithm, key) = Algorithm::split(&bytes).ok_or(VkeyError::Kind)?;
        if !has_length(algorithm, key) {
            return Err(VkeyError::Length { algorithm, found: key.len() });
        }
        let vkey = VerifierKey::of(name, algorithm, key.to_vec());
        let expected = terms::hash::to_hex(&vkey.id);
        if expected == id { Ok(vkey) } else { Err(VkeyError::WrongId { expected }) }
    }

    /// What the key is called.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bare key, without its kind. Two vkeys with the same are duplicates, whatever they are called.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.key
    }

    /// The first four bytes of the hash of name, kind and key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The Ed25519 key, if it is one. A passkey's is none: it signs no messages of ours.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        let bytes = <[u8; 32]>::try_from(&self.key[..]).ok()?;
        self.algorithm.is_ed25519().then_some(PublicKey::from_bytes(bytes))
    }

    /// The passkey, if it is one.
    #[must_use]
    pub fn passkey_key(&self) -> Option<PasskeyKey> {
        (self.algorithm == Algorithm::WebAuthn).then(|| PasskeyKey::from_bytes(&self.key))?
    }

    /// Whether the key may be enrolled.
    ///
    /// # Errors
    /// See [`PublicKey::enrollable`] and [`PasskeyKey::enrollable`]. An ML-DSA key always may.
    pub fn enrollable(&self) -> Result<(), KeyFault> {
        match self.algorithm {
            Algorithm::WebAuthn => self.passkey_key().ok_or(KeyFault::NotAPoint)?.enrollable(),
            Algorithm::MlDsa44Cosignature => Ok(()),
            Algorithm::Ed25519
            | Algorithm::Cosignature
            | Algorithm::Receipt
            | Algorithm::Intake
            | Algorithm::Freeze => self.public_key().ok_or(KeyFault::NotAPoint)?.enrollable(),
        }
    }

    /// Whether the line says that this key made it.
    #[must_use]
    pub fn made(&self, line: &SignatureLine) -> bool {
        line.key_id == self.id && line.name == self.name
    }

    /// A line of this key with this payload.
    #[must_use]
    pub fn line(&self, payload: Vec<u8>) -> SignatureLine {
        SignatureLine { name: self.name.clone(), key_id: self.id, payload }
    }

    /// What has to be checked to know that the line signs the text.
    ///
    /// Only for the kinds that sign a note's text and nothing else: [`Algorithm::Ed25519`] and
    /// [`Algorithm::Freeze`]. Receipts, intakes, passkeys and cosignatures have their own.
    ///
    /// # Errors
    /// All but [`VerifyFault::Signature`].
    pub fn check(&self, text: &str, line: &SignatureLine) -> Result<Check, VerifyFault> {
        if !self.made(line) {
            return Err(VerifyFault::OtherKey);
        }
        match self.algorithm {
            Algorithm::Ed25519 | Algorithm::Freeze => {
                let bytes = <[u8; 64]>::try_from(&line.payload[..]).map_err(|_| VerifyFault::Payload)?;
                let key = self.public_key().ok_or(VerifyFault::Unsupported)?;
                let (message, signature) = (text.as_bytes().to_vec(), Signature::from_bytes(bytes));
                Ok(Check { key, message, signature })
            }
            Algorithm::Cosignature
            | Algorithm::MlDsa44Cosignature
            | Algorithm::Receipt
            | Algorithm::Intake
            | Algorithm::WebAuthn => Err(VerifyFault::Unsupported),
        }
    }

    /// Whether the line signs the text. See [`VerifierKey::check`].
    ///
    /// # Errors
    /// Why it does not.
    pub fn verify(&self, text: &str, line: &SignatureLine) -> Result<(), VerifyFault> {
        if self.check(text, line)?.passes() { Ok(()) } else { Err(VerifyFault::Signature) }
    }
}

fn has_length(algorithm: Algorithm, key: &[u8]) -> bool {
    match algorithm {
        Algorithm::MlDsa44Cosignature => key.len() == 1312,
        Algorithm::WebAuthn => PasskeyKey::from_bytes(key).is_some(),
        Algorithm::Ed25519
        | Algorithm::Cosignature
        | Algorithm::Receipt
        | Algorithm::Intake
        | Algorithm::Freeze => key.len() == 32,
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.algorithm.prefix(), &self.key].concat();
        write!(f, "{}+{}+{}", self.name, terms::hash::to_hex(&self.id), base64::encode(&bytes))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = VkeyError;
    fn from_str(text: &str) -> Result<VerifierKey, VkeyError> {
        VerifierKey::parse(text)
    }
}

impl fmt::Display for VkeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VkeyError::Shape => f.write_str("expected a vkey: `NAME+ID+KEY`"),
            VkeyError::Name => f.write_str("the vkey's name is empty, or has a space in it"),
            VkeyError::Id => f.write_str("the vkey's id is not eight lower-case hex digits"),
            VkeyError::Base64 => f.write_str("the vkey's key is not canonical base64"),
            VkeyError::Kind => f.write_str("the vkey is of a kind that this version does not know"),
            VkeyError::Length { algorithm, found } => {
                write!(f, "the vkey has {found} bytes of key, which is not what a key of kind ")?;
                match algorithm {
                    Algorithm::WebAuthn => f.write_str("`mithaq/webauthn/v1` has"),
                    Algorithm::MlDsa44Cosignature => f.write_str("0x06 has: 1312"),
                    _ => f.write_str("Ed25519 has: 32"),
                }
            }
            VkeyError::WrongId { expected } => {
                write!(f, "the vkey's id does not belong to its name and key, which would have `{expected}`")
            }
        }
    }
}

impl fmt::Display for VerifyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            VerifyFault::OtherKey => "the line is by another key",
            VerifyFault::Payload => "the line's payload has not the shape of its kind",
            VerifyFault::Signature => "the signature is wrong",
            VerifyFault::Unsupported => "this version can't check this kind of line",
        })
    }
}

impl std::error::Error for VkeyError {}
impl std::error::Error for VerifyFault {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SigningKey;

    fn name(text: &str) -> KeyName {
        KeyName::new(text).expect("a name")
    }

    #[test]
    fn one_key_pair_under_all_its_names() {
        let key = SigningKey::from_seed(&[7; 32]);
        let plain = VerifierKey::plain(name("register.example/x"), key.public());
        let receipt =
            plain.under(name("register.example/x/receipt"), Algorithm::Receipt).expect("both Ed25519");
        assert_eq!(receipt, VerifierKey::receipt(name("register.example/x/receipt"), key.public()));
        assert_eq!(receipt.raw(), plain.raw());
        assert_ne!(receipt.id(), plain.id());
        assert_eq!(plain.under(name("a"), Algorithm::WebAuthn), None);
        assert_eq!(plain.under(name("a"), Algorithm::MlDsa44Cosignature), None);
    }

    #[test]
    fn text_and_back() {
        let key = SigningKey::from_seed(&[7; 32]).public();
        for kind in Algorithm::ALL.into_iter().filter(|kind| kind.is_ed25519()) {
            let vkey = VerifierKey::plain(name("a/b"), key).under(name("c"), kind).expect("both Ed25519");
            assert_eq!(VerifierKey::parse(&vkey.to_string()), Ok(vkey));
        }
        let mldsa = VerifierKey::of(name("w"), Algorithm::MlDsa44Cosignature, vec![9; 1312]);
        assert_eq!(VerifierKey::parse(&mldsa.to_string()), Ok(mldsa));
    }

    #[test]
    fn refused() {
        let good = VerifierKey::plain(name("a"), SigningKey::from_seed(&[7; 32]).public()).to_string();
        let id = &good[2..10];
        let check = |text: String, expected: &str| match VerifierKey::parse(&text) {
            Ok(vkey) => panic!("{vkey} was read"),
            Err(error) => assert_eq!(error.to_string(), expected, "{text}"),
        };
        check(String::new(), "expected a vkey: `NAME+ID+KEY`");
        check("a+00000000".to_owned(), "expected a vkey: `NAME+ID+KEY`");
        check(good.replacen('a', "", 1), "the vkey's name is empty, or has a space in it");
        check(good.replacen('a', "a b", 1), "the vkey's name is empty, or has a space in it");
        check(good.replacen(id, "+", 1), "the vkey's id is not eight lower-case hex digits");
        check(good.replacen(id, "0000000G", 1), "the vkey's id is not eight lower-case hex digits");
        check(format!("a+{id}+AA"), "the vkey's key is not canonical base64");
        check(format!("a+{id}+AAAA"), "the vkey is of a kind that this version does not know");
        check(format!("a+{id}+/21pdGhhcQ=="), "the vkey is of a kind that this version does not know");
        check(
            format!("a+{id}+AQAA"),
            "the vkey has 2 bytes of key, which is not what a key of kind Ed25519 has: 32",
        );
        check(
            good.replacen('a', "b", 1),
            &format!(
                "the vkey's id does not belong to its name and key, which would have `{}`",
                terms::hash::to_hex(
                    &VerifierKey::plain(name("b"), SigningKey::from_seed(&[7; 32]).public()).id()
                )
            ),
        );
    }

    #[test]
    fn a_signed_note() {
        let key = SigningKey::from_seed(&[7; 32]);
        let vkey = VerifierKey::plain(name("a"), key.public());
        let line = key.sign_note("hello\n", vkey.name());
        assert_eq!(vkey.verify("hello\n", &line), Ok(()));
        assert_eq!(vkey.verify("hallo\n", &line), Err(VerifyFault::Signature));
        let other = VerifierKey::plain(name("b"), key.public());
        assert_eq!(other.verify("hello\n", &line), Err(VerifyFault::OtherKey));
        let short = SignatureLine { payload: line.payload[1..].to_vec(), ..line };
        assert_eq!(vkey.verify("hello\n", &short), Err(VerifyFault::Payload));
        let receipt = VerifierKey::receipt(name("a"), key.public());
        assert_eq!(receipt.verify("hello\n", &receipt.line(vec![0; 64])), Err(VerifyFault::Unsupported));
    }
}
