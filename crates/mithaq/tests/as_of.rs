//! `verify --as-of`: what a state is that was asked for as of a time.

mod support;

use support::{Two, founded};

/// What is said of the state as of a time, to people and to machines.
#[track_caller]
fn said(two: &Two, as_of: &str, labels: &[&str], standing: &str) {
    let verify = ["verify", "harbour/data", "--as-of", as_of];
    let printed = two.harbour.good("01-30 08:00", &verify);
    let line = format!("as of {as_of} UTC");
    assert!(printed.contains(&line), "{line}: {printed}");
    let found: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(label, _)| label)
        .filter(|label| ["closed", "so far", "silent"].contains(label))
        .collect();
    assert_eq!(found, labels, "{printed}");
    assert_eq!(two.harbour.ask("01-30 08:00", &verify, "/standing"), standing);
}

#[test]
fn a_state_as_of_a_time_is_closed_or_so_far_and_silence_is_said() {
    let two = founded();
    // Another mark, ten days later, which is final: the heartbeat is a day.
    std::fs::write(two.folder.path().join("notice.txt"), "Notice.\n").unwrap();
    two.north.good("01-22 08:00", &["notice", "give", "--to", "harbour", "--file", "notice.txt"]);
    two.north.carry(&two.harbour, "01-22 10:00", &[]);
    two.harbour.carry(&two.north, "01-22 11:00", &[]);
    two.north.carry(&two.harbour, "01-22 12:00", &[]);
    two.harbour.carry(&two.north, "01-22 13:00", &[]);
    two.north.carry(&two.harbour, "01-22 14:00", &[]);

    said(&two, "2026-01-13 08:00", &["closed"], r#"{"closed":true,"silent":false}"#);
    said(&two, "2026-01-20 08:00", &["closed", "silent"], r#"{"closed":true,"silent":true}"#);
    said(&two, "2026-01-23 08:00", &["so far"], r#"{"closed":false,"silent":false}"#);
    said(&two, "2026-01-29 08:00", &["so far", "silent"], r#"{"closed":false,"silent":true}"#);

    // As far as it is final, it is of no time that was asked for.
    let printed = two.harbour.good("01-30 08:00", &["verify", "harbour/data"]);
    assert!(!printed.contains("so far") && !printed.contains("closed:"), "{printed}");
    assert_eq!(two.harbour.ask("01-30 08:00", &["verify", "harbour/data"], "/standing"), "null");
}
