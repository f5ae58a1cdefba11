//! One act of every kind: it reads back as it was written, and a stock parser takes it.

use std::collections::BTreeSet;

use act::sample::{self, Sample};
use act::{Act, Body, Draft, Entry, Submission};
use note::{Intake, KeyName, Receipt, SignatureLine, VerifierKey};
use serde_json::Value;
use terms::{Hash, Kind, SignerName};

fn json(sample: &Sample) -> Value {
    let text = sample.entry.act().text();
    serde_json::from_str(text.lines().nth(1).expect("two lines")).expect("JSON")
}

#[test]
fn every_kind_has_a_sample() {
    let kinds: BTreeSet<Kind> = sample::register().iter().map(|s| s.entry.act().kind()).collect();
    assert_eq!(kinds, Kind::ALL.iter().copied().collect());
}

#[test]
fn text_and_back() {
    for sample in sample::register() {
        let act = sample.entry.act();
        assert_eq!(Act::parse(act.text()).as_ref(), Ok(act), "{}", sample.name);
        let bytes = sample.entry.to_bytes();
        assert_eq!(Entry::parse(&bytes).as_ref(), Ok(&sample.entry), "{}", sample.name);
        let submission = sample.entry.submission();
        assert_eq!(Submission::parse(&submission.to_bytes()).as_ref(), Ok(submission), "{}", sample.name);
        assert!(bytes.starts_with(&submission.to_bytes()));
        let draft = Draft {
            origin: act.origin().clone(),
            genesis: act.genesis(),
            head: act.head().clone(),
            body: act.body().clone(),
        };
        assert_eq!(draft.write().as_ref().map(Act::text), Ok(act.text()), "{}", sample.name);
        assert_eq!(json(&sample)["kind"], act.kind().as_str());
    }
}

/// Every field that a body may have stands in a sample: what no sample shows, no vector holds.
#[test]
fn every_field_is_in_a_sample() {
    let samples = sample::register();
    for (kind, schema) in Body::schemas() {
        let root = schema.to_value();
        let mut known = BTreeSet::new();
        properties(&root, &root, "", &mut known);
        let mut seen = BTreeSet::new();
        for sample in samples.iter().filter(|s| s.entry.act().kind() == kind) {
            paths(&json(sample)["body"], "", &mut seen);
        }
        // What is below these is the same type in other kinds, and shown there.
        let elsewhere = |path: &&String| path.starts_with("does.open.") || path.starts_with("does.step.");
        let grants = |path: &&String| kind != Kind::Open && path.contains(".grants");
        let fields = |path: &&String| path.split('.').rev().skip(1).any(|name| name == "fields");
        let unseen = known.difference(&seen).filter(|p| !elsewhere(p) && !grants(p) && !fields(p));
        assert_eq!(unseen.collect::<Vec<_>>(), [""; 0], "{kind}: no sample has these");
    }
}

fn properties<'a>(root: &'a Value, mut schema: &'a Value, path: &str, into: &mut BTreeSet<String>) {
    while let Some(reference) = schema["$ref"].as_str() {
        schema = root.pointer(reference.trim_start_matches('#')).expect("a definition");
    }
    for one in ["anyOf", "oneOf", "allOf"] {
        for alternative in schema[one].as_array().into_iter().flatten() {
            properties(root, alternative, path, into);
        }
    }
    if let Some(items) = schema.get("items") {
        properties(root, items, path, into);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = below(path, name);
        properties(root, property, &path, into);
        into.insert(path);
    }
}

fn paths(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = below(path, name);
                paths(member, &path, into);
                into.insert(path);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, path, into)),
        _ => {}
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The samples' signatures are good, so that whoever reads the vectors can check a verifier by them.
#[test]
fn signatures_receipts_and_stamps_are_good() {
    let samples = sample::register();
    let genesis = samples[0].entry.act().id().0;
    let origin = sample::origin();
    let receipt = VerifierKey::receipt(KeyName::receipt(&origin), sample::key("registrar").public());
    let (mut plain, mut lines, mut stamps) = (0, 0, 0);
    for (index, Sample { name, entry }) in samples.iter().enumerate() {
        let read = Receipt::verify(entry.receipt_line(), &receipt, &origin, &genesis).expect(name);
        assert_eq!((read.index, read.submission), (index as u64, entry.submission().hash()));
        for line in entry.submission().signatures() {
            lines += 1;
            plain += usize::from(is_by_plain_key(entry.act(), line));
        }
        for line in entry.submission().intakes() {
            let key = VerifierKey::intake(line.name.clone(), sample::key("harbour/intake").public());
            Intake::verify(line, &key, entry.act().id()).expect(name);
            stamps += 1;
        }
    }
    assert_eq!((plain, stamps), (lines - 1, 1), "all lines but the one of a passkey alone");
}

fn is_by_plain_key(act: &Act, line: &SignatureLine) -> bool {
    let signer = SignerName::from_key_name(&sample::origin(), line.name.as_str()).expect("a signer");
    let key = VerifierKey::plain(line.name.clone(), sample::key(&signer.to_string()).public());
    key.verify(act.text(), line).is_ok()
}

#[test]
fn the_tree_is_the_one_of_tlog() {
    let hashes: Vec<Hash> = sample::register().iter().map(|s| tlog::leaf_hash(&s.entry.to_bytes())).collect();
    for size in 1..=hashes.len() {
        assert_eq!(sample::root_of(&hashes[..size]), tlog::root_of_leaves(&hashes[..size]), "{size}");
    }
}
