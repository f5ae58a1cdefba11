//! No act can carry a sentence. What people write is an exhibit, sealed and erasable; an act stands in
//! every copy for ever.

use std::collections::BTreeMap;

use act::Body;
use act::body::{HostName, SignatureText, WebOrigin};
use act::value::{MatterRef, NoteText, Office, RecipientText, StrandName, Vkey, Word};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use terms::{
    ActId, Capacity, Claimed, Code, Custody, Hash, Instant, Item, Kind, Origin, ParticipantId, SignerName,
};

const SENTENCE: &str = "This is a sentence, as a person would write it.";

/// Reads a string as a type; says whether the type took it.
type Reader = fn(&str) -> bool;

fn takes<T: DeserializeOwned>(text: &str) -> bool {
    serde_json::from_value::<T>(json!(text)).is_ok()
}

/// Every text type that a schema may name, by its title.
fn known() -> BTreeMap<&'static str, Reader> {
    macro_rules! readers {
        ($($name:ident),+ $(,)?) => { BTreeMap::from([$((stringify!($name), takes::<$name> as Reader)),+]) };
    }
    readers!(
        ActId,
        Capacity,
        Claimed,
        Code,
        Custody,
        Hash,
        HostName,
        Instant,
        Item,
        Kind,
        MatterRef,
        NoteText,
        Office,
        Origin,
        ParticipantId,
        RecipientText,
        SignatureText,
        SignerName,
        StrandName,
        Vkey,
        WebOrigin,
        Word,
    )
}

/// What a walk through a schema found.
#[derive(Default)]
struct Found {
    titles: BTreeMap<String, Vec<String>>,
    wrong: Vec<String>,
}

fn walk(root: &Value, schema: &Value, path: &str, found: &mut Found) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect("a definition");
        return walk(root, target, path, found);
    }
    if *schema == json!(true) || *schema == json!({}) {
        found.wrong.push(format!("{path}: anything may stand here"));
    }
    let is_fixed = schema.get("enum").is_some() || schema.get("const").is_some();
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if types.contains(&"string") && !is_fixed {
        match schema["title"].as_str() {
            Some(title) if known().contains_key(title) => {
                found.titles.entry(title.to_owned()).or_default().push(path.to_owned());
            }
            _ => found.wrong.push(format!("{path}: a string that may say anything")),
        }
    }
    for one in ["anyOf", "oneOf", "allOf"] {
        for alternative in schema[one].as_array().into_iter().flatten() {
            walk(root, alternative, path, found);
        }
    }
    if types.contains(&"array") {
        match schema.get("items") {
            Some(items) => walk(root, items, &format!("{path}[]"), found),
            None => found.wrong.push(format!("{path}: a list of anything")),
        }
    }
    if types.contains(&"object") {
        walk_object(root, schema, path, found);
    }
}

/// An object has named members and no others; or, as `fields`, names that are codes.
fn walk_object(root: &Value, schema: &Value, path: &str, found: &mut Found) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        walk(root, property, &format!("{path}.{name}"), found);
    }
    match &schema["additionalProperties"] {
        Value::Bool(false) => {}
        values if values.is_object() && path.ends_with(".fields") => {
            found.titles.entry("Code".to_owned()).or_default().push(format!("{path}: names"));
            walk(root, values, &format!("{path}.*"), found);
        }
        _ => found.wrong.push(format!("{path}: an object with any members")),
    }
}

#[test]
fn no_field_of_any_kind_takes_a_sentence() {
    let mut found = Found::default();
    for (kind, schema) in Body::schemas() {
        let schema = schema.to_value();
        walk(&schema, &schema, kind.as_str(), &mut found);
    }
    assert_eq!(found.wrong, [""; 0]);
    let readers = known();
    let taking: Vec<_> = found.titles.keys().filter(|title| readers[title.as_str()](SENTENCE)).collect();
    assert_eq!(taking, ["Office"], "the one free string there is");
    assert_eq!(found.titles["Office"], ["enrol.key.office"], "and the one place where it stands");
}

#[test]
fn the_names_of_fields_are_codes() {
    let takes = |name: &str| {
        let body = json!({ "procedure": "case", "fields": { name: 1 } });
        serde_json::from_value::<act::body::Open>(body).is_ok()
    };
    assert!(takes("persons"));
    assert!(!takes(SENTENCE));
}

/// The walk itself notices a `String`, so that a new field of that type breaks the build's tests.
#[test]
fn a_plain_string_is_noticed() {
    let object = |member: Value| json!({ "type": "object", "additionalProperties": false, "properties": { "a": member } });
    for (schema, wrong) in [
        (json!({ "type": "string" }), "x: a string that may say anything"),
        (json!({ "type": ["string", "null"] }), "x: a string that may say anything"),
        (json!({ "type": "string", "title": "Remark" }), "x: a string that may say anything"),
        (json!({ "type": "array" }), "x: a list of anything"),
        (json!({ "type": "object" }), "x: an object with any members"),
        (json!(true), "x: anything may stand here"),
        (object(json!({ "type": "string" })), "x.a: a string that may say anything"),
    ] {
        let mut found = Found::default();
        walk(&schema, &schema, "x", &mut found);
        assert_eq!(found.wrong, [wrong], "{schema}");
    }
}
