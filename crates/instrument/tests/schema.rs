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
const REFUSED: [&str; 17] = [
    "hidden_character",
    "leaves_nothing",
    "missing_key",
    "no_basis",
    "no_deemed_service",
    "no_from_or_by",
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
    (
        "twice_a_name",
        &[
            "\"ford\", \"ford\"",
            "[\"low\", \"low\"]",
            "[\"asked\", \"asked\"]",
            "[\"put\", \"put\"]",
            "[\"record\", \"record\"]",
            "[\"en\", \"en\"]",
        ],
    ),
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
    // What they say in other languages, `case.ur.toml`, is of the crate `lang`.
    let mut procedures = files("../../procedures");
    procedures.retain(|(name, _)| !name.contains('.'));
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

/// What a schema says, by place: `participant.*.role`.
#[derive(Default)]
struct Seen {
    /// Each key that has a name.
    keys: BTreeSet<String>,
    /// What may stand at each key that says something of it.
    told: BTreeMap<String, Value>,
    /// The words of each closed list.
    words: BTreeMap<String, Vec<String>>,
    /// The keys of each table of which one stands.
    one_key: BTreeMap<String, Vec<String>>,
}

/// The words of a closed list, each of which says what it means.
fn words(schema: &Value) -> Vec<String> {
    let words = schema["oneOf"].as_array().into_iter().flatten().filter(|word| word["const"].is_string());
    let of_word = |word: &Value| {
        let name = word["const"].as_str().expect("a word").to_owned();
        let says = word["description"].as_str().expect("its meaning");
        assert!(says.starts_with(&format!("`{name}`: ")) && says.len() > name.len() + 10, "{says}");
        name
    };
    words.map(of_word).collect()
}

fn below(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

/// All that a schema says.
fn said(schema: &Value, place: &str, seen: &mut Seen) {
    let closed = words(schema);
    if !closed.is_empty() {
        seen.words.entry(place.to_owned()).or_default().extend(closed);
    }
    if schema["description"].is_string() && !place.is_empty() {
        seen.told.insert(place.to_owned(), schema.clone());
    }
    let keys = schema["properties"].as_object();
    if schema["maxProperties"] == 1 {
        seen.one_key
            .insert(place.to_owned(), keys.into_iter().flat_map(|keys| keys.keys().cloned()).collect());
    }
    for (key, of) in keys.into_iter().flatten() {
        let place = below(place, key);
        if seen.keys.insert(place.clone()) {
            said(of, &place, seen);
        }
    }
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    if let Some(of) = others {
        let place = below(place, "*");
        if seen.keys.insert(place.clone()) {
            said(of, &place, seen);
        }
    }
    for of in schema["anyOf"].as_array().into_iter().flatten() {
        said(of, place, seen);
    }
    if let Some(of) = schema.get("items") {
        said(of, &format!("{place}[]"), seen);
    }
}

fn all_said(schema: &Value) -> Seen {
    let mut seen = Seen::default();
    said(schema, "", &mut seen);
    seen
}

/// Where in a file each place of the schema is used, as a pointer.
fn used(schema: &Value, place: &str, value: &Value, pointer: &str, at: &mut BTreeMap<String, String>) {
    at.entry(place.to_owned()).or_insert_with(|| pointer.to_owned());
    for of in schema["anyOf"].as_array().into_iter().flatten() {
        // A procedure's second branch says only what has to stand.
        used(of, place, value, pointer, at);
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
                used(of, &below(place, name), value, &pointer, at);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let of = schema.get("items");
                if let Some(of) = of {
                    used(of, &format!("{place}[]"), item, &format!("{pointer}/{number}"), at);
                }
            }
        }
        _ => {}
    }
}

/// Where in [`WHOLE`] each place of the schema is used.
fn all_used(schema: &Value) -> BTreeMap<String, String> {
    let mut at = BTreeMap::new();
    used(schema, "", &parsed(WHOLE).expect("TOML"), "", &mut at);
    at
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
    let (seen, at) = (all_said(&root), all_used(&root));
    // Of a table of one key no more than one is used at a place.
    let one_of =
        |place: &str| place.rsplit_once('.').is_some_and(|(above, _)| seen.one_key.contains_key(above));
    let unused: Vec<&String> =
        seen.keys.iter().filter(|place| !at.contains_key(*place) && !one_of(place)).collect();
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
    assert!(!seen.one_key.is_empty());
    for (place, names) in &seen.one_key {
        let pointer = names.iter().find_map(|name| at.get(&below(place, name))).expect("one of them is used");
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

/// What stands in backticks, and each word of it.
fn quoted(text: &str) -> BTreeSet<&str> {
    let code = text.split('`').skip(1).step_by(2);
    code.flat_map(|code| code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))).collect()
}

