//! Two angles out of a text.

use super::Unreadable;
use crate::number::{Decimal, divided};

/// Which way an angle goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Latitude,
    Longitude,
}

/// An angle: degrees × 10⁷, and what half a unit of the last digit comes to, rounded up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Angle {
    pub(super) e7: i64,
    pub(super) open_e7: u64,
    pub(super) axis: Option<Axis>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(String),
    /// N, S, E or W.
    Letter(char),
    /// What a number counts: 0 degrees, 1 minutes, 2 seconds.
    Mark(usize),
    /// A comma or semicolon.
    Part,
}

/// The two angles, in the order in which they stand.
pub(super) fn pair(text: &str) -> Result<[Angle; 2], Unreadable> {
    let tokens = tokens(text)?;
    let (first, second) = halves(&tokens).ok_or(Unreadable::NotTwo)?;
    Ok([angle(first, false)?, angle(second, true)?])
}

fn tokens(text: &str) -> Result<Vec<Token>, Unreadable> {
    let decimal_commas = decimal_commas(text)?;
    let has_letters = text.chars().any(|c| matches!(c.to_ascii_uppercase(), 'N' | 'E' | 'W'));
    let mut tokens = Vec::new();
    let mut number = String::new();
    let letters: Vec<char> = text.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        let next = letters.get(at + 1);
        let is_in_number = !number.is_empty();
        let decimal = c == ',' && decimal_commas && is_in_number && next.is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || c == '.' || decimal {
            number.push(if decimal { '.' } else { c });
            continue;
        }
        // A sign begins a number; in `34-31-31N` it only parts them.
        let parts = c == '-' && has_letters && is_in_number;
        if is_in_number {
            tokens.push(Token::Number(std::mem::take(&mut number)));
        }
        match c {
            ' ' => {}
            '+' | '-' if parts => {}
            '+' | '-' if next.is_some_and(|c| c.is_ascii_digit() || *c == '.') => number.push(c),
            ',' | ';' => tokens.push(Token::Part),
            '/' if at + 1 == letters.len() => {}
            '°' => tokens.push(Token::Mark(0)),
            '\'' => tokens.push(Token::Mark(1)),
            '"' => tokens.push(Token::Mark(2)),
            'd' | 'D' => tokens.push(Token::Mark(0)),
            'm' | 'M' => tokens.push(Token::Mark(1)),
            // A small s after a number that counts something is seconds; else it is south.
            's' if matches!(tokens.last(), Some(Token::Number(_)))
                && matches!(tokens.iter().rev().nth(1), Some(Token::Mark(1))) =>
            {
                tokens.push(Token::Mark(2));
            }
            c if matches!(c.to_ascii_uppercase(), 'N' | 'S' | 'E' | 'W') => {
                tokens.push(Token::Letter(c.to_ascii_uppercase()));
            }
            c => return Err(Unreadable::Character(c)),
        }
    }
    if !number.is_empty() {
        tokens.push(Token::Number(number));
    }
    Ok(tokens)
}

/// Whether commas between digits are decimal signs: two of them, no point, and something else between the numbers.
fn decimal_commas(text: &str) -> Result<bool, Unreadable> {
    let letters: Vec<char> = text.chars().collect();
    let between = letters
        .windows(3)
        .filter(|three| three[0].is_ascii_digit() && three[1] == ',' && three[2].is_ascii_digit())
        .count();
    match between {
        _ if text.contains('.') => Ok(false),
        0 | 1 => Ok(false),
        2 => Ok(true),
        _ => Err(Unreadable::Comma),
    }
}

/// The tokens of the first angle and of the second.
fn halves(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let is_letter = |token: &Token| matches!(token, Token::Letter(_));
    let whole = |at: usize| {
        let (first, second) = tokens.split_at_checked(at)?;
        let trimmed = |half: &'_ [Token]| (!half.is_empty()).then_some(());
        trimmed(first).and(trimmed(second))?;
        Some((first, second))
    };
    let letters: Vec<usize> =
        tokens.iter().enumerate().filter(|(_, token)| is_letter(token)).map(|(at, _)| at).collect();
    let parts: Vec<usize> =
        tokens.iter().enumerate().filter(|(_, token)| **token == Token::Part).map(|(at, _)| at).collect();
    match (letters.as_slice(), parts.as_slice()) {
        (_, [part]) => whole(*part).map(|(first, second)| (first, &second[1..])),
        ([0, second], []) => whole(*second),
        ([first, last], []) if last + 1 == tokens.len() => whole(first + 1),
        ([], []) => {
            let numbers: Vec<usize> = tokens
                .iter()
                .enumerate()
                .filter(|(_, token)| matches!(token, Token::Number(_)))
                .map(|(at, _)| at)
                .collect();
            let is_even = numbers.len().is_multiple_of(2) && numbers.len() <= 6;
            if is_even { whole(*numbers.get(numbers.len() / 2)?) } else { None }
        }
        _ => None,
    }
}

