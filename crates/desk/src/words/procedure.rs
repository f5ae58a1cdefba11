//! What a procedure says, in a reader's language: the library's sentences and codes as the files beside it have them, what an
//! instrument says otherwise as it stands.

use act::value::MatterRef;
use instrument::Procedure;
use lang::Sentence;
use lang::procedures::is_of_library;
use serde::Serialize;
use terms::Code;

use super::{Reader, word};

/// A sentence, and in which language it is, where that is not the page's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Speech {
    pub(crate) words: String,
    #[serde(skip)]
    pub(crate) lang: Option<String>,
}

/// What is said in the page's language.
impl From<String> for Speech {
    fn from(words: String) -> Speech {
        Speech { words, lang: None }
    }
}

impl std::fmt::Display for Speech {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words)
    }
}

impl Reader<'_> {
    /// What a state, a step, a field or a choice of a procedure is called.
    pub(crate) fn word(self, procedure: &Procedure, code: &Code) -> String {
        self.word_like(procedure.like.as_ref(), code)
    }

    /// The same of one that may be there no more.
    pub(crate) fn word_if(self, procedure: Option<&Procedure>, code: &Code) -> String {
        self.word_like(procedure.and_then(|procedure| procedure.like.as_ref()), code)
    }

    /// The same of a matter's.
    pub(crate) fn word_in(self, matter: &MatterRef, code: &Code) -> String {
        let found = self.replay.settlement().matter(matter);
        self.word_if(found.map(|(_, matter)| &*matter.procedure), code)
    }

    fn word_like(self, like: Option<&Code>, code: &Code) -> String {
        let known = self.texts.procedures().word(like.map(Code::as_str), code.as_str());
        known.map_or_else(|| word(code), str::to_owned)
    }

    /// The same within a sentence: what has no word of its own has no capital there.
    pub(crate) fn word_within(self, procedure: Option<&Procedure>, code: &Code) -> String {
        let like = procedure.and_then(|procedure| procedure.like.as_ref());
        let known = self.texts.procedures().word(like.map(Code::as_str), code.as_str());
        known.map_or_else(|| code.as_str().replace('-', " "), str::to_owned)
    }

    /// What a procedure is called.
    pub(crate) fn title(self, procedure: &Procedure) -> String {
        self.speech(procedure, Sentence::Title, &procedure.title).words
    }

    /// What a kind of matter is called.
    pub(crate) fn kind(self, kind: &Code) -> String {
        let procedure = self.instrument().procedures.get(kind);
        procedure.map_or_else(|| word(kind), |procedure| self.title(procedure))
    }

    /// What else is to be known of a procedure.
    pub(crate) fn says(self, procedure: &Procedure) -> Option<Speech> {
        procedure.says.as_deref().map(|says| self.speech(procedure, Sentence::Says, says))
    }

    /// What a state's page says first; nothing, of one that is not there.
    pub(crate) fn state_says(self, procedure: &Procedure, state: &Code) -> Speech {
        let known = procedure.state(state);
        known
            .map(|known| self.speech(procedure, Sentence::State(state.as_str()), &known.says))
            .unwrap_or_default()
    }

    /// What a step's page says.
    pub(crate) fn step_says(self, procedure: &Procedure, step: &Code) -> Option<Speech> {
        let says = procedure.step(step)?.says.as_deref()?;
        Some(self.speech(procedure, Sentence::Step(step.as_str()), says))
    }

    fn speech(self, procedure: &Procedure, which: Sentence<'_>, own: &str) -> Speech {
        let like = procedure.like.as_ref().map(Code::as_str);
        let known = like.and_then(|like| self.texts.procedures().sentence(like, which, own));
        match known {
            Some(words) => words.to_owned().into(),
            None => {
                let is_english = like.is_some_and(|like| is_of_library(like, which, own));
                let lang = if is_english { self.unless_here("en") } else { self.other_language() };
                Speech { words: own.to_owned(), lang }
            }
        }
    }

    /// The language of the instrument's own sentences, where it is not the page's: English where it is among several, as in its
    /// clauses; else the first.
    fn other_language(self) -> Option<String> {
        let all = &self.instrument().languages;
        let own = all.iter().find(|tag| *tag == "en").or(all.first())?;
        self.unless_here(own)
    }

    fn unless_here(self, tag: &str) -> Option<String> {
        (tag != self.texts.language().tag).then(|| tag.to_owned())
    }

    /// What a body is called.
    pub(crate) fn body(self, name: &Code) -> String {
        self.texts.procedures().body(name.as_str()).map_or_else(|| word(name), str::to_owned)
    }

    /// The same within a sentence.
    pub(crate) fn body_within(self, name: &Code) -> String {
        let known = self.texts.procedures().body(name.as_str());
        known.map_or_else(|| name.as_str().replace('-', " "), str::to_owned)
    }

    /// What a kind of provision is called.
    pub(crate) fn provision(self, kind: &Code) -> String {
        self.texts.procedures().provision(kind.as_str()).map_or_else(|| word(kind), str::to_owned)
    }
}
