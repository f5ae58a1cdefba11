//! What the library's procedures say in a language: files beside the library's own, by key (PROCEDURE §1).
//!
//! A sentence is given only for the library's own, word for word: what an instrument says otherwise is its own, and stays. What a
//! code is called is looked up in the procedure that the instrument's is like, then among the words that several have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use instrument::library::SHIPPED;
use toml::de::{DeTable, DeValue};

use crate::Language;

/// The file of words that several procedures have.
const WORDS: &str = "words";
/// The tables of states of the library.
const STATES: [&str; 3] = ["states", "rests", "ends"];

/// A sentence of a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sentence<'k> {
    /// What it is called.
    Title,
    /// What else is to be known of it.
    Says,
    /// What a state's page says first.
    State(&'k str),
    /// What a step's page says.
    Step(&'k str),
}

/// What the library's procedures say in one language.
#[derive(Debug, Default)]
pub struct Procedures {
    /// By the library's name.
    procedures: BTreeMap<&'static str, Own>,
    words: BTreeMap<String, String>,
    bodies: BTreeMap<String, String>,
    provisions: BTreeMap<String, String>,
}

/// What one of them says.
#[derive(Debug, Default)]
struct Own {
    /// The library's sentences, each with this language's.
    sentences: BTreeMap<(Which, String), (String, String)>,
    words: BTreeMap<String, String>,
}

/// Of which kind a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    Title,
    Says,
    State,
    Step,
}

impl Sentence<'_> {
    fn key(self) -> (Which, String) {
        match self {
            Sentence::Title => (Which::Title, String::new()),
            Sentence::Says => (Which::Says, String::new()),
            Sentence::State(name) => (Which::State, name.to_owned()),
            Sentence::Step(name) => (Which::Step, name.to_owned()),
        }
    }
}

impl Procedures {
    /// Reads a language's files. A test shows that nothing is wrong with what is shipped; what is, is left out.
    pub(crate) fn of(language: &Language) -> Procedures {
        let library = SHIPPED.iter().filter_map(|(name, text)| Some((*name, DeTable::parse(text).ok()?)));
        let library: BTreeMap<&str, _> = library.collect();
        let mut all = Procedures::default();
        for (name, text) in language.procedures {
            let Ok(file) = DeTable::parse(text) else { continue };
            let file = file.get_ref();
            if *name == WORDS {
                all.words = texts(table(file, "words"));
                all.bodies = texts(table(file, "bodies"));
                all.provisions = texts(table(file, "provisions"));
                continue;
            }
            let own = library.get(name).and_then(|own| table(table(own.get_ref(), "procedure")?, name));
            let own = own.map(sentences).unwrap_or_default().into_iter();
            let sentences = own.filter_map(|(which, own)| {
                let here = translated(file, &which)?.to_owned();
                Some((which, (own, here)))
            });
            let sentences = sentences.collect();
            all.procedures.insert(name, Own { sentences, words: texts(table(file, "words")) });
        }
        all
    }

    /// What a code is called in a procedure that is like this one of the library, or in one that is like none.
    #[must_use]
    pub fn word(&self, like: Option<&str>, code: &str) -> Option<&str> {
        let own = like.and_then(|like| self.procedures.get(like)?.words.get(code));
        own.or_else(|| self.words.get(code)).map(String::as_str)
    }

    /// What a sentence is in this language, if it is the library's own.
    #[must_use]
    pub fn sentence(&self, like: &str, which: Sentence<'_>, own: &str) -> Option<&str> {
        let (library, here) = self.procedures.get(like)?.sentences.get(&which.key())?;
        (library == own).then_some(here.as_str())
    }

    /// What a body that shipped instruments name is called.
    #[must_use]
    pub fn body(&self, name: &str) -> Option<&str> {
        self.bodies.get(name).map(String::as_str)
    }

    /// What a kind of provision is called.
    #[must_use]
    pub fn provision(&self, kind: &str) -> Option<&str> {
        self.provisions.get(kind).map(String::as_str)
    }
}

/// Whether a sentence is the library's own, word for word, which is in English whatever language an instrument has.
#[must_use]
pub fn is_of_library(like: &str, which: Sentence<'_>, own: &str) -> bool {
    static LIBRARY: LazyLock<BTreeMap<&str, Sentences>> = LazyLock::new(|| {
        let all = SHIPPED.iter().filter_map(|(name, text)| {
            let file = DeTable::parse(text).ok()?;
            Some((*name, sentences(table(table(file.get_ref(), "procedure")?, name)?)))
        });
        all.collect()
    });
    let known = LIBRARY.get(like).and_then(|sentences| sentences.get(&which.key()));
    known.is_some_and(|known| known == own)
}

/// Sentences, by what they are of.
type Sentences = BTreeMap<(Which, String), String>;

/// The sentences of a procedure of the library.
fn sentences(own: &DeTable<'_>) -> Sentences {
    let mut all = Sentences::new();
    let mut put = |which: Which, key: &str, text: Option<&str>| {
        all.extend(text.map(|text| ((which, key.to_owned()), text.to_owned())));
    };
    put(Which::Title, "", text(own, "title"));
    put(Which::Says, "", text(own, "says"));
    for states in STATES.iter().filter_map(|name| table(own, name)) {
        keys(states).into_iter().for_each(|key| put(Which::State, key, text(states, key)));
    }
    if let Some(steps) = table(own, "step") {
        keys(steps).into_iter().for_each(|key| {
            put(Which::Step, key, table(steps, key).and_then(|step| text(step, "says")));
        });
    }
    all
}

/// What stands in a language's file for one of them.
fn translated<'t>(file: &'t DeTable<'_>, (which, key): &(Which, String)) -> Option<&'t str> {
    match which {
        Which::Title => text(file, "title"),
        Which::Says => text(file, "says"),
        Which::State => STATES.iter().find_map(|name| text(table(file, name)?, key)),
        Which::Step => text(table(file, "steps")?, key),
    }
}

fn keys<'t>(table: &'t DeTable<'_>) -> BTreeSet<&'t str> {
    table.keys().map(|key| key.get_ref().as_ref()).collect()
}

fn table<'t, 'd>(of: &'t DeTable<'d>, key: &str) -> Option<&'t DeTable<'d>> {
    match of.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn text<'t>(of: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    match of.get(key)?.get_ref() {
        DeValue::String(text) => Some(text.as_ref()),
        _ => None,
    }
}

fn texts(of: Option<&DeTable<'_>>) -> BTreeMap<String, String> {
    let all = of.into_iter().flat_map(|of| keys(of).into_iter().map(move |key| (key, text(of, key))));
    all.filter_map(|(key, text)| Some((key.to_owned(), text?.to_owned()))).collect()
}
