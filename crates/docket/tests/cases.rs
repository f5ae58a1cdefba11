//! Every case of `tests/cases` says what the docket says.

use std::path::Path;

use docket::harness::story;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("cases").map(|entry| entry.expect("a case").path()).collect();
    paths.sort();
    let only = std::env::var("CASE").ok();
    let mut wrongs = String::new();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        eprintln!("{name}");
        let (story, wrong) = story::run(&text);
        if !wrong.is_empty() {
            wrongs.push_str(&format!("\n{name}\n{wrong}"));
        }
        // The same bytes come to the same, entry by entry or at once (I3).
        let again = story.world.replay(u64::MAX, None).expect("it replays");
        assert_eq!(again.state().lines(), story.world.live.state().lines(), "{name}");
    }
    assert!(wrongs.is_empty(), "{wrongs}");
}
