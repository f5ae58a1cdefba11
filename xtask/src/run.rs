//! Running other programs, out loud and with an end.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Says what is being done.
pub(crate) fn say(what: &str) {
    eprintln!("xtask: {what}");
}

/// Set to `1`, what would be skipped fails: for where all that is needed should be there.
const STRICT: &str = "MITHAQ_STRICT";

/// Says what is skipped, and why; under [`STRICT`] that is an error.
pub(crate) fn skip(what: &str, why: &str) -> Result<(), String> {
    skipped(what, why, std::env::var_os(STRICT).is_some_and(|value| value == "1"))
}

fn skipped(what: &str, why: &str, is_strict: bool) -> Result<(), String> {
    if is_strict {
        return Err(format!("skipped, under {STRICT}: {what}: {why}"));
    }
    say(&format!("SKIPPED: {what}: {why}"));
    Ok(())
}

/// Runs a command, its output shown, and says which. The error is a sentence.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let line = line_of(command);
    say(&line);
    let status = command.status().map_err(|error| format!("`{line}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed: {status}")) }
}

/// Runs a command that reaches for the network: it is stopped after `minutes`.
pub(crate) fn run_within(minutes: u64, command: &mut Command) -> Result<(), String> {
    let line = line_of(command);
    say(&line);
    let mut child =
        command.stdin(Stdio::null()).spawn().map_err(|error| format!("`{line}` did not start: {error}"))?;
    let until = Instant::now() + Duration::from_secs(minutes * 60);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("`{line}` failed: {status}")),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(100)),
            Ok(None) | Err(_) => {
                // It may have ended since; either way it is gone after this.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("`{line}` took more than {minutes} minutes"));
            }
        }
    }
}

/// What a command prints, if it succeeds; its complaints are not shown.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The cargo that runs us. What it says of us is left out: `ring` asks for the name of the package, so that it and all that
/// uses it would be built anew by each change between us and who calls cargo itself.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// A program on the search path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|it| it.is_file())
}

/// Installs packages of the system, where that is possible without a question.
pub(crate) fn apt_install(packages: &[&str]) -> Result<(), String> {
    if on_path("apt-get").is_none() {
        return Err("no apt-get here".to_owned());
    }
    let root = output(Command::new("id").arg("-u")).as_deref() == Some("0");
    if !root && output(Command::new("sudo").args(["-n", "true"])).is_none() {
        return Err("neither root nor sudo without a password".to_owned());
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new(if root { "env" } else { "sudo" });
        command.args(if root { &[] as &[&str] } else { &["-n", "env"] });
        command.arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get").args(arguments);
        run_within(10, &mut command)
    };
    let install = [&["install", "-y", "-qq", "--no-install-recommends"], packages].concat();
    // Lists that are there may do; a bare container has none.
    apt_get(&install).or_else(|_| apt_get(&["update", "-qq"]).and_then(|()| apt_get(&install)))
}

/// Whether this is a file that can be run and gives a good answer to `arguments`.
pub(crate) fn answers(program: &Path, arguments: &[&str]) -> bool {
    program.is_file() && output(Command::new(program).args(arguments)).is_some()
}

fn line_of(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::skipped;

    #[test]
    fn a_skip_fails_where_it_may_not_be() {
        assert_eq!(skipped("this", "that is not here", false), Ok(()));
        assert!(skipped("this", "that is not here", true).is_err_and(|why| why.contains("that is not here")));
    }
}
