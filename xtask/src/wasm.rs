//! `cargo xtask wasm`: the pure crates build for a browser, where there is no clock, disk or chance
//! to ask; there, under Node, the golden registers come to the same state (`tests/wasm`); and the
//! module that browsers run ([`module`]) is what this source comes to.

mod module;

pub(crate) use module::stands_before_the_compiler;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::run::{apt_install, cargo, on_path, output, run, run_within, say, skip};
use crate::workspace::{PURE, members, metadata, root, short};

const TARGET: &str = "wasm32-unknown-unknown";
/// Set to `debian`, it takes that way even where this toolchain has the target.
const FORCE: &str = "MITHAQ_WASM";
/// Debian's compiler and the source of its library, new enough beside rustc-web only.
const DEBIAN: [&str; 2] = ["rustc-web", "rust-web-src"];
const DEBIAN_COMPILER: &str = "/usr/bin/rustc";
/// The package of the module that replays the golden registers.
const GOLDEN: &str = "mithaq-golden";

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
    let debian = std::env::var_os(FORCE).is_some_and(|value| value == "debian");
    let way = if !debian && (has_target() || add_target()) { Way::Own } else { Way::debian()? };
    say(way.says());
    run(way.build().arg("--lib").args(pure.iter().flat_map(|name| ["--package", *name])))?;
    say(&format!("wasm: {} pure crates in {} s", pure.len(), began.elapsed().as_secs()));
    run(way.build().args(["--package", GOLDEN, "--bin", "golden"]))?;
    let node = on_path("node")
        .map_or_else(|| apt_install(&["nodejs"]).map(|()| on_path("node")), |node| Ok(Some(node)));
    let node =
        node.and_then(|node| node.ok_or_else(|| "it was installed, and is not on the path".to_owned()));
    match &node {
        Ok(node) => replay(node, &root().join(way.folder()).join(TARGET).join("debug/golden.wasm"))?,
        Err(why) => skip("wasm: the golden registers are not replayed, for there is no Node", why)?,
    }
    module::compare(&way)?;
    match &node {
        Ok(node) => module::try_out(node),
        Err(why) => skip("wasm: the module that browsers run is not tried, for there is no Node", why),
    }
}

/// Runs the module that replays the golden registers, in a zone and a language of the other side of the world.
fn replay(node: &Path, module: &Path) -> Result<(), String> {
    let mut command = Command::new(node);
    command.arg(root().join("tests/wasm/run.mjs")).arg(module);
    command.envs([("TZ", "Asia/Kabul"), ("LANG", "ur_PK.UTF-8"), ("LC_ALL", "ur_PK.UTF-8")]);
    run(&mut command)
        .map_err(|wrong| format!("{wrong}; tests/wasm/src/main.rs says what its exit code means"))?;
    say("wasm: the golden registers come to the same state there");
    Ok(())
}

/// With which compiler, and which library for the target.
enum Way {
    /// This toolchain's own.
    Own,
    /// Debian's compiler builds the library from its source; with this linker, if there is one.
    Debian(Option<PathBuf>),
}

impl Way {
    const fn says(&self) -> &'static str {
        match self {
            Way::Own => "wasm: with this toolchain's own library",
            Way::Debian(_) => "wasm: with Debian's compiler, its library from source",
        }
    }

    const fn folder(&self) -> &'static str {
        match self {
            Way::Own => "target/wasm",
            Way::Debian(_) => "target/wasm-debian",
        }
    }

    /// The compiler, by its own word: one source and one compiler make one module.
    fn compiler(&self) -> Option<String> {
        let program = match self {
            Way::Own => "rustc",
            Way::Debian(_) => DEBIAN_COMPILER,
        };
        output(Command::new(program).current_dir(root()).arg("--version"))
    }

    fn build(&self) -> Command {
        let mut command = cargo();
        command.current_dir(root()).args([
            "build",
            "--locked",
            "--target",
            TARGET,
            "--target-dir",
            self.folder(),
        ]);
        if let Way::Debian(linker) = self {
            command.env("RUSTC", DEBIAN_COMPILER).env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTC_WRAPPER");
            command.args(["-Z", "build-std=std,panic_abort"]);
            if let Some(linker) = linker {
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
        command
    }

    /// No rustup, or no way to its server: Debian's compiler builds the library from its source.
    fn debian() -> Result<Way, String> {
        let source = || {
            let sysroot = output(Command::new(DEBIAN_COMPILER).args(["--print", "sysroot"]))?;
            Path::new(&sysroot).join("lib/rustlib/src/rust/library").canonicalize().ok()
        };
        if source().is_none() {
            apt_install(&DEBIAN)?;
        }
        source().ok_or("no compiler with the source of its library, and none could be installed")?;
        let linker =
            host().and_then(|host| Some(sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld")));
        Ok(Way::Debian(linker.filter(|linker| linker.is_file())))
    }
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