/// Each key of the schema stands in its row of the tables that others read.
#[test]
fn each_key_is_on_the_page() {
    let page = include_str!("../../../docs/FORMATS.md");
    let (_, page) = page.split_once("### The instrument").expect("a section");
    let (page, _) = page.split_once("**Excluded names.**").expect("its end");
    let (tables, procedures) = page.split_once("**Procedures.**").expect("a section");
    let (of_procedure, of_step) = procedures.split_once("| key of a step |").expect("a table");
    let row = |line: &'static str| -> Option<Vec<&'static str>> {
        let cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim);
        Some(cells.collect::<Vec<_>>()).filter(|cells| cells.len() > 2)
    };
    // By table: what stands in the cell of keys, and in that of the form.
    let mut rows: Vec<(&str, &str, &str)> = Vec::new();
    let mut table = "";
    for cells in tables.lines().filter_map(row) {
        table = if cells[0].is_empty() { table } else { cells[0] };
        rows.push((table, cells[1], cells[2]));
    }
    for (name, part) in [("procedure", of_procedure), ("step", of_step)] {
        rows.extend(part.lines().filter_map(row).map(|cells| (name, cells[0], cells[1])));
    }
    // What a row says is below, in a list.
    let due = procedures.lines().find(|line| line.starts_with("- *due*")).expect("it is said");
    let basis = tables.lines().find(|line| line.starts_with("`basis` may also stand")).expect("it is said");
    let mut wrongs = Vec::new();
    for place in all_said(&schema::instrument()).keys.iter().filter(|place| !place.ends_with('*')) {
        let path: Vec<&str> = place.split('.').filter(|part| *part != "*").collect();
        let (table, path) = match path.as_slice() {
            ["procedure", "step", key, rest @ ..] => ("step", [&[*key], rest].concat()),
            ["procedure", key, rest @ ..] => ("procedure", [&[*key], rest].concat()),
            [table, rest @ ..] => (*table, rest.to_vec()),
            [] => continue,
        };
        let of_table = |name: &str| {
            name == table
                || name.strip_prefix("`[").is_some_and(|name| {
                    name.strip_prefix(table).is_some_and(|end| end.starts_with(']') || end.starts_with(".⟨"))
                })
        };
        let mut here = rows.iter().filter(|(name, ..)| of_table(name)).peekable();
        let stands = here.peek().is_some();
        let there = match path.as_slice() {
            [] => stands,
            ["basis"] if basis.contains(&format!("[{table}.X]")) => true,
            ["basis"] | ["open", "basis"] if ["procedure", "step"].contains(&table) => {
                basis.contains("in a procedure, its `open` and its steps")
            }
            [key, rest @ ..] => here.any(|(_, keys, form)| {
                let further = if form.contains("due") { quoted(due) } else { BTreeSet::new() };
                quoted(keys).contains(key)
                    && rest.iter().all(|word| {
                        let braced = form.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
                        quoted(form).contains(word)
                            || further.contains(word)
                            || braced.into_iter().any(|it| it == *word)
                    })
            }),
        };
        if !there {
            wrongs.push(place.clone());
        }
    }
    assert_eq!(wrongs, Vec::<String>::new());
}

