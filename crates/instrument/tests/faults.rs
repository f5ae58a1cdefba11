//! Faults that are put into instruments that are good: each is found, by its own code.

use std::collections::BTreeSet;
use std::path::Path;

use instrument::library;
use terms::Severity;

const EXERCISE: &str = include_str!("../../../instruments/exercise.toml");

/// What is added at the end, or replaced, and the code that tells of it.
enum Fault {
    /// Text at the end of the file.
    Add(&'static str, &'static str),
    /// A text that stands there once, and another in its place.
    Replace(&'static str, &'static str, &'static str),
}

use Fault::{Add, Replace};

/// A procedure of its own that is good, to be changed.
const ASK: &str = r#"
[procedure.ask]
title = "Question"
ref = "ASK"
strands = ["asked"]
seen_by = "everyone"
[procedure.ask.fields]
asked = "several participant of parties"
grade = "one of low high"
when = "instant"
note = "optional text"
maybe = "optional instant"
helper = "optional participant of parties"
[procedure.ask.states]
put = "Asked."
answered = "Answered; the one who asked says whether that answers."
[procedure.ask.rests]
silent = "No answer on record."
[procedure.ask.ends]
done = "Answered."
open = "Not answered."
[procedure.ask.open]
by = "everyone"
to = "put"
[procedure.ask.step.answer]
from = ["put", "silent"]
by = "asked"
due = "72h after service"
to = "answered"
silence = { proceed = "silent" }
[procedure.ask.step.assess]
from = "answered"
by = "opener"
due = "48h after service"
choice = { answers = "done", does-not = "open" }
silence = { lapse = "open" }
"#;

/// Changes of [`ASK`]: each makes one thing wrong.
const OF_ASK: &[(&str, &str, &str)] = &[
    ("instrument::unknown_word", "due = \"72h after service\"", "wihtin = \"72h\""),
    ("instrument::unknown_word", "title = \"Question\"", "title = \"Question\"\nadopts = \"txt\""),
    ("instrument::unknown_word", "title = \"Question\"", "title = \"Question\"\ntiers = [\"recrod\"]"),
    ("instrument::unreadable_name", "ref = \"ASK\"", "ref = \"ask\""),
    ("instrument::unreadable_name", "note = \"optional text\"", "field_x = \"optional text\""),
    ("instrument::reserved_name", "silent = \"No answer on record.\"", "stay = \"No answer on record.\""),
    ("instrument::wrong_type", "to = \"answered\"", "to = \"answered\"\neyes = \"2\""),
    ("instrument::to_and_choice", "to = \"answered\"", "to = \"answered\"\nchoice = { yes = \"answered\" }"),
    ("instrument::unknown_state", "from = \"answered\"", "from = \"anwsered\""),
    ("instrument::unknown_state", "to = \"put\"", "to = \"putt\""),
    ("instrument::unknown_state", "does-not = \"open\"", "does-not = \"opne\""),
    ("instrument::unknown_state", "{ lapse = \"open\" }", "{ lapse = \"opened\" }"),
    ("instrument::unknown_state", "seen_by = \"everyone\"", "seen_by = \"everyone\"\npublic = [\"dnoe\"]"),
    ("instrument::unknown_field", "strands = [\"asked\"]", "strands = [\"askde\"]"),
    ("instrument::unknown_field", "to = \"answered\"", "to = \"answered\"\nfields = [\"nota\"]"),
    ("instrument::unknown_field", "\"72h after service\"", "\"3d before wen\""),
    (
        "instrument::unknown_choice",
        "from = \"answered\"",
        "from = \"answered\"\nmust = { answer = [\"note\"] }",
    ),
    (
        "instrument::unknown_choice",
        "from = \"answered\"",
        "from = \"answered\"\nopens = { answered = \"remedy\" }",
    ),
    (
        "instrument::unknown_code",
        "\"72h after service\"",
        "{ of = \"grade\", hihg = \"6h after service\", other = \"1d after service\" }",
    ),
    ("instrument::codes_missing", "\"72h after service\"", "{ of = \"grade\", high = \"6h after service\" }"),
    ("instrument::unknown_who", "by = \"opener\"", "by = \"openers\""),
    ("instrument::unknown_who", "by = \"asked\"", "by = \"chair of parties\""),
    ("instrument::unknown_procedure", "to = \"answered\"", "to = \"answered\"\nopens = \"remdy\""),
    ("instrument::unknown_procedure", "note = \"optional text\"", "note = \"optional matter of remdy\""),
    ("instrument::unknown_field_type", "grade = \"one of low high\"", "grade = \"low or high\""),
    ("instrument::unknown_silence", "{ lapse = \"open\" }", "{ move = \"open\" }"),
    ("instrument::unknown_silence", "{ lapse = \"open\" }", "\"note\""),
    (
        "instrument::unknown_effect",
        "title = \"Question\"",
        "title = \"Question\"\neffect = { done = \"end\" }",
    ),
    ("instrument::unknown_basis", "title = \"Question\"", "title = \"Question\"\nbasis = \"guess\""),
    ("instrument::unreadable_due", "\"72h after service\"", "\"3 days\""),
    ("instrument::unreadable_due", "\"72h after service\"", "\"0h after service\""),
    ("instrument::silence_without_clock", "due = \"48h after service\"\n", ""),
    ("instrument::clock_without_start", "\"72h after service\"", "\"at maybe\""),
    (
        "instrument::not_by_stick",
        "due = \"72h after service\"",
        "due = \"72h after service\"\ncarriage = \"0h\"",
    ),
    (
        "instrument::two_clocks",
        "due = \"72h after service\"",
        "due = \"72h after service\"\nuntil = \"72h after service\"",
    ),
    ("instrument::waits_for_ever", "silence = { lapse = \"open\" }", "silence = \"noted\""),
    (
        "instrument::silence_in_circles",
        "silence = { lapse = \"open\" }",
        "silence = { proceed = \"put\" }\n[procedure.ask.step.more]\nfrom = \"silent\"\nby = \"monitors\"\ndue = \"1d after finality\"\nto = \"answered\"\nsilence = { proceed = \"answered\" }",
    ),
    // One's own step back begins one's own clock anew; `stay` would not.
    ("instrument::held_by_one", "does-not = \"open\"", "does-not = \"open\", again = \"answered\""),
    // Whoever asks itself goes round alone.
    ("instrument::held_by_one", "does-not = \"open\"", "does-not = \"open\", again = \"put\""),
    ("instrument::held_by_one", "by = \"opener\"", "by = \"all of parties\"\nsplit = \"put\""),
    ("instrument::nobody", "by = \"opener\"", "by = \"helper\""),
    ("instrument::split_alone", "to = \"answered\"", "to = \"answered\"\nsplit = \"silent\""),
    ("instrument::rest_without_exit", "from = [\"put\", \"silent\"]", "from = \"put\""),
    ("instrument::dead_end", "from = \"answered\"", "from = \"put\""),
    ("instrument::end_goes_on", "from = \"answered\"", "from = [\"answered\", \"done\"]"),
    ("instrument::never_reached", "done = \"Answered.\"", "done = \"Answered.\"\nlost = \"Lost.\""),
    ("instrument::twice_a_state", "done = \"Answered.\"", "done = \"Answered.\"\nsilent = \"Silent.\""),
    ("instrument::no_from_or_by", "from = \"answered\"\n", ""),
    ("instrument::no_from_or_by", "by = \"opener\"\n", ""),
    ("instrument::no_from_or_by", "by = \"opener\"", "by = []"),
    ("instrument::nobody", "by = \"asked\"", "by = \"observers\""),
    ("instrument::out_of_reach", "by = \"opener\"", "by = \"4 of guarantors\""),
    ("instrument::takes_nothing_away", "by = \"opener\"", "by = \"parties other than ford\""),
    ("instrument::no_split", "by = \"opener\"", "by = \"all of parties\""),
    (
        "instrument::split_alone",
        "silence = { lapse = \"open\" }",
        "silence = { lapse = \"open\" }\nsplit = \"open\"",
    ),
    ("instrument::silence_finds", "seen_by = \"everyone\"", "seen_by = \"everyone\"\nagainst = [\"open\"]"),
    ("instrument::silence_adopts_a_fact", "{ proceed = \"silent\" }", "{ adopt = \"silent\" }"),
    ("instrument::lapse_goes_on", "{ proceed = \"silent\" }", "{ lapse = \"silent\" }"),
    ("instrument::escalates_to_the_same", "{ proceed = \"silent\" }", "{ escalate = \"silent\" }"),
    ("instrument::acts_unseen", "seen_by = \"everyone\"", "seen_by = \"monitors\""),
    ("instrument::seen_by_nobody", "seen_by = \"everyone\"\n", ""),
    (
        "instrument::prejudice_public",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\npublic = [\"done\"]\ntiers = [\"record\", \"without-prejudice\"]",
    ),
    (
        "instrument::strand_optional",
        "asked = \"several participant of parties\"",
        "asked = \"optional participant of parties\"",
    ),
    ("instrument::strand_refilled", "to = \"answered\"", "to = \"answered\"\nfields = [\"asked\"]"),
    (
        "instrument::amends_what",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\neffect = { done = \"amend\" }",
    ),
    (
        "instrument::number_not_agreed",
        "due = \"72h after service\"",
        "due = \"72h after service\"\nword = \"without delay\"",
    ),
    (
        "instrument::judge_in_own_cause",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\nagainst = [\"done\"]",
    ),
    ("instrument::twice_a_ref", "ref = \"ASK\"", "ref = \"CASE\""),
    ("instrument::no_end", "[procedure.ask.ends]\n", ""),
    (
        "instrument::bearer_has_a_veto",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\nagainst = [\"answered\"]",
    ),
    ("instrument::loaded_word", "title = \"Question\"", "title = \"Border question\""),
    ("instrument::missing_key", "title = \"Question\"\n", ""),
    ("instrument::missing_key", "[procedure.ask.open]\nby = \"everyone\"\nto = \"put\"\n", ""),
];

/// Changes of the whole instrument.
const OF_ALL: &[Fault] = &[
    Replace("instrument::unknown_library", "like = \"visit\"", "like = \"visti\""),
    Replace(
        "instrument::unknown_without",
        "like = \"visit\"",
        "like = \"visit\"\nwithout = [\"state.splitt\"]",
    ),
    Replace(
        "instrument::silence_pays",
        "like = \"case\"",
        "like = \"case\"\n[procedure.case.step.respond]\nsilence = { lapse = \"withdrawn\" }",
    ),
    Replace("instrument::rival_decisions", "decides = \"2\"", "decides = \"1\""),
    Replace("instrument::out_of_reach", "decides = \"2\"", "decides = \"5\""),
    Replace(
        "instrument::chair_outside",
        "chair = \"secretariat\"\ndecides = \"2\"",
        "chair = \"north\"\ndecides = \"2\"",
    ),
    Replace(
        "instrument::one_can_stop",
        "quorum = [\"secretariat\", \"any of guarantors\"]",
        "quorum = [\"secretariat\", \"all of parties\"]",
    ),
    Replace(
        "instrument::no_bearer",
        "bearers = [\"north\", \"south\"]\ntext = \"Information is shared.\"",
        "bearers = []\ntext = \"Information is shared.\"",
    ),
    Replace("instrument::never_invoked", "kind = \"cooperation\"", "kind = \"courtesy\""),
    Replace(
        "instrument::no_life",
        "[procedure.life]\nlike = \"life\"\n[procedure.departure]\nlike = \"departure\"\n",
        "",
    ),
    Replace("instrument::cannot_leave", "[procedure.departure]\nlike = \"departure\"\n", ""),
    Replace("instrument::no_amendment", "[procedure.amendment]\nlike = \"amendment\"\n", ""),
    Replace(
        "instrument::no_relief",
        "set-aside = { by = [\"all of guarantors\", \"any of parties\"] }\n",
        "",
    ),
    Replace("instrument::relief_without_bound", ", most = \"72h\", times = 1", ", most = \"72h\""),
    Replace(
        "instrument::cuts_itself",
        "cut = { by = \"any of guarantors\"",
        "cut = { by = \"any of parties\"",
    ),
    Replace(
        "instrument::unknown_who",
        "members = [\"ford\", \"harbour\", \"secretariat\"]",
        "members = [\"ford\", \"harbor\", \"secretariat\"]",
    ),
    Replace(
        "instrument::twice_a_name",
        "members = [\"ford\", \"harbour\", \"secretariat\"]",
        "members = [\"ford\", \"ford\", \"secretariat\"]",
    ),
    Replace("instrument::reserved_name", "[body.finders]", "[body.parties]"),
    Replace("instrument::no_zone", "zone = \"+00:00\"", "zone = \"Asia/Karachi\""),
    Replace("instrument::no_deemed_service", "deemed = \"24h\"", "deemed = \"0h\""),
    Replace(
        "instrument::unknown_line",
        "side = { ridge = \"left\", survey",
        "side = { rigde = \"left\", survey",
    ),
    Replace(
        "instrument::no_side",
        "side = { ridge = \"left\", survey = \"left\" }",
        "side = { ridge = \"left\" }",
    ),
    Replace("instrument::same_side", "survey = \"right\" }", "survey = \"left\" }"),
    Replace("instrument::unknown_word", "survey = \"right\" }", "survey = \"east\" }"),
    Replace("instrument::unknown_who", "participant = \"north\"", "participant = \"nort\""),
    Replace("instrument::unknown_who", "label = { north", "label = { nort"),
    Replace("instrument::missing_key", "precision = 500\n", ""),
    Replace("instrument::missing_key", "edition = \"2025\"\n", ""),
    Replace("instrument::unreadable_distance", "precision = 500", "precision = 0"),
    Replace("instrument::unreadable_distance", "coarseness = 1000", "coarseness = 200000"),
    Replace("instrument::wrong_type", "precision = 500", "precision = 0.5"),
    Replace("instrument::no_line_file", "annex = \"", "hash = \"ab\"\nannex = \""),
    Replace("instrument::unreadable_hash", "annex = \"", "annex = \"sha256:"),
    Replace("instrument::never_determined", "precision = 500", "precision = 500\nreach = 1200"),
    Replace("instrument::uneven_labels", ", south = \"the ridge line\"", ""),
    Replace(
        "instrument::one_area",
        "[area.b]\nparticipant = \"south\"\nside = { ridge = \"right\", survey = \"right\" }\n",
        "",
    ),
    Replace("instrument::untranslated", "languages = [\"en\"]", "languages = [\"en\", \"fr\"]"),
    Replace("instrument::unknown_word", "disclaimer = { en", "disclaimer = { eng"),
    Add("instrument::unknown_who", "\n[exhibits]\narbiter = \"secretariate\"\n"),
    Replace("instrument::out_of_reach", "decides = \"2\"", "decides = [\"north\", \"ford\"]"),
    Replace(
        "instrument::out_of_reach",
        "quorum = [\"secretariat\", \"any of guarantors\"]",
        "quorum = [\"secretariat\", \"3 of guarantors\"]",
    ),
    Replace("instrument::bodies_in_circles", "decides = \"2\"", "decides = \"finders\""),
    Add(
        "instrument::bodies_in_circles",
        "\n[body.one]\nmembers = [\"ford\", \"north\"]\ndecides = [\"ford\", \"two\"]\n\
         [body.two]\nmembers = [\"ford\", \"north\"]\ndecides = \"all\"\nquorum = \"one\"\n",
    ),
    Add("instrument::leaves_nothing", "\n[quota]\nacts = 0\n"),
    Add("instrument::leaves_nothing", "\n[tiers]\nerasure = 0\n"),
    Add("instrument::unknown_act", "\n[custody]\nfnid = \"device\"\n"),
    Add("instrument::unknown_word", "\n[custody]\nfind = \"telephone\"\n"),
    Add("instrument::nobody", "\n[exhibits]\narbiter = \"observers\"\n"),
    Add("instrument::unknown_who", "\n[exhibits]\narbiter = \"opener\"\n"),
    Add("instrument::out_of_reach", "\n[exhibits]\nhold = \"4 of guarantors\"\n"),
    Add("instrument::maps_nowhere", "\n[transition.request]\nput = \"putt\"\n"),
    Add("instrument::unknown_procedure", "\n[transition.requests]\nput = \"put\"\n"),
    Add("instrument::twice_a_name", "\n[body.north]\nmembers = [\"ford\"]\ndecides = \"all\"\n"),
];

/// Transitions from the exercise to itself, and what is wrong with them.
const OF_TWO: &[(Option<&str>, &str)] = &[
    (None, "request]\nput = \"put\"\nanswered = \"put\"\nsilent = \"refused\"\n"),
    (Some("instrument::not_mapped"), "request]\nput = \"put\"\nanswered = \"put\"\n"),
    (
        Some("instrument::unknown_state"),
        "request]\nput = \"put\"\nanswered = \"put\"\nsilent = \"silent\"\nrefused = \"put\"\n",
    ),
    (
        Some("instrument::unknown_state"),
        "request]\nput = \"put\"\nanswered = \"put\"\nsilent = \"silent\"\nasked = \"put\"\n",
    ),
];

fn replaced(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old:?} stands once");
    text.replace(old, new)
}

/// The codes that are told of a text.
fn codes(text: &str) -> BTreeSet<&'static str> {
    let (_, found) = instrument::read(text, &library::shipped());
    found.iter().map(|found| found.code).collect()
}

#[test]
fn a_procedure_of_ones_own_is_good() {
    assert_eq!(codes(&format!("{EXERCISE}{ASK}")), BTreeSet::new());
}

#[test]
fn each_fault_is_found() {
    let mut missed = Vec::new();
    let mut earned = BTreeSet::new();
    let mut look = |code: &'static str, text: &str, what: &str| {
        let found = codes(text);
        if !found.contains(code) {
            missed.push(format!("{code} by {what:?}: {found:?}"));
        }
        earned.insert(code);
    };
    for (code, old, new) in OF_ASK {
        look(code, &format!("{EXERCISE}{}", replaced(ASK, old, new)), new);
    }
    for fault in OF_ALL {
        match fault {
            Add(code, more) => look(code, &format!("{EXERCISE}{more}"), more),
            Replace(code, old, new) => look(code, &replaced(EXERCISE, old, new), new),
        }
    }
    assert_eq!(missed, Vec::<String>::new());
    // A second line with the file of the first.
    let twice: String = EXERCISE
        .lines()
        .filter(|line| line.starts_with("annex = "))
        .map(|annex| format!("\n[line.copy]\nsource = \"x\"\nedition = \"x\"\n{annex}\nprecision = 1\n"))
        .collect();
    assert!(codes(&format!("{EXERCISE}{twice}")).contains("instrument::twice_a_line"));
    earned.insert("instrument::twice_a_line");
    let many: String = (0..200).map(|n| format!("s{n} = \"A state.\"\n")).collect();
    let many = replaced(ASK, "[procedure.ask.rests]\n", &format!("[procedure.ask.rests]\n{many}"));
    assert_eq!(codes(&format!("{EXERCISE}{many}")), BTreeSet::from(["instrument::too_many"]));
    // Whoever is named in five lists of thirty, any of them, can be named in more ways than anybody can look at.
    let seats: String = (0..30)
        .map(|n| format!("[participant.n{n}]\nrole = \"guarantor\"\nnames = {{ own = \"N{n}\" }}\n"))
        .collect();
    let lists: String = (0..5).map(|n| format!("list{n} = \"several participant of everyone\"\n")).collect();
    let steps: String = (0..5)
        .map(|n| {
            format!("[procedure.ask.step.l{n}]\nfrom = \"put\"\nby = \"all of list{n}\"\nto = \"answered\"\n")
        })
        .collect();
    let many =
        replaced(ASK, "grade = \"one of low high\"\n", &format!("grade = \"one of low high\"\n{lists}"));
    assert_eq!(codes(&format!("{EXERCISE}{seats}{many}{steps}")), BTreeSet::from(["instrument::too_many"]));
    earned.insert("instrument::too_many");
    for (code, transition) in OF_TWO {
        let before = instrument::read(EXERCISE, &library::shipped()).0.expect("the exercise");
        let text = format!("{EXERCISE}[transition.{transition}");
        let (_, found) = instrument::read_after(&text, &library::shipped(), &before);
        let found: Vec<&str> = found.iter().map(|found| found.code).collect();
        assert_eq!(found, code.iter().copied().collect::<Vec<_>>(), "{transition}");
        earned.extend(code.iter().copied());
    }
    // Every code that a broken file of its own does not earn (`wrong.rs`) is earned here.
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong");
    let has_a_file = |code: &str| {
        let name = code.strip_prefix("instrument::").unwrap_or(code);
        broken.join(name).with_extension("toml").exists()
    };
    let unearned: Vec<&str> =
        instrument::CODES.into_iter().filter(|code| !earned.contains(code) && !has_a_file(code)).collect();
    assert_eq!(unearned, Vec::<&str>::new());
    for code in earned {
        assert!(instrument::CODES.contains(&code), "{code} is in the list");
    }
}

/// What is found stands somewhere, and says what to do.
#[test]
fn each_finding_has_a_place_and_a_help() {
    for (_, old, new) in OF_ASK {
        let text = format!("{EXERCISE}{}", replaced(ASK, old, new));
        let (_, found) = instrument::read(&text, &library::shipped());
        for finding in found {
            assert!(!finding.labels.is_empty() && finding.help.is_some(), "{finding:?}");
            assert!(matches!(finding.severity, Severity::Error | Severity::Warning));
            for label in &finding.labels {
                assert!(text.get(label.span.clone()).is_some_and(|at| !at.is_empty()), "{finding:?}");
            }
        }
    }
}
