//! The instruments that are shipped, and the spellings that they have to recognise.

use instrument::{Authentic, Basis, ExclusionList, Instrument, Order, folding};
use terms::{ParticipantId, Role, Seconds};

const HAND_OVER: &str = include_str!("../../../instruments/exercise-hand-over.toml");
const TWO: &str = include_str!("../../../instruments/exercise-two.toml");

fn without_a_word(text: &str) -> Instrument {
    let (instrument, diagnostics) = instrument::read(text, &instrument::library::shipped());
    assert_eq!(diagnostics, []);
    instrument.expect("nothing is wrong with it")
}

fn id(text: &str) -> ParticipantId {
    ParticipantId::new(text).expect("an id")
}

#[test]
fn the_hand_over_is_an_exercise_that_lives_by_stick() {
    let it = without_a_word(HAND_OVER);
    assert!(it.exercise);
    assert!(it.name.starts_with("EXERCISE"));
    assert_eq!(it.authentic, Authentic::NotKnown);
    assert_eq!(it.order, Order::Alternat);
    assert_eq!(it.basis, Basis::Reconstruction);
    assert_eq!(
        it.of_role(Role::Party).map(ParticipantId::as_str).collect::<Vec<_>>(),
        ["islamabad", "kabul"]
    );
    assert_eq!(it.participants[&id("doha")].title(), "facilitating State");
    assert_eq!(it.participants[&id("doha")].basis, Basis::OneParty);
    let kabul = &it.participants[&id("kabul")].names;
    assert_eq!(
        (kabul.own.as_str(), kabul.text.as_deref(), kabul.label.as_str()),
        ("Islamic Emirate of Afghanistan", None, "Kabul"),
        "what the text calls it nobody has seen"
    );
    assert_eq!(it.calendar.heartbeat, Seconds::DAY);
    assert_eq!(it.calendar.carriage, Seconds::days(7));
    assert_eq!(it.calendar.basis, Basis::Reconstruction);
}

#[test]
fn one_party_and_one_guarantor_suffice() {
    let it = without_a_word(TWO);
    assert_eq!(it.role(&id("north")), Some(Role::Party));
    assert_eq!(it.role(&id("harbour")), Some(Role::Guarantor));
    // The other side has a seat, and need not: without it the file is as good.
    assert_eq!(it.role(&id("south")), Some(Role::Party));
    let alone = TWO.replace(
        "[participant.south]\nrole = \"party\"\nnames = { own = \"South\", label = \"South\" }\n",
        "",
    );
    assert_eq!(without_a_word(&alone).role(&id("south")), None);
    assert_eq!(it.calendar.heartbeat, Seconds::HOUR);
    assert_eq!(it.calendar.cosign_delay, Seconds::HOUR);
    assert_eq!(it.calendar.tolerance, Seconds(600));
    assert_eq!(it.exclusion_list().names("the Reed Band").map(|code| code.as_str()), Some("reed-band"));
}

#[test]
fn neither_uses_a_word_that_takes_a_side() {
    for text in [HAND_OVER, TWO] {
        for word in ["border", "boundary", "frontier", "soil", "durand"] {
            assert!(!text.to_lowercase().contains(word), "{word}");
        }
    }
}

/// agreements/doha-istanbul-2025.md §8, all of it.
const SPELLINGS: [&str; 42] = [
    "Tehrik-e Taliban Pakistan",
    "Tehrik-i-Taliban Pakistan",
    "Tehreek-e-Taliban Pakistan",
    "Tehreek-i-Taliban Pakistan",
    "Tehrik-e-Taliban",
    "Tehreek-e-Taliban",
    "Pakistani Taliban",
    "Taliban Movement of Pakistan",
    "Fitna al-Khawarij",
    "Fitna-al-Khawarij",
    "Fitna al-Khwarij",
    "TTP",
    "T.T.P.",
    "FaK",
    "FAK",
    "QDe.132",
    "ttp",
    "تحریک طالبان پاکستان",
    "تحریکِ طالبان پاکستان",
    "ٹی ٹی پی",
    "کالعدم ٹی ٹی پی",
    "پاکستانی طالبان",
    "فتنہ الخوارج",
    "فتنۃ الخوارج",
    "د پاکستان د طالبانو تحریک",
    "د پاکستاني طالبانو خوځښت",
    "پاکستاني طالبان",
    "ټي ټي پي",
    "طالبان پاکستانی",
    "تی\u{200C}تی\u{200C}پی",
    "حركة طالبان باكستان",
    "طالبان باكستان",
    "طالبان الباكستانية",
    "تحريك طالبان باكستان",
    "تي تي بي",
    "Pakistan Taliban Hareketi",
    "Tehrik-i Taliban Pakistan",
    "Pakistan Talibanı",
    "banned TTP",
    "Kal\u{02BF}adam TTP",
    "kal'adam Tehrik-i-Taliban Pakistan",
    "the proscribed Tehreek-e-Taliban Pakistan",
];

