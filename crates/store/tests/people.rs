//! Who works here, how each reads, and what each may.

use std::collections::{BTreeMap, BTreeSet};

use store::{Fault, Name, Part, Private, View};
use terms::{Code, Instant};

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

#[test]
fn each_reads_as_they_like() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    let now = Instant::parse("2026-01-05T08:00:00Z").expect("a time");
    for who in ["ops-2", "ops-1", "ops-2"] {
        private.remember(&code(who), now).expect("remembered");
    }
    let set = |density: &str| BTreeMap::from([("density".to_owned(), density.to_owned())]);
    private.set("ops-1", &set("roomy")).expect("set");
    private.set("ops-1", &set("compact")).expect("set again");
    private.set("", &set("roomy")).expect("of nobody in particular");
    let view = |end: &str, who: &str| View {
        id: Name::new(&format!("{end:->22}")).expect("a name"),
        who: who.to_owned(),
        page: "cases".to_owned(),
        name: format!("بند {end}"),
        query: "view=ours&state=alleged".to_owned(),
    };
    for one in [view("b", "ops-1"), view("a", "ops-1"), view("c", "ops-2")] {
        private.save_view(&one).expect("saved");
    }
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    assert_eq!(private.people().expect("read"), [code("ops-1"), code("ops-2")]);
    assert_eq!(private.settings("ops-1").expect("read"), set("compact"));
    assert_eq!(private.settings("ops-2").expect("read"), BTreeMap::new());
    assert_eq!(private.views("ops-1", "cases").expect("read"), [view("a", "ops-1"), view("b", "ops-1")]);
    private.drop_view("ops-1", &view("c", "").id).expect("none of theirs");
    assert_eq!(private.views("ops-2", "cases").expect("read").len(), 1);
    private.drop_view("ops-2", &view("c", "").id).expect("dropped");
    assert_eq!(private.views("ops-2", "cases").expect("read"), []);
    assert_eq!(private.views("ops-1", "incidents").expect("read"), []);
}

#[test]
fn who_may_what_is_said_of_all_or_of_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let private = Private::open(folder.path()).expect("opened");
    assert_eq!(private.parts(None).expect("read"), Part::ALL.into(), "nothing is said of anybody");
    for part in Part::ALL {
        assert_eq!(Part::of(part.as_str()), Some(part));
    }
    let (head, ops) = (code("head-1"), code("ops-1"));
    let mut access = BTreeMap::from([(ops.clone(), BTreeSet::from([Part::Watch]))]);
    let locked = private.set_access(&access);
    assert!(matches!(locked, Err(Fault::OthersToDo)), "nobody could change it again");
    access.insert(head.clone(), BTreeSet::from([Part::Access, Part::GoodOffices]));
    private.set_access(&access).expect("said");
    drop(private);
    let private = Private::open(folder.path()).expect("opened again");
    let may = |who: Option<&Code>| private.parts(who).expect("read").into_iter().collect::<Vec<_>>();
    assert_eq!(may(Some(&ops)), [Part::Watch]);
    assert_eq!(may(Some(&head)), [Part::GoodOffices, Part::Access]);
    assert!(may(None).is_empty() && may(Some(&code("x"))).is_empty());
    assert_eq!(private.access().expect("read"), access);
    private.set_access(&BTreeMap::new()).expect("said of nobody");
    assert_eq!(may(None).len(), Part::ALL.len());
}
