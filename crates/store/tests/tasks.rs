//! Tasks and notes: whose they are, until when, and what is gone when it is erased.

use act::value::MatterRef;
use store::memo::Circle;
use store::task::Which;
use store::{Fault, Memo, Name, Private, Task};
use terms::{Code, Hash, Instant};

fn time(text: &str) -> Instant {
    Instant::parse(&format!("2026-01-05T{text}:00Z")).expect("a time")
}

fn name(end: &str) -> Name {
    Name::new(&format!("{end:->22}")).expect("a name")
}

fn matter(text: &str) -> MatterRef {
    Hash::of(text.as_bytes()).to_string().parse().expect("a matter")
}

fn task(id: &str, due: Option<&str>) -> Task {
    Task {
        id: name(id),
        says: id.to_owned(),
        matter: None,
        by: Code::new("ops-1"),
        made: time("02:00"),
        who: None,
        due: due.map(time),
        done: None,
        done_by: None,
    }
}

fn says(private: &Private, which: Which<'_>) -> Vec<String> {
    private.tasks(which).expect("read").into_iter().map(|task| task.says).collect()
}

#[test]
fn tasks_come_by_when_they_are_due() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    for one in [task("late", Some("09:00")), task("soon", Some("03:00")), task("any", None)] {
        private.set_task(&one).expect("kept");
    }
    private.set_task(&Task { matter: Some(matter("a")), ..task("in-a", Some("05:00")) }).expect("kept");
    private
        .set_task(&Task { made: time("02:01"), ..task("soon", Some("03:00")) })
        .expect("sent a second time");
    let other = Task { says: "twice".to_owned(), ..task("soon", None) };
    assert!(matches!(private.set_task(&other), Err(Fault::Taken)), "other words are not dropped in silence");
    let long = Task { says: "x".repeat(store::SAYS_BYTES_MAX + 1), ..task("long", None) };
    assert!(matches!(private.set_task(&long), Err(Fault::Full)));
    assert_eq!(says(&private, Which::Open), ["soon", "in-a", "late", "any"]);
    assert_eq!(says(&private, Which::Of(&matter("a"))), ["in-a"]);
    assert_eq!(private.open_tasks(), 4);
    let ops = Code::new("ops-2").expect("a code");
    private.assign(&name("any"), Some(&ops), Some(time("02:30"))).expect("given");
    private.task_done(&name("soon"), Some(&ops), time("02:40")).expect("done");
    private.task_done(&name("soon"), None, time("02:50")).expect("said again");
    assert!(matches!(private.assign(&name("soon"), None, None), Err(Fault::NoLine)), "it is done");
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    assert_eq!(private.open_tasks(), 3);
    assert_eq!(says(&private, Which::Open), ["any", "in-a", "late"]);
    assert_eq!(says(&private, Which::All), ["any", "in-a", "late", "soon"]);
    let done = private.task(&name("soon")).expect("read").expect("a task");
    assert_eq!((done.done, done.done_by.as_ref()), (Some(time("02:40")), Some(&ops)));
    private.task_open(&name("soon")).expect("not, after all");
    assert_eq!(private.open_tasks(), 4);
    // What is done can be erased, and is written over; what is not stays.
    private.set_task(&Task { says: "xyzzy done".to_owned(), ..task("over", None) }).expect("kept");
    private.task_done(&name("over"), None, time("02:55")).expect("done");
    for id in ["any", "over"] {
        private.erase_task(&name(id)).expect("erased, if it is done");
    }
    assert_eq!(says(&private, Which::All), ["any", "soon", "in-a", "late"]);
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("it can be listed").path()).expect("read");
        assert!(!bytes.windows(5).any(|part| part == b"xyzzy"), "what was erased is written over");
    }
}

#[test]
fn a_note_is_for_its_circle_and_erased_for_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let memo = |id: &str, circle, of: Option<&str>| Memo {
        id: name(id),
        circle,
        matter: of.map(matter),
        says: format!("xyzzy {id}"),
        by: Code::new("ops-1"),
        at: time("02:00"),
    };
    for one in [
        memo("a", Circle::Internal, Some("a")),
        memo("b", Circle::Internal, Some("b")),
        memo("g", Circle::GoodOffices, Some("a")),
        memo("h", Circle::GoodOffices, None),
    ] {
        private.note_down(&one).expect("kept");
        private.note_down(&one).expect("sent a second time");
        let other = Memo { says: "other words".to_owned(), ..one };
        assert!(matches!(private.note_down(&other), Err(Fault::Taken)), "not dropped in silence");
    }
    let found = |circle, of: Option<&str>| {
        let of = of.map(matter);
        let all = private.memos(circle, of.as_ref()).expect("read");
        all.into_iter().map(|memo| memo.id.as_str().trim_start_matches('-').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(Circle::Internal, Some("a")), ["a"]);
    assert_eq!(found(Circle::GoodOffices, None), ["h", "g"]);
    assert_eq!(found(Circle::GoodOffices, Some("b")), [""; 0]);
    private.erase_memo(Circle::Internal, &name("g")).expect("none of this circle");
    assert_eq!(found(Circle::GoodOffices, Some("a")), ["g"]);
    for (circle, id) in [
        (Circle::Internal, "a"),
        (Circle::Internal, "b"),
        (Circle::GoodOffices, "g"),
        (Circle::GoodOffices, "h"),
    ] {
        private.erase_memo(circle, &name(id)).expect("erased");
    }
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("it can be listed").path()).expect("read");
        assert!(!bytes.windows(5).any(|part| part == b"xyzzy"), "what was erased is written over");
    }
}
