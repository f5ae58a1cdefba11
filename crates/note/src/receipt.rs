//! A registrar's promise: this submission stands at that index, and came at that time.

use terms::{Hash, Instant, Origin};

use crate::algorithm::Algorithm;
use crate::batch::Check;
use crate::ed25519::Signature;
use crate::name::KeyName;
use crate::signature::SignatureLine;
use crate::signing::SigningKey;
use crate::text::{Note, NoteError};
use crate::vkey::{VerifierKey, VerifyFault};

/// What a receipt line says.
///
/// ```text
/// payload   u64 index ‖ u64 time ‖ 32 bytes submission hash ‖ 64 bytes signature
/// signed    mithaq.receipt/v1
///           ⟨origin⟩
///           ⟨base64 hash of the genesis act's text⟩
///           ⟨index⟩
///           ⟨time, seconds⟩
///           ⟨base64 submission hash⟩
/// ```
///
/// Origin and genesis are in what is signed, so that two registers of one registrar can't convict
/// each other. Kind `0xff mithaq/receipt/v1`, key name `⟨origin⟩/receipt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The entry's place in the register, from 0.
    pub index: u64,
    /// Registered time.
    pub time: Instant,
    /// SHA-256 of the submission: the whole note as handed in, intakes included.
    pub submission: Hash,
}

impl Receipt {
    /// What is signed.
    #[must_use]
    pub fn message(&self, origin: &Origin, genesis: &Hash) -> String {
        let Receipt { index, time, submission } = self;
        format!("mithaq.receipt/v1\n{origin}\n{genesis}\n{index}\n{}\n{submission}\n", time.secs())
    }

    /// Signs the promise.
    #[must_use]
    pub fn sign(&self, origin: &Origin, genesis: &Hash, key: &SigningKey) -> SignatureLine {
        let signature = key.sign(self.message(origin, genesis).as_bytes());
        let vkey = VerifierKey::receipt(KeyName::receipt(origin), key.public());
        vkey.line(self.payload(&signature))
    }

    /// The receipt as a note of its own: what it is signed over, and its line. So it travels to whom it is
    /// given before the entry does.
    ///
    /// # Errors
    ///
    /// Never: the text has no control character, and ends its lines.
    pub fn to_note(&self, line: SignatureLine, origin: &Origin, genesis: &Hash) -> Result<Note, NoteError> {
        Note::new(self.message(origin, genesis), vec![line])
    }

    /// Reads such a note: the register's name in notes, its genesis hash, and the receipt. Whether the
    /// signature holds is not looked at.
    #[must_use]
    pub fn read_note(note: &Note) -> Option<(Origin, Hash, Receipt)> {
        let [line] = note.signatures() else { return None };
        let mut lines = note.text().lines().skip(1);
        let origin = Origin::new(lines.next()?)?;
        let genesis = Hash::from_base64(lines.next()?)?;
        let (receipt, _) = Receipt::parse(&line.payload)?;
        // The payload says the same as the text, or it is none.
        (receipt.message(&origin, &genesis) == note.text()).then_some((origin, genesis, receipt))
    }

    fn payload(&self, signature: &Signature) -> Vec<u8> {
        let mut payload = Vec::with_capacity(112);
        payload.extend_from_slice(&self.index.to_be_bytes());
        payload.extend_from_slice(&self.time.secs().to_be_bytes());
        payload.extend_from_slice(self.submission.as_bytes());
        payload.extend_from_slice(signature.as_bytes());
        payload
    }

    /// Reads a payload. Nothing is verified.
    #[must_use]
    pub fn parse(payload: &[u8]) -> Option<(Receipt, Signature)> {
        let (index, rest) = payload.split_first_chunk::<8>()?;
        let (time, rest) = rest.split_first_chunk::<8>()?;
        let (submission, rest) = rest.split_first_chunk::<32>()?;
        let signature = <[u8; 64]>::try_from(rest).ok()?;
        let receipt = Receipt {
            index: u64::from_be_bytes(*index),
            time: Instant::from_secs(u64::from_be_bytes(*time))?,
            submission: Hash::from_bytes(*submission),
        };
        Some((receipt, Signature::from_bytes(signature)))
    }

