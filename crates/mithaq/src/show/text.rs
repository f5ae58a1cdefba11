//! Texts that others wrote, before they reach a terminal.

/// Replaces what a terminal would obey or hide: controls, bidirectional marks, invisible characters.
pub(crate) fn safe(text: &str) -> String {
    marked(text).map(|(c, is_hidden)| if is_hidden { '\u{fffd}' } else { c }).collect()
}

/// The same of a text in lines, which stay.
pub(crate) fn lines_safe(text: &str) -> String {
    text.lines().map(safe).collect::<Vec<_>>().join("\n")
}

/// Each character, and whether it is not seen, or changes what is.
///
/// A joiner that stands where it is part of spelling is not: the half-space of Persian, Pashto and Urdu, and the
/// conjuncts of India (Unicode Standard, 23.2).
pub(crate) fn marked(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = None;
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = rest.next()?;
        let spells = is_joiner(c) && before.zip(rest.peek().copied()).is_some_and(|(a, b)| is_joined(a, b));
        before = Some(c);
        Some((c, is_hidden(c) && !spells))
    })
}

/// Whether a character is not seen by itself, or changes what is.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The joiners of width zero, which say that letters touch each other or do not.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether two characters, one before a joiner and one behind, are of one script that is spelled with joiners.
fn is_joined(before: char, behind: char) -> bool {
    let arabic = |c| matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{870}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    let indic = |c| matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{df3}');
    // Signs that take a vowel away are no letters to Unicode, so of India all but its full stops counts.
    let arabic = |c: char| arabic(c) && c.is_alphanumeric();
    (arabic(before) && arabic(behind)) || (indic(before) && indic(behind))
}

/// `3 exhibits`, `one exhibit`, `no exhibit`.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    match n {
        0 => format!("no {one}"),
        1 => format!("one {one}"),
        n => format!("{} {many}", number(n)),
    }
}

/// Digits in groups of three, as `1,000,000`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1.4 MB`.
pub(crate) fn bytes(n: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let (mut whole, mut unit) = (n, 0);
    let mut tenths = 0;
    while whole >= 1000 {
        tenths = whole % 1000 / 100;
        whole /= 1000;
        unit += 1;
    }
    format!("{whole}.{tenths} {}", UNITS[(unit - 1).min(3)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_stay_where_they_spell() {
        // Dari, Pashto, Urdu, a Persian ordinal with its figures, Malayalam and Bengali.
        for text in [
            "صدای گلوله\u{200c}ها",
            "نه\u{200c}شي",
            "کالعدم\u{200c}تحریک",
            "۱۲\u{200c}ام",
            "ن\u{64e}\u{200c}ها",
            "ക്\u{200d}ക",
            "র\u{200d}্য",
        ] {
            assert_eq!(safe(text), text);
        }
        // Elsewhere they make two words look like one, and are shown.
        for text in [
            "no\u{200c}rth",
            "\u{200c}ها",
            "ها\u{200c}",
            "ها\u{200c}\u{200d}ها",
            "ها\u{200c} ها",
            "a\u{200d}ها",
            "ه\u{200b}ا",
        ] {
            let hidden = ['\u{200b}', '\u{200c}', '\u{200d}'];
            assert_eq!(safe(text), text.replace(hidden, "\u{fffd}"), "{text:?}");
        }
    }
}
