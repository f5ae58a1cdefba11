//! A chart for a terminal.

use super::{Chart, English, Exit, Move, Tongue, wrapped};
use crate::procedure::StateKind;

/// No line is longer, in characters, but for a name that is.
const WIDTH: usize = 100;

impl Chart {
    /// The chart in lines of at most 100 characters: each state, its steps under it, and under those where they lead.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = Lines(Vec::new());
        out.add("", "", &self.title);
        out.add("  ", "  ", &format!("opened by {} ──▶ {}", self.opened_by, self.begins));
        for station in &self.stations {
            let mark = match station.kind {
                StateKind::Waiting => "□",
                StateKind::Rest => "○",
                StateKind::End => "■",
            };
            let kind = station.stands();
            let against = if station.against { "; a finding stands against the bearer" } else { "" };
            out.0.push(String::new());
            out.add("", "", &format!("{mark} {} {kind}{against}", station.name));
            let stem = if station.moves.is_empty() { "  " } else { "│ " };
            out.add(stem, stem, &station.says);
            out.moves(&station.moves);
        }
        if !self.anywhere.is_empty() {
            out.0.push(String::new());
            out.add("", "", "anywhere, until it is over");
            out.moves(&self.anywhere);
        }
        out.0.push(String::new());
        out.add(
            "  ",
            "  ",
            "□ waits: somebody is asked, and silence leads on   ○ rests: it may stay so   ■ is over",
        );
        out.add("  ", "  ", "──▶ by an act   ┄┄▶ by silence, which admits nothing");
        out.0.join("\n") + "\n"
    }
}

struct Lines(Vec<String>);

impl Lines {
    /// A text, broken: `first` before its first line, `rest` before the others.
    fn add(&mut self, first: &str, rest: &str, text: &str) {
        let widest = first.chars().count().max(rest.chars().count());
        for (at, line) in wrapped(text, WIDTH - widest).into_iter().enumerate() {
            self.0.push(format!("{}{line}", if at == 0 { first } else { rest }));
        }
    }

    fn moves(&mut self, moves: &[Move]) {
        for (at, it) in moves.iter().enumerate() {
            let last = at + 1 == moves.len();
            let (branch, stem) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let leads = match it.only_exit() {
                Some(to) => format!(" ──▶ {to}"),
                None if it.exits.is_empty() => "; changes no state".to_owned(),
                None => String::new(),
            };
            self.add(branch, &format!("{stem}  "), &format!("{}, {}{leads}", it.step, it.who()));
            for exit in it.exits.iter().filter(|_| it.only_exit().is_none()) {
                self.add(&format!("{stem}  "), &format!("{stem}    "), &exit_words(exit));
            }
        }
    }
}

fn exit_words(exit: &Exit) -> String {
    let arrow = if exit.how.is_silence() { "┄┄▶" } else { "──▶" };
    match &exit.to {
        Some(to) => format!("{} {arrow} {to}", English.how(&exit.how)),
        None if exit.how.is_silence() => English.how(&exit.how),
        None => format!("{}: stays", English.how(&exit.how)),
    }
}
