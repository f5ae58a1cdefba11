//! A witness's promise never to cosign a registrar's key again. What is promised stands in the note's
//! text; the line is plain Ed25519 over it.

use crate::name::KeyName;
use crate::signature::SignatureLine;
use crate::signing::SigningKey;
use crate::vkey::VerifierKey;

/// Signs a freeze note's text with a witness's cosigner key, under the freeze kind.
///
/// The key is the same as for cosignatures, and the messages can't be confused: those begin with
/// `cosignature/v1`, a freeze with `mithaq.freeze/v1`.
#[must_use]
pub fn sign(text: &str, key: &SigningKey, name: &KeyName) -> SignatureLine {
    VerifierKey::freeze(name.clone(), key.public()).line(key.sign(text.as_bytes()).as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::Algorithm;
    use crate::vkey::VerifyFault;

    #[test]
    fn a_cosigner_key_under_the_freeze_kind() {
        let key = SigningKey::from_seed(&[4; 32]);
        let name = KeyName::new("witness.example/w").expect("a name");
        let cosigner = VerifierKey::cosigner(name.clone(), key.public());
        let vkey = cosigner.under(name.clone(), Algorithm::Freeze).expect("both Ed25519");
        let text = "mithaq.freeze/v1 register.example/x AAAA\n{}\n";
        let line = sign(text, &key, &name);
        assert_eq!(vkey.verify(text, &line), Ok(()));
        assert_eq!(
            vkey.verify("mithaq.freeze/v1 register.example/y AAAA\n{}\n", &line),
            Err(VerifyFault::Signature)
        );
        assert_eq!(cosigner.verify(text, &line), Err(VerifyFault::OtherKey));
        // The same signature as a plain line is another key's: the kind is in the id.
        let plain = VerifierKey::plain(name, key.public());
        assert_eq!(plain.verify(text, &line), Err(VerifyFault::OtherKey));
    }
}
