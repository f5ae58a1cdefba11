//! Every story of `stories/` says what the docket says: documentation, test and demo at once.

use std::path::Path;

use docket::harness::story;

#[test]
fn stories() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("stories").map(|entry| entry.expect("a story").path()).collect();
    paths.sort();
    let only = std::env::var("STORY").ok();
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
        let again = story.world.replay(u64::MAX, None).expect("it replays");
        assert_eq!(again.state().lines(), story.world.live.state().lines(), "{name}");
    }
    assert!(wrongs.is_empty(), "{wrongs}");
}
