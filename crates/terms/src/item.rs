//! How an act names a thing: by the id of the act that made it, and a part of it.

use std::fmt;
use std::str::FromStr;

use crate::hash::{ActId, Hash};

/// A part of an act. Counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemPart {
    /// `ID#f1`: the act's first exhibit.
    Exhibit(u32),
    /// `ID#m1`: the first matter that the step opened.
    Matter(u32),
    /// `ID#r17`: row 17 of the batch; the head is not counted.
    Row(u32),
}

/// A thing that an act made: `ID#f1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// The act.
    pub act: ActId,
    /// Which part of it.
    pub part: ItemPart,
}

impl Item {
    /// The `number`-th exhibit of an act, counted from 1.
    #[must_use]
    pub const fn exhibit(act: ActId, number: u32) -> Item {
        Item { act, part: ItemPart::Exhibit(number) }
    }

    /// Reads `ID#f1`.
    #[must_use]
    pub fn new(text: &str) -> Option<Item> {
        let (act, part) = text.split_once('#')?;
        let act = ActId(Hash::from_base64(act)?);
        let digits = part.get(1..)?;
        let canonical = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        let number: u32 = digits.parse().ok().filter(|_| canonical)?;
        let part = match part.as_bytes()[0] {
            b'f' => ItemPart::Exhibit(number),
            b'm' => ItemPart::Matter(number),
            b'r' => ItemPart::Row(number),
            _ => return None,
        };
        Some(Item { act, part })
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letter, number) = match self.part {
            ItemPart::Exhibit(n) => ('f', n),
            ItemPart::Matter(n) => ('m', n),
            ItemPart::Row(n) => ('r', n),
        };
        write!(f, "{}#{letter}{number}", self.act)
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Item {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Item, Self::Err> {
        Item::new(text).ok_or("expected a part of an act: its id in base64, then `#f1`, `#m1` or `#r1`")
    }
}

crate::text_in_json!(Item);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        let id = ActId(Hash::of(b"x"));
        let item = Item::exhibit(id, 12);
        assert_eq!(Item::new(&item.to_string()), Some(item));
        for bad in [
            "",
            "#f1",
            &format!("{id}"),
            &format!("{id}#"),
            &format!("{id}#f"),
            &format!("{id}#f0"),
            &format!("{id}#f01"),
            &format!("{id}#f+1"),
            &format!("{id}#x1"),
            &format!("{id}#é1"),
            &format!("{id}#f4294967296"),
        ] {
            assert_eq!(Item::new(bad), None, "{bad}");
        }
    }
}
