//! The form of an instrument as a JSON Schema (draft 2020-12), for editors: made of the keys that the reader takes.
//!
//! A file that it refuses, the reader refuses. The reader, and the linter after it, refuse more:
//!
//! - what a form can't say: whether a state exists, whether somebody is left waiting;
//! - what JSON does not tell apart: a number with a fraction of nothing (`500.0`) is an integer there, and a date without
//!   quotation marks is handed to validators as a text;
//! - what would take arithmetic: a day that its month does not have, a length of a few days above ten years, more states
//!   in `states`, `rests` and `ends` together than in one of them;
//! - what patterns say in no one way: characters beyond U+FFFF are two in an ECMAScript pattern without the flag `u`, and
//!   one elsewhere, so tags (U+E0000 to U+E007F) are not in them. Nor are characters that are hidden in comments.
//!
//! Each key has its description beside what may stand there, never beside a `$ref`: editors (taplo) do not show that.
//! Descriptions say in words what a pattern says.

use serde_json::{Map, Value, json};

use crate::keys::{
    COUNTS, Default, FILE, Form, HIDDEN, Key, LANGUAGE_MOST, LINE_MOST, LONGEST, OPEN_MUST, PARAGRAPH_MOST,
    PLAIN, PROCEDURE_MUST, PROCEDURES, REFERENCE, Rule, STEP_MUST, Table, UNITS, Word,
};

/// The dialect that it is written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A code, as a part of patterns.
const CODE: &str = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";

/// The schema of an instrument.
#[must_use]
pub fn instrument() -> Value {
    whole("An instrument: what the parties agreed, as far as a program has to know it.", &FILE)
}

/// The schema of a file of the library: procedures, and nothing else.
#[must_use]
pub fn library() -> Value {
    static PROCEDURES_ALONE: Table = Table {
        keys: &[Key {
            name: "procedure",
            must: true,
            form: Form::Table(&PROCEDURES),
            default: None,
            says: "Procedures that instruments may be like.",
        }],
        names: None,
        rules: &[],
    };
    whole("A file of the library: procedures that instruments start from.", &PROCEDURES_ALONE)
}

fn whole(says: &str, file: &'static Table) -> Value {
    let mut schema = of_table(file);
    schema.insert("$schema".to_owned(), json!(DIALECT));
    schema.insert("title".to_owned(), json!("Mithaq"));
    schema.insert("description".to_owned(), json!(says));
    schema.into()
}

fn of_table(table: &'static Table) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    let keys = table.keys.iter().map(|key| (key.name.to_owned(), of_key(key)));
    schema.insert("properties".to_owned(), keys.collect::<Map<_, _>>().into());
    let must: Vec<&str> = table.keys.iter().filter(|key| key.must).map(|key| key.name).collect();
    if !must.is_empty() {
        schema.insert("required".to_owned(), json!(must));
    }
    let others = table.names.as_ref().map_or(json!(false), |names| told(&names.value, ""));
    schema.insert("additionalProperties".to_owned(), others);
    if let Some(names) = &table.names {
        let chosen = of(&names.name);
        let (least, most) = (*names.number.start(), *names.number.end());
        if least > 0 {
            schema.insert("minProperties".to_owned(), json!(least));
        }
        if most < usize::MAX {
            schema.insert("maxProperties".to_owned(), json!(most));
        }
        // The table's own keys are names, too.
        let own: Vec<&str> = table.keys.iter().map(|key| key.name).collect();
        let chosen = if own.is_empty() { chosen } else { json!({"anyOf": [chosen, {"enum": own}]}) };
        schema.insert("propertyNames".to_owned(), chosen);
    }
    let all: Vec<Value> = table.rules.iter().map(of_rule).collect();
    if !all.is_empty() {
        schema.insert("allOf".to_owned(), all.into());
    }
    schema
}

fn of_key(key: &'static Key) -> Value {
    let mut schema = told(&key.form, key.says);
    if let Some(default) = &key.default {
        schema["default"] = match default {
            Default::Flag(flag) => json!(flag),
            Default::Count(number) => json!(number),
            Default::Text(text) => json!(text),
            Default::List(items) => json!(items),
        };
    }
    schema
}

