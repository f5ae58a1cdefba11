//! A draft is there until it is signed or dropped, whatever happens to the machine; then what was typed is gone.

use std::collections::BTreeMap;
use std::path::Path;

use act::value::MatterRef;
use store::{About, Agreed, DraftId, Fault, Private, State, WasRead};
use terms::{ActId, Code, Hash, Instant};

const SECRET: &str = "a sentence that nobody else reads";

fn id(letter: char) -> DraftId {
    DraftId::new(&letter.to_string().repeat(22)).expect("a name")
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

fn at(seconds: u64) -> Instant {
    Instant::from_secs(1_767_600_000 + seconds).expect("in range")
}

fn typed(text: &str) -> BTreeMap<String, Vec<String>> {
    BTreeMap::from([("text".to_owned(), vec![text.to_owned()])])
}

fn about() -> About {
    About::Step {
        kind: code("case"),
        matter: MatterRef::Opened(ActId(Hash::of(b"an act"))),
        step: code("respond"),
    }
}

fn act() -> ActId {
    ActId(Hash::of(b"another act"))
}

/// Whether some bytes stand anywhere in a folder.
fn stands_in(folder: &Path, bytes: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|file| {
        let file = std::fs::read(file.expect("listed").path()).expect("read");
        file.windows(bytes.len()).any(|window| window == bytes.as_bytes())
    })
}

#[test]
fn what_is_kept_is_there_after_a_restart() {
    let dir = tempfile::tempdir().expect("a folder");
    let private = Private::open(dir.path()).expect("opened");
    private.keep(&id('a'), &about(), &typed("half a sen"), "s1", at(0)).expect("kept");
    private.keep(&id('a'), &about(), &typed(SECRET), "s2", at(60)).expect("kept");
    private.keep(&id('b'), &About::Opening(code("incident")), &typed(""), "s2", at(30)).expect("kept");
    // Nothing is said to the database before it is gone: as in a crash.
    std::mem::forget(private);
    let copy = tempfile::tempdir().expect("a folder");
    for file in std::fs::read_dir(dir.path()).expect("a folder") {
        let file = file.expect("listed").path();
        std::fs::copy(&file, copy.path().join(file.file_name().expect("a name"))).expect("copied");
    }
    let private = Private::open(copy.path()).expect("opened again");
    assert_eq!(private.waiting(), 2);
    let all = private.drafts().expect("read");
    let ids: Vec<&str> = all.iter().map(|draft| &draft.id.as_str()[..1]).collect();
    assert_eq!(ids, ["a", "b"], "the one touched last first");
    assert_eq!(all[0].about, about());
    assert_eq!((all[0].typed["text"][0].as_str(), all[0].session.as_str()), (SECRET, "s2"));
    assert_eq!((all[0].begun, all[0].touched, all[0].state), (at(0), at(60), State::Open));
    assert_eq!(all[1].about, About::Opening(code("incident")));
}

#[test]
fn a_draft_becomes_one_act_and_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let private = Private::open(dir.path()).expect("opened");
    private.keep(&id('a'), &about(), &typed(SECRET), "s", at(0)).expect("kept");
    private.begin_signing(&id('a'), &act()).expect("open");
    assert!(matches!(private.begin_signing(&id('a'), &act()), Err(Fault::Signed)), "twice");
    assert!(matches!(private.keep(&id('a'), &about(), &typed("other"), "s", at(1)), Err(Fault::Signed)));
    private.reopen(&id('a'), &act()).expect("the disk works");
    private.keep(&id('a'), &about(), &typed(SECRET), "s", at(2)).expect("nothing came of it");
    private.begin_signing(&id('a'), &act()).expect("open");
    assert!(stands_in(dir.path(), SECRET), "the test looks where it is");
    private.signed(&id('a'), &act()).expect("the disk works");
    assert!(!stands_in(dir.path(), SECRET), "what was typed is written over");
    let draft = private.draft(&id('a')).expect("read").expect("remembered");
    assert_eq!((draft.state, draft.typed.len()), (State::Signed(act()), 0));
    assert_eq!((private.drafts().expect("read").len(), private.waiting()), (0, 0));
    private.reopen(&id('a'), &act()).expect("the disk works");
    private.drop_draft(&id('a')).expect("the disk works");
    let draft = private.draft(&id('a')).expect("read").expect("remembered");
    assert_eq!(draft.state, State::Signed(act()), "for good");
}

#[test]
fn what_is_dropped_is_gone() {
    let dir = tempfile::tempdir().expect("a folder");
    let private = Private::open(dir.path()).expect("opened");
    private.keep(&id('a'), &about(), &typed(SECRET), "s", at(0)).expect("kept");
    private.drop_draft(&id('a')).expect("the disk works");
    assert_eq!(private.draft(&id('a')).expect("read"), None);
    // A page that is open elsewhere saves it once more.
    let late = private.keep(&id('a'), &about(), &typed(SECRET), "s", at(1));
    assert!(matches!(late, Err(Fault::Signed)));
    assert!(!stands_in(dir.path(), SECRET));
}

