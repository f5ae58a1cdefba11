//! Instruments, and the folding of names.

use instrument::{folding, library, read, sound, terms};
use terms::{Diagnostic, Severity};

pub(crate) fn instrument(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let library = library::shipped();
    let (read, diagnostics) = read(text, &library);
    let wrong = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let sound = sound(text, &library).is_ok();
    assert_eq!(sound, read.is_some() && !wrong);
    assert!(terms(text).is_ok() || !sound, "the terms of a sound instrument are sound");
    assert!(read.is_some() || wrong, "nothing was understood, and nothing is wrong");
    told(text, &diagnostics);
    if let Some(instrument) = read.filter(|_| !wrong) {
        let list = instrument.exclusion_list();
        for (id, group) in &instrument.excluded {
            let names = [id.as_str(), &group.names.text].into_iter();
            for name in names.chain(group.aliases.iter().map(String::as_str)) {
                assert!(list.names(name).is_some(), "`{name}` is excluded, and not found");
            }
        }
        for id in instrument.participants.keys() {
            assert!(list.names(id.as_str()).is_none(), "`{id}` takes part, and is excluded");
        }
    }
}

/// What is wrong has a code of the list, and stands in the text.
fn told(text: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        assert!(instrument::CODES.contains(&diagnostic.code), "{}", diagnostic.code);
        assert!(!diagnostic.message.is_empty());
        for label in &diagnostic.labels {
            let span = &label.span;
            assert!(span.start <= span.end && span.end <= text.len(), "{span:?} of {}", text.len());
            assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{span:?}");
        }
    }
}

pub(crate) fn folding(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let folded = folding::fold(text);
    assert_eq!(folding::fold(&folded), folded, "folded is folded");
    assert_eq!(folding::key(&folded), folding::key(text));
    assert!(!folded.starts_with(' ') && !folded.ends_with(' ') && !folded.contains("  "));
    assert!(folded.len() <= 64 + 32 * text.len());
}
