//! A guarantor's stamp: this act was handed to me at that time.

use terms::{ActId, Hash, Instant};

use crate::algorithm::Algorithm;
use crate::batch::Check;
use crate::ed25519::Signature;
use crate::name::KeyName;
use crate::signature::SignatureLine;
use crate::signing::SigningKey;
use crate::vkey::{VerifierKey, VerifyFault};

/// One link of an intake key's chain.
///
/// ```text
/// payload   u64 time ‖ 32 bytes previous ‖ 64 bytes signature
/// signed    mithaq.intake/v1
///           ⟨base64 act id⟩
///           ⟨time, seconds⟩
///           ⟨base64 previous⟩
/// ```
///
/// `previous` is [`Intake::hash`] of the intake this key made before, [`Hash::ZERO`] for its first: a
/// stamp can't be slipped in between two that are out. Kind `0xff mithaq/intake/v1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intake {
    /// What was handed in.
    pub act: ActId,
    /// When.
    pub time: Instant,
    /// The hash of this key's intake before.
    pub previous: Hash,
}

impl Intake {
    /// What is signed.
    #[must_use]
    pub fn message(&self) -> String {
        format!("mithaq.intake/v1\n{}\n{}\n{}\n", self.act, self.time.secs(), self.previous)
    }

    /// The hash of what is signed: the next intake's `previous`.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(self.message().as_bytes())
    }

    /// Signs the stamp.
    #[must_use]
    pub fn sign(&self, key: &SigningKey, name: &KeyName) -> SignatureLine {
        let signature = key.sign(self.message().as_bytes());
        let mut payload = Vec::with_capacity(104);
        payload.extend_from_slice(&self.time.secs().to_be_bytes());
        payload.extend_from_slice(self.previous.as_bytes());
        payload.extend_from_slice(signature.as_bytes());
        VerifierKey::intake(name.clone(), key.public()).line(payload)
    }

    /// Reads a payload of a line under this act. Nothing is verified.
    #[must_use]
    pub fn parse(act: ActId, payload: &[u8]) -> Option<(Intake, Signature)> {
        let (time, rest) = payload.split_first_chunk::<8>()?;
        let (previous, rest) = rest.split_first_chunk::<32>()?;
        let signature = <[u8; 64]>::try_from(rest).ok()?;
        let time = Instant::from_secs(u64::from_be_bytes(*time))?;
        let intake = Intake { act, time, previous: Hash::from_bytes(*previous) };
        Some((intake, Signature::from_bytes(signature)))
    }

    /// What a line under this act says, and what has to be checked to believe it.
    ///
    /// # Errors
    /// All but [`VerifyFault::Signature`].
    pub fn check(
        line: &SignatureLine,
        key: &VerifierKey,
        act: ActId,
    ) -> Result<(Intake, Check), VerifyFault> {
        if !key.made(line) {
            return Err(VerifyFault::OtherKey);
        }
        let Some(public) = key.public_key().filter(|_| key.algorithm() == Algorithm::Intake) else {
            return Err(VerifyFault::Unsupported);
        };
        let (intake, signature) = Intake::parse(act, &line.payload).ok_or(VerifyFault::Payload)?;
        let message = intake.message().into_bytes();
        Ok((intake, Check { key: public, message, signature }))
    }

    /// What a line under this act says, if its signature is good.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verify(line: &SignatureLine, key: &VerifierKey, act: ActId) -> Result<Intake, VerifyFault> {
        let (intake, check) = Intake::check(line, key, act)?;
        if check.passes() { Ok(intake) } else { Err(VerifyFault::Signature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_two() {
        let key = SigningKey::from_seed(&[2; 32]);
        let name = KeyName::new("register.example/x/doha/intake").expect("a name");
        let vkey = VerifierKey::intake(name.clone(), key.public());
        let act = ActId::of_text("an act\n");
        let time = Instant::from_secs(1_767_225_600).expect("a time");

        let first = Intake { act, time, previous: Hash::ZERO };
        assert_eq!(
            first.message(),
            format!("mithaq.intake/v1\n{act}\n1767225600\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
        );
        let line = first.sign(&key, &name);
        assert_eq!(Intake::verify(&line, &vkey, act), Ok(first));
        assert_eq!(Intake::verify(&line, &vkey, ActId::of_text("other\n")), Err(VerifyFault::Signature));

        let second = Intake { act: ActId::of_text("other\n"), previous: first.hash(), ..first };
        let line = second.sign(&key, &name);
        assert_eq!(Intake::verify(&line, &vkey, second.act), Ok(second));
        for at in 0..line.payload.len() {
            let mut bad = line.clone();
            bad.payload[at] ^= 1;
            assert!(Intake::verify(&bad, &vkey, second.act).is_err());
            assert_eq!(Intake::parse(second.act, &line.payload[..at]), None);
        }
    }
}
