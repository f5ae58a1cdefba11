//! The module that browsers run, `crates/verifier/module`: it is kept beside its source, so that the program builds where
//! nothing for browsers does, and is rebuilt and compared wherever there is the compiler that made it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use super::{TARGET, Way};
use crate::run::{cargo, output, run, say, skip};
use crate::workspace::root;

const PACKAGE: &str = "mithaq-verifier";
const PROFILE: &str = "browser";
/// Set to `keep`, the module that was built is kept in place of the one that is there.
const KEEP: &str = "MITHAQ_MODULE";

fn folder() -> PathBuf {
    root().join("crates/verifier/module")
}

/// Builds it, and compares it byte for byte with the one that is kept.
pub(super) fn compare(way: &Way) -> Result<(), String> {
    let compiler = way.compiler().ok_or("the compiler does not say its version")?;
    let keep = env::var_os(KEEP).is_some_and(|value| value == "keep");
    let built_by = fs::read_to_string(folder().join("compiler.txt")).unwrap_or_default();
    if !keep && built_by.trim() != compiler {
        let other = format!("it was built by {}, and here is {compiler}", built_by.trim());
        return skip("wasm: the module that browsers run is not compared", &other);
    }
    let mut command = way.build();
    command.args(["--package", PACKAGE, "--lib", "--profile", PROFILE]);
    // Flags that are given to cargo change the names of what it builds, and with them the order of what is linked; those
    // that the compiler gets on the way do not.
    let this = env::current_exe().map_err(|error| format!("this program does not find itself: {error}"))?;
    command.env("RUSTC_WRAPPER", this).env(REMAPPED, remapped());
    run(&mut command)?;
    let built = root().join(way.folder()).join(TARGET).join(PROFILE).join("verifier.wasm");
    let kept = folder().join("verifier.wasm");
    let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let bytes = read(&built)?;
    if keep {
        let written = fs::write(&kept, &bytes)
            .and_then(|()| fs::write(folder().join("compiler.txt"), format!("{compiler}\n")));
        written.map_err(|error| format!("the module can't be kept: {error}"))?;
        tell_readme()?;
        say("wasm: the module that browsers run is kept, and README says the hash of the page that has it");
    } else if bytes != read(&kept)? {
        return Err(format!(
            "{} is not what its source comes to; `{KEEP}=keep cargo xtask wasm` builds it anew",
            kept.display()
        ));
    } else {
        say("wasm: the module that browsers run is what its source comes to, byte for byte");
    }
    Ok(())
}

/// Puts the hash of the page that has the module in the place of the one that README says.
fn tell_readme() -> Result<(), String> {
    const BEFORE: &str = "its SHA-256 is `";
    let mut command = cargo();
    command.current_dir(root()).args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        PACKAGE,
        "--example",
        "page-hash",
    ]);
    let hash = output(&mut command).ok_or("the hash of the page is not said")?;
    let path = root().join("README.md");
    let failed = |error: std::io::Error| format!("README.md: {error}");
    let text = fs::read_to_string(&path).map_err(failed)?;
    let (before, rest) = text.split_once(BEFORE).ok_or("README.md says no hash of the page")?;
    let (_, behind) = rest.split_once('`').ok_or("README.md says no hash of the page")?;
    fs::write(&path, format!("{before}{BEFORE}{hash}`{behind}")).map_err(failed)
}

/// Set, this program stands before the compiler, with these flags.
const REMAPPED: &str = "MITHAQ_REMAPPED";

/// Runs the compiler that the arguments name, if that is what this program is here for.
pub(crate) fn stands_before_the_compiler() -> Option<ExitCode> {
    let flags = env::var(REMAPPED).ok()?;
    let mut arguments = env::args_os().skip(1);
    let mut command = Command::new(arguments.next()?);
    command.args(arguments).args(flags.split('\u{1f}'));
    let status = command.status().ok()?;
    Some(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Flags under which no path of this machine comes into the module.
fn remapped() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let from = [(Some(root()), "."), (home, "cargo")];
    let flags = from.into_iter().filter_map(|(path, to)| Some((path?, to)));
    flags
        .map(|(path, to)| format!("--remap-path-prefix={}={to}", path.display()))
        .collect::<Vec<_>>()
        .join("\u{1f}")
}

/// Runs the kept module under Node, over files whose verdicts are known.
pub(super) fn try_out(node: &Path) -> Result<(), String> {
    let mut command = Command::new(node);
    command.current_dir(root()).args(["crates/verifier/tests/module.mjs", "crates/verifier"]);
    run(&mut command)?;
    say("wasm: the module says under Node what the program says");
    Ok(())
}
