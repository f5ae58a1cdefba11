//! The things that people name: by reference, by index, by act id, as an item. One way in for all.

use act::Entry;
use act::value::MatterRef;
use docket::v1::{MatterKey, Replay, Table};
use instrument::{Instrument, Procedure};
use node::Node;
use terms::{ActId, Code, Hash, Item, ItemPart, ParticipantId, Reference};

use crate::failure::Failure;

/// A participant by id, with a guess for who mistyped it.
pub(crate) fn participant(node: &Node, text: &str) -> Result<ParticipantId, Failure> {
    let participants = &node.docket().instrument().participants;
    match ParticipantId::new(text) {
        Some(id) if participants.contains_key(&id) => Ok(id),
        Some(_) | None => {
            let names = participants.keys().map(ParticipantId::as_str);
            let guess = nearest(text, names.clone());
            let failure = Failure::usage("mithaq::unknown", format!("unknown participant `{text}`"));
            Err(match guess {
                Some(guess) => failure.help(format!("did you mean `{guess}`?")),
                None => {
                    failure.help(format!("the instrument names {}", names.collect::<Vec<_>>().join(", ")))
                }
            })
        }
    }
}

/// An act: by its id, the index of its entry, or the reference of what it opened or offered.
pub(crate) fn act(node: &Node, text: &str) -> Result<ActId, Failure> {
    if let Some(hash) = Hash::from_base64(text).or_else(|| Hash::from_hex(text)) {
        return Ok(ActId(hash));
    }
    if let Ok(index) = text.parse::<u64>() {
        return at(node, index);
    }
    if let Some(item) = Item::new(text) {
        return Ok(item.act);
    }
    let reference = reference(text)?;
    let settlement = node.docket().settlement();
    if let Some((item, _)) = settlement.exhibits().iter().find(|(_, exhibit)| exhibit.reference == reference)
    {
        return Ok(item.act);
    }
    match settlement.matters().iter().find(|(_, matter)| matter.reference == reference) {
        Some((_, matter)) => Ok(opened_by(&matter.id)),
        None => match table_of(node.docket(), &reference) {
            Some((act, _)) => Ok(act),
            None => Err(unknown_reference(&reference)),
        },
    }
}

/// A table of reports, by its reference.
pub(crate) fn table<'r>(replay: &'r Replay, text: &str) -> Option<(ActId, &'r Table)> {
    table_of(replay, &read_reference(text)?)
}

fn table_of<'r>(replay: &'r Replay, reference: &Reference) -> Option<(ActId, &'r Table)> {
    let mut tables = replay.settlement().tables().iter();
    tables.find(|(_, table)| table.reference == *reference).map(|(act, table)| (*act, table))
}

/// The act that opened a matter.
pub(crate) const fn opened_by(matter: &MatterRef) -> ActId {
    match matter {
        MatterRef::Opened(act) => *act,
        MatterRef::ByStep(item) => item.act,
    }
}

/// A matter: by its reference, the index of the entry that opened it, or as acts name it.
pub(crate) fn matter(replay: &Replay, text: &str) -> Result<MatterKey, Failure> {
    let matters = replay.settlement().matters();
    let none = |what: String| {
        Failure::usage("mithaq::unknown", what).help("`mithaq list` says which kinds of matter there are")
    };
    if let Ok(named) = text.parse::<MatterRef>() {
        return match replay.settlement().matter(&named) {
            Some((key, _)) => Ok(key),
            None => Err(none(format!("the act {text} opened no matter here yet"))),
        };
    }
    if let Ok(index) = text.parse::<u64>() {
        let mut opened = matters.iter().filter(|(key, _)| key.index == index);
        return match (opened.next(), opened.next()) {
            (Some((key, _)), None) => Ok(*key),
            (Some(_), Some(_)) => {
                Err(Failure::usage("mithaq::ambiguous", format!("entry {index} opened several matters"))
                    .help("name one by its reference"))
            }
            (None, _) => Err(none(format!("entry {index} opened no matter"))),
        };
    }
    let reference = reference(text)?;
    match matters.iter().find(|(_, matter)| matter.reference == reference) {
        Some((key, _)) => Ok(*key),
        None if replay.settlement().exhibits().iter().any(|(_, exhibit)| exhibit.reference == reference) => {
            Err(Failure::usage("mithaq::unknown", format!("{reference} is an exhibit, and no matter"))
                .help("`mithaq evidence list` says what became of it"))
        }
        None if table_of(replay, &reference).is_some() => {
            let what = format!("{reference} is a table of reports, and no matter");
            Err(Failure::usage("mithaq::unknown", what)
                .help(format!("`mithaq show {reference}` says what it is"))
                .help(format!("`mithaq cite {reference}/17` quotes its row 17, if its text is at hand")))
        }
        None => Err(unknown_reference(&reference)),
    }
}

/// A kind of matter of the instrument, with a guess for who mistyped it; the capitals of its references will do.
pub(crate) fn kind<'i>(instrument: &'i Instrument, text: &str) -> Result<(&'i Code, &'i Procedure), Failure> {
    let kinds = &instrument.procedures;
    let found = kinds.iter().find(|(name, procedure)| {
        name.as_str().eq_ignore_ascii_case(text) || procedure.reference.eq_ignore_ascii_case(text)
    });
    found.ok_or_else(|| {
        let failure =
            Failure::usage("mithaq::unknown_kind", format!("there is no kind of matter `{text}` here"));
        match nearest(text, kinds.keys().map(Code::as_str)) {
            Some(guess) => failure.help(format!("did you mean `{guess}`?")),
            None => {
                let known: Vec<&str> = kinds.keys().map(Code::as_str).collect();
                failure.help(format!("there is {}", known.join(", ")))
            }
        }
    })
}

