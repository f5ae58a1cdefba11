//! Contradictions: each is earned, its near misses convict nobody, and a changed file convicts nobody
//! else.

mod cases;
mod collect;
mod honest;
mod register;
mod standing;
mod vectors;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use audit::contradiction::file::{OWN_BYTES_MAX, own_bytes};
use audit::contradiction::{Convict, Kind, Unconfirmed, confirm};
use cases::{Case, cases, too_long, verdict};
use proptest::prelude::*;

static CASES: LazyLock<Vec<Case>> = LazyLock::new(cases);

#[test]
fn each_case_has_its_verdict() {
    let mut wrong = Vec::new();
    for case in CASES.iter() {
        let found = confirm(&case.file, &case.expected);
        if verdict(&found) != case.verdict {
            let why = found.as_ref().map(|c| c.sentence()).map_err(ToString::to_string);
            wrong.push(format!(
                "{}: expected {}, found {}: {why:?}",
                case.name,
                case.verdict,
                verdict(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_kind_is_earned_and_has_near_misses() {
    for kind in Kind::ALL {
        let own = CASES.iter().filter(|case| case.name.split("--").next() == Some(kind.as_str()));
        let (earned, missed): (Vec<&Case>, Vec<&Case>) =
            own.partition(|case| confirm(&case.file, &case.expected).is_ok());
        assert!(!earned.is_empty(), "{kind} is not earned");
        assert!(missed.len() >= 2, "{kind} has {} near misses", missed.len());
        assert_eq!(Kind::ALL[usize::from(kind.number()) - 1], kind);
    }
}

/// What a file says is quoted on one line, whatever it is.
#[test]
fn foreign_names_are_quoted_on_one_line() {
    let world = register::World::usual();
    for line in [
        r#"{"format":"mithaq.contradiction/v1","kind":"fork","a\nb":1}"#,
        r#"{"format":"x\ny","kind":"fork","register":{"genesis":"","registrar":"genesis"},"shows":{}}"#,
        r#"{"format":"mithaq.contradiction/v1","kind":"fork","register":{"c\nd":""},"shows":{}}"#,
    ] {
        let found = confirm(format!("{line}\n").as_bytes(), &world.expected());
        let said = found.expect_err("no contradiction").to_string();
        assert!(!said.contains('\n'), "{said}");
    }
}

#[test]
fn each_reason_is_earned() {
    let world = register::World::usual();
    assert_eq!(confirm(&too_long(), &world.expected()), Err(Unconfirmed::TooLong));
    assert_eq!(confirm(&vec![b' '; 5 << 20], &world.expected()), Err(Unconfirmed::TooLong));
    let found: BTreeSet<&str> = CASES.iter().map(|case| case.verdict).chain(["too_long"]).collect();
    for reason in [
        "too_long",
        "not_one_line",
        "shape",
        "spelling",
        "genesis",
        "other_register",
        "unknown_rules",
        "later_registrar",
        "annex_missing",
        "annex",
        "unreadable",
        "other_register_quoted",
        "unsigned",
        "not_final",
        "not_included",
        "not_consistent",
        "key_unproven",
        "unknown_witness",
        "nothing_shown",
    ] {
        assert!(found.contains(reason), "no case has the reason {reason}");
    }
}

#[test]
fn each_file_is_small() {
    for case in CASES.iter().filter(|case| confirm(&case.file, &case.expected).is_ok()) {
        let own = own_bytes(&case.file);
        assert!(own < OWN_BYTES_MAX, "{}: {own} bytes of its own", case.name);
    }
}

#[test]
fn what_is_read_is_written_in_the_same_bytes() {
    for case in CASES.iter() {
        if let Ok(file) = audit::contradiction::Contradiction::read(&case.file) {
            assert_eq!(file.to_bytes(), case.file, "{}", case.name);
        }
    }
}

#[test]
fn each_conviction_says_a_sentence() {
    for case in CASES.iter() {
        let Ok(conviction) = confirm(&case.file, &case.expected) else { continue };
        let sentence = conviction.sentence();
        assert!(sentence.ends_with('.') && sentence.starts_with("The "), "{sentence}");
        assert!(!conviction.facts.is_empty(), "{}", case.name);
    }
}

/// A changed file convicts whom it convicted before, or nobody.
fn check_changed(case: &Case, changed: &[u8]) -> Result<(), TestCaseError> {
    let before = confirm(&case.file, &case.expected).map(|conviction| conviction.convicts);
    match (before, confirm(changed, &case.expected).map(|conviction| conviction.convicts)) {
        (_, Err(_) | Ok(Convict::Nobody)) => Ok(()),
        (Ok(before), Ok(after)) if before == after => Ok(()),
        (before, after) => Err(TestCaseError::fail(format!("{}: {before:?} became {after:?}", case.name))),
    }
}

/// Bytes of one quote, changed where base64 would not show it: decoded, changed, encoded again.
fn change_quote(file: &[u8], which: usize, at: usize, bit: u8) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(file).ok()?;
    let quotes: Vec<(usize, &str)> = text
        .split('"')
        .scan(0, |start, part| {
            let from = *start;
            *start += part.len() + 1;
            Some((from, part))
        })
        .filter(|(_, part)| part.len() >= 44 && terms::base64::decode(part).is_some())
        .collect();
    let (from, part) = quotes[which % quotes.len()];
    let mut bytes = terms::base64::decode(part)?;
    let at = at % bytes.len();
    bytes[at] ^= 1 << (bit % 8);
    Some([&file[..from], terms::base64::encode(&bytes).as_bytes(), &file[from + part.len()..]].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_byte_convicts_nobody_else(which: prop::sample::Index, at: prop::sample::Index, to: u8) {
        let case = which.get(&CASES);
        let mut changed = case.file.clone();
        if !changed.is_empty() {
            let at = at.index(changed.len());
            changed[at] = to;
        }
        check_changed(case, &changed)?;
    }

    #[test]
    fn a_changed_quote_convicts_nobody_else(which: prop::sample::Index, quote: usize, at: usize, bit: u8) {
        let case = which.get(&CASES);
        if case.file.len() > 200
            && let Some(changed) = change_quote(&case.file, quote, at, bit)
        {
            check_changed(case, &changed)?;
        }
    }

    #[test]
    fn a_cut_file_convicts_nobody(which: prop::sample::Index, at: prop::sample::Index) {
        let case = which.get(&CASES);
        if !case.file.is_empty() {
            let cut = &case.file[..at.index(case.file.len())];
            prop_assert!(confirm(cut, &case.expected).is_err());
        }
    }

    #[test]
    fn what_one_file_shows_another_kind_does_not(which: prop::sample::Index, kind: prop::sample::Index) {
        let case = which.get(&CASES);
        let (own, other) = (case.name.split("--").next().unwrap_or_default(), kind.get(&Kind::ALL).as_str());
        // Two receipts, and two stamps, may contradict each other in one way or in the other.
        let shapes = [["double-index", "time-backwards"], ["intake-fork", "intake-backwards"]];
        if own != other && !shapes.iter().any(|shape| shape.contains(&own) && shape.contains(&other)) {
            let text = String::from_utf8_lossy(&case.file);
            let changed = text.replacen(&format!("\"kind\":\"{own}\""), &format!("\"kind\":\"{other}\""), 1);
            prop_assert!(own == "file" || confirm(changed.as_bytes(), &case.expected).is_err());
        }
    }

    #[test]
    fn no_panic(bytes: Vec<u8>) {
        prop_assert!(confirm(&bytes, &CASES[0].expected).is_err());
    }
}
