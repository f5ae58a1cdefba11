//! Notes of their own that are no acts: two lines like an act's, with another first word.
//!
//! ```text
//! mithaq.⟨what⟩/v1 ⟨origin⟩ ⟨genesis hash⟩
//! ⟨one line of strict JSON⟩
//! ```

use serde::Serialize;
use serde::de::DeserializeOwned;
use terms::{Hash, Origin};

use crate::json;

/// Reads the two lines. Says in a sentence what is wrong.
pub(crate) fn read<T: DeserializeOwned + Serialize>(
    text: &str,
    domain: &str,
) -> Result<(Origin, Hash, T), String> {
    let mut lines = text.split('\n');
    let (Some(first), Some(second), Some(""), None) =
        (lines.next(), lines.next(), lines.next(), lines.next())
    else {
        return Err(format!("a `{domain}` is two lines, each ending in a line feed"));
    };
    let mut words = first.split(' ');
    let (Some(word), Some(origin), Some(genesis), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(format!("line 1: expected `{domain}`, the origin and the genesis hash"));
    };
    if word != domain {
        return Err(format!("line 1: expected `{domain}`"));
    }
    let origin = Origin::new(origin).ok_or("line 1: expected the origin")?;
    let genesis = Hash::from_base64(genesis).ok_or("line 1: expected the genesis hash")?;
    json::check(second).map_err(|(at, fault)| format!("line 2, column {}: {fault}", at + 1))?;
    let value: T = serde_json::from_str(second).map_err(|error| line_2(&error))?;
    if let Some(path) = json::other_spelling_of(second, &value).map_err(|error| line_2(&error))? {
        return Err(format!("line 2: `{path}` has another spelling: what is absent is left out"));
    }
    Ok((origin, genesis, value))
}

fn line_2(error: &serde_json::Error) -> String {
    format!("line 2: {}", json::said(error))
}

/// Writes the two lines.
pub(crate) fn write<T: Serialize>(domain: &str, origin: &Origin, genesis: &Hash, value: &T) -> String {
    // Our own plain structs of strings and numbers; serialising them has no way to fail.
    let json = serde_json::to_string(value).unwrap_or_default();
    format!("{domain} {origin} {genesis}\n{json}\n")
}
