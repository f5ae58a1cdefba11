//! The schema and the reader say the same of what may stand where, and a validator that is not ours judges it.

mod broken;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use broken::Fault::{Add, Replace};
use broken::{ASK, EXERCISE, OF_ALL, OF_ASK, replaced};
use instrument::{library, schema};
use jsonschema::Validator;
use serde_json::{Value, json};
use terms::Severity;

/// A file that has every key.
const WHOLE: &str = include_str!("whole.toml");

/// What the schema says of the broken files of `wrong/`: those whose form is wrong are refused.
const REFUSED: [&str; 15] = [
    "hidden_character",
    "missing_key",
    "no_basis",
    "no_deemed_service",
    "no_zone",
    "not_toml",
    "reserved_name",
    "twice_a_name",
    "unknown_basis",
    "unknown_who",
    "unknown_word",
    "unreadable_due",
    "unreadable_name",
    "unreadable_text",
    "wrong_type",
];
/// Those of which only the meaning is wrong are taken.
const TAKEN: [&str; 5] = ["excluded_seated", "no_guarantor", "no_party", "not_by_stick", "short_alias"];

/// Codes that are always told of the form of a file, so that its schema has to refuse it.
const OF_FORM: [&str; 19] = [
    "leaves_nothing",
    "missing_key",
    "no_basis",
    "no_bearer",
    "no_deemed_service",
    "no_from_or_by",
    "no_line_file",
    "no_zone",
    "relief_without_bound",
    "reserved_name",
    "to_and_choice",
    "two_clocks",
    "unknown_basis",
    "unknown_effect",
    "unknown_silence",
    "unreadable_distance",
    "unreadable_hash",
    "unreadable_text",
    "wrong_type",
];
/// Codes that are told of the form of some files and the meaning of others, and changes that break the form.
const OF_BOTH: [(&str, &[&str]); 9] = [
    ("unknown_field_type", &["low or high"]),
    (
        "unknown_word",
        &[
            "wihtin = ",
            "adopts = \"txt\"",
            "tiers = [\"recrod\"]",
            "survey = \"east\"",
            "find = \"telephone\"",
            "+2 of guarantors",
        ],
    ),
    ("unreadable_name", &["ref = \"ask\"", "field_x", "under = \"Co-operation\""]),
    ("unreadable_due", &["3 days", "0h after service"]),
    ("unknown_who", &[]),
    ("unknown_without", &["without = [\"rest.silent\"]"]),
    ("unknown_code", &[]),
    ("twice_a_name", &["\"ford\", \"ford\""]),
    ("nobody", &[]),
];

fn validator(schema: &Value) -> Validator {
    assert!(jsonschema::meta::is_valid(schema), "it is a schema of its dialect");
    jsonschema::draft202012::new(schema).expect("a schema")
}

/// TOML as a validator sees it: a date without quotation marks is a text.
fn value(toml: &toml::Value) -> Value {
    match toml {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(items) => items.iter().map(value).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, item)| (key.clone(), value(item))).collect(),
    }
}

fn parsed(text: &str) -> Option<Value> {
    text.parse::<toml::Table>().ok().map(|table| value(&toml::Value::Table(table)))
}

/// Why a text is refused.
fn refused(validator: &Validator, text: &str) -> Vec<String> {
    let Some(value) = parsed(text) else { return vec!["no TOML".to_owned()] };
    validator.iter_errors(&value).map(|error| format!("{} at {}", error, error.instance_path())).collect()
}

/// The codes of errors that the reader tells.
fn errors(text: &str) -> BTreeSet<&'static str> {
    let (_, found) = instrument::read(text, &library::shipped());
    let errors = found.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|found| found.code.strip_prefix("instrument::").expect("a code of this crate")).collect()
}

fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        (name, fs::read_to_string(&path).expect("a text"))
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn what_is_shipped_is_taken() {
    let (instrument, library) = (validator(&schema::instrument()), validator(&schema::library()));
    let instruments = files("../../instruments");
    let procedures = files("../../procedures");
    assert_eq!((instruments.len(), procedures.len()), (6, library::SHIPPED.len()));
    for (name, text) in &instruments {
        assert_eq!(refused(&instrument, text), [""; 0], "{name}");
        assert_ne!(refused(&library, text), [""; 0], "{name} is no library");
    }
    for (name, text) in &procedures {
        assert_eq!(refused(&library, text), [""; 0], "{name}");
        assert_ne!(refused(&instrument, text), [""; 0], "{name} is no instrument");
    }
    assert_eq!(refused(&library, &library::shipped()), [""; 0]);
    assert_eq!(refused(&instrument, WHOLE), [""; 0]);
    assert_eq!(errors(WHOLE), BTreeSet::new());
}

