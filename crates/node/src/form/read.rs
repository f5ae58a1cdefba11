//! How what is typed becomes the value of a field.

use act::value::{ANNEX_BYTES_MAX, AnnexRef, FieldValue, MatterRef, Window, Word};
use instrument::procedure::{Field, Holds};
use place::{Unreadable, coarsened, notation};
use terms::{Code, Hash, Instant, Seconds};

use super::{Form, One, find};

/// Why what was typed is no value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was given, and it has to be.
    Needed,
    /// Two ends are needed, or one was given where there may be one only.
    Parts,
    /// It is named twice.
    Twice(String),
    /// It is not in the list.
    NotListed(String),
    /// There is nothing yet that could be named.
    NothingYet,
    /// It is no whole number.
    Count(String),
    /// It is no time.
    Time(String),
    /// It ends before it begins.
    EndsFirst,
    /// It is no place.
    Place(Unreadable),
    /// It is longer than a text of every copy may be.
    Long,
    /// No matter is called so.
    NoMatter(String),
    /// A matter does not name itself.
    Itself,
    /// It is without prejudice: nobody cites it.
    NotCitable(String),
    /// It is of another kind than this.
    OtherKind(String, Code),
    /// It is in none of these states.
    OtherState(String, Vec<Code>),
}

impl<'a> Form<'a> {
    /// Reads a value from its parts: one; of a field that may have several, each; of a window, its two ends. A text is
    /// its words, which are in every copy.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(&self, name: &Code, field: &'a Field, parts: &[&str]) -> Result<FieldValue, Wrong> {
        let is_list = field.several || self.may_be_several(name, field) && parts.len() > 1;
        match (&field.holds, parts) {
            (_, []) => Err(Wrong::Needed),
            (Holds::Window, [start, end]) => {
                let (start, end) = (self.time(start)?, self.time(end)?);
                if end < start {
                    return Err(Wrong::EndsFirst);
                }
                Ok(FieldValue::Window(Window { start, end }))
            }
            (Holds::Window, _) => Err(Wrong::Parts),
            (Holds::Place, [text]) => {
                let at = notation::read(text).map_err(Wrong::Place)?;
                Ok(FieldValue::Place(coarsened(&at, self.instrument.place.coarseness_m)))
            }
            (Holds::Text, [text]) => {
                if text.len() as u64 > ANNEX_BYTES_MAX {
                    return Err(Wrong::Long);
                }
                Ok(annex(text.as_bytes()))
            }
            (Holds::Count, [text]) if !is_list => count(text).map(FieldValue::Count),
            (_, [text]) if !is_list => self.word(field, text).map(FieldValue::One),
            (_, parts) if is_list => {
                let mut words = Vec::new();
                for part in parts {
                    let word = self.word(field, part)?;
                    if words.contains(&word) {
                        return Err(Wrong::Twice((*part).to_owned()));
                    }
                    words.push(word);
                }
                // An act has them in the order of their bytes, however they were given.
                words.sort_by_cached_key(Word::to_string);
                Ok(FieldValue::Several(words))
            }
            _ => Err(Wrong::Parts),
        }
    }

    fn word(&self, field: &'a Field, text: &str) -> Result<Word, Wrong> {
        match &field.holds {
            Holds::Instant => self.time(text).map(Word::Instant),
            Holds::Count => {
                let number = count(text)?;
                Code::new(&number.to_string()).map(Word::Code).ok_or_else(|| Wrong::Count(text.to_owned()))
            }
            Holds::Matter { kind, states } => {
                let (_, matter) = find(self.replay, text).ok_or_else(|| Wrong::NoMatter(text.to_owned()))?;
                self.takes(matter, kind.as_ref(), states)?;
                Ok(match matter.id {
                    MatterRef::Opened(act) => Word::Hash(act.0),
                    MatterRef::ByStep(item) => Word::Item(item),
                })
            }
            _ => {
                let choices = self.choices(field, 0).unwrap_or_default();
                if choices.is_empty() {
                    return Err(Wrong::NothingYet);
                }
                let found = choices.iter().map(One::word).find(|word| word.eq_ignore_ascii_case(text));
                let code = found.and_then(|word| Code::new(&word));
                code.map(Word::Code).ok_or_else(|| Wrong::NotListed(text.to_owned()))
            }
        }
    }

    fn time(&self, text: &str) -> Result<Instant, Wrong> {
        if text.eq_ignore_ascii_case("now") {
            return Ok(self.now);
        }
        instant(text, self.instrument.calendar.zone_offset_minutes)
            .ok_or_else(|| Wrong::Time(text.to_owned()))
    }
}

/// How a field names a text that is in every copy.
#[must_use]
pub fn annex(bytes: &[u8]) -> FieldValue {
    FieldValue::Annex(AnnexRef { sha256: Hash::of(bytes), size: bytes.len() as u64 })
}

fn count(text: &str) -> Result<u64, Wrong> {
    text.parse().map_err(|_| Wrong::Count(text.to_owned()))
}

/// A time as people write it, `2026-01-13 06:20` or `2026-01-13T06:20:30`: on clocks so many minutes ahead of UTC,
/// unless it says `UTC`, `Z` or another offset.
#[must_use]
pub fn instant(text: &str, offset_minutes: i32) -> Option<Instant> {
    let upper = text.trim().to_ascii_uppercase();
    let (written, minutes) = match upper.strip_suffix("UTC").or_else(|| upper.strip_suffix('Z')) {
        Some(rest) => (rest, 0),
        None => with_offset(&upper).unwrap_or((&upper, offset_minutes)),
    };
    let (date, clock) = written.trim().split_once([' ', 'T'])?;
    let seconds = if clock.trim().len() == 5 { ":00" } else { "" };
    let read = Instant::parse(&format!("{date}T{}{seconds}Z", clock.trim()))?;
    let shift = Seconds(u64::from(minutes.unsigned_abs()) * 60);
    Some(if minutes < 0 { read.plus(shift) } else { read.minus(shift) })
}

/// A time with an offset at its end, as `2026-01-13 06:20 +04:30`: the time, and the minutes.
fn with_offset(text: &str) -> Option<(&str, i32)> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (sign, clock) = (tail.chars().next()?, tail.get(1..)?);
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !(0..=14).contains(&hours) || !(0..60).contains(&minutes) || !rest.contains(':') {
        return None;
    }
    match sign {
        '+' => Some((rest, hours * 60 + minutes)),
        '-' => Some((rest, -(hours * 60 + minutes))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_as_people_write_it() {
        let at = |text: &str| Instant::parse(text);
        assert_eq!(instant("2026-01-13 06:20", 0), at("2026-01-13T06:20:00Z"));
        assert_eq!(instant("2026-01-13T06:20", 300), at("2026-01-13T01:20:00Z"));
        assert_eq!(instant(" 2026-01-13T06:20:30 ", -30), at("2026-01-13T06:50:30Z"));
        assert_eq!(instant("2026-01-13 06:20 UTC", 300), at("2026-01-13T06:20:00Z"));
        assert_eq!(instant("2026-01-13 06:20z", 300), at("2026-01-13T06:20:00Z"));
        assert_eq!(instant("2026-01-13 06:20 +04:30", 300), at("2026-01-13T01:50:00Z"));
        for no in
            ["", "now", "2026-01-13", "06:20", "2026-13-13 06:20", "2026-01-13 06:20 +19:00", "é 06:20+01"]
        {
            assert_eq!(instant(no, 0), None, "{no}");
        }
    }
}
