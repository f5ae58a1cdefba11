//! Texts that are no act, and bytes that are no entry: each fault is earned, with its place.

#![expect(clippy::panic, reason = "a test's helper says what it found")]

mod edit;

use std::collections::BTreeSet;

use act::entry::ENTRY_BYTES_MAX;
use act::form::TEXT_BYTES_MAX;
use act::{Act, Entry, EntryFault, Submission, sample};
use edit::{edited, text_of};
use note::{Intake, KeyName, Note, SignatureLine};
use proptest::prelude::*;
use serde_json::{Value, json};
use terms::{Hash, SignerName};

/// Every way in which a text is no act.
const CODES: [&str; 17] = [
    "act::body",
    "act::first_line",
    "act::genesis_word",
    "act::json_bad_escape",
    "act::json_duplicate_name",
    "act::json_expected",
    "act::json_forbidden_character",
    "act::json_not_whole",
    "act::json_too_deep",
    "act::json_too_large",
    "act::json_trailing",
    "act::not_two_lines",
    "act::number_zero",
    "act::shape",
    "act::signers",
    "act::spelling",
    "act::text_too_long",
];

/// `line:column code` of the fault in a text.
fn fault(text: &str) -> String {
    match Act::parse(text) {
        Ok(_) => panic!("this is an act: {text}"),
        Err(fault) => format!("{}:{} {}", fault.line, fault.column, fault.what.code()),
    }
}

/// The keep act with its second line replaced.
fn with_line(line: &str) -> String {
    let text = text_of("keep");
    format!("{}\n{line}\n", text.lines().next().expect("two lines"))
}

/// The column of `part` in line 2.
fn column(text: &str, part: &str) -> usize {
    text.lines().nth(1).and_then(|line| line.find(part)).expect("it is there") + 1
}

