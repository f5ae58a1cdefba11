//! The form of the one line of JSON in an act: I-JSON (RFC 7493), and stricter.
//!
//! A body is signed once and read by many programs, so it must not be possible to read it in two
//! ways. This looks at the bytes before any type does, and says where the first fault is.
//!
//! Refused, beside what is no JSON (RFC 8259): a name twice in one object, at any depth, however it
//! is escaped; a number that is not a whole number within ±(2⁵³ − 1), or is written with a point, an
//! exponent or as `-0`; more than 16 levels; surrogates and noncharacters; and the invisible
//! characters of [`FORBIDDEN`], as they are or escaped.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::io;

use serde::Serialize;
use serde_json::Value;

/// How deep arrays and objects may stand in each other.
pub const DEPTH_MAX: usize = 16;

/// The largest whole number that every JSON reader keeps exact, 2⁵³ − 1.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Invisible characters that could make a text show as something else: controls, soft hyphen,
/// direction marks and overrides, fillers, zero-width space and joiner of words, line separators,
/// variation selectors, byte order mark, interlinear and tag characters. U+200C and U+200D stay:
/// Persian and Urdu spelling needs them.
pub const FORBIDDEN: [(char, char); 20] = [
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// What is wrong with a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// Something else was expected here.
    Expected(&'static str),
    /// The line goes on after the value.
    Trailing,
    /// More than [`DEPTH_MAX`] levels.
    TooDeep,
    /// The same name stands in this object already.
    DuplicateName(String),
    /// A number with a point, an exponent, a leading zero, or `-0`.
    NotWhole,
    /// A number beyond ±(2⁵³ − 1).
    TooLarge,
    /// An invisible character, a surrogate or a noncharacter.
    ForbiddenCharacter(u32),
    /// An escape that JSON does not have.
    BadEscape,
}

impl JsonFault {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            JsonFault::Expected(_) => "act::json_expected",
            JsonFault::Trailing => "act::json_trailing",
            JsonFault::TooDeep => "act::json_too_deep",
            JsonFault::DuplicateName(_) => "act::json_duplicate_name",
            JsonFault::NotWhole => "act::json_not_whole",
            JsonFault::TooLarge => "act::json_too_large",
            JsonFault::ForbiddenCharacter(_) => "act::json_forbidden_character",
            JsonFault::BadEscape => "act::json_bad_escape",
        }
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonFault::Expected(what) => write!(f, "expected {what}"),
            JsonFault::Trailing => f.write_str("nothing may follow the object"),
            JsonFault::TooDeep => write!(f, "more than {DEPTH_MAX} levels of brackets"),
            JsonFault::DuplicateName(name) => {
                write!(f, "the name `{}` stands here twice", name.escape_debug())
            }
            JsonFault::NotWhole => f.write_str("only whole numbers, without point, exponent or leading zero"),
            JsonFault::TooLarge => f.write_str("numbers lie within ±9007199254740991"),
            JsonFault::ForbiddenCharacter(c) => write!(f, "the character U+{c:04X} is not allowed"),
            JsonFault::BadEscape => f.write_str("no such escape"),
        }
    }
}

/// Looks at one line of JSON: an object, and nothing after it.
///
/// # Errors
///
/// The first fault, and the byte of `line` at which it stands, counted from 0.
pub fn check(line: &str) -> Result<(), (usize, JsonFault)> {
    let mut scan = Scan { text: line, at: 0, names: Vec::new() };
    scan.space();
    if scan.peek() != Some(b'{') {
        return Err(scan.fault(JsonFault::Expected("an object, beginning with `{`")));
    }
    scan.value(0)?;
    scan.space();
    if scan.at < line.len() {
        return Err(scan.fault(JsonFault::Trailing));
    }
    Ok(())
}

/// The first place where a line is spelled in another way than what was understood of it, written again.
///
/// # Errors
///
/// It is no JSON, or what was understood can't be written.
pub(crate) fn other_spelling_of(line: &str, read: &impl Serialize) -> serde_json::Result<Option<String>> {
    // What we write ourselves is the same to the byte, and nothing more needs to be looked at.
    let mut same = Same(line.as_bytes());
    if serde_json::to_writer(&mut same, read).is_ok() && same.0.is_empty() {
        return Ok(None);
    }
    Ok(other_spelling(&serde_json::from_str(line)?, &serde_json::to_value(read)?))
}

/// Takes bytes as long as they are the ones that it has.
struct Same<'a>(&'a [u8]);

impl io::Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What serde says is wrong, on one line: it quotes a name as it is, and a name may hold a line feed.
#[must_use]
pub fn said(error: &serde_json::Error) -> String {
    error.to_string().replace('\n', "\\n")
}

/// The first place where `read` is not what `written` is: the path to it.
///
/// `written` is what was understood of `read`, written again. Where the two differ, a type took more
/// than one spelling of one thing: `null` or an empty list for what is absent, a list for an object.
/// Readers in other languages would not agree on these, so an act has none.
#[must_use]
pub fn other_spelling(read: &Value, written: &Value) -> Option<String> {
    let mut path = String::new();
    differs(read, written, &mut path).then_some(path)
}

