//! `cargo xtask tidy`: what no compiler looks for.
//!
//! Wrong: a source file that no `mod` leads to; a crate that ARCHITECTURE.md does not name; a
//! diagnostic that no test earns; a path of one machine, or a hidden character,
//! in a file that is shipped. Told, and no more: files of more than 600 lines.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::modules::modules;
use crate::run::{output, say};
use crate::rust::{Placed, only_tests, tokens};
use crate::workspace::{Member, members, metadata, root, short};

const LINES_MOST: usize = 600;

/// A file of the repository, and its text if it is one.
struct File {
    path: PathBuf,
    text: String,
}

pub(crate) fn tidy() -> Outcome {
    let members = members(&metadata()?);
    let files = files()?;
    let mut wrongs = dead_files(&members, &files);
    wrongs.extend(unmapped(&members));
    wrongs.extend(untested(&members, &files));
    wrongs.extend(local_paths(&files));
    wrongs.extend(hidden_characters(&files));
    for (path, lines) in long_files(&files) {
        say(&format!("tidy: {} has {lines} lines; is there a second concept in it?", path.display()));
    }
    if wrongs.is_empty() {
        say(&format!("tidy: {} files", files.len()));
        Ok(())
    } else {
        Err(wrongs)
    }
}

/// What Git keeps, or would keep.
fn files() -> Result<Vec<File>, Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = output(&mut git).ok_or_else(|| vec!["`git ls-files` failed".to_owned()])?;
    let read = |path: &str| {
        let text = fs::read(root().join(path)).ok()?;
        Some(File { path: PathBuf::from(path), text: String::from_utf8(text).unwrap_or_default() })
    };
    Ok(listed.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect())
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn dead_files(members: &[Member], files: &[File]) -> Vec<String> {
    let reached: BTreeSet<PathBuf> = members
        .iter()
        .flat_map(|member| &member.roots)
        .flat_map(|root| modules(root, true))
        .map(|module| module.path)
        .collect();
    let in_a_member =
        |path: &Path| members.iter().any(|member| root().join(path).starts_with(&member.folder));
    files
        .iter()
        .filter(|file| is_rust(&file.path) && in_a_member(&file.path))
        .filter(|file| !reached.contains(&root().join(&file.path)))
        .map(|file| format!("{}: no `mod` leads here", file.path.display()))
        .collect()
}