/// An editor shows what stands beside what may stand there, so that no key is told by a reference; each says what it is
/// for, and in words how it is written. What is offered may stand there, for the reader too.
#[test]
fn each_key_is_told_where_an_editor_looks() {
    let root = schema::instrument();
    assert!(!root.to_string().contains("$ref"));
    let (seen, at) = (all_said(&root), all_used(&root));
    let named = seen.keys.iter().filter(|place| !place.ends_with('*'));
    let untold: Vec<&String> = named
        .filter(|place| {
            seen.told.get(*place).and_then(|of| of["description"].as_str()).is_none_or(|says| says.len() < 10)
        })
        .collect();
    assert_eq!(untold, Vec::<&String>::new());
    let unreadable = [
        "missing_key",
        "no_zone",
        "unknown_field_type",
        "unreadable_due",
        "unreadable_hash",
        "unreadable_name",
        "unreadable_text",
        "wrong_type",
    ];
    let (mut examples, mut defaults) = (0, 0);
    for (place, of) in &seen.told {
        let takes = validator(of);
        let says = of["description"].as_str().expect("a text");
        let patterned = of["pattern"].is_string()
            || of["anyOf"].as_array().is_some_and(|of| of[0]["pattern"].is_string());
        assert!(!patterned || says.contains("Write "), "{place}: {says}");
        for example in of["examples"].as_array().into_iter().flatten() {
            examples += 1;
            assert!(takes.is_valid(example), "{place} = {example}");
            let Some(pointer) = at.get(place) else { continue };
            let text = set(WHOLE, pointer, toml::Value::try_from(example).expect("TOML"));
            let told = errors(&text);
            assert!(!unreadable.iter().any(|code| told.contains(code)), "{place} = {example}: {told:?}");
        }
        if let Some(default) = of.get("default") {
            defaults += 1;
            assert!(takes.is_valid(default), "{place} = {default}");
            let with = set(WHOLE, &at[place], toml::Value::try_from(default).expect("TOML"));
            let without = changed(WHOLE, &at[place], |table, key| drop(table.remove(key)));
            let read = |text: &str| instrument::read(text, &library::shipped()).0.expect("it is understood");
            assert_eq!(read(&with), read(&without), "{place}");
        }
    }
    assert!(examples > 50 && defaults > 12, "{examples} {defaults}");
}

/// Patterns are read alike by validators that take them as ECMAScript with the flag `u`, without it, and by others: no
/// character of theirs is beyond U+FFFF, and no escape is of one kind only.
#[test]
fn patterns_are_read_alike() {
    fn patterns<'s>(schema: &'s Value, all: &mut BTreeSet<&'s str>) {
        match schema {
            Value::Object(table) => {
                all.extend(table.get("pattern").and_then(Value::as_str));
                table.values().for_each(|inner| patterns(inner, all));
            }
            Value::Array(items) => items.iter().for_each(|inner| patterns(inner, all)),
            _ => {}
        }
    }
    let root = schema::instrument();
    let mut all = BTreeSet::new();
    patterns(&root, &mut all);
    assert!(all.len() > 12, "{all:?}");
    for pattern in all {
        assert!(pattern.is_ascii(), "{pattern}");
        let mut rest = pattern;
        while let Some((_, escape)) = rest.split_once('\\') {
            let plain = escape.starts_with(['s', 'n', '.', '+']);
            let hex = escape.strip_prefix('u').and_then(|hex| hex.get(..4));
            let hex = hex.is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
            assert!(plain || hex, "{pattern}: \\{escape}");
            rest = &escape[1..];
        }
    }
}