    /// What a line says, and what has to be checked to believe it.
    ///
    /// # Errors
    /// All but [`VerifyFault::Signature`].
    pub fn check(
        line: &SignatureLine,
        key: &VerifierKey,
        origin: &Origin,
        genesis: &Hash,
    ) -> Result<(Receipt, Check), VerifyFault> {
        if !key.made(line) {
            return Err(VerifyFault::OtherKey);
        }
        let Some(public) = key.public_key().filter(|_| key.algorithm() == Algorithm::Receipt) else {
            return Err(VerifyFault::Unsupported);
        };
        let (receipt, signature) = Receipt::parse(&line.payload).ok_or(VerifyFault::Payload)?;
        let message = receipt.message(origin, genesis).into_bytes();
        Ok((receipt, Check { key: public, message, signature }))
    }

    /// What a line says, if its signature is good.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verify(
        line: &SignatureLine,
        key: &VerifierKey,
        origin: &Origin,
        genesis: &Hash,
    ) -> Result<Receipt, VerifyFault> {
        let (receipt, check) = Receipt::check(line, key, origin, genesis)?;
        if check.passes() { Ok(receipt) } else { Err(VerifyFault::Signature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin::new("register.example/x").expect("an origin")
    }

    fn receipt() -> Receipt {
        let time = Instant::from_secs(1_767_225_600).expect("a time");
        Receipt { index: 7, time, submission: Hash::of(b"submission") }
    }

    #[test]
    fn the_message() {
        assert_eq!(
            receipt().message(&origin(), &Hash::ZERO),
            "mithaq.receipt/v1\nregister.example/x\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n7\n1767225600\n\
             tZBUWjeAIVs3vc7jV2BxeeGSrzWjoDKIQBcfQXIpbv4=\n"
                .replace("tZBUWjeAIVs3vc7jV2BxeeGSrzWjoDKIQBcfQXIpbv4=", &Hash::of(b"submission").to_string())
        );
    }

    #[test]
    fn a_receipt_as_a_note() {
        let line = receipt().sign(&origin(), &Hash::ZERO, &SigningKey::from_seed(&[1; 32]));
        let note = receipt().to_note(line, &origin(), &Hash::ZERO).expect("a note");
        assert_eq!(Receipt::read_note(&note), Some((origin(), Hash::ZERO, receipt())));
        let other =
            Note::new(note.text().replace("\n7\n", "\n8\n"), note.signatures().to_vec()).expect("a note");
        assert_eq!(Receipt::read_note(&other), None);
        assert_eq!(Receipt::read_note(&note.clone().with(note.signatures()[0].clone())), None);
    }

    #[test]
    fn a_receipt_holds_for_one_register_only() {
        let key = SigningKey::from_seed(&[1; 32]);
        let vkey = VerifierKey::receipt(KeyName::receipt(&origin()), key.public());
        let line = receipt().sign(&origin(), &Hash::ZERO, &key);
        assert_eq!(line.name.as_str(), "register.example/x/receipt");
        assert_eq!(Receipt::verify(&line, &vkey, &origin(), &Hash::ZERO), Ok(receipt()));
        let signature = Err(VerifyFault::Signature);
        assert_eq!(Receipt::verify(&line, &vkey, &origin(), &Hash::of(b"")), signature);
        let other = Origin::new("register.example/y").expect("an origin");
        assert_eq!(Receipt::verify(&line, &vkey, &other, &Hash::ZERO), signature);
        let plain = VerifierKey::plain(KeyName::receipt(&origin()), key.public());
        let relabelled = plain.line(line.payload.clone());
        let unsupported = Err(VerifyFault::Unsupported);
        assert_eq!(Receipt::verify(&relabelled, &plain, &origin(), &Hash::ZERO), unsupported);
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let key = SigningKey::from_seed(&[1; 32]);
        let vkey = VerifierKey::receipt(KeyName::receipt(&origin()), key.public());
        let line = receipt().sign(&origin(), &Hash::ZERO, &key);
        for at in 0..line.payload.len() {
            for bit in 0..8 {
                let mut bad = line.clone();
                bad.payload[at] ^= 1 << bit;
                assert!(Receipt::verify(&bad, &vkey, &origin(), &Hash::ZERO).is_err());
            }
        }
        for length in 0..line.payload.len() {
            assert_eq!(Receipt::parse(&line.payload[..length]), None);
        }
        assert_eq!(Receipt::parse(&[line.payload, vec![0]].concat()), None);
    }
}
