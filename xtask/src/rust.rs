//! Rust as a row of tokens: enough to see which names a file uses, whatever its comments say.

/// A piece of source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or keyword.
    Word(String),
    /// What stands between quotation marks, escapes as written.
    Text(String),
    /// Any other visible character.
    Mark(char),
}

impl Token {
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(own) if own == word)
    }

    pub(crate) fn is_mark(&self, mark: char) -> bool {
        matches!(self, Token::Mark(own) if *own == mark)
    }

    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            Token::Text(_) | Token::Mark(_) => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Token::Text(text) => Some(text),
            Token::Word(_) | Token::Mark(_) => None,
        }
    }
}

/// A token and the line it begins on, from 1.
pub(crate) type Placed = (Token, usize);

/// The tokens of a source. Comments, characters, lifetimes and numbers leave none.
pub(crate) fn tokens(source: &str) -> Vec<Placed> {
    let mut cursor = Cursor { rest: source, line: 1 };
    let mut tokens = Vec::new();
    while let Some(first) = cursor.rest.chars().next() {
        let line = cursor.line;
        if cursor.rest.starts_with("//") {
            cursor.take_while(|c| c != '\n');
        } else if cursor.rest.starts_with("/*") {
            cursor.block_comment();
        } else if let Some((hashes, begin)) = text_start(cursor.rest) {
            cursor.take(begin);
            tokens.push((Token::Text(cursor.text(hashes)), line));
        } else if first == '\'' {
            cursor.character_or_lifetime();
        } else if first.is_ascii_digit() {
            cursor.take_while(|c| c.is_alphanumeric() || c == '_');
        } else if first.is_alphabetic() || first == '_' {
            let word = cursor.take_while(|c| c.is_alphanumeric() || c == '_');
            tokens.push((Token::Word(word.to_owned()), line));
        } else {
            cursor.take(first.len_utf8());
            if !first.is_whitespace() {
                tokens.push((Token::Mark(first), line));
            }
        }
    }
    tokens
}

/// The tokens without what is built for tests only.
pub(crate) fn without_tests(tokens: &[Placed]) -> Vec<Placed> {
    parted(tokens).0
}

/// The tokens of what is built for tests only.
pub(crate) fn only_tests(tokens: &[Placed]) -> Vec<Placed> {
    parted(tokens).1
}

/// What is built always, and what for tests only.
fn parted(tokens: &[Placed]) -> (Vec<Placed>, Vec<Placed>) {
    let (mut always, mut tests) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let (part, end) = match attribute_end(tokens, at) {
            Some(end) if is_cfg_test(&tokens[at..end]) => (&mut tests, item_end(tokens, end)),
            Some(end) => (&mut always, end),
            None => (&mut always, at + 1),
        };
        part.extend_from_slice(&tokens[at..end]);
        at = end;
    }
    (always, tests)
}

/// Where the attribute that begins at `at` ends, if one does.
fn attribute_end(tokens: &[Placed], at: usize) -> Option<usize> {
    let open = tokens.get(at + 1).is_some_and(|(token, _)| token.is_mark('['));
    if !tokens[at].0.is_mark('#') || !open {
        return None;
    }
    closing(tokens, at + 1)
}

/// Whether an attribute says `cfg(test)`, alone or with others.
fn is_cfg_test(attribute: &[Placed]) -> bool {
    let has = |word: &str| attribute.iter().any(|(token, _)| token.is_word(word));
    has("cfg") && has("test") && !has("not")
}

/// Behind the item that begins at `at`: after its `;`, or its closing brace.
fn item_end(tokens: &[Placed], mut at: usize) -> usize {
    while at < tokens.len() {
        let token = &tokens[at].0;
        if token.is_mark(';') {
            return at + 1;
        } else if token.is_mark('{') {
            return closing(tokens, at).unwrap_or(tokens.len());
        }
        at = if token.is_mark('(') || token.is_mark('[') {
            closing(tokens, at).unwrap_or(tokens.len())
        } else {
            at + 1
        };
    }
    at
}

