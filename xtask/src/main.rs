//! Which chores keep the house in order? One file each; `cargo xtask` alone lists them.
//!
//! - [`test`](mod@test): every test, with the foreign programs that judge our formats ([`foreign`]);
//! - [`browser`](mod@browser): journeys at running desks, in Chromium; and a picture of every page;
//! - [`arrows`]: each crate uses only those above it, and the pure ones touch nothing ([`purity`]);
//! - [`wasm`]: the pure crates build for a browser, and golden registers come to the same there;
//! - [`fuzz`](mod@fuzz): bytes are sought that break a reader;
//! - [`map`](mod@map): what the map is drawn with is what its packages give;
//! - [`man`](mod@man): the man pages, from the commands;
//! - [`tidy`]: dead files, long files, unmapped crates, untested diagnostics, paths of one machine.

mod arrows;
mod browser;
mod foreign;
mod fuzz;
mod man;
mod map;
mod modules;
mod purity;
mod run;
mod rust;
mod test;
mod tidy;
mod wasm;
mod workspace;

use std::process::ExitCode;

/// What a chore ends with: nothing, or what is wrong, a line each.
type Outcome = Result<(), Vec<String>>;

/// Its name, what it is for, and the chore.
type Chore = (&'static str, &'static str, fn() -> Outcome);

const CHORES: [Chore; 9] = [
    ("test", "every test, with the foreign programs that can be had", test::test),
    ("browser", "journeys at running desks, in Chromium, where that can be had", browser::browser),
    ("shots", "a picture of every page, in Chromium: [FOLDER]", browser::shots),
    ("arrows", "each crate uses only those above it; the pure ones touch nothing", arrows::arrows),
    ("wasm", "the pure crates build for wasm32, and replay the golden registers there", wasm::wasm),
    ("fuzz", "looks for bytes that break a reader: [READER] [SECONDS]", fuzz::fuzz),
    ("map", "what the map is drawn with, from its packages: [write]", map::map),
    ("man", "the man pages in docs/man, from the commands", man::man),
    ("tidy", "dead files, long files, unmapped crates, untested diagnostics, local paths", tidy::tidy),
];

fn main() -> ExitCode {
    if let Some(code) = wasm::stands_before_the_compiler() {
        return code;
    }
    let asked = std::env::args().nth(1).unwrap_or_default();
    let Some((_, _, chore)) = CHORES.into_iter().find(|(name, _, _)| *name == asked) else {
        eprintln!("usage: cargo xtask CHORE");
        for (name, says, _) in CHORES {
            eprintln!("  {name:8}{says}");
        }
        return ExitCode::from(2);
    };
    match chore() {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrongs) => {
            for wrong in wrongs {
                eprintln!("wrong: {wrong}");
            }
            ExitCode::FAILURE
        }
    }
}
