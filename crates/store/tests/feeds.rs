//! Keys that open a feed: few, and only until they are ended.

use store::{Fault, Feed, Private};
use terms::{Hash, Instant};

fn feed(text: &str) -> Feed {
    let made = Instant::parse("2026-01-05T08:00:00Z").expect("a time");
    Feed { key: Hash::of(text.as_bytes()), session: "a1b2c3d4".to_owned(), made, shows: String::new() }
}

#[test]
fn a_key_opens_until_it_is_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    assert_eq!(private.opens(&feed("one").key).expect("read"), None);
    for text in ["one", "two"] {
        private.begin_feed(&feed(text)).expect("kept");
    }
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    assert_eq!(private.feeds().expect("read").len(), 2);
    private.end_feed(&feed("one").key).expect("ended");
    private.end_feed(&feed("none").key).expect("nothing to end");
    assert_eq!(private.opens(&feed("one").key).expect("read"), None);
    assert_eq!(private.opens(&feed("two").key).expect("read").as_deref(), Some(""));
    assert_eq!(private.feeds().expect("read"), [feed("two")]);
}

#[test]
fn keys_are_few() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let mut kept = 0;
    let full = loop {
        match private.begin_feed(&feed(&kept.to_string())) {
            Ok(()) => kept += 1,
            Err(fault) => break fault,
        }
    };
    assert!(matches!(full, Fault::Full), "{full}");
    assert_eq!(private.feeds().expect("read").len(), kept);
}

#[test]
fn a_key_opens_one_list() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let list = Feed { shows: "cases?view=all".to_owned(), ..feed("list") };
    private.begin_feed(&list).expect("kept");
    assert_eq!(private.opens(&list.key).expect("read").as_deref(), Some("cases?view=all"));
    let long = Feed { shows: "x".repeat(1025), ..feed("long") };
    assert!(matches!(private.begin_feed(&long), Err(Fault::Full)));
}