fn differs(read: &Value, written: &Value, path: &mut String) -> bool {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            let names: BTreeSet<_> = read.keys().chain(written.keys()).collect();
            names.into_iter().any(|name| {
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                path.push_str(name);
                let here = match (read.get(name), written.get(name)) {
                    (Some(read), Some(written)) => differs(read, written, path),
                    _ => true,
                };
                if !here {
                    path.truncate(length);
                }
                here
            })
        }
        (Value::Array(read), Value::Array(written)) if read.len() == written.len() => {
            read.iter().zip(written).any(|(read, written)| differs(read, written, path))
        }
        _ => read != written,
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// The names of the objects that are open, the innermost's last.
    names: Vec<Cow<'a, str>>,
}

/// So many names of one object are looked through one by one; of more, a set is made.
const FEW_NAMES: usize = 16;

type Step<T = ()> = Result<T, (usize, JsonFault)>;

impl<'a> Scan<'a> {
    fn fault(&self, fault: JsonFault) -> (usize, JsonFault) {
        (self.at, fault)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        // A note's line holds no tab, carriage return or line feed, so a space is all there can be.
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8, what: &'static str) -> Step {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.fault(JsonFault::Expected(what)))
    }

    fn value(&mut self, depth: usize) -> Step {
        match self.peek() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for word in ["true", "false", "null"] {
                    if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(());
                    }
                }
                Err(self.fault(JsonFault::Expected("a value")))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Step {
        self.enter(depth)?;
        let outer = self.names.len();
        let mut many = BTreeSet::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault(JsonFault::Expected("a name in quotation marks")));
            }
            let name = self.string()?;
            let few = &self.names[outer..];
            if few.contains(&name) || many.contains(&name) {
                return Err((start, JsonFault::DuplicateName(name.into_owned())));
            }
            if few.len() < FEW_NAMES {
                self.names.push(name);
            } else {
                many.insert(name);
            }
            self.space();
            self.eat(b':', "`:`")?;
            self.space();
            self.value(depth)?;
            self.space();
            if self.peek() == Some(b'}') {
                self.at += 1;
                self.names.truncate(outer);
                return Ok(());
            }
            self.eat(b',', "`,` or `}`")?;
        }
    }

    fn array(&mut self, depth: usize) -> Step {
        self.enter(depth)?;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            self.value(depth)?;
            self.space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(());
            }
            self.eat(b',', "`,` or `]`")?;
        }
    }

    fn enter(&mut self, depth: usize) -> Step {
        if depth > DEPTH_MAX {
            return Err(self.fault(JsonFault::TooDeep));
        }
        self.at += 1;
        Ok(())
    }

    fn number(&mut self) -> Step {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let digits = self.at;
        let mut value: u64 = 0;
        while let Some(d @ b'0'..=b'9') = self.peek() {
            value = value.saturating_mul(10).saturating_add(u64::from(d - b'0'));
            self.at += 1;
        }
        let length = self.at - digits;
        if length == 0 {
            return Err(self.fault(JsonFault::Expected("a digit")));
        }
        let leading_zero = length > 1 && self.text.as_bytes()[digits] == b'0';
        if leading_zero || (negative && value == 0) || matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Err((start, JsonFault::NotWhole));
        }
        if value > INTEGER_MAX {
            return Err((start, JsonFault::TooLarge));
        }
        Ok(())
    }

    /// Reads a string, and gives what it says with its escapes resolved.
    fn string(&mut self) -> Step<Cow<'a, str>> {
        self.at += 1;
        let rest = &self.text[self.at..];
        // Most strings are plain ASCII without an escape, and stand for themselves.
        let plain = rest.bytes().take_while(|b| (b' '..=b'~').contains(b) && !matches!(b, b'"' | b'\\'));
        let plain = plain.count();
        self.at += plain;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(&rest[..plain]));
        }
        let mut said = rest[..plain].to_owned();
        loop {
            let start = self.at;
            let Some(c) = self.text[start..].chars().next() else {
                return Err(self.fault(JsonFault::Expected("`\"` at the end of the string")));
            };
            self.at += c.len_utf8();
            let escaped = c == '\\';
            let c = match c {
                '"' => return Ok(Cow::Owned(said)),
                '\\' => self.escape(start)?,
                c => c,
            };
            // A line feed stands in a string as `\n` only: as it is, it would end the line.
            if is_forbidden(c) || (c == '\n' && !escaped) {
                return Err((start, JsonFault::ForbiddenCharacter(u32::from(c))));
            }
            said.push(c);
        }
    }

    fn escape(&mut self, start: usize) -> Step<char> {
        let Some(letter) = self.peek() else {
            return Err(self.fault(JsonFault::Expected("an escape")));
        };
        self.at += 1;
        let c = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            // The note in a mark is several lines, so `\n` is the one control character that an act
            // may hold; `is_forbidden` lets it pass.
            b'n' => '\n',
            b'b' | b'f' | b'r' | b't' => {
                return Err((start, JsonFault::ForbiddenCharacter(u32::from(letter_value(letter)))));
            }
            b'u' => {
                let digits = self.text.as_bytes().get(self.at..self.at + 4);
                let digits = digits.and_then(|d| std::str::from_utf8(d).ok());
                let hex = digits.filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                let Some(code) = hex.and_then(|d| u32::from_str_radix(d, 16).ok()) else {
                    return Err((start, JsonFault::BadEscape));
                };
                self.at += 4;
                // Characters beyond U+FFFF are written as they are: a pair of escapes would be a
                // second spelling that some readers get wrong.
                char::from_u32(code).ok_or((start, JsonFault::ForbiddenCharacter(code)))?
            }
            _ => return Err((start, JsonFault::BadEscape)),
        };
        Ok(c)
    }
}

