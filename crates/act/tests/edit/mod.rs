//! Sample acts with something changed in them.

#![allow(clippy::allow_attributes, dead_code, reason = "each test uses a part of this")]

use std::sync::LazyLock;

use act::sample::{self, Sample};
use note::{KeyName, PublicKey, VerifierKey};
use serde_json::Value;

/// The text of the sample act of this name.
pub(crate) fn text_of(name: &str) -> String {
    static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(sample::register);
    let sample = SAMPLES.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no sample `{name}`"));
    sample.entry.act().text().to_owned()
}

/// The same text with these values of line 2 replaced, by JSON pointer. `null` takes the member out.
pub(crate) fn edited(text: &str, edits: &[(&str, Value)]) -> String {
    let (first, second) = text.split_once('\n').expect("two lines");
    let mut json: Value = serde_json::from_str(second).expect("JSON");
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = json.pointer_mut(parent).unwrap_or_else(|| panic!("nothing is at {pointer}"));
        match (parent, value) {
            (Value::Object(members), Value::Null) => drop(members.remove(name)),
            (Value::Object(members), value) => drop(members.insert(name.to_owned(), value.clone())),
            (Value::Array(items), value) => items[name.parse::<usize>().expect("an index")] = value.clone(),
            _ => panic!("{pointer} stands in no object or list"),
        }
    }
    format!("{first}\n{json}\n")
}

/// The vkey of a sample key under the name of another: `named("north/root-1", "south/root-1")`.
pub(crate) fn named(signer: &str, seed: &str) -> String {
    vkey(signer, sample::key(seed).public())
}

/// A vkey of these bytes.
pub(crate) fn vkey(signer: &str, key: PublicKey) -> String {
    let name = KeyName::new(&format!("{}/{signer}", sample::ORIGIN)).expect("a name");
    VerifierKey::plain(name, key).to_string()
}
