//! Lists the golden registers, so that the module has all of them in it: there is no disk to read them from.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let golden =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/docket/tests/golden").canonicalize()?;
    println!("cargo::rerun-if-changed={}", golden.display());
    let mut list = "&[\n".to_owned();
    for register in inside(&golden)? {
        let bytes = |name: &str| format!("include_bytes!({:?})", register.join(name));
        let text = |name: &str| format!("include_str!({:?})", register.join(name));
        let annexes = inside(&register.join("annex"))?;
        let annexes: Vec<String> = annexes.iter().map(|annex| format!("include_bytes!({annex:?})")).collect();
        let (register, marks, state, events) =
            (bytes("register"), text("marks"), text("state"), text("events"));
        let annexes = annexes.join(", ");
        // Writing to a string does not fail.
        let _ = writeln!(
            list,
            "Recorded {{ register: {register}, annexes: &[{annexes}], marks: {marks}, state: {state}, events: {events} }},"
        );
    }
    list.push(']');
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo says where"))?;
    fs::write(Path::new(&out).join("registers.rs"), list)
}

/// What a folder has, in the order of the names.
fn inside(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