/// Behind the bracket that closes the one at `at`.
fn closing(tokens: &[Placed], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, (token, _)) in tokens.iter().enumerate().skip(at) {
        match token {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            Token::Mark(_) | Token::Word(_) | Token::Text(_) => {}
        }
    }
    None
}

/// If a text begins here: the number of `#` of a raw one, and the length of what opens it.
fn text_start(rest: &str) -> Option<(Option<usize>, usize)> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).unwrap_or_default();
        let after = if prefix.ends_with('r') { after.trim_start_matches('#') } else { after };
        rest.starts_with(prefix) && after.starts_with('"')
    })?;
    let after = &rest[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    Some((prefix.ends_with('r').then_some(hashes), prefix.len() + hashes + 1))
}

struct Cursor<'s> {
    rest: &'s str,
    line: usize,
}

impl<'s> Cursor<'s> {
    fn take(&mut self, bytes: usize) -> &'s str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, good: impl Fn(char) -> bool) -> &'s str {
        self.take(self.rest.find(|c| !good(c)).unwrap_or(self.rest.len()))
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(first) = self.rest.chars().next() {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
                if depth == 0 {
                    return;
                }
            } else {
                self.take(first.len_utf8());
            }
        }
    }

    /// The rest of a text whose opening has been taken.
    fn text(&mut self, raw: Option<usize>) -> String {
        let end = match raw {
            Some(hashes) => self.rest.find(&format!("\"{}", "#".repeat(hashes))),
            None => {
                let mut escaped = false;
                self.rest.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                })
            }
        };
        let text = self.take(end.unwrap_or(self.rest.len())).to_owned();
        self.take((1 + raw.unwrap_or(0)).min(self.rest.len()));
        text
    }

    fn character_or_lifetime(&mut self) {
        let mut after = self.rest.chars().skip(1);
        let (first, second) = (after.next(), after.next());
        self.take(1);
        if first == Some('\\') {
            // The character that is escaped may be a quotation mark itself.
            self.take(1);
            self.take(self.rest.chars().next().map_or(0, char::len_utf8));
            self.take_while(|c| c != '\'');
            self.take(self.rest.len().min(1));
        } else if second == Some('\'') {
            self.take(first.map_or(0, char::len_utf8) + 1);
        } else {
            self.take_while(|c| c.is_alphanumeric() || c == '_');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        let words = |(token, _): Placed| token.word().map(str::to_owned);
        without_tests(&tokens(source)).into_iter().filter_map(words).collect()
    }

    #[test]
    fn comments_texts_and_characters_are_no_code() {
        assert_eq!(
            words(r##"a /* b /* c */ d */ "e\"f" r#"g"h"# 'i' '\'' '"' b'j' 'k: loop // l"##),
            ["a", "b", "loop"]
        );
        assert_eq!(words("fn f<'a>(x: &'a str) {}"), ["fn", "f", "x", "str"]);
    }

    #[test]
    fn tests_are_left_out() {
        assert_eq!(words("a; #[cfg(test)] mod tests { b } c"), ["a", "c"]);
        assert_eq!(words("#[cfg(test)] #[derive(X)] struct S([u8; 2]); c"), ["c"]);
        assert_eq!(words("#[cfg(test)] fn f(x: [u8; 2]) -> u8 { if b { 1 } } c"), ["c"]);
        assert_eq!(words("#[cfg(not(test))] a"), ["cfg", "not", "test", "a"]);
        assert_eq!(words("#[cfg(feature = \"x\")] a"), ["cfg", "feature", "a"]);
    }

    #[test]
    fn lines_are_counted() {
        let last = tokens("a\n\"b\nc\"\n/*\n*/ d").pop();
        assert_eq!(last, Some((Token::Word("d".to_owned()), 5)));
    }
}
