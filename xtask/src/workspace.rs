//! The crates of the house, and their order.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::run::{cargo, output};

/// Above the line (DESIGN §9): no I/O, no clock, no randomness but what is passed in.
pub(crate) const PURE: [&str; 9] =
    ["terms", "note", "tlog", "instrument", "act", "docket", "audit", "place", "verifier"];

/// Below it.
pub(crate) const BELOW: [&str; 9] =
    ["register", "vault", "store", "exchange", "lang", "document", "node", "desk", "mithaq"];

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The short name of one of our packages: `mithaq-terms` is `terms`.
pub(crate) fn short(package: &str) -> &str {
    package.strip_prefix("mithaq-").unwrap_or(package)
}

/// A package of the workspace.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// Names of the packages that it is built with; those of its tests only are left out.
    pub(crate) uses: Vec<String>,
    /// Roots of its library, programs, tests, examples, benches and build script.
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) library: Option<PathBuf>,
}

/// `cargo metadata`. The lock file has to fit: what is checked is what is built.
pub(crate) fn metadata() -> Result<Value, Vec<String>> {
    let mut command: Command = cargo();
    command.current_dir(root()).args(["metadata", "--format-version", "1", "--locked"]);
    let text = output(&mut command).ok_or_else(|| {
        vec![
            "`cargo metadata --locked` failed: does Cargo.lock fit the manifests? `cargo check` mends it"
                .to_owned(),
        ]
    })?;
    serde_json::from_str(&text).map_err(|error| vec![format!("cargo metadata can't be read: {error}")])
}

/// The packages of the workspace, by name.
pub(crate) fn members(metadata: &Value) -> Vec<Member> {
    let ids: Vec<&str> = list(&metadata["workspace_members"]).iter().filter_map(Value::as_str).collect();
    let mut members: Vec<Member> = list(&metadata["packages"])
        .iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| ids.contains(&id)))
        .filter_map(member)
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    members
}

fn member(package: &Value) -> Option<Member> {
    let target = |target: &Value| target["src_path"].as_str().map(PathBuf::from);
    let targets = list(&package["targets"]);
    let is_library = |target: &&Value| list(&target["kind"]).iter().any(|kind| kind == "lib");
    Some(Member {
        name: package["name"].as_str()?.to_owned(),
        folder: Path::new(package["manifest_path"].as_str()?).parent()?.to_path_buf(),
        uses: list(&package["dependencies"])
            .iter()
            .filter(|dependency| dependency["kind"] != "dev")
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
            .collect(),
        roots: targets.iter().filter_map(target).collect(),
        library: targets.iter().find(is_library).and_then(target),
    })
}

/// The items of a JSON list; none if it is no list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
