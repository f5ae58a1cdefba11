//! `cargo xtask test`: sets up what the tests need, says what it could not have, and runs them all.

use crate::run::{cargo, run, say, skip};
use crate::workspace::root;
use crate::{Outcome, foreign};

pub(crate) fn test() -> Outcome {
    let mut command = cargo();
    command.current_dir(root()).args(["test", "--workspace"]);
    let mut skipped = Vec::new();
    for program in foreign::all() {
        match program.found {
            Ok(path) => {
                say(&format!("{} = {}", program.variable, path.display()));
                command.env(program.variable, path);
            }
            Err(why) => {
                command.env_remove(program.variable);
                skipped.push((format!("tests with {} ({})", program.what, program.variable), why));
            }
        }
    }
    let outcome = run(&mut command);
    // Said last, where it is read.
    let skipped = skipped.iter().map(|(what, why)| skip(what, why));
    let wrongs: Vec<String> = skipped.chain([outcome]).filter_map(Result::err).collect();
    if wrongs.is_empty() { Ok(()) } else { Err(wrongs) }
}
