//! The log of a watch, and how the watch goes from one to another.

use store::shift::Handover;
use store::watch::{READ_BYTES_MAX, SAYS_BYTES_MAX, Span, Struck};
use store::{DraftId, Fault, Line, Name, Private, Shift};
use terms::{Code, Instant};

fn time(text: &str) -> Instant {
    Instant::parse(&format!("2026-01-05T{text}:00Z")).expect("a time")
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

/// A name that ends in this.
fn name(end: &str) -> Name {
    Name::new(&format!("{end:->22}")).expect("a name")
}

fn line(id: &str, at: &str, says: &str) -> Line {
    Line {
        id: name(id),
        at: time(at),
        written: time(at),
        kind: code("note"),
        says: says.to_owned(),
        reference: String::new(),
        by: Some(code("ops-1")),
        corrects: None,
        struck: None,
        drafts: Vec::new(),
    }
}

fn said(private: &Private) -> Vec<String> {
    let all = private.logged(Span::default(), 100).expect("read").lines;
    all.into_iter().map(|line| line.says).collect()
}

#[test]
fn a_line_is_struck_and_never_erased() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    private.log(&line("a", "02:10", "called, no answer")).expect("kept");
    private.log(&line("a", "02:11", "called, no answer")).expect("sent a second time, a minute later");
    // The same name with other words, or of another time, is not dropped in silence.
    let other = [
        line("a", "02:10", "called, and answered"),
        Line { reference: "INC".to_owned(), ..line("a", "02:10", "called, no answer") },
        Line { at: time("01:00"), ..line("a", "02:10", "called, no answer") },
    ];
    for other in &other {
        assert!(matches!(private.log(other), Err(Fault::Taken)), "{other:?}");
    }
    assert_eq!(said(&private), ["called, no answer"]);
    let right = Line { corrects: Some(name("a")), ..line("b", "02:11", "called, answered after 40 s") };
    private.log(&right).expect("kept");
    private.log(&right).expect("sent a second time");
    let struck = Struck { at: time("02:12"), by: None, why: "twice".to_owned() };
    assert!(matches!(private.strike(&name("a"), &struck), Err(Fault::Done)), "its correction struck it");
    assert!(matches!(private.strike(&name("z"), &struck), Err(Fault::NoLine)));
    assert!(matches!(
        private.log(&Line { corrects: Some(name("z")), ..line("c", "02:13", "x") }),
        Err(Fault::NoLine)
    ));
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    let all = private.logged(Span::default(), 100).expect("read").lines;
    assert_eq!((all.len(), all[0].corrects.as_ref()), (2, Some(&name("a"))));
    let old = private.line(&name("a")).expect("read").expect("it is still read");
    assert_eq!(old.says, "called, no answer");
    assert_eq!(old.struck, Some(Struck { at: time("02:11"), by: Some(code("ops-1")), why: String::new() }));
    drop(private);
    let raw = rusqlite::Connection::open(folder.path().join("private.sqlite")).expect("opened");
    for sql in ["DELETE FROM watch", "UPDATE watch SET says = 'x'"] {
        assert!(raw.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn lines_are_found_by_when_it_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    for (id, at) in [("a", "03:00"), ("b", "01:00"), ("c", "02:00")] {
        private.log(&line(id, at, at)).expect("kept");
    }
    assert_eq!(said(&private), ["03:00", "02:00", "01:00"]);
    let span = Span { since: Some(time("02:00")), until: Some(time("02:00")) };
    assert_eq!(private.logged(span, 100).expect("read").lines.len(), 1);
    assert_eq!(private.logged(Span::default(), 1).expect("read").lines[0].says, "03:00");
}

#[test]
fn a_line_knows_the_drafts_that_began_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    private.log(&line("a", "02:10", "a call")).expect("kept");
    let draft = |end| DraftId::new(&format!("{end:_>22}")).expect("a name");
    for end in ["x", "y", "x"] {
        private.begun_from(&name("a"), &draft(end), &code("contact")).expect("noted");
    }
    assert!(matches!(private.begun_from(&name("z"), &draft("z"), &code("contact")), Err(Fault::NoLine)));
    assert_eq!(private.line(&name("a")).expect("read").expect("a line").drafts.len(), 2);
}

#[test]
fn the_watch_is_given_and_taken_by_two() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let shift = |id, by| Shift { id: name(id), by: code(by), begun: time("22:00"), ended: None };
    let handover = |id, giver, taker| Handover {
        id: name(id),
        giver: code(giver),
        taker: code(taker),
        says: "quiet".to_owned(),
        items: "[]".to_owned(),
        given: time("05:50"),
        taken: None,
        withdrawn: None,
    };
    let entry = line("l0", "22:00", "began");
    assert!(
        matches!(private.hand_over(&handover("h", "ops-1", "ops-2")), Err(Fault::OthersToDo)),
        "nobody has it"
    );
    private.begin_watch(&shift("s0", "ops-1"), None, &entry).expect("begun");
    assert!(matches!(
        private.begin_watch(&shift("s1", "ops-2"), None, &line("l9", "22:01", "x")),
        Err(Fault::Done)
    ));
    assert_eq!(said(&private).len(), 1, "what did not come about is not in the log");
    assert!(matches!(private.hand_over(&handover("h", "ops-2", "ops-1")), Err(Fault::OthersToDo)));
    assert!(
        matches!(private.hand_over(&handover("h", "ops-1", "ops-1")), Err(Fault::OthersToDo)),
        "to itself"
    );
    private.hand_over(&handover("h", "ops-1", "ops-2")).expect("given");
    assert!(matches!(private.hand_over(&handover("i", "ops-1", "ops-3")), Err(Fault::Done)), "one at a time");
    assert_eq!(private.shift().expect("read").expect("a watch").by, code("ops-1"), "until it is taken");
    let taken = line("l1", "06:00", "took over");
    for other in ["ops-1", "ops-3"] {
        let it = private.take_over(&name("h"), &code(other), &name("s1"), &taken);
        assert!(matches!(it, Err(Fault::OthersToDo)), "{other}");
    }
    assert!(matches!(
        private.withdraw_handover(&name("h"), &code("ops-2"), time("05:55")),
        Err(Fault::OthersToDo)
    ));
    private.withdraw_handover(&name("h"), &code("ops-1"), time("05:55")).expect("withdrawn");
    let late = private.take_over(&name("h"), &code("ops-2"), &name("s1"), &taken);
    assert!(matches!(late, Err(Fault::Done)));
    private.hand_over(&handover("i", "ops-1", "ops-2")).expect("given again");
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    private.take_over(&name("i"), &code("ops-2"), &name("s1"), &taken).expect("taken");
    let has = private.shift().expect("read").expect("a watch");
    assert_eq!((has.by, has.begun), (code("ops-2"), time("06:00")));
    let handover = private.handover(&name("i")).expect("read").expect("it is kept");
    assert_eq!((handover.giver, handover.taken), (code("ops-1"), Some(time("06:00"))));
    // Who can't hand it over is relieved by name, and the log says so.
    let line = line("l2", "07:00", "took it: ops-2 could not be reached");
    assert!(private.begin_watch(&shift("s2", "ops-3"), Some(&code("ops-1")), &line).is_err());
    private.begin_watch(&shift("s2", "ops-3"), Some(&code("ops-2")), &line).expect("taken");
    assert_eq!(private.shift().expect("read").expect("a watch").by, code("ops-3"));
    assert_eq!(private.handovers(10).expect("read").len(), 2);
}

