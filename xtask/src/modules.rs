//! The files of a crate, as `mod` leads from one to the next.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rust::{Placed, Token, tokens, without_tests};

/// A file that the compiler reads.
pub(crate) struct Module {
    pub(crate) path: PathBuf,
    /// Its tokens; those of tests only are left out if they were not asked for.
    pub(crate) tokens: Vec<Placed>,
}

/// All files from a root on, those under `#[cfg(test)]` if `tests` says so.
pub(crate) fn modules(root: &Path, tests: bool) -> Vec<Module> {
    let mut found = Vec::new();
    // The modules of a root lie beside it, those of another file in the folder of its name.
    let beside = root.parent().unwrap_or(root).to_path_buf();
    follow(root.to_path_buf(), &beside, tests, &mut found);
    found
}

fn follow(path: PathBuf, folder: &Path, tests: bool, found: &mut Vec<Module>) {
    let Ok(source) = fs::read_to_string(&path) else { return };
    let all = tokens(&source);
    let tokens = if tests { all } else { without_tests(&all) };
    let named = named(&tokens, folder);
    found.push(Module { path, tokens });
    for (name, folder) in named {
        let inside = folder.join(&name);
        let candidates = [folder.join(format!("{name}.rs")), inside.join("mod.rs")];
        if let Some(next) = candidates.into_iter().find(|path| path.is_file())
            && !found.iter().any(|module| module.path == next)
        {
            follow(next, &inside, tests, found);
        }
    }
}

/// The modules that a file names with `mod x;`, and the folder where each is looked for.
fn named(tokens: &[Placed], folder: &Path) -> Vec<(String, PathBuf)> {
    let mut named = Vec::new();
    // Inline modules that are open, and the depth of braces at which each began.
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    for (at, (token, _)) in tokens.iter().enumerate() {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') => {
                depth = depth.saturating_sub(1);
                open.retain(|(_, began)| *began < depth);
            }
            Token::Word(word) if word == "mod" => {
                let next = |by: usize| tokens.get(at + by).map(|(token, _)| token);
                let Some(Token::Word(name)) = next(1) else { continue };
                match next(2) {
                    Some(Token::Mark(';')) => {
                        let folder =
                            open.iter().fold(folder.to_path_buf(), |path, (name, _)| path.join(name));
                        named.push((name.clone(), folder));
                    }
                    Some(Token::Mark('{')) => open.push((name.clone(), depth)),
                    Some(_) | None => {}
                }
            }
            Token::Mark(_) | Token::Word(_) | Token::Text(_) => {}
        }
    }
    named
}