fn long_files(files: &[File]) -> Vec<(&Path, usize)> {
    files
        .iter()
        .filter(|file| is_rust(&file.path))
        .map(|file| (file.path.as_path(), file.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MOST)
        .collect()
}

fn unmapped(members: &[Member]) -> Vec<String> {
    let Ok(map) = fs::read_to_string(root().join("ARCHITECTURE.md")) else {
        return vec!["there is no ARCHITECTURE.md".to_owned()];
    };
    let named = |member: &&Member| {
        [member.name.as_str(), short(&member.name)].iter().any(|name| map.contains(&format!("`{name}`")))
    };
    members
        .iter()
        .filter(|member| !named(member))
        .map(|member| format!("ARCHITECTURE.md does not name `{}`", short(&member.name)))
        .collect()
}

/// Codes as `instrument::no_zone` that stand in a crate's source and that no test earns. A test earns
/// one with a broken file of the crate named for the code's last word, with a snapshot that shows it, or
/// by saying the code itself; the last two in any crate, since what a folder does wrong shows best where
/// folders are made.
fn untested(members: &[Member], files: &[File]) -> Vec<String> {
    let crates: BTreeSet<&str> = members.iter().map(|member| short(&member.name)).collect();
    let codes = |tokens: &[Placed]| -> BTreeSet<String> {
        let texts = tokens.iter().filter_map(|(token, _)| token.text());
        texts.filter(|text| crates.iter().any(|name| is_code(text, name))).map(str::to_owned).collect()
    };
    let (mut given, mut said) = (BTreeSet::new(), BTreeSet::new());
    for library in members.iter().filter_map(|member| member.library.as_ref()) {
        let always = modules(library, false);
        given.extend(always.iter().flat_map(|module| codes(&module.tokens)));
        for module in modules(library, true) {
            let in_part = always.iter().any(|other| other.path == module.path);
            said.extend(codes(&if in_part { only_tests(&module.tokens) } else { module.tokens }));
        }
    }
    let (mut names, mut snapshots) = (BTreeSet::new(), String::new());
    for file in files {
        let in_tests = file.path.components().any(|part| part.as_os_str() == "tests");
        if is_rust(&file.path) && in_tests {
            said.extend(codes(&tokens(&file.text)));
        } else if file.path.extension().is_some_and(|extension| extension == "snap") {
            snapshots.push_str(&file.text);
        } else if in_tests {
            let stem = file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            names.extend(crates.iter().filter_map(|name| {
                let in_crate = file.path.starts_with(Path::new("crates").join(name));
                stem.as_ref().filter(|_| in_crate).map(|stem| format!("{name}::{stem}"))
            }));
        }
    }
    let earned = |code: &String| {
        said.contains(code) || names.contains(code) || snapshots.contains(&format!("[{code}]"))
    };
    let owed: BTreeSet<&str> =
        OWED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let missing = given.iter().filter(|code| !earned(code) && !owed.contains(code.as_str()));
    let paid = owed.iter().filter(|code| !given.contains(**code) || earned(&(**code).to_owned()));
    missing
        .map(|code| format!("no test earns `{code}`"))
        .chain(paid.map(|code| format!("`{code}` is owed no more: take it out of xtask/owed.txt")))
        .collect()
}

/// Codes that no test earns yet. The list only gets shorter: a code that is earned must leave it, and a
/// new one may not come in.
const OWED: &str = include_str!("../owed.txt");

fn is_code(text: &str, crate_name: &str) -> bool {
    text.split_once("::").is_some_and(|(before, after)| {
        before == crate_name
            && !after.is_empty()
            && after.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    })
}

/// Folders of the machines that this was written on, in pieces, so that they don't stand here.
const LOCAL: [[&str; 2]; 3] = [["/wo", "rk/"], ["/fa", "rm/"], ["../.lib", "rary"]];

fn local_paths(files: &[File]) -> Vec<String> {
    let mut wrongs = Vec::new();
    for file in files {
        for (line, text) in file.text.lines().enumerate() {
            for local in LOCAL.map(|pieces| pieces.concat()) {
                // `https://x.example/work/` and `frame/work/` are somebody else's.
                let found = text.match_indices(&local).any(|(at, _)| {
                    let before = text[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '}' | '.'))
                });
                if found {
                    wrongs.push(format!(
                        "{}:{}: a path of one machine: {local}",
                        file.path.display(),
                        line + 1
                    ));
                }
            }
        }
    }
    wrongs
}

/// Changes of direction, which let source read otherwise than it is. Broken fixtures, vectors
/// and what is fuzzed may have them.
fn hidden_characters(files: &[File]) -> Vec<String> {
    let is_hidden = |c: char| matches!(c, '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let allowed = |path: &Path| {
        path.iter().any(|part| part == "wrong" || part == "vectors")
            || ["fuzz/corpus", "fuzz/found"].iter().any(|folder| path.starts_with(folder))
            || path.extension().is_some_and(|extension| extension == "snap")
    };
    let mut wrongs = Vec::new();
    for file in files.iter().filter(|file| !allowed(&file.path)) {
        for (line, text) in file.text.lines().enumerate() {
            if let Some(c) = text.chars().find(|c| is_hidden(*c)) {
                let path = file.path.display();
                wrongs.push(format!("{path}:{}: hidden character U+{:04X}", line + 1, u32::from(c)));
            }
        }
    }
    wrongs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_a_crate() {
        assert!(is_code("instrument::no_zone", "instrument"));
        for other in ["instrument::NoZone", "terms::no_zone", "instrument::", "instrument", "a instrument::b"]
        {
            assert!(!is_code(other, "instrument"), "{other}");
        }
    }

    #[test]
    fn local_paths_are_found_and_addresses_are_not() {
        let file = |text: String| File { path: PathBuf::from("x"), text };
        let local = LOCAL[0].concat();
        assert_eq!(local_paths(&[file(format!("cd {local}main"))]).len(), 1);
        assert_eq!(local_paths(&[file(format!("https://x.example{local}main"))]).len(), 0);
    }
}
