//! An act as it stands in a story, and the names that a story gives.

use std::collections::BTreeMap;

use act::value::MatterRef;
use terms::{ActId, Code, Instant, Item, ItemPart};

use super::body::opened_kind;
use crate::v1::Replay;

/// A moment, as `2025-11-01 08:00`, `2025-11-01_08:00` or `2025-11-01`; seconds may follow.
///
/// # Errors
///
/// It is none.
pub fn moment(text: &str) -> Result<Instant, String> {
    let spaced = text.replace(['_', 'T'], " ");
    let whole = match spaced.len() {
        10 => format!("{spaced} 00:00:00"),
        16 => format!("{spaced}:00"),
        _ => spaced,
    };
    Instant::parse(&format!("{}Z", whole.replace(' ', "T"))).ok_or_else(|| format!("`{text}` is no moment"))
}

/// A line of a block `acts`.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// When it is registered.
    pub when: Instant,
    /// Whose act it is; `registrar` for what a registrar does.
    pub who: &'a str,
    /// What is done, and with what.
    pub plain: Vec<&'a str>,
    /// The words of the form `key=value`.
    pub named: BTreeMap<&'a str, &'a str>,
    /// What becomes of it, without what is for the reader alone.
    pub becomes: &'a str,
}

impl<'a> Line<'a> {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// It does not begin with a moment and a name.
    pub fn read(text: &'a str) -> Result<Line<'a>, String> {
        let (said, comment) =
            text.split_once('#').map_or((text, ""), |(said, comment)| (said, comment.trim()));
        let mut words = said.split_whitespace();
        let (Some(day), Some(time), Some(who)) = (words.next(), words.next(), words.next()) else {
            return Err("a line says when, who and what".to_owned());
        };
        let (named, plain): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('='));
        Ok(Line {
            when: moment(&format!("{day} {time}"))?,
            who,
            plain,
            named: named.into_iter().filter_map(|word| word.split_once('=')).collect(),
            becomes: comment.split(',').next().unwrap_or_default(),
        })
    }

    /// The value of a word `key=value`.
    #[must_use]
    pub fn named(&self, key: &str) -> Option<&'a str> {
        self.named.get(key).copied()
    }

    /// The values of a word `key=value,value`.
    #[must_use]
    pub fn list(&self, key: &str) -> Vec<&'a str> {
        self.named(key).into_iter().flat_map(|text| text.split(',')).filter(|word| !word.is_empty()).collect()
    }

    /// Whether two officers sign.
    #[must_use]
    pub fn is_by_two(&self) -> bool {
        self.named("eyes") == Some("2")
    }

    /// The stamps on it: whose, and when.
    ///
    /// # Errors
    ///
    /// One is no stamp.
    pub fn stamps(&self) -> Result<Vec<(&'a str, Instant)>, String> {
        let read = |stamp: &'a str| {
            let (by, time) = stamp.split_once('@').ok_or_else(|| format!("`{stamp}` is no stamp"))?;
            Ok((by, moment(time)?))
        };
        self.list("intake").into_iter().map(read).collect()
    }
}

/// What a story has named so far.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Acts.
    pub acts: BTreeMap<String, ActId>,
    /// Matters, each with its kind.
    pub matters: BTreeMap<String, (MatterRef, Code)>,
    /// Exhibits.
    pub exhibits: BTreeMap<String, Item>,
}

impl Names {
    /// Takes up what a line names, now that its act is known by its id.
    pub fn take(&mut self, line: &Line<'_>, id: ActId, replay: &Replay) {
        if let Some(name) = line.named("as") {
            self.acts.insert(name.to_owned(), id);
        }
        if let ["open", kind, name, ..] = line.plain[..]
            && let Some(kind) = Code::new(kind)
        {
            self.acts.insert(name.to_owned(), id);
            self.matters.insert(name.to_owned(), (MatterRef::Opened(id), kind));
        }
        if let Some(names) = line.becomes.strip_prefix("opens ")
            && let Some(kind) = opened_kind(line, self, replay)
        {
            for (number, name) in (1..).zip(names.split('+')) {
                let child = Item { act: id, part: ItemPart::Matter(number) };
                self.matters.insert(name.to_owned(), (MatterRef::ByStep(child), kind.clone()));
            }
        }
        for (number, name) in (1..).zip(line.list("files")) {
            self.exhibits.insert(name.to_owned(), Item::exhibit(id, number));
            self.acts.insert(name.to_owned(), id);
        }
    }

    /// An act by its name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn act(&self, name: &str) -> Result<ActId, String> {
        self.acts.get(name).copied().ok_or_else(|| format!("no act is called `{name}`"))
    }

    /// A matter by its name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn matter(&self, name: &str) -> Result<&(MatterRef, Code), String> {
        self.matters.get(name).ok_or_else(|| format!("no matter is called `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        let text = "2025-11-05 08:00  south  respond c explain eyes=2 intake=ford@2025-11-04_07:00   # late, as it is";
        let line = Line::read(text).expect("a line");
        assert_eq!((line.who, line.becomes, line.is_by_two()), ("south", "late", true));
        assert_eq!(line.plain, ["respond", "c", "explain"]);
        assert_eq!(line.when.to_string(), "2025-11-05T08:00:00Z");
        let (by, at) = line.stamps().expect("stamps")[0];
        assert_eq!((by, at.to_string()), ("ford", "2025-11-04T07:00:00Z".to_owned()));
    }

    #[test]
    fn what_is_no_line_says_so() {
        let said = |text: &str| Line::read(text).err().unwrap_or_default();
        assert_eq!(said("2025-11-05 08:00"), "a line says when, who and what");
        assert_eq!(said("2025-11-05 late south"), "`2025-11-05 late` is no moment");
        let line = Line::read("2025-11-05 08:00 south answer x intake=ford").expect("a line");
        assert_eq!(line.stamps().err().as_deref(), Some("`ford` is no stamp"));
    }
}
