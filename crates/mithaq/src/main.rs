//! The binary; all of it is in the library beside it, so that `cargo xtask man` can ask for the pages.

use std::process::ExitCode;

fn main() -> ExitCode {
    mithaq::run(std::env::args_os())
}
