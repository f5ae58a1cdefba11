//! Each way in which a passkey's assertion counts for nothing.

#![expect(clippy::unwrap_used, reason = "a test may")]

use note::passkey::challenge;
use note::{
    Algorithm, Assertion, Expected, KeyFault, KeyName, PasskeyFault, PasskeyKey, SigningKey, VerifierKey,
};
use p256::ecdsa::signature::Signer as _;
use terms::{ActId, Hash};

const RP: &str = "register.example";
const DESK: &str = "https://desk.register.example";

fn act() -> ActId {
    ActId::of_text("an act\n")
}

fn client_data(kind: &str, act: &ActId, origin: &str, more: &str) -> Vec<u8> {
    let challenge = challenge(act);
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
}

fn authenticator_data(rp: &str, flags: u8) -> Vec<u8> {
    [Hash::of(rp.as_bytes()).as_bytes(), &[flags][..], &[0, 0, 0, 9]].concat()
}

fn eddsa() -> (SigningKey, PasskeyKey) {
    let key = SigningKey::from_seed(&[5; 32]);
    let public = PasskeyKey::EdDsa(key.public());
    (key, public)
}

fn es256() -> (p256::ecdsa::SigningKey, PasskeyKey) {
    let key = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(true);
    (key.clone(), PasskeyKey::Es256(point.as_bytes().try_into().unwrap()))
}

/// An assertion of these parts, signed well by an Ed25519 passkey.
fn signed(authenticator_data: Vec<u8>, client_data: Vec<u8>) -> Assertion {
    let mut assertion = Assertion { authenticator_data, client_data, signature: Vec::new() };
    assertion.signature = eddsa().0.sign(&assertion.message()).as_bytes().to_vec();
    assertion
}

fn good() -> Assertion {
    signed(authenticator_data(RP, 0x05), client_data("webauthn.get", &act(), DESK, ""))
}

fn verify(assertion: &Assertion, key: &PasskeyKey) -> Result<(), PasskeyFault> {
    let origins = ["https://other.example".to_owned(), DESK.to_owned()];
    assertion.verify(key, &Expected { act: act(), rp: RP, origins: &origins })
}

fn check(assertion: &Assertion, expected: PasskeyFault) {
    assert_eq!(verify(assertion, &eddsa().1), Err(expected));
}

#[test]
fn a_good_one() {
    assert_eq!(verify(&good(), &eddsa().1), Ok(()));
    assert!(eddsa().1.verify_cofactorless(&good().message(), &good().signature));
    assert!(!es256().1.verify_cofactorless(&good().message(), &good().signature));
    let more = r#","crossOrigin":false,"other_keys_can_be_added_here":"do not compare"}"#;
    let more = more.trim_end_matches('}');
    let with_more = signed(authenticator_data(RP, 0x1d), client_data("webauthn.get", &act(), DESK, more));
    assert_eq!(verify(&with_more, &eddsa().1), Ok(()));
    let extended = [authenticator_data(RP, 0x85), vec![0xa0]].concat();
    assert_eq!(verify(&signed(extended, client_data("webauthn.get", &act(), DESK, "")), &eddsa().1), Ok(()));
}

#[test]
fn payload_and_back() {
    let payload = good().payload().unwrap();
    assert_eq!(Assertion::parse(&payload), Ok(good()));
    for length in 0..payload.len() - 64 + 1 {
        assert_eq!(Assertion::parse(&payload[..length]), Err(PasskeyFault::Payload), "{length}");
    }
    assert_eq!(Assertion { client_data: vec![b' '; 65_536], ..good() }.payload(), None);
}

#[test]
fn authenticator_data_of_another_shape() {
    let client = || client_data("webauthn.get", &act(), DESK, "");
    let data = authenticator_data(RP, 0x05);
    check(&signed(data[..36].to_vec(), client()), PasskeyFault::AuthenticatorData);
    check(&signed([&data[..], &[0]].concat(), client()), PasskeyFault::AuthenticatorData);
    check(&signed(authenticator_data(RP, 0x85), client()), PasskeyFault::AuthenticatorData);
    check(&signed(authenticator_data(RP, 0x45), client()), PasskeyFault::AuthenticatorData);
    check(&signed(Vec::new(), client()), PasskeyFault::AuthenticatorData);
}

#[test]
fn client_data_of_another_shape() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "{\"type\":\"webauthn.get\"}",
        "\u{feff}{}",
        r#"{"type":"webauthn.get","type":"webauthn.get","challenge":"","origin":""}"#,
        r#"{"type":"webauthn.get","challenge":1,"origin":""}"#,
        r#"{"type":"webauthn.get","challenge":"","origin":"","crossOrigin":"no"}"#,
        r#"{"type":"webauthn.get","challenge":"","origin":""} x"#,
    ] {
        check(&signed(authenticator_data(RP, 0x05), text.as_bytes().to_vec()), PasskeyFault::ClientData);
    }
    check(&signed(authenticator_data(RP, 0x05), b"{\"type\":\"\xff\"}".to_vec()), PasskeyFault::ClientData);
}

