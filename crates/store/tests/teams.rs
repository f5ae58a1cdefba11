//! Teams that are out: heard, to be heard again, and in; and the log says each of it.

use store::watch::Span;
use store::{Fault, Line, Name, Private, Team};
use terms::{Code, Instant};

fn at(text: &str) -> Instant {
    text.parse().expect("a time")
}

fn named(letter: &str) -> Name {
    Name::new(&letter.repeat(22)).expect("a name")
}

fn team(id: &str, name: &str, next: Option<&str>, log: &str) -> Team {
    let heard = at("2026-01-05T10:00:00Z");
    Team {
        id: named(id),
        name: name.into(),
        place: "X-03".into(),
        heard,
        next: next.map(at),
        log: named(log),
    }
}

fn line(id: &str) -> Line {
    let time = at("2026-01-05T10:00:00Z");
    Line {
        id: named(id),
        at: time,
        written: time,
        kind: Code::new("team").expect("a word"),
        says: "heard".into(),
        reference: String::new(),
        by: None,
        corrects: None,
        struck: None,
        drafts: Vec::new(),
    }
}

fn lines(private: &Private) -> usize {
    private.logged(Span::default(), 100).expect("read").lines.len()
}

#[test]
fn who_is_to_be_heard_soonest_stands_first_and_the_log_says_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let said = |id, name, next, log, seen: Option<&str>| {
        private.heard(&team(id, name, next, log), &line(log), seen.map(named).as_ref())
    };
    said("A", "Team 1", Some("2026-01-05T12:00:00Z"), "a", None).expect("kept");
    said("B", "Team 2", None, "b", None).expect("kept");
    said("C", "Team 3", Some("2026-01-05T11:00:00Z"), "c", None).expect("kept");
    let names = || private.teams().expect("read").into_iter().map(|team| team.name).collect::<Vec<_>>();
    assert_eq!(names(), ["Team 3", "Team 1", "Team 2"]);
    // Heard again, it goes behind; the same line again changes nothing.
    for _ in 0..2 {
        said("C", "Team 3", Some("2026-01-05T13:00:00Z"), "d", Some("c")).expect("kept");
    }
    assert_eq!((names(), lines(&private)), (vec!["Team 1".into(), "Team 3".into(), "Team 2".into()], 4));
    // Something else under the same line, or under a line that is another's, leaves all as it was.
    for (name, next, log) in [
        ("Team 9", Some("2026-01-05T13:00:00Z"), "d"),
        ("Team 3", None, "d"),
        ("Team 3", Some("2026-01-05T14:00:00Z"), "d"),
        ("Team 3", None, "b"),
    ] {
        assert!(matches!(said("C", name, next, log, Some("d")), Err(Fault::Taken)), "{name} {log}");
    }
    // Who saw it as it was before says nothing of it; nor does who takes it for a new one, or who saw one that is gone.
    assert!(matches!(said("C", "Team 3", None, "e", Some("c")), Err(Fault::Done)));
    assert!(matches!(said("C", "Team 3", None, "e", None), Err(Fault::Done)));
    assert!(matches!(said("D", "Team 4", None, "e", Some("c")), Err(Fault::Done)));
    assert_eq!((names().len(), lines(&private)), (3, 4));
    // Who is out is not dropped; who is in is, and the log stays.
    private.drop_team(&named("A")).expect("nothing");
    private.drop_team(&named("B")).expect("dropped");
    assert_eq!(names(), ["Team 1", "Team 3"]);
    assert_eq!(private.team(&named("B")).expect("read"), None);
    assert_eq!(lines(&private), 4);
    // Too much is kept not at all.
    let long = "x".repeat(401);
    assert!(matches!(said("D", &long, None, "e", None), Err(Fault::Full)));
    assert_eq!((names().len(), lines(&private)), (2, 4));
    drop(private);
    let again = Private::open(folder.path()).expect("opened");
    assert_eq!(again.teams().expect("read").len(), 2, "a restart changes nothing");
}
