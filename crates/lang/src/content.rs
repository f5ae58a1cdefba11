//! Languages that content may be in, of which the program's own words are in a few only.

use crate::Direction;

/// What a language calls itself, by its tag; the rest show their tag.
const NAMES: [(&str, &str); 14] = [
    ("ar", "العربية"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("prs", "دری"),
    ("ps", "پښتو"),
    ("ru", "Русский"),
    ("tr", "Türkçe"),
    ("ur", "اردو"),
    ("zh", "中文"),
];

/// Languages that are written from the right where nothing says another script.
const FROM_THE_RIGHT: [&str; 12] =
    ["ar", "bal", "ckb", "dv", "fa", "he", "prs", "ps", "sd", "ug", "ur", "yi"];

/// Scripts that are.
const SCRIPTS: [&str; 5] = ["Arab", "Aran", "Hebr", "Nkoo", "Thaa"];

/// What a language calls itself, by its tag of BCP 47; where nobody has written it down here, the tag.
#[must_use]
pub fn own_name(tag: &str) -> &str {
    let known = NAMES.iter().find(|(known, _)| *known == tag);
    known.map_or(tag, |(_, name)| name)
}

/// Which way a line of it runs, by its script or by its language.
#[must_use]
pub fn direction(tag: &str) -> Direction {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let is_from_right = match parts.find(|part| part.len() == 4) {
        Some(script) => SCRIPTS.iter().any(|known| known.eq_ignore_ascii_case(script)),
        None => FROM_THE_RIGHT.contains(&language),
    };
    if is_from_right { Direction::RightToLeft } else { Direction::LeftToRight }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_run_by_script_and_else_by_language() {
        for (tag, says) in [
            ("ur", "rtl"),
            ("en", "ltr"),
            ("ps-AF", "rtl"),
            ("ar-Latn", "ltr"),
            ("pa-Arab", "rtl"),
            ("", "ltr"),
        ] {
            assert_eq!(direction(tag).as_str(), says, "{tag}");
        }
        assert_eq!((own_name("prs"), own_name("tlh")), ("دری", "tlh"));
    }
}
