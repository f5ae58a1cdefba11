//! Passkeys that were made, and acts that wait for them.

use store::{DraftId, Fault, HalfSigned, Passkey, Private};
use terms::{Code, Hash, Instant};

fn now() -> Instant {
    Instant::parse("2026-01-05T08:00:00Z").expect("a time")
}

fn passkey(label: &str, credential: &str) -> Passkey {
    Passkey {
        label: Code::new(label).expect("a label"),
        office: "Legal office".to_owned(),
        vkey: "vkey".to_owned(),
        rp: "desk.example".to_owned(),
        origin: "https://desk.example".to_owned(),
        credential: credential.to_owned(),
        made: now(),
    }
}

#[test]
fn a_label_and_a_name_are_one_passkeys() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    private.keep_passkey(&passkey("legal-1", "a")).expect("kept");
    for other in [passkey("legal-1", "b"), passkey("legal-2", "a")] {
        assert!(matches!(private.keep_passkey(&other), Err(Fault::Taken)), "{other:?}");
    }
    private.keep_passkey(&passkey("legal-2", "b")).expect("kept");
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    assert_eq!(private.passkeys().expect("read"), [passkey("legal-1", "a"), passkey("legal-2", "b")]);
    private.forget_passkey(&passkey("legal-1", "a").label).expect("forgotten");
    assert_eq!(private.passkeys().expect("read"), [passkey("legal-2", "b")]);
}

#[test]
fn a_draft_has_one_act_that_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let draft = DraftId::new(&"a".repeat(22)).expect("a name");
    let half = |act: &str, lines: &[&str]| HalfSigned {
        draft: draft.clone(),
        act: act.to_owned(),
        read: Hash::of(act.as_bytes()),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        made: now(),
    };
    assert_eq!(private.half_signed(&draft).expect("read"), None);
    private.keep_half_signed(&half("one", &[])).expect("kept");
    private.keep_half_signed(&half("two", &["— a line", "another"])).expect("kept");
    assert_eq!(private.half_signed(&draft).expect("read"), Some(half("two", &["— a line", "another"])));
    private.drop_half_signed(&draft).expect("dropped");
    assert_eq!(private.half_signed(&draft).expect("read"), None);
}