/// An exhibit: by its reference, as `ID#f1`, or by the act that filed just one.
pub(crate) fn exhibit(node: &Node, text: &str) -> Result<Item, Failure> {
    if let Some(item) = Item::new(text) {
        return match item.part {
            ItemPart::Exhibit(_) => Ok(item),
            ItemPart::Matter(_) | ItemPart::Row(_) => {
                Err(Failure::usage("mithaq::unknown", format!("`{text}` is no exhibit"))
                    .help("an exhibit is named as `EXH-26-0001-X`, or as the id of its act with `#f1`"))
            }
        };
    }
    if Hash::from_base64(text).is_none() && text.parse::<u64>().is_err() {
        let reference = reference(text)?;
        let exhibits = node.docket().settlement().exhibits();
        return exhibits
            .iter()
            .find(|(_, exhibit)| exhibit.reference == reference)
            .map(|(item, _)| *item)
            .ok_or_else(|| unknown_reference(&reference));
    }
    let id = act(node, text)?;
    let (_, filed) = node.find(&id)?;
    match node::evidence::files_of(filed.body()).len() {
        1 => Ok(Item::exhibit(id, 1)),
        0 => Err(Failure::usage("mithaq::unknown", format!("the act {id} files no exhibit"))),
        several => Err(Failure::usage("mithaq::ambiguous", format!("the act {id} files {several} exhibits"))
            .help(format!("say which: `{id}#f1` is the first"))),
    }
}

fn at(node: &Node, index: u64) -> Result<ActId, Failure> {
    if index >= node.size() {
        let message = format!("there is no entry {index}: this node has {}, from 0", node.size());
        return Err(Failure::usage("mithaq::unknown", message));
    }
    let entry = Entry::parse(&node.entry(index)?)
        .map_err(|fault| Failure::usage("mithaq::unknown", format!("entry {index} is no act: {fault}")))?;
    Ok(entry.act().id())
}

/// A reference as people type it: in small letters too, and as it is said by telephone, without what stands between.
pub(crate) fn read_reference(text: &str) -> Option<Reference> {
    Reference::parse(&dashed(text)?)
}

/// `CASE-27-0001-P`, however it is typed: `case270001p`, `CASE 27 0001 P`; nothing, if it is none.
fn dashed(text: &str) -> Option<String> {
    // What a word processor makes of a hyphen or a space is one too.
    let is_between = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let plain: String = text.chars().filter(|c| !is_between(c)).collect();
    let plain = plain.to_ascii_uppercase();
    let (kind, rest) = plain.split_at_checked(plain.find(|c: char| c.is_ascii_digit())?)?;
    let (digits, letter) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?;
    let (year, number) = digits.split_at_checked(2)?;
    Some(format!("{kind}-{year}-{number}-{letter}"))
}

fn reference(text: &str) -> Result<Reference, Failure> {
    let upper = dashed(text).unwrap_or_else(|| text.to_ascii_uppercase());
    Reference::parse(&upper).ok_or_else(|| match upper.rsplit_once('-') {
        Some((rest, letter)) if letter.len() == 1 && is_like_a_reference(rest) => {
            let message = format!("the check letter of `{text}` does not fit");
            Failure::usage("mithaq::check_letter", message).help(
                "a letter or a digit was misread: compare each with where it stands, or ask for it again",
            )
        }
        _ => Failure::usage("mithaq::unknown", format!("`{text}` names nothing here")).help(
            "name it as a reference (`EXH-26-0001-X`), by the index of its entry, or by the id of its act",
        ),
    })
}

/// `EXH-26-0001`, whatever the letter.
fn is_like_a_reference(rest: &str) -> bool {
    let mut parts = rest.split('-');
    let (Some(kind), Some(year), Some(number), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (year, number) = (year.parse().ok(), number.parse().ok());
    matches!((year, number), (Some(year), Some(number)) if Reference::new(kind, year, number).is_some())
}

fn unknown_reference(reference: &Reference) -> Failure {
    Failure::usage("mithaq::unknown", format!("there is no {reference} in this register yet"))
        .help("a reference exists once a mark covers its entry; until then name it by the id of its act")
}

/// The name that was most likely meant, if one is near.
pub(crate) fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (text.chars().count() / 3).max(1);
    names
        .map(|name| (distance(text, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters are wrong, missing, too many or swapped with the next.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(x != y);
            let mut least = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_as_it_is_said() {
        for typed in ["CASE-25-0147-G", "case-25-0147-g", "CASE250147G", "case 25 0147 g", "Case25-0147 G"] {
            let read = read_reference(typed).map(|read| read.to_string());
            assert_eq!(read.as_deref(), Some("CASE-25-0147-G"), "{typed}");
        }
        for wrong in ["CASE-25-0147-H", "CASE250147", "CASE", "250147G", "", "CASE2G", "Ü25-0147-G"] {
            assert_eq!(read_reference(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn near_names() {
        let names = ["islamabad", "kabul", "doha"];
        for (typed, meant) in
            [("islambad", Some("islamabad")), ("kabluk", Some("kabul")), ("dohq", Some("doha"))]
        {
            assert_eq!(nearest(typed, names.into_iter()), meant, "{typed}");
        }
        assert_eq!(nearest("istanbul", names.into_iter()), None);
    }
}
