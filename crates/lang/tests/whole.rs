//! Every language has every message, with the same places to fill in, and nothing in a file is lost.

#![expect(clippy::panic, reason = "a test says what it found")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};
use fluent_syntax::parser::parse;
use lang::{Arg, LANGUAGES, Texts};

type Places = BTreeSet<String>;

fn of_pattern(elements: &[PatternElement<String>], places: &mut Places) {
    for element in elements {
        if let PatternElement::Placeable { expression } = element {
            let inline = match expression {
                Expression::Inline(inline) => inline,
                Expression::Select { selector, variants } => {
                    variants.iter().for_each(|variant| of_pattern(&variant.value.elements, places));
                    selector
                }
            };
            match inline {
                InlineExpression::VariableReference { id } => drop(places.insert(id.name.clone())),
                // What a button or a page is called, where another text speaks of it.
                InlineExpression::MessageReference { id, attribute: None } => {
                    places.insert(format!("message {}", id.name));
                }
                // A mark of direction.
                InlineExpression::StringLiteral { .. } => {}
                other => panic!("a text uses {other:?}, which nobody here has thought of"),
            }
        }
    }
}

/// The messages of a language's files, each with its places.
fn messages(tag: &str) -> BTreeMap<String, Places> {
    let mut all = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts").join(tag);
    for file in fs::read_dir(folder).expect("the language has a folder") {
        let path = file.expect("it can be listed").path();
        let text = fs::read_to_string(&path).expect("it can be read");
        let resource = parse(text).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let mut places = Places::new();
                    of_pattern(&message.value.expect("a message says something").elements, &mut places);
                    let before = all.insert(message.id.name.clone(), places);
                    assert!(before.is_none(), "{tag}: `{}` stands twice", message.id.name);
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                other => panic!("{}: {other:?}", path.display()),
            }
        }
    }
    all
}

#[test]
fn every_language_says_everything() {
    let first = messages(LANGUAGES[0].tag);
    assert!(first.len() > 100, "the files were read");
    for language in &LANGUAGES[1..] {
        let other = messages(language.tag);
        let missing: Vec<_> = first.keys().filter(|id| !other.contains_key(*id)).collect();
        let unknown: Vec<_> = other.keys().filter(|id| !first.contains_key(*id)).collect();
        assert!(
            missing.is_empty() && unknown.is_empty(),
            "{}: lacks {missing:?}, only there {unknown:?}",
            language.tag
        );
        for (id, places) in &first {
            let spoken_of = places.iter().filter_map(|place| place.strip_prefix("message "));
            for other in spoken_of {
                assert!(first.contains_key(other), "`{id}` speaks of `{other}`, which says nothing");
            }
            assert_eq!(places, &other[id], "{}: `{id}` has other places to fill in", language.tag);
        }
    }
}

#[test]
fn every_message_is_in_the_program() {
    for language in &LANGUAGES {
        let texts = Texts::of(language);
        for id in messages(language.tag).keys() {
            assert!(texts.has(id), "{}: `{id}` is in a file that the program does not read", language.tag);
        }
    }
}

/// Words from outside can't turn the line around them: each stands between marks of isolation.
#[test]
fn what_is_filled_in_is_isolated() {
    for language in &LANGUAGES {
        let said = Texts::of(language).say("asked-title", &[("who", Arg::Text("کابل abc"))]);
        assert!(said.contains("\u{2068}کابل abc\u{2069}"), "{said:?}");
    }
}

#[test]
fn parts_in_a_row_stay_apart() {
    let [en, ur] = [0, 1].map(|at| Texts::of(&LANGUAGES[at]).series(&["24P UR 77 78", "5 جنوری"]));
    assert_eq!(en, "24P UR 77 78, 5 جنوری");
    // Else the day would join the grid, and its month would not.
    assert_eq!(ur, "\u{200f}\u{2068}24P UR 77 78\u{2069}، \u{2068}5 جنوری\u{2069}");

    for language in &LANGUAGES {
        assert_eq!(Texts::of(language).series::<&str>(&[]), "", "{}: of nothing", language.tag);
    }
}

#[test]
fn what_is_nowhere_is_shown_by_its_name() {
    assert_eq!(Texts::of(&LANGUAGES[1]).say("no-such-message", &[]), "no-such-message");
}