#[test]
fn both_instruments_know_the_same_spellings() {
    const DOHA: &str = include_str!("../../../instruments/doha-istanbul-2025.toml");
    let (hand_over, doha) = (without_a_word(HAND_OVER), without_a_word(DOHA));
    assert!(hand_over.excluded.values().all(|group| group.aliases.len() > 20));
    assert_eq!(hand_over.excluded, doha.excluded);
}

fn named(list: &ExclusionList, text: &str) -> bool {
    list.names(text).is_some_and(|code| code.as_str() == "ttp")
}

#[test]
fn promise_09_every_spelling_names_the_group_however_it_is_typed() {
    let list = without_a_word(HAND_OVER).exclusion_list();
    let ways: [(&str, Way); 11] = [
        ("as it stands", str::to_owned),
        ("with hyphens", |s| s.replace(' ', "-")),
        ("with non-breaking hyphens", |s| s.replace(['-', ' '], "\u{2011}")),
        ("without hyphens", |s| s.replace('-', " ")),
        ("with hard spaces", |s| s.replace(' ', "\u{00A0}\u{202F}")),
        ("with joints for spaces", |s| if arabic(s) { s.replace(' ', "\u{200C}") } else { s.to_owned() }),
        ("with joints taken out", |s| s.replace(['\u{200C}', '\u{200D}'], "")),
        ("in capitals", str::to_uppercase),
        ("in quotation marks", |s| format!("\u{201C}{s}\u{201D}.")),
        ("marked for direction", |s| format!("\u{202B}{s}\u{202C}\u{200F}")),
        ("with a mark on each letter", |s| s.chars().flat_map(marked).collect()),
    ];
    for spelling in SPELLINGS {
        for (how, way) in ways {
            let typed = way(spelling);
            assert!(named(&list, &typed), "{how}: {typed} folds to {:?}", folding::fold(&typed));
        }
    }
    for other in [
        "Taḥrīk-i Ṭālibān Pākistān",
        "TEHRİK-İ TALİBAN PAKİSTAN",
        "tehrık-ı talıban pakıstan",
        "Ｔ．Ｔ．Ｐ．",
        "ＴＴＰ",
        "تَحْرِيكُ طالِبان پاكِستان",
        "تحـــریک طالبان پاکستان",
        "ﺗﺤﺮﻳﻚ ﻃﺎﻟﺒﺎﻥ ﭘﺎﮐﺴﺘﺎﻥ",
        "QDE 132",
        "qde.١٣٢",
        "QDe.۱۳۲",
    ] {
        assert!(named(&list, other), "{other} folds to {:?}", folding::fold(other));
    }
}

/// Another way to type the same name.
type Way = fn(&str) -> String;

fn arabic(text: &str) -> bool {
    text.chars().any(|c| ('\u{0620}'..='\u{06FF}').contains(&c))
}

/// A Latin letter with an acute, an Arabic one with a fatha.
fn marked(c: char) -> Vec<char> {
    match c {
        'a'..='z' | 'A'..='Z' => vec![c, '\u{0301}'],
        '\u{0620}'..='\u{06FF}' => vec![c, '\u{064E}'],
        _ => vec![c],
    }
}

#[test]
fn promise_09_no_part_of_a_name_and_no_namesake_is_taken_for_it() {
    let list = without_a_word(HAND_OVER).exclusion_list();
    for other in [
        "",
        " ",
        "-",
        "\u{200C}",
        "Taliban",
        "The Taliban",
        "Tālibān",
        "banned Taliban",
        "Afghan Taliban",
        "Taliban regime",
        "Islamic Emirate of Afghanistan",
        "طالبان",
        "طالبان افغانستان",
        "افغان طالبان",
        "د طالبانو",
        "حركة طالبان",
        "حركة طالبان أفغانستان",
        "Taliban Hareketi",
        "Pakistan",
        "پاکستان",
        "باكستان",
        "Islamic Republic of Pakistan",
        "Tehreek-e-Insaf",
        "Pakistan Tehreek-e-Insaf",
        "Tehreek-e-Labbaik Pakistan",
        "Tehrik",
        "Tehrik-e",
        "تحریک",
        "TT",
        "T.T.",
        "T",
        "ٹی ٹی",
        "TTPs",
        "TTP spokesman",
        "not the TTP",
        "QDe",
        "QDe.13",
        "QDe.1320",
        "132",
        "Fitna",
        "Khawarij",
        "Fitna al-Hindustan",
        "Jamaat-ul-Ahrar",
        "Hafiz Gul Bahadur Group",
        "islamabad",
        "kabul",
        "doha",
    ] {
        assert_eq!(list.names(other), None, "{other}");
    }
}