#[test]
fn about_something_else() {
    let data = || authenticator_data(RP, 0x05);
    check(&signed(data(), client_data("webauthn.create", &act(), DESK, "")), PasskeyFault::Type);
    let other = ActId::of_text("another act\n");
    check(&signed(data(), client_data("webauthn.get", &other, DESK, "")), PasskeyFault::Challenge);
    let padded = String::from_utf8(client_data("webauthn.get", &act(), DESK, "")).unwrap();
    let padded = padded.replace(&challenge(&act()), &format!("{}=", challenge(&act())));
    check(&signed(data(), padded.into_bytes()), PasskeyFault::Challenge);
    for origin in ["https://desk.register.example/", "http://desk.register.example", "https://evil.example"] {
        check(&signed(data(), client_data("webauthn.get", &act(), origin, "")), PasskeyFault::Origin);
    }
    let framed = client_data("webauthn.get", &act(), DESK, r#","crossOrigin":true"#);
    check(&signed(data(), framed), PasskeyFault::CrossOrigin);
    let client = || client_data("webauthn.get", &act(), DESK, "");
    check(&signed(authenticator_data("other.example", 0x05), client()), PasskeyFault::Rp);
    check(&signed(authenticator_data(RP, 0x04), client()), PasskeyFault::UserPresent);
    check(&signed(authenticator_data(RP, 0x01), client()), PasskeyFault::UserVerified);
}

#[test]
fn a_wrong_signature() {
    for at in 0..64 {
        let mut bad = good();
        bad.signature[at] ^= 1;
        check(&bad, PasskeyFault::Signature);
    }
    check(&Assertion { signature: good().signature[1..].to_vec(), ..good() }, PasskeyFault::Signature);
    assert_eq!(verify(&good(), &es256().1), Err(PasskeyFault::Signature));
    // The counter is signed, though nobody reads it.
    let mut bad = good();
    bad.authenticator_data[36] ^= 1;
    check(&bad, PasskeyFault::Signature);
}

#[test]
fn es256_signatures() {
    let (key, public) = es256();
    let mut assertion = good();
    let signature: p256::ecdsa::Signature = key.sign(&assertion.message());
    let mut verify_der = |der: &[u8]| {
        assertion.signature = der.to_vec();
        verify(&assertion, &public)
    };
    let (low, high) = (signature.normalize_s(), {
        let low = signature.normalize_s();
        p256::ecdsa::Signature::from_scalars(low.r(), -*low.s()).unwrap()
    });
    assert_ne!(low, high);
    assert_eq!(verify_der(low.to_der().as_bytes()), Ok(()));
    assert_eq!(verify_der(high.to_der().as_bytes()), Ok(()), "authenticators make either");

    let der = low.to_der().as_bytes().to_vec();
    let bad = Err(PasskeyFault::Signature);
    assert_eq!(verify_der(&[&der[..], &[0]].concat()), bad, "something follows");
    assert_eq!(verify_der(&der[..der.len() - 1]), bad, "cut");
    assert_eq!(verify_der(&low.to_bytes()), bad, "raw r and s");
    let long_form = [&[0x30, 0x81], &der[1..]].concat();
    assert_eq!(verify_der(&long_form), bad, "a length in two bytes that fits in one");
    let r_length = usize::from(der[3]);
    let mut padded = der.clone();
    padded[1] += 1;
    padded[3] += 1;
    padded.insert(4, 0);
    if der[4] < 0x80 {
        assert_eq!(verify_der(&padded), bad, "a zero before r that is not needed");
    }
    let mut negative = der.clone();
    negative[4 + r_length + 2] |= 0x80;
    assert_eq!(verify_der(&negative), bad, "a negative s");
    for at in 0..der.len() {
        for bit in 0..8 {
            let mut flipped = der.clone();
            flipped[at] ^= 1 << bit;
            assert_eq!(verify_der(&flipped), bad, "byte {at}");
        }
    }
}

#[test]
fn keys() {
    let name = KeyName::new("register.example/x/north/liaison-1").unwrap();
    for key in [eddsa().1, es256().1] {
        assert_eq!(PasskeyKey::from_bytes(&key.to_bytes()), Some(key));
        assert_eq!(key.enrollable(), Ok(()));
        let vkey = VerifierKey::passkey(name.clone(), &key);
        assert_eq!(VerifierKey::parse(&vkey.to_string()), Ok(vkey.clone()));
        assert_eq!(vkey.algorithm(), Algorithm::WebAuthn);
        assert_eq!(vkey.passkey_key(), Some(key));
        assert_eq!(vkey.public_key(), None);
    }
    for bytes in [vec![], vec![0; 33], vec![1; 32], vec![1; 34], vec![2; 33], vec![3; 34]] {
        assert_eq!(PasskeyKey::from_bytes(&bytes), None, "{bytes:?}");
    }
    let no_point = |form: u8| PasskeyKey::Es256([&[form][..], &[0xff; 32]].concat().try_into().unwrap());
    for form in [0, 2, 3, 4, 5] {
        assert_eq!(no_point(form).enrollable(), Err(KeyFault::NotAPoint));
        assert!(!no_point(form).verify(b"", b""));
    }
    assert_eq!(
        PasskeyKey::from_bytes(&[&[1][..], &[2; 32]].concat()).unwrap().enrollable(),
        Err(KeyFault::NotAPoint)
    );
}

#[test]
fn the_key_that_a_browser_gives_out() {
    let (key, public) = es256();
    let point = key.verifying_key().to_sec1_point(false);
    let head = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
    let head: Vec<u8> =
        (0..head.len()).step_by(2).map(|at| u8::from_str_radix(&head[at..at + 2], 16).unwrap()).collect();
    let spki = [&head[..], point.as_bytes()].concat();
    assert_eq!(PasskeyKey::from_spki(&spki), Some(public));
    // Cut, longer, of another curve, not on the curve, compressed.
    assert_eq!(PasskeyKey::from_spki(&spki[..90]), None);
    assert_eq!(PasskeyKey::from_spki(&[&spki[..], &[0]].concat()), None);
    for place in [20, 26, 90] {
        let mut other = spki.clone();
        other[place] ^= 1;
        assert_eq!(PasskeyKey::from_spki(&other), None, "{place}");
    }
    let compressed = key.verifying_key().to_sec1_point(true);
    assert_eq!(PasskeyKey::from_spki(&[&head[..], compressed.as_bytes()].concat()), None);
}
