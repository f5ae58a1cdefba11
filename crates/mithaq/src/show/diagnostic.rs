//! What is wrong with a person's file, drawn at its place.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use terms::{Diagnostic, Severity};

use super::error::{aside, is_coloured};
use super::text::marked;

/// Draws all diagnostics of a file, on the standard error.
pub(crate) fn print(path: &str, source: &str, diagnostics: &[Diagnostic]) {
    aside(drawn(path, source, diagnostics, is_coloured(&std::io::stderr())));
}

/// The text of diagnostics.
pub(crate) fn drawn(path: &str, source: &str, diagnostics: &[Diagnostic], coloured: bool) -> String {
    let source = shown(source);
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
        let mut group = if diagnostic.labels.is_empty() {
            Group::with_title(title)
        } else {
            let kinds =
                std::iter::once(AnnotationKind::Primary).chain(std::iter::repeat(AnnotationKind::Context));
            let annotations = kinds.zip(&diagnostic.labels).map(|(kind, label)| {
                let label_text = (!label.text.is_empty()).then_some(label.text.as_str());
                kind.span(label.span.clone()).label(label_text)
            });
            title.element(Snippet::source(source.as_str()).path(path).annotations(annotations))
        };
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        text.push_str(&renderer.render(&[group]));
        text.push_str("\n\n");
    }
    text
}

/// The source without what a terminal would obey, each character as long as before, so that places stay.
fn shown(source: &str) -> String {
    marked(source)
        .map(|(c, is_hidden)| match (c, c.len_utf8()) {
            ('\n' | '\t', _) => c,
            (c, _) if !is_hidden => c,
            (_, 1) => '?',
            (_, 2) => '\u{b7}',
            (_, 3) => '\u{fffd}',
            // No sign of four bytes is drawn everywhere; this one says at least that something was there.
            _ => '\u{1f6ab}',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use terms::Label;

    use super::*;

    #[test]
    fn places_stay_where_characters_are_hidden() {
        let source = "name = \"a\u{202e}b\"\norder = \"x\u{61c}\"\n";
        assert_eq!(shown(source).len(), source.len());
        assert!(!marked(&shown(source)).any(|(c, is_hidden)| c != '\n' && is_hidden));
        let at = source.find("\"x").unwrap();
        let found =
            Diagnostic::error("instrument::test", "a thing", Label::at(at..at + 2, "here")).help("do it");
        insta::assert_snapshot!(drawn("river.toml", source, &[found], false));
    }
}
