//! The messages of a language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::alphabet::Alphabet;
use crate::language::{Direction, LANGUAGES, Language};
use crate::manner::{Calendar, Digits, Manner};
use crate::procedures::Procedures;

/// What stands in a message's place.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// Words, which are kept apart from the direction of what is around them.
    Text(&'a str),
    /// A number, which chooses the form of the words beside it.
    Number(u64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Arg<'static> {
        Arg::Number(number)
    }
}

type Bundle = FluentBundle<FluentResource>;

/// The messages of one language, as somebody reads dates and numbers.
pub struct Texts {
    language: &'static Language,
    manner: Manner,
    bundle: &'static Bundle,
    alphabet: &'static Alphabet,
    procedures: &'static Procedures,
}

const DIGITS: usize = Digits::ALL.len();
/// Each main calendar, with none beside it or one of them.
const MANNERS: usize = Calendar::ALL.len() * (Calendar::ALL.len() + 1) * DIGITS;

static BUNDLES: [[OnceLock<Bundle>; DIGITS]; LANGUAGES.len()] =
    [const { [const { OnceLock::new() }; DIGITS] }; LANGUAGES.len()];
static ALPHABETS: [OnceLock<Alphabet>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
static PROCEDURES: [OnceLock<Procedures>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
static ALL: [[OnceLock<Texts>; MANNERS]; LANGUAGES.len()] =
    [const { [const { OnceLock::new() }; MANNERS] }; LANGUAGES.len()];

impl Texts {
    /// The messages of a language, with Gregorian dates and the digits 0–9.
    #[must_use]
    pub fn of(language: &'static Language) -> &'static Texts {
        Texts::read_as(language, Manner::default())
    }

    /// The messages of a language, as somebody reads dates and numbers.
    #[must_use]
    pub fn read_as(language: &'static Language, manner: Manner) -> &'static Texts {
        let place = LANGUAGES.iter().position(|known| known.tag == language.tag).unwrap_or(0);
        let at = |calendar: Calendar| Calendar::ALL.iter().position(|known| *known == calendar).unwrap_or(0);
        let digits = Digits::ALL.iter().position(|known| *known == manner.digits).unwrap_or(0);
        let beside = manner.beside.map_or(0, |beside| at(beside) + 1);
        let which = (at(manner.main) * (Calendar::ALL.len() + 1) + beside) * DIGITS + digits;
        ALL[place][which].get_or_init(|| {
            let language = &LANGUAGES[place];
            let bundle = BUNDLES[place][digits].get_or_init(|| read(language, manner.digits));
            let alphabet = ALPHABETS[place].get_or_init(|| Alphabet::of(language));
            let procedures = PROCEDURES[place].get_or_init(|| Procedures::of(language));
            Texts { language, manner, bundle, alphabet, procedures }
        })
    }

    /// Whose they are.
    #[must_use]
    pub const fn language(&self) -> &'static Language {
        self.language
    }

    /// In which order its readers look for names.
    #[must_use]
    pub const fn alphabet(&self) -> &'static Alphabet {
        self.alphabet
    }

    /// What the library's procedures say in it.
    #[must_use]
    pub const fn procedures(&self) -> &'static Procedures {
        self.procedures
    }

    /// How dates and numbers are read.
    #[must_use]
    pub const fn manner(&self) -> Manner {
        self.manner
    }

    /// A number, in the reader's digits.
    #[must_use]
    pub fn number(&self, number: u64) -> String {
        self.manner.digits.number(number)
    }

    /// Parts in a row. In a line from right to left each is kept apart from the others, so that a number stays with its own, and
    /// the row runs as the line does, whatever its first part is in. Of no parts it is empty, without a mark.
    #[must_use]
    pub fn series<P: AsRef<str>>(&self, parts: &[P]) -> String {
        if parts.is_empty() {
            return String::new();
        }
        let parts = parts.iter().map(AsRef::as_ref);
        match self.language.direction {
            Direction::LeftToRight => parts.collect::<Vec<_>>().join(self.language.comma),
            Direction::RightToLeft => {
                let apart: Vec<String> = parts.map(|part| format!("\u{2068}{part}\u{2069}")).collect();
                format!("\u{200f}{}", apart.join(self.language.comma))
            }
        }
    }

    /// A message. One that this language lacks comes in the first language; one that is nowhere, as its name.
    #[must_use]
    pub fn say(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.find(id, args).unwrap_or_else(|| id.to_owned())
    }

    /// The same, where there may be none.
    #[must_use]
    pub fn find(&self, id: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let own = self.own(id, args);
        own.or_else(|| {
            Texts::read_as(&LANGUAGES[0], self.manner)
                .own(id, args)
                .filter(|_| self.language.tag != LANGUAGES[0].tag)
        })
    }

    /// Whether this language itself has a message.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.bundle.get_message(id).is_some_and(|message| message.value().is_some())
    }

    fn own(&self, id: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            values.set(
                *name,
                match arg {
                    Arg::Text(text) => FluentValue::from(*text),
                    Arg::Number(number) => FluentValue::from(*number),
                },
            );
        }
        // What can't be filled in is shown as its name; a test fills in each.
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned())
    }
}

/// Reads them. A test shows that nothing is wrong with what is shipped; what is, is left out.
fn read(language: &'static Language, digits: Digits) -> Bundle {
    let id: LanguageIdentifier = language.tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    for (_, text) in language.files {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle.set_formatter(match digits {
        Digits::Western => None,
        Digits::Arabic => Some(|value, _| number_in(value, Digits::Arabic)),
        Digits::Persian => Some(|value, _| number_in(value, Digits::Persian)),
    });
    bundle
}

fn number_in(value: &FluentValue<'_>, digits: Digits) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let whole = number.as_string().parse().ok()?;
    Some(digits.number(whole))
}
