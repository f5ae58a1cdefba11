//! The form of an instrument as a JSON Schema (draft 2020-12), for editors: made of the keys that the reader takes.
//!
//! A file that it refuses, the reader refuses. The reader, and the linter after it, refuse more: what a form can't say
//! (whether a state exists, whether somebody is left waiting), and characters that are hidden in comments.

use serde_json::{Map, Value, json};

use crate::keys::{
    FILE, Form, Key, OPEN_MUST, PROCEDURE, PROCEDURE_MUST, PROCEDURES, Rule, STEP, STEP_MUST, Table,
};

/// The dialect that it is written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A code, and a length from a minute, as parts of patterns.
const CODE: &str = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";
const LENGTH: &str = "[1-9][0-9]{0,6}(?:min|h|d)";
/// Controls but line breaks, and what is not seen and lets a line read otherwise than it is.
const HIDDEN: &str = r"\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}";

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
    let defined = shared().into_iter().map(|(name, form)| (name.to_owned(), inline(form)));
    let mut defined: Map<String, Value> = defined.collect();
    defined.insert("procedure".to_owned(), of_table(&PROCEDURE).into());
    defined.insert("step".to_owned(), of_table(&STEP).into());
    schema.insert("$defs".to_owned(), defined.into());
    schema.into()
}

/// Forms that stand once under `$defs`, and what they are called there.
fn shared() -> [(&'static str, &'static Form); 8] {
    [
        ("line", &Form::Line),
        ("paragraph", &Form::Paragraph),
        ("code", &Form::Code(&[])),
        ("decider", &Form::Decider),
        ("phrase", &Form::Phrase),
        ("hash", &Form::Hash),
        ("language", &Form::Language),
        ("field-type", &Form::FieldType),
    ]
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
    let others = table.names.as_ref().map_or(json!(false), |names| of(&names.value));
    schema.insert("additionalProperties".to_owned(), others);
    if let Some(names) = &table.names {
        let chosen = of(&names.name);
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
    let mut schema = of(&key.form);
    schema["description"] = json!(key.says);
    schema
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

/// A form, by its name where it has one.
fn of(form: &'static Form) -> Value {
    let name = match form {
        Form::Table(table) if std::ptr::eq(*table, &raw const PROCEDURE) => Some("procedure"),
        Form::Table(table) if std::ptr::eq(*table, &raw const STEP) => Some("step"),
        Form::Line => Some("line"),
        Form::Paragraph => Some("paragraph"),
        Form::Code([]) => Some("code"),
        Form::Decider => Some("decider"),
        Form::Phrase => Some("phrase"),
        Form::Hash => Some("hash"),
        Form::Language => Some("language"),
        Form::FieldType => Some("field-type"),
        _ => None,
    };
    name.map_or_else(|| inline(form), |name| json!({"$ref": format!("#/$defs/{name}")}))
}

fn text(pattern: &str) -> Value {
    json!({"type": "string", "pattern": format!("^(?:{pattern})$")})
}

/// Words of white space between parts, as the reader takes them.
fn spaced(parts: &[&str]) -> String {
    parts.join(r"\s+")
}

fn inline(form: &'static Form) -> Value {
    let set = spaced(&[CODE, &format!("other\\s+than\\s+{CODE}")]);
    let group = format!("(?:{CODE}|{set})");
    match form {
        Form::Line => json!({
            "type": "string", "minLength": 1, "maxLength": 200,
            "pattern": format!(r"^[^\n{HIDDEN}]*[^\s{HIDDEN}][^\n{HIDDEN}]*$"),
        }),
        Form::Paragraph => json!({
            "type": "string", "minLength": 1, "maxLength": 4000,
            "pattern": format!(r"^[^{HIDDEN}]*[^\s{HIDDEN}][^{HIDDEN}]*$"),
        }),
        Form::Flag => json!({"type": "boolean"}),
        Form::Count { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
        Form::Code([]) => text(CODE),
        Form::Code(but) => {
            let mut schema = text(CODE);
            schema["not"] = json!({"enum": but});
            schema
        }
        Form::Words(words) => json!({"type": "string", "enum": words()}),
        Form::Length { zero: false } => text(LENGTH),
        Form::Length { zero: true } => text(&format!("0(?:min|h|d)|{LENGTH}")),
        Form::Zone => text(concat!(
            r"\+(?:0[0-9]|1[0-3]):[0-5][0-9]|\+14:00",
            "|-00:(?:0[1-9]|[1-5][0-9])|-(?:0[1-9]|1[01]):[0-5][0-9]|-12:00",
        )),
        Form::Day => text("[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"),
        Form::Hash => text("[0-9a-f]{64}"),
        Form::Reference => text("[A-Z]{3,5}"),
        Form::Language => json!({
            "type": "string", "pattern": "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", "maxLength": 35,
        }),
        Form::Decider => {
            let count = r"(?:(?:any|all|most|quorum|chair|[1-9][0-9]*)\s+of\s+)?";
            text(&format!(r"\s*{count}{group}\s*"))
        }
        Form::Sets => text(&format!(r"\s*{CODE}\s*(?:,\s*{CODE}\s*)*")),
        Form::FieldType => {
            let plain = "count|instant|window|place|area|provision|text";
            let codes = format!(r"one\s+of(?:\s+{CODE})+");
            let seat = format!(r"participant(?:\s+of\s+{group})?");
            let matter = format!(r"matter(?:\s+of\s+{CODE}(?:\s+in(?:\s+{CODE},*)+)?)?");
            text(&format!(r"\s*(?:(?:optional|several)\s+)*(?:{plain}|{codes}|{seat}|{matter})\s*"))
        }
        Form::Phrase => {
            let moment = format!(r"{CODE}(?:\.start|\.end)?");
            text(&format!("at {moment}|{LENGTH} (?:after|before) {moment}"))
        }
        Form::Path => text(r"(?:state|rest|end|field|open|step)\.[^.]+|step\.[^.]+\.[a-z_]+|[a-z_]+"),
        Form::List { of: item, least, once } => {
            json!({"type": "array", "items": of(item), "minItems": least, "uniqueItems": once})
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
