//! `docs/vectors/folding.json`: the whole table of version 1, for who compares names in another program.
//! `MITHAQ_BLESS=1` writes it; else it must be what this program writes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use instrument::folding::{fold, key};
use serde_json::{Value, json};

/// What becomes of a character between two letters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Becomes {
    Itself,
    Nothing,
    Separator,
    Letters(String),
}

fn becomes(c: char) -> Becomes {
    let folded = fold(&format!("bb{c}bb"));
    match folded.strip_prefix("bb").and_then(|rest| rest.strip_suffix("bb")) {
        Some("") => Becomes::Nothing,
        Some(" ") => Becomes::Separator,
        Some(letters) if letters.chars().eq([c]) => Becomes::Itself,
        found => Becomes::Letters(found.unwrap_or_default().to_owned()),
    }
}

/// `0300-036F`, one range a string.
fn ranges(characters: &[char]) -> Vec<String> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for c in characters {
        let c = u32::from(*c);
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == c => *last = c,
            _ => ranges.push((c, c)),
        }
    }
    let range = |(from, to): (u32, u32)| {
        if from == to { format!("{from:04X}") } else { format!("{from:04X}-{to:04X}") }
    };
    ranges.into_iter().map(range).collect()
}

#[test]
fn the_whole_table() {
    let mut table: BTreeMap<Becomes, Vec<char>> = BTreeMap::new();
    for c in '\0'..=char::MAX {
        table.entry(becomes(c)).or_default().push(c);
    }
    let mut letters = serde_json::Map::new();
    for (becomes, characters) in &table {
        if let Becomes::Letters(to) = becomes {
            assert!(!to.is_empty());
            letters.insert(to.clone(), ranges(characters).into());
        }
    }
    let names: Vec<Value> = [
        "Tehrīk-i-Ṭālibān  PAKİSTAN",
        "Tehrik e Taliban",
        "e Taliban",
        "banned T.T.P.",
        "the banned",
        "the the",
        "a e b",
        "T T P Pakistan",
        "Da\u{2019}esh",
        "Straße Ærø Œuvre Þing Łódź",
        "کالعدم تحریک",
        "کالعدم\u{200C}تحریک",
        "کالعدم",
        "کالعدمت",
        "أحمد إلى آخر مؤمن مسؤول",
        "٠١٢٣ ۰۱۲۳",
        "  - ",
        "ТТП 日本",
    ]
    .iter()
    .map(|name| json!({"name": name, "folded": fold(name), "key": key(name)}))
    .collect();
    let document = json!({
        "about": "Names of excluded groups are compared by their keys (FORMATS.md, chapter 17). The table is whole: \
                  a character that stands in none of it stays. Code points in hex, ranges with both ends.",
        "vectors": {
            "nothing": ranges(&table[&Becomes::Nothing]),
            "separators": ranges(&table[&Becomes::Separator]),
            "letters": letters,
            "names": names,
        }
    });
    let expected =
        serde_json::to_string_pretty(&document).expect("JSON").replace('\u{200C}', "\\u200c") + "\n";
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "vectors", "folding.json"].iter().collect();
    if std::env::var_os("MITHAQ_BLESS").is_some() {
        std::fs::write(&path, expected).expect("the file is written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/vectors/folding.json differs: run with MITHAQ_BLESS=1, and read the change"
    );
}
