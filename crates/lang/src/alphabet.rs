//! In which order a language puts names (Unicode's collation, with CLDR's rules for each language).

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;

use crate::Language;

/// The alphabet of a language.
#[derive(Debug)]
pub struct Alphabet(Option<CollatorBorrowed<'static>>);

impl Alphabet {
    /// The alphabet in which a language's readers look for names.
    #[must_use]
    pub fn of(language: &Language) -> Alphabet {
        let locale: Locale = language.tag.parse().unwrap_or(Locale::UNKNOWN);
        Alphabet(Collator::try_new(locale.into(), CollatorOptions::default()).ok())
    }

    /// Which of two names stands first.
    #[must_use]
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.0.as_ref().map_or_else(|| a.cmp(b), |collator| collator.compare(a, b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LANGUAGES;

    #[test]
    fn each_language_has_its_own_order() {
        let sorted = |tag: &str, names: &[&str]| {
            let language = LANGUAGES.iter().find(|known| known.tag == tag).expect("a language");
            let alphabet = Alphabet::of(language);
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort_by(|a, b| alphabet.compare(a, b));
            names
        };
        // Unicode's numbers would put capitals before small letters, and پ and ٹ behind و.
        assert_eq!(sorted("en", &["south", "Ford", "été", "harbour"]), ["été", "Ford", "harbour", "south"]);
        assert_eq!(sorted("ur", &["ولی", "ٹوپی", "پل", "جنوب"]), ["پل", "ٹوپی", "جنوب", "ولی"]);
    }
}