/// A form, with what it is for and how it is written.
fn told(form: &'static Form, says: &str) -> Value {
    let mut schema = of(form);
    let written = written(form).map(|written| format!("Write {written}."));
    let parts: Vec<String> = [Some(says.to_owned()).filter(|says| !says.is_empty()), written, meanings(form)]
        .into_iter()
        .flatten()
        .collect();
    if !parts.is_empty() {
        schema["description"] = json!(parts.join("\n\n"));
    }
    let examples = examples(form);
    if !examples.is_empty() {
        schema["examples"] = json!(examples);
    }
    schema
}

/// What stands after "write".
fn written(form: &'static Form) -> Option<String> {
    Some(match form {
        Form::Line => format!("a text of 1 to {LINE_MOST} characters on one line"),
        Form::Paragraph => format!("a text of 1 to {PARAGRAPH_MOST} characters; it may have lines"),
        Form::Flag => "`true` or `false`, without quotation marks".to_owned(),
        Form::Count { least, most: u32::MAX } => format!("a whole number from {least}"),
        Form::Count { least, most } => format!("a whole number, {least} to {most}"),
        Form::Code(_) => "a name: 1 to 32 of `a-z`, `0-9` and `-`, with no hyphen at an end".to_owned(),
        Form::Words(words) => listed(words().iter().map(|(word, _)| *word)),
        Form::Length { zero } => {
            let least = if *zero { "it may be nothing (`0h`)" } else { "a minute at least" };
            let units = listed(UNITS.iter().map(|(unit, _)| *unit));
            format!("a whole number and its unit, {units}; {least}, ten years at most")
        }
        Form::Zone => "hours and minutes with their sign".to_owned(),
        Form::Day => "year, month and day, in quotation marks".to_owned(),
        Form::Hash => "the 64 digits that `sha256sum` prints".to_owned(),
        Form::Reference => format!("{} to {} capitals", REFERENCE.start(), REFERENCE.end()),
        Form::Language => "a BCP 47 tag".to_owned(),
        Form::Decider => format!(
            "a set, `SET other than SET`, or one of these after {} or a number and `of`",
            listed(COUNTS.iter().map(|(count, _)| *count)),
        ),
        Form::Sets => "sets with commas between, as `everyone, observers`".to_owned(),
        Form::FieldType => format!(
            "one of {}, `one of CODE CODE`, `participant`, `participant of SET`, `matter`, `matter of KIND` or \
             `matter of KIND in STATE, STATE`; `optional` or `several` may stand before it",
            PLAIN.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        ),
        Form::Phrase => {
            "`LENGTH after service`, `LENGTH after finality`, `LENGTH after FIELD`, `LENGTH before FIELD` or `at FIELD`"
                .to_owned()
        }
        Form::Path => {
            "`state.NAME`, `rest.NAME`, `end.NAME`, `field.NAME`, `open.KEY`, `step.NAME`, `step.NAME.KEY` or a key of \
             the procedure"
                .to_owned()
        }
        Form::List { of, least, once } => {
            let each = written(of).map(|each| format!(", each as {each}")).unwrap_or_default();
            format!("a list{}{each}", bounds(*least, *once))
        }
        Form::OneOrList { of, least, once } => {
            format!("{}; or a list of such{}", written(of)?, bounds(*least, *once))
        }
        Form::Either(forms) => {
            let each = |form| if matches!(form, &Form::Table(_)) { Some("a table".to_owned()) } else { written(form) };
            forms.iter().filter_map(each).collect::<Vec<_>>().join("; or ")
        }
        Form::Table(_) => return None,
        Form::OneKey(table) => format!("a table of one key, {}", listed(table.keys.iter().map(|key| key.name))),
    })
}
/// What is said of a list.
fn bounds(least: u32, once: bool) -> String {
    let least = if least > 0 { ", one at least" } else { "" };
    let once = if once { ", each once" } else { "" };
    format!("{least}{once}")
}

fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
}

