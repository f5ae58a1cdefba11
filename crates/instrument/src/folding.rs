//! The one form in which names are compared with the exclusion list: `fold`, version 1.
//!
//! Replay depends on it, so it never changes: it uses its own tables only, and none of a Unicode
//! library or of Rust's `char`, both of which move with their versions. Another folding would be
//! another rules version, and this one would stay.
//!
//! What it does, in this order:
//!
//! 1. Each character, by `v1`: Latin letters lose case and diacritics (dotted and dotless i are
//!    one); Arabic letters that are one letter to a reader in Arabic, Persian, Urdu and Pashto
//!    become one; harakat, tatweel, combining marks, apostrophes and zero-width characters vanish;
//!    digits become ASCII; punctuation, dashes and spaces of every kind separate words. What no
//!    table names stays as it is.
//! 2. A run of two or more one-letter words is one word: `T. T. P.` is `ttp`.
//! 3. A lone `e` or `i` between two longer words goes: `-e-`, `-i-` and ` e ` are one.
//! 4. Leading words that are no part of a name go, but never the last word: `the`, `banned`,
//!    `proscribed`, `kaladam`, and `کالعدم`, which may be joined to the name.
//! 5. Words are joined by one space.
//!
//! Names are equal if their [`key`]s are: the folded form without its spaces, since Persian, Urdu
//! and Pashto write the same name with a space, a zero-width joint or neither.
//!
//! **Spelling is not folded.** *Tehrik*, *tehreek* and *tahrik* are three; whoever writes the list
//! lists each. A rule that guessed at spelling would one day name somebody it should not, and
//! nobody could say from the instrument why.
//!
//! **Still weak:** letters of another script that look alike (a Cyrillic `Т`) are other letters
//! here. The comparison keeps honest records straight; people screen for the rest.

mod v1;

use v1::Folded;

/// Words before a name that are no part of it, as they are after folding.
const LEADING: [&str; 4] = ["the", "banned", "proscribed", "kaladam"];

/// One more, which is also written joined to the name after it.
const LEADING_JOINED: &str = "کالعدم";

/// The folded form of `text`: words joined by one space; empty if there is nothing to compare.
///
/// ```
/// assert_eq!(instrument::folding::fold("Tehrīk-i-Ṭālibān  PAKİSTAN"), "tehrik taliban pakistan");
/// assert_eq!(instrument::folding::fold("banned T.T.P."), "ttp");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    without_leading(without_connectives(&joined_letters(words(text)))).join(" ")
}

/// What is compared: [`fold`] without its spaces.
#[must_use]
pub fn key(text: &str) -> String {
    fold(text).replace(' ', "")
}

/// The words of `text`, each character folded.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for character in text.chars() {
        match v1::character(character) {
            Folded::To(letters) => word.push_str(letters),
            Folded::Same => word.push(character),
            Folded::One(letter) => word.push(letter),
            Folded::Nothing => {}
            Folded::Separator => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Runs of one-letter words made one word.
fn joined_letters(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut in_run = false;
    for word in words {
        let single = is_single(&word);
        match joined.last_mut() {
            Some(run) if in_run && single => run.push_str(&word),
            _ => joined.push(word),
        }
        in_run = single;
    }
    joined
}

/// The words without a lone `e` or `i` between two longer ones.
fn without_connectives(words: &[String]) -> Vec<&str> {
    let longer = |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|word| !is_single(word));
    words
        .iter()
        .enumerate()
        .filter(|(at, word)| {
            !(matches!(word.as_str(), "e" | "i") && longer(at.checked_sub(1)) && longer(at.checked_add(1)))
        })
        .map(|(_, word)| word.as_str())
        .collect()
}

/// The words from the first that can be part of a name.
fn without_leading(mut words: Vec<&str>) -> Vec<&str> {
    let mut from = 0;
    while let Some(first) = words.get(from) {
        if let Some(name) = first.strip_prefix(LEADING_JOINED).filter(|name| !is_single(name)) {
            words[from] = name;
        } else if from + 1 < words.len() && (LEADING.contains(first) || *first == LEADING_JOINED) {
            from += 1;
        } else {
            break;
        }
    }
    words.split_off(from)
}

fn is_single(word: &str) -> bool {
    word.chars().nth(1).is_none()
}
