//! The file of the private side: made by a program of before it is taken over, and a copy of it is a backup.

use std::path::Path;

use act::value::MatterRef;
use rusqlite::Connection;
use store::task::Which;
use store::watch::Span;
use store::{Line, Name, Private, Task};
use terms::{Code, Hash, Instant};

fn at() -> Instant {
    Instant::parse("2026-01-05T02:00:00Z").expect("a time")
}

fn name(end: &str) -> Name {
    Name::new(&format!("{end:->22}")).expect("a name")
}

fn write(private: &Private, says: &str) {
    let line = Line {
        id: name(says),
        at: at(),
        written: at(),
        kind: Code::new("note").expect("a code"),
        says: says.to_owned(),
        reference: String::new(),
        by: None,
        corrects: None,
        struck: None,
        drafts: Vec::new(),
    };
    private.log(&line).expect("kept");
    let matter: MatterRef = Hash::of(b"a").to_string().parse().expect("a matter");
    let task = Task {
        id: name(says),
        says: says.to_owned(),
        matter: Some(matter),
        by: None,
        made: at(),
        who: None,
        due: None,
        done: None,
        done_by: None,
    };
    private.set_task(&task).expect("kept");
}

fn said(private: &Private) -> (Vec<String>, Vec<String>) {
    let lines = private.logged(Span::default(), 100).expect("read").lines.into_iter().map(|line| line.says);
    let tasks = private.tasks(Which::All).expect("read").into_iter().map(|task| task.says);
    (lines.collect(), tasks.collect())
}

#[test]
fn a_copy_of_the_folder_is_a_backup() {
    let (folder, copy) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let private = Private::open(folder.path()).expect("opened");
    write(&private, "before");
    drop(private);
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let path = file.expect("it can be listed").path();
        std::fs::copy(&path, copy.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    write(&Private::open(folder.path()).expect("opened"), "after");
    let restored = said(&Private::open(copy.path()).expect("opened"));
    assert_eq!(restored, (vec!["before".to_owned()], vec!["before".to_owned()]));
    assert_eq!(said(&Private::open(folder.path()).expect("opened")).0, ["after", "before"]);
}

/// A file as the program of before this one left it, with a draft in it.
fn of_before(folder: &Path) {
    let old = Connection::open(folder.join("private.sqlite")).expect("opened");
    for sql in [
        include_str!("../src/private/1.sql"),
        include_str!("../src/private/2.sql"),
        include_str!("../src/private/3.sql"),
    ] {
        old.execute_batch(sql).expect("made");
    }
    old.pragma_update(None, "user_version", 3).expect("set");
    old.execute_batch(
        "INSERT INTO draft (id, kind, typed, session, begun, touched)
         VALUES ('AAAAAAAAAAAAAAAAAAAAAA', 'notice', '{\"text\":[\"kept\"]}', 's', 0, 0)",
    )
    .expect("a draft");
}

#[test]
fn what_a_program_of_before_kept_is_taken_over() {
    let folder = tempfile::tempdir().expect("a folder");
    of_before(folder.path());
    let private = Private::open(folder.path()).expect("taken over");
    let drafts = private.drafts().expect("read");
    assert_eq!((drafts.len(), drafts[0].typed["text"][0].as_str()), (1, "kept"));
    write(&private, "new");
    assert_eq!((private.waiting(), private.open_tasks()), (1, 1));
    drop(private);
    assert_eq!(said(&Private::open(folder.path()).expect("opened again")).0, ["new"]);
}
