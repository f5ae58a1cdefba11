//! A process is killed while it writes: what it said to be kept is there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use store::watch::Span;
use store::{Line, Name, Private};
use terms::{Code, Instant};

const FOLDER: &str = "MITHAQ_KILLED_FOLDER";

fn line(number: u32) -> Line {
    let at = Instant::parse("2026-01-05T02:00:00Z").expect("a time");
    Line {
        id: Name::new(&format!("{number:0>22}")).expect("a name"),
        at,
        written: at,
        kind: Code::new("note").expect("a code"),
        says: "x".repeat(usize::try_from(number % 7).expect("small") * 900),
        reference: String::new(),
        by: None,
        corrects: None,
        struck: None,
        drafts: Vec::new(),
    }
}

/// The process that is killed. It is a test so that it is in this very binary.
#[test]
#[ignore = "it is started by the other test"]
fn the_child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let private = Private::open(folder.as_ref()).expect("opened");
    let from =
        u32::try_from(private.logged(Span::default(), u32::MAX).expect("read").lines.len()).expect("few");
    for number in from..from + 10_000 {
        private.log(&line(number)).expect("kept");
        let mut out = std::io::stdout().lock();
        // A parent that is gone kills this one too.
        writeln!(out, "@ {number}").and_then(|()| out.flush()).expect("a parent that listens");
    }
}

#[test]
fn what_was_said_to_be_kept_outlives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut said = 0;
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args(["the_child", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        let numbers =
            out.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("@ ")?.parse::<u32>().ok());
        let mut waits = 3 + round * 5;
        for number in numbers {
            said = number + 1;
            waits -= 1;
            if waits == 0 {
                // Somewhere in what comes next.
                child.kill().expect("it runs");
            }
        }
        child.wait().expect("it ends");
        let private = Private::open(folder.path()).expect("it opens again");
        let kept = private.logged(Span::default(), u32::MAX).expect("read").lines;
        assert!(kept.len() >= said as usize, "{} of {said}", kept.len());
        for known in &kept {
            let number: u32 = known.id.as_str().parse().expect("a number");
            assert_eq!(*known, line(number), "it is whole");
        }
    }
    assert!(said >= 12 * 3, "it was killed {said} lines in");
}
