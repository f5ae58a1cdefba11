//! Where the page of a kind of matter is: its word in the plural, as English forms it (PRACTICE §5 has the paths).

use docket::v1::Replay;
use terms::Code;

use crate::index::Index;

/// `incidents` for `incident`.
pub(crate) fn of_kind(kind: &Code) -> String {
    let kind = kind.as_str();
    let vowel = |letter: Option<char>| letter.is_some_and(|letter| "aeiou".contains(letter));
    if let Some(stem) = kind.strip_suffix('y').filter(|stem| !vowel(stem.chars().last())) {
        format!("{stem}ies")
    } else if let Some(stem) = kind.strip_suffix("fe") {
        format!("{stem}ves")
    } else if ["s", "x", "ch", "sh"].iter().any(|end| kind.ends_with(end)) {
        format!("{kind}es")
    } else {
        format!("{kind}s")
    }
}

/// The kind whose page stands at a path. One that an amendment took away has its page as long as it has matters.
pub(crate) fn kind_at<'r>(replay: &'r Replay, index: &'r Index, path: &str) -> Option<&'r Code> {
    let known = replay.instrument().procedures.keys().find(|kind| of_kind(kind) == path);
    let gone = || index.kinds().map(|(kind, _)| kind).find(|kind| of_kind(kind) == path);
    known.or_else(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_in_the_plural() {
        let of = |kind: &str| of_kind(&Code::new(kind).expect("a code"));
        assert_eq!(of("incident"), "incidents");
        assert_eq!(of("remedy"), "remedies");
        assert_eq!(of("life"), "lives");
        assert_eq!(of("crossing"), "crossings");
        assert_eq!(of("stand-by"), "stand-bies");
        assert_eq!(of("survey"), "surveys");
    }

    /// What the desk's own pages are called.
    const OWN: [&str; 18] = [
        "agreement",
        "record",
        "search",
        "new",
        "unsigned",
        "sign",
        "feed",
        "watch",
        "worklist",
        "good-offices",
        "memo",
        "settings",
        "directory",
        "views",
        "held",
        "access",
        "alerts",
        "events",
    ];

    #[test]
    fn no_two_kinds_of_an_agreement_share_a_path() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../instruments");
        let mut read = 0;
        for file in std::fs::read_dir(folder).expect("the instruments are there") {
            let path = file.expect("it can be listed").path();
            let Ok(instrument) = instrument::terms(&std::fs::read_to_string(&path).expect("it can be read"))
            else {
                continue;
            };
            let kinds = &instrument.procedures;
            let paths: std::collections::BTreeSet<String> = kinds.keys().map(of_kind).collect();
            assert_eq!(paths.len(), kinds.len(), "{}", path.display());
            assert!(OWN.iter().all(|own| !paths.contains(*own)), "{}", path.display());
            read += 1;
        }
        assert!(read >= 4, "{read} instruments were read");
    }
}
