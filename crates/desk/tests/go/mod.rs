//! Programs of `tests/go`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One of them. Where `MITHAQ_GO` is set its modules are at hand, and it builds; elsewhere the test skips.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let Some(go) = std::env::var_os("MITHAQ_GO") else {
        println!("skipped: no Go; see tests/go/README.md");
        return None;
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/go");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("go-{name}"));
    let mut build = Command::new(go);
    build.args(["build", "-o"]).arg(&program).arg(format!("./{name}")).current_dir(source);
    let output = build.env("GOTOOLCHAIN", "local").output().expect("it runs");
    assert!(output.status.success(), "go build: {}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}