#[test]
fn what_is_new_stays_so_for_one_look() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let yesterday = |text| time(text).minus(terms::Seconds::hours(24));
    let watched = |who, is_noted, at| private.watched(who, is_noted, time(at)).expect("read");
    assert_eq!(watched("ops-1", true, "02:00"), yesterday("02:00"), "the first look is of a day");
    assert_eq!(watched("ops-1", true, "02:20"), yesterday("02:00"), "it goes on");
    assert_eq!(watched("ops-2", false, "02:20"), yesterday("02:20"), "another has not looked");
    assert_eq!(watched("ops-1", false, "06:00"), time("02:20"));
    assert_eq!(watched("ops-1", true, "06:00"), time("02:20"), "to ask is no look");
}

/// A log is read up to a bound of its lines and of its bytes, and it is said whether there is more.
#[test]
fn a_log_is_never_cut_in_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let long = line("long", "02:10", &"x".repeat(SAYS_BYTES_MAX + 1));
    assert!(matches!(private.log(&long), Err(Fault::Full)));
    let full = "x".repeat(SAYS_BYTES_MAX);
    let fit = READ_BYTES_MAX / SAYS_BYTES_MAX;
    for n in 0..fit {
        private.log(&line(&n.to_string(), "02:10", &full)).expect("kept");
    }
    let logged = private.logged(Span::default(), 100_000).expect("read");
    assert_eq!((logged.lines.len(), logged.is_cut), (fit, false));
    private.log(&line("last", "01:00", &full)).expect("kept");
    let logged = private.logged(Span::default(), 100_000).expect("read");
    assert_eq!((logged.lines.len(), logged.is_cut), (fit, true), "by bytes");
    let logged = private.logged(Span::default(), 3).expect("read");
    assert_eq!((logged.lines.len(), logged.is_cut), (3, true), "by lines");
    let earlier = Span { until: Some(time("02:00")), since: None };
    let logged = private.logged(earlier, 3).expect("read");
    assert_eq!((logged.lines.len(), logged.is_cut), (1, false), "what is earlier is asked for by its time");
}
