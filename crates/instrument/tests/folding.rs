//! What the folding promises of any text, and what it makes of some.

use instrument::folding::{fold, key};
use proptest::prelude::*;

#[test]
fn known_forms() {
    for (text, expected) in [
        ("", ""),
        ("  \u{200C} - ", ""),
        ("Tehrik-e-Taliban", "tehrik taliban"),
        ("tehrik E Taliban", "tehrik taliban"),
        ("e Taliban", "e taliban"),
        ("Taliban e", "taliban e"),
        ("a e b", "aeb"),
        ("T.T.P.", "ttp"),
        ("T T P Pakistan", "ttp pakistan"),
        ("the banned TTP", "ttp"),
        ("banned", "banned"),
        ("the the", "the"),
        ("کالعدم تحریک", "تحریک"),
        ("کالعدم\u{200C}تحریک", "تحریک"),
        ("کالعدم", "کالعدم"),
        ("Da\u{2019}esh", "daesh"),
        ("İstanbul, ISPARTA, Şırnak, Iğdır", "istanbul isparta sirnak igdir"),
        ("Straße Ærø Œuvre Þing Łódź", "strasse aero oeuvre thing lodz"),
        ("أحمد إلى آخر مؤمن مسؤول", "احمد الی اخر مومن مسوول"),
        ("رئیس على كتاب مدرسة", "رییس علی کتاب مدرسه"),
        ("ہمدرد بھائی ۀ", "همدرد بهایی ه"),
        ("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹", "0123456789 0123456789"),
        ("ТТП 日本", "ТТП 日本"),
    ] {
        assert_eq!(fold(text), expected, "{text}");
    }
}

/// Every character that there is, folded alone: this hash changes if any table does, or the
/// compiler's own tables come into play. It must never change; a new folding is a new version.
#[test]
fn version_1_is_frozen() {
    let mut all = String::new();
    for character in '\0'..=char::MAX {
        // A letter on each side, so that separators and what vanishes differ.
        all.push_str(&fold(&format!("bb{character}bb")));
        all.push('\n');
    }
    assert_eq!(terms::Hash::of(all.as_bytes()).to_string(), "5NMS4m+XxxxuIjs+G2G3M3E3X4bXVmQJZS+XyqlHS7o=");
}

/// Composed and decomposed spellings of one text fold the same.
#[test]
fn parts_and_wholes() {
    for (whole, parts) in [
        ("é", "e\u{0301}"),
        ("İ", "I\u{0307}"),
        ("ş", "s\u{0327}"),
        ("ṭ", "t\u{0323}"),
        ("آ", "ا\u{0653}"),
        ("أ", "ا\u{0654}"),
        ("إ", "ا\u{0655}"),
        ("ؤ", "و\u{0654}"),
        ("ئ", "ي\u{0654}"),
        ("ۀ", "ە\u{0654}"),
        ("ۂ", "ہ\u{0654}"),
        ("ۓ", "ے\u{0654}"),
        ("ﻻ", "لا"),
    ] {
        assert_eq!(fold(whole), fold(parts), "{whole}");
    }
}

/// Letters and marks that meet each other in the rules, more often than chance would have them.
fn spiky() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("e".to_owned()),
        Just("i".to_owned()),
        Just("t".to_owned()),
        Just("the".to_owned()),
        Just("banned".to_owned()),
        Just("کالعدم".to_owned()),
        Just("taliban".to_owned()),
        Just(" ".to_owned()),
        Just("-".to_owned()),
        Just(".".to_owned()),
        Just("\u{200C}".to_owned()),
        Just("\u{0301}".to_owned()),
        Just("ﻻ".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn folding_twice_is_folding_once(text in spiky()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn any_text_has_a_form(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once.clone());
        prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        prop_assert!(!key(&text).contains(' '));
    }

    #[test]
    fn case_hyphens_and_joints_make_no_difference(words in proptest::collection::vec("[a-z]{2,6}", 1..5)) {
        let plain = fold(&words.join(" "));
        prop_assert_eq!(&fold(&words.join("-").to_uppercase()), &plain);
        prop_assert_eq!(&fold(&words.join("\u{200B}\u{2013}")), &plain);
    }
}
