//! Notes of their own: refusal, freeze, state.

use act::form::Seen;
use act::freeze::FreezeNote;
use act::refusal::RefusalBody;
use act::state::StateBody;
use act::{Refusal, StateNote, sample};
use note::{Algorithm, KeyName, Note, VerifierKey};
use terms::{ActId, Hash, Instant, RefusalGround, SignerName};

fn hash(of: &str) -> Hash {
    Hash::of(of.as_bytes())
}

fn at() -> Instant {
    Instant::parse("2026-01-05T08:00:00Z").expect("a time")
}

fn refusal(ground: RefusalGround, act: Option<ActId>) -> Refusal {
    let body = RefusalBody { act, submission: hash("submission"), ground, size: 812, at: at() };
    Refusal { origin: sample::origin(), genesis: hash("genesis"), body }
}

fn state() -> StateNote {
    let body =
        StateBody { rules: 1, size: 812, root: hash("root"), as_of: at(), lines: 93, state: hash("state") };
    StateNote { origin: sample::origin(), genesis: hash("genesis"), body }
}

fn freeze() -> FreezeNote {
    sample::freeze(hash("genesis"), Seen { size: 812, root: hash("root") })
}

#[test]
fn refusals_of_every_ground() {
    let key = sample::key("registrar");
    let name = KeyName::signer(&sample::origin(), &SignerName::Registrar);
    for ground in RefusalGround::ALL {
        for act in [None, Some(ActId::of_text("an act\n"))] {
            let refusal = refusal(*ground, act);
            assert_eq!(Refusal::parse(&refusal.text()).as_ref(), Ok(&refusal));
            let note = refusal.sign(&key).expect("a note");
            assert_eq!(Note::parse(&note.to_bytes(), 1).as_ref(), Ok(&note));
            let vkey = VerifierKey::plain(name.clone(), key.public());
            assert_eq!(vkey.verify(note.text(), &note.signatures()[0]), Ok(()));
        }
    }
}

#[test]
fn a_state_and_back() {
    let state = state();
    assert_eq!(StateNote::parse(&state.text()).as_ref(), Ok(&state));
    let signer = SignerName::new("harbour/node-1").expect("a signer");
    let key = sample::key("harbour/node-1");
    let note = state.sign(&key, &signer).expect("a note");
    let vkey = VerifierKey::plain(KeyName::signer(&sample::origin(), &signer), key.public());
    assert_eq!(vkey.verify(note.text(), &note.signatures()[0]), Ok(()));
}

#[test]
fn a_freeze_is_its_witness_s() {
    let freeze = freeze();
    let name = KeyName::new(sample::WITNESS).expect("a name");
    let key = sample::key("witness");
    let note = freeze.sign(&key, &name).expect("a note");
    let witness = VerifierKey::cosigner(name.clone(), key.public());
    assert_eq!(FreezeNote::verify(&note.to_bytes(), &witness).as_ref(), Ok(&freeze));

    let refused = |bytes: &[u8], witness: &VerifierKey, expected: &str| {
        assert_eq!(FreezeNote::verify(bytes, witness), Err(expected.to_owned()));
    };
    let other = VerifierKey::cosigner(name.clone(), sample::key("other").public());
    refused(&note.to_bytes(), &other, "the freeze is not signed by this witness");
    let renamed = VerifierKey::cosigner(KeyName::new("w2").expect("a name"), key.public());
    refused(&note.to_bytes(), &renamed, "the freeze is not signed by this witness");
    // A cosignature's line over the same text is no freeze.
    let plain = witness.under(name.clone(), Algorithm::Ed25519).expect("an Ed25519 key");
    let line = key.sign_note(note.text(), plain.name());
    let relabelled = Note::new(note.text().to_owned(), vec![line]).expect("a note");
    refused(&relabelled.to_bytes(), &witness, "the freeze is not signed by this witness");
    let twice = note.clone().with(note.signatures()[0].clone());
    refused(&twice.to_bytes(), &witness, "line 5: more than 1 signature lines");
    let changed = note.to_string().replacen("812", "813", 1);
    refused(changed.as_bytes(), &witness, "the freeze is not signed by this witness");
}

#[test]
fn what_is_none_of_them() {
    let text = refusal(RefusalGround::Number, Some(ActId::of_text("an act\n"))).text();
    let (first, second) = text.trim_end().split_once('\n').expect("two lines");
    let check = |text: &str, expected: &str| match Refusal::parse(text) {
        Ok(_) => assert_eq!(expected, "", "{text}"),
        Err(error) => assert!(error.starts_with(expected) && !expected.is_empty(), "{error}: {text}"),
    };
    let with = |second: &str| format!("{first}\n{second}\n");
    check(&text, "");
    check("", "a `mithaq.refusal/v1` is two lines");
    check(text.trim_end(), "a `mithaq.refusal/v1` is two lines");
    check(&format!("{text}\n"), "a `mithaq.refusal/v1` is two lines");
    check(&text.replacen("refusal", "state", 1), "line 1: expected `mithaq.refusal/v1`");
    check(&text.replacen(' ', "  ", 1), "line 1: expected `mithaq.refusal/v1`");
    check(&text.replacen(sample::ORIGIN, "mithaq.x", 1), "line 1: expected the origin");
    check(&text.replacen(&hash("genesis").to_string(), "genesis", 1), "line 1: expected the genesis hash");
    check(&with("[]"), "line 2, column 1: expected an object");
    check(&with(&second.replacen("812", "812.0", 1)), "line 2, column");
    check(&with(&second.replacen("812", "812,\"size\":812", 1)), "line 2, column");
    check(&with(&second.replacen("812", "-1", 1)), "line 2: ");
    check(&with(&second.replacen("\"number\"", "\"late\"", 1)), "line 2: ");
    check(&with(&second.replacen("\"number\"", "{\"number\":null}", 1)), "line 2: `ground` has another");
    check(&with(&second.replacen("08:00:00Z", "08:00:00.0Z", 1)), "line 2: ");
    check(&with(&second.replacen('}', ",\"why\":\"x\"}", 1)), "line 2: unknown field `why`");
    check(&with(&second.replacen('}', ",\"a\\n1\":\"x\"}", 1)), "line 2: unknown field `a\\n1`");
    let bare = refusal(RefusalGround::Form, None).text();
    check(&bare.replacen('{', "{\"act\":null,", 1), "line 2: `act` has another spelling");
    let state = state().text();
    assert!(StateNote::parse(&state.replacen("\"lines\":93,", "", 1)).is_err());
    assert!(StateNote::parse(&text).is_err());
    assert!(FreezeNote::parse(&state).is_err());
    let short = freeze().text().replacen("registrar+", "registrar+0", 1);
    assert!(FreezeNote::parse(&short).is_err(), "the key's id is wrong");
}
