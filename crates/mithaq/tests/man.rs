//! The man pages in `docs/man` are those of the commands.

#[expect(dead_code, reason = "its `main` writes the pages")]
#[path = "../examples/man.rs"]
mod man;

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn pages_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/man");
    let mut names = BTreeSet::new();
    for (name, page) in man::pages().unwrap() {
        let there = std::fs::read(folder.join(&name)).unwrap_or_default();
        assert!(there == page, "docs/man/{name} is out of date: `cargo xtask man` writes it anew");
        names.insert(name);
    }
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name), "docs/man/{name} is of no command");
    }
}
