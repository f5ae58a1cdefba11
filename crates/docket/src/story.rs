//! A story: what happens under an agreement, as a mediator reads it, with the acts in it and what the docket says then. The
//! same Markdown is documentation, a test over a register in memory, and a demonstration over nodes.
//!
//! - A block `setup` says under what it is played; each player reads it in its own way.
//! - A block `exercise` changes the instrument for it, as [`amended`] does.
//! - A block `acts` has one act a line: when it is registered, who, what. The registrar marks every
//!   heartbeat, unless it is `silent` until its next `mark`. After `#` stands what becomes of the act:
//!   `late`, `held`, `void: REASON`, `refused: GROUND`; nothing, if it has its effect.
//!   Of a step that several decide: `counts`, while it waits for others; `nothing else can come`, once no other outcome can get the voices that it takes.
//!   `opens NAME` names the matter that a step opens. What follows a comma is for the reader.
//! - A block `text NAME` is an annex by that name: the instrument with these changes.
//! - A block `paper NAME` is what an exhibit of that name says. Where nothing is sealed it is not read.
//! - A block `docket DATE` is what the docket says as of that time, in full.
//!
//! Words that any act takes: `as=NAME` names it, `for=WHO` writes it down on somebody's behalf, `eyes=2` has two sign,
//! `files=NAMES to=WHO` brings files along, `seen=no` has its author see nothing and `seen=DATE_TIME` what there was then,
//! `intake=WHO@DATE_TIME` is a stamp on it, `registered=DATE_TIME` dates its receipt otherwise.
//!
//! In reading order:
//! - [`mod@line`]: one act as it stands there, and the names that a story gives;
//! - [`mod@body`]: what it says in a register;
//! - [`docket`]: the docket in words.

pub mod body;
pub mod docket;
pub mod line;

pub use body::{Host, body};
pub use line::{Line, Names};

/// A story, in the order in which it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Its parts.
    pub parts: Vec<Part>,
}

/// A part of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A heading.
    Heading(String),
    /// A paragraph, in one line.
    Prose(String),
    /// What is between two fences.
    Block(Block),
}

/// What is between two fences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The first word after the fence.
    pub kind: String,
    /// What follows it there.
    pub name: String,
    /// The number of the fence's line, from 1.
    pub number: usize,
    /// The lines, each with its number.
    pub lines: Vec<(usize, String)>,
}

impl Block {
    /// The lines, each with its end.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.iter().map(|(_, line)| format!("{line}\n")).collect()
    }
}

impl Story {
    /// Reads one. Any text is a story; one without blocks is only prose.
    #[must_use]
    pub fn read(text: &str) -> Story {
        let mut parts: Vec<Part> = Vec::new();
        let (mut block, mut prose): (Option<Block>, Vec<&str>) = (None, Vec::new());
        for (number, line) in (1..).zip(text.lines()) {
            match (&mut block, line.strip_prefix("```")) {
                (Some(open), None) => open.lines.push((number, line.to_owned())),
                (Some(_), Some(_)) => parts.extend(block.take().map(Part::Block)),
                (None, Some(begun)) => {
                    paragraph(&mut prose, &mut parts);
                    let (kind, name) = begun.trim().split_once(' ').unwrap_or((begun.trim(), ""));
                    let (kind, name) = (kind.to_owned(), name.trim().to_owned());
                    block = Some(Block { kind, name, number, lines: Vec::new() });
                }
                (None, None) if line.starts_with('#') => {
                    paragraph(&mut prose, &mut parts);
                    parts.push(Part::Heading(line.trim_start_matches('#').trim().to_owned()));
                }
                (None, None) if line.trim().is_empty() => paragraph(&mut prose, &mut parts),
                (None, None) => prose.push(line.trim()),
            }
        }
        paragraph(&mut prose, &mut parts);
        parts.extend(block.map(Part::Block));
        Story { parts }
    }

    /// The blocks of a kind, in their order.
    pub fn blocks<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s Block> {
        self.parts.iter().filter_map(move |part| match part {
            Part::Block(block) if block.kind == kind => Some(block),
            Part::Block(_) | Part::Heading(_) | Part::Prose(_) => None,
        })
    }
}

fn paragraph(prose: &mut Vec<&str>, parts: &mut Vec<Part>) {
    if !prose.is_empty() {
        parts.push(Part::Prose(std::mem::take(prose).join(" ")));
    }
}

/// An instrument with changes: each table of `change` is laid over the one of that name, key by key, or put at the end. Keys
/// stand on lines of their own; a key without a value is taken out.
#[must_use]
pub fn amended(whole: &str, change: &str) -> String {
    let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    let mut at = lines.len();
    for line in change.lines() {
        if line.starts_with('[') {
            at = match lines.iter().position(|known| known == line) {
                Some(header) => header + 1,
                None => {
                    lines.push(line.to_owned());
                    lines.len()
                }
            };
            continue;
        }
        let Some((key, value)) = line.split_once(" =") else { continue };
        let end = lines[at..].iter().position(|line| line.starts_with('[')).map_or(lines.len(), |n| at + n);
        let key = format!("{key} =");
        if let Some(known) = lines[at..end].iter().position(|line| line.starts_with(&key)) {
            lines.remove(at + known);
        }
        if !value.is_empty() {
            lines.insert(at, line.to_owned());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_blocks_keep_their_order_and_lines_their_numbers() {
        let story =
            Story::read("# A title\n\nOne,\ntwo.\n```docket 2025-11-01 00:00\n```\nThree.\n```acts\n\na\n");
        let block = |kind: &str, name: &str, number, lines: &[(usize, &str)]| {
            let lines = lines.iter().map(|(number, line)| (*number, (*line).to_owned())).collect();
            Part::Block(Block { kind: kind.to_owned(), name: name.to_owned(), number, lines })
        };
        assert_eq!(
            story.parts,
            [
                Part::Heading("A title".to_owned()),
                Part::Prose("One, two.".to_owned()),
                block("docket", "2025-11-01 00:00", 5, &[]),
                Part::Prose("Three.".to_owned()),
                block("acts", "", 8, &[(9, ""), (10, "a")]),
            ]
        );
        assert_eq!(story.blocks("acts").map(Block::text).collect::<String>(), "\na\n");
    }

    #[test]
    fn a_change_replaces_adds_and_takes_out() {
        let whole = "[a]\nx = 1\ny = 2\n[b]\nz = 3";
        assert_eq!(amended(whole, "[a]\nx = 9\ny =\n[c]\nw = 4"), "[a]\nx = 9\n[b]\nz = 3\n[c]\nw = 4");
    }
}
