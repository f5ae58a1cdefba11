//! Questions to whoever sits there: a line asked, a line answered, so that a screen reader or a script can follow.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::failure::{Exit, Failure};
use crate::resolve::nearest;
use crate::show::table::{lines, print_talk, table, whole};

/// Asks, or gathers what would have been asked.
pub(crate) struct Asker {
    asks: bool,
    missing: Vec<String>,
}

/// One of a list.
pub(crate) struct Choice {
    /// What is typed, beside its number.
    pub(crate) word: String,
    /// What it means.
    pub(crate) means: String,
}

impl Asker {
    /// Asks at a terminal, or wherever it is told to.
    pub(crate) fn new(told_to: bool) -> Asker {
        Asker { asks: told_to || std::io::stdin().is_terminal(), missing: Vec::new() }
    }

    /// Whether somebody is there to answer.
    pub(crate) const fn asks(&self) -> bool {
        self.asks
    }

    /// Notes that an answer is missing, by the argument that would give it.
    pub(crate) fn lacks(&mut self, argument: impl Into<String>) {
        self.missing.push(argument.into());
    }

    /// That nothing is missing.
    ///
    /// # Errors
    ///
    /// With all that is.
    pub(crate) fn complete(&self) -> Result<(), Failure> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let mut failure =
            Failure::usage("mithaq::unanswered", "answers are missing, and there is no terminal to ask at");
        for missing in &self.missing {
            failure = failure.help(format!("give {missing}"));
        }
        Err(failure.help("`--ask` asks on the standard input all the same, a line each"))
    }

    /// Says something, without asking.
    pub(crate) fn say(&self, text: &str) {
        if self.asks {
            print_talk(text, 0);
        }
    }

    /// Asks, and gives what was typed, without the spaces around it.
    pub(crate) fn line(&self, what: &str) -> Result<String, Failure> {
        eprint!("{what}> ");
        let unread = |error: &std::io::Error| {
            Failure::usage("mithaq::unanswered", format!("the answer can't be read: {error}"))
        };
        std::io::stderr().flush().map_err(|error| unread(&error))?;
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).map_err(|error| unread(&error))?;
        if read == 0 {
            eprintln!();
            return Err(Failure::usage("mithaq::unanswered", "the answers ended before all was asked")
                .help("nothing was signed"));
        }
        Ok(line.trim().to_owned())
    }

    /// Asks until `read` takes what is typed; what is wrong with it is said.
    pub(crate) fn until<T>(
        &self,
        what: &str,
        mut read: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        loop {
            match read(&self.line(what)?) {
                Ok(taken) => return Ok(taken),
                Err(why) => print_talk(&why, 2),
            }
        }
    }

    /// Asks for yes or no: nothing is taken for granted.
    pub(crate) fn yes(&self, what: &str) -> Result<bool, Failure> {
        self.until(what, |typed| match typed.to_ascii_lowercase().as_str() {
            "yes" | "y" => Ok(true),
            "no" | "n" => Ok(false),
            _ => Err("`yes` or `no`: nothing is taken for granted".to_owned()),
        })
    }

    /// The same; that it was yes.
    ///
    /// # Errors
    ///
    /// It was no.
    pub(crate) fn agreed(&self, what: &str) -> Result<(), Failure> {
        if self.yes(what)? {
            return Ok(());
        }
        Err(Failure::new(Exit::Refused, "mithaq::not_signed", "nothing was signed"))
    }

    /// Shows a numbered list.
    pub(crate) fn list(&self, of: &[Choice]) {
        let mut rows = table::<0>([]);
        for (number, Choice { word, means }) in (1..).zip(of) {
            rows.add_row([format!("{number:>3}"), word.clone(), means.clone()]);
        }
        whole(&mut rows, &[0, 1]);
        for line in lines(&mut rows) {
            eprintln!("{line}");
        }
    }

    /// Asks for one of a list, by its number or its word; gives its place.
    pub(crate) fn choose(&self, what: &str, of: &[Choice]) -> Result<usize, Failure> {
        self.list(of);
        self.until(what, |typed| chosen(typed, of))
    }
}

/// The place of what was typed in a list: by its word, whatever its capitals, or its number.
///
/// # Errors
///
/// It is not in it.
pub(crate) fn chosen(typed: &str, of: &[Choice]) -> Result<usize, String> {
    // A word of digits is that word, whatever number it has in the list.
    if let Some(place) = of.iter().position(|one| one.word.eq_ignore_ascii_case(typed)) {
        return Ok(place);
    }
    if let Ok(number) = typed.parse::<usize>()
        && (1..=of.len()).contains(&number)
    {
        return Ok(number - 1);
    }
    let words = || of.iter().map(|one| one.word.as_str());
    Err(match nearest(typed, words()) {
        Some(guess) => format!("`{typed}` is not in the list; did you mean `{guess}`?"),
        None if typed.is_empty() => "one of the list is needed".to_owned(),
        None => format!("`{typed}` is not in the list: {}", words().collect::<Vec<_>>().join(", ")),
    })
}

/// The places of several in a list, with commas between them, each once.
///
/// # Errors
///
/// One is not in it, or is named twice.
pub(crate) fn chosen_all(typed: &str, of: &[Choice]) -> Result<Vec<usize>, String> {
    let mut places = Vec::new();
    for part in typed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let place = chosen(part, of)?;
        if places.contains(&place) {
            return Err(format!("`{part}` is named twice"));
        }
        places.push(place);
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_word_or_a_guess() {
        let of = ["fire", "mine", "raid"].map(|word| Choice { word: word.to_owned(), means: String::new() });
        assert_eq!(chosen("2", &of), Ok(1));
        assert_eq!(chosen("RAID", &of), Ok(2));
        assert_eq!(chosen("mien", &of), Err("`mien` is not in the list; did you mean `mine`?".to_owned()));
        assert_eq!(chosen_all("raid, 1", &of), Ok(vec![2, 0]));
        assert_eq!(chosen_all("raid, 3", &of), Err("`3` is named twice".to_owned()));
        let digits = ["1", "3"].map(|word| Choice { word: word.to_owned(), means: String::new() });
        assert_eq!(chosen("3", &digits), Ok(1));
        assert_eq!(chosen("2", &digits), Ok(1));
        assert_eq!(chosen("4", &of), Err("`4` is not in the list: fire, mine, raid".to_owned()));
    }
}