/// What the words of it mean.
fn meanings(form: &'static Form) -> Option<String> {
    let lines: Vec<String> = match form {
        // Editors show what each word means beside what its key is for, but not what stands in lists.
        Form::Words(_) => Vec::new(),
        Form::List { of: Form::Words(words), .. } => words().into_iter().map(meaning).collect(),
        Form::List { of, .. } | Form::OneOrList { of, .. } => vec![meanings(of)?],
        Form::Either(forms) => forms.iter().filter_map(meanings).collect(),
        Form::OneKey(table) => table.keys.iter().map(|key| meaning((key.name, key.says))).collect(),
        Form::Line
        | Form::Paragraph
        | Form::Flag
        | Form::Count { .. }
        | Form::Code(_)
        | Form::Length { .. }
        | Form::Zone
        | Form::Day
        | Form::Hash
        | Form::Reference
        | Form::Language
        | Form::Path
        | Form::Table(_) => Vec::new(),
        Form::Decider | Form::Sets => vec![
            "A set is `everyone` (all but observers), `parties`, `guarantors`, `monitors`, `observers`, a participant or a \
             body; in a procedure also `opener` and its fields of participants."
                .to_owned(),
        ],
        Form::FieldType => vec!["`KIND` is a procedure, `STATE` one of its states.".to_owned()],
        Form::Phrase => vec![
            "`LENGTH` is as `72h`; `FIELD` is a field of an instant, or of a window with `.start` or `.end`.".to_owned(),
        ],
    };
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn meaning((word, says): Word) -> String {
    format!("- `{word}`: {says}")
}

/// Texts that an editor may offer; closed words and their tables offer themselves.
fn examples(form: &'static Form) -> Vec<Value> {
    let texts: &[&str] = match form {
        Form::Length { .. } => &["10min", "72h", "7d"],
        Form::Zone => &["+00:00", "+04:30", "-05:00"],
        Form::Day => &["2026-05-01"],
        Form::Hash => &["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
        Form::Reference => &["CASE"],
        Form::Language => &["en", "ps", "ur", "fa-AF"],
        Form::Decider => &[
            "parties",
            "opener",
            "any of guarantors",
            "all of parties",
            "2 of guarantors",
            "everyone other than opener",
        ],
        Form::Sets => &["everyone", "parties, guarantors"],
        Form::FieldType => &[
            "instant",
            "optional window",
            "one of low high",
            "several participant of parties",
            "matter of case",
        ],
        Form::Phrase => &["72h after service", "7d after finality", "3d before window.start", "at by-when"],
        Form::Path => &["state.draft", "step.answer", "step.answer.split", "seen_by"],
        Form::List { of, .. } => {
            let items: Vec<Value> = examples(of).into_iter().take(2).collect();
            return if items.is_empty() { Vec::new() } else { vec![json!(items)] };
        }
        Form::OneOrList { of, .. } => {
            let mut all = examples(of);
            let items: Vec<Value> = all.iter().take(2).cloned().collect();
            all.extend((!items.is_empty()).then(|| json!(items)));
            return all;
        }
        Form::Either(forms) => return forms.iter().flat_map(examples).collect(),
        Form::Line
        | Form::Paragraph
        | Form::Flag
        | Form::Count { .. }
        | Form::Code(_)
        | Form::Words(_)
        | Form::Table(_)
        | Form::OneKey(_) => &[],
    };
    texts.iter().map(|text| json!(text)).collect()
}

fn of_rule(rule: &Rule) -> Value {
    match rule {
        Rule::NotBoth(one, other) => json!({"not": {"required": [one, other]}}),
        Rule::OneOf(one, other) => json!({"oneOf": [{"required": [one]}, {"required": [other]}]}),
        Rule::WholeUnlessLike => json!({
            "anyOf": [{"required": ["like"]}, {
                "required": PROCEDURE_MUST,
                "properties": {
                    "open": {"required": OPEN_MUST},
                    "step": {"additionalProperties": {"required": STEP_MUST}},
                    // There is nothing that it could be left out of.
                    "without": false,
                },
            }],
        }),
    }
}

fn text(pattern: &str) -> Value {
    json!({"type": "string", "pattern": format!("^(?:{pattern})$")})
}

/// Words of white space between parts, as the reader takes them.
fn spaced(parts: &[&str]) -> String {
    parts.join(r"\s+")
}

/// A list of a form.
fn list(item: Value, least: u32, once: bool) -> Value {
    json!({"type": "array", "items": item, "minItems": least, "uniqueItems": once})
}

/// Characters that no text to be shown has, for a class of a pattern: controls but line breaks, and what is hidden; those
/// that are one character in every pattern.
fn hidden() -> String {
    let plain = HIDDEN.iter().filter(|range| u32::from(*range.end()) <= 0xFFFF);
    let ranges =
        plain.map(|range| format!("\\u{:04x}-\\u{:04x}", u32::from(*range.start()), u32::from(*range.end())));
    [r"\u0000-\u0009\u000b-\u001f\u007f-\u009f".to_owned()].into_iter().chain(ranges).collect()
}

/// A length from a minute: as many digits of each unit as the longest has.
fn length() -> String {
    let units = UNITS.map(|(unit, seconds)| {
        let digits = (LONGEST.0 / seconds).to_string().len();
        format!("[1-9][0-9]{{0,{}}}{unit}", digits - 1)
    });
    format!("(?:{})", units.join("|"))
}

/// What may stand at a place.
fn of(form: &'static Form) -> Value {
    let set = spaced(&[CODE, &format!("other\\s+than\\s+{CODE}")]);
    let group = format!("(?:{CODE}|{set})");
    match form {
        Form::Line => {
            let hidden = hidden();
            json!({
                "type": "string", "minLength": 1, "maxLength": LINE_MOST,
                "pattern": format!(r"^[^\n{hidden}]*[^\s{hidden}][^\n{hidden}]*$"),
            })
        }
        Form::Paragraph => {
            let hidden = hidden();
            json!({
                "type": "string", "minLength": 1, "maxLength": PARAGRAPH_MOST,
                "pattern": format!(r"^[^{hidden}]*[^\s{hidden}][^{hidden}]*$"),
            })
        }
        Form::Flag => json!({"type": "boolean"}),
        Form::Count { least, most } => {
            json!({"type": "integer", "minimum": least, "maximum": most})
        }
        Form::Code([]) => text(CODE),
        Form::Code(but) => {
            let mut schema = text(CODE);
            schema["not"] = json!({"enum": but});
            schema
        }
        Form::Words(words) => {
            let each = words()
                .into_iter()
                .map(|(word, says)| json!({"const": word, "description": format!("`{word}`: {says}.")}));
            json!({"type": "string", "oneOf": each.collect::<Vec<_>>()})
        }
        Form::Length { zero: false } => text(&length()),
        Form::Length { zero: true } => {
            let units = UNITS.map(|(unit, _)| unit).join("|");
            text(&format!("0(?:{units})|{}", length()))
        }
        Form::Zone => text(concat!(
            r"\+(?:0[0-9]|1[0-3]):[0-5][0-9]|\+14:00",
            "|-00:(?:0[1-9]|[1-5][0-9])|-(?:0[1-9]|1[01]):[0-5][0-9]|-12:00",
        )),
        Form::Day => text("(?:19[7-9][0-9]|[2-9][0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"),
        Form::Hash => text("[0-9a-f]{64}"),
        Form::Reference => text(&format!("[A-Z]{{{},{}}}", REFERENCE.start(), REFERENCE.end())),
        Form::Language => json!({
            "type": "string", "pattern": "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", "maxLength": LANGUAGE_MOST,
        }),
        Form::Decider => {
            let counts = COUNTS.map(|(count, _)| count).join("|");
            let count = format!(r"(?:(?:{counts}|[1-9][0-9]*)\s+of\s+)?");
            text(&format!(r"\s*{count}{group}\s*"))
        }
        Form::Sets => text(&format!(r"\s*{CODE}\s*(?:,\s*{CODE}\s*)*")),
        Form::FieldType => {
            let plain = PLAIN.map(|(word, _)| word).join("|");
            let codes = format!(r"one\s+of(?:\s+{CODE})+");
            let seat = format!(r"participant(?:\s+of\s+{group})?");
            let matter = format!(r"matter(?:\s+of\s+{CODE}(?:\s+in(?:\s+{CODE},*)+)?)?");
            text(&format!(r"\s*(?:(?:optional|several)\s+)*(?:{plain}|{codes}|{seat}|{matter})\s*"))
        }
        Form::Phrase => {
            let moment = format!(r"{CODE}(?:\.start|\.end)?");
            text(&format!("at {moment}|{} (?:after|before) {moment}", length()))
        }
        Form::Path => text(r"(?:state|rest|end|field|open|step)\.[^.]+|step\.[^.]+\.[a-z_]+|[a-z_]+"),
        Form::List { of: item, least, once } => list(of(item), *least, *once),
        Form::OneOrList { of: item, least, once } => {
            json!({"anyOf": [of(item), list(of(item), *least, *once)]})
        }
        Form::Either(forms) => json!({"anyOf": forms.iter().map(of).collect::<Vec<_>>()}),
        Form::Table(table) => of_table(table).into(),
        Form::OneKey(table) => {
            let mut schema = of_table(table);
            schema.insert("minProperties".to_owned(), json!(1));
            schema.insert("maxProperties".to_owned(), json!(1));
            schema.into()
        }
    }
}
