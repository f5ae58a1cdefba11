//! Notes, their lines, and the keys of these.

use std::sync::LazyLock;

use note::passkey::Expected;
use note::{
    Assertion, Check, Intake, Note, NoteFault, PasskeyKey, PublicKey, Receipt, Signature, SignatureLine,
    VerifierKey,
};
use serde_json::Value;
use terms::{ActId, Hash};

use crate::bytes::Bytes;
use crate::stage;

pub(crate) fn note(bytes: &[u8]) {
    let most = 16;
    let Ok(read) = Note::parse(bytes, most) else {
        // More lines than asked for are the one fault that a larger limit forgives.
        if let Ok(read) = Note::parse(bytes, usize::MAX) {
            assert!(read.signatures().len() > most);
            let fault = Note::parse(bytes, most).map_err(|error| error.fault);
            assert_eq!(fault, Err(NoteFault::TooMany { max: most }));
        }
        return;
    };
    assert_eq!(read.to_bytes(), bytes, "what parses prints as the same bytes");
    assert!((1..=most).contains(&read.signatures().len()));
    let (text, lines) = read.clone().into_parts();
    assert_eq!(Note::new(text, lines), Ok(read));
}

pub(crate) fn signature_line(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(line) = SignatureLine::parse(text) {
        assert_eq!(line.to_string(), text);
    }
}

pub(crate) fn vkey(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let key = match VerifierKey::parse(text) {
        Ok(key) => key,
        Err(error) => return drop(error.to_string()),
    };
    assert_eq!(key.to_string(), text);
    let line = key.line(vec![0; 64]);
    assert!(key.made(&line));
    assert!(key.enrollable().is_err() || key.verify("a text\n", &line).is_err(), "zeros sign nothing");
}

pub(crate) fn receipt(bytes: &[u8]) {
    let base = &*stage::SAMPLE;
    let Some((receipt, signature)) = Receipt::parse(bytes) else { return };
    let again = [
        &receipt.index.to_be_bytes()[..],
        &receipt.time.secs().to_be_bytes(),
        receipt.submission.as_bytes(),
        signature.as_bytes(),
    ];
    assert_eq!(again.concat(), bytes);
    let line = base.receipt_key.line(bytes.to_vec());
    if Receipt::verify(&line, &base.receipt_key, &base.origin, &base.genesis).is_ok() {
        let given = base.entries.iter().map(|entry| *entry.receipt());
        assert!(given.into_iter().any(|given| given == receipt), "nobody gave this receipt");
    }
}

pub(crate) fn intake(bytes: &[u8]) {
    let base = &*stage::SAMPLE;
    let mut rest = Bytes(bytes);
    let entry = rest.one(&base.entries).expect("entries");
    let act = entry.act().id();
    let Some((intake, signature)) = Intake::parse(act, rest.0) else { return };
    let again =
        [&intake.time.secs().to_be_bytes()[..], intake.previous.as_bytes(), signature.as_bytes()].concat();
    assert_eq!(again, rest.0);
    if Intake::verify(&base.intake_key.line(again.clone()), &base.intake_key, act).is_ok() {
        let lines = entry.submission().intakes();
        assert!(lines.iter().any(|line| line.payload == again), "nobody gave this stamp");
    }
}

/// The act, the keys and the web origins of `docs/vectors/passkeys.json`.
static PASSKEYS: LazyLock<(ActId, Vec<PasskeyKey>, Vec<String>)> = LazyLock::new(|| {
    let vectors: Value = serde_json::from_str(&stage::read("docs/vectors/passkeys.json")).expect("JSON");
    let vectors = vectors["vectors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let act = Hash::from_base64(&text(&vectors[0]["act"])).expect("an act");
    let bytes = |hex: String| -> Vec<u8> {
        let digits = hex.as_bytes().chunks(2).filter_map(|two| std::str::from_utf8(two).ok());
        digits.filter_map(|two| u8::from_str_radix(two, 16).ok()).collect()
    };
    let mut keys: Vec<PasskeyKey> =
        vectors.iter().filter_map(|vector| PasskeyKey::from_bytes(&bytes(text(&vector["key"])))).collect();
    keys.dedup();
    (ActId(act), keys, act::sample::WEB_ORIGINS.map(str::to_owned).to_vec())
});

pub(crate) fn passkey(bytes: &[u8]) {
    let (act, keys, origins) = &*PASSKEYS;
    let Ok(assertion) = Assertion::parse(bytes) else { return };
    assert_eq!(assertion.payload().as_deref(), Some(bytes));
    let expected = Expected { act: *act, rp: act::sample::RP, origins };
    for key in keys {
        if assertion.verify(key, &expected).is_ok() {
            assert!(key.verify(&assertion.message(), &assertion.signature));
            assert!(assertion.client_data.len() > 40 && assertion.authenticator_data.len() >= 37);
        }
    }
}

/// A key, a signature, a message: the batch says what each alone does, and no verifier is laxer
/// without the cofactor than with it.
pub(crate) fn ed25519(bytes: &[u8]) {
    let mut rest = Bytes(bytes);
    let key = PublicKey::from_bytes(rest.array());
    let signature = Signature::from_bytes(rest.array());
    let message = rest.0;
    let passes = key.verify(message, &signature);
    assert!(passes || !key.verify_cofactorless(message, &signature), "stricter is stricter");
    let check = Check { key, message: message.to_vec(), signature };
    let mut batch = note::Batch::new();
    batch.push(&check);
    batch.push(&stage::SAMPLE.good_check);
    let failed = batch.verify(&mut stage::Counter(7)).err().unwrap_or_default();
    assert_eq!(failed, if passes { vec![] } else { vec![0] });
    let es256 = [&[2][..], Hash::of(message).as_bytes(), &[0]].concat();
    if let Some(key) = PasskeyKey::from_bytes(&[&es256[..1], bytes.get(..33).unwrap_or(&es256[1..])].concat())
    {
        let _ = key.enrollable();
        let _ = key.verify(message, signature.as_bytes());
        let _ = key.verify(message, message);
    }
}