#[test]
fn a_broken_file_is_refused_if_its_form_is_wrong() {
    let instrument = validator(&schema::instrument());
    for (name, text) in files("tests/wrong") {
        let (wrong, taken) = (REFUSED.contains(&name.as_str()), TAKEN.contains(&name.as_str()));
        assert!(wrong != taken, "{name} is in one of the two lists");
        let why = refused(&instrument, &text);
        assert_eq!(why.is_empty(), taken, "{name}: {why:?}");
    }
}

#[test]
fn a_fault_is_refused_if_it_is_one_of_form() {
    let instrument = validator(&schema::instrument());
    let of_ask =
        OF_ASK.iter().map(|(code, old, new)| (*code, *new, format!("{EXERCISE}{}", replaced(ASK, old, new))));
    let of_all = OF_ALL.iter().map(|fault| match fault {
        Add(code, more) => (*code, *more, format!("{EXERCISE}{more}")),
        Replace(code, old, new) => (*code, *new, replaced(EXERCISE, old, new)),
    });
    let mut wrongs = Vec::new();
    for (code, change, text) in of_ask.chain(of_all) {
        let code = code.strip_prefix("instrument::").expect("a code of this crate");
        let both = OF_BOTH.iter().find(|(other, _)| *other == code);
        let form = both
            .map_or(OF_FORM.contains(&code), |(_, of_form)| of_form.iter().any(|part| change.contains(part)));
        let why = refused(&instrument, &text);
        if why.is_empty() == form {
            wrongs.push(format!("{code} by {change:?}: {why:?}"));
        }
    }
    assert_eq!(wrongs, Vec::<String>::new());
}

/// What a schema says, by place: `participant.*.role`, or below a definition `procedure:ref`.
#[derive(Default)]
struct Seen {
    /// Each key that has a name.
    keys: BTreeSet<String>,
    /// The words of each closed list.
    words: BTreeMap<String, Vec<String>>,
    /// The names of each table that has a closed list of them.
    names: BTreeMap<String, Vec<String>>,
}

fn words(schema: &Value) -> Vec<String> {
    let words = schema["enum"].as_array().into_iter().flatten();
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The definition that a schema refers to, and the place that it begins.
fn target<'s>(root: &'s Value, schema: &'s Value, place: &str) -> (&'s Value, String) {
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        Some(name) => (&root["$defs"][name], format!("{name}:")),
        None => (schema, place.to_owned()),
    }
}

fn below(place: &str, key: &str) -> String {
    if place.is_empty() || place.ends_with(':') { format!("{place}{key}") } else { format!("{place}.{key}") }
}

/// All that a schema says.
fn said(root: &Value, schema: &Value, place: &str, seen: &mut Seen) {
    let (schema, place) = target(root, schema, place);
    if schema["enum"].is_array() {
        seen.words.entry(place.clone()).or_default().extend(words(schema));
    }
    let names = words(&schema["propertyNames"]);
    if !names.is_empty() {
        seen.names.insert(place.clone(), names);
    }
    for (key, of) in schema["properties"].as_object().into_iter().flatten() {
        let place = below(&place, key);
        if seen.keys.insert(place.clone()) {
            said(root, of, &place, seen);
        }
    }
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    if let Some(of) = others {
        let place = below(&place, "*");
        if seen.keys.insert(place.clone()) {
            said(root, of, &place, seen);
        }
    }
    for of in schema["anyOf"].as_array().into_iter().flatten() {
        said(root, of, &place, seen);
    }
    if let Some(of) = schema.get("items") {
        said(root, of, &format!("{place}[]"), seen);
    }
}

