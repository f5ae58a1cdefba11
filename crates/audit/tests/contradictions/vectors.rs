//! The cases as files, for verifiers that are not ours: `docs/vectors/contradictions`.
//!
//! `MITHAQ_BLESS=1 cargo test -p mithaq-audit --test contradictions vectors` writes them anew.

use std::path::PathBuf;

use audit::Expected;
use audit::contradiction::confirm;
use serde_json::{Value, json};

use crate::CASES;
use crate::register::World;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/vectors/contradictions")
}

/// One case a line, so that a change shows as one.
fn index() -> String {
    let expected = |expected: &Expected| match expected {
        Expected::Genesis(hash) => hash.to_string(),
        Expected::Voice(name) => name.to_string(),
        Expected::Any | Expected::OneOf(_) => unreachable!("each case names its register"),
    };
    let entry = |case: &crate::cases::Case| {
        let mut entry =
            json!({ "file": format!("{}.json", case.name), "register": expected(&case.expected) });
        match confirm(&case.file, &case.expected) {
            Ok(conviction) => {
                entry["convicts"] = json!(case.verdict);
                entry["sentence"] = json!(conviction.sentence());
            }
            Err(_) => entry["unconfirmed"] = json!(case.verdict),
        }
        entry
    };
    let lines: Vec<String> = CASES.iter().map(|case| format!("  {}", entry(case))).collect();
    let register = World::usual().hash().to_string();
    let head = json!(
        "what each file convicts, in the register named beside it; `unconfirmed` says why it convicts nobody"
    );
    format!(
        "{{\"about\":{head},\n\"register\":{},\n\"cases\":[\n{}\n]}}\n",
        Value::from(register),
        lines.join(",\n")
    )
}

#[test]
fn vectors_are_what_the_code_says() {
    let folder = folder();
    let wanted: Vec<(String, Vec<u8>)> = CASES
        .iter()
        .map(|case| (format!("{}.json", case.name), case.file.clone()))
        .chain([("index.json".to_owned(), index().into_bytes())])
        .collect();
    if std::env::var_os("MITHAQ_BLESS").is_some() {
        std::fs::create_dir_all(&folder).expect("a folder");
        for old in std::fs::read_dir(&folder).expect("a folder").flatten() {
            if old.path().extension().is_some_and(|ext| ext == "json") {
                std::fs::remove_file(old.path()).expect("a file that can be replaced");
            }
        }
        for (name, bytes) in &wanted {
            std::fs::write(folder.join(name), bytes).expect("a file");
        }
    }
    for (name, bytes) in &wanted {
        let stored = std::fs::read(folder.join(name)).unwrap_or_default();
        assert!(stored == *bytes, "{name} is not what the code says; bless it if that is meant");
    }
    let stored = std::fs::read_dir(&folder).expect("a folder").flatten().count();
    assert_eq!(stored, wanted.len(), "a file too many in {}", folder.display());
    stored_vectors_have_their_verdicts();
}

/// As a stranger reads them: the index, and the files that it names.
fn stored_vectors_have_their_verdicts() {
    let text = std::fs::read_to_string(folder().join("index.json")).expect("an index");
    let index: Value = serde_json::from_str(&text).expect("JSON");
    for case in index["cases"].as_array().expect("a list") {
        let file = std::fs::read(folder().join(case["file"].as_str().expect("a name"))).expect("a file");
        let name = case["register"].as_str().expect("a register");
        let expected = terms::Hash::from_base64(name)
            .map(Expected::Genesis)
            .or_else(|| terms::VoiceName::parse(name).map(Expected::Voice))
            .expect("a register's name");
        let found = confirm(&file, &expected);
        assert_eq!(found.is_ok(), case["convicts"].is_string(), "{}", case["file"]);
        let said = case.get("convicts").or(case.get("unconfirmed")).and_then(Value::as_str);
        assert_eq!(Some(crate::cases::verdict(&found).as_str()), said);
    }
}
