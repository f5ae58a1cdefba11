//! What is new since somebody looked last.

use store::{Private, Seen};
use terms::{Instant, Seconds};

fn at(minutes: u64) -> Instant {
    Instant::parse("2026-01-05T08:00:00Z").expect("a time").plus(Seconds(minutes * 60))
}

fn seen(entries: u64) -> Seen {
    Seen { entries, until: at(entries) }
}

#[test]
fn a_look_is_held_against_the_one_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let look = |private: &Private, session, entries, minute| {
        private.look(session, seen(entries), at(minute)).expect("noted")
    };
    assert_eq!(look(&private, "one", 5, 0), None, "nobody ever looked");
    let looked = |private: &Private, session, minute| private.looked(session, at(minute)).expect("read");
    assert_eq!(looked(&private, "one", 0), Some(seen(5)));
    // What comes while somebody looks is new, and stays so until the look is over.
    assert_eq!(look(&private, "one", 8, 10), Some(seen(5)));
    assert_eq!(look(&private, "one", 9, 40), Some(seen(5)));
    assert_eq!(looked(&private, "one", 70), Some(seen(5)), "the look goes on");
    assert_eq!(looked(&private, "one", 71), Some(seen(9)), "it is over: this is as far as it got");
    assert_eq!(look(&private, "one", 9, 71), Some(seen(9)));
    // Another session begins where the last look ended, also after a restart.
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    assert_eq!(looked(&private, "two", 72), Some(seen(9)));
    assert_eq!(look(&private, "two", 12, 72), Some(seen(9)));
    assert_eq!(looked(&private, "two", 72), Some(seen(9)));
    assert_eq!(look(&private, "one", 12, 73), Some(seen(9)), "each session has its own");
}

#[test]
fn sessions_are_few() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    for minute in 0..70 {
        private.look(&format!("s{minute}"), seen(minute), at(minute)).expect("noted");
    }
    let looked = |session| private.looked(session, at(69)).expect("read");
    assert_eq!(looked("s0"), Some(seen(69)), "the oldest made room: it is as good as new");
    assert_eq!(looked("s68"), Some(seen(67)));
}
