//! Questions, and what their answers may be.

use instrument::{Basis, library};
use terms::{Code, ParticipantId};

use super::draft::Seat;
use crate::ask::Asker;
use crate::failure::Failure;

/// The option that answers it, and what is asked.
pub(super) type Question = (&'static str, &'static str);

/// What is wrong with an answer, to be said before it is asked again.
type Answer<T> = Result<T, String>;

/// Asks what no option answers, with a proposal that an empty line takes.
pub(super) struct Questions {
    asker: Asker,
    /// Whether to take each proposal without asking.
    quiet: bool,
}

impl Questions {
    pub(super) fn new(asker: Asker, quiet: bool) -> Questions {
        Questions { asker, quiet }
    }

    /// Says something to whoever is asked.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.asker.say(text);
        }
    }

    /// That every question was answered.
    ///
    /// # Errors
    ///
    /// With the options of all that was not, as there was nobody to ask.
    pub(super) fn complete(&self) -> Result<(), Failure> {
        self.asker
            .complete()
            .map_err(|failure| failure.help("`--yes` takes what is proposed for all of them"))
    }

    /// One answer: the option's, else a line's, else the proposal.
    pub(super) fn line<T>(
        &mut self,
        question: Question,
        given: Option<&String>,
        proposal: &str,
        read: impl Fn(&str) -> Answer<T>,
    ) -> Result<T, Failure> {
        self.ask(question, given.cloned(), proposal, read)
    }

    /// Several answers, a comma between; `none` is none.
    pub(super) fn list<T>(
        &mut self,
        question: Question,
        given: &[String],
        proposal: &str,
        read: fn(&str) -> Answer<T>,
    ) -> Result<Vec<T>, Failure> {
        let given = (!given.is_empty()).then(|| given.join(","));
        self.ask(question, given, proposal, |text| {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != "none");
            words.map(read).collect()
        })
    }

    /// Several answers that may have commas: by options, or one by a line.
    pub(super) fn list_of_lines(
        &mut self,
        question: Question,
        given: &[String],
        proposal: &str,
    ) -> Result<Vec<String>, Failure> {
        if !given.is_empty() {
            return Ok(given.to_vec());
        }
        self.ask(question, None, proposal, |text| Ok(vec![text.to_owned()]))
    }

    fn ask<T>(
        &mut self,
        (option, question): Question,
        given: Option<String>,
        proposal: &str,
        read: impl Fn(&str) -> Answer<T>,
    ) -> Result<T, Failure> {
        let refused = |what: String| Failure::usage("mithaq::answer", what).help(question);
        if let Some(given) = given {
            return read(&given).map_err(refused);
        }
        if self.asker.asks() && !self.quiet {
            let read = |typed: &str| read(if typed.is_empty() { proposal } else { typed });
            return self.asker.until(&format!("{question} [{proposal}]"), read);
        }
        if !self.quiet {
            self.asker.lacks(option);
        }
        read(proposal).map_err(refused)
    }
}

/// Any words; the instrument's own reader says what is wrong with them.
pub(super) fn name(text: &str) -> Answer<String> {
    Ok(text.to_owned())
}

pub(super) fn yes_or_no(text: &str) -> Answer<bool> {
    match text {
        "yes" | "y" => Ok(true),
        "no" | "n" => Ok(false),
        _ => Err(format!("`{text}` is neither yes nor no")),
    }
}

pub(super) fn basis(text: &str) -> Answer<Basis> {
    let known = Basis::ALL.map(Basis::as_str).join(", ");
    let found = Basis::ALL.into_iter().find(|basis| basis.as_str() == text);
    found.ok_or_else(|| format!("`{text}` is none of {known}"))
}

/// `north=North`, or a name alone whose id can be made of it.
pub(super) fn seat(text: &str) -> Answer<Seat> {
    let (id, name) = match text.split_once('=') {
        Some((id, name)) => (id.trim().to_owned(), name.trim()),
        None => (text.to_lowercase().replace(' ', "-"), text),
    };
    let found = ParticipantId::new(&id).filter(|_| !name.is_empty());
    found.map(|id| Seat { id, name: name.to_owned() }).ok_or_else(|| {
        format!("`{text}` names no participant: write `north=North`, the id in small letters, digits and `-`")
    })
}

/// A kind of the library, or `fitting`.
pub(super) fn kind(text: &str) -> Answer<String> {
    let known: Vec<&str> = library::SHIPPED.iter().map(|(name, _)| *name).collect();
    if text == "fitting" || (known.contains(&text) && Code::new(text).is_some()) {
        return Ok(text.to_owned());
    }
    Err(format!("the library has no `{text}`; it has {}", known.join(", ")))
}