/// Where in a file each place of the schema is used, as a pointer.
fn used(
    root: &Value,
    schema: &Value,
    place: &str,
    value: &Value,
    pointer: &str,
    at: &mut BTreeMap<String, String>,
) {
    at.entry(place.to_owned()).or_insert_with(|| pointer.to_owned());
    let (schema, place) = target(root, schema, place);
    at.entry(place.clone()).or_insert_with(|| pointer.to_owned());
    for of in schema["anyOf"].as_array().into_iter().flatten() {
        // A procedure's second branch says only what has to stand.
        used(root, of, &place, value, pointer, at);
    }
    match value {
        Value::Object(table) => {
            let of_type = schema["type"] == "object";
            for (key, value) in table.iter().filter(|_| of_type) {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                let (of, name) = match schema["properties"].get(key) {
                    Some(of) => (of, key.as_str()),
                    None => (&schema["additionalProperties"], "*"),
                };
                used(root, of, &below(&place, name), value, &pointer, at);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let of = schema.get("items");
                if let Some(of) = of {
                    used(root, of, &format!("{place}[]"), item, &format!("{pointer}/{number}"), at);
                }
            }
        }
        _ => {}
    }
}

/// A file with another value at a pointer, or without it.
fn changed(text: &str, pointer: &str, change: impl FnOnce(&mut toml::Table, &str)) -> String {
    let mut table = toml::Value::Table(text.parse().expect("TOML"));
    let (above, key) = pointer.rsplit_once('/').expect("a pointer");
    let parts = above.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let mut here = &mut table;
    for part in parts {
        here = match here {
            toml::Value::Array(items) => {
                items.get_mut(part.parse::<usize>().expect("a number")).expect("an item")
            }
            other => other.get_mut(part.as_str()).expect("a key"),
        };
    }
    match here {
        toml::Value::Table(table) => change(table, key),
        toml::Value::Array(items) => {
            // A list's item is changed as if it were a key.
            let mut one =
                toml::Table::from_iter([(key.to_owned(), items.remove(key.parse().expect("a number")))]);
            change(&mut one, key);
            items.extend(one.into_iter().map(|(_, item)| item));
        }
        other => unreachable!("{pointer} is in {other}"),
    }
    toml::to_string(&table).expect("TOML")
}

fn set(text: &str, pointer: &str, to: impl Into<toml::Value>) -> String {
    changed(text, pointer, |table, key| drop(table.insert(key.to_owned(), to.into())))
}

/// The reader takes its keys from the table that the schema is made of, and says so if it asks for another or leaves one
/// out (an assertion in its code). Here: each key of the schema is used in a file that has no error, each word of each closed
/// list is taken by the reader, and neither takes another key or word.
#[test]
fn the_reader_has_the_keys_and_words_of_the_schema() {
    let root = schema::instrument();
    let instrument = validator(&root);
    let mut seen = Seen::default();
    said(&root, &root, "", &mut seen);
    let mut at = BTreeMap::new();
    used(&root, &root, "", &parsed(WHOLE).expect("TOML"), "", &mut at);
    let unused: Vec<&String> = seen.keys.iter().filter(|place| !at.contains_key(*place)).collect();
    assert_eq!(unused, Vec::<&String>::new());
    assert!(seen.keys.len() > 130 && seen.words.len() > 12, "{} {}", seen.keys.len(), seen.words.len());
    let unknown = ["unknown_word", "unknown_basis", "unknown_effect", "unknown_silence", "wrong_type"];
    let is_unknown = |text: &str| errors(text).iter().any(|code| unknown.contains(code));
    // Another word, and each word of the list.
    for (place, words) in &seen.words {
        let pointer = &at[place];
        for word in words {
            let text = set(WHOLE, pointer, word.as_str());
            assert!(!is_unknown(&text), "{place} = {word}: {:?}", errors(&text));
            assert_eq!(refused(&instrument, &text), [""; 0], "{place} = {word}");
        }
        let text = set(WHOLE, pointer, "Other");
        assert!(!errors(&text).is_empty() && !refused(&instrument, &text).is_empty(), "{place}");
    }
    for (place, names) in &seen.names {
        let pointer = &at[&below(place, "*")];
        let rename = |name: &str| {
            changed(WHOLE, pointer, |table, key| {
                let value = table.remove(key).expect("a value");
                table.insert(name.to_owned(), value);
            })
        };
        for name in names {
            assert!(!is_unknown(&rename(name)) && refused(&instrument, &rename(name)).is_empty(), "{name}");
        }
        assert!(
            is_unknown(&rename("other")) && !refused(&instrument, &rename("other")).is_empty(),
            "{place}"
        );
    }
    // One key more, in each table of the file.
    let tables: BTreeSet<&str> =
        at.values().filter_map(|pointer| pointer.rsplit_once('/')).map(|(above, _)| above).collect();
    assert!(tables.len() > 40, "{}", tables.len());
    let whole = parsed(WHOLE).expect("TOML");
    for table in tables.into_iter().filter(|table| whole.pointer(table).is_some_and(Value::is_object)) {
        let text = set(WHOLE, &format!("{table}/Other_Key"), "x");
        assert!(!errors(&text).is_empty(), "the reader takes another key in {table}");
        assert!(!refused(&instrument, &text).is_empty(), "the schema takes another key in {table}");
    }
}

