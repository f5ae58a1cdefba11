//! What parses prints as it was; nothing that was changed verifies; no bytes make a parser fall over.

#![expect(clippy::unwrap_used, reason = "a test may")]

use note::{Algorithm, Assertion, Intake, KeyName, Note, Receipt, SignatureLine, SigningKey, VerifierKey};
use proptest::prelude::*;
use terms::ActId;

fn any_note() -> impl Strategy<Value = Note> {
    let line = ("[a-z./é]{1,12}", any::<[u8; 4]>(), proptest::collection::vec(any::<u8>(), 1..80));
    let lines = proptest::collection::vec(line, 1..5);
    ("([ -~\u{7f}-\u{fff}]{0,20}\n){1,5}", lines).prop_map(|(text, lines)| {
        let line = |(name, key_id, payload): (String, _, _)| SignatureLine {
            name: KeyName::new(&name).unwrap(),
            key_id,
            payload,
        };
        Note::new(text, lines.into_iter().map(line).collect()).unwrap()
    })
}

proptest! {
    #[test]
    fn notes_print_and_parse(note in any_note()) {
        prop_assert_eq!(Note::parse(&note.to_bytes(), 16), Ok(note));
    }

    #[test]
    fn whatever_parses_prints_the_same(mut bytes in any_note().prop_map(|note| note.to_bytes()), at: prop::sample::Index, byte: u8) {
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(note) = Note::parse(&bytes, 16) {
            prop_assert_eq!(note.to_bytes(), bytes);
        }
    }

    #[test]
    fn no_bytes_make_a_parser_fall_over(bytes: Vec<u8>, text in "\\PC*") {
        let _ = Note::parse(&bytes, 16);
        let _ = Receipt::parse(&bytes);
        let _ = Intake::parse(ActId::of_text(""), &bytes);
        let _ = Assertion::parse(&bytes);
        let _ = Algorithm::split(&bytes);
        let _ = SignatureLine::parse(&text);
        let _ = VerifierKey::parse(&text);
    }

    #[test]
    fn vkeys_print_and_parse(seed: [u8; 32], name in "[a-z./-]{1,30}", kind in 0usize..7) {
        let key = VerifierKey::plain(KeyName::new(&name).unwrap(), SigningKey::from_seed(&seed).public());
        let key = key.under(KeyName::new(&name).unwrap(), Algorithm::ALL[kind]).unwrap_or(key);
        prop_assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key));
    }
}

/// Each bit of a signed note, flipped: it does not parse, or says nothing about this key, or is wrong.
#[test]
fn no_flipped_bit_verifies() {
    let key = SigningKey::from_seed(&[9; 32]);
    let name = KeyName::new("register.example/x/north/liaison-1").unwrap();
    let vkey = VerifierKey::plain(name.clone(), key.public());
    let text = "mithaq.act/v1 register.example/x AAAA\n{\"kind\":\"step\"}\n";
    let note = Note::new(text.to_owned(), vec![key.sign_note(text, &name)]).unwrap();
    let verifies = |note: &Note| note.signatures().iter().any(|line| vkey.verify(note.text(), line).is_ok());
    assert!(verifies(&note));
    let bytes = note.to_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            if let Ok(note) = Note::parse(&flipped, 16) {
                assert!(!verifies(&note), "byte {at}, bit {bit}");
            }
        }
    }
}
