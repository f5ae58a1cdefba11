//! Acts and what carries them, down to their JSON.

use act::freeze::FreezeNote;
use act::{Act, Draft, Entry, Refusal, StateNote, Submission};
use serde_json::Value;
use terms::ActId;

use crate::stage;

/// What we take every JSON reader takes, and in one way only.
pub(crate) fn json(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match act::json::check(text) {
        Ok(()) => {
            let value: Value = serde_json::from_str(text).expect("whoever reads JSON reads ours");
            assert!(value.is_object());
            let again = serde_json::to_string(&value).expect("a value");
            act::json::check(&again).expect("written again, it is as strict");
            assert_eq!(serde_json::from_str::<Value>(&again).expect("JSON"), value);
            assert!(again.chars().count() <= text.chars().count(), "nothing was there twice");
            assert_eq!(names(&value), colons(text), "no name was swallowed");
        }
        Err((at, fault)) => {
            assert!(at <= text.len() && text.is_char_boundary(at), "{at}: {fault}");
            assert!(!fault.code().is_empty());
            one_line(&fault.to_string());
        }
    }
}

/// What is said of foreign bytes is one line: a name in them begins no other.
pub(crate) fn one_line(said: &str) {
    assert!(!said.is_empty() && said.chars().all(|c| !c.is_control()), "{said:?}");
}

fn names(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.len() + fields.values().map(names).sum::<usize>(),
        Value::Array(values) => values.iter().map(names).sum(),
        _ => 0,
    }
}

/// Colons outside strings: one for each name.
fn colons(text: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for character in text.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ':' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

pub(crate) fn act(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Act::parse(text) {
        Ok(act) => check_act(&act, text),
        Err(fault) => {
            one_line(&fault.to_string());
            assert!(fault.what.code().starts_with("act::"));
        }
    }
}

fn check_act(act: &Act, text: &str) {
    assert_eq!(act.text(), text, "the bytes are kept as signed");
    assert_eq!(act.id(), ActId::of_text(text));
    assert_eq!(act.kind(), act.body().kind());
    let draft = Draft {
        origin: act.origin().clone(),
        genesis: act.genesis(),
        head: act.head().clone(),
        body: act.body().clone(),
    };
    let again = draft.write().expect("what was read can be written");
    assert_eq!(again.head(), act.head());
    assert_eq!(again.body(), act.body(), "written again, it says the same");
    assert!(again.text().len() <= text.len(), "there is no shorter spelling");
}

pub(crate) fn submission(bytes: &[u8]) {
    match Submission::parse(bytes) {
        Ok(read) => {
            assert_eq!(read.to_bytes(), bytes);
            let lines = [read.signatures(), read.assertions(), read.intakes()].map(<[_]>::to_vec);
            let [signatures, assertions, intakes] = lines;
            assert_eq!(signatures.len(), read.act().head().signers.len());
            let again = Submission::new(read.act().clone(), signatures, assertions, intakes);
            assert_eq!(again.as_ref(), Ok(&read), "its lines are told apart in one way");
            act(read.act().text().as_bytes());
            // A registrar that takes it has room for its receipt.
            let receipt = note::Receipt { index: 1, time: terms::Instant::EPOCH, submission: read.hash() };
            let register = read.act().register();
            let line = receipt.sign(read.act().origin(), &register, &act::sample::key("registrar"));
            let entry = Entry::new(read, line).expect("a receipt");
            assert_eq!(Entry::parse(&entry.to_bytes()), Ok(entry));
        }
        Err(fault) => {
            assert!(fault.code().starts_with("act::"));
            one_line(&fault.to_string());
        }
    }
}

pub(crate) fn entry(bytes: &[u8]) {
    match Entry::parse(bytes) {
        Ok(read) => {
            assert_eq!(read.to_bytes(), bytes);
            let submission = read.submission().to_bytes();
            assert_eq!(Submission::parse(&submission).as_ref(), Ok(read.submission()));
            assert_eq!(read.submission_hash(), read.submission().hash());
            act(read.act().text().as_bytes());
        }
        Err(fault) => {
            assert!(fault.code().starts_with("act::"));
            one_line(&fault.to_string());
        }
    }
}

/// A refusal, a freeze or a state note.
pub(crate) fn statement(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Refusal::parse(text) {
        Ok(read) => assert_eq!(Refusal::parse(&read.text()), Ok(read)),
        Err(said) => one_line(&said),
    }
    match FreezeNote::parse(text) {
        Ok(read) => assert_eq!(FreezeNote::parse(&read.text()), Ok(read)),
        Err(said) => one_line(&said),
    }
    match StateNote::parse(text) {
        Ok(read) => assert_eq!(StateNote::parse(&read.text()), Ok(read)),
        Err(said) => one_line(&said),
    }
    let base = &*stage::SAMPLE;
    if let Ok(freeze) = FreezeNote::verify(bytes, &base.policy.witnesses()[0].key) {
        assert_eq!(freeze, base.freeze, "the witness froze nothing else");
    }
}
