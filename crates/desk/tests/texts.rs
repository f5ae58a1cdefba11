//! Every message that a page asks for is there, and every one that is there is asked for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lang::{LANGUAGES, Texts};

/// The texts of all files below a folder.
fn files(folder: &Path, all: &mut String) {
    for file in fs::read_dir(folder).expect("a folder") {
        let path = file.expect("it can be listed").path();
        if path.is_dir() {
            files(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs" || end == "html") {
            all.push_str(&fs::read_to_string(&path).expect("it can be read"));
        }
    }
}

/// Whatever stands in quotes and may be the name of a message.
fn quoted(text: &str) -> BTreeSet<&str> {
    let is_name = |part: &&str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.split('"').filter(is_name).collect()
}

/// What follows a call that takes the name of a message.
fn asked(text: &str) -> BTreeSet<&str> {
    let calls = ["shell.t(\"", "shell.with(\"", "shell.count(\"", "texts.say(\"", "say(\"", "count(\""];
    let mut asked = BTreeSet::new();
    for call in calls {
        for rest in text.split(call).skip(1) {
            asked.extend(rest.split('"').next());
        }
    }
    asked
}

#[test]
fn what_pages_ask_for_is_there_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    for folder in ["src", "templates"] {
        files(&root.join(folder), &mut text);
    }
    let texts = Texts::of(&LANGUAGES[0]);
    let asked = asked(&text);
    assert!(asked.len() > 40, "the files were read");
    let missing: Vec<_> = asked.iter().filter(|id| !texts.has(id)).collect();
    assert!(missing.is_empty(), "no language has {missing:?}");
    let quoted = quoted(&text);
    let of = |file: &str| {
        fs::read_to_string(root.join("../lang/texts/en").join(file)).expect("the texts are there")
    };
    let written =
        ["agreement.ftl", "desk.ftl", "evidence.ftl", "map.ftl", "private.ftl", "record.ftl", "relief.ftl"]
            .map(of)
            .concat();
    let named = written.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id);
    let unused: Vec<&str> =
        named.filter(|id| !id.starts_with(' ') && !id.starts_with('#') && !quoted.contains(id)).collect();
    assert!(unused.is_empty(), "no page asks for {unused:?}");
}