const fn letter_value(letter: u8) -> u8 {
    match letter {
        b'b' => 8,
        b'f' => 12,
        b'r' => 13,
        _ => 9,
    }
}

/// Whether no text in an act may hold this character. A line feed may stand in the notes that acts
/// quote; the types of all other strings refuse it.
fn is_forbidden(c: char) -> bool {
    let code = u32::from(c);
    let noncharacter = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
    c != '\n' && (noncharacter || FORBIDDEN.iter().any(|&(from, to)| (from..=to).contains(&c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: &str) -> JsonFault {
        check(line).expect_err(line).1
    }

    #[test]
    fn what_is_good() {
        for line in [
            "{}",
            r#"{"a":1,"b":[true,false,null,-5,"x"],"c":{"a":1}}"#,
            r#" { "a" : 9007199254740991 , "b" : [ ] } "#,
            r#"{"office":"دفتر رابط","z":"می‌خواهم"}"#,
            r#"{"a":"\u0041\/\"\\\n"}"#,
        ] {
            assert_eq!(check(line), Ok(()), "{line}");
        }
    }

    #[test]
    fn each_fault_is_found_where_it_stands() {
        for (line, at, expected) in [
            ("[]", 0, JsonFault::Expected("an object, beginning with `{`")),
            (r#"{"a":1,"b":2,"a":3}"#, 13, JsonFault::DuplicateName("a".into())),
            (r#"{"a":[{"b":1,"\u0062":2}]}"#, 13, JsonFault::DuplicateName("b".into())),
            (r#"{"a":1.0}"#, 5, JsonFault::NotWhole),
            (r#"{"a":1e3}"#, 5, JsonFault::NotWhole),
            (r#"{"a":-0}"#, 5, JsonFault::NotWhole),
            (r#"{"a":01}"#, 5, JsonFault::NotWhole),
            (r#"{"a":9007199254740992}"#, 5, JsonFault::TooLarge),
            (r#"{"a":-9007199254740992}"#, 5, JsonFault::TooLarge),
            (r#"{"a":99999999999999999999999}"#, 5, JsonFault::TooLarge),
            ("{\"a\":\"x\u{202e}\"}", 7, JsonFault::ForbiddenCharacter(0x202e)),
            (r#"{"a":"x\u202e"}"#, 7, JsonFault::ForbiddenCharacter(0x202e)),
            (r#"{"a":"\ud83d\ude00"}"#, 6, JsonFault::ForbiddenCharacter(0xd83d)),
            (r#"{"a":"\uffff"}"#, 6, JsonFault::ForbiddenCharacter(0xffff)),
            (r#"{"a":"\t"}"#, 6, JsonFault::ForbiddenCharacter(9)),
            ("{\"a\":\"x\ny\"}", 7, JsonFault::ForbiddenCharacter(10)),
            (r#"{"a":"\x"}"#, 6, JsonFault::BadEscape),
            (r#"{"a":"\u12"}"#, 6, JsonFault::BadEscape),
            (r#"{"a":1} x"#, 8, JsonFault::Trailing),
            (r#"{"a":1"#, 6, JsonFault::Expected("`,` or `}`")),
            (r#"{"a":"#, 5, JsonFault::Expected("a value")),
            (r#"{"a""#, 4, JsonFault::Expected("`:`")),
            (r#"{a:1}"#, 1, JsonFault::Expected("a name in quotation marks")),
            (r#"{"a":"x"#, 7, JsonFault::Expected("`\"` at the end of the string")),
            (r#"{"a":-}"#, 6, JsonFault::Expected("a digit")),
        ] {
            assert_eq!(check(line), Err((at, expected)), "{line}");
        }
    }

    #[test]
    fn sixteen_levels_and_no_more() {
        let nested =
            |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert_eq!(check(&nested(DEPTH_MAX)), Ok(()));
        assert_eq!(fault(&nested(DEPTH_MAX + 1)), JsonFault::TooDeep);
        assert_eq!(fault(&nested(60_000)), JsonFault::TooDeep);
    }

    proptest::proptest! {
        #[test]
        fn a_stock_parser_takes_what_we_take(line in r#"\{("[ab\\u{}n0]{0,3}":[\[\]{}0-9."tre,-]{0,6},?){0,3}\}"#) {
            if check(&line).is_ok() {
                proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
            }
        }

        #[test]
        fn no_panic(line in ".*") {
            let _ = check(&line);
        }
    }
}
