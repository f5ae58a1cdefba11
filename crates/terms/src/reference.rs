//! References: how people say which thing they mean, over a bad line too.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `CASE-25-0147-G`: kind, year, number and a check letter. Derived in replay, so never signed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(String, u8, u32)", into = "(String, u8, u32)")]
pub struct Reference {
    kind: String,
    year: u8,
    number: u32,
}

/// The 23 letters of the check: no I, O or Q, which are misheard. 23 is prime, so that each single
/// wrong character and each swap of neighbours changes the letter.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

impl Reference {
    /// The `number`-th thing of a kind (3 to 5 capitals) in the year `20yy`.
    #[must_use]
    pub fn new(kind: &str, year: u8, number: u32) -> Option<Reference> {
        let good = (3..=5).contains(&kind.len())
            && kind.bytes().all(|b| b.is_ascii_uppercase())
            && year < 100
            && number > 0;
        good.then(|| Reference { kind: kind.to_owned(), year, number })
    }

    /// Reads a reference, with its check letter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Reference> {
        let mut parts = text.split('-');
        let (kind, year, number) = (parts.next()?, parts.next()?, parts.next()?);
        let (_letter, None) = (parts.next()?, parts.next()) else { return None };
        let read = Reference::new(kind, year.parse().ok()?, number.parse().ok()?)?;
        (read.to_string() == text).then_some(read)
    }

    /// Σ (i+2)·v from the right, i from 0, over kind, year and number; a digit is its value, a letter
    /// A = 1 … Z = 26.
    fn letter(&self) -> char {
        let text = format!("{}{:02}{:04}", self.kind, self.year, self.number);
        let sum: u32 = text
            .bytes()
            .rev()
            .zip(2..)
            .map(|(b, weight)| weight * u32::from(if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 1 }))
            .sum();
        char::from(LETTERS[sum as usize % LETTERS.len()])
    }
}

impl From<Reference> for (String, u8, u32) {
    fn from(reference: Reference) -> (String, u8, u32) {
        (reference.kind, reference.year, reference.number)
    }
}

impl TryFrom<(String, u8, u32)> for Reference {
    type Error = &'static str;

    fn try_from((kind, year, number): (String, u8, u32)) -> Result<Reference, Self::Error> {
        Reference::new(&kind, year, number).ok_or("no reference")
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{:04}-{}", self.kind, self.year, self.number, self.letter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_by_hand() {
        // CASE 25 0147, from the right: 7·2 + 4·3 + 1·4 + 0·5 + 5·6 + 2·7 + E5·8 + S19·9 + A1·10 + C3·11
        // = 14 + 12 + 4 + 0 + 30 + 14 + 40 + 171 + 10 + 33 = 328; 328 mod 23 = 6 → G.
        assert_eq!(Reference::new("CASE", 25, 147).expect("good").to_string(), "CASE-25-0147-G");
        assert_eq!(
            Reference::new("NOT", 25, 12_345).expect("good").to_string().split('-').nth(2),
            Some("12345")
        );
    }

    #[test]
    fn each_wrong_or_swapped_digit_is_heard() {
        for number in 1..2000 {
            let right = Reference::new("CASE", 25, number).expect("good").to_string();
            let bytes = right.as_bytes();
            for at in [5, 6, 8, 9, 10, 11] {
                for digit in b'0'..=b'9' {
                    let mut wrong = bytes.to_vec();
                    wrong[at] = digit;
                    let wrong = String::from_utf8(wrong).expect("ASCII");
                    assert_eq!(Reference::parse(&wrong).is_some(), wrong == right, "{wrong}");
                }
            }
            for at in [5, 8, 9, 10] {
                let mut wrong = bytes.to_vec();
                wrong.swap(at, at + 1);
                let wrong = String::from_utf8(wrong).expect("ASCII");
                assert_eq!(Reference::parse(&wrong).is_some(), wrong == right, "{wrong}");
            }
        }
    }
}
