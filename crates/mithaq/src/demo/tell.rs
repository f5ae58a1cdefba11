//! How the story is told: on the standard output, in lines that fit; on the standard error if the answer there
//! is for machines.

use std::fmt::Display;

use crate::show::error::aside;
use terms::Instant;

/// The widest line.
const WIDTH: usize = 78;

/// Who tells.
pub(super) struct Teller {
    /// The number of the chapter, which rises.
    chapter: u32,
    /// Whether the standard output is for machines.
    aside: bool,
}

impl Teller {
    pub(super) const fn new(aside: bool) -> Teller {
        Teller { chapter: 0, aside }
    }

    fn print(&self, line: impl Display) {
        if self.aside {
            aside(format_args!("{line}\n"));
        } else {
            println!("{line}");
        }
    }

    /// What the story is called.
    pub(super) fn title(&self, title: &str) {
        self.print(title);
        self.print("=".repeat(WIDTH));
    }

    /// A new chapter.
    pub(super) fn chapter(&mut self, title: &str) {
        self.chapter += 1;
        self.print(format_args!("\n{}. {title}", self.chapter));
        self.print("-".repeat(WIDTH));
    }

    /// A paragraph.
    pub(super) fn say(&self, text: impl Display) {
        for line in wrapped(&text.to_string(), WIDTH) {
            self.print(line);
        }
    }

    /// Something that happened, with its time.
    pub(super) fn at(&self, when: Instant, text: impl Display) {
        let stamp = format!("{} {}  ", &when.to_string()[..10], &when.to_string()[11..16]);
        for (at, line) in wrapped(&text.to_string(), WIDTH - stamp.len()).into_iter().enumerate() {
            let margin = if at == 0 { stamp.clone() } else { " ".repeat(stamp.len()) };
            self.print(format_args!("{margin}{line}"));
        }
    }

    /// A line with a name before it; what does not fit goes on under it.
    pub(super) fn entry(&self, name: &str, text: impl Display) {
        const NAME: usize = 22;
        let mut name = name.to_owned();
        if name.chars().count() >= NAME {
            self.line(&name);
            name.clear();
        }
        for line in wrapped(&text.to_string(), WIDTH - NAME - 2) {
            self.line(format_args!("{name:<NAME$}{line}"));
            name.clear();
        }
    }

    /// A line that stands as it is.
    pub(super) fn line(&self, text: impl Display) {
        self.print(format!("  {text}").trim_end());
    }
}

/// Words in lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_are_kept_and_lines_fit() {
        let text = "one two three four";
        assert_eq!(wrapped(text, 9), ["one two", "three", "four"]);
        assert_eq!(wrapped(text, 3).join(" "), text);
        assert!(wrapped("", 9).is_empty());
    }
}
