//! The story, as a person runs it: it leaves a folder that `mithaq verify` confirms, and no key in it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn mithaq(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mithaq")).args(args).output().expect("the program starts")
}

/// How the program ends whose answer nobody reads.
fn unread(args: &[&str]) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    let mut child = command.args(args).stdout(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    child.wait().expect("it ends").code()
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn the_story_is_played_and_verified_and_a_flipped_bit_is_seen() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("story");
    let out_text = out.to_str().expect("UTF-8");
    // 21 MB: above what the folder of the story takes, so that the stick has something to carry.
    let played = mithaq(&["demo", "--out", out_text, "--recording", "21"]);
    let told = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{told}\n{}", String::from_utf8_lossy(&played.stderr));
    for scene in [
        "EXERCISE.",
        "read out over the telephone",
        "grant was sealed to another key",
        "acknowledges receipt",
        "Islamabad opens the plan",
        "Doha opens the recording and the statement",
        "CC BY 4.0",
        "void, excluded",
        "stamps them",
        "destroy their copies",
        "two checkpoints of size",
        "nothing wrong found",
    ] {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&told).contains(scene), "{scene:?} is missing:\n{told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 110), "a line is too long");

    let checked = mithaq(&["verify", out_text]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    // Whoever reads the answer may go away, as `head` does.
    assert_eq!(unread(&["verify", out_text]), Some(141));

    // Small files to take away: what Doha did with the photograph, and what Kabul said of it.
    for (proof, lines) in [
        ("offer.mithaq-proof", ["opened by Doha, ", "kept by Doha, "]),
        ("notice.mithaq-proof", ["Doha: acknowledged since", "NOT-"]),
        ("answer.mithaq-proof", ["answered by Kabul, ", "opened by Kabul, "]),
    ] {
        let shown = mithaq(&["verify", out.join(proof).to_str().expect("UTF-8")]);
        let said = String::from_utf8_lossy(&shown.stdout);
        assert!(lines.iter().all(|line| said.contains(line)), "{proof}: {said}");
    }

    let mut all = Vec::new();
    files(&out, &mut all);
    for path in &all {
        let bytes = std::fs::read(path).expect("a file");
        for secret in [&b"AGE-SECRET-KEY-"[..], b"mithaq.keyring", b"I was on the road by the bridge"] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret), "a secret in {}", path.display());
        }
    }
    // The statement is gone; the photograph that was opened lies beside the keys, not in the folder.
    assert!(dir.path().join("story.keys/desk/photograph.jpg").exists());

    let entries = out.join("doha/register/tile/entries");
    let mut bundles = Vec::new();
    files(&entries, &mut bundles);
    let path = bundles.first().expect("a bundle");
    let mut bytes = std::fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).expect("written");
    let checked = mithaq(&["verify", out_text]);
    assert_eq!(checked.status.code(), Some(1), "{}", String::from_utf8_lossy(&checked.stdout));

    // A second run plays it anew, for machines here; what somebody put beside it, or a folder that is no story,
    // is left alone.
    let again = ["demo", "--out", out_text, "--recording", "1", "--json"];
    std::fs::write(out.join("mine.txt"), "mine").expect("written");
    let refused = mithaq(&again);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    let said: serde_json::Value = serde_json::from_slice(&refused.stdout).expect("JSON");
    assert_eq!((&said["exit"], &said["error"]["code"]), (&2.into(), &"mithaq::unknown".into()), "{said}");
    std::fs::remove_file(out.join("mine.txt")).expect("removed");
    let played = mithaq(&again);
    let said: serde_json::Value = serde_json::from_slice(&played.stdout).expect("JSON");
    assert_eq!((&said["verdict"], &said["exercise"]), (&"good".into(), &true.into()), "{said}");
    let other = dir.path().join("mine");
    std::fs::create_dir(&other).expect("a folder");
    std::fs::write(other.join("letter.txt"), "mine").expect("written");
    let refused = mithaq(&["demo", "--out", other.to_str().expect("UTF-8")]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(other.join("letter.txt").exists());
}