/// Each key of the schema stands on the page that others read, and says what it is for.
#[test]
fn each_key_is_on_the_page() {
    let page = include_str!("../../../docs/FORMATS.md");
    let (_, page) = page.split_once("### The instrument").expect("a section");
    let (page, _) = page.split_once("**Excluded names.**").expect("its end");
    let of_page = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let words: BTreeSet<&str> = page.split(of_page).collect();
    let root = schema::instrument();
    let mut seen = Seen::default();
    said(&root, &root, "", &mut seen);
    for place in seen.keys.iter().filter(|place| !place.ends_with('*')) {
        let key = place.rsplit(['.', ':']).next().expect("a key");
        assert!(words.contains(key), "{place}");
    }
    let schemas = [&root, &root["$defs"]["procedure"], &root["$defs"]["step"]];
    for (key, of) in schemas.iter().filter_map(|schema| schema["properties"].as_object()).flatten() {
        assert!(of["description"].as_str().is_some_and(|says| says.len() > 10), "{key}");
    }
}

/// A file with one value changed: what the schema refuses, the reader refuses; and what the reader says of its form, the
/// schema says too.
#[test]
fn what_the_schema_refuses_the_reader_refuses() {
    fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(table) => table.iter().map(|(key, value)| (key.clone(), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
            }
            _ => Vec::new(),
        };
        for (key, value) in inner {
            let pointer = format!("{pointer}/{key}");
            pointers(value, &pointer, all);
            all.push(pointer);
        }
    }
    let instrument = validator(&schema::instrument());
    let mut all = Vec::new();
    pointers(&parsed(WHOLE).expect("TOML"), "", &mut all);
    let long = "x".repeat(4_001);
    let others = [
        toml::Value::Boolean(true),
        toml::Value::Integer(0),
        toml::Value::Integer(-1),
        toml::Value::Integer(1 << 32),
        toml::Value::Float(0.5),
        toml::Value::Array(Vec::new()),
        toml::Value::Array(vec!["north".into(), "north".into()]),
        toml::Value::Table(toml::Table::new()),
        toml::Value::Table(toml::Table::from_iter([("north".to_owned(), toml::Value::Integer(1))])),
        "".into(),
        " ".into(),
        "north".into(),
        "Two words".into(),
        "two\nlines".into(),
        "all  of  parties".into(),
        "0d".into(),
        "24h".into(),
        "a\u{202e}b".into(),
        "a\u{e0041}b".into(),
        "a\u{7f}b".into(),
        long.as_str().into(),
    ];
    let (mut wrongs, mut counted) = (Vec::new(), [0; 3]);
    let mut look = |what: String, text: &str| {
        let (why, errors) = (refused(&instrument, text), errors(text));
        // Where the library has no such procedure, what it would have given is missing, too.
        let followed = |code: &str| code == "missing_key" && errors.contains("unknown_library");
        let form: Vec<_> = errors.iter().filter(|code| OF_FORM.contains(code) && !followed(code)).collect();
        counted[usize::from(!why.is_empty()) + usize::from(!errors.is_empty())] += 1;
        if (errors.is_empty() && !why.is_empty()) || (!form.is_empty() && why.is_empty()) {
            wrongs.push(format!("{what}: {errors:?} {why:?}"));
        }
    };
    for pointer in &all {
        look(format!("without {pointer}"), &changed(WHOLE, pointer, |table, key| drop(table.remove(key))));
        for other in &others {
            look(format!("{pointer} = {other:?}"), &set(WHOLE, pointer, other.clone()));
        }
    }
    assert!(wrongs.is_empty(), "{}: {:#?}", wrongs.len(), wrongs.iter().take(20).collect::<Vec<_>>());
    assert!(counted.iter().all(|number| *number > 100), "{counted:?}");
}
