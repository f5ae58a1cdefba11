//! What fuzzed bytes do to something of ours.

use serde_json::Value;
use terms::base64;

use crate::bytes::Bytes;

/// Longer than anything of ours: no edit makes more of it.
const BYTES_MAX: usize = 1 << 17;

/// One edit of some bytes.
pub(crate) fn bytes(rest: &mut Bytes<'_>, of: &mut Vec<u8>) {
    let what = rest.byte() % 7;
    let at = rest.below(of.len() + 1);
    let end = |rest: &mut Bytes<'_>| at + rest.below(of.len() - at + 1);
    match what {
        0 => {
            let new = rest.short();
            let end = (at + new.len()).min(of.len());
            of.splice(at..end, new.iter().copied());
        }
        1 => drop(of.splice(at..at, rest.short().iter().copied())),
        2 => {
            let end = end(rest);
            of.drain(at..end);
        }
        3 => {
            let bit = rest.byte() % 8;
            if let Some(byte) = of.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
        4 => of.truncate(at),
        5 => {
            let copy = of[at..end(rest)].to_vec();
            if of.len() + copy.len() < BYTES_MAX {
                of.splice(at..at, copy);
            }
        }
        _ => of.rotate_left(at),
    }
}

/// One edit of the lines of a text.
fn lines(rest: &mut Bytes<'_>, text: &str) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let (from, to) = (rest.below(lines.len()), rest.below(lines.len()));
    match rest.byte() % 4 {
        0 => drop(lines.remove(from)),
        1 => lines.insert(to, lines[from]),
        2 => lines.swap(from, to),
        _ => lines[from] = lines[to],
    }
    lines.join("\n")
}

/// One edit of a document; `pool` is what may stand in it instead.
pub(crate) fn json(rest: &mut Bytes<'_>, document: &mut Value, pool: &[Value]) {
    let count = count(document);
    let other = node(document, &mut rest.below(count)).map(|other| other.clone());
    let Some(value) = node(document, &mut rest.below(count)) else { return };
    match rest.byte() % 8 {
        0 => {
            if let Some(new) = rest.one(pool) {
                value.clone_from(new);
            }
        }
        1 => *value = other.unwrap_or(Value::Null),
        2 => {
            let plain = [Value::Null, Value::Bool(true), Value::Array(vec![]), Value::from("")];
            *value = rest.one(&plain).cloned().unwrap_or(Value::Null);
        }
        3 => *value = Value::from(rest.number() >> (rest.byte() % 64)),
        kind => match value {
            Value::String(text) if kind == 4 => *text = lines(rest, text),
            Value::String(text) => {
                let decoded = base64::decode(text).filter(|_| kind != 5);
                let mut inner = decoded.clone().unwrap_or_else(|| text.as_bytes().to_vec());
                bytes(rest, &mut inner);
                *text = match decoded {
                    Some(_) => base64::encode(&inner),
                    None => String::from_utf8_lossy(&inner).into_owned(),
                };
            }
            Value::Number(number) => {
                let by = i64::from(rest.byte() as i8);
                let number = number.as_i64().unwrap_or(0);
                *value = Value::from(number.saturating_add(by));
            }
            Value::Array(values) if !values.is_empty() => {
                let (from, to) = (rest.below(values.len()), rest.below(values.len()));
                match kind {
                    4 => drop(values.remove(from)),
                    5 if values.len() < 64 => values.insert(to, values[from].clone()),
                    _ => values.swap(from, to),
                }
            }
            Value::Object(fields) if !fields.is_empty() => {
                let name = fields.keys().nth(rest.below(fields.len())).cloned().unwrap_or_default();
                let removed = fields.remove(&name);
                if kind == 5 {
                    let name = String::from_utf8_lossy(rest.short()).into_owned();
                    fields.insert(name, removed.unwrap_or(Value::Null));
                }
            }
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                *value = Value::Bool(kind == 4);
            }
        },
    }
}

/// How many values stand in a document, itself counted.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Array(values) => values.iter().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// The value at this place, counted from the outside.
fn node<'v>(value: &'v mut Value, at: &mut usize) -> Option<&'v mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    let inner: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Object(fields) => Box::new(fields.values_mut()),
        Value::Array(values) => Box::new(values.iter_mut()),
        _ => return None,
    };
    for value in inner {
        let here = count(value);
        if *at < here {
            return node(value, at);
        }
        *at -= here;
    }
    None
}

/// Every value below this one, for a pool.
pub(crate) fn below(value: &Value, pool: &mut Vec<Value>) {
    let inner: Box<dyn Iterator<Item = &Value>> = match value {
        Value::Object(fields) => Box::new(fields.values()),
        Value::Array(values) => Box::new(values.iter()),
        _ => return,
    };
    for value in inner {
        if !pool.contains(value) {
            pool.push(value.clone());
        }
        below(value, pool);
    }
}