#[test]
fn an_officer_agrees_to_what_was_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let private = Private::open(dir.path()).expect("opened");
    let agreed = |by: &str, read: &str| Agreed { by: code(by), read: Hash::of(read.as_bytes()), at: at(1) };
    assert!(matches!(private.agree(&id('a'), &agreed("liaison-1", "x")), Err(Fault::NoDraft)));
    private.keep(&id('a'), &about(), &typed("x"), "s", at(0)).expect("kept");
    for one in [agreed("liaison-1", "x"), agreed("legal-1", "x"), agreed("liaison-1", "y")] {
        private.agree(&id('a'), &one).expect("open");
    }
    let draft = private.draft(&id('a')).expect("read").expect("there");
    assert_eq!(draft.agreed, [agreed("legal-1", "x"), agreed("liaison-1", "y")]);
}

#[test]
fn a_name_is_about_one_thing_and_one_program_writes() {
    let dir = tempfile::tempdir().expect("a folder");
    let private = Private::open(dir.path()).expect("opened");
    private.keep(&id('a'), &about(), &typed("x"), "s", at(0)).expect("kept");
    let other = private.keep(&id('a'), &About::Opening(code("case")), &typed("y"), "s", at(1));
    assert!(matches!(other, Err(Fault::Signed)), "{other:?}");
    assert!(matches!(Private::open(dir.path()), Err(Fault::Sqlite(_))), "a second one opened it");
    for no in ["", "short", "../../../../etc/passwd", "aaaaaaaaaaaaaaaaaaaaaaaa", "éaaaaaaaaaaaaaaaaaaaaa"] {
        assert_eq!(DraftId::new(no), None, "{no}");
    }
}

#[test]
fn a_later_version_is_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    drop(Private::open(dir.path()).expect("opened"));
    let path = dir.path().join("private.sqlite");
    // The version stands at a fixed place of SQLite's file: big-endian, at byte 60.
    let mut bytes = std::fs::read(&path).expect("read");
    let [0, 0, 0, known] = bytes[60..64] else { panic!("a small version") };
    bytes[63] = known + 1;
    std::fs::write(&path, bytes).expect("written");
    let later = Private::open(dir.path());
    assert!(matches!(later, Err(Fault::Newer(is, knows)) if is == knows + 1 && knows == u32::from(known)));
}

/// Who reads a draft again gets what it held when they read it before it changed; that goes with the draft.
#[test]
fn what_was_read_is_kept_as_long_as_its_draft() {
    let dir = tempfile::tempdir().expect("a folder");
    let private = Private::open(dir.path()).expect("opened");
    let read = |draft: char, who: &str, words: &str, second: u64| {
        let files = BTreeMap::from([("f".to_owned(), format!("{words}.jpg"))]);
        let now = WasRead { typed: typed(words), files, at: at(second) };
        private.reads(&id(draft), who, (&Hash::of(words.as_bytes()), &now)).expect("noted")
    };
    let words =
        |was: Option<WasRead>| was.map(|was| (was.typed["text"][0].clone(), was.files["f"].clone(), was.at));
    let was = |words: &str, second: u64| Some((words.to_owned(), format!("{words}.jpg"), at(second)));
    assert_eq!(read('a', "ops-1", "none", 0), None, "there is no such draft");
    private.keep(&id('a'), &about(), &typed("x"), "s", at(0)).expect("kept");
    assert_eq!(read('a', "ops-1", "secret-x", 1), None, "it was never read before");
    assert_eq!(read('a', "ops-1", "secret-x", 2), None, "it is as it was");
    assert_eq!(words(read('a', "ops-1", "y", 3)), was("secret-x", 2));
    assert_eq!(words(read('a', "ops-1", "y", 4)), was("secret-x", 2), "until it changes again");
    assert_eq!(read('a', "ops-2", "y", 4), None, "another reads it first");
    // Who agrees has read it: from there on it counts, at whichever page it was read.
    for by in ["ops-1", "legal-1"] {
        private.agree(&id('a'), &Agreed { by: code(by), read: Hash::of(b"y"), at: at(5) }).expect("open");
        assert_eq!(read('a', by, "y", 6), None, "{by}");
        assert_eq!(words(read('a', by, "z", 7)), was("y", 6), "{by}");
    }
    let agreed = private.draft(&id('a')).expect("read").expect("there").agreed;
    assert_eq!(agreed.iter().map(|one| one.at).collect::<Vec<_>>(), [at(5), at(5)]);
    // It is gone with the draft, however that goes.
    private.drop_draft(&id('a')).expect("dropped");
    private.keep(&id('b'), &about(), &typed("x"), "s", at(8)).expect("kept");
    read('b', "ops-1", "secret-b", 9);
    let act = ActId(Hash::of(b"b"));
    private.begin_signing(&id('b'), &act).expect("open");
    private.signed(&id('b'), &act).expect("signing");
    assert_eq!(read('a', "ops-1", "other", 10), None);
    assert_eq!(read('b', "ops-1", "other", 10), None);
    for file in std::fs::read_dir(dir.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("listed").path()).expect("read");
        assert!(!bytes.windows(6).any(|part| part == b"secret"), "it is written over");
    }
}
