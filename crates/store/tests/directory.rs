//! Whom one can call: what was kept, what was tested, and what is gone when it is erased.

use store::directory::{LineTest, TestResult};
use store::watch::Span;
use store::{Fault, Line, Name, Post, Private};
use terms::{Code, Instant, ParticipantId};

fn time(text: &str) -> Instant {
    Instant::parse(&format!("2026-01-05T{text}:00Z")).expect("a time")
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

fn name(end: &str) -> Name {
    Name::new(&format!("{end:->22}")).expect("a name")
}

fn post(id: &str, participant: Option<&str>) -> Post {
    Post {
        id: name(id),
        participant: participant.map(|id| ParticipantId::new(id).expect("an id")),
        office: format!("Office {id}"),
        role: "رابطہ افسر".to_owned(),
        person: "xyzzy".to_owned(),
        numbers: vec![(code("hotline"), "+000 555 0100".to_owned()), (code("radio"), "chan 4".to_owned())],
        languages: "English, اردو".to_owned(),
        note: String::new(),
        valid: (Some(time("01:00")), None),
        duty: None,
        changed: time("02:00"),
        changed_by: Some(code("ops-1")),
    }
}

fn line(id: &str, at: &str) -> Line {
    Line {
        id: name(id),
        at: time(at),
        written: time(at),
        kind: code("line-test"),
        says: "tested".to_owned(),
        reference: String::new(),
        by: None,
        corrects: None,
        struck: None,
        drafts: Vec::new(),
    }
}

#[test]
fn a_post_is_tested_and_its_tests_are_logged() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    private.keep_posts(&[post("b", Some("north")), post("a", None)]).expect("kept");
    let test = |at, result| LineTest { at: time(at), by: Some(code("ops-1")), result };
    let answered = test("03:00", TestResult::Answered);
    private.tested(&name("a"), &test("02:30", TestResult::NoAnswer), &line("t1", "02:30")).expect("noted");
    for _ in 0..2 {
        private.tested(&name("a"), &answered, &line("t2", "03:00")).expect("noted once");
    }
    let none = private.tested(&name("z"), &answered, &line("t3", "03:00"));
    assert!(matches!(none, Err(Fault::NoLine)));
    let duty = Some((time("02:00"), time("10:00")));
    private.on_duty(&name("a"), duty).expect("said");
    assert!(matches!(private.on_duty(&name("z"), duty), Err(Fault::NoLine)));
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    let all = private.posts().expect("read");
    assert_eq!(all[0], (Post { duty, ..post("a", None) }, Some(answered.clone())));
    assert_eq!(all[1], (post("b", Some("north")), None));
    assert_eq!(private.tests(&name("a"), 10).expect("read"), [answered, test("02:30", TestResult::NoAnswer)]);
    assert_eq!(private.logged(Span::default(), 10).expect("read").lines.len(), 2);
    // What it was before is written over; its tests stay.
    let later = Post { person: "somebody else".to_owned(), ..post("a", None) };
    private.keep_posts(std::slice::from_ref(&later)).expect("kept");
    assert_eq!(private.post(&name("a")).expect("read"), Some(later));
    assert_eq!(private.tests(&name("a"), 10).expect("read").len(), 2);
    for id in ["a", "b"] {
        private.erase_post(&name(id)).expect("erased");
    }
    assert_eq!(private.tests(&name("a"), 10).expect("read"), []);
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("it can be listed").path()).expect("read");
        assert!(!bytes.windows(5).any(|part| part == b"xyzzy"), "what was erased is written over");
    }
}