/// One angle: a letter before or after, up to three numbers, each with the mark of what it counts or none.
fn angle(tokens: &[Token], is_second: bool) -> Result<Angle, Unreadable> {
    let (letter, rest) = match tokens {
        [Token::Letter(letter), rest @ ..] | [rest @ .., Token::Letter(letter)] => (Some(*letter), rest),
        rest => (None, rest),
    };
    let mut numbers: Vec<(Decimal, &str)> = Vec::new();
    for token in rest {
        match token {
            Token::Number(text) => {
                let number = Decimal::read(text).ok_or_else(|| Unreadable::Number(text.clone()))?;
                numbers.push((number, text));
            }
            // A mark counts the number before it, and the numbers come in the order of what they count.
            Token::Mark(mark) if mark + 1 == numbers.len() => {}
            Token::Mark(_) | Token::Letter(_) => return Err(Unreadable::Marks),
            Token::Part => return Err(Unreadable::NotTwo),
        }
    }
    let axis =
        letter.map(|letter| if matches!(letter, 'N' | 'S') { Axis::Latitude } else { Axis::Longitude });
    let is_longitude = axis.map_or(is_second, |axis| axis == Axis::Longitude);
    let signed = |text: &str| text.starts_with(['+', '-']);
    if numbers.iter().skip(1).any(|(_, text)| signed(text))
        || (letter.is_some() && numbers.iter().any(|(_, text)| signed(text)))
    {
        return Err(Unreadable::Marks);
    }
    let is_negative =
        matches!(letter, Some('S' | 'W')) || numbers.first().is_some_and(|(number, _)| number.is_negative);
    let parts = match numbers.as_slice() {
        [(one, text)] => {
            // Degrees alone have two or three digits; more are degrees, minutes and seconds in a row.
            let degrees = if is_longitude { 3 } else { 2 };
            match one.whole_digits.checked_sub(degrees) {
                Some(2 | 4) => in_a_row(text.trim_start_matches(['+', '-']), degrees)?,
                _ => vec![*one],
            }
        }
        [_, ..] if numbers.len() <= 3 => numbers.iter().map(|(number, _)| *number).collect(),
        _ => return Err(Unreadable::NotTwo),
    };
    let texts = || numbers.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" ");
    let Some((last, before)) = parts.split_last() else { return Err(Unreadable::NotTwo) };
    let sixty = parts.iter().skip(1).any(|part| part.whole().is_none_or(|whole| whole >= 60));
    if sixty || before.iter().any(Decimal::has_fraction) {
        return Err(Unreadable::Sixty(texts()));
    }
    // In units of the last digit: of a degree, a minute or a second, by its decimals.
    let unreadable = || Unreadable::Number(texts());
    let units_a_degree =
        60_u128.pow(u32::try_from(before.len()).unwrap_or(0)) * 10_u128.pow(last.decimals.min(24));
    let mut units: u128 = 0;
    for (position, part) in parts.iter().enumerate() {
        let times = 60_u128.pow(u32::try_from(before.len() - position).unwrap_or(0));
        let own = part.size_at(last.decimals).ok_or_else(unreadable)?;
        units = own.checked_mul(times).and_then(|own| own.checked_add(units)).ok_or_else(unreadable)?;
    }
    let e7 =
        units.checked_mul(10_000_000).map(|units| divided(units, units_a_degree)).ok_or_else(unreadable)?;
    let e7 = i64::try_from(e7).map_err(|_| Unreadable::OffTheGlobe)?;
    let open = 10_000_000_u128.div_ceil(2 * units_a_degree);
    Ok(Angle {
        e7: if is_negative { -e7 } else { e7 },
        open_e7: u64::try_from(open).map_err(|_| unreadable())?,
        axis,
    })
}

/// `343131.5` is 34 degrees, 31 minutes, 31.5 seconds.
fn in_a_row(text: &str, degrees: usize) -> Result<Vec<Decimal>, Unreadable> {
    let whole = text.find('.').unwrap_or(text.len());
    let mut parts = vec![&text[..degrees], &text[degrees..degrees + 2], &text[degrees + 2..]];
    if whole == degrees + 2 {
        parts = vec![&text[..degrees], &text[degrees..]];
    }
    parts
        .into_iter()
        .map(|part| Decimal::read(part).ok_or_else(|| Unreadable::Number(text.to_owned())))
        .collect()
}
