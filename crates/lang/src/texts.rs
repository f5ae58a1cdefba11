//! The messages of a language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::language::{LANGUAGES, Language};

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

/// The messages of one language.
pub struct Texts {
    language: &'static Language,
    bundle: FluentBundle<FluentResource>,
}

static ALL: [OnceLock<Texts>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];

impl Texts {
    /// The messages of a language.
    #[must_use]
    pub fn of(language: &'static Language) -> &'static Texts {
        let place = LANGUAGES.iter().position(|known| known.tag == language.tag).unwrap_or(0);
        ALL[place].get_or_init(|| Texts::read(&LANGUAGES[place]))
    }

    /// Reads them. A test shows that nothing is wrong with what is shipped; what is, is left out.
    fn read(language: &'static Language) -> Texts {
        let id: LanguageIdentifier = language.tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        for (_, text) in language.files {
            let resource =
                FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Texts { language, bundle }
    }

    /// Whose they are.
    #[must_use]
    pub const fn language(&self) -> &'static Language {
        self.language
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
            Texts::of(&LANGUAGES[0]).own(id, args).filter(|_| self.language.tag != LANGUAGES[0].tag)
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
