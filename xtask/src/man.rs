//! `cargo xtask man`: the man pages in `docs/man`, written anew from the commands. A test of the command
//! line compares them.

use crate::Outcome;
use crate::run::{cargo, run};
use crate::workspace::root;

pub(crate) fn man() -> Outcome {
    let folder = root().join("docs/man");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| vec![format!("docs/man: {error}")])?;
    }
    let mut command = cargo();
    command.current_dir(root());
    command.args(["run", "--quiet", "--locked", "--package", "mithaq", "--example", "man", "--", "docs/man"]);
    run(&mut command).map_err(|wrong| vec![wrong])
}
