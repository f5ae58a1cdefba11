//! A broken file for each thing that can be wrong, and what a person sees of it.

use std::fs;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, renderer::DecorStyle};
use terms::{Diagnostic, Severity};

/// Whether a code has a broken file of its own; `faults.rs` earns the others.
fn has_a_file(code: &&str) -> bool {
    let name = code.strip_prefix("instrument::").expect("a code of this crate");
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong").join(name).with_extension("toml").exists()
}

fn broken(code: &str) -> String {
    let name = code.strip_prefix("instrument::").expect("a code of this crate");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong").join(name).with_extension("toml");
    fs::read_to_string(path).expect("a broken file for each code")
}

/// As the binary draws it, without colour. Hidden characters of the source are shown as boxes.
fn drawn(source: &str, path: &str, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(&diagnostic.message)
        .id(diagnostic.code)
        .elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new());
    if !diagnostic.labels.is_empty() {
        let mut snippet = Snippet::source(source).path(path);
        for (at, label) in diagnostic.labels.iter().enumerate() {
            let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(label.span.clone());
            snippet = snippet.annotation(if label.text.is_empty() {
                annotation
            } else {
                annotation.label(&label.text)
            });
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::plain().decor_style(DecorStyle::Ascii).render(&[group])
}

#[test]
fn each_fault_is_earned_and_drawn() {
    for code in instrument::CODES.into_iter().filter(has_a_file) {
        let name = code.strip_prefix("instrument::").expect("a code of this crate");
        let source = broken(code);
        let (_, diagnostics) = instrument::read(&source, &instrument::library::shipped());
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == code), "{code}: {diagnostics:#?}");
        let path = format!("{name}.toml");
        let drawn: Vec<String> =
            diagnostics.iter().map(|diagnostic| drawn(&source, &path, diagnostic)).collect();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, drawn.join("\n\n"));
        });
    }
}

/// A broken file that is about one thing says only that.
#[test]
fn a_fault_draws_no_others_after_it() {
    for code in instrument::CODES.into_iter().filter(has_a_file) {
        let (_, diagnostics) = instrument::read(&broken(code), &instrument::library::shipped());
        let others: Vec<_> =
            diagnostics.iter().map(|diagnostic| diagnostic.code).filter(|other| *other != code).collect();
        assert_eq!(others, [""; 0], "{code}");
    }
}

#[test]
fn an_instrument_is_shown_in_some_language() {
    let text = include_str!("../../../instruments/exercise-two.toml");
    let (_, diagnostics) = instrument::read(
        &text.replace("languages = [\"en\"]", "languages = []"),
        &instrument::library::shipped(),
    );
    assert_eq!(diagnostics[0].code, "instrument::missing_key");
}

#[test]
fn a_hostile_file_is_soon_read() {
    let participants: String =
        (0..5_000).map(|n| format!("[participant.p{n}]\nrole = \"party\"\n")).collect();
    let holidays: String = (0..5_000).map(|n| format!("unknown-{n} = []\n")).collect();
    let (_, diagnostics) = instrument::read(
        &format!("{participants}[calendar.holidays]\n{holidays}"),
        &instrument::library::shipped(),
    );
    assert_eq!(diagnostics.len(), 1_000);
}

#[test]
fn warnings_alone_are_no_hindrance() {
    let library = instrument::library::shipped();
    assert!(instrument::sound(&broken("instrument::not_by_stick"), &library).is_ok());
    assert!(instrument::sound(&broken("instrument::no_zone"), &library).is_err());
}

mod any_text {
    use proptest::prelude::*;

    fn spans_are_sound(text: &str) {
        let (_, diagnostics) = instrument::read(text, &instrument::library::shipped());
        for diagnostic in diagnostics {
            for label in diagnostic.labels {
                assert!(text.get(label.span.clone()).is_some(), "{} at {:?}", diagnostic.code, label.span);
            }
        }
    }

    fn line() -> impl Strategy<Value = String> {
        let key = prop_oneof!["[a-z.]{0,8}", "name|zone|role|names|aliases|holidays|basis|languages"];
        let value = prop_oneof![
            "\"[^\"\\\\\n]{0,8}\"",
            "[0-9:+-]{1,10}",
            "\\[[^\n]{0,8}\\]?",
            "\\{[^\n]{0,12}\\}?",
            ".{0,6}"
        ];
        let table =
            prop_oneof!["instrument|calendar|participant.north|excluded.x|calendar.holidays", ".{0,8}"];
        prop_oneof![
            (key, value).prop_map(|(key, value)| format!("{key} = {value}\n")),
            table.prop_map(|table| format!("[{table}]\n")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn is_read(text in any::<String>()) {
            spans_are_sound(&text);
        }

        #[test]
        fn that_looks_like_an_instrument_is_read(lines in proptest::collection::vec(line(), 0..16)) {
            spans_are_sound(&lines.concat());
        }

        #[test]
        fn cut_anywhere_is_read(at in 0usize..2_000) {
            let whole = include_str!("../../../instruments/exercise-hand-over.toml");
            let at = (0..=at.min(whole.len())).rev().find(|&at| whole.is_char_boundary(at)).unwrap_or(0);
            spans_are_sound(&whole[..at]);
        }
    }
}
