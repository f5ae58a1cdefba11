//! `cargo xtask wasm`: the pure crates build for a browser, where there is no clock, disk or chance
//! to ask.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::run::{apt_install, cargo, on_path, output, run, run_within, say};
use crate::workspace::{PURE, members, metadata, root, short};

const TARGET: &str = "wasm32-unknown-unknown";
/// Set to `debian`, it takes that way even where this toolchain has the target.
const FORCE: &str = "MITHAQ_WASM";
/// Debian's compiler and the source of its library, new enough beside rustc-web only.
const DEBIAN: [&str; 2] = ["rustc-web", "rust-web-src"];

pub(crate) fn wasm() -> Outcome {
    build().map_err(|wrong| vec![wrong])
}

fn build() -> Result<(), String> {
    let metadata = metadata().map_err(|wrongs| wrongs.join("; "))?;
    let members = members(&metadata);
    let pure: Vec<&str> = members
        .iter()
        .map(|member| member.name.as_str())
        .filter(|name| PURE.contains(&short(name)))
        .collect();
    let began = Instant::now();
    let mut command = cargo();
    command.current_dir(root()).args(["build", "--lib", "--locked", "--target", TARGET]);
    command.args(pure.iter().flat_map(|name| ["--package", *name]));
    let debian = std::env::var_os(FORCE).is_some_and(|value| value == "debian");
    if !debian && (has_target() || add_target()) {
        say("wasm: with this toolchain's own library");
        command.args(["--target-dir", "target/wasm"]);
    } else {
        with_debian(&mut command)?;
    }
    run(&mut command)?;
    say(&format!("wasm: {} pure crates in {} s", pure.len(), began.elapsed().as_secs()));
    Ok(())
}

fn sysroot() -> Option<PathBuf> {
    output(Command::new("rustc").current_dir(root()).args(["--print", "sysroot"])).map(PathBuf::from)
}

/// This machine, as the compiler calls it.
fn host() -> Option<String> {
    let version = output(Command::new("rustc").current_dir(root()).arg("-vV"))?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn has_target() -> bool {
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn add_target() -> bool {
    if on_path("rustup").is_none() {
        return false;
    }
    let mut command = Command::new("rustup");
    command.current_dir(root()).args(["target", "add", TARGET]);
    run_within(5, &mut command).is_ok() && has_target()
}

/// No rustup, or no way to its server: Debian's compiler builds the library from its source.
fn with_debian(command: &mut Command) -> Result<(), String> {
    let compiler = Path::new("/usr/bin/rustc");
    let source = || {
        let sysroot = output(Command::new(compiler).args(["--print", "sysroot"]))?;
        Path::new(&sysroot).join("lib/rustlib/src/rust/library").canonicalize().ok()
    };
    if source().is_none() {
        apt_install(&DEBIAN)?;
    }
    source().ok_or("no compiler with the source of its library, and none could be installed")?;
    say("wasm: with Debian's compiler, its library from source");
    command.env("RUSTC", compiler).env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTC_WRAPPER");
    command.args(["-Z", "build-std=std,panic_abort", "--target-dir", "target/wasm-debian"]);
    let linker = host().and_then(|host| Some(sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld")));
    if let Some(linker) = linker.filter(|linker| linker.is_file()) {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    Ok(())
}
