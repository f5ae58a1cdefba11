//! Whether the source of a pure crate asks a clock, a disk, a network, chance or the order of a hash
//! map for anything. Outside its tests, that is: those may.
//!
//! It goes by tokens, so comments and texts say what they like, and `use std::{fs, io}` hides
//! nothing. It does not resolve types: what another crate does on our behalf is the affair of
//! `arrows` (which packages come along) and of `wasm` (where there is nothing to ask).

use crate::modules::modules;
use crate::rust::{Placed, Token};
use crate::workspace::{Member, root};

/// Modules of `std` that reach outside, and why they are banned.
const MODULES: [(&str, &str); 8] = [
    ("fs", "bytes are passed in"),
    ("net", "bytes are passed in"),
    ("os", "replay is the same on every system"),
    ("env", "what decides stands in the register"),
    ("process", "a library neither starts nor ends programs"),
    ("thread", "replay is one row of events"),
    ("time", "`now` is a parameter"),
    ("random", "random bytes are a parameter"),
];

/// Names that are banned wherever they stand.
const NAMES: [(&str, &str); 14] = [
    ("HashMap", "its order is chance; use `BTreeMap`"),
    ("HashSet", "its order is chance; use `BTreeSet`"),
    ("RandomState", "its order is chance"),
    ("SystemTime", "`now` is a parameter"),
    ("getrandom", "random bytes are a parameter"),
    ("rand", "random bytes are a parameter"),
    ("OsRng", "random bytes are a parameter"),
    ("SysRng", "random bytes are a parameter"),
    ("thread_rng", "random bytes are a parameter"),
    ("println", "a library describes, the binary draws"),
    ("print", "a library describes, the binary draws"),
    ("eprintln", "a library describes, the binary draws"),
    ("eprint", "a library describes, the binary draws"),
    ("thread_local", "replay is one row of events"),
];

/// How many files were read, and what is impure in them.
pub(crate) fn impurities(member: &Member) -> (usize, Vec<String>) {
    let modules = member.library.as_deref().map(|library| modules(library, false)).unwrap_or_default();
    let mut wrongs = Vec::new();
    for module in &modules {
        let path = module.path.strip_prefix(root()).unwrap_or(&module.path).display().to_string();
        for (what, why, line) in impure(&module.tokens) {
            wrongs.push(format!("{path}:{line}: `{what}` in a pure crate: {why}"));
        }
    }
    (modules.len(), wrongs)
}

fn impure(tokens: &[Placed]) -> Vec<(String, &'static str, usize)> {
    let mut found = Vec::new();
    for (at, (token, line)) in tokens.iter().enumerate() {
        let Some(word) = token.word() else { continue };
        if word == "std" {
            for name in after_std(&tokens[at + 1..]) {
                if let Some((module, why)) = MODULES.into_iter().find(|(module, _)| *module == name) {
                    found.push((format!("std::{module}"), why, *line));
                } else if name == "*" || name == "as" {
                    found.push((format!("std {name}"), "say which part of `std` is meant", *line));
                }
            }
        } else if let Some((name, why)) = NAMES.into_iter().find(|(name, _)| *name == word) {
            found.push((name.to_owned(), why, *line));
        } else if word == "now"
            && at >= 3
            && tokens[at - 1].0.is_mark(':')
            && tokens[at - 3].0.is_word("Instant")
        {
            found.push(("Instant::now".to_owned(), "`now` is a parameter", *line));
        }
    }
    found
}

/// The names directly under a `std`: one, or those of a group.
fn after_std(tokens: &[Placed]) -> Vec<&str> {
    let name = |at: usize| match tokens.get(at) {
        Some((Token::Word(word), _)) => Some(word.as_str()),
        Some((Token::Mark('*'), _)) => Some("*"),
        Some((Token::Mark(_) | Token::Text(_), _)) | None => None,
    };
    if name(0) == Some("as") {
        return vec!["as"];
    }
    let colons = tokens.iter().take(2).filter(|(token, _)| token.is_mark(':')).count() == 2;
    if !colons {
        return Vec::new();
    }
    if !tokens.get(2).is_some_and(|(token, _)| token.is_mark('{')) {
        return name(2).into_iter().collect();
    }
    let mut names = Vec::new();
    let mut depth = 0_usize;
    for (at, (token, _)) in tokens.iter().enumerate().skip(2) {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') if depth <= 1 => break,
            Token::Mark('}') => depth -= 1,
            Token::Word(_) | Token::Mark(_) | Token::Text(_) => {}
        }
        if depth == 1 && (token.is_mark('{') || token.is_mark(',')) {
            names.extend(name(at + 1));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::{tokens, without_tests};

    fn check(source: &str, expected: &[&str]) {
        let tokens = without_tests(&tokens(source));
        let found: Vec<String> = impure(&tokens).into_iter().map(|(what, _, _)| what).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn what_reaches_outside_is_found() {
        check("use std::fs;", &["std::fs"]);
        check("use std::{fmt, fs::File, collections::{BTreeMap, HashMap}};", &["std::fs", "HashMap"]);
        check("let x = std::env::var(\"X\");", &["std::env"]);
        check("use std as s;", &["std as"]);
        check("use std::*;", &["std *"]);
        check("let t = time::Instant::now();", &["Instant::now"]);
        check("rand::random::<u8>()", &["rand"]);
        check("println!(\"x\")", &["println"]);
    }

    #[test]
    fn what_does_not_is_let_be() {
        check("use std::collections::{BTreeMap, BTreeSet}; use std::fmt;", &[]);
        check("use std::sync::Arc;", &[]);
        check("// std::fs\n/// `HashMap`\nlet s = \"std::env\";", &[]);
        check("fn f(now: Instant, operand: u8) {}", &[]);
        check("fn f() -> Instant { let now = 1; }", &[]);
        check("#[cfg(test)] mod tests { use std::fs; }", &[]);
        check("use rand_core::Rng;", &[]);
    }
}