fn json_faults() -> Vec<(String, String)> {
    [
        ("[]", "2:1 act::json_expected"),
        ("", "2:1 act::json_expected"),
        (r#"{"kind":"keep"} x"#, "2:17 act::json_trailing"),
        (r#"{"a":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}"#, "2:21 act::json_too_deep"),
        (r#"{"kind":"keep","n":1,"\u006eind":1,"n":2}"#, "2:36 act::json_duplicate_name"),
        (r#"{"n":1.0}"#, "2:6 act::json_not_whole"),
        (r#"{"n":9007199254740992}"#, "2:6 act::json_too_large"),
        ("{\"by\":\"nor\u{3164}th\"}", "2:11 act::json_forbidden_character"),
        (r#"{"by":"\u202e"}"#, "2:8 act::json_forbidden_character"),
        (r#"{"by":"\q"}"#, "2:8 act::json_bad_escape"),
        ("{\"by\":\t1}", "2:7 act::json_expected"),
    ]
    .into_iter()
    .map(|(line, expected)| (with_line(line), expected.to_owned()))
    .collect()
}

fn form_faults() -> Vec<(String, String)> {
    let keep = text_of("keep");
    let first = keep.lines().next().expect("two lines");
    let hash = first.rsplit(' ').next().expect("three words");
    let at = |text: &str, part: &str, code: &str| format!("2:{} act::{code}", column(text, part));
    let mut all = vec![
        (keep.trim_end().to_owned(), "1:1 act::not_two_lines".to_owned()),
        (format!("{keep}\n"), "1:1 act::not_two_lines".into()),
        (format!("{keep}x\n"), "1:1 act::not_two_lines".into()),
        (String::new(), "1:1 act::not_two_lines".into()),
        (format!("{}\n", "x".repeat(TEXT_BYTES_MAX)), format!("1:{} act::text_too_long", TEXT_BYTES_MAX + 1)),
        (keep.replacen("act/v1", "act/v2", 1), "1:1 act::first_line".into()),
        (keep.replacen(hash, "genesi", 1), "1:1 act::first_line".into()),
        (keep.replacen(sample::ORIGIN, "mithaq.example", 1), "1:1 act::first_line".into()),
        (keep.replacen(' ', "  ", 1), "1:1 act::first_line".into()),
        (keep.replacen('\n', " \n", 1), "1:1 act::first_line".into()),
    ];
    let body = |edits: &[(&str, Value)]| edited(&keep, edits);
    let mut add = |text: String, part: &str, code: &str| {
        let expected = at(&text, part, code);
        all.push((text, expected));
    };
    add(keep.replacen(hash, "genesis", 1), "\"kind\"", "genesis_word");
    let genesis = text_of("genesis");
    add(genesis.replacen(" genesis\n", &format!(" {hash}\n"), 1), "\"kind\"", "genesis_word");
    add(body(&[("/n", json!(0))]), "\"n\"", "number_zero");
    add(body(&[("/body/exhibits", json!([]))]), "\"body\"", "body");
    for signers in [
        json!([]),
        json!(["harbour/desk-1", "harbour/desk-1"]),
        json!(["north/liaison-1"]),
        json!(["harbour/desk-1", "north/liaison-1"]),
        json!(["registrar"]),
        (0..16).map(|n| json!(format!("harbour/desk-{n}"))).collect(),
    ] {
        add(body(&[("/signers", signers)]), "\"signers\"", "signers");
    }
    all
}

/// What a lax reader takes for the same act: none of it is one.
fn second_spellings() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |name: &str, edits: &[(&str, Value)], part: &str, code: &str| {
        let text = edited(&text_of(name), edits);
        let expected = format!("2:{} act::{code}", column(&text, part));
        all.push((text, expected));
    };
    let keep: Value = serde_json::from_str(text_of("keep").lines().nth(1).expect("JSON")).expect("JSON");
    let list =
        |value: &Value| Value::Array(value.as_object().expect("an object").values().cloned().collect());
    // A list where an object should stand.
    add("keep", &[("/body", list(&keep["body"]))], "\"body\"", "spelling");
    add("keep", &[("/seen", json!([keep["seen"]["size"], keep["seen"]["root"]]))], "\"seen\"", "spelling");
    // An object for a word.
    add("keep", &[("/kind", json!({ "keep": Value::Null }))], "\"kind\"", "spelling");
    add("rule-danger", &[("/body/outcome", json!({ "danger": Value::Null }))], "\"outcome\"", "spelling");
    // An empty list or object for what is absent.
    add("open", &[("/body/strands", json!([]))], "\"strands\"", "spelling");
    add("open", &[("/body/fields", json!({}))], "\"fields\"", "spelling");
    add("open", &[("/body/files/1/grants", json!([]))], "\"grants\"", "spelling");
    all
}

/// `null` for what is absent: made by hand, since [`edited`] takes `null` for *take it out*.
fn nulls() -> Vec<(String, String)> {
    let open = text_of("open");
    let (step, keep) = (text_of("step"), text_of("keep"));
    let enrol = text_of("enrol-device");
    let at = |text: &str, part: &str, code: &str| format!("2:{} act::{code}", column(text, part));
    let tier = open.replacen("\"tier\":\"record\"", "\"tier\":null", 1);
    let choice = step.replacen("\"choice\":\"deny\"", "\"choice\":null", 1);
    let passkey = enrol.replacen("\"custody\"", "\"passkey\":null,\"custody\"", 1);
    let place = open.replacen("\"radius-m\":1000", "\"radius-m\":1000,\"start\":null", 1);
    let (before, rest) = keep.split_once("\"prev\":\"").expect("it has one");
    let prev = format!("{before}\"prev\":null{}", &rest[45..]);
    vec![
        (tier.clone(), at(&tier, "\"tier\"", "spelling")),
        (choice.clone(), at(&choice, "\"choice\"", "spelling")),
        (passkey.clone(), at(&passkey, "\"passkey\"", "spelling")),
        (place.clone(), at(&place, "\"start\"", "spelling")),
        (prev.clone(), format!("2:{} act::shape", column(&prev, "null") + 3)),
    ]
}

#[test]
fn every_fault_of_form_is_earned_at_its_place() {
    let mut earned = BTreeSet::new();
    let mut wrong = Vec::new();
    let cases = [json_faults(), form_faults(), second_spellings(), nulls()].concat();
    for (text, expected) in cases {
        let found = fault(&text);
        earned.insert(found.split(' ').nth(1).expect("a code").to_owned());
        if found != expected {
            wrong.push(format!("{found}, expected {expected}: {text}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
    let shape = fault(&edited(&text_of("keep"), &[("/more", json!(1))]));
    earned.insert(shape.split(' ').nth(1).expect("a code").to_owned());
    assert_eq!(earned, BTreeSet::from(CODES.map(str::to_owned)));
    assert_eq!(earned, codes_in(&[include_str!("../src/form.rs"), include_str!("../src/json.rs")]));
}

fn codes_in(sources: &[&str]) -> BTreeSet<String> {
    let words = sources.iter().flat_map(|source| source.split('"'));
    words.filter(|word| word.starts_with("act::")).map(str::to_owned).collect()
}

/// A shape fault names fields and words, never a type of this program.
#[test]
fn shape_faults_speak_of_the_act() {
    for sample in sample::register() {
        let text = sample.entry.act().text();
        let line: Value = serde_json::from_str(text.lines().nth(1).expect("two lines")).expect("JSON");
        let mut pointers = Vec::new();
        leaves(&line, "", &mut pointers);
        for pointer in &pointers {
            for value in
                [json!(-5), json!(5), json!("x y"), json!({}), json!({ "x": 1 }), json!([]), json!(true)]
            {
                if let Err(fault) = Act::parse(&edited(text, &[(pointer, value)])) {
                    let said = fault.to_string();
                    for word in ["struct", "enum ", "tuple", "variant index", "Option", "::", "HeadOnWire"] {
                        assert!(!said.contains(word), "{}: {pointer}: {said}", sample.name);
                    }
                }
            }
        }
    }
}

fn leaves(value: &Value, path: &str, into: &mut Vec<String>) {
    let mut below = |name: String, value: &Value| {
        let path = format!("{path}/{name}");
        leaves(value, &path, into);
        into.push(path);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| below(name.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| below(at.to_string(), value)),
        _ => {}
    }
}

/// The lines of a sample, as they can be put together anew.
struct Parts {
    act: Act,
    signatures: Vec<SignatureLine>,
    assertions: Vec<SignatureLine>,
    intakes: Vec<SignatureLine>,
    receipt: SignatureLine,
}

fn parts(name: &str) -> Parts {
    let entry = sample::register().into_iter().find(|s| s.name == name).expect("a sample").entry;
    Parts {
        act: entry.act().clone(),
        signatures: entry.submission().signatures().to_vec(),
        assertions: entry.submission().assertions().to_vec(),
        intakes: entry.submission().intakes().to_vec(),
        receipt: entry.receipt_line().clone(),
    }
}

fn bytes(act: &Act, lines: &[&[SignatureLine]]) -> Vec<u8> {
    Note::new(act.text().to_owned(), lines.concat()).expect("a note").to_bytes()
}

fn stamp(act: &Act, label: &str) -> SignatureLine {
    let signer = SignerName::new(label).expect("a signer");
    let intake = Intake { act: act.id(), time: terms::Instant::EPOCH, previous: Hash::ZERO };
    intake.sign(&sample::key(label), &KeyName::signer(act.origin(), &signer))
}

#[test]
fn lines_stand_in_their_order() {
    let two = parts("step-with-four-eyes");
    let open = parts("open");
    let (first, second) = (&two.signatures[..1], &two.signatures[1..]);
    let receipt = std::slice::from_ref(&two.receipt);
    let stamp = [stamp(&two.act, "harbour/intake")];
    let foreign =
        [SignatureLine { name: KeyName::new("elsewhere.example/a/b").expect("a name"), ..stamp[0].clone() }];
    let by_registrar = [SignatureLine {
        name: KeyName::signer(two.act.origin(), &SignerName::Registrar),
        ..stamp[0].clone()
    }];
    let passkey = &two.assertions[..];
    let check = |lines: &[&[SignatureLine]], expected: Result<(), usize>| {
        let read = Submission::parse(&bytes(&two.act, lines)).map(drop);
        assert_eq!(read, expected.map_err(|line| EntryFault::Lines { line }));
    };
    assert_eq!((two.signatures.len(), passkey.len(), open.intakes.len()), (2, 1, 1));
    check(&[first, second, passkey], Ok(()));
    check(&[first, second, passkey, &stamp, &stamp], Ok(()));
    check(&[first, second], Ok(()));
    check(&[second, first, passkey], Err(1));
    check(&[first], Err(2));
    check(&[first, passkey], Ok(()));
    check(&[first, &stamp], Err(2));
    check(&[first, second, passkey, passkey], Err(4));
    check(&[first, second, passkey, first], Err(4));
    check(&[first, second, first, passkey], Ok(()));
    check(&[first, second, &stamp, passkey], Err(4));
    check(&[first, second, passkey, &foreign], Err(4));
    check(&[first, second, passkey, &by_registrar], Err(4));
    check(&[first, second, passkey, receipt], Err(4));
    let stamps: Vec<_> = (0..13).map(|_| stamp[0].clone()).collect();
    check(&[first, second, &stamps], Ok(()));
    check(&[first, second, passkey, &stamps], Err(16));
}

#[test]
fn every_fault_of_an_entry_is_earned() {
    let Parts { act, signatures, receipt, .. } = parts("keep");
    let genesis = parts("genesis");
    let receipt = std::slice::from_ref(&receipt);
    let check = |bytes: Vec<u8>, expected: &str| {
        let found = Entry::parse(&bytes).expect_err("it is no entry");
        assert_eq!(found.code(), expected, "{found}");
        assert!(!found.to_string().is_empty());
        expected.to_owned()
    };
    let mut short = receipt.to_vec();
    short[0].payload.pop();
    let mut earned = BTreeSet::new();
    earned.insert(check(b"x\n".to_vec(), "act::no_note"));
    earned.insert(check(bytes(&act, &[&signatures]), "act::no_receipt"));
    earned.insert(check(bytes(&act, &[&signatures, &short]), "act::no_receipt"));
    earned.insert(check(bytes(&act, &[&signatures, &genesis.signatures[..1]]), "act::no_receipt"));
    earned.insert(check(bytes(&act, &[receipt]), "act::signature_lines"));
    earned.insert(check(bytes(&act, &[receipt, receipt]), "act::signature_lines"));
    earned.insert(check(vec![b'x'; ENTRY_BYTES_MAX + 1], "act::entry_too_long"));
    let form = Note::new("no act\n".to_owned(), signatures.clone()).expect("a note");
    check(form.with(receipt[0].clone()).to_bytes(), "act::not_two_lines");
    assert_eq!(earned, codes_in(&[include_str!("../src/entry.rs")]));
}

/// One byte more, and there would be no room for the receipt.
#[test]
fn the_longest_entry() {
    let Parts { act, signatures, receipt, .. } = parts("keep");
    let base = bytes(&act, &[&signatures, std::slice::from_ref(&receipt)]).len();
    let mut padded = stamp(&act, "harbour/intake");
    let with =
        |line: &SignatureLine| Submission::new(act.clone(), signatures.clone(), vec![], vec![line.clone()]);
    let line_bytes = |line: &SignatureLine| format!("{line}\n").len();
    // Base64 grows by four bytes for three, so the name takes up the rest.
    let name = padded.name.as_str().len() - "intake".len();
    let room = ENTRY_BYTES_MAX - base;
    for label in 1..=4 {
        let text = format!("{}{}", &padded.name.as_str()[..name], "i".repeat(label));
        padded.name = KeyName::new(&text).expect("a name");
        padded.payload = vec![0; 2];
        let payload = 2 + (room - line_bytes(&padded)) / 4 * 3;
        padded.payload = vec![0; payload];
        if line_bytes(&padded) == room {
            let longest = Entry::new(with(&padded).expect("it fits"), receipt).expect("a receipt");
            assert_eq!(longest.to_bytes().len(), ENTRY_BYTES_MAX);
            assert_eq!(Entry::parse(&longest.to_bytes()), Ok(longest));
            padded.name = KeyName::new(&format!("{}i", padded.name)).expect("a name");
            assert_eq!(with(&padded), Err(EntryFault::TooLong));
            return;
        }
    }
    panic!("no name makes it fit exactly");
}

#[test]
fn a_genesis_may_have_sixty_three_signers() {
    let genesis = parts("genesis");
    let stamps = vec![stamp(&genesis.act, "harbour/intake"); 60];
    let with = |count| Submission::parse(&bytes(&genesis.act, &[&genesis.signatures, &stamps[..count]]));
    assert_eq!(genesis.signatures.len() + 59, 63);
    let most = with(59).expect("63 lines");
    assert!(Entry::parse(&Entry::new(most, genesis.receipt).expect("a receipt").to_bytes()).is_ok());
    assert!(matches!(with(60), Err(EntryFault::Note(_))));
    let more = Submission::new(genesis.act, genesis.signatures, vec![], stamps);
    assert_eq!(more, Err(EntryFault::Lines { line: 64 }));
}

#[test]
fn one_more_stamp() {
    let Parts { act, signatures, .. } = parts("keep");
    let line = stamp(&act, "harbour/intake");
    let submission = Submission::new(act, signatures.clone(), vec![], vec![]).expect("good");
    let stamped = submission.clone().with_intake(line.clone()).expect("there is room");
    assert_eq!(stamped.intakes(), [line]);
    assert_ne!(stamped.hash(), submission.hash());
    let of_signer = submission.with_intake(signatures[0].clone());
    // A second line of a signer is its passkey's, and whether it is, its payload says later.
    assert_eq!(of_signer.map(|s| (s.assertions().len(), s.intakes().len())), Ok((1, 0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn changed_bytes_never_panic_and_print_as_they_were_read(
        which in 0..usize::MAX,
        changes in proptest::collection::vec((0..usize::MAX, 0..5_u8, any::<u8>()), 1..4),
    ) {
        thread_local! {
            static ENTRIES: Vec<Vec<u8>> = sample::register().iter().map(|s| s.entry.to_bytes()).collect();
        }
        let mut bytes = ENTRIES.with(|entries| entries[which % entries.len()].clone());
        for (at, how, byte) in changes {
            // Cut to one byte, and that taken away: there is nothing left to change.
            let Some(at) = at.checked_rem(bytes.len()) else { break };
            match how {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                3 => bytes.truncate(at + 1),
                _ => {
                    let again = bytes[at..].iter().copied().take(usize::from(byte)).collect::<Vec<_>>();
                    bytes.splice(at..at, again);
                }
            }
        }
        if let Ok(entry) = Entry::parse(&bytes) {
            prop_assert_eq!(entry.to_bytes(), &bytes[..]);
        }
        if let Ok(submission) = Submission::parse(&bytes) {
            prop_assert_eq!(submission.to_bytes(), bytes);
        }
    }

    /// What is read says what the line says, field for field: no reader of another language can find
    /// something else in it.
    #[test]
    fn another_value_is_read_as_it_stands_or_refused(
        which in 0..usize::MAX,
        leaf in 0..usize::MAX,
        value in prop_oneof![
            Just(json!([])), Just(json!({})), Just(json!("a")), Just(json!(0)), Just(json!(["a", "b"])),
            Just(json!([1, 2, 3])), Just(json!({ "start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z" })),
            Just(json!([1, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="])),
        ],
    ) {
        thread_local! {
            static TEXTS: Vec<String> =
                sample::register().iter().map(|s| s.entry.act().text().to_owned()).collect();
        }
        let text = TEXTS.with(|texts| texts[which % texts.len()].clone());
        let line: Value = serde_json::from_str(text.lines().nth(1).expect("two lines")).expect("JSON");
        let mut pointers = Vec::new();
        leaves(&line, "", &mut pointers);
        let changed = edited(&text, &[(&pointers[leaf % pointers.len()], value)]);
        if let Ok(act) = Act::parse(&changed) {
            let draft = act::Draft {
                origin: act.origin().clone(),
                genesis: act.genesis(),
                head: act.head().clone(),
                body: act.body().clone(),
            };
            let said = |text: &str| -> Value { serde_json::from_str(text.lines().nth(1).expect("two lines")).expect("JSON") };
            prop_assert_eq!(said(draft.write().expect("an act").text()), said(&changed));
        }
    }
}