/// The last value that the reader and the schema take, and the first that neither does.
#[test]
fn bounds_are_those_of_the_reader() {
    let instrument = validator(&schema::instrument());
    let both = |what: &str, good: &str, bad: &str, code: &str| {
        assert_eq!(refused(&instrument, good), [""; 0], "{what}");
        assert!(!errors(good).contains(code), "{what}");
        assert_ne!(refused(&instrument, bad), [""; 0], "{what}");
        assert!(errors(bad).contains(code), "{what}: {:?}", errors(bad));
    };
    let xs = |number: usize| toml::Value::from("x".repeat(number));
    let values: [(&str, toml::Value, toml::Value, &str); 15] = [
        ("/instrument/name", xs(200), xs(201), "unreadable_text"),
        (
            "/procedure/ask/step/answer/word",
            "ب".repeat(200).into(),
            "ب".repeat(201).into(),
            "unreadable_text",
        ),
        ("/instrument/standing", xs(4_000), xs(4_001), "unreadable_text"),
        (
            "/provision/1/text",
            "\u{1f54a}".repeat(4_000).into(),
            "\u{1f54a}".repeat(4_001).into(),
            "unreadable_text",
        ),
        ("/provision/1/kind", xs(32), xs(33), "unreadable_name"),
        ("/procedure/ask/ref", "ASKED".into(), "ASKING".into(), "unreadable_name"),
        ("/procedure/ask/step/answer/eyes", 1.into(), 0.into(), "leaves_nothing"),
        ("/line/ridge/precision", 100_000.into(), 100_001.into(), "unreadable_distance"),
        ("/line/ridge/reach", 1_000_000.into(), 1_000_001.into(), "unreadable_distance"),
        ("/quota/acts", i64::from(u32::MAX).into(), (1_i64 << 32).into(), "wrong_type"),
        ("/calendar/deemed", "3653d".into(), "10000d".into(), "unreadable_due"),
        ("/calendar/carriage", "5260320min".into(), "10000000min".into(), "unreadable_due"),
        ("/calendar/tolerance", "87672h".into(), "100000h".into(), "unreadable_due"),
        (
            "/calendar/holidays/north",
            vec!["1970-01-01", "9999-12-31"].into(),
            vec!["1969-12-31"].into(),
            "unreadable_due",
        ),
        ("/procedure/ask/tiers", vec!["record"].into(), toml::Value::Array(Vec::new()), "leaves_nothing"),
    ];
    for (pointer, good, bad, code) in values {
        both(pointer, &set(WHOLE, pointer, good), &set(WHOLE, pointer, bad), code);
    }
    let more = |number: usize, of: &dyn Fn(usize) -> String| -> String {
        WHOLE.to_owned() + &(0..number).map(of).collect::<String>()
    };
    let of_library = |n: usize| format!("[procedure.p{n}]\nlike = \"notice\"\nref = \"NOTE\"\n");
    both("procedures", &more(95, &of_library), &more(96, &of_library), "too_many");
    let line = |n: usize| {
        format!("[line.l{n}]\nsource = \"x\"\nedition = \"x\"\nhash = \"{n:064}\"\nprecision = 1\n")
    };
    both("lines", &more(14, &line), &more(15, &line), "too_many");
    let parts = |part: &str, number: usize, of: &dyn Fn(usize) -> String| {
        let table = format!("[procedure.ask.{part}]\n");
        let inner: String = (0..number).map(of).collect();
        replaced(WHOLE, &table, &format!("{table}{inner}"))
    };
    let state = |n: usize| format!("s{n} = \"A state.\"\n");
    // The reader counts all states of a procedure together: four stand in other tables.
    assert!(!errors(&parts("states", 145, &state)).contains("too_many"));
    both("states", &parts("states", 145, &state), &parts("states", 149, &state), "too_many");
    let step = |n: usize| {
        format!("[procedure.ask.step.s{n}]\nfrom = \"put\"\nby = \"parties\"\nto = \"answered\"\n")
    };
    both("steps", &more(147, &step), &more(148, &step), "too_many");
}

/// Of each range of characters that are hidden, the first and the last are refused, and what stands beside them is not.
#[test]
fn hidden_characters_are_those_of_the_reader() {
    let instrument = validator(&schema::instrument());
    let ranges = [
        ('\0', '\u{1f}'),
        ('\u{7f}', '\u{9f}'),
        ('\u{ad}', '\u{ad}'),
        ('\u{200b}', '\u{200b}'),
        ('\u{2028}', '\u{202e}'),
        ('\u{2060}', '\u{206f}'),
        ('\u{feff}', '\u{feff}'),
        ('\u{fff9}', '\u{fffb}'),
    ];
    let is_hidden = |c: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
    for (first, last) in ranges {
        let beside = [u32::from(first).checked_sub(1), Some(u32::from(last) + 1)];
        for c in beside.into_iter().flatten().filter_map(char::from_u32).chain([first, last]) {
            let text = set(WHOLE, "/instrument/name", format!("a{c}b"));
            let (by_schema, by_reader) =
                (!refused(&instrument, &text).is_empty(), errors(&text).contains("hidden_character"));
            assert_eq!((by_schema, by_reader), (is_hidden(c), is_hidden(c)), "{:04x}", u32::from(c));
        }
    }
    // What no pattern says in one way, the reader says.
    for tag in ['\u{e0000}', '\u{e007f}'] {
        assert!(errors(&set(WHOLE, "/instrument/name", format!("a{tag}b"))).contains("hidden_character"));
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
    let longs = [200, 201, 4_000, 4_001].map(|number| "x".repeat(number));
    let mut others = vec![
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
    ];
    others.extend(longs.map(toml::Value::from));
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
